"""Opened: the files that a scene opened while it ran, so that a change in one draws it again.

Python tells of every file that it opens and of every folder that it lists (an audit hook), whoever asks: a scene,
Manim, Pillow. A library that opens files by itself, as OpenCV does, is not heard; `RunScene.asset` is for it.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rushes.cache import digest, file_digest

__all__ = ["Opened", "note", "still_there", "unheard"]

PACKAGE = Path(__file__).parent
# What belongs to Python, to installed packages and to this one is named by its version or its source.
INSTALLED = tuple({Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
SYSTEM = (Path("/proc"), Path("/sys"), Path("/dev"))
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Opened:
    """Files that are opened for reading while it listens, but for those that are `known`."""

    def __init__(self, home: Path, known: Collection[Path]) -> None:
        self._home, self._known = home, frozenset(known)
        self._files: dict[Path, str] = {}
        self._written: set[Path] = set()
        self._apart = (*INSTALLED, *SYSTEM, PACKAGE)

    @property
    def files(self) -> Mapping[str, str]:
        """A path, below `home` if it is there, -> a digest of what was there when it was first opened."""
        seen = {path: state for path, state in self._files.items() if path not in self._written}
        return {_named(path, self._home): state for path, state in sorted(seen.items())}

    @contextmanager
    def listening(self, made: Path) -> Iterator[None]:
        """What is below the folder `made` is of the scene's own making."""
        self._apart = (*self._apart, made)
        _install()
        _listeners.append(self)
        try:
            yield
        finally:
            _listeners.remove(self)

    def note(self, path: Path, *, written: bool = False) -> None:
        """Remember a file or a folder, whether or not it is there."""
        path = Path(os.path.abspath(path))
        if written:
            self._written.add(path)
        elif path not in self._files and path not in self._known and not any(map(path.is_relative_to, self._apart)):
            self._files[path] = _state(path)


def note(path: Path) -> None:
    """Remember a file that a scene may read in a way that is not heard."""
    with suppress(IndexError):
        _listeners[-1].note(path)


def still_there(files: Mapping[str, str], home: Path) -> bool:
    """Whether all these files are as they were."""
    return all(_state(home / name) == state for name, state in files.items())


@contextmanager
def unheard() -> Iterator[None]:
    """For what is remembered in another way."""
    before = _listeners[:]
    _listeners.clear()
    try:
        yield
    finally:
        _listeners[:] = before


def _named(path: Path, home: Path) -> str:
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _state(path: Path) -> str:
    """Of a file's bytes, or of a folder's names."""
    try:
        return digest({"names": sorted(os.listdir(path))}) if path.is_dir() else file_digest(path)[:16]
    except OSError:
        return "missing"


# ---------------------------------------------------------------------- what Python tells
_listeners: list[Opened] = []
_installed = False


def _install() -> None:
    """Once: a hook cannot be taken away."""
    global _installed
    if not _installed:
        sys.addaudithook(_hear)
        _installed = True


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if not _listeners or event not in ("open", "os.listdir", "os.scandir"):
        return
    name = args[0] if args[0] is not None else os.curdir
    if isinstance(name, int):
        return
    path = Path(os.fsdecode(name))
    importing = sys._getframe(1).f_code.co_filename.startswith("<frozen importlib")
    if importing and event != "open":
        return  # looking for a module: what is found is opened
    heard = _listeners[:]
    with unheard():
        if importing and path.suffix == ".pyc":
            path = Path(importlib.util.source_from_cache(path))
        for listener in heard:
            listener.note(path, written=event == "open" and bool(args[2] & WRITES))
