"""Workers: every shot in a process of its own; what one does to its process is its own affair."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from conftest import ROOT, clip_job_of

from rushes import workers
from rushes.cache import Cache
from rushes.capacity import free_memory
from rushes.clip import Clip
from rushes.own_process import OwnProcess, WorkerError, beside
from rushes.take import is_made, make_take
from rushes.takes import _backwards
from rushes.voices import voice
from rushes.workers import Processes, render

DIES = '''\
"""A scene that ends its process, after a note of it, unless it has done so `times` before."""
import os, signal
from pathlib import Path
from rushes.scene import RunScene

class Dies(RunScene):
    settings = {"note": "", "how": "exit", "times": 99}

    def construct(self):
        with open(self.setting("note"), "a+") as note:
            note.write("x")
            note.seek(0)
            died = len(note.read()) - 1
        if died < self.setting("times"):
            if self.setting("how") == "exit":
                os._exit(7)
            os.kill(os.getpid(), signal.SIGKILL)
'''


@pytest.fixture
def with_dies(repository: Path) -> Path:
    (repository / "scenes" / "dies.py").write_text(DIES)
    return repository


def test_clips_are_the_same_for_any_number_of_workers_in_any_order(repository: Path, tmp_path: Path) -> None:
    made = {}
    for folder, count, turn in (("one", 1, 1), ("two", 2, 1), ("turned", 2, -1)):
        jobs = [
            clip_job_of(repository, scene, tmp_path / folder, size=size, frames=frames)
            for scene, size, frames in (("curve", (160, 90), 12), ("dot", (90, 160), 14), ("dot", (160, 90), 13))
        ]
        outcomes = {job.target.name: clip for job, clip in render(jobs[::turn], count)}
        assert all(isinstance(clip, Clip) for clip in outcomes.values()), outcomes
        made[folder] = {job.target.name: job.target.read_bytes() for job in jobs}
    assert len(made["one"]) == 3
    assert made["one"] == made["two"] == made["turned"]


@pytest.mark.parametrize(("how", "said"), [("exit", "exit code 7"), ("kill", "its process was killed")])
def test_a_scene_that_ends_its_process_is_named_and_the_others_are_made(
    with_dies: Path, tmp_path: Path, how: str, said: str
) -> None:
    note = tmp_path / "note"
    jobs = [
        clip_job_of(with_dies, "dies", tmp_path / "made", frames=20, note=str(note), how=how),
        clip_job_of(with_dies, "curve", tmp_path / "made"),
        clip_job_of(with_dies, "dot", tmp_path / "made"),
    ]
    outcomes = {job.shot: outcome for job, outcome in render(jobs, 2)}
    assert said in str(outcomes.pop("the-dies"))
    assert [type(outcome) for outcome in outcomes.values()] == [Clip, Clip]
    assert note.read_text() == "xx", "it was tried once more"


def test_a_shot_whose_process_was_killed_is_made_alone_after_the_others(with_dies: Path, tmp_path: Path) -> None:
    jobs = [
        clip_job_of(
            with_dies, "dies", tmp_path / "made", frames=20, note=str(tmp_path / "note"), how="kill", times="1"
        ),
        clip_job_of(with_dies, "dot", tmp_path / "made"),
    ]
    outcomes = [(job.shot, type(outcome)) for job, outcome in render(jobs, 2)]
    assert outcomes == [("the-dot", Clip), ("the-dies", Clip)]


def fails() -> None:
    raise KeyError("what went wrong")


def test_an_answer_and_an_error_travel() -> None:
    with Processes(2) as executor:
        assert executor.submit(divmod, 17, 5).result() == (3, 2)
        assert executor.submit(os.getpid).result() != os.getpid()
        with pytest.raises(KeyError, match="what went wrong"):
            executor.submit(fails).result()
        with pytest.raises(WorkerError, match="exit code 3"):
            executor.submit(os._exit, 3).result()


def wait_for(note: str) -> None:
    Path(note).write_text(str(os.getpid()))
    time.sleep(60)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def started(note: Path) -> int:
    deadline = time.monotonic() + 30
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(note.read_text())


def test_a_process_that_draws_collects_garbage_though_its_server_does_not() -> None:
    assert OwnProcess(gc.isenabled).answer()
    assert OwnProcess(gc.get_freeze_count).answer() > 100_000, "what was loaded before"


def test_what_dask_sets_for_its_workers_is_not_for_ours() -> None:
    code = """
import os
from functools import partial
from rushes.own_process import OwnProcess
ask = partial(os.getenv, "MALLOC_TRIM_THRESHOLD_")
print([OwnProcess(ask).answer(), ask()])
"""
    environment = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "65536"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout == "[None, '65536']\n", done.stderr


def test_who_leaves_in_a_hurry_leaves_nothing_running(tmp_path: Path) -> None:
    futures: list[Future[None]] = []
    began = time.monotonic()
    pid = 0
    with suppress(KeyboardInterrupt), Processes(1) as executor:
        futures = [executor.submit(wait_for, str(tmp_path / name)) for name in "ab"]
        pid = started(tmp_path / "a")
        raise KeyboardInterrupt
    assert time.monotonic() - began < 30
    assert not runs(pid)
    assert isinstance(futures[0].exception(), WorkerError)
    assert futures[1].cancelled()
    assert not (tmp_path / "b").exists()


def test_a_killed_parent_takes_its_processes_along(tmp_path: Path) -> None:
    code = f"""
from test_workers import wait_for
from rushes.workers import Processes
Processes(1).submit(wait_for, {str(tmp_path / "note")!r}).result()
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as process:
        pid = started(tmp_path / "note")
        process.kill()
    deadline = time.monotonic() + 20
    while runs(pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_more_processes_than_there_are_cores_and_memory_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 8)
    full, small = 1920 * 1080, 854 * 480
    for free, fit, fit_small in ((64 << 30, 8, 8), (2 << 30, 4, 7), (100 << 20, 1, 1), (0, 1, 1)):
        monkeypatch.setattr(workers, "free_memory", lambda free=free: free)
        assert (workers.fitting(full), workers.fitting(small)) == (fit, fit_small)
    monkeypatch.undo()
    assert workers.fitting(1) >= 1
    assert 1 << 20 < free_memory() < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


# ---------------------------------------------------------------------- beside something else
def written(path: Path) -> None:
    path.write_text("made")


def refused() -> None:
    raise OSError("no such thing")


def test_what_is_made_beside_is_there_afterwards_and_its_failure_is_not_told(tmp_path: Path) -> None:
    with beside(partial(written, tmp_path / "x")):
        pass
    assert (tmp_path / "x").read_text() == "made"
    with beside(refused):
        pass


def test_who_is_interrupted_does_not_wait_for_what_is_made_beside(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), beside(partial(time.sleep, 100)):
        raise KeyboardInterrupt
    assert time.monotonic() - began < 50


def test_two_speak_from_both_ends_and_what_is_made_is_not_spoken_again(tmp_path: Path) -> None:
    cache, silent = Cache(tmp_path), voice("silent")
    beats = [(f"Sentence {n}.", dict[str, str]()) for n in ("one", "two", "three", "four")]
    make_take("Sentence two.", silent, cache)
    _backwards(beats, "silent", cache)
    assert [is_made(text, silent, cache) for text, _ in beats] == [False, True, True, True]
