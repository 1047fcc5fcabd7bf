"""What every frame stands on: text is where it was put, is legible, and comes from the shipped fonts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import ManimColor, tempconfig

from rushes import fonts
from rushes import theme as t

WORDS = st.lists(st.text("abcdefgijmqwz.,!?", min_size=1, max_size=14), min_size=1, max_size=30).map(" ".join)


@dataclass(frozen=True)
class Run:
    name: str
    size: str = "tiny"
    seed: int = 0


def luminance(color: str) -> float:
    c = np.array(ManimColor(color).to_rgb())
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("surface", [t.INK, t.PANEL, t.DEEP])
@pytest.mark.parametrize("color", [t.PAPER, t.MUTED, t.POLICY, t.COHERENCE, t.VALUES, t.DANGER, t.NEUTRAL])
def test_every_text_colour_can_be_read(color: str, surface: str) -> None:
    assert contrast(color, surface) >= 4.5


def test_a_place_in_px_is_the_same_place_back() -> None:
    left, top, right, bottom = t.bounds(t.card(96, 72, 300, 200))
    np.testing.assert_allclose((left, top, right, bottom), (96, 72, 396, 272), atol=1e-6)


def test_a_vertical_frame_has_its_origin_at_its_own_top_left() -> None:
    with tempconfig({"frame_width": 8.0, "frame_height": 1920 / 135}):
        np.testing.assert_allclose(t.frame_px(), (1080, 1920))
        np.testing.assert_allclose(t.bounds(t.disc(100, 200, 50, t.PAPER)), (50, 150, 150, 250), atol=1e-6)


def test_lines_of_any_letters_stand_on_one_baseline() -> None:
    low = t.bounds(t.put(t.text("nux", 60), 100, 500))[3]
    deep = t.bounds(t.put(t.text("gap", 60), 100, 500))[3]
    assert low == pytest.approx(500, abs=1)  # round letters dip a little below their line
    assert deep > 510


@pytest.mark.parametrize(("align", "edge"), [("l", 0), ("r", 2)])
def test_put_aligns_by_ink(align: t.Align, edge: int) -> None:
    assert t.bounds(t.put(t.text("Jay", 80), 700, 300, align))[edge] == pytest.approx(700, abs=1e-6)


def test_mono_keeps_its_columns() -> None:
    one, two = t.put(t.mono("i.", 50), 100, 100), t.put(t.mono("W.", 50), 100, 200)
    assert t.bounds(one)[2] == pytest.approx(t.bounds(two)[2], abs=1e-6)
    assert t.mono("abc", 50).advance == pytest.approx(90)


def test_running_numbers_keep_their_width() -> None:
    assert t.text_width("1.11", 60, tnum=True) == pytest.approx(t.text_width("8.88", 60, tnum=True))
    assert t.text_width("1.11", 60) < t.text_width("8.88", 60)


def test_nothing_is_smaller_than_28_px() -> None:
    with pytest.raises(ValueError, match="28 px"):
        t.text("too small", 27)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.integers(200, 1700), st.sampled_from([28, 44, 72]), st.sampled_from([t.SANS, t.MONO]))
def test_wrapped_lines_fit_and_lose_no_word(s: str, width: int, size: int, font: str) -> None:
    lines = t.wrap(s, width, size, font=font)
    assert " ".join(lines).split() == s.split()
    for line in lines:
        assert " " not in line or t.text_width(line, size, font=font) <= width


@settings(max_examples=40, deadline=None)
@given(WORDS, st.integers(1, 3))
def test_what_is_left_out_is_an_ellipsis(s: str, most: int) -> None:
    whole, cut = t.wrap(s, 500, 44, font=t.MONO), t.wrap(s, 500, 44, font=t.MONO, max_lines=most)
    assert len(cut) == min(most, len(whole))
    assert cut[-1].endswith(" …") == (len(whole) > most)


def test_a_block_says_where_it_ends() -> None:
    b = t.block("one two three four five six seven eight", 100, 200, 400, 44)
    assert len(b.lines) > 1
    assert b.end_y == pytest.approx(200 + (len(b.lines) - 1) * 44 * t.LEAD)
    assert t.bounds(b)[3] < b.end_y + 44 / 2


def test_spaces_and_nothing_can_be_put() -> None:
    for s in ("", "   "):
        assert len(t.put(t.text(s), 100, 100).points) == 0


def test_the_fonts_are_the_shipped_files_and_each_is_accounted_for() -> None:
    have = {p.name for p in fonts.FOLDER.iterdir() if p.suffix in (".otf", ".ttf")}
    assert have == set(fonts.FILES.values())
    sources = (fonts.FOLDER.parent / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"`fonts/{name}`" in sources for name in have)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_a_missing_font_is_an_error_and_no_other_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    fonts._font.cache_clear()
    with pytest.raises(fonts.FontError, match=r"Inter-Bold\.otf is missing"):
        t.text("a line that no other test draws", weight=t.BOLD)


def test_an_unknown_weight_names_those_there_are() -> None:
    with pytest.raises(fonts.FontError, match="Inter Display heavy"):
        t.text("a line that no other test draws either", weight="thin")


def test_characters_that_a_font_lacks_are_named() -> None:
    assert t.text("ok 漢 fine").missing == "漢"
    assert t.text("− × … – ≥ → “ ” ’").missing == ""


def test_ligatures_do_not_eat_the_arrow_of_code() -> None:
    assert t.mono("->", 50).advance == pytest.approx(60)
    assert len(t.mono("->").points) == len(t.mono("-").points) + len(t.mono(">").points)


def test_a_slate_names_both_runs_once() -> None:
    line = t.slate(Run("healthy"), "steps 1–60", Run("sign_flipped", seed=3))[1]
    assert line.string == "healthy | sign_flipped · tiny · seed 0 | 3 · steps 1–60"
    assert t.bounds(line)[2] == pytest.approx(1920 - t.MARGIN_X, abs=6)


def test_a_slate_takes_two_lines_in_a_vertical_frame_where_one_is_too_long() -> None:
    with tempconfig({"pixel_width": 1080, "pixel_height": 1920, "frame_width": 8.0, "frame_height": 1920 / 135}):
        _, first, second = t.slate(Run("healthy"), "steps 1–60", Run("sign_flipped"))
        assert (first.string, second.string) == ("healthy | sign_flipped · tiny", "seed 0 · steps 1–60")
        assert t.bounds(second)[2] < t.safe()[2]
        assert len(t.slate(Run("healthy"), "step 40")) == 2


@pytest.mark.parametrize(
    ("run", "color"),
    [("base", t.COHERENCE), ("healthy", t.POLICY), ("sign_flipped", t.DANGER), ("kl_flipped", t.DANGER)],
)
def test_a_slate_has_the_colour_of_its_run(run: str, color: str) -> None:
    board = t.slate(Run(run), "step 1")[0]
    assert board[0].get_fill_color() == ManimColor(color)


def test_a_backdrop_is_the_same_every_time_and_dark_where_captions_are() -> None:
    a, b = (t.backdrop(stars=40, floor=800).get_pixel_array() for _ in range(2))
    assert np.array_equal(a, b)
    assert a[442:, :, :3].mean() < 40
