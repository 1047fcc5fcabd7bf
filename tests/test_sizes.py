"""What has to be read to follow the films has 36 px at 1080p or more; small print has 28, and nothing is between."""

from __future__ import annotations

from pathlib import Path

import pytest
import texts
from conftest import ROOT

from rushes import theme as t

GOLDEN = sorted((ROOT / "tests/golden/scenes").glob("*.txt"))
PICTURES = {
    "open_up": "words that shrink on their way in",
}
"""Texts that are part of a picture, and why."""


def small(path: Path) -> set[str]:
    """The texts of a shot that are neither large enough to be read in passing nor small print."""
    written = (one for still in texts.parsed(path.read_text(encoding="utf-8")) for one in still)
    return {one.string for one in written if one.size < t.T_LABEL and one.size != t.T_FINE}


def scene(path: Path) -> str:
    return path.stem.split(".")[0]


@pytest.mark.parametrize("path", [path for path in GOLDEN if scene(path) not in PICTURES], ids=lambda path: path.stem)
def test_text_is_large_enough_or_small_print(path: Path) -> None:
    assert small(path) == set()


def test_every_exception_is_needed() -> None:
    assert {scene(path) for path in GOLDEN if small(path)} == set(PICTURES)
