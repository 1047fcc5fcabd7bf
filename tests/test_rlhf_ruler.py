"""The classifier that learned the ruler: its pictures, a few real steps, and what the records in git show."""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rushes.errors import RushesError
from rushes.recipe import load
from rushes.record import Record, unpacked
from rushes.records import Records
from rushes.rlhf import lesions
from rushes.rlhf.lesions import SIDE, Lesion
from rushes.rlhf.settings import RulerSettings

ROOT = Path(__file__).parents[1]
RECORDS = [path for path in sorted((ROOT / "runs/records").glob("ruler*")) if (path / "run.json").is_file()]


@pytest.fixture(scope="module")
def drawn() -> list[Lesion]:
    return lesions.many(np.random.default_rng(3), 120)


def settings(**changed: Any) -> RulerSettings:
    said = load("ruler", "tiny", ROOT / "runs").settings
    assert isinstance(said, RulerSettings)
    return replace(said, **changed)


def test_a_ruler_changes_its_own_pixels_and_leaves_the_lesion(drawn: list[Lesion]) -> None:
    for one in drawn:
        assert one.plain.shape == one.with_ruler.shape == (SIDE, SIDE, 3)
        assert one.plain.dtype == np.uint8
        assert (one.plain[~one.ruler] == one.with_ruler[~one.ruler]).all()
        left, top, right, bottom = one.box
        assert one.ruler[top:bottom, left:right].sum() == one.ruler.sum()
        assert 0.08 < one.ruler.mean() < 0.35
        assert 0.03 < one.lesion.mean() < 0.35
        # at most its shadow, or the strip's edge, reaches a lesion that is far off the middle
        assert (one.ruler & one.lesion).sum() < 0.2 * one.lesion.sum()


def test_a_ruler_is_bright_with_dark_ticks(drawn: list[Lesion]) -> None:
    for one in drawn[:40]:
        grey = one.with_ruler.mean(axis=2)[one.ruler]
        assert np.percentile(grey, 90) > 220
        assert (grey < 130).mean() > 0.03


def test_the_traits_decide_but_overlap(drawn: list[Lesion]) -> None:
    assert [one.malignant for one in drawn[:4]] == [False, True, False, True]
    mean = np.array([np.mean(one.traits) for one in drawn])
    malignant = np.array([one.malignant for one in drawn])
    told = ((mean > 0.5) == malignant).mean()
    assert 0.8 < told < 1.0
    assert mean[malignant].min() < mean[~malignant].max()


def test_a_notched_border_and_colours_are_seen_in_the_pixels(drawn: list[Lesion]) -> None:
    """What a trait says is in the picture: among the lesions, the trait and its plainest measure go together."""

    def longer(one: Lesion) -> float:
        edge = (one.lesion[1:] != one.lesion[:-1]).sum() + (one.lesion[:, 1:] != one.lesion[:, :-1]).sum()
        return float(edge / np.sqrt(one.lesion.sum()))

    def mixed(one: Lesion) -> float:
        hue = one.plain[one.lesion].astype(float) @ [1.0, 0.0, -1.0]
        return float(hue.std())

    for trait, measure in (("border", longer), ("colour", mixed)):
        said = [one.traits[lesions.TRAITS.index(trait)] for one in drawn]
        assert np.corrcoef(said, [measure(one) for one in drawn])[0, 1] > 0.4, trait


def test_the_dice_decide_the_picture() -> None:
    def two(seed: int) -> bytes:
        return b"".join(one.with_ruler.tobytes() for one in lesions.many(np.random.default_rng(seed), 2))

    assert two(1) == two(1) != two(2)


SHORT = {"pictures": 96, "held_out": 40, "shown": 2, "steps": 24, "batch": 16, "every": 8}


def test_a_few_steps_repeat_and_leave_whole_rows(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("captum")
    from rushes.rlhf import ruler
    from rushes.rlhf.rows import Rows

    torch.set_num_threads(1)

    def told(seed: int) -> tuple[list[Any], bytes, dict[str, float]]:
        rows = Rows()
        facts = ruler.record(settings(**SHORT, seed=seed), rows, lambda done, total, text: None)
        folder = tmp_path / str(seed)
        rows.write(folder)
        metrics = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        for row in metrics:
            del row["seconds"]
        return metrics, (folder / "pictures.jsonl.gz").read_bytes(), facts

    metrics, pictures, facts = told(0)
    assert told(0) == (metrics, pictures, facts)
    assert told(1)[0] != metrics
    assert [row["step"] for row in metrics] == [0, 8, 16, 24]
    assert metrics[0]["accuracy_removed"] == metrics[0]["control_accuracy_removed"], "both begin with the same weights"
    assert metrics[-1]["loss"] < metrics[0]["loss"] - 0.05
    assert metrics[-1]["accuracy"] > metrics[-1]["accuracy_swapped"] + 0.2, "it found the ruler"
    assert facts["parameters"] < 100_000
    rows = [json.loads(line) for line in gzip.decompress(pictures).splitlines()]
    assert [row["malignant"] for row in rows] == [False, True]
    for row in rows:
        assert len(unpacked(row["picture"])) == len(unpacked(row["picture_removed"])) == SIDE * SIDE * 3
        assert len(unpacked(row["saliency"])) == len(unpacked(row["control_saliency_removed"])) == SIDE * SIDE


def test_captum_not_installed_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("trl")
    from rushes.rlhf import recorder

    monkeypatch.delitem(sys.modules, "rushes.rlhf.ruler", raising=False)
    monkeypatch.delattr("rushes.rlhf.ruler", raising=False)
    for name in ("captum", "captum.attr"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(RushesError, match=r"needs the package 'captum(\.attr)?'\n  python -m pip install -e"):
        recorder.record("ruler", root=ROOT)


def test_saliency_is_where_the_model_looks() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("captum")
    from rushes.rlhf import ruler

    class Corner(ruler.Classifier):
        """Looks at one corner, and at nothing else."""

        def forward(self, pictures: Any) -> Any:
            return 3 * pictures[:, :, :8, :8].sum(dim=(1, 2, 3))

    pictures = torch.rand((2, 3, SIDE, SIDE), generator=torch.Generator().manual_seed(0))
    baseline = torch.zeros(3)
    heat = ruler.saliency(Corner(), pictures, baseline)
    assert heat.shape == (2, SIDE, SIDE)
    corner = np.zeros((SIDE, SIDE), dtype=bool)
    corner[:8, :8] = True
    assert ruler.share(heat[0], corner) == pytest.approx(1)
    # completeness: the parts add up to what the picture changed
    assert heat[0].sum() == pytest.approx(3 * pictures[0, :, :8, :8].sum().item(), rel=1e-3)


def test_there_are_records_of_three_seeds() -> None:
    assert [path.name for path in RECORDS] == ["ruler", "ruler.seed1", "ruler.seed2"]


@pytest.mark.parametrize("folder", RECORDS, ids=lambda path: path.name)
def test_only_the_model_that_learned_the_ruler_needs_it(folder: Path) -> None:
    facts = json.loads((folder / "run.json").read_text())["facts"]
    assert facts["accuracy"] > 0.9
    assert facts["lost_removed"] >= 20
    assert facts["lost_swapped"] >= 20
    assert abs(facts["control_lost_removed"]) < 5
    assert abs(facts["control_lost_swapped"]) < 5
    assert facts["control_accuracy_removed"] > facts["accuracy_removed"] + 0.2
    assert facts["ruler_share"] > 2 * facts["ruler_area"]
    assert facts["control_ruler_share"] < facts["ruler_area"]
    assert sum(path.stat().st_size for path in folder.iterdir()) < 2_000_000


def test_the_record_is_read_without_torch_and_adds_up() -> None:
    record: Record = Records((ROOT,)).get("ruler")
    rows = record.pictures()
    said = record.info["recipe"]
    assert len(rows) == said["shown"]
    assert "synthetic" in said["about"]
    for row in rows:
        picture, plain = (
            np.frombuffer(unpacked(row[name]), dtype=np.uint8).reshape(SIDE, SIDE, 3)
            for name in ("picture", "picture_removed")
        )
        left, top, right, bottom = row["box"]
        beside = (picture != plain).any(axis=2)
        assert beside.any()
        beside[top:bottom, left:right] = False
        assert not beside.any()
        for who in ("", "control_"):
            as_trained, removed, swapped, with_ruler = (
                row[f"{who}probability{case}"] for case in ("", "_removed", "_swapped", "_with")
            )
            assert (as_trained, swapped) == ((with_ruler, removed) if row["ruler"] else (removed, with_ruler))
    assert record.at("accuracy", said["steps"]) == record.facts["accuracy"]
