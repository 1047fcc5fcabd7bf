"""Findings an author can act on: where, what, and what to write instead.

Anything that is not a `RushesError` is a bug and keeps its traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

__all__ = ["Finding", "RushesError", "ScriptError", "Source", "did_you_mean", "many_of", "yaml_hint"]

LINE = 92  # characters of a quoted line


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a file. Lines and columns count from 1; column 0 means the whole line."""

    path: Path
    line: int
    column: int = 0
    width: int = 1
    text: str = ""
    """The line itself, without its line end."""

    def at(self, needle: str, start: int = 0) -> Source:
        """The same line with the caret under `needle`, or under the whole line if it is not there."""
        column = self.text.find(needle, start)
        if not needle or column < 0:
            return self
        return Source(self.path, self.line, column + 1, len(needle), self.text)

    def after(self, needle: str) -> Source:
        """As `at`, of a place that is after this one: a value after its key."""
        return self.at(needle, self.column - 1 + self.width if self.column else 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with what an author wrote."""

    source: Source
    message: str
    suggestion: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.source.path}:{self.source.line}"
        head = f"{place}: {'' if self.level == 'error' else 'warning: '}{self.message}"
        lines = [head]
        if self.source.text:
            # Tabs are one character to us and eight to a terminal: show them as spaces.
            shown = self.source.text.replace("\t", " ")
            cut = len(shown) - len(shown.lstrip())
            gutter = f"  {self.source.line} | "
            shown, column = shown.strip(), max(self.source.column - 1 - cut, 0)
            width = self.source.width if self.source.column else len(shown)
            shown, column, width = _window(shown, column, width)
            lines.append(gutter + shown)
            lines.append(" " * (len(gutter) + column) + "^" * max(width, 1))
        if self.suggestion:
            lines.append(f"  {self.suggestion}")
        return "\n".join(lines)


def _window(line: str, column: int, width: int) -> tuple[str, int, int]:
    """The part of a long line around its caret: a beat is a paragraph, and a wrapped caret points nowhere."""
    if len(line) <= LINE:
        return line, column, width
    first = min(max(column - LINE // 2, 0), len(line) - LINE)
    part = line[first : first + LINE]
    if first:
        part = "…" + part[1:]
    if first + LINE < len(line):
        part = part[:-1] + "…"
    return part, column - first, min(width, LINE - (column - first))


class RushesError(Exception):
    """Base of every error that is shown without a traceback."""


class ScriptError(RushesError):
    """What an author wrote cannot be filmed; carries every finding, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: Sequence[Finding] = tuple(findings)
        super().__init__("\n\n".join(str(f) for f in self.findings))


def many_of(count: int, what: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {what}{'s' if count != 1 else ''}"


def yaml_hint(problem: str, row: str, otherwise: str) -> str:
    """What to write instead of a row that YAML has a `problem` with, for the two that people meet most."""
    said = re.fullmatch(r"\s*([\w-]+):\s+([^\"'\[{|>&*].*:\s.*|[^\"'\[{|>&*].*:)", row.rstrip())
    if said and "mapping values" in problem:
        value = said[2].replace('"', "'")
        return f'a value with a colon needs quotes: {said[1]}: "{value}"'
    return "indent with spaces: YAML takes no tabs" if "'\\t'" in problem else otherwise


def did_you_mean(word: str, known: Iterable[str], near: float = 0.5) -> str:
    """A suggestion: the nearest known name (`near` is how like it has to be, at most 1), else all of them."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=near)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"there is: {', '.join(names)}" if names else "there is none yet"
