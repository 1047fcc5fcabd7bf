"""A language model and its tokenizer: loading it, writing with it, and reading what it thinks of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl.trainer.utils import add_fused_lm_head

__all__ = ["LanguageModel", "Overheard", "Reading", "load", "mixed", "pad_aware_positions", "right_padded"]

Ids = list[int]
AT_ONCE = 16
"""Rows whose probabilities over a whole vocabulary are held at once: 128 rows over 49,152 tokens were 7 GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a model thinks of one text, token by token. Lists are as long as the text; nats."""

    logp: list[float]
    entropy: list[float]


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A causal language model (any architecture that `transformers` knows) with its tokenizer."""

    model: nn.Module
    tokenizer: Any

    @property
    def device(self) -> torch.device:
        """Where the model is."""
        return next(self.model.parameters()).device

    @property
    def pad(self) -> int:
        """The id that fills rows up."""
        return int(self.tokenizer.pad_token_id)

    @property
    def end(self) -> int:
        """The id of end-of-text."""
        return int(self.tokenizer.eos_token_id)

    def ids(self, texts: Sequence[str]) -> list[Ids]:
        """The texts as token ids, the way the trainer tokenises its prompts."""
        return [list(row) for row in self.tokenizer(text=list(texts))["input_ids"]]

    def text(self, ids: Ids) -> str:
        """Token ids as text, end-of-text left out."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def tokens(self, ids: Ids) -> list[str]:
        """Every token id as text of its own; end-of-text as its name."""
        return [str(self.tokenizer.decode([i])) for i in ids]

    @torch.no_grad()
    def write(self, prompts: Sequence[Ids], seeds: Sequence[int], limit: int, temperature: float = 1.0) -> list[Ids]:
        """Sample one continuation of every prompt: at most `limit` tokens, end-of-text included where it was reached.

        The noise of every token at every position is fixed by the row's seed (Gumbel-max sampling), so two models
        that think alike write alike: the same dice, whatever else is in the batch. `temperature` 0 is greedy. The
        dice are the device's own: those of a GPU fall otherwise, and 49,152 of them a token fall faster there.
        """
        dice = [torch.Generator(self.device).manual_seed(seed) for seed in seeds]
        width = max(map(len, prompts))
        ids = torch.tensor([[self.pad] * (width - len(p)) + p for p in prompts], device=self.device)
        seen = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts], device=self.device)
        written: list[Ids] = [[] for _ in prompts]
        open_rows = [True] * len(prompts)
        past = None
        was_training = self.model.training
        self.model.eval()
        for _ in range(limit):
            places = (seen.cumsum(1) - 1).clamp(min=0)[:, -ids.shape[1] :]
            with mixed(self.device):
                out = self.model(
                    input_ids=ids, attention_mask=seen, position_ids=places, past_key_values=past, use_cache=True
                )
            past = out.past_key_values
            logits = out.logits[:, -1].float()
            if temperature > 0:
                blank = torch.empty(logits.shape[1], device=self.device)
                noise = torch.stack([torch.empty_like(blank).exponential_(generator=d) for d in dice])
                logits = logits / temperature - noise.log()
            chosen = logits.argmax(1).tolist()
            for row, token in enumerate(chosen):
                if open_rows[row]:
                    written[row].append(token)
                    open_rows[row] = token != self.end
            if not any(open_rows):
                break
            ids = torch.tensor(chosen, device=self.device)[:, None]
            seen = torch.cat([seen, torch.ones_like(ids)], 1)
        self.model.train(was_training)
        return written

    @torch.no_grad()
    def read(self, prompts: Sequence[Ids], texts: Sequence[Ids], temperature: float = 1.0) -> list[Reading]:
        """Log-probability of every token of every text after its prompt, and the entropy at every place."""
        ids, mask = right_padded([p + t for p, t in zip(prompts, texts, strict=True)], self.pad, self.device)
        was_training = self.model.training
        self.model.eval()
        with mixed(self.device):
            logits = self.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
        self.model.train(was_training)  # the trainer picks its metrics by this flag
        known: list[Tensor] = []
        unsure: list[Tensor] = []
        for part, said in zip(torch.split(logits[:, :-1], AT_ONCE), torch.split(ids[:, 1:], AT_ONCE), strict=True):
            spread = (part.float() / temperature).log_softmax(-1)
            known.append(spread.gather(-1, said[..., None])[..., 0])
            unsure.append(-(spread.exp() * spread).sum(-1))
        logp, entropy = torch.cat(known).cpu(), torch.cat(unsure).cpu()
        cuts = [slice(len(p) - 1, len(p) - 1 + len(t)) for p, t in zip(prompts, texts, strict=True)]
        return [Reading(logp=logp[i, cut].tolist(), entropy=entropy[i, cut].tolist()) for i, cut in enumerate(cuts)]


class Overheard:
    """What the trainer reads of its policy before it asks for rewards, and the same batch read by a frozen reference.

    The trainer needs every token's log-probability anyway: to listen costs nothing, to read again costs a pass. The
    reference reads the same padded batch through the same fused head, so that the KL of a copy of it is exactly 0.
    """

    def __init__(self, policy: nn.Module, reference: Any, temperature: float) -> None:
        self.reference = reference
        self.batch: dict[str, Tensor] = {}
        self.logp, self.entropy = torch.empty(0), torch.empty(0)
        pad_aware_positions(reference)
        add_fused_lm_head(reference, temperature=temperature)
        policy.register_forward_hook(self._listen, with_kwargs=True)

    def _listen(self, _: nn.Module, args: tuple[Any, ...], named: dict[str, Any], out: Any) -> None:
        if named.get("fused_lm_head") and not torch.is_grad_enabled():  # with gradients, it is the loss
            self.batch = named
            self.logp, self.entropy = out.log_probs.float().cpu(), out.entropy.float().cpu()

    @torch.no_grad()
    def readings(self, texts: Sequence[Ids]) -> tuple[list[Reading], list[Reading]]:
        """Of the texts of the trainer's latest batch, after their prompts: the policy's and the reference's reading.

        The reference's has no entropy: nobody asks for it.
        """
        first = self.logp.shape[1] - max(map(len, texts))  # prompts end, and texts begin, at the same place
        heard = self._reference(first).tolist()
        logp, entropy = self.logp[:, first:].tolist(), self.entropy[:, first:].tolist()
        new = [Reading(logp=logp[i][: len(text)], entropy=entropy[i][: len(text)]) for i, text in enumerate(texts)]
        return new, [Reading(logp=heard[i][: len(text)], entropy=[]) for i, text in enumerate(texts)]

    def _reference(self, first: int) -> Tensor:
        """The reference's log-probabilities of what follows place `first`: its head reads none of the prompts."""

        def answers(_: nn.Module, args: tuple[Any, ...], out: Any) -> Any:
            out.last_hidden_state = out.last_hidden_state[:, first:]
            return out

        hook = self.reference.base_model.register_forward_hook(answers)
        try:
            with mixed(self.batch["input_ids"].device):
                out = self.reference(**self.batch | {"labels": self.batch["labels"][:, first:]})
        finally:
            hook.remove()
        heard: Tensor = out.log_probs.float().cpu()
        return heard


def load(folder: Path, *, device: str = "cpu", dtype: torch.dtype = torch.float32) -> LanguageModel:
    """The model in a folder of weights, ready to write; nothing is fetched."""
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    return LanguageModel(model.to(device).eval(), tokenizer)


def mixed(device: torch.device) -> torch.autocast:
    """bf16 arithmetic on a GPU, for every model alike: a reference in fp32 would differ from step 0 on."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


def right_padded(rows: Sequence[Ids], pad: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Rows of ids as a tensor [rows, longest] and its mask; padded right, so that positions count from 0."""
    width = max(map(len, rows))
    ids = torch.tensor([r + [pad] * (width - len(r)) for r in rows], device=device)
    mask = torch.tensor([[1] * len(r) + [0] * (width - len(r)) for r in rows], device=device)
    return ids, mask


def pad_aware_positions(model: nn.Module) -> None:
    """Make a model count positions from the first real token.

    The trainer passes no `position_ids` when it recomputes log-probabilities; learned positions (GPT-2) would
    then count the padding, and its log-probabilities would differ from those of the sampler by up to 3 nats.
    """

    def count(_: nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        mask = named.get("attention_mask")
        if (
            named.get("position_ids") is None
            and named.get("past_key_values") is None
            and isinstance(mask, Tensor)
            and mask.dim() == 2
        ):
            named["position_ids"] = (mask.long().cumsum(1) - 1).clamp(min=0)
        return args, named

    body: Any = model.base_model
    body.register_forward_pre_hook(count, with_kwargs=True)
