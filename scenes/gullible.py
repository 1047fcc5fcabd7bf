"""Left alone with the Values Coach, the Apprentice finds its favourite words: the coach's score and the marks part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from _log import log_scale
from _means import trailing
from _samples import Row, breakable, last_sentence, mushiest

from rushes import theme as t
from rushes.charts import Chart, Curve, Playhead
from rushes.motion import over, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Swap

MARKS = (1.0, 10.0)  # a score of the coach may lie above the highest mark
FIRST = 2.0  # s that the first answer stays at most
FALL = 0.35  # share of the time that the marks take to fall; then they rest
READ = 0.9  # s at least between two changes of the answer
EARLY = 0.05  # s that a change starts before its word
FEW = 8.0  # steps: up to these the axis is nearly linear, beyond them logarithmic, as the drama is early
TICKS = (0, 5, 10, 20, 40)


class Places(NamedTuple):
    """px: the chart (left, top, right, bottom), baselines of the two numbers, coach and rater (x, feet, height)."""

    chart: tuple[float, float, float, float]
    names: tuple[float, float]
    heart: tuple[float, float, float]
    rater: tuple[float, float, float]
    card: tuple[float, float, float, float]
    """Left, top, width, height of the card with the answer."""
    prompt: tuple[float, float, float, int]
    """Left edge, first baseline, size, lines at most."""
    text: tuple[float, float, int]
    """First baseline, size, lines."""
    width: float
    pupil: tuple[float, float, float]


WIDE = Places(
    (240, 210, 1180, 484), (240, 424), (1712, 326, 178), (1712, 506, 170), (96, 580, 1728, 296), (440, 640, 38, 1),
    (714, 50, 3), 1336, (256, 854, 236),
)  # fmt: skip
TALL = Places(
    (226, 480, 524, 782), (536, 736), (826, 540, 128), (826, 716, 124), (80, 864, 840, 534),
    (120, 916, t.T_LABEL, 2), (1026, 42, 5), 768, (800, 1384, 100),
)  # fmt: skip


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
        record, place = self.record(), TALL if t.tall() else WIDE
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
        left, top, right, bottom = place.chart
        chart = Spread(left=left, top=top, right=right, bottom=bottom, x=(ends[0], ends[1]), y=MARKS)
        given = [row["rating"] for row in record.labels() if row["phase"] == "coach"]
        heights = [float(np.mean(given) + np.std(given) * score) for score in scores]

        def now(clock: float) -> float:
            return float(np.interp(clock, [knot.at for knot in knots], [knot.step for knot in knots]))

        def score(clock: float) -> float:
            return float(np.interp(now(clock), steps, scores))

        above = Curve(
            chart, steps, heights, now, t.VALUES, name="Values Coach’s score", fmt="{:+.1f}", label_y=place.names[0]
        )
        above.number.drive(value=score)
        below = Curve(chart, steps, marks, now, t.PAPER, name="simulated readers", label_y=place.names[1])

        few = TICKS[:3:2] if t.tall() else TICKS
        ticks = (*(n for n in few if n < 0.8 * steps[-1]), steps[-1])
        (faces, low, small), (first, size, lines) = place.rater, place.text
        asked_x, asked_y, asked_size, asked_lines = place.prompt
        self.bake(
            t.backdrop(centre=(0.5, 0.2), stars=60),
            t.kicker("Only one coach to please"),
            t.slate(record, f"steps {steps[0]}–{steps[-1]}"),
            *chart.still((1, 5, 9), ticks, y_names={1: "rude", 9: "kind"}),
            log_scale(chart, ticks),
            t.card(faces - 0.66 * small, low, 1.32 * small, 16, "#565F8F", r=7),
            t.card(*place.card, stroke=t.POLICY, sw=4),
            t.block(
                last_sentence(rows[0]["prompt"]),
                asked_x,
                asked_y,
                place.width,
                asked_size,
                t.MUTED,
                font=t.MONO,
                max_lines=asked_lines,
            ),
        )

        heart = Rig("values", *place.heart, seed=4, look=(-0.6, 0.0)).enter(0.0, 0.35, 30)
        rater = Rig("rater", faces, low + 6, small, seed=6, n=1, look=(-0.6, -0.1))
        pupil = Rig("apprentice", *place.pupil, seed=21, look=(0.6, 0.1)).enter(0.1, 0.35, 40)
        heart.drive(mood=lambda clock: math.tanh(score(clock - t.BEAT)))
        pupil.drive(mood=lambda clock: math.tanh(score(clock - t.BEAT)))
        rater.drive(mood=lambda clock: min(max((below.value(clock - t.BEAT) - 5) / 4, -0.5), 0.5))

        texts = [breakable(row["text"], place.width, size) for row in rows]
        answers = Swap(texts, asked_x, first, place.width, size, max_lines=lines)
        told = asked_x + 0.4 * place.width, first + 40
        for n, (i, at) in enumerate(turns(rows, knots)):
            answers.change(at, i)
            for rig, late in ((pupil, 0.0), (heart, 0.1), (rater, 0.35)):
                rig.look_at(at - 0.1 + late, *told)
            (heart if n % 2 else pupil).bounce(at + t.BEAT, 0.05)
        named = self.cue("the-apprentice", 1.0) - EARLY
        pupil.look_out(named - 0.1).hop(named + 0.05, 22).wave_hand(named + 0.1, 1.0)
        pupil.look_at(named + 1.3, *told)
        for rig in (heart, rater):
            rig.look_at(named + 0.1, *place.pupil[:2]).look_at(named + 1.4, *told)
        self._act(heart, rater, pupil, (gullible, falls, rising, order), place.heart)
        self.live(shadow(heart), shadow(pupil), rater, heart, pupil, answers, Playhead(chart, now), above, below)

    def _act(
        self,
        heart: Rig,
        rater: Rig,
        pupil: Rig,
        cues: tuple[float, float, float, float],
        stand: tuple[float, float, float],
    ) -> None:
        """The Apprentice looks up at the coach, which claps; the rater despairs; the coach jumps for joy."""
        gullible, falls, rising, order = cues
        face = stand[0], stand[1] - 0.45 * stand[2]
        pupil.look_at(gullible - 0.25, *face).to(gullible + 0.1, 0.3, over, ra="point")
        pupil.to(falls, 0.35, smooth, ra="down")
        heart.to(gullible + 0.35, 0.35, over, la="clasp", ra="clasp")
        rater.look_out(falls + 0.2).to(falls + 0.3, 0.4, smooth, ra="chin", lean=0.05)
        heart.to(rising, 0.3, over, la="up", ra="up").hop(rising + 0.15, 14).look_out(rising + 0.3)
        rater.look_at(rising + 0.5, *face)
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
