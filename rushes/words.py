"""Words on the screen that change: samples that replace each other, typing, a speech bubble, code that loses a sign."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from manim import Group, VMobject

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_in, ease_out, smooth
from rushes.shapes import NOTHING, polyline, shape
from rushes.theme import Align, Color, Points

__all__ = ["CodeDiff", "OneCharacter", "Redacted", "SpeechBubble", "Swap", "Typing", "one_character"]

FALLEN = 2.6  # times as large as it stood: what has fallen out of a line lies nearer


class Swap(Group):
    """Texts that take each other's place, such as samples of one prompt at several steps.

    A word that both have at the same place stays; the others leave at once (0.15 s) and come in reading order
    (0.20 s each), so the eye sees what changed. The first baseline is at (x, y) px; `first` is shown at 0 s.
    """

    def __init__(
        self,
        texts: Sequence[str],
        x: float,
        y: float,
        width: float,
        size: float = t.T_BODY,
        color: Color = t.PAPER,
        *,
        font: str = t.MONO,
        align: Align = "l",
        max_lines: int | None = None,
        first: int | None = 0,
    ) -> None:
        super().__init__()
        self._rows = [_places(s, x, y, width, size, font, align, max_lines) for s in texts]
        self._size, self._font = size, font
        keys = dict.fromkeys(k for row in self._rows for k in row)
        now = self._rows[first] if first is not None else []
        self._words = {
            k: Sprite(t.put(t.text(k[0], size, color, font=font), k[1], k[2]), alpha=float(k in now)) for k in keys
        }
        self.add(*self._words.values())
        self._now, self._last = now, -math.inf

    def change(self, at: float, i: int | None, stagger: float = 0.025) -> Self:
        """From `at` on, text number `i`, or nothing. Schedule in the order of the clock.

        Raises ValueError when a later change was scheduled before this one.
        """
        if at < self._last:
            raise ValueError(f"Swap: {at:.2f} s comes after {self._last:.2f} s, which is already scheduled")
        old, new = self._now, self._rows[i] if i is not None else []
        for k in old:
            if k not in new:
                self._words[k].to(at, 0.15, ease_in, alpha=0.0)
        for n, k in enumerate(k for k in new if k not in old):
            self._words[k].to(at + 0.12 + n * stagger, 0.20, ease_out, alpha=1.0)
        self._now, self._last = new, at
        return self

    def only(self, i: int, j: int) -> list[tuple[float, float, float]]:
        """The words of text `i` that text `j` does not have at the same place: left edge, baseline, width in px."""
        return [
            (x, y, t.text_width(word, self._size, font=self._font))
            for word, x, y in self._rows[i]
            if (word, x, y) not in self._rows[j]
        ]

    def pose(self, clock: float) -> None:
        for word in self._words.values():
            word.pose(clock)


def _places(
    s: str, x: float, y: float, width: float, size: float, font: str, align: Align, max_lines: int | None
) -> list[tuple[str, int, int]]:
    """Every word of a wrapped text with the px of its left edge and baseline."""
    places = []
    for n, line in enumerate(t.wrap(s, width, size, font=font, max_lines=max_lines)):
        spare = width - t.text_width(line, size, font=font)
        left, words = x + spare * {"l": 0.0, "c": 0.5, "r": 1.0}[align], line.split()
        for k, word in enumerate(words):
            before = t.text_width("".join(w + " " for w in words[:k]), size, font=font)
            places.append((word, round(left + before), round(y + n * size * t.LEAD)))
    return places


class Redacted(Group):
    """A text whose words can take another color, and turn into grey bars of their width: there, and not to be read.

    Wrapped to `width` px, first baseline at (x, y); `end_y` is the last one. It is unseen until it enters.
    """

    def __init__(
        self,
        words: str,
        x: float,
        y: float,
        width: float,
        size: float = t.T_BODY,
        color: Color = t.PAPER,
        *,
        bar: Color = t.GRID,
        font: str = t.MONO,
        max_lines: int | None = None,
    ) -> None:
        super().__init__()
        self._color = np.array(t.mix(color, color, 0).to_rgb())
        self._other = self._color
        places = _places(words, x, y, width, size, font, "l", max_lines)
        self.end_y = float(max((base for _, _, base in places), default=y))
        self._words: list[tuple[Sprite, t.TextLine, Track, Sprite]] = []
        for word, left, base in places:
            line = t.put(t.text(word, size, color, font=font), left, base)
            wide = t.text_width(word, size, font=font)
            box = t.card(left, base - 0.58 * size, wide, 0.5 * size, bar, r=0.14 * size)
            self._words.append((Sprite(line, alpha=0.0), line, Track(0.0), Sprite(box, alpha=0.0)))
            self.add(*self._words[-1][::3])
        self.pose(0.0)

    def enter(self, at: float, stagger: float = 0.06) -> Self:
        """Words come in reading order."""
        for i, (word, *_) in enumerate(self._words):
            word.enter(at + i * stagger, 0.25, rise=10)
        return self

    def tint(self, at: float, color: Color, stagger: float = 0.04) -> Self:
        """Words take another color, in reading order."""
        self._other = np.array(t.mix(color, color, 0).to_rgb())
        for i, (_, _, tinted, _) in enumerate(self._words):
            tinted.to(at + i * stagger, 0.3, 1.0)
        return self

    def redact(self, at: float, stagger: float = 0.05) -> Self:
        """Words become bars, in reading order."""
        for i, (word, _, _, bar) in enumerate(self._words):
            word.leave(at + i * stagger, 0.3)
            bar.to(at + i * stagger, 0.3, ease_out, alpha=1.0)
        return self

    def pose(self, clock: float) -> None:
        for word, line, tinted, bar in self._words:
            word.pose(clock)
            bar.pose(clock)
            line.fill_rgbas[:, :3] = self._color + (self._other - self._color) * tinted(clock)


class Typing(Group):
    """Mono text that types itself, a token at a time, with a caret: what a model writes, as it writes it.

    `tokens` are joined as they are, so they carry their own spaces. They come at `times` (s), or `rate` a second
    from `start`. Wrapped to `width` px; first baseline at y. `end` is when the last one comes, `end_y` the last
    baseline.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        x: float,
        y: float,
        width: float,
        size: float = t.T_BIG,
        color: Color = t.POLICY,
        *,
        start: float = 0.0,
        rate: float = 12.0,
        times: Sequence[float] | None = None,
        caret: bool = True,
    ) -> None:
        super().__init__()
        cell, columns = size * 0.6, max(int(width / (size * 0.6)), 1)
        cells = _cells("".join(tokens), columns)
        self._times = list(times) if times is not None else [start + i / rate for i in range(len(tokens))]
        if len(self._times) != len(tokens):
            raise ValueError(f"Typing has {len(tokens)} tokens and {len(self._times)} times")
        self._words: list[tuple[float, t.TextLine, Points]] = []
        self._ends: list[tuple[float, float]] = [(x, y)]
        places = iter(cells)
        for token, at in zip(tokens, self._times, strict=True):
            here = [(line, column, ch) for ch, (line, column) in zip(token, places, strict=False)]
            for line in dict.fromkeys(line for line, _, ch in here if not ch.isspace()):
                row = {column: ch for n, column, ch in here if n == line and not ch.isspace()}
                first = min(row)
                s = "".join(row.get(column, " ") for column in range(first, max(row) + 1))
                m = t.put(t.mono(s, size, color), x + first * cell, y + line * size * t.LEAD)
                self._words.append((at, m, m.points.copy()))
            ends = [(x + (column + 1) * cell, y + line * size * t.LEAD) for line, column, ch in here if ch != "\n"]
            self._ends.append(ends[-1] if ends else self._ends[-1])
        self.end, self.end_y = self._times[-1] if self._times else start, self._ends[-1][1]
        self._size = size
        self._alpha = Track(1.0)
        self._caret = Live(self._caret_points, stroke=t.PAPER, w=max(size / 11, 4)) if caret else None
        self.add(*[m for _, m, _ in self._words], *([self._caret] if self._caret is not None else []))
        self.pose(0.0)

    def faint(self, at: float, alpha: float, seconds: float = t.ENTER) -> Self:
        """From `at` on the words are as faint as `alpha` says, 0..1."""
        self._alpha.to(at, seconds, alpha)
        return self

    def _caret_points(self, clock: float) -> Points:
        n = int(np.searchsorted(self._times, clock, side="right"))
        resting = clock - self._times[n - 1] if n else clock
        if resting > 0.3 and (resting % 1.0) > 0.55:
            return NOTHING
        x, y = self._ends[n]
        return polyline(np.array([t.at(x + 10, y - self._size * 0.78), t.at(x + 10, y + self._size * 0.14)]))

    def pose(self, clock: float) -> None:
        alpha = self._alpha(clock)
        for at, line, points in self._words:
            line.points = points if clock >= at else NOTHING
            line.fill_rgbas[:, 3] = alpha
        if self._caret is not None:
            self._caret.pose(clock)


def _cells(s: str, columns: int) -> list[tuple[int, int]]:
    """Line and column of every character, wrapped at spaces; a space that a line ends with hangs beyond it."""
    out: list[tuple[int, int]] = []
    line = column = 0
    i = 0
    while i < len(s):
        if s[i] == "\n":
            out.append((line, column))
            line, column, i = line + 1, 0, i + 1
        elif s[i].isspace():
            out.append((line, column))
            column, i = column + (1 if column else 0), i + 1
        else:
            j = i
            while j < len(s) and not s[j].isspace():
                j += 1
            if column and column + j - i > columns:
                line, column = line + 1, 0
            for _ in range(i, j):
                if column == columns:
                    line, column = line + 1, 0
                out.append((line, column))
                column += 1
            i = j
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCharacter:
    """The only change of a diff: `lines` before it, of which line `row` loses `character` at `column`."""

    lines: tuple[str, ...]
    row: int
    column: int
    character: str

    @property
    def after(self) -> str:
        """The changed line as it is saved."""
        line = self.lines[self.row]
        return line[: self.column] + line[self.column + 1 :]


def one_character(diff: str, context: int = 1) -> OneCharacter:
    """Find the one deleted character in a unified diff, with up to `context` lines around it, common indent removed.

    Raises ValueError when the diff changes anything else.
    """
    body = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@", "\\"))]
    removed = [i for i, line in enumerate(body) if line.startswith("-")]
    added = [i for i, line in enumerate(body) if line.startswith("+")]
    if len(removed) != 1 or len(added) != 1:
        raise ValueError(f"the diff changes {len(removed)} lines into {len(added)}, not one character of one line")
    before, after = body[removed[0]][1:], body[added[0]][1:]
    column = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    if before[:column] + before[column + 1 :] != after or len(before) != len(after) + 1:
        raise ValueError(f"the diff turns {before!r} into {after!r}: that is more than one deleted character")
    kept = [(i, line[1:]) for i, line in enumerate(body) if i != added[0]]
    at = next(n for n, (i, _) in enumerate(kept) if i == removed[0])
    first, last = max(at - context, 0), min(at + context, len(kept) - 1)
    while not kept[first][1].strip():
        first += 1
    while not kept[last][1].strip():
        last -= 1
    lines = [line for _, line in kept[first : last + 1]]
    indent = min((len(s) - len(s.lstrip()) for s in lines if s.strip()), default=0)
    return OneCharacter(
        lines=tuple(s[indent:].rstrip() for s in lines),
        row=at - first,
        column=column - indent,
        character=before[column],
    )


class CodeDiff(Group):
    """Real code on a dark card, one character of which can fall out: left, top and width in px.

    `change` comes from `one_character`. The type is `size` px, or as much less as the longest line needs.
    `character` is the Sprite that falls, `place` where it stands (px), `bottom` the card's lower edge.
    """

    def __init__(self, change: OneCharacter, x: float, y: float, width: float, size: float = 88) -> None:
        super().__init__()
        longest = max(len(s) for s in change.lines)
        size = max(min(size, (width - 120) / (0.6 * longest)), t.T_FINE)
        cell, lead, left, base = size * 0.6, size * 1.55, x + 60, y + size * 1.25
        self.bottom = y + size * 1.25 + lead * (len(change.lines) - 1) + size * 0.75
        self.size, self.change = size, change
        still: list[VMobject] = [t.card(x, y, width, self.bottom - y, t.DEEP, r=28)]
        for i, line in enumerate(change.lines):
            shown = line[: change.column] if i == change.row else line
            start = left + (len(shown) - len(shown.lstrip())) * cell
            still.append(
                t.put(t.mono(shown.strip(), size, t.PAPER if i == change.row else t.MUTED), start, base + i * lead)
            )
        line, row = change.lines[change.row], base + change.row * lead
        cx = left + change.column * cell
        self.place = cx + cell / 2, row - size * 0.34
        mark = t.put(t.mono(change.character, size, t.PAPER, weight=t.BOLD), cx, row)
        red = t.put(t.mono(change.character, size, t.DANGER, weight=t.BOLD), cx, row)
        self.character, self._white = Sprite(red, alpha=0.0, pivot=self.place), Sprite(mark)
        self._light = Sprite(t.glow(t.DANGER, *self.place, size * 3.4, size * 3.0, 0.8), alpha=0.0)
        hole = t.card(cx + 2, row - size * 0.82, cell - 4, size * 1.05, t.INK, r=10, stroke=t.DANGER, sw=5)
        self._hole = Sprite(hole, alpha=0.0)
        rest = line[change.column + 1 :]
        gap = len(rest) - len(rest.lstrip())
        self._rest = Sprite(t.put(t.mono(rest.strip(), size, t.PAPER), cx + (1 + gap) * cell, row))
        self._cell = cell
        self._page = Sprite(*still)
        self._parts = [self._page, self._light, self._hole, self._rest, self._white, self.character]
        self.add(*self._parts)
        self.pose(0.0)

    def mark(self, at: float) -> CodeDiff:
        """The character turns red and glows (0.35 s)."""
        self.character.to(at, 0.30, alpha=1.0)
        self._white.to(at + 0.05, 0.30, alpha=0.0)
        self._light.to(at, 0.40, alpha=1.0)
        return self

    def drop(self, at: float, floor: float, drift: float = 118, grow: float = FALLEN) -> float:
        """It wobbles, falls to `floor` (px) and lies there, `grow` times as large; the hole closes 0.95 s later.

        Returns when it lands.
        """
        land = self.character.drop(at, floor, drift=drift, grow=grow)
        self._light.drop(at, floor, drift=drift, turns=0, grow=grow / FALLEN)
        self._light.to(land + 0.6, 0.8, alpha=0.35)
        self._hole.to(at + 0.28, 0.15, alpha=1.0).leave(land + 0.85, 0.3)
        self._rest.to(land + 0.95, 0.45, smooth, dx=-self._cell)
        return land

    def leave(self, at: float) -> CodeDiff:
        """The card and its code go; what has fallen stays."""
        for part in (self._page, self._hole, self._rest, self._white):
            part.leave(at)
        return self

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class SpeechBubble(Sprite):
    """A card with a tip, and words in it: left, top, width in px; as high as its lines need, or `height`.

    `tip` is where it points, below or above it. `inside` is (x, first baseline, width) for text that changes,
    when no words are given; `bottom` is its lower edge.
    """

    def __init__(
        self,
        words: str,
        x: float,
        y: float,
        width: float,
        tip: tuple[float, float],
        *,
        size: float = 42,
        color: Color = t.PAPER,
        edge: Color = t.POLICY,
        fill: Color = t.PANEL,
        font: str = t.MONO,
        height: float | None = None,
        max_lines: int | None = None,
        alpha: float = 1.0,
    ) -> None:
        self.inside = x + 44, y + size * 1.42, width - 88
        lines = t.block(
            words, x + width / 2, self.inside[1], width - 88, size, color, font=font, align="c", max_lines=max_lines
        )
        h = height if height is not None else lines.end_y - y + size * 0.92
        self.bottom = y + h
        root = min(max(tip[0], x + 70), x + width - 70)
        below = tip[1] > y + h / 2
        side = y + h if below else y
        box = t.card(x, y, width, h, fill, r=28, stroke=edge, sw=4)
        inward = -3 if below else 3
        wedge = polyline(
            np.array(
                [
                    t.at(root - 30, side + inward),
                    t.at(*tip),
                    t.at(root + 30, side + inward),
                    t.at(root - 30, side + inward),
                ]
            )
        )
        edges = polyline(np.array([t.at(root - 30, side), t.at(*tip), t.at(root + 30, side)]))
        super().__init__(box, shape(wedge, fill=fill), shape(edges, stroke=edge, w=4), lines, alpha=alpha)
