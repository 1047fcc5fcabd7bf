"""It works: one prompt at several steps of the healthy run, under the readers' average, which climbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from _means import trailing
from _samples import Row, last_sentence, rising_prompt

from rushes import theme as t
from rushes.charts import Chart, Curve, Playhead, steps_over
from rushes.measured import LAST
from rushes.motion import Sprite
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Swap

MARKS = (1.0, 9.0)
READ = 0.8  # s that an answer stays at least
PACE = 4.0  # words a second
WHO = "simulated readers"
EARLY = 0.05  # s that a change starts before its word


class Places(NamedTuple):
    """All in px."""

    chart: tuple[float, float, float, float]
    """Left, top, right, bottom."""
    who: float
    """How wide the name beside the curve may be."""
    card: tuple[float, float, float, float]
    """Left, top, width, height of the card with the answer."""
    x: float
    """Left edge of what is in it."""
    width: float
    prompt: tuple[float, int, int]
    """First baseline, size, lines."""
    text: tuple[float, int, int]
    """The same of the answer."""
    pupil: tuple[float, float, float]
    """Where the Apprentice stands, and how high it is."""
    reads: tuple[float, float]
    """Where it looks when it reads."""


WIDE = Places(
    chart=(280, 214, 1784 - t.text_width(WHO, t.T_LABEL), 470),
    who=400,
    card=(96, 572, 1728, 300),
    x=470,
    width=1306,
    prompt=(634, 38, 1),
    text=(706, 50, 3),
    pupil=(280, 850, 236),
    reads=(770, 706),
)
TALL = Places(
    chart=(220, 466, 700, 690),
    who=200,
    card=(80, 930, 840, 462),
    x=120,
    width=752,
    prompt=(988, 36, 2),
    text=(1104, 48, 5),
    pupil=(500, 934, 218),
    reads=(440, 1200),
)


class GrowingKinder(RunScene):
    """The playhead runs through the steps; the answer changes word by word and the Apprentice brightens."""

    runs = {"run": "healthy"}
    settings = {"prompt": -1}  # -1: the one whose mark rises most
    alone = 11.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        prompt = int(self.setting("prompt"))
        rows = record.samples(prompt=rising_prompt(record) if prompt < 0 else prompt)
        begin = self.cue("step-by-step") - EARLY
        starts = self.cue("rating-first", begin + 0.5) - EARLY
        land = max(min(self.cue("rating-last") - EARLY, self.seconds - to_read(rows)), begin + 1.0)

        steps, ratings = record.steps, trailing(record.column("rating"))
        left, top, right, bottom = place.chart
        chart = Chart(left=left, top=top, right=right, bottom=bottom, x=(steps[0], steps[-1]), y=MARKS)
        now = steps_over(begin, land, steps[0], steps[-1])
        curve = Curve(chart, steps, ratings, now, t.PAPER, fmt="{:.1f}")
        began = Sprite(first_number(chart, steps, ratings))
        began.enter(starts, rise=0)
        who = Sprite(t.block(WHO, right + 40, 46, place.who, t.T_LABEL))
        who.drive(dy=lambda clock: curve.number.at(clock)["y"])

        asked, (base, size, lines) = last_sentence(rows[0]["prompt"]), place.prompt
        self.bake(
            t.backdrop(centre=(0.5, 0.2), stars=60),
            t.kicker(f"Average mark, {LAST}-step mean"),
            t.slate(record, f"steps {steps[0]}–{steps[-1]}"),
            *chart.still((1, 5, 9), y_names={9: "kind", 1: "rude"}),
            t.card(*place.card, stroke=t.POLICY, sw=4),
            t.block(asked, place.x, base, place.width, size, t.MUTED, font=t.MONO, max_lines=lines),
        )

        def when(step: float) -> float:
            return begin + (land - begin) * (step - steps[0]) / (steps[-1] - steps[0])

        shown = turns(rows, READ * (steps[-1] - steps[0]) / (land - begin))
        base, size, lines = place.text
        told = [row["text"] for row in shown]
        answers = Swap(told, place.x, base, place.width, size, max_lines=lines, first=None)
        pupil = Rig("apprentice", *place.pupil, seed=21, arms=("down", "down"), look=(0.6, 0.1))
        pupil.drive(mood=lambda clock: (curve.value(clock - t.BEAT) - 5) / 4)
        pupil.enter(0.0, 0.35, 40).look_at(0.5, *place.reads).look_at(begin - 0.4, *chart.px(steps[0], ratings[0]))
        answers.change(min(0.7, 0.3 * begin), 0)
        for i, row in enumerate(shown[1:], 1):
            at = when(row["step"]) - 0.2
            answers.change(at, i)
            pupil.look_at(at - 0.1, *place.reads).bounce(at + t.BEAT, 0.045)
            pupil.look_at(at + 0.7, *chart.px(row["step"], 6))
        pupil.to(land - 0.2, 0.3, ra="up").hop(land + t.BEAT, 26).look_out(land + 0.7)

        self.live(
            shadow(pupil, 230), pupil, answers, Playhead(chart, now), curve, who, Sprite(began).enter(starts, rise=0)
        )


def first_number(chart: Chart, steps: Sequence[int], ratings: Sequence[float]) -> t.TextLine:
    """What the curve begins at, on the side that it leaves free."""
    x, y = chart.px(steps[0], ratings[0])
    line = t.text(f"{ratings[0]:.1f}", t.T_BODY, t.PAPER, weight=t.BOLD)
    near = [rating for step, rating in zip(steps, ratings, strict=True) if chart.px(step, rating)[0] < x + 130]
    rises = max(near) - ratings[0] > ratings[0] - min(near)
    return t.put(line, x + 28, y + (62 if rises else -30))


def to_read(rows: Sequence[Row]) -> float:
    """How long the last answer must stay: what is new in it is read at PACE."""
    last = rows[-1]["text"]
    before = next((row["text"] for row in reversed(rows) if row["text"] != last), "")
    return len(set(last.split()) - set(before.split())) / PACE + 0.4


def turns(rows: Sequence[Row], apart: float) -> list[Row]:
    """Where the answer changes, at least `apart` steps from one to the next; the last one is always among them."""
    out = [rows[0]]
    for row in rows[1:-1]:
        if row["text"] != out[-1]["text"] and row["step"] - out[-1]["step"] >= apart <= rows[-1]["step"] - row["step"]:
            out.append(row)
    return [*out, rows[-1]] if rows[-1]["text"] != out[-1]["text"] else out
