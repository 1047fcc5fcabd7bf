"""Tokens as chips: coloured by a value per token, or taking their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from manim import Group, VGroup, VMobject

from rushes import theme as t
from rushes.motion import Roll, Sprite, Track, ease_out, smooth
from rushes.shapes import round_box, shape
from rushes.theme import Color

__all__ = ["CHIP", "NumberedTokens", "TokenStrip", "shown_token"]

CHIP = "#20253F"
CHIP_RGB, INK_RGB, PAPER_RGB = (np.array(t.mix(c, c, 0).to_rgb()) for c in (CHIP, t.INK, t.PAPER))


def shown_token(token: str) -> str:
    """A token as one reads it on a chip: without spaces around it; a lone newline or space as a sign."""
    return token.strip() or ("¶" if "\n" in token else "·")


def _rows(widths: Sequence[float], x: float, width: float, gap: float) -> list[tuple[float, int]]:
    """Left edge (px) and row of boxes set in rows of `width` px from x."""
    out: list[tuple[float, int]] = []
    left, row = x, 0
    for w in widths:
        if left > x and left + w > x + width:
            left, row = x, row + 1
        out.append((left, row))
        left += w + gap
    return out


class _Chip(NamedTuple):
    sprite: Sprite
    box: VMobject
    line: t.TextLine
    tint: Track
    share: float
    middle: tuple[float, float]


class TokenStrip(Group):
    """A sample as chips, one a token, coloured by a value per token such as the KL it adds, in nats.

    Chips fill rows of `width` px from (x, y), the top of the first row. A value of `top` or more is the full
    colour; below zero counts as zero. `end_y` is the lower edge of the last row, px. Tokens beyond `max_rows` are
    left out and an ellipsis says so.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        values: Sequence[float],
        x: float,
        y: float,
        width: float,
        *,
        top: float = 9.0,
        color: Color = t.COHERENCE,
        size: float = t.T_BODY,
        gap: float = 10,
        max_rows: int | None = None,
    ) -> None:
        super().__init__()
        self._color, self._height = color, size * 1.5
        words = [shown_token(token) for token in tokens]
        widths = [t.text_width(word, size, font=t.MONO) + 26 for word in words]
        places = _rows(widths, x, width, gap)
        shown = len(words)
        if max_rows is not None and places and places[-1][1] >= max_rows:
            shown = sum(row < max_rows for _, row in places)
            while shown > 1 and places[shown - 1][0] + widths[shown - 1] + 2 * size > x + width:
                shown -= 1
        self._chips: list[_Chip] = []
        for word, value, w, (left, row) in list(zip(words, values, widths, places, strict=True))[:shown]:
            top_y = y + row * (self._height + 18)
            box = shape(round_box(left, top_y, w, self._height, 12), fill=CHIP)
            line = t.put(t.mono(word, size, t.PAPER), left + w / 2, top_y + size * 1.06, "c")
            share = min(max(float(value) / top, 0.0), 1.0) ** 0.8
            middle = left + w / 2, top_y + self._height / 2
            self._chips.append(_Chip(Sprite(box, line, alpha=0.0), box, line, Track(0.0), share, middle))
        last = places[shown - 1][1] if shown else 0
        self.end_y = y + last * (self._height + 18) + self._height
        self.add(*[chip.sprite for chip in self._chips])
        self._more: Sprite | None = None
        if shown < len(words):
            left = places[shown - 1][0] + widths[shown - 1] + gap
            self._more = Sprite(t.put(t.mono("…", size, t.MUTED), left, self.end_y - size * 0.44), alpha=0.0)
            self.add(self._more)
        self._full = np.array(t.mix(color, color, 0).to_rgb())
        self.pose(0.0)

    def __len__(self) -> int:
        return len(self._chips)

    def place(self, i: int) -> tuple[float, float]:
        """The middle of chip i, px: somewhere to look."""
        return self._chips[i].middle

    def enter(self, at: float, stagger: float = t.STAGGER, *, times: Sequence[float] | None = None) -> TokenStrip:
        """Chips come in from left to right, uncoloured: `stagger` s apart, or at the given `times`."""
        start = at
        for i, chip in enumerate(self._chips):
            start = times[i] if times is not None else at + i * stagger
            chip.sprite.enter(start, 0.3, rise=14)
        if self._more is not None:
            self._more.enter(start + stagger, 0.3, rise=14)
        return self

    def tint(self, at: float, stagger: float = t.STAGGER, seconds: float = 0.3) -> TokenStrip:
        """Chips take their colour from left to right."""
        for i, chip in enumerate(self._chips):
            chip.tint.to(at + i * stagger, seconds, chip.share)
        return self

    def key(self, x: float, y: float, low: str, high: str, width: float = 260) -> VGroup:
        """The scale, for the backdrop: `low`, a bar up to the full colour, `high`; left edge and middle at x, y."""
        name = t.put(t.text(low, t.T_LABEL, t.MUTED), x, y + 13)
        left = t.bounds(name)[2] + 18
        bar = VGroup()
        for k in range(8):
            bar.add(t.card(left + k * width / 8, y - 14, width / 8 + 1, 28, t.mix(CHIP, self._color, k / 7), r=1))
        return VGroup(name, bar, t.put(t.text(high, t.T_LABEL, t.MUTED), left + width + 18, y + 13))

    def pose(self, clock: float) -> None:
        for chip in self._chips:
            chip.sprite.pose(clock)
            k = chip.tint(clock)
            chip.box.fill_rgbas[:, :3] = CHIP_RGB * (1 - k) + self._full * k
            chip.line.fill_rgbas[:, :3] = INK_RGB if k > 0.42 else PAPER_RGB
        if self._more is not None:
            self._more.pose(clock)


class _Numbered(NamedTuple):
    box: Sprite
    lit: Sprite
    word: Sprite
    number: Roll
    middle: tuple[float, float]


class NumberedTokens(Group):
    """Tokens as chips that take their numbers: the word moves up, small, and the number counts up in its chip.

    Chips fill rows of `width` px from (x, y), the top of the first row's words. Tokens beyond `max_rows` are left out.
    """

    LIFT, SMALL = 1.12, 0.72  # how far up a word goes, in sizes, and how large it then is
    ROW = 2.95  # from row to row, in sizes

    def __init__(
        self,
        tokens: Sequence[str],
        ids: Sequence[int],
        x: float,
        y: float,
        width: float,
        *,
        size: float = t.T_BODY,
        gap: float = 12,
        max_rows: int | None = None,
    ) -> None:
        super().__init__()
        words = [shown_token(token) for token in tokens]
        widths = self._widths(words, size)
        places = _rows(widths, x, width, gap)
        high, row_high = size * 1.5, size * self.ROW
        self.ids, self._size = list(ids), size
        self._chips: list[_Numbered] = []
        for word, w, (left, row) in zip(words, widths, places, strict=True):
            if max_rows is not None and row >= max_rows:
                break
            top = y + size * 1.05 + row * row_high
            middle, base = left + w / 2, top + size * 1.1
            box = Sprite(t.card(left, top, w, high, CHIP, r=12), alpha=0.0)
            lit = Sprite(t.card(left, top, w, high, t.mix(CHIP, t.POLICY, 0.45), r=12), alpha=0.0)
            line = Sprite(t.put(t.mono(word, size), middle, base, "c"), pivot=(middle, base - size * 0.36), alpha=0.0)
            number = Roll(middle, base, size, t.PAPER, 0.0, "{:.0f}")
            number.begin(alpha=0.0)
            self._chips.append(_Numbered(box, lit, line, number, (middle, top + high / 2)))
        for chip in self._chips:
            self.add(*chip[:4])
        self.pose(0.0)

    @staticmethod
    def _widths(words: Sequence[str], size: float) -> list[float]:
        return [max(t.text_width(word, size, font=t.MONO), 1.9 * size) + 26 for word in words]

    @classmethod
    def rows(cls, tokens: Sequence[str], width: float, size: float, gap: float = 12) -> list[int]:
        """How many chips each row would hold."""
        widths = cls._widths([shown_token(token) for token in tokens], size)
        rows = [row for _, row in _rows(widths, 0.0, width, gap)]
        return [rows.count(k) for k in range(rows[-1] + 1)] if rows else []

    @classmethod
    def height_of(cls, rows: int, size: float) -> float:
        """How high so many rows are, px, from the top of the first words to the last chip's lower edge."""
        return size * (1.05 + 1.5 + cls.ROW * max(rows - 1, 0))

    def __len__(self) -> int:
        return len(self._chips)

    def place(self, i: int) -> tuple[float, float]:
        """The middle of chip i, px."""
        return self._chips[i].middle

    def enter(self, at: float, starts: Sequence[tuple[float, float]], scale: float, *, stagger: float = 0.03) -> float:
        """Words in `scale` fly from `starts` (their middles, px) into their chips, the last one first, so that it makes
        room. Returns when all are there."""
        for i, (chip, (x, y)) in enumerate(zip(self._chips, starts, strict=False)):
            go, (cx, cy) = at + (len(self._chips) - 1 - i) * stagger, chip.middle
            chip.word.begin(dx=x - cx, dy=y - cy, scale=scale).to(at, 0, alpha=1.0)
            chip.word.to(go, t.MOVE, smooth, dx=0.0, dy=0.0, scale=1.0)
            chip.box.to(go + 0.7 * t.MOVE, t.EXIT, alpha=1.0)
        return at + max(len(self._chips) - 1, 0) * stagger + t.MOVE

    def count(self, at: float, stagger: float = t.STAGGER, seconds: float = 0.5) -> float:
        """From left to right each word makes room and its number counts up. Returns when the last one stands."""
        for i, (chip, n) in enumerate(zip(self._chips, self.ids, strict=False)):
            go = at + i * stagger
            chip.word.to(go, 0.3, ease_out, dy=-self.LIFT * self._size, scale=self.SMALL, alpha=0.75)
            chip.number.to(go + 0.08, 0.15, alpha=1.0).to(go + 0.08, seconds, ease_out, value=float(n))
        return at + max(len(self._chips) - 1, 0) * stagger + 0.08 + seconds

    def light(self, at: float, number: int) -> NumberedTokens:
        """Every chip with this number lights up."""
        for chip, n in zip(self._chips, self.ids, strict=False):
            if n == number:
                chip.lit.to(at, 0.2, ease_out, alpha=1.0)
                for part in (chip.box, chip.lit):
                    part.pulse(at, 0.1)
        return self

    def forget(self, at: float, stagger: float = 0.03) -> NumberedTokens:
        """The words go; only numbers are left."""
        for i, chip in enumerate(self._chips):
            chip.word.leave(at + i * stagger, 0.4)
        return self

    def pose(self, clock: float) -> None:
        for chip in self._chips:
            for part in chip[:4]:
                part.pose(clock)
