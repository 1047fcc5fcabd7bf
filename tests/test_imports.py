"""Who may import what: a film renders without torch, and a check without Manim."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

TRAINING = {
    "torch",
    "transformers",
    "trl",
    "datasets",
    "accelerate",
    "tokenizers",
    "safetensors",
    "vaderSentiment",
    "captum",
}
# scene code: what is loaded in a worker, when a shot is drawn
LOOK = {"theme", "fonts", "cast", "rig", "motion", "shapes", "words", "parts", "charts"}
LOOK |= {"clouds", "gauge", "landscape", "lens", "machine", "pictures"}  # one drawn thing each
CARDS = {"chapter", "code", "listing", "picture", "quote", "site", "slate", "stage", "table"}
SCENE_CODE = LOOK | CARDS | {"scene", "camera", "card", "contrast", "layout", "studio", "thumbnail"}
FILES = sorted((ROOT / "rushes").rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_training_imports_torch_and_only_scene_code_imports_manim(path: Path) -> None:
    used = imports(path)
    if path.parent.name != "rlhf":
        assert not used & TRAINING
    if path.stem not in SCENE_CODE:
        assert "manim" not in used


@pytest.mark.parametrize("path", sorted((ROOT / "scenes").glob("*.py")), ids=lambda p: p.stem)
def test_no_scene_imports_torch(path: Path) -> None:
    assert not imports(path) & TRAINING


def test_importing_rushes_imports_neither() -> None:
    code = "import sys, rushes.cli; assert not {'manim', 'torch', 'transformers', 'trl'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_product_has_its_module() -> None:
    """No drawers: a module is named by what it makes."""
    drawers = {"utils", "common", "core", "helpers", "misc"}
    assert not drawers & {path.stem for path in FILES}
