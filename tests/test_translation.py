"""Translations: which beat is which, what changed since, and the captions that come of it."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.caption_files import ass, srt, ttml, vtt
from rushes.caption_lint import lint
from rushes.captions import YOUTUBE, Caption, TimedWord, captions, fitting, read_in, rows
from rushes.check import Checked, check_note
from rushes.cli import main
from rushes.console import Console
from rushes.heard import MUSIC, heard, spoken_as
from rushes.house import House
from rushes.language import language
from rushes.phrases import grammar, joined, parts_a_phrase, segments
from rushes.pipeline import caption, make_film
from rushes.placing import estimate, lay_out
from rushes.read_captions import read_captions
from rushes.read_script import parse_script
from rushes.translation import originals, read_translation

SCRIPT = """\
---
title: Small
voice: silent
---
## Script
- #### Calm
\t- It ==rises== to {calm.rating.last:.1f}. Then it stays there.
\t\t- scene:: dot
\t- Nobody minds.
- #### Wild
\t- This one falls.
\t  sound:: ding at falls +1.5
\t  hold:: 3
\t\t- scene:: dot
"""
GERMAN = ["Er steigt auf {calm.rating.last:.1f}. Dann bleibt er da.", "Keinen stört es.", "Dieser fällt."]


@pytest.fixture
def house(repository: Path) -> House:
    (repository / "small.md").write_text(SCRIPT)
    return House(root=repository, build=repository / "build", size=(160, 90), fps=15)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    return said.out + said.err


def translated(house: House, *, into: str = "de", texts: list[str] = GERMAN) -> Path:
    """The note that `rushes translate` writes, filled in as somebody would."""
    assert main(["translate", str(house.root / "small.md"), "--to", into, "--folder", str(house.root)]) == 0
    path = house.root / f"small.{into}.md"
    lines, said = path.read_text().split("\n"), iter(texts)
    path.write_text("\n".join(line + next(said) if line == "\t- " else line for line in lines))
    return path


def checked(house: House) -> Checked:
    found = check_note(house.root / "small.md", house)
    return replace(found, findings=tuple(f for f in found.findings if "chapters" not in f.message))


def test_a_note_to_translate_in_has_every_beat_and_an_empty_place_for_each(house: House) -> None:
    assert main(["translate", str(house.root / "small.md"), "--to", "de", "--folder", str(house.root)]) == 0
    assert (house.root / "small.de.md").read_text().split("## Script\n")[1] == (
        "- #### Calm\n"
        "\t- \n\t  original:: It rises to {calm.rating.last:.1f}. Then it stays there.\n"
        "\t- \n\t  original:: Nobody minds.\n"
        "- #### Wild\n"
        "\t- \n\t  original:: This one falls.\n"
    )
    (finding,) = checked(house).findings
    assert "not yet in German: 3 beats, line 7–11 of the script" in finding.message


def test_a_film_has_a_track_in_every_language(house: House) -> None:
    translated(house)
    film = make_film(house.root / "small.md", house, Console(as_json=True), with_placeholders=True, stems=True)
    read = {}
    for n, tag in enumerate(("eng", "deu")):
        with av.open(str(film.path)) as file:
            stream = file.streams.subtitles[n]
            assert stream.metadata["language"] == tag
            assert bool(stream.disposition & av.stream.Disposition.default) == (tag == "eng")
            read[tag] = [bytes(packet)[2:].decode() for packet in file.demux(stream) if packet.size > 2]
    assert len(read) == len(av.open(str(film.path)).streams.subtitles)
    assert read["eng"][:3] == ["It rises to 7.4.", "Then it stays there.", "Nobody minds."]
    assert read["deu"] == ["Er steigt auf 7,4.", "Dann bleibt er da.", "Keinen stört es.", "Dieser fällt.", "[ding]"]
    about = json.loads((film.path.parent / "film.json").read_text())
    assert {f"captions.de.{kind}" for kind in ("srt", "vtt", "ass", "ttml")} < set(about["made"])
    assert about["translations"]["de"] | {"sha256": ""} == {
        "note": "small.de.md", "sha256": "", "sentences": 3, "missing": [], "changed": [],
    }  # fmt: skip
    assert [take["recorded"] for take in about["takes"]] == [False] * 3
    assert [take["voice"] for take in about["takes"]] == ["silent"] * 3
    assert (about["music"], about["effects"]) == (None, [["ding", film.timeline.effects[0][1]]])
    stems = film.path.parent / "stems"
    assert sorted(path.name for path in stems.iterdir()) == ["effects.wav", "narration.wav"]
    assert 'xml:lang="de"' in (film.path.parent / "captions.de.ttml").read_text()
    assert "<00:" not in (film.path.parent / "captions.de.vtt").read_text(), "when a word of it is said is not known"
    (house.root / "small.de.md").unlink()
    assert make_film(house.root / "small.md", house, Console(as_json=True), with_placeholders=True).rendered == 0
    assert not list(film.path.parent.glob("captions.de.*")), "they would be published"


def test_what_is_not_translated_is_captioned_as_it_is_said(house: House) -> None:
    translated(house, texts=["", *GERMAN[1:]])
    _, (made, _) = caption(house.root / "small.md", house, Console(as_json=True), YOUTUBE, only_lint=True)
    assert [" ".join(one.lines) for one in made.captions][:3] == [
        "It rises to 7.4.", "Then it stays there.", "Keinen stört es.",
    ]  # fmt: skip


def test_a_translation_knows_what_it_translated(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    path = translated(house)
    assert checked(house).findings == ()
    script = house.root / "small.md"
    script.write_text(SCRIPT.replace("==rises==", "rises").replace("Nobody minds.", "Nobody minds it."))
    (finding,) = checked(house).findings
    assert (finding.source.path, finding.source.line) == (
        path,
        path.read_text().split("\n").index("\t- Keinen stört es.") + 2,
    )
    assert finding.level == "warning"
    assert "“Nobody minds it.”" in finding.suggestion
    before = path.read_text()
    command = ["translate", str(script), "--to", "de", "--folder", str(house.root)]
    assert main(command) == 0
    assert path.read_text() == before, "only a person knows whether it is translated"
    assert "2 translated, 1 changed, 0 missing" in told(capsys)
    assert main([*command, "--accept"]) == 0
    assert checked(house).findings == ()
    assert path.read_text() == before.replace("original:: Nobody minds.", "original:: Nobody minds it.")


def test_only_what_is_missing_is_added_where_it_belongs(house: House) -> None:
    path = translated(house)
    path.write_text(path.read_text().replace("\t- Keinen stört es.", "\t- Keinen stört es. %% besser? %%"))
    before = path.read_text().split("\n")
    more = SCRIPT.replace("\t- Nobody", "\t- It waits.\n\t- Nobody").replace(
        "- #### Wild", "- #### New\n\t- A word.\n- #### Wild"
    )
    (house.root / "small.md").write_text(more)
    assert main(["translate", str(house.root / "small.md"), "--to", "de", "--folder", str(house.root)]) == 0
    after = path.read_text().split("\n")
    added = [
        (8 + 2, ["\t- ", "\t  original:: It waits."]),
        (8 + 6, ["- #### New", "\t- ", "\t  original:: A word."]),
    ]  # fmt: skip
    for at, lines in added:
        assert after[at : at + len(lines)] == lines
    rest = list(after)
    for at, lines in reversed(added):
        del rest[at : at + len(lines)]
    assert rest == before, "nothing that was there has changed"
    assert [unit.original is None for unit in checked(house).translations[0].units] == [False] * 5


def test_a_translation_by_hand_is_matched_by_order(house: House) -> None:
    (house.root / "small.pt-BR.md").write_text(
        "## Script\n### Calma\n- Sobe a {calm.rating.last:.1f}. E fica.\n- Ninguém liga.\n  - uma direção\n"
        "### Selvagem\n- Cai.\n"
    )
    (other,) = checked(house).translations
    assert (other.language.alpha3, list(other.texts.values())) == (
        "por", ["Sobe a 7,4. E fica.", "Ninguém liga.", "Cai."],
    )  # fmt: skip
    assert (other.missing, other.changed, other.findings) == ((), (), ())


def test_a_section_alone_has_its_translation(house: House) -> None:
    translated(house)
    found = check_note(house.root / "small.md", house, "Wild")
    assert found.findings == ()
    assert found.translations[0].texts[found.script.beats[0].id] == GERMAN[2]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True), st.data())
def test_whatever_is_put_in_or_taken_out_the_rest_keeps_its_translation(numbers: list[int], data: st.DataTest) -> None:
    def script(each: list[int]) -> str:
        return "## Script\n" + "".join(f"- Sentence {'abcdefghijklmnopqrstuvwxyzABCDE'[n] * 4} here.\n" for n in each)

    later = data.draw(st.lists(st.sampled_from(numbers), unique=True).map(sorted))
    later = [n for n in numbers if n in later]
    later[:0] = [n for n in range(3) if n not in numbers]
    if not later:
        return
    first = originals(parse_script(script(numbers), Path("film.md")))
    note = "## Script\n" + "".join(f"- Satz {one.text}\n  original:: {one.text}\n" for one in first)
    says = originals(parse_script(script(later), Path("film.md")))
    path = Path("film.de.md")
    spoken = language("de")
    assert spoken
    with TemporaryDirectory() as folder:
        (Path(folder) / path).write_text(note)
        found = read_translation(spoken, Path(folder) / path, says, str)
    texts = {one.text: one.id for one in says}
    for one in first:
        if one.text in texts:
            assert found.texts[texts[one.text]] == f"Satz {one.text}"
    assert {one.text for one in found.missing} | {one.text for one in found.changed} >= set(texts) - {
        o.text for o in first
    }


# ---------------------------------------------------------------------- times
def said(text: str, *starts: int) -> list[TimedWord]:
    return [TimedWord(word, at, at + 10) for word, at in zip(text.split(), starts, strict=True)]


def test_a_translated_sentence_is_shown_while_its_own_is_said() -> None:
    words = said("It fell. Then it rose.", 0, 10, 60, 70, 80)
    found = spoken_as("Es fiel, und zwar tief. Dann stieg es.", words, "de")
    assert [word.text for word in found if word.start < 50] == ["Es", "fiel,", "und", "zwar", "tief."]
    assert (found[0].start, found[4].end, found[5].start, found[-1].end) == (0, 20, 60, 90)
    assert all(a.end <= b.start + 1 for a, b in pairwise(found))
    whole = spoken_as("Es fiel, dann stieg es.", words, "de")
    assert (whole[0].start, whole[-1].end) == (0, 90)
    assert not any(20 < word.start < 60 for word in whole), "nothing begins while nobody speaks"


@given(
    st.lists(st.tuples(st.text("ab", min_size=1, max_size=9), st.integers(0, 30), st.integers(0, 20)), min_size=1),
    st.lists(st.text("xyz.", min_size=1, max_size=12), min_size=1),
)
def test_translated_words_are_in_order_within_their_beat(ours: list[tuple[str, int, int]], theirs: list[str]) -> None:
    words, at = [], 0
    for text, gap, length in ours:
        words.append(TimedWord(text, at + gap, at + gap + length))
        at += gap + length
    found = spoken_as(" ".join(theirs), words, "de")
    assert [word.text for word in found] == theirs
    assert all(word.start <= word.end for word in found)
    assert all(a.start <= b.start for a, b in pairwise(found))
    assert words[0].start <= found[0].start
    assert found[-1].end <= words[-1].end


# ---------------------------------------------------------------------- languages
@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("de", ("deu", "1.234,5", "53 %")), ("de-CH", ("deu", "1’234.5", "53%")), ("pt-BR", ("por", "1.234,5", "53%")),
        ("zh-Hant", ("zho", "1,234.5", "53%")), ("ja", ("jpn", "1,234.5", "53%")), ("nl", ("nld", "1.234,5", "53%")),
        ("en-GB", ("eng", "1,234.5", "53%")), ("he", ("heb", "1,234.5", "53%")),
    ],
)  # fmt: skip
def test_a_language_has_its_code_and_writes_numbers_its_own_way(tag: str, found: tuple[str, str, str]) -> None:
    spoken = language(tag)
    assert spoken is not None
    assert (spoken.tag, spoken.alpha3, spoken.number("1,234.5"), spoken.number("53%")) == (tag, *found)


@pytest.mark.parametrize("tag", ["old", "bak", "film", "v2", "deu", "", "x-foo", "de-XX"])
def test_what_is_no_language_makes_no_translation(tag: str) -> None:
    assert language(tag) is None


CHINESE = (
    "这是一个小小的语言模型。它的语法没有问题，但是它的礼貌却一点也没有。"
    "我们使用GPT-2模型，删掉了一个减号，它就变坏了。"
)
JAPANESE = "これは小さな言語モデルです。文法は正しいのですが、礼儀はまったくありません。"


@pytest.mark.parametrize(
    ("text", "tag"), [(CHINESE, "zh"), (CHINESE, "zh-TW"), (JAPANESE, "ja"), ("มันเป็นแบบจำลองภาษาขนาดเล็ก", "th")]
)
def test_a_text_without_spaces_is_broken_between_phrases(text: str, tag: str) -> None:
    words = segments(text, tag)
    assert joined(words) == text
    assert len(words) > 5


@given(st.text(alphabet=CHINESE + " abc", max_size=60))
def test_phrases_together_are_the_text(text: str) -> None:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    assert joined(segments(plain, "zh")) == plain


@pytest.mark.parametrize(("text", "tag", "width"), [(CHINESE, "zh", 16), (JAPANESE, "ja", 13)])
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_wide_characters_are_counted_by_their_width(
    tmp_path: Path, text: str, tag: str, width: int, size: tuple[int, int]
) -> None:
    words = [TimedWord(f"word{n}{'.' if n % 9 == 8 else ''}", 20 * n, 20 * n + 18) for n in range(27)]
    profile = fitting(size, read_in(tag))
    told = spoken_as(text, words, tag)
    found = captions([told], fps=30, frames=700, profile=profile, language=tag)
    assert "".join(line for one in found for line in one.lines) == text
    assert max(profile.long(line) for one in found for line in one.lines) <= min(width, 13 if size[0] < size[1] else 16)
    assert not any(
        "line" in fault.message or fault.level == "error" for fault in lint(found, 30, profile, language=tag)
    )
    assert [[w.text for w in row] for one in found for row in rows(one)] != []
    for name, content in (("a.srt", srt(found, 30)), ("a.vtt", vtt(found, 30)), ("b.vtt", vtt(found, 30, False))):
        (tmp_path / name).write_text(content)
        assert [one.lines for one in read_captions(tmp_path / name).captions] == [one.lines for one in found]
    assert "\u200b" not in ass(found, 30, size) + ttml(found, 30, tag) + vtt(found, 30)


def test_every_language_breaks_by_its_own_words() -> None:
    assert parts_a_phrase("der", "Pfeil", grammar("de"))
    assert not parts_a_phrase("an", "Bord", grammar("de")), "a preposition, and in English an article"
    assert parts_a_phrase("96", "%", grammar("de"))
    assert parts_a_phrase("3", "904", grammar("cs"))
    words = said("Er sah in der Nacht, dass der Pfeil fiel, und niemand hielt ihn auf.", *range(0, 210, 15))
    lines = [line for one in captions([words], fps=30, frames=400, language="de") for line in one.lines]
    assert lines == ["Er sah in der Nacht, dass der Pfeil fiel,", "und niemand hielt ihn auf."]


# ---------------------------------------------------------------------- sounds
def test_an_effect_is_told_when_it_is_heard() -> None:
    script = parse_script(
        SCRIPT.replace("sound:: ding at falls", "sound:: tick at one; ding at falls"), Path("small.md")
    )
    texts = [beat.text(["8.0"] * len(beat.numbers)) for beat in script.beats]
    timeline = lay_out(script, texts, [estimate(text) for text in texts], fps=30, size=(160, 90))
    told = [word for one in heard(timeline) for word in one.words]
    assert [word.text for word in told][-5:] == ["This", "one", "[tick]", "falls.", "[ding]"]
    (ding,) = (frame for name, frame in timeline.effects if name == "ding")
    found: tuple[Caption, ...] = captions([one.words for one in heard(timeline)], fps=30, frames=timeline.frames)
    assert found[-1].lines == ("[ding]",)
    assert ding - 8 <= found[-1].start <= ding
    assert found[-1].end - found[-1].start >= 30


def test_music_is_told_where_nothing_else_is_heard_for_long() -> None:
    script = parse_script(SCRIPT.replace("sound:: ding at falls +1.5\n\t  hold:: 3", "hold:: 9"), Path("small.md"))
    texts = [beat.text(["8.0"] * len(beat.numbers)) for beat in script.beats]
    timeline = lay_out(script, texts, [estimate(text) for text in texts], fps=30, size=(160, 90))

    def marks(**told: bool) -> list[TimedWord]:
        return [word for one in heard(timeline, **told) for word in one.words if word.text == MUSIC]

    (mark,) = marks(music=True)
    last = timeline.beats[-1].words[-1].end
    assert (mark.start, mark.end) == (last + 15, timeline.frames - 15)
    assert marks() == []
    timeline = replace(timeline, silences=((last - 5, timeline.frames),))
    assert marks(music=True) == []
