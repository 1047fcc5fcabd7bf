"""Downhill: the Values Coach's first course, step by step, and the land that it crosses.

The course is the healthy run's own. Measured on answers that stay the same: the loss at every step, the loss as one
weight alone is turned, with steps of plain gradient descent in it, and the loss on the plane nearest to the path that
all weights took together (principal components of the weights at every step, as in Li et al., 2018).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from rushes.rlhf import corpus
from rushes.rlhf.course import marked
from rushes.rlhf.language_model import load
from rushes.rlhf.raters import read_guideline, story_reader
from rushes.rlhf.rows import Progress, Sink
from rushes.rlhf.settings import SlopeSettings
from rushes.rlhf.values_coach import MIDDLE, REACH, Lesson, ValuesCoach, correlation
from rushes.rlhf.weights import find_weights

__all__ = ["Plane", "nearest_plane", "record"]

BATCH = 32
PLACES = 61
"""Of the curve, from one side of its lowest place to the other."""
BEYOND = 1.35
"""How far the curve reaches from its lowest place, where 1 is to where the weight began."""
SHARE = 0.3
"""How much of the way to the lowest place a step goes, were the curve a parabola."""
MARGIN = 0.3
"""What is seen of the landscape beyond the path on each side, where 1 is the path's longer side."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """The loss of a coach on answers that stay the same: squared error, marks as -1 to 1."""

    coach: ValuesCoach
    lessons: Sequence[Lesson]

    def guesses(self) -> Tensor:
        rows = [lesson.ids for lesson in self.lessons]
        parts = [self.coach.last_guesses(rows[i : i + BATCH]) for i in range(0, len(rows), BATCH)]
        return torch.cat(parts)

    def loss_of(self, guesses: Tensor) -> Tensor:
        return functional.mse_loss(guesses, torch.tensor([(one.rating - MIDDLE) / REACH for one in self.lessons]))

    def loss(self) -> Tensor:
        return self.loss_of(self.guesses())

    def gradient(self) -> Tensor:
        self.coach.zero_grad()
        self.loss().backward()  # type: ignore[no-untyped-call]
        return _gradient(self.coach)

    @torch.no_grad()
    def at(self, weights: Tensor) -> float:
        """The loss with these weights, which the coach then has."""
        vector_to_parameters(weights, self.coach.parameters())
        return self.loss().item()


def _gradient(coach: ValuesCoach) -> Tensor:
    return torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in coach.parameters()])


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane among the weights, and a path's shadow on it."""

    middle: Tensor
    """[weights]: the mean of the path."""
    axes: Tensor
    """[2, weights]: at right angles, of length 1; across points from the path's first place to its last."""
    places: Tensor
    """[steps, 2]"""
    away: Tensor
    """[steps]: how far the path is from the plane."""
    shares: tuple[float, float]
    """Of the path's variance, along each axis."""

    def weights(self, x: float, y: float) -> Tensor:
        """At a place of the plane."""
        return self.middle + x * self.axes[0] + y * self.axes[1]


def nearest_plane(path: Tensor) -> Plane:
    """The plane that a path [steps, weights] differs least from: its first two principal components."""
    middle = path.mean(0)
    steps = path - middle
    squares, sides = torch.linalg.eigh((steps @ steps.T).double())
    size = squares[-2:].flip(0).sqrt()
    side = sides[:, -2:].flip(1)
    # Which way an axis points is nobody's business: the path goes to the right, and comes from above.
    side = side * torch.stack([(side[-1, 0] - side[0, 0]).sign(), side[0, 1].sign()])
    places = side * size
    axes = (side / size).float().T @ steps
    away = (steps.double().square().sum(1) - places.square().sum(1)).clamp(min=0).sqrt()
    shares = (squares[-2:].flip(0) / squares.sum()).tolist()
    return Plane(middle, axes, places, away, (shares[0], shares[1]))


def record(settings: SlopeSettings, root: Path, rows: Sink, say: Progress) -> dict[str, float]:
    """Go through the course, then measure the land around it. Returns the facts.

    Raises:
        RushesError: there are no weights to begin with.
    """
    weights = find_weights(root, settings.base)
    reference = load(weights)
    prompts = corpus.prompts(f"labels {settings.seed}", settings.labels)
    guideline = read_guideline(root / settings.guideline)
    learned, held, _ = marked(settings, reference, prompts, story_reader(), guideline, lambda file, row: None)
    coach = ValuesCoach(weights, pad=reference.pad, seed=settings.seed, learning_rate=settings.coach_learning_rate)
    # The same answers from now on; those of a length are read together.
    same = _Measure(coach, sorted(learned[: settings.answers], key=lambda one: len(one.ids)))
    total = settings.lessons + settings.grid
    path, first, turned, facts = _course(settings, coach, same, learned, held, rows, say, total)
    facts |= {"turned": int(turned.sum()), "answers": len(same.lessons), "marks": len(learned)}
    facts |= _one_dial(same, path, first, settings.dial_steps, rows)
    return facts | _landscape(same, path, settings, rows, say, total)


def _course(
    settings: SlopeSettings,
    coach: ValuesCoach,
    same: _Measure,
    learned: Sequence[Lesson],
    held: Sequence[Lesson],
    rows: Sink,
    say: Progress,
    total: int,
) -> tuple[Tensor, Tensor, Tensor, dict[str, float]]:
    """The weights at every step, the first gradient, which weights ever had one, and facts."""
    unseen = _Measure(coach, sorted(held, key=lambda one: len(one.ids)))
    ratings = [one.rating for one in unseen.lessons]
    first = same.gradient()
    path = torch.empty(settings.lessons + 1, len(first))
    turned = torch.zeros(len(first), dtype=torch.bool)
    began = time.perf_counter()
    facts: dict[str, float] = {"parameters": len(first)}

    @torch.no_grad()
    def look(step: int, _: float | None) -> None:
        path[step] = parameters_to_vector(coach.parameters())
        turned.logical_or_(_gradient(coach) != 0)
        guesses, others = same.guesses(), unseen.guesses()
        row = {
            "step": step,
            "loss": same.loss_of(guesses).item(),
            "held_out_loss": unseen.loss_of(others).item(),
            "held_out_r": correlation(others.tolist(), ratings),
            "seconds": time.perf_counter() - began,
        }
        rows("metrics.jsonl", row)
        points = [[one.rating, MIDDLE + REACH * g] for one, g in zip(same.lessons, guesses.tolist(), strict=True)]
        rows("coach.jsonl.gz", {"fit_step": step, "loss": row["loss"], "points": points})
        facts.update(loss_first=facts.get("loss_first", row["loss"]), loss_last=row["loss"])
        facts.update(held_out_r=row["held_out_r"])
        say(step, total, f"loss {row['loss']:.3f}")

    coach.zero_grad()
    look(0, None)
    coach.study(learned, settings.lessons, 1, look)
    return path, first, turned, facts


def _one_dial(same: _Measure, path: Tensor, first: Tensor, steps: int, rows: Sink) -> dict[str, float]:
    """The loss as one weight is turned and all others stay as they were before the course; steps down in it alone.

    The weight is the one that should have helped most: the greatest first gradient times what the course changed.
    """
    dial = int((first * (path[-1] - path[0])).abs().argmax())
    began = float(path[0, dial])

    def slope(value: float) -> tuple[float, float]:
        """Loss and its derivative."""
        weights = path[0].clone()
        weights[dial] = value
        loss = same.at(weights)
        return loss, float(same.gradient()[dial])

    nudge = 0.05
    curvature = (slope(began + nudge)[1] - slope(began - nudge)[1]) / (2 * nudge)
    if curvature <= 0:
        raise ValueError(f"along weight {dial} the loss has no lowest place near its beginning")
    rate, value, name = SHARE / curvature, began, _name(same.coach, dial)
    lowest = began - slope(began)[1] / curvature
    for step in range(steps + 1):
        loss, steep = slope(value)
        rows("descent.jsonl.gz", {"step": step, "weight": name, "value": value, "loss": loss, "slope": steep})
        value -= rate * steep
    reach = BEYOND * abs(began - lowest)
    for value in torch.linspace(lowest - reach, lowest + reach, PLACES).tolist():
        weights = path[0].clone()
        weights[dial] = value
        rows("curve.jsonl.gz", {"value": value, "loss": same.at(weights)})
    return {"dial_rate": rate, "dial_curvature": curvature}


def _name(coach: ValuesCoach, index: int) -> str:
    """What a weight is called: its tensor, and its place in it."""
    for name, weights in coach.named_parameters():
        if index < weights.numel():
            return f"{name}{[int(i) for i in torch.unravel_index(torch.tensor(index), weights.shape)]}"
        index -= weights.numel()
    raise IndexError(index)


def _landscape(
    same: _Measure, path: Tensor, settings: SlopeSettings, rows: Sink, say: Progress, total: int
) -> dict[str, float]:
    """The loss all over the plane nearest to the path, and the path beside its shadow on it."""
    plane = nearest_plane(path)
    for step, ((x, y), away) in enumerate(zip(plane.places.tolist(), plane.away.tolist(), strict=True)):
        above, below = same.at(path[step]), same.at(plane.weights(x, y))
        rows("path.jsonl.gz", {"step": step, "x": x, "y": y, "loss": above, "below": below, "away": away})
    low, high = plane.places.amin(0), plane.places.amax(0)
    margin = MARGIN * (high - low).max()
    across, up = (
        torch.linspace(float(low[i] - margin), float(high[i] + margin), settings.grid).tolist() for i in range(2)
    )
    for done, y in enumerate(up, 1):
        rows("surface.jsonl.gz", {"y": y, "x": across, "loss": [same.at(plane.weights(x, y)) for x in across]})
        say(settings.lessons + done, total, f"row {done} of {settings.grid} of the landscape")
    return {"share_first": plane.shares[0], "share_both": sum(plane.shares), "away_most": float(plane.away.max())}
