"""Colours, boxes and frame counts of the encoder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from rushes.encoder import Encoder, Pixels, _changed, _convert

RGB = {"white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
# ITU-R BT.709, limited range, worked out from the standard's own luma coefficients.
YUV = {
    "white": (235, 128, 128),
    "black": (16, 128, 128),
    "red": (63, 102, 240),
    "green": (173, 42, 26),
    "blue": (32, 240, 118),
}


def flat(colour: tuple[int, int, int], width: int = 32, height: int = 16) -> Pixels:
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = colour
    return pixels


def planes(width: int = 32, height: int = 16) -> tuple[Pixels, Pixels, Pixels]:
    half = (height // 2, width // 2)
    return np.zeros((height, width), np.uint8), np.zeros(half, np.uint8), np.zeros(half, np.uint8)


@pytest.mark.parametrize("name", RGB)
def test_colours_are_those_of_bt_709(name: str) -> None:
    made = planes()
    _convert(flat(RGB[name]), (0, 16, 0, 32), made, VideoReformatter())
    assert [int(plane[3, 3]) for plane in made] == pytest.approx(YUV[name], abs=1)


@given(st.integers(0, 2**32 - 1), st.integers(0, 15), st.integers(0, 31), st.integers(1, 16), st.integers(1, 32))
def test_converting_the_changed_box_is_converting_the_frame(seed: int, y: int, x: int, h: int, w: int) -> None:
    dice = np.random.default_rng(seed)
    old = dice.integers(0, 256, (16, 32, 4), np.uint8)
    new = old.copy()
    new[y : y + h, x : x + w] = dice.integers(0, 256, new[y : y + h, x : x + w].shape, np.uint8)
    box = _changed(new.view(np.uint32)[..., 0], old.view(np.uint32)[..., 0])
    step, whole = planes(), planes()
    _convert(old, (0, 16, 0, 32), step, VideoReformatter())
    if box is None:
        assert np.array_equal(new, old)
    else:
        _convert(new, box, step, VideoReformatter())
    _convert(new, (0, 16, 0, 32), whole, VideoReformatter())
    assert all(np.array_equal(a, b) for a, b in zip(step, whole, strict=True))


def test_frames_are_counted_tagged_and_converted_once(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    encoder = Encoder(path, (64, 32), 30)
    encoder.write(flat(RGB["red"], 64, 32), repeat=7)
    encoder.write(flat(RGB["red"], 64, 32))
    encoder.write(flat(RGB["blue"], 64, 32), repeat=2)
    encoder.close()
    assert encoder.converted == 2
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        context = stream.codec_context
        assert (context.pix_fmt, context.colorspace, context.color_range) == ("yuv420p", 1, 1)
        frames = list(file.decode(stream))
    assert [frame.pts for frame in frames] == [512 * i for i in range(10)]
    red, blue = (frames[i].to_ndarray(format="rgb24")[16, 32] for i in (0, 9))
    assert red == pytest.approx([255, 0, 0], abs=4)
    assert blue == pytest.approx([0, 0, 255], abs=4)


SAME = """
import sys
from pathlib import Path
import numpy as np
from rushes.encoder import Encoder
picture = np.full((272, 480, 4), (16, 18, 33, 255), np.uint8)
encoder = Encoder(Path(sys.argv[1]), (480, 272), 15)
encoder.write(picture.copy(), 4)
for i in range(12):
    picture[90:136, 10 : 20 + 4 * i] = 255
    encoder.write(picture.copy())
encoder.close()
"""


def test_the_same_frames_are_the_same_bytes_whatever_lies_in_memory(tmp_path: Path) -> None:
    made = set()
    for filled in ("1", "2", "3", "77", "127"):
        path = tmp_path / f"{filled}.mp4"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MALLOC_PERTURB_": filled}  # the C library's own
        subprocess.run([sys.executable, "-c", SAME, str(path)], check=True, env=environment)
        made.add(path.read_bytes())
    assert len(made) == 1
