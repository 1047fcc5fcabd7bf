"""Points of shapes, (4 * curves, 3) arrays of cubic Bezier curves as Manim keeps them, and a shape made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import UP, CapStyleType, LineJointType, ManimColor, VMobject

from rushes import theme as t
from rushes.theme import Color, Points

__all__ = [
    "NOTHING",
    "bezier",
    "block",
    "ellipse",
    "gradient",
    "oval",
    "polyline",
    "round_box",
    "shape",
    "stick",
    "through",
]


def bezier(start: Sequence[float], *curves: Sequence[Sequence[float]]) -> Points:
    """A path from `start` through (handle, handle, end) triples of (x, y); shape (4 * curves, 3)."""
    flat: list[Sequence[float]] = []
    now = start
    for one, two, end in curves:
        flat += [now, one, two, end]
        now = end
    points = np.zeros((len(flat), 3))
    points[:, :2] = flat
    return points


def polyline(corners: Points) -> Points:
    """Straight lines through `corners`, shape (n, 3)."""
    a, b = corners[:-1], corners[1:]
    return np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], 1).reshape(-1, 3)


def through(points: Points) -> Points:
    """A smooth curve through `points`, shape (n, 3): Catmull-Rom handles, no solver."""
    tangent = np.gradient(points, axis=0) / 3
    return np.stack([points[:-1], points[:-1] + tangent[:-1], points[1:] - tangent[1:], points[1:]], 1).reshape(-1, 3)


_K = 0.5522847498  # handles of a quarter circle
_QUARTERS = bezier(
    (1, 0),
    ((1, _K), (_K, 1), (0, 1)),
    ((-_K, 1), (-1, _K), (-1, 0)),
    ((-1, -_K), (-_K, -1), (0, -1)),
    ((_K, -1), (1, -_K), (1, 0)),
)
NOTHING: Points = np.zeros((0, 3))


def ellipse(x: float, y: float, rx: float, ry: float) -> Points:
    """An ellipse about (x, y), all in Manim units."""
    return _QUARTERS * (rx, ry, 0.0) + (x, y, 0.0)


def block(x: float, y: float, w: float, h: float, r: float) -> Points:
    """A rounded box about (x, y), all in Manim units."""
    k, x0, x1, y0, y1 = r * 0.4477, x - w / 2, x + w / 2, y - h / 2, y + h / 2
    return bezier(
        (x0 + r, y0),
        ((x0 + r, y0), (x1 - r, y0), (x1 - r, y0)),
        ((x1 - k, y0), (x1, y0 + k), (x1, y0 + r)),
        ((x1, y0 + r), (x1, y1 - r), (x1, y1 - r)),
        ((x1, y1 - k), (x1 - k, y1), (x1 - r, y1)),
        ((x1 - r, y1), (x0 + r, y1), (x0 + r, y1)),
        ((x0 + k, y1), (x0, y1 - k), (x0, y1 - r)),
        ((x0, y1 - r), (x0, y0 + r), (x0, y0 + r)),
        ((x0, y0 + k), (x0 + k, y0), (x0 + r, y0)),
    )


def stick(x0: float, y0: float, x1: float, y1: float) -> Points:
    """A straight line."""
    return polyline(np.array([[x0, y0, 0.0], [x1, y1, 0.0]]))


def oval(x: float, y: float, rx: float, ry: float) -> Points:
    """An ellipse about a place of the frame, all in px."""
    cx, cy, _ = t.at(x, y)
    return ellipse(cx, cy, t.px(rx), t.px(ry))


def round_box(x: float, y: float, w: float, h: float, r: float) -> Points:
    """A rounded box in px of the frame: left, top, width, height, radius. Corners stay round at any width."""
    r = min(r, w / 2, h / 2)
    left, top = t.at(x, y)[:2]
    right, low, r = left + t.px(w), top - t.px(h), t.px(r)
    k = r * (1 - _K)
    corners = [
        ((right - k, low), (right, low + k), (right, low + r)),
        ((right, top - k), (right - k, top), (right - r, top)),
    ]
    corners += [
        ((left + k, top), (left, top - k), (left, top - r)),
        ((left, low + k), (left + k, low), (left + r, low)),
    ]
    starts = [(right - r, low), (right, top - r), (left + r, top), (left, low + r)]
    curves: list[Sequence[Sequence[float]]] = []
    now = (left + r, low)
    for start, corner in zip(starts, corners, strict=True):
        curves += [(now, start, start), corner]
        now = corner[2]
    return bezier((left + r, low), *curves)


def shape(
    points: Points = NOTHING,
    *,
    fill: Color | None = None,
    stroke: Color | None = None,
    w: float = 0,
    opacity: float = 1,
) -> VMobject:
    """A shape from points, with round ends and joints; stroke width w px."""
    m = VMobject()
    m.points = points
    m.set_fill(fill or t.INK, opacity if fill is not None else 0)
    m.set_stroke(stroke or t.INK, w if stroke is not None else 0, opacity)
    m.cap_style, m.joint_type = CapStyleType.ROUND, LineJointType.ROUND
    return m


def gradient(m: VMobject, *colors: Color) -> VMobject:
    """Fill from the first colour at the feet to the last at the top."""
    fill: Any = [ManimColor(c) for c in colors]
    return m.set_fill(fill, 1).set_sheen_direction(UP)
