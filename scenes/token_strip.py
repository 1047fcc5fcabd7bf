"""The Coherence Coach compares every token with what the frozen original would have said; the sum is the KL."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from _samples import last_sentence, strayed_sample

from rushes import theme as t
from rushes.motion import Live, Roll, Sprite, ease_in, ease_out, fall, over, ring, smooth
from rushes.parts import TokenStrip
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

MIDDLE, STAND = 960, 330  # px: where the book is made, and where it stands to read
CASE = (700, 236, 520, 650)  # px: left, top, width and height of the glass case
PROMPT_Y, CHIPS_Y = 196, 232  # px: baseline of the prompt, top of the chips
ONE_X, SUM_X, NUMBER_Y = 900, 1430, 690  # px: this token's number, the sum's, and their baseline
KEY_GAP = 60  # px: from the chips down to the scale
SIZES = (56, 52, 48, 46, 44)
END = "■"  # the token that ends an answer has no letters
EARLY = 0.05  # s that a change starts before its word


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One answer, read from `begins` to `ends` (s): how far each token moved, in nats, and the recorded sum."""

    moved: tuple[float, ...]
    kl: float
    begins: float
    ends: float

    @property
    def pace(self) -> float:
        """Seconds a token; the last one has a moment more."""
        return (self.ends - 0.25 - self.begins) / len(self.moved)

    def at(self, i: int) -> float:
        """When token i is read."""
        return self.begins + i * self.pace


class StrayedTokens(RunScene):
    """The frozen original becomes a book, and adds up how far one answer has strayed, token by token."""

    runs = {"run": "healthy"}
    alone = 14.0

    def construct(self) -> None:
        record = self.record()
        sample = strayed_sample(record)
        tokens = [END if token.startswith("<|") else token for token in sample["tokens"]]
        moved = tuple(now - before for now, before in zip(sample["logp"], sample["ref_logp"], strict=True))
        meet = self.cue("coherence-coach") - EARLY
        used = self.cue("used-to-be") - EARLY
        reading = Reading(moved=moved, kl=float(sample["kl"]), begins=used, ends=self.cue("strayed") - EARLY)

        deal = min(meet + 1.6, used - 0.8)
        top = float(max(math.ceil(max(moved)), 1))
        strip, size = fitting_strip(tokens, moved, top)
        strip.enter(deal, min((used - 0.4 - deal) / len(tokens), 0.14))
        strip.tint(used, reading.pace, max(reading.pace, 0.2))
        prompt = t.block(
            last_sentence(sample["prompt"]), t.MARGIN_X, PROMPT_Y, 1728, 40, t.MUTED, font=t.MONO, max_lines=1
        )
        asked = Sprite(prompt).enter(deal - 0.2, rise=0)

        self.bake(
            t.backdrop(centre=(0.5, 0.5), floor=t.FLOOR, floor_at=(0.33, 0.34)), t.kicker("Distance from the original")
        )
        slates = [Sprite(t.slate(record, f"step {step}"), alpha=float(step == 0)) for step in (0, sample["step"])]
        slates[0].leave(deal - 0.35, 0.15)
        slates[1].enter(deal - 0.2, rise=0)

        ready = deal + 0.6 * (used - deal)
        one, total = readings(reading)
        key = Sprite(strip.key(ONE_X - 120, strip.end_y + KEY_GAP, "0", f"{top:.0f} nats")).enter(ready, rise=0)
        names = [
            Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, NUMBER_Y + 58, "c")).enter(at, rise=0)
            for name, x, at in (("this token", ONE_X, used), ("sum: KL", SUM_X, used))
        ]
        names[0].leave(reading.ends + 0.1)

        frozen, case, plate = original(meet, self.cue("frozen", meet - 1.75) - EARLY)
        book = coach(reading, strip, meet, deal)
        cursor = Live(lambda clock: under(strip, size, (clock - used) / reading.pace), fill=t.PAPER)
        self.live(
            *(shadow(frozen), frozen, case, plate, ring(meet, MIDDLE, t.FEET, t.COHERENCE), shadow(book), book),
            *(asked, strip, cursor, key, one, total, *names, *slates),
        )


def fitting_strip(tokens: Sequence[str], moved: Sequence[float], top: float) -> tuple[TokenStrip, float]:
    """The chips, and their size in px: the largest at which they fill two rows, else three rows of the smallest."""
    for size in SIZES:
        strip = TokenStrip(tokens, moved, t.MARGIN_X, CHIPS_Y, 1920 - 2 * t.MARGIN_X, top=top, size=size, max_rows=3)
        if strip.end_y - CHIPS_Y < 4.5 * size:  # a row is 1.5 sizes high, and the gap below it less than one
            break
    return strip, size


def original(meet: float, freeze: float) -> tuple[Rig, Sprite, Sprite]:
    """The model as it was: it waves, stays as it is when the glass case comes down at `freeze`, is gone at `meet`."""
    still = Rig("apprentice", MIDDLE, t.FEET - 4, 400, seed=5, mood=0.5)
    freeze = max(min(freeze, meet - 0.8), 0.4)
    still.hop(0.35, 30).to(0.3, 0.3, over, ra="up").to(0.5, 0.15, wave=1)
    still.to(freeze, 0.1, wave=0, breath=0).look_at(freeze - 0.2, MIDDLE, 0).look_out(freeze + 0.45)
    still.to(freeze + t.BEAT, 0.25, mood=0.0)
    still.to(meet - 0.12, 0.12, smooth, squash=-0.07).to(meet, 0.22, ease_in, scale=0.25, alpha=0.0)
    x, y, w, h = CASE
    glass = t.card(x, y, w, h, t.COHERENCE, r=28, stroke=t.COHERENCE, sw=5)
    glass.set_fill(opacity=0.08)
    plate = t.pill("frozen", MIDDLE, y - 32, fill=t.INK, color=t.COHERENCE, stroke=t.COHERENCE, align="c")
    case, label = Sprite(glass).begin(dy=-950), Sprite(plate).enter(freeze + 0.15, 0.25, rise=0)
    case.to(freeze - 0.3, 0.38, fall, dy=0).to(freeze + 0.08, 0.08, ease_out, dy=-14).to(
        freeze + 0.16, 0.08, fall, dy=0
    )
    return still, case.leave(meet - 0.1, 0.3), label.leave(meet - 0.1, 0.3)


def coach(reading: Reading, strip: TokenStrip, meet: float, deal: float) -> Rig:
    """The old book: bound at `meet`, walks over to read, and sours as the sum grows."""
    book = Rig("coherence", MIDDLE, t.FEET, 330, seed=8, mood=0.3, alpha=0.0, scale=0.4)
    book.to(meet + 0.15, 0.15, ease_out, alpha=1.0).to(meet + 0.15, 0.5, over, scale=1.3)
    go = max(min(deal - 0.5, reading.begins - 1.3), meet + 0.3)
    way = min(1.2, max(reading.begins - go, 0.4))
    book.walk(go, STAND, way, steps=4).to(go, way, scale=1.0)
    book.look_at(max(go + way, deal), *strip.place(0))
    for i, so_far in zip(range(len(strip)), accumulate(reading.moved), strict=False):
        book.look_at(reading.at(i) - 0.1, *strip.place(i)).to(reading.at(i) + t.BEAT, 0.3, mood=opinion(so_far))
    book.look_at(reading.ends, SUM_X, NUMBER_Y).react(reading.ends, opinion(reading.kl))
    return book.to(reading.ends + t.BEAT, 0.4, ra="hip", lean=0.05).look_out(reading.ends + 1.0)


def opinion(kl: float) -> float:
    """The book's mood, -1..0.3, at a distance in nats."""
    return max(0.3 - kl / 8, -1.0) if kl > 0 else 0.3


def readings(reading: Reading) -> tuple[Roll, Roll]:
    """This token's log-probability ratio, and the running sum, which is the recorded KL at the end."""
    begin, end = reading.begins, reading.ends
    one = Roll(ONE_X, NUMBER_Y, 84, t.PAPER, 0.0, "{:+.1f}").enter(begin).leave(end + 0.1)
    total = Roll(SUM_X, NUMBER_Y, 116, t.COHERENCE, 0.0, "{:.1f} nats").enter(begin)
    for i, (value, so_far) in enumerate(zip(reading.moved, accumulate(reading.moved), strict=True)):
        one.to(reading.at(i), 0, value=round(value, 1) + 0.0)  # no minus before a zero
        total.to(reading.at(i), min(reading.pace, 0.3), value=so_far)
    return one, total.to(end - 0.1, 0.1, value=reading.kl)


def under(strip: TokenStrip, size: float, i: float) -> Points:
    """A bar under the chip that is being read."""
    if not 0 <= i < len(strip):
        return NOTHING
    x, y = strip.place(int(i))
    return round_box(x - 24, y + size * 0.75 + 4, 48, 8, 4)
