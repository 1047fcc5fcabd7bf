"""A take: a beat's words read aloud, and when each of them is said.

    take = make_take("The KL penalty fell to 1.4.", voice("hibari"), Cache(Path("build/cache")))
    take.words[1]  # Word(text="KL", start=0.12, end=0.53)

Times come from the audio itself (forced alignment), never from counting characters.
"""

from __future__ import annotations

import json
import wave
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache as once
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.aloud import tokens_aloud
from rushes.cache import Cache
from rushes.errors import RushesError
from rushes.voices import Voice

if TYPE_CHECKING:
    from rushes.narration import Narration

__all__ = ["RATE", "Take", "Word", "is_made", "make_take", "written_words"]

RATE = 48_000
"""Samples a second of every take's audio."""

_REVISION = 2  # of everything below that changes a take's audio or times: part of its cache key


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it is written in the script; `start` and `end` in seconds from the take's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One beat, read aloud."""

    audio: Path
    """WAV: mono, 48 kHz, 16-bit."""
    seconds: float
    words: tuple[Word, ...]
    """Exactly parallel to the text's `split()`; a token that is not said (a dash) has no length."""
    confidence: float
    """Share of the words whose times are plausible, 0..1."""
    low: tuple[int, ...]
    """Which words' times are doubtful: indices into `words`."""
    voice: str
    note: str = ""
    """Why it is this voice's and not the author's, in a script of which other beats are recorded."""


def make_take(text: str, voice: Voice, cache: Cache, *, spoken: Mapping[str, str] = {}) -> Take:
    """Read `text` aloud and find every word in the audio.

    Args:
        text: what the captions show.
        spoken: how to say a written phrase, `{"Megacoach": "mega coach"}`; case does not matter.

    Raises:
        RushesError: nothing in the text can be said, the voice cannot say a word, or the words cannot be
            found in the audio. Names the text.
    """
    tokens, aloud, shared, sound, times = _inputs(text, voice, spoken)
    words = [word for token in aloud for word in token]
    if not words:
        raise RushesError(f"there is nothing to say in '{text}'\n  mark the beat say:: no, or tell how it is spoken::")

    @once
    def narration() -> Narration:
        from rushes.narration import Narration  # what is narrated already needs none of it

        return Narration(voice, words)

    def timed(path: Path) -> None:
        found, doubtful = written_words(tokens, aloud, narration().times(text), narration().seconds)
        low = sorted(doubtful | shared)
        path.write_text(json.dumps({"words": [asdict(word) for word in found], "low": low}), "utf-8")

    audio = cache.made("take", ".wav", sound, lambda path: narration().write(path))
    kept = json.loads(cache.made("take", ".json", times, timed).read_text("utf-8"))
    with wave.open(str(audio)) as file:
        seconds = file.getnframes() / RATE
    low = tuple(kept["low"])
    return Take(
        audio=audio,
        seconds=seconds,
        words=tuple(Word(**word) for word in kept["words"]),
        confidence=1 - len(low) / len(tokens),
        low=low,
        voice=voice.name,
    )


def is_made(text: str, voice: Voice, cache: Cache, *, spoken: Mapping[str, str] = {}) -> bool:
    """Whether `make_take` would find all of it made."""
    *_, sound, times = _inputs(text, voice, spoken)
    return cache.path("take", ".wav", sound).exists() and cache.path("take", ".json", times).exists()


def _inputs(
    text: str, voice: Voice, spoken: Mapping[str, str]
) -> tuple[list[str], list[tuple[str, ...]], set[int], dict[str, object], dict[str, object]]:
    """(the words as written, how each is said, which share a time; what the sound, and what the times depend on)."""
    tokens = text.split()
    aloud, shared = tokens_aloud(tokens, spoken)
    words = [word for token in aloud for word in token]
    sound: dict[str, object] = {"words": words, "voice": voice.version, "revision": _REVISION}
    return tokens, aloud, shared, sound, sound | {"tokens": tokens, "aloud": aloud, "aligner": _aligner()}


@once
def _aligner() -> str:
    return version("pocketsphinx")


def written_words(
    tokens: Sequence[str],
    aloud: Sequence[Sequence[str]],
    times: Sequence[tuple[float, float, bool]],
    seconds: float,
) -> tuple[list[Word], set[int]]:
    """(the written tokens' times, from those of the words said for them; indices of the doubtful ones)."""
    found: list[Word] = []
    doubtful: set[int] = set()
    at, end = 0, 0.0
    for index, (token, said) in enumerate(zip(tokens, aloud, strict=True)):
        start = end
        if said:
            own = times[at : at + len(said)]
            start = min(max(own[0][0], end), seconds)
            end = min(max(own[-1][1], start), seconds)
            at += len(said)
            if not all(believable for *_, believable in own):
                doubtful.add(index)
        found.append(Word(text=token, start=round(start, 4), end=round(end, 4)))
    return found, doubtful
