"""The mean that a script calls "last", at every step."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.measured import LAST


def trailing(values: Sequence[float]) -> list[float]:
    """The mean of each value and the few before it: its last one is a record's `last`."""
    return [sum(part) / len(part) for part in (values[max(i - LAST + 1, 0) : i + 1] for i in range(len(values)))]
