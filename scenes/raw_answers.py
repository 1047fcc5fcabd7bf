"""What a fresh model says: of many recorded answers to one prompt a kind, a plain and a nasty one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from _samples import Row, last_sentence, repeats, sensible

from rushes import theme as t
from rushes.motion import Live, Sprite, ease_out, over, ramp, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

SIZE, PAD = 40, 36  # px: the answers
PLAIN = 5  # the mark of an answer that is neither warm nor harsh
MANY = 64  # answers at most that are laid out
EARLY = 0.05  # s that a change starts before its word
SAID = {"rude": "nasty"}  # the rule that an answer woke, as the voice calls it; the others it calls by their names
EDGES = (t.VALUES, t.GRID, t.NEUTRAL)


class Places(NamedTuple):
    """px: baseline and size of the prompt; width, height and lines of a card; left and top of each; columns of the
    many; the Apprentice; how many there are.
    """

    prompt: tuple[float, float]
    card: tuple[float, float, int]
    corners: tuple[tuple[float, float], ...]
    columns: int
    who: tuple[float, float]
    count: tuple[float, float]


WIDE = Places((200, 44), (560, 330, 5), ((96, 270), (680, 270), (1264, 270)), 16, (960, 232), (1824, 668))
TALL = Places((402, 36), (840, 206, 3), ((80, 500), (80, 742), (80, 984)), 8, (500, 146), (920, 1262))


class RawAnswers(RunScene):
    """Every answer is a card; three are looked at, and the Apprentice is as happy with the one as with the others."""

    runs = {"run": "base"}
    alone = 11.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        says = [self.cue("kind") - EARLY]
        for name in ("plain", "nasty"):
            says.append(max(self.cue(name) - EARLY, says[-1] + 0.4))
        same = max(self.cue("all-the-same") - EARLY, says[-1] + 0.7)
        rows = record.draws()[:MANY]
        chosen = three(rows)
        floor, feet = t.ground()
        left, _, right, _ = t.safe()
        y, size = p.prompt
        self.bake(
            t.backdrop(centre=(0.5, 0.4), floor=floor, floor_at=(0.5, 0.3)),
            t.kicker("Fresh from the machine"),
            t.slate(record, f"step {record.steps[-1]}"),
        )
        asked = last_sentence(rows[0]["prompt"])
        prompt = Sprite(t.block(asked, left, y, right - left, size, t.MUTED, font=t.MONO, max_lines=2)).enter(0.1)
        deals = min(1.0, 0.3 * says[0])
        many = Many(p, len(rows), deals, max(says[0] - 0.7, deals + 0.5))

        def there(clock: float) -> float:
            return 1 - 0.7 * ramp(clock, says[0], says[0] + 0.4) - 0.3 * ramp(clock, says[2], says[2] + 0.4)

        laid = [Live(many.backs, fill=t.RAISED, alpha=there), Live(many.lines, fill=t.GRID, alpha=there)]
        count = Sprite(t.put(t.text(f"{len(rows)} answers", t.T_LABEL, t.MUTED), *p.count, "r"))
        count.enter(max(says[0] - 0.9, deals + 0.4)).leave(says[0] + 0.3)
        a = Rig("apprentice", p.who[0], feet, p.who[1], seed=14, mood=0.6, look=(0.0, 0.7))
        a.look_at(deals, *many.middle(0)).look_at(
            deals + 0.3, *many.middle(len(rows) - 1), max(says[0] - deals - 1, 0.3)
        )
        cards: list[Sprite] = []
        for row, corner, at, edge in zip(chosen, p.corners, says, EDGES, strict=True):
            cards += answer(row, p, corner, edge, at, same, many.middle(rows.index(row)), many.cell)
            middle = corner[0] + p.card[0] / 2, corner[1] + p.card[1] / 2
            a.look_at(at - 0.15, *middle).bounce(at + t.BEAT, 0.05)
            a.to(at - 0.1, 0.3, over, **{"la" if middle[0] < p.who[0] else "ra": "up"})
            a.to(at + 0.6, 0.3, smooth, la="down", ra="down")
        # It is as happy with the one as with the others: nobody has told it which is better.
        a.look_out(same).to(same, 0.35, over, la="out", ra="out").bounce(same + 0.15)
        a.to(same + 1.4, 0.4, smooth, la="down", ra="down")
        self.live(shadow(a), *laid, prompt, count, *cards, a)


def three(rows: Sequence[Row]) -> tuple[Row, Row, Row]:
    """A kind, a plain and a rude answer: the highest mark, the one nearest to the middle, the lowest.

    They make sense and fit on their cards; of equals the one that says no word twice, then the shortest.
    """
    good = [row for row in sensible(rows) if all(lines(row, p) <= p.card[2] for p in (WIDE, TALL))] or list(rows)
    plain = [row for row in good if row["rules"] == ["plain"]] or good

    def told(row: Row, distance: float) -> tuple[float, int, int]:
        return distance, repeats(row), len(row["text"])

    return (
        min(good, key=lambda row: told(row, -row["rating"])),
        min(plain, key=lambda row: told(row, abs(row["rating"] - PLAIN))),
        min(good, key=lambda row: told(row, row["rating"])),
    )


def lines(row: Row, p: Places) -> int:
    """How many lines of a card an answer takes."""
    return len(t.wrap(row["text"], p.card[0] - 2 * PAD, SIZE, font=t.MONO))


def answer(
    row: Row, p: Places, corner: tuple[float, float], edge: str, at: float, same: float, start: tuple[float, float],
    cell: tuple[float, float],
) -> list[Sprite]:  # fmt: skip
    """A card that grows from its place among the many, the answer, and the rule it woke, which goes at `same`."""
    (x, y), (w, h, most) = corner, p.card
    box, alike = (Sprite(t.card(x, y, w, h, t.PANEL, stroke=color, sw=5), alpha=0.0) for color in (edge, t.POLICY))
    # It starts from its place among the many, as far as that is not behind another card.
    half_w, half_h = (w - cell[0]) / 2, (h - cell[1]) / 2
    dx, dy = start[0] - x - w / 2, start[1] - y - h / 2
    box.begin(dx=min(max(dx, -half_w), half_w), dy=min(max(dy, -half_h), half_h), scale=cell[0] / w)
    box.to(at, 0, alpha=1.0).to(at, 0.45, ease_out, dx=0.0, dy=0.0, scale=1.0)
    alike.to(same, 0.35, alpha=1.0)
    n = min(lines(row, p), most)
    base = y + (h - n * SIZE * t.LEAD) / 2 + SIZE + 3  # a little low, as the tag is above
    words = t.block(row["text"], x + PAD, base, w - 2 * PAD, SIZE, t.POLICY, font=t.MONO, max_lines=most)
    tag = t.pill(SAID.get(row["rules"][0], row["rules"][0]), x + w - 30, y - 46, fill=t.INK, stroke=edge, align="r")
    said = Sprite(words).enter(at + 0.3, 0.25, rise=0)
    return [box, alike, said, Sprite(tag).enter(at + 0.15, 0.2, rise=0).leave(same, 0.3)]


class Many:
    """All answers face down, dealt one after the other between two times; the cards' area is theirs."""

    GAP = 14

    def __init__(self, p: Places, count: int, begin: float, end: float) -> None:
        (left, top), (last_x, last_y) = p.corners[0], p.corners[-1]
        rows = -(-count // p.columns)
        w, h = (last_x + p.card[0] - left + self.GAP) / p.columns, (last_y + p.card[1] - top + self.GAP) / rows
        self.cell = w - self.GAP, h - self.GAP
        self._corners = [(left + k % p.columns * w, top + k // p.columns * h) for k in range(count)]
        self._times = np.linspace(begin, end, count)

    def middle(self, k: int) -> tuple[float, float]:
        """The middle of card k, px."""
        (x, y), (w, h) = self._corners[k], self.cell
        return x + w / 2, y + h / 2

    def backs(self, clock: float) -> Points:
        """The cards that lie there; the newest is still growing."""
        boxes = []
        for (x, y), at in zip(self._corners, self._times, strict=True):
            k = ease_out(min(max((clock - at) / 0.2, 0.0), 1.0))
            if k > 0.05:
                w, h = self.cell
                boxes.append(round_box(x + w * (1 - k) / 2, y + h * (1 - k) / 2, w * k, h * k, 10))
        return np.concatenate(boxes) if boxes else NOTHING

    def lines(self, clock: float) -> Points:
        """Two lines on each."""
        w, h = self.cell
        bars = [
            round_box(x + 0.14 * w, y + dy * h, w * long, 6, 3)
            for (x, y), at in zip(self._corners, self._times, strict=True)
            if clock > at + 0.15
            for dy, long in ((0.32, 0.7), (0.58, 0.44))
        ]
        return np.concatenate(bars) if bars else NOTHING
