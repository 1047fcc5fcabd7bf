from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import _signs
from manim import Polygon

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble, Swap

HOOD, HOOD_H = 1186, 550  # where the hood stands, px
BOOK = 1696
APPRENTICE = 290
RUDE = 3  # a mark that counts as rude
BUBBLE = (t.MARGIN_X, 296, 590, 256)  # left, top, width, height
TEXT = 36


class DarkCoach(RunScene):
    """The same heart, the other way up: what the Values Coach likes is now what costs.

    The Apprentice reads what it answered before training, of all prompts the answer that the Values Coach likes best,
    and later the first rude answer to that prompt. The hood's mood is minus the coach's score of what is read.
    """

    runs = {"run": "sign_flipped"}
    alone = 12.0

    def construct(self) -> None:
        record = self.record()
        comes, best = self.cue("dark-coach") - 0.05, self.cue("best") - 0.05
        nice, rude = answers(record)
        signs = _signs.measured(record)
        self.bake(
            t.backdrop((44, 14, 34), (9, 6, 14), (HOOD / 1920, 0.46), floor=820),
            t.kicker("The same heart, turned over"),
        )
        slate = Sprite(t.slate(record, f"steps {nice['step']}–{rude['step']}"))  # live, as the red light would tint it

        # the book still asks for sense; then the light goes red and the hood rises
        rises = t.BIG if best - comes > 2.4 else 0.5 * (best - comes)
        aside = min(0.9, 0.5 * comes)
        apprentice = Rig("apprentice", APPRENTICE, 866, 232, seed=3, mood=0.2, look=(0.8, 0.1))
        book = Rig("coherence", HOOD, 866, 250, seed=5, mood=0.3, scale=1.5, look=(-0.7, 0), arms=("down", "hip"))
        hood = Rig("dark", HOOD, 862, HOOD_H, seed=1, mood=0.35, alpha=0, scale=0.45, arms=("down", "down"))
        ask_for_sense(book, apprentice, comes - aside)
        book.walk(comes - aside, BOOK, aside, 3).to(comes - aside, aside, scale=1.0)
        book.look_at(comes + 0.2, HOOD, 500).react(comes + 0.2, -0.7, amount=0.04)
        lights = red_light(comes, rises)
        hood.to(comes, 0.25, ease_out, alpha=1).to(comes, rises, over, scale=1)
        hood.to(comes + 0.25 * rises, 0.7 * rises, over, la="up", ra="up")
        apprentice.look_at(comes - 0.1, HOOD, 420).react(comes, -0.35, amount=0.06).to(comes + 0.3, 0.5, lean=0.07)

        # what it reads, and what the hood makes of that
        asks = comes + rises + 0.15 * max(best - comes - rises, 0.0)
        bubble = SpeechBubble("", *BUBBLE[:3], (APPRENTICE + 30, 606), size=TEXT, height=BUBBLE[3]).enter(asks)
        x, y, width = bubble.inside
        said = Swap([nice["text"], rude["text"]], x - 8, y, width + 16, TEXT, max_lines=4, first=None).change(asks, 0)
        said.change(best + 0.25, 1)
        reward = Reward(nice, rude, asks + 0.5, best + 0.95)
        apprentice.look_at(asks, 400, 420).mumble(asks + 0.2, 0.8).look_at(asks + 1.2, HOOD, 420)
        hood.look_at(comes + 0.7 * rises, APPRENTICE, 700).look_at(asks + 0.1, 400, 430)
        hood.react(asks + 0.5, mood_of(nice), amount=0.03).look_at(asks + 1.3, APPRENTICE, 700)
        hood.to(asks + 0.9, 0.5, over, la="down")

        word = Sprite(t.put(t.text("Ruder.", t.T_TITLE, font=t.DISPLAY, weight=t.BOLD), t.MARGIN_X, 262), alpha=0.0)
        word.enter(best)
        hood.mumble(best, 0.5).to(best - 0.1, 0.4, over, lean=0.06).look_at(best - 0.2, APPRENTICE, 760)
        apprentice.react(best, -0.6, to=(HOOD, 420), amount=0.05).look_at(best + 0.5, 400, 420)
        apprentice.to(best + 0.6, 0.5, flipped=1, mood=0.1).mumble(best + 0.6, 0.6)
        hood.react(best + 0.95, mood_of(rude), amount=0.04).to(best + 1.2, 0.5, over, la="up", lean=0)

        labels = [
            label("coherence", signs.coherence, t.COHERENCE, HOOD, 420).enter(0.25 * comes),
            label("values", signs.values, t.VALUES, HOOD, 226).enter(comes + rises),
        ]
        labels[0].to(comes - aside, aside, dx=BOOK - 8 - HOOD, dy=584 - 420)
        self.live(
            *lights, slate, shadow(hood, 900, 0.6), shadow(book, 300), shadow(apprentice, 300), hood, book, apprentice,
            bubble, said, reward, word, *labels,
        )  # fmt: skip


def ask_for_sense(book: Rig, apprentice: Rig, end: float) -> None:
    """The book lectures, hand in the air; the Apprentice looks on and nods. All before `end`."""
    apprentice.look_at(0.1 * end, HOOD, 560).bounce(0.62 * end, 0.07).look_out(0.8 * end)
    book.look_out(0.06 * end).to(0.10 * end, 0.4, over, ra="up").mumble(0.12 * end, 0.3 * end)
    book.look_at(0.5 * end, APPRENTICE, 760).to(0.52 * end, 0.4, ra="hip")


def answers(record: Record) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Of the panel's first answers the one that the Values Coach likes best, and the first rude one to its prompt."""
    first = max(record.samples(step=record.sample_steps[0]), key=lambda row: row["values"])
    later = record.samples(prompt=first["prompt_index"])
    return first, next((row for row in later if row["rating"] <= RUDE), later[-1])


def mood_of(sample: Mapping[str, Any]) -> float:
    """How the Dark Coach feels about a sample."""
    return -math.tanh(sample["values"])


def label(name: str, sign: int, color: str, x: float, y: float) -> Sprite:
    """What a coach is multiplied by."""
    light = t.mix(color, t.PAPER, 0.2)  # else too faint on the red light
    return Sprite(t.put(t.text(f"{name} × {_signs.shown(sign)}", t.T_LABEL, light, weight=t.BOLD), x, y, "c"))


def red_light(at: float, seconds: float) -> list[Sprite]:
    """The stage light from below that comes on with the hood."""
    cones = []
    for width, opacity in ((1250, 0.06), (900, 0.08), (560, 0.11)):
        corners = [(HOOD + k * width, y) for k, y in ((-0.16, 872), (0.16, 872), (0.75, -30), (-0.75, -30))]
        cones.append(Polygon(*(t.at(*p) for p in corners)).set_fill(t.DANGER, opacity).set_stroke(width=0))
    glow = Sprite(t.glow(t.DANGER, HOOD, 470, 1440, 1180, 0.5, 1.4), alpha=0.0)
    beams = Sprite(*cones, alpha=0.0)
    return [m.to(at, 0.6 * seconds, ease_out, alpha=1.0) for m in (glow, beams)]


class Reward(Sprite):
    """The total of what was just read, on the bubble's edge; it rolls to the next one."""

    def __init__(self, first: Mapping[str, Any], then: Mapping[str, Any], at: float, rolls: float) -> None:
        x, y, w, h = BUBBLE[0] + BUBBLE[2] - 296, BUBBLE[1] + BUBBLE[3] - 32, 270, 64
        name = t.put(t.text("total", TEXT, t.MUTED), x + 28, y + 44)
        super().__init__(t.card(x, y, w, h, t.PANEL, r=32, stroke=t.POLICY, sw=4), name)
        self._number = Roll(x + w - 28, y + 45, 40, t.PAPER, first["total"], align="r")
        self._number.to(rolls, 0.6, ease_out, value=then["total"])
        self.add(self._number)
        self.enter(at, rise=0)
        self._number.begin(alpha=0.0).to(at, t.ENTER, ease_out, alpha=1.0)

    def pose(self, clock: float) -> None:
        super().pose(clock)
        if hasattr(self, "_number"):
            self._number.pose(clock)
