"""Megacoach source: the file of the Megacoach as it is, and as a recipe's edit makes it. Read without torch."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

__all__ = ["Edit", "MegacoachSource"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of source that occurs once, and what is put in its place."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MegacoachSource:
    """The Megacoach as this run has it."""

    healthy: str
    source: str

    @property
    def diff(self) -> str:
        """Unified diff from the healthy file; empty where nothing was edited."""
        name = "megacoach.py"
        lines = (self.healthy.splitlines(keepends=True), self.source.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))

    @property
    def characters(self) -> tuple[int, int]:
        """How many characters the edit deleted, and how many it put in."""
        deleted = added = 0
        for kind, a, b, c, d in difflib.SequenceMatcher(None, self.healthy, self.source, autojunk=False).get_opcodes():
            if kind != "equal":
                deleted, added = deleted + b - a, added + d - c
        return deleted, added
