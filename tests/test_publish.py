"""The package that goes to a video site: written, read again, and refused when it is not whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.console import Console
from rushes.dry_run import show
from rushes.errors import RushesError
from rushes.publication import publication
from rushes.publish import CaptionTrack, Package, make_package, read_package, write_package
from rushes.read_script import parse_script


@pytest.fixture
def package(tmp_path: Path) -> Package:
    for name in ("film.mp4", "thumbnail.png", "captions.srt", "captions.de.srt"):
        (tmp_path / name).write_bytes(b"x")
    return Package(
        folder=tmp_path, film=tmp_path / "film.mp4", film_sha256="0" * 64, seconds=61.5,
        title="Two", titles=("One", "Two"),
        description="What it is.\n", tags=("rlhf",), thumbnail=tmp_path / "thumbnail.png",
        captions=(
            CaptionTrack(path=tmp_path / "captions.srt", language="en", name=""),
            CaptionTrack(path=tmp_path / "captions.de.srt", language="de", name=""),
        ),
        pinned=(), playlist="", category="27", language="en", licence="youtube", made_for_kids=False,
        synthetic_media=False, publish_at="2026-12-01T17:00:00Z", published=(),
    )  # fmt: skip


def test_what_is_written_is_read(package: Package) -> None:
    write_package(package)
    assert read_package(package.folder) == package


def test_the_folder_may_be_moved(package: Package) -> None:
    told = json.loads(write_package(package).read_text())
    assert str(package.folder) not in json.dumps(told)


@pytest.mark.parametrize("name", ["film.mp4", "thumbnail.png", "captions.de.srt"])
def test_a_missing_file_is_told(package: Package, name: str) -> None:
    write_package(package)
    (package.folder / name).unlink()
    with pytest.raises(RushesError, match=name):
        read_package(package.folder)


def test_a_newer_format_is_refused(package: Package) -> None:
    path = write_package(package)
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(RushesError, match="format 2, and this reads 1"):
        read_package(package.folder)


def test_what_an_older_rushes_wrote_is_refused(package: Package) -> None:
    path = write_package(replace(package, title="Gone"))
    told = json.loads(path.read_text())
    del told["captions"]
    path.write_text(json.dumps(told))
    with pytest.raises(RushesError, match="captions"):
        read_package(package.folder)


# ---------------------------------------------------------------------- gathered
NOTE = "---\ntitle: One\ntags: [script, rlhf]\n---\n## Title\n- Two\n## Script\n- Hello.\n"


def gathered(folder: Path, title: int = 0, note: str = NOTE, pictures: int = 2, part: str = "") -> Package:
    (folder / "film.mp4").write_bytes(b"film")
    (folder / "captions.srt").write_text("")
    made = [folder.parent / f"made{n}.png" for n in range(pictures)]
    for n, path in enumerate(made):
        path.write_bytes(bytes([n]))
    script = replace(parse_script(note, folder.parent / "film.md"), part=part)
    return make_package(
        folder, script, publication(script), titles=["One", "Two"], title=title, description="x\n", pinned=[],
        thumbnails=made, seconds=12.34567,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "build").mkdir()
    return tmp_path / "build"


def test_a_title_is_chosen_and_stays_chosen(folder: Path) -> None:
    assert gathered(folder).title == "One"
    second = gathered(folder, title=2)
    assert (second.title, second.thumbnail.name) == ("Two", "thumbnail-2.png")
    assert gathered(folder).title == "Two", "a film that is made again keeps it"
    assert gathered(folder, title=1).title == "One"
    with pytest.raises(RushesError, match="there is no title 3\n  the note has 2"):
        gathered(folder, title=3)


def test_a_package_is_read_as_it_was_gathered(folder: Path) -> None:
    package = gathered(folder)
    assert read_package(folder) == package
    assert (package.seconds, package.tags) == (12.346, ("rlhf",))
    assert package.film_sha256 == hashlib.sha256(b"film").hexdigest()


def test_one_picture_does_for_all_titles(folder: Path) -> None:
    gathered(folder)
    assert gathered(folder, title=2, pictures=1).thumbnail.name == "thumbnail.png"
    assert not (folder / "thumbnail-2.png").exists(), "that of a title which has none any more is gone"


def test_captions_of_every_language_are_found(folder: Path) -> None:
    beside = folder.parent
    for name in ("film.de.srt", "film.pt-BR.vtt", "film.de.vtt", "film.notes.srt", "another.fr.srt", "film.bbc.srt"):
        (beside / name).write_text(name)
    (folder / "captions.it.srt").write_text("")
    (folder / "captions.netflix.srt").write_text("")
    package = gathered(folder)
    assert [(track.language, track.path.name) for track in package.captions] == [
        ("en", "captions.srt"), ("it", "captions.it.srt"), ("pt-BR", "captions.pt-BR.vtt"), ("de", "captions.de.srt"),
    ]  # fmt: skip
    assert (folder / "captions.de.srt").read_text() == "film.de.srt"
    assert gathered(folder, note=NOTE.replace("title: One", "language: de")).captions[0].language == "de"


def test_a_short_is_sent_with_its_own_captions_and_not_with_those_of_the_film(folder: Path) -> None:
    (folder / "captions.it.srt").write_text("")
    (folder.parent / "film.de.srt").write_text("")
    assert [track.language for track in gathered(folder, part="one").captions] == ["en", "it"]


def test_a_dry_run_shows_what_would_be_sent(package: Package, capsys: pytest.CaptureFixture[str]) -> None:
    with Console(as_json=True) as console:
        assert show(package, console), "its files are no picture, no captions"
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0]["event"] == "package"
    assert (told[0]["title"], told[0]["titles"], told[0]["thumbnail"]) == ("Two", ["One", "Two"], "thumbnail.png")
    states = {line["what"]: line["state"] for line in told[1:]}
    assert states["title"] == "ok"
    assert states["thumbnail"] == states["captions de"] == "error"
    with Console() as console:
        show(package, console)
    shown = capsys.readouterr().out
    assert "--title 1" in shown
    assert "2026-12-01T17:00:00Z" in shown
    assert "it cannot be read" in shown
