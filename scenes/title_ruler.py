"""The title: marks become a ruler, the Apprentice walks along it to the highest one, and it underlines the title."""

from __future__ import annotations

from typing import NamedTuple

from _marks import HIGHEST, LOWEST, mark_disc
from manim import VGroup

from rushes import theme as t
from rushes.motion import Sprite, ease_in, ease_out, over, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.theme import DISPLAY, HEAVY

RULER_H, THICK = 92, 12  # px
WOOD, SIDE = t.mix(t.PAPER, t.NEUTRAL, 0.12), t.mix(t.PAPER, t.NEUTRAL, 0.55)
TICKS = 5  # from one mark to the next
NAME = "mark"  # what it measures, as another ruler says "cm"
START = 5  # the mark that the Apprentice stands on at first
EARLY = 0.05  # s that a change starts before its word


class Places(NamedTuple):
    """px: lines of the title, its left edge, width and last baseline; the ruler's left, top and width; height of the
    Apprentice; middle and height of each larger one."""

    lines: tuple[str, ...]
    title: tuple[float, float, float]
    ruler: tuple[float, float, float]
    high: float
    larger: tuple[tuple[float, float], ...]


WIDE = Places(("Told What We", "Want to Hear"), (112, 1370, 650), (120, 764, 1680), 330, ((430, 640), (1490, 760)))
TALL = Places(("Told What", "We Want", "to Hear"), (80, 830, 900), (40, 1290, 900), 250, ((270, 470), (770, 560)))


class TitleRuler(RunScene):
    """Larger ones loom, a ruler slides under, the Apprentice walks up the marks; then the words stand over it."""

    alone = 10.0

    def construct(self) -> None:
        p = TALL if t.tall() else WIDE
        larger = self.cue("larger-ones") - EARLY
        marks = max(self.cue("marks") - EARLY, larger + 0.6)
        title = max(self.cue("what-we-want-to-hear") - EARLY, marks + 1.6)
        floor, feet = t.ground()
        w, h = t.frame_px()
        left, top, wide = p.ruler
        self.bake(t.backdrop((36, 40, 80), (12, 13, 24), (0.5, 0.42), stars=90, floor=floor, floor_at=(0.5, 0.5)))

        loom = [
            Rig("apprentice", x, h + 1.08 * high, high, seed=20 + k, mood=0.5) for k, (x, high) in enumerate(p.larger)
        ]
        for k, rig in enumerate(loom):
            rig.to(larger + 0.25 * k, 0.9, ease_out, y=feet - 20).look_at(marks + 0.1, w / 2, top)
            rig.to(marks + 1.5 + 0.1 * k, 0.6, ease_in, y=h + 1.1 * p.larger[k][1])
        dusk = Sprite(t.card(-10, -10, w + 20, h + 20, t.INK, r=1, opacity=0.62), alpha=0.0)
        dusk.to(larger, 0.5, alpha=1.0).to(title - 0.4, 0.5, alpha=0.0)

        a = Rig("apprentice", mark_x(p, START), feet, p.high, seed=9, mood=0.45, look=(0, 0.1))
        a.enter(0.0, 0.35, 40).wave_hand(0.5, max(min(1.1, larger - 0.7), 0.6))
        a.look_at(larger + 0.3, p.larger[1][0], 300).to(larger + 0.5, 0.3, mood=0.1, lean=0.03)
        ruler = Sprite(body(p)).begin(dx=-(left + wide + 40)).to(marks, 0.55, ease_out, dx=0.0)
        a.look_at(marks - 0.1, left, top).hop(marks + 0.12, 70).to(marks + 0.12, 0.42, smooth, y=top + 6, lean=0.0)
        walks = min(marks + 1.2, title - 1.2)
        steps = HIGHEST - START
        stride = min((title + 0.1 - walks) / steps, 0.62)
        discs: list[Sprite] = []
        digits: list[Sprite] = []
        for k in range(steps + 1):
            n = START + k
            lands = walks + k * stride
            disc = Sprite(mark_disc(n, mark_x(p, n), top + 58, disc_r(p))).enter(
                max(lands - 0.1, marks + 0.5), 0.15, rise=0
            )
            discs.append(disc.pulse(max(lands, marks + 0.6), 0.12))
            digit = Sprite(figure(p, n)).begin(dx=-(left + wide + 40)).to(marks, 0.55, ease_out, dx=0.0)
            digits.append(digit.to(max(lands - 0.1, marks + 0.5), 0, alpha=0.0))
            if k:
                a.walk(lands - stride, mark_x(p, n), 0.9 * stride, steps=1, height=34)
                a.to(lands, 0.25, mood=min((n - START) / 4, 0.95)).look_at(lands - 0.1, mark_x(p, n + 2), top + 60)
        a.look_out(walks + steps * stride + 0.3).to(walks + steps * stride + 0.3, 0.4, over, la="up", ra="up")
        a.to(walks + steps * stride + 1.3, 0.4, la="down", ra="down").hop(walks + steps * stride + 2.1, 30)
        self.live(*loom, dusk, ruler, *digits, *discs, *words(p, title), shadow(a), a)


def mark_x(p: Places, n: float) -> float:
    """The middle of a mark on the ruler, px."""
    left, _, wide = p.ruler
    return left + wide * (n - LOWEST + 0.5) / (HIGHEST - LOWEST + 1)


def disc_r(p: Places) -> float:
    """How large a mark on the ruler is, px: it clears its neighbours."""
    return min(31.0, 0.34 * p.ruler[2] / HIGHEST)


def body(p: Places) -> VGroup:
    """A wooden ruler with its first marks; those that are reached are drawn apart."""
    left, top, wide = p.ruler
    step = wide / (HIGHEST - LOWEST + 1)
    end = t.MARGIN_X + t.text_width(NAME, t.T_LABEL) + 14
    named = end < mark_x(p, LOWEST) - 16  # in a tall frame there is no room for what is measured
    x0 = t.MARGIN_X - 24 if named else left
    parts = [
        t.card(x0, top + THICK, left + wide - x0, RULER_H, SIDE, r=12),
        t.card(x0, top, left + wide - x0, RULER_H, WOOD, r=12),
    ]
    for k in range(1, (HIGHEST - LOWEST + 1) * TICKS):
        x = left + step * k / TICKS
        parts.append(t.rule(x, top + 4, x, top + (24 if k % TICKS == 0 else 14), t.INK, 4 if k % TICKS == 0 else 3))
    if named:
        parts.append(t.put(t.text(NAME, t.T_LABEL, t.INK), t.MARGIN_X, top + 72))
    parts += [figure(p, n) for n in range(LOWEST, START)]
    return VGroup(*parts)


def figure(p: Places, n: int) -> t.TextLine:
    """A mark as it is printed on the ruler."""
    return t.put(t.text(f"{n}", 44, t.INK, weight=t.BOLD), mark_x(p, n), p.ruler[1] + 74, "c")


def words(p: Places, at: float) -> list[Sprite]:
    """The title's lines, as large as the longest allows; one comes after the other."""
    left, width, last = p.title
    size = min(width / max(t.text_width(line, 100, font=DISPLAY, weight=HEAVY) for line in p.lines) * 100, 230.0)
    out = []
    for k, line in enumerate(p.lines):
        y = last - (len(p.lines) - 1 - k) * 1.08 * size
        text = t.put(t.text(line, size, t.PAPER, font=DISPLAY, weight=HEAVY), left, y)
        out.append(Sprite(text).enter(at + 0.22 * k, 0.45, rise=50))
    return out
