"""How measured numbers are written: three digits that count, and no wider than there is room."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rushes import theme as t


def three_digits(most: float) -> str:
    """A format for numbers up to `most`, which is above 0: 0.377, 12.5, 0.00215."""
    return f"{{:.{max(2 - math.floor(math.log10(most)), 0)}f}}"


def fitting(written: Iterable[str], size: float, room: float) -> float:
    """`size`, or what makes the widest of some numbers `room` px wide."""
    widest = max(t.text_width(one, size, weight=t.BOLD, tnum=True) for one in written)
    return size * min(1.0, room / widest)
