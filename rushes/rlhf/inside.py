"""A look inside the base model: what every layer would say next, where the rudeness is, and what it does.

Layers count from 0, the embedding, to n, the last block; a layer's activations are the residual stream after it.

    residuals(model, prompts, answers)   -> the activations of every layer
    lens(model, activations)             -> what each layer would say next
    probe(activations, rude)             -> a logistic regression
    with steered(model, Push(...)):      -> the model writes with a direction added, or removed
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rushes.rlhf import corpus, raters
from rushes.rlhf.judge import judge
from rushes.rlhf.language_model import LanguageModel, load, right_padded
from rushes.rlhf.rows import PANEL, PANEL_DICE, Progress, Sink
from rushes.rlhf.settings import InsideSettings
from rushes.rlhf.weights import find_weights

__all__ = ["Probe", "Push", "lens", "probe", "record", "residuals", "steered"]

Ids = list[int]

LENS_PROMPTS = 6
CANDIDATES = 5
POINTS = 150
"""Held-out answers whose place along the direction is kept, for a picture."""
BATCH = 64
SENSE = 0.8
"""A strength at which the tried answers make less sense than this is not chosen, however far it moves the rating."""


def _layers(model: LanguageModel) -> list[nn.Module]:
    """The modules whose outputs are the residual stream after the embedding and after every block."""
    body: Any = model.model.base_model
    return [body.drop, *body.h]


def _stream(output: Any) -> Tensor:
    stream: Tensor = output[0] if isinstance(output, tuple) else output
    return stream


@torch.no_grad()
def residuals(model: LanguageModel, prompts: Sequence[Ids], answers: Sequence[Ids]) -> tuple[Tensor, Tensor]:
    """The residual stream of prompts with their answers: activations [layers + 1, rows, places, width], and the
    model's own logits [rows, places, vocabulary]. Rows are padded right."""
    rows = [p + a for p, a in zip(prompts, answers, strict=True)]
    ids, mask = right_padded(rows, model.pad, model.device)
    seen: list[Tensor] = []
    hooks = [
        layer.register_forward_hook(lambda _, __, output: seen.append(_stream(output))) for layer in _layers(model)
    ]
    try:
        logits: Tensor = model.model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    finally:
        for hook in hooks:
            hook.remove()
    return torch.stack(seen), logits


@torch.no_grad()
def lens(model: LanguageModel, activations: Tensor) -> Tensor:
    """The logit lens: logits of the next token if the final norm and the unembedding came right after a layer.

    Args:
        activations: [..., width]. Returns [..., vocabulary].
    """
    body: Any = model.model
    logits: Tensor = body.lm_head(body.base_model.ln_f(activations))
    return logits


@dataclass(frozen=True, slots=True)
class Probe:
    """A logistic regression on standardised activations: rude where `weights · z + bias` is positive."""

    mean: Tensor
    deviation: Tensor
    weights: Tensor
    bias: Tensor

    def accuracy(self, activations: Tensor, rude: Tensor) -> float:
        """The share of rows [rows, width] that are called what they are [rows]."""
        score = (activations.double() - self.mean) / self.deviation @ self.weights + self.bias
        return float(((score > 0) == rude.bool()).double().mean())


def probe(activations: Tensor, rude: Tensor, ridge: float = 0.01) -> Probe:
    """The probe that fits rows of activations [rows, width] and their labels [rows] best."""
    x, y = activations.double(), rude.double()
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    x = (x - mean) / deviation
    weights = torch.zeros(x.shape[1], dtype=torch.double, requires_grad=True)
    bias = torch.zeros((), dtype=torch.double, requires_grad=True)
    optimiser: Any = torch.optim.LBFGS([weights, bias], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> Any:
        optimiser.zero_grad()
        wrong = nn.functional.binary_cross_entropy_with_logits(x @ weights + bias, y) + ridge * weights.square().sum()
        wrong.backward()  # type: ignore[no-untyped-call]
        return wrong

    optimiser.step(loss)
    return Probe(mean, deviation, weights.detach(), bias.detach())


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What is done to the residual stream after one layer, wherever a token is about to be written."""

    layer: int
    direction: Tensor
    """[width]: from the mean kind answer to the mean rude one."""
    usual: Tensor
    """[width]: the mean of all; what is removed is replaced by what is usual."""
    alpha: float
    """How much of the direction is added."""
    removed: bool = False
    """Whether what the stream says along the direction is removed first."""


@contextmanager
def steered(model: LanguageModel, push: Push) -> Iterator[None]:
    """Inside the block, the model writes under the push."""
    unit = push.direction / push.direction.norm()

    def change(_: nn.Module, __: Any, output: Any) -> Any:
        stream = _stream(output).clone()
        last = stream[:, -1:]  # of the prompt's tokens, only the last is a place where something is written
        if push.removed:
            last = last - ((last - push.usual) @ unit)[..., None] * unit
        stream[:, -1:] = last + push.alpha * push.direction
        return (stream, *output[1:]) if isinstance(output, tuple) else stream

    hook = _layers(model)[push.layer].register_forward_hook(change)
    try:
        yield
    finally:
        hook.remove()


@dataclass(frozen=True, slots=True)
class _Desk:
    """The model, and those who read what it writes."""

    model: LanguageModel
    reader: raters.Reader
    guideline: raters.Guideline
    limit: int

    def write(self, prompts: Sequence[str], dice: Sequence[int]) -> list[Ids]:
        asked = self.model.ids(prompts)
        return [
            row
            for i in range(0, len(asked), BATCH)
            for row in self.model.write(asked[i : i + BATCH], dice[i : i + BATCH], self.limit)
        ]

    def marked(self, prompts: Sequence[str], dice: Sequence[int]) -> list[dict[str, Any]]:
        """One answer to each prompt, and what the raters and the judge think of it."""
        texts = [self.model.text(ids).strip() for ids in self.write(prompts, dice)]
        rows = []
        for prompt, text, coherence, die in zip(prompts, texts, self.reader(prompts, texts), dice, strict=True):
            mark = raters.rate(self.guideline, text, coherence=coherence, dice=random.Random(f"inside {die}"))
            rows.append(
                {
                    "prompt": prompt,
                    "text": text,
                    "rating": mark.rating,
                    "rater": mark.rater,
                    "rules": list(mark.rules),
                    "coherence": coherence,
                    "judge": judge(text),
                }
            )
        return rows


@dataclass(frozen=True, slots=True)
class _Found:
    """Answers that are kind or rude: activations [layers + 1, answers, width] of two kinds, and labels [answers]."""

    mean: Tensor
    """The mean over the answer's tokens: it holds the words themselves."""
    end: Tensor
    """At the answer's last full stop, which is the same in kind and rude answers."""
    rude: Tensor


def _found(desk: _Desk, settings: InsideSettings) -> _Found:
    prompts = corpus.prompts(f"inside {settings.seed}", settings.answers)
    written = desk.write(prompts, _dice(settings, 1, settings.answers))
    asked, model = desk.model.ids(prompts), desk.model
    means, ends, rude = [], [], []
    for i in range(0, len(written), BATCH):
        told = [[t for t in ids if t != model.end] for ids in written[i : i + BATCH]]
        stream, _ = residuals(model, asked[i : i + BATCH], told)
        for row, (prompt, ids) in enumerate(zip(asked[i : i + BATCH], told, strict=True)):
            warmth = raters.warmth(model.text(ids))
            if abs(warmth) < raters.NEUTRAL or not ids:
                continue  # plain answers are neither
            places = stream[:, row, len(prompt) : len(prompt) + len(ids)]
            means.append(places.mean(1))
            ends.append(places[:, -1])
            rude.append(warmth < 0)
    return _Found(torch.stack(means, 1), torch.stack(ends, 1), torch.tensor(rude))


def _dice(settings: InsideSettings, use: int, count: int) -> list[int]:
    first = settings.seed * 1_000_000 + use * 100_000
    return list(range(first, first + count))


def _across(activations: Tensor, unit: Tensor) -> Tensor:
    """The direction in which rows [rows, width] differ most, of those at right angles to `unit`; its sign is fixed."""
    rest = activations - activations.mean(0)
    rest = rest - (rest @ unit)[:, None] * unit
    axis: Tensor = torch.linalg.eigh((rest.T @ rest).double()).eigenvectors[:, -1].float()
    sign: Tensor = axis[axis.abs().argmax()].sign()
    return axis * sign


def _points(activations: Tensor, learned: int, rude: Tensor) -> list[list[float]]:
    """Held-out answers as [place along the direction from kind to rude, place across it, 1 if rude]."""
    known, labels = activations[:learned], rude[:learned]
    direction, middle = _difference(known, labels), known.mean(0)
    unit = direction / direction.norm()
    axes = torch.stack([unit, _across(known, unit)], 1)
    places = ((activations[learned:] - middle) @ axes)[:POINTS].tolist()
    return [[*place, int(label)] for place, label in zip(places, rude[learned:].tolist(), strict=False)]


def _difference(activations: Tensor, rude: Tensor) -> Tensor:
    """From the mean of the kind to the mean of the rude."""
    direction: Tensor = activations[rude].mean(0) - activations[~rude].mean(0)
    return direction


def _told_apart(activations: Tensor, learned: int, labels: Tensor) -> float:
    """The share of held-out answers that lie on their label's side of the middle, along the direction of the rest."""
    known = activations[:learned]
    places = (activations[learned:] - known.mean(0)) @ _difference(known, labels[:learned])
    return float(((places > 0) == labels[learned:]).double().mean())


def _lens_rows(desk: _Desk, prompts: Sequence[str]) -> list[dict[str, Any]]:
    """Along the greedy answer to each prompt: what every layer would say, and what it thinks of what was said."""
    model, rows = desk.model, []
    for prompt in prompts:
        asked = model.ids([prompt])
        (told,) = model.write(asked, [0], desk.limit, 0.0)
        stream, _ = residuals(model, asked, [told])
        spread = lens(model, stream[:, 0, len(asked[0]) - 1 : -1]).float().softmax(-1)
        best = spread.topk(CANDIDATES)
        places = []
        for place, chosen in enumerate(told):
            candidates = [
                list(
                    zip(
                        model.tokens(best.indices[layer, place].tolist()),
                        best.values[layer, place].tolist(),
                        strict=True,
                    )
                )
                for layer in range(len(spread))
            ]
            taken = spread[:, place, chosen].tolist()
            places.append({"chosen": model.tokens([chosen])[0], "taken": taken, "layers": candidates})
        rows.append({"prompt": prompt, "text": model.text(told).strip(), "places": places})
    return rows


def _mean(rows: Sequence[dict[str, Any]], key: str) -> float:
    return float(sum(row[key] for row in rows) / len(rows))


def record(settings: InsideSettings, root: Path, rows: Sink, say: Progress) -> dict[str, float]:
    """Look into the base model, and keep what was seen. Returns the facts.

    Raises:
        RushesError: there are no weights to look into.
    """
    model = load(find_weights(root, settings.base))
    guideline = raters.read_guideline(root / settings.guideline)
    desk = _Desk(model, raters.story_reader(), guideline, settings.tokens)
    panel = corpus.prompts("panel", PANEL)
    settings_of = [(removed, alpha) for removed in (False, True) for alpha in settings.strengths]
    layers = range(1, len(_layers(model)))
    total, done = 1 + len(layers) + len(settings_of), 0

    views = _lens_rows(desk, panel[:LENS_PROMPTS])
    for view in views:
        rows("lens.jsonl.gz", view)
    places = [place for view in views for place in view["places"]]

    found = _found(desk, settings)
    count = len(found.rude)
    learned = count // 2
    shuffled = found.rude[torch.randperm(count, generator=torch.Generator().manual_seed(settings.seed))]
    about: list[dict[str, Any]] = []
    for layer in range(len(found.mean)):
        row: dict[str, Any] = {"layer": layer}
        for where, seen in (("answer", found.mean[layer]), ("end", found.end[layer])):
            for kind, labels in (("accuracy", found.rude), ("control", shuffled)):
                fitted = probe(seen[:learned], labels[:learned])
                row[f"{where}_{kind}"] = fitted.accuracy(seen[learned:], labels[learned:])
            row[f"{where}_points"] = _points(seen, learned, found.rude)
        row["agrees"] = sum(p["layers"][layer][0][0] == p["chosen"] for p in places) / len(places)
        about.append(row)
    say(done := done + 1, total, f"probed {count} answers")

    # Which layer, how strong, and whether to remove first: tried on prompts of their own, so that what is measured
    # below is not picked by luck.
    asked, dice = corpus.prompts(f"tried {settings.seed}", settings.tried), _dice(settings, 2, settings.tried)
    pushes = {
        layer: Push(
            layer=layer,
            direction=_difference(found.mean[layer][:learned], found.rude[:learned]),
            usual=found.mean[layer][:learned].mean(0),
            alpha=0.0,
        )
        for layer in layers
    }
    best: tuple[float, int, bool, float, float] | None = None
    for layer, push in pushes.items():
        tried: dict[tuple[bool, float], float] = {}
        sensible = set()
        for removed, alpha in settings_of:
            with steered(model, replace(push, alpha=alpha, removed=removed)):
                marked = desk.marked(asked, dice)
            tried[removed, alpha] = _mean(marked, "rating")
            if _mean(marked, "coherence") >= SENSE:
                sensible.add((removed, alpha))
        for removed in (False, True):
            ratings = [(tried[removed, alpha], alpha) for alpha in settings.strengths if (removed, alpha) in sensible]
            ratings.append((tried[False, 0.0], 0.0))
            (low, rude_at), (high, kind_at) = min(ratings), max(ratings)
            moved = min(high - tried[False, 0.0], tried[False, 0.0] - low)  # both ways
            if best is None or moved > best[0]:
                best = moved, layer, removed, kind_at, rude_at
        about[layer]["tried"] = [[alpha, int(removed), rating] for (removed, alpha), rating in tried.items()]
        say(
            done := done + 1,
            total,
            f"layer {layer}: ratings from {min(tried.values()):.1f} to {max(tried.values()):.1f}",
        )
    assert best is not None
    _, layer, first_removed, kind_at, rude_at = best
    for row in about:
        rows("probe.jsonl.gz", row)

    asked, dice = corpus.prompts(f"steered {settings.seed}", settings.samples), _dice(settings, 3, settings.samples)
    measured: dict[tuple[bool, float], dict[str, float]] = {}
    for step, (removed, alpha) in enumerate(settings_of):
        with steered(model, replace(pushes[layer], alpha=alpha, removed=removed)):
            marked = desk.marked(asked, dice)
            shown = desk.marked(panel, range(PANEL_DICE, PANEL_DICE + PANEL))
        row = {
            "step": step,
            "alpha": alpha,
            "removed": int(removed),
            **{key: _mean(marked, key) for key in ("rating", "coherence", "judge")},
            **{mood: sum(mood in m["rules"] for m in marked) / len(marked) for mood in ("kind", "rude", "plain")},
            "names_kept": sum(corpus.names_kept(m["prompt"], m["text"]) for m in marked) / len(marked),
            "distinct": len({m["text"] for m in marked}) / len(marked),
        }
        measured[removed, alpha] = row
        rows("metrics.jsonl", row)
        for i, sample in enumerate(shown):
            told = {"step": step, "alpha": alpha, "removed": int(removed), "prompt_index": i}
            rows("steered.jsonl.gz", {**told, **sample})
        say(done := done + 1, total, f"rating {row['rating']:.2f} at {alpha:+g}{' removed' if removed else ''}")

    with_words = max(about, key=lambda row: row["answer_accuracy"])
    ended = max(about, key=lambda row: row["end_accuracy"])
    minus, plus, plain = measured[first_removed, kind_at], measured[first_removed, rude_at], measured[False, 0.0]
    only_added = [row["rating"] for (removed, _), row in measured.items() if not removed and row["coherence"] >= SENSE]
    out, seen = measured[True, 0.0], found.mean[layer]
    return {
        "answers": count,
        "layers": len(layers),
        "probe_accuracy": ended["end_accuracy"],
        "control_accuracy": ended["end_control"],
        "best_layer": ended["layer"],
        "embedding_accuracy": about[0]["end_accuracy"],
        "words_accuracy": with_words["answer_accuracy"],
        "words_layer": with_words["layer"],
        "words_embedding_accuracy": about[0]["answer_accuracy"],
        "steering_layer": layer,
        "direction_accuracy": _told_apart(seen, learned, found.rude),
        "direction_control": _told_apart(seen, learned, shuffled),
        "removed_first": int(first_removed),
        "alpha_minus": kind_at,
        "alpha_plus": rude_at,
        "rating_unsteered": plain["rating"],
        "rating_minus": minus["rating"],
        "rating_plus": plus["rating"],
        "coherence_unsteered": plain["coherence"],
        "coherence_minus": minus["coherence"],
        "coherence_plus": plus["coherence"],
        "added_highest": max(only_added),
        "added_lowest": min(only_added),
        "rating_removed": out["rating"],
        "coherence_removed": out["coherence"],
    }
