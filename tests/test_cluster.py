"""Cluster: a real Dask scheduler with two worker processes, which get everything as bytes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import clip_job_of
from filmed import filmed
from test_insert import insert, video

pytest.importorskip("distributed")
from distributed import Client, LocalCluster

from rushes import cluster as module
from rushes import workers
from rushes.clip import Clip, ClipJob
from rushes.cluster import Cluster, fingerprint
from rushes.errors import RushesError
from rushes.own_process import OwnProcess
from rushes.parcel import done_in, pack, unpack
from rushes.scene_file import CARD
from rushes.storyboard import Picture
from rushes.studio import shoot
from rushes.workers import render

BESIDE = '''\
"""A scene that imports a file beside it and one of its repository, and draws two records."""
from manim import Circle, Square
from rushes.scene import RunScene
import _sizes
from scenes import _colours

class Beside(RunScene):
    runs = {"run": "calm", "other": "wild"}

    def construct(self):
        last = self.record().column("rating")[-1] - self.record("other").column("rating")[-1]
        self.add(Square(side_length=_sizes.SIDE, color=_colours.LINE).shift([last / 4, 0, 0]))
'''
SLOW = '''\
"""A scene that says it has begun, and takes its time."""
import time
from pathlib import Path
from manim import Square
from rushes.scene import RunScene

class Slow(RunScene):
    settings = {"note": "", "seconds": 2.0}

    def construct(self):
        with open(self.setting("note"), "a") as note:
            note.write("x")
        time.sleep(self.setting("seconds"))
        self.add(Square())
'''
SHOWS = '''\
"""A scene that shows its card's picture."""
from manim import ImageMobject
from rushes.scene import RunScene

class Shows(RunScene):
    def construct(self):
        self.add(ImageMobject(self.shot.card.path).scale_to_fit_height(4))
'''
DIES = '''\
"""A scene that ends its process."""
import os
from rushes.scene import RunScene

class Dies(RunScene):
    def construct(self):
        os._exit(7)
'''


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster


@pytest.fixture
def repository(repository: Path) -> Path:
    for name, text in {"beside": BESIDE, "slow": SLOW, "dies": DIES, "shows": SHOWS, "_sizes": "SIDE = 2.0\n"}.items():
        (repository / "scenes" / f"{name}.py").write_text(text)
    (repository / "scenes" / "_colours.py").write_text('LINE = "#FF8800"\n')
    return repository


def outcomes(jobs: list[ClipJob], dask: LocalCluster) -> dict[str, Clip | str]:
    return {job.shot: outcome for job, outcome in render(jobs, cluster=dask.scheduler_address)}


def test_clips_are_those_of_this_machine(
    repository: Path, tmp_path: Path, dask: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jobs(folder: str) -> list[ClipJob]:
        return [
            clip_job_of(repository, "curve", tmp_path / folder),
            clip_job_of(repository, "beside", tmp_path / folder),
            clip_job_of(repository, "dot", tmp_path / folder),
            replace(clip_job_of(repository, "dot", tmp_path / folder, size=(90, 160)), shot="upright"),
            replace(clip_job_of(repository, "curve", tmp_path / folder, run="wild"), shot="wild"),
        ]

    monkeypatch.syspath_prepend(repository)  # for `from scenes import`, as from the repository itself
    here, there = jobs("here"), jobs("there")
    made = {job.shot: clip for job, clip in render(here, 2)}
    told = outcomes(there, dask)
    for mine, theirs in zip(here, there, strict=True):
        clip, same = told[theirs.shot], made[mine.shot]
        assert isinstance(clip, Clip), clip
        assert isinstance(same, Clip), same
        assert (clip.path, clip.reads) == (theirs.target, same.reads)
        assert theirs.target.read_bytes() == mine.target.read_bytes(), mine.shot
    assert sorted(p.suffix for p in (tmp_path / "there" / "clip").iterdir()) == [".json"] * 5 + [".mp4"] * 5


def test_a_picture_and_a_video_travel(repository: Path, tmp_path: Path, dask: LocalCluster) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    cv2.imwrite(str(vault / "a picture.png"), noise)
    film = video(vault / "a film.mp4")
    picture, beside = Picture(path=vault / "a picture.png", caption="A picture"), insert(film)

    def jobs(folder: str) -> list[ClipJob]:
        # what they are made from is not what their scenes alone would be made from
        shows, dot = (replace(clip_job_of(repository, name, tmp_path / folder), inputs={}) for name in ("shows", "dot"))
        return [
            replace(shows, card=picture),
            replace(shows, card=picture, scene=CARD, class_name="Card", shot="card", target=dot.target.with_stem("a")),
            replace(dot, card=beside, target=dot.target.with_stem("b")),
        ]

    here, there = jobs("here"), jobs("there")
    assert [type(clip) for _, clip in render(here, 2)] == [Clip] * 3
    told = outcomes(there, dask)
    for mine, theirs in zip(here, there, strict=True):
        clip = told[theirs.shot]
        assert isinstance(clip, Clip), clip
        assert theirs.target.read_bytes() == mine.target.read_bytes(), theirs.shot


def test_only_the_records_that_a_scene_may_read_travel(repository: Path, tmp_path: Path) -> None:
    parcel, freights = pack(clip_job_of(repository, "curve", tmp_path, run="wild"))
    names = sorted(name for freight in freights for name in freight)
    assert names == [
        "runs/records/wild/metrics.jsonl",
        "runs/records/wild/run.json",
        "runs/records/wild/samples.jsonl.gz",
        "scenes/curve.py",
    ]
    assert parcel.job.records.roots == ()


@pytest.mark.parametrize("scene", ["guideline", "one_more_rule"])
def test_the_page_that_a_record_names_travels(scene: str, tmp_path: Path) -> None:
    job = next(each.job for each in filmed("the-minus-sign") if each.scene == scene)
    parcel, freights = pack(job)
    files = {name: path.read_bytes() for freight in freights for name, path in freight.items()}
    (tmp_path / "there").mkdir()
    there = unpack(parcel, files, tmp_path / "there")
    assert OwnProcess(partial(done_in, tmp_path / "there", partial(shoot, frames=[1]), there)).answer()
    (tmp_path / "there" / "notes" / "raters-guideline.md").unlink(missing_ok=True)
    (tmp_path / "there" / "notes" / "raters-guideline-fixation.md").unlink(missing_ok=True)
    with pytest.raises(FileNotFoundError, match="guideline"):
        OwnProcess(partial(done_in, tmp_path / "there", partial(shoot, frames=[1]), there)).answer()


def test_a_worker_remembers_nothing_of_the_last_shot(repository: Path, tmp_path: Path, dask: LocalCluster) -> None:
    helper = repository / "scenes" / "_sizes.py"
    made = []
    for side in ("2.0", "3.0", "2.0"):
        helper.write_text(f"SIDE = {side}\n")
        job = replace(clip_job_of(repository, "beside", tmp_path), target=tmp_path / f"{len(made)}.mp4")
        told = outcomes([job], dask)
        assert isinstance(told["the-beside"], Clip), told
        made.append(job.target.read_bytes())
    assert made[0] == made[2] != made[1]


def test_a_scene_that_fails_is_told_of_as_here(repository: Path, tmp_path: Path, dask: LocalCluster) -> None:
    scene = repository / "scenes" / "dot.py"
    scene.write_text(scene.read_text().replace("self.live(", "self.lvie("))
    jobs = [clip_job_of(repository, name, tmp_path) for name in ("dot", "curve", "dies")]
    told = outcomes(jobs, dask)
    assert isinstance(told["the-curve"], Clip)
    assert told["the-dies"] == "its process ended with exit code 7"
    assert str(told["the-dot"]).startswith(f'  File "{scene}", line 11, in construct')
    assert "has no attribute 'lvie'" in str(told["the-dot"])
    with Client(dask, set_as_default=False) as client:
        assert len(client.scheduler_info()["workers"]) == 2, "the workers lived on"


def begun(note: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while not note.exists() or len(note.read_text()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_lost_workers_shots_are_made_by_another(repository: Path, tmp_path: Path, dask: LocalCluster) -> None:
    note = tmp_path / "note"
    jobs = [
        replace(clip_job_of(repository, "slow", tmp_path, note=str(note), frames=20 + i), shot=f"slow {i}")
        for i in range(3)
    ]
    with Client(dask, set_as_default=False) as client:
        pids = client.run(os.getpid)
    killed = False
    told = {}
    futures = render(jobs, cluster=dask.scheduler_address)
    for job, outcome in futures:
        told[job.shot] = outcome
        if not killed:
            begun(note, 3)  # the third has been begun by who is done with the first
            with Client(dask, set_as_default=False) as client:
                busy = {worker for worker, tasks in client.processing().items() if any("_made" in t for t in tasks)}
            for worker in busy:
                os.kill(pids[worker], signal.SIGKILL)
            killed = bool(busy)
    assert killed
    assert sorted(told) == ["slow 0", "slow 1", "slow 2"]
    assert all(isinstance(outcome, Clip) for outcome in told.values()), told
    assert len(note.read_text()) > 3


def test_who_stops_waiting_leaves_at_once(repository: Path, tmp_path: Path, dask: LocalCluster) -> None:
    note = tmp_path / "note"
    job = clip_job_of(repository, "slow", tmp_path, note=str(note), seconds="4")
    left = time.monotonic()
    with suppress(KeyboardInterrupt), Cluster(dask.scheduler_address) as executor:
        future = executor.submit(workers._attempt, job)
        begun(note, 1)
        left = time.monotonic()
        raise KeyboardInterrupt
    assert time.monotonic() - left < 3
    assert not (future.done() and future.exception() is None)
    assert not job.target.exists()


# ---------------------------------------------------------------------- what dies, as the readme starts it
@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """A scheduler's address, its process and that of a worker with its nanny."""
    about = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(about)],
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (about.exists() and about.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    address = json.loads(about.read_text())["address"]
    folder = ["--local-directory", str(tmp_path / "dask"), "--no-dashboard"]
    worker = subprocess.Popen(
        [*dask, "worker", address, "--nworkers", "1", "--nthreads", "1", *folder],
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield address, scheduler, worker
    finally:
        for process in (worker, scheduler):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.parametrize(("who", "said"), [("scheduler", "went away"), ("worker", "has lost all its workers")])
def test_a_cluster_that_is_gone_is_an_error(
    repository: Path,
    tmp_path: Path,
    started: tuple[str, subprocess.Popen[bytes], subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    said: str,
) -> None:
    address, scheduler, worker = started
    monkeypatch.setattr(module, "GONE", 2)
    note = tmp_path / "note"
    slow = clip_job_of(repository, "slow", tmp_path, note=str(note), seconds="30")
    first = clip_job_of(repository, "dot", tmp_path, frames=20)
    render_both = render([slow, first], cluster=address)
    job, outcome = next(render_both)
    assert (job.shot, type(outcome)) == ("the-dot", Clip)
    begun(note, 1)
    os.killpg((scheduler if who == "scheduler" else worker).pid, signal.SIGKILL)
    killed = time.monotonic()
    with pytest.raises(RushesError, match=f"{said}\n.*what was finished is kept"):
        next(render_both)
    assert time.monotonic() - killed < 20
    # the next run goes on from what is whole, and makes the same
    assert not list(first.target.parent.glob(".*.mp4"))
    again = replace(first, target=tmp_path / "again.mp4")
    assert [type(outcome) for _, outcome in render([again], 1)] == [Clip]
    assert again.target.read_bytes() == first.target.read_bytes()


# ---------------------------------------------------------------------- what is refused
@pytest.mark.parametrize("address", ["", "garbage", "tcp://127.0.0.1", "nonsense://x:1", "/tmp/scheduler.json"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(RushesError, match=r"is no address of a scheduler\n.*tcp://HOST:8786"):
        Cluster(address)


def test_a_scheduler_that_is_not_there_is_an_error_in_seconds(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(module, "REACHED", 1)
    began = time.monotonic()
    with pytest.raises(RushesError, match=f"there is no Dask scheduler at {address}.*\n.*dask scheduler"):
        list(render([clip_job_of(repository, "dot", tmp_path)], cluster=address))
    assert time.monotonic() - began < 5


def test_a_scheduler_without_workers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JOINED", 0.5)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as empty,
        pytest.raises(RushesError, match=r"has no workers\n.*dask worker tcp://"),
    ):
        Cluster(empty.scheduler_address)


def test_a_worker_of_another_version_is_refused_before_any_work(
    repository: Path, tmp_path: Path, dask: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = clip_job_of(repository, "dot", tmp_path)
    monkeypatch.setattr(module, "_LOADED", {**fingerprint(), "manim": "0.1", "the source of rushes": "other"})
    here = f"manim {fingerprint()['manim']}, here 0.1; the source of rushes differs"
    with pytest.raises(RushesError, match=f"would draw other frames: {re.escape(here)}\n"):
        list(render([job], cluster=dask.scheduler_address))
    # one that joins while a film is made was never asked: it looks itself
    monkeypatch.setattr(Cluster, "_check", lambda self: None)
    with pytest.raises(RushesError, match="runs another rushes than this machine"):
        list(render([job], cluster=dask.scheduler_address))
    assert not job.target.exists()


def test_a_fingerprint_knows_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fingerprint() == fingerprint() == module._LOADED
    (tmp_path / "clip.py").write_text("")
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    assert fingerprint()["the source of rushes"] != module._LOADED["the source of rushes"]
    assert module._said()["the source of rushes"] == "changed"
