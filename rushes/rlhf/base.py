"""The base model: a small GPT-2 trained from scratch on the stories of `corpus`, tokenizer included."""

from __future__ import annotations

import math
import os
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from rushes.rlhf import corpus, raters
from rushes.rlhf.checkpoints import Checkpoints
from rushes.rlhf.language_model import LanguageModel, right_padded
from rushes.rlhf.raters import Mark
from rushes.rlhf.rows import PANEL, PANEL_DICE, Progress, Sink
from rushes.rlhf.settings import BaseSettings

__all__ = ["TrainingRow", "make_model", "make_tokenizer", "record", "save", "train"]

Marks = Callable[[Sequence[str], Sequence[str], Sequence[int]], list[tuple[float, Mark]]]
"""(prompts, answers, seeds) -> coherence and mark of every answer."""


END, PAD = "<|endoftext|>", "<|pad|>"
HELD_OUT = 200
"""Stories that are never trained on."""
LONGEST = 96
"""Tokens of a prompt and its answer together, with room to spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """The state of the training after `step` updates. Losses are nats per token."""

    step: int
    loss: float
    held_out: float
    tokens: int
    """Tokens learned from so far."""


def make_tokenizer(stories: list[str]) -> Any:
    """A byte-level BPE in which every word of the stories becomes one token; it knows no other characters."""
    bpe = Tokenizer(models.BPE())
    # With a space before the first word too, a name is the same token wherever it stands: copying it is easy.
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(
        stories,
        trainers.BpeTrainer(vocab_size=1200, special_tokens=[END, PAD], show_progress=False),
    )
    fast: Any = PreTrainedTokenizerFast
    return fast(tokenizer_object=bpe, eos_token=END, bos_token=END, pad_token=PAD, padding_side="left")


def make_model(settings: BaseSettings, tokenizer: Any) -> GPT2LMHeadModel:
    """The untrained model."""
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(tokenizer),
            n_positions=LONGEST,
            n_embd=settings.width,
            n_layer=settings.layers,
            n_head=settings.heads,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            # the same function as GPT-2's gelu_new, in one kernel: a pass takes a third less
            activation_function="gelu_pytorch_tanh",
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
        )
    )


def train(
    settings: BaseSettings,
    on_row: Callable[[TrainingRow, LanguageModel], None],
    every: int = 10,
    checkpoints: Checkpoints | None = None,
) -> LanguageModel:
    """Train from nothing. `on_row` sees the model before the first step, every few steps, and at the end.

    With `checkpoints`, it begins where their latest one was made.
    """
    torch.manual_seed(settings.seed)
    dice = corpus.dice_of(settings.seed)
    stories = [corpus.story(dice).text for _ in range(settings.stories + HELD_OUT)]
    tokenizer = make_tokenizer(stories[: min(8000, settings.stories)])
    rows = [[*row, tokenizer.eos_token_id] for row in tokenizer(text=stories)["input_ids"]]
    learned, held = rows[: settings.stories], rows[settings.stories :]
    model = make_model(settings, tokenizer)
    written = LanguageModel(model, tokenizer)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.95), weight_decay=0.01)
    seen, loss = 0, float("nan")
    first, saved = checkpoints.latest() if checkpoints else (0, None)
    if saved:
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        dice.setstate(saved["dice"])
        torch.set_rng_state(saved["generator"])
        seen = saved["seen"]
    for step in range(first, settings.steps + 1):
        if checkpoints and step > first and step % checkpoints.every == 0:
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "seen": seen}
            checkpoints.save(step, {**state, "dice": dice.getstate(), "generator": torch.get_rng_state()})
        batch = dice.sample(learned, settings.batch)
        now = _loss(model, batch, tokenizer.pad_token_id)
        if step % every == 0 or step in settings.panel or step == settings.steps:
            loss = now.item()
            held_out = _held_out(model, held, tokenizer.pad_token_id)
            on_row(TrainingRow(step=step, loss=loss, held_out=held_out, tokens=seen), written)
        if step == settings.steps:
            break
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 40)
            group["lr"] = (
                settings.learning_rate * warm * (0.02 + 0.49 * (1 + math.cos(math.pi * step / settings.steps)))
            )
        optimiser.zero_grad()
        now.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        seen += sum(map(len, batch))
    return written


def save(written: LanguageModel, folder: Path) -> None:
    """Weights as fp16 safetensors, configuration and tokenizer: what `language_model.load` reads."""
    model: Any = written.model
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        model.half().save_pretrained(partial)
        model.float()
        written.tokenizer.save_pretrained(partial)
        folder.mkdir(parents=True, exist_ok=True)
        for file in partial.iterdir():
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _loss(model: Any, rows: list[list[int]], pad: int) -> Any:
    ids, mask = right_padded(rows, pad, torch.device("cpu"))
    return model(input_ids=ids, attention_mask=mask, labels=ids.masked_fill(mask == 0, -100)).loss


@torch.no_grad()
def _held_out(model: Any, rows: list[list[int]], pad: int) -> float:
    return float(_loss(model, rows, pad).item())


def record(
    settings: BaseSettings,
    root: Path,
    weights: Path,
    rows: Sink,
    say: Progress,
    checkpoints: Checkpoints | None = None,
) -> dict[str, float]:
    """Train the base model, keep what it was like at every age, and save its weights. Returns the facts."""
    prompts = corpus.prompts("panel", PANEL)
    guideline, reader = raters.read_guideline(root / settings.guideline), raters.story_reader()
    dice = range(PANEL_DICE + 1000 * settings.seed, PANEL_DICE + 1000 * settings.seed + PANEL)
    facts: dict[str, float] = {}
    clock = time.perf_counter()

    def marks(asked: Sequence[str], texts: Sequence[str], seeds: Sequence[int]) -> list[tuple[float, Mark]]:
        return [
            (c, raters.rate(guideline, text, coherence=c, dice=random.Random(f"panel {seed}")))
            for c, text, seed in zip(reader(asked, texts), texts, seeds, strict=True)
        ]

    def on_row(row: TrainingRow, model: LanguageModel) -> None:
        rows(
            "metrics.jsonl",
            {
                "step": row.step,
                "loss": row.loss,
                "held_out": row.held_out,
                "perplexity": math.exp(row.held_out),
                "tokens": row.tokens,
                "seconds": checkpoints.seconds if checkpoints else time.perf_counter() - clock,
            },
        )
        if row.step in settings.panel:
            for i, sample in enumerate(_answers(model, prompts, dice, settings.tokens, marks)):
                rows("samples.jsonl.gz", {"step": row.step, "prompt_index": i, **sample})
        facts.update(held_out_loss=row.held_out, perplexity=math.exp(row.held_out), tokens_seen=row.tokens)
        say(row.step, settings.steps, f"loss {row.loss:.2f}")

    model = train(settings, on_row, 20, checkpoints)
    save(model, weights)
    # One prompt, many answers: what a model that has read everything may say.
    for i, sample in enumerate(_answers(model, prompts[:1] * 64, range(64), settings.tokens, marks)):
        rows("draws.jsonl.gz", {"draw": i, "prompt_index": 0, **sample})
    for prompt in prompts[:6]:
        for kind in ("greedy", "sampled"):
            rows(
                "tokens.jsonl.gz",
                {"prompt": prompt, "kind": kind, "steps": _candidates(model, prompt, kind, settings.tokens)},
            )
    asked = corpus.prompts("names kept", 256)
    kept = _answers(model, asked, range(256), settings.tokens, marks)
    facts |= {
        "parameters": sum(p.numel() for p in model.model.parameters()),
        "vocabulary": len(model.tokenizer),
        "stories": settings.stories,
        "names_kept": sum(corpus.names_kept(p, s["text"]) for p, s in zip(asked, kept, strict=True)) / len(asked),
        "coherence": sum(s["coherence"] for s in kept) / len(kept),
        "rating": sum(s["rating"] for s in kept) / len(kept),
    }
    return facts


def _answers(
    model: LanguageModel, prompts: Sequence[str], seeds: Sequence[int], limit: int, marked: Marks
) -> list[dict[str, Any]]:
    """One answer to each prompt, marked by the raters; rows like those of a run, without its coaches."""
    asked = model.ids(prompts)
    written = model.write(asked, seeds, limit)
    texts = [model.text(ids) for ids in written]
    readings = model.read(asked, written)
    marks = marked(prompts, texts, seeds)
    return [
        {
            "prompt": prompts[i],
            "text": texts[i].strip(),
            "ids": ids,
            "tokens": model.tokens(ids),
            "logp": readings[i].logp,
            "ref_logp": readings[i].logp,
            "coach": [],
            "values": None,
            "rating": marks[i][1].rating,
            "rater": marks[i][1].rater,
            "rules": list(marks[i][1].rules),
            "coherence": marks[i][0],
            "kl": 0.0,
            "total": None,
        }
        for i, ids in enumerate(written)
    ]


def _candidates(model: LanguageModel, prompt: str, kind: str, limit: int) -> list[dict[str, Any]]:
    """Along one answer: the eight likeliest next tokens at every place, and the one that was taken."""
    asked = model.ids([prompt])
    (written,) = model.write(asked, [0], limit, 0.0 if kind == "greedy" else 1.0)
    steps = []
    ids = torch.tensor([asked[0] + written], device=model.device)
    with torch.no_grad():
        spread = model.model(input_ids=ids, use_cache=False).logits[0].float().softmax(-1)
    for place, chosen in enumerate(written):
        best = spread[len(asked[0]) - 1 + place].topk(8)
        names = model.tokens(best.indices.tolist())
        steps.append(
            {
                "chosen": model.tokens([chosen])[0],
                "candidates": [list(pair) for pair in zip(names, best.values.tolist(), strict=True)],
            }
        )
    return steps
