"""Recordings spliced from a synthetic voice: what goes wrong in front of a microphone, at a known place."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import wave
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import resample_poly

from rushes.cache import Cache
from rushes.matching import Matcher
from rushes.recorded import Listened, files, listen, spoken, take_of
from rushes.take import RATE
from rushes.voices import Hibari

Samples = NDArray[np.float32]
BEATS = (
    "One researcher deleted a single minus sign. Then he went home.",
    "By morning the average had fallen to 1.4.",
    "Every arrow in the drawing turned round, and nobody looked.",
)


@lru_cache
def voice(text: str) -> Samples:
    """A text as hibari says it, at 24 kHz, without silence around it."""
    said = Hibari().speak(text.split()).samples
    heard = np.flatnonzero(np.abs(said) > 0.01)
    return said[max(heard[0] - 1200, 0) : heard[-1] + 1200]


def spliced(*parts: str | float) -> Samples:
    """Texts and seconds of silence, one after another, at 24 kHz."""
    return np.concatenate([voice(p) if isinstance(p, str) else np.zeros(round(p * 24_000), np.float32) for p in parts])


def save(path: Path, samples: Samples, rate: int = 24_000, channels: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.repeat(samples[:, None], channels, 1).clip(-1, 1) * 32_767).astype("<i2").tobytes())
    return path


def known(path: Path, beats: Sequence[str] = BEATS) -> list[Listened]:
    found, findings = listen([spoken(text) for text in beats], [path])
    assert not findings
    return found


def states(found: Sequence[Listened]) -> list[str]:
    return [one.state for one in found]


def slips(one: Listened, text: str) -> list[tuple[str, str]]:
    """(written, said) of everything that was said otherwise."""
    beat = spoken(text)
    assert one.found
    told = [(beat.written(slip.first, slip.last), slip.said) for slip in one.found.slips]
    return [(" ".join(beat.tokens[a:b]), said) for (a, b), said in told]


READ = (0.4, BEATS[0], 0.7, BEATS[1], 0.6, BEATS[2], 0.5)


def noisy(samples: Samples) -> Samples:
    """With white noise, 20 dB below the speech."""
    level = np.sqrt(np.square(samples[np.abs(samples) > 0.02]).mean())
    noise = np.random.default_rng(3).standard_normal(len(samples)) * level / 10
    return (samples + noise).astype(np.float32)


def telephone(samples: Samples) -> Samples:
    return resample_poly(samples, 1, 3).astype(np.float32)


@pytest.mark.parametrize(
    ("change", "rate", "channels"),
    [
        (lambda s: s, 24_000, 1),
        (noisy, 24_000, 1),
        (telephone, 8_000, 1),
        (lambda s: resample_poly(s, 2, 1).astype(np.float32), 48_000, 2),
    ],
    ids=["as it is", "noise at 20 dB", "8 kHz", "48 kHz, stereo"],
)
def test_a_reading_of_the_whole_script_is_cut_to_its_beats(
    change: Callable[[Samples], Samples], rate: int, channels: int, tmp_path: Path
) -> None:
    path = save(tmp_path / "all.wav", change(spliced(*READ)), rate, channels)
    found = known(path)
    assert states(found) == ["recorded"] * 3
    at = 0.4
    for text, one, pause in zip(BEATS, found, (0.7, 0.6, 0.5), strict=True):
        take = take_of(spoken(text), one, Cache(tmp_path / "cache"))
        assert [word.text for word in take.words] == text.split()
        assert take.low == ()
        assert one.found
        ((start, end),) = one.found.pieces
        assert start == pytest.approx(at, abs=0.2)
        at += len(voice(text)) / 24_000
        assert end == pytest.approx(at + 0.1, abs=0.25)
        at += pause
        with wave.open(str(take.audio)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
        assert take.seconds == len(samples) / RATE
        assert 0.02 < take.words[0].start < 0.15
        assert 0.1 < np.abs(samples).max() < 0.95
        assert abs(samples[0]) < 1e-3
        for word, following in itertools.pairwise(take.words):
            assert word.start < word.end <= following.start


@pytest.mark.parametrize("change", [lambda s: s, noisy], ids=["clean", "noise"])
def test_a_misread_word_is_told_with_its_place(change: Callable[[Samples], Samples], tmp_path: Path) -> None:
    wrong = BEATS[1].replace("morning", "evening")
    found = known(save(tmp_path / "all.wav", change(spliced(0.4, BEATS[0], 0.7, wrong, 0.6, BEATS[2], 0.5))))
    assert states(found) == ["recorded", "misread", "recorded"]
    assert slips(found[1], BEATS[1]) == [("morning", "evening")]
    assert found[1].found
    starts = 0.4 + len(voice(BEATS[0])) / 24_000 + 0.7
    assert starts < found[1].found.slips[0].at < starts + 0.8


def test_a_word_left_out_and_one_put_in_are_told(tmp_path: Path) -> None:
    wrong = "Every arrow in the drawing never turned, and nobody looked."
    found = known(save(tmp_path / "all.wav", spliced(0.3, BEATS[0], 0.7, wrong, 0.6)))
    assert states(found) == ["recorded", "missing", "misread"]
    assert slips(found[2], BEATS[2]) == [("", "never"), ("round,", "")]


def test_a_sentence_left_out_is_told(tmp_path: Path) -> None:
    found = known(save(tmp_path / "all.wav", spliced(0.3, BEATS[0].split(" Then")[0], 0.7, BEATS[1], 0.6)))
    assert states(found) == ["misread", "recorded", "missing"]
    assert slips(found[0], BEATS[0]) == [("Then he went home.", "")]


@pytest.mark.parametrize("change", [lambda s: s, noisy], ids=["clean", "noise"])
def test_a_long_pause_becomes_a_breath(change: Callable[[Samples], Samples], tmp_path: Path) -> None:
    path = save(
        tmp_path / "one.wav",
        change(spliced(0.3, "Every arrow in the drawing", 3.0, "turned round, and nobody looked.", 0.4)),
    )
    (one,) = known(path, BEATS[2:])
    assert one.state == "recorded"
    take = take_of(spoken(BEATS[2]), one, Cache(tmp_path / "cache"))
    words = {word.text: word for word in take.words}
    assert 0.3 < words["turned"].start - words["drawing"].end < 0.8
    assert take.seconds < len(voice(BEATS[2])) / 24_000 + 1.5


def test_of_a_sentence_begun_again_the_last_full_reading_counts(tmp_path: Path) -> None:
    again = save(
        tmp_path / "again.wav",
        spliced(0.3, "One researcher deleted", 0.5, BEATS[0], 0.7, BEATS[1], 0.3, BEATS[1], 0.5, "By morning", 0.5),
    )
    found = known(again)
    assert states(found) == ["recorded", "recorded", "missing"]
    begun = 0.3 + len(voice("One researcher deleted")) / 24_000 + 0.5
    assert found[0].found
    assert found[0].found.pieces[0][0] == pytest.approx(begun, abs=0.2)
    second = begun + 0.7 + 0.3 + (len(voice(BEATS[0])) + len(voice(BEATS[1]))) / 24_000
    assert found[1].found
    assert found[1].found.pieces[0][0] == pytest.approx(second, abs=0.2)
    assert found[1].found.pieces[0][1] < second + len(voice(BEATS[1])) / 24_000 + 0.3


def test_words_said_again_within_a_sentence_are_cut(tmp_path: Path) -> None:
    (one,) = known(
        save(
            tmp_path / "a.wav",
            spliced(0.3, "Every arrow in the drawing", 0.3, "in the drawing turned round, and nobody looked.", 0.4),
        ),
        BEATS[2:],
    )
    assert one.state == "recorded"
    assert one.found
    assert len(one.found.pieces) == 2
    assert one.found.times[-1][1] < len(voice(BEATS[2])) / 24_000 + 0.6


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are matched from now on."""
    asked: list[str] = []
    match = Matcher.match

    def spy(self: Matcher, path: Path, *rest: object) -> object:
        asked.append(path.name)
        return match(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Matcher, "match", spy)
    return asked


def test_nothing_is_listened_to_twice_and_a_changed_sentence_falls_back_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted(monkeypatch)
    path = save(tmp_path / "all.wav", spliced(*READ))
    first = known(path)
    assert asked == ["all.wav"]
    assert known(path) == first
    assert known(path, BEATS[::-1]) == first[::-1]
    assert asked == ["all.wav"]
    heard = json.loads(path.with_name("all.wav.json").read_text())["heard"]

    changed = [BEATS[0], BEATS[1].replace("1.4", "2.8"), BEATS[2]]
    found = known(path, changed)
    assert states(found) == ["recorded", "changed", "recorded"]
    assert found[1].before == "by morning the average had fallen to one point four"
    assert [found[0], found[2]] == [first[0], first[2]]
    assert json.loads(path.with_name("all.wav.json").read_text())["heard"] == heard
    assert known(path) == first, "what was recorded is still known when the sentence is changed back"
    assert known(path, changed) == found
    assert asked == ["all.wav"] * 2

    punctuated = [text.replace(",", " —") for text in BEATS]
    assert states(known(path, punctuated)) == ["recorded"] * 3
    os.utime(path)
    known(path)
    save(path, spliced(0.5, BEATS[2], 0.5))
    assert states(known(path)) == ["missing", "missing", "recorded"]
    assert asked == ["all.wav"] * 3


def test_a_sentence_written_as_it_was_said_is_recorded(tmp_path: Path) -> None:
    said = BEATS[1].replace("morning", "evening")
    path = save(tmp_path / "one.wav", spliced(0.4, said, 0.4))
    assert states(known(path, BEATS[1:2])) == ["misread"]
    assert states(known(path, [said])) == ["recorded"]


def test_files_count_as_people_do_and_the_last_good_one_wins(tmp_path: Path) -> None:
    folder = tmp_path / "takes" / "film"
    for name, text in (
        ("take10.wav", "By evening the average had fallen to 1.4."),
        ("take2.wav", BEATS[1]),
        ("take1.wav", BEATS[1]),
    ):
        save(folder / name, spliced(0.4, text, 0.4))
    (folder / "notes.txt").write_text("none")
    (folder / ".take3.wav").write_bytes(b"")
    recordings = files("film", [tmp_path, tmp_path])
    assert [path.name for path in recordings] == ["take1.wav", "take2.wav", "take10.wav"]
    (one,), _ = listen([spoken(BEATS[1])], recordings)
    assert one.state == "recorded"
    assert one.file == folder / "take2.wav"


def test_flac_and_m4a_are_read_and_two_channels_that_cancel(tmp_path: Path) -> None:
    samples = resample_poly(spliced(0.4, BEATS[1], 0.4), 2, 1).astype(np.float32)
    for name, codec, layout in (("a.flac", "flac", "s16"), ("b.m4a", "aac", "fltp")):
        with av.open(str(tmp_path / name), "w") as file:
            stream = file.add_stream(codec, rate=48_000, layout="stereo")
            both = np.stack([samples, -samples])
            data = (both.T.reshape(1, -1) * 32_767).astype(np.int16) if layout == "s16" else both
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(data), format=layout, layout="stereo")
            frame.sample_rate = 48_000
            file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        assert states(known(tmp_path / name, BEATS[1:2])) == ["recorded"]


def test_what_cannot_be_read_is_told_and_the_rest_is_used(tmp_path: Path) -> None:
    good = save(tmp_path / "good.wav", spliced(0.4, BEATS[1], 0.4))
    silent = save(tmp_path / "silent.wav", np.zeros(24_000, np.float32))
    other = save(tmp_path / "other.wav", spliced("Seven zebras opened a shop by the sea."))
    (tmp_path / "bad.wav").write_bytes(b"RIFF but no more")
    found, findings = listen([spoken(BEATS[1])], [tmp_path / "bad.wav", silent, other, good])
    assert states(found) == ["recorded"]
    assert [f.source.path.name for f in findings] == ["bad.wav", "silent.wav", "other.wav"]
    assert "cannot be read" in findings[0].message
    assert "is silent" in findings[1].message
    assert "no beat of the script" in findings[2].message
    assert all(f.level == "warning" for f in findings)


def test_a_take_is_cut_again_from_the_file_alone(tmp_path: Path) -> None:
    path = save(tmp_path / "one.wav", spliced(0.4, BEATS[1], 0.4))
    (one,) = known(path, BEATS[1:2])
    cache = Cache(tmp_path / "cache")
    take = take_of(spoken(BEATS[1]), one, cache)
    sound = take.audio.read_bytes()
    shutil.rmtree(tmp_path / "cache")
    assert take_of(spoken(BEATS[1]), known(path, BEATS[1:2])[0], cache).audio.read_bytes() == sound


def test_words_start_where_they_are_said(tmp_path: Path) -> None:
    """Single words at known places, as an author would read a list, clean and with noise."""
    lists = (
        "morning researcher deleted arrow penalty rude kind sample seven fluent",
        "history ship open table gradient apprentice values zebra voice policy",
        "coherence answer under rewards market winter letter signal garden paper",
    )
    errors = []
    for n, (text, change) in enumerate([*((text, np.asarray) for text in lists), (lists[0], noisy)]):
        parts: list[Samples] = [np.zeros(9600, np.float32)]
        starts = []
        for k, word in enumerate(text.split()):
            said = voice(word)
            loud = np.square(said[: len(said) // 120 * 120]).reshape(-1, 120).mean(axis=1)
            heard = np.flatnonzero(loud > loud.max() * 1e-4)
            starts.append(sum(map(len, parts)) / 24_000)
            parts += [said[heard[0] * 120 : (heard[-1] + 1) * 120], np.zeros(1200 * (2 + k % 5), np.float32)]
        path = save(tmp_path / f"{n}.wav", change(np.concatenate([*parts, np.zeros(9600, np.float32)])))
        (one,) = known(path, [text])
        assert one.state == "recorded", slips(one, text)
        assert one.found
        ((begin, _),) = one.found.pieces
        errors += [abs(begin + time[0] - start) for time, start in zip(one.found.times, starts, strict=True)]
    assert len(errors) == 40
    assert np.median(errors) <= 0.03
    assert np.percentile(errors, 95) <= 0.08
