"""A thought: bubbles that rise from a head to a cloud in which nothing is written; only a caret blinks."""

from __future__ import annotations

from rushes import theme as t
from rushes.motion import Live, Sprite, over
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

CLOUD = (
    (-0.34, 0.06, 0.17),
    (-0.16, -0.10, 0.19),
    (0.11, -0.13, 0.20),
    (0.34, 0.03, 0.18),
    (0.14, 0.12, 0.18),
    (-0.14, 0.10, 0.17),
)
"""Discs of a thought, in its widths: x, y and radius; one more fills the middle."""
PALE = t.mix(t.PANEL, t.PAPER, 0.92)


def empty_thought(x: float, y: float, w: float, head: tuple[float, float], at: float) -> list[Sprite | Live]:
    """A cloud w px wide about (x, y) px that comes at `at`, and the bubbles that lead to it from beside a head."""
    discs = [t.disc(x + dx * w, y + dy * w, r * w, PALE) for dx, dy, r in CLOUD]
    cloud = Sprite(*discs, t.card(x - 0.3 * w, y - 0.13 * w, 0.6 * w, 0.26 * w, PALE, r=0.12 * w), pivot=(x, y))
    start, goal = (head[0] + 60, head[1] + 40), (x - 0.2 * w, y + 0.2 * w)
    trail = []
    for k, r in enumerate((11, 17, 24)):
        share = (k + 0.6) / 3.2
        place = start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share
        trail.append(Sprite(t.disc(*place, r, PALE), alpha=0.0).enter(at + 0.12 * k, 0.25, rise=10))
    cloud.begin(alpha=0.0, scale=0.4).to(at + 0.3, 0.1, alpha=1.0).to(at + 0.3, 0.45, over, scale=1.0)
    appears = at + 0.75

    def caret(clock: float) -> Points:
        if clock < appears or (clock - appears) % 1.0 > 0.55:
            return NOTHING
        return round_box(x - 5, y - 0.12 * w, 10, 0.24 * w, 4)

    return [*trail, cloud, Live(caret, fill=t.INK)]
