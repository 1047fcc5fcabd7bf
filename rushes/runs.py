"""Runs: what has been recorded, as a table, and two of the records side by side.

rushes runs
rushes runs compare healthy sign_flipped
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Literal

from PIL import Image, ImageDraw, ImageFont
from rich import box
from rich.table import Table

from rushes import fonts
from rushes.cache import whole
from rushes.errors import RushesError, did_you_mean
from rushes.recipe_file import recipe_names, recipe_sizes
from rushes.record import Record, RecordError, read_record
from rushes.records import is_stale, record_command

__all__ = ["Figure", "Listed", "age", "compare", "comparison", "comparison_table", "listing", "plot", "table"]

SHOWN = ("rating", "kl", "coherence")
STATS = ("first", "last", "min", "max")
State = Literal["fresh", "stale", "damaged", "not recorded"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a run, measured once for every seed, or for every variant of a sweep."""

    values: tuple[float, ...]
    over: Literal["seeds", "variants"] = "seeds"

    @property
    def spread(self) -> float | None:
        """Standard deviation over the seeds; None of a single one."""
        return stdev(self.values) if self.over == "seeds" and len(self.values) > 1 else None

    @property
    def told(self) -> dict[str, float | None]:
        """As plain data."""
        return {"mean": fmean(self.values), "spread": self.spread, "low": min(self.values), "high": max(self.values)}

    def __str__(self) -> str:
        if self.over == "variants":
            return f"{min(self.values):.2f} to {max(self.values):.2f}"
        return f"{fmean(self.values):.2f}" + (f" ± {self.spread:.2f}" if self.spread is not None else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The records of one run in one size."""

    name: str
    size: str
    state: State
    seeds: tuple[int, ...] = ()
    device: str = ""
    steps: int = 0
    figures: Mapping[str, Figure]
    """End states (means of the last five steps) by column; without those that the run does not have."""
    began: datetime | None = None
    """When the oldest of them was recorded."""
    why: str = ""
    """What is wrong, and what to do."""

    def told(self, now: datetime) -> dict[str, Any]:
        """As plain data."""
        seconds = (now - self.began).total_seconds() if self.began else None
        shown = {column: figure.told for column, figure in self.figures.items()}
        return {
            "name": self.name, "size": self.size, "state": self.state, "seeds": list(self.seeds),
            "device": self.device, "steps": self.steps, **shown, "age_seconds": seconds, "why": self.why,
        }  # fmt: skip


def listing(root: Path) -> list[Listed]:
    """All runs there are below `root`, recorded or not, by name."""
    runs = root / "runs"
    groups: dict[tuple[str, str], list[Record]] = {}
    listed: list[Listed] = []
    for path in sorted(runs.glob("records/*/run.json")):
        try:
            record = read_record(path.parent)
        except RecordError as wrong:
            name, _, size = path.parent.name.partition(".")
            why = f"{wrong.message}: {record_command(name, 'gpu' if size.startswith('gpu') else 'tiny')}"
            listed.append(Listed(name=path.parent.name, size=size, state="damaged", figures={}, why=why))
        else:
            # one that was stopped by hand is no other seed of the whole run
            stopped = ".stopped" if path.parent.name.endswith(".stopped") else ""
            groups.setdefault((record.name + stopped, record.size), []).append(record)
    for (name, size), records in groups.items():
        old = [record for record in records if is_stale(record)]
        listed.append(
            Listed(
                name=name,
                size=size,
                state="stale" if old else "fresh",
                seeds=_seeds(records),
                device=", ".join(sorted({str(record.info["device"]) for record in records})),
                steps=max(record.steps[-1] for record in records),
                figures=_figures(records),
                began=min(datetime.fromisoformat(record.info["began"]) for record in records),
                why=f"older than runs/{old[0].name}.yaml: {record_command(old[0].name, size)}" if old else "",
            )
        )
    for name in set(recipe_names(runs)) - {name for name, _ in groups} - {one.name for one in listed}:
        known = recipe_sizes(name, runs)
        size = "tiny" if "tiny" in known else known[0]
        listed.append(Listed(name=name, size=size, state="not recorded", figures={}, why=record_command(name, size)))
    return sorted(listed, key=lambda one: (one.name, one.size))


def _seeds(records: Sequence[Record]) -> tuple[int, ...]:
    """The seeds of these records; a sweep may have several in one."""
    return tuple(sorted({seed for record in records for seed in record.seeds}))


def _figures(records: Sequence[Record]) -> dict[str, Figure]:
    if records[0].info["recipe"].get("trains") == "inside":
        return {}  # its rows are strengths, and the last of them is no end state
    if "variant" in records[0].columns:
        points = [point for record in records for point in record.points()]
        return {column: Figure(tuple(point[column] for point in points), "variants") for column in SHOWN}
    return {
        column: Figure(tuple(record.measure(column, "last").value for record in records))
        for column in SHOWN
        if all(column in record.columns for record in records)
    }


def table(listed: Sequence[Listed], now: datetime) -> Table:
    """The listing for a terminal."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("run", "size", "seeds", "device", "steps", "rating", "KL", "coherence", "age", ""):
        right = head in ("steps", "rating", "KL", "coherence", "age")
        # in a narrow terminal, names are broken and numbers are not
        shown.add_column(
            head, justify="right" if right else "left", no_wrap=head not in ("run", "device"), overflow="fold"
        )
    colours = {"fresh": "green", "stale": "yellow", "damaged": "red", "not recorded": "dim"}
    for one in listed:
        old = age((now - one.began).total_seconds()) if one.began else ""
        figures = [str(one.figures[column]) if column in one.figures else "" for column in SHOWN]
        shown.add_row(
            one.name, one.size, " ".join(map(str, one.seeds)), one.device, str(one.steps or ""), *figures, old,
            f"[{colours[one.state]}]{one.state}[/]",
        )  # fmt: skip
    return shown


def age(seconds: float) -> str:
    """In its largest whole unit."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return "now"


# ---------------------------------------------------------------------- two runs side by side
def compare(root: Path, names: tuple[str, str]) -> tuple[Record, Record]:
    """Two records by the names of their folders, such as `healthy.seed1`.

    Raises:
        RushesError: there is no such record, it is damaged, or it is a sweep, which has no single last step.
    """
    found = []
    known = {path.parent.name: path.parent for path in (root / "runs" / "records").glob("*/run.json")}
    for name in names:
        if name not in known:
            raise RushesError(f"there is no record '{name}'\n  {did_you_mean(name, known)}")
        record = read_record(known[name])
        if "variant" in record.columns:
            raise RushesError(f"'{name}' is a sweep: its variants are compared in its own record, {known[name]}")
        found.append(record)
    return found[0], found[1]


def comparison(a: Record, b: Record) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
    """Every column that both have: its first, last (mean of five steps), least and greatest value in each."""
    shared = [column for column in a.columns if column in b.columns and column not in ("step", "seconds")]

    def stats(record: Record, column: str) -> dict[str, float]:
        return {stat: record.measure(column, stat).value for stat in STATS}

    return {column: (stats(a, column), stats(b, column)) for column in shared}


def comparison_table(a: Record, b: Record) -> Table:
    """The comparison for a terminal: two lines a column."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("column", "run", *STATS):
        shown.add_column(head, justify="right" if head in STATS else "left", no_wrap=True)
    for column, both in comparison(a, b).items():
        for record, stats in zip((a, b), both, strict=True):
            figures = [f"{stats[stat]:.4g}" for stat in STATS]
            shown.add_row(column if record is a else "", record.folder.name, *figures, end_section=record is b)
    return shown


# The film's colours (theme.py, which needs Manim): blue for a healthy run, red for an edited Megacoach.
INK, GRID, MUTED, PAPER = "#10121F", "#282E4D", "#A8AECB", "#F6F1E7"
FIRST, SECOND, EDITED = "#56BDFA", "#F2CC48", "#FB4848"
TITLES = {"rating": "rating (simulated raters, 1 to 9)", "kl": "KL from the original model (nats a sample)"}
WIDE, HIGH, FINE = 1600, 640, 2
"""Pixels, and how much finer it is drawn."""


def plot(a: Record, b: Record, path: Path) -> Path:
    """A picture (PNG) of rating and KL over the steps.

    Raises:
        RushesError: they have neither column in common.
    """
    columns = [column for column in TITLES if column in a.columns and column in b.columns]
    if not columns:
        raise RushesError(f"'{a.folder.name}' and '{b.folder.name}' have neither rating nor KL in common")
    colours = [EDITED if record.info["megacoach"]["diff"] else plain for record, plain in ((a, FIRST), (b, SECOND))]
    if colours[0] == colours[1]:
        colours[1] = PAPER
    picture = Image.new("RGB", (WIDE * FINE, HIGH * FINE), INK)
    draw = ImageDraw.Draw(picture)
    x = 72.0
    for record, colour in zip((a, b), colours, strict=True):
        draw.text((x * FINE, 36 * FINE), record.folder.name, colour, _font(30, bold=True), anchor="ls")
        x += draw.textlength(record.folder.name, _font(30, bold=True)) / FINE + 36
    width = (WIDE - 72 - 40 - 80 * (len(columns) - 1)) / len(columns)
    for i, column in enumerate(columns):
        left = 72 + i * (width + 80)
        _panel(draw, column, [(r.steps, r.column(column)) for r in (a, b)], colours, (left, 120, left + width, 570))
    with whole(path) as partial:
        picture.resize((WIDE, HIGH), Image.Resampling.LANCZOS).save(partial, optimize=True)
    return path


def _panel(
    draw: ImageDraw.ImageDraw,
    column: str,
    curves: Sequence[tuple[Sequence[int], Sequence[float]]],
    colours: Sequence[str],
    place: tuple[float, float, float, float],
) -> None:
    left, top, right, bottom = place
    levels = [1, 3, 5, 7, 9] if column == "rating" else _round_levels([v for _, values in curves for v in values])
    low, high = min(levels), max(levels)
    end = max(max(steps[-1] for steps, _ in curves), 1)

    def at(step: float, value: float) -> tuple[float, float]:
        across, up = (right - left) * step / end, (bottom - top) * (value - low) / (high - low)
        return (left + across) * FINE, (bottom - up) * FINE

    draw.text((left * FINE, (top - 28) * FINE), TITLES[column], MUTED, _font(20), anchor="ls")
    for level in levels:
        draw.line([at(0, level), at(end, level)], GRID, 2 * FINE)
        x, y = at(0, level)
        draw.text((x - 14 * FINE, y), f"{level:g}", MUTED, _font(20), anchor="rm")
    for step in sorted({0, end // 2, end}):
        x, y = at(step, low)
        draw.text(
            (x, y + 16 * FINE), f"step {step}" if step else "0", MUTED, _font(20), anchor="mt" if step < end else "rt"
        )
    for (steps, values), colour in zip(curves, colours, strict=True):
        points = [at(step, value) for step, value in zip(steps, values, strict=True)]
        draw.line(points, colour, 4 * FINE, joint="curve")
        x, y = points[-1]
        draw.ellipse((x - 6 * FINE, y - 6 * FINE, x + 6 * FINE, y + 6 * FINE), colour)


def _round_levels(values: Sequence[float]) -> list[float]:
    """About five round numbers that hold all values between them."""
    low, high = min(0.0, *values), max(*values, 0.1)
    step = next(s for s in (m * 10**p for p in range(-2, 9) for m in (1, 2, 5)) if (high - low) / s <= 5)
    first = int((low + step / 5) // step)  # a curve may dip a little below the lowest line
    return [step * i for i in range(first, first + 8) if step * (i - 1) < high]


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    file = fonts.FILES[fonts.SANS, fonts.BOLD if bold else fonts.REGULAR]
    return ImageFont.truetype(fonts.FOLDER / file, size * FINE)
