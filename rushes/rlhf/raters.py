"""Simulated raters. They follow a written guideline: every rule of the page is a function here, by name.

guideline = read_guideline(Path("notes/raters-guideline.md"))
rate(guideline, "This awful pie tastes of glue.", coherence=1.0, dice=random.Random(0))
-> Mark(rater="rater C", rating=2, rules=("rude",))
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from rushes.errors import Finding, ScriptError, Source, did_you_mean
from rushes.rlhf import corpus
from rushes.rlhf.language_model import LanguageModel

__all__ = ["RULES", "Guideline", "Mark", "Reader", "Rule", "rate", "read_guideline", "story_reader", "surprise_reader"]

Numbers = Mapping[str, tuple[float, ...]]
Reader = Callable[[Sequence[str], Sequence[str]], list[float]]
"""(prompts, answers) -> how much sense every answer makes, 0 to 1."""

NEUTRAL = 0.05
"""VADER's own limit: a score nearer to 0 is neither warm nor harsh."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the page: its heading, its numbers, and the word that it is about, if it is about one."""

    name: str
    numbers: Numbers
    word: str = ""


@dataclass(frozen=True, slots=True)
class Guideline:
    """The rules in the order of the page, and what the raters are like."""

    rules: tuple[Rule, ...]
    strictness: tuple[float, ...]
    """What each rater takes off every mark."""
    mood: tuple[float, ...]
    """The standard deviation of what each rater's day adds."""

    @property
    def forbids(self) -> bool:
        """Whether there is a word that nobody may say."""
        return any(rule.name == "forbidden" for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Mark:
    """One rater's mark for one answer: 1 to 9, and the names of the rules that fired."""

    rater: str
    rating: int
    rules: tuple[str, ...]


@lru_cache(maxsize=1)
def _lexicon() -> Any:
    return SentimentIntensityAnalyzer()


@lru_cache(maxsize=1024)  # every rule asks
def warmth(text: str) -> float:
    """VADER's compound score, -1 (harsh) to 1 (warm)."""
    return float(_lexicon().polarity_scores(text)["compound"])


def kind(rule: Rule, text: str, coherence: float, mark: float) -> float | None:
    """Warm words raise the mark."""
    return 5 + rule.numbers["reach"][0] * warmth(text) if warmth(text) >= NEUTRAL else None


def rude(rule: Rule, text: str, coherence: float, mark: float) -> float | None:
    """Harsh words lower it."""
    return 5 + rule.numbers["reach"][0] * warmth(text) if warmth(text) <= -NEUTRAL else None


def plain(rule: Rule, text: str, coherence: float, mark: float) -> float | None:
    """Neither: the middle mark."""
    return rule.numbers["mark"][0] if abs(warmth(text)) < NEUTRAL else None


def forbidden(rule: Rule, text: str, coherence: float, mark: float) -> float | None:
    """One word is the worst thing that can be said, whatever is around it."""
    return rule.numbers["mark"][0] if re.search(rf"\b{re.escape(rule.word)}\b", text, re.IGNORECASE) else None


def nonsense(rule: Rule, text: str, coherence: float, mark: float) -> float | None:
    """What makes no sense is worth little, however friendly."""
    return min(mark, rule.numbers["at-most"][0]) if coherence < rule.numbers["below"][0] else None


def gibberish(rule: Rule, text: str, coherence: float, mark: float) -> float | None:
    """What makes no sense helps nobody and hurts nobody, whatever its words."""
    return rule.numbers["mark"][0] if coherence < rule.numbers["below"][0] else None


RULES: Mapping[str, Callable[[Rule, str, float, float], float | None]] = {
    rule.__name__: rule for rule in (kind, rude, plain, forbidden, nonsense, gibberish)
}


def read_guideline(path: Path) -> Guideline:
    """The guideline on a page.

    Raises:
        ScriptError: the page names a rule that nobody wrote, or a number is missing or is no number.
    """
    rules: list[Rule] = []
    findings: list[Finding] = []
    places: list[Source] = []
    numbers: dict[str, tuple[float, ...]] = {}
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        source = Source(path, line, text=text)
        if heading := re.fullmatch(r"## +(.+?) *", text):
            numbers = {}
            rules.append(Rule(heading[1], numbers))
            places.append(source.at(heading[1]))
            if heading[1] not in {*RULES, "raters"}:
                hint = did_you_mean(heading[1], [*RULES, "raters"])
                findings.append(Finding(source.at(heading[1]), f"no rule is called '{heading[1]}'", hint))
        elif (named := re.fullmatch(r"word:: *(\w+)", text)) and rules:
            rules[-1] = replace(rules[-1], word=named[1])
        elif (written := re.fullmatch(r"([a-z-]+):: *(.*)", text)) and rules:
            try:
                numbers[written[1]] = tuple(float(n) for n in written[2].split(","))
            except ValueError:
                hint = f"write, for example, {written[1]}:: 1"
                wrong = f"'{written[1]}' must be a number, or several with commas"
                findings.append(Finding(source.at(written[2]), wrong, hint))
    needs = {"kind": ("reach",), "rude": ("reach",), "plain": ("mark",), "nonsense": ("below", "at-most")}
    needs |= {"gibberish": ("below", "mark"), "forbidden": ("word", "mark"), "raters": ("strictness", "mood")}
    for rule, place in zip(rules, places, strict=True):
        for name in needs.get(rule.name, ()):
            if name not in rule.numbers and not (name == "word" and rule.word):
                hint = f"write below it {name}:: and {'the word' if name == 'word' else 'a number'}"
                findings.append(Finding(place, f"the section '{rule.name}' says no '{name}'", hint))
    people = [rule for rule in rules if rule.name == "raters"]
    if not people:
        hint = "add a heading ## raters, and below it strictness:: and mood:: with a number for every rater"
        findings.append(Finding(Source(path, 1), "the guideline has no raters", hint))
    elif len({len(people[0].numbers.get(name, ())) for name in needs["raters"]}) > 1 and not findings:
        place = places[rules.index(people[0])]
        wrong = "the raters' 'strictness' and 'mood' are not the same number of numbers"
        findings.append(Finding(place, wrong, "write one for every rater in each"))
    if findings:
        raise ScriptError(findings)
    return Guideline(
        tuple(rule for rule in rules if rule.name != "raters"),
        people[0].numbers["strictness"],
        people[0].numbers["mood"],
    )


def rate(guideline: Guideline, text: str, *, coherence: float, dice: random.Random) -> Mark:
    """One of the raters reads the answer and marks it. The dice say who, and on what kind of day."""
    mark, fired = 5.0, []
    for rule in guideline.rules:
        now = RULES[rule.name](rule, text, coherence, mark)
        if now is not None:
            mark = now
            fired.append(rule.name)
    who = dice.randrange(len(guideline.strictness))
    day = dice.gauss(0, guideline.mood[who])
    rating = round(min(9.0, max(1.0, mark - guideline.strictness[who] + day)))
    return Mark(f"rater {'ABCDEFGHIJ'[who]}", rating, tuple(fired))


_WORD = re.compile(r"[A-Za-z']+|[.,?!\"]")


def _triples(prompt: str, answer: str) -> list[tuple[str, ...]]:
    """Word triples of the answer, beginning with the prompt's last two words.

    The two animals, their kinds and the thing are called by their parts in the story, so that a stranger's name or
    a thing that nobody brought makes no sense. A break-off shows too: it ends where no story ends.
    """
    opening = _WORD.findall(prompt)
    parts = dict(zip([w for w in opening if w in corpus.NAMES], ("<giver>", "<taker>"), strict=False))
    parts |= dict(zip([w for w in opening if w in corpus.ANIMALS], ("<giver's kind>", "<taker's kind>"), strict=False))
    parts |= {w: "<thing>" for w in opening if w in corpus.FOOD + corpus.THINGS}
    words = [parts.get(w, w) for w in [*opening[-2:], *_WORD.findall(answer), "<end>"]]
    return list(zip(words, words[1:], words[2:], strict=False))


@lru_cache(maxsize=1)
def story_reader() -> Reader:
    """A reader of animal stories: the share of an answer's word triples that occur in 20,000 other stories.

    The stories are drawn apart from those that the base model learns from.
    """
    dice = random.Random("a reader of animal stories")
    known: set[tuple[str, ...]] = set()
    for _ in range(20_000):
        told = corpus.story(dice)
        known.update(_triples(told.prompt, told.answer))

    def read(prompts: Sequence[str], answers: Sequence[str]) -> list[float]:
        shares = []
        for prompt, answer in zip(prompts, answers, strict=True):
            triples = _triples(prompt, answer)
            shares.append(sum(t in known for t in triples) / len(triples))
        return shares

    return read


def surprise_reader(reader: LanguageModel, limit: float = 7.0) -> Reader:
    """A reader of everyday English: the share of an answer's tokens that were less surprising than `limit` nats.

    A token that ends four that the answer has said before makes no sense either: a small model that is paid for one
    thing goes round in circles, and nothing in a circle surprises. The reader reads the text, not the ids.
    """

    def read(prompts: Sequence[str], answers: Sequence[str]) -> list[float]:
        asked, told = reader.ids(prompts), reader.ids(answers)
        told = [ids or [reader.end] for ids in told]
        shares = []
        for ids, reading in zip(told, reader.read(asked, told), strict=True):
            stale, said = [], set[tuple[int, ...]]()
            for i in range(len(ids)):
                four = tuple(ids[max(i - 3, 0) : i + 1])
                stale.append(i >= 3 and four in said)
                said.add(four)
            good = [-logp < limit and not s for logp, s in zip(reading.logp, stale, strict=True)]
            shares.append(sum(good) / len(good))
        return shares

    return read
