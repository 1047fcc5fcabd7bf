"""Recorded: an author's own voice, found in the files of `takes/<script>/` and cut to the beats of the script.

A file holds one beat or many, in any order, with restarts and pauses. What was found in it is kept beside it, in
`<file>.json`, so that nothing is listened to twice.
"""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rushes.aloud import bare_word, tokens_aloud
from rushes.cache import Cache, file_digest, write_whole
from rushes.errors import Finding, Source
from rushes.take import RATE, Take, written_words

if TYPE_CHECKING:
    from rushes.matching import Matcher

__all__ = ["FOLDER", "FORMAT", "Found", "Listened", "Slip", "Spoken", "files", "listen", "spoken", "take_of"]

FOLDER = "takes"
FORMAT = 1
SUFFIXES = (".wav", ".flac", ".m4a")
ALIKE = 0.6  # of the words: an older text with so many of them is an earlier wording of a beat
_REVISION = 1  # of what cuts a recording: part of a take's cache key

State = Literal["recorded", "misread", "changed", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Something else was said than is written, or something was left out or added."""

    first: int
    """The first of the words to be said that it is about, and the one after the last; the same if it was added."""
    last: int
    said: str
    at: float
    """Seconds into the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A text as a file holds it."""

    words: tuple[str, ...]
    """What is to be said, as words are compared."""
    pieces: tuple[tuple[float, float], ...] = ()
    """The parts of the file, in seconds, that make the take; none if it is not in this file."""
    times: tuple[tuple[float, float, bool], ...] = ()
    """(start, end, whether they are plausible) of every word, in seconds of the take; none if there are slips."""
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is to be said for a beat."""

    tokens: tuple[str, ...]
    aloud: tuple[tuple[str, ...], ...]
    """For each token the words said for it, with punctuation."""
    shared: frozenset[int]
    """Tokens that share their words with a neighbour."""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for token in self.aloud for word in token)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(bare_word(word) for word in self.words)

    def written(self, first: int, last: int) -> tuple[int, int]:
        """The tokens that words `[first, last)` are said for."""
        of = [n for n, words in enumerate(self.aloud) for _ in words]
        if first >= len(of):
            return len(self.tokens), len(self.tokens)
        return of[first], (of[last - 1] + 1 if last > first else of[first])


def spoken(text: str, how: Mapping[str, str] = {}) -> Spoken:
    """What is said for a text, whoever says it; `how` to say a written phrase."""
    tokens = text.split()
    aloud, shared = tokens_aloud(tokens, how)
    return Spoken(tokens=tuple(tokens), aloud=tuple(aloud), shared=frozenset(shared))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What is known of a beat's recording."""

    state: State
    file: Path | None = None
    found: Found | None = None
    before: str = ""
    """Of one that changed: the words that were recorded."""

    @property
    def name(self) -> str:
        """The file's name; empty if there is none."""
        return self.file.name if self.file else ""


# ---------------------------------------------------------------------- files
def files(name: str, folders: Sequence[Path]) -> list[Path]:
    """The recordings of a script, as people count: take 2 before take 10."""
    found: dict[Path, Path] = {}
    for folder in folders:
        here = folder / FOLDER / name
        if here.is_dir():
            for path in here.iterdir():
                if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith("."):
                    found.setdefault(path.resolve(), path)
    return sorted(
        found.values(), key=lambda path: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", str(path))]
    )


@dataclass(slots=True, kw_only=True)
class _Sidecar:
    """What was found in one recording, as it is kept beside it."""

    path: Path
    found: dict[tuple[str, ...], Found] = field(default_factory=dict)
    heard: list[list[Any]] | None = None
    """Of every word that was heard: itself, its start and end in seconds. None before anybody listened."""

    @property
    def file(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    @classmethod
    def of(cls, path: Path) -> _Sidecar:
        kept = cls(path=path)
        with suppress(
            OSError, ValueError, KeyError, TypeError, AttributeError
        ):  # one that cannot be read is made again
            told = json.loads(kept.file.read_text(encoding="utf-8"))
            if told["format"] == FORMAT and told["sha256"] == file_digest(path):
                found = [_found(one) for one in told["found"]]
                kept.found, kept.heard = {one.words: one for one in found}, told["heard"]
        return kept

    def write(self) -> None:
        told = {
            "format": FORMAT, "sha256": file_digest(self.path),
            "found": [asdict(one) | {"words": " ".join(one.words)} for one in self.found.values()], "heard": self.heard,
        }  # fmt: skip
        with suppress(PermissionError):  # a folder that may only be read is listened to each time
            write_whole(self.file, json.dumps(told, ensure_ascii=False) + "\n")


def _found(told: dict[str, Any]) -> Found:
    return Found(
        words=tuple(told["words"].split()),
        pieces=tuple((float(a), float(b)) for a, b in told["pieces"]),
        times=tuple((float(a), float(b), bool(sure)) for a, b, sure in told["times"]),
        slips=tuple(Slip(**slip) for slip in told["slips"]),
    )


# ---------------------------------------------------------------------- listening
def listen(
    beats: Sequence[Spoken], recordings: Sequence[Path], told: Callable[[int, int], None] = lambda done, total: None
) -> tuple[list[Listened], list[Finding]]:
    """(what is known of every beat's recording, files nothing can be made of).

    A later file wins over an earlier one, and one without slips over one with. `told` is called with how many files
    have been listened to.
    """
    wanted = {beat.key: beat for beat in beats if beat.words}
    findings: list[Finding] = []
    sidecars: list[_Sidecar] = []
    matcher: Matcher | None = None
    for n, path in enumerate(recordings):
        sidecar = _Sidecar.of(path)
        unknown = [beat for key, beat in wanted.items() if key not in sidecar.found]
        if unknown:
            from rushes.matching import Matcher, RecordingError

            matcher = matcher or Matcher(list(wanted.values()))
            try:
                heard, now = matcher.match(path, sidecar.heard, unknown)
            except RecordingError as error:
                findings.append(Finding(Source(path, 1), error.message, error.suggestion, "warning"))
                continue
            sidecar.heard = heard
            kept = [one for key, one in sidecar.found.items() if key in wanted or one.times]
            sidecar.found = {one.words: one for one in [*kept, *now]}
            sidecar.write()
        sidecars.append(sidecar)
        told(n + 1, len(recordings))
        if not any(sidecar.found[key].pieces for key in wanted):
            message = "no beat of the script is heard in this recording"
            findings.append(Finding(Source(path, 1), message, "is it of another script?", "warning"))
    return [_listened(beat.key, sidecars, wanted) for beat in beats], findings


def _listened(key: tuple[str, ...], sidecars: Sequence[_Sidecar], wanted: Container[tuple[str, ...]]) -> Listened:
    best = Listened(state="missing")
    for sidecar in sidecars:
        one = sidecar.found.get(key)
        if one is None:
            continue
        if one.times:
            best = Listened(state="recorded", file=sidecar.path, found=one)
        elif best.state != "recorded":
            if before := _earlier(one, sidecar, wanted):
                best = Listened(state="changed", file=sidecar.path, found=one, before=" ".join(before))
            elif one.pieces:
                best = Listened(state="misread", file=sidecar.path, found=one)
    return best


def _earlier(now: Found, sidecar: _Sidecar, wanted: Container[tuple[str, ...]]) -> tuple[str, ...]:
    """The words that were recorded well for an earlier wording of a beat."""
    best: tuple[str, ...] = ()
    most = ALIKE
    for key, one in sidecar.found.items():
        if not one.times or key in wanted:
            continue
        alike = SequenceMatcher(None, key, now.words, autojunk=False).ratio()
        if alike >= most:
            best, most = key, alike
    return best


# ---------------------------------------------------------------------- a take
def take_of(beat: Spoken, listened: Listened, cache: Cache) -> Take:
    """The take of a beat that is recorded."""
    file, found = listened.file, listened.found
    if file is None or found is None or not found.times:
        raise ValueError("only a beat that is recorded has a take")

    def cut(path: Path) -> None:
        from rushes.cutting import write  # what decodes sound takes a while to load

        write(file, found.pieces, path)

    inputs = {"recording": file_digest(file), "pieces": [list(piece) for piece in found.pieces], "revision": _REVISION}
    audio = cache.made("take", ".wav", inputs, cut)
    with wave.open(str(audio)) as made:
        seconds = made.getnframes() / RATE
    words, doubtful = written_words(beat.tokens, beat.aloud, found.times, seconds)
    low = tuple(sorted(doubtful | beat.shared))
    return Take(
        audio=audio, seconds=seconds, words=tuple(words), confidence=1 - len(low) / len(beat.tokens), low=low,
        voice="recorded",
    )  # fmt: skip
