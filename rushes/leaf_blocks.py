"""Leaf blocks: code, mathematics, quotes, tables and footnotes, whose rows are no outline."""

from __future__ import annotations

import re
from collections.abc import Callable

from rushes.block import is_ruling, split_row
from rushes.block_starts import (
    BEGIN,
    BULLET,
    FENCE,
    FOOTNOTE,
    HEADING,
    TAB,
    columns,
    indentation,
    starts_block,
)
from rushes.errors import Finding
from rushes.open_page import OpenBlock, OpenPage
from rushes.references import is_definition

__all__ = ["LeafBlocks"]

END = re.compile(r"#\+END_(\w+)$", re.IGNORECASE)
QUOTED = re.compile(r"(?:>[ \t]?)+")
CALLOUT = re.compile(r"\[!([\w -]+)(?:\|[^\]]*)?\][-+]?(?:[ \t]+|$)")


class LeafBlocks:
    """Reads the leaf blocks of a page; what looks ahead for an end that there is not does so once."""

    def __init__(self, page: OpenPage) -> None:
        self.page = page
        self._endless: dict[str, int] = {}  # fence's character -> length from which on no such fence is closed
        self._last_end = {
            found[1].lower(): i for i, row in enumerate(page.rows) if "#+" in row and (found := END.match(row.strip()))
        }
        self._last_math = max((i for i, row in enumerate(page.rows) if "$$" in row), default=-1)

    def read(self, start: int, owner: OpenBlock) -> None:
        """Read the one that begins at `start` of the row, into the bullet or below the heading `owner`."""
        row = self.page.row
        column = columns(row[:start])
        if row[start] == ">":
            self._quote(start, owner)
        elif row[start] in "`~":
            self._fence(start, column, owner)
        elif row[start] == "#":
            self._begin(start, column, owner)
        elif row[start] == "$":
            self._math(start, column, owner)
        elif found := FOOTNOTE.match(row, start):
            self._footnote(found, owner)
        else:
            self._table(start, owner)

    def opens(self, start: int) -> bool:
        """Whether a quote, code, a table or a footnote begins at `start` of the row."""
        page = self.page
        row = page.row
        first = row[start]
        if first == ">":
            return True
        if first in "`~":
            fence = FENCE.match(row, start)
            return fence is not None and not (first == "`" and "`" in row[fence.end() :])
        if first == "#":
            return BEGIN.match(row, start) is not None
        if first == "$":
            return row.startswith("$$", start) and self._closing_math(start) is not None
        if first == "[" and FOOTNOTE.match(row, start):
            return True
        if "|" not in row[start:]:
            return False
        below = page.rows[page.next] if page.next < len(page.rows) else ""
        if is_ruling(below) and ("|" in below or ":" in below):
            return len(split_row(below)) == len(split_row(row[start:]))
        return all(len(part) > 2 and part[0] == part[-1] == "|" for part in (row[start:].strip(), below.strip()))

    def _leaves(self, row: str, owner: OpenBlock) -> bool:
        """Whether a row ends what was left open in `owner`."""
        body = row.lstrip(" \t")
        if owner.kind == "bullet":
            return indentation(row) <= owner.indent and bool(BULLET.match(body) or HEADING.match(row))
        return row.startswith("##") and HEADING.match(row) is not None

    def _until(self, closes: Callable[[str], bool], owner: OpenBlock, hopeless: bool) -> tuple[int, bool]:
        """The row that closes what began here, and True; or the row before which it ends unclosed, and False."""
        page = self.page
        stop: int | None = None
        for i in range(page.next, len(page.rows)):
            if stop is None and self._leaves(page.rows[i], owner):
                stop = i
                if hopeless or owner.kind == "bullet":
                    break
            if not hopeless and closes(page.rows[i].strip()):
                return i, True
        return (len(page.rows) if stop is None else stop), False

    def _take(self, leaf: OpenBlock, end: int, column: int) -> None:
        """Give the rows up to `end` to a block as they are, less the indentation up to `column`."""
        page = self.page
        while page.next < end:
            page.next += 1
            row = page.row
            start = width = 0
            while start < len(row) and row[start] in " \t":
                width = width + TAB - width % TAB if row[start] == "\t" else width + 1
                if width > column:
                    break
                start += 1
            page.keep(leaf, start)

    def _enclosed(self, leaf: OpenBlock, found: tuple[int, bool], column: int, what: str, closed: str) -> None:
        page = self.page
        end, closes = found
        if not closes:
            message, hint = f"this {what} is never closed", f"end it with {closed}"
            page.findings.append(Finding(leaf.source, message, hint, "warning"))
        self._take(leaf, end, column)
        page.next += closes

    def _fence(self, start: int, column: int, owner: OpenBlock) -> None:
        page = self.page
        fence = FENCE.match(page.row, start)
        assert fence is not None
        marks, char = fence[1], fence[1][0]
        words = page.row[fence.end() :].split()
        leaf = page.leaf("code", owner, page.source(start), words[0].strip("{}.") if words else "")
        hopeless = len(marks) >= self._endless.get(char, len(page.row) + 1)
        found = self._until(lambda body: body.startswith(marks) and not body.strip(char), owner, hopeless)
        if not found[1] and owner.kind != "bullet":
            self._endless[char] = min(len(marks), self._endless.get(char, len(marks)))
        self._enclosed(leaf, found, column, "code fence", marks)

    def _begin(self, start: int, column: int, owner: OpenBlock) -> None:
        page = self.page
        begin = BEGIN.match(page.row, start)
        assert begin is not None
        name = begin[1].lower()
        source, place = page.source(start), begin.end()
        words = page.row[place:].split()
        if name in ("src", "example", "export", "query"):
            leaf = page.leaf("code", owner, source, name if name == "query" else words[0] if words else "")
        elif name == "comment":
            leaf = OpenBlock("quote", source, 0)  # goes nowhere
        else:
            leaf = page.leaf("quote", owner, source, "" if name == "quote" else name)
            if words:
                page.keep(leaf, page.row.index(words[0], place))

        def closes(body: str) -> bool:
            end = END.match(body)
            return end is not None and end[1].lower() == name

        found = self._until(closes, owner, self._last_end.get(name, -1) < page.next)
        if name == "comment" and not found[1]:
            message, hint = "this comment is never closed, so it is read as text", "end it with #+END_COMMENT"
            page.findings.append(Finding(source, message, hint, "warning"))
            return
        self._enclosed(leaf, found, column, "block", f"#+END_{begin[1]}")

    def _closing_math(self, start: int) -> int | None:
        """Index of the row with the `$$` that closes the one at `start`; None if this is no block of mathematics."""
        page = self.page
        rest = page.row[start + 2 :]
        if "$$" in rest:
            return page.next - 1 if rest.strip().endswith("$$") and rest.count("$$") == 1 else None
        if self._last_math < page.next:
            return None
        owner = page.stack[-1]
        for i in range(page.next, len(page.rows)):
            if "$$" in page.rows[i]:
                return i if page.rows[i].strip().endswith("$$") else None
            if not page.rows[i].strip() or self._leaves(page.rows[i], owner):
                return None
        return None

    def _math(self, start: int, column: int, owner: OpenBlock) -> None:
        page = self.page
        end = self._closing_math(start)
        assert end is not None
        leaf = page.leaf("code", owner, page.source(start), "math")
        if end == page.next - 1:
            end = page.row.rindex("$$")
            page.keep(leaf, end - len(page.row[start + 2 : end].lstrip()), end)
            return
        if page.row[start + 2 :].strip():
            page.keep(leaf, start + 2)
        self._take(leaf, end, column)
        page.next += 1
        begin = len(page.row) - len(page.row.lstrip(" \t"))
        if page.row.strip() != "$$":
            page.keep(leaf, begin, page.row.rindex("$$"))

    def _quote(self, start: int, owner: OpenBlock) -> None:
        page = self.page
        source = page.source(start)
        mark = QUOTED.match(page.row, start)
        assert mark is not None
        place, info = mark.end(), ""
        if callout := CALLOUT.match(page.row, place):
            place, info = callout.end(), callout[1].strip().lower()
        leaf = page.leaf("quote", owner, source, info)
        if not info or place < len(page.row):
            page.keep(leaf, place)
        while page.next < len(page.rows):
            row = page.rows[page.next]
            begin = len(row) - len(row.lstrip(" \t"))
            mark = QUOTED.match(row, begin)
            if mark is None and not (page.row.strip(" \t>") and self._is_plain(row, begin)):
                break
            if mark and owner.kind == "bullet" and indentation(row) <= owner.indent:
                break
            page.next += 1
            page.keep(leaf, mark.end() if mark else begin)

    def _is_plain(self, row: str, start: int) -> bool:
        """Whether a row is nothing but words, so that it goes on with the quote above it."""
        if start == len(row):
            return False
        return not (starts_block(row, start) or is_definition(row, start, self.page.references))

    def _table(self, start: int, owner: OpenBlock) -> None:
        page = self.page
        leaf = page.leaf("table", owner, page.source(start))
        page.keep(leaf, start)
        while page.next < len(page.rows):
            row = page.rows[page.next]
            begin = len(row) - len(row.lstrip(" \t"))
            bullet = BULLET.match(row, begin)
            if "|" not in row or bullet or (owner.kind == "bullet" and indentation(row) <= owner.indent):
                break
            page.next += 1
            page.keep(leaf, begin)

    def _footnote(self, found: re.Match[str], owner: OpenBlock) -> None:
        page = self.page
        leaf = page.leaf("paragraph", owner, page.source(found.end()), "footnote")
        page.current = leaf
        page.say(found.end())
