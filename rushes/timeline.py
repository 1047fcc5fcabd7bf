"""Timeline: every beat, shot and cue of a film in whole frames; `placing` says when they come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a process that draws a shot needs a timeline's types, and not what reads a script
    from rushes.captions import TimedWord
    from rushes.storyboard import Card
    from rushes.transition import Fade

__all__ = ["FORMAT", "PlacedBeat", "PlacedSection", "PlacedShot", "Timeline", "Timing"]

FORMAT = 1


class _Word(Protocol):
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


class Timing(Protocol):
    """What the timeline needs of a take: seconds, and the start and end of each word in seconds."""

    @property
    def seconds(self) -> float: ...
    @property
    def words(self) -> Sequence[_Word]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSection:
    """A chapter's first frame."""

    title: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBeat:
    """A beat's narration on the film's ruler; every number is a frame of the film."""

    id: str
    section: int
    line: int
    text: str
    start: int
    frames: int
    words: tuple[TimedWord, ...]
    cues: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedShot:
    """One scene's time on screen."""

    id: str
    beat: str
    scene: str | None
    """None is a card."""
    args: Mapping[str, str]
    text: str
    """What a card shows, in words."""
    card: Card | None
    """What is shown instead of a scene; with a scene, the insert beside it, or None."""
    line: int
    start: int
    frames: int
    cues: Mapping[str, int]
    """Frames from the start of the shot."""
    insert_at: int = 0
    """Frame of the shot at which its insert begins to play."""
    fade: Fade = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The film's ruler: `frames` in all, `fps` a second."""

    fps: int
    size: tuple[int, int]
    frames: int
    sections: tuple[PlacedSection, ...]
    beats: tuple[PlacedBeat, ...]
    shots: tuple[PlacedShot, ...]
    effects: tuple[tuple[str, int], ...] = ()
    """A sound's name and the frame at which it begins."""
    silences: tuple[tuple[int, int], ...] = ()
    """The frames from and up to which there is no music."""

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def to_json(self) -> str:
        """The timeline file; all times are frames."""
        beats = [asdict(beat) | {"words": [[w.text, w.start, w.end] for w in beat.words]} for beat in self.beats]
        shots = [
            asdict(replace(shot, card=None))
            | {"card": type(shot.card).__name__.lower() if shot.card else None, "run": shot.args.get("run", "")}
            for shot in self.shots
        ]
        whole = {
            "format": FORMAT,
            "fps": self.fps,
            "size": list(self.size),
            "frames": self.frames,
            "sections": [asdict(section) for section in self.sections],
            "beats": beats,
            "shots": shots,
            "effects": [list(effect) for effect in self.effects],
            "silences": [list(silence) for silence in self.silences],
        }
        return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
