"""The title card: MINUS and SIGN on the film's perforations, the minus between them, and the cast."""

from __future__ import annotations

import math
from typing import NamedTuple

from manim import VGroup

from rushes import theme as t
from rushes.motion import Sprite, ease_in, ease_out, fall, linear, over, ring, smooth
from rushes.rig import Rig, Who, shadow
from rushes.scene import RunScene
from rushes.theme import DISPLAY, HEAVY

WORD_SIZE, THE_SIZE = 248, 92
GAP = 262  # beside each other, px between the two words, where the minus was
MINUS_W, MINUS_H = 172, 36
TILT = 0.36  # how far from level the fallen minus lies
HOLE_STEP = 92
ONTO, ALONG, DOWN = 0.14, 0.36, 0.44  # s: onto the word below, along it, and down from it


class Places(NamedTuple):
    """px: baselines of the three words, floor and feet, where the fallen minus lies, and the cast: x, feet, height."""

    the: float
    minus: float
    sign: float
    middle: float
    floor: float
    rest: tuple[float, float]
    ledge: tuple[float, float] | None
    """Where the minus rolls off what it fell on: its middle; None where nothing is below it."""
    cast: dict[Who, tuple[float, float, float]]
    """In the order in which they stand, farthest first."""


# no captions over this card: it may use the whole frame
WIDE = Places(
    the=212,
    minus=446,
    sign=446,
    middle=960,
    floor=930,
    rest=(896, 952),
    ledge=None,
    cast={
        "values": (232, 982, 326),
        "apprentice": (590, 982, 316),
        "coherence": (1236, 982, 346),
        "dark": (1640, 982, 316),
    },
)
TALL = Places(
    the=344,
    minus=566,
    sign=898,
    middle=500,
    floor=1290,
    rest=(940, 1366),
    ledge=(826, 688),
    cast={
        "dark": (556, 1312, 340),
        "values": (140, 1374, 232),
        "apprentice": (356, 1374, 226),
        "coherence": (752, 1374, 258),
    },
)


class Title(RunScene):
    """The minus drops out of its own title; three of the cast were there before it, the fourth comes because of it."""

    alone = 5.0

    def construct(self) -> None:
        p = TALL if t.tall() else WIDE
        falls = max(self.cue("the-minus-sign") - 0.05, 0.7)
        words, slot = _words(p)
        x, y = slot
        self.bake(
            t.backdrop((36, 40, 80), (12, 13, 24), (0.5, 0.42), stars=90, floor=p.floor), _film(), words, _ghost(x, y)
        )

        white, red, light, land = _minus(x, y, p, falls)
        cast = {who: Rig(who, *p.cast[who], seed=4 + 3 * i) for i, who in enumerate(WIDE.cast)}
        heart, apprentice, book, dark = cast.values()
        heart.begin(mood=0.7, look=(0.5, 0.5))
        apprentice.begin(mood=0.75, look=(0.4, 0.9))
        book.begin(mood=0.2, look=(-0.3, 0.7)).to(0.9, 0.4, over, ra="hip")
        for i, rig in enumerate((heart, apprentice, book)):
            rig.enter(0.10 + 0.28 * i, t.ENTER, rise=150)
        heart.to(0.45, 0.4, over, ra="up")
        apprentice.to(0.75, 0.4, over, la="up", ra="up")
        _notice(heart, apprentice, book, falls, land, (x, p.minus - 46), p.rest)

        rises = land + 0.30
        dark.begin(mood=0.5, look=(-0.9, -0.3), la="down", ra="down").enter(rises, 0.5, rise=330)
        dark.to(rises + 0.15, 0.55, over, la="up", ra="up", mood=0.95).look_at(rises + 0.9, *p.rest)
        dark.bounce(rises + 1.5, 0.04).bounce(rises + 1.92, 0.04)  # a chuckle
        there, feet, _ = p.cast["dark"]
        for rig, later in ((apprentice, 0.55), (heart, 0.75)):
            rig.look_at(rises + later, there, feet - 242).to(rises + later + 0.2, 0.3, mood=-0.15)
        book.look_at(rises + 1.6, there, feet - 282)
        stand = [cast[who] for who in p.cast]
        self.live(light, ring(land, *p.rest, t.DANGER, ry=40), *(shadow(rig) for rig in stand), *stand, white, red)


def _notice(
    heart: Rig,
    apprentice: Rig,
    book: Rig,
    falls: float,
    land: float,
    slot: tuple[float, float],
    rest: tuple[float, float],
) -> None:
    """Eyes follow the minus down, and then each face knows in its own time."""
    for rig, later in ((apprentice, 0.0), (heart, 0.08), (book, 0.2)):
        rig.look_at(falls + 0.05 + later, *slot).look_at(falls + 0.45 + later, *rest, 0.35)
    apprentice.to(land - 0.08, 0.3, la="down", ra="down").hop(land + 0.05, 24).react(land, 0.3, amount=0)
    heart.to(land + 0.1, 0.35, ra="low", mood=0.2)
    book.react(land, -0.5, beat=0.45)


def _words(p: Places) -> tuple[VGroup, tuple[float, float]]:
    """The three words, and where the minus hangs between the last two (px)."""
    the = t.put(t.text("THE", THE_SIZE, t.MUTED, font=DISPLAY, weight=t.BOLD), p.middle, p.the, "c")
    minus, sign = (t.text(s, WORD_SIZE, t.PAPER, font=DISPLAY, weight=HEAVY) for s in ("MINUS", "SIGN"))
    if p.minus != p.sign:
        t.put(minus, p.middle, p.minus, "c")
        t.put(sign, p.middle, p.sign, "c")
        return VGroup(the, minus, sign), (p.middle, (t.bounds(minus)[3] + t.bounds(sign)[1]) / 2)
    widths = [t.text_width(s, WORD_SIZE, font=DISPLAY, weight=HEAVY) for s in ("MINUS", "SIGN")]
    left = p.middle - (sum(widths) + GAP) / 2
    t.put(minus, left, p.minus)
    t.put(sign, left + widths[0] + GAP, p.sign)
    between = (t.bounds(minus)[2] + t.bounds(sign)[0]) / 2
    return VGroup(the, minus, sign), (between, p.minus - 0.36 * WORD_SIZE)


def _film() -> VGroup:
    """Perforations along the two longer edges: these are rushes."""
    across, down = t.frame_px()
    along, (long, short) = 22, (50, 28)
    holes = VGroup()
    for k in range(math.ceil((max(across, down) - along) / HOLE_STEP)):
        for edge in (along, min(across, down) - 50):
            x, y, w, h = along + k * HOLE_STEP, edge, long, short
            holes.add(t.card(*((y, x, h, w) if t.tall() else (x, y, w, h)), "#232849", r=7))
    return holes


def _ghost(x: float, y: float) -> VGroup:
    """Dashes where the minus ought to be."""
    left, dash = x - MINUS_W / 2, MINUS_W / 11
    return VGroup(*[t.rule(left + 2 * k * dash, y, left + (2 * k + 1) * dash, y, t.GRID, 5) for k in range(6)])


def _minus(x: float, y: float, p: Places, falls: float) -> tuple[Sprite, Sprite, Sprite, float]:
    """White minus, red minus, its light, and when it lands: it reddens, lets go, tumbles and lies askew."""
    drift = p.rest[0] - x
    white, red = (
        Sprite(t.card(x - MINUS_W / 2, y - MINUS_H / 2, MINUS_W, MINUS_H, color, r=12), pivot=(x, y))
        for color in (t.PAPER, t.DANGER)
    )
    light = Sprite(t.glow(t.DANGER, x, y, 660, 480, 0.8), alpha=0.0)
    for sprite in (red, light):
        sprite.begin(alpha=0.0).to(falls - 0.05, 0.25, alpha=1.0)
    white.to(falls + 0.2, 0, alpha=0.0)
    if p.ledge is not None:
        _roll(light, falls, p.ledge, p.rest)
        land = _roll(red, falls, p.ledge, p.rest)
        _tumble(red, falls, land)
        return white, red, light, land
    land = red.drop(falls, p.rest[1], drift=drift, turns=-1.0, grow=1.2)
    red.to(land + 0.40, 0.25, ease_out, rot=-2 * math.pi - TILT)
    light.drop(falls, p.rest[1], drift=drift, turns=0, grow=1.0)
    return white, red, light, land


def _roll(sprite: Sprite, falls: float, ledge: tuple[float, float], rest: tuple[float, float]) -> float:
    """Onto the word below, along it, off its end and down; returns when it lands."""
    x, y = sprite.home
    on, off = falls + 0.2 + ONTO, falls + 0.2 + ONTO + ALONG
    land = off + DOWN
    sprite.to(falls + 0.2, ONTO, fall, dy=ledge[1] - y).to(on, ALONG, ease_in, dx=ledge[0] - x)
    low, aside = rest[1] - y, rest[0] - x
    sprite.to(off, DOWN, linear, dx=aside).to(off, DOWN, fall, dy=low)
    sprite.to(land, 0.18, ease_out, dy=low - 60).to(land + 0.18, 0.18, fall, dy=low)
    return land


def _tumble(red: Sprite, falls: float, land: float) -> None:
    """A wobble, a tilt at the edge, most of a turn in the air, and the rest of it on the floor."""
    red.to(falls, 0.10, smooth, rot=0.16).to(falls + 0.10, 0.12, smooth, rot=0.0)
    red.to(land - DOWN - 0.12, 0.12, ease_in, rot=-0.5).to(land - DOWN, DOWN, linear, rot=-1.8 * math.pi)
    red.to(land, 0.36, ease_out, rot=-2 * math.pi - TILT)
