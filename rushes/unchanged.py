"""Unchanged: a film that the same command would make again as it is, told by how the files it was made of look.

While a command makes a film, Python tells of every file that it reads and every folder that it lists (an audit hook);
how each of them looks to the system, its size and times, is kept with how the film's own files look. Where all of
that is as it was, planning the film again would find nothing to do. Whatever is in doubt is planned: files that
changed just before they were read, or while the film was made.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rushes import __version__
from rushes.cache import digest, write_whole

__all__ = ["Watch", "kept_for", "unchanged", "watching"]

# Two changes within one tick of a file system's clock look the same to it; the coarsest clock has ticks of two seconds.
TICK = 2_000_000_000
SYSTEM = ("/proc/", "/sys/", "/dev/")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ENVIRONMENT = ("RUSHES_", "XDG_", "HOME", "PYTHONPATH")

Look = tuple[int, ...] | None


def kept_for(out: Path, command: Mapping[str, object]) -> Path:
    """The file below `out` where what is known of a film is kept that this command makes, here and with this Python."""
    around = {name: value for name, value in os.environ.items() if name.startswith(ENVIRONMENT)}
    here = {"version": __version__, "python": [sys.version, sys.prefix], "cwd": os.getcwd(), "environment": around}
    told = {name: str(value) for name, value in command.items()}
    return out / "unchanged" / f"{digest({'command': told, 'here': here})}.json"


def unchanged(kept: Path) -> Mapping[str, Any] | None:
    """What was told of a film when it was made, if nothing changed since; else None."""
    try:
        told = json.loads(kept.read_text(encoding="utf-8"))
        looks: Mapping[str, list[int] | None] = told["looks"]
        if any(_look(path) != (tuple(seen) if seen else None) for path, seen in looks.items()):
            return None
        return dict(told["told"])
    except (OSError, ValueError, KeyError):
        return None


def _look(path: str) -> Look:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino


class Watch:
    """How files and folders looked when they were first read. What is below `out` is made, not read.

    Only a process's first one keeps anything: a second film may be made of files that were read for the first.
    """

    def __init__(self, roots: Iterable[Path], out: Path, *, first: bool) -> None:
        self._first = first
        self._roots, self._out = [os.path.abspath(root) for root in roots], os.path.abspath(out) + os.sep
        self._looks: dict[str, tuple[Look, int]] = {}
        self._written: set[str] = set()
        for root in self._roots:  # where something may be that is looked for, and is not there yet
            for name in ("", "scenes", "runs", "assets"):
                self._note(os.path.join(root, name) if name else root)
        for module in list(sys.modules.values()):
            if file := getattr(module, "__file__", None):
                self._note(os.path.abspath(file))

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """What Python tells of a file that is opened, or of a folder that is listed."""
        name = args[0] if args[0] is not None else os.curdir
        if isinstance(name, int):
            return
        path = os.path.abspath(os.fsdecode(name))
        if event == "open" and args[2] & WRITES:
            self._written.add(path)
            return
        if path.endswith(".pyc"):
            with suppress(ValueError):  # another tool's
                path = importlib.util.source_from_cache(path)
        if path in self._looks or path in self._written:
            return
        self._note(path)
        file = event == "open"
        while (parent := os.path.dirname(path)) not in self._looks and (file or self._ours(parent)):
            self._note(parent)  # where a file may come that is looked for before this one
            path, file = parent, False

    def _ours(self, path: str) -> bool:
        return any(path == root or path.startswith(root + os.sep) for root in self._roots)

    def _note(self, path: str) -> None:
        if path not in self._looks and not f"{path}{os.sep}".startswith((*SYSTEM, self._out)):
            self._looks[path] = _look(path), time.time_ns()

    def keep(self, kept: Path, made: Path, told: Mapping[str, Any]) -> None:
        """Keep what is told of the film in the folder `made`, unless something that was read may have changed since."""
        for path, (seen, at) in self._looks.items():
            if not self._first or seen != _look(path) or (seen and at - max(seen[:2]) < TICK):
                kept.unlink(missing_ok=True)
                return
        files = [entry.path for entry in os.scandir(made) if entry.is_file() and not entry.name.startswith(".")]
        looks = {path: seen for path, (seen, _) in self._looks.items()} | {path: _look(path) for path in files}
        write_whole(kept, json.dumps({"looks": looks, "told": dict(told)}))


_watches: list[Watch] = []
_installed = False


@contextmanager
def watching(roots: Iterable[Path], out: Path) -> Iterator[Watch]:
    """Everything that this process reads meanwhile is noted."""
    global _installed
    watch = Watch(roots, out, first=not _installed)
    if not _installed:  # a hook cannot be taken away
        sys.addaudithook(_hear)
        _installed = True
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if _watches and event in ("open", "os.listdir", "os.scandir"):
        for watch in _watches:
            watch.hear(event, args)
