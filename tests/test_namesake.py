"""Two notes of one name would be made in one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.check import check_note
from rushes.cli import main
from rushes.console import Console
from rushes.errors import ScriptError
from rushes.house import House
from rushes.pipeline import packaged

SCRIPT = "---\nvoice: silent\n---\n## Script\n- {} words.\n\t- a drawing\n"
TOLD = "{second}:1: another note of this name is made in {build}/weather: {first}\n  rename one of the two"


@pytest.fixture
def notes(repository: Path) -> tuple[Path, Path]:
    """`one/weather.md`, of which there is a draft, and `two/weather.md`."""
    first, second = (repository / folder / "weather.md" for folder in ("one", "two"))
    for note in (first, second):
        note.parent.mkdir()
        note.write_text(SCRIPT.format(note.parent.name))
    assert made(first) == 0
    return first, second


def made(note: Path, build: str = "build") -> int:
    root = note.parent.parent
    return main(["film", "--draft", "--jobs", "1", "--build", str(root / build), str(note)])


def told(note: Path) -> list[str]:
    """The errors that a check finds."""
    house = House(build=note.parent.parent / "build")
    return [str(finding) for finding in check_note(note, house).errors]


def test_another_note_of_the_name_is_an_error_before_anything_is_made(
    notes: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = notes
    folder = first.parent.parent / "build/weather"
    before = (folder / "draft/timeline.json").read_bytes()
    assert made(second) == 1
    wanted = TOLD.format(first=first, second=second, build=folder.parent)
    assert wanted in capsys.readouterr().err
    assert (folder / "draft/timeline.json").read_bytes() == before
    assert [one.startswith(wanted) for one in told(second)] == [True]
    assert main(["stills", "--draft", "--build", str(folder.parent), str(second)]) == 1
    assert wanted in capsys.readouterr().err
    with pytest.raises(ScriptError):
        packaged(second, House(build=folder.parent), Console(as_json=True))
    assert made(second, "elsewhere") == 0
    assert made(first) == 0
    assert told(first) == []


def test_a_note_that_was_moved_is_the_same_note(notes: tuple[Path, Path]) -> None:
    first, second = notes
    first.rename(second)
    assert told(second) == []
    assert made(second) == 0
    first.write_text(second.read_text())
    assert told(first), "from now on the other one is made there"


def test_a_link_to_a_note_is_the_same_note(notes: tuple[Path, Path]) -> None:
    first, second = notes
    second.unlink()
    second.symlink_to(first)
    assert told(second) == []
