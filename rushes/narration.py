"""Narration: words said by a voice, as the samples of a take and the seconds of each word.

Loaded only when something is narrated.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rushes.align import align
from rushes.take import RATE
from rushes.voices import Speech, Voice

__all__ = ["Narration"]

MARGIN = 0.05  # seconds of room kept around the speech
FADE = 0.005
LEVEL = 10 ** (-20 / 20)  # RMS of the spoken parts; the film's loudness is set when it is mixed


class Narration:
    """`words` as a voice says them; it speaks once, when it is first asked."""

    def __init__(self, voice: Voice, words: Sequence[str]) -> None:
        self.voice, self.words = voice, words

    @property
    def seconds(self) -> float:
        return len(self._recorded[1]) / RATE

    def times(self, text: str) -> Sequence[tuple[float, float, bool]]:
        """(start, end, whether they are plausible) of every word in seconds; `text` is named if that fails."""
        speech, samples, cut = self._recorded
        if speech.times is None:
            return align(samples, self.words, speech.phonemes, text)
        return [(start - cut, end - cut, end > start) for start, end in speech.times]

    def write(self, path: Path) -> None:
        """A WAV: mono, 48 kHz, 16-bit."""
        with open(path, "wb") as opened, wave.open(opened, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((np.clip(self._recorded[1], -1, 1) * 32_767).round().astype("<i2").tobytes())

    @cached_property
    def _recorded(self) -> tuple[Speech, NDArray[np.float32], float]:
        speech = self.voice.speak(self.words)
        return speech, *mastered(speech)


def mastered(speech: Speech) -> tuple[NDArray[np.float32], float]:
    """(samples at 48 kHz: trimmed, levelled, faded at the edges; seconds cut from the start)."""
    from scipy.signal import resample_poly

    from rushes.loudness import limited

    common = math.gcd(RATE, speech.rate)
    samples: NDArray[np.float32] = resample_poly(speech.samples, RATE // common, speech.rate // common)
    block = RATE // 100
    power = np.square(samples[: len(samples) // block * block]).reshape(-1, block).mean(axis=1)
    if not len(power) or power.max() == 0:
        return samples.astype(np.float32), 0.0
    heard = np.flatnonzero(power > power.max() * 10**-4.5)
    first = max(heard[0] * block - round(MARGIN * RATE), 0)
    samples = samples[first : (heard[-1] + 1) * block + round(MARGIN * RATE)]
    gain = LEVEL / math.sqrt(power[power > power.max() * 10**-3].mean())
    fade = np.linspace(0, 1, round(FADE * RATE), dtype=np.float32)
    # a sharp consonant is turned down alone: as quiet as its peak needs, the whole take would be up to 4 dB quieter
    samples = limited(samples.astype(np.float32) * np.float32(min(max(gain, 0.5), 2.0)))
    samples[: len(fade)] *= fade
    samples[-len(fade) :] *= fade[::-1]
    return samples.astype(np.float32), float(first / RATE)
