"""The classifier of the ruler's scenes, as a camera on a stand with one eye."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from rushes import theme as t
from rushes.motion import Moving, Sprite, Track, ease_out, fall, linear, over, rise
from rushes.shapes import oval, polyline, shape

REACH = 0.42  # of the iris' radius: how far the eye turns


class Spotter(Moving):
    """The classifier, as a camera on a stand whose one eye goes to what is spoken of; it blinks now and then.

    (x, y) px is where it stands and `h` its height. Numbers: look_x, look_y (-1 to 1), dx, dy (px),
    alpha.
    """

    BLINKS = 2.9  # s from one to the next

    def __init__(self, x: float, y: float, h: float, alpha: float = 1.0) -> None:
        super().__init__(dx=0, dy=0, alpha=alpha, look_x=0, look_y=0)
        self._eye, self._r, self._h = (x, y - 0.66 * h), 0.155 * h, h
        cx, cy = self._eye
        iris = [
            shape(oval(cx, cy, self._r, self._r), fill=t.POLICY),
            shape(oval(cx, cy, 0.52 * self._r, 0.52 * self._r), fill=t.INK),
            shape(oval(cx - 0.34 * self._r, cy - 0.36 * self._r, 0.2 * self._r, 0.2 * self._r), fill=t.PAPER),
        ]
        self._body, self._iris = Sprite(_body(x, y, h), pivot=(x, y)), Sprite(*iris, pivot=self._eye)
        self._mirror = Sprite(*_mirror(x, y, h))
        self._slips, self._drops, self._worn = Track(0.0), Track(-0.35 * h), Track(0.0)
        for part in (self._body, self._iris):
            part.drive(alpha=self.tracks["alpha"])
        self._body.drive(dx=self.tracks["dx"], dy=self.tracks["dy"])
        self._iris.drive(dx=self._across, dy=self._down, flip=self._blink)
        self._mirror.drive(dx=lambda c: self._moved("dx", c) + self._slips(c))
        self._mirror.drive(dy=lambda c: self._moved("dy", c) + self._drops(c), alpha=self._worn)
        self.add(self._body, self._iris, self._mirror)
        self.pose(0.0)

    def enter(self, at: float, seconds: float = t.ENTER, rise: float = 40) -> Spotter:
        """Fade in while rising `rise` px."""
        self._appear(at, seconds, dy=rise)
        return self

    def promote(self, at: float) -> Spotter:
        """A doctor's head mirror comes down on it; with a time well below 0 it wears one from the first frame."""
        self._worn.to(at, 0.12, 1.0)
        self._drops.to(at, 0.35, 0.0, fall).to(at + 0.35, 0.09, -0.03 * self._h, ease_out).to(
            at + 0.44, 0.09, 0.0, fall
        )
        return self

    def demote(self, at: float) -> Spotter:
        """The mirror slides off and falls."""
        self._slips.to(at, 0.25, 0.2 * self._h).to(at + 0.25, 0.45, 0.6 * self._h, linear)
        self._drops.to(at + 0.25, 0.45, 0.94 * self._h, fall)
        self._mirror.to(at, 0.25, rot=-0.5).to(at + 0.25, 0.45, fall, rot=-2.2)
        self._worn.to(at + 0.9, t.EXIT, 0.0)
        return self

    def hop(self, at: float, height: float = 24) -> Spotter:
        """A small joy."""
        self.to(at, 0.2, rise, dy=-height).to(at + 0.2, 0.2, fall, dy=0)
        return self

    def look_at(self, at: float, x: float, y: float, seconds: float = 0.2) -> Spotter:
        """The eye goes to a place of the frame, px."""
        dx, dy = x - self._eye[0], y - self._eye[1]
        far = max(float(np.hypot(dx, dy)), 1.0)
        self.to(at, seconds, over, look_x=dx / far, look_y=dy / far)
        return self

    def look_out(self, at: float) -> Spotter:
        """It looks at us."""
        self.to(at, 0.2, over, look_x=0, look_y=0)
        return self

    def _moved(self, way: str, clock: float) -> float:
        return float(self.tracks[way](clock))

    def _across(self, clock: float) -> float:
        return self._moved("dx", clock) + REACH * self._r * self._moved("look_x", clock)

    def _down(self, clock: float) -> float:
        return self._moved("dy", clock) + REACH * self._r * self._moved("look_y", clock)

    def _blink(self, clock: float) -> float:
        since = (clock + 1.2) % self.BLINKS
        return float(np.interp(since, (0, 0.05, 0.08, 0.17), (0, 0.46, 0.46, 0)))

    def pose(self, clock: float) -> None:
        self._body.pose(clock)
        self._iris.pose(clock)
        self._mirror.pose(clock)


def _mirror(x: float, y: float, h: float) -> list[VMobject]:
    """A doctor's round mirror with a hole, above the eye."""
    y -= h
    parts = ((0.17, t.MUTED), (0.135, t.PAPER), (0.04, t.PANEL))
    return [t.disc(x, y, share * h, color) for share, color in parts]


def _body(x: float, y: float, h: float) -> VGroup:
    """Stand, box, viewfinder and the rim of the eye."""
    w, top = 0.86 * h, y - 0.94 * h
    dark, top_of_legs = t.SHADE[t.NEUTRAL], t.at(x, y - 0.4 * h)
    feet = [t.at(x + s * 0.3 * h, y) for s in (-1, 1)]
    legs = [shape(polyline(np.array([top_of_legs, foot])), stroke=dark, w=0.06 * h) for foot in feet]
    box = t.card(x - w / 2, top, w, 0.56 * h, t.NEUTRAL, r=0.12 * h)
    box.set_fill([dark, t.NEUTRAL]).set_sheen_direction((0, 1, 0))
    hump = t.card(x - 0.2 * h, top - 0.07 * h, 0.22 * h, 0.14 * h, t.NEUTRAL, r=0.04 * h)
    lamp = t.disc(x + 0.34 * h, top + 0.09 * h, 0.032 * h, t.POLICY)
    rim = [t.disc(x, y - 0.66 * h, 0.255 * h, dark), t.disc(x, y - 0.66 * h, 0.225 * h, t.PAPER)]
    return VGroup(*legs, hump, box, lamp, *rim)
