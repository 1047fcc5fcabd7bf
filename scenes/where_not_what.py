"""A small model, one direction in it, a pin that says where that sits, and a thought that stays empty."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from _thought import empty_thought

from rushes import theme as t
from rushes.charts import Chart
from rushes.clouds import Arrow, Cloud
from rushes.motion import Live, Sprite, Track, ease_in, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline, round_box
from rushes.theme import Points

EARLY = 0.05  # s that a change starts before its word
LARGE = 1.3  # how much taller it is before it is called tiny
BELLY = 0.165  # of its height, from the feet
INSIDE = 0.13  # of its height: the small picture in its belly
ROOM = 1.08  # the map's edge over its outermost dot
OPENS = 0.5  # s that the map takes to grow out of the belly


class Places(NamedTuple):
    """Where things are, px."""

    pupil: tuple[float, float]
    """Middle and height of the Apprentice once it is small."""
    larger: tuple[tuple[float, float], ...]
    """Middles and heights of the larger ones."""
    map: tuple[float, float, float, float]
    """Left, top, width, height of what is seen in its belly, enlarged."""
    thought: tuple[float, float, float]


WIDE = Places((480, 370), ((985, 560), (1545, 640)), (880, 190, 944, 560), (480, 290, 400))
TALL = Places((300, 340), ((660, 700),), (80, 392, 840, 500), (730, 1050, 360))


class WhereNotWhat(RunScene):
    """The dots are the answers of the shot before last, at the layer where the direction was found and pushed."""

    runs = {"run": "inside"}
    alone = 10.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        tiny, mind, where, wants = (self.cue(name) - EARLY for name in ("tiny", "not-a-mind", "where", "what-it-wants"))
        layer = round(record.facts["steering_layer"])
        x, h = places.pupil
        floor, feet = t.ground()
        down = t.frame_px()[1]
        self.bake(
            t.backdrop(centre=(0.5, 0.42), floor=floor, floor_at=(x / t.frame_px()[0], 0.3)),
        )
        names = Sprite(t.kicker("Where is not what"), t.slate(record, f"layer {layer}"))  # they stay light in the dusk
        opens = max(tiny + 1.0, mind - 1.3)  # "one direction" is said just before
        loom = [
            Rig("apprentice", at, down + 1.08 * high, high, seed=51 + k, mood=0.4)
            for k, (at, high) in enumerate(places.larger)
        ]
        for k, rig in enumerate(loom):
            rig.to(tiny - 0.1 + 0.12 * k, 0.6, ease_out, y=feet - 14).look_at(tiny + 0.3, x, feet - h / 2)
            rig.to(opens - 0.25 + 0.06 * k, 0.4, ease_in, y=down + 1.1 * places.larger[k][1])
        dusk = Sprite(t.card(-10, -10, t.frame_px()[0] + 20, down + 20, t.INK, r=1, opacity=0.6), alpha=0.0)
        dusk.to(tiny - 0.1, 0.4, alpha=1.0).to(opens, 0.3, alpha=0.0)

        left, top, w, high = places.map
        heart = (left + w / 2, top + high / 2)
        pupil = Rig("apprentice", x, feet, h, seed=45, mood=0.5, scale=LARGE, look=(0, 0.1), arms=("down", "down"))
        pupil.to(tiny, 0.45, over, scale=1.0).to(tiny + 0.1, 0.3, mood=0.05)
        pupil.look_at(tiny + 0.15, places.larger[0][0], feet - 0.8 * places.larger[0][1]).look_at(opens, *heart)
        pupil.to(mind, 0.35, la="out", ra="out").to(where - 0.4, 0.35, la="down", ra="down")
        pupil.look_out(mind + 0.1).look_at(where - 0.1, *heart)
        pupil.look_at(wants + 0.3, places.thought[0], places.thought[1])
        pupil.to(wants + 0.5, 0.4, mood=0.25).look_out(wants + 1.6).to(wants + 1.6, 0.4, mood=0.35)

        chart, kind, rude = mapped(record, layer, places)
        belly = Belly((x, feet - BELLY * h), INSIDE * h, places.map, opens, wants)
        dots = opens + OPENS
        kinds, rudes = (
            Cloud(chart, part, color, r=11, marker=marker).enter(dots, 0.6)
            for part, color, marker in (
                (kind, t.VALUES, "disc"), (rude, t.mix(t.NEUTRAL, t.PAPER, 0.35), "diamond"),
            )
        )  # fmt: skip
        tail, tip = (chart.px(float(np.mean([a for a, _ in part])), 0) for part in (kind, rude))
        needle = Arrow(tail, tip, t.PAPER, 13).draw(dots + 0.2, 0.6)
        pin = Sprite(t.disc(*tail, 26, t.PAPER), t.disc(*tail, 12, t.INK), pivot=tail, alpha=0.0)
        pin.begin(scale=2.6).to(where, 0.1, alpha=1.0).to(where, 0.35, over, scale=1.0)
        words = Sprite(t.pill(f"layer {layer}", tail[0], tail[1] + 48, size=40, align="c", stroke=t.PAPER))
        words.enter(where + 0.3)
        cloud = empty_thought(*places.thought, (x + 0.26 * h, feet - 0.78 * h), wants)
        self.live(
            *loom, dusk, names, *belly.parts, kinds, rudes, needle, words, pin, shadow(pupil), pupil, belly.spot, *cloud
        )


def mapped(record: Record, layer: int, places: Places) -> tuple[Chart, list[Points], list[Points]]:
    """The map's chart, and the kind and the rude answers on it: across lies the direction."""
    points = next(row for row in record.probe() if row["layer"] == layer)["answer_points"]
    reach = [ROOM * max(abs(point[axis]) for point in points) for axis in (0, 1)]
    left, top, w, high = places.map
    chart = Chart(
        left=left + 24, top=top + 24, right=left + w - 24, bottom=top + high - 24,
        x=(-reach[0], reach[0]), y=(-reach[1], reach[1]),
    )  # fmt: skip
    kind, rude = ([np.array([x, y]) for x, y, label in points if label == which] for which in (0, 1))
    return chart, kind, rude


class Belly:
    """A small square in the belly, and the card into which what is in it grows; two lines say that it is the same."""

    def __init__(
        self, at: tuple[float, float], side: float, card: tuple[float, float, float, float], opens: float, gone: float
    ) -> None:
        x, y = at[0] - side / 2, at[1] - side / 2
        grown = Track(0.0).to(opens + 0.1, OPENS, 1.0, ease_out)
        seen = Track(0.0).to(opens, 0.15, 1.0)

        def box(clock: float) -> tuple[float, float, float, float]:
            u = grown(clock)
            left, top, w, h = (a + (b - a) * u for a, b in zip((x, y, side, side), card, strict=True))
            return left, top, w, h

        def lines(clock: float) -> Points:
            left, top, w, h = box(clock)
            if grown(clock) < 0.05:
                return NOTHING
            if card[0] < x:  # it is above: from the upper corners to the lower ones
                pairs = (((x, y), (left, top + h)), ((x + side, y), (left + w, top + h)))
            else:
                pairs = (((x + side, y), (left, top)), ((x + side, y + side), (left, top + h)))
            return np.concatenate([polyline(np.array([t.at(*a), t.at(*b)])) for a, b in pairs])

        self.parts = [
            Live(lines, stroke=t.NEUTRAL, w=4, alpha=Track(0.0).to(opens, 0.15, 1.0).to(gone, 0.3, 0.0)),
            Live(lambda clock: round_box(*box(clock), 24), fill=t.PANEL, alpha=seen),
        ]
        square = round_box(x, y, side, side, 8)
        self.spot = Live(lambda _: square, stroke=t.PAPER, w=5, alpha=seen)
