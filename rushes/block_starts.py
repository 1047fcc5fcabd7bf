"""Block starts: what a row of a page can begin with, in Logseq's and in Obsidian's Markdown."""

from __future__ import annotations

import re

__all__ = [
    "BEGIN",
    "BLOCK_ID",
    "BULLET",
    "COMMENTS",
    "DATE",
    "DRAWER",
    "FENCE",
    "FOOTNOTE",
    "HEADING",
    "PROPERTY",
    "TAB",
    "after_space",
    "columns",
    "indentation",
    "is_rule",
    "starts_block",
]

TAB = 4
SPACE = re.compile(r"[ \t]*")
BULLET = re.compile(r"([-*+]|(\d{1,9})[.)])(?:[ \t]+|$)")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
PROPERTY = re.compile(r"([^\W\d_][\w./-]*)::(?:[ \t]+|$)")
FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*")
BEGIN = re.compile(r"#\+BEGIN_(\w+)", re.IGNORECASE)
FOOTNOTE = re.compile(r"\[\^[^\s\]]+\]:(?:[ \t]+|$)")
DATE = re.compile(r"(SCHEDULED|DEADLINE):[ \t]*<([^<>]*)>[ \t]*")
DRAWER = re.compile(r":(LOGBOOK|PROPERTIES):[ \t]*$", re.IGNORECASE)
BLOCK_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*$")
COMMENTS = (("%%", "%%"), ("<!--", "-->"))


def columns(space: str) -> int:
    """How wide spaces and tabs are."""
    return len(space.expandtabs(TAB))


def indentation(row: str) -> int:
    """In columns."""
    return columns(row[: len(row) - len(row.lstrip(" \t"))])


def after_space(row: str, start: int) -> int:
    """Where the first character is that is no space, from `start` on."""
    found = SPACE.match(row, start)
    return found.end() if found else start


def is_rule(body: str) -> bool:
    """Whether a row without its indentation is a line across the page, as `---` or `* * *`."""
    marks = body.replace(" ", "").replace("\t", "")
    return len(marks) > 2 and marks[0] in "-*_=" and not marks.strip(marks[0])


def starts_block(row: str, start: int) -> bool:
    """Whether a row begins with anything but words."""
    patterns = (BULLET, HEADING, PROPERTY, DATE, DRAWER, FENCE, BEGIN, BLOCK_ID, FOOTNOTE)
    return (
        is_rule(row[start:])
        or any(pattern.match(row, start) for pattern in patterns)
        or any(row.startswith(comment, start) for comment, _ in COMMENTS)
        or row[start] in "|$"
    )
