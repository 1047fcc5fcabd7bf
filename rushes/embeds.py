"""Embeds: a note with every embed that stands alone replaced by the blocks that it names.

`![[note]]`, `![[note#heading]]`, `![[note#^id]]`, `{{embed ((uuid))}}`, `{{embed [[page]]}}`. Each block keeps its own
place in its own file, so a finding about an embedded sentence points at the sentence.
"""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from rushes.errors import Finding, Source, many_of
from rushes.note import Block, Note
from rushes.pages import mentions
from rushes.vault import Vault, VaultError, every

__all__ = ["expand"]

ALONE = re.compile(
    r"!\[\[(?P<note>[^\[\]\n]+)\]\]"
    r"|\{\{embed[ \t]+(?:\(\((?P<block>[^()\s]+)\)\)|\[\[(?P<page>[^\[\]\n]+)\]\])[ \t]*\}\}"
)
MARKS = ("![[", "{{embed")
MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|webp|svg|avif|bmp|tiff?|mp4|m4v|webm|mov|mkv|ogv|mp3|m4a|wav|ogg|flac|pdf)$", re.IGNORECASE
)
FILE = re.compile(r"\.(?!md$)[A-Za-z0-9]{1,5}$")
CHAIN = 16  # embeds within embeds
BLOCKS = 10_000  # of one script; a film of a day
NESTED = 100  # bullets within bullets above an embed
UNSPOKEN = {"id", "collapsed"}  # properties of an embed that say nothing about a film


def expand(note: Note, vault: Vault) -> Note:
    """As `Vault.expand`."""
    if not any(_has_embed(block) for block in every(note.blocks)):
        return note
    work = _Expansion(vault)
    blocks = work.blocks(note.blocks, frozenset(), 0)
    return replace(note, blocks=tuple(blocks), findings=(*note.findings, *work.findings))


def _has_embed(block: Block) -> bool:
    return block.kind in ("bullet", "paragraph") and any(mark in line for line in block.texts for mark in MARKS)


@dataclass(slots=True)
class _Expansion:
    vault: Vault
    findings: dict[Finding, None] = field(default_factory=dict)
    left: int = BLOCKS
    read: set[Path] = field(default_factory=set)
    known: dict[tuple[str, Path], tuple[Path, tuple[Block, ...]] | None] = field(default_factory=dict)

    def blocks(self, blocks: Sequence[Block], chain: frozenset[tuple[str, int]], level: int) -> list[Block]:
        """The blocks with embeds replaced. `chain` holds the places of the embeds that are being replaced."""
        order = [(block, level) for block in blocks]
        found: dict[int, dict[int, tuple[Block, ...] | None]] = {}
        for block, depth in order:  # grows as it goes
            order += [(child, depth + 1) for child in block.children]
        for block, depth in order:
            if _has_embed(block):
                self._within(block)
                embeds = {i: match for i, text in enumerate(block.texts) if (match := ALONE.fullmatch(text.strip()))}
                found[id(block)] = {i: self._found(match, block, i, chain, depth) for i, match in embeds.items()}
        # from the leaves up without recursion: notes are nested hundreds deep
        made: dict[int, list[Block]] = {}
        for block, _ in reversed(order):
            children = tuple(new for child in block.children for new in made[id(child)])
            if len(children) != len(block.children) or any(map(operator.is_not, children, block.children)):
                made[id(block)] = self._one(replace(block, children=children), found.get(id(block)))
            else:
                made[id(block)] = self._one(block, found.get(id(block)))
        return [new for block in blocks for new in made[id(block)]]

    def _within(self, block: Block) -> None:
        """Tell of embeds that stand within a line."""
        for text, line in zip(block.texts, block.lines, strict=True):
            if ALONE.fullmatch(text.strip()):
                continue
            for mention in mentions(text):
                if "embed" in mention.kind and not FILE.search(mention.target.split("#")[0]):
                    source = line.at(mention.written, line.column - 1)
                    self._tell(
                        source, "an embed within a line is not pulled in", "put it on a line of its own", "warning"
                    )

    def _one(self, block: Block, found: dict[int, tuple[Block, ...] | None] | None) -> list[Block]:
        """What stands for a block whose lines `found` are embeds: of blocks, of none (), or of a file (None)."""
        if not found:
            return [block]
        pulled = [part for parts in found.values() for part in parts or ()]
        if all(i in found or not text.strip() for i, text in enumerate(block.texts)):
            return self._stand_in(block, pulled, [i for i, parts in found.items() if parts is None])
        if block.kind == "bullet":
            # below the bullet's own words, as its children are
            kept = [i for i in range(len(block.texts)) if found.get(i) is None]
            return [replace(_lines(block, kept), children=(*pulled, *block.children))]
        return self._around(block, found)

    def _stand_in(self, block: Block, pulled: list[Block], files: list[int]) -> list[Block]:
        """What stands for a block of nothing but embeds. What it says besides, it says of what it pulls in."""
        if files and not pulled:
            return [_lines(block, files)]
        said = {key: prop for key, prop in block.properties.items() if key not in UNSPOKEN}
        if not pulled:
            # nothing to speak, but what the author put below it is still shown
            return [_lines(block, [])] if block.children else []
        if len(pulled) > 1 and said:
            key, prop = next(iter(said.items()))
            message = f"'{key}::' says nothing here: the embed stands for {many_of(len(pulled), 'block')}"
            self._tell(prop.source, message, "write it on the block itself", "warning")
            said = {}
        if block.marker:  # what is embedded as not final is not final
            pulled = [replace(part, marker=part.marker or block.marker) for part in pulled]
        last = pulled[-1]
        if said or block.children:
            both = {**last.properties, **said}
            pulled[-1] = replace(last, properties=both, children=(*last.children, *block.children))
        return pulled + ([_lines(replace(block, children=(), properties={}), files)] if files else [])

    def _around(self, block: Block, found: dict[int, tuple[Block, ...] | None]) -> list[Block]:
        """A paragraph cut at its embeds."""
        out: list[Block] = []
        run: list[int] = []
        for i in range(len(block.texts)):
            pulled = found.get(i)
            if pulled is None:
                run.append(i)
                continue
            if any(block.texts[k].strip() for k in run):
                out.append(_lines(block, run))
            run = []
            out += pulled
        if any(block.texts[k].strip() for k in run):
            out.append(_lines(block, run))
        return out

    # ------------------------------------------------------------------ one embed
    def _found(
        self, match: re.Match[str], block: Block, line: int, chain: frozenset[tuple[str, int]], level: int
    ) -> tuple[Block, ...] | None:
        """The blocks that an embed names, expanded; () if that fails, and is reported; None if it is a file's."""
        source = block.lines[line].at(match[0], block.lines[line].column - 1)
        target = (match["note"] or match["page"] or match["block"]).split("|")[0].strip()
        origin = block.source.path
        if self.left < 0:  # said already
            return ()
        try:
            known = self._named(match, target, origin)
        except VaultError as error:
            self._add(error.at(source))
            return ()
        if known is None:
            return None
        place = (os.path.realpath(origin), block.source.line)
        return tuple(self._pulled(*known, source, place, chain, level))

    def _named(self, match: re.Match[str], target: str, origin: Path) -> tuple[Path, tuple[Block, ...]] | None:
        """The note and the blocks that an embed names; None if it is a file."""
        key = (match[0], origin)
        if key not in self.known:
            if match["block"]:
                named = self.vault.block(target, origin)
                if named is None:
                    raise VaultError(f"there is no block '{target}' in the vault", "copy the block's embed again")
                self.known[key] = named.source.path, (named,)
            elif self._is_file(target, origin):
                self.known[key] = None
            else:
                path, blocks = self.vault.named(target, origin)
                self.known[key] = path, self.vault.tree(path).blocks if blocks is None else blocks
        return self.known[key]

    def _is_file(self, target: str, origin: Path) -> bool:
        """Whether `![[x.png]]` is a picture or the like, there or not; a note may be called v1.2."""
        name = target.split("#")[0]
        if name.endswith(".canvas"):
            raise VaultError("a canvas cannot be filmed, and is left out", "embed the notes that are on it")
        return bool(MEDIA.search(name) or (FILE.search(name) and self.vault.find_note(target, origin) is None))

    def _pulled(
        self,
        path: Path,
        blocks: tuple[Block, ...],
        source: Source,
        place: tuple[str, int],
        chain: frozenset[tuple[str, int]],
        level: int,
    ) -> list[Block]:
        real = os.path.realpath(path)
        here = chain | {place}
        named = list(every(blocks))
        if path not in self.read and place[0] != real:
            # what is wrong with another note is not this film's to stop for
            self.read.add(path)
            for finding in self.vault.tree(path).findings:
                self._add(replace(finding, level="warning"))
        if not named and not self.vault.tree(path).findings:
            self._tell(source, "nothing is written there", "write it, or take the embed out", "warning")
        elif not named:
            pass  # it is said why
        elif any((real, block.source.line) in here for block in named if _has_embed(block)):
            self._tell(source, "this embeds itself", "embed the part that is meant: ![[note#heading]]", "error")
        elif len(chain) >= CHAIN or level > NESTED:
            self._tell(source, "this embed is nested too deep, and is left out", "embed the last note itself", "error")
        elif self.left < len(named):
            if self.left >= 0:
                self._tell(source, f"with this the embeds have over {BLOCKS:,} blocks", "embed less", "error")
            self.left = -1
        else:
            self.left -= len(named)
            return self.blocks(blocks, here, level)
        return []

    def _tell(self, source: Source, message: str, suggestion: str, level: Literal["error", "warning"]) -> None:
        self._add(Finding(source, message, suggestion, level))

    def _add(self, finding: Finding) -> None:
        """Once, however often the note it is about is embedded."""
        self.findings[finding] = None


def _lines(block: Block, kept: Sequence[int]) -> Block:
    """The block with only some of its lines."""
    lines = tuple(block.lines[i] for i in kept)
    return replace(
        block,
        source=lines[0] if lines else block.source,
        lines=lines,
        texts=tuple(block.texts[i] for i in kept),
    )
