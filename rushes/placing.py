"""Placing: when every beat, shot and cue of a film comes, in whole frames. Pure arithmetic, no files.

Narration comes first and the pictures fill the time it takes: a shot lasts from its words to the
next shot's, so a scene under three beats has the time of three beats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rushes.beat import Beat
from rushes.captions import TimedWord
from rushes.direction import Direction
from rushes.inline import find_phrase
from rushes.score import SoundCue
from rushes.script import Script
from rushes.storyboard import Card, Chapter, Insert
from rushes.timeline import PlacedBeat, PlacedSection, PlacedShot, Timeline, Timing
from rushes.transition import Transition, fading

__all__ = ["estimate", "lay_out", "phrase_index"]

# Seconds. A listener needs a breath between sentences and a longer one between chapters.
HEAD, BEAT_GAP, SECTION_GAP, TAIL = 0.5, 0.5, 0.9, 1.5
CUT_EARLY = 0.10  # a change is seen 0 to 100 ms before its word, never after it
UNSPOKEN = 2.5  # how long a beat lasts that shows something and says nothing


@dataclass(frozen=True, slots=True)
class _Estimated:
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Estimate:
    seconds: float
    words: tuple[_Estimated, ...]


def estimate(text: str, pace: float = 1.0) -> Timing:
    """How long words take before anyone has said them: as a slow reader says them, times `pace`."""
    words, clock = [], 0.0
    for word in text.split():
        seconds = pace * (0.12 + 0.06 * len(word))
        words.append(_Estimated(clock, clock + seconds))
        clock += seconds + (0.25 * pace if word[-1] in ".!?:;," else 0.0)
    return _Estimate(clock, tuple(words))


@dataclass(slots=True)
class _Start:
    """A shot before it is known where it ends."""

    beat: Beat
    direction: Direction | None
    text: str
    card: Card | None
    frame: int
    plays: int | None = None
    """Frame of the film at which its insert begins, if not with the shot."""

    @property
    def transition(self) -> Transition:
        return self.direction.transition if self.direction else "cut"


def lay_out(
    script: Script,
    texts: Sequence[str],
    takes: Sequence[Timing],
    *,
    fps: int,
    size: tuple[int, int],
    lengths: Mapping[Insert, float] = MappingProxyType({}),
) -> Timeline:
    """Place a script's beats (with `texts`, their words as captioned, and `takes`) and shots.

    `lengths` are the seconds that inserts last; a beat is held while one plays whose sound is kept.

    A beat begins on a whole frame, and so does its sound: the picture cannot drift from it however long the
    film is, and what comes before a beat cannot change how its words and shots lie within it. A direction whose `at::`
    phrase is not in its beat starts with the beat; `check` reports it. A section that was cut out of a script begins
    and ends as it does in the whole film.
    """

    def whole(seconds: float) -> int:
        return round(seconds * fps)

    beats: list[PlacedBeat] = []
    starts: list[_Start] = []
    sections: dict[int, int] = {}
    previous: Beat | None = None
    start = whole(_before(script.beats[0], HEAD if script.begins else CUT_EARLY)) if script.beats else 0
    for beat, text, take in zip(script.beats, texts, takes, strict=True):
        cut = 0
        if previous is not None:
            end = beats[-1].start + beats[-1].frames
            start = end + whole(_before(beat, SECTION_GAP if beat.section != previous.section else BEAT_GAP))
            cut = max(end, start - whole(CUT_EARLY))
        words = text.split()
        played = {i: played for i, d in enumerate(beat.directions) if (played := _played_after(d, text, lengths))}
        seconds = take.seconds if words else 0.0 if 0 < len(played) == len(beat.directions) else UNSPOKEN
        placed = tuple(
            TimedWord(word, start + whole(timed.start), start + whole(timed.end))
            for word, timed in zip(words, take.words, strict=True)
        )
        if beat.section not in sections:
            sections[beat.section] = cut
        cues: dict[str, int] = {}
        for cue in beat.cues:
            if placed:
                cues.setdefault(cue.name, placed[min(cue.word, len(placed) - 1)].start)
        clock = seconds
        plays: dict[int, int] = {}
        for i, lasts in played.items():
            plays[i] = start + whole(clock) if seconds or plays else cut
            clock += lasts
        chapter = Chapter(title=script.sections[beat.section].title or script.title)
        _begin_shots(starts, beat, placed, plays, cut, start + whole(seconds), fps, chapter)
        beats.append(
            PlacedBeat(
                id=beat.id, section=beat.section, line=beat.source.line, text=text,
                start=start, frames=max(whole(clock + beat.hold), 1), words=placed, cues=cues,
            )
        )  # fmt: skip
        previous = beat
    last = beats[-1].start + beats[-1].frames if beats else start
    frames = max(last + (whole(TAIL) if script.ends else whole(SECTION_GAP) - whole(CUT_EARLY)), 1)
    bounds = [*list(sections.values())[1:], frames]
    heard = [
        (max(_sounds_at(cue, placed, fps), 0), cue.what, bounds[list(sections).index(beat.section)])
        for beat, placed in zip(script.beats, beats, strict=True)
        for cue in beat.sounds
    ]
    return Timeline(
        fps=fps,
        size=size,
        frames=frames,
        sections=tuple(PlacedSection(title=script.sections[i].title, start=at) for i, at in sections.items()),
        beats=tuple(beats),
        shots=_close_shots(starts, beats, frames, fps),
        effects=tuple((what, at) for at, what, _ in heard if what not in ("on", "off") and at < frames),
        silences=_silences([(at, what, end) for at, what, end in heard if what in ("on", "off")]),
    )


def _before(beat: Beat, usual: float) -> float:
    """Seconds of silence before a beat."""
    return next((pause.seconds for pause in beat.pauses if not pause.at), usual)


def _sounds_at(cue: SoundCue, placed: PlacedBeat, fps: int) -> int:
    """The frame at which a cue of a beat is heard, or ends the music."""
    at = phrase_index(cue.at, [word.text for word in placed.words]) if cue.at else None
    return (placed.words[at].start if at is not None else placed.start) + round(cue.later * fps)


def _silences(cues: Sequence[tuple[int, str, int]]) -> tuple[tuple[int, int], ...]:
    """(first frame, frame after) of each silence; a cue is its frame, `on` or `off`, and where its section ends."""
    found: list[tuple[int, int]] = []
    for at, what, end in sorted(cues, key=lambda cue: cue[0]):
        open_ = bool(found) and found[-1][0] <= at < found[-1][1]
        if what == "on" and open_:
            found[-1] = found[-1][0], at
        elif what == "off" and not open_ and at < end:
            found.append((at, end))
    return tuple(found)


def _played_after(direction: Direction, text: str, lengths: Mapping[Insert, float]) -> float:
    """Seconds a beat is held for an insert: one whose sound is kept, or of a beat that says nothing. 0 for others."""
    card = direction.card
    if not isinstance(card, Insert) or (card.sound != "keep" and text):
        return 0.0
    return lengths.get(card, card.seconds or UNSPOKEN)


def _begin_shots(
    starts: list[_Start], beat: Beat, words: Sequence[TimedWord], plays: Mapping[int, int],
    cut: int, end: int, fps: int, chapter: Chapter,
) -> None:  # fmt: skip
    """Add the shots that begin in this beat. `plays` are the frames at which its inserts begin after the words."""
    new_section = not starts or starts[-1].beat.section != beat.section
    during = [(i, d) for i, d in enumerate(beat.directions) if d.scene or i not in plays]
    loose, begun = sum(not d.at for _, d in during), 0
    found: list[_Start] = []
    for i, direction in during:
        if direction.at:
            at = phrase_index(direction.at, [word.text for word in words])
            early = round(CUT_EARLY * fps)
            frame = max(words[at].start - early, cut) if at is not None and words else cut
        else:
            # several pictures for one beat share its time
            frame = cut + (end - cut) * begun // loose
            begun += 1
        found.append(_Start(beat, direction, direction.text, _shown(direction), frame, plays.get(i)))
    found.sort(key=lambda start: start.frame)
    if found and new_section:
        found[0].frame = cut  # the last chapter's picture does not stay for this one's first words
    if not found and new_section:
        found = [_Start(beat, None, chapter.title, chapter, cut)]
    found += [
        _Start(beat, direction, direction.text, direction.card, plays[i])
        for i, direction in enumerate(beat.directions)
        if not direction.scene and i in plays
    ]
    starts += found


def _shown(direction: Direction) -> Card | None:
    """A direction's card; with a scene, only an insert is shown beside it."""
    return direction.card if not direction.scene or isinstance(direction.card, Insert) else None


def phrase_index(at: str, words: Sequence[str]) -> int | None:
    """The word at which an `at::` phrase begins; `phrase@2` is its second place. None if it is not there."""
    phrase, _, nth = at.rpartition("@") if "@" in at else (at, "", "1")
    places = find_phrase(phrase, words)
    index = int(nth) - 1 if nth.isdigit() else 0
    return places[index] if 0 <= index < len(places) else None


def _close_shots(
    starts: Sequence[_Start], beats: Sequence[PlacedBeat], frames: int, fps: int
) -> tuple[PlacedShot, ...]:
    shots: list[PlacedShot] = []
    ends = [*(start.frame for start in starts[1:]), frames]
    # of two directions on the same word the later one is shown
    starts = [start for start, end in zip(starts, ends, strict=False) if end > start.frame]
    for i, start in enumerate(starts):
        after = starts[i + 1] if i + 1 < len(starts) else None
        end = after.frame if after else frames
        cues: dict[str, int] = {}
        for beat in beats:
            for name, frame in beat.cues.items():
                if start.frame <= frame < end:
                    key, n = name, 2
                    while key in cues:
                        key, n = f"{name}-{n}", n + 1
                    cues[key] = frame - start.frame
        direction = start.direction
        scene = direction.scene if direction else None
        number = sum(shot.beat == start.beat.id for shot in shots) + 1
        shots.append(
            PlacedShot(
                id=f"{start.beat.id}.{number}" if number > 1 else start.beat.id,
                beat=start.beat.id,
                scene=scene,
                args=direction.args if direction else {},
                text=start.text,
                card=start.card,
                line=(direction.scene_source if direction else start.beat.source).line,
                start=start.frame,
                frames=end - start.frame,
                cues=cues,
                insert_at=max(start.plays - start.frame, 0) if start.plays is not None else 0,
                fade=fading(start.transition, after.transition if after else "cut", end - start.frame, fps),
            )
        )
    return tuple(shots)
