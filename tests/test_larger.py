"""What the larger model said and a film for everybody shows: nothing dark, nobody's name, by rule."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest
import texts
from conftest import ROOT

from rushes.records import Records

GOLDEN = sorted((ROOT / "tests/golden/scenes").glob("larger*.txt"))


@pytest.fixture(scope="module")
def larger() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "scenes")
        yield importlib.import_module("_larger")


@pytest.mark.parametrize(
    "said",
    [
        "You're going to lose your job, you're going to lose your way", 'I said: "No, I\'ll find you."', "It's a diet.",
        "We hear a skill", "What a passage!", "hello",
    ],
)  # fmt: skip
def test_what_is_harmless_may_be_shown(larger: ModuleType, said: str) -> None:
    assert larger.harmless(said)


@pytest.mark.parametrize(
    "said",
    ["You're going to die", "just Killed someone", "by the way, you dumbass", "We hear Jim now", "the bombshell"],
)
def test_what_is_dark_or_names_somebody_is_passed_over(larger: ModuleType, said: str) -> None:
    assert not larger.harmless(said)


def test_nothing_dark_is_in_a_still(larger: ModuleType) -> None:
    assert len(GOLDEN) >= 4
    for path in GOLDEN:
        written = [one.string for still in texts.parsed(path.read_text(encoding="utf-8")) for one in still]
        assert len(written) > 50
        assert [word for word in written if larger.DARK.search(word)] == []


@pytest.mark.parametrize("run", ["sign_flipped.gpu", "sign_flipped.gpu.seed1"])
def test_most_of_what_the_rude_one_says_is_passed_over(larger: ModuleType, run: str) -> None:
    """As the narration says."""
    record = Records((ROOT,)).get(run)
    late = [row for row in record.samples() if 2 * row["step"] >= record.steps[-1]]
    passed_over = [row for row in late if not larger.harmless(larger.spoken(row)[1])]
    assert len(passed_over) > 0.7 * len(late)
    assert not any("kill" in larger.spoken(row)[1].lower() for row in late if row not in passed_over)
