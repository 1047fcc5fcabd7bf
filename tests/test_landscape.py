"""A landscape: places stand on the land that is drawn, inside the box it was given, and low is told from high."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rushes import theme as t
from rushes.landscape import Landscape

PLACE = (100.0, 200.0, 900.0, 700.0)
XS, YS = np.linspace(-3, 1, 9).tolist(), np.linspace(0, 2, 7).tolist()


def hill(x: float, y: float) -> float:
    """High at the left and the back."""
    return float(0.1 + 0.5 * np.exp(-((x + 3) ** 2) / 3 - (y - 2) ** 2))


def land(**said: Any) -> Landscape:
    return Landscape(XS, YS, [[hill(x, y) for x in XS] for y in YS], PLACE, **said)


def color(one: Landscape, x: float, y: float) -> Any:
    """Of the pixel (RGBA) where a place is seen, a little below its edge."""
    picture = one.picture(fine=1.0)
    left, top, right, bottom = t.bounds(picture)
    pixels = picture.get_pixel_array()
    px, py = one.px(x, y)
    assert left <= px <= right
    assert top <= py <= bottom
    return pixels[min(round(py - top) + 2, len(pixels) - 1), min(round(px - left), len(pixels[0]) - 1)]


def test_it_fills_its_place_in_one_direction_and_is_in_the_middle() -> None:
    left, top, right, bottom = t.bounds(land().picture(fine=0.5))
    assert left >= PLACE[0] - 1
    assert right <= PLACE[2] + 1
    assert top >= PLACE[1] - 1
    assert bottom <= PLACE[3] + 1
    assert min(abs(right - left - 800), abs(bottom - top - 500)) < 2
    assert (left + right) / 2 == pytest.approx(500, abs=2)
    assert (top + bottom) / 2 == pytest.approx(450, abs=2)


def test_places_are_drawn_where_they_are_said_to_be() -> None:
    one = land()
    for x, y in ((-1, 1), (0.5, 0.2), (-2.8, 1.8), (-2.9, 0.1)):
        assert color(one, x, y)[3] == 255
    assert one.picture(fine=0.5).get_pixel_array()[0, 0][3] == 0, "beside the land it is clear"


def test_between_measured_places_the_land_is_smooth_and_at_them_it_is_what_was_measured() -> None:
    one = land()
    assert one.height(XS[3], YS[4]) == pytest.approx(hill(XS[3], YS[4]))
    between = (XS[3] + XS[4]) / 2
    assert one.height(between, YS[4]) == pytest.approx(hill(between, YS[4]), abs=0.02)


def test_higher_is_further_up_the_frame_and_low_has_the_low_color() -> None:
    one = land()
    assert one.px(-1, 1, 0.5)[1] < one.px(-1, 1, 0.2)[1]
    assert one.px(-1, 1, 0.5)[0] == one.px(-1, 1, 0.2)[0]
    low, high = color(one, 0.8, 0.5), color(one, -2.8, 1.8)
    assert int(low[0]) - int(low[2]) > int(high[0]) - int(high[2]) + 20, "the lowest place is pink, the highest blue"


def test_what_is_behind_a_hill_is_hidden() -> None:
    steep = Landscape(XS, YS, [[0.1 + 2 * (3 < i < 6 and j == 2) for i in range(9)] for j in range(7)], PLACE, turn=0.0)
    flat = Landscape(XS, YS, [[0.1 + 2 * (i == 0 and j == 6) for i in range(9)] for j in range(7)], PLACE, turn=0.0)
    before, after = (color(one, -0.8, 1.0) for one in (flat, steep))
    assert abs(before[:3].astype(int) - after[:3].astype(int)).max() > 30


def test_a_height_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0, and one is -1"):
        Landscape(XS, YS, [[-1.0] * 9] * 7, PLACE)
