"""A knob: one weight of a model, as a thing to turn."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from manim import VGroup

from rushes import theme as t
from rushes.motion import Live
from rushes.shapes import ellipse, polyline, shape
from rushes.theme import Color, Points

Clocked = Callable[[float], float]

SWEEP = 0.75 * math.pi
"""How far a knob turns to either side of straight up."""
NOTCHES = 11


def knob(x: float, y: float, r: float, color: Color = t.VALUES) -> VGroup:
    """The still part, r px in radius around (x, y): a disc and notches around it."""
    angles = np.linspace(-SWEEP, SWEEP, NOTCHES)
    marks = [polyline(np.array([tip(x, y, a, 1.16 * r), tip(x, y, a, 1.27 * r)])) for a in angles]
    return VGroup(
        shape(np.vstack(marks), stroke=t.GRID, w=max(0.045 * r, 2)),
        t.disc(x, y, r, t.RAISED).set_stroke(color, max(0.05 * r, 3)),
        t.disc(x, y, 0.72 * r, t.PANEL),
    )


def tip(x: float, y: float, angle: float, r: float) -> Points:
    """A place r px from (x, y), `angle` radians to the right of straight up, in Manim units."""
    return t.at(x + r * math.sin(angle), y - r * math.cos(angle))


def hand(x: float, y: float, r: float, turned: Clocked, seen: Clocked, color: Color = t.PAPER) -> Live:
    """The pointer of a knob; over the clock, `turned` is -1 (far left) to 1 (far right), and `seen` its opacity."""

    def points(clock: float) -> Points:
        angle = SWEEP * min(max(turned(clock), -1.0), 1.0)
        return polyline(np.array([tip(x, y, angle, 0.25 * r), tip(x, y, angle, 0.9 * r)]))

    return Live(points, stroke=color, w=max(0.11 * r, 4), alpha=seen)


def many_knobs(places: Points, r: float) -> Points:
    """The rims of knobs around places in Manim units, shape (n, 3), as one shape."""
    return (np.asarray(places)[:, None] + ellipse(0, 0, t.px(r), t.px(r))[None]).reshape(-1, 3)


def many_hands(places: Points, r: float, turned: Points) -> Points:
    """The pointers of knobs around places in Manim units; `turned` (n) is -1 to 1."""
    way = np.stack([np.sin(SWEEP * turned), np.cos(SWEEP * turned), np.zeros_like(turned)], -1) * t.px(r)
    a, b = places + 0.2 * way, places + 0.85 * way
    return np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], 1).reshape(-1, 3)


__all__ = ["hand", "knob", "many_hands", "many_knobs"]
