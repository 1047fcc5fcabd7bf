"""A thousand particles, each a mobject of its own, circle around a centre."""

from __future__ import annotations

import numpy as np
from manim import BLUE, YELLOW, Dot, VGroup, interpolate_color

from rushes.scene import RunScene

COUNT = 1000


class Particles(RunScene):
    alone = 4.0

    def construct(self) -> None:
        rng = np.random.default_rng(1)
        radius, phase = rng.uniform(0.4, 3.8, COUNT), rng.uniform(0, 2 * np.pi, COUNT)
        dots = VGroup(*[Dot(radius=0.045, color=interpolate_color(BLUE, YELLOW, r / 3.8)) for r in radius])

        def turn(group: VGroup, dt: float) -> None:
            phase[:] += dt * 2.4 / (0.4 + radius)
            for dot, r, a in zip(group, radius, phase, strict=True):
                dot.move_to([1.6 * r * np.cos(a), r * np.sin(a), 0])

        turn(dots, 0)
        dots.add_updater(turn)
        self.add(dots)
        self.wait(4)
