"""Music: a calm bed below the words, synthesised here, so that nobody has to be asked for it.

Slow chords and soft plucks are two loops of different lengths, so that together they repeat after twelve minutes.
Every section is in the next of four keys. A loop is made in a circle: what rings on at its end is heard at its
beginning, and there is no join.
"""

from __future__ import annotations

import hashlib
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from scipy import fft
from scipy.signal import resample_poly

from rushes.cache import Cache
from rushes.loudness import RATE, loudness

__all__ = ["KEYS", "LEVEL", "Bed", "bed", "file_bed", "loop", "problem"]

HALF = RATE // 2  # nothing in it is higher than a quarter of the rate; made at half of it, a loop takes half the time
CHORD = 8  # seconds
CHORDS, BARS = 8, 11  # of the loop of chords; of that of plucks, four seconds each: 704 s until both begin together
KEYS = (48, 53, 46, 51)  # the roots, as MIDI notes: C, F, B flat, E flat
LEVEL = -18.1  # LUFS of a bed, which are a take's; what is mixed turns it down from there
FADE = 3.0  # seconds from one key to the next, or from the end of a file to its beginning
_REVISION = 1  # of everything here that changes how a bed sounds

Samples = npt.NDArray[np.float32]

# Semitones above the root; the lowest note is the chord's own.
VOICINGS = {
    "I": (-12, 0, 7, 14, 16),
    "ii": (-10, 2, 5, 9, 12),
    "iii": (-8, 4, 7, 11, 14),
    "IV": (-7, 5, 9, 12, 16),
    "V": (-5, 7, 12, 14, 17),
    "vi": (-15, -3, 4, 7, 12),
}
FOLLOWS = {
    "I": ("IV", "vi", "iii"),
    "ii": ("V", "IV"),
    "iii": ("vi", "IV"),
    "IV": ("I", "ii", "V"),
    "V": ("I", "vi"),
    "vi": ("IV", "ii"),
}
PENTATONIC = (12, 14, 16, 19, 21, 24, 26, 28)  # fits every chord above


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Music as long as it is wanted, at one level throughout."""

    loops: tuple[tuple[Path, ...], ...]
    """For each key, the WAV files that are heard together, each over and over."""
    starts: tuple[int, ...]
    """Sample at which each section begins; every one is in the next key."""
    seam: int = 0
    """Samples over which the end of a loop goes over into its beginning; 0 if it was made in a circle."""

    def __call__(self, first: int, last: int) -> Samples:
        """Samples `first` up to `last`, float32 (n, 2)."""
        at = np.arange(first, last)
        out = np.zeros((last - first, 2), np.float32)
        half = round(FADE * RATE / 2)
        for key, loops in enumerate(self.loops):
            gain = np.zeros(last - first, np.float32)
            for begin, end in self._heard(key):
                if begin - half < last and first < end + half:
                    # the two sides of a change are strangers: their powers add up
                    edges = np.minimum(_rise(at, begin, half), 1 - _rise(at, end, half))
                    gain = np.maximum(gain, np.sin(np.float32(np.pi / 2) * edges))
            if gain.any():
                for loop in loops:
                    out += gain[:, None] * _looped(loop, first, last, self.seam)
        return out

    def _heard(self, key: int) -> Iterator[tuple[float, float]]:
        """From where to where a key is heard."""
        ends = [*self.starts[1:], np.inf]
        for i, (start, end) in enumerate(zip(self.starts, ends, strict=True)):
            if i % len(self.loops) == key:
                yield (start if i else -np.inf), end


def _rise(at: npt.NDArray[np.int64], centre: float, half: int) -> npt.NDArray[np.float32]:
    """From 0 to 1 around a sample."""
    if not np.isfinite(centre):
        return np.full(len(at), 1.0 if centre < 0 else 0.0, np.float32)
    return np.clip((at - (centre - half)) / (2 * half), 0, 1).astype(np.float32)


def _looped(path: Path, first: int, last: int, seam: int) -> Samples:
    with wave.open(str(path), "rb") as file:
        length = file.getnframes()
        seam = min(seam, length // 4)
        round_ = length - seam
        out = np.empty((last - first, 2), np.float32)
        at = first
        while at < last:
            place = at % round_
            count = min(round_ - place, last - at)
            part = _read(file, place, count)
            if place < seam and at >= round_:  # not the very first time: there is nothing before it
                end = min(seam - place, count)
                turn = (np.float32(np.pi / 2 / seam) * (place + np.arange(end, dtype=np.float32)))[:, None]
                over = _read(file, round_ + place, end)
                part[:end] = part[:end] * np.sin(turn) + over * np.cos(turn)
            out[at - first : at - first + count] = part
            at += count
    return out


def _read(file: wave.Wave_read, place: int, count: int) -> Samples:
    file.setpos(place)
    return np.frombuffer(file.readframes(count), "<i2").reshape(-1, 2).astype(np.float32) / np.float32(32768)


def bed(seed: str, starts: Sequence[int], cache: Cache) -> Bed:
    """The bed of the film that is called `seed`, whose sections begin at these samples."""
    loops = []
    for key in range(min(len(KEYS), max(len(starts), 1))):
        made = []
        for part in ("chords", "plucks"):
            inputs = {"seed": seed, "key": key, "part": part, "revision": _REVISION, "numpy": version("numpy")}
            made.append(cache.made("bed", ".wav", inputs, partial(_write, seed=seed, key=key, part=part)))
        loops.append(tuple(made))
    return Bed(loops=tuple(loops), starts=tuple(starts) or (0,))


def file_bed(path: Path, cache: Cache) -> Bed:
    """A bed of somebody's own music, over and over."""
    made = cache.made("bed", ".wav", {"file": path, "revision": _REVISION}, lambda target: _copy(path, target))
    return Bed(loops=((made,),), starts=(0,), seam=round(FADE * RATE))


# ---------------------------------------------------------------------- somebody's own
def problem(path: Path) -> str:
    """Why a file cannot be heard; empty if it can."""
    try:
        heard = any(len(part) for part in _decoded(path))
    except (FFmpegError, ValueError, OSError):
        heard = False
    return "" if heard else f"'{path.name}' has no sound that can be played"


def _decoded(path: Path) -> Iterator[Samples]:
    """The sound of a file, a second at a time, float32 (n, 2)."""
    with av.open(str(path)) as file:
        if not file.streams.audio:
            return
        resampler = AudioResampler(format="flt", layout="stereo", rate=RATE, frame_size=RATE)
        for frame in (*file.decode(audio=0), None):
            for part in resampler.resample(frame):
                yield part.to_ndarray().reshape(-1, 2).astype(np.float32)


def _copy(path: Path, target: Path) -> None:
    """A file's sound as a WAV at the level of a bed."""
    loud = loudness(_decoded(path))
    gain = 10 ** ((LEVEL - loud) / 20) if np.isfinite(loud) else 1.0
    with _wav(target) as file:
        for part in _decoded(path):
            file.writeframes(_pcm(part * np.float32(gain)))


# ---------------------------------------------------------------------- making a loop
def _write(path: Path, seed: str, key: int, part: str) -> None:
    with _wav(path) as file:
        sound = loop(seed, key, part)
        for at in range(0, len(sound), RATE):
            file.writeframes(_pcm(sound[at : at + RATE]))


def _wav(path: Path) -> wave.Wave_write:
    file = wave.open(str(path), "wb")  # noqa: SIM115  # its caller closes it
    file.setnchannels(2)
    file.setsampwidth(2)
    file.setframerate(RATE)
    return file


def _pcm(sound: Samples) -> bytes:
    return (np.clip(sound, -1, 1) * 32_767).round().astype("<i2").tobytes()


def loop(seed: str, key: int, part: str) -> Samples:
    """A loop of a bed, float32 (n, 2) at 48 kHz. Chords and plucks together have the bed's level."""
    dice = np.random.default_rng(list(hashlib.sha256(f"{seed} {key} {part}".encode()).digest()))
    count = (CHORD * CHORDS if part == "chords" else 4 * BARS) * HALF
    dry = np.zeros((2, count), np.float32)
    if part == "chords":
        for i, chord in enumerate(_progression(dice)):
            for note in VOICINGS[chord]:
                _pad(dry, i * CHORD * HALF, KEYS[key] + note, dice)
    else:
        _plucks(dry, KEYS[key], dice)
    sound = np.empty((2 * count, 2), np.float32)
    for side in (0, 1):
        sound[:, side] = _in_a_room(dry[side], dice)
    share = -1.0 if part == "chords" else -6.9  # dB: 80 and 20 % of the power
    sound *= np.float32(
        10 ** ((LEVEL + share - loudness(sound[at : at + RATE] for at in range(0, len(sound), RATE))) / 20)
    )
    return sound


def _progression(dice: np.random.Generator) -> list[str]:
    chords = ["I"]
    while len(chords) < CHORDS:
        chords.append(str(dice.choice(FOLLOWS[chords[-1]])))
    if "I" not in FOLLOWS[chords[-1]]:
        chords[-1] = "IV"  # it begins again with I
    return chords


def _hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _add(target: Samples, start: int, sound: Samples, left: float) -> None:
    """Add a sound to both sides, going on at the beginning where the end is reached. `left` is 0..1."""
    count = target.shape[1]
    for side, gain in enumerate((np.sqrt(left), np.sqrt(1 - left))):
        done = 0
        while done < len(sound):
            at = (start + done) % count
            size = min(count - at, len(sound) - done)
            target[side, at : at + size] += np.float32(gain) * sound[done : done + size]
            done += size


def _pad(target: Samples, start: int, note: int, dice: np.random.Generator) -> None:
    """A note that swells and dies away over its neighbours: two voices a little apart in pitch and place."""
    swell, fall = 3.0, 4.0
    count = round((CHORD + fall) * HALF)
    t = np.arange(count, dtype=np.float32) / HALF
    shape = (
        np.sin(np.pi / 2 * np.clip(t / swell, 0, 1)) ** 2 * np.cos(np.pi / 2 * np.clip((t - CHORD) / fall, 0, 1)) ** 2
    )
    for left, cents in ((0.25, -3.0), (0.75, 3.0)):
        hertz = _hertz(note + cents / 100)
        wave_ = np.zeros(count, np.float32)
        for k in range(1, 6):
            turn = np.float32(2 * np.pi * hertz * k) * t + np.float32(dice.uniform(0, 2 * np.pi))
            wave_ += np.sin(turn, dtype=np.float32) / np.float32(k**1.9)
        breath = 1 + 0.25 * np.sin(2 * np.pi * dice.uniform(0.08, 0.16) * t + dice.uniform(0, 2 * np.pi))
        # the ear hears low notes as softer
        _add(target, start, (wave_ * shape * breath * (220 / hertz) ** 0.2).astype(np.float32), left)


def _plucks(target: Samples, root: int, dice: np.random.Generator) -> None:
    """Single notes like those of a thumb piano, each echoed twice from the other side."""
    step, here = HALF // 2, 3
    t = np.arange(round(2.5 * HALF), dtype=np.float32) / HALF
    for beat in range(target.shape[1] // step):
        if dice.random() > (0.30 if beat % 4 == 0 else 0.14):
            continue
        here = int(np.clip(here + dice.integers(-2, 3), 0, len(PENTATONIC) - 1))
        hertz = _hertz(root + PENTATONIC[here])
        note = np.zeros(len(t), np.float32)
        for multiple, loud, seconds in ((1, 1.0, 0.7), (2, 0.2, 0.35), (5.4, 0.04, 0.06)):
            note += np.float32(loud) * np.sin(2 * np.pi * hertz * multiple * t) * np.exp(-t / seconds)
        note *= np.minimum(t / 0.008, 1) * np.minimum((t[-1] - t) / 0.3, 1)
        left = float(dice.uniform(0.25, 0.75))
        for echo in range(3):
            side = left if echo % 2 == 0 else 1 - left
            _add(target, beat * step + echo * round(0.75 * HALF), note * np.float32(0.42**echo), side)


def _in_a_room(dry: Samples, dice: np.random.Generator) -> Samples:
    """A side of a loop with a room around it, dull at the top, at the full rate."""
    count = len(dry)
    decay = np.zeros(count, np.float32)
    long = round(2.4 * HALF)
    decay[:long] = dice.standard_normal(long, np.float32) * np.exp(-np.arange(long, dtype=np.float32) / (0.45 * HALF))
    decay *= np.float32(0.7 / np.sqrt(np.square(decay).sum()))
    decay[0] += 1.0
    hertz = np.arange(count // 2 + 1, dtype=np.float32) * (HALF / count)
    low = np.square(hertz / np.float32(70))
    tone = low / (1 + low) / np.sqrt(1 + (hertz / np.float32(1500)) ** 4)
    spectrum = fft.rfft(dry)
    spectrum *= fft.rfft(decay)
    spectrum *= tone
    around = 64  # samples, more than the filter below reaches
    ring = np.concatenate([(heard := fft.irfft(spectrum, count))[-around:], heard, heard[:around]])
    out: Samples = resample_poly(ring, RATE // HALF, 1)[2 * around : -2 * around]
    return out
