"""Thumbnail: a film's picture in a list of films, 1280x720, to be read at 168x94; drawn on a frame of 1920x1080 px.

A scene of its own can draw it (`scene::` below a title of the note); `Thumbnail` does for every other title.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from manim import VGroup

from rushes import theme as t
from rushes.layout import Line, lines
from rushes.motion import Sprite
from rushes.rig import Rig, shadow
from rushes.scene import RunScene

if TYPE_CHECKING:
    from rushes.clip import ClipJob
    from rushes.encoder import Pixels

__all__ = ["LEAST", "Thumbnail", "faults", "headline", "small_print", "still"]

LEAST = 128.0
"""px, an em: at 168x94 its capitals are eight pixels high."""
LARGEST = 560.0
SMALL_PRINT = 44.0  # px
EDGE = 40.0  # px that text stays away from the frame's edges
BADGE = (1620.0, 930.0)  # px: right of and below it the site shows the film's length
LEADING = 1.0  # baseline to baseline, over size
CAPITAL = 0.73  # height of a capital, over size


class Thumbnail(RunScene):
    """The title's words, and the Apprentice as the run left it; words alone for a film without one."""

    settings: ClassVar[Mapping[str, str | int | float]] = {"words": "a film", "who": "", "mood": 0.3, "flipped": 0.0}
    alone = 0.1

    def construct(self) -> None:
        flipped = float(self.setting("flipped"))
        top = (78, 22, 38) if flipped else (44, 52, 108)
        who = str(self.setting("who"))
        self.bake(t.backdrop(top, (10, 10, 20), (0.66, 0.45) if who else (0.5, 0.4), stars=60, floor=940, grain=0))
        said, width, height = str(self.setting("words")), 1010 if who else 1740, 900.0
        words = headline(said, 90, 90, width, height)
        low = (t.frame_px()[1] / 2 - words.get_bottom()[1] * t.UNIT) - (t.frame_px()[1] - EDGE)
        if low > 0:  # the last line's y and g
            words = headline(said, 90, 90, width, height - low)
        things: list[Rig | Sprite] = [Sprite(words)]
        if who:
            mood = float(self.setting("mood"))
            rig = Rig("apprentice", 1490, 1010, 800, seed=2, mood=mood, flipped=flipped, look=(-0.5, 0.15))
            if mood > 0.5:
                rig.begin(ra="up")
            glow = Sprite(t.glow(t.DANGER if flipped else t.POLICY, 1490, 620, 1300, 1200, 0.5))
            things = [glow, shadow(rig, 760), rig, *things]
        self.live(*things)


class Headline(VGroup):
    """Words: their `size` in px, and `bottom`, their last baseline."""

    size: float
    bottom: float


def headline(
    words: str, x: float, y: float, width: float, height: float, color: t.Color = t.PAPER, *, lit: Sequence[str] = (),
    light: t.Color = t.COHERENCE,
) -> Headline:  # fmt: skip
    """Words as large as a box takes them, top left at (x, y) px; those of `lit` are in the colour `light`."""
    lines, size = set_lines(words, width, height)
    top = y + (height - size * (LEADING * (len(lines) - 1) + CAPITAL)) / 2
    group = Headline()
    for n, line in enumerate(lines):
        base, left = top + size * (CAPITAL + n * LEADING), x
        for word in line.split():
            tint = light if word.strip(".,!?").lower() in lit else color
            group.add(t.put(t.text(word, size, tint, font=t.DISPLAY, weight=t.HEAVY), left, base))
            left += t.text_width(f"{word} ", size, font=t.DISPLAY, weight=t.HEAVY)
    group.size, group.bottom = size, top + size * (CAPITAL + (len(lines) - 1) * LEADING)
    return group


def set_lines(words: str, width: float, height: float) -> tuple[list[str], float]:
    """The lines that make the words largest in a box, and their size; px. Newlines are kept where there are any."""
    if "\n" in words:
        lines = words.split("\n")
        return lines, _size(lines, width, height)
    each = words.split() or [""]
    best: tuple[list[str], float] = [], 0.0
    for cuts in range(min(len(each), 5)):
        for places in combinations(range(1, len(each)), cuts):
            ends = [0, *places, len(each)]
            lines = [" ".join(each[a:b]) for a, b in pairwise(ends)]
            if (size := _size(lines, width, height)) > best[1]:
                best = lines, size
    return best


def _size(lines: Sequence[str], width: float, height: float) -> float:
    widest = max(t.text_width(line, 100, font=t.DISPLAY, weight=t.HEAVY) for line in lines)
    size = min(width / widest * 100, height / (LEADING * (len(lines) - 1) + CAPITAL), LARGEST)
    return max(size, t.T_FINE)  # nothing is smaller; `faults` tells of it long before


def small_print(s: str, x: float, y: float) -> t.TextLine:
    """What honesty asks to be said of a picture, for those who see it large; centred, baseline at y px."""
    return t.put(t.text(s, SMALL_PRINT, t.MUTED), x, y, "c")


def faults(scene: RunScene) -> list[str]:
    """What of a thumbnail's text cannot be read in a list of films."""
    scene.pose(0.0)
    return list(_faults(lines(scene.drawn)))


def _faults(found: Sequence[Line]) -> Iterator[str]:
    width, height = t.frame_px()
    if not found:
        yield "says nothing"
    for text in found:
        left, top, right, bottom = text.box
        if text.size < LEAST and round(text.line.size) != SMALL_PRINT:
            yield f"'{text.string}' is {text.size:.0f} px high; at 168x94 nobody reads less than {LEAST:.0f}"
        if left < EDGE or top < EDGE or right > width - EDGE or bottom > height - EDGE:
            yield f"'{text.string}' stands too near the edge"
        elif right > BADGE[0] and bottom > BADGE[1]:
            yield f"'{text.string}' stands where the site shows the film's length"


def still(job: ClipJob) -> tuple[Pixels, list[str]]:
    """A thumbnail's pixels, RGBA (720, 1280, 4), and its faults. Runs in a process of its own."""
    from rushes import studio

    with studio._settings(job):
        scene = studio._scene(job, studio._Grabber(job))
        scene.setup()
        scene.construct()
        found = faults(scene)
        scene.renderer.update_frame(scene)
        return np.array(scene.renderer.get_frame(), np.uint8), found
