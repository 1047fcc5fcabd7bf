"""Readers are slow and training is hungry: of the answers that stream past, a reader marks one now and then."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from _marks import mark_disc

from rushes import theme as t
from rushes.motion import Live, Roll, Sprite, Track, ease_in, ease_out, linear, over, ramp, smooth
from rushes.rig import Rig, rater_desk, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline, round_box
from rushes.theme import Points

CARD, PITCH = (108, 140), 138  # px: width and height of a card, from card to card
LINES = ((18, 30, 72), (18, 58, 56), (18, 86, 66))  # px in a card: left, top, width of what stands for its words
BLUR = 16.0, 40.0  # cards a second from which on they blur, and at which they are streaks
DISC, ROW = 32, 76  # px: radius of a mark, from one to the next
FEW = 8  # marks that are shown one by one
SAID = 1.5  # s that saying the number of answers takes


class Places(NamedTuple):
    """px: the belt's top, where the rater stands and the Apprentice, the counts (left edge, baseline), the marks,
    how many were not read."""

    belt: float
    rater: tuple[float, float]
    """x and height."""
    writer: tuple[float, float]
    read: tuple[float, float]
    written: tuple[float, float]
    marks: tuple[float, float]
    rest: tuple[float, float]


WIDE = Places(716, (836, 420), (1650, 390), (96, 282), (1300, 282), (130, 362), (1306, 348))
TALL = Places(1216, (300, 500), (860, 320), (80, 568), (500, 568), (114, 664), (506, 748))

Counted = Callable[[float], float]


class Hungry(RunScene):
    """The Apprentice writes, a belt carries it off, and a simulated rater marks as few answers as the run had marked.

    One card is one answer. The first step's marks are recorded ones, in their order; then the belt runs through all
    that the run wrote.
    """

    runs = {"run": "healthy"}
    alone = 14.0

    def construct(self) -> None:
        record = self.record()
        place = TALL if t.tall() else WIDE
        each = int(record.setting("prompts")) * int(record.setting("samples"))
        nth = each // int(record.setting("labels_a_step"))
        total = int(record.facts["samples"])
        hungry, sixty, eight = (self.cue(name) - 0.05 for name in ("hungry", "sixty-four", "eight"))
        all_of_it = self.cue("facts-samples", eight + 2.5) - 0.05
        unread = max(self.cue("unread") - 0.05, all_of_it + 0.6)

        seen = Track(0.0).to(0.0, hungry, nth + 0.3, linear).to(hungry, eight - hungry, each, linear)
        races = max(all_of_it - 0.9, eight + 0.4)
        raced = min(all_of_it + SAID, unread)
        seen.to(races, raced - races, total, lambda a: 0.35 * a**3 + 0.65 * smooth(a))
        belt = Belt(place, seen, nth)

        kicker = t.kicker("Who reads all this?")
        self.bake(
            t.backdrop(centre=(0.6, 0.4), floor=t.ground()[0], floor_at=(0.5, 0.5)),
            kicker,
            t.slate(record, f"steps {record.steps[0]}–{record.steps[-1]}"),
        )
        written = Roll(*place.written, 116, t.POLICY, 0, "{:,.0f}", align="l")
        written.drive(value=lambda clock: float(int(seen(clock) + 1e-6)))
        rest = t.put(t.text(f"{total - total // nth:,} unread", t.T_BODY, t.MUTED), *place.rest)
        read = Roll(*place.read, 116, t.PAPER, 0, "{:,.0f}", align="l")
        read.drive(value=lambda clock: float(int(seen(clock) + 1e-6) // nth))
        names = [
            Sprite(t.put(t.text(name, 40, t.MUTED), x, y - 108))
            for name, (x, y) in (("marked", place.read), ("written", place.written))
        ]
        for name, roll in zip(names, (read, written), strict=True):
            roll.begin(alpha=0.0).enter(0.3)
            name.enter(0.3, rise=0)

        feet = t.ground()[1]
        rater = Rig("rater", place.rater[0], place.belt + 36, place.rater[1], seed=5, n=1, mood=0.0, look=(0.6, -0.4))
        pupil = Rig("apprentice", place.writer[0], feet, place.writer[1], seed=9, mood=0.5, look=(-0.8, 0.1))
        marks = [row["rating"] for row in record.labels() if row["phase"] == "rl"][:FEW]
        stamped = self._read(rater, belt, seen, marks, nth, eight)
        pupil.to(0.2, 0.4, over, la="out").hop(hungry + 0.1, 22).to(hungry, 0.4, mood=0.75)
        pupil.mumble(0.4, hungry - 0.5).mumble(hungry + 0.3, max(eight - hungry - 0.3, 0.4))
        pupil.look_at(sixty, *place.written).look_at(eight, *place.rater).mumble(races, unread - races)
        pupil.hop(races + 0.2, 26).hop(races + 1.0, 26).look_out(unread + 0.3)
        desk = Sprite(*rater_desk(place.rater[0], place.belt + 26, 440)[1:])
        self.live(
            shadow(pupil, 340),
            rater,
            *belt.parts,
            desk,
            pupil,
            *names,
            read,
            written,
            Sprite(rest).enter(unread, rise=0),
            *stamped,
        )
        _despair(rater, races, unread, place)

    def _read(self, rater: Rig, belt: Belt, seen: Track, marks: list[float], nth: int, end: float) -> list[Sprite]:
        """Every nth answer gets its mark as it passes; the mark flies to the row."""
        x0, y0 = belt.place.marks
        out = []
        for k, mark in enumerate(marks):
            at = belt.when(nth * (k + 1), end)
            x, y = x0 + ROW * k, y0
            disc = Sprite(mark_disc(mark, x, y, DISC), alpha=0.0)
            start = belt.place.rater[0] + 190 - x, belt.place.belt - 60 - y
            disc.begin(dx=start[0], dy=start[1], scale=1.6).to(at, 0.05, alpha=1.0)
            disc.to(at + 0.1, 0.45, ease_out, dy=0).to(at + 0.1, 0.5, ease_in, dx=0, scale=1.0)  # over the head
            rater.look_at(at - 0.3, belt.place.rater[0] + 160, belt.place.belt - 60)
            rater.to(at - 0.2, 0.12, ra="up").to(at - 0.08, 0.1, ra="down").bounce(at, 0.03)
            rater.look_at(at + 0.1, belt.place.rater[0] + 400, belt.place.belt - 60)
            out.append(disc)
        return out


def _despair(rater: Rig, races: float, unread: float, place: Places) -> None:
    """It looks after what has gone by, and at us."""
    rater.look_at(races + 0.3, 1900, place.belt - 100).to(races + 0.6, 0.4, mood=-0.3)
    rater.look_at(races + 1.1, 0, place.belt - 60, 0.3).to(unread - 0.4, 0.4, ra="chin", lean=0.05, mood=-0.5)
    rater.look_out(unread + 0.2)


class Belt:
    """Cards that move from the Apprentice to the left as they are written; those that were read are bright."""

    def __init__(self, place: Places, seen: Track, nth: int) -> None:
        self.place, self._seen, self._nth = place, seen, nth
        self._from = place.writer[0] - 0.48 * place.writer[1]
        y = place.belt
        w = self._from + 40
        deck = Sprite(t.card(-60, y, w + 60, 30, "#565F8F", r=15), t.card(-60, y + 12, w + 60, 18, "#3A4168", r=9))
        legs = Sprite(*(t.card(x, y + 26, 22, t.ground()[1] - y - 26, "#303659", r=6) for x in (40, w - 120)))
        dull = t.mix(t.RAISED, t.NEUTRAL, 0.22)
        self.parts = [
            legs,
            deck,
            Live(self._ticks, stroke=t.NEUTRAL, w=5),
            Live(self._streaks, stroke=dull, w=9, alpha=self._blur),
            *(
                Live(self._cards(read, lines), fill=color, alpha=lambda clock: 1 - self._blur(clock))
                for read, lines, color in (
                    (False, False, dull),
                    (False, True, t.NEUTRAL),
                    (True, False, t.PAPER),
                    (True, True, t.SHADE[t.NEUTRAL]),
                )
            ),
        ]

    def when(self, n: int, end: float) -> float:
        """The second at which answer number n is before the rater."""
        times = np.arange(0.0, end + 4.0, 1 / 60)
        reached = [self._seen(float(s)) for s in times]
        return float(times[min(int(np.searchsorted(reached, n)), len(times) - 1)])

    def _blur(self, clock: float) -> float:
        speed = (self._seen(clock + 0.05) - self._seen(clock - 0.05)) / 0.1
        return ramp(speed, *BLUR)

    def _cards(self, read: bool, lines: bool) -> Callable[[float], Points]:
        w, h = CARD
        top = self.place.belt - h
        if lines:
            one = np.concatenate([round_box(x, top + y, wide, 10, 5) for x, y, wide in LINES])
        else:
            one = round_box(0, top, w, h, 10)
        most = int(self._from / PITCH) + 2

        def points(clock: float) -> Points:
            n = self._seen(clock)
            ids = np.arange(max(int(n) - most, 0), int(n) + 1)
            x = self._from - CARD[0] - PITCH * (n - ids)
            done = (ids % self._nth == 0) & (ids > 0) & (x < self.place.rater[0] + 60)
            x = x[done if read else ~done]
            shift = np.zeros((len(x), 1, 3))
            shift[:, 0, 0] = x / t.UNIT
            return (one[None] + shift).reshape(-1, 3) if len(x) else NOTHING

        return points

    def _ticks(self, clock: float) -> Points:
        n, y = self._seen(clock) % 1.0, self.place.belt + 15
        xs = [x for x in np.arange(-PITCH * n, self._from + 20, PITCH) if x > -40]
        return np.concatenate([polyline(np.array([t.at(x, y), t.at(x + 26, y)])) for x in xs]) if xs else NOTHING

    def _streaks(self, clock: float) -> Points:
        rng = np.random.default_rng(int(clock * 30))
        out = []
        for k in range(9):
            y = self.place.belt - 8 - 12 * k
            a, b = np.sort(rng.uniform(0, self._from, 2))
            out.append(polyline(np.array([t.at(a, y), t.at(b, y)])))
        return np.concatenate(out)
