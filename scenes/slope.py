"""Gradient descent in one weight: guesses miss, the misses become one number, and steps bring the number down."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from _knob import hand, knob
from _numbers import fitting, three_digits

from rushes import theme as t
from rushes.charts import Chart
from rushes.motion import Live, Roll, Sprite, Track, ease_out, ramp, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, ellipse, oval, polyline
from rushes.theme import Points


class Places(NamedTuple):
    """Where things are, px: the chart's edges, the number, the knob, the heart; how tall the heart is.

    The number and the weight's name also say how wide they may be.
    """

    chart: tuple[float, float, float, float]
    number: tuple[float, float, float]
    knob: tuple[float, float, float]
    weight: tuple[float, float, float]
    heart: tuple[float, float]


WIDE = Places((640, 186, 1470, 756), (1672, 420, 310), (300, 284, 104), (300, 470, 408), (300, 330))
TALL = Places((190, 560, 900, 1010), (500, 486, 330), (640, 1210, 96), (640, 1376, 560), (270, 270))
MARKS = (0.4, 9.6)
DOT, HEAP, TANGENT = 9, 34, 190  # px: radius of a guess, and of all misses together; half a tangent
EARLY = 0.05  # s that a change starts before its word
STEP = 0.45  # s that a step takes
GATHER, FLIES = 0.35, 0.5  # s: from the first miss that leaves to the last; the flight of one
TOLD = GATHER + FLIES - 0.1  # s from "one number" until it is there: the misses are nearly all in
TICK = 26  # px from a number at the axis to the chart
HEADROOM = 0.12  # of the chart, above the curve's ends and below its lowest place

Pair = Sequence[float]


class Slope(RunScene):
    """Marks and guesses, the loss that is made of their difference, and real steps down in one weight alone.

    The weight's curve is recorded, and so are the steps and the slope at each. Between two recorded places of the curve
    a straight line is drawn. The other weights stay as they were before the course.
    """

    runs = {"run": "slope"}
    alone = 18.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        guess, number, dial, step, again = (
            self.cue(name) - EARLY for name in ("guess-the-marks", "one-number", "one-dial", "a-step", "again")
        )
        turn = dial - min(0.8, 0.3 * (dial - number))  # when the dots make room for the curve
        descent, points = record.descent(), sorted(record.coach()[0]["points"], key=lambda pair: float(pair[0]))
        values, losses = ([row[key] for row in record.curve()] for key in ("value", "loss"))
        left, top, right, bottom = p.chart
        answers = Chart(left=left, top=top, right=right, bottom=bottom, x=(-1, len(points)), y=MARKS)
        places, fmt = nice(min(losses), max(losses))
        left = max(left, t.safe()[0] + TICK + max(t.text_width(fmt.format(v), t.T_LABEL, tnum=True) for v in places))
        room = HEADROOM * (max(losses) - min(losses))
        land = Chart(
            left=left, top=top, right=right, bottom=bottom, x=(values[0], values[-1]),
            y=(min(losses) - 2 * room, max(losses) + room),
        )  # fmt: skip
        self.bake(
            t.backdrop(centre=(0.55, 0.4), floor=t.ground()[0], floor_at=(p.heart[0] / t.frame_px()[0], 0.22)),
            t.slate(record, f"step {record.steps[0]}"),
        )
        moments = steps_at(step, again, self.seconds, len(descent) - 1)
        value = walked(descent, moments, dial, step, values)

        def loss(clock: float) -> float:
            return float(np.interp(value(clock), values, losses))

        *middle, room = p.number
        written = three_digits(max(losses))
        size = fitting(map(written.format, losses), 104, room)
        shown = Roll(*middle, size, t.PAPER, losses[0], written).enter(number + TOLD)
        arrives = Track(0.0).to(number + TOLD, 0.45, descent[0]["loss"], ease_out)
        shown.drive(value=lambda clock: arrives(clock) if clock < dial else loss(clock))
        label = t.put(t.text("loss", t.T_BODY, t.MUTED), *below(*middle), "c")
        self.live(
            Sprite(t.kicker("How wrong is it?")).leave(turn),
            Sprite(t.kicker("One dial, the others held")).enter(turn + t.EXIT, rise=0),
            *guesses(answers, points, guess, number, turn, middle),
            *self.valley(land, p, record, value, loss, moments, max(dial - 0.45, turn + 0.3), dial, step),
            shown, Sprite(label).enter(number + TOLD, rise=0), *self.heart(p, land, guess, number, dial, value, loss),
        )  # fmt: skip

    def valley(
        self,
        land: Chart,
        p: Places,
        record: Record,
        value: Callable[[float], float],
        loss: Callable[[float], float],
        moments: Sequence[float],
        comes: float,
        dial: float,
        step: float,
    ) -> list[Any]:
        """The curve as far as the weight was turned, the ball on it, its tangent, footprints, the knob and the axes."""
        descent = record.descent()
        xs, ys = ([row[key] for row in record.curve()] for key in ("value", "loss"))
        began, x = descent[0]["value"], np.array(xs)
        clocks = np.linspace(dial, step, 60)
        turned = np.array([value(clock) for clock in clocks])

        def drawn(clock: float) -> Points:
            so_far = [began, value(min(clock, step)), *turned[clocks <= clock]]
            low, high = min(so_far), max(so_far)
            part = np.concatenate([[low], x[(x > low) & (x < high)], [high]])
            return polyline(land.points(part, np.interp(part, xs, ys)))

        def ball(clock: float) -> tuple[float, float]:
            return land.px(value(clock), loss(clock))

        def prints(clock: float) -> Points:
            left = [land.px(row["value"], row["loss"]) for row, at in zip(descent, moments, strict=False) if at < clock]
            return np.vstack([oval(*place, 9, 9) for place in left]) if left else NOTHING

        feel = step - min(1.6, 0.35 * (step - dial))
        slopes = [row["slope"] for row in descent]
        steep = Track(slopes[0])
        for at, slope in zip(moments, slopes[1:], strict=True):
            steep.to(at, STEP, slope)

        def tangent(clock: float) -> Points:
            (x0, y0), (x1, y1) = land.px(0, 0), land.px(1, steep(clock))
            way = np.array([x1 - x0, y1 - y0]) / np.hypot(x1 - x0, y1 - y0) * TANGENT * ramp(clock, feel, feel + 0.4)
            place, down = np.array(ball(clock)), way if steep(clock) < 0 else -way
            end, across = place + down, np.array([-down[1], down[0]])
            head = [end - 0.16 * down + 0.12 * across, end, end - 0.16 * down - 0.12 * across]
            return np.vstack(
                [polyline(np.array([t.at(*spot) for spot in line])) for line in ([place - down, end], head)]
            )

        name_x, name_y, room = p.weight
        name = t.put(t.mono(short(descent[0]["weight"], room), t.T_LABEL, t.MUTED), name_x, name_y, "c")
        places, fmt = nice(min(ys), max(ys))
        marks = land.still(places, fmt=fmt)
        axes = [Sprite(*marks, knob(*p.knob), name).enter(comes, rise=0)]
        low, high = xs[0], xs[-1]
        seen = Track(0.0).to(comes + 0.15, 0.3, 1.0)
        return [
            *axes, hand(*p.knob, lambda clock: 2 * (value(clock) - low) / (high - low) - 1, seen),
            Live(drawn, stroke=t.VALUES, w=9, alpha=seen),
            Live(prints, fill=t.INK, stroke=t.VALUES, w=4, alpha=seen),
            Live(tangent, stroke=t.PAPER, w=6, alpha=Track(0.0).to(feel, 0.15, 1.0)),
            Live(lambda clock: oval(*ball(clock), 21, 21), fill=t.PAPER, stroke=t.INK, w=5, alpha=seen),
        ]  # fmt: skip

    def heart(
        self,
        p: Places,
        land: Chart,
        guess: float,
        number: float,
        dial: float,
        value: Callable[[float], float],
        loss: Callable[[float], float],
    ) -> list[Any]:
        """The Values Coach: it looks at what it guesses, at the number, and then follows the ball."""
        x, h = p.heart
        rig = Rig("values", x, t.ground()[1] - 4, h, seed=6, mood=0.3, look=(0.7, 0.2)).enter(0.1)
        rig.look_at(guess - 0.2, (land.left + land.right) / 2, (land.top + land.bottom) / 2)
        rig.to(guess, 0.4, ra="out").to(guess + 1.4, 0.4, ra="down")
        rig.react(number + 0.5, -0.35, to=p.number[:2])
        rig.look_at(dial - 0.2, *p.knob[:2]).to(dial + 0.4, 0.5, mood=0.1)
        at = dial + 0.6
        while at < self.seconds - 0.3:
            rig.look_at(at, *land.px(value(at), loss(at)))
            at += 0.7
        rig.to(self.seconds - 1.6, 0.5, mood=0.35)
        return [shadow(rig, 0.8 * h), rig]


def below(x: float, y: float) -> tuple[float, float]:
    """Where the name of a large number stands, px: under it, or right of it in a vertical frame."""
    return (x + 240, y) if t.tall() else (x, y + 62)


def nice(low: float, high: float) -> tuple[list[float], str]:
    """Round numbers between two that differ, at least two of them, and the format that they are written in."""
    power = math.floor(math.log10(high - low))
    gaps = ((m * 10.0**p, p) for p in (power, power - 1) for m in (5, 2, 1))
    gap, power = next((g, p) for g, p in gaps if high // g - low // g >= 2)
    return [gap * k for k in range(int(low // gap) + 1, int(high // gap) + 1)], f"{{:.{max(-power, 0)}f}}"


def short(name: str, room: float) -> str:
    """The end of a weight's name that is at most `room` px wide."""
    parts = name.split(".")
    while len(parts) > 1 and t.text_width(".".join(parts), t.T_LABEL, font=t.MONO) > room:
        parts = ["…", *parts[2:]] if parts[0] == "…" else ["…", *parts[1:]]
    return ".".join(parts).replace("….", "…")


def steps_at(step: float, again: float, end: float, count: int) -> list[float]:
    """When each step is taken: the first on its word, the others evenly from "again" on."""
    apart = min(max((end - 1.2 - again) / max(count - 1, 1), 0.3), 0.75)
    return [step, *(again + apart * k for k in range(count - 1))]


def walked(
    descent: Sequence[Any], moments: Sequence[float], dial: float, step: float, values: Sequence[float]
) -> Track:
    """The weight's value over the clock: turned a little one way, then the other, then back; then step by step."""
    began = descent[0]["value"]
    free = 0.72 * (step - dial)
    value = Track(began)
    value.to(dial, 0.22 * free, values[0]).to(dial + 0.24 * free, 0.46 * free, values[-1])
    value.to(dial + 0.72 * free, 0.28 * free, began)
    for at, row in zip(moments, descent[1:], strict=True):
        value.to(at, min(STEP, 0.9 * min(np.diff(moments), default=STEP)), row["value"])
    return value


def guesses(
    chart: Chart, pairs: Sequence[Pair], guess: float, number: float, gone: float, goal: tuple[float, float]
) -> list[Any]:
    """Every answer's mark, the coach's guess, and the miss between; the misses gather where the number will be."""
    n = len(pairs)
    marks = chart.points(range(n), [mark for mark, _ in pairs])
    guessed = chart.points(range(n), [min(max(told, MARKS[0]), MARKS[1]) for _, told in pairs])
    order = np.arange(n) / n
    come, say = 0.25 + (max(guess - 0.9, 0.5) - 0.25) * order, guess + 0.9 * order
    fly = number + GATHER * np.random.default_rng(1).permutation(n) / n
    target = t.at(goal[0], goal[1] - 34)

    def dots(places: Points, since: Points, clock: float) -> Points:
        size = np.array([ease_out(min(max((clock - at) / 0.3, 0.0), 1.0)) for at in since])
        seen = size > 0
        disc = ellipse(0, 0, t.px(DOT), t.px(DOT))
        return (
            (places[seen][:, None] + disc[None] * size[seen][:, None, None]).reshape(-1, 3) if seen.any() else NOTHING
        )

    def misses(clock: float) -> Points:
        grown = np.array([ease_out(min(max((clock - at - 0.25) / 0.45, 0.0), 1.0)) for at in say])
        away = np.array([smooth(min(max((clock - at) / FLIES, 0.0), 1.0)) for at in fly])
        seen = (grown > 0) & (away < 1)
        if not seen.any():
            return NOTHING
        k, g = away[seen][:, None], grown[seen][:, None]
        a, b = marks[seen], marks[seen] + (guessed[seen] - marks[seen]) * g
        middle = (a + b) / 2
        a, b = (middle + (end - middle) * (1 - k) + (target - middle) * k for end in (a, b))
        return np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], 1).reshape(-1, 3)

    def heap(clock: float) -> Points:
        """What has come together so far."""
        r = HEAP * float(np.sqrt(np.mean(fly + 0.9 * FLIES < clock)))
        return oval(goal[0], goal[1] - 34, r, r) if r else NOTHING

    fade = Track(1.0).to(gone, 0.35, 0.0)
    axes = Sprite(*chart.still((1, 5, 9))).leave(gone, 0.35)
    x, y = chart.px(n / 2, MARKS[0])
    names = [
        Sprite(*key(x - 300, y + 62, t.PAPER, "mark (simulated)")).leave(gone, 0.35),
        Sprite(*key(x + 150, y + 62, t.VALUES, "guess")).enter(guess, rise=0).leave(gone, 0.35),
    ]
    return [
        axes, *names, Live(misses, stroke=t.PAPER, w=4, opacity=0.55),
        Live(heap, fill=t.PAPER, alpha=Track(1.0).to(number + TOLD, 0.2, 0.0)),
        Live(lambda clock: dots(marks, come, clock), fill=t.PAPER, alpha=fade),
        Live(lambda clock: dots(guessed, say, clock), fill=t.VALUES, alpha=fade),
    ]  # fmt: skip


def key(x: float, y: float, color: str, name: str) -> list[Any]:
    """A dot and what it is, from x px on."""
    return [t.disc(x, y - 12, DOT + 2, color), t.put(t.text(name, t.T_LABEL, t.MUTED), x + 28, y)]
