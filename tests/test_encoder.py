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

from rushes.encoder import Encoder, Pixels, _convert, _cut

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
    _convert(_cut(flat(RGB[name]), (0, 0, 32, 16)), made, VideoReformatter())
    assert [int(plane[3, 3]) for plane in made] == pytest.approx(YUV[name], abs=1)


EVEN = st.tuples(st.integers(0, 15), st.integers(0, 7), st.integers(1, 16), st.integers(1, 8))


@given(st.integers(0, 2**32 - 1), st.lists(EVEN, max_size=3))
def test_converting_what_changed_is_converting_the_frame(seed: int, changes: list[tuple[int, int, int, int]]) -> None:
    dice = np.random.default_rng(seed)
    frame = dice.integers(0, 256, (16, 32, 4), np.uint8)
    step, whole = planes(), planes()
    _convert(_cut(frame, (0, 0, 32, 16)), step, VideoReformatter())
    boxes = []
    for x, y, w, h in changes:
        left, top, right, bottom = box = 2 * x, 2 * y, min(2 * (x + w), 32), min(2 * (y + h), 16)
        frame[top:bottom, left:right] = dice.integers(0, 256, (bottom - top, right - left, 4), np.uint8)
        boxes.append(box)
    for box in boxes:
        _convert(_cut(frame, box), step, VideoReformatter())
    _convert(_cut(frame, (0, 0, 32, 16)), whole, VideoReformatter())
    assert all(np.array_equal(a, b) for a, b in zip(step, whole, strict=True))


def test_frames_are_counted_tagged_and_converted_where_they_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    encoder = Encoder(path, (64, 32), 30)
    picture = flat(RGB["red"], 64, 32)
    encoder.write(picture, 6, changed=[])  # nothing was there before it
    encoder.write(picture, 2, changed=[])
    picture[:, 32:] = RGB["blue"] + (255,)
    encoder.write(picture, changed=[(32, 0, 64, 32)])
    picture[:] = RGB["blue"] + (255,)  # what was written is not touched by what is drawn later
    encoder.write(picture)
    encoder.close()
    assert encoder.converted == 3
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        context = stream.codec_context
        assert (context.pix_fmt, context.colorspace, context.color_range) == ("yuv420p", 1, 1)
        frames = list(file.decode(stream))
    assert [frame.pts for frame in frames] == [512 * i for i in range(10)]
    seen = [[frames[i].to_ndarray(format="rgb24")[16, x] for x in (16, 48)] for i in (0, 7, 8, 9)]
    red, blue = pytest.approx([255, 0, 0], abs=12), pytest.approx([0, 0, 255], abs=12)
    assert seen == [[red, red], [red, red], [red, blue], [blue, blue]]


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
