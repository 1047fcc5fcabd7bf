"""The shots of both films as work for the tests, in both aspects and from two records; and what is drawn of them."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np
import texts
from conftest import ROOT

from rushes.cache import Cache
from rushes.check import Checked, check
from rushes.clip import ClipJob, clip_job
from rushes.placing import estimate, lay_out
from rushes.read_script import read_script
from rushes.records import Records
from rushes.scene_file import find_scene, read_scene_file
from rushes.stills import AFTER
from rushes.studio import _Grabber, _lint, _posed, _scene, _seconds, _settings, _twin
from rushes.timeline import PlacedShot

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
    def moments(self) -> dict[str, int]:
        """By cue the frame a moment after it, as in a storyboard; the last one of a shot without cues."""
        last = self.shot.frames - 1
        cues = sorted(self.shot.cues.items(), key=lambda cue: cue[1])
        return {name: min(frame + round(AFTER * FPS), last) for name, frame in cues} or {"the end": last}


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
    records = Records((ROOT,))
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
    """The arguments of a shot that name runs, with another record where there is one: of another seed or seeds."""
    named = {argument: shot.args.get(argument, run) for argument, run in read_scene_file(scene).runs.items()}
    return {
        argument: other
        for argument, run in named.items()
        for other in (f"{run}.seed1", re.sub(r"^\w+", r"\g<0>_again", run))
        if (ROOT / f"runs/records/{other}").is_dir()
    }


# ---------------------------------------------------------------- what is drawn
@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    problems: tuple[str, ...]
    """What the lint says, if it was asked, or how the scene failed."""
    sheet: bytes
    """The moments side by side, WebP."""
    texts: str
    """What is written in them."""
    moves: bool
    """Whether they differ."""


def draw(work: Sequence[tuple[str, ClipJob, Mapping[str, int]]], linted: bool) -> dict[str, Drawn]:
    """Draw jobs by name, one after another, as glyphs that were traced for one serve the next."""
    return {name: _drawn(job, moments, linted) for name, job, moments in work}


def _drawn(job: ClipJob, moments: Mapping[str, int], linted: bool) -> Drawn:
    with _settings(job):
        try:
            scene = _scene(job, _Grabber(job))
            scene.setup()
            lint = _lint(scene, job) if linted else None
            scene.construct()
            assert scene.on_clock, "a film's scenes are written on the shot's clock"
            problems = lint.problems(_seconds(job), partial(_twin, job)) if lint else []
            first, *pictures = _posed(scene, job, [0, *moments.values()], None)
            written = [texts.seen(scene.lines_at(frame / job.fps)) for frame in moments.values()]
        except Exception as error:
            return Drawn(problems=(f"{type(error).__name__}: {error}",), sheet=b"", texts="", moves=False)
    assert first.shape[1::-1] == job.size
    return Drawn(
        problems=tuple(map(str, problems)), sheet=sheet([picture[..., 2::-1] for picture in pictures]),
        texts=texts.lines(list(moments), written),
        moves=any(not np.array_equal(first, picture) for picture in pictures),
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
