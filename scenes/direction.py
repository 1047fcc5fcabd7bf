"""Rudeness has a direction: held-out answers as dots, and an arrow along which the rude and the kind ones part."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rushes import theme as t
from rushes.charts import Chart
from rushes.clouds import Arrow, Cloud
from rushes.motion import Live, Roll, Sprite, Track, ease_out, linear
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline
from rushes.theme import Points

EARLY = 0.05  # s that a change starts before its word
ROOM = 1.08  # the chart's edge over its outermost dot
POUR = 1.5  # s in which the dots come, at most
PARTS = 0.9  # s in which one kind of dot is told, at most
NUMBER, FINE = 128, 40  # px


class Places(NamedTuple):
    """Where things are, px."""

    card: tuple[float, float, float, float]
    """Left, top, width, height of the chart's card."""
    number: tuple[float, float]
    """Left edge and baseline of the share."""
    caption: tuple[float, float]
    """Left edge and first baseline of what it is a share of."""
    pupil: tuple[float, float]
    """Middle and height of the Apprentice."""


WIDE = Places((t.MARGIN_X, 164, 1280, 698), (1440, 318), (1444, 384), (1620, 300))
TALL = Places((80, 392, 840, 640), (80, 1200), (392, 1146), (790, 196))


class Direction(RunScene):
    """Held-out answers of the layer that is steered in the next shot, in the plane of the arrow.

    Across is the place along the direction from the mean kind answer to the mean rude one, up the direction in which
    answers differ most beside it. Rings are answers on the wrong side of the middle.
    """

    runs = {"run": "inside"}
    alone = 12.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        rudeness, arrow_at, rude_at, kind_at, share_at = (
            self.cue(name) - EARLY
            for name in ("rudeness", "one-direction", "one-side", "other", "facts-direction-accuracy")
        )
        layer = round(record.facts["steering_layer"])
        points = next(row for row in record.probe() if row["layer"] == layer)["answer_points"]
        rude, kind = ([(x, y) for x, y, label in points if label == which] for which in (1, 0))
        missed = [(x, y) for x, y, label in points if (x > 0) != bool(label)]

        left, top, w, h = places.card
        reach = [ROOM * max(abs(point[axis]) for point in points) for axis in (0, 1)]
        chart = Chart(
            left=left + 24, top=top + 84, right=left + w - 24, bottom=top + h - 24,
            x=(-reach[0], reach[0]), y=(-reach[1], reach[1]),
        )  # fmt: skip
        self.bake(
            t.backdrop(centre=(0.4, 0.35)),
            t.kicker(f"Answers inside layer {layer}"),
            t.slate(record, "held-out answers"),
            t.card(*places.card),
        )
        poured = min(POUR, max(arrow_at - 0.4, 0.6))
        every = Cloud(chart, [*rude, *kind], t.mix(t.PANEL, t.MUTED, 0.55), r=9).enter(0.25, poured)
        told = min(PARTS, max(kind_at - rude_at, 0.4))
        rudes = Cloud(chart, rude, t.mix(t.NEUTRAL, t.PAPER, 0.35), r=12, marker="diamond").enter(rude_at, told)
        kinds = Cloud(chart, kind, t.VALUES, r=11).enter(kind_at, told)
        rings = Cloud(chart, missed, t.PAPER, r=20, marker="ring").enter(share_at, t.MORPH)

        means = [chart.px(float(np.mean([x for x, _ in part])), 0) for part in (kind, rude)]
        arrow = Arrow(means[0], means[1], w=13).draw(arrow_at, t.MORPH)
        middle = Live(dashes(chart, arrow_at + 0.5), stroke=t.GRID, w=4)
        names = [
            name(word, x, top + 56, color, at)
            for word, (x, _), color, at in (("kind", means[0], t.VALUES, kind_at), ("rude", means[1], t.PAPER, rude_at))
        ]

        share = Roll(*places.number, NUMBER, t.PAPER, 0.0, "{:.0f}%", align="l")
        share.to(share_at, 0.75, ease_out, value=100 * record.facts["direction_accuracy"])
        share.begin(alpha=0.0).to(share_at, 0.2, alpha=1.0)
        x, y = places.caption
        if t.tall():  # beside the number
            wide = t.text_width(f"{100 * record.facts['direction_accuracy']:.0f}%", NUMBER, weight=t.BOLD, tnum=True)
            x = max(x, places.number[0] + wide + 26)
        caption = Sprite(t.put(t.text("told apart", FINE, t.MUTED), x, y)).enter(share_at + 0.2)

        stands, tall = places.pupil
        pupil = Rig("apprentice", stands, t.ground()[1], tall, seed=27, mood=0.3, look=(-0.6, 0.4))
        pupil.look_at(0.3, *chart.px(0, 0)).look_out(rudeness).to(rudeness + t.BEAT, 0.3, mood=-0.15, lean=-0.03)
        pupil.look_at(arrow_at - 0.2, *means[0]).look_at(arrow_at + 0.5, *means[1])
        pupil.look_at(rude_at - 0.1, *means[1]).look_at(kind_at - 0.1, *means[0])
        pupil.to(kind_at + t.BEAT, 0.3, mood=0.3, lean=0).look_at(
            share_at + 0.1, places.number[0], places.number[1] - 40
        )
        pupil.look_out(share_at + 1.2)
        self.live(middle, every, rudes, kinds, arrow, rings, *names, share, caption, shadow(pupil), pupil)


def dashes(chart: Chart, at: float) -> Callable[[float], Points]:
    """The middle between the two means, as a dashed line that comes down at `at`."""
    x, _ = chart.px(0, 0)
    low = Track(chart.top).to(at, 0.5, chart.bottom, linear)
    starts = np.arange(chart.top, chart.bottom, 30.0)

    def points(clock: float) -> Points:
        done = [
            polyline(np.array([t.at(x, a), t.at(x, min(a + 16, low(clock)))])) for a in starts if a < low(clock) - 1
        ]
        return np.concatenate(done) if done else NOTHING

    return points


def name(word: str, x: float, y: float, color: t.Color, at: float) -> Sprite:
    """What a cloud is called, above it."""
    return Sprite(t.put(t.text(word, 44, color, weight=t.BOLD), x, y, "c")).enter(at)
