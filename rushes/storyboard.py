"""Storyboard: what a direction without a scene shows. Plain data; `card.py` draws it.

Every block an author can write below a beat has a card, so that every real note can be filmed as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

__all__ = ["Card", "Chapter", "Code", "Insert", "Listing", "Picture", "Quote", "Site", "Slate", "Table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A section's title, where nothing else is shown."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slate:
    """What somebody has yet to draw, in the author's words; one line after another. A placeholder."""

    lines: tuple[str, ...]
    section: str
    beat: int
    """Counted from 1 within the film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A link: whose it is, and what it is called if the author says so."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Somebody else's words."""

    text: str
    speaker: str
    """Empty if the note does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Short points, one after another: (what is before the colon, what is after it); the first may be empty."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells, as many in every row; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]
    align: tuple[Literal["l", "c", "r"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Source text."""

    text: str
    language: str
    """Empty if the note does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image of the author's."""

    path: Path | None
    """None if it could not be found: a placeholder."""
    caption: str
    """Its alternative text, or its name as the note writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """A piece of somebody's video. Beside a scene it is a picture in the picture."""

    path: Path | None
    """None if it could not be found: a placeholder."""
    name: str
    start: float
    """Seconds into the file."""
    seconds: float
    """How much of it; 0 is to its end."""
    sound: Literal["duck", "keep", "mute"]
    """Under the narration; in full, after the beat's last word; not at all."""

    def told(self, quote: Quote | None) -> str:
        """What captions tell of it: what is said in it, under the speaker's name, or that it plays."""
        if quote is None:
            name = re.sub(r"[\W_]+", " ", PurePath(self.name).stem).strip()
            return f"[{name or 'video'} plays]"
        return f"{quote.speaker}: {quote.text}".removeprefix(": ")


Card = Chapter | Slate | Site | Quote | Listing | Table | Code | Picture | Insert
