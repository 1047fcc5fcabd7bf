"""Shaken: records whose measured numbers are all less than they were, to find numbers that no record said.

A number on the screen that stays when every recorded value is another did not come from a record: somebody wrote it
into the scene. That is asked of numbers with a decimal point or a per cent. Whole numbers are left alone: steps, ids
and counts, by which scenes look things up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from rushes.layout import Problem, Text
from rushes.measured import Measured
from rushes.record import Record
from rushes.records import Records

__all__ = ["SHAKES", "Drawn", "Shaken", "numbers", "unrecorded"]

SHAKES = (0.93, 0.5, 0.1)  # the last for what is near to nothing
PLAIN = {0.0, 100.0}  # nothing and everything
MEASURED = ("rating", "mark")  # whole numbers that somebody gave
NUMBER = re.compile(r"(?<![<\w.,])[-−+]?\d+(?:,\d{3})*(?:\.\d+(?![\w.])|(?=\s?%))")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number on the screen: as it is written, and the words around it with a blank in its place."""

    written: str
    around: str
    second: float

    @property
    def value(self) -> float:
        return float(self.written.replace(",", "").replace("−", "-"))


def numbers(found: Iterable[Text], second: float) -> Iterator[Drawn]:
    """The numbers in some lines of text."""
    for text in found:
        for match in NUMBER.finditer(text.string):
            around = f"{text.string[: match.start()]}\0{text.string[match.end() :]}"
            yield Drawn(match[0], NUMBER.sub("…", around), second)


class Shaken(Records):
    """The same records, with every measured number times `factor`; `words` are the texts that were read from them."""

    factor: float
    words: set[str]

    def __init__(self, records: Records, factor: float) -> None:
        super().__init__(records.roots, records.size)
        object.__setattr__(self, "factor", factor)
        object.__setattr__(self, "words", set())

    def get(self, name: str) -> Record:
        return cast(Record, _ShakenRecord(super().get(name), self.factor, self.words))


class _ShakenRecord:
    """Stands where a record does."""

    def __init__(self, record: Record, factor: float, words: set[str]) -> None:
        self._record, self._factor, self._words = record, factor, words
        self._told: dict[object, Any] = {}

    def __getattr__(self, ask: str) -> Any:
        value = getattr(self._record, ask)
        if not callable(value):
            return self._answer(ask, lambda: value)
        return lambda *args, **named: self._answer((ask, args, tuple(named.items())), lambda: value(*args, **named))

    def _answer(self, key: object, asked: Callable[[], Any]) -> Any:
        if key not in self._told:
            self._told[key] = self._shake(asked())
        return self._told[key]

    def _shake(self, value: Any, key: object = "") -> Any:
        match value:
            case float():
                return value * self._factor
            case int() if key in MEASURED:
                return value * self._factor
            case str():
                self._words.add(value)
            case Measured():
                return replace(value, value=value.value * self._factor)
            case Mapping():
                return {name: self._shake(one, name) for name, one in value.items()}
            case list() | tuple():
                return type(value)(self._shake(one, key) for one in value)
        return value


def unrecorded(
    real: Collection[Drawn], given: Iterable[str], runs: Iterable[tuple[Collection[Drawn], set[str]]]
) -> list[Problem]:
    """Numbers that no record said, of those `real`ly drawn.

    `given` is what else the scene was told: its arguments and settings. `runs` are what is drawn from shaken records,
    with the texts that were read; they are asked for one more only while there is a number to explain.
    """
    known = PLAIN | {abs(n) for text in given for n in _values(text)}
    left = [one for one in real if abs(one.value) not in known and not _tick(one, real)]
    shaken = False
    for seen, words in runs if left else ():
        shaken, stayed = True, set(seen)
        left = [one for one in left if one in stayed and not any(one.written in text for text in words)]
        if not left:
            break
    found: dict[str, Problem] = {}
    for one in left if shaken else ():  # a scene that cannot do with other values cannot be asked
        text = one.around.replace("\0", one.written)
        found.setdefault(text, Problem(one.second, f"'{text}' is drawn, and no record said {one.written}"))
    return list(found.values())


def _values(text: str) -> Iterator[float]:
    """The numbers in an argument, and what each is in per cent."""
    for match in re.finditer(r"\d+(?:\.\d+)?", text):
        yield from (float(match[0]), float(match[0]) * 100)


def _tick(one: Drawn, real: Collection[Drawn]) -> bool:
    """Whether it is on a scale: three or more numbers seen at once and alike, each as far from the next."""
    scale = {other.value for other in real if (other.second, other.around) == (one.second, one.around)}
    steps = {abs(other - one.value) for other in scale} - {0.0}
    near = [{round(one.value + k * step, 6) for k in ks} for step in steps for ks in ((1, 2), (-1, 1), (-2, -1))]
    return any(both <= {round(value, 6) for value in scale} for both in near)
