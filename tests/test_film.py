"""A whole film, small and silent: what is made, what is made again, and what a killed run leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pysubs2
import pytest
from conftest import ROOT, WriteRecord

from rushes.burn import burn
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.pipeline import Film, film_folder, make_film
from rushes.sound import LOUDNESS, PEAK, RATE, level
from rushes.stills import contact_sheet
from rushes.voices import Hibari, Silent

SCRIPT = """\
---
title: Small
voice: silent
---
## Script
- #### Calm
\t- It ==rises== to {calm.rating.last:.1f}.
\t\t- scene:: curve run=calm
- #### Wild
\t- This one ==rise== falls.
\t\t- scene:: curve run=wild
- #### Dots
\t- A dot.
\t\t- scene:: dot
\t- And a card.
\t\t- what a card says
"""


@pytest.fixture
def film_house(repository: Path) -> House:
    script = SCRIPT.replace("==rises==", "==rise==s")
    (repository / "small.md").write_text(script)
    return House(root=repository, size=(160, 90), fps=15)


class Shots(Console):
    """Remembers which shots were rendered."""

    def __init__(self) -> None:
        super().__init__(as_json=True)
        self.done: list[str] = []

    def event(self, event: str, **told: object) -> None:
        if event == "shot" and told["state"] == "done":
            self.done.append(str(told["scene"]))


def make(house: House) -> tuple[Film, list[str]]:
    shots = Shots()
    film = make_film(house.root / "small.md", house, shots, with_placeholders=True)
    return film, sorted(shots.done)


def test_a_word_whose_time_is_doubtful_is_told_each_time(film_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    path = film_house.root / "small.md"
    path.write_text(path.read_text().replace("\t- A dot.\n", "\t- A dot of ink.\n\t  spoken:: dot of ink = big blot\n"))
    told = [f"line 13: when '{word}' is said is uncertain" for word in ("dot", "of", "ink.")]
    for again in range(2):
        film = make_film(path, film_house, Console(as_json=bool(again)), with_placeholders=True)
        assert set(told) <= set(film.warnings)
        assert set(told) <= set(json.loads((film.path.parent / "film.json").read_text())["warnings"])
        shown = capsys.readouterr()
        shown_all = " ".join((shown.out + shown.err).split())
        assert all(one in shown_all for one in told)


def test_a_film_is_what_its_timeline_says(film_house: House) -> None:
    film, done = make(film_house)
    assert done == ["card", "curve", "curve", "dot"]
    told = json.loads((film.path.parent / "timeline.json").read_text())
    with av.open(str(film.path)) as file:
        video, audio, text = file.streams.video[0], file.streams.audio[0], file.streams.subtitles[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (audio.codec_context.name, audio.rate, text.codec_context.name) == ("aac", 48000, "mov_text")
        assert text.metadata["language"] == "eng"
        assert [chapter["metadata"]["title"] for chapter in file.chapters()] == ["Calm", "Wild", "Dots"]
        seconds = told["frames"] / told["fps"]
        assert file.duration / av.time_base == pytest.approx(seconds, abs=1 / told["fps"])
        assert float(audio.duration * audio.time_base) == pytest.approx(seconds, abs=1 / told["fps"])
        pts = [frame.pts for frame in file.decode(video)]
    assert len(pts) == told["frames"]
    assert set(np.diff(pts)) == {1024}, "constant frame rate"
    subtitles = pysubs2.load(str(film.path.parent / "captions.srt"))
    for other in ("vtt", "ass", "ttml"):
        assert (film.path.parent / f"captions.{other}").stat().st_size > 100
    words = " ".join(event.plaintext.replace("\n", " ") for event in subtitles)
    assert words == "It rises to 7.4. This one rise falls. A dot. And a card."
    about = json.loads((film.path.parent / "film.json").read_text())
    (spoken,) = about["spoken"]
    assert (spoken["run"], spoken["column"], spoken["value"], spoken["shown"]) == ("calm", "rating", 7.4, "7.4")
    assert {(row["run"], row["what"]) for row in about["drawn"]} == {("calm", "rating"), ("wild", "rating")}
    assert all(row["record"] == about["records"][row["run"]]["digest"] for row in about["drawn"])


def test_its_captions_can_be_burned_in(film_house: House) -> None:
    film, _ = make(film_house)
    burned = burn(film.path, film.path.with_name("captions.vtt"))
    with av.open(str(film.path)) as plain, av.open(str(burned)) as drawn:
        frames = [[f.to_ndarray(format="gray")[70:].max() for f in one.decode(video=0)] for one in (plain, drawn)]
    assert len(frames[0]) == len(frames[1]) == film.timeline.frames
    word = film.timeline.beats[0].words[0].start
    assert frames[1][word] > 150 > frames[0][word]


def test_a_scene_on_the_clock_moves_on_every_frame(film_house: House) -> None:
    film, _ = make(film_house)
    shot = next(shot for shot in film.timeline.shots if shot.scene == "dot")
    with av.open(str(film.path)) as file:
        frames = [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
    dot = frames[shot.start : shot.start + shot.frames]
    centres = [float((np.arange(160) * (frame > 128)).sum() / (frame > 128).sum()) for frame in dot]
    assert all(b > a for a, b in pairwise(centres))
    # one of the eight units of its height to the right in each second
    assert (centres[-1] - centres[0]) / (90 / 8) == pytest.approx((len(dot) - 1) / 15, abs=0.1)


def test_only_what_depends_on_a_record_is_rendered_again(film_house: House, record: WriteRecord) -> None:
    first, _ = make(film_house)
    changed = first.path.stat().st_mtime_ns
    film, done = make(film_house)
    assert (done, film.rendered, film.path.stat().st_mtime_ns) == ([], 0, changed), "nothing changed, nothing is done"
    record(film_house.root, "wild", (5, 4, 3, 2, 2, 2))
    film, done = make(film_house)
    assert (done, film.rendered) == (["curve"], 1)
    clips = json.loads((film.path.parent / "film.json").read_text())["clips"]
    drawn = json.loads((film.path.parent / "film.json").read_text())["drawn"]
    assert len(clips) == 4
    assert {row["run"] for row in drawn} == {"calm", "wild"}
    scene = film_house.root / "scenes/dot.py"
    scene.write_text(scene.read_text().replace("0.5", "0.6"))
    assert make(film_house)[1] == ["dot"]


def test_what_a_scene_did_not_ask_for_may_change(film_house: House, record: WriteRecord) -> None:
    film, _ = make(film_house)
    before = json.loads((film_house.out / "small" / "film.json").read_text())
    record(film_house.root, "wild", (5, 4, 3, 2, 2, 1), facts={"parameters": 99})
    again, done = make(film_house)
    assert (done, again.rendered) == ([], 0)
    after = json.loads((film_house.out / "small" / "film.json").read_text())
    assert after["records"]["wild"] != before["records"]["wild"]
    assert after["clips"] == before["clips"]
    record(film_house.root, "wild", (5, 4, 3, 2, 2, 2))
    assert make(film_house)[1] == ["curve"]
    record(film_house.root, "wild", (5, 4, 3, 2, 2, 1))
    assert make(film_house)[1] == []
    assert film.timeline.frames == again.timeline.frames


def test_a_number_that_changes_changes_the_words(film_house: House, record: WriteRecord) -> None:
    make(film_house)
    record(film_house.root, "calm", (5, 6, 9, 9, 9, 9))
    film, done = make(film_house)
    assert done == ["curve"]
    assert "rises to 8.4." in (film.path.parent / "captions.srt").read_text()


@pytest.mark.parametrize("voice", ["silent", "hibari"])
def test_one_changed_word_redoes_one_take_and_the_shots_of_its_beat(
    film_house: House, monkeypatch: pytest.MonkeyPatch, voice: str
) -> None:
    house = replace(film_house, voice=voice, size=(80, 46), fps=10)
    make(house)
    spoken: list[str] = []
    kind = {"silent": Silent, "hibari": Hibari}[voice]
    speak = kind.speak
    monkeypatch.setattr(kind, "speak", lambda self, words: spoken.append(" ".join(words)) or speak(self, words))
    script = house.root / "small.md"
    script.write_text(script.read_text().replace("This one ==rise== falls.", "This one ==rise== falls far down."))
    film, done = make(house)
    assert spoken == ["This one rise falls far down."]
    assert (done, film.rendered) == (["curve"], 1)
    assert "far down" in (film.path.parent / "captions.srt").read_text()
    script.write_text(script.read_text().replace(" far down", ""))
    assert make(house)[1] == []
    assert len(spoken) == 1


def test_a_scene_that_fails_is_named_and_the_others_are_kept(film_house: House) -> None:
    scene = film_house.root / "scenes/dot.py"
    good = scene.read_text()
    scene.write_text(good.replace("self.live(", "self.lvie("))
    with pytest.raises(Exception, match=r"(?s)scenes/dot.py: the shot 'a-dot.*line 11, in construct.*lvie") as caught:
        make(film_house)
    assert type(caught.value).__name__ == "RushesError"
    scene.write_text(good)
    assert make(film_house)[1] == ["dot"]


def test_a_late_scene_is_reported(film_house: House) -> None:
    scene = film_house.root / "scenes/curve.py"
    scene.write_text(scene.read_text().replace('self.until("rise")', 'self.wait(1.5); self.until("rise")'))
    film, _ = make(film_house)
    assert any("the scene 'curve' comes" in warning and "late to 'rise'" in warning for warning in film.warnings)


# What is on disk at the moment of the kill: a take, half a clip, a clip, all clips but one, half a film, a film
# without its film.json.
MOMENTS = [
    "cache/take/*.wav",
    "cache/clip/.*.mp4",
    "cache/clip/*.mp4",
    "cache/clip/*.json",
    "small/.film.*",
    "small/*.mp4",
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_film_is_made_by_the_same_command(film_house: House, moment: str) -> None:
    code = f"""
from pathlib import Path
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.pipeline import make_film
house = House(root=Path({str(film_house.root)!r}), size=(160, 90), fps=15)
make_film(house.root / "small.md", house, Console(as_json=True), with_placeholders=True)
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not any(film_house.out.glob(moment)) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    assert process.poll() is None, f"killed while {moment} was there"
    # the command itself and, with it, its workers: as if the machine had gone
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    for path in film_house.out.rglob("[!.]*.mp4"):
        with av.open(str(path)) as file:
            assert sum(1 for _ in file.decode(video=0)) > 0, f"{path} is whole"
    film, _ = make(film_house)
    assert make(film_house)[1] == []
    assert list(film_house.out.rglob(".*")) == [], "nothing half made is left"
    with av.open(str(film.path)) as file:
        assert sum(1 for _ in file.decode(video=0)) == film.timeline.frames


def test_an_interrupted_film_says_so_and_nothing_else(film_house: House) -> None:
    root = film_house.root
    command = [
        sys.executable,
        "render.py",
        str(root / "small.md"),
        "--folder",
        str(root),
        "--with-placeholders",
        "--build",
        str(film_house.out),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, text=True, stderr=subprocess.PIPE,
        # a shell lets what it starts in the background ignore Ctrl-C; this must not inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while not any(film_house.out.glob("cache/clip/.*.mp4")) and process.poll() is None:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[1]
    assert process.returncode == 130
    # what is wrong with the script is told before; of the interruption there is one line
    *findings, last = said.strip().split("\n\n")
    assert all(finding.strip().startswith(f"{root / 'small.md'}:") for finding in findings)
    assert last.strip().startswith("stopped; what was finished is kept")
    assert "\n" not in last.strip()
    assert "Traceback" not in said


def test_a_cut_film_is_joined_again(film_house: House) -> None:
    film, _ = make(film_house)
    whole = film.path.read_bytes()
    film.path.write_bytes(whole[: len(whole) // 2])
    assert make(film_house)[1] == []
    assert len(film.path.read_bytes()) == len(whole)


@pytest.mark.parametrize("loud", [0.02, 0.3, 0.9])
def test_speech_is_brought_to_loudness_without_clipping(loud: float) -> None:
    import pyloudnorm
    from scipy.signal import resample_poly

    dice = np.random.default_rng(0)
    seconds = np.arange(6 * RATE) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 3 * seconds), 0, 1) ** 2  # speech comes in bursts
    sound = (loud * syllables * dice.standard_normal(len(seconds)).clip(-3, 3) / 3).astype(np.float32)
    levelled = level(sound)
    played = np.stack([levelled, levelled], axis=1)  # on both loudspeakers, as the film has it
    assert pyloudnorm.Meter(RATE).integrated_loudness(played) == pytest.approx(LOUDNESS, abs=0.5)
    peak = np.abs(resample_poly(levelled, 4, 1)).max()
    assert 20 * np.log10(peak) <= PEAK


def test_silence_stays_silent() -> None:
    assert not level(np.zeros(2 * RATE, np.float32)).any()


def test_a_placeholder_is_somebodys_decision(film_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    script = film_house.root / "small.md"
    with Console() as console, pytest.raises(RushesError, match="one picture is still a placeholder"):
        make_film(script, film_house, console)
    assert "small.md:16: warning: this is a placeholder" in capsys.readouterr().err
    assert not (film_house.out / "small").exists()
    draft = replace(film_house, size=(426, 240), fps=10)
    assert make_film(script, draft, Console(as_json=True), draft=True).rendered == 4


def test_what_is_published_lies_beside_the_film(film_house: House) -> None:
    make(film_house)
    told = json.loads((film_house.out / "small" / "publish.json").read_text())
    assert told["description"] == (film_house.out / "small" / "description.txt").read_text()
    assert told["title"] == "Small"


def test_the_sound_is_the_same_however_it_is_cut_into_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    sound = (rng.normal(0, 0.2, 9 * RATE + 77) * np.repeat(rng.uniform(0, 1, 91), RATE // 10)[: 9 * RATE + 77]).astype(
        np.float32
    )
    monkeypatch.setattr("rushes.sound.BLOCK", 20 * RATE)
    whole = level(sound)
    monkeypatch.setattr("rushes.sound.BLOCK", RATE)
    assert np.array_equal(level(sound), whole)


def test_loudness_is_what_the_standards_meter_says() -> None:
    import pyloudnorm

    from rushes.loudness import loudness

    rng = np.random.default_rng(4)
    sound = rng.normal(0, 0.1, 12 * RATE).astype(np.float32)
    sound[4 * RATE : 7 * RATE] *= 0.01  # a pause, which does not count
    played = np.stack([sound, sound], axis=1)
    expected = pyloudnorm.Meter(RATE).integrated_loudness(played)
    assert loudness([sound[:RATE], sound[RATE:]]) == pytest.approx(expected, abs=0.05)


def test_the_sound_is_made_once_for_the_same_words(film_house: House, record: WriteRecord) -> None:
    make(film_house)
    (sound,) = (film_house.out / "cache" / "sound").glob("*.m4a")
    inode = sound.stat().st_ino
    record(film_house.root, "wild", (5, 4, 3, 2, 2, 2))
    film, done = make(film_house)
    assert done == ["curve"]
    assert [path.stat().st_ino for path in sound.parent.glob("*.m4a")] == [inode]
    packets = []
    for path in (sound, film.path):
        with av.open(str(path)) as file:
            packets.append([(p.pts, bytes(p)) for p in file.demux(audio=0) if p.size])
    assert packets[0] == packets[1], "copied as they are"


def test_a_vertical_film_lies_beside_the_other_and_has_narrow_captions(film_house: House) -> None:
    script = film_house.root / "small.md"
    script.write_text(
        script.read_text().replace("A dot.", "A dot, which is nothing but a small circle seen from far off.")
    )
    upright = film_house.turned()
    film, done = make(upright)
    assert (done, film.path) == (["card", "curve", "curve", "dot"], upright.out / "small" / "vertical" / "film.mp4")
    with av.open(str(film.path)) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == (90, 160)
        frames = sum(1 for _ in file.decode(video=0))
    assert frames == film.timeline.frames
    lines = [
        line for event in pysubs2.load(str(film.path.parent / "captions.srt")) for line in event.plaintext.split("\n")
    ]
    assert 20 < max(map(len, lines)) <= 26
    assert film_folder("small", upright, draft=True) == upright.out / "small" / "vertical" / "draft"
    sheets = contact_sheet(film.path.parent)
    assert cv2.imread(str(sheets[0])).shape[:2] == (2 * 480, 4 * 270)
    assert make(film_house)[0].path == film_house.out / "small" / "film.mp4"
    assert make(upright)[1] == [], "one does not undo the other"
