"""Contrast: whether text stands out from what is really behind it, and is not behind something else.

Measured in the picture: it is drawn small, once with its text and once without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Mobject, config

from rushes import theme as t
from rushes.camera import DirectCamera
from rushes.layout import Line, Problem, lines

__all__ = ["LARGE", "Sight", "contrast"]

Channels = npt.NDArray[np.float64]

LARGE, LARGE_BOLD = 48.0, 37.0  # px; strokes as thick as these need less contrast: 18 and 14 points of WCAG
ENOUGH, ENOUGH_LARGE = 4.5, 3.0
SHRUNK = 3  # px of the frame to a px of the picture that is measured
FAINTEST = 0.2  # of a line's outline may have less contrast: a curve may run through it
HIDDEN = 0.4  # of a line's width that cannot be seen: it is behind something
COVERED = 0.95  # of it: somebody covered it on purpose, if it was seen before or is afterwards
NARROW = 8  # columns; what has fewer, such as a 1, cannot be judged in so small a picture
NOTICED = 0.25  # of the difference to what is behind it by which ink is seen
DULL = 0.95  # of its own brightest; what is less is coming, going or dimmed

WORDY = re.compile(r"\w")  # a lone sign is a shape, and too small for a small picture
NOTHING = np.zeros((0, 3))


def luminance(rgb: Channels) -> Channels:
    """Relative luminance of sRGB colours 0..255, shape (..., 3), as WCAG 2 defines it."""
    c = rgb / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    brightness: Channels = linear @ np.array([0.2126, 0.7152, 0.0722])
    return brightness


def contrast(a: Channels, b: Channels) -> Channels:
    """Contrast ratio of colours 0..255, 1 to 21."""
    high, low = np.maximum(luminance(a), luminance(b)), np.minimum(luminance(a), luminance(b))
    ratio: Channels = (high + 0.05) / (low + 0.05)
    return ratio


class Sight:
    """Draws what a scene shows, a third as large, with the text in it and without."""

    def __init__(self) -> None:
        w, h = (round(n / SHRUNK) for n in t.frame_px())
        self._whole, self._bare = (
            DirectCamera(
                pixel_width=w, pixel_height=h, frame_width=config.frame_width, frame_height=config.frame_height,
                background_color=config.background_color,
            )
            for _ in range(2)
        )  # fmt: skip
        self._seen: set[int] = set()
        self._covered: dict[int, str] = {}

    def problems(self, drawn: Sequence[Mobject], second: float, brightest: Mapping[int, float]) -> list[Problem]:
        """Text that is too faint, or behind something; `brightest` is the highest alpha of each line by its id."""
        read = (text for text in lines(drawn) if WORDY.search(text.string))
        full = [text for text in read if text.alpha >= DULL * brightest.get(id(text.line), 0.0)]
        if not full:
            return []
        whole, bare = _picture(self._whole, drawn), self._without_text(drawn)
        return [Problem(second, message, text.string) for text in full for message in self._messages(text, whole, bare)]

    @property
    def never(self) -> list[str]:
        """What is wrong with text that could not be seen whenever it was looked for."""
        return [f"'{text}' is always behind something" for key, text in self._covered.items() if key not in self._seen]

    def _messages(self, text: Line, whole: Channels, bare: Channels) -> Iterator[str]:
        edge = _pixels(text, bare.shape)
        if not len(edge):
            return
        behind = bare[edge[:, 1], edge[:, 0]]
        rgba = text.line.fill_rgbas[0]
        ink = rgba[:3] * 255 * rgba[3] + behind * (1 - rgba[3])
        ratio = float(np.quantile(contrast(ink, behind), FAINTEST))
        large = LARGE if text.line.weight == t.REGULAR else LARGE_BOLD
        enough = ENOUGH_LARGE if text.size >= large else ENOUGH
        hidden = _hidden(edge, whole, bare, np.abs(ink - behind).max(axis=1))
        if hidden > COVERED:  # whatever colour lies over it
            self._covered[id(text.line)] = text.string
            return
        self._seen.add(id(text.line))
        if ratio < enough:
            yield f"'{text.string}' has a contrast of {ratio:.1f} to what is behind it, less than {enough:g}"
        elif hidden > HIDDEN:
            yield f"'{text.string}' is behind something"

    def _without_text(self, drawn: Sequence[Mobject]) -> Channels:
        lines: dict[int, Any] = {id(m): m for top in drawn for m in top.get_family() if isinstance(m, t.TextLine)}
        kept = [(line, line.points) for line in lines.values()]
        try:
            for line, _ in kept:
                line.points = NOTHING
            return _picture(self._bare, drawn)
        finally:
            for line, points in kept:
                line.points = points


def _picture(camera: DirectCamera, drawn: Sequence[Mobject]) -> Channels:
    camera.redraw(drawn)
    return camera.pixels[..., :3].astype(np.float64)


def _pixels(text: Line, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Where a line's outline runs, x and y of the small picture: there ink meets what is behind it."""
    w, h = t.frame_px()
    points = text.line.points[::4, :2] * t.UNIT
    places = np.column_stack([points[:, 0] + w / 2, h / 2 - points[:, 1]]) / SHRUNK
    found = np.floor(places).astype(np.int64)
    inside = (found >= 0).all(axis=1) & (found[:, 0] < shape[1]) & (found[:, 1] < shape[0])
    return found[inside]


def _hidden(edge: npt.NDArray[np.int64], whole: Channels, bare: Channels, expected: Channels) -> float:
    """The share of a line's columns in which its ink cannot be seen."""
    top, bottom = edge[:, 1].min(), edge[:, 1].max() + 1
    left, right = edge[:, 0].min(), edge[:, 0].max() + 1
    part = np.s_[top:bottom, left:right]
    seen = np.abs(whole[part] - bare[part]).max(axis=(0, 2)) >= NOTICED * np.median(expected)
    seen[1:-1] |= seen[:-2] & seen[2:]  # a thin stroke between two pixels
    columns = np.unique(edge[:, 0]) - left
    return 1.0 - float(np.mean(seen[columns])) if len(columns) >= NARROW else 0.0
