"""The listing of records, and two of them side by side."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

import pytest
from conftest import ROOT, WriteRecord
from PIL import Image
from rich.console import Console
from scipy import stats

from rushes import cli, recipe
from rushes.errors import RushesError
from rushes.house import House
from rushes.records import Records
from rushes.runs import EDITED, FIRST, Listed, compare, comparison, listing, plot, table
from rushes.shows import shown

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BEGAN = {"began": "2026-11-22T09:00:00+00:00"}


@pytest.fixture
def house(tmp_path: Path, record: WriteRecord) -> Path:
    """The project's recipes, and records made by hand: `healthy` with three seeds, one of them of an old recipe."""
    for name in ("runs", "notes", "rushes/rlhf"):
        left_out = shutil.ignore_patterns("records", "base", "__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out, dirs_exist_ok=True)
    now = {name: recipe.load(name, runs_dir=tmp_path / "runs").hash for name in ("healthy", "sign_flipped")}
    for seed, last in enumerate((8, 7, 9)):
        folder = "healthy" + (f".seed{seed}" if seed else "")
        ratings = (5, *[last] * 5)
        record(tmp_path, folder, ratings, name="healthy", seed=seed, recipe_hash=now["healthy"], **BEGAN)
    flipped = {"source": "x", "diff": "- return -cost"}
    record(tmp_path, "sign_flipped", (5, 4, 3, 2, 2, 2), recipe_hash="older", megacoach=flipped, **BEGAN)
    return tmp_path


def write_sweep(root: Path, record: WriteRecord) -> None:
    folder = record(root, "fan", **BEGAN)
    rows = [{"step": step, "variant": i, "rating": 5.0, "kl": 0.0} for step in (0, 1) for i in (0, 1)]
    ends = [{"variant": i, "rating": 5.0 + i, "kl": 0.5 * i, "coherence": 0.9} for i in (0, 1)]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "points.jsonl.gz").write_bytes(gzip.compress("".join(json.dumps(e) + "\n" for e in ends).encode()))
    told = json.loads((folder / "run.json").read_text())
    for name in ("metrics.jsonl", "points.jsonl.gz"):
        content = (folder / name).read_bytes()
        told["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "run.json").write_text(json.dumps(told))


def listed(root: Path) -> dict[str, Listed]:
    return {one.name: one for one in listing(root)}


def lines(root: Path, width: int = 160) -> list[str]:
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(table(listing(root), NOW))
    console.file.close()
    return console.export_text().splitlines()


def test_seeds_are_one_row_with_mean_and_spread(house: Path) -> None:
    healthy = listed(house)["healthy"]
    assert (healthy.seeds, healthy.steps, healthy.device, healthy.state) == ((0, 1, 2), 6, "cpu", "fresh")
    assert healthy.figures["rating"].values == (8.0, 7.0, 9.0)
    assert str(healthy.figures["rating"]) == "8.00 ± 1.00"
    assert "coherence" not in healthy.figures, "these records have none"
    (row,) = (line for line in lines(house) if line.strip().startswith("healthy"))
    assert row.split() == ["healthy", "tiny", "0", "1", "2", "cpu", "6", "8.00", "±", "1.00", "1.50", "±", "0.00",
                           "3", "h", "fresh"]  # fmt: skip


def test_what_is_stale_or_damaged_or_missing_says_what_to_do(house: Path) -> None:
    with open(house / "runs/records/healthy.seed2/metrics.jsonl", "a") as metrics:
        metrics.write("{}\n")
    found = listed(house)
    assert (found["sign_flipped"].state, str(found["sign_flipped"].figures["rating"])) == ("stale", "2.60")
    assert found["sign_flipped"].why == "older than runs/sign_flipped.yaml: rushes record sign_flipped"
    assert (found["base"].state, found["base"].why) == ("not recorded", "rushes record base")
    assert found["healthy.seed2"].state == "damaged"
    assert "metrics.jsonl has" in found["healthy.seed2"].why
    assert found["healthy"].seeds == (0, 1)


def test_a_sweep_shows_from_where_to_where_its_variants_ended(house: Path, record: WriteRecord) -> None:
    write_sweep(house, record)
    fan = listed(house)["fan"]
    assert {name: str(figure) for name, figure in fan.figures.items()} == {
        "rating": "5.00 to 6.00", "kl": "0.00 to 0.50", "coherence": "0.90 to 0.90",
    }  # fmt: skip
    assert fan.figures["rating"].spread is None
    with pytest.raises(RushesError, match="'fan' is a sweep"):
        compare(house, ("fan", "healthy"))


def test_a_look_inside_has_no_end_state_and_a_sweep_may_have_many_seeds() -> None:
    found = listed(ROOT)
    assert found["inside"].figures == {}
    assert found["feedback_loop"].seeds == (0, 1, 2, 3, 4)


def test_what_a_run_was_recorded_for_is_shown_over_its_seeds(house: Path) -> None:
    """The bars of the story that are no end state of every run."""
    found = {(one.run, one.name): one.figure for one in shown(ROOT) if one.size == "tiny"}
    assert min(found["fixation", "forbidden"].values) > 0.8
    assert min(found["ruler", "lost_removed"].values + found["ruler", "lost_swapped"].values) >= 20
    assert max(found["ruler", "control_lost_removed"].values + found["ruler", "control_lost_swapped"].values) < 5
    assert min(found["inside", "probe_accuracy"].values) >= 0.9
    for unsteered, kinder, ruder in zip(
        *(found["inside", f"rating_{way}"].values for way in ("unsteered", "minus", "plus")), strict=True
    ):
        assert kinder - 2 >= unsteered >= ruder + 2
    assert found["no_coherence_coach", "coach"].spread is not None
    assert found["feedback_loop", "rating_difference"].spread is None
    (house / "runs/records/healthy.seed2/metrics.jsonl").write_text("")
    assert shown(house) == [], "made by hand, of nothing that trains; a damaged one is passed over"


def test_numbers_survive_a_narrow_terminal(house: Path) -> None:
    text = "\n".join(lines(house, width=90))
    assert "8.00 ± 1.00" in text
    assert "…" not in text


def test_comparing_two_records(house: Path) -> None:
    a, b = compare(house, ("healthy", "sign_flipped"))
    assert comparison(a, b) == {
        "rating": (
            {"first": 5, "last": 8, "min": 5, "max": 8},
            {"first": 5, "last": 2.6, "min": 2, "max": 5},
        ),
        "kl": ({"first": 0, "last": 1.5, "min": 0, "max": 2.5},) * 2,
    }
    with pytest.raises(RushesError, match="no record 'helthy'\n  did you mean 'healthy'"):
        compare(house, ("helthy", "healthy"))


def test_the_plot_draws_each_curve_where_its_values_are(house: Path) -> None:
    a, b = compare(house, ("healthy", "sign_flipped"))
    picture = Image.open(plot(a, b, house / "build/two.png")).convert("RGB")
    assert picture.size == (1600, 640)

    def heights(colour: str) -> Iterator[int]:
        """Rows where the last column of the left panel's curves has this colour: the dot at the end."""
        want = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return (y for y in range(110, 600) if picture.getpixel((776, y)) == want)

    blue, red = (list(heights(colour)) for colour in (FIRST, EDITED))
    # rating 9 is at 120 and 1 at 570, so 8 is at 176 and 2 at 514
    assert abs(sum(blue) / len(blue) - 176) < 2
    assert abs(sum(red) / len(red) - 514) < 2


def test_the_command_prints_json_lines(
    house: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.house.House", lambda: House(root=house))
    assert cli.main(["runs", "--json"]) == 0
    said = list(map(json.loads, capsys.readouterr().out.splitlines()))
    told = {line["name"]: line for line in said if line["event"] == "run"}
    assert told["healthy"]["rating"] == {"mean": 8.0, "spread": 1.0, "low": 7.0, "high": 9.0}
    assert told["sign_flipped"]["state"] == "stale"
    assert cli.main(["runs", "compare", "healthy", "sign_flipped"]) == 0
    out = capsys.readouterr().out
    assert "2.6" in out
    assert out.splitlines()[-1] == "build/runs/healthy-sign_flipped.png"
    assert (house / "build/runs/healthy-sign_flipped.png").is_file()


def test_runs_are_listed_without_torch_or_manim() -> None:
    code = (
        "import sys; sys.modules['torch'] = sys.modules['manim'] = None; "
        "from pathlib import Path; from rushes.runs import listing; print(len(listing(Path('.'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 3


def test_a_run_that_was_stopped_by_hand_is_no_seed_of_the_whole_one(house: Path, record: WriteRecord) -> None:
    before = listed(house)["healthy"]
    record(house, "healthy.stopped", (1, 1, 1), name="healthy", recipe_hash="older", **BEGAN)
    after = listed(house)
    assert after["healthy"] == before
    assert after["healthy.stopped"].figures["rating"].values == (1,)
    assert after["healthy.stopped"].why == "older than runs/healthy.yaml: rushes record healthy"


def test_coherence_has_its_price() -> None:
    """`frontier`: a Coherence Coach that is heard more keeps the Apprentice nearer, and costs rating in the end."""
    ends = Records((ROOT,)).get("frontier").points()
    assert [end["beta"] for end in ends] == [0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
    free, half, whole = ends[0], ends[4], ends[5]
    assert whole["kl"] < half["kl"] < free["kl"] - 0.5
    assert whole["rating"] < free["rating"] - 0.7
    assert all(end["rating"] > 6 and end["coherence"] > 0.95 for end in ends)


def test_the_feedback_loop_is_what_its_seeds_show() -> None:
    """The bands and facts of `feedback_loop` follow from its metrics, reckoned here another way (scipy's)."""
    record = Records((ROOT,)).get("feedback_loop")
    seeds = record.info["recipe"]["vary"]["seed"]
    assert len(seeds) >= 5
    end: dict[tuple[int, int], float] = {}
    for labels in (16, 0):
        for seed in seeds:
            rows = [row for row in record.metrics if (row["labels_a_step"], row["seed"]) == (labels, seed)]
            end[labels, seed] = fmean(row["rating"] for row in rows[-5:])
    fell = [fmean(row["rating"] for row in record.metrics if not row["step"]) - mean for mean in end.values()]
    assert min(fell) > 2, "all ten sank"
    assert fmean(fell[len(seeds) :]) > 0.9 * fmean(fell[: len(seeds)]), "most of that fall needed no new marks"
    apart = stats.ttest_rel([end[16, s] for s in seeds], [end[0, s] for s in seeds])
    interval = apart.confidence_interval(0.95)
    shown = [record.facts[f"rating_difference{which}"] for which in ("", "_low", "_high")]
    assert shown == pytest.approx([(interval.low + interval.high) / 2, interval.low, interval.high], abs=1e-3)
    for band in record.bands():
        mean = fmean(
            row["rating"]
            for row in record.metrics
            if (row["step"], row["labels_a_step"]) == (band["step"], band["labels_a_step"])
        )
        assert band["rating"] == pytest.approx(mean, abs=1e-3)
        assert band["rating_low"] < mean < band["rating_high"]
