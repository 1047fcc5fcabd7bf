"""Which input of a shot changed, told in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import WriteRecord

from rushes.console import Console
from rushes.house import House
from rushes.pipeline import film_folder, make_film, plan
from rushes.why import Why, why

SCRIPT = """\
---
voice: silent
---
## Script
- #### One
\t- It ==rise==s.
\t\t- scene:: curve run=calm
- #### Two
\t- This ==rise== falls.
\t\t- scene:: curve run=wild
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> House:
    from conftest import CURVE, write_record

    root = tmp_path_factory.mktemp("house")
    (root / "scenes").mkdir()
    (root / "scenes/curve.py").write_text(CURVE)
    write_record(root, "calm")
    write_record(root, "wild", (5, 4, 3, 2, 2, 1))
    (root / "film.md").write_text(SCRIPT)
    house = House(root=root, size=(160, 90), fps=15)
    make_film(root / "film.md", house, Console(as_json=True))
    return house


def told(house: House) -> dict[str, Why]:
    jobs = plan(house.root / "film.md", house, Console(as_json=True))
    return {one.shot.partition("-")[0]: one for one in why(jobs, film_folder("film", house))}


def test_nothing_changed(made: House) -> None:
    assert [(one.again, one.reasons) for one in told(made).values()] == [(False, ()), (False, ())]


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        ("run=wild", "run=wild width=2", ["argument width was 3.0 and is 2"]),
        ("run=wild", "run=calm", ["argument run was wild and is calm"]),
        ("- #### Two", "- #### Two\n\t- Wait.", []),
    ],
)
def test_what_the_script_changed(made: House, before: str, after: str, reasons: list[str]) -> None:
    script = made.root / "film.md"
    script.write_text(SCRIPT.replace(before, after))
    try:
        one = told(made)["this"]
        assert (one.again, list(one.reasons)) == (bool(reasons), reasons)
    finally:
        script.write_text(SCRIPT)


def test_what_a_record_changed(made: House, record: WriteRecord) -> None:
    record(made.root, "wild", (5, 4, 3, 2, 2, 1), facts={"parameters": 7})
    assert not told(made)["this"].again
    record(made.root, "wild", (5, 4, 3, 2, 2, 2))
    assert told(made)["this"].reasons == ("the record of wild answers differently: rating",)
    assert not told(made)["it"].again
    record(made.root, "wild", (5, 4, 3, 2, 2, 1))


def test_what_a_scene_changed(made: House) -> None:
    scene = made.root / "scenes/curve.py"
    before = scene.read_text()
    scene.write_text(before.replace("run_time=0.4", "run_time=0.3"))
    try:
        assert all(one.reasons == ("file scenes/curve.py changed",) for one in told(made).values())
    finally:
        scene.write_text(before)


def test_new_words_are_a_new_shot(made: House) -> None:
    script = made.root / "film.md"
    script.write_text(SCRIPT.replace("falls", "falls far down"))
    try:
        (reason,) = told(made)["this"].reasons
        assert reason.startswith("no shot of this name was in the last film")
    finally:
        script.write_text(SCRIPT)


def test_a_film_that_was_never_made(made: House, tmp_path: Path) -> None:
    other = replace(made, build=tmp_path)
    jobs = plan(made.root / "film.md", other, Console(as_json=True))
    told = list(why(jobs, film_folder("film", other)))
    assert [one.again for one in told] == [True, True]
    assert all("in the last film" in reason for one in told for reason in one.reasons)
