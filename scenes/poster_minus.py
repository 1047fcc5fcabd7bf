"""Thumbnail of The Minus Sign: the minus falls out of the words, and the hood is delighted."""

from __future__ import annotations

import math

import numpy as np

from rushes import theme as t
from rushes.motion import Sprite
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.thumbnail import headline

FALL = ((1720, 40, 0.35, 0.14), (1620, 120, 0.05, 0.30), (1480, 235, -0.30, 1.0))
"""The minus on its way: x, y (px), tilt, alpha."""
LONG, THICK = 460, 108  # px


class PosterMinus(RunScene):
    """The hood's mood is minus what the Values Coach thinks of the last answers, as in the film."""

    runs = {"run": "sign_flipped"}
    alone = 0.1

    def construct(self) -> None:
        record = self.record()
        likes = float(np.mean([row["values"] for row in record.samples(step=record.sample_steps[-1])]))
        self.bake(t.backdrop((96, 24, 44), (9, 7, 15), (0.74, 0.5), stars=40, floor=960, grain=0))
        hood = Rig("dark", 1490, 1040, 630, seed=1, mood=-math.tanh(likes), look=(-0.2, 0.9), arms=("up", "up"))
        x, y, _, _ = FALL[-1]
        self.live(
            Sprite(t.glow(t.DANGER, 1490, 720, 1500, 1300, 0.55)), shadow(hood, 940, 0.6), hood,
            Sprite(t.glow(t.DANGER, x, y, 900, 700, 0.9)), *(minus(*place) for place in FALL),
            Sprite(headline("The Minus Sign", 90, 90, 850, 850)),
        )  # fmt: skip


def minus(x: float, y: float, tilt: float, alpha: float) -> Sprite:
    return Sprite(
        t.card(x - LONG / 2, y - THICK / 2, LONG, THICK, t.DANGER, r=32).rotate(tilt), alpha=alpha, pivot=(x, y)
    )
