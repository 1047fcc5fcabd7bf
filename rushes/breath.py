"""Breath: the silences that an author asks for, before a beat and between its words.

`pause:: 0.8` on a beat is the silence before it, instead of the usual; `pause:: 0.6 at some words` that before those
words of it. A take is cut in the silence that is there, or between the two words if there is none.
"""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rushes.cache import Cache
from rushes.errors import Finding, Source
from rushes.inline import find_phrase
from rushes.note import Property
from rushes.take import RATE, Take, Word

__all__ = ["Pause", "paused", "pauses"]

MOST = 60.0  # seconds
FADE = 0.005  # seconds on either side of a cut
_REVISION = 1  # of how a take is cut
PAUSE = re.compile(r"(?P<seconds>\d+(?:\.\d+)?|\.\d+)\s*s?(?:\s+at\s+(?P<at>.+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A silence that is as long as its author wants it."""

    seconds: float
    at: str
    """Words of the beat before which it is; empty is before the beat."""
    source: Source


def pauses(prop: Property, findings: list[Finding]) -> Iterator[Pause]:
    """What a beat's `pause::` says; several with `;` between them."""
    start = prop.source.column - 1
    for part in prop.value.split(";"):
        source = prop.source.at(part.strip(), start)
        start += len(part) + 1
        match = PAUSE.fullmatch(part.strip())
        if match is None or float(match["seconds"]) > MOST:
            hint = "write, for example, pause:: 0.8, or pause:: 0.6 at some words"
            findings.append(Finding(source, f"'{part.strip()}' is no pause", hint))
            continue
        phrase = match["at"] or ""
        yield Pause(seconds=float(match["seconds"]), at=phrase, source=source.at(phrase, source.column - 1))


def paused(take: Take, wanted: Sequence[Pause], cache: Cache) -> Take:
    """A take with the silences that its author wants between its words."""
    words = [word.text for word in take.words]
    asked = {places[0]: pause.seconds for pause in wanted if pause.at and (places := _places(pause.at, words))}
    holes = [(n, seconds) for n, seconds in sorted(asked.items()) if n > 0]
    if not holes:
        return take
    cuts, shifts, shift = [], [0.0] * len(words), 0.0
    for n, seconds in holes:
        before, after = take.words[n - 1].end, take.words[n].start
        more = round((seconds - (after - before)) * RATE) / RATE
        cuts.append(((before + after) / 2, more))
        shift += more
        shifts[n:] = [shift] * (len(words) - n)
    inputs = {"take": take.audio.name, "cuts": cuts, "revision": _REVISION}
    audio = cache.made("take", ".wav", inputs, lambda path: _cut(take.audio, path, cuts))
    moved = tuple(
        Word(text=word.text, start=word.start + shift, end=word.end + shift)
        for word, shift in zip(take.words, shifts, strict=True)
    )
    return replace(take, audio=audio, seconds=take.seconds + shift, words=moved)


def _places(phrase: str, words: Sequence[str]) -> list[int]:
    """The words at which a phrase begins; `phrase@2` is only its second place."""
    said, _, nth = phrase.rpartition("@") if "@" in phrase else (phrase, "", "")
    places = find_phrase(said, words)
    return places[int(nth) - 1 : int(nth)] if nth.isdigit() and int(nth) else places


def _cut(source: Path, target: Path, cuts: Sequence[tuple[float, float]]) -> None:
    """A WAV with so many seconds put in, or taken out around, each place."""
    import numpy as np  # a script is read without it

    with wave.open(str(source), "rb") as file:
        about, samples = file.getparams(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    pieces, first = [], 0
    fade = np.linspace(0, 1, round(FADE * RATE))
    for place, more in cuts:
        at, put = round(place * RATE), round(more * RATE)
        taken = max(-put, 0)
        pieces += [samples[first : at - taken // 2], np.zeros(max(put, 0), "<i2")]
        first = at + taken - taken // 2
    pieces.append(samples[first:])
    heard = [piece.astype(np.float64) for piece in pieces if len(piece)]
    for piece in heard:  # the ends of the take fade already; to fade them again is not heard
        edge = min(len(fade), len(piece) // 2)
        piece[:edge] *= fade[:edge]
        piece[len(piece) - edge :] *= fade[:edge][::-1]
    with wave.open(str(target), "wb") as file:
        file.setparams(about)
        file.writeframes(np.concatenate(heard).round().astype("<i2").tobytes())
