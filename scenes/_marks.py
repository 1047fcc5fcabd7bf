"""A mark from one to nine as a tinted disc: how dark it is says how low it is."""

from __future__ import annotations

from manim import ManimColor, VGroup

from rushes import theme as t

LOWEST, HIGHEST = 1, 9
DARK = 5  # up to this mark the disc is dark enough for light figures


def tint(mark: float) -> ManimColor:
    """The colour of a mark, dark for 1 and pink for 9."""
    return t.mix(t.RAISED, t.VALUES, (mark - LOWEST) / (HIGHEST - LOWEST))


def mark_disc(mark: float, x: float, y: float, r: float) -> VGroup:
    """A mark as a disc of radius r px around (x, y) with its figure in it."""
    size = max(1.15 * r, t.T_FINE)
    figure = t.text(f"{mark:g}", size, t.PAPER if mark <= DARK else t.DEEP, weight=t.BOLD)
    return VGroup(t.disc(x, y, r, tint(mark)).set_stroke(t.VALUES, 3), t.put(figure, x, y + 0.36 * size, "c"))


def screen_tint(mark: float) -> ManimColor:
    """The colour of a mark on a small screen or as a dot: grey for 1, pink for 9."""
    return t.mix(t.SHADE[t.NEUTRAL], t.VALUES, (mark - LOWEST) / (HIGHEST - LOWEST))
