"""The Apprentice is trained to please the Values Coach, and the readers' marks climb with the coach's score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from _means import trailing
from _samples import Row

from rushes import theme as t
from rushes.charts import Chart, Curve, Playhead, StepAt, steps_over
from rushes.motion import Sprite
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble, Swap

MARKS = (1.0, 9.0)
READERS, COACH = "simulated readers", "coach’s score"
TEXT = 36  # px
ANSWERS = 3
READ = 1.8  # s that an answer stays; with less, only the first and the last are shown
EARLY = 0.05  # s that a change starts before its word


class Places(NamedTuple):
    """Where things are, px: what the Apprentice says (left, top, width, height, most lines); the charts' left and
    right, their tops and bottoms; the actors' x and height."""

    bubble: tuple[float, float, float, float, int]
    across: tuple[float, float]
    marks: tuple[float, float]
    scores: tuple[float, float]
    apprentice: tuple[float, float]
    heart: tuple[float, float]


WIDE = Places((96, 156, 620, 296, 5), (832, 1446), (220, 460), (580, 770), (250, 290), (560, 250))
TALL = Places((80, 836, 840, 190, 3), (160, 560), (462, 592), (676, 790), (300, 240), (720, 220))


class Better(RunScene):
    """Two lines under one playhead; the heart's face is its own score, the Apprentice's is the readers' mark.

    A line is the mean of five steps at each step, and so is the number at its end.
    """

    runs = {"run": "healthy"}
    alone = 9.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        please, land = self.cue("please") - EARLY, self.cue("rating-last") - EARLY
        steps = record.steps
        first = self.cue("rating-first", please + 0.5 * (land - please)) - EARLY
        begin, shown = first + 0.7 * (land - first), max(first - 0.7, please + 0.3)
        end = min(land + 0.75, self.seconds - 0.8)
        now = steps_over(begin, end, steps[0], steps[-1])
        (left, right), within = p.across, (steps[0], steps[-1])
        marks, scores = trailing(record.column("rating")), trailing(record.column("coach"))
        low, high = min(*scores, 0.0), max(*scores, 0.1)
        spans = (p.marks, MARKS), (p.scores, (low - 0.1 * (high - low), high))
        one, two = (Chart(left=left, top=a, right=right, bottom=b, x=within, y=y) for (a, b), y in spans)
        whole = Chart(left=left, top=p.marks[0], right=right, bottom=p.scores[1], x=within, y=(0, 1))
        curves = [
            Curve(one, steps, marks, now, t.PAPER, name=READERS).enter(shown),
            Curve(two, steps, scores, now, t.VALUES, name=COACH, fmt="{:+.1f}").enter(shown),
        ]
        self.bake(
            t.backdrop(centre=(0.3, 0.5), floor=t.ground()[0], floor_at=(0.5 if t.tall() else 0.21, 0.24)),
            t.kicker("Trained to please"),
            t.slate(record, f"steps {within[0]}–{within[1]}"),
        )

        axes = Sprite(*one.still((1, 9) if t.tall() else (1, 5, 9)), *two.still((0,))).enter(shown - 0.3, rise=0)
        pupil, heart = self.actors(p, please, begin, end, curves[0])
        heart.drive(mood=lambda clock: reached(record, now, clock - t.BEAT))
        x, y, width, height, lines = p.bubble
        tip = p.apprentice[0] + 20, t.ground()[1] - 1.2 * p.apprentice[1]
        said = SpeechBubble("", x, y, width, tip, height=height).enter(0.3)
        rows = three(record.samples(prompt=brief_prompt(record)))
        rows = rows if 0.7 * (end - begin) > READ else [rows[0], rows[-1]]
        inside = said.inside
        answers = Swap(
            [row["text"] for row in rows], inside[0], inside[1], inside[2], TEXT, t.POLICY, max_lines=lines, first=None
        )
        answers.change(min(0.5, please), 0)
        for i, row in enumerate(rows[1:], 1):
            at = begin + (end - begin) * (row["step"] - steps[0]) / (steps[-1] - steps[0])
            answers.change(at - 0.6, i, 0.012)
            pupil.bounce(at, 0.045)
        shadows = [shadow(rig, 0.8 * h) for rig, (_, h) in ((pupil, p.apprentice), (heart, p.heart))]
        self.live(*shadows, said, answers, axes, Playhead(whole, now).enter(shown), *curves, heart, pupil)

    def actors(self, p: Places, please: float, begin: float, end: float, marks: Curve) -> tuple[Rig, Rig]:
        """The Apprentice turns to the heart, and cheers up with the marks; both look at the lines."""
        feet = t.ground()[1] - 4
        pupil = Rig("apprentice", p.apprentice[0], feet, p.apprentice[1], seed=21, look=(0.2, 0.1)).enter(0.0, 0.35, 40)
        heart = Rig("values", p.heart[0], feet, p.heart[1], seed=6, look=(-0.5, 0.1)).enter(0.2, 0.35, 40)
        pupil.drive(mood=lambda clock: (marks.value(clock - t.BEAT) - 5) / 4)
        faces = [(x, feet - 0.6 * h) for x, h in (p.apprentice, p.heart)]
        pupil.look_at(please - 0.3, *faces[1]).to(please - 0.1, 0.4, ra="out", lean=-0.06)
        heart.look_at(please, *faces[0]).bounce(please + t.BEAT)
        for part in (0.3, 0.7):
            at = begin + (end - begin) * part
            heart.look_at(at, *marks.place(at + 0.3)).look_at(at + 0.6, *faces[0])
            pupil.look_at(at + 0.2, *marks.place(at + 0.5)).look_at(at + 0.8, *faces[1])
        pupil.to(end - 0.2, 0.3, ra="up", lean=0.0).hop(end + t.BEAT, 20).look_out(end + 0.9)
        heart.to(end, 0.4, ra="up").hop(end + t.BEAT + 0.35, 26)
        return pupil, heart


def brief_prompt(record: Record) -> int:
    """Of the prompts whose mark rises at least half as much as any does, the one whose longest answer is shortest."""
    panel = {int(row["prompt_index"]): record.samples(prompt=int(row["prompt_index"])) for row in record.samples()}
    rises = {prompt: float(rows[-1]["rating"] - rows[0]["rating"]) for prompt, rows in panel.items()}
    risen = [prompt for prompt, rise in rises.items() if 2 * rise >= max(rises.values())]
    return min(risen, key=lambda prompt: max(len(row["text"]) for row in three(panel[prompt])))


def three(rows: Sequence[Row]) -> list[Row]:
    """The first answer, the last one, and of the others the one nearest to a quarter of the run: most changes early."""
    first, *between, last = rows
    fresh = [row for row in between if row["text"] not in (first["text"], last["text"])]
    early = first["step"] + (last["step"] - first["step"]) / 4
    return [first, *sorted(fresh, key=lambda row: abs(float(row["step"]) - early))[: ANSWERS - 2], last]


def reached(record: Record, now: StepAt, clock: float) -> float:
    """The coach's score at the last step that was reached, held within what a face can show."""
    return min(max(record.column("coach")[int(now(clock) + 1e-6)], -1.0), 1.0)
