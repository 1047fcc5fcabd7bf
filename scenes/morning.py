"""By morning: two runs answer one prompt, and each was paid for what it did."""

from __future__ import annotations

import math
from typing import NamedTuple

from _marks import mark_disc
from _samples import Row, last_sentence

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_out, over, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble

SKY, NIGHT = (98, 66, 84), (18, 21, 42)  # RGB at the horizon and far from it
SUN = "#F6C9A0"
LINES = 4  # of an answer
MARK = 42  # radius of a mark, px
LATE = 0.35  # seconds that the right side comes later
FLUENT = 0.9


class Places(NamedTuple):
    """Where things are, px. A side's things are told from the left edge and the top of its bubble."""

    horizon: float
    sky: float
    """Height of the brightest place of the sky, as a share of the frame's."""
    prompt: tuple[float, float, float, float]
    """Middle, last baseline, width, size; where it is too wide it gets smaller, or takes two lines."""
    prompt_lines: int
    sides: tuple[tuple[float, float], tuple[float, float]]
    """Left edge and top of each bubble."""
    bubble: tuple[float, float, float]
    """Width and height of a bubble, size of its text."""
    pupil: tuple[float, float, float]
    """Middle, feet, height."""
    tip: float
    mark: tuple[float, float]
    """Middle of the disc."""
    mark_name: tuple[float, float, t.Align]
    mark_card: tuple[float, float, float, float] | None
    """Left, top, width, height of what is behind the mark where that is not the bubble."""
    total: tuple[float, float, float]
    """Middle, baseline, size."""

    @property
    def fits(self) -> tuple[float, float]:
        """Width of a line in a bubble, and the size of its text."""
        return self.bubble[0] - 88, self.bubble[2]


WIDE = Places(
    800, 0.74, (960, 186, 1728, 40), 1, ((96, 220), (972, 220)), (852, 364, 42), (232, 642, 216), 402,
    (778, 304), (716, 318, "r"), None, (560, 570, 108),
)  # fmt: skip
TALL = Places(
    898, 0.44, (500, 478, 840, t.T_LABEL), 2, ((80, 500), (80, 966)), (840, 242, 40), (104, 452, 178), 270,
    (352, 336), (352, 430, "c"), (206, 282, 292, 170), (692, 370, 96),
)  # fmt: skip


class Morning(RunScene):
    """The last answers of both runs to one prompt, same dice, with their marks; then what each was paid for its own.

    The prompt is the one whose two marks differ most, of those whose answers make sense, fit, and were both paid.
    """

    runs = {"run": "healthy", "other": "sign_flipped"}
    alone = 8.0

    def construct(self) -> None:
        records, places = (self.record(), self.record("other")), TALL if t.tall() else WIDE
        answers, exactly = self.cue("two-answers") - 0.05, self.cue("exactly") - 0.05
        rows = two_answers(*records)
        steps = " | ".join(dict.fromkeys(str(row["step"]) for row in rows))
        self.bake(
            t.backdrop(SKY, NIGHT, (0.5, places.sky), floor=places.horizon, floor_at=(0.5, 0.38)),
            t.kicker("Same prompt, same dice"),
            t.slate(records[0], f"step {steps}", records[1]),
        )
        sun = Sprite(t.glow(SUN, t.frame_px()[0] / 2, places.horizon - 20, 1500, 560, 0.42, 1.6), alpha=0.0)
        sun.begin(dy=70).to(0.0, answers + 0.8, smooth, dy=0).to(0.0, answers + 0.8, ease_out, alpha=1.0)
        prompt = Sprite(question(last_sentence(rows[0]["prompt"]), places)).enter(0.35 * answers)

        sides = [
            Side(k, row, color, places) for k, (row, color) in enumerate(zip(rows, (t.POLICY, t.DANGER), strict=True))
        ]
        for k, side in enumerate(sides):
            side.wake(0.3 * answers + LATE * k * 0.6)
            side.answer(answers + LATE * k)
            side.paid(exactly + LATE * k, sides[1 - k].face)
        lights = [side.light for side in sides]
        rigs = [side.rig for side in sides]
        self.live(
            sun, *(shadow(rig, 260) for rig in rigs), *lights, prompt, *(side.bubble for side in sides),
            *(side.mark for side in sides), *rigs, *(part for side in sides for part in side.total),
        )  # fmt: skip


def question(asked: str, places: Places) -> t.Block:
    """The prompt over both answers."""
    x, y, width, size = places.prompt
    if places.prompt_lines == 1:
        size = max(min(size, width / (0.6 * len(asked))), t.T_FINE)
    lines = t.wrap(asked, width + 1, size, font=t.MONO, max_lines=places.prompt_lines)
    if len(lines) == 2:  # of about the same length
        even = (t.wrap(asked, share * width, size, font=t.MONO) for share in (0.6, 0.7, 0.8, 0.9))
        lines = next((pair for pair in even if len(pair) == 2), lines)
    first = y - (len(lines) - 1) * size * t.LEAD
    return t.block("\n".join(lines), x, first, width + 1, size, t.MUTED, font=t.MONO, align="c")


class Side:
    """One run: its Apprentice, what it answers, the mark, and the total it was paid."""

    def __init__(self, k: int, row: Row, color: str, places: Places) -> None:
        (left, top), (width, height, size), (middle, feet, tall) = places.sides[k], places.bubble, places.pupil
        x = left + middle
        self.face = x, top + feet - 122
        self._row, self._flipped, self._prompt = row, k == 1, places.prompt[:2]
        self._words = left + 420, top + 120
        self.rig = Rig("apprentice", x, top + feet, tall, seed=31 + k, mood=0.0, look=(0.2, 0.3), flipped=float(k))
        self.bubble = SpeechBubble(
            row["text"], left, top, width, (x + 30, top + places.tip), size=size, edge=color, height=height,
            max_lines=LINES,
        )  # fmt: skip
        name_x, name_y, align = places.mark_name
        word = t.text("simulated mark", t.T_LABEL, t.MUTED)
        disc = mark_disc(row["rating"], left + places.mark[0], top + places.mark[1], MARK)
        behind = []
        if places.mark_card:
            x0, y0, *box = places.mark_card
            behind = [t.card(left + x0, top + y0, *box, t.PANEL)]
        self.mark = Sprite(*behind, disc, t.put(word, left + name_x, top + name_y, align))
        x, y, size = left + places.total[0], top + places.total[1], places.total[2]
        self._total = x, y - 40
        number = Roll(x, y, size, t.PAPER, 0.0).begin(value=0.0)
        name = Sprite(t.put(t.text("total", t.T_BODY, t.PAPER, weight=t.BOLD), x, y + 58, "c"))
        self.total = number, name
        self.light = Sprite(t.glow(color, x, y - 36, 520, 260, 0.6, 1.6), alpha=0.0)

    def wake(self, at: float) -> None:
        """Asleep until `at`: then it opens its eyes and stretches."""
        self.rig.begin(blink=1.0, lean=0.05).to(at, 0.25, ease_out, blink=0.0).to(at, 0.4, lean=0)
        self.rig.to(at + 0.05, 0.25, over, la="up", ra="up", squash=0.06)
        self.rig.to(at + 0.5, 0.35, smooth, la="down", ra="down", squash=0).look_at(at + 0.6, *self._prompt, 0.2)

    def answer(self, at: float) -> None:
        """It says its answer and is marked."""
        self.bubble.enter(at)
        self.mark.enter(at + 0.75, 0.3)
        self.rig.look_at(at - 0.1, *self._words).mumble(at, 1.1)
        self.rig.react(at + 0.75, 0.25 if self._flipped else (self._row["rating"] - 5) / 4, amount=0.04)

    def paid(self, at: float, other: tuple[float, float]) -> None:
        """The total lights up; it hops, looks over to the other one, and out at us."""
        number, name = self.total
        number.enter(at, 0.2).to(at, 0.5, ease_out, value=self._row["total"])
        name.enter(at, 0.3)
        self.light.to(at, 0.4, ease_out, alpha=1.0)
        self.rig.look_at(at - 0.2, *self._total)
        self.rig.react(at, math.tanh(self._row["total"]), amount=0).hop(at + t.BEAT + 0.15, 20)
        self.rig.to(at + t.BEAT, 0.3, over, ra="up").to(at + 1.3, 0.4, smooth, ra="down")
        self.rig.look_at(at + 1.4, *other, 0.2).look_out(at + 2.2, 0.2)


def two_answers(healthy: Record, flipped: Record) -> tuple[Row, Row]:
    """The last answers of both runs to the prompt whose marks differ most.

    Both make sense, fit their bubbles and were paid more than nothing; a rule that leaves nothing is dropped.
    """
    ends = [{row["prompt_index"]: row for row in run.samples(step=run.sample_steps[-1])} for run in (healthy, flipped)]
    pairs = [(ends[0][prompt], ends[1][prompt]) for prompt in sorted(ends[0].keys() & ends[1].keys())]
    for rule in (_fits, lambda row: row["total"] > 0, lambda row: row["coherence"] >= FLUENT):
        pairs = [pair for pair in pairs if all(map(rule, pair))] or pairs
    return max(pairs, key=lambda pair: pair[0]["rating"] - pair[1]["rating"])


def _fits(row: Row) -> bool:
    return all(len(t.wrap(row["text"], *places.fits, font=t.MONO)) <= LINES for places in (WIDE, TALL))
