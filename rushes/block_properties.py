"""Block properties: `key:: value`, dates of Org mode, `^block-id` and drawers, written below a block."""

from __future__ import annotations

import re

from rushes.block import Property
from rushes.block_starts import BLOCK_ID, BULLET, DATE, DRAWER, HEADING, PROPERTY
from rushes.errors import Finding
from rushes.open_page import OpenPage

__all__ = ["read_properties"]

DRAWER_LINE = re.compile(r":([\w./-]+):(?:[ \t]+|$)")
NOT_PROPERTIES = ("http", "https", "file")


def read_properties(page: OpenPage, start: int) -> int | None:
    """Give the current block the properties at `start` of the row: where its words go on; None if there are none."""
    row = page.row
    if found := PROPERTY.match(row, start):
        if found[1].lower() in NOT_PROPERTIES:
            return start  # a web address
        value = row[found.end() :].strip()
        source = page.source(found.end(), found.end() + len(value)) if value else page.source(start)
        page.current.properties[found[1].lower()] = Property(value, source)
        return len(row)
    if found := DATE.match(row, start):
        while found:
            key = found[1].lower()
            page.current.properties[key] = Property(found[2], page.source(found.start(2), found.end(2)))
            start = found.end()
            found = DATE.match(row, start)
        return start
    if (found := BLOCK_ID.match(row, start)) and page.current is not page.root:
        page.current.properties["id"] = Property(found[1], page.source(start))
        return len(row)
    return _drawer(page, start) if DRAWER.match(row, start) else None


def _drawer(page: OpenPage, start: int) -> int | None:
    """Skip a drawer, or read its properties; one that is never closed is text."""
    for end in range(page.next, len(page.rows)):
        body = page.rows[end].strip()
        if body.upper() == ":END:":
            break
        if not body or BULLET.match(body) or HEADING.match(body) or DRAWER.match(body):
            end = len(page.rows)
            break
    else:
        end = len(page.rows)
    if end == len(page.rows):
        message, hint = "this drawer is never closed", "end it with a line :END:"
        page.findings.append(Finding(page.source(start), message, hint, "warning"))
        return None
    while page.next < end:
        page.next += 1
        row = page.row
        found = DRAWER_LINE.match(row.lstrip(" \t"))
        if found:
            begin = len(row) - len(row.lstrip(" \t")) + found.end()
            value = row[begin:].strip()
            page.current.properties[found[1].lower()] = Property(value, page.source(begin, begin + len(value)))
    page.next += 1
    return len(page.row)
