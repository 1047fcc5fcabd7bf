"""Shooting: the clips of all shots of a film, found or rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rushes.clip import Clip, ClipJob, find_clip
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.own_process import beside
from rushes.timeline import Timeline
from rushes.workers import render

__all__ = ["clips_of"]


def clips_of(
    timeline: Timeline,
    jobs: Sequence[ClipJob],
    house: House,
    console: Console,
    besides: Callable[[], Callable[[], object]],
    ready: Callable[[], object],
) -> tuple[list[Clip], int]:
    """The clips of all shots, and how many of them were rendered now.

    While others draw, what `besides` gives is done in a process of its own, and `ready` in a thread.
    """
    names = {shot.id: shot.scene or "card" for shot in timeline.shots}
    found: dict[Path, Clip] = {}
    todo: dict[Path, ClipJob] = {}
    for job in jobs:
        if job.target not in found and (clip := find_clip(job)):
            found[job.target] = clip
        if job.target in found:
            console.event("shot", id=job.shot, scene=names[job.shot], state="cached", seconds=0.0)
        else:
            todo.setdefault(job.target, job)
    total, done, failures = sum(job.frames for job in todo.values()), 0, []
    with ExitStack() as stack:

        def begun() -> None:
            if call:
                stack.enter_context(_meanwhile(call, ready))

        call = besides() if todo and house.jobs != 1 else None
        for job, outcome in render(list(todo.values()), house.jobs, house.cluster, begun):
            if isinstance(outcome, str):
                failures.append(f"{house.shown(job.scene)}: the shot '{job.shot}' failed\n{outcome}")
                console.event("shot", id=job.shot, scene=names[job.shot], state="failed", seconds=0.0)
                continue
            found[job.target] = find_clip(job) or outcome  # as the next run will find it: what it opened is read here
            done += job.frames
            console.event(
                "shot", id=job.shot, scene=names[job.shot], state="done", seconds=outcome.seconds,
                note=f"{job.frames / max(outcome.seconds, 0.001):.0f} frames/s",
            )  # fmt: skip
            console.event("progress", stage="shooting", done=done, total=total, text=f"{done} of {total} frames")
    if failures:
        raise RushesError("\n\n".join(failures))
    return [found[job.target] for job in jobs], len(todo)


@contextmanager
def _meanwhile(call: Callable[[], object], ready: Callable[[], object]) -> Iterator[None]:
    """If `ready` fails, whoever wants what it makes is told when he makes it, as with `beside`."""
    with beside(call), ThreadPoolExecutor(1) as thread:
        thread.submit(ready)
        yield
