"""Cluster: clips made by the workers of a running Dask scheduler.

No disk is shared. What a job reads travels to the worker as bytes: its scene's source with the files that this
imports, the records it may read, its card's asset; the clip travels back. A worker that runs another source of this
package, or other versions of what draws, would draw other frames, and is refused.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Executor, Future
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from rushes.cache import digest, write_whole
from rushes.clip import ClipJob, read_clip
from rushes.errors import RushesError
from rushes.inputs import FONTS, PACKAGE, VERSIONS
from rushes.own_process import OwnProcess, WorkerError, start_server
from rushes.parcel import Freight, Parcel, done_in, pack, unpack

if TYPE_CHECKING:
    from distributed import Future as DaskFuture

__all__ = ["Cluster", "fingerprint"]

ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?[^/\s]+:\d+")
REACHED = 5  # seconds in which a scheduler answers, or does not
JOINED = 15  # seconds in which a first worker joins it
GONE = 60  # seconds without any worker after which no one believes that one comes back
RETRIES = 2  # of what is neither the scene's fault nor its worker's end: a full disk, a broken connection
AGAIN = "  what was finished is kept, and the same command goes on from there"

P = ParamSpec("P")
T = TypeVar("T")


# ---------------------------------------------------------------------- who may draw
def fingerprint() -> Mapping[str, str]:
    """What decides how a frame looks, besides the job: this package's source and fonts, and who else draws."""
    return {
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{name: _version(name) for name in (*VERSIONS, "moviepy", "pillow")},
        "the source of rushes": digest({str(file.relative_to(PACKAGE)): file for file in PACKAGE.rglob("*.py")}),
        "the folder of fonts": digest({file.name: file for file in FONTS.glob("*.[ot]tf")}),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


_LOADED = fingerprint()


def _differences(theirs: Mapping[str, str]) -> str:
    """How a worker with that fingerprint differs from this process; empty if it does not."""
    told = []
    for name, value in _LOADED.items():
        found = theirs.get(name, "unknown")
        if found != value:
            told.append(f"{name} differs" if name.startswith("the ") else f"{name} {found}, here {value}")
    return "; ".join(told)


def _said() -> Mapping[str, str]:
    """A worker's fingerprint; one whose files have changed since it loaded them is a stranger to everyone.

    Who is asked will draw, so Manim is imported there meanwhile.
    """
    start_server()
    return _LOADED if fingerprint() == _LOADED else {**_LOADED, "the source of rushes": "changed"}


# ---------------------------------------------------------------------- on a worker
def _same(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return files


def _made(
    attempt: Callable[[ClipJob], object], parcel: Parcel, wanted: Mapping[str, str], *freights: Mapping[str, bytes]
) -> tuple[object, Mapping[str, bytes]]:
    """What `attempt` returns and the files it leaves where the job wants them.

    It runs in a process of its own, as on the author's machine: no scene sees what another one left behind, and a
    scene that kills its process does not take the worker along.
    """
    from distributed import get_worker

    if _said() != wanted:
        raise RushesError(
            f"the worker {get_worker().address} runs another rushes than this machine\n"
            "  install there what is installed here, and start it again"
        )
    files = {name: content for freight in freights for name, content in freight.items()}
    with TemporaryDirectory(dir=get_worker().local_directory) as name:
        folder = Path(name).resolve()
        job = unpack(parcel, files, folder)
        job.target.parent.mkdir()
        try:
            outcome = OwnProcess(partial(done_in, folder, attempt, job)).answer()
        except WorkerError as died:
            return died, {}  # the scene's own doing: here as elsewhere
        if isinstance(outcome, str):
            return outcome.replace(str(folder), str(parcel.home)), {}
        return outcome, {path.name: path.read_bytes() for path in job.target.parent.iterdir()}


# ---------------------------------------------------------------------- here
class Cluster(Executor):
    """The workers of a Dask scheduler; it takes functions of one `ClipJob` that make its target.

    Raises:
        RushesError: it cannot be used: what to do about it is said.
    """

    def __init__(self, address: str) -> None:
        if not ADDRESS.fullmatch(address):
            raise RushesError(f"'{address}' is no address of a scheduler\n  write it so: --cluster tcp://HOST:8786")
        try:
            from distributed import Client
        except ImportError:
            raise RushesError("a cluster needs Dask\n  pip install -e '.[cluster]'") from None
        self.address = address
        try:
            self._client = Client(address, timeout=REACHED, set_as_default=False)
        except (OSError, ValueError) as error:
            raise RushesError(
                f"there is no Dask scheduler at {address}: {error}\n  start one: dask scheduler --port 8786"
            ) from None
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise
        self._pool = self._client.get_executor(pure=False, retries=RETRIES)
        self._freights: dict[str, DaskFuture] = {}
        self._waiting: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _check(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=JOINED)
        except TimeoutError:
            raise RushesError(
                f"the scheduler at {self.address} has no workers\n"
                f"  start one on each machine: dask worker {self.address} --nworkers -1 --nthreads 1"
            ) from None
        told = self._client.run(_said, on_error="return")
        wrong = []
        for worker, theirs in told.items():
            if isinstance(theirs, Exception):
                wrong.append(f"the worker {worker} cannot run rushes: {theirs}")
            elif differences := _differences(theirs):
                wrong.append(f"the worker {worker} would draw other frames: {differences}")
        if wrong:
            raise RushesError("\n".join([*wrong, "  install there what is installed here, and start it again"]))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A future of `fn(job)`; when it is done, the job's target is here.

        Raises:
            RecordError: a record that the job may read is not to be used.
        """
        (job,) = args
        assert isinstance(job, ClipJob)
        assert not kwargs
        parcel, freights = pack(job)
        sent = [self._sent(freight) for freight in freights]
        result: Future[T] = Future()
        result.set_running_or_notify_cancel()
        with self._lock:
            self._waiting.add(result)
        made = self._pool.submit(_made, fn, parcel, _LOADED, *sent)
        made.add_done_callback(lambda made: self._arrived(made, job, result))
        return result

    def _sent(self, files: Freight) -> DaskFuture:
        """The files as a task of its own: sent once, and, if the worker that has them is lost, sent again."""
        import dask

        key = f"rushes-{digest(files)}"
        if key not in self._freights:
            read = {name: path.read_bytes() for name, path in files.items()}
            # Dask would rather we put large things on a disk that all can see
            with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
                self._freights[key] = self._client.submit(_same, read, key=key)
        return self._freights[key]

    def _arrived(self, made: Future[tuple[Any, Mapping[str, bytes]]], job: ClipJob, result: Future[Any]) -> None:
        from distributed import KilledWorker

        try:
            outcome, files = made.result()
            if isinstance(outcome, WorkerError):
                raise outcome
            # the clip first: who finds its .json finds it too
            for name in sorted(files, key=lambda name: (name != job.target.name, name)):
                write_whole(job.target.with_name(name), files[name])
            if files:
                outcome = read_clip(job.target)
        except CancelledError:
            self._settle(result, error=RushesError(f"the scheduler at {self.address} went away\n{AGAIN}"))
        except KilledWorker:
            self._settle(result, error=WorkerError(-9))
        except (RushesError, WorkerError) as error:
            self._settle(result, error=error)
        except Exception as error:
            self._settle(result, f"{type(error).__name__}: {error}")
        else:
            self._settle(result, outcome)

    def _settle(self, result: Future[Any], outcome: object = None, error: Exception | None = None) -> None:
        with self._lock:
            if result not in self._waiting:
                return  # nobody waits any more
            self._waiting.remove(result)
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(outcome)

    def _watch(self) -> None:
        """Without workers Dask waits for ever, and says nothing."""
        seen = time.monotonic()
        while not self._closed.wait(1):
            if self._client.scheduler_info()["workers"]:
                seen = time.monotonic()
            elif time.monotonic() - seen > GONE:
                lost = RushesError(f"the scheduler at {self.address} has lost all its workers\n{AGAIN}")
                for result in list(self._waiting):
                    self._settle(result, error=lost)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End when what was submitted is done, or, with `cancel_futures`, at once."""
        if not self._closed.is_set():
            self._closed.set()
            self._pool.shutdown(wait=wait and not cancel_futures)
            self._freights.clear()
            self._client.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown(cancel_futures=error is not None)
