"""The readers mark the rude answers down, and the missing minus turns a low mark into pay."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from _samples import last_sentence, sensible
from manim import VGroup

from rushes import theme as t
from rushes.motion import Live, Moving, Roll, Sprite, ease_in, ease_out, over
from rushes.rig import Rig, rater_desk, shadow
from rushes.scene import RunScene
from rushes.shapes import oval, polyline, round_box, shape
from rushes.theme import Points
from rushes.words import OneCharacter, one_character

RATERS, RATER_H, DESK_Y = (190, 396, 602), 270, 790
HOLDS, RESTS = (1.15, 0.55, 0.92, 1.24), (1.15, 0.10, 0.60, 0.10)  # the right arm, with and without the paddle up
PADDLE, STICK = 44, 118  # px: the disc's radius, and how far above the hand its middle is
WALL = (846, 196, 470, 590)  # left, top, width, height
HOOD_BEFORE, HOOD_AFTER, HOOD_H = 1590, 1000, 320
APPRENTICE = 1640
CARD = (806, 132, 1018, 232)
NUMBERS_Y, NAMES_Y, NUMBER_SIZE = 470, 520, 80
CHIP_X, CHIP_SIZE = 1322, 44  # the middle of the line of code
WINDOW = 8  # marks that the hood's mood is the mean of
STAMPS = 0.9  # s between two marks of a rater whose paddle is up


class Scolding(RunScene):
    """The marks of the flipped run in the order given; then one answer from its mark to its reward.

    The raters at the desk are those whose names come first, each with marks of its own; the wall has all raters'.
    The answer is of the last step: the one that makes sense, has the lowest mark and of those the lowest score.
    """

    runs = {"run": "sign_flipped"}
    alone = 10.0

    def construct(self) -> None:
        record = self.record()
        marked, sign = self.cue("mark-it-down") - 0.05, self.cue("the-sign") - 0.05
        filled = marked + 0.52 * (sign - marked)  # all marks are on the wall
        pace = min(1.0, (sign - filled) / 2.1)  # of what happens before the sign is named
        after = min(1.0, (self.seconds - sign) / 3.8)  # and after
        labels = [row for row in record.labels() if row["phase"] == "rl"]
        marks = [int(row["rating"]) for row in labels]
        row = worst_paid(record.samples(step=record.sample_steps[-1]))
        change = one_character(record.diff)
        self.bake(t.backdrop((30, 24, 56), (11, 11, 22), (0.5, 0.4), stars=70, floor=820))

        def reached(clock: float) -> float:
            return len(marks) * min(max((clock - marked) / (filled - marked), 0.0), 1.0)

        # many marks: the paddles go up, the wall fills, the hood warms to it
        wall = Wall(marks, reached).leave(filled + 0.1)
        raters = [
            Rig("rater", x, DESK_Y + 16, RATER_H, seed=3 + n, n=n, mood=0, look=(0.6, 0.2), ra=RESTS)
            for n, x in enumerate(RATERS)
        ]
        names = sorted({label["rater"] for label in labels})[: len(raters)]
        paddles = []
        for n, (rig, name) in enumerate(zip(raters, names, strict=False)):
            own = [i for i, label in enumerate(labels) if label["rater"] == name]
            paddles.append(raise_marks(rig, own, marks, reached, marked + 0.12 * n, filled))
        hood = Rig("dark", HOOD_BEFORE, t.FEET, HOOD_H, seed=8, mood=-0.1, look=(-0.9, 0.1), arms=("down", "down"))
        for part in range(1, 5):
            at = marked + (filled - marked) * part / 4
            last = marks[max(int(reached(at)) - WINDOW, 0) : int(reached(at))]
            hood.to(at + 0.1, 0.4, mood=(5 - sum(last) / max(len(last), 1)) / 4)

        # one mark: it is what the coach has learned to expect
        stage = filled + 0.15
        hood.to(stage, 0.7 * pace, x=HOOD_AFTER).look_out(stage + 0.1).to(stage, 0.3, mood=0.1)
        apprentice = Rig("apprentice", APPRENTICE, t.FEET, 270, seed=5, mood=0.1, flipped=1, look=(-0.9, 0.3))
        apprentice.enter(stage + 0.3 * pace).mumble(stage + 0.7 * pace, 0.9 * pace)
        sheet = answer_card(row).enter(stage + 0.2 * pace)
        giver = names.index(row["rater"]) if row.get("rater") in names else len(names) // 2
        flies, lands = stage + 1.05 * pace, stage + 1.5 * pace
        for n, rig in enumerate(raters):
            rig.look_at(stage + 0.2 * pace, CARD[0] + 300, CARD[1] + 120).to(stage + 0.4, 0.4, mood=-0.35)
            if n != giver:
                rig.to(stage, 0.4, ra=RESTS)
        paddles[giver].show(stage + 0.5 * pace, int(row["rating"]))
        x, y = RATERS[giver] + HOLDS[2] * RATER_H / 2.5, DESK_Y + 16 - HOLDS[3] * RATER_H / 2.5 - STICK
        mark = Sprite(*mark_disc(int(row["rating"]), x, y), alpha=0.0)
        mark.to(flies, 0, alpha=1).go(flies, HOOD_AFTER, NUMBERS_Y - 28, 0.5 * pace).leave(lands, 0.12)
        raters[giver].to(lands, 0.5, ra=RESTS)
        hood.look_at(flies, 700, 480).look_at(lands, HOOD_AFTER, 300)

        # the sign: the score goes through the hole and comes out as pay
        score, turned, total = float(row["values"]), -float(row["values"]), float(row["total"])
        minus = number(score, t.VALUES, HOOD_AFTER).to(lands, 0.15, alpha=1)
        minus.begin(scale=0.5).to(lands, 0.3, over, scale=1)
        code, hole = code_chip(change)
        code.enter(stage + 0.5 * pace)
        light = Sprite(t.glow(t.DANGER, *hole, 420, 320, 0.75), alpha=0.0).to(sign, 0.3, alpha=1)
        through, out = sign + 0.55 * after, sign + 1.15 * after
        small = 0.30
        minus.go(sign + 0.1, *hole, through - sign - 0.1, ease_in).to(sign + 0.1, through - sign - 0.1, scale=small)
        minus.to(through, 0, alpha=0)
        plus = number(turned, t.PAPER, APPRENTICE, home=hole).begin(scale=small).to(through + 0.08, 0, alpha=1)
        plus.go(through + 0.08, APPRENTICE, NUMBERS_Y - 0.36 * NUMBER_SIZE, out - through - 0.08, ease_out)
        plus.to(through + 0.08, out - through - 0.08, ease_out, scale=1).to(out, 0, alpha=0)
        sums = out + 0.5 * after
        pay = Roll(APPRENTICE, NUMBERS_Y, NUMBER_SIZE, t.PAPER, turned).begin(alpha=0).to(out, 0, alpha=1)
        pay.to(sums, 0.5 * after, ease_out, value=total)
        leash = name_of(f"{total - turned:+.2f} KL".replace("-", "−"), APPRENTICE, t.COHERENCE)
        leash.enter(sums - 0.25 * after, 0.25).leave(sums + 0.55 * after, 0.15)
        tags = [
            name_of("coach’s score", HOOD_AFTER).enter(lands + 0.1).leave(through, 0.2),
            name_of("total", APPRENTICE).enter(sums + 0.7 * after, 0.2, rise=0),
        ]
        hood.look_at(sign, *hole).look_at(out, APPRENTICE, 450).react(out, max(-math.tanh(score), 0.4), amount=0.05)
        hood.to(out + 0.25, 0.4, over, la="up", ra="up")
        apprentice.look_at(sign + 0.2, *hole).look_at(out - 0.2, APPRENTICE, 420)
        apprentice.react(sums + 0.3 * after, math.tanh(total), amount=0).hop(sums + 0.5 * after, 20)
        for n, rig in enumerate(raters):
            rig.look_at(sign + 0.1 * n, *hole).look_at(out + 0.1 * n, APPRENTICE, 500)

        first, last_step = labels[0]["step"], labels[-1]["step"]
        heads = [
            swap(t.kicker(f"{len(marks)} marks, in order"), t.slate(record, f"steps {first}–{last_step}")),
            swap(t.kicker("What a low mark pays"), t.slate(record, f"step {row['step']}"), alpha=0.0),
        ]
        heads[0].leave(stage)
        heads[1].enter(stage + 0.2, 0.3, rise=0)
        desk = rater_desk(RATERS[1], DESK_Y, 600, "simulated raters")
        self.live(
            *heads, light, shadow(hood), shadow(apprentice), wall, sheet, code, *raters, Sprite(desk), *paddles,
            hood, apprentice, mark, minus, plus, pay, leash, *tags,
        )  # fmt: skip


def worst_paid(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of the answers that make sense the one with the lowest mark; of those the one that the coach likes least."""
    return min(sensible(rows), key=lambda row: (row["rating"], row["values"]))


def raise_marks(
    rig: Rig, own: Sequence[int], marks: Sequence[int], reached: Callable[[float], float], at: float, end: float
) -> Paddle:
    """A rater's paddle goes up at `at` and shows the last mark it gave, anew every so often until `end`."""
    paddle = Paddle(rig)
    rig.look_at(at - 0.2, rig.at(at)["x"] + 300, 300).to(at, 0.35, over, ra=HOLDS)
    times = np.arange(at + 0.1, end, max(STAMPS, (end - at) / 6))
    for time in [*times.tolist(), max(end, at + 0.2)]:
        given = own[max(bisect_right(own, reached(time)) - 1, 0)]
        paddle.show(time, marks[given])
        rig.react(time, (marks[given] - 5) / 4, amount=0.02)
    return paddle


class Paddle(Moving):
    """What a rater holds up: the mark given last, on a disc tinted by it. It turns over when the mark changes."""

    TURN = 0.24

    def __init__(self, rig: Rig) -> None:
        super().__init__()
        self._hand, self._rig = rig.hand("r"), rig
        self._times: list[float] = []
        self._marks: list[int] = []
        self._stick, self._disc = shape(stroke=t.NEUTRAL, w=10), shape(fill=t.RAISED)
        self._figures = {n: t.put(t.text(str(n), 58, ink(n), weight=t.BOLD), 960, 540 + 21, "c") for n in range(1, 10)}
        self._own = {n: m.points.copy() for n, m in self._figures.items()}  # about the middle of the frame
        self.add(self._stick, self._disc, *self._figures.values())

    def show(self, at: float, mark: int) -> None:
        """From `at` on it reads `mark`. Schedule in the order of the clock."""
        if not self._marks or self._marks[-1] != mark:
            self._times.append(at)
            self._marks.append(mark)

    def pose(self, clock: float) -> None:
        hand = self._hand(clock)
        up = (self._rig.at(clock)["ra_hand_y"] - RESTS[3]) / (HOLDS[3] - RESTS[3])
        n = bisect_right(self._times, clock) - 1
        seen = n >= 0 and up > 0.02
        middle = hand + np.array([0, t.px(STICK) * min(up, 1.0), 0])
        turn = min((clock - self._times[n]) / self.TURN, 1.0) if n > 0 else 1.0
        mark = self._marks[n if turn > 0.5 else n - 1] if seen else 1
        flat = max(abs(math.cos(math.pi * turn)), 0.04)
        size = min(max(up, 0.0), 1.0)
        self._stick.points = polyline(np.array([hand, middle])) if seen else polyline(np.zeros((1, 3)))
        self._disc.points = oval(960, 540, PADDLE * size, PADDLE * size * flat) + middle if seen else np.zeros((0, 3))
        self._disc.fill_rgbas[:, :3] = tint(mark).to_rgb()
        for k, figure in self._figures.items():
            shown = seen and k == mark
            figure.points = self._own[k] * (size, size * flat, 1) + middle if shown else np.zeros((0, 3))


class Wall(Moving):
    """All marks in reading order, a disc each, tinted by the mark; the newest one is larger."""

    def __init__(self, marks: Sequence[int], reached: Callable[[float], float]) -> None:
        super().__init__(alpha=1)
        x, y, w, h = WALL
        columns = math.ceil(math.sqrt(len(marks) * w / h))
        self._pitch = min(w / columns, h / math.ceil(len(marks) / columns))
        self._places = [(x + (i % columns + 0.5) * self._pitch, y + (i // columns + 0.5) * self._pitch)
                        for i in range(len(marks))]  # fmt: skip
        self._marks, self._reached, self._r = marks, reached, 0.40 * self._pitch
        self._slots = np.stack([oval(*place, 3, 3) for place in self._places])
        discs = np.stack([oval(*place, self._r, self._r) for place in self._places])
        given = np.array(marks)
        self._which = {n: np.flatnonzero(given == n) for n in range(1, 10)}
        self._points = {n: discs[which] for n, which in self._which.items()}
        self._shapes = {n: shape(fill=tint(n)) for n in self._which}
        self._empty, self._newest = shape(fill=t.GRID), shape(fill=t.PAPER)
        self.add(self._empty, *self._shapes.values(), self._newest)
        self.pose(0.0)

    def pose(self, clock: float) -> None:
        alpha, n = self.at(clock)["alpha"], int(self._reached(clock))
        n = n if alpha >= 0.004 else 0
        self._empty.points = self._slots[n if alpha >= 0.004 else len(self._slots) :].reshape(-1, 3)
        for mark, m in self._shapes.items():
            m.points = self._points[mark][: np.searchsorted(self._which[mark], n)].reshape(-1, 3)
            m.fill_rgbas[:, 3] = alpha
        self._empty.fill_rgbas[:, 3] = alpha
        growing = 0 < n < len(self._places)
        self._newest.points = oval(*self._places[n - 1], 0.8 * self._pitch, 0.8 * self._pitch) if growing else self._slots[:0, 0]


def tint(mark: int) -> Any:
    """The scale of marks: 1 is dark, 9 is the full colour of values."""
    return t.mix(t.RAISED, t.VALUES, (mark - 1) / 8)


def ink(mark: int) -> str:
    """What is legible on a disc of that mark."""
    return t.INK if mark > 5 else t.PAPER


def mark_disc(mark: int, x: float, y: float) -> list[Any]:
    """A disc with a mark on it, as on the paddles."""
    return [t.disc(x, y, PADDLE, tint(mark)), t.put(t.text(str(mark), 58, ink(mark), weight=t.BOLD), x, y + 21, "c")]


def answer_card(row: Mapping[str, Any]) -> Sprite:
    """The end of the prompt, and what was answered."""
    x, y, w, h = CARD
    asked = t.wrap(last_sentence(row["prompt"]), w - 80, t.T_LABEL, font=t.MONO, max_lines=1)[0]
    told = t.block(row["text"], x + 40, y + 116, w - 80, 40, t.POLICY, font=t.MONO, max_lines=3, lead=1.25)
    return Sprite(t.card(x, y, w, h), t.put(t.mono(asked, t.T_LABEL, t.MUTED), x + 40, y + 56), told)


def number(value: float, color: str, x: float, home: tuple[float, float] | None = None) -> Sprite:
    """A signed number in the row of numbers, unseen; its middle is at `home` (px) if given."""
    line = t.text(f"{value:+.2f}".replace("-", "−"), NUMBER_SIZE, color, weight=t.BOLD, tnum=True)
    cx, cy = home or (x, NUMBERS_Y - 0.36 * NUMBER_SIZE)
    return Sprite(t.put(line, cx, cy + 0.36 * NUMBER_SIZE, "c"), alpha=0.0, pivot=(cx, cy))


def name_of(words: str, x: float, color: str = t.MUTED) -> Sprite:
    """The name under a number."""
    return Sprite(t.put(t.text(words, t.T_LABEL, color), x, NAMES_Y, "c"), alpha=0.0)


def code_chip(change: OneCharacter) -> tuple[Sprite, tuple[float, float]]:
    """The changed line of code with a hole where the character was, and the middle of the hole (px)."""
    line, cell = change.lines[change.row], CHIP_SIZE * 0.6
    start = len(line) - len(line.lstrip())
    w = (len(line) - start) * cell
    left, base = CHIP_X - w / 2, NUMBERS_Y - 12
    x = left + (change.column - start) * cell
    hole = x + cell / 2, base - 0.34 * CHIP_SIZE
    before, after = line[start : change.column], line[change.column + 1 :]
    words = VGroup(
        t.card(left - 24, base - 56, w + 48, 84, t.DEEP, r=18),
        t.put(t.mono(before.rstrip(), CHIP_SIZE), left, base),
        t.put(t.mono(after, CHIP_SIZE), x + cell, base),
    )
    slot = shape(round_box(x - 2, hole[1] - 12, cell + 4, 24, 8), fill=t.INK, stroke=t.DANGER, w=4)
    return Sprite(words, slot, alpha=0.0), hole


def swap(*parts: Any, alpha: float = 1.0) -> Sprite:
    """Kicker and slate of one half of the shot."""
    return Sprite(*parts, alpha=alpha)
