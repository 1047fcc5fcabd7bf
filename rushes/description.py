"""Description: what the site shows below the film, as long as the site allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rushes.chapters import chapters
from rushes.errors import many_of
from rushes.inline import NUMBER_MARK, fill
from rushes.script import Script
from rushes.storyboard import Site
from rushes.timeline import Timeline

__all__ = ["DESCRIPTION", "Description", "description", "filled", "linked", "made_of", "shown_sources"]

DESCRIPTION = 5000  # bytes of UTF-8
SOURCES, RELATED, MADE, CREDITS = "Sources and links", "Related films", "How the data was made", "Credits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A description, and what had no room in it."""

    text: str
    left_out: tuple[str, ...]


def description(
    text: str,
    timeline: Timeline,
    sources: Sequence[str] = (),
    related: Sequence[str] = (),
    made: Sequence[str] = (),
    credit: Sequence[str] = (),
    most: int = DESCRIPTION,
) -> Description:
    """The note's text, the chapters, what the note links to, how the data was made, and whose the assets are.

    What is longer than `most` bytes loses, a line at a time from its end and in this order: related films, how the
    data was made, sources, credits, the chapters (all of them), and then the text. No address is cut in two.
    """
    shown = {
        "": [text] if text else [], "chapters": chapters(timeline).splitlines(), SOURCES: list(sources),
        RELATED: list(related), MADE: list(made), CREDITS: list(credit),
    }  # fmt: skip
    left_out: list[str] = []

    def whole() -> str:
        parts = ("\n".join([*([head] if head[:1].isupper() else []), *lines]) for head, lines in shown.items() if lines)
        return "\n\n".join(parts) + "\n"

    def fits() -> bool:
        return len(whole().encode()) <= most

    def tried(beginning: str) -> bool:
        shown[""] = [beginning]
        return fits()

    for part, what in ((RELATED, "related film"), (MADE, "line on the data"), (SOURCES, "source"), (CREDITS, "credit")):
        had = len(shown[part])
        while shown[part] and not fits():
            shown[part].pop()
        if gone := had - len(shown[part]):
            left_out.append(f"{many_of(gone, what) if 'line on' not in what else 'how the data was made'} of {had}")
    if not fits() and shown["chapters"]:
        shown["chapters"] = []
        left_out.append("the chapters")
    if not fits():
        shown[""] = [_shortened(text, tried)]
        left_out.append("the end of the text")
    return Description(text=whole(), left_out=tuple(left_out))


def _shortened(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning that fits: whole sentences and lines, else whole words, then an ellipsis."""
    for end in (r"(?<=[.!?])\s|\n", r"\s"):
        ends = [match.start() for match in re.finditer(end, text)]
        low, high = 0, len(ends)  # how many of the ends are before a beginning that fits
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(f"{text[: ends[middle - 1]].rstrip()} …") else (low, middle - 1)
        if low:
            return f"{text[: ends[low - 1]].rstrip()} …"
    return "…"


def shown_sources(script: Script) -> list[str]:
    """The addresses on the script's cards, each once, in order of mention."""
    cards = [direction.card for beat in script.beats for direction in beat.directions if direction.scene is None]
    sites = [card for card in cards if isinstance(card, Site)]
    return list(dict.fromkeys(linked(site.title, site.url) for site in sites))


def linked(title: str, url: str) -> str:
    """A line of a list of links; the site takes no angle brackets."""
    title = title.replace("<", "‹").replace(">", "›")
    return f"{title}: {url}" if title else url


def made_of(records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Which records a film is drawn from, and how those were made; a line for those that were made alike.

    `records` is what `film.json` says of each.
    """
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for name, told in sorted(records.items()):
        device, commit = str(told.get("device") or "?"), str(told.get("commit") or "")[:10]
        alike.setdefault((str(told["size"]), str(told["seed"]), device, commit), []).append(name)
    return [
        f"Recorded runs {', '.join(names)}: size {size}, seed {seed}, device {device}"
        + (f", commit {commit}" if commit else "")
        for (size, seed, device, commit), names in alike.items()
    ]


def filled(templates: Iterable[str], numbers: Sequence[str]) -> list[str]:
    """Templates with their measured numbers, which are in order over all of them."""
    rest, done = list(numbers), []
    for template in templates:
        whole = fill(template, rest)
        rest = rest[template.count(NUMBER_MARK) :]
        done.append(whole)
    return done
