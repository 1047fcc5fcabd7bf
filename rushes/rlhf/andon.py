"""The andon cord: a condition over the metrics that stops a run, as anyone in a factory may stop the line.

    cord = read_condition("rating < 3")
    cord.pulled([{"step": 0, "rating": 5.1}, ...])

Read without torch, so that a recipe is checked before anything is trained.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rushes.errors import RushesError, did_you_mean

__all__ = ["COLUMNS", "LATEST", "Condition", "read_condition"]

LATEST = 3
"""Steps whose mean is compared: the rating of one step is that of a few dozen answers, and jumps."""

COLUMNS = (
    "step", "rating", "coach", "kl", "total", "coherence", "entropy", "length", "distinct", "coach_r", "names_kept",
    "judge", "forbidden", "labels", "seconds",
)  # fmt: skip
"""What a run of an Apprentice records of every step; some runs not all of it."""

_FORM = re.compile(r"\s*(?P<column>\w+)\s*(?P<sign><=|>=|<|>)\s*(?P<limit>[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """`column sign limit`."""

    column: str
    sign: str
    limit: float

    def __str__(self) -> str:
        return f"{self.column} {self.sign} {self.limit:g}"

    def pulled(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Does it hold for the mean of the latest `LATEST` rows? Never before there are so many.

        Raises:
            RushesError: this run records no such column.
        """
        if rows and self.column not in rows[-1]:
            raise RushesError(f"this run has no column '{self.column}'\n  {did_you_mean(self.column, rows[-1])}")
        if len(rows) < LATEST:
            return False
        mean: float = sum(row[self.column] for row in rows[-LATEST:]) / LATEST
        return {
            "<": mean < self.limit,
            "<=": mean <= self.limit,
            ">": mean > self.limit,
            ">=": mean >= self.limit,
        }[self.sign]


def read_condition(text: str) -> Condition:
    """The condition that a text says.

    Raises:
        RushesError: it is no condition, or not over a column of the metrics.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise RushesError(
            f"'{text}' is no condition to stop at\n  write a column, a sign and a number, as in rating < 3"
        )
    if match["column"] not in COLUMNS:
        raise RushesError(
            f"'{text}': the metrics have no column '{match['column']}'\n  {did_you_mean(match['column'], COLUMNS)}"
        )
    return Condition(match["column"], match["sign"], float(match["limit"]))
