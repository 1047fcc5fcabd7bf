"""Metadata: what YouTube is told of a video, and how it is changed without losing what was changed there by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from merge3 import Merge3

from rushes.publish import Package
from rushes.receipt import watch
from rushes.youtube import NotSentError, YouTube, answer

__all__ = ["WRITABLE", "Merged", "merge", "ours", "put", "resource", "video_body"]

WRITABLE = {
    "snippet": ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage"),
    "status": (
        "privacyStatus", "publishAt", "license", "embeddable", "publicStatsViewable", "selfDeclaredMadeForKids",
        "containsSyntheticMedia",
    ),
}  # fmt: skip
"""What an update may say of a video. What it does not say, it deletes."""


def video_body(package: Package) -> dict[str, dict[str, Any]]:
    """The resource that is sent with a film: YouTube's own names, and always private."""
    return {
        "snippet": {
            "title": package.title,
            "description": package.description,
            "tags": list(package.tags),
            "categoryId": package.category,
            "defaultLanguage": package.language,
            "defaultAudioLanguage": package.language,
        },
        "status": {
            "privacyStatus": "private",
            "license": package.licence,
            "selfDeclaredMadeForKids": package.made_for_kids,
            "containsSyntheticMedia": package.synthetic_media,
        },
    }


def ours(package: Package) -> dict[str, Any]:
    """What of a video comes from its script. Who may see it does not."""
    body = video_body(package)
    return {name: value for part in body.values() for name, value in part.items() if name != "privacyStatus"}


def resource(youtube: YouTube, video: str, *parts: str) -> dict[str, dict[str, Any]]:
    """What an update may say of parts of a video, as it is on the site.

    Raises:
        NotSentError: the channel has no such video.
    """
    videos, part = youtube.service.videos(), ",".join(parts)
    found = youtube.call(lambda: answer(videos.list(part=part, id=video)), "to read the video").get("items")
    if not found:
        raise NotSentError(f"your channel has no video {watch(video)}\n  look at https://studio.youtube.com")
    return {part: {name: value for name, value in found[0][part].items() if name in WRITABLE[part]} for part in parts}


def put(youtube: YouTube, video: str, parts: Mapping[str, Mapping[str, Any]], what: str) -> dict[str, Any]:
    """Set parts of a video to exactly this; the resource as it is then."""
    videos, body = youtube.service.videos(), {"id": video, **parts}
    told: dict[str, Any] = youtube.call(lambda: answer(videos.update(part=",".join(parts), body=body)), what)
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a video is to be told, from what was sent, what a script says now, and what the site has."""

    fields: Mapping[str, Any]
    by_hand: tuple[str, ...]
    """Fields that are another on the site than was sent, and stay so."""
    disputed: tuple[str, ...]
    """Those of them that the script changed too; `fields` has the site's."""


def merge(sent: Mapping[str, Any], script: Mapping[str, Any], site: Mapping[str, Any]) -> Merged:
    """Three ways: what only one side changed is as it has it, lists and lines of text are put together.

    Args:
        sent: what was sent last; a field that is missing was never sent.
        script: what would be sent now.
        site: what is there; a field that is missing is empty.
    """
    fields, by_hand, disputed = {}, [], []
    for name, wanted in script.items():
        there = site.get(name, type(wanted)())
        fields[name] = there
        if _same(wanted, there):
            continue
        was = sent.get(name)
        if was is not None and _same(there, was):
            fields[name] = wanted
            continue
        by_hand.append(name)
        if was is not None and _same(wanted, was):
            continue
        if was is not None and name == "tags":
            fields[name] = [*(tag for tag in there if tag in wanted or tag not in was)]
            fields[name] += [tag for tag in wanted if tag not in was and tag not in there]
        elif was is not None and name == "description" and (lines := _lines(was, wanted, there)) is not None:
            fields[name] = lines
        else:
            disputed.append(name)
    return Merged(fields=fields, by_hand=tuple(by_hand), disputed=tuple(disputed))


def _same(one: Any, other: Any) -> bool:
    """Whether they are the same to a reader: the site trims spaces."""
    if isinstance(one, str) and isinstance(other, str):
        return _trimmed(one) == _trimmed(other)
    return bool(one == other)


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _lines(was: str, wanted: str, there: str) -> str | None:
    """Both changes of a text, or None if they touch the same lines."""
    merged: list[str] = []
    for kind, *lines in Merge3(_trimmed(was), _trimmed(wanted), _trimmed(there)).merge_groups():
        if kind == "conflict":
            return None
        merged += lines[0]
    return "\n".join(merged)
