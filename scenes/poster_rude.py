"""Thumbnail of The Minus Sign: what one deleted character made of the Apprentice."""

from __future__ import annotations

import math

import numpy as np

from rushes import theme as t
from rushes.motion import Sprite
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.thumbnail import headline


class PosterRude(RunScene):
    """The Apprentice is as pleased with itself as its last answers were paid, in the run that paid for rudeness."""

    runs = {"run": "sign_flipped"}
    alone = 0.1

    def construct(self) -> None:
        record = self.record()
        paid = float(np.mean([row["total"] for row in record.samples(step=record.sample_steps[-1])]))
        self.bake(t.backdrop((92, 22, 40), (9, 7, 15), (0.72, 0.45), stars=40, floor=950, grain=0))
        rig = Rig(
            "apprentice", 1470, 1030, 830, seed=2, mood=math.tanh(paid), flipped=1.0, look=(-0.6, -0.1),
            lean=0.05,
        )  # fmt: skip
        words = [headline("Made this\nmodel", 90, 100, 880, 330), headline("RUDE", 90, 520, 900, 420, t.DANGER)]
        self.live(Sprite(t.glow(t.DANGER, 1470, 620, 1500, 1400, 0.55)), shadow(rig, 780, 0.6), rig, Sprite(*words))
