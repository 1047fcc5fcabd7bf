"""Clouds of points and the arrow between them: dots where the chart puts them, in order; an arrow from its tail on."""

from __future__ import annotations

import numpy as np
import pytest

from rushes import theme as t
from rushes.charts import Chart
from rushes.clouds import Arrow, Cloud

CHART = Chart(left=100, top=100, right=1100, bottom=600, x=(-1, 1), y=(-1, 1))
DOTS = [(0.5, 0.0), (-0.5, 0.5), (0.0, -1.0)]


def middles(cloud: Cloud, per_dot: int) -> list[tuple[int, int]]:
    """The middle of every dot that is drawn, px, from left to right."""
    (drawn,) = cloud.submobjects
    w, h = t.frame_px()
    dots = drawn.points.reshape(-1, per_dot, 3)
    centres = (dots.min(1) + dots.max(1)) / 2
    return sorted((round(x * t.UNIT + w / 2), round(h / 2 - y * t.UNIT)) for x, y, _ in centres)


@pytest.mark.parametrize("marker", ["disc", "diamond", "ring"])
def test_every_dot_is_where_the_chart_puts_it(marker: str) -> None:
    cloud = Cloud(CHART, DOTS, t.VALUES, marker=marker).enter(1.0, 0.5)  # type: ignore[arg-type]
    cloud.pose(2.0)
    assert middles(cloud, 16) == [(350, 225), (600, 600), (850, 350)]


def test_dots_come_from_the_left_and_go_again() -> None:
    cloud = Cloud(CHART, DOTS, t.VALUES).enter(1.0, 2.28).leave(5.0, 0.5)
    seen = []
    for clock in (0.9, 1.5, 2.5, 4.0, 6.0):
        cloud.pose(clock)
        seen.append([x for x, _ in middles(cloud, 16)])
    assert seen == [[], [350], [350, 600], [350, 600, 850], []]


def test_a_cloud_of_no_dots_draws_nothing() -> None:
    cloud = Cloud(CHART, [], t.VALUES).enter(0.0, 1.0)
    cloud.pose(2.0)
    assert len(cloud) == 0
    assert len(cloud.submobjects[0].points) == 0


def test_an_arrow_is_drawn_from_its_tail_to_its_tip() -> None:
    arrow = Arrow((200, 300), (700, 300), w=10).draw(1.0, 1.0)
    reached = []
    for clock in (0.5, 1.5, 3.0):
        arrow.pose(clock)
        drawn = [m for m in arrow.submobjects if len(m.points)]
        reached.append(max((t.bounds(m)[2] for m in drawn), default=0.0))
    assert reached[0] == 0
    assert 400 < reached[1] < 500
    assert reached[2] == pytest.approx(700, abs=1)


def test_an_arrow_between_one_place_and_itself_draws_nothing() -> None:
    arrow = Arrow((200, 300), (200, 300)).draw(0.0)
    arrow.pose(2.0)
    assert all(not np.size(m.points) for m in arrow.submobjects)
