"""A room of many little desks, each with somebody before a screen that lights up: from one desk to hundreds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rushes import theme as t
from rushes.motion import Moving, Track, ramp
from rushes.shapes import NOTHING, bezier, ellipse, polyline, shape
from rushes.theme import Color, Points

__all__ = ["Crowd"]

Box = tuple[float, float, float, float]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

DARK, BEZEL, SLAB, STAND = "#13162B", "#2B3158", "#3A4168", "#565F8F"  # a screen that is off, its frame, the desk
CHAIR_COLOR, LEG = "#20253F", "#303659"
SKIN = ("#D9A07A", "#8A5A44", "#F0C8A6")
HAIR = ("#5A4038", "#4A3550", "#9C6A34")  # one of SKIN goes with each
SHIRTS = (t.NEUTRAL, "#6C7BA8", "#7E7397")
DETAIL = 84.0  # px of a desk's place above which frame, stand and round corners are drawn
FRESH = 0.3  # how much larger a screen is when it lights up
FRESH_FOR = 30  # screens lit after it until it has its size again
NOD = 0.012  # how far a head moves
SEED = 5


def _box(left: float, low: float, right: float, top: float) -> Points:
    return polyline(np.array([[left, low, 0], [right, low, 0], [right, top, 0], [left, top, 0], [left, low, 0]]))


def _rounded(left: float, low: float, right: float, top: float, r: float) -> Points:
    k = 0.45 * r
    return bezier(
        (left + r, low),
        ((left + r, low), (right - r, low), (right - r, low)),
        ((right - k, low), (right, low + k), (right, low + r)),
        ((right, low + r), (right, top - r), (right, top - r)),
        ((right, top - k), (right - k, top), (right - r, top)),
        ((right - r, top), (left + r, top), (left + r, top)),
        ((left + k, top), (left, top - k), (left, top - r)),
        ((left, top - r), (left, low + r), (left, low + r)),
        ((left, low + k), (left + k, low), (left + r, low)),
    )


# One desk, in a place of 1 x 1 about (0, 0), seen from behind whoever sits at it.
SCREEN = (-0.37, 0.00, 0.37, 0.44)
ROUND_SCREEN, PLAIN_SCREEN = _rounded(*SCREEN, 0.025), _box(*SCREEN)
FRAME = _rounded(-0.40, -0.03, 0.40, 0.47, 0.045)
FOOT = np.vstack([_rounded(-0.05, -0.18, 0.05, 0.0, 0.01), _rounded(-0.14, -0.185, 0.14, -0.155, 0.012)])
LEGS = np.vstack([_box(-0.40, -0.46, -0.375, -0.19), _box(0.375, -0.46, 0.40, -0.19)])
MUG = np.vstack([_rounded(0.30, -0.165, 0.36, -0.085, 0.012), _rounded(0.352, -0.147, 0.382, -0.103, 0.012)])
NECK = np.vstack(
    [_rounded(-0.045, -0.30, 0.045, -0.2, 0.02), *[ellipse(side * 0.122, -0.16, 0.022, 0.032) for side in (-1, 1)]]
)  # and the ears
CHAIR = np.vstack([_rounded(-0.2, -0.485, 0.2, -0.35, 0.05), _box(-0.02, -0.5, 0.02, -0.47)])
TOP = polyline(np.array([[-0.43, -0.19, 0], [0.43, -0.19, 0]]))
TOP_W = 0.05  # its thickness
HEAD_AT, HEAD_R = (0.0, -0.15), 0.12
HEAD = bezier(
    (-HEAD_R, HEAD_AT[1]),
    ((-HEAD_R, HEAD_AT[1] + 4 / 3 * HEAD_R), (HEAD_R, HEAD_AT[1] + 4 / 3 * HEAD_R), (HEAD_R, HEAD_AT[1])),
    ((HEAD_R, HEAD_AT[1] - 4 / 3 * HEAD_R), (-HEAD_R, HEAD_AT[1] - 4 / 3 * HEAD_R), (-HEAD_R, HEAD_AT[1])),
)
BACK = bezier(
    (-0.25, -0.48),
    ((-0.25, -0.30), (-0.13, -0.25), (0.0, -0.25)),
    ((0.13, -0.25), (0.25, -0.30), (0.25, -0.48)),
    ((0.25, -0.48), (-0.25, -0.48), (-0.25, -0.48)),
)


class _View(NamedTuple):
    """The desks that are seen at a time: which, their middles in Manim units, their size, and a place's px."""

    which: Places
    middles: Points
    sizes: Floats
    cell: float


class Crowd(Moving):
    """As many desks as there are `colors`, in the box (left, top, right, bottom; px); screen i lights up in color i.

    Desk 0 is in the middle and the others around it, nearer ones first. `zoom` 0 shows desk 0 alone, `near` px
    high (as high as the box if not given), and 1 all of them; a desk that reaches the edge of the box shrinks to
    nothing there. Numbers: zoom, lit (how many screens are lit), alpha.
    """

    def __init__(self, colors: Sequence[Color], box: Box, *, near: float | None = None) -> None:
        super().__init__(zoom=0, lit=0, alpha=1)
        if not colors:
            raise ValueError("Crowd needs at least one desk")
        left, top, right, bottom = self._box = box
        wide, high, n = right - left, bottom - top, len(colors)
        columns, rows = _grid(n, wide, high)
        self._far = min(wide / columns, high / rows)
        self._near = near if near is not None else min(wide, high)
        x, y = (np.arange(columns) - (columns - 1) / 2), (np.arange(rows) - (rows - 1) / 2)
        xs, ys = (v.ravel() for v in np.meshgrid(x, y))
        first = int(np.argmin(np.hypot(xs, ys)))
        order = np.argsort(np.hypot((xs - xs[first]) / columns, (ys - ys[first]) / rows), kind="stable")[:n]
        self._xs, self._ys = xs[order], ys[order]  # in places, right and down from the middle of the box
        self._middle = (left + right) / 2, (top + bottom) / 2

        names = [t.mix(c, c, 0).to_hex() for c in colors]
        self._of = {name: np.array([i for i, c in enumerate(names) if c == name]) for name in dict.fromkeys(names)}
        self._glow = {name: Track(1.0) for name in self._of}
        self._waves: list[tuple[float, float, float, Places]] = []
        rng = np.random.default_rng(SEED)
        self._hair, self._shirt = rng.integers(0, len(HAIR), n), rng.integers(0, len(SHIRTS), n)
        self._phase, self._rate = rng.uniform(0, 2 * math.pi, n), rng.uniform(0.5, 0.9, n)

        behind = ((LEGS, LEG), (FOOT, STAND), (FRAME, BEZEL))
        self._behind = [(own, shape(fill=c)) for own, c in behind]
        self._front = [(own, shape(fill=c)) for own, c in ((MUG, t.PAPER), (CHAIR, CHAIR_COLOR))]
        self._necks = [shape(fill=c) for c in SKIN]
        self._slab, self._off = shape(stroke=SLAB, w=4), shape(fill=DARK)
        self._screens = {name: shape(fill=name) for name in self._of}
        self._backs, self._heads = [shape(fill=c) for c in SHIRTS], [shape(fill=c) for c in HAIR]
        (_, mug), (_, chair) = self._front
        self._all = [*[m for _, m in self._behind], self._slab, self._off, *self._screens.values(), mug]
        self._all += [*self._necks, *self._backs, *self._heads, chair]
        self.add(*self._all)
        self.pose(0.0)

    # ------------------------------------------------------------ scheduling
    def hush(self, at: float, which: Callable[[int], bool], glow: float = 0.3, seconds: float = t.MOVE) -> Crowd:
        """From `at` on, colors of which `which(i)` is true for their first screen i keep only `glow` of their light."""
        for name, desks in self._of.items():
            if which(int(desks[0])):
                self._glow[name].to(at, seconds, glow)
        return self

    def wave(self, at: float, which: Callable[[int], bool], seconds: float = 0.9, amount: float = 0.25) -> Crowd:
        """Screens i for which `which(i)` is true swell and settle, from the middle outwards."""
        desks = np.array([i for i in range(len(self._xs)) if which(i)], dtype=np.intp)
        self._waves.append((at, seconds, amount, desks))
        return self

    # ------------------------------------------------------------ where things are
    def desk(self, i: int, clock: float) -> tuple[float, float, float]:
        """The middle of desk i and the height of its place, px: its screen is above the middle, SCREEN of it."""
        cell, dx, dy = self._camera(clock)
        return dx + cell * self._xs[i], dy + cell * self._ys[i], cell

    def _camera(self, clock: float) -> tuple[float, float, float]:
        """Height of a place, and where the middle of the grid is, px; desk 0 starts in the middle of the box."""
        zoom = min(max(float(self.tracks["zoom"](clock)), 0.0), 1.0)
        cell = self._near * (self._far / self._near) ** zoom
        held = (cell - self._far) / max(self._near - self._far, 1e-9)  # one fixed point: a straight pull
        return (
            cell,
            self._middle[0] - self._near * self._xs[0] * held,
            self._middle[1] - self._near * self._ys[0] * held,
        )

    def _view(self, clock: float) -> _View:
        cell, dx, dy = self._camera(clock)
        left, top, right, bottom = self._box
        x, y = dx + cell * self._xs, dy + cell * self._ys
        inside = np.minimum(np.minimum(x - left, right - x), np.minimum(y - top, bottom - y))
        sizes = np.clip(inside / (0.5 * cell) + 1e-6, 0.0, 1.0)
        sizes[1:] *= ramp(float(self.tracks["zoom"](clock)), 0.0, 0.12)
        sizes[0] = 1.0
        which = np.flatnonzero(sizes > 0.02)
        w, h = t.frame_px()
        middles = np.stack([x[which] / t.UNIT - w / t.UNIT / 2, h / t.UNIT / 2 - y[which] / t.UNIT, 0 * which], 1)
        return _View(which, middles, sizes[which] * t.px(cell), cell)

    # ------------------------------------------------------------ one frame
    def pose(self, clock: float) -> None:
        alpha = float(self.tracks["alpha"](clock))
        for m in self._all:
            m.points = NOTHING
        if alpha < 0.004:
            return
        view = self._view(clock)
        near = view.cell > DETAIL
        if near:
            for own, m in (*self._behind, *self._front):
                m.points = _copies(own, view)
        self._slab.points = _copies(TOP, view)
        self._slab.stroke_width = TOP_W * view.cell
        self._pose_screens(clock, view, ROUND_SCREEN if near else PLAIN_SCREEN)
        beat = self._rate[view.which] * math.pi * clock + self._phase[view.which]
        nod = NOD * np.sin(beat) if near else None
        for kind, (back, head, neck) in enumerate(zip(self._backs, self._heads, self._necks, strict=True)):
            back.points = _copies(BACK, view, self._shirt[view.which] == kind)
            head.points = _copies(HEAD, view, self._hair[view.which] == kind, nod)
            if near:
                neck.points = _copies(NECK, view, self._hair[view.which] == kind, nod)
        for m in self._all:
            m.fill_rgbas[:, 3] = alpha if m is not self._slab else 0.0
        self._slab.stroke_rgbas[:, 3] = alpha

    def _pose_screens(self, clock: float, view: _View, screen: Points) -> None:
        reached = float(self.tracks["lit"](clock))
        lit = view.which < math.floor(reached + 1e-6)
        swell = 1 + FRESH * np.clip(1 - (reached - view.which) / FRESH_FOR, 0, 1) * (view.cell <= DETAIL)
        for at, seconds, amount, desks in self._waves:
            if at < clock < at + seconds + 0.5:
                swell = swell + np.where(np.isin(view.which, desks), amount * self._crest(clock - at, seconds, view), 0)
        centre = np.array([0.0, (SCREEN[1] + SCREEN[3]) / 2, 0.0])
        self._off.points = _copies(screen, view, ~lit)
        dark = np.array(t.mix(DARK, DARK, 0).to_rgb())
        for name, m in self._screens.items():
            mine = lit & np.isin(view.which, self._of[name], assume_unique=True)
            m.points = _copies(screen, view, mine, swell=swell, about=centre)
            full, glow = np.array(t.mix(name, name, 0).to_rgb()), self._glow[name](clock)
            m.fill_rgbas[:, :3] = dark + (full - dark) * glow

    def _crest(self, since: float, seconds: float, view: _View) -> Floats:
        """How far each screen has swelled: a crest that runs from desk 0 to the last one in `seconds`."""
        late = seconds * np.sqrt(view.which / max(len(self._xs), 1))
        a = np.clip((since - late) / 0.5, 0.0, 1.0)
        return np.asarray(np.sin(math.pi * a) ** 2)


def _grid(n: int, wide: float, high: float) -> tuple[int, int]:
    """Columns and rows for n square places, as large as they can be in wide x high px."""
    best = max(range(1, n + 1), key=lambda columns: min(wide / columns, high / math.ceil(n / columns)))
    return best, math.ceil(n / best)


def _copies(
    own: Points,
    view: _View,
    chosen: npt.NDArray[np.bool_] | None = None,
    rise: Floats | None = None,
    *,
    swell: Floats | None = None,
    about: Points | None = None,
) -> Points:
    """A shape at every desk of the view or at the `chosen` ones: raised by `rise`, grown by `swell` about a point."""
    middles, sizes = view.middles, view.sizes
    if chosen is not None:
        middles, sizes = middles[chosen], sizes[chosen]
        rise = rise[chosen] if rise is not None else None
        swell = swell[chosen] if swell is not None else None
    if not len(sizes):
        return NOTHING
    shapes = np.broadcast_to(own, (len(sizes), *own.shape))
    if swell is not None and about is not None:
        shapes = (shapes - about) * swell[:, None, None] + about
    if rise is not None:
        shapes = shapes + np.stack([0 * rise, rise, 0 * rise], 1)[:, None]
    return (middles[:, None] + shapes * sizes[:, None, None]).reshape(-1, 3)
