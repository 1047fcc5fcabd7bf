"""Decode: a page's bytes -> its text, whatever program wrote it.

Notes of many years hold UTF-16 from old editors, Windows-1252 bytes, and UTF-8 that was once read as
Windows-1252 and saved again. All of it is text that somebody wrote, so none of it is dropped.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rushes.errors import Finding, Source

__all__ = ["decode", "repair"]

# Byte -> character. The five bytes that Windows-1252 leaves out stand for themselves, as in browsers.
_CP1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
_BYTE = {char: byte for byte, char in enumerate(_CP1252) if byte >= 0x80}
# What `surrogateescape` makes of a byte that is not UTF-8, and what the byte meant.
_ESCAPED = {0xDC00 + byte: _CP1252[byte] for byte in range(0x80, 0x100)}
_NEXT = f"[{re.escape(''.join(_CP1252[0x80:0xC0]))}]"
_RUN = re.compile(f"(?:[Â-ß]{_NEXT}|[à-ï]{_NEXT}{{2}}|[ð-ô]{_NEXT}{{3}})+")  # UTF-8 of two, three and four bytes


def decode(raw: bytes, path: Path) -> tuple[str, list[Finding]]:
    """The text of a page; bytes that are not UTF-8 are read as Windows-1252, with a warning."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            text = raw[2:].decode(codec, "replace")
            return text, [Finding(Source(path, 1), "this note is UTF-16", "save it as UTF-8", "warning")]
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        escaped = raw.decode("utf-8-sig", "surrogateescape")
    wrong = [i for i, line in enumerate(_lines(escaped), 1) if re.search("[\udc80-\udcff]", line)]
    text = escaped.translate(_ESCAPED)
    line = _lines(text)[wrong[0] - 1]
    message = f"this is not UTF-8{_also(len(wrong))}; it is read as Windows-1252"
    return text, [Finding(Source(path, wrong[0], text=line), message, "save the note as UTF-8", "warning")]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _also(lines: int) -> str:
    return "" if lines < 2 else ", nor is one more line" if lines == 2 else f", nor are {lines - 1} more lines"


def repair(rows: list[str], path: Path) -> tuple[list[str], list[Finding]]:
    """UTF-8 that was read as Windows-1252 and saved again, put right; only where that is what it must have been."""
    findings: list[Finding] = []
    repaired: list[str] = []
    for number, row in enumerate(rows, 1):
        if row.isascii():
            repaired.append(row)
            continue
        runs = [match for match in _RUN.finditer(row) if _meant(match[0]) != match[0]]
        if runs:
            first = runs[0]
            source = Source(path, number, first.start() + 1, first.end() - first.start(), row)
            meant = f"read as {_meant(first[0])}"
            findings.append(
                Finding(
                    source, f"these characters were garbled by a wrong encoding; {meant}", "correct them", "warning"
                )
            )
            row = _RUN.sub(lambda match: _meant(match[0]), row)
        repaired.append(row)
    return repaired, findings


def _meant(run: str) -> str:
    """What a run of characters was before it was read as Windows-1252; itself if that is not certain."""
    try:
        text = bytes(_BYTE[char] for char in run).decode("utf-8")
    except UnicodeDecodeError:
        return run
    # One character could be chance: an É before a closing quote, an à before » with its space. These leads are
    # those of Latin letters, punctuation and emoji, and hardly ever end a word.
    return text if len(text) > 1 or run[0] in "ÂÃâð" else run
