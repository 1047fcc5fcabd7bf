"""The film's page as a file: what is in it, and what it refuses. tests/test_browser.py opens it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from rushes.cli import main
from rushes.errors import RushesError
from rushes.film_page import film_page
from rushes.publish import CaptionTrack, Package

RECORD = {"digest": "0123abcd", "size": "tiny", "seed": 7, "device": "cuda", "commit": "f" * 40,
          "began": "2026-11-22T10:00:00+00:00", "recipe_hash": "77aa"}  # fmt: skip
SPOKEN = {"beat": "it-fell", "line": 6, "script": "{wild.rating.last:.1f}", "run": "wild", "column": "rating",
          "stat": "last", "steps": [56, 57, 58, 60], "value": 1.94, "shown": "1.9", "record": "0123abcd"}  # fmt: skip
DRAWN = {"shot": "it-fell", "scene": "curve", "run": "wild", "what": "samples", "steps": "60", "record": "0123abcd"}
WORDS = [["It", 15, 20], ["fell", 20, 30], ["to", 30, 33], ["1.9.", 33, 50], ["And", 60, 65], ["stayed.", 65, 80]]
TIMELINE = {
    "format": 1, "fps": 30, "size": [1920, 1080], "frames": 2700 * 30,
    "sections": [{"title": "Down & out", "start": 15}, {"title": "<Later>", "start": 2000}],
    "beats": [{"id": "it-fell", "section": 0, "line": 6, "text": "It fell to 1.9. And stayed.", "start": 15,
               "frames": 90, "words": WORDS, "cues": {}}],
    "shots": [{"id": "it-fell", "beat": "it-fell", "scene": "curve", "run": "wild", "start": 15, "frames": 90}],
}  # fmt: skip
TITLE = '"A" </title><b>'
DESCRIPTION = """\
One.

0:00 Down & out
1:06 <Later>

Two <i>.

Sources and links
Them: https://example.org/them

How the data was made
Recorded runs wild: size tiny

Credits
Letters: Inter; SIL OFL 1.1
"""
VTT = "WEBVTT\n\n00:00.500 --> 00:02.000\nIt fell to 1.9.\n"


class Read(HTMLParser):
    """What a page loads, where it links to, and its texts."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.rows and data.strip():
            self.rows[-1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.rows.append([])

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def film(tmp_path: Path) -> Package:
    """A film's package; nothing looks into the film itself."""
    return written(tmp_path / "build/small")


def written(folder: Path, timeline: Any = TIMELINE, **about: Any) -> Package:
    folder.mkdir(parents=True, exist_ok=True)
    files = {"film.mp4": "moving", "captions.vtt": VTT, "timeline.json": json.dumps(timeline)}
    for name, content in {**files, "captions.srt": "", "thumbnail.png": "a picture"}.items():
        (folder / name).write_text(content, encoding="utf-8")
    told = {
        "format": 1, "title": "A", "script": {"name": "small.md"}, "versions": {"rushes": "0.1.0"},
        "made": {name: {"sha256": hashlib.sha256(content.encode()).hexdigest()} for name, content in files.items()},
        "spoken": [SPOKEN], "written": [], "drawn": [DRAWN], "records": {"wild": RECORD}, **about,
    }  # fmt: skip
    (folder / "film.json").write_text(json.dumps(told))
    return Package(
        folder=folder, film=folder / "film.mp4", film_sha256="", seconds=2700.0, title=TITLE, titles=(TITLE,),
        description=DESCRIPTION, tags=(), thumbnail=folder / "thumbnail.png", pinned=(), playlist="", category="27",
        captions=(CaptionTrack(path=folder / "captions.srt", language="en", name=""),), language="en",
        licence="youtube", made_for_kids=False, synthetic_media=False, publish_at="", published=(),
    )  # fmt: skip


def test_the_folder_has_all_that_the_page_asks_for_and_the_page_no_address_elsewhere(
    film: Package, tmp_path: Path
) -> None:
    page = film_page(film, tmp_path / "out")
    assert sorted(path.name for path in page.parent.iterdir()) == [
        "captions.vtt", "film.json", "film.mp4", "fonts-licence.txt", "index.html", "thumbnail.png",
    ]  # fmt: skip
    read = Read(page)
    loaded = [a[name] for _, a in read.tags for name in ("src", "poster", "srcset", "data") if a.get(name)]
    loaded += [link["href"] for link in read.all("link")] + re.findall(r"url\(\"?([^\")]+)", page.read_text())
    assert {"film.mp4", "thumbnail.png"} <= set(loaded)
    assert all(one.startswith("data:") or (page.parent / one).is_file() for one in loaded)
    links = [a for a in read.all("a") if not a["href"].startswith("#")]
    away = [a for a in links if a["href"].startswith("https://")]
    assert [(a["href"], a["rel"]) for a in away] == [("https://example.org/them", "noopener noreferrer")]
    assert all((page.parent / a["href"]).is_file() for a in links if a not in away)
    assert {a["href"] for a in read.all("a") if a["href"].startswith("#")} >= {"#about", "#t=0.000", "#t=66.667"}


def test_only_the_pages_own_code_and_style_are_allowed(film: Package, tmp_path: Path) -> None:
    text = film_page(film, tmp_path / "out").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; ")
    assert "http" not in policy[1]
    assert "unsafe" not in policy[1]
    for kind in ("script", "style"):
        ((content,),) = [re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]
    assert text.index("Content-Security-Policy") < text.index("<title>"), "what stands before it is not bound by it"


def test_a_figure_is_told_with_its_run_steps_seed_device_and_hash(film: Package, tmp_path: Path) -> None:
    read = Read(film_page(film, tmp_path / "out"))
    _, said, _, _, drawn, _, _, record, _ = read.rows  # heads and what follows a table between them
    assert said == ["1.9", "1.94", "0:01", "It fell to 1.9.", "rating.last", "steps 56–58, 60", "wild",
                       "seed 7, cuda", "0123abcd"]  # fmt: skip
    assert drawn == ["curve", "0:00", "samples", " (step 60)", "wild", "seed 7, cuda", "0123abcd"]
    assert record == ["wild", "tiny", "7", "cuda", "2026-11-22 10:00", "f" * 10, "77aa", "0123abcd"]
    assert {a["data-frame"] for a in read.all("a") if "data-frame" in a} >= {"33", "15"}


def test_what_a_note_says_is_text_wherever_it_stands(tmp_path: Path) -> None:
    evil = "</script></style><script>hacked=1</script><img src=x onerror=hacked=1>\"'>"
    section, beat = {"title": evil, "start": 0}, TIMELINE["beats"][0]
    timeline = {
        **TIMELINE, "sections": [section, section],
        "beats": [{**beat, "text": evil, "words": [[word, 1, 2] for word in evil.split(" ")]}],
    }  # fmt: skip
    description = f"{evil} https://example.org/{evil}\n\nSources and links\n{evil}\n\nCredits\n{evil}"
    row = {**SPOKEN, "column": evil, "stat": evil, "shown": evil, "value": evil}
    film = written(
        tmp_path / "film", timeline, script={"name": evil}, versions={evil: evil},
        spoken=[row], drawn=[{**DRAWN, "scene": evil, "what": evil}], records={"wild": {**RECORD, "device": evil}},
    )  # fmt: skip
    read = Read(film_page(replace(film, title=evil, description=description), tmp_path / "out"))
    assert [tag for tag, _ in read.tags if tag in ("img", "script")] == ["script"]
    assert not any(name.startswith("on") for _, attributes in read.tags for name in attributes)
    assert "".join(read.texts).count(evil) >= 10


def test_the_description_is_shown_without_its_list_of_chapters(film: Package, tmp_path: Path) -> None:
    texts = Read(film_page(film, tmp_path / "out")).texts
    assert {"One.", "Two <i>."} <= set(texts)
    assert texts.index("Two <i>.") < texts.index("Sources and links") < texts.index("Them: ")
    assert texts.index("Where the numbers come from") < texts.index("Credits") < texts.index("Files")
    assert not any(text.startswith(("1:06 ", "Recorded runs")) for text in texts), "the page has these elsewhere"


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_captions_of_another_language_come_along(film: Package, tmp_path: Path, kind: str) -> None:
    mine = film.folder / f"captions.pt-BR.{kind}"
    head, point, less = ("WEBVTT\n\n", ".", "&lt;") if kind == "vtt" else ("1\n", ",", "<")
    mine.write_text(f"{head}00:00:01{point}000 --> 00:00:02{point}500\n1 {less} 2 — é\n", encoding="utf-8")
    tracks = (*film.captions, CaptionTrack(path=mine, language="pt-BR", name=""))
    page = film_page(replace(film, captions=tracks), tmp_path / "out")
    shown = Read(page).all("track")
    assert [track["srclang"] for track in shown] == ["en", "pt-BR"]
    assert ["default" in track for track in shown] == [True, False]
    held = [base64.b64decode(track["src"].removeprefix("data:text/vtt;base64,")) for track in shown]
    assert held == [(page.parent / name).read_bytes() for name in ("captions.vtt", "captions.pt-BR.vtt")]
    assert held[0].decode() == VTT
    assert held[1].startswith(b"WEBVTT\n")
    assert "\n00:00:01.000 --> 00:00:02.500\n1 &lt; 2 — é\n" in held[1].decode()


def test_a_letter_of_any_note_has_its_shape(film: Package, tmp_path: Path) -> None:
    plain = len(film_page(film, tmp_path / "out").read_bytes())
    assert len(film_page(replace(film, title="Ωmega ЖЪ"), tmp_path / "out").read_bytes()) > plain + 500


def test_a_film_that_shows_no_run_has_no_tables(tmp_path: Path) -> None:
    film = written(tmp_path / "film", spoken=[], drawn=[], records={})
    assert Read(film_page(film, tmp_path / "out")).all("table") == []


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda film: (film / "film.json").unlink(), r"film\.json is missing, or not whole\n  make the film again"),
        (lambda film: (film / "film.mp4").write_text("other"), r"film\.mp4 is not the one that film\.json tells of"),
        (lambda film: (film / "captions.vtt").unlink(), r"captions\.vtt is not the one"),
        (lambda film: (film / "film.json").write_text('{"format": 2}'), "made by a newer version of rushes"),
    ],
)
def test_what_is_no_whole_film_is_refused_and_nothing_is_written(
    film: Package, tmp_path: Path, spoil: Any, message: str
) -> None:
    spoil(film.folder)
    with pytest.raises(RushesError, match=message):
        film_page(film, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_writes_the_page_and_sends_nothing(
    film: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rushes.pipeline.packaged", lambda *asked, **how: film)
    monkeypatch.setitem(sys.modules, "rushes.release", None)  # what sends
    assert main(["publish", "film.md", "--to", str(tmp_path / "out")]) == 0
    assert f"{tmp_path / 'out' / 'index.html'}" in capsys.readouterr().out.replace("\n", "")
    assert (tmp_path / "out/film.mp4").read_text() == "moving"


def test_a_film_is_not_published_over_itself(film: Package) -> None:
    with pytest.raises(RushesError, match="is where the film was made\n  say another folder"):
        film_page(film, film.folder)


def test_the_colours_are_the_films() -> None:
    theme = (ROOT / "rushes/theme.py").read_text(encoding="utf-8").lower()
    style = (ROOT / "assets/page/page.css").read_text(encoding="utf-8")
    colours = set(re.findall(r"--(?:ink|panel|raised|line|paper|muted|blue|yellow): (#[0-9a-f]{6})", style))
    assert len(colours) == 8
    assert all(colour in theme for colour in colours)
