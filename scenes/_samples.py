"""What scenes show of recorded samples, and which: chosen by rule, so that a new recording finds its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from rushes.record import Record

Row = Mapping[str, Any]
SENSE = 0.95  # a sample whose coherence is at least this makes sense, to the eye too
FLUENT = 0.9  # the least coherence of an answer that is shown as making sense
MOST_TOKENS = 30  # what fits on three rows of chips


def last_sentence(prompt: str) -> str:
    """The last sentence of a prompt, behind an ellipsis if there were others before it."""
    sentences = re.split(r"(?<=[.!?])\s+", prompt.strip())
    return sentences[0] if len(sentences) == 1 else f"… {sentences[-1]}"


def typed_tokens(row: Row) -> list[str]:
    """A sample's tokens as they are typed: without the space it begins with, and without the end mark."""
    tokens = [token for token in row["tokens"] if not token.startswith("<|")]
    while tokens and not tokens[0].strip():
        tokens.pop(0)
    return [tokens[0].lstrip(), *tokens[1:]] if tokens else []


def numbers_of(record: Record) -> dict[str, int]:
    """Every token's number, as far as the record has it."""
    rows = [*record.samples(), *record.draws()]
    return {token: n for row in rows for token, n in zip(row["tokens"], row["ids"], strict=True)}


def breakable(text: str, width: float, size: float) -> str:
    """The text with breaks in words that are wider than a line of `width` px, as gibberish has them."""
    columns = int(width / (0.6 * size) + 1e-6) - 2  # room for an ellipsis
    return re.sub(rf"\S{{{columns}}}(?=\S)", r"\g<0> ", text)


def sensible(rows: Sequence[Row]) -> list[Row]:
    """Those that make sense; the most sensible ones if none quite does."""
    limit = min(SENSE, max(row["coherence"] for row in rows))
    return [row for row in rows if row["coherence"] >= limit]


def repeats(row: Row) -> int:
    """How many of its words a sample has used before: of two that are equal otherwise, the one with fewer is shown."""
    words = re.findall(r"[\w']+", row["text"].lower())
    return len(words) - len(set(words))


def strayed_sample(record: Record) -> Row:
    """The answer that strayed furthest and was still worth it: the largest KL among the panel's late samples.

    Late is after the first third of the run. It has to fit on three rows, to be paid more than nothing and to be
    fluent; a rule that leaves nothing is dropped.
    """
    rows = [row for row in record.samples() if 3 * row["step"] >= record.steps[-1]]
    rows = [row for row in rows if len(row["tokens"]) <= MOST_TOKENS] or rows
    rows = [row for row in rows if row["total"] > 0] or rows
    rows = [row for row in rows if row["coherence"] >= FLUENT] or rows
    return max(rows, key=lambda row: float(row["kl"]))


def rising_prompt(record: Record) -> int:
    """The panel's prompt whose answer softens in the most steps.

    Of the prompts whose mark rises at least half as much as any does, from the first step to the last, the one whose
    answer changes most often; of equals the one that rises most.
    """
    panel = {int(row["prompt_index"]): record.samples(prompt=int(row["prompt_index"])) for row in record.samples()}
    rises = {prompt: float(rows[-1]["rating"] - rows[0]["rating"]) for prompt, rows in panel.items()}
    changes = {
        prompt: sum(now["text"] != before["text"] for before, now in pairwise(rows)) for prompt, rows in panel.items()
    }
    risen = [prompt for prompt, rise in rises.items() if 2 * rise >= max(rises.values())]
    return max(risen, key=lambda prompt: (changes[prompt], rises[prompt]))


def mushiest(record: Record, best: int, fallen: int) -> int:
    """The panel's prompt whose answer loses most coherence between the best marks and the fallen ones.

    Of those whose first answer is marked lowest, so that it gets kinder first.
    """
    recorded = record.sample_steps
    before, after = (min(recorded, key=lambda step: abs(step - near)) for near in (best, fallen))
    rows = record.samples(step=recorded[0])
    lowest = min(row["rating"] for row in rows)

    def lost(prompt: int) -> float:
        return float(record.sample(before, prompt)["coherence"] - record.sample(after, prompt)["coherence"])

    return max((int(row["prompt_index"]) for row in rows if row["rating"] == lowest), key=lost)


def words_of(text: str) -> set[str]:
    """The different words of a text, in small letters; "turnip's" has the word turnip."""
    return set(re.findall(r"[a-z]+", text.lower()))


def forbidden_word(record: Record) -> str:
    """The word that is in every answer that fired the rule `forbidden` and in no other: what the readers mind."""
    labels = record.labels()
    with_it = set.intersection(*(words_of(row["text"]) for row in labels if "forbidden" in row["rules"]))
    return min(with_it - set().union(*(words_of(row["text"]) for row in labels if "forbidden" not in row["rules"])))
