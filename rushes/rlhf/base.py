"""The base model: a small GPT-2 trained from scratch on the stories of `corpus`, tokenizer included."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from rushes.recipe import BaseSettings
from rushes.rlhf import corpus
from rushes.rlhf.language_model import LanguageModel, right_padded

__all__ = ["TrainingRow", "make_model", "make_tokenizer", "save", "train"]

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
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
        )
    )


def train(
    settings: BaseSettings, on_row: Callable[[TrainingRow, LanguageModel], None], every: int = 10
) -> LanguageModel:
    """Train from nothing. `on_row` sees the model before the first step, every few steps, and at the end."""
    torch.manual_seed(settings.seed)
    dice = random.Random(f"corpus {settings.seed}")
    stories = [_text(corpus.story(dice)) for _ in range(settings.stories + HELD_OUT)]
    tokenizer = make_tokenizer(stories[: min(8000, settings.stories)])
    rows = [[*row, tokenizer.eos_token_id] for row in tokenizer(text=stories)["input_ids"]]
    learned, held = rows[: settings.stories], rows[settings.stories :]
    model = make_model(settings, tokenizer)
    written = LanguageModel(model, tokenizer)
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.95), weight_decay=0.01)
    seen, loss = 0, float("nan")
    for step in range(settings.steps + 1):
        batch = dice.sample(learned, settings.batch)
        now = _loss(model, batch, tokenizer.pad_token_id)
        if step % every == 0 or step == settings.steps:
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
    model.half().save_pretrained(folder)
    model.float()
    written.tokenizer.save_pretrained(folder)


def _text(story: corpus.Story) -> str:
    return f"{story.prompt} {story.answer}"


def _loss(model: Any, rows: list[list[int]], pad: int) -> Any:
    ids, mask = right_padded(rows, pad, torch.device("cpu"))
    return model(input_ids=ids, attention_mask=mask, labels=ids.masked_fill(mask == 0, -100)).loss


@torch.no_grad()
def _held_out(model: Any, rows: list[list[int]], pad: int) -> float:
    return float(_loss(model, rows, pad).item())
