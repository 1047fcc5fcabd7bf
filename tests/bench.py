"""`make bench`: how long the film takes, from nothing, with nothing changed, and after one record changed.

Prints one table and writes build/bench.json. Not a test: figures depend on the machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "the-minus-sign.md"


def film(root: Path, build: Path) -> tuple[float, int]:
    """(wall seconds, shots rendered) of `rushes film` with `root`'s records."""
    code = f"""
import sys
from pathlib import Path
from rushes.console import Console
from rushes.house import House
from rushes.pipeline import make_film
house = House(root=Path({str(root)!r}), build=Path({str(build)!r}))
print(make_film(Path({str(SCRIPT)!r}), house, Console(as_json=True)).rendered)
"""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, int(done.stdout.split()[-1])


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        root, build = Path(place) / "repository", Path(place) / "build"
        for folder in ("scenes", "runs", "notes", "rushes/rlhf"):
            shutil.copytree(ROOT / folder, root / folder)
        whole, shots = film(root, build)
        length = json.loads((build / SCRIPT.stem / "timeline.json").read_text())
        seconds = length["frames"] / length["fps"]
        nothing, none = film(root, build)
        # one record changed: other facts, so another digest, as after recording it again
        path = root / "runs" / "records" / "base" / "run.json"
        told = json.loads(path.read_text())
        told["facts"]["bench"] = 1.0
        path.write_text(json.dumps(told))
        again, few = film(root, build)
    figures = {
        "film_seconds": round(whole, 1),
        "film_length": round(seconds, 1),
        "film_over_length": round(whole / seconds, 3),
        "noop_seconds": round(nothing, 2),
        "one_record_seconds": round(again, 1),
        "one_record_shots": few,
        "shots": shots,
    }
    assert none == 0
    for name, value in figures.items():
        print(f"{name:20} {value:>10}")
    out = ROOT / "build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"format": 1, **figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
