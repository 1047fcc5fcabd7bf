"""A short: one section of a script as a film of its own."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pysubs2
import pytest
from conftest import WriteRecord

from rushes.check import check_note
from rushes.cli import main
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.options import read_options
from rushes.pipeline import make_film
from rushes.read_script import parse_script
from rushes.short import cut, find_section

SCRIPT = """\
---
title: Weather
voice: silent
tags: [rain]
---
## Script
- #### Calm morning
\t- It rises to {calm.rating.last:.1f}, and ==rise== it does.
\t\t- scene:: curve run=calm
- #### Wild night
\t- This one ==rise== falls to {wild.rating.last:.1f}.
\t\t- scene:: curve run=wild
\t- And then a dot.
\t\t- scene:: dot
- #### Wild dawn
\t- The end, with [a source](https://example.org/dawn).
\t\t- scene:: dot
"""


@pytest.fixture
def script(repository: Path) -> Path:
    path = repository / "weather.md"
    path.write_text(SCRIPT)
    return path


class Drawn(Console):
    """Remembers what became of each shot."""

    def __init__(self) -> None:
        super().__init__(as_json=True)
        self.states: list[str] = []

    def event(self, event: str, **told: object) -> None:
        if event == "shot":
            self.states.append(str(told["state"]))


def test_a_short_is_made_of_the_films_own_shots(script: Path) -> None:
    upright = House(root=script.parent, size=(90, 160), fps=15)
    make_film(script, upright, Drawn(), with_faults=True)
    drawn = Drawn()
    short = make_film(script, upright, drawn, section="wild n", with_faults=True)
    assert (drawn.states, short.rendered) == (["cached", "cached"], 0)
    folder = script.parent / "build/weather/short-wild-night"
    assert short.path == folder / "film.mp4"
    told = json.loads((folder / "timeline.json").read_text())
    assert (told["size"], told["sections"]) == ([90, 160], [{"title": "Wild night", "start": 0}])
    assert told["beats"][0]["words"][0][1] <= 2, "its first word is not waited for"
    captions = pysubs2.load(str(folder / "captions.srt"))
    assert " ".join(e.plaintext.replace("\n", " ") for e in captions) == "This one rise falls to 2.4. And then a dot."
    assert captions[0].start < 200
    about = json.loads((folder / "film.json").read_text())
    assert [row["run"] for row in about["spoken"]] == ["wild"], "its numbers, and no others"
    assert set(about["records"]) == {"wild"}
    publish = json.loads((folder / "publish.json").read_text())
    assert (publish["title"], publish["tags"]) == ("Weather: Wild night", ["rain"])
    assert "example.org" not in publish["description"]


def test_a_wide_short_and_its_stills_have_a_folder_of_their_own(
    script: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = ["--folder", str(script.parent), "--build", str(script.parent / "build"), str(script)]
    assert main(["short", "--section", "dawn", "--wide", "--draft", *build]) == 0
    folder = script.parent / "build/weather/short-wild-dawn/wide/draft"
    told = json.loads((folder / "timeline.json").read_text())
    assert told["size"] == [854, 480]
    said = capsys.readouterr().out
    next_one = said[said.index("rushes stills --draft --wide --section dawn") :].splitlines()[0]
    assert main(shlex.split(next_one)[1:]) == 0, "it can be typed as it stands"
    assert (folder / "contact-1.png").is_file()


def test_a_name_with_spaces_and_no_quotes_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["film", "My", "film.md"])
    assert "needs quotes" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["film", "film.md", "--darft"])
    assert "quotes" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "found"),
    [("Calm morning", 0), ("calm", 0), ("CALM-MORNING", 0), ("night", 1), ("wild d", 2)],
)
def test_a_section_is_found_by_what_it_is_called(name: str, found: int) -> None:
    assert find_section(parse_script(SCRIPT, Path("weather.md")), name) == found


@pytest.mark.parametrize(
    ("name", "said"),
    [("wild", "2 sections of weather.md could be 'wild'\n  say more of one: 'Wild night' (line 10), "),
     ("Wild nihgt", "no section of weather.md is called 'Wild nihgt'\n  did you mean 'Wild night'?"),
     ("", "no section of weather.md is called ''\n  there is: Calm morning, Wild dawn, Wild night")],
)  # fmt: skip
def test_a_section_that_cannot_be_told_is_an_error(name: str, said: str) -> None:
    with pytest.raises(RushesError) as error:
        find_section(parse_script(SCRIPT, Path("weather.md")), name)
    assert str(error.value).startswith(said)


def test_what_is_wrong_elsewhere_does_not_stop_a_short(script: Path, record: WriteRecord) -> None:
    script.write_text(SCRIPT.replace("scene:: dot\n- ####", "scene:: dott\n- ####").replace("{calm.", "{clam."))
    house = House(root=script.parent, size=(90, 160))
    assert len(check_note(script, house).errors) == 2
    assert check_note(script, house, "dawn").errors == ()
    assert [finding.source.line for finding in check_note(script, house, "wild night").errors] == [14]


def test_a_short_that_is_too_long_is_a_warning(script: Path) -> None:
    script.write_text(SCRIPT.replace("The end,", "The end, " + "and so it went on for a while, " * 70))
    upright = House(root=script.parent, size=(1080, 1920))
    (said,) = [f for f in check_note(script, upright, "dawn").findings if "short" in f.message]
    assert (said.level, said.source.line) == ("warning", 15)
    assert said.message.startswith("this section lasts about 185 s")
    assert "at most 180 s" in said.message
    assert not [f for f in check_note(script, upright.turned(), "dawn").findings if "short" in f.message]
    assert not [f for f in check_note(script, upright).findings if "short" in f.message]


def test_a_cut_keeps_a_beats_name(script: Path) -> None:
    whole = parse_script(SCRIPT, script)
    assert [beat.id for beat in cut(whole, 1).beats] == [beat.id for beat in whole.beats if beat.section == 1]


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        (["--section", "dawn"], "rushes short --section dawn"),
        (["--section", "Wild dawn", "--wide", "--voice", "piper"], "rushes short --section 'Wild dawn' --wide"),
        ([], "rushes film"),
        (["--vertical", "--music", "off"], "rushes film --vertical"),
    ],
)
def test_what_is_to_be_made_first_can_be_typed(
    script: Path, typed: list[str], made: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(script.parent)
    asked = [*typed, "--folder", root, "--build", f"{root}/build", str(script)]
    assert main(["publish", "--dry-run", *asked]) == 1
    hint = capsys.readouterr().err.splitlines()[-1]
    assert hint.startswith(f"  make it first: {made} --folder {root} ")
    again = vars(read_options(shlex.split(hint.partition("rushes ")[2])))
    for name, value in vars(read_options(["publish", *asked])).items():
        if name in again and name != "run":
            assert again[name] == value, name
