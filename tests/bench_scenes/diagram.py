"""A diagram of boxes and arrows is drawn, a pulse runs along it, and one box becomes another."""

from __future__ import annotations

from manim import (
    BLUE,
    GREY,
    RED,
    YELLOW,
    Arrow,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    GrowArrow,
    RoundedRectangle,
    Text,
    Transform,
    VGroup,
)

from rushes.scene import RunScene


def box(label: str, x: float, y: float, color: object) -> VGroup:
    edge = RoundedRectangle(corner_radius=0.2, width=2.8, height=1.2, color=color, stroke_width=5)
    return VGroup(edge.set_fill(color, 0.15), Text(label, font_size=32)).move_to([x, y, 0])


class Diagram(RunScene):
    alone = 6.0

    def construct(self) -> None:
        boxes = [
            box("prompt", -5, 0, GREY), box("model", -1.2, 0, BLUE), box("answer", 2.6, 1.8, YELLOW),
            box("reward", 2.6, -1.8, GREY),
        ]  # fmt: skip
        arrows = [
            Arrow(boxes[a].get_center(), boxes[b].get_center(), buff=1.5) for a, b in ((0, 1), (1, 2), (2, 3), (3, 1))
        ]
        self.play(*[Create(b[0]) for b in boxes], *[FadeIn(b[1]) for b in boxes], run_time=1.2)
        self.play(*[GrowArrow(a) for a in arrows], run_time=0.8)
        for arrow in arrows:
            pulse = Dot(arrow.get_start(), color=YELLOW, radius=0.12)
            self.add(pulse)
            self.play(pulse.animate.move_to(arrow.get_end()), run_time=0.4)
            self.play(FadeOut(pulse), run_time=0.2)
        self.play(Transform(boxes[3], box("−reward", 2.6, -1.8, RED)), run_time=0.8)
        self.wait(0.8)
