"""Loudness: how loud a sound is to its listeners, and the limiter that keeps its peaks below a ceiling.

Sounds are float32, (n,) in one channel or (n, 2) in two, at 48 kHz; one channel is heard from two loudspeakers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["PEAK", "RATE", "limited", "loudness"]

RATE = 48_000  # samples a second
PEAK = -1.0  # dBTP
OVERSAMPLING = 4  # true peaks lie between samples
LOOK_AHEAD = 0.005  # seconds over which the limiter closes
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
    from scipy.signal import resample_poly

    # the encoder moves peaks by a little, and more if the two sides differ
    ceiling = 10 ** (PEAK / 20) * (0.98 if sound.ndim == 1 else 0.95)
    peaks = np.abs(resample_poly(sound, OVERSAMPLING, 1)).reshape(len(sound), -1).max(axis=1)
    reach = 2 * round(LOOK_AHEAD * RATE) + 1
    over = np.maximum(maximum_filter1d(peaks, 2 * reach) / ceiling, 1.0)
    quieter: Samples = (sound.T / uniform_filter1d(over, reach)).T.astype(np.float32)
    return quieter
