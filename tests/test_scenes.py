"""Every shot of both films, in both aspects and from two records: it draws, and its text can be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import groupby

import cv2
import numpy as np
import pytest
import texts
from alike import ALIKE, likeness
from conftest import ROOT
from filmed import FILMS, Drawn, Filmed, checked, draw, filmed

from rushes.scene_file import scene_names
from rushes.studio import shoot
from rushes.workers import Processes, fitting

ALL = [one for film in FILMS for one in filmed(film)]
GOLDEN = ROOT / "tests/golden/scenes"
WIDE = [one for one in ALL if one.aspect == "wide" and not one.other]
LINT = "test_a_shot_draws_and_its_text_can_be_read"


@pytest.fixture(scope="module")
def drawn(request: pytest.FixtureRequest) -> Iterator[Callable[[Filmed], Drawn]]:
    """What is asked for in this session is drawn by as many processes as there are cores, scene by scene."""
    mine = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    given = [item.callspec.params.get("one") for item in mine if hasattr(item, "callspec")]
    asked = {one.name: one for one in given if isinstance(one, Filmed)}
    linted = any(item.originalname == LINT for item in mine)
    futures = {}
    with Processes(min(fitting(480 * 270), len(asked))) as processes:
        for _, group in groupby(sorted(asked.values(), key=lambda one: one.scene), key=lambda one: one.scene):
            work = [(one.name, one.job, one.moments) for one in group]
            futures |= dict.fromkeys([name for name, *_ in work], processes.submit(draw, work, linted))
        yield lambda one: futures[one.name].result()[one.name]


@pytest.mark.parametrize("one", sorted(ALL, key=lambda one: one.scene), ids=lambda one: one.name)
def test_a_shot_draws_and_its_text_can_be_read(one: Filmed, drawn: Callable[[Filmed], Drawn]) -> None:
    found = drawn(one)
    assert list(found.problems) == []
    assert found.moves, "something happens"


@pytest.mark.parametrize("one", sorted(ALL, key=lambda one: one.scene), ids=lambda one: one.name)
def test_a_shot_says_as_it_did(one: Filmed, drawn: Callable[[Filmed], Drawn]) -> None:
    """At every cue: each text and where it is. Its golden is read before its picture."""
    golden, now = GOLDEN / f"{one.name}.txt", drawn(one).texts
    if os.environ.get("RUSHES_GOLDEN") == "write" and (
        not golden.is_file() or texts.difference(golden.read_text(), now)
    ):
        golden.write_text(now)
    assert texts.difference(golden.read_text(), now) == ""


@pytest.mark.parametrize("one", sorted(ALL, key=lambda one: one.scene), ids=lambda one: one.name)
def test_a_shot_looks_as_it_did(one: Filmed, drawn: Callable[[Filmed], Drawn]) -> None:
    """At every cue. `make golden` draws the stills anew: look at what has changed before you commit them."""
    golden, now = GOLDEN / f"{one.name}.webp", drawn(one).sheet
    if os.environ.get("RUSHES_GOLDEN") == "write":
        before = golden.read_bytes() if golden.is_file() else b""
        # what cannot be told from what is there stays, so that a golden changes with its picture only
        if not before or difference(before, now, one):
            golden.parent.mkdir(exist_ok=True)
            golden.write_bytes(now)
    assert difference(golden.read_bytes(), now, one) == ""


def difference(golden: bytes, now: bytes, one: Filmed) -> str:
    """Where two sheets of stills differ for someone who looks at them; empty if they do not."""
    was, here = (cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for data in (golden, now))
    assert was is not None
    assert here is not None
    if was.shape != here.shape:
        return f"{was.shape[1] // one.job.size[0]} stills became {here.shape[1] // one.job.size[0]}"
    like, (x, y) = likeness(was, here)
    if like >= ALIKE:
        return ""
    still, left = divmod(x, one.job.size[0])
    return f"still {still + 1} differs at {left}, {y} px (likeness {like:.2f})"


def test_no_golden_is_left_of_a_scene_that_is_gone() -> None:
    wanted = {GOLDEN / f"{one.name}{kind}" for one in ALL for kind in (".webp", ".txt")}
    if os.environ.get("RUSHES_GOLDEN") == "write":
        for path in set(GOLDEN.iterdir()) - wanted:
            path.unlink()
    assert set(GOLDEN.iterdir()) == wanted
    assert sum(path.stat().st_size for path in wanted) < 8_000_000


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
    thumbnails = {d.scene for film in FILMS for d in checked(film).script.posters.values() if d.scene}
    assert len(thumbnails) >= 6
    assert sorted([*(one.scene for one in WIDE), *thumbnails]) == scene_names([ROOT])
