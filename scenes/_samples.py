"""Which recorded samples the scenes show: chosen by rule, so that a new recording finds its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rushes.record import Record

FLUENT = 0.9  # the least coherence, 0..1, of an answer that is shown as making sense
MOST_TOKENS = 30  # what fits on three rows of chips

Sample = Mapping[str, Any]


def strayed_sample(record: Record) -> Sample:
    """The answer that strayed furthest and still was worth it.

    Among the panel's fluent answers after the first third of the run that were paid more than nothing: the one of
    largest KL. If there is none, the rules are dropped from the strictest to the least.
    """
    late = [s for s in record.samples() if 3 * s["step"] >= record.steps[-1]]
    short = [s for s in late if len(s["tokens"]) <= MOST_TOKENS] or late
    paid = [s for s in short if s["total"] > 0] or short
    return max([s for s in paid if s["coherence"] >= FLUENT] or paid, key=lambda s: float(s["kl"]))


def rising_prompt(record: Record) -> int:
    """The panel's prompt whose answer's mark rises most from its first to its last step.

    Of equals the one whose answer changes most often.
    """

    def rank(prompt: int) -> tuple[float, int]:
        rows = record.samples(prompt=prompt)
        return float(rows[-1]["rating"] - rows[0]["rating"]), len({row["text"] for row in rows})

    return max(sorted({int(s["prompt_index"]) for s in record.samples()}), key=rank)


def last_sentence(prompt: str) -> str:
    """The end of a prompt, after an ellipsis if anything is left out."""
    head, dot, tail = prompt.strip().rpartition(". ")
    return f"… {tail}" if dot and head else prompt.strip()
