"""Film: clips, narration and captions become one mp4.

Video and sound are joined by copying their packets.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from rushes.cache import whole
from rushes.caption_files import mov_text_header, mov_text_packets
from rushes.captions import Caption
from rushes.clip import Clip
from rushes.timeline import Timeline
from rushes.x264 import TICKS

if TYPE_CHECKING:
    from av.container import Chapter

__all__ = ["join"]


def join(
    target: Path, timeline: Timeline, clips: Sequence[Clip], sound: Path, captions: Sequence[Caption], title: str
) -> Path:
    """Write the film: the clips' own packets, the sound's, soft captions and chapters.

    Raises:
        ValueError: the clips do not add up to the timeline's frames.
    """
    if sum(clip.frames for clip in clips) != timeline.frames:
        raise ValueError(f"clips of {sum(clip.frames for clip in clips)} frames for a film of {timeline.frames}")
    with (
        whole(target) as partial,
        av.open(str(partial), "w", options={"movflags": "faststart"}) as film,
        ExitStack() as stack,
    ):
        film.metadata["title"] = title
        with av.open(str(clips[0].path)) as first:
            video = film.add_stream_from_template(first.streams.video[0])
        video.time_base = Fraction(1, TICKS)
        heard = stack.enter_context(av.open(str(sound)))
        audio = film.add_stream_from_template(heard.streams.audio[0])
        text = film.add_stream("mov_text")
        text.time_base = Fraction(1, 1000)
        text.metadata["language"] = "eng"
        text.codec_context.subtitle_header = mov_text_header()
        film.set_chapters(_chapters(timeline))
        parts = heapq.merge(
            _video(clips, timeline.fps, video),
            _audio(heard, audio),
            _text(captions, timeline.fps, text),
            key=lambda part: part[0],
        )
        for _, packet in parts:
            film.mux(packet)
    return target


def _chapters(timeline: Timeline) -> list[Chapter]:
    starts = [section.start for section in timeline.sections]
    starts[:1] = [0]
    return [
        {
            "id": i,
            "start": start * 1000 // timeline.fps,
            "end": end * 1000 // timeline.fps,
            "time_base": Fraction(1, 1000),
            "metadata": {"title": section.title},
        }
        for i, (section, start, end) in enumerate(
            zip(timeline.sections, starts, [*starts[1:], timeline.frames], strict=True)
        )
    ]


def _video(clips: Sequence[Clip], fps: int, stream: av.VideoStream) -> Iterator[tuple[float, Packet[Any]]]:
    frame, start = TICKS // fps, 0
    for clip in clips:
        count = 0
        with av.open(str(clip.path)) as file:
            source = file.streams.video[0]
            assert source.time_base is not None
            scale = source.time_base / Fraction(1, TICKS)
            for packet in file.demux(source):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts = round(packet.pts * scale) + start
                packet.dts = round(packet.dts * scale) + start
                packet.time_base = Fraction(1, TICKS)
                packet.stream = stream
                count += 1
                yield packet.dts / TICKS, packet
        if count != clip.frames:
            raise ValueError(f"{clip.path} holds {count} frames, not {clip.frames}: delete it and render again")
        start += clip.frames * frame


def _audio(sound: InputContainer, stream: av.AudioStream) -> Iterator[tuple[float, Packet[Any]]]:
    for packet in sound.demux(audio=0):
        if packet.dts is not None:
            packet.stream = stream
            yield float(packet.dts * packet.time_base), packet


def _text(captions: Sequence[Caption], fps: int, stream: Stream) -> Iterator[tuple[float, Packet[Any]]]:
    for start, length, payload in mov_text_packets(captions, fps):
        packet = Packet(payload)
        packet.stream = stream
        packet.time_base = Fraction(1, 1000)
        packet.pts = packet.dts = start
        packet.duration = length
        yield start / 1000, packet
