"""A histogram that morphs from one recorded step to the next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rushes.charts import Chart, StepAt
from rushes.motion import Moving
from rushes.shapes import NOTHING, round_box, shape
from rushes.theme import Color, Points

__all__ = ["Histogram"]

LEAST, ROUND = 1.0, 10.0  # px: a lower bar is not drawn; the corners of the others


class Histogram(Moving):
    """Which share of a step's values lies in each bin; between two recorded steps bars are between their heights.

    `values` has a row for every step. A bin begins at its edge and ends before the next one; the last has both. The
    chart's x is that of the values, its y that of the shares, 0 to 1. Numbers: alpha.
    """

    def __init__(
        self,
        chart: Chart,
        steps: Sequence[float],
        values: Sequence[Sequence[float]],
        edges: Sequence[float],
        step_at: StepAt,
        color: Color,
        *,
        gap: float = 8,
    ) -> None:
        super().__init__(alpha=1.0)
        if any(min(row) < edges[0] or max(row) > edges[-1] for row in values):
            raise ValueError(f"a histogram from {edges[0]} to {edges[-1]} was given values beyond")
        self._chart, self._steps, self._edges, self._step_at, self._gap = chart, list(steps), edges, step_at, gap
        self._shares = np.array([np.histogram(row, edges)[0] / len(row) for row in values])
        self._bars = shape(fill=color)
        self.add(self._bars)
        self.pose(0.0)

    def shares(self, clock: float) -> npt.NDArray[np.float64]:
        """The share of each bin at a time."""
        step = self._step_at(clock)
        return np.array([np.interp(step, self._steps, column) for column in self._shares.T])

    def pose(self, clock: float) -> None:
        alpha = self.at(clock)["alpha"]
        bars = [self._bar(i, share) for i, share in enumerate(self.shares(clock))] if alpha >= 0.004 else []
        self._bars.points = np.vstack([NOTHING, *bars])
        self._bars.fill_rgbas[:, 3] = alpha

    def _bar(self, i: int, share: float) -> Points:
        (left, top), (right, bottom) = self._chart.px(self._edges[i], share), self._chart.px(self._edges[i + 1], 0.0)
        if bottom - top < LEAST:
            return NOTHING
        width = right - left - self._gap
        return round_box(left + self._gap / 2, top, width, bottom - top, min(ROUND, (bottom - top) / 2, width / 2))
