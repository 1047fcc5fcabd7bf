"""What the scenes of the ruler share: pictures of the record and which are shown, their caption, the classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Group, Mobject, VGroup, VMobject

from rushes import theme as t
from rushes.gauge import class_sign
from rushes.motion import Moving, Sprite, ease_out, fall, linear, over
from rushes.pictures import Marks, Place, Tile
from rushes.record import Record, unpacked
from rushes.shapes import oval, polyline, shape

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


class Spotter(Moving):
    """The classifier, as a camera on a stand whose one eye goes to what is spoken of; it blinks now and then.

    (x, y) px is where it stands and `h` its height. Numbers: look_x, look_y (-1 to 1), scale, dx, alpha.
    """

    BLINKS = 2.9  # s from one to the next

    def __init__(self, x: float, y: float, h: float, alpha: float = 1.0) -> None:
        super().__init__(dx=0, dy=0, scale=1, alpha=alpha, look_x=0, look_y=0)
        self._eye = (x, y - 0.66 * h)
        self._r = 0.155 * h
        body = _body(x, y, h)
        cx, cy = self._eye
        iris = [shape(oval(cx, cy, self._r, self._r), fill=t.POLICY)]
        iris.append(shape(oval(cx, cy, 0.52 * self._r, 0.52 * self._r), fill=t.INK))
        iris.append(shape(oval(cx - 0.34 * self._r, cy - 0.36 * self._r, 0.2 * self._r, 0.2 * self._r), fill=t.PAPER))
        pivot = (x, y)
        self._body, self._iris = Sprite(body, pivot=pivot), Sprite(*iris, pivot=self._eye)
        self._mirror = Sprite(*_mirror(x, y, h), alpha=0.0).begin(dy=-0.35 * h)
        self._h = h
        for part in (self._body, self._iris):
            part.drive(alpha=lambda clock: self.at(clock)["alpha"])
        self._body.drive(dx=lambda c: self.at(c)["dx"], dy=lambda c: self.at(c)["dy"])
        self._iris.drive(dx=self._across, dy=self._down, flip=self._blink)
        self.add(self._body, self._iris, self._mirror)
        self.pose(0.0)

    def enter(self, at: float, seconds: float = t.ENTER, rise: float = 40) -> Spotter:
        """Fade in while rising `rise` px."""
        self._appear(at, seconds, dy=rise)
        return self

    def promote(self, at: float) -> Spotter:
        """A doctor's head mirror comes down on it; put it up before the first frame with a time below 0."""
        self._mirror.to(at, 0.35, fall, dy=0).to(at, 0.12, alpha=1.0)
        self._mirror.to(at + 0.35, 0.09, ease_out, dy=-0.03 * self._h).to(at + 0.44, 0.09, fall, dy=0)
        return self

    def demote(self, at: float) -> Spotter:
        """The mirror tips over and falls off."""
        drop = 0.94 * self._h
        self._mirror.to(at, 0.25, rot=-0.5, dx=0.2 * self._h).to(at + 0.25, 0.45, fall, dy=drop, rot=-2.2)
        self._mirror.to(at + 0.25, 0.45, linear, dx=0.6 * self._h).leave(at + 0.9)
        return self

    def look_at(self, at: float, x: float, y: float, seconds: float = 0.2) -> Spotter:
        """The eye goes to a place of the frame, px."""
        dx, dy = x - self._eye[0], y - self._eye[1]
        far = max(float(np.hypot(dx, dy)), 1.0)
        self.to(at, seconds, over, look_x=dx / far, look_y=dy / far)
        return self

    def look_out(self, at: float) -> Spotter:
        """It looks at us."""
        self.to(at, 0.2, over, look_x=0, look_y=0)
        return self

    def _across(self, clock: float) -> float:
        v = self.at(clock)
        return v["dx"] + 0.42 * self._r * v["look_x"]

    def _down(self, clock: float) -> float:
        v = self.at(clock)
        return v["dy"] + 0.42 * self._r * v["look_y"]

    def _blink(self, clock: float) -> float:
        since = (clock + 1.2) % self.BLINKS
        return float(np.interp(since, (0, 0.05, 0.08, 0.17), (0, 0.46, 0.46, 0)))

    def pose(self, clock: float) -> None:
        self._body.pose(clock)
        self._iris.pose(clock)
        self._mirror.pose(clock)


def _mirror(x: float, y: float, h: float) -> list[VMobject]:
    """A doctor's round mirror with a hole, above the eye."""
    y -= h
    parts = ((0.17, t.MUTED), (0.135, t.PAPER), (0.04, t.PANEL))
    return [t.disc(x, y, share * h, color) for share, color in parts]


def _body(x: float, y: float, h: float) -> VGroup:
    """Stand, box, viewfinder and the rim of the eye."""
    w, top = 0.86 * h, y - 0.94 * h
    legs = [
        shape(
            polyline(np.array([t.at(x, y - 0.4 * h), t.at(x + s * 0.3 * h, y)])), stroke=t.SHADE[t.NEUTRAL], w=0.06 * h
        )
        for s in (-1, 1)
    ]
    box = t.card(x - w / 2, top, w, 0.56 * h, t.NEUTRAL, r=0.12 * h)
    box.set_fill([t.SHADE[t.NEUTRAL], t.NEUTRAL]).set_sheen_direction((0, 1, 0))
    hump = t.card(x - 0.2 * h, top - 0.07 * h, 0.22 * h, 0.14 * h, t.NEUTRAL, r=0.04 * h)
    lamp = t.disc(x + 0.34 * h, top + 0.09 * h, 0.032 * h, t.POLICY)
    rim = [t.disc(x, y - 0.66 * h, 0.255 * h, t.SHADE[t.NEUTRAL]), t.disc(x, y - 0.66 * h, 0.225 * h, t.PAPER)]
    return VGroup(*legs, hump, box, lamp, *rim)
