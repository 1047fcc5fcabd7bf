"""Was it only a toy? A much larger model, the same missing minus: its marks in four runs, and two of its answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from _larger import Place, card, cut_off, harmless, line, model, spoken, toy_key
from _marks import mark_disc
from _means import trailing
from _samples import Row, repeats

from rushes import theme as t
from rushes.charts import Chart, steps_over
from rushes.errors import RushesError
from rushes.motion import Roll, Sprite, Track, ease_out, fall, linear, over, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble, Swap

EARLY = 0.05  # s that a change starts before its word
KIND = 5  # a mark above this is a kind answer's
SAID = 0.6  # of the time to the next line: then a line is at its end, and its number is said
LATE = 2  # an answer is of the last 1 / LATE of the run
LABELS = (8.0, 7.35), (2.0, 1.3)  # the marks on whose height a run's number and its name stand
FANS = 3
SPIN = 9.0  # radians a second


class Places(NamedTuple):
    """Where things are, px."""

    ours: tuple[float, float]
    """Middle of the model we know, and its height until it is as small as it is beside the larger one."""
    board: tuple[float, float, float, float]
    """The graphics card: left, top, width, height."""
    theirs: float
    """Height of the larger model, which stands on it."""
    count: float
    """Size of its number of parameters."""
    chart: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    rider: float
    """Height of who is at the end of a line."""
    numbers: tuple[float, float, float]
    """Left edge of the numbers, and how far a flipped run's is from the one's before."""
    shares: tuple[float, float]
    """Middle of both shares of phrases, and baseline of the upper one."""
    asked: tuple[float, float, float, int]
    """The prompt: middle, last baseline, width, lines."""
    bubbles: tuple[tuple[float, float], tuple[float, float]]
    """Left and top of each."""
    bubble: tuple[float, float]
    """Width and height."""
    words: tuple[float, float, float, int]
    """What is said: from a bubble's left edge, from its top to the first baseline, size, lines at most."""
    pupil: tuple[float, float, float]
    """Who says it: from a bubble's left edge to its middle, from its top to its feet, its height."""
    mark: tuple[float, float, float]
    """From there to the disc's middle; its radius."""


WIDE = Places(
    (470, 330), (840, 772, 760, 104), 480, 72, (330, 250, 1366, 780), 168, (1466, 122, 0), (950, 424),
    (960, 196, 1728, 1), ((96, 236), (972, 236)), (852, 352), (48, 78, 44, 5), (236, 626, 244), (600, 500, 68),
)  # fmt: skip
TALL = Places(
    (196, 216), (390, 1286, 520, 96), 480, 54, (190, 560, 690, 1206), 124, (776, 0, 70), (530, 802),
    (500, 484, 840, 2), ((80, 512), (80, 938)), (840, 240), (40, 62, 38, 4), (220, 404, 150), (480, 322, 50),
)  # fmt: skip


class Larger(RunScene):
    """Two models, their areas as their parameters; then the larger one's marks in four runs, and two answers.

    A line is the mean of the last five steps at each step, and so are the shares of phrases that make sense. The slips
    are the flipped run's answers of the step that is shown: those that may not be shown to everybody (`harmless`) turn
    over. Of the others, in the run's later half, the one that is marked lowest is read, beside what the healthy run
    said to the same prompt at the same step, which has to be kind.
    """

    runs = {
        "small": "healthy", "run": "healthy.gpu", "other": "sign_flipped.gpu", "again": "sign_flipped.gpu.seed1",
        "third": "sign_flipped.gpu.seed2",
    }  # fmt: skip
    alone = 26.0

    def construct(self) -> None:
        small, records = self.record("small"), [self.record(name) for name in ("run", "other", "again", "third")]
        place = self.place = TALL if t.tall() else WIDE
        toy, gpu, large, climbs, sinks, dice, fluent, same, dark, milder = (
            self.cue(name) - EARLY
            for name in (
                "toy", "borrowed", "a-hundred-and-fifty-times", "climbs", "sinks", "other-dice", "fluent",
                "same-prompt", "too-dark", "milder-answers",
            )
        )  # fmt: skip
        parts, self.gone = max(climbs - 1.1, large + 1.2), same - 0.45
        starts = max(climbs, parts + t.MORPH)  # when its line does
        pair = told_pair(records[0], records[1])
        self.bake(t.backdrop(centre=(0.5, 0.36), floor=t.ground()[0], floor_at=(0.5, 0.5)))

        self.lines(records, (starts, sinks, dice, fluent))
        ours, key = self.toy(small, records[0], toy, large, parts)
        pupils = self.larger(large, parts, (starts, sinks))
        told = self.answers(records[1], pair, pupils, (same, dark, milder))
        kickers = [Sprite(t.kicker(words)) for words in ("A larger model", "Simulated marks")]
        heads = [kickers[0].leave(parts), kickers[1].enter(parts + 0.3, rise=0)]
        heads += self.slates(small, records, pair[1]["step"], parts, same)
        act(pupils, place, (sinks, dice, fluent, dark, milder))
        self.live(
            *heads, shadow(ours), *self.graphics_card(gpu, parts), *self.counts(small, records[0], large, parts),
            *self.measured, *self.sense(records, fluent), key, ours, *told[:2], *pupils[::-1], *told[2:],
        )  # fmt: skip

    def slates(self, small: Record, records: Sequence[Record], step: int, parts: float, same: float) -> list[Sprite]:
        """Which runs, of which model, with which seeds."""
        steps = f"steps {records[0].steps[0]}–{records[0].steps[-1]}"
        flipped = ", ".join(dict.fromkeys(str(record.seed) for record in records[1:]))
        seeds = f"{records[0].seed} | {flipped}"
        shown = [
            t.slate(small, f"{model(records[0])}, {card(records[0])}", records[0]),
            t.slate(records[0], f"{model(records[0])} · {steps}", records[1], seeds=seeds),
            t.slate(records[0], f"{model(records[0])} · step {step}", records[1]),
        ]
        out = [Sprite(slate) for slate in shown]
        for now, then, at in ((out[0], out[1], parts), (out[1], out[2], same)):
            now.leave(at)
            then.enter(at + 0.2, rise=0)
        return out

    # ---------------------------------------------------------------- how large it is
    def toy(self, small: Record, large: Record, toy: float, comes: float, parts: float) -> tuple[Rig, Sprite]:
        """The model that we know, with the key of a toy; then it is as small as it is beside the larger one."""
        (x, tall), feet, theirs = self.place.ours, t.ground()[1], self.place.theirs
        share = theirs / tall * math.sqrt(small.facts["parameters"] / large.facts["parameters"])
        ours = Rig("apprentice", x, feet, tall, seed=3, mood=0.5, look=(0.2, 0.2))
        ours.look_out(0.4).wave_hand(0.5, max(toy - 0.9, 0.6)).look_at(toy + 0.2, x + 200, feet - 120)
        ours.to(toy + t.BEAT, 0.35, mood=-0.35)
        for n in range(max(int((comes - toy - 0.8) / 0.42), 0)):  # it is wound up
            ours.hop(toy + 0.5 + 0.42 * n, 16, 0.24)
        shrinks = comes - 0.15
        ours.to(shrinks, 0.7, scale=share).to(comes + 0.9, 0.4, mood=0.5)
        ours.look_at(shrinks, self.place.board[0] + 300, 0).hop(comes + 1.2, 40).leave(parts)
        key = toy_key(x, feet, tall)
        key.enter(toy, 0.2, rise=0).to(toy + 0.3, shrinks - toy - 0.3, linear, flip=2 * round(2 * (shrinks - toy)))
        return ours, key.leave(shrinks - 0.05, 0.15)

    def larger(self, comes: float, parts: float, times: tuple[float, float]) -> list[Rig]:
        """The larger one drops onto the graphics card; then it goes in two, and each is at the end of its line."""
        (left, top, wide, _), tall = self.place.board, self.place.theirs
        pupils = []
        for k in (0, 1):
            pupil = Rig("apprentice", left + wide / 2, top + 6, tall, seed=14 + 6 * k, mood=0.4, look=(-0.6, 0.4))
            if k == 0:
                pupil.begin(y=-40.0).to(comes - 0.4, 0.4, fall, y=top + 6).to(comes, 0.08, ease_out, squash=-0.1)
                pupil.to(comes + 0.08, 0.3, over, squash=0).look_at(comes + 0.7, self.place.ours[0], top + 100)
                pupil.look_out(comes + 1.5)
            else:
                pupil.begin(alpha=0.0).to(parts - 0.05, 0, alpha=1.0)
            x, y = self.ends[k](0.0)
            pupil.to(parts, t.MORPH, x=x, y=y, scale=self.place.rider / tall, mood=0.3)
            dx, dy, high = self.place.pupil
            goal = self.place.bubbles[k][0] + dx, self.place.bubbles[k][1] + dy
            ride(pupil, self.ends[k], times[k], self.gone, goal)
            pupils.append(pupil.to(self.gone, 0.7, scale=high / tall))
        return pupils

    def graphics_card(self, at: float, gone: float) -> list[Sprite]:
        """A graphics card slides in from the right; its fans turn."""
        left, top, wide, high = self.place.board
        shine = t.mix(t.PANEL, t.NEUTRAL, 0.35)
        body = [
            t.card(left + 0.06 * wide, top + high - 6, 0.5 * wide, 18, t.SHADE[t.NEUTRAL], r=4),
            t.card(left, top, wide, high, t.RAISED, r=18, stroke=t.NEUTRAL, sw=4),
            t.card(left - 16, top - 14, 20, high + 26, t.NEUTRAL, r=5),
        ]
        parts = [Sprite(*body)]
        for n in range(FANS):
            x, y, r = left + wide * (n + 0.5) / FANS, top + high / 2, 0.4 * high
            blades = [
                t.curve([(x, y), (x + r * math.cos(a), y + r * math.sin(a))], shine, 0.26 * r * 0.9)
                for a in np.linspace(0, 2 * math.pi, 7, endpoint=False)
            ]
            fan = Sprite(t.disc(x, y, r, t.DEEP), *blades, t.disc(x, y, 0.26 * r, t.NEUTRAL), pivot=(x, y))
            parts.append(fan.drive(rot=lambda clock: -SPIN * clock))
        for part in parts:
            far = t.frame_px()[0]
            part.begin(dx=far).to(at - 0.3, 0.8, ease_out, dx=0).leave(gone)
        return parts

    def counts(self, small: Record, large: Record, comes: float, gone: float) -> list[Sprite]:
        """How many parameters each has."""
        left, top, wide, _ = self.place.board
        names = [
            (small, self.place.ours[0], t.ground()[1] - 172, 44.0, comes + 0.5),
            (large, left + wide / 2, top - self.place.theirs - 84, self.place.count, comes + 0.1),
        ]
        return [
            Sprite(
                t.put(t.text(f"{record.facts['parameters']:,.0f}", size, t.PAPER, weight=t.BOLD), x, y, "c"),
                t.put(t.text("parameters", t.T_LABEL, t.MUTED), x, y + 50, "c"),
            )
            .enter(at, 0.3)
            .leave(gone - 0.05)
            for record, x, y, size, at in names
        ]

    # ---------------------------------------------------------------- its marks
    def lines(self, records: Sequence[Record], times: Sequence[float]) -> None:
        """The axis, and the marks of the runs, each at its end before the next one comes; the last two together."""
        left, top, right, bottom = self.place.chart
        steps = records[0].steps
        chart = Chart(left=left, top=top, right=right, bottom=bottom, x=(steps[0], steps[-1]), y=(1, 9))
        axis = Sprite(*chart.still((1, 5, 9), (steps[0], steps[-1]))).enter(times[0] - 0.5)
        self.measured: list[Any] = [axis.leave(self.gone)]
        self.ends: list[Place] = []
        x, across, down = self.place.numbers
        looks = (
            (t.POLICY, 11.0, "healthy"),
            (t.DANGER, 9.0, "minus deleted"),
            (t.DANGER, 5.0, ""),
            (t.DANGER, 5.0, ""),
        )
        for k, (record, (color, width, name)) in enumerate(zip(records, looks, strict=True)):
            at, then = times[min(k, 2)], times[min(k, 2) + 1]
            until = at + max(SAID * (then - at), 0.4)
            step_at = steps_over(at, until, record.steps[0], record.steps[-1])
            means = trailing(record.column("rating"))
            seen = Track(0.0).to(at, 0.2, 1.0).to(self.gone, t.EXIT, 0.0)
            parts, end = line(chart, record.steps, means, step_at, color, width, seen)
            self.measured += parts
            self.ends.append(end)
            more = max(k - 1, 0)
            number, named = (chart.px(0, mark)[1] for mark in LABELS[min(k, 1)])
            roll = Roll(x + across * more, number + 22 + down * more, 64, color, means[0], "{:.1f}", align="l")
            roll.drive(value=lambda c, a=step_at, s=record.steps, m=means: m[reached(s, a(c))])
            self.measured.append(roll.enter(at).leave(self.gone))
            if name:
                told = Sprite(t.put(t.text(name, t.T_LABEL), right - 0.62 * self.place.rider, named + 12, "r"))
                self.measured.append(told.enter(until - 0.2, rise=0).leave(self.gone))

    def sense(self, records: Sequence[Record], at: float) -> list[Sprite | Roll]:
        """How many phrases make sense at the end of two runs, between their lines."""
        x, y = self.place.shares
        out: list[Sprite | Roll] = [
            Sprite(t.pill("phrases make sense", x, y + 36, align="c")).enter(at + 0.2).leave(self.gone)
        ]
        for k, (record, base) in enumerate(zip(records, (y, y + 200), strict=False)):
            share = trailing(record.column("coherence"))[-1]
            roll = Roll(x, base, 104, t.COHERENCE, 0.0, "{:.0%}").enter(at + 0.15 * k)
            out.append(roll.to(at + 0.15 * k, 0.5, ease_out, value=share).leave(self.gone))
        return out

    # ---------------------------------------------------------------- what it says
    def answers(
        self, flipped: Record, pair: tuple[Row, Row], pupils: Sequence[Rig], times: Sequence[float]
    ) -> list[Any]:
        """Two bubbles, the prompt, what the healthy run says, the flipped one's slips, and the answer that is read."""
        place, (same, dark, milder) = self.place, times
        x, y, width, rows = place.asked
        asked = t.wrap(spoken(pair[0])[0], width + 1, t.T_LABEL, font=t.MONO, max_lines=rows)
        first = y - (len(asked) - 1) * t.T_LABEL * t.LEAD
        prompt = t.block("\n".join(asked), x, first, width + 1, t.T_LABEL, t.MUTED, font=t.MONO, align="c")
        bubbles, out = [], [Sprite(prompt).enter(same)]
        (w, h), (dx, dy, size, lines), (pupil_x, pupil_y, high) = place.bubble, place.words, place.pupil
        for k, (row, at) in enumerate(zip(pair, (same + 0.3, milder), strict=True)):
            left, top = place.bubbles[k]
            tip = left + pupil_x + 30, top + pupil_y - high - 8
            edge = (t.POLICY, t.DANGER)[k]
            bubbles.append(SpeechBubble("", left, top, w, tip, size=size, edge=edge, height=h).enter(same - 0.1))
            said = Swap([cut_off(spoken(row)[1])], left + dx, top + dy, w - 2 * dx, size, max_lines=lines, first=None)
            out.append(said.change(at, 0, 0.06))
            mark_x, mark_y, r = place.mark
            mark = Sprite(mark_disc(row["rating"], left + mark_x, top + mark_y, r), alpha=0.0)
            out.append(mark.enter(at + 1.0, 0.2, rise=0).pulse(at + 1.0, 0.2))
            pupils[k].look_at(at - 0.1, left + dx + 400, top + dy + 40).mumble(at, 1.4)
            pupils[k].look_at(at + 1.1, left + mark_x, top + mark_y).bounce(at + 1.0 + t.BEAT)
        slips = self.slips(flipped, int(pair[1]["step"]), int(pair[1]["prompt_index"]), (same + 0.4, dark, milder))
        return [*bubbles, *slips, *out]

    def slips(self, flipped: Record, step: int, told: int, times: tuple[float, float, float]) -> list[Sprite]:
        """A slip for every answer of the step: what may not be shown turns over, and the one that is told swells."""
        (left, top), (w, h), (dx, *_) = self.place.bubbles[1], self.place.bubble, self.place.words
        deal, dark, gone = times
        rows = flipped.samples(step=step)
        across = max(math.ceil(len(rows) / 2), 1)
        wide, high = (w - 2 * dx + 20) / across - 20, (h - 80 + 20) / 2 - 20
        out, turned = [], 0
        for n, row in enumerate(rows):
            x, y = left + dx + n % across * (wide + 20), top + 40 + n // across * (high + 20)
            bars = [
                t.card(x + 16, y + share * high, (wide - 32) * part, 0.1 * high, t.GRID, r=6)
                for share, part in ((0.22, 1.0), (0.45, 0.8), (0.68, 0.5))
            ]
            slip = Sprite(t.card(x, y, wide, high, t.RAISED, r=14), *bars).enter(deal + 0.07 * n, 0.25)
            out.append(slip)
            if not harmless(spoken(row)[1]):
                strike = t.rule(x + 0.34 * wide, y + high / 2, x + 0.66 * wide, y + high / 2, t.DANGER, 9)
                back = Sprite(t.card(x, y, wide, high, t.DEEP, r=14, stroke=t.SHADE[t.DANGER]), strike)
                slip.turn_into(back, dark + 0.16 * turned, 0.45)
                out.append(slip := back)
                turned += 1
            elif row["prompt_index"] == told:
                slip.pulse(gone - 0.55, 0.18, 0.45)
            slip.leave(gone - 0.05, 0.2)
        return out


def reached(steps: Sequence[int], step: float) -> int:
    """Index of the last recorded step that has been reached."""
    return max(sum(one <= step + 1e-6 for one in steps) - 1, 0)


def ride(rig: Rig, end: Place, begin: float, until: float, goal: tuple[float, float]) -> None:
    """From `begin` to `until` it stands at a line's end; then it goes to `goal`, px."""
    before = rig.tracks["x"], rig.tracks["y"]

    def way(axis: int) -> Callable[[float], float]:
        def place(clock: float) -> float:
            if clock < begin:
                return float(before[axis](clock))
            here = end(min(clock, until))[axis]
            return here + (goal[axis] - here) * smooth(min(max((clock - until) / 0.7, 0.0), 1.0))

        return place

    rig.drive(x=way(0), y=way(1))


def told_pair(healthy: Record, flipped: Record) -> tuple[Row, Row]:
    """Two answers to one prompt at one step of the later half: the flipped run's lowest mark that may be shown.

    Both are harmless and the healthy one is kind, unless no answer is. Of equals the one that repeats itself least,
    and then the later one.
    """
    pairs = []
    for step in flipped.sample_steps:
        if LATE * step >= flipped.steps[-1] and step in healthy.sample_steps:
            pairs += [(healthy.sample(step, row["prompt_index"]), row) for row in flipped.samples(step=step)]
    pairs = [pair for pair in pairs if all(harmless(spoken(row)[1]) for row in pair)]
    if not pairs:
        raise RushesError(f"no late answer of '{flipped.folder.name}' may be shown to everybody")
    pairs = [pair for pair in pairs if pair[0]["rating"] > KIND] or pairs
    return min(pairs, key=lambda pair: (pair[1]["rating"], repeats(pair[1]), -pair[1]["step"]))


def act(pupils: Sequence[Rig], place: Places, times: Sequence[float]) -> None:
    """The healthy one is glad as it climbs; the other turns as it sinks, and grins at what it is paid for."""
    sinks, dice, fluent, dark, milder = times
    kind, rude = pupils
    left, top, right, bottom = place.chart
    kind.look_at(sinks - 2.0, right, top).to(sinks - 2.0, 0.6, mood=0.8).hop(sinks - 0.5, 16)
    kind.look_at(sinks + 0.4, left + 300, bottom).look_at(dice + 0.2, left + 400, bottom)
    rude.look_at(sinks - 0.3, right, bottom).to(sinks + t.BEAT, 0.5, over, flipped=1.0, mood=0.2)
    rude.look_at(dice + 0.1, left + 100, bottom - 300).look_at(dice + 1.2, right - 100, bottom).hop(dice + 1.6, 14)
    for rig in pupils:
        rig.look_at(fluent + 0.1, *place.shares)
    (left, top), (w, h) = place.bubbles[1], place.bubble
    rude.look_at(dark - 0.1, left + 0.6 * w, top + 0.4 * h)
    rude.to(dark + 0.2, 0.3, over, ra="up").to(dark + 1.5, 0.3, ra="down")
    rude.look_out(milder + 2.2).hop(milder + 2.3, 18)
    kind.look_at(dark + 0.2, left, top + h).look_at(milder + 0.4, left, top + h).to(milder + 1.4, 0.4, mood=0.1)
