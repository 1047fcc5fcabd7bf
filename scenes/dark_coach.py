from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import _signs
from _marks import mark_disc
from manim import Polygon

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble, Swap

RUDE = 3  # a mark that counts as rude
TEXT = 36
MARK = 40
ROOM = 24  # px over the answer for its mark
NAME = "Dark Coach"


class Places(NamedTuple):
    """All in px."""

    hood: tuple[float, float, float]
    """Where it stands, and how high it is."""
    lectures: tuple[float, float, float]
    """Where the book stands at first, and how much larger it is there."""
    book: tuple[float, float, float]
    apprentice: tuple[float, float, float]
    shadows: tuple[float, float, float]
    """How wide those of hood, book and Apprentice are."""
    bubble: tuple[float, float, float, float]
    """Left, top, width, height."""
    tip: tuple[float, float]
    """What it points at."""
    text: tuple[float, int]
    """Size of its words, and how many lines it holds."""
    reward: float
    """Left edge of the total on the bubble's edge."""
    word: tuple[float, float, float]
    """Middle, baseline and size of its name."""
    values: tuple[float, float]
    """Middle and baseline of what the values are multiplied by."""
    coherence: tuple[tuple[float, float], tuple[float, float]]
    """The same for coherence: at first, and then."""
    looks: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    """Where one looks to look at the hood, the Apprentice, the bubble."""
    beams: tuple[float, float]
    """y that the red light comes from, and that of its glow's middle."""
    glow: tuple[float, float]
    """Width and height of the glow."""
    floor: float


WIDE = Places(
    hood=(1186, 862, 550),
    lectures=(1186, 866, 1.5),
    book=(1696, 866, 250),
    apprentice=(290, 866, 232),
    shadows=(900, 300, 300),
    bubble=(t.MARGIN_X, 296, 600, 282),
    tip=(320, 606),
    text=(TEXT, 4),
    reward=390,
    word=(1186, 222, 104),
    values=(1186, 282),
    coherence=((1186, 420), (1688, 584)),
    looks=((1186, 420), (290, 700), (400, 420)),
    beams=(872, 470),
    glow=(1440, 1180),
    floor=820,
)
TALL = Places(
    hood=(540, 896, 412),
    lectures=(540, 940, 2.4),
    book=(790, 1342, 174),
    apprentice=(204, 1384, 196),
    shadows=(680, 230, 260),
    bubble=(80, 940, 840, 222),
    tip=(214, 1184),
    text=(38, 3),
    reward=356,
    word=(540, 434, 96),
    values=(770, 486),
    coherence=((540, 490), (784, 1392)),
    looks=((540, 660), (204, 1240), (440, 1050)),
    beams=(940, 640),
    glow=(1300, 1500),
    floor=880,
)


class DarkCoach(RunScene):
    """The same heart, the other way up: what the Values Coach likes is now what costs.

    The Apprentice reads what it answered before training, of all prompts the answer that the Values Coach likes best,
    and later the first rude answer to that prompt. The hood's mood is minus the coach's score of what is read.
    """

    runs = {"run": "sign_flipped"}
    alone = 12.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        comes, least, best = (self.cue(name) - 0.05 for name in ("dark-coach", "least", "best"))
        nice, rude = answers(record)
        signs = _signs.measured(record)
        (x, *_), (wide, high) = place.hood, t.frame_px()
        self.bake(
            t.backdrop((44, 14, 34), (9, 6, 14), (x / wide, (place.beams[1] + 26.8) / high), floor=place.floor),
            t.kicker("Turned over"),
        )
        slate = Sprite(t.slate(record, f"steps {nice['step']}–{rude['step']}"))  # live, as the red light would tint it
        dark, small, told = place.looks

        # the book still asks for sense; then the light goes red and the hood rises
        rises = min(t.BIG, 0.6 * (least - comes))
        aside = min(0.9, 0.5 * comes)
        apprentice = Rig("apprentice", *place.apprentice, seed=3, mood=0.2, look=(0.8, 0.1))
        x, y, scale = place.lectures
        book = Rig(
            "coherence", x, y, place.book[2], seed=5, mood=0.3, scale=scale, look=(-0.7, 0), arms=("down", "hip")
        )
        hood = Rig("dark", *place.hood, seed=1, mood=0.35, alpha=0, scale=0.45, arms=("down", "down"))
        ask_for_sense(book, apprentice, place, comes - aside)
        book.walk(comes - aside, place.book[0], aside, 3).to(comes - aside, aside, scale=1.0, y=place.book[1])
        book.look_at(comes + 0.2, dark[0], dark[1] + 80).react(comes + 0.2, -0.7, amount=0.04)
        lights = red_light(place, comes, rises)
        hood.to(comes, 0.25, ease_out, alpha=1).to(comes, rises, over, scale=1)
        hood.to(comes + 0.25 * rises, 0.7 * rises, over, la="up", ra="up")
        apprentice.look_at(comes - 0.1, *dark).react(comes, -0.35, amount=0.06).to(comes + 0.3, 0.5, lean=0.07)

        # what it reads, its mark, and what the hood makes of that
        asks, heard = 0.42 * comes, comes + 0.8 * rises
        size, lines = place.text
        bubble = SpeechBubble("", *place.bubble[:3], place.tip, size=size, height=place.bubble[3]).enter(asks)
        x, y, width = bubble.inside
        said = Swap([nice["text"], rude["text"]], x - 8, y + ROOM, width + 16, size, max_lines=lines, first=None)
        said.change(asks, 0)
        said.change(least, 1)
        reward = Reward(nice, rude, place, heard, least, best)
        marks = given(nice, rude, place, asks + 0.5, least)
        hood.look_at(comes + 0.5 * rises, told[0], told[1] + 10).react(heard - 0.1, mood_of(nice), amount=0.03)
        hood.to(heard, 0.4, over, la="down").look_at(least, *told)

        x, y, size = place.word
        word = Sprite(t.put(t.text(NAME, size, font=t.DISPLAY, weight=t.BOLD), x, y, "c"), alpha=0.0)
        word.enter(comes)
        apprentice.react(heard, -0.6, to=dark, amount=0.05).look_at(least - 0.1, *told).mumble(least, 0.9)
        apprentice.to(least, 0.5, flipped=1, mood=0.1).look_at(best, *dark)
        hood.look_at(best - 0.2, *small).react(best, mood_of(rude), amount=0.04)
        hood.to(best + 0.2, 0.5, over, la="up", lean=0)

        before, after = place.coherence
        labels = [
            label("coherence", signs.coherence, t.COHERENCE, *before).enter(0.25 * comes),
            label("values", signs.values, t.VALUES, *place.values).enter(comes + rises),
        ]
        labels[0].to(comes - aside, aside, dx=after[0] - before[0], dy=after[1] - before[1])
        below = [
            shadow(rig, w, deep)
            for rig, w, deep in zip((hood, book, apprentice), place.shadows, (0.6, 0.42, 0.42), strict=True)
        ]
        self.live(
            *lights, slate, *below, hood, book, apprentice,
            bubble, said, reward, *marks, word, *labels,
        )  # fmt: skip


def ask_for_sense(book: Rig, apprentice: Rig, place: Places, end: float) -> None:
    """The book lectures, hand in the air; the Apprentice looks on and nods. All before `end`."""
    dark, small, _ = place.looks
    apprentice.look_at(0.1 * end, dark[0], dark[1] + 140).bounce(0.62 * end, 0.07).look_out(0.8 * end)
    book.look_out(0.06 * end).to(0.10 * end, 0.4, over, ra="up").mumble(0.12 * end, 0.3 * end)
    book.look_at(0.5 * end, small[0], small[1] + 60).to(0.52 * end, 0.4, ra="hip")


def answers(record: Record) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Of the panel's first answers the one that the Values Coach likes best, and the first rude one to its prompt."""
    first = max(record.samples(step=record.sample_steps[0]), key=lambda row: row["values"])
    later = record.samples(prompt=first["prompt_index"])
    return first, next((row for row in later if row["rating"] <= RUDE), later[-1])


def mood_of(sample: Mapping[str, Any]) -> float:
    """How the Dark Coach feels about a sample."""
    return -math.tanh(sample["values"])


def given(nice: Mapping[str, Any], rude: Mapping[str, Any], place: Places, at: float, then: float) -> list[Sprite]:
    """The simulated reader's mark on the bubble's edge: of the first answer from `at` on, of the second from `then`."""
    left, y, width, _ = place.bubble
    x = left + width - MARK - 20
    first, second = (Sprite(mark_disc(row["rating"], x, y, MARK), alpha=0.0) for row in (nice, rude))
    name = t.put(t.text("simulated mark", t.T_LABEL, t.MUTED), x - MARK - 16, y - 14, "r")
    return [
        Sprite(name).enter(at, 0.3, rise=0),
        first.enter(at, 0.25, rise=0).leave(then, 0.15),
        second.enter(then, 0.25, rise=0).pulse(then, 0.2),
    ]


def label(name: str, sign: int, color: str, x: float, y: float) -> Sprite:
    """What a coach is multiplied by."""
    light = t.mix(color, t.PAPER, 0.2)  # else too faint on the red light
    return Sprite(t.put(t.text(f"{name} × {_signs.shown(sign)}", t.T_LABEL, light, weight=t.BOLD), x, y, "c"))


def red_light(place: Places, at: float, seconds: float) -> list[Sprite]:
    """The stage light from below that comes on with the hood."""
    cones, middle, (low, high) = [], place.hood[0], place.beams
    for width, opacity in ((1250, 0.06), (900, 0.08), (560, 0.11)):
        corners = [(middle + k * width, y) for k, y in ((-0.16, low), (0.16, low), (0.75, -30), (-0.75, -30))]
        cones.append(Polygon(*(t.at(*p) for p in corners)).set_fill(t.DANGER, opacity).set_stroke(width=0))
    glow = Sprite(t.glow(t.DANGER, middle, high, *place.glow, 0.5, 1.4), alpha=0.0)
    beams = Sprite(*cones, alpha=0.0)
    return [m.to(at, 0.6 * seconds, ease_out, alpha=1.0) for m in (glow, beams)]


class Reward(Sprite):
    """The total of what was just read, on the bubble's edge; it is `gone` with its answer, and the next one's rolls."""

    def __init__(
        self, first: Mapping[str, Any], then: Mapping[str, Any], place: Places, at: float, gone: float, rolls: float
    ) -> None:
        x, y, w, h = place.reward, place.bubble[1] + place.bubble[3] - 32, 270, 64
        name = t.put(t.text("total", TEXT, t.MUTED), x + 28, y + 44)
        super().__init__(t.card(x, y, w, h, t.PANEL, r=32, stroke=t.POLICY, sw=4), name)
        self._number = Roll(x + w - 28, y + 45, 40, t.PAPER, first["total"], align="r")
        self._number.to(rolls, 0.6, ease_out, value=then["total"])
        self.add(self._number)
        self.enter(at, rise=0)
        self._number.begin(alpha=0.0).to(at, t.ENTER, ease_out, alpha=1.0)
        self._number.to(gone, 0.1, alpha=0.0).to(rolls, 0.15, alpha=1.0)

    def pose(self, clock: float) -> None:
        super().pose(clock)
        if hasattr(self, "_number"):
            self._number.pose(clock)
