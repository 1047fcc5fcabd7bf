"""A made film and what belongs to it, and how it is released in a process of its own, which may be killed."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_youtube import BLOCK, MadeYouTube

import rushes.receipt
from rushes.console import Console
from rushes.errors import RushesError
from rushes.publish import CaptionTrack, Package
from rushes.receipt import Receipt
from rushes.release import Release, release
from rushes.youtube import Patience

SRT = "1\n00:00:00,000 --> 00:00:02,500\nOne minus sign\nis missing.\n\n2\n00:00:03,000 --> 00:00:04,000\nSo.\n"
TIMEOUT = 0.4  # seconds
PATIENCE = Patience(sleep=lambda _: None, timeout=TIMEOUT)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def make_package(folder: Path, size: int = 2 * BLOCK + 777, **told: Any) -> Package:
    """A film of random bytes, in a folder as `build/<script>/` is."""
    folder.mkdir(parents=True)
    (folder / "film.mp4").write_bytes(random.Random(size).randbytes(size))
    (folder / "thumbnail.png").write_bytes(b"\x89PNG made")
    tracks = []
    for language in ("en", "de"):
        path = folder / f"captions.{language}.srt"
        path.write_text(SRT.replace("So", language))
        tracks.append(CaptionTrack(path=path, language=language, name=""))
    whole: dict[str, Any] = {
        "title": "The Minus Sign", "description": "One sign.\n\n0:00 Calm\n0:20 Wild\n", "tags": ("rlhf", "reward"),
        "pinned": ("Which line?", "Say it."), "playlist": "RLHF runs", **told,
    }  # fmt: skip
    return Package(
        folder=folder, film=folder / "film.mp4", film_sha256="", seconds=4.0, titles=(whole["title"],),
        thumbnail=folder / "thumbnail.png", captions=tuple(tracks), category="27", language="en", licence="youtube",
        made_for_kids=False, synthetic_media=False, publish_at="", published=(), **whole,
    )  # fmt: skip


def send(package: Package, site: MadeYouTube, **asked: Any) -> Receipt:
    """Release a film to a made site, in this process."""
    wanted = {"root_url": site.url, "patience": PATIENCE, "chunk": BLOCK, "script": "film.md", **asked}
    return release(package, Release(**wanted), Console(as_json=True))


def only_loopback(patch: pytest.MonkeyPatch) -> None:
    """From now on this process reaches nobody but itself."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"contacted {address}")
        connect(self, address)

    def looked_up(host: Any, *args: Any, **options: Any) -> Any:
        if host not in LOOPBACK:
            raise AssertionError(f"looked up {host}")
        return look_up(host, *args, **options)

    patch.setattr(socket.socket, "connect", guarded)
    patch.setattr(socket, "getaddrinfo", looked_up)


# ---------------------------------------------------------------------- in a process of its own
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", "rushes.release", "http.server"])  # what takes long to load


def _run(package: Package, url: str, homes: dict[str, str], asked: dict[str, Any], die_at: float, said: Any) -> None:
    os.environ.update(homes)
    only_loopback(pytest.MonkeyPatch())
    writes = itertools.count()
    write = rushes.receipt.write_private

    def dying(path: Path, text: str) -> Path:
        at = next(writes)
        if at == die_at:
            os._exit(9)
        write(path, text)
        if at + 0.5 == die_at:
            os._exit(9)
        return path

    rushes.receipt.write_private = dying  # type: ignore[assignment]
    wanted = {"root_url": url, "patience": PATIENCE, "chunk": BLOCK, "script": "film.md", **asked}
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        release(package, Release(**wanted), Console(as_json=True))
    except RushesError as error:
        said.send(str(error))
    said.close()


def run(package: Package, site: MadeYouTube, *, die_at: float = -1, **asked: Any) -> str:
    """Release a film; what it says instead of doing so, `killed`, or empty if all went well.

    Args:
        die_at: the number of the receipt that the process dies before writing; that half more, after.
    """
    hear, said = PROCESSES.Pipe(duplex=False)
    homes = {name: os.environ[name] for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    process = PROCESSES.Process(target=_run, args=(package, site.url, homes, asked, die_at, said))
    process.start()
    said.close()
    site.client_pid = process.pid
    process.join(60)
    try:
        text: str = hear.recv()
    except EOFError:
        text = ""
    if process.exitcode in (9, -signal.SIGKILL):
        return "killed"
    assert process.exitcode == 0, process.exitcode
    return text


def killer(site: MadeYouTube, at: int, stage: str) -> None:
    """Kill the process that makes the request number `at`, once."""
    requests = itertools.count()

    def hook(label: str, now: str) -> None:
        if now == "before":
            site.request = next(requests)
        if now == stage and site.request == at:
            site.request = -1
            os.kill(site.client_pid, signal.SIGKILL)
            raise ConnectionError("killed")

    site.hook = hook


def killed_by(site: MadeYouTube) -> None:
    """Let the fault `kill` kill who asks."""

    def hook(label: str, now: str) -> None:
        if now == "kill":
            os.kill(site.client_pid, signal.SIGKILL)
            raise ConnectionError("killed")

    site.hook = hook


def is_complete(site: MadeYouTube, package: Package, receipt: Receipt) -> None:
    """Everything is there, once."""
    (video,) = site.videos.values()
    assert video["sha256"] == receipt.sha256
    assert video["size"] == package.film.stat().st_size
    assert receipt.video == video["id"]
    assert sorted(one["language"] for one in site.captions.values()) == sorted(one.language for one in package.captions)
    assert {one["data"] for one in site.captions.values()} == {one.path.read_bytes() for one in package.captions}
    assert list(site.thumbnails) == [video["id"]]
    assert site.items.count(("PL-runs-and-what-they-did", video["id"])) == 1
    assert len(site.items) == 2
    assert site.misplaced == 0
    assert receipt == replace(receipt, address="")
    assert json.loads(receipt.path.read_text())["video"] == video["id"]
