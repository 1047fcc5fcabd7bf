"""Takes: which beats of a script an author has recorded, and what is still to be said again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rushes.beat import Beat
from rushes.breath import paused
from rushes.cache import Cache
from rushes.check import Checked, check_note
from rushes.console import Console
from rushes.errors import Finding, Source, many_of
from rushes.house import House
from rushes.own_process import beside
from rushes.recorded import FOLDER, Listened, Slip, Spoken, files, listen, spoken, take_of
from rushes.take import Take, is_made, make_take
from rushes.voices import Voice, voice

__all__ = ["Recorded", "fallen_back", "make_takes", "recorded_beats", "totals"]


STATES = ("recorded", "misread", "changed", "missing")
MANY = 6  # beats to be spoken that are worth a second process, which loads the voice once more


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A beat that is spoken, and its recording."""

    beat: Beat
    text: str
    spoken: Spoken
    listened: Listened

    def told(self) -> dict[str, Any]:
        """For machines."""
        found, file = self.listened.found, self.listened.file
        pieces = found.pieces if found and self.listened.state != "missing" else ()
        return {
            "line": self.beat.source.line, "id": self.beat.id, "state": self.listened.state, "text": self.text,
            "file": str(file) if file else "", "before": self.listened.before,
            "start": pieces[0][0] if pieces else None, "end": pieces[-1][1] if pieces else None,
            "slips": [self._told(slip) for slip in found.slips] if found and self.listened.state == "misread" else [],
            "doubtful": [self.text.split()[i] for i in self.low],
        }  # fmt: skip

    def _told(self, slip: Slip) -> dict[str, Any]:
        return {"written": self.written(slip), "said": slip.said, "at": slip.at}

    def written(self, slip: Slip) -> str:
        """The words of the script that a slip is about; none if something was added."""
        first, last = self.spoken.written(slip.first, slip.last)
        return " ".join(self.spoken.tokens[first:last])

    @property
    def low(self) -> tuple[int, ...]:
        """Words whose times are doubtful."""
        found = self.listened.found
        if self.listened.state != "recorded" or not found:
            return ()
        doubtful, at = set(self.spoken.shared), 0
        for n, words in enumerate(self.spoken.aloud):
            if not all(sure for *_, sure in found.times[at : at + len(words)]):
                doubtful.add(n)
            at += len(words)
        return tuple(sorted(doubtful))

    def findings(self, name: str, checked: Checked) -> Iterator[Finding]:
        """What is to be recorded again, and why."""
        of = self.listened
        if of.state == "missing":
            hint = f"say it into a file in {FOLDER}/{name}/"
            yield Finding(self.beat.source, "this beat is not recorded", hint, "warning")
        elif of.state == "changed":
            said = f'recorded was, in {of.name}: "{of.before}"'
            yield Finding(self.beat.source, "this beat has changed since it was recorded", said, "warning")
        elif of.state == "misread" and of.found:
            for slip in of.found.slips:
                first, last = self.spoken.written(slip.first, slip.last)
                place = self._place(checked, min(first, len(self.spoken.tokens) - 1))
                hint = f"{of.name} at {_clock(slip.at)}: record it again, or write what is said"
                yield Finding(
                    place, _slip(self.written(slip).strip(",.;:!?…"), slip.said, first == last), hint, "warning"
                )
        for n in self.low:
            word = self.spoken.tokens[n]
            hint = f"{of.name}: if a cue or a caption is off, record it again"
            yield Finding(
                self._place(checked, n), f"when '{word}' is said in the recording is uncertain", hint, "warning"
            )

    def _place(self, checked: Checked, token: int) -> Source:
        """Where a beat says one of its words; its first line if the word is not written so."""
        word = self.spoken.tokens[token]
        blocks = (b for top in checked.script.note.blocks for b in top.walk() if b.source == self.beat.source)
        return next((block.place(word) for block in blocks), self.beat.source)


def _slip(written: str, said: str, added: bool) -> str:
    if added:
        return f"the recording adds '{said}' here"
    if not said:
        return f"the recording leaves out '{written}'"
    return f"the recording says '{said}' where '{written}' is written"


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def recorded_beats(checked: Checked, house: House, console: Console) -> tuple[list[Recorded], list[Finding]]:
    """(every spoken beat with its recording, recordings nothing can be made of); listens to what is new."""
    script = checked.script
    beats = [(beat, text) for beat, text in zip(script.beats, checked.texts, strict=True) if text]
    said = [spoken(text, beat.spoken) for beat, text in beats]
    recordings = files(script.name, [*house.roots, script.path.parent])

    def told(done: int, total: int) -> None:
        console.event("progress", stage="listening", done=done, total=total, text="")

    known, findings = listen(said, recordings, told)
    return [
        Recorded(beat=beat, text=text, spoken=own, listened=one)
        for (beat, text), own, one in zip(beats, said, known, strict=True)
    ], findings


def totals(beats: Sequence[Recorded]) -> str:
    """How many beats are in which state, in words."""
    count: Counter[str] = Counter(one.listened.state for one in beats)
    return f"{many_of(len(beats), 'beat')}, " + ", ".join(f"{count[state]} {state}" for state in STATES)


# ---------------------------------------------------------------------- for a film
def make_takes(checked: Checked, house: House, console: Console) -> list[Take | None]:
    """The takes of a script's beats: the author's own where they are recorded as written, else the voice's."""
    script = checked.script
    speaker = voice(house.voice or script.voice)
    own = {} if house.voice else _own(checked, house, console)
    todo = [
        (text, beat.spoken)
        for beat, text in zip(script.beats, checked.texts, strict=True)
        if text and not (own or is_made(text, speaker, house.cache, spoken=beat.spoken))
    ]
    if len(todo) >= MANY and house.jobs != 1:
        with beside(partial(_backwards, todo, speaker.name, house.cache)):
            return _each(checked, speaker, own, house, console)
    return _each(checked, speaker, own, house, console)


def _backwards(beats: Sequence[tuple[str, Mapping[str, str]]], speaker: str, cache: Cache) -> None:
    """A process begins with the last beat while another begins with the first: where they meet, all is made."""
    for text, how in reversed(beats):
        if is_made(text, voice(speaker), cache, spoken=how):
            return
        make_take(text, voice(speaker), cache, spoken=how)


def _each(
    checked: Checked, speaker: Voice, own: Mapping[str, Recorded], house: House, console: Console
) -> list[Take | None]:
    takes: list[Take | None] = []
    for i, (beat, text) in enumerate(zip(checked.script.beats, checked.texts, strict=True), 1):
        takes.append(_take(beat, text, own, speaker.name, house) if text else None)
        if text and takes[-1] is None:
            note = _why(own.get(beat.id), speaker.name) if own else ""
            takes[-1] = replace(make_take(text, speaker, house.cache, spoken=beat.spoken), note=note)
        if take := takes[-1]:
            takes[-1] = paused(take, beat.pauses, house.cache)
        console.event("progress", stage="narrating", done=i, total=len(checked.texts), text="")
    return takes


def _own(checked: Checked, house: House, console: Console) -> Mapping[str, Recorded]:
    """The beats with a recording, by id; none if nothing at all is recorded."""
    script = checked.script
    if not files(script.name, [*house.roots, script.path.parent]):
        return {}
    if script.part:  # a recording is listened to for the whole script, whatever is made of it
        checked = check_note(script.path, house)
    beats, findings = recorded_beats(checked, house, console)
    console.findings(tuple(findings))
    return {one.beat.id: one for one in beats}


def _take(beat: Beat, text: str, own: Mapping[str, Recorded], speaker: str, house: House) -> Take | None:
    one = own.get(beat.id)
    if one is None or one.text != text or one.listened.state != "recorded":
        return None
    return take_of(one.spoken, one.listened, house.cache)


def _why(one: Recorded | None, speaker: str) -> str:
    """Why a voice speaks a beat of a script that is otherwise recorded."""
    if one and one.listened.state == "changed":
        return f"changed since it was recorded; {speaker} speaks it"
    if one and one.listened.state == "misread":
        return f"recorded with other words than are written, as rushes takes shows; {speaker} speaks it"
    return f"not recorded; {speaker} speaks it"


def fallen_back(lines: Sequence[int], takes: Sequence[Take | None]) -> list[str]:
    """Which beats of a recorded script are spoken by a voice, and why; `lines` are those of the beats."""
    why: dict[str, list[int]] = defaultdict(list)
    for line, take in zip(lines, takes, strict=True):
        if take and take.note:
            why[take.note].append(line)
    return [f"line{'s' if len(where) > 1 else ''} {', '.join(map(str, where))}: {note}" for note, where in why.items()]
