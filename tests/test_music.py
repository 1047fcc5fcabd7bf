"""Music and effects: what they are made of, and how they lie below the words."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from rushes.cache import Cache
from rushes.check import check_note
from rushes.cli import main
from rushes.console import Console
from rushes.effects import effect
from rushes.house import House
from rushes.loudness import limited, loudness
from rushes.music import KEYS, LEVEL, Bed, file_bed, loop
from rushes.pipeline import make_film
from rushes.placing import lay_out
from rushes.read_script import parse_script
from rushes.score import EFFECTS, Score
from rushes.score import Bed as WantedBed
from rushes.script import Script
from rushes.sound import BETWEEN, LOUDNESS, MUSIC_UNDER, PEAK, RATE, VOICE, _mixed, _music, narration
from rushes.stems import write_stems
from rushes.take import Take, Word
from rushes.timeline import Timeline

FPS = 30
Samples = npt.NDArray[np.float32]


def steps(sound: Samples) -> npt.NDArray[np.float32]:
    """How much the slope changes from sample to sample: a click is a large change."""
    return np.abs(np.diff(sound, 2, axis=0))


def decibels(sound: Samples) -> float:
    return float(10 * np.log10(np.square(sound, dtype=np.float64).mean()))


# ---------------------------------------------------------------------- loops
@pytest.fixture(scope="module")
def loops() -> dict[str, Samples]:
    return {part: loop("a film", 0, part) for part in ("chords", "plucks")}


def test_a_loop_has_no_join(loops: dict[str, Samples]) -> None:
    for sound in loops.values():
        assert steps(np.concatenate([sound[-4:], sound[:4]])).max() < np.quantile(steps(sound[: 10 * RATE]), 0.999)


def test_chords_and_plucks_have_the_level_of_a_bed_and_two_sides(loops: dict[str, Samples]) -> None:
    both = loops["chords"][: 40 * RATE] + loops["plucks"][: 40 * RATE]
    assert loudness([both]) == pytest.approx(LEVEL, abs=1.5)
    assert np.abs(both).max() < 1
    assert 0.2 < np.corrcoef(both.T)[0, 1] < 0.95, "wide, and still there in one loudspeaker"
    power = np.square(np.abs(np.fft.rfft(both[:, 0])))
    hertz = np.fft.rfftfreq(len(both), 1 / RATE)
    assert 150 < (power * hertz).sum() / power.sum() < 700, "warm"
    assert power[(hertz > 1000) & (hertz < 4000)].sum() < power.sum() / 50, "out of the way of the consonants"


def test_a_bed_is_the_same_for_the_same_film_and_another_for_another(loops: dict[str, Samples]) -> None:
    assert np.array_equal(loop("a film", 0, "plucks"), loops["plucks"])
    assert not np.array_equal(loop("another", 0, "plucks"), loops["plucks"])
    assert not np.array_equal(loop("a film", 1, "plucks"), loops["plucks"])


# ---------------------------------------------------------------------- beds
def tone(path: Path, hertz: float, seconds: float, loud: float = 0.3) -> Path:
    at = np.arange(round(seconds * RATE)) / RATE
    sound = (loud * 32767 * np.sin(2 * np.pi * hertz * at)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.stack([sound, sound], axis=1).tobytes())
    return path


def test_sections_take_turns_in_their_keys_without_a_click(tmp_path: Path) -> None:
    low, high = tone(tmp_path / "low.wav", 200, 5.0), tone(tmp_path / "high.wav", 1000, 3.0)
    bed = Bed(loops=((low,), (high,)), starts=(0, 10 * RATE, 20 * RATE))
    sound = bed(0, 30 * RATE)

    def shares(second: float) -> tuple[float, float]:
        part = sound[round((second - 0.25) * RATE) : round((second + 0.25) * RATE), 0]
        power = np.square(np.abs(np.fft.rfft(part * np.hanning(len(part)))))
        return power[50:150].sum() / power.sum(), power[450:550].sum() / power.sum()

    assert [tuple(round(share) for share in shares(at)) for at in (1, 5, 15, 25, 29)] == [(1, 0)] * 2 + [(0, 1)] + [
        (1, 0)
    ] * 2
    assert shares(10) == pytest.approx((0.5, 0.5), abs=0.05), "half and half where the section begins"
    assert steps(sound).max() < 1.2 * 0.3 * (2 * np.pi * 1000 / RATE) ** 2
    assert decibels(sound[round(9.5 * RATE) : round(10.5 * RATE)]) == pytest.approx(decibels(sound[:RATE]), abs=0.5)
    pieces = np.concatenate([bed(at, min(at + 77_777, 30 * RATE)) for at in range(0, 30 * RATE, 77_777)])
    assert np.array_equal(pieces, sound), "however it is cut into blocks"


def test_somebodys_own_music_goes_on_over_its_end_at_the_same_level(tmp_path: Path) -> None:
    path = tone(tmp_path / "own.wav", 330.3, 9.0, loud=0.2)
    bed = file_bed(path, Cache(tmp_path / "cache"))
    sound = bed(0, 30 * RATE)
    assert loudness([sound]) == pytest.approx(LEVEL, abs=0.7)
    loud = np.abs(sound).max()
    assert steps(sound).max() < 1.5 * loud * (2 * np.pi * 330.3 / RATE) ** 2 + 2e-4, "no click where it begins again"


# ---------------------------------------------------------------------- below the words
SCRIPT = """\
---
title: Weather
music: on
---
## Script
- #### Rain
\t- It rained all through the long night and nobody slept at all.
\t  hold:: 4
\t- Then something small ==fell== off the roof.
\t  music:: off at something
\t  sound:: ding at fell +0.5; thump at roof
\t  hold:: 3
\t- And it was over.
\t\t- scene:: dot
\t\t  music:: on
- #### Sun
\t- A new day came, warm and bright and entirely without rain.
"""


def spoken(script: Script, folder: Path) -> tuple[Timeline, list[Take | None]]:
    """A script said by something that hums each word, at the level of a take."""
    dice = np.random.default_rng(1)
    texts, takes = [beat.text(()) for beat in script.beats], []
    for i, text in enumerate(texts):
        words, parts = [], []
        for k, word in enumerate(text.split()):
            words.append(Word(text=word, start=0.35 * k, end=0.35 * k + 0.3))
            hum = np.zeros(round(0.35 * RATE))
            hum[: round(0.3 * RATE)] = 0.1 * np.convolve(
                dice.standard_normal(round(0.3 * RATE)), np.ones(30) / 5.5, "same"
            )
            parts.append(hum)
        sound = (np.concatenate(parts) * 32767).astype("<i2")
        path = folder / f"take{i}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(sound.tobytes())
        takes.append(Take(audio=path, seconds=len(sound) / RATE, words=tuple(words), confidence=1, low=(), voice=""))
    return lay_out(script, texts, takes, fps=FPS, size=(1920, 1080)), takes


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("music") / "cache")


def test_music_is_20_db_below_the_words_8_in_a_gap_and_silent_where_it_is_off(tmp_path: Path, cache: Cache) -> None:
    path = tone(tmp_path / "own.wav", 500, 7.0)
    timeline, _ = spoken(parse_script(SCRIPT, tmp_path / "film.md"), tmp_path)
    count = round(timeline.frames * RATE / FPS)
    heard = _music(timeline, cache, WantedBed(seed="", file=path), count)(0, count)
    full = file_bed(path, cache)(0, count)

    def at(first: float, last: float) -> float:
        part = slice(round(first * RATE), round(last * RATE))
        return decibels(heard[part]) - decibels(full[part])

    rain, fell, over, sun = timeline.beats
    begin, end = (frame / FPS for frame in (rain.words[0].start, rain.words[-1].end))
    assert at(begin, end) == pytest.approx(MUSIC_UNDER, abs=0.7)
    off, on = (frame / FPS for frame in timeline.silences[0])
    assert (off, on) == (fell.words[1].start / FPS, over.words[0].start / FPS)
    assert at(end + 1.0, fell.words[0].start / FPS - 0.4) == pytest.approx(BETWEEN, abs=0.7), "250 ms down, 800 ms up"
    assert not heard[round(off * RATE) : round(on * RATE)].any()
    assert at(sun.words[0].start / FPS, sun.words[-1].end / FPS) == pytest.approx(MUSIC_UNDER, abs=0.7)
    assert not heard[0].any()
    assert np.abs(heard[-1]).max() < 1e-6
    assert steps(heard).max() < 0.002, "it never clicks"


def test_a_film_with_music_is_as_loud_as_any_and_the_same_however_it_is_cut(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = parse_script(SCRIPT, tmp_path / "film.md")
    timeline, takes = spoken(script, tmp_path)
    score = Score(bed=script.music, effects=True)
    sound = narration(timeline, takes, cache, score)
    assert sound.shape == (round(timeline.frames * RATE / FPS), 2)
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(LOUDNESS, abs=0.5)
    assert 20 * np.log10(np.abs(resample_poly(sound, 4, 1)).max()) <= PEAK
    monkeypatch.setattr("rushes.sound.BLOCK", 2 * RATE)
    assert np.allclose(narration(timeline, takes, cache, score), sound, atol=1e-6)
    alone = narration(timeline, takes)
    assert alone.ndim == 1, "without any it is what it was"


def test_stems_are_as_long_as_the_film_and_add_up_to_its_sound(tmp_path: Path, cache: Cache) -> None:
    script = parse_script(SCRIPT, tmp_path / "film.md")
    timeline, takes = spoken(script, tmp_path)
    score = Score(bed=script.music, effects=True)
    (tmp_path / "stems").mkdir()
    (tmp_path / "stems" / "inserts.wav").write_bytes(b"of a film that had some")
    written = write_stems(tmp_path / "stems", timeline, takes, cache, score)
    assert [path.name for path in written] == ["narration.wav", "effects.wav", "music.wav"]
    assert sorted((tmp_path / "stems").iterdir()) == sorted(written)
    mixed, count = _mixed(timeline, takes, cache, score)
    total = np.zeros((count, 2))
    for path in written:
        with av.open(str(path)) as file:
            stream = file.streams.audio[0]
            assert (stream.codec_context.name, stream.rate) == ("pcm_s24le", RATE)
            stem = np.concatenate([frame.to_ndarray().reshape(-1) for frame in file.decode(stream)]) / 2**31
        assert np.abs(stem).max() > 0.01
        total += stem.reshape(count, -1)
    assert np.abs(total - mixed(0, count)).max() < 3 * 2**-23
    before = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in write_stems(tmp_path / "stems", timeline, takes, cache, score)] == before
    assert [path.name for path in write_stems(tmp_path / "stems", timeline, takes, cache, VOICE)] == ["narration.wav"]
    assert [path.name for path in (tmp_path / "stems").iterdir()] == ["narration.wav"]


def test_an_effect_begins_at_its_word_in_the_silence(tmp_path: Path, cache: Cache) -> None:
    script = parse_script(SCRIPT, tmp_path / "film.md")
    timeline, _ = spoken(script, tmp_path)
    fell = timeline.beats[1]
    assert timeline.effects == (("ding", fell.words[3].start + 15), ("thump", fell.words[6].start))
    nobody = [None] * len(timeline.beats)
    sound = narration(timeline, nobody, cache, Score(bed=None, effects=True))
    first = round(timeline.effects[0][1] * RATE / FPS)
    assert not sound[:first].any()
    heard = np.flatnonzero(np.abs(sound).max(axis=1) > 0.02)
    assert first <= heard[0] < first + RATE / 100
    assert not narration(timeline, nobody, cache, VOICE).any()
    told = json.loads(timeline.to_json())
    assert (told["effects"][0], len(told["silences"])) == (["ding", fell.words[3].start + 15], 1)


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_comes_out_of_silence_and_goes_there(name: str) -> None:
    sound = effect(name)
    assert sound.shape[1] == 2
    assert np.isfinite(sound).all()
    assert 0.1 < np.abs(sound).max() < 0.5
    assert np.abs(sound[[0, -1]]).max() < 1e-4
    assert np.array_equal(sound, effect(name))


def test_the_limiter_holds_both_sides_back_together() -> None:
    sound = np.zeros((RATE, 2), np.float32)
    sound[:, 0] = 3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    sound[:, 1] = 0.1
    held = limited(sound)
    assert np.abs(held[2000:-2000, 1] / held[2000:-2000, 1].mean() - 1).max() < 0.05
    assert 0.025 < held[RATE // 2, 1] < 0.035, "a third, as the loud side"


# ---------------------------------------------------------------------- what a script says
def silences(beats: str) -> list[tuple[float, float]]:
    script = parse_script(f"## Script\n{beats}", Path("film.md"))
    assert [str(finding) for finding in script.findings if finding.level == "error"] == []
    texts = [beat.text(()) for beat in script.beats]
    from rushes.placing import estimate

    timeline = lay_out(script, texts, [estimate(text) for text in texts], fps=FPS, size=(1920, 1080))
    known = {word.start: word.text for beat in timeline.beats for word in beat.words}
    known |= {section.start: f"#{i}" for i, section in enumerate(timeline.sections)} | {timeline.frames: "end"}
    return [(known[first], known[last]) for first, last in timeline.silences]


def test_silence_lasts_until_music_is_on_at_most_to_the_end_of_the_section() -> None:
    assert silences("- #### A\n\t- one two.\n\t  music:: off\n\t- three four.\n- #### B\n\t- five six.\n") == [
        ("one", "#1")
    ]
    assert silences("- one two.\n  music:: off at two\n- three four.\n  music:: on at four\n- five.\n") == [
        ("two.", "four.")
    ]
    assert silences("- one two.\n  - a slate\n    at:: two\n    music:: off\n- three.\n") == [("two.", "end")]
    assert silences("- one two.\n  music:: on\n") == []
    assert silences("- one two.\n  music:: off; off at two; on at two\n") == [("one", "two.")]


@pytest.mark.parametrize(
    ("said", "found"),
    [("on", True), ("true", True), ("off", None), ("no", None), ("../assets/bed.flac", "bed.flac")],
)
def test_the_front_matter_turns_music_on(said: str, found: bool | str | None, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    tone(tmp_path / "assets" / "bed.flac", 300, 1.0)
    path = tmp_path / "scripts" / "film.md"
    path.parent.mkdir()
    path.write_text(f"---\nmusic: {said}\n---\n## Script\n- Words.\n")
    (tmp_path / "logseq").mkdir()
    checked = check_note(path, House(root=tmp_path))
    assert [str(finding) for finding in checked.errors] == []
    bed = checked.script.music
    assert (bed and (bed.file.name if bed.file else True)) == found


def test_only_a_film_has_music_and_only_if_its_script_says_so(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = repository / "film.md"
    script.write_text("---\nvoice: silent\nmusic: on\n---\n## Script\n- A dot.\n\t- scene:: dot\n")
    house = House(root=repository, size=(160, 90), fps=15)

    def is_heard(path: Path) -> bool:
        with av.open(str(path)) as file:
            return any(np.abs(frame.to_ndarray()).max() > 1e-3 for frame in file.decode(audio=0))

    assert is_heard(make_film(script, house, Console(as_json=True)).path)
    assert not is_heard(make_film(script, replace(house, music="off"), Console(as_json=True)).path)
    script.write_text(script.read_text().replace("music: on\n", ""))
    assert not is_heard(make_film(script, house, Console(as_json=True)).path)
    assert is_heard(make_film(script, replace(house, music="on"), Console(as_json=True)).path)
    script.write_text(script.read_text().replace("voice: silent\n", "voice: silent\nmusic: on\n"))
    assert main(["film", "--draft", "--folder", str(repository), "--build", str(repository / "b"), str(script)]) == 0
    assert not is_heard(repository / "b" / "film" / "draft" / "film.mp4")


def test_there_are_keys_to_change_to() -> None:
    assert len(set(KEYS)) == len(KEYS) > 2
