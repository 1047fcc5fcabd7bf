"""How numbers, units, signs and abbreviations are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.aloud import read_aloud


def said(text: str) -> str:
    return " ".join(word for token in read_aloud(text) for word in token)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("28 thousand", "twenty eight thousand"),
        ("8.4 of 9", "eight point four of nine"),
        ("8.4/9", "eight point four out of nine"),
        ("40 %", "forty percent"),
        ("5%–10%", "five percent to ten percent"),
        ("3×", "three times"),
        ("3x faster", "three times faster"),
        ("2x2", "two by two"),
        ("640×480", "six hundred and forty by four hundred and eighty"),
        ("$5", "five dollars"),
        ("-$5", "minus five dollars"),
        ("$3.50", "three dollars fifty"),
        ("$0.25", "twenty five cents"),
        ("£0.01", "one penny"),
        ("€2.5bn", "two point five billion euros"),
        ("1e-5", "ten to the minus five"),
        ("3e-4", "three times ten to the minus four"),
        ("1.5E3", "one point five times ten to the three"),
        ("10⁻⁵", "ten to the minus five"),
        ("10^-3", "ten to the minus three"),
        ("x²", "x squared"),
        ("x³", "x cubed"),
        ("5 m²", "five m squared"),
        ("10:30", "ten thirty"),
        ("10:05", "ten oh five"),
        ("at 9:00.", "at nine o'clock."),
        ("23:00", "twenty three hundred"),
        ("16:9", "sixteen to nine"),
        ("1:23:45", "one twenty three forty five"),
        ("No. 5", "number five"),
        ("No. The end.", "No. The end."),
        ("(Fig. 3)", "figure three,"),
        ("p. 12", "page twelve"),
        ("e.g. this", "for example this"),
        ("(i.e. this)", "that is this,"),
        ("cats, etc. and dogs", "cats, et cetera and dogs"),
        ("cats, etc. Then dogs", "cats, et cetera. Then dogs"),
        ("us vs. them", "us versus them"),
        ("w/o it", "without it"),
        ("1st", "first"),
        ("1st/2nd", "first slash second"),
        ("2/3", "two thirds"),
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("1/100", "one hundredth"),
        ("50/50", "fifty fifty"),
        ("1/0", "one over zero"),
        ("π/2", "pi over two"),
        ("TCP/IP", "TCP IP"),
        ("1½", "one and a half"),
        ("½", "one half"),
        ("¾", "three quarters"),
        ("-0.3", "minus zero point three"),
        ("−2.1", "minus two point one"),
        ("+0.3", "plus zero point three"),
        ("±0.2", "plus or minus zero point two"),
        ("~40", "about forty"),
        ("≥ 8", "at least eight"),
        ("≤8", "at most eight"),
        ("→", "to"),
        ("x→y", "x to y"),
        ("GPU", "GPU"),
        ("H100", "H one hundred"),
        ("A100", "ay one hundred"),
        ("135M", "one hundred and thirty five million"),
        ("7B", "seven billion"),
        ("28k", "twenty eight thousand"),
        ("B2B", "B two B"),
        ("v2.0", "version two point zero"),
        ("1.5.2", "one point five point two"),
        ("5 ms", "five milliseconds"),
        ("(5 ms)", "five milliseconds,"),
        ("1 s", "one second"),
        ("15–20 s", "fifteen to twenty seconds"),
        ("16GB", "sixteen gigabytes"),
        ("10 MB/s", "ten megabytes a second"),
        ("60 km/h", "sixty kilometres an hour"),
        ("30 fps", "thirty frames a second"),
        ("48 kHz", "forty eight kilohertz"),
        ("20 °C", "twenty degrees Celsius"),
        ("I am 5 h late", "I am five hours late"),
        ("a plan B", "a plan B"),
        ("'90s", "nineties"),
        ("20s", "twenties"),
        ("#1", "number one"),
        ("1,000,000", "one million"),
        ("2019–2021", "twenty nineteen to twenty twenty one"),
        ("1080p", "ten eighty P"),
        ("24/7", "twenty-four seven"),
        ("C# and C", "C sharp and C"),
        ("K = 5", "K equals five"),
        ("٣", "three"),
        ("③", "③"),
    ],
)
def test_a_figure_is_read(written: str, spoken: str) -> None:
    assert said(written) == spoken


MARKS = " .,;:!?'’\"“”-–—−+±×÷=<>≤≥≈~→°%‰&@#^*_/\\|()[]{}$€£½¼¾²³⁻⁵₂βΔπ∞√é語😀\t\n\u00a0\u202f"


@given(st.text(alphabet="abcxyzABCMKknoNv0123456789eEsm" + MARKS, max_size=80))
def test_nothing_is_lost_whatever_is_written(text: str) -> None:
    aloud = read_aloud(text)
    for token, words in zip(text.split(), aloud, strict=True):
        assert all(word and " " not in word for word in words)
        assert words or not any(letter.isalnum() for letter in token), token


@given(
    st.lists(st.sampled_from(["The", "raters", "gave", "it", "8.4", "(rude", "5", "ms", "e.g.", "— no", "$5", "2/3"]))
)
def test_every_plain_word_is_said_as_it_is_written(words: list[str]) -> None:
    heard = said(" ".join(words)).split()
    plain = [word.strip("(— ") for word in words if word.strip("(— ").isalpha() and word != "ms"]
    rest = iter(word.strip(",—.") for word in heard)
    assert all(word in rest for word in plain)
