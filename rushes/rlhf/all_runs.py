"""Every run of a project, recorded one after the other: `rushes record --all`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rushes.recipe import BaseSettings, load, names, sizes
from rushes.record import RecordError, Records
from rushes.rlhf.recorder import record

__all__ = ["in_order", "is_fresh", "record_all"]

UNKNOWN = 180.0
"""Seconds that a run is thought to take of which there is no record."""


def in_order(size: str, runs_dir: Path) -> list[str]:
    """The runs that have this size, base models before the runs that begin with their weights.

    Raises:
        ScriptError: a recipe cannot be meant; nothing has been trained yet.
    """
    here = [name for name in names(runs_dir) if size in sizes(name, runs_dir)]
    return sorted(here, key=lambda name: not isinstance(load(name, size, runs_dir).settings, BaseSettings))


def is_fresh(name: str, size: str, root: Path) -> bool:
    """Is there a record, whole, of the recipe as it is?"""
    try:
        Records((root,), size).get(name)
    except RecordError:
        return False
    return True


def record_all(size: str, root: Path, event: Callable[..., None]) -> list[str]:
    """Record every run that has no fresh record; one that was broken off goes on where it stopped.

    Args:
        size: "tiny" or "gpu".
        root: the project's folder.
        event: told what happens: `progress` of the stage named like the run and of the stage `all` (in seconds that
            the runs took last time), `fresh` and `recorded`.

    Returns:
        The names of the runs that were recorded.
    """
    order = in_order(size, root / "runs")
    needed = {name: _expected(name, size, root) for name in order if not is_fresh(name, size, root)}
    finished: list[str] = []
    for name in order:
        # Asked again: a base model that was recorded anew makes its runs out of date.
        if is_fresh(name, size, root):
            needed.pop(name, None)
            event("fresh", name=name)
            continue
        share = needed.setdefault(name, _expected(name, size, root))
        before, total = sum(needed[done] for done in finished), sum(needed.values())
        event("progress", stage="all", done=before, total=total, text=f"run {len(finished) + 1} of {len(needed)}")

        def told(
            done: int, of: int, text: str, name: str = name, before: float = before, share: float = share,
            total: float = total,
        ) -> None:  # fmt: skip
            event("progress", stage=name, done=done, total=of, text=text)
            event("progress", stage="all", done=before + share * done / max(of, 1), total=total, text="")

        folder = record(name, size=size, root=root, on_progress=told)
        finished.append(name)
        event("recorded", folder=str(folder), seconds=_seconds(folder))
    return finished


def _expected(name: str, size: str, root: Path) -> float:
    folder = root / "runs" / "records" / (name if size == "tiny" else f"{name}.{size}")
    return _seconds(folder) or UNKNOWN


def _seconds(folder: Path) -> float:
    try:
        told: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        return float(told["seconds"])
    except (OSError, ValueError, KeyError):
        return 0.0
