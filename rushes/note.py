"""Note: a Logseq or Obsidian page as a tree of blocks, each with its place in the file.

The outline is read line by line: CommonMark takes an outline that starts two tabs deep, as Logseq
writes it under a heading, for one block of code and loses all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from rushes.errors import Finding, Source, did_you_mean

__all__ = ["Block", "Note", "Property", "parse_note", "read_note"]

TAB = 4
BULLET = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[-*+]|\d{1,9}[.)])(?:[ \t]+(?P<text>.*)|[ \t]*)$")
HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
PROPERTY = re.compile(r"([A-Za-z][\w.-]*)::(?:[ \t]+(.*))?$")
FENCE = re.compile(r"(`{3,}|~{3,})")
BLOCK_ID = re.compile(r"[ \t]+\^([A-Za-z0-9-]+)$")
FRONT_END = re.compile(r"(?:---|\.\.\.)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Property:
    """`key:: value` of a block."""

    value: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a bullet or a paragraph, with what is written below it."""

    kind: Literal["heading", "bullet", "paragraph"]
    source: Source
    """The block's first line, with the caret on its text."""
    lines: tuple[Source, ...]
    """Where each line of text is; `text` joins what they say."""
    texts: tuple[str, ...]
    level: int
    """Number of `#`, for a heading inside or outside a bullet; else 0."""
    properties: Mapping[str, Property]
    children: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The block's lines, one under another, without markers and properties."""
        return "\n".join(self.texts)

    def place(self, phrase: str) -> Source:
        """The line of this block that holds `phrase`, with the caret under it."""
        for line in self.lines:
            if phrase in line.text:
                return line.at(phrase)
        return self.source

    def walk(self) -> Iterator[Block]:
        """This block and all below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One page."""

    path: Path
    front: Mapping[str, object]
    """Front matter, and page properties written Logseq's way."""
    front_lines: Mapping[str, Source]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    """What is wrong with the page itself."""


@dataclass(slots=True)
class _Open:
    """A block while its lines still come in."""

    kind: Literal["heading", "bullet", "paragraph"]
    source: Source
    indent: int
    level: int = 0
    lines: list[tuple[Source, str]] = field(default_factory=list)
    properties: dict[str, Property] = field(default_factory=dict)
    children: list[_Open] = field(default_factory=list)

    def close(self) -> Block:
        while self.lines and not self.lines[-1][1]:
            self.lines.pop()
        return Block(
            kind=self.kind,
            source=self.source,
            lines=tuple(source for source, _ in self.lines),
            texts=tuple(text for _, text in self.lines),
            level=self.level,
            properties=self.properties,
            children=tuple(child.close() for child in self.children),
        )


def read_note(path: Path) -> Note:
    """Read a page. A file that is missing or not UTF-8 is a finding, not an exception."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = [p.name for p in path.parent.glob("*.md")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near) if near else f"there is no note in {path.parent}"
        return _broken(path, Finding(_as_given(path), "there is no such file", hint))
    except IsADirectoryError:
        return _broken(path, Finding(_as_given(path), "this is a folder", "name the script note itself, a .md file"))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return _broken(path, Finding(Source(path, line), "this is not UTF-8 text", "save the note as UTF-8"))
    return parse_note(text, path)


def _as_given(path: Path) -> Source:
    """The path itself stands for the line, where there is no file to take one from."""
    return Source(path, 1, 1, len(str(path)), str(path)).at(path.name)


def _broken(path: Path, finding: Finding) -> Note:
    return Note(path=path, front={}, front_lines={}, blocks=(), findings=(finding,))


def parse_note(text: str, path: Path) -> Note:
    """The tree of a page. Never raises: what is wrong is in `findings`."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    findings: list[Finding] = []
    front, front_lines, body = _front_matter(rows, path, findings)
    root = _Open("paragraph", Source(path, 1), -1)
    _outline(rows, body, path, root, findings)
    page = {key: prop for key, prop in root.properties.items() if key not in front}
    return Note(
        path=path,
        front={**front, **{key: prop.value for key, prop in page.items()}},
        front_lines={**front_lines, **{key: prop.source for key, prop in page.items()}},
        blocks=root.close().children,
        findings=tuple(findings),
    )


def _front_matter(
    rows: list[str], path: Path, findings: list[Finding]
) -> tuple[dict[str, object], dict[str, Source], int]:
    """YAML between `---` lines at the top: the mapping, where its keys are, and the index of the first row after it."""
    if not rows or rows[0].rstrip() != "---":
        return {}, {}, 0
    end = next((i for i, row in enumerate(rows[1:], 1) if FRONT_END.match(row)), None)
    if end is None:
        findings.append(
            Finding(Source(path, 1, text=rows[0]), "the front matter is never closed", "end it with a line ---")
        )
        return {}, {}, 1
    lines: dict[str, Source] = {}
    for i, row in enumerate(rows[1:end], 2):
        if match := re.match(r"([\w-]+)[ \t]*:", row):
            lines[match[1]] = Source(path, i, 1, len(match[1]), row)
    try:
        read = yaml.safe_load("\n".join(rows[1:end]))
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line + 2, end) if mark else 2
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        where = Source(path, line, (mark.column if mark else 0) + 1, 1, rows[line - 1])
        findings.append(Finding(where, f"the front matter is not YAML: {problem}", "write one `key: value` a line"))
        return {}, lines, end + 1
    if read is None:
        return {}, lines, end + 1
    if not isinstance(read, dict):
        where = Source(path, 2, text=rows[1])
        findings.append(Finding(where, "the front matter is not a mapping", "write one `key: value` a line"))
        return {}, lines, end + 1
    return {str(key): value for key, value in read.items()}, lines, end + 1


def _columns(space: str) -> int:
    width = 0
    for char in space:
        width = width + TAB - width % TAB if char == "\t" else width + 1
    return width


def _outline(rows: list[str], first: int, path: Path, root: _Open, findings: list[Finding]) -> None:
    """Fill `root` with the page's blocks."""
    stack = [root]  # open headings, then the open bullets below the innermost heading
    current = root
    base: int | None = None  # indent of the first bullet below the heading at column 0
    fence: tuple[str, Source] | None = None
    comment = False

    for number, row in enumerate(rows[first:], first + 1):
        body = row.lstrip(" \t")
        indent = _columns(row[: len(row) - len(body)])
        source = Source(path, number, len(row) - len(body) + 1, max(len(body), 1), row)
        if fence:
            current.lines.append((source, row.strip() if body.startswith(fence[0]) else body))
            if body.rstrip() == fence[0]:
                fence = None
            continue
        if comment or body.startswith("%%"):
            # a comment that opens its line runs to the next %%, on this line or a later one
            closes = "%%" in body if comment else body.count("%%") > 1
            comment = not closes
            continue
        if not body:
            if current.lines:
                current.lines.append((source, ""))
            continue

        bullet = BULLET.match(row)
        if bullet and set(body.strip()) == {"-"} and len(body.strip()) > 2:
            bullet = None  # a rule, not a bullet
        if bullet:
            if base is None:
                base = indent
            if indent < base:
                # Logseq keeps a bullet left of the first one below the same heading
                while stack[-1].kind == "bullet":
                    stack.pop()
                base = indent
            while stack[-1].kind == "bullet" and stack[-1].indent >= indent:
                stack.pop()
            body = bullet["text"] or ""
            start = row.index(body, bullet.end("mark")) if body else bullet.end("mark")
            source = Source(path, number, start + 1, max(len(body), 1), row)
            current = _Open("bullet", source, indent)
            if heading := HEADING.match(body):
                current.level, body = len(heading[1]), heading[2]
            stack[-1].children.append(current)
            stack.append(current)
            if not body:
                continue
        elif indent == 0 and (heading := HEADING.match(body)):
            level = len(heading[1])
            while len(stack) > 1 and (stack[-1].kind == "bullet" or stack[-1].level >= level):
                stack.pop()
            current = _Open("heading", source, 0, level)
            current.lines.append((source, heading[2]))
            stack[-1].children.append(current)
            stack.append(current)
            base = None
            continue
        elif not (property_ := PROPERTY.match(body)) and _leaves(current, indent):
            while stack[-1].kind == "bullet":
                stack.pop()
            current = _Open("paragraph", source, 0)
            stack[-1].children.append(current)

        property_ = PROPERTY.match(body)
        if property_ and property_[1].lower() not in ("http", "https"):
            value = (property_[2] or "").strip()
            current.properties[property_[1].lower()] = Property(value, source.at(value) if value else source)
            continue
        if opening := FENCE.match(body):
            fence = (opening[1], source)
        if block_id := BLOCK_ID.search(body):
            current.properties["id"] = Property(block_id[1], source)
            body = body[: block_id.start()]
        current.lines.append((source, body.rstrip()))
    if fence:
        findings.append(Finding(fence[1], "this code fence is never closed", f"end it with {fence[0]}"))


def _leaves(current: _Open, indent: int) -> bool:
    """Whether a plain line begins a paragraph of its own instead of going on with `current`."""
    if current.kind == "bullet":
        return indent == 0 and (not current.lines or not current.lines[-1][1])
    return current.kind == "heading" or current.indent < 0 or (bool(current.lines) and not current.lines[-1][1])
