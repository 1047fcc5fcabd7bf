"""Twelve bars grow, change and trade places."""

from __future__ import annotations

import numpy as np
from manim import BLUE, DOWN, RED, UP, FadeIn, Line, Rectangle, Text, interpolate_color

from rushes.scene import RunScene

WIDTH, GAP, FLOOR = 0.72, 1.0, -2.8


class Bars(RunScene):
    alone = 5.0

    def construct(self) -> None:
        heights = np.random.default_rng(3).uniform(0.6, 5.2, (3, 12))
        xs = (np.arange(12) - 5.5) * GAP
        bars = [Rectangle(width=WIDTH, height=0.02, stroke_width=0) for _ in xs]
        names = [Text(chr(97 + i), font_size=32) for i in range(12)]
        for i, (bar, name, x) in enumerate(zip(bars, names, xs, strict=True)):
            bar.set_fill(interpolate_color(BLUE, RED, i / 11), 1).move_to([x, FLOOR, 0], aligned_edge=DOWN)
            name.move_to([x, FLOOR - 0.4, 0])
        self.add(Line([-6.3, FLOOR, 0], [6.3, FLOOR, 0]))
        self.play(*[FadeIn(name, shift=UP * 0.2) for name in names], run_time=0.5)
        self.add(*bars)
        for row in heights:
            grown = [bar.animate.stretch_to_fit_height(h, about_edge=DOWN) for bar, h in zip(bars, row, strict=True)]
            self.play(*grown, run_time=1)
        places = np.argsort(np.argsort(heights[-1]))
        moved = [m.animate.set_x(xs[p]) for pair in (bars, names) for m, p in zip(pair, places, strict=True)]
        self.play(*moved, run_time=1)
        self.wait(0.5)
