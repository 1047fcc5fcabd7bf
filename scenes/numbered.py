"""What a machine is given instead of text: stories pile up, and the words of one of them become numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from _samples import numbers_of
from manim import VMobject

from rushes import theme as t
from rushes.motion import Roll, Sprite, fall, linear, smooth
from rushes.record import Record
from rushes.rlhf import corpus
from rushes.scene import RunScene
from rushes.token_chips import NumberedTokens, shown_token

PAGE_W, PAGE_H, PAGE_SIZE, PAD = 480, 300, 30, 44
PAGES, SHEET = 16, 9  # pages on the pile, and how much higher each one lies, px
FALL, LIFTS = 0.34, 0.7  # s that a page falls, and that the last one is lifted to be read
READ = 1.6  # how large it then is
SIZES = (88, 80, 72, 64, 56, 48, 40)  # px: the chips take the largest that fits
EARLY = 0.05  # s that a change starts before its word
FIRST = 1000  # stories that the page is chosen from
TOKEN = re.compile(r" ?[A-Za-z]+| ?[^\sA-Za-z]+")  # every word is one token, and so are signs in a row


class Places(NamedTuple):
    """px: middle and floor of the pile, how high pages fall, the middle of the page that is read; the counter."""

    pile: tuple[float, float]
    drop: float
    read: float
    count: tuple[float, float]
    chips: tuple[float, float, float, float]  # left, top, right, bottom


WIDE = Places((780, 848), 300, 470, (1236, 520), (96, 190, 1824, 868))
TALL = Places((500, 1356), 300, 850, (80, 500), (80, 400, 920, 1380))


class Numbered(RunScene):
    """A story falls apart into chips, and every chip takes the number that the machine knows it by.

    It is one of those that the model learned from, made anew by their seed.
    """

    runs = {"run": "base"}
    alone = 14.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        stories = self.cue("facts-stories") - EARLY
        read = self.cue("read") - EARLY
        number = max(self.cue("a-number") - 0.5, read + 0.9)  # every word is swapped as that is said
        same = max(self.cue("the-same") - EARLY, number + 0.5)
        forgets = self.cue("nobody-s-business", same + 1.8) - EARLY
        tokens, ids = short_story(record)

        self.bake(
            t.backdrop(centre=(0.5, 0.45), floor=t.ground()[0], floor_at=(p.pile[0] / t.frame_px()[0], 0.3)),
            t.kicker("From words to numbers"),
            t.slate(record, f"step {record.steps[-1]}"),
        )
        full = max(stories + 1.1, 1.5)  # when the pile is complete
        lifted = min(full + 0.4, read - LIFTS - 0.3)
        written = on_page(tokens, p)
        pages = [page(p, i) for i in range(PAGES - 1)]
        top = Sprite(blank(p, PAGES - 1))
        text = Sprite(*[t.put(t.mono(shown_token(s), PAGE_SIZE), x, y) for s, x, y in written], pivot=top.home)
        for i, sheet in enumerate([*pages, top, text]):
            lands = 0.15 + FALL + (full - 0.15 - FALL) * min(i / (PAGES - 1), 1.0)
            sheet.begin(alpha=0.0, dy=-p.drop).to(lands - FALL, 0.1, linear, alpha=1.0)
            sheet.to(lands - FALL, FALL, fall, dy=0.0)
        for sheet in (top, text):
            sheet.to(lifted, LIFTS, smooth, scale=READ, dy=p.read - top.home[1])
        top.to(read, 0.2, alpha=0.0)
        text.to(read, 0, alpha=0.0)  # its words are the chips' from now on
        for sheet in pages:
            sheet.leave(read)

        counter = Roll(*p.count, 128, t.PAPER, 0, "{:,.0f}", align="l")
        counter.to(0.2, full - 0.2, linear, value=record.facts["stories"]).leave(read)
        name = Sprite(t.put(t.text("stories", t.T_BODY, t.MUTED), p.count[0] + 4, p.count[1] + 66)).leave(read)

        left, high, right, low = p.chips
        size, rows = fitting(tokens, right - left, low - high)
        y = high + (low - high - NumberedTokens.height_of(rows, size)) / 2
        chips = NumberedTokens(tokens, ids, left, y, right - left, size=size, max_rows=rows)
        starts = [middle_of(s, x, y, top.home, p.read) for s, x, y in written]
        chips.enter(read, starts, READ * PAGE_SIZE / size)
        chips.count(number, min(t.STAGGER, max(same - number - 0.65, 0.0) / max(len(chips), 1)))
        chips.light(same, most_repeated(ids, tokens)).forget(forgets)
        self.live(*pages, top, text, counter, name, chips)


def fitting(tokens: Sequence[str], width: float, height: float) -> tuple[float, int]:
    """The largest size (px) at which the chips fit with no sign left alone in the last row, and how many rows fit."""
    for size in SIZES:
        rows = NumberedTokens.rows(tokens, width, size)
        if NumberedTokens.height_of(len(rows), size) <= height and rows[-1] > 1:
            return size, len(rows)
    size = SIZES[-1]
    fit = sum(NumberedTokens.height_of(n, size) <= height for n in range(1, len(tokens) + 1))
    return size, min(fit, len(NumberedTokens.rows(tokens, width, size)))


def middle_of(token: str, x: float, y: float, home: tuple[float, float], read: float) -> tuple[float, float]:
    """The middle of a word of the page when it has been lifted, px."""
    cx, cy = x + 0.3 * PAGE_SIZE * len(shown_token(token)), y - 0.36 * PAGE_SIZE
    return home[0] + (cx - home[0]) * READ, read + (cy - home[1]) * READ


def short_story(record: Record) -> tuple[list[str], list[int]]:
    """Of the first stories that it learned from, the shortest whose every token's number is in the record.

    Its tokens, the first without its space, and their numbers.
    """
    names, dice = numbers_of(record), corpus.dice_of(record.seed)
    stories = [TOKEN.findall(f" {corpus.story(dice).text}") for _ in range(min(FIRST, record.setting("stories")))]
    known = [tokens for tokens in stories if all(token in names for token in tokens)]
    if not known:
        raise ValueError("no story has the numbers of all its words in this record")
    tokens = min(known, key=len)
    return [tokens[0].lstrip(), *tokens[1:]], [names[token] for token in tokens]


def words_of(ids: Sequence[int], tokens: Sequence[str]) -> list[int]:
    """The numbers of the tokens that are words, and not signs."""
    return [n for n, token in zip(ids, tokens, strict=True) if len(token.strip()) > 1 and token.strip().isalpha()]


def most_repeated(ids: Sequence[int], tokens: Sequence[str]) -> int:
    """The number of the word that comes most often; of equals the first."""
    counted = Counter(words_of(ids, tokens))
    return max(counted, key=lambda n: counted[n], default=-1)


def blank(p: Places, i: int) -> VMobject:
    """Page i of the pile without its text."""
    return t.card(p.pile[0] - PAGE_W / 2, page_top(p, i), PAGE_W, PAGE_H, t.RAISED, r=14, stroke=t.INK, sw=3)


def page_top(p: Places, i: int) -> float:
    return p.pile[1] - PAGE_H - i * SHEET


def page(p: Places, i: int) -> Sprite:
    """Page i of the pile, a little askew: lines of text that nobody has to read."""
    rng = np.random.default_rng(40 + i)
    parts = [blank(p, i)]
    for k in range(6):
        long = (PAGE_W - 2 * PAD) * (rng.uniform(0.82, 1.0) if k % 4 != 3 else rng.uniform(0.3, 0.6))
        parts.append(t.card(p.pile[0] - PAGE_W / 2 + PAD, page_top(p, i) + 44 + 38 * k, long, 14, t.GRID, r=7))
    return Sprite(*parts).begin(rot=float(rng.uniform(-0.07, 0.07)), dx=float(rng.uniform(-16, 16)))


def on_page(tokens: Sequence[str], p: Places) -> list[tuple[str, float, float]]:
    """Tokens as they are written on the last page: each with its left edge and baseline, px."""
    cell = 0.6 * PAGE_SIZE
    left, top = p.pile[0] - PAGE_W / 2 + PAD, page_top(p, PAGES - 1) + 74
    out: list[tuple[str, float, float]] = []
    column, line = 0, 0
    for i, token in enumerate(tokens):
        glued = token.strip()
        for later in tokens[i + 1 :]:
            if later[:1].isspace():
                break
            glued += later
        gap = len(token) - len(token.lstrip())
        if column and gap and column + gap + len(glued) > (PAGE_W - 2 * PAD) / cell:
            column, line, gap = 0, line + 1, 0
        out.append((token, left + (column + gap) * cell, top + line * PAGE_SIZE * t.LEAD))
        column += gap + len(token.strip())
    return out
