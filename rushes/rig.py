"""The cast, moving: a `Rig` is one of the characters, posed by the shot's clock from about twenty numbers.

Every part keeps its points in the character's own space, so a frame costs one matrix product a part; a face is
worked out again only when its numbers changed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from typing import Literal, NamedTuple, Self

import numpy as np
from manim import ManimColor, VGroup

from rushes import theme as t
from rushes.cast import CAST, Arm, Rater
from rushes.errors import did_you_mean
from rushes.face import SIDES, Face
from rushes.motion import Ease, Hand, Moving, Roll, Sprite, ease_out, fall, linear, over, rise, smooth
from rushes.shapes import NOTHING, bezier, ellipse, polyline, shape
from rushes.theme import Points

Who = Literal["apprentice", "values", "coherence", "dark", "rater"]
Pose = float | str | Sequence[float]
ARM = ("control_x", "control_y", "hand_x", "hand_y")
BREATH = 15  # poses a second while one only breathes: twice a tenth of a pixel is no step that anybody sees


class _Stance(NamedTuple):
    values: dict[str, float]
    a: Points  # row vectors: place = own @ a + b
    b: Points


class Rig(Moving):
    """One character, feet at (x, y) px and h px tall, that blinks and breathes by its `seed`.

    Numbers, for `to`, `begin` and `drive`: x, y, hop (px above the floor), mood (-1..1), look (a pair, -1..1, y up;
    look_x and look_y for `drive`), lean (radians, positive to the left), la and ra (arms: the name of a pose or four
    numbers), flipped (0..1, the Apprentice), talk, blink, squash, wave, turn (half turns about the horizontal axis),
    scale, alpha, breath. `arms` is where left and right arm begin; `n` picks one of three raters.
    """

    def __init__(
        self,
        who: Who,
        x: float,
        y: float = t.FEET,
        h: float = 320,
        *,
        seed: int = 0,
        arms: tuple[str, str] | None = None,
        n: int = 0,
        **pose: Pose,
    ) -> None:
        self.who, self.h = who, h
        self.character = Rater(n) if who == "rater" else CAST[who]()
        self._k = t.px(h) / self.character.native
        rng = np.random.default_rng(seed)
        self._blinks: list[float] = (np.cumsum(rng.uniform(2.5, 5.0, 400)) - rng.uniform(0, 2)).tolist()
        self._phase = float(rng.uniform(0, 4))
        self._speech: list[tuple[float, float, list[float]]] = []
        start = {"x": x, "y": y, "hop": 0, "mood": 0.3, "lean": 0, "flipped": 0, "talk": 0, "blink": 0, "squash": 0}
        start |= {"wave": 0, "turn": 0, "scale": 1, "alpha": 1, "breath": 1}
        resting = ("up", "up") if who == "dark" else ("down", "down")
        left, right = arms or resting
        super().__init__(**start, **self._numbers({"look": (0, 0.1), "la": left, "ra": right}))
        self.begin(**pose)
        self._build()
        self._face: Face | None = None
        self._faded = math.nan
        self._scaled = math.nan
        self._posed: tuple[object, ...] = ()
        self.pose(0.0)

    # ------------------------------------------------------------ scheduling
    def _numbers(self, values: dict[str, Pose]) -> dict[str, float]:
        out: dict[str, float] = {}
        for name, value in values.items():
            if name in ("la", "ra"):
                arm = self._arm(value) if isinstance(value, str) else value
                assert not isinstance(arm, (int, float))
                out |= {f"{name}_{k}": float(v) for k, v in zip(ARM, arm, strict=True)}
            elif name == "look":
                assert not isinstance(value, (str, int, float))
                out["look_x"], out["look_y"] = (float(v) for v in value)
            else:
                assert isinstance(value, (int, float))
                out[name] = float(value)
        return out

    def _arm(self, pose: str) -> Arm:
        arms = self.character.arms
        if pose not in arms:
            raise ValueError(f"the {self.who} has no arm pose {pose!r}: {did_you_mean(pose, arms)}")
        return arms[pose]

    def to(self, at: float, seconds: float = t.ENTER, ease: Ease = smooth, **values: Pose) -> Self:
        """From `at` on, bring the named numbers, `look` or arm poses to `values` within `seconds`."""
        return super().to(at, seconds, ease, **self._numbers(values))

    def begin(self, **values: Pose) -> Self:
        """What the named numbers are before their first change."""
        return super().begin(**self._numbers(values))

    def enter(self, at: float, seconds: float = t.ENTER, rise: float = 60) -> Self:
        """Fade in while rising `rise` px, then settle."""
        self._appear(at, seconds, hop=-rise)
        return self.to(at + seconds, 0.09, ease_out, squash=-0.05).to(at + seconds + 0.09, 0.25, smooth, squash=0)

    def look_at(self, at: float, x: float, y: float, seconds: float = t.FLICK) -> Self:
        """Turn the eyes to a place in px. Eyes go before bodies: about 0.2 s ahead."""
        v = self.at(at)
        d = (x - v["x"]) / 420, (v["y"] - 0.6 * self.h - y) / 420
        far = max(math.hypot(*d), 1.0)
        return self.to(at, seconds, ease_out, look=(d[0] / far, d[1] / far))

    def look_out(self, at: float, seconds: float = t.FLICK) -> Self:
        """Turn the eyes to the audience."""
        return self.to(at, seconds, ease_out, look=(0, 0.1))

    def bounce(self, at: float, amount: float = 0.06) -> Self:
        """Shrink, stretch, settle: 0.42 s."""
        self.to(at, 0.10, smooth, squash=-amount).to(at + 0.10, 0.12, ease_out, squash=amount * 0.8)
        return self.to(at + 0.22, 0.20, smooth, squash=0)

    def react(
        self,
        event: float,
        mood: float,
        *,
        to: tuple[float, float] | None = None,
        seconds: float = 0.35,
        beat: float = t.BEAT,
        amount: float = 0.05,
    ) -> Self:
        """Something happens at `event`: 0.1 s later the eyes go there (`to`, px), `beat` s later the face knows."""
        if to is not None:
            self.look_at(event + 0.10, *to)
        self.to(event + beat, seconds, mood=mood)
        return self.bounce(event + beat, amount) if amount else self

    def hop(self, at: float, height: float = 40, seconds: float = 0.42) -> Self:
        """A small joy, thrown and caught; `at` is when the feet leave the floor. At most 20 px under a bubble."""
        self.to(at - 0.10, 0.10, smooth, squash=-0.07).to(at, 0.10, smooth, squash=0.05)
        self.to(at, seconds / 2, rise, hop=height).to(at + seconds / 2, seconds / 2, fall, hop=0)
        return self.to(at + seconds, 0.08, ease_out, squash=-0.06).to(at + seconds + 0.08, 0.18, smooth, squash=0)

    def walk(self, at: float, x: float, seconds: float = 1.2, steps: int = 4, height: float = 26) -> Self:
        """Walk to x px in small hops, leaning the way it goes."""
        sway = -0.05 if x > self.at(at)["x"] else 0.05
        self.to(at, seconds, linear, x=x)
        step = seconds / steps
        for i in range(steps):
            self.to(at + i * step, step / 2, rise, hop=height, lean=sway * (1 if i % 2 else 0.2))
            self.to(at + (i + 0.5) * step, step / 2, fall, hop=0)
        self.to(at + seconds, 0.08, ease_out, squash=-0.05)
        return self.to(at + seconds + 0.08, 0.2, smooth, squash=0, lean=0)

    def pull(self, at: float, distance: float, seconds: float = 0.55) -> Self:
        """Haul on a rope: feet move `distance` px (35 to 50; negative to the left) and the body leans that way."""
        way = 1 if distance > 0 else -1
        self.to(at - 0.10, 0.12, smooth, lean=0.03 * way)
        return self.to(at + 0.02, seconds, over, lean=-0.11 * way, x=self.at(at)["x"] + distance)

    def wave_hand(self, at: float, seconds: float = 1.2) -> Self:
        """Raise the right arm and wave for `seconds`, then lower it."""
        self.to(at, 0.3, over, ra="up").to(at + 0.2, 0.15, smooth, wave=1)
        self.to(at + seconds - 0.2, 0.2, smooth, wave=0)
        return self.to(at + seconds, 0.35, smooth, ra="down")

    def say(self, at: float, loudness: Sequence[float], rate: float = 30) -> Self:
        """Move the mouth with `loudness`, 0..1 at `rate` values a second, from `at`."""
        self._speech.append((at, rate, [float(v) for v in loudness]))
        return self

    def mumble(self, at: float, seconds: float) -> Self:
        """Move the mouth for `seconds` where there is no voice to follow: three syllables a second."""
        u = np.linspace(0, 1, max(round(seconds * 30), 2))
        return self.say(at, np.abs(np.sin(3 * math.pi * seconds * u)) * np.sin(math.pi * u) ** 0.3 * 0.8)  # type: ignore[arg-type]

    # ------------------------------------------------------------ parts
    def _build(self) -> None:
        c = self.character
        parts = {f"behind_{k}": m for k, m in c.behind().items()}
        arms = {}
        for _, n in SIDES:
            arms[f"arm_{n}"] = shape(stroke=c.skin, w=c.limb)
            if c.has_hands:
                skin = c.flesh if isinstance(c, Rater) else c.skin
                arms[f"hand_{n}"] = shape(fill=skin)
            else:
                arms |= {f"claw{k}_{n}": shape(stroke=c.skin, w=10) for k in range(3)}
        parts |= arms | c.front() | {f"{k}_over": m.copy() for k, m in arms.items()}
        self._parts = parts
        self._own = {k: m.points.copy() for k, m in parts.items()}
        self._alphas = {k: (m.fill_rgbas[:, 3].copy(), m.stroke_rgbas[:, 3].copy()) for k, m in parts.items()}
        self._widths = {k: float(m.stroke_width) * self._k for k, m in parts.items()}
        self.add(*parts.values())

    def _draw_arm(self, n: str, s: int, v: dict[str, float], clock: float) -> None:
        (sx, sy), (cx, cy, hx, hy) = self.character.shoulder, (v[f"{n}a_{k}"] for k in ARM)
        if n == "r" and v["wave"] > 0:
            w = 2 * math.pi * 2.2 * clock
            hx, hy = hx + v["wave"] * 0.20 * math.sin(w), hy + v["wave"] * 0.06 * math.cos(2 * w)
        p, c, q = (s * sx, sy), (s * cx, cy), (s * hx, hy)
        one, two = ((e[0] + (c[0] - e[0]) * 0.66, e[1] + (c[1] - e[1]) * 0.66) for e in (p, q))
        new = {f"arm_{n}": bezier(p, (one, two, q))}
        if self.character.has_hands:
            r = 0.105 if not isinstance(self.character, Rater) else 0.14
            new[f"hand_{n}"] = ellipse(*q, r, r)
        else:
            for finger, turn in enumerate((-0.55, 0.0, 0.55)):
                th = math.atan2(q[1] - two[1], q[0] - two[0]) + turn
                tip = [q[0] + 0.25 * math.cos(th), q[1] + 0.25 * math.sin(th), 0.0]
                new[f"claw{finger}_{n}"] = polyline(np.array([[*q, 0.0], tip]))
        over_body = abs(hx) < 0.72  # a hand before the body belongs in front of it
        for k, points in new.items():
            self._own[k], self._own[f"{k}_over"] = (NOTHING, points) if over_body else (points, NOTHING)

    # ------------------------------------------------------------ one frame
    def _blink(self, clock: float) -> float:
        i = bisect_right(self._blinks, clock)
        d = clock - self._blinks[i - 1] if i else math.inf  # shut in .05 s, closed .03, open again in .09
        return min(d / 0.05, 1.0) if d < 0.08 else max(0.0, 1 - (d - 0.08) / 0.09)

    def _talk(self, clock: float) -> float:
        loud = 0.0
        for at, rate, values in self._speech:
            f = (clock - at) * rate
            i = math.floor(f)
            if 0 <= i < len(values) - 1:
                loud = max(loud, values[i] + (values[i + 1] - values[i]) * (f - i))
        return loud

    def _stance(self, clock: float) -> _Stance:
        v = self.at(clock)
        still = math.floor(clock * BREATH + 1e-6) / BREATH
        breath = 0.0075 * v["breath"] * math.sin(2 * math.pi * 0.25 * still + self._phase)
        squash = v["squash"] + breath
        sy, sx = 1 + squash, 1 - 0.55 * squash
        c, s, k = math.cos(v["lean"]), math.sin(v["lean"]), self._k * v["scale"]
        turn, middle = math.cos(math.pi * v["turn"]), self.character.native * 0.48
        a = np.array([[k * sx * c, k * sx * s, 0], [-k * sy * turn * s, k * sy * turn * c, 0], [0, 0, 1]])
        b = k * sy * (1 - turn) * middle * np.array([-s, c, 0.0]) + t.at(v["x"], v["y"] - v["hop"])
        return _Stance(v, a, b)

    def hand(self, side: Literal["l", "r"]) -> Hand:
        """Where a hand is, as a function of the clock, in Manim units: what ropes hang on."""
        s = -1 if side == "l" else 1

        def place(clock: float) -> Points:
            v, a, b = self._stance(clock)
            return np.array([s * v[f"{side}a_hand_x"], v[f"{side}a_hand_y"], 0.0]) @ a + b

        return place

    def pose(self, clock: float) -> None:
        v, a, b = self._stance(clock)
        face = Face(
            mood=round(v["mood"], 3),
            look=(round(v["look_x"], 3), round(v["look_y"], 3)),
            blink=round(max(v["blink"], self._blink(clock)), 3),
            talk=round(max(v["talk"], self._talk(clock)), 3),
            flipped=round(v["flipped"], 3),
        )
        # it breathes a few times a second: between two breaths nothing may have moved
        posed = (*v.values(), a.tobytes(), b.tobytes(), face, clock if v["wave"] > 0 else 0.0)
        if posed == self._posed:
            return
        self._posed = posed
        if face != self._face or v["alpha"] != self._faded:
            self._own |= self.character.face(face)
            self._fade(face, v["alpha"])
            self._face, self._faded = face, v["alpha"]
        for s, n in SIDES:
            self._draw_arm(n, s, v, clock)
        if v["scale"] != self._scaled:
            self._scaled = v["scale"]
            for k, m in self._parts.items():
                m.stroke_width = self._widths[k] * v["scale"]
        seen = v["alpha"] >= 0.004
        for k, m in self._parts.items():
            own = self._own[k]
            m.points = own @ a + b if seen and len(own) else NOTHING

    def _fade(self, face: Face, alpha: float) -> None:
        for k, m in self._parts.items():
            fill, stroke = self._alphas[k]
            m.fill_rgbas[:, 3], m.stroke_rgbas[:, 3] = fill * alpha, stroke * alpha
        for k, (color, own_alpha) in self.character.colors(face).items():
            rgba = self._parts[k].fill_rgbas
            rgba[:, :3], rgba[:, 3] = ManimColor(color).to_rgb(), own_alpha * alpha


def flip(heart: Rig, hood: Rig, at: float, seconds: float = t.MORPH, lift: float = 54) -> None:
    """The heart turns about its horizontal axis and is the hood; they change places when it is edge-on."""
    half = seconds / 2
    heart.to(at - 0.14, 0.14, smooth, squash=-0.07).to(at, half, fall, turn=0.5, hop=lift, squash=0)
    heart.to(at + half, 0, alpha=0)
    hood.begin(alpha=0, turn=0.5, hop=lift).to(at + half, 0, alpha=1).to(at + half, half, rise, turn=0, hop=0)
    hood.to(at + seconds, 0.09, ease_out, squash=-0.07).to(at + seconds + 0.09, 0.25, over, squash=0)


class Shadow(Sprite):
    """A soft floor shadow w px wide under a rig, smaller as its owner hops and gone when it is."""

    def __init__(self, rig: Rig, w: float, strength: float = 0.42) -> None:
        super().__init__(t.floor_shadow(0, 0, w, strength), pivot=(0, 0))

        def small(clock: float) -> float:
            v = rig.at(clock)
            return v["scale"] * (1 - 0.35 * min(max(v["hop"], 0.0) / 90, 1.0))

        # Read through the rig, as its own tracks may be driven later.
        self.drive(dx=lambda clock: rig.tracks["x"](clock), dy=lambda clock: rig.tracks["y"](clock) - 2)
        self.drive(alpha=lambda clock: rig.tracks["alpha"](clock), scale=small)
        self.pose(0.0)


def shadow(rig: Rig, w: float | None = None, strength: float = 0.42) -> Shadow:
    """The shadow of a rig; 1.25 times as wide as the rig is tall if no width is given."""
    return Shadow(rig, 1.25 * rig.h if w is None else w, strength)


class Megacoach(Moving):
    """Two judges behind one desk that shows what they add up to: `values` and `coherence` are rigs, `total` a Roll.

    Desk centre and foot at (x, y) px. Numbers: dx (px, to roll the whole thing in) and alpha.
    """

    def __init__(
        self, x: float, y: float = t.FEET, h: float = 360, *, seed: int = 0, total: float = 0.0, fmt: str = "{:+.2f}"
    ) -> None:
        super().__init__(dx=0, alpha=1)
        k = h / 360
        self.values = Rig("values", x - 100 * k, y - 26 * k, 292 * k, seed=seed, arms=("up", "down"), lean=0.05)
        self.coherence = Rig(
            "coherence", x + 98 * k, y - 26 * k, 334 * k, seed=seed + 1, arms=("down", "hip"), lean=-0.04
        )
        self.total = Roll(x, y - 30 * k, max(58 * k, t.T_FINE), t.PAPER, total, fmt)
        desk = [
            t.card(x - 240 * k, y - 112 * k, 480 * k, 112 * k, "#2A3054", r=22 * k),
            t.card(x - 240 * k, y - 118 * k, 248 * k, 20 * k, t.VALUES, r=10 * k),
            t.card(x - 8 * k, y - 118 * k, 248 * k, 20 * k, t.COHERENCE, r=10 * k),
            t.card(x - 112 * k, y - 86 * k, 224 * k, 70 * k, "#090B14", r=14 * k),
        ]
        self._desk = Sprite(*desk)
        for m, home in ((self.values, x - 100 * k), (self.coherence, x + 98 * k), (self.total, x)):
            m.drive(x=partial(self._moved, home))
        self._desk.drive(dx=partial(self._moved, 0.0))
        for part in (self.values, self.coherence, self.total, self._desk):
            part.drive(alpha=lambda clock: self.tracks["alpha"](clock))
        self.add(self.coherence, self.values, self._desk, self.total)
        self.pose(0.0)

    def _moved(self, home: float, clock: float) -> float:
        return home + self.tracks["dx"](clock)

    def pose(self, clock: float) -> None:
        for m in (self.coherence, self.values, self._desk, self.total):
            m.pose(clock)


def rater_desk(x: float, y: float, w: float = 488, label: str = "simulated reader") -> VGroup:
    """The desk a rater sits behind, with its mug: centre x, top y, 84 px high. Raters are always called simulated."""
    mug_x = x + w / 2 - 66
    mug = VGroup(
        t.disc(mug_x + 20, y - 28, 17, t.INK, opacity=0).set_stroke(t.PAPER, 6),
        t.card(mug_x - 26, y - 56, 44, 58, t.PAPER, r=9),
        t.card(mug_x - 26, y - 38, 44, 12, t.VALUES, r=1),
    )
    desk = VGroup(t.card(x - w / 2, y, w, 84, "#3A4168", r=16), t.card(x - w / 2, y, w, 14, "#565F8F", r=7))
    return VGroup(mug, desk, t.put(t.text(label, 40, t.PAPER), x, y + 63, "c"))


__all__ = ["Megacoach", "Rig", "Shadow", "Who", "flip", "rater_desk", "shadow"]
