"""The rows of a record: collected while a run goes on, written when it is over."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rushes.cache import write_whole
from rushes.errors import RushesError

__all__ = ["PANEL", "PANEL_DICE", "Progress", "Rows", "Sink", "bounded", "rounded"]

Sink = Callable[[str, Mapping[str, Any]], None]
"""(file, row): where the rows of a record go."""

Progress = Callable[[int, int, str], None]
"""(steps done, steps in all, what is happening)"""

PANEL = 8
"""Prompts that are answered again and again, with the same dice."""

PANEL_DICE = 100
"""Where the seeds of the panel's dice begin; picked among ten, by the base model's answers."""


@dataclass
class Rows:
    """The rows of every file, kept until the run is over, rounded.

    Raises:
        RushesError: a row holds NaN or an infinity.
    """

    files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __call__(self, file: str, row: Mapping[str, Any]) -> None:
        self.files.setdefault(file, []).append(bounded(row))

    def write(self, folder: Path) -> dict[str, dict[str, Any]]:
        """Write every file; name -> its digest and size."""
        about = {}
        for name, rows in sorted(self.files.items()):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
            content = gzip.compress(text, mtime=0) if name.endswith(".gz") else text
            write_whole(folder / name, content)
            about[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        return about


def bounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row, rounded.

    Raises:
        RushesError: it holds NaN or an infinity: from there on, nothing can be learned.
    """
    try:
        return {key: rounded(value) for key, value in row.items()}
    except ValueError:
        wrong = " and ".join(f"'{key}'" for key, value in row.items() if not _finite(value))
        at = next((f" at {key.replace('_', ' ')} {row[key]}" for key in ("step", "fit_step") if key in row), "")
        raise RushesError(
            f"the training went out of bounds{at}: no finite number in {wrong}\n"
            "  a lower learning_rate or coach_learning_rate in the recipe may keep it in bounds"
        ) from None


def _finite(value: Any) -> bool:
    try:
        rounded(value)
    except ValueError:
        return False
    return True


def rounded(value: Any) -> Any:
    """Numbers to four digits after the point; what is not a number as it is."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a record holds finite numbers, and this is {value}")
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    return value
