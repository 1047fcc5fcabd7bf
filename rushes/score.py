"""Score: what a script wants to be heard besides its words. Plain data; `music.py` and `effects.py` make the sounds.

`sound:: ding at missing +0.6` on a beat or a direction is an effect, `music:: off` silence until `music:: on`, at most
to the end of the section. Without `at` both begin where the direction does; a `+` is seconds after that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rushes.errors import Finding, Source, did_you_mean
from rushes.note import Block, Property

__all__ = ["EFFECTS", "Bed", "Score", "SoundCue", "sound_cues"]

EFFECTS = ("ding", "paper", "thump", "tick", "whoosh")
CUE = re.compile(r"(?P<what>\S+)(?:\s+at\s+(?P<at>.+?))?(?:\s*\+\s*(?P<later>\d+(?:\.\d+)?|\.\d+)\s*s?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundCue:
    """Something that begins to be heard at some word of a beat, or ends."""

    what: str
    """An effect's name; `on` or `off` for the music."""
    at: str
    """A phrase of the beat; empty is its start."""
    later: float
    """Seconds after that."""
    source: Source
    at_source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """The music below the words."""

    seed: str
    """What it is composed from: the film's name."""
    file: Path | None
    """Somebody's own music instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What of it a film is to have."""

    bed: Bed | None
    effects: bool


def sound_cues(blocks: Iterable[Block], findings: list[Finding]) -> tuple[SoundCue, ...]:
    """What the blocks of a beat say of sounds and music, in order."""
    found = []
    for block in blocks:
        for key in ("sound", "music"):
            if prop := block.properties.get(key):
                found += list(_cues(block, key, prop, findings))
    return tuple(found)


def _cues(block: Block, key: str, prop: Property, findings: list[Finding]) -> Iterator[SoundCue]:
    start = prop.source.column - 1
    for part in prop.value.split(";"):
        source = prop.source.at(part.strip(), start)
        start += len(part) + 1
        match = CUE.fullmatch(part.strip())
        what = match["what"] if match else part.strip()
        known = EFFECTS if key == "sound" else ("off", "on")
        if match is None or what not in known:
            wrong = f"there is no sound '{what}'" if key == "sound" else f"music is on or off, not '{what}'"
            write = "write, for example, sound:: ding at some words" if key == "sound" else "music:: off at some words"
            near = did_you_mean(what, known) if what else write
            findings.append(Finding(source.at(what, source.column - 1), wrong, near))
            continue
        at = block.properties.get("at")
        phrase = match["at"] or (at.value if at else "")
        yield SoundCue(
            what=what, at=phrase, later=float(match["later"] or 0), source=source,
            at_source=source.at(phrase, source.column - 1) if match["at"] else at.source if at else source,
        )  # fmt: skip
