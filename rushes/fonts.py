"""Letters: a line of text in one of the film's own fonts -> its outline.

HarfBuzz shapes and draws straight from the files in `assets/fonts`, so a system font can never slip in, a line
takes a tenth of a millisecond, and positions are not rounded to whole pixels as Pango's are. No Manim in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import uharfbuzz as hb  # type: ignore[import-untyped]  # it ships no types

from rushes.errors import RushesError

__all__ = ["DISPLAY", "FILES", "MONO", "SANS", "FontError", "Outline", "advance", "outline"]

Points = npt.NDArray[np.float64]

SANS, DISPLAY, MONO = "Inter", "Inter Display", "JetBrains Mono"
REGULAR, BOLD, HEAVY = "regular", "bold", "heavy"
FOLDER = Path(__file__).parent.parent / "assets" / "fonts"
FILES = {
    (SANS, REGULAR): "Inter-Regular.otf",
    (SANS, BOLD): "Inter-Bold.otf",
    (DISPLAY, BOLD): "InterDisplay-Bold.otf",
    (DISPLAY, HEAVY): "InterDisplay-ExtraBold.otf",
    (MONO, REGULAR): "JetBrainsMono-Regular.ttf",
    (MONO, BOLD): "JetBrainsMono-Bold.ttf",
}


class FontError(RushesError):
    """A font file that ships with the project is not there, or a weight was asked for that does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A line of text with its baseline's start at (0, 0); lengths in ems, y upwards."""

    points: Points
    """Cubic Bezier curves, shape (4 * curves, 3), the way Manim keeps them; read-only."""
    advance: float
    """Width with its side bearings: where the next character would start."""
    missing: str
    """Characters that the font lacks; each is drawn as an empty box."""


class _Pen:
    """Collects a glyph's contours as cubic curves: lines and TrueType's quadratics are raised to cubics."""

    def __init__(self) -> None:
        self.curves: list[tuple[float, ...]] = []
        self.start = self.now = (0.0, 0.0)

    def move(self, x: float, y: float) -> None:
        self.start = self.now = (x, y)

    def cubic(self, ax: float, ay: float, bx: float, by: float, x: float, y: float) -> None:
        self.curves.append((*self.now, ax, ay, bx, by, x, y))
        self.now = (x, y)

    def line(self, x: float, y: float) -> None:
        x0, y0 = self.now
        if (x0, y0) != (x, y):
            self.cubic(x0 + (x - x0) / 3, y0 + (y - y0) / 3, x0 + (x - x0) * 2 / 3, y0 + (y - y0) * 2 / 3, x, y)

    def quadratic(self, cx: float, cy: float, x: float, y: float) -> None:
        x0, y0 = self.now
        self.cubic(x0 + (cx - x0) * 2 / 3, y0 + (cy - y0) * 2 / 3, x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, x, y)

    def close(self) -> None:
        self.line(*self.start)


def _draw_functions() -> hb.DrawFuncs:
    f = hb.DrawFuncs()
    f.set_move_to_func(lambda x, y, pen: pen.move(x, y))
    f.set_line_to_func(lambda x, y, pen: pen.line(x, y))
    f.set_cubic_to_func(lambda ax, ay, bx, by, x, y, pen: pen.cubic(ax, ay, bx, by, x, y))
    f.set_quadratic_to_func(lambda cx, cy, x, y, pen: pen.quadratic(cx, cy, x, y))
    f.set_close_path_func(lambda pen: pen.close())
    return f


@cache
def _font(name: str, weight: str) -> hb.Font:
    file = FILES.get((name, weight))
    if file is None:
        have = ", ".join(f"{n} {w}" for n, w in FILES)
        raise FontError(f"there is no font '{name}' of the weight '{weight}' in {FOLDER.name}/\n  there is: {have}")
    path = FOLDER / file
    if not path.is_file():
        raise FontError(f"{path} is missing\n  it ships with the project: git checkout {path}")
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


@cache
def _glyph(font: str, weight: str, glyph: int) -> Points:
    """A glyph's cubic curves in the font's units, shape (curves, 4, 2); read-only."""
    pen = _Pen()
    _font(font, weight).draw_glyph(glyph, _draw_functions(), pen)
    curves = np.array(pen.curves).reshape(-1, 4, 2)
    curves.flags.writeable = False
    return curves


class _Shaped(NamedTuple):
    """Glyphs and where they stand; the font's units."""

    glyphs: tuple[int, ...]
    places: tuple[tuple[float, float], ...]
    advance: float
    missing: str


@lru_cache(maxsize=8192)
def _shaped(s: str, font: str, weight: str, tabular: bool) -> _Shaped:
    hb_font = _font(font, weight)
    if not s:
        return _Shaped((), (), 0.0, "")
    buffer = hb.Buffer()
    buffer.add_str(s)
    buffer.guess_segment_properties()
    mono = font == MONO
    hb.shape(hb_font, buffer, {"kern": not tabular, "liga": not mono, "calt": not (mono or tabular), "tnum": tabular})
    x, glyphs, places, missing = 0.0, [], [], []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            missing.append(s[info.cluster])
        glyphs.append(info.codepoint)
        places.append((x + place.x_offset, float(place.y_offset)))
        x += place.x_advance
    return _Shaped(tuple(glyphs), tuple(places), x, "".join(dict.fromkeys(missing)))


def advance(s: str, font: str = SANS, weight: str = REGULAR, tabular: bool = False) -> float:
    """The width in ems that a line would take, with its side bearings, without its outline."""
    return _shaped(s, font, weight, tabular).advance / float(_font(font, weight).face.upem)


@lru_cache(maxsize=8192)
def outline(s: str, font: str = SANS, weight: str = REGULAR, tabular: bool = False) -> Outline:
    """Shape one line with kerning and without ligatures in mono; `tabular` gives all digits one width, unkerned.

    Raises FontError when the file is not in assets/fonts. Cached for the life of the process.
    """
    em = float(_font(font, weight).face.upem)
    shaped = _shaped(s, font, weight, tabular)
    curves = [_glyph(font, weight, glyph) + place for glyph, place in zip(shaped.glyphs, shaped.places, strict=True)]
    flat = np.concatenate(curves).reshape(-1, 2) / em if curves else np.zeros((0, 2))
    points = np.zeros((len(flat), 3))
    points[:, :2] = flat
    points.flags.writeable = False
    return Outline(points=points, advance=shaped.advance / em, missing=shaped.missing)
