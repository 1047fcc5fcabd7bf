"""What the scenes of the look inside share: which place of an answer they show, and the sentence around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rushes.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of a recorded answer: the prompt, the answer up to there, what was said, what every layer would say."""

    prompt: str
    before: str
    said: str
    layers: Sequence[Sequence[tuple[str, float]]]
    read: Sequence[str]
    """The last tokens before it."""


def turning_place(record: Record) -> Place:
    """Where the lower layers are wrong and the last one is surest: a word that at least half of the floors do not
    guess first, and of those the one that the last layer thinks likeliest. A rule that leaves nothing is dropped."""
    found = [(row, i) for row in record.lens() for i in range(len(row["places"]))]
    words = [(row, i) for row, i in found if i >= 2 and row["places"][i]["chosen"].strip().isalpha()] or found
    turned = [(row, i) for row, i in words if 2 * wrong(row["places"][i]) >= len(row["places"][i]["layers"])] or words
    row, i = max(turned, key=lambda at: float(at[0]["places"][at[1]]["taken"][-1]))
    told = [place["chosen"] for place in row["places"]]
    return Place(
        prompt=row["prompt"],
        before="".join(told[:i]).strip(),
        said=told[i],
        layers=[[(str(token), float(p)) for token, p in layer] for layer in row["places"][i]["layers"]],
        read=told[max(i - 3, 0) : i],
    )


def wrong(place: Any) -> int:
    """How many layers would first say something else than what was said."""
    return sum(layer[0][0] != place["chosen"] for layer in place["layers"])


def spread(count: int, most: int) -> list[int]:
    """At most so many of 0 to `count` - 1, evenly, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [round(i * (count - 1) / (most - 1)) for i in range(most)]


def tail(text: str, columns: int) -> str:
    """The end of a text that fits in so many columns, behind an ellipsis if something was left out."""
    if len(text) <= columns:
        return text
    words = text.split()
    while len(words) > 1 and len(" ".join(words)) + 2 > columns:
        words.pop(0)
    return "… " + " ".join(words)
