"""Which recorded samples the middle of the film shows: chosen by rule, so that a new recording finds its own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from rushes.record import Record

FLUENT = 0.9  # the least coherence, 0..1, of an answer that is shown as making sense
MOST_TOKENS = 30  # what fits on three rows of chips

Sample = Mapping[str, Any]


def strayed_sample(record: Record) -> Sample:
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
