"""A histogram is what was recorded at a step, and between two steps between them."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT
from test_motion import assert_pure

from rushes import theme as t
from rushes.charts import Chart, steps_over
from rushes.histogram import Histogram
from rushes.records import Records

CHART = Chart(left=200, top=200, right=1100, bottom=800, x=(0.5, 9.5), y=(0, 1))
EDGES = np.arange(0.5, 10).tolist()


def histogram(step_at: object = steps_over(0, 4, 0, 2)) -> Histogram:
    return Histogram(CHART, [0, 1, 2], [[1, 1, 5, 9], [1, 5, 5, 9], [9, 9, 9, 9]], EDGES, step_at, t.VALUES)  # type: ignore[arg-type]


def test_it_is_pure_and_moves() -> None:
    assert_pure(histogram(), until=4.0)


def test_a_bar_is_as_high_as_its_share() -> None:
    bars = histogram()
    bars.pose(0.0)
    np.testing.assert_allclose(bars.shares(0.0)[[0, 4, 8]], [0.5, 0.25, 0.25])
    left, top, right, bottom = t.bounds(bars)
    assert (top, bottom) == (pytest.approx(500), pytest.approx(800))
    assert (left, right) == (pytest.approx(204), pytest.approx(1096))
    bars.pose(4.0)
    assert t.bounds(bars)[:2] == (pytest.approx(1004), pytest.approx(200))


def test_between_two_steps_it_is_between_them() -> None:
    bars = histogram()
    np.testing.assert_allclose(bars.shares(1.0), (bars.shares(0.0) + bars.shares(2.0)) / 2)
    for clock in np.linspace(-1, 6, 29):
        assert bars.shares(float(clock)).sum() == pytest.approx(1)


def test_a_value_without_a_bin_is_refused() -> None:
    with pytest.raises(ValueError, match=r"from 0\.5 to 9\.5"):
        Histogram(CHART, [0], [[10]], EDGES, lambda _clock: 0.0, t.VALUES)


def test_recorded_marks() -> None:
    record = Records((ROOT,)).get("sign_flipped")
    marks = [[row["rating"] for row in record.samples(step=step)] for step in record.sample_steps]
    bars = Histogram(CHART, record.sample_steps, marks, EDGES, lambda clock: clock, t.VALUES)
    assert bars.shares(60.0)[:3].sum() == 1, "at the end every mark is low"
