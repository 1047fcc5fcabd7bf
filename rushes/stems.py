"""Stems: narration, inserts, music and effects as files of their own, for somebody who mixes them again.

Each is as long as the film. Added up they are its sound as it is before it is brought to its loudness.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rushes.cache import Cache, whole
from rushes.score import Score
from rushes.sound import BLOCK, RATE, Samples, parts, together
from rushes.take import Take
from rushes.timeline import Timeline

__all__ = ["write_stems"]

DEPTH = 3  # bytes a sample: takes have 16 bits, music and effects more
FULL = 2 ** (8 * DEPTH - 1) - 1


def write_stems(
    folder: Path, timeline: Timeline, takes: Sequence[Take | None], cache: Cache, score: Score
) -> list[Path]:
    """Write `narration.wav` and what else is heard: 48 kHz, 24 bits, one channel for what has one."""
    found, count = parts(timeline, takes, cache, score)
    for stale in folder.glob("*.wav"):
        if stale.stem not in found:
            stale.unlink()
    written = []
    for name, several in found.items():
        stereo = name in ("music", "effects")
        source, path = together(several, stereo), folder / f"{name}.wav"
        with whole(path) as partial, wave.open(str(partial), "wb") as file:
            file.setnchannels(2 if stereo else 1)
            file.setsampwidth(DEPTH)
            file.setframerate(RATE)
            for first in range(0, count, BLOCK):
                file.writeframes(_packed(source(first, min(first + BLOCK, count))))
        written.append(path)
    return written


def _packed(sound: Samples) -> bytes:
    """Three bytes a sample, the low one first."""
    whole_numbers = np.rint(np.clip(sound, -1, 1).astype(np.float64) * FULL).astype("<i4")
    packed: bytes = whole_numbers.reshape(-1, 1).view(np.uint8)[:, :DEPTH].tobytes()
    return packed
