"""Does marking the larger model down make it worse? Ten runs as lines; then what each coach knew of its readers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from _hoods import CLAWS, cup_and_shut
from _larger import Place, line, model, toy_key
from _marks import tint
from _means import trailing

from rushes import theme as t
from rushes.charts import Chart, StepAt, steps_over
from rushes.motion import Live, Roll, Sprite, Track, ease_in, ease_out, linear
from rushes.rig import Rig, shadow
from rushes.rlhf.settings import HELD_OUT
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, round_box
from rushes.theme import Points

EARLY = 0.05  # s that a change starts before its word
NAMES = ("learning", "ears shut")
FALLS, FLIGHT = 16, 0.8  # how many marks are seen to fall to the coach that learns, and the seconds that one falls
FILL = 0.7  # s in which a glass is filled
ROUND, RIM = 26, 8  # px: a glass's corners, and its wall
THIN, THICK = 3.0, 9.0


class Places(NamedTuple):
    """Where things are, px."""

    chart: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    rider: float
    """Height of the Apprentice at the end of a line."""
    rows: tuple[tuple[float, float], tuple[float, float]]
    """Name and number of those that learn, and of the others: left edge, baseline of the number."""
    hoods: tuple[tuple[float, float], tuple[float, float]]
    """Middle and feet of their coaches beside the chart."""
    hood: float
    """Height of a coach."""
    gap: tuple[float, float]
    """The difference: left edge, baseline."""
    glass: tuple[float, float, float]
    """Top, bottom and width of a glass."""
    glasses: tuple[float, float, float]
    """Middles: the toy's, the one that learns, the other."""
    heads: tuple[float, float]
    """Baselines above a glass: name, number."""
    marks: float
    """Baseline of the number of marks."""
    stands: tuple[float, float]
    """A coach by its glass: how far to the right, its feet."""
    toy: tuple[float, float]
    """The toy's coach: how far to the right of its glass, its height."""
    scale: tuple[str, str]
    """What an empty and a full glass are called."""
    falls: tuple[float, float]
    """Where marks fall from: so far to the right of an ear, and y."""


WIDE = Places(
    (170, 190, 1080, 800), 96, ((1240, 800), (1240, 378)), ((1690, t.FEET), (1690, 430)), 240, (1240, 540),
    (316, 770, 104), (330, 860, 1390), (206, 280), 836, (262, t.FEET), (210, 170), ("none", "complete"), (-70, 170),
)  # fmt: skip
TALL = Places(
    (150, 470, 560, 1070), 80, ((650, 1070), (650, 570)), ((260, 1374), (700, 1374)), 184, (650, 806),
    (606, 1030, 96), (232, 508, 784), (486, 566), 1092, (20, 1374), (-20, 136), ("0", "1"), (45, 640),
)  # fmt: skip


class LargerLoop(RunScene):
    """A line a run, the means thick with an Apprentice each; then three glasses, each as full as a coach agrees.

    Lines are means of the last five steps at each step, numbers means of the five runs. Agreement is the correlation of
    a coach's scores with the readers' marks for the answers of a step, the mean of five runs: of the toy's coaches and
    of the larger model's at step 0, and of these at each step. The marks a coach has learned from are those before the
    run, without the ones held out, and those given since. An Apprentice's face is what it is paid, and a hood's is its
    coach's score turned round.
    """

    runs = {"small": "feedback_loop", "run": "feedback_loop.gpu", "again": "feedback_loop_again.gpu"}
    alone = 24.0

    def construct(self) -> None:
        self.sweep, self.small, place = self.record(), self.record("small"), TALL if t.tall() else WIDE
        self.place = place
        this, ten, *said, does = (
            self.cue(it) - EARLY for it in ("this-one", "ten", "the-learners", "the-others", "does")
        )
        knew, few, hardly, new, teach = (
            self.cue(it) - EARLY
            for it in ("knew-its-readers", "equally-few", "hardly-did", "new-marks", "teach")
        )  # fmt: skip
        self.gone = knew - 1.0
        self.counts = sorted({row["labels_a_step"] for row in self.sweep.metrics}, reverse=True)
        self.steps = sorted(set(self.sweep.steps))
        first, last = self.steps[0], self.steps[-1]
        self.falls = [  # those that learn go first
            steps_over(ten + 0.6, said[0] + 1.0, first, last),
            steps_over(said[1] - 0.2, said[1] + 1.6, first, last),
        ]
        self.night = steps_over(new, max(teach + 0.6, new + 1.2), first, last)
        self.bake(t.backdrop(centre=(0.5, 0.4), floor=t.ground()[0], floor_at=(0.5, 0.5)))

        hoods = self.hoods(this, ten, (knew, few, hardly, new))
        parts = self.lines(this, ten, said, does)
        glasses = self.glasses(knew, few, hardly, new)
        self.live(
            *self.heads(), *self.props(hoods[0], knew), *(shadow(hood) for hood in hoods), *parts, *glasses, *hoods,
            *self.marks(new - 0.2, max(teach, new + 0.8), hoods[1]),
        )  # fmt: skip

    def heads(self) -> list[Sprite]:
        """What is seen, and of which runs, of which models, with which seeds."""
        small, seeds = (f"{sweep.seeds[0]}–{sweep.seeds[-1]}" for sweep in (self.small, self.sweep))
        both = " | ".join(dict.fromkeys([small, seeds]))
        steps = f"steps {self.steps[0]}–{self.steps[-1]}"
        shown = [
            Sprite(t.kicker("Simulated readers’ marks")).leave(self.gone),
            Sprite(t.slate(self.sweep, f"{model(self.sweep)} · {steps}", seeds=seeds)).leave(self.gone),
        ]
        then = (
            t.kicker("Agreement with simulated readers"),
            t.slate(self.small, f"steps {self.small.steps[0]} | {steps[6:]}", self.sweep, seeds=both),
        )
        return shown + [Sprite(part).enter(self.gone + 0.25, rise=0) for part in then]

    # ---------------------------------------------------------------- what was recorded
    def runs_of(self, k: int, column: str, *, smoothed: bool = True) -> list[list[float]]:
        """A column of the runs of group k, a list a seed."""
        rows = [row for row in self.sweep.metrics if row["labels_a_step"] == self.counts[k]]
        runs = [[row[column] for row in rows if row["seed"] == seed] for seed in self.sweep.seeds]
        return [trailing(run) for run in runs] if smoothed else runs

    def mean(self, k: int, column: str, step_at: StepAt) -> Callable[[float], float]:
        """The mean of a column of group k over the clock."""
        values = np.mean(self.runs_of(k, column), axis=0)
        return lambda clock: float(np.interp(step_at(clock), self.steps, values))

    # ---------------------------------------------------------------- ten runs
    def lines(self, this: float, ten: float, said: Sequence[float], does: float) -> list[Any]:
        """The axis, ten thin lines and two thick ones with who rides on them, their numbers, and the difference."""
        place, gone = self.place, self.gone
        left, top, right, bottom = place.chart
        chart = Chart(left=left, top=top, right=right, bottom=bottom, x=(self.steps[0], self.steps[-1]), y=(1, 9))
        out: list[Any] = [Sprite(*chart.still((1, 5, 9), (self.steps[0], self.steps[-1]))).leave(gone)]
        riders, ends = [], []
        for k in (1, 0):
            for n, values in enumerate(self.runs_of(k, "rating")):
                at = ten + 0.05 * (n + len(self.sweep.seeds) * k)
                seen = Track(0.0).to(at, 0.2, 0.55).to(gone, t.EXIT, 0.0)
                (drawn, _), end = line(chart, self.steps, values, self.falls[k], t.DANGER, THIN, seen)
                out += [drawn, Live(lambda c, end=end: oval(*end(c), 7, 7), fill=t.DANGER, alpha=seen)]
        for k in (1, 0):
            means = np.mean(self.runs_of(k, "rating"), axis=0).tolist()
            seen = Track(0.0).to(ten + 0.6, 0.2, 1.0).to(gone, t.EXIT, 0.0)
            parts, end = line(chart, self.steps, means, self.falls[k], t.DANGER, THICK, seen)
            out += parts
            total = self.mean(k, "total", self.falls[k])
            rider = Rig(
                "apprentice", left, bottom, place.rider, seed=24 + k, flipped=1, look=(0.6, 0.1 - 0.4 * (1 - k))
            )
            rider.drive(
                x=lambda c, end=end: end(c)[0], y=lambda c, end=end: end(c)[1] + 2,
                mood=lambda c, total=total: math.tanh(total(c)),
            )  # fmt: skip
            rider.enter(this - 0.3 if k else ten + 0.3, 0.3, rise=0).hop(this + 0.2 if k else ten + 0.5, 20)
            riders.append(rider.look_at(said[k] - 0.2, right, chart.px(0, means[-1])[1]).leave(gone))
            ends.append(end)
            x, base = place.rows[k]
            name = Sprite(t.put(t.text(NAMES[k], t.T_LABEL), x, base - 86)).enter(this + 1.1 + 0.5 * k)
            number = Roll(x - 4, base, 84, fmt="{:.1f}", align="l").drive(value=self.mean(k, "rating", self.falls[k]))
            number.enter(ten + 0.4).to(ten + 0.9, 0.2, alpha=0.6).to(said[k] + 0.6, 0.2, alpha=1.0)
            out += [name.leave(gone), number.leave(gone)]
        return [*out, *riders, *self.difference(chart, ends, does)]

    def difference(self, chart: Chart, ends: Sequence[Place], at: float) -> list[Any]:
        """A brace between the two ends, and how far they are apart; small, the same of the runs with other seeds."""
        place, again = self.place, self.record("again")
        (x, base), ys = place.gap, sorted(end(self.gone)[1] for end in ends)
        told, other = (f"{sweep.facts['rating_difference']:.1f}".replace("-", "−") for sweep in (self.sweep, again))
        words = [
            t.put(t.text("difference", t.T_LABEL), x, base - 52),
            t.put(t.text(told, t.T_BIG, weight=t.BOLD), x - 2, base + 12),
            t.put(t.text(f"seeds {again.seeds[0]}–{again.seeds[-1]}: {other}", t.T_LABEL, t.MUTED), x, base + 64),
        ]
        edge = chart.right + 0.62 * place.rider
        grows = Track(0.0).to(at, 0.3, 1.0, ease_out)
        seen = Track(0.0).to(at, 0.1, 1.0).to(self.gone, t.EXIT, 0.0)

        def brace(clock: float) -> Points:
            low = ys[0] + (ys[1] - ys[0]) * grows(clock)
            return round_box(edge, ys[0], 8, max(low - ys[0], 1), 4)

        return [
            Live(brace, fill=t.PAPER, alpha=seen),
            *(Sprite(word).enter(at + 0.1 * k).leave(self.gone) for k, word in enumerate(words)),
        ]

    # ---------------------------------------------------------------- what they know
    def props(self, toy: Rig, knew: float) -> list[Sprite]:
        """What the upper coach stands on beside the chart, and the key that the toy is wound up with."""
        place = self.place
        x, y = place.hoods[1]
        ledge = Sprite(t.card(x - 170, y - 4, 340, 22, t.RAISED, r=11)).leave(self.gone)
        key = toy_key(place.glasses[0] + place.toy[0], place.stands[1], place.toy[1]).enter(self.gone + 0.4, rise=0)
        key.to(knew, 1.4, linear, flip=4)
        return [key] if y == t.ground()[1] else [ledge, key]

    def hoods(self, this: float, ten: float, times: tuple[float, float, float, float]) -> list[Rig]:
        """The toy's coach, the one that learns and the one with its ears shut."""
        place, (knew, few, hardly, new) = self.place, times
        across, feet = place.stands
        out = []
        for k in (0, 1):
            x, y = place.hoods[k]
            hood = Rig("dark", x, y, place.hood, seed=5 + k, la=CLAWS, ra=CLAWS)
            scores = self.mean(k, "coach", self.falls[k]), self.mean(k, "coach", self.night)
            hood.drive(mood=lambda c, scores=scores: -math.tanh(scores[c > self.gone](c - t.BEAT)))
            hood.look_at(this - 0.4, place.chart[0], place.chart[1] + 200).look_at(ten, *place.chart[:2])
            hood.to(self.gone, t.MORPH, x=place.glasses[k + 1] + across, y=feet)
            out.append(hood)
        hears, shut = out
        cups, shuts = this + 0.9, this + 1.4
        cup_and_shut(hears, cups, shut, shuts)
        toy = Rig("dark", place.glasses[0] + place.toy[0], feet, place.toy[1], seed=9, la=CLAWS, ra=CLAWS)
        pleased = -math.tanh(self.begins("coach"))
        out = [toy.begin(mood=pleased).enter(self.gone + 0.2), *out]
        for n, hood in enumerate(out):
            hood.look_at(self.gone + 0.4, place.glasses[n], place.glass[1])
        toy.look_out(knew + 0.9).hop(knew + 1.0, 16).look_at(few, hears.at(few)["x"], feet - 150)
        hears.look_at(few, place.glasses[1], place.marks).look_at(hardly, place.glasses[1], place.glass[1] - 60)
        hears.look_out(hardly + 0.9).look_at(new - 0.3, hears.at(new)["x"] + 300, place.heads[0])
        shut.to(hardly + 0.8, 0.15, blink=1).bounce(hardly + 0.8)
        return out

    def begins(self, column: str) -> float:
        """The mean of a column over the toy's runs at their first step; it is the same in both groups."""
        rows = [row[column] for row in self.small.metrics if row["step"] == self.small.steps[0]]
        return float(np.mean(rows))

    def glasses(self, knew: float, few: float, hardly: float, new: float) -> list[Any]:
        """A glass a coach, as full as it agrees with its readers, and the number of marks that it has learned from."""
        place, shown, out = self.place, self.gone + 0.3, list[Any]()
        top, bottom, wide = place.glass
        left, right = place.glasses[0] - wide / 2, place.glasses[-1] + wide / 2
        for y, word in zip((bottom, top), place.scale, strict=True):
            out.append(Sprite(t.rule(left, y, right, y, t.mix(t.INK, t.GRID, 0.7), 2)).enter(shown, rise=0))
            name = t.put(t.text(word, t.T_LABEL, t.MUTED), left - 26, y + 13, "r")
            out.append(Sprite(name).enter(shown, rise=0))
        known = self.begins("coach_r"), *(self.mean(k, "coach_r", self.night) for k in (0, 1))
        told = self.small, self.sweep, self.sweep
        for n, (x, at, counts) in enumerate(zip(place.glasses, (knew, hardly, hardly), (knew, few, few), strict=True)):
            filled = Track(0.0).to(at, FILL, 1.0, ease_out)

            def agrees(clock: float, known: Any = known[n], filled: Track = filled) -> float:
                return filled(clock) * (known(clock) if callable(known) else known)

            out += self.glass(x, agrees, shown)
            name = Sprite(t.put(t.text(("toy", *NAMES)[n], t.T_LABEL), x, place.heads[0], "c")).enter(shown)
            number = Roll(x, place.heads[1], 64, fmt="{:.2f}").drive(value=agrees).enter(at)
            count = Roll(x, place.marks, t.T_LABEL, t.MUTED, fmt="{:,.0f} marks", weight=t.REGULAR)
            before = told[n].setting("labels") - HELD_OUT
            count.drive(value=self.learned(n - 1, before, new) if n else lambda _, before=before: before)
            out += [name, number, count.enter(counts)]
        return out

    def learned(self, k: int, before: float, new: float) -> Callable[[float], float]:
        """How many marks a coach of group k has learned from: those before the run, and from `new` on also since."""
        marks = np.mean(self.runs_of(k, "labels", smoothed=False), axis=0) - HELD_OUT
        return lambda clock: before if clock < new else float(np.interp(self.night(clock), self.steps, marks))

    def glass(self, x: float, level: Callable[[float], float], at: float) -> list[Live]:
        """A glass around x px, filled as far as `level` says, 0 to 1; it comes at `at`."""
        top, bottom, wide = self.place.glass
        seen, left = Track(0.0).to(at, t.ENTER, 1.0), x - wide / 2
        inside = wide - 2 * RIM
        body = round_box(left, top - RIM, wide, bottom - top + 2 * RIM, ROUND)

        def filled(clock: float) -> Points:
            high = (bottom - top) * min(max(level(clock), 0.0), 1.0)
            return round_box(left + RIM, bottom - high, inside, high, ROUND - RIM) if high > 1 else NOTHING

        return [
            Live(lambda _: body, fill=t.DEEP, alpha=seen),
            Live(filled, fill=t.VALUES, alpha=seen),
            Live(lambda _: body, stroke=t.NEUTRAL, w=6, alpha=seen),
        ]

    def marks(self, begin: float, end: float, hood: Rig) -> list[Sprite]:
        """Discs as dark as the marks of their time fall to the coach that learns from them."""
        mean, out, (across, top) = self.mean(0, "rating", self.night), list[Sprite](), self.place.falls
        x, y = hood.at(end)["x"] + 0.45 * hood.h, hood.at(end)["y"] - 0.62 * hood.h
        for at in np.linspace(begin, end, FALLS):
            disc = t.disc(x + across, top, 17, tint(mean(at))).set_stroke(t.VALUES, 3)
            falls = Sprite(disc, alpha=0.0).to(at, 0.1, alpha=1.0).go(at, x, y, FLIGHT, ease_in)
            out.append(falls.to(at + FLIGHT, 0.1, alpha=0.0))
        return out
