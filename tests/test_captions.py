import fractions
import html
import itertools
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pysubs2
import pytest
import webvtt
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from rushes.caption_files import ass, mov_text_header, mov_text_packets, srt, ttml, vtt
from rushes.caption_lint import lint
from rushes.captioned import captioned
from rushes.captions import PROFILES, Caption, Profile, TimedWord, captions, fitting
from rushes.check import check_note
from rushes.cli import main
from rushes.house import House
from rushes.placing import estimate, lay_out
from rushes.read_captions import read_captions

FPS = 30
TEXT = (
    "By morning the average had fallen, and nobody in the building knew why. The Values Coach praised every sample; "
    "the raters, who had read 28 of them, gave each one the worst mark there is."
)


def timed(text: str, start: int = 0, frames: int = 10) -> list[TimedWord]:
    """The words of `text`, each `frames` long, one after another."""
    words = text.split()
    return [TimedWord(word, start + i * frames, start + (i + 1) * frames) for i, word in enumerate(words)]


def made(text: str, frames: int = 10, tag: str = "en") -> tuple[Caption, ...]:
    words = timed(text, frames=frames)
    return captions([words], fps=FPS, frames=words[-1].end + 60, language=tag)


def seconds(stamp: str) -> int:
    """hh:mm:ss.mmm as milliseconds."""
    hours, minutes, rest = stamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(rest) * 1000)


@st.composite
def films(draw: st.DrawFn) -> tuple[list[list[TimedWord]], int]:
    word = st.text(alphabet="aBcd,.'-&<{\\é", min_size=1, max_size=14) | st.sampled_from(
        ["the", "and", "of", "to", "not", "28", "—", "Coach.", "x" * 60]
    )
    at = draw(st.integers(0, 40))
    beats = []
    for _ in range(draw(st.integers(0, 4))):
        beat = []
        for text in draw(st.lists(word, max_size=30)):
            at += draw(st.sampled_from([0, 0, 0, 1, 5, 40]))
            length = 0 if text == "—" and beat else draw(st.integers(3, 40))
            beat.append(TimedWord(text, at, at + length))
            at += length
        beats.append(beat)
        at += draw(st.integers(0, 60))
    return beats, at + draw(st.integers(1, 60))


@given(films(), st.sampled_from([*PROFILES.values(), fitting((1080, 1920))]))
def test_captions_hold_every_word_once_and_never_overlap(
    film: tuple[list[list[TimedWord]], int], profile: Profile
) -> None:
    beats, frames = film
    found = captions(beats, fps=FPS, frames=frames, profile=profile)
    assert [word for each in found for word in each.words] == [word for beat in beats for word in beat]
    for each in found:
        assert 0 <= each.start < each.end <= frames
        assert each.start <= each.words[0].start <= each.start + profile.early * FPS + 0.5
        assert all(each.start <= word.start <= each.end + profile.gap for word in each.words)
        assert each.end - each.start <= profile.longest * FPS or len(each.words) == 1
        assert " ".join(each.lines) == " ".join(word.text for word in each.words)
        assert 1 <= len(each.lines) <= profile.lines
        assert all(len(line) <= profile.width or " " not in line for line in each.lines)
        assert any(set(each.words) <= set(beat) for beat in beats)
    for each, following in itertools.pairwise(found):
        assert each.end <= following.start
        assert following.start >= min(each.words[-1].end, following.words[0].start), "not while the last one is said"
        gap = following.start - each.end
        assert gap >= min(profile.gap, following.start - each.words[0].start - 1)
        held = each.end - each.start >= (profile.longest - profile.chain - 0.1) * FPS
        assert not profile.gap < gap < profile.chain * FPS or held


@given(films())
def test_every_file_says_what_the_captions_say(film: tuple[list[list[TimedWord]], int]) -> None:
    beats, frames = film
    found = captions(beats, fps=FPS, frames=frames)
    shown = [(round(each.start * 1000 / FPS), round(each.end * 1000 / FPS), each.lines) for each in found]

    blocks = [block.split("\n") for block in srt(found, FPS).split("\n\n") if block]
    assert [tuple(block[2:]) for block in (b[: len(b) - (b[-1] == "")] for b in blocks)] == [x[2] for x in shown]

    head, *blocks = [block.strip("\n").split("\n") for block in vtt(found, FPS).split("\n\n") if block.strip("\n")]
    assert head == ["WEBVTT"]
    assert blocks.pop(0)[0] == "STYLE"
    for block, (start, end, lines), each in zip(blocks, shown, found, strict=True):
        stamps = [seconds(at) for line in block[1:] for at in re.findall(r"<([\d:.]+)>", line)]
        assert stamps == sorted(set(stamps)), "players skip a stamp that is not later than the one before"
        assert all(start < at < end for at in stamps)
        assert set(stamps) <= {round(word.start * 1000 / FPS) for word in each.words}
        bare = [re.sub(r"<[\d:.]+>", "", line) for line in block[1:]]
        assert tuple(map(html.unescape, bare)) == lines
        assert not any("<" in line or "-->" in line for line in bare)

    paragraphs = ElementTree.fromstring(ttml(found, FPS)).findall(".//{*}p")
    assert [(seconds(p.attrib["begin"]), seconds(p.attrib["end"]), tuple(p.itertext())) for p in paragraphs] == shown

    events = pysubs2.SSAFile.from_string(ass(found, FPS, (1920, 1080))).events
    assert [event.start for event in events] == pytest.approx([start for start, *_ in shown], abs=10)
    assert [event.end for event in events] == pytest.approx([end for _, end, _ in shown], abs=10)

    at = 0
    texts = []
    for start, length, payload in mov_text_packets(found, FPS):
        assert start == at
        assert length > 0
        assert int.from_bytes(payload[:2], "big") == len(payload) - 2
        if len(payload) > 2:
            texts.append((start, start + length, tuple(payload[2:].decode().split("\n"))))
        at = start + length
    assert texts == shown


def test_breaks_follow_the_phrases() -> None:
    assert [each.lines for each in made(TEXT, frames=12)] == [
        ("By morning the average had fallen,", "and nobody in the building knew why."),
        ("The Values Coach praised every sample;",),
        ("the raters, who had read 28 of them,", "gave each one the worst mark there is."),
    ]


def test_no_word_stands_alone_on_a_line_where_the_others_have_room() -> None:
    (caption,) = made("Schritt für Schritt steigen die Noten auf 8,4.", frames=15, tag="de")
    assert caption.lines == ("Schritt für Schritt steigen die Noten", "auf 8,4.")


@pytest.mark.parametrize("pair", ["the | average", "had | fallen", "Values | Coach", "28 | of", "in | the"])
def test_phrases_stay_on_one_line(pair: str) -> None:
    left, right = pair.split(" | ")
    lines = [line for each in made(TEXT) for line in each.lines]
    assert not any(a.split()[-1] == left and b.split()[0] == right for a, b in itertools.pairwise(lines)), (
        f"{left} is parted from {right}"
    )


def test_a_short_caption_stays_long_enough_to_be_read_if_there_is_room() -> None:
    (only,) = captions([timed("Gone.", 30, 6)], fps=FPS, frames=300)
    assert (only.start, only.end) == (30, 51)  # half a second after the word, and no later
    first, second = captions([timed("It went home.", 0, 8), timed("Then rain.", 40)], fps=FPS, frames=300)
    assert (first.end, second.start) == (38, 40)


def test_no_caption_outlives_the_film_or_starts_after_it() -> None:
    (only,) = captions([timed("Gone for good.", 90, 4)], fps=FPS, frames=102)
    assert (only.start, only.end) == (82, 102)


def test_a_long_pause_parts_captions() -> None:
    words = [*timed("He waited", 0), *timed("and then he ran", 120)]
    assert [each.lines for each in captions([words], fps=FPS, frames=300)] == [("He waited",), ("and then he ran",)]


def test_lint_is_silent_on_a_calm_film() -> None:
    assert lint(made(TEXT, frames=12), FPS) == []


def test_a_pace_that_is_hardly_too_fast_is_told_as_more_than_the_limit() -> None:
    told = lint([Caption(0, 141, ("y" * 39, "z" * 40), ())], FPS)  # 80 characters in 4.7 s
    assert "17.02 characters a second, more than 17" in str(told[0])


def test_lint_names_what_a_reader_stumbles_over() -> None:
    def caption(start: int, end: int, *lines: str) -> Caption:
        return Caption(start, end, lines, tuple(TimedWord(w, start, end) for line in lines for w in line.split()))

    bad = [
        caption(0, 30, "Nineteen letters ab."),
        caption(31, 50, "y" * 43),
        caption(45, 300, "one", "two", "three"),
        Caption(302, 302, ("gone",), ()),
    ]
    assert [str(fault) for fault in lint(bad, FPS)] == [
        "caption 1 at 00:00:00.000: warning: 20.0 characters a second, more than 17 is hard to follow",
        "caption 1 at 00:00:00.000: warning: the next one comes within 2 frames",
        "caption 2 at 00:00:01.033: error: 67.9 characters a second, at most 20 can be read",
        "caption 2 at 00:00:01.033: warning: it stays 0.6 s, less than 1 s",
        "caption 2 at 00:00:01.033: warning: a line of 43 characters, more than 42",
        "caption 2 at 00:00:01.033: error: it overlaps the next one",
        "caption 3 at 00:00:01.500: warning: it stays 8.5 s, more than 7 s",
        "caption 3 at 00:00:01.500: error: 3 lines, at most 2",
        "caption 4 at 00:00:10.067: error: it ends before it starts",
        "caption 4 at 00:00:10.067: error: its text is not its words",
    ]


def test_files_golden() -> None:
    found = captions(
        [[TimedWord("p<0.05", 30, 45), TimedWord("&", 45, 50), TimedWord("{so}", 50, 90)]], fps=FPS, frames=99
    )
    assert srt(found, FPS) == "1\n00:00:01,000 --> 00:00:03,000\np<0.05 & {so}\n"
    assert vtt(found, FPS) == (
        "WEBVTT\n\nSTYLE\n::cue(:future) {\n  color: #aaaaaa;\n}\n\n"
        "00:00:01.000 --> 00:00:03.000\np&lt;0.05 <00:00:01.500>&amp; <00:00:01.667>{so}\n"
    )
    assert '<p begin="00:00:01.000" end="00:00:03.000">p&lt;0.05 &amp; {so}</p>' in ttml(found, FPS)
    assert "PlayResX: 1920" in ass(found, FPS, (1920, 1080))
    assert (
        ass(found, FPS, (1920, 1080))
        .rstrip()
        .endswith("0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\k50}p<0.05 {\\k17}& {\\k133}\\{so\\}")
    )
    assert mov_text_packets(found, FPS) == [(0, 1000, b"\0\0"), (1000, 2000, b"\0\x0dp<0.05 & {so}")]
    assert mov_text_header().startswith(b"[Script Info]")


def test_an_mp4_carries_them(tmp_path: Path) -> None:
    found = captions([timed("Caf\u00e9 & <home>.", 15)], fps=FPS, frames=60)
    with av.open(str(tmp_path / "film.mp4"), "w") as file:
        video = file.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        text = file.add_stream("mov_text")
        text.time_base = fractions.Fraction(1, 1000)
        text.codec_context.subtitle_header = mov_text_header()
        for _ in range(60):
            file.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8))))
        file.mux(video.encode())
        for start, length, payload in mov_text_packets(found, FPS):
            packet = av.Packet(payload)
            packet.stream, packet.time_base = text, fractions.Fraction(1, 1000)
            packet.pts = packet.dts = start
            packet.duration = length
            file.mux(packet)
    with av.open(str(tmp_path / "film.mp4")) as file:
        read = [
            (packet.pts * packet.time_base, bytes(packet)[2:].decode())
            for packet in file.demux(file.streams.subtitles[0])
            if packet.size > 2
        ]
    assert read == [(fractions.Fraction(1, 2), "Caf\u00e9 & <home>.")]


def test_a_narrow_frame_has_shorter_lines() -> None:
    words = timed(TEXT)
    found = captions([words], fps=FPS, frames=words[-1].end + 60, profile=fitting((1080, 1920)))
    assert [word for each in found for word in each.words] == words
    assert max(len(line) for each in found for line in each.lines) <= 26
    assert any(len(each.lines) == 2 for each in found)
    assert not any("characters, more than" in fault.message for fault in lint(found, FPS, fitting((1080, 1920))))
    wide = captions([words], fps=FPS, frames=words[-1].end + 60, profile=fitting((1920, 1080)))
    assert any("more than 26" in fault.message for fault in lint(wide, FPS, fitting((1080, 1920))))


SPOKEN = (
    "A & B is <2% of \u201cit\u201d, so said caf\u00e9 no. 28. Then came the long night, and nobody who was there "
    "had a word for it! It cost $5 million; --> was it worth that? Yes."
)


def read_by_av(path: Path) -> list[tuple[int, int, str]]:
    """(start ms, end ms, text) by ffmpeg's own readers, which turn every format into ASS."""
    found = []
    with av.open(str(path)) as file:
        stream = file.streams.subtitles[0]
        for packet in file.demux(stream):
            for line in packet.decode() if packet.size else ():
                text = line.ass.decode().split(",", 8)[8]
                start = round(packet.pts * packet.time_base * 1000)
                found.append((start, start + round(packet.duration * packet.time_base * 1000), text))
    return found


def plain(text: str) -> str:
    """What a line of ASS shows."""
    text = re.sub(r"(?<!\\)\{[^}]*\}", "", text).replace("\\N", " ")
    return re.sub(r"\\([{}])", r"\1", text).replace("\u2060", "")


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_other_readers_read_the_same(tmp_path: Path, size: tuple[int, int]) -> None:
    words = timed(SPOKEN, 15, 11)
    found = captions([words[:14], words[14:]], fps=FPS, frames=words[-1].end + 45, profile=fitting(size))
    assert len(found) > 3
    shown = [(round(each.start * 1000 / FPS), round(each.end * 1000 / FPS), " ".join(each.lines)) for each in found]
    files = {"srt": srt(found, FPS), "vtt": vtt(found, FPS), "ass": ass(found, FPS, size), "ttml": ttml(found, FPS)}
    paths = {}
    for name, content in files.items():
        paths[name] = tmp_path / f"film.{name}"
        paths[name].write_text(content, encoding="utf-8")

    cues = webvtt.read(str(paths["vtt"]))
    assert [(seconds(cue.start), seconds(cue.end), html.unescape(cue.text).replace("\n", " ")) for cue in cues] == shown

    for name, near in (("srt", 0), ("ass", 5), ("ttml", 0)):
        events = pysubs2.load(str(paths[name])).events
        assert [event.plaintext.replace("\n", " ").replace("\u2060", "") for event in events] == [x[2] for x in shown]
        assert [event.start for event in events] == pytest.approx([x[0] for x in shown], abs=near)
        assert [event.end for event in events] == pytest.approx([x[1] for x in shown], abs=near)

    for name, near in (("srt", 0), ("vtt", 0), ("ass", 5)):
        read = read_by_av(paths[name])
        assert [plain(text) for *_, text in read] == [x[2] for x in shown], name
        assert [start for start, *_ in read] == pytest.approx([x[0] for x in shown], abs=near)
        assert [end for _, end, _ in read] == pytest.approx([x[1] for x in shown], abs=2 * near)


SOMEBODY_ELSES = """\
1
00:00:01,000 --> 00:00:03,500 X1:100
<i>This was written</i>
{\\an8}by another program.

2
00:00:03,400 --> 00:00:04,000
And this overlaps, and nobody can read it.
3
00:00:04,200 --> 00:00:14,200
A blank line is missing above; this stays too long.
"""


def test_somebody_elses_file_is_read_and_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "theirs.srt"
    path.write_bytes(b"\xef\xbb\xbf" + SOMEBODY_ELSES.replace("\n", "\r\n").encode())
    read = read_captions(path)
    assert read.findings == ()
    assert [(each.start, each.end, each.lines) for each in read.captions] == [
        (1000, 3500, ("This was written", "by another program.")),
        (3400, 4000, ("And this overlaps, and nobody can read it.",)),
        (4200, 14200, ("A blank line is missing above; this stays too long.",)),
    ]
    assert main(["captions", "--lint", "--json", str(path)]) == 1
    *told, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["line"], one["level"], one["message"].split(": ")[1]) for one in told] == [
        (2, "error", "it overlaps the next one"),
        (7, "error", "70.0 characters a second, at most 20 can be read"),
        (7, "warning", "it stays 0.6 s, less than 1 s"),
        (10, "warning", "it stays 10.0 s, more than 7 s"),
        (10, "warning", "a line of 51 characters, more than 42"),
    ]
    assert (last["captions"], last["errors"], last["warnings"]) == (3, 2, 3)


@given(films())
def test_what_is_written_is_read_back(film: tuple[list[list[TimedWord]], int]) -> None:
    beats, frames = film
    found = captions(beats, fps=FPS, frames=frames)
    shown = [(round(each.start * 1000 / FPS), round(each.end * 1000 / FPS), each.lines) for each in found]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.vtt")
        path.write_text(vtt(found, FPS), encoding="utf-8")
        read = read_captions(path)
        assert [(each.start, each.end, each.lines) for each in read.captions] == shown
        assert all(finding.message.startswith("there is no caption") for finding in read.findings)
        path = Path(folder, "film.srt")
        path.write_text(srt(found, FPS), encoding="utf-8")
        times = [(each.start, each.end) for each in read_captions(path).captions]
        assert times == [(start, end) for start, end, _ in shown]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_profile_is_kept_where_the_words_allow_it(profile: Profile) -> None:
    words = timed(" ".join([TEXT] * 4), 20, 13)
    found = captions([words], fps=FPS, frames=words[-1].end + 60, profile=profile)
    assert [word for each in found for word in each.words] == words
    assert lint(found, FPS, profile) == []
    tight = replace(profile, width=profile.width - 8)
    assert any("characters, more than" in fault.message for fault in lint(found, FPS, tight))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Then it finds words that work on the coach and nobody minds the rest of it", "the | coach"),
        ("Out of the whole night of work the two of them saved 28 megabytes of old notes", "28 | megabytes"),
        ("On that very long and quiet afternoon somebody had seen Ada Lovelace in the garden", "Ada | Lovelace"),
        ("Everybody in the whole building had been told that Dr. Roe was not to be disturbed", "Dr. | Roe"),
        ("It was trained for so long that it had read about sixteen thousand books by morning", "sixteen | thousand"),
    ],
)
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_what_belongs_together_is_not_parted(text: str, pair: str, size: tuple[int, int]) -> None:
    words = timed(text, 20, 12)
    found = captions([words], fps=FPS, frames=words[-1].end + 60, profile=fitting(size))
    lines = [line for each in found for line in each.lines]
    assert any(pair.replace(" | ", " ") in line for line in lines), lines


def test_a_caption_lingers_in_a_silence_and_comes_early_into_one() -> None:
    words = timed("Nobody was prepared for this:", 0, 14)
    after = timed("extraordinarily, overwhelmingly quick sentences.", words[-1].end + 40, 19)
    rest = timed("Then rain.", after[-1].end + 4, 30)
    found = captions([words, after, rest], fps=FPS, frames=rest[-1].end + 60)
    second = next(each for each in found if each.words[0] == after[0])
    assert second.words == tuple(after)
    assert second.start < after[0].start, "it is read faster than is comfortable from its first word on"
    assert words[-1].end <= second.start
    assert second.end == rest[0].start - 2
    assert lint([second], FPS) == []


@pytest.mark.parametrize("script", ["the-minus-sign", "told-what-we-want-to-hear"])
@pytest.mark.parametrize("profile", ["youtube", "netflix"])
def test_the_films_can_be_read(script: str, profile: str) -> None:
    """With words as long as they are estimated; those of the voice are in the lab log."""
    checked = check_note(ROOT / "scripts" / f"{script}.md", House())
    takes = [estimate(text) for text in checked.texts]
    timeline = lay_out(checked.script, checked.texts, takes, fps=FPS, size=(1920, 1080))
    for made in captioned(timeline, checked, PROFILES[profile], music=True):
        faults = made.faults()
        assert len(made.captions) > 80
        assert not [str(fault) for fault in faults if fault.level == "error"], made.tag
        if made.tag == "en":
            assert len({fault.number for fault in faults}) <= 0.03 * len(made.captions), [str(f) for f in faults]
