"""What the large models take: a graphics card becomes sixteen thousand, each of them drawn; and out comes a model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from manim import Group, ImageMobject, VGroup

from rushes import theme as t
from rushes.machine import Machine
from rushes.motion import Live, Roll, Sprite, Track, ease_in, ease_out, over, ramp, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

CARDS = 16_000  # "up to 16K" of them: The Llama 3 Herd of Models (2024)
DAYS = 54  # of its pre-training that the same paper reports on; it took longer
SOURCE = "Llama 3, 2024"
COLUMNS = 160
SPREADS = 1.2  # s from one card to all
AHEAD = 0.7  # s before its word that they begin to spread: when the number has been said they are all there
WEEK = 7  # days
EARLY = 0.05  # s that a change starts before its word


class Places(NamedTuple):
    """px: the field's left, top and width; its days (left, top, width, height); number, its size last; ..."""

    field: tuple[float, float, float]
    days: tuple[float, float, float, float]
    named: tuple[float, float]
    """Left edge and baseline of what the days are."""
    number: tuple[float, float, float]
    ours: tuple[float, float]
    machine: tuple[float, float, float]
    lands: tuple[float, float]


WIDE = Places((864, 150, 960), (864, 792, 960, 56), (96, 838), (96, 360, 128), (96, 580), (860, 862, 520), (1290, 330))
TALL = Places(
    (100, 620, 800), (100, 1160, 800, 56), (100, 1282), (80, 510, 112), (578, 504), (400, 1374, 500), (770, 290)
)


class SixteenThousand(RunScene):
    """One dot is one card, to scale beside the one processor of ours; then the machine spits out the Apprentice."""

    runs = {"run": "base"}
    alone = 8.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        said = self.cue("sixteen-thousand") - EARLY
        spreads = max(said - AHEAD, min(said, 0.3))
        weeks = max(self.cue("weeks") - EARLY, spreads + 1.0)
        pops = max(self.cue("a-model") - EARLY, weeks + 0.9)
        gone = max(pops - 0.9, weeks + 0.3)
        floor, feet = t.ground()
        self.bake(
            t.backdrop(centre=(0.5, 0.4), floor=floor, floor_at=(p.machine[0] / t.frame_px()[0], 0.36)),
            t.kicker("A large one"),
            t.slate(record, f"steps {record.steps[0]}–{record.steps[-1]}"),
        )
        machine = Machine(*p.machine, seed=4)
        x, top, w = p.field
        field = Field(x, top, w, spreads, weeks)
        field.leave(gone, p.machine[0] - 0.13 * p.machine[2], feet - p.machine[2])
        one = Sprite(graphics_card(*field.middle), pivot=field.middle).enter(0.05, 0.3)
        one.to(spreads, 0.5, ease_in, scale=0.03).to(spreads + 0.5, 0, alpha=0.0)

        count = Roll(*p.number, t.PAPER, 1, "{:,.0f}", align="l")
        count.drive(value=field.shown).enter(spreads).leave(gone)
        x, y = p.number[0] + 4, p.number[1] + 66
        named = Sprite(t.put(t.text("graphics cards", t.T_BODY), x, y)).enter(spreads, rise=0).leave(gone)
        aside = (x, y + 54) if p is WIDE else (x + t.text_width("graphics cards", t.T_BODY) + 28, y)
        source = Sprite(t.put(t.text(SOURCE, t.T_LABEL, t.MUTED), *aside)).enter(spreads + 0.3, rise=0).leave(gone)
        days = Calendar(*p.days, weeks, gone)
        passed = Weeks(*p.named, t.T_BIG, t.PAPER, 0, align="l")
        passed.drive(value=lambda clock: float(days.passed(clock) // WEEK)).enter(weeks).leave(gone)
        long = t.put(t.text("and more", t.T_BODY, t.MUTED), p.named[0] + 250, p.named[1])
        more = Sprite(long).enter(weeks + 0.2, rise=0).leave(gone)
        ox, oy = p.ours
        dot = t.card(ox + 6, oy - 13 - field.dot / 2, field.dot, field.dot, t.COHERENCE, r=1)
        halo = t.disc(ox + 6 + field.dot / 2, oy - 13, 17, t.INK, opacity=0.0).set_stroke(t.COHERENCE, 3)
        ours = Sprite(halo, dot, t.put(t.text("ours: 1 processor", t.T_LABEL), ox + 42, oy)).enter(0.3).leave(gone)

        machine.begin(alpha=0.0, scale=0.7).to(gone + 0.1, 0.3, alpha=1.0).to(gone + 0.1, 0.5, over, scale=1.0)
        machine.nudge(gone + 0.55, 2.2, max(pops - gone - 0.55, 0.2)).jolt(pops - 0.12, 0.09)
        machine.to(pops - 0.1, 0.1, lamp=1.0)
        a = Rig(
            "apprentice",
            p.machine[0] - 0.13 * p.machine[2],
            feet,
            p.lands[1],
            seed=8,
            mood=0.5,
            look=(0.3, 0.4),
            scale=0.3,
            hop=200,
        )
        start = 0.75 * p.machine[2]
        a.begin(alpha=0.0, hop=start).to(pops - 0.02, 0, alpha=1.0)
        a.to(pops, 0.34, ease_out, hop=start + 0.16 * p.machine[2], scale=0.6).to(
            pops + 0.34, 0.4, lambda v: v * v, hop=0
        )
        a.to(pops + 0.1, 0.64, smooth, x=p.lands[0]).to(pops + 0.34, 0.4, scale=1.0)
        a.to(pops + 0.05, 0.3, over, la="up", ra="up").to(pops + 0.74, 0.08, ease_out, squash=-0.09)
        a.to(pops + 0.82, 0.25, smooth, squash=0).to(pops + 0.85, 0.3, la="down", ra="down")
        a.look_out(pops + 0.75).to(pops + 0.9, 0.3, mood=0.75)
        machine.jolt(pops + 0.74, 0.02)
        self.live(field, days, one, count, named, source, passed, more, ours, shadow(a), a, machine, machine.shutter)


class Weeks(Roll):
    """Full weeks."""

    def shown(self, clock: float) -> str:
        weeks = int(self.tracks["value"](clock))
        return f"{weeks} week" if weeks == 1 else f"{weeks} weeks"


class Calendar(Group):
    """DAYS boxes in a row, a gap after each week: from `at` on they fill, one after the other, until `gone`."""

    def __init__(self, x: float, y: float, width: float, height: float, at: float, gone: float) -> None:
        super().__init__()
        self._begins, self._ends = at, at + max(0.55 * (gone - at), 0.3)
        step = width / (DAYS + (DAYS - 1) // WEEK)
        places = [x + step * (day + day // WEEK) for day in range(DAYS)]
        boxes = [round_box(left, y, step - 3, height, 3) for left in places]
        seen = Track(0.0).to(at, 0.2, 1.0).to(gone, 0.2, 0.0)
        self._boxes = boxes
        self._parts = [
            Live(lambda _: np.concatenate(boxes), fill=t.RAISED, alpha=seen),
            Live(self._past, fill=t.mix(t.MUTED, t.PAPER, 0.6), alpha=seen),
        ]
        self.add(*self._parts)

    def passed(self, clock: float) -> int:
        """How many days are over."""
        return round(DAYS * min(max((clock - self._begins) / (self._ends - self._begins), 0.0), 1.0))

    def _past(self, clock: float) -> Points:
        past = self._boxes[: self.passed(clock)]
        return np.concatenate(past) if past else NOTHING

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class Field(Group):
    """CARDS dots in rows from (x, y) over `width` px: they spread from the middle, doubling."""

    def __init__(self, x: float, y: float, width: float, spreads: float, flicker: float) -> None:
        super().__init__()
        columns, rows = COLUMNS, CARDS // COLUMNS
        self._size = rows, columns
        self._spreads, self._flicker = spreads, flicker
        high = width * rows / columns
        self.middle = x + width / 2, y + high / 2
        self._cell = round(width / columns)  # pixels of the picture
        self.dot = float(self._cell - 2)
        self._half = width / 2, high / 2
        yy, xx = np.mgrid[0:rows, 0:columns]
        far = np.hypot(xx - (columns - 1) / 2, (yy - (rows - 1) / 2) * columns / rows)
        self._rank = np.argsort(np.argsort(far.ravel(), kind="stable"), kind="stable").reshape(rows, columns)
        rng = np.random.default_rng(3)
        self._phase, self._light = rng.uniform(0, 2 * np.pi, self._size), rng.uniform(0.42, 0.78, self._size)
        picture = np.zeros((rows * self._cell, columns * self._cell, 4), np.uint8)
        picture[..., :3] = np.round(np.array(t.mix(t.MUTED, t.PAPER, 0.2).to_rgb()) * 255)
        self._image, self._picture, self._nothing = ImageMobject(picture), picture, np.zeros((1, 1, 4), np.uint8)
        self._move, self._gone = Track(0.0), np.inf
        self._to = self.middle
        self.add(self._image)
        self.pose(0.0)

    def leave(self, at: float, x: float, y: float, seconds: float = 0.5) -> None:
        """It shrinks into (x, y) px."""
        self._move.to(at, seconds, 1.0, ease_in)
        self._gone, self._to = at + seconds, (x, y)

    def shown(self, clock: float) -> float:
        """How many cards there are."""
        u = min(max((clock - self._spreads) / SPREADS, 0.0), 1.0)
        return float(min(round(CARDS**u), CARDS))

    def pose(self, clock: float) -> None:
        if not self._spreads + 0.4 < clock < self._gone:
            self._image.pixel_array = self._nothing
            return
        u = self._move(clock)
        k = 1 - 0.99 * u
        cx, cy = (a + (b - a) * u for a, b in zip(self.middle, self._to, strict=True))
        w, h = k * self._half[0], k * self._half[1]
        corners = (cx - w, cy - h), (cx + w, cy - h), (cx - w, cy + h), (cx + w, cy + h)
        self._image.points = np.array([t.at(*corner) for corner in corners])
        busy = 0.4 * ramp(clock, self._flicker, self._flicker + 0.4)
        light = np.clip(self._light + busy * np.sin(self._phase + 9 * clock), 0, 1)
        alpha = np.where(self._rank < self.shown(clock), 255 * light, 0).astype(np.uint8)
        for i in range(1, self._cell - 1):
            for j in range(1, self._cell - 1):
                self._picture[i :: self._cell, j :: self._cell, 3] = alpha
        self._image.pixel_array = self._picture


def graphics_card(x: float, y: float) -> VGroup:
    """A graphics card about (x, y), 330 px wide."""
    fans = []
    for fx in (x - 62, x + 78):
        blades = [
            t.rule(fx, y, fx + 42 * np.cos(a), y + 42 * np.sin(a), t.NEUTRAL, 9)
            for a in np.arange(0, 6.2, 2 * np.pi / 7)
        ]
        fans += [t.disc(fx, y, 56, "#20253F"), *blades, t.disc(fx, y, 13, t.MUTED)]
    pins = [t.card(x - 90 + 26 * k, y + 76, 16, 20, t.MUTED, r=2) for k in range(8)]
    return VGroup(
        *pins, t.card(x - 165, y - 80, 330, 160, t.NEUTRAL, r=16), t.card(x - 182, y - 96, 20, 200, t.MUTED, r=5), *fans
    )
