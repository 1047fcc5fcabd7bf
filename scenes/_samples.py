"""What scenes show of recorded samples: the part of a prompt that matters, tokens as typed, whether it makes sense."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
SENSE = 0.95  # a sample whose coherence is at least this makes sense, to the eye too


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


def sensible(rows: Sequence[Row]) -> list[Row]:
    """Those that make sense; the most sensible ones if none quite does."""
    limit = min(SENSE, max(row["coherence"] for row in rows))
    return [row for row in rows if row["coherence"] >= limit]


def repeats(row: Row) -> int:
    """How many of its words a sample has used before: of two that are equal otherwise, the one with fewer is shown."""
    words = re.findall(r"[\w']+", row["text"].lower())
    return len(words) - len(set(words))
