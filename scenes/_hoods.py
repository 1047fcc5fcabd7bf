"""The Dark Coach in two: one that goes on hearing the readers' marks, and one that shuts its ears to them."""

from __future__ import annotations

from rushes.motion import over
from rushes.rig import Rig

CLAWS = (1.25, 0.70, 1.15, 0.42)  # an arm of a hood close to its body
CUPPED, SHUT = (1.75, 0.85, 1.12, 1.62), (1.62, 1.72, 0.78, 1.42)  # a claw behind an ear, and one over it


def cup_and_shut(hears: Rig, cups: float, shut: Rig, shuts: float) -> None:
    """One cups an ear at a second, the other shuts both at another."""
    hears.to(cups, 0.4, over, lean=-0.09, ra=CUPPED).bounce(cups + 0.5)
    shut.to(shuts, 0.35, over, la=SHUT, ra=SHUT).to(shuts + 0.1, 0.15, blink=1).bounce(shuts + 0.3)
