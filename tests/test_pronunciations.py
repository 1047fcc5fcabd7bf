"""Tables that say how words are said: the house's, a vault's, the one beside a script, and the script's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.aloud import read_aloud
from rushes.cache import Cache
from rushes.check import check_note
from rushes.house import House
from rushes.pronunciations import HOUSE, house_table, own_table, read_table
from rushes.read_script import read_script
from rushes.take import make_take
from rushes.voices import Silent

SCRIPT = "---\n{front}---\n## Script\n### One\n- The Megacoach is kind.{own}\n- Nobody is rude.\n"


def write(folder: Path, front: str = "title: One\n", own: str = "") -> Path:
    path = folder / "film.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCRIPT.format(front=front, own=own), encoding="utf-8")
    return path


def table(folder: Path, text: str) -> Path:
    path = folder / "pronunciations.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def words(path: Path) -> list[str]:
    """What is said for each beat."""
    house = House(root=path.parent, build=path.parent / "build")
    checked = check_note(path, house)
    return [
        " ".join(word for token in read_aloud(text, beat.spoken) for word in token)
        for beat, text in zip(checked.script.beats, checked.texts, strict=True)
    ]


def test_the_house_has_a_table_without_a_mistake() -> None:
    house = house_table()
    assert house.findings == ()
    assert len(house.entries) > 20
    for written, told in house.entries.items():
        assert " ".join(word for token in read_aloud(written) for word in token) == told, written


def test_the_nearer_table_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "notes")
    (tmp_path / ".obsidian").mkdir()
    assert words(path)[0] == "The Megacoach is kind."
    table(tmp_path, "Megacoach: the vault's\nkind: nice")
    assert words(path)[0] == "The the vault's is nice."
    table(tmp_path / "notes", "megacoach: the folder's")
    assert words(path)[0] == "The the folder's is nice."
    path = write(tmp_path / "notes", front="spoken: {Megacoach: the script's}\n")
    assert words(path)[0] == "The the script's is nice."
    path = write(tmp_path / "notes", front="spoken: {Megacoach: x}\n", own="\n  spoken:: Megacoach = the beat's")
    assert words(path) == ["The the beat's is nice.", "Nobody is rude."]


def test_a_word_is_found_in_what_it_is_part_of() -> None:
    spoken = {"Megacoach": "mega coach", "US": "U S", "KL": "K L"}
    told = read_aloud("Megacoach's (KL-penalty) tells us, the US, of megacoach.", spoken)
    assert [" ".join(words) for words in told] == [
        "mega coach's,", "K L-penalty,", "tells", "us,", "the", "U S,", "of", "mega coach.",
    ]  # fmt: skip


def test_only_beats_that_use_a_changed_entry_are_voiced_anew(tmp_path: Path) -> None:
    path, cache = write(tmp_path), Cache(tmp_path / "cache")

    def takes() -> list[str]:
        script = read_script(path)
        texts = [beat.text([]) for beat in script.beats]
        return [
            make_take(text, Silent(), cache, spoken=beat.spoken).audio.name
            for text, beat in zip(texts, script.beats, strict=True)
        ]

    before = takes()
    table(tmp_path, "Megacoach: mega coach")
    after = takes()
    assert after[0] != before[0]
    assert after[1] == before[1]
    table(tmp_path, "Megacoach: mega coach\nOpenAI: open A I")
    assert takes() == after


WRONG = "KL: K L\nβ: [bay, ta]\nGPT-2:\nKL: cull\n[a, b]: c\nlr: '—'\n'': x\n"


def test_each_line_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    path = table(tmp_path, WRONG)
    read = read_table(path)
    assert read.entries == {"KL": "K L"}
    assert [(f.source.line, f.source.column, f.message) for f in read.findings] == [
        (2, 4, "'β' is not said in one way"),
        (3, 1, "'GPT-2' has no pronunciation"),
        (4, 1, "'KL' is here twice"),
        (5, 1, "this is no word"),
        (6, 1, "'lr' has no pronunciation"),
        (7, 1, "this is no word"),
    ]
    assert str(read.findings[0]) == (
        f"{path}:2: 'β' is not said in one way\n  2 | β: [bay, ta]\n         ^^^^^^^^^\n"
        "  write one word a line, as in Megacoach: mega coach"
    )


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("KL: K L\nβ: [bay", (2, 0), "this is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("KL: K: L", (1, 6), "this is not YAML: mapping values are not allowed here"),
        ("- KL", (1, 1), "this is no table of words"),
        ("KL: \x00", (1, 0), "this is not YAML: special characters are not allowed"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, text: str, place: tuple[int, int], message: str) -> None:
    read = read_table(table(tmp_path, text))
    assert read.entries == {}
    ((found),) = read.findings
    assert (found.source.line, found.source.column, found.message) == (*place, message)


def test_an_empty_table_and_none_at_all_add_nothing(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert own_table(path).entries == {}
    table(tmp_path, "# nothing yet\n")
    assert own_table(path).entries == {}
    assert own_table(path).findings == ()


def test_a_check_shows_what_is_wrong_with_a_table(tmp_path: Path) -> None:
    path = write(tmp_path)
    table(tmp_path, "KL:\n")
    checked = check_note(path, House(root=tmp_path, build=tmp_path / "build"))
    assert [found.message for found in checked.errors] == ["'KL' has no pronunciation"]
    assert HOUSE.is_file()
