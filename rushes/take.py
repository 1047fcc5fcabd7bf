"""A take: a beat's words read aloud, and when each of them is said.

    take = make_take("The KL penalty fell to 1.4.", voice("hibari"), Cache(Path("build/cache")))
    take.words[1]  # Word(text="KL", start=0.12, end=0.53)

Times come from the audio itself (forced alignment), never from counting characters.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
import wave
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache as once
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from num2words import num2words
from numpy.typing import NDArray

from rushes.cache import Cache
from rushes.errors import RushesError
from rushes.voices import Speech, Voice

__all__ = ["RATE", "Take", "Word", "make_take", "read_aloud"]

RATE = 48_000
"""Samples a second of every take's audio."""

_REVISION = 1  # of everything below that changes a take's audio or times: part of its cache key
_MARGIN = 0.05  # seconds of room kept around the speech
_FADE = 0.005
_LEVEL = 10 ** (-20 / 20)  # RMS of the spoken parts; the film's loudness is set when it is mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it is written in the script; `start` and `end` in seconds from the take's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One beat, read aloud."""

    audio: Path
    """WAV: mono, 48 kHz, 16-bit."""
    seconds: float
    words: tuple[Word, ...]
    """Exactly parallel to the text's `split()`; a token that is not said (a dash) has no length."""
    confidence: float
    """Share of the words whose times are plausible, 0..1."""
    low: tuple[int, ...]
    """Which words' times are doubtful: indices into `words`."""
    voice: str


def make_take(text: str, voice: Voice, cache: Cache, *, spoken: Mapping[str, str] = {}) -> Take:
    """Read `text` aloud and find every word in the audio.

    Args:
        text: what the captions show.
        spoken: how to say a written phrase, `{"Megacoach": "mega coach"}`; case does not matter.

    Raises:
        RushesError: nothing in the text can be said, the voice cannot say a word, or the words cannot be
            found in the audio. Names the text.
    """
    tokens = text.split()
    aloud, shared = _aloud(tokens, spoken)
    words = [word for token in aloud for word in token]
    if not words:
        raise RushesError(f"nothing to say in {text!r}: mark the beat `say:: no`, or tell how it is `spoken::`")

    @once
    def recorded() -> tuple[Speech, NDArray[np.float32], float]:
        speech = voice.speak(words)
        return speech, *_mastered(speech)

    def align(path: Path) -> None:
        speech, samples, cut = recorded()
        if speech.times is None:
            times = _align(samples, words, speech.phonemes, text)
        else:
            times = [(start - cut, end - cut, True) for start, end in speech.times]
        found, doubtful = _written(tokens, aloud, times, len(samples) / RATE)
        low = sorted(doubtful | shared)
        path.write_text(json.dumps({"words": [asdict(word) for word in found], "low": low}), "utf-8")

    sound = {"words": words, "voice": voice.version, "revision": _REVISION}
    times = sound | {"tokens": tokens, "aloud": aloud, "aligner": version("pocketsphinx")}
    audio = cache.made("take", ".wav", sound, lambda path: _write_wav(path, recorded()[1]))
    kept = json.loads(cache.made("take", ".json", times, align).read_text("utf-8"))
    with wave.open(str(audio)) as file:
        seconds = file.getnframes() / RATE
    low = tuple(kept["low"])
    return Take(
        audio=audio,
        seconds=seconds,
        words=tuple(Word(**word) for word in kept["words"]),
        confidence=1 - len(low) / len(tokens),
        low=low,
        voice=voice.name,
    )


# How a written token is said ------------------------------------------------------------------------------------

_SYMBOLS = {
    "%": "percent", "&": "and", "+": "plus", "−": "minus", "=": "equals", "×": "times", "÷": "over", "/": "slash",
    "<": "less than", ">": "greater than", "≤": "at most", "≥": "at least", "≠": "is not", "±": "plus or minus",
    "≈": "about", "~": "about", "→": "to", "°": "degrees", "@": "at", "√": "root", "∞": "infinity",
}  # fmt: skip
_MONEY = {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds")}
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion", "m": "million"}
_POWERS = {"²": " squared ", "³": " cubed "}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
_PIECE = re.compile(
    rf"(?P<money>[$€£])(?P<amount>{_NUMBER}(?:\.\d+)?)(?P<scale>bn|[kKmMB])?(?!\w)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    r"|(?P<decade>1[1-9]\d0|20\d0)['’]?s\b"
    r"|(?P<minus>(?<![\w)])[-−–](?=\.?\d))"
    rf"|(?P<number>{_NUMBER}(?:\.\d+)*|(?<!\w)\.\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’.-][^\W\d_]+)*(?:(?<=s)['’])?)"
    r"|(?P<other>.)"
)


def read_aloud(text: str, spoken: Mapping[str, str] = {}) -> list[tuple[str, ...]]:
    """The words said for each token of `text.split()`, with the punctuation that paces them.

    Numbers, years, signs and Greek letters are spelled out; capitals are left to the voice, which reads
    'KL' as two letters and 'NASA' as a word. `spoken` wins over all of it.
    """
    return _aloud(text.split(), spoken)[0]


def _aloud(tokens: Sequence[str], spoken: Mapping[str, str]) -> tuple[list[tuple[str, ...]], set[int]]:
    """(words said for each token, indices of tokens that share their words with a neighbour)."""
    phrases = {tuple(_bare(w) for w in phrase.split()): said for phrase, said in spoken.items()}
    by_length = sorted(phrases, key=len, reverse=True)
    bare = [_bare(token) for token in tokens]
    aloud: list[list[str]] = []
    shared: set[int] = set()
    at = 0
    while at < len(tokens):
        match = next((p for p in by_length if p and tuple(bare[at : at + len(p)]) == p), None)
        size = len(match) if match else 1
        said = [word for part in (phrases[match].split() if match else tokens[at : at + 1]) for word in _say(part)]
        if size > 1 and len(said) != size:
            shared |= set(range(at, at + size))  # three words written, two said: which is which is a guess
        spread = [[word] for word in said[: size - 1]] + [said[size - 1 :]]
        spread += [[] for _ in range(size - len(spread))]
        _pace(aloud, spread, tokens[at : at + size])
        aloud += spread
        at += size
    return [tuple(words) for words in aloud], shared


def _bare(token: str) -> str:
    return re.sub(r"^\W+|\W+$", "", token).casefold() or token


def _pace(before: Sequence[list[str]], said: Sequence[list[str]], tokens: Sequence[str]) -> None:
    """Hang the written punctuation on the last word said, where the voice hears it as a pause."""
    for index, token in enumerate(tokens):
        heard = [words for words in (*before, *said[:index]) if words]
        if re.match(r"""["'“‘]*[(\[]""", token) and heard:
            heard[-1][-1] = _closed(heard[-1][-1], ",")
        if said[index]:
            heard.append(said[index])
        if not heard:
            continue
        tail = re.search(r"\W+$", token)
        for mark in tail.group() if tail else "":
            pause = mark if mark in ".,;:!?…—" else {")": ",", "]": ",", "–": "—"}.get(mark, "")
            if mark == "-" and tail and tail.group() == token:  # a hyphen alone is typed for a dash
                pause = "—"
            heard[-1][-1] = _closed(heard[-1][-1], pause)


def _closed(word: str, mark: str) -> str:
    return word if word.endswith((".", ",", ";", ":", "!", "?", "…", "—")) else word + mark


def _say(token: str) -> list[str]:
    """The words of one written token, without its outer punctuation."""
    for power, said in _POWERS.items():
        token = token.replace(power, said)
    if token[:1] in tuple("'‘“\"["):
        token = re.sub(r"\W+$", "", token)
    words: list[str] = []
    for piece in _PIECE.finditer(token):
        kind, part = piece.lastgroup, piece.group()
        if piece["money"]:
            unit = _MONEY[piece["money"]][piece["amount"] != "1" or bool(piece["scale"])]
            words += [*_number(piece["amount"]), *([_SCALES[piece["scale"]]] if piece["scale"] else []), unit]
        elif kind == "ordinal":
            words += _in_words(int(piece["ordinal"]), "ordinal")
        elif kind == "decade":
            *rest, last = _in_words(int(piece["decade"]), "year")
            words += [*rest, last[:-1] + "ies" if last.endswith("y") else last + "s"]
        elif kind == "minus":
            words.append("minus")
        elif kind == "number":
            words += _number(part)
        elif kind == "word":
            words += _letters(part.replace("’", "'"))
        elif part in "-–—" and words and piece.end() < len(token):
            between = token[piece.start() - 1].isdigit() and token[piece.end()].isdigit()
            if between and not re.search(r"[^\W\d_]", token[: piece.start()]):
                words.append("to")
            elif part != "-":
                words[-1] = _closed(words[-1], "—")
        elif part in _SYMBOLS:
            words += _SYMBOLS[part].split()
    return words


def _letters(word: str) -> list[str]:
    """'SmolLM' -> Smol LM, as the voice would otherwise make one word of it; 'Δx' -> delta x."""
    said: list[str] = []
    for part in re.split(r"(?<=[a-z])(?<!Mc)(?<!Mac)(?=[A-Z])|(?<=[α-ωΑ-Ω])|(?=[α-ωΑ-Ω])", word):
        greek = re.match(r"GREEK \w+ LETTER (?:FINAL )?(\w+)", unicodedata.name(part, "")) if len(part) == 1 else None
        said += [greek[1].lower().replace("lamda", "lambda")] if greek else [part] * bool(part)
    return said


def _number(written: str) -> list[str]:
    """'8.50' -> eight point five zero; '2019' -> twenty nineteen; '2,019' -> two thousand and nineteen."""
    whole, *decimals = written.split(".")
    year = not decimals and "," not in whole and len(whole) == 4 and 1100 <= int(whole) <= 2099
    words = _in_words(int(whole.replace(",", "") or "0"), "year" if year else "cardinal")
    for digits in decimals:
        words += ["point", *(_in_words(int(digit), "cardinal")[0] for digit in digits)]
    return words


def _in_words(number: int, form: str) -> list[str]:
    return re.findall(r"[a-z]+", num2words(number, to=form))


# When it is said --------------------------------------------------------------------------------------------------

# misaki's alphabet (capitals are its diphthongs) in the aligner's.
_ARPABET = {
    "A": "EY", "I": "AY", "O": "OW", "Q": "OW", "W": "AW", "Y": "OY", "a": "AE", "æ": "AE", "ɑ": "AA", "ɒ": "AA",
    "ɔ": "AO", "ə": "AH", "ɐ": "AH", "ᵊ": "AH", "ᵻ": "IH", "ɪ": "IH", "i": "IY", "ʊ": "UH", "u": "UW", "ʌ": "AH",
    "ɛ": "EH", "e": "EH", "ɜ": "ER", "ɚ": "ER", "ʤ": "JH", "ʧ": "CH", "ʃ": "SH", "ʒ": "ZH", "θ": "TH", "ð": "DH",
    "ŋ": "NG", "j": "Y", "ɹ": "R", "ɡ": "G", "h": "HH", "b": "B", "d": "D", "f": "F", "k": "K", "l": "L", "m": "M",
    "n": "N", "p": "P", "s": "S", "t": "T", "v": "V", "w": "W", "z": "Z", "x": "K", "T": "T", "ʔ": "T", "ɾ": "T",
}  # fmt: skip
# Scores a frame below which a word does not fit. Of 40 words put in on purpose most score less; of 2,228 right ones 6
# do, all of them short: a vowel swallowed in "the" or "for" weighs too much there.
_WEAK, _WEAK_SHORT, _SHORT = -45.0, -80.0, 4
_LONG = 0.5  # seconds a sound
_ROOM = 20  # frames of 10 ms
_BETWEEN = 0.0078  # seconds: a frame is heard through a window of 25.6 ms, so its edge is half of what is left later


@lru_cache(maxsize=1)
def _aligner() -> Any:
    from pocketsphinx import Decoder

    # cmn: the mean of the whole take is taken out, not a running one, so that no take depends on the one before it.
    # bestpath: searching the lattice again may leave out the last word. silprob: a pause belongs to no word.
    return Decoder(samprate=16_000, lm=None, cmn="batch", bestpath=False, silprob=0.3, loglevel="FATAL")


def _arpabet(phonemes: str) -> list[str]:
    return [_ARPABET[sound] for sound in re.sub("[ɜə]ɹ", "ɚ", phonemes) if sound in _ARPABET]


def _align(
    samples: NDArray[np.float32], words: Sequence[str], phonemes: Sequence[str], text: str
) -> list[tuple[float, float, bool]]:
    """(start, end, believable) of every word in seconds, from the sounds the voice says it made.

    `samples` is (n,) at 48 kHz.
    """
    from scipy.signal import resample_poly

    decoder = _aligner()
    names: list[str] = []
    for word, ipa in zip(words, phonemes, strict=True):
        sounds = _arpabet(ipa)
        if not sounds:
            raise RushesError(f"the voice cannot say {word!r} in {text!r}: tell how with `spoken::`")
        # A word is named by its sounds, so that two readings of one spelling are two words.
        names.append("-".join(sounds))
        if decoder.lookup_word(names[-1]) is None:
            decoder.add_word(names[-1], " ".join(sounds), False)
    # The aligner wants silence around the speech, and digital silence has no spectrum: add room and a bit of noise,
    # always the same.
    heard = np.pad(resample_poly(samples, 1, 3) * 32_000, _ROOM * 160)
    pcm = (heard + np.random.default_rng(0).standard_normal(len(heard))).clip(-32_768, 32_767).astype("<i2")
    decoder.set_align_text(" ".join(names))
    _hear(decoder, pcm)
    found = [s for s in decoder.seg() or () if not s.word.startswith(("<", "["))] if decoder.hyp() else []
    if [s.word for s in found] != names:
        raise RushesError(f"the words could not be found in the audio of {text!r}: try other words, or `spoken::`")
    edges = [(s.start_frame - _ROOM, s.end_frame + 1 - _ROOM) for s in found]
    times = [(start / 100 + _BETWEEN, end / 100 + _BETWEEN) for start, end in edges]
    # A second pass, over the sounds of the words found, says how well each fits.
    decoder.set_alignment()
    _hear(decoder, pcm)
    scores = [word.score / word.duration for word in decoder.get_alignment().words() if word.name in set(names)]
    believed = []
    for name, score, (start, end) in zip(names, scores, times, strict=True):
        count = name.count("-") + 1
        weak = score < (_WEAK if count >= _SHORT else _WEAK_SHORT)
        believed.append((start, end, not weak and (end - start) / count < _LONG))
    return believed


def _hear(decoder: Any, pcm: NDArray[np.int16]) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm.tobytes(), full_utt=True)
    decoder.end_utt()


def _written(
    tokens: Sequence[str],
    aloud: Sequence[Sequence[str]],
    times: Sequence[tuple[float, float, bool]],
    seconds: float,
) -> tuple[list[Word], set[int]]:
    """(the written tokens' times, from those of the words said for them; indices of the doubtful ones)."""
    found: list[Word] = []
    doubtful: set[int] = set()
    at, end = 0, 0.0
    for index, (token, said) in enumerate(zip(tokens, aloud, strict=True)):
        start = end
        if said:
            own = times[at : at + len(said)]
            start = min(max(own[0][0], end), seconds)
            end = min(max(own[-1][1], start), seconds)
            at += len(said)
            if not all(believable for *_, believable in own):
                doubtful.add(index)
        found.append(Word(text=token, start=round(start, 4), end=round(end, 4)))
    return found, doubtful


# The audio --------------------------------------------------------------------------------------------------------


def _mastered(speech: Speech) -> tuple[NDArray[np.float32], float]:
    """(samples at 48 kHz: trimmed, levelled, faded at the edges; seconds cut from the start)."""
    from scipy.signal import resample_poly

    common = math.gcd(RATE, speech.rate)
    samples: NDArray[np.float32] = resample_poly(speech.samples, RATE // common, speech.rate // common)
    block = RATE // 100
    power = np.square(samples[: len(samples) // block * block]).reshape(-1, block).mean(axis=1)
    if not len(power) or power.max() == 0:
        return samples.astype(np.float32), 0.0
    heard = np.flatnonzero(power > power.max() * 10**-4.5)
    first = max(heard[0] * block - round(_MARGIN * RATE), 0)
    samples = samples[first : (heard[-1] + 1) * block + round(_MARGIN * RATE)]
    gain = _LEVEL / math.sqrt(power[power > power.max() * 10**-3].mean())
    gain = min(max(gain, 0.5), 2.0)
    gain = min(gain, 0.9 / float(np.abs(samples).max()))
    fade = np.linspace(0, 1, round(_FADE * RATE), dtype=np.float32)
    samples = samples * np.float32(gain)
    samples[: len(fade)] *= fade
    samples[-len(fade) :] *= fade[::-1]
    return samples.astype(np.float32), float(first / RATE)


def _write_wav(path: Path, samples: NDArray[np.float32]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).round().astype("<i2").tobytes())
