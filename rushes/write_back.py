"""Write back: the address at which a film was published, offered below Result in its note, and written if asked.

Every other byte of the note stays as it is.
"""

from __future__ import annotations

import difflib
import re
import shutil
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path

from rushes.cache import whole
from rushes.console import Console
from rushes.decode import decode
from rushes.errors import RushesError
from rushes.note import Block, parse_note
from rushes.read_script import parse_script
from rushes.roles import role_of
from rushes.script import Script

__all__ = ["offer", "result_diff", "with_result"]

LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
HEADING = re.compile(r"(?P<indent>[ \t]*)(?P<bullet>[-*+][ \t]+)?(?P<signs>#{1,6})[ \t]+")
ITEM = re.compile(r"[ \t]*(?:[-*+][ \t]+)?")
PARTS = ("concept", "titles", "script", "outline", "description", "pinned")
VIDEO_ID = re.compile(r"(?:v=|youtu\.be/|/(?:shorts|live|embed|video)/)([\w-]{11})(?![\w-])")


def offer(path: Path, url: str, console: Console, *, write: bool) -> None:
    """Show what would be written into the note as a unified diff, and write it if `write`.

    Raises:
        RushesError: the note cannot be written to.
    """
    diff = result_diff(path, url)
    if not diff:
        console.event("written_back", script=str(path), url=url, diff="", written=False)
        return
    if write:
        _write(path, url)
    console.event("written_back", script=str(path), url=url, diff=diff, written=write)
    console.say(diff)
    console.say(f"written to {path}" if write else "not written; --write-back writes it")


def result_diff(path: Path, url: str) -> str:
    """How the note would change; empty if it holds the address already."""
    before = path.read_bytes()
    old, new = (_text(raw).splitlines() for raw in (before, with_result(before, path, url)))
    return "\n".join(difflib.unified_diff(old, new, str(path), str(path), n=2, lineterm=""))


def _write(path: Path, url: str) -> None:
    real = path.resolve()  # what a link leads to is written, not the link
    try:
        with whole(real) as partial:
            partial.write_bytes(with_result(real.read_bytes(), path, url))
            shutil.copymode(real, partial)
    except OSError as error:
        raise RushesError(
            f"{path} cannot be written: {error.strerror}\n  add it yourself: {{{{video {url}}}}}"
        ) from error


def with_result(raw: bytes, path: Path, url: str) -> bytes:
    """A note's bytes with `{{video url}}` first below its heading Result, which is made at the end if there is none.

    What is inserted is written as what stands around it: indent, bullet, line ends. Nothing is inserted if the
    address is there.

    Raises:
        RushesError: there is no place where it could be read again, or the note is UTF-16.
    """
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise RushesError(f"{path} is UTF-16, which is not written to\n  save it as UTF-8, or add {{{{video {url}}}}}")
    before = parse_script(_text(raw), path)
    if any(_same(url, known) for known in before.result):
        return raw
    for added in _ways(raw, path, url):
        after = parse_script(_text(added), path)
        if url in after.result and _rest(before) == _rest(after):
            return added
    raise RushesError(
        f"{path} has no place for its result\n  add a heading '## Result', and below it {{{{video {url}}}}}"
    )


def _text(raw: bytes) -> str:
    """The note's text as it is read, line for line."""
    return decode(raw, Path())[0].replace("\r\n", "\n").replace("\r", "\n")


def _same(a: str, b: str) -> bool:
    ids = [match[1] if (match := VIDEO_ID.search(url)) else url for url in (a, b)]
    return ids[0] == ids[1]


def _rest(script: Script) -> object:
    """All that a new result must not change."""
    return script.title, [beat.template for beat in script.beats], script.description, script.pinned, script.titles


def _ways(raw: bytes, path: Path, url: str) -> Iterator[bytes]:
    """The note with the address in it, the likeliest way first."""
    lines = LINES.findall(raw)
    end = b"\r\n" if raw.count(b"\r\n") * 2 > raw.count(b"\n") else b"\n" if b"\n" in raw or b"\r" not in raw else b"\r"
    headings = [b for top in parse_note(_text(raw), path).blocks for b in top.walk() if b.level and role_of(b.text)]
    shown = "{{video " + url + "}}"

    def joined(at: int, *new: str) -> bytes:
        head = lines[:at]
        if head and not head[-1].endswith((b"\r", b"\n")):
            head[-1] += end
        return b"".join([*head, *(line.encode() + end for line in new), *lines[at:]])

    def row(block: Block) -> str:
        return _text(lines[block.source.line - 1]).lstrip("\ufeff").rstrip("\n")

    def item(heading: Block) -> str:
        """What stands before the words of the first thing below a heading."""
        return _before(row(heading.children[0])) if heading.children else ""

    likely = [block for block in headings if role_of(block.text) in PARTS and block.children]
    model = likely[-1] if likely else None
    for result in (block for block in headings if role_of(block.text) == "result"):
        at = max(
            place.line for place in (result.source, *result.lines, *(p.source for p in result.properties.values()))
        )
        if result.children:
            prefix = item(result)
        elif (
            HEADING.match(row(result))
            and (match := HEADING.match(row(result)))
            and (match["indent"] or match["bullet"])
        ):
            prefix = match["indent"] + _unit(_text(raw)) + (match["bullet"] or "- ")
        else:
            prefix = item(model) if model else "- "
        follows = at < len(lines) and _text(lines[at]).strip() and not prefix.strip()
        yield joined(at, prefix + shown, *([""] if follows else []))
        yield joined(at, "", "- " + shown)
    if model and (match := HEADING.match(row(model))):
        gap = [""] if model.source.line > 1 and not lines[model.source.line - 2].strip() else []
        gap = gap if lines and lines[-1].strip() else []
        yield joined(len(lines), *gap, f"{match[0].rstrip()} Result", item(model) + shown)
    yield joined(len(lines), "", "## Result", "- " + shown)


def _before(line: str) -> str:
    match = ITEM.match(line)
    return match[0] if match else ""


def _unit(text: str) -> str:
    """What this note indents by."""
    found = re.search(r"^(\t|  +)[-*+] ", text, re.MULTILINE)
    return found[1] if found else "\t"
