"""What CONTRIBUTING tells a newcomer works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from rushes.cache import Cache
from rushes.check import check
from rushes.clip import clip_job
from rushes.placing import estimate, lay_out
from rushes.read_script import read_script
from rushes.studio import inspect, shoot

SCRIPT = """\
---
title: Straying
---
## Script
- #### Home
\t- Step by step, it ==strays==. And nobody has told it to stay where it was.
\t\t- a line
\t\t  scene:: home_pulls run={run}
"""


@pytest.mark.parametrize("size", [(480, 270), (270, 480)], ids=["wide", "tall"])
@pytest.mark.parametrize("run", ["healthy", "sign_flipped", "kl_flipped"])
def test_the_scene_of_contributing_is_short_draws_and_has_no_faults(
    tmp_path: Path, run: str, size: tuple[int, int]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.splitlines()) <= 60
    (tmp_path / "scenes").mkdir()
    scene = tmp_path / "scenes/home_pulls.py"
    scene.write_text(code, encoding="utf-8")
    (tmp_path / "film.md").write_text(SCRIPT.replace("{run}", run))
    checked = check(read_script(tmp_path / "film.md"), [tmp_path, ROOT], fps=30, size=size)
    assert checked.findings == ()
    timeline = lay_out(checked.script, checked.texts, [estimate(text) for text in checked.texts], fps=30, size=size)
    (shot,) = timeline.shots
    job = clip_job(shot, scene, fps=30, size=size, records=checked.records, cache=Cache(tmp_path))
    assert [str(problem) for problem in inspect(job)] == []
    first, last = shoot(job, [0, shot.frames - 1])
    assert not np.array_equal(first, last)
