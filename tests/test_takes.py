"""`rushes takes`, the teleprompter, and a film of recorded and other beats; what was heard is written by hand here."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import wave
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from rushes.check import check_note
from rushes.cli import main
from rushes.console import Console
from rushes.house import House
from rushes.take import RATE
from rushes.takes import fallen_back, make_takes

SCRIPT = """\
---
title: Spoken
voice: silent
---
## Script
### One
- A sign went missing.
- Nobody looked & saw.
### Two
- It was never found.
"""
FOUND = [
    {"words": "a sign went missing", "pieces": [[0.5, 1.0], [1.5, 2.0]], "slips": [],
     "times": [[0.1, 0.2, True], [0.2, 0.4, False], [0.4, 0.6, True], [0.6, 0.9, True]]},
    {"words": "nobody looked and saw", "pieces": [[2.0, 3.0]], "times": [],
     "slips": [{"first": 1, "last": 2, "said": "cooked", "at": 2.3}]},
    {"words": "it was never found", "pieces": [], "times": [], "slips": []},
]  # fmt: skip


@pytest.fixture
def script(repository: Path) -> Path:
    path = repository / "scripts" / "spoken.md"
    path.parent.mkdir()
    path.write_text(SCRIPT)
    folder = repository / "takes" / "spoken"
    folder.mkdir(parents=True)
    with wave.open(str(folder / "all.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        tone = np.sin(np.arange(4 * RATE) * 0.05) * 8000
        file.writeframes(tone.astype("<i2").tobytes())
    digest = hashlib.sha256((folder / "all.wav").read_bytes()).hexdigest()
    told = {"format": 1, "sha256": digest, "heard": [], "found": FOUND}
    (folder / "all.wav.json").write_text(json.dumps(told))
    return path


def test_takes_lists_every_beat(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["takes", "--json", "--folder", str(script.parent.parent), str(script)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    takes = [one for one in told if one["event"] == "take"]
    assert [(one["line"], one["state"]) for one in takes] == [(7, "recorded"), (8, "misread"), (10, "missing")]
    assert (takes[0]["start"], takes[0]["end"], takes[0]["doubtful"]) == (0.5, 2.0, ["sign"])
    assert takes[1]["slips"] == [{"written": "looked", "said": "cooked", "at": 2.3}]
    assert takes[2]["file"] == ""
    findings = [(one["line"], one["column"]) for one in told if one["event"] == "finding"]
    assert findings == [(7, 5), (8, 10), (10, 3)]


def test_a_film_says_which_beats_are_not_the_authors(script: Path) -> None:
    root = script.parent.parent
    house = House(root=root, build=root / "build")
    checked = check_note(script, house)
    takes = make_takes(checked, house, Console(as_json=True))
    first, second, third = (take for take in takes if take)
    assert (first.voice, first.seconds, first.low) == ("recorded", 1.0, (1,))
    assert [word.start for word in first.words] == [0.1, 0.2, 0.4, 0.6]
    with wave.open(str(first.audio)) as file:
        assert file.getnframes() == RATE
    assert (second.voice, third.voice) == ("silent", "silent")
    assert fallen_back([7, 8, 10], [first, second, third]) == [
        "line 8: recorded with other words than are written, as rushes takes shows; silent speaks it",
        "line 10: not recorded; silent speaks it",
    ]


def test_a_voice_that_is_asked_for_speaks_everything(script: Path) -> None:
    root = script.parent.parent
    house = House(root=root, build=root / "build", voice="silent")
    takes = make_takes(check_note(script, house), house, Console(as_json=True))
    assert [take.voice for take in takes if take] == ["silent"] * 3
    assert not any(take.note for take in takes if take)


def test_a_script_without_recordings_says_nothing_of_them(script: Path) -> None:
    root = script.parent.parent
    (root / "takes" / "spoken" / "all.wav").unlink()
    house = House(root=root, build=root / "build")
    takes = make_takes(check_note(script, house), house, Console(as_json=True))
    assert fallen_back([7, 8, 10], takes) == []


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_what_is_not_begun_is_told_in_a_line(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = script.parent.parent
    shutil.rmtree(root / "takes")
    assert main(["takes", "--folder", str(root), "--build", str(root / "build"), str(script)]) == 0
    told = capsys.readouterr()
    assert "nothing is recorded yet\nnext: rushes takes --teleprompter" in told.out
    assert "this beat is not recorded" not in told.out + told.err


def test_the_teleprompter_is_one_page_with_every_beat_in_order(script: Path) -> None:
    root = script.parent.parent
    asked = ["takes", "--teleprompter", "--folder", str(root), "--build", str(root / "build"), str(script)]
    assert main(asked) == 0
    written = (root / "build" / "spoken" / "teleprompter.html").read_text()
    page = Page(written)
    beats = [attrs for tag, attrs in page.tags if tag == "article"]
    assert [(beat["class"], beat["data-words"]) for beat in beats] == [
        ("recorded", "4"),
        ("misread", "4"),
        ("missing", "4"),
    ]
    order = [
        page.text.index(text)
        for text in ("One", "A sign went missing.", "Nobody looked & saw.", "Two", "It was never found.")
    ]
    assert order == sorted(order)
    assert not re.search(r"https?://|src=|href=|@import|url\(", written), "it needs something else"
