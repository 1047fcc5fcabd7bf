"""Translation: a note beside the script, `the-minus-sign.de.md`, with what it says in another language.

A bullet of it translates one beat. `original::` below it holds the words that were translated, so that it is known
when the script says something else by now. A bullet without it is taken for the beat at its place in the section.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

from rushes.beat import is_muted, is_said
from rushes.direction import Direction
from rushes.errors import Finding, Source, did_you_mean, many_of
from rushes.inline import Inline, Number, fill, inline
from rushes.language import Language, language
from rushes.note import Block, read_note
from rushes.roles import Role, role_of
from rushes.score import EFFECTS
from rushes.script import Script
from rushes.storyboard import Insert, Quote

__all__ = ["ORIGINAL", "Original", "Translation", "Unit", "clip_words", "originals", "read_translation", "translations"]

ORIGINAL = "original"
"""The property that remembers what was translated."""
ALIKE = 0.5
"""Share of two sentences' words from which on one may be what became of the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Something that a script says, as it is to be translated."""

    id: str
    text: str
    """With its measured numbers as they are written."""
    section: int
    source: Source
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A bullet of a translation, and what it translates."""

    block: Block
    said: Inline
    original: Original | None
    """None if the script says nothing that this could be a translation of."""
    section: int

    @property
    def remembered(self) -> str:
        """What was translated, as the translation remembers it; empty if it does not."""
        prop = self.block.properties.get(ORIGINAL)
        return prop.value if prop else ""

    @property
    def changed(self) -> bool:
        """Whether the script says something else by now."""
        return bool(self.original and self.remembered and _plain(self.original.text) != _plain(self.remembered))

    @property
    def done(self) -> bool:
        """Whether there is anything to be shown."""
        return self.original is not None and is_said(self.said.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A script in another language, as far as it is translated."""

    language: Language
    path: Path
    texts: Mapping[str, str]
    """Id of what is translated -> the words as captioned."""
    lines: Mapping[str, int]
    sounds: Mapping[str, str]
    """A sound's name -> what it is called."""
    missing: tuple[Original, ...]
    changed: tuple[Original, ...]
    units: tuple[Unit, ...]
    findings: tuple[Finding, ...]


def originals(script: Script) -> list[Original]:
    """What a script says, in order: its beats, and what is told of videos that are heard."""
    found = []
    for beat in script.beats:
        if beat.template:
            written = tuple(number.written for number in beat.numbers)
            found.append(
                Original(id=beat.id, text=beat.text(written), section=beat.section, source=beat.source, numbers=written)
            )
        for n, (direction, text) in enumerate(clip_words(beat.directions), 1):
            source = direction.source
            found.append(Original(id=f"{beat.id}/{n}", text=text, section=beat.section, source=source, numbers=()))
    return found


def clip_words(directions: Sequence[Direction]) -> list[tuple[Direction, str]]:
    """The directions of a beat that show a video with its own sound, and what is told of each."""
    clips = [(d, d.card) for d in directions if isinstance(d.card, Insert) and d.card.sound == "keep"]
    quotes = [d.card for d in directions if isinstance(d.card, Quote)]
    told = quotes if len(quotes) == len(clips) else [None] * len(clips)
    return [(direction, clip.told(quote)) for (direction, clip), quote in zip(clips, told, strict=True)]


def translations(path: Path) -> list[tuple[Language, Path]]:
    """The translations that lie beside a script, in order of their names."""
    beside = sorted(path.parent.glob("*.md")) if path.parent.is_dir() else []
    tags = [(each.name.removeprefix(f"{path.stem}.").removesuffix(".md"), each) for each in beside]
    found = [(language(tag), each) for tag, each in tags if each.name == f"{path.stem}.{tag}.md"]
    return [(spoken, each) for spoken, each in found if spoken]


def read_translation(
    spoken: Language, path: Path, says: Sequence[Original], shown: Callable[[Number], str]
) -> Translation:
    """Read a translation and match it with what the script says. What is wrong with it is in `findings`.

    Args:
        shown: a measured number as the script would say it.
    """
    note = read_note(path)
    matched = _matched(list(_units(note.blocks)), says)
    done = {unit.original.id: unit for unit in matched if unit.original and unit.done}
    missing = tuple(original for original in says if original.id not in done)
    texts = {}
    for ident, unit in done.items():
        numbers = [spoken.number(shown(number)) for number in unit.said.numbers]
        texts[ident] = unicodedata.normalize("NFC", fill(unit.said.text, numbers))
    sounds = note.front.get("sounds") or {}
    named = {str(key): str(said) for key, said in sounds.items()} if isinstance(sounds, Mapping) else {}
    findings = [
        *note.findings,
        *(finding for unit in matched for finding in _wrong(unit)),
        *_left(spoken, path, missing, says),
        *(
            Finding(note.front_lines["sounds"], f"there is no sound '{name}'", did_you_mean(name, EFFECTS))
            for name in named
            if name not in EFFECTS
        ),
    ]
    return Translation(
        language=spoken,
        path=path,
        texts=texts,
        lines={ident: unit.block.source.line for ident, unit in done.items()},
        sounds=named,
        missing=missing,
        changed=tuple(unit.original for unit in matched if unit.original and unit.changed),
        units=tuple(matched),
        findings=tuple(sorted(findings, key=lambda finding: finding.source.line)),
    )


def _wrong(unit: Unit) -> Iterator[Finding]:
    yield from unit.said.findings
    source, original = unit.block.source, unit.original
    if original is None:
        if is_said(unit.said.text):
            hint = "delete it, or translate what is said now: rushes translate adds what is missing"
            yield Finding(source, "the script no longer says this", hint, "warning")
        return
    if unit.changed and unit.done:
        now = f"{original.source.path.name}:{original.source.line} says now: “{original.text}”"
        remembered = unit.block.properties[ORIGINAL].source
        hint = f"{now}\n  translate that; rushes translate --accept then remembers it"
        yield Finding(remembered, "this has changed since it was translated", hint, "warning")
    written = [number.written for number in unit.said.numbers]
    if unit.done and not unit.changed and sorted(written) != sorted(original.numbers):
        other = ", ".join(original.numbers) or "no measured number"
        yield Finding(source, "the translation has other numbers than the script", f"there is {other}", "warning")


def _left(spoken: Language, path: Path, missing: Sequence[Original], says: Sequence[Original]) -> Iterator[Finding]:
    """One finding for all that is missing: of a translation that was just begun that is everything."""
    if not missing:
        return
    order = {original.id: n for n, original in enumerate(says)}
    runs = [
        [original.source.line for _, original in run]
        for _, run in groupby(enumerate(missing), key=lambda each: each[0] - order[each[1].id])
    ]
    where = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    message = f"not yet in {spoken.name}: {many_of(len(missing), 'beat')}, line {where} of the script"
    command = f"rushes translate {shlex.quote(str(says[0].source.path))} --to {spoken.tag}"
    hint = f"they are captioned as they are said until you write them there; {command} adds a place for those without"
    yield Finding(Source(path, 1), message, hint, "warning")


# ---------------------------------------------------------------------- which bullet is which
def _units(blocks: Sequence[Block]) -> Iterator[Unit]:
    """Bullets that may translate something: those below a heading of the script, and those that say what they do."""
    roles = {role_of(block.text) for top in blocks for block in top.walk() if block.level and block.children}
    said = "script" if "script" in roles else "outline" if "outline" in roles else None
    section = -1
    ahead: list[tuple[Block, Role | None, bool]] = [(block, None, False) for block in reversed(blocks)]
    while ahead:
        block, role, below = ahead.pop()
        if block.level:
            role = role_of(block.text) or role
            section += role == said and not role_of(block.text)
        elif role == said and block.kind in ("bullet", "paragraph") and not is_muted(block):
            words = inline(block)
            if ORIGINAL in block.properties or (is_said(words.text) and not below):
                yield Unit(block=block, said=words, original=None, section=max(section, 0))
        ahead += [(child, role, not block.level) for child in reversed(block.children)]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("==", "").split())


def _matched(units: Sequence[Unit], says: Sequence[Original]) -> list[Unit]:
    """Each unit with what it translates: where the words are the same first, then what lies between those."""
    ours, theirs = [_plain(original.text) for original in says], [_plain(unit.remembered) for unit in units]
    found: dict[int, Original] = {}
    before = (0, 0)
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for u, o in _between(units[before[1] : block.b], says[before[0] : block.a]):
            found[before[1] + u] = says[before[0] + o]
        found |= {block.b + n: says[block.a + n] for n in range(block.size)}
        before = block.a + block.size, block.b + block.size
    return [replace(unit, original=found.get(n)) for n, unit in enumerate(units)]


def _between(units: Sequence[Unit], says: Sequence[Original]) -> list[tuple[int, int]]:
    """The most alike pairs of (unit, original), in order of both; what is alone at its place is one."""
    if len(units) == len(says) == 1:
        return [(0, 0)]
    best = [[0.0] * (len(says) + 1) for _ in range(len(units) + 1)]
    alike = [[_alike(unit, original) for original in says] for unit in units]
    for u in reversed(range(len(units))):
        for o in reversed(range(len(says))):
            best[u][o] = max(best[u + 1][o], best[u][o + 1], best[u + 1][o + 1] + alike[u][o])
    pairs, u, o = [], 0, 0
    while u < len(units) and o < len(says):
        if alike[u][o] and best[u][o] == best[u + 1][o + 1] + alike[u][o]:
            pairs.append((u, o))
            u, o = u + 1, o + 1
        elif best[u][o] == best[u][o + 1]:
            o += 1
        else:
            u += 1
    return pairs


def _alike(unit: Unit, original: Original) -> float:
    if not unit.remembered:
        return 0.5 + 0.5 * (unit.section == original.section)
    before, now = _words(unit.remembered), _words(original.text)
    ratio = SequenceMatcher(None, before, now, autojunk=False).ratio()
    return ratio if ratio >= ALIKE else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
