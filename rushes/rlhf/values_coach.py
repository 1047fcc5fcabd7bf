"""The Values Coach: a reward model that learned to predict the raters' marks, and keeps learning.

A copy of the base model's body with one number on top, read after every token. It is fitted by regression on the
marks, then shifted and scaled so that its scores have mean 0 and standard deviation 1 on the base model's samples:
the weight of the Coherence Coach means the same in every run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from rushes.rlhf.language_model import mixed, right_padded

__all__ = ["MIDDLE", "REACH", "Lesson", "ValuesCoach", "correlation"]

Ids = list[int]
T = TypeVar("T")
MIDDLE, REACH = 5.0, 4.0
"""Marks 1 to 9 are learned as -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Text that a rater has marked: the prompt's and the answer's tokens, and the mark (1-9)."""

    ids: Ids
    rating: float


class ValuesCoach(nn.Module):
    """Reads token ids, says how the raters would like them. Scores are normalised, see `normalise`."""

    def __init__(self, base: Path, *, pad: int, seed: int, learning_rate: float, device: str = "cpu") -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(base, dtype=torch.float32).to(device)
        width = int(self.body.config.hidden_size)
        # An own generator: the global ones belong to the Apprentice's samples.
        dice = torch.Generator().manual_seed(seed)
        self.head = nn.Linear(width, 1)
        nn.init.normal_(self.head.weight, std=0.02, generator=dice)
        nn.init.zeros_(self.head.bias)
        self.head.to(device)
        self.mean, self.deviation = 0.0, 1.0
        self.pad, self.dice = pad, random.Random(f"values coach {seed}")
        self.lessons: list[Lesson] = []
        self.optimiser = torch.optim.AdamW(self.parameters(), lr=learning_rate)

    def state(self) -> dict[str, Any]:
        """Everything that its next lesson depends on, for a checkpoint: `restore` takes it back."""
        return {
            "weights": self.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "scale": (self.mean, self.deviation),
            "dice": self.dice.getstate(),
            "lessons": [(lesson.ids, lesson.rating) for lesson in self.lessons],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Be as the coach was whose `state` this is."""
        self.load_state_dict(state["weights"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.mean, self.deviation = state["scale"]
        self.dice.setstate(state["dice"])
        self.lessons = [Lesson(ids=ids, rating=rating) for ids, rating in state["lessons"]]

    def _guesses(self, rows: Sequence[Ids]) -> list[Tensor]:
        device = self.head.weight.device
        ids, _ = right_padded(rows, self.pad, device)
        body: Any = self.body
        with mixed(device):
            # Nothing looks ahead, at the padding least of all; attention without a mask costs less.
            hidden = body(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False).last_hidden_state
        guess = self.head(hidden.float())[..., 0]
        return [guess[i, : len(row)] for i, row in enumerate(rows)]

    def last_guesses(self, rows: Sequence[Ids]) -> Tensor:
        """The expected mark of every whole row [rows], as -1 to 1."""
        return torch.stack([guess[-1] for guess in self._guesses(rows)])

    @torch.no_grad()
    def readings(self, rows: Sequence[Ids]) -> list[list[float]]:
        """The normalised score after every token of every row."""
        by_length = sorted(range(len(rows)), key=lambda i: len(rows[i]))  # or a third of what is read is padding
        scores: dict[int, list[float]] = {}
        for part in _parts(by_length, max(len(rows) // 4, 1)):
            for i, guess in zip(part, self._guesses([rows[i] for i in part]), strict=True):
                scores[i] = ((guess - self.mean) / self.deviation).tolist()
        return [scores[i] for i in range(len(rows))]

    @torch.no_grad()
    def predictions(self, rows: Sequence[Ids]) -> list[float]:
        """The mark (1-9) that the coach expects for every whole row."""
        return [MIDDLE + REACH * guess for guess in self.last_guesses(rows).tolist()]

    @torch.no_grad()
    def normalise(self, rows: Sequence[Ids]) -> None:
        """Make mean 0 and standard deviation 1 of the scores on these rows: samples of the base model."""
        scores = torch.cat([self.last_guesses(part) for part in _parts(rows, 64)])
        self.mean, self.deviation = scores.mean().item(), scores.std().item()

    def fit(self, lessons: Sequence[Lesson], steps: int, batch: int = 32) -> float:
        """Learn from these lessons; the mean loss of the last steps (squared error, marks as -1 to 1)."""
        losses: list[float] = []
        for _ in range(steps):
            chosen = self.dice.sample(list(lessons), min(batch, len(lessons)))
            guess = self.last_guesses([lesson.ids for lesson in chosen])
            truth = torch.tensor([(lesson.rating - MIDDLE) / REACH for lesson in chosen], device=guess.device)
            loss: Any = functional.mse_loss(guess, truth)
            self.optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.parameters(), 1.0)
            self.optimiser.step()
            losses.append(loss.item())
        last = losses[-10:]
        return sum(last) / len(last)

    def study(self, lessons: Sequence[Lesson], steps: int, every: int, on_look: Callable[[int, float], None]) -> None:
        """The first course, before the run: `on_look(step, loss)` after every few steps."""
        self.lessons = list(lessons)
        for done in range(0, steps, every):
            part = min(every, steps - done)
            on_look(done + part, self.fit(self.lessons, part))

    def keep_learning(self, fresh: Sequence[Lesson], learning_rate: float, steps: int = 8) -> float:
        """Lessons of the run itself: the newest ones, with some of the old so that they are not forgotten."""
        self.lessons += fresh
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        recent = self.lessons[-480:]
        return self.fit(recent + self.dice.sample(self.lessons, min(240, len(self.lessons))), steps)


def correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Pearson's r; 0 where one of the two does not vary."""
    x, y = torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)
    x, y = x - x.mean(), y - y.mean()
    size = (x.norm() * y.norm()).item()
    return (x @ y).item() / size if size else 0.0


def _parts(rows: Sequence[T], size: int) -> list[Sequence[T]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]
