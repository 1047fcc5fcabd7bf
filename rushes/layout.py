"""Layout: what is wrong with a frame, asked of the things in it.

Text that leaves the safe area, stands among the captions, meets other text or is too small is found while a shot
renders, so that nobody has to find it by watching. `lint.py` looks at a whole shot.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import manim
import numpy as np
from manim import Mobject

from rushes import fonts
from rushes import theme as t

__all__ = ["Box", "Line", "Problem", "Text", "covered", "lines", "moved", "problems", "texts"]

SMALLEST = 27.5  # px at 1080p, as 28 is: small print; what has to be read to follow a film has 36
LOOSE = 12.0  # px that text may be outside the safe area: a letter's overhang, a pill's edge
VISIBLE = 0.3  # alpha below which a thing is coming or going
TOUCH = 3.0  # px two boxes may share: boxes are looser than letters
QUICK = 60.0  # px a second; what goes faster is on its way


Box = tuple[float, float, float, float]
"""Left, top, right and bottom, px."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a frame, in words."""

    second: float
    message: str
    text: str = ""
    """What it is about, if a movement could explain it."""

    def __str__(self) -> str:
        return f"at {self.second:.1f} s {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Text as it is seen now; lengths in px."""

    line: Mobject
    string: str
    size: float
    alpha: float
    box: Box

    @property
    def on_stage(self) -> bool:
        """Whether some of it is inside the frame."""
        left, top, right, bottom = self.box
        width, height = t.frame_px()
        return right > 0 and left < width and bottom > 0 and top < height


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Text):
    """A line that we set: of Manim's own texts only the place is looked at."""

    line: t.TextLine


def texts(mobjects: Iterable[Mobject]) -> list[Text]:
    """Every text among `mobjects` that is seen, each once: our lines, then Manim's own."""
    ours: dict[int, t.TextLine] = {}
    others: dict[int, manim.Text | manim.MarkupText] = {}
    for m in mobjects:
        for part in m.get_family():
            if isinstance(part, t.TextLine):
                if len(part.points):
                    ours.setdefault(id(part), part)
            elif isinstance(part, manim.Text | manim.MarkupText):
                others.setdefault(id(part), part)
    found: list[Text] = [_line(line, alpha) for line in ours.values() if (alpha := _alpha(line)) > VISIBLE]
    found += [text for m in others.values() if (text := _of_manim(m)).alpha > VISIBLE]
    return [text for text in found if text.string.strip()]


def lines(mobjects: Iterable[Mobject]) -> list[Line]:
    """Every line among `mobjects` that is seen, each once."""
    return [text for text in texts(mobjects) if isinstance(text, Line)]


def _of_manim(m: manim.Text | manim.MarkupText) -> Text:
    """Where it stands, and nothing of its size."""
    w, h = t.frame_px()
    inked = [part for part in m.get_family() if len(part.points)]
    points = np.concatenate([part.points for part in inked]) * t.UNIT if inked else np.zeros((1, 3))
    (left, low), (right, high) = points[:, :2].min(0), points[:, :2].max(0)
    return Text(
        line=m,
        string=" ".join(str(m.original_text).split()),
        size=math.inf,
        alpha=max((float(part.get_fill_opacity()) for part in inked), default=0.0),
        box=(left + w / 2, h / 2 - high, right + w / 2, h / 2 - low),
    )


def _alpha(line: t.TextLine) -> float:
    return float(line.fill_rgbas[:, 3].max())


def _line(line: t.TextLine, alpha: float) -> Line:
    w, h = t.frame_px()
    # every fourth point is on the outline itself
    x, y = line.points[::4, 0], line.points[::4, 1]
    left, right = float(x.min()) * t.UNIT + w / 2, float(x.max()) * t.UNIT + w / 2
    box = left, h / 2 - float(y.max()) * t.UNIT, right, h / 2 - float(y.min()) * t.UNIT
    size = line.size * (right - left) / (_inked(line.string, line.font, line.weight) * line.size or 1.0)
    return Line(line=line, string=line.string, size=size, alpha=alpha, box=box)


@lru_cache(maxsize=8192)
def _inked(string: str, font: str, weight: str) -> float:
    """Width in ems as it is set, before a scene scales it."""
    across = fonts.outline(string, font, weight, False).points[:, 0]
    return float(across.max() - across.min())


def moved(before: Iterable[Text], after: Iterable[Text], seconds: float) -> set[int]:
    """Ids of the lines that are on their way: that went some way, or came, within `seconds`."""
    places = {id(text.line): text.box for text in before}
    far = QUICK * seconds
    return {
        id(text.line)
        for text in after
        if max(abs(a - b) for a, b in zip(places.get(id(text.line), (9e9,) * 4), text.box, strict=True)) > far
    }


def problems(found: Sequence[Text], second: float, moving: Collection[int] = ()) -> list[Problem]:
    """What is wrong with lines of text as they stand now. Those `moving` may pass over others, and out of sight."""
    still = [text for text in found if id(text.line) not in moving]
    return [Problem(second, message) for message in _messages(still)]


def covered(found: Iterable[Text], second: float, box: Box, what: str) -> list[Problem]:
    """Text that is hidden by `what`, which lies over the picture in a box."""
    hidden = [text.string for text in found if min(_shared(text.box, box)) > TOUCH]
    return [Problem(second, f"'{string}' is covered by {what}") for string in hidden]


def _shared(a: Box, b: Box) -> tuple[float, float]:
    """Width and height of what two boxes have in common; negative if they are apart."""
    return min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])


def _messages(found: Sequence[Text]) -> Iterator[str]:
    width, height = t.frame_px()
    for text in found:
        if not text.on_stage:
            continue  # in the wings; `lint` misses what never comes on
        yield from _place(text, (0, 0, width, height))
        if text.size < SMALLEST:
            yield f"'{text.string}' is {text.size:.0f} px high, less than {SMALLEST:.0f}"
    for a, b in combinations(found, 2):
        across, down = _shared(a.box, b.box)
        if across > TOUCH and down > TOUCH and not _double(a, b):
            yield f"'{a.string}' and '{b.string}' overlap by {across:.0f} x {down:.0f} px"


def _double(a: Text, b: Text) -> bool:
    """Whether it is the same text in the same place, about to part."""
    return a.string == b.string and max(map(abs, _less(a.box, b.box))) < TOUCH


def _place(text: Text, frame: Box) -> Iterator[str]:
    """The worst that is to be said of where a line stands."""
    out = [side < edge if i < 2 else side > edge for i, (side, edge) in enumerate(zip(text.box, frame, strict=True))]
    safe = t.safe()
    past = [n * d for n, d in zip(_less(text.box, safe), (-1, -1, 1, 1), strict=True)]
    if any(out):
        yield f"'{text.string}' is cut off by the edge of the frame"
    elif max(past[:3]) > LOOSE:
        yield f"'{text.string}' leaves the safe area by {max(past[:3]):.0f} px"
    elif past[3] > LOOSE:
        yield f"'{text.string}' stands {past[3]:.0f} px down in the place of the captions"


def _less(a: Box, b: Box) -> tuple[float, ...]:
    return tuple(m - n for m, n in zip(a, b, strict=True))
