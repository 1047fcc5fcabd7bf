"""Workers: clip jobs in parallel, each in a fresh process forked after Manim was imported."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver

from rushes.clip import Clip, ClipJob, make_clip

__all__ = ["render"]


def render(jobs: Sequence[ClipJob], workers: int = 0) -> Iterator[tuple[ClipJob, Clip | str]]:
    """Each job with its clip, or with what went wrong, as they are done; longest first.

    `workers` 0 is one for each core. A scene that fails does not stop the others.
    """
    if not jobs:
        return
    # The server imports Manim once and forks a process for each shot: 20 ms instead of 1.5 s, and
    # this process, which may have nothing to render, never imports it.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rushes.scene"])
    with _ignoring_interrupts():
        forkserver.ensure_running()
    count = min(workers or len(os.sched_getaffinity(0)), len(jobs))
    pool = ProcessPoolExecutor(count, mp_context=context, max_tasks_per_child=1)
    try:
        futures: dict[Future[Clip | str], ClipJob] = {
            pool.submit(_attempt, job): job for job in sorted(jobs, key=lambda job: -job.frames)
        }
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                yield futures[future], "its process was killed, perhaps for want of memory; try fewer --jobs"
    except BaseException:
        # interrupted: what is half made is of no use, and no one wants to wait for it
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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


def _attempt(job: ClipJob) -> Clip | str:
    """A clip, or the traceback from the scene's own file on: exceptions do not all travel between processes."""
    try:
        return make_clip(job)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        first = next((i for i, frame in enumerate(frames) if frame.filename == str(job.scene)), 0)
        told = traceback.format_list(frames[first:]) + traceback.format_exception_only(error)
        return "".join(told).rstrip()
