"""Provenance: where every number that a film speaks or draws comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rushes.check import Checked
from rushes.clip import Clip
from rushes.inline import Number
from rushes.measured import Measured
from rushes.score import Score
from rushes.take import Take
from rushes.timeline import Timeline

__all__ = ["provenance", "sounding"]

ABOUT = ("name", "size", "seed", "seeds", "columns", "steps", "sample_steps")
"""What a scene may ask of a record that is no result of the run."""

RECORDED = "recorded"
"""The voice of a take that is the author's own."""


def provenance(checked: Checked, timeline: Timeline, clips: Sequence[Clip]) -> Mapping[str, Any]:
    """The parts of `film.json` about numbers: `spoken`, `written`, `drawn`, and the records they are from."""
    spoken = [
        {"beat": beat.id, "line": number.source.line, **_number(number, checked.measured[number])}
        for beat in checked.script.beats
        for number in beat.numbers
    ]
    written = [
        {"line": number.source.line, **_number(number, checked.measured[number])}
        for number in checked.script.description_numbers
    ]
    drawn = [
        {"shot": shot.id, "scene": shot.scene, "run": run, "what": what, "steps": steps,
         "record": checked.records.get(run).digest}
        for shot, clip in zip(timeline.shots, clips, strict=True)
        for run, what, steps in sorted({(read.run, read.what, read.steps) for read in clip.reads})
        if what not in ABOUT
    ]  # fmt: skip
    used = sorted({str(row["run"]) for row in (*spoken, *written, *drawn)})
    return {
        "spoken": spoken,
        "written": written,
        "drawn": drawn,
        "records": {run: _record(checked, run) for run in used},
    }


def _number(number: Number, measured: Measured) -> dict[str, Any]:
    return {
        "script": number.written,
        "run": measured.reference.run,
        "column": measured.reference.column,
        "stat": measured.reference.stat,
        "steps": list(measured.steps),
        "value": measured.value,
        "shown": format(measured.value, number.format),
        "record": measured.record,
    }


def _record(checked: Checked, run: str) -> dict[str, Any]:
    record = checked.records.get(run)
    kept = ("size", "seed", "device", "commit", "began", "recipe_hash")
    told = {"digest": record.digest, **{key: record.info.get(key) for key in kept}}
    return told | ({"seed": f"{record.seeds[0]} to {record.seeds[-1]}"} if len(record.seeds) > 1 else {})


def sounding(timeline: Timeline, takes: Sequence[Take | None], score: Score) -> Mapping[str, Any]:
    """The parts of `film.json` about what is heard: `takes`, a row a spoken beat, `music` and `effects`."""
    rows = [
        {"beat": beat.id, "line": beat.line, "voice": take.voice, "recorded": take.voice == RECORDED,
         "take": take.audio.name, "seconds": round(take.seconds, 3), "confidence": round(take.confidence, 3),
         "doubtful": [beat.words[i].text for i in take.low], "note": take.note}
        for beat, take in zip(timeline.beats, takes, strict=True)
        if take
    ]  # fmt: skip
    bed = score.bed
    return {
        "takes": rows,
        "music": {
            "made": "from a file" if bed.file else "synthesised", "seed": bed.seed,
            "file": bed.file.name if bed.file else None, "silences": [list(silence) for silence in timeline.silences],
        } if bed else None,
        "effects": [list(effect) for effect in timeline.effects] if score.effects else [],
    }  # fmt: skip
