"""Shown: a mobject as it was drawn, and how Cairo draws it again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cairo
import numpy as np
from manim import VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject

from rushes.rectangles import Rectangle

__all__ = ["NOWHERE", "Shown", "drawn_from", "picture", "place"]

# How far apart two ends may be and still be one point, as in numpy.isclose and so in Manim.
TOLERANCE, RELATIVE = 1e-6, 1e-5
NOWHERE: Rectangle = (0, 0, 0, 0)


def drawn_from(m: Any) -> tuple[Any, ...] | None:
    """Equal when a mobject is drawn as before; None for kinds of which that is not known."""
    if isinstance(m, VMobject):
        if m.background_image is not None:
            return None
        return (
            m.points.tobytes(), m.fill_rgbas.tobytes(), m.stroke_rgbas.tobytes(), m.stroke_width,
            m.background_stroke_width, m.background_stroke_rgbas.tobytes(), m.joint_type, m.cap_style,
            np.asarray(m.sheen_direction).tobytes(),
        )  # fmt: skip
    if isinstance(m, AbstractImageMobject):
        return m.points.tobytes(), m.get_pixel_array().tobytes()
    return None


class Shown:
    """A mobject as it was drawn: what is asked about it on every frame, found out once."""

    __slots__ = ("box", "fill", "mobject", "path", "picture", "seen", "state", "stroke", "times", "under", "xy")

    def __init__(self, mobject: Any, state: tuple[Any, ...] = (), before: Shown | None = None) -> None:
        self.mobject, self.state = mobject, state
        self.box, self.path, self.times = NOWHERE, None, 0
        self.picture: cairo.ImageSurface | None = None
        points = mobject.points
        self.xy: list[float] = points[:, :2].ravel().tolist()
        """x, y, x, y, ...; units of the scene"""
        self.under = self.stroke = 0.0
        self.fill = False
        if not isinstance(mobject, VMobject):
            self.seen = len(points) > 0
            if before and before.picture and before.state[1] == state[1]:
                self.picture = before.picture  # it only moved
            return
        if len(points) >= 4:
            self.under = float(mobject.background_stroke_width)
            self.fill = _opaque(mobject.fill_rgbas)
            width = float(mobject.stroke_width)
            self.stroke = width if width > 0 and _opaque(mobject.stroke_rgbas) else 0.0
        self.seen = self.fill or self.stroke > 0 or self.under > 0

    def trace(self, ctx: Any) -> None:
        """Trace, or take Cairo's own copy of the path when it is drawn again (a fifth of the time)."""
        if self.path is not None:
            ctx.new_path()
            ctx.append_path(self.path)
            return
        _trace(ctx, self.xy)
        self.times += 1
        if self.times > 1:
            self.path = ctx.copy_path()


def _opaque(rgbas: Any) -> bool:
    if len(rgbas) == 1:
        return bool(rgbas[0, 3] > 0)
    return len(rgbas) > 0 and bool(rgbas[:, 3].max() > 0)


def _trace(ctx: Any, values: Sequence[float]) -> None:
    """Put cubic curves on the context, cut into subpaths where Manim would cut them.

    `values` are the x and y of their points, four a curve, flat: a list for each point would keep the garbage collector
    busy where there are many, and arrays of a few points take longer than they save.
    """
    move, bend = ctx.move_to, ctx.curve_to
    ctx.new_path()
    x0 = y0 = x = y = math.nan
    for i in range(0, len(values) - len(values) % 8, 8):
        ax, ay = values[i], values[i + 1]
        if (ax != x or ay != y) and not _together(x, y, ax, ay):
            if _together(x0, y0, x, y):
                ctx.close_path()
            x0, y0 = ax, ay
            move(ax, ay)
        bend(*values[i + 2 : i + 8])
        x, y = values[i + 6], values[i + 7]
    if _together(x0, y0, x, y):
        ctx.close_path()


def _together(x0: float, y0: float, x: float, y: float) -> bool:
    if x0 == x and y0 == y:  # nearly always
        return True
    return abs(x0 - x) <= TOLERANCE + RELATIVE * abs(x) and abs(y0 - y) <= TOLERANCE + RELATIVE * abs(y)


def picture(image: Any) -> cairo.ImageSurface:
    """An image mobject's pixels as Cairo wants them: premultiplied."""
    rgba = image.get_pixel_array()
    h, w = rgba.shape[:2]
    data = rgba.copy()
    data[..., :3] = (rgba[..., :3] * (rgba[..., 3:].astype(np.uint16) + 1)) >> 8
    return cairo.ImageSurface.create_for_data(data, cairo.FORMAT_ARGB32, w, h)


def place(ctx: Any, image: Any, picture: cairo.ImageSurface) -> None:
    """Draw a picture where an image mobject's corners are."""
    w, h = picture.get_width(), picture.get_height()
    corner, right, down = (p[:2] for p in image.points[:3])
    (ax, ay), (bx, by) = (right - corner) / w, (down - corner) / h
    ctx.save()
    ctx.transform(cairo.Matrix(ax, ay, bx, by, *corner))
    ctx.set_source_surface(picture)
    ctx.get_source().set_filter(cairo.FILTER_BILINEAR)
    ctx.get_source().set_extend(cairo.EXTEND_PAD)  # else the last pixels fade out at the edges
    ctx.new_path()  # the last shape's path is still there, and would be cut out of the picture
    ctx.rectangle(0, 0, w, h)
    ctx.fill()
    ctx.restore()
