"""Block card: the card that code, a table, a quote or an address is by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rushes.block_words import plain
from rushes.inline import Link, inline
from rushes.note import Block, cells
from rushes.storyboard import Card, Code, Quote, Site, Slate, Table

__all__ = ["SHORT", "code_card", "is_bare", "is_blank", "quote_card", "site_cards", "table_card"]

SHORT = 80  # characters of a caption, a speaker or a point
# `Jane Doe (chair) interview clip`, `Interview with Jane Doe`: what is left is who speaks
FOOTAGE = r"(?:interview|video|audio|news|film|podcast|tv|clip|clips|quote|excerpt|footage|recording)"
SPEAKER_HEAD = re.compile(rf"^(?:{FOOTAGE}\s+)+(?:with|of|from|by)\s+", re.IGNORECASE)
SPEAKER_TAIL = re.compile(rf"(?:[\s,:–—-]+(?:{FOOTAGE}|says|said))*[\s,:–—-]*$", re.IGNORECASE)
FOOTAGE_ONLY = re.compile(FOOTAGE, re.IGNORECASE)
SIGNED = re.compile(r"(?:—|–|--|~)\s*(?P<speaker>[^\s—–~-].{0,79})")


def code_card(block: Block) -> Code:
    """Code, or mathematics."""
    return Code(text=block.text, language="latex" if block.info == "math" else block.info)


def table_card(block: Block) -> Table | None:
    """A table; None if it has no rows."""
    rows, align = cells(block)
    said = tuple(tuple(_cell(block, cell) for cell in row) for row in rows)
    return Table(rows=said, align=align) if rows else None


def quote_card(block: Block, lines: Sequence[str], lead: str) -> Quote:
    """A quote of these lines; who speaks is the last of them, a callout's title, or said by the words above, `lead`."""
    speaker = _speaker(lead)
    if len(lines) > 1 and (signed := SIGNED.fullmatch(lines[-1])):
        lines, speaker = lines[:-1], signed["speaker"]
    elif block.info and len(lines) > 1 and not speaker and block.lines[0].line == block.source.line:
        lines, speaker = lines[1:], lines[0]  # the title of a callout: > [!quote] Ada
    return Quote(text=" ".join(lines), speaker=speaker)


def site_cards(links: Iterable[Link], lines: Sequence[str], lead: str) -> tuple[list[Site], bool]:
    """The addresses that a block shows, and whether its words are no more than what they are called.

    An address is shown if it stands bare, or if there is nothing but links.
    """
    urls = [link for link in links if link.kind == "url" and link.target.startswith(("http://", "https://"))]
    rest = text = " ".join(lines)
    for link in urls:
        rest = rest.replace(link.label, "", 1)
    if not any(char.isalnum() for char in rest):
        title = lead if len(urls) == 1 and len(lead) <= SHORT and "\n" not in lead else ""
        return [Site(url=link.target, title=link.label or title) for link in urls], bool(urls)
    if len(urls) == 1 and not urls[0].label and len(text) <= SHORT:
        return [Site(url=urls[0].target, title=text.strip(" :–—-"))], True
    return [Site(url=link.target, title="") for link in urls if not link.label], False


def is_bare(link: Link) -> bool:
    """Whether an address is shown as it is written."""
    return link.kind == "url" and not link.label and link.target.startswith(("http://", "https://"))


def is_blank(card: Card) -> bool:
    """Whether a quote, a note or a table is left without words, as they were only a picture or an address."""
    match card:
        case Quote(text=text):
            return not text
        case Slate(lines=lines):
            return not lines
        case Table(rows=rows):
            return not any(cell for row in rows for cell in row)
    return False


def _cell(block: Block, cell: str) -> str:
    said = inline(replace(block, texts=(cell,), lines=block.lines[:1], kind="paragraph"))
    return plain(said) or ", ".join(link.target.partition("://")[2] for link in said.links if is_bare(link))


def _speaker(lead: str) -> str:
    """`Jane Doe (chair) Interview Clip` -> `Jane Doe (chair)`; empty if the words are no name."""
    if len(lead) > 2 * SHORT or "\n" in lead:
        return ""
    name = SPEAKER_TAIL.sub("", SPEAKER_HEAD.sub("", lead.strip()))
    return name if len(name) <= SHORT and not FOOTAGE_ONLY.fullmatch(name) else ""
