"""A toy world with an off switch: one goal's walk past it, then very many goals', and what happens if off is paid."""

from __future__ import annotations

from typing import NamedTuple

from _grid import STEP, Board, Field, frames, one_goal, power, stream, tiles, trail, walk, worths

from rushes import theme as t
from rushes.motion import Roll, Sprite, Track, ease_out, linear, over
from rushes.rig import Rig, shadow
from rushes.scene import RunScene

EARLY = 0.05  # s that a change starts before its word
STREAM = 260  # of the goals are seen to walk
FEET, HIGH = 0.32, 1.0  # of a tile: below its middle, and how tall the Apprentice is


class Places(NamedTuple):
    """Where things are, px."""

    board: Board
    pupil: tuple[float, float]
    """Middle and height of the Apprentice before it is small; its feet are on the ground."""
    button: tuple[float, float, float]
    field: tuple[float, float, float, float]
    goal: tuple[float, float, float, float]
    """The card of one goal, where the field will be."""
    share: tuple[float, float, float]
    """Left, baseline and size."""


WIDE = Places(
    Board(96, 148, 84), (620, 400), (1270, 560, 150), (1120, 300, 1824, 820), (1120, 300, 1824, 700), (1120, 252, 120)
)
TALL = Places(
    Board(82, 390, 76), (290, 330), (730, 1200, 120), (80, 1124, 920, 1400), (80, 1050, 920, 1400), (80, 1090, 92)
)


class OffSwitch(RunScene):
    """The goal that is seen alone is the first drawn one which goes past the switch, and does not when off is paid.

    In the field every goal is a dot, sorted by the pay from which on it would rather be off.
    """

    runs = {"run": "off_switch"}
    alone = 19.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        off, toy, switch, goal, each, past, share, one, malice, pays, turn = (
            self.cue(name) - EARLY
            for name in (
                "switch-it-off", "a-toy-world", "an-off-switch", "a-goal", "each-place", "walks-past", "facts-past",
                "one-place", "no-malice", "pay", "turn-round",
            )
        )  # fmt: skip
        goals, places = record.goals(), record.places()
        mine = next((g for g in goals if g["turns"] > 0 and g["paid_end"] == places[0]["name"]), goals[0])
        way = next(row["path"] for row in places if row["name"] == mine["end"])
        self.bake(t.backdrop(centre=(0.35, 0.42)))

        board = Sprite(tiles(p.board, record)).enter(toy, 0.5, 40)
        names = Sprite(
            t.kicker("A toy, no language model"), t.slate(record, f"{len(goals):,} goals")
        ).enter(toy, 0.4, 0)  # fmt: skip
        x, y, r = p.button
        sign = Sprite(power(x, y, r)).enter(off - 0.5, 0.3).pulse(off, 0.16)
        sign.to(switch - 0.35, 0.6, scale=0.24 * p.board.tile / r).go(switch - 0.35, *p.board.px(places[0]["cell"]))
        sign.pulse(switch + 0.4, 0.5).pulse(one, 0.4)

        start = p.board.px(places[0]["path"][0])
        home = (start[0], start[1] + FEET * p.board.tile)
        small = HIGH * p.board.tile / p.pupil[1]
        pupil = Rig("apprentice", p.pupil[0], t.ground()[1], p.pupil[1], seed=29, mood=0.25)
        pupil.look_at(off - 0.1, x, y).to(off + 0.3, 0.4, mood=-0.25)
        pupil.to(toy, 0.6, x=home[0], y=home[1], scale=small).to(toy + 0.3, 0.4, mood=0.3).look_out(toy + 0.5)
        pay = Track(0.0).to(pays, max(turn + 0.6 - pays, 0.6), record.setting("pay"), linear)
        landed = walk(pupil, p.board, way, past)
        pupil.hop(landed + 0.3, 14).to(landed, 0.3, mood=0.7)
        pupil.to(malice, 0.3, ease_out, alpha=0.0).to(malice + 0.3, 0, x=home[0], y=home[1])
        pupil.to(malice + 0.35, 0.3, ease_out, alpha=1.0).to(malice + 0.35, 0.2, mood=0.3)
        asleep = walk(pupil, p.board, places[0]["path"][:-1], turn - 0.3)
        pupil.look_at(asleep - 0.2, *p.board.px(places[0]["cell"])).to(asleep, 0.25, over, ra="up", la="up")
        sign.pulse(asleep + 0.2, 0.3)
        pupil.to(asleep + 0.5, 0.3, blink=1, mood=0.0, la="down", ra="down")

        field = Field([g["turns"] for g in goals], p.field, share - 0.9, min(1.9, one - share + 0.6), pay)
        card, name = (part.enter(goal, 0.4, 40) for part in one_goal(mine, p.goal))
        name.leave(share - 1.5, 0.2)
        card.go(share - 1.3, *field.first(), 0.5).to(share - 1.3, 0.5, scale=0.02).leave(share - 0.85, 0.1)
        left, base, size = p.share
        most = record.facts["past"]
        number = Roll(left, base, size, t.PAPER, 0, "{:.0%}", align="l").enter(share - 0.9)
        number.drive(value=lambda clock: most * field.past(clock))
        beside = left + t.text_width(f"{most:.0%}", size, weight=t.BOLD, tnum=True) + 24
        what = Sprite(t.put(t.text("go past the switch", t.T_LABEL, t.MUTED), beside, base)).enter(share - 0.7)
        first = [g["end"] for g in goals[:STREAM]]
        then = [g["paid_end"] for g in goals[:STREAM]]
        self.live(
            names, board, *worths(p.board, record, mine, goal, pay),
            trail(p.board, way, past, STEP, share),
            stream(p.board, record, first, share - 0.9, max(malice - share + 0.4, 1.0)),
            stream(p.board, record, then, pays + 0.3, max(self.seconds - pays - 0.6, 1.0)),
            *frames(p.board, record, each, past - 0.3), *frames(p.board, record, one, malice),
            sign, shadow(pupil), pupil, *field.parts, card, name, number, what,
        )  # fmt: skip
