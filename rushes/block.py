"""Block: one piece of a note, with its place in the file and all that is written below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rushes.errors import Source

__all__ = ["Align", "Block", "Kind", "Property", "cells", "is_ruling"]

Kind = Literal["heading", "bullet", "paragraph", "quote", "code", "table"]
Align = Literal["l", "c", "r"]
QUERIES = ("query", "dataview", "dataviewjs", "tasks")
"""Languages of code that are questions to Logseq, to Obsidian or to a plug-in of it."""


@dataclass(frozen=True, slots=True)
class Property:
    """`key:: value` of a block."""

    value: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a bullet, a paragraph, a quote, code or a table, with what is written below it.

    A quote, code or a table inside a bullet is a child of the bullet; `- > words` is a bullet without text
    and one child.
    """

    kind: Kind
    source: Source
    """The block's first line, with the caret on its text."""
    lines: tuple[Source, ...]
    """Where each line of text is, exactly: column and width are those of the text."""
    texts: tuple[str, ...]
    """The text without markers and properties; code and tables line by line as written."""
    level: int
    """Number of `#`, for a heading inside or outside a bullet; else 0."""
    properties: Mapping[str, Property]
    """By lower-case key; `^block-id` is `id`, SCHEDULED and DEADLINE are `scheduled` and `deadline`."""
    # not in the repr: a note 500 levels deep is deeper than Python's stack
    children: tuple[Block, ...] = field(repr=False)
    marker: str = ""
    """TODO, DOING, DONE, LATER, NOW, WAITING or CANCELED; a box `[ ]` is TODO, `[x]` DONE."""
    info: str = ""
    """Language of code ("math" for `$$`, "query" for a Logseq query); kind of a callout; "footnote" for its text."""
    ordered: bool = False
    """Whether it is an item of a numbered list."""
    references: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """The note's own: where `[words][ref]` leads to, by the reference's label."""

    @property
    def text(self) -> str:
        """The block's lines, one under another, without markers and properties."""
        return "\n".join(self.texts)

    @property
    def is_query(self) -> bool:
        """Whether it is no code but a question, whose answer is not in the note."""
        return self.kind == "code" and self.info.lower() in QUERIES

    def place(self, phrase: str) -> Source:
        """The line of this block that holds `phrase`, with the caret under it."""
        for line in self.lines:
            if phrase in line.text:
                return line.at(phrase)
        return self.source

    def at(self, offset: int, width: int) -> Source:
        """The place of `width` characters of `text` from `offset` on; within one line."""
        for line, text in zip(self.lines, self.texts, strict=False):
            if offset <= len(text):
                if not line.text.startswith(text, line.column - 1):  # a copy of the block with other words
                    line = line.at(text)
                width = max(min(width, len(text) - offset), 1)
                return Source(line.path, line.line, line.column + offset, width, line.text)
            offset -= len(text) + 1
        return self.source

    def walk(self) -> Iterator[Block]:
        """This block and all below it, in the order of the file."""
        ahead = [self]
        while ahead:
            block = ahead.pop()
            yield block
            ahead += reversed(block.children)


def cells(block: Block) -> tuple[tuple[tuple[str, ...], ...], tuple[Align, ...]]:
    """A table's rows, as many cells in each, and its columns' alignment; the first row is the head."""
    rows = [split_row(text) for text in block.texts if not is_ruling(text)]
    ruling = next((split_row(text) for text in block.texts if is_ruling(text)), [])
    width = max((len(row) for row in rows), default=0)
    ruling += [""] * (width - len(ruling))
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows), tuple(
        _align(dashes) for dashes in ruling[:width]
    )


def _align(dashes: str) -> Align:
    if not dashes.endswith(":"):
        return "l"
    return "c" if dashes.startswith(":") else "r"


def split_row(row: str) -> list[str]:
    """The cells of a row of a table."""
    row = row.strip()
    parts = [""]
    escaped = False
    for char in row[row.startswith("|") :]:
        if char == "|" and not escaped:
            parts.append("")
        else:
            parts[-1] += char
        escaped = char == "\\" and not escaped
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return [part.strip().replace("\\|", "|") for part in parts]


def is_ruling(row: str) -> bool:
    """Whether a row is the line of dashes between a table's head and its body."""
    if not set(row) <= set("|:- \t") or "-" not in row:
        return False
    return all(cell.strip(":") and set(cell.strip(":")) == {"-"} for cell in split_row(row))
