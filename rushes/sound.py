"""Sound: narration and inserts on the timeline, brought to the loudness that video sites play at.

It is made a block at a time, so that an hour needs no more memory than a minute, and kept encoded: a film whose
pictures alone have changed copies it.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from rushes.cache import Cache
from rushes.insert import sound as insert_sound
from rushes.storyboard import Insert
from rushes.take import Take
from rushes.timeline import Timeline

__all__ = ["LOUDNESS", "PEAK", "RATE", "level", "make_sound", "narration"]

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
BLOCK = 20 * RATE  # samples at a time
AROUND = 4096  # samples before and after a block that its limiter looks at, more than it needs
HOP = RATE // 10  # samples: loudness is that of stretches of 0.4 s, one each 0.1 s
_REVISION = 1  # of everything here that changes how a film sounds

Samples = npt.NDArray[np.float32]
Source = Callable[[int, int], Samples]
"""The film's samples from one number up to another."""


def make_sound(timeline: Timeline, takes: Sequence[Take | None], cache: Cache) -> Path:
    """The film's sound as AAC in an .m4a, if it is not made already. One take a beat; None is silent."""
    inserts = [
        [shot.start, shot.frames, shot.insert_at, shot.card] for shot in timeline.shots if isinstance(shot.card, Insert)
    ]
    inputs = {
        "takes": [
            [beat.start, take.audio.name if take else ""] for beat, take in zip(timeline.beats, takes, strict=True)
        ],
        "inserts": inserts,
        "words": [[word.start, word.end] for beat in timeline.beats for word in beat.words] if inserts else [],
        "time": [timeline.frames, timeline.fps],
        "revision": _REVISION,
        "versions": [version(name) for name in ("av", "numpy", "scipy", "pyloudnorm")],
    }
    return cache.made("sound", ".m4a", inputs, lambda path: _encode(path, _blocks(*_mixed(timeline, takes))))


def narration(timeline: Timeline, takes: Sequence[Take | None]) -> Samples:
    """The film's sound, float32 (n,) at 48 kHz, exactly as long as its frames.

    Inserts are heard under the words, or in full if their sound is kept.
    """
    return np.concatenate([*_blocks(*_mixed(timeline, takes)), np.zeros(0, np.float32)])


def level(sound: Samples) -> Samples:
    """Bring speech to -14 LUFS with no true peak over -1 dBTP. Silence stays silence."""
    return np.concatenate([*_blocks(lambda first, last: sound[first:last], len(sound)), np.zeros(0, np.float32)])


# ---------------------------------------------------------------------- mixing
def _mixed(timeline: Timeline, takes: Sequence[Take | None]) -> tuple[Source, int]:
    """Everything that is heard, not yet levelled, and how many samples it is."""
    count = round(timeline.frames * RATE / timeline.fps)
    parts: list[tuple[int, int, Source]] = []
    for beat, take in zip(timeline.beats, takes, strict=True):
        if take is not None:
            start = round(beat.start * RATE / timeline.fps)
            parts.append((start, start + _length(take.audio), _reader(take.audio)))
    for shot in timeline.shots:
        if isinstance(shot.card, Insert):
            start = round((shot.start + shot.insert_at) * RATE / timeline.fps)
            end = min(round((shot.start + shot.frames) * RATE / timeline.fps), count)
            heard = _evened(insert_sound(shot.card, RATE)[: max(end - start, 0)])
            if shot.card.sound == "duck" and timeline.beats:
                heard = heard * _ducking(timeline, start, len(heard))
            parts.append((start, start + len(heard), lambda first, last, heard=heard: heard[first:last]))  # type: ignore[misc]

    def mixed(first: int, last: int) -> Samples:
        sound = np.zeros(last - first, np.float32)
        for start, end, part in parts:
            begin, stop = max(start, first), min(end, last)
            if begin < stop:
                sound[begin - first : stop - first] += part(begin - start, stop - start)
        return sound

    return mixed, count


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


def _length(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 1), path
        return file.getnframes()


def _reader(path: Path) -> Source:
    def read(first: int, last: int) -> Samples:
        with wave.open(str(path), "rb") as file:
            file.setpos(first)
            return (np.frombuffer(file.readframes(last - first), "<i2") / 32768).astype(np.float32)

    return read


# ---------------------------------------------------------------------- loudness
def _blocks(source: Source, count: int) -> Iterator[Samples]:
    """The sound at its loudness, block after block."""
    measured = _loudness((source(first, last) for first, last in _spans(count)), count)
    if not np.isfinite(measured):
        yield from (source(first, last) for first, last in _spans(count))
        return
    for _ in range(3):  # the limiter takes a little loudness away; give it back
        gain = 10 ** ((LOUDNESS - measured) / 20)
        found = _loudness(_louder(source, count, gain), count)
        if abs(found - LOUDNESS) < 0.1:
            break
        measured += found - LOUDNESS
    yield from _louder(source, count, gain)


def _spans(count: int) -> Iterator[tuple[int, int]]:
    return ((first, min(first + BLOCK, count)) for first in range(0, count, BLOCK))


def _louder(source: Source, count: int, gain: float) -> Iterator[Samples]:
    """Each block with a gain, and limited as if the whole were there."""
    for first, last in _spans(count):
        before = max(first - AROUND, 0)
        near = source(before, min(last + AROUND, count))
        yield _limit(near * np.float32(gain))[first - before : last - before]


def _loudness(blocks: Iterator[Samples], count: int) -> float:
    """LUFS (ITU-R BS.1770-4) as a player hears it, from two loudspeakers: 3 dB more than from one."""
    if count <= RATE:  # too short to have one
        return -np.inf
    from pyloudnorm import IIRfilter  # a second to import, and the sound may be made already
    from scipy.signal import lfilter

    stages = [IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, RATE, "high_shelf"), IIRfilter(0.0, 0.5, 38.0, RATE, "high_pass")]
    states = [np.zeros(2), np.zeros(2)]
    hops: list[npt.NDArray[np.float64]] = []
    for block in blocks:
        heard = block.astype(np.float64)
        for i, stage in enumerate(stages):
            heard, states[i] = lfilter(stage.b, stage.a, heard, zi=states[i])
        heard = np.pad(heard, (0, -len(heard) % HOP))
        hops.append(np.square(heard).reshape(-1, HOP).sum(axis=1))
    power = np.convolve(np.concatenate(hops), np.ones(4), "valid") / (4 * HOP) * 2
    power = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not len(power):
        return -np.inf
    power = power[power > power.mean() / 10]
    return float(-0.691 + 10 * np.log10(power.mean()))


def _limit(sound: Samples) -> Samples:
    """Turn down what would pass the ceiling, smoothly, looking ahead so that nothing clicks."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d
    from scipy.signal import resample_poly

    ceiling = 10 ** (PEAK / 20) * 0.98  # the encoder moves peaks by a little
    peaks = np.abs(resample_poly(sound, OVERSAMPLING, 1)).reshape(-1, OVERSAMPLING).max(axis=1)[: len(sound)]
    reach = 2 * round(LOOK_AHEAD * RATE) + 1
    over = np.maximum(maximum_filter1d(peaks, 2 * reach) / ceiling, 1.0)
    limited: Samples = (sound / uniform_filter1d(over, reach)).astype(np.float32)
    return limited


# ---------------------------------------------------------------------- encoding
def _encode(path: Path, blocks: Iterator[Samples]) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = AUDIO_BITRATE
        count = 0
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray([block, block]), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, count, Fraction(1, RATE)
            count += len(block)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
