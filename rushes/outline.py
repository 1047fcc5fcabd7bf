"""Outline: the rows of a page -> its blocks, line by line, as Logseq and Obsidian nest them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rushes.block import Block, Kind, Property, is_ruling, split_row
from rushes.errors import Finding, Source
from rushes.references import is_definition, references

__all__ = ["outline"]

TAB = 4
SPACE = re.compile(r"[ \t]*")
BULLET = re.compile(r"([-*+]|(\d{1,9})[.)])(?:[ \t]+|$)")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
PROPERTY = re.compile(r"([^\W\d_][\w./-]*)::(?:[ \t]+|$)")
MARKER = re.compile(r"(?:([A-Z][A-Z-]{2,10})|\[([ xX/>-])\])(?:[ \t]+|$)")
PRIORITY = re.compile(r"\[#[A-C]\](?:[ \t]+|$)")
FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*")
BEGIN = re.compile(r"#\+BEGIN_(\w+)", re.IGNORECASE)
END = re.compile(r"#\+END_(\w+)$", re.IGNORECASE)
QUOTED = re.compile(r"(?:>[ \t]?)+")
CALLOUT = re.compile(r"\[!([\w -]+)(?:\|[^\]]*)?\][-+]?(?:[ \t]+|$)")
FOOTNOTE = re.compile(r"\[\^[^\s\]]+\]:(?:[ \t]+|$)")
DATE = re.compile(r"(SCHEDULED|DEADLINE):[ \t]*<([^<>]*)>[ \t]*")
DRAWER = re.compile(r":(LOGBOOK|PROPERTIES):[ \t]*$", re.IGNORECASE)
DRAWER_LINE = re.compile(r":([\w./-]+):(?:[ \t]+|$)")
BLOCK_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*$")
MARKERS = {word: word for word in ("TODO", "DOING", "DONE", "LATER", "NOW", "WAITING", "CANCELED")} | {
    "WAIT": "WAITING", "STARTED": "DOING", "IN-PROGRESS": "DOING", "CANCELLED": "CANCELED",
}  # fmt: skip
BOXES = {" ": "TODO", "x": "DONE", "X": "DONE", "/": "DOING", "-": "CANCELED", ">": "LATER"}
COMMENTS = (("%%", "%%"), ("<!--", "-->"))
NOT_PROPERTIES = ("http", "https", "file")


@dataclass(slots=True)
class _Open:
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
    children: list[_Open] = field(default_factory=list)


def outline(
    rows: Sequence[str], first: int, path: Path
) -> tuple[tuple[Block, ...], dict[str, Property], list[Finding]]:
    """The blocks of a page from row `first` on, the properties above them, and what is wrong. Never raises."""
    reader = _Reader(rows, first, path)
    reader.read()
    return _closed(reader.root, reader.references), reader.root.properties, reader.findings


def _columns(space: str) -> int:
    return len(space.expandtabs(TAB))


def _indent(row: str) -> int:
    return _columns(row[: len(row) - len(row.lstrip(" \t"))])


def _after_space(row: str, start: int) -> int:
    found = SPACE.match(row, start)
    return found.end() if found else start


def _is_rule(body: str) -> bool:
    marks = body.replace(" ", "").replace("\t", "")
    return len(marks) > 2 and marks[0] in "-*_=" and not marks.strip(marks[0])


class _Reader:
    """Goes through the rows once; every method that looks ahead also consumes what it saw."""

    def __init__(self, rows: Sequence[str], first: int, path: Path) -> None:
        self.rows = rows
        self.path = path
        self.findings: list[Finding] = []
        self.root = _Open("paragraph", Source(path, 1), -1)
        self.stack = [self.root]  # open headings, then the open bullets below the innermost heading
        self.current = self.root  # takes a plain line
        self.after_blank = False
        self.next = first  # index of the row to be read next
        self.last = {close: max((i for i, row in enumerate(rows) if close in row), default=-1) for _, close in COMMENTS}
        self.endless: dict[str, int] = {}  # fence's character -> length from which on no such fence is closed
        self.last_end = {
            found[1].lower(): i for i, row in enumerate(rows) if "#+" in row and (found := END.match(row.strip()))
        }
        self.last_math = max((i for i, row in enumerate(rows) if "$$" in row), default=-1)
        self.references = references(rows[first:])
        self.told: set[str] = set()  # which comments are never closed
        self.spaced: bool | None = None  # whether the first indented bullet was indented with spaces
        self.mixed = False  # told once

    # ------------------------------------------------------------------ rows
    def read(self) -> None:
        while self.next < len(self.rows):
            row = self.rows[self.next]
            start = len(row) - len(row.lstrip(" \t"))
            self.next += 1
            if start == len(row):
                self.after_blank = True
                if self.current.lines and self.current.kind in ("bullet", "paragraph"):
                    self.current.lines.append((self._source(start), ""))
                continue
            if (place := self._after_comments(start)) is None:
                continue
            bullet = BULLET.match(self.row, place)
            ruled = bullet and self.row[bullet.end() :][:3] in ("---", "***", "___")  # a bullet that holds a rule
            if _is_rule(self.row[place:]) and not ruled:
                if self._underlined(place):
                    self.after_blank = False
                    continue
                self.after_blank, self.current = True, self.stack[-1]
                continue
            if is_definition(self.row, place, self.references):
                self.after_blank = True
                continue
            self._row(place)
            self.after_blank = False

    @property
    def row(self) -> str:
        """The row that is being read."""
        return self.rows[self.next - 1]

    def _source(self, start: int, end: int | None = None) -> Source:
        row = self.row
        return Source(self.path, self.next, start + 1, max((len(row) if end is None else end) - start, 1), row)

    def _warn(self, source: Source, message: str, suggestion: str) -> None:
        self.findings.append(Finding(source, message, suggestion, "warning"))

    def _after_comments(self, start: int) -> int | None:
        """Where the row goes on after the comments that begin it; None if it holds nothing else."""
        while True:
            row = self.row
            pair = next((pair for pair in COMMENTS if row.startswith(pair[0], start)), None)
            if pair is None or (pair[0] == "%%" and self.current.in_comment):
                return start
            source = self._source(start, start + len(pair[0]))
            end = row.find(pair[1], start + len(pair[0]))
            if end < 0 and self.last[pair[1]] < self.next:
                if pair[1] not in self.told:
                    self._warn(source, "this comment is never closed, so it is read as text", f"end it with {pair[1]}")
                self.told.add(pair[1])
                start = _after_space(row, start + len(pair[0]))
                return start if start < len(row) else None
            while end < 0:
                self.next += 1
                end = self.row.find(pair[1])
            start = _after_space(self.row, end + len(pair[1]))
            if start == len(self.row):
                return None

    def _row(self, start: int) -> None:
        row = self.row
        indent = _indent(row)
        if (bullet := BULLET.match(row, start)) and not self._is_sentence(bullet):
            self._bullet(bullet, indent)
            return
        heading = HEADING.match(row, start)
        if heading and indent < TAB and not (self.stack[-1].kind == "bullet" and indent > self.stack[-1].indent):
            level = len(heading[1])
            while len(self.stack) > 1 and (self.stack[-1].kind == "bullet" or self.stack[-1].level >= level):
                self.stack.pop()
            self._push(_Open("heading", self._source(start), -1, level))
            place = self._marker(heading.end())
            if place == len(row):  # a board's column named TODO
                place, self.current.marker = heading.end(), ""
            self._say(place, closing=True)
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
        marks, block, above = set(self.row[start:].rstrip()), self.current, self.stack[-1]
        if self.after_blank or len(marks) > 1 or block.kind != "paragraph" or block.info or above.kind == "bullet":
            return False
        if not block.lines or above.children[-1:] != [block]:
            return False
        first, words = block.lines[0][0].line, block.lines[-1][1]
        named = len(block.lines) == 1 and words[-1] not in ".!?:;,…" and "|" not in words
        before = self.rows[first - 2].strip() if first > 1 else ""
        framed = before[:1] != "=" and _is_rule(before or "a")
        if marks != {"="} and not (marks == {"-"} and named and not framed):
            return False
        above.children.pop()
        block.kind, block.level, block.indent = "heading", 1 if marks == {"="} else 2, -1
        while len(self.stack) > 1 and self.stack[-1].level >= block.level:
            self.stack.pop()
        self._push(block)
        return True

    def _is_sentence(self, bullet: re.Match[str]) -> bool:
        """Whether a line that begins with a number goes on with a sentence, as in `in / 1986. And then`."""
        return (
            bullet[2] is not None
            and int(bullet[2]) != 1
            and not self.after_blank
            and bool(self.current.lines)
            and self.current.kind != "heading"
            and not any(block.ordered for block in self.stack)
        )

    def _push(self, block: _Open) -> None:
        self.stack[-1].children.append(block)
        self.stack.append(block)
        self.current = block

    def _leaf(self, kind: Kind, owner: _Open, source: Source, info: str = "") -> _Open:
        leaf = _Open(kind, source, 0, info=info)
        owner.children.append(leaf)
        self.current = owner if owner.kind == "bullet" else leaf
        return leaf

    # ------------------------------------------------------------------ bullets
    def _bullet(self, bullet: re.Match[str], indent: int) -> None:
        space = self.row[: bullet.start()]
        if space and self.spaced is None:
            self.spaced = "\t" not in space
        elif space and not self.mixed and self.spaced == ("\t" in space):
            self.mixed = True
            self._warn(
                self._source(0, len(space)),
                "bullets are indented with tabs and with spaces",
                f"use one of them; a tab counts as {TAB} spaces",
            )
        while self.stack[-1].kind == "bullet" and self.stack[-1].indent >= indent:
            self.stack.pop()
        start = bullet.end()
        self._push(_Open("bullet", self._source(start), indent, ordered=bullet[2] is not None))
        if start == len(self.row):
            return
        place = self._after_comments(start)
        if place is None or _is_rule(self.row[place:]):
            return
        if heading := HEADING.match(self.row, place):
            self.current.level = len(heading[1])
            self._say(self._marker(heading.end()), closing=True)
            return
        place = self._marker(place)
        if place < len(self.row) and not self._special(place, indent, self.current):
            self._say(place)

    def _marker(self, start: int) -> int:
        """Take the task marker and the priority off; where the words begin."""
        if (found := MARKER.match(self.row, start)) and (word := MARKERS.get(found[1]) or BOXES.get(found[2])):
            self.current.marker = word
            start = found.end()
        if found := PRIORITY.match(self.row, start):
            start = found.end()
        return start

    # ------------------------------------------------------------------ text
    def _text(self, start: int, indent: int) -> None:
        """A plain line: it goes on with the open text, or begins a paragraph."""
        if self.after_blank:
            while self.stack[-1].kind == "bullet" and indent <= self.stack[-1].indent:
                self.stack.pop()
                self.current = self.stack[-1]
            if self.stack[-1].kind == "bullet":
                self.current = self.stack[-1]
        goes_on = self.current.kind == "bullet" or (
            self.current.kind == "paragraph" and self.current is not self.root and not self.after_blank
        )
        if not goes_on:
            block = _Open("paragraph", self._source(start), 0)
            self.stack[-1].children.append(block)
            self.current = block
        self._say(start)

    def _say(self, start: int, closing: bool = False) -> None:
        """Add the rest of the row to the open block."""
        text = self.row[start:].rstrip()
        if closing and (bare := text.rstrip("#")) != text and (not bare or bare[-1] in " \t"):
            text = bare.rstrip()  # ## Title ##
        at = text.rfind("^")
        if at > 0 and text[at - 1] in " \t" and (found := BLOCK_ID.match(text, at)):
            self.current.properties["id"] = Property(found[1], self._source(start + at, start + len(text)))
            text = text[:at].rstrip()
        if text:
            self.current.in_comment ^= text.count("%%") % 2 == 1
            self.current.lines.append((self._source(start, start + len(text)), text))

    # ------------------------------------------------------------------ what is not text
    def _special(self, start: int, indent: int, owner: _Open | None) -> bool:
        """Read properties, dates, drawers, code, quotes, tables and footnotes.

        `owner` is the bullet whose first line this is; without one, the block is that of the indentation.
        """
        row = self.row
        if found := PROPERTY.match(row, start):
            if found[1].lower() in NOT_PROPERTIES:
                return False
            value = row[found.end() :].strip()
            source = self._source(found.end(), found.end() + len(value)) if value else self._source(start)
            self.current.properties[found[1].lower()] = Property(value, source)
            return True
        if found := DATE.match(row, start):
            while found:
                key = found[1].lower()
                self.current.properties[key] = Property(found[2], self._source(found.start(2), found.end(2)))
                start = found.end()
                found = DATE.match(row, start)
            if start < len(row):
                self._say(start) if owner else self._text(start, indent)
            return True
        if (found := BLOCK_ID.match(row, start)) and self.current is not self.root:
            self.current.properties["id"] = Property(found[1], self._source(start))
            return True
        if is_definition(row, start, self.references):
            return True
        if DRAWER.match(row, start):
            return self._drawer(start)
        if not self._opens(start):
            return False
        if owner is None:
            while self.stack[-1].kind == "bullet" and self.stack[-1].indent >= indent:
                self.stack.pop()
            owner = self.stack[-1]
        column = _columns(row[:start])
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
        return True

    def _opens(self, start: int) -> bool:
        """Whether a quote, code, a table or a footnote begins here."""
        row = self.row
        first = row[start]
        if first == ">":
            return True
        if first in "`~":
            fence = FENCE.match(row, start)
            return bool(fence) and not (first == "`" and "`" in row[fence.end() :])  # type: ignore[union-attr]
        if first == "#":
            return BEGIN.match(row, start) is not None
        if first == "$":
            return row.startswith("$$", start) and self._closing_math(start) is not None
        if first == "[" and FOOTNOTE.match(row, start):
            return True
        if "|" not in row[start:]:
            return False
        below = self.rows[self.next] if self.next < len(self.rows) else ""
        if is_ruling(below) and ("|" in below or ":" in below):
            return len(split_row(below)) == len(split_row(row[start:]))
        return all(len(part) > 2 and part[0] == part[-1] == "|" for part in (row[start:].strip(), below.strip()))

    def _leaves(self, row: str, owner: _Open) -> bool:
        """Whether a row ends what was left open in `owner`."""
        body = row.lstrip(" \t")
        if owner.kind == "bullet":
            return _indent(row) <= owner.indent and bool(BULLET.match(body) or HEADING.match(row))
        return row.startswith("##") and HEADING.match(row) is not None

    def _until(self, closes: Callable[[str], bool], owner: _Open, hopeless: bool) -> tuple[int, bool]:
        """The row that closes what began here, and True; or the row before which it ends unclosed, and False."""
        stop: int | None = None
        for i in range(self.next, len(self.rows)):
            if stop is None and self._leaves(self.rows[i], owner):
                stop = i
                if hopeless or owner.kind == "bullet":
                    break
            if not hopeless and closes(self.rows[i].strip()):
                return i, True
        return (len(self.rows) if stop is None else stop), False

    def _take(self, leaf: _Open, end: int, column: int) -> None:
        """Give the rows up to `end` to a block as they are, less the indentation up to `column`."""
        while self.next < end:
            self.next += 1
            row = self.row
            start = width = 0
            while start < len(row) and row[start] in " \t":
                width = width + TAB - width % TAB if row[start] == "\t" else width + 1
                if width > column:
                    break
                start += 1
            self._keep(leaf, start)

    def _keep(self, leaf: _Open, start: int, end: int | None = None) -> None:
        """Give a part of the row to a block."""
        text = self.row[start:end].rstrip()
        leaf.lines.append((self._source(start, start + len(text)), text))

    def _enclosed(self, leaf: _Open, found: tuple[int, bool], column: int, what: str, closed: str) -> None:
        end, closes = found
        if not closes:
            self._warn(leaf.source, f"this {what} is never closed", f"end it with {closed}")
        self._take(leaf, end, column)
        self.next += closes

    def _fence(self, start: int, column: int, owner: _Open) -> None:
        fence = FENCE.match(self.row, start)
        assert fence is not None
        marks, char = fence[1], fence[1][0]
        words = self.row[fence.end() :].split()
        leaf = self._leaf("code", owner, self._source(start), words[0].strip("{}.") if words else "")
        hopeless = len(marks) >= self.endless.get(char, len(self.row) + 1)
        found = self._until(lambda body: body.startswith(marks) and not body.strip(char), owner, hopeless)
        if not found[1] and owner.kind != "bullet":
            self.endless[char] = min(len(marks), self.endless.get(char, len(marks)))
        self._enclosed(leaf, found, column, "code fence", marks)

    def _begin(self, start: int, column: int, owner: _Open) -> None:
        begin = BEGIN.match(self.row, start)
        assert begin is not None
        name = begin[1].lower()
        source, place = self._source(start), begin.end()
        words = self.row[place:].split()
        if name in ("src", "example", "export", "query"):
            leaf = self._leaf("code", owner, source, name if name == "query" else words[0] if words else "")
        elif name == "comment":
            leaf = _Open("quote", source, 0)  # goes nowhere
        else:
            leaf = self._leaf("quote", owner, source, "" if name == "quote" else name)
            if words:
                self._keep(leaf, self.row.index(words[0], place))

        def closes(body: str) -> bool:
            end = END.match(body)
            return end is not None and end[1].lower() == name

        found = self._until(closes, owner, self.last_end.get(name, -1) < self.next)
        if name == "comment" and not found[1]:
            self._warn(source, "this comment is never closed, so it is read as text", "end it with #+END_COMMENT")
            return
        self._enclosed(leaf, found, column, "block", f"#+END_{begin[1]}")

    def _closing_math(self, start: int) -> int | None:
        """Index of the row with the `$$` that closes the one at `start`; None if this is no block of mathematics."""
        rest = self.row[start + 2 :]
        if "$$" in rest:
            return self.next - 1 if rest.strip().endswith("$$") and rest.count("$$") == 1 else None
        if self.last_math < self.next:
            return None
        owner = self.stack[-1]
        for i in range(self.next, len(self.rows)):
            if "$$" in self.rows[i]:
                return i if self.rows[i].strip().endswith("$$") else None
            if not self.rows[i].strip() or self._leaves(self.rows[i], owner):
                return None
        return None

    def _math(self, start: int, column: int, owner: _Open) -> None:
        end = self._closing_math(start)
        assert end is not None
        leaf = self._leaf("code", owner, self._source(start), "math")
        if end == self.next - 1:
            end = self.row.rindex("$$")
            self._keep(leaf, end - len(self.row[start + 2 : end].lstrip()), end)
            return
        if self.row[start + 2 :].strip():
            self._keep(leaf, start + 2)
        self._take(leaf, end, column)
        self.next += 1
        begin = len(self.row) - len(self.row.lstrip(" \t"))
        if self.row.strip() != "$$":
            self._keep(leaf, begin, self.row.rindex("$$"))

    def _quote(self, start: int, owner: _Open) -> None:
        source = self._source(start)
        mark = QUOTED.match(self.row, start)
        assert mark is not None
        place, info = mark.end(), ""
        if callout := CALLOUT.match(self.row, place):
            place, info = callout.end(), callout[1].strip().lower()
        leaf = self._leaf("quote", owner, source, info)
        if not info or place < len(self.row):
            self._keep(leaf, place)
        while self.next < len(self.rows):
            row = self.rows[self.next]
            begin = len(row) - len(row.lstrip(" \t"))
            mark = QUOTED.match(row, begin)
            if mark is None and not (self.row.strip(" \t>") and self._is_plain(row, begin)):
                break
            if mark and owner.kind == "bullet" and _indent(row) <= owner.indent:
                break
            self.next += 1
            self._keep(leaf, mark.end() if mark else begin)

    def _is_plain(self, row: str, start: int) -> bool:
        """Whether a row is nothing but words, so that it goes on with the quote above it."""
        return start < len(row) and not (
            _is_rule(row[start:])
            or any(pattern.match(row, start) for pattern in (BULLET, HEADING, PROPERTY, DATE, DRAWER, FENCE, BEGIN))
            or any(pattern.match(row, start) for pattern in (BLOCK_ID, FOOTNOTE))
            or any(row.startswith(comment, start) for comment, _ in COMMENTS)
            or row[start] in "|$"
            or is_definition(row, start, self.references)
        )

    def _table(self, start: int, owner: _Open) -> None:
        leaf = self._leaf("table", owner, self._source(start))
        self._keep(leaf, start)
        while self.next < len(self.rows):
            row = self.rows[self.next]
            begin = len(row) - len(row.lstrip(" \t"))
            bullet = BULLET.match(row, begin)
            if "|" not in row or bullet or (owner.kind == "bullet" and _indent(row) <= owner.indent):
                break
            self.next += 1
            self._keep(leaf, begin)

    def _footnote(self, found: re.Match[str], owner: _Open) -> None:
        leaf = self._leaf("paragraph", owner, self._source(found.end()), "footnote")
        self.current = leaf
        self._say(found.end())

    def _drawer(self, start: int) -> bool:
        """Skip a drawer, or read its properties; one that is never closed is text."""
        for end in range(self.next, len(self.rows)):
            body = self.rows[end].strip()
            if body.upper() == ":END:":
                break
            if not body or BULLET.match(body) or HEADING.match(body) or DRAWER.match(body):
                end = len(self.rows)
                break
        else:
            end = len(self.rows)
        if end == len(self.rows):
            self._warn(self._source(start), "this drawer is never closed", "end it with a line :END:")
            return False
        while self.next < end:
            self.next += 1
            row = self.row
            found = DRAWER_LINE.match(row.lstrip(" \t"))
            if found:
                begin = len(row) - len(row.lstrip(" \t")) + found.end()
                value = row[begin:].strip()
                self.current.properties[found[1].lower()] = Property(value, self._source(begin, begin + len(value)))
        self.next += 1
        return True


def _closed(root: _Open, known: Mapping[str, str]) -> tuple[Block, ...]:
    """The blocks below `root`, made from the leaves up without recursion: notes are nested hundreds deep."""
    order: list[tuple[_Open, int]] = [(root, 0)]
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
