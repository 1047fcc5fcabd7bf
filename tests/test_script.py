"""Blocks become sections, beats, directions, cues, numbers and claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.inline import find_phrase
from rushes.measured import Reference
from rushes.read_script import parse_script
from rushes.script import Script
from rushes.slug import slug

SCRIPT = """\
---
title: A film
voice: silent
spoken: {KL: K L}
---
## Concept
Not spoken, and neither is this: ==nothing==.
## Titles
- First title
- Second title
## Script
- #### One
\t- A **bold** word, a [link](http://x.y), a [[page|name]] and ==two words== %%not this%% {calm.rating.last:.1f}.
\t  claim:: calm.rating.last > 5; calm.kl.max < 10
\t\t- look here
\t\t  scene:: curve run=wild
\t\t  at:: bold word
\t\t- {{scene dot}}
\t- Not ready.
\t  say:: no
\t\t- only shown
\t- Say β.
\t  spoken:: β = beta
\t  hold:: 1.5
- ### Video Description
\t- It went from {calm.rating.first:.0f} up.
"""


def read(text: str) -> Script:
    return parse_script(text, Path("scripts/x.md"))


def test_a_script_is_read_whole() -> None:
    script = read(SCRIPT)
    assert script.findings == ()
    assert (script.title, script.voice, script.size) == ("A film", "silent", "tiny")
    assert script.titles == ("First title", "Second title")
    assert [section.title for section in script.sections] == ["One"]
    assert [beat.text(["8.0"]) for beat in script.beats] == [
        "A bold word, a link, a name and two words 8.0.",
        "",
        "Say β.",
    ]


def test_a_cue_is_a_word_of_its_beat() -> None:
    (beat, *_) = read(SCRIPT).beats
    (cue,) = beat.cues
    assert (cue.name, beat.template.split()[cue.word]) == ("two-words", "two")
    assert (cue.source.line, cue.source.text[cue.source.column - 1 :][:13]) == (13, "==two words==")


def test_a_number_keeps_its_reference_its_form_and_its_place() -> None:
    script = read(SCRIPT)
    (number,) = script.beats[0].numbers
    assert number.reference == Reference("calm", "rating", "last")
    assert (number.format, number.source.line) == (".1f", 13)
    assert [n.written for n in script.numbers] == ["{calm.rating.last:.1f}", "{calm.rating.first:.0f}"]


def test_a_cue_on_a_number_is_named_by_what_it_is() -> None:
    script = read("## Script\n- #### A\n\t- It is =={calm.rating.last:.1f}== now, =={wild.kl.max:.0f} nats==.\n")
    assert [(cue.name, cue.word) for cue in script.beats[0].cues] == [("rating-last", 2), ("kl-max-nats", 4)]


def test_directions_name_scenes_by_property_or_by_macro() -> None:
    first, second = read(SCRIPT).beats[0].directions
    assert (first.scene, first.args, first.at, first.text) == ("curve", {"run": "wild"}, "bold word", "look here")
    assert (second.scene, second.args, second.text) == ("dot", {}, "")


def test_claims_have_two_sides() -> None:
    claims = [(str(c.left), c.sign, c.right) for c in read(SCRIPT).beats[0].claims]
    assert claims == [("calm.rating.last", ">", 5.0), ("calm.kl.max", "<", 10.0)]


def test_pronunciations_of_the_beat_add_to_the_scripts() -> None:
    last = read(SCRIPT).beats[-1]
    assert (last.spoken, last.hold) == ({"KL": "K L", "β": "beta"}, 1.5)


def test_a_beats_id_survives_edits_elsewhere() -> None:
    before = {beat.template: beat.id for beat in read(SCRIPT).beats}
    edited = SCRIPT.replace("- #### One\n", "- #### One\n\t- A new first beat.\n").replace("Say β.", "Say β now.")
    after = {beat.template: beat.id for beat in read(edited).beats}
    kept = before.keys() & after.keys()
    assert len(kept) == 2
    assert all(before[text] == after[text] for text in kept)
    assert len(set(after.values())) == len(after)


def test_other_braces_and_macros_are_not_numbers() -> None:
    said = "See ![x](../assets/a.png){:height 2, :width 3} {{video https://x.y/z}} this."
    script = read(f"## Script\n- #### A\n\t- {said}\n")
    assert script.findings == ()
    assert script.beats[0].template.split() == ["See", "this."]


@pytest.mark.parametrize(
    ("phrase", "words", "found"),
    [
        ("minus sign", "a Minus, sign and a minus sign", [1, 5]),
        ("don't", "I don’t", [1]),
        ("the", "them the", [1]),
        ("—", "a — b", []),
    ],
)
def test_a_phrase_is_found_by_its_words(phrase: str, words: str, found: list[int]) -> None:
    assert find_phrase(phrase, words.split()) == found


def test_slug() -> None:
    assert slug("Deleted a *single* minus sign!") == "deleted-a-single-minus-sign"


def test_a_bookmark_is_a_cue_of_its_name() -> None:
    said = "<bookmark mark='first'/>One <bookmark mark=\"B\"/> two th<bookmark mark='in_it'/>ree ==four=="
    said += "<bookmark mark='end'/>."
    script = read(f"## Script\n- #### A\n\t- {said}\n")
    (beat,) = script.beats
    assert beat.template == "One two three four."
    assert [(cue.name, cue.word) for cue in beat.cues] == [
        ("first", 0),
        ("B", 1),
        ("in_it", 2),
        ("four", 3),
        ("end", 3),
    ]
    assert beat.cues[1].source.text[beat.cues[1].source.column - 1 :].startswith('<bookmark mark="B"/>')


@pytest.mark.parametrize(
    ("below", "kind", "at"),
    [
        ("\t\t- > so it is\n\t\t  at:: two\n", "Quote", "two"),
        ("\t\t- | a | b |\n\t\t  |---|---|\n\t\t  | 1 | 2 |\n\t\t  at:: two\n", "Table", "two"),
        ("\t\t- ```\n\t\t  x\n\t\t  ```\n\t\t  at:: two\n", "Code", "two"),
        ("\t\t- Ada interview clip\n\t\t  at:: two\n\t\t\t- > so it is\n", "Quote", "two"),
        ("\t\t- Ada\n\t\t  at:: one\n\t\t\t- > so it is\n\t\t\t  at:: two\n", "Quote", "two"),
        ("\t  at:: two\n\t\t- > so it is\n", "Quote", "two"),
        ("\t\t- ![[a.png]]\n\t\t  at:: two\n", "Picture", "two"),
    ],
)
def test_whatever_a_bullet_shows_starts_on_the_words_that_it_names(below: str, kind: str, at: str) -> None:
    script = read(f"## Script\n- #### A\n\t- One two.\n{below}")
    (direction,) = script.beats[0].directions
    assert (type(direction.card).__name__, direction.at, script.findings) == (kind, at, ())
    assert direction.at_source.text.strip().endswith(f"at:: {at}")


@pytest.mark.parametrize("key", ["at", "transition", "audio"])
def test_what_is_said_of_no_picture_is_told(key: str) -> None:
    value = {"at": "one", "transition": "fade", "audio": "keep"}[key]
    for said in (f"\t- One.\n\t  {key}:: {value}\n", f"\t- One.\n\t\t- {key}:: {value}\n"):
        (finding,) = read(f"## Script\n- #### A\n{said}").findings
        assert (finding.level, finding.source.line) == ("warning", 4)
        assert finding.source.text[finding.source.column - 1 :].startswith(f"{key}::")


def test_what_is_left_out_of_titles_and_result_is_told() -> None:
    script = read(
        "## Title & Thumbnail\n![a](a.png)\n\n- A title ![b](b.png)\n\t- ```\n\t  {{scene dot}} some code\n\t  ```\n"
        "## Script\n- Words.\n## Result\n- https://example.org/x ![c](c.png)\n\n[http://example.org/y\n"
    )
    assert script.titles == ("A title",)
    assert script.thumbnail is not None
    assert script.thumbnail.caption == "a"
    assert not script.posters
    left = [section.title for section in script.left_out]
    assert [part for part in ("b", "{{scene dot}} some code") if part in left] == ["b", "{{scene dot}} some code"]
    assert any("c.png" in title for title in left)


def test_a_heading_that_is_partly_crossed_out_says_so() -> None:
    script = read("## Script\n### The ~~old~~ gate\n- It ~~opens\n  and~~ shuts.\n## Titles\n- A ~~bad~~ title\n")
    assert [section.title for section in script.sections] == ["The gate"]
    crossed = [finding for finding in script.findings if "crossed out" in finding.message]
    assert [finding.source.line for finding in crossed] == [3, 4, 2, 6]


@pytest.mark.parametrize(
    ("bullet", "warned"),
    [
        ("🎉 👩‍🚀", True), ("**✨**", True), ("🎉 words", False), ("—", False), ("* * *", False), ("…", False),
        ("🎉\n  say:: no", False), ("🎉\n  hold:: 2", False),
    ],
)  # fmt: skip
def test_a_bullet_of_nothing_but_emoji_is_told_of(bullet: str, warned: bool) -> None:
    told = [finding.message for finding in read(f"## Script\n- Words.\n- {bullet}\n").findings]
    assert told == (["this has no words, so it is shown and not said"] if warned else [])
