"""A few rectangles that cover what changed in a picture."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

__all__ = ["Rectangle", "rectangles"]

Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom; pixels."""
TILE = 32  # pixels; rectangles are made of such squares
MOST, NEAR = 8, 8  # rectangles in a frame; squares taken in rather than one rectangle more


def rectangles(boxes: Sequence[Rectangle], width: int, height: int) -> list[Rectangle]:
    """At most a few rectangles, even-edged if `width` and `height` are, that cover all boxes in a picture."""
    squares = np.zeros((-(-height // TILE), -(-width // TILE)), np.uint8)
    for left, top, right, bottom in boxes:
        if left < right and top < bottom:
            squares[top // TILE : -(-bottom // TILE), left // TILE : -(-right // TILE)] = 1
    _, _, islands, _ = cv2.connectedComponentsWithStats(squares, connectivity=8)
    found = [(x, y, x + w, y + h) for x, y, w, h, _ in islands[1:].tolist()]  # the first is the sea
    if len(found) > MOST:
        found = [_around(found)]
    merged: list[Rectangle] = []
    for box in found:
        near = next((one for one in merged if _area(_around([one, box])) <= _area(one) + _area(box) + NEAR), None)
        if near:
            merged.remove(near)
            box = _around([near, box])
        merged.append(box)
    return [(a * TILE, b * TILE, min(c * TILE, width), min(d * TILE, height)) for a, b, c, d in merged]


def _around(boxes: Sequence[Rectangle]) -> Rectangle:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _area(box: Rectangle) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
