"""Every run of a project, recorded beside one another: `rushes record --all`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from rushes.errors import RushesError, many_of
from rushes.recipe import load
from rushes.recipe_file import recipe_names, recipe_sizes
from rushes.record import RecordError
from rushes.records import Records
from rushes.rlhf.beside import at_a_time, beside
from rushes.rlhf.recorder import device_of, record
from rushes.rlhf.rows import Progress
from rushes.rlhf.settings import BaseSettings, SweepSettings

__all__ = ["in_order", "is_fresh", "record_all"]

UNKNOWN = 180.0
"""Seconds that a run is thought to take of which there is no record; a variant of a sweep a third of it."""


def in_order(size: str, runs_dir: Path) -> list[str]:
    """The runs that have this size, base models before the runs that begin with their weights.

    Raises:
        ScriptError: a recipe cannot be meant; nothing has been trained yet.
    """
    here = [name for name in recipe_names(runs_dir) if size in recipe_sizes(name, runs_dir)]
    return sorted(here, key=lambda name: not isinstance(load(name, size, runs_dir).settings, BaseSettings))


def is_fresh(name: str, size: str, root: Path) -> bool:
    """Is there a record, whole, of the recipe as it is?"""
    try:
        Records((root,), size).get(name)
    except RecordError:
        return False
    return True


def record_all(size: str, root: Path, event: Callable[..., None], jobs: int = 0) -> list[str]:
    """Record every run that has no fresh record; one that was broken off goes on where it stopped.

    Args:
        size: "tiny" or "gpu".
        root: the project's folder.
        event: told what happens: `progress` of the stage named like the run and of the stage `all` (in seconds that
            the runs took last time), `fresh` and `recorded`.
        jobs: how many at a time; 0 for one a core, or as many as fit on the GPU. What is recorded is the same.

    Returns:
        The names of the runs that were recorded.

    Raises:
        RushesError: runs that could not be recorded; all others are.
    """
    order = in_order(size, root / "runs")
    needed = {name: _expected(name, size, root) for name in order if not is_fresh(name, size, root)}
    finished: list[str] = []
    failed: list[str] = []
    far: dict[str, float] = {}

    def told(name: str, done: int, of: int, text: str) -> None:
        far[name] = done / max(of, 1)
        event("progress", stage=name, done=done, total=of, text=text)
        overall("")

    def overall(text: str) -> None:
        done = sum(share * far.get(name, 0.0) for name, share in needed.items())
        event("progress", stage="all", done=done, total=sum(needed.values()), text=text)

    def recorded(name: str, folder: Path) -> None:
        finished.append(name)
        far[name] = 1.0
        event("recorded", folder=str(folder), seconds=_seconds(folder))

    bases = [name for name in order if isinstance(load(name, size, root / "runs").settings, BaseSettings)]
    for name in bases:
        if name in needed:
            overall(f"run {len(finished) + 1} of {len(needed)}")
            recorded(name, record(name, size=size, root=root, on_progress=partial(told, name)))
        else:
            event("fresh", name=name)
    # Asked again: a base model that was recorded anew makes its runs out of date.
    others = [name for name in order if name not in bases]
    for name in others:
        if is_fresh(name, size, root):
            needed.pop(name, None)
            event("fresh", name=name)
        else:
            needed.setdefault(name, _expected(name, size, root))
    todo = sorted((name for name in others if name in needed), key=lambda name: -needed[name])
    if not todo:
        return finished
    at_once = min(jobs or at_a_time(device_of(size)), len(todo))
    overall(f"{many_of(len(todo), 'run')}, {at_once} at a time")
    calls = {name: partial(_recorded, name, size, root) for name in todo}
    made: Iterable[tuple[str, Callable[[], Path]]]
    if at_once == 1:
        made = ((name, partial(call, partial(told, name))) for name, call in calls.items())
    else:
        made = ((name, one.result) for name, one in beside(calls, at_once, told))
    for name, result in made:
        try:
            recorded(name, result())
        except RushesError as error:
            failed.append(str(error))  # the others go on: they may take hours
    if failed:
        raise RushesError("\n".join(failed))
    return finished


def _recorded(name: str, size: str, root: Path, say: Progress) -> Path:
    return record(name, size=size, root=root, jobs=1, on_progress=say)


def _expected(name: str, size: str, root: Path) -> float:
    folder = root / "runs" / "records" / (name if size == "tiny" else f"{name}.{size}")
    if known := _seconds(folder):
        return known
    settings = load(name, size, root / "runs").settings
    return UNKNOWN * (len(settings.variants) / 3 if isinstance(settings, SweepSettings) else 1)


def _seconds(folder: Path) -> float:
    try:
        told: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return float(told["seconds"])
    except (OSError, ValueError, KeyError):
        return 0.0
