"""Where a stop rule would have ended the night: the rude run is wound back to the step at which the cord was pulled."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from _cord import andon_cord
from _marks import mark_disc
from _samples import FLUENT, Row, last_sentence

from rushes import theme as t
from rushes.charts import Chart, Curve
from rushes.motion import Live, Roll, Sprite, Track, ease_out, linear, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.rlhf.andon import LATEST, read_condition
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline, round_box
from rushes.theme import Points
from rushes.words import Swap

LINES = 4  # of an answer
REWIND = 1.5  # s at most
BESIDE = 40  # px from the chart to what stands at its lines' ends


class Places(NamedTuple):
    """Where things are, px."""

    chart: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    name: tuple[str, ...]
    """What the number beside the chart is, in lines."""
    number: float | None
    """Its baseline; it follows the line where there is none."""
    cord: tuple[float, float]
    """What the cord hangs from, and the top of its handle."""
    cards: tuple[tuple[float, float], tuple[float, float]]
    """Left and top of each."""
    card: tuple[float, float]
    """Width and height."""
    pupil: tuple[float, float]
    """From a card's left edge to its middle, and its height."""
    text: tuple[float, float, float, float]
    """An answer: from a card's left edge, from its top to the first baseline, width, size."""
    mark: tuple[float, float, float]
    """Its middle, from a card's right edge and from its top, and its radius."""
    rule: float
    """Width of the rule's lines at the end of the dashed line."""
    prompt: tuple[float, int]
    """Last baseline, and lines at most; beside the cord where there is more than one."""

    @property
    def fits(self) -> tuple[float, float]:
        """Width of an answer's line, and its size."""
        return self.text[2:]


WIDE = Places(
    (300, 206, 1480, 396), ("simulated mark",), 232, (-40, 424), ((96, 576), (972, 576)), (852, 296), (132, 204),
    (262, 92, 554, 38), (-76, 0, 44), 304, (508, 1),
)  # fmt: skip
TALL = Places(
    (226, 468, 664, 690), ("simulated", "mark"), 480, (414, 712), ((80, 906), (80, 1182)), (840, 224), (110, 152),
    (216, 64, 588, t.T_LABEL), (-76, 0, 36), 216, (846, 2),
)  # fmt: skip


class Cord(RunScene):
    """The readers' mark of the flipped run, its stop rule, and what was said when the rule held and in the morning.

    The line is the mean that the cord watches, of the last three steps. The cord's own run is the same run until it
    stops, so it has the same answers; the one shown is the last that was recorded before. The prompt is the one whose
    mark fell most from then to the end.
    """

    runs = {"run": "sign_flipped", "stopped": "andon"}
    alone = 16.0

    def construct(self) -> None:
        record, stopped, places = self.record(), self.record("stopped"), TALL if t.tall() else WIDE
        below, back, left, told, friendly, morning = (
            self.cue(name) - 0.05
            for name in ("below-three", "rewind", "still-to-go", "just-before-that", "this-answer", "by-morning")
        )
        condition = read_condition(stopped.setting("stop_when"))
        stop, first, last = round(stopped.facts["stopped_at"]), record.steps[0], record.steps[-1]
        means = latest_mean(record.column(condition.column))
        box = places.chart
        chart = Chart(left=box[0], top=box[1], right=box[2], bottom=box[3], x=(first, last), y=(1, 9))
        x, limit = chart.px(stop, condition.limit)
        drops = min(back + REWIND, left - 0.3)
        step_at = Track(first).to(0.3, max(below - 1.0, 0.8), last, linear)
        step_at.to(back, drops - back, stop, linear)
        color = t.run_color(record.name)
        curve = Curve(
            chart, record.steps, means, step_at, color, name=places.name[0], fmt="{:.2f}", label_y=places.number
        )
        self.bake(
            t.backdrop((26, 31, 58), (11, 12, 22), (0.42, 0.2), stars=60),
            t.kicker("Where a rule stops it"),
            t.slate(record, f"steps {first}–{last}", stopped),
            *chart.still((1, 5, 9), (first, last), y_names={1: "rude", 9: "kind"}),
            curve.ghost(0.3),
            *rest_of_name(chart, places),
        )

        rows = fallen_answers(record, stop)
        cards = [Answer(row, k, color, places) for k, row in enumerate(rows)]
        cards[1].arrive(0.25, 0.7)
        cards[0].arrive(told - 0.5, told)
        for card, at in zip(cards, (friendly, morning), strict=True):
            card.stamp(at + 0.35)
        watch(cards, chart, (x, places.cord[1] + 40), below, back, drops, told, morning)

        rule = StopRule(chart, str(condition), limit, below, places)
        rest = Live(
            lambda clock: round_box(x, chart.top - 8, chart.right - x, chart.bottom - chart.top + 16, 10),
            fill=t.PAPER, opacity=0.09, alpha=Track(0.0).to(left, 0.4, 1.0),
        )  # fmt: skip
        prompt = question(last_sentence(rows[0]["prompt"]), x, places)
        self.live(
            rest, *rule.parts, *playhead(chart, step_at, x, back, drops), curve,
            *andon_cord(x, places.cord[1], drops, self.seconds - 0.8, places.cord[0]), Sprite(prompt).enter(0.4),
            *(card.box for card in cards), *(shadow(card.rig, places.pupil[1] - 4) for card in cards),
            *(card.rig for card in cards), *(part for card in cards for part in card.parts),
        )  # fmt: skip


def question(asked: str, x: float, places: Places) -> t.Block:
    """The prompt over the cards, on the side of the cord (`x` px) that has more room."""
    left, _, right, _ = t.safe()
    (y, lines), on_left = places.prompt, x >= (left + right) / 2
    left, right = (left, x - 60) if on_left else (x + 60, right)
    rows = t.wrap(asked, right - left, t.T_LABEL, font=t.MONO, max_lines=lines)
    first = y - (len(rows) - 1) * t.T_LABEL * t.LEAD
    at = left if on_left else right
    side: t.Align = "l" if on_left else "r"
    return t.block("\n".join(rows), at, first, right - left + 1, t.T_LABEL, t.MUTED, font=t.MONO, align=side)


def rest_of_name(chart: Chart, places: Places) -> list[t.TextLine]:
    """The further lines of what the number beside the chart is."""
    return [
        t.put(t.text(word, t.T_LABEL), chart.right + BESIDE, (places.number or 0) + 46 * (n + 1))
        for n, word in enumerate(places.name[1:], 1)
    ]


class StopRule:
    """The condition as its recipe says it: code on a card, and from `at` on a dashed line across the chart."""

    def __init__(self, chart: Chart, condition: str, y: float, at: float, places: Places) -> None:
        reach = Track(chart.left).to(at + 0.15, 0.6, chart.right + BESIDE - 12, ease_out)
        dashes = np.arange(chart.left, chart.right + BESIDE - 12, 26.0)

        def line(clock: float) -> Points:
            done = [(a, min(a + 14, reach(clock))) for a in dashes if a < reach(clock) - 1]
            return np.concatenate([polyline(np.array([t.at(a, y), t.at(b, y)])) for a, b in done]) if done else NOTHING

        rule = f"stop_when: {condition}"
        said = t.wrap(rule, places.rule, t.T_LABEL, font=t.MONO)
        size = max(min(t.T_LABEL, places.rule / (0.6 * max(map(len, said)))), t.T_FINE)
        first = y + 0.36 * size - (len(said) - 1) * size * t.LEAD / 2
        label = Sprite(t.block("\n".join(said), chart.right + BESIDE, first, 1728, size, font=t.MONO))
        label.enter(at + 0.5, rise=0)

        (left, top), (w, h) = places.cards[0], places.card
        size = max(min(t.T_BIG, (w - 120) / (0.6 * len(rule))), t.T_FINE)
        middle = top + h / 2
        code = t.put(t.mono(rule, size), left + w / 2, middle + 0.36 * size, "c")
        card = Sprite(t.card(left, middle - 70, w, 140, t.DEEP), code).enter(0.4).leave(at)
        self.parts = [card, Live(line, stroke=t.PAPER, w=4), label]


class Answer:
    """An answer of one step on a card, the Apprentice beside it, and its mark: card 0 on the left, 1 on the right."""

    def __init__(self, row: Row, k: int, color: str, places: Places) -> None:
        (x, y), (w, h), (middle, tall) = places.cards[k], places.card, places.pupil
        left, base, width, size = places.text
        self.k, self.row, self.words = k, row, (x + left + 278, y + base + 48)
        self.box = Sprite(t.card(x, y, w, h, t.PANEL, stroke=color, sw=4))
        step = t.pill(f"step {row['step']}", x + 44, y - 32, fill=t.INK, stroke=t.GRID)
        self.rig = Rig("apprentice", x + middle, y + h - 26, tall, seed=41 + k, look=(0, 0.6), mood=0.3)
        self.rig.begin(flipped=float(k))
        self.said = Swap([row["text"]], x + left, y + base, width, size, max_lines=LINES, first=None)
        self.mark = Sprite(
            mark_disc(row["rating"], x + w + places.mark[0], y + places.mark[1], places.mark[2]), alpha=0.0
        )
        self.step = Sprite(step)
        self.parts = [self.said, self.step, self.mark]
        name = t.put(
            t.text("mark", t.T_LABEL, t.MUTED),
            x + w + places.mark[0] - places.mark[2] - 18,
            y - (10 if t.tall() else 16),
            "r",
        )
        self.parts.append(Sprite(name, alpha=0.0))

    def arrive(self, at: float, says: float) -> None:
        """The card comes up at `at`; what it said comes at `says`."""
        for part in (self.box, self.step):
            part.enter(at)
        self.rig.enter(at + 0.1)
        self.said.change(says, 0, 0.035)
        self.rig.mumble(says, 0.9)

    def stamp(self, at: float) -> None:
        """Its mark, and 0.3 s later the face knows."""
        for part in self.parts[2:]:
            part.enter(at, 0.2, rise=0)
        self.mark.pulse(at, 0.2)
        self.rig.react(at, (self.row["rating"] - 5) / 4 if not self.k else 0.7, amount=0.05)


def playhead(chart: Chart, step_at: Track, x: float, back: float, drops: float) -> list[Live | Roll]:
    """A line at the step reached; its number stays beside the cord that takes its place."""
    gone = Track(1.0).to(drops + 0.2, 0.2, 0.0)

    def at(clock: float) -> float:
        return chart.px(step_at(clock), chart.y[0])[0]

    stem = Live(
        lambda clock: polyline(np.array([t.at(at(clock), chart.top - 16), t.at(at(clock), chart.bottom + 12)])),
        stroke=t.PAPER, w=4, alpha=gone,
    )  # fmt: skip
    knob = Live(lambda clock: oval(at(clock), chart.top - 18, 13, 13), fill=t.PAPER, alpha=gone)
    label = Roll(0, chart.top - 34, t.T_LABEL, t.PAPER, 0, "step {:.0f}", align="r", weight=t.BOLD)
    label.drive(x=lambda clock: at(clock) - 28, value=lambda clock: float(round(step_at(clock))))
    return [stem, knob, label]


def watch(
    cards: Sequence[Answer], chart: Chart, handle: tuple[float, float], below: float, back: float, drops: float,
    told: float, morning: float,
) -> None:  # fmt: skip
    """The Apprentice of the morning follows the playhead and is startled by the cord; then the two look across."""
    now, then = cards[1].rig, cards[0].rig
    now.look_at(1.2, chart.left + 300, chart.top + 60, 0.3).look_at(below - 0.4, chart.right, chart.bottom, 0.4)
    now.look_at(below + 0.3, chart.right - 300, chart.bottom - 40).look_at(back, chart.right - 200, chart.bottom)
    now.look_at(back + 0.4, handle[0], chart.bottom, max(drops - back - 0.4, 0.2))
    now.look_at(drops + 0.1, *handle).hop(drops + t.BEAT, 18).to(drops + t.BEAT, 0.3, mood=-0.4)
    now.look_at(told, *cards[0].words).to(told - 0.3, 0.4, mood=0.0)
    now.look_at(morning - 0.1, *cards[1].words).look_out(morning + 1.2).to(morning + 0.4, 0.3, over, ra="up")
    then.look_at(told + 0.05, *cards[0].words).look_at(told + 0.9, *handle)
    then.look_at(morning + 0.15, *cards[1].words).to(morning + 0.8, 0.5, mood=-0.3)


def latest_mean(values: Sequence[float]) -> list[float]:
    """At each step the mean that the cord watches, or of all there are."""
    return [float(np.mean(values[max(0, i - LATEST + 1) : i + 1])) for i in range(len(values))]


def fallen_answers(record: Record, stop: int) -> tuple[Row, Row]:
    """The last recorded answers up to a step, and those of the end: of the prompt whose mark fell most.

    Both make sense and fit their cards; a rule that leaves nothing is dropped.
    """
    steps = record.sample_steps
    before = steps[max(bisect_right(steps, stop) - 1, 0)]
    ends = {int(row["prompt_index"]): row for row in record.samples(step=steps[-1])}
    pairs = [(row, ends[int(row["prompt_index"])]) for row in record.samples(step=before)]
    for rule in (_fits, lambda row: row["coherence"] >= FLUENT):
        pairs = [pair for pair in pairs if all(map(rule, pair))] or pairs
    return max(pairs, key=lambda pair: pair[0]["rating"] - pair[1]["rating"])


def _fits(row: Row) -> bool:
    return all(len(t.wrap(row["text"], *places.fits, font=t.MONO)) <= LINES for places in (WIDE, TALL))
