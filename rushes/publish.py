"""Publish: everything that goes to a video site with a film, as it lies in `build/<script>/`.

`publish.json` (format 1) names it; whoever sends it reads it with `read_package`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from rushes.cache import file_digest, write_whole
from rushes.captions import PROFILES
from rushes.errors import RushesError
from rushes.publication import Publication
from rushes.script import Script

__all__ = ["FORMAT", "NAME", "CaptionTrack", "Package", "make_package", "read_package", "told", "write_package"]

FORMAT = 1
NAME = "publish.json"
KIND = "script"  # a tag by which vaults find their scripts; nobody looks for a film by it
LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
Licence = Literal["youtube", "creativeCommon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionTrack:
    """A film's captions in one language: an `.srt` or `.vtt` file, UTF-8."""

    path: Path
    language: str
    """BCP-47, such as `en` or `pt-BR`."""
    name: str
    """What the site calls it beside the language; usually empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Everything that goes to the site. All files exist when it was read."""

    folder: Path
    film: Path
    film_sha256: str
    seconds: float
    title: str
    """The chosen one of `titles`."""
    titles: tuple[str, ...]
    description: str
    tags: tuple[str, ...]
    thumbnail: Path
    """PNG or JPEG, 1280x720."""
    captions: tuple[CaptionTrack, ...]
    """The film's own language first."""
    pinned: tuple[str, ...]
    """Paragraphs of the comment to be pinned; empty for none."""
    playlist: str
    """Name or id of the playlist it joins; empty for none."""
    category: str
    """The site's number of it, such as `27` for Education."""
    language: str
    """BCP-47, of the narration and of title and description."""
    licence: Licence
    made_for_kids: bool
    synthetic_media: bool
    """The answer to whether realistic people, places or events in it are made or altered."""
    publish_at: str
    """RFC 3339 in UTC; empty is whenever somebody makes it public."""
    published: tuple[str, ...]
    """Addresses below Result in the note."""
    assumed: tuple[str, ...] = ()
    """Keys of the front matter that say nothing, so that a default is sent."""


_FILES = ("film", "thumbnail")


def make_package(
    folder: Path, script: Script, said: Publication, *, titles: Sequence[str], title: int, description: str,
    pinned: Sequence[str], thumbnails: Sequence[Path], seconds: float,
) -> Package:  # fmt: skip
    """Gather what goes with the film in `folder`, write it there, and name it in `publish.json`.

    Args:
        titles: the candidates; `title` is the number of the chosen one, from 1, or 0 for what was chosen before.
        thumbnails: a picture for each candidate, or one for all.

    Raises:
        RushesError: there is no such title.
    """
    if not 0 <= title <= len(titles):
        raise RushesError(f"there is no title {title}\n  the note has {len(titles)}, and --dry-run shows them")
    chosen = title or _chosen_before(folder, titles)
    pictures = _thumbnails(folder, thumbnails)
    package = Package(
        folder=folder,
        film=folder / "film.mp4",
        film_sha256=file_digest(folder / "film.mp4"),
        seconds=round(seconds, 3),
        title=titles[chosen - 1],
        titles=tuple(titles),
        description=description,
        tags=tuple(tag for tag in dict.fromkeys(script.tags) if tag.lower() != KIND),
        thumbnail=pictures[min(chosen, len(pictures)) - 1],
        captions=tuple(_captions(folder, script, said.language)),
        pinned=tuple(pinned),
        playlist=said.playlist,
        category=said.category,
        language=said.language,
        licence=said.licence,
        made_for_kids=said.made_for_kids,
        synthetic_media=said.synthetic_media,
        publish_at=said.publish_at,
        published=script.result,
        assumed=said.assumed,
    )
    write_package(package)
    return package


def _chosen_before(folder: Path, titles: Sequence[str]) -> int:
    try:
        return list(titles).index(json.loads((folder / NAME).read_text(encoding="utf-8"))["title"]) + 1
    except (OSError, ValueError, KeyError, TypeError):
        return 1


def _thumbnails(folder: Path, made: Sequence[Path]) -> list[Path]:
    """Copies beside the film: `thumbnail.png`, `thumbnail-2.png`, and so on; those of other titles go."""
    names = [f"thumbnail{f'-{n}' if n > 1 else ''}{path.suffix}" for n, path in enumerate(made, 1)]
    for old in folder.glob("thumbnail*.*"):
        if old.name not in names and re.fullmatch(r"thumbnail(-\d+)?\.(png|jpg)", old.name):
            old.unlink()
    return [_copied(path, folder / name) for path, name in zip(made, names, strict=True)]


def _copied(source: Path, target: Path) -> Path:
    data = source.read_bytes()
    if not (target.is_file() and target.read_bytes() == data):
        write_whole(target, data)
    return target


def _captions(folder: Path, script: Script, language: str) -> list[CaptionTrack]:
    """The film's own, and translations: `<script>.<language>.srt` or `.vtt` beside the script, or `captions.…` here."""
    found = {language: folder / "captions.srt"}
    here = _translations(folder, "captions")
    # a file beside the script is timed to the whole film
    beside = {} if script.part else _translations(script.path.parent, script.path.stem)
    for tag, path in {**here, **beside}.items():
        if tag != language:
            found[tag] = _copied(path, folder / f"captions.{tag}{path.suffix.lower()}")
    return [CaptionTrack(path=path, language=tag, name="") for tag, path in found.items()]


def _translations(folder: Path, stem: str) -> dict[str, Path]:
    """Captions by their language; SubRip rather than WebVTT, where there are both."""
    name = re.compile(rf"{re.escape(stem)}\.({LANGUAGE})\.(srt|vtt)", re.IGNORECASE)
    matches = [match for path in sorted(folder.iterdir(), reverse=True) if (match := name.fullmatch(path.name))]
    return {match[1]: folder / match[0] for match in matches if match[1] not in PROFILES}


def told(package: Package) -> dict[str, Any]:
    """A package as `publish.json` holds it: plain data, files by their names."""
    whole: dict[str, Any] = {"format": FORMAT}
    for field in fields(Package):
        value = getattr(package, field.name)
        if field.name == "captions":
            whole["captions"] = [{"path": c.path.name, "language": c.language, "name": c.name} for c in value]
        elif field.name != "folder":
            whole[field.name] = value.name if field.name in _FILES else value
    return whole


def write_package(package: Package) -> Path:
    """Write `publish.json` beside the film."""
    return write_whole(package.folder / NAME, json.dumps(told(package), indent=1, ensure_ascii=False) + "\n")


def read_package(folder: Path) -> Package:
    """What is to be sent of the film in `folder`.

    Raises:
        RushesError: there is none, it is of a newer format, or a file of it is missing.
    """
    again = "make the film again: rushes film or short"
    try:
        whole = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RushesError(f"there is nothing to publish in {folder}\n  {again}") from None
    if whole.get("format") != FORMAT:
        raise RushesError(f"{folder / NAME} is of format {whole.get('format')}, and this reads {FORMAT}\n  {again}")
    try:
        package = _package(folder, whole)
    except (KeyError, TypeError) as error:
        raise RushesError(f"{folder / NAME} is not whole: {error}\n  {again}") from None
    for path in (package.film, package.thumbnail, *(track.path for track in package.captions)):
        if not path.is_file():
            raise RushesError(f"{path} is missing\n  {again}")
    return package


def _package(folder: Path, whole: Mapping[str, Any]) -> Package:
    values: dict[str, Any] = {"folder": folder}
    for field in fields(Package):
        if field.name == "folder":
            continue
        value = whole[field.name]
        if field.name == "captions":
            value = tuple(CaptionTrack(**{**track, "path": folder / track["path"]}) for track in value)
        elif field.name in _FILES:
            value = folder / value
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return Package(**values)
