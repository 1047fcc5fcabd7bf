"""Library: what a script asks of the notes and files around it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from rushes.note import Block, Note

__all__ = ["Library"]


class Library(Protocol):
    """The notes and files around a script; `vault.Vault` is one."""

    def expand(self, note: Note) -> Note: ...
    def find_asset(self, target: str, origin: Path) -> Path: ...
    def block(self, uuid: str) -> Block | None: ...
