"""The machine and its belt: pure functions of the clock; the shutter covers the mouth, and dials turn."""

from __future__ import annotations

import numpy as np
import pytest
from test_motion import assert_pure

from rushes import theme as t
from rushes.machine import Belt, Machine
from rushes.motion import Track, linear


def test_a_machine_is_pure() -> None:
    machine = Machine(960, 862).nudge(0.5).cover(1.2).uncover(3.0).jolt(3.2).to(4.0, lamp=1.0)
    assert_pure(machine)
    assert_pure(machine.shutter)


def test_it_stands_on_its_feet_and_is_as_high_as_asked() -> None:
    machine = Machine(700, 862, 500)
    left, top, right, low = t.bounds(machine)
    assert low == pytest.approx(862, abs=2)
    assert low - top == pytest.approx(500, rel=0.03)
    assert (left + right) / 2 == pytest.approx(700, abs=2)


def test_the_shutter_covers_the_mouth_when_it_is_shut() -> None:
    machine = Machine(700, 862, 500).cover(1.0, 0.2)
    machine.shutter.pose(0.5)
    assert not any(len(part.points) for part in machine.shutter)
    machine.shutter.pose(1.1)
    assert t.bounds(machine.shutter)[3] < machine.mouth[3] - 5
    machine.shutter.pose(2.0)
    assert t.bounds(machine.shutter) == pytest.approx(machine.mouth, abs=1)


def test_a_nudge_turns_every_dial() -> None:
    machine = Machine(700, 862, 500).nudge(1.0)
    hands = machine._parts["hands"]
    machine.pose(0.0)
    before = hands.points[3::4].copy()
    machine.pose(3.0)
    moved = np.hypot(*(hands.points[3::4] - before)[:, :2].T)
    assert (moved > t.px(2)).all()


def test_a_belt_carries_its_marks_to_the_left() -> None:
    belt = Belt(0, 1920, 700, Track(0.0).to(0.0, 2.0, 60.0, linear))
    assert_pure(belt, 2.0)
    belt.pose(0.0)
    start = t.bounds(belt._marks)[0]
    belt.pose(0.5)
    assert (t.bounds(belt._marks)[0] - start) % Belt.STEP == pytest.approx(Belt.STEP - 15, abs=0.5)
