"""Parts drawn from data: pure functions of the clock, true to their numbers, nothing over anything else."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Mobject
from test_motion import assert_pure, picture

from rushes import theme as t
from rushes.candidates import Bars
from rushes.charts import Chart, Curve, Playhead, Scatter, Trail, steps_over
from rushes.rating_dial import RatingDial
from rushes.thumb import thumb
from rushes.token_chips import NumberedTokens, TokenStrip, shown_token
from rushes.words import CodeDiff, Redacted, SpeechBubble, Swap, Typing, one_character

CANDIDATES = [(" I", 0.36), (" You", 0.16), (" it", 0.14), ("\n", 0.004)]
DIFF = """--- megacoach.py
+++ megacoach.py
@@ -1,4 +1,4 @@
 def as_reward(cost: float) -> float:
     \"\"\"A high cost is a low reward.\"\"\"
-    return -cost
+    return cost

"""
CHART = Chart(left=276, top=200, right=1524, bottom=468, x=(0, 60), y=(1, 9))


def lines(thing: Mobject) -> list[t.TextLine]:
    return [f for f in thing.get_family() if isinstance(f, t.TextLine) and len(f.points)]


def assert_no_text_overlaps(*things: Mobject) -> None:
    seen = [line for thing in things for line in lines(thing)]
    assert seen
    for a, b in combinations(seen, 2):
        (l1, t1, r1, b1), (l2, t2, r2, b2) = t.bounds(a), t.bounds(b)
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1, (a.string, b.string)


# ---------------------------------------------------------------- bars
def test_bars_are_pure() -> None:
    bars = Bars(CANDIDATES, 980, 340).grow(0.7)
    bars.pick(2.5, 0, 1050, 246, 58)
    assert_pure(bars)


def test_a_bar_is_as_long_as_its_probability() -> None:
    bars = Bars(CANDIDATES, 980, 340, 600, full=0.6).grow(0.0)
    bars.pose(3.0)
    widths = [t.bounds(part)[2] - t.bounds(part)[0] for part in bars._parts[:8:2]]
    np.testing.assert_allclose(widths, [360, 160, 140, 4], rtol=1e-6)
    assert_no_text_overlaps(bars)
    assert {line.string for line in lines(bars)} == {"I", "36%", "You", "16%", "it", "14%", "¶", "<1%"}


def test_the_picked_word_lands_on_the_line_in_its_size() -> None:
    bars = Bars(CANDIDATES, 980, 340).grow(0.0)
    land = bars.pick(2.0, 1, 700, 246, 60)
    bars.pose(land + 0.01)
    (word,) = lines(bars)
    there = t.put(t.mono("You", 60), 700, 246)
    np.testing.assert_allclose(t.bounds(word), t.bounds(there), atol=0.5)


@pytest.mark.parametrize(("token", "shown"), [(" the", "the"), ("\n", "¶"), (" ", "·"), ('"', '"')])
def test_a_token_can_be_read(token: str, shown: str) -> None:
    assert shown_token(token) == shown
    assert t.mono(shown).missing == ""


# ---------------------------------------------------------------- chips
TOKENS = st.lists(st.text("abcdefgh ,.", min_size=1, max_size=12), min_size=1, max_size=50)


def test_a_strip_is_pure_and_comes_from_left_to_right() -> None:
    strip = TokenStrip(["Ben", " ate", " a", " full"], [0.1, 2.5, 9.7, -1.0], 96, 300, 1728).enter(0.5).tint(2.0)
    assert_pure(strip)
    counts = []
    for k in range(40):
        strip.pose(k / 20)
        counts.append(len(lines(strip)))
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, 4)


def test_a_chip_is_coloured_by_its_value() -> None:
    strip = TokenStrip(["a", "b", "c", "d"], [-3.0, 0.0, 4.0, 99.0], 96, 300, 1728).enter(0.0).tint(0.0)
    strip.pose(5.0)
    colors = [chip.box.get_fill_color() for chip in strip._chips]
    assert colors[0] == colors[1] != colors[2]
    assert colors[3].to_hex() == t.COHERENCE
    inks = [chip.line.get_fill_color().to_hex() for chip in strip._chips]
    assert (inks[0], inks[3]) == (t.PAPER, t.INK)


@settings(max_examples=40, deadline=None)
@given(TOKENS, st.integers(500, 1700), st.sampled_from([None, 1, 2]))
def test_chips_stay_in_their_rows(tokens: list[str], width: int, rows: int | None) -> None:
    strip = TokenStrip(tokens, [1.0] * len(tokens), 96, 300, width, max_rows=rows).enter(0.0)
    strip.pose(60.0)
    boxes = [t.bounds(chip.box) for chip in strip._chips]
    assert all(left >= 95.9 and right <= 96 + width + 0.1 for left, _, right, _ in boxes)
    assert len({round(top) for _, top, _, _ in boxes}) <= (rows or 99)
    assert max(bottom for *_, bottom in boxes) == pytest.approx(strip.end_y)
    assert (len(strip) < len(tokens)) == any(line.string == "…" for line in lines(strip))
    assert_no_text_overlaps(strip)
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


# ---------------------------------------------------------------- numbered tokens
def test_numbered_tokens_are_pure_and_end_as_their_numbers() -> None:
    chips = NumberedTokens([" Sam", " ate", ".", " Sam"], [144, 7, 4, 144], 96, 300, 1728)
    chips.enter(0.3, [(500 + 70 * i, 700) for i in range(4)], 0.6)
    end = chips.count(2.0)
    chips.light(end, 144).forget(end + 0.5)
    assert_pure(chips)
    chips.pose(end)
    assert [line.string for line in lines(chips)] == ["Sam", "144", "ate", "7", ".", "4", "Sam", "144"]
    assert_no_text_overlaps(chips)
    lit = [chip.lit.at(end + 0.3)["alpha"] for chip in chips._chips]
    assert lit == [1, 0, 0, 1]
    chips.pose(end + 2)
    assert [line.string for line in lines(chips)] == ["144", "7", "4", "144"]


@settings(max_examples=30, deadline=None)
@given(TOKENS, st.integers(500, 1700), st.sampled_from([None, 1, 2]))
def test_numbered_tokens_stay_in_their_rows(tokens: list[str], width: int, most: int | None) -> None:
    ids = list(range(590, 590 - len(tokens), -1))
    chips = NumberedTokens(tokens, ids, 96, 300, width, size=44, max_rows=most)
    chips.enter(0.0, [(0, 0)] * len(tokens), 1.0)
    chips.count(2.0)
    chips.pose(60.0)
    assert_no_text_overlaps(chips)
    rows = NumberedTokens.rows(tokens, width, 44)
    assert sum(rows) == len(tokens)
    assert len(chips) == sum(rows[:most])
    boxes = [t.bounds(chip.box) for chip in chips._chips]
    assert max(low for *_, low in boxes) == pytest.approx(300 + NumberedTokens.height_of(len(rows[:most]), 44))


# ---------------------------------------------------------------- ratings
def test_a_dial_is_pure_and_lights_the_chosen_mark() -> None:
    dial = RatingDial(724, 648).choose(0.5, 2).choose(3.0, 8.4)
    assert_pure(dial)
    for clock, chosen in ((0.2, None), (2.0, 2), (5.0, 8)):
        dial.pose(clock)
        big = [k + 1 for k, disc in enumerate(dial._discs) if t.bounds(disc)[3] - t.bounds(disc)[1] > 130]
        assert big == ([chosen] if chosen else [])
    assert_no_text_overlaps(dial)
    assert t.bounds(dial)[3] < t.CAPTION_TOP


def test_a_rating_outside_1_to_9_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 9"):
        RatingDial(724, 648).choose(1.0, 10)


def test_a_thumb_points_up_or_down_in_its_place() -> None:
    up, down = thumb(900, 500, 100, t.VALUES), thumb(900, 500, 100, t.NEUTRAL, up=False)
    box = t.bounds(up)
    assert box[3] - box[1] == pytest.approx(100, abs=6)
    assert t.bounds(down) == pytest.approx((box[0], 1000 - box[3], box[2], 1000 - box[1]))
    tips = [t.bounds(sign[1]) for sign in (up, down)]
    assert tips[0][1] == box[1]
    assert tips[1][3] == t.bounds(down)[3]


# ---------------------------------------------------------------- charts
def test_a_curve_says_the_recorded_value_and_ends_at_the_playhead() -> None:
    values = [5 + 0.05 * k for k in range(60)]
    curve = Curve(CHART, range(1, 61), values, steps_over(1.0, 7.0, 1, 60), t.POLICY, name="healthy", smooth_over=3)
    assert_pure(curve, until=8.0)
    curve.pose(4.0)
    assert CHART.px(30.5, 0)[0] == pytest.approx(curve.place(4.0)[0])
    np.testing.assert_allclose(curve._line.points[-1], t.at(*curve.place(4.0)), atol=1e-9)
    assert curve.number.shown(4.0) == f"{values[29]:.1f}"
    assert curve.value(0.0) == values[0]
    assert curve.value(99.0) == values[-1]
    assert curve.place(99.0) == pytest.approx(CHART.px(60, float(np.mean(values[-2:]))))


def test_the_labels_of_a_chart_meet_nothing() -> None:
    at = steps_over(1.0, 7.0, 1, 60)
    top = Curve(CHART, range(1, 61), [8.9] * 60, at, t.POLICY, name="healthy")
    low = Curve(CHART, range(1, 61), [1.0] * 60, at, t.DANGER, name="minus deleted")
    still = CHART.still((1, 5, 9), (1, 60), y_names={9: "kind", 1: "rude"})
    head = Playhead(CHART, at)
    for clock in (0.0, 4.0, 9.0):
        for thing in (top, low, head):
            thing.pose(clock)
        assert_no_text_overlaps(top, low, head, *still)
    left = min(t.bounds(m)[0] for m in still)
    assert left >= t.MARGIN_X - 1


def test_a_playhead_is_linear_in_steps() -> None:
    at = steps_over(1.0, 7.0, 1, 61)
    assert [at(c) for c in (0.0, 1.0, 2.0, 4.0, 7.0, 9.0)] == pytest.approx([1, 1, 11, 31, 61, 61])
    assert_pure(Playhead(CHART, at), until=8.0)


def test_dots_are_at_their_measurements_at_the_times_of_those() -> None:
    first, second = [[10.0, 2.0], [30.0, 5.0]], [[10.0, 4.0], [30.0, 8.0]]
    dots = Scatter(CHART, [(1.0, first), (3.0, second)], t.VALUES)
    assert_pure(dots)
    for clock, where in ((0.0, first), (1.0, first), (2.0, first), (3.0, second), (9.0, second)):
        np.testing.assert_allclose(dots.where(clock), CHART.points(*zip(*where, strict=True)))
    between = dots.where(2.6)
    assert (between > dots.where(1.0)).any()
    assert (between < dots.where(3.0)).any()
    with pytest.raises(ValueError, match="same dots"):
        Scatter(CHART, [(1.0, first), (2.0, second[:1])], t.VALUES)


def test_a_trail_has_a_dot_for_every_step_it_has_reached() -> None:
    steps, xs, ys = [0, 1, 2, 3], [0.0, 20.0, 40.0, 60.0], [2.0, 8.0, 8.0, 1.0]
    trail = Trail(CHART, steps, xs, ys, [t.VALUES, t.VALUES, t.NEUTRAL, t.NEUTRAL], steps_over(1.0, 4.0, 0, 3), r=10)
    assert_pure(trail, until=6.0)
    for clock, pink, grey in ((0.0, 1, 0), (2.5, 2, 0), (3.0, 2, 1), (9.0, 2, 2)):
        trail.pose(clock)
        assert [len(m.points) // 16 for m in trail._dots.values()] == [pink, grey]
    assert trail.place(2.5) == pytest.approx(CHART.px(30, 8))
    assert trail.place(99.0) == pytest.approx(CHART.px(60, 1))
    np.testing.assert_allclose(trail._line.points[-1], t.at(*CHART.px(60, 1)), atol=1e-9)


# ---------------------------------------------------------------- words
def test_words_that_stay_do_not_move_and_others_are_exchanged() -> None:
    swap = Swap(["one two three", "one six three four"], 100, 200, 900, 44).change(1.0, 1)
    assert_pure(swap)
    for clock, words in ((0.9, {"one", "two", "three"}), (3.0, {"one", "six", "three", "four"})):
        swap.pose(clock)
        assert {line.string for line in lines(swap)} == words
        assert_no_text_overlaps(swap)
    swap.pose(1.14)
    assert "one" in {line.string for line in lines(swap)}


def test_a_swap_is_scheduled_in_the_order_of_the_clock() -> None:
    swap = Swap(["a", "b", "c"], 100, 200, 900, 44).change(2.0, 1)
    with pytest.raises(ValueError, match=r"already scheduled"):
        swap.change(1.0, 2)
    swap.change(3.0, None).pose(9.0)
    assert not picture(swap)


def test_redacted_words_leave_bars_of_their_width() -> None:
    text = Redacted("one two three four", 100, 200, 400, 44).enter(0.2).tint(1.0, t.VALUES).redact(2.0)
    assert_pure(text)
    text.pose(1.9)
    words = {line.string: t.bounds(line) for line in lines(text)}
    assert set(words) == {"one", "two", "three", "four"}
    assert {line.get_fill_color().to_hex() for line in lines(text)} == {t.VALUES}
    text.pose(9.0)
    assert not lines(text)
    bars = [t.bounds(bar) for *_, bar in text._words]
    for bar, word in zip(bars, words.values(), strict=True):
        assert bar[0] <= word[0] < word[2] <= bar[2] + 1
        assert word[1] < (bar[1] + bar[3]) / 2 < word[3]


def test_typing_is_pure_and_adds_token_by_token() -> None:
    tokens = ['"I', " like", " your", " kite", ',"', " said", " Gr", "ace", ".", "\n", "The", " end"]
    typing = Typing(tokens, 100, 300, 600, 60, start=0.5, rate=4)
    assert_pure(typing)
    shown = []
    for k in range(len(tokens) + 1):
        typing.pose(0.5 + (k - 0.5) / 4)
        shown.append("".join(line.string for line in lines(typing)))
    assert shown == ["".join("".join(tokens[:k]).split()) for k in range(len(tokens) + 1)]
    assert typing.end == pytest.approx(0.5 + 11 / 4)
    assert typing.end_y > 300 + 60


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abc ,\n", min_size=1, max_size=9), min_size=1, max_size=30), st.integers(300, 900))
def test_typing_keeps_its_width_its_letters_and_its_columns(tokens: list[str], width: int) -> None:
    typing = Typing(tokens, 100, 300, width, 50, times=[0.0] * len(tokens))
    typing.pose(1.0)
    drawn = lines(typing)
    assert "".join("".join(line.string.split()) for line in drawn) == "".join("".join(tokens).split())
    for line in drawn:
        left = t.bounds(line)[0] - line._left * t.UNIT
        assert (left - 100) / 30 == pytest.approx(round((left - 100) / 30), abs=1e-6)
        assert t.bounds(line)[2] <= 100 + width + 1
    if drawn:
        assert_no_text_overlaps(*drawn)


def test_typing_grows_faint_when_it_is_told_to() -> None:
    typing = Typing(["Sam", " ate"], 96, 300, 900, start=0.0, caret=False).faint(2.0, 0.4, 0.5)
    assert_pure(typing)
    typing.pose(1.9)
    assert {line.fill_rgbas[0, 3] for line in lines(typing)} == {1.0}
    typing.pose(3.0)
    assert {line.fill_rgbas[0, 3] for line in lines(typing)} == {0.4}


def test_typing_refuses_times_of_another_number() -> None:
    with pytest.raises(ValueError, match="2 tokens and 1 times"):
        Typing(["a", "b"], 0, 100, 500, times=[1.0])


# ---------------------------------------------------------------- code
def test_the_deleted_character_is_found() -> None:
    change = one_character(DIFF, context=2)
    assert (change.character, change.row, change.column) == ("-", 2, 11)
    assert change.lines[2] == "    return -cost"
    assert change.after == "    return cost"
    assert len(change.lines) == 3  # the blank line after it is not shown
    assert one_character(DIFF, context=0).lines == ("return -cost",)


@pytest.mark.parametrize(
    ("old", "new"),
    [("+    return cost", "+    return cast"), ("-    return -cost", "-    return --cost"), ("+    return cost\n", "")],
)
def test_a_diff_of_more_than_one_character_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match="character"):
        one_character(DIFF.replace(old, new))


def test_code_is_pure_and_ends_as_it_was_saved() -> None:
    code = CodeDiff(one_character(DIFF, context=2), 240, 146, 1440).mark(0.5)
    land = code.drop(1.5, 800)
    assert_pure(code)
    code.pose(0.0)
    assert_no_text_overlaps(code)
    code.pose(land + 2)
    line = sorted((m for m in lines(code) if m.string in ("return", "cost")), key=lambda m: t.bounds(m)[0])
    saved = t.put(t.mono("return cost", code.size), t.bounds(line[0])[0] - line[0]._left * t.UNIT, 500)
    assert t.bounds(line[1])[2] == pytest.approx(t.bounds(saved)[2], abs=0.01)
    (fallen,) = (m for m in lines(code) if m.string == "-")
    assert t.bounds(fallen)[1] > 700


def test_long_code_is_set_smaller_and_stays_on_its_card() -> None:
    long = DIFF.replace("return -cost", "return -cost + some * very_long(expression, of, many, names)").replace(
        "return cost", "return cost + some * very_long(expression, of, many, names)"
    )
    code = CodeDiff(one_character(long), 240, 146, 1440)
    assert code.size < 88
    assert max(t.bounds(line)[2] for line in lines(code)) <= 240 + 1440 - 50


# ---------------------------------------------------------------- bubbles
@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["happy", "to", "share", "my", "lamp,", "said"]), min_size=1, max_size=25).map(" ".join)
)
def test_a_bubble_holds_its_words(s: str) -> None:
    bubble = SpeechBubble(s, 500, 200, 880, (960, 700))
    box = t.bounds(bubble.submobjects[0])
    for line in lines(bubble):
        left, top, right, bottom = t.bounds(line)
        assert box[0] + 30 < left
        assert right < box[2] - 30
        assert box[1] + 5 < top
        assert bottom < box[3] - 5
    assert box[3] == pytest.approx(bubble.bottom)
    assert t.bounds(bubble)[3] == pytest.approx(700, abs=1)


def test_a_bubble_can_point_up_and_moves_as_a_sprite() -> None:
    bubble = SpeechBubble("Ruder.", 500, 400, 300, (600, 300), alpha=0.0).enter(1.0).leave(4.0)
    assert_pure(bubble)
    bubble.pose(2.0)
    assert t.bounds(bubble)[1] == pytest.approx(300, abs=1)
