"""Layout: what is wrong with a frame, asked of the things in it.

Text that leaves the safe area, meets other text, is too small or too faint to read is found while a
shot renders, so that nobody has to find it by watching.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from manim import Mobject

from rushes import fonts
from rushes import theme as t

__all__ = ["Box", "Problem", "covered", "problems"]

SMALLEST = 24.0  # px at 1080p
EDGE_X, EDGE_TOP = t.MARGIN_X - 48, 24.0  # px; captions own the bottom
VISIBLE = 0.3  # alpha below which a thing is coming or going
TOUCH = 3.0  # px two boxes may share: boxes are looser than letters


Box = tuple[float, float, float, float]
"""Left, top, right and bottom, px."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a frame, in words."""

    second: float
    message: str

    def __str__(self) -> str:
        return f"at {self.second:.1f} s {self.message}"


@dataclass(frozen=True, slots=True)
class _Box:
    text: str
    size: float
    left: float
    top: float
    right: float
    bottom: float


def problems(mobjects: Iterable[Mobject], second: float) -> list[Problem]:
    """What is wrong with the text among `mobjects` as they are posed now."""
    return [Problem(second, message) for message in _messages(list(_boxes(mobjects)))]


def covered(mobjects: Iterable[Mobject], second: float, box: Box, what: str) -> list[Problem]:
    """Text that is hidden by `what`, which lies over the picture in a box."""
    left, top, right, bottom = box
    return [
        Problem(second, f"'{text.text}' is covered by {what}")
        for text in _boxes(mobjects)
        if min(text.right, right) - max(text.left, left) > TOUCH
        and min(text.bottom, bottom) - max(text.top, top) > TOUCH
    ]


def _boxes(mobjects: Iterable[Mobject]) -> Iterator[_Box]:
    seen: set[int] = set()
    for m in mobjects:
        for line in m.get_family():
            if id(line) in seen or not isinstance(line, t.TextLine) or not len(line.points):
                continue
            seen.add(id(line))
            if line.string.strip() and line.fill_rgbas[:, 3].max() > VISIBLE:
                left, top, right, bottom = t.bounds(line)
                yield _Box(line.string, line.size * (right - left) / _inked(line), left, top, right, bottom)


def _inked(line: t.TextLine) -> float:
    """Width in px as it was set, before a scene scaled it."""
    across = fonts.outline(line.string, line.font, line.weight, False).points[:, 0]
    return float(across.max() - across.min()) * line.size or 1.0


def _messages(boxes: list[_Box]) -> Iterator[str]:
    width, height = t.frame_px()
    for box in boxes:
        if box.left < EDGE_X or box.right > width - EDGE_X or box.top < EDGE_TOP or box.bottom > height - EDGE_TOP:
            yield f"'{box.text}' leaves the safe area"
        if box.size < SMALLEST:
            yield f"'{box.text}' is {box.size:.0f} px high, less than {SMALLEST:.0f}"
    for a, b in combinations(boxes, 2):
        across = min(a.right, b.right) - max(a.left, b.left)
        down = min(a.bottom, b.bottom) - max(a.top, b.top)
        if across > TOUCH and down > TOUCH:
            yield f"'{a.text}' and '{b.text}' overlap by {across:.0f} x {down:.0f} px"
