"""Several runs of one recipe that differ in a few settings, recorded together: `trains: sweep`.

Every variant is trained as a run of its own would be. A finished one is kept in `build/sweep/`, named by everything
it was made from, so that a sweep that was stopped goes on with the next variant.

Where the seeds vary, a mean over them comes with its 95% confidence interval (Student's t), and two groups are
compared seed by seed: the same seed has the same prompts, first marks and first Values Coach in both.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from scipy.stats import t as student

from rushes.cache import digest, write_whole
from rushes.errors import RushesError
from rushes.recipe import Recipe
from rushes.rlhf import apprentice
from rushes.rlhf.beside import beside
from rushes.rlhf.checkpoints import Checkpoints
from rushes.rlhf.process import on_one_core, quiet
from rushes.rlhf.rows import Progress, Rows, Sink, rounded
from rushes.rlhf.settings import RunSettings, SweepSettings

__all__ = ["end_state", "facts", "interval", "record"]

LAST = 5
"""An end state is the mean of this many final steps, as everywhere."""
ENDS = ("rating", "kl", "coherence", "coach", "total")
LOW = 3.0
"""A mean rating below this is the incident."""
COURSE = ("seed", "base", "world", "guideline", "tokens", "temperature", "labels", "lessons", "coach_learning_rate")
"""Settings that the Values Coach's first course depends on: variants that have them in common share it."""
CODE = digest({path.name: path for path in sorted(Path(__file__).parent.glob("*.py"))})
"""The code as it was when this process began: a variant that other code trained is trained again."""

Row = Mapping[str, Any]


@dataclass
class _Course(Checkpoints):
    """The only moment that is kept is the one before the first update, in memory: the course is over then."""

    learned: dict[str, Any] | None = None

    def latest(self) -> tuple[int, dict[str, Any] | None]:
        return 0, deepcopy(self.learned)

    def save(self, step: int, state: Mapping[str, Any]) -> None:
        if step == 0:
            self.learned = deepcopy(dict(state))


_COURSES: dict[str, _Course] = {}
"""What this process has learned already: the first courses of the variants that it trained."""


def record(
    recipe: Recipe, settings: SweepSettings, root: Path, device: str, rows: Sink, say: Progress, jobs: int = 1
) -> Row:
    """Train every variant that is not finished yet; the rows of all of them go to `rows`. Returns the facts.

    With more than one of `jobs`, so many processes train a variant each.
    """
    if "seed" in settings.vary and settings.seed != recipe.settings.seed:
        raise RushesError(f"'{recipe.name}' varies its seed: it takes no other")
    variants = settings.variants
    named = [replace(recipe, name=f"{recipe.name}-{i}", settings=one) for i, (_, one) in enumerate(variants)]
    each = settings.lessons + settings.steps + 1
    if jobs > 1:
        _train_beside_one_another(named, root, device, say, each, jobs)
    runs = []
    try:
        for i, (said, one) in enumerate(variants):
            called = ", ".join(f"{key} {value}" for key, value in said.items())

            def tell(done: int, total: int, text: str, before: int = i * each, called: str = called) -> None:
                say(before + done, len(variants) * each, f"{called}: {text}")

            runs.append(_trained(named[i], one, root, device, tell))
    finally:
        _COURSES.clear()  # of this project's weights, and large
    metrics = [run["metrics"] for run in runs]
    for of_step in zip(*metrics, strict=True):
        for i, row in enumerate(of_step):
            rows("metrics.jsonl", {"step": row["step"], "variant": i, **variants[i][0], **row})
    for i, (said, _) in enumerate(variants):
        rows("points.jsonl.gz", {"variant": i, **said, **end_state(metrics[i]), "answers": runs[i]["answers"]})
    if "seed" in settings.vary:
        for said, members in _groups(variants):
            for of_step in zip(*(metrics[i] for i in members), strict=True):
                band: dict[str, Any] = {"step": of_step[0]["step"], **said, "seeds": len(members)}
                for column in ENDS:
                    band |= _spread(column, [row[column] for row in of_step])
                rows("bands.jsonl.gz", band)
    return facts(variants, metrics)


def _train_beside_one_another(
    recipes: Sequence[Recipe], root: Path, device: str, say: Progress, each: int, jobs: int
) -> None:
    """Train what is not finished yet in processes of their own, so that `build/sweep/` has it."""
    todo = {one.name: partial(_alone, one, root, device) for one in recipes if not _kept(one, root, device).exists()}
    if len(todo) < 2:
        return
    finished = len(recipes) - len(todo)
    far = dict.fromkeys(todo, 0)

    def tell(name: str, done: int, total: int, text: str) -> None:
        far[name] = done
        say(finished * each + sum(far.values()), len(recipes) * each, f"{name}: {text}")

    for name, trained in beside(todo, jobs, tell):
        trained.result()
        tell(name, each, each, "trained")


def _alone(recipe: Recipe, root: Path, device: str, say: Progress) -> None:
    """Train one variant; this process is there for nothing else."""
    quiet()
    if device == "cpu":
        on_one_core()
    settings = recipe.settings
    assert isinstance(settings, RunSettings)
    _trained(recipe, settings, root, device, say)


def _kept(recipe: Recipe, root: Path, device: str) -> Path:
    key = digest({"recipe": recipe.hash, "settings": repr(recipe.settings), "device": device, "code": CODE})
    return root / "build" / "sweep" / f"{recipe.name}.{key}.json"


def _trained(recipe: Recipe, settings: RunSettings, root: Path, device: str, say: Progress) -> dict[str, Any]:
    """A variant's metrics, and the panel's answers at its last step; from `build/sweep/` if it is finished."""
    kept = _kept(recipe, root, device)
    if not kept.exists():
        own = Rows()
        work = root / "build" / "trainer" / f"{recipe.name}.{os.getpid()}"
        course = _COURSES.setdefault(digest({name: getattr(settings, name) for name in COURSE}), _Course(work, own, 0))
        course.folder, course.rows = work, own
        try:
            apprentice.record(recipe, settings, root, device, own, say, course)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        samples = own.files.get("samples.jsonl.gz", [])
        answers = [
            {key: row[key] for key in ("prompt_index", "prompt", "text", "rating")}
            for row in samples
            if row["step"] == settings.steps
        ]
        told = rounded({"metrics": own.files["metrics.jsonl"], "answers": answers})
        write_whole(kept, json.dumps(told, ensure_ascii=False))
    # Read back even when it was just made: a sweep that went on is the same as one that was never stopped.
    run: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return run


def end_state(metrics: Sequence[Row]) -> dict[str, Any]:
    """Where a run ended (means of the last five steps), its mean rating, and the first step rated below 3."""
    last = metrics[-LAST:]
    return {
        **{column: fmean(row[column] for row in last) for column in ENDS},
        "rating_of_run": fmean(row["rating"] for row in metrics),
        "labels": last[-1]["labels"],
        "low_step": next((row["step"] for row in metrics if row["rating"] < LOW), None),
    }


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean of at least two values, and the ends of its 95% confidence interval (Student's t)."""
    mean = fmean(values)
    half = float(student.ppf(0.975, len(values) - 1)) * stdev(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def facts(variants: Sequence[tuple[Row, RunSettings]], metrics: Sequence[Sequence[Row]]) -> dict[str, Any]:
    """Single numbers: every group's end state and, of two groups with the same seeds, the first less the second."""
    told: dict[str, Any] = {"variants": len(variants)}
    groups = _groups(variants)
    ends = [end_state(run) for run in metrics]
    for column in ("rating", "rating_of_run", "kl", "coherence"):
        for said, members in groups:
            called = "_".join(f"{key}_{value}".replace(".", "_").replace("-", "minus_") for key, value in said.items())
            told |= _spread(f"{column}_{called}", [ends[i][column] for i in members])
        if len(groups) == 2 and len(groups[0][1]) > 1:
            pairs = zip(groups[0][1], groups[1][1], strict=True)
            told |= _spread(f"{column}_difference", [ends[a][column] - ends[b][column] for a, b in pairs])
    return told


def _groups(variants: Sequence[tuple[Row, RunSettings]]) -> list[tuple[dict[str, Any], list[int]]]:
    """Variants that are alike but for their seed: what they are called by, and their places."""
    groups: list[tuple[dict[str, Any], list[int]]] = []
    for i, (said, _) in enumerate(variants):
        without = {key: value for key, value in said.items() if key != "seed"}
        for known, members in groups:
            if known == without:
                members.append(i)
                break
        else:
            groups.append((without, [i]))
    return groups


def _spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """One value by its name; of several the mean, with the ends of its interval."""
    if len(values) == 1:
        return {name: values[0]}
    mean, low, high = interval(values)
    return {name: mean, f"{name}_low": low, f"{name}_high": high}
