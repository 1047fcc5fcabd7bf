"""A second model learns to predict the raters' marks: guess against mark, on answers it never trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from rushes import theme as t
from rushes.charts import Chart, Scatter
from rushes.motion import Live, Roll, Sprite, ramp, smooth
from rushes.rig import Rig, rater_desk, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, ellipse, polyline
from rushes.theme import Points

DOT, PITCH, ABREAST = 11, 25, 3  # px: radius of a dot, distance of dots in a pile; how many lie side by side
FLIGHT, ARC = 0.6, 130  # s and px: how long and how high a mark flies
EARLY = 0.05  # s that a change starts before its word

Pairs = Sequence[Sequence[float]]


class Places(NamedTuple):
    """Where things are, px."""

    chart: Chart
    stand: float
    """x of rater and heart."""
    desk: float
    """Top of the rater's desk."""
    rater: float
    """Its height."""
    hand: tuple[float, float]
    """Where the rater lets go of a mark."""
    heart: float
    """Its height."""
    lessons: tuple[float, float]
    """Middle and baseline of a number; its name is below."""
    r: tuple[float, float]


MARKS = (0.5, 9.5)
WIDE = Places(
    chart=Chart(left=850, top=176, right=1490, bottom=736, x=MARKS, y=MARKS),
    stand=380,
    desk=790,
    rater=420,
    hand=(600, 640),
    heart=430,
    lessons=(1672, 320),
    r=(1672, 540),
)
TALL = Places(
    chart=Chart(left=210, top=384, right=860, bottom=884, x=MARKS, y=MARKS),
    stand=270,
    desk=1300,
    rater=296,
    hand=(424, 1194),
    heart=340,
    lessons=(710, 1096),
    r=(710, 1284),
)


class ValuesCoach(RunScene):
    """Marks pile up; the Values Coach guesses them, badly at first; its guesses close in on the diagonal."""

    runs = {"run": "healthy"}
    alone = 16.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        chart = p.chart
        rows = record.coach()
        pairs: Pairs = rows[0]["points"]
        meet = self.cue("values-coach")
        close = self.cue("get-closer") - EARLY
        land = self.cue("facts-held-out-r") - EARLY

        # when: marks fall, the heart comes, it guesses, is wrong, learns, and is good at it
        begin, end = 0.4, max(meet - 1.8, 0.9)
        guess = min(meet + 1.5, close - 0.9)
        wrong = guess + max(0.45 * (close - guess), 0.6)
        learned = close + 0.72 * (land - close)
        slot = (learned - close) / (len(rows) - 1)
        when = [guess + 0.7, *(close + slot * (k + 1) for k in range(len(rows) - 1))]
        glide = min(0.7, 0.9 * slot)

        self.bake(
            t.backdrop(centre=(0.35, 0.5), floor=t.ground()[0], floor_at=(0.2, 0.16)),
            t.kicker("It learns"),
            t.slate(record, f"lessons {rows[0]['fit_step']}–{rows[-1]['fit_step']}"),
            *chart.still((), (1, 5, 9)),
            t.put(t.text("mark (simulated)", t.T_LABEL, t.MUTED), chart.px(5, 1)[0], chart.bottom + 108, "c"),
        )

        places = [(0.0, piled(chart, pairs)), (guess, piled(chart, pairs))]
        scatter = Scatter(
            chart,
            [*places, *zip(when, [spread(chart, row["points"]) for row in rows], strict=True)],
            t.VALUES,
            glide=glide,
        )
        departures = begin + (end - begin) * np.linspace(0, 1, len(pairs)) ** 0.6
        dots = Live(lambda clock: thrown(scatter.where(clock), p.hand, departures, clock), fill=t.VALUES, opacity=0.9)
        misses = Live(
            lambda clock: sticks(chart, scatter.where(clock), pairs, ramp(clock, wrong, wrong + 0.6)),
            stroke=t.PAPER,
            w=3,
            opacity=0.35,
        )
        ideal = Sprite(t.curve([chart.px(0.6, 0.6), chart.px(9.4, 9.4)], t.PAPER, 4, 0.6)).enter(guess + 0.7, rise=0)
        grid = Sprite(*chart.still((1, 5, 9))).enter(guess - 0.1, rise=0)
        axis = Sprite(t.put(t.text("guess", t.T_LABEL, t.VALUES), chart.left - 26, chart.px(1, 7)[1] + 13, "r")).enter(
            guess, rise=0
        )

        lessons = Roll(*p.lessons, 72, t.PAPER, 0, "{:.0f}").drive(
            value=stairs(when, [row["fit_step"] for row in rows], glide)
        )
        lessons.enter(wrong)
        r = Roll(*p.r, 116, t.VALUES, 0, "{:.2f}")
        count = max(learned - 0.2, land - 0.8)
        r.enter(count, 0.2).to(count, land - count + 0.05, value=record.measure("facts", "held_out_r").value)
        names = [
            Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, y, "c")).enter(at, rise=0)
            for name, (x, y), at in (
                ("lessons", (p.lessons[0], p.lessons[1] + 54), wrong),
                ("correlation", (p.r[0], p.r[1] + 60), count),
            )
        ]

        rater, desk = rater_at_work(p, begin, end, pairs, departures)
        heart = pupil(p, meet, guess, close, land, list(zip(when, [row["held_out_r"] for row in rows], strict=True)))
        self.live(rater, desk, shadow(heart), heart, grid, ideal, misses, dots, axis, lessons, r, *names)


def rater_at_work(p: Places, begin: float, end: float, pairs: Pairs, departures: np.ndarray) -> tuple[Rig, Sprite]:
    """A rater who follows the marks with tired eyes, and goes at `end`."""
    rater = Rig("rater", p.stand, p.desk + 16, p.rater, seed=3, mood=-0.15, look=(0.6, 0.1))
    for k in range(0, len(pairs), max(len(pairs) // 7, 1)):
        rater.look_at(float(departures[k]) + 0.2, p.chart.px(pairs[k][0], 1)[0], p.chart.bottom)
    desk = Sprite(rater_desk(p.stand, p.desk))
    return rater.leave(end + 0.05), desk.leave(end + 0.05)


def pupil(p: Places, meet: float, guess: float, close: float, land: float, r: list[tuple[float, float]]) -> Rig:
    """The heart: walks in, looks at us, guesses, worries, and brightens with its correlation."""
    heart = Rig("values", -340, t.ground()[1] - 6, p.heart, seed=6, mood=0.5, look=(0.8, 0.1))
    go = max(meet - 1.45, 0.0)
    heart.walk(go, p.stand, max(meet - go - 0.05, 0.4), steps=4)
    heart.look_out(meet - 0.1).to(meet, 0.3, mood=0.7)
    x, y = p.chart.px(5, 4)
    heart.look_at(guess - 0.25, x, y).to(guess - 0.1, 0.4, ra="out", lean=-0.05)
    for at, value in r:
        heart.to(at + t.BEAT, 0.35, mood=max(2 * value - 1, -0.35))
    heart.to(close - 0.2, 0.4, ra="down", lean=0.0)
    heart.look_at(land - 0.1, p.r[0], p.r[1] - 40).look_out(land + 1.0)
    return heart.hop(land + t.BEAT + 0.1, 30)


def piled(chart: Chart, pairs: Pairs) -> list[tuple[float, float]]:
    """Where the marks lie once fallen: a heap above each mark, in data units."""
    unit_x, unit_y = (chart.px(1, 0)[0] - chart.px(0, 0)[0]), (chart.px(0, 0)[1] - chart.px(0, 1)[1])
    heaps: dict[float, int] = {}
    out = []
    for mark, _ in pairs:
        n = heaps[mark] = heaps.get(mark, -1) + 1
        row, column = divmod(n, ABREAST)
        out.append((mark + (column - (ABREAST - 1) / 2) * PITCH / unit_x, chart.y[0] + (row + 0.55) * PITCH / unit_y))
    return out


def spread(chart: Chart, pairs: Pairs) -> list[tuple[float, float]]:
    """Mark and guess of each answer. Equal marks stand side by side, so that none hides another."""
    heaps: dict[float, int] = {}
    out = []
    for mark, guessed in pairs:
        n = heaps[mark] = heaps.get(mark, -1) + 1
        out.append((mark + 0.34 * ((n * 0.618 + 0.5) % 1 * 2 - 1), min(max(guessed, chart.y[0]), chart.y[1])))
    return out


def thrown(places: Points, hand: tuple[float, float], departures: np.ndarray, clock: float) -> Points:
    """The dots as discs, each from the rater's hand to its heap, `FLIGHT` s from its departure."""
    seen = departures < clock
    if not seen.any():
        return NOTHING
    a = np.clip((clock - departures[seen]) / FLIGHT, 0, 1)[:, None]
    at = t.at(*hand) * (1 - a) + places[seen] * a + (0, t.px(4 * ARC), 0) * a * (1 - a)
    size = np.minimum(6 * a, 1)[:, None]
    return (at[:, None] + ellipse(0, 0, t.px(DOT), t.px(DOT))[None] * size).reshape(-1, 3)


def sticks(chart: Chart, places: Points, pairs: Pairs, grown: float) -> Points:
    """How wrong each guess is: a line from the dot towards its own mark, of which `grown` (0..1) is drawn."""
    if grown <= 0:
        return NOTHING
    lines = []
    for place, (mark, _) in zip(places, pairs, strict=True):
        goal = np.array([place[0], t.at(*chart.px(mark, mark))[1], 0.0])
        lines.append(polyline(np.array([place, place + (goal - place) * grown])))
    return np.vstack(lines)


def stairs(when: Sequence[float], values: Sequence[float], glide: float) -> Callable[[float], float]:
    """Each value from its time on, reached in the `glide` s before it, as the dots reach theirs."""

    def value(clock: float) -> float:
        out = float(values[0])
        for at, before, after in zip(when[1:], values, values[1:], strict=False):
            out += (after - before) * smooth(min(max((clock - at + glide) / glide, 0.0), 1.0))
        return out

    return value
