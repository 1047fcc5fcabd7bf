"""Matching: a recording against the beats of a script: where each is read, and what is said otherwise than written.

Loaded only when there is something to listen to.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from rushes.align import align
from rushes.cutting import RecordingError, cut, read
from rushes.errors import RushesError
from rushes.hearing import RATE, Ear, Heard, known, wide
from rushes.readings import FOUND, Difference, Reading, readings
from rushes.recorded import Found, Slip, Spoken
from rushes.voices import pronounced

__all__ = ["Matcher", "RecordingError"]

# How much better must fit what was heard than what is written: in place of written words, and without or beside them;
# over a telephone more. Of 512 words of a synthetic voice read right, clean and 20 dB above noise, none is put in the
# place of others with more than 911, over a telephone with more than 1084. Of 26 sentences with one word changed, clean
# and in noise, all are over these but one, where the recogniser had heard a third word.
OTHER, OTHER_NARROW = 950.0, 1100.0
LESS, LESS_NARROW = 400.0, 600.0
SHORT = 3  # words: a shorter sentence is looked for together with the one before it
PAUSE, BREATH = 1.0, 0.5  # seconds: a longer pause becomes a breath
BEFORE, AFTER = 0.08, 0.2  # seconds kept around a take
ROOM, TIGHT = 0.3, 0.08  # seconds around a sentence, and around words where somebody broke off
SHORTEST = 0.005  # seconds of a piece
UNHEARD = 0.5  # seconds that a word may take that was not heard


class Matcher:
    """Matches recordings against what is to be said."""

    def __init__(self, beats: Sequence[Spoken]) -> None:
        self._beats = beats
        self._sentences = [list(_sentences(beat)) for beat in beats]

    def match(
        self, path: Path, heard: Sequence[Sequence[Any]] | None, wanted: Sequence[Spoken]
    ) -> tuple[list[list[Any]], list[Found]]:
        """(every word that is heard, what is found of each beat that is wanted).

        `heard` is what was heard in this file before, if anybody listened.

        Raises:
            RecordingError: the file cannot be read.
        """
        samples = read(path)
        sound, narrow = wide(samples)
        if heard is None:
            words = self._ear.hear(sound)
        else:
            words = [Heard(word=str(word), start=float(a), end=float(b)) for word, a, b in heard]
            self._ear.teach({one.word: pronounced([one.word]) for one in words})
        found = readings([one.word for one in words], [key for one in self._sentences for _, key in one])
        results: dict[tuple[str, ...], Found] = {}
        at = 0
        for beat, sentences in zip(self._beats, self._sentences, strict=True):
            read_ = found[at : at + len(sentences)]
            at += len(sentences)
            if beat in wanted:
                results[beat.key] = _Beat(beat, sentences, read_, words, sound, narrow, self._ear).found()
        return [[one.word, one.start, one.end] for one in words], list(results.values())

    @cached_property
    def _ear(self) -> Ear:
        said = [words for beat in self._beats for words in _split(beat.words)]
        return Ear(known(said, [pronounced(words) for words in said]))


def _split(words: Sequence[str]) -> list[list[str]]:
    """The sentences of what is said; each ends with its punctuation."""
    found: list[list[str]] = [[]]
    for word in words:
        found[-1].append(word)
        if re.search(r"[.!?…]$", word) and len(found[-1]) >= SHORT:
            found.append([])
    last = found.pop()
    if len(last) >= SHORT or not found:
        return [*found, last] if last else found
    found[-1] += last
    return found


def _sentences(beat: Spoken) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(number of its first word, words as they are compared) of every sentence of a beat."""
    at = 0
    for words in _split(beat.words):
        yield at, beat.key[at : at + len(words)]
        at += len(words)


class _Beat:
    """One beat, in what was heard."""

    def __init__(
        self, beat: Spoken, sentences: Sequence[tuple[int, tuple[str, ...]]], found: Sequence[Reading | None],
        heard: Sequence[Heard], sound: NDArray[np.float32], narrow: bool, ear: Ear,
    ) -> None:  # fmt: skip
        self.beat, self.sentences, self.readings = beat, sentences, found
        self.heard, self.sound, self.ear = heard, sound, ear
        self.other, self.less = (OTHER_NARROW, LESS_NARROW) if narrow else (OTHER, LESS)

    def found(self) -> Found:
        """Where the beat is, or what is said instead."""
        nothing = Found(words=self.beat.key)
        same = sum(
            words[j] == self.heard[i].word
            for (_, words), one in zip(self.sentences, self.readings, strict=True)
            for j, i in (one.said if one else ())
        )
        if same < FOUND * len(self.beat.key):
            return nothing
        slips: list[Slip] = []
        pieces: list[tuple[float, float]] = []
        ends = -1  # the heard word after the last piece
        for (first, words), one in zip(self.sentences, self.readings, strict=True):
            if one is None:
                at = pieces[-1][1] if pieces else 0.0
                slips.append(Slip(first=first, last=first + len(words), said="", at=round(at, 2)))
                continue
            slips += self._slips(one, words, first)
            for n, (start, end) in enumerate(runs := one.runs):
                low, high = self._room(start, end, one, len(words), n == 0, n == len(runs) - 1)
                if pieces and start == ends:
                    pieces[-1] = pieces[-1][0], high
                else:
                    pieces.append((low, high))
                ends = end
        pieces = [part for piece in pieces for part in self._without_pauses(piece)]
        rounded = tuple((round(a, 4), round(b, 4)) for a, b in pieces)
        if slips:
            return replace(nothing, pieces=rounded, slips=tuple(slips))
        try:
            return self._timed(rounded)
        except RushesError:
            said = " ".join(self.heard[i].word for one in self.readings if one for _, i in one.said)
            slip = Slip(first=0, last=len(self.beat.key), said=said, at=round(pieces[0][0], 2))
            return replace(nothing, pieces=rounded, slips=(slip,))

    def _slips(self, one: Reading, words: Sequence[str], first: int) -> Iterator[Slip]:
        """The differences that are heard clearly: a recogniser alone mistakes one word in a hundred."""
        for other in one.differences:
            sure = self.other if other.last > other.first and other.end > other.start else self.less
            if self._better(one, other, words) > sure:
                at = self.heard[min(other.start, len(self.heard) - 1)].start
                said = " ".join(each.word for each in self.heard[other.start : other.end])
                yield Slip(first=first + other.first, last=first + other.last, said=said, at=round(at, 2))

    def _better(self, one: Reading, other: Difference, words: Sequence[str]) -> float:
        """How much better the words that were heard fit than the written ones."""
        start, end = next(((a, b) for a, b in one.runs if a <= other.start <= b), one.runs[0])
        low, high = self._room(start, end, one, len(words), True, True)
        sound = self.sound[round(low * RATE) : round(high * RATE)]
        said = [each.word for each in self.heard[start:end]]
        written = [*said[: other.start - start], *words[other.first : other.last], *said[other.end - start :]]
        fit = self.ear.fits(sound, written)
        return self.ear.fits(sound, said) - fit if fit > -math.inf else math.inf

    def _room(self, start: int, end: int, one: Reading, size: int, opens: bool, closes: bool) -> tuple[float, float]:
        """From when to when heard words `[start, end)` are said, with some room where nobody else speaks."""
        before = self.heard[start - 1].end if start else 0.0
        after = self.heard[end].start if end < len(self.heard) else len(self.sound) / RATE
        left, right = one.said[0][0], size - 1 - one.said[-1][0]
        low = self.heard[start].start - (ROOM + UNHEARD * left if opens else TIGHT)
        high = self.heard[end - 1].end + (ROOM + UNHEARD * right if closes else TIGHT)
        return max(low, before), min(high, after)

    def _without_pauses(self, piece: tuple[float, float]) -> Iterator[tuple[float, float]]:
        """A piece without the middle of its long pauses."""
        start, end = piece
        inside = [one for one in self.heard if one.end > start and one.start < end]
        for a, b in pairwise(inside):
            if b.start - a.end > PAUSE:
                yield start, a.end + BREATH / 2
                start = b.start - BREATH / 2
        yield start, end

    def _timed(self, pieces: Sequence[tuple[float, float]]) -> Found:
        """The words' times in the take that pieces make, its long pauses cut to a breath.

        Raises:
            RushesError: the words cannot be found there.
        """
        beat = self.beat
        sound = cut(self.sound, pieces, RATE)
        sound = resample_poly(sound * (0.5 / max(float(np.abs(sound).max()), 1e-6)), 3, 1).astype(np.float32)
        phonemes = [each for words in _split(beat.words) for each in pronounced(words)]
        times = align(sound, beat.words, phonemes, " ".join(beat.tokens))
        length = sum(end - start for start, end in pieces)
        gone = [(0.0, times[0][0] - BEFORE), (times[-1][1] + AFTER, length)]
        gone += [(a[1] + BREATH / 2, b[0] - BREATH / 2) for a, b in pairwise(times) if b[0] - a[1] > PAUSE]
        gone = sorted((a, b) for a, b in gone if b - a > 0.01)
        moved = [
            (round(a - _before(a, gone), 4), round(b - _before(b, gone), 4), sure) for a, b, sure in times
        ]  # fmt: skip
        return Found(words=beat.key, pieces=tuple(_less(pieces, gone)), times=tuple(moved))


def _before(moment: float, gone: Sequence[tuple[float, float]]) -> float:
    """Seconds that are gone before a moment."""
    return sum(min(end, moment) - start for start, end in gone if start < moment)


def _less(pieces: Sequence[tuple[float, float]], gone: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Pieces without spans of the take they make."""
    at = 0.0
    for start, end in pieces:
        kept = start
        for a, b in gone:
            low, high = start + a - at, start + b - at
            if low < end and high > kept:
                if low > kept + SHORTEST:
                    yield round(kept, 4), round(low, 4)
                kept = max(high, kept)
        if end > kept + SHORTEST:
            yield round(kept, 4), round(end, 4)
        at += end - start
