"""Loudness: how loud a sound is to its listeners, and the limiter that keeps its peaks below a ceiling.

Sounds are float32, (n,) in one channel or (n, 2) in two, at 48 kHz; one channel is heard from two loudspeakers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np
import numpy.typing as npt

__all__ = ["PEAK", "RATE", "limited", "loudness"]

RATE = 48_000  # samples a second
PEAK = -1.0  # dBTP
OVERSAMPLING = 4  # true peaks lie between samples
LOOK_AHEAD = 0.005  # seconds over which the limiter closes
AROUND = 16  # samples that the oversampling filter reaches, and a few more
OVERSHOOT = 2.5  # how much higher a true peak may be than any sample near it: the sum of that filter's weights is 2.2
HOP = RATE // 10  # samples: loudness is that of stretches of 0.4 s, one each 0.1 s

Samples = npt.NDArray[np.float32]


def loudness(blocks: Iterable[Samples]) -> float:
    """LUFS (ITU-R BS.1770-4) as a player hears it; minus infinity if there is less than a second, or silence.

    One channel is 3 dB louder than a meter says that hears it from one loudspeaker. All blocks but the last are whole
    tenths of a second.
    """
    from pyloudnorm import IIRfilter  # a second to import, and the sound may be made already
    from scipy.signal import lfilter

    stages = [IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, RATE, "high_shelf"), IIRfilter(0.0, 0.5, 38.0, RATE, "high_pass")]
    states: list[npt.NDArray[np.float64]] = []
    hops: list[npt.NDArray[np.float64]] = []
    count = 0
    for block in blocks:
        heard = block.reshape(len(block), -1).T.astype(np.float64)  # a row a channel
        states = states or [np.zeros((len(heard), 2)) for _ in stages]
        for i, stage in enumerate(stages):
            heard, states[i] = lfilter(stage.b, stage.a, heard, zi=states[i])
        heard = np.pad(heard, ((0, 0), (0, -heard.shape[1] % HOP)))
        hops.append(np.square(heard).reshape(len(heard), -1, HOP).sum(axis=(0, 2)) * 2 / len(heard))
        count += len(block)
    if count <= RATE:  # too short to have one
        return -np.inf
    power = np.convolve(np.concatenate(hops), np.ones(4), "valid") / (4 * HOP)
    power = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not len(power):
        return -np.inf
    power = power[power > power.mean() / 10]
    return float(-0.691 + 10 * np.log10(power.mean()))


def limited(sound: Samples) -> Samples:
    """Turn down what would pass the ceiling, smoothly, looking ahead so that nothing clicks."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    # the encoder moves peaks by a little, and by up to 1 dB at a sharp consonant if the two sides differ
    ceiling = 10 ** (PEAK / 20) * (0.98 if sound.ndim == 1 else 0.89)
    peaks = _peaks(sound, ceiling)
    reach = 2 * round(LOOK_AHEAD * RATE) + 1
    over = np.maximum(maximum_filter1d(peaks, 2 * reach) / ceiling, 1.0)
    quieter: Samples = (sound.T / uniform_filter1d(over, reach)).T.astype(np.float32)
    return quieter


def _peaks(sound: Samples, ceiling: float) -> Samples:
    """The true peak at each sample, (n,); where none can pass the ceiling, that of the samples."""
    from scipy.signal import resample_poly

    found = _highest(sound, len(sound))
    loud = np.flatnonzero(found > ceiling / OVERSHOOT)
    if not len(loud):
        return found
    cuts = np.flatnonzero(np.diff(loud) > RATE // 10) + 1  # shorter gaps are not worth a call
    for run in np.split(loud, cuts):
        # those near a loud sample too: the peak between two samples counts for the first of them
        first, last = max(run[0] - AROUND, 0), min(run[-1] + 1 + AROUND, len(sound))
        begin, end = max(first - AROUND, 0), min(last + AROUND, len(sound))
        near = _highest(resample_poly(sound[begin:end], OVERSAMPLING, 1), end - begin)
        found[first:last] = near[first - begin : last - begin]
    return found


def _highest(sound: Samples, count: int) -> Samples:
    """The largest size in each of `count` equal stretches: column by column, as a row has only a few numbers."""
    return reduce(np.maximum, np.abs(sound).reshape(count, -1).T)
