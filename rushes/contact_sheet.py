"""Contact sheet: a script's film as one page of stills, a moment after every cue, before anything is rendered.

Each has its words, its time, its scene, the runs it draws from, and what the lint finds there.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from rushes.cache import write_whole
from rushes.check import Checked, check_note
from rushes.clip import ClipJob
from rushes.console import Console
from rushes.encoder import Pixels
from rushes.errors import ScriptError
from rushes.house import House
from rushes.pipeline import film_folder, placed
from rushes.placing import estimate
from rushes.scene_file import read_scene_file
from rushes.stills import AFTER
from rushes.storyboard_page import clock, page
from rushes.studio import look
from rushes.take import make_take
from rushes.timeline import PlacedBeat, PlacedShot, Timeline, Timing
from rushes.voices import voice
from rushes.workers import Processes, fitting

__all__ = ["Board", "Still", "contact_sheet"]

LONGER = 960  # px of a still's longer side
QUALITY = 84  # of a JPEG
COLUMNS, LABEL = 5, 22  # of the sheet; px below each still
SHEET = 384  # px, width of a still on the sheet
GROUND, INK, FAULT = (31, 18, 16), (203, 174, 168), (72, 72, 251)  # blue, green, red


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A moment of the film."""

    seconds: float
    """Of the film."""
    cue: str
    """Empty at the end of a shot without cues."""
    before: str
    said: str
    after: str
    """The beat's words before the cue's, the cue's own, and those after them."""
    picture: bytes
    """JPEG; empty if its scene failed."""
    size: tuple[int, int]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A shot's stills."""

    section: str
    """Set where a section begins, else empty."""
    scene: str
    line: int
    start: float
    seconds: float
    runs: tuple[str, ...]
    """As a slate names them: name, size and seed."""
    stills: tuple[Still, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was made."""

    page: Path
    picture: Path
    stills: int
    findings: tuple[tuple[int, str, str], ...]
    """Line of the script, scene, and what is wrong."""
    failed: tuple[str, ...]
    """The scenes that could not be drawn; their findings say why."""


def contact_sheet(path: Path, house: House, console: Console) -> Sheet:
    """Draw the stills of a script's film and write `storyboard.html` and `storyboard.png` where the film goes.

    Words take as long as is usual; with `house.voice`, as long as that voice takes.

    Raises:
        ScriptError: the script has errors.
    """
    checked = check_note(path, house)
    if checked.errors:
        raise ScriptError(checked.errors)
    scale = LONGER / max(house.size)
    width, height = (round(n * scale / 2) * 2 for n in house.size)
    house = replace(house, size=(width, height))
    timeline, jobs = placed(checked, _timings(checked, house), house)
    boards = list(_boards(checked, timeline, jobs, _drawn(timeline, jobs, house, console)))
    folder = film_folder(checked.script.name, house)
    estimated = not house.voice
    html = page(
        checked.script.title,
        boards,
        timeline.seconds,
        estimated,
        [str(f) for f in (*checked.findings, *checked.placeholders)],
    )
    write_whole(folder / "storyboard.html", html)
    png = cv2.imencode(".png", sheet(boards))[1].tobytes()
    write_whole(folder / "storyboard.png", png)
    stills = [still for board in boards for still in board.stills]
    return Sheet(
        page=folder / "storyboard.html", picture=folder / "storyboard.png", stills=len(stills),
        findings=tuple((b.line, b.scene, told) for b in boards for still in b.stills for told in still.findings),
        failed=tuple(board.scene for board in boards if not all(still.picture for still in board.stills)),
    )  # fmt: skip


def _timings(checked: Checked, house: House) -> list[Timing]:
    if not house.voice:
        return [estimate(text) for text in checked.texts]
    speaker = voice(house.voice)
    beats = zip(checked.script.beats, checked.texts, strict=True)
    return [make_take(text, speaker, house.cache, spoken=b.spoken) if text else estimate("") for b, text in beats]


# ---------------------------------------------------------------------- pictures
@dataclass(frozen=True, slots=True)
class _Drawn:
    pictures: tuple[bytes, ...]
    problems: tuple[tuple[float, str], ...]


def _moments(shot: PlacedShot, fps: int) -> list[tuple[str, int, int]]:
    """(cue, its frame, the frame that is shown) of a shot; a moment later, what it sets off has arrived."""
    last = shot.frames - 1
    cues = sorted(shot.cues.items(), key=lambda cue: cue[1])
    return [(name, frame, min(frame + round(AFTER * fps), last)) for name, frame in cues] or [("", 0, last)]


def _drawn(timeline: Timeline, jobs: Sequence[ClipJob], house: House, console: Console) -> list[_Drawn]:
    """Each shot's pictures, in order; a scene that fails has none, and says why."""
    found: dict[int, _Drawn] = {}
    wanted = [tuple(frame for _, _, frame in _moments(shot, timeline.fps)) for shot in timeline.shots]
    pixels = house.size[0] * house.size[1]
    with Processes(min(house.jobs or fitting(pixels), max(len(jobs), 1))) as executor:
        futures = {
            executor.submit(draw, job, frames): i for i, (job, frames) in enumerate(zip(jobs, wanted, strict=True))
        }
        for future in as_completed(futures):
            try:
                found[futures[future]] = future.result()
            except Exception as error:  # its process ended
                told = f"the scene failed: {type(error).__name__}: {error}"
                found[futures[future]] = _Drawn((), ((0.0, told),))
            done = f"{len(found)} of {len(jobs)} shots"
            console.event("progress", stage="drawing", done=len(found), total=len(jobs), text=done)
    return [found[i] for i in range(len(jobs))]


def draw(job: ClipJob, frames: Sequence[int]) -> _Drawn:
    """Frames of a shot as JPEG, and what is wrong with it. Runs in a process of its own."""
    try:
        problems, pictures = look(job, frames)
    except Exception as error:  # whatever a scene's author wrote: the traceback ends with this process
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(job.scene)]
        place = f" ({Path(job.scene).name}:{lines[-1]})" if lines else ""
        return _Drawn((), ((0.0, f"the scene failed: {type(error).__name__}: {error}{place}"),))
    encoded = (cv2.imencode(".jpg", picture[..., 2::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY]) for picture in pictures)
    return _Drawn(
        tuple(data.tobytes() for _, data in encoded), tuple((problem.second, str(problem)) for problem in problems)
    )


# ---------------------------------------------------------------------- what goes with them
def _boards(checked: Checked, timeline: Timeline, jobs: Sequence[ClipJob], drawn: Sequence[_Drawn]) -> Iterator[Board]:
    fps, beats = timeline.fps, {beat.id: beat for beat in timeline.beats}
    section = -1
    for shot, job, made in zip(timeline.shots, jobs, drawn, strict=True):
        new = beats[shot.beat].section != section
        section = beats[shot.beat].section
        moments = _moments(shot, fps)
        at = [frame / fps for _, _, frame in moments]
        stills = []
        for i, (cue, frame, seen) in enumerate(moments):
            # each finding stands at the still that is nearest in time
            mine = [
                told for second, told in made.problems if min(range(len(at)), key=lambda k: abs(at[k] - second)) == i
            ]
            beat = _beat(timeline.beats, shot, shot.start + frame if cue else shot.start)
            before, said, after = _words(beat, cue, shot.start + frame)
            stills.append(
                Still(
                    seconds=(shot.start + seen) / fps, cue=cue, before=before, said=said, after=after,
                    picture=made.pictures[i] if made.pictures else b"", size=timeline.size, findings=tuple(mine),
                )
            )  # fmt: skip
        yield Board(
            section=checked.script.sections[section].title if new else "",
            scene=shot.scene or f"card: {type(shot.card).__name__.lower()}", line=shot.line, start=shot.start / fps,
            seconds=shot.frames / fps, runs=tuple(_runs(checked, shot, job)), stills=tuple(stills),
        )  # fmt: skip


def _runs(checked: Checked, shot: PlacedShot, job: ClipJob) -> Iterator[str]:
    if shot.scene:
        for argument in read_scene_file(job.scene).runs:
            record = checked.records.get(job.args[argument])
            yield f"{record.name} · {record.size} · seed {record.seed}"


def _beat(beats: Sequence[PlacedBeat], shot: PlacedShot, frame: int) -> PlacedBeat:
    """The beat that is spoken at a frame of the film, or was last; a shot may begin before its own."""
    first = next(i for i, beat in enumerate(beats) if beat.id == shot.beat)
    return [beat for i, beat in enumerate(beats) if i == first or (i > first and beat.start <= frame)][-1]


def _words(beat: PlacedBeat, cue: str, frame: int) -> tuple[str, str, str]:
    """A beat's words before a cue that is said from a frame of the film on, the cue's, and the rest."""
    words = [word.text for word in beat.words]
    first = next((i for i, word in enumerate(beat.words) if word.start == frame), None) if cue else None
    if first is None:
        return beat.text, "", ""
    end = first + 1
    while end < len(words) and len(_slug(words[first:end])) < len(re.sub(r"-\d+$", "", cue)):
        end += 1
    return " ".join(words[:first]), " ".join(words[first:end]), " ".join(words[end:])


def _slug(words: Sequence[str]) -> str:
    return re.sub(r"[^\w]+", "-", " ".join(words).casefold()).strip("-")


# ---------------------------------------------------------------------- the sheet
def sheet(boards: Sequence[Board]) -> Pixels:
    """All stills in rows, each with its time, scene and cue; framed in red where something is wrong. BGR."""
    tiles = [_tile(board, still) for board in boards for still in board.stills]
    tiles += [np.full_like(tiles[0], GROUND)] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    return np.vstack(rows)


def _tile(board: Board, still: Still) -> Pixels:
    w, h = SHEET, round(SHEET * still.size[1] / still.size[0])
    tile = np.full((h + LABEL, w, 3), GROUND, np.uint8)
    if still.picture:
        whole = cv2.imdecode(np.frombuffer(still.picture, np.uint8), cv2.IMREAD_COLOR)
        assert whole is not None
        tile[:h] = cv2.resize(whole, (w, h), interpolation=cv2.INTER_AREA)
    if still.findings:
        cv2.rectangle(tile, (1, 1), (w - 2, h - 2), FAULT, 3)
    label = f"{clock(still.seconds)} {board.scene} {still.cue}"[:56]
    cv2.putText(tile, label, (4, h + 15), cv2.FONT_HERSHEY_SIMPLEX, 0.4, INK, 1, cv2.LINE_AA)
    return tile
