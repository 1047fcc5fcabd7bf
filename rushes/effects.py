"""Effects: the few short sounds a film may have, synthesised here and always the same."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rushes.loudness import RATE
from rushes.score import EFFECTS

__all__ = ["effect"]

PEAKS = {"ding": -9.0, "paper": -15.0, "thump": -8.0, "tick": -16.0, "whoosh": -14.0}  # dBFS, beside takes at -20 RMS

Samples = npt.NDArray[np.float32]


@lru_cache(maxsize=8)
def effect(name: str) -> Samples:
    """An effect of `score.EFFECTS`: float32 (n, 2) at 48 kHz, from silence to silence."""
    dice = np.random.default_rng(EFFECTS.index(name))
    match name:
        case "ding":  # a small bell: partials that are no multiples, the higher the sooner gone
            t = _seconds(2.6)
            parts = ((1, 1.0, 0.9), (2.76, 0.5, 0.5), (5.40, 0.25, 0.25), (8.93, 0.1, 0.12))
            mono = sum(a * np.sin(2 * np.pi * 988 * k * t) * np.exp(-t / d) for k, a, d in parts)
            sides = np.stack([mono, sum(a * np.sin(2 * np.pi * 989 * k * t) * np.exp(-t / d) for k, a, d in parts)])
        case "thump":  # a body that gives way: low, and lower
            t = _seconds(0.5)
            turn = np.cumsum(2 * np.pi * (48 + 70 * np.exp(-t / 0.04)) / RATE)
            mono = np.sin(turn) * np.exp(-t / 0.11) + 0.08 * _noise(len(t), 200, 900, dice)[0] * np.exp(-t / 0.015)
            sides = np.stack([mono, mono])
        case "tick":
            t = _seconds(0.08)
            mono = np.sin(2 * np.pi * 2100 * t) * np.exp(-t / 0.008) + 0.4 * np.sin(2 * np.pi * 3400 * t) * np.exp(
                -t / 0.004
            )
            sides = np.stack([mono, mono])
        case "whoosh":  # air that rises in pitch and passes from left to right
            t = _seconds(0.9)
            low, high = _noise(len(t), 200, 900, dice), _noise(len(t), 700, 3500, dice)
            along = t / t[-1]
            shape = np.sin(np.pi * along**0.8) ** 2
            sides = (low * (1 - along) + high * along) * shape
            sides *= np.sqrt(np.stack([1 - 0.7 * along, 0.3 + 0.7 * along]))
        case _:  # paper: a sheet is laid down, in a few crackles
            t = _seconds(0.35)
            grains = (dice.random(len(t)) > 0.997) * dice.standard_normal(len(t))
            crackle = np.convolve(grains, np.exp(-np.arange(200) / 40))[: len(t)]
            sides = (
                _noise(len(t), 1500, 7000, dice) * (0.4 + np.abs(crackle)) * np.sin(np.pi * t / t[-1]).clip(0) ** 0.7
            )
    edge = np.minimum(np.minimum(t / 0.002, 1), np.minimum((t[-1] - t) / 0.05, 1))
    sides = sides * edge
    made: Samples = (sides / np.abs(sides).max() * 10 ** (PEAKS[name] / 20)).T.astype(np.float32)
    made.flags.writeable = False
    return made


def _seconds(length: float) -> npt.NDArray[np.float64]:
    return np.arange(round(length * RATE)) / RATE


def _noise(count: int, low: float, high: float, dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Noise between two pitches, a row a side, at most 1."""
    spectrum = np.fft.rfft(dice.standard_normal((2, count)))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / np.sqrt(1 + (low / np.maximum(hertz, 1)) ** 6) / np.sqrt(1 + (hertz / high) ** 6)
    noise: npt.NDArray[np.float64] = np.fft.irfft(spectrum, count)
    noise /= np.abs(noise).max()
    return noise
