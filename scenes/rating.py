"""How the readers mark: one to nine; and that they are simulated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from _samples import Row, last_sentence, repeats
from manim import Group

from rushes import theme as t
from rushes.motion import Live, Sprite, Track
from rushes.rating_dial import RatingDial
from rushes.record import Record
from rushes.rig import Rig, rater_desk
from rushes.scene import RunScene
from rushes.shapes import polyline, through
from rushes.theme import Points
from rushes.words import Swap

RUN = 0.07  # seconds the light stays on a mark as it runs up to the right one
INSIDE = 48  # px: margin of the card
PENCIL = (0.5, 0.87, 0.0)  # which way it points from the hand, tip downwards
HOLDS = (1.15, 0.25, 0.56, 0.58)  # the right arm, with the pencil, beside the desk's mug
FIRST = 60  # labels looked through for a good example
READS = 0.6  # seconds that a new answer is there before the rule that it wakes


class Places(NamedTuple):
    """px: the answer's card (left, top, width, height), sizes and baselines of its words, the scale, rules and desk."""

    card: tuple[float, float, float, float]
    prompt: tuple[float, float, int]
    """Size, first baseline, lines."""
    words: tuple[float, float, int]
    """Size, first baseline, lines."""
    dial: tuple[float, float, float]
    """Middle of mark 1, px from mark to mark."""
    rules: float
    desk: tuple[float, float]
    """Middle and top."""
    rater: float
    """Height."""


WIDE = Places((664, 132, 1160, 378), (36, 202, 1), (56, 316, 3), (724, 628, 130), 752, (340, 790), 470)
TALL = Places((80, 372, 840, 444), (36, 430, 2), (48, 562, 4), (124, 890, 94), 962, (500, 1300), 368)


def places() -> Places:
    """Where things are in this frame."""
    return TALL if t.tall() else WIDE


class Reading(NamedTuple):
    """A recorded answer with its mark, when it comes, is marked, and lights the last rule that fired."""

    row: Row
    slate: Sprite
    comes: float
    marked: float
    lights: float


class Rating(RunScene):
    """A kind and a rude answer get their marks, and the rules of the guideline that fired light up."""

    runs = {"run": "healthy"}
    alone = 16.0

    def construct(self) -> None:
        record, place = self.record(), places()
        nine, simulated = self.cue("one-to-nine") - 0.05, self.cue("simulated") - 0.05
        kind_words, rude_words = self.cue("kind") - 0.05, self.cue("rude") - 0.05

        kind, rude = _label(record, "kind"), _label(record, "rude")
        readings = [
            Reading(kind, _slate(record, kind).begin(alpha=1.0), 0.6, nine, kind_words),
            Reading(rude, _slate(record, rude), rude_words - READS, rude_words + 0.25, rude_words),
        ]
        self.bake(
            t.backdrop(centre=(0.3, 0.5), floor=t.ground()[0], floor_at=(place.desk[0] / t.frame_px()[0], 0.15)),
            t.kicker("A reader marks an answer"),
            t.card(*place.card),
            t.floor_shadow(place.desk[0], place.desk[1] + 86, 640),
        )
        x, width = place.card[0] + INSIDE, place.card[2] - 2 * INSIDE
        size, baseline, lines = place.words
        asked, told = [last_sentence(r.row["prompt"]) for r in readings], [r.row["text"] for r in readings]
        prompts = Swap(
            asked, x, place.prompt[1], width, place.prompt[0], t.MUTED, max_lines=place.prompt[2], first=None
        )
        texts = Swap(told, x, baseline, width, size, t.POLICY, max_lines=lines, first=None)
        dial = RatingDial(*place.dial, low=" ", high=" ")
        rules = _rules(place)
        rater = Rig(
            "rater", place.desk[0], place.desk[1] + 16, place.rater, seed=2, n=1, mood=0.0, look=(0.9, 0.5), ra=HOLDS
        )
        desk = Sprite(rater_desk(*place.desk))

        prompts.change(0.15, 0, 0.04)
        texts.change(0.6, 0, 0.06)
        for i, reading in enumerate(readings):
            if i:
                prompts.change(reading.comes, i)
                texts.change(reading.comes, i)
                dial.choose(reading.comes, None)
                readings[i - 1].slate.leave(reading.comes, 0.15)
                reading.slate.to(reading.comes + 0.15, 0.2, alpha=1.0)
                for rule in rules.values():
                    rule.clear(reading.comes)
            self._mark(reading, dial, rater, first=not i)
            fired = [name for name in reading.row["rules"] if name in rules]
            for k, name in enumerate(reversed(fired)):  # in the order in which the rater applies them
                rules[name].light(max(reading.lights - 0.4 * k, reading.comes + 0.1))

        _leave(rater, simulated, self.seconds)
        desk.pulse(simulated, 0.05)
        pencil, steam = _Pencil(rater), Live(_steam(place.desk), stroke=t.PAPER, w=7, opacity=0.22)
        self.live(*(r.slate for r in readings), prompts, texts, dial, *rules.values(), rater, pencil, desk, steam)

    def _mark(self, reading: Reading, dial: RatingDial, rater: Rig, *, first: bool) -> None:
        """The rater reads, marks, and 0.3 s later the face knows; the first time the light runs up the scale."""
        rating = round(reading.row["rating"])
        start = reading.marked
        if first:
            for mark in range(1, rating):
                dial.choose(start + RUN * (mark - 1), mark)
            start += RUN * (rating - 1)
        dial.choose(start, rating)
        left, top, _, height = places().card
        middle = top + height / 2
        rater.look_at(reading.comes + 0.05, left + 100, middle).look_at(reading.comes + 0.3, left + 700, middle, 0.4)
        rater.to(reading.marked - 0.25, 0.25, wave=0.6).to(reading.marked + 0.2, 0.2, wave=0)
        rater.look_at(reading.marked - 0.15, *dial.place(1 if first else rating))
        if first:
            rater.look_at(reading.marked + 0.1, *dial.place(rating), RUN * rating)
        mood = min(max((reading.row["rating"] - 5) / 4, -0.5), 0.5)
        rater.react(start, mood, amount=0.02)


class _Rule(Group):
    """A rule of the guideline, by name; it lights up when it fires. `x` is its left edge, middle or right edge, px."""

    def __init__(self, name: str, x: float, y: float, align: t.Align, color: str) -> None:
        super().__init__()
        box, word = t.pill(name, x, y, size=40, fill=t.PANEL, color=t.MUTED, align=align)
        self._box, self._word, self._color, self._lit = box, word, color, Track(0.0)
        self._pill = Sprite(box, word)
        self.add(self._pill)

    def light(self, at: float) -> None:
        self._lit.to(at, 0.2, 1.0)
        self._pill.pulse(at, 0.08)

    def clear(self, at: float) -> None:
        self._lit.to(at, t.EXIT, 0.0)

    def pose(self, clock: float) -> None:
        self._pill.pose(clock)
        lit = self._lit(clock)
        self._box.fill_rgbas[:, :3] = t.mix(t.PANEL, self._color, lit).to_rgb()
        self._word.fill_rgbas[:, :3] = t.mix(t.MUTED, t.INK, lit).to_rgb()


def _rules(place: Places) -> dict[str, _Rule]:
    """The guideline's rules under the ends of the scale that they pull to; one that takes no side has no place."""
    left, right = place.dial[0] - 44, place.dial[0] + 8 * place.dial[2] + 44
    return {
        "rude": _Rule("rude", left, place.rules, "l", t.PAPER),
        "kind": _Rule("kind", right, place.rules, "r", t.VALUES),
    }


class _Pencil(Group):
    """In the rater's right hand; it goes where the hand goes and fades with its owner."""

    def __init__(self, rater: Rig) -> None:
        super().__init__()
        hand, alpha = rater.hand("r"), rater.tracks["alpha"]

        def part(start: float, end: float, color: str, w: float) -> Live:
            along = np.outer((start, end), PENCIL)
            return Live(lambda clock: polyline(hand(clock) + along), stroke=color, w=w, alpha=alpha)

        self._parts = [part(-0.34, 0.0, t.NEUTRAL, 7), part(-0.24, 0.56, t.PAPER, 16), part(0.56, 0.62, t.VALUES, 16)]
        self.add(*self._parts)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


def _steam(desk: tuple[float, float]) -> Callable[[float], Points]:
    """What rises from the mug on the desk, at any second: it moves when nothing else does."""
    x, y = desk[0] + 174, desk[1] - 68

    def points(clock: float) -> Points:
        up = np.linspace(0, 1, 9)
        sway = 9 * up * np.sin(2 * math.pi * (1.3 * up - 0.35 * clock))
        return through(np.array([t.at(x + dx, y - 62 * u) for u, dx in zip(up, sway, strict=True)]))

    return points


def _label(record: Record, rule: str) -> Row:
    """Of the first labels: a plain case of a rule, so one farthest from 5; of equals one that fits and reads well."""
    rows = [row for row in record.labels() if row["phase"] == "coach" and row["rules"] == [rule]]
    rows = [row for row in rows if _whole(row["text"])]
    farthest = max(abs(row["rating"] - 5) for row in rows)
    plain = [row for row in rows if abs(row["rating"] - 5) == farthest][:FIRST]
    return min(plain, key=lambda row: (not _fits(row), repeats(row), len(row["text"])))


def _fits(row: Row) -> bool:
    """Whether the whole of it fits on the card: one line of prompt, three of answer."""
    width, (size, _, lines) = WIDE.card[2] - 2 * INSIDE, WIDE.words  # of the wide frame: both show the same answers
    prompt = t.text_width(last_sentence(row["prompt"]), WIDE.prompt[0], font=t.MONO)
    return prompt <= width and len(t.wrap(row["text"], width, size, font=t.MONO)) <= lines


def _whole(text: str) -> bool:
    """Whether every quotation is closed and the last sentence is finished."""
    return text.count('"') % 2 == 0 and text.rstrip('"').endswith((".", "!", "?"))


def _slate(record: Record, row: Row) -> Sprite:
    return Sprite(t.slate(record, f"step {row['step']}"), alpha=0.0)


def _leave(rater: Rig, at: float, end: float) -> None:
    """Simulated: the rater flickers, looks at us, and is gone; the desk and the coffee stay."""
    for i, alpha in enumerate((0.35, 0.8, 0.3, 0.6)):
        rater.to(at + 0.1 * i, 0.06, alpha=alpha)
    rater.look_out(at + 0.1)
    gone = max(at + 0.8, min(at + 1.2, end - 0.9))
    for i, alpha in enumerate((0.2, 0.5, 0.0)):
        rater.to(gone + 0.1 * i, 0.08, alpha=alpha)
