from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from typing import NamedTuple

import _signs
import numpy as np
from manim import VGroup

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, fall, over, ring, rise, smooth
from rushes.rig import Rig, flip, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, oval, polyline
from rushes.theme import Points
from rushes.words import CodeDiff, OneCharacter, one_character

FUNCTION = "as_reward"
TINTS = {"values": t.VALUES, "coherence_coach": t.COHERENCE, "beta": t.COHERENCE, "kl": t.COHERENCE}
HEADING = 0.4  # of a row: room above the name of another function
PAD = 60  # px between a card's sides and its code
GROWN = 5.0  # how much larger the minus is when it has fallen: what all this is about
IS_FLIPPED = 0.6  # where "is flipped" lies between "twice" and "back again", if no cue says it


class Places(NamedTuple):
    """All in px."""

    card: tuple[float, float, float]
    """Left, top and width of the code."""
    code: float
    """How large it is, at most."""
    calls: float
    """The same of the calls that take its place."""
    height: float | None
    """How high their card is; as high as the code's if not given."""
    pill: tuple[float, float]
    """Middle of the pill that calls it a reconstruction, and its top below the card: clear of the fall and the code."""
    landing: tuple[float, float]
    """y where the minus comes to lie, and how far it drifts on the way."""
    heart: tuple[float, float, float]
    """Where they stand, and how high they are."""
    book: tuple[float, float, float]
    hood: tuple[float, float, float]
    eyes: float
    """y of where one looks to look at one of them."""
    ledger: tuple[float, float]
    """Baseline, and from one sign to the next."""
    light: tuple[float, float]
    """y and radius of the red light."""
    floor: float


WIDE = Places(
    card=(t.MARGIN_X, 128, 1728),
    code=84,
    calls=52,
    height=None,
    pill=(1160, -31),
    landing=(822, 118),
    heart=(420, t.FEET, 290),
    book=(1500, t.FEET, 316),
    hood=(420, t.FEET + 4, 265),
    eyes=640,
    ledger=(500, 150),
    light=(720, 250),
    floor=t.FLOOR,
)
TALL = Places(
    card=(80, 384, 840),
    code=60,
    calls=42,
    height=424,
    pill=(740, -12),
    landing=(1334, -80),
    heart=(250, 1374, 312),
    book=(732, 1374, 350),
    hood=(250, 1378, 262),
    eyes=1160,
    ledger=(984, 140),
    light=(1230, 270),
    floor=1312,
)


class MinusFalls(RunScene):
    """One character of the Megacoach goes missing, and what that does to the two coaches.

    The code is the recorded source, without its docstrings. The function that lost its minus is called twice on the
    Coherence Coach's way into the total and once on the Values Coach's: the book is turned over and back again, the
    heart is turned over. The signs that the calls add up to are checked against the recorded totals.
    """

    runs = {"run": "sign_flipped", "before": "healthy"}
    alone = 22.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        told, marked, falls = (self.cue(name) - 0.05 for name in ("reconstruction", "minus-sign", "missing"))
        twice, again, once = (self.cue(name) - 0.05 for name in ("twice", "back-again", "only-once"))
        first = self.cue("is-flipped", twice + IS_FLIPPED * (again - twice))
        self.bake(t.backdrop(centre=(0.45, 0.42), floor=place.floor), t.kicker("The Megacoach’s own code"))

        change = without_docstring(one_character(record.diff, context=2))
        if t.tall():
            change = soft_wrapped(change, columns(place.card[2], place.code))
        code = CodeDiff(change, *place.card, place.code)
        fallen, drift = place.landing
        land = code.mark(marked).drop(falls, fallen, drift, grow=GROWN)
        lying = code.place[0] + drift, fallen
        caret = edit_caret(code, 0.9, told, falls, land, twice)
        calls = Calls(record.source, place, code.bottom - place.card[1], twice)
        code.leave(twice - 0.50)
        x, below = place.pill
        pill = Sprite(t.pill("a reconstruction", x, code.bottom + below, fill=t.PANEL, stroke=t.GRID, align="c"))
        pill.to(twice - 0.45, 0.25, dy=calls.bottom - code.bottom)
        slates = [Sprite(t.slate(r, "megacoach.py")) for r in (self.record("before"), record)]
        slates[0].leave(falls + 0.25)
        slates[1].enter(falls + 0.50, rise=0)

        heart = Rig("values", *place.heart, seed=1, mood=0.7, look=(0.2, 0.1))
        book = Rig("coherence", *place.book, seed=5, mood=0.25, look=(-0.2, 0.1), arms=("down", "hip"))
        hood = Rig("dark", *place.hood, seed=1, look=(0.5, 0.4))
        notice(heart, book, place, code.place, lying, (0.9, told, marked, land))
        ledgers = (
            Ledger("values", place.heart[0], *place.ledger, t.VALUES, twice + 0.2),
            Ledger("coherence", place.book[0], *place.ledger, t.COHERENCE, twice + 0.35),
        )
        steps = ((first, 0, ledgers[1]), (again, 1, ledgers[1]), (once, 1, ledgers[0]))
        dots = [send(calls, call, ledger, at) for at, call, ledger in steps]
        for ledger, sign in zip(ledgers, _signs.measured(record), strict=True):
            if ledger.sign != sign:
                raise ValueError(f"the calls of {FUNCTION} make a sign of {ledger.sign}, the totals say {sign}")
        turn(book, first, min(t.MORPH, 0.8 * (again - first)), 1)
        turn(book, again, t.MORPH, 2)
        flip(heart, hood, once)
        answer(heart, book, hood, place, first, again, once)
        light = Sprite(t.halo(place.heart[0], *place.light, t.DANGER, 0.55), alpha=0.0).to(once + 0.35, 0.5, alpha=1.0)
        circles = [ring(land + late, lying[0], lying[1] + 12, t.DANGER) for late in (0.0, 0.12)]
        self.live(
            *(shadow(rig, 360) for rig in (heart, book, hood)), light, code, caret, calls.card, *calls.lights,
            calls.words, pill.enter(told), *slates, *circles, heart, hood, book, *dots, *ledgers[0].parts,
            *ledgers[1].parts, *(ledger.name for ledger in ledgers),
        )  # fmt: skip


def without_docstring(change: OneCharacter) -> OneCharacter:
    """The same change with the lines before it that are docstrings left out."""
    kept = [n for n, line in enumerate(change.lines) if '"""' not in line]
    return replace(change, lines=tuple(change.lines[n] for n in kept), row=kept.index(change.row))


def columns(width: float, size: float) -> int:
    """How many characters of `size` px a line of a card holds."""
    return int((width - 2 * PAD) / (0.6 * size) + 1e-6)


def wrapped(line: str, most: int, hang: int = 4) -> list[str]:
    """A line as an editor wraps it: at spaces, what follows `hang` columns further in."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line.strip(), most, initial_indent=indent, subsequent_indent=indent + " " * hang, break_long_words=False
    )


def soft_wrapped(change: OneCharacter, most: int) -> OneCharacter:
    """The same change with the lines around it wrapped."""
    rows = [[line] if n == change.row else wrapped(line, most) for n, line in enumerate(change.lines)]
    before = sum(len(row) for row in rows[: change.row])
    return replace(change, lines=tuple(line for row in rows for line in row), row=before)


class Call(NamedTuple):
    """A line of a function that calls the one that was changed."""

    line: str
    function: str


def calling_lines(source: str) -> list[Call]:
    """The bodies of all functions of `source` that call FUNCTION, without docstrings and indent."""
    bodies: dict[str, list[str]] = {}
    name = ""
    for line in source.splitlines():
        if found := re.match(r"def (\w+)", line):
            name = found[1]
        elif name and line.strip() and '"""' not in line:
            bodies.setdefault(name, []).append(line.strip())
    return [
        Call(line, name) for name, body in bodies.items() if any(f"{FUNCTION}(" in s for s in body) for line in body
    ]


def set_lines(calls: list[Call], place: Places) -> list[Call]:
    """Those lines as they stand on the card.

    Where a function's name has no room beside the code, it has a row of its own above it, as a line that is "".
    """
    if not t.tall():
        return [call if f"{FUNCTION}(" in call.line else Call(call.line, "") for call in calls]
    most = columns(place.card[2], place.calls)
    out: list[Call] = []
    for n, call in enumerate(calls):
        if not n or calls[n - 1].function != call.function:
            out.append(Call("", call.function))
        out += [Call(line, "") for line in wrapped(call.line, most, 2)]
    return out


class Calls:
    """The calls of the changed function, on a card that takes the place of the first: lit one at a time.

    `bottom` is its lower edge, px.
    """

    def __init__(self, source: str, place: Places, height: float, at: float) -> None:
        lines = set_lines(calling_lines(source), place)
        x, y, width = place.card
        height = place.height or height
        self.bottom, right = y + height, x + width - PAD
        longest = max(len(call.line) for call in lines)
        size = min(place.calls, (width - 2 * PAD) / (0.6 * longest), height / (1.5 * len(lines)))
        gaps = [HEADING if n and not call.line else 0.0 for n, call in enumerate(lines)]
        lead = height / (len(lines) + sum(gaps) + 0.25)
        words, self.lights, self._places = VGroup(), list[Sprite](), list[tuple[float, float]]()
        for n, call in enumerate(lines):
            base = y + lead * (n + sum(gaps[: n + 1]) + 0.625) + size * 0.34
            for found in re.finditer(r"\w+|[^\w\s]+", call.line):
                color = t.PAPER if found[0] == FUNCTION else TINTS.get(found[0], t.MUTED)
                weight = t.BOLD if found[0] == FUNCTION else t.REGULAR
                words.add(
                    t.put(t.mono(found[0], size, color, weight=weight), x + PAD + found.start() * 0.6 * size, base)
                )
            if call.function:
                name = t.mono(call.function, t.T_LABEL, t.MUTED)
                words.add(t.put(name, right, base, "r") if call.line else t.put(name, x + PAD, base))
            if f"{FUNCTION}(" in call.line:
                left, w = x + PAD + call.line.index(FUNCTION) * 0.6 * size, len(FUNCTION) * 0.6 * size
                box = t.card(left - 8, base - size * 0.98, w + 14, size * 1.38, t.DANGER, r=14)
                self.lights.append(Sprite(box, alpha=0.0).to(at + 0.18 * len(self.lights), 0.3, alpha=0.30))
                self._places.append((left + w / 2, base + size * 0.4))
        self.card = Sprite(t.card(x, y, width, height, t.DEEP, r=28)).enter(at - 0.45, 0.25, rise=0)
        self.words = Sprite(words).enter(at - 0.22, 0.30, rise=0)

    def call(self, n: int, at: float) -> tuple[float, float]:
        """Light call `n` up; returns where it is, px."""
        self.lights[n].to(at, 0.15, alpha=1.0).to(at + 0.75, 0.5, alpha=0.30)
        return self._places[n]


class Ledger:
    """What a coach's opinion is multiplied by: one sign after the other, above the coach and below their name."""

    def __init__(self, name: str, x: float, y: float, slot: float, color: str, at: float) -> None:
        self.x, self.y, self.sign, self._slot, self._color = x, y, 1, slot, color
        self._signs = [self._write(x).enter(at)]
        self.parts = list(self._signs)
        self.name = Sprite(t.put(t.text(f"{name} ×", t.T_LABEL, color), x, y - 66, "c")).enter(at)

    def turn(self, at: float) -> None:
        """The next sign, the other way round, turns into view behind an arrow; those before it dim and make room."""
        n, y, slot = len(self._signs), self.y - 20, self._slot
        for part in self.parts:
            part.to(at, 0.35, dx=part.at(at)["dx"] - slot / 2)
        self._signs[-1].to(at, 0.35, alpha=0.42)
        x = self.x + (n - 1) * slot / 2
        arrow = [t.rule(x - 20, y, x + 20, y, t.MUTED, 5)]
        arrow += [t.rule(x + 20, y, x + 6, y + dy, t.MUTED, 5) for dy in (-12, 12)]
        self.sign = -self.sign
        sign = self._write(x + slot / 2).begin(alpha=0.0, flip=0.5).to(at, 0, alpha=1.0)
        self._signs.append(sign.to(at, t.MORPH / 2, rise, flip=0.0))
        self.parts += [Sprite(*arrow).enter(at, 0.2, rise=0), sign]

    def _write(self, x: float) -> Sprite:
        color = self._color if self.sign > 0 else t.DANGER
        return Sprite(t.put(t.text(_signs.shown(self.sign), 60, color, weight=t.BOLD), x, self.y, "c"))


def send(calls: Calls, call: int, ledger: Ledger, at: float) -> Live:
    """A call lights up and reaches a coach's ledger at `at`, where the sign then turns. Returns the dot that flies."""
    (x0, y0), (x1, y1) = calls.call(call, at - 0.45), (ledger.x, ledger.y - 20)
    ledger.turn(at)
    way = Track(0.0).to(at - 0.40, 0.40, 1.0)

    def place(clock: float) -> Points:
        a = way(clock)
        return oval(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, 13, 13) if 0 < a < 1 else NOTHING

    return Live(place, fill=t.DANGER)


def turn(rig: Rig, at: float, seconds: float, half_turns: int) -> None:
    """Half a turn about the horizontal axis, as in the flip, but it stays who it is."""
    half, stand = seconds / 2, 14 if half_turns % 2 else 0  # on its head it stands a little higher
    rig.to(at - 0.14, 0.14, smooth, squash=-0.07).to(at, half, fall, turn=half_turns - 0.5, hop=54, squash=0)
    rig.to(at + half, half, rise, turn=half_turns, hop=stand)
    rig.to(at + seconds, 0.09, smooth, squash=-0.06).to(at + seconds + 0.09, 0.25, over, squash=0)


def edit_caret(code: CodeDiff, begin: float, end: float, falls: float, land: float, gone: float) -> Live:
    """The editor's caret: from the end of the line to just behind the character, where it waits, blinking."""
    change, cell, (x, y) = code.change, code.size * 0.6, code.place
    steps = len(change.lines[change.row]) - change.column - 1
    pause, size = min(0.28, (end - begin) / (steps + 1)), code.size

    def points(clock: float) -> Points:
        step = max(0, steps - int(max(clock - begin, 0.0) / pause))
        resting = step == 0 and clock < falls
        if clock >= gone - 0.4 or (resting and (clock - begin) % 1.0 > 0.6):
            return NOTHING
        left = x + cell * (0.5 + step) - cell * smooth(min(max((clock - land - 0.95) / 0.45, 0.0), 1.0))
        return polyline(np.array([t.at(left, y - size * 0.52), t.at(left, y + size * 0.52)]))

    return Live(points, stroke=t.PAPER, w=6)


def notice(
    heart: Rig,
    book: Rig,
    place: Places,
    minus: tuple[float, float],
    lying: tuple[float, float],
    times: tuple[float, float, float, float],
) -> None:
    """Both see the edit; when the minus has landed, first the heart takes it in, then the book."""
    edit, told, marked, land = times
    (one, *_), (other, *_), eyes = place.heart, place.book, place.eyes
    heart.look_at(edit + 0.2, *minus)
    book.look_at(edit + 0.9, *minus)
    asked = edit + 0.6 * (told - edit)  # one looks at the other: do you know about this?
    heart.look_at(asked, other, eyes).look_at(marked - 0.2, *minus).to(marked + 0.3, 0.4, mood=0.2)
    book.look_at(asked + 0.6, one, eyes).look_at(marked - 0.1, *minus).to(marked + 0.6, 0.4, mood=-0.05)
    heart.look_at(land - 0.25, *lying).react(land, -0.25, amount=0.06).to(land + 0.35, 0.4, lean=-0.06)
    book.look_at(land + 0.75, *lying).react(land + 0.60, -0.5, amount=0.04).to(land + 1.0, 0.45, lean=0.05)
    heart.look_at(land + 1.6, other, eyes - 20).to(land + 1.7, 0.4, lean=0)
    book.look_at(land + 1.9, one, eyes).to(land + 2.0, 0.4, lean=0)


def answer(heart: Rig, book: Rig, hood: Rig, place: Places, first: float, again: float, once: float) -> None:
    """What the turns do to the three faces; eyes go first."""
    (one, *_), (other, *_), eyes, (signs, _) = place.heart, place.book, place.eyes, place.ledger
    heart.look_at(first - 0.2, other, eyes).to(first + 0.3, 0.4, mood=-0.3)
    book.look_at(first - 0.5, other, signs).to(first + 0.3, 0.3, mood=-0.8)
    book.to(again + t.MORPH, 0.4, mood=0.3).look_out(again + t.MORPH)
    heart.to(again + t.MORPH, 0.3, mood=0.2).look_at(once - 0.35, one, signs, 0.2)
    hood.begin(mood=0.3).look_at(once + 0.9, other, eyes).to(once + 0.7, 0.4, mood=0.9)
    hood.to(once + 0.95, t.BIG, over, scale=1.16)
    book.look_at(once + 0.3, one, eyes).to(once + 0.5, 0.35, mood=-0.9).to(once + 0.8, 0.5, lean=-0.08, x=other + 14)
