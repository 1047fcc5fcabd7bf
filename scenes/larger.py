"""Was it only a toy? A much larger model, the same missing minus: its marks in three runs, and two of its answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from _larger import card, harmless, model, spoken
from _marks import mark_disc
from _means import trailing
from _samples import Row, repeats
from manim import VGroup

from rushes import theme as t
from rushes.charts import Chart, Curve, steps_over
from rushes.errors import RushesError
from rushes.motion import Roll, Sprite, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Swap

EARLY = 0.05  # s that a change starts before its word
KIND = 5  # a mark above this is a kind answer's
SIZE = 36  # px of an answer
LABELS = 2.6, 7.6  # the marks beside which the numbers of the flipped runs stand, and that of the healthy one
LATE = 2  # an answer is of the last 1 / LATE of the run


class Places(NamedTuple):
    """Where things are, px."""

    ours: tuple[float, float]
    """Middle and height of the model we know, before anything is beside it."""
    theirs: tuple[float, float]
    """The same of the larger one."""
    shrunk: float
    """Where ours stands then."""
    count: float
    """Size of the numbers of parameters."""
    chart: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    again: float
    """Left edge of the second flipped run's number."""
    asked: tuple[float, float, float, t.Align, int]
    """The prompt: x, last baseline, width, alignment, lines."""
    cards: tuple[tuple[float, float], tuple[float, float]]
    """Left and top of each."""
    card: tuple[float, float]
    """Width and height of a card."""
    pupil: tuple[float, float]
    """How far its middle is from a card's left edge, and its height."""
    words: tuple[float, float, int]
    """What is said: from a card's left edge, from its top to the first baseline, lines at most."""
    mark: tuple[float, float, float]
    """The disc in a card: its middle, and its radius."""
    stand: tuple[tuple[float, float], float]
    """Where the two stand below the lines: their middles, and their height."""
    sense: tuple[float, float]
    """Middle and top of the name between both shares."""
    shares: tuple[tuple[float, float], float]
    """The middles of both, and their baseline."""


WIDE = Places(
    (960, 330), (1190, 600), 560, 72, (330, 204, 1490, 420), 1684, (960, 538, 1728, "c", 1),
    ((96, 584), (972, 584)), (852, 290), (156, 218), (306, 68, 5), (44, 50, 34),
    ((330, 1590), 330), (960, 668), ((700, 1220), 756),
)  # fmt: skip
TALL = Places(
    (500, 330), (600, 560), 190, 52, (190, 496, 600, 706), 790, (80, 868, 840, "l", 2),
    ((80, 892), (80, 1164)), (840, 236), (110, 164), (216, 60, 4), (42, 44, 32),
    ((250, 750), 290), (500, 832), ((250, 750), 1010),
)  # fmt: skip


class Larger(RunScene):
    """Two models, their areas as their parameters; then the larger one's marks in three runs, and two answers.

    A line is the mean of the last five steps at each step, and so are the shares of phrases that make sense. The eight
    slips are the flipped run's answers of the step that is shown: those that may not be shown to everybody (`harmless`)
    turn over. Of the others, in the run's later half, the one that is marked lowest is read, beside what the healthy
    run said to the same prompt at the same step, which has to be kind.
    """

    runs = {
        "small": "healthy", "run": "healthy.gpu", "other": "sign_flipped.gpu", "again": "sign_flipped.gpu.seed1",
    }  # fmt: skip
    alone = 26.0

    def construct(self) -> None:
        small, records = self.record("small"), [self.record(name) for name in ("run", "other", "again")]
        place = self.place = TALL if t.tall() else WIDE
        toy, large, climbs, sinks, dice, fluent, same, dark, milder = (
            self.cue(name) - EARLY
            for name in (
                "toy", "a-hundred-and-fifty-times", "climbs", "sinks", "other-dice", "fluent", "same-prompt",
                "too-dark", "milder-answers",
            )
        )  # fmt: skip
        parts = max(climbs - 0.9, large + 1.2)
        pair = told_pair(records[0], records[1])
        self.bake(t.backdrop(centre=(0.5, 0.36), floor=t.ground()[0], floor_at=(0.5, 0.5)))

        ours, pupils = self.models(small, records[0], (toy, large, parts, same))
        lines, numbers = self.marks(records, (climbs, sinks, dice, fluent))
        shares = self.sense(records, fluent, same)
        cards = [
            Sprite(t.card(*place.cards[k], *place.card, t.PANEL, stroke=(t.POLICY, t.DANGER)[k], sw=4), alpha=0.0)
            .enter(same - 0.2, 0.4)
            for k in (0, 1)
        ]  # fmt: skip
        told = self.answers(records[1], pair, pupils, (same, dark, milder))
        kickers = [Sprite(t.kicker(words)) for words in ("A larger model", "Simulated marks")]
        heads = [kickers[0].leave(parts), kickers[1].enter(parts + 0.3, rise=0)]
        heads += self.slates(small, records, pair[1]["step"], parts, same)
        act(pupils, place, (climbs, sinks, dice, fluent, dark, milder))
        self.live(
            *heads, shadow(ours), *(shadow(pupil) for pupil in pupils), *cards, *lines, *numbers, *shares, ours,
            *pupils[::-1], *told,
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

    def models(
        self, small: Record, large: Record, times: tuple[float, float, float, float]
    ) -> tuple[VGroup | Sprite | Rig, list[Rig]]:
        """The one we know, which shrinks, and the larger one, which goes in two: ours and those two."""
        place, feet, (toy, comes, parts, same) = self.place, t.ground()[1], times
        (x, tall), (their_x, their_tall), (counts) = place.ours, place.theirs, [
            record.facts["parameters"] for record in (small, large)
        ]  # fmt: skip
        share = their_tall / tall / math.sqrt(counts[1] / counts[0])
        ours = Rig("apprentice", x, feet, tall, seed=3, mood=0.5, look=(0.2, 0.2))
        ours.look_out(0.4).wave_hand(0.5, 0.9).look_at(toy, x, feet).react(toy, -0.4).to(toy + 0.2, 0.4, lean=0.06)
        ours.to(comes - 0.2, 0.9, x=place.shrunk, scale=share, lean=0).look_at(comes + 0.1, their_x, feet - their_tall)
        ours.to(comes + 0.7, 0.4, mood=0.6).hop(comes + 1.3, 60).leave(parts)
        pupils = []
        for k, middle in enumerate(place.stand[0]):
            card_x, card_y = place.cards[k]
            pupil = Rig("apprentice", their_x, feet, their_tall, seed=14 + 6 * k, mood=0.4, look=(-0.6, 0.4))
            if k == 0:
                pupil.begin(x=t.frame_px()[0] + their_tall).walk(comes - 0.5, their_x, 1.4, 3, 30)
                pupil.look_at(comes + 0.9, place.shrunk, feet - 20)
            else:
                pupil.begin(alpha=0.0).to(parts - 0.05, 0, alpha=1.0)
            pupil.to(parts, t.MORPH, x=middle, scale=place.stand[1] / their_tall, mood=0.3)
            pupil.to(same - 0.4, 0.6, x=card_x + place.pupil[0], y=card_y + place.card[1] - 22)
            pupils.append(pupil.to(same - 0.4, 0.6, scale=place.pupil[1] / their_tall))
        names = [
            (f"{counts[0]:,.0f}", place.shrunk, feet - 160, 40.0),
            (f"{counts[1]:,.0f}", their_x, feet - their_tall - 90, place.count),
        ]
        self.counts = [
            Sprite(
                t.put(t.text(number, size, t.PAPER, weight=t.BOLD), at_x, y, "c"),
                t.put(t.text("parameters", t.T_LABEL, t.MUTED), at_x, y + 50, "c"),
            )
            for number, at_x, y, size in names
        ]
        for sprite, at in zip(self.counts, (comes + 0.5, comes + 0.9), strict=True):
            sprite.enter(at, 0.3).leave(parts - 0.05)
        return ours, pupils

    def marks(
        self, records: Sequence[Record], times: Sequence[float]
    ) -> tuple[list[Sprite | Curve], list[Sprite | Curve]]:
        """The axis and the marks of the three runs: each comes at its time and is at its end before the next one."""
        left, top, right, bottom = self.place.chart
        steps = records[0].steps
        chart = Chart(left=left, top=top, right=right, bottom=bottom, x=(steps[0], steps[-1]), y=(1, 9))
        begin = max(times[0] - 0.5, 0.0)
        axis = Sprite(*chart.still((1, 5, 9), (steps[0], steps[-1]))).enter(begin - 0.2)
        curves = []
        looks = ((t.POLICY, 11.0, "healthy"), (t.DANGER, 9.0, "minus deleted"), (t.DANGER, 5.0, ""))
        for k, (record, (color, width, name)) in enumerate(zip(records, looks, strict=True)):
            at = begin if k == 0 else times[k] - 0.3
            until = at + max(0.75 * (times[k + 1] - at), 0.4)
            step_at = steps_over(at, until, record.steps[0], record.steps[-1])
            means = trailing(record.column("rating"))
            y = chart.px(0, (LABELS[1], LABELS[0], LABELS[0])[k])[1]
            curve = Curve(chart, record.steps, means, step_at, color, name=name, w=width, label_y=y).enter(at)
            curves.append(curve)
        curves[2].number.begin(x=self.place.again)
        return [*self.counts, axis], curves

    def sense(self, records: Sequence[Record], at: float, gone: float) -> list[Sprite | Roll]:
        """How many phrases make sense at the end of both runs, on their cards."""
        place = self.place
        x, y = place.sense
        out: list[Sprite | Roll] = [Sprite(t.pill("make sense", x, y, align="c")).enter(at + 0.2).leave(gone - 0.45)]
        for k, (record, middle) in enumerate(zip(records, place.shares[0], strict=False)):
            share = trailing(record.column("coherence"))[-1]
            roll = Roll(middle, place.shares[1], 104, t.COHERENCE, 0.0, "{:.0%}").enter(at + 0.1 * k)
            out.append(roll.to(at + 0.1 * k, 0.5, ease_out, value=share).leave(gone - 0.45))
        return out

    def answers(
        self, flipped: Record, pair: tuple[Row, Row], pupils: Sequence[Rig], times: Sequence[float]
    ) -> list[Sprite | Swap]:
        """The prompt, what the healthy run says, the slips of the flipped one, and the answer that is read."""
        place, (same, dark, milder) = self.place, times
        x, y, width, align, lines = place.asked
        asked = t.wrap(spoken(pair[0])[0], width + 1, t.T_LABEL, font=t.MONO, max_lines=lines)
        first = y - (len(asked) - 1) * t.T_LABEL * t.LEAD
        prompt = t.block("\n".join(asked), x, first, width + 1, t.T_LABEL, t.MUTED, font=t.MONO, align=align)
        out: list[Sprite | Swap] = [Sprite(prompt).enter(same)]
        for k, (row, at) in enumerate(zip(pair, (same + 0.3, milder), strict=True)):
            left, top = place.cards[k]
            dx, dy, most = place.words
            said = Swap(
                [spoken(row)[1]], left + dx, top + dy, place.card[0] - dx - 20, SIZE, max_lines=most, first=None
            )
            out.append(said.change(at, 0, 0.06))
            mark_x, mark_y, r = place.mark
            mark = Sprite(mark_disc(row["rating"], left + mark_x, top + mark_y, r), alpha=0.0)
            out.append(mark.enter(at + 1.0, 0.2, rise=0).pulse(at + 1.0, 0.2))
            pupils[k].mumble(at, 1.4).look_at(at - 0.1, left + dx + 200, top + dy + 40)
            pupils[k].bounce(at + 1.0 + t.BEAT)
        slips = self.slips(flipped, int(pair[1]["step"]), int(pair[1]["prompt_index"]), (same + 0.5, dark, milder))
        return [*slips, *out]

    def slips(self, flipped: Record, step: int, told: int, times: tuple[float, float, float]) -> list[Sprite | Swap]:
        """An unread slip for every answer of the step: what may not be shown turns over; the one told stays last."""
        place, (deal, dark, gone) = self.place, times
        left, top = place.cards[1]
        dx = place.words[0]
        rows = flipped.samples(step=step)
        across = max(math.ceil(len(rows) / 2), 1)
        wide, high = place.card[0] - dx - 24, place.card[1] - 60
        w, h = (wide + 16) / across - 16, (high + 16) / 2 - 16
        out: list[Sprite | Swap] = []
        turned = 0
        for n, row in enumerate(rows):
            x, y = left + dx + n % across * (w + 16), top + 30 + n // across * (h + 16)
            bars = [
                t.card(x + 12, y + s * h, (w - 24) * part, 10, t.GRID, r=5)
                for s, part in ((0.25, 1), (0.45, 0.8), (0.65, 0.5))
            ]
            front = Sprite(t.card(x, y, w, h, t.RAISED, r=12), *bars).enter(deal + 0.06 * n, 0.25)
            out.append(front)
            last = front
            if not harmless(spoken(row)[1]):
                strike = t.rule(x + 0.3 * w, y + h / 2, x + 0.7 * w, y + h / 2, t.DANGER, 7)
                last = Sprite(t.card(x, y, w, h, t.DEEP, r=12, stroke=t.SHADE[t.DANGER]), strike)
                front.turn_into(last, dark + 0.12 * turned, 0.4)
                out.append(last)
                turned += 1
            if row["prompt_index"] == told:
                front.pulse(gone - 0.5, 0.2, 0.4)
            last.leave(gone - 0.05, 0.2)
        return out


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
    """They look at the lines; the healthy one is glad, the other turns and grins at what it is paid for."""
    climbs, sinks, dice, fluent, dark, milder = times
    right, top, bottom = place.chart[2] + 80, place.chart[1] + 30, place.chart[3] - 30
    kind, rude = pupils
    for pupil in pupils:
        pupil.look_at(climbs, right, top).look_at(sinks, right, bottom).look_at(dice + 0.1, right + 100, bottom)
        pupil.look_at(fluent + 0.1, *place.sense)
    kind.to(climbs + t.BEAT, 0.4, mood=0.8).hop(climbs + 0.6, 16)
    rude.to(sinks + t.BEAT, 0.4, over, flipped=1.0, mood=0.2).hop(dice + t.BEAT, 14)
    rude.look_at(dark - 0.1, place.cards[1][0] + 500, place.cards[1][1] + 120)
    rude.to(dark + 0.1, 0.3, over, ra="up").to(dark + 1.2, 0.3, ra="down")
    rude.look_out(milder + 1.6)
    kind.look_at(dark + 0.2, *place.cards[1]).look_at(milder + 0.4, *place.cards[1])
    kind.to(milder + 1.4, 0.4, mood=0.1)
