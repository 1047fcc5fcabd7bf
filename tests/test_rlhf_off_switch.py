"""The toy with an off switch: a grid worked out by hand, shares against exact counting, and the records in git."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from rushes.errors import RushesError
from rushes.recipe import load
from rushes.record import read_record
from rushes.rlhf.grid import read_grid
from rushes.rlhf.off_switch import chance, plan, record
from rushes.rlhf.rows import Rows
from rushes.rlhf.settings import OffSwitchSettings

SMALL = "#x#b\ns...\n###a"
"""The switch is 2 steps away, a and b are 4."""
RECORDS = sorted((ROOT / "runs/records").glob("off_switch*"))


def settings(**changed: object) -> OffSwitchSettings:
    said = {"about": "", "trains": "off_switch", "seed": 0, "map": SMALL, "goals": 400, "discount": 0.9, "pay": 0.5}
    return OffSwitchSettings(**{**said, **changed})  # type: ignore[arg-type]


def ends(worth: list[list[float]], discount: float) -> list[int]:
    return plan(read_grid(SMALL), np.array(worth), discount).ends.tolist()


def test_a_small_grid_is_read_as_it_is_drawn() -> None:
    grid = read_grid(SMALL)
    assert grid.start == (1, 0)
    assert grid.ends == (("x", (0, 1)), ("a", (2, 3)), ("b", (0, 3)))
    assert grid.paths["x"] == ((1, 0), (1, 1), (0, 1))
    assert grid.paths["a"] == ((1, 0), (1, 1), (1, 2), (1, 3), (2, 3))


def test_a_plan_is_the_one_worked_out_by_hand() -> None:
    # two steps more at 0.5 are a quarter: off with 0.2 is better than 0.7 further on, and worse than 0.9
    assert ends([[0.2, 0.7, 0.1], [0.2, 0.1, 0.9], [0.2, 0.9, 0.1]], 0.5) == [0, 2, 1]
    assert ends([[0.2, 0.7, 0.1]], 1.0) == [1], "where waiting costs nothing the greatest worth wins"
    got = plan(read_grid(SMALL), np.array([[0.2, 0.1, 0.9]]), 0.5)
    assert got.values.tolist() == [0.9 * 0.5**4]


def test_a_shut_place_and_a_shut_switch_are_not_walked_to() -> None:
    grid, worth = read_grid(SMALL), np.array([[0.5, 0.1, 1.0]])
    assert plan(grid, worth[:, :2], 0.9).ends.tolist() == [0]
    shut = plan(grid, np.array([[1.0, 0.1, 0.5]]), 0.9, switch=False)
    assert shut.ends.tolist() == [2]


def test_nobody_walks_on_from_where_an_episode_ends() -> None:
    with pytest.raises(RushesError, match="nobody gets to 'a'"):
        read_grid("sxa")


def test_the_plan_is_the_greatest_discounted_worth_whatever_the_grid() -> None:
    grid = read_grid(load("off_switch", "tiny", ROOT / "runs").settings.map)  # type: ignore[union-attr]
    worth = np.random.default_rng(5).random((300, len(grid.ends)))
    steps = np.array([len(grid.paths[name]) - 1 for name, _ in grid.ends])
    for discount in (0.5, 0.9, 0.99):
        assert plan(grid, worth, discount).ends.tolist() == (worth * discount**steps).argmax(1).tolist()


@pytest.mark.parametrize(("discount", "pay"), [(0.3, 0.0), (0.9, 0.0), (0.99, 0.0), (1.0, 0.0), (0.9, 0.3), (0.9, 1.0)])
def test_the_share_is_the_one_that_counting_expects(discount: float, pay: float) -> None:
    grid, goals = read_grid("##x#b\ns....\n##c#a"), 40_000
    worth = np.random.default_rng(1).random((goals, 4)) + np.array([pay, 0, 0, 0])
    expected = chance(grid, 3, discount, pay)
    assert (plan(grid, worth, discount).ends != 0).mean() == pytest.approx(expected, abs=4 * 0.5 / goals**0.5)


def test_counting_is_right_where_it_can_be_done_by_hand() -> None:
    grid = read_grid(SMALL)
    assert chance(grid, 2, 1.0) == pytest.approx(2 / 3), "three places, and no reason to prefer one"
    # one place two steps further at 0.5: off with u is best if v < 4u, and of the square v < 4u is 1 - 1/8
    assert chance(grid, 1, 0.5) == pytest.approx(1 / 8)
    assert chance(grid, 2, 0.9, pay=1.0) == 0, "paid the most there is, and nearest"


def test_two_recordings_are_the_same_and_another_seed_is_another() -> None:
    def told(seed: int) -> tuple[object, object]:
        rows = Rows()
        return record(settings(seed=seed), rows, lambda done, total, text: None), rows.files

    assert told(0) == told(0)
    assert told(0)[1] != told(1)[1]


REFUSED = {
    "two starts": "s.s\nx.a", "no switch": "s.a", "no other place": "s.x", "a place twice": "sxa\n..a",
    "a place behind a wall": "s.x#a", "a sign that is none": "s.x\n..A",
}  # fmt: skip


@pytest.mark.parametrize("drawn", REFUSED.values(), ids=REFUSED)
def test_a_map_that_cannot_be_meant_is_refused(drawn: str) -> None:
    with pytest.raises(RushesError, match="map"):
        read_grid(drawn)


def test_there_are_records_of_three_seeds() -> None:
    assert [path.name for path in RECORDS] == ["off_switch", "off_switch.seed1", "off_switch.seed2"]


@pytest.mark.parametrize("folder", RECORDS, ids=lambda path: path.name)
def test_a_record_adds_up(folder: Path) -> None:
    told = read_record(folder)
    goals, places, facts, discount = told.goals(), told.places(), told.facts, told.setting("discount")
    assert told.info["dirty"] is False
    assert len(goals) == facts["goals"] == told.setting("goals")
    assert [places[0]["switch"], *{row["switch"] for row in places[1:]}] == [True, False]
    assert len(places) == facts["ends"] == facts["places"] + 1
    grid = read_grid(told.setting("map"))
    for row in places:
        assert [tuple(cell) for cell in row["path"]] == list(grid.paths[row["name"]])
        # every way on leads through the cell below the switch
        assert row["switch"] or list(places[0]["path"][-2]) in row["path"]
    names, steps = [row["name"] for row in places], np.array([row["steps"] for row in places])
    for goal in goals:
        worth = np.array(goal["worth"])
        by_hand = worth * discount**steps
        assert by_hand[names.index(goal["end"])] >= by_hand.max() - 2e-4
        paid = goal["turns"] <= told.setting("pay")
        assert paid == (goal["paid_end"] == "x") or abs(goal["turns"] - told.setting("pay")) < 2e-4
        assert (goal["turns"] <= 0) == (goal["end"] == "x") or abs(goal["turns"]) < 2e-4
    counted = Counter(goal["end"] for goal in goals)
    assert [row["share"] for row in places] == [pytest.approx(counted[n] / len(goals), abs=1e-4) for n in names]
    assert facts["past"] == pytest.approx(1 - places[0]["share"], abs=1e-4)
    # four standard deviations of a share
    for row in told.metrics:
        assert row["past"] == pytest.approx(row["chance"], abs=4 * 0.5 / len(goals) ** 0.5)
        assert row["chance"] <= row["alike"] + 1e-4, "the switch is nearest, so waiting can only speak for it"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 2_000_000
