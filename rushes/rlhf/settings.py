"""Settings: what a recipe can say, by what it trains. Read without torch."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from rushes.rlhf.megacoach_source import Edit

__all__ = [
    "HELD_OUT",
    "KINDS",
    "BaseSettings",
    "InsideSettings",
    "OffSwitchSettings",
    "RulerSettings",
    "RunSettings",
    "Settings",
    "SlopeSettings",
    "SweepSettings",
]

HELD_OUT = 100
"""Marked answers that the Values Coach is tried on and never learns from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSettings:
    """How a base model is trained from nothing, and what is recorded of it."""

    about: str
    trains: Literal["base"]
    weights: str
    """The folder that the weights go to; it is in git, so that an RLHF run can start at once."""
    seed: int
    steps: int
    stories: int
    """Different stories to learn from."""
    batch: int
    """Stories a step."""
    learning_rate: float
    layers: int
    width: int
    heads: int
    tokens: int
    """At most so many in an answer."""
    panel: tuple[int, ...]
    """The steps at which the panel's prompts are answered and recorded."""
    guideline: str
    """What the raters of those answers go by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """How an Apprentice is trained by its coaches."""

    about: str
    trains: Literal["apprentice", "sweep"]
    base: str
    """A folder of weights, or the package that ships them."""
    world: Literal["stories", "everyday"]
    """What the prompts are about, and so how the raters' reader reads."""
    guideline: str
    megacoach: str
    """The file that turns the two coaches' opinions into one number."""
    seed: int
    steps: int
    """Row s of the metrics describes the Apprentice after s updates, from 0 to this."""
    prompts: int
    """Different prompts a step."""
    samples: int
    """Answers to each of them."""
    tokens: int
    """At most so many in an answer."""
    temperature: float
    learning_rate: float
    beta: float
    """The weight of the Coherence Coach."""
    labels: int
    """Marks that the raters give before the run, on the base model's answers."""
    lessons: int
    """Steps in which the Values Coach learns from them."""
    coach_learning_rate: float
    labels_a_step: int
    """Answers of every step that are marked too, and learned from; 0 freezes the Values Coach."""
    panel: tuple[int, ...]
    """The steps at which the panel's prompts are answered and recorded."""
    edit: Edit | None = None
    """A change to the Megacoach's file: the run trains under the edited one."""
    stop_when: str | None = None
    """The andon cord: a condition over the metrics, as in "rating < 3", that ends the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSettings(RunSettings):
    """Several runs of an Apprentice that differ in a few settings, one after another."""

    vary: Mapping[str, tuple[Any, ...]]
    """Settings of a run, and the values that each takes; every combination is a variant."""

    @property
    def variants(self) -> list[tuple[dict[str, Any], RunSettings]]:
        """Every variant: what it is called by, and its own settings. The last setting varies fastest."""
        shared = {field.name: getattr(self, field.name) for field in fields(RunSettings)}
        every = [dict(zip(self.vary, values, strict=True)) for values in itertools.product(*self.vary.values())]
        return [(said, RunSettings(**{**shared, "trains": "apprentice", **said})) for said in every]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulerSettings:
    """How a picture classifier learns synthetic lesions with a ruler beside some, and its control without that hint."""

    about: str
    trains: Literal["ruler"]
    seed: int
    pictures: int
    """Lesions to learn from, half of them malignant; both models learn from the same ones."""
    held_out: int
    """Lesions that are never learned from."""
    shown: int
    """The first so many held-out lesions are kept as pictures."""
    steps: int
    batch: int
    learning_rate: float
    ruler_if_malignant: float
    """How likely a ruler lies beside a malignant lesion, in what the model learns from."""
    ruler_if_benign: float
    control_ruler: float
    """How likely a ruler lies beside any lesion, in what the control learns from."""
    every: int
    """Steps between two looks at the held-out lesions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideSettings:
    """How the base model is looked into, and steered."""

    about: str
    trains: Literal["inside"]
    base: str
    """A folder of weights."""
    guideline: str
    """What the raters of the steered answers go by."""
    seed: int
    answers: int
    """Answers in which the rudeness is looked for; one half to learn from, the other held out."""
    tried: int
    """Answers a strength, to choose the layer and the strengths."""
    samples: int
    """Answers a strength, to measure what it does."""
    tokens: int
    """At most so many in an answer."""
    strengths: tuple[float, ...]
    """How much of the direction from kind to rude is added; 0 among them, for comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeSettings:
    """How the Values Coach's first course is gone through step by step, and what is measured of the land it crosses."""

    about: str
    trains: Literal["slope"]
    base: str
    """A folder of weights."""
    guideline: str
    seed: int
    tokens: int
    """At most so many in an answer."""
    temperature: float
    labels: int
    """Marks on the base model's answers; these are learned from, but for those that are held out."""
    lessons: int
    """Steps of the course."""
    coach_learning_rate: float
    answers: int
    """Marked answers on which the loss is measured, always the same ones."""
    dial_steps: int
    """Steps of gradient descent in one weight alone."""
    grid: int
    """Places along each side of the landscape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffSwitchSettings:
    """A grid with an off switch, and how many goals an agent plans for in it. Nothing is trained."""

    about: str
    trains: Literal["off_switch"]
    seed: int
    map: str
    """The grid as `rushes/rlhf/grid.py` reads it."""
    goals: int
    """Each a worth from 0 to 1 for every place and for being off, all drawn alike."""
    discount: float
    """What a worth is multiplied by at every step, above 0 and at most 1."""
    pay: float
    """What being switched off is worth on top, in the control."""


Settings = BaseSettings | RunSettings | RulerSettings | InsideSettings | SlopeSettings | OffSwitchSettings

KINDS: Mapping[str, type[Settings]] = {
    "base": BaseSettings,
    "apprentice": RunSettings,
    "sweep": SweepSettings,
    "ruler": RulerSettings,
    "inside": InsideSettings,
    "slope": SlopeSettings,
    "off_switch": OffSwitchSettings,
}
"""By what `trains:` says."""
