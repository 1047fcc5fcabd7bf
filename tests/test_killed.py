"""Killed anywhere, at any moment: the same command finishes, and its film is the one an unbroken run makes.

A few kills by default; `RUSHES_EXAMPLES=50` makes fifty.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import av
import pytest
from conftest import CURVE, DOT, ROOT, write_record

SCRIPT = """\
---
title: Killed
voice: silent
---
## Script
- #### Calm
\t- It ==rise==s to {calm.rating.last:.1f}.
\t\t- scene:: curve run=calm
- #### Wild
\t- This one ==rise== falls, and it takes its time about it.
\t\t- scene:: curve run=wild
- #### Dots
\t- A dot, that moves.
\t\t- scene:: dot
\t- > And somebody else's words.
\t- Which are shown as they are spoken.
"""
RUN = """\
import sys
from pathlib import Path
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.pipeline import make_film
root, build = Path(sys.argv[1]), Path(sys.argv[2])
house = House(root=root, build=build, size=(320, 180), fps=15, jobs=2)
try:
    make_film(root / "film.md", house, Console(as_json=True), with_placeholders=True)
except RushesError as error:
    sys.exit(f"told: {error}")
"""
KILLS = int(os.environ.get("RUSHES_EXAMPLES", "0")) or 4


def start(root: Path, build: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(root), str(build)],
        cwd=ROOT, start_new_session=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(root: Path, build: Path) -> dict[str, str]:
    """Make the film without a kill: the digest of every clip and of the film's own packets."""
    process = start(root, build)
    told = process.communicate()[1]
    assert process.returncode == 0, told
    left = [path for path in build.rglob(".*") if path.is_file()]
    assert not left, f"half made: {left}"
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in build.glob("cache/clip/*.mp4")}
    with av.open(str(build / "film/film.mp4")) as film:
        packets = b"".join(bytes(packet) for packet in film.demux() if packet.size)
    return {**digests, "film": hashlib.sha256(packets).hexdigest()}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("killed")
    (root / "scenes").mkdir()
    (root / "scenes/curve.py").write_text(CURVE)
    (root / "scenes/dot.py").write_text(DOT)
    write_record(root, "calm")
    write_record(root, "wild", (5, 4, 3, 2, 2, 1))
    (root / "film.md").write_text(SCRIPT)
    return root


@pytest.fixture(scope="module")
def unbroken(house: Path) -> tuple[dict[str, str], float]:
    began = time.monotonic()
    return finish(house, house / "unbroken"), time.monotonic() - began


def family(parent: int) -> list[int]:
    """The processes below one, in no order."""
    parents: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = place.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(place.parent.name))
    found, ahead = [], [parent]
    while ahead:
        below = parents.get(ahead.pop(), [])
        found += below
        ahead += below
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.timeout(60 + 30 * KILLS)
def test_a_film_that_is_killed_is_finished_by_the_same_command(
    house: Path, unbroken: tuple[dict[str, str], float]
) -> None:
    whole, seconds = unbroken
    dice = random.Random(KILLS)
    for kill in range(KILLS):
        build = house / f"build{kill}"
        process = start(house, build)
        moment = dice.uniform(0.2, 1.0) * seconds
        time.sleep(moment)
        who = dice.choice(["the command", "a process of it", "all of them"])
        victims = family(process.pid)
        if who == "a process of it" and victims:
            victims = [dice.choice(victims)]
        elif who == "the command":
            victims = [process.pid]
        else:
            victims.append(process.pid)
        for victim in victims:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        process.communicate()
        assert finish(house, build) == whole, f"kill {kill}: {who}, after {moment:.2f} s"
        shutil.rmtree(build)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_full_disk_is_told_and_leaves_only_whole_files(
    house: Path, unbroken: tuple[dict[str, str], float], tmp_path: Path, share: float
) -> None:
    whole, _ = unbroken
    build = tmp_path / "disk"
    build.mkdir()
    size = sum(path.stat().st_size for path in (house / "unbroken").rglob("*") if path.is_file())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={int(size * share) // 4096 * 4}k", "none", str(build)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this system does not let anybody mount a disk")
    try:
        process = start(house, build)
        told = process.communicate()[1]
        assert process.returncode == 1
        assert "told: " in told, told
        assert "the disk is full" in told, told
        for path in build.glob("cache/clip/*.mp4"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == whole[path.name]
        subprocess.run(["mount", "-o", "remount,size=64m", str(build)], check=True)
        assert finish(house, build) == whole
    finally:
        subprocess.run(["umount", str(build)], check=True)
