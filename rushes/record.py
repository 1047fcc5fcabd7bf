"""Record: what a training run left behind, for scripts and scenes.

Read without torch, from `runs/records/<name>/`. The formats are described in design notes of the
repository (`notes/runs.md`); every file is checked against the hash that `run.json` keeps of it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rushes.cache import digest
from rushes.errors import RushesError, did_you_mean
from rushes.measured import LAST, STATS, STEP, Measured, Reference

__all__ = ["FORMAT", "Record", "RecordError", "read_record", "unpacked"]

FORMAT = 1


class RecordError(RushesError):
    """A record is missing, damaged, too new, or older than its recipe. `suggestion` says what to do."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        self.message, self.suggestion = message, suggestion
        super().__init__(message + (f"\n  {suggestion}" if suggestion else ""))


def unpacked(text: str) -> bytes:
    """The bytes of a picture in `pictures.jsonl.gz`: 64 rows of 64 pixels, of 3 bytes (RGB) or, of a map, 1."""
    return zlib.decompress(base64.b64decode(text))


@dataclass(frozen=True)
class Record:
    """A recorded run. Steps count optimiser steps from 1; ratings are those of simulated raters, 1 to 9."""

    folder: Path
    info: Mapping[str, Any]
    """`run.json`."""

    @property
    def name(self) -> str:
        return str(self.info["name"])

    @property
    def size(self) -> str:
        """ "tiny" or "gpu"."""
        return str(self.info["size"])

    @property
    def seed(self) -> int:
        return int(self.info["seed"])

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds it was run with: its own, or those that a sweep varies."""
        return tuple(sorted(self.info["recipe"].get("vary", {}).get("seed", [self.seed])))

    @property
    def facts(self) -> Mapping[str, float]:
        """Numbers about the run as a whole, such as its parameters."""
        facts: Mapping[str, float] = self.info.get("facts", {})
        return facts

    def setting(self, name: str) -> Any:
        """A setting of the recipe that was run, such as its `beta`."""
        settings: Mapping[str, Any] = self.info["recipe"]
        if name not in settings:
            raise RecordError(f"the recipe of '{self.name}' has no '{name}'", did_you_mean(name, list(settings)))
        return settings[name]

    @property
    def guideline(self) -> Path:
        """The page of rules that the run's raters went by, as the recipe names it; it need not be there any more."""
        return self.folder.parent.parent.parent / str(self.setting("guideline"))

    @property
    def source(self) -> str:
        """The Megacoach's source text, as it ran."""
        return str(self.info["megacoach"]["source"])

    @property
    def diff(self) -> str:
        """How that source differs from the healthy one, as a unified diff; empty if it does not."""
        return str(self.info["megacoach"]["diff"])

    @cached_property
    def digest(self) -> str:
        """Hash of everything a film may show of it: not of when or how fast it was recorded."""
        shown = ("name", "size", "seed", "recipe_hash", "megacoach", "facts", "files")
        return digest({key: self.info.get(key) for key in shown})

    # ------------------------------------------------------------------ metrics
    @cached_property
    def metrics(self) -> tuple[Mapping[str, float], ...]:
        """The rows of `metrics.jsonl`, one a step."""
        lines = (self.folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        return tuple(json.loads(line, parse_constant=_not_finite) for line in lines if line)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.metrics[0]) if self.metrics else ()

    @property
    def steps(self) -> tuple[int, ...]:
        """The recorded steps, ascending."""
        return tuple(int(row["step"]) for row in self.metrics)

    def column(self, name: str) -> tuple[float, ...]:
        """One value a recorded step, beside `steps`.

        Raises:
            RecordError: there is no such column.
        """
        if name not in self.columns:
            raise RecordError(f"the record of '{self.name}' has no column '{name}'", did_you_mean(name, self.columns))
        return tuple(float(row[name]) for row in self.metrics)

    def at(self, column: str, step: int) -> float:
        """The value of a column at one recorded step."""
        values = self.column(column)
        if step not in self.steps:
            raise RecordError(
                f"the record of '{self.name}' has no step {step}", f"its steps are {self.steps[0]} to {self.steps[-1]}"
            )
        return values[self.steps.index(step)]

    def measure(self, column: str, stat: str) -> Measured:
        """A number that a script may name: a statistic of a column, one step of it, or a fact of the run.

        `stat` is first, last (mean of the last five steps), min, max, mean or step<N>; for the column
        `facts` it is the fact's name.
        """
        reference = Reference(self.name, column, stat)
        if column == "facts":
            if stat not in self.facts:
                raise RecordError(
                    f"the record of '{self.name}' has no fact '{stat}'", did_you_mean(stat, list(self.facts))
                )
            return Measured(reference=reference, value=self.facts[stat], steps=(), record=self.digest)
        if match := STEP.fullmatch(stat):
            step = int(match[1])
            return Measured(reference=reference, value=self.at(column, step), steps=(step,), record=self.digest)
        values = self.column(column)
        if stat not in STATS:
            raise RecordError(f"there is no statistic '{stat}'", did_you_mean(stat, [*STATS, "step10"]))
        steps = {"first": self.steps[:1], "last": self.steps[-LAST:]}.get(stat, self.steps)
        return Measured(reference=reference, value=STATS[stat](values), steps=tuple(steps), record=self.digest)

    # ------------------------------------------------------------------ rows
    def samples(self, *, step: int | None = None, prompt: int | None = None) -> tuple[Mapping[str, Any], ...]:
        """Samples of the fixed prompts (`samples.jsonl.gz`), in the order of steps."""
        return tuple(
            row
            for row in self._rows("samples")
            if (step is None or row["step"] == step) and (prompt is None or row["prompt_index"] == prompt)
        )

    def sample(self, step: int, prompt: int) -> Mapping[str, Any]:
        """The sample of one fixed prompt at one recorded step."""
        rows = self.samples(step=step, prompt=prompt)
        if not rows:
            steps = sorted({row["step"] for row in self._rows("samples")})
            raise RecordError(
                f"the record of '{self.name}' has no sample of prompt {prompt} at step {step}",
                f"its steps are {', '.join(map(str, steps))}",
            )
        return rows[0]

    @property
    def sample_steps(self) -> tuple[int, ...]:
        return tuple(sorted({int(row["step"]) for row in self._rows("samples")}))

    def labels(self) -> tuple[Mapping[str, Any], ...]:
        """Every rating a simulated rater gave, with the guideline's rules that fired."""
        return tuple(self._rows("labels"))

    def points(self) -> tuple[Mapping[str, Any], ...]:
        """Where every variant of a sweep ended."""
        return tuple(self._rows("points"))

    def bands(self) -> tuple[Mapping[str, Any], ...]:
        """Means over the seeds of a sweep with their 95% confidence intervals, a row a step and group."""
        return tuple(self._rows("bands"))

    def lens(self) -> tuple[Mapping[str, Any], ...]:
        """What every layer would say next, along a few answers."""
        return tuple(self._rows("lens"))

    def probe(self) -> tuple[Mapping[str, Any], ...]:
        """What every layer knows of rudeness, from the embedding on."""
        return tuple(self._rows("probe"))

    def steered(self) -> tuple[Mapping[str, Any], ...]:
        """Answers that were written with the direction of rudeness added or removed."""
        return tuple(self._rows("steered"))

    def curve(self) -> tuple[Mapping[str, Any], ...]:
        """The loss as one weight alone is turned, in the order of the weight's values."""
        return tuple(self._rows("curve"))

    def descent(self) -> tuple[Mapping[str, Any], ...]:
        """Steps of gradient descent in that one weight, with the slope at each."""
        return tuple(self._rows("descent"))

    def surface(self) -> tuple[Mapping[str, Any], ...]:
        """The loss on a plane among all weights, a row of the grid each."""
        return tuple(self._rows("surface"))

    def path(self) -> tuple[Mapping[str, Any], ...]:
        """Where the training went, as seen on that plane, a step each."""
        return tuple(self._rows("path"))

    def tokens(self) -> tuple[Mapping[str, Any], ...]:
        """Next-token candidates along a few continuations."""
        return tuple(self._rows("tokens"))

    def draws(self) -> tuple[Mapping[str, Any], ...]:
        """Many samples of one prompt: what the base model may say to it."""
        return tuple(self._rows("draws"))

    def pictures(self) -> tuple[Mapping[str, Any], ...]:
        """Held-out pictures of a classifier with what it said of them; synthetic. `unpacked` reads their bytes."""
        return tuple(self._rows("pictures"))

    def goals(self) -> tuple[Mapping[str, Any], ...]:
        """Goals that were planned for, in the order they were drawn, and where each one's best plan ends."""
        return tuple(self._rows("goals"))

    def places(self) -> tuple[Mapping[str, Any], ...]:
        """Where an episode may end, the off switch first, with the path there and its share of the goals."""
        return tuple(self._rows("places"))

    def coach(self) -> tuple[Mapping[str, Any], ...]:
        """How the Values Coach learned to predict the ratings."""
        return tuple(self._rows("coach"))

    @cached_property
    def _loaded(self) -> dict[str, list[Mapping[str, Any]]]:
        return {}

    def _rows(self, kind: str) -> list[Mapping[str, Any]]:
        if kind not in self._loaded:
            path = self.folder / f"{kind}.jsonl.gz"
            if not path.is_file():
                raise RecordError(f"the record of '{self.name}' has no {path.name}")
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                self._loaded[kind] = [json.loads(line, parse_constant=_not_finite) for line in lines if line.strip()]
        return self._loaded[kind]


def read_record(folder: Path, again: str = "record it again") -> Record:
    """The record in a folder, checked against its hashes, whether or not it is older than its recipe.

    Raises:
        RecordError: it is damaged or too new; `again` is what is suggested.
    """
    name = folder.name
    try:
        info = json.loads((folder / "run.json").read_text(encoding="utf-8"), parse_constant=_not_finite)
    except ValueError:
        raise RecordError(f"the record of '{name}' is damaged: run.json is cut short", again) from None
    found = info.get("format") if isinstance(info, dict) else None
    if type(found) is not int or found < 1:
        raise RecordError(f"the record of '{name}' says no format that this rushes knows", again)
    if found > FORMAT:
        raise RecordError(
            f"the record of '{name}' has format {found}; this rushes reads up to {FORMAT}", "update rushes"
        )
    for file, told in info["files"].items():
        path = folder / file
        if not path.is_file():
            raise RecordError(f"the record of '{name}' is damaged: {file} is missing", again)
        if path.stat().st_size != told["bytes"]:
            size = path.stat().st_size
            raise RecordError(f"the record of '{name}' is truncated: {file} has {size} of {told['bytes']} bytes", again)
        if hashlib.sha256(path.read_bytes()).hexdigest() != told["sha256"]:
            raise RecordError(f"the record of '{name}' is damaged: {file} is not what was recorded", again)
    record = Record(folder, info)
    if "metrics.jsonl" in info["files"]:
        try:
            _ = record.metrics  # few rows, and the first that a number which is none would be in
        except RecordError as wrong:
            raise RecordError(f"the record of '{name}' is damaged: {wrong.message}", again) from None
    return record


def _not_finite(constant: str) -> float:
    raise RecordError(f"it holds {constant}, which is no number that a film can show", "record it again")
