"""What a scene asks of a record is remembered, whatever it is; only another answer makes its picture old."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import WriteRecord

from rushes.reads import Watched, still_so
from rushes.record import Record, RecordError
from rushes.records import Records

RATINGS = (5, 6, 7, 8, 8, 8)


def watched(repository: Path) -> tuple[Watched, Any]:
    asked = Watched(Records((repository,)).get("calm"), "calm")
    return asked, asked


def changed(record: WriteRecord, repository: Path, what: str) -> None:
    """Record the run again, with one thing in it that is another."""
    told: dict[str, Any] = {"recipe": {"beta": 0.1}}
    told |= {
        "a fact": {"facts": {"parameters": 1235}},
        "the diff": {"megacoach": {"source": "", "diff": "-    return -cost"}},
        "beta": {"recipe": {"beta": 0.2}},
        "the seed": {"seed": 1},
        "the time": {"seconds": 3.0, "began": "now"},
    }.get(what, {})
    ratings = {"rating": (5, 6, 7, 8, 8, 7.5), "a step": (*RATINGS, 8)}.get(what, RATINGS)
    record(repository, "calm", ratings, **told)


THINGS = ("rating", "a step", "a fact", "the diff", "beta", "the seed", "the time")


@pytest.mark.parametrize(
    ("ask", "matters"),
    [
        (lambda calm: calm.column("rating"), {"rating", "a step"}),
        (lambda calm: calm.column("kl"), {"a step"}),
        (lambda calm: calm.at("rating", 6), {"rating"}),
        (lambda calm: calm.at("rating", step=2), set()),
        (lambda calm: calm.steps, {"a step"}),
        (lambda calm: calm.metrics, {"rating", "a step"}),
        (lambda calm: calm.facts, {"a fact"}),
        (lambda calm: calm.diff, {"the diff"}),
        (lambda calm: calm.source, set()),
        (lambda calm: calm.setting("beta"), {"beta"}),
        (lambda calm: calm.seed, {"the seed"}),
        (lambda calm: calm.sample(1, 0), set()),
        (lambda calm: calm.samples(step=1), set()),
        (lambda calm: calm.measure("facts", "parameters").value, {"a fact"}),
        (lambda calm: calm.measure("rating", "step2").value, set()),
        (lambda calm: calm.folder, {*THINGS} - {"the time", "beta"}),
        (lambda calm: calm.info, {*THINGS}),
    ],
)  # fmt: skip
def test_only_what_was_asked_matters(
    repository: Path, record: WriteRecord, ask: Callable[[Any], object], matters: set[str]
) -> None:
    record(repository, "calm", RATINGS, recipe={"beta": 0.1})
    found = set()
    for thing in THINGS:
        changed(record, repository, "nothing")
        asked, calm = watched(repository)
        ask(calm)
        ask(calm)
        assert len(asked.reads) == 1
        assert still_so(asked.reads, Records((repository,)))
        changed(record, repository, thing)
        if not still_so(asked.reads, Records((repository,))):
            found.add(thing)
    assert found == matters


def test_what_a_record_could_not_answer_is_an_answer(repository: Path, record: WriteRecord) -> None:
    asked, calm = watched(repository)
    with pytest.raises(RecordError, match="has no step 7"):
        calm.at("rating", 7)
    assert still_so(asked.reads, Records((repository,)))
    record(repository, "calm", (*RATINGS, 8))
    assert not still_so(asked.reads, Records((repository,)))


def test_a_watched_record_answers_as_the_record_does(repository: Path) -> None:
    plain = Records((repository,)).get("calm")
    _, calm = watched(repository)
    public = [name for name in dir(Record) if not name.startswith("_") and not callable(getattr(Record, name))]
    assert {"name", "seed", "steps", "metrics", "facts", "sample_steps"} <= {*public}
    for name in public:
        if name == "guideline":  # this run had no readers
            with pytest.raises(RecordError, match="has no 'guideline'"):
                _ = calm.guideline
            continue
        assert getattr(calm, name) == getattr(plain, name)
    assert calm.column("rating") == plain.column("rating")
    assert calm.samples(step=1, prompt=0) == plain.samples(step=1, prompt=0)


def test_reads_say_what_and_which_steps(repository: Path) -> None:
    asked, calm = watched(repository)
    calm.column("rating")
    calm.at("rating", 3)
    calm.samples(step=1)
    calm.sample(1, 0)
    _ = calm.diff
    told = {(read.run, read.what, read.steps) for read in asked.reads}
    assert told == {
        ("calm", "rating", ""), ("calm", "rating", "3"), ("calm", "samples", "1"), ("calm", "sample", "1"),
        ("calm", "diff", ""),
    }  # fmt: skip
