"""Film warnings: what of a film came out otherwise than its author will have meant it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rushes.captioned import Captioned
from rushes.clip import Clip
from rushes.console import Console
from rushes.take import Take
from rushes.takes import fallen_back
from rushes.timeline import PlacedShot, Timeline

__all__ = ["film_warnings", "scene_faults", "warn"]


def film_warnings(
    timeline: Timeline, takes: Sequence[Take | None], clips: Sequence[Clip], captions: Iterable[Captioned]
) -> list[str]:
    """What is not as its author will have wanted it, and hinders no film."""
    return [
        *_late(timeline, clips),
        *_layout(timeline, clips),
        *fallen_back([beat.line for beat in timeline.beats], takes),
        *_doubtful(timeline, takes),
        *(f"{made.name}, {fault}" if made.tag != "en" else str(fault) for made in captions for fault in made.faults()),
    ]


def warn(warnings: Sequence[str], console: Console) -> None:
    """Tell them."""
    for warning in _short(warnings):
        console.event("warning", text=warning)


def scene_faults(timeline: Timeline, clips: Sequence[Clip]) -> Iterator[str]:
    """What the author of a scene can mend; a card draws what a note holds, as well as it can be drawn."""
    for shot, clip in zip(timeline.shots, clips, strict=True):
        if shot.scene:
            yield from (f"line {shot.line}: {_name(shot)} {problem}" for problem in clip.faults)


def _short(warnings: Sequence[str]) -> list[str]:
    """For the terminal: what many captions have in common is said once; `film.json` has them all."""
    fast = [w for w in warnings if "characters a second" in w and "warning" in w]
    if len(fast) <= 3:
        return list(warnings)
    said = f"{len(fast)} captions are read faster than is comfortable; see warnings in film.json"
    return [*(w for w in warnings if w not in fast), said]


def _late(timeline: Timeline, clips: Sequence[Clip]) -> list[str]:
    return [
        f"line {shot.line}: the scene '{shot.scene}' comes {seconds:.1f} s late to '{cue}'"
        for shot, clip in zip(timeline.shots, clips, strict=True)
        for cue, seconds in clip.late
    ]


def _name(shot: PlacedShot) -> str:
    return f"the scene '{shot.scene}'" if shot.scene else "the card"


def _layout(timeline: Timeline, clips: Sequence[Clip]) -> list[str]:
    return [
        f"line {shot.line}: {_name(shot)} {problem}"
        for shot, clip in zip(timeline.shots, clips, strict=True)
        for problem in clip.layout
    ]


def _doubtful(timeline: Timeline, takes: Sequence[Take | None]) -> list[str]:
    return [
        f"line {beat.line}: when '{beat.words[i].text}' is said is uncertain"
        for beat, take in zip(timeline.beats, takes, strict=True)
        for i in (take.low if take else ())
    ]
