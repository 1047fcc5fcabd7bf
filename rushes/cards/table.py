"""Table: cells in columns, row by row; what is too large for the frame comes in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import VMobject

from rushes import theme as t
from rushes.cards.stage import Span, Stage, Thing, flow, marks, spread
from rushes.motion import Sprite
from rushes.storyboard import Table

__all__ = ["table"]

SIZES = (68, 60, 52, 48, 44, 40, 36, 32)
PAGED = 36  # px, when it does not fit one page
NARROWEST = 6.5  # sizes that a column needs
LEAD, GUTTER = 1.26, 1.1  # from line to line and between columns, in sizes
INSET = 44  # px from the card's edge to its text


@dataclass(frozen=True, slots=True)
class _Page:
    size: float
    widths: tuple[float, ...]
    columns: tuple[int, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    """Lines of each cell; the first row is the head."""

    @property
    def heights(self) -> list[float]:
        return [_height(row, self.size) for row in self.rows]


def table(stage: Stage, card: Table) -> list[Thing]:
    """Row after row; the head stays."""
    count = max((len(row) for row in card.rows), default=0)
    rows = [[stage.say(cell) for cell in row] + [""] * (count - len(row)) for row in card.rows]
    if not count:
        rows, count = [["…"]], 1
    pages = _pages(rows, stage.width - 2 * INSET, stage.height - 30)
    spans = spread([sum(len(cell) + 1 for row in page.rows for cell in row) for page in pages], stage.seconds)
    tallest = max(sum(page.heights) for page in pages)
    things: list[Thing] = []
    for k, (page, span) in enumerate(zip(pages, spans, strict=True)):
        sprites = _drawn(stage, page, card.align, span, tallest, still=k > 0 and pages[k - 1].columns == page.columns)
        if k < len(pages) - 1:
            leaving = min(t.EXIT, 0.2 * span[1])
            for sprite in sprites:
                sprite.leave(span[0] + span[1] - leaving, leaving)
        things += sprites
    return [*things, *marks(spans, stage.middle[0], stage.bottom + 8)]


def _drawn(
    stage: Stage, page: _Page, align: Sequence[t.Align], span: Span, tallest: float, *, still: bool
) -> list[Sprite]:
    size, heights = page.size, page.heights
    wide = sum(page.widths) + GUTTER * size * (len(page.widths) - 1)
    x = stage.left + (stage.width - wide) / 2
    y = stage.top + (stage.height - 30 - tallest) / 2
    start, length = span
    panel = Sprite(t.card(x - INSET, y - 14, wide + 2 * INSET, sum(heights) + 28, t.PANEL))
    sprites = [panel.enter(start, min(0.2, 0.1 * length), rise=0) if start else panel]
    each, coming = min(0.9, 0.6 * length / len(page.rows)), min(t.ENTER, 0.15 * length)
    for k, (row, height) in enumerate(zip(page.rows, heights, strict=True)):
        parts: list[VMobject] = []
        left, color, weight = x, t.PAPER if k else t.MUTED, t.REGULAR if k else t.BOLD
        for column, width, cell in zip(page.columns, page.widths, row, strict=True):
            side: t.Align = align[column] if column < len(align) else "l"
            edge = left + width * {"l": 0.0, "c": 0.5, "r": 1.0}[side]
            base = y + _pad(size) + 0.76 * size
            parts += [
                t.put(t.text(line, size, color, weight=weight), edge, base + i * LEAD * size, side)
                for i, line in enumerate(cell)
                if line
            ]
            left += width + GUTTER * size
        y += height
        if k < len(page.rows) - 1:
            parts.append(
                t.rule(x - (0 if k else INSET - 20), y, x + wide + (0 if k else INSET - 20), y, t.GRID, 2 if k else 4)
            )
        at = start + min(0.15, 0.05 * length) + each * k
        if parts:
            sprites.append(Sprite(*parts).enter(at, coming, rise=0 if still and not k else 16))
    return sprites


def _pages(rows: Sequence[Sequence[str]], width: float, height: float) -> list[_Page]:
    """One page at the largest size that has room, else pages of rows, and of columns if there are too many."""
    every = tuple(range(len(rows[0])))
    for size in SIZES:
        widths = _widths(rows, every, size, width)
        if widths:
            page = _page(rows, every, widths, size)
            if sum(page.heights) <= height:
                return [page]
    size = PAGED
    most = max(int((width + GUTTER * size) / ((NARROWEST + GUTTER) * size)), 2)
    groups = [every] if len(every) <= most else [
        (0, *every[first : first + most - 1]) for first in range(1, len(every), most - 1)
    ]  # fmt: skip
    pages: list[_Page] = []
    for columns in groups:
        widths = _widths(rows, columns, size, width) or (width / len(columns) - GUTTER * size,) * len(columns)
        whole = _page(rows, columns, widths, size)
        head, rest = whole.rows[0], whole.rows[1:]
        if _height(head, size) > 0.4 * height:  # no head, but a row like the others, under the beginning of itself
            head, rest = tuple(cell[:2] for cell in head), whole.rows
        room = height - _height(head, size)
        body = [part for row in rest for part in _split(row, room, size)]
        total, at = sum(_height(row, size) for row in body), 0
        even = min(room, total / -(-int(total) // int(room)) + 0.6 * _height(body[0], size)) if body else room
        while at < len(body) or not at:
            used, end = 0.0, at
            while end < len(body) and (end == at or used + _height(body[end], size) <= even):
                used += _height(body[end], size)
                end += 1
            pages.append(_Page(size, widths, columns, (head, *body[at:end])))
            at = max(end, 1)
    return pages


def _widths(
    rows: Sequence[Sequence[str]], columns: Sequence[int], size: float, width: float
) -> tuple[float, ...] | None:
    """Columns as wide as their cells, the widest ones cut down to what there is; None if they get too narrow."""
    natural = [
        max(
            t.text_width(line, size, weight=t.REGULAR if k else t.BOLD)
            for k, row in enumerate(rows)
            for line in row[c].split("\n")
        )
        + 2
        for c in columns
    ]
    room = width - GUTTER * size * (len(columns) - 1)
    if sum(natural) <= room:
        return tuple(natural)
    left, cap = room, 0.0
    for k, wide in enumerate(ordered := sorted(natural)):
        cap = left / (len(ordered) - k)
        if wide > cap:
            break
        left -= wide
    return tuple(min(wide, cap) for wide in natural) if cap >= NARROWEST * size else None


def _page(rows: Sequence[Sequence[str]], columns: Sequence[int], widths: Sequence[float], size: float) -> _Page:
    cells = tuple(
        tuple(
            tuple(flow(row[c], w, size, weight=t.REGULAR if k else t.BOLD))
            for c, w in zip(columns, widths, strict=True)
        )
        for k, row in enumerate(rows)
    )
    return _Page(size, tuple(widths), tuple(columns), cells)


def _pad(size: float) -> float:
    """Room above and below a row, px: small type stands closer."""
    return size * min(0.4 + (size - 32) / 80, 0.62)


def _height(row: Sequence[Sequence[str]], size: float) -> float:
    return (max(len(cell) for cell in row) - 1) * LEAD * size + size + 2 * _pad(size)


def _split(row: tuple[tuple[str, ...], ...], room: float, size: float) -> list[tuple[tuple[str, ...], ...]]:
    """A row higher than a page as several rows."""
    most = max(int((room - size - 2 * _pad(size)) / (LEAD * size)) + 1, 1)
    count = max(len(cell) for cell in row)
    return [tuple(cell[first : first + most] for cell in row) for first in range(0, count, most)]
