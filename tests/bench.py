"""`make bench`: how long the film takes, from nothing, with nothing changed, and after one record changed;
and what recording costs, over a bare trainer's step (where the training packages are installed).

    python tests/bench.py trl      only that
    python tests/bench.py vault    only how long vaults of 2,000 and of 5,000 notes take; RUSHES_NOTE=<a note> adds one
    python tests/bench.py dask     only the film's shots by two processes, and by a Dask cluster of two

Prints one table and writes build/bench.json. Not a test: figures depend on the machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from made_vault import make_vault

from rushes.inline import inline
from rushes.note import read_note
from rushes.vault import Vault, VaultError

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "the-minus-sign.md"


def film(root: Path, build: Path) -> tuple[float, int]:
    """(wall seconds, shots rendered) of `rushes film` with `root`'s records."""
    code = f"""
import sys
from pathlib import Path
from rushes.console import Console
from rushes.house import House
from rushes.pipeline import make_film
house = House(root=Path({str(root)!r}), build=Path({str(build)!r}))
print(make_film(Path({str(SCRIPT)!r}), house, Console(as_json=True)).rendered)
"""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, int(done.stdout.split()[-1])


def trl_overhead(steps: int = 16, rounds: int = 4) -> dict[str, float]:
    """A recording step over a step of the bare trainer: the same sizes, prompts and completion lengths.

    Means over `steps` steps without the first, in CPU seconds of the one thread that trains, so that other work on
    the machine counts less; the best of four rounds of each. At learning rate 0, all three go on writing the base
    model's samples.
    """
    import torch
    from transformers import TrainerCallback

    from rushes.recipe import RunSettings, load
    from rushes.rlhf import apprentice, corpus, course, language_model, raters
    from rushes.rlhf.reward import MegacoachReward, megacoach_function
    from rushes.rlhf.values_coach import ValuesCoach

    torch.set_num_threads(1)
    recipe = load("healthy", runs_dir=ROOT / "runs")
    assert isinstance(recipe.settings, RunSettings)
    settings = replace(recipe.settings, steps=steps, panel=(), labels=108, lessons=1, learning_rate=0.0)
    weights, guideline = ROOT / settings.base, raters.read_guideline(ROOT / settings.guideline)
    reference = language_model.load(weights)
    prompts = corpus.prompts("bench", (steps + 1) * settings.prompts)

    class Bare(TrainerCallback):
        __name__ = "bare"

        def __call__(self, prompts: list[str], **_: object) -> list[float]:
            return [0.0] * len(prompts)

    def seconds(labels_a_step: int | None) -> float:
        """Mean of a step; None is the bare trainer."""
        kind, given = Bare, {}
        now = replace(settings, labels_a_step=labels_a_step or 0)
        if labels_a_step is not None:
            coach = ValuesCoach(weights, pad=reference.pad, seed=0, learning_rate=now.coach_learning_rate)
            reader, asked = raters.story_reader(), corpus.prompts("bench labels", now.labels)
            course.study(now, coach, reference, asked, reader, guideline, lambda *_: None, lambda _: None)
            kind = MegacoachReward
            given = {
                "settings": now, "megacoach": megacoach_function(recipe.megacoach.source), "reference": reference,
                "coach": coach, "reader": reader, "guideline": guideline, "panel": [], "sink": lambda *_: None,
                "on_step": lambda *_: None,
            }  # fmt: skip
        times: list[float] = []

        class Timed(kind):  # type: ignore[valid-type, misc]
            def on_step_begin(self, *args: object, **named: object) -> None:
                self.clock = time.process_time()
                super().on_step_begin(*args, **named)

            def on_step_end(self, *args: object, **named: object) -> None:
                super().on_step_end(*args, **named)
                times.append(time.process_time() - self.clock)

        with tempfile.TemporaryDirectory() as work:
            apprentice.train(now, weights, prompts, Timed(**given), Path(work), "cpu")
        return sum(times[1:]) / len(times[1:])

    every = {"bare": None, "frozen": 0, "online": settings.labels_a_step}
    runs = [{name: seconds(labels) for name, labels in every.items()} for _ in range(rounds)]
    best = {name: min(run[name] for run in runs) for name in every}
    return {
        "trl_step_seconds": round(best["bare"], 3),
        "trl_overhead": round(best["frozen"] / best["bare"], 2),
        "trl_overhead_online": round(best["online"] / best["bare"], 2),
    }


def films() -> dict[str, float]:
    """How long the film takes."""
    with tempfile.TemporaryDirectory() as place:
        root, build = Path(place) / "repository", Path(place) / "build"
        for folder in ("scenes", "runs", "notes", "rushes/rlhf"):
            shutil.copytree(ROOT / folder, root / folder)
        whole, shots = film(root, build)
        length = json.loads((build / SCRIPT.stem / "timeline.json").read_text())
        seconds = length["frames"] / length["fps"]
        nothing, none = film(root, build)
        # one record changed: other facts, so another digest, as after recording it again
        path = root / "runs" / "records" / "base" / "run.json"
        told = json.loads(path.read_text())
        told["facts"]["bench"] = 1.0
        path.write_text(json.dumps(told))
        again, few = film(root, build)
    assert none == 0
    return {
        "film_seconds": round(whole, 1),
        "film_length": round(seconds, 1),
        "film_over_length": round(whole / seconds, 3),
        "noop_seconds": round(nothing, 2),
        "one_record_seconds": round(again, 1),
        "one_record_shots": few,
        "shots": shots,
    }


def dask() -> dict[str, float]:
    """The film's shots by two processes of this machine, and by two workers of a Dask scheduler on it."""
    code = f"""
import sys, time
from pathlib import Path
from rushes.console import Console
from rushes.house import House
from rushes.pipeline import plan
from rushes.workers import render
house = House(build=Path(sys.argv[1]), voice="silent")
jobs = {{job.target: job for job in plan(Path({str(SCRIPT)!r}), house, Console(as_json=True))}}
began = time.perf_counter()
for job, outcome in render(list(jobs.values()), 2, sys.argv[2]):
    assert not isinstance(outcome, str), outcome
print(time.perf_counter() - began)
"""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:

        def seconds(address: str) -> float:
            build = str(Path(place) / ("dask" if address else "local"))
            run = [sys.executable, "-c", code, build, address]
            done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
            return float(done.stdout.split()[-1])

        def started(*command: str) -> None:
            process = subprocess.Popen([sys.executable, "-m", "dask", *command], cwd=ROOT, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)

        local = seconds("")
        about = Path(place) / "scheduler.json"
        started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(about))
        while not (about.exists() and about.read_text()):
            time.sleep(0.1)
        address = json.loads(about.read_text())["address"]
        folder = ["--local-directory", place, "--no-dashboard"]
        started("worker", address, "--nworkers", "2", "--nthreads", "1", *folder)
        there = seconds(address)
    return {
        "local_seconds": round(local, 1),
        "dask_seconds": round(there, 1),
        "dask_over_local": round(there / local, 3),
    }


def vault() -> dict[str, float]:
    """What a script pays for the notes around it: the index from nothing and again, and what most scripts need."""
    figures: dict[str, float] = {}
    code = """
import resource, sys, time
began = time.perf_counter()
from pathlib import Path
from rushes.note import read_note
from rushes.vault import Vault
script, cache, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
vault = Vault.around(script, cache)
if what == "index":
    assert len(vault.pages) >= 2000
else:
    assert vault.related(read_note(script))
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
    with tempfile.TemporaryDirectory() as place:
        for notes in (2000, 5000):
            root = make_vault(Path(place) / str(notes), notes)
            tasks = [("cold", "index"), ("warm", "index")]
            if find_spec("obsidiantools"):
                tasks.append(("related", "related"))
            for name, what in tasks:
                args = [str(root / "pages" / "note 7.md"), str(root.parent / f"cache {notes}"), what]
                done = subprocess.run(
                    [sys.executable, "-c", code, *args], cwd=ROOT, capture_output=True, text=True, check=True
                )
                seconds, peak = map(float, done.stdout.split())
                figures[f"vault_{notes}_{name}_seconds"] = round(seconds, 2)
                figures[f"vault_{notes}_{name}_peak_mib"] = round(peak)
    for name, script in (("script", SCRIPT), ("note", os.environ.get("RUSHES_NOTE"))):
        if script:
            figures[f"vault_{name}_ms"] = round(min(_opened(Path(script)) for _ in range(5)) * 1000, 1)
    return figures


def _opened(script: Path) -> float:
    """Seconds for opening the vault around a script, pulling in what it embeds and finding its pictures and links."""
    note = read_note(script)
    images = [link for block in note.walk() for link in inline(block).links if link.kind in ("image", "embed")]
    began = time.perf_counter()
    around = Vault.around(script)
    expanded = around.expand(note)
    for link in images:
        with suppress(VaultError):
            around.find_asset(link.target, script)
    around.dead_links(expanded.blocks)
    return time.perf_counter() - began


def main() -> None:
    wanted = sys.argv[1:] or ["film", "trl", "vault", "dask"]
    figures: dict[str, float] = films() if "film" in wanted else {}
    if "trl" in wanted and find_spec("trl"):
        figures |= trl_overhead()
    if "vault" in wanted:
        figures |= vault()
    if "dask" in wanted and find_spec("distributed"):
        figures |= dask()
    for name, value in figures.items():
        print(f"{name:32} {value:>10}")
    out = ROOT / "build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"format": 1, **figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
