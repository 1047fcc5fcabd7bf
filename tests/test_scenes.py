"""Every shot of both films, in both aspects and from two records: it draws, and its text can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import numpy as np
import pytest
from conftest import ROOT
from filmed import FILMS, Drawn, Filmed, checked, draw, filmed

from rushes.scene_file import scene_names
from rushes.studio import shoot
from rushes.workers import Processes, fitting

ALL = [one for film in FILMS for one in filmed(film)]
WIDE = [one for one in ALL if one.aspect == "wide" and not one.other]


@pytest.fixture(scope="module")
def drawn(request: pytest.FixtureRequest) -> Iterator[Callable[[Filmed], Drawn]]:
    """What is asked for in this session is drawn by as many processes as there are cores, scene by scene."""
    items = [item.callspec.params.get("one") for item in request.session.items if hasattr(item, "callspec")]
    asked = {one.name: one for one in items if isinstance(one, Filmed)}
    futures = {}
    with Processes(min(fitting(480 * 270), len(asked))) as processes:
        for _, group in groupby(sorted(asked.values(), key=lambda one: one.scene), key=lambda one: one.scene):
            work = [(one.name, one.job, one.moments) for one in group]
            futures |= dict.fromkeys([name for name, *_ in work], processes.submit(draw, work))
        yield lambda one: futures[one.name].result()[one.name]


@pytest.mark.parametrize("one", sorted(ALL, key=lambda one: one.scene), ids=lambda one: one.name)
def test_a_shot_draws_and_its_text_can_be_read(one: Filmed, drawn: Callable[[Filmed], Drawn]) -> None:
    found = drawn(one)
    assert list(found.problems) == []
    assert found.moves, "something happens"


@pytest.mark.parametrize("one", WIDE[::6], ids=lambda one: one.name)
def test_a_frame_is_the_same_whatever_was_drawn_before_it(one: Filmed) -> None:
    middle = one.shot.frames // 2
    alone = shoot(one.job, [middle])[0]
    after = shoot(one.job, [one.shot.frames - 1, 0, middle])[2]
    assert np.array_equal(alone, after)


@pytest.mark.parametrize("film", FILMS)
def test_a_film_has_what_it_promised(film: str) -> None:
    assert [str(finding) for finding in checked(film).findings] == []
    shots = [one for one in WIDE if one.film == film]
    used = [one.scene for one in shots]
    assert len(used) >= 25
    assert set(used) <= set(scene_names([ROOT]))
    assert sum(bool(one.job.args.get("run")) for one in shots) >= 20, "scenes that draw recorded data"


def test_every_scene_belongs_to_one_shot_of_one_film() -> None:
    assert sorted(one.scene for one in WIDE) == scene_names([ROOT])
