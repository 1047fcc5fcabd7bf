"""Eight scenes of `bench_scenes/`, from the same source by stock Manim and by us."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench_against import Against, by_stock, by_us, compared, into, totals

from rushes.cache import Cache
from rushes.clip import ClipJob, clip_job
from rushes.records import Records
from rushes.timeline import PlacedShot

__all__ = ["suite"]

HERE = Path(__file__).parent
SECONDS = {
    "curves": 6.0, "tokens": 6.0, "diagram": 6.0, "bars": 5.0, "particles": 4.0, "stills": 8.0, "coaches": 6.0,
    "measured": 6.0,
}  # fmt: skip


def jobs(size: tuple[int, int], fps: int, names: Sequence[str], folder: Path) -> list[ClipJob]:
    """The work of the named scenes; of all without names."""
    made = []
    for name, seconds in SECONDS.items():
        if not names or name in names:
            shot = PlacedShot(
                id=name, beat=name, scene=name, args={}, text="", card=None, line=1, start=0,
                frames=round(seconds * fps), cues={},
            )  # fmt: skip
            scene = HERE / "bench_scenes" / f"{name}.py"
            records = Records((HERE.parent,))
            made.append(clip_job(shot, scene, fps=fps, size=size, records=records, cache=Cache(folder)))
    return made


def suite(size: tuple[int, int], fps: int, names: Sequence[str] = ()) -> tuple[dict[str, float], dict[str, Any]]:
    """Key figures and a row a scene.

    A scene's speed-up compares one command with one command, each from its start, ours with one worker. The suite's
    compares stock Manim's commands one after another with one command of ours for all scenes and two workers.
    """
    shots = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        every = jobs(size, fps, names, place)
        for job in every:
            stock, video = by_stock(job, place / "stock" / job.shot)
            (alone,) = into([job], place / "alone")
            shots.append(Against(alone, by_us([alone], 1).told(), stock, video))
            print(f"suite: {job.shot}, stock {stock.wall:.1f} s, ours {shots[-1].ours['wall']:.1f} s", flush=True)
        whole = by_us(into(every, place / "together"), 2)
        rows = compared(shots)
    slow = sum(row["stock"]["wall"] for row in rows.values())
    figures = totals(rows)
    return {
        "suite_speedup": round(slow / whole.wall, 2),
        "suite_stock_seconds": round(slow, 1),
        "suite_seconds": round(whole.wall, 1),
        "suite_stock_cpu_seconds": round(sum(row["stock"]["cpu"] for row in rows.values()), 1),
        "suite_cpu_seconds": round(whole.cpu, 1),
        "min_scene_speedup": min(row["speedup"] for row in rows.values()),
        "suite_min_ssim": figures["min_ssim"],
        "suite_size_ratio": figures["size_ratio"],
        "suite_frames_compared": figures["frames_compared"],
    }, rows
