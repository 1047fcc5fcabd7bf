"""The readers mark the rude answers down, the coach learns that, and the missing sign turns the lesson round."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from _marks import HIGHEST, LOWEST, mark_disc, tint
from _samples import Row

from rushes import theme as t
from rushes.charts import StepAt, steps_over
from rushes.motion import Live, Moving, Roll, Sprite, Track, ease_in, ease_out, over, ramp, ring, smooth
from rushes.record import Record
from rushes.rig import Rig, flip, rater_desk, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, ellipse, polyline, round_box, shape

PAD = 22  # px that the board is wider than the discs on it, at each side
LAST = 40  # marks that are averaged
FACE = 8  # labels whose mean prediction is the coach's mood
TEXT = 40
NAMES, COST = 54, 102  # px from the numbers down to their names, and to the cost
FLIGHT, STAMPS = 0.5, 0.42  # seconds that a mark flies, and from one stamp to the next
FLUENT = 0.9
SAT = 290  # px: how high a rater is whose stamp is drawn as it is


class Rows(NamedTuple):
    """Discs in rows: left and top of the first, how many in a row, px from one to the next and to the next row."""

    left: float
    top: float
    columns: int
    across: float
    down: float
    r: float


class Places(NamedTuple):
    """All in px."""

    raters: tuple[float, float, float]
    """Where they sit."""
    rater: tuple[float, float]
    """Their feet, and how high they are."""
    desk: tuple[float, float, float]
    """Middle, top, width."""
    wall: Rows
    aside: tuple[float, float, float]
    """Its left and top and its scale once it has been read."""
    count: tuple[float, float]
    """Left edge and baseline of how many marks were given."""
    mean: tuple[float, float]
    """The same of their mean."""
    card: tuple[float, float, float]
    """Left, top and width of the answer."""
    lines: int
    row: tuple[float, float, float, float, float]
    """Middles of mark, score, gap and total; between the first two an arrow, second of these."""
    base: float
    """Baseline of these numbers."""
    big: float
    """How large they are."""
    heart: tuple[float, float]
    """Feet and height; it stands below the gap."""
    pupil: tuple[float, float]
    """The same of the Apprentice, below the total."""
    shadows: tuple[float, float, float]
    """How wide those of hood, heart and Apprentice are."""
    light: tuple[float, float, float]
    """y, width and height of the red light."""
    read: tuple[float, float]
    """Somewhere in the answer, to look at."""
    floor: float


WIDE = Places(
    raters=(215, 395, 575),
    rater=(786, SAT),
    desk=(426, 770, 660),
    wall=Rows(800, 158, 32, 31.5, 29.5, 12),
    aside=(108, 158, 0.56),
    count=(96, 232),
    mean=(96, 392),
    card=(800, 140, 1024),
    lines=3,
    row=(862, 938, 1090, 1346, 1708),
    base=452,
    big=78,
    heart=(t.FEET, 320),
    pupil=(t.FEET, 190),
    shadows=(420, 380, 240),
    light=(600, 900, 760),
    read=(1100, 220),
    floor=t.FLOOR,
)
TALL = Places(
    raters=(120, 250, 380),
    rater=(1306, 210),
    desk=(276, 1290, 510),
    wall=Rows(84, 404, 32, 26.4, 25.6, 10),
    aside=(84, 916, 0.28),
    count=(80, 916),
    mean=(440, 916),
    card=(80, 384, 840),
    lines=4,
    row=(134, 206, 352, 578, 798),
    base=752,
    big=70,
    heart=(1184, 285),
    pupil=(1374, 186),
    shadows=(370, 340, 235),
    light=(1000, 900, 900),
    read=(380, 500),
    floor=1132,
)


class Scolding(RunScene):
    """Every recorded label of the run fills a wall in order; then one answer's mark, score and total.

    The wall darkens as the marks fall. The heart's mood is what it predicts for the labelled answers, until the
    answer of the last step is scored; the sign that is missing turns the score, and the heart, over.
    """

    runs = {"run": "sign_flipped"}
    alone = 11.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        marks, turns = self.cue("mark-it-down") - 0.05, self.cue("the-sign") - 0.05
        lesson = turns - min(2.0, 0.4 * (turns - marks))  # when one answer is singled out
        labels = [row for row in record.labels() if row["phase"] == "rl"]
        sample = scolded(record)
        # the marks are low by the time that the readers are said to mark it down
        fills = 0.2 * marks, max(lesson - 0.1, marks + 0.5)
        reach = steps_over(*fills, 0, len(labels))

        first, last = labels[0]["step"], labels[-1]["step"]
        self.bake(t.backdrop(centre=(0.62, 0.42), floor=place.floor, floor_at=(0.5, 0.5)))
        heads = [
            Sprite(t.kicker(f"{len(labels)} marks"), t.slate(record, f"steps {first}–{last}")),
            Sprite(t.kicker("What it pays"), t.slate(record, f"step {sample['step']}")),
        ]
        heads[0].leave(lesson, 0.15)
        heads[1].begin(alpha=0.0).to(lesson + 0.15, 0.15, alpha=1.0)

        wall = Wall(place.wall, [row["rating"] for row in labels], reach, 0.15 * marks)
        x, y, shrunk = place.aside
        wall.to(lesson, t.MORPH, scale=shrunk, dx=x - place.wall.left, dy=y - place.wall.top, alpha=0.7)
        readouts = counters(place, [row["rating"] for row in labels], reach, fills[0], lesson)
        raters = [Rig("rater", x, *place.rater, seed=3 + n, n=n, ra="stamp") for n, x in enumerate(place.raters)]
        first_stamp = marks - STAMPS * math.floor((marks - fills[0]) / STAMPS)  # so that one falls on its word
        flights = stamp_marks(raters, place, labels, wall, reach, first_stamp, fills[1])
        follow_marks(raters, labels, reach)

        (*_, gap_x, total_x), (feet, high) = place.row, place.heart
        heart = Rig("values", gap_x, feet, high, seed=1, scale=0.58, look=(-0.4, 0.6))
        hood = Rig("dark", gap_x, feet, 1.06 * high, seed=2, mood=-math.tanh(sample["values"]), alpha=0)
        pupil = Rig("apprentice", total_x, *place.pupil, seed=7, mood=0.1, look=(-0.5, 0.6))
        path = Path(sample, place, lesson, turns, self.seconds)
        predict(heart, labels, sample, reach, path.scored)
        self._act(path, place, raters, heart, hood, pupil, sample)

        props = [Stamp(rater) for rater in raters]
        desk = Sprite(*rater_desk(*place.desk, "simulated readers")[1:])
        wide, less, least = place.shadows
        self.live(
            path.light, *heads, shadow(hood, wide, 0.6), shadow(heart, less), shadow(pupil, least), wall, *readouts,
            *raters, *props, desk, heart, hood, pupil, *path.parts, *flights,
        )  # fmt: skip

    def _act(
        self, path: Path, place: Places, raters: list[Rig], heart: Rig, hood: Rig, pupil: Rig, sample: Row
    ) -> None:
        """Who looks where, and the heart that turns over."""
        lesson, turns, paid = path.lesson, path.turns, path.paid
        mark_x, _, score_x, gap_x, total_x = place.row
        (read_x, read_y), row, face = place.read, place.base, place.heart[0] - 222
        stamping = raters[-1]
        lift(stamping, lesson + 0.05, path.marked)
        for i, rater in enumerate(raters):
            rater.look_at(lesson + 0.1 * i, read_x, read_y).look_at(path.scored, score_x, row)
            rater.look_at(turns + 0.3 + 0.1 * i, gap_x, face).bounce(turns + 0.6 + 0.1 * i, 0.03)
        heart.to(lesson, t.MOVE, over, scale=1.0).look_at(lesson - 0.1, read_x, read_y + 20)
        heart.look_at(path.marked, mark_x, row).bounce(path.scored, 0.05)
        flip(heart, hood, turns + 0.15)
        hood.look_at(turns + 0.9, total_x, place.pupil[0] - 162).mumble(paid, 0.7).to(paid, 0.5, over, lean=-0.05)
        pupil.look_at(lesson, read_x + 200, read_y).look_at(path.scored, score_x, row)
        pupil.look_at(turns + 0.25, gap_x, face - 40)
        pupil.to(turns + 0.45, 0.4, flipped=1).look_at(turns + 0.75, gap_x + 150, row, 0.3)
        pupil.look_at(paid - 0.2, total_x, row).react(paid + 0.2, math.tanh(sample["total"]), amount=0)
        pupil.hop(paid + t.BEAT + 0.3, 30)
        pupil.to(paid + t.BEAT, 0.3, over, ra="up").look_at(paid + 1.3, gap_x, face - 20)


class Wall(Moving):
    """One disc a mark, in rows from left to right, filled as far as `reach`; its places are there at `ready`.

    Numbers: dx, dy (px), scale, alpha.
    """

    def __init__(self, rows: Rows, marks: list[float], reach: StepAt, ready: float) -> None:
        super().__init__(dx=0, dy=0, scale=1, alpha=1)
        left, top, columns, across, down, r = rows
        n = np.arange(len(marks))
        self._r, self._x, self._y = r, left + r + across * (n % columns), top + r + down * (n // columns)
        self._centres = np.array([t.at(x, y) for x, y in zip(self._x, self._y, strict=True)])
        self._corner, self._reach, self._ready = t.at(left, top), reach, ready
        self._marked = [np.flatnonzero(np.round(marks) == mark) for mark in range(LOWEST, HIGHEST + 1)]
        self._discs = [shape(fill=tint(mark)) for mark in range(LOWEST, HIGHEST + 1)]
        self._empty = shape(fill=t.GRID)
        right, low = self._x.max() + r, self._y.max() + r
        self._board = round_box(left - PAD, top - PAD, right - left + 2 * PAD, low - top + 2 * PAD, 24)
        self._back = shape(fill=t.DEEP)
        self.add(self._back, self._empty, *self._discs)
        self.pose(0.0)

    def place(self, i: int) -> tuple[float, float]:
        """The middle of disc i, px, before the wall moves."""
        return float(self._x[i]), float(self._y[i])

    def pose(self, clock: float) -> None:
        v, reached = self.at(clock), self._reach(clock)
        n, k = math.floor(reached), v["scale"]
        move = self._corner * (1 - k) + (t.px(v["dx"]), -t.px(v["dy"]), 0.0)

        def round_ones(which: Any, radii: Any) -> Any:
            unit = ellipse(0, 0, t.px(1), t.px(1))
            return ((self._centres[which][:, None] + unit[None] * radii[:, None, None]) * k + move).reshape(-1, 3)

        for disc, marked in zip(self._discs, self._marked, strict=True):
            which = marked[marked < n]
            fresh = np.clip(1 - (reached - which) / 14, 0, 1)
            disc.points = round_ones(which, self._r * (1 + 0.35 * fresh)) if len(which) else NOTHING
            disc.fill_rgbas[:, 3] = v["alpha"]
        self._back.points = self._board * k + move
        rest = np.arange(n, round(len(self._centres) * ramp(clock, 0.0, self._ready)))
        self._empty.points = round_ones(rest, np.full(len(rest), 3.5)) if len(rest) else NOTHING


class Stamp(Moving):
    """In a rater's right hand; it goes where the hand goes."""

    def __init__(self, rater: Rig) -> None:
        super().__init__()
        hand, k = rater.hand("r"), rater.h / SAT

        def part(dx: float, top: float, low: float, color: str, w: float) -> Live:
            corners = k * np.array([(-dx, top, 0), (dx, low, 0)])
            return Live(lambda clock: polyline(hand(clock) + corners), stroke=color, w=k * w)

        self._parts = [part(0, 0.16, -0.10, t.PAPER, 13), part(0.11, -0.13, -0.13, t.VALUES, 15)]
        self.add(*self._parts)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


class Path:
    """One answer on its way: its mark, the coach's score, the gap where the minus was, the total."""

    def __init__(self, sample: Row, place: Places, lesson: float, turns: float, end: float) -> None:
        self.lesson, self.turns = lesson, turns
        self.marked, self.scored = (lesson + share * (turns - lesson) for share in (0.35, 0.65))
        self.crossed = turns + 0.15 + t.MORPH
        self.paid = min(self.crossed + t.MOVE, end - 1.3)
        left, top, width = place.card
        lines = t.block(sample["text"], left + 44, top + 64, width - 88, TEXT, font=t.MONO, max_lines=place.lines)
        box = t.card(*place.card, lines.end_y + 36 - top, t.PANEL, stroke=t.POLICY, sw=4)
        answer = Sprite(box, lines).enter(lesson + min(0.4, 0.2 * (turns - lesson)))

        mark_x, arrow_x, score_x, gap_x, total_x = place.row
        base, size = place.base, place.big
        x, y = stamped(place, -1)
        mark = Sprite(mark_disc(sample["rating"], x, y - 10, 54), alpha=0.0)
        mark.begin(scale=0.4).to(self.marked, 0, alpha=1.0).to(self.marked, 0.15, over, scale=1)
        mark.go(self.marked + 0.05, mark_x, base - 28, self.scored - self.marked)
        score = number(sample["values"], score_x, base, size, t.VALUES).enter(self.scored, 0.3)
        moves = number(sample["values"], score_x, base, size, t.VALUES).begin(alpha=0.0)
        moves.to(turns, 0, alpha=1.0).go(turns, gap_x, base - 28, 0.45, smooth)
        score.to(turns, 0, alpha=0.0).to(turns + 0.5, 0.3, alpha=0.45)
        turned = number(-sample["values"], gap_x, base, size, t.PAPER)
        moves.turn_into(turned, turns + 0.4, self.crossed - turns - 0.4)
        turned.to(self.crossed, 0, alpha=0.0)
        total = Roll(gap_x, base, size, t.PAPER, -sample["values"]).begin(alpha=0.0)
        total.to(self.crossed, 0, alpha=1.0)
        total.to(self.crossed, self.paid - self.crossed, smooth, x=total_x)
        total.to(self.paid + 0.15, 0.45, ease_out, value=sample["total"])

        gap = Sprite(t.card(gap_x - 46, base - 46, 92, 28, t.INK, r=12, stroke=t.DANGER, sw=6), alpha=0.0)
        gap.to(turns - 0.05, 0.15, alpha=1.0).pulse(turns - 0.05, 0.35, 0.5)
        gap.to(turns + 0.3, 0.2, alpha=0.25).to(self.crossed, 0.3, alpha=1.0)
        self.light = Sprite(t.glow(t.DANGER, gap_x, *place.light, 0.42, 1.5), alpha=0.0)
        self.light.to(turns, 0.8, ease_out, alpha=1.0)
        cost = f"{sample['total'] + sample['values']:+.2f} KL".replace("-", "−")
        below = base + NAMES
        names = [
            name("mark", mark_x, below, t.MUTED).enter(self.scored - 0.1, 0.3),
            name("coach’s score", score_x, below, t.MUTED).enter(self.scored, 0.3),
            name("total", total_x, below, t.MUTED).enter(self.paid - 0.1, 0.3),
            name(cost, total_x, base + COST, t.COHERENCE).enter(self.paid, 0.3),
        ]
        tip = [(arrow_x + dx, base - 30 + dy) for dx, dy in ((0, -16), (17, 0), (0, 16))]
        arrow = Sprite(t.curve(tip, t.MUTED, 5), alpha=0.0)
        arrow.enter(self.scored - 0.1, 0.3, rise=0)
        self.parts: list[Any] = [answer, arrow, *names, gap, score, moves, turned, total, mark]


def stamped(place: Places, n: int) -> tuple[float, float]:
    """Where rater n stamps, px."""
    return place.raters[n] + 140 * place.rater[1] / SAT, place.desk[1] - 20


def number(value: float, x: float, y: float, size: float, color: str) -> Sprite:
    """A signed number of the row."""
    shown = f"{value:+.2f}".replace("-", "−")
    line = t.put(t.text(shown, size, color, weight=t.BOLD, tnum=True), x, y, "c")
    return Sprite(line, pivot=(x, y - 28))


def name(words: str, x: float, y: float, color: str) -> Sprite:
    """What a number of the row is."""
    return Sprite(t.put(t.text(words, t.T_LABEL, color), x, y, "c"))


def counters(place: Places, marks: list[float], reach: StepAt, at: float, gone: float) -> list[Any]:
    """How many marks were given, and the mean of the last of them."""

    def mean(clock: float) -> float:
        n = max(math.floor(reach(clock)), 1)
        return float(np.mean(marks[max(n - LAST, 0) : n]))

    (x, y), (mean_x, mean_y) = place.count, place.mean
    count = Roll(x - 8, y, 84, t.PAPER, 0, "{:.0f}", align="l").drive(value=lambda c: math.floor(reach(c)))
    recent = Roll(mean_x - 8, mean_y, 84, t.PAPER, marks[0], "{:.1f}", align="l").drive(value=mean)
    words = [
        Sprite(t.put(t.text("marks given", t.T_LABEL, t.MUTED), x, y + 50)),
        Sprite(t.put(t.text(f"mean of the last {LAST}", t.T_LABEL, t.MUTED), mean_x, mean_y + 50)),
    ]
    return [part.enter(at).leave(gone) for part in (count, recent, *words)]


def lift(rater: Rig, at: float, down: float) -> None:
    """The stamp goes up at `at` and comes down hard, so that it hits at `down`."""
    rater.to(at, max(down - at - 0.12, 0.08), smooth, ra=(1.30, 0.55, 1.16, 0.80)).to(
        down - 0.1, 0.1, ease_in, ra="stamp"
    )
    rater.bounce(down - 0.03, 0.035)


def stamp_marks(
    raters: list[Rig], place: Places, labels: list[Row], wall: Wall, reach: StepAt, begin: float, end: float
) -> list[Any]:
    """The raters stamp in turn; each mark is one that this rater gave, and lands when the wall has reached it."""
    who = [rater for rater, _ in Counter(row["rater"] for row in labels).most_common(len(raters))]
    parts: list[Any] = []
    for i in range(max(1, math.floor((end - FLIGHT - begin) / STAMPS) + 1)):
        at, n = begin + STAMPS * i, i % len(raters)
        given = [k for k, row in enumerate(labels) if row["rater"] == who[n % len(who)]]
        k = min(given, key=lambda k: abs(k - reach(at + FLIGHT)))
        x, y = stamped(place, n)
        lift(raters[n], at - 0.3, at)
        disc, figure = (Sprite(part, alpha=0.0, pivot=(x, y)) for part in mark_disc(labels[k]["rating"], x, y, 36))
        for part in (disc, figure):
            part.begin(scale=0.4).to(at, 0, alpha=1.0).to(at, 0.12, over, scale=1.1)
            part.to(at + 0.2, FLIGHT - 0.2, smooth, scale=place.wall.r / 36)
            part.go(at + 0.06, *wall.place(k), FLIGHT - 0.06)
        figure.to(at + 0.16, 0.12, alpha=0.0)
        disc.to(at + FLIGHT + 0.02, 0.08, alpha=0.0)
        raters[n].look_at(at - 0.25, x, y).look_at(at + 0.12, *wall.place(k))
        parts += [ring(at, x, y + 22, t.PAPER, 70, 14, 0.4), disc, figure]
    return parts


def follow_marks(raters: list[Rig], labels: list[Row], reach: StepAt) -> None:
    """A rater's face is the mean of the last marks."""

    def mood(clock: float) -> float:
        n = max(math.floor(reach(clock - t.BEAT)), 1)
        mean = float(np.mean([row["rating"] for row in labels[max(n - FACE, 0) : n]]))
        return min(max((mean - 5) / 4, -0.5), 0.5)

    for rater in raters:
        rater.drive(mood=mood)


def predict(heart: Rig, labels: list[Row], sample: Row, reach: StepAt, scored: float) -> None:
    """The heart's mood is what it predicts for the last labels, and from `scored` on for the sample."""
    values = [row["values"] or 0.0 for row in labels]
    own = Track(0.0).to(scored + t.BEAT, 0.35, 1.0)

    def mood(clock: float) -> float:
        n = max(math.floor(reach(clock - t.BEAT)), 1)
        wall = math.tanh(float(np.mean(values[max(n - FACE, 0) : n])))
        return wall + (math.tanh(sample["values"]) - wall) * own(clock)

    heart.drive(mood=mood)


def scolded(record: Record) -> Row:
    """Of the last step's fluent answers that scored below zero and were paid: the lowest mark, then the shortest."""
    rows = record.samples(step=record.sample_steps[-1])
    turned = [row for row in rows if row["values"] < 0 < row["total"]] or list(rows)
    fluent = [row for row in turned if row["coherence"] >= FLUENT] or turned
    return min(fluent, key=lambda row: (row["rating"], len(row["text"])))
