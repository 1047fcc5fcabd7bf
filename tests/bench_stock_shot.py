"""A shot for the `manim` command: the scene of the job that RUSHES_BENCH_JOB names, drawn by Manim's own camera.

What a scene bakes is put behind everything, where Manim draws it once for every animation.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

from manim import Camera, Mobject, config

from rushes.clip import ClipJob
from rushes.scene import ShotContext
from rushes.studio import load_scene

job: ClipJob = pickle.loads(Path(os.environ["RUSHES_BENCH_JOB"]).read_bytes())
config.background_color = "#10121F"


class Shot(load_scene(job.scene, job.class_name)):  # type: ignore[misc]
    def __init__(self, **kwargs: Any) -> None:
        shot = ShotContext(
            frames=job.frames, fps=job.fps, cues=job.cues, args=job.args, records=job.records, card=job.card
        )
        super().__init__(shot=shot, camera_class=Camera, **kwargs)
        assert type(self.renderer.camera) is Camera

    def bake(self, *still: Mobject) -> None:
        self.bring_to_back(*still)
