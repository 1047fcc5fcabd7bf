"""Every shot of the film, a moment after each of its cues: it draws, and its text can be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from rushes.cache import Cache
from rushes.check import check
from rushes.clip import ClipJob, clip_job
from rushes.scene_file import find_scene, scene_names
from rushes.script import read_script
from rushes.studio import inspect, shoot
from rushes.timeline import PlacedShot, estimate, lay_out

FPS, SIZE = 30, (480, 270)


def shots() -> list[tuple[PlacedShot, ClipJob]]:
    checked = check(read_script(ROOT / "scripts/the-minus-sign.md"), [ROOT], fps=FPS, size=SIZE)
    takes = [estimate(text) for text in checked.texts]
    timeline = lay_out(checked.script, checked.texts, takes, fps=FPS, size=SIZE)
    found = []
    for shot in timeline.shots:
        scene = find_scene(shot.scene or "", [ROOT])
        assert scene is not None, f"{shot.id} has a scene: no placeholder in the final film"
        cache = Cache(Path("unused"))
        found.append((shot, clip_job(shot, scene, fps=FPS, size=SIZE, records=checked.records, cache=cache)))
    return found


SHOTS = shots()


@pytest.mark.parametrize(("shot", "job"), SHOTS, ids=[shot.scene for shot, _ in SHOTS])
def test_a_shot_draws_and_its_text_stays_apart(shot: PlacedShot, job: ClipJob) -> None:
    assert [str(problem) for problem in inspect(job)] == []
    ends = [min(frame + 20, shot.frames - 1) for frame in shot.cues.values()]
    first, *rest = shoot(job, [0, *ends, shot.frames - 1])
    assert first.shape == (270, 480, 4)
    assert any(not np.array_equal(first, picture) for picture in rest), "something happens"


@pytest.mark.parametrize(("shot", "job"), SHOTS[::5], ids=[shot.scene for shot, _ in SHOTS[::5]])
def test_a_frame_is_the_same_whatever_was_drawn_before_it(shot: PlacedShot, job: ClipJob) -> None:
    middle = shot.frames // 2
    alone = shoot(job, [middle])[0]
    after = shoot(job, [shot.frames - 1, 0, middle])[2]
    assert np.array_equal(alone, after)


def test_the_film_has_what_it_promised() -> None:
    used = {shot.scene for shot, _ in SHOTS}
    assert len(SHOTS) >= 10
    assert len(used) >= 8
    assert used <= set(scene_names([ROOT]))
    assert sum(bool(job.args.get("run")) for _, job in SHOTS) >= 6, "scenes that draw recorded data"
