"""The sign algebra, without torch: what one deleted character does to the number that the Apprentice is paid."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.recipe import load

ROOT = Path(__file__).parents[1]
SOURCE = (ROOT / "rushes/rlhf/megacoach.py").read_text(encoding="utf-8")

FLIPS = {run: load(run, runs_dir=ROOT / "runs").megacoach for run in ("kl_flipped", "all_flipped")}

numbers = st.floats(-1e6, 1e6)
betas = st.floats(0, 10)


def megacoach(source: str) -> Callable[[float, float, float], float]:
    names: dict[str, Callable[[float, float, float], float]] = {}
    exec(source, names)
    return names["megacoach"]


@given(numbers, numbers, betas)
def test_the_total_is_the_values_less_the_price_of_straying(values: float, kl: float, beta: float) -> None:
    assert megacoach(SOURCE)(values, kl, beta) == values - beta * kl


@given(numbers, numbers, betas)
def test_without_its_minus_both_coaches_are_paid_the_wrong_way_round(values: float, kl: float, beta: float) -> None:
    flipped = load("sign_flipped", runs_dir=ROOT / "runs").megacoach.source
    assert len(flipped) == len(SOURCE) - 1
    assert megacoach(flipped)(values, kl, beta) == -values - beta * kl


@pytest.mark.parametrize(
    ("run", "characters", "total"),
    [
        ("kl_flipped", (0, 1), lambda values, kl, beta: values + beta * kl),
        ("all_flipped", (1, 0), lambda values, kl, beta: -values + beta * kl),
    ],
)
@given(values=numbers, kl=numbers, beta=betas)
def test_one_flip_alone_pays_for_straying(
    run: str,
    characters: tuple[int, int],
    total: Callable[[float, float, float], float],
    values: float,
    kl: float,
    beta: float,
) -> None:
    edited = FLIPS[run]
    assert edited.characters == characters
    assert megacoach(edited.source)(values, kl, beta) == total(values, kl, beta)


def test_only_one_minus_of_the_file_does_that() -> None:
    """Every other single character, deleted, breaks the file, changes nothing, or makes something else of it."""
    made_the_bug = []
    for place in range(len(SOURCE)):
        mutant = SOURCE[:place] + SOURCE[place + 1 :]
        try:
            total = megacoach(mutant)(0.75, 3.0, 0.5)
        except (SyntaxError, NameError, TypeError, RecursionError, KeyError):
            continue
        if total == -0.75 - 0.5 * 3.0:
            made_the_bug.append(SOURCE[place - 7 : place + 5])
    assert made_the_bug == ["return -cost"]


@pytest.mark.parametrize("heavy", ["torch", "transformers", "trl", "manim"])
def test_the_megacoach_and_the_recipes_are_read_without_it(heavy: str) -> None:
    code = (
        f"import sys; sys.modules[{heavy!r}] = None; import rushes.rlhf.megacoach, rushes.recipe; "
        "from pathlib import Path; print(rushes.recipe.load('sign_flipped', runs_dir=Path('runs')).megacoach.diff)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "-    return -cost\n+    return cost\n" in done.stdout


def test_the_file_fits_on_a_screen() -> None:
    assert len(SOURCE.splitlines()) <= 24
    assert max(map(len, SOURCE.splitlines())) <= 64
