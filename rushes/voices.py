"""Voices: words in, narration audio out. A new voice is one class here with a `name`, and a line in `voice`.

speech = voice("hibari").speak(["One", "researcher", "went", "home."])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from rushes.errors import RushesError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Hibari", "Silent", "Speech", "Voice", "pronounced", "voice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a voice said.

    A voice gives `times` if it knows them, else `phonemes`, from which the words are found in the audio.
    """

    samples: NDArray[np.float32]
    """Mono, shape (n,), in -1..1."""
    rate: int
    """Samples a second."""
    times: tuple[tuple[float, float], ...] | None = None
    """(start, end) of every word in seconds."""
    phonemes: tuple[str, ...] = ()
    """Every word as it was said, in misaki's IPA with stress marks and punctuation; "" for a word it cannot say."""


class Voice(Protocol):
    """What reads a script aloud. `version` names everything that can change the sound: it is part of cache keys."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def rate(self) -> int: ...

    def speak(self, words: Sequence[str]) -> Speech:
        """Say `words`, each without spaces and with its punctuation. The same words always sound the same."""
        ...


class Hibari:
    """hibari-tts with its voice 'heart', which ships inside the package: nothing is ever fetched.

    Runs on one thread; the engine (0.8 s to load) is loaded by the first `speak`.
    """

    name = "hibari"
    rate = 24_000

    @cached_property
    def version(self) -> str:
        return f"hibari-tts {version('hibari-tts')} heart"

    def speak(self, words: Sequence[str]) -> Speech:
        import numpy as np

        engine = _hibari()
        parts: list[NDArray[np.float32]] = []
        phonemes: list[str] = []
        for sentence in _sentences(words):
            said = pronounced(sentence)
            phonemes += said
            for chunk in _breaths(said):
                parts.append(engine.from_phonemes(" ".join(chunk), seed=0))
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Speech(samples=samples, rate=self.rate, phonemes=tuple(phonemes))


@lru_cache(maxsize=1)
def _hibari() -> Any:
    from hibari import Hibari as Engine  # 0.45 s, most of it onnxruntime: paid only by a run that speaks

    return Engine(voice="heart", threads=1)


def _sentences(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The engine reads sentence by sentence; it splits text, so count the words of each of its pieces."""
    at = 0
    for text in _hibari().split_sentences(" ".join(words)):
        size = len(text.split())
        yield words[at : at + size]
        at += size


def pronounced(words: Sequence[str]) -> list[str]:
    """The phonemes of each word, read in context ('the' before a vowel, 'read' after 'had')."""
    g2p = _hibari().g2p
    together = [""]
    for token in g2p.phonemize_tokens(g2p.tokenize(" ".join(words))):
        together[-1] += (token.phonemes or "").replace(" ", "")
        if token.whitespace:
            together.append("")
    if len(together) == len(words):
        return together
    return ["".join(g2p(word).split()) for word in words]


def _breaths(phonemes: Sequence[str], longest: int = 400) -> Iterator[Sequence[str]]:
    """Pieces of at most `longest` phonemes, the most the model reads at once, ended at punctuation if there is any."""
    start = 0
    while start < len(phonemes):
        end, size, pause = start, 0, start
        while end < len(phonemes) and (size + len(phonemes[end]) <= longest or end == start):
            size += len(phonemes[end]) + 1
            end += 1
            if phonemes[end - 1].endswith((",", ";", ":", "—")):
                pause = end
        if end < len(phonemes) and pause > start:
            end = pause
        yield phonemes[start:end]
        start = end


class Silent:
    """No engine: silence as long as the words would take at 150 words a minute, longer words longer. For drafts."""

    name = "silent"
    rate = 48_000
    version = "silent 1"
    words_per_minute = 150

    def speak(self, words: Sequence[str]) -> Speech:
        import numpy as np

        seconds = len(words) * 60 / self.words_per_minute
        size = np.array([len(word) + 2 for word in words], dtype=float)
        edges = np.concatenate([[0.0], np.cumsum(size)]) * (seconds / max(size.sum(), 1))
        times = tuple((float(a), float(b)) for a, b in pairwise(edges))
        return Speech(samples=np.zeros(round(seconds * self.rate), np.float32), rate=self.rate, times=times)


def voice(name: str) -> Voice:
    """The voice called `name`.

    Raises:
        RushesError: there is no such voice; names the nearest one.
    """
    voices: dict[str, type[Hibari] | type[Silent]] = {each.name: each for each in (Hibari, Silent)}
    if name not in voices:
        raise RushesError(f"there is no voice '{name}'\n  {did_you_mean(name, voices)}")
    return voices[name]()
