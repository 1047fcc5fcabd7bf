"""Pipeline: the order in which a film is made, and nothing else."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rushes.cache import DAY, LIMIT, Cache, digest, file_digest, sweep, write_whole
from rushes.captioned import Captioned, captioned, told_of
from rushes.captions import YOUTUBE, Profile
from rushes.check import Checked, check_note
from rushes.clip import Clip, ClipJob, clip_job, find_clip
from rushes.console import Console
from rushes.credits import credited
from rushes.description import description, linked, made_of, shown_sources
from rushes.errors import Finding, RushesError, ScriptError
from rushes.house import ROOT, House
from rushes.placing import lay_out
from rushes.poster import candidates, draw, posters, undrawn
from rushes.provenance import provenance, sounding
from rushes.publication import publication
from rushes.publish import Package, make_package
from rushes.scene_file import CARD, find_scene
from rushes.score import Bed, Score
from rushes.script import Script
from rushes.storyboard import Insert, Picture
from rushes.take import Take
from rushes.takes import fallen_back, make_takes
from rushes.timeline import PlacedShot, Timeline, Timing
from rushes.workers import DISK_FULL, beside, render

__all__ = ["FORMAT", "Film", "caption", "film_folder", "make_film", "packaged", "placed", "plan"]

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A finished film."""

    path: Path
    timeline: Timeline
    rendered: int
    """How many shots were rendered now; the others were there already."""
    warnings: tuple[str, ...]


def make_film(
    path: Path, house: House, console: Console, *, draft: bool = False, with_placeholders: bool = False,
    with_faults: bool = False, section: str = "", stems: bool = False,
) -> Film:  # fmt: skip
    """Make the film of a script note, or of one section of it, as far as it is not made already.

    A draft shows placeholders; for a film, somebody must agree to each one that is left: `with_placeholders`, or the
    answer at the terminal. What the lint finds in a scene is a warning in a draft and stops a film, unless it may be
    made `with_faults`; its shots are kept. `stems` are written beside it if they are asked for.

    Raises:
        ScriptError: the script has errors; it carries all of them, and nothing slow was begun.
        RushesError: a scene failed or has faults, the disk is full, or there is no such section.
    """
    try:
        return _make(path, house, console, draft, with_placeholders, with_faults, section, stems)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise RushesError(f"{DISK_FULL}\n  make room, and the same command goes on from there") from error


def _make(
    path: Path,
    house: House,
    console: Console,
    draft: bool,
    with_placeholders: bool,
    with_faults: bool,
    section: str,
    stems: bool,
) -> Film:
    checked = check_note(path, house, section)
    console.findings(tuple(f for f in checked.findings if f.level == "warning"))
    if checked.errors:
        raise ScriptError(checked.errors)
    if (left := checked.placeholders) and not draft and not with_placeholders:
        _ask(left, console)
    sweep(house.out)
    takes, timeline, jobs = _planned(checked, house, console)
    folder = film_folder(checked.script.name, house, draft=draft, part=checked.script.part)
    write_whole(folder / "timeline.json", timeline.to_json())

    def besides() -> Callable[[], object]:
        thumbnails = [] if draft else undrawn(checked, house)
        return partial(_besides, timeline, takes, house.cache, _score(checked.script, house), thumbnails)

    clips, rendered = _clips(timeline, jobs, house, console, besides)
    if (faults := list(_faults(timeline, clips))) and not draft and not with_faults:
        _stop(faults, console)
    film = _finish(folder, checked, timeline, takes, clips, rendered, house, console)
    if stems:
        from rushes.stems import write_stems

        for stem in write_stems(folder / "stems", timeline, takes, house.cache, _score(checked.script, house)):
            console.say(str(house.shown(stem)))
    if not draft:
        _package(folder, checked, timeline, clips, provenance(checked, timeline, clips), house, console, 0)
    if rendered:
        house.cache.evict(LIMIT, keep=[*(clip.path for clip in clips), *(t.audio for t in takes if t)], spare=DAY)
    return film


def _besides(
    timeline: Timeline, takes: Sequence[Take | None], cache: Cache, score: Score, thumbnails: Sequence[ClipJob]
) -> None:
    """Make what a film needs besides its shots, for the cache."""
    from rushes.sound import make_sound

    make_sound(timeline, takes, cache, score)
    for job in thumbnails:
        draw(job)


def film_folder(name: str, house: House, *, draft: bool = False, part: str = "") -> Path:
    """Where the film of a script is made, or of a part of it."""
    cut = ("" if house.tall else "wide") if part else "vertical" if house.tall else ""
    return house.out / name / (f"short-{part}" if part else "") / cut / ("draft" if draft else "")


def plan(path: Path, house: House, console: Console) -> list[ClipJob]:
    """The work of every shot of a script, without doing it; what is not narrated yet is narrated.

    Raises:
        ScriptError: the script has errors.
    """
    checked = check_note(path, house)
    if checked.errors:
        raise ScriptError(checked.errors)
    return _planned(checked, house, console)[2]


def _planned(checked: Checked, house: House, console: Console) -> tuple[list[Take | None], Timeline, list[ClipJob]]:
    takes = make_takes(checked, house, console)
    return takes, *placed(checked, [t or _SILENT for t in takes], house)


def placed(checked: Checked, takes: Sequence[Timing], house: House) -> tuple[Timeline, list[ClipJob]]:
    """A film's timeline, for the times that its beats' words take, and the work of every shot of it."""
    script = checked.script
    timeline = lay_out(
        script, checked.texts, takes, fps=house.fps, size=house.size, lengths=_lengths(script)
    )  # fmt: skip
    jobs = [
        clip_job(
            shot,
            (find_scene(shot.scene, house.roots) or CARD) if shot.scene else CARD,
            fps=house.fps, size=house.size, records=checked.records, cache=house.cache,
        )
        for shot in timeline.shots
    ]  # fmt: skip
    return timeline, jobs


def caption(
    path: Path, house: House, console: Console, profile: Profile, *, draft: bool = False, only_lint: bool = False
) -> Sequence[tuple[Captioned, Sequence[Path]]]:
    """The captions of a script's film in every language, and the files they are written to.

    What is not narrated yet is narrated, and nothing is drawn. Those of another profile than the film's lie beside
    its own.

    Raises:
        ScriptError: the script has errors.
    """
    checked = check_note(path, house)
    if checked.errors:
        raise ScriptError(checked.errors)
    script = checked.script
    takes = [take or _SILENT for take in make_takes(checked, house, console)]
    timeline = lay_out(script, checked.texts, takes, fps=house.fps, size=house.size, lengths=_lengths(script))
    folder = film_folder(script.name, house, draft=draft)
    return [
        (made, [] if only_lint else [write_whole(folder / name, content) for name, content in made.files.items()])
        for made in captioned(timeline, checked, profile, music=_score(script, house).bed is not None)
    ]


def _ask(left: Sequence[Finding], console: Console) -> None:
    """Show the placeholders that are left, and go on only if somebody says so."""
    console.findings(tuple(left))
    many = f"{len(left)} pictures are" if len(left) > 1 else "one picture is"
    if not console.agreed(f"{many} still a placeholder. Make the film with {'them' if len(left) > 1 else 'it'}?"):
        raise RushesError(
            f"{many} still a placeholder, see above; nothing was made\n"
            "  rushes film --draft makes a draft, --with-placeholders the film as it is"
        )


def _stop(faults: Sequence[str], console: Console) -> None:
    """Show what is wrong with the scenes' pictures, and go on only if somebody says so."""
    for fault in faults:
        console.event("warning", text=fault)
    many = f"{len(faults)} faults" if len(faults) > 1 else "one fault"
    if not console.agreed(f"the scenes have {many}. Make the film all the same?"):
        raise RushesError(
            f"the scenes have {many}, see above; the shots are kept, and no film was made\n"
            "  mend them, or: rushes film --draft makes a draft, --with-faults the film as it is"
        )


def _lengths(script: Script) -> Mapping[Insert, float]:
    """Seconds of each video that the script inserts."""
    inserts = [d.card for beat in script.beats for d in beat.directions if isinstance(d.card, Insert)]
    if not inserts:
        return {}
    from rushes.insert import lengths  # what reads videos takes a while to load

    return lengths(inserts)


@dataclass(frozen=True, slots=True)
class _Silence:
    seconds: float = 0.0
    words: tuple[()] = ()


_SILENT = _Silence()


# ---------------------------------------------------------------------- pictures
def _clips(
    timeline: Timeline,
    jobs: Sequence[ClipJob],
    house: House,
    console: Console,
    besides: Callable[[], Callable[[], object]],
) -> tuple[list[Clip], int]:
    """The clips of all shots, and how many of them were rendered now; what `besides` gives is done meanwhile."""
    names = {shot.id: shot.scene or "card" for shot in timeline.shots}
    found: dict[Path, Clip] = {}
    todo: dict[Path, ClipJob] = {}
    for job in jobs:
        if job.target not in found and (clip := find_clip(job)):
            found[job.target] = clip
        if job.target in found:
            console.event("shot", id=job.shot, scene=names[job.shot], state="cached", seconds=0.0)
        else:
            todo.setdefault(job.target, job)
    total, done, failures = sum(job.frames for job in todo.values()), 0, []
    with beside(besides()) if todo and house.jobs != 1 else nullcontext():
        for job, outcome in render(list(todo.values()), house.jobs, house.cluster):
            if isinstance(outcome, str):
                failures.append(f"{house.shown(job.scene)}: the shot '{job.shot}' failed\n{outcome}")
                console.event("shot", id=job.shot, scene=names[job.shot], state="failed", seconds=0.0)
                continue
            found[job.target] = find_clip(job) or outcome  # as the next run will find it: what it opened is read here
            done += job.frames
            console.event(
                "shot", id=job.shot, scene=names[job.shot], state="done", seconds=outcome.seconds,
                note=f"{job.frames / max(outcome.seconds, 0.001):.0f} frames/s",
            )  # fmt: skip
            console.event("progress", stage="shooting", done=done, total=total, text=f"{done} of {total} frames")
            import rushes.film  # what joins takes a while to load, and others still draw
            import rushes.sound  # noqa: F401
    if failures:
        raise RushesError("\n\n".join(failures))
    return [found[job.target] for job in jobs], len(todo)


# ---------------------------------------------------------------------- film
def _finish(
    folder: Path, checked: Checked, timeline: Timeline, takes: Sequence[Take | None], clips: Sequence[Clip],
    rendered: int, house: House, console: Console,
) -> Film:  # fmt: skip
    """Join what is made, unless the very same was joined before."""
    script, target = checked.script, folder / "film.mp4"
    about, score = provenance(checked, timeline, clips), _score(script, house)
    key = _key(checked, timeline, takes, clips, about, score)
    if (warned := _made_with(folder, key)) is not None:
        _warn(warned, console)
        console.event("progress", stage="joining", done=1, total=1)
        return Film(path=target, timeline=timeline, rendered=rendered, warnings=tuple(warned))

    captions = list(captioned(timeline, checked, YOUTUBE, music=score.bed is not None))
    warnings = [
        *_late(timeline, clips),
        *_layout(timeline, clips),
        *fallen_back([beat.line for beat in timeline.beats], takes),
        *_doubtful(timeline, takes),
        *(f"{made.name}, {fault}" if made.tag != "en" else str(fault) for made in captions for fault in made.faults()),
    ]
    _warn(warnings, console)

    from rushes.film import Track, join
    from rushes.sound import make_sound

    console.event("progress", stage="joining", done=0, total=1)
    texts = {name: write_whole(folder / name, content) for made in captions for name, content in made.files.items()}
    _forget(folder, texts)
    tracks = [Track(captions=made.captions, language=made.alpha3, name=made.name) for made in captions]
    join(target, timeline, clips, make_sound(timeline, takes, house.cache, score), tracks, script.title)
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
    return Film(path=target, timeline=timeline, rendered=rendered, warnings=tuple(warnings))


def _key(
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


# ---------------------------------------------------------------------- what goes with it
def packaged(path: Path, house: House, console: Console, *, title: int = 0, section: str = "") -> Package:
    """What is to be published of a film that is made; `title` is the number of one of its candidates, or 0.

    Raises:
        ScriptError: the script has errors.
        RushesError: the film is not made, or the script or something that it uses changed since.
    """
    checked = check_note(path, house, section)
    if checked.errors:
        raise ScriptError(checked.errors)
    folder = film_folder(checked.script.name, house, part=checked.script.part)
    if not (folder / "film.json").is_file():
        raise RushesError(f"the film of {path} is not made yet\n  make it first: rushes film {path}")
    takes, timeline, jobs = _planned(checked, house, console)
    clips = [clip for job in jobs if (clip := find_clip(job))]
    about = provenance(checked, timeline, clips) if len(clips) == len(jobs) else {}
    key = _key(checked, timeline, takes, clips, about, _score(checked.script, house)) if about else ""
    if _made_with(folder, key) is None:
        raise RushesError(f"{path} is not the film any more that was made of it\n  make it again: rushes film {path}")
    return _package(folder, checked, timeline, clips, about, house, console, title)


def _package(
    folder: Path, checked: Checked, timeline: Timeline, clips: Sequence[Clip], about: Mapping[str, Any], house: House,
    console: Console, title: int,
) -> Package:  # fmt: skip
    script = checked.script
    sources, related = shown_sources(script), list[str]()
    if checked.vault and any(link.kind in ("note", "embed", "block") for link in script.links):
        sources += [linked(link.title, link.url) for link in checked.vault.sources(script.note)]
        related = [linked(link.title, link.url) for link in checked.vault.related(script.note)]
    credit = credited(_files(timeline, clips, script, house), [house.voice or script.voice], house.root / "assets")
    told = description(
        checked.description, timeline, list(dict.fromkeys(sources)), related, made_of(about["records"]), credit.lines
    )
    write_whole(folder / "description.txt", told.text)
    made = posters(checked, house)
    for fault in dict.fromkeys(fault for one in made for fault in one.faults):
        console.event("warning", text=f"thumbnail: {fault}")
    if told.left_out:
        console.event("warning", text=f"the description has no room for {', '.join(told.left_out)}")
    return make_package(
        folder, script, publication(script), titles=candidates(checked), title=title, description=told.text,
        pinned=checked.pinned, thumbnails=[one.path for one in made], seconds=timeline.seconds,
    )  # fmt: skip


def _files(timeline: Timeline, clips: Sequence[Clip], script: Script, house: House) -> Iterator[Path]:
    """What somebody made that is seen or heard in a film."""
    yield from sorted((ROOT / "assets" / "fonts").glob("*.[ot]tf"))
    for clip in clips:
        yield from (house.root / name for name in clip.files)
    for shot in timeline.shots:
        if isinstance(shot.card, Insert | Picture) and shot.card.path:
            yield shot.card.path
    if script.music and script.music.file:
        yield script.music.file


def _warn(warnings: Sequence[str], console: Console) -> None:
    for warning in _short(warnings):
        console.event("warning", text=warning)


def _score(script: Script, house: House) -> Score:
    """What is heard besides the words: as the script says, or the command."""
    if house.music == "off":
        return Score(bed=None, effects=False)
    made = Bed(seed=script.name, file=None) if house.music == "on" else None
    return Score(bed=script.music or made, effects=True)


def _short(warnings: Sequence[str]) -> list[str]:
    """For the terminal: what many captions have in common is said once; `film.json` has them all."""
    fast = [w for w in warnings if "characters a second" in w and "warning" in w]
    if len(fast) <= 3:
        return list(warnings)
    said = f"{len(fast)} captions are read faster than is comfortable; see warnings in film.json"
    return [*(w for w in warnings if w not in fast), said]


def _made_with(folder: Path, key: str) -> list[str] | None:
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


def _late(timeline: Timeline, clips: Sequence[Clip]) -> list[str]:
    return [
        f"line {shot.line}: the scene '{shot.scene}' comes {seconds:.1f} s late to '{cue}'"
        for shot, clip in zip(timeline.shots, clips, strict=True)
        for cue, seconds in clip.late
    ]


def _name(shot: PlacedShot) -> str:
    return f"the scene '{shot.scene}'" if shot.scene else "the card"


def _layout(timeline: Timeline, clips: Sequence[Clip]) -> list[str]:
    return [
        f"line {shot.line}: {_name(shot)} {problem}"
        for shot, clip in zip(timeline.shots, clips, strict=True)
        for problem in clip.layout
    ]


def _faults(timeline: Timeline, clips: Sequence[Clip]) -> Iterator[str]:
    """What the author of a scene can mend; a card draws what a note holds, as well as it can be drawn."""
    for shot, clip in zip(timeline.shots, clips, strict=True):
        if shot.scene:
            yield from (f"line {shot.line}: {_name(shot)} {problem}" for problem in clip.faults)


def _doubtful(timeline: Timeline, takes: Sequence[Take | None]) -> list[str]:
    return [
        f"line {beat.line}: when '{beat.words[i].text}' is said is uncertain"
        for beat, take in zip(timeline.beats, takes, strict=True)
        for i in (take.low if take else ())
    ]
