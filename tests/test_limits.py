"""What goes to a video site with the film: at, below and above each of its limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from rushes.check import Checked, check
from rushes.limits import package_limits
from rushes.publish import CaptionTrack, Package
from rushes.read_script import parse_script


def checked(text: str, repository: Path) -> Checked:
    return check(parse_script(text, Path("film.md")), [repository], fps=30, size=(1920, 1080))


def messages(text: str, repository: Path) -> list[str]:
    found = checked(text, repository).findings
    assert all(finding.level == "warning" for finding in found)
    return [finding.message for finding in found]


@pytest.mark.parametrize(("title", "long"), [("x" * 99, False), ("ü" * 100, False), ("x" * 101, True)])
def test_a_title_has_a_hundred_characters(repository: Path, title: str, long: bool) -> None:
    found = messages(f"---\ntitle: {title}\n---\n## Script\n- Hello.\n", repository)
    assert any(message.startswith("this title has 101") for message in found) == long


@pytest.mark.parametrize(("letter", "count", "long"), [("x", 4999, False), ("🎬", 1249, False), ("🎬", 1250, True)])
def test_a_description_is_counted_in_bytes(repository: Path, letter: str, count: int, long: bool) -> None:
    found = messages(f"## Script\n- Hello.\n## Video Description\n{letter * count}\n", repository)
    # its last byte is the line end
    assert any(message.startswith("the description, with chapters") for message in found) == long


@pytest.mark.parametrize(("tags", "long"), [(["a" * 249, "b" * 250], False), (["a b" + "c" * 246, "b" * 250], True)])
def test_tags_are_counted_with_commas_and_quotes(repository: Path, tags: list[str], long: bool) -> None:
    found = messages(f"---\ntags: {tags}\n---\n## Script\n- Hello.\n", repository)
    assert any(message.startswith("the tags have 502") for message in found) == long


def test_angle_brackets_are_told_where_they_are(repository: Path) -> None:
    (finding,) = checked("---\ntitle: 2 < 3\n---\n## Script\n- Hello.\n", repository).findings
    assert str(finding).splitlines()[0] == "film.md:2: warning: a site takes no '<' in a title"
    assert str(finding).splitlines()[2].index("^") == str(finding).splitlines()[1].index("<")


LONG = " ".join(["word"] * 60)


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ([LONG, LONG, LONG], ""),
        ([LONG, LONG], "a site shows no chapters when there are fewer than three"),
        ([LONG], ""),
        ([LONG, "Too short.", LONG], "this chapter lasts about"),
    ],
)
def test_chapters_that_a_site_would_not_show(repository: Path, sections: list[str], message: str) -> None:
    script = "## Script\n" + "".join(f"- #### Part {i}\n\t- {said}.\n" for i, said in enumerate(sections))
    found = messages(script, repository)
    assert len(found) == bool(message)
    assert all(text.startswith(message) for text in found)


def test_what_is_published_has_the_measured_numbers(repository: Path) -> None:
    told = checked("## Script\n- Hello.\n## Video Description\nIt fell to {calm.rating.last:.1f}.\n", repository)
    assert told.description == "It fell to 7.4."


# ---------------------------------------------------------------------- of a package
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
SRT = "1\n00:00:01,000 --> 00:00:0{end},000\nHello.\n\n"


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return packed(tmp_path)


def packed(tmp_path: Path) -> Package:
    """A package within every limit."""
    (tmp_path / "film.mp4").write_bytes(b"x" * 1000)
    Image.new("RGB", (1280, 720), "#10121F").save(tmp_path / "thumbnail.png")
    (tmp_path / "captions.srt").write_text(SRT.format(end=3))
    return Package(
        folder=tmp_path, film=tmp_path / "film.mp4", film_sha256="0" * 64, seconds=60.0, title="A film",
        titles=("A film",), description="0:00 One\n0:10 Two\n0:20 Three\n", tags=(),
        thumbnail=tmp_path / "thumbnail.png",
        captions=(CaptionTrack(path=tmp_path / "captions.srt", language="en", name=""),), pinned=(), playlist="",
        category="27", language="en", licence="youtube", made_for_kids=False, synthetic_media=False, publish_at="",
        published=(),
    )  # fmt: skip


def judged(package: Package, what: str) -> tuple[str, str]:
    """State of one of the package's limits, and why."""
    (limit,) = [limit for limit in package_limits(package, NOW) if limit.what == what]
    return limit.state, limit.why


def test_a_package_within_its_limits_has_nothing_to_say(package: Package) -> None:
    assert {limit.state for limit in package_limits(package, NOW)} == {"ok"}


FILM = "\U0001f3ac"  # two units of UTF-16, four bytes of UTF-8


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("x" * 60, "ok"), ("x" * 61, "warning"), ("x" * 99, "warning"), ("x" * 100, "warning"), ("x" * 101, "error"),
        ("ü" * 100, "warning"), (FILM * 49, "warning"), (FILM * 50, "warning"), (FILM * 50 + "x", "error"),
        (" ", "error"),
        ("2 < 3", "error"), ("3 > 2", "error"), ("2 ‹ 3", "ok"),
    ],
)  # fmt: skip
def test_a_title_that_is_sent(package: Package, title: str, state: str) -> None:
    assert judged(replace(package, title=title), "title")[0] == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("x" * 4999, "ok"), ("x" * 5000, "ok"), ("x" * 5001, "error"), ("ü" * 2500, "ok"), ("ü" * 2500 + "x", "error"),
        (FILM * 1249 + "xxx", "ok"), (FILM * 1250, "ok"), (FILM * 1250 + "x", "error"), ("a < b", "error"),
        ("a -> b", "error"), ("", "ok"),
    ],
)  # fmt: skip
def test_a_description_that_is_sent(package: Package, text: str, state: str) -> None:
    assert judged(replace(package, description=text), "description")[0] == state


@pytest.mark.parametrize(
    ("tags", "state"),
    [
        (("a" * 249, "b" * 249), "ok"), (("a" * 249, "b" * 250), "ok"), (("a" * 250, "b" * 250), "error"),
        (("a " + "b" * 496,), "ok"), (("a " + "b" * 497,), "error"),
        ((FILM * 250,), "ok"), ((FILM * 250 + "x",), "error"),
        (("a<b",), "error"), (("one, two",), "error"), ((), "ok"),
    ],
)  # fmt: skip
def test_tags_that_are_sent(package: Package, tags: tuple[str, ...], state: str) -> None:
    assert judged(replace(package, tags=tags), "tags")[0] == state


@pytest.mark.parametrize(
    ("marks", "seconds", "why"),
    [
        ("0:00 A\n0:10 B\n0:20 C\n", 30.0, ""),
        ("0:00 A\n0:10 B\n0:20 C\n", 29.0, "one lasts 9 s"),
        ("0:00 A\n0:09 B\n0:20 C\n", 60.0, "one lasts 9 s"),
        ("0:00 A\n0:30 B\n", 60.0, "fewer than three"),
        ("0:01 A\n0:20 B\n0:40 C\n", 60.0, "the first is not 0:00"),
        ("0:00 A\n0:40 B\n0:20 C\n", 60.0, "not in order"),
        ("0:00 A\n59:00 B\n1:00:00 C\n", 4000.0, ""),
        ("no chapters", 60.0, "the site shows none"),
    ],
)
def test_chapters_that_are_sent(package: Package, marks: str, seconds: float, why: str) -> None:
    state, told = judged(replace(package, description=marks, seconds=seconds), "chapters")
    assert told.startswith(why)
    assert state == ("warning" if why else "ok")


@pytest.mark.parametrize(
    ("size", "kind", "state"),
    [
        ((1280, 720), "PNG", "ok"), ((1280, 720), "JPEG", "ok"), ((1280, 720), "GIF", "error"),
        ((639, 360), "PNG", "error"), ((640, 360), "PNG", "warning"), ((641, 360), "PNG", "warning"),
        ((1279, 720), "PNG", "warning"), ((1281, 720), "PNG", "warning"), ((1920, 1080), "PNG", "warning"),
    ],
)  # fmt: skip
def test_a_thumbnail_that_is_sent(package: Package, size: tuple[int, int], kind: str, state: str) -> None:
    Image.new("RGB", size).save(package.thumbnail, kind)
    assert judged(package, "thumbnail")[0] == state


@pytest.mark.parametrize(("size", "state"), [(1_999_999, "ok"), (2_000_000, "ok"), (2_000_001, "error")])
def test_a_thumbnails_bytes(package: Package, size: int, state: str) -> None:
    with package.thumbnail.open("ab") as file:
        file.write(b"\0" * (size - package.thumbnail.stat().st_size))
    assert judged(package, "thumbnail")[0] == state


def test_a_thumbnail_that_is_no_picture(package: Package) -> None:
    package.thumbnail.write_bytes(b"no picture")
    assert judged(package, "thumbnail") == ("error", "it cannot be read")


@pytest.mark.parametrize(("seconds", "state"), [(3.0, "ok"), (2.0, "ok"), (1.9, "error")])
def test_captions_end_with_the_film(package: Package, seconds: float, state: str) -> None:
    assert judged(replace(package, seconds=seconds, description=""), "captions en")[0] == state


@pytest.mark.parametrize("text", ["", "no captions", "1\nnever --> later\nHello.\n"])
def test_captions_that_cannot_be_read(package: Package, text: str) -> None:
    package.captions[0].path.write_text(text)
    assert judged(package, "captions en")[0] == "error"


def test_captions_are_not_larger_than_the_site_takes(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    size = package.captions[0].path.stat().st_size
    for most, state in ((size + 1, "ok"), (size, "ok"), (size - 1, "error")):
        monkeypatch.setattr("rushes.limits.CAPTIONS", most)
        assert judged(package, "captions en")[0] == state


def test_two_files_of_captions_in_one_language(package: Package) -> None:
    twice = replace(package, captions=package.captions * 2)
    assert {limit.why for limit in package_limits(twice, NOW) if limit.what == "captions en"} == {
        "a second file in this language"
    }


@pytest.mark.parametrize(
    ("seconds", "state"), [(900.0, "ok"), (900.1, "warning"), (43_200.0, "warning"), (43_200.1, "error")]
)
def test_a_films_length(package: Package, seconds: float, state: str) -> None:
    assert judged(replace(package, seconds=seconds), "film")[0] == state


@pytest.mark.parametrize(("more", "state"), [(-1, "ok"), (0, "ok"), (1, "error")])
def test_a_films_bytes(package: Package, more: int, state: str) -> None:
    with package.film.open("wb") as file:
        file.truncate(256 * 1024**3 + more)  # of which the disk keeps nothing
    assert judged(package, "film")[0] == state


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-12-01T11:59:59Z", "error"), ("2026-12-01T12:00:00Z", "error"), ("2026-12-01T12:00:01Z", "ok")],
)
def test_a_film_is_made_public_in_the_future(package: Package, at: str, state: str) -> None:
    assert judged(replace(package, publish_at=at), "publish_at")[0] == state


@pytest.mark.parametrize(("name", "state"), [("x" * 149, "ok"), ("x" * 150, "ok"), ("x" * 151, "error")])
def test_a_playlists_name(package: Package, name: str, state: str) -> None:
    assert judged(replace(package, playlist=name), "playlist")[0] == state


def test_what_nobody_answered_is_told(package: Package) -> None:
    assert judged(replace(package, assumed=("made_for_kids",)), "made_for_kids")[0] == "warning"
