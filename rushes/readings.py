"""Readings: where in what was heard each sentence of a script is read, the last full time it is. Pure arithmetic.

readings(["one", "minus", "one", "minus", "sign"], [("one", "minus", "sign")])  # words 2, 3, 4 of what was heard
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Difference", "Reading", "readings"]

# What it is worth that a heard word is the next written one, or another one, or none; that a written one is left out;
# that the reader goes to the start of a sentence, or back within one.
SAME, OTHER, EXTRA, LEFT_OUT, TO_START, BACK = 2.0, -0.9, -1.0, -1.0, -3.0, -2.0
FULL = 0.85  # of the words of the fullest reading: one that has as many is full too
FOUND = 0.5  # of a sentence's words: less is chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Written words `[first, last)` of a sentence, where `[start, end)` of what was heard stands instead."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sentence, read aloud."""

    said: tuple[tuple[int, int], ...]
    """(written word of the sentence, heard word); both ascend, except that a restart is left out."""
    differences: tuple[Difference, ...]

    @property
    def runs(self) -> list[tuple[int, int]]:
        """Heard words `[start, end)` that follow each other without a restart."""
        found: list[tuple[int, int]] = []
        for _, heard in self.said:
            if found and self._follows(found[-1][1], heard):
                found[-1] = (found[-1][0], heard + 1)
            else:
                found.append((heard, heard + 1))
        return found

    def _follows(self, before: int, heard: int) -> bool:
        between = set(range(before, heard))
        return between <= {i for one in self.differences for i in range(one.start, one.end)}


def readings(heard: Sequence[str], sentences: Sequence[Sequence[str]]) -> list[Reading | None]:
    """The last full reading of every sentence; None for one that is not read."""
    written = [word for words in sentences for word in words]
    of = [s for s, words in enumerate(sentences) for _ in words]
    starts = np.cumsum([0, *(len(words) for words in sentences)])
    pieces: list[list[list[tuple[int, int]]]] = [[] for _ in sentences]
    last = (-1, -1)
    for i, j in _path(heard, written, of, [int(s) for s, words in zip(starts, sentences, strict=False) if words]):
        if of[j] != last[0] or j <= last[1]:
            pieces[of[j]].append([])
        pieces[of[j]][-1].append((j - int(starts[of[j]]), i))
        last = of[j], j
    return [_last_full(words, own, heard) for words, own in zip(sentences, pieces, strict=True)]


def _path(
    heard: Sequence[str], written: Sequence[str], of: Sequence[int], starts: Sequence[int]
) -> list[tuple[int, int]]:
    """(heard word, written word) along the best way through a script."""
    size = len(written)
    if not size or not heard:
        return []
    place = np.arange(size + 1)
    names = {word: n for n, word in enumerate(dict.fromkeys([*written, *heard]))}
    text = np.array([names[word] for word in written])
    # Earlier sentences are lifted above later ones, so that the way back ends at the start of a sentence.
    lift = 1e6 * (max(of) + 1 - np.array([*of, max(of) + 1], dtype=float))
    score = np.full(size + 1, -1e9)
    score[list(starts)] = 0.0
    back: list[tuple[NDArray[np.int64], NDArray[np.bool_]]] = []
    for word in heard:
        come, moved = _moved(score, place, lift, starts)
        extra = moved + EXTRA
        said = np.full(size + 1, -1e9)
        said[1:] = moved[:-1] + np.where(text == names[word], SAME, OTHER)
        back.append((come, said > extra))
        score = np.maximum(said, extra)
    j, found = int(np.argmax(score)), []
    for i in range(len(heard) - 1, -1, -1):
        come, matched = back[i]
        if matched[j]:
            j -= 1
            found.append((i, j))
        j = int(come[j])
    return found[::-1]


def _moved(
    score: NDArray[np.float64], place: NDArray[np.int64], lift: NDArray[np.float64], starts: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(where each place is reached from, how good that is), before the next word is heard."""
    lifted = (score + lift)[::-1]
    most = np.maximum.accumulate(lifted)
    where = np.maximum.accumulate(np.where(lifted == most, place, -1))[::-1]
    best = most[::-1] - lift + BACK
    come = size - where if (size := len(place) - 1) else where
    stay = score >= best
    best, come = np.where(stay, score, best), np.where(stay, place, come)
    top = int(np.argmax(score))
    for start in starts:
        if score[top] + TO_START > best[start]:
            best[start], come[start] = score[top] + TO_START, top
    sloped = best - LEFT_OUT * place
    most = np.maximum.accumulate(sloped)
    where = np.maximum.accumulate(np.where(sloped == most, place, -1))
    return come[where], most + LEFT_OUT * place


def _last_full(words: Sequence[str], pieces: Sequence[list[tuple[int, int]]], heard: Sequence[str]) -> Reading | None:
    """The last of the full readings that the pieces make, when one that starts anew replaces what it says again."""
    wholes: list[list[tuple[int, int]]] = []
    now: list[tuple[int, int]] = []
    for piece in pieces:
        if piece[0][0] == 0 or not now:
            wholes.append(now)
            now = list(piece)
        else:
            wholes.append(now)
            now = [pair for pair in now if pair[0] < piece[0][0]] + piece
    wholes.append(now)
    same = [sum(words[j] == heard[i] for j, i in one) for one in wholes]
    if not words or max(same) < FOUND * len(words):
        return None
    last = max(n for n, count in enumerate(same) if count >= FULL * max(same))
    said = _trimmed(wholes[last], words, heard)
    broken = {a[1] for a, b in pairwise(said) if _is_restart(a, b, wholes[last], pieces)}
    return Reading(said=tuple(said), differences=tuple(_differences(said, words, heard, broken)))


def _trimmed(said: list[tuple[int, int]], words: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Without a word repeated by mistake: of 'a a sign' the second 'a' counts."""
    again = list(said)
    for n, (j, i) in enumerate(again):
        following = again[n + 1][1] if n + 1 < len(again) else i + 1
        if following == i + 2 and heard[i + 1] == heard[i] == words[j]:
            again[n] = (j, i + 1)
    return again


def _is_restart(
    a: tuple[int, int], b: tuple[int, int], said: Sequence[tuple[int, int]], pieces: Sequence[list[tuple[int, int]]]
) -> bool:
    """Whether two words that follow each other come from two pieces."""
    return not any(a in piece and b in piece for piece in pieces) and a in said and b in said


def _differences(
    said: Sequence[tuple[int, int]], words: Sequence[str], heard: Sequence[str], broken: set[int]
) -> list[Difference]:
    """Where what is said is not what is written."""
    found: list[Difference] = []
    # as if a right word stood before the first and after the last one
    right = [(-1, said[0][1] - said[0][0] - 1), *(p for p in said if words[p[0]] == heard[p[1]])]
    right.append((len(words), said[-1][1] + len(words) - said[-1][0]))
    taken = {i for _, i in said}
    for a, b in pairwise(right):
        inside = [i for i in range(a[1] + 1, b[1]) if i in taken or not broken & set(range(a[1], i))]
        inside = [i for i in inside if said[0][1] <= i <= said[-1][1]]
        if b[0] - a[0] > 1 or inside:
            start = inside[0] if inside else min(max(a[1] + 1, said[0][1]), said[-1][1] + 1)
            found.append(Difference(first=a[0] + 1, last=b[0], start=start, end=start + len(inside)))
    return found
