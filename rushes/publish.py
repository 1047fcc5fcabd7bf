"""Publish data: what goes to a video site with the film, and what is wrong with it by the site's limits.

The limits are YouTube's of November 2026. Where one counts bytes, they are the bytes of UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rushes.chapters import SHORTEST, chapters
from rushes.errors import Finding, Source
from rushes.inline import NUMBER_MARK, fill
from rushes.script import Script
from rushes.storyboard import Site
from rushes.timeline import Timeline

__all__ = ["description", "filled", "limits", "linked", "publish_data", "shown_sources"]

TITLE = 100  # characters
DESCRIPTION = 5000  # bytes
SHORT = 180  # seconds; what is longer is an ordinary video, however tall
TAGS = 500  # characters, with the commas between them, and the quotes around one of several words


def description(text: str, timeline: Timeline, sources: Sequence[str] = (), related: Sequence[str] = ()) -> str:
    """The video's description: the note's text, the chapters, and what the note links to."""
    linked = "\n".join(["Sources and links", *sources]) if sources else ""
    films = "\n".join(["Related films", *related]) if related else ""
    return "\n\n".join(part for part in (text, chapters(timeline), linked, films) if part) + "\n"


def shown_sources(script: Script) -> list[str]:
    """The addresses on the script's cards, each once, in order of mention."""
    cards = [direction.card for beat in script.beats for direction in beat.directions if direction.scene is None]
    sites = [card for card in cards if isinstance(card, Site)]
    return list(dict.fromkeys(linked(site.title, site.url) for site in sites))


def linked(title: str, url: str) -> str:
    """A line of a list of links."""
    return f"{title}: {url}" if title else url


def publish_data(script: Script, text: str, pinned: Sequence[str]) -> dict[str, Any]:
    """What `publish.json` holds; `text` is the whole description, `pinned` the comment's paragraphs."""
    return {
        "format": 1,
        "title": script.title,
        "titles": list(script.titles),
        "description": text,
        "tags": list(script.tags),
        "pinned": list(pinned),
        "thumbnail": str(script.thumbnail.path) if script.thumbnail and script.thumbnail.path else None,
        "published": list(script.result),
    }


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
        if len(title) > TITLE:
            yield _warning(source, f"this title has {len(title)} characters; a site takes {TITLE}", "make it shorter")
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
    counted = ",".join(f'"{tag}"' if " " in tag else tag for tag in script.tags)
    if len(counted) > TAGS:
        source = script.front_lines.get("tags", top)
        yield _warning(source, f"the tags have {len(counted)} characters; a site takes {TAGS}", "drop some of them")
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


def filled(templates: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """Templates with their measured numbers, which are in order over all of them."""
    rest, done = list(numbers), []
    for template in templates:
        whole = fill(template, rest)
        rest = rest[template.count(NUMBER_MARK) :]
        done.append(whole)
    return done
