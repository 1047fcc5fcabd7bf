"""A fade goes through the dark, and only the two shots that meet there are other than with a cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import ROOT

from rushes.cache import Cache
from rushes.clip import ClipJob, clip_job
from rushes.encoder import Pixels
from rushes.placing import estimate, lay_out
from rushes.read_script import parse_script
from rushes.records import Records
from rushes.scene_file import CARD
from rushes.studio import make_clip
from rushes.timeline import PlacedShot, Timeline
from rushes.transition import DARK, FADE, faded, fading

FPS = 30


def film(text: str) -> Timeline:
    script = parse_script(f"## Script\n{text}", Path("x.md"))
    assert script.findings == ()
    texts = [beat.text(()) for beat in script.beats]
    return lay_out(script, texts, [estimate(text) for text in texts], fps=FPS, size=(1920, 1080))


TWO = """\
- #### A
\t- One two three four.
\t\t- a card
\t- Five six seven eight nine.
\t\t- another
\t\t  transition:: {}
"""


def test_a_fade_is_half_in_the_shot_before_and_half_in_its_own() -> None:
    frames = round(FADE * FPS)
    assert [shot.fade for shot in film(TWO.format("fade")).shots] == [(0, frames), (frames, 0)]
    cut = film(TWO.format("cut"))
    assert [shot.fade for shot in cut.shots] == [(0, 0)] * 2
    assert [replace(shot, fade=(0, 0)) for shot in film(TWO.format("Fade")).shots] == list(cut.shots), "no shot moves"


def test_the_first_shot_comes_out_of_the_dark_if_it_fades() -> None:
    (shot,) = film("- One two three.\n\t- a card\n\t  transition:: fade\n").shots
    assert shot.fade == (round(FADE * FPS), 0)


def test_a_shot_on_a_word_of_another_takes_its_place_and_its_transition() -> None:
    shots = film("- No.\n\t- c\n- One two.\n\t- a\n\t  at:: two\n\t- b\n\t  at:: two\n\t  transition:: fade\n").shots
    assert [(shot.text, shot.fade[0] > 0) for shot in shots] == [("c", False), ("b", True)]


@pytest.mark.parametrize("frames", [1, 2, 5, 8, 90])
def test_of_a_short_shot_at_least_a_third_is_seen(frames: int) -> None:
    fade = fading("fade", "fade", frames, FPS)
    white = np.full((2, 2, 4), 255, np.uint8)
    seen = [faded(white, frame, frames, fade)[0, 0, :3].astype(int) for frame in range(frames)]
    lights = [int(pixel.sum()) for pixel in seen]
    assert max(lights) == 3 * 255
    assert lights == lights[::-1]
    assert sum(light == 3 * 255 for light in lights) >= frames / 3
    assert lights[: fade[0] + 1] == sorted(set(lights[: fade[0] + 1])), "each lighter than the one before"
    assert all((pixel >= DARK).all() for pixel in seen)
    assert (white == 255).all()


def lights(job: ClipJob) -> list[float]:
    make_clip(job)
    with av.open(str(job.target)) as file:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in file.decode(video=0)]


def pixels(job: ClipJob) -> list[Pixels]:
    with av.open(str(job.target)) as file:
        return [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]


PLAYS = """
from manim import FadeIn, Square
from rushes.scene import RunScene

class Plays(RunScene):
    def construct(self):
        self.add(Square(side_length=20, fill_opacity=1, color="#FFFFFF"))
        self.play(FadeIn(Square(color="#000000")), run_time=0.4)
"""


@pytest.mark.parametrize("kind", ["card", "play"])
def test_the_clip_is_dark_at_its_ends_and_between_them_as_with_a_cut(tmp_path: Path, kind: str) -> None:
    (tmp_path / "plays.py").write_text(PLAYS)
    shot = film("- One two three.\n\t- a card of somebody\n").shots[0]
    if kind == "play":  # it ends before its shot does, and its last picture is held
        shot = PlacedShot(
            id="x", beat="x", scene="plays", args={}, text="", card=None, line=1, start=0, frames=30, cues={}
        )

    def job(fade: tuple[int, int], name: str) -> ClipJob:
        scene = CARD if kind == "card" else tmp_path / "plays.py"
        return clip_job(
            replace(shot, frames=30, fade=fade), scene, fps=15, size=(160, 90), records=Records((ROOT,)),
            cache=Cache(tmp_path / name),
        )  # fmt: skip

    plain, dipped = job((0, 0), "a"), job((6, 6), "b")
    assert plain.target.name != dipped.target.name
    cut, through = lights(plain), lights(dipped)
    assert len(cut) == len(through) == 30
    assert through[0] < cut[0] - 1 or cut[0] < 25  # what is dark stays dark
    assert through[29] < cut[29] - 1
    assert through[23:] == sorted(through[23:], reverse=True)
    middle = [abs(a.astype(int) - b).mean() for a, b in zip(pixels(plain)[7:23], pixels(dipped)[7:23], strict=True)]
    assert max(middle) < 1.5, "only the encoder's rounding"
