"""Hearing: which words somebody says in a recording, when the words that should be said are known.

heard = Ear(known([["One", "minus", "sign."]], [pronounced(["One", "minus", "sign."])])).hear(samples)
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rushes.align import arpabet
from rushes.aloud import bare_word

__all__ = ["RATE", "Ear", "Heard", "Known", "known", "wide"]

RATE = 16_000
"""Samples a second of what is listened to."""
COMMON = 4000  # words of everyday English that may be said instead of the written ones
ELSEWHERE = 0.25  # how likely a word is one of them, where nothing is known of what comes before it
DISCOUNT = 0.4  # of every count: left to words that never came there
SHORTEST, LONGEST = 12.0, 24.0  # seconds listened to at once; cut where it is quietest
NARROW = 1e-3  # of the power of 1 to 3.8 kHz: with less from 4.2 to 7 kHz, a recording is a telephone's
_BETWEEN = 0.0078  # seconds: as in align.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A word that was said, from `start` to `end` in seconds."""

    word: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The words that should be said, of every sentence, as they are compared: lower case, without punctuation."""

    sentences: tuple[tuple[str, ...], ...]
    sounds: dict[str, tuple[str, ...]]
    """How each word may sound, in the recogniser's alphabet; empty for a word nobody can say."""


def known(sentences: Iterable[Sequence[str]], phonemes: Iterable[Sequence[str]]) -> Known:
    """The words of sentences, with the sounds that a voice would make."""
    kept: list[tuple[str, ...]] = []
    sounds: dict[str, dict[str, None]] = defaultdict(dict)
    for words, said in zip(sentences, phonemes, strict=True):
        kept.append(tuple(bare_word(word) for word in words))
        for word, ipa in zip(kept[-1], said, strict=True):
            if own := " ".join(arpabet(ipa)):
                sounds[word][own] = None
    return Known(sentences=tuple(kept), sounds={word: tuple(own) for word, own in sounds.items()})


class Ear:
    """Listens for the words of a script, or for common words of English in their place."""

    def __init__(self, script: Known) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(samprate=RATE, lm=None, cmn="batch", bestpath=False, loglevel="FATAL")
        for word, sounds in script.sounds.items():
            self._teach(word, sounds)
        self._script = script
        self._listens = False

    def hear(self, samples: NDArray[np.float32]) -> list[Heard]:
        """What is said in a recording, (n,) at 16 kHz."""
        if not self._listens:
            sayable = [[word for word in words if word in self._script.sounds] for words in self._script.sentences]
            with tempfile.NamedTemporaryFile("w", suffix=".lm", encoding="utf-8") as file:
                file.write(_model(sayable, _common()))
                file.flush()
                self._decoder.add_lm_file("script", file.name)
            self._listens = True
        self._decoder.activate_search("script")
        found = []
        for first, last in _pieces(samples):
            at = first / RATE + _BETWEEN
            for word, start, end in self._words(samples[first:last]):
                found.append(Heard(word=word, start=round(start + at, 3), end=round(end + at, 3)))
        return found

    def fits(self, samples: NDArray[np.float32], words: Sequence[str]) -> float:
        """How well words fit what is said in (n,) samples at 16 kHz; to be compared with other words for the same."""
        if not words or any(self._decoder.lookup_word(word) is None for word in words):
            return -math.inf
        room = np.pad(samples, RATE // 5)
        self._decoder.set_align_text(" ".join(words))
        found = [word for word, *_ in self._words(room)]
        if found != list(words):
            return -math.inf
        self._decoder.set_alignment()  # a second pass, over the sounds of these words, scores them
        self._listen(room)
        return float(sum(word.score for word in self._decoder.get_alignment().words()))

    def teach(self, phonemes: Mapping[str, Sequence[str]]) -> None:
        """Add words that were heard before, when the script was another, with the sounds that a voice makes."""
        for word, said in phonemes.items():
            sounds = " ".join(arpabet("".join(said)))
            if sounds and self._decoder.lookup_word(word) is None:
                self._teach(word, [sounds])

    def _teach(self, word: str, sounds: Sequence[str]) -> None:
        """Add a word, or other ways to say one that the dictionary has."""
        have, name, n = set(), word, 1
        while known_as := self._decoder.lookup_word(name):
            have.add(known_as)
            n += 1
            name = f"{word}({n})"
        for own in sounds:
            if own not in have:
                self._decoder.add_word(name, own, True)
                n += 1
                name = f"{word}({n})"

    def _listen(self, samples: NDArray[np.float32]) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(_pcm(samples), full_utt=True)
        self._decoder.end_utt()

    def _words(self, samples: NDArray[np.float32]) -> Iterator[tuple[str, float, float]]:
        self._listen(samples)
        for segment in self._decoder.seg() or () if self._decoder.hyp() else ():
            if not segment.word.startswith(("<", "[")):
                yield re.sub(r"\(\d+\)$", "", segment.word), segment.start_frame / 100, (segment.end_frame + 1) / 100


def _pcm(samples: NDArray[np.float32]) -> bytes:
    """Levelled, with a bit of noise that is always the same, as digital silence has no spectrum."""
    peak = float(np.abs(samples).max(initial=1e-6))
    noise = np.random.default_rng(0).standard_normal(len(samples))
    return (samples * (16_000 / peak) + noise).clip(-32_768, 32_767).astype("<i2").tobytes()


def wide(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], bool]:
    """(a recording, (n,) at 48 kHz, as it is listened to: at 16 kHz; whether it came over a telephone).

    What came over a telephone has nothing above 4 kHz, where the recogniser looks for an s: its lower half is
    mirrored there.
    """
    from scipy.signal import resample_poly

    heard: NDArray[np.float32] = resample_poly(samples, 1, 3).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(heard)))
    pitch = np.fft.rfftfreq(len(heard), 1 / RATE)
    low, high = ((power[(pitch > a) & (pitch < b)]).sum() for a, b in ((1000, 3800), (4200, 7000)))
    if high > NARROW * low:
        return heard, False
    mirrored = np.zeros((len(heard) + 1) // 2 * 2, np.float32)
    mirrored[::2] = resample_poly(heard, 1, 2) * 2
    return mirrored[: len(heard)], True


def _pieces(samples: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """A recording in pieces, cut where 0.2 s are quietest."""
    step = RATE // 100
    power = np.square(samples[: len(samples) // step * step]).reshape(-1, step).sum(axis=1)
    quiet = np.convolve(power, np.ones(20), mode="same")
    first = 0
    while (len(power) - first) / 100 > LONGEST:
        low, high = first + round(SHORTEST * 100), first + round(LONGEST * 100)
        cut = low + int(np.argmin(quiet[low:high]))
        yield first * step, cut * step
        first = cut
    yield first * step, len(samples)


# ---------------------------------------------------------------------- the language of a script
@lru_cache(maxsize=1)
def _common() -> dict[str, float]:
    """The most common words of English and how often they come, from the model that ships with the recogniser."""
    from pocketsphinx import LogMath, NGramModel, get_model_path

    base = Path(get_model_path("en-us"))
    math_ = LogMath()
    model = NGramModel(None, math_, str(base / "en-us.lm.bin"))
    words = {line.split(maxsplit=1)[0] for line in (base / "cmudict-en-us.dict").read_text("utf-8").splitlines()}
    scored = {word: model.prob([word]) for word in words if "(" not in word}
    best = sorted(scored, key=lambda word: (-scored[word], word))[:COMMON]
    chance = {word: math_.exp(scored[word]) for word in best}
    return {word: p / sum(chance.values()) for word, p in chance.items()}


def _model(sentences: Sequence[Sequence[str]], common: dict[str, float]) -> str:
    """A trigram model (ARPA): what is written follows itself; everything else may come too."""
    stream = [word for words in sentences for word in words]
    counts = Counter(stream)
    single = {word: ELSEWHERE * p for word, p in common.items()}
    for word, count in counts.items():
        single[word] = single.get(word, 0) + (1 - ELSEWHERE) * count / max(len(stream), 1)
    single["</s>"] = 0.02
    pairs: Counter[tuple[str, str]] = Counter(pairwise(stream))
    pairs.update(("<s>", words[0]) for words in sentences if words)
    pairs.update((words[-1], "</s>") for words in sentences if words)
    triples = Counter(zip(stream, stream[1:], stream[2:], strict=False))
    triples.update(("<s>", words[0], words[1]) for words in sentences if len(words) > 1)

    after: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for (a, b), count in pairs.items():
        after[a,].append((b, count))
    for (a, b, c), count in triples.items():
        after[a, b].append((c, count))
    left: dict[tuple[str, ...], float] = {}
    given: dict[tuple[str, ...], float] = {}
    for past, following in sorted(after.items(), key=lambda one: len(one[0])):
        whole = sum(count for _, count in following)
        for word, count in following:
            given[*past, word] = (count - DISCOUNT) / whole
        seen = sum(
            given.get((*past[1:], word), single[word]) if len(past) > 1 else single[word] for word, _ in following
        )
        left[past] = DISCOUNT * len(following) / whole / max(1 - seen, 1e-3)

    def line(words: tuple[str, ...], chance: float) -> str:
        backoff = f" {math.log10(left[words]):.4f}" if words in left else ""
        return f"{math.log10(max(chance, 1e-9)):.4f} {' '.join(words)}{backoff}"

    orders = [
        [line(("<s>",), 1e-9), *(line((word,), p) for word, p in single.items())],
        [line(pair, given[pair]) for pair in sorted(pairs)],
        [line(triple, given[triple]) for triple in sorted(triples)],
    ]
    head = "\n".join(f"ngram {n}={len(lines)}" for n, lines in enumerate(orders, 1))
    body = "\n\n".join(f"\\{n}-grams:\n" + "\n".join(lines) for n, lines in enumerate(orders, 1))
    return f"\\data\\\n{head}\n\n{body}\n\n\\end\\\n"
