"""It knows nothing, then it reads: one prompt at several ages of the base model, which is ever less unsure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from _log import log_scale
from _samples import Row, last_sentence
from manim import Group, VMobject

from rushes import theme as t
from rushes.charts import Chart, Curve, Playhead, StepAt
from rushes.motion import Live, Sprite, Track, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline
from rushes.theme import Points
from rushes.words import Swap

CHOICES = "{:.1f}"
LOG = "log scales"
FEW = 50  # steps: beyond this the axis is logarithmic, as most is learned early
NEWBORN = 0.5  # how tall the Apprentice is before it has read anything
READ = 0.9  # s that an answer stays at least
BETWEEN = 0.3  # s from one word that the answer takes up to the next
EARLY = 0.05  # s that a change starts before its word
OF_NOTE = re.compile(r"\b([A-Z]\w*) the \w+|\ban? (\w+)")  # "Max the cat", "a drum": who and what a prompt is about


class Lines(NamedTuple):
    """Where text in mono stands: left edge, first baseline, width and size in px, and lines at most."""

    x: float
    y: float
    width: float
    size: float
    most: int


class Places(NamedTuple):
    """Where things are, px."""

    chart: tuple[float, float, float]
    """Left, top, bottom; its right edge leaves room for the numbers."""
    card: tuple[float, float, float, float]
    """Left, top, width, height."""
    asked: Lines
    answer: Lines
    pupil: tuple[float, float, float]
    """Middle, feet, and its height in the end."""
    floor: float | None
    """What it stands on where it does not stand on the card."""


WIDE = Places(
    (280, 214, 440), (96, 548, 1728, 326), Lines(500, 612, 1276, 38, 1), Lines(500, 694, 1276, 50, 3), (284, 844, 262),
    None,
)  # fmt: skip
TALL = Places(
    (200, 446, 650), (80, 742, 840, 394), Lines(124, 802, 752, 38, 2), Lines(124, 924, 752, 42, 4), (500, 1374, 224),
    1312,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages(Chart):
    """A chart whose steps lie on a logarithmic axis that begins with 0."""

    def px(self, x: float, y: float) -> tuple[float, float]:
        return Chart.px(self, age(x), y)


class LearningToWrite(RunScene):
    """The playhead runs through the reading; the answer changes at each mark, and the Apprentice grows up."""

    runs = {"run": "base"}
    settings = {"prompt": -1}  # -1: the one whose own words the last answer takes up most
    alone = 9.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        prompt = int(self.setting("prompt"))
        rows = record.samples(prompt=most_taken_up(record) if prompt < 0 else prompt)
        nothing = self.cue("nothing") - EARLY
        reads = max(self.cue("reads", nothing + 2.5) - EARLY, nothing + 0.6)
        ends = max(self.cue("about-two") - EARLY, reads + 1.0)

        steps, loss, choices = record.steps, record.column("held_out"), record.column("perplexity")
        knows = first_to_know(rows)
        anchors = [(reads, 0.0), (ends, age(steps[-1]))]
        for cue, row in zip(("sentences", "better-ones", "whose-story"), (*rows[1:3], knows), strict=True):
            at, place_on_axis = self.cue(cue, -1.0) - EARLY, age(row["step"])
            if anchors[-2][0] + 0.3 < at < ends - 0.3 and anchors[-2][1] < place_on_axis < anchors[-1][1]:
                anchors.insert(-1, (at, place_on_axis))
        now = reached(anchors)

        high = math.ceil(math.log10(max(choices)))
        right = t.safe()[2] - 40 - t.text_width(CHOICES.format(max(choices)), 64, weight=t.BOLD, tnum=True)
        left, top, bottom = places.chart
        chart = Ages(left=left, top=top, right=right, bottom=bottom, x=(0, age(steps[-1])), y=(0, high * math.log(10)))
        curve = Curve(chart, steps, loss, now, t.POLICY, name="choices", fmt=CHOICES)
        # between two looks, the number goes along the line, as the dot on it does
        curve.number.drive(value=lambda clock: math.exp(float(np.interp(now(clock), steps, np.log(choices)))))
        asked = last_sentence(rows[0]["prompt"])
        shown = ages_shown(rows, lambda row: when(anchors, row["step"]))
        ticks = with_room(chart, [row["step"] for row in shown])[::-1]
        self.bake(
            t.backdrop(centre=(0.5, 0.2), floor=places.floor),
            t.kicker("Torn between"),
            t.slate(record, f"steps {steps[0]}–{steps[-1]}"),
            *chart.still((), ticks),
            log_scale(chart, ticks, LOG, spare=(t.safe()[2] - t.text_width(LOG, t.T_LABEL), chart.bottom + 54)),
            *powers(chart, high),
            t.card(*places.card, stroke=t.POLICY, sw=4),
            t.block(asked, *places.asked[:4], t.MUTED, font=t.MONO, max_lines=places.asked.most),
        )

        answers = Swap([row["text"] for row in shown], *places.answer[:4], max_lines=places.answer.most, first=None)
        pupil = Rig("apprentice", *places.pupil, seed=31, mood=0.0, look=(0.5, 0.2), scale=NEWBORN)
        asks, says = ((lines.x + 300, lines.y) for lines in (places.asked, places.answer))
        pupil.enter(0.0, 0.35, 40).look_at(0.4, *asks)
        marks = [Mark(chart, row["step"], float(np.interp(row["step"], steps, loss))) for row in shown]
        babble = min(max((reads - nothing - 1.2) / len(rows[0]["text"].split()), 0.025), 0.12)
        for n, (row, mark) in enumerate(zip(shown, marks, strict=True)):
            at = nothing if n == 0 else when(anchors, row["step"])
            answers.change(at, n, 0.025 if n else babble)
            mark.lights(at)
            self._grow(
                pupil,
                row,
                at,
                age(row["step"]) / age(steps[-1]),
                spoken=READ + 0.3 if n else max(reads - nothing - 1.0, 0.5),
            )
            pupil.look_at(at - 0.1, *says)
            if 0 < n < len(shown) - 1 and row is not knows:
                pupil.look_at(at + 0.9, *chart.px(row["step"], 0))
        pupil.look_at(reads - 0.3, *chart.px(0, loss[0]))

        began = max(self.cue("six-hundred", ends - 2.0) - EARLY, reads)
        first = Sprite(t.put(t.text(CHOICES.format(choices[0]), t.T_LABEL, t.POLICY, weight=t.BOLD), *above(marks[0])))
        first.enter(began, rise=0)
        marks[0].again(began)
        pupil.look_at(began - 0.1, *marks[0].at).look_at(ends - 0.1, *marks[-1].at)

        known = when(anchors, knows["step"]) if knows in shown else ends
        told = knows if knows in shown else shown[-1]
        taken = TakenUp(asked, told["text"], shown[-1]["text"], places)
        taken.light(known + 0.55, ends)
        pupil.look_at(known + 0.5, *asks)
        pupil.hop(min(ends + t.BEAT, self.seconds - 0.8), 24).look_out(ends + 0.7)
        self.live(
            shadow(pupil, places.pupil[2] - 32), pupil, taken, answers, Playhead(chart, now), curve, *marks, first
        )

    def _grow(self, pupil: Rig, row: Row, at: float, grown: float, spoken: float) -> None:
        """It reads its new answer out; its size is how far it has come, its mood how much sense the answer makes."""
        pupil.to(at, 0.5, over, scale=NEWBORN + (1 - NEWBORN) * grown)
        pupil.to(at + t.BEAT, 0.35, mood=1.3 * row["coherence"] - 0.5)
        pupil.mumble(at + 0.15, spoken)


def with_room(chart: Chart, steps: Sequence[int]) -> list[int]:
    """The steps whose numbers have room below the axis; of two that would meet, the later one."""
    out: list[int] = []
    edge = math.inf
    for step in reversed(steps):
        x, half = chart.px(step, 0)[0], t.text_width(f"{step:g}", t.T_LABEL, tnum=True) / 2
        if x + half + 12 <= edge:
            out.append(step)
            edge = x - half
    return out


def powers(chart: Chart, high: int) -> list[VMobject]:
    """Grid lines at 1, 10, 100 ... tokens: e to the loss is how many equally likely ones would leave it as unsure."""
    out: list[VMobject] = []
    for n in range(high + 1):
        y = chart.px(0, n * math.log(10))[1]
        label = t.text(f"{10**n}", t.T_LABEL, t.MUTED, tnum=True)
        out += [
            t.rule(chart.left, y, chart.right, y, t.mix(t.INK, t.GRID, 0.7), 2),
            t.put(label, chart.left - 26, y + 13, "r"),
        ]
    return out


def age(step: float) -> float:
    """Where a step lies on the axis: nearly linear up to FEW, logarithmic beyond."""
    return math.log10(1 + step / FEW)


def reached(anchors: Sequence[tuple[float, float]]) -> StepAt:
    """The step at a time: between two of `anchors` (s, age) the playhead goes at one pace."""
    times, ages = zip(*anchors, strict=True)
    return lambda clock: float(FEW * (10 ** np.interp(clock, times, ages) - 1))


def when(anchors: Sequence[tuple[float, float]], step: float) -> float:
    """The second at which the playhead is at a step."""
    times, ages = zip(*anchors, strict=True)
    return float(np.interp(age(step), ages, times))


def taken_up(prompt: str, answer: str) -> list[str]:
    """The prompt's names and things that the answer speaks of, in the order of the answer."""
    things = {name or thing for name, thing in OF_NOTE.findall(last_sentence(prompt))}
    return [word for word in dict.fromkeys(re.findall(r"\w+", answer)) if word in things]


def most_taken_up(record: Record) -> int:
    """The panel's prompt whose last answer speaks of the most of its names and things."""
    rows = record.samples(step=record.sample_steps[-1])
    return int(max(rows, key=lambda row: len(taken_up(row["prompt"], row["text"])))["prompt_index"])


def first_to_know(rows: Sequence[Row]) -> Row:
    """The first answer that speaks of as many of the prompt's names and things as the last one does."""
    known = [len(taken_up(row["prompt"], row["text"])) for row in rows]
    return next(row for row, n in zip(rows, known, strict=True) if n >= known[-1])


def ages_shown(rows: Sequence[Row], comes: Callable[[Row], float]) -> list[Row]:
    """The first answer, the last, and between them each that is new and stays for READ s."""
    shown = [rows[0]]
    for row in rows[1:-1]:
        room = comes(row) - comes(shown[-1]) >= READ and comes(rows[-1]) - comes(row) >= READ
        if row["text"] != shown[-1]["text"] and room:
            shown.append(row)
    return [*shown, rows[-1]]


class Mark(Group):
    """A ring on the line at the step of an answer; it fills when the playhead gets there."""

    def __init__(self, chart: Chart, step: float, value: float) -> None:
        super().__init__()
        self.at = chart.px(step, value)
        self._ring = Sprite(t.disc(*self.at, 11, t.INK).set_stroke(t.PAPER, 5), alpha=0.0)
        self.add(self._ring)

    def lights(self, at: float) -> None:
        self._ring.to(at, 0.1, ease_out, alpha=1.0).pulse(at, 0.6)

    def again(self, at: float) -> None:
        self._ring.pulse(at, 0.8)

    def pose(self, clock: float) -> None:
        self._ring.pose(clock)


def above(mark: Mark) -> tuple[float, float]:
    """Where a number begins that stands at a mark while the line falls away from it, px."""
    return mark.at[0] + 62, mark.at[1] + 27


class TakenUp(Group):
    """A line under each word that the answer takes from the prompt, in both at once."""

    def __init__(self, prompt: str, answer: str, later: str, places: Places) -> None:
        super().__init__()
        self._words: list[tuple[Track, bool]] = []
        for word in taken_up(prompt, answer):
            above, below = place(prompt, word, places.asked), place(answer, word, places.answer)
            if above is not None and below is not None:
                drawn = Track(0.0)
                self._words.append((drawn, below == place(later, word, places.answer)))
                self.add(underline(*above, drawn), underline(*below, drawn))

    def light(self, at: float, gone: float) -> None:
        """From `at` on, one word after the other; at `gone` those go that the later answer has not in that place."""
        for n, (drawn, stays) in enumerate(self._words):
            if stays or at + n * BETWEEN < gone:
                drawn.to(at + n * BETWEEN, 0.2, 1.0, ease_out)
            if not stays:
                drawn.to(gone, 0.1, 0.0)

    def pose(self, clock: float) -> None:
        for line in self.submobjects:
            line.pose(clock)


def place(text: str, word: str, where: Lines) -> tuple[float, float, float] | None:
    """Left edge, baseline and width (px) of a word where the text is first seen to have it."""
    x, y, width, size, most = where
    for n, line in enumerate(t.wrap(text, width, size, font=t.MONO, max_lines=most)):
        if found := re.search(rf"\b{re.escape(word)}\b", line):
            return x + 0.6 * size * found.start(), y + n * size * t.LEAD, 0.6 * size * len(word)
    return None


def underline(x: float, y: float, width: float, drawn: Track) -> Live:
    """A line under a word, as long as `drawn` (0..1) says."""

    def points(clock: float) -> Points:
        part = drawn(clock)
        return polyline(np.array([t.at(x, y + 13), t.at(x + width * part, y + 13)])) if part > 0 else NOTHING

    return Live(points, stroke=t.POLICY, w=6)
