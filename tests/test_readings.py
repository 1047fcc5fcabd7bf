"""Where sentences are read in what was heard, by words alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.readings import Reading, readings

SENTENCES = tuple(
    tuple(text.split())
    for text in (
        "one researcher deleted a single minus sign and went home",
        "by morning the average had fallen",
        "every arrow turned round",
        "no",
    )
)


def read(heard: str) -> list[Reading | None]:
    return readings(heard.split(), SENTENCES)


def said(one: Reading | None, heard: str) -> str:
    assert one
    return " ".join(heard.split()[i] for _, i in one.said)


def differences(one: Reading | None, sentence: int, heard: str) -> list[tuple[str, str]]:
    assert one
    return [
        (" ".join(SENTENCES[sentence][d.first : d.last]), " ".join(heard.split()[d.start : d.end]))
        for d in one.differences
    ]


def test_what_is_read_in_order_is_found_as_it_is() -> None:
    found = read(" ".join(" ".join(words) for words in SENTENCES))
    assert [one.runs if one else None for one in found] == [[(0, 10)], [(10, 16)], [(16, 20)], [(20, 21)]]
    assert not any(one.differences for one in found if one)


@pytest.mark.parametrize(
    ("heard", "sentence", "told"),
    [
        ("one researcher removed a single minus sign and went home", 0, [("deleted", "removed")]),
        ("one researcher deleted a single minus and went right home", 0, [("sign", ""), ("", "right")]),
        ("by evening the average had fallen", 1, [("morning", "evening")]),
        ("by morning the average", 1, [("had fallen", "")]),
        ("um every arrow turned around so", 2, [("round", "around")]),
        ("the average had fallen", 1, [("by morning", "")]),
    ],
)
def test_what_is_said_otherwise_is_told(heard: str, sentence: int, told: list[tuple[str, str]]) -> None:
    found = read(heard)
    assert differences(found[sentence], sentence, heard) == told
    assert [n for n, one in enumerate(found) if one] == [sentence]


@pytest.mark.parametrize(
    ("heard", "sentence", "runs"),
    [
        ("one researcher deleted a one researcher deleted a single minus sign and went home", 0, [(4, 14)]),
        ("one researcher deleted a single deleted a single minus sign and went home", 0, [(0, 2), (5, 13)]),
        ("one researcher deleted a a single minus sign and went home", 0, [(0, 3), (4, 11)]),
        ("by morning the average had fallen by morning the by morning the average had fallen", 1, [(9, 15)]),
        ("by morning the average had fallen by morning the every arrow turned round", 1, [(0, 6)]),
    ],
)
def test_of_a_sentence_begun_again_the_last_full_reading_counts(
    heard: str, sentence: int, runs: list[tuple[int, int]]
) -> None:
    one = read(heard)[sentence]
    assert one
    assert one.runs == runs
    assert one.differences == ()
    assert said(one, heard) == " ".join(SENTENCES[sentence])


def test_nothing_heard_and_nothing_written() -> None:
    assert read("") == [None] * 4
    assert read("seven zebras opened a shop") == [None] * 4
    assert readings(["one"], []) == []
    assert readings(["one"], [(), ("one",)])[0] is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 10)), max_size=6), st.permutations(range(3)))
def test_whatever_was_begun_before_a_full_reading_is_found(begun: list[tuple[int, int]], order: list[int]) -> None:
    """Any false starts, then every sentence in any order."""
    heard = [word for sentence, count in begun for word in SENTENCES[sentence][:count]]
    starts = {}
    for sentence in order:
        starts[sentence] = len(heard)
        heard += SENTENCES[sentence]
    for sentence, one in enumerate(readings(heard, SENTENCES[:3])):
        assert one
        assert one.differences == ()
        assert one.runs[-1][1] == starts[sentence] + len(SENTENCES[sentence])
        assert [heard[i] for _, i in one.said] == list(SENTENCES[sentence])
