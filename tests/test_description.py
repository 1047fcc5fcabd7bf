"""The description: everything in its order, and what goes first when the site has no room for all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from filmed import checked
from hypothesis import given
from hypothesis import strategies as st

from rushes.credits import credited
from rushes.description import description, linked, made_of
from rushes.placing import estimate, lay_out
from rushes.provenance import _record
from rushes.read_script import parse_script
from rushes.timeline import Timeline

LINK = "https://example.org/a/rather/long/address"
PARTS = {
    "sources": [f"Source {n}: {LINK}/{n}" for n in range(5)], "related": [f"Film {n}: {LINK}/f{n}" for n in range(3)],
    "made": ["Recorded runs healthy: size tiny, seed 0, device cpu"], "credit": ["Voice: hibari; Apache License 2.0"],
}  # fmt: skip


def laid(sections: int = 3) -> Timeline:
    said = " ".join(["word"] * 60)
    note = "## Script\n" + "".join(f"- #### Part {n}\n\t- {said}.\n" for n in range(sections))
    script = parse_script(note, Path("film.md"))
    texts = [beat.text([]) for beat in script.beats]
    return lay_out(script, texts, [estimate(text) for text in texts], fps=30, size=(1920, 1080), lengths={})


def test_everything_is_in_it_in_order() -> None:
    told = description("What it is.", laid(), **PARTS)
    heads = ["What it is.", "0:00 Part 0", "Sources and links", "Related films", "How the data was made", "Credits"]
    places = [told.text.index(head) for head in heads]
    assert places == sorted(places)
    assert told.left_out == ()


def test_what_matters_least_goes_first() -> None:
    whole = description("What it is. " * 40, laid(), **PARTS).text
    told: list[tuple[str, ...]] = []
    for most in range(len(whole.encode()), 60, -1):
        made = description("What it is. " * 40, laid(), **PARTS, most=most)
        assert len(made.text.encode()) <= most
        if made.left_out not in told:
            told.append(made.left_out)
    assert told[0] == ()
    order = [out[-1].split(" of ")[0] for out in told[1:]]
    assert list(dict.fromkeys(order)) == [
        "1 related film", "2 related films", "3 related films", "how the data was made", "1 source", "2 sources",
        "3 sources", "4 sources", "5 sources", "1 credit", "the chapters", "the end",
    ]  # fmt: skip


def test_a_text_is_cut_after_a_sentence_or_else_after_a_word() -> None:
    text = f"First part.\n\nSecond part, longer. See {LINK} for more of it, and so on."
    cut = [description(text, laid(1), most=most).text for most in (len(text) + 1, len(text), 38, 37, 16, 15)]
    assert cut == [
        text + "\n", "First part.\n\nSecond part, longer. …\n", "First part.\n\nSecond part, longer. …\n",
        "First part. …\n", "First part. …\n", "First …\n",
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from(["word", "ünïcode", "\U0001f3ac", LINK, "\n\n", "end."]), min_size=1), st.integers(10, 200)
)
def test_no_address_is_cut_and_no_limit_is_passed(words: list[str], most: int) -> None:
    text = " ".join(words).strip()
    told = description(text, TIMELINE, most=most).text
    assert len(told.encode()) <= most
    assert all(word in (LINK, "…") or not word.startswith("http") for word in told.split())


TIMELINE = laid(1)


def test_angle_brackets_in_other_peoples_titles_are_replaced() -> None:
    assert linked("a < b > c", "https://example.org") == "a ‹ b › c: https://example.org"


def test_records_that_were_made_alike_are_one_line() -> None:
    alike = {"size": "tiny", "seed": 0, "device": "cpu", "commit": "0123456789abcdef"}
    assert made_of({"b": alike, "a": alike, "c": {**alike, "seed": 1, "commit": None}}) == [
        "Recorded runs a, b: size tiny, seed 0, device cpu, commit 0123456789",
        "Recorded runs c: size tiny, seed 1, device cpu",
    ]


def test_a_sweep_is_of_all_its_seeds() -> None:
    told = {name: _record(checked("the-minus-sign"), name) for name in ("feedback_loop", "healthy")}
    sweep, healthy = made_of(told)
    assert "Recorded runs feedback_loop: size tiny, seed 0 to 4, device cpu" in sweep
    assert "Recorded runs healthy: size tiny, seed 0, device cpu" in healthy


SOURCES = """\
# Sources
## Pictures
| file | origin | copyright | licence | used for |
|---|---|---|---|---|
| `cats/one.png` | A cat 2, from example.org | Ada Example | CC BY 4.0 | a card |
| `two.png` | Another cat, from example.org | Bo Example | CC BY 4.0 | a card |
## Voice
| file | origin | copyright | licence | used for |
|---|---|---|---|---|
| `robin` | Robin 1.2, a package | | MIT | narration |
"""


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    (tmp_path / "SOURCES.md").write_text(SOURCES)
    return tmp_path


def test_credits_are_those_of_what_is_used(assets: Path) -> None:
    used = [assets / "cats/one.png", assets / "two.png", assets / "scene.py", assets / "mine.png"]
    told = credited(used, ["robin", "silent"], assets)
    assert told.lines == ("Pictures: A cat (Ada Example), Another cat (Bo Example); CC BY 4.0", "Voice: Robin; MIT")
    assert told.unknown == (assets / "mine.png",)
    assert credited(used[:1], [], assets).lines == ("Pictures: A cat (Ada Example); CC BY 4.0",)


def test_nothing_is_credited_where_nothing_is_said(tmp_path: Path) -> None:
    assert credited([tmp_path / "mine.png"], ["robin"], tmp_path).lines == ()
