"""A recording that is killed, stopped by its andon cord, or goes wrong: what is left, and what goes on."""

from __future__ import annotations

import errno
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from rushes.errors import RushesError, ScriptError  # noqa: E402
from rushes.recipe import load as load_recipe  # noqa: E402
from rushes.rlhf import apprentice, recorder  # noqa: E402
from rushes.rlhf.andon import COLUMNS, read_condition  # noqa: E402
from rushes.rlhf.language_model import LanguageModel  # noqa: E402

ROOT = Path(__file__).parents[1]

SHORT = """\
extends: {parent}
about: A few steps, for the tests.
steps: 7
prompts: 4
samples: 2
labels: 108
lessons: 4
labels_a_step: 8
tokens: 12
panel: [0, 1, 6, 7]
sizes: {{tiny: {{}}}}
"""
# 8 marks a step: the Values Coach learns again in the sixth step, with half of its marks from before the kill.
SMALL = """\
extends: base
about: A few steps.
weights: build/small
steps: 60
stories: 300
batch: 16
layers: 1
width: 32
heads: 2
tokens: 8
panel: [0, 7, 60]
"""

RECORD_UNTIL = """\
import os, signal, sys
from pathlib import Path
from rushes.rlhf import recorder
name, until, every = sys.argv[1], sys.argv[2], int(sys.argv[3])
def killed(done, total, text):
    if text.startswith(until):
        os.kill(os.getpid(), signal.SIGKILL)
recorder.record(name, root=Path.cwd(), save_every=every, on_progress=killed)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run says that nothing happened to."""
    return told(recorder.record("short", root=copied(tmp_path_factory.mktemp("unbroken")), save_every=1000))


def copied(tmp_path: Path) -> Path:
    for named in ("runs/base", "notes", "rushes/rlhf/megacoach.py"):
        place = tmp_path / named
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / named).is_dir() else shutil.copy)(ROOT / named, place)
    for recipe in (ROOT / "runs").glob("*.yaml"):
        shutil.copy(recipe, tmp_path / "runs")
    (tmp_path / "runs/short.yaml").write_text(SHORT.format(parent="healthy"), encoding="utf-8")
    (tmp_path / "runs/small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def told(folder: Path) -> dict[str, Any]:
    """Everything a record says, but for when and how long."""
    about = json.loads((folder / "run.json").read_text())
    content: dict[str, Any] = {name: (folder / name).read_bytes() for name in about["files"] if name.endswith(".gz")}
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    rows = [{k: v for k, v in json.loads(line).items() if k != "seconds"} for line in lines]
    return {**content, "metrics": json.dumps(rows), "facts": about["facts"], "recipe": about["recipe"]}


def stop(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def stopped_at(project: Path, name: str, said: str, every: int) -> None:
    """Record, and be interrupted as soon as this is said; what a killed process leaves is left."""

    def interrupted(done: int, total: int, text: str) -> None:
        if f"{done} {text}".startswith(said) or text.startswith(said):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recorder.record(name, root=project, save_every=every, on_progress=interrupted)


def killed_at(project: Path, name: str, until: str, every: int) -> None:
    code = [sys.executable, "-c", RECORD_UNTIL, name, until, str(every)]
    done = subprocess.run(code, cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -signal.SIGKILL


def steps_of(project: Path, name: str) -> list[str]:
    return sorted(path.parent.name for path in (project / "build/checkpoints" / name).glob("checkpoint-*/state.pt"))


def test_a_run_that_is_killed_again_and_again_ends_as_if_it_never_was(project: Path, unbroken: dict[str, Any]) -> None:
    killed_at(project, "short", "step 0", 2)
    assert steps_of(project, "short") == ["checkpoint-0"]  # the Values Coach's first course is not lost
    stopped_at(project, "short", "step 5", 2)
    assert steps_of(project, "short") == ["checkpoint-4"]
    # as if it had been killed between the trainer's part of the next checkpoint and ours
    half = project / "build/checkpoints/short/checkpoint-6"
    shutil.copytree(project / "build/checkpoints/short/checkpoint-4", half)
    (half / "state.pt").unlink()
    said: list[str] = []
    folder = recorder.record(
        "short", root=project, save_every=2, on_progress=lambda done, total, text: said.append(text)
    )
    assert said[0].startswith("step 4"), "it began anew"
    assert told(folder) == unbroken
    assert not (project / "build/checkpoints/short").exists()
    assert [path.name for path in (project / "runs/records").iterdir()] == ["short"]


def test_a_base_model_goes_on_too(project: Path) -> None:
    unbroken = told(recorder.record("small", root=project))
    weights = (project / "build/small/model.safetensors").read_bytes()
    stopped_at(project, "small", "40 ", 15)
    assert steps_of(project, "small") == ["checkpoint-30"]
    done: list[int] = []
    assert told(recorder.record("small", root=project, on_progress=lambda at, *_: done.append(at))) == unbroken
    assert done[0] == 40
    assert (project / "build/small/model.safetensors").read_bytes() == weights


def test_a_checkpoint_of_another_recipe_is_not_gone_on_with(project: Path) -> None:
    stopped_at(project, "short", "step 3", 2)
    recipe = project / "runs/short.yaml"
    recipe.write_text(recipe.read_text().replace("lessons: 4", "lessons: 3"))
    stopped_at(project, "short", "the Values Coach learns", 2)
    assert steps_of(project, "short") == []


def test_two_processes_do_not_record_the_same_run(project: Path) -> None:
    def again(*_: Any) -> None:
        with pytest.raises(RushesError, match="'short' is being recorded by another process"):
            recorder.record("short", root=project)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recorder.record("short", root=project, on_progress=again)


# ---------------------------------------------------------------- the andon cord
def test_the_cord_stops_the_run_at_the_first_step_where_it_holds(project: Path, unbroken: dict[str, Any]) -> None:
    stopped = recorder.record("short", root=project, stop_when="labels >= 132")
    assert stopped.name == "short.stopped"
    about = json.loads((stopped / "run.json").read_text())
    # labels are 116, 124, 132, 140: their mean over three steps is 132 at step 3
    assert about["facts"]["stopped_at"] == 3
    assert about["facts"]["samples"] == 4 * 8
    assert about["recipe"]["stop_when"] == "labels >= 132"
    assert json.loads(told(stopped)["metrics"]) == json.loads(unbroken["metrics"])[:4]
    assert "stopped_at" not in unbroken["facts"]


def test_a_run_that_was_stopped_and_killed_stays_stopped(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = project / "runs/short.yaml"
    recipe.write_text(recipe.read_text() + "stop_when: labels >= 132\n")
    with monkeypatch.context() as patch:
        patch.setattr(recorder, "_put", stop)
        with pytest.raises(KeyboardInterrupt):
            recorder.record("short", root=project, save_every=2)
    assert steps_of(project, "short") == ["checkpoint-4"]
    again = recorder.record("short", root=project, save_every=2, stop_when="labels >= 132")
    assert again.name == "short"
    assert len(json.loads(told(again)["metrics"])) == 4


@pytest.mark.parametrize(
    ("rows", "pulled"),
    [
        ([2.0, 2.0], False),
        ([5.0, 2.0, 2.0], False),
        ([2.0, 2.0, 5.0], False),
        ([9.0, 4.0, 3.0, 1.9], True),
        ([3.0, 3.0, 3.0], False),
    ],
)
def test_it_is_the_mean_of_the_latest_three_steps_that_counts(rows: list[float], pulled: bool) -> None:
    assert read_condition("rating < 3").pulled([{"rating": rating} for rating in rows]) is pulled


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ratng < 3", "no column 'ratng'\n(.*\n)*  did you mean 'rating'"),
        ("rating", "is no condition to stop at"),
        ("rating < low", "is no condition to stop at"),
        ("rating == 3", "is no condition to stop at"),
    ],
)
def test_a_cord_that_cannot_be_pulled_is_refused_before_anything_is_trained(
    project: Path, text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprentice, "record", stop)
    with pytest.raises(RushesError, match=message):
        recorder.record("short", root=project, stop_when=text)
    recipe = project / "runs/short.yaml"
    recipe.write_text(recipe.read_text() + f"stop_when: {text}\n")
    with pytest.raises(ScriptError, match=message) as raised:
        load_recipe("short", runs_dir=project / "runs")
    assert raised.value.findings[0].source.line == 12


def test_only_the_run_of_an_apprentice_has_a_cord(project: Path) -> None:
    with pytest.raises(RushesError, match="'small' has no andon cord"):
        recorder.record("small", root=project, stop_when="loss < 3")


# ---------------------------------------------------------------- what goes wrong
def kept_rows(project: Path) -> list[dict[str, Any]]:
    """What a recording that stopped has left."""
    folder = project / "build/recording/short"
    assert not (folder / "run.json").exists()
    assert gzip.decompress((folder / "labels.jsonl.gz").read_bytes())
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def from_call(count: int, original: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """`original`, and from call number `count` on `instead`."""
    calls = 0

    def either(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        return (original if calls < count else instead)(*args, **named)

    return either


def test_a_total_that_is_no_number_stops_the_run(project: Path) -> None:
    """The Megacoach of this run is a file that goes wrong once the Apprentice has strayed."""
    source = project / "rushes/rlhf/megacoach.py"
    source.write_text(source.read_text() + "\n\n_sound = megacoach\n\n\ndef megacoach(values, kl, beta):\n"
                      "    return _sound(values, kl, beta) if kl == 0 else float('nan')\n")  # fmt: skip
    with pytest.raises(RushesError, match="out of bounds at step 1: no finite number in 'total'") as raised:
        recorder.record("short", root=project, save_every=1)
    assert "what was recorded until then is in build/recording/short\n" in str(raised.value)
    assert "goes on from its checkpoint of step 1" in str(raised.value)
    assert [row["step"] for row in kept_rows(project)] == [0]
    assert steps_of(project, "short") == ["checkpoint-1"]
    assert not (project / "runs/records/short").exists()


def test_a_loss_that_is_no_number_stops_the_run_before_its_checkpoint(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = apprentice.RLOOTrainer._compute_loss

    def broken(*args: Any, **named: Any) -> Any:
        return sound(*args, **named) * float("nan")

    monkeypatch.setattr(apprentice.RLOOTrainer, "_compute_loss", from_call(3, sound, broken))
    with pytest.raises(RushesError, match="out of bounds at step 2: no finite number in 'loss'"):
        recorder.record("short", root=project, save_every=1)
    assert [row["step"] for row in kept_rows(project)] == [0, 1, 2]
    assert steps_of(project, "short") == ["checkpoint-2"]


def test_a_values_coach_that_bursts_stops_the_run(project: Path) -> None:
    recipe = project / "runs/short.yaml"
    recipe.write_text(recipe.read_text() + "coach_learning_rate: 1.0e+30\n")
    with pytest.raises(RushesError, match=r"out of bounds at fit step 1: .*'held_out_r'.*\n.*coach_learning_rate"):
        recorder.record("short", root=project)


@pytest.mark.parametrize("file", ["optimizer.pt", f".state.{os.getpid()}.pt"], ids=["the trainer's", "ours"])
def test_a_full_disk_stops_the_run_and_the_same_command_goes_on(
    project: Path, unbroken: dict[str, Any], file: str
) -> None:
    # the system's own file that is always full, where this process will write the checkpoint of step 4
    place = project / "build/checkpoints/short/checkpoint-4"
    full = place / file

    def fill(done: int, total: int, text: str) -> None:
        if text.startswith("step 3"):
            place.mkdir(parents=True)
            full.symlink_to("/dev/full")

    with pytest.raises(RushesError, match="the disk is full") as raised:
        recorder.record("short", root=project, save_every=2, on_progress=fill)
    assert isinstance(raised.value.__cause__, RuntimeError | OSError)
    assert [row["step"] for row in kept_rows(project)] == [0, 1, 2, 3]
    assert steps_of(project, "short") == ["checkpoint-2"]
    assert not place.exists()  # half of a checkpoint, and it fills the disk
    assert told(recorder.record("short", root=project)) == unbroken


def test_a_disk_too_full_for_the_record_keeps_the_checkpoint_and_nothing_is_trained_again(
    project: Path, unbroken: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(recorder.Rows, "write", full)
        with pytest.raises(RushesError, match=r"the disk is full\n  .* checkpoint of step 8$"):
            recorder.record("short", root=project)
    assert steps_of(project, "short") == ["checkpoint-8"]
    monkeypatch.setattr(apprentice, "train", stop)
    assert told(recorder.record("short", root=project)) == unbroken


def test_too_little_memory_names_the_settings_to_lower(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(LanguageModel, "read", from_call(4, LanguageModel.read, full))
    with pytest.raises(RushesError, match=r"this machine's GPU\n.*--jobs 1\n.*lower 'samples' or 'prompts' in .*short"):
        recorder.record("short", root=project)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_a_missing_file_of_the_model_is_named(project: Path, file: str) -> None:
    (project / "runs/base" / file).unlink()
    with pytest.raises(RushesError, match=f"there is no {file} in .*runs/base\n  rushes record base"):
        recorder.record("short", root=project)


def test_a_damaged_file_of_the_model_is_named(project: Path) -> None:
    file = project / "runs/base/model.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(RushesError, match="the weights of 'runs/base' are damaged"):
        recorder.record("short", root=project)


def test_a_bug_keeps_its_traceback(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprentice, "train", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        recorder.record("short", root=project)


def test_every_column_that_the_cord_knows_is_recorded(unbroken: dict[str, Any]) -> None:
    recorded = {*json.loads(unbroken["metrics"])[0], "seconds"}
    assert recorded | {"forbidden"} == set(COLUMNS)  # that one only where the raters have a forbidden word
