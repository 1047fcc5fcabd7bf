"""Script: a film on paper, with the place of everything in its note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rushes.beat import Beat
from rushes.direction import Direction
from rushes.errors import Finding, Source
from rushes.inline import Link, Number
from rushes.note import Note
from rushes.score import Bed
from rushes.storyboard import Picture

__all__ = ["Script", "Section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter."""

    title: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A film on paper."""

    path: Path
    title: str
    voice: str
    size: str
    """Which size of the runs it is drawn from."""
    music: Bed | None
    """What is heard below the words."""
    tags: tuple[str, ...]
    sections: tuple[Section, ...]
    beats: tuple[Beat, ...]
    titles: tuple[str, ...]
    description: str
    """Template; its measured numbers are `description_numbers`."""
    description_numbers: tuple[Number, ...]
    pinned: tuple[str, ...]
    """Paragraphs of the pinned comment; templates, their measured numbers are `pinned_numbers`."""
    pinned_numbers: tuple[Number, ...]
    thumbnail: Picture | None
    """The first image below Title & Thumbnail."""
    posters: Mapping[str, Direction]
    """Candidate title -> the scene that draws its thumbnail, where the note names one."""
    poster_words: Mapping[str, str]
    """Candidate title -> the words on its thumbnail, where the note says which."""
    result: tuple[str, ...]
    """Addresses at which the film was published."""
    links: tuple[Link, ...]
    """What the beats, the directions and the description link to, in order of mention."""
    left_out: tuple[Section, ...]
    """Parts of the note that are no part of the film."""
    note: Note
    """The page, with what it embeds."""
    front_lines: Mapping[str, Source]
    places: Mapping[str, Source]
    """Where each candidate title is, and the description."""
    findings: tuple[Finding, ...]
    part: str = ""
    """What the section is called that this is; empty is a whole film."""
    begins: bool = True
    ends: bool = True
    """Whether the film begins with its first beat and ends with its last one, or goes on there."""

    @property
    def name(self) -> str:
        """What the film's folder is called."""
        return self.path.stem

    @property
    def numbers(self) -> Iterator[Number]:
        """Every measured number, spoken or written."""
        for beat in self.beats:
            yield from beat.numbers
        yield from self.description_numbers
        yield from self.pinned_numbers
