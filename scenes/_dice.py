"""Dice, which every try at an answer rolls."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rushes import theme as t
from rushes.motion import Sprite

_CORNERS = ((-1, -1), (1, 1), (-1, 1), (1, -1), (-1, 0), (1, 0))  # of a face, in the order in which pips fill it
HOP, LOWER = 0.9, 4  # how high a hop is, in sides of the die; so many at the end are lower and lower
SECONDS = 0.3  # that a hop takes


def rolling(x: float, y: float, side: float, begin: float, end: float, faces: Sequence[int]) -> list[Sprite]:
    """A die with its middle at (x, y) px: it hops through `faces` again and again and lies still at `end`."""
    count = max(round((end - begin) / SECONDS), 1)
    hop, out = (end - begin) / count, list[Sprite]()
    for n in range(count):
        face, comes, high = faces[n % len(faces)], begin + n * hop, HOP * side * min(1.0, (count - n) / LOWER)
        pips = [t.disc(x + 0.27 * side * a, y + 0.27 * side * b, 0.1 * side, t.INK) for a, b in _pips(face)]
        die = Sprite(t.card(x - side / 2, y - side / 2, side, side, t.PAPER, r=0.2 * side), *pips, alpha=0.0)

        def over(clock: float, comes: float = comes) -> float:
            return min(max((clock - comes) / hop, 0.0), 1.0)

        die.drive(
            dy=lambda clock, high=high, over=over: -high * math.sin(math.pi * over(clock)),
            rot=lambda clock, over=over: -math.pi * over(clock),
        )
        die.to(comes, 0, alpha=1.0)
        if n < count - 1:
            die.to(comes + hop, 0, alpha=0.0)
        out.append(die)
    return out


def _pips(face: int) -> list[tuple[int, int]]:
    """Where the pips of a face are, -1..1."""
    return [*_CORNERS[: face - face % 2], *([(0, 0)] if face % 2 else [])]
