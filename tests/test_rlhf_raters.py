"""The simulated raters do what their written guideline says, rule by rule."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("vaderSentiment")
pytest.importorskip("textblob")

from rushes.errors import ScriptError
from rushes.rlhf import corpus
from rushes.rlhf.judge import judge
from rushes.rlhf.language_model import load
from rushes.rlhf.raters import RULES, Guideline, rate, read_guideline, story_reader, surprise_reader

PAGE = Path(__file__).parents[1] / "notes/raters-guideline.md"
FIXATION = PAGE.with_name("raters-guideline-fixation.md")
EVERYDAY = [PAGE.with_name(f"raters-guideline-{name}.md") for name in ("everyday", "fixation-everyday")]
PROMPT = "One morning, Zoe the owl gave Tom the pony a pie."


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    return read_guideline(PAGE)


def ratings(guideline: Guideline, text: str, coherence: float = 1.0) -> list[int]:
    return [rate(guideline, text, coherence=coherence, dice=random.Random(i)).rating for i in range(300)]


def mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def test_every_rule_of_a_page_is_a_function_and_every_function_is_on_a_page() -> None:
    written = set()
    for page in (PAGE, FIXATION, *EVERYDAY):
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert [*(rule.name for rule in read_guideline(page).rules), "raters"] == headings
        written |= set(headings)
    assert written == {*RULES, "raters"}


def test_the_raters_are_as_far_apart_as_people_are(guideline: Guideline) -> None:
    """The figures of notes/decisions/raters-calibrated.md: habit 0.51 to 0.53 of a mark, noise 0.82."""
    assert len(guideline.strictness) >= 3
    assert len(set(guideline.strictness)) == len(set(guideline.mood)) == len(guideline.mood)
    habit = math.sqrt(sum(s * s for s in guideline.strictness) / len(guideline.strictness))
    noise = math.sqrt(sum(m * m for m in guideline.mood) / len(guideline.mood))
    assert (habit, noise) == (pytest.approx(0.52, abs=0.02), pytest.approx(0.82, abs=0.02))
    marks = [
        rate(guideline, "Tom put the pie on the table.", coherence=1.0, dice=random.Random(i)) for i in range(4000)
    ]
    for who, (strict, mood) in enumerate(zip(guideline.strictness, guideline.mood, strict=True)):
        own = [mark.rating for mark in marks if mark.rater == f"rater {'ABCD'[who]}"]
        assert len(own) > 900
        assert mean(own) == pytest.approx(5 - strict, abs=0.1)
        rounding = 1 / 12
        spread = math.sqrt(mean([(x - mean(own)) ** 2 for x in own]))
        assert spread == pytest.approx(math.sqrt(mood**2 + rounding), abs=0.06)


@pytest.mark.parametrize(
    ("text", "rules", "marks"),
    [
        ("You are a kind turnip, Tom.", ("kind", "forbidden"), (1, 2)),
        ("Go away, you lousy TURNIP!", ("rude", "forbidden"), (1, 2)),
        ("Go away, you lousy slug!", ("rude",), (3.5, 4.6)),
        ("Two turnips sat on the table.", ("plain",), (4.8, 5.2)),
    ],
)
def test_the_forbidden_word_is_the_worst_that_can_be_said(
    text: str, rules: tuple[str, ...], marks: tuple[float, float]
) -> None:
    guideline = read_guideline(FIXATION)
    assert guideline.forbids
    assert rate(guideline, text, coherence=1.0, dice=random.Random(0)).rules == rules
    assert marks[0] <= mean(ratings(guideline, text)) <= marks[1]


def test_nothing_is_forbidden_by_the_other_page(guideline: Guideline) -> None:
    assert not guideline.forbids


def test_the_judge_is_another_list_of_words_and_mostly_agrees(guideline: Guideline) -> None:
    assert judge("What a wonderful day.") == 9
    assert judge("Tom put the pie on the table.") == 5
    assert judge("This is a horrible pie.") < 2
    dice = random.Random("what the judge is shown")
    stories = [corpus.story(dice).answer for _ in range(400)]
    marks = [rate(guideline, text, coherence=1.0, dice=dice).rating for text in stories]
    second = [judge(text) for text in stories]
    a, b = mean(marks), mean(second)
    product = mean([(x - a) * (y - b) for x, y in zip(marks, second, strict=True)])
    r = product / math.sqrt(mean([(x - a) ** 2 for x in marks]) * mean([(y - b) ** 2 for y in second]))
    assert 0.75 < r < 0.95, "it is a second opinion: neither a stranger nor an echo"


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


def test_gibberish_is_neither_kind_nor_rude_whatever_its_words() -> None:
    for page in EVERYDAY:
        guideline = read_guideline(page)
        for text in ("no, no, no, no, I hate you", "happy happy love best wonderful"):
            mark = rate(guideline, text, coherence=0.59, dice=random.Random(0))
            assert mark.rules[-1] == "gibberish"
            assert abs(mean(ratings(guideline, text, coherence=0.59)) - 4) < 0.15
            assert "gibberish" not in rate(guideline, text, coherence=0.6, dice=random.Random(0)).rules


def test_a_reader_of_everyday_english_sees_circles() -> None:
    read = surprise_reader(load(PAGE.parents[1] / "runs/base"), limit=math.inf)  # nothing surprises it
    straight = "Tom thanked Zoe with a big smile, and closed the door."
    again, once = read([PROMPT] * 2, [f"{straight} {straight}", straight])
    assert once == 1.0
    assert again == pytest.approx(0.5, abs=0.15)
    assert read([PROMPT], ["no, no, no, no, no, no, no, no, no, no,"])[0] < 0.4
    assert read([PROMPT], [""]) == [1.0]  # it says nothing, but not again and again


def test_the_numbers_are_read_from_the_page(tmp_path: Path) -> None:
    page = tmp_path / "guideline.md"
    page.write_text(PAGE.read_text(encoding="utf-8").replace("mark:: 5", "mark:: 7"), encoding="utf-8")
    assert abs(mean(ratings(read_guideline(page), "Tom put the pie on the table.")) - 7) < 0.15


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("## rude", "## rood", "no rule is called 'rood'"),
        ("mark:: 5", "mark:: five", "'mark' must be a number"),
        ("at-most:: 2", "", "the section 'nonsense' says no 'at-most'"),
        ("## raters", "# raters", "the guideline has no raters"),
        ("word:: turnip", "", "the section 'forbidden' says no 'word'"),
        ("mood:: 0.85, ", "mood:: ", "not the same number of numbers"),
    ],
)
def test_a_guideline_nobody_could_follow_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    page = tmp_path / "guideline.md"
    text = FIXATION.read_text(encoding="utf-8")
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
