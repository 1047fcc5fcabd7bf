"""Checkpoints: where a recording goes on from when its process was killed.

    with kept(root / "build" / "checkpoints" / "healthy", key, rows) as checkpoints:
        step, state = checkpoints.latest()
        ...
        checkpoints.save(step, {"coach": coach.state()})

A checkpoint is a folder `checkpoint-STEP`. The trainer writes its own files into it (weights, optimiser, scheduler,
generators), and then we write `state.pt`: whole, and last. A folder without it was being written when the process was
killed, and does not count. The folders before it go only when it is there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from rushes.cache import whole, write_whole
from rushes.errors import RushesError
from rushes.rlhf.rows import Rows

__all__ = ["Checkpoints", "kept"]


@dataclass
class Checkpoints:
    """The checkpoints of one recording, with the rows that were recorded until then."""

    folder: Path
    rows: Rows
    every: int
    """Steps from one checkpoint to the next."""
    chief: bool = True
    """Whether this process writes; the others of an `accelerate launch` only read."""
    spent: float = 0.0
    """Seconds that went into what is resumed."""
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """How long the recording has taken, in all its pieces."""
        return self.spent + time.perf_counter() - self.began

    def path(self, step: int) -> Path:
        """Where the checkpoint of a step is; the name is the trainer's."""
        return self.folder / f"checkpoint-{step}"

    @property
    def whole(self) -> list[int]:
        """The steps of the whole checkpoints, ascending."""
        return sorted(int(path.parent.name.split("-")[1]) for path in self.folder.glob("checkpoint-*/state.pt"))

    def latest(self) -> tuple[int, dict[str, Any] | None]:
        """The newest whole checkpoint's step and state; 0 and None where there is none. Its rows are taken over."""
        self.tidy()
        if not self.whole:
            return 0, None
        step = self.whole[-1]
        saved = torch.load(self.path(step) / "state.pt", weights_only=True)
        self.rows.files = saved["rows"]
        self.spent = saved["seconds"]
        state: dict[str, Any] = saved["state"]
        return step, state

    def tidy(self) -> None:
        """Remove what is half written: after a full disk, it is what fills it."""
        if not self.chief:
            return
        for place in self.folder.glob("checkpoint-*"):
            if not (place / "state.pt").is_file():
                shutil.rmtree(place, ignore_errors=True)

    def save(self, step: int, state: Mapping[str, Any]) -> None:
        """Make the checkpoint of a step whole, after the trainer has written its part; the older ones go."""
        if not self.chief:
            return
        place = self.path(step)
        place.mkdir(parents=True, exist_ok=True)
        for file in filter(Path.is_file, place.iterdir()):
            with open(file, "rb") as made:
                os.fsync(made.fileno())
        told = {"rows": self.rows.files, "seconds": self.seconds, "state": dict(state)}
        with whole(place / "state.pt") as partial, open(partial, "wb") as file_:
            torch.save(told, file_)
        for other in self.folder.glob("checkpoint-*"):
            if other != place:
                shutil.rmtree(other, ignore_errors=True)


@contextmanager
def kept(folder: Path, key: str, rows: Rows, every: int, *, chief: bool = True) -> Iterator[Checkpoints]:
    """The checkpoints in a folder, which go when the block ends well and stay when it does not.

    Those of another `key` (another recipe, other code, other packages) are removed: what they would go on with is not
    what an unbroken run would do.

    Raises:
        RushesError: another process is at this recording.
    """
    if not chief:
        yield Checkpoints(folder, rows, every, chief=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder.with_name(f"{folder.name}.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a killed process holds no lock
        except OSError:
            raise RushesError(f"'{folder.name}' is being recorded by another process") from None
        said = folder / "key"
        if not said.is_file() or said.read_text() != key:
            shutil.rmtree(folder)
            write_whole(said, key)
        yield Checkpoints(folder, rows, every)
        shutil.rmtree(folder)
