"""Workers: clip jobs in parallel, each in a process of its own.

Whoever runs them is a `concurrent.futures.Executor`: processes of this machine, or a cluster's.
"""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from rushes.clip import Clip, ClipJob

__all__ = [
    "DISK_FULL",
    "OwnProcess",
    "Processes",
    "WorkerError",
    "beside",
    "cores",
    "fitting",
    "free_memory",
    "render",
    "start_server",
]

# Peak memory of a process that draws a shot: measured 380 MB at 1080p and 220 MB at 480p, rounded up.
BYTES, BYTES_A_PIXEL = 200 << 20, 150

DISK_FULL = "the disk is full; only whole files were left"

P = ParamSpec("P")
T = TypeVar("T")


class WorkerError(Exception):
    """The process of a shot ended without an answer."""

    def __init__(self, exitcode: int) -> None:
        self.exitcode = exitcode
        super().__init__(exitcode)

    def __str__(self) -> str:
        if self.exitcode >= 0:
            return f"its process ended with exit code {self.exitcode}"
        name = signal.Signals(-self.exitcode).name
        if name == "SIGKILL":
            return "its process was killed, twice; perhaps there is not enough memory for it"
        return f"its process was ended by {name}"


def render(jobs: Sequence[ClipJob], workers: int = 0, cluster: str = "") -> Iterator[tuple[ClipJob, Clip | str]]:
    """Each job with its clip, or with what went wrong, as they are done; longest first.

    `workers` 0 is one for each core, as far as memory goes; with `cluster`, the address of a Dask scheduler, its
    workers do it. A scene that fails or kills its process does not stop the others.

    Raises:
        RushesError: the cluster cannot be used, or went away.
    """
    if not jobs:
        return
    if cluster:
        from rushes.cluster import Cluster  # Dask takes most of a second to import

        executor: Executor = Cluster(cluster)
    else:
        executor = Processes(min(workers or fitting(max(job.size[0] * job.size[1] for job in jobs)), len(jobs)))
    with executor:
        again = []
        for job, outcome in _outcomes(sorted(jobs, key=lambda job: -job.frames), executor):
            if isinstance(outcome, WorkerError):
                again.append(job)
            else:
                yield job, outcome
        for job in again:  # once more and alone: there may not have been memory for all
            for _, outcome in _outcomes([job], executor):
                yield job, str(outcome) if isinstance(outcome, WorkerError) else outcome


def _outcomes(jobs: Sequence[ClipJob], executor: Executor) -> Iterator[tuple[ClipJob, Clip | str | WorkerError]]:
    futures = {executor.submit(_attempt, job): job for job in jobs}
    for future in as_completed(list(futures)):
        job = futures.pop(future)
        try:
            yield job, future.result()
        except WorkerError as died:
            yield job, died


def _attempt(job: ClipJob) -> Clip | str:
    """A clip, or the traceback from the scene's own file on: exceptions do not all travel between processes."""
    from rushes.studio import make_clip  # only where shots are drawn: it loads what draws

    try:
        return make_clip(job)
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return DISK_FULL
        frames = traceback.extract_tb(error.__traceback__)
        first = next((i for i, frame in enumerate(frames) if frame.filename == str(job.scene)), 0)
        told = traceback.format_list(frames[first:]) + traceback.format_exception_only(error)
        return "".join(told).rstrip()


# ---------------------------------------------------------------------- how many
def fitting(pixels: int) -> int:
    """How many processes that draw frames of so many pixels this machine has the cores and the free memory for."""
    return max(1, min(cores(), free_memory() // (BYTES + BYTES_A_PIXEL * pixels)))


def cores() -> int:
    """Those this process may use, and no more than a container's share of time."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no control groups, or no limit: "max 100000"
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        count = min(count, max(1, round(int(quota) / int(period))))
    return count


def free_memory() -> int:
    """Bytes that can be used without swapping, within a container's limit."""
    free = 4 << 30  # where a system does not say
    with suppress(OSError, ValueError, AttributeError):
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, StopIteration):  # what the cache of files could give back counts too
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    with suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        used = int((group / "memory.current").read_text())
        free = min(free, int((group / "memory.max").read_text()) - used)
    return free


# ---------------------------------------------------------------------- processes
class Processes(Executor):
    """Runs each call in a process of its own; one that is killed fails alone.

    Left by an exception, it ends what runs: what is half made is of no use, and no one wants to wait for it.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._threads = ThreadPoolExecutor(count)
        self._running: set[OwnProcess] = set()
        self._ended = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A future of the call; it raises `WorkerError` if its process did not live to answer."""
        start_server()
        return self._threads.submit(self._run, partial(fn, *args, **kwargs))

    def _run(self, call: Callable[[], T]) -> T:
        process = OwnProcess(call)
        self._running.add(process)
        if self._ended:
            process.end()
        try:
            answer: T = process.answer()
            return answer
        finally:
            self._running.discard(process)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End when what was submitted is done, or, with `cancel_futures`, at once."""
        if cancel_futures:
            self._ended = True
            self._threads.shutdown(wait=False, cancel_futures=True)
            for process in list(self._running):
                process.end()
        self._threads.shutdown(wait=wait)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown(cancel_futures=error is not None)


COLLECT = 100_000  # new objects from one collection to the next: a scene's mobjects stay, so most find nothing

# Starting a process looks after all others, and `multiprocessing` does not expect that from two threads at once.
_STARTING = threading.Lock()


class OwnProcess:
    """A call in a fresh process, forked after Manim was imported. Both must travel: the call and its answer."""

    def __init__(self, call: Callable[[], object]) -> None:
        context = start_server()
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_answer, args=(theirs, call))
        with _STARTING, _as_parent(), theirs:
            try:
                self._process.start()
            except (ConnectionError, EOFError):  # the server was killed just now; the next call starts another
                raise WorkerError(-signal.SIGKILL) from None

    def answer(self) -> Any:
        """Wait for what the call returns, or raise what it raised.

        Raises:
            WorkerError: the process ended without an answer.
        """
        try:
            with self._pipe:
                told: tuple[bool, Any] | None = self._pipe.recv()
        except EOFError:
            told = None
        with _STARTING:
            self._process.join()
        if told is None:
            raise WorkerError(self._process.exitcode or 0)
        well, answer = told
        if not well:
            raise answer
        return answer

    def end(self) -> None:
        """Do not let it finish."""
        self._process.terminate()


@contextmanager
def beside(call: Callable[[], object]) -> Iterator[None]:
    """Meanwhile a process makes something for the cache. If it cannot, whoever wants it is told when he makes it."""
    process = OwnProcess(call)
    try:
        yield
        with suppress(Exception):
            process.answer()
    except BaseException:
        process.end()
        raise


def _answer(pipe: Connection, call: Callable[[], object]) -> None:
    """Runs in the new process: it ends with its answer, or with the process that wants it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who pressed Ctrl-C is at the other end
    gc.freeze()  # Manim and all that is loaded with it is no garbage, and was walked through at every collection
    gc.set_threshold(COLLECT, 20, 100)
    gc.enable()
    from tqdm import tqdm

    # Manim's progress bars would share a lock with other processes, and a process that is ended leaves it behind
    tqdm.set_lock(threading.RLock())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        told: tuple[bool, object] = True, call()
    except Exception as error:
        told = False, error
    pipe.send(told)
    pipe.close()
    os._exit(0)  # whatever a scene has left running


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def start_server() -> ForkServerContext:
    """The server imports Manim once and forks a process for each shot: 20 ms instead of 1.5 s, and this process,
    which may have nothing to render, never imports it."""
    context = multiprocessing.get_context("forkserver")
    # a new process imports the main module of its parent again, and a worker's is Dask's command
    main = ["dask.__main__"] if "distributed" in sys.modules else []
    context.set_forkserver_preload(["rushes.preload", "rushes.scene", "rushes.studio", "rushes.workers", *main])
    with _ignoring_interrupts(), _environment():
        forkserver.ensure_running()
    return context


# A Python walks through a set of words in the same order as any other. What Dask sets for its workers makes them give
# freed memory back at once, and frames would fault theirs in anew: seven times the faults, a twelfth of the time.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "MALLOC_TRIM_THRESHOLD_": None}


@contextmanager
def _environment() -> Iterator[None]:
    """What is started meanwhile has `ENVIRONMENT`."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    _set(ENVIRONMENT)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def _as_parent() -> Iterator[None]:
    """A worker of Dask is a daemon and so may have no children; ours end with it, which is what that rule is for."""
    config = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    daemon = config.pop("daemon", None)
    try:
        yield
    finally:
        if daemon is not None:
            config["daemon"] = daemon


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """What is started meanwhile never sees Ctrl-C: this process does, and ends the others."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
