"""Script: what is said, what is shown meanwhile, and what must be true for it to be said.

Meaning comes from heading names; below the Script heading a heading is a section, a bullet a beat
(spoken) and a bullet below a beat a direction (shown).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rushes.cache import digest
from rushes.errors import Finding, Source, did_you_mean
from rushes.inline import COMMENT, NUMBER_MARK, Cue, Inline, Number, fill, inline, slug
from rushes.note import Block, Note, Property, parse_note, read_note
from rushes.record import Reference, parse_reference
from rushes.storyboard import Card, Picture, Slate

__all__ = ["Beat", "Claim", "Direction", "Script", "Section", "parse_script", "read_script"]

ROLES: Mapping[str, tuple[str, ...]] = {
    "concept": ("concept", "idea", "premise", "summary"),
    "titles": ("title & thumbnail", "title and thumbnail", "titles & thumbnails", "titles", "title", "thumbnail"),
    "script": ("script", "outline", "script/outline", "narration"),
    "description": ("video description", "description"),
    "pinned": ("pinned comment",),
    "result": ("result", "published"),
    "other": ("other versions", "notes", "research", "sources"),
}
BEAT_KEYS = ("claim", "say", "spoken", "hold")
DIRECTION_KEYS = ("scene", "at", "hold", "clip", "audio", "transition")
SETTINGS = ("title", "tags", "voice", "size", "spoken")
NAME = r"[a-z][a-z0-9_]*"
SCENE_MACRO = re.compile(r"\{\{scene[ :]+(?P<call>[^}]*)\}\}")
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
class Direction:
    """What is shown from some word of a beat on."""

    source: Source
    text: str
    """What the author wrote for people to read."""
    scene: str | None
    """Name of the scene's file; None is the card."""
    scene_source: Source
    args: Mapping[str, str]
    card: Card
    """What is shown without a scene; with one, an `Insert` is shown beside it and anything else is not."""
    at: str
    """A phrase of the beat; empty is its start."""
    at_source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One breath of narration, and what is shown while it lasts."""

    id: str
    """Stays when something else in the note changes."""
    section: int
    source: Source
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

    def text(self, numbers: Sequence[str]) -> str:
        """The words as captioned, with the measured numbers filled in."""
        return fill(self.template, numbers)


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
    result: tuple[str, ...]
    """Addresses at which the film was published."""
    front_lines: Mapping[str, Source]
    findings: tuple[Finding, ...]

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


def read_script(path: Path) -> Script:
    """Read a script note. What is wrong with it is in `findings`."""
    return _Reader(read_note(path)).script()


def parse_script(text: str, path: Path) -> Script:
    """The script in `text`; `path` is for messages and the film's name."""
    return _Reader(parse_note(text, path)).script()


class _Reader:
    """Walks a note once and gathers the script's parts."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.findings: list[Finding] = list(note.findings)
        self.sections: list[Section] = []
        self.beats: list[Beat] = []
        self.titles: list[str] = []
        self.description: list[str] = []
        self.description_numbers: list[Number] = []
        self.ids: set[str] = set()

    def script(self) -> Script:
        for block in self.note.blocks:
            self._gather(block, "")
        if not self.beats and not self.findings:
            self._wrong(
                Source(self.note.path, 1),
                "this note has nothing to say",
                "write the narration as bullets below a heading '## Script'",
            )
        front = self.note.front
        for key in front:
            if key not in SETTINGS and (near := did_you_mean(key, SETTINGS)).startswith("did"):
                source = self.note.front_lines.get(key, Source(self.note.path, 1))
                self.findings.append(Finding(source, f"'{key}' is not a setting", near, "warning"))
        return Script(
            path=self.note.path,
            title=str(front.get("title") or (self.titles[0] if self.titles else self.note.path.stem)),
            voice=str(front.get("voice") or "hibari"),
            size=self._size(),
            tags=self._tags(),
            sections=tuple(self.sections),
            beats=tuple(self.beats),
            titles=tuple(self.titles),
            description="\n\n".join(self.description),
            description_numbers=tuple(self.description_numbers),
            pinned=(),
            pinned_numbers=(),
            thumbnail=None,
            result=(),
            front_lines=self.note.front_lines,
            findings=tuple(self.findings),
        )

    def _wrong(self, source: Source, message: str, suggestion: str = "") -> None:
        self.findings.append(Finding(source, message, suggestion))

    def _size(self) -> str:
        size = str(self.note.front.get("size") or "tiny")
        if size not in ("tiny", "gpu"):
            source = self.note.front_lines["size"].at(size)
            self._wrong(source, f"there is no size '{size}'", "size: tiny or size: gpu")
            return "tiny"
        return size

    def _tags(self) -> tuple[str, ...]:
        tags = self.note.front.get("tags") or ()
        if isinstance(tags, str):
            tags = [tag.strip() for tag in tags.split(",")]
        return tuple(str(tag) for tag in tags) if isinstance(tags, Sequence) else ()

    # ------------------------------------------------------------------ which heading is what
    def _gather(self, block: Block, role: str) -> None:
        if block.level and (named := _role(block.text)):
            for child in block.children:
                self._gather(child, named)
        elif role == "script" and block.level:
            self.sections.append(Section(title=self._inline(block).text, source=block.source))
            for child in block.children:
                # a heading inside a section may be a role of its own, such as Video Description
                self._gather(child, role)
        elif role == "script":
            self._beat(block)
        elif role == "titles" and block.kind == "bullet" and block.text:
            self.titles.append(self._inline(block).text)
        elif role == "description" and block.text:
            read = self._inline(block)
            self.description.append(read.text)
            self.description_numbers += read.numbers
            for child in block.children:
                self._gather(child, role)
        else:
            for child in block.children:
                self._gather(child, role)

    def _inline(self, block: Block) -> Inline:
        read = inline(block)
        self.findings += read.findings
        return read

    # ------------------------------------------------------------------ beats
    def _beat(self, block: Block) -> None:
        if not self.sections:
            self.sections.append(Section(title="", source=block.source))
        said = self._inline(block)
        text = said.text
        silent = "say" in block.properties and block.properties["say"].value.lower() in ("no", "false")
        if (silent or not text) and not block.children:
            return
        self._keys(block, BEAT_KEYS, "a beat")
        section = len(self.sections) - 1
        name = "-".join(slug(text.replace(NUMBER_MARK, "")).split("-")[:4]) or "beat"
        ident = f"{name}-{digest({'section': self.sections[section].title, 'text': text})[:6]}"
        while ident in self.ids:
            ident += "-2"
        self.ids.add(ident)
        directions = tuple(d for child in block.children for d in self._directions(child))
        self.beats.append(
            Beat(
                id=ident,
                section=section,
                source=block.source,
                template="" if silent else text,
                numbers=() if silent else said.numbers,
                cues=() if silent else said.cues,
                claims=tuple(self._claims(block)),
                directions=directions,
                spoken=self._spoken(block),
                hold=self._seconds(block.properties.get("hold"))
                + sum(self._seconds(child.properties.get("hold")) for child in block.children),
            )
        )

    def _keys(self, block: Block, known: Sequence[str], what: str) -> None:
        """Real notes carry properties of their own; only a near miss of ours is worth a word."""
        for key, prop in block.properties.items():
            if key not in known and (near := did_you_mean(key, known)).startswith("did"):
                self.findings.append(Finding(prop.source.at(key), f"{what} has no '{key}::'", near, "warning"))

    def _seconds(self, prop: Property | None) -> float:
        if prop is None:
            return 0.0
        try:
            seconds = float(prop.value.removesuffix("s"))
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 600:
            self._wrong(prop.source, f"'{prop.value}' is not a number of seconds", "write, for example, hold:: 1.5")
            return 0.0
        return seconds

    def _spoken(self, block: Block) -> Mapping[str, str]:
        said: dict[str, str] = {}
        whole = self.note.front.get("spoken") or {}
        if isinstance(whole, Mapping):
            said.update({str(written): str(say) for written, say in whole.items()})
        elif not self.beats:
            self._wrong(self.note.front_lines["spoken"], "spoken is a mapping", "spoken: {KL: K L}")
        if prop := block.properties.get("spoken"):
            for pair in prop.value.split(";"):
                written, equals, say = pair.partition("=")
                if not equals or not written.strip() or not say.strip():
                    self._wrong(prop.source.at(pair.strip()), "this is no pronunciation", "spoken:: KL = K L; β = beta")
                    continue
                said[written.strip()] = say.strip()
        return said

    def _claims(self, block: Block) -> Iterator[Claim]:
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
                self._wrong(source, "this claim cannot be checked", "write, for example, claim:: healthy.kl.last < 20")
                continue
            left, right = sides
            assert left is not None
            assert right is not None
            sign: Literal["<", ">", "<=", ">="] = match["sign"]  # type: ignore[assignment]  # the pattern allows only these
            yield Claim(left=left, sign=sign, right=right, written=part.strip(), source=source)

    # ------------------------------------------------------------------ directions
    def _directions(self, block: Block) -> Iterator[Direction]:
        self._keys(block, DIRECTION_KEYS, "a direction")
        call = block.properties.get("scene")
        text = COMMENT.sub("", block.text).strip()
        source = block.source
        if call is None and (macro := SCENE_MACRO.search(text)):
            call = Property(macro["call"].strip(), block.place(macro["call"].strip()))
            text = text.replace(macro[0], "").strip()
        if call is None and not text:
            return
        scene, args, scene_source = None, {}, source
        if call is not None:
            words = call.value.split()
            scene = words[0] if words else ""
            scene_source = call.source.at(scene)
            for word in words[1:]:
                key, equals, value = word.partition("=")
                if not equals or not re.fullmatch(NAME, key):
                    self._wrong(call.source.at(word), f"'{word}' is not a setting of a scene", "write key=value")
                    continue
                args[key] = value
            if not re.fullmatch(NAME, scene):
                self._wrong(scene_source, f"'{scene}' cannot name a scene", "write scene:: name key=value")
                return
        at = block.properties.get("at")
        yield Direction(
            source=source,
            text=text,
            scene=scene,
            scene_source=scene_source,
            args=args,
            card=Slate(lines=tuple(text.splitlines()), section=self.sections[-1].title, beat=len(self.beats) + 1),
            at=at.value if at else "",
            at_source=at.source if at else source,
        )


def _role(heading: str) -> str | None:
    name = " ".join(heading.lower().replace(" / ", "/").strip(" :").split())
    return next((role for role, names in ROLES.items() if name in names), None)


def _side(text: str) -> Reference | float | None:
    try:
        return float(text)
    except ValueError:
        return parse_reference(text)
