"""The texts of a shot as lines: nothing is lost of them, and one digit that is another is a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
import texts
from conftest import ROOT
from texts import Written

NAMES = ["falls", "rises"]
MARK = Written("8.2", 300, 500, 36)
LABEL = Written("the readers' mark", 300, 560, 36)
STILLS = [[MARK, LABEL, LABEL], [LABEL]]
SAID = texts.lines(NAMES, STILLS)


def test_a_line_says_where_a_text_is_and_in_which_stills() -> None:
    assert SAID.splitlines() == [
        "stills: falls, rises",
        "x.   300   500   36  8.2",
        "xx   300   560   36  the readers' mark",
        "x.   300   560   36  the readers' mark",
    ]
    assert texts.parsed(SAID) == STILLS
    assert texts.parsed(texts.lines(NAMES, [[], []])) == [[], []]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"string": "8.7"}, ["still 1: -  300   500   36  8.2", "still 1: +  300   500   36  8.7"]),
        ({"y": 508}, ["still 1: -  300   500   36  8.2", "still 1: +  300   508   36  8.2"]),
        ({"size": 30}, ["still 1: -  300   500   36  8.2", "still 1: +  300   500   30  8.2"]),
        ({"x": 303}, []),
    ],
)
def test_what_one_would_read_is_a_difference(change: dict[str, str | int], told: list[str]) -> None:
    now = texts.lines(NAMES, [[MARK._replace(**change), LABEL, LABEL], [LABEL]])
    assert texts.difference(SAID, now).splitlines() == told


def test_a_text_that_is_gone_or_there_once_more_is_a_difference() -> None:
    assert texts.difference(SAID, texts.lines(NAMES, [[MARK, LABEL], [LABEL]])) == f"still 1: -{LABEL}"
    assert texts.difference(SAID, texts.lines(NAMES, [*STILLS[:1], [LABEL, MARK]])) == f"still 2: +{MARK}"
    assert texts.difference(SAID, texts.lines(["falls", "sinks"], STILLS)) != ""


@pytest.mark.parametrize("path", sorted((ROOT / "tests/golden/scenes").glob("*.txt"))[::20], ids=lambda path: path.stem)
def test_every_golden_tells_of_any_digit(path: Path) -> None:
    golden = path.read_text(encoding="utf-8")
    for i, line in enumerate(golden.splitlines()):
        if i and line[-1].isdigit():
            other = golden.replace(line, f"{line[:-1]}{(int(line[-1]) + 1) % 10}")
            assert texts.difference(golden, other)
