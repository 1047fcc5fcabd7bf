"""Lint: a shot's picture looked at while it goes by, for text that cannot be read where, when or as it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from rushes.contrast import Sight
from rushes.layout import Box, Problem, Text
from rushes.reading import Watch, hasty
from rushes.shaken import SHAKES, Drawn, numbers, unrecorded

if TYPE_CHECKING:
    from rushes.scene import RunScene

__all__ = ["Lint", "Twin"]

Twin = Callable[[float], "tuple[RunScene, set[str]]"]
"""Makes the same scene from records shaken by a factor; with it, the texts that it reads from them meanwhile."""

SETTLED = 0.9  # seconds after a cue, when what it set off has arrived
LASTS = 0.4  # seconds that a fault is seen which is none of a movement
STEP = 0.2  # seconds between the looks for what is read too short


class Lint:
    """Looks at a scene; one that plays is looked at while it does, so make this before it is rendered.

    `under` is the box (px) of an insert that lies over the picture.
    """

    def __init__(self, scene: RunScene, under: Box | None = None) -> None:
        self._scene, self._under = scene, under
        self._found: dict[str, Problem] = {}
        self._sight = Sight()
        scene.watched = self._play_ended

    def problems(self, cues: Iterable[float], twin: Twin | None = None) -> list[Problem]:
        """What is wrong with the shot; `cues` are seconds of it. With a `twin` also its numbers are looked into."""
        scene = self._scene
        if not scene.on_clock:
            self._play_ended()
        else:
            watch = self._watched()
            last = scene.seconds - 1 / scene.fps
            moments = sorted({min(n, last) for cue in cues for n in (cue, cue + SETTLED)} | {0.0, last})
            for second in moments:
                self._keep(scene.problems(second, under=self._under))
                self._keep(self._seen(second, watch, last))
            self._keep(hasty(watch.stays, STEP))
            self._keep(Problem(0.0, told) for told in self._sight.never)
            if twin and scene.reads:
                given = scene.shot.args.values() if scene.shot else ()
                self._keep(unrecorded(_numbers(scene, moments), given, _shaken(twin, moments)))
        return sorted(self._found.values(), key=lambda problem: problem.second)

    def _seen(self, second: float, watch: Watch, last: float) -> list[Problem]:
        """What stands out too little, and still does a moment later: what passes is part of a movement."""
        scene = self._scene
        found: list[Problem] = []
        for moment in (second, min(second + LASTS, last) if second < last else last - LASTS):
            scene.pose(moment)
            names = {problem.text for problem in found}
            now = self._sight.problems(scene.drawn, second, watch.brightest)
            if moment != second:
                return [problem for problem in now if problem.text in names]
            if not now:
                break
            found = now
        return []

    def _play_ended(self) -> None:
        self._keep(self._scene.problems(under=self._under))
        self._keep(self._sight.problems(self._scene.drawn, self._scene.clock, {}))

    def _keep(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._found.setdefault(problem.message, problem)

    def _watched(self) -> Watch:
        """What is seen of each text, and when; text that stays in the wings is wrong there."""
        scene, watch = self._scene, Watch()
        wings: dict[int, Text | None] = {}
        for i in range(int(scene.seconds / STEP)):
            found = scene.lines_at(i * STEP)
            on = [text for text in found if text.on_stage]
            watch.see(on, i * STEP)
            wings |= {id(text.line): None for text in on}
            for text in found:
                wings.setdefault(id(text.line), text)
        self._keep(Problem(0.0, f"'{text.string}' never comes into the frame") for text in wings.values() if text)
        return watch


def _numbers(scene: RunScene, moments: Iterable[float]) -> list[Drawn]:
    return [one for moment in moments for one in numbers(scene.lines_at(moment), moment)]


def _shaken(twin: Twin, moments: Collection[float]) -> Iterator[tuple[list[Drawn], set[str]]]:
    """What the scene draws from other values than were recorded, if it can."""
    for factor in SHAKES:
        try:
            scene, words = twin(factor)
            yield _numbers(scene, moments), words
        except Exception:  # it was written for what was recorded: there may be no lowest of none
            continue
