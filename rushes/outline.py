"""Outline: the rows of a page -> its blocks, line by line, as Logseq and Obsidian nest them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rushes.block import Block, Property
from rushes.block_properties import read_properties
from rushes.block_starts import BULLET, HEADING, TAB, indentation, is_rule
from rushes.errors import Finding
from rushes.leaf_blocks import LeafBlocks
from rushes.note_comments import NoteComments
from rushes.open_page import OpenBlock, OpenPage
from rushes.references import is_definition

__all__ = ["outline"]

MARKER = re.compile(r"(?:([A-Z][A-Z-]{2,10})|\[([ xX/>-])\])(?:[ \t]+|$)")
PRIORITY = re.compile(r"\[#[A-C]\](?:[ \t]+|$)")
MARKERS = {word: word for word in ("TODO", "DOING", "DONE", "LATER", "NOW", "WAITING", "CANCELED")} | {
    "WAIT": "WAITING", "STARTED": "DOING", "IN-PROGRESS": "DOING", "CANCELLED": "CANCELED",
}  # fmt: skip
BOXES = {" ": "TODO", "x": "DONE", "X": "DONE", "/": "DOING", "-": "CANCELED", ">": "LATER"}


def outline(
    rows: Sequence[str], first: int, path: Path
) -> tuple[tuple[Block, ...], dict[str, Property], list[Finding]]:
    """The blocks of a page from row `first` on, the properties above them, and what is wrong. Never raises."""
    page = OpenPage(rows, first, path)
    _Reader(page).read()
    return page.blocks(), page.root.properties, page.findings


class _Reader:
    """Goes through the rows once; every method that looks ahead also consumes what it saw."""

    def __init__(self, page: OpenPage) -> None:
        self.page = page
        self.comments = NoteComments(page)
        self.leaf_blocks = LeafBlocks(page)
        self.after_blank = False
        self.spaced: bool | None = None  # whether the first indented bullet was indented with spaces
        self.mixed = False  # told once

    # ------------------------------------------------------------------ rows
    def read(self) -> None:
        page = self.page
        while page.next < len(page.rows):
            row = page.rows[page.next]
            start = len(row) - len(row.lstrip(" \t"))
            page.next += 1
            if start == len(row):
                self.after_blank = True
                if page.current.lines and page.current.kind in ("bullet", "paragraph"):
                    page.current.lines.append((page.source(start), ""))
                continue
            if (place := self.comments.after(start)) is None:
                continue
            bullet = BULLET.match(page.row, place)
            ruled = bullet and page.row[bullet.end() :][:3] in ("---", "***", "___")  # a bullet that holds a rule
            if is_rule(page.row[place:]) and not ruled:
                if self._underlined(place):
                    self.after_blank = False
                    continue
                self.after_blank, page.current = True, page.stack[-1]
                continue
            if is_definition(page.row, place, page.references):
                self.after_blank = True
                continue
            self._row(place)
            self.after_blank = False

    def _row(self, start: int) -> None:
        page = self.page
        row = page.row
        indent = indentation(row)
        if (bullet := BULLET.match(row, start)) and not self._is_sentence(bullet):
            self._bullet(bullet, indent)
            return
        heading = HEADING.match(row, start)
        if heading and indent < TAB and not (page.stack[-1].kind == "bullet" and indent > page.stack[-1].indent):
            level = len(heading[1])
            page.close_headings(level)
            page.push(OpenBlock("heading", page.source(start), -1, level))
            place = self._marker(heading.end())
            if place == len(row):  # a board's column named TODO
                place, page.current.marker = heading.end(), ""
            page.say(place, closing=True)
            return
        if heading:
            start = heading.end()  # inside a bullet's text; the signs are not words
        if start < len(row) and not self._special(start, indent, None):
            self._text(start, indent)

    def _underlined(self, start: int) -> bool:
        """Take `===` or `---` right below a paragraph for what makes it a heading, as Markdown does.

        `---` below a sentence, or below a line with another above it, parts it from what follows: few who write that
        mean a heading.
        """
        page = self.page
        marks, block, above = set(page.row[start:].rstrip()), page.current, page.stack[-1]
        if self.after_blank or len(marks) > 1 or block.kind != "paragraph" or block.info or above.kind == "bullet":
            return False
        if not block.lines or above.children[-1:] != [block]:
            return False
        first, words = block.lines[0][0].line, block.lines[-1][1]
        named = len(block.lines) == 1 and words[-1] not in ".!?:;,…" and "|" not in words
        before = page.rows[first - 2].strip() if first > 1 else ""
        framed = before[:1] != "=" and is_rule(before or "a")
        if marks != {"="} and not (marks == {"-"} and named and not framed):
            return False
        above.children.pop()
        block.kind, block.level, block.indent = "heading", 1 if marks == {"="} else 2, -1
        page.close_headings(block.level)
        page.push(block)
        return True

    def _is_sentence(self, bullet: re.Match[str]) -> bool:
        """Whether a line that begins with a number goes on with a sentence, as in `in / 1986. And then`."""
        page = self.page
        return (
            bullet[2] is not None
            and int(bullet[2]) != 1
            and not self.after_blank
            and bool(page.current.lines)
            and page.current.kind != "heading"
            and not any(block.ordered for block in page.stack)
        )

    # ------------------------------------------------------------------ bullets
    def _bullet(self, bullet: re.Match[str], indent: int) -> None:
        page = self.page
        space = page.row[: bullet.start()]
        if space and self.spaced is None:
            self.spaced = "\t" not in space
        elif space and not self.mixed and self.spaced == ("\t" in space):
            self.mixed = True
            message, hint = (
                "bullets are indented with tabs and with spaces",
                f"use one of them; a tab counts as {TAB} spaces",
            )
            page.findings.append(Finding(page.source(0, len(space)), message, hint, "warning"))
        page.close_bullets(indent)
        start = bullet.end()
        page.push(OpenBlock("bullet", page.source(start), indent, ordered=bullet[2] is not None))
        if start == len(page.row):
            return
        place = self.comments.after(start)
        if place is None or is_rule(page.row[place:]):
            return
        if heading := HEADING.match(page.row, place):
            page.current.level = len(heading[1])
            page.say(self._marker(heading.end()), closing=True)
            return
        place = self._marker(place)
        if place < len(page.row) and not self._special(place, indent, page.current):
            page.say(place)

    def _marker(self, start: int) -> int:
        """Take the task marker and the priority off; where the words begin."""
        page = self.page
        if (found := MARKER.match(page.row, start)) and (word := MARKERS.get(found[1]) or BOXES.get(found[2])):
            page.current.marker = word
            start = found.end()
        if found := PRIORITY.match(page.row, start):
            start = found.end()
        return start

    # ------------------------------------------------------------------ text
    def _text(self, start: int, indent: int) -> None:
        """A plain line: it goes on with the open text, or begins a paragraph."""
        page = self.page
        if self.after_blank and (page.close_bullets(indent) or page.stack[-1].kind == "bullet"):
            page.current = page.stack[-1]
        goes_on = page.current.kind == "bullet" or (
            page.current.kind == "paragraph" and page.current is not page.root and not self.after_blank
        )
        if not goes_on:
            block = OpenBlock("paragraph", page.source(start), 0)
            page.stack[-1].children.append(block)
            page.current = block
        page.say(start)

    # ------------------------------------------------------------------ what is not text
    def _special(self, start: int, indent: int, owner: OpenBlock | None) -> bool:
        """Read properties, references, code, quotes, tables and footnotes.

        `owner` is the bullet whose first line this is; without one, the block is that of the indentation.
        """
        page = self.page
        if (place := read_properties(page, start)) is not None:
            if place < len(page.row):
                page.say(place) if owner else self._text(place, indent)
            return True
        if is_definition(page.row, start, page.references):
            return True
        if not self.leaf_blocks.opens(start):
            return False
        if owner is None:
            page.close_bullets(indent)
            owner = page.stack[-1]
        self.leaf_blocks.read(start, owner)
        return True
