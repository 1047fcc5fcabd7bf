"""Runs trained beside one another, each in a process of its own.

for name, trained in beside({"healthy": partial(train, "healthy"), ...}, jobs=2, say=say):
    trained.result()
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from typing import Any, TypeVar

from rushes.capacity import cores, free_memory
from rushes.errors import RushesError
from rushes.rlhf.rows import Progress

__all__ = ["at_a_time", "beside"]

T = TypeVar("T")
CPU_RUN, GPU_RUN = 2 << 30, 12 << 30
"""Bytes that a run takes: of memory in the size tiny, of a GPU in the size gpu."""
LOOK = 0.2
"""Seconds between two looks at what the processes say."""
KILLED = (
    "a process that trains was killed; perhaps there is not enough memory for all\n"
    "  the same command goes on from the checkpoints; with --jobs 1 there is one at a time"
)

_told: Any = None
"""In a process that trains: the queue on which it says how far it is."""


def beside(
    calls: Mapping[str, Callable[[Progress], T]], jobs: int, say: Callable[[str, int, int, str], None]
) -> Iterator[tuple[str, Future[T]]]:
    """Call each, `jobs` at a time, in the order given; what is ready first comes first.

    Args:
        calls: what to do, by name; called with where to say how far it is. It travels to another process.
        jobs: how many at a time, at least 1.
        say: told (name, done, total, text) of every one that is at work.

    Raises:
        RushesError: one of the processes was killed, and with it all end.
    """
    context = get_context("spawn")  # a forked process cannot use a GPU that its parent has touched
    queue = context.SimpleQueue()
    pool = ProcessPoolExecutor(min(jobs, len(calls)), mp_context=context, initializer=_begin, initargs=(queue,))
    try:
        asked = {pool.submit(_call, name, call): name for name, call in calls.items()}
        left = set(asked)
        while left:
            ready, left = wait(left, LOOK, FIRST_COMPLETED)
            while not queue.empty():
                say(*queue.get())
            for one in ready:
                if isinstance(one.exception(), BrokenProcessPool):
                    raise RushesError(KILLED) from one.exception()
                yield asked[one], one
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            child.terminate()  # each goes on from its own checkpoint next time
        raise
    pool.shutdown()


def _begin(queue: Any) -> None:
    """A new process: on Ctrl-C its parent ends it, and it dies with its parent in any case."""
    global _told
    _told = queue
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _call(name: str, call: Callable[[Progress], T]) -> T:
    return call(lambda done, total, text: _told.put((name, done, total, text)))


def at_a_time(device: str) -> int:
    """How many runs this machine trains beside one another: one a core, as far as the memory goes, or the GPU's."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        return 1  # under `accelerate launch`, several processes train one run
    if device == "cpu":
        return max(1, min(cores(), free_memory() // CPU_RUN))
    import torch

    free, _ = torch.cuda.mem_get_info()
    return max(1, min(cores(), free // GPU_RUN))
