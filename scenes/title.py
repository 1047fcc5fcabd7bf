"""The title card: MINUS and SIGN on the film's perforations, the minus between them, and the cast."""

from __future__ import annotations

import math

from manim import VGroup

from rushes import theme as t
from rushes.motion import Sprite, ease_out, over, ring
from rushes.rig import Rig, Who, shadow
from rushes.scene import RunScene
from rushes.theme import DISPLAY, HEAVY

WORD_SIZE, THE_SIZE = 248, 92
BASELINE, THE_BASELINE = 446, 212
GAP = 262  # between the two words, where the minus was
FLOOR, FEET = 930, 982  # no captions over this card: it may use the whole frame
MINUS_W, MINUS_H = 172, 36
REST = 906, FEET - 30  # where the fallen minus lies
TILT = 0.36  # and how far from level
CAST: dict[Who, tuple[float, float]] = {  # x and height
    "values": (262, 326),
    "apprentice": (636, 316),
    "coherence": (1160, 346),
    "dark": (1592, 336),
}
HOLES, HOLE_STEP = 21, 92


class Title(RunScene):
    """The minus drops out of its own title; three of the cast were there before it, the fourth comes because of it."""

    alone = 5.0

    def construct(self) -> None:
        falls = max(self.cue("the-minus-sign") - 0.05, 0.7)
        words, slot = _words()
        x, y = slot
        self.bake(
            t.backdrop((36, 40, 80), (12, 13, 24), (0.5, 0.42), stars=90, floor=FLOOR), _film(), words, _ghost(x, y)
        )

        white, red, light, land = _minus(x, y, falls)
        heart, apprentice, book, dark = (
            Rig(who, place, FEET, h, seed=4 + 3 * i) for i, (who, (place, h)) in enumerate(CAST.items())
        )
        heart.begin(mood=0.7, look=(0.5, 0.5))
        apprentice.begin(mood=0.75, look=(0.4, 0.9))
        book.begin(mood=0.2, look=(-0.3, 0.7)).to(0.9, 0.4, over, ra="hip")
        for i, rig in enumerate((heart, apprentice, book)):
            rig.enter(0.10 + 0.28 * i, t.ENTER, rise=150)
        heart.to(0.45, 0.4, over, ra="up")
        apprentice.to(0.75, 0.4, over, la="up", ra="up")
        _notice(heart, apprentice, book, falls, land, x)

        rises = land + 0.30
        dark.begin(mood=0.5, look=(-0.9, -0.3), la="down", ra="down").enter(rises, 0.5, rise=330)
        dark.to(rises + 0.15, 0.55, over, la="up", ra="up", mood=0.95).look_at(rises + 0.9, *REST)
        dark.bounce(rises + 1.5, 0.04).bounce(rises + 1.92, 0.04)  # a chuckle
        for rig, later in ((apprentice, 0.55), (heart, 0.75)):
            rig.look_at(rises + later, CAST["dark"][0], 740).to(rises + later + 0.2, 0.3, mood=-0.15)
        book.look_at(rises + 1.6, CAST["dark"][0], 700)
        shadows = [shadow(rig) for rig in (heart, apprentice, book, dark)]
        self.live(light, ring(land, *REST, t.DANGER, ry=40), *shadows, heart, apprentice, book, dark, white, red)


def _notice(heart: Rig, apprentice: Rig, book: Rig, falls: float, land: float, x: float) -> None:
    """Eyes follow the minus down, and then each face knows in its own time."""
    for rig, later in ((apprentice, 0.0), (heart, 0.08), (book, 0.2)):
        rig.look_at(falls + 0.05 + later, x, 400).look_at(falls + 0.45 + later, *REST, 0.35)
    apprentice.to(land - 0.08, 0.3, la="down", ra="down").hop(land + 0.05, 24).react(land, 0.3, amount=0)
    heart.to(land + 0.1, 0.35, ra="low", mood=0.2)
    book.react(land, -0.5, beat=0.45)


def _words() -> tuple[VGroup, tuple[float, float]]:
    """The three words, and where the minus hangs between the last two (px)."""
    the = t.put(t.text("THE", THE_SIZE, t.MUTED, font=DISPLAY, weight=t.BOLD), 960, THE_BASELINE, "c")
    widths = [t.text_width(s, WORD_SIZE, font=DISPLAY, weight=HEAVY) for s in ("MINUS", "SIGN")]
    left = 960 - (sum(widths) + GAP) / 2
    minus, sign = (t.text(s, WORD_SIZE, t.PAPER, font=DISPLAY, weight=HEAVY) for s in ("MINUS", "SIGN"))
    t.put(minus, left, BASELINE)
    t.put(sign, left + widths[0] + GAP, BASELINE)
    between = (t.bounds(minus)[2] + t.bounds(sign)[0]) / 2
    return VGroup(the, minus, sign), (between, BASELINE - 0.36 * WORD_SIZE)


def _film() -> VGroup:
    """Perforations along both edges: these are rushes."""
    places = [(22 + k * HOLE_STEP, y) for k in range(HOLES) for y in (22, 1030)]
    return VGroup(*[t.card(x, y, 50, 28, "#232849", r=7) for x, y in places])


def _ghost(x: float, y: float) -> VGroup:
    """Dashes where the minus ought to be."""
    left, dash = x - MINUS_W / 2, MINUS_W / 11
    return VGroup(*[t.rule(left + 2 * k * dash, y, left + (2 * k + 1) * dash, y, t.GRID, 5) for k in range(6)])


def _minus(x: float, y: float, falls: float) -> tuple[Sprite, Sprite, Sprite, float]:
    """White minus, red minus, its light, and when it lands: it reddens, lets go, tumbles and lies askew."""
    drift = REST[0] - x
    white, red = (
        Sprite(t.card(x - MINUS_W / 2, y - MINUS_H / 2, MINUS_W, MINUS_H, color, r=12), pivot=(x, y))
        for color in (t.PAPER, t.DANGER)
    )
    light = Sprite(t.glow(t.DANGER, x, y, 660, 480, 0.8), alpha=0.0)
    for sprite in (red, light):
        sprite.begin(alpha=0.0).to(falls - 0.05, 0.25, alpha=1.0)
    white.to(falls + 0.2, 0, alpha=0.0)
    land = red.drop(falls, REST[1], drift=drift, turns=-1.0, grow=1.2)
    red.to(land + 0.40, 0.25, ease_out, rot=-2 * math.pi - TILT)
    light.drop(falls, REST[1], drift=drift, turns=0, grow=1.0)
    return white, red, light, land
