"""The film's first seconds: what the rude run says on its last step, typed on black, and who is proud of it."""

from __future__ import annotations

import math

from _samples import Row, last_sentence, sensible, typed_tokens

from rushes import theme as t
from rushes.motion import Sprite, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Typing

WIDTH = 1920 - 2 * t.MARGIN_X
PROMPT_Y, WORDS_Y, LINES = 226, 348, 3
MARK_Y = 726  # baseline of the mark
HERO = (1500, 292)  # x and height of the Apprentice, px: its caret stays below the third line
FASTEST, SLOWEST = 12.0, 5.0  # tokens a second


class ColdOpen(RunScene):
    """Fluent and rude: one recorded answer, its mark, and the one who wrote it and is proud of it."""

    runs = {"run": "sign_flipped"}
    settings = {"start": 0.7}
    alone = 10.0

    def construct(self) -> None:
        record = self.record()
        marked, rises = self.cue("not") - 0.05, self.cue("one-character") - 0.05
        row = _worst(record)
        tokens, start = typed_tokens(row), self.setting("start")
        rate = min(max(len(tokens) / max(marked - 0.5 - start, 0.5), SLOWEST), FASTEST)
        words = Typing(tokens, t.MARGIN_X, WORDS_Y, WIDTH, t.T_HEAD, t.PAPER, start=start, rate=rate)
        prompt = t.block(
            last_sentence(row["prompt"]), t.MARGIN_X, PROMPT_Y, WIDTH, 40, t.MUTED, font=t.MONO, max_lines=1
        )
        self.bake(
            t.backdrop(
                (21, 24, 42), (5, 6, 11), (0.78, 0.72), floor=t.FLOOR, floor_at=(HERO[0] / 1920, 0.16), grain=0.4
            ),
            t.slate(record, f"step {row['step']}"),
            prompt,
        )
        mark = _mark(row).enter(marked)

        a = Rig("apprentice", HERO[0], h=HERO[1], seed=5, mood=0.55, look=(-0.7, 0.6), arms=("down", "down"))
        waves = rises + 1.25
        a.enter(rises, 0.5, rise=300).to(rises + 0.55, 0.45, over, mood=math.tanh(max(row["total"], 0.0)), lean=-0.05)
        a.look_out(waves - 0.2).wave_hand(waves, max(min(1.5, self.seconds - waves - 0.5), 0.8))
        a.to(waves, 0.4, over, lean=0.06)
        self.live(shadow(a), words, mark, a)


def _worst(record: Record) -> Row:
    """Of the last step's samples that make sense and fit: the lowest mark, and of equals the one paid most for it."""
    rows = sensible(record.samples(step=record.sample_steps[-1]))
    fits = [row for row in rows if len(t.wrap(row["text"], WIDTH, t.T_HEAD, font=t.MONO)) <= LINES]
    return min(fits or rows, key=lambda row: (row["rating"], -row["total"]))


def _mark(row: Row) -> Sprite:
    """The mark it got, large, and who gave it, small."""
    who = t.put(t.text("simulated rater", t.T_LABEL, t.MUTED), t.MARGIN_X, MARK_Y)
    number = t.put(t.text(f"{row['rating']:g}", 116, t.VALUES, weight=t.BOLD), t.bounds(who)[2] + 36, MARK_Y)
    of = t.put(t.text("of 9", 44, t.MUTED), t.bounds(number)[2] + 20, MARK_Y)
    return Sprite(who, number, of, alpha=0.0)
