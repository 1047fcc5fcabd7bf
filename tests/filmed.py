"""The shots of both films as work for the tests, in both aspects and from two records; and what is drawn of them."""

from __future__ import annotations

import atexit
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from conftest import ROOT
from made_records import made_record

from rushes.cache import Cache
from rushes.check import Checked, check
from rushes.clip import ClipJob, clip_job
from rushes.record import Records
from rushes.scene_file import find_scene, read_scene_file
from rushes.script import read_script
from rushes.stills import AFTER
from rushes.studio import _Grabber, _scene, _settings, look, shoot
from rushes.timeline import PlacedShot, estimate, lay_out

FPS = 30
FILMS = ("the-minus-sign", "told-what-we-want-to-hear")
SIZES = {"wide": (480, 270), "tall": (270, 480)}
QUALITY = 40  # of a WebP: letters can be read, and a still has about 5 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed:
    """A shot in one aspect, from the record that its script names or from another one."""

    film: str
    aspect: str
    other: bool
    shot: PlacedShot
    job: ClipJob

    @property
    def scene(self) -> str:
        return str(self.shot.scene)

    @property
    def name(self) -> str:
        """Of its golden."""
        return self.scene + (".tall" if self.aspect == "tall" else "") + (".other" if self.other else "")

    @property
    def moments(self) -> list[int]:
        """The frames a moment after each cue, as in a storyboard; the last one of a shot without cues."""
        last = self.shot.frames - 1
        return [min(frame + round(AFTER * FPS), last) for frame in sorted(self.shot.cues.values())] or [last]


@cache
def checked(film: str) -> Checked:
    return check(read_script(ROOT / f"scripts/{film}.md"), [ROOT], fps=FPS, size=SIZES["wide"])


@cache
def filmed(film: str) -> tuple[Filmed, ...]:
    """Every shot of a film; one whose runs were recorded with no other seed is there once an aspect."""
    return tuple(_filmed(film))


def _filmed(film: str) -> Iterator[Filmed]:
    told = checked(film)
    takes = [estimate(text) for text in told.texts]
    records = Records((made(), ROOT))
    for aspect, size in SIZES.items():
        for shot in lay_out(told.script, told.texts, takes, fps=FPS, size=size).shots:
            scene = find_scene(shot.scene or "", [ROOT])
            assert scene is not None, f"{shot.id} has a scene: no placeholder in a final film"
            others = other_runs(scene, shot)
            for other, args in ((False, {}), (True, others)):
                if args or not other:
                    given = replace(shot, args={**shot.args, **args})
                    job = clip_job(given, scene, fps=FPS, size=size, records=records, cache=Cache(Path("unused")))
                    yield Filmed(film=film, aspect=aspect, other=other, shot=given, job=job)


def other_runs(scene: Path, shot: PlacedShot) -> dict[str, str]:
    """The arguments of a shot that name runs, with those that there is another record of: of the seed 1, or made."""
    named = {argument: shot.args.get(argument, run) for argument, run in read_scene_file(scene).runs.items()}
    found = {
        argument: f"{run}.seed1" for argument, run in named.items() if (ROOT / f"runs/records/{run}.seed1").is_dir()
    }
    return found | {argument: "base.turned" for argument, run in named.items() if run == "base"}


@cache
def made() -> Path:
    """Where the base model's other record is: nobody recorded another one, so its prompts change places."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    made_record(Path(folder.name), "base", "turned", turned=3)
    return Path(folder.name)


# ---------------------------------------------------------------- what is drawn
@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    problems: tuple[str, ...]
    """What the lint says, if it was asked, or how the scene failed."""
    sheet: bytes
    """The moments side by side, WebP."""
    moves: bool
    """Whether they differ."""


def draw(work: Sequence[tuple[str, ClipJob, Sequence[int]]], linted: bool) -> dict[str, Drawn]:
    """Draw jobs by name, one after another, as glyphs that were traced for one serve the next."""
    return {name: _drawn(job, frames, linted) for name, job, frames in work}


def _drawn(job: ClipJob, frames: Sequence[int], linted: bool) -> Drawn:
    try:
        problems, pictures = look(job, [0, *frames]) if linted else ([], shoot(job, [0, *frames]))
    except Exception as error:
        return Drawn(problems=(f"{type(error).__name__}: {error}",), sheet=b"", moves=False)
    assert all(picture.shape[1::-1] == job.size for picture in pictures)
    return Drawn(
        problems=tuple(map(str, problems)), sheet=sheet([picture[..., 2::-1] for picture in pictures[1:]]),
        moves=any(not np.array_equal(pictures[0], picture) for picture in pictures[1:]),
    )  # fmt: skip


def sheet(pictures: Sequence[np.ndarray]) -> bytes:
    """Pictures (BGR) side by side."""
    return cv2.imencode(".webp", np.hstack(pictures), [cv2.IMWRITE_WEBP_QUALITY, QUALITY])[1].tobytes()


def glance(work: Sequence[tuple[str, ClipJob]]) -> dict[str, tuple[str, ...]]:
    """By name, what is wrong with jobs at their cues: how text stands there, and no more, which is quick."""
    return {name: _glanced(job) for name, job in work}


def _glanced(job: ClipJob) -> tuple[str, ...]:
    found = {}
    with _settings(job):
        try:
            scene = _scene(job, _Grabber(job))
            scene.setup()
            scene.construct()
            for frame in (*job.cues.values(), job.frames):
                for problem in scene.problems(min(frame + round(AFTER * FPS), job.frames - 1) / job.fps):
                    found.setdefault(problem.message, str(problem))
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            return (f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})",)
    return tuple(found.values())
