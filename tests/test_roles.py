"""Which part of a note is what: headings by name, outlines and prose, Logseq's way and Obsidian's."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.note import read_note
from rushes.read_script import parse_script, read_script
from rushes.script import Script
from rushes.storyboard import Code, Listing, Picture, Quote, Site, Slate, Table
from rushes.vault import Vault

MILL = Path(__file__).parent / "notes/tide-mill.md"


def read(text: str) -> Script:
    return parse_script(text, Path("pages/x.md"))


def said(script: Script) -> list[tuple[str, list[str]]]:
    return [
        (section.title, [beat.template for beat in script.beats if beat.section == i])
        for i, section in enumerate(script.sections)
    ]


def shape(script: Script) -> dict[str, object]:
    cards = [type(d.card).__name__ for beat in script.beats for d in beat.directions if d.scene is None]
    return {
        "sections": [sum(beat.section == i for beat in script.beats) for i in range(len(script.sections))],
        "titles": len(script.titles),
        "thumbnail": script.thumbnail and script.thumbnail.path,
        "description": bool(script.description),
        "pinned": len(script.pinned),
        "result": len(script.result),
        "left_out": [section.title for section in script.left_out],
        "cards": {kind: cards.count(kind) for kind in cards},
        "errors": [str(finding) for finding in script.findings if finding.level == "error"],
        "warnings": len(script.findings),
    }


SHAPE = {
    "sections": [6, 11, 10, 5, 3, 4],
    "titles": 6,
    "thumbnail": None,
    "description": True,
    "pinned": 2,
    "result": 1,
    "left_out": ["Concept", "Other Versions"],
    "cards": {"Slate": 8, "Site": 2, "Listing": 1, "Quote": 2},
    "errors": [],
    "warnings": 2,
}


def test_a_logseq_note_that_was_filmed_as_it_stands() -> None:
    script = read_script(MILL, Vault.around(MILL))
    assert shape(script) == SHAPE
    assert isinstance(script.thumbnail, Picture)
    assert [finding.source.line for finding in script.findings] == [116, 14]  # wrong characters, no image
    assert "💩" in script.pinned[0]
    assert script.result == ("https://youtu.be/xxTideMillxx",)
    quotes = [d.card for b in script.beats for d in b.directions if isinstance(d.card, Quote)]
    assert {quote.speaker for quote in quotes} == {"Mara Quill (warden of the pond)"}
    assert [link.target[:20] for link in script.links] == ["https://example.org/", "https://example.com/"]
    every = [block.text for block in read_note(MILL).walk() if block.kind == "bullet" and not block.level]
    spoken = [beat.template for beat in script.beats]
    assert [text for text in every if text in spoken] == spoken, "in the order of the note"


@pytest.mark.skipif("RUSHES_NOTE" not in os.environ, reason="RUSHES_NOTE names no note of the same shape")
def test_the_note_that_this_project_grew_from() -> None:
    path = Path(os.environ["RUSHES_NOTE"])
    assert shape(read_script(path, Vault.around(path))) == SHAPE


LOGSEQ = """\
- ## Script
\t- #### The pond
\t  collapsed:: true
\t\t- One ==stone== and [[Wheels|a wheel]].
\t\t  id:: 01234567-89ab-cdef-0123-456789abcdef
\t\t\t- ![a wheel](../assets/wheel.png){:height 2, :width 3}
\t\t- Two {calm.rating.last:.1f} ^^stones^^.
\t\t  claim:: calm.rating.last > 5
\t\t  hold:: 1
\t\t\t- the curve
\t\t\t  scene:: curve run=wild
\t\t\t  at:: stones
\t- #### The gate
\t  heading:: 4
\t\t- TODO Three.
\t\t\t- #+BEGIN_QUOTE
\t\t\t  stone by stone
\t\t\t  #+END_QUOTE
\t\t- Four.
\t\t\t- | a | b |
\t\t\t  |---|---|
\t\t\t  | 1 | 2 |
\t\t\t- #+BEGIN_SRC python
\t\t\t  x = 1
\t\t\t  #+END_SRC
\t\t\t- https://example.org
\t- ## Video Description
\t\t- About it.
"""
OBSIDIAN = """\
# Script
## The pond
* One ==stone== and [[Wheels|a wheel]]. ^stone-one
    * ![[wheel.png|a wheel]]
* Two {calm.rating.last:.1f} ==stones==.
  claim:: calm.rating.last > 5
  hold:: 1
    * the curve
      scene:: curve run=wild
      at:: stones

## The gate
* [ ] Three.
    > stone by stone
* Four.
    | a | b |
    |---|---|
    | 1 | 2 |

    ```python
    x = 1
    ```
    * <https://example.org>

# Video Description
About it.
"""
PROSE = """\
# The pond
One ==stone== and [[Wheels|a wheel]].

![[wheel.png|a wheel]]

Two {calm.rating.last:.1f} ==stones==.
claim:: calm.rating.last > 5
hold:: 1

{{scene curve run=wild}}
at:: stones

# The gate
- [ ] Three.

> stone by stone

Four.

| a | b |
|---|---|
| 1 | 2 |

```python
x = 1
```

https://example.org

# Video Description
About it.
"""


@pytest.mark.parametrize("other", [OBSIDIAN, PROSE])
def test_a_script_says_and_shows_the_same_in_logseq_and_in_obsidian(other: str) -> None:
    one, two = read(LOGSEQ), read(other)
    assert said(one) == said(two)
    assert one.description == two.description
    for a, b in zip(one.beats, two.beats, strict=True):
        assert a.id == b.id
        assert [(cue.name, cue.word) for cue in a.cues] == [(cue.name, cue.word) for cue in b.cues]
        assert [number.written for number in a.numbers] == [number.written for number in b.numbers]
        assert [claim.written for claim in a.claims] == [claim.written for claim in b.claims]
        assert a.hold == b.hold
        for c, d in zip(a.directions, b.directions, strict=True):
            assert (c.scene, c.args, c.at) == (d.scene, d.args, d.at)
            assert c.scene or c.card == d.card
    assert [f.message for f in one.findings] == [f.message for f in two.findings]


def test_prose_under_headings_is_a_script() -> None:
    script = read(
        "# My film\nBefore.\n\n## One\nA\nb.\n\nC.\n* D.\n1. E.\n\n---\n## Two\n### Deep\nF.\n## Sources\nG.\n"
    )
    assert said(script) == [("My film", ["Before."]), ("One", ["A b.", "C.", "D.", "E."]), ("Deep", ["F."])]
    assert script.title == "My film"
    assert [section.title for section in script.left_out] == ["Two", "Sources"]


def test_headings_that_are_underlined_and_links_by_reference_are_what_they_are_elsewhere() -> None:
    here = "# Film\n\n## One\nSee [the paper](https://a.example/b).\n\n## Video Description\n[Paper](https://a.example/b).\n"
    other = "Film\n====\n\nOne\n---\nSee [the paper][1].\n\nVideo Description\n---\n[Paper][1].\n\n[1]: https://a.example/b\n"
    one, two = read(here), read(other)
    assert said(one) == said(two) == [("One", ["See the paper."])]
    assert (one.title, one.description) == (two.title, two.description) == ("Film", "Paper (https://a.example/b).")
    assert [(link.target, link.label) for link in one.links] == [(link.target, link.label) for link in two.links]


def test_what_follows_a_paragraph_is_shown_while_it_is_said() -> None:
    script = read(
        "## A\nOne.\n\n> stone\n\n| a |\n|---|\n| 1 |\n\n```\nx\n```\n\n![[a.png]]\n\nTwo.\n\n- X: a\n- Y: b\n- Z: c\n"
    )
    one, two, *rest = script.beats
    assert [type(d.card) for d in one.directions] == [Quote, Table, Code, Picture]
    assert (two.template, two.directions) == ("Two.", ())
    assert [beat.template for beat in rest] == ["X: a", "Y: b", "Z: c"], "bullets are said, however short"


def test_a_picture_before_any_words_is_shown_with_the_first() -> None:
    script = read("## A\nOne.\n## B\n![[b.png]]\n\nTwo.\n\n![[c.png]]\n\nThree.\n")
    assert [[d.card.caption for d in beat.directions if isinstance(d.card, Picture)] for beat in script.beats] == [
        [], ["b.png", "c.png"], [],
    ]  # fmt: skip


def test_a_section_of_nothing_but_a_picture_is_silent() -> None:
    script = read("## A\nOne.\n## B\n![[b.png]]\n## C\nThree.\n")
    assert said(script) == [("A", ["One."]), ("B", [""]), ("C", ["Three."])]


def test_a_beat_that_only_shows_something_belongs_to_the_one_before() -> None:
    script = read("## Script\n- #### A\n\t- One.\n\t- ![[a.png]]\n\t- https://x.example\n\t- scene:: dot\n\t- Two.\n")
    assert [beat.template for beat in script.beats] == ["One.", "Two."]
    assert [(d.scene, type(d.card)) for d in script.beats[0].directions] == [
        (None, Picture), (None, Site), ("dot", Slate),
    ]  # fmt: skip


def test_a_beat_without_words_that_takes_its_time_is_silent() -> None:
    script = read("## Script\n- #### A\n\t- One.\n\t- {{scene dot}}\n\t  hold:: 3\n\t- Two.\n")
    assert [(beat.template, beat.hold) for beat in script.beats] == [("One.", 0), ("", 3), ("Two.", 0)]


def test_a_paragraph_names_its_scene_itself() -> None:
    (beat,) = read("## A\nOne two.\nscene:: dot\nat:: two\n").beats
    assert [(d.scene, d.at) for d in beat.directions] == [("dot", "two")]


def test_a_slip_in_a_bullet_of_nothing_but_a_scene_is_reported() -> None:
    (finding,) = read("## Script\n- #### A\n\t- One.\n\t- secne:: dot\n").findings
    assert (finding.level, finding.source.line, finding.suggestion) == ("warning", 4, "did you mean 'scene'?")


def test_a_claim_without_a_sentence_is_an_error() -> None:
    script = read("## Script\n- #### A\n\t- One.\n\t-\n\t  claim:: a.b.last > 1\n")
    assert [(f.level, f.source.line) for f in script.findings] == [("error", 5)]


@pytest.mark.parametrize("marker", ["TODO", "DOING", "LATER", "NOW", "WAITING", "[ ]"])
def test_a_beat_that_is_not_final_is_said_and_reported(marker: str) -> None:
    script = read(f"## Script\n- #### A\n\t- {marker} One.\n")
    assert [beat.template for beat in script.beats] == ["One."]
    (finding,) = script.findings
    assert (finding.level, finding.source.line) == ("warning", 3)
    assert "not final" in finding.message


def test_a_beat_that_is_done_is_final_and_a_cancelled_one_is_muted() -> None:
    script = read("## Script\n- #### A\n\t- DONE One.\n\t- [x] Two.\n\t- CANCELED Three.\n\t- Four.\n\t  say:: no\n")
    assert [beat.template for beat in script.beats] == ["One.", "Two."]
    assert [(finding.level, finding.source.line) for finding in script.findings] == [("warning", 5)]


@pytest.mark.parametrize(
    "heading",
    ["Script", "script:", "Script/Outline", "**Script**", "🎬 Script", "2. Voice-over", "Script (draft)", "OUTLINE"],
)
def test_a_script_goes_by_many_names(heading: str) -> None:
    script = read(f"## Ideas\n- nothing\n## {heading}\n- One.\n")
    assert said(script) == [("", ["One."])]
    assert [section.title for section in script.left_out] == ["Ideas", "nothing"]


def test_an_outline_beside_a_script_is_not_said() -> None:
    script = read("## Outline\n- One.\n## Script\n- Two.\n")
    assert said(script) == [("", ["Two."])]
    assert [finding.level for finding in script.findings] == ["warning"]


def test_a_part_inside_the_script_leaves_it() -> None:
    script = read(
        "## Script\n- #### A\n\t- One.\n\t\t- ##### Pinned Comment\n\t\t\t- Hello.\n\t- Two.\n- ### Titles\n\t- T\n"
    )
    assert (said(script), script.pinned, script.titles) == ([("A", ["One.", "Two."])], ("Hello.",), ("T",))


def test_a_name_almost_right_is_asked_about() -> None:
    script = read("## Script\n- One.\n## Video Descripton\n- About.\n")
    (finding,) = script.findings
    assert (finding.level, finding.source.line) == ("warning", 3)
    assert finding.suggestion == "did you mean 'video description'?"
    assert [section.title for section in script.left_out] == ["Video Descripton", "About."]


def test_a_section_without_a_word_is_asked_about() -> None:
    script = read("## Script\n- #### A\n- #### B\n\t- One.\n")
    assert [section.title for section in script.sections] == ["B"]
    assert [(finding.level, finding.source.line) for finding in script.findings] == [("warning", 2)]


def test_a_title_and_a_heading_hold_no_measured_number() -> None:
    script = read("## Titles\n- To {a.b.last:.1f}\n## Script\n### To {a.b.last:.1f}\n- One.\n")
    assert [(finding.level, finding.source.line) for finding in script.findings] == [("error", 2), ("error", 4)]
    assert (script.titles, script.sections[0].title) == (("To {a.b.last:.1f}",), "To {a.b.last:.1f}")


def test_words_below_a_title_are_no_title() -> None:
    script = read(
        "## Title & Thumbnail\n- One\n\t- too long?\n- Two #shorts\n### Thumbnail\nA face.\n## Script\n- S.\n"
    )
    assert script.titles == ("One", "Two #shorts")
    assert [section.title for section in script.left_out] == ["too long?", "A face."]


def test_a_description_keeps_addresses_hashtags_and_lines_of_links() -> None:
    script = read(
        "## Video Description\nSee [the *paper*](https://a.example/b_c) by\nus.\n\nCode: https://c.example\n"
        "Data: <https://d.example>\n\n- #rlhf #[[language models]] {{video https://e.example}}\n## Script\n- S.\n"
    )
    assert script.description == (
        "See the paper (https://a.example/b_c) by us.\n\nCode: https://c.example\nData: https://d.example\n\n"
        "#rlhf #language models https://e.example"
    )
    assert len(script.links) == 4


def test_links_are_in_order_of_mention() -> None:
    script = read(
        "## Script\n- A [[b]] and ((01234567-89ab-cdef-0123-456789abcdef)).\n\t- > of [[c]]\n\t- X: [[d]]\n- https://e.example\n"
    )
    assert [(link.kind, link.target[:4]) for link in script.links] == [
        ("note", "b"), ("block", "0123"), ("note", "c"), ("note", "d"), ("url", "http"),
    ]  # fmt: skip


def test_a_block_reference_is_said_as_the_block_it_names(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    uuid = "01234567-89ab-cdef-0123-456789abcdef"
    (tmp_path / "other.md").write_text(f"- ==Two stones==.\n  id:: {uuid}\n")
    path = tmp_path / "film.md"
    path.write_text(f"## Script\n- One. (({uuid}))\n\t- show (({uuid}))\n- (({uuid}))\n")
    one, two = read_script(path, Vault.around(path)).beats
    assert (one.template, two.template) == ("One. Two stones.", "Two stones.")
    assert [cue.name for cue in one.cues] == ["two-stones"]
    assert one.directions[0].card == Slate(lines=("show Two stones.",), section="", beat=1)


def test_equal_beats_have_ids_of_their_own() -> None:
    script = read("## Script\n" + "- Again.\n" * 3000)
    assert len({beat.id for beat in script.beats}) == 3000


def test_the_list_of_points_of_a_beat_is_no_beat() -> None:
    (beat,) = read("## Script\n- One:\n\t- A: b\n\t- C: d\n\t- E: f\n").beats
    assert [type(direction.card) for direction in beat.directions] == [Listing]


def test_ids_are_the_same_when_a_beat_moves_to_another_line() -> None:
    script, moved = read(LOGSEQ), read("\n\n" + LOGSEQ)
    assert [beat.id for beat in script.beats] == [beat.id for beat in moved.beats]
    assert [replace(beat, source=beat.source).last_line + 2 for beat in script.beats] == [
        b.last_line for b in moved.beats
    ]
