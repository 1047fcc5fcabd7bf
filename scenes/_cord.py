"""The andon cord: the one that anyone at a line of work may pull to stop it."""

from __future__ import annotations

import math

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, fall, ramp, rise
from rushes.shapes import NOTHING, bezier
from rushes.theme import Points


def andon_cord(x: float, low: float, at: float, end: float, top: float = -40.0) -> list[Live | Sprite]:
    """It drops from above at `at`, bounces, and swings to rest by `end`; its handle's top then hangs at (x, low) px.

    It hangs from above the frame, or, below what must stay free, from a bar at `top` px that comes with it.
    """
    bar = top > 0
    away = top - low if bar else -low - 220
    length = Track(away).to(at, 0.42, 0.0, fall).to(at + 0.42, 0.15, -38.0, rise).to(at + 0.57, 0.15, 0.0, fall)
    length.to(at + 0.72, 0.08, -9.0, rise).to(at + 0.80, 0.08, 0.0, fall)
    calm = max(end - at - 0.42, 0.5)

    def swing(clock: float) -> float:
        s = max(clock - at - 0.42, 0.0)
        return 0.085 * math.sin(2 * math.pi * 0.75 * s) * math.exp(-1.1 * s) * (1 - ramp(s, 0.55 * calm, calm))

    def tip(clock: float) -> tuple[float, float]:
        reach, a = low - top + length(clock), swing(clock)
        return x + reach * math.sin(a), top + reach * math.cos(a)

    def rope(clock: float) -> Points:
        (left, y), (end_x, down) = t.at(x, top)[:2], t.at(*tip(clock))[:2]
        if down > y - 0.1:
            return NOTHING
        bend = 0.45 * (end_x - left)
        knot = (end_x, down)
        return bezier((left, y), ((left, y + (down - y) * 0.4), (end_x - bend, down + (y - down) * 0.35), knot))

    handle = Sprite(
        t.card(x - 9, low - 4, 18, 20, t.PAPER, r=6),
        t.card(x - 21, low + 12, 42, 84, t.COHERENCE, r=18),
        t.card(x - 21, low + 42, 42, 10, t.SHADE[t.COHERENCE], r=2),
        t.card(x - 21, low + 60, 42, 10, t.SHADE[t.COHERENCE], r=2),
        pivot=(x, low),
    )
    handle.drive(
        dx=lambda clock: tip(clock)[0] - x,
        dy=lambda clock: tip(clock)[1] - low,
        rot=lambda clock: 1.5 * swing(clock),
    )
    light = Sprite(t.halo(x, low + 50, 150, t.COHERENCE, 0.34), alpha=0.0).to(at + 0.42, 0.5, alpha=1.0)
    if bar:
        handle.begin(alpha=0.0).to(at, 0.08, alpha=1.0)
        rail = Sprite(t.card(x - 24, top - 12, 48, 12, t.NEUTRAL, r=6), alpha=0.0).enter(at - 0.15, 0.15, rise=0)
        return [light, rail, Live(rope, stroke=t.PAPER, w=7), handle]
    return [light, Live(rope, stroke=t.PAPER, w=7), handle]
