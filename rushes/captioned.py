"""Captioned: the captions of a film in its own language and in every one that it is translated into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rushes.cache import file_digest
from rushes.caption_files import written
from rushes.caption_lint import Fault, findings, lint
from rushes.captions import YOUTUBE, Caption, Profile, captions, fitting, read_in
from rushes.check import Checked
from rushes.errors import Finding, Source
from rushes.heard import Heard, Telling, heard
from rushes.timeline import Timeline
from rushes.translation import Translation

__all__ = ["ENGLISH", "Captioned", "captioned", "told_of"]

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Captioned:
    """A film's captions in one language."""

    tag: str
    """BCP 47."""
    alpha3: str
    """ISO 639-2."""
    name: str
    """What its readers call the language."""
    path: Path
    """The note that its words are from."""
    captions: tuple[Caption, ...]
    lines: tuple[int, ...]
    """Of the note, of each caption."""
    profile: Profile
    fps: int
    size: tuple[int, int]

    @property
    def files(self) -> Mapping[str, str]:
        """Name -> content."""
        parts = ["captions", *([self.tag] if self.tag != ENGLISH else [])]
        parts += [self.profile.name] if self.profile.name != YOUTUBE.name else []
        return written(self.captions, self.fps, self.size, ".".join(parts), self.tag)

    def faults(self) -> list[Fault]:
        """What a reader would stumble over."""
        return lint(self.captions, self.fps, self.profile, language=self.tag)

    def findings(self) -> list[Finding]:
        """The same, at the lines of the note."""
        sources = [Source(self.path, line) for line in self.lines]
        return findings(self.captions, sources, self.fps, self.profile, language=self.tag)


def captioned(timeline: Timeline, checked: Checked, profile: Profile, *, music: bool) -> Iterator[Captioned]:
    """The film's own captions first, then each translation's. What is not translated is shown as it is said."""
    own = heard(timeline, music=music)
    yield _cut(own, timeline, profile, ENGLISH, "eng", "English", checked.script.path, {})
    for other in checked.translations:
        telling = Telling(tag=other.language.tag, texts=other.texts, sounds=other.sounds)
        told = heard(timeline, music=music, telling=telling)
        spoken = other.language
        yield _cut(told, timeline, profile, spoken.tag, spoken.alpha3, spoken.own, other.path, other.lines)


def _cut(
    told: list[Heard], timeline: Timeline, profile: Profile, tag: str, alpha3: str, name: str, path: Path,
    lines: Mapping[str, int],
) -> Captioned:  # fmt: skip
    of = {word: lines.get(one.id, one.line if tag == ENGLISH else 1) for one in told for word in one.words}
    fitted = fitting(timeline.size, read_in(tag, profile))
    made = captions(
        [one.words for one in told], fps=timeline.fps, frames=timeline.frames, profile=fitted, language=tag
    )  # fmt: skip
    return Captioned(
        tag=tag, alpha3=alpha3, name=name, path=path, captions=made, lines=tuple(of[one.words[0]] for one in made),
        profile=fitted, fps=timeline.fps, size=timeline.size,
    )  # fmt: skip


def told_of(translations: tuple[Translation, ...]) -> Mapping[str, Any]:
    """What `film.json` says of a film's translations."""
    return {
        other.language.tag: {
            "note": other.path.name,
            "sha256": file_digest(other.path),
            "sentences": len(other.texts),
            "missing": [original.source.line for original in other.missing],
            "changed": [original.source.line for original in other.changed],
        }
        for other in translations
    }
