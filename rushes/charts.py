"""Recorded numbers over the clock: a frame of axes, curves with a playhead, dots that move between measurements."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from manim import Group, VMobject

from rushes import theme as t
from rushes.motion import Live, Moving, Roll, Sprite, Track, smooth
from rushes.shapes import NOTHING, ellipse, oval, polyline, shape
from rushes.theme import Color, Points

StepAt = Callable[[float], float]


def steps_over(begin: float, end: float, first: float, last: float) -> StepAt:
    """The training step at a time: linear from `first` at `begin` s to `last` at `end` s, as data never eases."""
    return lambda clock: first + (last - first) * min(max((clock - begin) / (end - begin), 0.0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A rectangle of the frame (px) and the numbers at its edges: data -> px."""

    left: float
    top: float
    right: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def px(self, x: float, y: float) -> tuple[float, float]:
        """Where a data point lies, px."""
        (x0, x1), (y0, y1) = self.x, self.y
        return (
            self.left + (self.right - self.left) * (x - x0) / (x1 - x0),
            self.bottom - (self.bottom - self.top) * (y - y0) / (y1 - y0),
        )

    def points(self, xs: Sequence[float], ys: Sequence[float]) -> Points:
        """Data points in Manim units, shape (n, 3)."""
        return np.array([t.at(*self.px(x, y)) for x, y in zip(xs, ys, strict=True)])

    def still(
        self,
        y_ticks: Sequence[float],
        x_ticks: Sequence[float] = (),
        *,
        y_names: dict[float, str] | None = None,
        fmt: str = "{:g}",
    ) -> list[VMobject]:
        """Grid lines, their numbers and, left of those, names such as {9: "kind"}: for the backdrop."""
        out: list[VMobject] = []
        for v in y_ticks:
            y = self.px(self.x[0], v)[1]
            out.append(t.rule(self.left, y, self.right, y, t.mix(t.INK, t.GRID, 0.7), 2))
            label = t.put(t.text(fmt.format(v), t.T_LABEL, t.MUTED, tnum=True), self.left - 26, y + 13, "r")
            out.append(label)
            if y_names and v in y_names:
                edge = t.bounds(label)[0] - 24
                out.append(t.put(t.text(y_names[v], t.T_LABEL, t.MUTED), edge, y + 13, "r"))
        for v in x_ticks:
            x = self.px(v, self.y[0])[0]
            out.append(t.put(t.text(fmt.format(v), t.T_LABEL, t.MUTED), x, self.bottom + 54, "c"))
        return out


class Curve(Group):
    """A recorded column drawn up to the playhead, a dot at its end, and its number and name at the right.

    `step_at` says which step it is at a time. The number is the unsmoothed value; `smooth_over` steps are averaged
    for the line only. `label_y` (px, the number's baseline) holds the label still where two curves would meet;
    otherwise it follows the line. `number` is the Roll and `value(clock)` what it shows: what a face can follow.
    """

    def __init__(
        self,
        chart: Chart,
        steps: Sequence[float],
        values: Sequence[float],
        step_at: StepAt,
        color: Color,
        *,
        name: str = "",
        fmt: str = "{:.1f}",
        w: float = 9,
        smooth_over: int = 1,
        label_y: float | None = None,
    ) -> None:
        super().__init__()
        self._chart, self._steps, self._values, self._step_at = chart, list(steps), list(values), step_at
        half = smooth_over // 2
        mean = [float(np.mean(values[max(0, i - half) : i + half + 1])) for i in range(len(values))]
        self._mean, self._points = mean, chart.points(steps, mean)
        self._color, self._w, self._since = color, w, -math.inf
        self._line = Live(self._drawn, stroke=color, w=w)
        self._dot = Live(self._end, fill=color, stroke=t.INK, w=5)
        x = chart.right + 40
        y = label_y
        self.number = Roll(x, 0 if y is None else y, 64, color, self._values[0], fmt, align="l")
        self.number.drive(value=self.value)
        self._name = Sprite(t.put(t.text(name or " ", t.T_LABEL, t.PAPER), x, 0 if y is None else y + 46))
        if y is None:
            self.number.drive(y=self._label_y)
            self._name.drive(dy=lambda clock: self._label_y(clock) + 46)
        self._parts = [self._line, self._dot, self.number, self._name]
        self.add(*self._parts)
        self.pose(0.0)

    def enter(self, at: float) -> Curve:
        """Unseen until `at`."""
        self._since = at
        self.number.enter(at)
        self._name.enter(at, rise=0)
        return self

    def value(self, clock: float) -> float:
        """The recorded value of the last step reached."""
        return self._values[max(bisect_right(self._steps, self._step_at(clock) + 1e-6) - 1, 0)]

    def place(self, clock: float) -> tuple[float, float]:
        """Where the line's end is, px."""
        step = self._step_at(clock)
        return self._chart.px(step, float(np.interp(step, self._steps, self._mean)))

    def ghost(self, opacity: float = 0.22) -> VMobject:
        """The whole line, faint: for the backdrop, where the future may be known."""
        return shape(polyline(self._points), stroke=self._color, w=self._w * 0.7, opacity=opacity)

    def _label_y(self, clock: float) -> float:
        return min(self.place(clock)[1] + 12, self._chart.bottom - 46)  # its name stays above the steps' numbers

    def _drawn(self, clock: float) -> Points:
        if clock < self._since:
            return NOTHING
        step = self._step_at(clock)
        n = bisect_right(self._steps, step)
        end = t.at(*self.place(clock))
        corners = np.vstack([self._points[:n], end]) if n else np.vstack([self._points[:1], self._points[:1]])
        return polyline(corners)

    def _end(self, clock: float) -> Points:
        return oval(*self.place(clock), 16, 16) if clock >= self._since else NOTHING

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class Playhead(Group):
    """A line down the chart at the step reached, a knob and "step 40" above it. Paint it before the curves."""

    def __init__(self, chart: Chart, step_at: StepAt, *, word: str = "step", color: Color = t.PAPER) -> None:
        super().__init__()

        def x(clock: float) -> float:
            return chart.px(step_at(clock), chart.y[0])[0]

        def stem(clock: float) -> Points:
            return polyline(np.array([t.at(x(clock), chart.top - 22), t.at(x(clock), chart.bottom + 14)]))

        def knob(clock: float) -> Points:
            return oval(x(clock), chart.top - 22, 14, 14)

        def label_x(clock: float) -> float:  # kept inside the chart, so it meets nothing beside it
            return min(max(x(clock), chart.left + 70), chart.right - 70)

        label = Roll(0, chart.top - 48, t.T_LABEL, color, 0, word + " {:.0f}", weight=t.REGULAR)
        label.drive(x=label_x, value=lambda clock: float(int(step_at(clock) + 1e-6)))
        self._seen, self._label = Track(1.0), label
        seen = self._seen
        self._parts = [Live(stem, stroke=color, w=4, alpha=seen), Live(knob, fill=color, alpha=seen), label]
        self.add(*self._parts)

    def enter(self, at: float) -> Playhead:
        """Unseen until `at`."""
        self._seen.begin(0.0).to(at, 0.2, 1.0)
        self._label.enter(at)
        return self

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class Scatter(Moving):
    """Dots that move between recorded positions, all as one shape.

    `positions` is (seconds, [[x, y], ...]) with the same dots, in the same order, at every time; between two times
    they glide for at most `glide` s before the later one. Numbers: alpha.
    """

    def __init__(
        self,
        chart: Chart,
        positions: Sequence[tuple[float, Sequence[Sequence[float]]]],
        color: Color,
        *,
        r: float = 9,
        opacity: float = 0.85,
        glide: float = t.MORPH,
    ) -> None:
        super().__init__(alpha=1.0)
        sizes = {len(dots) for _, dots in positions}
        if len(sizes) != 1:
            raise ValueError(f"Scatter needs the same dots at every time; it was given {sorted(sizes)} of them")
        self._times = [at for at, _ in positions]
        self._dots = [chart.points(*zip(*dots, strict=True)) for _, dots in positions]
        self._glide, self._opacity = glide, opacity
        self._disc = ellipse(0, 0, t.px(r), t.px(r))
        self._shape = shape(fill=color, opacity=opacity)
        self.add(self._shape)
        self.pose(0.0)

    def where(self, clock: float) -> Points:
        """Every dot's middle in Manim units, shape (n, 3)."""
        i = bisect_right(self._times, clock)
        if i == 0:
            return self._dots[0]
        if i == len(self._times):
            return self._dots[-1]
        begin = max(self._times[i - 1], self._times[i] - self._glide)
        a = smooth(min(max((clock - begin) / (self._times[i] - begin), 0.0), 1.0))
        return self._dots[i - 1] * (1 - a) + self._dots[i] * a

    def pose(self, clock: float) -> None:
        alpha = self.at(clock)["alpha"]
        dots = self.where(clock)
        self._shape.points = (dots[:, None] + self._disc[None]).reshape(-1, 3) if alpha >= 0.004 else NOTHING
        self._shape.fill_rgbas[:, 3] = self._opacity * alpha


class Trail(Moving):
    """Two recorded columns against each other: a dot a step, in the step's color, and a line through them.

    It is drawn up to the step that `step_at` says; the newest dot is large. `place(clock)` is where that is, px.
    Numbers: alpha.
    """

    def __init__(
        self,
        chart: Chart,
        steps: Sequence[float],
        xs: Sequence[float],
        ys: Sequence[float],
        colors: Sequence[Color],
        step_at: StepAt,
        *,
        r: float = 11,
        line: Color = t.NEUTRAL,
    ) -> None:
        super().__init__(alpha=1.0)
        self._chart, self._steps, self._xs, self._ys, self._step_at = chart, list(steps), xs, ys, step_at
        self._points = chart.points(xs, ys)
        names = [t.mix(c, c, 0).to_hex() for c in colors]
        self._of = {name: np.flatnonzero([c == name for c in names]) for name in dict.fromkeys(names)}
        self._disc, self._r = ellipse(0, 0, t.px(r), t.px(r)), r
        self._line = shape(stroke=line, w=4)
        self._dots = {name: shape(fill=name) for name in self._of}
        self._names, self._head = names, shape(fill=names[0], stroke=t.PAPER, w=5)
        self.add(self._line, *self._dots.values(), self._head)
        self.pose(0.0)

    def place(self, clock: float) -> tuple[float, float]:
        """Where the trail's end is, px."""
        step = self._step_at(clock)
        return self._chart.px(*(float(np.interp(step, self._steps, column)) for column in (self._xs, self._ys)))

    def pose(self, clock: float) -> None:
        alpha = self.at(clock)["alpha"]
        shapes = [self._line, *self._dots.values(), self._head]
        for m in shapes:
            m.points = NOTHING
        if alpha < 0.004:
            return
        n = bisect_right(self._steps, self._step_at(clock) + 1e-6)
        end = self.place(clock)
        if n:
            self._line.points = polyline(np.vstack([self._points[:n], t.at(*end)]))
        for name, m in self._dots.items():
            which = self._of[name][self._of[name] < n]
            m.points = (self._points[which][:, None] + self._disc[None]).reshape(-1, 3) if len(which) else NOTHING
            m.fill_rgbas[:, 3] = alpha
        self._head.points = oval(*end, 1.7 * self._r, 1.7 * self._r)
        self._head.set_fill(self._names[max(n - 1, 0)], alpha).set_stroke(opacity=alpha)
        self._line.stroke_rgbas[:, 3] = 0.8 * alpha


__all__ = ["Chart", "Curve", "Playhead", "Scatter", "StepAt", "Trail", "steps_over"]
