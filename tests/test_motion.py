"""Motion is a pure function of the clock, and never jumps unless it was told to."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Mobject

from rushes import motion as m
from rushes import theme as t
from rushes.shapes import bezier, ellipse, oval, polyline, round_box, shape, through

EASES = [m.linear, m.smooth, m.ease_out, m.ease_in, m.rise, m.fall, m.over]
CHANGES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 200), st.floats(-5, 5), st.sampled_from(EASES)),
    min_size=1,
    max_size=8,
)


def picture(thing: Mobject) -> list[Any]:
    """Everything about a mobject that a camera reads."""
    parts = [f for f in thing.get_family() if len(f.points)]
    return [
        (f.points.copy(), getattr(f, "fill_rgbas", np.zeros(1)).copy(), getattr(f, "stroke_width", 0)) for f in parts
    ]


def same(a: list[Any], b: list[Any]) -> bool:
    return len(a) == len(b) and all(
        np.array_equal(p, q) and np.array_equal(c, d) and w == v for (p, c, w), (q, d, v) in zip(a, b, strict=True)
    )


def assert_pure(thing: Any, until: float = 6.0) -> None:
    """Posed twice, in any order, it is the same; and it does change, else nothing was tested."""
    clocks = [round(k * until / 23, 3) for k in range(24)]
    first = {}
    for clock in clocks:
        thing.pose(clock)
        first[clock] = picture(thing)
    assert any(not same(first[clocks[0]], p) for p in first.values())
    shuffled = clocks * 2
    random.Random(5).shuffle(shuffled)
    for clock in shuffled:
        thing.pose(clock)
        assert same(picture(thing), first[clock]), f"differs at {clock} s"


@pytest.mark.parametrize("ease", EASES)
def test_an_ease_goes_from_0_to_1(ease: m.Ease) -> None:
    assert ease(0.0) == pytest.approx(0)
    assert ease(1.0) == pytest.approx(1)


def test_over_goes_about_6_per_cent_too_far() -> None:
    assert max(m.over(a / 200) for a in range(201)) == pytest.approx(1.06, abs=0.02)


@settings(max_examples=150, deadline=None)
@given(CHANGES)
def test_a_track_never_jumps_and_ends_where_it_was_sent(changes: list[tuple[int, int, float, m.Ease]]) -> None:
    track = m.Track(1.0)
    for at, seconds, value, ease in changes:
        track.to(at / 100, seconds / 100, value, ease)
    values = np.array([track(k / 1000) for k in range(6100)])
    # the steepest ease starts 4.2 times as fast as a straight line, over at least 0.01 s and at most 11 units
    steepest = max(4.5 * 16 / (seconds / 100) / 1000 for _, seconds, _, _ in changes)
    assert np.abs(np.diff(values)).max() <= steepest
    last = max(at for at, *_ in changes)
    assert track(1e6) == pytest.approx([value for at, _, value, _ in changes if at == last][-1])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90), st.floats(-5, 5)), unique_by=lambda c: c[0], min_size=2)
)
def test_the_order_of_scheduling_does_not_matter(changes: list[tuple[int, int, float]]) -> None:
    one, other = m.Track(0.0), m.Track(0.0)
    for at, seconds, value in changes:
        one.to(at / 100, seconds / 100, value)
    for at, seconds, value in sorted(changes, reverse=True):
        other.to(at / 100, seconds / 100, value)
    assert [one(k / 37) for k in range(200)] == [other(k / 37) for k in range(200)]


@settings(max_examples=80, deadline=None)
@given(CHANGES, st.lists(st.integers(0, 700), min_size=1, max_size=30), st.floats(-5, 5))
def test_a_track_says_the_same_whatever_it_was_asked_before(
    changes: list[tuple[int, int, float, m.Ease]], clocks: list[int], start: float
) -> None:
    def made(until: int) -> m.Track:
        track = m.Track(1.0)
        for at, seconds, value, ease in changes[:until]:
            track.to(at / 100, seconds / 100, value, ease)
        return track

    asked = m.Track(1.0)
    for n, (at, seconds, value, ease) in enumerate(changes, 1):
        asked.to(at / 100, seconds / 100, value, ease)
        assert [asked(k / 100) for k in clocks] == [made(n)(k / 100) for k in clocks]
    asked.begin(start)
    assert [asked(k / 100) for k in clocks] == [made(len(changes)).begin(start)(k / 100) for k in clocks]


def test_a_switch_holds_at_its_own_time_and_not_before() -> None:
    track = m.Track(0.0).to(1.0, 0, 5.0)
    assert track(0.9999) == 0
    assert track(1.0) == 5


def test_a_start_may_be_set_after_the_changes() -> None:
    track = m.Track(0.0).to(1.0, 1.0, 4.0, m.linear).begin(2.0)
    assert (track(0.0), track(1.5), track(3.0)) == (2.0, 3.0, 4.0)


def test_a_change_can_start_somewhere_else() -> None:
    track = m.Track(0.0).to(1.0, 1.0, 4.0, m.linear, start=8.0)
    assert (track(0.5), track(1.0), track(1.5), track(2.0)) == (0.0, 8.0, 6.0, 4.0)


def word(x: float = 400, y: float = 300) -> m.Sprite:
    return m.Sprite(t.card(x - 60, y - 60, 200, 90, stroke=t.POLICY), t.put(t.text("word", 60), x, y))


def test_a_sprite_is_pure() -> None:
    sprite = word().enter(0.5).go(1.0, 900, 500).pulse(2.0).to(3, 1, rot=2.0, flip=0.3).leave(5.0)
    assert_pure(sprite)


def test_a_sprite_goes_where_it_is_sent() -> None:
    sprite = word().go(1.0, 900, 500)
    sprite.pose(4.0)
    left, top, right, bottom = t.bounds(sprite)
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((900, 500))


def test_what_enters_was_not_there_before_and_rises() -> None:
    sprite = word().enter(1.0)
    sprite.pose(0.999)
    assert not picture(sprite)
    sprite.pose(1.1)
    early = t.bounds(sprite)[1]
    sprite.pose(2.0)
    assert 5 < early - t.bounds(sprite)[1] < 24


def test_what_leaves_can_come_back() -> None:
    sprite = word().leave(1.0).enter(2.0)
    seen = []
    for clock in (0.5, 1.5, 3.0):
        sprite.pose(clock)
        seen.append(bool(picture(sprite)))
    assert seen == [True, False, True]


def test_turn_into_shows_one_of_the_two() -> None:
    plus, minus = word(), word()
    plus.turn_into(minus, 1.0)
    for k in range(60):
        for sprite in (plus, minus):
            sprite.pose(k / 20)
        assert bool(picture(plus)) != bool(picture(minus)), k / 20


def test_what_drops_lands_on_its_floor_and_never_under_it() -> None:
    sprite = word(400, 300)
    land = sprite.drop(1.0, 800)
    heights = []
    for k in range(120):
        sprite.pose(1.0 + k / 40)
        heights.append(sprite.at(1.0 + k / 40)["dy"] + sprite.home[1])
    assert max(heights) == pytest.approx(800)
    assert sprite.at(land)["dy"] + sprite.home[1] == pytest.approx(800)
    assert sprite.at(land - 0.05)["dy"] + sprite.home[1] < 760
    assert heights[-1] == pytest.approx(800)


def test_strokes_grow_with_what_they_draw() -> None:
    sprite = word()
    box = sprite.submobjects[0]
    before = box.stroke_width
    sprite.begin(scale=2.0).pose(0)
    assert box.stroke_width == pytest.approx(2 * before)


def test_a_light_can_be_carried_and_faded() -> None:
    light = m.Sprite(t.glow(t.DANGER, 300, 300, 200, 200), alpha=0.0).enter(1.0, rise=0).go(2.0, 700, 300)
    light.pose(0.5)
    assert not picture(light)
    light.pose(4.0)
    assert t.bounds(light)[0] == pytest.approx(600, abs=2)


def test_a_name_that_is_not_a_number_of_it_is_refused_with_a_suggestion() -> None:
    with pytest.raises(TypeError, match="did you mean 'alpha'"):
        word().to(1.0, alfa=1.0)


def test_what_data_drives_cannot_be_scheduled() -> None:
    sprite = word().drive(dx=lambda clock: 10 * clock)
    assert sprite.at(3.0)["dx"] == 30
    with pytest.raises(TypeError, match="driven by data"):
        sprite.to(1.0, dx=3.0)


def test_a_roll_counts_without_shivering() -> None:
    roll = m.Roll(500, 300, 80, value=-0.33).to(1.0, 0.75, m.ease_out, value=1.42)
    assert roll.shown(0.0) == "−0.33"
    assert roll.shown(2.0) == "+1.42"
    assert_pure(roll)
    # Inter's own tabular digits differ by up to 0.2 px at this size.
    widths = [t.text_width(f"{k / 11:.2f}", 80, weight=t.BOLD, tnum=True) for k in range(100)]
    assert max(widths) - min(widths) < 0.5


def test_a_live_shape_is_pure_and_fades() -> None:
    live = m.Live(lambda clock: oval(100 + 50 * clock, 300, 40, 20), fill=t.POLICY, alpha=lambda clock: clock / 6)
    assert_pure(live)
    live.pose(3.0)
    assert live.fill_rgbas[0, 3] == pytest.approx(0.5)


def test_ropes_hang_between_hands() -> None:
    a, b = t.at(300, 600), t.at(900, 500)
    for tie in (m.rope(lambda _: a, lambda _: b, t.VALUES), m.spring(lambda _: a, lambda _: b, t.COHERENCE)):
        np.testing.assert_allclose(tie.points[0], a, atol=1e-9)
        np.testing.assert_allclose(tie.points[-1], b, atol=1e-9)


def test_a_spring_flattens_as_it_stretches() -> None:
    def height(d: float) -> float:
        tie = m.spring(lambda _: t.at(300, 600), lambda _: t.at(300 + d, 600), t.COHERENCE)
        return t.bounds(tie)[3] - t.bounds(tie)[1]

    assert height(200) > height(500) > height(900) > 5


def test_a_ring_is_seen_only_while_it_spreads() -> None:
    ring = m.ring(1.0, 500, 800, t.DANGER)
    widths = []
    for clock in (0.9, 1.1, 1.4, 1.6):
        ring.pose(clock)
        widths.append(t.bounds(ring)[2] - t.bounds(ring)[0] if len(ring.points) else 0.0)
    assert widths[0] == widths[3] == 0
    assert 0 < widths[1] < widths[2]


def test_a_round_box_is_as_wide_as_asked_however_narrow() -> None:
    for width in (2, 30, 400):
        np.testing.assert_allclose(
            t.bounds(shape(round_box(100, 50, width, 60, 14))), (100, 50, 100 + width, 110), atol=1e-6
        )


def test_points_are_whole_curves_that_join() -> None:
    corners = np.array([[0, 0, 0], [1, 2, 0], [3, 1, 0], [4, 4, 0]], float)
    for points in (bezier((0, 0), ((1, 0), (1, 1), (2, 2))), polyline(corners), through(corners), ellipse(0, 0, 1, 2)):
        assert len(points) % 4 == 0
        np.testing.assert_allclose(points[3:-1:4], points[4::4])
