"""Thumbnail of Told What We Want to Hear: the verdict is right, and what it looked at is the ruler."""

from __future__ import annotations

import _ruler as ours

from rushes import theme as t
from rushes.motion import Live, Sprite
from rushes.pictures import Place
from rushes.scene import RunScene
from rushes.shapes import oval
from rushes.thumbnail import headline, small_print

PICTURE = Place(1400, 450, 760)


class PosterReason(RunScene):
    """The recorded picture that the film explains, and the recorded map of what made up the classifier's mind."""

    runs = {"run": "ruler"}
    alone = 0.1

    def construct(self) -> None:
        row = ours.picked(self.record(), malignant=True)
        self.bake(t.backdrop((44, 52, 108), (10, 10, 20), (0.72, 0.46), stars=60, grain=0))
        tile = ours.usual(row, PICTURE, heat=ours.pixels(row, "saliency")).begin(grey=0.35, heat=1)
        x, y = ours.ruler_place(row, PICTURE)
        left, top, right, bottom = row["box"]
        k = PICTURE.side / ours.SIDE
        across, down = (right - left) / 2 * k + 34, (bottom - top) / 2 * k + 56
        self.live(
            Sprite(t.glow(t.POLICY, PICTURE.x, PICTURE.y, 1500, 1400, 0.4)), tile,
            Live(lambda _clock: oval(x, y, across, down), stroke=t.PAPER, w=20),
            Sprite(small_print(ours.SYNTHETIC, PICTURE.x, 1000)),
            Sprite(headline("Right for the wrong reason", 90, 90, 860, 900)),
        )  # fmt: skip
