"""What recording costs, over a bare trainer's step."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

__all__ = ["trl_overhead"]

ROOT = Path(__file__).parent.parent


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
