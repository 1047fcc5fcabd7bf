"""Clip: a shot's scene, run in a process of its own, becomes silent H.264.

Manim runs the scene; its frames come here instead of to its own encoder, whose cache shows old data
after a record has changed. A frame that equals the one before it is not converted again, and of one
that differs only the rectangle that changed is.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from rushes.cache import Cache, whole, write_whole
from rushes.record import Read, Records
from rushes.scene_file import imported_files, read_scene_file
from rushes.timeline import PlacedShot

if TYPE_CHECKING:
    from rushes.scene import RunScene

__all__ = ["TICKS", "Clip", "ClipJob", "clip_job", "make_clip", "read_clip", "shoot"]

TICKS = 15360  # a second on every video clock, so that clips join without rescaling: 30 fps is 512 a frame
FONTS = Path(__file__).parent.parent / "assets" / "fonts"
# One thread a worker: the shots themselves fill the cores. B-frames stay, so joining must keep their order.
ENCODER: Mapping[str, str] = {"preset": "veryfast", "crf": "18", "threads": "1", "tune": "animation"}
GOP_SECONDS = 4

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipJob:
    """All that a worker needs; plain data, so that it can travel."""

    shot: str
    scene: Path
    class_name: str
    args: Mapping[str, str]
    text: str
    cues: Mapping[str, int]
    frames: int
    fps: int
    size: tuple[int, int]
    records: Records
    target: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A rendered shot."""

    path: Path
    frames: int
    late: tuple[tuple[str, float], ...]
    """Cues the scene came late to, with seconds."""
    reads: tuple[Read, ...]
    """What it took from the records."""
    seconds: float
    """How long it took to render."""


def clip_job(shot: PlacedShot, scene: Path, *, fps: int, size: tuple[int, int], records: Records, cache: Cache) -> ClipJob:
    """The work of one shot. Its file is named by everything the picture depends on."""
    about = read_scene_file(scene)
    args = {**{key: str(value) for key, value in {**about.runs, **about.settings}.items()}, **shot.args}
    inputs = {
        "files": {file.name: file for file in imported_files(scene)},
        "clip": Path(__file__),
        "fonts": sorted(FONTS.glob("*.[ot]tf")),
        "class": about.class_name,
        "args": args,
        "runs": {key: records.get(args[key]).digest for key in about.runs},
        "text": shot.text if not about.runs else "",
        "cues": dict(shot.cues),
        "frames": shot.frames,
        "fps": fps,
        "size": list(size),
        "encoder": dict(ENCODER),
        "versions": [version("manim"), version("av"), version("opencv-python-headless")],
    }
    return ClipJob(
        shot=shot.id, scene=scene, class_name=about.class_name, args=args, text=shot.text, cues=shot.cues,
        frames=shot.frames, fps=fps, size=size, records=records, target=cache.path("clip", ".mp4", inputs),
    )  # fmt: skip


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
        reads=tuple(Read(**read) for read in told["reads"]),
        seconds=told["seconds"],
    )


def make_clip(job: ClipJob) -> Clip:
    """Render a shot. Runs in a worker process, as Manim's settings are global."""
    began = time.perf_counter()
    scene, writer = _run(job)
    used = [scene.record(argument) for argument in scene.runs]
    clip = Clip(
        path=job.target,
        frames=job.frames,
        late=tuple(scene.shot.late) if scene.shot else (),
        reads=tuple(sorted({read for record in used for read in record.reads}, key=lambda r: (r.run, r.what, r.steps))),
        seconds=round(time.perf_counter() - began, 3),
    )
    told = asdict(clip) | {"path": clip.path.name, "converted": writer.converted}
    write_whole(job.target.with_suffix(".json"), json.dumps(told))
    return clip


def _run(job: ClipJob) -> tuple[RunScene, _Writer]:
    with whole(job.target) as partial, _settings(job):
        writer = _Writer(partial, job)
        scene = _scene(job, writer)
        scene.render()
        writer.close()
    return scene, writer


def shoot(job: ClipJob, frames: Sequence[int]) -> list[Pixels]:
    """Single frames of a shot, RGBA (height, width, 4), without encoding.

    A scene on the shot's clock draws only these; one that plays is run to the last of them.
    """
    with _settings(job):
        grabber = _Grabber(job)
        scene = _scene(job, grabber)
        scene.setup()
        scene.construct()
        if scene.time > 0:
            scene.tear_down()
            return [grabber.frames[min(frame, len(grabber.frames) - 1)] for frame in frames]
        pictures = []
        for frame in frames:
            scene.pose(frame / job.fps)
            scene.renderer.update_frame(scene)
            pictures.append(scene.renderer.get_frame())
        return pictures


@contextmanager
def _settings(job: ClipJob) -> Iterator[None]:
    """Manim's global settings for one shot."""
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
            yield


def _scene(job: ClipJob, writer: _Grabber | _Writer) -> RunScene:
    from manim.renderer.cairo_renderer import CairoRenderer

    from rushes.camera import DirectCamera
    from rushes.scene import ShotContext

    shot = ShotContext(
        frames=job.frames, fps=job.fps, cues=job.cues, args=job.args, text=job.text, records=job.records
    )
    renderer = CairoRenderer(file_writer_class=lambda _settings: writer, camera_class=DirectCamera)
    scene = load_scene(job.scene, job.class_name)(renderer=renderer, shot=shot)
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
        sys.path.insert(0, here)  # scenes may share a file beside them
    spec.loader.exec_module(module)
    scene: type[RunScene] = getattr(module, class_name)
    return scene


class _Section:
    skip_animations = False


class _Grabber:
    """Stands where Manim's file writer does and keeps the shot's frames."""

    def __init__(self, job: ClipJob) -> None:
        self.sections = [_Section()]
        self.output_spec: Any = None
        self.left = job.frames
        self.frames: list[Pixels] = []

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
        """RGBA `pixels`, (height, width, 4), `repeat` times."""
        self.frames += [pixels] * min(repeat, self.left)
        self.left -= min(repeat, self.left)


class _Writer(_Grabber):
    """Encodes exactly the shot's frames."""

    def __init__(self, path: Path, job: ClipJob) -> None:
        super().__init__(job)
        self.converted = 0
        self.previous: npt.NDArray[np.uint32] | None = None
        width, height = job.size
        self.container = av.open(str(path), "w", options={"movflags": "faststart", "video_track_timescale": str(TICKS)})
        stream = self.container.add_stream("libx264", rate=job.fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, TICKS)
        stream.codec_context.time_base = Fraction(1, TICKS)
        stream.codec_context.gop_size = GOP_SECONDS * job.fps
        stream.codec_context.color_range = 1  # limited
        stream.codec_context.colorspace = 1  # BT.709
        stream.codec_context.color_primaries = 1
        stream.codec_context.color_trc = 1
        stream.options = dict(ENCODER)
        self.stream = stream
        self.ticks = TICKS // job.fps
        self.frame = av.VideoFrame(width, height, "yuv420p")
        self.planes = _planes(self.frame)
        self.count = 0

    def abort_encode_jobs(self, **_options: Any) -> None:
        self.container.close()

    def write_frame(self, pixels: Pixels, repeat: int = 1) -> None:
        """Encode RGBA `pixels`, (height, width, 4), `repeat` times; what is past the shot's end is dropped."""
        repeat = min(repeat, self.left)
        if repeat <= 0:
            return
        packed = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
        box = _changed(packed, self.previous)
        if box is not None:
            _convert(pixels, box, self.planes)
            self.previous = packed
            self.converted += 1
        for _ in range(repeat):
            self.frame.pts = self.count * self.ticks
            self.frame.time_base = Fraction(1, TICKS)
            self.container.mux(self.stream.encode(self.frame))
            self.count += 1
        self.left -= repeat

    def close(self) -> None:
        """Hold the last frame to the shot's end and finish the file."""
        if self.left and self.previous is not None:
            self.write_frame(self.previous.view(np.uint8).reshape(*self.previous.shape, 4), repeat=self.left)
        self.container.mux(self.stream.encode(None))
        self.container.close()


def _planes(frame: av.VideoFrame) -> tuple[Pixels, Pixels, Pixels]:
    """Writable views (height, width) of a yuv420p frame's three planes."""
    views = []
    for plane in frame.planes:
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        views.append(rows[:, : plane.width])
    return views[0], views[1], views[2]


def _changed(
    new: npt.NDArray[np.uint32], old: npt.NDArray[np.uint32] | None
) -> tuple[int, int, int, int] | None:
    """The even-edged box (top, bottom, left, right) outside which two frames are equal; None if they are."""
    height, width = new.shape
    if old is None:
        return 0, height, 0, width
    differs = new != old
    rows = np.flatnonzero(differs.any(axis=1))
    if not len(rows):
        return None
    top, bottom = int(rows[0]) & ~1, min((int(rows[-1]) + 2) & ~1, height)
    columns = np.flatnonzero(differs[top:bottom].any(axis=0))
    return top, bottom, int(columns[0]) & ~1, min((int(columns[-1]) + 2) & ~1, width)


# RGBA -> limited-range Y'CbCr by BT.709, one row a plane, with the offset last.
_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_BT709 = np.array(
    [
        [_KR * 219 / 255, _KG * 219 / 255, _KB * 219 / 255, 0, 16],
        [-_KR / (1 - _KB) * 112 / 255, -_KG / (1 - _KB) * 112 / 255, 112 / 255, 0, 128],
        [112 / 255, -_KG / (1 - _KR) * 112 / 255, -_KB / (1 - _KR) * 112 / 255, 0, 128],
    ],
    dtype=np.float32,
)


def _convert(pixels: Pixels, box: tuple[int, int, int, int], planes: tuple[Pixels, Pixels, Pixels]) -> None:
    """Write a box of RGBA pixels into 4:2:0 planes."""
    top, bottom, left, right = box
    yuv = cv2.transform(pixels[top:bottom, left:right], _BT709)
    half = cv2.resize(yuv, ((right - left) // 2, (bottom - top) // 2), interpolation=cv2.INTER_AREA)
    planes[0][top:bottom, left:right] = yuv[..., 0]
    planes[1][top // 2 : bottom // 2, left // 2 : right // 2] = half[..., 1]
    planes[2][top // 2 : bottom // 2, left // 2 : right // 2] = half[..., 2]
