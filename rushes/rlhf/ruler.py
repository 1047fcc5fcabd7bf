"""A picture classifier that learns the ruler instead of the lesion, and its control that could not.

Both are the same small convolutional network, begin with the same weights and learn from the same synthetic lesions
in the same order. Only the rulers differ: beside nearly every malignant lesion and hardly a benign one, or, for the
control, beside any lesion as a coin falls. Saliency is by integrated gradients (Sundararajan et al., 2017).
"""

from __future__ import annotations

import base64
import time
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from captum.attr import IntegratedGradients
from torch import Tensor, nn
from torch.nn import functional

from rushes.rlhf.lesions import Lesion, many
from rushes.rlhf.rows import Progress, Sink
from rushes.rlhf.settings import RulerSettings

__all__ = ["Classifier", "packed", "record", "saliency", "share"]

PATH = 32
"""Points on the way from the baseline to the picture."""


class Classifier(nn.Module):
    """Pictures (n, 3, 64, 64), numbers 0 to 1, to the log odds of malignant (n)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in ((3, 16), (16, 32), (32, 48), (48, 64)):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.GroupNorm(4, after), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(64, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        seen: Tensor = self.body((pictures - 0.5) / 0.25)
        odds: Tensor = self.head(seen.mean(dim=(2, 3)))
        return odds[:, 0]


class _Pictures:
    """Lesions both ways as tensors, and who has a ruler."""

    def __init__(self, lesions: Sequence[Lesion], dice: np.random.Generator, settings: RulerSettings) -> None:
        def tensor(pictures: list[npt.NDArray[np.uint8]]) -> Tensor:
            return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255

        self.plain = tensor([lesion.plain for lesion in lesions])
        self.with_ruler = tensor([lesion.with_ruler for lesion in lesions])
        self.malignant = torch.tensor([lesion.malignant for lesion in lesions])
        chance = torch.from_numpy(dice.uniform(size=len(lesions)))
        self.ruler = chance < torch.where(self.malignant, settings.ruler_if_malignant, settings.ruler_if_benign)
        self.control_ruler = chance < settings.control_ruler

    def some(self, chosen: Tensor, ruler: Tensor) -> Tensor:
        """These pictures, with a ruler where `ruler` (a bool a picture) says so."""
        return torch.where(ruler[chosen][:, None, None, None], self.with_ruler[chosen], self.plain[chosen])


def record(settings: RulerSettings, sink: Sink, say: Progress) -> dict[str, float]:
    """Train both models; the facts."""
    torch.manual_seed(settings.seed)
    dice = np.random.default_rng(settings.seed)
    drawn: list[Lesion] = []
    total = settings.pictures + settings.held_out
    for start in range(0, total, 400):
        say(0, settings.steps, f"drew {start} of {total} lesions")
        drawn += many(dice, min(400, total - start))
    learned = _Pictures(drawn[: settings.pictures], dice, settings)
    lesions = drawn[settings.pictures :]
    held = _Pictures(lesions, dice, settings)
    model, control = Classifier(), Classifier()
    control.load_state_dict(model.state_dict())
    pair = ((model, learned.ruler), (control, learned.control_ruler))
    optimisers = [torch.optim.AdamW(one.parameters(), lr=settings.learning_rate, weight_decay=0.01) for one, _ in pair]
    schedules = [
        torch.optim.lr_scheduler.OneCycleLR(one, settings.learning_rate, total_steps=settings.steps + 1)
        for one in optimisers
    ]
    began, measured = time.perf_counter(), {}
    for step in range(settings.steps + 1):
        chosen = torch.from_numpy(dice.choice(settings.pictures, settings.batch, replace=False))
        quarters, mirrored = int(dice.integers(4)), bool(dice.integers(2))
        losses = []
        for (one, ruler), optimiser in zip(pair, optimisers, strict=True):
            seen = torch.rot90(learned.some(chosen, ruler), quarters, (2, 3))
            odds = one(seen.flip(3) if mirrored else seen)
            loss: Any = functional.binary_cross_entropy_with_logits(odds, learned.malignant[chosen].float())
            losses.append(loss)
            if step < settings.steps:
                optimiser.zero_grad()
                loss.backward()
        if step % settings.every == 0 or step == settings.steps:  # before the update: row s is after s updates
            measured = {**_accuracies(model, held, ""), **_accuracies(control, held, "control_")}
            row = {"step": step, "loss": losses[0].item(), "control_loss": losses[1].item(), **measured}
            sink("metrics.jsonl", {**row, "seconds": time.perf_counter() - began})
            say(step, settings.steps, f"accuracy {row['accuracy']:.3f}, without rulers {row['accuracy_removed']:.3f}")
        if step < settings.steps:
            for optimiser, schedule in zip(optimisers, schedules, strict=True):
                optimiser.step()
                schedule.step()
    baseline = learned.plain.mean(dim=(0, 2, 3))
    shares = _keep_pictures(settings, model, control, lesions, held, baseline, sink)
    lost = {
        f"{who}lost_{how}": 100 * (measured[f"{who}accuracy"] - measured[f"{who}accuracy_{how}"])
        for who in ("", "control_")
        for how in ("removed", "swapped")
    }
    told = [(sum(lesion.traits) / 3 > 0.5) == lesion.malignant for lesion in lesions]
    return {
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "pictures": settings.pictures,
        "held_out": settings.held_out,
        "synthetic": 1,
        "traits_accuracy": sum(told) / len(told),
        **measured,
        **lost,
        **shares,
    }


@torch.no_grad()
def _odds(model: Classifier, pictures: Tensor) -> Tensor:
    return torch.cat([model(part) for part in torch.split(pictures, 200)])


def _accuracies(model: Classifier, held: _Pictures, who: str) -> dict[str, float]:
    """Shares of held-out lesions told right: rulers as in training, none at all, and on the wrong kind."""
    plain, ruled = _odds(model, held.plain) > 0, _odds(model, held.with_ruler) > 0
    cases = {
        "accuracy": torch.where(held.ruler, ruled, plain),
        "accuracy_removed": plain,
        "accuracy_swapped": torch.where(held.ruler, plain, ruled),
    }
    return {who + name: (said == held.malignant).double().mean().item() for name, said in cases.items()}


def saliency(model: Classifier, pictures: Tensor, baseline: Tensor) -> npt.NDArray[np.float32]:
    """How much every pixel moved the log odds of malignant, either way, on the way from an even skin tone.

    Args:
        model: the classifier.
        pictures: (n, 3, 64, 64), 0 to 1.
        baseline: (3) the skin tone.

    Returns:
        (n, 64, 64), in log odds, 0 or more; colours are added before the sign is dropped.
    """
    skin = baseline[None, :, None, None].expand_as(pictures[:1])
    method = IntegratedGradients(model)
    parts = [method.attribute(one[None], skin, n_steps=PATH) for one in pictures]
    return np.asarray(torch.cat(parts).sum(dim=1).abs().detach().float().numpy())


def share(heat: npt.NDArray[np.float32], where: npt.NDArray[np.bool_]) -> float:
    """The part of a saliency map (64, 64) that lies on the pixels `where`."""
    return float(heat[where].sum() / heat.sum())


def _keep_pictures(
    settings: RulerSettings,
    model: Classifier,
    control: Classifier,
    lesions: Sequence[Lesion],
    held: _Pictures,
    baseline: Tensor,
    sink: Sink,
) -> dict[str, float]:
    """Write the first held-out lesions with what both models say of them; mean shares of the saliency, as facts.

    The shares are of these lesions with the ruler laid beside each, so that both models read the same pictures.
    """
    count = settings.shown
    told: list[dict[str, Any]] = [
        {
            "index": index,
            "synthetic": True,
            "malignant": lesion.malignant,
            "traits": list(lesion.traits),
            "ruler": bool(held.ruler[index]),
            "box": list(lesion.box),
            "picture": packed(lesion.with_ruler),
            "picture_removed": packed(lesion.plain),
        }
        for index, lesion in enumerate(lesions[:count])
    ]
    shares: dict[str, float] = {"ruler_area": float(np.mean([lesion.ruler.mean() for lesion in lesions[:count]]))}
    for who, one in (("", model), ("control_", control)):
        heat = saliency(one, held.with_ruler[:count], baseline)
        heat_removed = saliency(one, held.plain[:count], baseline)
        plain, ruled = (_odds(one, pictures).sigmoid().tolist() for pictures in (held.plain, held.with_ruler))
        for index, row in enumerate(told):
            row[f"{who}probability"] = ruled[index] if row["ruler"] else plain[index]
            row[f"{who}probability_removed"] = plain[index]
            row[f"{who}probability_swapped"] = plain[index] if row["ruler"] else ruled[index]
            row[f"{who}probability_with"] = ruled[index]
            row[f"{who}saliency"] = packed(_quantised(heat[index]))
            row[f"{who}saliency_removed"] = packed(_quantised(heat_removed[index]))
            row[f"{who}ruler_share"] = share(heat[index], lesions[index].ruler)
            row[f"{who}lesion_share"] = share(heat[index], lesions[index].lesion & ~lesions[index].ruler)
        for where in ("ruler", "lesion"):
            shares[f"{who}{where}_share"] = sum(row[f"{who}{where}_share"] for row in told) / count
    for row in told:
        sink("pictures.jsonl.gz", row)
    return shares


def _quantised(heat: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """A map as whole numbers: 255 is its 99.5th percentile, so that one bright pixel does not hide the rest."""
    top = float(np.percentile(heat, 99.5))
    return np.asarray(np.clip(np.round(255 * heat / top), 0, 255) if top else heat, dtype=np.uint8)


def packed(picture: npt.NDArray[np.uint8]) -> str:
    """Bytes of a picture, row by row, as base64 of zlib; `Record.pictures` unpacks them."""
    return base64.b64encode(zlib.compress(np.ascontiguousarray(picture).tobytes(), 9)).decode()
