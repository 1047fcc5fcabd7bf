"""What is written below a beat becomes what is shown: one test for each way to write it."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
from PIL import Image

from rushes.direction import Direction
from rushes.read_script import parse_script
from rushes.script import Script
from rushes.storyboard import Card, Code, Insert, Listing, Picture, Quote, Site, Slate, Table
from rushes.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A vault with a picture and something called a video; the path of its script."""
    for folder in (".obsidian", "pages", "assets"):
        (tmp_path / folder).mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "assets/wheel.png")
    (tmp_path / "assets/miller at work.mp4").write_bytes(b"not looked into here")
    return tmp_path / "pages/film.md"


def script(below: str, path: Path = Path("pages/film.md"), *, beat: str = "One two three.") -> Script:
    text = f"## Script\n- #### Water\n\t- {beat}\n{indent(below, chr(9) * 2)}\n"
    return parse_script(text, path, Vault.around(path))


def shown(below: str, path: Path = Path("pages/film.md")) -> list[Direction]:
    read = script(below, path)
    assert [str(f) for f in read.findings if f.level == "error"] == []
    return list(read.beats[0].directions)


def cards(below: str, path: Path = Path("pages/film.md")) -> list[Card]:
    return [direction.card for direction in shown(below, path)]


def slate(*lines: str) -> Slate:
    return Slate(lines=lines, section="Water", beat=1)


def test_free_text_is_a_slate() -> None:
    (direction,) = shown("- the **pond** empties; *slowly*")
    assert direction.card == slate("the pond empties; slowly")
    assert (direction.scene, direction.text, direction.source.line) == (None, "the pond empties; slowly", 4)


def test_continuation_lines_are_the_steps_of_one_slate() -> None:
    assert cards("- a thumb\n   the word soft\n  \n  the word sharp") == [
        slate("a thumb", "the word soft", "the word sharp")
    ]


def test_words_below_a_direction_are_more_lines_of_its_slate() -> None:
    assert cards("- the gate\n\t- shuts\n\t\t- with a bang\n- the sea") == [
        slate("the gate", "shuts", "with a bang"),
        slate("the sea"),
    ]


def test_a_slate_names_its_section_and_its_beat() -> None:
    read = parse_script("## Script\n- #### A\n\t- One.\n\t- Two.\n- #### B\n\t- Three.\n\t\t- x\n", Path("x.md"))
    assert read.beats[2].directions[0].card == Slate(lines=("x",), section="B", beat=3)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("https://example.org/a?b=c#d", ""),
        ("<https://example.org/a?b=c#d>", ""),
        ("[A paper](https://example.org/a?b=c#d)", "A paper"),
        ("A paper: https://example.org/a?b=c#d", "A paper"),
    ],
)
def test_an_address_is_its_site(written: str, title: str) -> None:
    assert cards(f"- {written}") == [Site(url="https://example.org/a?b=c#d", title=title)]


def test_every_address_is_a_site_of_its_own() -> None:
    assert cards("- https://a.example/1\n  https://b.example/2\n- https://c.example") == [
        Site(url=f"https://{url}", title="") for url in ("a.example/1", "b.example/2", "c.example")
    ]


def test_a_video_on_the_web_is_its_site() -> None:
    assert cards("- {{video https://youtu.be/x}}") == [Site(url="https://youtu.be/x", title="")]


def test_a_link_among_words_stays_on_the_slate() -> None:
    assert cards("- burn [the paper](https://example.org) slowly") == [slate("burn the paper slowly")]


@pytest.mark.parametrize(
    ("written", "quote"),
    [
        ("- > put one stone\n  > then another", Quote(text="put one stone then another", speaker="")),
        ("- > put one stone\n  > — Mara Quill", Quote(text="put one stone", speaker="Mara Quill")),
        ("- > [!quote] Mara Quill\n  > put one stone", Quote(text="put one stone", speaker="Mara Quill")),
        ("- > [!quote]\n  > put one stone\n  > then another", Quote(text="put one stone then another", speaker="")),
        (
            "- Mara Quill (warden) Interview Clip\n\t- > one stone",
            Quote(text="one stone", speaker="Mara Quill (warden)"),
        ),
        ("- Interview with Mara Quill:\n\t- > one stone", Quote(text="one stone", speaker="Mara Quill")),
        ("- interview clip\n\t- > one stone", Quote(text="one stone", speaker="")),
        ("- Mara Quill\n\t- in her boat\n\t\t- > one stone", Quote(text="one stone", speaker="in her boat")),
        ("- > [!quote] one stone", Quote(text="one stone", speaker="")),
        ("- #+BEGIN_QUOTE\n  one stone\n  #+END_QUOTE", Quote(text="one stone", speaker="")),
    ],
)
def test_a_quote_and_who_says_it(written: str, quote: Quote) -> None:
    assert cards(written)[-1] == quote


def test_a_note_to_oneself_in_a_callout_is_a_slate() -> None:
    assert cards("- > [!todo] film the gate\n  > at dawn") == [slate("film the gate", "at dawn")]


def test_a_picture_or_an_address_in_a_quote_is_shown(vault: Path) -> None:
    (picture,) = cards("- > ![[wheel.png]]", vault)
    assert isinstance(picture, Picture)
    assert cards("- > https://example.org/a") == [Site(url="https://example.org/a", title="")]
    quote, picture = cards("- > put ![[wheel.png]] one stone", vault)
    assert quote == Quote(text="put one stone", speaker="")
    assert isinstance(picture, Picture)


def test_a_picture_or_an_address_in_a_table_is_shown(vault: Path) -> None:
    table, picture = cards("- | a | https://example.org/b |\n  |---|---|\n  | ![[wheel.png]] | c |", vault)
    assert table == Table(rows=(("a", "example.org/b"), ("", "c")), align=("l", "l"))
    assert isinstance(picture, Picture)


def test_a_mark_that_ends_on_another_line_is_one_mark() -> None:
    assert cards("- the **pond\n  empties** slowly") == [slate("the pond empties slowly")]


@pytest.mark.parametrize("kind", ["query", "dataview", "dataviewjs", "Tasks"])
def test_a_query_is_left_out_with_a_warning(kind: str) -> None:
    read = script(f"- the gate\n\t- ```{kind}\n\t  not done\n\t  ```\n")
    assert [direction.card for direction in read.beats[0].directions] == [slate("the gate")]
    (finding,) = read.findings
    assert (finding.level, finding.source.line) == ("warning", 5)
    assert "query" in finding.message


def test_a_callout_called_query_is_no_query() -> None:
    assert cards("- > [!query] film the gate?") == [slate("film the gate?")]


def test_words_above_a_scene_are_its_text() -> None:
    (direction,) = shown("- the pond\n  empties\n\t- scene:: pond")
    assert (direction.scene, direction.text) == ("pond", "the pond\nempties")


def test_three_short_points_are_one_list() -> None:
    (direction,) = shown("- Baking: what for\n- Sailing: when\n- **Carpentry**: what broke")
    assert direction.card == Listing(items=(("Baking", "what for"), ("Sailing", "when"), ("Carpentry", "what broke")))
    assert (direction.source.line, direction.text.splitlines()[1]) == (4, "Sailing: when")


def test_a_numbered_list_is_a_list() -> None:
    assert cards("1. open the gate\n2. wait\n3. grind") == [
        Listing(items=(("", "open the gate"), ("", "wait"), ("", "grind")))
    ]


@pytest.mark.parametrize(
    "below",
    [
        "- A: b\n- C: d",
        "- the gate opens\n- the wheel turns\n- flour falls",
        "- at 12:30 the gate\n- at 12:40 the wheel\n- at 12:50 the flour",
        "- A: b\n  scene:: dot\n- C: d\n- E: f",
    ],
)
def test_anything_else_is_not_a_list(below: str) -> None:
    assert not any(isinstance(card, Listing) for card in cards(below))


def test_a_list_below_the_words_that_announce_it() -> None:
    (direction,) = shown("- list on screen\n\t- A: b\n\t- C: d\n\t- E: f")
    assert isinstance(direction.card, Listing)
    assert direction.text.startswith("list on screen")


def test_a_table_and_code() -> None:
    table, code = cards(
        "- | run | ==mark== |\n  |---|--:|\n  | healthy | 8 |\n"
        "- the change\n  ```diff\n  -  sign = -1\n  + sign = 1\n  ```"
    )
    assert table == Table(rows=(("run", "mark"), ("healthy", "8")), align=("l", "r"))
    assert code == Code(text="-  sign = -1\n+ sign = 1", language="diff")


def test_mathematics_is_shown_as_it_is_written() -> None:
    assert cards("- $$r = v + c$$") == [Code(text="r = v + c", language="latex")]


@pytest.mark.parametrize("written", ["![a wheel](../assets/wheel.png){:height 2, :width 3}", "![[wheel.png|a wheel]]"])
def test_a_picture(vault: Path, written: str) -> None:
    (picture,) = cards(f"- {written}", vault)
    assert picture == Picture(path=vault.parent.parent / "assets/wheel.png", caption="a wheel")


@pytest.mark.parametrize(
    ("written", "caption"),
    [
        ("![[wheel.png|400]]", "wheel.png"),
        ("![wheel.png](../assets/wheel.png)", "wheel.png"),
        ("the wheel at dawn ![[wheel.png]]", "the wheel at dawn"),
    ],
)
def test_a_pictures_caption_is_not_its_width_or_its_file(vault: Path, written: str, caption: str) -> None:
    (picture,) = cards(f"- {written}", vault)
    assert isinstance(picture, Picture)
    assert picture.caption == caption


@pytest.mark.parametrize("written", ["![x](../assets/gone.png)", "![[gone.png]]", "![x](https://a.example/gone.png)"])
def test_a_missing_picture_is_a_placeholder_and_a_warning(vault: Path, written: str) -> None:
    read = script(f"- {written}", vault)
    (direction,) = read.beats[0].directions
    assert isinstance(direction.card, Picture)
    assert direction.card.path is None
    (finding,) = read.findings
    assert (finding.level, finding.source.line) == ("warning", 4)
    assert finding.suggestion


@pytest.mark.parametrize(
    "written", ["![x](../../../etc/passwd)", "![[../../../../etc/hosts.png]]", "clip:: /etc/passwd"]
)
def test_a_file_outside_the_vault_is_an_error(vault: Path, written: str) -> None:
    assert [finding.level for finding in script(f"- {written}", vault).findings] == ["error"]


@pytest.mark.parametrize(
    ("written", "start", "seconds", "sound"),
    [
        ("clip:: ../assets/miller at work.mp4", 0, 0, "duck"),
        ("clip:: ../assets/miller%20at%20work.mp4#t=10,20", 10, 10, "duck"),
        ("clip:: [[miller at work.mp4#t=1:05,1:20.5]]\n  audio:: keep", 65, 15.5, "keep"),
        ("![[miller at work.mp4#t=5]]\n  audio:: mute", 5, 0, "mute"),
        ("![the miller](<../assets/miller at work.mp4>)", 0, 0, "duck"),
        ("{{video ../assets/miller at work.mp4}}", 0, 0, "duck"),
    ],
)
def test_a_video_is_inserted(vault: Path, written: str, start: float, seconds: float, sound: str) -> None:
    (insert,) = cards(f"- {written}", vault)
    assert isinstance(insert, Insert)
    assert insert.path == vault.parent.parent / "assets/miller at work.mp4"
    assert (insert.name, insert.start, insert.seconds, insert.sound) == ("miller at work.mp4", start, seconds, sound)


def test_a_clip_and_a_scene_are_side_by_side(vault: Path) -> None:
    (direction,) = shown("- the miller beside the curve\n  scene:: dot run=calm\n  clip:: miller at work.mp4", vault)
    assert (direction.scene, direction.args, type(direction.card)) == ("dot", {"run": "calm"}, Insert)


@pytest.mark.parametrize(
    ("written", "caret"),
    [
        ("- clip:: miller at work.mp4#t=20,10", "t=20,10"),
        ("- clip:: miller at work.mp4#t=ten", "t=ten"),
        ("- clip:: miller at work.mp4\n  audio:: loud", "loud"),
        ("- clip:: #t=1", "#t=1"),
    ],
)
def test_what_is_wrong_with_a_clip(vault: Path, written: str, caret: str) -> None:
    (finding,) = script(written, vault).findings
    assert finding.level == "error"
    assert finding.suggestion
    assert finding.source.text[finding.source.column - 1 :][: finding.source.width] == caret


def test_a_scene_by_macro_and_what_is_below_it() -> None:
    scene, quote = shown("- the curve rises {{scene dot run=calm}}\n  at:: two\n\t- slowly\n\t- > one stone")
    assert (scene.scene, scene.args, scene.at, scene.text) == ("dot", {"run": "calm"}, "two", "the curve rises\nslowly")
    assert quote.card == Quote(text="one stone", speaker="the curve rises")


def test_a_card_starts_on_its_words_too() -> None:
    (direction,) = shown("- the gate\n  at:: three")
    assert (direction.at, direction.at_source.line) == ("three", 5)


def test_a_measured_number_on_a_card_stays_as_it_is_written() -> None:
    assert cards("- up to {calm.rating.last:.1f} {and so on}") == [slate("up to {calm.rating.last:.1f} {and so on}")]


def test_an_embed_of_anything_else_is_a_slate_with_its_name() -> None:
    read = parse_script("## Script\n- A.\n\t- ![[paper.pdf#page=3]]\n", Path("x.md"))
    assert read.beats[0].directions[0].card == Slate(lines=("paper.pdf › page=3",), section="", beat=1)


def test_a_direction_nested_deeper_than_python_calls_is_read() -> None:
    below = "".join("\t" * depth + f"- word{depth}\n" for depth in range(3000))
    (card,) = cards(below)
    assert isinstance(card, Slate)
    assert card.lines == tuple(f"word{depth}" for depth in range(3000))
