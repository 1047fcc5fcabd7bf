"""A camera that draws what Manim's does, pixel for pixel, in less time.

Paths go to Cairo without the bookkeeping in between, pictures are drawn by Cairo too, and what never moves is drawn
once, as the background.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import cairo
import numpy as np
from manim import Camera, Mobject, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

__all__ = ["DirectCamera"]

# How far apart two ends may be and still be one point, as in numpy.isclose and so in Manim.
TOLERANCE, RELATIVE = 1e-6, 1e-5


class DirectCamera(Camera):
    """Use as `camera_class=DirectCamera`. Shapes come out as from Manim's camera; pictures are filtered bilinearly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._traced: WeakKeyDictionary[VMobject, tuple[Any, Any]] = WeakKeyDictionary()

    def set_backdrop(self, mobjects: Sequence[Mobject]) -> None:
        """Draw still things once; every later frame starts from that picture, at the price of one array copy."""
        self.init_background()
        self.reset()
        self.capture_mobjects(mobjects)
        self.set_background(self.pixel_array.copy())

    def display_multiple_non_background_colored_vmobjects(
        self, vmobjects: Iterable[VMobject], pixel_array: Any
    ) -> None:
        ctx = self.get_cairo_context(pixel_array)
        for m in vmobjects:
            self._draw(ctx, m)

    def _draw(self, ctx: Any, m: VMobject) -> None:
        points = m.points
        if len(points) < 4:
            return
        fills, strokes = m.fill_rgbas, m.stroke_rgbas
        width, under = float(m.stroke_width), float(m.background_stroke_width)
        fill = len(fills) > 0 and fills[:, 3].max() > 0
        stroke = width > 0 and len(strokes) > 0 and strokes[:, 3].max() > 0
        if not (fill or stroke or under > 0):
            return
        self._trace(ctx, m, points)
        if under > 0:
            self._stroke(ctx, m, m.background_stroke_rgbas, under)
        if fill:
            self._source(ctx, m, fills)
            ctx.fill_preserve()
        if stroke:
            self._stroke(ctx, m, strokes, width)

    def _trace(self, ctx: Any, m: VMobject, points: Any) -> None:
        """Trace, or take Cairo's own copy of the path when the shape has rested for a frame (a fifth of the time)."""
        before, path = self._traced.get(m, (None, None))
        if before is not None and len(before) == len(points) and np.array_equal(before, points):
            if path is None:
                trace(ctx, points)
                self._traced[m] = (before, ctx.copy_path())
            else:
                ctx.new_path()
                ctx.append_path(path)
        else:
            trace(ctx, points)
            self._traced[m] = (points.copy(), None)

    def _stroke(self, ctx: Any, m: VMobject, rgbas: Any, width: float) -> None:
        self._source(ctx, m, rgbas)
        ctx.set_line_width(width * self.cairo_line_width_multiple)
        ctx.set_line_join(LINE_JOIN_MAP[m.joint_type])
        ctx.set_line_cap(CAP_STYLE_MAP[m.cap_style])
        ctx.stroke_preserve()

    def _source(self, ctx: Any, m: VMobject, rgbas: Any) -> None:
        if len(rgbas) == 1:
            r, g, b, a = rgbas[0].tolist()
            ctx.set_source_rgba(b, g, r, a)  # the surface keeps its bytes the other way round
        else:
            self.set_cairo_context_color(ctx, rgbas, m)

    def display_image_mobject(self, image_mobject: Any, pixel_array: Any) -> None:
        """Cairo draws the picture where its corners are. Manim's own way builds two more frames and takes 0.3 s."""
        rgba = image_mobject.get_pixel_array()
        h, w = rgba.shape[:2]
        data = rgba.copy()
        data[..., :3] = (rgba[..., :3] * (rgba[..., 3:].astype(np.uint16) + 1)) >> 8  # Cairo wants it premultiplied
        picture = cairo.ImageSurface.create_for_data(data, cairo.FORMAT_ARGB32, w, h)
        corner, right, down = (p[:2] for p in image_mobject.points[:3])
        (ax, ay), (bx, by) = (right - corner) / w, (down - corner) / h
        ctx = self.get_cairo_context(pixel_array)
        ctx.save()
        ctx.transform(cairo.Matrix(ax, ay, bx, by, *corner))
        ctx.set_source_surface(picture)
        ctx.get_source().set_filter(cairo.FILTER_BILINEAR)
        ctx.get_source().set_extend(cairo.EXTEND_PAD)  # else the last pixels fade out at the edges
        ctx.new_path()  # the last shape's path is still there, and would be cut out of the picture
        ctx.rectangle(0, 0, w, h)
        ctx.fill()
        ctx.restore()


def trace(ctx: Any, points: Any) -> None:
    """Put cubic curves, shape (4n, 3), on the context, cut into subpaths where Manim would cut them."""
    # one flat list: a list for each point would keep the garbage collector busy where there are many
    move, bend, values = ctx.move_to, ctx.curve_to, points[:, :2].ravel().tolist()
    n = len(points) - len(points) % 4
    cuts = [0, n]
    if n > 4:
        ends, starts = points[3 : n - 1 : 4, :2], points[4:n:4, :2]
        together = (np.abs(ends - starts) <= TOLERANCE + RELATIVE * np.abs(starts)).all(axis=1)
        cuts = [0, *(4 * (np.flatnonzero(~together) + 1)).tolist(), n]
    ctx.new_path()
    for first, end in pairwise(cuts):
        x0, y0 = values[2 * first : 2 * first + 2]
        move(x0, y0)
        for i in range(2 * first, 2 * end, 8):
            bend(*values[i + 2 : i + 8])
        x, y = values[2 * end - 2 : 2 * end]
        if abs(x0 - x) <= TOLERANCE + RELATIVE * abs(x) and abs(y0 - y) <= TOLERANCE + RELATIVE * abs(y):
            ctx.close_path()
