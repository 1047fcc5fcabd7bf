"""Roles: which part of a script note a heading begins, by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

__all__ = ["ROLES", "Role", "near_role", "role_of"]

Role = Literal["concept", "titles", "thumbnail", "script", "outline", "description", "pinned", "result", "other"]
ROLES: Mapping[Role, tuple[str, ...]] = {
    "script": (
        "script", "narration", "voiceover", "voice over", "voice-over", "video script", "full script", "screenplay",
    ),
    "outline": ("outline", "video outline"),  # a script where there is no other
    "concept": ("concept", "premise", "logline", "pitch", "video idea"),
    "titles": ("title", "titles", "title ideas", "title options", "video title", "video titles"),
    "thumbnail": ("thumbnail", "thumbnails", "thumbnail ideas", "thumb"),
    "description": ("description", "video description", "youtube description"),
    "pinned": ("pinned comment", "pinned comments", "pinned"),
    "result": ("result", "published", "published video"),
    "other": (
        "other versions", "alternative versions", "notes", "research", "sources", "references", "further reading",
        "backlog", "cut", "cuts", "deleted scenes", "todo", "to do",
    ),
}  # fmt: skip
NAMED = {name: role for role, names in ROLES.items() for name in names}
LONGEST = 500  # characters of a heading that names a part, remarks in brackets included
NEAR = 0.85  # two names so alike are a slip of the pen


def _plain(heading: str) -> str:
    """`## 2. **Title & Thumbnail** (ideas):` -> `title & thumbnail`."""
    if len(heading) > LONGEST:
        return ""
    name = re.sub(r"\s*\([^()]*\)[\W_]*$", "", heading.lower())
    return " ".join(re.sub(r"^[\W\d_]+|[\W_]+$", "", name).split())


def role_of(heading: str) -> Role | None:
    """What a heading of this name begins; None if it is a name of the author's own."""
    if role := NAMED.get(name := _plain(heading)):
        return role
    parts = [NAMED.get(part.strip()) for part in re.split(r"[/&+,|]|\band\b|\bor\b", name)]
    if None in parts:
        return None
    mixed: tuple[Role, ...] = ("script", "titles")
    return next((role for role in mixed if role in parts), parts[0])


def near_role(heading: str) -> str:
    """The name of a part that a heading misspells; empty if it misspells none."""
    name = _plain(heading)
    near = get_close_matches(name, NAMED, n=1, cutoff=NEAR) if 8 <= len(name) <= 40 else []
    return near[0] if near else ""
