"""A film of which nothing changed is told of at once; whatever may have changed is planned again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, write_record
from PIL import Image

SCRIPT = """\
---
title: Small
voice: silent
---
## Script
- #### Calm
\t- It ==rise==s to {calm.rating.last:.1f}.
\t\t- scene:: curve run=calm
- #### Dots
\t- A dot.
\t\t- scene:: dot
- #### A picture
\t- A picture of it.
\t\t- ![a cat](cat.png)
"""
# `rushes film`, for a small house that is not this repository; says at last whether the film was planned
FILM = """
import sys
from pathlib import Path
from rushes import cli, unchanged
from rushes.commands import films
from rushes.house import House
root, tick, *asked = sys.argv[1:]
unchanged.TICK = int(tick)
films.asked_house = lambda options: House(root=Path(root), size=(160, 90), fps=15)
assert cli.main(["film", f"{root}/small.md", *asked]) == 0
print("rushes.pipeline" in sys.modules)
"""


class Desk:
    """Somebody who makes a film, changes something, and makes it again. Everything was written just now."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "small.md").write_text(SCRIPT)
        Image.new("RGB", (8, 8)).save(root / "cat.png")
        self.said = ""

    def plans(self, *asked: str, tick: int = 0, **environment: str) -> bool:
        """Whether the command plans the film, or knows that nothing changed."""
        command = [sys.executable, "-c", FILM, str(self.root), str(tick), *asked]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
        )
        said, _, planned = done.stdout.rstrip().rpartition("\n")
        self.said = said + done.stderr
        return planned == "True"

    def write(self, old: str, new: str) -> None:
        (self.root / "small.md").write_text((self.root / "small.md").read_text().replace(old, new))


@pytest.fixture
def desk(repository: Path) -> Desk:
    return Desk(repository)


def touch(path: Path) -> None:
    path.write_bytes(path.read_bytes())


def replaced(desk: Desk) -> None:
    script = desk.root / "small.md"
    (desk.root / "other.md").write_text(script.read_text().replace("A dot", "My dot"))
    os.replace(desk.root / "other.md", script)


CHANGES: dict[str, Callable[[Desk], object]] = {
    "a word": lambda desk: desk.write("picture of", "painting of"),
    "as many letters": lambda desk: desk.write("of it", "of me"),
    "the script, by moving another one there": replaced,
    "a record": lambda desk: write_record(desk.root, "calm", (1, 2, 3, 3, 4, 5)),
    "a scene": lambda desk: touch(desk.root / "scenes" / "curve.py"),
    "a file beside a scene": lambda desk: (desk.root / "scenes" / "new.py").write_text("x = 1\n"),
    "a picture": lambda desk: touch(desk.root / "cat.png"),
    "a translation that was not there": lambda desk: (desk.root / "small.de.md").write_text("---\nlang: de\n---\n"),
    "the film is gone": lambda desk: (desk.root / "build" / "small" / "film.mp4").unlink(),
    "its captions were changed": lambda desk: (desk.root / "build" / "small" / "captions.srt").write_text("x"),
}


def test_nothing_changed_is_told_at_once_and_what_changed_is_planned(desk: Desk) -> None:
    assert desk.plans()
    desk.plans()  # the folder of what is made was not there the first time, and that is a change
    planned = desk.said
    assert not desk.plans()
    assert desk.said == planned
    assert "nothing to render: 3 shots" in planned
    assert "warning" in planned  # it is told again, too
    for what, change in CHANGES.items():
        change(desk)
        assert desk.plans(), what
        if what == "a translation that was not there":
            (desk.root / "small.de.md").unlink()
            assert desk.plans()
        assert not desk.plans(), f"the second time after {what}"


def test_another_command_is_another_film(desk: Desk) -> None:
    desk.plans()
    desk.plans()
    assert not desk.plans()
    assert desk.plans(RUSHES_SOMETHING="1")
    assert desk.plans("--music", "off")
    assert desk.plans()  # the film that lies there is the other one's


def test_what_was_written_just_now_is_not_trusted(desk: Desk) -> None:
    assert [desk.plans(tick=10**12) for _ in range(3)] == [True] * 3


def test_what_changes_while_a_film_is_made_is_not_trusted(desk: Desk) -> None:
    """A scene that writes on the script, as an author who goes on writing does."""
    scene = desk.root / "scenes" / "dot.py"
    line = f"open({str(desk.root / 'small.md')!r}, 'a').write(chr(10))"
    scene.write_text(scene.read_text().replace("def construct(self):", f"def construct(self):\n        {line}"))
    desk.plans()
    assert desk.plans()
