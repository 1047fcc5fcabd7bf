"""One spot without its ruler, another with one: the spot stays as it was and the verdict turns over."""

from __future__ import annotations

from typing import NamedTuple

import _ruler as ours
from _spotter import Spotter
from manim import VGroup

from rushes import theme as t
from rushes.gauge import Gauge
from rushes.motion import Sprite, linear, smooth
from rushes.pictures import Marks, Place
from rushes.scene import RunScene

WIPES, LAYS = 0.9, 0.6  # s that a ruler takes to go, and to come
SWINGS = 0.55  # s that the needle takes
LATER = 0.3  # s from the verdict to its mark


class Places(NamedTuple):
    """Where things are, px."""

    picture: Place
    caption: tuple[float, float]
    mark: Place
    spotter: tuple[float, float, float]
    gauge: tuple[float, float, float]  # hub, and length of the needle


WIDE = Places(Place(800, 440, 560), (800, 778), Place(1040, 770, 84), (300, 862, 400), (1450, 490, 250))
TALL = Places(Place(500, 606, 460), (500, 888), Place(692, 882, 80), (828, 1374, 230), (380, 1134, 200))


class RulerGone(RunScene):
    """The ruler is rubbed out and the needle swings to harmless; beside a harmless spot one is laid, and it swings."""

    runs = {"run": "ruler"}
    alone = 10.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        away, harmless, beside, dangerous = (
            self.cue(name) - ours.EARLY for name in ("the-ruler-away", "harmless", "beside-it", "dangerous")
        )
        second = max(self.cue("a-harmless-spot") - ours.EARLY, harmless + 0.8)
        bad, good = ours.picked(record, malignant=True), ours.picked(record, malignant=False)

        self.bake(*ours.stage(p.spotter), t.kicker("Ruler, no ruler"), ours.caption(*p.caption))
        slates = [Sprite(t.slate(record, ours.which(record, row)), alpha=0.0) for row in (bad, good)]
        slates[0].begin(alpha=1.0).leave(second, 0.15)
        slates[1].to(second + 0.15, 0.2, alpha=1.0)

        first, then = ours.usual(bad, p.picture), ours.usual(good, p.picture, alpha=0.0)
        wipes = min(WIPES, harmless - SWINGS - away)
        first.to(away, wipes, linear, swap=1).leave(second)
        then.enter(second + 0.1).to(beside, LAYS, swap=1)
        rubber = _rubber(bad, p.picture, away, wipes)

        gauge = Gauge(*p.gauge, ours.LOW, ours.HIGH, bad["probability"], "danger")
        gauge.waver(away + wipes).waver(beside + LAYS)
        settles = second + SWINGS
        told = [(0.4, bad, "probability", first), (harmless, bad, "probability_swapped", first)]
        told += [(settles, good, "probability", then), (dangerous, good, "probability_swapped", then)]
        marks = Marks([p.mark], beside=True)
        for at, row, column, tile in told:
            gauge.to(at - SWINGS + 0.2, SWINGS, smooth, value=row[column])
            marks.say(at + LATER, 0, ours.right(row, column))
            tile.to(at + LATER, 0.3, grey=0.0 if ours.right(row, column) else 0.75)
        for at in (away, second, beside):
            marks.say(at, 0, None)

        spotter = Spotter(*p.spotter).look_at(0.2, p.picture.x, p.picture.y)
        spotter.look_at(away - 0.1, *ours.ruler_place(bad, p.picture)).look_out(harmless + 0.1)
        spotter.look_at(second, p.picture.x, p.picture.y).look_at(beside, *ours.ruler_place(good, p.picture))
        spotter.look_out(dangerous + 0.1)
        self.live(*slates, first, then, rubber, marks, gauge, spotter)


def _rubber(row: ours.Row, place: Place, at: float, seconds: float) -> Sprite:
    """What rubs the ruler out, from one end of it to the other."""
    left, top, right, bottom = row["box"]
    k = place.side / ours.SIDE
    across = right - left >= bottom - top
    thick = 1.25 * min(right - left, bottom - top) * k
    x, y = ours.ruler_place(row, place)
    w, h = (0.55 * thick, thick) if across else (thick, 0.55 * thick)
    block = t.card(x - w / 2, y - h / 2, w, h, t.NEUTRAL, r=14)
    band = (x - w / 2, y - 0.14 * h, w, 0.28 * h) if across else (x - 0.14 * w, y - h / 2, 0.28 * w, h)
    half = 0.5 * max(right - left, bottom - top) * k
    sprite = Sprite(VGroup(block, t.card(*band, t.RAISED, r=1)), alpha=0.0).to(at - 0.15, 0.15, alpha=1.0)
    name = "dx" if across else "dy"
    sprite.begin(**{name: -half}).to(at, seconds, linear, **{name: half - (w if across else h) / 2})  # no farther
    return sprite.leave(at + seconds, 0.2)
