"""Finished: what was made for a film is joined, unless that very film lies there already."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rushes.cache import Cache, digest, file_digest, write_whole
from rushes.captioned import Captioned, told_of
from rushes.check import Checked
from rushes.clip import Clip
from rushes.console import Console
from rushes.film_warnings import film_warnings, warn
from rushes.provenance import provenance, sounding
from rushes.score import Score
from rushes.take import Take
from rushes.timeline import Timeline

__all__ = ["FORMAT", "film_key", "finish", "made_with"]

FORMAT = 1


def finish(
    folder: Path, checked: Checked, timeline: Timeline, takes: Sequence[Take | None], clips: Sequence[Clip],
    captions_of: Callable[[], Sequence[Captioned]], score: Score, cache: Cache, console: Console,
) -> tuple[str, ...]:  # fmt: skip
    """Join what is made to `film.mp4`, unless the very same was joined before; its warnings.

    Beside it are written its captions, and `film.json`, which says what it is made of.
    """
    script, target = checked.script, folder / "film.mp4"
    about = provenance(checked, timeline, clips)
    key = film_key(checked, timeline, takes, clips, about, score)
    if (warned := made_with(folder, key)) is not None:
        warn(warned, console)
        console.event("progress", stage="joining", done=1, total=1)
        return tuple(warned)

    captions = captions_of()
    warnings = film_warnings(timeline, takes, clips, captions)
    warn(warnings, console)

    from rushes.film import Track, join
    from rushes.sound import make_sound

    console.event("progress", stage="joining", done=0, total=1)
    texts = {name: write_whole(folder / name, content) for made in captions for name, content in made.files.items()}
    _forget(folder, texts)
    tracks = [Track(captions=made.captions, language=made.alpha3, name=made.name) for made in captions]
    join(target, timeline, clips, make_sound(timeline, takes, cache, score), tracks, script.title)
    whole_files = [target, folder / "timeline.json", *texts.values()]
    whole = {
        "format": FORMAT,
        "key": key,
        "title": script.title,
        "script": {"name": script.path.name, "sha256": file_digest(script.path)},
        "frames": timeline.frames,
        "fps": timeline.fps,
        "made": {path.name: {"bytes": path.stat().st_size, "sha256": file_digest(path)} for path in whole_files},
        **about,
        **sounding(timeline, takes, score),
        "translations": told_of(checked.translations),
        "clips": {shot.id: clip.path.name for shot, clip in zip(timeline.shots, clips, strict=True)},
        "versions": {name: version(name) for name in ("rushes", "manim", "av", "hibari-tts", "pocketsphinx")},
        "warnings": warnings,
    }
    write_whole(folder / "film.json", json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    console.event("progress", stage="joining", done=1, total=1)
    return tuple(warnings)


def film_key(
    checked: Checked, timeline: Timeline, takes: Sequence[Take | None], clips: Sequence[Clip], about: Mapping[str, Any],
    score: Score,
) -> str:  # fmt: skip
    """What a film is made of: one that was made with the same key is the same film."""
    return digest({
        "clips": [[clip.path.name, dict(clip.files)] for clip in clips], "timeline": timeline,
        "title": checked.script.title, "takes": [take.audio.name if take else "" for take in takes],
        "about": dict(about), "score": score,
        "translations": [[other.texts, other.sounds] for other in checked.translations],
        "code": sorted(Path(__file__).parent.glob("*.py")),
    })  # fmt: skip


def made_with(folder: Path, key: str) -> list[str] | None:
    """What a film that is made already was made with for warnings; None if it is not, or is another."""
    try:
        told = json.loads((folder / "film.json").read_text(encoding="utf-8"))
        whole = all((folder / name).stat().st_size == made["bytes"] for name, made in told["made"].items())
        return list(told["warnings"]) if told["key"] == key and whole else None
    except (OSError, ValueError, KeyError):
        return None


def _forget(folder: Path, texts: Mapping[str, Path]) -> None:
    """Remove the captions of a translation that is gone: what lies in the folder is published."""
    try:
        before = json.loads((folder / "film.json").read_text(encoding="utf-8"))["made"]
    except (OSError, ValueError, KeyError):
        return
    for name in before:
        if name.startswith("captions.") and name not in texts:
            (folder / name).unlink(missing_ok=True)
