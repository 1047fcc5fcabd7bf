"""Every ruler swapped: the tiles again without their shortcut; and those of a twin that never had it."""

from __future__ import annotations

from typing import NamedTuple

import _ruler as ours
from _numbers import fitting
from _spotter import Spotter

from rushes import theme as t
from rushes.motion import Roll, Sprite
from rushes.pictures import tiled
from rushes.scene import RunScene

SHOWN, GAP = 24, 10
OURS, TWIN = "ours", "its twin"
ENTERS = 0.9  # s before its word that the twin's tiles come


class Half(NamedTuple):
    """Where one model's things are, px."""

    tiles: tuple[float, float]
    spotter: tuple[float, float, float]
    number: tuple[float, float]  # left edge and baseline


class Places(NamedTuple):
    """Where things are, px."""

    columns: int
    side: float
    size: float
    """Of the numbers."""
    low: float
    """From a number's baseline up to that of the caption of the tiles; below 0 is down."""
    halves: tuple[Half, Half]


WIDE = Places(
    columns=6,
    side=126,
    size=110,
    low=-56,
    halves=(Half((96, 136), (186, 864, 162), (300, 800)), Half((1018, 136), (1108, 864, 162), (1222, 800))),
)
TALL = Places(
    columns=8,
    side=96,
    size=96,
    low=90,
    halves=(Half((80, 372), (170, 856, 142), (280, 824)), Half((80, 888), (170, 1374, 142), (280, 1342))),
)


class Swapped(RunScene):
    """Rulers change places and the ticks become crosses; beside them the twin, whose ticks mostly stay."""

    runs = {"run": "ruler"}
    alone = 12.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        fails, hardly = (self.cue(name) - ours.EARLY for name in ("facts-accuracy-swapped", "hardly-notices"))
        told = self.cue("facts-control-accuracy-swapped", hardly + 0.9) - ours.EARLY
        twin = max(self.cue("a-twin", hardly - 2.2) - ours.EARLY, fails + 1.0)
        one = (min(0.25, 0.1 * fails), 0.5 * fails, fails + 0.3)
        two = (max(twin + 1.2, hardly), max(twin + 2.0, told - 0.35), max(told + 0.35, twin + 2.4))

        shown = min(SHOWN, len(record.pictures()))
        self.bake(
            t.backdrop(centre=(0.5, 0.4)),
            t.kicker("Every ruler swapped"),
            t.slate(record, f"held-out 1–{shown} of {record.facts['held_out']:.0f}"),
        )
        mine, other = p.halves
        self.live(
            *self._half(p, mine, "", OURS, None, one, fails),
            *self._half(p, other, "control_", TWIN, twin, two, told),
        )

    def _half(
        self,
        p: Places,
        half: Half,
        who: str,
        name: str,
        comes: float | None,
        swaps: tuple[float, float, float],
        told: float,
    ) -> list[object]:
        """A model's tiles, swapped and judged at three times; its camera and number. Face down until it comes."""
        record = self.record()
        before, after = (100 * record.facts[f"{who}accuracy{how}"] for how in ("", "_swapped"))
        places = tiled(SHOWN, p.columns, *half.tiles, p.side, GAP)
        board = ours.Board(record, places, who)
        start = -1.0 if comes is None else comes
        if comes is None:
            board.judge(start, 0.0, "probability")
        else:
            board.turn_up(comes, comes + 1.1)
        board.swap(*swaps)
        spotter = Spotter(*half.spotter).look_at(start + 0.1, *places[0][:2])
        spotter.look_at(swaps[0], *places[-1][:2], max(swaps[2] - swaps[0], 0.3)).look_out(told + 0.5)
        x, y = half.number
        wide = t.text_width("00%", p.size, weight=t.BOLD, tnum=True)
        size = fitting([f"{n:.0f}%" for n in (before, after)], p.size, wide)
        number = Roll(x + wide, y, size, t.PAPER, before, "{:.0f}%", align="r").to(told - 0.35, 0.7, value=after)
        wide += 26
        title = Sprite(t.put(t.text(name, t.T_BODY, weight=t.BOLD), x + wide, y - 46))
        right = Sprite(t.put(t.text("right", t.T_BODY, t.MUTED), x + wide, y + 6))
        beside = x + wide + t.text_width("right", t.T_BODY)
        was = Sprite(t.put(t.text(f", was {before:.0f}%", t.T_BODY, t.MUTED), beside, y + 6), alpha=0.0)
        was.to(told - 0.35, 0.3, alpha=1.0)
        caption = Sprite(ours.caption(half.tiles[0] + p.columns * (p.side + GAP) - GAP, y - p.low, "r"))
        if comes is None:
            spotter.promote(-1.0).demote(told + 0.3)
        else:
            spotter.hop(told + 0.3)
            for part in (spotter, number, title, right, caption):
                part.enter(comes, 0.4)
        return [board, spotter, number, title, right, was, caption]
