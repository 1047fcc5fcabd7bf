"""Stage: where a card's things may stand, how large its text is set, and how long its pages stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from manim import Mobject

from rushes import theme as t
from rushes.legible import legible
from rushes.motion import Live, Sprite, linear

__all__ = [
    "Line",
    "Span",
    "Stage",
    "Thing",
    "balanced",
    "flow",
    "fold",
    "largest",
    "marks",
    "push",
    "set_pages",
    "show",
    "spread",
]

Thing = Live | Sprite
Span = tuple[float, float]
"""Start and length, seconds of the shot."""

PUSHING = 20.0  # seconds; slower than that is not seen, and every frame of it is drawn
BREAK_AFTER = re.compile(r"(?<=[-/_.,;:?&=])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page."""

    text: str
    part: int
    """Which of the card's parts it belongs to."""
    first: bool
    """Whether that part begins with it."""
    y: float
    """Its baseline below the top of the page, px."""


@dataclass(slots=True)
class Stage:
    """The part of the frame a card may fill, px, and the shot's seconds."""

    seconds: float
    left: float
    top: float
    right: float
    bottom: float
    still: list[Mobject] = field(default_factory=list)
    """What lies behind everything and never moves."""
    findings: list[str] = field(default_factory=list)
    """What could not be shown as it was written."""

    @classmethod
    def of_frame(cls, seconds: float) -> Stage:
        """The safe area above the captions; of a tall frame, what the players' buttons leave free."""
        left, top, right, bottom = t.safe()
        return cls(seconds, left, top, right, bottom if t.tall() else bottom - 24)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def tall(self) -> bool:
        return self.height > self.width

    def say(self, text: str, font: str = t.SANS) -> str:
        """Text as it can be drawn; what had to be replaced is a finding."""
        read = legible(text, font)
        for written, shown in read.replaced:
            found = f"'{written[:40]}' is in none of the film's fonts, so '{shown}' is shown"
            if found not in self.findings:
                self.findings.append(found)
        return read.text

    def cut(self, lines: Sequence[str], room: float, what: str) -> list[str]:
        """The lines there is `room` for, the last one ending in an ellipsis; that something is cut is a finding."""
        most = max(int(room), 1)
        if len(lines) <= most:
            return list(lines)
        self.findings.append(f"shows {most} of {len(lines)} lines of {what}")
        return [*lines[: most - 1], lines[most - 1].rsplit(" ", 1)[0] + " …"]


@lru_cache(maxsize=65536)
def _width(word: str, font: str, weight: str) -> float:
    """Width in ems."""
    return t.text_width(word, 1.0, font=font, weight=weight)


def flow(text: str, width: float, size: float, *, font: str = t.SANS, weight: str = t.REGULAR) -> list[str]:
    """Lines no wider than `width` px. Newlines are kept; a word that is too wide is broken, after a sign if it can."""
    space, lines = _width(" ", font, weight) * size, list[str]()
    for paragraph in text.split("\n"):
        line, long = list[str](), 0.0
        for word in paragraph.split():
            for piece in _pieces(word, width, size, font, weight):
                wide = _width(piece, font, weight) * size
                if line and long + space + wide > width:
                    lines.append(" ".join(line))
                    line, long = [], 0.0
                long += wide + (space if line else 0.0)
                line.append(piece)
        lines.append(" ".join(line))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return lines


def _pieces(word: str, width: float, size: float, font: str, weight: str) -> list[str]:
    """The word, or as few pieces of it as fit the width."""
    if _width(word, font, weight) * size <= width:
        return [word]
    atoms = [c for part in BREAK_AFTER.split(word) for c in _atoms(part, width, size, font, weight)]
    pieces = [""]
    for atom in atoms:
        if pieces[-1] and _width(pieces[-1] + atom, font, weight) * size > width:
            pieces.append("")
        pieces[-1] += atom
    return pieces


def _atoms(part: str, width: float, size: float, font: str, weight: str) -> list[str]:
    return [part] if _width(part, font, weight) * size <= width else list(part)


def balanced(text: str, width: float, size: float, *, font: str = t.SANS, weight: str = t.REGULAR) -> list[str]:
    """As `flow`, with lines of about one length, so that no word is left alone on the last."""
    best = flow(text, width, size, font=font, weight=weight)
    low, high = width / 2, width
    for _ in range(6):
        middle = (low + high) / 2
        lines = flow(text, middle, size, font=font, weight=weight)
        if len(lines) == len(best) and all(_width(line, font, weight) * size <= middle for line in lines):
            best, high = lines, middle
        else:
            low = middle
    return best


def fold(
    parts: Sequence[Sequence[str]], height: float, size: float, gap: float, lead: float = t.LEAD
) -> list[list[Line]]:
    """Pages no higher than `height` px of parts that are lines of `size` px, `gap` px apart.

    A part is kept whole if a page has room for it; pages are filled about evenly.
    """
    step = size * lead
    whole = sum(len(part) for part in parts) * step + gap * (len(parts) - 1) - (step - size)
    count = -(-int(whole) // max(int(height), 1))
    even = height if count <= 1 else min(height, (whole + (count - 1) * (step - size)) / count + 0.5 * step)
    pages: list[list[Line]] = [[]]
    y = 0.0
    for index, part in enumerate(parts):
        tall = len(part) * step - (step - size)
        if pages[-1] and (y + gap + tall > height or y + gap + 0.5 * tall > even):
            pages.append([])
        y = y + gap if pages[-1] else 0.0
        room = even if tall > height else height
        for k, line in enumerate(part):
            if pages[-1] and y + size > room:
                pages.append([])
                y = 0.0
            pages[-1].append(Line(line, index, k == 0, y + 0.8 * size))
            y += step
        y -= step - size
    return pages


def largest(
    text: str, width: float, height: float, sizes: Sequence[float], *,
    font: str = t.SANS, weight: str = t.REGULAR, lead: float = t.LEAD, broken: bool = False,
) -> tuple[float, list[str]]:  # fmt: skip
    """The first of `sizes` at which text fits a box, and its lines; else the last size. Words may be `broken`."""
    for size in sizes:
        lines = balanced(text, width, size, font=font, weight=weight)
        whole = max((_width(word, font, weight) for word in text.split()), default=0.0) * size <= width
        if (whole or broken) and (len(lines) - 1) * size * lead + size <= height:
            break
    return size, lines


def set_pages(
    parts: Sequence[str], width: float, height: float, sizes: Sequence[float], seconds: float, *,
    gap: float = 0.6, paged: float = 44, patience: float = 3.5, weight: str = t.REGULAR,
) -> tuple[float, list[list[Line]]]:  # fmt: skip
    """Size and pages of text in `parts`, `gap` sizes apart: one page if a size allows it.

    If none does, pages of `paged` px that stay `patience` seconds, or, if there is no time for that, of the smallest.
    """
    pages: list[list[Line]] = []
    for size in sizes:
        pages = fold([flow(part, width, size, weight=weight) for part in parts], height, size, gap * size)
        if len(pages) == 1 or (size <= paged and len(pages) * patience <= seconds):
            return size, pages
    return sizes[-1], pages


def spread(weights: Sequence[float], seconds: float, start: float = 0.0) -> list[Span]:
    """When each of some pages has its time, by how much there is on each; the least has a third of the mean."""
    weights = [max(weight, sum(weights) / len(weights) / 3) for weight in weights]
    total, out = sum(weights) or 1.0, list[Span]()
    for weight in weights:
        out.append((start, seconds * weight / total))
        start += seconds * weight / total
    return out


def show(
    stage: Stage,
    pages: Sequence[Sequence[Line]],
    draw: Callable[[Line], Sequence[Any]],
    *,
    pivot: tuple[float, float] | None = None,
    begin: float = 0.3,
    stagger: float = t.STAGGER,
    dim: bool = False,
) -> tuple[list[Sprite], list[Span]]:
    """Sprites of all lines, and when each page is up. A page's parts come one after another, spread over its time.

    `dim` turns down a part when the next one comes.
    """
    spans = spread([sum(len(line.text) + 12 for line in page) for page in pages], stage.seconds)
    sprites: list[Sprite] = []
    for number, (page, (start, length)) in enumerate(zip(pages, spans, strict=True)):
        parts = sorted({line.part for line in page})
        first = start + min(begin if number == 0 else 0.1, 0.15 * length)
        each = min(max(length - (first - start) - 0.6, 0.1), 0.85 * length) / len(parts)
        step = min(stagger, 0.6 * each / len(page))
        for part in parts:
            at = first + each * (part - parts[0])
            for k, line in enumerate(one for one in page if one.part == part):
                drawn = draw(line)
                if not drawn:
                    continue
                sprite = Sprite(*drawn, pivot=pivot).enter(at + k * step, min(t.ENTER, 0.3 * length))
                if dim and part != parts[-1]:
                    sprite.to(at + each, t.ENTER, alpha=0.5)
                if number < len(pages) - 1:
                    leaving = min(t.EXIT, 0.2 * length)
                    sprite.leave(start + length - leaving, leaving)
                sprites.append(sprite)
    return sprites, spans


def marks(spans: Sequence[Span], x: float, y: float) -> list[Thing]:
    """Which page this is, for more than one: a dot each, or a line that fills, with its middle at (x, y) px."""
    if len(spans) < 2:
        return []
    if len(spans) > 12:
        end, w = spans[-1][0] + spans[-1][1], 320
        full = t.card(x - w / 2, y - 3, w, 6, t.PAPER, r=3)
        bar = Sprite(full, pivot=(x - w / 2, y))
        return [Sprite(t.card(x - w / 2, y - 3, w, 6, t.GRID, r=3)), bar.begin(scale=0.02).to(0, end, linear, scale=1)]
    left = x - 15 * (len(spans) - 1)
    dots: list[Thing] = [Sprite(t.disc(left + 30 * k, y, 7, t.GRID)) for k in range(len(spans))]
    for k, (start, length) in enumerate(spans):
        dot = Sprite(t.disc(left + 30 * k, y, 7, t.PAPER), alpha=0.0).to(start, t.EXIT, alpha=1.0)
        dots.append(dot.to(start + length, t.EXIT, alpha=0.0) if k < len(spans) - 1 else dot)
    return dots


def push(stage: Stage, sprites: Sequence[Sprite], amount: float) -> None:
    """Bring the sprites, which share a pivot, slowly nearer, for the whole shot unless it is a very long one."""
    for sprite in sprites:
        sprite.to(0.0, min(max(stage.seconds, 0.1), PUSHING), linear, scale=1 + amount)
