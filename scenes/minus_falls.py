from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import _signs
import numpy as np
from manim import VGroup

from rushes import theme as t
from rushes.motion import NOTHING, Live, Sprite, Track, ellipse, fall, linear, over, polyline, rise, smooth
from rushes.parts import CodeDiff, OneCharacter, one_character
from rushes.rig import Rig, flip, shadow
from rushes.scene import RunScene
from rushes.theme import Points

CARD_X, CARD_Y, CARD_W = t.MARGIN_X, 128, 1728
CODE, CALLS = 84, 52  # px, at most
FUNCTION = "as_reward"
TINTS = {"values": t.VALUES, "coherence_coach": t.COHERENCE, "beta": t.COHERENCE, "kl": t.COHERENCE}
HEART, BOOK = 420, 1500  # where they stand, px
LANDING = 822  # where the minus comes to lie
LEDGER, SLOT = 496, 138  # baseline, and from one sign to the next
IS_FLIPPED = 0.6  # where "is flipped" lies between "twice" and "back again", if no cue says it


class MinusFalls(RunScene):
    """One character of the Megacoach goes missing, and what that does to the two coaches.

    The code is the recorded source, without its docstrings. The function that lost its minus is called twice on the
    Coherence Coach's way into the total and once on the Values Coach's: the book is turned over and back again, the
    heart is turned over. The signs that the calls add up to are checked against the recorded totals.
    """

    runs = {"run": "sign_flipped", "before": "healthy"}
    alone = 22.0

    def construct(self) -> None:
        record = self.record()
        told, marked, falls = (self.cue(name) - 0.05 for name in ("reconstruction", "minus-sign", "missing"))
        twice, again, once = (self.cue(name) - 0.05 for name in ("twice", "back-again", "only-once"))
        first = self.cue("is-flipped", twice + IS_FLIPPED * (again - twice))
        self.bake(t.backdrop(centre=(0.45, 0.42), floor=t.FLOOR), t.kicker("The Megacoach's own code"))

        code = CodeDiff(without_docstring(one_character(record.diff, context=2)), CARD_X, CARD_Y, CARD_W, CODE)
        land = code.mark(marked).drop(falls, LANDING)
        caret = edit_caret(code, 0.6, told, falls, land, twice)
        calls = Calls(record.source, code.bottom - CARD_Y, twice)
        pill = t.pill("a reconstruction", CARD_X + CARD_W - 48, code.bottom - 31, fill=t.PANEL, stroke=t.GRID, align="r")
        slates = [Sprite(t.slate(r, "megacoach.py")) for r in (self.record("before"), record)]
        slates[0].leave(falls + 0.25)
        slates[1].enter(falls + 0.50, rise=0)

        heart = Rig("values", HEART, h=290, seed=1, mood=0.7, look=(0.2, 0.1))
        book = Rig("coherence", BOOK, h=316, seed=5, mood=0.25, look=(-0.2, 0.1), arms=("down", "hip"))
        hood = Rig("dark", HEART, t.FEET + 4, 265, seed=1, look=(0.5, 0.4))
        notice(heart, book, code.place, 0.6, marked, land)
        ledgers = Ledger(HEART, t.VALUES, twice + 0.2), Ledger(BOOK, t.COHERENCE, twice + 0.35)
        steps = ((first, 0, ledgers[1]), (again, 1, ledgers[1]), (once, 1, ledgers[0]))
        dots = [send(calls, call, ledger, at) for at, call, ledger in steps]
        for ledger, sign in zip(ledgers, _signs.measured(record), strict=True):
            if ledger.sign != sign:
                raise ValueError(f"the calls of {FUNCTION} make a sign of {ledger.sign}, the totals say {sign}")
        turn(book, first, min(t.MORPH, 0.8 * (again - first)), 1)
        turn(book, again, t.MORPH, 2)
        flip(heart, hood, once)
        answer(heart, book, hood, first, again, once)
        light = Sprite(t.halo(HEART, 720, 250, t.DANGER, 0.55), alpha=0.0).to(once + 0.35, 0.5, alpha=1.0)
        self.live(
            *(shadow(rig, 360) for rig in (heart, book, hood)), light, code, caret, calls.card, *calls.lights, calls.words,
            Sprite(pill).enter(told), *slates, heart, hood, book, *rings(code.place[0] + 118, land), *dots,
            *ledgers[0].parts, *ledgers[1].parts,
        )  # fmt: skip


def without_docstring(change: OneCharacter) -> OneCharacter:
    """The same change with the lines before it that are docstrings left out."""
    kept = [n for n, line in enumerate(change.lines) if '"""' not in line]
    return replace(change, lines=tuple(change.lines[n] for n in kept), row=kept.index(change.row))


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
    return [Call(line, name) for name, body in bodies.items() if any(f"{FUNCTION}(" in s for s in body) for line in body]


class Calls:
    """The calls of the changed function, on a card that takes the place of the first: lit one at a time."""

    def __init__(self, source: str, height: float, at: float) -> None:
        lines = calling_lines(source)
        size = min(CALLS, (CARD_W - 120) / (0.6 * max(len(call.line) for call in lines)), height / (1.5 * len(lines)))
        lead = height / (len(lines) + 0.25)
        words, self.lights, self._places = VGroup(), list[Sprite](), list[tuple[float, float]]()
        for n, call in enumerate(lines):
            y = CARD_Y + lead * (n + 0.625) + size * 0.34
            calls = f"{FUNCTION}(" in call.line
            for found in re.finditer(r"\w+|[^\w\s]+", call.line):
                color = t.PAPER if found[0] == FUNCTION else TINTS.get(found[0], t.MUTED)
                weight = t.BOLD if found[0] == FUNCTION else t.REGULAR
                words.add(t.put(t.mono(found[0], size, color, weight=weight), CARD_X + 60 + found.start() * 0.6 * size, y))
            if calls:
                words.add(t.put(t.mono(call.function, t.T_LABEL, t.MUTED), CARD_X + CARD_W - 60, y, "r"))
                left, w = CARD_X + 60 + call.line.index(FUNCTION) * 0.6 * size, len(FUNCTION) * 0.6 * size
                box = t.card(left - 12, y - size * 0.98, w + 24, size * 1.38, t.DANGER, r=14)
                self.lights.append(Sprite(box, alpha=0.0).to(at + 0.18 * len(self.lights), 0.3, alpha=0.30))
                self._places.append((left + w / 2, y + size * 0.4))
        self.card = Sprite(t.card(CARD_X, CARD_Y, CARD_W, height, t.DEEP, r=28)).enter(at - 0.45, 0.25, rise=0)
        self.words = Sprite(words).enter(at - 0.30, 0.30, rise=0)

    def call(self, n: int, at: float) -> tuple[float, float]:
        """Light call `n` up; returns where it is, px."""
        self.lights[n].to(at, 0.15, alpha=1.0).to(at + 0.75, 0.5, alpha=0.30)
        return self._places[n]


class Ledger:
    """What a coach's opinion is multiplied by: one sign after the other, above the coach."""

    def __init__(self, x: float, color: str, at: float) -> None:
        self.x, self._color, self.sign = x, color, 1
        self._signs = [self._drawn().enter(at)]
        self.parts = [*self._signs]

    def _drawn(self) -> Sprite:
        n = self.parts.__len__() if hasattr(self, "parts") else 0
        color = self._color if self.sign > 0 else t.DANGER
        return Sprite(t.put(t.text(_signs.shown(self.sign), 60, color, weight=t.BOLD), self.x + n * SLOT, LEDGER, "c"))
