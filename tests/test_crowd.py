"""A room of desks: a pure function of the clock, true to its counts, and inside its box."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_motion import assert_pure

from rushes import theme as t
from rushes.crowd import Crowd
from rushes.motion import linear

BOX = (200.0, 150.0, 1700.0, 800.0)
PINK, GREY = "#FA86A8", "#525A80"


def room(n: int) -> Crowd:
    return Crowd([PINK if i % 3 else GREY for i in range(n)], BOX)


def test_a_crowd_is_pure() -> None:
    crowd = room(200).to(0.5, 1.0, zoom=1.0).to(1.0, 1.0, linear, lit=200)
    crowd.wave(2.0, lambda i: i % 3 > 0).hush(2.0, lambda i: i % 3 == 0)
    assert_pure(crowd)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 900))
def test_every_desk_is_inside_the_box_and_none_is_over_another(n: int) -> None:
    crowd = room(n).begin(zoom=1.0, lit=n)
    crowd.pose(0.0)
    left, top, right, bottom = t.bounds(crowd)
    assert left >= BOX[0] - 1
    assert right <= BOX[2] + 1
    assert top >= BOX[1] - 1
    assert bottom <= BOX[3] + 1
    places = {crowd.desk(i, 0.0)[:2] for i in range(n)}
    assert len({(round(x), round(y)) for x, y in places}) == n


def test_screens_light_up_in_their_order_and_color() -> None:
    crowd = room(300).begin(zoom=1.0).to(1.0, 3.0, linear, lit=300)
    for clock, lit in ((0.5, 0), (2.0, 100), (2.5, 150), (9.0, 300)):
        crowd.pose(clock)
        greys = len(range(0, lit, 3))
        assert len(crowd._screens[GREY.upper()].points) == 16 * greys
        assert len(crowd._screens[PINK.upper()].points) == 16 * (lit - greys)


def test_one_desk_fills_the_box_before_the_view_pulls_back() -> None:
    crowd = room(500).to(1.0, 2.0, zoom=1.0)
    x, y, cell = crowd.desk(0, 0.0)
    assert (x, y, cell) == pytest.approx((950, 475, 650))
    crowd.pose(0.0)
    assert t.bounds(crowd)[2] - t.bounds(crowd)[0] < 650
    assert crowd.desk(0, 3.0)[2] < 50
    sizes = [crowd.desk(0, clock)[2] for clock in np.linspace(0, 3, 20)]
    assert sizes == sorted(sizes, reverse=True)


def test_hushed_screens_lose_their_light() -> None:
    crowd = room(30).begin(zoom=1.0, lit=30).hush(1.0, lambda i: i % 3 == 0, 0.2)
    crowd.pose(0.0)
    before = crowd._screens[GREY.upper()].fill_rgbas[0, :3].copy()
    crowd.pose(3.0)
    assert crowd._screens[GREY.upper()].fill_rgbas[0, :3].sum() < 0.6 * before.sum()
    assert crowd._screens[PINK.upper()].get_fill_color().to_hex() == PINK


def test_an_empty_room_is_refused() -> None:
    with pytest.raises(ValueError, match="one desk"):
        Crowd([], BOX)
