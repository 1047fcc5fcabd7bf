"""A call in a process of its own, forked from a server that has imported Manim."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

__all__ = ["COLLECT", "OwnProcess", "WorkerError", "beside", "start_server"]

COLLECT = 100_000  # new objects from one collection to the next: a scene's mobjects stay, so most find nothing

TURN = 0.0005  # seconds that the thread which draws may go on while the encoder's waits for Python; by itself 0.005

# Starting a process looks after all others, and `multiprocessing` does not expect that from two threads at once.
_STARTING = threading.Lock()


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
    sys.setswitchinterval(TURN)
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
