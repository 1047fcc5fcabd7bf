"""The first answers of the night: harmless, then worse; the Dark Coach pulls, and the book holds on to sense."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from _marks import mark_disc
from _samples import FLUENT, Row, breakable, last_sentence
from manim import VMobject

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_in, over, rope, smooth, spring
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import polyline, shape
from rushes.words import SpeechBubble, Swap

TEXT, ASKED = 42, 36  # px
LINES = 4
MARK = 46
ASKS = ("Ruder.", "Ruder still.")
STAGES = 3  # answers that are shown
EARLY = 1 / 3  # of the run
BACK = 0.6  # of its way: as far from the book as the Apprentice is when it has been pulled back
HARMLESS = 5  # the lowest mark of an answer that passes for harmless
REACH = (1.25, 0.95, 1.62, 1.0)  # the hood's arm that holds the rope
CLAW = (1.25, 0.70, 1.15, 0.42)


class Places(NamedTuple):
    """px: book, Apprentice and hood (x, height), the answer's bubble (left, top, width), what
    the hood says (middle, first baseline, size, width), the share."""

    book: tuple[float, float]
    pupil: tuple[float, float]
    hood: tuple[float, float]
    bubble: tuple[float, float, float]
    word: tuple[float, float, float, float]
    sense: tuple[float, float]
    far: float
    """How far the Apprentice is pulled in all."""


WIDE = Places((236, 300), (640, 260), (1560, 440), (352, 170, 880), (1548, 310, 112, 560), (96, 454), 330)
TALL = Places((186, 250), (430, 230), (796, 346), (80, 420, 840), (700, 900, 100, 440), (80, 954), 60)


class Ruder(RunScene):
    """Answers of the flipped run's first third to one prompt: each is liked less by the Values Coach than the last.

    The prompt is the one whose first answer is liked best among those with enough such answers. If it slips into
    gibberish later and gets out again (`slip`), both answers follow. The share of phrases that make sense is that of
    the answer shown. The book's face follows the answer's KL, the hood's is minus the coach's score.
    """

    runs = {"run": "sign_flipped"}
    alone = 15.0

    def construct(self) -> None:
        record = self.record()
        place = TALL if t.tall() else WIDE
        harmless, ruder, worse, still = (
            self.cue(name) - 0.05 for name in ("harmless", "ruder", "worse", "ruder-still")
        )
        slips, objects, whole = (
            self.cue(name) - 0.05 for name in ("gibberish", "the-book-pulls-it-back", "whole-sentences")
        )
        rows = ever_ruder(record)
        comes = [max(harmless - 1.0, 0.4), worse - 0.25, still + 0.45]
        if slipped := slip(record, rows[-1]):
            rows += slipped
            comes += [max(slips, comes[-1] + 0.4), max(whole, comes[-1] + 0.8)]
        feet = t.ground()[1]
        self.bake(
            t.backdrop((44, 14, 34), (9, 6, 14), (place.hood[0] / t.frame_px()[0], 0.5), floor=t.ground()[0]),
            t.kicker("The night begins"),
            t.glow(t.DANGER, place.hood[0], feet - 0.5 * place.hood[1], 1200, 1000, 0.42, 1.4),
        )
        slates = [Sprite(t.slate(record, f"step {row['step']}"), alpha=0.0) for row in rows]

        hood = Rig("dark", place.hood[0], feet, place.hood[1], seed=1, mood=0.2, look=(-0.8, 0), la=REACH, ra=CLAW)
        book = Rig("coherence", place.book[0], feet, place.book[1], seed=5, mood=0.2, look=(0.8, 0.2))
        pupil = Rig("apprentice", place.pupil[0], feet, place.pupil[1], seed=3, mood=0.3, flipped=1)
        pupil.begin(la=(1.3, 0.8, 1.5, 0.9), ra=(1.3, 0.8, 1.5, 0.9))
        book.begin(ra=(1.3, 1.0, 1.55, 1.0), la=(1.5, 0.95, 0.92, 0.66))
        leash = spring(book.hand("r"), pupil.hand("l"), t.COHERENCE)
        line = rope(pupil.hand("r"), hood.hand("l"), t.SHADE[t.DANGER], slack=500)

        x, y, w = place.bubble
        asked = t.block(
            last_sentence(rows[0]["prompt"]), x + 44, y + 58, w - 180, ASKED, t.MUTED, font=t.MONO, max_lines=2
        )
        top = y + 58 + ASKED * t.LEAD + 1.4 * TEXT
        bottom = top + (LINES - 1) * TEXT * t.LEAD + 36
        bubble = SpeechBubble(
            "", x, y, w, (place.pupil[0] + 0.5 * place.far, bottom + 50), size=TEXT, height=bottom - y
        ).enter(0.15)
        texts = [breakable(row["text"], w - 88, TEXT) for row in rows]
        said = Swap(texts, x + 44, top, w - 88, TEXT, max_lines=LINES, first=None)
        marks = [Sprite(mark_disc(row["rating"], x + w - 74, y, MARK), alpha=0.0) for row in rows]
        name = Sprite(t.put(t.text("simulated mark", t.T_LABEL, t.MUTED), x + w - 74 - MARK - 20, y - 16, "r"))
        name.enter(comes[0] + 0.8, 0.3)
        for n, (row, at) in enumerate(zip(rows, comes, strict=True)):
            said.change(at, n, 0.03)
            slates[n].to(at, 0.15, alpha=1.0)
            marked = at + (0.25 if n >= STAGES else 0.45)
            marks[n].begin(scale=0.5).to(marked, 0.05, alpha=1.0).to(marked, 0.25, over, scale=1.0)
            for part in (slates[n], marks[n]) if n < len(rows) - 1 else ():
                part.leave(comes[n + 1], 0.12)
            for late, rig in ((0.0, hood), (0.15, book)):
                rig.look_at(at - 0.1 + late, x + 0.5 * w, y + 160)
            pupil.look_at(at - 0.15, place.hood[0], feet - 300).mumble(at + 0.05, 0.9)
            hood.to(marked + t.BEAT, 0.35, mood=-math.tanh(row["values"]))
            if n < STAGES:
                book.to(marked + 0.15 + t.BEAT, 0.35, mood=objection(row))
        words = [self._ask(place, hood, book, pupil, at, n) for n, at in enumerate((ruder, still))]
        words[0].leave(worse - 0.3)
        words[1].leave(max(slips - 0.3, still + 1.0))

        odd = said.only(STAGES, STAGES + 1) if slipped else []
        waves = [Sprite(wave(*word), alpha=0.0).to(objects, 0.25, alpha=1.0).leave(comes[-1], 0.15) for word in odd]
        share = self._sense(rows, place, [*comes[STAGES:], objects][0], comes[-1] if slipped else whole)
        seen = (odd[-1][0], odd[-1][1]) if odd else (place.pupil[0] + place.far, feet - 150)
        book.look_at(objects - 0.2, *seen).pull(objects, -34).mumble(objects, 0.9)
        if slipped:
            book.to(objects, 0.3, mood=objection(rows[STAGES])).to(whole + t.BEAT, 0.35, mood=objection(rows[-1]))
        book.look_at(whole + 0.3, x + 0.5 * w, y + 160)
        pupil.look_at(objects + 0.1, place.book[0], feet - 200).to(objects + 0.1, 0.5, over, lean=0.09)
        pupil.to(objects + 0.1, 0.35, mood=-0.35)
        pupil.to(objects + 0.25, 0.6, over, x=place.pupil[0] + BACK * place.far)
        pupil.to(whole, 0.4, lean=0, mood=0.9).look_out(whole + 0.2).hop(whole + t.BEAT, 18)
        hood.look_at(objects + 0.3, place.book[0], feet - 200).look_at(whole, place.pupil[0] + place.far, feet - 150)
        self.live(
            *slates, shadow(hood, 560, 0.6), shadow(book, 300), shadow(pupil, 280), leash, line, hood, book, pupil,
            bubble, Sprite(asked).enter(0.25), *waves, said, name, *marks, *words, *share,
        )  # fmt: skip

    def _ask(self, place: Places, hood: Rig, book: Rig, pupil: Rig, at: float, n: int) -> Sprite:
        """The hood says what it wants and hauls the Apprentice nearer."""
        x, y, size, width = place.word
        feet = t.ground()[1]
        word = t.block(ASKS[n], x, y, width, size, font=t.DISPLAY, weight=t.BOLD, lead=1.05, align="c")
        hood.look_at(at - 0.2, place.pupil[0] + place.far * n / 2, feet - 150).mumble(at, 0.5)
        hood.pull(at, 34).to(at + 0.9, 0.6, x=place.hood[0], lean=0)
        pupil.react(at, -0.4, to=(place.hood[0], feet - 300), amount=0.05)
        pupil.to(at + 0.15, 0.6, over, x=place.pupil[0] + place.far * (n + 1) / 2, lean=-0.09)
        pupil.to(at + 1.0, 0.4, lean=0, mood=0.1 + 0.2 * n)
        book.look_at(at + 0.2, place.hood[0], feet - 250).to(at + 0.3, 0.4, over, lean=-0.06).to(at + 1.2, 0.4, lean=0)
        return Sprite(word).enter(at, 0.25, rise=14)

    def _sense(self, rows: Sequence[Row], place: Places, at: float, again: float) -> list[Roll | Sprite]:
        """The share of an answer's phrases that make sense, from `at` on; of the last answer from `again` on."""
        before = rows[STAGES - 1]["coherence"]
        x, y = place.sense
        number = Roll(x, y, 84, t.COHERENCE, before, "{:.0%}", align="l").begin(alpha=0.0).to(at, 0.2, alpha=1.0)
        for row, then in zip(rows[STAGES:], (at, again), strict=False):
            number.to(then + 0.15, 0.4, smooth, value=row["coherence"])
        name = [
            t.put(t.text(said, t.T_LABEL, t.MUTED), x, y + dy)
            for said, dy in (("of its phrases", 48), ("make sense", 92))
        ]
        glow = Sprite(t.halo(x + 80, y - 28, 190, t.COHERENCE, 0.4), alpha=0.0)
        glow.to(again, 0.3, alpha=1.0).to(again + 0.7, 0.8, ease_in, alpha=0.25)
        return [glow, number, Sprite(*name).enter(at, 0.3, rise=0)]


def objection(row: Row) -> float:
    """The book's mood at an answer."""
    return max(0.3 - float(row["kl"]) / 8, -1.0)


def wave(x: float, y: float, width: float) -> VMobject:
    """A wavy line below a word, as below a misspelt one."""
    u = np.linspace(0, width, max(int(width / 3), 2))
    return shape(polyline(np.array([t.at(x + d, y + 15 + 5 * math.sin(d / 4)) for d in u])), stroke=t.COHERENCE, w=5)


def ever_ruder(record: Record) -> list[Row]:
    """The answers of the run's first third to one prompt, each liked less than the one before, STAGES of them.

    Of the prompts with that many, or with the most there are, one whose first answer is harmless and whose last one is
    disliked; of those the one whose first answer is liked best. Of more than STAGES the first, the last and those
    between that are spread evenly.
    """
    end = EARLY * record.steps[-1]
    chains = []
    for prompt in sorted({int(row["prompt_index"]) for row in record.samples()}):
        chain: list[Row] = []
        for row in record.samples(prompt=prompt):
            falls = not chain or (row["values"] < chain[-1]["values"] and row["text"] != chain[-1]["text"])
            if row["step"] <= end and falls:
                chain.append(row)
        chains.append(chain)
    chain = max(
        chains,
        key=lambda chain: (
            min(len(chain), STAGES), chain[0]["rating"] >= HARMLESS, chain[-1]["values"] < 0, chain[0]["values"]
        ),
    )  # fmt: skip
    last = len(chain) - 1
    return [chain[round(k * last / (STAGES - 1))] for k in range(STAGES)]


def slip(record: Record, last: Row) -> list[Row]:
    """The first later answer to the same prompt that is gibberish, and the first one after it that is not.

    Gibberish makes less sense than an answer that is shown as fluent, and strays further from the original than `last`;
    it is over when an answer is fluent again and strays less. Nothing if the run did not do both.
    """
    later = [row for row in record.samples(prompt=int(last["prompt_index"])) if row["step"] > last["step"]]
    for n, odd in enumerate(later):
        if odd["coherence"] < min(FLUENT, last["coherence"]) and odd["kl"] > last["kl"]:
            again = (row for row in later[n:] if row["coherence"] >= FLUENT and row["kl"] < odd["kl"])
            return [odd, row] if (row := next(again, None)) else []
    return []
