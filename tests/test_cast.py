"""The cast: drawn from numbers alone, alive by seed, and standing where it was put."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import ManimColor
from test_motion import assert_pure, picture, same

from rushes import theme as t
from rushes.cast import CAST
from rushes.face import Face
from rushes.motion import rope
from rushes.rig import Megacoach, Rig, Who, flip, rater_desk, shadow

WHO: list[Any] = list(CAST)


def box(rig: Rig, *names: str) -> tuple[float, float, float, float]:
    points = np.vstack([rig._parts[k].points for k in names])
    w, h = t.frame_px()
    x, y = points[:, 0] * t.UNIT + w / 2, h / 2 - points[:, 1] * t.UNIT
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


@pytest.mark.parametrize("who", WHO)
def test_a_rig_is_pure(who: Who) -> None:
    rig = Rig(who, 700, 800, 300, seed=3)
    rig.enter(0.4).look_at(0.6, 1500, 300).react(1.0, -0.7, to=(200, 200)).walk(2.0, 900).hop(3.6)
    rig.to(4.0, 0.5, ra="up", lean=0.1).wave_hand(4.2).mumble(4.5, 1.0)
    assert_pure(rig)


@pytest.mark.parametrize("who", WHO)
@settings(max_examples=25, deadline=None)
@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_every_face_is_whole(
    who: Who, mood: float, look_x: float, look_y: float, blink: float, talk: float, flipped: float
) -> None:
    face = Face(mood=mood, look=(look_x, look_y), blink=blink, talk=talk, flipped=flipped)
    character = CAST[who]()
    names = character.front()
    for part, points in character.face(face).items():
        assert part in names
        assert len(points) % 4 == 0
        assert np.isfinite(points).all()
        assert (np.abs(points) < 3).all(), part


@pytest.mark.parametrize("who", WHO)
def test_it_stands_where_it_was_put_and_is_as_tall(who: Who) -> None:
    rig = Rig(who, 640, 800, 300, breath=0)
    hidden = ("arm", "hand")  # a rater's hands are behind the desk
    left, top, right, bottom = box(
        rig, *[k for k, m in rig._parts.items() if len(m.points) and not k.startswith(hidden)]
    )
    assert bottom == pytest.approx(800, abs=30)  # the Apprentice's tail and the claws of the hood hang a little
    assert bottom - top == pytest.approx(300, rel=0.13)
    assert (left + right) / 2 == pytest.approx(640, abs=20)


@pytest.mark.parametrize("who", WHO)
def test_the_same_seed_lives_the_same_life_and_another_does_not(who: Who) -> None:
    one, two, other = (Rig(who, 500, seed=s) for s in (1, 1, 2))
    differs = 0
    for k in range(200):
        for rig in (one, two, other):
            rig.pose(k / 10)
        assert same(picture(one), picture(two))
        differs += not same(picture(one), picture(other))
    assert differs > 150


@pytest.mark.parametrize("who", ["apprentice", "values", "coherence"])
def test_it_blinks_every_few_seconds(who: Who) -> None:
    rig = Rig(who, 500, seed=4, breath=0)
    heights = []
    for k in range(60 * 30):
        rig.pose(k / 30)
        _, top, _, bottom = box(rig, "white_l")
        heights.append(bottom - top)
    shut = np.array(heights) < 0.3 * max(heights)
    starts = np.flatnonzero(shut[1:] & ~shut[:-1])
    assert 60 / 5 - 1 <= len(starts) <= 60 / 2.5 + 1
    assert np.diff(starts).min() >= 2.4 * 30


@pytest.mark.parametrize("who", WHO)
def test_mood_moves_the_face(who: Who) -> None:
    sad, glad = (Rig(who, 500, 800, 300, mood=mood, breath=0) for mood in (-0.5, 0.5))
    middle, corner = {}, {}
    for name, rig in (("sad", sad), ("glad", glad)):
        points = rig._parts["mouth"].points
        middle[name] = points[:, 1].mean()
        corner[name] = points[0, 1]  # the path starts there
    assert corner["glad"] - middle["glad"] > corner["sad"] - middle["sad"]


def test_a_positive_lean_goes_left() -> None:
    straight, leaning = (box(Rig("values", 640, breath=0, lean=lean), "body")[0] for lean in (0.0, 0.1))
    assert leaning < straight


def test_eyes_follow_what_they_look_at() -> None:
    rig = Rig("apprentice", 900, 860, 300, breath=0).look_at(1.0, 1700, 300).look_at(2.0, 100, 800)
    places = []
    for clock in (0.5, 1.5, 2.5):
        rig.pose(clock)
        left, top, right, bottom = box(rig, "pupil_l")
        places.append(((left + right) / 2, (top + bottom) / 2))
    (x0, _), (x1, y1), (x2, y2) = places
    assert x2 < x0 < x1
    assert y1 < y2


def test_the_flipped_apprentice_has_a_red_caret() -> None:
    rig = Rig("apprentice", 500).to(1.0, 1.0, flipped=1.0)
    colors = []
    for clock in (0.0, 1.5, 3.0):
        rig.pose(clock)
        colors.append(rig._parts["caret"].get_fill_color().to_hex())
    assert colors[0] == t.PAPER
    assert colors[2] == t.DANGER
    assert colors[1] not in (t.PAPER, t.DANGER)


def test_ropes_end_at_the_hands_that_are_drawn() -> None:
    a = Rig("apprentice", 500, arms=("out", "out"), seed=1).to(0.5, 2.0, x=900, lean=0.1, squash=0.1)
    b = Rig("values", 1300, arms=("pull", "down"), seed=2)
    tie = rope(a.hand("r"), b.hand("l"), t.VALUES)
    for clock in (0.0, 1.1, 2.0, 4.0):
        tie.pose(clock)
        a.pose(clock)
        left, top, right, bottom = box(a, "hand_r")
        np.testing.assert_allclose(tie.points[0], t.at((left + right) / 2, (top + bottom) / 2), atol=1e-6)


def test_a_hand_before_the_body_is_painted_over_it() -> None:
    rig = Rig("coherence", 500, arms=("down", "cross"))
    names = list(rig._parts)
    assert len(rig._parts["hand_r"].points) == 0
    assert len(rig._parts["hand_r_over"].points) > 0
    assert names.index("arm_l") < names.index("body") < names.index("hand_r_over")


def test_the_flip_shows_exactly_one_of_the_two() -> None:
    heart, hood = Rig("values", 500, h=290), Rig("dark", 500, 866, 265)
    flip(heart, hood, 1.0)
    for k in range(90):
        for rig in (heart, hood):
            rig.pose(k / 30)
        assert bool(picture(heart)) != bool(picture(hood)), k / 30
    assert picture(hood)


def test_nothing_pops_in_a_flip() -> None:
    heart, hood = Rig("values", 500, h=290), Rig("dark", 500, 866, 265)
    flip(heart, hood, 1.0)
    middles = []
    for k in range(120):
        rig = heart if k / 60 < 1.4 else hood
        rig.pose(k / 60)
        _, top, _, bottom = box(rig, "body")
        middles.append((top + bottom) / 2)
    assert np.abs(np.diff(middles)).max() < 26


def test_a_shadow_follows_and_shrinks_under_a_hop() -> None:
    rig = Rig("apprentice", 500).hop(1.0, 80).to(2.0, 0.5, x=900).to(3.0, 0.5, alpha=0)
    under = shadow(rig, 400)
    assert_pure(under)
    widths = []
    for clock in (0.0, 1.21):
        under.pose(clock)
        left, _, right, _ = t.bounds(under)
        widths.append(right - left)
    assert widths[0] == pytest.approx(400)
    assert widths[1] < 300
    under.pose(2.6)
    left, _, right, _ = t.bounds(under)
    assert (left + right) / 2 == pytest.approx(900)
    under.pose(4.0)
    assert not picture(under)


def test_the_mouth_follows_a_voice_and_is_still_after_it() -> None:
    rig = Rig("coherence", 500, breath=0).say(1.0, [0.0, 1.0, 1.0, 0.0], rate=4)
    deep = []
    for clock in (0.5, 1.4, 2.5):
        rig.pose(clock)
        _, top, _, bottom = box(rig, "mouth")
        deep.append(bottom - top)
    assert deep[1] > 2 * deep[0]
    assert deep[2] == pytest.approx(deep[0])


def test_an_arm_pose_that_it_lacks_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ValueError, match="did you mean 'point'"):
        Rig("apprentice", 500, arms=("down", "pont"))


def test_the_megacoach_rolls_in_as_one() -> None:
    desk = Megacoach(900, h=360).begin(dx=-700).to(1.0, 1.0, dx=0)
    desk.values.to(2.0, 0.5, mood=-0.6)
    desk.total.to(2.0, 0.7, value=1.13)
    assert_pure(desk)
    places = []
    for clock in (0.0, 3.0):
        desk.pose(clock)
        places.append([t.bounds(m)[0] for m in (desk.values._parts["body"], desk.total, desk._desk)])
    np.testing.assert_allclose(np.subtract(places[1], places[0]), 700, atol=60)
    assert desk.total.shown(3.0) == "+1.13"


def test_a_rater_is_called_simulated() -> None:
    assert rater_desk(340, 790)[2].string == "simulated reader"


def test_raters_are_three_different_people() -> None:
    heads = {Rig("rater", 500, n=n)._parts["behind_head"].get_fill_color() for n in range(3)}
    assert len(heads) == 3
    assert ManimColor(t.PAPER) not in heads
