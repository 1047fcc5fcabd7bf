"""Workers: clip jobs in parallel, each in a process of its own.

Whoever runs them is a `concurrent.futures.Executor`: processes of this machine, or a cluster's.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from rushes.capacity import cores, free_memory
from rushes.own_process import OwnProcess, WorkerError, start_server

if TYPE_CHECKING:
    from rushes.clip import Clip, ClipJob

__all__ = ["DISK_FULL", "Processes", "fitting", "render"]

# Peak memory of a process that draws a shot: measured 380 MB at 1080p and 220 MB at 480p, rounded up.
BYTES, BYTES_A_PIXEL = 200 << 20, 150

DISK_FULL = "the disk is full; only whole files were left"

P = ParamSpec("P")
T = TypeVar("T")


def render(
    jobs: Sequence[ClipJob], workers: int = 0, cluster: str = "", begun: Callable[[], object] = lambda: None
) -> Iterator[tuple[ClipJob, Clip | str]]:
    """Each job with its clip, or with what went wrong, as they are done; longest first.

    `workers` 0 is one for each core, as far as memory goes; with `cluster`, the address of a Dask scheduler, its
    workers do it. `begun` is called when the first are on their way: what it does keeps none of them waiting. A scene
    that fails or kills its process does not stop the others.

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
        for job, outcome in _outcomes(sorted(jobs, key=lambda job: -job.frames), executor, begun):
            if isinstance(outcome, WorkerError):
                again.append(job)
            else:
                yield job, outcome
        for job in again:  # once more and alone: there may not have been memory for all
            for _, outcome in _outcomes([job], executor):
                yield job, str(outcome) if isinstance(outcome, WorkerError) else outcome


def _outcomes(
    jobs: Sequence[ClipJob], executor: Executor, begun: Callable[[], object] = lambda: None
) -> Iterator[tuple[ClipJob, Clip | str | WorkerError]]:
    futures = {executor.submit(_attempt, job): job for job in jobs}
    begun()
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
