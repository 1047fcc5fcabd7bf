"""Pipeline: the order in which a film is made, and nothing else."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from rushes.cache import DAY, LIMIT, Cache, sweep, write_whole
from rushes.captioned import Captioned, captioned
from rushes.captions import YOUTUBE, Profile
from rushes.check import Checked, check_note
from rushes.clip import ClipJob, clip_job, find_clip
from rushes.console import Console
from rushes.errors import Finding, RushesError, ScriptError
from rushes.film_warnings import scene_faults
from rushes.finished import film_key, finish, made_with
from rushes.house import House
from rushes.namesake import claim
from rushes.packing import pack
from rushes.placing import lay_out
from rushes.poster import draw, undrawn
from rushes.provenance import provenance
from rushes.publish import Package
from rushes.scene_file import CARD, find_scene
from rushes.score import Bed, Score
from rushes.script import Script
from rushes.shooting import clips_of
from rushes.storyboard import Insert
from rushes.take import Take
from rushes.takes import make_takes
from rushes.timeline import Timeline, Timing
from rushes.workers import DISK_FULL

__all__ = ["Film", "caption", "film_folder", "make_film", "packaged", "placed", "plan"]


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
        _ask(left, console, "short" if section else "film")
    sweep(house.out)
    claim(checked.script.path, house.out / checked.script.name)
    takes, timeline, jobs = _planned(checked, house, console)
    folder = film_folder(checked.script.name, house, draft=draft, part=checked.script.part)
    write_whole(folder / "timeline.json", timeline.to_json())

    def besides() -> Callable[[], object]:
        thumbnails = [] if draft else undrawn(checked, house)
        return partial(_besides, timeline, takes, house.cache, _score(checked.script, house), thumbnails)

    @cache
    def captions() -> list[Captioned]:
        return list(captioned(timeline, checked, YOUTUBE, music=_score(checked.script, house).bed is not None))

    def ready() -> None:
        import rushes.film  # what joins takes a while to load
        import rushes.sound  # noqa: F401

        captions()

    clips, rendered = clips_of(timeline, jobs, house, console, besides, ready)
    if (faults := list(scene_faults(timeline, clips))) and not draft and not with_faults:
        _stop(faults, console, "short" if section else "film")
    score = _score(checked.script, house)
    warnings = finish(folder, checked, timeline, takes, clips, captions, score, house.cache, console)
    if stems:
        from rushes.stems import write_stems

        for stem in write_stems(folder / "stems", timeline, takes, house.cache, _score(checked.script, house)):
            console.say(str(house.shown(stem)))
    if not draft:
        pack(folder, checked, timeline, clips, provenance(checked, timeline, clips), house, console, 0)
    if rendered:
        house.cache.evict(LIMIT, keep=[*(clip.path for clip in clips), *(t.audio for t in takes if t)], spare=DAY)
    return Film(path=folder / "film.mp4", timeline=timeline, rendered=rendered, warnings=warnings)


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
    command = house.command(path, section)
    if not (folder / "film.json").is_file():
        raise RushesError(f"the film of {path} is not made yet\n  make it first: {command}")
    takes, timeline, jobs = _planned(checked, house, console)
    clips = [clip for job in jobs if (clip := find_clip(job))]
    about = provenance(checked, timeline, clips) if len(clips) == len(jobs) else {}
    key = film_key(checked, timeline, takes, clips, about, _score(checked.script, house)) if about else ""
    if made_with(folder, key) is None:
        raise RushesError(f"{path} is not the film any more that was made of it\n  make it again: {command}")
    return pack(folder, checked, timeline, clips, about, house, console, title)


def _ask(left: Sequence[Finding], console: Console, command: str) -> None:
    """Show the placeholders that are left, and go on only if somebody says so."""
    console.findings(tuple(left))
    many = f"{len(left)} pictures are" if len(left) > 1 else "one picture is"
    if not console.agreed(f"{many} still a placeholder. Make the film with {'them' if len(left) > 1 else 'it'}?"):
        raise RushesError(
            f"{many} still a placeholder, see above; nothing was made\n"
            f"  rushes {command} --draft makes a draft, --with-placeholders the film as it is"
        )


def _stop(faults: Sequence[str], console: Console, command: str) -> None:
    """Show what is wrong with the scenes' pictures, and go on only if somebody says so."""
    for fault in faults:
        console.event("warning", text=fault)
    many = f"{len(faults)} faults" if len(faults) > 1 else "one fault"
    if not console.agreed(f"the scenes have {many}. Make the film all the same?"):
        raise RushesError(
            f"the scenes have {many}, see above; the shots are kept, and no film was made\n"
            f"  mend them, or: rushes {command} --draft makes a draft, --with-faults the film as it is"
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


def _score(script: Script, house: House) -> Score:
    """What is heard besides the words: as the script says, or the command."""
    if house.music == "off":
        return Score(bed=None, effects=False)
    made = Bed(seed=script.name, file=None) if house.music == "on" else None
    return Score(bed=script.music or made, effects=True)
