"""Chapter: a section's title, where nothing else is shown."""

from __future__ import annotations

from functools import partial

from rushes import theme as t
from rushes.cards.slate import clapper
from rushes.cards.stage import Stage, Thing, largest, push
from rushes.motion import Live, Sprite, ease_out
from rushes.shapes import NOTHING, round_box
from rushes.storyboard import Chapter
from rushes.theme import Points

__all__ = ["chapter"]

SIZES = (148, 128, 108, 92, 80, 72, 64, 56, 48, 40, 36)
LEAD = 1.12
ICON = 120  # px wide


def chapter(stage: Stage, card: Chapter) -> list[Thing]:
    """The title, large, under a clapperboard that claps shut; the whole comes slowly nearer."""
    x, middle = stage.middle
    size, lines = largest(
        stage.say(card.title, t.DISPLAY), stage.width - 120, stage.height - 260, SIZES,
        font=t.DISPLAY, weight=t.HEAVY, lead=LEAD,
    )  # fmt: skip
    tall = (len(lines) - 1) * LEAD * size + 0.74 * size
    top = middle - tall / 2 + 30  # of the capitals of the first line
    pivot = (x, middle)
    title: list[Sprite] = []
    for k, line in enumerate(lines):
        letters = t.text(line, size, font=t.DISPLAY, weight=t.HEAVY)
        title.append(Sprite(t.put(letters, x, top + (0.74 + k * LEAD) * size, "c"), pivot=pivot))
    push(stage, title, 0.03)
    for k, sprite in enumerate(title):
        sprite.enter(0.22 + 0.12 * k)
    board = Sprite(t.card(x - ICON / 2, top - 130, ICON, 70, t.NEUTRAL, r=8))
    rule = Live(partial(_line, x, top + tall + 62), fill=t.NEUTRAL)
    return [board, clapper(x - ICON / 2, top - 134, ICON, 20, 0.1), rule, *title]


def _line(x: float, y: float, clock: float) -> Points:
    w = 200 * ease_out(min(max((clock - 0.4) / 0.6, 0.0), 1.0))
    return round_box(x - w / 2, y, w, 6, 3) if w > 1 else NOTHING
