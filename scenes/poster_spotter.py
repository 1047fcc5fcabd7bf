"""Thumbnail of Told What We Want to Hear: a doctor's assistant that has eyes for one thing."""

from __future__ import annotations

from _spotter import Spotter
from manim import VGroup

from rushes import theme as t
from rushes.motion import Sprite
from rushes.scene import RunScene
from rushes.thumbnail import headline

RULER = (560, 925, 900, 160, 0.06)  # middle, length, thickness, tilt


class PosterSpotter(RunScene):
    """The classifier, its head mirror on, and a ruler. Nothing here is measured."""

    alone = 0.1

    def construct(self) -> None:
        self.bake(t.backdrop((44, 52, 108), (10, 10, 20), (0.7, 0.5), stars=60, floor=960, grain=0))
        x, y, *_ = RULER
        spotter = Spotter(1450, 1040, 800).promote(-5.0).look_at(-5.0, x, y)
        self.live(
            Sprite(t.glow(t.POLICY, 1450, 520, 1400, 1400, 0.45)), Sprite(t.glow(t.PAPER, x, y, 1300, 500, 0.35)),
            spotter, Sprite(ruler(*RULER)), Sprite(headline("Learned to spot rulers", 90, 80, 960, 700)),
        )  # fmt: skip


def ruler(x: float, y: float, long: float, high: float, tilt: float) -> VGroup:
    """A wooden ruler about (x, y) px, turned by `tilt`."""
    wood, side = t.mix(t.PAPER, t.COHERENCE, 0.35), t.mix(t.COHERENCE, t.INK, 0.35)
    left, top = x - long / 2, y - high / 2
    parts = [t.card(left, top + 16, long, high, side, r=18), t.card(left, top, long, high, wood, r=18)]
    for k in range(1, 20):
        at = left + k * long / 20
        parts.append(t.rule(at, top + 6, at, top + (70 if k % 5 == 0 else 42), t.INK, 12))
    return VGroup(*parts).rotate(tilt)
