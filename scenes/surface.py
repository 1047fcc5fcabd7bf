"""All weights at once: a field of knobs, and the land that the coach's whole first course goes down in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from _knob import many_hands, many_knobs
from _numbers import fitting, three_digits
from manim import ImageMobject

from rushes import theme as t
from rushes.charts import StepAt
from rushes.landscape import Landscape
from rushes.motion import Live, Roll, Sprite, Track, ease_out, linear, ramp, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline
from rushes.theme import Points


class Places(NamedTuple):
    """Where things are, px: field of knobs and land (left, top, right, bottom), numbers, the heart and its height.

    The count and the loss also say how wide they may be.
    """

    field: tuple[float, float, float, float]
    land: tuple[float, float, float, float]
    count: tuple[float, float, float]
    loss: tuple[float, float, float]
    step: tuple[float, float]
    heart: tuple[float, float]


WIDE = Places((96, 150, 1824, 870), (80, 130, 1500, 866), (960, 500, 760), (1664, 320, 320), (1664, 470), (1664, 260))
TALL = Places((60, 390, 1020, 1390), (40, 600, 1040, 1250), (540, 900, 740), (300, 486, 340), (700, 486), (830, 190))
PITCH, KNOB = 78, 26  # px from knob to knob; radius
CLEAR = (380, 125)  # px around the count that are free of knobs
EARLY = 0.05  # s that a change starts before its word
DOWN = 20
"""The step up to which the ball is said to go down the hill."""


class Surface(RunScene):
    """The loss on a plane through the course's own path, and the path on it; the numbers are the real ones.

    The plane holds most of the path and not all of it, so the ball runs on its shadow: see the notes on the run.
    """

    runs = {"run": "slope"}
    alone = 14.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        once, goes, walks = (self.cue(name) - EARLY for name in ("at-once", "the-path", "a-hundred-along-the-valley"))
        reveal = self.cue("a-slice", once + min(1.5, 0.45 * (goes - once))) - 0.2
        grid = record.surface()
        land = Landscape(
            grid[0]["x"], [row["y"] for row in grid], [row["loss"] for row in grid], p.land,
            turn=0.55, tilt=0.62, relief=0.42,
        )  # fmt: skip
        last = record.steps[-1]
        step = (
            Track(0.0)
            .to(goes, walks - goes, min(DOWN, last), linear)
            .to(walks, max(self.seconds - 1.2 - walks, 1.0), last, linear)
        )

        def at(column: str) -> Callable[[float], float]:
            numbers = record.column(column)
            return lambda clock: numbers[int(step(clock) + 1e-6)]

        place = t.backdrop(
            centre=(0.5, 0.4), floor=t.ground()[0], floor_at=((p.land[0] + p.land[2]) / 2 / t.frame_px()[0], 0.42)
        )
        self.bake(
            place,
            land.picture(),
            t.kicker("The landscape of the loss"),
            t.slate(record, f"steps {record.steps[0]}–{last}"),
        )
        sheet = Sprite(part(place, p.land, 12)).leave(reveal, 0.9)  # while the knobs are seen, it lies on the land
        rig = Rig("values", p.heart[0], t.ground()[1] - 4, p.heart[1], seed=6, look=(-0.8, 0.2)).enter(reveal + 0.6)
        r = at("held_out_r")
        rig.drive(mood=lambda clock: max(2 * r(clock - t.BEAT) - 1, -0.35))
        rig.hop(max(self.seconds - 1.0, walks + 1.0), 24)
        self.follow(rig, land, record, step, goes)
        losses, (loss_x, loss_y, room) = record.column("loss"), p.loss
        written = three_digits(max(losses))
        size = fitting(map(written.format, losses), 104, room)
        loss = Roll(loss_x, loss_y, size, t.PAPER, 0, written).drive(value=at("loss")).enter(reveal + 0.5)
        steps = Roll(*p.step, 60, t.PAPER, 0, "{:.0f}").drive(value=lambda clock: float(int(step(clock) + 1e-6)))
        names = [
            Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, y + 54, "c")).enter(reveal + 0.5, rise=0)
            for name, (x, y) in (("loss", (loss_x, loss_y)), ("step", p.step))
        ]
        self.live(
            sheet, *field(p, record, once, reveal), *ball(land, record, step, reveal),
            shadow(rig, 0.8 * p.heart[1]), rig, loss, steps.enter(reveal + 0.5), *names,
        )  # fmt: skip

    def follow(self, rig: Rig, land: Landscape, record: Record, step: StepAt, goes: float) -> None:
        """The heart's eyes go with the ball."""
        path, at = record.path(), goes - 0.3
        while at < self.seconds - 0.2:
            one = path[int(step(at))]
            rig.look_at(at, *land.px(one["x"], one["y"]))
            at += 0.5


def part(picture: ImageMobject, box: tuple[float, float, float, float], more: float) -> ImageMobject:
    """What of a picture of the whole frame is within left, top, right and bottom and so much around them, px."""
    (w, h), pixels = t.frame_px(), picture.pixel_array
    k = pixels.shape[0] / h
    left, right = (round(min(max(x, 0), w) * k) for x in (box[0] - more, box[2] + more))
    top, bottom = (round(min(max(y, 0), h) * k) for y in (box[1] - more, box[3] + more))
    out = ImageMobject(pixels[top:bottom, left:right])
    out.stretch_to_fit_width(t.px((right - left) / k))
    out.stretch_to_fit_height(t.px((bottom - top) / k))
    return out.move_to(t.at((left + right) / 2 / k, (top + bottom) / 2 / k))


def field(p: Places, record: Record, once: float, gone: float) -> list[Live | Roll | Sprite]:
    """One knob, then a frame full of them, with how many there really are; all turn at once."""
    left, top, right, bottom = p.field
    across, down = int((right - left) // PITCH), int((bottom - top) // PITCH)
    x0, y0 = (left + right - PITCH * (across - 1)) / 2, (top + bottom - PITCH * (down - 1)) / 2
    spots = [(x0 + PITCH * i, y0 + PITCH * j) for j in range(down) for i in range(across)]
    cx, cy, room = p.count
    spots = [(x, y) for x, y in spots if abs(x - cx) > CLEAR[0] or abs(y - cy + 10) > CLEAR[1]]
    places = np.array([t.at(x, y) for x, y in spots])
    away = np.array([np.hypot(x - cx, y - cy) for x, y in spots])
    come = 0.1 + max(once - 1.1, 0.3) * (away - away.min()) / np.ptp(away)
    dice = np.random.default_rng(4)
    begin, end = dice.uniform(-0.8, 0.8, len(spots)), dice.uniform(-0.9, 0.9, len(spots))
    fade = Track(1.0).to(gone, 0.4, 0.0)

    def grown(clock: float) -> Points:
        return np.array([ease_out(min(max((clock - at) / 0.35, 0.0), 1.0)) for at in come])

    def rims(clock: float) -> Points:
        seen = grown(clock) > 0
        return many_knobs(places[seen], KNOB) if seen.any() else NOTHING

    def hands(clock: float) -> Points:
        size = grown(clock)
        turned = begin + (end - begin) * smooth(min(max((clock - once) / 0.9, 0.0), 1.0))
        seen = size > 0.5
        return many_hands(places[seen], KNOB, turned[seen]) if seen.any() else NOTHING

    def counted(clock: float) -> float:
        """Never fewer than are seen."""
        seen = float((grown(clock) > 0).sum())
        return max(seen, float(record.facts["turned"]) ** ramp(clock, 0.1, max(once - 0.4, 0.8)))

    size = fitting([f"{record.facts['turned']:,.0f}"], 132, room)
    count = Roll(cx, cy + 20, size, t.PAPER, 0, "{:,.0f}").drive(value=counted)
    names = [Sprite(t.put(t.text(name, t.T_BODY, t.MUTED), cx, cy + 92, "c")) for name in ("dial", "dials")]
    two = next((k / 100 for k in range(1000) if counted(k / 100) >= 1.5), 0.0)
    names[0].to(two, 0, alpha=0.0)
    names[1].begin(alpha=0.0).to(two, 0, alpha=1.0).leave(gone, 0.3)
    return [
        Live(rims, fill=t.PANEL, stroke=t.VALUES, w=3, alpha=fade), Live(hands, stroke=t.PAPER, w=6, alpha=fade),
        count.leave(gone, 0.3), *names,
    ]  # fmt: skip


def ball(land: Landscape, record: Record, step: StepAt, reveal: float) -> list[Live]:
    """The path as far as it was gone, and the ball at its end."""
    path = record.path()
    places = np.array([t.at(*land.px(row["x"], row["y"])) for row in path])
    steps = np.arange(len(path))
    seen = Track(0.0).to(reveal + 0.5, 0.3, 1.0)

    def now(clock: float) -> Points:
        return np.array([np.interp(step(clock), steps, places[:, i]) for i in range(3)])

    def trail(clock: float) -> Points:
        return polyline(np.vstack([places[: int(step(clock)) + 1], now(clock)]))

    def disc(clock: float, r: float, lift: float = 0.0) -> Points:
        x, y, _ = now(clock)
        w, h = t.frame_px()
        return oval(x * t.UNIT + w / 2, h / 2 - y * t.UNIT - lift, r, r if lift else 0.45 * r)

    return [
        Live(trail, stroke=t.INK, w=13, opacity=0.35, alpha=seen), Live(trail, stroke=t.PAPER, w=7, alpha=seen),
        Live(lambda clock: disc(clock, 24), fill=t.INK, opacity=0.5, alpha=seen),
        Live(lambda clock: disc(clock, 20, 16), fill=t.PAPER, stroke=t.INK, w=4, alpha=seen),
    ]  # fmt: skip
