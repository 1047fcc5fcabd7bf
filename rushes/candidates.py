"""Candidates for the next token, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from manim import Group

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_in, ease_out, smooth
from rushes.shapes import NOTHING, round_box
from rushes.theme import Color, Points
from rushes.token_chips import shown_token

__all__ = ["LABEL_GAP", "Bars"]


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
