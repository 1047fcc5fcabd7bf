"""What a scene imports and waits for is found without running it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import manim
import pytest

from rushes.cli import main
from rushes.imported import _imports
from rushes.scene_file import read_scene_file, scene_names

ROOT = Path(__file__).parent.parent
FILES = sorted(
    file for folder in (ROOT / "rushes", ROOT / "scenes", Path(manim.__file__).parent) for file in folder.rglob("*.py")
)


def parsed(text: str) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, 0) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(f"{node.module or ''}.{alias.name}".strip("."), node.level) for alias in node.names}
    return found


def test_every_import_of_the_project_and_of_manim_is_found() -> None:
    missed, extra, some = [], 0, 0
    for file in FILES:
        expected, found = parsed(file.read_text(encoding="utf-8")), set(_imports(str(file), 0))
        missed += [(file.name, one) for one in expected - found]
        extra += len(found - expected)
        some += len(expected)
    assert not missed
    assert some > 1000
    assert extra < some / 10  # those in the texts of examples


@pytest.mark.parametrize(
    "text",
    [
        "import a, b.c as d",
        "x = 1; import a",
        "try: import a\nexcept ImportError: from b import c",
        "if x:\n    from . import near  # beside it\n",
        "from ..far import (\n    one,  # the first (of two)\n    two as other,\n)",
        "from a import b \\\n    , c",
        "from a import *",
        "def f():\n\timport late",
        "from a import (b, c); import d",
    ],
)
def test_however_it_is_written(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(text, encoding="utf-8")
    assert set(_imports(str(file), 0)) == parsed(text)


def test_words_that_are_no_import_are_none(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text(
        '"""Made\nfrom what was recorded, and\nimport the rest; from: here"""\nimportant = 1\n', encoding="utf-8"
    )
    assert _imports(str(file), 0) == ()


WAITS = """
from rushes.scene import RunScene

LATER = ("four", "five")

class Waits(RunScene):
    def construct(self):
        one, _ = self.cue("one"), self.cue("without", 1.0)
        two, three = (self.cue(name) - 0.1 for name in ("two", "three"))
        rest = [self.cue(name) for name in LATER]
        for name in ["six", "seven"]:
            self.until(name)
        some = [self.cue(name, one) for name in ("can", "do without")]
        others = [t.text(name) for name in ("no", "cues")]
        perhaps = [self.cue(name) for name in ("eight", "nine") if name in self.shot.cues]
"""


def test_cues_that_are_waited_for_in_turn_are_found(tmp_path: Path) -> None:
    path = tmp_path / "waits.py"
    path.write_text(WAITS)
    waits = dict(read_scene_file(path).waits)
    assert sorted(waits) == sorted(["one", "two", "three", "four", "five", "six", "seven"])
    assert [waits[name].line for name in ("one", "three", "five", "seven")] == [8, 9, 4, 11]
    assert waits["three"].text[waits["three"].column - 1 :].startswith('"three"')


def test_every_stock_scene_has_cues_that_check_knows_of() -> None:
    scenes = [name for name in scene_names([ROOT]) if not name.startswith("poster_")]
    without = [name for name in scenes if not read_scene_file(ROOT / "scenes" / f"{name}.py").waits]
    assert without == [], "`check` cannot tell whether their words are said"


def test_the_scenes_are_listed_with_what_they_need(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", "--folder", str(repository), "--json"]) == 0
    listed = {told.pop("name"): told for told in map(json.loads, capsys.readouterr().out.splitlines())}
    assert listed["curve"] == {
        "event": "scene", "about": "A column of a record as a line that grows.",
        "arguments": {"run": "calm", "width": 3.0}, "cues": ["rise"],
    }  # fmt: skip
    assert {name for name in listed if name.startswith("_")} == set()
    assert set(scene_names([ROOT])) < set(listed), "those of this repository"
    (repository / "scenes" / "bad.py").write_text("x = = 1\n")
    assert main(["scenes", "--folder", str(repository)]) == 1
    out, err = capsys.readouterr()
    assert (
        "curve: A column of a record as a line that grows.\n  scene:: curve run=calm width=3.0\n  waits for rise" in out
    )
    assert "bad.py:1: this is not Python" in err
