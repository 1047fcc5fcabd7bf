"""The Apprentice's training: stock `trl.RLOOTrainer`, paid by one reward object that is the whole Megacoach.

TRL's own KL term is off (`beta=0` there): the Coherence Coach is in the Megacoach, so that the KL is measured in
every run, also in one without it.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accelerate import PartialState
from datasets import Dataset, disable_progress_bars
from transformers import PrinterCallback
from trl.trainer.rloo_config import RLOOConfig
from trl.trainer.rloo_trainer import RLOOTrainer

from rushes.errors import RushesError
from rushes.recipe import Recipe
from rushes.rlhf import corpus, everyday
from rushes.rlhf.checkpoints import Checkpoints
from rushes.rlhf.course import study
from rushes.rlhf.language_model import load, pad_aware_positions
from rushes.rlhf.raters import read_guideline, story_reader, surprise_reader
from rushes.rlhf.reward import MegacoachReward, megacoach_function
from rushes.rlhf.rows import PANEL, Progress, Sink
from rushes.rlhf.settings import RunSettings
from rushes.rlhf.values_coach import ValuesCoach
from rushes.rlhf.weights import find_weights

__all__ = ["record", "train"]


def train(
    settings: RunSettings,
    weights: Path,
    prompts: Sequence[str],
    reward: MegacoachReward,
    work: Path,
    device: str,
    *,
    save_every: int = 0,
    resume: Path | None = None,
) -> None:
    """Train the Apprentice: `settings.steps` updates, and one more that nobody looks at.

    Args:
        settings: the recipe's.
        weights: the base model's folder; the Apprentice begins as a copy.
        prompts: at least one for every prompt of every step, so that the trainer never shuffles a second round.
        reward: what it is trained on; it records the run.
        work: a folder for the trainer's own files.
        device: "cpu" or "cuda".
        save_every: steps from one checkpoint in `work` to the next; 0 for none.
        resume: the checkpoint to go on from.
    """
    policy = load(weights, device=device)
    pad_aware_positions(policy.model)
    disable_progress_bars()
    cpu = device == "cpu"
    processes = PartialState(cpu=cpu).num_processes
    if settings.prompts % processes:
        raise RushesError(f"{settings.prompts} prompts a step cannot be shared by {processes} processes")
    with warnings.catch_warnings():
        # The trainer and its library are between two names for a setting that is off here.
        warnings.filterwarnings("ignore", "`(is_)?gradient_checkpointing` is deprecated", FutureWarning)
        config = RLOOConfig(
            output_dir=str(work),
            beta=0.0,
            num_generations=settings.samples,
            per_device_train_batch_size=settings.prompts * settings.samples // processes,
            # One update for each batch of samples: the policy that is read is the policy that wrote.
            num_iterations=1,
            steps_per_generation=1,
            gradient_accumulation_steps=1,
            max_completion_length=settings.tokens,
            temperature=settings.temperature,
            # Anything that reshapes the distribution makes the recomputed log-probabilities wrong.
            top_p=1.0,
            top_k=0,
            normalize_advantages=True,
            mask_truncated_completions=False,
            disable_dropout=True,
            max_steps=settings.steps + 1,
            learning_rate=settings.learning_rate,
            lr_scheduler_type="constant",
            adam_beta2=0.95,
            weight_decay=0.0,
            max_grad_norm=1.0,
            seed=settings.seed,
            logging_steps=1,
            report_to="none",
            disable_tqdm=True,
            logging_nan_inf_filter=False,  # it would show the mean of the losses before a NaN instead
            save_strategy="steps" if save_every else "no",
            save_steps=save_every or 500,
            use_cpu=cpu,
            bf16=not cpu,
            gradient_checkpointing=False,
            dataloader_pin_memory=False,
        )
        asked: Any = reward  # a callable object: the trainer takes it, its annotation does not
        trainer = RLOOTrainer(
            model=policy.model,
            reward_funcs=asked,
            args=config,
            train_dataset=Dataset.from_dict({"prompt": list(prompts)}),
            processing_class=policy.tokenizer,
            callbacks=[reward],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train(resume_from_checkpoint=str(resume) if resume else None)


def record(
    recipe: Recipe,
    settings: RunSettings,
    root: Path,
    device: str,
    rows: Sink,
    say: Progress,
    checkpoints: Checkpoints | None = None,
) -> dict[str, float]:
    """Train the Values Coach, then the Apprentice; everything worth keeping goes to `rows`. Returns the facts.

    With `checkpoints`, it begins where their latest one was made.
    """
    weights = find_weights(root, settings.base)
    reference = load(weights, device=device)
    reference.model.requires_grad_(False)
    guideline = read_guideline(root / settings.guideline)
    if settings.world == "stories":
        prompts, reader = corpus.prompts, story_reader()
    else:
        prompts, reader = everyday.prompts, surprise_reader(reference)
    coach = ValuesCoach(
        weights, pad=reference.pad, seed=settings.seed, learning_rate=settings.coach_learning_rate, device=device
    )
    total = settings.lessons + settings.steps + 1
    done, saved = checkpoints.latest() if checkpoints else (0, None)
    facts: dict[str, float]
    if saved:
        facts = saved["facts"]
    else:
        facts = study(
            settings,
            coach,
            reference,
            prompts(f"labels {settings.seed}", settings.labels),
            reader,
            guideline,
            rows,
            lambda step: say(step, total, "the Values Coach learns"),
        )

    def keep(step: int) -> None:
        if checkpoints:
            checkpoints.save(step, {"facts": facts, "reward": reward.state()})

    reward = MegacoachReward(
        settings,
        megacoach=megacoach_function(recipe.megacoach.source),
        reference=reference,
        coach=coach,
        reader=reader,
        guideline=guideline,
        panel=prompts("panel", PANEL),
        sink=rows,
        on_step=lambda step, row: say(settings.lessons + step + 1, total, f"step {step}, rated {row['rating']:.1f}"),
        on_checkpoint=keep,
    )
    if saved:
        reward.restore(saved["reward"])
    else:
        keep(0)
    asked = prompts(f"run {settings.seed}", (settings.steps + 1) * settings.prompts)
    if done <= settings.steps and reward.stopped_at is None:
        if checkpoints:
            resume = checkpoints.path(done) if done else None  # before the first update the trainer has saved nothing
            train(
                settings,
                weights,
                asked,
                reward,
                checkpoints.folder,
                device,
                save_every=checkpoints.every,
                resume=resume,
            )
        else:
            trained = root / "build" / "trainer" / f"{recipe.name}.{os.getpid()}"
            try:
                train(settings, weights, asked, reward, trained, device)
            finally:
                shutil.rmtree(trained, ignore_errors=True)
    deleted, added = recipe.megacoach.characters
    facts |= {
        "parameters": sum(p.numel() for p in reference.model.parameters()),
        "vocabulary": len(reference.tokenizer),
        "labels": reward.labels,
        "samples": (reward.latest[-1]["step"] + 1) * settings.prompts * settings.samples,
        "characters_deleted": deleted,
        "characters_added": added,
    }
    if reward.stopped_at is not None:
        facts["stopped_at"] = reward.stopped_at
    return facts
