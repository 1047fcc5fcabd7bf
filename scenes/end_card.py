from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import _office as office
import numpy as np
from _cord import andon_cord

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_out, over, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, bezier, round_box
from rushes.theme import Points

CORD, HANDLE = 1074, 540  # where it hangs, and the top of its handle, as the office counts
ROWS, ROW, SECONDS_A_ROW = 8, 19, 0.42
STILL = 2.0  # s at the end in which nothing but breath moves


class Places(NamedTuple):
    """Where things are, px of this frame."""

    office: tuple[float, float, float]
    """How large it is drawn, where its window's left edge is, and its floor."""
    source: tuple[tuple[str, float], tuple[str, float]]
    """Where it happened, in two lines with their baselines."""
    sleepers: tuple[float, float, float]
    """Book, heart, Apprentice."""
    cast: float
    """How large the four are."""
    hood: tuple[float, float]
    """Where it stands, and where it comes to."""
    sign: tuple[float, float]
    """The middle of the minus sign on the floor."""


WIDE = Places(
    (1.0, office.WINDOW[0], t.FEET), (("OpenAI, 2019", 196), ("Ziegler et al., §4.4", 256)),
    (190, 386, 586), 1.0, (1732, 1668), (1210, 862),
)  # fmt: skip
TALL = Places(
    (0.9, 88, 1150), (("OpenAI, 2019", 358), ("Ziegler et al., §4.4", 414)),
    (164, 336, 512), 0.88, (858, 812), (612, 1176),
)  # fmt: skip


class EndCard(RunScene):
    """Where this happened, and a night office: everyone falls asleep, the run goes on, and nobody is at the cord.

    The only facts shown are where and when, the paper and its section. The lamp, then the book, the heart and the
    Apprentice go dark; the hood stays awake. The cord comes down beside the empty chair and hangs there.
    """

    alone = 18.0

    def construct(self) -> None:
        places = TALL if t.tall() else WIDE
        stage, feet = office.Stage(*places.office), t.ground()[1]
        bad, asleep, slip, cord = (
            self.cue(name) - 0.05 for name in ("bad-as-possible", "asleep", "sign", "pull-the-cord")
        )
        night = cord - asleep
        naps = [asleep + night * share for share in (0.14, 0.27, 0.40)]
        end = max(self.seconds - STILL, cord + 1.2)
        wall = t.backdrop((44, 50, 92), (17, 19, 38), (0.52, 0.4), floor=stage.place(0, 784)[1], floor_at=(0.62, 0.5))
        chair = office.swivel_chair(office.CHAIR_DAY)
        # theirs stay where they are
        shadows = [t.floor_shadow(x, feet - 2, 264 * places.cast) for x in places.sleepers]
        self.bake(wall, *stage.all(*office.window(), *office.desk(), office.clock_face(), chair), *shadows)

        left, ((who, y), (where, below)) = t.safe()[0], places.source
        source = [
            Sprite(t.kicker("It happened")).enter(0.1),
            Sprite(t.put(t.text(who, 58, font=t.DISPLAY, weight=t.BOLD), left, y)).enter(0.5),
            Sprite(t.put(t.text(where, t.T_LABEL, t.MUTED), left, below)).enter(0.9),
        ]
        k, (x1, x2, x3) = places.cast, places.sleepers
        book = Rig("coherence", x1, feet, 226 * k, seed=5, mood=0.2, look=(0.5, 0.6), arms=("down", "hip"))
        heart = Rig("values", x2, feet, 206 * k, seed=6, mood=0.4, look=(0.2, 0.7))
        apprentice = Rig("apprentice", x3, feet, 204 * k, seed=8, mood=0.3, look=(0.9, 0.2))
        hood = Rig("dark", places.hood[0], feet, 214 * k, seed=9, mood=-0.1, look=(-0.8, 0.3), arms=("down", "down"))
        for n, rig in enumerate((book, heart, apprentice)):
            rig.look_at(0.55 + 0.12 * n, left + 284, y - 16)
        appear_and_dread(book, heart, apprentice, hood, places, bad, min(asleep - bad, 2.0))
        fall_asleep(book, heart, apprentice, naps, night)
        stay_awake(hood, places, asleep, night, cord, end)

        for part in source:
            part.to(asleep + 0.1, 0.6, alpha=0.7)
        lamp, dark = lamp_off(stage, asleep), darkness((asleep + 0.1, *naps))
        self.live(
            *lamp, book, heart, apprentice, dark, *source, *night_lights(stage, asleep, night),
            *code_rows(stage, end), *clock_hands(stage, asleep + 0.40 * night, 0.5 * night), shadow(hood), hood,
            *minus(*places.sign, slip), *andon_cord(*stage.place(CORD, HANDLE), cord, end),
        )  # fmt: skip


# ---------------------------------------------------------------- light
def lamp_off(stage: office.Stage, at: float) -> list[Sprite]:
    """The lamp's light and bulb: it flickers once at `at` and goes out."""
    bulb = t.disc(*office.LAMP, 15, office.LAMPLIGHT, flat=0.7)
    parts = [Sprite(*stage.all(*office.lamplight())), Sprite(*stage.all(bulb))]
    for part in parts:
        part.to(at, 0.05, alpha=0.25).to(at + 0.07, 0.06, alpha=0.8).to(at + 0.16, 0.12, alpha=0.0)
    return parts


def darkness(times: Sequence[float]) -> Sprite:
    """What lies over all that is not lit: it deepens when the lamp goes out and with each who falls asleep."""
    w, h = t.frame_px()
    dark = Sprite(t.card(-20, -20, w + 40, h + 40, "#070918", r=0), alpha=0.0)
    for at, alpha in zip(times, (0.30, 0.37, 0.44, 0.52), strict=True):
        dark.to(at, 0.4, alpha=alpha)
    return dark


def night_lights(stage: office.Stage, asleep: float, night: float) -> list[Sprite]:
    """Moon and screen, which seem brighter without the lamp, and in the moonlight, after a while, the chair."""
    (x, y, w, h), (mx, my, _) = office.SCREEN, office.MOON
    lights = [
        Sprite(*stage.all(t.halo(mx, my, 200, office.MOONLIGHT, 0.5)), alpha=0.4),
        Sprite(*stage.all(t.halo(x + w / 2, y + h / 2, 330, t.POLICY, 0.42)), alpha=0.55),
    ]
    for light in lights:
        light.to(asleep + 0.2, 0.9, alpha=1.0)
    beam = Sprite(*stage.all(*office.moonbeam()), alpha=0.0)
    chair = Sprite(*stage.all(office.swivel_chair(office.CHAIR_MOON)), alpha=0.0)
    beam.to(asleep + 0.30 * night, 0.40 * night, alpha=1.0)
    chair.to(asleep + 0.36 * night, 0.40 * night, alpha=1.0)
    return [*lights, Sprite(*stage.all(office.moon())), beam, chair]


def minus(x: float, y: float, at: float) -> list[Sprite]:
    """The sign that went missing: it lies on the floor, and lights up at `at`."""
    bar = t.card(x - 52, y - 16, 104, 32, t.DANGER, r=8)
    light = Sprite(t.glow(t.DANGER, x, y, 420, 240, 0.7), alpha=0.0).to(at, 0.3, ease_out, alpha=1.0)
    return [light.to(at + 1.2, 0.8, alpha=0.4), Sprite(bar, pivot=(x, y)).enter(at, 0.25).pulse(at, 0.15)]


# ---------------------------------------------------------------- what the cast does
def appear_and_dread(
    book: Rig, heart: Rig, apprentice: Rig, hood: Rig, places: Places, bad: float, room: float
) -> None:
    """They wait at the start; at `bad` the hood steps forward and the Apprentice takes after it."""
    stage, feet, k = office.Stage(*places.office), t.ground()[1], places.cast
    x, y = stage.place(*office.SCREEN[:2])
    for n, rig in enumerate((book, heart, apprentice)):
        rig.look_at(0.42 * bad + 0.25 * n, x, y + 90 * stage.size)
    book.to(0.55 * bad, 0.4, mood=-0.1)
    heart.to(0.62 * bad, 0.4, mood=0.1)
    hood.look_at(0.5 * bad, x + 120 * stage.size, y + 90 * stage.size)
    hood.look_at(bad - 0.25, places.sleepers[2] - 86 * k, feet - 102 * k)
    hood.walk(bad, places.hood[1], min(0.45, 0.3 * room), 1, 22).to(bad, 0.5, over, scale=1.24, mood=0.95)
    hood.to(bad + 0.1, 0.5, over, la="up", ra="up")
    for rig, late, mood in ((apprentice, 0.0, 0.2), (heart, 0.1, -0.5), (book, 0.22, -0.6)):
        rig.react(bad + late, mood, to=(places.hood[0], feet - 222 * k), amount=0.05)
    apprentice.to(bad + 0.45, min(0.5, 0.3 * room), flipped=1)


def fall_asleep(book: Rig, heart: Rig, apprentice: Rig, naps: list[float], night: float) -> None:
    """One after the other they yawn, sink and shut their eyes; the Apprentice goes on talking in its sleep."""
    short = min(0.12 * night, 0.6)
    for rig, nap, lean in zip((book, heart, apprentice), naps, (-0.07, 0.09, -0.06), strict=True):
        rig.look_out(nap - 0.25).to(nap - short, 0.5 * short, talk=0.85, blink=0.6)
        rig.to(nap - 0.3 * short, 0.5 * short, talk=0, blink=0.5).to(nap + 0.2 * short, 0.6 * short, blink=1)
        rig.to(nap + 0.2 * short, 0.9, mood=0.05, lean=lean, squash=-0.06, breath=2.4, la="down", ra="down")
    apprentice.mumble(naps[2] + 0.22 * night, 0.7)


def stay_awake(hood: Rig, places: Places, asleep: float, night: float, cord: float, end: float) -> None:
    """The only one awake looks at the sleepers, at the chair, and at the cord."""
    stage = office.Stage(*places.office)
    hood.to(asleep + 0.1, 0.5, mood=0.5, la="down", ra="down").look_at(asleep + 0.15, *stage.place(*office.LAMP))
    hood.look_at(asleep + 0.45 * night, places.sleepers[1], t.ground()[1] - 82 * places.cast).to(
        asleep + 0.5 * night, 0.4, mood=0.8
    )
    hood.look_at(asleep + 0.78 * night, *stage.place(office.CHAIR, 690))
    hood.look_at(cord + 0.25, *stage.place(CORD, HANDLE - 40)).to(cord + 0.55, 0.35, mood=0.35)
    hood.to(min(cord + 1.2, end - 0.4), 0.4, mood=0.85)


# ---------------------------------------------------------------- what moves in it
def code_rows(stage: office.Stage, end: float) -> list[Live]:
    """Rows of bars that go on coming up the screen, one after the other, until `end`."""
    (left, top, width, _), k = office.SCREEN, stage.size
    rng = np.random.default_rng(3)
    count = 400
    indent, one, two = rng.integers(0, 3, count) * 22, rng.uniform(38, 84, count), rng.uniform(30, 92, count)

    def bars(second: bool) -> Callable[[float], Points]:
        def points(clock: float) -> Points:
            done = min(clock, end) / SECONDS_A_ROW + ROWS - 1
            newest, part = int(done), done % 1.0
            boxes = []
            for n in range(ROWS):
                row = newest - ROWS + 1 + n
                x0, y = left + 18 + indent[row], top + 14 + n * ROW
                written = (one[row] + two[row] + 10) * (min(1.4 * part, 1.0) if row == newest else 1.0)
                x, w = (x0 + one[row] + 10, min(written - one[row] - 10, two[row])) if second else (x0, one[row])
                w = min(w, written, left + width - 18 - x)
                if w > 4:
                    boxes.append(round_box(*stage.place(x, y), w * k, 9 * k, 4.5 * k))
            return np.concatenate(boxes) if boxes else NOTHING

        return points

    return [Live(bars(False), fill=t.POLICY, opacity=0.9), Live(bars(True), fill=t.MUTED, opacity=0.7)]


def clock_hands(stage: office.Stage, at: float, seconds: float) -> list[Live]:
    """Hands that go from a quarter past eleven to four in the morning, within `seconds` from `at`."""
    (x, y), r = stage.place(*office.CLOCK[:2]), office.CLOCK[2] * stage.size
    hours = Track(11.25).to(at, seconds, 16.0, smooth)

    def hand(length: float, turns: float) -> Callable[[float], Points]:
        def points(clock: float) -> Points:
            a = 2 * math.pi * hours(clock) * turns
            p, q = t.at(x, y)[:2], t.at(x + length * math.sin(a), y - length * math.cos(a))[:2]
            return bezier((p[0], p[1]), ((p[0], p[1]), (q[0], q[1]), (q[0], q[1])))

        return points

    return [Live(hand(0.48 * r, 1 / 12), stroke=t.MUTED, w=7), Live(hand(0.74 * r, 1.0), stroke=t.MUTED, w=4)]
