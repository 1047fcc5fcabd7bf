"""Poster: which thumbnail goes with each title, and where it is made: from the note's image, or drawn."""

from __future__ import annotations

import io
import json
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from rushes.cache import Cache, used, whole, write_whole
from rushes.check import Checked
from rushes.clip import ClipJob, clip_job
from rushes.errors import RushesError
from rushes.house import House
from rushes.limits import THUMBNAIL, THUMBNAIL_SIZE
from rushes.scene_file import PACKAGE, find_scene, read_scene_file
from rushes.timeline import PlacedShot
from rushes.workers import Processes, fitting

__all__ = ["Poster", "candidates", "draw", "fitted", "poster_words", "posters", "undrawn"]

DESIGN = PACKAGE / "thumbnail.py"
FEW, MOST = 4, 5  # words of a longer title that are its news, and words that are shown whole
NARROW = 0.2  # how much of an image may be cut off to make it 16:9
OPENERS = {"a", "an", "and", "as", "at", "but", "by", "for", "from", "how", "in", "into", "is", "of", "on", "or",
           "that", "the", "this", "to", "was", "what", "when", "why", "with"}  # fmt: skip
BROKEN = re.compile(r"\s*[:–—|]\s+")


def candidates(checked: Checked) -> list[str]:
    """The titles to choose from: the film's own, and the note's; counted from 1."""
    return list(dict.fromkeys((checked.script.title, *checked.script.titles)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """A thumbnail in the cache."""

    path: Path
    faults: tuple[str, ...]
    """What cannot be read on it in a list of films."""


def posters(checked: Checked, house: House) -> list[Poster]:
    """The thumbnail of each candidate title, drawn if it is not yet; or the note's image for all of them.

    A title that the note gives a scene or words of its own has a drawing, and so has every one in a note without image.

    Raises:
        RushesError: a scene failed, or the image cannot be read.
    """
    made = _planned(checked, house)
    todo = {each.target: each for each in made if isinstance(each, ClipJob)}
    if todo:
        width, height = THUMBNAIL_SIZE
        with Processes(min(len(todo), house.jobs or fitting(width * height))) as executor:
            for future in [executor.submit(draw, job) for job in todo.values()]:
                if why := future.result():
                    raise RushesError(f"a thumbnail failed\n{why}")
    return [each if isinstance(each, Poster) else _found(each) or _lost() for each in made]


def undrawn(checked: Checked, house: House) -> list[ClipJob]:
    """Drawings that `posters` will want and that are not there yet."""
    return [each for each in _planned(checked, house) if isinstance(each, ClipJob)]


def _planned(checked: Checked, house: House) -> list[Poster | ClipJob]:
    """A thumbnail for each candidate title, or one for all: made already, or what draws it."""
    script = checked.script
    own = script.thumbnail.path if script.thumbnail else None
    if own and not {*script.posters, *script.poster_words} & {*candidates(checked)}:
        return [Poster(path=fitted(own, house.cache), faults=())]
    made: list[Poster | ClipJob] = []
    for title in candidates(checked):
        if own and title not in script.posters and title not in script.poster_words:
            made.append(Poster(path=fitted(own, house.cache), faults=()))
        else:
            job = _job(checked, title, house)
            made.append(_found(job) or job)
    return made


def _found(job: ClipJob) -> Poster | None:
    """A thumbnail that was drawn before."""
    about = job.target.with_suffix(".json")
    if not (about.is_file() and job.target.is_file()):
        return None
    used(job.target)
    return Poster(path=job.target, faults=tuple(json.loads(about.read_text(encoding="utf-8"))["faults"]))


def _lost() -> NoReturn:
    raise RushesError("a thumbnail was drawn and is gone: is another film being made, with a limit to the cache?")


def _job(checked: Checked, title: str, house: House) -> ClipJob:
    """The drawing of a title's thumbnail, as a shot of one frame whose target is a PNG."""
    script = checked.script
    direction = script.posters.get(title)
    scene = find_scene(direction.scene, house.roots) if direction and direction.scene else None
    args: Mapping[str, str] = direction.args if direction and scene else {}
    if not scene:
        args = {"words": script.poster_words.get(title) or poster_words(title), **_hero(checked)}
    shot = PlacedShot(
        id="thumbnail", beat="", scene="thumbnail", args=args, text="", card=None, line=1, start=0, frames=1, cues={}
    )
    job = clip_job(shot, scene or DESIGN, fps=30, size=THUMBNAIL_SIZE, records=checked.records, cache=house.cache)
    assets = {name: _asset(job.scene, name) for name, _ in read_scene_file(job.scene).assets}
    key = {"inputs": dict(job.inputs), "state": job.state, "assets": assets, "code": Path(__file__)}
    return replace(job, target=house.cache.path("thumbnail", ".png", key))


def _asset(scene: Path, name: str) -> Path:
    return scene.parent.parent / "assets" / name


def draw(job: ClipJob) -> str:
    """Draw a thumbnail to its job's target; why it failed, or nothing. Runs in a process of its own."""
    import cv2

    from rushes.thumbnail import still

    try:
        pixels, faults = still(job)
    except Exception:  # whatever a scene's author wrote: the traceback ends with this process
        return traceback.format_exc()
    with whole(job.target) as partial:
        cv2.imwrite(str(partial), pixels[..., 2::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
    write_whole(job.target.with_suffix(".json"), json.dumps({"faults": faults}))
    return ""


def poster_words(title: str) -> str:
    """The words of a title that a thumbnail shows: all of a short one, the last few of a longer one."""
    words = title.split()
    if len(words) > MOST and len(parts := BROKEN.split(title)) > 1:
        words = min(parts, key=lambda part: (len(part.split()) > MOST, -len(part.split()))).split()
    if len(words) > MOST:
        words = words[-FEW:]
    while len(words) > 2 and len(title.split()) > MOST and words[0].lower() in OPENERS:
        words = words[1:]
    shown = " ".join(words).strip(" ,;:–—")
    return shown[:1].upper() + shown[1:]


def _hero(checked: Checked) -> dict[str, str]:
    """How the Apprentice of the film's own run ended; nothing for a film without one that was rated."""
    for beat in checked.script.beats:
        for direction in beat.directions:
            run = direction.args.get("run") if direction.scene else None
            try:
                if run and "rating" in checked.records.get(run).columns:
                    rating = checked.records.get(run).measure("rating", "last").value
                    flipped = "1" if "flipped" in run else "0"
                    return {"who": "apprentice", "mood": f"{(rating - 5) / 4:.3f}", "flipped": flipped}
            except RushesError:
                continue
    return {}


def fitted(image: Path, cache: Cache) -> Path:
    """An image of the note's as a thumbnail: 1280x720, PNG, or JPEG where a PNG is too large for the site.

    One that is not 16:9 loses at most a fifth of itself; beyond that it stands on the dark ground.

    Raises:
        RushesError: it cannot be read.
    """
    inputs = {"image": image, "size": THUMBNAIL_SIZE, "most": THUMBNAIL, "version": 1}
    for suffix in (".png", ".jpg"):
        if (path := cache.path("thumbnail", suffix, inputs)).is_file():
            used(path)
            return path
    data, suffix = _encoded(image)
    path = cache.path("thumbnail", suffix, inputs)
    with whole(path) as partial:
        partial.write_bytes(data)
    return path


def _encoded(path: Path) -> tuple[bytes, str]:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RushesError(f"{path} cannot be read as an image: {error}") from error
    (width, height), (w, h) = THUMBNAIL_SIZE, image.size
    cover, inside = max(width / w, height / h), min(width / w, height / h)
    scale = cover if 1 - inside / cover <= NARROW else inside
    scaled = image.resize((max(round(w * scale), 1), max(round(h * scale), 1)), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", THUMBNAIL_SIZE, "#10121F")
    ground.alpha_composite(
        scaled.crop(_middle(scaled.size)), (max(width - scaled.width, 0) // 2, max(height - scaled.height, 0) // 2)
    )
    picture = ground.convert("RGB")
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    suffix = ".png"
    for quality in (92, 80, 60):
        if len(made.getvalue()) <= THUMBNAIL:
            break
        made, suffix = io.BytesIO(), ".jpg"
        picture.save(made, "JPEG", quality=quality)
    return made.getvalue(), suffix


def _middle(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The part of a scaled image that is inside the frame."""
    (w, h), (width, height) = size, THUMBNAIL_SIZE
    left, top = max(w - width, 0) // 2, max(h - height, 0) // 2
    return left, top, left + min(w, width), top + min(h, height)
