"""Captions read from a SubRip or WebVTT file, whoever wrote it, with the place of each.

Libraries that read these files give no line numbers, and mend or drop what is wrong with them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.captions import Caption, TimedWord
from rushes.decode import decode
from rushes.errors import Finding, RushesError, Source

__all__ = ["FPS", "GAP", "Read", "read_captions"]

FPS = 1000
"""The files count milliseconds."""
GAP = 65
"""Milliseconds: two frames at 30 a second, as these files do not say how many there are."""
_TIME = r"(?:(?:\d+:)?\d+:)?\d+[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*(?P<start>{_TIME})\s*-->\s*(?P<end>{_TIME})(?:\s.*)?")
_ARROW = re.compile(rf"-->|^\s*{_TIME}\s*-+>?\s*{_TIME}")
_TAG = re.compile(r"</?(?:c|i|b|u|v|lang|ruby|rt|font)(?=[\s.>])[^>]*>|<(?:\d+:)?\d+:\d+\.\d+>|\{\\[^}]*\}")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The captions of a file, their places, and what could not be read of it."""

    captions: tuple[Caption, ...]
    """Times in milliseconds."""
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


def read_captions(path: Path) -> Read:
    """Read a `.srt` or `.vtt` file.

    Raises:
        RushesError: it is neither, or not there.
    """
    if path.suffix.lower() not in (".srt", ".vtt"):
        raise RushesError(f"{path} holds no captions that can be read\n  give a script (.md), or a .srt or .vtt file")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RushesError(f"{path} cannot be read: {error.strerror}") from error
    text, findings = decode(raw, path)
    lines, web = text.splitlines(), path.suffix.lower() == ".vtt"
    if web and not (lines and lines[0].startswith("WEBVTT")):
        source = Source(path, 1, text=lines[0] if lines else "")
        findings.append(Finding(source, "a .vtt file begins with WEBVTT", "players take it for no captions at all"))
    captions: list[Caption] = []
    sources: list[Source] = []
    for number, body in _blocks(lines):
        source = Source(path, number, text=lines[number - 1])
        times = _TIMES.fullmatch(lines[number - 1])
        if times is None or (web and "," in times["start"] + times["end"]):
            told = "00:00:01.000 --> 00:00:02.500" if web else "00:00:01,000 --> 00:00:02,500"
            findings.append(Finding(source, "these are no times of a caption", f"write {told}"))
            continue
        if web:
            findings += _unescaped(path, number + 1, body)
        shown = tuple(filter(None, (_plain(line, web) for line in body)))
        if not shown:
            findings.append(Finding(source, "this caption has no words", "write some, or drop it", "warning"))
            continue
        start, end = _milliseconds(times["start"]), _milliseconds(times["end"])
        words = tuple(TimedWord(word, start, end) for word in " ".join(shown).split())
        captions.append(Caption(start, end, shown, words))
        sources.append(source)
    if not captions and not any(finding.level == "error" for finding in findings):
        findings.append(Finding(Source(path, 1), "there is no caption in this file"))
    return Read(captions=tuple(captions), sources=tuple(sources), findings=tuple(findings))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(number of the line with the times, the lines below it) of every caption."""
    at = 0
    while at < len(lines):
        if not _ARROW.search(lines[at]):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and lines[end].strip() and not _ARROW.search(lines[end]):
            end += 1
        follows = end < len(lines) and _ARROW.search(lines[end]) is not None
        counted = follows and end > at + 1 and lines[end - 1].strip().isdigit()
        yield at + 1, list(lines[at + 1 : end - counted])
        at = end


def _plain(line: str, web: bool) -> str:
    text = _TAG.sub("", line)
    return " ".join((html.unescape(text) if web else text).split())


def _unescaped(path: Path, first: int, body: Sequence[str]) -> Iterator[Finding]:
    """What a player of WebVTT takes for a tag or an entity, and is none."""
    for number, line in enumerate(body, first):
        bare = _TAG.sub(lambda tag: " " * len(tag[0]), line)
        if at := bare.find("<") + 1:
            source = Source(path, number, at, 1, line)
            yield Finding(source, "a '<' begins a tag, and what follows it is not shown", "write &lt;")
        if entity := _ENTITY.search(bare):
            source = Source(path, number, entity.start() + 1, 1, line)
            yield Finding(source, "a '&' begins the name of a character", "write &amp;", "warning")


def _milliseconds(time: str) -> int:
    """`1:02:03,5` -> 3723500."""
    clock, _, fraction = time.replace(",", ".").partition(".")
    parts = [int(part) for part in clock.split(":")]
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + part
    return seconds * 1000 + int(fraction.ljust(3, "0"))
