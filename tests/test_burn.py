"""Captions drawn into the picture: at their frames, in their place, and nothing else of the film changed."""

from __future__ import annotations

import errno
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from manim import tempconfig

from rushes import theme
from rushes.burn import area, burn, burned_path, draw
from rushes.caption_files import vtt
from rushes.captions import Caption, TimedWord
from rushes.errors import RushesError
from rushes.x264 import OPTIONS

FPS, FRAMES = 15, 60


def caption(start: int, end: int, *lines: str) -> Caption:
    return Caption(start, end, lines, tuple(TimedWord(word, start, start + 3) for word in " ".join(lines).split()))


CAPTIONS = (caption(6, 20, "A <first> one,", "of two lines."), caption(22, 40, "{One} line & no more."))


@pytest.fixture(params=[(320, 180), (180, 320)], ids=["wide", "tall"])
def film(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A grey film with a tone, chapters and soft captions beside it."""
    width, height = request.param
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as file:
        file.metadata["title"] = "Grey"
        video = file.add_stream("libx264", rate=FPS, options={**OPTIONS, "crf": "5"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = file.add_stream("aac", rate=48_000, layout="mono")
        half = {"id": 0, "start": 0, "end": 2000, "time_base": Fraction(1, 1000), "metadata": {"title": "One"}}
        file.set_chapters([half, half | {"id": 1, "start": 2000, "end": 4000, "metadata": {"title": "Two"}}])
        for number in range(FRAMES):
            grey = np.full((height, width, 3), 90 + number, np.uint8)
            file.mux(video.encode(av.VideoFrame.from_ndarray(grey)))
        file.mux(video.encode())
        tone = np.sin(np.arange(48_000 * 4) / 20).astype(np.float32)[None] / 4
        for at in range(0, tone.shape[1], 1024):
            sound = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone[:, at : at + 1024]), "fltp", "mono")
            sound.sample_rate, sound.pts = 48_000, at
            file.mux(audio.encode(sound))
        file.mux(audio.encode())
    (tmp_path / "captions.vtt").write_text(vtt(CAPTIONS, FPS), encoding="utf-8")
    return path


def luma(path: Path) -> np.ndarray:
    with av.open(str(path)) as file:
        return np.array([frame.to_ndarray(format="gray").astype(int) for frame in file.decode(video=0)])


def sound(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(audio=0) if packet.size]


def test_captions_are_drawn_at_their_frames_and_in_their_place(film: Path) -> None:
    burned = burn(film, film.with_name("captions.vtt"))
    assert burned == film.with_name("film.burned.mp4") == burned_path(film)
    before, after = luma(film), luma(burned)
    assert after.shape == before.shape
    height, width = after.shape[1:]
    left, top, right, bottom = (round(edge) for edge in area((width, height)))
    outside = np.ones((height, width), bool)
    outside[top - 2 : bottom + 2, left - 2 : right + 2] = False
    differs = np.abs(after - before)
    assert differs[:, outside].max() < 12, "the rest of the picture is as it was, but for the coding"
    shown = {n for each in CAPTIONS for n in range(each.start, each.end)}
    for number in range(FRAMES):
        drawn = after[number, top:bottom, left:right]
        if number in shown:
            assert drawn.max() > 215, f"white letters in frame {number}"
            assert drawn.min() < 75, f"on a dark ground in frame {number}"
        else:
            assert differs[number].max() < 12, f"nothing in frame {number}"


def test_the_sound_and_the_chapters_are_those_of_the_film(film: Path) -> None:
    burned = burn(film, film.with_name("captions.vtt"))
    assert sound(burned) == sound(film)
    with av.open(str(film)) as one, av.open(str(burned)) as other:
        assert other.chapters() == one.chapters()
        assert other.metadata["title"] == "Grey"
        assert other.duration == pytest.approx(one.duration, abs=av.time_base / FPS)
        assert not other.streams.subtitles, "they would be shown twice"
        pts = [frame.pts for frame in other.decode(video=0)]
    assert len(set(np.diff(pts))) == 1, "constant frame rate"


def test_it_is_made_again_only_when_something_changed(film: Path) -> None:
    captions = film.with_name("captions.vtt")
    made = burn(film, captions).stat().st_mtime_ns
    told: list[int] = []
    assert burn(film, captions, lambda done, total: told.append(done)).stat().st_mtime_ns == made
    assert told == []
    captions.write_text(captions.read_text().replace("line", "word"))
    assert burn(film, captions, lambda done, total: told.append(done)).stat().st_mtime_ns != made
    assert told[-1] == FRAMES


def test_a_full_disk_leaves_nothing_half_made(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = set(film.parent.iterdir())
    monkeypatch.setattr("rushes.burn._lay", full)
    with pytest.raises(RushesError, match="disk is full"):
        burn(film, film.with_name("captions.vtt"))
    assert set(film.parent.iterdir()) == before


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (854, 480)])
@pytest.mark.parametrize(
    "lines",
    [("W" * 42, "gÅy" * 14), ("x" * 90,), ("Yes.",), ("a", "b", "c", "d")],
    ids=["wide", "word", "short", "four"],
)
def test_any_caption_stays_in_its_place(size: tuple[int, int], lines: tuple[str, ...]) -> None:
    left, top, right, bottom = area(size)
    drawn = draw(lines, size)
    height, width = drawn.keep.shape
    assert left - 2 <= drawn.left < drawn.left + width <= right + 4
    assert top - 4 <= drawn.top < drawn.top + height <= bottom + 3
    letters = drawn.add > 200 * 256
    rows = np.flatnonzero(letters.any(axis=1))
    assert 0 < rows[0] < rows[-1] < height - 1, "no letter is cut off"


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_captions_stand_where_no_scene_draws(size: tuple[int, int]) -> None:
    with tempconfig(
        {"pixel_width": size[0], "pixel_height": size[1], "frame_width": size[0] / theme.UNIT,
         "frame_height": size[1] / theme.UNIT}
    ):  # fmt: skip
        left, _, right, bottom = theme.safe()
    place = area(size)
    assert place[1] >= bottom
    assert (place[0], place[2]) == (left, right)
    assert place[3] <= size[1] * 0.95
