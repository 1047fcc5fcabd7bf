"""A thumb up or down."""

from __future__ import annotations

from manim import VGroup, VMobject

from rushes import theme as t
from rushes.theme import Color

__all__ = ["thumb"]


def thumb(x: float, y: float, h: float, color: Color, *, up: bool = True) -> VGroup:
    """A fist with its thumb up, or down, in one colour: middle and height in px."""

    def box(left: float, top: float, wide: float, high: float, fill: Color, r: float) -> VMobject:
        return t.card(x + left * h, y + top * h, wide * h, high * h, fill, r=r * h)

    dark = t.mix(color, t.INK, 0.45)
    hand = [
        box(-0.46, -0.04, 0.15, 0.48, dark, 0.04),
        box(-0.13, -0.50, 0.24, 0.72, color, 0.12).rotate(-0.28),
        box(-0.27, -0.08, 0.56, 0.54, color, 0.12),
        *[box(-0.02, -0.09 + 0.14 * k, 0.44 - 0.03 * max(k - 1, 0), 0.14, color, 0.07) for k in range(4)],
        *[box(0.10, 0.04 + 0.14 * k, 0.26, 0.018, dark, 0.009) for k in range(3)],
    ]
    sign = VGroup(*hand)
    return sign if up else sign.stretch(-1, 1, about_point=t.at(x, y))
