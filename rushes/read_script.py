"""Read script: a note -> what is said, what is shown meanwhile, and what must be true for it to be said.

Meaning comes from heading names; below the Script heading a heading is a section, a bullet or a paragraph
a beat (spoken) and what is written below a beat a direction (shown). In a note without a Script heading
every heading that names nothing else is a section.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from rushes.beat import Beat, is_muted, is_said, read_beat, silent_beat
from rushes.block_words import plain
from rushes.direction import Direction, Directions, is_image
from rushes.errors import Finding, Source
from rushes.inline import Inline, Link, inline
from rushes.library import Library
from rushes.note import Block, Note, parse_note, read_note
from rushes.roles import Role, near_role, role_of
from rushes.script import Script, Section
from rushes.script_settings import misspelt_settings, music_of, size_of, spoken_of, tags_of
from rushes.storyboard import Picture
from rushes.written import written

__all__ = ["parse_script", "read_script"]

EMOJI = "So"  # Unicode's category of them; a lone dash or three stars are meant for a rule


def read_script(path: Path, library: Library | None = None) -> Script:
    """Read a script note. What is wrong with it is in `findings`.

    Args:
        library: the notes and files around it, such as a `Vault`; without one, no embed is followed and no
            picture found.
    """
    return _read(read_note(path), library)


def parse_script(text: str, path: Path, library: Library | None = None) -> Script:
    """The script in `text`; `path` is for messages and the film's name."""
    return _read(parse_note(text, path), library)


def _read(note: Note, library: Library | None) -> Script:
    return _Reader(library.expand(note) if library else note, library).script()


_MOVE = "put what is to be said below the script's heading"


class _Reader:
    """Walks a note once and gathers the script's parts."""

    def __init__(self, note: Note, library: Library | None) -> None:
        self.note = note
        self.findings: list[Finding] = list(note.findings)
        self.links: list[Link] = []
        self.shown = Directions(library, self.findings, self.links)
        self.aside = Directions(library, [], [])  # reads what is not in the film itself
        self.spoken = spoken_of(note, self.findings)
        self.sections: list[Section] = []
        self.heading: Block | None = None
        """The heading of a section whose first beat has not come yet."""
        self.early: list[tuple[Block, list[Direction]]] = []
        """What that section shows before its first words."""
        self.beats: list[Beat] = []
        self.ids: Counter[str] = Counter()
        self.titles: list[str] = []
        self.places: dict[str, Source] = {}
        self.description: list[Inline] = []
        self.pinned: list[Inline] = []
        self.thumbnail: Picture | None = None
        self.posters: dict[str, Direction] = {}
        self.poster_words: dict[str, str] = {}
        self.result: list[str] = []
        self.left_out: list[Section] = []
        roles = {role_of(block.text) for top in note.blocks for block in top.walk() if block.level and block.children}
        both: tuple[Role, Role] = ("script", "outline")
        self.said: Role | None = next((role for role in both if role in roles), None)
        """The part that is spoken; None is all that is no other part."""

    def script(self) -> Script:
        # a stack, not recursion: a note can be nested deeper than Python calls
        ahead: list[tuple[Block, Role | None]] = [(block, None) for block in reversed(self.note.blocks)]
        while ahead:
            block, role = ahead.pop()
            ahead += reversed(self._gather(block, role))
        self._end_section()
        if not self.beats and not any(finding.level == "error" for finding in self.findings):
            self._wrong(
                Source(self.note.path, 1),
                "this note has nothing to say",
                "write the narration as bullets below a heading '## Script'",
            )
        self.findings += misspelt_settings(self.note)
        return Script(
            path=self.note.path,
            title=self._title(),
            voice=str(self.note.front.get("voice") or "hibari"),
            size=size_of(self.note, self.findings),
            music=music_of(self.note, self.shown, self.findings),
            tags=tags_of(self.note),
            sections=tuple(self.sections),
            beats=tuple(self.beats),
            titles=tuple(self.titles),
            description="\n\n".join(said.text for said in self.description),
            description_numbers=tuple(number for said in self.description for number in said.numbers),
            pinned=tuple(said.text for said in self.pinned),
            pinned_numbers=tuple(number for said in self.pinned for number in said.numbers),
            thumbnail=self.thumbnail,
            posters=self.posters,
            poster_words=self.poster_words,
            result=tuple(dict.fromkeys(self.result)),
            links=tuple(dict.fromkeys(self.links)),
            left_out=tuple(self.left_out),
            note=self.note,
            front_lines=self.note.front_lines,
            places=self.places,
            findings=tuple(self.findings),
        )

    def _wrong(
        self, source: Source, message: str, suggestion: str = "", level: Literal["error", "warning"] = "error"
    ) -> None:
        self.findings.append(Finding(source, message, suggestion, level))

    def _title(self) -> str:
        if title := self.note.front.get("title"):
            return str(title)
        first = next((block for block in self.note.blocks if block.level == 1 and not role_of(block.text)), None)
        heading = inline(first).text if first and self.said is None else ""
        return (self.titles[0] if self.titles else heading) or self.note.path.stem

    # ------------------------------------------------------------------ which heading is what
    def _gather(self, block: Block, role: Role | None) -> list[tuple[Block, Role | None]]:
        """Take what a block has; the blocks to go on with, and what part of the note they are."""
        below = [(child, role) for child in block.children]
        if block.level and (named := role_of(block.text)):
            if named in ("concept", "other") or (named == "outline" and self.said == "script"):
                self._leave_out(block)
            if named == "outline" and self.said == "script" and block.children:
                self._wrong(block.source, "this outline is not said: the note has a script", _MOVE, "warning")
            return [(child, named) for child in block.children]
        if role == self.said:
            if not block.level:
                return self._said(block, role)
            self._misspelt(block, "is read as a section")
            self._end_section()
            self.heading = block
            self.shown.section, self.shown.beat = inline(block).text, len(self.beats) + 1
            shown = self.shown.of_beat(block)
            self.shown.handed_on(block, shown, ())
            if shown:
                self.early.append((block, shown))
        elif block.is_query and role is not None:
            self.shown.query(block)
        elif role == "titles" and block.kind in ("bullet", "paragraph"):
            pictured = self._picture(block)
            if said := written(block):
                self.titles.append(self._plain(said, "a title"))
                self.findings += [finding for finding in said.findings if finding.level == "warning"]
                self.places.setdefault(self.titles[-1], block.source)
                self._poster(block)
            elif not pictured:
                self._leave_out(block)
            return [(child, "thumbnail") for child in block.children]  # what is said of a title is no title
        elif role in ("titles", "thumbnail"):
            designed = role == "thumbnail" and self._poster(block)
            pictured = self._picture(block, taken=not designed)
            if not designed and (not pictured or is_said(self.aside.words(block).text)):
                self._leave_out(block)
        elif role in ("description", "pinned"):
            self.places.setdefault(role, block.source)
            if said := written(block):
                for sign in "<>" if role == "description" else "":
                    if sign in said.text:
                        self.places.setdefault(f"description {sign}", block.place(sign))
                (self.description if role == "description" else self.pinned).append(said)
                self.findings += said.findings
            links = self.aside.words(block).links
            for link in links:
                if is_image(link) or link.kind == "embed" or (link.kind == "video" and "://" not in link.target):
                    what = "no picture is shown" if is_image(link) else "nothing is embedded"
                    message = f"only words go with a film: {what} here"
                    self._wrong(link.source, message, "take it out, or put it below a sentence", "warning")
            self.links += _mentioned(links) if role == "description" else []
        elif role == "result":
            words = self.aside.words(block)
            urls = [link.target for link in words.links if link.kind in ("url", "video") and "://" in link.target]
            self.result += urls
            if not urls or is_said(words.text) or any(is_image(link) for link in words.links):
                self._leave_out(block)
        elif role is None:
            if block.level:
                self._misspelt(block, "is no part of the film")
            self._leave_out(block)
        return below

    def _leave_out(self, block: Block) -> None:
        written = " ".join(block.text.split())
        title = written if block.kind == "code" else self.aside.words(block).text
        title = title if is_said(title) else written  # only an address, say
        if is_said(title):
            self.left_out.append(Section(title=title, source=block.source))

    def _picture(self, block: Block, taken: bool = True) -> bool:
        """Take a block's image for the thumbnail, if it is the first one; whether the block holds any."""
        images = [link for link in self.aside.words(block).links if is_image(link)] if block.kind != "code" else []
        for image in images:
            if taken and self.thumbnail is None:
                self.thumbnail = self.shown.picture(image)
            else:
                self.left_out.append(Section(title=image.label or image.target, source=image.source))
        return bool(images)

    def _poster(self, block: Block) -> bool:
        """Take what a block says of the thumbnail that goes with the last title; whether it says anything."""
        words, scene = block.properties.get("words"), self.shown.scene(block)
        if scene and self.titles and self.titles[-1] in self.posters:
            return False  # the first is drawn; this one is listed as no part of the film
        if self.titles and words:
            self.poster_words[self.titles[-1]] = words.value
        if self.titles and scene:
            self.posters[self.titles[-1]] = scene
        return bool(self.titles and (words or scene))

    def _misspelt(self, block: Block, what: str) -> None:
        if near := near_role(block.text):
            self._wrong(block.source, f"this heading {what}", f"did you mean '{near}'?", "warning")

    def _plain(self, said: Inline, what: str) -> str:
        """Words that are not measured again when a run is."""
        for number in said.numbers:
            self._wrong(number.source, f"{what} cannot hold a measured number", "write the number itself")
        return plain(said)

    # ------------------------------------------------------------------ sections and beats
    def _said(self, block: Block, role: Role | None) -> list[tuple[Block, Role | None]]:
        """A beat, or what is shown during the one before; what is written below it and is another part of the note."""
        if block.info == "footnote":
            self.links += _mentioned(self.aside.words(block).links)
            self._leave_out(block)
            return []
        other = [child for child in block.children if child.level and role_of(child.text)]
        below = [child for child in block.children if child not in other] if other else block.children
        text = self.shown.words(block).text if block.kind in ("bullet", "paragraph") else ""
        words = is_said(text)
        apart = words or any(key in block.properties for key in ("hold", "claim"))
        before = bool(self.beats) and self.heading is None
        """Whether there is a beat in this section that can be shown something."""
        self.shown.section = inline(self.heading).text if self.heading else self._section
        self.shown.beat = len(self.beats) + (0 if before and not apart else 1)
        section = len(self.sections) - (0 if self.heading or not self.sections else 1)
        if words:
            beat = read_beat(block, below, self.shown, section, self.ids, self.spoken)
            if beat.directions or not is_muted(block):
                self._add(beat, block)
            return [(child, role) for child in other]
        if any(unicodedata.category(char) == EMOJI for char in text) and not apart and not is_muted(block):
            hint = "write words, or say:: no below it"
            self._wrong(block.source, "this has no words, so it is shown and not said", hint, "warning")
        lost = next((block.properties[key] for key in ("sound", "music") if key in block.properties), None)
        if lost and not apart:
            self._wrong(lost.source, "this sound belongs to no sentence", "write it below one")
        if "claim" in block.properties:
            self._wrong(block.properties["claim"].source, "this claim belongs to no sentence", "write it below one")
        properties = {key: prop for key, prop in block.properties.items() if key not in ("claim", "say", "spoken")}
        shown = self.shown.read([replace(block, properties=properties, children=tuple(below))])
        if shown and apart:
            self._add(silent_beat(block, shown, self.shown, section, self.ids), block)
        elif shown and before:
            last = self.beats[-1]
            self.beats[-1] = replace(last, directions=(*last.directions, *shown))
        elif shown:
            self.early.append((block, shown))
        return [(child, role) for child in other]

    @property
    def _section(self) -> str:
        return self.sections[-1].title if self.sections else ""

    def _add(self, beat: Beat, block: Block) -> None:
        if self.heading:
            said = self.shown.words(self.heading)
            title = self._plain(said, "a section's title")
            self.findings += [finding for finding in said.findings if finding.level == "warning"]
            self.sections.append(Section(title=title, source=self.heading.source))
            self.heading = None
        elif not self.sections:
            self.sections.append(Section(title="", source=block.source))
        early = [direction for _, shown in self.early for direction in shown]
        self.early.clear()
        self.beats.append(replace(beat, directions=(*early, *beat.directions)))

    def _end_section(self) -> None:
        """A section that only shows something is a silent beat; one that is empty is reported."""
        heading = self.heading
        if self.early:
            block = replace(self.early[0][0], properties={}, children=())
            shown = [direction for _, more in self.early for direction in more]
            self.early.clear()
            self.shown.section = inline(heading).text if heading else self._section
            section = len(self.sections) - (0 if heading or not self.sections else 1)
            self._add(silent_beat(block, shown, self.shown, section, self.ids), block)
        elif heading and not (self.said is None and self._title() == inline(heading).text):
            if not any(below.level for below in heading.walk() if below is not heading):
                self._wrong(heading.source, "this section says nothing", "write its narration below it", "warning")
            self._leave_out(heading)
        self.heading = None


def _mentioned(links: Sequence[Link]) -> list[Link]:
    return [link for link in links if link.kind not in ("image", "tag")]
