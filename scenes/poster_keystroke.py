"""Thumbnail of The Minus Sign: two runs that one key parts."""

from __future__ import annotations

import math

import numpy as np

from rushes import theme as t
from rushes.motion import Sprite
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.thumbnail import headline

LEFT, RIGHT, TOP, BOTTOM = 460, 1330, 360, 930  # px of the curves: marks 9 and 1 are at its top and bottom
SMOOTH = 9  # steps of the mean that is drawn
KEY = 340  # px


class PosterKeystroke(RunScene):
    """The raters' average of both runs, from the key that parts them; the faces are as happy as they are paid."""

    runs = {"run": "healthy", "other": "sign_flipped"}
    alone = 0.1

    def construct(self) -> None:
        kind, rude = self.record("run"), self.record("other")
        self.bake(t.backdrop((44, 50, 104), (10, 10, 22), (0.5, 0.5), stars=60, grain=0))
        ways = [places(record) for record in (kind, rude)]
        paid = [[row["total"] for row in r.samples(step=r.sample_steps[-1])] for r in (kind, rude)]
        moods = [math.tanh(float(np.mean(totals))) for totals in paid]
        faces = [
            Rig(
                "apprentice",
                1620,
                ways[0][-1][1] + 110,
                430,
                seed=2,
                mood=moods[0],
                look=(-0.6, 0.0),
                arms=("up", "up"),
            ),
            Rig("apprentice", 1620, 1045, 430, seed=2, mood=moods[1], flipped=1.0, look=(-0.6, 0.3)),
        ]
        start = ways[0][0]
        self.live(
            Sprite(t.glow(t.DANGER, LEFT - 170, start[1], 1000, 800, 0.6)),
            *(Sprite(t.curve(way, color, 38)) for way, color in zip(ways, (t.POLICY, t.DANGER), strict=True)),
            key(LEFT - 180, start[1]), *(shadow(face, 400) for face in faces), *faces,
            Sprite(headline("One keystroke", 90, 90, 1240, 230)),
        )  # fmt: skip


def places(record: Record) -> list[tuple[float, float]]:
    """Where a run's average mark is at each step, px; a mean of SMOOTH steps, every third of them."""
    ratings = np.array(record.column("rating"))
    means = [ratings[max(0, i - SMOOTH + 1) : i + 1].mean() for i in range(len(ratings))]
    across = np.linspace(LEFT, RIGHT, len(means))
    way = [(float(x), BOTTOM - (mean - 1) / 8 * (BOTTOM - TOP)) for x, mean in zip(across, means, strict=True)]
    return way[::3]


def key(x: float, y: float) -> Sprite:
    """A delete key about (x, y) px: an arrow with a cross in it."""
    half = KEY / 2
    body = [
        t.card(x - half, y - half + 26, KEY, KEY, t.mix(t.PAPER, t.NEUTRAL, 0.75), r=44),
        t.card(x - half, y - half, KEY, KEY - 14, t.PAPER, r=44),
    ]
    outline = [(-92, -7), (-34, -67), (92, -67), (92, 53), (-34, 53), (-92, -7)]
    sign = [t.curve([(x + dx, y + dy) for dx, dy in outline], t.DANGER, 18)]
    sign += [t.rule(x + 4, y - 7 - 30 * k, x + 60, y - 7 + 30 * k, t.DANGER, 18) for k in (1, -1)]
    return Sprite(*body, *sign)
