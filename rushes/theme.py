"""The look: colours, type, spacing and time of every frame, and the still things drawn with them.

Places and lengths are pixels of a 1920x1080 frame, origin top left, whatever size is rendered; `at` turns a place
into Manim units and `px` a length (135 px to a unit). Text stands on its baseline.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
from manim import (
    DL,
    UR,
    CapStyleType,
    Ellipse,
    ImageMobject,
    Line,
    LineJointType,
    ManimColor,
    Mobject,
    RoundedRectangle,
    VGroup,
    VMobject,
    config,
    interpolate_color,
)

from rushes import fonts
from rushes.fonts import BOLD as BOLD
from rushes.fonts import DISPLAY as DISPLAY
from rushes.fonts import HEAVY as HEAVY
from rushes.fonts import MONO as MONO
from rushes.fonts import REGULAR as REGULAR
from rushes.fonts import SANS as SANS

Points = npt.NDArray[np.float64]
Align = Literal["l", "c", "r"]
Color = str | ManimColor

# ---------------------------------------------------------------- colour: one hue, one meaning
# One quantity, one colour, in every scene: a reader's mark is PAPER as a number or a line, and as a disc or a dot the
# scale from RAISED (1) to VALUES (9); the Values Coach's guess or score is VALUES; KL and coherence are COHERENCE; the
# Megacoach's total is PAPER. Where two runs stand beside each other, and for a flipped run alone over its steps, the
# colour says which run it is (`run_color`), and the line's end what it is of.
INK, PANEL, RAISED, GRID = "#10121F", "#1B1F35", "#282E4D", "#454D78"
DEEP = "#0A0C17"  # the card that code stands on
PAPER, MUTED = "#F6F1E7", "#A8AECB"  # text that must be read; text that helps
POLICY = "#56BDFA"  # the Apprentice, what it writes, the healthy run
COHERENCE = "#F2CC48"  # the Coherence Coach, the frozen original, KL
VALUES = "#FA86A8"  # the Values Coach, ratings, kindness
DANGER = "#FB4848"  # the bug, the Dark Coach, a flipped run; nothing else
NEUTRAL = "#8088AD"  # raters, machinery, axes
SHADE = {POLICY: "#2B79C2", COHERENCE: "#B98A1E", VALUES: "#C24C78", DANGER: "#9C1F2E", NEUTRAL: "#525A80"}

# ---------------------------------------------------------------- type, px
T_TITLE, T_HEAD, T_BIG, T_BODY, T_LABEL, T_FINE = 148, 72, 56, 44, 36, 28
LEAD = 1.34  # baseline to baseline, over size

# ---------------------------------------------------------------- time, seconds
FLICK, ENTER, EXIT, MOVE, MORPH, STAGGER, BEAT, HOLD, BIG = 0.15, 0.40, 0.25, 0.60, 0.80, 0.08, 0.30, 1.00, 1.20

# ---------------------------------------------------------------- the frame, px
UNIT = 135
MARGIN_X, MARGIN_Y, GUTTER, COLUMN = 96, 72, 24, 122
FLOOR, FEET = 800, 862
CAPTION_TOP = 884
"""Captions own everything below."""


def px(n: float) -> float:
    """A length in px as Manim units."""
    return n / UNIT


def frame_px() -> tuple[float, float]:
    """Width and height of the frame: (1920, 1080), or (1080, 1920) for a vertical cut."""
    return config.frame_width * UNIT, config.frame_height * UNIT


def tall() -> bool:
    """Whether the frame is a vertical one (9:16)."""
    return config.frame_height > config.frame_width


def safe() -> tuple[float, float, float, float]:
    """Left, top, right and bottom in px of where things to be read may stand.

    Below it are the captions; in a vertical frame the players' own buttons are around it.
    """
    w, h = frame_px()
    return (80.0, 250.0, w - 160, h - 520) if tall() else (MARGIN_X, MARGIN_Y, w - MARGIN_X, CAPTION_TOP)


def ground() -> tuple[float, float]:
    """y in px of the floor's far edge, and of the feet that stand on it."""
    return (1312.0, 1374.0) if tall() else (FLOOR, FEET)


def at(x: float, y: float) -> Points:
    """A place in px as a Manim point, shape (3,)."""
    return np.array([x / UNIT - config.frame_width / 2, config.frame_height / 2 - y / UNIT, 0.0])


def bounds(m: Mobject) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of anything drawn, in px."""
    (x0, y1, _), (x1, y0, _) = m.get_corner(DL), m.get_corner(UR)
    w, h = frame_px()
    return x0 * UNIT + w / 2, h / 2 - y0 * UNIT, x1 * UNIT + w / 2, h / 2 - y1 * UNIT


def col(n: int, span: int = 1) -> tuple[float, float]:
    """Left edge and width, px, of `span` of the 12 columns from column `n` (0..11)."""
    return MARGIN_X + n * (COLUMN + GUTTER), span * COLUMN + (span - 1) * GUTTER


def mix(a: Color, b: Color, t: float) -> ManimColor:
    """From `a` (t = 0) to `b` (t = 1); t is clipped."""
    return interpolate_color(ManimColor(a), ManimColor(b), min(max(float(t), 0.0), 1.0))


# ---------------------------------------------------------------- text
class TextLine(VMobject):
    """One line of text as one shape: quick to draw, and a layout check can ask it what it says.

    `string`, `size` (px), `font`, `weight`, `ink` (its colour), `advance` (px with side bearings), `missing`
    (characters its font lacks).
    """

    def __init__(self, s: str, size: float, color: Color, font: str, weight: str, tabular: bool) -> None:
        super().__init__(fill_color=ManimColor(color), fill_opacity=1.0, stroke_width=0.0)
        shaped = fonts.outline(s, font, weight, tabular)
        self.points = shaped.points * (size / UNIT)
        self.string, self.size, self.font, self.weight = s, size, font, weight
        self.ink, self.advance, self.missing = ManimColor(color), shaped.advance * size, shaped.missing
        drawn = len(self.points) > 0  # spaces and characters without a shape draw nothing
        self._left = float(self.points[:, 0].min()) if drawn else 0.0
        self._descent = -self.get_bottom()[1] if drawn else 0.0


def text(
    s: str, size: float = T_BODY, color: Color = PAPER, *, font: str = SANS, weight: str = REGULAR, tnum: bool = False
) -> TextLine:
    """One line of `size` px (an em). `tnum` gives all digits one width, for numbers that run.

    Raises ValueError under 28 px: nothing on screen is smaller.
    """
    if size < T_FINE:
        raise ValueError(f"{s!r} would be {size} px: nothing on screen is smaller than {T_FINE} px")
    return TextLine(s, size, color, font, weight, tnum)


def mono(s: str, size: float = T_BODY, color: Color = PAPER, *, weight: str = REGULAR) -> TextLine:
    """One line of what a model wrote, or of code. Every character is 0.6 * size wide."""
    return text(s, size, color, font=MONO, weight=weight)


def text_width(s: str, size: float, *, font: str = SANS, weight: str = REGULAR, tnum: bool = False) -> float:
    """The width in px that a line would take, without drawing it."""
    return fonts.advance(s, font, weight, tnum) * size


def put(m: TextLine, x: float, y: float, align: Align = "l") -> TextLine:
    """Move a line so that its baseline is at y, and its left edge, centre or right edge at x. Returns it.

    Sans is aligned by its ink; mono by its cells, so that lines of code keep their columns.
    """
    if not len(m.points):
        return m
    left, right = m.get_left()[0], m.get_right()[0]
    if m.font == MONO:
        left -= m._left
        right = left + px(m.advance)
    edge = {"l": left, "c": (left + right) / 2, "r": right}[align]
    p = at(x, y)
    return m.shift((p[0] - edge, p[1] - (m.get_bottom()[1] + m._descent), 0.0))


def wrap(
    s: str, width: float, size: float, *, font: str = SANS, weight: str = REGULAR, max_lines: int | None = None
) -> list[str]:
    """Lines no wider than `width` px; newlines are kept; what does not fit `max_lines` ends in an ellipsis."""
    lines: list[str] = []
    for paragraph in s.split("\n"):
        line = ""
        for word in paragraph.split():
            trial = f"{line} {word}".strip()
            if line and text_width(trial, size, font=font, weight=weight) > width:
                lines.append(line)
                line = word
            else:
                line = trial
        lines.append(line)
    if max_lines is not None and len(lines) > max_lines:
        lines = lines[:max_lines]
        last = lines[-1].split()
        while len(last) > 1 and text_width(" ".join(last) + " …", size, font=font, weight=weight) > width:
            last.pop()
        lines[-1] = " ".join(last) + " …"
    return lines


class Block(VGroup):
    """Wrapped text: `lines` as strings and `end_y`, the last baseline in px."""

    lines: list[str]
    end_y: float


def block(
    s: str,
    x: float,
    y: float,
    width: float,
    size: float = T_BODY,
    color: Color = PAPER,
    *,
    font: str = SANS,
    weight: str = REGULAR,
    lead: float = LEAD,
    align: Align = "l",
    max_lines: int | None = None,
) -> Block:
    """Text wrapped to `width` px; first baseline at y. `align` says which edge x is."""
    lines = wrap(s, width, size, font=font, weight=weight, max_lines=max_lines)
    g = Block()
    g.add(
        *[
            put(text(line, size, color, font=font, weight=weight), x, y + i * size * lead, align)
            for i, line in enumerate(lines)
        ]
    )
    g.lines, g.end_y = lines, y + (len(lines) - 1) * size * lead
    return g


# ---------------------------------------------------------------- shapes
def card(
    x: float,
    y: float,
    w: float,
    h: float,
    fill: Color = PANEL,
    *,
    r: float = 28,
    stroke: Color | None = None,
    sw: float = 3,
    opacity: float = 1.0,
) -> VMobject:
    """A rounded box: left, top, width, height and radius in px; `stroke` draws an edge of width `sw`."""
    m = VMobject()
    m.points = _rounded(px(w), px(h), px(min(r, w / 2 - 0.01, h / 2 - 0.01))) + at(x + w / 2, y + h / 2)
    m.set_fill(fill, opacity).set_stroke(stroke or fill, sw if stroke else 0)
    return m


def _rounded(w: float, h: float, r: float) -> npt.NDArray[np.float64]:
    """The points of Manim's `RoundedRectangle`, which takes a hundred times as long: they are linear in all three."""
    side, radius = _corners()
    points: npt.NDArray[np.float64] = side * np.array([w, h, 0.0]) + radius * r
    return points


@cache
def _corners() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where each point moves when the sides, and when the radius grow by one."""
    small, large = (RoundedRectangle(corner_radius=r, width=2, height=2).points for r in (0.25, 0.5))
    radius = (large - small) / 0.25
    return (large - 0.5 * radius) / 2, radius


def disc(x: float, y: float, r: float, fill: Color, *, opacity: float = 1.0, flat: float = 1.0) -> Ellipse:
    """A filled circle of radius r px at (x, y); `flat` squeezes its height."""
    m = Ellipse(width=2 * px(r), height=2 * px(r) * flat)
    return m.set_fill(fill, opacity).set_stroke(width=0).move_to(at(x, y))


def pill(
    label: str,
    x: float,
    y: float,
    *,
    size: float = T_LABEL,
    fill: Color = RAISED,
    color: Color = PAPER,
    font: str = SANS,
    weight: str = REGULAR,
    pad: float = 24,
    stroke: Color | None = None,
    align: Align = "l",
) -> VGroup:
    """A label in a capsule 1.75 sizes high; top at y, and x is its left edge, centre or right edge."""
    w, h = text_width(label, size, font=font, weight=weight) + 2 * pad, size * 1.75
    left = x - w * {"l": 0.0, "c": 0.5, "r": 1.0}[align]
    t = put(text(label, size, color, font=font, weight=weight), left + w / 2, y + h / 2 + size * 0.36, "c")
    return VGroup(card(left, y, w, h, fill, r=h / 2, stroke=stroke), t)


def rule(x1: float, y1: float, x2: float, y2: float, color: Color = GRID, w: float = 4) -> Line:
    """A straight line with round ends."""
    m = Line(at(x1, y1), at(x2, y2), stroke_width=w, color=ManimColor(color))
    m.cap_style = CapStyleType.ROUND
    return m


def curve(points: list[tuple[float, float]], color: Color, w: float = 7, opacity: float = 1.0) -> VMobject:
    """A line through places in px, corners and ends rounded."""
    m = VMobject().set_points_as_corners([at(*p) for p in points])
    m.set_stroke(color, w, opacity).set_fill(opacity=0)
    m.joint_type, m.cap_style = LineJointType.ROUND, CapStyleType.ROUND
    return m


# ---------------------------------------------------------------- light
def glow(
    color: Color,
    x: float,
    y: float,
    w: float,
    h: float,
    strength: float = 0.55,
    power: float = 2.0,
    *,
    pixels: int = 160,
) -> ImageMobject:
    """A soft light w x h px around (x, y). Cheap with `DirectCamera`; in a `Sprite` it moves and fades."""
    yy, xx = np.mgrid[-1 : 1 : pixels * 1j, -1 : 1 : pixels * 1j]
    alpha = np.clip(1 - np.hypot(xx, yy), 0, 1) ** power * strength * 255
    rgb = np.array(ManimColor(color).to_rgb()) * 255
    m = ImageMobject(np.dstack([np.full_like(alpha, c) for c in rgb] + [alpha]).astype(np.uint8))
    m.stretch_to_fit_width(px(w))
    m.stretch_to_fit_height(px(h))
    return m.move_to(at(x, y))


def halo(x: float, y: float, r: float, color: Color, strength: float = 0.5) -> ImageMobject:
    """A round light of radius r px; in a `Sprite` it moves and fades."""
    return glow(color, x, y, 2 * r, 2 * r, strength)


def floor_shadow(x: float, y: float, w: float, opacity: float = 0.42) -> ImageMobject:
    """A soft shadow w px wide under still feet at (x, y); `rig.shadow` is the one that moves."""
    return glow("#05060C", x, y, w, w * 0.17, opacity * 1.6, 1.2, pixels=64)


def backdrop(
    top: tuple[int, int, int] = (30, 35, 66),
    low: tuple[int, int, int] = (13, 14, 26),
    centre: tuple[float, float] = (0.5, 0.36),
    *,
    floor: float | None = None,
    floor_at: tuple[float, float] | None = None,
    stars: int = 0,
    grain: float = 0.5,
) -> ImageMobject:
    """The set: a radial gradient from `top` at `centre` (fractions of the frame) to `low`, both 0..255.

    `floor` is the y px of a floor line, lit around `floor_at` (centre x, half width; fractions). `grain`, in 8-bit
    steps, hides the bands of a dark gradient; 0 makes a small PNG. The same arguments give the same picture.
    Give it to `DirectCamera.set_backdrop`, once a shot: it is a whole frame to draw.
    """
    w, h = (round(v) // 2 for v in frame_px())
    yy, xx = np.mgrid[0:h, 0:w]
    d = np.hypot((xx / w - centre[0]) * 1.1, (yy / h - centre[1]) * 1.15) / 0.85
    t = np.clip(d, 0, 1)[..., None] ** 1.3
    img = np.array(top) * (1 - t) + np.array(low) * t
    rng = np.random.default_rng(7)
    places = zip(rng.uniform(2, w - 3, stars), rng.uniform(2, h * 0.52, stars), rng.uniform(14, 62, stars), strict=True)
    for x, y, light in places:
        part = np.s_[int(y) - 1 : int(y) + 3, int(x) - 1 : int(x) + 3]
        img[part] += (np.clip(1.5 - np.hypot(xx[part] - x, yy[part] - y), 0, 1) * light)[..., None]
    if floor is not None:
        f = floor / 2
        below = np.clip((yy - f) / 2, 0, 1) * np.clip(1 - (yy - f) / (h - f) * 0.85, 0, 1)
        fx, fw = floor_at or (centre[0], 0.42)
        img += (below * np.exp(-(((xx / w - fx) / fw) ** 2)))[..., None] * (np.array(top) * 0.62)
    img += rng.uniform(-1, 1, img.shape[:2])[..., None] * grain
    m = ImageMobject(np.clip(np.rint(img), 0, 255).astype(np.uint8))
    # A picture stretched to exactly the frame leaves a dark last row.
    m.stretch_to_fit_width(config.frame_width * 1.004)
    m.stretch_to_fit_height(config.frame_height * 1.004)
    return m


# ---------------------------------------------------------------- which run is this, and what does one see
class RunLike(Protocol):
    """What the slate needs of a record."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> str: ...
    @property
    def seed(self) -> int: ...


def run_color(name: str) -> str:
    """Yellow for the frozen original, red for a run with a flipped sign, else blue."""
    if name == "base":
        return COHERENCE
    return DANGER if "flipped" in name or name.startswith(("fixation", "andon", "feedback_loop")) else POLICY


def slate(
    run: RunLike,
    step: str,
    other: RunLike | None = None,
    *,
    seeds: str = "",
    x: float | None = None,
    y: float | None = None,
) -> VGroup:
    """The clapperboard line, top right (`x` is its right edge): which run, size, seed and step made this frame.

    `step` is words, such as "step 40" or "steps 1–60"; with `other`, both runs are named, and a sweep says its `seeds`,
    such as "0–4". In a vertical frame it stands below the kicker, on two lines if one is too long.
    """
    left_edge, top, right_edge, _ = safe()
    if y is None:
        y = top + 64 if tall() else top
    runs = [run] if other is None else [run, other]

    def both(values: list[str]) -> str:
        return " | ".join(dict.fromkeys(values))

    names, sizes, seed = ([str(getattr(r, k)) for r in runs] for k in ("name", "size", "seed"))
    words = [both(names), both(sizes), f"seeds {seeds}" if seeds else f"seed {both(seed)}", step]
    lines = [mono(" · ".join(words), T_FINE, MUTED)]
    if tall() and x is None:
        if lines[0].advance > right_edge - left_edge - 50:  # 12 px over the edge are allowed, as the layout check does
            lines = [mono(" · ".join(part), T_FINE, MUTED) for part in (words[:2], words[2:])]
        for k, line in enumerate(lines):
            put(line, left_edge + 62, y + 30 + k * T_FINE * LEAD)
    else:
        put(lines[0], right_edge if x is None else x, y + 30, "r")
    left = bounds(lines[0])[0] - 62
    colors = [run_color(r.name) for r in runs]
    hinge: dict[str, Any] = {"angle": 0.14, "about_point": at(left, y + 7)}
    board = VGroup(card(left, y + 10, 44, 27, colors[0], r=5))
    if colors[-1] != colors[0]:
        board.add(card(left + 22, y + 10, 22, 27, colors[-1], r=5))
    board.add(card(left, y - 2, 44, 9, PAPER, r=3).rotate(**hinge))
    board.add(*[card(left + 6 + 14 * k, y - 2, 6, 9, INK, r=1).rotate(**hinge) for k in range(3)])
    return VGroup(board, *lines)


def kicker(s: str, color: Color = PAPER, x: float | None = None, y: float | None = None) -> TextLine:
    """The bold line at top left that says what one is looking at; at most 42 characters, 26 beside a long slate."""
    left, top, _, _ = safe()
    return put(text(s, T_LABEL, color, weight=BOLD), left if x is None else x, (top if y is None else y) + 32)
