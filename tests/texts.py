"""What is written in a shot at its cues, as lines that can be reviewed: each text, where it is, and in which stills.

A picture's golden passes a digit that became another one in a small number; these do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from rushes.layout import Text

AWAY = 3  # px of 1080 that a text may be off: what another machine's arithmetic could round differently, and no more
LINE = re.compile(r"(?P<stills>[x.]+) +(?P<x>-?\d+) +(?P<y>-?\d+) +(?P<size>\d+)  (?P<string>.*)")


class Written(NamedTuple):
    """A text in a still: left and upper edge of its ink, and its size, px."""

    string: str
    x: int
    y: int
    size: int

    def near(self, other: Written) -> bool:
        """Whether they are the same to someone who looks."""
        return self.string == other.string and max(abs(a - b) for a, b in zip(self[1:], other[1:], strict=True)) <= AWAY

    def __str__(self) -> str:
        return f"{self.x:5} {self.y:5} {self.size:4}  {self.string}"


Stills = list[list[Written]]


def seen(texts: Sequence[Text]) -> list[Written]:
    """What is in a still, in the order that it is drawn in."""
    boxes = [(text, text.box) for text in texts if text.on_stage]
    return [Written(text.string.strip(), round(box[0]), round(box[1]), round(text.size)) for text, box in boxes]


def lines(names: Sequence[str], stills: Stills) -> str:
    """The names of the stills, and a line a text, with an x for every still that has it there."""
    rows: dict[tuple[Written, int], list[int]] = defaultdict(list)  # and the how manieth of its like
    for i, still in enumerate(stills):
        for k, one in enumerate(still):
            rows[one, still[:k].count(one)].append(i)
    told = [
        f"{''.join('x' if i in there else '.' for i in range(len(stills)))} {one}" for (one, _), there in rows.items()
    ]
    return "\n".join([f"stills: {', '.join(names)}", *told, ""])


def parsed(text: str) -> Stills:
    """The stills that lines tell of."""
    names, *told = text.splitlines()
    stills: Stills = [[] for _ in names.split(",")]
    for line in told:
        row = LINE.fullmatch(line)
        assert row, f"what is this: {line}"
        one = Written(row["string"], int(row["x"]), int(row["y"]), int(row["size"]))
        for still, mark in zip(stills, row["stills"], strict=True):
            still += [one] if mark == "x" else []
    return stills


def difference(was: str, now: str) -> str:
    """What another one would be told of two shots' texts; empty if they say the same in the same places."""
    (stills_then, *_), (stills_now, *_) = was.splitlines(), now.splitlines()
    if stills_then != stills_now:
        return f"{stills_then} became {stills_now}"
    told = []
    for number, (before, after) in enumerate(zip(parsed(was), parsed(now), strict=True), 1):
        left = list(after)
        for one in before:
            if same := next((other for other in left if one.near(other)), None):
                left.remove(same)
            else:
                told.append(f"still {number}: -{one}")
        told += [f"still {number}: +{one}" for one in left]
    return "\n".join(told)
