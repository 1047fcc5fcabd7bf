"""Sound: narration, inserts, music and effects on the timeline, brought to the loudness that video sites play at.

It is made a block at a time, so that an hour needs no more memory than a minute, and kept encoded: a film whose
pictures alone have changed copies it.
"""

from __future__ import annotations

import wave
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from importlib.metadata import version
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from rushes.cache import Cache
from rushes.capacity import cores
from rushes.insert import sound as insert_sound
from rushes.loudness import PEAK, RATE, limited, loudness
from rushes.score import Bed, Score
from rushes.storyboard import Insert
from rushes.take import Take
from rushes.timeline import Timeline

__all__ = ["LOUDNESS", "PEAK", "RATE", "level", "make_sound", "narration", "parts", "together"]

LOUDNESS = -14.0  # LUFS, what video sites normalise to
AUDIO_BITRATE = 192_000
SPEECH = 10 ** (-20 / 20)  # RMS of a take's spoken parts
MOST_GAIN = 8.0  # what is nearly silent stays so
UNDER, BETWEEN = -18.0, -8.0  # dB of an insert under words, and in a gap longer than `GAP` seconds
MUSIC_UNDER = -20.0  # dB of music under words, beside their loudness
OPENS, CLOSES = 0.4, 1.5  # seconds in which music comes and goes with the film
GAP, DOWN, UP, INSERT_FADE = 1.5, 0.25, 0.8, 0.03  # seconds
BLOCK = 5 * RATE  # samples at a time
AHEAD = 4  # blocks at most that are worked out at a time: each takes memory, and the encoder is slower than four
AROUND = 4096  # samples before and after a block that its limiter looks at, more than it needs
_REVISION = 1  # of everything here that changes how a film sounds
BED_REVISION, EFFECTS_REVISION = 1, 1  # the same, of what only a film with them has

Samples = npt.NDArray[np.float32]
Source = Callable[[int, int], Samples]
"""The film's samples from one number up to another: (n,), or (n, 2) for two channels."""
VOICE = Score(bed=None, effects=False)


def make_sound(timeline: Timeline, takes: Sequence[Take | None], cache: Cache, score: Score = VOICE) -> Path:
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
    if score.bed:
        inputs["bed"] = [score.bed, BED_REVISION, [section.start for section in timeline.sections], timeline.silences]
        inputs["words"] = [[word.start, word.end] for beat in timeline.beats for word in beat.words]
    if score.effects and timeline.effects:
        inputs["effects"] = [EFFECTS_REVISION, timeline.effects]
    return cache.made(
        "sound", ".m4a", inputs, lambda path: _encode(path, _blocks(*_mixed(timeline, takes, cache, score)))
    )


def narration(
    timeline: Timeline, takes: Sequence[Take | None], cache: Cache | None = None, score: Score = VOICE
) -> Samples:
    """The film's sound, float32 at 48 kHz, exactly as long as its frames: (n,), or (n, 2) with music or effects.

    Inserts are heard under the words, or in full if their sound is kept. Music needs a `cache` for its loops.
    """
    return np.concatenate(list(_blocks(*_mixed(timeline, takes, cache, score))))


def level(sound: Samples) -> Samples:
    """Bring speech to -14 LUFS with no true peak over -1 dBTP. Silence stays silence."""
    return np.concatenate([*_blocks(lambda first, last: sound[first:last], len(sound)), sound[:0]])


# ---------------------------------------------------------------------- mixing
Part = tuple[int, int, Source]
"""What is heard from one sample of the film up to another."""


def parts(
    timeline: Timeline, takes: Sequence[Take | None], cache: Cache | None, score: Score
) -> tuple[Mapping[str, Sequence[Part]], int]:
    """Everything that is heard, by what it is, and how many samples the film has."""
    count = round(timeline.frames * RATE / timeline.fps)
    found: dict[str, list[Part]] = {"narration": []}
    for beat, take in zip(timeline.beats, takes, strict=True):
        if take is not None:
            start = round(beat.start * RATE / timeline.fps)
            found["narration"].append((start, start + _length(take.audio), _reader(take.audio)))
    for shot in timeline.shots:
        if isinstance(shot.card, Insert):
            start = round((shot.start + shot.insert_at) * RATE / timeline.fps)
            end = min(round((shot.start + shot.frames) * RATE / timeline.fps), count)
            heard = _evened(insert_sound(shot.card, RATE)[: max(end - start, 0)])
            if shot.card.sound == "duck" and timeline.beats:
                heard = heard * _Ducking(timeline, UNDER)(start, start + len(heard))
            found.setdefault("inserts", []).append((start, start + len(heard), partial(_part, heard)))
    if score.effects and timeline.effects:
        from rushes.effects import effect

        for name, frame in timeline.effects:
            start, heard = round(frame * RATE / timeline.fps), effect(name)
            end = min(start + len(heard), count)
            found.setdefault("effects", []).append((start, end, partial(_part, heard)))
    if score.bed and cache:
        found["music"] = [(0, count, _music(timeline, cache, score.bed, count))]
    return found, count


def together(several: Sequence[Part], stereo: bool) -> Source:
    """The sum of some parts, in one channel or in two."""

    def mixed(first: int, last: int) -> Samples:
        sound = np.zeros((last - first, 2) if stereo else last - first, np.float32)
        for start, end, part in several:
            begin, stop = max(start, first), min(end, last)
            if begin < stop:
                heard = part(begin - start, stop - start)
                sound[begin - first : stop - first] += heard if heard.ndim == sound.ndim else heard[:, None]
        return sound

    return mixed


def _mixed(timeline: Timeline, takes: Sequence[Take | None], cache: Cache | None, score: Score) -> tuple[Source, int]:
    """Everything that is heard, not yet levelled, and how many samples it is."""
    found, count = parts(timeline, takes, cache, score)
    stereo = score.bed is not None or "effects" in found
    return together([part for several in found.values() for part in several], stereo), count


def _part(sound: Samples, first: int, last: int) -> Samples:
    return sound[first:last]


def _music(timeline: Timeline, cache: Cache, wanted: Bed, count: int) -> Source:
    """The bed at its place below the words, and its silences."""
    from rushes.music import bed, file_bed

    starts = [round(section.start * RATE / timeline.fps) for section in timeline.sections]
    music = file_bed(wanted.file, cache) if wanted.file else bed(wanted.seed, starts, cache)
    ducking = _Ducking(timeline, MUSIC_UNDER)
    # it is there between the silences, and comes and goes at the film's ends
    times, gains = [0.0, OPENS], [0.0, 1.0]
    for begin, stop in _merged(timeline):
        times += [max(begin - DOWN, times[-1]), max(begin, times[-1]), stop, stop + UP]
        gains += [1.0, 0.0, 0.0, 1.0]
    ends = count / RATE
    times += [max(ends - CLOSES, times[-1]), max(ends, times[-1])]
    gains += [1.0, 0.0]

    def heard(first: int, last: int) -> Samples:
        at = np.arange(first, last) / RATE
        gain = np.sin(np.pi / 2 * np.interp(at, times, gains)) ** 2 * ducking(first, last)
        return music(first, last) * gain[:, None].astype(np.float32)

    return heard


def _merged(timeline: Timeline) -> list[tuple[float, float]]:
    """The silences in seconds, without the music between two of them if it had no time to come back."""
    merged: list[tuple[float, float]] = []
    for start, end in timeline.silences:
        begin, stop = start / timeline.fps, end / timeline.fps
        if merged and begin - merged[-1][1] < UP + DOWN:
            merged[-1] = merged[-1][0], stop
        else:
            merged.append((begin, stop))
    return merged


def _evened(sound: Samples) -> Samples:
    """An insert's sound as loud as a take, fading in and out so that a cut does not click."""
    blocks = np.square(sound[: len(sound) // 480 * 480]).reshape(-1, 480).mean(axis=1)
    if not len(blocks) or blocks.max() < 1e-9:
        return np.zeros(len(sound), np.float32)
    gain = SPEECH / np.sqrt(blocks[blocks > blocks.max() * 1e-3].mean())
    fade = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (INSERT_FADE * RATE)
    even: Samples = (sound * min(gain, MOST_GAIN) * np.minimum(fade, 1.0)).astype(np.float32)
    return even


class _Ducking:
    """Gain of what is heard besides the words: `under` dB below them, more in a long gap."""

    def __init__(self, timeline: Timeline, under: float) -> None:
        spans: list[list[float]] = []
        for beat in timeline.beats:
            for word in beat.words:
                begin, end = word.start / timeline.fps, word.end / timeline.fps
                if spans and begin - spans[-1][1] < GAP:
                    spans[-1][1] = max(spans[-1][1], end)
                else:
                    spans.append([begin, end])
        self.times = [t for begin, end in spans for t in (begin - DOWN, begin, end, end + UP)] or [0.0]
        self.decibels = [d for _ in spans for d in (BETWEEN, under, under, BETWEEN)] or [BETWEEN]

    def __call__(self, first: int, last: int) -> Samples:
        """For samples `first` up to `last` of the film."""
        at = np.arange(first, last) / RATE
        gain: Samples = (10 ** (np.interp(at, self.times, self.decibels) / 20)).astype(np.float32)
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
    measured = loudness(_each(source, count))
    if not np.isfinite(measured):
        yield from _each(source, count)
        return
    for _ in range(3):  # the limiter takes a little loudness away; give it back
        gain = 10 ** ((LOUDNESS - measured) / 20)
        louder = _louder(source, count, gain)
        found = loudness(_each(louder, count))
        if abs(found - LOUDNESS) < 0.1:
            break
        measured += found - LOUDNESS
    yield from _each(louder, count)


def _louder(source: Source, count: int, gain: float) -> Source:
    """Each part with a gain, and limited as if the whole were there."""

    def louder(first: int, last: int) -> Samples:
        before = max(first - AROUND, 0)
        near = source(before, min(last + AROUND, count))
        return limited(near * np.float32(gain))[first - before : last - before]

    return louder


def _each(source: Source, count: int) -> Iterator[Samples]:
    """Block after block; the next ones are worked out while one is used, a core each."""
    most = min(cores(), AHEAD)
    with ThreadPoolExecutor(most) as threads:
        ahead: deque[Future[Samples]] = deque()
        for first in range(0, count, BLOCK):
            ahead.append(threads.submit(source, first, min(first + BLOCK, count)))
            if len(ahead) > most:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


# ---------------------------------------------------------------------- encoding
def _encode(path: Path, blocks: Iterator[Samples]) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = AUDIO_BITRATE
        count = 0
        for block in blocks:
            sides = block.T if block.ndim == 2 else [block, block]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sides), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, count, Fraction(1, RATE)
            count += len(block)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
