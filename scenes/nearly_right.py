"""The classifier on pictures that it has not learned from: one after the other turns up, and nearly all are right."""

from __future__ import annotations

import math
from typing import NamedTuple

import _ruler as ours
import numpy as np
from _spotter import Spotter
from manim import Group

from rushes import theme as t
from rushes.motion import Roll, Sprite, Track, linear
from rushes.pictures import tiled
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline, shape
from rushes.theme import Points

SHOWN, COLUMNS = 24, 6
DOTS, ROWS = 50, 16  # in a row, and rows that there is room for
FILLS = 1.3  # s


class Places(NamedTuple):
    """Where things are, px."""

    tiles: tuple[float, float, float]  # left, top, side
    caption: tuple[float, float]
    number: tuple[float, float, float]  # left, baseline, size
    dots: tuple[float, float, float]  # left, top, from one to the next
    spotter: tuple[float, float, float]


WIDE = Places((96, 136, 148), (570, 822), (1136, 262, 150), (1136, 316, 13.7), (1640, 862, 250))
TALL = Places((80, 372, 128), (494, 966), (80, 1104, 120), (80, 1134, 10.6), (815, 1374, 270))


class NearlyRight(RunScene):
    """The kept held-out pictures turn up, right or crossed; then all of them as dots, and the camera is promoted."""

    runs = {"run": "ruler"}
    alone = 8.5

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        accuracy, doctor = (self.cue(name) - ours.EARLY for name in ("facts-accuracy", "doctor-s-assistant"))
        held_out, share = int(record.facts["held_out"]), record.facts["accuracy"]

        left, top, side = p.tiles
        board = ours.Board(record, tiled(SHOWN, COLUMNS, left, top, side))
        shown = len(board.tiles)
        board.turn_up(min(0.15, 0.1 * accuracy), max(accuracy - 0.2, 1.2))
        x, y, size = p.number
        number = Roll(x, y, size, t.PAPER, 0, "{:.0f}%", align="l").begin(alpha=0.0)
        number.to(accuracy - 0.35, 0.6, value=100 * share).to(accuracy - 0.35, 0.3, alpha=1.0)
        wide = t.text_width(f"{100 * share:.0f}%", size, weight=t.BOLD, tnum=True)
        right = Sprite(t.put(t.text("right", t.T_BIG, t.PAPER), x + wide + 28, y), alpha=0.0).enter(accuracy + 0.1)
        dots = Dots(held_out, round(share * held_out), *p.dots)
        dots.fill(accuracy + 0.1, min(FILLS, max(doctor - accuracy - 0.3, 0.4)))
        spotter = Spotter(*p.spotter).look_at(0.1, left, top)
        spotter.to(0.3, max(accuracy - 0.4, 0.3), linear, look_y=0.5).look_at(accuracy, x + 100, y)
        spotter.look_out(doctor - 0.1).promote(doctor - 0.3)
        spotter.hop(doctor + 0.2)

        self.bake(
            *ours.stage(p.spotter),
            t.kicker("Pictures it had never seen"),
            t.slate(record, f"held-out 1–{shown} of {held_out}"),
            ours.caption(*p.caption),
        )
        self.live(board, number, right, dots, spotter)


class Dots(Group):
    """Every held-out picture as a dot, the right ones first, the wrong ones as small crosses after them."""

    def __init__(self, count: int, right: int, x: float, y: float, pitch: float) -> None:
        super().__init__()
        self._right, self._shown = right, Track(0.0)
        across = max(DOTS, math.ceil(math.sqrt(count * DOTS / ROWS)))  # more of them are smaller
        pitch *= DOTS / across
        middles = [(x + pitch * (k % across + 0.5), y + pitch * (k // across + 0.5)) for k in range(count)]
        r = 0.36 * pitch
        self._dots = np.vstack([NOTHING, *(oval(a, b, r, r) for a, b in middles[:right])])
        self._crosses = np.vstack([NOTHING, *(_cross(a, b, r) for a, b in middles[right:])])
        self._wells, self._wrongs = shape(fill=t.POLICY), shape(stroke=t.MUTED, w=max(0.22 * pitch, 2))
        self._count = count
        self.add(self._wells, self._wrongs)
        self.pose(0.0)

    def fill(self, at: float, seconds: float) -> Dots:
        """They come one after the other."""
        self._shown.to(at, seconds, self._count, linear)
        return self

    def pose(self, clock: float) -> None:
        n = round(self._shown(clock))
        self._wells.points = self._dots[: 16 * min(n, self._right)]
        self._wrongs.points = self._crosses[: 8 * max(n - self._right, 0)]


def _cross(x: float, y: float, r: float) -> Points:
    strokes = [polyline(np.array([t.at(x - r, y - s * r), t.at(x + r, y + s * r)])) for s in (1, -1)]
    return np.vstack(strokes)
