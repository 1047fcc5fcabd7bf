"""Sweeps: variants that are runs of their own, kept when a sweep is stopped, and intervals over seeds."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")

from rushes.errors import RushesError, ScriptError
from rushes.recipe import load
from rushes.rlhf import apprentice, recorder, sweep
from rushes.rlhf.settings import SweepSettings

ROOT = Path(__file__).parents[1]
SHORT = """\
extends: sign_flipped
about: A few steps, for the tests.
steps: 1
prompts: 2
samples: 2
labels: 104
lessons: 2
labels_a_step: 2
panel: [0, 1]
sizes: {tiny: {}}
"""
FAN = "extends: short\nabout: Four of them.\ntrains: sweep\nvary: {beta: [0.1, 2.0], seed: [3, 4]}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for named in ("runs/base", "notes/raters-guideline.md", "rushes/rlhf/megacoach.py"):
        place = tmp_path / named
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / named).is_dir() else shutil.copy)(ROOT / named, place)
    for recipe in (ROOT / "runs").glob("*.yaml"):
        shutil.copy(recipe, tmp_path / "runs")
    (tmp_path / "runs/short.yaml").write_text(SHORT, encoding="utf-8")
    (tmp_path / "runs/fan.yaml").write_text(FAN, encoding="utf-8")
    return tmp_path


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    content = (folder / name).read_bytes()
    text = gzip.decompress(content) if name.endswith(".gz") else content
    told = [json.loads(line) for line in text.decode().splitlines()]
    return [{key: value for key, value in row.items() if key != "seconds"} for row in told]


def test_a_variant_is_the_run_that_it_would_be_alone_and_a_stopped_sweep_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []
    whole = apprentice.record

    def counting(recipe: Any, *rest: Any) -> Any:
        if len(trained) == 3:
            raise KeyboardInterrupt
        trained.append(recipe.name)
        return whole(recipe, *rest)

    monkeypatch.setattr(apprentice, "record", counting)
    with pytest.raises(KeyboardInterrupt):
        recorder.record("fan", root=project, jobs=1)
    assert not (project / "runs/records/fan").exists()
    trained.clear()
    folder = recorder.record("fan", root=project, jobs=1)
    assert trained == ["fan-3"], "what was finished is not trained again"

    metrics = rows(folder, "metrics.jsonl")
    assert [(row["step"], row["variant"], row["beta"], row["seed"]) for row in metrics] == [
        (step, i, *said) for step in (0, 1) for i, said in enumerate([(0.1, 3), (0.1, 4), (2.0, 3), (2.0, 4)])
    ]
    monkeypatch.setattr(apprentice, "record", whole)
    alone = rows(recorder.record("short", root=project, seed=4), "metrics.jsonl")
    extra = {"variant", "beta", "seed"}
    # the first of its kind, and one that took its Values Coach's first course over from another variant
    assert [{k: v for k, v in row.items() if k not in extra} for row in metrics if row["variant"] == 1] == alone
    (project / "runs/short.yaml").write_text(SHORT + "beta: 2.0\n", encoding="utf-8")
    alone = rows(recorder.record("short", root=project, seed=4), "metrics.jsonl")
    assert [{k: v for k, v in row.items() if k not in extra} for row in metrics if row["variant"] == 3] == alone

    points, bands = rows(folder, "points.jsonl.gz"), rows(folder, "bands.jsonl.gz")
    ends = [sum(row["rating"] for row in metrics if row["variant"] == i) / 2 for i in range(4)]
    assert [point["rating"] for point in points] == pytest.approx(ends, abs=1e-3)
    assert all(len(point["answers"]) == 8 for point in points)
    assert [(band["step"], band["beta"], band["seeds"]) for band in bands] == [
        (0, 0.1, 2), (1, 0.1, 2), (0, 2.0, 2), (1, 2.0, 2),
    ]  # fmt: skip
    facts = json.loads((folder / "run.json").read_text())["facts"]
    mean, low, high = sweep.interval([ends[0] - ends[2], ends[1] - ends[3]])
    assert [facts[f"rating_difference{end}"] for end in ("", "_low", "_high")] == pytest.approx(
        [mean, low, high], abs=2e-3
    )


def test_variants_that_are_trained_beside_one_another_are_the_same(project: Path) -> None:
    (project / "runs/fan.yaml").write_text(FAN.replace("[3, 4]", "[3]"), encoding="utf-8")
    told: list[str] = []
    folder = recorder.record("fan", root=project, jobs=2, on_progress=lambda done, total, text: told.append(text))
    beside = rows(folder, "metrics.jsonl")
    assert {"fan-0: trained", "fan-1: trained"} <= set(told)
    assert any(text.startswith("fan-1: step 1") for text in told)
    shutil.rmtree(project / "build")
    assert rows(recorder.record("fan", root=project, jobs=1), "metrics.jsonl") == beside


def test_what_was_kept_of_another_seed_is_not_taken(project: Path) -> None:
    (project / "runs/fan.yaml").write_text(FAN.replace(", seed: [3, 4]", ""), encoding="utf-8")
    first, second = (recorder.record("fan", root=project, seed=seed, jobs=1) for seed in (3, 4))
    assert rows(first, "metrics.jsonl") != rows(second, "metrics.jsonl")


def test_the_interval_is_students() -> None:
    # t(0.975, 2) = 4.3027, and the standard error of 1, 2, 3 is 1 / sqrt(3)
    assert sweep.interval([1.0, 2.0, 3.0]) == pytest.approx((2.0, 2 - 2.4841, 2 + 2.4841), abs=1e-3)


def test_an_end_state_is_the_mean_of_the_last_five_steps() -> None:
    columns = ("kl", "coherence", "coach", "total")
    metrics = [
        {"step": s, "rating": r, "labels": 10 + s, **dict.fromkeys(columns, float(s))}
        for s, r in enumerate((5.0, 4.0, 2.0, 3.5, 1.0, 1.0, 1.0))
    ]
    end = sweep.end_state(metrics)
    assert (end["rating"], end["kl"], end["labels"], end["low_step"]) == (1.7, 4.0, 16, 2)
    assert sweep.end_state(metrics[:2])["low_step"] is None


def test_a_sweep_that_varies_its_seed_takes_no_other(project: Path) -> None:
    with pytest.raises(RushesError, match="'fan' varies its seed: it takes no other"):
        recorder.record("fan", root=project, seed=9)


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ("{bta: [0.1]}", r"settings of a run \(did you mean 'beta'\?\)"),
        ("{beta: 0.1}", "'vary' must be settings of a run with their values"),
        ("{beta: []}", "'vary' must be settings of a run with their values"),
        ("{beta: [low]}", "values that fit: a number, as in 0.0003"),
        ("{labels_a_step: [0.5]}", "values that fit: a whole number"),
    ],
)
def test_what_cannot_be_varied_is_said(project: Path, vary: str, message: str) -> None:
    path = project / "runs/fan.yaml"
    path.write_text(FAN.replace("{beta: [0.1, 2.0], seed: [3, 4]}", vary), encoding="utf-8")
    with pytest.raises(ScriptError, match=message):
        load("fan", runs_dir=project / "runs")


def test_the_projects_sweeps_have_enough_variants() -> None:
    frontier, loop = (load(name, runs_dir=ROOT / "runs").settings for name in ("frontier", "feedback_loop"))
    assert isinstance(frontier, SweepSettings)
    assert isinstance(loop, SweepSettings)
    assert len(frontier.variants) >= 6
    frozen = [one.seed for said, one in loop.variants if said["labels_a_step"] == 0]
    online = [one.seed for said, one in loop.variants if said["labels_a_step"] > 0]
    assert frozen == online
    assert len(set(frozen)) >= 5
    assert all(one.edit is not None and one.trains == "apprentice" for _, one in loop.variants)
