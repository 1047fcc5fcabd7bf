"""Reading: whether text stays as long as it takes to read.

Four words a second, with the words that come later read last: whenever one comes, it and all that come after it
must be readable before they go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rushes.layout import Box, Line, Problem

__all__ = ["PACE", "Shown", "Watch", "hasty"]

PACE = 4.0  # words a second
TOGETHER = 0.35  # seconds within which lines go together
SOON = 1.0  # seconds after which other text is no longer what takes a text's place
WORD = re.compile(r"\w+(?:['’.,]\w+)*")


@dataclass(slots=True, kw_only=True)
class Shown:
    """A line's stay on the screen."""

    string: str
    size: float
    font: str
    box: Box
    start: float
    end: float
    ran: bool = False
    """Whether it said something else meanwhile: a counter is watched, not read."""


@dataclass(slots=True)
class Watch:
    """Remembers what was seen of each line of text while a shot goes by."""

    stays: list[Shown] = field(default_factory=list)
    brightest: dict[int, float] = field(default_factory=dict)
    """A line's id -> its highest alpha."""
    _now: dict[int, Shown] = field(default_factory=dict)

    def see(self, found: Iterable[Line], second: float) -> None:
        """Take notice of all text that is seen at a second; seconds only go up."""
        now: dict[int, Shown] = {}
        for text in found:
            key = id(text.line)
            self.brightest[key] = max(text.alpha, self.brightest.get(key, 0.0))
            shown = self._now.get(key)
            if shown is None:
                shown = Shown(
                    string=text.string, size=text.size, font=text.line.font, box=text.box, start=second, end=second
                )
                self.stays.append(shown)
            shown.ran |= shown.string != text.string
            shown.end, shown.box, shown.size = second, text.box, text.size
            now[key] = shown
        self._now = now


def hasty(stays: Sequence[Shown], step: float) -> list[Problem]:
    """Text that goes before it can be read; stays were seen every `step` seconds."""
    groups = _groups([stay for stay in stays if not stay.ran])
    read = (group for group in groups if not any(_replaces(other, stay) for stay in group for other in stays))
    return [problem for group in read for problem in _late(group, step)]


def _replaces(new: Shown, old: Shown) -> bool:
    """Whether text gives its place to other text of its kind: such a row of samples is watched as it changes."""
    apart = new.start - old.end
    return new.font == old.font and -TOGETHER < apart < SOON and _near(new.box, old.box, 0.0, 0.0)


def _groups(stays: Sequence[Shown]) -> Iterator[list[Shown]]:
    """Lines that are neighbours of one size and font, and go together: a paragraph."""
    left = sorted(stays, key=lambda stay: (stay.end, stay.start))
    while left:
        group, todo = [], [left.pop(0)]
        while todo:
            one = todo.pop()
            group.append(one)
            near = [other for other in left if _neighbours(one, other)]
            left = [other for other in left if not any(other is taken for taken in near)]
            todo += near
        yield group


def _neighbours(a: Shown, b: Shown) -> bool:
    if a.font != b.font or abs(a.size - b.size) > 1 or abs(a.end - b.end) > TOGETHER:
        return False
    return _near(a.box, b.box, 0.8 * a.size, 0.7 * a.size)


def _near(a: Box, b: Box, x: float, y: float) -> bool:
    """Whether two boxes are less than `x` px apart across and `y` down."""
    return a[0] - x < b[2] and b[0] - x < a[2] and a[1] - y < b[3] and b[1] - y < a[3]


def _late(group: Sequence[Shown], step: float) -> Iterator[Problem]:
    """The worst that is wrong with a paragraph."""
    end = max(stay.end for stay in group) + step
    worst: tuple[float, float, int, float] | None = None
    for start in sorted({stay.start for stay in group}):
        # what is there many times is read once
        words = len({word for stay in group if stay.start >= start for word in WORD.findall(stay.string.casefold())})
        short = words / PACE - (end - start)
        if words > 1 and short > step and (worst is None or short > worst[0]):
            worst = short, start, words, end - start
    if worst:
        _, start, words, seconds = worst
        first = min((stay for stay in group if stay.start >= start), key=lambda stay: (stay.start, stay.box[1]))
        yield Problem(start, f"'{first.string}' is seen for {seconds:.1f} s, too short for {words} words")
