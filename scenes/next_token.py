"""What a language model does: guess the next word, take one, guess again; and that it can write either way."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from _samples import Row, last_sentence, repeats, sensible
from manim import Group

from rushes import theme as t
from rushes.candidates import LABEL_GAP, Bars
from rushes.motion import Live, Sprite, Track, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline, round_box
from rushes.theme import Points
from rushes.token_chips import shown_token

LINE_SIZE = 56
CELL, LEAD = 0.6 * LINE_SIZE, 75  # px: a letter of the answer, and from line to line
SHOWN, BAR_SIZE = 6, 48  # candidates that are shown, and px of their names at most
GAP_W = 160
SURE = 0.9  # a token this likely is no guess: it is typed
PATIENCE = (0.9, 0.45, 0.35)  # seconds that the bars of each guess stand; the last one for all that follow
TYPED = 0.14  # seconds a sure token takes
CARD_SIZE, CARD_LINES, INSIDE = 40, 4, 44  # text of a card, its most lines, px beside it
WALK, SMALL = 1.1, 0.68  # seconds of the walk to the middle, and how large the Apprentice is there


class Places(NamedTuple):
    """Where things are, px."""

    prompt: tuple[float, float, float, float, int]
    """Size, left, first baseline, width, most lines."""
    reads: tuple[tuple[float, float], tuple[float, float]]
    """Where the eyes go as it reads, from and to."""
    line: tuple[float, float]
    """The answer's left and first baseline."""
    room: tuple[int, int]
    """Its columns, with room for the gap behind the last word, and its lines."""
    bars: tuple[float, float, float, float]
    """Left, top, length, from bar to bar."""
    hero: tuple[float, float, float]
    """The Apprentice's x as it guesses and as it has answered, and its height."""
    kind: tuple[float, float]
    """Left and top of the kind answer's card."""
    rude: tuple[float, float]
    card: tuple[float, float]
    """Width and height of both."""


WIDE = Places(
    prompt=(44, t.MARGIN_X, 202, 1920 - 2 * t.MARGIN_X, 1),
    reads=((200, 202), (1500, 202)),
    line=(t.MARGIN_X + 8, 296),
    room=(47, 1),
    bars=(1010, 376, 560, 80),
    hero=(340, 960, 372),
    kind=(t.MARGIN_X, 256),
    rude=(972, 256),
    card=(852, 334),
)
TALL = Places(
    prompt=(40, 80, 416, 840, 2),
    reads=((180, 416), (460, 470)),
    line=(88, 576),
    room=(22, 2),
    bars=(376, 716, 408, 72),
    hero=(750, 500, 330),
    kind=(80, 512),
    rude=(80, 828),
    card=(840, 268),
)


@dataclass(frozen=True)
class Guess:
    """A token of the answer: its line and column, and when it is guessed (None: it is sure), taken and there."""

    i: int
    line: int
    column: int
    grows: float | None
    taken: float
    lands: float
    tight: bool = False
    """No space before it."""

    def place(self, places: Places) -> tuple[float, float]:
        """Its left edge and baseline, px."""
        return places.line[0] + self.column * CELL, places.line[1] + self.line * LEAD


class NextToken(RunScene):
    """Candidates by probability; the likeliest flies into the gap; again, faster; then two answers to one prompt."""

    runs = {"run": "base"}
    settings = {"prompt": 0}
    alone = 20.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        row = [r for r in record.tokens() if r["kind"] == "greedy"][self.setting("prompt")]
        asks, takes = self.cue("next-word") - 0.05, self.cue("takes-one") - 0.05
        again = self.cue("guesses-again") - 0.05
        kind = self.cue("kind", again + 1.6) - 0.05
        rude = self.cue("rude", kind + 1.2) - 0.05
        guesses = _schedule(row["steps"], p.room, asks, takes, again, kind - WALK - 0.1)
        x, to, h = p.hero

        self.bake(
            t.backdrop(centre=(0.5, 0.5), floor=t.ground()[0], floor_at=(0.34 if x < to else 0.6, 0.3)),
            t.kicker("The next word"),
            t.slate(record, f"step {record.steps[-1]}"),
        )
        prompt = _Reading(last_sentence(row["prompt"]), p, 0.3, asks - 0.3)
        gap = Gap(guesses, p, asks, kind - WALK)
        a = Rig("apprentice", x, t.ground()[1], h, seed=3, mood=0.35, look=(0.2, 0.9), lean=-0.03 if x < to else 0.03)
        a.look_at(0.15, *p.reads[0]).look_at(0.4, *p.reads[1], max(asks - 0.9, 0.3))
        a.look_at(asks + 0.05, *p.line)
        rounds, words = self._answer(row["steps"], guesses, p, a, kind - WALK)
        cards = self._either(a, record, p, kind, rude)
        self.live(shadow(a), prompt, gap, *rounds, *words, *cards, a)

    def _answer(
        self, steps: Sequence[Row], guesses: Sequence[Guess], p: Places, a: Rig, ends: float
    ) -> tuple[list[Bars], list[Sprite]]:
        """The bars of every guess and the words that are there, all gone by `ends`; the Apprentice looks on."""
        rounds: list[Bars] = []
        words: list[Sprite] = []
        tokens = [token for g in guesses if g.grows is not None for token, _ in steps[g.i]["candidates"][:SHOWN]]
        size = min(BAR_SIZE, (p.bars[0] - LABEL_GAP - t.safe()[0]) / (0.6 * max(len(shown_token(s)) for s in tokens)))
        full = max(steps[g.i]["candidates"][0][1] for g in guesses if g.grows is not None)
        first = guesses[0].grows or 0.0
        *bars_at, row = p.bars
        left, top, _ = bars_at
        arm = "ra" if p.hero[0] < left else "la"
        a.to(first, 0.4, over, **{arm: "point"})
        a.look_at(first + 0.9, left, top + 5 * row, 0.7).look_at(first + 2.0, left + 200, top, 0.3)
        for n, g in enumerate(guesses):
            x, y = g.place(p)
            if g.grows is None:
                line = t.put(t.mono(shown_token(steps[g.i]["chosen"]), LINE_SIZE, weight=t.BOLD), x, y)
                words.append(Sprite(line, alpha=0.0).to(g.lands, 0.1, alpha=1.0).leave(ends))
                continue
            bars = Bars(steps[g.i]["candidates"][:SHOWN], *bars_at, row=row, size=size, full=full)
            bars.grow(g.grows, t.STAGGER if not rounds else 0.03).pick(g.taken, 0, x, y, LINE_SIZE)
            bars.labels[0].leave(ends)
            a.look_at(g.grows - 0.2, left, top + 104).look_at(g.taken + 0.25, x, y, 0.3)
            a.react(g.lands - 0.1, min(0.55 + 0.1 * n, 0.9), amount=0.04)
            if not rounds:
                a.to(g.lands + 0.1, 0.4, **{arm: "down"}).hop(g.lands + 0.15, 34)
            rounds.append(bars)
        return rounds, words

    def _either(self, a: Rig, record: Record, p: Places, kind: float, rude: float) -> list[Sprite]:
        """Two recorded answers to the prompt: the kind one comes, the rude one slides out from behind it."""
        rows = sensible(record.draws())
        rows = [row for row in rows if _lines(row) <= CARD_LINES] or rows
        best = min(rows, key=lambda row: (-row["rating"], repeats(row), len(row["text"])))
        worst = min(rows, key=lambda row: (row["rating"], repeats(row), len(row["text"])))
        one, said = _card(best, *p.kind, *p.card, t.VALUES)
        two, snapped = _card(worst, *p.rude, *p.card, t.NEUTRAL)
        one.enter(kind)
        said.enter(kind)
        two.begin(dx=p.kind[0] - p.rude[0], dy=p.kind[1] - p.rude[1]).to(rude, 0, alpha=1.0)
        two.to(rude, t.MOVE, dx=0.0, dy=0.0)
        snapped.enter(rude + 0.7 * t.MOVE, 0.3, rise=0)
        a.walk(kind - WALK, p.hero[1], WALK, steps=3).to(kind - WALK, WALK, scale=SMALL)
        for (left, top), at, arm in ((p.kind, kind, "la"), (p.rude, rude, "ra")):
            a.look_at(at + 0.05, left + p.card[0] / 2, top + 164).to(at + t.BEAT, 0.35, **{arm: "out"})
        a.to(kind + t.BEAT, 0.35, mood=0.8)
        # It is as happy with the one as with the other: nobody has told it which is better.
        a.look_out(rude + 0.7).bounce(rude + 0.8)
        return [two, snapped, one, said]


def _schedule(
    steps: Sequence[Row], room: tuple[int, int], asks: float, takes: float, again: float, ends: float
) -> list[Guess]:
    """When each token is guessed and lands: the first two on their words, then ever faster, until `ends`."""
    texts = [step["chosen"] if i else step["chosen"].lstrip() for i, step in enumerate(steps)]
    starts = [0, *accumulate(len(text) for text in texts)]
    columns, lines = room
    answer = "".join(text for text in texts if not text.startswith("<|"))
    breaks = list(accumulate((len(line) + 1 for line in _wrapped(answer, columns)), initial=0))
    flight = 0.12 + t.MOVE
    grows = min(asks + 0.9, max(asks + 0.1, takes - 1.4))
    guesses = [Guess(0, 0, 0, grows, takes, takes + flight)]
    free, patience = max(again, takes + 0.45), iter(PATIENCE)
    hold = PATIENCE[-1]
    for i in range(1, len(steps)):
        text, landed = texts[i], guesses[-1].lands
        first, tight = starts[i] + len(text) - len(text.lstrip()), not text[0].isspace()
        line = bisect_right(breaks, first) - 1
        column = first - breaks[line]
        if text.startswith("<|") or line >= lines:
            break
        if steps[i]["candidates"][0][1] >= SURE:
            if landed + TYPED > ends:
                break
            guesses.append(Guess(i, line, column, None, landed, landed + TYPED, tight))
            free = max(free, landed + TYPED)
        else:
            hold = next(patience, hold)
            if free + hold + flight > ends:
                break
            guesses.append(Guess(i, line, column, free, free + hold, free + hold + flight, tight))
            free += hold + 0.5
    return guesses


def _wrapped(answer: str, columns: int) -> list[str]:
    """The lines of an answer that is typed in the gap."""
    return t.wrap(answer, columns * CELL + 1, LINE_SIZE, font=t.MONO)


def _lines(row: Row) -> int:
    """How many lines of a card an answer takes; as many in either frame."""
    return len(t.wrap(row["text"], min(WIDE.card[0], TALL.card[0]) - 2 * INSIDE, CARD_SIZE, font=t.MONO))


class _Reading(Group):
    """The prompt, a word at a time as it is read, each bright for a moment."""

    def __init__(self, prompt: str, places: Places, start: float, end: float) -> None:
        super().__init__()
        size, x, y, width, most = places.prompt
        placed: list[t.TextLine] = []
        for n, line in enumerate(t.wrap(prompt, width, size, font=t.MONO, max_lines=most)):
            column = 0
            for word in line.split():
                left, base = x + 0.6 * size * column, y + n * size * t.LEAD
                placed.append(t.put(t.mono(word, size, t.MUTED), left, base))
                column += len(word) + 1
        self._words = [(start + (end - start) * n / len(placed), text) for n, text in enumerate(placed)]
        self.add(*[text for _, text in self._words])
        self.pose(0.0)

    def pose(self, clock: float) -> None:
        for at, text in self._words:
            glow = float(np.interp(clock - at, (-0.05, 0.05, 0.35, 0.75), (0.0, 1.0, 1.0, 0.0)))
            text.fill_rgbas[:, :3] = t.mix(t.MUTED, t.PAPER, glow).to_rgb()
            text.fill_rgbas[:, 3] = 0.45 if clock < at else 1.0


class Gap(Group):
    """The lit box where the next token goes, with a caret; it closes round what lands in it and moves on."""

    def __init__(self, guesses: Sequence[Guess], places: Places, comes: float, leaves: float) -> None:
        super().__init__()
        x, y = places.line
        self._x, self._y, self._shown, self._alpha = Track(x), Track(y), Track(1.0), Track(0.0)
        self._alpha.to(comes, 0.3, 1.0).to(leaves, t.EXIT, 0.0)
        for g, following in pairwise(guesses):
            self._shown.to(g.lands - 0.2, 0, 0.0).to(g.lands + 0.2, 0, 1.0)
            left, base = following.place(places)
            seconds = 0.25 if following.grows else 0.1
            self._x.to(g.lands, seconds, left + (6 if following.tight else 0))
            self._y.to(g.lands, seconds, base)
        self._light = Sprite(t.glow(t.POLICY, 0, y - 20, 460, 280, 0.5), pivot=(0, y - 20))
        self._light.drive(
            dx=lambda clock: self._x(clock) + GAP_W / 2, dy=lambda clock: self._y(clock) - y, alpha=self._alpha
        )
        box, alpha = self._box, self._alpha
        self._parts = [
            self._light,
            Live(box, fill=t.POLICY, opacity=0.16, alpha=alpha),
            Live(box, stroke=t.POLICY, w=5, alpha=alpha),
            Live(self._caret, stroke=t.PAPER, w=5, alpha=alpha),
        ]
        self.add(*self._parts)

    def _box(self, clock: float) -> Points:
        return round_box(self._x(clock) - 8, self._y(clock) - 58, GAP_W, 82, 14)

    def _caret(self, clock: float) -> Points:
        if clock % 1.0 > 0.55 or self._shown(clock) < 0.5:
            return NOTHING
        x, y = self._x(clock) + 8, self._y(clock)
        return polyline(np.array([t.at(x, y - 44), t.at(x, y + 8)]))

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


def _card(row: Row, x: float, y: float, width: float, height: float, edge: t.Color) -> tuple[Sprite, Sprite]:
    """A card; and what is on it: a recorded answer and the rule of the guideline that it woke, such as kind."""
    box = t.card(x, y, width, height, t.PANEL, stroke=edge, sw=4)
    tag = t.pill(row["rules"][0], x + width / 2, y + height - 32, fill=t.INK, color=t.PAPER, stroke=edge, align="c")
    top = y + (height - 32 - min(_lines(row), CARD_LINES) * CARD_SIZE * t.LEAD) / 2 + CARD_SIZE
    wide = width - 2 * INSIDE
    words = t.block(row["text"], x + INSIDE, top, wide, CARD_SIZE, t.POLICY, font=t.MONO, max_lines=CARD_LINES)
    return Sprite(box, alpha=0.0), Sprite(words, tag, alpha=0.0)
