import os
import subprocess
import sys

import numpy as np
import pytest

from rushes.errors import RushesError
from rushes.voices import Hibari, Silent, voice


def test_voices_are_found_by_name() -> None:
    assert isinstance(voice("hibari"), Hibari)
    assert isinstance(voice("silent"), Silent)


def test_an_unknown_voice_names_the_nearest() -> None:
    with pytest.raises(RushesError, match="there is no voice 'hibary'\n  did you mean 'hibari'"):
        voice("hibary")


def test_no_engine_is_loaded_before_it_speaks() -> None:
    code = (
        "import sys; from rushes.voices import voice; voice('hibari').version; assert 'onnxruntime' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})


def test_silence_lasts_as_long_as_the_words_would() -> None:
    words = ["One", "extraordinarily", "small", "sign,", "gone."]
    speech = Silent().speak(words)
    assert len(speech.samples) == 5 * 60 / 150 * speech.rate
    assert not speech.samples.any()
    assert speech.times is not None
    assert len(speech.times) == 5
    assert speech.times[0][0] == 0
    assert speech.times[-1][1] == pytest.approx(2.0)
    for (_, end), (start, _) in zip(speech.times, speech.times[1:], strict=False):
        assert end == start
    lengths = [end - start for start, end in speech.times]
    assert max(lengths) == lengths[1]


def test_nothing_said_is_no_sound() -> None:
    for name in ("hibari", "silent"):
        assert voice(name).speak([]).samples.shape == (0,)


def test_hibari_says_the_same_words_the_same_way() -> None:
    words = ["The", "raters", "read", "28", "of", "them."]
    first, second = Hibari().speak(words), Hibari().speak(words)
    assert first.samples.dtype == np.float32
    assert first.samples.ndim == 1
    assert 1.0 < len(first.samples) / first.rate < 4.0
    assert 0.05 < np.abs(first.samples).max() <= 1.5
    assert np.array_equal(first.samples, second.samples)


@pytest.mark.parametrize(
    "text",
    [
        "Two sentences. The second is here!",
        "The KL penalty, in RLHF, was PyTorch code.",
        "A state-of-the-art model went— home… said Mr. Smith to J. K. Rowling.",
        "Megacoach's rewards' don't-care e.g. sum a/b x_y %",
    ],
)
def test_hibari_tells_the_sounds_of_every_word(text: str) -> None:
    words = text.split()
    phonemes = Hibari().speak(words).phonemes
    assert len(phonemes) == len(words)
    assert not any(" " in sounds for sounds in phonemes)
    assert all(phonemes)


def test_hibari_reads_in_context() -> None:
    speak = Hibari().speak
    assert speak(["the", "apple"]).phonemes[0] != speak(["the", "pear"]).phonemes[0]


def test_hibari_says_more_than_it_can_read_at_once() -> None:
    words = ("the raters kept reading samples all night, " * 20 + "and went home.").split()
    speech = Hibari().speak(words)
    assert len(speech.phonemes) == len(words)
    assert 0.2 < len(speech.samples) / speech.rate / len(words) < 0.6
