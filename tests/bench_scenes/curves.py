"""Three curves grow on axes, with a number that counts."""

from __future__ import annotations

import numpy as np
from manim import (
    BLUE,
    DOWN,
    LEFT,
    RED,
    UL,
    YELLOW,
    Axes,
    Create,
    Dot,
    FadeIn,
    MoveAlongPath,
    Text,
    ValueTracker,
    linear,
)

from rushes.scene import RunScene


class Curves(RunScene):
    alone = 6.0

    def construct(self) -> None:
        axes = Axes(x_range=[0, 10, 1], y_range=[0, 5, 1], x_length=11, y_length=5.5, tips=False).shift(DOWN * 0.3)
        title = Text("three runs", font_size=40).to_corner(UL)
        self.play(Create(axes), FadeIn(title), run_time=1)
        shapes = (
            lambda x: 4.5 - 4 * np.exp(-0.5 * x) + 0.1 * np.sin(9 * x),
            lambda x: 0.5 + 0.4 * x + 0.2 * np.sin(4 * x),
            lambda x: 2.5 + 1.5 * np.cos(x) * np.exp(-0.1 * x),
        )
        curves = [axes.plot(f, color=c, stroke_width=6) for f, c in zip(shapes, (BLUE, YELLOW, RED), strict=True)]
        dots = [Dot(curve.get_start(), radius=0.12, color=curve.get_color()) for curve in curves]
        step = ValueTracker(0)
        number = Text("0", font_size=48).move_to([5.5, 3.3, 0])

        def count(text: Text) -> None:
            text.become(Text(f"{step.get_value():.0f}", font_size=48).move_to([5.5, 3.3, 0], aligned_edge=LEFT))

        number.add_updater(count)
        self.add(number, *dots)
        grown = [Create(curve) for curve in curves] + [MoveAlongPath(d, c) for d, c in zip(dots, curves, strict=True)]
        self.play(*grown, step.animate.set_value(100), run_time=4, rate_func=linear)
        number.clear_updaters()
        self.wait(1)
