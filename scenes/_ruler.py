"""What the scenes of the ruler share: pictures of the record, which are shown, their caption, tiles with verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Group, Mobject, VMobject

from rushes import theme as t
from rushes.gauge import class_sign
from rushes.pictures import Marks, Place, Tile
from rushes.record import Record, unpacked

Row = Mapping[str, Any]
SIDE = 64  # pixels of a recorded picture
LOW, HIGH = "harmless", "dangerous"
SYNTHETIC = "synthetic"
EARLY = 0.05  # s that a change starts before its word


def pixels(row: Row, column: str) -> npt.NDArray[np.uint8]:
    """A picture (64, 64, 3) or a map (64, 64) of a row."""
    flat = np.frombuffer(unpacked(row[column]), np.uint8)
    return flat.reshape((SIDE, SIDE, 3) if flat.size > SIDE * SIDE else (SIDE, SIDE))


def picked(record: Record, malignant: bool) -> Row:
    """The first held-out lesion of its kind that is told right, its ruler as usual, and wrong with that changed."""
    rows = [row for row in record.pictures() if row["malignant"] == malignant and row["ruler"] == malignant]
    turned = [row for row in rows if right(row, "probability") and not right(row, "probability_swapped")]
    return (turned or rows)[0]


def right(row: Row, column: str) -> bool:
    """Whether a probability of the row says what the lesion is."""
    return bool((row[column] > 0.5) == row["malignant"])


def usual(row: Row, place: Place, **more: Any) -> Tile:
    """A lesion with a ruler or without, as in training; its swap is to the other."""
    now, then = ("picture", "picture_removed") if row["ruler"] else ("picture_removed", "picture")
    return Tile(pixels(row, now), place, other=pixels(row, then), box=row["box"], **more)


def ruler_place(row: Row, place: Place) -> tuple[float, float]:
    """The middle of the ruler, px of the frame."""
    left, top, right_edge, bottom = row["box"]
    k = place.side / SIDE
    return place.x + ((left + right_edge) / 2 - SIDE / 2) * k, place.y + ((top + bottom) / 2 - SIDE / 2) * k


def which(record: Record, row: Row) -> str:
    """For the slate: which of the held-out pictures this is."""
    return f"held-out {row['index'] + 1} of {record.facts['held_out']:.0f}"


def stage(spotter: tuple[float, float, float]) -> tuple[Mobject, Mobject]:
    """The set with the shadow of the classifier, which stands at x, y (px) and is so high."""
    x, y, h = spotter
    place = t.backdrop(centre=(0.5, 0.4), floor=t.ground()[0], floor_at=(x / t.frame_px()[0], 0.35))
    return place, t.floor_shadow(x, y, 0.8 * h)


def caption(x: float, y: float, align: t.Align = "c", words: str = SYNTHETIC) -> t.TextLine:
    """Beside every picture of skin: nobody's."""
    return t.put(t.text(words, t.T_LABEL, t.MUTED), x, y, align)


class Board(Group):
    """The kept held-out pictures as tiles with what a model says of each: right, or grey and crossed out.

    `who` is the model: "" or "control_". Rulers lie as in training until they are swapped.
    """

    TURNS, SWAPS, LATER = 0.4, 0.35, 0.15  # s: a tile turns up, changes its ruler; and from then to its mark

    def __init__(self, record: Record, places: Sequence[Place], who: str = "", alpha: float = 1.0) -> None:
        super().__init__()
        self._rows, self._who = record.pictures()[: len(places)], who
        self.tiles = [usual(row, place, alpha=alpha) for row, place in zip(self._rows, places, strict=False)]
        self._marks = Marks(places)
        self.add(*self.tiles, self._marks)

    def turn_up(self, begin: float, end: float) -> Board:
        """Every tile turns up and is judged, one after the other, the last one done at `end`."""
        apart = (end - begin - self.TURNS - self.LATER) / len(self.tiles)
        for i, tile in enumerate(self.tiles):
            tile.turn_up(begin + i * apart, self.TURNS)
        return self.judge(begin + self.TURNS, apart, "probability")

    def judge(self, begin: float, apart: float, column: str) -> Board:
        """Marks come one after the other, and what is wrong turns grey."""
        for i, (row, tile) in enumerate(zip(self._rows, self.tiles, strict=True)):
            at, well = begin + i * apart, right(row, self._who + column)
            self._marks.say(at, i, well)
            tile.to(at, 0.2, grey=0.0 if well else 0.85)
        return self

    def swap(self, begin: float, between: float, end: float) -> Board:
        """Every ruler goes and every other picture gets one; from `between` on each tile is judged again."""
        apart = (between - begin - self.SWAPS) / len(self.tiles)
        for i, tile in enumerate(self.tiles):
            tile.to(begin + i * apart, self.SWAPS, swap=1)
        return self.judge(between, (end - between) / len(self.tiles), "probability_swapped")

    def pose(self, clock: float) -> None:
        for part in (*self.tiles, self._marks):
            part.pose(clock)


def verdict(high: bool, x: float, y: float, size: float = t.T_BIG) -> tuple[VMobject, VMobject]:
    """A class by sign and word, left edge and baseline at (x, y) px."""
    r = 0.5 * size
    word = t.put(t.text(HIGH if high else LOW, size, weight=t.BOLD), x + 2 * r + 0.36 * size, y)
    return class_sign(high, x + r, y - 0.34 * size, r), word
