"""Three lines of text come in, and each is left to be read."""

from __future__ import annotations

from manim import DOWN, FadeIn, FadeOut, Text

from rushes.scene import RunScene

LINES = ("A picture that stands still", "need not be drawn again,", "nor be encoded as if it were new.")


class Stills(RunScene):
    alone = 8.0

    def construct(self) -> None:
        texts = [Text(line, font_size=54).shift(DOWN * (1.2 * i - 1.2)) for i, line in enumerate(LINES)]
        for text in texts:
            self.play(FadeIn(text), run_time=0.4)
            self.wait(2)
        self.play(*[FadeOut(text) for text in texts], run_time=0.4)
        self.wait(0.4)
