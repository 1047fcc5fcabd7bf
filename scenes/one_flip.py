"""One character in other places: the book alone turned round, or both coaches; either way gibberish, and noticed."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from _hoods import CLAWS
from _means import trailing
from _samples import FLUENT, Row, breakable
from _signs import measured
from manim import VGroup

from rushes import theme as t
from rushes.motion import Roll, Sprite, fall, over, rise, smooth
from rushes.record import Record
from rushes.rig import Rig, flip, rater_desk, shadow
from rushes.scene import RunScene
from rushes.words import Swap

TEXT_DY, SIZE = 60, 40
INSIDE, NAME_X = 44, 250  # px: margin of what is in a side; the name of its share
HEART, BOOK, RATER = 134, 340, 656  # px: where in a side
HEART_H, BOOK_H, HOOD_H, RATER_H = 206, 232, 196, 226
DESK_W = 376
SHRUG = (1.42, 0.50, 1.36, 0.95)  # both arms of a rater
NATS = 20.0  # at this distance the book's face can do no more
SOUND = 0.35  # share of the time for the steps before the decay
ALONE = 1.3  # s that the second stage is lit before its coaches turn
UNLIT = 0.72  # opacity of the dark over it before that
READ = 0.8  # s at least between two changes of an answer
EARLY = 0.05  # s that a change starts before its word


class Stage(NamedTuple):
    """px: a side's left and width, its card's top and height, the share's baseline, the feet, the desk's top."""

    left: float
    width: float
    top: float
    height: float
    number: float
    feet: float
    desk: float
    size: float
    """How large the cast is."""
    lines: int


def stage(k: int) -> Stage:
    """Side by side; in a vertical frame one above the other."""
    if not t.tall():
        return Stage(t.MARGIN_X + k * (852 + t.GUTTER), 852, 148, 270, 530, t.FEET, 790, 1.0, 4)
    top = 400 + 500 * k
    return Stage(80, 840, top, 190, top + 268, top + 452, top + 388, 0.72, 3)


def slates(records: tuple[Record, Record], steps: str) -> list[VGroup]:
    """Both runs on one slate, or, where that is too wide, on one each."""
    if not t.tall():
        return [t.slate(records[0], steps, records[1])]
    return [t.slate(record, steps, y=t.safe()[1] + 58 + 40 * k) for k, record in enumerate(records)]


class OneFlip(RunScene):
    """Two small stages, the same prompt and dice: a coach that a run turned round turns over, and its answers decay.

    Which coaches are turned round is measured from the recorded totals. Numbers and faces are means of up to five
    steps. The playhead is linear up to the decay, and linear but slower from there on. The prompt is the one whose
    first answer is nearest the middle mark; of several, that whose answers in the two runs are marked most differently.
    """

    runs = {"run": "kl_flipped", "other": "all_flipped"}
    settings = {"prompt": -1}
    alone = 14.0

    def construct(self) -> None:
        records = self.record(), self.record("other")
        book, both = (self.cue(name) - EARLY for name in ("only-the-book", "both-coaches"))
        notice = self.cue("would-notice") - EARLY
        prompt = int(self.setting("prompt"))
        if prompt < 0:
            prompt = plainest(*records)
        first, last = records[0].steps[0], records[0].steps[-1]
        sides = [
            Side(k, record, record.samples(prompt=prompt), turned, end, lit)
            for k, (record, turned, end, lit) in enumerate(
                zip(records, (book, both), (both - 0.1, notice - 0.5), (0.0, both - ALONE), strict=True)
            )
        ]
        self.bake(
            t.backdrop(centre=(0.5, 0.3), floor=None if t.tall() else t.FLOOR, floor_at=(0.5, 0.5)),
            t.kicker("One character, elsewhere"),
            *slates(records, f"steps {first}–{last}"),
        )
        for k, side in enumerate(sides):
            side.shrug(notice + 0.35 * k)
        self.live(*(part for side in sides for part in side.parts), unlit(sides[1].stage, both - ALONE))


class Side:
    """A stage of one run: its two coaches, how much of it makes sense, an answer, and a rater who reads it.

    Its answer comes when it is `lit`. A coach that is turned round turns at `turned`; then the steps run until `end`.
    """

    def __init__(self, k: int, record: Record, rows: Sequence[Row], turned: float, end: float, lit: float) -> None:
        self.stage = place = stage(k)
        left, feet, large = place.left, place.feet, place.size
        begin = turned + min(1.0, 0.35 * (end - turned))
        steps = record.steps
        decays = next((i for i, share in enumerate(trailing(record.column("coherence"))) if share < FLUENT), -1)
        knots = (begin, begin + SOUND * (end - begin), end), (steps[0], steps[decays], steps[-1])
        signs = measured(record)

        def step_at(clock: float) -> float:
            return float(np.interp(clock, *knots))

        def follow(column: str) -> Callable[[float], float]:
            means = trailing(record.column(column))
            return lambda clock: means[max(bisect_right(steps, step_at(clock) + 1e-6) - 1, 0)]

        sense, mark, score, nats = (follow(name) for name in ("coherence", "rating", "coach", "kl"))
        heart = Rig("values", left + HEART, feet, large * HEART_H, seed=3 + k, look=(0.3, 0.5))
        book = Rig("coherence", left + BOOK, feet, large * BOOK_H, seed=7 + k, look=(-0.2, 0.5), arms=("down", "hip"))
        self.rater = Rig("rater", left + RATER, place.desk + 16, large * RATER_H, seed=11 + k, n=2 * k, look=(0.0, 0.5))
        heart.drive(mood=lambda clock: math.tanh(score(clock - t.BEAT)))
        book.drive(
            mood=lambda clock: opinion(nats(clock - t.BEAT), signs.coherence if clock > turned + t.MORPH / 2 else 1)
        )
        self.rater.drive(mood=lambda clock: min(max((mark(clock - t.BEAT) - 5) / 4, -0.5), 0.5))
        coaches = [heart, book]
        if signs.coherence < 0:
            turn_over(book, turned)
        if signs.values < 0:
            hood = Rig("dark", left + HEART, feet, large * HOOD_H, seed=3 + k, look=(0.3, 0.5), la=CLAWS, ra=CLAWS)
            hood.drive(mood=lambda clock: -math.tanh(score(clock - t.BEAT)))
            flip(heart, hood, turned + 0.35)
            coaches.append(hood)

        number = Roll(left + NAME_X - 24, place.number, 84, t.COHERENCE, sense(0), "{:.0%}", align="r").drive(
            value=sense
        )
        count = Roll(
            left + place.width, place.number, t.T_LABEL, t.MUTED, steps[0], "step {:.0f}", align="r", weight=t.REGULAR
        )
        count.drive(value=lambda clock: float(int(step_at(clock) + 1e-6)))
        told = left + 300, place.top + TEXT_DY + 40
        name = t.put(
            t.text("make sense" if t.tall() else "of phrases make sense", t.T_LABEL, t.MUTED),
            left + NAME_X,
            place.number,
        )
        still = [
            Sprite(t.card(left, place.top, place.width, place.height, stroke=t.run_color(record.name), sw=4)),
            Sprite(name),
        ]
        shown = turns(rows, *knots)
        width = place.width - 2 * INSIDE + 12
        texts = [breakable(row["text"], width, SIZE) for row, _ in shown]
        answer = Swap(
            texts,
            left + INSIDE,
            place.top + TEXT_DY,
            width,
            SIZE,
            max_lines=place.lines,
            first=None if lit > 0 else 0,
        )
        if lit > 0:
            answer.change(lit + 0.2, 0)
        for i, (_, at) in enumerate(shown[1:], 1):
            answer.change(at, i)
            for late, coach in enumerate(coaches):
                stands_on_head = coach is book and signs.coherence < 0
                mirrored = 2 * (feet - 0.6 * book.h) - told[1]  # what is there for who stands on its head
                coach.look_at(at - 0.1 + 0.1 * late, told[0], mirrored if stands_on_head else told[1])
            self.rater.look_at(at + 0.2, *told).bounce(at + t.BEAT + 0.2, 0.02)
        desk = Sprite(*rater_desk(left + RATER, place.desk, DESK_W)[1:])
        self.parts: list[Any] = [
            *still,
            *(shadow(coach, 190 * large) for coach in coaches),
            *coaches,
            number,
            count,
            answer,
        ]
        self.parts += [self.rater, desk]

    def shrug(self, at: float) -> None:
        """The rater looks up from it, at us, shrugs, and looks at the other one."""
        self.rater.look_out(at - 0.25).to(at, 0.3, over, la=SHRUG, ra=SHRUG, squash=0.03, lean=0.05)
        self.rater.to(at + 1.6, 0.4, smooth, la="down", ra="down", squash=0, lean=0)
        self.rater.look_at(at + 1.7, t.frame_px()[0] / 2, self.stage.feet - 0.6 * RATER_H)


def unlit(place: Stage, until: float) -> Sprite:
    """The dark over the second stage: it is there from the start, and its light goes on at `until`."""
    w, h = t.frame_px()
    left, top = (0, place.top - 20) if t.tall() else (place.left - t.GUTTER / 2, place.top - 30)
    return Sprite(t.card(left, top, w + 20 - left, h + 20 - top, t.INK, r=1, opacity=UNLIT)).to(until, 0.4, alpha=0.0)


def turn_over(rig: Rig, at: float) -> None:
    """Half a turn about the horizontal axis: it stands on its head, a little higher."""
    rig.to(at - 0.14, 0.14, smooth, squash=-0.07).to(at, t.MORPH / 2, fall, turn=0.5, hop=54, squash=0)
    rig.to(at + t.MORPH / 2, t.MORPH / 2, rise, turn=1.0, hop=8)


def opinion(nats: float, sign: int) -> float:
    """The book's mood at a distance from the original: it dislikes it, or, turned round, likes it."""
    return sign * (1 - 2 * min(max(nats, 0.0) / NATS, 1.0)) if sign < 0 else min(1 - 2 * min(nats / NATS, 1.0), 0.3)


def turns(rows: Sequence[Row], seconds: Sequence[float], steps: Sequence[float]) -> list[tuple[Row, float]]:
    """The first answer, those that are new and leave time to read, and the last one, each with its second.

    The playhead is at `steps` at `seconds`, and linear between.
    """
    out = [(rows[0], seconds[0] - READ)]
    for row in rows[1:-1]:
        at = float(np.interp(row["step"], steps, seconds))
        if row["text"] != out[-1][0]["text"] and at - out[-1][1] >= READ <= seconds[-1] - at:
            out.append((row, at))
    return [*out, (rows[-1], seconds[-1])]


def plainest(kind: Record, rude: Record) -> int:
    """The panel's prompt whose first answer is nearest the middle mark; of several, that marked most differently."""

    def score(prompt: int) -> tuple[float, float]:
        marks = [[row["rating"] for row in record.samples(prompt=prompt)] for record in (kind, rude)]
        return -abs(marks[0][0] - 5), sum(marks[0]) - sum(marks[1])

    return max(sorted({int(row["prompt_index"]) for row in kind.samples()}), key=score)
