"""The machine that learns to guess: a box with a screen, dials, a mouth with a shutter and a lamp; and its belt.

Machinery is grey, as what it makes has the colours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Self

import numpy as np
from manim import Group, VMobject

from rushes import theme as t
from rushes.face import Parts
from rushes.motion import Live, Moving, ease_out, over, smooth
from rushes.shapes import NOTHING, block, ellipse, gradient, polyline, round_box, shape
from rushes.theme import Points

__all__ = ["Belt", "Machine"]

DARK, BODY, LIGHT, METAL = "#454C72", "#626A94", "#7C85B0", "#A3ABCF"
SCREEN, MOUTH, DIALS = (0.0, 2.04, 2.04, 0.60), (0.0, 0.53, 1.30, 0.62), (0.0, 1.30, 2.04, 0.62)
"""Middle, width and height of each in the machine's own space: feet at (0, 0), y upwards."""
COLUMNS, ROWS, DIAL_R = 7, 2, 0.115
RIBS = 5


class Machine(Moving):
    """Feet at (x, y) px, h px high. Numbers: x, y, scale, squash, lean, alpha, lamp (0..1), shut (0..1), turn.

    `turn` moves every dial its own way and by its own amount. `shutter` closes the mouth: paint it after what the
    belt carries. `screen` and `mouth` are boxes (left, top, right, bottom, px) as it stands at rest.
    """

    NATIVE = 3.02

    def __init__(self, x: float, y: float, h: float = 520, *, seed: int = 0, lamp: t.Color = t.POLICY) -> None:
        super().__init__(x=x, y=y, scale=1, squash=0, lean=0, alpha=1, lamp=0, shut=0, turn=0)
        self._k = t.px(h) / self.NATIVE
        rng = np.random.default_rng(seed)
        self._angles = rng.uniform(-2.2, 2.2, COLUMNS * ROWS)
        self._ways = rng.uniform(0.5, 1.6, COLUMNS * ROWS) * rng.choice((-1, 1), COLUMNS * ROWS)
        self._bulb = np.array(t.mix(lamp, lamp, 0).to_rgb())
        self._parts = self._build()
        self._own = {k: m.points.copy() for k, m in self._parts.items()}
        self._alphas = {k: (m.fill_rgbas[:, 3].copy(), m.stroke_rgbas[:, 3].copy()) for k, m in self._parts.items()}
        self._widths = {k: float(m.stroke_width) * self._k for k, m in self._parts.items()}
        self.screen, self.mouth = (self._box(x, y, *box) for box in (SCREEN, MOUTH))
        self.panel = self._box(x, y, *DIALS)
        self.shutter = _Shutter(self)
        self.add(*self._parts.values())
        self.pose(0.0)

    def _box(self, x: float, y: float, cx: float, cy: float, w: float, h: float) -> tuple[float, float, float, float]:
        k = self._k * t.UNIT
        return x + (cx - w / 2) * k, y - (cy + h / 2) * k, x + (cx + w / 2) * k, y - (cy - h / 2) * k

    # ------------------------------------------------------------ scheduling
    def jolt(self, at: float, amount: float = 0.05) -> Self:
        """Shrink, stretch, settle: something went in, or came out."""
        self.to(at, 0.08, smooth, squash=-amount).to(at + 0.08, 0.12, ease_out, squash=0.7 * amount)
        return self.to(at + 0.20, 0.18, smooth, squash=0)

    def nudge(self, at: float, amount: float = 0.9, seconds: float = 0.45) -> Self:
        """Every dial is turned a little, and the box shakes."""
        track = self._scheduled("turn")
        self.to(at, seconds, over, turn=track(at) + amount)
        for i, lean in enumerate((0.022, -0.018, 0.01, 0.0)):
            self.to(at + 0.1 * i, 0.1, smooth, lean=lean)
        return self

    def cover(self, at: float, seconds: float = 0.25) -> Self:
        """The shutter comes down over the mouth."""
        return self.to(at, seconds, ease_out, shut=1.0)

    def uncover(self, at: float, seconds: float = 0.2) -> Self:
        """The shutter goes up."""
        return self.to(at, seconds, smooth, shut=0.0)

    # ------------------------------------------------------------ parts
    def _build(self) -> Parts:
        out: Parts = {}
        for s, n in ((-1, "l"), (1, "r")):
            out[f"leg_{n}"] = shape(block(s * 0.86, 0.14, 0.26, 0.24, 0.05), fill=DARK)
            out[f"foot_{n}"] = shape(block(s * 0.88, 0.045, 0.46, 0.09, 0.04), fill=DARK)
        stalk = polyline(np.array([[0.86, 2.5, 0], [0.86, 2.72, 0]]))
        out["stalk"] = shape(stalk, stroke=METAL, w=9)
        out["bulb"] = shape(ellipse(0.86, 2.84, 0.15, 0.17), fill=METAL)
        funnel = np.array([[-0.98, 3.02, 0], [0.18, 3.02, 0], [-0.14, 2.5, 0], [-0.66, 2.5, 0], [-0.98, 3.02, 0]])
        out["funnel"] = gradient(shape(polyline(funnel), fill=BODY), DARK, BODY, LIGHT)
        out["rim"] = shape(block(-0.40, 3.0, 1.26, 0.09, 0.04), fill=METAL)
        out["body"] = gradient(shape(block(0, 1.36, 2.5, 2.32, 0.26), fill=BODY), DARK, BODY, LIGHT)
        for i, (x, y) in enumerate(((-1.13, 2.38), (1.13, 2.38), (-1.13, 0.36), (1.13, 0.36))):
            out[f"rivet{i}"] = shape(ellipse(x, y, 0.035, 0.035), fill=METAL)
        cx, cy, w, h = SCREEN
        out["frame"] = shape(block(cx, cy, w + 0.12, h + 0.12, 0.16), fill=DARK)
        out["screen"] = shape(block(cx, cy, w, h, 0.11), fill="#0B1020")
        cx, cy, w, h = MOUTH
        out["lip"] = shape(block(cx, cy, w + 0.14, h + 0.14, 0.14), fill=METAL)
        out["mouth"] = shape(block(cx, cy, w, h, 0.09), fill="#0B1020")
        cx, cy, w, h = DIALS
        self._places = [
            (cx + (c - (COLUMNS - 1) / 2) * w / COLUMNS, cy + (r - (ROWS - 1) / 2) * h / ROWS)
            for r in range(ROWS)
            for c in range(COLUMNS)
        ]
        faces = np.concatenate([ellipse(x, y, DIAL_R, DIAL_R) for x, y in self._places])
        out["dials"] = shape(faces, fill="#2A3054", stroke=METAL, w=3.5)
        out["hands"] = shape(self._hands(0.0), stroke=t.PAPER, w=5)
        return out

    def _hands(self, turn: float) -> Points:
        hands = []
        for (x, y), a, way in zip(self._places, self._angles, self._ways, strict=True):
            s, c = math.sin(a + way * turn), math.cos(a + way * turn)
            hands.append([[x, y, 0.0], [x + 0.82 * DIAL_R * s, y + 0.82 * DIAL_R * c, 0.0]])
        return np.concatenate([polyline(np.array(hand)) for hand in hands])

    # ------------------------------------------------------------ one frame
    def placed(self, own: Points, clock: float) -> Points:
        """Points of the machine's own space where they are at `clock`, in Manim units."""
        v = self.at(clock)
        sy, sx, k = 1 + v["squash"], 1 - 0.5 * v["squash"], self._k * v["scale"]
        c, s = math.cos(v["lean"]), math.sin(v["lean"])
        a = np.array([[k * sx * c, k * sx * s, 0], [-k * sy * s, k * sy * c, 0], [0, 0, 1]])
        out: Points = own @ a + t.at(v["x"], v["y"])
        return out

    def pose(self, clock: float) -> None:
        v = self.at(clock)
        self._own["hands"] = self._hands(v["turn"])
        bulb = self._parts["bulb"].fill_rgbas
        bulb[:, :3] = np.array(t.mix(DARK, METAL, 0.5).to_rgb()) * (1 - v["lamp"]) + self._bulb * v["lamp"]
        for name, m in self._parts.items():
            m.points = self.placed(self._own[name], clock) if v["alpha"] >= 0.004 else NOTHING
            fill, stroke = self._alphas[name]
            m.fill_rgbas[:, 3], m.stroke_rgbas[:, 3] = fill * v["alpha"], stroke * v["alpha"]
            m.stroke_width = self._widths[name] * v["scale"]


class _Shutter(Group):
    """Slats that come down over the machine's mouth."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine
        self._plate = shape(fill=BODY)
        self._seams = shape(stroke=DARK, w=4)
        self.add(self._plate, self._seams)
        self.pose(0.0)

    def pose(self, clock: float) -> None:
        v = self._machine.at(clock)
        cx, cy, w, h = MOUTH
        high, long = cy + h / 2, h * v["shut"]
        seen = v["alpha"] >= 0.004 and long > 0.01
        self._plate.points = self._seams.points = NOTHING
        if seen:
            plate = block(cx, high - long / 2, w, long, min(0.03, long / 2))
            rows = [high - long + (k + 0.5) * h / RIBS for k in range(RIBS) if (k + 0.5) / RIBS < v["shut"]]
            seams = [polyline(np.array([[cx - w / 2, y, 0.0], [cx + w / 2, y, 0.0]])) for y in rows]
            self._plate.points = self._machine.placed(plate, clock)
            self._seams.points = self._machine.placed(np.concatenate(seams), clock) if seams else NOTHING
        self._plate.fill_rgbas[:, 3] = self._seams.stroke_rgbas[:, 3] = v["alpha"]


class Belt(Group):
    """A conveyor belt from x = `left` to `right` px, its upper edge at y; `travel(clock)` is how far it ran, px.

    It runs to the left; what lies on it moves by `-travel`.
    """

    THICK, STEP, ROLL = 44, 96, 15

    def __init__(self, left: float, right: float, y: float, travel: Callable[[float], float]) -> None:
        super().__init__()
        self._left, self._right, self._y, self.travel = left, right, y, travel
        still: list[VMobject] = [
            t.card(left, y, right - left, self.THICK, "#20253F", r=self.THICK / 2),
            t.card(left, y, right - left, 10, t.GRID, r=5),
        ]
        self._marks = Live(self._dashes, stroke=METAL, w=5, opacity=0.8)
        self._rolls = Live(self._spokes, stroke=t.NEUTRAL, w=4)
        self.add(*still, self._marks, self._rolls)
        self.pose(0.0)

    def _dashes(self, clock: float) -> Points:
        first = self._left + 24 + (-self.travel(clock)) % self.STEP
        xs = np.arange(first, self._right - 24, self.STEP)
        return np.concatenate([polyline(np.array([t.at(x, self._y + 5), t.at(x + 12, self._y + 5)])) for x in xs])

    def _spokes(self, clock: float) -> Points:
        a = -self.travel(clock) / self.ROLL
        out = []
        for x in np.arange(self._left + 40, self._right - 20, 2 * self.STEP):
            y = self._y + 0.58 * self.THICK
            out.append(round_box(x - self.ROLL, y - self.ROLL, 2 * self.ROLL, 2 * self.ROLL, self.ROLL))
            dx, dy = self.ROLL * math.cos(a), self.ROLL * math.sin(a)
            out.append(polyline(np.array([t.at(x - dx, y - dy), t.at(x + dx, y + dy)])))
        return np.concatenate(out)

    def pose(self, clock: float) -> None:
        self._marks.pose(clock)
        self._rolls.pose(clock)
