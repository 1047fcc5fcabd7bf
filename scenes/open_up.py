"""The Apprentice is opened: a door with its face on it swings aside, and inside are shelves, one a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from _inside import spread, turning_place
from manim import Group, ManimColor, VMobject

from rushes import theme as t
from rushes.cast import Apprentice
from rushes.face import Face
from rushes.motion import Sprite, Track, ease_out, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import block, gradient, shape
from rushes.token_chips import shown_token
from rushes.words import SpeechBubble

EARLY = 0.05  # s that a change starts before its word
WINDOW = (0.0, 1.17, 1.96, 1.5, 0.36)  # middle, width, height and corner of the door, in the Apprentice's own space
WIDE_OPEN = 1.85  # rad
SWING = 0.9  # s
HANDED = 0.55  # s that notes take from one shelf to the next
CALM = 0.3  # the mood on the door
NOTE = (66, 54)  # px
MOST = 6  # shelves that there is room for
NOT_FACE = ("body", "stalk", "caret")


class Places(NamedTuple):
    """Where things are, px."""

    pupil: tuple[float, float]
    """Middle and height of the Apprentice."""
    bubble: tuple[float, float, float]
    """Left, top, width of its answer."""
    tip: tuple[float, float]
    read: tuple[float, float]
    """Where the words that it reads wait: left edge, baseline."""
    ground: tuple[float, float]
    """The floor's far edge and the feet."""


WIDE = Places((900, 640), (1290, 180, 534), (1180, 420), (1290, 830), (t.FLOOR, t.FEET))
TALL = Places((500, 700), (80, 376, 840), (500, 546), (330, 1366), (1222, 1284))


class OpenUp(RunScene):
    """A shelf a layer, as far as there is room; notes go up from shelf to shelf, a line longer on each.

    The answer, and the words that go in, are those whose next word the following shot asks every layer for.
    """

    runs = {"run": "inside"}
    alone = 12.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        reason, opens, shelved, hands, onward = (
            self.cue(name) - EARLY
            for name in ("wrong-reason", "open-it-up", "language-model", "each-hands", "to-the-next")
        )
        layers, place = round(record.facts["layers"]), turning_place(record)
        middle, tall = places.pupil
        floor, feet = places.ground
        self.bake(
            t.backdrop(centre=(0.48, 0.4), floor=floor, floor_at=(middle / t.frame_px()[0], 0.34)),
            t.kicker("Inside the Apprentice"),
            t.slate(record, "greedy answer"),
        )
        pupil = Rig(
            "apprentice", middle, feet, tall, seed=35, mood=0.6, breath=0, look=(0.1, 0.1), arms=("down", "out")
        )
        pupil.look_at(0.5 * reason, *places.tip).look_at(reason + 0.1, 0, feet - 0.5 * tall)
        pupil.to(reason + t.BEAT, 0.35, mood=-0.1, ra="down").look_out(opens - 0.5).to(opens - 0.4, 0.3, mood=CALM)

        x, y, w = places.bubble
        words = f"{place.before} {shown_token(place.said)} …"
        answer = SpeechBubble(words, x, y, w, places.tip, size=44, color=t.POLICY, max_lines=4)
        answer.enter(0.3).leave(opens - 0.2)
        door = Door(middle, feet, tall).swing(opens, SWING)
        shelves = Shelves([i + 1 for i in spread(layers, MOST)], door.box).come(max(shelved, opens + 0.5), hands)
        notes = hand_up(shelves, place.read, places.read, opens + 0.6, hands, max(self.seconds - 0.7, onward + 0.5))
        lit = Sprite(t.halo(middle + 0.026 * tall, feet - 0.93 * tall, 0.26 * tall, t.PAPER, 0.6), alpha=0.0)
        lit.to(notes.out, 0.25, ease_out, alpha=1.0)
        self.live(
            answer, lit, shadow(pupil), pupil, door.inside, *shelves.parts, *notes.parts, door,
        )  # fmt: skip


class Door(Group):
    """The front of the Apprentice, with its face, hinged at its left edge. `box` is left, top, width, height, px."""

    def __init__(self, x: float, feet: float, tall: float) -> None:
        super().__init__()
        who = Apprentice()
        k = t.px(tall) / who.native
        cx, cy, w, h, _ = WINDOW
        place = t.at(x, feet)
        self.box = (x + (cx - w / 2) * k * t.UNIT, feet - (cy + h / 2) * k * t.UNIT, w * k * t.UNIT, h * k * t.UNIT)
        panel = gradient(shape(block(*WINDOW)), t.mix(who.color, t.SHADE[who.color], 0.5), who.color)
        face = Face(mood=CALM, look=(0.0, 0.1), blink=0.0, talk=0.0, flipped=0.0)
        parts, points = who.front(), who.face(face)
        for name, (color, alpha) in who.colors(face).items():
            parts[name].set_fill(color, alpha)
        self._front = [m for name, m in parts.items() if name not in NOT_FACE]
        self._all: list[VMobject] = [panel, *self._front]
        for name, own in points.items():
            parts[name].points = own
        self._points = [m.points * k + place for m in self._all]
        self._seen = [(m.fill_rgbas[:, 3].copy(), m.stroke_rgbas[:, 3].copy()) for m in self._all]
        self._turned, self._there = Track(0.0), Track(0.0)
        self._back = np.array(ManimColor(t.SHADE[who.color]).to_rgb())
        self._color = panel.fill_rgbas[:, :3].copy()
        left, top, wide, high = self.box
        self._hinge, self._high = t.at(left, top + high / 2), t.px(wide)
        dark = shape(block(*WINDOW) * k + place, fill=t.DEEP, stroke=t.SHADE[who.color], w=10)
        self.inside = Sprite(dark, alpha=0.0)
        self.add(*self._all)
        self.pose(0.0)

    def swing(self, at: float, seconds: float) -> Door:
        """It opens."""
        self._there.to(at, 0.0, 1.0)
        self.inside.to(at, 0.0, alpha=1.0)
        self._turned.to(at, seconds, WIDE_OPEN, smooth)
        return self

    def pose(self, clock: float) -> None:
        there, turn = self._there(clock), self._turned(clock)
        c, s = math.cos(turn), math.sin(turn)
        for i, (m, points, (fill, stroke)) in enumerate(zip(self._all, self._points, self._seen, strict=True)):
            seen = there * (1.0 if i == 0 or c > 0.02 else 0.0)
            m.fill_rgbas[:, 3], m.stroke_rgbas[:, 3] = fill * seen, stroke * seen
            d = points - self._hinge
            near = 1 + 0.2 * s * d[:, :1] / self._high  # what swings towards us grows
            m.points = np.hstack([d[:, :1] * c, d[:, 1:2] * near, d[:, 2:]]) + self._hinge if len(points) else points
        self._all[0].fill_rgbas[:, :3] = self._color if c > 0 else self._back


class Shelves:
    """One shelf for each of some layers, the first at the bottom, within a box of the frame."""

    def __init__(self, layers: Sequence[int], box: tuple[float, float, float, float]) -> None:
        left, top, w, h = box
        self.count, self._left, self._w = len(layers), left, w
        self._row = (h - 30) / self.count
        self._low = top + h - 18
        self.parts: list[Sprite] = []
        for i, layer in enumerate(layers):
            y, inset = self.y(i), 34 if i == 0 else 12
            label = t.put(t.text(f"layer {layer}", t.T_LABEL, t.MUTED), left + 34, y - 22)
            board = t.rule(left + inset, y, left + w - inset, y, t.SHADE[t.POLICY], 8)
            self.parts.append(Sprite(board, label))

    def y(self, i: int) -> float:
        """Where a shelf's board is, px."""
        return self._low - i * self._row

    def slot(self, i: int, k: int) -> tuple[float, float]:
        """The middle of note k on shelf i, px."""
        return self._left + self._w - 66 - 82 * (2 - k), self.y(i) - 8 - NOTE[1] / 2

    def come(self, at: float, until: float) -> Shelves:
        """They slide in from below, one after the other, before `until`."""
        apart = min(0.28, max(until - at - 0.4, 0.2) / self.count)
        for i, part in enumerate(self.parts):
            part.enter(at + i * apart, rise=40)
        return self


class Notes(NamedTuple):
    parts: Sequence[Sprite]
    out: float
    """When what the top shelf makes of them leaves it."""


def hand_up(
    shelves: Shelves, read: Sequence[str], waits: tuple[float, float], appear: float, hands: float, end: float
) -> Notes:
    """The words that are read go in, and as notes from shelf to shelf; all is done by `end`."""
    step = min((end - hands) / (shelves.count + 0.5), 1.0)
    parts: list[Sprite] = []
    x, y = waits
    for k, token in enumerate(read):
        word = t.pill(shown_token(token), x, y - 44, size=40, font=t.MONO, fill=t.RAISED, stroke=t.POLICY)
        x += t.bounds(word)[2] - t.bounds(word)[0] + 16
        goes = hands + 0.08 * k
        chip = Sprite(word).enter(appear + 0.12 * k)
        to_x, to_y = shelves.slot(0, k)
        chip.to(goes, HANDED, smooth, dx=to_x - chip.home[0], dy=to_y - chip.home[1], scale=0.6)
        chip.to(goes + HANDED - 0.15, 0.15, alpha=0.0)
        parts.append(chip)
        for i in range(shelves.count):
            here, at = shelves.slot(i, k), goes + HANDED - 0.15 + i * step
            paper = Sprite(*note(*here, i + 1), alpha=0.0).to(at, 0.15, alpha=1.0)
            if i + 1 < shelves.count:
                above = shelves.slot(i + 1, k)
                leaves = at + step - min(HANDED, step)
                paper.to(leaves, min(HANDED, step), smooth, dy=above[1] - here[1]).to(at + step, 0.15, alpha=0.0)
            parts.append(paper)
    return Notes(parts, hands + HANDED + shelves.count * step - 0.3)


def note(x: float, y: float, lines: int) -> list[VMobject]:
    """A small paper with so many lines on it, about (x, y) px."""
    w, h = NOTE
    paper: list[VMobject] = [t.card(x - w / 2, y - h / 2, w, h, t.PAPER, r=6)]
    for n in range(min(lines, 4)):
        row = y - h / 2 + 11 + 11 * n
        paper.append(t.rule(x - w / 2 + 10, row, x + w / 2 - (10 if n % 2 == 0 else 22), row, t.SHADE[t.POLICY], 4))
    return paper
