"""Files: what lies in a vault, without what is not the author's."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.errors import Finding, Source

__all__ = ["LONE", "MOST", "Files", "inside", "is_graph", "list_files", "same"]

MOST = 100_000  # files of a vault
LONE = 10_000  # files beside a script that is in no vault: its folder may be somebody's home


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What lies in a vault. Paths are relative to it, with `/`."""

    notes: tuple[str, ...]
    others: tuple[str, ...]
    outside: tuple[str, ...]
    """Links that lead out of the vault."""
    findings: tuple[Finding, ...]
    """What was left out, and why."""


def same(name: str) -> str:
    """A name as names are compared: macOS writes é as two characters, other systems as one."""
    return unicodedata.normalize("NFC", name)


def is_graph(folder: Path) -> bool:
    """Whether Logseq keeps a graph in `folder`.

    It keeps settings and backups in a folder `logseq` there. One with notes in it is the author's.
    """
    inner = folder / "logseq"
    if not inner.is_dir() or (inner / "pages").is_dir() or (inner / "logseq").is_dir():
        return False
    return next(inner.glob("*.md"), None) is None


def list_files(root: Path, leave_out: Sequence[str] = (), most: int = MOST) -> Files:
    """Everything below `root` but hidden folders, Logseq's own one, and what links lead out of `root` to."""
    notes: list[str] = []
    others: list[str] = []
    outside: list[str] = []
    findings: list[Finding] = []
    real = os.path.realpath(root)
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        here = os.path.join(root, folder)
        if folder and os.path.basename(folder) == "logseq" and is_graph(Path(here).parent):
            continue
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            findings.append(_left_out(Path(here), f"this folder cannot be read: {error.strerror}"))
            continue
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(".") or entry.name == "node_modules" or not _is_text(entry.name):
                continue
            if any(f"{name}/".startswith(f"{prefix.strip('/')}/") for prefix in leave_out):
                continue
            try:
                if entry.is_symlink() and not inside(os.path.realpath(entry.path), real):
                    outside.append(name)
                elif entry.is_dir():
                    if not entry.is_symlink():  # what a link leads to is listed where it is: no loop
                        waiting.append(name)
                elif entry.is_file():
                    (notes if entry.name.lower().endswith(".md") else others).append(name)
            except OSError:  # a link that leads to itself
                continue
        if len(notes) + len(others) > most:
            findings.append(_left_out(root, f"there are more than {most:,} files here; the rest is not searched"))
            break
    return Files(
        notes=tuple(sorted(notes)),
        others=tuple(sorted(others)),
        outside=tuple(outside),
        findings=tuple(findings),
    )


def _is_text(name: str) -> bool:
    """Whether a file's name can be printed; Linux allows any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def inside(path: str, root: str) -> bool:
    """Whether one real path is below another."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _left_out(path: Path, message: str) -> Finding:
    return Finding(Source(path, 1), message, "links into it are not found", "warning")
