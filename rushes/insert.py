"""Insert: a piece of somebody's video, fitted into the frame or laid over a scene, and its sound.

PyAV decodes, as it knows a phone's rotation and uneven frame times; moviepy fits and composes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from av.video.reformatter import Colorspace

from rushes.encoder import Pixels
from rushes.errors import RushesError
from rushes.storyboard import Insert

__all__ = ["Fitted", "InsertError", "Inset", "lengths", "problem", "sound"]

Samples = npt.NDArray[np.float32]
PAPER, INK = (246, 241, 231), (16, 18, 31)
# The picture in the picture, in px of a frame 1080 high (or wide, if it is a tall one).
RIGHT, TOP, WIDTH, HEIGHT, RADIUS, EDGE = 96, 150, 560, 560, 28, 5
FADE = 0.3  # seconds in which it comes


class InsertError(RushesError):
    """A video that cannot be shown."""


def problem(insert: Insert) -> str | None:
    """Why an insert cannot be shown, found by decoding its first frame; None if it can."""
    try:
        _Footage(insert).close()
    except InsertError as error:
        return str(error)
    return None


def lengths(inserts: Iterable[Insert]) -> Mapping[Insert, float]:
    """Seconds that each insert lasts; one that cannot be shown is left out."""
    found: dict[Insert, float] = {}
    for insert in inserts:
        try:
            footage = _Footage(insert)
        except InsertError:
            continue
        found[insert] = footage.seconds
        footage.close()
    return found


def _opened(path: Path) -> Any:
    try:
        return av.open(str(path))
    except (FFmpegError, OSError, ValueError) as error:
        raise InsertError(f"'{path.name}' cannot be read: {getattr(error, 'strerror', None) or error}") from None


class _Footage:
    """The frames of an insert, RGB, by the second of it they are seen at.

    Raises:
        InsertError: there is no frame to show.
    """

    def __init__(self, insert: Insert) -> None:
        if insert.path is None:
            raise InsertError(f"'{insert.name}' was not found")
        self._file = _opened(insert.path)
        self._name, self._start = insert.path.name, insert.start
        if not self._file.streams.video:
            self._file.close()
            raise InsertError(f"'{self._name}' has no picture")
        self._stream = self._file.streams.video[0]
        self._stream.thread_type = "NONE"  # shots fill the cores
        self._origin = float((self._stream.start_time or 0) * self._stream.time_base)
        self._time = 0.0
        self._frame: av.VideoFrame
        self._next: tuple[float, av.VideoFrame] | None = None
        self._shown: Pixels | None = None
        try:
            self._rewind()
        except InsertError:
            self._file.close()
            raise
        left = max(_seconds(self._file, self._stream) - insert.start, 0.04)
        self.seconds = min(insert.seconds, left) if insert.seconds > 0 else left
        self.size = self._turned_size()

    def close(self) -> None:
        self._file.close()

    def at(self, second: float) -> Pixels:
        """The frame at a second from the insert's start; at its end the last one."""
        moment = self._start + min(max(second, 0.0), max(self.seconds - 1e-3, 0.0))
        if moment < self._time - 1e-6 and self._time > self._start + 1e-6:
            self._rewind()
        while self._next is not None and self._next[0] <= moment + 1e-4:
            self._take()
        if self._shown is None:
            self._shown = self._rgb()
        return self._shown

    def _rewind(self) -> None:
        """Stand at the first frame of the piece."""
        ticks = int((self._origin + self._start) / self._stream.time_base)
        self._frames = self._decoded(ticks)
        self._next = next(self._frames, None)
        if self._next is None and self._start > 0:  # past the last key frame of a short file
            self._frames = self._decoded(None)
            self._next = next(self._frames, None)
        if self._next is None:
            raise InsertError(f"'{self._name}' has no frame that can be decoded")
        self._take()
        while self._next is not None and self._next[0] <= self._start + 1e-4:
            self._take()
        if self._next is None and self._time < self._start - 0.5:
            raise InsertError(
                f"'{self._name}' is over at {self._time:.1f} s, before {self._start:g} s, where it is to start"
            )

    def _decoded(self, ticks: int | None) -> Iterator[tuple[float, av.VideoFrame]]:
        """(second of the file, frame); a damaged end is an end."""
        with suppress(FFmpegError):  # what cannot be searched is read from where it is
            self._file.seek(ticks or 0, stream=self._stream, backward=True)
        step = 1 / float(self._stream.average_rate or 25)
        clock = 0.0
        try:
            for frame in self._file.decode(self._stream):
                clock = float(frame.time) - self._origin if frame.time is not None else clock + step
                yield clock, frame
        except (FFmpegError, ValueError):
            return

    def _take(self) -> None:
        assert self._next is not None
        self._time, self._frame = self._next
        self._shown, self._next = None, next(self._frames, None)

    def _rgb(self) -> Pixels:
        frame = self._frame
        wide = frame.colorspace == 1 or (frame.colorspace == 2 and frame.height >= 720)  # BT.709, or untagged HD
        space = Colorspace.ITU709 if wide else Colorspace.ITU601
        rgb = frame.to_ndarray(format="rgb24", src_colorspace=space)
        return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90)))

    def _turned_size(self) -> tuple[float, float]:
        """Width and height as a player shows them: square pixels, upright."""
        width, height = float(self._frame.width), float(self._frame.height)
        aspect = self._stream.sample_aspect_ratio
        if aspect:
            width *= float(aspect)
        return (height, width) if round(self._frame.rotation / 90) % 2 else (width, height)


def _seconds(file: Any, stream: Any) -> float:
    """How long a file lasts; if its sound is longer than its pictures, the last one is held."""
    own = float(stream.duration * stream.time_base) if stream.duration else 0.0
    return max(own, float(file.duration / av.time_base) if file.duration else 0.0)


# ---------------------------------------------------------------------- pictures
def _clip(footage: _Footage, width: int, height: int) -> Any:
    from moviepy import VideoClip

    clip: Any = VideoClip(lambda t: footage.at(float(t)), duration=footage.seconds + 3600)  # the last frame holds
    return clip.resized((width, height))


class Fitted:
    """An insert over the whole frame of `size`, as large as fits, on ink.

    Raises:
        InsertError: it cannot be shown.
    """

    def __init__(self, insert: Insert, size: tuple[int, int], fps: int) -> None:
        from moviepy import CompositeVideoClip

        self._footage = _Footage(insert)
        self._fps = fps
        grow = min(size[0] / self._footage.size[0], size[1] / self._footage.size[1])
        width, height = (max(round(n * grow), 1) for n in self._footage.size)
        clip = _clip(self._footage, min(width, size[0]), min(height, size[1]))
        self._whole: Any = CompositeVideoClip([clip.with_position("center")], size=size, bg_color=INK)
        self._last: tuple[Pixels, Pixels] | None = None

    def at(self, frame: int) -> Pixels:
        """The picture at a frame from the insert's start, RGBA (height, width, 4)."""
        second = frame / self._fps
        seen = self._footage.at(second)
        if self._last is None or self._last[0] is not seen:  # else the same frame of a slower film, or its last
            self._last = seen, _with_alpha(self._whole.get_frame(second))
        return self._last[1]

    def close(self) -> None:
        self._footage.close()


class Inset:
    """An insert in a rounded frame in the right third of the picture; it comes at the frame `begins`.

    One that cannot be shown is a dashed box with its name.
    """

    def __init__(self, insert: Insert, size: tuple[int, int], fps: int, begins: int) -> None:
        self._fps, self._begins = fps, begins
        scale = min(size) / 1080
        tall = size[1] > size[0]
        self.problem = ""
        try:
            self._footage: _Footage | None = _Footage(insert)
            shape = self._footage.size
        except InsertError as error:
            self._footage, shape, self.problem = None, (16, 9), str(error)
        grow = min((400 if tall else WIDTH) / shape[0], HEIGHT / shape[1]) * scale
        edge = max(round(EDGE * scale), 1)
        inner = tuple(max(round(n * grow) - 2 * edge, 2) for n in shape)
        box = inner[0] + 2 * edge, inner[1] + 2 * edge
        self._alpha = _rounded(box, RADIUS * scale)[..., None]
        self._left = size[0] - round((160 if tall else RIGHT) * scale) - box[0]
        self._top = round((250 if tall else TOP) * scale)
        self._picture = self._framed(box, inner, edge, scale) if self._footage else _missing(box, insert.name, scale)

    def _framed(
        self, box: tuple[int, int], inner: tuple[int, ...], edge: int, scale: float
    ) -> Callable[[float], Pixels]:
        from moviepy import CompositeVideoClip, ImageClip

        assert self._footage is not None
        mask = ImageClip(_rounded((inner[0], inner[1]), (RADIUS - EDGE) * scale), is_mask=True)
        clip = _clip(self._footage, inner[0], inner[1]).with_mask(mask).with_position((edge, edge))
        whole: Any = CompositeVideoClip([clip], size=box, bg_color=PAPER)
        return lambda second: np.asarray(whole.get_frame(second), np.uint8)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what it covers, in pixels of the picture."""
        height, width = self._alpha.shape[:2]
        return self._left, self._top, self._left + width, self._top + height

    def over(self, pixels: Pixels, frame: int) -> Pixels:
        """The shot's picture, RGBA, with the insert over it; the given one is left as it is."""
        if frame < self._begins:
            return pixels
        second = (frame - self._begins) / self._fps
        picture = self._picture(second)
        alpha = self._alpha * min((second + 1 / self._fps) / FADE, 1.0)
        out = pixels.copy()
        part = out[self._top : self._top + picture.shape[0], self._left : self._left + picture.shape[1], :3]
        part[:] = np.rint(part * (1 - alpha) + picture * alpha).astype(np.uint8)
        return out

    def close(self) -> None:
        if self._footage:
            self._footage.close()


def _with_alpha(rgb: Any) -> Pixels:
    out = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    out[..., :3] = rgb
    return out


def _rounded(size: tuple[int, int], radius: float) -> npt.NDArray[np.float64]:
    """The opacity of a rounded box, (height, width), 0..1."""
    width, height = size
    radius = min(radius, width / 2, height / 2)
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    out: npt.NDArray[np.float64] = np.clip(
        radius + 0.5 - np.hypot(np.maximum(x, 0)[None], np.maximum(y, 0)[:, None]), 0, 1
    )
    return out


def _missing(box: tuple[int, int], name: str, scale: float) -> Callable[[float], Pixels]:
    """A still that says what is missing."""
    from PIL import Image, ImageDraw, ImageFont

    from rushes.fonts import FILES, FOLDER, MONO, REGULAR
    from rushes.legible import legible

    image = Image.new("RGB", box, (27, 31, 53))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FOLDER / FILES[MONO, REGULAR]), max(28 * scale, 6))
    room = max(int(box[0] / (0.6 * 28 * scale)) - 4, 8)
    shown = legible(name, MONO).text
    shown = shown if len(shown) <= room else f"{shown[: room // 2 - 1]}…{shown[-(room - room // 2) :]}"
    for k, (text, color) in enumerate(((shown, PAPER), ("PLACEHOLDER", (168, 174, 203)))):
        draw.text((box[0] / 2, box[1] / 2 + (k - 0.5) * 44 * scale), text, color, font, anchor="mm")
    inset, dash = 14 * scale, 22 * scale
    for k in range(math.ceil(max(box) / (2 * dash))):
        a, b, w = 2 * k * dash + inset, (2 * k + 1) * dash + inset, max(round(4 * scale), 1)
        for y in (inset, box[1] - inset):
            draw.line((a, y, min(b, box[0] - inset), y), (128, 136, 173), w)
        for x in (inset, box[0] - inset):
            draw.line((x, a, x, min(b, box[1] - inset)), (128, 136, 173), w)
    still = np.asarray(image, np.uint8)
    return lambda _second: still


# ---------------------------------------------------------------------- sound
def sound(insert: Insert, rate: int) -> Samples:
    """An insert's sound, float32 (n,), one channel, at `rate` samples a second; empty if it has none."""
    nothing = np.zeros(0, np.float32)
    if insert.path is None or insert.sound == "mute":
        return nothing
    try:
        footage = _Footage(insert)
    except InsertError:
        return nothing
    seconds, origin = footage.seconds, footage._origin
    footage.close()
    with _opened(insert.path) as file:
        if not file.streams.audio:
            return nothing
        stream = file.streams.audio[0]
        out = np.zeros(round(seconds * rate), np.float32)
        resampler = AudioResampler(format="flt", layout="mono", rate=rate)
        at: int | None = None
        try:
            if insert.start > 0:
                file.seek(int((origin + insert.start) / stream.time_base), stream=stream, backward=True)
            for frame in file.decode(stream):
                if at is None:
                    at = round((float(frame.time or 0.0) - origin - insert.start) * rate)
                for part in resampler.resample(frame):
                    samples = part.to_ndarray()[0]
                    low, high = max(at, 0), min(at + len(samples), len(out))
                    if high > low:
                        out[low:high] = samples[low - at : high - at]
                    at += len(samples)
                if at >= len(out):
                    break
        except (FFmpegError, ValueError):
            pass  # what was heard before the damage is kept
    return out
