"""Film: clips, narration and captions become one mp4.

Video and sound are joined by copying their packets.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from rushes.cache import whole
from rushes.caption_files import mov_text_header, mov_text_packets
from rushes.captions import Caption
from rushes.clip import Clip
from rushes.timeline import Timeline
from rushes.x264 import TICKS

if TYPE_CHECKING:
    from av.container import Chapter

__all__ = ["Track", "join"]

PACKETS = {"skip_frame": "all"}  # opening a clip decodes no picture then: 1 ms instead of 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Captions in one language, to be turned on by who watches."""

    captions: Sequence[Caption]
    language: str = "eng"
    """ISO 639-2."""
    name: str = "English"


def join(
    target: Path, timeline: Timeline, clips: Sequence[Clip], sound: Path, tracks: Sequence[Track], title: str
) -> Path:
    """Write the film: the clips' own packets, the sound's, soft captions and chapters; players offer the first track.

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
        texts = [_track(film, track, i == 0) for i, track in enumerate(tracks)]
        film.set_chapters(_chapters(timeline))
        parts = heapq.merge(
            _video(clips, timeline.fps, video),
            _audio(heard, audio),
            *(_text(track.captions, timeline.fps, text) for track, text in zip(tracks, texts, strict=True)),
            key=lambda part: part[0],
        )
        for _, packet in parts:
            film.mux(packet)
    return target


def _track(film: OutputContainer, track: Track, first: bool) -> Stream:
    text = film.add_stream("mov_text")
    text.time_base = Fraction(1, 1000)
    text.metadata["language"] = track.language
    text.metadata["handler_name"] = track.name
    text.disposition = Disposition.default if first else Disposition(0)
    text.codec_context.subtitle_header = mov_text_header()
    return text


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
    frame, start, tick = TICKS // fps, 0, Fraction(1, TICKS)
    for clip in clips:
        count = 0
        with av.open(str(clip.path), options=PACKETS) as file:
            source = file.streams.video[0]
            assert source.time_base is not None
            scale = source.time_base * TICKS
            up, down = scale.numerator, scale.denominator  # for a Fraction, every packet takes a while
            for packet in file.demux(source):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts = (2 * packet.pts * up + down) // (2 * down) + start
                packet.dts = (2 * packet.dts * up + down) // (2 * down) + start
                packet.time_base = tick
                packet.stream = stream
                count += 1
                yield packet.dts / TICKS, packet
        if count != clip.frames:
            raise ValueError(f"{clip.path} holds {count} frames, not {clip.frames}: delete it and render again")
        start += clip.frames * frame


def _audio(sound: InputContainer, stream: av.AudioStream) -> Iterator[tuple[float, Packet[Any]]]:
    tick = sound.streams.audio[0].time_base
    assert tick is not None
    up, down = tick.numerator, tick.denominator
    for packet in sound.demux(audio=0):
        if packet.dts is not None:
            packet.stream = stream
            yield packet.dts * up / down, packet


def _text(captions: Sequence[Caption], fps: int, stream: Stream) -> Iterator[tuple[float, Packet[Any]]]:
    for start, length, payload in mov_text_packets(captions, fps):
        packet = Packet(payload)
        packet.stream = stream
        packet.time_base = Fraction(1, 1000)
        packet.pts = packet.dts = start
        packet.duration = length
        yield start / 1000, packet
