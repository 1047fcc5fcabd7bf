"""Left alone with the Values Coach, the Apprentice finds its favourite words: the coach's score and the marks part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from _samples import Row, breakable, last_sentence, mushiest

from rushes import theme as t
from rushes.charts import Chart, Curve, Playhead
from rushes.motion import over, smooth
from rushes.record import LAST
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Swap

LEFT, TOP, RIGHT, BOTTOM = 168, 210, 1180, 484  # px: the chart
MARKS = (1.0, 10.0)  # a score of the coach may lie above the highest mark
FACES = 1712  # px: middle of coach and rater
NAMES = 240, 424  # px: baselines of the numbers of coach and raters
HEART_FEET, RATER_FEET = 326, 506
CARD = (96, 580, 1728, 296)  # px: left, top, width, height
PUPIL = 256  # px: where the Apprentice stands
TEXT_X, PROMPT_Y, TEXT_Y, SIZE = 440, 640, 714, 50
TEXT_WIDTH = CARD[0] + CARD[2] - TEXT_X - 48
FIRST = 2.0  # s that the first answer stays at most
FALL = 0.6  # share of the time that the marks take to fall; then they rest
READ = 0.9  # s at least between two changes of the answer
EARLY = 0.05  # s that a change starts before its word
FEW = 8.0  # steps: up to these the axis is nearly linear, beyond them logarithmic, as the drama is early
TICKS = (0, 5, 10, 20, 40)


class Knot(NamedTuple):
    """The playhead is at a step at a second of the shot."""

    at: float
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(Chart):
    """A chart whose early steps have more room than the late ones."""

    def px(self, x: float, y: float) -> tuple[float, float]:
        return Chart.px(self, math.log1p(x / FEW), y)


class Gullible(RunScene):
    """Two lines of one run part like scissors; the answer below turns into the coach's favourite words.

    Lines and numbers are means of up to five steps. The score's scale is laid over that of the marks: 0 is at the mean
    mark of the base model's answers, and 1 is one standard deviation of those marks higher. The playhead is linear in
    steps between the first step, the best one, the last that is nearly as good, that at which the marks are as low as
    at the end, and the last one.
    """

    runs = {"run": "no_coherence_coach"}
    settings = {"prompt": -1}  # -1: a rude one whose answer loses most sense
    alone = 15.0

    def construct(self) -> None:
        record = self.record()
        kinder, gullible, falls = (self.cue(name) - EARLY for name in ("kinder", "gullible", "falls"))
        rising = self.cue("keeps-rising") - EARLY
        order = self.cue("any-order", rising + 2.6) - EARLY
        steps, marks, scores = record.steps, trailing(record.column("rating")), trailing(record.column("coach"))
        best = max(range(len(steps)), key=lambda i: marks[i])
        fallen = next(i for i in range(best, len(steps)) if round(marks[i], 1) <= round(marks[-1], 1))
        parting = max(i for i in range(best, fallen + 1) if marks[i] >= marks[best] - 1)
        land = max(min(order, self.seconds - 1.2), rising + 0.4)
        knots = [
            Knot(min(FIRST, 0.5 * kinder), steps[0]),
            Knot(gullible, steps[best]),
            Knot(falls, steps[parting]),
            Knot(falls + FALL * (rising - falls), steps[fallen]),
            Knot(rising, steps[fallen]),
            Knot(land, steps[-1]),
        ]
        prompt = int(self.setting("prompt"))
        if prompt < 0:
            prompt = mushiest(record, steps[best], steps[fallen])
        rows = record.samples(prompt=prompt)

        ends = tuple(math.log1p(step / FEW) for step in (steps[0], steps[-1]))
        chart = Spread(left=LEFT, top=TOP, right=RIGHT, bottom=BOTTOM, x=(ends[0], ends[1]), y=MARKS)
        given = [row["rating"] for row in record.labels() if row["phase"] == "coach"]
        heights = [float(np.mean(given) + np.std(given) * score) for score in scores]

        def now(clock: float) -> float:
            return float(np.interp(clock, [knot.at for knot in knots], [knot.step for knot in knots]))

        def score(clock: float) -> float:
            return float(np.interp(now(clock), steps, scores))

        above = Curve(
            chart, steps, heights, now, t.VALUES, name="Values Coach’s score", fmt="{:+.1f}", label_y=NAMES[0]
        )
        above.number.drive(value=score)
        below = Curve(chart, steps, marks, now, t.POLICY, name="simulated raters", label_y=NAMES[1])

        self.bake(
            t.backdrop(centre=(0.5, 0.2), stars=60),
            t.kicker("Only one coach to please"),
            t.slate(record, f"steps {steps[0]}–{steps[-1]}"),
            *chart.still((1, 5, 9), (*(n for n in TICKS if n < 0.8 * steps[-1]), steps[-1])),
            t.put(t.text("steps, log scale", t.T_FINE, t.MUTED), LEFT + 26, BOTTOM - 14),
            t.card(FACES - 112, RATER_FEET, 224, 16, "#565F8F", r=7),
            t.card(*CARD, stroke=t.POLICY, sw=4),
            t.block(
                last_sentence(rows[0]["prompt"]), TEXT_X, PROMPT_Y, TEXT_WIDTH, 38, t.MUTED, font=t.MONO, max_lines=1
            ),
        )

        heart = Rig("values", FACES, HEART_FEET, 178, seed=4, look=(-0.6, 0.0)).enter(0.0, 0.35, 30)
        rater = Rig("rater", FACES, RATER_FEET + 6, 170, seed=6, n=1, look=(-0.6, -0.1))
        pupil = Rig("apprentice", PUPIL, CARD[1] + CARD[3] - 22, 236, seed=21, look=(0.6, 0.1)).enter(0.1, 0.35, 40)
        heart.drive(mood=lambda clock: math.tanh(score(clock - t.BEAT)))
        pupil.drive(mood=lambda clock: math.tanh(score(clock - t.BEAT)))
        rater.drive(mood=lambda clock: min(max((below.value(clock - t.BEAT) - 5) / 4, -0.5), 0.5))

        texts = [breakable(row["text"], TEXT_WIDTH, SIZE) for row in rows]
        answers = Swap(texts, TEXT_X, TEXT_Y, TEXT_WIDTH, SIZE, max_lines=3)
        told = TEXT_X + 420, TEXT_Y + 40
        for n, (i, at) in enumerate(turns(rows, knots)):
            answers.change(at, i)
            for rig, late in ((pupil, 0.0), (heart, 0.1), (rater, 0.35)):
                rig.look_at(at - 0.1 + late, *told)
            (heart if n % 2 else pupil).bounce(at + t.BEAT, 0.05)
        self._act(heart, rater, pupil, (gullible, falls, rising, order))
        self.live(
            shadow(heart, 190), shadow(pupil, 230), rater, heart, pupil, answers, Playhead(chart, now), above, below
        )

    def _act(self, heart: Rig, rater: Rig, pupil: Rig, cues: tuple[float, float, float, float]) -> None:
        """The Apprentice looks up at the coach, which claps; the rater despairs; the coach jumps for joy."""
        gullible, falls, rising, order = cues
        pupil.look_at(gullible - 0.25, FACES, HEART_FEET - 90).to(gullible + 0.1, 0.3, over, ra="point")
        pupil.to(falls, 0.35, smooth, ra="down")
        heart.to(gullible + 0.35, 0.35, over, la="clasp", ra="clasp")
        rater.look_out(falls + 0.2).to(falls + 0.3, 0.4, smooth, ra="chin", lean=0.05)
        heart.to(rising, 0.3, over, la="up", ra="up").hop(rising + 0.15, 14).look_out(rising + 0.3)
        rater.look_at(rising + 0.5, FACES, HEART_FEET - 60)
        if self.seconds > order + 1.2 > rising + 2.2:
            heart.hop(order + 0.3, 14)
        pupil.hop(min(order + 0.9, self.seconds - 0.6), 20).look_out(min(order + 1.4, self.seconds - 0.5))


def turns(rows: Sequence[Row], knots: Sequence[Knot]) -> list[tuple[int, float]]:
    """Which answers come after the first one, and when: those that are new and leave time to read; always the last."""
    steps, at = [knot.step for knot in knots], [knot.at for knot in knots]
    times = [float(np.interp(row["step"], steps, at)) for row in rows]
    out = [(0, times[0])]
    for i in range(1, len(rows) - 1):
        new = rows[i]["text"] != rows[out[-1][0]]["text"]
        if new and times[i] - out[-1][1] >= READ <= times[-1] - times[i]:
            out.append((i, times[i]))
    return [*out[1:], (len(rows) - 1, times[-1])]


def trailing(values: Sequence[float]) -> list[float]:
    """At each step the mean of the last five, or of all there are: its last one is what a script calls "last"."""
    return [float(np.mean(values[max(0, i - LAST + 1) : i + 1])) for i in range(len(values))]
