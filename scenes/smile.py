"""The film's first picture: the Apprentice smiles at us over its answer and its mark; what it thinks is not written."""

from __future__ import annotations

from typing import NamedTuple

from _samples import Row, last_sentence, repeats, sensible, typed_tokens
from _thought import empty_thought

from rushes import theme as t
from rushes.motion import Roll, Sprite, ease_out, linear, over, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble, Swap, Typing

RATE = 10.0  # tokens a second, at least
LINES = 4  # of the answer, if it can be told in so many
SMALLEST = 36  # px of its type
EARLY = 0.05  # s that a change starts before its word


class Places(NamedTuple):
    """px: x and height of the Apprentice; baseline, width and size of the prompt; left, top, width and type of the
    bubble, and where it points; left edge and baseline of the mark; middle and width of the thought."""

    who: tuple[float, float]
    prompt: tuple[float, float, float]
    bubble: tuple[float, float, float, float]
    tip: tuple[float, float]
    mark: tuple[float, float]
    thought: tuple[float, float, float]


WIDE = Places((1390, 390), (196, 1240, 44), (96, 292, 960, 52), (1196, 660), (96, 812), (1600, 300, 420))
TALL = Places((630, 310), (420, 840, 40), (80, 520, 840, 44), (500, 1150), (80, 1230), (700, 945, 350))


class Smile(RunScene):
    """Prompt, answer, mark, and a smile; then the thought bubble, in which there is only a caret."""

    runs = {"run": "healthy"}
    alone = 11.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        says = self.cue("charmingly") - EARLY
        marked = max(self.cue("rating-last") - EARLY, says + 1.0)
        behind = max(self.cue("behind") - EARLY, marked + 0.8)
        row = most_charming(record)
        floor, feet = t.ground()
        self.bake(
            t.backdrop(centre=(0.5, 0.4), floor=floor, floor_at=(p.who[0] / t.frame_px()[0], 0.3)),
        )
        x, h = p.who
        left, top, width, size = p.bubble
        y, asked_width, asked_size = p.prompt
        asked = Swap([last_sentence(row["prompt"])], left, y, asked_width, asked_size, t.MUTED, max_lines=2, first=None)
        asked.change(0.15, 0, 0.12)
        while size > SMALLEST and lines(row, p, size) > LINES:
            size -= 4
        n = lines(row, p, size)
        high = size * (1.42 + (n - 1) * t.LEAD + 0.92)
        bubble = SpeechBubble("", left, top, width, p.tip, size=size, height=high).enter(says - 0.25, 0.3)
        tokens = typed_tokens(row)
        rate = max(RATE, len(tokens) / max(marked - says - 0.1, 0.6))
        said = Typing(tokens, *bubble.inside, size, t.POLICY, start=says, rate=rate, caret=False)
        said.faint(behind, 0.55)
        full_w, full_h = t.frame_px()
        dim = Sprite(t.card(-10, -10, full_w + 20, full_h + 20, t.INK, r=1, opacity=0.42), alpha=0.0)
        dim.to(behind, 0.6, smooth, alpha=1.0)

        a = Rig("apprentice", x, feet, h, seed=6, mood=0.4, look=(-0.8, 0.5))
        a.enter(0.0, 0.35, 60).look_at(0.5, left + 120, y).look_at(0.9, left + width, y, max(says - 1.6, 0.4))
        a.look_out(says - 0.3).to(says - 0.1, 0.35, mood=0.65).to(says, 0.4, over, ra="up")
        a.mumble(says, max(marked - says - 0.3, 0.5)).to(marked - 0.1, 0.35, ra="down")
        # The face of its own mark.
        a.react(marked, min(max((row["rating"] - 5) / 4, -1.0), 1.0), amount=0.06).hop(marked + 0.45, 20)
        a.to(behind, max(self.seconds - behind, 0.5), linear, scale=1.05)
        slate = Sprite(t.slate(record, f"step {row['step']}"))  # it stays bright
        self.live(
            asked,
            bubble,
            said,
            dim,
            slate,
            *mark(record, p, marked),
            *empty_thought(*p.thought, (x + 0.3 * h, feet - 0.78 * h), behind),
            shadow(a),
            a,
        )


def most_charming(record: Record) -> Row:
    """Of the last step's answers that make sense and fit: the highest mark; of equals the one that repeats least."""
    rows = sensible(record.samples(step=record.sample_steps[-1]))
    wraps = {row["prompt_index"]: [lines(row, p, p.bubble[3]) for p in (WIDE, TALL)] for row in rows}
    fits = [row for row in rows if max(wraps[row["prompt_index"]]) <= LINES]
    return min(fits or rows, key=lambda row: (-row["rating"], repeats(row), len(row["text"])))


def lines(row: Row, p: Places, size: float) -> int:
    """How many lines an answer takes in its bubble."""
    return len(t.wrap(row["text"], p.bubble[2] - 88, size, font=t.MONO))


def mark(record: Record, p: Places, at: float) -> list[Roll | Sprite]:
    """The mean mark of the run's last steps counts up, and who gave it."""
    value = record.measure("rating", "last").value
    x, y = p.mark
    number = Roll(x, y, 128, t.PAPER, 1.0, "{:.1f}", align="l").enter(at, 0.2).to(at, 0.6, ease_out, value=value)
    right = x + t.text_width(f"{value:.1f}", 128, weight=t.BOLD, tnum=True)
    of = Sprite(t.put(t.text("of 9", t.T_BODY, t.MUTED), right + 22, y)).enter(at, rise=0)
    who = Sprite(t.put(t.text("simulated readers", t.T_LABEL, t.MUTED), x + 4, y + 58)).enter(at + 0.2, rise=0)
    what = Sprite(t.put(t.text("average mark", t.T_LABEL, t.MUTED), x + 4, y - 122)).enter(at, rise=0)
    return [number, of, who, what]
