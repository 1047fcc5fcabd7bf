"""What says of an axis that it is logarithmic."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rushes import theme as t
from rushes.charts import Chart

ROOM = 16  # px at least between it and the numbers beside it


def log_scale(
    chart: Chart, ticks: Sequence[float], words: str = "log scale", *, spare: tuple[float, float] | None = None
) -> t.TextLine:
    """`words` in the widest gap between two of the steps' numbers; where all are too narrow, from `spare` (px) on.

    `spare` is by default inside the chart, at the foot of its left edge.
    """
    halves = [t.text_width(f"{step:g}", t.T_LABEL) / 2 for step in ticks]
    places = [chart.px(step, chart.y[0])[0] for step in ticks]
    gaps = [(a + m, b - n) for (a, b), (m, n) in zip(pairwise(places), pairwise(halves), strict=True)]
    left, right = max(gaps, key=lambda gap: gap[1] - gap[0])
    if right - left >= t.text_width(words, t.T_LABEL) + 2 * ROOM:
        return t.put(t.text(words, t.T_LABEL, t.MUTED), (left + right) / 2, chart.bottom + 54, "c")
    x, y = spare or (chart.left + 26, chart.bottom - 14)
    return t.put(t.text(words, t.T_FINE if spare is None else t.T_LABEL, t.MUTED), x, y)
