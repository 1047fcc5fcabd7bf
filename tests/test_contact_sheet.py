"""The storyboard of a script: a still a cue, with its words, on one page that needs nothing else."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import ROOT
from test_layout import FAULTS, HEAD, RUN

from rushes.cli import main
from rushes.console import Console
from rushes.contact_sheet import Sheet, contact_sheet
from rushes.house import House

SCRIPT = """\
---
title: Rises & falls
---
## Script
- #### Calm <em>
\t- It goes ==up and up==, and then it ==rise==s.
\t\t- scene:: curve run=wild
- #### Dots
\t- A ==dot== & a word.
\t\t- scene:: planted
\t- And a card.
\t\t- what a card says
\t- This one ==breaks== off.
\t\t- scene:: broken
"""
BROKEN = """\
from rushes.scene import RunScene

class Broken(RunScene):
    def construct(self):
        raise ValueError("no <such> thing")
"""
VOID = {"meta", "img", "br", "link"}


class Reader(HTMLParser):
    """The page's tree must close; what it links to and shows is kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.addresses: list[str] = []
        self.levels: list[int] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [str(told["id"])] if "id" in told else []
        self.addresses += [str(told[key]) for key in ("href", "src", "aria-labelledby") if key in told]
        self.images += [told] if tag == "img" else []
        self.levels += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def made(repository: Path) -> tuple[Sheet, str]:
    (repository / "scenes" / "planted.py").write_text(HEAD + FAULTS["overlap"][0] + RUN)
    (repository / "scenes" / "broken.py").write_text(BROKEN)
    script = repository / "film.md"
    script.write_text(SCRIPT)
    sheet = contact_sheet(script, House(root=repository, jobs=1), Console(as_json=True))
    return sheet, sheet.page.read_text("utf-8")


def figures(text: str) -> list[str]:
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in text.split("<li><figure")[1:]]


def test_there_is_a_still_for_every_cue_with_its_words_time_run_and_findings(made: tuple[Sheet, str]) -> None:
    sheet, text = made
    assert (sheet.stills, len(sheet.findings)) == (5, 2)
    assert "<mark>up and up,</mark>" in text
    assert "<mark>rises.</mark>" in text
    assert "A <mark>dot</mark> &amp; a word." in text
    assert "wild · tiny · seed 0" in text
    first, second, dot, card, broken = figures(text)
    assert re.search(r"0:01\.\d up-and-up It goes up and up, and then it rises\.", first)
    assert "rise" in second
    assert "&#x27;Readers&#x27; and &#x27;Coaches&#x27; overlap by" in dot
    assert "And a card." in card
    assert "the scene failed: ValueError: no &lt;such&gt; thing" in broken
    assert re.search(r"no &lt;such&gt; thing \(\w+\.py:\d+\)", broken), "where in the scene's own file"
    assert "what a card says" in text, "what check warns of"


def test_the_page_is_whole_and_asks_nobody_for_anything(made: tuple[Sheet, str]) -> None:
    sheet, text = made
    page = Reader(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    for address in page.addresses:
        assert address.startswith("data:image/jpeg;base64,") or address.lstrip("#") in page.ids
    assert "url(" not in text
    assert "<script" not in text
    assert page.levels[0] == 1
    assert all(b <= a + 1 for a, b in zip(page.levels, page.levels[1:], strict=False)), "no level is left out"
    assert '<html lang="en">' in text
    for image in page.images:
        assert image["alt"]
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(str(image["src"]).split(",")[1]), np.uint8), 1)
        assert picture is not None
        assert picture.shape == (int(str(image["height"])), int(str(image["width"])), 3)
    assert len(page.images) == sheet.stills - 1, "a scene that failed has no picture"


def test_the_sheet_frames_what_is_wrong(made: tuple[Sheet, str]) -> None:
    picture = cv2.imread(str(made[0].picture))
    assert picture is not None
    assert picture.shape == (216 + 22, 5 * 384, 3)
    red = [bool((picture[2, 384 * i + 100] == (72, 72, 251)).all()) for i in range(5)]
    assert red == [False, False, True, False, True]


def test_a_vertical_house_has_tall_stills(repository: Path) -> None:
    script = repository / "film.md"
    script.write_text("## Script\n- #### One\n\t- It ==rise==s.\n\t\t- scene:: curve run=wild\n")
    sheet = contact_sheet(script, House(root=repository, size=(1080, 1920), jobs=1), Console(as_json=True))
    (image,) = Reader(sheet.page.read_text("utf-8")).images
    assert (image["width"], image["height"]) == ("540", "960")


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "one.md"
    script.write_text("## Script\n- #### One\n\t- The ==minus sign==.\n\t\t- scene:: title\n")
    script.write_text(script.read_text().replace("==minus sign==", "==the minus sign=="))
    assert main(["storyboard", str(script), "--build", str(tmp_path / "build"), "--json", "--jobs", "1"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["stage"] for one in told if one["event"] == "progress"] == ["drawing"]
    assert (told[-1]["event"], told[-1]["stills"]) == ("storyboard", 1)
    assert Path(told[-1]["page"]).is_file()
    assert Path(told[-1]["picture"]).is_file()
    assert str(ROOT) not in Path(told[-1]["page"]).read_text("utf-8")


def test_the_command_fails_where_a_scene_did(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "scenes" / "broken.py").write_text(BROKEN)
    script = repository / "film.md"
    script.write_text("## Script\n- #### One\n\t- It breaks.\n\t\t- scene:: broken\n")
    given = ["--folder", str(repository), "--build", str(repository / "build"), "--jobs", "1"]
    assert main(["storyboard", str(script), *given]) == 1
    told = capsys.readouterr().out
    assert "film.md:4: broken: the scene failed: ValueError: no <such> thing (broken.py:" in told
    assert "1 scene failed: broken" in told
