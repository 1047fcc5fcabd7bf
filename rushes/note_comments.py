"""Note comments: what stands between `%%` and `%%`, or `<!--` and `-->`, is nothing that a note says."""

from __future__ import annotations

from rushes.block_starts import COMMENTS, after_space
from rushes.errors import Finding
from rushes.open_page import OpenPage

__all__ = ["NoteComments"]


class NoteComments:
    """Reads the comments of a page."""

    def __init__(self, page: OpenPage) -> None:
        self.page = page
        self._last = {
            close: max((i for i, row in enumerate(page.rows) if close in row), default=-1) for _, close in COMMENTS
        }
        self._told: set[str] = set()  # which are never closed

    def after(self, start: int) -> int | None:
        """Where the row goes on after the comments that begin it; None if it holds nothing else."""
        page = self.page
        while True:
            row = page.row
            pair = next((pair for pair in COMMENTS if row.startswith(pair[0], start)), None)
            if pair is None or (pair[0] == "%%" and page.current.in_comment):
                return start
            source = page.source(start, start + len(pair[0]))
            end = row.find(pair[1], start + len(pair[0]))
            if end < 0 and self._last[pair[1]] < page.next:
                if pair[1] not in self._told:
                    message, hint = "this comment is never closed, so it is read as text", f"end it with {pair[1]}"
                    page.findings.append(Finding(source, message, hint, "warning"))
                self._told.add(pair[1])
                start = after_space(row, start + len(pair[0]))
                return start if start < len(row) else None
            while end < 0:
                page.next += 1
                end = page.row.find(pair[1])
            start = after_space(page.row, end + len(pair[1]))
            if start == len(page.row):
                return None
