"""Records a run: `record("healthy", size="tiny", ...)` -> runs/records/healthy/.

A record is a folder that appears whole or not at all: it is written elsewhere, `run.json` last, and then put in
its place. Every file is a pure function of the recipe, the seed and the machine's arithmetic, but for the seconds.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rushes.cache import digest, write_whole
from rushes.errors import RushesError
from rushes.recipe import load
from rushes.rlhf.andon import read_condition
from rushes.rlhf.rows import Progress, Rows, rounded
from rushes.rlhf.settings import (
    BaseSettings,
    InsideSettings,
    OffSwitchSettings,
    RulerSettings,
    RunSettings,
    SlopeSettings,
    SweepSettings,
)

__all__ = ["device_of", "record"]

FORMAT = 1
PACKAGES = (
    "torch",
    "transformers",
    "trl",
    "tokenizers",
    "accelerate",
    "datasets",
    "vaderSentiment",
    "textblob",
    "captum",
)


def record(
    name: str,
    *,
    size: str = "tiny",
    seed: int | None = None,
    stop_when: str | None = None,
    root: Path,
    save_every: int | None = None,
    jobs: int = 0,
    on_progress: Progress | None = None,
) -> Path:
    """Train a run and keep what happened; go on with it where it was killed.

    Args:
        name: the recipe, `root/runs/NAME.yaml`.
        size: "tiny" (one CPU core) or "gpu".
        seed: another seed than the recipe's; the record's folder then says so.
        stop_when: another andon cord than the recipe's, as in "rating < 3"; the record's folder then says so.
        root: the project's folder.
        save_every: steps from one checkpoint to the next, instead of 10 of a run (40 of the size gpu) and 200 of a base
            model.
        jobs: how many runs of a sweep are trained beside one another; 0 for one a core, or as many as fit on the GPU.
        on_progress: told after every step.

    Returns:
        The record's folder.

    Raises:
        RushesError: no such recipe or size, its packages are not installed, there is no GPU, or the training stopped:
            NaN, a full disk, no weights, not enough memory. The rows until then and the checkpoint are kept.
    """
    recipe = load(name, size, root / "runs")
    own = seed is None or seed == recipe.settings.seed
    settings = recipe.settings if seed is None else replace(recipe.settings, seed=seed)
    folder = name + ("" if size == "tiny" else f".{size}") + ("" if own else f".seed{seed}")
    changed: dict[str, Any] = {"seed": settings.seed}
    if stop_when is not None:
        if not isinstance(settings, RunSettings) or isinstance(settings, SweepSettings):
            raise RushesError(f"'{name}' has no andon cord: only the run of one Apprentice is stopped by its metrics")
        if (said := str(read_condition(stop_when))) != settings.stop_when:
            settings = replace(settings, stop_when=said)
            folder += ".stopped"
            changed["stop_when"] = said
    try:
        import torch
        from accelerate import PartialState

        from rushes.rlhf import apprentice, base
        from rushes.rlhf.beside import at_a_time
        from rushes.rlhf.checkpoints import kept
        from rushes.rlhf.failures import mendable
        from rushes.rlhf.process import on_one_core, quiet

        if isinstance(settings, RulerSettings):
            from rushes.rlhf import ruler
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("rushes"):
            raise
        raise RushesError(
            f"recording needs the package '{missing.name}'\n  python -m pip install -e '.[train]'"
        ) from missing
    quiet()
    device = device_of(size)
    if device == "cpu":
        on_one_core()
    crew = PartialState(cpu=device == "cpu")
    if crew.num_processes > 1 and (not isinstance(settings, RunSettings) or isinstance(settings, SweepSettings)):
        raise RushesError(f"'{name}' is recorded by one process: only the run of one Apprentice is shared by several")
    began, rows = datetime.now(UTC), Rows()
    say: Progress = (on_progress if crew.is_main_process else None) or (lambda done, total, text: None)
    work = root / "build" / "recording" / folder
    packages = {"python": sys.version.split()[0], **{p: v for p in PACKAGES if (v := _version(p))}}
    code = {path.name: path for path in Path(__file__).parent.glob("*.py")}
    key = digest(
        {
            "recipe": recipe.hash,
            "changed": changed,
            "device": device,
            "packages": packages,
            "code": code,
            "processes": crew.num_processes,
        }
    )
    usual = 200 if isinstance(settings, BaseSettings) else 10 if size == "tiny" else 40  # the larger ones are 3 GB each
    every = save_every or usual
    with kept(root / "build" / "checkpoints" / folder, key, rows, every, chief=crew.is_main_process) as checkpoints:
        crew.wait_for_everyone()  # the first process has removed what cannot be gone on from
        try:
            facts: Mapping[str, Any]
            if isinstance(settings, BaseSettings):
                weights = root / settings.weights if own else root / "build" / "weights" / folder
                facts = base.record(settings, root, weights, rows, say, checkpoints)
            elif isinstance(settings, RulerSettings):
                facts = ruler.record(settings, rows, say)
            elif isinstance(settings, InsideSettings):
                from rushes.rlhf import inside

                facts = inside.record(settings, root, rows, say)
            elif isinstance(settings, SlopeSettings):
                from rushes.rlhf import slope

                facts = slope.record(settings, root, rows, say)
            elif isinstance(settings, OffSwitchSettings):
                from rushes.rlhf import off_switch

                facts = off_switch.record(settings, rows, say)
            elif isinstance(settings, SweepSettings):
                from rushes.rlhf import sweep

                facts = sweep.record(recipe, settings, root, device, rows, say, jobs or at_a_time(device))
            else:
                facts = apprentice.record(recipe, settings, root, device, rows, say, checkpoints)
            if not crew.is_main_process:
                return root / "runs" / "records" / folder
            shutil.rmtree(work, ignore_errors=True)
            files = rows.write(work)
            about = {
                "format": FORMAT,
                "name": name,
                "size": size,
                "seed": settings.seed,
                "device": device if device == "cpu" else f"cuda: {torch.cuda.get_device_name()}",
                "recipe": {**recipe.mapping, **changed},
                "recipe_hash": recipe.hash,
                **_commit(root),
                "packages": packages,
                "processes": crew.num_processes,
                "megacoach": {"source": recipe.megacoach.source, "diff": recipe.megacoach.diff}
                if isinstance(settings, RunSettings)
                else {"source": "", "diff": ""},
                "began": began.isoformat(timespec="seconds"),
                "seconds": round(checkpoints.seconds, 1),
                "facts": rounded(facts),
                "files": files,
            }
            write_whole(work / "run.json", json.dumps(about, indent=1, ensure_ascii=False) + "\n")
        except Exception as error:
            told = mendable(error, recipe) if crew.is_main_process else None
            if told is None or (told is error and not rows.files):
                raise
            checkpoints.tidy()
            left = _keep(rows, work, root) if rows.files else ""
            if checkpoints.whole:
                left += f"\n  the same command goes on from its checkpoint of step {checkpoints.whole[-1]}"
            raise RushesError(f"{told}{left}") from error
        return _put(work, root / "runs" / "records" / folder)


def device_of(size: str) -> str:
    """Where runs of a size are trained: "cpu" or "cuda".

    Raises:
        RushesError: the training packages are not installed.
    """
    if size == "tiny":
        return "cpu"
    try:
        import torch
    except ModuleNotFoundError as missing:
        raise RushesError("recording needs the package 'torch'\n  python -m pip install -e '.[train]'") from missing
    return "cuda" if torch.cuda.is_available() else "cpu"


def _keep(rows: Rows, work: Path, root: Path) -> str:
    """Write what there is of a run that stopped, and say where. It is no record: it has no run.json."""
    try:
        shutil.rmtree(work, ignore_errors=True)
        rows.write(work)
    except OSError:
        return ""
    return f"\n  what was recorded until then is in {work.relative_to(root)}"


def _put(work: Path, place: Path) -> Path:
    """Make the folder `work` the record. The old record goes only when the new one is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    old = work.with_name(work.name + ".old")
    if place.exists():
        place.rename(old)
    work.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    return place


def _commit(root: Path) -> dict[str, Any]:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        # what other runs have just recorded changes nothing about this one
        elsewhere = ("--", ".", ":!runs/records", ":!runs/base")
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain", *elsewhere))}
    except (OSError, subprocess.CalledProcessError):
        return {"commit": "", "dirty": True}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    words = sys.argv[1:]
    for word in words:
        made = record(
            word,
            root=Path.cwd(),
            on_progress=lambda done, total, text: print(f"{done}/{total} {text}", flush=True),
        )
        print(made)
