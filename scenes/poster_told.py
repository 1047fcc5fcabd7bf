"""Thumbnail of Told What We Want to Hear: the coach loves what it hears, whatever it is."""

from __future__ import annotations

import math

from rushes import theme as t
from rushes.motion import Sprite
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.thumbnail import headline


class PosterTold(RunScene):
    """The coach is as happy as its own mark of the answer that it likes best of the last ones."""

    runs = {"run": "no_coherence_coach"}
    alone = 0.1

    def construct(self) -> None:
        record = self.record()
        best = max(record.samples(step=record.sample_steps[-1]), key=lambda row: row["values"])
        self.bake(t.backdrop((104, 40, 78), (14, 10, 24), (0.72, 0.5), stars=60, floor=950, grain=0))
        heart = Rig(
            "values",
            1450,
            1030,
            800,
            seed=4,
            mood=math.tanh(best["values"]),
            look=(-0.4, -0.1),
            arms=("clasp", "clasp"),
        )
        self.live(
            Sprite(t.glow(t.VALUES, 1450, 600, 1500, 1400, 0.5)), shadow(heart, 800), heart,
            Sprite(headline("What we\nwant to", 90, 90, 880, 420), headline("hear", 90, 560, 880, 400, t.VALUES)),
        )  # fmt: skip
