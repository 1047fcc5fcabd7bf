"""Block words: what a block says, with the blocks that it refers to in their places."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.inline import Inline, Link, fill, inline
from rushes.library import Library
from rushes.note import Block

__all__ = ["BlockWords", "plain"]

REFERENCE = re.compile(r"(?<!\]\()(?<!\{embed )\(\((?P<uuid>[0-9A-Fa-f-]{36})\)\)")
COMMENT = re.compile(r"%%.*?%%", re.DOTALL)


class BlockWords:
    """Reads the words of blocks, each once; what they link to goes to `links`."""

    def __init__(self, library: Library | None, links: list[Link]) -> None:
        self.library = library
        self.links = links
        self._said: dict[int, tuple[Block, Inline]] = {}  # with the block, so that no other takes its id

    def of(self, block: Block) -> Inline:
        """The words of a block, in one."""
        if id(block) not in self._said:
            said = inline(self._resolved(block))
            self._said[id(block)] = block, said
            self.links += [link for link in said.links if link.kind not in ("image", "tag")]
        return self._said[id(block)][1]

    def _resolved(self, block: Block) -> Block:
        if self.library is None or "((" not in block.text:
            return block
        texts = tuple(REFERENCE.sub(lambda match: self._named(match, 0), text) for text in block.texts)
        return replace(block, texts=texts)

    def _named(self, match: re.Match[str], depth: int) -> str:
        assert self.library is not None
        named = self.library.block(match["uuid"])
        if named is None or depth > 8:
            return match[0]  # the vault reports it
        return REFERENCE.sub(lambda below: self._named(below, depth + 1), " ".join(named.texts))

    def lines(self, block: Block) -> tuple[str, ...]:
        """A direction's words line by line: on a slate they follow one another."""
        texts = COMMENT.sub("", self._resolved(block).text).splitlines()
        if len(texts) < 2:
            read = [self.of(block)]
        else:
            read = [inline(replace(block, texts=(text,), lines=block.lines[:1])) for text in texts]
        # a card is the author's words: what looks like a measured number stays as it is written
        lines = tuple(filter(None, (plain(said) for said in read)))
        whole = plain(self.of(block))
        # marks may begin on one line and end on another: then the lines cannot be told apart
        return lines if " ".join(lines) == whole else (whole,) if whole else ()


def plain(said: Inline) -> str:
    """Words that hold no measured numbers: what looks like one is as it was written."""
    return fill(said.text, [number.written for number in said.numbers])
