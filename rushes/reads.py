"""Reads: what a scene took from the records while it ran, so that only a change in that draws it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rushes.cache import digest
from rushes.measured import Measured
from rushes.opened import unheard
from rushes.record import Record, RecordError
from rushes.records import Records

__all__ = ["Read", "Watched", "still_so"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Read:
    """One question that a scene asked a record, and the answer's digest."""

    run: str
    ask: str
    """An attribute or a method of `Record`."""
    args: str
    """What the method was given, as JSON: `[args, keyword arguments]`; empty for an attribute."""
    answer: str

    @property
    def what(self) -> str:
        """What was read, in the words of the record's files."""
        args, _ = json.loads(self.args or "[[], {}]")
        return str(args[0]) if self.ask in ("column", "at") and args else self.ask

    @property
    def steps(self) -> str:
        """Which of its steps; empty for all."""
        args, named = json.loads(self.args or "[[], {}]")
        if self.ask == "at":
            return str(args[1] if len(args) > 1 else named["step"])
        if self.ask == "sample":
            return str(args[0] if args else named["step"])
        return str(named.get("step", "") if self.ask == "samples" else "")


class Watched:
    """Stands where a record does, answers as it does, and remembers what was asked.

    Whatever a record can be asked is watched, also what is added to `Record` later.
    """

    def __init__(self, record: Record, name: str) -> None:
        self._record, self._name = record, name
        self._seen: dict[Hashable, Read] = {}

    @property
    def reads(self) -> frozenset[Read]:
        """Everything that was asked so far."""
        return frozenset(self._seen.values())

    def __getattr__(self, ask: str) -> Any:
        with unheard():
            value = getattr(self._record, ask)
        if not callable(value):
            # who has the folder can read anything in it
            self._note(ask, "", lambda: self._record.digest if ask == "folder" else value, ask)
            return value

        def call(*args: Any, **named: Any) -> Any:
            key = (ask, args, tuple(named.items()))
            with unheard():
                if key not in self._seen:
                    written = json.dumps([args, named], default=_item)
                    self._note(ask, written, lambda: value(*args, **named), key)
                return value(*args, **named)

        return call

    def _note(self, ask: str, args: str, answer: Callable[[], Any], key: Hashable) -> None:
        if key not in self._seen:
            self._seen[key] = Read(run=self._name, ask=ask, args=args, answer=_digest(answer))


def still_so(reads: Iterable[Read], records: Records) -> bool:
    """Whether the records, as they are now, would give a scene every answer that it was given."""
    return all(_digest(partial(_asked, records, read)) == read.answer for read in reads)


def _asked(records: Records, read: Read) -> Any:
    record = records.get(read.run)
    if read.ask == "folder":
        return record.digest
    value = getattr(record, read.ask)
    if not read.args:
        return value
    args, named = json.loads(read.args)
    return value(*args, **named)


def _digest(answer: Callable[[], Any]) -> str:
    """Of an answer, or of the error that was one."""
    try:
        return digest({"answer": _plain(answer())})
    except RecordError as error:
        return digest({"error": str(error)})


def _plain(answer: Any) -> Any:
    if isinstance(answer, Measured):
        return replace(answer, record="")  # the digest of the whole record is there to be reported, not to be drawn
    return dict(answer) if isinstance(answer, Mapping) else answer


def _item(number: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return number.item()
