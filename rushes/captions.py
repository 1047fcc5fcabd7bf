"""Captions: timed words in, captions on whole frames out.

Where to break and when to show are one shortest path through the film. Breaks after punctuation and before
conjunctions and prepositions are cheap, breaks inside a phrase are dear, and so is a caption that there is no time to
read. `caption_files.py` writes them, `caption_lint.py` says what is wrong with them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

__all__ = [
    "PROFILES",
    "YOUTUBE",
    "Caption",
    "Profile",
    "TimedWord",
    "captions",
    "ends_sentence",
    "fitting",
    "parts_a_phrase",
]


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the script, from frame `start` to before frame `end` of the film."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Caption:
    """Lines on screen from frame `start` to before frame `end`."""

    start: int
    end: int
    lines: tuple[str, ...]
    words: tuple[TimedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a publisher asks of captions. Times are seconds."""

    name: str
    width: int = 42
    """Characters a line."""
    lines: int = 2
    easy: float = 17.0
    """Characters a second, spaces included, that are comfortable to read."""
    fast: float = 20.0
    """Characters a second that are too fast."""
    easy_words: float = math.inf
    """Words a minute."""
    fast_words: float = math.inf
    shortest: float = 1.0
    longest: float = 7.0
    gap: int = 2
    """Frames between two captions, so that the eye sees the change."""
    chain: float = 0.5
    """A shorter hole between two captions is closed down to the gap."""
    early: float = 0.25
    """How long before its first word a caption may come, in a silence."""
    tail: float = 0.5
    """How long after its last word a caption may stay to be read."""
    characters: str = ""
    """The only ones there are; empty is any."""

    def reading(self, text: str) -> float:
        """Seconds that it takes to read a text in comfort."""
        return max(len(text) / self.easy, len(text.split()) * 60 / self.easy_words)

    def skimming(self, text: str) -> float:
        """Seconds in which a text can just be read."""
        return max(len(text) / self.fast, len(text.split()) * 60 / self.fast_words)


# What the characters of CEA-608 are: ASCII without a few, and the special and the Western European extended sets.
_CEA608 = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "áéíóúçñÑ÷█®°½¿™¢£♪àèâêîôûÁÉÓÚÜü‘’“”¡—©℠•ÀÂÇÈÊËëÎÏïÔÙùÛ«»ÃãÍÌìÒòÕõÄäÖöß¥¤ÅåØø"
)

TALL = 26
"""Characters a line in a vertical film."""
YOUTUBE = Profile(name="youtube")
PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        YOUTUBE,
        # the English timed-text guide, with its children's pace to warn at; three frames early, at 24 a second
        Profile(name="netflix", shortest=5 / 6, early=0.125),
        Profile(
            name="bbc",
            width=37,
            easy=math.inf,
            fast=math.inf,
            easy_words=180.0,
            fast_words=200.0,
            chain=1.0,
            early=0.5,
            tail=1.5,
        ),
        Profile(name="cea608", width=32, lines=4, characters=_CEA608),
    )
}


def fitting(size: tuple[int, int], profile: Profile = YOUTUBE) -> Profile:
    """The profile for a picture of (width, height): a tall one has shorter lines."""
    return replace(profile, width=min(profile.width, TALL)) if size[0] < size[1] else profile


def captions(
    beats: Sequence[Sequence[TimedWord]], *, fps: int, frames: int, profile: Profile = YOUTUBE
) -> tuple[Caption, ...]:
    """Captions of a film of `frames` frames; every word of every beat once, in order, none across two beats.

    A caption starts with its first word, or a moment before it if that makes it readable. It stays until it has been
    read, if the next one leaves it the time. Words are in order of time, within a beat and from beat to beat.
    """
    return _Cutting([beat for beat in beats if beat], fps, frames, profile).made()


# Where to break ---------------------------------------------------------------------------------------------------


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = _set("a an the this that these those my your his her its our their no every each")
_PREPOSITIONS = _set(
    "of in on at to for with from by into over under about as than after before between through without within "
    "against during until"
)
_CONJUNCTIONS = _set("and but or nor so yet because although though while if when where which who that unless since")
_AUXILIARIES = _set(
    "is are was were be been am have has had do does did will would can could should may might must not n't don't "
    "won't can't didn't doesn't isn't wasn't to never"
)
_PRONOUNS = _set("i you he she it we they who")
_CONTRACTED = re.compile(r"(?:i|you|he|she|it|we|they|who|that|there)'(?:s|m|re|ve|ll|d)")
_ABBREVIATION = re.compile(r"(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|No|Fig|Eq|vs|cf|ca|e\.g|i\.e|approx)\.")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:—–][\"'”’)\]]*$")
_DASH = re.compile(r"[-—–]+$")
_NUMBER = re.compile(r"[$€£−+-]?\d[\d.,]*")
_NUMBERS = _set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_MANY = _set("hundred thousand million billion trillion percent")
_NAME = re.compile(r"[A-Z][\w'’-]*")


def _bare(word: str) -> str:
    return re.sub(r"[^\w']", "", word.replace("’", "'")).lower()


def ends_sentence(word: str) -> bool:
    """Whether a sentence ends with this word, as it is written."""
    return _SENTENCE_END.search(word) is not None and not _ABBREVIATION.fullmatch(word)


def parts_a_phrase(word: str, after: str) -> bool:
    """Whether a break between two words parts an article from its noun, a number from its unit, or a name."""
    if _SENTENCE_END.search(word) and not _ABBREVIATION.fullmatch(word):
        return False
    number = _NUMBER.fullmatch(word) is not None and not word.endswith((".", ",")) and after[:1].isalpha()
    unit = number and _bare(after) not in _PREPOSITIONS | _CONJUNCTIONS | _AUXILIARIES
    article = _bare(word) in ("a", "an", "the") and word[-1].isalpha()
    unit = unit or (_bare(word) in _NUMBERS | _MANY and _bare(after) in _MANY)
    return article or unit or _ABBREVIATION.fullmatch(word) is not None


def _break_cost(word: str, after: str) -> float:
    """How much a break between two words hurts; below zero where there should be one."""
    if _DASH.match(after):
        return 8.0
    if ends_sentence(word):
        return -3.0
    if _CLAUSE_END.search(word) or _DASH.match(word):
        return -1.5
    bare, bare_after = _bare(word), _bare(after)
    cost = 3.0 + 10 * parts_a_phrase(word, after)
    if bare_after in _CONJUNCTIONS:
        cost -= 3.0
    elif bare_after in _PREPOSITIONS:
        cost -= 2.4
    if bare in _ARTICLES:
        cost += 6  # the | arrow
    if bare in _PREPOSITIONS or bare in _AUXILIARIES or bare in _PRONOUNS or _CONTRACTED.fullmatch(bare):
        cost += 4  # of | labels, had | fallen, she | slept
    if _NAME.match(word) and _NAME.match(after) and bare not in _CONJUNCTIONS | _PREPOSITIONS:
        cost += 4  # Values | Coach
    if _NUMBER.fullmatch(word):
        cost += 4  # 28 | steps
    return cost


class _Cutting:
    """The cheapest way through all the ways to cut a film's words into captions."""

    def __init__(self, beats: Sequence[Sequence[TimedWord]], fps: int, frames: int, profile: Profile) -> None:
        self.words = [word for beat in beats for word in beat]
        self.fps, self.frames, self.profile = fps, frames, profile
        texts = [word.text for word in self.words]
        self.costs = [_break_cost(a, b) for a, b in pairwise(texts)] + [-3.0]
        starts = accumulate(map(len, beats), initial=0)
        self.first = [start for start, beat in zip(starts, beats, strict=False) for _ in beat]
        """Of the beat of each word."""
        self.far = [0, *accumulate(len(text) + 1 for text in texts)]
        """Characters before each word, with a space after every one."""
        self.starts = [max(min(word.start, frames - 1), 0) for word in self.words]
        closes = [ends_sentence(text) for text in texts]
        self.sentences = [0, *accumulate(closes)]
        pauses = [b.start - a.end > 1.2 * fps for a, b in pairwise(self.words)]
        self.pauses = [0, *accumulate(pauses), 0]

    def made(self) -> tuple[Caption, ...]:
        # best[end][lead]: the cheapest way to the boundary before word `end` if what starts there comes `lead` frames
        # early, as (cost, the last caption's first word, its own lead, the cuts between its lines)
        best: list[dict[int, tuple[float, int, int, tuple[int, ...]]]] = [{0: (0.0, 0, 0, ())}]
        if self.words:
            best = [{lead: (0.3 * lead, 0, 0, ()) for lead in self._leads(0)}]
        for end in range(1, len(self.words) + 1):
            ways: dict[int, tuple[float, int, int, tuple[int, ...]]] = {}
            leads = self._leads(end)
            for start in range(end - 1, self.first[end - 1] - 1, -1):
                laid = self._laid(start, end, self.profile.lines)
                spoken = (self.words[end - 1].end - self.starts[start]) / self.fps
                if ways and (laid is None or spoken > self.profile.longest):
                    break
                assert laid is not None, "one word always fits"
                cut = self._cut(start, end) + laid[0]
                for own, (before, *_) in best[start].items():
                    for lead in leads:
                        cost = before + cut + 0.3 * lead + self._haste(start, end, own, lead)
                        if lead not in ways or cost < ways[lead][0]:
                            ways[lead] = cost, start, own, laid[1]
            best.append(ways)
        made: list[Caption] = []
        end, lead = len(self.words), 0
        while end:
            _, start, own, cuts = best[end][lead]
            made.append(self._caption(start, end, own, lead, cuts))
            end, lead = start, own
        return tuple(reversed(made))

    def _leads(self, at: int) -> range:
        """Frames by which a caption that starts with a word may come early: never while the one before is said."""
        if at == len(self.words):
            return range(1)
        silence = self.starts[at] - (max(self.words[at - 1].end, self.starts[at - 1] + 1) if at else 0)
        return range(max(min(round(self.profile.early * self.fps), silence), 0) + 1)

    def _text(self, start: int, end: int) -> str:
        return " ".join(word.text for word in self.words[start:end])

    def _fits(self, start: int, end: int) -> bool:
        """A word wider than a line gets one to itself and is let out of the margin."""
        return self.far[end] - self.far[start] - 1 <= self.profile.width or end - start == 1

    def _laid(self, start: int, end: int, lines: int) -> tuple[float, tuple[int, ...]] | None:
        """(cost, where the words are cut into lines), or nothing if they do not fit."""
        if self._fits(start, end):
            return 0.2, ()
        best: tuple[float, tuple[int, ...]] | None = None
        for cut in range(start + 1, end) if lines > 1 else ():
            if not self._fits(start, cut):
                break
            rest = self._laid(cut, end, lines - 1)
            if rest is None:
                continue
            top = self.far[cut] - self.far[start] - 1
            below = self.far[rest[1][0] if rest[1] else end] - self.far[cut] - 1
            # Even lines, the lower one longer: it hides less of the picture.
            cost = rest[0] + 0.2 + max(self.costs[cut - 1], 0) / 2 + abs(top - below) / 48 + (top > below) / 8
            if best is None or cost < best[0]:
                best = cost, (cut, *rest[1])
        return best

    def _cut(self, start: int, end: int) -> float:
        """What it costs that these words are a caption of their own, whenever it is shown."""
        cost = 2.0 + self.costs[end - 1] + 3 * (end - start < 3)
        cost += 2.5 * (self.sentences[end - 1] > self.sentences[start]) + 15 * (
            self.pauses[end - 1] - self.pauses[start]
        )
        if start > self.first[start]:
            cost -= self.words[start].start - self.words[start - 1].end > 0.6 * self.fps
        return cost

    def _shown(self, start: int, end: int, own: int, lead: int) -> tuple[int, int]:
        """First frame of the words' caption and the one after its last; the next one comes `lead` frames early."""
        profile, shown = self.profile, self.starts[start] - own
        spoken = max(self.words[end - 1].end, self.starts[start] + 1)
        last = end == len(self.words)
        room = self.frames if last else self.starts[end] - lead - profile.gap
        read = math.ceil(max(profile.shortest, profile.reading(self._text(start, end))) * self.fps - 1e-6)
        until = max(spoken, min(shown + read, spoken + round(profile.tail * self.fps)))
        if not last and 0 <= room - until < profile.chain * self.fps - profile.gap:
            until = room
        until = min(until, room, shown + round(profile.longest * self.fps))
        # Too little time even for the gap: rather no gap than no caption.
        return shown, max(until, self.starts[start] + 1)

    def _haste(self, start: int, end: int, own: int, lead: int) -> float:
        """What it costs that there is too little time to read these words."""
        shown, until = self._shown(start, end, own, lead)
        seconds, text, profile = (until - shown) / self.fps, self._text(start, end), self.profile
        need = profile.reading(text) / seconds
        cost = 6.0 * (seconds < profile.shortest) + 50.0 * (seconds * self.fps <= profile.gap)
        if need > 1 + 1e-9:
            cost += 8.0 + 40.0 * min(need - 1, 1.0)
        if seconds < profile.skimming(text):
            cost += 40.0
        return cost

    def _caption(self, start: int, end: int, own: int, lead: int, cuts: tuple[int, ...]) -> Caption:
        shown, until = self._shown(start, end, own, lead)
        lines = tuple(self._text(a, b) for a, b in pairwise((start, *cuts, end)))
        return Caption(shown, until, lines, tuple(self.words[start:end]))
