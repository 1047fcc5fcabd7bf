"""The Values Coach's first course: the raters mark the base model's answers, and it learns to guess their marks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from rushes.rlhf.judge import judge
from rushes.rlhf.language_model import LanguageModel
from rushes.rlhf.raters import Guideline, Mark, Reader, rate
from rushes.rlhf.rows import Sink
from rushes.rlhf.settings import HELD_OUT, RunSettings, SlopeSettings
from rushes.rlhf.values_coach import Lesson, ValuesCoach, correlation

__all__ = ["label_row", "marked", "study"]


def label_row(step: int, phase: str, prompt: str, text: str, mark: Mark, values: float | None) -> dict[str, Any]:
    """A mark, as the record keeps it."""
    return {
        "step": step,
        "phase": phase,
        "prompt": prompt,
        "text": text.strip(),
        "rater": mark.rater,
        "rating": mark.rating,
        "rules": list(mark.rules),
        "values": values,
    }


def marked(
    settings: RunSettings | SlopeSettings,
    reference: LanguageModel,
    prompts: Sequence[str],
    reader: Reader,
    guideline: Guideline,
    sink: Sink,
) -> tuple[list[Lesson], list[Lesson], float]:
    """The base model answers, and the raters mark the answers.

    Returns the lessons to learn from, those that are held out, and how the raters' marks correlate with the judge's.

    Raises:
        ValueError: nothing is left to learn from.
    """
    raters = random.Random(f"raters before {settings.seed}")
    lessons: list[Lesson] = []
    second: list[float] = []
    at_once = 64 if reference.device.type == "cpu" else 128  # a GPU waits for the next token, however many there are
    for start in range(0, len(prompts), at_once):
        part = prompts[start : start + at_once]
        asked = reference.ids(part)
        seeds = [10_000_000 + 100_000 * settings.seed + start + i for i in range(len(part))]
        written = reference.write(asked, seeds, settings.tokens, settings.temperature)
        texts = [reference.text(ids) for ids in written]
        for i, coherence in enumerate(reader(part, texts)):
            mark = rate(guideline, texts[i], coherence=coherence, dice=raters)
            sink("labels.jsonl.gz", label_row(0, "coach", part[i], texts[i], mark, None))
            second.append(judge(texts[i]))
            lessons.append(Lesson(ids=asked[i] + written[i], rating=mark.rating))
    held, learned = lessons[-HELD_OUT:], lessons[:-HELD_OUT]
    if not learned:
        raise ValueError(f"{len(lessons)} labels are too few: {HELD_OUT} are held out")
    return learned, held, correlation(second, [lesson.rating for lesson in lessons])


def study(
    settings: RunSettings,
    coach: ValuesCoach,
    reference: LanguageModel,
    prompts: Sequence[str],
    reader: Reader,
    guideline: Guideline,
    sink: Sink,
    on_look: Callable[[int], None],
) -> dict[str, float]:
    """The Values Coach's first course: the raters mark the base model's answers, and the coach learns to guess.

    Returns the course's facts: `held_out_r` (correlation of guess and mark on answers it never learned from),
    `coach_labels`, and `judge_r` (correlation of the raters' marks and the judge's).
    """
    learned, held, judge_r = marked(settings, reference, prompts, reader, guideline, sink)
    facts: dict[str, float] = {"judge_r": judge_r}

    def look(step: int, loss: float | None) -> None:
        guesses = [g for i in range(0, len(held), 64) for g in coach.predictions([x.ids for x in held[i : i + 64]])]
        truth = [lesson.rating for lesson in held]
        r = correlation(guesses, truth)
        points = [list(pair) for pair in zip(truth, guesses, strict=True)][:60]
        sink("coach.jsonl.gz", {"fit_step": step, "loss": loss, "held_out_r": r, "points": points})
        facts.update(held_out_r=r, coach_labels=len(learned))
        on_look(step)

    look(0, None)
    coach.study(learned, settings.lessons, max(1, settings.lessons // 10), look)
    coach.normalise([lesson.ids for lesson in learned + held])
    return facts
