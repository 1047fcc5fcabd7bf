"""The office at night of the end card: what stands still in it, and the light that falls into it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from manim import Mobject, Polygon, VGroup

from rushes import theme as t

NIGHT, MOONLIGHT, LAMPLIGHT = "#0B1030", "#C9D6FF", "#FFE2B4"
WOOD, EDGE, METAL = "#3A4168", "#565F8F", "#6A73A3"
CHAIR_DAY = "#4A527F", EDGE, WOOD, METAL, "#20253F"  # cushion, shell, its side, metal, castors
CHAIR_MOON = "#6E79AE", "#98A5D8", "#4D5688", "#8B97CB", "#2A3054"
WINDOW = (648, 92, 372, 404)  # left, top, width, height, px
MOON = (922, 196, 54)  # x, y, radius
DESK, DESK_TOP, DESK_W = 1108, 646, 474  # left, top, width
SCREEN = (1290, 404, 250, 172)  # left, top, width, height
LAMP = (1206, 486)  # the bulb
CLOCK = (1415, 216, 74)  # x, y, radius
CHAIR = 872  # middle of its foot


def window() -> list[Mobject]:
    """Night sky with stars behind four panes; the moon is drawn apart, as it stays bright."""
    x, y, w, h = WINDOW
    rng = np.random.default_rng(12)
    stars = [
        t.disc(px, py, r, MOONLIGHT, opacity=a)
        for px, py, r, a in zip(
            rng.uniform(x + 26, x + w - 26, 30),
            rng.uniform(y + 26, y + h - 120, 30),
            rng.uniform(1.4, 3.4, 30),
            rng.uniform(0.35, 0.95, 30),
            strict=True,
        )
        if math.hypot(px - MOON[0], py - MOON[1]) > MOON[2] + 18
    ]
    roofs = [
        t.card(x + dx, y + h - high, wide, high, "#060A20", r=2)
        for dx, wide, high in ((16, 70, 64), (80, 54, 104), (130, 96, 46), (222, 60, 84), (278, 82, 58))
    ]
    lit = [t.card(x + dx, y + h - up, 9, 12, LAMPLIGHT, r=2, opacity=0.55) for dx, up in ((98, 84), (240, 62))]
    bars = [t.card(x + w / 2 - 6, y, 12, h, WOOD, r=2), t.card(x, y + 0.56 * h, w, 12, WOOD, r=2)]
    frame = t.card(x, y, w, h, NIGHT, r=18)
    edge = t.card(x, y, w, h, NIGHT, r=18, stroke=WOOD, sw=16, opacity=0.0)
    sill = t.card(x - 26, y + h - 4, w + 52, 22, EDGE, r=8)
    return [VGroup(frame, *stars, *roofs, *lit, *bars, edge, sill)]


def moon() -> VGroup:
    """A full moon with three craters."""
    x, y, r = MOON
    craters = [t.disc(x + dx, y + dy, size, "#CFD7F4") for dx, dy, size in ((-17, -13, 12), (18, 15, 9), (12, -24, 5))]
    return VGroup(t.disc(x, y, r, "#EDF0FF"), *craters)


def desk() -> list[Mobject]:
    """Desk, monitor, keyboard, mug and the lamp, unlit."""
    sx, sy, sw, sh = SCREEN
    lx, ly = LAMP
    middle, foot = sx + sw / 2, DESK_TOP - 2
    legs = [
        t.card(DESK + 22, DESK_TOP, 22, 214, "#303659", r=6),
        t.card(DESK + DESK_W - 172, DESK_TOP, 150, 206, "#303659", r=10),
    ]
    drawers = [t.card(DESK + DESK_W - 158, DESK_TOP + 34 + 84 * k, 122, 70, WOOD, r=8) for k in range(2)]
    knobs = [t.card(DESK + DESK_W - 112, DESK_TOP + 64 + 84 * k, 30, 8, METAL, r=4) for k in range(2)]
    top = [t.card(DESK, DESK_TOP, DESK_W, 26, WOOD, r=9), t.card(DESK, DESK_TOP, DESK_W, 9, EDGE, r=4)]
    stand = [t.card(middle - 15, sy + sh, 30, 64, WOOD, r=4), t.card(middle - 62, foot - 12, 124, 14, EDGE, r=6)]
    case = [t.card(sx - 16, sy - 16, sw + 32, sh + 32, EDGE, r=18), t.card(sx, sy, sw, sh, "#0B1226", r=8)]
    mug = [
        t.card(sx - 40, foot - 40, 34, 42, t.MUTED, r=7),
        t.curve([(sx - 6, foot - 30), (sx + 6, foot - 26), (sx + 6, foot - 14), (sx - 6, foot - 10)], t.MUTED, 6),
    ]
    arm = t.curve([(lx - 24, foot - 6), (lx - 56, foot - 92), (lx - 8, ly - 30)], METAL, 9)
    shade = Polygon(*(t.at(lx + dx, ly + dy) for dx, dy in ((-20, -40), (16, -40), (48, 4), (-48, 4))))
    shade.set_fill(t.NEUTRAL, 1).set_stroke(t.NEUTRAL, 8)
    lamp = [t.card(lx - 62, foot - 12, 76, 14, METAL, r=6), arm, shade]
    return [VGroup(*legs, *drawers, *knobs, *stand, *case, *top, *mug, *lamp)]


def swivel_chair(colors: Sequence[str]) -> VGroup:
    """An office chair, empty, turned a little to the left, on five castors."""
    cushion, shell, side, metal, castor = colors
    x, floor = CHAIR, t.FEET - 14
    feet = [(x + dx, floor + dy) for dx, dy in ((-84, 0), (-46, 8), (10, 10), (60, 7), (88, -2))]
    base = [t.curve([(x, 796), (fx, fy - 10)], shell, 11) for fx, fy in feet]
    base += [t.disc(fx, fy, 11, castor) for fx, fy in feet]
    back = [
        t.card(x - 4, 616, 20, 100, metal, r=8).rotate(-0.16),
        t.card(x - 10, 552, 112, 136, side, r=38).rotate(-0.10),
        t.card(x - 24, 550, 112, 136, shell, r=38).rotate(-0.10),
        t.card(x - 9, 566, 80, 102, cushion, r=26).rotate(-0.10),
    ]
    seat = [t.card(x - 100, 698, 188, 36, side, r=18), t.card(x - 100, 692, 188, 27, shell, r=13)]
    rest = [t.curve([(x - 44, 702), (x - 50, 648)], metal, 9), t.card(x - 92, 634, 100, 18, metal, r=9)]
    return VGroup(*base, t.card(x - 9, 718, 18, 86, metal, r=5), *back, *seat, *rest)


def lamplight() -> list[Mobject]:
    """Light under the lamp's shade, on the desk and on the wall around it."""
    x, y = LAMP
    cone = Polygon(*(t.at(*p) for p in ((x - 44, y + 6), (x + 44, y + 6), (x + 92, DESK_TOP), (x - 92, DESK_TOP))))
    cone.set_fill(LAMPLIGHT, 0.13).set_stroke(width=0)
    return [t.glow(LAMPLIGHT, x, y + 40, 1150, 900, 0.30), cone]


def moonbeam() -> list[Mobject]:
    """Moonlight that falls through the four panes on the floor around the chair."""
    x, y, w, h = WINDOW
    low, far, near = y + h + 20, 812, 880
    beams = [
        shade([(x + 20 + k, low), (x + w - 20 - k, low), (CHAIR + 196 - k, near), (CHAIR - 196 + k, near)], 0.013)
        for k in (0, 8, 16, 24, 32)
    ]
    panes = []
    for left, right in ((-0.98, -0.05), (0.05, 0.98)):
        for top, bottom in ((0.0, 0.46), (0.54, 1.0)):
            corners = []
            for u, v in ((left, top), (right, top), (right, bottom), (left, bottom)):
                corners.append((CHAIR + u * (158 + 40 * v), far + (near - far) * v))
            panes.append(shade(corners, 0.17))
    return [t.halo(CHAIR, 690, 250, MOONLIGHT, 0.16), *beams, *panes]


def shade(corners: Sequence[tuple[float, float]], opacity: float) -> Polygon:
    """A see-through patch of moonlight."""
    return Polygon(*(t.at(*p) for p in corners)).set_fill(MOONLIGHT, opacity).set_stroke(width=0)


def clock_face() -> VGroup:
    """A clock with twelve marks and no hands."""
    x, y, r = CLOCK
    marks = []
    for k in range(12):
        s, c = math.sin(k * math.pi / 6), -math.cos(k * math.pi / 6)
        inner = r - (18 if k % 3 == 0 else 13)
        marks.append(t.rule(x + inner * s, y + inner * c, x + (r - 9) * s, y + (r - 9) * c, t.NEUTRAL, 4))
    return VGroup(t.disc(x, y, r + 8, WOOD), t.disc(x, y, r, "#1A1F3C"), *marks)


class Stage:
    """Places of the office, which is drawn for a wide frame, in this one.

    It shrinks to `size` about the window's left edge, which is then at `left`, and the floor at `feet`, px.
    """

    def __init__(self, size: float, left: float, feet: float) -> None:
        self.size, self._left, self._feet = size, left, feet

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Office px -> px of this frame."""
        return self._left + (x - WINDOW[0]) * self.size, self._feet + (y - t.FEET) * self.size

    def all(self, *things: Mobject) -> Sequence[Mobject]:
        """The things, moved to where they stand here."""
        corner, there = t.at(WINDOW[0], t.FEET), t.at(*self.place(WINDOW[0], t.FEET))
        for thing in things:
            thing.scale(self.size, about_point=corner).shift(there - corner)
        return things
