"""Cache: a made file is named by the hash of everything it was made from, so it is never stale.

wav = cache.made("take", ".wav", {"text": text, "voice": voice}, lambda path: speak(text, path))

What has not been used for longest goes first when there is too much; whoever takes a file out of it says `used`.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, is_dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["LIMIT", "Cache", "Made", "digest", "file_digest", "sweep", "used", "whole", "write_whole"]

LIMIT = 10 * 1000**3
"""Bytes that a film leaves in the cache."""
DAY = 86_400.0
"""Seconds. A film removes nothing that was used so recently: another film in the making may count on it."""


def digest(inputs: Mapping[str, object]) -> str:
    """The name of an output: 16 hex digits of the SHA-256 of its inputs. A `Path` counts as its bytes.

    Raises:
        TypeError: an input is neither plain data, a path nor a dataclass, so that it cannot be told
            apart from another of its kind.
    """
    text = json.dumps(inputs, default=_plain, sort_keys=True, allow_nan=False, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Read once per (path, size, times of change)."""
    state = path.stat()
    # a program can set the time of the last change, but not that of the file's entry
    return _file_digest(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=1024)
def _file_digest(path: Path, _size: int, _changed: int, _entered: int) -> str:
    with open(path, "rb") as file:  # a video may be larger than memory
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return {"sha256": file_digest(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"a {type(value).__name__} cannot name a file: pass text, numbers, paths or dataclasses")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary path that becomes `path` when the block ends well, so a file that exists is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield partial
        with open(partial, "rb") as made:
            os.fsync(made.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def sweep(root: Path) -> None:
    """Remove what killed processes left half made below `root`."""
    for path in root.rglob(".*.*.*"):
        pid = path.name.split(".")[-2]
        if pid.isdigit() and path.is_file() and not _runs(int(pid)):
            path.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    state = Path(f"/proc/{pid}/stat")
    # a killed process that nobody has waited for is still listed, as a zombie
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a small file whole or not at all."""
    with whole(path) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def used(path: Path) -> None:
    """Note that a made file was of use now: the time of its last change says so, as few disks keep that of access."""
    with suppress(OSError):  # a cache that may only be read is never evicted from here either
        os.utime(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made in one go: a file, or a file and the `.json` that tells of it, which are of no use alone."""

    kind: str
    files: tuple[Path, ...]
    """The `.json` first."""
    size: int
    """Bytes."""
    used: float
    """When it was last of use, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Made files below `root`, one folder a kind."""

    root: Path

    def path(self, kind: str, suffix: str, inputs: Mapping[str, object]) -> Path:
        """Where the file made from `inputs` is, whether or not it has been made."""
        return self.root / kind / f"{digest(inputs)}{suffix}"

    def made(self, kind: str, suffix: str, inputs: Mapping[str, object], make: Callable[[Path], None]) -> Path:
        """The file made from `inputs`; `make` writes it to the path it is given, if it is not there yet."""
        path = self.path(kind, suffix, inputs)
        if not path.exists():
            with whole(path) as partial:
                make(partial)
        else:
            used(path)
        return path

    def entries(self) -> list[Made]:
        """All that is there, what was used last at the end. Half made files are not told."""
        found: dict[Path, list[tuple[Path, os.stat_result]]] = {}
        for path in self.root.glob("*/[!.]*"):
            with suppress(OSError):  # somebody else may be evicting
                if path.is_file():
                    found.setdefault(path.with_suffix(""), []).append((path, path.stat()))
        made = [
            Made(
                kind=name.parent.name,
                files=tuple(sorted((path for path, _ in files), key=lambda path: (path.suffix != ".json", path))),
                size=sum(state.st_size for _, state in files),
                used=max(state.st_mtime for _, state in files),
            )
            for name, files in found.items()
        ]
        return sorted(made, key=lambda one: (one.used, one.files))

    def evict(self, limit: int, *, keep: Iterable[Path] = (), spare: float = 0.0) -> list[Made]:
        """Remove what was not used for longest until `limit` bytes are left; what was removed.

        Args:
            keep: files that stay, whatever the limit.
            spare: seconds; what was used so recently stays too.
        """
        kept, latest = set(keep), time.time() - spare
        entries = self.entries()
        left = sum(one.size for one in entries)
        gone = []
        for one in entries:
            if left <= limit:
                break
            if kept.intersection(one.files) or (spare and one.used > latest):
                continue
            for path in one.files:
                # the .json first: a clip without one is none, whenever this is killed
                path.unlink(missing_ok=True)
            left -= one.size
            gone.append(one)
        return gone
