"""Pictures of a classifier: tiles with what it saw and what moved it, and marks for right and wrong.

A tile is one small picture that Cairo enlarges, so it costs a fraction of a millisecond a frame: its pixels are only
mixed anew on frames on which they change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import cv2
import numpy as np
import numpy.typing as npt
from manim import Group, ImageMobject

from rushes import theme as t
from rushes.motion import Moving, Track, ease_out, over, smooth
from rushes.shapes import NOTHING, oval, polyline, shape
from rushes.theme import Color

__all__ = ["Marks", "Place", "Tile", "tiled"]

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SMALL, LARGE = 128, 256  # pixels of a tile's side, drawn up to NEAR px across, or wider
NEAR = 200
CORNER = 0.07  # of the side
SOFT = 0.22  # of the way: how wide the front is along which one picture gives way to the other
BLUR = 0.012  # of the side: a saliency map has the grid of the network's strides in it
BLOOM = 0.05  # of the side: how far the light of a map reaches
SHADES = np.array((0.30, 0.59, 0.11), np.float32)
DIMMED = np.array((0.36, 0.38, 0.47), np.float32)  # how bright a greyed picture stays, a cold tone


class Place(NamedTuple):
    """A square of the frame, px: its middle and its side."""

    x: float
    y: float
    side: float


def tiled(count: int, columns: int, x: float, y: float, side: float, gap: float = 12) -> list[Place]:
    """Places in rows of `columns` from the left and top edge (x, y) px, `side` px each and `gap` px apart."""
    pitch = side + gap
    return [
        Place(x + side / 2 + pitch * (k % columns), y + side / 2 + pitch * (k // columns), side) for k in range(count)
    ]


class Tile(Moving):
    """A picture with rounded corners that can turn over, grey, glow where a classifier looked, become another.

    Numbers: dx, dy (px), scale, alpha; turn (0 face down, 1 face up); grey, heat and swap, each 0 to 1.

    Args:
        picture: (n, n, 3), red, green, blue, 0 to 255.
        place: where it lies.
        heat: (n, n), 0 to 255: how much each pixel mattered. Shown blurred by about a pixel, in `color`.
        other: the picture of the same size that `swap` brings.
        box: left, top, right, bottom in pixels of the picture; then the swap runs along its longer side, else it is
            everywhere at once.
    """

    def __init__(
        self,
        picture: Picture,
        place: Place,
        *,
        heat: Picture | None = None,
        other: Picture | None = None,
        box: Sequence[int] | None = None,
        color: Color = t.POLICY,
        alpha: float = 1.0,
    ) -> None:
        super().__init__(dx=0, dy=0, scale=1, alpha=alpha, turn=1, grey=0, heat=0, swap=0)
        self.place = place
        pixels = LARGE if place.side > NEAR else SMALL
        self._first = _enlarged(picture, pixels)
        self._second = _enlarged(other, pixels) if other is not None else None
        self._order = _order(box, picture.shape[0], pixels) if box is not None else None
        self._color = np.array(t.mix(color, color, 0).to_rgb(), np.float32)
        self._heat = _light(heat, pixels) if heat is not None else None
        self._edge = _rounded(pixels)
        self._back = _back(pixels)
        self._face: tuple[float, ...] = ()
        self._pixels = self._back
        self._posed: tuple[float, ...] = ()
        self.image = ImageMobject(np.zeros((pixels, pixels, 4), np.uint8))
        self.add(self.image)
        self.pose(0.0)

    def enter(self, at: float, seconds: float = t.ENTER, rise: float = 24) -> Self:
        """Fade in while rising `rise` px."""
        return self._appear(at, seconds, dy=self._scheduled("dy")(at) + rise)

    def go(self, at: float, place: Place, seconds: float = t.MOVE) -> Self:
        """Move to another place and take its size."""
        x, y, side = self.place
        return self.to(at, seconds, smooth, dx=place.x - x, dy=place.y - y, scale=place.side / side)

    def turn_up(self, at: float, seconds: float = 0.4) -> Self:
        """Turn the picture up; it lay face down from the start."""
        return self.begin(turn=0).to(at, seconds, smooth, turn=1)

    def pose(self, clock: float) -> None:
        v = self.at(clock)
        posed = tuple(v.values())
        if posed == self._posed:
            return
        self._posed = posed
        wide = abs(float(np.cos(np.pi * v["turn"])))
        if v["alpha"] < 0.004 or wide < 0.02 or v["scale"] < 0.01:
            self.image.points = NOTHING
            return
        half = self.place.side / 2 * v["scale"]
        x, y = self.place.x + v["dx"], self.place.y + v["dy"]
        left, top, right, bottom = x - half * wide, y - half, x + half * wide, y + half
        self.image.points = np.array([t.at(left, top), t.at(right, top), t.at(left, bottom), t.at(right, bottom)])
        face = (v["turn"] > 0.5, v["swap"], v["grey"], v["heat"])
        if face != self._face:
            self._face = face
            self._pixels = self._mixed(v["swap"], v["grey"], v["heat"]) if face[0] else self._back
        rgba = np.empty((*self._pixels.shape[:2], 4), np.uint8)
        rgba[..., :3] = self._pixels
        rgba[..., 3] = self._edge * v["alpha"]
        self.image.pixel_array = rgba

    def _mixed(self, swap: float, grey: float, heat: float) -> Picture:
        """What is on it now."""
        now: npt.NDArray[np.floating[Any]] = self._first
        if self._second is not None and swap > 0:
            share: Floats | float = swap
            if self._order is not None:
                share = np.clip((swap * (1 + SOFT) - self._order) / SOFT, 0, 1)[..., None]
            now = now + share * (self._second - now)
        if grey > 0:
            now = now + grey * ((now @ SHADES)[..., None] * DIMMED - now)
        if self._heat is not None and heat > 0:
            sharp, soft = self._heat
            lit = self._color + 0.55 * (sharp**2) * (1 - self._color)
            now = now + heat * (sharp * (lit - now) + 0.5 * soft * self._color * (1 - sharp))
        return np.asarray(np.clip(np.rint(now * 255), 0, 255), np.uint8)


def _enlarged(picture: Picture, pixels: int) -> Floats:
    bigger = cv2.resize(picture.astype(np.float32) / 255, (pixels, pixels), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(bigger, 0, 1), np.float32)


def _light(heat: Picture, pixels: int) -> tuple[Floats, Floats]:
    """A map as light, and the wider light around it; (pixels, pixels, 1), 0 to 1."""
    flat = cv2.resize(heat.astype(np.float32) / 255, (pixels, pixels), interpolation=cv2.INTER_LINEAR)
    sharp, soft = (cv2.GaussianBlur(flat, (0, 0), much * pixels)[..., None] for much in (BLUR, BLOOM))
    full = np.float32(1e-6)  # a map without anything in it stays dark
    return sharp / max(sharp.max(), full), soft / max(soft.max(), full)


def _order(box: Sequence[int], side: int, pixels: int) -> Floats:
    """When each pixel changes, 0 to 1, as a front runs along the longer side of a box."""
    left, top, right, bottom = box
    across = right - left >= bottom - top
    start, end = (left, right) if across else (top, bottom)
    line = ((np.arange(pixels) + 0.5) * side / pixels - start) / max(end - start, 1)
    shared = np.clip(line, 0, 1).astype(np.float32)
    return np.asarray(np.broadcast_to(shared if across else shared[:, None], (pixels, pixels)))


def _rounded(pixels: int) -> npt.NDArray[np.float32]:
    """Alpha, 0 to 255, of a square with round corners and soft edges."""
    r = CORNER * pixels
    line = np.abs(np.arange(pixels) + 0.5 - pixels / 2) - (pixels / 2 - r)
    far = np.hypot(*np.meshgrid(np.maximum(line, 0), np.maximum(line, 0)))
    return np.asarray(255 * np.clip(r - far + 0.5, 0, 1), np.float32)


def _back(pixels: int) -> Picture:
    """The back of a tile: a card with a frame."""
    line = np.abs((np.arange(pixels) + 0.5) / pixels - 0.5)
    far = np.maximum(*np.meshgrid(line, line))
    frame = (far > 0.38) & (far < 0.405)
    card, edge = (np.array(t.mix(c, c, 0).to_rgb()) * 255 for c in (t.RAISED, t.GRID))
    return np.asarray(np.where(frame[..., None], edge, card), np.uint8)


# ---------------------------------------------------------------- right and wrong
class Marks(Group):
    """What came of each tile: a tick in its corner, or a cross over it. All marks of a kind are one shape.

    Give the tiles of wrong answers `grey` as well. Paint the marks after the tiles. With `beside` a mark fills its
    place instead, which is then one beside a picture that nothing should hide.
    """

    def __init__(self, places: Sequence[Place], color: Color = t.POLICY, *, beside: bool = False) -> None:
        super().__init__()
        self._places = list(places)
        self._ticks, self._crosses = ([Track(0.0) for _ in places] for _ in range(2))
        self._corner, self._share, self._reach = (0.0, 0.5, 0.36) if beside else (0.31, 0.14, 0.26)
        side = min((place.side for place in places), default=100.0)
        self._discs = shape(fill=color)
        self._tick = shape(stroke=t.INK, w=max(0.25 * self._share * side, 3))
        self._under = shape(stroke=t.INK, w=max(0.46 * self._reach * side, 12), opacity=0.55)
        self._cross = shape(stroke=t.PAPER, w=max(0.23 * self._reach * side, 5))
        self._posed: tuple[float, ...] | None = None
        self.add(self._discs, self._tick, self._under, self._cross)
        self.pose(0.0)

    def say(self, at: float, i: int, right: bool | None) -> Self:
        """From `at` on tile `i` is right, wrong, or (None) has no mark."""
        for tracks, wanted in ((self._ticks, right is True), (self._crosses, right is False)):
            if wanted:
                tracks[i].to(at, 0.3, 1.0, over)
            elif tracks[i](at) > 0:
                tracks[i].to(at, 0.12, 0.0, ease_out)
        return self

    def pose(self, clock: float) -> None:
        posed = tuple(track(clock) for track in (*self._ticks, *self._crosses))
        if posed == self._posed:
            return
        self._posed = posed
        discs, ticks, crosses = [NOTHING], [NOTHING], [NOTHING]
        for place, tick, cross in zip(self._places, posed, posed[len(self._places) :], strict=False):
            if tick > 0.01:
                away, r = self._corner * place.side, self._share * place.side * tick
                x, y = place.x + away, place.y + away
                discs.append(oval(x, y, r, r))
                hook = ((-0.45, 0.05), (-0.12, 0.38), (0.48, -0.34))
                ticks.append(polyline(np.array([t.at(x + r * a, y + r * b) for a, b in hook])))
            if cross > 0.01:
                r = self._reach * place.side * cross
                for s in (1, -1):
                    ends = [t.at(place.x - r, place.y - s * r), t.at(place.x + r, place.y + s * r)]
                    crosses.append(polyline(np.array(ends)))
        self._discs.points, self._tick.points = np.vstack(discs), np.vstack(ticks)
        self._under.points = self._cross.points = np.vstack(crosses)
