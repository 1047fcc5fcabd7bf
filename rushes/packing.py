"""Packing: what goes with a film to where it is watched. Description, credits, titles and thumbnails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rushes.cache import write_whole
from rushes.check import Checked
from rushes.clip import Clip
from rushes.console import Console
from rushes.credits import credited
from rushes.description import description, linked, made_of, shown_sources
from rushes.house import ROOT, House
from rushes.poster import candidates, posters
from rushes.publication import publication
from rushes.publish import Package, make_package
from rushes.script import Script
from rushes.storyboard import Insert, Picture
from rushes.timeline import Timeline

__all__ = ["pack"]


def pack(
    folder: Path, checked: Checked, timeline: Timeline, clips: Sequence[Clip], about: Mapping[str, Any], house: House,
    console: Console, title: int,
) -> Package:  # fmt: skip
    """Write what goes with the film in `folder`, whose provenance is `about`, and look for what is missing.

    `title` is the number of one of its candidates, or 0. What has no room is a warning.
    """
    script = checked.script
    sources, related = shown_sources(script), list[str]()
    if checked.vault and any(link.kind in ("note", "embed", "block") for link in script.links):
        sources += [linked(link.title, link.url) for link in checked.vault.sources(script.note)]
        related = [linked(link.title, link.url) for link in checked.vault.related(script.note)]
    credit = credited(_files(timeline, clips, script, house), [house.voice or script.voice], house.root / "assets")
    told = description(
        checked.description, timeline, list(dict.fromkeys(sources)), related, made_of(about["records"]), credit.lines
    )
    write_whole(folder / "description.txt", told.text)
    made = posters(checked, house)
    for fault in dict.fromkeys(fault for one in made for fault in one.faults):
        console.event("warning", text=f"thumbnail: {fault}")
    if told.left_out:
        console.event("warning", text=f"the description has no room for {', '.join(told.left_out)}")
    return make_package(
        folder, script, publication(script), titles=candidates(checked), title=title, description=told.text,
        pinned=checked.pinned, thumbnails=[one.path for one in made], seconds=timeline.seconds,
    )  # fmt: skip


def _files(timeline: Timeline, clips: Sequence[Clip], script: Script, house: House) -> Iterator[Path]:
    """What somebody made that is seen or heard in a film."""
    yield from sorted((ROOT / "assets" / "fonts").glob("*.[ot]tf"))
    for clip in clips:
        yield from (house.root / name for name in clip.files)
    for shot in timeline.shots:
        if isinstance(shot.card, Insert | Picture) and shot.card.path:
            yield shot.card.path
    if script.music and script.music.file:
        yield script.music.file
