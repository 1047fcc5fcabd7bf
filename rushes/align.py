"""Align: when each word is said, found in the audio itself by forced alignment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rushes.errors import RushesError

__all__ = ["align", "arpabet"]

# misaki's alphabet (capitals are its diphthongs) in the aligner's.
_ARPABET = {
    "A": "EY", "I": "AY", "O": "OW", "Q": "OW", "W": "AW", "Y": "OY", "a": "AE", "æ": "AE", "ɑ": "AA", "ɒ": "AA",
    "ɔ": "AO", "ə": "AH", "ɐ": "AH", "ᵊ": "AH", "ᵻ": "IH", "ɪ": "IH", "i": "IY", "ʊ": "UH", "u": "UW", "ʌ": "AH",
    "ɛ": "EH", "e": "EH", "ɜ": "ER", "ɚ": "ER", "ʤ": "JH", "ʧ": "CH", "ʃ": "SH", "ʒ": "ZH", "θ": "TH", "ð": "DH",
    "ŋ": "NG", "j": "Y", "ɹ": "R", "ɡ": "G", "h": "HH", "b": "B", "d": "D", "f": "F", "k": "K", "l": "L", "m": "M",
    "n": "N", "p": "P", "s": "S", "t": "T", "v": "V", "w": "W", "z": "Z", "x": "K", "T": "T", "ʔ": "T", "ɾ": "T",
}  # fmt: skip
# Scores a frame below which a word does not fit. Of 40 words put in on purpose most score less; of 2,228 right ones 6
# do, all of them short: a vowel swallowed in "the" or "for" weighs too much there.
_WEAK, _WEAK_SHORT, _SHORT = -45.0, -80.0, 4
_LONG = 0.5  # seconds a sound
_ROOM = 20  # frames of 10 ms
_BETWEEN = 0.0078  # seconds: a frame is heard through a window of 25.6 ms, so its edge is half of what is left later


@lru_cache(maxsize=1)
def _aligner() -> Any:
    from pocketsphinx import Decoder

    # cmn: the mean of the whole take is taken out, not a running one, so that no take depends on the one before it.
    # bestpath: searching the lattice again may leave out the last word. silprob: a pause belongs to no word.
    return Decoder(samprate=16_000, lm=None, cmn="batch", bestpath=False, silprob=0.3, loglevel="FATAL")


def arpabet(phonemes: str) -> list[str]:
    """Sounds in misaki's alphabet as the aligner writes them."""
    return [_ARPABET[sound] for sound in re.sub("[ɜə]ɹ", "ɚ", phonemes) if sound in _ARPABET]


def align(
    samples: NDArray[np.float32], words: Sequence[str], phonemes: Sequence[str], text: str
) -> list[tuple[float, float, bool]]:
    """(start, end, believable) of every word in seconds, from the sounds the voice says it made.

    `samples` is (n,) at 48 kHz.
    """
    from scipy.signal import resample_poly

    decoder = _aligner()
    names: list[str] = []
    for word, ipa in zip(words, phonemes, strict=True):
        sounds = arpabet(ipa)
        if not sounds:
            raise RushesError(f"the voice cannot say '{word}' in '{text}'\n  tell it how with spoken::")
        # A word is named by its sounds, so that two readings of one spelling are two words.
        names.append("-".join(sounds))
        if decoder.lookup_word(names[-1]) is None:
            decoder.add_word(names[-1], " ".join(sounds), False)
    # The aligner wants silence around the speech, and digital silence has no spectrum: add room and a bit of noise,
    # always the same.
    heard = np.pad(resample_poly(samples, 1, 3) * 32_000, _ROOM * 160)
    pcm = (heard + np.random.default_rng(0).standard_normal(len(heard))).clip(-32_768, 32_767).astype("<i2")
    decoder.set_align_text(" ".join(names))
    _hear(decoder, pcm)
    found = [s for s in decoder.seg() or () if not s.word.startswith(("<", "["))] if decoder.hyp() else []
    if [s.word for s in found] != names:
        raise RushesError(f"the words could not be found in the audio of '{text}'\n  try other words, or spoken::")
    edges = [(s.start_frame - _ROOM, s.end_frame + 1 - _ROOM) for s in found]
    times = [(start / 100 + _BETWEEN, end / 100 + _BETWEEN) for start, end in edges]
    # A second pass, over the sounds of the words found, says how well each fits.
    decoder.set_alignment()
    _hear(decoder, pcm)
    scores = [word.score / word.duration for word in decoder.get_alignment().words() if word.name in set(names)]
    believed = []
    for name, score, (start, end) in zip(names, scores, times, strict=True):
        count = name.count("-") + 1
        weak = score < (_WEAK if count >= _SHORT else _WEAK_SHORT)
        believed.append((start, end, not weak and (end - start) / count < _LONG))
    return believed


def _hear(decoder: Any, pcm: NDArray[np.int16]) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm.tobytes(), full_utt=True)
    decoder.end_utt()
