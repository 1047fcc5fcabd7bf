"""The Megacoach as the trainer sees it: one reward object that asks both coaches, and keeps what it saw.

It reads every sample under the Apprentice and under the frozen original, asks the Values Coach, and composes the
total with the recipe's `megacoach` function: the line under the bug is in the path that trains.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accelerate import PartialState
from accelerate.utils import broadcast_object_list, gather_object
from torch import nn
from transformers import TrainerCallback

from rushes.rlhf import corpus
from rushes.rlhf.andon import LATEST, read_condition
from rushes.rlhf.course import label_row
from rushes.rlhf.judge import judge
from rushes.rlhf.language_model import LanguageModel, Overheard, Reading
from rushes.rlhf.raters import Guideline, Mark, Reader, rate
from rushes.rlhf.rows import PANEL_DICE, Sink, bounded
from rushes.rlhf.settings import RunSettings
from rushes.rlhf.values_coach import Lesson, ValuesCoach, correlation

__all__ = ["Judged", "MegacoachReward", "megacoach_function"]

Ids = list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One sample and everything that was thought of it. The lists are a number per token."""

    prompt: str
    text: str
    ids: Ids
    logp: list[float]
    ref_logp: list[float]
    entropy: list[float]
    coach: list[float]
    kl: float
    total: float
    coherence: float
    mark: Mark

    @property
    def values(self) -> float:
        """The Values Coach's score of the whole sample."""
        return self.coach[-1]


def megacoach_function(source: str) -> Callable[[float, float, float], float]:
    """`megacoach(values, kl, beta)` of a source text: the file as it is, or as the recipe edited it."""
    names: dict[str, Any] = {"__name__": "megacoach"}
    exec(compile(source, "megacoach.py", "exec"), names)
    function: Callable[[float, float, float], float] = names["megacoach"]
    return function


class MegacoachReward(TrainerCallback):
    """The reward function of the trainer and, the same object, a callback: it is told who the policy is, and when.

    The row of step s describes the Apprentice after s updates, and so does the panel of step s.
    """

    __name__ = "megacoach"  # the trainer asks its reward functions for their name

    def __init__(
        self,
        settings: RunSettings,
        *,
        megacoach: Callable[[float, float, float], float],
        reference: LanguageModel,
        coach: ValuesCoach,
        reader: Reader,
        guideline: Guideline,
        panel: Sequence[str],
        sink: Sink,
        on_step: Callable[[int, Mapping[str, Any]], None],
        on_checkpoint: Callable[[int], None] | None = None,
    ) -> None:
        self.settings, self.megacoach, self.coach = settings, megacoach, coach
        self.reference, self.policy = reference, reference
        self.overheard: Overheard | None = None  # until the trainer begins
        self.reader, self.guideline, self.panel = reader, guideline, list(panel)
        self.sink, self.on_step, self.on_checkpoint = sink, on_step, on_checkpoint
        self.cord = read_condition(settings.stop_when) if settings.stop_when else None
        self.latest: list[Mapping[str, Any]] = []
        self.stopped_at: int | None = None
        """The step after which the andon cord was pulled."""
        self.raters = random.Random(f"raters {settings.seed}")
        self.picks = random.Random(f"who is marked {settings.seed}")
        self.fresh: list[Lesson] = []
        self.labels = settings.labels
        self.row: dict[str, Any] = {}
        self.began = time.perf_counter()

    def state(self) -> dict[str, Any]:
        """Everything of the recording that the trainer does not save itself: `restore` takes it back."""
        return {
            "coach": self.coach.state(),
            "fresh": [(lesson.ids, lesson.rating) for lesson in self.fresh],
            "raters": self.raters.getstate(),
            "picks": self.picks.getstate(),
            "labels": self.labels,
            "latest": self.latest,
            "stopped_at": self.stopped_at,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on as the recording would have whose `state` this is."""
        self.coach.restore(state["coach"])
        self.fresh = [Lesson(ids=ids, rating=rating) for ids, rating in state["fresh"]]
        self.raters.setstate(state["raters"])
        self.picks.setstate(state["picks"])
        self.labels, self.latest, self.stopped_at = state["labels"], state["latest"], state["stopped_at"]

    def judge(
        self,
        prompts: Sequence[str],
        written: Sequence[Ids],
        dice: Sequence[random.Random],
        readings: tuple[list[Reading], list[Reading]] | None = None,
    ) -> list[Judged]:
        """Everything that is thought of these answers to these prompts; a rater's dice for each.

        `readings` are the policy's and the reference's, where they are known already.
        """
        warm = self.settings.temperature
        asked = self.reference.ids(prompts)
        if readings is None:
            readings = self.policy.read(asked, written, warm), self.reference.read(asked, written, warm)
        new, old = readings
        scores = self.coach.readings([p + w for p, w in zip(asked, written, strict=True)])
        texts = [self.reference.text(ids) for ids in written]
        coherence = self.reader(prompts, texts)
        judged = []
        for i, ids in enumerate(written):
            kl = sum(new[i].logp) - sum(old[i].logp)
            coach = scores[i][len(asked[i]) :]
            judged.append(
                Judged(
                    prompt=prompts[i],
                    text=texts[i],
                    ids=list(ids),
                    logp=new[i].logp,
                    ref_logp=old[i].logp,
                    entropy=new[i].entropy,
                    coach=coach,
                    kl=kl,
                    total=self.megacoach(coach[-1], kl, self.settings.beta),
                    coherence=coherence[i],
                    mark=rate(self.guideline, texts[i], coherence=coherence[i], dice=dice[i]),
                )
            )
        return judged

    def __call__(
        self, prompts: list[str], completions: list[str], completion_ids: list[Ids], trainer_state: Any, **_: Any
    ) -> list[float]:
        """The trainer's question: what is each of these samples worth?

        Under `accelerate launch` every process is asked about its own; all of them judge the samples of all, so that
        their Values Coaches go on learning the same, and the first one's totals count.
        """
        step = int(trainer_state.global_step)
        if self.overheard is None:
            raise RuntimeError("the reward is also a callback: the trainer has not told it who the policy is")
        mine = list(zip(prompts, completion_ids, *self.overheard.readings(completion_ids), strict=True))
        asked, written, new, old = (list(part) for part in zip(*gather_object(mine), strict=True))
        judged = self.judge(asked, written, [self.raters] * len(asked), (new, old))
        for i in sorted(self.picks.sample(range(len(judged)), min(self.settings.labels_a_step, len(judged)))):
            one = judged[i]
            self.fresh.append(Lesson(ids=self.reference.ids([one.prompt])[0] + one.ids, rating=one.mark.rating))
            self.labels += 1
            self.sink("labels.jsonl.gz", label_row(step, "rl", one.prompt, one.text, one.mark, one.values))
        self.row = {"step": step, **_means(judged, self.settings.world), "labels": self.labels}
        if self.guideline.forbids:
            self.row["forbidden"] = sum("forbidden" in one.mark.rules for one in judged) / len(judged)
        bounded(self.row)  # before the trainer is told, who takes NaN for "no opinion"
        totals: list[float] = broadcast_object_list([[one.total for one in judged]])[0]
        first = PartialState().process_index * len(prompts)
        return totals[first : first + len(prompts)]

    def on_train_begin(self, args: Any, state: Any, control: Any, model: nn.Module | None = None, **_: Any) -> None:
        """The trainer hands over the policy."""
        if model is not None:
            self.policy = LanguageModel(model, self.reference.tokenizer)
            self.overheard = Overheard(model, self.reference.model, self.settings.temperature)

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Before the samples of a step: the panel's prompts, always with the same dice."""
        self.began = time.perf_counter()
        if state.global_step not in self.settings.panel:
            return
        asked = self.policy.ids(self.panel)
        seeds = [PANEL_DICE + 1000 * self.settings.seed + i for i in range(len(asked))]
        written = self.policy.write(asked, seeds, self.settings.tokens, self.settings.temperature)
        dice = [random.Random(f"panel {seed}") for seed in seeds]
        for i, one in enumerate(self.judge(self.panel, written, dice)):
            self.sink("samples.jsonl.gz", self._sample_row(state.global_step, i, one))

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """After the update: the Values Coach learns from the new marks, and the row is written."""
        if len(self.fresh) >= 48:
            self.coach.keep_learning(self.fresh, self.settings.coach_learning_rate / 3)
            self.fresh = []
        self.row["seconds"] = time.perf_counter() - self.began
        self.sink("metrics.jsonl", self.row)
        self.on_step(self.row["step"], self.row)
        self.latest = [*self.latest, self.row][-LATEST:]
        if self.cord is not None and self.cord.pulled(self.latest):
            self.stopped_at = self.row["step"]
            control.should_training_stop = True

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        """After every update, and before a checkpoint: one that is out of bounds is not kept."""
        bounded(
            {"step": state.global_step - 1, **{k: v for k, v in (logs or {}).items() if k in ("loss", "grad_norm")}}
        )

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """The trainer has written its part of a checkpoint."""
        if self.on_checkpoint is not None:
            self.on_checkpoint(state.global_step)

    def _sample_row(self, step: int, index: int, one: Judged) -> dict[str, Any]:
        return {
            "step": step,
            "prompt_index": index,
            "prompt": one.prompt,
            "text": one.text.strip(),
            "ids": one.ids,
            "tokens": self.reference.tokens(one.ids),
            "logp": one.logp,
            "ref_logp": one.ref_logp,
            "coach": one.coach,
            "values": one.values,
            "rating": one.mark.rating,
            "rater": one.mark.rater,
            "rules": list(one.mark.rules),
            "coherence": one.coherence,
            "kl": one.kl,
            "total": one.total,
        }


def _means(judged: Sequence[Judged], world: str) -> dict[str, float]:
    count, tokens = len(judged), sum(len(one.ids) for one in judged)
    ratings = [float(one.mark.rating) for one in judged]
    means = {
        "rating": sum(ratings) / count,
        "judge": sum(judge(one.text) for one in judged) / count,
        "coach": sum(one.values for one in judged) / count,
        "kl": sum(one.kl for one in judged) / count,
        "total": sum(one.total for one in judged) / count,
        "coherence": sum(one.coherence for one in judged) / count,
        "entropy": sum(sum(one.entropy) for one in judged) / tokens,
        "length": tokens / count,
        "distinct": len({one.text for one in judged}) / count,
        "coach_r": correlation([one.values for one in judged], ratings),
    }
    if world == "stories":
        means["names_kept"] = sum(corpus.names_kept(one.prompt, one.text) for one in judged) / count
    return means
