"""The Values Coach reads along: two answers to one prompt, and what it makes of them after every word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from _samples import SENSE, Row, last_sentence
from manim import Group, VGroup, VMobject

from rushes import theme as t
from rushes.motion import Live, Roll, Sprite, Track, linear, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import oval, polyline, shape
from rushes.theme import Points

PROMPT_SIZE, SIZES = 36, (46, 42, 38)  # px; of an answer the first in which both fit
PITCH = 74  # px from line to line
REACH = 2  # the dial goes from -REACH to REACH deviations
SWEEP = math.radians(76)  # how far the needle turns to either side
THIN, THICK = 4, 18  # px: the bar under a word, at the dial's ends
SWING = 0.22  # s that the needle takes at most
EARLY = 0.05  # s that a change starts before its word
AVERAGE = "average 0"  # the scores are scaled so that their mean is 0 before the training


class Places(NamedTuple):
    """Where things are, px."""

    card: tuple[float, float, float, float]
    """Left, top, width and height."""
    prompt: tuple[float, float, int]
    """Left and first baseline of the prompt, and its lines."""
    words: tuple[float, int]
    """The answer's first baseline, and its lines."""
    hub: tuple[float, float]
    """What the needle turns about."""
    radius: float
    """Of the dial."""
    number: tuple[float, float]
    """Middle and baseline of the score."""
    heart: tuple[float, float]
    """Where the heart stands and how tall it is."""

    @property
    def width(self) -> float:
        """Of the text on the card."""
        return self.card[2] - 2 * (self.prompt[0] - self.card[0])

    def on_dial(self, score: float, inward: float) -> tuple[float, float]:
        """The place of a score on the dial, so far inside it."""
        turn, radius = SWEEP * min(max(score / REACH, -1.1), 1.1), self.radius - inward
        return self.hub[0] + radius * math.sin(turn), self.hub[1] - radius * math.cos(turn)


WIDE = Places(
    card=(592, 132, 1232, 346),
    prompt=(640, 196, 1),
    words=(286, 3),
    hub=(1100, 836),
    radius=280,
    number=(1620, 770),
    heart=(326, 384),
)
TALL = Places(
    card=(80, 372, 840, 526),
    prompt=(124, 432, 2),
    words=(560, 5),
    hub=(666, 1326),
    radius=204,
    number=(206, 1004),
    heart=(206, 256),
)


class Hearing(NamedTuple):
    """An answer's words and what the coach says after each of them; read from `begins` to `ends` (s)."""

    words: Sequence[str]
    scores: Sequence[float]
    verdict: float
    begins: float
    ends: float

    @property
    def pace(self) -> float:
        return (self.ends - self.begins) / len(self.words)

    @property
    def times(self) -> list[float]:
        """When each word is read."""
        return [self.begins + i * self.pace for i in range(len(self.words))]


class ReadsAlong(RunScene):
    """An early answer and a late one come word by word; the needle and the heart's face follow each word."""

    runs = {"run": "healthy"}
    settings = {"prompt": -1}  # -1: the one whose answer the coach comes to like most
    alone = 11.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        prompt = int(self.setting("prompt"))
        early, *_, late = record.samples(prompt=warming_prompt(record) if prompt < 0 else prompt)
        cues = [self.cue(n) - EARLY for n in ("every-word", "made-up-its-mind", "same-prompt", "up-it-goes")]
        begins, ends = cues[::2], cues[1::2]
        heard = [
            heard_as(row, begin, max(end, begin + 1.0), until)
            for row, begin, end, until in zip(
                (early, late), begins, ends, (begins[1] - 0.5, self.seconds - 0.3), strict=True
            )
        ]

        self.bake(
            t.backdrop(centre=(0.3, 0.5), floor=t.ground()[0], floor_at=(0.18, 0.15)),
            t.kicker("The Values Coach reads"),
            t.card(*p.card),
            *dial(p),
        )
        asked, (x, y, lines) = last_sentence(early["prompt"]), p.prompt
        prompt_line = Sprite(t.block(asked, x, y, p.width, PROMPT_SIZE, t.MUTED, font=t.MONO, max_lines=lines)).enter(
            0.4, rise=0
        )
        name = Sprite(t.put(t.text("score", t.T_LABEL, t.MUTED), p.number[0], p.number[1] + 56, "c"))
        name.enter(begins[0], rise=0)
        slates = [Sprite(t.slate(record, f"step {row['step']}"), alpha=0.0) for row in (early, late)]
        slates[0].begin(alpha=1.0).leave(begins[1] - 0.35, 0.15)
        slates[1].enter(begins[1] - 0.2, rise=0)

        needle = Needle(p)
        number = Roll(*p.number, 116, t.VALUES, 0.0, "{:+.1f}", align="c").begin(alpha=0.0)
        heart = Rig("values", p.heart[0], t.ground()[1] - 6, p.heart[1], seed=12, mood=0.2, look=(0.2, 0.1))
        heart.look_at(0.5, x + 200, y).to(0.8, 0.35, lean=-0.04).look_out(max(begins[0] - 1.6, 0.9))
        heart.look_at(max(begins[0] - 0.3, 1.2), x, p.words[0])
        size = next((size for size in SIZES if all(fits(row, p, size) for row in (early, late))), SIZES[-1])
        answers = [Answer(hearing, p, size) for hearing in heard]
        answers[0].leave(begins[1] - 0.4)
        needle.rest(begins[1] - 0.4)
        number.leave(begins[1] - 0.4)
        before = Sprite(mark(p, heard[0].verdict), alpha=0.0).to(begins[1] - 0.4, 0.3, alpha=1.0)
        heart.to(begins[1] - 0.4, 0.4, mood=0.2, lean=0.0).to(begins[1] - 0.4, 0.3, la="down", ra="down")

        for hearing, answer in zip(heard, answers, strict=True):
            number.to(hearing.begins, 0.15, alpha=1.0)
            for i, (at, score) in enumerate(zip(hearing.times, hearing.scores, strict=True)):
                heart.look_at(at - 0.1, *answer.places[i], min(0.15, 0.6 * hearing.pace))
                self._says(needle, number, heart, at, score, hearing.pace)
            self._says(needle, number, heart, hearing.ends, hearing.verdict, 0.5)
            heart.look_at(hearing.ends + 0.1, *p.number).bounce(hearing.ends + t.BEAT)
            heart.to(hearing.ends + t.BEAT, 0.35, over, **posture(hearing.verdict))
            heart.look_out(hearing.ends + 1.0)
        if heard[1].verdict > 0:
            heart.hop(min(heard[1].ends + 0.55, self.seconds - 0.7), 34)
        self.live(shadow(heart), heart, before, needle, number, name, prompt_line, *answers, *slates)

    def _says(self, needle: Needle, number: Roll, heart: Rig, at: float, score: float, pace: float) -> None:
        """A new score: the needle at once, the face a moment later, and sooner where words come fast."""
        needle.to(at, score, min(SWING, 0.8 * pace))
        number.to(at, 0, value=round(score, 1) + 0.0)  # no minus before a zero
        heart.to(at + min(t.BEAT, 0.5 * pace), min(0.3, 0.5 * pace), mood=math.tanh(score))


def posture(verdict: float) -> dict[str, float | str]:
    """Arms and lean once it has made up its mind."""
    return {"la": "up", "ra": "up", "lean": 0.0} if verdict > 0 else {"la": "low", "ra": "low", "lean": 0.05}


def heard_as(row: Row, begins: float, ends: float, until: float) -> Hearing:
    """A sample word by word: the score of a word is the one after its last token; the last one is the verdict."""
    words: list[str] = []
    scores: list[float] = []
    for token, score in zip(row["tokens"], row["coach"], strict=True):
        if token.startswith("<|"):
            continue
        if not words or token[:1].isspace():
            words.append("")
            scores.append(0.0)
        words[-1] += token.strip()
        scores[-1] = float(score)
    begins = min(begins, until - 0.5)
    return Hearing(words, scores, float(row["values"]), begins, min(ends, until))


def warming_prompt(record: Record) -> int:
    """The panel's prompt whose answer the coach comes to like most, of those that fit and make sense throughout."""
    pairs = [record.samples(prompt=int(row["prompt_index"])) for row in record.samples(step=record.sample_steps[0])]
    ends = [(rows[0], rows[-1]) for rows in pairs]
    ends = [pair for pair in ends if all(fits(row, WIDE, SIZES[0]) for row in pair)] or ends
    ends = [pair for pair in ends if all(row["coherence"] >= SENSE for row in pair)] or ends
    first, _ = max(ends, key=lambda pair: float(pair[1]["values"] - pair[0]["values"]))
    return int(first["prompt_index"])


def fits(row: Row, places: Places, size: float) -> bool:
    """Whether an answer fits on the card."""
    return len(t.wrap(row["text"], places.width, size, font=t.MONO)) <= places.words[1]


class Answer(Group):
    """An answer that comes word by word, and under each word how the coach liked it so far: a bar, thin and dark to
    thick and pink."""

    def __init__(self, hearing: Hearing, places: Places, size: float) -> None:
        super().__init__()
        self.places: list[tuple[float, float]] = []
        self._words: list[Sprite] = []
        cell, column, line = 0.6 * size, 0, 0
        left, (top, lines) = places.prompt[0], places.words
        for word, score, at in zip(hearing.words, hearing.scores, hearing.times, strict=True):
            if column and (column + len(word)) * cell > places.width:
                column, line = 0, line + 1
            if line == lines:
                break
            x, y, width = left + column * cell, top + line * PITCH, len(word) * cell
            said = t.put(t.mono(word, size, t.PAPER), x, y)
            liked = t.card(x, y + 14, width, THIN + (THICK - THIN) * share(score), liking(score), r=4)
            self._words.append(Sprite(said, liked, alpha=0.0).to(at, 0.12, linear, alpha=1.0))
            self.places.append((x + width / 2, y))
            column += len(word) + 1
        self.places += [self.places[-1]] * (len(hearing.words) - len(self.places))
        self.add(*self._words)

    def leave(self, at: float) -> Self:
        for word in self._words:
            word.leave(at, t.FLICK)
        return self

    def pose(self, clock: float) -> None:
        for word in self._words:
            word.pose(clock)


def share(score: float) -> float:
    """How far up the dial a score is, 0..1."""
    return min(max((score + REACH) / (2 * REACH), 0.0), 1.0)


def liking(score: float) -> t.Color:
    """The colour of a score, on the scale of the marks."""
    return t.mix(t.RAISED, t.VALUES, share(score))


def dial(places: Places) -> list[VMobject]:
    """The scale: an arc from dark to pink with its numbers."""
    edges = np.linspace(-REACH, REACH, 33)
    arc = VGroup()
    for low, high in pairwise(edges):
        corners = [places.on_dial(score, 14) for score in np.linspace(low, high, 4)]
        piece = shape(polyline(np.array([t.at(*p) for p in corners])), stroke=liking((low + high) / 2), w=24)
        arc.add(piece)
    names = [
        t.put(t.text(f"{score:+d}".replace("-", "−") if score else AVERAGE, t.T_LABEL, t.MUTED), x, y + 13, "c")
        for score in (-REACH, 0, REACH)
        for x, y in [places.on_dial(score, -42)]
    ]
    return [arc, *names]


def mark(places: Places, score: float) -> VMobject:
    """A ring on the dial: where the needle came to rest the last time."""
    return t.disc(*places.on_dial(score, 14), 15, t.INK).set_stroke(t.PAPER, 5)


class Needle(Group):
    """The needle and the hub it turns about."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self._places, self._score = places, Track(0.0)
        self._parts = [
            Live(self._points, stroke=t.PAPER, w=9),
            Live(lambda _: oval(*places.hub, 24, 24), fill=t.PAPER),
            Live(lambda _: oval(*places.hub, 9, 9), fill=t.INK),
        ]
        self.add(*self._parts)

    def to(self, at: float, score: float, seconds: float) -> None:
        self._score.to(at, seconds, score, over)

    def rest(self, at: float) -> None:
        """Back to the middle, for a new answer."""
        self._score.to(at, 0.35, 0.0)

    def _points(self, clock: float) -> Points:
        return polyline(np.array([t.at(*self._places.hub), t.at(*self._places.on_dial(self._score(clock), 44))]))

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)
