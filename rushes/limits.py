"""Limits: what a video site would refuse of a film, or of what goes with it.

The limits are YouTube's of November 2026. Where one counts bytes, they are the bytes of UTF-8. Where it counts
characters nobody says what an emoji counts; here it counts two, as in UTF-16, so that what passes is taken either way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rushes.chapters import SHORTEST
from rushes.description import DESCRIPTION
from rushes.errors import Finding, RushesError, Source
from rushes.publish import Package
from rushes.script import Script
from rushes.timeline import Timeline

__all__ = ["Limit", "characters", "limits", "package_limits", "tags_length"]

TITLE = 100  # characters
SHOWN = 60  # characters of a title that a list of videos shows
PLAYLIST = 150  # characters
THUMBNAIL = 2_000_000  # bytes; the programming interface takes more since September 2026, telephones do not
THUMBNAIL_SIZE = (1280, 720)
NARROWEST = 640  # px of a thumbnail's width
CAPTIONS = 100_000_000  # bytes of a file
FILM_BYTES, FILM_SECONDS = 256 * 1024**3, 12 * 3600
UNVERIFIED = 15 * 60  # seconds that a channel may upload which has not shown who it is
LATE = 1.0  # seconds that captions may last longer than the film: rounding
STAMP = re.compile(r"^((?:\d+:)?\d{1,2}:\d\d)\b", re.MULTILINE)
SHORT = 180  # seconds; what is longer is an ordinary video, however tall
TAGS = 500  # characters, with the commas between them, and the quotes around one of several words


def characters(text: str) -> int:
    """How many characters a text counts: its UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def tags_length(tags: Sequence[str]) -> int:
    """How many characters tags count, with a comma between two and quotes around one that has a space in it."""
    return characters(",".join(f'"{tag}"' if " " in tag else tag for tag in tags))


# ---------------------------------------------------------------------- of a script
def limits(script: Script, text: str, timeline: Timeline) -> Iterator[Finding]:
    """What a video site would refuse: warnings, as the film can be made all the same.

    Args:
        script: its titles and tags.
        text: the whole description.
        timeline: for the chapters; estimated times will do.
    """
    top = Source(script.path, 1)
    for title in dict.fromkeys((script.title, *script.titles)):
        source = script.places.get(title, script.front_lines.get("title", top))
        yield from _characters(title, source, "title")
        if (size := characters(title)) > TITLE:
            yield _warning(source, f"this title has {size} characters; a site takes {TITLE}", "make it shorter")
    source = script.places.get("description", top)
    for sign in "<>":
        yield from _characters(
            text.replace("<>".replace(sign, ""), ""), script.places.get(f"description {sign}", source), "description"
        )
    if (size := len(text.encode())) > DESCRIPTION:
        yield _warning(
            source,
            f"the description, with chapters and links, has {size} bytes; a site takes {DESCRIPTION}",
            "make it shorter",
        )
    if (size := tags_length(script.tags)) > TAGS:
        source = script.front_lines.get("tags", top)
        yield _warning(source, f"the tags have {size} characters; a site takes {TAGS}", "drop some of them")
    yield from _chapters(script, timeline)
    width, height = timeline.size
    if script.part and height > width and timeline.seconds > SHORT:
        yield _warning(
            script.sections[0].source,
            f"this section lasts about {timeline.seconds:.0f} s; a site takes a short of at most {SHORT} s",
            "cut it shorter, or make it with --wide",
        )


def _chapters(script: Script, timeline: Timeline) -> Iterator[Finding]:
    starts = [0, *(section.start for section in timeline.sections[1:]), timeline.frames]
    places = {section.title: section.source for section in script.sections}
    if 1 < len(timeline.sections) < 3:
        source = places[timeline.sections[1].title]
        yield _warning(
            source, "a site shows no chapters when there are fewer than three", "give the script one more heading"
        )
    for section, start, end in zip(timeline.sections, starts, starts[1:], strict=False):
        seconds = (end - start) / timeline.fps
        if len(timeline.sections) >= 3 and seconds < SHORTEST:
            yield _warning(
                places[section.title],
                f"this chapter lasts about {seconds:.0f} s; with one under {SHORTEST} s a site shows none of them",
                "say more in it, or make it part of another",
            )
        yield from _characters(section.title, places[section.title], "chapter")


def _characters(text: str, source: Source, what: str) -> Iterator[Finding]:
    for character in "<>":
        if character in text:
            yield _warning(source.at(character), f"a site takes no '{character}' in a {what}", "use a word, or « »")


def _warning(source: Source, message: str, suggestion: str) -> Finding:
    return Finding(source, message, suggestion, "warning")


# ---------------------------------------------------------------------- of a package
@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One thing that the site asks, and whether the package keeps to it."""

    what: str
    has: str
    most: str
    state: Literal["ok", "warning", "error"] = "ok"
    """A warning is taken all the same; what has an error is refused."""
    why: str = ""


def package_limits(package: Package, now: datetime | None = None) -> list[Limit]:
    """Everything that the site asks of a package, in the order in which it is shown. Reads its files."""
    return [
        *_title(package),
        _description(package.description),
        _chapter_marks(package),
        *_tags(package.tags),
        _thumbnail(package),
        *_captions(package),
        *_film(package),
        *_answers(package),
        *_schedule(package, now or datetime.now(UTC)),
        *([_length("playlist", package.playlist, PLAYLIST)] if package.playlist else []),
    ]


def _length(what: str, text: str, most: int) -> Limit:
    size = characters(text)
    over = size > most
    why = "make it shorter" if over else ""
    return Limit(what=what, has=_many(size), most=_many(most), state="error" if over else "ok", why=why)


def _many(count: int, unit: str = "characters") -> str:
    return f"{count:,} {unit}"


def _angled(text: str) -> str:
    """What is said of a text with angle brackets; empty if it has none."""
    found = [sign for sign in "<>" if sign in text]
    return f"has {' and '.join(found)}, which the site does not take: use a word, or « »" if found else ""


def _title(package: Package) -> Iterator[Limit]:
    limit = _length("title", package.title, TITLE)
    if not package.title.strip():
        yield Limit(what="title", has="none", most=_many(TITLE), state="error", why="give the note a title")
    elif why := _angled(package.title):
        yield Limit(what="title", has=limit.has, most=limit.most, state="error", why=why)
    elif limit.state == "ok" and characters(package.title) > SHOWN:
        why = f"lists of videos show about {SHOWN}"
        yield Limit(what="title", has=limit.has, most=limit.most, state="warning", why=why)
    else:
        yield limit


def _description(text: str) -> Limit:
    size = len(text.encode())
    has, most = _many(size, "bytes"), _many(DESCRIPTION, "bytes")
    why = _angled(text) or ("make it shorter" if size > DESCRIPTION else "")
    return Limit(what="description", has=has, most=most, state="error" if why else "ok", why=why)


def _chapter_marks(package: Package) -> Limit:
    """The site finds chapters by the times at the beginning of lines."""
    starts = [_seconds(mark) for mark in STAMP.findall(package.description)]
    most = f"from 0:00, 3 or more, {SHORTEST} s each"
    why = ""
    if not starts:
        why = "the site shows none"
    elif starts[0] or len(starts) < 3 or starts != sorted(set(starts)):
        why = "the first is not 0:00" if starts[0] else "fewer than three" if len(starts) < 3 else "not in order"
        why += ": the site shows none"
    else:
        lengths = [b - a for a, b in zip(starts, [*starts[1:], package.seconds], strict=True)]
        if min(lengths) < SHORTEST:
            why = f"one lasts {min(lengths):.0f} s: the site shows none"
    return Limit(what="chapters", has=str(len(starts)), most=most, state="warning" if why else "ok", why=why)


def _seconds(mark: str) -> int:
    seconds = 0
    for part in mark.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _tags(tags: Sequence[str]) -> Iterator[Limit]:
    size = tags_length(tags)
    why = "drop some of them" if size > TAGS else _angled(" ".join(tags))
    if not why and (split := [tag for tag in tags if "," in tag]):
        why = f"'{split[0]}' has a comma, which makes it two"
    yield Limit(what="tags", has=_many(size), most=_many(TAGS), state="error" if why else "ok", why=why)


def _thumbnail(package: Package) -> Limit:
    from PIL import Image

    size, most = package.thumbnail.stat().st_size, f"{_many(THUMBNAIL, 'bytes')}, PNG or JPEG, 1280x720"

    def limit(has: str, state: Literal["ok", "warning", "error"] = "ok", why: str = "") -> Limit:
        return Limit(what="thumbnail", has=f"{_many(size, 'bytes')}, {has}", most=most, state=state, why=why)

    try:
        with Image.open(package.thumbnail) as image:
            kind, (width, height) = image.format, image.size
            image.verify()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return limit("no picture", "error", "it cannot be read")
    has = f"{kind}, {width}x{height}"
    if kind not in ("PNG", "JPEG"):
        return limit(has, "error", "save it as PNG or JPEG")
    if size > THUMBNAIL:
        return limit(has, "error", "make it smaller, or save it as JPEG")
    if width < NARROWEST:
        return limit(has, "error", f"the site takes none under {NARROWEST} px")
    return limit(has) if (width, height) == THUMBNAIL_SIZE else limit(has, "warning", "it will be scaled")


def _captions(package: Package) -> Iterator[Limit]:
    from rushes.read_captions import FPS, read_captions

    twice = [language for language, n in Counter(track.language for track in package.captions).items() if n > 1]
    for track in package.captions:
        what, size = f"captions {track.language}", track.path.stat().st_size
        why = "a second file in this language" if track.language in twice else ""
        try:
            read = read_captions(track.path)
        except RushesError as error:
            yield Limit(what=what, has="unreadable", most="SubRip or WebVTT", state="error", why=str(error))
            continue
        wrong = [finding for finding in read.findings if finding.level == "error"]
        last = max((caption.end for caption in read.captions), default=0) / FPS
        if size > CAPTIONS:
            why = "make it smaller"
        elif not read.captions:
            why = "there are none in it"
        elif wrong:
            why = f"line {wrong[0].source.line}: {wrong[0].message}"
        elif last > package.seconds + LATE:
            why = f"they go on to {last:.1f} s, and the film has {package.seconds:.1f} s"
        yield Limit(
            what=what, has=f"{len(read.captions)}, {_many(size, 'bytes')}", most=_many(CAPTIONS, "bytes"),
            state="error" if why else "ok", why=why,
        )  # fmt: skip


def _film(package: Package) -> Iterator[Limit]:
    size, seconds = package.film.stat().st_size, package.seconds
    over = size > FILM_BYTES or seconds > FILM_SECONDS
    why = "the site takes no longer or larger one" if over else ""
    if not over and seconds > UNVERIFIED:
        why = f"over {UNVERIFIED // 60} minutes: only from a channel with a verified telephone number"
    yield Limit(
        what="film", has=f"{seconds // 60:.0f}:{seconds % 60:04.1f}, {size / 1e6:.1f} MB", most="12 hours, 256 GiB",
        state="error" if over else "warning" if why else "ok", why=why,
    )  # fmt: skip


def _answers(package: Package) -> Iterator[Limit]:
    """What the site asks of its creators is answered by one."""
    for key in ("made_for_kids", "synthetic_media"):
        if key in package.assumed:
            has = "yes" if getattr(package, key) else "no"
            yield Limit(
                what=key,
                has=f"{has}, assumed",
                most="an answer",
                state="warning",
                why=f"write {key}: yes or no in the note",
            )


def _schedule(package: Package, now: datetime) -> Iterator[Limit]:
    if package.publish_at:
        late = datetime.fromisoformat(package.publish_at) <= now
        why = "that moment is over" if late else ""
        yield Limit(
            what="publish_at", has=package.publish_at, most="in the future", state="error" if late else "ok", why=why
        )
