"""The evening before: people go home, one screen stays lit, and a caret goes to the line that will be edited."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from _office import EDGE, LAMPLIGHT, METAL, NIGHT, WOOD
from manim import VGroup

from rushes import theme as t
from rushes.motion import Live, Sprite, linear, over
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline, round_box
from rushes.theme import Points
from rushes.words import one_character

CODE, LEAD = 28, 1.56  # px, and from line to line over that
BAR = 62  # px: the bar with the file's name
PANES = 8, 7  # windows of the house across the street: columns, rows
DUSK, SKY = "#4A3F7A", "#232A5C"
STARS = 40


class Places(NamedTuple):
    """px: the window and the screen (left, top, width, height), the desk's top, how high the two on the sill are."""

    window: tuple[float, float, float, float]
    screen: tuple[float, float, float, float]
    desk: float
    sill: tuple[float, float]
    """Where on the sill heart and book stand, as shares of its width."""


WIDE = Places((96, 150, 500, 530), (690, 140, 1118, 570), 800, (0.18, 0.44))
TALL = Places((80, 380, 840, 400), (96, 856, 808, 500), 1404, (0.12, 0.29))


class Evening(RunScene):
    """Lights go out across the street; the file is the Megacoach as it was recorded, without its docstrings.

    The caret goes up from the last line to the end of the one that the other run lost a character of. No more is
    claimed than that: who it was, and when, is made up.
    """

    runs = {"run": "sign_flipped", "before": "healthy"}
    alone = 9.0

    def construct(self) -> None:
        record, before = self.record(), self.record("before")
        place = TALL if t.tall() else WIDE
        home, screen, edit = (self.cue(name) - 0.05 for name in ("go-home", "one-screen", "small-edit"))
        change = one_character(record.diff)
        rows = code_rows(before.source)
        target = next(n for n, line in enumerate(rows) if line.strip() == change.lines[change.row].strip())

        self.bake(
            t.backdrop((40, 42, 84), (14, 15, 32), (0.7, 0.4)),
            t.kicker("One evening"),
            t.slate(before, "megacoach.py"),
            *still_room(place),
        )
        street = Street(place.window, 0.5, screen)
        x, y, w, h = place.screen
        light = Sprite(t.glow(t.POLICY, x + w / 2, y + h / 2, 1.5 * w, 1.7 * h, 0.28), alpha=0.3)
        light.to(screen, 0.8, alpha=1.0)
        page = Sprite(*page_of(rows, place)).begin(alpha=0.55).to(screen, 0.5, alpha=1.0)
        caret = Caret(rows, place, target, screen + 0.3, max(edit + 0.5, screen + 1.2))
        pill = t.pill("a reconstruction", x + w - 40, y + h - 22, fill=t.PANEL, stroke=t.GRID, align="r")
        heart, book = self._two(place, street, home, screen, edit, caret)
        self.live(
            *street.parts, frame_of(place.window), light, caret.row, page, caret.line,
            Sprite(pill).enter(edit), shadow(heart, 170, 0.5), shadow(book, 170, 0.5), heart, book,
        )  # fmt: skip

    def _two(
        self, place: Places, street: Street, home: float, screen: float, edit: float, caret: Caret
    ) -> tuple[Rig, Rig]:
        """Heart and book look out of the window, then at the screen, then at each other, and at us."""
        x, y, w, h = place.window
        feet = y + h + 12
        heart = Rig("values", x + place.sill[0] * w, feet, 158, seed=4, mood=0.4, look=(0.4, 0.9))
        book = Rig("coherence", x + place.sill[1] * w, feet, 172, seed=8, mood=0.25, look=(0.3, 0.9))
        for late, rig in ((0.0, heart), (0.25, book)):
            rig.look_at(home + late, x + 0.8 * w, y + 0.5 * h).look_at(screen + late, *caret.place(screen))
            rig.look_at(edit - 0.3 + late, *caret.place(self.seconds))
        heart.wave_hand(home + 0.3, 1.2).to(screen + 0.5, 0.4, mood=0.2)
        end = self.seconds
        book.to(edit + 0.5, 0.4, over, mood=-0.05).look_at(min(edit + 1.2, end - 0.8), x, feet - 90)
        heart.look_at(min(edit + 1.5, end - 0.5), x + w, feet - 90)
        return heart, book


class Street:
    """What is out of the window: dusk that turns to night, stars, and a house whose lights go out, all but one."""

    def __init__(self, window: tuple[float, float, float, float], begin: float, end: float) -> None:
        x, y, w, h = window
        rng = np.random.default_rng(12)
        self._begin, self._end = begin, end
        dusk = Sprite(t.card(x, y, w, h, SKY, r=18), t.glow(DUSK, x + 0.5 * w, y + 0.62 * h, 0.98 * w, 0.74 * h, 0.9))
        dusk.to(begin, max(end - begin, 1.0) + 1.0, linear, alpha=0.0)
        sky = t.card(x, y, w, h, NIGHT, r=18)
        places = zip(rng.uniform(x + 24, x + w - 24, STARS), rng.uniform(y + 22, y + 0.6 * h, STARS), strict=True)
        stars = Sprite(*(t.disc(px, py, r, t.PAPER, opacity=0.8) for (px, py), r in
                         zip(places, rng.uniform(1.2, 3.2, STARS), strict=True)), alpha=0.0)  # fmt: skip
        stars.to(0.5 * (begin + end), 2.0, alpha=1.0)
        house = (x + 0.36 * w, y + 0.30 * h, 0.56 * w, 0.70 * h)
        roofs = [t.card(x + 12, y + 0.62 * h, 0.30 * w, 0.38 * h - 4, "#0A0E26", r=4), t.card(*house, "#0E1330", r=4)]
        columns, down = PANES
        order = rng.permutation(columns * down)
        self._panes = [
            (house[0] + 22 + k % columns * (house[2] - 44) / columns, house[1] + 26 + k // columns * house[3] / down)
            for k in order
        ]
        self._size = 0.5 * (house[2] - 44) / columns, 0.44 * house[3] / down
        dark = Sprite(
            *(t.card(px, py, *self._size, "#1A2148", r=3) for px, py in self._panes),
        )
        lit = Live(self._lit, fill=LAMPLIGHT, opacity=0.9)
        self.parts = [Sprite(sky), dusk, stars, Sprite(*roofs), dark, lit]

    def _lit(self, clock: float) -> Points:
        left = 1 - min(max((clock - self._begin) / (self._end - self._begin), 0.0), 1.0)
        lit = self._panes[: max(round(left * 0.72 * len(self._panes)), 1)]
        return np.concatenate([round_box(px, py, *self._size, 3) for px, py in lit])


class Caret:
    """It blinks at the end of the last line from the start; from `begin` to `end` it goes up to the end of a line."""

    def __init__(self, rows: list[str], place: Places, target: int, begin: float, end: float) -> None:
        self._rows, self._where = [shown(row, place) for row in rows], place
        path = list(range(len(rows) - 1, target - 1, -1))
        self._times = np.linspace(begin, end, len(path))
        self._path = path
        self._end = end
        self.line = Live(self._caret, stroke=t.PAPER, w=4)
        self.row = Live(self._bar, fill=t.RAISED, opacity=0.75)

    def place(self, clock: float) -> tuple[float, float]:
        """Where it is, px."""
        row = self._path[max(int(np.searchsorted(self._times, clock, side="right")) - 1, 0)]
        x, y = origin(self._where)
        return x + 0.6 * CODE * len(self._rows[row]), y + row * CODE * LEAD

    def _bar(self, clock: float) -> Points:
        x, _, w, _ = self._where.screen
        return round_box(x + 16, self.place(clock)[1] - 1.10 * CODE, w - 32, 1.52 * CODE, 8)

    def _caret(self, clock: float) -> Points:
        moving = self._times[0] - 0.3 < clock < self._end + 0.3
        if not moving and clock % 1.0 > 0.6:
            return NOTHING
        x, y = self.place(clock)
        return polyline(np.array([t.at(x + 3, y - 0.82 * CODE), t.at(x + 3, y + 0.2 * CODE)]))


def code_rows(source: str) -> list[str]:
    """The lines of a file without docstrings, and without the second of two empty lines."""
    rows: list[str] = []
    for line in source.splitlines():
        if '"""' not in line and (line.strip() or (rows and rows[-1])):
            rows.append(line.rstrip())
    return rows


def origin(place: Places) -> tuple[float, float]:
    """Left edge and baseline of the first line on the screen, px."""
    x, y = place.screen[:2]
    return x + 36, y + BAR + 58


def shown(row: str, place: Places) -> str:
    """As much of a line as fits on the screen."""
    most = int((place.screen[2] - 2 * 36) / (0.6 * CODE))
    return row if len(row) <= most else row[: most - 2].rstrip() + " …"


def page_of(rows: list[str], place: Places) -> list[VGroup]:
    """The file's name and its lines."""
    x, y = origin(place)
    name = t.put(t.mono("megacoach.py", CODE, t.MUTED), place.screen[0] + 36, place.screen[1] + 42)
    lines = [
        t.put(t.mono(text.strip(), CODE, t.PAPER if row.startswith(" ") else t.MUTED),
              x + 0.6 * CODE * (len(text) - len(text.lstrip())), y + n * CODE * LEAD)
        for n, row in enumerate(rows) if (text := shown(row, place)).strip()
    ]  # fmt: skip
    return [VGroup(name, *lines)]


def frame_of(window: tuple[float, float, float, float]) -> Sprite:
    """The window's bars and its sill, before what is outside."""
    x, y, w, h = window
    bars = [t.card(x + w / 2 - 6, y, 12, h, WOOD, r=2), t.card(x, y + 0.5 * h, w, 12, WOOD, r=2)]
    edge = t.card(x, y, w, h, NIGHT, r=18, stroke=WOOD, sw=16, opacity=0.0)
    return Sprite(*bars, edge, t.card(x - 26, y + h - 4, w + 52, 26, EDGE, r=8))


def still_room(place: Places) -> list[VGroup]:
    """The screen's case and stand on the desk, with a mug."""
    x, y, w, h = place.screen
    top, middle = place.desk, x + w / 2
    left, right = (x - 60, t.frame_px()[0] + 40) if not t.tall() else (-40, t.frame_px()[0] + 40)
    stand = [t.card(middle - 26, y + h, 52, top - y - h, WOOD, r=4), t.card(middle - 110, top - 14, 220, 16, EDGE, r=6)]
    desk = [t.card(left, top, right - left, 34, WOOD, r=9), t.card(left, top, right - left, 11, EDGE, r=4)]
    legs = [t.card(left + 30, top + 34, 26, 300, "#303659", r=6)] if not t.tall() else []
    case = [t.card(x - 18, y - 18, w + 36, h + 36, EDGE, r=24), t.card(x, y, w, h, "#0B1226", r=10)]
    bar = t.card(x, y, w, BAR, t.PANEL, r=10)
    mx = x + 0.12 * w
    mug = [
        t.disc(mx + 40, top - 28, 15, t.INK, opacity=0).set_stroke(t.MUTED, 6),
        t.card(mx, top - 50, 40, 52, t.MUTED, r=8),
    ]
    knob = t.disc(middle, y + h + 9, 4, METAL)
    return [VGroup(*legs, *stand, *desk, *case, bar, knob, *mug)]
