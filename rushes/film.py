"""Film: clips, narration and captions become one mp4.

Video is joined by copying its packets. The narration is laid on the timeline's frames, brought to
the loudness that video sites play at, and encoded once.
"""

from __future__ import annotations

import heapq
import wave
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import numpy.typing as npt
import pyloudnorm
from av.packet import Packet
from av.stream import Stream
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import resample_poly

from rushes.cache import whole
from rushes.captions import Caption, mov_text_header, mov_text_packets
from rushes.clip import Clip
from rushes.encoder import TICKS
from rushes.insert import sound as insert_sound
from rushes.storyboard import Insert
from rushes.take import Take
from rushes.timeline import Timeline

if TYPE_CHECKING:
    from av.container import Chapter

__all__ = ["LOUDNESS", "PEAK", "RATE", "join", "level", "narration"]

RATE = 48_000  # samples a second
LOUDNESS = -14.0  # LUFS, what video sites normalise to
PEAK = -1.0  # dBTP
OVERSAMPLING = 4  # true peaks lie between samples
LOOK_AHEAD = 0.005  # seconds over which the limiter closes
AUDIO_BITRATE = 192_000
SPEECH = 10 ** (-20 / 20)  # RMS of a take's spoken parts
MOST_GAIN = 8.0  # what is nearly silent stays so
UNDER, BETWEEN = -18.0, -8.0  # dB of an insert under words, and in a gap longer than `GAP` seconds
GAP, DOWN, UP, INSERT_FADE = 1.5, 0.25, 0.8, 0.03  # seconds

Samples = npt.NDArray[np.float32]


def narration(timeline: Timeline, takes: Sequence[Take | None]) -> Samples:
    """The film's sound, float32 (n,) at 48 kHz, exactly as long as its frames. One take a beat; None is silent.

    Inserts are heard under the words, or in full if their sound is kept.
    """
    sound = np.zeros(round(timeline.frames * RATE / timeline.fps), np.float32)
    for beat, take in zip(timeline.beats, takes, strict=True):
        if take is None:
            continue
        said = _read_wav(take.audio)
        start = round(beat.start * RATE / timeline.fps)
        end = min(start + len(said), len(sound))
        sound[start:end] += said[: end - start]
    for shot in timeline.shots:
        if isinstance(shot.card, Insert):
            start = round((shot.start + shot.insert_at) * RATE / timeline.fps)
            end = min(round((shot.start + shot.frames) * RATE / timeline.fps), len(sound))
            heard = _evened(insert_sound(shot.card, RATE)[: max(end - start, 0)])
            if shot.card.sound == "duck" and timeline.beats:
                heard = heard * _ducking(timeline, start, len(heard))
            sound[start : start + len(heard)] += heard
    return level(sound)


def _evened(sound: Samples) -> Samples:
    """An insert's sound as loud as a take, fading in and out so that a cut does not click."""
    blocks = np.square(sound[: len(sound) // 480 * 480]).reshape(-1, 480).mean(axis=1)
    if not len(blocks) or blocks.max() < 1e-9:
        return np.zeros(len(sound), np.float32)
    gain = SPEECH / np.sqrt(blocks[blocks > blocks.max() * 1e-3].mean())
    fade = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (INSERT_FADE * RATE)
    even: Samples = (sound * min(gain, MOST_GAIN) * np.minimum(fade, 1.0)).astype(np.float32)
    return even


def _ducking(timeline: Timeline, start: int, count: int) -> Samples:
    """Gain of a ducked insert, (count,) samples from `start`: low under words, higher in a long gap."""
    spans: list[list[float]] = []
    for beat in timeline.beats:
        for word in beat.words:
            begin, end = word.start / timeline.fps, word.end / timeline.fps
            if spans and begin - spans[-1][1] < GAP:
                spans[-1][1] = max(spans[-1][1], end)
            else:
                spans.append([begin, end])
    times = [t for begin, end in spans for t in (begin - DOWN, begin, end, end + UP)]
    decibels = [d for _ in spans for d in (BETWEEN, UNDER, UNDER, BETWEEN)]
    at = (start + np.arange(count)) / RATE
    gain: Samples = (10 ** (np.interp(at, times or [0.0], decibels or [BETWEEN]) / 20)).astype(np.float32)
    return gain


def _read_wav(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 1), path
        return (np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768).astype(np.float32)


def level(sound: Samples) -> Samples:
    """Bring speech to -14 LUFS with no true peak over -1 dBTP. Silence stays silence."""
    measured = _loudness(sound)
    if not np.isfinite(measured):
        return sound
    for _ in range(3):  # the limiter takes a little loudness away; give it back
        gain = 10 ** ((LOUDNESS - measured) / 20)
        louder = _limit(sound * np.float32(gain))
        found = _loudness(louder)
        if abs(found - LOUDNESS) < 0.1:
            break
        measured += found - LOUDNESS
    return louder


def _loudness(sound: Samples) -> float:
    """LUFS as a player hears it, from two loudspeakers: 3 dB more than from one."""
    if len(sound) <= RATE:  # too short to have one
        return -np.inf
    return float(pyloudnorm.Meter(RATE).integrated_loudness(np.stack([sound, sound], axis=1)))


def _limit(sound: Samples) -> Samples:
    """Turn down what would pass the ceiling, smoothly, looking ahead so that nothing clicks."""
    ceiling = 10 ** (PEAK / 20) * 0.98  # the encoder moves peaks by a little
    peaks = np.abs(resample_poly(sound, OVERSAMPLING, 1)).reshape(-1, OVERSAMPLING).max(axis=1)[: len(sound)]
    reach = 2 * round(LOOK_AHEAD * RATE) + 1
    over = np.maximum(maximum_filter1d(peaks, 2 * reach) / ceiling, 1.0)
    limited: Samples = (sound / uniform_filter1d(over, reach)).astype(np.float32)
    return limited


def join(
    target: Path, timeline: Timeline, clips: Sequence[Clip], sound: Samples, captions: Sequence[Caption], title: str
) -> Path:
    """Write the film: the clips' own packets, AAC, soft captions and chapters.

    Raises:
        ValueError: the clips do not add up to the timeline's frames.
    """
    if sum(clip.frames for clip in clips) != timeline.frames:
        raise ValueError(f"clips of {sum(clip.frames for clip in clips)} frames for a film of {timeline.frames}")
    with whole(target) as partial, av.open(str(partial), "w", options={"movflags": "faststart"}) as film:
        film.metadata["title"] = title
        with av.open(str(clips[0].path)) as first:
            video = film.add_stream_from_template(first.streams.video[0])
        video.time_base = Fraction(1, TICKS)
        audio = film.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = AUDIO_BITRATE
        text = film.add_stream("mov_text")
        text.time_base = Fraction(1, 1000)
        text.metadata["language"] = "eng"
        text.codec_context.subtitle_header = mov_text_header()
        film.set_chapters(_chapters(timeline))
        parts = heapq.merge(
            _video(clips, timeline.fps, video),
            _audio(sound, audio),
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


def _audio(sound: Samples, stream: av.AudioStream) -> Iterator[tuple[float, Packet[Any]]]:
    stereo = np.ascontiguousarray(np.stack([sound, sound]))
    step = 1024
    for start in range(0, stereo.shape[1], step):
        piece = np.ascontiguousarray(stereo[:, start : start + step])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        frame.pts = start
        frame.time_base = Fraction(1, RATE)
        yield from _timed(stream.encode(frame))
    yield from _timed(stream.encode(None))


def _timed(packets: Sequence[Packet[Any]]) -> Iterator[tuple[float, Packet[Any]]]:
    for packet in packets:
        assert packet.dts is not None
        yield float(packet.dts * packet.time_base), packet


def _text(captions: Sequence[Caption], fps: int, stream: Stream) -> Iterator[tuple[float, Packet[Any]]]:
    for start, length, payload in mov_text_packets(captions, fps):
        packet = Packet(payload)
        packet.stream = stream
        packet.time_base = Fraction(1, 1000)
        packet.pts = packet.dts = start
        packet.duration = length
        yield start / 1000, packet
