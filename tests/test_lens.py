"""The logit lens as a picture: pieces as long as they are likely, the said word bright, one floor lit."""

from __future__ import annotations

import pytest
from manim import ManimColor

from rushes import theme as t
from rushes.lens import Lens, per_cent
from rushes.motion import Live

LAYERS = [
    [(" in", 1.0)],
    [(" a", 0.5), (" kite", 0.25), (" extraordinarily", 0.05)],
    [(" kite", 0.9996), (" hat", 0.0)],
]
NAMES = ["words in", "layer 1", "layer 2"]


def pieces(lens: Lens, color: str) -> list[tuple[float, float, float, float]]:
    """Boxes, px, of the drawn shapes of one colour."""
    wanted = ManimColor(color).to_rgb()
    lives = [m for m in lens.submobjects if isinstance(m, Live) and len(m.points)]
    return [t.bounds(m) for m in lives if abs(m.fill_rgbas[0, :3] - wanted).max() < 1e-6 and m.fill_rgbas[0, 3] > 0]


def strings(lens: Lens) -> list[str]:
    return [m.string for m in lens.get_family() if isinstance(m, t.TextLine) and len(m.points)]


@pytest.fixture
def lens() -> Lens:
    out = Lens(LAYERS, " kite", NAMES, 100, 200, 1400)
    return out.light(1.0, 0).light(2.0, 1).light(3.0, 2)


def test_what_was_said_is_bright_and_as_long_as_it_is_likely(lens: Lens) -> None:
    lens.pose(4.0)
    top, low = sorted(pieces(lens, t.POLICY), key=lambda box: box[1])
    assert (low[2] - low[0] + 5) / (top[2] - top[0] + 5) == pytest.approx(0.25 / 0.9996, abs=0.005)
    assert low[0] > top[0]  # behind the likelier one


def test_a_floor_says_nothing_until_its_light_comes(lens: Lens) -> None:
    lens.pose(0.9)
    assert sorted(strings(lens)) == sorted(NAMES)
    lens.pose(1.6)
    assert sorted(strings(lens)) == sorted([*NAMES, "in"])
    assert not pieces(lens, t.POLICY)
    lens.pose(2.6)
    assert "25%" in strings(lens)
    assert "kite" in strings(lens)
    lens.pose(3.6)
    assert ">99%" in strings(lens)


def test_words_that_do_not_fit_their_piece_are_left_out(lens: Lens) -> None:
    lens.pose(4.0)
    assert "extraordinarily" not in strings(lens)


def test_one_floor_is_lit_at_a_time(lens: Lens) -> None:
    for clock, floor in ((1.9, 0), (2.9, 1), (4.0, 2)):
        lens.pose(clock)
        (box,) = pieces(lens, t.RAISED)
        assert box[1] < lens.place(floor)[1] < box[3]


@pytest.mark.parametrize("width", [700, 1400])
def test_it_stays_in_its_place(width: float) -> None:
    lens = Lens(LAYERS, " kite", NAMES, 100, 200, width).light(0.0, 0).light(0.5, 1).light(1.0, 2)
    lens.pose(3.0)
    left, top, right, bottom = t.bounds(lens)
    assert left >= 99
    assert right <= 101 + width
    assert top >= 199
    assert bottom <= lens.bottom + 1


def test_a_probability_is_never_quite_sure() -> None:
    assert [per_cent(p) for p in (0.011, 0.5, 0.994, 0.9951, 1.0)] == ["1%", "50%", "99%", ">99%", ">99%"]
