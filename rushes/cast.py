"""The cast, from ellipses and Bezier curves: what each one is made of, and what its face shows.

Points are in a character's own space: feet at (0, 0), y upwards. `rig.Rig` poses them. Silhouettes differ before
colours do: bubble, heart, book, hood, person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from manim import VMobject

from rushes import theme as t
from rushes.face import PUPIL, SIDES, TONGUE, Eyes, Face, Parts, Shapes, mouth
from rushes.motion import ramp
from rushes.shapes import bezier, block, ellipse, gradient, polyline, shape, stick
from rushes.theme import Color, Points

BROWN, CREAM = "#5C430C", "#FFF8E4"
Arm = tuple[float, float, float, float]
"""Control point and hand (x, y, x, y) of the right arm; the left one is its mirror."""


def shaded(points: Points, color: str) -> VMobject:
    """A body lit from the top: it darkens towards its feet."""
    return gradient(shape(points, fill=color), t.mix(color, t.SHADE[color], 0.62), color, t.mix(color, "#FFFFFF", 0.10))


def heart_points() -> Points:
    """The Values Coach's outline about its own middle; the hood is the same one turned round."""
    return bezier(
        (0, -0.98),
        ((0.10, -0.98), (0.18, -0.93), (0.26, -0.86)),
        ((0.8, -0.36), (1.16, -0.02), (1.16, 0.42)),
        ((1.16, 0.82), (0.88, 1.06), (0.56, 1.06)),
        ((0.3, 1.06), (0.1, 0.92), (0, 0.70)),
        ((-0.1, 0.92), (-0.3, 1.06), (-0.56, 1.06)),
        ((-0.88, 1.06), (-1.16, 0.82), (-1.16, 0.42)),
        ((-1.16, -0.02), (-0.8, -0.36), (-0.26, -0.86)),
        ((-0.18, -0.93), (-0.10, -0.98), (0, -0.98)),
    )


def bubble_points() -> Points:
    """The Apprentice: a speech bubble, its tail at the lower left."""
    return bezier(
        (-0.62, 0.28),
        ((-0.9, 0.28), (-1.12, 0.55), (-1.12, 0.95)),
        ((-1.12, 1.15), (-1.12, 1.2), (-1.12, 1.32)),
        ((-1.12, 1.75), (-0.82, 2.02), (-0.4, 2.02)),
        ((-0.1, 2.02), (0.1, 2.02), (0.4, 2.02)),
        ((0.82, 2.02), (1.12, 1.75), (1.12, 1.32)),
        ((1.12, 1.2), (1.12, 1.1), (1.12, 0.95)),
        ((1.12, 0.55), (0.85, 0.28), (0.45, 0.28)),
        ((0.2, 0.28), (0.1, 0.28), (0.02, 0.28)),
        ((-0.25, 0.24), (-0.7, 0.10), (-1.16, -0.04)),
        ((-1.02, 0.14), (-0.98, 0.30), (-0.98, 0.52)),
        ((-0.9, 0.36), (-0.75, 0.28), (-0.62, 0.28)),
    )


def feet(gap: float, color: Color, w: float = 0.44) -> Parts:
    out: Parts = {}
    for s, n in SIDES:
        out[f"leg_{n}"] = shape(stick(s * gap, 0.34, s * gap, 0.08), stroke=color, w=13)
        out[f"foot_{n}"] = shape(ellipse(s * gap + s * 0.07, 0.06, w / 2, 0.1), fill=color)
    return out


# ---------------------------------------------------------------- the cast
class Character:
    """What a rig needs to know: how tall it is in its own space, its arms, its parts in paint order, its face."""

    native: float
    color: str
    skin: Color
    limb: float = 13
    shoulder: tuple[float, float]
    arms: Mapping[str, Arm]
    has_hands = True

    def behind(self) -> Parts:
        """Painted before the arms."""
        raise NotImplementedError

    def front(self) -> Parts:
        """Painted after them; names that `face` gives points for may start empty."""
        raise NotImplementedError

    def face(self, f: Face) -> Shapes:
        raise NotImplementedError

    def colors(self, f: Face) -> dict[str, tuple[Color, float]]:
        """Parts whose colour and alpha follow the face."""
        return {}


class Apprentice(Character):
    """A speech bubble that wants to please, with a text caret for an antenna; `flipped` turns the caret red."""

    native, color, shoulder = 2.7, t.POLICY, (0.98, 0.98)
    skin = t.mix(t.POLICY, t.SHADE[t.POLICY], 0.8)
    arms: Mapping[str, Arm] = {
        "down": (1.35, 0.75, 1.38, 0.42),
        "up": (1.5, 1.15, 1.42, 1.78),
        "out": (1.4, 0.9, 1.78, 1.0),
        "point": (1.5, 1.0, 1.78, 1.5),
        "hold": (1.3, 0.55, 0.62, 0.52),
    }
    eyes = Eyes(gap=0.42, y=1.33, r=0.285)

    def behind(self) -> Parts:
        return feet(0.36, t.SHADE[self.color])

    def front(self) -> Parts:
        dark = t.SHADE[self.color]
        caret = block(0, 0, 0.13, 0.42, 0.05)
        c, s = math.cos(-0.08), math.sin(-0.08)
        caret = caret @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + (0.07, 2.5, 0)
        out = {"body": shaded(bubble_points(), self.color)}
        out |= {
            "stalk": shape(stick(0.02, 2.0, 0.06, 2.36), stroke=self.skin, w=7),
            "caret": shape(caret, fill=t.PAPER),
        }
        out |= self.eyes.parts(t.mix(self.color, dark, 0.25))
        for s_, n in SIDES:
            out[f"cheek_{n}"] = shape(ellipse(s_ * 0.78, 0.97, 0.16, 0.09), fill=t.VALUES)
            out[f"brow_{n}"] = shape(stroke=dark, w=6)
        return out | {"mouth": shape(fill=PUPIL, stroke=PUPIL, w=6), "tongue": shape(fill=TONGUE)}

    def face(self, f: Face) -> Shapes:
        up, down, bad = f.up, f.down, f.flipped
        lid, slant = 0.04 + 0.26 * down + 0.16 * bad, -0.5 * down * (1 - bad) + 1.1 * bad
        spark = ramp(f.mood, 0.78, 0.92) * (1 - bad)
        out = self.eyes.draw(f, lid=lid, slant=slant, r=0.285 + 0.03 * up, y=1.33 + 0.03 * up, spark=spark)
        y = 1.80 + 0.06 * up - 0.02 * down
        inner = y - 0.14 * bad + 0.10 * down * (1 - bad)
        for s, n in SIDES:
            outer = ((s * 0.34, inner + 0.08 * (1 - 2 * bad)), (s * 0.5, y + 0.08))
            out[f"brow_{n}"] = bezier((s * 0.22, inner), (*outer, (s * 0.60, y - 0.02 + 0.08 * bad - 0.06 * down)))
        grin = max(0.0, up - 0.35) * 0.85 * (1 - 0.4 * bad)
        return out | mouth(0, 0.86, 0.22 + 0.05 * up, f.mood + bad * (max(f.mood, 0.55) - f.mood), grin, f.talk)

    def colors(self, f: Face) -> dict[str, tuple[Color, float]]:
        cheek = (t.VALUES, 0.55 * f.up)
        return {"cheek_l": cheek, "cheek_r": cheek, "caret": (t.mix(t.PAPER, t.DANGER, f.flipped), 1.0)}


class ValuesCoach(Character):
    """A heart that believes what it reads; stars in its eyes above 0.8."""

    native, color, shoulder = 2.32, t.VALUES, (0.78, 1.05)
    skin = t.mix(t.VALUES, t.SHADE[t.VALUES], 0.75)
    arms: Mapping[str, Arm] = {
        "down": (1.25, 0.95, 1.12, 0.55),
        "up": (1.45, 1.6, 1.5, 2.05),
        "out": (1.4, 1.0, 1.75, 1.12),
        "pull": (1.25, 0.85, 1.45, 1.08),
        "low": (1.2, 0.9, 1.42, 0.62),
        "clasp": (1.1, 0.6, 0.2, 0.62),
    }
    eyes = Eyes(gap=0.40, y=1.50, r=0.30)
    blush = "#FF4F86"

    def behind(self) -> Parts:
        return feet(0.24, t.SHADE[self.color], 0.4)

    def front(self) -> Parts:
        dark = t.SHADE[self.color]
        out = {"body": shaded(np.add(heart_points(), (0, 1.24, 0)), self.color)} | self.eyes.parts(
            t.mix(self.color, dark, 0.3)
        )
        for s, n in SIDES:
            out |= {f"hair{k}_{n}": shape(stroke=dark, w=5) for k in range(2)}
            out[f"cheek_{n}"] = shape(ellipse(s * 0.76, 1.12, 0.17, 0.1), fill=self.blush)
        return out | {"mouth": shape(fill=PUPIL, stroke=PUPIL, w=6), "tongue": shape(fill=TONGUE)}

    def face(self, f: Face) -> Shapes:
        r = 0.30 + 0.03 * f.up
        spark = ramp(f.mood, 0.78, 0.92)
        out = self.eyes.draw(f, lid=0.02 + 0.30 * f.down, slant=-0.7 * f.down, r=r, y=1.50, spark=spark)
        for s, n in SIDES:
            for k in range(2):
                th, cx, q = math.pi / 2 - s * (0.55 + 0.38 * k), s * 0.40, r + 0.03
                c, v = math.cos(th), 1.1 * math.sin(th)
                out[f"hair{k}_{n}"] = stick(cx + q * c, 1.5 + q * v, cx + (q + 0.12) * c, 1.5 + (q + 0.12) * v)
        return out | mouth(0, 1.06, 0.20 + 0.06 * f.up, f.mood, max(0.0, f.up - 0.3) * 0.95, f.talk)

    def colors(self, f: Face) -> dict[str, tuple[Color, float]]:
        cheek = (self.blush, 0.25 + 0.5 * f.up)
        return {"cheek_l": cheek, "cheek_r": cheek}


class CoherenceCoach(Character):
    """An old hardback with opinions: glasses, brows, and a moustache that does the talking."""

    native, color, shoulder = 2.62, t.COHERENCE, (0.82, 1.12)
    skin = "#8F6A17"
    arms: Mapping[str, Arm] = {
        "down": (1.1, 0.9, 1.02, 0.55),
        "up": (1.4, 1.3, 1.5, 1.9),
        "out": (1.3, 1.0, 1.62, 1.12),
        "pull": (1.2, 0.85, 1.34, 1.05),
        "hip": (1.5, 0.95, 0.92, 0.66),
        "low": (1.2, 0.95, 1.40, 0.70),
        "cross": (1.15, 0.55, -0.12, 0.74),
    }
    eyes = Eyes(x=0.10, gap=0.34, y=1.66, r=0.235, tall=1.05)

    def behind(self) -> Parts:
        return feet(0.36, "#7A5A12", 0.46)

    def front(self) -> Parts:
        dark = t.SHADE[self.color]
        out = {
            "back": shape(block(0.05, 1.37, 1.80, 2.3, 0.10), fill=self.skin),
            "pages": shape(block(0.06, 1.36, 1.70, 2.14, 0.05), fill="#FBF3DA"),
        }
        out |= {
            f"leaf{k}": shape(stick(-0.72, 0.30 + k * 0.045, 0.88, 0.30 + k * 0.045), stroke="#CDBD8A", w=2)
            for k in range(3)
        }
        out["body"] = shaded(block(-0.02, 1.48, 1.74, 2.12, 0.10), self.color)
        out["spine"] = shape(block(-0.77, 1.48, 0.24, 2.12, 0.06), fill=dark)
        out |= {
            f"band{k}": shape(block(-0.77, y, 0.24, 0.06, 0.02), fill=self.color) for k, y in enumerate((2.28, 0.72))
        }
        out |= self.eyes.parts(t.mix(self.color, dark, 0.45), BROWN)
        for s, n in SIDES:
            out[f"glass_{n}"] = shape(ellipse(0.10 + s * 0.34, 1.64, 0.30, 0.30), stroke=BROWN, w=5)
            out[f"brow_{n}"] = shape(fill=CREAM, stroke=CREAM, w=4)
        out["bridge"] = shape(stick(0.04, 1.68, 0.16, 1.68), stroke=BROWN, w=5)
        out |= {f"tache_{n}": shape(fill=CREAM, stroke=CREAM, w=3) for _, n in SIDES}
        return out | {"mouth": shape(fill=BROWN, stroke=BROWN, w=6), "tongue": shape(fill=TONGUE)}

    def face(self, f: Face) -> Shapes:
        x, up, down = 0.10, f.up, f.down
        lid, slant = 0.34 - 0.14 * up + 0.12 * down, 0.25 + 0.75 * down - 0.2 * up
        out = self.eyes.draw(f, lid=lid, slant=slant, r=0.235, y=1.66, spark=0)
        b0, b1 = 1.97 + 0.10 * up - 0.05 * down, 2.08 + 0.06 * up - 0.02 * down
        lift = 0.12 * up - 0.10 * down + 0.05 * f.talk
        for s, n in SIDES:
            inner = (x + s * 0.10, b0 - 0.12 * down)
            out[f"brow_{n}"] = bezier(
                inner,
                ((x + s * 0.2, b0 + 0.18), (x + s * 0.5, b1 + 0.14), (x + s * 0.70, b1 - 0.02 - 0.08 * up)),
                ((x + s * 0.55, b1 - 0.06), (x + s * 0.3, b0 - 0.02), inner),
            )
            out[f"tache_{n}"] = bezier(
                (x, 1.26),
                ((x + s * 0.18, 1.40), (x + s * 0.45, 1.34), (x + s * 0.66, 1.12 + lift * 1.8)),
                ((x + s * 0.46, 1.12 + lift * 0.3), (x + s * 0.16, 1.02), (x, 1.16)),
                ((x, 1.2), (x, 1.22), (x, 1.26)),
            )
        return out | mouth(x, 0.90, 0.17, (f.mood - 0.15) * 0.9, 0, f.talk)


class DarkCoach(Character):
    """The same heart, the other way up: a hood with a grin. Its mood is minus the Values Coach's."""

    native, color, shoulder = 2.2, t.DANGER, (0.86, 0.98)
    skin, limb = "#8E2440", 15
    arms: Mapping[str, Arm] = {
        "up": (1.5, 1.15, 1.62, 1.72),
        "down": (1.45, 0.75, 1.5, 0.4),
        "out": (1.45, 1.0, 1.85, 1.2),
    }
    has_hands = False  # three claws instead

    def behind(self) -> Parts:
        return {}

    def front(self) -> Parts:
        turned = heart_points() * (-1, -1, 1)
        body = shape(np.add(turned, (0, 1.16, 0)), fill="#2A0C1A", stroke=self.color, w=7)
        out = {
            "body": gradient(body, "#1A0710", "#3A0F20", "#64162B"),
            "inside": shape(turned * 0.70 + (0, 1.04, 0), fill="#12040B"),
        }
        for _, n in SIDES:
            out |= {f"eye_{n}": shape(fill=self.color), f"slit_{n}": shape(fill="#FFE9DC")}
        return out | {"mouth": shape(fill=self.color)} | {f"tooth{k}": shape(fill="#FFE9DC") for k in range(5)}

    def face(self, f: Face) -> Shapes:
        up, out = f.up, {}
        for s, n in SIDES:
            eye = bezier(
                (s * 0.13, 1.10),
                ((s * 0.22, 1.28 + 0.05 * up), (s * 0.50, 1.42), (s * 0.60, 1.46)),
                ((s * 0.62, 1.2), (s * 0.42, 1.02), (s * 0.13, 1.10)),
            )
            slit = ellipse(s * 0.36 + f.look[0] * 0.06, 1.20 + f.look[1] * 0.05, 0.05, 0.085)
            flat = 1 - 0.9 * f.blink
            out[f"eye_{n}"], out[f"slit_{n}"] = ((p - (0, 1.2, 0)) * (1, flat, 1) + (0, 1.2, 0) for p in (eye, slit))
        w, d, lip = 0.40 + 0.08 * up, 0.10 + 0.26 * up + 0.12 * f.talk, 0.80 + 0.10 * up - 0.24 * f.down
        roof = 0.66 + 0.18 * f.down  # displeased, the corners hang and the middle arches
        out["mouth"] = bezier(
            (-w, lip),
            ((-w * 0.5, roof), (w * 0.5, roof), (w, lip)),
            ((w * 0.8, 0.72 - d), (-w * 0.8, 0.72 - d), (-w, lip)),
        )
        for tooth, k in enumerate(np.linspace(-0.66, 0.66, 5)):
            bow = 0.04 + 0.10 * up - 0.20 * f.down
            x, y, long = k * w, 0.70 + 0.04 * f.down + bow * k * k, min(0.11 + 0.03 * up, 0.7 * d)
            corners = [[x - 0.055, y, 0], [x + 0.055, y, 0], [x, y - long, 0], [x - 0.055, y, 0]]
            out[f"tooth{tooth}"] = polyline(np.array(corners))
        return out


class Rater(Character):
    """A person behind a desk: plain, tired, fair and simulated. `n` picks one of three; mood is held within 0.5."""

    native, color, shoulder, limb = 2.5, t.NEUTRAL, (0.66, 0.62), 30
    arms: Mapping[str, Arm] = {
        "down": (1.10, 0.30, 0.72, -0.10),
        "up": (1.35, 0.55, 1.18, 1.35),
        "stamp": (1.20, 0.30, 1.22, 0.12),
        "chin": (1.15, 0.05, 0.30, 1.10),
    }

    def __init__(self, n: int = 0) -> None:
        self.n = n % 3
        self.flesh = ("#D9A07A", "#8A5A44", "#F0C8A6")[self.n]
        self.hair = ("#5A4038", "#4A3550", "#9C6A34")[self.n]
        self.shirt = (t.NEUTRAL, "#6C7BA8", "#7E7397")[self.n]
        self.skin = t.mix(self.shirt, t.INK, 0.10)

    def behind(self) -> Parts:
        shirt = bezier(
            (-1.0, 0),
            ((-1.0, 0.85), (-0.6, 1.05), (0, 1.05)),
            ((0.6, 1.05), (1.0, 0.85), (1.0, 0)),
            ((0.4, 0), (-0.4, 0), (-1.0, 0)),
        )
        hair = (
            bezier(
                (-0.60, 1.66),
                ((-0.80, 2.62), (0.80, 2.66), (0.60, 1.66)),
                ((0.5, 2.02), (0.25, 2.0), (0.05, 2.08)),
                ((-0.2, 1.98), (-0.52, 2.0), (-0.60, 1.66)),
            ),
            bezier(
                (-0.66, 1.3),
                ((-0.9, 2.7), (0.9, 2.7), (0.66, 1.3)),
                ((0.56, 1.7), (0.5, 2.06), (0, 2.08)),
                ((-0.5, 2.06), (-0.56, 1.7), (-0.66, 1.3)),
            ),
            bezier((-0.58, 1.8), ((-0.5, 2.52), (0.55, 2.5), (0.58, 1.8)), ((0.4, 2.12), (-0.3, 2.16), (-0.58, 1.8))),
        )[self.n]
        collar = bezier((-0.30, 1.0), ((-0.2, 0.8), (0.2, 0.8), (0.30, 1.0)), ((0.2, 1.06), (-0.2, 1.06), (-0.30, 1.0)))
        return {
            "body": shape(shirt, fill=self.shirt),
            "collar": shape(collar, fill=t.mix(self.shirt, "#FFFFFF", 0.25)),
            "neck": shape(block(0, 1.08, 0.36, 0.5, 0.12), fill=t.mix(self.flesh, "#000000", 0.12)),
            "head": shape(ellipse(0, 1.72, 0.54, 0.61), fill=self.flesh),
            "hair": shape(hair, fill=self.hair),
        }

    def front(self) -> Parts:
        out: Parts = {}
        for s, n in SIDES:
            out |= {f"pupil_{n}": shape(fill=PUPIL), f"brow_{n}": shape(stroke=self.hair, w=5)}
            if self.n == 1:
                out[f"glass_{n}"] = shape(ellipse(s * 0.22, 1.70, 0.17, 0.17), stroke="#E9DFC8", w=3.5)
        return out | {"mouth": shape(fill="#5A2A2A", stroke="#5A2A2A", w=5), "tongue": shape(fill=TONGUE)}

    def face(self, f: Face) -> Shapes:
        mood = min(max(f.mood, -0.5), 0.5)
        out, frown = {}, 0.08 * max(-mood, 0.0)
        for s, n in SIDES:
            out[f"pupil_{n}"] = ellipse(
                s * 0.22 + 0.045 * f.look[0], 1.70 + 0.04 * f.look[1], 0.06, 0.085 * (1 - 0.88 * f.blink)
            )
            y = 1.93 + 0.04 * max(mood, 0.0)
            ends = (s * 0.12, y - 0.03 - frown), (s * 0.36, y - 0.04 + frown)
            out[f"brow_{n}"] = bezier(ends[0], ((s * 0.2, y + 0.02), (s * 0.3, y + 0.02), ends[1]))
        return out | mouth(0, 1.42, 0.15, mood * 0.9, 0, f.talk)


CAST = {"apprentice": Apprentice, "values": ValuesCoach, "coherence": CoherenceCoach, "dark": DarkCoach, "rater": Rater}
