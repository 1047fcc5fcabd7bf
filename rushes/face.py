"""Face: eyes and a mouth as a function of a few numbers. Points are in a character's own space, y upwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from manim import VMobject

from rushes.motion import ramp
from rushes.shapes import NOTHING, bezier, ellipse, polyline, shape
from rushes.theme import Color, Points

__all__ = ["PUPIL", "SIDES", "TONGUE", "Eyes", "Face", "Parts", "Shapes", "mouth"]

EYE, PUPIL, SHINE, TONGUE = "#FFFDF6", "#171A2C", "#FFFFFF", "#E8617F"
SIDES = ((-1, "l"), (1, "r"))
Parts = dict[str, VMobject]
Shapes = dict[str, Points]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a face shows: mood -1..1, look (x, y) -1..1 with y up, blink, talk and flipped 0..1."""

    mood: float
    look: tuple[float, float]
    blink: float
    talk: float
    flipped: float

    @property
    def up(self) -> float:
        return max(self.mood, 0.0)

    @property
    def down(self) -> float:
        return max(-self.mood, 0.0)


def star_points() -> Points:
    corners = [
        (1 if i % 2 == 0 else 0.42) * np.array([math.sin(i * math.pi / 5), math.cos(i * math.pi / 5), 0])
        for i in range(11)
    ]
    return polyline(np.array(corners))


STAR = star_points()


def lid_points(r: float, tall: float, lid: float, slant: float) -> Points:
    """The part of an eye above a chord: exact, so nothing need be clipped. lid 0 open .. 1 shut."""
    h = 1 - 2 * lid
    left, right = (min(max(h + s * slant * 0.55, -0.98), 0.999) for s in (1, -1))
    th = np.linspace(math.pi - math.asin(left), math.asin(right), 18)
    p = np.stack([1.07 * r * np.cos(th), 1.07 * r * tall * np.sin(th), 0 * th], 1)
    return polyline(np.vstack([p, p[:1]]))


def mouth_points(w: float, mood: float, open_: float) -> tuple[Points, float]:
    """A mouth and how deep it is. A smile is the same closed shape with nothing inside, so it can open smoothly."""
    bend, e = mood * w * 0.62, ramp(open_, 0, 0.22)
    d, m = w * (0.30 + 1.1 * open_) * e, min(max(mood * 2.5, -1), 1)
    y = bend * 0.35 * (1 - e) + 0.10 * d * m
    upper, lower = d * (0.55 - 0.72 * m), -d * (0.72 + 0.60 * m)
    k, b = 0.5 * (1 - e) + 0.72 * e, -bend * (1 - e)
    out = w * (k + 0.3 * e)
    return bezier(
        (-w, y), ((-w * k, b + upper), (w * k, b + upper), (w, y)), ((out, b + lower), (-out, b + lower), (-w, y))
    ), d


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """A pair of round eyes: middle, half the gap, height, radius, tallness; what covers them."""

    x: float = 0.0
    gap: float
    y: float
    r: float
    tall: float = 1.12

    def parts(self, lid: Color, lash: Color = PUPIL) -> Parts:
        out: Parts = {}
        for _, n in SIDES:
            out |= {f"white_{n}": shape(fill=EYE), f"pupil_{n}": shape(fill=PUPIL), f"shine_{n}": shape(fill=SHINE)}
            out |= {f"star_{n}": shape(fill=SHINE), f"lid_{n}": shape(fill=lid, stroke=lid, w=1.5)}
            out[f"lash_{n}"] = shape(stroke=lash, w=6.5)
        return out

    def draw(self, f: Face, *, lid: float, slant: float, r: float, y: float, spark: float) -> Shapes:
        out: Shapes = {}
        low = y - 0.22 * r
        lid = min(lid, 0.98)

        def shut(p: Points) -> Points:  # an eye shuts as a slot, and is one dark curve while it is shut
            return p if f.blink < 0.001 else (p - (0, low, 0)) * (1, 1 - 0.93 * f.blink, 1) + (0, low, 0)

        for s, n in SIDES:
            cx = self.x + s * self.gap
            px, py, pr = cx + f.look[0] * r * 0.36, y + f.look[1] * r * 0.36 * self.tall, r * (0.60 + 0.12 * spark)
            dot = pr * 0.33 * (1 - spark)
            out[f"white_{n}"] = shut(ellipse(cx, y, r, r * self.tall))
            out[f"pupil_{n}"] = shut(ellipse(px, py, pr, pr))
            out[f"shine_{n}"] = shut(ellipse(px - pr * 0.34, py + pr * 0.36, dot, dot))
            out[f"star_{n}"] = shut(np.add(STAR * (pr * 0.62 * spark), (px - pr * 0.12, py + pr * 0.12, 0)))
            out[f"lid_{n}"] = shut(np.add(lid_points(r, self.tall, lid, slant * -s), (cx, y, 0)))
            q = r * ramp(f.blink, 0.55, 1)
            ends = ((cx - q, low + 0.10 * r), (cx + q, low + 0.10 * r))
            dip = ((cx - 0.45 * q, low - 0.16 * r), (cx + 0.45 * q, low - 0.16 * r), ends[1])
            out[f"lash_{n}"] = bezier(ends[0], dip) if q > 0.01 else NOTHING
        return out


def mouth(x: float, y: float, w: float, mood: float, grin: float, talk: float) -> Shapes:
    """A mouth about (x, y), w wide to each side: it smiles by `mood`, and opens by `grin` and by `talk`."""
    points, deep = mouth_points(w * (1 - 0.15 * talk), mood, min(grin + 0.75 * talk, 1))
    tongue = ramp(deep / w, 0.35, 0.8) * ramp(mood, -0.05, 0.3)
    return {
        "mouth": np.add(points, (x, y, 0)),
        "tongue": ellipse(x, y - deep * 0.58, w * 0.45 * tongue, deep * 0.17 * tongue),
    }
