"""DirectCamera draws what Manim's camera draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import (
    Annulus,
    Camera,
    DashedLine,
    Dot,
    ImageMobject,
    Mobject,
    PointCloudDot,
    Square,
    VGroup,
    VMobject,
    tempconfig,
)

from rushes import theme as t
from rushes.camera import DirectCamera
from rushes.motion import Roll, spring
from rushes.rectangles import MOST, rectangles
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


def test_only_what_changed_is_drawn_and_the_picture_is_that_of_a_whole_drawing() -> None:
    camera, whole, mobjects = DirectCamera(), DirectCamera(), figure()
    text, card = mobjects[1], mobjects[0]
    image = ImageMobject(np.full((90, 120, 4), 255, np.uint8)).move_to((4.0, -2.0, 0.0))
    mobjects.append(image)
    changes: list[tuple[Callable[[], Any], float]] = [
        (lambda: None, 0.0),
        (lambda: text.shift((0.31, -0.07, 0.0)), 0.2),
        (lambda: text.set_opacity(0.5), 0.2),
        (lambda: image.shift((0.05, 0.02, 0.0)), 0.1),
        (lambda: image.set_opacity(0.3), 0.1),
        (lambda: card.set_stroke(t.DANGER, 22), 0.5),
        (lambda: card.set_opacity(0.0), 0.5),
        (lambda: mobjects.remove(text), 0.2),
        (lambda: mobjects.append(text), 0.2),
        (lambda: mobjects.reverse(), 1.0),
        (lambda: mobjects.insert(0, Dot(radius=0.2)), 0.1),
        (mobjects.clear, 1.0),
    ]
    camera.redraw(mobjects)
    assert camera.changed == [(0, 0, 960, 540)]
    for change, most in changes:
        camera.changed.clear()
        change()
        before = camera.pixels.copy()
        camera.redraw(mobjects)
        differs = np.abs(camera.pixels.astype(int) - drawn(whole, mobjects)).max(axis=2)
        assert differs.max() <= 16
        assert (differs > 0).sum() <= 100  # of half a million pixels
        touched = np.zeros((540, 960), bool)
        for left, top, right, bottom in camera.changed:
            touched[top:bottom, left:right] = True
        assert touched.mean() <= most
        assert not (before != camera.pixels).any(axis=2)[~touched].any()


def test_dots_that_have_no_outline_are_drawn_whole() -> None:
    camera, cloud = DirectCamera(), PointCloudDot(radius=1.0)
    camera.redraw([cloud])
    camera.changed.clear()
    cloud.shift((1.0, 0.0, 0.0))
    camera.redraw([cloud])
    assert camera.changed == [(0, 0, 960, 540)]
    np.testing.assert_array_equal(camera.pixels, drawn(DirectCamera(), [cloud]))


BOX = st.tuples(st.integers(0, 199), st.integers(0, 99), st.integers(0, 60), st.integers(0, 60))


@given(st.lists(BOX, max_size=40))
def test_a_few_rectangles_cover_every_box(places: list[tuple[int, int, int, int]]) -> None:
    boxes = [(x, y, min(x + w, 200), min(y + h, 100)) for x, y, w, h in places]
    found = rectangles(boxes, 200, 100)
    covered = np.zeros((100, 200), bool)
    for left, top, right, bottom in found:
        assert (left % 2, top % 2, right % 2, bottom % 2) == (0, 0, 0, 0)
        covered[top:bottom, left:right] = True
    assert all(covered[top:bottom, left:right].all() for left, top, right, bottom in boxes)
    assert len(found) <= MOST
    assert bool(found) == any(right > left and bottom > top for left, top, right, bottom in boxes)
