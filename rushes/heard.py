"""Heard: everything in a film that its captions tell: the narration, what videos with their own sound say, and sounds.

A quote beside a video whose sound is kept is what is said in it, under the name of who says it. When within it each
word is said is not known: they are spread over it by their length. A video without a quote is told as a sound. An
effect is told by its name in brackets, music by a note where nothing else is heard for long.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TypeVar

from rushes.captions import TimedWord
from rushes.phrases import ends_sentence, segments
from rushes.storyboard import Insert, Quote
from rushes.timeline import PlacedShot, Timeline

__all__ = ["MUSIC", "Heard", "Telling", "heard", "spoken_as"]

MARK = 1.5
"""Seconds that the name of a sound is shown, if the sound lasts as long."""
MUSIC, ALONE, AFTER = "[♪]", 4.0, 0.5
"""What tells of music, how many seconds it is alone before it is told of, and how long after the last word."""
T = TypeVar("T")
TOLD = {"paper": "paper rustles", "tick": "tick", "thump": "thump", "ding": "ding", "whoosh": "whoosh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Words that belong together, in order of time."""

    id: str
    """Of the beat; `id/1` is the first video of it that is heard."""
    line: int
    """Of the note that they are from."""
    start: int
    words: tuple[TimedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How it is told, if not in the script's own words."""

    tag: str = "en"
    texts: Mapping[str, str]
    """By what is heard; what has none is told as it is."""
    sounds: Mapping[str, str]


def heard(timeline: Timeline, *, music: bool = False, telling: Telling | None = None) -> list[Heard]:
    """What is to be read in a film's captions, in order of time.

    Args:
        music: whether there is any where the timeline has no silence.
    """
    found = _said(timeline)
    if telling:
        found = [replace(one, words=_retold(one, telling)) for one in found]
    sounds = telling.sounds if telling else {}
    for name, frame in timeline.effects:
        mark = f"[{sounds.get(name, TOLD.get(name, name))}]"
        at = max(bisect_right([one.start for one in found], frame) - 1, 0)
        found[at : at + 1] = _with_mark(found[at], mark, frame, _next(found, at, timeline), timeline.fps)
    return _with_music(found, timeline) if music else found


def _said(timeline: Timeline) -> list[Heard]:
    found: list[Heard] = []
    for beat in timeline.beats:
        found.append(Heard(id=beat.id, line=beat.line, start=beat.start, words=beat.words))
        shots = [shot for shot in timeline.shots if shot.beat == beat.id]
        clips = [shot for shot in shots if isinstance(shot.card, Insert) and shot.card.sound == "keep"]
        quotes = [shot.card for shot in shots if isinstance(shot.card, Quote)]
        told = quotes if len(quotes) == len(clips) else [None] * len(clips)
        for n, (shot, quote) in enumerate(zip(clips, told, strict=True), 1):
            words = _words(shot, quote, beat.start + beat.frames, timeline.fps)
            start = shot.start + shot.insert_at
            found.append(Heard(id=f"{beat.id}/{n}", line=shot.line, start=start, words=words))
    return found


def _words(shot: PlacedShot, quote: Quote | None, until: int, fps: int) -> tuple[TimedWord, ...]:
    """Of a video that plays to frame `until` at most: its last picture may be held while the next beat is said."""
    assert isinstance(shot.card, Insert)
    start = shot.start + shot.insert_at
    frames = max(min(shot.start + shot.frames, until) - start, 0)
    return _spread(shot.card.told(quote).split(), start, frames if quote else min(frames, round(MARK * fps)))


def _spread(words: Sequence[str], start: int, frames: int) -> tuple[TimedWord, ...]:
    """Words one after another from frame `start` on, each as much of `frames` as it is long."""
    ends = list(accumulate(len(word) + 1 for word in words))
    edges = [start + end * frames // ends[-1] for end in [0, *ends]] if ends else []
    return tuple(TimedWord(*each) for each in zip(words, edges, edges[1:], strict=False))


# ---------------------------------------------------------------------- sounds
def _next(found: Sequence[Heard], at: int, timeline: Timeline) -> int:
    """The frame before which what is heard must have been told."""
    return next((one.start for one in found[at + 1 :] if one.words), timeline.frames)


def _with_mark(one: Heard, mark: str, frame: int, until: int, fps: int) -> list[Heard]:
    """A sound is told after the word during which it is heard; after the last one, by itself."""
    place = bisect_right([word.start for word in one.words], frame)
    start = max(frame, one.words[place - 1].end if place else one.start)
    end = min(start + round(MARK * fps), one.words[place].start if place < len(one.words) else until)
    told = tuple(TimedWord(word, start, max(end, start)) for word in mark.split())
    if place == len(one.words):
        return [one, replace(one, id=f"{one.id}/sound", start=start, words=told)]
    return [replace(one, words=(*one.words[:place], *told, *one.words[place:]))]


def _with_music(found: Sequence[Heard], timeline: Timeline) -> list[Heard]:
    """A note of its own in every long hole between words in which there is music."""
    told: list[Heard] = []
    last = 0
    for one in found:
        if one.words:
            told += _music(one, last, one.words[0].start, timeline)
            last = one.words[-1].end
        told.append(one)
    return [*told, *(_music(told[-1], last, timeline.frames, timeline) if told else ())]


def _music(near: Heard, start: int, end: int, timeline: Timeline) -> Iterator[Heard]:
    fps = timeline.fps
    edges = [start, *(edge for silence in timeline.silences for edge in silence if start < edge < end), end]
    for first, last in pairwise(edges):
        silent = any(begin <= first < stop for begin, stop in timeline.silences)
        if not silent and last - first >= ALONE * fps:
            at = first + round(AFTER * fps)
            word = TimedWord(MUSIC, at, last - round(AFTER * fps))
            yield Heard(id=f"{near.id}/music", line=near.line, start=at, words=(word,))


# ---------------------------------------------------------------------- another language
def _retold(one: Heard, telling: Telling) -> tuple[TimedWord, ...]:
    text = telling.texts.get(one.id)
    return one.words if text is None else spoken_as(text, one.words, telling.tag)


def spoken_as(text: str, words: Sequence[TimedWord], tag: str) -> tuple[TimedWord, ...]:
    """A translation's words at the times of the original's: sentence by sentence if there are as many of them.

    Within a sentence a word comes as far along as it is in the text, so that where the voice pauses, they do.
    """
    said, translated = _sentences(words, [word.text for word in words]), segments(text, tag)
    theirs = _sentences(translated, translated)
    if len(said) != len(theirs):
        said, theirs = [list(words)], [translated]
    return tuple(word for ours, own in zip(said, theirs, strict=True) if ours for word in _along(own, ours))


def _sentences(items: Sequence[T], texts: Sequence[str]) -> list[list[T]]:
    found: list[list[T]] = [[]]
    for item, text in zip(items, texts, strict=True):
        found[-1].append(item)
        if ends_sentence(text):
            found.append([])
    return [sentence for sentence in found if sentence]


def _along(words: Sequence[str], said: Sequence[TimedWord]) -> Iterator[TimedWord]:
    ours = [0, *accumulate(len(word.text) + 1 for word in said)]
    ends = [0, *accumulate(len(word) + 1 for word in words)]
    places = [end * ours[-1] / ends[-1] for end in ends]
    for text, (first, last) in zip(words, pairwise(places), strict=True):
        i = min(bisect_right(ours, first) - 1, len(said) - 1)
        k = max(bisect_left(ours, last) - 1, 0)
        yield TimedWord(text, _within(said[i], ours, i, first), _within(said[k], ours, k, last))


def _within(word: TimedWord, ends: Sequence[int], n: int, place: float) -> int:
    """The frame of a place in the text that lies in the n-th word."""
    return round(word.start + (word.end - word.start) * (place - ends[n]) / (ends[n + 1] - ends[n]))
