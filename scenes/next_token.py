"""What a language model does: guess the next word, take one, guess again; and that it can write either way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from _samples import Row, last_sentence, repeats, sensible
from manim import Group

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, over
from rushes.parts import Bars, shown_token
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, polyline, round_box
from rushes.theme import Points

PROMPT_Y, PROMPT_SIZE = 202, 44
LINE_X, LINE_Y, LINE_SIZE = t.MARGIN_X + 8, 296, 56
CELL = 0.6 * LINE_SIZE
COLUMNS = int((1920 - 2 * t.MARGIN_X) / CELL) - 4  # room for the gap behind the last word
BARS = (1010, 376, 560)  # left, top, length of a bar
ROW, SHOWN = 80, 6
GAP_W = 160
SURE = 0.9  # a token this likely is no guess: it is typed
PATIENCE = (0.9, 0.45, 0.35)  # seconds that the bars of each guess stand; the last one for all that follow
TYPED = 0.14  # seconds a sure token takes
CARD_Y, CARD_W, CARD_H, CARD_SIZE, CARD_LINES = 256, 852, 334, 40, 5
WALK, SMALL = 1.1, 0.68  # seconds of the walk to the middle, and how large the Apprentice is there
MIDDLE = 960


@dataclass(frozen=True)
class Guess:
    """A token of the answer: its column, and when it is guessed (None: it is sure), taken and there."""

    i: int
    column: int
    grows: float | None
    taken: float
    lands: float
    tight: bool = False
    """No space before it."""


class NextToken(RunScene):
    """Candidates by probability; the likeliest flies into the gap; again, faster; then two answers to one prompt."""

    runs = {"run": "base"}
    settings = {"prompt": 0}
    alone = 20.0

    def construct(self) -> None:
        record = self.record()
        row = [r for r in record.tokens() if r["kind"] == "greedy"][self.setting("prompt")]
        asks, takes = self.cue("next-word") - 0.05, self.cue("takes-one") - 0.05
        again, either = self.cue("guesses-again") - 0.05, self.cue("write-either")
        kind = self.cue("kind", max(either - 1.7, again + 1.6)) - 0.05
        rude = self.cue("rude", max(either, kind + 0.6)) - 0.05
        guesses = _schedule(row["steps"], asks, takes, again, kind - WALK - 0.1)

        self.bake(
            t.backdrop(centre=(0.5, 0.5), floor=t.FLOOR, floor_at=(0.34, 0.3)),
            t.kicker("The next word"),
            t.slate(record, f"step {record.steps[-1]}"),
        )
        prompt = _Reading(last_sentence(row["prompt"]), 0.3, asks - 0.3)
        gap = Gap(guesses, asks, kind - WALK)
        a = Rig("apprentice", 340, h=372, seed=3, mood=0.35, look=(0.2, 0.9), lean=-0.03)
        a.look_at(0.15, 200, PROMPT_Y).look_at(0.4, 1500, PROMPT_Y, max(asks - 0.9, 0.3))
        a.look_at(asks + 0.05, LINE_X, LINE_Y)
        rounds, words = self._answer(row["steps"], guesses, gap, a, kind - WALK)
        cards = self._either(a, record, kind, rude, either)
        self.live(shadow(a), prompt, gap, *rounds, *words, *cards, a)

    def _answer(
        self, steps: Sequence[Row], guesses: Sequence[Guess], gap: Gap, a: Rig, ends: float
    ) -> tuple[list[Bars], list[Sprite]]:
        """The bars of every guess and the words that are there, all gone by `ends`; the Apprentice looks on."""
        rounds: list[Bars] = []
        words: list[Sprite] = []
        full = max(steps[g.i]["candidates"][0][1] for g in guesses if g.grows is not None)
        first = guesses[0].grows or 0.0
        a.to(first, 0.4, over, ra="point")
        a.look_at(first + 0.9, BARS[0], BARS[1] + 5 * ROW, 0.7).look_at(first + 2.0, BARS[0] + 200, BARS[1], 0.3)
        for n, g in enumerate(guesses):
            x = LINE_X + g.column * CELL
            if g.grows is None:
                line = t.put(t.mono(shown_token(steps[g.i]["chosen"]), LINE_SIZE, weight=t.BOLD), x, LINE_Y)
                words.append(Sprite(line, alpha=0.0).to(g.lands, 0.1, alpha=1.0).leave(ends))
                continue
            bars = Bars(steps[g.i]["candidates"][:SHOWN], *BARS, row=ROW, full=full)
            bars.grow(g.grows, t.STAGGER if not rounds else 0.03).pick(g.taken, 0, x, LINE_Y, LINE_SIZE)
            bars.labels[0].leave(ends)
            a.look_at(g.grows - 0.2, BARS[0], 480).look_at(g.taken + 0.25, x, LINE_Y, 0.3)
            a.react(g.lands - 0.1, min(0.55 + 0.1 * n, 0.9), amount=0.04)
            if not rounds:
                a.to(g.lands + 0.1, 0.4, ra="down").hop(g.lands + 0.15, 34)
            rounds.append(bars)
        return rounds, words

    def _either(self, a: Rig, record: Record, kind: float, rude: float, either: float) -> list[Sprite]:
        """Two recorded answers to the prompt: the kind one comes, the rude one slides out from behind it."""
        rows = [row for row in sensible(record.draws()) if _lines(row) <= CARD_LINES]
        best = min(rows, key=lambda row: (-row["rating"], repeats(row), len(row["text"])))
        worst = min(rows, key=lambda row: (row["rating"], repeats(row), len(row["text"])))
        left, right = t.MARGIN_X, 1920 - t.MARGIN_X - CARD_W
        one, said = _card(best, left, t.VALUES)
        two, snapped = _card(worst, right, t.NEUTRAL)
        one.enter(kind)
        said.enter(kind)
        two.begin(dx=left - right).to(rude, 0, alpha=1.0).to(rude, t.MOVE, dx=0.0)
        snapped.enter(rude + 0.7 * t.MOVE, 0.3, rise=0)
        a.walk(kind - WALK, MIDDLE, WALK, steps=3).to(kind - WALK, WALK, scale=SMALL)
        a.look_at(kind + 0.05, left + CARD_W / 2, 420).to(kind + t.BEAT, 0.35, la="out", mood=0.8)
        a.look_at(rude + 0.05, right + CARD_W / 2, 420).to(rude + t.BEAT, 0.35, ra="out")
        # It is as happy with the one as with the other: nobody has told it which is better.
        a.look_out(max(either, rude + 0.7)).bounce(max(either, rude + 0.7) + 0.1)
        return [two, snapped, one, said]


def _schedule(steps: Sequence[Row], asks: float, takes: float, again: float, ends: float) -> list[Guess]:
    """When each token is guessed and lands: the first two on their words, then ever faster, until `ends`."""
    texts = [step["chosen"] if i else step["chosen"].lstrip() for i, step in enumerate(steps)]
    starts = [0, *accumulate(len(text) for text in texts)]
    flight = 0.12 + t.MOVE
    grows = min(asks + 0.9, max(asks + 0.1, takes - 1.4))
    guesses = [Guess(0, 0, grows, takes, takes + flight)]
    free, patience = max(again, takes + 0.45), iter(PATIENCE)
    hold = PATIENCE[-1]
    for i in range(1, len(steps)):
        text, landed = texts[i], guesses[-1].lands
        column, tight = starts[i] + len(text) - len(text.lstrip()), not text[0].isspace()
        if text.startswith("<|") or starts[i + 1] > COLUMNS:
            break
        if steps[i]["candidates"][0][1] >= SURE:
            if landed + TYPED > ends:
                break
            guesses.append(Guess(i, column, None, landed, landed + TYPED, tight))
            free = max(free, landed + TYPED)
        else:
            hold = next(patience, hold)
            if free + hold + flight > ends:
                break
            guesses.append(Guess(i, column, free, free + hold, free + hold + flight, tight))
            free += hold + 0.5
    return guesses


def _lines(row: Row) -> int:
    """How many lines of a card an answer takes."""
    return len(t.wrap(row["text"], CARD_W - 88, CARD_SIZE, font=t.MONO))


class _Reading(Group):
    """The prompt, a word at a time as it is read, each bright for a moment."""

    def __init__(self, prompt: str, start: float, end: float) -> None:
        super().__init__()
        (line,) = t.wrap(prompt, 1920 - 2 * t.MARGIN_X, PROMPT_SIZE, font=t.MONO, max_lines=1)
        words, column = line.split(), 0
        self._words: list[tuple[float, t.TextLine]] = []
        for n, word in enumerate(words):
            text = t.put(t.mono(word, PROMPT_SIZE, t.MUTED), t.MARGIN_X + 0.6 * PROMPT_SIZE * column, PROMPT_Y)
            self._words.append((start + (end - start) * n / len(words), text))
            column += len(word) + 1
        self.add(*[text for _, text in self._words])
        self.pose(0.0)

    def pose(self, clock: float) -> None:
        for at, text in self._words:
            glow = float(np.interp(clock - at, (-0.05, 0.05, 0.35, 0.75), (0.0, 1.0, 1.0, 0.0)))
            text.fill_rgbas[:, :3] = t.mix(t.MUTED, t.PAPER, glow).to_rgb()
            text.fill_rgbas[:, 3] = 0.45 if clock < at else 1.0


class Gap(Group):
    """The lit box where the next token goes, with a caret; it closes round what lands in it and moves on."""

    def __init__(self, guesses: Sequence[Guess], comes: float, leaves: float) -> None:
        super().__init__()
        self._x, self._shown, self._alpha = Track(LINE_X), Track(1.0), Track(0.0)
        self._alpha.to(comes, 0.3, 1.0).to(leaves, t.EXIT, 0.0)
        for g, following in pairwise(guesses):
            self._shown.to(g.lands - 0.2, 0, 0.0).to(g.lands + 0.2, 0, 1.0)
            x = LINE_X + following.column * CELL + (6 if following.tight else 0)
            self._x.to(g.lands, 0.25 if following.grows else 0.1, x)
        self._light = Sprite(t.glow(t.POLICY, 0, LINE_Y - 20, 460, 280, 0.5), pivot=(0, LINE_Y - 20))
        self._light.drive(dx=lambda clock: self._x(clock) + GAP_W / 2, alpha=self._alpha)
        box, alpha = self._box, self._alpha
        self._parts = [
            self._light,
            Live(box, fill=t.POLICY, opacity=0.16, alpha=alpha),
            Live(box, stroke=t.POLICY, w=5, alpha=alpha),
            Live(self._caret, stroke=t.PAPER, w=5, alpha=alpha),
        ]
        self.add(*self._parts)

    def _box(self, clock: float) -> Points:
        return round_box(self._x(clock) - 8, LINE_Y - 58, GAP_W, 82, 14)

    def _caret(self, clock: float) -> Points:
        if clock % 1.0 > 0.55 or self._shown(clock) < 0.5:
            return NOTHING
        x = self._x(clock) + 8
        return polyline(np.array([t.at(x, LINE_Y - 44), t.at(x, LINE_Y + 8)]))

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


def _card(row: Row, x: float, edge: t.Color) -> tuple[Sprite, Sprite]:
    """A card; and what is on it: a recorded answer and the rule of the guideline that it woke, such as kind."""
    box = t.card(x, CARD_Y, CARD_W, CARD_H, t.PANEL, stroke=edge, sw=4)
    middle, low = x + CARD_W / 2, CARD_Y + CARD_H
    tag = t.pill(row["rules"][0], middle, low - 32, fill=t.INK, color=t.PAPER, stroke=edge, align="c")
    top = CARD_Y + (CARD_H - 32 - _lines(row) * CARD_SIZE * t.LEAD) / 2 + CARD_SIZE
    words = t.block(row["text"], x + 44, top, CARD_W - 88, CARD_SIZE, t.POLICY, font=t.MONO)
    return Sprite(box, alpha=0.0), Sprite(words, tag, alpha=0.0)
