"""The film's shots by one process, by two, and by a Dask cluster of two on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bench_against import by_us, into
from bench_cost import Cost
from bench_film import ROOT, planned

from rushes.clip import ClipJob

__all__ = ["workers"]

# as docs/cluster.md starts it
QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False", "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s"}


def workers(size: tuple[int, int], fps: int, names: Sequence[str] = (), *, one: bool = True) -> dict[str, float]:
    """Wall seconds of a command that renders all shots, by who renders them; the clips must be equal in every byte."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        jobs = [job for job in planned(place, size, fps, "silent") if not names or job.scene.stem in names]

        def cost(folder: str, count: int, cluster: str = "", *, one_core: bool = False) -> Cost:
            found = by_us(into(jobs, place / folder), count, cluster, one_core=one_core)
            print(f"workers: {folder}, {found.wall:.1f} s, {found.cpu:.1f} s of CPU", flush=True)
            return found

        both = cost("two", 2)
        two = both.wall
        figures = {"two_workers_seconds": round(two, 1)}
        if one:
            lone = cost("one", 1)
            alone = lone.wall
            assert _clips(jobs, place / "one") == _clips(jobs, place / "two"), "one worker draws other clips than two"
            figures |= {"one_worker_seconds": round(alone, 1), "two_worker_speedup": round(alone / two, 2)}
            # A worker draws on one core and encodes on another, so one of them has two cores as well, and two of them
            # can be no faster than both cores all the time.
            figures |= {"one_worker_cores": round(lone.cpu / alone, 2), "most_by_two": round(2 * alone / both.cpu, 2)}
            single = cost("one core", 1, one_core=True).wall
            figures |= {"one_core_seconds": round(single, 1), "two_core_speedup": round(single / two, 2)}
        if find_spec("distributed"):
            with _cluster(place) as address:
                there = cost("dask", 0, address).wall
            assert _clips(jobs, place / "dask") == _clips(jobs, place / "two"), "a cluster draws other clips"
            figures |= {"dask_seconds": round(there, 1), "dask_over_local": round(there / two, 3)}
    return figures


def _clips(jobs: Sequence[ClipJob], folder: Path) -> list[bytes]:
    return [(folder / job.target.name).read_bytes() for job in jobs]


@contextmanager
def _cluster(place: Path) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    about, started = place / "scheduler.json", []
    dask = [sys.executable, "-m", "dask"]
    env = {**os.environ, **QUIET}
    try:
        command = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        command += ["--scheduler-file", str(about)]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL))
        while not (about.exists() and about.read_text()):
            time.sleep(0.1)
        address = json.loads(about.read_text())["address"]
        folder = ["--local-directory", str(place), "--no-dashboard"]
        command = [*dask, "worker", address, "--nworkers", "2", "--nthreads", "1", *folder]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL))
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
