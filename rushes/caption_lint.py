"""What is wrong with captions: too fast, too long, too close, badly broken, or not what is said."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from rushes.caption_files import clock
from rushes.captions import YOUTUBE, Caption, Profile
from rushes.errors import Finding, Source
from rushes.phrases import GLUE, grammar, joined, parts_a_phrase

__all__ = ["Fault", "findings", "lint"]

Level = Literal["error", "warning"]
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf]|â€|ðŸ|Â[\xa0-\xbf]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a reader would stumble over."""

    level: Level
    message: str
    number: int = 0
    """Of the caption, from 1."""
    at: str = ""
    """When it is shown: hh:mm:ss.mmm."""

    def __str__(self) -> str:
        return f"caption {self.number} at {self.at}: {self.level}: {self.message}"


def lint(
    captions: Sequence[Caption], fps: int, profile: Profile = YOUTUBE, *, gap: int | None = None, language: str = "en"
) -> list[Fault]:
    """What a reader would stumble over, by what a publisher asks.

    Args:
        gap: frames between two captions, instead of the profile's: where `fps` is not the film's.
    """
    gap = profile.gap if gap is None else gap
    found: list[Fault] = []
    for number, (caption, following) in enumerate(zip(captions, [*captions, None][1:], strict=True), 1):
        said = [
            *_time(caption, fps, profile),
            *_text(caption, profile, language),
            *_next(caption, following, profile, gap, language),
        ]
        found += [replace(fault, number=number, at=clock(caption.start, fps)) for fault in said]
    return found


def findings(
    captions: Sequence[Caption], sources: Sequence[Source], fps: int, profile: Profile, *, gap: int | None = None,
    language: str = "en",
) -> list[Finding]:  # fmt: skip
    """As `lint`, of captions whose places are known; each finding ends with the words."""
    return [
        Finding(
            sources[fault.number - 1],
            f"caption {fault.number} at {fault.at}: {fault.message}",
            f"“{' / '.join(captions[fault.number - 1].lines)}”",
            fault.level,
        )
        for fault in lint(captions, fps, profile, gap=gap, language=language)
    ]


def _time(caption: Caption, fps: int, profile: Profile) -> Iterator[Fault]:
    seconds, text = (caption.end - caption.start) / fps, " ".join(caption.lines)
    if seconds <= 0:
        yield Fault("error", "it ends before it starts")
        return
    pace, words = profile.long(text) / seconds, len(text.split()) / seconds * 60
    limit = profile.fast if _above(pace, profile.fast) else profile.easy
    digits = 2 if round(pace, 1) == limit else 1  # 17.02 is more than 17, and 17.0 is not
    if _above(pace, profile.fast):
        yield Fault("error", f"{pace:.{digits}f} characters a second, at most {profile.fast:g} can be read")
    elif _above(pace, profile.easy):
        yield Fault("warning", f"{pace:.{digits}f} characters a second, more than {profile.easy:g} is hard to follow")
    if _above(words, profile.fast_words):
        yield Fault("error", f"{words:.0f} words a minute, at most {profile.fast_words:g} can be read")
    elif _above(words, profile.easy_words):
        yield Fault("warning", f"{words:.0f} words a minute, more than {profile.easy_words:g} is hard to follow")
    if _above(seconds, profile.longest):
        yield Fault("warning", f"it stays {seconds:.1f} s, more than {profile.longest:g} s")
    if _above(profile.shortest, seconds):
        yield Fault("warning", f"it stays {seconds:.1f} s, less than {profile.shortest:.3g} s")
    for word in caption.words:
        if not caption.start <= word.start <= caption.end + profile.gap:
            yield Fault("error", f"'{word.text.removesuffix(GLUE)}' is said while it is not shown")


def _above(much: float, limit: float) -> bool:
    """A file's milliseconds are rounded, so a thousandth over a limit is none."""
    return much > limit * 1.001 and math.isfinite(limit)


def _text(caption: Caption, profile: Profile, language: str) -> Iterator[Fault]:
    for line in caption.lines:
        if (long := profile.long(line)) > profile.width:
            yield Fault("warning", f"a line of {long:g} characters, more than {profile.width}")
    if len(caption.lines) > profile.lines:
        yield Fault("error", f"{len(caption.lines)} lines, at most {profile.lines}")
    for upper, lower in pairwise(caption.lines):
        if upper and lower and parts_a_phrase(upper.split()[-1], lower.split()[0], grammar(language)):
            yield Fault("warning", f"a line ends between '{upper.split()[-1]}' and '{lower.split()[0]}'")
    text = " ".join(caption.lines)
    if text.replace(" ", "") != joined([word.text for word in caption.words]).replace(" ", ""):
        yield Fault("error", "its text is not its words")
    if match := _MOJIBAKE.search(text):
        yield Fault("warning", f"'{match[0]}' is a character that was read in the wrong encoding")
    if strange := [character for character in text if profile.characters and character not in profile.characters]:
        yield Fault("warning", f"'{strange[0]}' is no character of {profile.name}")


def _next(caption: Caption, following: Caption | None, profile: Profile, gap: int, language: str) -> Iterator[Fault]:
    if following is None:
        return
    hole = following.start - caption.end
    if hole < 0:
        yield Fault("error", "it overlaps the next one")
    elif hole < gap:
        yield Fault("warning", f"the next one comes within {profile.gap} frames")
    if caption.lines and following.lines and caption.lines[-1] and following.lines[0]:
        word, after = caption.lines[-1].split()[-1], following.lines[0].split()[0]
        if parts_a_phrase(word, after, grammar(language)):
            yield Fault("warning", f"it ends between '{word}' and '{after}'")
