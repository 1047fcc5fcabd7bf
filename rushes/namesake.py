"""Namesake: another note of the same name, whose film lies where this one's would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rushes.cache import write_whole
from rushes.errors import Finding, Source

__all__ = ["claim", "namesakes"]

NAME = "made-of.txt"  # not in film.json: a published page has that, and this is a path of the author's machine


def claim(script: Path, folder: Path) -> None:
    """Write into `folder`, a film's, of which note it is made."""
    path = os.path.realpath(script)
    if _made_of(folder) != path:
        write_whole(folder / NAME, f"{path}\n")


def namesakes(script: Path, folder: Path) -> Iterator[Finding]:
    """An error if `folder`, a film's, is of another note that is still there: one that was moved is the same note."""
    other = Path(_made_of(folder) or script)
    if script.is_file() and other.is_file() and not other.samefile(script):
        message = f"another note of this name is made in {folder}: {other}"
        yield Finding(Source(script, 1), message, "rename one of the two, or make this one's elsewhere: --build FOLDER")


def _made_of(folder: Path) -> str:
    try:
        return (folder / NAME).read_text(encoding="utf-8").rstrip("\n")
    except (OSError, ValueError):
        return ""
