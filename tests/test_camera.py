"""DirectCamera draws what Manim's camera draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from manim import Annulus, Camera, DashedLine, Mobject, Square, VGroup, VMobject, tempconfig

from rushes import theme as t
from rushes.camera import DirectCamera
from rushes.motion import Roll, spring
from rushes.rig import Megacoach, Rig
from rushes.words import SpeechBubble

SIZE = {"pixel_width": 960, "pixel_height": 540}


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    with tempconfig(SIZE):
        yield


def figure() -> list[Mobject]:
    """Characters, text, gradients, curves, holes, dashes: everything that scenes draw as shapes."""
    who = ("apprentice", "values", "coherence", "dark", "rater")
    rigs = [Rig(w, 200 + 300 * i, 700, 280, seed=i, mood=0.9 - 0.4 * i, lean=0.08) for i, w in enumerate(who)]
    for rig in rigs:
        rig.pose(1.37)
    outlined = t.text("outlined", 80, t.VALUES).set_stroke(t.INK, 8, background=True)
    striped = Square(1.2).set_fill([t.POLICY, t.VALUES, t.DANGER], 0.7).set_stroke([t.PAPER, t.INK], 9)  # type: ignore[arg-type]
    nested = VGroup(striped.shift((3.0, 2.5, 0.0)), VGroup(Annulus(0.2, 0.6).shift((5.0, 2.5, 0.0)), VMobject()))
    return [
        t.card(90, 100, 700, 260, stroke=t.POLICY, sw=4, opacity=0.6),
        t.block("Straight quotes, gjpq and 0123456789 in two lines", 120, 180, 640, 44, font=t.MONO),
        t.put(outlined, 860, 300),
        nested,
        DashedLine(t.at(100, 900), t.at(1800, 880), stroke_width=7),
        t.curve([(100, 820), (400, 640), (420, 800), (1700, 500)], t.DANGER, 9, 0.4),
        *rigs,
        spring(rigs[0].hand("r"), rigs[2].hand("l"), t.COHERENCE),
        Megacoach(1500, 500, 240),
        SpeechBubble("said so", 900, 380, 360, (960, 560)),
        Roll(1000, 160, 90, value=1.42),
    ]


def drawn(camera: Camera, mobjects: list[Mobject]) -> Any:
    camera.reset()
    camera.capture_mobjects(mobjects)
    return camera.pixel_array.copy()


def test_every_pixel_is_that_of_manims_camera() -> None:
    mobjects = figure()
    stock, direct = Camera(), DirectCamera()
    expected = drawn(stock, mobjects)
    assert len(np.unique(expected.reshape(-1, 4), axis=0)) > 1000  # there is something to compare
    np.testing.assert_array_equal(drawn(direct, mobjects), expected)


def test_shapes_that_rest_and_shapes_that_move_again_are_drawn_anew() -> None:
    mobjects = figure()
    stock, direct = Camera(), DirectCamera()
    for _ in range(3):  # from the second on, paths come from the cache
        drawn(direct, mobjects)
    text = mobjects[1]
    for change in (lambda: text.shift((0.11, -0.07, 0.0)), lambda: text.rotate(0.2), lambda: text.set_opacity(0.5)):
        change()
        np.testing.assert_array_equal(drawn(direct, mobjects), drawn(stock, mobjects))


def test_a_shape_cut_up_anew_at_the_same_length_is_drawn_as_it_now_is() -> None:
    m = t.text("i", 300)
    direct = DirectCamera()
    for _ in range(3):
        drawn(direct, [m])
    m.points = t.text("i", 300).points[::-1].copy()
    np.testing.assert_array_equal(drawn(direct, [m]), drawn(Camera(), [m]))


def test_a_backdrop_is_under_every_later_frame() -> None:
    camera, box = DirectCamera(), t.card(100, 100, 200, 200, t.POLICY)
    camera.set_backdrop([t.backdrop(floor=800), box])
    bare = camera.background.copy()
    np.testing.assert_array_equal(drawn(camera, []), bare)
    np.testing.assert_array_equal(bare[100, 100, :3], (0x56, 0xBD, 0xFA))
    moving = drawn(camera, [t.card(1000, 100, 100, 100, t.DANGER)])
    assert (moving != bare).any(axis=2).sum() == pytest.approx(50 * 50, rel=0.1)
    np.testing.assert_array_equal(drawn(camera, []), bare)


def test_a_backdrop_fills_the_frame_to_its_last_row() -> None:
    camera = DirectCamera()
    camera.set_backdrop([t.backdrop(top=(90, 90, 90), low=(90, 90, 90), grain=0)])
    assert (camera.background[..., :3] == 90).all()


def test_a_picture_is_where_its_corners_are_and_fades() -> None:
    camera = DirectCamera()
    camera.set_backdrop([t.backdrop(top=(0, 0, 0), low=(0, 0, 0), grain=0)])
    light = t.glow("#FFFFFF", 600, 400, 200, 100, 1.0)
    lit = drawn(camera, [light])[..., 0]
    rows, columns = np.nonzero(lit)
    assert 2 * columns.min() >= 500
    assert 2 * columns.max() <= 700
    assert 2 * rows.min() >= 350
    assert 2 * rows.max() <= 450
    assert lit[200, 300] > 240
    faint = drawn(camera, [light.set_opacity(0.5)])[..., 0]
    assert faint[200, 300] == pytest.approx(lit[200, 300] / 2, abs=3)


def test_a_picture_after_a_shape_leaves_the_shape_alone() -> None:
    camera = DirectCamera()
    box, light = t.card(1000, 100, 300, 200, t.POLICY), t.glow("#FFFFFF", 600, 400, 200, 100, 1.0)
    expected = np.maximum(drawn(camera, [box]), drawn(camera, [light]))
    np.testing.assert_array_equal(drawn(camera, [box, light]), expected)
    around = t.glow("#FFFFFF", 1150, 200, 900, 700, 0.5)  # lights what lies under it, and has no hole
    lit = drawn(camera, [box, around])
    assert lit[100, 575, 0] > drawn(camera, [box])[100, 575, 0] + 20
