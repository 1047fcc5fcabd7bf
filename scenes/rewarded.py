"""What was paid for: the Values Coach stamps an answer with its score, and only the number reaches the Apprentice."""

from __future__ import annotations

import math
from typing import NamedTuple

from _samples import Row, breakable, last_sentence, sensible

from rushes import theme as t
from rushes.motion import Sprite, ease_in, ease_out, over, ring, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Redacted

PAD, PROMPT, SIZE = 48, 36, 50
STAMP = (330, 158)  # width and height of the stamp, px
NUMBER = 92
TILT = 0.09


class Places(NamedTuple):
    """Card (left, top, width, height), middle of the stamp, the two (x, height), where the number goes; px."""

    card: tuple[float, float, float, float]
    lines: int
    stamp: tuple[float, float]
    heart: tuple[float, float]
    pupil: tuple[float, float]
    paid: tuple[float, float]


WIDE = Places((360, 140, 1200, 366), 3, (790, 552), (420, 300), (1688, 236), (1688, 552))
TALL = Places((80, 384, 840, 424), 4, (360, 858), (240, 330), (720, 270), (720, 1036))


class Rewarded(RunScene):
    """A kind answer turns pink, then into grey bars; the stamp on it stays, and its number flies to the Apprentice."""

    runs = {"run": "healthy"}
    alone = 12.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        kind, paid, high = (self.cue(name) - 0.05 for name in ("to-be-kind", "paid-for", "a-high-score"))
        nobody = self.cue("nobody-paid", paid + 0.4 * (high - paid)) - 0.05
        row = pleasing(record)
        x, y, width, height = places.card
        floor, feet = t.ground()

        self.bake(
            t.backdrop(centre=(0.5, 0.3), floor=floor),
            t.kicker("What it was paid for"),
            t.slate(record, f"step {row['step']}"),
        )
        inner = width - 2 * PAD
        asked = t.block(last_sentence(row["prompt"]), x + PAD, y + 62, inner, PROMPT, t.MUTED, font=t.MONO, max_lines=1)
        card = Sprite(t.card(x, y, width, height, t.PANEL, stroke=t.SHADE[t.POLICY], sw=3)).enter(0.0, 0.3)
        prompt = Sprite(asked).enter(0.1, 0.3)
        words = Redacted(
            breakable(row["text"], inner, SIZE), x + PAD, y + 146, inner, SIZE, t.POLICY, max_lines=places.lines
        )
        said = max(min(1.4, 0.6 * kind), 0.3)
        count = len(row["text"].split())
        words.enter(0.3, said / max(count, 1)).tint(kind, t.VALUES, 0.8 / max(count, 1))
        words.redact(nobody, max(min(1.2, high - nobody - 0.5), 0.2) / max(count, 1))
        prompt.to(nobody, 0.5, alpha=0.35)
        light = Sprite(t.glow(t.VALUES, x + width / 2, y + height / 2, 1.3 * width, 2.2 * height, 0.3), alpha=0.0)
        light.to(kind, 0.6, ease_out, alpha=1.0).to(paid, 0.5, ease_in, alpha=0.0)

        heart = Rig("values", places.heart[0], feet, places.heart[1], seed=4, mood=0.3)
        pupil = Rig("apprentice", places.pupil[0], feet, places.pupil[1], seed=21, mood=0.3)
        stamp, figure, lands = _stamp(row, places.stamp, paid)
        number, arrives = self._number(row, places, high)
        figure.to(high, 0, alpha=0.0).to(min(high + 0.5, arrives), 0.3, alpha=1.0)
        self._act(heart, pupil, row, places, (kind, lands, nobody, high, arrives))
        shake = (card, prompt)
        for part in shake:
            part.to(lands, 0.05, ease_out, dy=7).to(lands + 0.05, 0.25, smooth, dy=0)
        puff = ring(lands, *places.stamp, t.VALUES, 300, 150, 0.45)
        self.live(light, shadow(heart), shadow(pupil), card, prompt, words, puff, heart, pupil, stamp, figure, number)

    def _number(self, row: Row, places: Places, at: float) -> tuple[Sprite, float]:
        """The stamp's number on its way to the Apprentice, and when it is there."""
        x, y = places.stamp
        line = t.put(t.text(_shown(row), NUMBER, t.VALUES, weight=t.BOLD), x, y + 12, "c")
        number = Sprite(line, alpha=0.0, pivot=(x, y - 20)).begin(rot=TILT)
        seconds = min(0.6, max(self.seconds - at - 0.8, 0.3))
        number.to(at, 0, alpha=1.0).to(at, 0.2, ease_out, scale=1.25)
        number.to(at + 0.2, seconds, smooth, dx=places.paid[0] - x, rot=0.0, scale=1.2)
        number.to(at + 0.2, seconds, lambda a: smooth(a) ** 2, dy=places.paid[1] - (y - 20))
        return number, at + 0.2 + seconds

    def _act(self, heart: Rig, pupil: Rig, row: Row, places: Places, times: tuple[float, ...]) -> None:
        """The heart reads and stamps; the Apprentice is proud of its words, misses them, and is glad of the number."""
        kind, lands, nobody, high, arrives = times
        x, y, width, _ = places.card
        heart.look_at(0.3, x + 200, y + 160).look_at(0.6, x + width - 100, y + 200, 0.9)
        pupil.to(0.3, 0.2, la="out").mumble(0.3, min(1.4, 0.6 * kind)).look_out(max(kind - 0.2, 0.4))
        pupil.to(kind + t.BEAT, 0.35, mood=(row["rating"] - 5) / 4).hop(kind + t.BEAT, 22).to(
            kind + 0.6, 0.3, la="down"
        )
        heart.to(kind + 0.2, 0.3, over, la="clasp", ra="clasp").to(kind + t.BEAT, 0.35, mood=0.6)
        heart.look_at(lands - 0.75, *places.stamp).to(lands - 0.6, 0.35, smooth, ra="up", la="down")
        heart.to(lands - 0.1, 0.1, ease_in, ra="out").hop(lands - 0.45, 30)
        heart.react(lands, math.tanh(row["values"]), to=places.stamp)
        pupil.look_at(lands + 0.1, *places.stamp).to(lands + 0.4, 0.4, mood=0.15)
        pupil.look_at(nobody, x + 100, y + 180).look_at(nobody + 0.3, x + width - 200, y + 220, 0.8)
        pupil.to(nobody + 0.3, 0.4, mood=-0.1)
        heart.look_out(nobody + 0.3).look_at(high - 0.2, *places.stamp).look_at(high + 0.3, *places.paid, 0.7)
        pupil.look_at(high - 0.15, *places.stamp).look_at(high + 0.25, *places.paid, arrives - high - 0.2)
        pupil.to(high + 0.4, 0.3, over, la="up", ra="up")
        pupil.to(arrives + 0.15, 0.35, mood=max(math.tanh(row["total"]), 0.0)).hop(arrives + 0.1, 18)


def pleasing(record: Record) -> Row:
    """Of the last step's sensible answers with the highest mark: one that the Coherence Coach takes least from.

    Complete ones first, so that no quotation is left open.
    """
    rows = sensible(record.samples(step=record.sample_steps[-1]))
    rows = [row for row in rows if row["text"].count('"') % 2 == 0] or rows
    best = max(row["rating"] for row in rows)
    return min((row for row in rows if row["rating"] == best), key=lambda row: abs(row["values"] - row["total"]))


def _shown(row: Row) -> str:
    return f"{row['values']:+.1f}".replace("-", "−")


def _stamp(row: Row, place: tuple[float, float], at: float) -> tuple[Sprite, Sprite, float]:
    """The coach's score in a frame, slammed on the card: frame and number, and when it lands."""
    x, y = place
    w, h = STAMP
    frame = t.card(x - w / 2, y - h / 2, w, h, t.INK, r=24, stroke=t.VALUES, sw=8)
    figure = t.put(t.text(_shown(row), NUMBER, t.VALUES, weight=t.BOLD), x, y + 12, "c")
    name = t.put(t.text("coach’s score", t.T_LABEL, t.VALUES), x, y + 58, "c")
    lands = at + 0.16
    stamp, number = (Sprite(*parts, alpha=0.0, pivot=place) for parts in ((frame, name), (figure,)))
    for part in (stamp, number):
        part.begin(scale=2.3, rot=-0.05).to(at, 0.1, alpha=1.0)
        part.to(at, lands - at, ease_in, scale=1.0, rot=TILT).pulse(lands, -0.05, 0.3)
    return stamp, number, lands
