"""Aloud: how a written token is said. Numbers, years, signs and units become words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["bare_word", "read_aloud", "tokens_aloud"]

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
    return tokens_aloud(text.split(), spoken)[0]


def tokens_aloud(tokens: Sequence[str], spoken: Mapping[str, str]) -> tuple[list[tuple[str, ...]], set[int]]:
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


def bare_word(word: str) -> str:
    """A word that is said as it is compared with one that is heard: lower case, without punctuation."""
    return re.sub(r"[^\w']+", "", word.replace("’", "'")).strip("'_").lower() or word


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
    from num2words import num2words  # 50 ms, and many scripts have no number

    return re.findall(r"[a-z]+", num2words(number, to=form))
