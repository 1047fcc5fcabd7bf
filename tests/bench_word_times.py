"""How far word times are from the truth: `python tests/bench_word_times.py hibari|kokoro/af_heart|piper [WORDS]`.

Two truths. `joined`: single words of a voice with known gaps between them. `native`: what Piper says of its own words
in running speech, against where the aligner finds them. Signed: below zero is too early.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rushes.align import align
from rushes.aloud import read_aloud
from rushes.check import check_note
from rushes.house import House
from rushes.narration import mastered
from rushes.voices import Speech, Voice, pronounced, sentences, voice

SCRIPTS = [Path(__file__).parent.parent / f"scripts/{n}.md" for n in ("the-minus-sign", "told-what-we-want-to-hear")]
GAPS = 0.05  # seconds, once to five times


def spoken_lines() -> list[list[str]]:
    """The words of every beat of the films, as they are said."""
    house = House()
    texts = [text for path in SCRIPTS for text in check_note(path, house).texts if text]
    return [[word for said in read_aloud(text) for word in said] for text in texts]


def joined(speaker: Voice, words: Sequence[str], known: dict[str, Speech]) -> tuple[Speech, list[float]]:
    """(single words with gaps, where each starts)."""
    parts, starts = [np.zeros(speaker.rate // 4, np.float32)], []
    for n, word in enumerate(words):
        said = known.setdefault(word, speaker.speak([word]))
        block = speaker.rate // 200
        loud = np.square(said.samples[: len(said.samples) // block * block]).reshape(-1, block).mean(axis=1)
        heard = np.flatnonzero(loud > loud.max() * 1e-4)
        starts.append(sum(map(len, parts)) / speaker.rate)
        parts.append(said.samples[heard[0] * block : (heard[-1] + 1) * block])
        parts.append(np.zeros(round(GAPS * (1 + n % 5) * speaker.rate), np.float32))
    phonemes = tuple(pronounced([word])[0] for word in words)
    return Speech(samples=np.concatenate(parts), rate=speaker.rate, phonemes=phonemes), starts


def errors_joined(speaker: Voice, least: int) -> list[float]:
    """Seconds that the aligner is off, for at least so many words, each in two orders."""
    words = list(dict.fromkeys(word.strip(".,;:!?—…").lower() for line in spoken_lines() for word in line))
    words = [word for word in words if len(word) > 2][: -(-least // 2)]
    known: dict[str, Speech] = {}
    errors = []
    for order in (words, words[::2] + words[1::2]):
        for at in range(0, len(order), 12):
            part = order[at : at + 12]
            speech, starts = joined(speaker, part, known)
            samples, cut = mastered(speech)
            found = align(samples, part, speech.phonemes, " ".join(part))
            errors += [start + cut - truth for (start, *_), truth in zip(found, starts, strict=True)]
    return errors


def errors_native(speaker: Voice, least: int) -> list[float]:
    """Seconds that the aligner is off from what the voice itself says, for at least so many words."""
    errors: list[float] = []
    for words in spoken_lines():
        speech = speaker.speak(words)
        assert speech.times is not None
        samples, cut = mastered(speech)
        phonemes = [said for sentence in sentences(words) for said in pronounced(sentence)]
        found = align(samples, words, phonemes, " ".join(words))
        errors += [start + cut - truth for (start, *_), (truth, _) in zip(found, speech.times, strict=True)]
        if len(errors) >= least:
            break
    return errors


def main() -> None:
    name, least = sys.argv[1], int((sys.argv[2:] or ["500"])[0])
    speaker = voice(name)
    truths = {"joined": errors_joined} | ({"native": errors_native} if name == "piper" else {})
    for truth, measure in truths.items():
        off = np.array(measure(speaker, least)) * 1000
        print(
            f"{name}, {truth}: {len(off)} words, median error {np.median(abs(off)):.0f} ms, 95% within "
            f"{np.percentile(abs(off), 95):.0f} ms, signed median {np.median(off):+.0f} ms"
        )


if __name__ == "__main__":
    main()
