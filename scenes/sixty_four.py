"""Having read everything, it writes anything: many answers to one prompt, the rudest of them and the kindest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from _dice import rolling
from _marks import HIGHEST, LOWEST, mark_disc, tint
from _samples import Row, last_sentence, repeats, sensible

from rushes import theme as t
from rushes.motion import Live, Roll, Sprite, Track, ease_out, over, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, ellipse
from rushes.theme import Points
from rushes.words import Typing

TEXT = 38  # px
MARK = 46
FACES = (2, 5, 1, 6, 3), (4, 1, 6, 2, 5)  # that two dice show as they roll


class Places(NamedTuple):
    """px: the rude and the kind card (left, top, width, height), the columns (left, foot, width), the prompt, a dot,
    the block that the dots are drawn in (top, a dot)."""

    cards: tuple[tuple[float, float, float, float], tuple[float, float, float, float]]
    columns: tuple[float, float, float]
    prompt: tuple[float, float]
    count: tuple[float, float]
    pupil: tuple[float, float, float]
    """x, feet, height."""
    dot: float
    block: tuple[float, float]
    dice: tuple[tuple[float, float], float]
    """The middles of two dice beside the Apprentice, and their size."""


WIDE = Places(
    cards=((96, 240, 520, 420), (1304, 240, 520, 420)),
    columns=(690, 600, 540),
    prompt=(960, 172),
    count=(960, 264),
    pupil=(960, t.FEET, 170),
    dot=12,
    block=(362, 12),
    dice=((1092, 1164), 56),
)
TALL = Places(
    cards=((80, 866, 840, 246), (80, 1150, 840, 246)),
    columns=(180, 776, 640),
    prompt=(500, 398),
    count=(500, 536),
    pupil=(500, 1384, 270),
    dot=9,
    block=(632, 20),
    dice=((712, 800), 70),
)


class SixtyFour(RunScene):
    """Every draw of the base model's answer to one prompt as a dot, tinted by its mark; then sorted by it.

    The two that are read out are the lowest and the highest mark among those that make sense; of equals one that uses
    the fewest words twice, and of those the one that the Values Coach puts furthest out.
    """

    runs = {"run": "base"}
    alone = 12.0

    def construct(self) -> None:
        record = self.record()
        place = TALL if t.tall() else WIDE
        anything, rolls, many, rudest, kindest, none = (
            self.cue(name) - 0.05
            for name in ("anything", "roll-its-dice", "sixty-four", "rudest", "kindest", "preference")
        )
        rows = record.draws()
        ends = extremes(rows)
        sorts = max(rudest - 0.95, many + 0.5)
        dots = Dots([row["rating"] for row in rows], place, anything - 0.6, many + 0.2, sorts)
        x, foot, width = place.columns
        left, _, right, _ = t.safe()
        axis = [t.rule(x, foot + 12, x + width, foot + 12, t.GRID, 4)]
        named = [
            t.put(t.text(f"{mark}", t.T_LABEL, t.MUTED), dots.column(mark), foot + 56, "c")
            for mark in (LOWEST, HIGHEST)
        ]
        middle = t.put(t.text("simulated mark", t.T_LABEL, t.MUTED), x + width / 2, foot + 56, "c")
        self.bake(
            t.backdrop(centre=(0.5, 0.4), floor=t.ground()[0] if not t.tall() else None),
            t.kicker("One prompt, many answers"),
            t.slate(record, f"step {record.steps[-1]}"),
            t.block(
                last_sentence(rows[0]["prompt"]),
                *place.prompt,
                right - left - 80,
                t.T_LABEL,
                t.MUTED,
                font=t.MONO,
                align="c",
                max_lines=2 if t.tall() else 1,
            ),
        )
        scale = Sprite(*axis, *named, middle).enter(sorts, rise=0)
        count = Roll(*place.count, 64, t.POLICY, 0, "{:.0f} tries").drive(value=dots.shown)
        count.to(none - 0.1, 0.2, alpha=0.0)
        mean = float(np.mean([row["rating"] for row in rows]))
        average = Sprite(t.put(t.text(f"mean {mean:.1f}", 64, t.PAPER, weight=t.BOLD), *place.count, "c"))
        average.enter(none + 0.1)
        stem = t.rule(dots.at(mean), foot, dots.at(mean), place.count[1] + 24, t.PAPER, 5)
        cards: list[Sprite | Typing] = []
        for row, box, at in zip(ends, place.cards, (rudest, kindest), strict=True):
            cards += self._card(row, box, at, dots, place)

        px, feet, h = place.pupil
        pupil = Rig("apprentice", px, feet, h, seed=11, mood=0.2, look=(0, 0.8))
        pupil.mumble(anything - 0.4, max(many - anything, 0.5))
        if t.tall():  # the two answers come where it stood
            pupil.walk(sorts - 0.5, t.frame_px()[0] + h, 1.1)
        else:
            for at, (x, top, w, _), mood in zip((rudest, kindest), place.cards, (-0.45, 0.75), strict=True):
                pupil.look_at(at - 0.2, x + w / 2, top + 150).react(at, mood, amount=0.05).mumble(at + 0.2, 1.0)
            pupil.to(none, 0.4, mood=0.15).look_out(none - 0.1).to(none + 0.1, 0.4, over, la="out", ra="out")
        parts: list[Rig | Sprite] = [shadow(pupil, 1.25 * h), pupil]
        pupil.look_at(rolls - 0.1, place.dice[0][0], feet).to(rolls - 0.1, 0.3, over, ra="out")
        pupil.look_at(many + 0.3, px, place.block[0]).to(many + 0.3, 0.3, ra="down")
        middles, side = place.dice
        for n, (faces, middle) in enumerate(zip(FACES, middles, strict=True)):
            dice = rolling(middle, feet - side / 2 - 4, side, anything - 0.6 + 0.12 * n, many + 0.2 + 0.12 * n, faces)
            dice[-1].leave(sorts)
            parts += dice
        line = Sprite(stem).enter(none + 0.1, rise=0)
        self.live(*parts, scale, count, *dots.parts, line, average, *cards)

    def _card(
        self, row: Row, box: tuple[float, float, float, float], at: float, dots: Dots, place: Places
    ) -> list[Sprite | Typing]:
        """A dot of the answer's mark flies out of its column and becomes its card."""
        x, y, w, h = box
        mark_x, mark_y = x + w - 70, y
        mark = Sprite(mark_disc(row["rating"], mark_x, mark_y, MARK), alpha=0.0)
        start = dots.top(round(row["rating"]))
        mark.begin(dx=start[0] - mark_x, dy=start[1] - mark_y, scale=0.66)
        mark.to(at - 0.35, 0.05, alpha=1.0).to(at - 0.35, 0.55, smooth, dx=0, dy=0, scale=1.0)
        size, base = (t.T_LABEL, 82) if t.tall() else (TEXT, 84)
        lines = t.wrap(row["text"], w - 72, size, font=t.MONO, max_lines=int((h - base + size) / (size * t.LEAD)))
        words = [part for n, line in enumerate(lines) for part in pieces(line, last=n == len(lines) - 1)]
        typing = Typing(words, x + 36, y + base, w - 72, size, start=at + 0.2, rate=16, caret=False)
        return [Sprite(t.card(x, y, w, h, t.PANEL, stroke=t.POLICY, sw=4)).enter(at - 0.1), typing, mark]


class Dots:
    """One dot a draw: in a block as they are drawn, in columns by their mark from `sorts` on."""

    def __init__(self, marks: Sequence[float], place: Places, begin: float, end: float, sorts: float) -> None:
        x, foot, width = place.columns
        (top, dot), n, step = place.block, len(marks), 2.6 * place.dot
        wide = int(np.ceil(np.sqrt(n)))
        self._place, self._begin, self._end = place, begin, end
        k = np.arange(n)
        wider = 2.6 * dot
        left = x + width / 2 - wider * (wide - 1) / 2
        block = np.stack([left + wider * (k % wide), top + wider * (k // wide)], 1)
        self._marks = np.clip(np.round(marks), LOWEST, HIGHEST).astype(int)
        height = np.array([int((self._marks[:i] == mark).sum()) for i, mark in enumerate(self._marks)])
        most = max(int(height.max()), 1)
        self._rise = min(step, (foot - place.count[1] - 46) / most)
        piled = np.stack([[self.column(mark) for mark in self._marks], foot - 12 - self._rise * height], 1)
        self._from, self._to, self._n = _units(block), _units(piled), n
        self._high = {mark: int((self._marks == mark).sum()) for mark in range(LOWEST, HIGHEST + 1)}
        self._move = [Track(0.0).to(sorts + 0.008 * i, t.MORPH, 1.0) for i in range(n)]
        self._one, self._shrink = ellipse(0, 0, t.px(dot), t.px(dot)), place.dot / dot
        self.parts = [
            Live(self._points(mark), fill=t.mix(tint(mark), t.PAPER, 0.10)) for mark in range(LOWEST, HIGHEST + 1)
        ]

    def column(self, mark: int) -> float:
        """The middle of a mark's column, px."""
        return self.at(mark)

    def at(self, mark: float) -> float:
        """Where a mark lies, px from the left."""
        x, _, width = self._place.columns
        return x + width * (mark - LOWEST + 0.5) / (HIGHEST - LOWEST + 1)

    def top(self, mark: int) -> tuple[float, float]:
        """The uppermost dot of a column, px."""
        return self.column(mark), self._place.columns[1] - 12 - self._rise * max(self._high[mark] - 1, 0)

    def shown(self, clock: float) -> float:
        """How many have been drawn."""
        return float(int(self._n * min(max((clock - self._begin) / (self._end - self._begin), 0.0), 1.0) + 1e-6))

    def _points(self, mark: int) -> Callable[[float], Points]:
        which = np.flatnonzero(self._marks == mark)

        def points(clock: float) -> Points:
            drawn = which[which < self.shown(clock)]
            if not len(drawn):
                return NOTHING
            share = np.array([self._move[i](clock) for i in drawn])[:, None]
            middle = self._from[drawn] * (1 - share) + self._to[drawn] * share
            age = clock - self._begin - (self._end - self._begin) * (drawn + 1) / self._n
            size = (ease_out_all(age / 0.25) * (1 + (self._shrink - 1) * share[:, 0]))[:, None, None]
            return (self._one[None] * size + middle[:, None]).reshape(-1, 3)

        return points


def ease_out_all(a: Points) -> Points:
    """`ease_out` of many."""
    return np.array([ease_out(min(max(float(v), 0.15), 1.0)) for v in a])


def _units(places: Points) -> Points:
    return np.array([t.at(float(x), float(y)) for x, y in places])


def extremes(rows: Sequence[Row]) -> tuple[Row, Row]:
    """The rudest and the kindest answer that make sense."""
    sense = sensible(rows)
    return (
        min(sense, key=lambda row: (row["rating"], repeats(row), row["values"])),
        max(sense, key=lambda row: (row["rating"], -repeats(row), row["values"])),
    )


def pieces(line: str, *, last: bool) -> list[str]:
    """A line's words with the spaces between them; a break after it unless it is the last."""
    words = line.split(" ")
    return [word + " " for word in words[:-1]] + [words[-1] + ("" if last else "\n")]
