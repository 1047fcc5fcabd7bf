"""Pauses that an author asks for: before a beat, before a section, and between the words of a beat."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rushes.breath import FADE, Pause, paused
from rushes.cache import Cache
from rushes.errors import Source
from rushes.placing import estimate, lay_out
from rushes.read_script import parse_script
from rushes.script import Script
from rushes.take import RATE, Take, Word, make_take
from rushes.timeline import Timeline
from rushes.voices import Hibari

FPS = 30
SCRIPT = """\
## Script
- #### One
\t- The first words.
\t- The second words.
- #### Two
\t- The last words.
"""


def placed(note: str) -> Timeline:
    script: Script = parse_script(note, Path("film.md"))
    assert script.findings == ()
    texts = [beat.text([]) for beat in script.beats]
    return lay_out(script, texts, [estimate(text) for text in texts], fps=FPS, size=(1920, 1080))


def silences(timeline: Timeline) -> list[float]:
    return [(b.start - a.start - a.frames) / FPS for a, b in pairwise(timeline.beats)]


def test_a_pause_before_a_beat_is_as_long_as_it_says() -> None:
    assert silences(placed(SCRIPT)) == [0.5, 0.9]
    assert silences(placed(SCRIPT.replace("second words.", "second words.\n\t  pause:: 2"))) == [2.0, 0.9]
    assert silences(placed(SCRIPT.replace("last words.", "last words.\n\t  pause:: 0.2 s"))) == [0.5, 0.2]
    first = placed(SCRIPT.replace("first words.", "first words.\n\t  pause:: 3"))
    assert (first.beats[0].start, silences(first)) == (90, [0.5, 0.9])


def words(*times: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(text=text, start=start, end=end) for text, start, end in times)


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Three words that hum, with 0.1 s and no silence at all between them."""
    samples = (8000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).round().astype("<i2")
    samples[round(0.3 * RATE) : round(0.4 * RATE)] = 0
    with wave.open(str(tmp_path / "take.wav"), "wb") as file:
        file.setparams((1, 2, RATE, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())
    said = words(("One,", 0.0, 0.3), ("two", 0.4, 0.7), ("three.", 0.7, 1.0))
    return Take(audio=tmp_path / "take.wav", seconds=1.0, words=said, confidence=1, low=(), voice="")


def heard(take: Take) -> np.ndarray:
    with wave.open(str(take.audio)) as file:
        assert file.getnframes() == round(take.seconds * RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def pause(seconds: float, at: str) -> Pause:
    return Pause(seconds=seconds, at=at, source=Source(Path("film.md"), 1))


def test_a_pause_between_words_is_as_long_as_it_says(take: Take, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    found = paused(take, [pause(0.6, "two"), pause(0.25, "three")], cache)
    assert [(w.text, round(w.start, 6), round(w.end, 6)) for w in found.words] == [
        ("One,", 0.0, 0.3), ("two", 0.9, 1.2), ("three.", 1.45, 1.75),
    ]  # fmt: skip
    sound = heard(found)
    assert not sound[round(0.31 * RATE) : round(0.89 * RATE)].any()
    assert not sound[round(1.201 * RATE) : round(1.449 * RATE)].any()
    for word in found.words:
        middle = sound[round((word.start + FADE) * RATE) : round((word.end - FADE) * RATE)]
        assert np.sqrt(np.mean(middle**2)) == pytest.approx(8000 / np.sqrt(2), rel=0.02), word.text
    step = 8000 * 2 * np.pi * 440 / RATE
    inner = sound[round(0.45 * RATE) : round(1.7 * RATE)]
    assert np.abs(np.diff(inner)).max() < 1.2 * step, "no click where it is cut"
    shorter = paused(take, [pause(0.02, "two")], cache)
    assert shorter.words[1].start == pytest.approx(0.32)
    assert heard(shorter)[round(0.36 * RATE)] != 0


def test_no_pause_leaves_the_take_alone(take: Take, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert paused(take, [pause(1, "")], cache) is take
    assert paused(take, [pause(1, "One")], cache) is take, "before the first word it is before the beat"
    assert paused(take, [pause(1, "four")], cache) is take


def test_a_voice_breathes_between_sentences(tmp_path: Path) -> None:
    """About as long as a reader's, and a pause is counted from what is there."""
    take = make_take("It fell, and then it rose. Nobody saw it fall.", Hibari(), Cache(tmp_path))
    found = {w.text: b.start - w.end for w, b in pairwise(take.words)}
    assert 0.4 < found["rose."] < 0.9
    assert max(gap for text, gap in found.items() if text != "rose.") < 0.4
    longer = paused(take, [pause(0.9, "Nobody saw")], Cache(tmp_path))
    at = [w.text for w in longer.words].index("Nobody")
    assert longer.words[at].start - longer.words[at - 1].end == pytest.approx(0.9, abs=1e-3)
    assert longer.seconds == pytest.approx(take.seconds + 0.9 - found["rose."], abs=1e-3)
