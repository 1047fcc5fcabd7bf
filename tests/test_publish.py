"""The package that goes to a video site: written, read again, and refused when it is not whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.errors import RushesError
from rushes.publish import CaptionTrack, Package, read_package, write_package


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
