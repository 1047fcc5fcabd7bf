"""A thought: bubbles that rise from a head to a cloud in which nothing is written; only a caret blinks."""

from __future__ import annotations

from rushes import theme as t
from rushes.motion import Live, Sprite, over
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

CLOUD = (
    (-0.34, 0.04, 0.16), (-0.18, -0.10, 0.18), (0.07, -0.14, 0.20), (0.31, -0.04, 0.18), (0.21, 0.12, 0.16),
    (-0.02, 0.12, 0.18), (-0.22, 0.12, 0.15), (0.03, 0.0, 0.22),
)  # fmt: skip
"""Discs of a thought, in its widths: x, y and radius."""
PALE = t.mix(t.PANEL, t.PAPER, 0.92)


def empty_thought(x: float, y: float, w: float, head: tuple[float, float], at: float) -> list[Sprite | Live]:
    """From `at` on bubbles rise from beside a head to a cloud w px wide about (x, y) px, in which a caret blinks."""
    discs = [t.disc(x + dx * w, y + dy * w, r * w, PALE) for dx, dy, r in CLOUD]
    cloud = Sprite(*discs, pivot=(x, y))
    start, goal = head, (x + 0.02 * w, y + 0.24 * w)
    trail = []
    for k, r in enumerate((11, 17, 24)):
        share = (k + 0.4) / 2.8
        place = start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share
        trail.append(Sprite(t.disc(*place, r, PALE), alpha=0.0).enter(at + 0.12 * k, 0.25, rise=10))
    cloud.begin(alpha=0.0, scale=0.4).to(at + 0.3, 0.1, alpha=1.0).to(at + 0.3, 0.45, over, scale=1.0)
    appears = at + 0.75

    def caret(clock: float) -> Points:
        if clock < appears or (clock - appears) % 1.0 > 0.55:
            return NOTHING
        return round_box(x - 6, y - 0.14 * w, 12, 0.26 * w, 5)

    return [*trail, cloud, Live(caret, fill=t.INK)]
