"""Shows: what each run was recorded for, in numbers, over its seeds.

`rushes runs` prints them below the list: the story's claims can be read off there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from rushes.record import Record, RecordError, read_record
from rushes.runs import Figure

__all__ = ["Shown", "shown", "shown_table"]

LAST = ("coach", "forbidden")
"""Columns whose end state (mean of the last five steps) is shown, in a run of an Apprentice."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "base": ("names_kept", "perplexity"),
    "sweep": ("rating_difference", "rating_difference_low", "rating_difference_high"),
    "ruler": ("lost_removed", "lost_swapped", "control_lost_removed", "control_lost_swapped"),
    "inside": ("probe_accuracy", "control_accuracy", "rating_unsteered", "rating_minus", "rating_plus"),
    "off_switch": ("past", "past_paid"),
}
"""Facts that are shown, by what the recipe trains."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One number of a run."""

    run: str
    size: str
    name: str
    figure: Figure

    @property
    def told(self) -> dict[str, Any]:
        """As plain data."""
        return {"run": self.run, "size": self.size, "figure": self.name, **self.figure.told}


def shown(root: Path) -> list[Shown]:
    """The numbers of all whole records below `root`, by run; one that was stopped by hand is no other seed."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for path in sorted((root / "runs/records").glob("*/run.json")):
        if path.parent.name.endswith(".stopped"):
            continue
        try:
            record = read_record(path.parent)
        except RecordError:
            continue  # the list says so
        for name, value in _numbers(record).items():
            found.setdefault((record.name, record.size, name), []).append(value)
    return [Shown(run, size, name, Figure(tuple(values))) for (run, size, name), values in found.items()]


def _numbers(record: Record) -> dict[str, float]:
    trains = str(record.info["recipe"].get("trains", ""))
    if trains == "apprentice":
        return {column: record.measure(column, "last").value for column in LAST if column in record.columns}
    return {name: record.facts[name] for name in FACTS.get(trains, ()) if name in record.facts}


def shown_table(numbers: list[Shown]) -> Table:
    """The numbers for a terminal."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("run", "size", "figure", "mean", "low", "high"):
        table.add_column(head, justify="right" if head in ("mean", "low", "high") else "left", no_wrap=head != "run")
    before = None
    for one in numbers:
        values = one.figure.values
        several = (f"{min(values):.2f}", f"{max(values):.2f}") if len(values) > 1 else ("", "")
        names = ("", "") if (one.run, one.size) == before else (one.run, one.size)
        table.add_row(*names, one.name, str(one.figure), *several)
        before = one.run, one.size
    return table
