"""What is read from a record, and which records are refused."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, WriteRecord

from rushes import recipe
from rushes.measured import Reference, parse_reference
from rushes.record import RecordError
from rushes.records import Records


def test_a_reference_has_three_parts() -> None:
    assert parse_reference("healthy.rating.last") == Reference("healthy", "rating", "last")
    assert parse_reference("healthy.seed1.rating.last") == Reference("healthy.seed1", "rating", "last")
    assert parse_reference("healthy.rating") is None
    assert parse_reference("healthy..rating.last") is None
    assert parse_reference("2.5") is None


def test_statistics_of_a_column(repository: Path) -> None:
    calm = Records((repository,)).get("calm")
    values = {stat: calm.measure("rating", stat).value for stat in ("first", "last", "min", "max", "mean", "step3")}
    assert values == {"first": 5, "last": 7.4, "min": 5, "max": 8, "mean": 7, "step3": 7}
    assert calm.measure("rating", "last").steps == (2, 3, 4, 5, 6)
    assert calm.measure("facts", "parameters").value == 1234
    assert calm.at("kl", 2) == 0.5


@pytest.mark.parametrize(
    ("column", "stat", "message"),
    [
        ("ratng", "last", "no column 'ratng'\n  did you mean 'rating'?"),
        ("rating", "lst", "no statistic 'lst'\n  did you mean 'last'?"),
        ("rating", "step9", "no step 9\n  its steps are 1 to 6"),
        ("facts", "size", "no fact 'size'"),
    ],
)
def test_what_is_not_there_is_named(repository: Path, column: str, stat: str, message: str) -> None:
    with pytest.raises(RecordError, match=message.replace("?", r"\?")):
        Records((repository,)).get("calm").measure(column, stat)


def test_an_unknown_run(repository: Path) -> None:
    with pytest.raises(RecordError, match="no record of a run 'clam'\n  did you mean 'calm'"):
        Records((repository,)).get("clam")


def test_a_cut_file(repository: Path) -> None:
    file = repository / "runs/records/calm/samples.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(RecordError, match=r"truncated: samples.jsonl.gz has \d+ of \d+ bytes\n  .*rushes record calm"):
        Records((repository,)).get("calm")


def test_a_changed_file(repository: Path) -> None:
    file = repository / "runs/records/calm/metrics.jsonl"
    file.write_text(file.read_text().replace("5.0", "9.0"))
    with pytest.raises(RecordError, match=r"metrics\.jsonl is not what was recorded"):
        Records((repository,)).get("calm")


def test_a_cut_run_json(repository: Path) -> None:
    file = repository / "runs/records/calm/run.json"
    file.write_text(file.read_text()[:50])
    with pytest.raises(RecordError, match=r"damaged: run\.json is cut short"):
        Records((repository,)).get("calm")


def test_a_format_from_the_future(repository: Path, record: WriteRecord) -> None:
    record(repository, "calm", format=2)
    with pytest.raises(RecordError, match="has format 2; this rushes reads up to 1\n  update rushes"):
        Records((repository,)).get("calm")


@pytest.mark.parametrize("format", [0, -1, None, "1", True])
def test_a_format_that_never_was(repository: Path, record: WriteRecord, format: object) -> None:
    record(repository, "calm", format=format)
    with pytest.raises(RecordError, match=r"says no format that this rushes knows\n  .*rushes record calm"):
        Records((repository,)).get("calm")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("file", ["metrics.jsonl", "samples.jsonl.gz", "run.json"])
def test_a_number_that_is_none(repository: Path, file: str, number: str) -> None:
    """Written by hand with the right hash: no recording lets it through."""
    folder = repository / "runs/records/calm"
    place, about = folder / file, json.loads((folder / "run.json").read_text())
    if file == "run.json":
        place.write_text(place.read_text().replace("1234", number))
    else:
        packed = file.endswith(".gz")
        text = gzip.decompress(place.read_bytes()) if packed else place.read_bytes()
        assert b"5.0" in text
        text = text.replace(b"5.0", number.encode())
        place.write_bytes(gzip.compress(text, mtime=0) if packed else text)
        content = place.read_bytes()
        about["files"][file] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        (folder / "run.json").write_text(json.dumps(about))
    with pytest.raises(RecordError, match=f"holds {number}, which is no number"):
        Records((repository,)).get("calm").samples()


def test_a_record_older_than_its_recipe(tmp_path: Path, record: WriteRecord) -> None:
    for name in ("runs", "notes", "rushes/rlhf"):
        left_out = shutil.ignore_patterns("records", "base", "__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out, dirs_exist_ok=True)
    runs = tmp_path / "runs"
    record(tmp_path, "healthy", recipe_hash=recipe.load("healthy", "tiny", runs).hash)
    assert Records((tmp_path,)).get("healthy").name == "healthy"
    yaml = runs / "healthy.yaml"
    yaml.write_text(yaml.read_text().replace("beta: 0.1", "beta: 0.2"))
    with pytest.raises(RecordError, match=r"older than its recipe, runs/healthy.yaml\n  .*rushes record healthy"):
        Records((tmp_path,)).get("healthy")


def test_the_digest_is_of_what_a_film_may_show(repository: Path, record: WriteRecord) -> None:
    before = Records((repository,)).get("calm").digest
    record(repository, "calm", began="later", seconds=99.0)
    assert Records((repository,)).get("calm").digest == before
    record(repository, "calm", (5, 6))
    assert Records((repository,)).get("calm").digest != before


def test_sizes_are_kept_apart(repository: Path, record: WriteRecord) -> None:
    record(repository, "calm.gpu", name="calm", size="gpu")
    assert Records((repository,)).names == ("calm", "wild")
    assert Records((repository,), "gpu").names == ("calm",)
    assert Records((repository,), "gpu").get("calm").size == "gpu"


def test_a_name_with_a_dot_is_a_records_folder(repository: Path, record: WriteRecord) -> None:
    record(repository, "calm.gpu.seed1", (9, 9), name="calm", size="gpu", seed=1)
    for size in ("tiny", "gpu"):
        other = Records((repository,), size).get("calm.gpu.seed1")
        assert (other.name, other.size, other.seed) == ("calm", "gpu", 1)
        assert other.measure("rating", "last").value == 9
    with pytest.raises(RecordError, match=r"no record runs/records/calm\.seed1\n  did you mean 'calm.gpu.seed1'"):
        Records((repository,)).get("calm.seed1")
    with pytest.raises(RecordError, match=r"no record runs/records/../records/calm"):
        Records((repository,)).get("../records/calm")


def test_a_damaged_record_of_another_seed_says_how_to_record_that_one(repository: Path, record: WriteRecord) -> None:
    file = record(repository, "calm.gpu.seed1", name="calm", size="gpu", seed=1) / "metrics.jsonl"
    file.write_text(file.read_text().replace("5.0", "9.0"))
    with pytest.raises(RecordError, match=r"rushes record calm --size gpu --seed 1$"):
        Records((repository,)).get("calm.gpu.seed1")
