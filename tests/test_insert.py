"""Inserts: any video is fitted, laid over a scene, heard, or replaced by a placeholder."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from conftest import ROOT

from rushes.clip import ClipJob
from rushes.encoder import Pixels
from rushes.insert import InsertError, _Footage, lengths, problem, sound
from rushes.placing import estimate, lay_out
from rushes.read_script import parse_script
from rushes.records import Records
from rushes.scene_file import CARD
from rushes.sound import LOUDNESS, RATE, narration
from rushes.storyboard import Insert, Slate
from rushes.studio import inspect, make_clip, shoot
from rushes.timeline import Timeline

FPS, SIZE = 30, (480, 270)
Sound = Literal["duck", "keep", "mute"]


def video(
    path: Path, *, size: tuple[int, int] = (160, 90), seconds: float = 2.0, times: Sequence[float] = (),
    codec: str = "libx264", tone: float = 440.0, loud: float = 0.3,
) -> Path:  # fmt: skip
    """A white bar that grows from the left to the whole width within `seconds`; its top left corner is red."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        audio = file.add_stream("aac", rate=44100, layout="stereo") if tone else None
        for time in times or [k / 25 for k in range(round(seconds * 25))]:
            pixels = np.zeros((size[1], size[0], 3), np.uint8)
            pixels[:, : round(size[0] * time / seconds)] = 255
            pixels[: size[1] // 3, : size[0] // 3] = (255, 0, 0)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = round(time * 1000), Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if audio is not None:
            samples = loud * np.sin(2 * np.pi * tone * np.arange(round(seconds * 44100)) / 44100)
            for start in range(0, len(samples), 1024):
                piece = np.stack([samples[start : start + 1024]] * 2).astype(np.float32)
                heard = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
                heard.sample_rate, heard.pts, heard.time_base = 44100, start, Fraction(1, 44100)
                file.mux(audio.encode(heard))
            file.mux(audio.encode(None))
    return path


def turned(path: Path) -> Path:
    """As a phone held upright writes it: stored lying, with a matrix that turns it clockwise."""
    told = bytearray(path.read_bytes())
    matrix = told.find(b"tkhd") + 4 + 40
    told[matrix : matrix + 36] = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    path.write_bytes(told)
    return path


def insert(path: Path | None, start: float = 0.0, seconds: float = 0.0, heard: Sound = "duck") -> Insert:
    return Insert(path=path, name=path.name if path else "gone.mp4", start=start, seconds=seconds, sound=heard)


def job(card: Insert, seconds: float = 2.0, size: tuple[int, int] = SIZE, **other: object) -> ClipJob:
    return ClipJob(
        shot="x", scene=CARD, class_name="Card", args={}, card=card, insert_at=0, cues={}, frames=round(seconds * FPS),
        fps=FPS, size=size, records=Records((ROOT,)), inputs={}, state="",
        target=Path("unused.mp4"),
    )  # fmt: skip


def bar(frame: Pixels) -> float:
    """How much of the lower half is white."""
    low = frame[int(frame.shape[0] * 0.6) : int(frame.shape[0] * 0.9), :, :3].mean(axis=(0, 2)) > 128
    return float(low.mean())


@pytest.mark.parametrize(
    ("name", "codec", "size"),
    [
        ("a.mp4", "libx264", (160, 90)),
        ("a.mkv", "libx264", (162, 92)),
        ("a.avi", "mpeg4", (123, 77)),
        ("a.webm", "libvpx", (161, 91)),
    ],
)
def test_a_video_plays_in_its_own_time(tmp_path: Path, name: str, codec: str, size: tuple[int, int]) -> None:
    path = video(tmp_path / name, codec=codec, size=size, tone=0)
    early, late = shoot(job(insert(path)), [15, 45])
    wide = min(270 / size[1] * size[0] / 480, 1.0)
    assert bar(early) == pytest.approx(0.25 * wide, abs=0.05)
    assert bar(late) == pytest.approx(0.75 * wide, abs=0.05)


def test_a_piece_is_cut_out_and_its_last_frame_held(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4")
    first, end, later = shoot(job(insert(path, start=1.0, seconds=0.4)), [0, 11, 55])
    assert bar(first) == pytest.approx(0.5, abs=0.03)
    assert bar(end) == pytest.approx(0.68, abs=0.03)
    assert np.array_equal(end, later)


def test_uneven_frames_are_seen_at_their_times(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4", times=[0, 0.04, 0.08, 0.8, 1.0, 1.9])
    assert [round(bar(frame), 1) for frame in shoot(job(insert(path)), [20, 25, 40, 58])] == [0.0, 0.4, 0.5, 0.9]


def test_a_phones_video_stands_upright(tmp_path: Path) -> None:
    path = turned(video(tmp_path / "a.mp4", size=(160, 90)))
    frame = shoot(job(insert(path), size=(270, 480)), [50])[0]
    red = (frame[..., 0] > 180) & (frame[..., 1] < 80)
    rows, columns = np.nonzero(red)
    assert columns.min() > 150, "what was top left is top right"
    assert rows.max() < 180
    assert red.any(axis=0).sum() == pytest.approx(90, abs=4)
    assert red.any(axis=1).sum() == pytest.approx(160, abs=4)


@pytest.mark.parametrize("size", [SIZE, (270, 480)], ids=["wide", "tall"])
def test_it_is_fitted_into_the_frame(tmp_path: Path, size: tuple[int, int]) -> None:
    frame = shoot(job(insert(video(tmp_path / "a.mp4", size=(120, 120))), size=size), [58])[0]
    assert frame.shape == (size[1], size[0], 4)
    white = frame[..., :3].min(axis=2) > 200
    side = min(size)
    assert white.any(axis=0).sum() == pytest.approx(side, abs=0.06 * side)
    assert white.any(axis=1).sum() == pytest.approx(side, abs=0.06 * side)
    corner = frame[2, size[0] // 2] if size[1] > size[0] else frame[size[1] // 2, 2]
    assert tuple(corner[:3]) == (16, 18, 31), "beside it is the film's own dark"


def broken(tmp_path: Path, how: str) -> Insert:
    path = tmp_path / "a.mp4"
    if how == "missing":
        return insert(None)
    if how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("this is no video\n" * 40)
    elif how == "cut":
        whole = video(path).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "sound only":
        path = tmp_path / "a.m4a"
        with av.open(str(path), "w", format="mp4") as file:
            stream = file.add_stream("aac", rate=44100, layout="mono")
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 44100
            file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
    elif how == "starts after its end":
        return insert(video(path), start=60.0)
    elif how == "folder":
        path.mkdir()
    elif how == "no frames":
        with av.open(str(path), "w") as file:
            stream = file.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
            file.start_encoding()
    return insert(path)


WAYS = ["missing", "empty", "text", "cut", "sound only", "starts after its end", "folder", "no frames"]


@pytest.mark.parametrize("how", WAYS)
def test_what_cannot_be_shown_is_a_placeholder(tmp_path: Path, how: str) -> None:
    card = broken(tmp_path, how)
    assert problem(card)
    assert lengths([card]) == {}
    assert not len(sound(card, RATE))
    with pytest.raises(InsertError):
        _Footage(card)
    clip = make_clip(replace(job(card, 0.5), target=tmp_path / "clip.mp4"))
    assert any("placeholder" in told for told in clip.layout) == (how != "missing")
    assert clip.frames == 15
    frame = shoot(job(card), [50])[0]
    assert frame.std() > 5


def test_a_damaged_end_holds_the_last_whole_frame(tmp_path: Path) -> None:
    whole = video(tmp_path / "a.mkv", seconds=4.0).read_bytes()
    (tmp_path / "a.mkv").write_bytes(whole[: len(whole) // 2])
    frames = shoot(job(insert(tmp_path / "a.mkv"), 4.0), [15, 100, 115])
    assert bar(frames[0]) < bar(frames[1])
    assert np.array_equal(frames[1], frames[2])


def test_an_insert_is_encoded_to_the_shots_frames(tmp_path: Path) -> None:
    card = insert(video(tmp_path / "a.mp4", seconds=1.0))
    clip = make_clip(replace(job(card, 2.0), target=tmp_path / "clip.mp4"))
    assert clip.layout == ()
    with av.open(str(clip.path)) as file:
        shown = [bar(frame.to_ndarray(format="rgb24")) for frame in file.decode(video=0)]
    assert len(shown) == 60
    assert shown[:28] == sorted(shown[:28])
    assert shown[59] == pytest.approx(0.96, abs=0.04)


# ---------------------------------------------------------------------- beside a scene
@pytest.mark.parametrize("size", [SIZE, (270, 480)], ids=["wide", "tall"])
@pytest.mark.parametrize("there", [True, False])
def test_beside_a_scene_it_is_a_picture_in_the_picture(
    repository: Path, tmp_path: Path, there: bool, size: tuple[int, int]
) -> None:
    card = insert(video(tmp_path / "a.mp4") if there else None)
    work = replace(job(card, 2.0, size), scene=repository / "scenes/dot.py", class_name="Dot", insert_at=20)
    alone = shoot(replace(work, card=None), [10, 50])
    before, after = shoot(work, [10, 50])
    assert np.array_equal(before, alone[0]), "it comes when its time has come"
    rows, columns = np.nonzero((after != alone[1]).any(axis=2))
    assert columns.min() > size[0] * 0.4
    assert columns.max() < size[0] * 0.96
    assert rows.min() > 0.05 * size[1]
    assert rows.max() < size[1] * 0.75
    clip = make_clip(replace(work, target=tmp_path / "clip.mp4"))
    assert any("placeholder" in told for told in clip.layout) != there
    with av.open(str(clip.path)) as file:
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    assert len(frames) == 60
    assert np.abs(frames[50].astype(int) - after[..., :3]).mean() < 4


def test_text_that_it_covers_is_a_finding(repository: Path, tmp_path: Path) -> None:
    scene = repository / "scenes/label.py"
    scene.write_text(
        "from rushes import theme as t\nfrom rushes.scene import RunScene\n\n"
        "class Label(RunScene):\n    def construct(self):\n        self.add(t.put(t.text('hidden', 60), 1500, 300))\n"
    )
    work = replace(job(insert(video(tmp_path / "a.mp4"))), scene=scene, class_name="Label")
    assert [told.message for told in inspect(work)] == ["'hidden' is covered by the insert"]


# ---------------------------------------------------------------------- time and sound
NOTE = """\
## Script
- #### A
\t- One two three four.
\t\t- a picture
\t- Five six seven eight.
\t\t- a clip
\t- Nine ten.
\t\t- x
"""


def laid(card: Insert, *, silent: bool = False, scene: bool = False) -> Timeline:
    """Three beats; the second shows the insert."""
    script = parse_script(NOTE, Path("x.md"))
    beats = list(script.beats)
    shown = replace(beats[1].directions[0], card=card, scene="dot" if scene else None)
    beats[1] = replace(beats[1], directions=(shown,))
    texts = [beat.text(()) for beat in beats]
    if silent:
        texts[1] = ""
    script = replace(script, beats=tuple(beats))
    takes = [estimate(text) for text in texts]
    return lay_out(script, texts, takes, fps=FPS, size=SIZE, lengths=lengths([card]))


def test_a_kept_insert_plays_after_the_last_word_and_the_beat_waits(tmp_path: Path) -> None:
    card = insert(video(tmp_path / "a.mp4", seconds=3.0), heard="keep")
    timeline, without = laid(card), laid(insert(None, heard="duck"))
    shot = next(shot for shot in timeline.shots if shot.card == card)
    beat = timeline.beats[1]
    assert 0 <= shot.start - beat.words[-1].end <= 0.3 * FPS
    assert timeline.frames == pytest.approx(without.frames + 90, abs=1)
    assert timeline.beats[2].start >= shot.start + 90
    assert timeline.shots[0].frames > without.shots[0].frames, "until then the picture before it stays"


def test_beside_a_scene_the_scene_begins_and_the_insert_waits(tmp_path: Path) -> None:
    card = insert(video(tmp_path / "a.mp4", seconds=3.0), heard="keep")
    timeline = laid(card, scene=True)
    shot = next(shot for shot in timeline.shots if shot.card == card)
    assert shot.scene == "dot"
    assert shot.start < timeline.beats[1].words[0].start
    assert 0 <= shot.start + shot.insert_at - timeline.beats[1].words[-1].end <= 0.3 * FPS


def test_a_beat_without_words_lasts_as_long_as_its_insert(tmp_path: Path) -> None:
    card = insert(video(tmp_path / "a.mp4", seconds=3.0))
    timeline = laid(card, silent=True)
    assert timeline.beats[1].frames == pytest.approx(90, abs=1)


@pytest.mark.parametrize(("heard", "share"), [("keep", 1.0), ("duck", 0.126), ("mute", 0.0)])
def test_its_sound_is_kept_under_the_words_or_not_heard(tmp_path: Path, heard: Sound, share: float) -> None:
    card = insert(video(tmp_path / "a.mp4", seconds=3.0, loud=0.02), heard=heard)
    timeline = laid(card)
    mixed = narration(timeline, [None, None, None])
    assert len(mixed) == round(timeline.frames * RATE / FPS)
    shot = next(shot for shot in timeline.shots if shot.card == card)
    begin = round((shot.start + shot.insert_at) * RATE / FPS)
    assert not np.abs(mixed[:begin]).max() > 1e-6, "it is not heard before it is seen"
    if heard == "mute":
        assert not mixed.any()
    else:
        assert np.abs(mixed[begin:]).max() > 0.01


def test_ducking_is_18_db_under_words_and_less_between(tmp_path: Path) -> None:
    from rushes.sound import UNDER, _Ducking

    timeline = laid(insert(None))
    gain = _Ducking(timeline, UNDER)(0, round(timeline.frames * RATE / FPS))
    word = timeline.beats[1].words[1]
    said = gain[round(word.start * RATE / FPS) : round(word.end * RATE / FPS)]
    assert 20 * np.log10(said) == pytest.approx(-18, abs=0.01)
    assert 20 * np.log10(gain[-1]) == pytest.approx(-8, abs=0.5)
    assert np.abs(np.diff(np.log10(gain))).max() < 1e-3, "it never jumps"


def test_the_films_loudness_stays_right(tmp_path: Path) -> None:
    import pyloudnorm

    timeline = laid(insert(video(tmp_path / "a.mp4", seconds=6.0, tone=300, loud=0.9), heard="keep"))
    mixed = narration(timeline, [None, None, None])
    played = np.stack([mixed, mixed], axis=1)
    assert pyloudnorm.Meter(RATE).integrated_loudness(played) == pytest.approx(LOUDNESS, abs=0.5)


def test_sound_is_cut_out_with_its_pictures(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4", seconds=3.0)
    assert len(sound(insert(path, start=1.0, seconds=0.5), RATE)) == RATE // 2
    assert np.abs(sound(insert(path, start=1.0, seconds=0.5), RATE)).mean() > 0.1
    assert len(sound(insert(video(tmp_path / "b.mp4", tone=0)), RATE)) == 0


def test_the_timeline_names_the_card(tmp_path: Path) -> None:
    told = laid(insert(None)).to_json()
    assert '"card": "insert"' in told
    assert isinstance(laid(insert(None)).shots[0].card, Slate)
    assert '"card": "slate"' in told
