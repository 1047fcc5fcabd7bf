"""How alike two pictures are to someone who looks at them: structural similarity, and the place where it is lowest."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

PATCH = 8  # px: some letters of a label at 480x270; in the mean of a whole still, a word that moved is lost
SIGMA, C1, C2 = 1.5, (0.01 * 255) ** 2, (0.03 * 255) ** 2  # of Wang et al. (2004)
SOFT = 0.8  # px of blur before: letters that are drawn with another hinting differ by less than that
ALIKE = 0.55  # measured in test_alike.py

Picture = npt.NDArray[np.uint8]


def likeness(one: Picture, two: Picture) -> tuple[float, tuple[int, int]]:
    """The lowest mean similarity (1: the same) of any patch of two pictures (BGR), and where it is (x, y)."""
    a, b = (_soft(cv2.cvtColor(picture, cv2.COLOR_BGR2LAB).astype(np.float32)) for picture in (one, two))
    mean_a, mean_b = _local(a), _local(b)
    var_a, var_b = _local(a * a) - mean_a**2, _local(b * b) - mean_b**2
    both = _local(a * b) - mean_a * mean_b
    same = (2 * mean_a * mean_b + C1) * (2 * both + C2) / ((mean_a**2 + mean_b**2 + C1) * (var_a + var_b + C2))
    patches = cv2.blur(same.min(axis=2), (PATCH, PATCH))
    y, x = np.unravel_index(int(patches.argmin()), patches.shape)
    return float(patches[y, x]), (int(x), int(y))


def _soft(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return cv2.GaussianBlur(picture, (0, 0), SOFT)


def _local(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return cv2.GaussianBlur(values, (11, 11), SIGMA)
