"""A small model, one direction in it, a pin that says where that sits, and a thought that stays empty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from _thought import empty_thought

from rushes import theme as t
from rushes.clouds import Arrow
from rushes.motion import Live, Sprite, Track, ease_out, over, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import polyline

EARLY = 0.05  # s that a change starts before its word
LARGE = 1.4  # how much taller it is before it is called tiny
BELLY = 0.19  # of its height, from the feet
NEEDLE = 0.5  # the arrow's length over the Apprentice's height


class Places(NamedTuple):
    """Where things are, px."""

    pupil: tuple[float, float]
    """Middle and height of the Apprentice once it is small."""
    thought: tuple[float, float, float]
    label: float
    """Right edge of what the pin says."""


WIDE = Places((800, 390), (1130, 300, 460), 490)
TALL = Places((500, 380), (690, 720, 440), 262)


class WhereNotWhat(RunScene):
    """The only recorded number is the layer at which the direction was found and pushed."""

    runs = {"run": "inside"}
    alone = 10.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        tiny, mind, where, wants = (self.cue(name) - EARLY for name in ("tiny", "not-a-mind", "where", "what-it-wants"))
        x, h = places.pupil
        floor, feet = t.ground()
        self.bake(
            t.backdrop(centre=(0.5, 0.42), floor=floor, floor_at=(x / t.frame_px()[0], 0.3)),
            t.kicker("Where is not what"),
            t.slate(record, f"layer {record.facts['steering_layer']:.0f}"),
        )
        pupil = Rig("apprentice", x, feet, h, seed=45, mood=0.5, scale=LARGE, look=(0, 0.1), arms=("down", "down"))
        pupil.to(tiny, 0.45, over, scale=1.0).to(tiny + 0.1, 0.3, mood=0.05).look_at(tiny + 0.5, x, feet)
        pupil.to(mind, 0.35, la="out", ra="out").to(where - 0.4, 0.35, la="down", ra="down")
        pupil.look_out(mind).look_at(where - 0.1, x - 60, feet).look_at(
            wants + 0.3, places.thought[0], places.thought[1]
        )
        pupil.to(wants + 0.5, 0.4, mood=0.25).look_out(wants + 1.6).to(wants + 1.6, 0.4, mood=0.35)

        middle = feet - BELLY * h
        half = NEEDLE * h / 2
        draws = max(tiny + 0.6, mind - 1.2)  # "one direction" is said just before
        needle = Arrow((x - half, middle), (x + half, middle), t.PAPER, 11).draw(draws, 0.6)
        tail = (x - half, middle)
        pin = Sprite(t.disc(*tail, 24, t.PAPER), t.disc(*tail, 11, t.INK), pivot=tail, alpha=0.0)
        pin.begin(scale=2.6).to(where, 0.1, alpha=1.0).to(where, 0.35, over, scale=1.0)
        right, top = places.label, middle - 35
        words = Sprite(t.pill(f"layer {record.facts['steering_layer']:.0f}", right, top, size=40, align="r"))
        words.enter(where + 0.3)
        reach = Track(0.0).to(where + 0.3, 0.3, 1.0, ease_out)
        lead_from, lead_to = t.at(x - half - 24, middle), t.at(right + 14, middle)
        lead = Live(
            lambda clock: polyline(np.array([lead_from, lead_from + (lead_to - lead_from) * max(reach(clock), 0.01)])),
            stroke=t.MUTED, w=4, alpha=Track(0.0).to(where + 0.3, 0.1, 1.0, smooth),
        )  # fmt: skip
        cloud = empty_thought(*places.thought, (x + 0.3 * h, feet - 0.78 * h), wants)
        self.live(shadow(pupil), pupil, needle, lead, words, pin, *cloud)
