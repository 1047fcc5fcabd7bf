"""Notes as years of editing leave them: the notes of tests/notes, re-indented, cut, mixed up and damaged.

`RUSHES_EXAMPLES=10000 pytest tests/test_note.py tests/test_accounting.py -k mutated` tries that many; without it, a
few hundred.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

NOTES = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "notes").glob("*.md"))]
EXAMPLES = int(os.environ.get("RUSHES_EXAMPLES", "300"))
MARKS = [
    "%%",
    "<!--",
    "-->",
    "```",
    "~~~",
    "$$",
    "-",
    "*",
    "1.",
    ">",
    "|",
    "---",
    "#",
    "::",
    "[[",
    "]]",
    "((",
    "))",
    "{{",
    "}}",
    "==",
    "^^",
    "![",
    "](",
    "#+BEGIN_QUOTE",
    "#+END_QUOTE",
]
MARKS += ["#+BEGIN_SRC", ":LOGBOOK:", ":END:", "TODO ", "[ ] ", "\\", "`", "- ", "> ", "# "]
mutated = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _reindent(text: str, rng: random.Random) -> str:
    unit = rng.choice(["\t", "  ", "    ", " ", " \t"])
    return "\n".join(
        unit * rng.randrange(4) + line.lstrip() if rng.random() < 0.5 else line for line in text.split("\n")
    )


def _cut(text: str, rng: random.Random) -> str:
    first, last = sorted(rng.randrange(len(text) + 1) for _ in range(2))
    return rng.choice([text[first:last], text[:first] + text[last:]])


def _tabs_and_spaces(text: str, rng: random.Random) -> str:
    return "".join("    " if char == "\t" and rng.random() < 0.5 else char for char in text)


def _line_ends(text: str, rng: random.Random) -> str:
    ends = rng.choice([["\r\n"], ["\r"], ["\n", "\r\n", "\r"], ["\u2028"], ["\n\n"], ["\v", "\f", "\x85", "\n"]])
    return "".join(rng.choice(ends) if char == "\n" else char for char in text)


def _marks(text: str, rng: random.Random) -> str:
    for _ in range(rng.randrange(1, 8)):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice(MARKS) + text[place:]
    return text


def _odd(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) + 1)
    return (
        text[:place] + rng.choice(["\0", "\ufeff", "\u200b", "\ue000\ue002", "\x1b[2J", "\u202e", "😀"]) + text[place:]
    )


def _huge_line(text: str, rng: random.Random) -> str:
    unit = rng.choice(
        ["a", "word ", "- ", "[", "[[", "{", "=", "==a", "#", "> ", "|", "%%", "\t", "*", "(", "😀", *MARKS]
    )
    size = rng.choice([20_000, 20_000, 20_000, 1_000_000])
    return text + "\n" + rng.choice(["", "- ", "> ", "\t- "]) + (unit * (size // len(unit))) + "\nthe end\n"


def _deep(text: str, rng: random.Random) -> str:
    unit = rng.choice(["\t", "  ", " "])
    return text + "\n" + "\n".join(f"{unit * depth}- level {depth}" for depth in range(rng.choice([30, 500])))


def _shuffle(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    rng.shuffle(lines)
    return "\n".join(lines)


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    _reindent,
    _reindent,
    _cut,
    _cut,
    _tabs_and_spaces,
    _line_ends,
    _marks,
    _marks,
    _odd,
    _shuffle,
    _huge_line,
    _deep,
)


@st.composite
def mutated_notes(draw: st.DrawFn, notes: Sequence[str] = NOTES) -> bytes:
    """The bytes of a note; not always UTF-8, and sometimes none."""
    rng = draw(st.randoms(use_true_random=False))
    text = draw(st.sampled_from(notes)) if rng.random() < 0.97 else ""
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), max_size=4)):
        text = mutate(text, rng)
    raw = text.encode(rng.choice(["utf-8"] * 8 + ["utf-8-sig", "cp1252", "utf-16", "utf-16-le"]), "replace")
    for _ in range(rng.choice([0, 0, 0, 0, 1, 5])):
        place = rng.randrange(len(raw) + 1)
        raw = raw[:place] + bytes([rng.randrange(256)]) + raw[place:]
    return raw
