"""Parts that several scenes share, drawn from recorded data: candidate bars, token chips, a rating, typing, code.

Each is given its data and a place in px, is scheduled on the shot's clock, and is posed by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from manim import Group, VGroup, VMobject

from rushes import theme as t
from rushes.motion import Live, Roll, Sprite, Track, ease_in, ease_out, linear, over, smooth
from rushes.shapes import NOTHING, round_box, shape
from rushes.theme import Color, Points


def shown_token(token: str) -> str:
    """A token as one reads it on a chip: without spaces around it; a lone newline or space as a sign."""
    return token.strip() or ("¶" if "\n" in token else "·")


LABEL_GAP = 30  # px between a label and its bar


class Bars(Group):
    """Candidates for the next token, likeliest first: label, bar, per cent. The first one is the bright one.

    `candidates` are (token, probability 0..1). Bars start at x and are `row` px apart from y (top of the first);
    the bar of probability `full` is `width` px long (the likeliest one's probability if not given).
    """

    def __init__(
        self,
        candidates: Sequence[tuple[str, float]],
        x: float,
        y: float,
        width: float = 610,
        *,
        row: float = 86,
        size: float = 48,
        full: float | None = None,
        color: Color = t.POLICY,
    ) -> None:
        super().__init__()
        self.labels: list[Sprite] = []
        self._lengths, self._x, self._y, self._row, self._thick = [], x, y, row, row * 0.7
        self._size, self._words = size, list[t.TextLine]()
        parts: list[Live | Sprite] = []
        unit = width / (full if full is not None else max(p for _, p in candidates))
        for i, (token, p) in enumerate(candidates):
            top, best = y + i * row, i == 0
            fill = t.mix(color, color, 0) if best else t.mix(t.PANEL, color, max(0.62 - 0.07 * i, 0.2))
            length = Track(0.0)
            bar = Live(partial(self._bar, top, length), fill=fill)
            word = t.mono(
                shown_token(token),
                size,
                t.PAPER if best else t.mix(t.MUTED, t.PAPER, 0.5),
                weight=t.BOLD if best else t.REGULAR,
            )
            base = top + self._thick / 2 + size * 0.35
            label = Sprite(t.put(word, x - LABEL_GAP, base, "r"), alpha=0.0)
            self._words.append(word)
            share = f"{100 * p:.0f}%" if p >= 0.01 else "<1%"
            percent = t.text(
                share, 52 if best else t.T_BODY, t.PAPER if best else t.MUTED, weight=t.BOLD if best else t.REGULAR
            )
            rider = Sprite(t.put(percent, x + 24, base), alpha=0.0)
            rider.drive(dx=partial(_beside, length))
            self._lengths.append((length, p * unit))
            self.labels.append(label)
            parts += [bar, rider]
        self._riders = [m for m in parts if isinstance(m, Sprite)]
        self._parts = [*parts, *self.labels]
        self.add(*self._parts)
        self.pose(0.0)

    def _bar(self, top: float, length: Track, clock: float) -> Points:
        w = length(clock)
        return round_box(self._x, top, w, self._thick, 14) if w > 1 else NOTHING

    def grow(self, at: float, stagger: float = t.STAGGER) -> Bars:
        """The bars grow one after the other (0.45 s each), labels a little before."""
        for i, ((length, px), label, rider) in enumerate(zip(self._lengths, self.labels, self._riders, strict=True)):
            start = at + i * stagger
            length.to(start, 0.45, px, ease_out)
            label.enter(max(start - 0.05, 0.0), 0.3, rise=14)
            rider.to(start + 0.08, 0.25, alpha=1.0)
        return self

    def leave(self, at: float, keep: int | None = None) -> Bars:
        """The bars shrink to nothing; the label `keep` stays."""
        for i, ((length, _), label, rider) in enumerate(zip(self._lengths, self.labels, self._riders, strict=True)):
            length.to(at, 0.25, 0.0, ease_in)
            rider.leave(at, 0.2)
            if i != keep:
                label.leave(at, 0.2)
        return self

    def pick(self, at: float, winner: int, x: float, y: float, size: float | None = None) -> float:
        """A label lifts, flies so that its left edge and baseline are at (x, y) px, in `size` px; the rest leave.

        Returns when it lands.
        """
        label, line = self.labels[winner], self._words[winner]
        k = (size or self._size) / self._size
        left, base = (
            self._x - LABEL_GAP - line.advance,
            self._y + winner * self._row + self._thick / 2 + self._size * 0.35,
        )
        cx, cy = label.home
        dx, dy = x - cx - (left - cx) * k, y - cy - (base - cy) * k
        label.to(at, 0.12, ease_out, scale=1.12).to(at + 0.12, t.MOVE, smooth, scale=k, dx=dx)
        label.to(at + 0.12, t.MOVE, lambda a: smooth(min(1.0, 1.08 * a)), dy=dy)  # a little ahead: an arc
        self.leave(at + 0.1, keep=winner)
        return at + 0.12 + t.MOVE

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


def _beside(length: Track, clock: float) -> float:
    """How far right a per cent rides: on the end of its bar, and clear of a very short one."""
    return max(length(clock), 24.0)


CHIP = "#20253F"
CHIP_RGB, INK_RGB, DEEP_RGB, PAPER_RGB = (np.array(t.mix(c, c, 0).to_rgb()) for c in (CHIP, t.INK, t.DEEP, t.PAPER))


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


def thumb(x: float, y: float, h: float, color: Color, *, up: bool = True) -> VGroup:
    """A fist with its thumb up, or down, in one colour: middle and height in px."""

    def box(left: float, top: float, wide: float, high: float, fill: Color, r: float) -> VMobject:
        return t.card(x + left * h, y + top * h, wide * h, high * h, fill, r=r * h)

    dark = t.mix(color, t.INK, 0.45)
    hand = [
        box(-0.46, -0.04, 0.15, 0.48, dark, 0.04),
        box(-0.13, -0.50, 0.24, 0.72, color, 0.12).rotate(-0.28),
        box(-0.27, -0.08, 0.56, 0.54, color, 0.12),
        *[box(-0.02, -0.09 + 0.14 * k, 0.44 - 0.03 * max(k - 1, 0), 0.14, color, 0.07) for k in range(4)],
        *[box(0.10, 0.04 + 0.14 * k, 0.26, 0.018, dark, 0.009) for k in range(3)],
    ]
    sign = VGroup(*hand)
    return sign if up else sign.stretch(-1, 1, about_point=t.at(x, y))


__all__ = ["Bars", "NumberedTokens", "RatingDial", "TokenStrip", "shown_token", "thumb"]
