"""Quote: somebody else's words, and whose they are."""

from __future__ import annotations

from rushes import theme as t
from rushes.cards.stage import Line, Stage, Thing, balanced, flow, fold, marks, show
from rushes.fonts import outline
from rushes.motion import Sprite
from rushes.shapes import shape
from rushes.storyboard import Quote

__all__ = ["quote"]

SIZES = (108, 92, 76, 68, 62, 56, 50)
PAGED, PATIENCE = 54, 4.0  # px, and seconds that a page must stay
SMALLER = (46, 42, 38, 36)
MARK = 260  # px, the quotation mark


def quote(stage: Stage, card: Quote) -> list[Thing]:
    """Large, line after line as one reads; long ones in pages that share the shot's time."""
    left, top, width = stage.left, stage.top + 30, stage.width
    if stage.tall:
        top += 130
    else:
        left, width = left + 150, min(width - 150 - 60, 1520)
    text = stage.say(" ".join(card.text.split()).strip('"“”„« »')) or "…"
    speaker = flow(stage.say(card.speaker), width - 70, t.T_LABEL) if card.speaker.strip() else []
    below = 84 + 1.34 * t.T_LABEL * (len(speaker) - 1) if speaker else 0.0
    room = stage.bottom - top - below - 20
    size, pages = _pages(text, width, room, stage.seconds)

    heights = [page[-1].y + 0.25 * size for page in pages]
    start = top + max((room - max(heights)) / 2, 0)

    def draw(line: Line) -> list[t.TextLine]:
        return [t.put(t.text(line.text, size), left, start + line.y)] if line.text else []

    sprites, spans = show(stage, pages, draw, begin=0.25, stagger=1.4)
    sign = outline("“", t.DISPLAY, t.HEAVY).points * t.px(MARK)
    sign = sign + t.at(stage.left if stage.tall else left - 150, start + 0.84 * MARK - (170 if stage.tall else 40))
    things: list[Thing] = [Sprite(shape(sign, fill=t.RAISED)).enter(0.05, rise=0)]
    under = start + max(heights) + 70
    whose: list[Sprite] = []
    if speaker:
        whose.append(Sprite(t.rule(left, under - 12, left + 44, under - 12, t.MUTED, 4)).enter(0.6))
    for k, line in enumerate(speaker):
        name = t.put(t.text(line, t.T_LABEL, t.MUTED), left + 68, under + k * 1.34 * t.T_LABEL)
        whose.append(Sprite(name).enter(0.6))
    return [*things, *sprites, *whose, *marks(spans, stage.middle[0], stage.bottom + 4)]


def _pages(text: str, width: float, height: float, seconds: float) -> tuple[float, list[list[Line]]]:
    """One page if it can be large, else pages if there is time to read them, else smaller, else smaller pages."""
    for size in SIZES:
        lines = balanced(text, width, size)
        most = 3 if size > 76 else 5 if size > SIZES[-1] else 7
        pages = fold([lines], height, size, 0)
        if len(pages) == 1 and len(lines) <= (2 * most if height > width else most):
            return size, pages
    pages = fold([flow(text, width, PAGED)], height, PAGED, 0)
    if len(pages) * PATIENCE <= seconds:
        return PAGED, pages
    for size in SMALLER:
        pages = fold([flow(text, width, size)], height, size, 0)
        if len(pages) == 1:
            break
    return size, pages
