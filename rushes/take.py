"""A take: a beat's words read aloud, and when each of them is said.

    take = make_take("The KL penalty fell to 1.4.", voice("hibari"), Cache(Path("build/cache")))
    take.words[1]  # Word(text="KL", start=0.12, end=0.53)

Times come from the audio itself (forced alignment), never from counting characters.
"""

from __future__ import annotations

import json
import math
import wave
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache as once
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rushes.align import align
from rushes.aloud import tokens_aloud
from rushes.cache import Cache
from rushes.errors import RushesError
from rushes.voices import Speech, Voice

__all__ = ["RATE", "Take", "Word", "make_take"]

RATE = 48_000
"""Samples a second of every take's audio."""

_REVISION = 1  # of everything below that changes a take's audio or times: part of its cache key
_MARGIN = 0.05  # seconds of room kept around the speech
_FADE = 0.005
_LEVEL = 10 ** (-20 / 20)  # RMS of the spoken parts; the film's loudness is set when it is mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it is written in the script; `start` and `end` in seconds from the take's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One beat, read aloud."""

    audio: Path
    """WAV: mono, 48 kHz, 16-bit."""
    seconds: float
    words: tuple[Word, ...]
    """Exactly parallel to the text's `split()`; a token that is not said (a dash) has no length."""
    confidence: float
    """Share of the words whose times are plausible, 0..1."""
    low: tuple[int, ...]
    """Which words' times are doubtful: indices into `words`."""
    voice: str


def make_take(text: str, voice: Voice, cache: Cache, *, spoken: Mapping[str, str] = {}) -> Take:
    """Read `text` aloud and find every word in the audio.

    Args:
        text: what the captions show.
        spoken: how to say a written phrase, `{"Megacoach": "mega coach"}`; case does not matter.

    Raises:
        RushesError: nothing in the text can be said, the voice cannot say a word, or the words cannot be
            found in the audio. Names the text.
    """
    tokens = text.split()
    aloud, shared = tokens_aloud(tokens, spoken)
    words = [word for token in aloud for word in token]
    if not words:
        raise RushesError(f"there is nothing to say in '{text}'\n  mark the beat say:: no, or tell how it is spoken::")

    @once
    def recorded() -> tuple[Speech, NDArray[np.float32], float]:
        speech = voice.speak(words)
        return speech, *_mastered(speech)

    def timed(path: Path) -> None:
        speech, samples, cut = recorded()
        if speech.times is None:
            times = align(samples, words, speech.phonemes, text)
        else:
            times = [(start - cut, end - cut, True) for start, end in speech.times]
        found, doubtful = _written(tokens, aloud, times, len(samples) / RATE)
        low = sorted(doubtful | shared)
        path.write_text(json.dumps({"words": [asdict(word) for word in found], "low": low}), "utf-8")

    sound = {"words": words, "voice": voice.version, "revision": _REVISION}
    times = sound | {"tokens": tokens, "aloud": aloud, "aligner": version("pocketsphinx")}
    audio = cache.made("take", ".wav", sound, lambda path: _write_wav(path, recorded()[1]))
    kept = json.loads(cache.made("take", ".json", times, timed).read_text("utf-8"))
    with wave.open(str(audio)) as file:
        seconds = file.getnframes() / RATE
    low = tuple(kept["low"])
    return Take(
        audio=audio,
        seconds=seconds,
        words=tuple(Word(**word) for word in kept["words"]),
        confidence=1 - len(low) / len(tokens),
        low=low,
        voice=voice.name,
    )


def _written(
    tokens: Sequence[str],
    aloud: Sequence[Sequence[str]],
    times: Sequence[tuple[float, float, bool]],
    seconds: float,
) -> tuple[list[Word], set[int]]:
    """(the written tokens' times, from those of the words said for them; indices of the doubtful ones)."""
    found: list[Word] = []
    doubtful: set[int] = set()
    at, end = 0, 0.0
    for index, (token, said) in enumerate(zip(tokens, aloud, strict=True)):
        start = end
        if said:
            own = times[at : at + len(said)]
            start = min(max(own[0][0], end), seconds)
            end = min(max(own[-1][1], start), seconds)
            at += len(said)
            if not all(believable for *_, believable in own):
                doubtful.add(index)
        found.append(Word(text=token, start=round(start, 4), end=round(end, 4)))
    return found, doubtful


def _mastered(speech: Speech) -> tuple[NDArray[np.float32], float]:
    """(samples at 48 kHz: trimmed, levelled, faded at the edges; seconds cut from the start)."""
    from scipy.signal import resample_poly

    common = math.gcd(RATE, speech.rate)
    samples: NDArray[np.float32] = resample_poly(speech.samples, RATE // common, speech.rate // common)
    block = RATE // 100
    power = np.square(samples[: len(samples) // block * block]).reshape(-1, block).mean(axis=1)
    if not len(power) or power.max() == 0:
        return samples.astype(np.float32), 0.0
    heard = np.flatnonzero(power > power.max() * 10**-4.5)
    first = max(heard[0] * block - round(_MARGIN * RATE), 0)
    samples = samples[first : (heard[-1] + 1) * block + round(_MARGIN * RATE)]
    gain = _LEVEL / math.sqrt(power[power > power.max() * 10**-3].mean())
    gain = min(max(gain, 0.5), 2.0)
    gain = min(gain, 0.9 / float(np.abs(samples).max()))
    fade = np.linspace(0, 1, round(_FADE * RATE), dtype=np.float32)
    samples = samples * np.float32(gain)
    samples[: len(fade)] *= fade
    samples[-len(fade) :] *= fade[::-1]
    return samples.astype(np.float32), float(first / RATE)


def _write_wav(path: Path, samples: NDArray[np.float32]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).round().astype("<i2").tobytes())
