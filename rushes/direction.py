"""Direction: what is shown from some word of a beat on, read from the blocks written below the beat.

A scene shows what it draws. Everything else is read as a card, so that nothing an author wrote below a
beat is lost: free text is a slate, an address its site, a quote a quote, short points a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from rushes.block_card import SHORT, code_card, is_bare, is_blank, quote_card, site_cards, table_card
from rushes.block_words import BlockWords
from rushes.errors import Finding, Source, did_you_mean
from rushes.folder import VaultError
from rushes.inline import Inline, Link
from rushes.library import Library
from rushes.note import Block, Property
from rushes.storyboard import Card, Insert, Listing, Picture, Site, Slate
from rushes.transition import TRANSITIONS, Transition

__all__ = ["DIRECTION_KEYS", "Direction", "Directions", "is_image", "near_misses"]

DIRECTION_KEYS = ("scene", "at", "hold", "clip", "audio", "transition", "sound", "music")
NAME = r"[a-z][a-z0-9_]*"
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".svg")
VIDEOS = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".ogv", ".mpg", ".mpeg")
SCENE_MACRO = re.compile(r"\{\{scene[ :]+(?P<call>[^}]*)\}\}")
POINT = re.compile(r"(?P<head>[^\s:][^:]{0,39}): +(?P<rest>\S.{0,99})")
POINTS = 3  # so many short points below one another are a list
NESTED = 20  # levels below a direction that are told apart; what is deeper is read as if it stood there
NO_CAPTION = re.compile(r"\d+(x\d+)?|\S+\.\w{3,4}")  # Obsidian's width of an image, or only a file's name
SPAN = re.compile(r"t=(?:npt:)?(?P<start>[\d:.]*)(?:,(?P<end>[\d:.]+))?")
WRAPPED = re.compile(r"!?\[\[(?P<wiki>[^\]|]+)(?:\|[^\]]*)?\]\]|!?\[[^\]]*\]\((?P<markdown>[^)]+)\)")
Level = Literal["error", "warning"]
_BELOW = "write it below what is shown"
_BESIDE_CLIP = "write it below a clip:: or a video"


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
    transition: Transition = "cut"
    """How it takes the place of what was shown before."""


class Directions:
    """Reads blocks as directions. What is wrong with them goes to `findings`, what they link to to `links`."""

    def __init__(self, library: Library | None, findings: list[Finding], links: list[Link]) -> None:
        self.library = library
        self.findings = findings
        self._words = BlockWords(library, links)
        self.section = ""
        self.beat = 1
        """Counted from 1 within the film; a slate names it."""

    def read(self, blocks: Sequence[Block]) -> list[Direction]:
        """What is shown by `blocks`, siblings, in their order."""
        return self._siblings(blocks, "", 0)

    def of_beat(self, block: Block) -> list[Direction]:
        """What a spoken block shows itself: its own `scene::` or `clip::`, its images and videos."""
        if block.kind not in ("bullet", "paragraph", "heading"):
            return self.read([block])
        found = self._called(block, "")
        return found + [self._direction(block, card, "") for card in self._assets(block, "")]

    def handed_on(self, block: Block, own: Sequence[Direction], below: Sequence[Direction]) -> list[Direction]:
        """What is shown below a block; what it says of a picture is said of the first one, if it shows none itself."""
        properties, shown = block.properties, [*own, *below]
        if "audio" in properties and not any(isinstance(direction.card, Insert) for direction in own):
            self._wrong(properties["audio"].source.at("audio"), "no video is heard here", _BESIDE_CLIP, "warning")
        said = [key for key in ("at", "transition") if key in properties]
        if own or not said:
            return list(below)
        if not shown:
            where = properties[said[0]].source.at(said[0])
            self._wrong(where, f"'{said[0]}::' says nothing here: nothing is shown", _BELOW, "warning")
            return []
        first, *others = below
        if "at" in properties and not first.at:
            first = replace(first, at=properties["at"].value, at_source=properties["at"].source)
        if "transition" in properties and first.transition == "cut":
            first = replace(first, transition=self.transition(block))
        return [first, *others]

    def scene(self, block: Block) -> Direction | None:
        """The scene that a block names; None if it names none that can be one."""
        if block.kind == "code":
            return None
        called = "scene" in block.properties or SCENE_MACRO.search(block.text)
        found = self._called(block, self.words(block).text) if called else []
        return found[0] if found and found[0].scene else None

    def words(self, block: Block) -> Inline:
        """A block's words, with the blocks it refers to in their places."""
        return self._words.of(block)

    def _warn(self, block: Block) -> None:
        """Words that inline marks take away; a direction's braces are no measured numbers."""
        self.findings += [finding for finding in self.words(block).findings if finding.level == "warning"]

    def query(self, block: Block) -> None:
        """Say of a query that it is left out."""
        message = "this is a query, and its answer is not in the note: it is left out"
        self._wrong(block.source, message, "write out what it finds, or delete it", "warning")

    # ------------------------------------------------------------------ blocks
    def _siblings(self, blocks: Sequence[Block], lead: str, depth: int) -> list[Direction]:
        return [found for group in self._groups(blocks) for found in self._group(group, lead, depth)]

    def _groups(self, blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
        """Siblings one by one, and short points that follow one another together."""
        i = 0
        while i < len(blocks):
            end = i
            while end < len(blocks) and self._point(blocks[end]):
                end += 1
            end = end if end - i >= POINTS else i + 1
            yield blocks[i:end]
            i = end

    def _group(self, group: Sequence[Block], lead: str, depth: int) -> list[Direction]:
        if len(group) == 1:
            return self._block(group[0], lead, depth)
        points = [point for block in group if (point := self._point(block))]
        for block in group:
            self._warn(block)
        lines = (lead, *(" ".join(self._words.lines(block)) for block in group))
        return [self._direction(group[0], Listing(items=tuple(points)), "\n".join(filter(None, lines)))]

    def _point(self, block: Block) -> tuple[str, str] | None:
        """A short point: `X: y`, or an item of a numbered list."""
        if block.kind != "bullet" or block.children or len(block.texts) != 1 or self._is_visual(block):
            return None
        text = " ".join(self._words.lines(block))
        if match := POINT.fullmatch(text):
            return match["head"], match["rest"]
        return ("", text) if block.ordered and 0 < len(text) <= SHORT else None

    def _is_visual(self, block: Block) -> bool:
        """Whether a block is more than words to read."""
        return (
            block.kind in ("quote", "code", "table")
            or any(key in block.properties for key in ("scene", "clip", "at"))
            or SCENE_MACRO.search(block.text) is not None
            or any(link.kind in ("image", "embed", "video", "url") for link in self.words(block).links)
        )

    def _block(self, block: Block, lead: str, depth: int) -> list[Direction]:
        if block.is_query:
            self.query(block)
            return []
        if block.kind != "code":
            self._warn(block)
        if card := self._whole(block, lead):
            held: list[Card] = [] if block.kind == "code" else list(self._assets(block, lead))
            if block.kind == "quote":
                held += [Site(url=link.target, title="") for link in self.words(block).links if is_bare(link)]
            return [self._direction(block, each, lead) for each in (card, *held) if not (held and is_blank(each))]
        self.findings += near_misses(block, DIRECTION_KEYS, "a direction")
        lines = self._words.lines(block)
        text = "\n".join(lines)
        children = block.children
        if depth >= NESTED:
            children = tuple(replace(below, children=()) for child in children for below in child.walk())
        notes: list[str] = []
        below: list[Direction] = []
        introduced = False
        for group in self._groups(children):
            walk = [each for child in group for each in child.walk()]
            if len(group) == 1 and not any(self._is_visual(each) for each in walk):
                for each in walk:
                    self._warn(each)
                    notes += self._words.lines(each)
            else:
                shown = self._group(group, text or lead, depth + 1)
                below += shown
                bare = len(group) > 1 or group[0].kind in ("quote", "code", "table") or not self._words.lines(group[0])
                introduced = introduced or (bare and bool(shown))
        whole = "\n".join((*lines, *notes))
        found = self._called(block, whole or lead)
        slate = not found
        pictures = list(self._assets(block, text or lead))
        sites, called = site_cards(self.words(block).links, lines, lead)
        found += [self._direction(block, card, text or lead) for card in (*pictures, *sites)]
        if pictures or called:
            lines = ()  # they are the picture's caption, or what the link is called
        elif introduced and not notes and len(text) <= SHORT:
            lines = ()  # they say what the picture below them is, or who speaks
        if slate and (lines or notes):
            found.insert(0, self._direction(block, self._slate((*lines, *notes)), whole))
        return found + self.handed_on(block, found, below)

    def _direction(self, block: Block, card: Card, text: str) -> Direction:
        at = block.properties.get("at")
        return Direction(
            source=block.source, text=text, scene=None, scene_source=block.source, args={}, card=card,
            at=at.value if at else "", at_source=at.source if at else block.source,
            transition=self.transition(block),
        )  # fmt: skip

    def transition(self, block: Block) -> Transition:
        """How a block says that its picture comes."""
        prop = block.properties.get("transition")
        if prop is None:
            return "cut"
        found = next((known for known in TRANSITIONS if known == prop.value.lower()), None)
        if found is None:
            self._wrong(prop.source, f"'{prop.value}' is no transition", "transition:: cut or fade")
        return found or "cut"

    def _slate(self, lines: tuple[str, ...]) -> Slate:
        return Slate(lines=lines, section=self.section, beat=self.beat)

    def _wrong(self, source: Source, message: str, suggestion: str, level: Level = "error") -> None:
        self.findings.append(Finding(source, message, suggestion, level))

    # ------------------------------------------------------------------ scenes and clips
    def _called(self, block: Block, text: str) -> list[Direction]:
        """The scene or the clip that a block names."""
        clip = self._clip(block)
        call = block.properties.get("scene")
        if call is None and (macro := SCENE_MACRO.search(block.text)):
            call = Property(macro["call"].strip(), block.place(macro["call"].strip()))
        if call is None:
            return [self._direction(block, clip, text)] if clip else []
        shown = self._direction(block, clip or self._slate(tuple(text.splitlines())), text)
        words = call.value.split()
        scene = words[0] if words else ""
        source = call.source.at(scene)
        args: dict[str, str] = {}
        for word in words[1:]:
            key, equals, value = word.partition("=")
            if not equals or not re.fullmatch(NAME, key):
                self._wrong(call.source.at(word), f"'{word}' is not a setting of a scene", "write key=value")
                continue
            args[key] = value
        if not re.fullmatch(NAME, scene):
            wrong = f"'{scene}' cannot name a scene" if scene else "this direction names no scene"
            self._wrong(source, wrong, "write scene:: name key=value")
            return [shown]
        return [replace(shown, scene=scene, scene_source=source, args=args)]

    def _clip(self, block: Block) -> Insert | None:
        prop = block.properties.get("clip")
        if prop is None:
            return None
        wrapped = WRAPPED.fullmatch(prop.value)
        written = (wrapped["wiki"] or wrapped["markdown"]) if wrapped else prop.value
        if not written.partition("#")[0].strip():
            self._wrong(prop.source, "this clip names no file", "write clip:: interview.mp4#t=10,20")
            return None
        return self._insert(block, written, prop.source)

    def _insert(self, block: Block, written: str, source: Source) -> Insert:
        target, _, fragment = written.strip().partition("#")
        start, seconds = self._span(fragment, source)
        sound = block.properties.get("audio")
        kept: Literal["duck", "keep", "mute"] = "duck"
        if sound and sound.value in ("duck", "keep", "mute"):
            kept = sound.value  # type: ignore[assignment]  # one of these three
        elif sound:
            self._wrong(sound.source, f"'{sound.value}' is no way to sound", "audio:: duck, keep or mute")
        path = self.asset(target, source, "video")
        return Insert(path=path, name=Path(unquote(target)).name, start=start, seconds=seconds, sound=kept)

    def _span(self, fragment: str, source: Source) -> tuple[float, float]:
        """Start and length in seconds of `t=10,20`; a length of 0 is the whole rest."""
        if not fragment.startswith("t="):
            return 0.0, 0.0
        match = SPAN.fullmatch(fragment)
        start, end = (_clock(match[side]) for side in ("start", "end")) if match else (None, None)
        if start is None or end is None or (match and match["end"] and end <= start):
            self._wrong(source.at(fragment), f"'{fragment}' is no part of a video", "write #t=10,20 or #t=1:05,1:20")
            return 0.0, 0.0
        return start, max(end - start, 0.0)

    # ------------------------------------------------------------------ pictures, and what stands for them
    def _assets(self, block: Block, text: str) -> Iterator[Card]:
        """The images and videos in a block's text; a file of another kind is a slate with its name."""
        for link in self.words(block).links:
            target = link.target.partition("#")[0]
            kind = Path(target.lower()).suffix
            name = Path(unquote(target)).name
            if is_image(link):
                yield self.picture(link, text)
            elif link.kind == "video" and "://" in link.target:
                yield Site(url=link.target, title=text)
            elif link.kind in ("image", "video") or (link.kind == "embed" and kind in VIDEOS):
                yield self._insert(block, link.target, link.source)
            elif link.kind == "embed":
                yield self._slate((link.label or link.target.replace("#", " › ") or name,))

    def picture(self, link: Link, text: str = "") -> Picture:
        """The image a link names; one that is missing is a placeholder and a warning."""
        target = link.target.partition("#")[0] if "://" not in link.target else link.target
        label = "" if NO_CAPTION.fullmatch(link.label) else link.label
        return Picture(
            path=self.asset(target, link.source, "image"), caption=label or text or Path(unquote(target)).name
        )

    def asset(self, target: str, source: Source, what: str) -> Path | None:
        """The file that is named; None if it is missing, which is reported."""
        if "://" in target or target.startswith("data:"):
            self._wrong(source, f"this {what} is not a file", "nothing is fetched: save it beside the note", "warning")
            return None
        if self.library is None:
            return None
        try:
            return self.library.find_asset(target, source.path)
        except VaultError as error:
            self.findings.append(error.at(source))
            return None

    # ------------------------------------------------------------------ quotes, code, tables
    def _whole(self, block: Block, lead: str) -> Card | None:
        """The card of a block that is not a line of text."""
        if block.kind == "code":
            return code_card(block)
        if block.kind == "table":
            return table_card(block)
        if block.kind != "quote":
            return None
        lines = self._words.lines(block)
        if block.info not in ("", "quote", "cite"):
            return self._slate(lines)  # a note to oneself
        return quote_card(block, lines, lead)


def is_image(link: Link) -> bool:
    """Whether a link shows a picture in its place."""
    kind = Path(link.target.partition("#")[0].lower()).suffix
    return (link.kind == "image" and kind not in VIDEOS) or (link.kind == "embed" and kind in IMAGES)


def near_misses(block: Block, known: Sequence[str], what: str) -> Iterator[Finding]:
    """Real notes carry properties of their own; only a near miss of ours is worth a word."""
    for key, prop in block.properties.items():
        if key not in known and (near := did_you_mean(key, known)).startswith("did"):
            yield Finding(prop.source.at(key), f"{what} has no '{key}::'", near, "warning")


def _clock(written: str | None) -> float | None:
    """`1:05` -> 65.0; None if it is no time."""
    try:
        parts = [float(part) for part in (written or "0").split(":")]
    except ValueError:
        return None
    return sum(part * 60.0**i for i, part in enumerate(reversed(parts)))
