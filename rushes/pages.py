"""Pages: what each note of a vault links to, and what it is called.

A page is scanned for its links, names and ids without its tree being built; `note.py` builds trees. What was found is
kept in one JSON file, and only notes that changed since are read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from rushes.cache import write_whole
from rushes.decode import decode
from rushes.files import same
from rushes.note import parse_note

__all__ = ["LARGEST", "Mention", "Page", "mentions", "read_page", "read_pages", "scan"]

FORMAT = 1  # of the index; a change of what a scan finds is a new one
LARGEST = 2_000_000  # bytes of a note; a book of 300,000 words is smaller

FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
CODE_SPAN = re.compile(r"`[^`\n]+`")
# Each begins with letters that are searched for fast, and has no bracket inside a bracket: a line of a million brackets
# is read in one pass. What stands before them is looked at afterwards.
PAGE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
BLOCK = re.compile(r"\(\(([0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27})\)\)")
FILE = re.compile(r"\]\(([^()\s:]+\.md(?:#[^()\s]*)?)\)")
EMBED = re.compile(r"\{\{embed[ \t]+$")
TAG = re.compile(r"#(?:\[\[([^\[\]\n]+)\]\]|(\w[\w/-]*))")
ID = re.compile(r"id::[ \t]*([\w-]+)[ \t]*$", re.MULTILINE)
CARET_ID = re.compile(r"\^([A-Za-z0-9-]+)[ \t]*$", re.MULTILINE)
PROPERTY_LINE = re.compile(r"[ \t]*[A-Za-z][\w.-]*::(?:[ \t]|$)")
RESULT = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?#{1,6}[ \t]+Result\b", re.MULTILINE | re.IGNORECASE)
VIDEO = re.compile(r"\{\{(?:video|youtube)[ \t]+([^\s}]+)[ \t]*\}\}")
WEB = re.compile(r"https?://[^\s<>\"'{}\[\]]+")


Kind = Literal["note", "tag", "block", "embed", "embed block"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A link to a note or a block, as a line writes it."""

    kind: Kind
    target: str
    """`page`, `page#heading`, `page#^id` or a block's uuid."""
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a note is called, and what it links to."""

    title: str
    """Empty if its properties give none."""
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    ids: tuple[str, ...]
    """Of its blocks."""
    links: tuple[str, ...]
    """Targets of its links and embeds, in order, each once; a block's is `((uuid))`."""
    url: str
    """Where the thing that it describes is: from `url::` or `doi::`; else empty."""
    video: str
    """Its film: from `video::` or `youtube::`, or the video below a heading Result; else empty."""
    fault: str
    """Why it could not be read, or not well; else empty."""


# ---------------------------------------------------------------------- one page
def mentions(text: str) -> list[Mention]:
    """The links to notes and blocks in some lines of a note, in order; not those in code and comments."""
    if "[" not in text and "((" not in text:
        return []
    prose = _prose(text)
    found: list[tuple[int, Mention]] = []

    def add(match: re.Match[str], kind: Kind, start: int = -1) -> None:
        start = match.start() if start < 0 else start
        target = match[1].split("|")[0].strip()
        if target:
            found.append((start, Mention(kind=kind, target=target, written=prose[start : match.end()])))

    for match in PAGE.finditer(prose):
        before = prose[max(match.start() - 1, 0) : match.start()]
        if before in ("!", "#"):
            add(match, "embed" if before == "!" else "tag", match.start() - 1)
        else:
            add(match, "embed" if _in_macro(prose, match) else "note")
    for match in BLOCK.finditer(prose):
        add(match, "embed block" if _in_macro(prose, match) else "block")
    for match in FILE.finditer(prose):
        label = max(prose.rfind(mark, max(match.start() - 300, 0), match.start()) for mark in "[\n")
        if label >= 0 and prose[label] == "[" and prose[label - 1 : label] != "!":
            add(match, "note", label)
    return [mention for _, mention in sorted(found, key=lambda pair: pair[0])]


def _in_macro(prose: str, match: re.Match[str]) -> bool:
    return bool(EMBED.search(prose[max(match.start() - 12, 0) : match.start()]))


def _prose(text: str) -> str:
    """The text without comments and code."""
    if "```" in text or "~~~" in text:
        kept, at, fence = [], 0, ""
        for match in FENCE.finditer(text):
            if not fence:
                kept.append(text[at : match.start()])
                fence = match[1]
            elif match[1].startswith(fence) and not match[2].strip():
                at, fence = match.end(), ""
        text = "".join(kept) + ("" if fence else text[at:])
    if "%%" in text:
        text = COMMENT.sub(" ", text)
    return CODE_SPAN.sub(" ", text) if "`" in text else text


def _head(text: str) -> str:
    """The front matter, and the properties that Logseq keeps on a page's first lines."""
    rows = text[:20_000].splitlines()
    end = 0
    if rows and rows[0].rstrip() == "---":
        end = next((i for i, row in enumerate(rows[1:], 2) if row.rstrip() in ("---", "...")), 0)
    while end < len(rows) and (not rows[end].strip() or PROPERTY_LINE.match(rows[end])):
        end += 1
    return "\n".join(rows[:end])


def _list(value: object) -> tuple[str, ...]:
    """A property of one or more names: a YAML list, or `a, [[b]], #c`."""
    values = value if isinstance(value, list | tuple) else str(value).split(",") if value else []
    names = (same(str(item)).strip().strip("[]#").strip() for item in values if item is not None)
    return tuple(name for name in names if name)


def _address(value: object, doi: object) -> str:
    """A URL from a property `url` or `doi`."""
    text = str(_first(value) or "")
    if match := WEB.search(text):
        return match[0]
    text = re.sub(r"^(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)", "", str(_first(doi) or "").strip(), flags=re.I)
    return f"https://doi.org/{text}" if re.fullmatch(r"10\.\d{4,9}/\S+", text) else ""


def _film(front: Mapping[str, object], text: str) -> str:
    for key in ("video", "youtube"):
        value = str(_first(front.get(key)) or "").strip()
        if match := WEB.search(value):
            return match[0]
        if re.fullmatch(r"[\w-]{11}", value):
            return f"https://youtu.be/{value}"
    if "{{" in text and (result := RESULT.search(text)) and (video := VIDEO.search(text, result.end())):
        return video[1] if WEB.fullmatch(video[1]) else ""
    return ""


def _first(value: object) -> object:
    return (value[0] if value else None) if isinstance(value, list) else value


def read_page(path: Path) -> Page:
    """Scan one note. Never raises: what cannot be read has a `fault` and links to nothing."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            return _page(fault=f"this note has {size / 1e6:.1f} MB; notes over {LARGEST // 1_000_000} MB are not read")
        raw = path.read_bytes()
    except OSError as error:
        return _page(fault=f"this note cannot be read: {error.strerror}")
    text, wrong = decode(raw, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return scan(text, path, wrong[0].message if wrong else "")


def scan(text: str, path: Path, fault: str = "") -> Page:
    """What a note's text says about the note."""
    head = _head(text)
    told = parse_note(head, path) if head.strip() else None
    front = {key.lower(): value for key, value in told.front.items()} if told else {}
    if told and told.findings and not fault:
        fault = told.findings[0].message
    prose = _prose(text)
    links = (f"(({m.target}))" if "block" in m.kind else same(m.target) for m in mentions(prose))
    tags = [
        same(match[1] or match[2])
        for match in TAG.finditer(prose)
        if not prose[max(match.start() - 1, 0) : match.start()].strip()
    ]
    return _page(
        title=same(str(front.get("title") or "")),
        aliases=_list(front.get("aliases")) + _list(front.get("alias")),
        tags=tuple(dict.fromkeys([*_list(front.get("tags")), *(tag for tag in tags if not tag.isdigit())])),
        ids=tuple(_ids(prose)),
        links=tuple(dict.fromkeys(links)),
        url=_address(front.get("url"), front.get("doi")),
        video=_film(front, text),
        fault=fault,
    )


def _ids(prose: str) -> Iterator[str]:
    """Logseq's `id:: x` on a line of its own, and Obsidian's `^x` at the end of one."""
    for match in ID.finditer(prose):
        before = prose[max(prose.rfind("\n", 0, match.start()) + 1, match.start() - 300) : match.start()]
        if not before.strip(" \t-*+"):
            yield match[1]
    for match in CARET_ID.finditer(prose):
        if not prose[max(match.start() - 1, 0) : match.start()].strip():
            yield match[1]


def _page(**told: Any) -> Page:
    empty: dict[str, Any] = {
        "title": "", "aliases": (), "tags": (), "ids": (), "links": (), "url": "", "video": "", "fault": "",
    }  # fmt: skip
    return Page(**{**empty, **told})


# ---------------------------------------------------------------------- all of them
def read_pages(root: Path, notes: Sequence[str], cache: Path | None) -> dict[str, Page]:
    """Every note's page by its path; those that have not changed come from the file `cache`."""
    kept = _kept(cache) if cache else {}
    pages: dict[str, Page] = {}
    rows: dict[str, list[object]] = {}
    changed = kept.keys() != set(notes)
    for name in notes:
        path = os.path.join(root, name)
        try:
            state = os.stat(path)
            stamp = [state.st_mtime_ns, state.st_size]
        except OSError:
            stamp = [0, 0]
        row = kept.get(name)
        if row and row[:2] == stamp:
            pages[name] = _page(**{k: tuple(v) if isinstance(v, list) else v for k, v in row[2].items()})
            rows[name] = row
        else:
            changed = True
            pages[name] = read_page(Path(path))
            told = {part.name: value for part in fields(Page) if (value := getattr(pages[name], part.name))}
            rows[name] = [*stamp, told]
    if cache and changed:
        body = json.dumps(rows)
        head = json.dumps({"format": FORMAT, "sha256": hashlib.sha256(body.encode()).hexdigest()})
        with suppress(OSError):  # a full or read-only disk: the next run reads the notes again
            write_whole(cache, f"{head}\n{body}\n")
    return pages


def _kept(cache: Path) -> dict[str, Any]:
    """The index of an earlier run; empty if there is none, or it is damaged or of another format."""
    try:
        head, _, body = cache.read_text("utf-8").rstrip("\n").partition("\n")
        told = json.loads(head)
        if told["format"] != FORMAT or told["sha256"] != hashlib.sha256(body.encode()).hexdigest():
            return {}
        kept = json.loads(body)
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return kept if isinstance(kept, dict) else {}
