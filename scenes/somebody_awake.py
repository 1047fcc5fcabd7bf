"""The last picture: the night office of the other film, a cord beside an empty chair, and somebody who sits down."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import _office as office
import numpy as np
from _cord import andon_cord
from manim import Mobject

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_out, linear, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline
from rushes.theme import Points

CORD, HANDLE = 1060, 556  # where it hangs, and the top of its handle, as the office counts
HIP, SEAT = 196, 158  # px from the floor to the hips of one who stands, and of one who sits
BUST = 224  # px from hips to hair
STRIDE, LIFT, STEP_S = 46, 20, 0.36  # px, px, s
TROUSERS, SHOE = "#2E3560", "#1B2040"
EARLY = 0.05  # s that a change starts before its word
WALK = 1.9  # s at most
AHEAD = 0.9  # s before the words that somebody comes into the picture
DIM = 0.45
WARM = "#FFB870"
QUARTER_TO_FIVE = ((0.48, 4.75 / 12), (0.74, 0.75))  # length of a hand over the clock's radius, turns


class Places(NamedTuple):
    """How the office, which is drawn for a wide frame, stands in this one."""

    size: float
    left: float
    """Where the window's left edge is, px."""
    comes_from: float
    """x in px of the frame, outside of it."""
    pupil: tuple[float, float]
    """Middle and height of the Apprentice."""


WIDE = Places(1.0, office.WINDOW[0], -140, (1716, 236))
TALL = Places(0.92, 70, -140, (800, 196))


class SomebodyAwake(RunScene):
    """Nothing is recorded here. A cord comes down, somebody comes in and sits down beside it, and the lamp goes on."""

    alone = 9.0

    def construct(self) -> None:
        places = TALL if t.tall() else WIDE
        stage = office.Stage(places.size, places.left, t.ground()[1])
        cord, somebody = (self.cue(name) - EARLY for name in ("a-cord", "somebody-awake"))
        comes = max(somebody - AHEAD, cord + 0.3)
        sits = comes + min(WALK, max(self.seconds - comes - 2.4, 0.8))
        light = sits + 0.55
        floor = stage.place(0, 784)[1]
        wall = t.backdrop((50, 50, 84), (18, 18, 34), (0.52, 0.4), floor=floor, floor_at=(0.5, 0.5))
        self.bake(wall, *stage.all(*office.window(), office.moon(), *office.desk(), office.clock_face(), *hands()))

        dark = Sprite(t.card(-20, -20, t.frame_px()[0] + 40, t.frame_px()[1] + 40, "#070918", r=0), alpha=DIM)
        moonlit = Sprite(*stage.all(*office.moonbeam()), alpha=0.9)
        chair = Sprite(*stage.all(office.swivel_chair(office.CHAIR_DAY)))
        warm = Sprite(*stage.all(*office.lamplight()), alpha=0.0)
        x, y = stage.place(office.CHAIR, 600)
        around = Sprite(
            t.card(-20, -20, t.frame_px()[0] + 40, t.frame_px()[1] + 40, WARM, r=0, opacity=0.07),
            t.glow(office.LAMPLIGHT, x + 160, y - 40, 1900 * places.size, 1500 * places.size, 0.4),
            alpha=0.0,
        )
        bulb = Sprite(*stage.all(t.disc(*office.LAMP, 15, office.LAMPLIGHT, flat=0.7)), alpha=0.0)
        for part in (warm, bulb, around):
            part.to(light, 0.06, alpha=0.7).to(light + 0.08, 0.05, alpha=0.4).to(
                light + 0.15, 0.35, ease_out, alpha=1.0
            )
        dark.to(light, 0.5, alpha=0.0)
        moonlit.to(light, 0.6, alpha=0.25)

        one = Somebody(stage, places.comes_from, comes, sits)
        handle = stage.place(CORD, HANDLE)
        one.rig.look_at(comes + 0.2, *stage.place(office.CHAIR, 640)).look_at(sits - 0.35, *handle)
        one.rig.look_out(sits + 0.3).to(light + 0.2, 0.4, mood=0.4)
        one.hold(light + 0.25, handle[0] - 14, handle[1] + 56 * places.size)

        middle, tall = places.pupil
        pupil = Rig("apprentice", middle, t.ground()[1], tall, seed=37, mood=-0.1, look=(-0.4, 0.2))
        pupil.look_at(0.4, x, y + 60).look_at(cord + 0.15, *handle).look_at(comes + 0.3, places.comes_from + 300, y)
        pupil.to(comes + 0.6, 0.4, mood=0.25).look_at(sits - 0.3, x, y).to(sits + 0.4, 0.4, mood=0.6)
        pupil.hop(light + 0.4, 18).to(light + 0.4, 0.4, mood=0.8).look_out(light + 1.6)
        rope = andon_cord(handle[0], handle[1], cord, light + 0.2)
        self.live(
            moonlit, warm, around, chair, bulb, shadow(pupil), pupil, dark, *rope, *one.parts
        )  # fmt: skip


class Somebody:
    """A person on two legs: walks in at `comes`, sits down at `sits`. `parts` are to be drawn in their order."""

    def __init__(self, stage: office.Stage, start: float, comes: float, sits: float) -> None:
        self._k, self._comes, self._sits = stage.size, comes, sits
        self._floor = stage.place(0, t.FEET - 2)[1]
        seat = stage.place(office.CHAIR - 4, 0)[0]
        self._x = Track(start).to(comes, sits - comes, seat, linear)
        self._down = Track(0.0).to(sits, 0.45, 1.0, smooth)
        self.rig = Rig("rater", start, self._floor - HIP, BUST * stage.size, seed=38, n=0, mood=0.15, look=(0.6, 0))
        self.rig.drive(x=self._x, y=self._hips)
        legs = [Live(self._leg(side), stroke=TROUSERS, w=34 * stage.size) for side in (-1, 1)]
        shoes = [Live(self._shoe(side), fill=SHOE) for side in (-1, 1)]
        self.parts = [legs[0], shoes[0], legs[1], shoes[1], self.rig]

    def hold(self, at: float, x: float, y: float) -> None:
        """The right hand goes to (x, y) px."""
        k = BUST * self._k / self.rig.character.native
        reach = ((x - self._x(at)) / k, (self._hips(at) - y) / k)
        self.rig.to(at, 0.5, smooth, ra=(0.6 * reach[0], 0.35 * reach[1], *reach))

    def _hips(self, clock: float) -> float:
        """y of the hips: they rise a little with every step, and go down to the seat."""
        bob = 7 * abs(math.sin(self._phase(clock))) * self._walking(clock)
        return self._floor - (HIP + (SEAT - HIP) * self._down(clock) + bob) * self._k

    def _phase(self, clock: float) -> float:
        return math.pi * (clock - self._comes) / STEP_S

    def _walking(self, clock: float) -> float:
        return 1.0 if self._comes < clock < self._sits else 0.0

    def _foot(self, side: int, clock: float) -> tuple[float, float]:
        swing = math.sin(self._phase(clock) + (0 if side > 0 else math.pi)) * self._walking(clock)
        up = max(math.cos(self._phase(clock) + (0 if side > 0 else math.pi)), 0.0) * self._walking(clock)
        apart = side * (26 + 12 * self._down(clock))
        return self._x(clock) + (apart + STRIDE * swing) * self._k, self._floor - (10 + LIFT * up) * self._k

    def _leg(self, side: int) -> Callable[[float], Points]:
        def points(clock: float) -> Points:
            x, y = self._foot(side, clock)
            hip = self._x(clock) + side * 26 * self._k, self._hips(clock) - 10 * self._k
            bent = self._down(clock)
            straight = (hip[0] + x) / 2 + 6 * self._k * self._walking(clock), (hip[1] + y) / 2
            knee = hip[0] + side * 18 * self._k, hip[1] + 34 * self._k
            middle = [a + (b - a) * bent for a, b in zip(straight, knee, strict=True)]
            return polyline(np.array([t.at(*hip), t.at(*middle), t.at(x, y - 18 * self._k)]))

        return points

    def _shoe(self, side: int) -> Callable[[float], Points]:
        def points(clock: float) -> Points:
            x, y = self._foot(side, clock)
            ahead = (12 if self._walking(clock) else 5 * side) * self._k
            return oval(x + ahead, y + 2, 28 * self._k, 13 * self._k) if clock > self._comes - 0.1 else NOTHING

        return points


def hands() -> list[Mobject]:
    """The hands of the clock: it is late."""
    x, y, r = office.CLOCK
    turned = [(r * part, 2 * math.pi * turns) for part, turns in QUARTER_TO_FIVE]
    return [
        t.rule(x, y, x + length * math.sin(a), y - length * math.cos(a), t.MUTED, w)
        for (length, a), w in zip(turned, (7, 4), strict=True)
    ]
