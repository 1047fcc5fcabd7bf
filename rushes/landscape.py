"""A landscape: measured heights over a plane as a lit slab of land, drawn once, and where things stand on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from manim import ImageMobject, ManimColor

from rushes import theme as t
from rushes.theme import Color

__all__ = ["Landscape"]

Grid = npt.NDArray[np.float64]
FINE = 900
"""Rows of land that are drawn from the front to the back."""
LIGHT = np.array([-0.62, 0.35, 0.70])
"""Where the light comes from: right, back and up, as the viewer sees it."""
AMBIENT = 0.42
LINES = 11
"""Contour lines, evenly spread over the colours."""
THICK = 0.16
"""How thick the slab is under its lowest place, where 1 is the height of its highest."""
BLEND = 0.02
"""How far into the land, as a part of its side, its edge is smoothed."""


class Landscape:
    """Heights over a plane, seen from above one corner without perspective.

    Args:
        xs: places across, rising.
        ys: places up, rising.
        heights: a row for every y, a number for every x.
        place: left, top, right and bottom in px of what the land fills.
        turn: radians by which the land is turned to the left before it is looked at; y points away from the viewer.
        tilt: radians from the horizon to the viewer: a larger one looks more from above.
        relief: how high the highest place stands over the lowest, where 1 is the land's width across.
        low, high: colours of the lowest and the highest place; between them by the logarithm of the height.

    Heights must be above 0.
    """

    def __init__(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        heights: Sequence[Sequence[float]],
        place: tuple[float, float, float, float],
        *,
        turn: float = 0.7,
        tilt: float = 0.62,
        relief: float = 0.34,
        low: Color = t.VALUES,
        high: Color = t.GRID,
    ) -> None:
        self._xs, self._ys = np.array(xs, float), np.array(ys, float)
        self._heights = np.array(heights, float)
        self._bottom, self._top = float(self._heights.min()), float(self._heights.max())
        if self._bottom <= 0:
            raise ValueError(f"the heights of a landscape are above 0, and one is {self._bottom}")
        self._turn, self._relief = turn, relief
        self._tilt = math.sin(tilt), math.cos(tilt)
        self._colors = [np.array(ManimColor(c).to_rgb()) for c in (low, high)]
        self._ink = np.array(ManimColor(t.INK).to_rgb())
        self._fit(place)

    # ------------------------------------------------------------------ where things are
    def _flat(self, x: Grid | float, y: Grid | float) -> tuple[Grid, Grid]:
        """Across and away from the viewer, of a land that is 1 wide before it is turned."""
        u = (np.asarray(x, float) - self._xs[0]) / (self._xs[-1] - self._xs[0]) - 0.5
        v = (np.asarray(y, float) - self._ys[0]) / (self._ys[-1] - self._ys[0]) - 0.5
        c, s = math.cos(self._turn), math.sin(self._turn)
        return c * u - s * v, s * u + c * v

    def _up(self, height: Grid | float) -> Grid:
        return self._relief * (np.asarray(height, float) - self._bottom) / (self._top - self._bottom)

    def _fit(self, place: tuple[float, float, float, float]) -> None:
        """Scale the land so that it fills its place as far as its shape lets it, in the middle."""
        left, top, right, bottom = place
        across, away = self._flat(*np.meshgrid(self._xs, self._ys))
        rise = self._tilt[0] * away + self._tilt[1] * self._up(self._heights)
        floor = self._tilt[0] * away.min() - self._tilt[1] * THICK * self._relief
        wide, high = np.ptp(across), rise.max() - floor
        self._scale = min((right - left) / wide, (bottom - top) / high)
        self._x0 = (left + right) / 2 - self._scale * (across.max() + across.min()) / 2
        self._y0 = (top + bottom) / 2 + self._scale * (rise.max() + floor) / 2
        self._box = (
            self._x0 + self._scale * float(across.min()),
            self._y0 - self._scale * float(rise.max()),
            self._x0 + self._scale * float(across.max()),
            self._y0 - self._scale * float(floor),
        )

    def px(self, x: float, y: float, height: float | None = None) -> tuple[float, float]:
        """Where a place of the plane is seen, px: on the land, or at a height."""
        across, away = self._flat(x, y)
        up = self._up(self.height(x, y) if height is None else height)
        rise = self._tilt[0] * away + self._tilt[1] * up
        return float(self._x0 + self._scale * across), float(self._y0 - self._scale * rise)

    def height(self, x: float, y: float) -> float:
        """Of the land at a place of the plane."""
        height = float(_weights(self._ys, [y])[0] @ self._heights @ _weights(self._xs, [x])[0])
        return min(max(height, self._bottom), self._top)

    # ------------------------------------------------------------------ the picture
    def picture(self, *, fine: float = 1.5) -> ImageMobject:
        """The land as a picture with a clear ground; `fine` is its pixels for a px. Slow: for the backdrop.

        Columns are filled from the front to the back, each only above what already stands before it.
        """
        left, top, right, bottom = self._box
        wide, high = round((right - left) * fine), round((bottom - top) * fine)
        image = np.zeros((high, wide, 4))
        edge = np.full(wide, high, int)  # the first row of every column that is already filled
        across = ((np.arange(wide) + 0.5) / fine + left - self._x0) / self._scale
        c, s = math.cos(self._turn), math.sin(self._turn)
        reach = 0.5 * (abs(c) + abs(s))
        began = np.zeros(wide, bool)
        land = _Land(self._xs, self._ys, self._heights)
        for away in np.linspace(-reach, reach, FINE):
            u, v = c * across + s * away, -s * across + c * away  # turned back
            inside = np.minimum(0.5 - np.abs(u), 0.5 - np.abs(v))
            here = np.flatnonzero(inside >= 0)
            if not len(here):
                continue
            height, slope_u, slope_v = land.at(u[here] + 0.5, v[here] + 0.5)
            rise = self._tilt[0] * away + self._tilt[1] * self._up(height)
            row = np.clip((self._y0 - self._scale * rise - top) * fine, 0, high).astype(int)
            seen = row < edge[here]
            here, row, height, slope_u, slope_v = (of[seen] for of in (here, row, height, slope_u, slope_v))
            color = self._lit(height, slope_u, slope_v, inside[here])
            front = np.flatnonzero(~began[here])
            if len(front):
                foot = self._y0 - self._scale * (self._tilt[0] * away - self._tilt[1] * THICK * self._relief)
                low = min(round((foot - top) * fine), high)
                wall = self._wall(height[front])
                for k, shade in zip(front, wall, strict=True):
                    depth = np.linspace(1, 0.25, max(low - row[k], 1))[: low - row[k], None]
                    image[row[k] : low, here[k], :3] = shade * depth + self._ink * (1 - depth)
                    image[row[k] : low, here[k], 3] = 1.0
                edge[here[front]] = row[front]
                began[here] = True
            while len(here):
                edge[here] -= 1
                image[edge[here], here, :3], image[edge[here], here, 3] = color, 1.0
                on = row < edge[here]
                here, row, color = here[on], row[on], color[on]
        picture = ImageMobject(np.clip(np.rint(image * 255), 0, 255).astype(np.uint8))
        picture.stretch_to_fit_width(t.px(right - left))
        picture.stretch_to_fit_height(t.px(bottom - top))
        return picture.move_to(t.at((left + right) / 2, (top + bottom) / 2))

    def _tint(self, height: Grid) -> tuple[Grid, Grid]:
        """How high places are, 0 to 1 by the logarithm, and their colours [n, 3] without light."""
        share = np.clip(np.log(height / self._bottom) / math.log(self._top / self._bottom), 0, 1)
        low, high = self._colors
        return share, low + (high - low) * share[:, None] ** 0.8

    def _lit(self, height: Grid, slope_u: Grid, slope_v: Grid, inside: Grid) -> Grid:
        """Colours [n, 3] of places: by height, with contour lines, lit from one side."""
        k = self._relief / (self._top - self._bottom)
        c, s = math.cos(self._turn), math.sin(self._turn)
        normal = np.stack(
            [-k * (c * slope_u - s * slope_v), -k * (s * slope_u + c * slope_v), np.ones_like(height)], -1
        )
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        light = AMBIENT + (1 - AMBIENT) * np.clip(normal @ LIGHT / np.linalg.norm(LIGHT), 0, None) / 0.82
        share, color = self._tint(height)
        apart = np.abs(share * LINES % 1 - 0.5)
        steep = LINES * np.hypot(slope_u, slope_v) / (height * math.log(self._top / self._bottom))
        line = np.clip(1.4 - apart / np.maximum(steep * 0.0016, 1e-6), 0, 1)
        color = color + (1 - color) * (0.20 * line)[:, None]
        rim = 1 + 0.35 * np.clip(1 - inside / BLEND, 0, 1)
        return np.asarray(np.clip(color * (light * rim)[:, None], 0, 1))

    def _wall(self, height: Grid) -> Grid:
        """Colours [n, 3] of the slab's front right under its edge."""
        return np.asarray(0.5 * self._tint(height)[1])


class _Land:
    """Heights on a fine grid, with their slopes, looked up by place (0 to 1 across and up)."""

    SIDE = 700

    def __init__(self, xs: Grid, ys: Grid, heights: Grid) -> None:
        across, up = (np.linspace(axis[0], axis[-1], self.SIDE) for axis in (xs, ys))
        # beside a cliff the curve would swing past what was measured
        fine = np.clip(_weights(ys, up) @ heights @ _weights(xs, across).T, heights.min(), heights.max())
        by_up, by_across = np.gradient(fine, 1 / (self.SIDE - 1))
        self._all = np.stack([fine, by_across, by_up], -1)

    def at(self, u: Grid, v: Grid) -> tuple[Grid, Grid, Grid]:
        """Height, slope across and slope up."""
        i, j = (np.clip(w, 0, 1) * (self.SIDE - 1) for w in (v, u))
        i0, j0 = (np.minimum(w.astype(int), self.SIDE - 2) for w in (i, j))
        a, b = (i - i0)[:, None], (j - j0)[:, None]
        near = self._all[i0, j0] * (1 - b) + self._all[i0, j0 + 1] * b
        far = self._all[i0 + 1, j0] * (1 - b) + self._all[i0 + 1, j0 + 1] * b
        height, across, up = (near * (1 - a) + far * a).T
        return height, across, up


def _weights(axis: Grid, wanted: Sequence[float] | Grid) -> Grid:
    """What every number of an evenly spaced axis counts for at the wanted places [wanted, axis]: Catmull-Rom."""
    n = len(axis)
    place = (np.asarray(wanted, float) - axis[0]) / (axis[-1] - axis[0]) * (n - 1)
    first = np.clip(place.astype(int), 0, n - 2)
    f = np.clip(place, 0, n - 1) - first
    parts = [
        -0.5 * f + f**2 - 0.5 * f**3,
        1 - 2.5 * f**2 + 1.5 * f**3,
        0.5 * f + 2 * f**2 - 1.5 * f**3,
        -0.5 * f**2 + 0.5 * f**3,
    ]
    out = np.zeros((len(place), n))
    for k, part in enumerate(parts, -1):
        # beyond its ends the axis goes on with its last number
        np.add.at(out, (np.arange(len(place)), np.clip(first + k, 0, n - 1)), part)
    return out
