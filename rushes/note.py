"""Note: a Logseq or Obsidian page as a tree of blocks, each with its place in the file.

The outline is read line by line: CommonMark takes an outline that starts two tabs deep, as Logseq
writes it under a heading, for one block of code and loses all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rushes.block import Align, Block, Kind, Property, cells
from rushes.decode import decode, repair
from rushes.errors import Finding, Source, did_you_mean
from rushes.front_matter import front_matter
from rushes.outline import outline

__all__ = ["Align", "Block", "Kind", "Note", "Property", "cells", "parse_note", "read_note"]


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

    def walk(self) -> Iterator[Block]:
        """Every block, in the order of the file."""
        for block in self.blocks:
            yield from block.walk()


def read_note(path: Path) -> Note:
    """Read a page. Never raises: a file that cannot be read is a finding."""
    try:
        text, findings = decode(path.read_bytes(), path)
    except FileNotFoundError:
        near = [p.name for p in path.parent.glob("*.md")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near) if near else f"there is no note in {path.parent}"
        return _broken(path, Finding(_as_given(path), "there is no such file", hint))
    except IsADirectoryError:
        return _broken(path, Finding(_as_given(path), "this is a folder", "name the script note itself, a .md file"))
    except (OSError, ValueError) as error:  # no permission, a loop of links, a NUL in the name
        hint = "look at where it leads to, and who may read it"
        return _broken(
            path, Finding(_as_given(path), f"this cannot be read: {getattr(error, 'strerror', error)}", hint)
        )
    note = parse_note(text, path)
    return Note(
        path=path,
        front=note.front,
        front_lines=note.front_lines,
        blocks=note.blocks,
        findings=(*findings, *note.findings),
    )


def _as_given(path: Path) -> Source:
    """The path itself stands for the line, where there is no file to take one from."""
    return Source(path, 1, 1, len(str(path)), str(path)).at(path.name)


def _broken(path: Path, finding: Finding) -> Note:
    return Note(path=path, front={}, front_lines={}, blocks=(), findings=(finding,))


def parse_note(text: str, path: Path) -> Note:
    """The tree of a page. Never raises: what is wrong is in `findings`."""
    findings: list[Finding] = []
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if "\0" in text:
        line = next(i for i, row in enumerate(rows, 1) if "\0" in row)
        where = Source(path, line, text=rows[line - 1].replace("\0", ""))
        findings.append(Finding(where, "this line holds NUL characters", "delete them", "warning"))
        rows = [row.replace("\0", "") for row in rows]
    rows, garbled = repair(rows, path)
    front = front_matter(rows, path)
    blocks, properties, wrong = outline(rows, front.end, path)
    page = {key: prop for key, prop in properties.items() if key not in front.values}
    return Note(
        path=path,
        front={**front.values, **{key: prop.value for key, prop in page.items()}},
        front_lines={**front.lines, **{key: prop.source for key, prop in page.items()}},
        blocks=blocks,
        findings=tuple(sorted((*findings, *garbled, *front.findings, *wrong), key=lambda f: f.source.line)),
    )
