"""The logit lens, drawn: a house whose floors are a model's layers, and what each of them would say next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from manim import Group, VMobject

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_out
from rushes.shapes import NOTHING, round_box, shape
from rushes.theme import Points
from rushes.token_chips import shown_token

__all__ = ["Lens", "per_cent"]

NARROW = 1100  # px: below this a floor's name and number stand over its bar
NAME_W, NUMBER_W, PAD, SPACE = 190, 136, 24, 5
WORD = t.T_LABEL
NAMED = 3  # of the candidates, the likeliest: their words are smaller rather than left out
LEAST = 0.01  # less likely than this, what was said gets no number
UNLIT, LIT = 0.0, 1.0
MUTED_RGB, PAPER_RGB = (np.array(t.mix(c, c, 0).to_rgb()) for c in (t.MUTED, t.PAPER))


def per_cent(p: float) -> str:
    """A probability as it is shown: never quite sure."""
    return ">99%" if p >= 0.995 else f"{100 * p:.0f}%"


class Lens(Group):
    """Floors, the lowest first; each is a bar of its candidates, side by side, as long as they are likely.

    `layers` are (token, probability 0..1), the likeliest first; `said` is the token that was really said: its pieces
    are bright, and the number of a floor is how likely it is there, from 1% on. `names` are the floors' names. The top
    floor's upper edge is at (x, y) px, floors are `row` px high and `gap` px apart. `bottom` is the lowest edge, and
    `still` what never changes, for the backdrop.
    """

    def __init__(
        self,
        layers: Sequence[Sequence[tuple[str, float]]],
        said: str,
        names: Sequence[str],
        x: float,
        y: float,
        width: float,
        *,
        row: float = 102,
        gap: float = 12,
    ) -> None:
        super().__init__()
        self._x, self._y, self._w, self._row, self._gap, self._count = x, y, width, row, gap, len(layers)
        self.bottom = y + len(layers) * (row + gap) - gap
        over = width < NARROW
        self._bar_left = x + PAD if over else x + NAME_W
        self._bar_width = width - 2 * PAD if over else width - NAME_W - NUMBER_W
        self._thick = row * (0.5 if over else 0.68)
        self._lit = [Track(UNLIT) for _ in layers]
        self._grown = [Track(0.0) for _ in layers]
        self.still: list[VMobject] = []
        self._names: list[t.TextLine] = []
        self._parts: list[Live | Sprite] = []
        for i, (candidates, name) in enumerate(zip(layers, names, strict=True)):
            self._floor(i, candidates, said, name, over)
        self.add(*self._parts, *self._names)
        self.pose(0.0)

    def _floor(self, i: int, candidates: Sequence[tuple[str, float]], said: str, name: str, over: bool) -> None:
        top, lit, grown = self._top(i), self._lit[i], self._grown[i]
        bar_top = top + self._row - self._thick - 10 if over else top + (self._row - self._thick) / 2
        box = round_box(self._x, top, self._w, self._row, 18)
        track = round_box(self._bar_left, bar_top, self._bar_width, self._thick, 12)
        self.still += [shape(box, fill=t.PANEL), shape(track, fill=t.INK)]
        self._parts.append(Live(lambda _: box, fill=t.RAISED, stroke=t.POLICY, w=4, alpha=lit))
        self._parts.append(Live(lambda _: track, fill=t.INK, alpha=lit))
        base = top + 36 if over else top + self._row / 2 + 13
        self._names.append(t.put(t.text(name, t.T_LABEL, t.MUTED), self._x + PAD, base))
        p_said = sum(p for token, p in candidates if token == said)
        if p_said >= LEAST:
            number = t.text(per_cent(p_said), t.T_LABEL, t.POLICY, weight=t.BOLD)
            self._parts.append(Sprite(t.put(number, self._x + self._w - PAD, base, "r")).drive(alpha=grown))
        left = self._bar_left
        for k, (token, p) in enumerate(candidates):
            w, bright = p * self._bar_width, token == said
            piece = partial(self._stretch, grown, left, bar_top, w)
            fill = t.POLICY if bright else t.mix(t.PANEL, t.POLICY, max(0.42 - 0.08 * k, 0.12))
            self._parts.append(Live(piece, fill=fill))
            shown = shown_token(token)
            sizes = (WORD, t.T_FINE) if k < NAMED else (WORD,)
            size = next((s for s in sizes if t.text_width(shown, s, font=t.MONO) + 6 <= w - SPACE), None)
            if size is not None:
                line = t.mono(shown, size, t.INK if bright else t.PAPER, weight=t.BOLD if bright else t.REGULAR)
                word = Sprite(t.put(line, left + (w - SPACE) / 2, bar_top + self._thick / 2 + size / 3, "c"))
                word.drive(alpha=partial(_late, grown))
                self._parts.append(word)
            left += w

    def _top(self, i: int) -> float:
        return self._y + (self._count - 1 - i) * (self._row + self._gap)

    def _stretch(self, grown: Track, left: float, top: float, width: float, clock: float) -> Points:
        """A piece, as much of it as the bar that grows from the left has reached."""
        reached = self._bar_left + grown(clock) * self._bar_width
        w = min(left + width, reached) - left - SPACE
        return round_box(left, top, w, self._thick, 10) if w > 1 else NOTHING

    def place(self, i: int) -> tuple[float, float]:
        """The middle of a floor's bar, px: somewhere to look."""
        return self._bar_left + self._bar_width / 2, self._top(i) + self._row / 2

    def light(self, at: float, i: int, seconds: float = 0.45) -> Lens:
        """The light comes to a floor, and its bar grows. Schedule floors in the order of the clock."""
        for k, lit in enumerate(self._lit):
            if k == i:
                lit.to(at, 0.25, LIT)
            elif lit(at) > 0:
                lit.to(at, 0.35, UNLIT)
        self._grown[i].to(at + 0.05, seconds, 1.0, ease_out)
        return self

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)
        for name, lit in zip(self._names, self._lit, strict=True):
            name.fill_rgbas[:, :3] = MUTED_RGB + (PAPER_RGB - MUTED_RGB) * lit(clock)


def _late(grown: Track, clock: float) -> float:
    """How much of a word is seen: nothing before its bar is half grown."""
    return max(2 * grown(clock) - 1, 0.0)
