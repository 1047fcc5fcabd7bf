"""Slate: what somebody has yet to draw, on a clapperboard."""

from __future__ import annotations

import numpy as np
from manim import VGroup

from rushes import theme as t
from rushes.cards.stage import Line, Stage, Thing, marks, set_pages, show
from rushes.motion import Sprite, ease_out, fall
from rushes.shapes import polyline, shape
from rushes.storyboard import Slate

__all__ = ["clapper", "slate", "tape"]

SIZES = (72, 64, 56, 50, 44, 40, 36)
PAD = 60
TAPE = "#D8CFBB"  # masking tape; no role's colour
OPEN = 0.20  # rad


def slate(stage: Stage, card: Slate) -> list[Thing]:
    """The direction's lines one after another on a board that claps shut, taped as a placeholder."""
    tall = stage.tall
    left, right = (stage.left, stage.right) if tall else (stage.left + 130, stage.right - 130)
    top, low = (stage.top + 70, stage.bottom) if tall else (stage.top + 118, stage.bottom)
    width, head = right - left, top + 108
    board = Sprite(t.card(left, top, width, low - top, t.PANEL), t.rule(left + PAD, head, right - PAD, head, t.GRID, 3))
    section = stage.say(" ".join(card.section.split()), t.MONO)
    where = " · ".join(part for part in (section, f"beat {card.beat}") if part)
    label = t.mono(_fitted(where, width - 2 * PAD - 300), t.T_FINE, t.MUTED)
    header = Sprite(t.put(label, left + PAD, top + 66))

    x, y, room = left + PAD, head + 44, (head + 44, low - 44 - head - 44)
    texts = [stage.say(line) for line in card.lines if line.strip()] or ["…"]
    size, pages = set_pages(texts, width - 2 * PAD, room[1], SIZES, stage.seconds)
    if len(pages) == 1:
        y += max((room[1] - pages[0][-1].y - 0.25 * size) / 2 - 10, 0)

    def draw(line: Line) -> list[t.TextLine]:
        return [t.put(t.text(line.text, size), x, y + line.y)] if line.text else []

    lines, spans = show(stage, pages, draw, begin=0.45, dim=True)
    stick = clapper(left, top - 12, width, 66, 0.1)
    label_tape = tape("PLACEHOLDER", right - 150, top + 52, -0.07, 0.25)
    return [board, header, *lines, *marks(spans, (left + right) / 2, low - 26), stick, label_tape]


def _fitted(text: str, width: float) -> str:
    """Mono text of 28 px, cut in the middle of its first part to a width."""
    room = int(width / (0.6 * t.T_FINE))
    if len(text) <= room:
        return text
    keep = text.rfind(" · ")
    tail = text[keep:] if keep > 0 else ""
    return text[: max(room - len(tail) - 1, 1)].rstrip() + "…" + tail


def clapper(x: float, y: float, width: float, height: float, at: float) -> Sprite:
    """The stick of a clapperboard, its lower left corner at (x, y) px; open at first, it claps shut at `at`."""
    stick = VGroup(t.card(x, y - height, width, height, t.PAPER, r=height * 0.18))
    count = max(round(width / (1.9 * height)), 3)
    step = width / count
    for k in range(count):
        a = x + k * step + 0.25 * step
        corners = [
            (a, y),
            (a + 0.5 * step, y),
            (a + 0.5 * step + 0.4 * height, y - height),
            (a + 0.4 * height, y - height),
        ]
        corners = [(min(cx, x + width - 0.18 * height), cy) for cx, cy in corners]
        stick.add(shape(polyline(np.array([t.at(*c) for c in (*corners, corners[0])])), fill=t.INK))
    shut = Sprite(stick, pivot=(x, y)).begin(rot=min(OPEN, 150 / width)).to(at, 0.16, fall, rot=0.0)
    return shut.to(at + 0.16, 0.07, ease_out, rot=0.012).to(at + 0.23, 0.07, fall, rot=0.0)


def tape(words: str, x: float, y: float, turn: float = -0.07, at: float = 0.2) -> Sprite:
    """A strip of tape with a word, its middle at (x, y) px, stuck on at `at`."""
    wide, high = t.text_width(words, t.T_FINE, font=t.MONO, weight=t.BOLD) + 56, 58
    ragged = [(x - wide / 2 + (6 if k % 2 else 0), y - high / 2 + k * high / 6) for k in range(7)]
    ragged += [(x + wide / 2 - (6 if k % 2 else 0), y + high / 2 - k * high / 6) for k in range(7)]
    strip = shape(polyline(np.array([t.at(*c) for c in (*ragged, ragged[0])])), fill=TAPE)
    label = t.put(t.mono(words, t.T_FINE, t.INK, weight=t.BOLD), x, y + 10, "c")
    return (
        Sprite(strip, label, pivot=(x, y), alpha=0.0)
        .begin(rot=turn - 0.05, scale=1.15)
        .to(at, 0.15, ease_out, alpha=1.0, scale=1.0, rot=turn)
    )
