"""The shipped film: its shots by stock Manim and by us, and what is made again when something changes."""

from __future__ import annotations

import hashlib
import heapq
import json
import os
import pickle
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_against import Against, by_stock, compared, totals
from bench_cost import Cost, measured

from rushes.clip import ClipJob

__all__ = ["ROOT", "SCRIPT", "changes", "film", "planned", "studio"]

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "the-minus-sign.md"
WORKERS = 2
RUN, STEP = "sign_flipped", 20  # one rating of this record changes, by a hundredth
WORDS = "asked it to be rude", "instructed it to be rude"  # one word of the narration

# `rushes film --json`, for a copy of this repository
MAKE = """
import sys
from pathlib import Path
from rushes import cli
from rushes.commands import films
from rushes.house import House
script, root, build, width, height, fps, jobs = sys.argv[1:]
films.asked_house = lambda options: House(
    root=Path(root), build=Path(build), size=(int(width), int(height)), fps=int(fps), jobs=int(jobs)
)
sys.exit(cli.main(["film", "--json", script]))
"""
PLAN = """
import pickle, sys
from pathlib import Path
from rushes.console import Console
from rushes.house import House
from rushes.pipeline import plan
script, root, build, width, height, fps, voice, out = sys.argv[1:]
house = House(root=Path(root), build=Path(build), size=(int(width), int(height)), fps=int(fps), voice=voice)
Path(out).write_bytes(pickle.dumps(plan(Path(script), house, Console(as_json=True))))
"""
# `python render.py`, and then a look at what it has imported
AGAIN = """
import runpy, sys
try:
    runpy.run_path("render.py", run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
slow = {"manim", "torch"} & set(sys.modules)
assert not slow, f"imported {slow}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a run of ours did."""

    cost: Cost
    shots: dict[str, float]
    """Rendered now -> seconds in its worker."""
    warnings: int

    @property
    def own(self) -> float:
        """Seconds that these shots alone take the workers, longest first."""
        ends = [0.0] * WORKERS
        for seconds in sorted(self.shots.values(), reverse=True):
            heapq.heapreplace(ends, ends[0] + seconds)
        return max(ends)


def make(script: Path, root: Path, build: Path, size: tuple[int, int], fps: int) -> Made:
    """Make the film with the repository at `root`."""
    arguments = [str(n) for n in (script, root, build, *size, fps, WORKERS)]
    cost = measured([sys.executable, "-c", MAKE, *arguments], ROOT)
    events = [json.loads(line) for line in cost.output.splitlines()]
    return Made(
        cost=cost,
        shots={e["id"]: e["seconds"] for e in events if e["event"] == "shot" and e["state"] == "done"},
        warnings=sum(e["event"] == "warning" for e in events),
    )


def planned(build: Path, size: tuple[int, int], fps: int, voice: str = "", root: Path = ROOT) -> list[ClipJob]:
    """The work of the shots of the film of the repository at `root`, each picture once; narrates what is not yet."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "jobs.pickle"
        script = root / "scripts" / SCRIPT.name
        arguments = [str(n) for n in (script, root, build, *size, fps, voice, out)]
        measured([sys.executable, "-c", PLAN, *arguments], ROOT)
        jobs: list[ClipJob] = pickle.loads(out.read_bytes())
    return list({job.target: job for job in jobs}.values())


def narrated(build: Path) -> None:
    """Take over the narration that is made already."""
    takes = ROOT / "build" / "cache" / "take"
    if takes.is_dir():
        shutil.copytree(takes, build / "cache" / "take", dirs_exist_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """A copy of the repository in which the film has been made, from cached narration and nothing else."""

    root: Path
    build: Path
    size: tuple[int, int]
    fps: int
    made: Made
    length: float
    """Seconds of the film."""

    def make(self) -> Made:
        """Make it again."""
        return make(self.script, self.root, self.build, self.size, self.fps)

    @property
    def script(self) -> Path:
        return self.root / "scripts" / SCRIPT.name


@contextmanager
def studio(size: tuple[int, int], fps: int) -> Iterator[Studio]:
    """Make the film."""
    with tempfile.TemporaryDirectory() as place:
        root, build = Path(place) / "repository", Path(place) / "build"
        for folder in ("scenes", "runs", "notes", "scripts", "assets", "rushes/rlhf", ".obsidian"):
            shutil.copytree(ROOT / folder, root / folder)
        narrated(build)
        planned(build, size, fps, root=root)
        made = make(root / "scripts" / SCRIPT.name, root, build, size, fps)
        timeline = json.loads((build / SCRIPT.stem / "timeline.json").read_text())
        length = timeline["frames"] / timeline["fps"]
        print(f"film: {length:.1f} s made in {made.cost.wall:.1f} s", flush=True)
        yield Studio(root=root, build=build, size=size, fps=fps, made=made, length=length)


# ---------------------------------------------------------------------- against stock
def film(studio: Studio, names: Sequence[str] = ()) -> tuple[dict[str, float], dict[str, Any]]:
    """Key figures and a row a shot: the whole film by us, narration cached, against every shot by stock Manim.

    With `names`, only those scenes' shots by stock, and no speed-up of the film.
    """
    ours, length = studio.made, studio.length
    jobs = planned(studio.build, studio.size, studio.fps, root=studio.root)
    with tempfile.TemporaryDirectory() as place:
        shots = []
        for job in jobs:
            if not names or job.scene.stem in names:
                stock, video = by_stock(job, Path(place) / str(len(shots)))
                told = f"{job.frames} frames, stock {stock.wall:.1f} s, ours {ours.shots[job.shot]:.1f} s"
                print(f"film: {job.scene.stem}, {told}", flush=True)
                shots.append(Against(job, {"wall": ours.shots[job.shot]}, stock, video))
        rows = compared(shots)
    figures = {
        "film_over_length": round(ours.cost.wall / length, 3),
        "film_seconds": round(ours.cost.wall, 1),
        "film_cpu_seconds": round(ours.cost.cpu, 1),
        "film_peak_mib": round(ours.cost.peak_mib),
        "film_length": round(length, 1),
    }
    if not names:
        slow = sum(row["stock"]["wall"] for row in rows.values())
        same = totals(rows)
        figures |= {
            "film_speedup": round(slow / ours.cost.wall, 2),
            "film_stock_seconds": round(slow, 1),
            "film_stock_cpu_seconds": round(sum(row["stock"]["cpu"] for row in rows.values()), 1),
            "film_min_ssim": same["min_ssim"],
            "film_size_ratio": same["size_ratio"],
            "film_frames_compared": same["frames_compared"],
        }
    return figures, rows


# ---------------------------------------------------------------------- what is made again
def changes(studio: Studio) -> dict[str, float]:
    """The film again: with nothing changed, with one number of a record, with one word of the narration."""
    assert not studio.make().shots, "the second time it was not made already"
    figures = {"noop_seconds": noop(studio.build, studio.size, studio.fps)}

    _re_record(studio.root / "runs" / "records" / RUN)
    record = studio.make()
    assert record.shots, "no shot reads what changed"
    text = studio.script.read_text(encoding="utf-8")
    assert text.count(WORDS[0]) == 1, f"the script no longer says {WORDS[0]!r}"
    studio.script.write_text(text.replace(*WORDS), encoding="utf-8")
    before = set((studio.build / "cache" / "take").glob("*.wav"))
    word = studio.make()
    takes = set((studio.build / "cache" / "take").glob("*.wav")) - before
    return figures | {
        "one_record_seconds": round(record.cost.wall, 2),
        "one_record_shots": len(record.shots),
        "one_record_shots_seconds": round(record.own, 2),
        "one_record_extra_seconds": round(record.cost.wall - record.own, 2),
        "one_word_seconds": round(word.cost.wall, 2),
        "one_word_takes": len(takes),
        "one_word_shots": len(word.shots),
        "one_word_shots_seconds": round(word.own, 2),
    }


def noop(build: Path, size: tuple[int, int], fps: int, rounds: int = 5) -> float:
    """Median seconds of `python render.py` when the film is there already."""
    with tempfile.TemporaryDirectory(dir=build.parent) as place:  # `build` holds the film of another note of its name
        shutil.copytree(build / "cache", Path(place) / "cache", copy_function=os.link)
        draft = [] if (size, fps) == ((1920, 1080), 30) else ["--draft"]  # other sizes are only for trying this bench
        command = [sys.executable, "-c", AGAIN, str(SCRIPT), "--build", place, *draft]
        measured(command, ROOT)
        return round(statistics.median(measured(command, ROOT).wall for _ in range(rounds)), 3)


def _re_record(folder: Path) -> None:
    """Another rating at one step, and the hashes that go with it."""
    metrics, about = folder / "metrics.jsonl", folder / "run.json"
    rows = [json.loads(line) for line in metrics.read_text().splitlines()]
    (row,) = [row for row in rows if row["step"] == STEP]
    row["rating"] += 0.01
    metrics.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = json.loads(about.read_text())
    content = metrics.read_bytes()
    told["files"][metrics.name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    about.write_text(json.dumps(told))
