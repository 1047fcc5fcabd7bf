"""Does marking it down make it worse? In five of ten runs the coach learns from new marks, in five it does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from _hoods import CLAWS, cup_and_shut
from _marks import tint
from _means import trailing

from rushes import theme as t
from rushes.charts import Chart, steps_over
from rushes.motion import Live, Roll, Sprite, Track, linear
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import round_box
from rushes.theme import Points

EARLY = 0.05  # s that a change starts before its word
MARKS, FLIGHT = 14, 0.7  # how many marks are seen to fly to the coach, and the seconds that one flies
BAR, FALL, LAID = (t.mix(t.PANEL, t.DANGER, share) for share in (0.5, 0.2, 0.45))


class TenRuns(RunScene):
    """A bar a run, as high as its marks, with its Apprentice on it; the fall without new marks is laid over the other.

    Bars are means of the last five steps at each step, and numbers means of the bars; below their difference is that of
    the same experiment with other seeds. An Apprentice's face is what it is paid, and a hood's is its coach's score
    turned round.
    """

    runs = {"run": "feedback_loop", "again": "feedback_loop_again"}
    alone = 14.0

    def construct(self) -> None:
        self.sweep, tall = self.record(), t.tall()
        ten, learns, shuts, sinks = (
            self.cue(it) - EARLY for it in ("ten", "kept-learning", "shut-their-ears", "all-ten")
        )
        *said, most, rest = (self.cue(it) - EARLY for it in ("the-learners", "the-others", "most", "no-new-marks"))
        self.counts = sorted({row["labels_a_step"] for row in self.sweep.metrics}, reverse=True)
        self.seeds = sorted({row["seed"] for row in self.sweep.metrics})
        self.steps = sorted(set(self.sweep.steps))
        self.step_at = steps_over(sinks, said[0] + 0.45, self.steps[0], self.steps[-1])
        self.middles, wide, self.pupil, line = ((338, 746), 330, 68, 512) if tall else ((700, 1220), 400, 88, 262)
        self.pitch, (left, top, right, foot) = (
            wide / len(self.seeds),
            ((150, 470, 920, 1034) if tall else (480, 210, 1440, 830)),
        )
        self.chart = Chart(left=left, top=top, right=right, bottom=foot, x=(0, 1), y=(1, 9))
        self.bake(
            t.backdrop(centre=(0.5, 0.4), floor=t.ground()[0], floor_at=(0.5, 0.5)),
            t.kicker("Simulated readers’ marks"),
            t.slate(self.sweep, f"steps {self.steps[0]}–{self.steps[-1]}", seeds=f"{self.seeds[0]}–{self.seeds[-1]}"),
            *self.chart.still([1, 5, 9]),
        )
        boards, parts, hoods = [], [], []
        for k, (x, cue) in enumerate(zip(self.middles, (learns, shuts), strict=True)):
            name = Sprite(t.put(t.text(("learning", "ears shut")[k], t.T_LABEL), x, line, "c")).enter(cue)
            number = Roll(x, line + 88, 84, fmt="{:.1f}").drive(value=self.over(k, "rating")).enter(cue + 0.2)
            number.to(sinks, 0.2, alpha=0.6).to(said[k] + 0.45, 0.2, alpha=1.0)
            middle, side = sum(self.middles) / 2, (self.middles if tall else (226, 1694))[k]
            hood = Rig("dark", middle, t.ground()[1], 236 if tall else 280, seed=5 + k, la=CLAWS, ra=CLAWS)
            score = self.over(k, "coach")
            hood.drive(mood=lambda clock, score=score: -math.tanh(score(clock - t.BEAT)))
            hood.begin(alpha=1 - k).to(ten - 0.5, 0, alpha=1).to(ten - 0.5, 0.7, x=side).look_at(ten + 0.1, x, 500)
            hoods.append(hood)
            bars, riders = self.bars(k, ten + 0.25 * k)
            boards += bars
            parts += [*riders, name, number, shadow(hood)]
        hears, shut = hoods
        hears.bounce(0.5).look_at(0.8, self.middles[0], 500).look_at(1.1, self.middles[1], 500)
        cup_and_shut(hears, learns, shut, shuts)
        falls, more = self.falls(sinks, most, rest, line)
        self.live(*falls, *boards, *more, *parts, *hoods, *self.marks(learns + 0.3, said[0], hears))

    def over(self, k: int, column: str, run: int | None = None) -> Callable[[float], float]:
        """A column of group k over the clock: of one run, or the mean of all."""
        rows = [row for row in self.sweep.metrics if row["labels_a_step"] == self.counts[k]]
        runs = [trailing([row[column] for row in rows if row["seed"] == seed]) for seed in self.seeds]
        values = np.mean(runs if run is None else [runs[run]], axis=0)
        return lambda clock: float(np.interp(self.step_at(clock), self.steps, values))

    def x(self, k: int, run: int) -> float:
        """The middle of a bar, px."""
        return self.middles[k] + (run - (len(self.seeds) - 1) / 2) * self.pitch

    def y(self, rating: float) -> float:
        """Where a mark is on the scale, px."""
        return self.chart.px(0, rating)[1]

    def box(self, x: float, top: float, bottom: float, bars: int = 1) -> Points:
        """A box from a bar's middle on, as wide as so many bars."""
        w = (bars - 0.2) * self.pitch
        return round_box(x - 0.4 * self.pitch, top, w, max(bottom - top, 1), min(10, max((bottom - top) / 2, 0.5)))

    def bars(self, k: int, at: float) -> tuple[list[Live], list[Rig]]:
        """The runs of group k and who stands on them; they come from `at` on, one after the other."""
        bars, riders, foot = [], [], self.chart.bottom
        for run in range(len(self.seeds)):
            rating, total, x = self.over(k, "rating", run), self.over(k, "total", run), self.x(k, run)
            comes = Track(0.0).to(at + 0.08 * run, 0.35, 1.0)

            def top(clock: float, rating: Any = rating, comes: Any = comes) -> float:
                return foot + (self.y(rating(clock)) - foot) * comes(clock)

            bars.append(Live(lambda c, x=x, top=top: self.box(x, top(c), foot), fill=BAR, alpha=comes))
            rider = Rig("apprentice", x, foot, self.pupil, seed=20 + 5 * k + run, flipped=1, look=(0.3 - 0.6 * k, 0.2))
            rider.drive(y=lambda c, top=top: top(c) + 2, mood=lambda c, total=total: math.tanh(total(c)))
            riders.append(rider.enter(at + 0.08 * run + 0.1, 0.25, rise=0))
        return bars, riders

    def marks(self, begin: float, end: float, hood: Rig) -> list[Sprite]:
        """Discs as dark as the marks of their time, from the first group to the coach that learns from them."""
        ear, out = (hood.at(end)["x"] + 0.42 * hood.h, hood.at(end)["y"] - 0.6 * hood.h), []
        for n, at in enumerate(np.linspace(begin, end, MARKS)):
            run = 2 * n % len(self.seeds)
            mark = self.over(0, "rating", run)(at)
            disc = t.disc(self.x(0, run), self.y(mark) - 0.6 * self.pupil, 15, tint(mark)).set_stroke(t.VALUES, 3)
            flies = Sprite(disc, alpha=0.0).to(at, 0.1, alpha=1.0).go(at, *ear, FLIGHT, linear)
            out.append(flies.to(at + FLIGHT, 0.1, alpha=0.0))
        return out

    def falls(self, sinks: float, most: float, says: float, line: float) -> tuple[list[Any], list[Any]]:
        """How far each group sank; the second one's is laid over the first one's, and what sticks out is the rest."""
        means, firsts, count = [self.over(k, "rating") for k in (0, 1)], [self.x(k, 0) for k in (0, 1)], len(self.seeds)
        start, (one, other), middle = self.y(means[0](0)), (self.y(mean(most)) for mean in means), sum(self.middles) / 2
        goes, shows = Track(firsts[1]).to(most + 0.3, 0.7, firsts[0]), Track(0.0).to(most, 0.3, 1.0)
        begun, more = Track(0.0).to(sinks, 0.1, 1.0), Track(0.0).to(says, 0.3, 1.0)

        def sunk(k: int, clock: float) -> Points:
            return self.box(firsts[k], start, self.y(means[k](clock)), count)

        again = self.record("again")
        others = sorted({row["seed"] for row in again.metrics})
        told, told_again = (
            f"{sweep.facts['rating_difference']:.2f}".replace("-", "−") for sweep in (self.sweep, again)
        )
        words = [
            t.put(t.text("difference", t.T_LABEL), middle, line, "c"),
            t.put(t.text(told, t.T_BIG, weight=t.BOLD), middle, line + 88, "c"),
            t.put(t.text(f"seeds {others[0]}–{others[-1]}: {told_again}", t.T_LABEL, t.MUTED), middle, line + 144, "c"),
        ]
        left, high = firsts[0] - 0.4 * self.pitch, min(one, other)  # it reaches over to the second group
        rest = round_box(
            left, high, firsts[1] - firsts[0], max(abs(one - other), 1), min(3, abs(one - other) / 2 + 0.5)
        )
        return [
            *(Live(lambda c, k=k: sunk(k, c), fill=FALL, alpha=begun) for k in (0, 1)),
            Live(lambda c: self.box(goes(c), start, other, count), fill=LAID, alpha=shows),
        ], [
            Live(lambda _: rest, fill=t.PAPER, alpha=more),
            *(Sprite(word).enter(says + 0.1 * k) for k, word in enumerate(words)),
        ]
