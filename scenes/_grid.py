"""A small grid world, drawn: its tiles, its off switch, what each place is worth, walks through it, and many goals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from manim import VGroup, VMobject

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_out, over
from rushes.record import Record
from rushes.rig import Rig
from rushes.shapes import NOTHING, ellipse, polyline, round_box, shape
from rushes.theme import Points

FLOOR, END = t.mix(t.PANEL, t.GRID, 0.3), t.mix(t.RAISED, t.GRID, 0.75)
GAP = 0.08  # of a tile, between two
WORTH = 0.44  # of a tile: radius of the disc of a place that is worth 1
PAD = 30  # px: the margin of a goal's card
STEP = 0.24  # s that the Apprentice takes from tile to tile
DOT_SPEED = 7.0  # tiles a second
JITTER = 0.2  # of a tile: how far a dot keeps from the middle of the way
NOISE = np.random.default_rng(8).uniform(-1, 1, (400, 2))


class Board(NamedTuple):
    """A grid on the frame: its left and top edges and its tile, px."""

    left: float
    top: float
    tile: float

    def px(self, cell: Sequence[float]) -> tuple[float, float]:
        """The middle of a cell (row, column)."""
        return self.left + (cell[1] + 0.5) * self.tile, self.top + (cell[0] + 0.5) * self.tile


def tiles(board: Board, record: Record) -> VGroup:
    """Every cell as a tile, those to end in lighter."""
    ends = {tuple(row["cell"]) for row in record.places()}
    lines = record.setting("map").splitlines()
    cells = [(y, x) for y, line in enumerate(lines) for x, mark in enumerate(line) if mark not in "# "]
    return VGroup(*(_tile(board, cell, fill=END if cell in ends else FLOOR) for cell in cells))


def frames(board: Board, record: Record, at: float, gone: float) -> list[Sprite]:
    """An edge around every cell to end in: the switch's at `at`, then those of the others."""
    edges = [Sprite(_tile(board, row["cell"], stroke=t.PAPER, w=5)) for row in record.places()]
    return [edge.enter(at + (0.45 + 0.06 * i if i else 0), 0.15, 0).leave(gone) for i, edge in enumerate(edges)]


def _tile(board: Board, cell: Sequence[float], **paint: Any) -> VMobject:
    (x, y), side = board.px(cell), board.tile * (1 - GAP)
    return shape(round_box(x - side / 2, y - side / 2, side, side, 0.16 * board.tile), **paint)


def power(x: float, y: float, r: float, color: t.Color = t.PAPER) -> VGroup:
    """The sign on every switch: a ring that is open above, and a bar in the opening."""
    turn = np.radians(np.linspace(125, 415, 49))
    arc = np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1) * t.px(r) + t.at(x, y)
    bar = np.array([t.at(x, y - 1.2 * r), t.at(x, y - 0.2 * r)])
    return VGroup(*(shape(polyline(points), stroke=color, w=0.27 * r) for points in (arc, bar)))


def worths(board: Board, record: Record, goal: Any, at: float, pay: Track) -> list[Live]:
    """At each place a disc as large (in area) as what it is worth to this goal; the switch's grows with the pay."""
    dice = np.random.default_rng(3).random((4, len(record.places())))

    def disc(i: int, middle: tuple[float, float]) -> Callable[[float], Points]:
        grown = Track(0.0)
        for k in range(4):  # as dice are shaken before they lie
            grown.to(at + 0.12 * k, 0.12, float(dice[k][i]), ease_out)
        grown.to(at + 0.5, 0.35, goal["worth"][i], over)

        def points(clock: float) -> Points:
            worth = grown(clock) + (pay(clock) if i == 0 else 0.0)
            r = t.px(WORTH * board.tile) * max(worth, 0.0) ** 0.5
            return ellipse(*t.at(*middle)[:2], r, r) if clock > at else NOTHING

        return points

    return [Live(disc(i, board.px(row["cell"])), fill=t.SHADE[t.POLICY]) for i, row in enumerate(record.places())]


def one_goal(goal: Any, box: tuple[float, float, float, float]) -> tuple[Sprite, Sprite]:
    """A card in a box (left, top, right, bottom; px) and its name: a bar for what each place is worth, off first."""
    left, top, right, bottom = box
    pitch = (right - left - 2 * PAD) / len(goal["worth"])
    side, foot = 0.56 * pitch, bottom - PAD - 0.8 * pitch
    high = foot - top - PAD - 2 * t.T_LABEL
    parts: list[VMobject] = [t.card(left, top, right - left, bottom - top)]
    for i, worth in enumerate(goal["worth"]):
        x = left + PAD + (i + 0.5) * pitch
        if worth > 0:
            parts.append(t.card(x - side / 2, foot - worth * high, side, worth * high, t.SHADE[t.POLICY], r=8))
        below = foot + 0.24 * pitch
        parts.append(t.card(x - side / 2, below, side, side, END, r=0.18 * side))
        if i == 0:
            parts.append(power(x, below + 0.54 * side, 0.26 * side))
    name = t.put(t.text("one goal", t.T_LABEL, t.MUTED), left + PAD, top + PAD + t.T_LABEL)
    return Sprite(*parts), Sprite(name)


def walk(rig: Rig, board: Board, path: Sequence[Sequence[float]], at: float, step: float = STEP) -> float:
    """Hop along the path from its first cell on; the time of the last landing."""
    feet = 0.32 * board.tile
    for cell in path[1:]:
        x, y = board.px(cell)
        rig.to(at, step, x=x, y=y + feet).hop(at, 0.16 * board.tile, step)
        at += step
    return at


def trail(board: Board, path: Sequence[Sequence[float]], at: float, step: float, gone: float) -> Live:
    """A line that is drawn behind who walks."""
    corners = np.array([t.at(*board.px(cell)) for cell in path])

    def points(clock: float) -> Points:
        done = min(max((clock - at) / step, 0.0), len(path) - 1.0)
        if done <= 0:
            return NOTHING
        now = [np.interp(done, range(len(path)), corners[:, i]) for i in range(3)]
        return polyline(np.vstack([corners[: int(done) + 1], now]))

    return Live(points, stroke=t.POLICY, w=9, alpha=Track(1.0).to(gone, 0.4, 0.0))


def stream(board: Board, record: Record, ends: Sequence[str], begin: float, over_s: float) -> Live:
    """A dot for each of these goals sets out within `over_s` seconds and goes the way to where it ends."""
    ways = {row["name"]: np.array([t.at(*board.px(cell)) for cell in row["path"]]) for row in record.places()}
    goes = begin + over_s * np.arange(len(ends)) / max(len(ends), 1)
    aside = NOISE[np.arange(len(ends)) % len(NOISE)] * t.px(JITTER * board.tile)
    dot = ellipse(0, 0, t.px(0.085 * board.tile), t.px(0.085 * board.tile))

    def points(clock: float) -> Points:
        here = []
        for i, name in enumerate(ends):
            way, done = ways[name], (clock - goes[i]) * DOT_SPEED
            if 0 < done < len(way) - 1:
                k = int(done)
                here.append(way[k] + (way[k + 1] - way[k]) * (done - k) + [*aside[i], 0])
        return (np.array(here)[:, None] + dot[None]).reshape(-1, 3) if here else NOTHING

    return Live(points, fill=t.POLICY)


class Field:
    """A dot a goal in a box (left, top, right, bottom; px): a disc if its plan goes past the switch, a ring if not.

    They come one column after another, those that would take the most pay first; `pay` turns them.
    """

    def __init__(
        self, turns: Sequence[float], box: tuple[float, float, float, float], at: float, seconds: float, pay: Track
    ) -> None:
        left, top, right, bottom = box
        self._turns = np.array(sorted(turns, reverse=True))
        n, w, h = len(turns), right - left, bottom - top
        pitch = (w * h / n) ** 0.5
        about = max(round(h / pitch), 1)
        rows = min(range(max(about - 3, 1), about + 4), key=lambda k: -n % k)  # so that the last column is full
        across = -(-n // rows)
        pitch = min(w / across, h / rows)
        i = np.arange(n)
        self._places = np.array(
            [
                t.at(left + (c + 0.5) * w / across, top + (r + 0.5) * pitch)
                for c, r in zip(i // rows, i % rows, strict=True)
            ]
        )
        self._come = at + seconds * (i // rows) / max(across - 1, 1)
        self._pay, self._r = pay, 0.34 * min(pitch, 60)
        ring = max(0.5 * self._r, 2)
        self.parts = [
            Live(lambda clock: self._dots(clock, True), fill=t.POLICY),
            Live(lambda clock: self._dots(clock, False), stroke=t.PAPER, w=ring),
        ]

    def first(self) -> tuple[float, float]:
        """Where the first dot is, px."""
        (x, y), (w, h) = self._places[0][:2], t.frame_px()
        return x * t.UNIT + w / 2, h / 2 - y * t.UNIT

    def past(self, clock: float) -> float:
        """How many that are seen go past the switch, over how many do when nothing is paid."""
        return float(((self._come <= clock) & self._past(clock)).sum() / max((self._turns > 0).sum(), 1))

    def _past(self, clock: float) -> Any:
        return self._turns > self._pay(clock)

    def _dots(self, clock: float, past: bool) -> Points:
        seen = (self._come <= clock) & (self._past(clock) == past)
        dot = ellipse(0, 0, t.px(self._r), t.px(self._r)) * (1 if past else 0.8)
        return (self._places[seen][:, None] + dot[None]).reshape(-1, 3) if seen.any() else NOTHING
