"""References: `[ref]: address`, a line somewhere in a note that says where its links `[words][ref]` lead to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["is_definition", "label", "references"]

DEFINITION = re.compile(
    r"\[(?P<label>(?!\^)[^\[\]]{1,200})\]:[ \t]+<?(?P<target>[^\s<>]+)>?"
    r"(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
LEAD = re.compile(r"[ \t]*(?:[-*+][ \t]+)?")
FILE = re.compile(r"\.\w{2,5}$")
USED = re.compile(r"\[([^\[\]]{1,200})\](?![:(])")


def label(written: str) -> str:
    """How a reference is looked for: case and the width of spaces do not count."""
    return " ".join(written.split()).casefold()


def references(rows: Sequence[str]) -> Mapping[str, str]:
    """Label -> target of what some rows define and use; of two definitions the first. What is not used is text."""
    found: dict[str, str] = {}
    for row in rows:
        if "]:" in row and (lead := LEAD.match(row)) and (definition := _definition(row, lead.end())):
            found.setdefault(*definition)
    if not found:
        return {}
    used = {label(name) for row in rows if "]" in row for name in USED.findall(row)}
    return {name: target for name, target in found.items() if name in used}


def is_definition(row: str, start: int, known: Mapping[str, str]) -> bool:
    """Whether one of the `known` references is defined at a place of a row."""
    if not known or row[start] != "[":
        return False
    found = _definition(row, start)
    return found is not None and found[0] in known


def _definition(row: str, start: int) -> tuple[str, str] | None:
    """A label and its target. What leads nowhere is none: `[Host]: Hello` is a line of somebody's dialogue."""
    found = DEFINITION.match(row, start)
    if found is None:
        return None
    target = found["target"]
    leads = "://" in target or target.startswith(("/", "./", "../", "#", "mailto:"))
    return (label(found["label"]), target) if leads or FILE.search(target.partition("#")[0]) else None
