import itertools
import string
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rushes.aloud import read_aloud
from rushes.cache import Cache
from rushes.errors import RushesError
from rushes.narration import mastered
from rushes.take import RATE, Take, make_take
from rushes.voices import Hibari, Silent, Speech

SENTENCES = (
    "One researcher deleted a single minus sign, and went home.",
    "In 2019, a small team trained GPT-2 to be kind — or so they hoped.",
    "By morning the raters' average had fallen from 8.1 to 1.4.",
    "The Megacoach adds the Values Coach to the Coherence Coach; every arrow turns round.",
    "RLHF is 3 models, and β is 28% too small for AI systems.",
)


class Counting(Silent):
    """Silence that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def speak(self, words: Sequence[str]) -> Speech:
        self.asked += 1
        return super().speak(words)


def samples_of(take: Take) -> NDArray[np.float64]:
    with wave.open(str(take.audio)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Take]:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    return [make_take(text, Hibari(), cache) for text in SENTENCES]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1.4", "one point four"),
        ("8.50", "eight point five zero"),
        ("28", "twenty eight"),
        ("2019", "twenty nineteen"),
        ("2,019", "two thousand and nineteen"),
        ("3000", "three thousand"),
        ("1990s", "nineteen nineties"),
        ("3rd", "third"),
        ("0.05,", "zero point zero five,"),
        ("5.1.1", "five point one point one"),
        ("−1.2", "minus one point two"),
        ("-3", "minus three"),
        ("1–9", "one to nine"),
        ("GPT-2", "GPT two"),
        ("SmolLM2-135M", "Smol LM two one hundred and thirty five million"),
        ("45%;", "forty five percent;"),
        ("$1.4M", "one point four million dollars"),
        ("£1", "one pound"),
        ("p<0.05", "p less than zero point zero five"),
        ("β", "beta"),
        ("Δx", "delta x"),
        ("λ²", "lambda squared"),
        ("&", "and"),
        ("−", "minus"),
        ("—", ""),
        ("KL", "KL"),
        ("sign_flipped", "sign flipped"),
        ("next-token", "next-token"),
        ("went—home", "went— home"),
        ("“Kind,”", "Kind,"),
        ("'real'", "real"),
        ("raters’", "raters'"),
        ("don’t", "don't"),
        ("😀", ""),
    ],
)
def test_a_token_is_said_in_words(written: str, said: str) -> None:
    (words,) = read_aloud(written)
    assert " ".join(words) == said


def test_punctuation_alone_paces_the_word_before() -> None:
    assert read_aloud("kind — or so (they) hoped") == [
        ("kind—",), (), ("or",), ("so,",), ("they,",), ("hoped",)
    ]  # fmt: skip


def test_a_pronunciation_wins() -> None:
    said = read_aloud(
        "The Megacoach, GPT-2 and a Reward Model.", {"megacoach": "mega coach", "reward model": "big judge"}
    )
    assert said == [("The",), ("mega", "coach,"), ("GPT", "two"), ("and",), ("a",), ("big",), ("judge.",)]


def test_words_shared_by_a_phrase_are_doubtful(tmp_path: Path) -> None:
    take = make_take("a very long phrase here", Silent(), Cache(tmp_path), spoken={"very long phrase": "short one"})
    assert [word.text for word in take.words] == ["a", "very", "long", "phrase", "here"]
    assert take.low == (1, 2, 3)
    assert take.confidence == pytest.approx(2 / 5)


@given(st.text(alphabet=string.ascii_letters + string.digits + " .,;:'’\"-–—−%$&()[]_/*²βΔé😀\t\n", max_size=60))
def test_every_token_is_read_and_no_word_has_a_space(text: str) -> None:
    said = read_aloud(text)
    assert len(said) == len(text.split())
    for token, words in zip(text.split(), said, strict=True):
        assert all(word and not word[0].isspace() and " " not in word for word in words)
        if token.isascii() and token.isalpha():
            assert "".join(words).rstrip(",—.;:") == token


@pytest.mark.parametrize("text", ["", "   ", "— … 😀"])
def test_nothing_to_say_is_an_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(RushesError, match="nothing to say"):
        make_take(text, Silent(), Cache(tmp_path))


def test_a_voice_that_knows_its_times_is_believed(tmp_path: Path) -> None:
    text = "One sign — gone."
    take = make_take(text, Silent(), Cache(tmp_path))
    expected = Silent().speak(["One", "sign—", "gone."]).times
    assert expected is not None
    assert take.seconds == pytest.approx(1.2)
    assert [word.text for word in take.words] == text.split()
    (_, one), (sign, dash), (gone, end) = expected
    assert [word.start for word in take.words] == pytest.approx([0, sign, dash, gone], abs=1e-4)
    assert [word.end for word in take.words] == pytest.approx([one, dash, dash, end], abs=1e-4)
    assert take.confidence == 1.0
    assert not samples_of(take).any()


def test_a_take_is_made_once(tmp_path: Path) -> None:
    voice, cache = Counting(), Cache(tmp_path)
    first = make_take("One minus sign.", voice, cache)
    assert make_take("One minus sign.", voice, cache) == first
    assert voice.asked == 1
    make_take("One minus sign.", voice, cache, spoken={"minus": "plus"})
    assert voice.asked == 2
    first.audio.unlink()
    assert make_take("One minus sign.", voice, cache).audio.exists()


def test_two_ways_to_write_what_is_said_keep_their_own_words(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    written = make_take("28 signs", Silent(), cache)
    spelled = make_take("twenty eight signs", Silent(), cache)
    assert written.audio == spelled.audio
    assert [word.text for word in written.words] == ["28", "signs"]
    assert [word.text for word in spelled.words] == ["twenty", "eight", "signs"]


def test_words_are_those_of_the_text_in_order(takes: list[Take]) -> None:
    for text, take in zip(SENTENCES, takes, strict=True):
        assert [word.text for word in take.words] == text.split()
        assert take.words[0].start >= 0
        assert take.words[-1].end <= take.seconds
        for word, following in itertools.pairwise(take.words):
            assert word.start <= word.end <= following.start
        assert all(word.end > word.start for word in take.words if word.text != "—")
        assert take.confidence == 1.0
        assert take.low == ()


def test_audio_is_trimmed_levelled_and_has_no_click(takes: list[Take]) -> None:
    for take in takes:
        samples = samples_of(take)
        assert take.seconds == len(samples) / RATE
        assert np.abs(samples).max() < 0.95
        assert abs(samples[0]) < 1e-3
        assert abs(samples[-1]) < 1e-3
        loud = np.square(samples[: len(samples) // 480 * 480]).reshape(-1, 480).mean(axis=1)
        heard = np.flatnonzero(loud > loud.max() * 1e-4)
        assert 0.03 < heard[0] / 100 < 0.15
        assert 0.03 < (len(loud) - heard[-1]) / 100 < 0.15
        assert -23 < 10 * np.log10(loud[loud > loud.max() * 1e-3].mean()) < -17


def test_a_sharp_consonant_leaves_its_take_as_loud_as_the_others() -> None:
    hum = (0.1 * np.sin(np.arange(2 * RATE) * 0.05)).astype(np.float32)
    sharp = hum.copy()
    sharp[RATE : RATE + 24] = 1.5
    plain, peaked = (mastered(Speech(samples=sound, rate=RATE))[0] for sound in (hum, sharp))
    assert 0.7 < np.abs(peaked).max() < 0.9
    before, beside = (np.sqrt(np.square(take[1000 : RATE // 2]).mean()) for take in (peaked, plain))
    assert before == pytest.approx(beside, rel=0.1)


def test_a_word_after_a_pause_starts_when_the_sound_does(takes: list[Take]) -> None:
    errors = []
    for take in takes:
        samples = samples_of(take)
        loud = np.square(samples[: len(samples) // 480 * 480]).reshape(-1, 480).mean(axis=1)
        speech = loud > loud.max() * 10**-3.5
        # A sound after at least 0.15 s without any.
        onsets = [i / 100 for i in range(15, len(speech)) if speech[i] and not speech[i - 15 : i].any()]
        onsets.append(float(np.flatnonzero(speech)[0]) / 100)
        errors += [min(abs(word.start - onset) for word in take.words) for onset in onsets]
    assert len(errors) >= 8
    assert np.median(errors) <= 0.03
    assert max(errors) <= 0.1


class Joined:
    """Single words of a real voice, joined with known gaps: where every word starts is known."""

    name, version, rate = "joined", "1", 24_000
    starts: list[float]

    def speak(self, words: Sequence[str]) -> Speech:
        parts, self.starts, phonemes = [np.zeros(6000, np.float32)], [], []
        for index, word in enumerate(words):
            said = Hibari().speak([word])
            loud = np.square(said.samples[: len(said.samples) // 120 * 120]).reshape(-1, 120).mean(axis=1)
            heard = np.flatnonzero(loud > loud.max() * 1e-4)
            self.starts.append(sum(map(len, parts)) / self.rate)
            parts += [
                said.samples[heard[0] * 120 : (heard[-1] + 1) * 120],
                np.zeros(1200 * (1 + index % 5), np.float32),
            ]
            phonemes += said.phonemes
        return Speech(samples=np.concatenate(parts), rate=self.rate, phonemes=tuple(phonemes))


def test_words_joined_at_known_places_are_found_there(tmp_path: Path) -> None:
    errors = []
    for text in (
        "morning researcher deleted arrow Megacoach penalty rude kind sample seven",
        "fluent history ship open table gradient apprentice values zebra voice",
        "policy coherence thought who line under rewards' PyTorch KL 2019",
    ):
        voice = Joined()
        take = make_take(text, voice, Cache(tmp_path))
        cut = voice.starts[0] - take.words[0].start
        spoken = iter(voice.starts)
        for word, said in zip(take.words, read_aloud(text), strict=True):
            truth = next(spoken)
            errors.append(abs(word.start + cut - truth))
            list(itertools.islice(spoken, len(said) - 1))
    assert len(errors) == 30
    assert np.median(errors) <= 0.03
    assert np.percentile(errors, 90) <= 0.08


class Wrong(Hibari):
    """Says something else than it says it said."""

    def __init__(self, instead: Sequence[str]) -> None:
        self.instead = instead

    def speak(self, words: Sequence[str]) -> Speech:
        said = super().speak(self.instead)
        return Speech(samples=said.samples, rate=said.rate, phonemes=super().speak(words).phonemes)


def test_words_that_are_not_in_the_audio_are_an_error_that_names_the_text(tmp_path: Path) -> None:
    voice = Wrong(["Seven", "zebras", "opened", "a", "shop", "by", "the", "sea."])
    with pytest.raises(RushesError, match="'Every arrow in the drawing turned round"):
        make_take("Every arrow in the drawing turned round, and the coach liked it less.", voice, Cache(tmp_path))
    assert not list(tmp_path.rglob("*.json"))


def test_a_word_that_does_not_fit_is_reported(tmp_path: Path) -> None:
    text = "One researcher deleted a single minus sign, and went home."
    voice = Wrong(text.replace("deleted", "showed us").split())
    take = make_take(text, voice, Cache(tmp_path))
    assert 2 in take.low
    assert take.confidence < 1


def test_a_word_the_voice_cannot_say_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(RushesError, match="the voice cannot say '語'"):
        make_take("The word 語 here.", Hibari(), Cache(tmp_path))
