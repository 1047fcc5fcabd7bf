"""A new script has every part and every directive, passes check, and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from rushes.check import check
from rushes.direction import DIRECTION_KEYS
from rushes.errors import RushesError
from rushes.new_script import new_script
from rushes.note import read_note
from rushes.read_script import read_script
from rushes.script import Script
from rushes.vault import Vault


@pytest.fixture
def script(tmp_path: Path) -> Script:
    path = new_script("A “new” film: part 2", tmp_path / "scripts")
    return read_script(path, Vault.around(path))


def test_a_new_script_passes_check(script: Script) -> None:
    assert [str(finding) for finding in check(script, [ROOT], fps=30, size=(1920, 1080)).errors] == []
    # the pictures lie in the repository's assets, the video nowhere, and one sentence says that it is not final
    assert all(finding.level == "warning" for finding in script.findings)


def test_it_has_every_part(script: Script) -> None:
    assert (script.path.name, script.title) == ("a-new-film-part-2.md", "A “new” film: part 2")
    assert script.titles[0] == script.title
    assert len(script.sections) == 3
    assert script.thumbnail
    assert script.description
    assert script.pinned
    assert script.description_numbers
    assert [section.title for section in script.left_out] == ["Concept", "Other Versions"]


def test_it_shows_every_directive_and_every_kind_of_card(script: Script) -> None:
    kinds = {type(d.card).__name__ for beat in script.beats for d in beat.directions if d.scene is None}
    assert kinds == {"Slate", "Site", "Quote", "Listing", "Table", "Code", "Picture", "Insert"}
    keys = {key for block in read_note(script.path).walk() for key in block.properties}
    assert keys == {"claim", "say", "spoken", *DIRECTION_KEYS}
    assert [cue.name for beat in script.beats for cue in beat.cues] == ["step-by-step", "rating-last"]


def test_in_the_repository_only_what_it_asks_for_is_missing(tmp_path: Path) -> None:
    for folder in ("scripts", "assets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "assets/still.jpg").write_bytes((ROOT / "assets/still.jpg").read_bytes())
    path = new_script("X", tmp_path / "scripts")
    findings = read_script(path, Vault.around(path)).findings
    assert [finding.source.text.strip() for finding in findings] == [
        "- TODO A sentence that still needs work is said as it stands, and check reminds you of it.",
        "- clip:: ../assets/interview.mp4#t=10,20",
    ]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = new_script("Once", tmp_path)
    path.write_text("mine")
    with pytest.raises(RushesError, match="there already"):
        new_script("once!", tmp_path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("title", ["", " \n", "…", "../..", "/"])
def test_a_title_that_names_no_file(tmp_path: Path, title: str) -> None:
    with pytest.raises(RushesError, match="no title"):
        new_script(title, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "title", ["a: b # c", '"', "'x", "{a.b.c}", "*x* [[y]] ==z==", "日本語", "- [ ] x", "| a |", "%%"]
)
def test_any_other_title_is_kept_as_it_is(tmp_path: Path, title: str) -> None:
    try:
        script = read_script(new_script(title, tmp_path))
    except RushesError:
        assert not any(char.isalnum() for char in title)
        return
    assert script.title == title
    assert script.titles[0] == title
