"""Downhill: a few real steps of the course, and that what the records in git say of them adds up."""

from __future__ import annotations

import gzip
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rushes.recipe import load
from rushes.record import read_record
from rushes.records import Records
from rushes.rlhf.settings import SlopeSettings

ROOT = Path(__file__).parents[1]
RECORDS = [path for path in sorted((ROOT / "runs/records").glob("slope*")) if (path / "run.json").is_file()]
ROUNDED = 2e-4
"""Numbers of a record have four digits after the point."""


def settings(**changed: Any) -> SlopeSettings:
    said = load("slope", "tiny", ROOT / "runs").settings
    assert isinstance(said, SlopeSettings)
    return replace(said, **changed)


def test_the_course_is_the_healthy_runs_own() -> None:
    ours, healthy = load("slope", "tiny", ROOT / "runs").mapping, load("healthy", "tiny", ROOT / "runs").mapping
    shared = ("base", "guideline", "seed", "tokens", "temperature", "labels", "lessons", "coach_learning_rate")
    assert {key: ours[key] for key in shared} == {key: healthy[key] for key in shared}


def test_the_nearest_plane_holds_a_flat_path_and_its_shadow_is_as_long() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("trl")
    from rushes.rlhf.slope import nearest_plane

    dice = torch.Generator().manual_seed(0)
    flat = torch.randn(20, 2, generator=dice) @ torch.randn(2, 300, generator=dice) + 5
    plane = nearest_plane(flat)
    assert float(plane.away.max()) < 0.05  # of about 17: differences of squares in single precision
    assert sum(plane.shares) == pytest.approx(1)
    assert plane.places[-1, 0] > plane.places[0, 0], "across is where the path goes"
    assert plane.places[0, 1] > 0
    torch.testing.assert_close(plane.axes @ plane.axes.T, torch.eye(2), atol=1e-4, rtol=0)
    for (x, y), weights in zip(plane.places.tolist(), flat, strict=True):
        torch.testing.assert_close(plane.weights(x, y), weights, atol=1e-3, rtol=1e-3)

    bent = flat + 0.1 * torch.randn(20, 300, generator=dice)
    plane = nearest_plane(bent)
    for (x, y), away, weights in zip(plane.places.tolist(), plane.away.tolist(), bent, strict=True):
        assert float((weights - plane.weights(x, y)).norm()) == pytest.approx(away, abs=1e-3)


SHORT = {"labels": 132, "lessons": 6, "answers": 16, "dial_steps": 3, "grid": 3}


def test_a_few_steps_are_steps_down_and_are_measured_twice(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("trl")
    pytest.importorskip("vaderSentiment")
    from rushes.rlhf import slope
    from rushes.rlhf.rows import Rows

    torch.set_num_threads(1)

    def told() -> tuple[dict[str, list[Any]], dict[str, float]]:
        rows = Rows()
        facts = slope.record(settings(**SHORT), ROOT, rows, lambda done, total, text: None)
        for row in rows.files["metrics.jsonl"]:
            del row["seconds"]
        return rows.files, facts

    files, facts = told()
    assert told() == (files, facts)
    metrics, curve, descent, path = (files[name] for name in FILES[:4])
    assert [row["step"] for row in metrics] == [*range(7)]
    assert metrics[-1]["loss"] < metrics[0]["loss"]
    assert [row["loss"] for row in path] == [row["loss"] for row in metrics]
    assert descent[0]["loss"] == metrics[0]["loss"], "the dial is turned where the course begins"
    assert len(curve) == slope.PLACES
    assert all(len(row["loss"]) == len(row["x"]) == 3 for row in files["surface.jsonl.gz"])
    assert descent[-1]["loss"] < descent[0]["loss"]
    assert 0 < facts["turned"] < facts["parameters"] == 881_409


FILES = ("metrics.jsonl", "curve.jsonl.gz", "descent.jsonl.gz", "path.jsonl.gz", "surface.jsonl.gz")


def test_there_are_records_of_three_seeds() -> None:
    assert [path.name for path in RECORDS] == ["slope", "slope.seed1", "slope.seed2"]


@pytest.mark.parametrize("folder", RECORDS, ids=lambda path: path.name)
def test_a_record_goes_downhill(folder: Path) -> None:
    record = read_record(folder)
    steps, facts = record.descent(), record.facts
    curve = [(row["value"], row["loss"]) for row in record.curve()]
    assert [value for value, _ in curve] == sorted(value for value, _ in curve)
    lowest = min(loss for _, loss in curve)
    for before, after in itertools.pairwise(steps):
        assert after["loss"] < before["loss"]
        assert abs(after["slope"]) < abs(before["slope"])
        assert after["value"] == pytest.approx(before["value"] - facts["dial_rate"] * before["slope"], abs=ROUNDED)
    for step in steps:
        (x0, y0), (x1, y1) = next((a, b) for a, b in itertools.pairwise(curve) if a[0] <= step["value"] <= b[0])
        assert step["loss"] == pytest.approx(y0 + (y1 - y0) * (step["value"] - x0) / (x1 - x0), abs=1e-3)
        # between its neighbours' slopes, as the curve has no other bend
        assert step["slope"] == pytest.approx((y1 - y0) / (x1 - x0), abs=0.06)
    assert steps[-1]["loss"] < lowest + 0.1 * (steps[0]["loss"] - lowest)


@pytest.mark.parametrize("folder", RECORDS, ids=lambda path: path.name)
def test_the_loss_is_what_the_guesses_miss(folder: Path) -> None:
    record = read_record(folder)
    for row, loss in zip(record.coach(), record.column("loss"), strict=True):
        assert len(row["points"]) == record.info["recipe"]["answers"]
        missed = [((guess - mark) / 4) ** 2 for mark, guess in row["points"]]
        assert sum(missed) / len(missed) == pytest.approx(loss, abs=ROUNDED)


@pytest.mark.parametrize("folder", RECORDS, ids=lambda path: path.name)
def test_a_records_path_is_on_its_land(folder: Path) -> None:
    record = read_record(folder)
    grid, path, said = record.surface(), record.path(), record.info["recipe"]
    assert len(grid) == said["grid"]
    assert all(len(row["loss"]) == len(row["x"]) == said["grid"] for row in grid)
    xs, ys = grid[0]["x"], [row["y"] for row in grid]
    assert [one["loss"] for one in path] == list(record.column("loss"))
    assert len(path) == said["lessons"] + 1
    for one in path:
        column = max(i for i, x in enumerate(xs[:-1]) if x <= one["x"])
        row = max(i for i, y in enumerate(ys[:-1]) if y <= one["y"])
        around = [grid[row + i]["loss"][column + j] for i in (0, 1) for j in (0, 1)]
        assert min(around) - 0.01 < one["below"] < max(around) + 0.01
    assert record.measure("loss", "last").value < record.measure("loss", "first").value / 5
    assert record.facts["share_both"] > 0.8
    assert record.facts["held_out_r"] > 0.85
    assert sum(file.stat().st_size for file in folder.iterdir()) < 2_000_000


def test_the_course_ends_as_the_healthy_runs_did() -> None:
    records = Records((ROOT,))
    ours, looks = records.get("slope"), records.get("healthy").coach()
    for look in looks:
        assert ours.at("held_out_r", look["fit_step"]) == pytest.approx(look["held_out_r"], abs=ROUNDED)


def test_the_record_was_made_by_what_is_in_git() -> None:
    for folder in RECORDS:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        assert about["dirty"] is False
        with gzip.open(folder / "descent.jsonl.gz", "rt", encoding="utf-8") as lines:
            assert json.loads(next(lines))["weight"].startswith("head.weight[0, ")
