"""What goes to a video site with the film: at, below and above each of its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.check import Checked, check
from rushes.script import parse_script


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
