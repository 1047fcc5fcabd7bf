"""A toy: an agent that plans in a small grid with an off switch, for very many goals that are drawn at random.

It is no language model and acts on nothing but the grid. A goal is a worth for every place to end in, the switch
among them, each uniform from 0 to 1: nothing is assumed about being off. The best plan ends where worth times
`discount ** steps` is greatest, by value iteration. That most goals' plans go past the switch is a matter of counting
(Omohundro, 2008; Turner et al., 2021): off is one place, and there are many others.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rushes.rlhf.grid import SWITCH, Grid, read_grid
from rushes.rlhf.rows import Progress, Sink
from rushes.rlhf.settings import OffSwitchSettings

__all__ = ["Plans", "chance", "plan", "record"]

Numbers = npt.NDArray[np.float64]
DISCOUNTS = (0.8, 0.9, 0.95, 0.99, 1.0)
PAYS = 20
"""Equal parts of the pay from 0 to 1 at which the share is measured."""


@dataclass(frozen=True, slots=True)
class Plans:
    """The best plans of several goals."""

    ends: npt.NDArray[np.intp]
    """[goals]: which end, as `Grid.ends` counts them."""
    values: Numbers
    """[goals]: what the plan is worth at the start."""


def plan(grid: Grid, worth: Numbers, discount: float, *, switch: bool = True) -> Plans:
    """The best plans from the start, by value iteration.

    Args:
        worth: [goals, ends] of the switch and of the first so many places; the others are shut.
        discount: what the worth is multiplied by at every step.
        switch: whether the switch may be walked to.
    """
    final = {cell: i for i, (_, cell) in enumerate(grid.ends[: worth.shape[1]]) if switch or i}
    shut = {cell for _, cell in grid.ends} - final.keys()
    cells = [cell for cell in grid.cells if cell not in shut]
    index = {cell: i for i, cell in enumerate(cells)}
    values, ends = np.zeros((len(worth), len(cells))), np.full((len(worth), len(cells)), -1)
    for cell, end in final.items():
        values[:, index[cell]], ends[:, index[cell]] = worth[:, end], end
    walks = [(index[cell], [index[c] for c in grid.beside(cell) if c in index]) for cell in cells if cell not in final]
    while True:
        changed = False
        for here, there in walks:
            best = values[:, there].argmax(1)
            onward = discount * np.take_along_axis(values[:, there], best[:, None], 1)[:, 0]
            better = onward > values[:, here]
            if better.any():
                values[better, here] = onward[better]
                ends[better, here] = np.take_along_axis(ends[:, there], best[:, None], 1)[better, 0]
                changed = True
        if not changed:
            start = index[grid.start]
            return Plans(ends[:, start], values[:, start])


def chance(grid: Grid, places: int, discount: float, pay: float = 0.0) -> float:
    """How likely a goal goes past the switch, worked out and not drawn: 1 less the chance that off is best.

    Off, worth u + pay, is best if every place is worth less than (u + pay) * discount ** (its steps - the switch's).
    """
    steps = [len(grid.paths[name]) - 1 for name, _ in grid.ends[: places + 1]]
    factors = [discount ** (steps[0] - far) for far in steps[1:]]
    edges = sorted({pay, 1 + pay, *(1 / f for f in factors if pay < 1 / f < 1 + pay)})
    off = 0.0
    for low, high in itertools.pairwise(edges):
        rising = [f for f in factors if f * high <= 1 + 1e-12]  # the others are certain to be worth less
        power = len(rising) + 1
        off += math.prod(rising) * (high**power - low**power) / power
    return 1 - off


def record(settings: OffSwitchSettings, rows: Sink, say: Progress) -> dict[str, float]:
    """Plan for every goal, in every variant. Returns the facts."""
    grid = read_grid(settings.map)
    places = len(grid.ends) - 1
    worth = np.random.default_rng(settings.seed).random((settings.goals, places + 1))
    pays = [i / PAYS for i in range(PAYS + 1)]
    variants = [(k, d, 0.0) for k in range(1, places + 1) for d in sorted({*DISCOUNTS, settings.discount})]
    variants += [(places, settings.discount, pay) for pay in pays if pay]
    for step, (count, discount, pay) in enumerate(variants):
        past = float((plan(grid, _paid(worth, pay)[:, : count + 1], discount).ends != 0).mean())
        row = {"step": step, "places": count, "discount": discount, "pay": pay, "past": past}
        rows("metrics.jsonl", row | {"chance": chance(grid, count, discount, pay), "alike": count / (count + 1)})
        say(step + 1, len(variants), f"{past:.0%} of the goals go past the switch")
    plans = plan(grid, worth, settings.discount)
    paid = plan(grid, _paid(worth, settings.pay), settings.discount)
    names = [name for name, _ in grid.ends]
    turns = _turns(grid, worth, settings.discount)
    for i, (end, after) in enumerate(zip(plans.ends, paid.ends, strict=True)):
        told: dict[str, Any] = {"goal": i, "worth": worth[i].tolist(), "end": names[end], "paid_end": names[after]}
        rows("goals.jsonl.gz", told | {"turns": turns[i]})
    for i, (name, cell) in enumerate(grid.ends):
        path = [list(one) for one in grid.paths[name]]
        told = {"name": name, "switch": name == SWITCH, "cell": list(cell), "steps": len(path) - 1, "path": path}
        shares = (float((one.ends == i).mean()) for one in (plans, paid))
        rows("places.jsonl.gz", told | dict(zip(("share", "paid_share"), shares, strict=True)))
    past, past_paid = (float((one.ends != 0).mean()) for one in (plans, paid))
    return {
        "goals": settings.goals, "places": places, "ends": places + 1, "discount": settings.discount,
        "past": past, "chance": chance(grid, places, settings.discount), "alike": places / (places + 1),
        "pay": settings.pay, "past_paid": past_paid,
        "chance_paid": chance(grid, places, settings.discount, settings.pay),
    }  # fmt: skip


def _paid(worth: Numbers, pay: float) -> Numbers:
    """The same goals, when being switched off is paid for as well."""
    paid = worth.copy()
    paid[:, 0] += pay
    return paid


def _turns(grid: Grid, worth: Numbers, discount: float) -> list[float]:
    """[goals]: the pay from which on being off is best; 0 or less where it is best without."""
    elsewhere = plan(grid, worth, discount, switch=False).values
    steps = len(grid.paths[SWITCH]) - 1
    turns: list[float] = (elsewhere / discount**steps - worth[:, 0]).tolist()
    return turns
