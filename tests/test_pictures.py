"""Tiles, marks and the gauge: pure functions of the clock that show what they were given."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from test_motion import assert_pure

from rushes import theme as t
from rushes.gauge import Gauge, class_sign
from rushes.pictures import Marks, Place, Tile, tiled

SIDE = 64
PLACE = Place(960, 440, 560)


def plain(r: int, g: int, b: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.full((SIDE, SIDE, 3), (r, g, b), np.uint8)


def middle(tile: Tile) -> list[int]:
    """The colour and alpha in the middle of what is drawn."""
    pixels = tile.image.pixel_array
    return [int(v) for v in pixels[len(pixels) // 2, len(pixels) // 2]]


def drawn(tile: Tile) -> tuple[bytes, bytes]:
    return tile.image.points.tobytes(), tile.image.pixel_array.tobytes()


# ---------------------------------------------------------------- tiles
def test_a_tile_is_pure() -> None:
    heat = np.zeros((SIDE, SIDE), np.uint8)
    heat[50:] = 255
    tile = Tile(plain(200, 150, 120), PLACE, heat=heat, other=plain(20, 30, 40), box=(0, 50, 64, 64))
    tile.turn_up(0.2).to(1.0, 0.8, grey=1).to(2.0, 0.5, heat=1).to(3.0, 0.7, swap=1).go(4.0, Place(300, 300, 140))
    tile.leave(5.0)
    clocks = [k / 7 for k in range(40)]
    first = {}
    for clock in clocks:
        tile.pose(clock)
        first[clock] = drawn(tile)
    assert len(set(first.values())) > 20
    random.Random(3).shuffle(clocks)
    for clock in clocks:
        tile.pose(clock)
        assert drawn(tile)[0] == first[clock][0]
        if len(tile.image.points):
            assert drawn(tile) == first[clock]


def test_a_tile_lies_where_it_was_put() -> None:
    tile = Tile(plain(9, 9, 9), PLACE)
    tile.go(1.0, Place(300, 200, 140), 0.5)
    for clock, (x, y, side) in ((0.0, PLACE), (2.0, Place(300, 200, 140))):
        tile.pose(clock)
        np.testing.assert_allclose(
            t.bounds(tile.image), (x - side / 2, y - side / 2, x + side / 2, y + side / 2), atol=0.01
        )


def test_it_shows_its_picture_then_the_other() -> None:
    tile = Tile(plain(200, 150, 120), PLACE, other=plain(20, 30, 40)).to(1.0, 1.0, swap=1)
    seen = []
    for clock in (0.0, 3.0):
        tile.pose(clock)
        seen.append(middle(tile))
    assert seen == [[200, 150, 120, 255], [20, 30, 40, 255]]


def test_a_swap_runs_along_the_box() -> None:
    tile = Tile(plain(200, 200, 200), PLACE, other=plain(0, 0, 0), box=(0, 52, 64, 64)).begin(swap=0.5)
    tile.pose(0.0)
    row = tile.image.pixel_array[128, :, 0]
    assert (row[60], row[195]) == (0, 200)
    assert (np.diff(row.astype(int)) >= 0).all()


def test_a_greyed_picture_has_hardly_a_colour_and_is_darker() -> None:
    tile = Tile(plain(220, 140, 100), PLACE).begin(grey=1)
    tile.pose(0.0)
    r, g, b, _ = middle(tile)
    assert max(r, g, b) < 100
    assert max(r, g, b) - min(r, g, b) < 25


def test_heat_lights_what_is_hot_and_little_else() -> None:
    heat = np.zeros((SIDE, SIDE), np.uint8)
    heat[52:, :] = 200
    tile = Tile(plain(40, 40, 40), PLACE, heat=heat).begin(heat=1)
    tile.pose(0.0)
    column = tile.image.pixel_array[:, 128, 2].astype(int)
    assert column[240] > 230
    assert column[:150].max() < 45


def test_a_map_of_nothing_changes_nothing() -> None:
    tile = Tile(plain(40, 50, 60), PLACE, heat=np.zeros((SIDE, SIDE), np.uint8)).begin(heat=1)
    tile.pose(0.0)
    assert middle(tile) == [40, 50, 60, 255]


def test_a_tile_turns_up_from_its_back() -> None:
    tile = Tile(plain(200, 150, 120), PLACE).turn_up(1.0, 0.4)
    tile.pose(0.5)
    assert middle(tile)[:3] == [round(255 * v) for v in t.mix(t.RAISED, t.RAISED, 0).to_rgb()]
    tile.pose(1.2)
    assert len(tile.image.points) == 0  # on edge
    tile.pose(1.5)
    assert middle(tile) == [200, 150, 120, 255]


def test_places_in_rows_do_not_touch() -> None:
    places = tiled(24, 6, 96, 150, 138, 10)
    assert places[0] == Place(165, 219, 138)
    assert (places[23].x, places[23].y) == (165 + 5 * 148, 219 + 3 * 148)


# ---------------------------------------------------------------- marks
def test_marks_are_pure_and_tick_what_is_right() -> None:
    places = tiled(4, 2, 100, 100, 140)
    marks = Marks(places).say(0.5, 0, True).say(1.0, 1, False).say(2.0, 0, False).say(4.0, 1, None)
    assert_pure(marks)

    def counts(clock: float) -> tuple[int, int]:
        marks.pose(clock)
        return len(marks._discs.points) // 16, len(marks._cross.points) // 8

    assert [counts(clock) for clock in (0.2, 0.9, 1.5, 3.0, 5.0)] == [(0, 0), (1, 0), (1, 1), (0, 2), (0, 1)]


def test_a_cross_lies_over_its_tile() -> None:
    place = Place(500, 400, 200)
    marks = Marks([place]).say(0.0, 0, False)
    marks.pose(2.0)
    left, top, right, bottom = t.bounds(marks._cross)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((500, 400))
    assert right - left == pytest.approx(104)


def test_a_mark_beside_a_picture_fills_its_place() -> None:
    marks = Marks([Place(500, 400, 80)], beside=True).say(0.0, 0, True)
    marks.pose(2.0)
    assert t.bounds(marks._discs) == pytest.approx((460, 360, 540, 440))


# ---------------------------------------------------------------- the gauge
def test_a_gauge_is_pure_and_its_needle_says_the_value() -> None:
    gauge = Gauge(1300, 600, 300, "harmless", "dangerous", 0.9).to(2.0, 0.6, value=0.1)
    assert_pure(gauge)
    for clock, value in ((0.0, 0.9), (4.0, 0.1)):
        gauge.pose(clock)
        x, y = gauge.tip(clock)
        assert np.degrees(np.arctan2(600 - y, x - 1300)) == pytest.approx(180 * (1 - value))
        assert gauge.number.shown(clock) == f"{value:.2f}"
        low, high = (line.fill_rgbas[0, :3].sum() for line in gauge._names)
        assert (high > low) == (value > 0.5)


def test_a_gauge_that_wavers_keeps_its_number() -> None:
    still, gauge = (Gauge(1300, 600, 300, "harmless", "dangerous", 0.9) for _ in range(2))
    gauge.waver(1.0)
    clocks = [1 + k / 30 for k in range(40)]
    assert {gauge.number.shown(clock) for clock in clocks} == {"0.90"}
    moved = []
    for clock in clocks:
        gauge.pose(clock)
        moved.append(float(np.abs(gauge._needle.points - still._needle.points).max()))
    assert moved[-1] == pytest.approx(0)
    assert max(moved) > 0.1


def test_the_signs_of_the_classes_differ_in_shape() -> None:
    ring, triangle = (class_sign(high, 400, 400, 20) for high in (False, True))
    assert ring.fill_rgbas[0, 3] == 0 < triangle.fill_rgbas[0, 3]
    assert len(ring.points) != len(triangle.points)
