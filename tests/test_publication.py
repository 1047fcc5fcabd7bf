"""What a script's front matter says about publishing, and what is assumed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rushes.publication import Publication, publication
from rushes.read_script import parse_script


def said(*front: str) -> Publication:
    return publication(parse_script("---\n" + "\n".join(front) + "\n---\n## Script\n- Hello.\n", Path("film.md")))


def test_what_is_not_said_is_assumed_and_told() -> None:
    told = said("title: A film")
    assert (told.category, told.language, told.licence, told.playlist) == ("27", "en", "youtube", "")
    assert (told.made_for_kids, told.synthetic_media, told.publish_at) == (False, False, "")
    assert set(told.assumed) == {
        "category", "playlist", "language", "licence", "made_for_kids", "synthetic_media", "publish_at",
    }  # fmt: skip
    assert told.findings == ()


def test_what_is_said() -> None:
    told = said(
        "category: Science and Technology", "playlist: Small models", "language: pt-BR", "licence: Creative Commons",
        "made-for-kids: yes", "synthetic_media: 'no'", "publish_at: 2026-12-01T18:00:00+01:00",
    )  # fmt: skip
    assert (told.category, told.language, told.licence) == ("28", "pt-BR", "creativeCommon")
    assert (told.playlist, told.made_for_kids, told.synthetic_media) == ("Small models", True, False)
    assert told.publish_at == "2026-12-01T17:00:00Z"
    assert told.assumed == ()


def test_what_yaml_reads_as_something_else() -> None:
    assert said("language: no").language == "no"  # Norwegian
    assert said("category: 28").category == "28"


@pytest.mark.parametrize(
    "written", ["2026-12-01 18:00", "2026-12-01 18:00:00", "'2026-12-01T18:00'", "2026-12-01 18:00 +00:00"]
)
def test_a_moment_without_a_zone_is_of_this_machine(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        expected = "2026-12-01T18:00:00Z" if "+" in written else "2026-12-01T17:00:00Z"
        assert said(f"publish_at: {written}").publish_at == expected
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("category: Educaton", "did you mean 'education'?"),
        ("language: english!", "language: en, or another tag such as pt-BR"),
        ("licence: mine", "licence: youtube, or licence: creative commons"),
        ("made_for_kids: maybe", "made_for_kids: yes or no"),
        ("synthetic_media: 2", "synthetic_media: yes or no"),
        ("publish_at: 2026-12-01", "publish_at: 2026-12-01 18:00, or with +01:00 behind it"),
        ("publish_at: tomorrow", "publish_at: 2026-12-01 18:00, or with +01:00 behind it"),
    ],
)
def test_what_is_wrong_is_told_where_it_is(line: str, hint: str) -> None:
    told = said("title: A film", line)
    (finding,) = told.findings
    assert (finding.source.line, finding.suggestion) == (3, hint)
    assert line.split(":")[0] in told.assumed


def test_a_misspelt_key_is_told() -> None:
    script = parse_script("---\nplaylst: Small models\n---\n## Script\n- Hello.\n", Path("film.md"))
    assert [finding.suggestion for finding in script.findings] == ["did you mean 'playlist'?"]
