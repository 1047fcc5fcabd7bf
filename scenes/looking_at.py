"""Which part of the picture made up the classifier's mind; and why: what lay beside what while it learned."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import _ruler as ours
import numpy as np
from _spotter import Spotter
from manim import Group

from rushes import theme as t
from rushes.gauge import class_sign
from rushes.motion import Live, Roll, Sprite, Track, ease_out, over
from rushes.pictures import Place, tiled
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline, round_box, shape
from rushes.theme import Points

CARDS, COLUMNS = 20, 10  # cards a kind: each stands for 5 of 100 pictures
BAR = 44  # px thick
STRIP = (0.12, 0.70, 0.76, 0.20)  # a ruler on its card: left, top, width, height, over the card's side
NOTCHES = 7


class Places(NamedTuple):
    """Where things are, px."""

    picture: Place
    caption: tuple[float, float]
    spotter: tuple[float, float, float]
    verdict: tuple[float, float]  # left edge and baseline
    bars: tuple[float, float, float, float]  # left, top, length of a whole one, from one to the next
    cards: tuple[float, float, float, float]  # left, top, from card to card, from kind to kind
    sum_up: tuple[float, float, float]  # middle, and height


WIDE = Places(
    picture=Place(800, 440, 560),
    caption=(800, 778),
    spotter=(300, 862, 400),
    verdict=(1180, 270),
    bars=(1180, 440, 440, 170),
    cards=(662, 222, 100, 302),
    sum_up=(1162, 806, 76),
)
TALL = Places(
    picture=Place(500, 640, 520),
    caption=(500, 948),
    spotter=(800, 1374, 270),
    verdict=(80, 1036),
    bars=(80, 1126, 380, 122),
    cards=(80, 466, 84, 290),
    sum_up=(340, 1190, 80),
)


class LookingAt(RunScene):
    """The picture greys and its map lights up on the ruler; then how often a ruler lay beside which kind."""

    runs = {"run": "ruler"}
    alone = 13.5

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        row = ours.picked(record, malignant=True)
        asks, ruler, worry, trouble = (
            self.cue(name) - ours.EARLY for name in ("made-up-its-mind", "the-ruler", "worry-them", "trouble")
        )
        spot = self.cue("the-spot", asks + 0.6 * (ruler - asks)) - ours.EARLY
        clears = max(ruler + 1.2, min(worry - 1.6, ruler + 2.6))

        self.bake(*ours.stage(p.spotter))
        titles = [
            Sprite(t.kicker("What made up its mind?")).leave(clears),
            Sprite(t.kicker("What it learned from"), alpha=0.0).enter(clears + 0.2, rise=0),
        ]
        slates = [
            Sprite(t.slate(record, ours.which(record, row))).leave(clears),
            Sprite(t.slate(record, f"{record.setting('pictures')} to learn from"), alpha=0.0).enter(
                clears + 0.2, rise=0
            ),
        ]
        spotter = Spotter(*p.spotter).look_at(0.3, p.picture.x, p.picture.y)
        tile = ours.usual(row, p.picture, heat=ours.pixels(row, "saliency")).to(asks, 0.8, grey=1)
        tile.to(ruler, 0.7, ease_out, heat=1).leave(clears)
        caption = Sprite(ours.caption(*p.caption)).leave(clears)
        ring = Live(
            partial(_ring, p.picture, spot),
            stroke=t.PAPER,
            w=6,
            alpha=lambda c: np.interp(c, (ruler - 0.3, ruler), (1, 0)),
        )
        x, y, length, apart = p.bars
        verdict = Sprite(*ours.verdict(True, *p.verdict)).leave(clears)
        bars = [
            Share("decided by the spot", row["lesion_share"], x, y, length, spot, clears),
            Share("decided by the ruler", row["ruler_share"], x, y + apart, length, ruler + 0.1, clears),
        ]
        spotter.look_at(spot + 0.1, p.picture.x, p.picture.y).look_at(ruler - 0.1, *ours.ruler_place(row, p.picture))
        spotter.look_out(clears - 0.2)

        left, top, pitch, between = p.cards
        begin = clears + 0.35
        shares = (record.setting("ruler_if_malignant"), record.setting("ruler_if_benign"))
        lays = (worry, worry + 0.45 * (trouble - worry))
        kinds = [
            Kind(not k, share, left, top + k * between, pitch, begin + 0.5 * k, lay)
            for k, (share, lay) in enumerate(zip(shares, lays, strict=True))
        ]
        for k, at in enumerate((begin, *lays)):
            spotter.look_at(at - 0.1, left + 5 * pitch, top + pitch + max(k - 1, 0) * between)
        spotter.look_at(trouble, *p.sum_up[:2])
        self.live(*titles, *slates, tile, caption, verdict, ring, *bars, *kinds, *_sum_up(*p.sum_up, trouble), spotter)


class Share(Group):
    """How much of what moved the verdict lies somewhere: a bar that grows at a time, its name and per cent."""

    def __init__(self, name: str, share: float, x: float, y: float, length: float, at: float, leaves: float) -> None:
        super().__init__()
        self._x, self._y, self._full = x, y, Track(0.0).to(at, 0.6, share * length, ease_out)
        shown = Track(0.0).to(at, 0.3, 1.0).to(leaves, t.EXIT, 0.0)
        word = Sprite(t.put(t.text(name, t.T_BODY), x, y - 18)).drive(alpha=shown)
        number = Roll(0, y + 40, t.T_BIG, t.PAPER, 0, "{:.0f}%", align="l").to(at, 0.6, ease_out, value=100 * share)
        number.drive(x=lambda clock: x + max(self._full(clock), 8) + 22, alpha=shown)
        track = Live(lambda _: round_box(x, y, length, BAR, 12), fill=t.RAISED, alpha=lambda c: 0.6 * shown(c))
        self._parts = [track, Live(self._bar, fill=t.POLICY, alpha=shown), word, number]
        self.add(*self._parts)

    def _bar(self, clock: float) -> Points:
        return round_box(self._x, self._y, max(self._full(clock), 8), BAR, 12)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class Kind(Group):
    """Pictures of one kind as cards with its sign; rulers slide onto the recipe's share of them, a per cent counts."""

    def __init__(self, high: bool, share: float, x: float, y: float, pitch: float, comes: float, lays: float) -> None:
        super().__init__()
        side = 0.88 * pitch
        self._places, self._side = tiled(CARDS, COLUMNS, x, y, side, pitch - side), side
        self._lays = [lays + 0.03 * i for i in range(round(share * CARDS))]
        base = y - 30
        name = t.put(t.text(ours.HIGH if high else ours.LOW, t.T_BODY, weight=t.BOLD), x + 56, base)
        cards = [t.card(c.x - side / 2, c.y - side / 2, side, side, t.RAISED, r=0.12 * side) for c in self._places]
        signs = [class_sign(high, c.x, c.y - 0.12 * side, 0.2 * side, t.MUTED) for c in self._places]
        rows = [Sprite(*cards[k::COLUMNS], *signs[k::COLUMNS], alpha=0.0) for k in range(COLUMNS)]
        for k, column in enumerate(rows):
            column.enter(comes + 0.04 * k, 0.3)
        title = Sprite(name, class_sign(high, x + 22, base - 15, 22), alpha=0.0).enter(comes, 0.3)
        right = x + COLUMNS * pitch - (pitch - side)
        ending = t.put(t.text("with a ruler", t.T_BODY, t.MUTED), right, base, "r")
        number = Roll(t.bounds(ending)[0] - 16, base, t.T_BIG, t.PAPER, 0, "{:.0f}%", align="r")
        number.to(lays, 0.6, ease_out, value=100 * share).begin(alpha=0.0).to(lays, 0.2, alpha=1.0)
        self._strips, self._notches = shape(fill=t.PAPER), shape(stroke=t.INK, w=3)
        self._parts: list[Sprite | Roll] = [title, *rows, Sprite(ending, alpha=0.0).to(lays, 0.2, alpha=1.0), number]
        self.add(*self._parts, self._strips, self._notches)
        self.pose(0.0)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)
        strips, notches = [NOTHING], [NOTHING]
        left, top, wide, high = (v * self._side for v in STRIP)
        for place, at in zip(self._places, self._lays, strict=False):
            if clock > at:
                come = ease_out(min((clock - at) / 0.3, 1.0))
                x, y = place.x - self._side / 2 + left, place.y - self._side / 2 + top + 30 * (1 - come)
                strips.append(round_box(x, y, wide * come, high, 3))
                if come > 0.9:
                    notches += [_notch(x + wide * (k + 1) / (NOTCHES + 1), y, 0.5 * high) for k in range(NOTCHES)]
        self._strips.points, self._notches.points = np.vstack(strips), np.vstack(notches)


def _notch(x: float, y: float, long: float) -> Points:
    return polyline(np.array([t.at(x, y), t.at(x, y + long)]))


def _ring(place: Place, at: float, clock: float) -> Points:
    """A ring that draws in round the spot, in the middle of the picture."""
    if clock < at:
        return NOTHING
    r = place.side * (0.28 + 0.12 * (1 - over(min((clock - at) / 0.4, 1.0))))
    return oval(place.x, place.y, r, r)


def _sum_up(x: float, y: float, h: float, at: float) -> list[Sprite]:
    """What there was to learn: a ruler, an equals sign, the sign of danger."""
    wide = 3.6 * h
    left = x - (wide + 2.9 * h) / 2
    strip = [t.card(left, y - h / 2, wide, h, t.PAPER, r=8)]
    marks = [
        shape(_notch(left + wide * (k + 1) / 20, y - h / 2, h * (0.5 if k % 5 == 4 else 0.3)), stroke=t.INK, w=4)
        for k in range(19)
    ]
    equals = [
        t.rule(left + wide + 0.6 * h, y + s * 0.16 * h, left + wide + 1.2 * h, y + s * 0.16 * h, t.PAPER, 9)
        for s in (-1, 1)
    ]
    sign = class_sign(True, left + wide + 2.3 * h, y, 0.56 * h)
    return [
        Sprite(*strip, *marks, alpha=0.0).enter(at - 0.35),
        Sprite(*equals, alpha=0.0).enter(at - 0.1, 0.25),
        Sprite(sign, alpha=0.0).enter(at, 0.3).pulse(at + 0.3),
    ]
