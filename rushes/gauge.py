"""A gauge for the probability of one of two classes: a needle, two halves, their names and signs."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import ManimColor, VMobject

from rushes import theme as t
from rushes.motion import Moving, Roll
from rushes.shapes import oval, polyline, shape, through
from rushes.theme import Color, Points

__all__ = ["Gauge", "class_sign"]


def class_sign(high: bool, x: float, y: float, r: float, color: Color = t.PAPER) -> VMobject:
    """The sign of a class, so that it is told by shape as well: a triangle for the high one, a ring for the low."""
    if not high:
        return shape(oval(x, y, 0.8 * r, 0.8 * r), stroke=color, w=max(0.22 * r, 4))
    corners = [t.at(x + r * a, y + r * b) for a, b in ((0, -0.95), (0.95, 0.72), (-0.95, 0.72), (0, -0.95))]
    return shape(polyline(np.array(corners)), fill=color, stroke=color, w=max(0.12 * r, 3))


class Gauge(Moving):
    """A probability as a needle over two halves, one a class; the half it is in lights up with its name.

    The hub is at (x, y) px and the needle `r` px long. Numbers: value (0 to 1), shake (added where the needle points,
    and nowhere else), alpha. `number` is the value in digits under the hub, `label` what it is.
    """

    def __init__(
        self, x: float, y: float, r: float, low: str, high: str, value: float = 0.5, label: str = "probability"
    ) -> None:
        super().__init__(value=value, shake=0, alpha=1.0)
        self._x, self._y, self._r = x, y, r
        self._halves = [shape(self._arc(*ends), stroke=t.RAISED, w=0.13 * r) for ends in ((0.02, 0.485), (0.515, 0.98))]
        self._needle = shape(fill=t.PAPER)
        self._hub = [
            shape(oval(x, y, 0.1 * r, 0.1 * r), fill=t.PAPER),
            shape(oval(x, y, 0.04 * r, 0.04 * r), fill=t.INK),
        ]
        self._names = [
            t.put(t.text(s, t.T_BODY, weight=t.BOLD), x + k * r, y + 84, "c") for s, k in ((low, -1), (high, 1))
        ]
        self._signs = [class_sign(k > 0, x + k * r, y + 126, 20) for k in (-1, 1)]
        self.number = Roll(x, y + 96, t.T_BIG, t.PAPER, value, "{:.2f}")
        self.number.drive(value=lambda clock: self.at(clock)["value"], alpha=lambda clock: self.at(clock)["alpha"])
        self._label = t.put(t.text(label, t.T_LABEL, t.MUTED), x, y + 146, "c")
        self.add(self._label, *self._halves, self._needle, *self._hub, *self._names, *self._signs, self.number)
        self._plain, self._lit = (np.array(ManimColor(c).to_rgb()) for c in (t.RAISED, t.MUTED))
        self._faint, self._clear = (np.array(ManimColor(c).to_rgb()) for c in (t.NEUTRAL, t.PAPER))
        self.pose(0.0)

    def _arc(self, start: float, end: float) -> Points:
        turns = np.pi * (1 - np.linspace(start, end, 13))
        return through(np.array([t.at(self._x + self._r * np.cos(a), self._y - self._r * np.sin(a)) for a in turns]))

    def tip(self, clock: float) -> tuple[float, float]:
        """Where the needle points, px: somewhere to look."""
        a = np.pi * (1 - self.at(clock)["value"])
        return self._x + self._r * float(np.cos(a)), self._y - self._r * float(np.sin(a))

    def waver(self, at: float, amount: float = 0.03, swings: int = 3) -> Self:
        """The needle trembles: something has changed and it has not said what."""
        for k in range(2 * swings):
            self.to(at + 0.09 * k, 0.09, shake=amount * (1, -1)[k % 2] * (1 - k / (2 * swings)))
        return self.to(at + 0.18 * swings, 0.1, shake=0)

    def pose(self, clock: float) -> None:
        v = self.at(clock)
        high = min(max((v["value"] - 0.44) / 0.12, 0.0), 1.0)
        for on, half, name, sign in zip((1 - high, high), self._halves, self._names, self._signs, strict=True):
            half.stroke_rgbas[:, :3] = self._plain + on * (self._lit - self._plain)
            half.stroke_rgbas[:, 3] = v["alpha"]
            ink = self._faint + on * (self._clear - self._faint)
            name.fill_rgbas[:, :3], name.fill_rgbas[:, 3] = ink, v["alpha"]
            sign.stroke_rgbas[:, :3] = sign.fill_rgbas[:, :3] = ink
            sign.stroke_rgbas[:, 3], sign.fill_rgbas[:, 3] = v["alpha"], v["alpha"] * (sign is self._signs[1])
        a = np.pi * (1 - v["value"] - v["shake"])
        along, across = np.array((np.cos(a), np.sin(a), 0)), np.array((-np.sin(a), np.cos(a), 0))
        hub, r = t.at(self._x, self._y), t.px(self._r)
        corners = [hub + 0.055 * r * across, hub + 0.9 * r * along, hub - 0.055 * r * across, hub + 0.055 * r * across]
        self._needle.points = polyline(np.array(corners))
        for part in (self._needle, *self._hub, self._label):
            part.fill_rgbas[:, 3] = v["alpha"]
        self.number.pose(clock)
