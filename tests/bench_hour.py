"""A made 60-minute script: how much memory the process that makes the film needs.

Its voice is silent, so that an hour is narrated in no time; the takes' silence is then replaced with noise, because
what mixes the sound passes silence through. Its pictures are 260 small cards, drawn by processes of their own.
"""

from __future__ import annotations

import random
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np
from bench_cost import measured

__all__ = ["hour"]

ROOT = Path(__file__).parent.parent
WORDS = """kettle lamp river stone cloud window garden market letter winter story number answer teacher morning
harbour ladder music paper engine pocket silver basket corner""".split()  # noqa: SIM905  # words are easier to read so
WORDS_A_BEAT, BEATS_A_SECTION = 26, 8  # about eleven seconds, and a chapter of a minute and a half
LIMIT = 12 << 30  # bytes of address space, so that what needs more fails instead of the machine
MAKE = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]),) * 2)
from rushes.console import Console
from rushes.house import House
from rushes.pipeline import make_film, plan
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
house = House(root=Path(sys.argv[4]), build=Path(sys.argv[2]), size=(192, 108), fps=30, voice="silent", jobs=2)
script = Path(sys.argv[1])
jobs = plan(script, house, Console(as_json=True))
if sys.argv[5] == "film":
    planned = peak()
    film = make_film(script, house, Console(as_json=True), with_placeholders=True)
    print(film.timeline.seconds, len(film.timeline.shots), film.rendered, planned, peak())
"""


def script(minutes: float) -> str:
    """A script of about so many minutes, four of five beats with a direction that no scene is bound to."""
    rng = random.Random(1)
    beats = round(minutes * 60 / (WORDS_A_BEAT * 0.4 + 0.55))
    lines = ["---", "title: An Hour", "---", "## Script"]
    for i in range(beats):
        if i % BEATS_A_SECTION == 0:
            lines.append(f"- #### Part {i // BEATS_A_SECTION + 1}")
        words = " ".join(rng.choices(WORDS, k=WORDS_A_BEAT))
        lines.append(f"\t- {words.capitalize()}.")
        if i % 5:
            lines.append(f"\t\t- picture {i + 1} of a {rng.choice(WORDS)}")
    return "\n".join(lines) + "\n"


def hour(minutes: float = 60) -> dict[str, float]:
    """Peak memory of the parent through check, timeline, pictures, mixing and joining."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        note = place / "an-hour.md"
        note.write_text(script(minutes), encoding="utf-8")
        command = [sys.executable, "-c", MAKE, str(note), str(place / "build"), str(LIMIT), str(ROOT)]
        measured([*command, "plan"], ROOT)
        for take in (place / "build" / "cache" / "take").glob("*.wav"):
            _make_noise(take)
        cost = measured([*command, "film"], ROOT)
    seconds, shots, _, planned, peak = (float(n) for n in cost.output.split()[-5:])
    return {
        "hour_script_seconds": round(seconds),
        "hour_script_shots": round(shots),
        "hour_script_wall_seconds": round(cost.wall, 1),
        "hour_script_plan_peak_mib": round(planned),
        "hour_script_peak_mib": round(peak),
    }


def _make_noise(take: Path) -> None:
    with wave.open(str(take), "rb") as file:
        about, count = file.getparams(), file.getnframes()
    rng = np.random.default_rng(count)
    with wave.open(str(take), "wb") as file:
        file.setparams(about)
        file.writeframes(rng.normal(0, 2000, count).astype("<i2").tobytes())
