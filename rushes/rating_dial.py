"""The dial of marks 1 to 9 that a rater chooses from."""

from __future__ import annotations

import numpy as np
from manim import Group, VMobject

from rushes import theme as t
from rushes.motion import Sprite, Track, linear, over
from rushes.shapes import round_box, shape

__all__ = ["RatingDial"]

DEEP_RGB, PAPER_RGB = (np.array(t.mix(c, c, 0).to_rgb()) for c in (t.DEEP, t.PAPER))


class RatingDial(Group):
    """The marks 1 to 9 in a row, from rude to kind; the chosen one grows and lights up.

    The middle of mark 1 is at (x, y) px; marks are `dx` px apart and as large as that allows.
    """

    MARKS = 9

    def __init__(self, x: float, y: float, dx: float = 130, *, low: str = "rude", high: str = "kind") -> None:
        super().__init__()
        self._x, self._y, self._dx = x, y, dx
        self._r = 46.0 * min(dx / 130, 1.0)  # a chosen one, half as large again, never reaches its neighbours'
        self._chosen = [Track(0.0) for _ in range(self.MARKS)]
        end = x + (self.MARKS - 1) * dx
        still: list[VMobject] = [t.rule(x, y, end, y, t.GRID, 6)]
        still += [
            t.put(t.text(low, t.T_BODY, t.MUTED), x - self._r, y + 2.87 * self._r),
            t.put(t.text(high, t.T_BODY, t.VALUES), end + self._r, y + 2.87 * self._r, "r"),
        ]
        self._light = Sprite(t.glow(t.PAPER, x, y, 7.17 * self._r, 7.17 * self._r, 0.35), alpha=0.0)
        self._discs: list[VMobject] = []
        self._numbers: list[Sprite] = []
        for k in range(self.MARKS):
            self._discs.append(shape(fill=t.RAISED))
            size = max(self._r, t.T_LABEL)
            digit = t.put(t.text(str(k + 1), size, t.PAPER, weight=t.BOLD), x + k * dx, y + 0.37 * size, "c")
            self._numbers.append(Sprite(digit, pivot=(x + k * dx, y)))
        self._base = [np.array(t.mix(t.RAISED, t.VALUES, k / 8).to_rgb()) for k in range(self.MARKS)]
        self.add(*still, self._light)
        for disc, number in zip(self._discs, self._numbers, strict=True):
            self.add(disc, number)
        self.pose(0.0)

    def place(self, mark: float) -> tuple[float, float]:
        """Where a mark is, px."""
        return self._x + (mark - 1) * self._dx, self._y

    def choose(self, at: float, mark: float | None) -> RatingDial:
        """From `at` on the mark (rounded, 1..9) is the chosen one, or none is. Schedule in the order of the clock."""
        n = None if mark is None else round(mark) - 1
        if n is not None and not 0 <= n < self.MARKS:
            raise ValueError(f"a rating is 1 to {self.MARKS}, not {mark}")
        for k, track in enumerate(self._chosen):
            if k == n:
                track.to(at, 0.35, 1.0, over)
            elif track(at) > 0:
                track.to(at, t.EXIT, 0.0)
        if n is None:
            self._light.leave(at)
        else:
            self._light.to(at, 0.0, linear, dx=n * self._dx).to(at, 0.35, alpha=1.0)
        return self

    def pose(self, clock: float) -> None:
        self._light.pose(clock)
        for k, (disc, number) in enumerate(zip(self._discs, self._numbers, strict=True)):
            on = self._chosen[k](clock)
            x, y = self.place(k + 1)
            r, mixed = self._r * (1 + 0.52 * on), min(max(on, 0.0), 1.0)
            disc.points = round_box(x - r, y - r, 2 * r, 2 * r, r)
            disc.fill_rgbas[:, :3] = self._base[k] * (1 - mixed) + PAPER_RGB * mixed
            number.begin(scale=1 + 0.83 * on)
            number.pose(clock)
            line = number.submobjects[0]
            assert isinstance(line, VMobject)
            line.fill_rgbas[:, :3] = DEEP_RGB if mixed > 0.5 or k > 4 else PAPER_RGB
