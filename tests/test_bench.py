"""What `make bench` measures with: processes left behind count, pictures are compared as they are seen."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from bench import together
from bench_against import ssim, ssims
from bench_cost import Cost, measured
from bench_film import Made
from bench_hour import script
from bench_suite import SECONDS, jobs

from rushes.check import check
from rushes.encoder import Encoder
from rushes.placing import BEAT_GAP
from rushes.read_script import read_script
from rushes.studio import shoot
from rushes.voices import Silent

SIZE = 160, 96
BUSY = "import time; end = time.process_time() + 0.4\nwhile time.process_time() < end: pass"


def picture(color: tuple[int, int, int]) -> np.ndarray:
    """Stripes of one colour, RGBA."""
    pixels = np.full((SIZE[1], SIZE[0], 4), 255, np.uint8)
    pixels[..., :3] = np.where((np.arange(SIZE[0]) // 16 % 2)[None, :, None], color, (16, 18, 31))
    return pixels


def by_stock(path: Path, pixels: np.ndarray, frames: int) -> Path:
    """As Manim's own encoder writes it: untagged, converted by FFmpeg."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=30, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for i in range(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgba")
            frame.pts, frame.time_base = i, Fraction(1, 30)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def by_us(path: Path, pixels: np.ndarray, frames: int) -> Path:
    encoder = Encoder(path, SIZE, 30)
    encoder.write(pixels, frames)
    encoder.close()
    return path


def test_the_cpu_time_of_a_process_left_behind_counts(tmp_path: Path) -> None:
    leaves = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"
    cost = measured([sys.executable, "-c", leaves], tmp_path)
    assert cost.cpu >= 0.4
    assert cost.peak_mib > 5


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such kettle"):
        measured([sys.executable, "-c", "raise SystemExit('no such kettle')"], tmp_path)


def test_ssim_of_flat_pictures_is_the_formulas() -> None:
    a, b = np.full((32, 32), 100, np.float32), np.full((32, 32), 110, np.float32)
    assert ssim(a, a) == pytest.approx(1)
    assert ssim(a, b) == pytest.approx((2 * 100 * 110 + 6.5025) / (100**2 + 110**2 + 6.5025), rel=1e-4)


@pytest.mark.parametrize("color", [(250, 30, 20), (20, 220, 60), (30, 60, 250), (240, 240, 230)])
def test_a_colour_is_as_bright_in_stock_manims_matrix_as_in_ours(tmp_path: Path, color: tuple[int, int, int]) -> None:
    stock, ours = (make(tmp_path / name, picture(color), 21) for make, name in ((by_stock, "a.mp4"), (by_us, "b.mp4")))
    found = ssims(ours, stock)
    assert len(found) == 3
    assert min(found) > 0.99


def test_another_picture_is_found_out(tmp_path: Path) -> None:
    wrong = picture((250, 30, 20))
    wrong[40:60, 20:60] = 255
    stock = by_stock(tmp_path / "a.mp4", picture((250, 30, 20)), 11)
    assert min(ssims(by_us(tmp_path / "b.mp4", wrong, 11), stock)) < 0.97


def test_videos_of_other_lengths_are_not_compared(tmp_path: Path) -> None:
    stock = by_stock(tmp_path / "a.mp4", picture((0, 0, 0)), 10)
    assert ssims(by_us(tmp_path / "b.mp4", picture((0, 0, 0)), 11), stock)  # Manim may cut one frame off a wait
    with pytest.raises(ValueError, match="not equally long"):
        ssims(by_us(tmp_path / "c.mp4", picture((0, 0, 0)), 12), stock)


def test_shots_own_time_is_the_fuller_workers() -> None:
    cost = Cost(wall=9, cpu=9, peak_mib=1, output="")
    assert Made(cost=cost, shots={"a": 5, "b": 3, "c": 1}, warnings=0).own == 5
    assert Made(cost=cost, shots={"a": 3, "b": 3, "c": 3}, warnings=0).own == 6


def test_figures_of_other_parts_stay_and_the_worst_part_counts() -> None:
    before = {"format": 1, "film_min_ssim": 0.995, "film_size_ratio": 1.2, "parts": {"film": {"date": "then"}}}
    whole = together(before, {"suite": ({"suite_min_ssim": 0.99, "suite_size_ratio": 1.1}, {"1 bars": {}})})
    assert (whole["min_ssim"], whole["size_ratio"]) == (0.99, 1.2)
    assert whole["parts"]["film"] == {"date": "then"}
    assert set(whole["scenes"]) == {"suite"}


def test_the_made_script_has_the_length_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "an-hour.md"
    path.write_text(script(60), encoding="utf-8")
    checked = check(read_script(path), [tmp_path], fps=30, size=(192, 108))
    words, beats = sum(len(text.split()) for text in checked.texts), checked.script.beats
    assert words / Silent.words_per_minute + len(beats) * BEAT_GAP / 60 == pytest.approx(60, rel=0.03)
    assert sum(len(beat.directions) for beat in beats) > 200


@pytest.mark.parametrize("name", SECONDS)
def test_a_scene_of_the_suite_draws_and_moves(name: str, tmp_path: Path) -> None:
    (job,) = jobs((160, 90), 5, [name], tmp_path)
    assert job.frames >= 20
    pictures = shoot(job, [0, job.frames // 2, job.frames - 1])
    assert not np.array_equal(pictures[0], pictures[1])
