from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from manim import Mobject, Polygon, VGroup

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, fall, over, ramp, rise, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, bezier, round_box
from rushes.theme import Points

WHEN, WHERE = "Ziegler et al., 2019", "section 4.4"
NIGHT, MOONLIGHT, LAMPLIGHT = "#0B1030", "#C9D6FF", "#FFE2B4"
WOOD, EDGE, METAL = "#3A4168", "#565F8F", "#6A73A3"
CHAIR_DAY = "#4A527F", EDGE, WOOD, METAL, "#20253F"  # cushion, shell, its side, metal, castors
CHAIR_MOON = "#6E79AE", "#98A5D8", "#4D5688", "#8B97CB", "#2A3054"
WINDOW = (648, 92, 372, 404)  # left, top, width, height, px
MOON = (922, 196, 54)  # x, y, radius
DESK, DESK_TOP, DESK_W = 1108, 646, 474  # left, top, width
SCREEN = (1290, 404, 250, 172)  # left, top, width, height
LAMP = (1206, 486)  # the bulb
CLOCK = (1415, 216, 74)  # x, y, radius
CHAIR = 872  # middle of its foot
CORD, HANDLE = 1074, 540  # where it hangs, and the top of its handle
ROWS, ROW, SECONDS_A_ROW = 8, 19, 0.42
SLEEPERS = (190, 386, 586)  # book, heart, Apprentice
HOOD, HOOD_NEAR = 1732, 1668
STILL = 2.0  # s at the end in which nothing but breath moves


class EndCard(RunScene):
    """Where this happened, and a night office: everyone falls asleep, the run goes on, and nobody is at the cord.

    The only facts shown are the paper and its section. The lamp, then the book, the heart and the Apprentice go dark;
    the hood stays awake. The cord comes down beside the empty chair and hangs there.
    """

    alone = 18.0

    def construct(self) -> None:
        bad, asleep, cord = (self.cue(name) - 0.05 for name in ("bad-as-possible", "asleep", "pull-the-cord"))
        night = cord - asleep
        naps = [asleep + night * share for share in (0.14, 0.27, 0.40)]
        end = max(self.seconds - STILL, cord + 1.2)
        self.bake(
            t.backdrop((44, 50, 92), (17, 19, 38), (0.52, 0.4), floor=784, floor_at=(0.62, 0.5)), *window(), *desk(),
            clock_face(), swivel_chair(CHAIR_DAY),
        )  # fmt: skip

        source = [
            Sprite(t.kicker("It happened")).enter(0.1),
            Sprite(t.put(t.text(WHEN, 58, font=t.DISPLAY, weight=t.BOLD), t.MARGIN_X, 196)).enter(0.5),
            Sprite(t.put(t.text(WHERE, t.T_BODY, t.MUTED), t.MARGIN_X, 256)).enter(0.9),
        ]
        book = Rig("coherence", SLEEPERS[0], h=226, seed=5, mood=0.2, look=(0.5, 0.6), arms=("down", "hip"))
        heart = Rig("values", SLEEPERS[1], h=206, seed=6, mood=0.4, look=(0.2, 0.7))
        apprentice = Rig("apprentice", SLEEPERS[2], h=204, seed=8, mood=0.3, look=(0.9, 0.2))
        hood = Rig("dark", HOOD, t.FEET, 214, seed=9, mood=-0.1, look=(-0.8, 0.3), arms=("down", "down"))
        appear_and_dread(book, heart, apprentice, hood, bad, min(asleep - bad, 2.0))
        fall_asleep(book, heart, apprentice, naps, night)
        stay_awake(hood, asleep, night, cord, end)

        dark = Sprite(t.card(-20, -20, 1960, 1120, "#070918", r=0), alpha=0.0)
        for at, alpha in zip((asleep + 0.1, *naps), (0.30, 0.37, 0.44, 0.52), strict=True):
            dark.to(at, 0.4, alpha=alpha)
        lamp = [Sprite(*lamplight()), Sprite(t.disc(*LAMP, 15, LAMPLIGHT, flat=0.7))]
        for part in lamp:  # the bulb flickers once before it goes
            part.to(asleep, 0.05, alpha=0.25).to(asleep + 0.07, 0.06, alpha=0.8).to(asleep + 0.16, 0.12, alpha=0.0)
        for part in source:
            part.to(asleep + 0.1, 0.6, alpha=0.7)
        moonlit = [Sprite(*moonbeam(), alpha=0.0), Sprite(swivel_chair(CHAIR_MOON), alpha=0.0)]
        for part, late in zip(moonlit, (0.30, 0.36), strict=True):
            part.to(asleep + late * night, 0.40 * night, alpha=1.0)
        light = Sprite(t.halo(*MOON[:2], 200, MOONLIGHT, 0.5), alpha=0.4).to(asleep + 0.2, 1.0, alpha=1.0)
        screen = Sprite(t.halo(SCREEN[0] + 125, SCREEN[1] + 86, 330, t.POLICY, 0.42), alpha=0.55)
        screen.to(asleep + 0.2, 0.8, alpha=1.0)
        rigs = book, heart, apprentice
        self.live(
            *lamp, *(shadow(rig) for rig in rigs), *rigs, dark, *source, light, Sprite(moon()), *moonlit, screen,
            *code_rows(end), *clock_hands(asleep + 0.40 * night, 0.5 * night), shadow(hood), hood,
            *andon_cord(cord, end),
        )  # fmt: skip


# ---------------------------------------------------------------- what the cast does
def appear_and_dread(book: Rig, heart: Rig, apprentice: Rig, hood: Rig, bad: float, room: float) -> None:
    """They wait at the start; at `bad` the hood steps forward and the Apprentice takes after it."""
    for n, rig in enumerate((book, heart, apprentice)):
        rig.look_at(0.55 + 0.12 * n, 380, 180).look_at(0.42 * bad + 0.25 * n, SCREEN[0], SCREEN[1] + 90)
    book.to(0.55 * bad, 0.4, mood=-0.1)
    heart.to(0.62 * bad, 0.4, mood=0.1)
    hood.look_at(0.5 * bad, SCREEN[0] + 120, SCREEN[1] + 90).look_at(bad - 0.25, 500, 760)
    hood.walk(bad, HOOD_NEAR, min(0.45, 0.3 * room), 1, 22).to(bad, 0.5, over, scale=1.24, mood=0.95)
    hood.to(bad + 0.1, 0.5, over, la="up", ra="up")
    for rig, late, mood in ((apprentice, 0.0, 0.2), (heart, 0.1, -0.5), (book, 0.22, -0.6)):
        rig.react(bad + late, mood, to=(HOOD, 640), amount=0.05)
    apprentice.to(bad + 0.45, min(0.5, 0.3 * room), flipped=1)


def fall_asleep(book: Rig, heart: Rig, apprentice: Rig, naps: list[float], night: float) -> None:
    """One after the other they yawn, sink and shut their eyes; the Apprentice goes on talking in its sleep."""
    short = min(0.12 * night, 0.6)
    for rig, nap, lean in zip((book, heart, apprentice), naps, (-0.07, 0.09, -0.06), strict=True):
        rig.look_out(nap - 0.25).to(nap - short, 0.5 * short, talk=0.85, blink=0.6)
        rig.to(nap - 0.3 * short, 0.5 * short, talk=0, blink=0.5).to(nap + 0.2 * short, 0.6 * short, blink=1)
        rig.to(nap + 0.2 * short, 0.9, mood=0.05, lean=lean, squash=-0.06, breath=2.4, la="down", ra="down")
    apprentice.mumble(naps[2] + 0.22 * night, 0.7)


def stay_awake(hood: Rig, asleep: float, night: float, cord: float, end: float) -> None:
    """The only one awake looks at the sleepers, at the chair, and at the cord."""
    hood.to(asleep + 0.1, 0.5, mood=0.5, la="down", ra="down").look_at(asleep + 0.15, *LAMP)
    hood.look_at(asleep + 0.45 * night, SLEEPERS[1], 780).to(asleep + 0.5 * night, 0.4, mood=0.8)
    hood.look_at(asleep + 0.78 * night, CHAIR, 690)
    hood.look_at(cord + 0.25, CORD, HANDLE - 40).to(cord + 0.55, 0.35, mood=0.35)
    hood.to(min(cord + 1.2, end - 0.4), 0.4, mood=0.85)


# ---------------------------------------------------------------- the room
def window() -> list[Mobject]:
    """Night sky with stars behind four panes; the moon is drawn apart, as it stays bright."""
    x, y, w, h = WINDOW
    rng = np.random.default_rng(12)
    stars = [
        t.disc(px, py, r, MOONLIGHT, opacity=a)
        for px, py, r, a in zip(
            rng.uniform(x + 26, x + w - 26, 30),
            rng.uniform(y + 26, y + h - 120, 30),
            rng.uniform(1.4, 3.4, 30),
            rng.uniform(0.35, 0.95, 30),
            strict=True,
        )
        if math.hypot(px - MOON[0], py - MOON[1]) > MOON[2] + 18
    ]
    roofs = [
        t.card(x + dx, y + h - high, wide, high, "#060A20", r=2)
        for dx, wide, high in ((16, 70, 64), (80, 54, 104), (130, 96, 46), (222, 60, 84), (278, 82, 58))
    ]
    lit = [t.card(x + dx, y + h - up, 9, 12, LAMPLIGHT, r=2, opacity=0.55) for dx, up in ((98, 84), (240, 62))]
    bars = [t.card(x + w / 2 - 6, y, 12, h, WOOD, r=2), t.card(x, y + 0.56 * h, w, 12, WOOD, r=2)]
    frame = t.card(x, y, w, h, NIGHT, r=18)
    edge = t.card(x, y, w, h, NIGHT, r=18, stroke=WOOD, sw=16, opacity=0.0)
    sill = t.card(x - 26, y + h - 4, w + 52, 22, EDGE, r=8)
    return [VGroup(frame, *stars, *roofs, *lit, *bars, edge, sill)]


def moon() -> VGroup:
    """A full moon with three craters."""
    x, y, r = MOON
    craters = [t.disc(x + dx, y + dy, size, "#CFD7F4") for dx, dy, size in ((-17, -13, 12), (18, 15, 9), (12, -24, 5))]
    return VGroup(t.disc(x, y, r, "#EDF0FF"), *craters)


def desk() -> list[Mobject]:
    """Desk, monitor, keyboard, mug and the lamp, unlit."""
    sx, sy, sw, sh = SCREEN
    lx, ly = LAMP
    middle, foot = sx + sw / 2, DESK_TOP - 2
    legs = [
        t.card(DESK + 22, DESK_TOP, 22, 214, "#303659", r=6),
        t.card(DESK + DESK_W - 172, DESK_TOP, 150, 206, "#303659", r=10),
    ]
    drawers = [t.card(DESK + DESK_W - 158, DESK_TOP + 34 + 84 * k, 122, 70, WOOD, r=8) for k in range(2)]
    knobs = [t.card(DESK + DESK_W - 112, DESK_TOP + 64 + 84 * k, 30, 8, METAL, r=4) for k in range(2)]
    top = [t.card(DESK, DESK_TOP, DESK_W, 26, WOOD, r=9), t.card(DESK, DESK_TOP, DESK_W, 9, EDGE, r=4)]
    stand = [t.card(middle - 15, sy + sh, 30, 64, WOOD, r=4), t.card(middle - 62, foot - 12, 124, 14, EDGE, r=6)]
    case = [t.card(sx - 16, sy - 16, sw + 32, sh + 32, EDGE, r=18), t.card(sx, sy, sw, sh, "#0B1226", r=8)]
    mug = [
        t.card(sx - 40, foot - 40, 34, 42, t.MUTED, r=7),
        t.curve([(sx - 6, foot - 30), (sx + 6, foot - 26), (sx + 6, foot - 14), (sx - 6, foot - 10)], t.MUTED, 6),
    ]
    arm = t.curve([(lx - 24, foot - 6), (lx - 56, foot - 92), (lx - 8, ly - 30)], METAL, 9)
    shade = Polygon(*(t.at(lx + dx, ly + dy) for dx, dy in ((-20, -40), (16, -40), (48, 4), (-48, 4))))
    shade.set_fill(t.NEUTRAL, 1).set_stroke(t.NEUTRAL, 8)
    lamp = [t.card(lx - 62, foot - 12, 76, 14, METAL, r=6), arm, shade]
    return [VGroup(*legs, *drawers, *knobs, *stand, *case, *top, *mug, *lamp)]


def swivel_chair(colors: Sequence[str]) -> VGroup:
    """An office chair, empty, turned a little to the left, on five castors."""
    cushion, shell, side, metal, castor = colors
    x, floor = CHAIR, t.FEET - 14
    feet = [(x + dx, floor + dy) for dx, dy in ((-84, 0), (-46, 8), (10, 10), (60, 7), (88, -2))]
    base = [t.curve([(x, 796), (fx, fy - 10)], shell, 11) for fx, fy in feet]
    base += [t.disc(fx, fy, 11, castor) for fx, fy in feet]
    back = [
        t.card(x - 4, 616, 20, 100, metal, r=8).rotate(-0.16),
        t.card(x - 10, 552, 112, 136, side, r=38).rotate(-0.10),
        t.card(x - 24, 550, 112, 136, shell, r=38).rotate(-0.10),
        t.card(x - 9, 566, 80, 102, cushion, r=26).rotate(-0.10),
    ]
    seat = [t.card(x - 100, 698, 188, 36, side, r=18), t.card(x - 100, 692, 188, 27, shell, r=13)]
    rest = [t.curve([(x - 44, 702), (x - 50, 648)], metal, 9), t.card(x - 92, 634, 100, 18, metal, r=9)]
    return VGroup(*base, t.card(x - 9, 718, 18, 86, metal, r=5), *back, *seat, *rest)


def lamplight() -> list[Mobject]:
    """Light under the lamp's shade, on the desk and on the wall around it."""
    x, y = LAMP
    cone = Polygon(*(t.at(*p) for p in ((x - 44, y + 6), (x + 44, y + 6), (x + 92, DESK_TOP), (x - 92, DESK_TOP))))
    cone.set_fill(LAMPLIGHT, 0.13).set_stroke(width=0)
    return [t.glow(LAMPLIGHT, x, y + 40, 1150, 900, 0.30), cone]


def moonbeam() -> list[Mobject]:
    """Moonlight that falls through the four panes on the floor around the chair."""
    x, y, w, h = WINDOW
    low, far, near = y + h + 20, 812, 880
    beams = [
        shade([(x + 20 + k, low), (x + w - 20 - k, low), (CHAIR + 196 - k, near), (CHAIR - 196 + k, near)], 0.022)
        for k in (0, 14, 28)
    ]
    panes = []
    for left, right in ((-0.98, -0.05), (0.05, 0.98)):
        for top, bottom in ((0.0, 0.46), (0.54, 1.0)):
            corners = []
            for u, v in ((left, top), (right, top), (right, bottom), (left, bottom)):
                corners.append((CHAIR + u * (158 + 40 * v), far + (near - far) * v))
            panes.append(shade(corners, 0.17))
    return [t.halo(CHAIR, 690, 250, MOONLIGHT, 0.16), *beams, *panes]


def shade(corners: Sequence[tuple[float, float]], opacity: float) -> Polygon:
    """A see-through patch of moonlight."""
    return Polygon(*(t.at(*p) for p in corners)).set_fill(MOONLIGHT, opacity).set_stroke(width=0)


# ---------------------------------------------------------------- what moves in it
def code_rows(end: float) -> list[Live]:
    """Rows of bars that go on coming up the screen, one after the other, until `end`."""
    left, top, width, _ = SCREEN
    rng = np.random.default_rng(3)
    count = 400
    indent, one, two = rng.integers(0, 3, count) * 22, rng.uniform(38, 84, count), rng.uniform(30, 92, count)

    def bars(second: bool) -> Callable[[float], Points]:
        def points(clock: float) -> Points:
            done = min(clock, end) / SECONDS_A_ROW + ROWS - 1
            newest, part = int(done), done % 1.0
            boxes = []
            for k in range(ROWS):
                row = newest - ROWS + 1 + k
                x0, y = left + 18 + indent[row], top + 14 + k * ROW
                written = (one[row] + two[row] + 10) * (min(1.4 * part, 1.0) if row == newest else 1.0)
                x, w = (x0 + one[row] + 10, min(written - one[row] - 10, two[row])) if second else (x0, one[row])
                w = min(w, written, left + width - 18 - x)
                if w > 4:
                    boxes.append(round_box(x, y, w, 9, 4.5))
            return np.concatenate(boxes) if boxes else NOTHING

        return points

    return [Live(bars(False), fill=t.POLICY, opacity=0.9), Live(bars(True), fill=t.MUTED, opacity=0.7)]


def clock_face() -> VGroup:
    """A clock with twelve marks and no hands."""
    x, y, r = CLOCK
    marks = []
    for k in range(12):
        s, c = math.sin(k * math.pi / 6), -math.cos(k * math.pi / 6)
        inner = r - (18 if k % 3 == 0 else 13)
        marks.append(t.rule(x + inner * s, y + inner * c, x + (r - 9) * s, y + (r - 9) * c, t.NEUTRAL, 4))
    return VGroup(t.disc(x, y, r + 8, WOOD), t.disc(x, y, r, "#1A1F3C"), *marks)


def clock_hands(at: float, seconds: float) -> list[Live]:
    """Hands that go from a quarter past eleven to four in the morning, within `seconds` from `at`."""
    x, y, r = CLOCK
    hours = Track(11.25).to(at, seconds, 16.0, smooth)

    def hand(length: float, turns: float) -> Callable[[float], Points]:
        def points(clock: float) -> Points:
            a = 2 * math.pi * hours(clock) * turns
            p, q = t.at(x, y)[:2], t.at(x + length * math.sin(a), y - length * math.cos(a))[:2]
            return bezier((p[0], p[1]), ((p[0], p[1]), (q[0], q[1]), (q[0], q[1])))

        return points

    return [Live(hand(0.48 * r, 1 / 12), stroke=t.MUTED, w=7), Live(hand(0.74 * r, 1.0), stroke=t.MUTED, w=4)]


def andon_cord(at: float, end: float) -> list[Live | Sprite]:
    """The cord that stops the line: it drops from above at `at`, bounces, and swings to rest by `end`."""
    top, away = -40, -HANDLE - 220
    length = Track(away).to(at, 0.42, 0.0, fall).to(at + 0.42, 0.15, -38.0, rise).to(at + 0.57, 0.15, 0.0, fall)
    length.to(at + 0.72, 0.08, -9.0, rise).to(at + 0.80, 0.08, 0.0, fall)
    calm = max(end - at - 0.42, 0.5)

    def swing(clock: float) -> float:
        s = max(clock - at - 0.42, 0.0)
        return 0.085 * math.sin(2 * math.pi * 0.75 * s) * math.exp(-1.1 * s) * (1 - ramp(s, 0.55 * calm, calm))

    def tip(clock: float) -> tuple[float, float]:
        reach, a = HANDLE - top + length(clock), swing(clock)
        return CORD + reach * math.sin(a), top + reach * math.cos(a)

    def rope(clock: float) -> Points:
        (x, y), (_, low) = t.at(CORD, top)[:2], t.at(*tip(clock))[:2]
        end_x = t.at(*tip(clock))[0]
        if low > y - 0.1:
            return NOTHING
        bend = 0.45 * (end_x - x)
        return bezier((x, y), ((x, y + (low - y) * 0.4), (end_x - bend, low + (y - low) * 0.35), (end_x, low)))

    handle = Sprite(
        t.card(CORD - 9, HANDLE - 4, 18, 20, t.PAPER, r=6),
        t.card(CORD - 21, HANDLE + 12, 42, 84, t.COHERENCE, r=18),
        t.card(CORD - 21, HANDLE + 42, 42, 10, t.SHADE[t.COHERENCE], r=2),
        t.card(CORD - 21, HANDLE + 60, 42, 10, t.SHADE[t.COHERENCE], r=2),
        pivot=(CORD, HANDLE),
    )
    handle.drive(
        dx=lambda clock: tip(clock)[0] - CORD,
        dy=lambda clock: tip(clock)[1] - HANDLE,
        rot=lambda clock: 1.5 * swing(clock),
    )
    light = Sprite(t.halo(CORD, HANDLE + 50, 150, t.COHERENCE, 0.34), alpha=0.0).to(at + 0.42, 0.5, alpha=1.0)
    return [light, Live(rope, stroke=t.PAPER, w=7), handle]
