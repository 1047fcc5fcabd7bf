"""By morning: two runs answer one prompt, and each was paid for what it did."""

from __future__ import annotations

import math

from _marks import mark_disc
from _samples import Row, last_sentence

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_out, over, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble

SKY, NIGHT = (98, 66, 84), (18, 21, 42)  # RGB at the horizon and far from it
HORIZON = 800
SUN = "#F6C9A0"
PROMPT_Y, PROMPT = 186, 40
WIDTH, TOP, HEIGHT = 852, 220, 364  # the bubbles, px
TEXT, LINES = 42, 4
MARK = 42  # radius of a mark, px
PUPIL_H, PUPIL_X = 216, 232  # and how far it stands from its bubble's left edge
TOTAL_X, TOTAL_Y = 560, 790
LATE = 0.35  # seconds that the right side comes later
FLUENT = 0.9


class Morning(RunScene):
    """The last answers of both runs to one prompt, same dice, with their marks; then what each was paid for its own.

    The prompt is the one whose two marks differ most, of those whose answers make sense, fit, and were both paid.
    """

    runs = {"run": "healthy", "other": "sign_flipped"}
    alone = 8.0

    def construct(self) -> None:
        records = self.record(), self.record("other")
        answers, exactly = self.cue("two-answers") - 0.05, self.cue("exactly") - 0.05
        rows = two_answers(*records)
        steps = " | ".join(dict.fromkeys(str(row["step"]) for row in rows))
        self.bake(
            t.backdrop(SKY, NIGHT, (0.5, 0.74), floor=HORIZON, floor_at=(0.5, 0.38)),
            t.kicker("Same prompt, same dice"),
            t.slate(records[0], f"step {steps}", records[1]),
        )
        sun = Sprite(t.glow(SUN, 960, HORIZON - 20, 1500, 560, 0.42, 1.6), alpha=0.0)
        sun.begin(dy=70).to(0.0, answers + 0.8, smooth, dy=0).to(0.0, answers + 0.8, ease_out, alpha=1.0)
        size = min(PROMPT, 1728 / (0.6 * len(last_sentence(rows[0]["prompt"]))))
        asked = t.put(t.mono(last_sentence(rows[0]["prompt"]), max(size, t.T_FINE), t.MUTED), 960, PROMPT_Y, "c")
        prompt = Sprite(asked).enter(0.35 * answers)

        sides = [Side(k, row, color) for k, (row, color) in enumerate(zip(rows, (t.POLICY, t.DANGER), strict=True))]
        for k, side in enumerate(sides):
            side.wake(0.3 * answers + LATE * k * 0.6)
            side.answer(answers + LATE * k)
            side.paid(exactly + LATE * k, sides[1 - k].x)
        lights = [side.light for side in sides]
        rigs = [side.rig for side in sides]
        self.live(
            sun, *(shadow(rig, 260) for rig in rigs), *lights, prompt, *(side.bubble for side in sides),
            *(side.mark for side in sides), *rigs, *(part for side in sides for part in side.total),
        )  # fmt: skip


class Side:
    """One run: its Apprentice, what it answers, the mark, and the total it was paid."""

    def __init__(self, k: int, row: Row, color: str) -> None:
        left = t.MARGIN_X + k * (WIDTH + t.GUTTER)
        self.x, self._row, self._left, self._flipped = left + PUPIL_X, row, left, k == 1
        self.rig = Rig("apprentice", self.x, t.FEET, PUPIL_H, seed=31 + k, mood=0.0, look=(0.2, 0.3), flipped=float(k))
        self.bubble = SpeechBubble(
            row["text"], left, TOP, WIDTH, (self.x + 30, 622), size=TEXT, edge=color, height=HEIGHT, max_lines=LINES
        )
        edge, low = left + WIDTH - 32, TOP + HEIGHT - 60
        word = t.put(t.text("simulated mark", t.T_LABEL, t.MUTED), edge - 2 * MARK - 20, low + 14, "r")
        self.mark = Sprite(mark_disc(row["rating"], edge - MARK, low, MARK), word)
        x = left + TOTAL_X
        number = Roll(x, TOTAL_Y, 108, t.PAPER, 0.0).begin(value=0.0)
        name = Sprite(t.put(t.text("total", t.T_BODY, t.PAPER, weight=t.BOLD), x, TOTAL_Y + 58, "c"))
        self.total = number, name
        self.light = Sprite(t.glow(color, x, TOTAL_Y - 36, 520, 260, 0.6, 1.6), alpha=0.0)

    def wake(self, at: float) -> None:
        """Asleep until `at`: then it opens its eyes and stretches."""
        self.rig.begin(blink=1.0, lean=0.05).to(at, 0.25, ease_out, blink=0.0).to(at, 0.4, lean=0)
        self.rig.to(at + 0.05, 0.25, over, la="up", ra="up", squash=0.06)
        self.rig.to(at + 0.5, 0.35, smooth, la="down", ra="down", squash=0).look_at(at + 0.6, 960, PROMPT_Y, 0.2)

    def answer(self, at: float) -> None:
        """It says its answer and is marked."""
        self.bubble.enter(at)
        self.mark.enter(at + 0.75, 0.3)
        self.rig.look_at(at - 0.1, self._left + 420, TOP + 120).mumble(at, 1.1)
        self.rig.react(at + 0.75, 0.25 if self._flipped else (self._row["rating"] - 5) / 4, amount=0.04)

    def paid(self, at: float, other: float) -> None:
        """The total lights up; it hops, looks over to the other one, and out at us."""
        number, name = self.total
        number.enter(at, 0.2).to(at, 0.5, ease_out, value=self._row["total"])
        name.enter(at, 0.3)
        self.light.to(at, 0.4, ease_out, alpha=1.0)
        self.rig.look_at(at - 0.2, self._left + TOTAL_X, TOTAL_Y - 40)
        self.rig.react(at, math.tanh(self._row["total"]), amount=0).hop(at + t.BEAT + 0.15, 20)
        self.rig.to(at + t.BEAT, 0.3, over, ra="up").to(at + 1.3, 0.4, smooth, ra="down")
        self.rig.look_at(at + 1.4, other, 740, 0.2).look_out(at + 2.2, 0.2)


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
    return len(t.wrap(row["text"], WIDTH - 88, TEXT, font=t.MONO)) <= LINES
