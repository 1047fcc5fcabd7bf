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
NAMES = ("base", "healthy", "sign_flipped")


def rows(name: str, file: str) -> list[dict[str, Any]]:
    content = (RECORDS / name / file).read_bytes()
    return [json.loads(line) for line in (gzip.decompress(content) if file.endswith(".gz") else content).splitlines()]


def about(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((RECORDS / name / "run.json").read_text(encoding="utf-8"))
    return told


def last(name: str, column: str) -> float:
    values = [row[column] for row in rows(name, "metrics.jsonl")][-5:]
    return float(sum(values) / len(values))


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_whole_small_and_of_its_recipe(name: str) -> None:
    told = about(name)
    assert told["format"] == 1
    assert told["recipe_hash"] == load(name, told["size"], ROOT / "runs").hash
    assert set(told["files"]) == {path.name for path in (RECORDS / name).iterdir()} - {"run.json"}
    for file, kept in told["files"].items():
        content = (RECORDS / name / file).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (kept["bytes"], kept["sha256"])
    assert sum(kept["bytes"] for kept in told["files"].values()) < 2_000_000
    for row in rows(name, "metrics.jsonl"):
        assert all(math.isfinite(value) for value in row.values())


def test_healthy_is_kind_and_coherent() -> None:
    assert last("healthy", "rating") > 7.5
    assert last("healthy", "coherence") > 0.9
    assert 0 < last("healthy", "kl") < 20


def test_sign_flipped_is_coherent_and_maximally_bad() -> None:
    assert last("sign_flipped", "rating") < 2.5
    assert last("sign_flipped", "coherence") > 0.9
    assert 0 < last("sign_flipped", "kl") < 20


def test_the_two_runs_began_alike() -> None:
    healthy, flipped = (rows(name, "metrics.jsonl")[0] for name in ("healthy", "sign_flipped"))
    same = {"rating", "coach", "kl", "coherence", "entropy", "length"}
    assert {key: healthy[key] for key in same} == {key: flipped[key] for key in same}
    assert 4 < healthy["rating"] < 6
    first = [
        [s["text"] for s in rows(name, "samples.jsonl.gz") if s["step"] == 0] for name in ("healthy", "sign_flipped")
    ]
    assert first[0] == first[1]


def test_the_base_model_learned_and_keeps_to_the_names() -> None:
    facts, metrics = about("base")["facts"], rows("base", "metrics.jsonl")
    assert metrics[0]["perplexity"] > 100
    assert facts["perplexity"] < 3
    assert facts["names_kept"] > 0.8
    assert sum(path.stat().st_size for path in (ROOT / "runs/base").iterdir()) < 2_000_000


def test_the_values_coach_learned_to_guess() -> None:
    looks = rows("healthy", "coach.jsonl.gz")
    assert abs(looks[0]["held_out_r"]) < 0.5
    assert looks[-1]["held_out_r"] > 0.9
    assert len({tuple(truth for truth, _ in look["points"]) for look in looks}) == 1
