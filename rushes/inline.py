"""Inline: what a line of a note says once its marks are taken out, and what the marks were.

`==phrase==` is a cue, `{run.column.stat:.1f}` a measured number; emphasis, links and comments are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from markdown_it.token import Token

from rushes.errors import Finding, Source
from rushes.marks import BLOCK, REFERENCES, markdown
from rushes.measured import Reference, parse_reference
from rushes.note import Block
from rushes.slug import slug

__all__ = ["COMMENT", "NUMBER_MARK", "Cue", "Inline", "Link", "Number", "fill", "find_phrase", "inline"]

COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
# Private-use characters keep a place in the text while Markdown's marks are taken out of it.
CUE_OPEN, CUE_SHUT, NUMBER_MARK, HOLE, BOOKMARK = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_PRIVATE = dict.fromkeys(map(ord, (CUE_OPEN, CUE_SHUT, NUMBER_MARK, HOLE, BOOKMARK)), "\ufffd")
_UNSEEN = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0xAD))  # zero-width and soft-hyphen characters part no words
LIMIT = 10_000  # characters: ten minutes of speech in one breath
SIZE = re.compile(r"\d+(?:x\d+)?")  # ![[picture.png|400]]
DATA = re.compile(r"\(data:[^()\s]*\)")  # a picture inside the note
VIDEO = re.compile(r"https?://(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com)/", re.IGNORECASE)
VIDEOS = ("video", "youtube", "vimeo", "bilibili")
SILENT_MACROS = (
    *VIDEOS,
    "embed",
    "scene",
    "query",
    "renderer",
    "youtube-timestamp",
    "namespace",
    "tweet",
    "twitter",
    "pdf",
)
HTML = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
HTML_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
# What is left of a cue or a number that is not closed. A word is read from its start only, as some have many letters.
LONE = re.compile(r"(?<!\S)==[^\s=]+|(?<![^\s=])[^\s=]+==(?!\S)|\{[\w-]+\.\w+")
HTML_MARK = re.compile(r"<bookmark\s+mark\s*=\s*[\"'](\w+)[\"']", re.IGNORECASE)  # manim-voiceover's cue
# < and > are words' neighbours too: `a <b and c> d` is a tag to Markdown
HTML_TAGS = re.compile(
    "[abipqsu]|abbr|audio|big|blockquote|br|center|cite|code|d[dlt]|del|details|div|em|figcaption|figure|font|h[1-6r]"
    "|iframe|img|ins|kbd|li|mark|[ou]l|pre|samp|section|small|source|span|strike|strong|style|su[bp]|summary"
    "|table|tbody|thead|t[dhrt]|var|video",
    re.IGNORECASE,
)
LinkKind = Literal["note", "block", "embed", "image", "url", "video", "tag"]
_MARKDOWN = markdown()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A named moment: the start of a word of a beat."""

    name: str
    word: int
    """Index into the words of the beat's text."""
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A measured number, to be spoken and captioned where it stands."""

    reference: Reference | None
    """None if what stands in the braces is no reference."""
    format: str
    written: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a block points to."""

    kind: LinkKind
    target: str
    """As written: `note#heading`, a block's uuid, a path, an address, a tag without its sign."""
    label: str
    """What the author calls it; empty if they do not say."""
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """The words of a block."""

    text: str
    """With a mark for each measured number; `fill` puts them in."""
    numbers: tuple[Number, ...]
    cues: tuple[Cue, ...]
    links: tuple[Link, ...]
    """In the order of the text."""
    findings: tuple[Finding, ...]


def fill(template: str, numbers: Sequence[str]) -> str:
    """A template's text with its measured numbers, in order."""
    for number in numbers:
        template = template.replace(NUMBER_MARK, number, 1)
    return template


def _bare(word: str) -> str:
    return re.sub(r"[^\w']", "", word.replace("’", "'")).casefold()


def find_phrase(phrase: str, words: Sequence[str]) -> list[int]:
    """Indices of the words at which `phrase` begins; case and punctuation do not count."""
    wanted = [bare for word in phrase.split() if (bare := _bare(word))]
    kept = [(i, bare) for i, word in enumerate(words) if (bare := _bare(word))]
    starts = range(len(kept) - len(wanted) + 1)
    return [kept[k][0] for k in starts if wanted and [bare for _, bare in kept[k : k + len(wanted)]] == wanted]


def inline(block: Block) -> Inline:
    """What a block says, and what is marked in it."""
    text = block.text.translate(_PRIVATE)
    reader = _Reader(block)
    if len(text) > LIMIT:
        text = DATA.sub("(data:)", text)
    if len(text) > LIMIT:
        reader.warn(block.source, f"this is {len(text):,} characters in one piece; its marks are not read", "divide it")
        return reader.inline(text)
    reader.read(_MARKDOWN.inline.parse(text, _MARKDOWN, {REFERENCES: block.references}, []), text)
    return reader.inline("".join(reader.pieces))


class _Reader:
    """Goes through the tokens of a block once."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.unmarked = ""  # the block's text, with holes where marks are that were understood
        self.pieces: list[str] = []
        self.numbers: list[Number] = []
        self.marked: list[Source] = []  # of the cues, in order
        self.bookmarks: list[tuple[str, Source]] = []
        self.links: list[Link] = []
        self.findings: list[Finding] = []
        self.open: list[tuple[Token, Source, int]] = []  # links whose label is being read, and its first piece
        # how many pieces, numbers, cues and bookmarks came before what is crossed out
        self.struck: list[tuple[int, int, int, int]] = []
        self.labels: set[int] = set()  # ids of the tags that are not spoken

    def warn(self, source: Source, message: str, suggestion: str) -> None:
        self.findings.append(Finding(source, message, suggestion, "warning"))

    def read(self, tokens: Sequence[Token], text: str) -> None:
        self._find_labels(tokens)
        self.unmarked = text
        for token in tokens:
            if token.meta and token.type != "link_open":
                start, end = token.meta["start"], token.meta["end"]
                self.unmarked = self.unmarked[:start] + HOLE * (end - start) + self.unmarked[end:]
        for token in tokens:
            if read := getattr(self, f"_{token.type}", None):
                read(token)

    def _at(self, token: Token) -> Source:
        start, end = token.meta["start"], token.meta["end"]
        return self.block.at(start, end - start)

    def _link(self, token: Token, kind: LinkKind, target: str, label: str = "") -> None:
        self.links.append(Link(kind=kind, target=target.strip(), label=label.strip(), source=self._at(token)))

    # ------------------------------------------------------------------ words
    def _text(self, token: Token) -> None:
        self.pieces.append(token.content)

    _text_special = _code_inline = _text

    def _softbreak(self, token: Token) -> None:
        self.pieces.append("\n")

    _hardbreak = _softbreak

    def _math(self, token: Token) -> None:
        self.pieces.append(token.meta["value"])

    def _field(self, token: Token) -> None:
        # as Dataview shows it: the key only in square brackets
        key = f"{token.meta['key']}: " if token.meta["open"] == "[" else ""
        self.pieces.append(key + token.meta["value"])

    def _html_inline(self, token: Token) -> None:
        tag = HTML.match(token.content)
        name = tag[1].lower() if tag else ""
        if bookmark := HTML_MARK.match(token.content):
            self.bookmarks.append((bookmark[1], self.block.place(token.content)))
            self.pieces.append(BOOKMARK)
            return
        if not token.content.startswith("<!--") and not HTML_TAGS.fullmatch(name):
            self.pieces.append(token.content)  # a < b and c > d
            return
        self.pieces.append(" " if name in ("br", "p", "div", "li", "hr", "td", "th", "tr") else HOLE)
        kinds: Mapping[str, LinkKind] = {"img": "image", "video": "video", "iframe": "url", "source": "video"}
        if name in kinds and (found := HTML_SOURCE.search(token.content)):
            kind: LinkKind = "video" if name == "iframe" and VIDEO.match(found[1]) else kinds[name]
            self.links.append(Link(kind=kind, target=found[1], label="", source=self.block.place(found[1])))

    def _cue_open(self, token: Token) -> None:
        self.marked.append(self._at(token))
        self.pieces.append(CUE_OPEN)

    def _cue_close(self, token: Token) -> None:
        self.pieces.append(CUE_SHUT)

    def _number(self, token: Token) -> None:
        source, meta = self._at(token), token.meta
        written = (
            f"{{{meta['reference']}:{meta['format']}}}" if meta["format"] is not None else f"{{{meta['reference']}}}"
        )
        form = meta["format"] or ""
        reference = parse_reference(meta["reference"])
        if reference is None:
            message = f"{written} is not a measured number"
            self.findings.append(Finding(source, message, "write {run.column.stat:.1f}"))
        else:
            try:
                format(1.5, form)
            except ValueError:
                message = f"'{form}' is not a number's format"
                self.findings.append(Finding(source, message, "for example :.1f or :,.0f"))
        self.numbers.append(Number(reference=reference, format=form, written=written, source=source))
        self.pieces.append(NUMBER_MARK)

    # ------------------------------------------------------------------ what is not said
    def _footnote(self, token: Token) -> None:
        self.pieces.append(HOLE)

    _comment = _footnote

    def _url(self, token: Token) -> None:
        self.pieces.append(HOLE)
        if not self.open:
            self._link(token, "url", token.meta["target"])

    def _picture(self, token: Token) -> None:
        self.pieces.append(HOLE)
        label, bar, size = token.meta["label"].rpartition("|")
        label = label if bar and SIZE.fullmatch(size) else token.meta["label"]
        target = token.meta["target"]
        self._link(token, "video" if VIDEO.match(target) else "image", target, "" if SIZE.fullmatch(label) else label)

    def _block(self, token: Token) -> None:
        self.pieces.append(HOLE)
        self._link(token, "block", token.meta["target"])

    def _macro(self, token: Token) -> None:
        name, given = token.meta["called"], token.meta["given"]
        if name == "cloze":
            self.pieces.append(given.partition("\\\\")[0].strip())
            return
        self.pieces.append(HOLE)
        if name in VIDEOS:
            self._link(token, "video", given)
        elif name == "embed":
            self._link(token, "embed", given.removeprefix("[[").removesuffix("]]"))
        elif name in ("tweet", "twitter", "pdf"):
            self._link(token, "url", given)
        elif name not in SILENT_MACROS:
            self.warn(self._at(token), "this macro is not known here, so it is not spoken", "write its words out")

    # ------------------------------------------------------------------ what is said in other words
    def _wiki(self, token: Token) -> None:
        target, label = token.meta["target"].rstrip("\\").strip(), (token.meta["label"] or "").strip()
        if token.meta["embed"]:
            self.pieces.append(HOLE)
            self._link(token, "embed", target, "" if SIZE.fullmatch(label) else label)
            return
        self._link(token, "note", target, label)
        page, _, heading = target.partition("#")
        said = label or page.rsplit("/", 1)[-1] or heading.rpartition("#")[2]
        self.pieces.append(HOLE if said.startswith("^") else said)

    def _tag(self, token: Token) -> None:
        tag = token.meta["words"] or token.meta["word"]
        self._link(token, "tag", tag)
        self.pieces.append(HOLE if id(token) in self.labels else tag.rsplit("/", 1)[-1])

    def _find_labels(self, tokens: Sequence[Token]) -> None:
        """Tags after the end of a sentence, or alone on a line, label it; any other tag is one of its words."""
        run: list[int] | None = []
        for token in reversed(tokens):
            if token.type in ("softbreak", "hardbreak"):
                self.labels.update(run or ())
                run = []
            elif token.type == "tag" and run is not None:
                run.append(id(token))
            elif run is not None and token.content.strip():
                if token.content.rstrip()[-1] in '.!?:…”")':
                    self.labels.update(run)
                run = None
        if not self.block.level:
            self.labels.update(run or ())

    def _link_open(self, token: Token) -> None:
        # Markdown's own <https://x.y> has no meta
        place = self.block.place(str(token.attrs["href"])) if token.markup == "autolink" else self._at(token)
        self.open.append((token, place, len(self.pieces)))

    def _link_close(self, token: Token) -> None:
        opened, source, first = self.open.pop()
        if opened.markup == "autolink":
            self.pieces[first:] = [HOLE]
            self.links.append(Link(kind="url", target=str(opened.attrs["href"]), label="", source=source))
            return
        label = "".join(self.pieces[first:]).translate(dict.fromkeys(_PRIVATE)).strip()
        target: str = opened.meta["target"]
        kind: LinkKind = "url"
        if target.startswith("[[") and target.endswith("]]"):
            kind, target = "note", target[2:-2]
        elif target.startswith("(") and BLOCK.fullmatch(f"(({target.strip('()')}))"):
            kind, target = "block", target.strip("()")
        elif target.startswith("#") or (target.partition("#")[0].endswith(".md") and "://" not in target):
            kind, target = "note", unquote(target.replace(".md", "", 1))
        self.links.append(Link(kind=kind, target=target, label=label, source=source))

    def _s_open(self, token: Token) -> None:
        self.struck.append((len(self.pieces), len(self.numbers), len(self.marked), len(self.bookmarks)))

    def _s_close(self, token: Token) -> None:
        pieces, numbers, marked, bookmarks = self.struck.pop()
        words = "".join(self.pieces[pieces:]).strip()
        for line in words.splitlines() or [""]:
            where = self.block.place(line.strip())
            self.warn(where, "this is crossed out, so it is not spoken", "delete it, or take the ~~ away")
        self.pieces[pieces:] = [HOLE]
        del self.numbers[numbers:], self.marked[marked:], self.bookmarks[bookmarks:]

    # ------------------------------------------------------------------ what it comes to
    def inline(self, text: str) -> Inline:
        marked = " ".join(text.translate(_UNSEEN).split())
        marked = re.sub(f"{HOLE}(?: ?{HOLE})+", lambda run: " " * (" " in run[0]) + HOLE, marked)
        marked = re.sub(f"\\( ?{HOLE} ?\\)", HOLE, marked)
        marked = re.sub(f" {{0,2}}{HOLE}(?=[.,;:!?…)])", "", marked)
        marked = " ".join(marked.replace(HOLE, "").split())
        text = " ".join(re.sub(f"[{CUE_OPEN}{CUE_SHUT}{BOOKMARK}]", "", marked).split())
        if len(text) <= LIMIT:
            self._find_lone(text)
        return Inline(
            text=text,
            numbers=tuple(self.numbers),
            cues=tuple(self._cues(marked)),
            links=tuple(sorted(self.links, key=lambda link: (link.source.line, link.source.column))),
            findings=tuple(sorted(self.findings, key=lambda finding: (finding.source.line, finding.source.column))),
        )

    def _find_lone(self, text: str) -> None:
        whole = len(self.unmarked) == len(self.block.text)  # a picture's data may have been left out
        after = 0  # the same letters may be left open twice
        for found in LONE.finditer(text):
            cue, width = "==" in found[0], len(found[0])
            start = self.unmarked.find(found[0], after) if whole else -1
            after = start + width if start >= 0 else after
            self.warn(
                self.block.at(start, width) if start >= 0 else self.block.place(found[0]),
                f"this {'==' if cue else '{'} has no partner, so it is read aloud",
                "write ==words== around a cue" if cue else "write {run.column.stat:.1f}",
            )

    def _cues(self, marked: str) -> Iterator[Cue]:
        plain, words, inside = "", 0, False  # what came before the place that is reached; whether it is inside a word
        opened: list[tuple[int, int, Source]] = []
        sources, bookmarks = iter(self.marked), iter(self.bookmarks)
        count = len(re.sub(f"[{CUE_OPEN}{CUE_SHUT}{BOOKMARK}]", "", marked).split())
        parts = re.split(f"([{CUE_OPEN}{CUE_SHUT}{BOOKMARK}])", marked)
        for part, after in zip(parts, [*parts[1:], ""], strict=True):
            if part == CUE_OPEN:
                # a cue that opens inside a word belongs to that word
                opened.append((len(plain), words - inside, next(sources)))
            elif part == CUE_SHUT:
                first, word, source = opened.pop()
                if name := slug(self._named(plain, first)):
                    yield Cue(name=name, word=word, source=source)
            elif part == BOOKMARK:
                name, source = next(bookmarks)
                within = inside and after[:1].strip() != ""
                if count:
                    yield Cue(name=name, word=min(words - within, count - 1), source=source)
            elif part:
                words += len(part.split()) - (inside and not part[0].isspace())
                inside = not part[-1].isspace()
                plain += part

    def _named(self, plain: str, first: int) -> str:
        """A number's cue is named by what it is, not by which run it is of: {healthy.rating.last} is rating-last."""
        phrase = plain[first:]
        before = plain.count(NUMBER_MARK, 0, first)
        for number in self.numbers[before : before + phrase.count(NUMBER_MARK)]:
            reference = number.reference
            phrase = phrase.replace(NUMBER_MARK, f"{reference.column} {reference.stat}" if reference else "", 1)
        return phrase
