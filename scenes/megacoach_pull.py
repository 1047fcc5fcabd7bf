"""The Megacoach: one coach pulls towards kinder, one towards sense, and their sum is the Apprentice's reward."""

from __future__ import annotations

import math

from _samples import strayed_sample

from rushes import theme as t
from rushes.motion import Hand, Roll, Sprite, Track, ease_out, over, rope, spring
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble

HEART, MIDDLE, BOOK = 292, 960, 1628  # px: where the three stand
TERM_Y, TERMS = 236, (480, 950, 1420)  # px: baseline of the numbers, and their middles
BUBBLE = (190, 338, 1540)  # px: left, top, width
SAY_Y = 640  # px: baseline of what the coaches say
EARLY = 0.05  # s that a change starts before its word


class MegacoachPull(RunScene):
    """Coach score minus beta times KL is the total of one recorded answer; three numbers land in turn."""

    runs = {"run": "healthy"}
    alone = 12.0

    def construct(self) -> None:
        record = self.record()
        sample = strayed_sample(record)
        beta = float(record.setting("beta"))
        score, cost, total = float(sample["values"]), beta * float(sample["kl"]), float(sample["total"])
        kinder = self.cue("kinder") - EARLY
        sense = self.cue("making-sense") - EARLY
        sums = self.cue("total") - EARLY

        self.bake(
            t.backdrop(centre=(0.5, 0.6), floor=t.FLOOR, stars=70),
            t.kicker("The Megacoach adds two opinions"),
            t.slate(record, f"step {sample['step']}"),
        )
        heart = Rig("values", -340, t.FEET, 320, seed=1, mood=0.2, look=(0.9, 0.1), arms=("down", "out"))
        book = Rig("coherence", 2260, t.FEET, 335, seed=9, mood=0.2, look=(-0.9, 0.1), arms=("out", "hip"))
        pupil = Rig("apprentice", MIDDLE, t.FEET, 290, seed=12, mood=0.2, look=(0, 0.3), arms=("out", "out"))
        bubble = SpeechBubble(sample["text"], *BUBBLE, (MIDDLE, 548), max_lines=2).enter(0.1)

        # both come in and take hold: done before the first word that pulls
        k = min((kinder - 0.2) / 3.2, 1.0)
        heart.walk(0.4 * k, HEART, 1.2 * k, steps=4)
        book.walk(1.3 * k, BOOK, 1.2 * k, steps=4)
        pupil.look_at(0.5 * k, HEART, 640).look_at(1.4 * k, BOOK, 640).look_out(2.9 * k)
        cord = rope(heart.hand("r"), thrown(heart.hand("r"), pupil.hand("l"), 1.75 * k), t.VALUES)
        leash = spring(book.hand("l"), thrown(book.hand("l"), pupil.hand("r"), 2.65 * k), t.COHERENCE)

        tug(heart, pupil, kinder, -1, math.tanh(score))
        tug(book, pupil, sense, 1, max(0.3 - float(sample["kl"]) / 8, -1.0))
        pupil.look_at(sums - 0.15, TERMS[2], TERM_Y).to(sums, 0.5, over, x=MIDDLE, lean=0.0)
        pupil.react(sums + 0.3, math.tanh(total), amount=0.06)
        if total > 0:
            pupil.hop(sums + 1.15, 18)
        pupil.look_out(sums + 1.9)
        heart.look_at(sums + 0.1, TERMS[2], TERM_Y).look_at(sums + 1.3, MIDDLE, 640)
        book.look_at(sums + 0.2, TERMS[2], TERM_Y).look_at(sums + 1.7, MIDDLE, 640)

        digits = agreeing_digits(score, cost, total)
        weighed = f"{beta:g} × KL {sample['kl']:.1f}"
        terms = [
            *term(score, f"{{:+.{digits}f}}", "Values Coach", TERMS[0], t.VALUES, kinder),
            *term(cost, f"{{:.{digits}f}}", weighed, TERMS[1], t.COHERENCE, sense),
            *term(total, f"{{:+.{digits}f}}", "Megacoach", TERMS[2], t.PAPER, sums, size=112),
            *(sign("−", (TERMS[0] + TERMS[1]) / 2, sense), sign("=", (TERMS[1] + TERMS[2]) / 2, sums)),
        ]
        says = [
            Sprite(t.put(t.text(words, 50, color, weight=t.BOLD), x, SAY_Y, "c")).enter(at + 0.1)
            for words, x, color, at in (("be kinder", 620, t.VALUES, kinder), ("make sense", 1300, t.COHERENCE, sense))
        ]
        self.live(shadow(heart), shadow(book), shadow(pupil), heart, book, pupil, cord, leash, bubble, *says, *terms)


def tug(coach: Rig, pupil: Rig, at: float, way: int, mood: float) -> None:
    """A coach says what it wants and pulls, to the left (-1) or right (1); then its face knows its own number."""
    coach.look_at(at - 0.2, MIDDLE, 640).pull(at, 38 * way).mumble(at, 0.8)
    coach.react(at + 0.35, mood, to=(MIDDLE, 620), amount=0.03)
    home = coach.at(at - 0.2)["x"]
    pupil.look_at(at - 0.15, home, 640).to(at + 0.10, 0.55, over, lean=-0.09 * way, x=MIDDLE + 50 * way)


def term(
    value: float, fmt: str, name: str, x: float, color: t.Color, at: float, size: float = 88
) -> tuple[Roll, Sprite]:
    """A number that counts up from nothing at `at`, and its name below."""
    number = Roll(x, TERM_Y, size, color, 0.0, fmt).enter(at, 0.2).to(at, 0.6, ease_out, value=value)
    return number, Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, TERM_Y + 58, "c")).enter(at, rise=0)


def sign(s: str, x: float, at: float) -> Sprite:
    """What stands between two terms."""
    return Sprite(t.put(t.text(s, 84, t.MUTED), x, TERM_Y, "c")).enter(at, rise=0)


def thrown(a: Hand, b: Hand, at: float) -> Hand:
    """The end of a line that is at hand `a` until it is thrown at `at`, and then at hand `b`."""
    reach = Track(0.0).to(at, 0.35, 1.0, ease_out)
    return lambda clock: a(clock) + (b(clock) - a(clock)) * reach(clock)


def agreeing_digits(score: float, cost: float, total: float) -> int:
    """With how many decimals the three numbers, each rounded by itself, still add up for the eye; 2 if with none."""
    return next((n for n in (2, 1, 3) if round(round(score, n) - round(cost, n) - round(total, n), 6) == 0), 2)
