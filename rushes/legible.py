"""Legible: any text as the film's own fonts can draw it.

They have Latin, Greek, Cyrillic and many signs. Whatever else a note holds is named in brackets instead of being
drawn as empty boxes: an emoji by its name, a run of letters by its script.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rushes import fonts

__all__ = ["Legible", "legible"]

SCRIPTS = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
FLAG = range(0x1F1E6, 0x1F200)  # two of them make a flag


@dataclass(frozen=True, slots=True)
class Legible:
    """`text` as it is drawn, and the pairs (as written, as drawn) of what had to be replaced."""

    text: str
    replaced: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """What stands for a character that cannot be drawn."""

    name: str
    letter: bool
    """Whether its neighbours of the same script share the name."""


@lru_cache(maxsize=4096)
def legible(text: str, font: str = fonts.SANS) -> Legible:
    """Text in composed form, without control characters, and with a name for what `font` cannot draw."""
    parts: list[tuple[str, _Named | None]] = []
    for c in unicodedata.normalize("NFC", text):
        if c in "\n\t" or (_is_seen(c) and _has(c, font)):
            parts.append((c, None))
        elif (plain := unicodedata.normalize("NFKC", c)) != c and all(_has(p, font) for p in plain):
            parts += [(p, None) for p in plain]  # a wide or mathematical letter is still that letter
        elif _is_seen(c) and (named := _name(c)):
            parts.append((c, named))
    out: list[str] = []
    replaced: list[tuple[str, str]] = []
    at = 0
    while at < len(parts):
        c, named = parts[at]
        if named is None:
            out.append(c)
            at += 1
            continue
        end = at + 1
        while named.letter and end < len(parts):
            after = end  # a foreign sentence, with its spaces and stops, is one mark
            while after + 1 < len(parts) and (parts[after][0] == " " or _is_stop(parts[after])):
                after += 1
            other = parts[after][1]
            if other is None or not other.letter:
                break
            if {named.name, other.name} == {"Chinese", "Japanese"}:
                named = _Named("Japanese", True)
            elif other.name != named.name:
                break
            end = after + 1
        mark = f"[{named.name}]"
        out.append(mark)
        replaced.append(("".join(part for part, _ in parts[at:end]), mark))
        at = end
    return Legible("".join(out), tuple(dict.fromkeys(replaced)))


def _is_stop(part: tuple[str, _Named | None]) -> bool:
    return part[1] is not None and unicodedata.category(part[0])[0] == "P"


@lru_cache(maxsize=8192)
def _has(c: str, font: str) -> bool:
    return not fonts.outline(c, font, fonts.BOLD).missing


def _is_seen(c: str) -> bool:
    """Whether a character is more than an instruction to a text engine (joiners, directions, variants)."""
    return unicodedata.category(c) not in ("Cc", "Cf", "Cs") and not 0xFE00 <= ord(c) <= 0xFE0F and ord(c) != 0x20E3


@lru_cache(maxsize=8192)
def _name(c: str) -> _Named | None:
    """None for a character that only changes its neighbour."""
    if ord(c) in FLAG:
        return _Named(chr(ord("A") + ord(c) - FLAG.start), False)
    name, category = unicodedata.name(c, ""), unicodedata.category(c)
    if category == "Sk":  # the colour of an emoji's skin
        return None
    if category[0] in "LMN" and name and not name.startswith("MATHEMATICAL"):
        first = name.split()[0].split("-")[0]
        return _Named(SCRIPTS.get(first, first.capitalize()), True)
    return _Named(name.lower() or f"U+{ord(c):04X}", False)
