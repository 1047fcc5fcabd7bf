"""What a command costs: wall and CPU seconds and memory, with every process it starts. Linux only.

    python tests/bench_cost.py COMMAND...    run it, and print its cost as JSON

A process of its own does the measuring: it becomes the parent of whatever the command leaves behind, such as Python's
process server with the processes that drew, and waits for them too. Nothing else it could wait for is there.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Cost", "measured"]

SUBREAPER = 36  # prctl's: who outlives its parent becomes this process's child


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    wall: float
    """Seconds until the command came back."""
    cpu: float
    """Seconds, user and system, of all its processes."""
    peak_mib: float
    """Peak resident memory of the command's largest process; to it is added that of each process it left behind, or
    of the largest that this one had started. Shared pages count twice."""
    output: str

    def told(self) -> dict[str, float]:
        return {"wall": round(self.wall, 2), "cpu": round(self.cpu, 2), "peak_mib": round(self.peak_mib)}


def measured(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run a command that must succeed.

    Raises:
        RuntimeError: it failed; says what it printed.
    """
    whole = [sys.executable, str(Path(__file__).resolve()), *command]
    done = subprocess.run(whole, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)[:300]}\n{done.stderr[-6000:]}")
    return Cost(**json.loads(done.stdout))


def _run(command: Sequence[str]) -> Cost:
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # else it would wait for it again
        every = [used]
        with suppress(ChildProcessError):
            while True:
                every.append(os.wait4(-1, 0)[2])
        out.seek(0)
        told = out.read()
    if process.returncode:
        sys.exit(told[-3000:])
    return Cost(
        wall=wall,
        cpu=sum(each.ru_utime + each.ru_stime for each in every),
        peak_mib=sum(each.ru_maxrss for each in every) / 1024,
        output=told,
    )


if __name__ == "__main__":
    print(json.dumps(asdict(_run(sys.argv[1:]))))
