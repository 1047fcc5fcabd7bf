"""What would help, in four small pictures of what was seen before: marks, changed tests, layers, small steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import _ruler as ours
import numpy as np
from _inside import Place as Turning
from _inside import turning_place
from _marks import mark_disc
from _samples import Row
from manim import Group, VMobject

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_out, linear, over
from rushes.pictures import Place
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

EARLY = 0.05  # s that a change starts before its word
W, H, INNER = 408, 486, 344  # px: a tile, and what is drawn in it
NAMES = ("simulated marks", "tests", "layers", "steps")
STAIRS, STAIRS_W = 6, 288  # how many, and px: on the first and the last there is room for the Apprentice's arms
LIKE = 0.96  # of the last mark: from here on the stairs are flat, and are left out
HOP = 0.34  # s from stair to stair
CLIMB = 0.22  # s from floor to floor
DEALT = (0.0, 0.1, 0.2, 0.3)  # s at which the dim tiles come
DIM = 0.62  # how much of a tile is hidden until its word is said
PICTURE = 268  # px: the lesion's side


class Places(NamedTuple):
    """Left and top edges of the four tiles, px."""

    tiles: Sequence[tuple[float, float]]


WIDE = Places([(t.MARGIN_X + k * 440, 258) for k in range(4)])
TALL = Places([(80 + k % 2 * 432, 384 + k // 2 * 510) for k in range(4)])


@dataclass(frozen=True, slots=True)
class Several:
    """Three runs, as one for the slate."""

    runs: Sequence[Record]

    @property
    def name(self) -> str:
        return ", ".join(run.name for run in self.runs)

    @property
    def size(self) -> str:
        return " | ".join(dict.fromkeys(run.size for run in self.runs))

    @property
    def seed(self) -> int:
        return self.runs[0].seed


class WhatHelps(RunScene):
    """Four dim pictures; each lights up with its word and acts: two marks are given, the ruler goes, a light climbs,
    steps are taken. At "all three" the first three light up again, and in the end all four are lit.

    The marks are the first low and the first high one of the healthy run's labels; the stairs are its readers' mean
    mark while it rose, in equal parts.
    """

    runs = {"run": "healthy", "ruler": "ruler", "inside": "inside"}
    alone = 12.0

    def construct(self) -> None:
        healthy, ruler, inside = self.record(), self.record("ruler"), self.record("inside")
        tiles = (TALL if t.tall() else WIDE).tiles
        *cues, away, all_three = (
            self.cue(name) - EARLY
            for name in ("mark", "change-the-world", "look-inside", "slowly", "the-ruler", "all-three")
        )
        self.bake(
            t.backdrop(centre=(0.5, 0.4)),
            t.kicker("What would help"),
            t.slate(Several([healthy, ruler, inside]), "recap"),
        )
        lesion = ours.picked(ruler, malignant=True)
        x, y = tiles[1]
        tile = ours.usual(lesion, Place(x + W / 2, y + 34 + PICTURE / 2, PICTURE), alpha=0.0)
        tile.enter(DEALT[1]).to(away, 0.9, linear, swap=1)
        caption = Sprite(ours.caption(x + W / 2, y + PICTURE + 84)).enter(cues[1], rise=0)
        x, y = tiles[3]
        stairs = Stairs(rising(healthy), x + (W - STAIRS_W) / 2, y + H - 110, STAIRS_W, 200, cues[3])
        self.live(
            *(
                Lit(*place, DEALT[k], at, until, all_three + 0.22 * k)
                for k, (place, at, until) in enumerate(zip(tiles, cues, [*cues[1:], None], strict=True))
            ),
            *marks(healthy, *tiles[0], cues[0]),
            tile,
            caption,
            Floors(turning_place(inside), tiles[2][0] + (W - INNER) / 2, tiles[2][1] + 44, cues[2]),
            *stairs.parts,
            *(Veil(*place, DEALT[k], cues[k]) for k, place in enumerate(tiles)),
            *(name(word, *place, cues[k]) for k, (word, place) in enumerate(zip(NAMES, tiles, strict=True))),
        )


class Lit(Group):
    """A tile's card, which comes at `dealt`, is framed from `at` to `until`, and from `again` on stays framed."""

    def __init__(self, x: float, y: float, dealt: float, at: float, until: float | None, again: float) -> None:
        super().__init__()
        edge = Track(0.0).to(at, 0.2, 1.0)
        if until is not None:
            edge.to(until, 0.25, 0.0).to(max(again, until + 0.3), 0.2, 1.0)
        box = round_box(x, y, W, H, 28)
        self._parts = [
            Live(lambda _: box, fill=t.PANEL, alpha=Track(0.0).to(dealt, 0.25, 1.0)),
            Live(lambda _: box, stroke=t.PAPER, w=5, alpha=edge),
        ]
        self.add(*self._parts)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class Veil(Group):
    """What keeps a tile dim until its word is said."""

    def __init__(self, x: float, y: float, dealt: float, at: float) -> None:
        super().__init__()
        box = round_box(x + 4, y + 4, W - 8, H - 8, 25)
        dim = Track(0.0).to(dealt, 0.25, DIM).to(at, 0.3, 0.0)
        self._veil = Live(lambda _: box, fill=t.mix(t.INK, t.PANEL, 0.55), alpha=dim)
        self.add(self._veil)

    def pose(self, clock: float) -> None:
        self._veil.pose(clock)


def name(word: str, x: float, y: float, at: float) -> Sprite:
    """What a tile is about, below its picture."""
    return Sprite(t.put(t.text(word, t.T_LABEL, t.PAPER, weight=t.BOLD), x + W / 2, y + H - 34, "c")).enter(at, rise=10)


# ---------------------------------------------------------------- marks
def marks(record: Record, x: float, y: float, at: float) -> list[Sprite]:
    """Two answers as lines of words, too small to read, and the mark that each one got."""
    labels = [row for row in record.labels() if row["phase"] == "coach"]
    low = next((row for row in labels if row["rating"] <= 2), labels[0])
    high = next((row for row in labels if row["rating"] >= 8), labels[-1])
    parts = []
    for k, row in enumerate((low, high)):
        top = y + 44 + 180 * k
        words = [t.card(x + 32, top, INNER, 150, t.RAISED, r=18), *lines(row, x + 56, top + 28, INNER - 130)]
        mark = mark_disc(row["rating"], x + 32 + INNER - 56, top + 75, 46)
        parts.append(Sprite(*words).enter(DEALT[0] + 0.12 * k))
        stamp = Sprite(mark, alpha=0.0).begin(scale=1.7)
        parts.append(stamp.to(at + 0.5 + 0.35 * k, 0.15, alpha=1.0).to(at + 0.5 + 0.35 * k, 0.3, over, scale=1.0))
    return parts


def lines(row: Row, x: float, y: float, width: float) -> list[VMobject]:
    """A bar for every word of an answer, on at most four lines."""
    bars: list[VMobject] = []
    left, line = 0.0, 0
    for word in row["text"].split():
        w = 7.0 * len(word)
        if left and left + w > width:
            left, line = 0.0, line + 1
        if line > 3:
            break
        bars.append(t.card(x + left, y + 27 * line, w, 13, t.mix(t.PANEL, t.POLICY, 0.75), r=6))
        left += w + 10
    return bars


# ---------------------------------------------------------------- layers
class Floors(Group):
    """The floors of the logit lens without their words: a light climbs from `at` on, and the bright piece grows."""

    def __init__(self, place: Turning, x: float, y: float, at: float) -> None:
        super().__init__()
        count = len(place.layers)
        high = (H - 150) / count
        self._parts: list[Live] = []
        for i, layer in enumerate(place.layers):
            top, grown = y + (count - 1 - i) * high, Track(0.0).to(at + 0.3 + CLIMB * i, 0.4, 1.0, ease_out)
            track = round_box(x, top, INNER, high - 14, 10)
            self._parts.append(Live(lambda _, track=track: track, fill=t.INK, alpha=Track(0.0).to(DEALT[2], 0.3, 1.0)))
            left = 0.0
            for k, (token, p) in enumerate(layer):
                fill = t.POLICY if token == place.said else t.mix(t.PANEL, t.POLICY, max(0.42 - 0.08 * k, 0.12))
                self._parts.append(Live(partial(piece, grown, x, left, p * INNER, top, high - 14), fill=fill))
                left += p * INNER
        self.add(*self._parts)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


def piece(grown: Track, x: float, left: float, width: float, top: float, high: float, clock: float) -> Points:
    """A piece of a floor's bar, as much of it as has grown."""
    w = min(width, grown(clock) * INNER - left) - 4
    return round_box(x + left, top, w, high, 8) if w > 1 else NOTHING


# ---------------------------------------------------------------- steps
def rising(record: Record) -> list[float]:
    """The mean mark in so many equal parts of the run's rise."""
    ratings = record.column("rating")
    top = LIKE * float(np.mean(ratings[-5:]))
    until = next((k for k, rating in enumerate(ratings) if rating >= top), len(ratings) - 1)
    rise = np.array(ratings[: max(until + 1, STAIRS)])
    if len(rise) < STAIRS:  # a run of so few steps
        return np.interp(np.linspace(0, len(rise) - 1, STAIRS), range(len(rise)), rise).tolist()
    return [float(part.mean()) for part in np.array_split(rise, STAIRS)]


class Stairs:
    """Stairs as high as the values, left and foot at (x, y) px, and the Apprentice, which takes them one by one."""

    def __init__(self, values: Sequence[float], x: float, y: float, width: float, height: float, at: float) -> None:
        low, high, wide = min(values), max(values), width / len(values)
        tops = [y - 26 - (height - 26) * (v - low) / max(high - low, 1e-9) for v in values]
        boards = [
            t.card(x + k * wide, top, wide - 5, y - top, t.mix(t.PANEL, t.VALUES, 0.25 + 0.5 * k / len(values)), r=7)
            for k, top in enumerate(tops)
        ]
        places = [(x + (k + 0.5) * wide - 2, top + 2) for k, top in enumerate(tops)]
        pupil = Rig("apprentice", *places[0], 98, seed=39, mood=0.4, look=(0.6, 0.3)).enter(DEALT[3] + 0.1, 0.3, 30)
        for k, (px, py) in enumerate(places[1:]):
            begin = at + 0.6 + k * (HOP + 0.12)
            pupil.to(begin, HOP, linear, x=px, y=py).hop(begin, 26, HOP)
        pupil.look_out(at + 0.8 + len(places) * (HOP + 0.12)).to(at + 0.8 + len(places) * (HOP + 0.12), 0.3, mood=0.8)
        self.parts = [Sprite(*boards).enter(DEALT[3]), shadow(pupil), pupil]
