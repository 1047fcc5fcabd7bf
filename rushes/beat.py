"""Beat: one breath of narration, read from one bullet or paragraph of a script note."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rushes.breath import Pause, pauses
from rushes.cache import digest
from rushes.direction import DIRECTION_KEYS, Direction, Directions, near_misses
from rushes.errors import Finding, Source
from rushes.inline import NUMBER_MARK, Cue, Number, fill
from rushes.measured import Reference, parse_reference
from rushes.note import Block, Property
from rushes.pronunciations import over
from rushes.score import SoundCue, sound_cues
from rushes.slug import slug

__all__ = ["Beat", "Claim", "is_muted", "is_said", "last_line", "read_beat", "silent_beat"]

BEAT_KEYS = ("claim", "say", "spoken", "pause", *DIRECTION_KEYS)
NOT_FINAL = ("TODO", "DOING", "LATER", "NOW", "WAITING")
CANCELLED = ("CANCELED", "CANCELLED")
CLAIM = re.compile(r"(?P<left>[^<>=!]+?)\s*(?P<sign><=|>=|<|>)\s*(?P<right>[^<>=!]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a run must have shown for the sentence to be true."""

    left: Reference | float
    sign: Literal["<", ">", "<=", ">="]
    right: Reference | float
    written: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One breath of narration, and what is shown while it lasts."""

    id: str
    """Stays when something else in the note changes."""
    section: int
    source: Source
    last_line: int
    """The last line of the note that is about it."""
    template: str
    """The spoken text, with a mark for each measured number."""
    numbers: tuple[Number, ...]
    cues: tuple[Cue, ...]
    claims: tuple[Claim, ...]
    directions: tuple[Direction, ...]
    spoken: Mapping[str, str]
    """Written phrase -> how to say it."""
    hold: float
    """Seconds of silence kept after the last word."""
    sounds: tuple[SoundCue, ...] = ()
    """Effects, and where the music stops and goes on."""
    pauses: tuple[Pause, ...] = ()
    """Silences before it and within it that are not the usual ones."""

    def text(self, numbers: Sequence[str]) -> str:
        """The words as captioned, with the measured numbers filled in."""
        return fill(self.template, numbers)


def is_said(text: str) -> bool:
    """Whether a text has anything to say; a rule or a lone dash has not."""
    return NUMBER_MARK in text or any(char.isalnum() for char in text)


def is_muted(block: Block) -> bool:
    """Whether the author wants a block not to be said."""
    say = block.properties.get("say")
    return (say is not None and say.value.lower() in ("no", "false")) or block.marker in CANCELLED


def read_beat(
    block: Block,
    below: Sequence[Block],
    shown: Directions,
    section: int,
    taken: Counter[str],
    spoken: Mapping[str, str],
) -> Beat:
    """The beat of a block with words in it.

    Args:
        below: what is written below it, without what belongs to another part of the note.
        taken: ids that other beats have, without the number that tells equal beats apart.
        spoken: pronunciations of the whole script.
    """
    findings = shown.findings
    said = shown.words(block)
    muted = is_muted(block)
    findings += near_misses(block, BEAT_KEYS, "a beat")
    if block.marker in CANCELLED:
        where = block.source.at(block.marker)
        findings.append(Finding(where, "this beat is cancelled: it is not said", "delete it, or the mark", "warning"))
    elif block.marker in NOT_FINAL and not muted:
        hint = "it is said as it stands; mark it DONE when it is"
        where = block.source.at(block.marker)
        findings.append(Finding(where, f"this beat is not final: it is marked {block.marker}", hint, "warning"))
    if not muted:
        findings += said.findings
    each = (block, *(inner for child in below for inner in child.walk()))
    own = shown.of_beat(block)
    return Beat(
        id=_ident(said.text, shown.section, taken),
        section=section,
        source=block.source,
        last_line=last_line((block, *below)),
        template="" if muted else said.text,
        numbers=() if muted else said.numbers,
        cues=() if muted else said.cues,
        claims=() if muted else tuple(_claims(block, findings)),
        directions=(*own, *shown.handed_on(block, own, shown.read(below))),
        spoken=over(spoken, _spoken(block, findings)),
        hold=_holds(each, findings),
        sounds=sound_cues(each, findings),
        pauses=_pauses(block, findings),
    )


def silent_beat(
    block: Block, directions: Sequence[Direction], shown: Directions, section: int, taken: Counter[str]
) -> Beat:
    """A beat that shows something and says nothing."""
    first = directions[0].text or directions[0].scene or ""
    return Beat(
        id=_ident("", shown.section + first, taken),
        section=section,
        source=block.source,
        last_line=last_line((block,)),
        template="",
        numbers=(),
        cues=(),
        claims=(),
        directions=tuple(directions),
        spoken={},
        hold=_holds(block.walk(), shown.findings),
        sounds=sound_cues(block.walk(), shown.findings),
        pauses=_pauses(block, shown.findings),
    )


def last_line(blocks: Iterable[Block]) -> int:
    """The last line of the note that some blocks are on, with what is below them."""
    each = [below for block in blocks for below in block.walk()]
    lines = [source.line for block in each for source in (block.source, *block.lines[-1:])]
    return max([*lines, *(prop.source.line for block in each for prop in block.properties.values())])


def _ident(text: str, section: str, taken: Counter[str]) -> str:
    """An id that stays when something else in the note changes."""
    name = "-".join(slug(text.replace(NUMBER_MARK, "")).split("-")[:4]) or "beat"
    ident = f"{name}-{digest({'section': section, 'text': text})[:6]}"
    taken[ident] += 1
    return ident if taken[ident] == 1 else f"{ident}-{taken[ident]}"


def _holds(blocks: Iterable[Block], findings: list[Finding]) -> float:
    return sum(_seconds(prop, findings) for block in blocks if (prop := block.properties.get("hold")))


def _pauses(block: Block, findings: list[Finding]) -> tuple[Pause, ...]:
    prop = block.properties.get("pause")
    return tuple(pauses(prop, findings)) if prop else ()


def _seconds(prop: Property, findings: list[Finding]) -> float:
    try:
        seconds = float(prop.value.removesuffix("s"))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 600:
        message = f"'{prop.value}' is not a number of seconds"
        findings.append(Finding(prop.source, message, "write, for example, hold:: 1.5"))
        return 0.0
    return seconds


def _spoken(block: Block, findings: list[Finding]) -> Mapping[str, str]:
    said: dict[str, str] = {}
    if prop := block.properties.get("spoken"):
        for pair in prop.value.split(";"):
            written, equals, say = pair.partition("=")
            if not equals or not written.strip() or not say.strip():
                where = prop.source.at(pair.strip())
                findings.append(Finding(where, "this is no pronunciation", "spoken:: KL = K L; β = beta"))
                continue
            said[written.strip()] = say.strip()
    return said


def _claims(block: Block, findings: list[Finding]) -> Iterator[Claim]:
    prop = block.properties.get("claim")
    if prop is None:
        return
    start = prop.source.column - 1
    for part in prop.value.split(";"):
        source = prop.source.at(part.strip(), start)
        start += len(part) + 1
        match = CLAIM.fullmatch(part.strip())
        sides = [_side(match[side]) for side in ("left", "right")] if match else []
        if not match or None in sides or not any(isinstance(side, Reference) for side in sides):
            hint = "write, for example, claim:: healthy.kl.last < 20"
            findings.append(Finding(source, "this claim cannot be checked", hint))
            continue
        left, right = sides
        assert left is not None
        assert right is not None
        sign: Literal["<", ">", "<=", ">="] = match["sign"]  # type: ignore[assignment]  # the pattern allows only these
        yield Claim(left=left, sign=sign, right=right, written=part.strip(), source=source)


def _side(text: str) -> Reference | float | None:
    try:
        return float(text)
    except ValueError:
        return parse_reference(text)
