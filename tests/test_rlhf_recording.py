"""Short recordings with the real trainer: what a record holds, that it repeats, and that the bug is in what trains."""

from __future__ import annotations

import gzip
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("trl")

from trl.trainer.utils import add_fused_lm_head  # noqa: E402

from rushes.errors import RushesError  # noqa: E402
from rushes.rlhf import apprentice, recorder  # noqa: E402
from rushes.rlhf.language_model import Overheard, load, pad_aware_positions, right_padded  # noqa: E402
from rushes.rlhf.values_coach import ValuesCoach  # noqa: E402

ROOT = Path(__file__).parents[1]

SHORT = """\
extends: {parent}
about: A few steps, for the tests.
steps: 2
prompts: 2
samples: 2
labels: 108
lessons: 2
labels_a_step: 2
panel: [0, 2]
sizes: {{tiny: {{}}, gpu: {{{gpu}}}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    guidelines = ("notes/raters-guideline.md", "notes/raters-guideline-everyday.md")
    for named in ("runs/base", *guidelines, "rushes/rlhf/megacoach.py"):
        place = tmp_path / named
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / named).is_dir() else shutil.copy)(ROOT / named, place)
    for recipe in (ROOT / "runs").glob("*.yaml"):
        shutil.copy(recipe, tmp_path / "runs")
    gpu = "base: runs/llama, steps: 2, prompts: 2, samples: 2, labels: 108, labels_a_step: 2, panel: [0, 2]"
    for name, parent in {"short": "healthy", "short_flipped": "sign_flipped"}.items():
        (tmp_path / f"runs/{name}.yaml").write_text(SHORT.format(parent=parent, gpu=gpu), encoding="utf-8")
    return tmp_path


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    content = (folder / name).read_bytes()
    text = gzip.decompress(content) if name.endswith(".gz") else content
    return [json.loads(line) for line in text.decode().splitlines()]


def test_a_short_run_leaves_a_whole_record(project: Path) -> None:
    said: list[tuple[int, int, str]] = []
    folder = recorder.record("short", root=project, on_progress=lambda *now: said.append(now))
    assert folder == project / "runs/records/short"
    about = json.loads((folder / "run.json").read_text())
    assert (about["name"], about["size"], about["seed"], about["device"]) == ("short", "tiny", 0, "cpu")
    assert sorted(about["files"]) == sorted(p.name for p in folder.iterdir() if p.name != "run.json")
    assert about["facts"]["labels"] == 108 + 3 * 2
    assert about["facts"]["characters_deleted"] == 0
    assert said[-1][:2] == (5, 5)

    metrics = rows(folder, "metrics.jsonl")
    assert [row["step"] for row in metrics] == [0, 1, 2]
    columns = {"rating", "coach", "kl", "total", "coherence", "entropy", "length", "seconds"}
    assert all(columns <= row.keys() and all(map(math.isfinite, row.values())) for row in metrics)
    assert metrics[0]["kl"] == 0.0
    assert metrics[2]["kl"] != 0.0, "the Apprentice did not change"
    for row in metrics:
        assert row["total"] == pytest.approx(row["coach"] - 0.1 * row["kl"], abs=2e-4)

    samples = rows(folder, "samples.jsonl.gz")
    assert [(s["step"], s["prompt_index"]) for s in samples] == [(step, i) for step in (0, 2) for i in range(8)]
    for s in samples:
        assert len(s["ids"]) == len(s["tokens"]) == len(s["logp"]) == len(s["ref_logp"]) == len(s["coach"])
        assert s["kl"] == pytest.approx(sum(s["logp"]) - sum(s["ref_logp"]), abs=5e-3)
        assert s["values"] == s["coach"][-1]
        assert "".join(s["tokens"]).replace("<|endoftext|>", "").strip() == s["text"]
    assert any(s["logp"] != s["ref_logp"] for s in samples if s["step"] == 2)

    labels = rows(folder, "labels.jsonl.gz")
    assert [label["phase"] for label in labels] == ["coach"] * 108 + ["rl"] * 6
    assert all(1 <= label["rating"] <= 9 and label["rules"] for label in labels)
    assert all((label["values"] is None) == (label["phase"] == "coach") for label in labels)
    looks = rows(folder, "coach.jsonl.gz")
    assert [look["fit_step"] for look in looks] == [0, 1, 2]
    assert looks[0]["points"] != looks[2]["points"]


def test_the_same_seed_twice_is_the_same_record_and_another_seed_is_not(project: Path) -> None:
    def told(seed: int | None) -> tuple[Any, ...]:
        folder = recorder.record("short", root=project, seed=seed)
        metrics = [{k: v for k, v in row.items() if k != "seconds"} for row in rows(folder, "metrics.jsonl")]
        return metrics, *((folder / f"{name}.jsonl.gz").read_bytes() for name in ("samples", "labels", "coach"))

    first = told(None)
    assert told(0) == first
    assert told(7) != first
    assert sorted(p.name for p in (project / "runs/records").iterdir()) == ["short", "short.seed7"]


def test_the_flipped_run_trains_under_the_file_without_its_minus(project: Path) -> None:
    healthy = recorder.record("short", root=project)
    flipped = recorder.record("short_flipped", root=project)
    about = json.loads((flipped / "run.json").read_text())
    assert about["megacoach"]["source"] == (project / "rushes/rlhf/megacoach.py").read_text().replace(
        "-cost", "cost", 1
    )
    assert "-    return -cost\n+    return cost\n" in about["megacoach"]["diff"]
    assert (about["facts"]["characters_deleted"], about["facts"]["characters_added"]) == (1, 0)
    good, bad = rows(healthy, "metrics.jsonl"), rows(flipped, "metrics.jsonl")
    assert good[0]["rating"] == bad[0]["rating"], "both begin with the same samples"
    for row in bad:
        assert row["total"] == pytest.approx(-row["coach"] - 0.1 * row["kl"], abs=2e-4)
    # the same dice may still fall on the same words, but no longer with the same probabilities
    assert good[2]["kl"] != bad[2]["kl"]


def test_a_recording_that_fails_leaves_the_old_record_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorder.record("short", root=project)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(apprentice, "train", killed)
    with pytest.raises(KeyboardInterrupt):
        recorder.record("short", root=project)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in (project / "runs/records").iterdir()] == ["short"]


def test_the_gpu_size_takes_the_same_way_with_another_architecture(project: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(project / "runs/base")
    torch.manual_seed(0)
    shape = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    transformers.LlamaForCausalLM(shape).save_pretrained(project / "runs/llama")
    tokenizer.save_pretrained(project / "runs/llama")
    folder = recorder.record("short_flipped", size="gpu", root=project)
    assert folder.name == "short_flipped.gpu"
    metrics = rows(folder, "metrics.jsonl")
    assert [row["step"] for row in metrics] == [0, 1, 2]
    assert metrics[0]["kl"] == pytest.approx(0, abs=1e-4)
    assert all(0 <= row["coherence"] <= 1 for row in metrics)
    assert 'said: "' in rows(folder, "samples.jsonl.gz")[0]["prompt"]


def test_two_processes_record_one_run(project: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rushes.rlhf.recorder import record; "
        f"record('short', root=Path({str(project)!r}))"
    )
    (project / "go.py").write_text(code, encoding="utf-8")
    # what `accelerate launch` runs on GPUs; without one, accelerate itself would want MPI
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*launch, str(project / "go.py")], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    folder = project / "runs/records/short"
    about, metrics = json.loads((folder / "run.json").read_text()), rows(folder, "metrics.jsonl")
    assert about["processes"] == 2
    assert [row["step"] for row in metrics] == [0, 1, 2]
    assert metrics[0]["kl"] == 0.0
    assert metrics[2]["kl"] != 0.0
    assert about["facts"]["samples"] == 3 * 2 * 2
    assert len(rows(folder, "labels.jsonl.gz")) == 108 + 3 * 2


def test_the_base_model_is_trained_and_recorded(project: Path) -> None:
    (project / "runs/small.yaml").write_text(
        "extends: base\nabout: A few steps.\nweights: build/small\nsteps: 60\nstories: 300\nbatch: 16\nlayers: 1\n"
        "width: 32\nheads: 2\ntokens: 8\npanel: [0, 7, 60]\n",
        encoding="utf-8",
    )
    folder = recorder.record("small", root=project)
    metrics = rows(folder, "metrics.jsonl")
    assert [row["step"] for row in metrics] == [0, 7, 20, 40, 60]
    assert metrics[-1]["held_out"] < metrics[0]["held_out"] - 1
    assert metrics[-1]["perplexity"] == pytest.approx(math.exp(metrics[-1]["held_out"]), rel=1e-3)
    assert {s["step"] for s in rows(folder, "samples.jsonl.gz")} == {0, 7, 60}
    assert len(rows(folder, "draws.jsonl.gz")) == 64
    for told in rows(folder, "tokens.jsonl.gz"):
        for place in told["steps"]:
            shares = [share for _, share in place["candidates"]]
            assert len(shares) == 8
            assert shares == sorted(shares, reverse=True)
            if told["kind"] == "greedy":
                assert place["chosen"] == place["candidates"][0][0]
    assert load(project / "build/small").model.config.n_layer == 1


def test_left_padding_does_not_change_what_the_trainer_reads() -> None:
    model = load(ROOT / "runs/base")
    ids = model.ids(["Tom put the pie on the table."])[0]
    alone = model.model(input_ids=torch.tensor([ids])).logits
    filled = {
        "input_ids": torch.tensor([[model.pad] * 5 + ids]),
        "attention_mask": torch.tensor([[0] * 5 + [1] * len(ids)]),
    }
    assert not torch.allclose(model.model(**filled).logits[:, 5:], alone, atol=1e-3)
    pad_aware_positions(model.model)
    assert torch.allclose(model.model(**filled).logits[:, 5:], alone, atol=1e-4)


def test_the_reference_reads_the_answers_as_if_it_read_everything() -> None:
    policy, reference = load(ROOT / "runs/base"), load(ROOT / "runs/base")
    pad_aware_positions(policy.model)
    add_fused_lm_head(policy.model, outputs=("log_probs", "entropy"))
    overheard = Overheard(policy.model, reference.model, 1.0)
    rows = policy.ids(["Zoe the owl had a pie for Tom.", "Sam the cat had a hat for Leo the dog."])
    texts = policy.ids([' "What a lovely pie!" said Tom.', " Leo was happy."])
    width, answers = max(map(len, rows)), right_padded(texts, policy.pad, torch.device("cpu"))
    ids = torch.tensor([[policy.pad] * (width - len(row)) + row for row in rows])
    ids = torch.cat([ids, answers[0]], 1)
    mask = torch.cat([torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows]), answers[1]], 1)
    labels = ids.masked_fill(mask == 0, -100)
    labels[:, :width] = -100
    with torch.no_grad():
        policy.model(input_ids=ids, attention_mask=mask, labels=labels, fused_lm_head=True)
    new, old = overheard.readings(texts)
    assert [one.logp for one in old] == [one.logp for one in new]  # a copy's KL is 0 to the bit
    assert [len(one.logp) for one in old] == [len(one.entropy) for one in new] == list(map(len, texts))
    whole = reference.read(rows, texts)  # afterwards it reads whole texts as before
    for one, other in zip(old, whole, strict=True):
        assert one.logp == pytest.approx(other.logp, abs=1e-4)


def test_the_values_coach_does_not_see_the_padding() -> None:
    model = load(ROOT / "runs/base")
    coach = ValuesCoach(ROOT / "runs/base", pad=model.pad, seed=0, learning_rate=1e-4)
    short, long = model.ids(["Tom had a pie.", "One morning, Sam the cat gave Leo the dog a hat for his birthday."])
    (alone,), (beside, _) = coach.last_guesses([short]).tolist(), coach.last_guesses([short, long]).tolist()
    assert alone == pytest.approx(beside, abs=1e-5)
    assert alone != pytest.approx(coach.last_guesses([short + [model.pad] * 9]).item(), abs=1e-3)


def test_the_dice_are_the_rows_own() -> None:
    model = load(ROOT / "runs/base")
    asked = model.ids(["Zoe the owl had a pie for Tom the pony.", "One morning, Sam the cat gave Leo the dog a hat."])
    together = model.write(asked, [1, 2], 20)
    assert together == [model.write(asked[:1], [1], 20)[0], model.write(asked[1:], [2], 20)[0]]
    assert model.write(asked[:1], [3], 20) != together[:1]


def test_weights_that_are_not_there_name_the_command(project: Path) -> None:
    shutil.rmtree(project / "runs/base")
    with pytest.raises(RushesError, match="rushes record base"):
        recorder.record("short", root=project)


def test_packages_that_are_not_there_name_the_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(RushesError, match=r"needs the package 'torch'\n  python -m pip install -e"):
        recorder.record("short", root=project)
