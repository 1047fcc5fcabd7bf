"""The Megacoach: one coach pulls towards kinder, one towards sense, and their sum is the Apprentice's reward."""

from __future__ import annotations

import math
from typing import NamedTuple

from _samples import strayed_sample

from rushes import theme as t
from rushes.motion import Hand, Roll, Sprite, Track, ease_out, over, rope, spring
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble

EARLY = 0.05  # s that a change starts before its word


class Stand(NamedTuple):
    """Where one of them stands, how high it is and, for a coach, where it comes from; px."""

    x: float
    feet: float
    h: float
    wings: float = 0.0


class Places(NamedTuple):
    """All in px."""

    heart: Stand
    pupil: Stand
    book: Stand
    arms: tuple[str, str]
    """The Apprentice's, and the inner one of the coaches."""
    floor: float
    eyes: float
    """y of where one looks to look at one of them."""
    terms: tuple[float, float, float]
    """The middles of the three numbers."""
    signs: tuple[float, float, float]
    """The middles of the two signs between them, and their size."""
    term_y: float
    """Their baseline."""
    sizes: tuple[float, float, float]
    """How large they are, at most."""
    room: float
    """How wide they may be together."""
    bubble: tuple[float, float, float]
    """Left, top, width."""
    lines: int
    tip: float
    """y of what the bubble points at, the Apprentice."""
    says: tuple[tuple[float, float], tuple[float, float]]
    """Middle and baseline of what each coach says."""
    slack: float
    """At what distance the cord no longer hangs."""
    coils: int
    """Of the leash."""


WIDE = Places(
    heart=Stand(292, t.FEET, 320, -340),
    pupil=Stand(960, t.FEET, 290),
    book=Stand(1628, t.FEET, 335, 2260),
    arms=("out", "out"),
    floor=t.FLOOR,
    eyes=640,
    terms=(480, 950, 1420),
    signs=(715, 1185, 84),
    term_y=236,
    sizes=(88, 88, 112),
    room=1200,
    bubble=(190, 338, 1540),
    lines=2,
    tip=548,
    says=((620, 640), (1300, 640)),
    slack=317,
    coils=11,
)
TALL = Places(
    heart=Stand(214, 1300, 262, -220),
    pupil=Stand(500, 1080, 220),
    book=Stand(826, 1300, 278, 1260),
    arms=("down", "low"),
    floor=1024,
    eyes=1060,
    terms=(204, 480, 788),
    signs=(354, 612, 64),
    term_y=458,
    sizes=(88, 88, 96),
    room=670,
    bubble=(80, 544, 840),
    lines=4,
    tip=846,
    says=((196, 1386), (784, 1386)),
    slack=60,
    coils=7,
)


class MegacoachPull(RunScene):
    """Coach score minus beta times KL is the total of one recorded answer; three numbers land in turn."""

    runs = {"run": "healthy"}
    alone = 12.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        sample = strayed_sample(record)
        beta = float(record.setting("beta"))
        score, cost, total = float(sample["values"]), beta * float(sample["kl"]), float(sample["total"])
        kinder = self.cue("kinder") - EARLY
        sense = self.cue("making-sense") - EARLY
        sums = self.cue("total") - EARLY

        self.bake(
            t.backdrop(centre=(0.5, 0.6), floor=place.floor, stars=70),
            t.kicker("The Megacoach adds up"),
            t.slate(record, f"step {sample['step']}"),
        )
        own, inner = place.arms
        heart = Rig("values", place.heart.wings, *place.heart[1:3], seed=1, mood=0.2, arms=("down", inner))
        book = Rig("coherence", place.book.wings, *place.book[1:3], seed=9, mood=0.2, arms=(inner, "hip"))
        pupil = Rig("apprentice", *place.pupil[:3], seed=12, mood=0.2, look=(0, 0.3), arms=(own, own))
        heart.begin(look=(0.9, 0.1))
        book.begin(look=(-0.9, 0.1))
        bubble = SpeechBubble(sample["text"], *place.bubble, (place.pupil.x, place.tip), max_lines=place.lines)
        bubble.enter(0.1)

        # both come in and take hold: done before the first word that pulls
        k = min((kinder - 0.2) / 3.2, 1.0)
        heart.walk(0.4 * k, place.heart.x, 1.2 * k, steps=4)
        book.walk(1.3 * k, place.book.x, 1.2 * k, steps=4)
        pupil.look_at(0.5 * k, place.heart.x, place.eyes).look_at(1.4 * k, place.book.x, place.eyes)
        pupil.look_out(2.9 * k)
        cord = rope(heart.hand("r"), thrown(heart.hand("r"), pupil.hand("l"), 1.75 * k), t.VALUES, slack=place.slack)
        leash = spring(
            book.hand("l"), thrown(book.hand("l"), pupil.hand("r"), 2.65 * k), t.COHERENCE, coils=place.coils
        )

        tug(heart, pupil, place, kinder, -1, math.tanh(score))
        tug(book, pupil, place, sense, 1, max(0.3 - float(sample["kl"]) / 8, -1.0))
        last, home = (place.terms[2], place.term_y), (place.pupil.x, place.eyes)
        pupil.look_at(sums - 0.15, *last).to(sums, 0.5, over, x=place.pupil.x, lean=0.0)
        pupil.react(sums + 0.3, math.tanh(total), amount=0.06)
        if total > 0:
            pupil.hop(sums + 1.15, 18)
        pupil.look_out(sums + 1.9)
        heart.look_at(sums + 0.1, *last).look_at(sums + 1.3, *home)
        book.look_at(sums + 0.2, *last).look_at(sums + 1.7, *home)

        digits = agreeing_digits(score, cost, total)
        weighed = f"{beta:g} × KL {sample['kl']:.1f}"
        (minus, equals, size), y = place.signs, place.term_y
        told = (
            (score, f"{{:+.{digits}f}}", "Values Coach", t.VALUES, kinder),
            (cost, f"{{:.{digits}f}}", weighed, t.COHERENCE, sense),
            (total, f"{{:+.{digits}f}}", "Megacoach", t.PAPER, sums),
        )
        widths = (
            t.text_width(fmt.format(v), em, weight=t.BOLD) for (v, fmt, *_), em in zip(told, place.sizes, strict=True)
        )
        fit = min(1.0, place.room / sum(widths))
        terms = [
            part
            for one, x, em in zip(told, place.terms, place.sizes, strict=True)
            for part in term(*one, x=x, y=y, size=fit * em)
        ]
        terms += [sign("−", minus, y, size, sense), sign("=", equals, y, size, sums)]
        wants = ("be kinder", t.VALUES, kinder), ("make sense", t.COHERENCE, sense)
        says = [
            Sprite(t.put(t.text(words, 50, color, weight=t.BOLD), *where, "c")).enter(at + 0.1)
            for (words, color, at), where in zip(wants, place.says, strict=True)
        ]
        self.live(shadow(heart), shadow(book), shadow(pupil), heart, book, pupil, cord, leash, bubble, *says, *terms)


def tug(coach: Rig, pupil: Rig, place: Places, at: float, way: int, mood: float) -> None:
    """A coach says what it wants and pulls, to the left (-1) or right (1); then its face knows its own number."""
    middle = place.pupil.x
    coach.look_at(at - 0.2, middle, place.eyes).pull(at, 38 * way).mumble(at, 0.8)
    coach.react(at + 0.35, mood, to=(middle, place.eyes - 20), amount=0.03)
    home = coach.at(at - 0.2)["x"]
    pupil.look_at(at - 0.15, home, place.eyes).to(at + 0.10, 0.55, over, lean=-0.09 * way, x=middle + 50 * way)


def term(
    value: float, fmt: str, name: str, color: t.Color, at: float, *, x: float, y: float, size: float
) -> tuple[Roll, Sprite]:
    """A number that counts up from nothing at `at`, middle and baseline at (x, y) px, and its name below."""
    number = Roll(x, y, size, color, 0.0, fmt).enter(at, 0.2).to(at, 0.6, ease_out, value=value)
    return number, Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, y + 58, "c")).enter(at, rise=0)


def sign(s: str, x: float, y: float, size: float, at: float) -> Sprite:
    """What stands between two terms."""
    return Sprite(t.put(t.text(s, size, t.MUTED), x, y, "c")).enter(at, rise=0)


def thrown(a: Hand, b: Hand, at: float) -> Hand:
    """The end of a line that is at hand `a` until it is thrown at `at`, and then at hand `b`."""
    reach = Track(0.0).to(at, 0.35, 1.0, ease_out)
    return lambda clock: a(clock) + (b(clock) - a(clock)) * reach(clock)


def agreeing_digits(score: float, cost: float, total: float) -> int:
    """With how many decimals the three numbers, each rounded by itself, still add up for the eye; 2 if with none."""
    return next((n for n in (2, 1, 3) if round(round(score, n) - round(cost, n) - round(total, n), 6) == 0), 2)
