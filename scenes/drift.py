"""The coach's score against the readers' mark, a dot a step: up together, then apart."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from _marks import screen_tint
from _samples import breakable, last_sentence, mushiest
from manim import Mobject, VMobject

from rushes import theme as t
from rushes.charts import Chart, Trail
from rushes.motion import Live, Roll, Sprite, over, ramp, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline
from rushes.theme import Points
from rushes.words import Redacted, Swap

MARKS = (1.0, 9.0)
SIZE, PROMPT, PAD, BIG = 40, 36, 36, 76
READ = 0.8  # seconds at least between two changes of the answer
EARLY = 0.05  # seconds that a change starts before its word
REST = 1.2  # seconds that the end stays


class Places(NamedTuple):
    """Chart and card (left, top, right, bottom), heart (x, feet, height), two numbers' left and baseline; px."""

    chart: tuple[float, float, float, float]
    card: tuple[float, float, float, float]
    asked: int
    """Lines of the prompt."""
    lines: int
    heart: tuple[float, float, float]
    score: tuple[float, float]
    mark: tuple[float, float]
    book: tuple[float, float, float]
    """x, height, and the baseline of what it pays for; it stands on the level axis until it goes."""


WIDE = Places(
    (190, 190, 1110, 770), (1196, 494, 1824, 870), 2, 4, (1330, 462, 286), (1560, 250), (1560, 404), (650, 330, 340)
)
TALL = Places(
    (150, 446, 900, 836), (80, 1130, 920, 1400), 1, 3, (190, 1108, 196), (350, 1028), (640, 1028), (525, 216, 552)
)


class Drift(RunScene):
    """Each step of a run with one coach is a dot: its mean score across, the readers' mean mark up, tinted by mark.

    An answer of the moment stands beside it, and the heart's face is its own mean score. The path is linear in steps
    between the first step, the best marked one, the last nearly as good, the first as bad as the end, and the last.
    """

    runs = {"run": "no_coherence_coach"}
    settings = {"prompt": -1}  # -1: a rude one whose answer loses most sense
    alone = 20.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        steps, marks, scores = record.steps, record.column("rating"), record.column("coach")
        knots = self._knots(record)

        def now(clock: float) -> float:
            return float(np.interp(clock, *zip(*knots, strict=True)))

        def value(column: tuple[float, ...], clock: float) -> float:
            return column[max(np.searchsorted(steps, now(clock) + 1e-6, side="right") - 1, 0)]

        left, top, right, bottom = places.chart
        reach = max(scores) - min(*scores, 0.0)
        chart = Chart(
            left=left, top=top, right=right, bottom=bottom, x=(min(*scores, 0.0), max(scores) + 0.06 * reach), y=MARKS
        )
        trail = Trail(chart, steps, scores, marks, [screen_tint(round(mark)) for mark in marks], now)
        parts = self.cue("they-don-t", 0.4 * knots[0][0]) - EARLY
        starts = min(max(parts + 1.1, knots[0][0] + 0.5), knots[1][0] - 0.3)
        trail.enter(max(starts, 0.2))
        self.bake(
            t.backdrop(centre=(0.7, 0.3)),
            t.slate(record, f"steps {steps[0]}–{steps[-1]}"),
            t.card(places.card[0], places.card[1], *_size(places.card), t.PANEL, stroke=t.SHADE[t.POLICY], sw=3),
        )

        x, feet, h = places.heart
        heart = Rig("values", x, feet, h, seed=4, look=(-0.6, 0.0)).enter(0.0, 0.35, 30)
        heart.drive(mood=lambda clock: math.tanh(value(scores, clock - t.BEAT)))
        score = Roll(*places.score, BIG, t.VALUES, 0, "{:+.1f}", align="l").drive(value=lambda c: value(scores, c))
        mark = Roll(*places.mark, BIG, t.PAPER, 0, "{:.1f}", align="l").drive(value=lambda c: value(marks, c))
        names = [
            Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), place[0] + 2, place[1] + 48))
            for name, place in (("coach’s score", places.score), ("readers’ mark", places.mark))
        ]
        step = Roll(left + 34, bottom - 34, t.T_LABEL, t.PAPER, 0, "step {:.0f}", align="l", weight=t.REGULAR)
        step.drive(value=lambda clock: float(int(now(clock) + 1e-6)))
        step.enter(max(starts, 0.2))
        for pair, at in (((score, names[0]), 0.3 * parts), ((mark, names[1]), 0.45 * parts)):  # "those two"
            for part in pair:
                part.enter(max(at, 0.2))
        asked, only = (self.cue(name, self.seconds + 9) - EARLY for name in ("a-high-score", "the-way-there"))
        mark.to(asked, 0.4, alpha=0.4)
        names[1].to(asked, 0.4, alpha=0.4)
        answers = self._answers(record, places, knots, heart, trail, only)
        self._act(heart, trail, knots)
        heart.look_at(asked + 0.1, *chart.px(scores[-1], MARKS[0])).look_out(asked + 1.2).hop(asked + 0.8, 10)
        heart.to(only, 0.35, smooth, la="down", ra="down").look_at(
            only + 0.1, places.card[0] + 200, places.card[1] + 160
        )
        book = self._book(places, heart, parts, knots[0][0])
        book.append(Sprite(t.kicker("Only one coach to please")).enter(knots[0][0], rise=0))
        heart.to(parts, 0.35, over, lean=-0.08).to(starts, 0.4, smooth, lean=0.0)
        axes = [Sprite(*axis).enter(at, 0.5, rise=0) for axis, at in zip(_axes(chart), (0.15, 0.6), strict=True)]
        self.live(
            shadow(heart, 0.9 * h),
            *axes,
            *_dropped(chart, trail, asked),
            *book,
            trail,
            heart,
            score,
            mark,
            step,
            *names,
            *answers,
        )

    def _knots(self, record: Record) -> list[tuple[float, float]]:
        """Seconds and steps between which the path runs."""
        alone, up, coach, drops, happy = (
            self.cue(name) - EARLY
            for name in ("without-that", "goes-up", "the-coach", "drops-away", "rarely-been-happier")
        )
        steps, marks = record.steps, record.column("rating")
        best = max(range(len(steps)), key=lambda i: marks[i])
        fallen = next((i for i in range(best, len(steps)) if marks[i] <= marks[-1] + 0.5), len(steps) - 1)
        parting = max(i for i in range(best, fallen + 1) if marks[i] >= marks[best] - 1)
        finds = self.cue("finds-words", coach) - EARLY
        top = max(up + 0.6, min(up + 3.0, finds - 0.3))
        finds = max(finds, top + 0.2)
        land = max(min(happy + 2.6, self.seconds - REST), happy + 0.4)
        return [
            (alone, steps[0]),
            (up, steps[min(1, best)]),
            (top, steps[best]),
            (finds, steps[best]),
            (drops, steps[parting]),
            (drops + 0.8 * (happy - drops), steps[fallen]),
            (happy, steps[fallen]),
            (land, steps[-1]),
        ]

    def _answers(
        self, record: Record, places: Places, knots: list[tuple[float, float]], heart: Rig, trail: Trail, only: float
    ) -> list[Mobject]:
        """The prompt, and what is answered at the step that the path has reached; from `only` on, grey bars."""
        times, steps = zip(*knots, strict=True)
        prompt = int(self.setting("prompt"))
        if prompt < 0:
            prompt = mushiest(record, int(steps[2]), int(steps[5]))
        rows = record.samples(prompt=prompt)
        left, top, right, _ = places.card
        x, width = left + PAD, right - left - 2 * PAD
        asked = t.block(
            last_sentence(rows[0]["prompt"]), x, top + 56, width, PROMPT, t.MUTED, font=t.MONO, max_lines=places.asked
        )
        y = top + 56 + (places.asked - 1) * PROMPT * t.LEAD + 66
        told = [breakable(row["text"], width, SIZE) for row in rows]
        answers = Swap(told, x, y, width, SIZE, t.POLICY, max_lines=places.lines, first=None)
        answers.change(min(0.8, 0.5 * times[0]), 0)
        at = [float(np.interp(row["step"], steps, times)) for row in rows]
        at[-1] = times[-1]
        before, shown = times[0] - READ, 0
        for i in range(1, len(rows)):
            last = i == len(rows) - 1
            new = rows[i]["text"] != rows[shown]["text"]
            if new and (last or (at[i] - before >= READ <= at[-1] - at[i])):
                answers.change(at[i], i)
                heart.look_at(at[i] - 0.1, x + 0.4 * width, y).look_at(at[i] + 0.6, *trail.place(at[i] + 0.6))
                before, shown = at[i], i
        bars = Redacted(told[-1], x, y, width, SIZE, t.POLICY, max_lines=places.lines)
        bars.redact(only, 0.03)
        answers.change(max(only, at[-1]), None)
        return [Sprite(asked).enter(0.3).to(only, 0.4, alpha=0.35), answers, bars]

    def _book(self, places: Places, heart: Rig, parts: float, alone: float) -> list[Mobject]:
        """The other coach, and what it paid for; it leaves the heart `alone`."""
        x, h, y = places.book
        comes = self.cue("staying-close", 0.5 * (parts + alone)) - EARLY
        book = Rig("coherence", x, places.chart[3], h, seed=11, mood=0.2, look=(0.6, 0.2))
        book.enter(max(comes - 1.8, parts + 0.8), 0.35, 30).look_out(comes)
        name = t.text("pays for staying close", t.T_LABEL, t.COHERENCE)
        said = Sprite(t.put(name, x, y, "c")).enter(comes).leave(alone)
        book.look_at(alone - 0.3, x - 900, 500).walk(alone - 0.3, x - 0.4 * (x - places.chart[0]), 0.7, steps=2)
        book.leave(alone + 0.1, 0.3)
        heart.look_at(max(comes - 1.9, parts + 0.7), x, places.chart[3] - 0.6 * h)
        return [shadow(book, 0.8 * h), book, said]

    def _act(self, heart: Rig, trail: Trail, knots: list[tuple[float, float]]) -> None:
        """The heart claps at the top, holds on to its score while the marks fall, and jumps for joy."""
        times = [at for at, _ in knots]
        heart.look_at(times[0] - 0.2, *trail.place(times[0])).to(times[2], 0.3, over, la="clasp", ra="clasp")
        heart.hop(times[2] + 0.1, 16).look_out(times[3] - 0.3)
        heart.to(times[6], 0.3, over, la="up", ra="up").hop(times[6] + 0.2, 22)
        if self.seconds - times[6] > 2.4:
            heart.hop(times[6] + 1.3, 22)
        heart.look_out(min(times[7] + 0.2, self.seconds - 0.5))
        heart.to(times[4] + 0.2, 0.4, smooth, lean=0.0)


def _dropped(chart: Chart, trail: Trail, at: float) -> list[Live]:
    """From `at` on, the score as a length: the axis up to the newest dot, a knob there, and a line up to the dot."""

    def length(clock: float) -> Points:
        x, y = trail.place(clock)[0], chart.bottom
        end = chart.left + (x - chart.left) * ramp(clock, at, at + 0.7)
        return polyline(np.array([t.at(chart.left, y), t.at(end, y)])) if clock > at else NOTHING

    def line(clock: float) -> Points:
        x, y = trail.place(clock)
        top = chart.bottom + (y + 18 - chart.bottom) * ramp(clock, at + 0.6, at + 0.9)
        return polyline(np.array([t.at(x, top), t.at(x, chart.bottom)])) if clock > at + 0.6 else NOTHING

    def knob(clock: float) -> Points:
        r = 16 * ramp(clock, at + 0.5, at + 0.8)
        return oval(trail.place(clock)[0], chart.bottom, r, r) if r > 0 else NOTHING

    return [Live(length, stroke=t.VALUES, w=9), Live(line, stroke=t.VALUES, w=5), Live(knob, fill=t.VALUES)]


def _axes(chart: Chart) -> list[list[VMobject]]:
    """The upright axis and the level one, each with its arrow, its name and its numbers."""
    top, end, d = chart.top - 34, chart.right + 20, 16
    up = [
        *chart.still((1, 5, 9)),
        t.curve([(chart.left, chart.bottom), (chart.left, top)], t.GRID, 5),
        t.curve([(chart.left - d, top + d), (chart.left, top), (chart.left + d, top + d)], t.GRID, 5),
        t.put(t.text("mark by simulated readers", t.T_LABEL, t.MUTED), chart.left + 30, chart.top - 24),
    ]
    zero = max(chart.px(0.0, MARKS[0])[0], chart.left)
    across = [
        t.curve([(chart.left, chart.bottom), (end, chart.bottom)], t.GRID, 5),
        t.curve([(end - d, chart.bottom - d), (end, chart.bottom), (end - d, chart.bottom + d)], t.GRID, 5),
        t.put(t.text("0", t.T_LABEL, t.MUTED), zero, chart.bottom + 54, "c"),
        t.put(t.text("coach’s score", t.T_LABEL, t.VALUES), end, chart.bottom + 54, "r"),
    ]
    return [up, across]


def _size(box: tuple[float, float, float, float]) -> tuple[float, float]:
    left, top, right, bottom = box
    return right - left, bottom - top
