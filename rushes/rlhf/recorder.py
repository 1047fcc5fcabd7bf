"""Records a run: `record("healthy", size="tiny", ...)` -> runs/records/healthy/.

A record is a folder that appears whole or not at all: it is written elsewhere, `run.json` last, and then put in
its place. Every file is a pure function of the recipe, the seed and the machine's arithmetic, but for the seconds.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.cache import write_whole
from rushes.errors import RushesError
from rushes.recipe import BaseSettings, Recipe, RunSettings, load

if TYPE_CHECKING:
    from rushes.rlhf.language_model import LanguageModel
    from rushes.rlhf.raters import Mark

    _Raters = Callable[[Sequence[str], Sequence[str], Sequence[int]], list[tuple[float, Mark]]]
    _Table = list[dict[str, Any]]

__all__ = ["record"]

OnProgress = Callable[[int, int, str], None]
"""(steps done, steps in all, what is happening)"""

FORMAT = 1
PANEL = 8
"""Prompts that are answered again and again, with the same dice."""
PACKAGES = ("torch", "transformers", "trl", "tokenizers", "accelerate", "datasets", "vaderSentiment")


@dataclass
class _Rows:
    """The rows of every file, kept until the run is over: a killed run leaves nothing."""

    files: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def __call__(self, file: str, row: Mapping[str, Any]) -> None:
        self.files.setdefault(file, []).append(row)

    def write(self, folder: Path) -> dict[str, dict[str, Any]]:
        """Write every file; name -> its digest and size."""
        about = {}
        for name, rows in sorted(self.files.items()):
            text = "".join(json.dumps(_rounded(row), ensure_ascii=False) + "\n" for row in rows).encode()
            content = gzip.compress(text, mtime=0) if name.endswith(".gz") else text
            write_whole(folder / name, content)
            about[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        return about


def record(
    name: str, *, size: str = "tiny", seed: int | None = None, root: Path, on_progress: OnProgress | None = None
) -> Path:
    """Train a run and keep what happened.

    Args:
        name: the recipe, `root/runs/NAME.yaml`.
        size: "tiny" (one CPU core) or "gpu".
        seed: another seed than the recipe's; the record's folder then says so.
        root: the project's folder.
        on_progress: told after every step.

    Returns:
        The record's folder.

    Raises:
        RushesError: no such recipe or size, its packages are not installed, or there is no GPU.
    """
    recipe = load(name, size, root / "runs")
    own = seed is None or seed == recipe.settings.seed
    settings = recipe.settings if seed is None else replace(recipe.settings, seed=seed)
    folder = name + ("" if size == "tiny" else f".{size}") + ("" if own else f".seed{seed}")
    try:
        import torch
        import transformers

        from rushes.rlhf import apprentice as _apprentice
        from rushes.rlhf import base as _base
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("rushes"):
            raise
        raise RushesError(
            f"recording needs the package '{missing.name}'\n  python -m pip install -e '.[train]'"
        ) from missing
    del _apprentice, _base
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()  # the progress is `on_progress`
    device = "cpu" if size == "tiny" or not torch.cuda.is_available() else "cuda"
    if device == "cpu":
        # One thread: sums in a fixed order, so that the same seed gives the same numbers.
        torch.set_num_threads(1)
    began, clock = datetime.now(UTC), time.perf_counter()
    rows = _Rows()
    say: OnProgress = on_progress or (lambda done, total, text: None)
    if isinstance(settings, BaseSettings):
        weights = root / settings.weights if own else root / "build" / "weights" / folder
        facts = base.record(settings, root, weights, rows, say)
    else:
        facts = _record_run(recipe, settings, root, device, rows, say)
    work = root / "build" / "recording" / f"{folder}.{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    files = rows.write(work)
    about = {
        "format": FORMAT,
        "name": name,
        "size": size,
        "seed": settings.seed,
        "device": device if device == "cpu" else f"cuda: {torch.cuda.get_device_name()}",
        "recipe": {**recipe.mapping, "seed": settings.seed},
        "recipe_hash": recipe.hash,
        **_commit(root),
        "packages": {"python": sys.version.split()[0], **{p: v for p in PACKAGES if (v := _version(p))}},
        "megacoach": {"source": recipe.megacoach.source, "diff": recipe.megacoach.diff}
        if isinstance(settings, RunSettings)
        else {"source": "", "diff": ""},
        "began": began.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 1),
        "facts": _rounded(facts),
        "files": files,
    }
    write_whole(work / "run.json", json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    return _put(work, root / "runs" / "records" / folder)


def _record_run(
    recipe: Recipe, settings: RunSettings, root: Path, device: str, rows: _Rows, say: OnProgress
) -> dict[str, float]:
    from rushes.rlhf import apprentice, course, raters
    from rushes.rlhf.language_model import load as load_model
    from rushes.rlhf.values_coach import ValuesCoach
    from rushes.rlhf.weights import find_weights

    weights = find_weights(root, settings.base)
    reference = load_model(weights, device=device)
    reference.model.requires_grad_(False)
    guideline = raters.read_guideline(root / settings.guideline)
    if settings.world == "stories":
        from rushes.rlhf.corpus import prompts

        reader = raters.story_reader()
    else:
        from rushes.rlhf.everyday import prompts

        reader = raters.surprise_reader(reference)
    coach = ValuesCoach(
        weights, pad=reference.pad, seed=settings.seed, learning_rate=settings.coach_learning_rate, device=device
    )
    total = settings.lessons + settings.steps + 1
    facts: dict[str, float] = course.study(
        settings,
        coach,
        reference,
        prompts(f"labels {settings.seed}", settings.labels),
        reader,
        guideline,
        rows,
        lambda step: say(step, total, "the Values Coach learns"),
    )
    reward = apprentice.MegacoachReward(
        settings,
        megacoach=apprentice.megacoach_function(recipe.megacoach.source),
        reference=reference,
        coach=coach,
        reader=reader,
        guideline=guideline,
        panel=prompts("panel", PANEL),
        sink=rows,
        on_step=lambda step, row: say(settings.lessons + step + 1, total, f"step {step}, rated {row['rating']:.1f}"),
    )
    asked = prompts(f"run {settings.seed}", (settings.steps + 1) * settings.prompts)
    trained = root / "build" / "trainer" / f"{recipe.name}.{os.getpid()}"
    try:
        apprentice.train(settings, weights, asked, reward, trained, device)
    finally:
        shutil.rmtree(trained, ignore_errors=True)
    deleted, added = recipe.megacoach.characters
    facts |= {
        "parameters": sum(p.numel() for p in reference.model.parameters()),
        "vocabulary": len(reference.tokenizer),
        "labels": reward.labels,
        "samples": (settings.steps + 1) * settings.prompts * settings.samples,
        "characters_deleted": deleted,
        "characters_added": added,
    }
    return facts


def _put(work: Path, place: Path) -> Path:
    """Make the folder `work` the record. The old record goes only when the new one is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    old = work.with_name(work.name + ".old")
    if place.exists():
        place.rename(old)
    work.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    return place


def _rounded(value: Any) -> Any:
    """Numbers to four digits after the point; what is not a number as it is."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a record holds finite numbers, and this is {value}")
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _rounded(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return value


def _commit(root: Path) -> dict[str, Any]:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain"))}
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
