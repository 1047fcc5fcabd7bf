"""Synthetic pictures of skin: a lesion, benign or malignant, with a ruler beside it or without.

Nobody's skin: every picture is drawn from dice by the code below. A lesion has three traits, drawn around 0.36 if it
is benign and around 0.64 if it is malignant, with enough spread that the two kinds overlap:

    asymmetry    a lobe to one side, and a shape stretched out of round
    border       how far the outline is notched
    colour       how far it is from one even brown: dark and blue-grey patches, a red one
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["SIDE", "TRAITS", "Lesion", "draw", "many"]

SIDE = 64
"""Pixels of a picture's side."""
TRAITS = ("asymmetry", "border", "colour")
BENIGN, MALIGNANT, SPREAD = 0.36, 0.64, 0.20
FINE = 2
"""Everything is drawn so many times larger, then averaged: soft edges."""

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

SKIN = np.array([(240, 208, 184), (228, 186, 155), (205, 156, 122), (172, 122, 92), (128, 88, 66)], dtype=float)
BROWN, DARK, BLUE, RED = (np.array(c, dtype=float) for c in ((122, 74, 48), (44, 28, 26), (74, 74, 88), (140, 66, 54)))
PLASTIC, INK = np.array((240, 240, 234), dtype=float), np.array((38, 38, 44), dtype=float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One lesion, drawn both ways. Pictures are (64, 64, 3), red, green, blue."""

    malignant: bool
    traits: tuple[float, float, float]
    """Asymmetry, border, colour: 0 to 1."""
    plain: Picture
    with_ruler: Picture
    """The same picture, a ruler laid on it: every pixel off the ruler and its shadow is the same."""
    ruler: npt.NDArray[np.bool_]
    """(64, 64): the pixels that the ruler, its shadow included, changes."""
    lesion: npt.NDArray[np.bool_]
    """(64, 64): the pixels that are lesion more than skin."""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The box around the ruler: left, top, right, bottom, in pixels; right and bottom are one beyond."""
        rows, columns = np.nonzero(self.ruler)
        return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def many(dice: np.random.Generator, count: int) -> list[Lesion]:
    """So many lesions: benign and malignant in turn."""
    return [draw(dice, malignant=index % 2 == 1) for index in range(count)]


def draw(dice: np.random.Generator, *, malignant: bool) -> Lesion:
    """One lesion on somebody's skin who does not exist."""
    middle = MALIGNANT if malignant else BENIGN
    asymmetry, border, colour = np.clip(dice.normal(middle, SPREAD, 3), 0.0, 1.0)
    skin = _skin(dice)
    cover, depth, patches = _shape(dice, asymmetry, border)
    paint = _paint(dice, depth, patches, colour, skin.mean(axis=(0, 1)))
    picture = skin + cover[..., None] * (paint - skin)
    picture = _hairs(dice, picture)
    shadow, strip, ink = _ruler(dice)
    ruled = picture * (1 - 0.45 * shadow[..., None])
    ruled = ruled + strip[..., None] * (PLASTIC * (1 - ink[..., None]) + INK * ink[..., None] - ruled)
    grain = dice.normal(0.0, 1.6, (SIDE, SIDE, 1))
    plain, with_ruler = (_whole(_small(one) + grain) for one in (picture, ruled))
    return Lesion(
        malignant=malignant,
        traits=(float(asymmetry), float(border), float(colour)),
        plain=plain,
        with_ruler=with_ruler,
        ruler=np.asarray((plain != with_ruler).any(axis=2)),
        lesion=np.asarray(_small(cover[..., None])[..., 0] > 0.5),
    )


def _skin(dice: np.random.Generator) -> Floats:
    """Skin with a soft light from one side, blotches and pores."""
    tone = dice.uniform(0, len(SKIN) - 1)
    low = int(min(tone, len(SKIN) - 2))
    base = SKIN[low] + (tone - low) * (SKIN[low + 1] - SKIN[low]) + dice.normal(0, 4, 3)
    x, y = _grid()
    angle = dice.uniform(0, 2 * np.pi)
    light = 1 + 0.07 * (np.cos(angle) * x + np.sin(angle) * y) / SIDE
    blotch = _clouds(dice, 18)[..., None] * np.array([2.5, 4.5, 4.0])
    pores = _clouds(dice, 1.5)[..., None] * 3.2
    return np.asarray(base * light[..., None] + blotch + pores)


def _shape(dice: np.random.Generator, asymmetry: float, border: float) -> tuple[Floats, Floats, Floats]:
    """How much of every pixel the lesion covers (0-1), how deep inside it lies (0-1), and clouds for its patches."""
    x, y = _grid()
    x, y = x - dice.normal(0, 2.0), y - dice.normal(0, 2.0)
    turn = dice.uniform(0, 2 * np.pi)
    x, y = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
    stretch = 1 + 0.10 * dice.uniform() + 0.45 * asymmetry
    x, y = x / np.sqrt(stretch), y * np.sqrt(stretch)
    around, away = np.arctan2(y, x), np.hypot(x, y)
    edge = dice.uniform(11.0, 14.5) * (1 + 0.34 * asymmetry * np.cos(around) ** 3)
    turns = np.linspace(-np.pi, np.pi, 361)
    waves = np.arange(2, 17)[:, None]
    strength, phase = dice.normal(size=waves.shape) / waves**0.9, dice.uniform(0, 2 * np.pi, waves.shape)
    notches = (strength * np.cos(waves * turns + phase)).sum(axis=0)
    edge = edge * (1 + (0.015 + 0.145 * border) * np.interp(around, turns, np.clip(notches / notches.std(), -2, 2)))
    edge = edge + (0.3 + 0.7 * border) * _clouds(dice, 3.5)
    softness = 2.0 - 1.2 * border
    cover = 1 / (1 + np.exp(np.clip((away - edge) / softness * 2, -30, 30)))
    return 0.96 * cover, np.clip(1 - away / edge, 0, 1), _clouds(dice, 9)


def _paint(dice: np.random.Generator, depth: Floats, patches: Floats, colour: float, skin: Floats) -> Floats:
    """The lesion's colours."""
    shade = dice.uniform(0.45, 0.85)
    brown = (shade * BROWN + (1 - shade) * skin * 0.72) * (skin.mean() / 200) ** 0.35
    paint = np.broadcast_to(brown, (*depth.shape, 3)).copy()
    paint *= (1.08 - 0.28 * depth + 0.04 * _clouds(dice, 3))[..., None]
    for tint, level, strength in ((DARK, 0.15, 0.95), (BLUE, 0.75, 0.85), (RED, 0.85, 0.7)):
        where = patches if tint is DARK else _clouds(dice, 8)
        much = 1 / (1 + np.exp(-6 * (where - level - 1.6 * (0.5 - colour))))
        paint += (strength * min(1.0, 1.5 * colour) * much)[..., None] * (tint - paint)
    return paint


def _hairs(dice: np.random.Generator, picture: Floats) -> Floats:
    """Up to three thin bent hairs; they say nothing about the label."""
    x, y = _grid()
    for _ in range(dice.integers(0, 4)):
        turn, bend = dice.uniform(0, 2 * np.pi), dice.normal(0, 0.006)
        along = np.cos(turn) * x + np.sin(turn) * y - dice.uniform(-24, 24)
        across = -np.sin(turn) * x + np.cos(turn) * y - dice.uniform(-26, 26) + bend * along**2
        hair = np.exp(-((across / 0.45) ** 2)) * (np.abs(along) < dice.uniform(10, 26))
        picture = picture * (1 - 0.45 * hair[..., None])
    return picture


def _ruler(dice: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """A ruler along one of the four sides, a little askew: its shadow, its strip and its ink, each 0-1 per pixel."""
    x, y = _grid()
    side = int(dice.integers(4))
    x, y = ((x, y), (y, -x), (-x, -y), (-y, x))[side]
    askew = dice.normal(0, 0.035)
    along = np.cos(askew) * x + np.sin(askew) * y + dice.uniform(-4, 4)
    down = -np.sin(askew) * x + np.cos(askew) * y - dice.uniform(20.0, 22.5)  # 0 at the edge with the ticks
    left, right = -dice.uniform(24, 40), dice.uniform(24, 40)
    thick = 13.0

    def soft(distance: Floats, width: float = 0.4) -> Floats:
        return np.asarray(np.clip(0.5 + distance / width, 0, 1))

    blur = 4.5  # pixels
    strip = soft(down) * soft(thick - down) * soft(along - left) * soft(right - along)
    shadow = soft(down, blur) * soft(thick - down, blur) * soft(along - left, blur) * soft(right - along, blur)
    apart = 2.5  # pixels between two millimetres
    number = np.round(along / apart)
    long = np.where(number % 10 == 0, 7.0, np.where(number % 5 == 0, 5.2, 3.4))
    wide = np.where(number % 5 == 0, 0.62, 0.45)
    ink = soft(wide - np.abs(along - number * apart)) * soft(long - down) * soft(down - 0.2)
    return shadow * (1 - strip), strip, 0.92 * ink


def _grid() -> tuple[Floats, Floats]:
    """x to the right and y down, in pixels of the small picture, 0 in its middle."""
    line = (np.arange(SIDE * FINE) + 0.5) / FINE - SIDE / 2
    x, y = np.meshgrid(line, line)
    return x, y


def _clouds(dice: np.random.Generator, size: float) -> Floats:
    """Smooth noise: mean 0, deviation 1, blobs of about `size` pixels."""
    coarse = dice.normal(size=(max(4, round(SIDE / size)),) * 2).astype(np.float32)
    noise = cv2.resize(coarse, (SIDE * FINE, SIDE * FINE), interpolation=cv2.INTER_CUBIC).astype(np.float64)
    return np.asarray((noise - noise.mean()) / noise.std())


def _small(picture: Floats) -> Floats:
    """The mean of every FINE x FINE pixels."""
    return np.asarray(picture.reshape(SIDE, FINE, SIDE, FINE, -1).mean(axis=(1, 3)))


def _whole(picture: Floats) -> Picture:
    return np.asarray(np.clip(np.round(picture), 0, 255), dtype=np.uint8)
