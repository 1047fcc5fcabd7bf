"""Forty tokens come in one after another, and are coloured one after another."""

from __future__ import annotations

from manim import (
    BLUE_E,
    GREEN_E,
    RED_E,
    UP,
    FadeIn,
    LaggedStart,
    RoundedRectangle,
    Text,
    VGroup,
)

from rushes.scene import RunScene

WORDS = """the kettle hums a low note and the cat looks up from the mat as if
somebody had called it by a name that nobody in this house has used for years so
it waits and then it sleeps again under the warm lamp"""


class Tokens(RunScene):
    alone = 6.0

    def construct(self) -> None:
        chips = VGroup()
        x, y = -6.3, 2.2
        for word in WORDS.split():
            label = Text(word, font_size=30)
            box = RoundedRectangle(corner_radius=0.12, width=label.width + 0.36, height=0.62, stroke_width=2)
            box.set_fill(BLUE_E, 0.8)
            if x + box.width > 6.4:
                x, y = -6.3, y - 0.85
            chips.add(VGroup(box, label).move_to([x + box.width / 2, y, 0]))
            x += box.width + 0.14
        self.play(LaggedStart(*[FadeIn(chip, shift=0.2 * UP) for chip in chips], lag_ratio=0.15, run_time=2.5))
        tints = [chip[0].animate.set_fill(RED_E if i % 3 else GREEN_E, 0.9) for i, chip in enumerate(chips)]
        self.play(LaggedStart(*tints, lag_ratio=0.1, run_time=2.5))
        self.wait(1)
