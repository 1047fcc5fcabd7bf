"""Records of runs that never were, for the extremes: made from a recorded one, in its format, and shown to no one."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import ROOT

Row = dict[str, Any]
END = "<|endoftext|>"


@dataclass
class Rows:
    """What a record says, read to be changed."""

    about: Row
    metrics: list[Row]
    files: dict[str, list[Row]]


def made_record(
    root: Path, run: str, ending: str, *, rating: int | None = None, tokens: int | None = None, steps: int | None = None
) -> str:
    """A record `run.ending` below `root`: the recorded run with every mark, every answer's tokens or its steps changed.

    Longer answers are several recorded ones after one another; more steps are the recorded ones drawn out, and fewer
    are the first of them. A base model keeps its steps, which its script names.
    """
    rows = recorded(run)
    files = rows.files
    if steps is not None:
        rows.metrics = _over(rows.metrics, files, rows.about, steps)
    written = [*files["samples"], *files.get("draws", ())]
    if tokens is not None:
        for row in written:
            _say(row, written, tokens)
        guesses = files.get("tokens", [])
        for row in guesses:
            row["steps"] = [*row["steps"], *(step for one in guesses for step in one["steps"])][:tokens]
    if rating is not None:
        for row in rows.metrics:
            row |= {"rating": float(rating)} if "rating" in row else {}
        for row in [*written, *files.get("labels", ())]:
            row["rating"] = rating
    write(rows, root, f"{run}.{ending}")
    return f"{run}.{ending}"


def recorded(run: str) -> Rows:
    """What is recorded of a run."""
    folder = ROOT / "runs" / "records" / run
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    files = {path.name.removesuffix(".jsonl.gz"): _read(path) for path in folder.glob("*.jsonl.gz")}
    return Rows(about, _read(folder / "metrics.jsonl"), files)


def write(rows: Rows, root: Path, name: str) -> None:
    """The record of that name below `root`."""
    folder, about = root / "runs" / "records" / name, rows.about
    folder.mkdir(parents=True)
    (folder / "metrics.jsonl").write_text(_lines(rows.metrics), encoding="utf-8")
    for kind, told in rows.files.items():
        (folder / f"{kind}.jsonl.gz").write_bytes(gzip.compress(_lines(told).encode(), mtime=0))
    about["files"] = {
        path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.iterdir())
    }
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    if not (root / "notes").exists():
        (root / "notes").symlink_to(ROOT / "notes")  # the guideline is read from where the record is


def _read(path: Path) -> list[Row]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _over(metrics: Sequence[Row], files: Mapping[str, list[Row]], about: Row, steps: int) -> list[Row]:
    """Make the run so many steps long; its metrics."""
    last = metrics[-1]["step"]
    if steps < last:
        kept = sorted({row["step"] for row in files["samples"]})[: steps + 1]
        panel = dict(zip(kept, range(steps + 1), strict=True))
        marks = {step: step for step in range(steps + 1)}
        metrics = metrics[: steps + 1]
    else:
        marks = {step: round(step * steps / last) for step in range(last + 1)}
        panel = {row["step"]: marks[row["step"]] for row in files["samples"]}
        metrics = [{**metrics[step * last // steps], "step": step} for step in range(steps + 1)]
    files["samples"][:] = [{**row, "step": panel[row["step"]]} for row in files["samples"] if row["step"] in panel]
    files["labels"][:] = [{**row, "step": marks[row["step"]]} for row in files["labels"] if row["step"] in marks]
    about["recipe"] |= {"steps": steps, "panel": sorted(set(panel.values()))}
    about["facts"]["samples"] = (steps + 1) * about["recipe"]["prompts"] * about["recipe"]["samples"]
    about["facts"]["labels"] = len(files["labels"])
    if "stopped_at" in about["facts"]:
        about["facts"]["stopped_at"] = metrics[-1]["step"]
    return list(metrics)


def _say(row: Row, rows: Sequence[Row], tokens: int) -> None:
    """Give an answer so many tokens, its end among them: its own first, then those of other answers."""
    at = rows.index(row)
    per_token = [key for key, value in row.items() if isinstance(value, list) and len(value) == len(row["tokens"])]
    said: dict[str, list[Any]] = {key: [] for key in per_token if key != "rules"}
    ends = {key: row[key][-1] for key in said} | {"tokens": END, "ids": 0}  # one that was cut off has no end
    for one in [*rows[at:], *rows[:at]]:
        count = len(one["tokens"]) - (one["tokens"][-1] == END)
        for key, values in said.items():
            values += one[key][:count]
    for key, values in said.items():
        values[tokens - 1 :] = [ends[key]]
    text = "".join(said["tokens"]).removesuffix(END).strip()
    row.update(said, text=text, kl=round(sum(said["logp"]) - sum(said["ref_logp"]), 4))
