"""A small repository of its own for each test: scenes, records and a script."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from rushes.cache import Cache
from rushes.clip import ClipJob, clip_job
from rushes.records import Records
from rushes.timeline import PlacedShot

# Before anything imports them: nothing is fetched, nobody is told, and one core is used.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time, so that a failing test means a change; RUSHES_EXAMPLES=N looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("search" if "RUSHES_EXAMPLES" in os.environ else "same")

ROOT = Path(__file__).parent.parent
WriteRecord = Callable[..., Path]

CURVE = '''\
"""A column of a record as a line that grows."""
from manim import Create, VMobject
from rushes.scene import RunScene

class Curve(RunScene):
    runs = {"run": "calm"}
    settings = {"width": 3.0}

    def construct(self):
        record = self.record()
        points = zip(record.steps, record.column("rating"), strict=True)
        line = VMobject().set_points_as_corners(
            [[self.setting("width") * (step / 4 - 1), rating / 2 - 2, 0] for step, rating in points])
        self.until("rise")
        self.play(Create(line), run_time=0.4)
'''
DOT = '''\
"""A dot on the shot's clock."""
from manim import Circle
from rushes.scene import RunScene

class Pulse(Circle):
    def pose(self, clock):
        self.move_to([clock - 1, 0, 0])

class Dot(RunScene):
    def construct(self):
        self.live(Pulse(color="#FFFFFF", fill_opacity=1, radius=0.5))
'''


def write_record(root: Path, folder_name: str, ratings: Sequence[float] = (5, 6, 7, 8, 8, 8), **info: Any) -> Path:
    """A record in the documented format, made by hand: it is read by tests and shown to no one."""
    folder = root / "runs" / "records" / folder_name
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{"step": i + 1, "rating": float(r), "kl": 0.5 * i} for i, r in enumerate(ratings)]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    samples = [{"step": 1, "prompt_index": 0, "prompt": "One day", "text": " it rained.", "rating": 5.0}]
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in samples).encode(), mtime=0)
    (folder / "samples.jsonl.gz").write_bytes(packed)
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.glob("*.jsonl*"))
    }
    told = {
        "format": 1, "name": folder_name, "size": "tiny", "seed": 0, "device": "cpu", "recipe": {}, "recipe_hash": "",
        "megacoach": {"source": "", "diff": ""}, "facts": {"parameters": 1234}, "files": files, **info,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(told))
    return folder


def clip_job_of(
    root: Path, scene: str, made: Path, *, size: tuple[int, int] = (160, 90), frames: int = 12, **args: str
) -> ClipJob:
    """The work of a shot that shows `scene`; its clip goes below `made`."""
    shot = PlacedShot(
        id=f"the-{scene}", beat="b", scene=scene, args=args, text="", card=None, line=1, start=0, frames=frames,
        cues={"rise": 3},
    )  # fmt: skip
    return clip_job(
        shot, root / "scenes" / f"{scene}.py", fps=15, size=size, records=Records((root,)), cache=Cache(made)
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with two scenes, `curve` and `dot`, and records of the runs `calm` and `wild`."""
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    (scenes / "curve.py").write_text(CURVE)
    (scenes / "dot.py").write_text(DOT)
    write_record(tmp_path, "calm")
    write_record(tmp_path, "wild", (5, 4, 3, 2, 2, 1))
    return tmp_path


@pytest.fixture
def record() -> WriteRecord:
    return write_record
