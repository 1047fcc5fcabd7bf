"""Script settings: what a script's front matter says of the film. What is wrong with it goes to `findings`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rushes.direction import Directions
from rushes.errors import Finding, Source, did_you_mean
from rushes.note import Note
from rushes.pronunciations import over, own_table
from rushes.score import Bed

__all__ = ["misspelt_settings", "music_of", "size_of", "spoken_of", "tags_of"]

SETTINGS = ("title", "tags", "voice", "size", "spoken", "music")
PUBLISHED = ("category", "playlist", "language", "licence", "made_for_kids", "synthetic_media", "publish_at")
"""Settings that `publication.py` reads."""
OBSIDIANS = "publish"  # its own property, and near our `publish_at`
NEAR = 0.75  # how like one of our settings a property is that was meant to be it: `status` is nobody's `tags`


def misspelt_settings(note: Note) -> Iterator[Finding]:
    """What looks like a setting of ours and is none: a note says more about itself than we ask."""
    known = (*SETTINGS, *PUBLISHED)
    for key in note.front:
        if key not in (*known, OBSIDIANS) and (near := did_you_mean(key, known, NEAR)).startswith("did"):
            yield Finding(_place(note, key).at(key), f"'{key}' is not a setting", near, "warning")


def size_of(note: Note, findings: list[Finding]) -> str:
    """Which size of the runs the film is drawn from."""
    size = str(note.front.get("size") or "tiny")
    if size not in ("tiny", "gpu"):
        place = _place(note, "size").after(size)
        findings.append(Finding(place, f"there is no size '{size}'", "size: tiny or size: gpu"))
        return "tiny"
    return size


def music_of(note: Note, files: Directions, findings: list[Finding]) -> Bed | None:
    """What is heard below the words; `files` finds music of the author's own."""
    said = note.front.get("music")
    if said is None or said is False or said == "off":
        return None
    seed = note.path.stem
    if said is True or said == "on":  # YAML reads a bare `on` as true
        return Bed(seed=seed, file=None)
    place = _place(note, "music").after(str(said))
    if not isinstance(said, str) or "." not in said:
        hint = "music: on, or a file such as music: ../assets/bed.flac"
        findings.append(Finding(place, f"'{said}' is no music", hint))
        return None
    path = files.asset(said, place, "music")
    return Bed(seed=seed, file=path) if path else None


def tags_of(note: Note) -> tuple[str, ...]:
    """The film's tags."""
    tags = note.front.get("tags") or ()
    if isinstance(tags, str):
        tags = [tag.strip() for tag in tags.split(",")]
    return tuple(str(tag) for tag in tags) if isinstance(tags, Sequence) else ()


def spoken_of(note: Note, findings: list[Finding]) -> Mapping[str, str]:
    """How words are said, by the table beside the note and by its front matter."""
    beside = own_table(note.path)
    findings += beside.findings
    whole = note.front.get("spoken") or {}
    if isinstance(whole, Mapping):
        return over(beside.entries, {str(written): str(say) for written, say in whole.items()})
    hint = "write, for example, spoken: {KL: K L}"
    findings.append(Finding(_place(note, "spoken"), "'spoken' holds no pronunciations", hint))
    return beside.entries


def _place(note: Note, key: str) -> Source:
    return note.front_lines.get(key, Source(note.path, 1))
