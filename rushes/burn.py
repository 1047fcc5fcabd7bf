"""Burn: a film with its captions drawn into the picture, beside the one that carries them as text.

PyAV's ffmpeg has no libass, so they are drawn here, in a font of ours, onto the decoded frames; the sound is copied.
"""

from __future__ import annotations

import errno
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.packet import Packet
from PIL import Image, ImageDraw, ImageFont

from rushes.cache import digest, whole
from rushes.captions import Caption
from rushes.encoder import ASM, BT709, GOP_SECONDS, LIMITED
from rushes.errors import RushesError
from rushes.fonts import BOLD, FILES, FOLDER, SANS
from rushes.read_captions import FPS, read_captions
from rushes.workers import DISK_FULL
from rushes.x264 import OPTIONS, TICKS

__all__ = ["Drawn", "area", "burn", "burned_path", "draw"]

Plane = npt.NDArray[np.uint8]
Progress = Callable[[int, int], None]

SIZE, LEADING, PAD = 46, 1.24, 14
"""px of a frame 1080 high, or as wide if it is tall: of the letters, from line to line of them, and around a line."""
INK, GROUND = 235, 16
"""Luma of the letters and of what is behind them, in limited range."""
VEIL = 0.72
"""How much of the picture the ground hides: white on it has a contrast above 7 on any picture."""
_MADE = "captions burned in by rushes,"
_REVISION = 1  # of everything here that changes how a caption looks


def area(size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in px of where captions stand: below what the scenes may draw on.

    In a tall frame that is above the players' titles and left of their buttons.
    """
    width, height = size
    if height > width:
        scale = width / 1080
        return 80 * scale, height - 516 * scale, width - 160 * scale, height - 340 * scale
    scale = height / 1080
    return 96 * scale, 886 * scale, width - 96 * scale, height - 54 * scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A caption's pixels at (left, top), even numbers: what is left of the picture, and what comes on top of it."""

    left: int
    top: int
    keep: npt.NDArray[np.uint16]
    """Shape (height, width), 0 to 256."""
    add: npt.NDArray[np.uint16]
    """Luma times what hides the picture, 0 to 256 * 255."""
    keep_half: npt.NDArray[np.uint16]
    """As `keep`, for the colours, which have half as many pixels each way."""


def draw(lines: Sequence[str], size: tuple[int, int]) -> Drawn:
    """A caption's lines in the middle of their area, the last one at its foot, on a dark ground."""
    left, top, right, bottom = area(size)
    scale = min(size) / 1080
    pad = PAD * scale
    room = right - left - 2 * pad
    points = min(SIZE * scale, (bottom - top - 2 * pad) / (len(lines) * LEADING))
    font = _font(points)
    while (width := max(font.getlength(line) for line in lines)) > room:
        points *= 0.99 * room / width  # letters are whole pixels apart, so that it is no straight proportion
        font = _font(points)
    step = font.size * LEADING
    width += 2 * pad
    height = step * len(lines) + 2 * pad
    x0, y0 = int((left + right - width) / 2) & ~1, int(bottom - height) & ~1
    shape = (int(np.ceil(width)) + 3) & ~1, (int(np.ceil(height)) + 1) & ~1
    ground, ink = Image.new("L", shape), Image.new("L", shape)
    ImageDraw.Draw(ground).rounded_rectangle((0, 0, shape[0] - 1, shape[1] - 1), radius=pad, fill=round(VEIL * 255))
    pen = ImageDraw.Draw(ink)
    for i, line in enumerate(lines):
        pen.text((shape[0] / 2, pad + step * (i + 0.5)), line, font=font, fill=255, anchor="mm")
    veil, letters = (np.asarray(image, np.float32) / 255 for image in (ground, ink))
    keep = (1 - veil) * (1 - letters)
    add = (GROUND * veil * (1 - letters) + INK * letters) * 256
    half = keep.reshape(shape[1] // 2, 2, shape[0] // 2, 2).mean(axis=(1, 3))
    return Drawn(
        left=x0, top=y0, keep=_whole(keep * 256), add=_whole(add), keep_half=_whole(half * 256),
    )  # fmt: skip


def _whole(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.uint16]:
    near: npt.NDArray[np.uint16] = np.rint(values).astype(np.uint16)
    return near


@lru_cache(maxsize=64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / FILES[SANS, BOLD]), size, layout_engine=ImageFont.Layout.BASIC)


def _lay(drawn: Drawn, pixels: Plane, height: int, width: int) -> None:
    """Draw onto a yuv420p frame, as PyAV gives it: (height * 3 / 2, width), the colours' rows one after another."""
    rows, columns = drawn.keep.shape
    place = pixels[drawn.top : drawn.top + rows, drawn.left : drawn.left + columns]
    place[:] = (place * drawn.keep + drawn.add + 128) >> 8
    for colours in pixels[height:].reshape(2, height // 2, width // 2):
        half = colours[drawn.top // 2 : (drawn.top + rows) // 2, drawn.left // 2 : (drawn.left + columns) // 2]
        half[:] = (half * drawn.keep_half + (256 - drawn.keep_half) * np.uint16(128) + 128) >> 8


# ---------------------------------------------------------------------- the film
def burned_path(film: Path) -> Path:
    """Where the film with burned captions lies."""
    return film.with_name(f"{film.stem}.burned{film.suffix}")


def burn(film: Path, captions: Path, on_progress: Progress = lambda done, total: None) -> Path:
    """Write the film once more with its captions, a `.vtt` file, drawn in; nothing is done if that is made already.

    Raises:
        RushesError: the disk is full.
    """
    try:
        return _burn(film, captions, on_progress)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise RushesError(f"{DISK_FULL}\n  make room, and the same command goes on from there") from error


def _burn(film: Path, captions: Path, on_progress: Progress) -> Path:
    target = burned_path(film)
    key = digest({"film": film, "captions": captions, "font": FOLDER / FILES[SANS, BOLD], "revision": _REVISION})
    if _is_made(target, key):
        return target
    shown = read_captions(captions).captions
    with (
        av.open(str(film)) as source,
        av.open(str(film)) as sound,
        whole(target) as partial,
        av.open(str(partial), "w", options={"movflags": "faststart"}) as made,
    ):
        made.metadata.update({"title": source.metadata.get("title", ""), "comment": f"{_MADE} {key}"})
        video = _stream(made, source.streams.video[0])
        audio = made.add_stream_from_template(sound.streams.audio[0])
        made.set_chapters(source.chapters())
        packets = heapq.merge(
            _video(source, video, shown, on_progress), _audio(sound, audio), key=lambda packet: packet[0]
        )
        for _, packet in packets:
            made.mux(packet)
    return target


def _is_made(target: Path, key: str) -> bool:
    if not target.exists():
        return False
    with av.open(str(target)) as file:
        return file.metadata.get("comment") == f"{_MADE} {key}"


def _stream(made: av.container.OutputContainer, like: av.VideoStream) -> av.VideoStream:
    stream = made.add_stream("libx264", rate=like.average_rate, options={**OPTIONS, **ASM})
    stream.width, stream.height, stream.pix_fmt = like.width, like.height, "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
    context = stream.codec_context
    context.gop_size = GOP_SECONDS * round(like.average_rate or 30)
    context.color_range, context.colorspace, context.color_primaries, context.color_trc = LIMITED, BT709, BT709, BT709
    return stream


def _video(
    source: av.container.InputContainer, stream: av.VideoStream, captions: Sequence[Caption], on_progress: Progress
) -> Iterator[tuple[float, Packet[Any]]]:
    like = source.streams.video[0]
    rate = Fraction(like.average_rate or 30)
    size = like.width, like.height
    spans = [(round(each.start * rate / FPS), round(each.end * rate / FPS), each.lines) for each in captions]
    last: tuple[tuple[str, ...], Drawn] | None = None
    for number, frame in enumerate(source.decode(like)):
        while spans and spans[0][1] <= number:
            spans.pop(0)
        if spans and spans[0][0] <= number:
            if last is None or last[0] != spans[0][2]:
                last = spans[0][2], draw(spans[0][2], size)
            pixels: Plane = frame.to_ndarray(format="yuv420p").astype(np.uint8, copy=False)
            _lay(last[1], pixels, like.height, like.width)
            shown = av.VideoFrame.from_ndarray(pixels, "yuv420p")
        else:
            shown = frame
        shown.pts, shown.time_base = round(number * TICKS / rate), Fraction(1, TICKS)
        shown.pict_type = av.video.frame.PictureType.NONE  # the encoder chooses, not the film that was decoded
        yield from _timed(stream.encode(shown))
        if not number % 50:
            on_progress(number, like.frames)
    yield from _timed(stream.encode(None))
    on_progress(like.frames, like.frames)


def _timed(packets: Iterable[Packet[Any]]) -> Iterator[tuple[float, Packet[Any]]]:
    for packet in packets:
        assert packet.dts is not None, "an encoder gives every packet its time"
        yield packet.dts / TICKS, packet


def _audio(sound: av.container.InputContainer, stream: av.AudioStream) -> Iterator[tuple[float, Packet[Any]]]:
    for packet in sound.demux(audio=0):
        if packet.dts is not None:
            packet.stream = stream
            yield float(packet.dts * packet.time_base), packet
