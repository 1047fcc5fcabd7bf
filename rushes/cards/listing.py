"""Listing: short points, one after another."""

from __future__ import annotations

from manim import VMobject

from rushes import theme as t
from rushes.cards.stage import Line, Stage, Thing, flow, fold, marks, show
from rushes.storyboard import Listing

__all__ = ["listing"]

SIZES = (60, 54, 48, 44, 40, 36)
PATIENCE = 3.0
SHARE = 0.34  # of the width that what is before the colons may take as a column of its own


def listing(stage: Stage, card: Listing) -> list[Thing]:
    """The points appear one by one, spread over the shot; the latest is the bright one."""
    items = [(stage.say(head).strip(), stage.say(rest).strip()) for head, rest in card.items]
    items = [item for item in items if any(item)] or [("", "…")]
    left, width = stage.left + 56, stage.width - 56 - (0 if stage.tall else 60)
    for size in SIZES:
        column = _column(items, size, width)
        parts = [_lines(head, rest, size, width, column) for head, rest in items]
        pages = fold(parts, stage.height - 40, size, 0.75 * size)
        if len(pages) == 1 or (size <= 44 and len(pages) * PATIENCE <= stage.seconds):
            break
    left += min(max(width - max(_reach(line, size, column) for page in pages for line in page), 0) / 2, 320)
    tallest = max(page[-1].y + 0.25 * size for page in pages)
    top = stage.top + max((stage.height - 40 - tallest) / 2, 0)

    def draw(line: Line) -> list[VMobject]:
        y, drawn = top + line.y, list[VMobject]()
        if line.first:
            drawn.append(t.card(left - 56, y - 0.36 * size - 9, 18, 18, t.PAPER, r=5))
        head, split, rest = line.text.partition("\0")
        if not split:
            head, rest = "", head
        if head:
            drawn.append(t.put(t.text(head, size, weight=t.BOLD), left, y))
        if rest:
            drawn.append(
                t.put(t.text(rest, size, t.PAPER if not column else t.mix(t.MUTED, t.PAPER, 0.6)), left + column, y)
            )
        return drawn

    sprites, spans = show(stage, pages, draw, begin=0.2, dim=True)
    return [*sprites, *marks(spans, stage.middle[0], stage.bottom)]


def _reach(line: Line, size: float, column: float) -> float:
    """Where a line ends, px from the left edge of its text."""
    head, split, rest = line.text.partition("\0")
    if not split:
        return column + t.text_width(head, size)
    return column + t.text_width(rest, size) if rest else t.text_width(head, size, weight=t.BOLD)


def _column(items: list[tuple[str, str]], size: float, width: float) -> float:
    """Where what follows the colons begins, px; 0 if it stands below."""
    if not all(head and rest for head, rest in items):
        return 0.0
    widest = max(t.text_width(head, size, weight=t.BOLD) for head, _ in items)
    return widest + 48 if widest <= SHARE * width else 0.0


def _lines(head: str, rest: str, size: float, width: float, column: float) -> list[str]:
    """An item's lines; what is before a NUL is bold."""
    if column:
        lines = flow(rest, width - column, size)
        return [f"{head}\0{lines[0]}", *lines[1:]]
    heads = [f"{line}\0" for line in flow(head, width, size, weight=t.BOLD)] if head else []
    return heads + (flow(rest, width, size) if rest else [])
