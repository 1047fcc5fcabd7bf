"""Things that move: each is posed by the shot's clock, and a pose is a pure function of it.

A scene schedules changes (`to`, `enter`, `leave`, ...) at seconds of the shot and never plays anything, so overlaps,
anticipation and late reactions are free, and frames can be drawn in any order. Times are seconds, lengths px,
angles radians counter-clockwise (a positive lean goes left). Nothing is built after the first frame.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, Protocol, Self

import numpy as np
from manim import CapStyleType, Group, LineJointType, Mobject, VMobject

from rushes import fonts
from rushes import theme as t
from rushes.errors import did_you_mean
from rushes.shapes import NOTHING, bezier, oval, shape, through
from rushes.theme import Align, Color, Points

Ease = Callable[[float], float]
Hand = Callable[[float], Points]


# ---------------------------------------------------------------- easing: f(0) = 0, f(1) = 1
def linear(a: float) -> float:
    """Data, and nothing else."""
    return a


def smooth(a: float) -> float:
    """A thing travels: slow, fast, slow."""
    return a * a * a * (10 - 15 * a + 6 * a * a)


def ease_out(a: float) -> float:
    """A thing arrives."""
    return 1 - (1 - a) ** 3


def ease_in(a: float) -> float:
    """A thing goes."""
    return a**3


def rise(a: float) -> float:
    """Thrown upwards."""
    return 1 - (1 - a) ** 2


def fall(a: float) -> float:
    """Dropped."""
    return a * a


def over(a: float) -> float:
    """About 6 % past, then home: a body that means it."""
    return 1 + 2.1 * (a - 1) ** 3 + 1.1 * (a - 1) ** 2


def ramp(a: float, low: float, high: float) -> float:
    """0 below `low`, 1 above `high`, smooth between."""
    return smooth(min(max((a - low) / (high - low), 0.0), 1.0))


# ---------------------------------------------------------------- tracks
class Posed(Protocol):
    """Anything a scene can keep alive: a Mobject that a time of the shot poses."""

    def pose(self, clock: float) -> None: ...


class Track:
    """One number over the clock. Each change starts where the track then is, so it never jumps.

    Changes may be scheduled in any order; a later one interrupts an earlier one that is still under way.
    """

    def __init__(self, value: float) -> None:
        self.start = float(value)
        self._times: list[float] = []
        self._changes: list[tuple[float, float, Ease, float | None]] = []  # seconds, target, ease, start
        self._from: list[float] = []
        self._resting = math.inf, -math.inf, 0.0
        """From when until when it stays as it was when last asked, and what it is: nearly all rest nearly always."""

    def to(self, at: float, seconds: float, value: float, ease: Ease = smooth, start: float | None = None) -> Self:
        """From `at` on, go to `value` within `seconds`, from `start` or from where it then is.

        0 seconds is a switch, which holds at `at` itself.
        """
        i = bisect_right(self._times, at)
        if i and self._times[i - 1] == at:
            i -= 1
            del self._times[i], self._changes[i]
        self._times.insert(i, at)
        self._changes.insert(i, (float(seconds), float(value), ease, start))
        return self._chain(i)

    def begin(self, value: float) -> Self:
        """What it is before its first change."""
        self.start = float(value)
        return self._chain(0)

    def _chain(self, i: int) -> Self:
        self._resting = math.inf, -math.inf, 0.0
        del self._from[i:]
        for k in range(i, len(self._times)):
            start = self._changes[k][3]
            self._from.append(self._reach(k - 1, self._times[k]) if start is None else start)
        return self

    @property
    def first(self) -> float:
        """When its first change starts; infinity if there is none."""
        return self._times[0] if self._times else math.inf

    def _reach(self, k: int, clock: float) -> float:
        if k < 0:
            return self.start
        seconds, value, ease, _ = self._changes[k]
        if seconds <= 0 or clock >= self._times[k] + seconds:
            return value
        a = self._from[k]
        return a + (value - a) * ease((clock - self._times[k]) / seconds)

    def __call__(self, clock: float) -> float:
        begun, ended, value = self._resting
        if begun <= clock < ended:
            return value
        times = self._times
        k = bisect_right(times, clock) - 1
        value = self._reach(k, clock)
        reached = times[k] + self._changes[k][0] if k >= 0 else -math.inf
        if clock >= reached:
            self._resting = reached, times[k + 1] if k + 1 < len(times) else math.inf, value
        return value


class Moving(Group):
    """A mobject posed by named tracks: `to` schedules them, `drive` replaces them by recorded data."""

    def __init__(self, **values: float) -> None:
        super().__init__()
        self.tracks: dict[str, Track | Callable[[float], float]] = {k: Track(v) for k, v in values.items()}

    def pose(self, clock: float) -> None:
        """Take the shape it has at `clock` seconds, whatever it was posed at before."""
        raise NotImplementedError

    def to(self, at: float, seconds: float = t.ENTER, ease: Ease = smooth, **values: float) -> Self:
        """From `at` on, bring the named numbers to `values` within `seconds`."""
        for name, value in values.items():
            self._scheduled(name).to(at, seconds, value, ease)
        return self

    def begin(self, **values: float) -> Self:
        """What the named numbers are before their first change."""
        for name, value in values.items():
            self._scheduled(name).begin(value)
        return self

    def drive(self, **functions: Callable[[float], float]) -> Self:
        """From now on the named numbers are functions of the clock, and cannot be scheduled."""
        for name, function in functions.items():
            self._known(name)
            self.tracks[name] = function
        return self

    def at(self, clock: float) -> dict[str, float]:
        """Every number at `clock`."""
        return {name: float(track(clock)) for name, track in self.tracks.items()}

    def _known(self, name: str) -> None:
        if name not in self.tracks:
            raise TypeError(f"{type(self).__name__} has no {name!r}: {did_you_mean(name, self.tracks)}")

    def _scheduled(self, name: str) -> Track:
        self._known(name)
        track = self.tracks[name]
        if not isinstance(track, Track):
            raise TypeError(f"{name!r} of this {type(self).__name__} is driven by data, so it cannot be scheduled too")
        return track

    def _appear(self, at: float, seconds: float, **hidden: float) -> Self:
        """Come from the `hidden` values to those now scheduled, and into sight."""
        for name, value in hidden.items():
            track = self._scheduled(name)
            track.to(at, seconds, track(at), ease_out, start=value)
        if self._scheduled("alpha").first >= at:
            self.begin(alpha=0.0)
        return self.to(at, seconds, ease_out, alpha=1.0)

    def enter(self, at: float, seconds: float = t.ENTER) -> Self:
        """Fade in. Unseen before, unless it was shown and left."""
        return self._appear(at, seconds)

    def leave(self, at: float, seconds: float = t.EXIT) -> Self:
        """Fade out where it is."""
        return self.to(at, seconds, ease_in, alpha=0.0)


# ---------------------------------------------------------------- drawn things that move
class Sprite(Moving):
    """Anything drawn, moved, scaled, turned and faded from its first drawing: shapes, text, small pictures.

    Numbers: dx, dy (px, right and down), scale, rot, flip (half turns about the horizontal axis), alpha.
    `pivot` (px) is what it turns about, its centre if not given.
    """

    def __init__(self, *parts: Mobject, alpha: float = 1.0, pivot: tuple[float, float] | None = None) -> None:
        super().__init__(dx=0, dy=0, scale=1, rot=0, flip=0, alpha=alpha)
        self.add(*parts)
        self._parts: list[Any] = [m for m in self.get_family() if len(m.points)]
        self._points = [m.points.copy() for m in self._parts]
        self._alphas = [
            (m.fill_rgbas[:, 3].copy(), m.stroke_rgbas[:, 3].copy()) if isinstance(m, VMobject) else None
            for m in self._parts
        ]
        self._strokes = [float(m.stroke_width) if isinstance(m, VMobject) else 0.0 for m in self._parts]
        self._pivot = np.array(self.get_center() if pivot is None else t.at(*pivot))
        self._posed: tuple[float, ...] = ()
        self.pose(0.0)

    @property
    def posed(self) -> tuple[float, ...]:
        """Its numbers as it was last posed."""
        return self._posed

    @property
    def home(self) -> tuple[float, float]:
        """Where the pivot is before any move, px."""
        w, h = t.frame_px()
        return self._pivot[0] * t.UNIT + w / 2, h / 2 - self._pivot[1] * t.UNIT

    def enter(self, at: float, seconds: float = t.ENTER, rise: float = 24) -> Self:
        """Fade in while rising `rise` px."""
        return self._appear(at, seconds, dy=self._scheduled("dy")(at) + rise) if rise else self._appear(at, seconds)

    def go(self, at: float, x: float, y: float, seconds: float = t.MOVE, ease: Ease = smooth) -> Self:
        """Carry the pivot to (x, y) px."""
        return self.to(at, seconds, ease, dx=x - self.home[0], dy=y - self.home[1])

    def pulse(self, at: float, amount: float = 0.12, seconds: float = 0.42) -> Self:
        """Swell by `amount` and settle."""
        size = self._scheduled("scale")(at)
        self.to(at, seconds * 0.35, ease_out, scale=size * (1 + amount))
        return self.to(at + seconds * 0.35, seconds * 0.65, smooth, scale=size)

    def turn_into(self, other: Sprite, at: float, seconds: float = t.MORPH) -> Self:
        """The flip: turn about the horizontal axis and come round as `other`, which is unseen until then."""
        half = seconds / 2
        other.begin(alpha=0.0, flip=0.5).to(at + half, 0, alpha=1.0).to(at + half, half, rise, flip=0.0)
        return self.to(at, half, fall, flip=0.5).to(at + half, 0, alpha=0.0)

    def drop(
        self, at: float, y: float, *, drift: float = 118, turns: float = -1.0, grow: float = 1.9, seconds: float = 0.62
    ) -> float:
        """Wobble (0.25 s), fall to y px under gravity, bounce twice, lie still. Returns when it first lands.

        It drifts `drift` px to the side, makes `turns` whole turns and grows to `grow` times its size on the way.
        """
        down = y - self.home[1]
        go, land = at + 0.25, at + 0.25 + seconds
        if turns:
            self.to(at, 0.10, smooth, rot=0.16).to(at + 0.10, 0.12, smooth, rot=-0.12)
            whole = 2 * math.pi * turns
            self.to(go, seconds, linear, rot=0.56 * whole).to(land, 0.40, linear, rot=0.94 * whole)
            self.to(land + 0.40, 0.18, ease_out, rot=whole)
        self.to(go, seconds, linear, scale=grow, dx=drift * 0.5).to(go, seconds, fall, dy=down)
        self.to(land, 0.20, ease_out, dy=down - 74, dx=drift * 0.78).to(land + 0.20, 0.20, fall, dy=down)
        self.to(land + 0.20, 0.20, linear, dx=drift)
        self.to(land + 0.40, 0.09, ease_out, dy=down - 14).to(land + 0.49, 0.09, fall, dy=down)
        return land

    def pose(self, clock: float) -> None:
        v = self.at(clock)
        posed = tuple(v.values())
        if posed == self._posed:
            return
        self._posed = posed
        alpha = v["alpha"]
        c, s, f, k = math.cos(v["rot"]), math.sin(v["rot"]), math.cos(math.pi * v["flip"]), v["scale"]
        a = np.array([[k * c, k * s, 0], [-k * f * s, k * f * c, 0], [0, 0, 1]])  # row vectors: q = p @ a + b
        b = self._pivot + np.array([t.px(v["dx"]), -t.px(v["dy"]), 0.0])
        for m, points, alphas, w in zip(self._parts, self._points, self._alphas, self._strokes, strict=True):
            m.points = (points - self._pivot) @ a + b if alpha >= 0.004 else NOTHING
            if alphas is None:
                m.set_opacity(alpha)
            else:
                m.fill_rgbas[:, 3], m.stroke_rgbas[:, 3] = alphas[0] * alpha, alphas[1] * alpha
                m.stroke_width = w * k


class Roll(Moving):
    """A number that counts, at baseline (x, y) px. Its digits share one width, so it does not shiver.

    Numbers: value, x, y, alpha. `fmt` is a format of the value, such as "{:+.2f}" or "{:.0f} %".
    """

    def __init__(
        self,
        x: float,
        y: float,
        size: float,
        color: Color = t.PAPER,
        value: float = 0.0,
        fmt: str = "{:+.2f}",
        *,
        align: Align = "c",
        weight: str = t.BOLD,
    ) -> None:
        super().__init__(value=value, x=x, y=y, alpha=1.0)
        self.fmt, self._size, self._align, self._weight = fmt, size, {"l": 0.0, "c": 0.5, "r": 1.0}[align], weight
        self.line = t.text(self.shown(0.0), size, color, weight=weight, tnum=True)
        self.add(self.line)
        self._posed: tuple[object, ...] = ()
        self.pose(0.0)

    def shown(self, clock: float) -> str:
        """What it reads at `clock`."""
        return self.fmt.format(float(self.tracks["value"](clock))).replace("-", "−")

    def pose(self, clock: float) -> None:
        v, s = self.at(clock), self.shown(clock)
        posed = (s, v["x"], v["y"], v["alpha"])
        if posed == self._posed:
            return
        self._posed = posed
        o = fonts.outline(s, t.SANS, self._weight, True)
        start = t.at(v["x"] - o.advance * self._size * self._align, v["y"])
        self.line.points = o.points * t.px(self._size) + start if v["alpha"] >= 0.004 else NOTHING
        self.line.string = s
        self.line.fill_rgbas[:, 3] = v["alpha"]


class Live(VMobject):
    """A shape that a function of the clock redraws, (4n, 3) points in Manim units: ropes, curves, rings.

    `alpha`, a function of the clock as well, fades it.
    """

    def __init__(
        self,
        points: Callable[[float], Points],
        *,
        fill: Color | None = None,
        stroke: Color | None = None,
        w: float = 0,
        opacity: float = 1.0,
        alpha: Callable[[float], float] | None = None,
    ) -> None:
        super().__init__()
        self.become(shape(fill=fill, stroke=stroke, w=w, opacity=opacity))
        self.cap_style, self.joint_type = CapStyleType.ROUND, LineJointType.ROUND
        self._at, self._alpha = points, alpha
        self._full = self.fill_rgbas[:, 3].copy(), self.stroke_rgbas[:, 3].copy()
        self.pose(0.0)

    def pose(self, clock: float) -> None:
        alpha = 1.0 if self._alpha is None else float(self._alpha(clock))
        self.points = self._at(clock) if alpha >= 0.004 else NOTHING
        if self._alpha is not None:
            self.fill_rgbas[:, 3], self.stroke_rgbas[:, 3] = self._full[0] * alpha, self._full[1] * alpha


def rope(a: Hand, b: Hand, color: Color, w: float = 12, slack: float = 317) -> Live:
    """A plain cord between two hands; it hangs until they are `slack` px apart."""

    def points(clock: float) -> Points:
        p, q = a(clock), b(clock)
        d = q[0] - p[0]
        sag = 0.55 * max(0.0, 1 - (d / t.px(slack)) ** 2) + 0.05
        return bezier((p[0], p[1]), ((p[0] + d * 0.35, p[1] - sag), (q[0] - d * 0.35, q[1] - sag), (q[0], q[1])))

    return Live(points, stroke=color, w=w)


def spring(a: Hand, b: Hand, color: Color, w: float = 8, coils: int = 11, width: float = 23) -> Live:
    """The leash between two hands: coils that flatten as it stretches (half its `width` px at rest)."""
    u = np.linspace(0, 1, coils * 6 + 1)
    wave = np.clip(np.minimum(u, 1 - u) * 9, 0, 1) * np.sin(2 * np.pi * coils * u)

    def points(clock: float) -> Points:
        p, q = a(clock), b(clock)
        d = q - p
        length = max(float(np.hypot(d[0], d[1])), 0.2)
        normal = np.array([-d[1], d[0], 0.0]) / length
        amplitude = t.px(width) * min(max(1.5 - length / 3.0, 0.25), 1.0)
        return through(p + d * u[:, None] + normal * (amplitude * wave)[:, None])

    return Live(points, stroke=color, w=w)


def ring(at: float, x: float, y: float, color: Color, rx: float = 280, ry: float = 46, seconds: float = 0.55) -> Live:
    """One ring on the floor that spreads from (x, y) px when something lands at `at`."""

    def points(clock: float) -> Points:
        a = (clock - at) / seconds
        if not 0 < a < 1:
            return NOTHING
        k = 0.12 + ease_out(a)
        return oval(x, y, rx * k, ry * k)

    return Live(points, stroke=color, w=4, alpha=lambda clock: 1 - ramp((clock - at) / seconds, 0.6, 1.0))
