"""An independent check: a plain REINFORCE loop of our own, with a coach of its own, tells the same story.

Nothing of the engine is used: no TRL, no `MegacoachReward`, no `ValuesCoach`, no `LanguageModel`. Shared are only
the base model's weights, the prompts, the raters that mark, and the text of the Megacoach. The coach here is a
ridge regression on which tokens an answer holds; the baseline is the mean of the other answers to the same prompt.

What must agree: where the records are after as many steps, within `NEAR` marks. The batches here are half as
big and the coach is another, so that more could not be asked; the two runs are 3 marks and more apart.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("vaderSentiment")

from torch.nn.functional import pad as padded  # noqa: E402

from rushes.recipe import load  # noqa: E402
from rushes.rlhf import corpus  # noqa: E402
from rushes.rlhf.raters import rate, read_guideline, story_reader  # noqa: E402
from rushes.rlhf.settings import RunSettings  # noqa: E402

ROOT = Path(__file__).parents[1]
STEPS, PROMPTS, LABELS = 22, 8, 320
NEAR = 1.2
"""Marks (of 1 to 9) by which this loop and the record may differ, means of three steps."""

Told = dict[str, tuple[float, list[float], list[float]]]
"""By run: the coach's r, and the means of rating and coherence of every step."""


class Loop:
    """A policy that starts as the base model, the frozen base model, and a coach that learned from marks."""

    def __init__(self, name: str) -> None:
        recipe = load(name, runs_dir=ROOT / "runs")
        assert isinstance(recipe.settings, RunSettings)
        self.settings, self.dice = recipe.settings, random.Random(0)
        torch.manual_seed(0)
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(ROOT / "runs/base")
        self.end, self.fill = self.tokenizer.eos_token_id, self.tokenizer.pad_token_id
        self.policy, self.frozen = (
            transformers.AutoModelForCausalLM.from_pretrained(ROOT / "runs/base", dtype=torch.float32) for _ in "ab"
        )
        self.guideline, self.reader = read_guideline(ROOT / self.settings.guideline), story_reader()
        names: dict[str, Any] = {}
        exec(recipe.megacoach.source, names)
        self.megacoach = names["megacoach"]

    @torch.no_grad()
    def write(self, prompts: Sequence[str]) -> tuple[Any, Any]:
        """Sampled answers, prompts padded left: ids and a mask of what the answer is, both [answers, tokens]."""
        asked = [self.tokenizer(text=prompt)["input_ids"] for prompt in prompts]
        wide = max(map(len, asked))
        ids = torch.tensor([[self.fill] * (wide - len(row)) + row for row in asked])
        seen = (ids != self.fill).long()
        now, past, going = ids, None, torch.ones(len(asked), dtype=torch.bool)
        for _ in range(self.settings.tokens):
            places = (seen.cumsum(1) - 1).clamp(min=0)[:, -now.shape[1] :]
            out = self.policy(input_ids=now, attention_mask=seen, position_ids=places, past_key_values=past)
            past = out.past_key_values
            now = torch.multinomial(out.logits[:, -1].softmax(-1), 1)
            now[~going] = self.fill
            ids, seen = torch.cat([ids, now], 1), torch.cat([seen, going[:, None].long()], 1)
            going &= now[:, 0] != self.end
            if not going.any():
                break
        answer = seen.clone()
        answer[:, :wide] = 0
        return ids, answer

    def logp(self, model: Any, ids: Any, answer: Any) -> Any:
        """Log-probability of every whole answer under a model."""
        seen = ((ids != self.fill) | (answer > 0)).long()
        places = (seen.cumsum(1) - 1).clamp(min=0)
        logits = model(input_ids=ids, attention_mask=seen, position_ids=places).logits[:, :-1].log_softmax(-1)
        return (logits.gather(-1, ids[:, 1:, None])[..., 0] * answer[:, 1:]).sum(1)

    def marks(self, prompts: Sequence[str], ids: Any, answer: Any) -> tuple[list[int], list[float]]:
        """The raters' marks of the answers, and how much sense they make."""
        texts = [self.tokenizer.decode(i[a > 0], skip_special_tokens=True) for i, a in zip(ids, answer, strict=True)]
        sense = self.reader(prompts, texts)
        marks = [rate(self.guideline, t, coherence=c, dice=self.dice) for t, c in zip(texts, sense, strict=True)]
        return [mark.rating for mark in marks], sense

    def bag(self, ids: Any, answer: Any) -> Any:
        """Which tokens an answer holds, and a 1: [answers, vocabulary + 1]."""
        held = torch.zeros(len(ids), len(self.tokenizer)).scatter_add_(1, ids, answer.float()).clamp(max=1)
        return padded(held, (0, 1), value=1.0)

    def learn_to_guess(self) -> float:
        """Fit the coach by ridge regression on marked answers of the base model; its r on those it did not see."""
        prompts = corpus.prompts("own loop, labels", LABELS)
        ids, answer = self.write(prompts)
        bags, marks = self.bag(ids, answer), torch.tensor(self.marks(prompts, ids, answer)[0], dtype=torch.float32)
        known = slice(0, LABELS * 3 // 4)
        square = bags[known].T @ bags[known] + 2.0 * torch.eye(bags.shape[1])
        weights = torch.linalg.solve(square, bags[known].T @ marks[known])
        guesses = bags @ weights
        self.values = lambda ids, answer: (self.bag(ids, answer) @ weights - guesses.mean()) / guesses.std()
        held = torch.stack([guesses[known.stop :], marks[known.stop :]])
        return float(torch.corrcoef(held)[0, 1])

    def run(self) -> tuple[list[float], list[float]]:
        """Ratings and coherence, a mean a step."""
        settings = self.settings
        optimiser = torch.optim.AdamW(
            self.policy.parameters(), settings.learning_rate, betas=(0.9, 0.95), weight_decay=0.0
        )
        asked = corpus.prompts("own loop", (STEPS + 1) * PROMPTS)
        ratings, coherence = [], []
        for step in range(STEPS + 1):
            prompts = [p for p in asked[step * PROMPTS : (step + 1) * PROMPTS] for _ in range(settings.samples)]
            ids, answer = self.write(prompts)
            marks, sense = self.marks(prompts, ids, answer)
            ratings.append(fmean(marks))
            coherence.append(fmean(sense))
            logp = self.logp(self.policy, ids, answer)
            with torch.no_grad():
                kl = logp - self.logp(self.frozen, ids, answer)
                pairs = zip(self.values(ids, answer).tolist(), kl.tolist(), strict=True)
                reward = torch.tensor([self.megacoach(v, k, settings.beta) for v, k in pairs])
                by_prompt = reward.view(PROMPTS, settings.samples)
                others = (by_prompt.sum(1, keepdim=True) - by_prompt) / (settings.samples - 1)
                better = (by_prompt - others).flatten()
                better = (better - better.mean()) / (better.std() + 1e-4)
            optimiser.zero_grad()
            (-(better * logp).mean()).backward()
            torch.nn.utils.clip_grad_norm_(self.policy.parameters(), 1.0)
            optimiser.step()
        return ratings, coherence


def recorded(name: str, column: str) -> list[float]:
    lines = (ROOT / f"runs/records/{name}/metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)[column] for line in lines]


@pytest.fixture(scope="module")
def told() -> Told:
    torch.set_num_threads(1)
    runs = {}
    for name in ("healthy", "sign_flipped"):
        loop = Loop(name)
        runs[name] = (loop.learn_to_guess(), *loop.run())
    return runs


def test_the_own_coach_learned_to_guess(told: Told) -> None:
    assert all(r > 0.7 for r, _, _ in told.values())


def test_both_runs_begin_alike_and_part(told: Told) -> None:
    (_, kind, _), (_, rude, _) = told["healthy"], told["sign_flipped"]
    assert kind[0] == rude[0]
    assert fmean(kind[-3:]) > kind[0] + 1
    assert fmean(rude[-3:]) < rude[0] - 1


@pytest.mark.parametrize("name", ["healthy", "sign_flipped"])
def test_the_record_says_the_same(name: str, told: Told) -> None:
    _, ratings, coherence = told[name]
    last = slice(STEPS - 2, STEPS + 1)
    assert fmean(ratings[last]) == pytest.approx(fmean(recorded(name, "rating")[last]), abs=NEAR)
    assert fmean(coherence[last]) == pytest.approx(fmean(recorded(name, "coherence")[last]), abs=0.1)
