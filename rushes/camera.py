"""A camera that draws what Manim's does, pixel for pixel, in less time.

Paths go to Cairo without the bookkeeping in between, pictures are drawn by Cairo too, what never moves is drawn
once, as the background, and of a frame only the rectangles are drawn in which it differs from the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self, cast

import cairo
import numpy as np
import numpy.typing as npt
from manim import Camera, Mobject, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from rushes.rectangles import Rectangle, rectangles
from rushes.shown import NOWHERE, Shown, drawn_from, picture, place

__all__ = ["DirectCamera"]

AROUND = 2  # pixels around a shape, for the soft edge of its last one
MITER, SQUARE = 10, 1.5  # half widths that a stroke reaches from its path: at the tip of a corner, at an end


class DirectCamera(Camera):
    """Use as `camera_class=DirectCamera`. Shapes come out as from Manim's camera; pictures are filtered bilinearly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._shown: dict[int, Shown] | None = None
        super().__init__(*args, **kwargs)
        self.changed: list[Rectangle] = []
        """Where the picture may differ from what it was when somebody last emptied this list."""

    # ---------------------------------------------------------------- only what changed
    def redraw(self, mobjects: Iterable[Mobject]) -> None:
        """Bring the picture from what was drawn last to `mobjects`, drawing only rectangles in which they differ.

        These are added to `changed`. Where the edge of one cuts through a shape or a picture, Cairo may round a few
        pixels otherwise than in a frame that is drawn whole: by 1 of 255, now and then by up to 16.
        """
        leaves = self.get_mobjects_to_display(mobjects)
        states = [state for m in leaves if (state := drawn_from(m))]
        if len(states) < len(leaves):
            self.reset()
            self.capture_mobjects(mobjects)
            self.changed.append(self._whole)
            return
        old, new = self._shown, dict[int, Shown]()
        dirty: list[Rectangle] = []
        for m, state in zip(leaves, states, strict=True):
            before = old.get(id(m)) if old else None
            if before is None or before.state != state:
                shown = new[id(m)] = Shown(m, state, before)
                shown.box = self._box(shown)
                dirty += [shown.box, before.box] if before else [shown.box]
            else:
                new[id(m)] = before
        if old is None or not _in_order(old, new):
            found = [self._whole]
        else:
            dirty += [shown.box for key, shown in old.items() if key not in new]
            found = rectangles(dirty, self.pixel_width, self.pixel_height)
        for rectangle in found:
            self._redraw(rectangle, new)
        self._shown = new
        self.changed += found

    def reset(self) -> Self:
        """Start from the background."""
        self._shown = None
        return super().reset()

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """The picture, RGBA (height, width, 4); it is drawn over: whoever keeps it copies it."""
        return cast("npt.NDArray[np.uint8]", self.pixel_array)

    @property
    def _whole(self) -> Rectangle:
        return 0, 0, self.pixel_width, self.pixel_height

    def _redraw(self, rectangle: Rectangle, shown: Mapping[int, Shown]) -> None:
        background: Any = self.background
        left, top, right, bottom = rectangle
        self.pixel_array[top:bottom, left:right] = background[top:bottom, left:right]
        with self._clipped(rectangle) as ctx:
            for one in shown.values():
                x0, y0, x1, y1 = one.box
                if x0 < right and left < x1 and y0 < bottom and top < y1:
                    if isinstance(one.mobject, VMobject):
                        self._draw(ctx, one)
                    else:
                        one.picture = one.picture or picture(one.mobject)
                        place(ctx, one.mobject, one.picture)

    @contextmanager
    def _clipped(self, box: Rectangle) -> Iterator[Any]:
        ctx = self.get_cairo_context(self.pixel_array)
        matrix = ctx.get_matrix()
        ctx.identity_matrix()
        ctx.new_path()
        ctx.rectangle(box[0], box[1], box[2] - box[0], box[3] - box[1])
        ctx.clip()
        ctx.set_matrix(matrix)
        try:
            yield ctx
        finally:
            ctx.reset_clip()

    def _box(self, shown: Shown) -> Rectangle:
        """The pixels that a mobject may touch; an empty box when it cannot be seen."""
        if not shown.seen:
            return NOWHERE
        x, y = self.pixel_width / self.frame_width, self.pixel_height / self.frame_height
        across, up = shown.xy[::2], shown.xy[1::2]
        around = float(AROUND)
        if width := max(shown.stroke, shown.under):
            sharp = LINE_JOIN_MAP[shown.mobject.joint_type] == cairo.LineJoin.MITER
            around += width * self.cairo_line_width_multiple * x / 2 * (MITER if sharp else SQUARE)
        dx = self.pixel_width / 2 - float(self.frame_center[0]) * x
        dy = self.pixel_height / 2 + float(self.frame_center[1]) * y
        return (
            max(int(min(across) * x + dx - around), 0),
            max(int(dy - max(up) * y - around), 0),
            min(int(max(across) * x + dx + around) + 1, self.pixel_width),
            min(int(dy - min(up) * y + around) + 1, self.pixel_height),
        )

    # ---------------------------------------------------------------- drawing
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
            self._draw(ctx, Shown(m))

    def _draw(self, ctx: Any, shown: Shown) -> None:
        if not shown.seen:
            return
        m = shown.mobject
        shown.trace(ctx)
        if shown.under > 0:
            self._stroke(ctx, m, m.background_stroke_rgbas, shown.under)
        if shown.fill:
            self._source(ctx, m, m.fill_rgbas)
            ctx.fill_preserve()
        if shown.stroke > 0:
            self._stroke(ctx, m, m.stroke_rgbas, shown.stroke)

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
        place(self.get_cairo_context(pixel_array), image_mobject, picture(image_mobject))


def _in_order(old: Mapping[int, Shown], new: Mapping[int, Shown]) -> bool:
    """Whether what is in both lies in the same order."""
    return (old.keys() == new.keys() and list(old) == list(new)) or (
        [key for key in old if key in new] == [key for key in new if key in old]
    )
