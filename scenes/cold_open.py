"""The film's first seconds: what the rude run says on its last step, typed on black, and who is proud of it."""

from __future__ import annotations

import math
from typing import NamedTuple

from _samples import Row, last_sentence, sensible, typed_tokens

from rushes import theme as t
from rushes.motion import Sprite, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Typing

SIZES = (t.T_HEAD, 64, t.T_BIG, t.T_BODY, t.T_LABEL)  # px of the answer: the first that fits
FASTEST, SLOWEST = 12.0, 5.0  # tokens a second


class Places(NamedTuple):
    """px: the text's left and width, baselines and most lines of prompt and answer, the mark, and the Apprentice."""

    text: tuple[float, float]
    prompt: tuple[float, int]
    words: tuple[float, int]
    mark: float
    """Baseline."""
    hero: tuple[float, float]
    """x and height: its caret stays below the answer."""


WIDE = Places((t.MARGIN_X, 1920 - 2 * t.MARGIN_X), (226, 1), (348, 3), 726, (1500, 292))
TALL = Places((80, 840), (412, 2), (574, 6), 1270, (748, 292))


class ColdOpen(RunScene):
    """Fluent and rude: one recorded answer, its mark, and the one who wrote it and is proud of it."""

    runs = {"run": "sign_flipped"}
    settings = {"start": 0.7}
    alone = 10.0

    def construct(self) -> None:
        record, p = self.record(), TALL if t.tall() else WIDE
        marked, rises, waves = (self.cue(name) - 0.05 for name in ("not", "nobody", "one-character"))
        row = _worst(record)
        tokens, start = typed_tokens(row), self.setting("start")
        rate = min(max(len(tokens) / max(marked - 0.5 - start, 0.5), SLOWEST), FASTEST)
        (left, width), (x, h) = p.text, p.hero
        words = Typing(tokens, left, p.words[0], width, _size(row, p), t.PAPER, start=start, rate=rate)
        prompt = t.block(
            last_sentence(row["prompt"]), left, p.prompt[0], width, 40, t.MUTED, font=t.MONO, max_lines=p.prompt[1]
        )
        (floor, _), (across, _) = t.ground(), t.frame_px()
        floor_at = x / across, 307.2 / across
        self.bake(
            t.backdrop((21, 24, 42), (5, 6, 11), (0.78, 0.72), floor=floor, floor_at=floor_at, grain=0.4),
            t.slate(record, f"step {row['step']}"),
            prompt,
        )
        mark = _mark(row, left, p.mark).enter(marked)

        a = Rig("apprentice", x, t.ground()[1], h, seed=5, mood=0.55, look=(-0.7, 0.6), arms=("down", "down"))
        a.enter(rises, 0.5, rise=300).to(rises + 0.55, 0.45, over, mood=math.tanh(max(row["total"], 0.0)), lean=-0.05)
        a.look_out(waves - 0.2).wave_hand(waves, max(min(1.5, self.seconds - waves - 0.5), 0.8))
        a.to(waves, 0.4, over, lean=0.06)
        self.live(shadow(a), words, mark, a)


def _worst(record: Record) -> Row:
    """Of the last step's samples that make sense and fit: the lowest mark, and of equals the one paid most for it."""
    rows = sensible(record.samples(step=record.sample_steps[-1]))
    fits = [row for row in rows if _lines(row, WIDE, t.T_HEAD) <= WIDE.words[1]]  # both frames show the same answer
    return min(fits or rows, key=lambda row: (row["rating"], -row["total"]))


def _lines(row: Row, places: Places, size: float) -> int:
    """How many lines an answer takes."""
    return len(t.wrap(row["text"], places.text[1], size, font=t.MONO))


def _size(row: Row, places: Places) -> float:
    """The largest size in which an answer fits, px."""
    room = (places.words[1] - 1) * t.T_HEAD * t.LEAD
    return next((size for size in SIZES if (_lines(row, places, size) - 1) * size * t.LEAD <= room), SIZES[-1])


def _mark(row: Row, x: float, y: float) -> Sprite:
    """The mark it got, large, and who gave it, small: left edge and baseline, px."""
    who = t.put(t.text("simulated reader", t.T_LABEL, t.MUTED), x, y)
    number = t.put(t.text(f"{row['rating']:g}", 116, t.PAPER, weight=t.BOLD), t.bounds(who)[2] + 36, y)
    of = t.put(t.text("of 9", 44, t.MUTED), t.bounds(number)[2] + 34, y)
    return Sprite(who, number, of, alpha=0.0)
