"""Encoder: RGBA frames become silent H.264, converted no more often than they change.

Of a frame only the rectangles are converted in which it differs from the one before. Colours are BT.709, limited
range, and tagged so. All of it happens in a thread of the encoder's own, while the next frame is drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from rushes.rectangles import Rectangle
from rushes.x264 import OPTIONS, TICKS

__all__ = ["Encoder", "Pixels"]

Pixels = npt.NDArray[np.uint8]

# With AVX-512, x264's macroblock tree reads memory that nothing was written to, at widths such as 854 or 480, and the
# same frames become other bytes. The narrower code gives what it gives on machines without.
AVX512 = 256  # OpenCV's CPU_AVX512_SKX, which has no name in Python
ASM = {"x264-params": f"{OPTIONS['x264-params']}:asm=avx2"} if cv2.checkHardwareSupport(AVX512) else {}
GOP_SECONDS = 4
BT709, LIMITED = 1, 1  # ffmpeg's numbers for them
AROUND = 8  # pixels
SIZES = 32  # of patches whose converters are kept: to make one takes longer than a small patch
AHEAD = 3  # frames that may be drawn before the first of them is encoded; up to 8 MB each at 1080p


class Encoder:
    """Writes `path`, an mp4 of `size` (width, height) at `fps`.

    What goes wrong with a frame is raised by one of the next calls.
    """

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        width, height = size
        self.converted = 0
        """Frames in which something may have changed; known when the file is closed."""
        self._thread = ThreadPoolExecutor(1, "encoder")
        self._waiting: deque[Future[None]] = deque()
        self._begun = False
        self._container = av.open(
            str(path), "w", options={"movflags": "faststart", "video_track_timescale": str(TICKS)}
        )
        stream = self._container.add_stream("libx264", rate=fps, options={**OPTIONS, **ASM})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, TICKS)
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS)
        context.gop_size = GOP_SECONDS * fps
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = (
            LIMITED,
            BT709,
            BT709,
            BT709,
        )
        self._stream = stream
        self._ticks = TICKS // fps
        self._frame = av.VideoFrame(width, height, "yuv420p")
        self._planes = _planes(self._frame)
        self._reformatters = lru_cache(SIZES)(lambda _size: VideoReformatter())
        self._count = 0

    def write(self, pixels: Pixels, repeat: int = 1, changed: Sequence[Rectangle] | None = None) -> None:
        """Encode RGBA `pixels`, (height, width, 4), `repeat` times.

        `changed` are the even-edged boxes outside which they equal the frame before; anywhere, if not given.
        """
        if changed is None or not self._begun:
            changed = [(0, 0, pixels.shape[1], pixels.shape[0])]
        self._begun = True
        self._later(self._write, [_cut(pixels, box) for box in changed], repeat)

    def hold(self, repeat: int) -> None:
        """Encode the last frame `repeat` times more."""
        self._later(self._hold, repeat)

    def close(self) -> None:
        """Finish the file."""
        self._later(self._finish)
        while self._waiting:
            self._waiting.popleft().result()
        self._thread.shutdown()

    def abandon(self) -> None:
        """Leave the file unfinished."""
        self._thread.shutdown(cancel_futures=True)
        self._container.close()

    # ------------------------------------------------------------------ in the thread
    def _later(self, do: Callable[..., None], *args: Any) -> None:
        while len(self._waiting) > AHEAD:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(do, *args))

    def _write(self, patches: Sequence[_Patch], repeat: int) -> None:
        for patch in patches:
            _convert(patch, self._planes, self._reformatters(patch.pixels.shape[:2]))
        self.converted += bool(patches)
        self._hold(repeat)

    def _hold(self, repeat: int) -> None:
        for _ in range(repeat):
            self._frame.pts = self._count * self._ticks
            self._frame.time_base = Fraction(1, TICKS)
            self._container.mux(self._stream.encode(self._frame))
            self._count += 1

    def _finish(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()


def _planes(frame: av.VideoFrame) -> tuple[Pixels, Pixels, Pixels]:
    """Writable views (height, width) of a yuv420p frame's three planes."""
    views = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        views.append(rows[:, : plane.width])
    return views[0], views[1], views[2]


class _Patch(NamedTuple):
    """A part of a frame that changed, and a margin around it."""

    box: Rectangle
    at: tuple[int, int]
    """Left and top of `pixels` in the frame."""
    pixels: Pixels


def _cut(pixels: Pixels, box: Rectangle) -> _Patch:
    """What is around the box goes to the converter too: at its edges the filter would see something else otherwise."""
    left, top, right, bottom = box
    x, y = max(left - AROUND, 0), max(top - AROUND, 0)
    return _Patch(box, (x, y), pixels[y : bottom + AROUND, x : right + AROUND].copy())


def _convert(patch: _Patch, planes: tuple[Pixels, Pixels, Pixels], to: VideoReformatter) -> None:
    """Write a patch into 4:2:0 planes. A chroma sample is the mean of four pixels."""
    (left, top, right, bottom), (x, y), pixels = patch
    made = to.reformat(
        av.VideoFrame.from_numpy_buffer(pixels, format="rgba"), format="yuv420p", src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, interpolation=Interpolation.AREA,
    )  # fmt: skip
    for by, plane, found in zip((1, 2, 2), planes, _planes(made), strict=True):
        rows = slice((top - y) // by, (bottom - y) // by)
        plane[top // by : bottom // by, left // by : right // by] = found[rows, (left - x) // by : (right - x) // by]
