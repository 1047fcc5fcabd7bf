"""Captions: timed words in, captions on whole frames out.

Where to break and when to show are one shortest path through the film. Breaks after punctuation and before
conjunctions and prepositions are cheap, breaks inside a phrase are dear, and so is a caption that there is no time to
read. `caption_files.py` writes them, `caption_lint.py` says what is wrong with them.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from rushes.phrases import GLUE, break_cost, ends_sentence, grammar, joined

__all__ = ["PROFILES", "YOUTUBE", "Caption", "Profile", "TimedWord", "captions", "fitting", "read_in", "rows"]


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the script, from frame `start` to before frame `end` of the film; as `phrases.segments` cuts it."""

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


def rows(caption: Caption) -> list[list[TimedWord]]:
    """The words of each of a caption's lines."""
    words, laid = list(caption.words), []
    for line in caption.lines:
        count = next((n for n in range(1, len(words)) if joined([w.text for w in words[:n]]) == line), len(words))
        laid.append(words[:count])
        words = words[count:]
    return laid


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
    wide: bool = False
    """Whether a character as wide as it is high counts one, and any other a half: Chinese, Japanese, Korean."""

    def long(self, text: str) -> float:
        """Characters of a text, as they are counted here."""
        if not self.wide:
            return len(text)
        return sum(1.0 if unicodedata.east_asian_width(each) in "WF" else 0.5 for each in text)

    def reading(self, text: str) -> float:
        """Seconds that it takes to read a text in comfort."""
        return max(self.long(text) / self.easy, len(text.split()) * 60 / self.easy_words)

    def skimming(self, text: str) -> float:
        """Seconds in which a text can just be read."""
        return max(self.long(text) / self.fast, len(text.split()) * 60 / self.fast_words)


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


_WIDE = {"zh": (16, 7.0, 9.0), "ja": (13, 4.0, 5.0), "ko": (16, 9.0, 12.0)}
"""Characters a line, and a second in comfort and at most: Netflix's guides, but that they take 4 to be too fast in
Japanese, which leaves nothing to warn at."""
_OTHERS = 17.0
"""Characters a second, at most, that Netflix has in most languages but English."""


def read_in(tag: str, profile: Profile = YOUTUBE) -> Profile:
    """The profile for captions in a language, by its BCP 47 tag."""
    language = tag.split("-")[0].lower()
    if language in _WIDE:
        width, easy, fast = _WIDE[language]
        many = math.inf
        return replace(
            profile, width=width, easy=easy, fast=fast, easy_words=many, fast_words=many, wide=True, characters=""
        )
    return replace(profile, fast=_OTHERS) if profile.name == "netflix" and language != "en" else profile


def fitting(size: tuple[int, int], profile: Profile = YOUTUBE) -> Profile:
    """The profile for a picture of (width, height): a tall one has shorter lines."""
    tall = TALL // 2 if profile.wide else TALL
    return replace(profile, width=min(profile.width, tall)) if size[0] < size[1] else profile


def captions(
    beats: Sequence[Sequence[TimedWord]], *, fps: int, frames: int, profile: Profile = YOUTUBE, language: str = "en"
) -> tuple[Caption, ...]:
    """Captions of a film of `frames` frames; every word of every beat once, in order, none across two beats.

    A caption starts with its first word, or a moment before it if that makes it readable. It stays until it has been
    read, if the next one leaves it the time. Words are in order of time, within a beat and from beat to beat.
    """
    return _Cutting([beat for beat in beats if beat], fps, frames, profile, language).made()


# Where to break ---------------------------------------------------------------------------------------------------


class _Cutting:
    """The cheapest way through all the ways to cut a film's words into captions."""

    def __init__(
        self, beats: Sequence[Sequence[TimedWord]], fps: int, frames: int, profile: Profile, language: str
    ) -> None:
        self.words = [word for beat in beats for word in beat]
        self.fps, self.frames, self.profile = fps, frames, profile
        texts = [word.text.removesuffix(GLUE) for word in self.words]
        self.costs = [break_cost(a, b, grammar(language)) for a, b in pairwise(texts)] + [-3.0]
        starts = accumulate(map(len, beats), initial=0)
        self.first = [start for start, beat in zip(starts, beats, strict=False) for _ in beat]
        """Of the beat of each word."""
        self.spaces = [0.0 if word.text.endswith(GLUE) else profile.long(" ") for word in self.words]
        self.far = [0.0, *accumulate(map(float.__add__, (float(profile.long(text)) for text in texts), self.spaces))]
        """Characters before each word, with the space after every one that has one."""
        self.starts = [max(min(word.start, frames - 1), 0) for word in self.words]
        closes = [ends_sentence(text) for text in texts]
        self.sentences = [0, *accumulate(closes)]
        pauses = [b.start - a.end > 1.2 * fps for a, b in pairwise(self.words)]
        self.pauses = [0, *accumulate(pauses), 0]
        self.read: dict[tuple[int, int], tuple[float, float]] = {}
        """Seconds in which words can be read in comfort, and at all."""

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
        return joined([word.text for word in self.words[start:end]])

    def _reading(self, start: int, end: int) -> tuple[float, float]:
        if (start, end) not in self.read:
            text = self._text(start, end)
            self.read[start, end] = self.profile.reading(text), self.profile.skimming(text)
        return self.read[start, end]

    def _long(self, start: int, end: int) -> float:
        return self.far[end] - self.far[start] - self.spaces[end - 1]

    def _fits(self, start: int, end: int) -> bool:
        """A word wider than a line gets one to itself and is let out of the margin."""
        return self._long(start, end) <= self.profile.width or end - start == 1

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
            top, below = self._long(start, cut), self._long(cut, rest[1][0] if rest[1] else end)
            # Even lines, the lower one longer: it hides less of the picture.
            cost = rest[0] + 0.2 + max(self.costs[cut - 1], 0) / 2 + abs(top - below) / 48 + (top > below) / 8
            cost += cut - start == 1 and end - start > 3  # a word alone reads as an afterthought
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
        read = math.ceil(max(profile.shortest, self._reading(start, end)[0]) * self.fps - 1e-6)
        until = max(spoken, min(shown + read, spoken + round(profile.tail * self.fps)))
        if not last and 0 <= room - until < profile.chain * self.fps - profile.gap:
            until = room
        until = min(until, room, shown + round(profile.longest * self.fps))
        # Too little time even for the gap: rather no gap than no caption.
        return shown, max(until, self.starts[start] + 1)

    def _haste(self, start: int, end: int, own: int, lead: int) -> float:
        """What it costs that there is too little time to read these words."""
        shown, until = self._shown(start, end, own, lead)
        seconds, profile = (until - shown) / self.fps, self.profile
        reading, skimming = self._reading(start, end)
        need = reading / seconds
        cost = 6.0 * (seconds < profile.shortest) + 50.0 * (seconds * self.fps <= profile.gap)
        if need > 1 + 1e-9:
            cost += 8.0 + 40.0 * min(need - 1, 1.0)
        if seconds < skimming:
            cost += 40.0
        return cost

    def _caption(self, start: int, end: int, own: int, lead: int, cuts: tuple[int, ...]) -> Caption:
        shown, until = self._shown(start, end, own, lead)
        lines = tuple(self._text(a, b) for a, b in pairwise((start, *cuts, end)))
        return Caption(shown, until, lines, tuple(self.words[start:end]))
