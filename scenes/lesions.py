"""From language to pictures: a program that is to tell harmless spots from dangerous ones, and whose skin this is."""

from __future__ import annotations

from typing import NamedTuple

import _ruler as ours
from _spotter import Spotter
from manim import VGroup

from rushes import theme as t
from rushes.motion import Sprite, fall, rise
from rushes.pictures import Marks, Place, Tile
from rushes.rig import Rig, shadow
from rushes.scene import RunScene

CUES = ("language-models", "a-program", "spots-on-the-skin", "harmless", "dangerous", "a-real-one", "made-up")
PAIRS = 4  # first lesions of each kind that are shown
TURN = 0.18  # s of half a turn
SOURCE, WHAT = "Narla et al., 2018", "a real classifier"


class Places(NamedTuple):
    """Where things are, px."""

    pictures: tuple[Place, Place]
    names: float  # baseline
    caption: tuple[float, float]
    page: Place
    apprentice: tuple[float, float, float]  # from, to, height
    spotter: tuple[float, float, float]


WIDE = Places(
    pictures=(Place(830, 370, 440), Place(1380, 370, 440)),
    names=668,
    caption=(1105, 762),
    page=Place(960, 310, 300),
    apprentice=(960, 2120, 360),
    spotter=(300, 862, 400),
)
TALL = Places(
    pictures=(Place(285, 620, 400), Place(715, 620, 400)),
    names=892,
    caption=(500, 970),
    page=Place(500, 720, 360),
    apprentice=(500, 1300, 340),
    spotter=(500, 1374, 330),
)


class Lesions(RunScene):
    """The Apprentice makes room for a camera; two spots, harmless and dangerous; face down, then only made-up ones."""

    runs = {"run": "ruler"}
    alone = 16.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        language, program, spots, harmless, dangerous, real, made = (self.cue(name) - ours.EARLY for name in CUES)
        kinds = [[row for row in record.pictures() if row["malignant"] is bad][:PAIRS] for bad in (False, True)]
        last = max(row["index"] for rows in kinds for row in rows) + 1
        place, dark = ours.stage(p.spotter)
        self.bake(place)
        titles = [Sprite(t.kicker("Not only language")).leave(program - 0.3)]
        titles.append(Sprite(t.kicker("A program that looks")).enter(program, rise=0))
        stood = Sprite(dark, alpha=0.0).enter(program, 0.5, rise=0)
        slate = Sprite(t.slate(record, f"held-out 1–{last} of {record.facts['held_out']:.0f}"), alpha=0.0)
        slate.enter(spots, rise=0)

        turn = self.cue("our-pictures", made - 0.6) - ours.EARLY
        mark, work = self.cue("the-mark", 0.4) - ours.EARLY, self.cue("the-work", 1.4) - ours.EARLY
        pupil = Rig("apprentice", p.apprentice[0], t.ground()[1], p.apprentice[2], seed=4, mood=0.5)
        pupil.look_at(0.15, p.page.x, p.page.y).hop(max(mark, 0.3) + t.BEAT, 22).look_out(work + 0.8)
        pupil.to(language, 0.3, la="out", ra="out").react(language, 0.1, amount=0.03)  # who, me?
        leaves = max(program - 1.0, language + 0.6)
        pupil.look_at(leaves - 0.25, p.apprentice[1], 500).to(leaves - 0.1, 0.3, la="down", ra="down")
        pupil.walk(leaves, p.apprentice[1], 1.1, steps=4)

        spotter = Spotter(*p.spotter).enter(program, 0.5)
        spotter.look_at(spots + 0.1, *p.pictures[0][:2])
        tiles: list[Tile] = []
        names: list[Sprite] = []
        for k, (rows, place, at) in enumerate(zip(kinds, p.pictures, (harmless, dangerous), strict=True)):
            tiles += _pile(rows, place, (spots + 0.2 * k, real + 0.1 * k, turn + 0.15 * k), self.seconds - 0.6)
            names.append(_name(bool(k), place.x, p.names).enter(at, 0.3).leave(real - 0.25, 0.2))
            spotter.look_at(at - 0.1, *place[:2])
        x, y = p.caption[0], p.names
        source = [
            Sprite(t.put(t.text(SOURCE, t.T_BIG, weight=t.BOLD), x, y, "c"), alpha=0.0).enter(real),
            Sprite(t.put(t.text(WHAT, t.T_BODY, t.MUTED), x, y + 64, "c"), alpha=0.0).enter(real + 0.4),
        ]
        for line in source:
            line.leave(turn - 0.1)
        caption = Sprite(ours.caption(*p.caption), alpha=0.0).enter(spots, rise=0)
        loud = Sprite(t.put(t.text(ours.SYNTHETIC, t.T_BIG, weight=t.BOLD), x, y + 10, "c"), alpha=0.0)
        caption.leave(real + 0.1, 0.2)
        loud.enter(turn + 0.15, 0.25).pulse(made + 0.1)  # with the pictures; it is said at "made up"
        spotter.look_at(real, x, y).look_at(turn, *p.pictures[0][:2]).look_at(made + 1.2, *p.pictures[1][:2])
        spotter.look_out(self.seconds - 1.0)
        page = _page(p.page, mark, work, leaves)
        self.live(*titles, slate, shadow(pupil), pupil, stood, *page, *tiles, *names, *source, caption, loud, spotter)


def _page(place: Place, mark: float, work: float, leaves: float) -> tuple[Sprite, Sprite, Marks]:
    """A written page gets its mark; then the writing goes, and the mark stays."""
    x, y, h = place
    w = 1.25 * h
    sheet = Sprite(t.card(x - w / 2, y - h / 2, w, h, t.PANEL, stroke=t.GRID, sw=4))
    left, lines = x - 0.4 * w, []
    for k, long in enumerate((0.74, 0.66, 0.78, 0.42)):  # of the width
        line = y + (k - 1.5) * 0.2 * h
        lines.append(t.rule(left, line, left + long * w, line, t.MUTED, 12))
    writing = Sprite(*lines).to(work, 0.5, alpha=0.0)
    stamp = Marks([Place(x + 0.44 * w, y + 0.4 * h, 0.42 * h)], t.VALUES, beside=True).say(max(mark, 0.15), 0, True)
    stamp.say(leaves, 0, None)
    return sheet.leave(leaves), writing, stamp


def _pile(rows: list[ours.Row], place: Place, times: tuple[float, float, float], end: float) -> list[Tile]:
    """Pictures at one place: the first is dealt and turned face down; from a third time on the next ones turn up."""
    dealt, down, up = times
    tiles = [ours.usual(row, place, alpha=0.0) for row in rows]
    tiles[0].enter(dealt, 0.5).to(down, 2 * TURN, turn=0)
    apart = max((end - up) / len(tiles), 2 * TURN + 0.1)
    for k, (tile, following) in enumerate(zip(tiles, [*tiles[1:], None], strict=True)):
        at = up + k * apart
        if following is None:
            break
        tile.to(at, TURN, fall, turn=0.5).to(at + TURN, 0, alpha=0.0)
        following.begin(turn=0.5).to(at + TURN, 0, alpha=1.0).to(at + TURN, TURN, rise, turn=1)
    return tiles


def _name(high: bool, x: float, y: float) -> Sprite:
    """A class, its sign and word around x px."""
    parts = VGroup(*ours.verdict(high, x, y, t.T_BODY))
    left, _, right, _ = t.bounds(parts)
    return Sprite(parts.shift((t.px(x - (left + right) / 2), 0, 0)), alpha=0.0)
