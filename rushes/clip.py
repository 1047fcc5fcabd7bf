"""Clip: a shot's silent H.264, named by everything its picture depends on; to find it again draws nothing.

`rushes.studio` makes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rushes.cache import Cache, digest, used
from rushes.inputs import inputs
from rushes.opened import still_there
from rushes.reads import Read, still_so
from rushes.records import Records
from rushes.scene_file import read_scene_file
from rushes.storyboard import Card
from rushes.timeline import PlacedShot
from rushes.transition import Fade

__all__ = ["PLACEHOLDER", "Clip", "ClipJob", "clip_job", "find_clip", "home", "read_clip", "records_state"]

PLACEHOLDER = "shows a placeholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipJob:
    """All that a worker needs; plain data, so that it can travel."""

    shot: str
    scene: Path
    class_name: str
    args: Mapping[str, str]
    card: Card | None
    """What is drawn instead of a scene, or an insert beside one."""
    insert_at: int
    """Frame at which an insert begins to play."""
    cues: Mapping[str, int]
    frames: int
    fps: int
    size: tuple[int, int]
    records: Records
    inputs: Mapping[str, str]
    """What the picture depends on, but for the records: a name -> a digest."""
    state: str
    """Digest of the records that its scene may read."""
    target: Path
    fade: Fade = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A rendered shot."""

    path: Path
    frames: int
    late: tuple[tuple[str, float], ...]
    """Cues the scene came late to, with seconds."""
    layout: tuple[str, ...]
    """What is wrong with its frames."""
    reads: tuple[Read, ...]
    """What it took from the records."""
    files: Mapping[str, str]
    """Files that its scene opened: a path, below the scene's repository if it is there, -> a digest."""
    seconds: float
    """How long it took to render."""
    inputs: Mapping[str, str]
    """What else it depends on, as in its job."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with its frames that a change of its scene mends."""
        return tuple(problem for problem in self.layout if not problem.startswith(PLACEHOLDER))


def clip_job(
    shot: PlacedShot, scene: Path, *, fps: int, size: tuple[int, int], records: Records, cache: Cache
) -> ClipJob:
    """The work of one shot. Its file is named by everything the picture depends on."""
    about = read_scene_file(scene)
    args = {**{key: str(value) for key, value in {**about.runs, **about.settings}.items()}, **shot.args}
    depends = inputs(
        scene=scene, args=args, card=shot.card, insert_at=shot.insert_at, cues=shot.cues, frames=shot.frames, fps=fps,
        size=size, fade=shot.fade,
    )  # fmt: skip
    state = records_state(scene, args, records)
    return ClipJob(
        shot=shot.id, scene=scene, class_name=about.class_name, args=args, card=shot.card,
        insert_at=shot.insert_at, cues=shot.cues, frames=shot.frames, fps=fps, size=size, records=records,
        inputs=depends, state=state, target=cache.root / "clip" / f"{digest(depends)}-{state}.mp4",
        fade=shot.fade,
    )  # fmt: skip


def records_state(scene: Path, args: Mapping[str, str], records: Records) -> str:
    """Of all that the records hold which a scene may read, also what a film does not usually show."""
    return digest({key: dict(records.get(args[key]).info) for key in read_scene_file(scene).runs})


def find_clip(job: ClipJob) -> Clip | None:
    """A clip made earlier that shows what this job would; None if there is none.

    One that was made from records which have changed will do, if they would still answer what its scene asked.
    """
    if (clip := read_clip(job.target)) and still_there(clip.files, home(job)):
        used(clip.path)
        return clip
    base = job.target.name.partition("-")[0]
    older = sorted(job.target.parent.glob(f"{base}-*.mp4"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in older:
        if (clip := read_clip(path)) and still_there(clip.files, home(job)) and still_so(clip.reads, job.records):
            used(path)
            return clip
    return None


def home(job: ClipJob) -> Path:
    """The repository of a shot's scene."""
    return Path(os.path.abspath(job.scene)).parent.parent


def read_clip(path: Path) -> Clip | None:
    """A clip made earlier; None if it is not there."""
    about = path.with_suffix(".json")
    if not (path.is_file() and about.is_file()):
        return None
    told = json.loads(about.read_text(encoding="utf-8"))
    return Clip(
        path=path,
        frames=told["frames"],
        late=tuple((name, seconds) for name, seconds in told["late"]),
        layout=tuple(told["layout"]),
        reads=tuple(Read(**read) for read in told["reads"]),
        files=told.get("files", {}),
        seconds=told["seconds"],
        inputs=told["inputs"],
    )
