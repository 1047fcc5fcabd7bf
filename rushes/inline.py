"""Inline: what a line of a note says once its marks are taken out, and what the marks were.

`==phrase==` is a cue, `{run.column.stat:.1f}` a measured number; emphasis, links and comments are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rushes.errors import Finding, Source
from rushes.note import Block
from rushes.record import Reference, parse_reference

__all__ = ["COMMENT", "NUMBER_MARK", "Cue", "Inline", "Link", "Number", "fill", "find_phrase", "inline", "slug"]

CUE = re.compile(r"==(?P<phrase>[^=\s](?:[^=]*[^=\s])?)==")
NUMBER = re.compile(r"\{(?P<reference>[A-Za-z][\w.]*)(?::(?P<format>[^{}]*))?\}")
MACRO = re.compile(r"\{\{[^}]*\}\}")
WIKI_LINK = re.compile(r"(?<!!)\[\[([^\]|#]+)(?:#[^\]|]*)?(?:\|([^\]]*))?\]\]")
COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
# Private-use characters keep their place in the text while Markdown's marks are taken out of it.
CUE_OPEN, CUE_SHUT, NUMBER_MARK = "\ue000", "\ue001", "\ue002"
_MARKDOWN = MarkdownIt("commonmark").enable("strikethrough")


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

    kind: Literal["note", "block", "embed", "image", "url", "video", "tag"]
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


def slug(phrase: str) -> str:
    """`deleted a single minus sign` -> `deleted-a-single-minus-sign`."""
    return re.sub(r"[^a-z0-9]+", "-", phrase.lower()).strip("-")


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
    numbers: list[Number] = []
    findings: list[Finding] = []

    def wrong(source: Source, message: str, suggestion: str) -> None:
        findings.append(Finding(source, message, suggestion))

    def number(match: re.Match[str]) -> str:
        reference = parse_reference(match["reference"])
        source = block.place(match[0])
        if reference is None:
            wrong(source, f"{match[0]} is not a measured number", "write {run.column.stat:.1f}")
        else:
            try:
                format(1.5, match["format"] or "")
            except ValueError:
                wrong(source, f"'{match['format']}' is not a number's format", "for example :.1f or :,.0f")
        numbers.append(Number(reference=reference, format=match["format"] or "", written=match[0], source=source))
        return NUMBER_MARK

    raw = COMMENT.sub("", block.text)
    raw = WIKI_LINK.sub(lambda m: m[2] or m[1].rsplit("/", 1)[-1], raw)
    raw = NUMBER.sub(number, MACRO.sub("", raw))
    raw = CUE.sub(lambda m: f"{CUE_OPEN}{m['phrase']}{CUE_SHUT}", raw)
    marked = " ".join("".join(_words(_MARKDOWN.parseInline(raw))).split())
    cues = []
    for match in re.finditer(f"{CUE_OPEN}([^{CUE_SHUT}]*){CUE_SHUT}", marked):
        before = marked[: match.start()].replace(CUE_OPEN, "").replace(CUE_SHUT, "")
        # a cue that opens inside a word belongs to that word
        word = len(before.split()) - (bool(before) and not before[-1].isspace())
        phrase = match[1]
        mentioned = [n.reference for n in numbers[marked[: match.start()].count(NUMBER_MARK) :]]
        for reference in mentioned[: phrase.count(NUMBER_MARK)]:
            # a number's cue is named by what it is, not by which run it is of: {healthy.rating.last} is rating-last
            phrase = phrase.replace(NUMBER_MARK, f"{reference.column} {reference.stat}" if reference else "", 1)
        cues.append(Cue(name=slug(phrase), word=word, source=block.place(f"=={match[1]}==")))
    text = marked.replace(CUE_OPEN, "").replace(CUE_SHUT, "")
    return Inline(text=text, numbers=tuple(numbers), cues=tuple(cues), links=(), findings=tuple(findings))


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.children and token.type != "image":
            yield from _words(token.children)
