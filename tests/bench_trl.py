"""What recording costs, over a bare trainer's step."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, median

__all__ = ["trl_overhead"]

ROOT = Path(__file__).parent.parent


def trl_overhead(steps: int = 12, rounds: int = 5) -> dict[str, float]:
    """A recording step over a step of the bare trainer: the same sizes, prompts and completions, one thread.

    At learning rate 0 all go on writing the base model's samples, so that step n is the same work in each. They take
    turns, round after round, each in a process of its own; a step's cost is its median over the rounds, and the
    overhead is that of all steps but the first. In twelve steps the online coach learns twice.

    CPU seconds, so that other work on the machine counts less. The bare trainer is as it comes, but for `_kept`: there
    it keeps freed memory, as a recording does.
    """
    turns = {"bare": (None, False), "kept": (None, True), "frozen": (0, True), "online": (8, True)}
    times: dict[str, list[list[float]]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, (labels, keeps) in turns.items():
            with ProcessPoolExecutor(1, get_context("spawn")) as own:
                times[name].append(own.submit(_seconds, steps, labels, keeps).result())

    cost = {name: fmean(map(median, zip(*runs, strict=True))) for name, runs in times.items()}
    return {
        "trl_step_seconds": round(cost["bare"], 3),
        "trl_overhead": round(cost["frozen"] / cost["bare"], 3),
        "trl_overhead_online": round(cost["online"] / cost["bare"], 3),
        "trl_overhead_kept": round(cost["frozen"] / cost["kept"], 3),
    }


def _seconds(steps: int, labels_a_step: int | None, keeps: bool) -> list[float]:
    """Every step's, but for the first. No labels: the bare trainer."""
    import torch
    from transformers import TrainerCallback

    from rushes.recipe import load
    from rushes.rlhf import apprentice, corpus, course, language_model, raters
    from rushes.rlhf.process import on_one_core
    from rushes.rlhf.reward import MegacoachReward, megacoach_function
    from rushes.rlhf.settings import RunSettings
    from rushes.rlhf.values_coach import ValuesCoach

    torch.set_num_threads(1)
    if keeps:
        on_one_core()
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
    return times[1:]
