"""Studio: a shot's scene is run, in a process of its own, and becomes silent H.264, stills, or what is wrong with it.

Manim runs the scene; its frames come here instead of to its own file writer, whose cache shows old
data after a record has changed.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from rushes.cache import digest, whole, write_whole
from rushes.clip import PLACEHOLDER, Clip, ClipJob, home, records_state
from rushes.encoder import Encoder, Pixels
from rushes.errors import RushesError
from rushes.imported import imported_files
from rushes.inputs import FONTS, changed_since_loaded, inputs
from rushes.insert import Fitted, InsertError, Inset
from rushes.opened import Opened, unheard
from rushes.reads import Read
from rushes.records import Records
from rushes.rectangles import Rectangle
from rushes.scene_file import CARD, PACKAGE
from rushes.storyboard import Insert
from rushes.transition import faded

if TYPE_CHECKING:
    from rushes.layout import Box, Problem
    from rushes.lint import Lint
    from rushes.scene import RunScene

__all__ = ["inspect", "load_scene", "look", "make_clip", "shoot"]


def make_clip(job: ClipJob) -> Clip:
    """Render a shot. Runs in a worker process, as Manim's settings are global.

    Raises:
        RushesError: something that it depends on changed meanwhile, so that nobody knows what the picture shows.
    """
    began = time.perf_counter()
    # the key has these already
    known = {
        *imported_files(job.scene),
        *FONTS.iterdir(),
        *[path for path in [getattr(job.card, "path", None)] if path],
    }
    opened = Opened(home(job), known)
    # another one of the same name was made from files that have changed, and would tell of them
    job.target.with_suffix(".json").unlink(missing_ok=True)
    late: tuple[tuple[str, float], ...] = ()
    reads: tuple[Read, ...] = ()
    with whole(job.target) as partial, _settings(job) as media, _inserted(job) as (film, inset, problem):
        writer = _Writer(partial, job, inset, filmed=film is not None)
        if film:
            for frame in range(job.frames):
                writer.write_frame(film.at(frame))
            layout = []
        else:
            with opened.listening(media):
                scene = _scene(job, writer)
                lint = _lint(scene, job, inset)
                scene.film = functools.partial(_film, scene, job, writer)
                scene.render()
            layout = [str(problem) for problem in lint.problems(_seconds(job), functools.partial(_twin, job))]
            late = tuple(scene.shot.late) if scene.shot else ()
            reads = scene.reads
        writer.close()
        _unchanged(job)
    clip = Clip(
        path=job.target,
        frames=job.frames,
        late=late,
        layout=(*layout, *([f"{PLACEHOLDER}: {problem}"] if problem else [])),
        reads=reads,
        files=opened.files,
        seconds=round(time.perf_counter() - began, 3),
        inputs=job.inputs,
    )
    told = asdict(clip) | {"path": clip.path.name, "converted": writer.encoder.converted}
    write_whole(job.target.with_suffix(".json"), json.dumps(told))
    return clip


def _film(scene: RunScene, job: ClipJob, writer: _Writer) -> None:
    """Every frame of a scene on the shot's clock."""
    for frame in range(job.frames):
        scene.pose(frame / job.fps)
        scene.renderer.update_frame(scene)
        writer.write_frame(scene.direct.pixels)


def _unchanged(job: ClipJob) -> None:
    """The clip's name says what it was made from; whoever edits a scene while it is drawn shall not make it lie."""
    if not job.inputs:
        return  # a clip that nobody will look for by what it was made from
    now = inputs(
        scene=job.scene, args=job.args, card=job.card, insert_at=job.insert_at, cues=job.cues, frames=job.frames,
        fps=job.fps, size=job.size, fade=job.fade,
    )  # fmt: skip
    changed = [name for name in sorted({*now, *job.inputs}) if now.get(name) != job.inputs.get(name)]
    if job.state != records_state(job.scene, job.args, Records(job.records.roots, job.records.size)):
        changed.append("a record")
    changed += [f"file {name}" for name in changed_since_loaded() if f"file {name}" in now]
    if changed:
        raise RushesError(f"{changed[0]} changed while the shot was drawn: the same command draws it again")


def _lint(scene: RunScene, job: ClipJob, inset: Inset | None = None) -> Lint:
    """What looks at a scene while it is drawn."""
    from rushes.lint import Lint

    under: Box | None = None
    if inset:
        left, top, right, bottom = (n * 1080 / min(job.size) for n in inset.box)
        under = left, top, right, bottom
    return Lint(scene, under)


def _twin(job: ClipJob, factor: float) -> tuple[RunScene, set[str]]:
    """The same scene, made from shaken records; and the texts that it read from them."""
    from rushes.shaken import Shaken

    records = Shaken(job.records, factor)
    scene = _scene(job := replace(job, records=records), _Grabber(job))
    scene.pictured = False
    scene.setup()
    scene.construct()
    return scene, records.words


def _seconds(job: ClipJob) -> list[float]:
    """When the words of a shot's cues begin."""
    return [frame / job.fps for frame in job.cues.values()]


def inspect(job: ClipJob) -> list[Problem]:
    """What is wrong with a shot's frames, without rendering it."""
    return look(job, ())[0]


def shoot(job: ClipJob, frames: Sequence[int]) -> list[Pixels]:
    """Single frames of a shot, RGBA (height, width, 4), without encoding.

    A scene on the shot's clock draws only these; one that plays is run to the last of them.
    """
    return _look(job, frames, linted=False)[1]


def look(job: ClipJob, frames: Sequence[int]) -> tuple[list[Problem], list[Pixels]]:
    """What is wrong with a shot's frames, and some of them, from a scene that is made once."""
    return _look(job, frames, linted=True)


def _look(job: ClipJob, frames: Sequence[int], *, linted: bool) -> tuple[list[Problem], list[Pixels]]:
    with _settings(job), _inserted(job) as (film, inset, _):
        if film:
            return [], [film.at(frame) for frame in frames]
        grabber = _Grabber(job, inset)
        scene = _scene(job, grabber)
        scene.setup()
        lint = _lint(scene, job, inset) if linted else None
        scene.construct()
        problems = lint.problems(_seconds(job), functools.partial(_twin, job)) if lint else []
        if not scene.on_clock:
            if frames:
                scene.tear_down()
            return problems, [grabber.frames[min(frame, len(grabber.frames) - 1)] for frame in frames]
        return problems, list(_posed(scene, job, frames, inset))


def _posed(scene: RunScene, job: ClipJob, frames: Sequence[int], inset: Inset | None) -> Iterator[Pixels]:
    for frame in frames:
        scene.pose(frame / job.fps)
        scene.direct.reset()  # a still is drawn whole, whatever was drawn before it
        scene.renderer.update_frame(scene)
        pixels = scene.direct.pixels.copy()
        yield inset.over(pixels, frame) if inset else pixels


@contextmanager
def _inserted(job: ClipJob) -> Iterator[tuple[Fitted | None, Inset | None, str]]:
    """A shot's insert: over the whole frame, or beside its scene, and why it cannot be shown."""
    if not isinstance(job.card, Insert):
        yield None, None, ""
        return
    film = inset = None
    problem = ""
    if job.scene != CARD:
        inset = Inset(job.card, job.size, job.fps, job.insert_at)
        problem = inset.problem
    elif job.card.path:
        try:
            film = Fitted(job.card, job.size, job.fps)
        except InsertError as error:
            problem = str(error)
    try:
        yield film, inset, problem
    finally:
        for shown in (film, inset):
            if shown:
                shown.close()


@contextmanager
def _settings(job: ClipJob) -> Iterator[Path]:
    """Manim's global settings for one shot; the folder for what it makes on the way."""
    from manim import tempconfig

    cv2.setNumThreads(1)
    width, height = job.size
    with tempfile.TemporaryDirectory() as media:
        settings = {
            "pixel_width": width,
            "pixel_height": height,
            "frame_height": 8.0 if width >= height else 8.0 * height / width,
            "frame_width": 8.0 * width / height if width >= height else 8.0,
            "frame_rate": job.fps,
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "media_dir": media,
            "background_color": "#10121F",
        }
        with tempconfig(settings):
            yield Path(os.path.abspath(media))


def _scene(job: ClipJob, writer: _Grabber | _Writer) -> RunScene:
    from rushes import shortcuts
    from rushes.renderer import Renderer
    from rushes.scene import ShotContext

    shortcuts.take()
    # the same dice each time, for the same scene with the same arguments: its words may change, its picture need not
    seed = int(digest({"class": job.class_name, "args": dict(job.args)})[:8], 16)
    random.seed(seed)
    np.random.seed(seed)  # scenes may use the global one
    shot = ShotContext(frames=job.frames, fps=job.fps, cues=job.cues, args=job.args, records=job.records, card=job.card)
    writer_class: Any = lambda _settings: writer  # noqa: E731  # Manim wants a class, to make one of its own
    renderer = Renderer(file_writer_class=writer_class)
    writer.changed = renderer.camera.changed
    scene = load_scene(job.scene, job.class_name)(renderer=renderer, shot=shot, random_seed=seed)
    writer.output_spec = scene.session_spec.output
    return scene


def load_scene(path: Path, class_name: str) -> type[RunScene]:
    """Import a scene's file and return its class."""
    name = f"rushes_scene_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    here = str(path.parent)
    if here not in sys.path:
        sys.path.append(here)  # scenes may share a file beside them; last, as one may be called like a module of Python
    with unheard():  # what is looked for here is not the scene's doing
        _forget_compiled(imported_files(path))
    spec.loader.exec_module(module)
    scene: type[RunScene] = getattr(module, class_name)
    return scene


def _forget_compiled(files: Iterable[Path]) -> None:
    """Python takes a file for unchanged that was saved twice within a second and kept its length."""
    for file in files:
        if not file.is_relative_to(PACKAGE):
            with suppress(OSError):
                Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)


class _Section:
    skip_animations = False


class _Grabber:
    """Stands where Manim's file writer does and keeps the shot's frames."""

    def __init__(self, job: ClipJob, inset: Inset | None = None) -> None:
        self.sections = [_Section()]
        self.output_spec: Any = None
        self.left, self.count = job.frames, job.frames
        self.inset = inset
        self.frames: list[Pixels] = []
        self.changed: list[Rectangle] = []
        """The camera's: where the picture changed since the last frame."""

    # ---- what Manim calls
    def add_partial_movie_file(self, _hash: str | None) -> None: ...
    def begin_animation(self, _allow: bool = False, animation_index: int = 0) -> None: ...
    def end_animation(self, _allow: bool = False) -> None: ...
    def is_already_cached(self, _hash: str) -> bool:
        return False

    def abort_encode_jobs(self, **_options: Any) -> None: ...
    def join_all_encode_jobs(self) -> None: ...
    def finish(self) -> None: ...
    def save_image(self, pixels: Pixels) -> None:
        self.write_frame(pixels, repeat=self.left)

    def write_frame(self, pixels: Pixels, repeat: int = 1) -> None:
        """RGBA `pixels`, (height, width, 4), `repeat` times; what is past the shot's end is dropped."""
        repeat = min(repeat, self.left)
        if self.inset:
            for _ in range(repeat):
                self.keep(self.inset.over(pixels, self.count - self.left), 1)
                self.left -= 1
        elif repeat > 0:
            self.keep(pixels, repeat)
            self.left -= repeat

    def keep(self, pixels: Pixels, repeat: int) -> None:
        self.frames += [pixels.copy()] * repeat


class _Writer(_Grabber):
    """Encodes exactly the shot's frames."""

    def __init__(self, path: Path, job: ClipJob, inset: Inset | None, filmed: bool) -> None:
        super().__init__(job, inset)
        self.fade = job.fade
        self.last: Pixels | None = None
        self.filmed = filmed
        self.encoder = Encoder(path, job.size, job.fps)

    def abort_encode_jobs(self, **_options: Any) -> None:
        self.encoder.abandon()

    def keep(self, pixels: Pixels, repeat: int) -> None:
        changed = None if self.inset or self.filmed else self.changed
        if any(self.fade):
            for frame in range(self.count - self.left, self.count - self.left + repeat):
                dark = frame <= self.fade[0] or frame >= self.count - self.fade[1]  # or just was
                self.encoder.write(faded(pixels, frame, self.count, self.fade), 1, None if dark else changed)
            self.last = pixels.copy()
        else:
            self.encoder.write(pixels, repeat, changed)
        self.changed.clear()

    def close(self) -> None:
        """Hold the last frame to the shot's end and finish the file."""
        if self.fade[1] and self.left and self.last is not None:
            self.keep(self.last, self.left)
        else:
            self.encoder.hold(self.left)
        self.encoder.close()
