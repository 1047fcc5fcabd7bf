"""Measured: a number of a record that a script names, as in `healthy.rating.last`, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["LAST", "STATS", "STEP", "Measured", "Reference", "parse_reference"]

LAST = 5  # "last" is the mean of this many final steps: one step of 32 samples is noisy
STATS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "first": lambda v: v[0],
    "last": lambda v: sum(v[-LAST:]) / len(v[-LAST:]),
    "min": min,
    "max": max,
    "mean": lambda v: sum(v) / len(v),
}
REFERENCE = re.compile(r"(?P<run>[a-z]\w*(?:\.\w+)*)\.(?P<column>\w+)\.(?P<stat>\w+)")
STEP = re.compile(r"step(\d+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """`run.column.stat`, as a script writes it."""

    run: str
    """A run, or the folder of one of its records: `healthy.seed1`."""
    column: str
    stat: str

    def __str__(self) -> str:
        return f"{self.run}.{self.column}.{self.stat}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number and where it comes from."""

    reference: Reference
    value: float
    steps: tuple[int, ...]
    """The recorded steps it was made of; empty for a fact of the whole run."""
    record: str
    """Digest of the record."""


def parse_reference(text: str) -> Reference | None:
    """`run.column.stat`, or None if `text` is something else."""
    match = REFERENCE.fullmatch(text.strip())
    return Reference(match["run"], match["column"], match["stat"]) if match else None
