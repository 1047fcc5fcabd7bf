"""The same shots by stock Manim and by us: what each costs, and whether the pictures are the same."""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
import numpy.typing as npt
from bench_cost import Cost, measured

from rushes.clip import ClipJob

__all__ = ["Against", "by_stock", "by_us", "compared", "into", "ssims", "totals"]

HERE = Path(__file__).parent
EVERY = 10  # frames from one that is compared to the next
OURS = """
import pickle, sys
from pathlib import Path
from rushes.workers import render
jobs = pickle.loads(Path(sys.argv[1]).read_bytes())
for job, outcome in render(jobs, int(sys.argv[2]), sys.argv[3]):
    if isinstance(outcome, str):
        sys.exit(f"{job.shot}: {outcome}")
"""


def by_stock(job: ClipJob, folder: Path) -> tuple[Cost, Path]:
    """One shot by the `manim` command with its own encoder settings, caching off; the cost and the video."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "job.pickle"
    told.write_bytes(pickle.dumps(job))
    width, height = job.size
    command = [
        sys.executable, "-m", "manim", "render", "--resolution", f"{width},{height}", "--fps", str(job.fps),
        "--disable_caching", "--progress_bar", "none", "--verbosity", "WARNING", "--media_dir", str(folder / "media"),
        str(HERE / "bench_stock_shot.py"), "Shot",
    ]  # fmt: skip
    cost = measured(command, folder, {"RUSHES_BENCH_JOB": str(told), **_paths()})
    (video,) = (folder / "media" / "videos").rglob("Shot.mp4")
    return cost, video


def by_us(jobs: Sequence[ClipJob], workers: int, cluster: str = "", *, one_core: bool = False) -> Cost:
    """Shots by a process of ours from its start to its end; the clips are at the jobs' targets."""
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "jobs.pickle"
        told.write_bytes(pickle.dumps(list(jobs)))
        command = [sys.executable, "-c", OURS, str(told), str(workers), cluster]
        if one_core:
            command = ["taskset", "--cpu-list", str(min(os.sched_getaffinity(0))), *command]
        return measured(command, HERE.parent, _paths())


def _paths() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])}


def into(jobs: Sequence[ClipJob], folder: Path) -> list[ClipJob]:
    """The same jobs, their clips going to `folder`."""
    return [replace(job, target=folder / job.target.name) for job in jobs]


# ---------------------------------------------------------------------- pictures
def ssims(a: Path, b: Path) -> list[float]:
    """Structural similarity of every tenth frame of two videos, of the brightness that is seen.

    Raises:
        ValueError: their lengths differ by more than the frame that Manim may cut off a wait.
    """
    found, left, right = [], _frames(a), _frames(b)
    for i in range(1 << 30):
        pair = next(left, None), next(right, None)
        if None in pair:
            if pair != (None, None) and (next(left, None) or next(right, None)):
                raise ValueError(f"{a} and {b} are not equally long; one ends at frame {i}")
            return found
        if i % EVERY == 0:
            found.append(ssim(*(_brightness(frame) for frame in pair if frame)))
    return found


def _frames(path: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        yield from file.decode(stream)


def _brightness(frame: av.VideoFrame) -> npt.NDArray[np.float32]:
    """From the colours, as a player shows them: stock Manim's planes are BT.601 (untagged), ours BT.709."""
    tagged = frame.colorspace == av.video.reformatter.Colorspace.ITU709
    rgb = frame.to_ndarray(format="rgb24", src_colorspace="ITU709" if tagged else "ITU601")
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)


def ssim(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """Wang et al. 2004: a Gaussian window of 11 x 11, deviation 1.5; the mean over the frame."""

    def mean(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    return float(np.mean((2 * ma * mb + c1) * (2 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))))


# ---------------------------------------------------------------------- together
class Against(NamedTuple):
    """A shot that both have rendered."""

    job: ClipJob
    ours: dict[str, float]
    """What it cost; at least `wall`."""
    stock: Cost
    video: Path


def compared(shots: Sequence[Against]) -> dict[str, dict[str, Any]]:
    """A row of the table for each shot. Pictures are compared here, when nothing is timed any more."""
    with ThreadPoolExecutor(2) as threads:
        similar = list(threads.map(lambda shot: ssims(shot.job.target, shot.video), shots))
    rows = {}
    for i, (shot, found) in enumerate(zip(shots, similar, strict=True), 1):
        sizes = shot.job.target.stat().st_size, shot.video.stat().st_size
        rows[f"{i} {shot.job.scene.stem}"] = {
            "seconds": round(shot.job.frames / shot.job.fps, 2),
            "stock": shot.stock.told(),
            "ours": shot.ours,
            "speedup": round(shot.stock.wall / shot.ours["wall"], 2),
            "bytes": {"stock": sizes[1], "ours": sizes[0]},
            "size_ratio": round(sizes[0] / sizes[1], 3),
            "min_ssim": round(min(found), 5),
            "frames_compared": len(found),
        }
    return rows


def totals(rows: dict[str, dict[str, Any]]) -> dict[str, float]:
    """What a part's rows come to."""
    return {
        "size_ratio": round(
            sum(row["bytes"]["ours"] for row in rows.values()) / sum(row["bytes"]["stock"] for row in rows.values()), 3
        ),
        "min_ssim": min(row["min_ssim"] for row in rows.values()),
        "frames_compared": sum(row["frames_compared"] for row in rows.values()),
    }
