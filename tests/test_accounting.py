"""Whatever is done to a note, it is read in time, and every word of its script is said, shown, muted or reported."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import count
from pathlib import Path

import mutations
import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutated, mutated_notes

from rushes.check import check
from rushes.decode import decode
from rushes.errors import Finding, Source
from rushes.inline import HTML_TAGS
from rushes.note import Block, Note, parse_note
from rushes.read_script import parse_script, read_script
from rushes.roles import role_of
from rushes.script import Script

EXAMPLES = int(os.environ.get("RUSHES_EXAMPLES", "300"))
SECONDS = 2.0  # for one note
PAGE = Path("pages/x.md")
FILMS = [path.read_text("utf-8") for path in sorted((ROOT / "scripts").glob("*.md"))]
WORD = re.compile(r"q\d{3}z")

# Every @ becomes a word that occurs nowhere else.
LOGSEQ = """\
---
title: @
tags: [film]
---
## Concept

@ @

## Title & Thumbnail

![@](../assets/@.png)

- @ @
- @

## Script/Outline

\t\t- #### @ one
\t\t  collapsed:: true
\t\t\t- @ **@** ==@ @== {calm.rating.last:.1f} @.
\t\t\t  claim:: calm.rating.last > 1
\t\t\t  id:: 01234567-89ab-cdef-0123-456789abcdef
\t\t\t\t- @ @
\t\t\t\t   @
\t\t\t\t  scene:: dot run=calm
\t\t\t\t- https://@.example/@
\t\t\t- TODO @ [@](https://a.example/@) [[@]] `@`
\t\t\t\t- @: @
\t\t\t\t- @: @
\t\t\t\t- @: @
\t\t\t\t- @ interview clip
\t\t\t\t\t- > @ @
\t\t\t- @
\t\t\t  say:: no
\t\t- #### @ two
\t\t\t- @ %%@%% @
\t\t\t\t- ```python
\t\t\t\t  @ = @
\t\t\t\t  ```
\t\t\t- ![@](../assets/@.png)
\t\t\t\t- {{scene dot}} @
\t- ### Video Description
\t\t- @ https://@.example #@
\t- ### Result
\t\t- {{video https://youtu.be/@}}
\t\t- #### Pinned Comment
\t\t\t- @ @
\t\t\t- ##### Other Versions
\t\t\t\t- @
"""
OBSIDIAN = """\
# @
Intro @ _@_.

## @
@ @ @
@ @.

![[@.png|400]]

> @ @
> — @

@ ~~@~~ @ (a @ @) [^1]

| @ | @ |
|---|---|
| @ | @ |

- @ @
    - @
        - @
    - @ @
- [ ] @
1. @
2. @

```
@ - @
```
## Pinned Comment
@ @

## Notes
@

[^1]: @
"""


def numbered(note: str) -> str:
    words = count()
    return re.sub("@", lambda _: f"q{next(words):03}z", note)


NOTES = (numbered(LOGSEQ), numbered(OBSIDIAN))
MARKS = "-#*:=`~%|>[](){}$!^<&\\_+\"'\t\n @.é💩\u00a0\u200b\ue000\x00\x85\u2028"
spot = st.integers(0, 10**6)


def lines(note: str, a: int, b: int) -> tuple[list[str], int, int]:
    rows = note.split("\n")
    a, b = sorted((a % len(rows), b % len(rows)))
    return rows, a, b + 1


def indented(note: str, a: int, b: int, by: str) -> str:
    rows, a, b = lines(note, a, b)
    return "\n".join([*rows[:a], *(by + row for row in rows[a:b]), *rows[b:]])


def dedented(note: str, a: int, b: int, by: str) -> str:
    rows, a, b = lines(note, a, b)
    return "\n".join([*rows[:a], *(row[min(len(by), len(row) - len(row.lstrip())) :] for row in rows[a:b]), *rows[b:]])


def spaced(note: str, a: int, b: int, by: str) -> str:
    rows, a, b = lines(note, a, b)
    return "\n".join([*rows[:a], *(row.replace("\t", by) for row in rows[a:b]), *rows[b:]])


def cut(note: str, a: int, b: int, by: str) -> str:
    a = a % (len(note) + 1)
    return note[:a] + note[a + b % 60 :]


def inserted(note: str, a: int, b: int, by: str) -> str:
    a = a % (len(note) + 1)
    return note[:a] + by + note[a:]


def moved(note: str, a: int, b: int, by: str) -> str:
    rows, a, b = lines(note, a, b)
    return "\n".join([*rows[a:b], *rows[:a], *rows[b:]])


def ended(note: str, a: int, b: int, by: str) -> str:
    return ("\ufeff" if a % 2 else "") + note.replace("\n", ("\r\n", "\r", "\n\n")[b % 3])


indents = st.sampled_from(["\t", "  ", "    ", " ", "\t\t", " \t", ""])
change = st.one_of(
    st.tuples(st.sampled_from([indented, dedented, spaced]), spot, spot, indents),
    st.tuples(st.sampled_from([cut, moved, ended]), spot, spot, st.just("")),
    st.tuples(st.just(inserted), spot, spot, st.text(MARKS, min_size=1, max_size=4)),
)
Change = tuple[Callable[[str, int, int, str], str], int, int, str]


def words(thing: object) -> Iterator[str]:
    """Every word of ours in a value, whatever it is made of."""
    if isinstance(thing, str | Path):
        yield from WORD.findall(str(thing))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from words(key)
            yield from words(value)
    elif isinstance(thing, Source | Note):
        return  # where something is written is not what is made of it
    elif isinstance(thing, Sequence):
        for each in thing:
            yield from words(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from words(getattr(thing, field.name))


# What its author asks not to hear: comments, macros, footnotes, HTML, an address, a long tag, a link's target.
OPENED = re.compile(
    rf"%%|\{{\{{|\^\[|(?<!!)\[\^|#\[\[|\]\(|\{{:|<!--|<https?:|</?(?:{HTML_TAGS.pattern})\b", re.IGNORECASE
)
CLOSED = {"%%": "%%", "{{": r"\}\}", "^[": r"\]", "[^": r"\]", "#[[": r"\]\]", "](": r"(?<!\\)\)", "{:": r"\}"}
CLOSED |= {"<!--": "-->"}
LABEL = re.compile(r"[\[(][\w -]+::|#\S+|(?<!!)\[\[[^\[\]|]*\|")  # a field's key, a tag, where a link with words leads


def heard(text: str) -> str:
    """A text without what its author asks not to hear; each part of it is looked at once, as notes may be long."""
    kept: list[str] = []
    start = 0
    endless: set[str] = set()
    while found := OPENED.search(text, start):
        kept.append(text[start : found.start()])
        close = CLOSED.get(found[0], ">")
        end = None if close in endless else re.compile(close).search(text, found.end())
        if end is None:
            endless.add(close)
            kept.append(found[0])
        start = end.end() if end else found.end()
    return LABEL.sub(" ", " ".join([*kept, text[start:]]))


def lost(text: str, script: Script) -> set[str]:
    """The words of a note's blocks that the script says nothing about."""
    told = {word for row in {finding.source.text for finding in script.findings} for word in WORD.findall(row)}
    apart = {section.source.line for section in script.left_out}
    found: set[str] = set()
    for block in parse_note(text, PAGE).walk():
        if block.source.line in apart:
            told.update(word for below in block.walk() for word in words(below.texts))
        elif not block.is_query and not (block.level and role_of(block.text)):
            found.update(words(heard(block.text) if block.kind != "code" else block.text))
    muted = {word for block in parse_note(text, PAGE).walk() if silent(block) for word in words(block.texts)}
    return found - told - muted - set(words(script))


def silent(block: Block) -> bool:
    return "say" in block.properties or block.marker.startswith("CANCEL")


def account(text: str) -> None:
    began = time.process_time()
    script = parse_script(text, PAGE)
    assert time.process_time() - began < SECONDS
    missing = lost(text, script)
    assert not missing, [row for row in text.split("\n") if missing & set(words(row))]


@pytest.mark.parametrize("note", NOTES)
def test_nothing_is_lost_of_a_note_as_it_is(note: str) -> None:
    account(note)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NOTES), st.lists(change, min_size=1, max_size=5))
def test_nothing_is_lost_of_a_note_that_was_mangled(note: str, changes: list[Change]) -> None:
    for how, a, b, by in changes:
        note = how(note, a, b, by)
    account(note)


@settings(mutated, max_examples=max(EXAMPLES // 3, 1))
@given(mutated_notes(NOTES))
def test_nothing_is_lost_of_a_mutated_note(raw: bytes) -> None:
    """Re-indented, cut, of mixed tabs and spaces, with other line ends, NULs, long lines; not always UTF-8."""
    account(decode(raw, PAGE)[0])


@settings(mutated, max_examples=max(EXAMPLES // 20, 1))  # half a second each
@given(mutated_notes([*FILMS, *mutations.NOTES]))
def test_a_mutated_script_is_checked_and_laid_out(raw: bytes) -> None:
    text, damage = decode(raw, PAGE)
    began = time.process_time()
    script = parse_script(text, PAGE)
    checked = check(script, [ROOT], fps=30, size=(1920, 1080))
    assert time.process_time() - began < SECONDS
    assert script.beats or checked.errors or damage
    shown = [direction for beat in script.beats for direction in beat.directions]
    assert len({beat.id for beat in script.beats}) == len(script.beats)
    for finding in (*checked.findings, *(Finding(direction.source, "x") for direction in shown)):
        assert 1 <= finding.source.line <= len(re.split("\r\n|\r|\n", text)) or finding.source.path != PAGE
        assert str(finding)


LARGE = {
    "a line of a megabyte": "## Script\n- " + "word " * 200_000,
    "a megabyte of brackets": "## Script\n- " + "[" * 1_000_000,
    "nested 1,400 levels deep": "## Script\n" + "".join("\t" * depth + f"- w{depth}\n" for depth in range(1_400)),
    "headings nested 1,400 levels deep": "## Script\n" + "".join("\t" * n + f"- # w{n}\n" for n in range(1_400)),
    "ten thousand beats": "## Script\n" + "- One two.\n" * 10_000,
    "ten thousand points": "## Script\n- x\n" + "\t- a: b\n" * 10_000,
    "five thousand sections": "## Script\n" + "### Some section\n- One.\n" * 5_000,
    "five thousand pictures of one beat": "## A\nx\n\n" + "![[a.png]]\n\n" * 5_000,
    "a long lead of a quote": "## Script\n- x\n\t- " + ", " * 30_000 + "a\n\t\t- > q\n",
    "a heading of brackets": "# " + "( " * 20_000 + "\n- x\n",
    "a long gap in a heading": "## a" + " " * 1_000_000 + "b\n- x\n",
    "a description of brackets": "## Script\n- x\n## Description\n- " + "[" * 30_000 + "\n- " + "![](" * 20_000,
    "a description of addresses": "## Script\n- x\n## Description\n- " + "[a](https://a" * 20_000,
    "a long heading": "## " + "script and " * 20_000 + "\n- x\n",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_note_is_read_in_time(name: str) -> None:
    began = time.process_time()
    script = parse_script(LARGE[name], PAGE)
    assert time.process_time() - began < SECONDS
    assert script.beats or script.findings


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00", b"\xff\xfe#\x00", "## Script\n- Stra\u00dfe\n".encode("latin-1"), b"\xef\xbb\xbf## Script\r- x"],
)
def test_bytes_that_are_no_clean_text_are_read_or_reported(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(raw)
    script = read_script(path)
    assert script.beats or [finding for finding in script.findings if finding.level == "error"]
