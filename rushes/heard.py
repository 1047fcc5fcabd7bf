"""Heard: everything in a film that its captions tell: the narration, and what videos with their own sound say.

A quote beside a video whose sound is kept is what is said in it, under the name of who says it. When within it each
word is said is not known: they are spread over it by their length. A video without a quote is told as a sound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import PurePath

from rushes.captions import TimedWord
from rushes.storyboard import Insert, Quote
from rushes.timeline import PlacedShot, Timeline

__all__ = ["Heard", "heard"]

MARK = 1.5
"""Seconds that the name of a sound is shown, if the sound lasts as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Words that belong together, in order of time, and the line of the note that they are from."""

    line: int
    words: tuple[TimedWord, ...]


def heard(timeline: Timeline) -> list[Heard]:
    """What is to be read in a film's captions, in order of time."""
    found: list[Heard] = []
    for beat in timeline.beats:
        found.append(Heard(line=beat.line, words=beat.words))
        shots = [shot for shot in timeline.shots if shot.beat == beat.id]
        clips = [shot for shot in shots if isinstance(shot.card, Insert) and shot.card.sound == "keep"]
        quotes = [shot.card for shot in shots if isinstance(shot.card, Quote)]
        told = quotes if len(quotes) == len(clips) else [None] * len(clips)
        for shot, quote in zip(clips, told, strict=True):
            found.append(Heard(line=shot.line, words=_words(shot, quote, beat.start + beat.frames, timeline.fps)))
    return found


def _words(shot: PlacedShot, quote: Quote | None, until: int, fps: int) -> tuple[TimedWord, ...]:
    """Of a video that plays to frame `until` at most: its last picture may be held while the next beat is said."""
    start = shot.start + shot.insert_at
    frames = max(min(shot.start + shot.frames, until) - start, 0)
    if quote is None:
        assert isinstance(shot.card, Insert)
        name = re.sub(r"[\W_]+", " ", PurePath(shot.card.name).stem).strip() or "video"
        return _spread(f"[{name} plays]".split(), start, min(frames, round(MARK * fps)))
    return _spread(f"{quote.speaker}: {quote.text}".removeprefix(": ").split(), start, frames)


def _spread(words: Sequence[str], start: int, frames: int) -> tuple[TimedWord, ...]:
    """Words one after another from frame `start` on, each as much of `frames` as it is long."""
    ends = list(accumulate(len(word) + 1 for word in words))
    edges = [start + end * frames // ends[-1] for end in [0, *ends]] if ends else []
    return tuple(TimedWord(*each) for each in zip(words, edges, edges[1:], strict=False))
