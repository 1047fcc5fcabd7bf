"""Stills: one picture a cue out of a finished film, and a contact sheet, to look at what was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from rushes.errors import RushesError

__all__ = ["AFTER", "contact_sheet"]

AFTER = 0.6  # seconds after a cue: what it set off has arrived
COLUMNS, ROWS = 4, 6
SIDE = 480  # px, the longer one of a small picture

Picture = npt.NDArray[np.uint8]


def contact_sheet(folder: Path) -> list[Path]:
    """Write `stills/<shot>-<cue>.png` and `contact-<n>.png` beside a film; the sheets' paths.

    Raises:
        RushesError: there is no film in `folder`.
    """
    if not (folder / "film.mp4").is_file():
        raise RushesError(f"there is no film in {folder}\n  make it first: rushes film or short, with the same options")
    timeline = json.loads((folder / "timeline.json").read_text(encoding="utf-8"))
    wanted = sorted(set(_moments(timeline)))
    stills = folder / "stills"
    stills.mkdir(exist_ok=True)
    for old in stills.glob("*.png"):
        old.unlink()
    small: list[Picture] = []
    names = dict(wanted)
    with av.open(str(folder / "film.mp4")) as film:
        stream = film.streams.video[0]
        for i, frame in enumerate(film.decode(stream)):
            if i in names:
                picture = frame.to_ndarray(format="bgr24")
                cv2.imwrite(str(stills / f"{i:06}-{names[i]}.png"), picture)
                scale = SIDE / max(picture.shape)
                size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
                thumb = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
                label = f"{i / timeline['fps']:.1f}s {names[i]}"
                cv2.putText(thumb, label[:60], (6, size[1] - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (200, 200, 200), 1)
                small.append(np.asarray(thumb, np.uint8))
    return list(_sheets(small, folder))


def _moments(timeline: dict[str, object]) -> Iterator[tuple[int, str]]:
    fps = timeline["fps"]
    assert isinstance(fps, int)
    shots = timeline["shots"]
    assert isinstance(shots, list)
    for shot in shots:
        last = shot["start"] + shot["frames"] - 1
        name = shot["scene"] or "card"
        yield last, f"{name}-end"
        for cue, frame in shot["cues"].items():
            yield min(shot["start"] + frame + round(AFTER * fps), last), f"{name}-{cue}"[:60]


def _sheets(pictures: list[Picture], folder: Path) -> Iterator[Path]:
    for old in folder.glob("contact-*.png"):
        old.unlink()
    for n, first in enumerate(range(0, len(pictures), COLUMNS * ROWS), 1):
        page = pictures[first : first + COLUMNS * ROWS]
        blank = np.zeros_like(page[0])
        page += [blank] * (-len(page) % COLUMNS)
        rows = [np.hstack(page[i : i + COLUMNS]) for i in range(0, len(page), COLUMNS)]
        path = folder / f"contact-{n}.png"
        cv2.imwrite(str(path), np.vstack(rows))
        yield path
