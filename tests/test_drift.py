"""A made film of an hour: picture, sound and captions are together at its end as they are at its beginning."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
import pytest

from rushes.cache import Cache
from rushes.caption_files import clock, srt
from rushes.captions import captions
from rushes.clip import Clip
from rushes.encoder import Encoder
from rushes.film import Track, join
from rushes.heard import heard
from rushes.placing import lay_out
from rushes.read_script import parse_script
from rushes.sound import RATE, VOICE, _encode, make_sound, parts, together
from rushes.take import Take, Word
from rushes.timeline import Timeline

FPS, SIZE = 30, (64, 36)
SAID = 0.1517  # seconds into a take, on no frame
LASTS = 9.7731  # seconds of a take: no whole number of frames, nor of the sound's packets
MINUTES = 60


@dataclass(frozen=True)
class Made:
    film: Path
    timeline: Timeline
    frames: tuple[int, ...]
    """At which something is said, and the picture flashes."""


def click(path: Path) -> Take:
    """A beat that is one click."""
    samples = np.zeros(round(LASTS * RATE), "<i2")
    at = round(SAID * RATE)
    samples[at : at + 48] = 20_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    word = Word(text="Click.", start=SAID, end=SAID + 0.3)
    return Take(audio=path, seconds=len(samples) / RATE, words=(word,), confidence=1, low=(), voice="")


def clips(folder: Path, timeline: Timeline) -> list[Clip]:
    """For each shot a black picture with a white one when its word is said; each of a kind is made once."""
    made: dict[tuple[int, int], Path] = {}
    for shot in timeline.shots:
        kind = shot.frames, shot.cues["click"]
        if kind not in made:
            made[kind] = folder / f"{len(made)}.mp4"
            encoder = Encoder(made[kind], SIZE, FPS)
            for frame in range(shot.frames):
                encoder.write(np.full((SIZE[1], SIZE[0], 4), 255 if frame == kind[1] else 0, np.uint8))
            encoder.close()
    found = Clip(path=folder, frames=0, late=(), layout=(), reads=(), files={}, seconds=0, inputs={})
    return [
        replace(found, path=made[shot.frames, shot.cues["click"]], frames=shot.frames) for shot in timeline.shots
    ]  # fmt: skip


def hour(folder: Path, minutes: float, sound: bool) -> Made:
    """A film of clicks and flashes; with its `sound` brought to its loudness, which takes its time."""
    beats = round(minutes * 60 / (LASTS + 0.55))
    note = "## Script\n" + "".join(
        f"- #### Part {n // 20}\n" * (n % 20 == 0) + "\t- ==Click==.\n\t\t- scene:: dot\n" for n in range(beats)
    )
    script = parse_script(note, folder / "hour.md")
    takes: Sequence[Take] = [click(folder / "click.wav")] * beats
    timeline = lay_out(script, ["Click."] * beats, takes, fps=FPS, size=SIZE)
    if sound:
        audio = make_sound(timeline, takes, Cache(folder / "cache"))
    else:
        found, count = parts(timeline, takes, None, VOICE)
        mix = together(found["narration"], stereo=False)
        audio = folder / "sound.m4a"
        _encode(audio, (mix(first, min(first + RATE, count)) for first in range(0, count, RATE)))
    told = captions([one.words for one in heard(timeline)], fps=FPS, frames=timeline.frames)
    (folder / "captions.srt").write_text(srt(told, FPS))
    film = join(folder / "film.mp4", timeline, clips(folder, timeline), audio, [Track(captions=told)], "An Hour")
    return Made(film=film, timeline=timeline, frames=tuple(beat.words[0].start for beat in timeline.beats))


def moments(film: Path, start: float, end: float) -> tuple[list[float], list[float], list[float]]:
    """Seconds at which there is a flash, a click and a caption between two times, as a player decodes them."""
    flashes, clicks, shown = [], [], []
    with av.open(str(film)) as file:
        file.seek(int(start * av.time_base))
        for frame in file.decode(video=0):
            if frame.time > end:
                break
            if start <= frame.time and frame.to_ndarray()[: SIZE[1]].mean() > 128:
                flashes.append(float(frame.time))
    with av.open(str(film)) as file:
        file.seek(int(start * av.time_base))
        for frame in file.decode(audio=0):
            if frame.time > end:
                break
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.15)
            if len(loud) and (at := frame.time + loud[0] / RATE) >= start and not (clicks and at - clicks[-1] < 1):
                clicks.append(float(at))
    with av.open(str(film)) as file:
        stream = file.streams.subtitles[0]
        times = [float(packet.pts * packet.time_base) for packet in file.demux(stream) if packet.size > 2]
        shown = [at for at in times if start <= at <= end]
    return flashes, clicks, shown


def apart(made: Made, start: float, end: float) -> float:
    """The most frames by which what belongs together is apart between two times."""
    said = [frame / FPS for frame in made.frames if start <= frame / FPS <= end]
    flashes, clicks, shown = moments(made.film, start - 0.5, end + 0.5)
    assert len(said) == len(flashes) == len(clicks) == len(shown) > 3
    early = np.array(said) - np.array(shown)
    assert early.min() >= -1e-3, "a caption is there when its word is said"
    assert early.max() <= 0.25 + 0.5 / FPS, "and no more than a moment before"
    return max(np.abs(np.subtract(flashes, said)).max(), np.abs(np.subtract(clicks, said)).max()) * FPS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return hour(tmp_path_factory.mktemp("hour"), MINUTES, sound=False)


def test_an_hour_does_not_drift(made: Made) -> None:
    seconds = made.timeline.seconds
    assert 3550 < seconds < 3650
    assert apart(made, 0, 60) <= 1
    assert apart(made, seconds - 60, seconds - 5) <= 1


def test_its_parts_are_equally_long(made: Made) -> None:
    seconds = made.timeline.seconds
    with av.open(str(made.film)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert video.frames == made.timeline.frames
        # an mp4 tells how long it is played in milliseconds
        assert float(video.duration * video.time_base) == pytest.approx(seconds, abs=1e-3)
        assert float(audio.duration * audio.time_base) == pytest.approx(seconds, abs=1 / FPS)


def test_a_caption_file_ends_with_its_last_word(made: Made) -> None:
    last = (made.film.parent / "captions.srt").read_text().rstrip().split("\n")[-2]
    start = last.split(" --> ")[0]
    assert clock(made.frames[-1] - round(0.25 * FPS), FPS, ",") <= start <= clock(made.frames[-1], FPS, ",")
