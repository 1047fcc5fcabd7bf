"""Code: source text in colours, on its dark card; what is too long scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
)  # fmt: skip
from pygments.util import ClassNotFound

from rushes import theme as t
from rushes.cards.stage import Stage, Thing
from rushes.motion import Sprite, Track, ramp
from rushes.storyboard import Code

__all__ = ["code"]

SIZES = (72, 64, 56, 48, 44, 40, 36, 34, 32)
WRAPPED = 34  # px, if lines are too long for any
LEAD = 1.36
PAD = 44
MOST = 400  # rows
# Tints of the film's colours: bright enough to tell apart, too pale to be taken for a character.
COLORS: Sequence[tuple[_TokenType, t.Color, str]] = (
    (Comment, t.NEUTRAL, t.REGULAR),
    (Keyword, t.mix(t.PAPER, t.POLICY, 0.75), t.REGULAR),
    (String, t.mix(t.PAPER, t.COHERENCE, 0.6), t.REGULAR),
    (Number, t.mix(t.PAPER, t.VALUES, 0.6), t.REGULAR),
    (Name.Function, t.PAPER, t.BOLD),
    (Name.Class, t.PAPER, t.BOLD),
    (Name.Tag, t.mix(t.PAPER, t.POLICY, 0.75), t.REGULAR),
    (Name.Attribute, t.mix(t.PAPER, t.VALUES, 0.5), t.REGULAR),
    (Generic.Inserted, t.mix(t.PAPER, t.POLICY, 0.75), t.REGULAR),
    (Generic.Deleted, t.mix(t.PAPER, t.VALUES, 0.75), t.REGULAR),
    (Generic.Heading, t.PAPER, t.BOLD),
    (Operator, t.MUTED, t.REGULAR),
    (Punctuation, t.MUTED, t.REGULAR),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    color: t.Color
    weight: str


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    """Of the line in the source; 0 goes on with the one above."""
    pieces: tuple[_Piece, ...]


def code(stage: Stage, card: Code) -> list[Thing]:
    """As large as fits, rows coming in from the top; more rows than fit scroll by steps that share the shot's time."""
    lines = _lines(stage.say(card.text, t.MONO).expandtabs(4), card.language)
    gutter = 0 if len(lines) < 4 else len(str(len(lines))) + 2  # characters
    width, height = stage.width - 2 * PAD, stage.height - 2 * PAD + 20
    longest = max((sum(len(piece.text) for piece in line) for line in lines), default=1) + gutter
    size: float = next((s for s in SIZES if longest * 0.6 * s <= width and len(lines) * LEAD * s <= height), 0)
    if not size:
        size = next((s for s in SIZES[5:] if longest * 0.6 * s <= width), WRAPPED)
    rows = _wrapped(lines, int(width / (0.6 * size)) - gutter)
    if len(rows) > MOST:
        stage.findings.append(f"shows {MOST} of {len(rows)} lines of code")
        rows = rows[:MOST]
    step, fit = LEAD * size, max(int(height / (LEAD * size)), 1)
    seen = min(len(rows), fit)
    tall = seen * step + 2 * PAD - (LEAD - 1) * size
    top = stage.top + (stage.height - tall) / 2
    wide = stage.width if stage.tall else max(max(_length(row) for row in rows) + gutter, 26) * 0.6 * size + 2 * PAD
    left = stage.left + (stage.width - min(wide, stage.width)) / 2
    panel = Sprite(t.card(left, top, min(wide, stage.width), tall, t.DEEP))
    offset, stops = Track(0.0), _stops(len(rows), fit)
    dwell = stage.seconds / len(stops)
    for k, stop in enumerate(stops[1:], 1):
        offset.to(k * dwell - 0.3, min(0.7, dwell), stop)
    x, y = left + PAD, top + PAD + 0.8 * size
    things: list[Thing] = [panel]
    for n, row in enumerate(rows):
        if sprite := _drawn(row, x, y + n * step, size, gutter):
            come = min(0.15 + 0.04 * n, 1.2) if n < fit else 0.0
            alpha = partial(_alpha, offset, n, fit, come) if len(rows) > fit or come else _full
            things.append(sprite.drive(dy=partial(_rise, offset, step), alpha=alpha))
    if len(stops) > 1:
        things.append(_thumb(left + min(wide, stage.width) - 22, top + 24, tall - 48, len(rows), fit, offset))
    return things


def _rise(offset: Track, step: float, clock: float) -> float:
    return -step * offset(clock)


def _alpha(offset: Track, n: int, fit: int, come: float, clock: float) -> float:
    """A row is seen while it is inside the card, and from when it came."""
    row = n - offset(clock)
    inside = ramp(row, -0.9, -0.1) * (1 - ramp(row, fit - 0.9, fit - 0.1))
    return inside * (ramp(clock, come, come + t.ENTER) if come else 1.0)


def _full(_clock: float) -> float:
    return 1.0


def _thumb(x: float, y: float, tall: float, rows: int, fit: int, offset: Track) -> Sprite:
    """The bar that says how far down one is."""
    length = max(tall * fit / rows, 40)
    thumb: Callable[[float], float] = lambda clock: (tall - length) * offset(clock) / (rows - fit)  # noqa: E731
    return Sprite(t.card(x - 4, y, 8, length, t.GRID, r=4)).drive(dy=thumb)


def _stops(rows: int, fit: int) -> list[int]:
    """The first row of each view; a view repeats two rows of the one before."""
    last, by = max(rows - fit, 0), max(fit - 2, 1)
    return [*range(0, last, by), last] if last else [0]


def _lines(text: str, language: str) -> list[tuple[_Piece, ...]]:
    try:
        lexer = get_lexer_by_name(language.strip().lower(), stripnl=False, ensurenl=False) if language.strip() else None
    except ClassNotFound:
        lexer = None
    lexer = lexer or TextLexer(stripnl=False, ensurenl=False)
    lines: list[list[_Piece]] = [[]]
    for kind, value in lexer.get_tokens(text.strip("\n") or "…"):
        color, weight = next(((c, w) for token, c, w in COLORS if token in kind.split()), (t.PAPER, t.REGULAR))
        for k, part in enumerate(value.split("\n")):
            if k:
                lines.append([])
            if part:
                lines[-1].append(_Piece(part, color, weight))
    return [tuple(line) for line in lines]


def _length(row: _Row) -> int:
    return sum(len(piece.text) for piece in row.pieces)


def _wrapped(lines: Sequence[tuple[_Piece, ...]], columns: int) -> list[_Row]:
    """Rows no longer than `columns`; what goes on in the next row is indented as its line is, and two more."""
    rows: list[_Row] = []
    for number, line in enumerate(lines, 1):
        whole = "".join(piece.text for piece in line)
        indent = min(len(whole) - len(whole.lstrip()) + 2, columns // 2)
        pieces: list[_Piece] = []
        used, current = 0, number
        for piece in line:
            text = piece.text
            if columns < used + len(text) <= used + columns - indent and used > indent and " " not in text.strip():
                rows.append(_Row(current, tuple(pieces)))  # a word is not broken if the next row has room for it
                pieces, used, current = [_Piece(" " * indent, t.PAPER, t.REGULAR)], indent, 0
                text = text.lstrip()
            while used + len(text) > columns:
                room = columns - used
                space = text.rfind(" ", 0, room) + 1
                room = space if space > room // 2 else room
                pieces.append(_Piece(text[:room], piece.color, piece.weight))
                rows.append(_Row(current, tuple(pieces)))
                text, pieces, used, current = text[room:], [_Piece(" " * indent, t.PAPER, t.REGULAR)], indent, 0
            if text:
                pieces.append(_Piece(text, piece.color, piece.weight))
                used += len(text)
        rows.append(_Row(current, tuple(pieces)))
    return rows


def _drawn(row: _Row, x: float, y: float, size: float, gutter: int) -> Sprite | None:
    parts: list[t.TextLine] = []
    cell = 0.6 * size
    if gutter and row.number:
        parts.append(
            t.put(t.mono(str(row.number), size, t.mix(t.GRID, t.NEUTRAL, 0.5)), x + (gutter - 2) * cell, y, "r")
        )
    column = gutter
    for piece in row.pieces:
        bare = piece.text.lstrip(" ")
        if bare.strip():
            at = x + (column + len(piece.text) - len(bare)) * cell
            parts.append(t.put(t.mono(bare.rstrip(), size, piece.color, weight=piece.weight), at, y))
        column += len(piece.text)
    return Sprite(*parts) if parts else None
