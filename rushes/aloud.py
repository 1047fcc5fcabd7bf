"""Aloud: what is said for each written token, and the punctuation that paces it.

Numbers, signs and units are read by `rushes.figures`, words of the field by the table of `rushes.pronunciations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rushes.figures import ABBREVIATIONS, BEFORE_NUMBERS, closed, said
from rushes.pronunciations import house_table, word_key

__all__ = ["bare_word", "read_aloud", "tokens_aloud"]


def read_aloud(text: str, spoken: Mapping[str, str] = {}) -> list[tuple[str, ...]]:
    """The words said for each token of `text.split()`, with the punctuation that paces them.

    `spoken` wins over the house's table of pronunciations, and that over everything else.
    """
    return tokens_aloud(text.split(), spoken)[0]


def tokens_aloud(tokens: Sequence[str], spoken: Mapping[str, str]) -> tuple[list[tuple[str, ...]], set[int]]:
    """(words said for each token, indices of tokens that share their words with a neighbour)."""
    table = _table((*house_table().entries.items(), *spoken.items()))
    aloud: list[list[str]] = []
    shared: set[int] = set()
    at = 0
    while at < len(tokens):
        size, told = table.phrase(tokens, at)
        if told is None:
            token = table.within(tokens[at])
            before, after = tokens[at - 1] if at else "", tokens[at + 1] if at + 1 < len(tokens) else ""
            words = said(token, before, after)
        else:
            words = [word for part in told.split() for word in said(part)]
        if size > 1 and len(words) != size:
            shared |= set(range(at, at + size))  # three words written, two said: which is which is a guess
        spread = [[word] for word in words[: size - 1]] + [words[size - 1 :]]
        spread += [[] for _ in range(size - len(spread))]
        _pace(aloud, spread, [_without_its_dot(tokens, i) for i in range(at, at + size)])
        aloud += spread
        at += size
    return [tuple(words) for words in aloud], shared


class _Table:
    """How words and phrases are said, whichever way they are written; a word with two capitals, only so."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.phrases: dict[tuple[str, ...], str] = {}
        for written, told in entries:
            if phrase := tuple(word_key(word) for word in written.split()):
                self.phrases[phrase] = told
        self.longest = max(map(len, self.phrases), default=0)
        single = sorted((p[0] for p in self.phrases if len(p) == 1 and p[0][:1].isalnum()), key=len, reverse=True)
        self.parts = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, single))})(?!\w|\.\d)", re.I) if single else None

    def phrase(self, tokens: Sequence[str], at: int) -> tuple[int, str | None]:
        """(number of tokens, how they are said) of the longest phrase that begins here; else (1, None)."""
        for size in range(min(self.longest, len(tokens) - at), 0, -1):
            phrase = tuple(word_key(token) for token in tokens[at : at + size])
            if phrase in self.phrases:
                return size, self.phrases[phrase]
        return 1, None

    def within(self, token: str) -> str:
        """A token with its parts as they are said: 'Megacoach's', 'CUDA-only'."""

        def told(part: re.Match[str]) -> str:
            return self.phrases.get((word_key(part[0]),), part[0])

        return self.parts.sub(told, token) if self.parts else token


@lru_cache(maxsize=64)
def _table(entries: tuple[tuple[str, str], ...]) -> _Table:
    return _Table(entries)


def _without_its_dot(tokens: Sequence[str], at: int) -> str:
    """The dot of an abbreviation is no pause, except at the end of a sentence."""
    core = tokens[at].lstrip("([“‘\"'")
    last = at + 1 == len(tokens) or tokens[at + 1][:1].isupper()
    starts = core.lower() in ABBREVIATIONS and not (last and core.lower() in ("etc.", "al."))
    if starts or (not last and tokens[at + 1][:1].isdigit() and core.lower() in BEFORE_NUMBERS):
        return tokens[at].rstrip(".")
    return tokens[at]


def bare_word(word: str) -> str:
    """A word that is said as it is compared with one that is heard: lower case, without punctuation."""
    return re.sub(r"[^\w']+", "", word.replace("’", "'")).strip("'_").lower() or word


def _pace(before: Sequence[list[str]], said: Sequence[list[str]], tokens: Sequence[str]) -> None:
    """Hang the written punctuation on the last word said, where the voice hears it as a pause."""
    for index, token in enumerate(tokens):
        heard = [words for words in (*before, *said[:index]) if words]
        if re.match(r"""["'“‘]*[(\[]""", token) and heard:
            heard[-1][-1] = closed(heard[-1][-1], ",")
        if said[index]:
            heard.append(said[index])
        if not heard:
            continue
        tail = re.search(r"\W+$", token)
        for mark in tail.group() if tail else "":
            pause = mark if mark in ".,;:!?…—" else {")": ",", "]": ",", "–": "—"}.get(mark, "")
            if mark == "-" and tail and tail.group() == token:  # a hyphen alone is typed for a dash
                pause = "—"
            heard[-1][-1] = closed(heard[-1][-1], pause)
