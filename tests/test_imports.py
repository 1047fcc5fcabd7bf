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
DRAWING = {"manim", "numpy", "cv2", "av", "scipy", "moviepy", "onnxruntime"}
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
def test_only_training_imports_torch(path: Path) -> None:
    assert path.parent.name == "rlhf" or not imports(path) & TRAINING


@pytest.mark.parametrize("path", sorted((ROOT / "scenes").glob("*.py")), ids=lambda p: p.stem)
def test_no_scene_imports_torch(path: Path) -> None:
    assert not imports(path) & TRAINING


@pytest.mark.parametrize(
    "module", ["cli", "check", "pipeline", "publish", "poster", "limits", "dry_run", "credits", "write_back"]
)
def test_what_plans_a_film_loads_nothing_that_draws_speaks_or_trains(module: str) -> None:
    code = f"import sys, rushes.{module}; assert not {TRAINING | DRAWING} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_product_has_its_module() -> None:
    """No drawers: a module is named by what it makes."""
    drawers = {"utils", "common", "core", "helpers", "misc"}
    assert not drawers & {path.stem for path in FILES}


@pytest.mark.parametrize("module", ["rushes", "rushes.cli"])
def test_the_command_line_runs_as_a_module(module: str) -> None:
    asked = [sys.executable, "-m", module, "check", "no-such-script.md"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no-such-script.md" in done.stdout + done.stderr


@pytest.mark.parametrize("asked", [["voices", "--json"], ["voices"]])
def test_a_reader_who_has_seen_enough_is_no_traceback(asked: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "rushes", *asked], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as told:
        assert told.stdout
        assert told.stderr
        told.stdout.close()
        assert told.stderr.read() == ""
    assert told.returncode == 1
