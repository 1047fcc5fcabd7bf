"""What a source file imports is found without parsing it."""

from __future__ import annotations

import ast
from pathlib import Path

import manim
import pytest

from rushes.scene_file import _imports

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
