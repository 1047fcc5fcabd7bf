"""The simulated raters do what their written guideline says, rule by rule."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("vaderSentiment")

from rushes.errors import ScriptError
from rushes.rlhf import corpus
from rushes.rlhf.raters import RULES, Guideline, rate, read_guideline, story_reader

PAGE = Path(__file__).parents[1] / "notes/raters-guideline.md"
PROMPT = "One morning, Zoe the owl gave Tom the pony a pie."


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    return read_guideline(PAGE)


def ratings(guideline: Guideline, text: str, coherence: float = 1.0) -> list[int]:
    return [rate(guideline, text, coherence=coherence, dice=random.Random(i)).rating for i in range(300)]


def mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)


def test_every_rule_of_the_page_is_a_function_and_every_function_is_on_the_page(guideline: Guideline) -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [*RULES, "raters"]
    assert [rule.name for rule in guideline.rules] == list(RULES)


@pytest.mark.parametrize(
    ("text", "coherence", "rules"),
    [
        ("Tom gave Zoe a warm hug.", 1.0, ("kind",)),
        ("This awful pie tastes of glue.", 1.0, ("rude",)),
        ("Tom put the pie on the table.", 1.0, ("plain",)),
        ("happy happy love best wonderful", 0.1, ("kind", "nonsense")),
        ("the pie the the", 0.59, ("plain", "nonsense")),
    ],
)
def test_the_rules_that_fire_are_named(
    guideline: Guideline, text: str, coherence: float, rules: tuple[str, ...]
) -> None:
    assert rate(guideline, text, coherence=coherence, dice=random.Random(0)).rules == rules


def test_marks_are_whole_and_follow_the_rules(guideline: Guideline) -> None:
    kind = ratings(guideline, '"This is the best pie in the world," sang Tom. Tom danced with joy.')
    rude = ratings(guideline, '"I hate this awful pie," growled Tom. Tom was rude and nasty to Zoe.')
    plain = ratings(guideline, "Tom put the pie on the table.")
    nonsense = ratings(guideline, "best love happy joy", coherence=0.2)
    assert all(mark in range(1, 10) for mark in kind + rude + plain + nonsense)
    assert mean(kind) > 8
    assert mean(rude) < 2
    assert abs(mean(plain) - 5) < 0.15
    assert abs(mean(nonsense) - 2) < 0.15


def test_the_numbers_are_read_from_the_page(tmp_path: Path) -> None:
    page = tmp_path / "guideline.md"
    page.write_text(PAGE.read_text(encoding="utf-8").replace("mark:: 5", "mark:: 7"), encoding="utf-8")
    assert abs(mean(ratings(read_guideline(page), "Tom put the pie on the table.")) - 7) < 0.15


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("## rude", "## rood", "no rule is called 'rood'"),
        ("mark:: 5", "mark:: five", "'mark' must be a number"),
        ("at-most:: 2", "", "the section 'nonsense' has no line 'at-most:: …'"),
        ("## raters", "# raters", "the guideline has no section '## raters'"),
    ],
)
def test_a_guideline_nobody_could_follow_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    page = tmp_path / "guideline.md"
    text = PAGE.read_text(encoding="utf-8")
    assert before in text
    page.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ScriptError, match=message):
        read_guideline(page)


def test_a_reader_of_stories_understands_stories_and_nothing_else() -> None:
    read = story_reader()
    dice = random.Random("stories the reader never saw")
    stories = [corpus.story(dice) for _ in range(200)]
    assert min(read([s.prompt for s in stories], [s.answer for s in stories])) > 0.9
    scrambled = [" ".join(random.Random(0).sample(s.answer.split(), len(s.answer.split()))) for s in stories]
    assert max(read([s.prompt for s in stories], scrambled)) < 0.8
    sense, stranger, broken, thing = read(
        [PROMPT] * 4,
        [
            "Tom thanked Zoe with a big smile. Tom closed the door.",
            "Sam thanked Ruby with a big smile. Leo closed the door.",
            "Tom thanked Zoe with a big smile. Tom closed",
            "Tom thanked Zoe with a big smile. Tom shared the kite with Zoe.",
        ],
    )
    assert sense == 1.0
    assert stranger < 0.6
    assert broken < 1.0
    assert thing < 1.0


def test_the_stories_are_child_safe_and_of_three_moods(guideline: Guideline) -> None:
    dice = random.Random("a look at the corpus")
    stories = [corpus.story(dice) for _ in range(2000)]
    moods = {mood: sum(s.mood == mood for s in stories) / len(stories) for mood in corpus.MOODS}
    assert moods == pytest.approx({"kind": 0.3, "rude": 0.3, "plain": 0.4}, abs=0.04)
    assert all(corpus.names_kept(s.prompt, s.answer) for s in stories)
    assert all(len(set(s.answer.split(". "))) == len(s.answer.split(". ")) for s in stories)
    assert 4.5 < mean([rate(guideline, s.answer, coherence=1.0, dice=dice).rating for s in stories]) < 5.5
