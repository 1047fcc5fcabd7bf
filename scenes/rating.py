"""How the readers mark: one to nine, by a written guideline; and that they are simulated."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from _samples import Row, last_sentence

from rushes import theme as t
from rushes.motion import Live, Sprite
from rushes.parts import RatingDial
from rushes.record import Record
from rushes.rig import Rig, rater_desk
from rushes.scene import RunScene
from rushes.shapes import Points, polyline
from rushes.words import Swap

CARD = (664, 132, 1160, 378)  # left, top, width, height
INSIDE = 48
PROMPT_Y, WORDS_Y, WORDS_SIZE = 198, 316, 50
DIAL = (724, 628, 130)  # middle of mark 1, px from mark to mark
RULE_Y = 752
DESK = (340, 790)
RUN = 0.07  # seconds the light stays on a mark as it runs up to the right one
READS = 0.75  # seconds from a new answer to its mark


class Reading(NamedTuple):
    """A recorded answer with its mark, when it is put on the desk and when it is marked."""

    row: Row
    slate: Sprite
    comes: float
    marked: float


class Rating(RunScene):
    """A kind, a rude and a senseless answer get their marks, and the rules of the guideline that fired light up."""

    runs = {"run": "healthy", "untrained": "base"}
    alone = 16.0

    def construct(self) -> None:
        record, untrained = self.record(), self.record("untrained")
        nine, nonsense = self.cue("one-to-nine") - 0.05, self.cue("nonsense") - 0.05
        simulated = self.cue("simulated") - 0.05
        kind_words = self.cue("kind-words", max(nine + 1.4, nonsense - 3.4)) - 0.05
        rude_words = self.cue("rude-words", max(kind_words + 0.9, nonsense - 1.7)) - 0.05

        kind, rude = _label(record, "kind"), _label(record, "rude")
        silly = _nonsense(record, untrained)
        readings = [
            Reading(kind, _slate(record, kind), 0.0, nine),
            Reading(rude, _slate(record, rude), rude_words - 0.35, rude_words + READS - 0.35),
            Reading(silly, _slate(untrained, silly), nonsense, nonsense + READS),
        ]
        self.bake(
            t.backdrop(centre=(0.3, 0.5), floor=t.FLOOR, floor_at=(0.18, 0.15)),
            t.kicker("A rater marks an answer"),
            t.card(*CARD),
            t.floor_shadow(DESK[0], 876, 640),
        )
        x, width = CARD[0] + INSIDE, CARD[2] - 2 * INSIDE
        prompts = Swap([last_sentence(r.row["prompt"]) for r in readings], x, PROMPT_Y, width, 36, t.MUTED, max_lines=1)
        texts = Swap([r.row["text"] for r in readings], x, WORDS_Y, width, WORDS_SIZE, t.POLICY, max_lines=3)
        dial = RatingDial(*DIAL, low=" ", high=" ")
        rules = _Rules()
        rater = Rig("rater", DESK[0], 806, 470, seed=2, n=1, mood=0.0, look=(0.9, 0.5), arms=("down", "stamp"))
        desk = Sprite(rater_desk(*DESK))

        for i, reading in enumerate(readings):
            if i:
                prompts.change(reading.comes, i)
                texts.change(reading.comes, i)
                dial.choose(reading.comes, None)
                readings[i - 1].slate.leave(reading.comes, 0.15)
                reading.slate.to(reading.comes + 0.15, 0.2, alpha=1.0)
                rules.clear(reading.comes)
            self._mark(reading, dial, rater, first=not i)
        rules.light(kind_words, kind["rules"])
        for reading in readings[1:]:
            rules.light(reading.marked, reading.row["rules"])

        _leave(rater, simulated, self.seconds)
        desk.pulse(simulated, 0.05)
        pencil = _Pencil(rater)
        self.live(*(r.slate for r in readings), prompts, texts, dial, *rules.parts, rater, pencil, desk)

    def _mark(self, reading: Reading, dial: RatingDial, rater: Rig, *, first: bool) -> None:
        """The rater reads, marks, and 0.3 s later the face knows; the first time the light runs up the scale."""
        rating = round(reading.row["rating"])
        start = reading.marked
        if first:
            for mark in range(1, rating):
                dial.choose(start + RUN * (mark - 1), mark)
            start += RUN * (rating - 1)
        dial.choose(start, rating)
        left, middle = CARD[0], CARD[1] + CARD[3] / 2
        rater.look_at(reading.comes + 0.05, left + 100, middle).look_at(reading.comes + 0.3, left + 700, middle, 0.4)
        rater.to(reading.marked - 0.25, 0.25, wave=0.6).to(reading.marked + 0.2, 0.2, wave=0)
        rater.look_at(reading.marked - 0.15, *dial.place(1 if first else rating))
        if first:
            rater.look_at(reading.marked + 0.1, *dial.place(rating), RUN * rating)
        mood = min(max((reading.row["rating"] - 5) / 4, -0.5), 0.5)
        rater.react(start, mood, amount=0.02)


class _Rules:
    """The guideline's three rules under the ends of the scale that they pull to; `parts` are live."""

    def __init__(self) -> None:
        left, right = DIAL[0] - 46, DIAL[0] + 8 * DIAL[2] + 46
        places = {"rude": (left, "l"), "nonsense": ((left + right) / 2, "c"), "kind": (right, "r")}
        self._lit: dict[str, Sprite] = {}
        self.parts: list[Sprite] = []
        for name, (x, align) in places.items():
            on = t.VALUES if name == "kind" else t.PAPER
            dim = t.pill(name, x, RULE_Y, size=40, fill=t.PANEL, color=t.MUTED, align=align)  # type: ignore[arg-type]
            lit = t.pill(name, x, RULE_Y, size=40, fill=on, color=t.INK, weight=t.REGULAR, align=align)  # type: ignore[arg-type]
            self._lit[name] = Sprite(lit, alpha=0.0)
            self.parts += [Sprite(dim), self._lit[name]]

    def light(self, at: float, names: list[str]) -> None:
        """The rules that fired, one after the other."""
        for i, name in enumerate(name for name in names if name in self._lit):
            self._lit[name].to(at + 0.3 * i, 0.2, alpha=1.0).pulse(at + 0.3 * i, 0.08)

    def clear(self, at: float) -> None:
        for pill in self._lit.values():
            pill.to(at, t.EXIT, alpha=0.0)


class _Pencil(Live):
    """In the rater's right hand; it goes where the hand goes and fades with its owner."""

    def __init__(self, rater: Rig) -> None:
        hand = rater.hand("r")

        def points(clock: float) -> Points:
            p = hand(clock)
            return polyline(np.array([p + (-0.10, -0.16, 0.0), p + (0.30, 0.52, 0.0)]))

        super().__init__(points, stroke=t.PAPER, w=13, alpha=rater.tracks["alpha"])


def _label(record: Record, rule: str) -> Row:
    """Of the first labels: the plainest case of a rule, so the farthest mark from 5, and of equals the shortest."""
    rows = [row for row in record.labels() if row["phase"] == "coach" and row["rules"] == [rule]]
    return min(rows, key=lambda row: (-abs(row["rating"] - 5), len(row["text"])))


def _nonsense(record: Record, untrained: Record) -> Row:
    """An answer of the untrained model that broke the rule of sense, though another rule fired too; clean and kind first."""
    rows = [row for row in untrained.samples(step=untrained.sample_steps[0]) if "nonsense" in row["rules"]]
    return min(rows, key=lambda row: ("kind" not in row["rules"], row["text"].count("\ufffd"), len(row["text"])))


def _slate(record: Record, row: Row) -> Sprite:
    return Sprite(t.slate(record, f"step {row['step']}"), alpha=0.0)


def _leave(rater: Rig, at: float, end: float) -> None:
    """Simulated: the rater flickers, looks at us, and is gone; the desk stays."""
    for i, alpha in enumerate((0.35, 0.8, 0.3, 0.6)):
        rater.to(at + 0.1 * i, 0.06, alpha=alpha)
    rater.look_out(at + 0.1)
    gone = max(at + 0.9, min(at + 1.8, end - 0.9))
    for i, alpha in enumerate((0.2, 0.5, 0.0)):
        rater.to(gone + 0.1 * i, 0.08, alpha=alpha)
