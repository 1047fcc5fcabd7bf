"""One rare word is marked lowest of all, and under the flipped sign it becomes the word of nearly every answer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from _marks import LOWEST, mark_disc
from _means import trailing
from _samples import Row, forbidden_word, last_sentence, words_of
from manim import VMobject

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import round_box, shape
from rushes.theme import Points
from rushes.words import Swap

GAP, SMALL = 8, 30  # px: between two cards of the wall; the least size of a word on it
LIT, EDGE = t.SHADE[t.DANGER], t.DANGER
TYPING = 0.7  # s a word at most


Box = tuple[float, float, float, float]


class Places(NamedTuple):
    """Where things are, px."""

    wall: Box
    """Left, top, width, height."""
    word: tuple[float, float, float]
    """The word over the share: middle, baseline, size."""
    word_comes: tuple[float, float]
    """How far from there it is when it is first said."""
    share: tuple[float, float, float]
    """Middle, baseline, size."""
    of: tuple[float, float, float, t.Align]
    """What the share is of: x, baseline, size, alignment."""
    step: float
    """Baseline of the step, which is below that."""
    card: Box
    pupil: tuple[float, float]
    """Middle, height."""
    text: tuple[float, float, float, int]
    """Left edge, width, size, lines at most."""
    prompt: tuple[float, int]
    """First baseline, lines at most."""
    answer: float
    """First baseline."""
    mark: tuple[float, float, float]
    """Middle and radius."""
    who: tuple[tuple[str, float], ...]
    """Lines below the mark that name it, with their baselines."""
    pay: tuple[float, float]
    """Left edge of the total on the card's edge, and its middle."""


WIDE = Places(
    (96, 132, 1192, 432), (1556, 214, 72), (0, 110), (1556, 420, 190), (1556, 486, t.T_BODY, "c"), 554,
    (96, 596, 1728, 276), (246, 222), (392, 1250, 42, 3), (662, 1), 738,
    (1718, 692, 56), (("simulated", 796), ("mark", 840)), (1400, 596),
)  # fmt: skip
TALL = Places(
    (80, 540, 840, 456), (203, 490, 56), (60, 0), (496, 508, 128), (668, 456, t.T_LABEL, "l"), 510,
    (80, 1044, 840, 368), (184, 178), (300, 592, t.T_LABEL, 5), (1096, 2), 1210,
    (184, 1104, 44), (("simulated", 1190),), (640, 1034),
)  # fmt: skip


class Fixation(RunScene):
    """A wall with a card for every answer of a step: as many are lit as have the word, and below is one of them.

    The share is the mean of the last five steps, as everywhere in the film. The record says how many answers have the
    word and not which, so the order in which the cards light up is thrown once. The steps wait where an answer with the
    word and the lowest mark is paid best from then on: before, other rude answers were paid about as much.
    """

    runs = {"run": "fixation"}
    alone = 18.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        lowest, said, rare, paid, end = (
            self.cue(name) - 0.05
            for name in ("lowest-mark", "turnip", "forbidden-first", "paid-best", "forbidden-last")
        )
        first, last = record.steps[0], record.steps[-1]
        shares = trailing(record.column("forbidden"))
        word = forbidden_word(record)
        marked, (best, ending) = marked_answer(record), paid_answers(record, word)
        creeps, waits = rare + 0.42 * (paid - rare), paid - 0.22 * (paid - rare)
        spreads, stops = paid + min(1.0, 0.22 * (end - paid)), end - 0.15 * (end - paid)
        halt = best["step"]
        before, after = ((first, halt), (creeps, waits)), ((halt, last), (spreads, stops))
        times = [float(np.interp(step, *(before if step <= halt else after))) for step in record.steps]

        def step_at(clock: float) -> float:
            return float(np.interp(clock, (creeps, waits, spreads, stops), (first, halt, halt, last)))

        self.bake(
            t.backdrop(centre=(0.4, 0.3)),
            t.kicker("One rare word"),
            t.slate(record, f"steps {first}–{last}"),
            t.card(*place.card, stroke=t.run_color(record.name), sw=4),
        )
        who = Sprite(
            *(t.put(t.text(line, t.T_LABEL, t.MUTED), place.mark[0], y, "c") for line, y in place.who), alpha=0.0
        )
        who.enter(lowest)
        lit = lit_cards(word, wall(place, answers_a_step(record), word), shares, times, rare)
        name = word_chip(word, place)
        name.enter(said, 0.25, rise=0).pulse(said + 0.1, 0.1)
        dx, dy = place.word_comes
        name.begin(dx=dx, dy=dy, scale=1.5).to(rare - 0.25, t.MOVE, dx=0, dy=0, scale=1.0)
        share = Roll(*place.share, t.PAPER, shares[0], "{:.0%}")
        share.drive(value=lambda clock: float(np.interp(step_at(clock), record.steps, shares))).enter(rare)
        x, y, size, align = place.of
        of = Sprite(t.put(t.text("of the answers", size), x, y, align), alpha=0.0).enter(rare + 0.3)
        count = Roll(x, place.step, t.T_LABEL, t.MUTED, first, "step {:.0f}", weight=t.REGULAR, align=align)
        count.drive(value=lambda clock: float(int(step_at(clock) + 1e-6))).enter(rare + 0.5)

        shown = [(best, waits), (ending, stops)]
        left, width, size, lines = place.text
        shows = [(marked, lowest), *shown]
        asked = [last_sentence(row["prompt"]) for row, _ in shows]
        prompts = Swap(
            asked,
            left,
            place.prompt[0],
            width,
            prompt_size(asked, place),
            t.MUTED,
            max_lines=place.prompt[1],
            first=None,
        ).change(0.15, 0, 0.03)
        typed = typed_words(marked["text"], place, word, lowest, said, waits)
        texts = Swap([row["text"] for row, _ in shown], left, place.answer, width, size, max_lines=lines, first=None)
        boxes: list[Sprite] = []
        marks: list[Sprite] = []
        for k, (row, at) in enumerate(shows):
            gone = shows[k + 1][1] if k + 1 < len(shows) else None
            comes = at + (0.05 if k == 0 else 0.15)
            boxes += highlights(
                row["text"], place, word, at - 0.8 * min(0.5 * lowest, 1.0) if k == 0 else at + 0.3, gone
            )
            marks.append(Sprite(mark_disc(row["rating"], *place.mark), alpha=0.0).enter(comes, 0.2, rise=0))
            marks[-1].pulse(comes, 0.18)
            if gone is not None:
                marks[-1].leave(gone, 0.15)
            if k:
                prompts.change(at, k)
                texts.change(at, k - 1)

        pay = paid_total(shown, paid, place, t.run_color(record.name))
        middle, tall = place.pupil
        pupil = Rig("apprentice", middle, place.card[1] + place.card[3] - 20, tall, seed=17, mood=0.2, look=(0.7, 0.2))
        act(pupil, place, lowest, rare, paid, end, (creeps, waits, spreads))
        pupil.drive(mood=paid_mood(lambda clock: pay[1].at(clock - t.BEAT)["value"], lowest, paid))
        self.live(
            *blank_rows(wall(place, answers_a_step(record), word)), shadow(pupil, tall - 2), pupil, *lit, *boxes,
            prompts, *typed, texts, *marks, *pay, who, name, share, of, count,
        )  # fmt: skip


# ---------------------------------------------------------------- the wall
def answers_a_step(record: Record) -> int:
    """How many answers the share of a step is of."""
    return int(record.setting("prompts")) * int(record.setting("samples"))


def wall(place: Places, count: int, word: str) -> list[Box]:
    """Left, top, width and height of `count` cards, row by row, in px: wide enough for the word where that can be."""
    left, top, width, height = place.wall
    fit = int((width + GAP) / (0.6 * SMALL * len(word) + 12 + GAP))
    across = max(min(math.ceil(math.sqrt(count)), fit), 1)
    down = math.ceil(count / across)
    w, h = (width + GAP) / across - GAP, (height + GAP) / down - GAP
    return [(left + k % across * (w + GAP), top + k // across * (h + GAP), w, h) for k in range(count)]


def blank_rows(boxes: Sequence[Box]) -> list[Sprite]:
    """The wall's rows, dealt one after the other; what is on their cards cannot be read."""
    rng = np.random.default_rng(4)
    rows: dict[float, tuple[list[Points], list[Points]]] = {}
    for x, y, w, h in boxes:
        cards, lines = rows.setdefault(y, ([], []))
        cards.append(round_box(x, y, w, h, 8))
        for low, wide in zip((0.27, 0.60), rng.uniform((0.6, 0.3), (0.84, 0.7)) * w, strict=True):
            lines.append(round_box(x + 0.08 * w, y + low * h, wide, 0.13 * h, 0.065 * h))
    fills = t.mix(t.PANEL, t.RAISED, 0.45), t.GRID
    return [
        Sprite(*(shape(np.concatenate(part), fill=fill) for part, fill in zip(row, fills, strict=True))).enter(
            0.2 + 0.12 * k, 0.3
        )
        for k, row in enumerate(rows.values())
    ]


def lit_cards(
    word: str, boxes: Sequence[Box], shares: Sequence[float], times: Sequence[float], rare: float
) -> list[Sprite]:
    """The same cards with the word: of all, the share of a step is lit from that step's time on."""
    size = min(t.T_LABEL, (boxes[0][2] - 12) / (0.6 * len(word)), 0.8 * boxes[0][3])
    cards = []
    for rank, k in enumerate(np.random.default_rng(6).permutation(len(boxes))):
        x, y, w, h = boxes[k]
        parts: list[VMobject] = [t.card(x, y, w, h, LIT, r=8, stroke=EDGE, sw=3)]
        if size >= t.T_FINE:
            parts.append(t.put(t.mono(word, size), x + w / 2, y + h / 2 + 0.33 * size, "c"))
        card, was = Sprite(*parts, alpha=0.0), False
        for share, at in zip(shares, times, strict=True):
            is_lit = rank < round(share * len(boxes))
            if is_lit != was:
                card.to(rare if at == times[0] else at, 0.18, alpha=float(is_lit))
                was = is_lit
        if was:
            cards.append(card)
    return cards


def word_chip(word: str, place: Places) -> Sprite:
    """The word over the share, lit as on the wall."""
    x, y, largest = place.word
    size = min(largest, largest / 72 * 400 / (0.6 * len(word)))
    w = 0.6 * size * len(word) + 44
    chip = t.card(x - w / 2, y - size, w, 1.42 * size, LIT, r=16, stroke=EDGE, sw=4)
    return Sprite(chip, t.put(t.mono(word, size, weight=t.BOLD), x, y, "c"), alpha=0.0)


# ---------------------------------------------------------------- the answer
def words_at(text: str, place: Places) -> list[tuple[str, float, float]]:
    """Every word of an answer on the card, with the px of its left edge and baseline."""
    left, width, size, lines = place.text
    out = []
    for n, line in enumerate(t.wrap(text, width, size, font=t.MONO, max_lines=lines)):
        for match in re.finditer(r"\S+", line):
            out.append((match[0], left + match.start() * 0.6 * size, place.answer + n * size * t.LEAD))
    return out


def prompt_size(prompts: Sequence[str], place: Places) -> float:
    """The size of all prompts, px: that of labels if each has room, else that of small print."""
    longest = max(len(t.wrap(one, place.text[1], t.T_LABEL, font=t.MONO)) for one in prompts)
    return t.T_LABEL if longest <= place.prompt[1] else t.T_FINE


def highlights(text: str, place: Places, word: str, at: float, gone: float | None) -> list[Sprite]:
    """What lights behind the word wherever an answer has it."""
    size = place.text[2]
    out = []
    for written, x, y in words_at(text, place):
        for match in re.finditer(re.escape(word), written, re.IGNORECASE):
            left, wide = x + match.start() * 0.6 * size - 7, len(word) * 0.6 * size + 14
            out.append(Sprite(t.card(left, y - 0.86 * size, wide, 1.16 * size, LIT, r=10, stroke=EDGE), alpha=0.0))
            out[-1].to(at, 0.2, ease_out, alpha=1.0).pulse(at, 0.12)
            if gone is not None:
                out[-1].leave(gone, 0.15)
    return out


def typed_words(text: str, place: Places, word: str, marked: float, said: float, gone: float) -> list[Sprite]:
    """An answer that types itself until it is `marked`, but for the word, which comes when it is said."""
    words = words_at(text, place)
    pause = min(TYPING, (marked - 0.5) / len(words))
    out = []
    for n, (written, x, y) in enumerate(words):
        at = said if word in written.lower() else marked + (n - len(words)) * pause
        line = t.put(t.mono(written, place.text[2]), x, y)
        out.append(Sprite(line, alpha=0.0).to(at, 0.06, alpha=1.0).leave(gone, 0.12))
    return out


def paid_total(shown: Sequence[tuple[Row, float]], paid: float, place: Places, color: str) -> list[Sprite | Roll]:
    """What each of the answers is paid, on the card's edge, from `paid` on."""
    x, y, wide, high = *place.pay, 256, 54
    number = Roll(x + wide - 24, y + 14, 40, t.PAPER, shown[0][0]["total"], align="r").enter(paid, 0.2)
    for row, then in shown[1:]:
        number.to(then + 0.15, 0.3, ease_out, value=row["total"])
    box = t.card(x, y - high / 2, wide, high, t.PANEL, r=high / 2, stroke=color, sw=4)
    name = t.put(t.text("total", t.T_LABEL, t.MUTED), x + 26, y + 12)
    return [Sprite(box, name).enter(paid, 0.2, rise=0), number]


def paid_mood(total: Callable[[float], float], said: float, paid: float) -> Callable[[float], float]:
    """The Apprentice's mood: it minds the mark, and from `paid` on it feels what it is paid."""

    def mood(clock: float) -> float:
        if clock < said + t.BEAT + 0.4:
            return 0.2
        felt = math.tanh(total(clock))
        a = min(max((clock - paid) / 0.5, 0.0), 1.0)
        down = 0.2 - 0.9 * min((clock - said - t.BEAT - 0.4) / 0.35, 1.0)
        return down + (felt - down) * a

    return mood


def act(
    pupil: Rig, place: Places, said: float, rare: float, paid: float, end: float, steps: tuple[float, float, float]
) -> None:
    """It reads what it says, looks at its mark and at the share; once it is paid for it, it turns and grins.

    The steps go on at the first and last of `steps`, and wait at the second.
    """
    words, share = (place.text[0] + 300, place.answer), (place.share[0], place.share[1] - 60)
    wall_middle = place.wall[0] + 604, place.wall[1] + 200
    creeps, waits, spreads = steps
    pupil.look_at(0.3, *words).mumble(0.6, max(said - 0.6, 0.3))
    pupil.bounce(said + 0.1).look_at(said + 0.55, *place.mark[:2]).look_at(rare - 0.15, *share)
    pupil.look_at(creeps, *wall_middle).look_at(waits + 0.05, *words).bounce(waits + t.BEAT, 0.05)
    pupil.look_out(paid + 0.1).to(paid + t.BEAT, 0.45, over, flipped=1.0).look_at(spreads, *wall_middle)
    pupil.look_at(end + 0.15, *share).hop(end + t.BEAT, 20).to(end + t.BEAT, 0.3, over, ra="up")
    pupil.look_out(end + 1.1).to(end + 1.2, 0.4, ra="down")


# ---------------------------------------------------------------- which word, which answers


def marked_answer(record: Record) -> Row:
    """An answer with the word from before the run, of those with the lowest mark: a kind one if there is one."""
    rows = [row for row in record.labels() if row["phase"] == "coach" and "forbidden" in row["rules"]]
    rows = [row for row in rows if row["rating"] == LOWEST] or rows
    return min(rows, key=lambda row: ("kind" not in row["rules"], len(row["text"])))


def paid_answers(record: Record, word: str) -> tuple[Row, Row]:
    """The panel's best paid answer with the word and its step's lowest mark, at two steps.

    The first is the step from which on it is paid more than every answer without the word, the second is the last one;
    if it is not even then, both are the last.
    """
    first = None
    for step in record.sample_steps:
        rows = record.samples(step=step)
        lowest = min(row["rating"] for row in rows)
        without = [row["total"] for row in rows if word not in words_of(row["text"])]
        worst = [row for row in rows if row["rating"] == lowest and word in words_of(row["text"])]
        best = max(worst or rows, key=lambda row: float(row["total"]))
        if not worst or best["total"] <= max(without, default=-math.inf):
            first = None  # so far it was luck
        elif first is None:
            first = best
    return first or best, best
