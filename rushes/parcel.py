"""Parcel: a clip's job on its way to a machine that shares no disk with this one, and the files that it needs there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rushes.clip import ClipJob
from rushes.imported import imported_files
from rushes.scene_file import PACKAGE, read_scene_file
from rushes.storyboard import Insert, Picture

__all__ = ["Freight", "Parcel", "done_in", "pack", "unpack"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A job whose paths are below a folder that is yet to be filled, at `unpack`."""

    job: ClipJob
    ours: bool
    """Whether its scene is one of this package's own, which is on the worker already."""
    home: Path
    """The folder's counterpart here, which is what an author knows."""


Freight = Mapping[str, Path]
"""Files: path below the worker's folder -> the file here."""


def pack(job: ClipJob) -> tuple[Parcel, tuple[Freight, ...]]:
    """A job for somewhere else, and the files it needs there; those that other jobs need too are a freight apart.

    Raises:
        RecordError: a record it may read is not to be used.
    """
    scene = job.scene.resolve()
    home, ours = scene.parent.parent, scene.is_relative_to(PACKAGE)
    freights: list[Freight] = [
        {_below(file, home, scene): file for file in imported_files(scene) if not file.is_relative_to(PACKAGE)}
    ]
    about = read_scene_file(job.scene)
    for name, _ in about.assets:
        freights.append({f"assets/{name}": home / "assets" / name})
    for argument in about.runs:
        record = job.records.get(job.args[argument])
        names = ("run.json", *record.info["files"])
        freights.append({f"runs/records/{record.folder.name}/{name}": record.folder / name for name in names})
        if "guideline" in record.info["recipe"] and record.guideline.is_file():
            freights.append({str(record.setting("guideline")): record.guideline})
    card = job.card
    if isinstance(card, Picture | Insert) and card.path is not None:
        asset = f"asset/{card.path.name}"
        freights.append({asset: card.path})
        card = replace(card, path=Path(asset))
    packed = replace(
        job,
        scene=scene.relative_to(PACKAGE if ours else home),
        card=card,
        records=replace(job.records, roots=()),
        target=Path("clip", job.target.name),
    )
    return Parcel(job=packed, ours=ours, home=home), tuple(freight for freight in freights if freight)


def _below(file: Path, home: Path, scene: Path) -> str:
    """Where a scene finds a file it imports: in its own repository, in this one, or beside it."""
    for root in (home, PACKAGE.parent):
        if file.is_relative_to(root):
            return str(file.relative_to(root))
    return f"{scene.parent.name}/{file.name}"


def unpack(parcel: Parcel, files: Mapping[str, bytes], folder: Path) -> ClipJob:
    """The job as it is to be done in `folder`, which is filled with its files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    job = parcel.job
    card = job.card
    if isinstance(card, Picture | Insert) and card.path is not None:
        card = replace(card, path=folder / card.path)
    scene = (PACKAGE if parcel.ours else folder) / job.scene
    return replace(
        job, scene=scene, card=card, records=replace(job.records, roots=(folder,)), target=folder / job.target
    )


def done_in(folder: Path, attempt: Callable[[ClipJob], T], job: ClipJob) -> T:
    """`attempt(job)` where a scene finds what it imports from its repository; for a process of its own."""
    sys.path.insert(0, str(folder))
    return attempt(job)
