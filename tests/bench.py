"""`make bench`: how long things take, by us and by stock Manim, on this machine and in this run.

    python tests/bench.py                everything
    python tests/bench.py suite          eight scenes against stock Manim
    python tests/bench.py film           the shipped film, its shots against stock Manim, one after another
    python tests/bench.py noop           the film again: nothing changed, one number of a record, one word
    python tests/bench.py workers        the film's shots by one process, by two, by one on one core, by Dask's two
    python tests/bench.py dask           the same without one process
    python tests/bench.py hour           memory for a made 60-minute script
    python tests/bench.py trl            a recorded training step over a bare one (needs the training packages)
    python tests/bench.py vault          vaults of 2,000 and of 5,000 notes; RUSHES_NOTE=<a note> adds one

Stock Manim is the `manim` command as it comes: its camera, its encoder settings, caching off, one scene after
another. The scenes are the same source, with the same cues, frames and records; what a scene bakes stands at the
bottom of stock's scene, where it draws it once for every animation. Wall seconds are of whole commands, from their
start; only a shot of the film has for ours its seconds in one of two workers, as all are made by one command. Peak
memory is the largest process, and ours adds that of the process server. Pictures are compared as decoded brightness,
every tenth frame. Prints tables and writes build/bench.json, where figures of parts that did not run now stay, each
part with its date. Not a test: figures depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench_film import changes, film, studio
from bench_hour import hour
from bench_suite import suite
from bench_trl import trl_overhead
from bench_vault import vault
from bench_workers import workers
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "bench.json"
PARTS = ("suite", "film", "noop", "workers", "dask", "hour", "trl", "vault")
BARS = {
    "film_speedup": (4.0, "at least"),
    "film_over_length": (0.8, "at most"),
    "suite_speedup": (3.0, "at least"),
    "min_scene_speedup": (1.5, "at least"),
    "min_ssim": (0.99, "at least"),
    "size_ratio": (1.3, "at most"),
    "noop_seconds": (0.5, "at most"),
    "one_record_extra_seconds": (2.0, "at most"),
    "one_word_takes": (1, "at most"),
    "one_word_shots": (1, "at most"),
    "two_worker_speedup": (1.7, "at least"),
    "dask_over_local": (1.15, "at most"),
    "hour_script_peak_mib": (1536, "at most"),
    "trl_overhead": (1.3, "at most"),
    "trl_overhead_online": (2, "at most"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--size", default="1920x1080", help="to try the bench itself; nothing is written then")
    parser.add_argument("--fps", type=int, default=30, help="likewise")
    parser.add_argument("--only", action="append", default=[], metavar="SCENE", help="likewise, only these scenes")
    parser.add_argument("--minutes", type=float, default=60, help="likewise, of the made script")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    wanted = options.parts or [part for part in PARTS if part != "dask" and (part != "trl" or find_spec("trl"))]
    width, height = map(int, options.size.split("x"))
    told = run(wanted, (width, height), options.fps, options.only, options.minutes)
    tried = [parser.get_default(name) != getattr(options, name) for name in ("size", "fps", "only", "minutes")]
    before = json.loads(OUT.read_text()) if OUT.exists() and not any(tried) else {}
    whole = together(before, told)
    show(whole, told)
    if not any(tried):
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(whole, indent=1) + "\n")


def run(
    wanted: list[str], size: tuple[int, int], fps: int, only: list[str], minutes: float
) -> dict[str, tuple[Mapping[str, float], Mapping[str, Any]]]:
    """Part -> its figures, and a row a scene."""
    told: dict[str, tuple[Mapping[str, float], Mapping[str, Any]]] = {}
    if "suite" in wanted:
        told["suite"] = suite(size, fps, only)
    if {"film", "noop"} & set(wanted):
        with ExitStack() as stack:
            made = stack.enter_context(studio(size, fps))
            if "noop" in wanted:
                told["noop"] = changes(made), {}
                print(f"noop: {told['noop'][0]}", flush=True)
            if "film" in wanted:
                told["film"] = film(made, only)
    if "workers" in wanted:
        told["workers"] = workers(size, fps, only), {}
    elif "dask" in wanted:
        told["dask"] = workers(size, fps, only, one=False), {}
    if "hour" in wanted:
        told["hour"] = hour(minutes), {}
    if "trl" in wanted:
        told["trl"] = trl_overhead(), {}
    if "vault" in wanted:
        told["vault"] = vault(), {}
    return told


def together(
    before: Mapping[str, Any], told: Mapping[str, tuple[Mapping[str, float], Mapping[str, Any]]]
) -> dict[str, Any]:
    """What `build/bench.json` says: the figures of this run, and of earlier ones those of the other parts."""
    whole: dict[str, Any] = {"format": 1, **{k: v for k, v in before.items() if k not in ("format", "machine")}}
    scenes, parts = dict(before.get("scenes", {})), dict(before.get("parts", {}))
    for part, (figures, rows) in told.items():
        whole |= figures
        parts[part] = {"date": f"{datetime.now():%Y-%m-%d %H:%M}", "load": round(os.getloadavg()[2], 1)}
        if rows:
            scenes[part] = rows
    for key, best in (("min_ssim", min), ("size_ratio", max)):
        if found := [whole[f"{part}_{key}"] for part in ("suite", "film") if f"{part}_{key}" in whole]:
            whole[key] = best(found)
    whole["machine"] = {"cores": os.cpu_count(), "processor": _processor(), "python": platform.python_version()}
    return whole | {"parts": parts, "scenes": scenes}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def show(whole: Mapping[str, Any], told: Mapping[str, tuple[Mapping[str, float], Mapping[str, Any]]]) -> None:
    """A table a part that compares scenes, and one of all figures with the bars."""
    console = Console(width=120)
    for part, (_, rows) in told.items():
        if rows:
            console.print(_compared(part, rows))
    table = Table("figure", "value", "bar", "", title="all figures", title_justify="left")
    for name, value in whole.items():
        if isinstance(value, int | float) and name != "format":
            bar, way = BARS.get(name, (None, ""))
            kept = bar is None or (value >= bar if way == "at least" else value <= bar)
            table.add_row(name, f"{value:g}", f"{way} {bar:g}" if bar is not None else "", "" if kept else "MISSED")
    console.print(table)


def _compared(part: str, rows: Mapping[str, Any]) -> Table:
    table = Table(title=f"{part}: stock Manim / us", title_justify="left")
    for name in ("scene", "s", "wall s", "faster", "CPU s", "peak MiB", "KiB", "size", "min SSIM"):
        table.add_column(name, justify="left" if name == "scene" else "right")
    for name, row in rows.items():
        stock, ours, size = row["stock"], row["ours"], row["bytes"]
        pairs = [f"{stock[key]:g} / {ours.get(key, '–')}" for key in ("wall", "cpu", "peak_mib")]
        table.add_row(
            name, f"{row['seconds']:g}", pairs[0], f"{row['speedup']:.2f}×", *pairs[1:],
            f"{size['stock'] >> 10} / {size['ours'] >> 10}", f"{row['size_ratio']:.2f}", f"{row['min_ssim']:.4f}",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    main()
