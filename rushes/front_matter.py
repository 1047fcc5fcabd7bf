"""Front matter: the YAML at the top of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from rushes.errors import Finding, Source, yaml_hint

__all__ = ["FrontMatter", "front_matter"]

END = re.compile(r"(?:---|\.\.\.)[ \t]*$")
KEY = re.compile(r"([\w-]+)[ \t]*:")
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LIMIT = 20_000  # characters; PyYAML reads about 100 kB a second, and no page describes itself at such length


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What a page says about itself."""

    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, Source] = field(default_factory=dict)
    """Where each key stands."""
    end: int = 0
    """Index of the first row after it."""
    findings: tuple[Finding, ...] = ()


def front_matter(rows: Sequence[str], path: Path) -> FrontMatter:
    """Read the YAML between `---` lines at the top. What is wrong with it is in `findings`."""
    if not rows or rows[0].rstrip() != "---":
        return FrontMatter()

    lines: dict[str, Source] = {}

    def wrong(source: Source, message: str, suggestion: str, end: int) -> FrontMatter:
        # what is read as text is not lost; a title or a voice that is not read would be
        level: Literal["error", "warning"] = "warning" if end == 1 else "error"
        return FrontMatter(lines=lines, end=end, findings=(Finding(source, message, suggestion, level),))

    end = next((i for i, row in enumerate(rows[1:], 1) if END.match(row)), None)
    if end is None:
        where = Source(path, 1, text=rows[0])
        return wrong(where, "the front matter is never closed, so it is read as text", "end it with a line ---", 1)
    text = "\n".join(rows[1:end])
    if len(text) > LIMIT:
        where = Source(path, 2, text=rows[1])
        return wrong(where, "the front matter is too long to be read, so it is read as text", "shorten it", 1)
    for i, row in enumerate(rows[1:end], 2):
        if match := KEY.match(row):
            lines[match[1]] = Source(path, i, 1, len(match[1]), row)
    one = "write one `key: value` a line"
    try:
        try:  # in C, ten times faster; but it words what is wrong in its own way, and knows no limit to nesting
            read: Any = yaml.load(text, Loader=FAST if len(text) < 1000 else yaml.SafeLoader)
        except yaml.YAMLError:
            read = yaml.safe_load(text)
    except Exception as error:  # PyYAML lets through whatever its constructors raise
        mark = getattr(error, "problem_mark", None)
        line = min(mark.line + 2, end) if mark else _failing(rows[1:end], str(error)) + 2
        problem = getattr(error, "problem", None) or (str(error).splitlines() or ["it cannot be read"])[0]
        if isinstance(error, RecursionError):
            problem = "its brackets are nested too deep"
        where = Source(path, line, (mark.column if mark else 0) + 1, 1, rows[line - 1])
        hint = yaml_hint(problem, rows[line - 1], one)
        return wrong(where, f"the front matter is not YAML: {problem}", hint, end + 1)
    if isinstance(read, str):
        return FrontMatter()  # two rules with prose between them
    if read is not None and not isinstance(read, dict):
        return wrong(
            Source(path, 2, text=rows[1]), "the front matter is a list, not settings with values", one, end + 1
        )
    return FrontMatter(values={str(key): value for key, value in (read or {}).items()}, lines=lines, end=end + 1)


def _failing(rows: Sequence[str], wrong: str) -> int:
    """Index of the first row that is wrong in the same way when it is read alone; 0 if none is."""
    for i, row in enumerate(rows):
        try:
            yaml.load(row, Loader=FAST if len(row) < 1000 else yaml.SafeLoader)
        except Exception as error:
            if str(error) == wrong:
                return i
    return 0
