"""Publication: what a script's front matter says about publishing, and what is assumed where it says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from rushes.errors import Finding, Source, did_you_mean
from rushes.script import Script

__all__ = ["Publication", "moment", "publication"]

# The site's categories that a video may be given, by its own numbers.
CATEGORIES = {
    "film & animation": "1", "autos & vehicles": "2", "music": "10", "pets & animals": "15", "sports": "17",
    "travel & events": "19", "gaming": "20", "people & blogs": "22", "comedy": "23", "entertainment": "24",
    "news & politics": "25", "howto & style": "26", "education": "27", "science & technology": "28",
    "nonprofits & activism": "29",
}  # fmt: skip
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
LICENCES: Mapping[str, Literal["youtube", "creativeCommon"]] = {
    "youtube": "youtube", "creative commons": "creativeCommon", "cc by": "creativeCommon",
}  # fmt: skip
ANSWERS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """See `publish.Package` for each."""

    category: str
    playlist: str
    language: str
    licence: Literal["youtube", "creativeCommon"]
    made_for_kids: bool
    synthetic_media: bool
    publish_at: str
    assumed: tuple[str, ...]
    """Keys that the front matter does not say."""
    findings: tuple[Finding, ...]


def publication(script: Script) -> Publication:
    """Read the keys of the front matter; one that is wrong is a finding, and counts as not said."""
    findings: list[Finding] = []
    front = {key.lower().replace("-", "_"): value for key, value in script.note.front.items()}
    lines = {key.lower().replace("-", "_"): source for key, source in script.front_lines.items()}
    assumed: list[str] = []

    def read(key: str, default: Any, reader: Callable[[Any], Any], hint: str) -> Any:
        said = front.get(key)
        if said is None or said == "":
            assumed.append(key)
            return default
        try:
            return reader(said)
        except (KeyError, ValueError):
            near = did_you_mean(str(said).lower(), CATEGORIES) if key == "category" else ""
            near = near if near.startswith("did") else ""
            source = lines.get(key, Source(script.path, 1))
            findings.append(Finding(source.after(str(said)), f"'{said}' is no {key}", near or hint))
            assumed.append(key)
            return default

    return Publication(
        category=read("category", CATEGORIES["education"], _category, "category: Education"),
        playlist=read("playlist", "", _name, "playlist: its name, or its id"),
        language=read("language", "en", _language, "language: en, or another tag such as pt-BR"),
        licence=read("licence", "youtube", _licence, "licence: youtube, or licence: creative commons"),
        made_for_kids=read("made_for_kids", False, _answer, "made_for_kids: yes or no"),
        synthetic_media=read("synthetic_media", False, _answer, "synthetic_media: yes or no"),
        publish_at=read("publish_at", "", moment, "publish_at: 2026-12-01 18:00, or with +01:00 behind it"),
        assumed=tuple(assumed),
        findings=tuple(findings),
    )


def _category(said: Any) -> str:
    name = str(said).strip().lower().replace(" and ", " & ")
    return name if name in CATEGORIES.values() else CATEGORIES[name]


def _name(said: Any) -> str:
    if not isinstance(said, str | int):
        raise ValueError(said)
    return str(said).strip()


def _language(said: Any) -> str:
    # YAML reads a bare `no`, Norwegian, as false
    tag = "no" if said is False else str(said).strip()
    if not LANGUAGE.fullmatch(tag):
        raise ValueError(tag)
    return tag


def _licence(said: Any) -> Literal["youtube", "creativeCommon"]:
    return LICENCES[str(said).strip().lower().replace("-", " ")]


def _answer(said: Any) -> bool:
    return said if isinstance(said, bool) else ANSWERS[str(said).strip().lower()]


def moment(said: Any) -> str:
    """A moment as RFC 3339 in UTC; one without a zone is of this machine's.

    Raises:
        ValueError: it is none, or a date without a time.
    """
    if isinstance(said, str):
        if not re.search(r"\d\d:\d\d", said):
            raise ValueError(said)
        said = datetime.fromisoformat(said.strip())
    if isinstance(said, date) and not isinstance(said, datetime):
        raise ValueError(said)
    if not isinstance(said, datetime):
        raise ValueError(said)
    return said.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
