"""Cutting: parts of a recording, joined to the sound of a take."""

from __future__ import annotations

import math
import wave
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from numpy.typing import NDArray

from rushes.errors import RushesError
from rushes.narration import FADE, LEVEL
from rushes.take import RATE

__all__ = ["RecordingError", "cut", "read", "write"]

Samples = NDArray[np.float32]
Pieces = Sequence[tuple[float, float]]
LONGEST = 3 * 3600  # seconds of one file
AGAINST = 0.25  # of the louder channel's power: two channels that leave less when mixed cancel each other


class RecordingError(RushesError):
    """A recording that nothing can be made of."""

    def __init__(self, message: str, suggestion: str) -> None:
        super().__init__(f"{message}\n  {suggestion}")
        self.message, self.suggestion = message, suggestion


def read(path: Path) -> Samples:
    """A recording's sound, (n,) at 48 kHz: its channels mixed, or the louder one if they cancel each other.

    Raises:
        RecordingError: it cannot be read, or there is no sound in it.
    """
    again = "export it again as WAV, FLAC or M4A"
    blocks: list[Samples] = []
    try:
        with av.open(str(path)) as file:
            if not file.streams.audio:
                raise RecordingError("there is no sound in this recording", again)
            resampler = AudioResampler(format="fltp", layout="stereo", rate=RATE)
            for frame in file.decode(file.streams.audio[0]):
                blocks += [part.to_ndarray().astype(np.float32) for part in resampler.resample(frame)]
            blocks += [part.to_ndarray().astype(np.float32) for part in resampler.resample(None)]
    except (FFmpegError, OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise RecordingError(f"this recording cannot be read: {why}", again) from None
    both = np.concatenate(blocks, axis=1) if blocks else np.zeros((2, 0), np.float32)
    both = both[:, : LONGEST * RATE]
    power = np.square(both).mean(axis=1) if both.size else np.zeros(2)
    if power.max() < 1e-10:
        raise RecordingError("this recording is silent", "record it again: is the right microphone chosen?")
    mixed: Samples = both.mean(axis=0)
    if np.square(mixed).mean() < AGAINST * power.max():
        mixed = both[int(np.argmax(power))]
    return mixed


def cut(samples: Samples, pieces: Pieces, rate: int, fade: float = FADE) -> Samples:
    """Pieces of a sound, joined; each comes and goes within `fade` seconds, so that no join clicks."""
    size = round(fade * rate)
    ramp = np.linspace(0, 1, size, dtype=np.float32)
    parts = []
    for start, end in pieces:
        part = samples[round(start * rate) : round(end * rate)].copy()
        if len(part) > 2 * size:
            part[:size] *= ramp
            part[-size:] *= ramp[::-1]
        parts.append(part)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def write(recording: Path, pieces: Pieces, path: Path) -> None:
    """A take's WAV (mono, 48 kHz, 16-bit) from pieces of a recording, as loud as a voice's own takes."""
    samples = cut(read(recording), pieces, RATE)
    block = RATE // 100
    power = np.square(samples[: len(samples) // block * block]).reshape(-1, block).mean(axis=1)
    gain = LEVEL / math.sqrt(max(float(power[power >= power.max() * 1e-2].mean()), 1e-12))
    gain = min(gain, 0.9 / max(float(np.abs(samples).max()), 1e-6))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * gain * 32_767).round().astype("<i2").tobytes())
