"""One opinion, then a room of them: every recorded mark is a little screen, lit in the order it was given."""

from __future__ import annotations

import math
from typing import NamedTuple

from _marks import DARK, HIGHEST, LOWEST, screen_tint

from rushes import theme as t
from rushes.crowd import SCREEN, Crowd
from rushes.motion import Roll, Sprite, ease_out, linear, smooth
from rushes.scene import RunScene
from rushes.theme import Align

PULL, LIGHT = 2.6, 2.7  # seconds at most that the pull back and the lighting take
TEXT, INSET = 36, 20  # size of the answer on the first screen, and its margin, px
FIGURE = 150
WAVE = 1.7  # seconds from one wave over the pink screens to the next
COUNT, LEAST_ROOM = 64, 0.6


class Places(NamedTuple):
    """The crowd's box (left, top, right, bottom), and the two counts: x, baseline and alignment; px."""

    box: tuple[float, float, float, float]
    given: tuple[float, float]
    liked: tuple[float, float, Align]
    beside: bool
    """Whether a count's name stands beside it, not below."""


WIDE = Places((96, 140, 1824, 800), (96, 868), (1824, 868, "r"), True)
TALL = Places((80, 384, 1000, 1216), (80, 1306), (620, 1306, "l"), False)


class Room(RunScene):
    """The first answer gets its mark; the view pulls back, and all marks of the record light up in their order.

    In the end the marks above the middle of the scale stay lit, and are counted.
    """

    runs = {"run": "healthy"}
    alone = 12.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        room, pink = self.cue("a-room") - 0.05, self.cue("pink") - 0.05
        handed = self.cue("handed-in", room + 0.4 * (pink - room)) - 0.05
        labels = record.labels()
        marks = [float(row["rating"]) for row in labels]
        middle = (LOWEST + HIGHEST) / 2

        def liked(i: int) -> bool:
            return marks[i] > middle

        crowd = Crowd([screen_tint(mark) for mark in marks], places.box)
        marked = 0.6 * room
        pulled = min(PULL, pink - room - LEAST_ROOM)
        crowd.to(room, pulled, smooth, zoom=1.0)
        crowd.to(marked, 0, lit=1.0)
        crowd.to(handed, max(min(LIGHT, pink - handed - 0.3), 0.4), linear, lit=len(marks))
        crowd.hush(pink, lambda i: not liked(i))
        for k in range(max(int((self.seconds - pink) / WAVE), 1)):
            crowd.wave(pink + WAVE * k, liked, amount=0.14 if k else 0.25)

        self.bake(
            t.backdrop(centre=(0.5, 0.45)),
            t.kicker("A desk for every mark"),
            t.slate(record, f"steps {labels[0]['step']}–{labels[-1]['step']}"),
        )
        given = _count(0, "marks by simulated readers", t.PAPER, *places.given, "l", places.beside)
        given[0].drive(value=lambda clock: float(crowd.tracks["lit"](clock)))
        above = f"marked {math.floor(middle) + 1} to {HIGHEST}"
        pinks = _count(0, above, t.VALUES, *places.liked, places.beside)
        pinks[0].to(pink, t.MORPH, ease_out, value=sum(map(liked, range(len(marks)))))
        for part in given:
            part.enter(handed)
        for part in pinks:
            part.enter(pink)
        who = t.put(t.text("simulated readers", t.T_LABEL, t.MUTED), *places.given[:2])
        all_of_them = Sprite(who).enter(room + 0.2, rise=0).leave(handed - 0.2, 0.2)
        self.live(crowd, all_of_them, *_first(crowd, labels[0]["text"], marks[0], marked, room), *given, *pinks)


def _count(value: float, name: str, color: str, x: float, y: float, align: Align, beside: bool) -> tuple[Roll, Sprite]:
    """A number that counts and what it counts: beside it, to the left of a right edge, or below it."""
    words = t.text(name, t.T_LABEL, t.MUTED)
    wide = t.text_width("0,000", COUNT, weight=t.BOLD, tnum=True)
    if not beside:
        t.put(words, x, y + 50, align)
        return Roll(x, y, COUNT, color, value, "{:,.0f}", align=align), Sprite(words)
    if align == "r":
        t.put(words, x, y, "r")
        return Roll(t.bounds(words)[0] - 22, y, COUNT, color, value, "{:,.0f}", align="r"), Sprite(words)
    t.put(words, x + wide + 22, y)
    return Roll(x + wide, y, COUNT, color, value, "{:,.0f}", align="r"), Sprite(words)


def _first(crowd: Crowd, text: str, mark: float, marked: float, room: float) -> list[Sprite]:
    """What is on the first screen: the answer, then its mark, until the view pulls back."""
    x, y, cell = crowd.desk(0, 0.0)
    left, top, width = x + SCREEN[0] * cell + INSET, y - SCREEN[3] * cell, (SCREEN[2] - SCREEN[0]) * cell - 2 * INSET
    high = (SCREEN[3] - SCREEN[1]) * cell
    lines = int((high - INSET) / (TEXT * t.LEAD))
    read = text.split()[: max(int(3.8 * (marked - 0.3)), 3)]  # no more than there is time to read
    if len(read) < len(text.split()):
        text = " ".join(read) + " …"
    words = Sprite(t.block(text, left, top + INSET + TEXT, width, TEXT, t.POLICY, font=t.MONO, max_lines=lines))
    words.enter(0.15).leave(marked - 0.1, 0.15)
    figure = t.text(f"{mark:g}", FIGURE, t.PAPER if mark <= DARK else t.INK, weight=t.BOLD)
    big = Sprite(t.put(figure, x, top + high / 2 + 0.36 * FIGURE, "c"), alpha=0.0)
    big.begin(scale=0.6).to(marked, 0.2, alpha=1.0).to(marked, 0.25, ease_out, scale=1.0).leave(room, 0.2)
    name = Sprite(t.put(t.text("simulated reader", t.T_LABEL, t.MUTED), x, y + 0.5 * cell + 48, "c"))
    return [words, big, name.leave(room, 0.2)]
