"""What two pictures may differ in and still be one to someone who looks: a change of hinting, and not a moved word."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from alike import ALIKE, Picture, likeness
from conftest import ROOT
from manim import tempconfig

from rushes import theme as t
from rushes.camera import DirectCamera


def still(x: float = 300.0, words: str = "the readers' mark", value: str = "8.2", color: t.Color = t.MUTED) -> Picture:
    """A label and a number as a scene draws them, at 480x270."""
    with tempconfig({"pixel_width": 480, "pixel_height": 270, "background_color": "#10121F"}):
        camera = DirectCamera()
        camera.reset()
        camera.capture_mobjects(
            [
                t.card(200, 150, 900, 500),
                t.put(t.text(words, t.T_LABEL, color), x, 300),
                t.put(t.text(value, t.T_LABEL, t.PAPER), 300, 500),
            ]
        )
        return np.ascontiguousarray(camera.pixel_array[..., 2::-1])


def shifted(picture: Picture, x: float, y: float) -> Picture:
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
    return cv2.warpAffine(picture, matrix, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def bolder(picture: Picture) -> Picture:
    return np.asarray(255 * (picture / 255) ** 0.9, np.uint8)


def again(picture: Picture) -> Picture:
    """Through another encoder's WebP."""
    data = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 60])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


HINTS: dict[str, Callable[[Picture], Picture]] = {
    "nothing": lambda picture: picture,
    "a quarter of a pixel": lambda picture: shifted(picture, 0.25, 0.0),
    "a quarter of a pixel down": lambda picture: shifted(picture, 0.0, 0.25),
    "a gamma": bolder,
    "an encoder": again,
}


@pytest.mark.parametrize("hint", HINTS)
def test_another_hinting_is_no_difference(hint: str) -> None:
    assert likeness(still(), HINTS[hint](still()))[0] >= ALIKE


OTHERS = {
    "a word that moved 2 px": still(x=308),
    "another word": still(words="the coach's mark"),
    "no word": still(words=""),
    "another colour": still(color=t.DANGER),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_one_would_see_is_a_difference(other: str) -> None:
    like, (x, y) = likeness(still(), OTHERS[other])
    assert like < ALIKE
    assert 30 <= x <= 250, "where the words are"
    assert 50 <= y <= 140


NIGHT = cv2.imread(str(ROOT / "tests/golden/scenes/night.webp"))


def test_a_golden_may_be_a_quarter_of_a_pixel_off() -> None:
    assert likeness(NIGHT, shifted(NIGHT, 0.25, 0.0))[0] >= ALIKE


@pytest.mark.parametrize(("x", "y"), [(2, 0), (0, 2), (-3, 1)])
def test_a_part_of_a_golden_may_not_move(x: int, y: int) -> None:
    box = slice(40, 160), slice(60, 300)  # some of the first still
    moved = NIGHT.copy()
    moved[box] = np.roll(NIGHT[box], (y, x), axis=(0, 1))
    like, (at_x, at_y) = likeness(NIGHT, moved)
    assert like < ALIKE
    assert 50 <= at_x <= 310, "there"
    assert 30 <= at_y <= 170
