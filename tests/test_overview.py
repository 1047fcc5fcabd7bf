"""The storyboard as text, at two widths."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Literal

import pytest
from rich.cells import cell_len
from rich.console import Console
from test_storyboard import vault

from rushes.check import check
from rushes.overview import overview
from rushes.read_script import parse_script, read_script
from rushes.vault import Vault

__all__ = ["vault"]  # the fixture

GOLDEN = Path(__file__).parent / "golden"
SCRIPT = """\
# The mill
## Water
Twice a day this pond fills itself, and nobody has ever had to pay for a single drop of it. 水水水水水水水水水水水水水

## Wheels
- The wheel ==turns== and turns until the pond is empty.
    - the curve of a day
      scene:: curve run=wild
      at:: turns
    - drawing of the pond
      seen from above
    - https://example.org/tides
    - A: b
    - C: d
    - E: f
- TODO The miller talks. %%ask her again%%
    - Mara Quill (warden) interview clip
        - > one stone and then another
    - clip:: gone.mp4#t=65,70
    - clip:: miller at work.mp4
- ![[wheel.png]]
- ![[gone.png]]
- Up to {calm.ratng.last:.1f}.
    - | run | mark |
      |---|---|
      | a | 1 |
    - ```python
      r = v
      ```
## Notes
Not this.
"""


def test_a_warning_stands_at_the_beat_of_its_own_note(tmp_path: Path) -> None:
    script = tmp_path / "film.md"
    (tmp_path / "mill.md").write_text("## In short\n\n- The mill turns.\n", encoding="utf-8")
    script.write_text("---\ntitle: A\nvoise: silent\n---\n## Script\n### One\n![[mill#In short]]\n", encoding="utf-8")
    read = read_script(script, Vault.around(script))
    beat, finding = read.beats[0], next(one for one in read.findings if "voise" in one.message)
    assert (beat.source.path.name, beat.source.line) == ("mill.md", finding.source.line)
    lines = overview(read, [beat.text([])], 80, [finding]).plain.splitlines()
    assert not any("voise" in line for line in lines), lines


def text(path: Path, repository: Path, width: int) -> str:
    script = parse_script(SCRIPT, path, Vault.around(path))
    checked = check(script, [repository], fps=30, size=(1920, 1080))
    return overview(script, checked.texts, width, checked.findings).plain


@pytest.mark.parametrize("width", [80, 120])
def test_a_storyboard(vault: Path, repository: Path, width: int) -> None:
    told = text(vault, repository, width)
    assert max(cell_len(line) for line in told.splitlines()) <= width
    golden = GOLDEN / f"overview-{width}.txt"
    if os.environ.get("RUSHES_GOLDEN") == "write":
        golden.write_text(told + "\n")
    assert told + "\n" == golden.read_text()


@pytest.mark.parametrize("width", [1, 39, 57])
def test_no_line_is_wider_than_the_terminal(vault: Path, repository: Path, width: int) -> None:
    assert max(cell_len(line) for line in text(vault, repository, width).splitlines()) <= max(width, 40)


def test_it_is_plain_on_a_pipe_and_coloured_on_a_terminal(vault: Path, repository: Path) -> None:
    script = parse_script(SCRIPT, vault)
    told = overview(script, [beat.template for beat in script.beats], 80)
    for terminal in (False, True):
        out = io.StringIO()
        system: Literal["standard", "auto"] = "standard" if terminal else "auto"
        Console(file=out, force_terminal=terminal, color_system=system, width=80, highlight=False).print(told)
        assert ("\x1b[" in out.getvalue()) is terminal


def test_an_empty_note_has_a_storyboard_too(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("")
    told = overview(read_script(path), [], 80).plain
    assert "0 beats" in told
    assert "1 error" in told
