"""Commands about recorded runs: `record`, `runs`, `runs compare`."""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rushes.console import Console
from rushes.errors import RushesError, many_of

__all__ = ["do_compare", "do_record", "do_runs"]


def do_record(options: argparse.Namespace, console: Console) -> int:
    """Train and record a run, or every run that has no fresh record."""
    from rushes.house import House
    from rushes.rlhf.recorder import record

    if options.all == bool(options.name) or (options.all and (options.seed is not None or options.stop_when)):
        raise RushesError("say which run: rushes record NAME, or every one as its recipe has it: rushes record --all")
    if options.all:
        return _record_all(options, console)

    def on_progress(done: int, total: int, text: str) -> None:
        console.event("progress", stage=options.name, done=done, total=total, text=text)

    began = time.monotonic()
    folder = record(
        options.name, size=options.size, seed=options.seed, stop_when=options.stop_when, root=House().root,
        jobs=options.jobs, on_progress=on_progress,
    )  # fmt: skip
    if os.environ.get("RANK", "0") != "0":
        return 0  # of several processes under `accelerate launch`, the first one speaks
    seconds = time.monotonic() - began
    console.event("recorded", folder=str(folder), seconds=round(seconds, 1))
    console.say(f"recorded {House().shown(folder)} in {seconds:.0f} s")
    return 0


def _record_all(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.rlhf.all_runs import record_all

    def event(event: str, **told: Any) -> None:
        console.event(event, **told)
        if event == "recorded":
            console.say(f"recorded {House().shown(Path(told['folder']))} in {told['seconds']:.0f} s")
        elif event == "fresh":
            console.say(f"{told['name']}: its record is fresh")

    began = time.monotonic()
    recorded = record_all(options.size, House().root, event, options.jobs)
    console.event("recorded_all", runs=recorded, seconds=round(time.monotonic() - began, 1))
    console.say(f"recorded {many_of(len(recorded), 'run')} in {(time.monotonic() - began) / 60:.0f} min")
    return 0


def do_runs(options: argparse.Namespace, console: Console) -> int:
    """List what has been recorded."""
    from rushes.house import House
    from rushes.runs import listing, table
    from rushes.shows import shown, shown_table

    now, root = datetime.now(UTC), House().root
    listed, numbers = listing(root), shown(root)
    for one in listed:
        console.event("run", **one.told(now))
    for number in numbers:
        console.event("figure", **number.told)
    console.table(table(listed, now))
    if numbers:
        console.table(shown_table(numbers))
    for one in listed:
        if one.state != "fresh":
            console.say(f"{one.name} is {one.state}: {one.why}")
    return 0


def do_compare(options: argparse.Namespace, console: Console) -> int:
    """Show two records side by side, and plot them."""
    from rushes.house import House
    from rushes.runs import compare, comparison, comparison_table, plot

    house = House()
    a, b = compare(house.root, (options.a, options.b))
    for column, (of_a, of_b) in comparison(a, b).items():
        console.event("compared", column=column, **{options.a: of_a, options.b: of_b})
    console.table(comparison_table(a, b))
    picture = plot(a, b, house.out / "runs" / f"{options.a}-{options.b}.png")
    console.event("plotted", path=str(picture))
    console.say(str(house.shown(picture)))
    return 0
