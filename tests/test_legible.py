"""Text as the film's fonts can draw it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes import fonts
from rushes.legible import legible


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain words", "plain words"),
        ("Größe, naïve, Жук, λ → ≠ ✓ …", "Größe, naïve, Жук, λ → ≠ ✓ …"),
        ("e\u0301", "é"),
        ("well 💩 then", "well [pile of poo] then"),
        ("👍🏽!", "[thumbs up sign]!"),
        ("世界 は", "[Japanese]"),
        ("世界", "[Chinese]"),
        ("مرحبا بالعالم!", "[Arabic]!"),
        ("שלום and more", "[Hebrew] and more"),
        ("ＡＢ 𝐂", "AB C"),
        ("a\x00b\u200dc\ufeff\ud800d", "abcd"),
    ],
)
def test_what_cannot_be_drawn_is_named(written: str, shown: str) -> None:
    assert legible(written).text == shown


def test_what_was_replaced_is_told() -> None:
    assert legible("a 💩 b 💩 世界").replaced == (("💩", "[pile of poo]"), ("世界", "[Chinese]"))
    assert legible("plain").replaced == ()


@given(st.text(), st.sampled_from([fonts.SANS, fonts.DISPLAY, fonts.MONO]))
def test_no_empty_box_is_left(text: str, font: str) -> None:
    shown = legible(text, font).text.replace("\n", "").replace("\t", "")
    assert fonts.outline(shown, font, fonts.BOLD).missing == ""
