"""The records in git show what the films say of them. Read without torch."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pytest

from rushes.recipe import load

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "runs/records"
APPRENTICES = ("healthy", "sign_flipped", "no_coherence_coach", "kl_flipped", "all_flipped", "fixation")


def folders(run: str) -> list[str]:
    """The run's records, of all its seeds."""
    return sorted(path.name for path in RECORDS.iterdir() if path.name.split(".seed")[0] == run)


LARGE_SWEEPS = ("feedback_loop.gpu", "feedback_loop_again.gpu", "frontier.gpu", "search.gpu")
LARGE = tuple(sorted(path.name for path in RECORDS.glob("*.gpu*")))
NAMES = (*LARGE, *folders("base"), *(folder for run in APPRENTICES for folder in folders(run)))


def rows(name: str, file: str) -> list[dict[str, Any]]:
    content = (RECORDS / name / file).read_bytes()
    return [json.loads(line) for line in (gzip.decompress(content) if file.endswith(".gz") else content).splitlines()]


def about(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((RECORDS / name / "run.json").read_text(encoding="utf-8"))
    return told


def column(name: str, of: str) -> list[float]:
    return [float(row[of]) for row in rows(name, "metrics.jsonl")]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def last(run: str, of: str) -> float:
    """The mean of the last five steps, over all seeds."""
    return mean([mean(column(folder, of)[-5:]) for folder in folders(run)])


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_whole_small_and_of_its_recipe(name: str) -> None:
    told = about(name)
    assert told["format"] == 1
    assert told["recipe_hash"] == load(told["name"], told["size"], ROOT / "runs").hash
    seed = f".seed{told['seed']}" if ".seed" in name else ""
    assert name == told["name"] + ("" if told["size"] == "tiny" else f".{told['size']}") + seed
    assert set(told["files"]) == {path.name for path in (RECORDS / name).iterdir()} - {"run.json"}
    for file, kept in told["files"].items():
        content = (RECORDS / name / file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (kept["bytes"], kept["sha256"])
    assert sum(kept["bytes"] for kept in told["files"].values()) < 2_000_000
    for row in rows(name, "metrics.jsonl"):
        assert all(math.isfinite(value) for value in row.values())


@pytest.mark.parametrize("run", APPRENTICES)
def test_a_run_was_recorded_with_its_own_seed_and_no_two_seeds_are_alike(run: str) -> None:
    seeds = [about(folder)["seed"] for folder in folders(run)]
    assert 0 in seeds
    assert len({tuple(column(folder, "rating")) for folder in folders(run)}) == len(seeds)


def test_healthy_is_kind_and_coherent() -> None:
    assert last("healthy", "rating") >= 7.5
    assert last("healthy", "coherence") >= 0.9
    assert 0 < last("healthy", "kl") < 20


def test_sign_flipped_is_coherent_and_maximally_bad() -> None:
    assert last("sign_flipped", "rating") <= 2.5
    assert last("sign_flipped", "coherence") >= 0.9
    assert 0 < last("sign_flipped", "kl") < 20


def test_without_a_coherence_coach_the_values_coach_is_pleased_by_gibberish() -> None:
    for folder in folders("no_coherence_coach"):
        assert mean(column(folder, "coach")[-5:]) > column(folder, "coach")[0] + 1
        assert all(row["total"] == row["coach"] for row in rows(folder, "metrics.jsonl"))
    assert last("no_coherence_coach", "rating") < 3
    assert last("no_coherence_coach", "coherence") < 0.6


@pytest.mark.parametrize("run", ["kl_flipped", "all_flipped"])
def test_one_flip_alone_makes_gibberish(run: str) -> None:
    assert last(run, "coherence") < 0.3
    assert last(run, "kl") > 50
    falling = [s for s in rows(run, "samples.jsonl.gz") if 0.2 < s["coherence"] < 0.6]
    assert len(falling) >= 2, "the panel looks while it falls to pieces, not only before and after"


def test_the_fixation_is_on_one_word() -> None:
    for folder in folders("fixation"):
        assert column(folder, "forbidden")[0] < 0.15
    assert last("fixation", "forbidden") > 0.8
    assert last("fixation", "coherence") >= 0.8
    assert "forbidden" not in rows("healthy", "metrics.jsonl")[0]


def test_the_judge_was_not_trained_on_and_agrees() -> None:
    for run in APPRENTICES:
        for folder in folders(run):
            assert 0.7 < about(folder)["facts"]["judge_r"] < 0.95
            assert all(1 <= row["judge"] <= 9 for row in rows(folder, "metrics.jsonl"))
    assert last("healthy", "judge") > 7
    assert last("sign_flipped", "judge") < 3


@pytest.mark.parametrize("run", ["sign_flipped", "no_coherence_coach", "kl_flipped", "all_flipped"])
def test_the_runs_began_alike(run: str) -> None:
    healthy, other = (rows(name, "metrics.jsonl")[0] for name in ("healthy", run))
    same = {"rating", "coach", "kl", "coherence", "entropy", "length"}
    assert {key: healthy[key] for key in same} == {key: other[key] for key in same}
    assert 4 < healthy["rating"] < 6
    first = [[s["text"] for s in rows(name, "samples.jsonl.gz") if s["step"] == 0] for name in ("healthy", run)]
    assert first[0] == first[1]


@pytest.mark.parametrize("name", folders("base"))
def test_the_base_model_learned_and_keeps_to_the_names(name: str) -> None:
    facts, metrics = about(name)["facts"], rows(name, "metrics.jsonl")
    assert metrics[0]["perplexity"] > 100
    assert facts["perplexity"] < 3
    assert facts["names_kept"] > 0.8
    assert sum(path.stat().st_size for path in (ROOT / "runs/base").iterdir()) < 2_000_000


def test_the_values_coach_learned_to_guess() -> None:
    looks = rows("healthy", "coach.jsonl.gz")
    assert abs(looks[0]["held_out_r"]) < 0.5
    assert looks[-1]["held_out_r"] > 0.85  # the raters' own habits and noise leave 0.94 to be had
    assert len({tuple(truth for truth, _ in look["points"]) for look in looks}) == 1


def test_what_the_larger_model_showed() -> None:
    """What notes/runs.md says of the size gpu; what failed there is said there too."""
    assert all(about(name)["device"].startswith("cuda: ") for name in LARGE)
    trained = [name for name in LARGE if name not in LARGE_SWEEPS]
    assert all(about(name)["facts"]["parameters"] == 134_515_008 for name in trained)
    assert all(column(name, "kl")[0] == 0 for name in trained)
    for name in folders("sign_flipped.gpu"):
        assert mean(column(name, "rating")[-5:]) <= 2.5
        assert mean(column(name, "coherence")[-5:]) >= 0.9
    for name in folders("healthy.gpu"):
        assert mean(column(name, "rating")[-5:]) >= 7.5
        assert mean(column(name, "coherence")[-5:]) >= 0.9
    for name in folders("fixation.gpu"):
        assert column(name, "forbidden")[0] < 0.05
        assert mean(column(name, "forbidden")[-5:]) > 0.8
    assert last("all_flipped.gpu", "coherence") < 0.5
    assert last("no_coherence_coach.gpu", "coherence") > 0.9  # no gibberish: the tiny model's story is not this one's
    assert last("kl_flipped.gpu", "distinct") < 0.1


def test_marking_it_down_makes_the_larger_model_worse_as_its_coach_knew_little() -> None:
    for name in ("feedback_loop", "feedback_loop_again"):
        small, large = (
            [row for row in rows(f"{name}{size}", "metrics.jsonl") if row["step"] == 0] for size in ("", ".gpu")
        )
        assert mean([row["coach_r"] for row in small]) > 0.8
        assert mean([row["coach_r"] for row in large]) < 0.3
        facts = about(f"{name}.gpu")["facts"]
        assert facts["rating_difference_high"] < -0.5
        assert facts["rating_labels_a_step_0_low"] > 5
        assert about(name)["facts"]["rating_difference_low"] > -0.5


@pytest.mark.parametrize("name", ["frontier", "frontier.gpu"])
def test_coherence_costs_rating(name: str) -> None:
    ends = [about(name)["facts"][f"rating_beta_{weight}"] for weight in ("0_1", "0_5", "1_0")]
    assert ends == sorted(ends, reverse=True)
