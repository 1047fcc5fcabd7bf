"""RunScene: a Manim scene that waits for words and draws recorded runs.

A scene may be written either way:

* on the shot's clock: `t = self.cue("falls")` is the second at which the words are said; things from
  `rushes.motion` are told what to do when, and `self.live(...)` shows them. Nothing is rendered until
  the end, so a thing can begin before its word.
* Manim's way: `self.play(...)`, with `self.until("falls")` to hold the picture until the words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

from manim import Mobject, Scene, config

from rushes.camera import DirectCamera
from rushes.errors import RushesError, did_you_mean
from rushes.layout import Box, Line, Problem, Text, covered, lines, moved, problems, texts
from rushes.opened import note, unheard
from rushes.reads import Read, Watched
from rushes.record import Record
from rushes.records import Records
from rushes.slug import slug
from rushes.storyboard import Card

__all__ = ["Posed", "RunScene", "ShotContext"]

ROOT = Path(__file__).parent.parent
ALONE = 2.0  # seconds between cues when a scene is played without a script


class Posed(Protocol):
    """A mobject whose every frame is a function of the shot's clock."""

    def pose(self, clock: float) -> None: ...


@dataclass(frozen=True, kw_only=True)
class ShotContext:
    """What a shot tells its scene."""

    frames: int
    fps: int
    cues: Mapping[str, int]
    """Cue -> frame of the shot."""
    args: Mapping[str, str]
    records: Records
    card: Card | None = None
    """What a shot without a scene shows."""
    late: list[tuple[str, float]] = field(default_factory=list)
    """Cues the scene came late to, and by how many seconds; filled while it runs."""


def _nothing() -> None: ...


class RunScene(Scene):
    """Base of every scene."""

    runs: ClassVar[Mapping[str, str]] = {}
    """Argument -> the run it names when the script says nothing; `self.record("run")` reads it."""
    settings: ClassVar[Mapping[str, str | int | float]] = {}
    """Argument -> its value when the script says nothing; `self.setting("step")` reads it."""
    alone: ClassVar[float] = 12.0
    """Seconds it lasts when played without a script, by `manim scenes/x.py`."""

    def __init__(self, *args: Any, shot: ShotContext | None = None, **kwargs: Any) -> None:
        if "renderer" not in kwargs:
            kwargs.setdefault("camera_class", DirectCamera)
        super().__init__(*args, **kwargs)
        self._records = shot.records if shot else Records((ROOT,))
        # a scene asks for records by `record`, which remembers
        self.shot = replace(shot, records=Records(())) if shot else None
        self._watched: dict[str, Watched] = {}
        self._alone_cues: dict[str, float] = {}
        self._things: list[Any] = []
        self._still: tuple[Mobject, ...] = ()
        self._played = False
        self.film: Callable[[], None] | None = None
        """Draws a scene on the shot's clock frame by frame, without what Manim does while it waits."""
        self.pictured = True
        """Whether anybody will look at its frames; else what it bakes is not drawn."""
        self.watched: Callable[[], None] = _nothing
        """Called at the end of every play."""

    # ------------------------------------------------------------------ time
    @property
    def fps(self) -> float:
        return self.shot.fps if self.shot else float(config.frame_rate)

    @property
    def seconds(self) -> float:
        """How long the shot lasts."""
        return self.shot.frames / self.shot.fps if self.shot else self.alone

    @property
    def clock(self) -> float:
        """Seconds since the start of the shot, on a whole frame."""
        return round(self.time * self.fps) / self.fps

    def cue(self, name: str, default: float | None = None) -> float:
        """The second of the shot at which the words of a cue begin; renders nothing.

        `name` is the marked words, or these in lower case joined by hyphens, as findings and pages call them.
        With a `default` the scene can do without the cue.
        """
        if self.shot is None:
            last = max(self._alone_cues.values(), default=0.0)
            return self._alone_cues.setdefault(name, last + ALONE if default is None else default)
        name = name if name in self.shot.cues else slug(name)
        if name not in self.shot.cues:
            if default is not None:
                return default
            raise KeyError(f"{type(self).__name__} waits for '{name}', which no one says in this shot")
        return self.shot.cues[name] / self.shot.fps

    def until(self, name: str) -> float:
        """Hold the picture until the words of a cue begin; a scene that comes late is reported."""
        moment = self.cue(name)
        late = self.clock - moment
        if self.shot and late > 1 / self.fps:
            self.shot.late.append((name, late))
        self._hold(moment)
        return moment

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Manim's own; remembered, as a scene that plays can only be drawn from its start."""
        self._played = True
        super().play(*args, **kwargs)
        self.watched()

    def _hold(self, moment: float) -> None:
        frames = round((moment - self.clock) * self.fps)
        if frames > 0:
            self.wait(frames / self.fps)

    # ------------------------------------------------------------------ data
    def record(self, argument: str = "run") -> Record:
        """The record of the run that an argument of the scene names. What is asked of it is remembered."""
        if argument not in self._watched:
            name = (self.shot.args.get(argument) if self.shot else None) or self.runs[argument]
            with unheard():
                self._watched[argument] = Watched(self._records.get(name), name)
        return cast(Record, self._watched[argument])

    @property
    def reads(self) -> tuple[Read, ...]:
        """What was asked of the records so far."""
        return tuple(sorted({read for watched in self._watched.values() for read in watched.reads}))

    def asset(self, name: str) -> Path:
        """A file below `assets/`, beside the folder of the scene; when it changes, the shot is drawn again.

        Write the name as it is, in quotes: then `check` misses the file before anything slow does, and the file
        travels to a cluster.

        Raises:
            RushesError: it is not there.
        """
        path = Path(inspect.getfile(type(self))).parent.parent / "assets" / name
        note(path)
        if not path.is_file():
            raise RushesError(f"there is no assets/{name}")
        return path

    def setting(self, argument: str) -> Any:
        """An argument's value, of the type of its default."""
        if argument not in self.settings:
            near = did_you_mean(argument, self.settings)
            raise RushesError(f"there is no '{argument}' in the `settings` of {type(self).__name__}; {near}")
        default = self.settings[argument]
        given = self.shot.args.get(argument) if self.shot else None
        return default if given is None else type(default)(given)

    # ------------------------------------------------------------------ picture
    def bake(self, *still: Mobject) -> None:
        """Draw what never changes once, behind everything."""
        if self.pictured:
            self.direct.set_backdrop(still)
        self._still = still

    @property
    def direct(self) -> DirectCamera:
        """What draws it."""
        camera = self.renderer.camera
        assert isinstance(camera, DirectCamera)
        return camera

    def live(self, *things: Any) -> None:
        """Show `things` (each a mobject with `pose(clock)`), later ones on top, each posed on every frame."""
        self._things += things
        for thing in things:
            self.add(thing)
        # one updater on the bottom thing: Manim then redraws it and everything above it on each frame
        if len(self._things) == len(things):
            # (by the name of its second parameter Manim knows that it needs every frame)
            things[0].add_updater(lambda _bottom, dt: self.pose(self.clock), call_updater=False)
        self.pose(self.clock)

    def pose(self, clock: float) -> None:
        """Give every live thing the shape it has at a second of the shot."""
        for thing in self._things:
            thing.pose(clock)

    @property
    def on_clock(self) -> bool:
        """Whether every frame is a function of the clock, so that frames may be drawn in any order."""
        return not self._played and bool(self._things)

    def tear_down(self) -> None:
        """Hold the last picture to the end of the shot; of a scene on the shot's clock this is the whole of it."""
        if self.film and self.on_clock and not self.clock:
            self.film()
            return
        played, watched = self._played, self.watched
        self.watched = _nothing
        self._hold(self.seconds)
        self._played, self.watched = played, watched

    @property
    def drawn(self) -> tuple[Mobject, ...]:
        """Everything in the picture, from the bottom up."""
        return (*self._still, *self.mobjects)

    def problems(self, clock: float | None = None, *, under: Box | None = None) -> list[Problem]:
        """What is wrong with where text stands: now, or, for a scene on the shot's clock, at a second of it.

        `under` is the box (px) of an insert that lies over the picture.
        """
        moving: set[int] = set()
        if clock is None:
            found = texts(self.drawn)
        else:
            frame = 1 / self.fps
            near = self.texts_at(clock - frame if clock >= frame else clock + frame)
            found = self.texts_at(clock)
            moving = moved(near, found, frame)
        second = self.clock if clock is None else clock
        return problems(found, second, moving) + (covered(found, second, under, "the insert") if under else [])

    def texts_at(self, clock: float) -> list[Text]:
        """The text that is seen at a second of the shot, for a scene on its clock."""
        self.pose(clock)
        return texts(self.drawn)

    def lines_at(self, clock: float) -> list[Line]:
        """The same without Manim's own texts."""
        self.pose(clock)
        return lines(self.drawn)
