"""The address of a published film in its note: a diff first, and then nothing but that line."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from rushes.console import Console
from rushes.errors import RushesError
from rushes.read_script import parse_script
from rushes.write_back import offer, result_diff, with_result

URL = "https://youtu.be/dQw4w9WgXcQ"
VIDEO = f"{{{{video {URL}}}}}"
NOTES = Path(__file__).parent / "notes"

LOGSEQ = "## Script\n\t- #### One\n\t\t- It begins.\n### Result\n\t- done soon\n## Other Versions\n- none\n"
OBSIDIAN = "## Script\n\nIt begins.\n\n## Result\n\nMade in spring.\n"
BULLETS = "- ## Script\n  - It begins.\n- ## Result\n  collapsed:: true\n- ## Backlog\n  - more\n"
EMPTY = "## Script\n- It begins.\n### Result"
NONE = "## Script\n- #### One\n\t- It begins.\n### Pinned Comment\n\t- What do you think?\n"
PROSE = "## Script\n\nIt begins.\n\n## Video Description\n\nA film.\n"
BARE = "It begins.\n"


@pytest.mark.parametrize(
    ("note", "row", "line"),
    [
        (LOGSEQ, 5, f"\t- {VIDEO}"),
        (OBSIDIAN, 6, VIDEO),
        (BULLETS, 5, f"  - {VIDEO}"),
        (EMPTY, 4, f"- {VIDEO}"),
        (NONE, 7, f"\t- {VIDEO}"),
        (PROSE, 10, VIDEO),
        (BARE, 4, f"- {VIDEO}"),
    ],
    ids=["logseq", "obsidian", "bullets", "empty", "no result", "prose", "nothing but words"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_the_address_stands_as_what_is_around_it(note: str, row: int, line: str, end: str, mark: str) -> None:
    raw = (mark + note.replace("\n", end)).encode()
    written = with_result(raw, Path("note.md"), URL)
    rows = written.decode().split(end)
    assert rows[row - 1] == line
    assert URL in parse_script(written.decode("utf-8-sig"), Path("note.md")).result
    assert written.replace(b"\r\n", b"").count(b"\n") == (0 if end == "\r\n" else written.count(b"\n"))
    assert is_inserted(raw, written)
    assert with_result(written, Path("note.md"), URL) == written, "and once is enough"


def is_inserted(before: bytes, after: bytes) -> bool:
    """Whether `after` is `before` with something put in at one place."""
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    return after.endswith(before[same:]) and len(after) > len(before)


@pytest.mark.parametrize("path", sorted(NOTES.rglob("*.md")), ids=lambda path: path.stem)
def test_every_real_note_keeps_every_other_byte(path: Path) -> None:
    raw = path.read_bytes()
    try:
        written = with_result(raw, path, URL)
    except RushesError:
        assert raw.startswith((b"\xff\xfe", b"\xfe\xff")), "only UTF-16 is not written to"
        return
    assert is_inserted(raw, written)
    before, after = (parse_script(text.decode("utf-8-sig", "replace"), path) for text in (raw, written))
    assert URL in after.result
    assert [beat.template for beat in after.beats] == [beat.template for beat in before.beats]


def test_a_film_that_is_there_is_known_by_any_of_its_addresses() -> None:
    note = b"## Script\n- Hello.\n## Result\n- {{video https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3}}\n"
    assert with_result(note, Path("note.md"), URL) == note


def test_an_older_film_stays_below_the_newer_one() -> None:
    note = b"## Script\n- Hello.\n## Result\n- {{video https://youtu.be/aaaaaaaaaaa}}\n"
    assert with_result(note, Path("note.md"), URL).decode().splitlines()[3:] == [
        f"- {VIDEO}",
        "- {{video https://youtu.be/aaaaaaaaaaa}}",
    ]


def test_bytes_that_are_not_utf8_stay() -> None:
    note = b"## Script\n- Caf\xe9.\n## Result\n"
    assert with_result(note, Path("note.md"), URL) == note + f"- {VIDEO}\n".encode()


def test_utf16_is_not_written_to() -> None:
    with pytest.raises(RushesError, match="save it as UTF-8"):
        with_result("## Script\n- Hello.\n".encode("utf-16"), Path("note.md"), URL)


def test_it_is_offered_and_written_only_if_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(LOGSEQ.encode())
    os.chmod(note, 0o640)
    offer(note, URL, Console(), write=False)
    assert note.read_bytes() == LOGSEQ.encode()
    shown = capsys.readouterr().out
    assert [row.split() for row in shown.splitlines() if row.startswith("+ ")] == [["+", "-", "{{video", f"{URL}}}}}"]]
    assert "--write-back writes it" in shown
    link = tmp_path / "link.md"
    link.symlink_to(note)
    offer(link, URL, Console(as_json=True), write=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["event"], told["written"], told["url"]) == ("written_back", True, URL)
    assert link.is_symlink()
    assert note.read_bytes() == with_result(LOGSEQ.encode(), note, URL)
    assert stat.S_IMODE(note.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.md", "note.md"]
    assert result_diff(note, URL) == ""


def test_the_diff_is_a_unified_one(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_bytes(NONE.replace("\n", "\r\n").encode())
    diff = result_diff(note, URL).splitlines()
    assert diff[:2] == [f"--- {note}", f"+++ {note}"]
    assert [row for row in diff[2:] if row[0] in "+-"] == ["+### Result", f"+\t- {VIDEO}"]
