"""Why: which input of a shot changed since the film was last made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.clip import ClipJob, find_clip, home, read_clip
from rushes.opened import still_there
from rushes.reads import still_so

__all__ = ["Why", "why"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Whether a shot would be drawn again, and why."""

    shot: str
    scene: str
    again: bool
    reasons: tuple[str, ...]


def why(jobs: Sequence[ClipJob], film: Path) -> Iterator[Why]:
    """What would be drawn again now.

    Args:
        jobs: the work of every shot, as the script and everything around it is now.
        film: the folder of the film that was made last.
    """
    last = _last(film)
    for job in jobs:
        found = find_clip(job)
        clip = last.get(job.shot)
        if found and (clip is None or found.path.name == clip):
            reasons: tuple[str, ...] = ()
        elif clip is None:
            reasons = ("no shot of this name was in the last film: its words are new, or another section's",)
        else:
            reasons = tuple(_changes(job, job.target.parent / clip))
        if found and reasons:
            reasons = (*reasons, "it was drawn like this before, and that clip is still there")
        yield Why(shot=job.shot, scene=job.scene.stem, again=found is None, reasons=reasons)


def _last(film: Path) -> Mapping[str, str]:
    try:
        clips: Mapping[str, str] = json.loads((film / "film.json").read_text(encoding="utf-8"))["clips"]
    except (OSError, ValueError, KeyError):
        return {}
    return clips


def _changes(job: ClipJob, path: Path) -> Iterator[str]:
    clip = read_clip(path)
    if clip is None:
        yield "its last clip is no longer there"
        return
    for name in sorted({*clip.inputs, *job.inputs}):
        before, now = clip.inputs.get(name), job.inputs.get(name)
        if before == now:
            continue
        if before is None:
            yield f"{name} is new"
        elif now is None:
            yield f"{name} is gone"
        elif name.startswith(("file", "font", "card")):
            yield f"{name} changed"
        else:
            yield f"{name} was {before} and is {now}"
    for name, state in clip.files.items():
        if not still_there({name: state}, home(job)):
            yield f"file {name}, which the scene opens, changed"
    for read in clip.reads:
        if not still_so([read], job.records):
            yield f"the record of {read.run} answers differently: {read.what}" + (
                f" at step {read.steps}" if read.steps else ""
            )
