"""`rushes record --all`: what is recorded, in which order, and what a second call does."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("torch")
pytest.importorskip("trl")

from rushes.cli import main
from rushes.errors import RushesError
from rushes.recipe import load
from rushes.rlhf.all_runs import in_order, is_fresh, record_all
from rushes.rlhf.beside import at_a_time, beside
from rushes.rlhf.rows import Progress

ROOT = Path(__file__).parents[1]
SMALL = {
    "weights": "build/small", "steps": 60, "stories": 300, "batch": 16, "layers": 1, "width": 32, "heads": 2,
    "tokens": 8, "panel": [0, 60],
}  # fmt: skip
SHORT = {
    "base": "build/small", "steps": 4, "prompts": 2, "samples": 2, "labels": 104, "lessons": 2, "labels_a_step": 2,
    "tokens": 8, "panel": [0, 4],
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A base model and two runs that begin with its weights; in the alphabet, one of them comes before it."""
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    (tmp_path / "rushes/rlhf").mkdir(parents=True)
    shutil.copy(ROOT / "rushes/rlhf/megacoach.py", tmp_path / "rushes/rlhf")
    (tmp_path / "runs").mkdir()
    for name, parent, said in (("small", "base", SMALL), ("early", "healthy", SHORT)):
        whole = {**load(parent, runs_dir=ROOT / "runs").mapping, **said, "sizes": {"tiny": {}}}
        (tmp_path / f"runs/{name}.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    (tmp_path / "runs/late.yaml").write_text("extends: early\nabout: Another seed.\nseed: 3\n", encoding="utf-8")
    return tmp_path


def test_everything_is_recorded_once_and_what_broke_off_goes_on(project: Path) -> None:
    assert in_order("tiny", project / "runs") == ["small", "early", "late"]
    assert in_order("gpu", project / "runs") == []
    told: list[dict[str, Any]] = []

    def event(event: str, **said: Any) -> None:
        told.append({"event": event, **said})
        if said.get("stage") == "late" and said["text"].startswith("step 2"):
            raise KeyboardInterrupt

    def stages(stage: str) -> list[dict[str, Any]]:
        return [one for one in told if one["event"] == "progress" and one["stage"] == stage]

    with pytest.raises(KeyboardInterrupt):
        record_all("tiny", project, event, jobs=1)
    assert [Path(one["folder"]).name for one in told if one["event"] == "recorded"] == ["small", "early"]
    shares = [one["done"] / one["total"] for one in stages("all")]
    assert shares == sorted(shares)
    assert 0.66 < shares[-1] < 1  # three runs of the same unknown length, and the last was under way
    assert [one["text"] for one in stages("all") if one["text"]] == ["run 1 of 3", "2 runs, 1 at a time"]

    told.clear()
    # as if a process had been killed after a checkpoint of step 2
    checkpoints = project / "build/checkpoints/late"
    assert [path.name for path in checkpoints.glob("checkpoint-*")] == ["checkpoint-0"]
    assert record_all("tiny", project, lambda event, **said: told.append({"event": event, **said}), jobs=1) == ["late"]
    assert [one["name"] for one in told if one["event"] == "fresh"] == ["small", "early"]
    assert stages("late")[0]["text"].startswith("step 0"), "the Values Coach's course was given again"
    assert not checkpoints.exists()
    assert record_all("tiny", project, lambda *_, **__: None, jobs=1) == []


def test_a_base_model_recorded_anew_takes_its_runs_with_it(project: Path) -> None:
    record_all("tiny", project, lambda *_, **__: None, jobs=1)
    recipe = project / "runs/small.yaml"
    recipe.write_text(recipe.read_text().replace("seed: 0", "seed: 1"))
    assert is_fresh("early", "tiny", project)
    assert sorted(record_all("tiny", project, lambda *_, **__: None, jobs=1)) == ["early", "late", "small"]
    file = project / "runs/records/late/metrics.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    assert record_all("tiny", project, lambda *_, **__: None, jobs=1) == ["late"]
    assert json.loads((project / "runs/records/late/run.json").read_text())["seed"] == 3


def test_runs_that_are_recorded_beside_one_another_are_the_same_and_one_that_fails_stops_no_other(
    project: Path,
) -> None:
    def files(name: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((project / f"runs/records/{name}/run.json").read_text())
        return {file: kept["sha256"] for file, kept in told["files"].items() if file != "metrics.jsonl"}

    told: list[dict[str, Any]] = []
    broken = project / "runs/broken.yaml"
    broken.write_text("extends: early\nabout: Cannot be.\nlearning_rate: 1000000.0\n", encoding="utf-8")
    with pytest.raises(RushesError, match="went out of bounds"):
        record_all("tiny", project, lambda event, **said: told.append({"event": event, **said}), jobs=2)
    assert {Path(one["folder"]).name for one in told if one["event"] == "recorded"} == {"small", "early", "late"}
    assert {"early", "late", "all"} <= {one["stage"] for one in told if one["event"] == "progress"}
    beside = {name: files(name) for name in ("early", "late")}
    broken.unlink()
    shutil.rmtree(project / "runs/records/early")
    shutil.rmtree(project / "runs/records/late")
    assert sorted(record_all("tiny", project, lambda *_, **__: None, jobs=1)) == ["early", "late"]
    assert {name: files(name) for name in ("early", "late")} == beside


def test_one_that_fails_stops_no_other_where_there_is_one_at_a_time(project: Path) -> None:
    broken = project / "runs/broken.yaml"
    broken.write_text("extends: early\nabout: Cannot be.\nlearning_rate: 1000000.0\n", encoding="utf-8")
    with pytest.raises(RushesError, match="went out of bounds"):
        record_all("tiny", project, lambda *_, **__: None, jobs=1)
    assert {path.name for path in (project / "runs/records").iterdir()} == {"small", "early", "late"}


def test_under_accelerate_launch_there_is_one_run_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert at_a_time("cpu") == 1


def killed(_: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_ends_the_others() -> None:
    with pytest.raises(RushesError, match="a process that trains was killed"):
        list(beside({"one": killed, "two": killed}, 2, lambda *_: None))


def test_a_recipe_that_cannot_be_meant_is_found_before_anything_is_trained(project: Path) -> None:
    (project / "runs/late.yaml").write_text("extends: early\nstep: 3\n", encoding="utf-8")
    with pytest.raises(RushesError, match="no setting 'step'"):
        record_all("tiny", project, lambda *_, **__: None, jobs=1)
    assert not os.path.exists(project / "runs/records")


@pytest.mark.parametrize(
    "words", [[], ["--all", "healthy"], ["--all", "--seed", "1"], ["--all", "--stop-when", "kl > 1"]]
)
def test_a_run_or_all_of_them(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", *words]) == 1
    assert "rushes record --all" in capsys.readouterr().err
