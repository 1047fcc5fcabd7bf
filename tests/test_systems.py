"""notes/systems.md says which scene shows what: the films have those scenes, and the runs are recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conftest import ROOT

TABLES = (ROOT / "notes/systems.md").read_text(encoding="utf-8")
# Scenes that show no system: an opening and two titles.
NO_SYSTEM = {"cold_open", "title", "title_ruler"}


def rows() -> Iterator[tuple[str, set[str], set[str]]]:
    """(film and section, scenes, runs) of each row."""
    for line in TABLES.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] != "system" and not cells[0].startswith("-"):
            yield cells[1], set(re.findall(r"`(\w+)`", cells[2])), set(re.findall(r"`([\w.]+)`", cells[3]))


def test_every_scene_of_the_films_has_its_system_and_every_system_its_scene() -> None:
    used = {
        scene
        for script in (ROOT / "scripts").glob("*.md")
        for scene in re.findall(r"scene:: (\w+)", script.read_text(encoding="utf-8").partition("\n## Script")[2])
    }
    told = {scene for _, scenes, _ in rows() for scene in scenes}
    assert used - NO_SYSTEM == told
    assert all(scenes or film == "in no film" for film, scenes, _ in rows())


def test_every_run_that_is_named_is_recorded() -> None:
    named = {run for *_, runs in rows() for run in runs}
    assert len(named) > 8
    assert all((ROOT / "runs/records" / run / "run.json").is_file() for run in named)
