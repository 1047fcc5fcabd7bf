"""A look inside: the lens reads what the model says, the probe finds what is there, a push of nothing is nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("vaderSentiment")
pytest.importorskip("textblob")

import torch

from rushes.recipe import load as load_recipe
from rushes.rlhf import corpus, inside
from rushes.rlhf.language_model import LanguageModel, load

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "runs/records/inside"
PROMPTS = corpus.prompts("a look inside", 4)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    torch.set_num_threads(1)
    return load(ROOT / "runs/base")


def rows(file: str) -> list[dict[str, Any]]:
    content = (RECORD / file).read_bytes()
    return [json.loads(line) for line in (gzip.decompress(content) if file.endswith(".gz") else content).splitlines()]


def facts() -> dict[str, float]:
    told: dict[str, float] = json.loads((RECORD / "run.json").read_text(encoding="utf-8"))["facts"]
    return told


def push(model: LanguageModel, **changes: Any) -> inside.Push:
    width = model.model.config.n_embd
    direction = torch.randn(width, generator=torch.Generator().manual_seed(0))
    return inside.Push(**{"layer": 2, "direction": direction, "usual": torch.zeros(width), "alpha": 0.0, **changes})


def test_the_lens_at_the_last_layer_is_the_model_itself(model: LanguageModel) -> None:
    asked = model.ids(PROMPTS)
    seen, logits = inside.residuals(model, asked, model.write(asked, range(4), 20))
    assert len(seen) == model.model.config.n_layer + 1
    looks = inside.lens(model, seen)
    assert torch.equal(looks[-1], logits)
    assert not torch.equal(looks[-2], logits)


def test_the_first_residuals_are_the_embedding(model: LanguageModel) -> None:
    ids = model.ids(PROMPTS[:1])
    seen, _ = inside.residuals(model, ids, [[]])
    body = model.model.base_model
    assert torch.equal(seen[0, 0], body.wte.weight[ids[0]] + body.wpe.weight[: len(ids[0])])


def test_a_probe_finds_what_is_there_and_nothing_where_nothing_is() -> None:
    dice = torch.Generator().manual_seed(0)
    x = torch.randn(600, 8, generator=dice)
    there, nowhere = x[:, 3] > 0.2, torch.rand(600, generator=dice) > 0.5
    assert inside.probe(x[:300], there[:300]).accuracy(x[300:], there[300:]) > 0.95
    assert abs(inside.probe(x[:300], nowhere[:300]).accuracy(x[300:], nowhere[300:]) - 0.5) < 0.1


def test_a_push_of_nothing_changes_nothing_and_a_push_is_over_after_its_block(model: LanguageModel) -> None:
    asked = model.ids(PROMPTS)
    before = model.write(asked, range(4), 30)
    with inside.steered(model, push(model)):
        assert model.write(asked, range(4), 30) == before
    with inside.steered(model, push(model, alpha=5.0)):
        assert model.write(asked, range(4), 30) != before
    assert model.write(asked, range(4), 30) == before


def test_a_push_adds_its_direction_and_takes_out_what_was_there(model: LanguageModel) -> None:
    asked, told = model.ids(PROMPTS[:1]), [[5, 6, 7]]
    plain, _ = inside.residuals(model, asked, told)
    one = push(model, alpha=1.5)
    with inside.steered(model, one):
        moved, _ = inside.residuals(model, asked, told)
    torch.testing.assert_close(moved[2, 0, -1], plain[2, 0, -1] + 1.5 * one.direction)
    assert torch.equal(moved[2, 0, :-1], plain[2, 0, :-1])
    assert torch.equal(moved[:2], plain[:2])
    with inside.steered(model, push(model, removed=True)):
        without, _ = inside.residuals(model, asked, told)
    assert float((without[2, 0, -1] @ one.direction).abs()) < 1e-2 < float((plain[2, 0, -1] @ one.direction).abs())


def test_the_record_has_a_lens_for_every_layer_and_place() -> None:
    for row in rows("lens.jsonl.gz"):
        assert len(row["places"]) > 5
        for place in row["places"]:
            assert len(place["layers"]) == len(place["taken"]) == 5
            assert place["layers"][-1][0][0] == place["chosen"]
            assert all(0 <= p <= 1 for layer in place["layers"] for _, p in layer)


def test_the_probe_of_the_record_finds_rudeness_and_its_control_does_not() -> None:
    told, layers = facts(), rows("probe.jsonl.gz")
    assert [row["layer"] for row in layers] == [0, 1, 2, 3, 4]
    assert told["probe_accuracy"] == max(row["end_accuracy"] for row in layers) >= 0.9
    # the full stop itself says next to nothing: what is known there was carried there
    assert layers[0]["end_accuracy"] < 0.65
    assert all(abs(row[control] - 0.5) < 0.08 for row in layers for control in ("end_control", "answer_control"))
    best = layers[int(told["best_layer"])]["end_points"]
    rude, kind = ([x for x, _, r in best if r == which] for which in (1, 0))
    assert sum(rude) / len(rude) > sum(kind) / len(kind)


def test_the_direction_that_steers_tells_rude_from_kind_and_a_direction_of_shuffled_labels_does_not() -> None:
    told, layers = facts(), rows("probe.jsonl.gz")
    assert told["layers"] == len(layers) - 1
    points = layers[int(told["steering_layer"])]["answer_points"]
    shown = sum((along > 0) == rude for along, _, rude in points) / len(points)
    assert told["direction_accuracy"] > 0.9
    assert abs(told["direction_accuracy"] - shown) < 0.06  # the picture holds some of the held-out answers
    assert abs(told["direction_control"] - 0.5) < 0.08


def test_the_record_was_steered_both_ways() -> None:
    told, looks = facts(), rows("metrics.jsonl")
    strengths = load_recipe("inside", runs_dir=ROOT / "runs").mapping["strengths"]
    assert [(row["removed"], row["alpha"]) for row in looks] == [(r, a) for r in (0, 1) for a in strengths]
    at = {(row["removed"], row["alpha"]): row["rating"] for row in looks}
    assert told["rating_unsteered"] == at[0, 0.0]
    assert told["rating_minus"] == at[told["removed_first"], told["alpha_minus"]]
    assert told["rating_plus"] == at[told["removed_first"], told["alpha_plus"]]
    assert told["rating_unsteered"] - told["rating_plus"] >= 2
    assert told["rating_minus"] - told["rating_unsteered"] >= 2
    shown = [row for row in rows("steered.jsonl.gz") if row["alpha"] == 0 and not row["removed"]]
    base = gzip.decompress((ROOT / "runs/records/base/samples.jsonl.gz").read_bytes()).splitlines()
    assert [row["text"] for row in shown] == [json.loads(line)["text"] for line in base[-8:]]
