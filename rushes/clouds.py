"""Clouds of recorded points that pop up one after the other, and an arrow that is drawn between two places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from manim import Group

from rushes import theme as t
from rushes.charts import Chart
from rushes.motion import Live, Track, smooth
from rushes.shapes import NOTHING, ellipse, polyline, shape
from rushes.theme import Color, Points

__all__ = ["Arrow", "Cloud"]

Marker = Literal["disc", "diamond", "ring"]
POP = 0.28  # s that a dot takes to come or to go
HEAD = 3.0  # an arrow's head over its width


class Cloud(Group):
    """Dots of a chart, all as one shape: data -> px by the chart, r px to a dot.

    Two clouds on one chart differ by `marker` as well as by colour. Nothing is seen before `enter`.
    """

    def __init__(
        self, chart: Chart, dots: Sequence[Sequence[float]], color: Color, *, r: float = 11, marker: Marker = "disc"
    ) -> None:
        super().__init__()
        self._places = np.array([t.at(*chart.px(x, y)) for x, y in dots]).reshape(-1, 3)
        k = t.px(r)
        if marker == "diamond":
            self._marker = polyline(np.array([[0, k, 0], [k, 0, 0], [0, -k, 0], [-k, 0, 0], [0, k, 0]]) * 1.2)
        else:
            self._marker = ellipse(0, 0, k, k)
        line = {"stroke": color, "w": max(r / 3, 3)} if marker == "ring" else {"fill": color}
        self._shape = shape(**line)
        self._come = np.full(len(self._places), math.inf)
        self._go = np.full(len(self._places), math.inf)
        self.add(self._shape)
        self.pose(0.0)

    def __len__(self) -> int:
        return len(self._places)

    def enter(self, at: float, seconds: float) -> Self:
        """From left to right they come, within so many seconds."""
        self._come = at + self._order() * max(seconds - POP, 0.0)
        return self

    def leave(self, at: float, seconds: float) -> Self:
        """From left to right they go, within so many seconds."""
        self._go = at + self._order() * max(seconds - POP, 0.0)
        return self

    def _order(self) -> Points:
        """0 for the leftmost dot to 1 for the one at the right."""
        rank = np.argsort(np.argsort(self._places[:, 0]))
        return np.asarray(rank / max(len(rank) - 1, 1), dtype=float)

    def pose(self, clock: float) -> None:
        there = np.clip((clock - self._come) / POP, 0, 1) * np.clip(1 - (clock - self._go) / POP, 0, 1)
        seen = there > 0.01
        size = 1 - (1 - there[seen]) ** 3
        dots = self._places[seen][:, None] + self._marker[None] * size[:, None, None]
        self._shape.points = dots.reshape(-1, 3) if len(dots) else NOTHING


class Arrow(Group):
    """A straight arrow from one place to another, px, `w` px thick, that is drawn from its tail on."""

    def __init__(
        self, tail: tuple[float, float], tip: tuple[float, float], color: Color = t.PAPER, w: float = 12
    ) -> None:
        super().__init__()
        self._tail, self._tip, self._head = np.array(tail), np.array(tip), HEAD * w
        self._drawn = Track(0.0)
        self._parts = [Live(self._shaft, stroke=color, w=w), Live(self._point, fill=color, stroke=color, w=4)]
        self.add(*self._parts)
        self.pose(0.0)

    def draw(self, at: float, seconds: float = t.MORPH) -> Self:
        """It is drawn from `at` on."""
        self._drawn.to(at, seconds, 1.0, smooth)
        return self

    def _ends(self, clock: float) -> tuple[Points, Points, float]:
        """Direction, end and length of what is drawn, px."""
        whole = self._tip - self._tail
        length = float(np.hypot(*whole))
        way = whole / max(length, 1e-9)
        reached = self._drawn(clock) * length
        return way, self._tail + way * reached, reached

    def _shaft(self, clock: float) -> Points:
        way, end, reached = self._ends(clock)
        if reached < self._head:
            return NOTHING
        stop = end - way * self._head * 0.9
        return polyline(np.array([t.at(*self._tail), t.at(*stop)]))

    def _point(self, clock: float) -> Points:
        way, end, reached = self._ends(clock)
        if reached < 1:
            return NOTHING
        size, side = min(self._head, reached), np.array([-way[1], way[0]])
        back = end - way * size
        corners = [end, back + side * size * 0.55, back - side * size * 0.55, end]
        return polyline(np.array([t.at(*corner) for corner in corners]))

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)
