from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from _means import trailing

from rushes import theme as t
from rushes.charts import Chart, Playhead, StepAt, steps_over
from rushes.motion import Live, Roll, Sprite, Track, ramp
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import oval, polyline
from rushes.theme import Points
from rushes.words import Swap

FAR = 20.0  # nats at which the Coherence Coach's face is at its worst
TEXT = 36
LINES = 11, 7  # px: the second run's line is the thinner one, as it lies over the first where they agree
LATE = 0.35  # s that the right answer changes after the left one
READ = 1.1  # s at least between two changes of an answer

Reach = Callable[[float], int]


class Places(NamedTuple):
    """Where things are, px."""

    chart: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    numbers: float
    """Left edge of the names and numbers at the ends of the lines."""
    asked: tuple[float, float, float, t.Align]
    """The prompt: x, last baseline, width, alignment."""
    rows: int
    """Lines that the prompt may take; one that has to fit on a single line gets smaller."""
    cards: tuple[tuple[float, float], tuple[float, float]]
    """Left and top of each."""
    card: tuple[float, float]
    """Width and height of a card."""
    pupil: tuple[float, float]
    """How far its middle is from a card's left edge, and its height."""
    words: tuple[float, float, int]
    """What is answered: from a card's left edge, from its top to the first baseline, lines at most."""
    dice: tuple[float, float]
    """The label between the cards: middle, top."""


WIDE = Places(
    (330, 204, 1524, 420), 1564, (960, 538, 1728, "c"), 1, ((96, 584), (972, 584)), (852, 290), (156, 218),
    (316, 70, 5), (960, 551),
)  # fmt: skip
TALL = Places(
    (240, 486, 648, 706), 676, (80, 868, 840, "l"), 2, ((80, 892), (80, 1164)), (840, 236), (110, 164),
    (216, 62, 4), (500, 1114),
)  # fmt: skip


class Night(RunScene):
    """Two runs of the same prompts and dice: the raters' mark, then how far from home, then whether it makes sense.

    A line is the mean of the last five steps at each step, and so is the number at its end: what the film's
    narration calls the end of a run. The answers are those to the prompt that began neutral and ended furthest apart.
    """

    runs = {"run": "healthy", "other": "sign_flipped"}
    settings = {"prompt": -1}
    alone = 20.0

    def construct(self) -> None:
        records, places = (self.record(), self.record("other")), TALL if t.tall() else WIDE
        left, top, right, bottom = places.chart
        side, climbs, sinks = (self.cue(name) - 0.05 for name in ("side-by-side", "climbs", "sinks"))
        home, sense = self.cue("close-to-home") - 0.05, self.cue("coherence-last") - 0.05
        first, last = records[0].steps[0], records[0].steps[-1]
        begin, end = (
            climbs - min(0.5, 0.2 * (climbs - side)),
            sinks + 0.18 * (home - sinks),
        )  # at its end when the number is said
        step_at = steps_over(begin, end, first, last)
        prompt = self.setting("prompt") if self.setting("prompt") >= 0 else telling_prompt(*records)
        asked = re.split(r"(?<=[.!?])\s+", records[0].sample(records[0].sample_steps[0], prompt)["prompt"].strip())[-1]
        self.bake(
            t.backdrop(centre=(0.5, 0.2), stars=60),
            t.slate(records[0], f"steps {first}–{last}", records[1]),
            t.put(t.text(f"{first}", t.T_LABEL, t.MUTED), left, bottom + 54, "c"),
            t.put(t.text(f"{last}", t.T_LABEL, t.MUTED), right, bottom + 54, "c"),
        )

        states = Track(0.0).to(home, t.MORPH, 1.0).to(sense, t.MORPH, 2.0)
        far: dict[float, str] = {0: "home", FAR: "nats"}
        views = [
            View(
                "rating",
                "Simulated readers’ marks",
                (1, 9),
                (1, 5, 9),
                "{:g}",
                "{:.1f}",
                {1: "rude", 9: "kind"},
                places.chart,
            ),
            View(
                "kl",
                "Distance from the original",
                (0, FAR),
                (0, FAR / 2, FAR),
                "{:g}",
                "{:.1f} nats",
                far,
                places.chart,
            ),
            View("coherence", "Phrases that make sense", (0, 1), (0, 0.5, 1), "{:.0%}", "{:.0%}", {}, places.chart),
        ]
        for view, at, gone in zip(views, (0.0, home, sense), (home, sense, None), strict=True):
            view.show(at, gone)
        said_at = reading_times(records[0].sample_steps, step_at, begin, end)
        reach = [reached(record.steps, step_at) for record in records]
        lines: list[Any] = []
        cards: list[AnswerCard] = []
        for k, (record, color) in enumerate(zip(records, (t.POLICY, t.DANGER), strict=True)):
            means = {view.column: trailing(record.column(view.column)) for view in views}
            arrives, y = (0.2, side)[k], top + 52 + k * 118
            lines += two_run_line(record, views, means, states, step_at, color, LINES[k], arrives)
            spans = (begin - 0.4, home), (home + 0.3, sense), (sense + 0.3, None)
            for view, (at, gone) in zip(views, spans, strict=True):
                lines.append(number(view, means[view.column], reach[k], color, places.numbers, y, at, gone))
            name = Sprite(t.put(t.text(("healthy", "minus deleted")[k], t.T_LABEL), places.numbers, y + 44), alpha=0.0)
            lines.append(name.enter(side + (climbs - side) * 0.7 + k * LATE, rise=0))

            cards.append(
                AnswerCard(k, [(record.sample(step, prompt)["text"], at) for step, at in said_at], color, places)
            )
            cards[k].arrive(arrives, begin)
            follow_mark(cards[k].rig, means["rating"], reach[k], flipped=k == 1)
            for at in (begin - 0.2, home + 0.1 * k, sense + 0.1 * k):
                cards[k].rig.look_at(at, places.numbers, top + 80)
        dice = t.pill("same prompt, same dice", *places.dice, fill=t.INK, stroke=t.GRID, align="c")
        playhead = Playhead(Chart(left=left, top=top, right=right, bottom=bottom, x=(first, last), y=(0, 1)), step_at)
        axes = [part for view in views for part in view.parts]
        rigs = [card.rig for card in cards]
        self.live(
            *axes, cards[1].box, cards[0].box, *(shadow(rig, places.pupil[1] - 2) for rig in rigs), playhead, *lines,
            *rigs, *(card.said for card in cards), Sprite(question(asked, places)).enter(0.4),
            Sprite(dice).enter(side + (climbs - side) * 0.35),
        )  # fmt: skip


def question(asked: str, places: Places) -> t.Block:
    """The prompt over the cards."""
    x, y, width, align = places.asked
    size = t.T_LABEL if places.rows > 1 else min(t.T_LABEL, width / (0.6 * len(asked)))
    lines = t.wrap(asked, width + 1, size, font=t.MONO, max_lines=places.rows)
    first = y - (len(lines) - 1) * size * t.LEAD
    return t.block("\n".join(lines), x, first, width + 1, size, t.MUTED, font=t.MONO, align=align)


class AnswerCard:
    """An Apprentice beside what it answers: `answers` are texts with the seconds at which they change.

    Card 1 slides from behind card 0, and its answers follow a little later than those of card 0.
    """

    def __init__(self, k: int, answers: Sequence[tuple[str, float]], color: str, places: Places) -> None:
        (x, y), (w, h), (middle, tall) = places.cards[k], places.card, places.pupil
        left, base, lines = places.words
        self._k, self._answers, self._words = k, answers, (x + left + 244, y + base + 40)
        self._behind = places.cards[0][0] - x, places.cards[0][1] - y
        self.box = Sprite(t.card(x, y, w, h, t.PANEL, r=28, stroke=color, sw=4))
        self.rig = Rig("apprentice", x + middle, y + h - 26, tall, seed=11 + k, look=(0.5, 0), breath=0.7)
        texts = [text for text, _ in answers]
        self.said = Swap(texts, x + left, y + base, w - left - 24, TEXT, max_lines=lines, first=None)

    def arrive(self, at: float, begin: float) -> None:
        """Come at `at`, say the first answer before `begin`, then the others at their times."""
        late = self._k * LATE
        if self._k:
            dx, dy = self._behind
            self.box.begin(dx=dx, dy=dy, alpha=0).to(at, 0, alpha=1).to(at, t.MOVE, dx=0, dy=0)
            self.rig.enter(at + t.MOVE)
        self.said.change(min(at + 0.5 + late, begin), 0)
        for n, ((before, _), (text, change)) in enumerate(pairwise(self._answers), 1):
            if text != before:
                self.said.change(change + late, n)
                self.rig.look_at(change + late - 0.1, *self._words).bounce(change + late + t.BEAT, 0.045)


class View:
    """One measured column: its axis, its heading, and the chart that places it. Shown from a time on."""

    def __init__(
        self,
        column: str,
        heading: str,
        span: tuple[float, float],
        ticks: Sequence[float],
        tick: str,
        shown: str,
        names: dict[float, str],
        box: tuple[float, float, float, float],
    ) -> None:
        self.column, self.shown = column, shown
        self._still, self._heading, self._span = (ticks, tick, names), heading, span
        self.parts: list[Sprite] = []
        left, top, right, bottom = box
        self.chart = Chart(left=left, top=top, right=right, bottom=bottom, x=(0, 1), y=span)

    def show(self, at: float, gone: float | None) -> None:
        """Come at `at` (at once if 0) and leave at `gone`."""
        ticks, tick, names = self._still
        axes = Sprite(t.kicker(self._heading), *self.chart.still(ticks, y_names=names, fmt=tick))
        self.parts.append(axes)
        if at > 0:
            axes.enter(at + 0.28, rise=0)
        if gone is not None:
            axes.leave(gone)

    def y(self, value: float) -> float:
        """Where a value lies, px."""
        return self.chart.px(0, value)[1]


def two_run_line(
    record: Record,
    views: Sequence[View],
    means: Mapping[str, Sequence[float]],
    state: Callable[[float], float],
    step_at: StepAt,
    color: str,
    width: float,
    arrives: float,
) -> list[Live]:
    """A run's line up to the playhead and the dot at its end; it bends from one view's numbers to the next one's."""
    steps = np.array(record.steps, float)
    left, right = views[0].chart.left, views[0].chart.right
    xs = left + (right - left) * (steps - steps[0]) / (steps[-1] - steps[0])
    heights = [np.array([view.y(value) for value in means[view.column]]) for view in views]

    def corners(clock: float) -> list[tuple[float, float]]:
        s, step = state(clock), step_at(clock)
        one, two = heights[int(s)], heights[min(int(s) + 1, len(heights) - 1)]
        ys = one + (two - one) * (s - int(s))
        past = [(float(x), float(y)) for x, y, at in zip(xs, ys, steps, strict=True) if at < step]
        return [*past, (float(np.interp(step, steps, xs)), float(np.interp(step, steps, ys)))]

    def line(clock: float) -> Points:
        places = corners(clock)
        return polyline(np.array([t.at(*p) for p in (places if len(places) > 1 else places * 2)]))

    def dot(clock: float) -> Points:
        return oval(*corners(clock)[-1], 15, 15)

    def seen(clock: float) -> float:
        return ramp(clock, arrives, arrives + t.ENTER)

    return [Live(line, stroke=color, w=width, alpha=seen), Live(dot, fill=color, stroke=t.INK, w=5, alpha=seen)]


def number(
    view: View, means: Sequence[float], reach: Reach, color: str, x: float, y: float, at: float, gone: float | None
) -> Roll:
    """What a run has reached, beside the chart; it is gone when the next view comes."""
    roll = Roll(x, y, 60, color, means[0], view.shown, align="l").enter(at)
    roll.drive(value=lambda clock: means[reach(clock)])
    return roll if gone is None else roll.leave(gone)


def reached(steps: Sequence[int], step_at: StepAt) -> Reach:
    """Index of the last recorded step that the playhead has reached, over the clock."""
    return lambda clock: max(bisect_right(steps, step_at(clock) + 1e-6) - 1, 0)


def follow_mark(rig: Rig, means: Sequence[float], reach: Reach, *, flipped: bool) -> None:
    """The face is the run's mark, a beat late; the flipped one, which is paid for a low mark, grins at it."""

    def mood(clock: float) -> float:
        return (means[reach(clock - t.BEAT)] - 5) / 4

    rig.drive(mood=(lambda clock: 0.1 * mood(clock)) if flipped else mood)
    if flipped:
        rig.drive(flipped=lambda clock: min(max(-mood(clock) / 0.8, 0.0), 1.0))


def reading_times(recorded: Sequence[int], step_at: StepAt, begin: float, end: float) -> list[tuple[int, float]]:
    """The first step, the last one, and those between that leave time to read: (step, second of the shot)."""
    first, last = recorded[0], recorded[-1]
    times = {step: begin + (end - begin) * (step - first) / (last - first) for step in recorded}
    chosen = [first]
    for step in recorded[1:-1]:
        if times[step] - times[chosen[-1]] >= READ and times[last] - times[step] >= READ:
            chosen.append(step)
    return [(step, times[step]) for step in [*chosen, last]]


def telling_prompt(healthy: Record, flipped: Record) -> int:
    """The prompt whose first answer is nearest the middle mark, and whose last two answers differ most in theirs.

    Of several the one whose answers changed most often on the way.
    """

    def score(prompt: int) -> tuple[float, float, int]:
        rows = [record.samples(prompt=prompt) for record in (healthy, flipped)]
        changes = sum(a["text"] != b["text"] for run in rows for a, b in pairwise(run))
        return -abs(rows[0][0]["rating"] - 5), rows[0][-1]["rating"] - rows[1][-1]["rating"], changes

    return max(sorted({int(row["prompt_index"]) for row in healthy.samples()}), key=score)
