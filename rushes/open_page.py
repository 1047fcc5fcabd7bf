"""Open page: the rows of a page while they are read, and the blocks that still take lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rushes.block import Block, Kind, Property
from rushes.block_starts import BLOCK_ID
from rushes.errors import Finding, Source
from rushes.references import references

__all__ = ["OpenBlock", "OpenPage"]


@dataclass(slots=True)
class OpenBlock:
    """A block while its lines still come in."""

    kind: Kind
    source: Source
    indent: int
    level: int = 0
    marker: str = ""
    info: str = ""
    ordered: bool = False
    in_comment: bool = False  # whether its text so far holds an %% without its pair
    lines: list[tuple[Source, str]] = field(default_factory=list)
    properties: dict[str, Property] = field(default_factory=dict)
    children: list[OpenBlock] = field(default_factory=list)


class OpenPage:
    """A page from row `first` on; whoever reads a row moves `next` on."""

    def __init__(self, rows: Sequence[str], first: int, path: Path) -> None:
        self.rows = rows
        self.path = path
        self.next = first  # index of the row to be read next
        self.findings: list[Finding] = []
        self.root = OpenBlock("paragraph", Source(path, 1), -1)
        self.stack = [self.root]  # open headings, then the open bullets below the innermost heading
        self.current = self.root  # takes a plain line
        self.references = references(rows[first:])

    @property
    def row(self) -> str:
        """The row that is being read."""
        return self.rows[self.next - 1]

    def source(self, start: int, end: int | None = None) -> Source:
        """The place of a part of the row."""
        row = self.row
        return Source(self.path, self.next, start + 1, max((len(row) if end is None else end) - start, 1), row)

    def close_bullets(self, indent: int) -> bool:
        """Close the bullets that are at least so far in: whether there were any."""
        before = len(self.stack)
        while self.stack[-1].kind == "bullet" and self.stack[-1].indent >= indent:
            self.stack.pop()
        return len(self.stack) < before

    def close_headings(self, level: int) -> None:
        """Close what a heading of this level ends: all bullets, and headings that are not above it."""
        while len(self.stack) > 1 and (self.stack[-1].kind == "bullet" or self.stack[-1].level >= level):
            self.stack.pop()

    def push(self, block: OpenBlock) -> None:
        """Open a heading or a bullet below the innermost one."""
        self.stack[-1].children.append(block)
        self.stack.append(block)
        self.current = block

    def leaf(self, kind: Kind, owner: OpenBlock, source: Source, info: str = "") -> OpenBlock:
        """Open what has nothing below it, as code has."""
        leaf = OpenBlock(kind, source, 0, info=info)
        owner.children.append(leaf)
        self.current = owner if owner.kind == "bullet" else leaf
        return leaf

    def say(self, start: int, closing: bool = False) -> None:
        """Give the rest of the row to the current block, as words; `closing`: less the signs that close a heading."""
        text = self.row[start:].rstrip()
        if closing and (bare := text.rstrip("#")) != text and (not bare or bare[-1] in " \t"):
            text = bare.rstrip()  # ## Title ##
        at = text.rfind("^")
        if at > 0 and text[at - 1] in " \t" and (found := BLOCK_ID.match(text, at)):
            self.current.properties["id"] = Property(found[1], self.source(start + at, start + len(text)))
            text = text[:at].rstrip()
        if text:
            self.current.in_comment ^= text.count("%%") % 2 == 1
            self.current.lines.append((self.source(start, start + len(text)), text))

    def keep(self, leaf: OpenBlock, start: int, end: int | None = None) -> None:
        """Give a part of the row to a block, as it is."""
        text = self.row[start:end].rstrip()
        leaf.lines.append((self.source(start, start + len(text)), text))

    def blocks(self) -> tuple[Block, ...]:
        """All that was read."""
        return _closed(self.root, self.references)


def _closed(root: OpenBlock, known: Mapping[str, str]) -> tuple[Block, ...]:
    """The blocks below `root`, made from the leaves up without recursion: notes are nested hundreds deep."""
    order: list[tuple[OpenBlock, int]] = [(root, 0)]
    for block, depth in order:  # grows as it goes
        order += [(child, depth + 1) for child in block.children]
    made: dict[int, Block] = {}
    for block, depth in reversed(order):
        while block.lines and not block.lines[-1][1]:
            block.lines.pop()
        level = block.level
        if not level and (prop := block.properties.get("heading")):  # a heading by Logseq's menu
            level = int(prop.value) if prop.value in tuple("123456") else min(depth, 6) if prop.value == "true" else 0
        numbered = block.properties.get("logseq.order-list-type")
        made[id(block)] = Block(
            kind=block.kind,
            source=block.source,
            lines=tuple(source for source, _ in block.lines),
            texts=tuple(text for _, text in block.lines),
            level=level,
            properties=block.properties,
            children=tuple(made[id(child)] for child in block.children),
            marker=block.marker,
            info=block.info,
            ordered=block.ordered or (numbered is not None and numbered.value == "number"),
            references=known,
        )
    return made[id(root)].children
