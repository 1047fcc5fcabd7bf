"""The Coherence Coach compares every token with what the frozen original would have said; the sum is the KL."""

from __future__ import annotations

import math
from itertools import accumulate

from _choices import Sample, strayed_sample
from _samples import last_sentence

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
KEY_Y = 826
SIZE = 48
END = "■"  # the token that ends an answer has no letters
EARLY = 0.05  # s that a change starts before its word


class StrayedTokens(RunScene):
    """The frozen original becomes a book, and adds up how far one answer has strayed, token by token."""

    runs = {"run": "healthy"}
    alone = 14.0

    def construct(self) -> None:
        record = self.record()
        sample = strayed_sample(record)
        tokens = [END if token.startswith("<|") else token for token in sample["tokens"]]
        moved = [now - before for now, before in zip(sample["logp"], sample["ref_logp"], strict=True)]
        meet = self.cue("coherence-coach") - EARLY
        used = self.cue("used-to-be") - EARLY
        land = self.cue("strayed") - EARLY

        deal = min(meet + 1.6, used - 0.8)
        pace = (land - 0.25 - used) / len(tokens)
        top = float(max(math.ceil(max(moved)), 1))
        strip = TokenStrip(tokens, moved, t.MARGIN_X, CHIPS_Y, 1920 - 2 * t.MARGIN_X, top=top, size=SIZE, max_rows=3)
        strip.enter(deal, min((used - 0.4 - deal) / len(tokens), 0.14)).tint(used, pace, max(pace, 0.2))
        prompt = t.block(last_sentence(sample["prompt"]), t.MARGIN_X, PROMPT_Y, 1728, 40, t.MUTED, font=t.MONO, max_lines=1)
        asked = Sprite(prompt).enter(deal - 0.2, rise=0)

        self.bake(t.backdrop(centre=(0.5, 0.5), floor=t.FLOOR, floor_at=(0.33, 0.34)), t.kicker("Distance from the original"))
        slates = [Sprite(t.slate(record, f"step {step}"), alpha=float(step == 0)) for step in (0, sample["step"])]
        slates[0].leave(deal - 0.35, 0.15)
        slates[1].enter(deal - 0.2, rise=0)

        ready = deal + 0.6 * (used - deal)
        one, total = readings(moved, float(sample["kl"]), used, pace, land)
        key = Sprite(strip.key(ONE_X - 120, KEY_Y, "0", f"{top:.0f} nats")).enter(ready, rise=0)
        names = [
            Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, NUMBER_Y + 58, "c")).enter(at, rise=0)
            for name, x, at in (("this token", ONE_X, used), ("sum: KL", SUM_X, used))
        ]
        names[0].leave(land + 0.1)

        frozen, case, plate = original(meet)
        book = coach(sample, strip, meet, deal, used, pace, land, moved)
        cursor = Live(lambda clock: under(strip, (clock - used) / pace), fill=t.PAPER)
        self.live(
            *(shadow(frozen), frozen, case, plate, ring(meet, MIDDLE, t.FEET, t.COHERENCE), shadow(book), book),
            *(asked, strip, cursor, key, one, total, *names, *slates),
        )


def original(meet: float) -> tuple[Rig, Sprite, Sprite]:
    """The model as it was: it waves to us, and stays as it is when the glass case comes down; gone at `meet`."""
    still = Rig("apprentice", MIDDLE, t.FEET - 4, 400, seed=5, mood=0.5)
    freeze = max(meet - 1.75, 0.4)
    still.hop(0.35, 30).to(0.3, 0.3, over, ra="up").to(0.5, 0.15, wave=1)
    still.to(freeze, 0.1, wave=0, breath=0).look_at(freeze - 0.2, MIDDLE, 0).look_out(freeze + 0.45)
    still.to(freeze + t.BEAT, 0.25, mood=0.0)
    still.to(meet - 0.12, 0.12, smooth, squash=-0.07).to(meet, 0.22, ease_in, scale=0.25, alpha=0.0)
    x, y, w, h = CASE
    glass = t.card(x, y, w, h, t.COHERENCE, r=28, stroke=t.COHERENCE, sw=5)
    glass.set_fill(opacity=0.08)
    plate = t.pill("frozen", MIDDLE, y - 32, fill=t.INK, color=t.COHERENCE, stroke=t.COHERENCE, align="c")
    case, label = Sprite(glass).begin(dy=-950), Sprite(plate).enter(freeze + 0.15, 0.25, rise=0)
    case.to(freeze - 0.3, 0.38, fall, dy=0).to(freeze + 0.08, 0.08, ease_out, dy=-14).to(freeze + 0.16, 0.08, fall, dy=0)
    return still, case.leave(meet - 0.1, 0.3), label.leave(meet - 0.1, 0.3)


def coach(
    sample: Sample, strip: TokenStrip, meet: float, deal: float, used: float, pace: float, land: float, moved: list[float]
) -> Rig:
    """The old book: bound at `meet`, walks over to read, and sours as the sum grows."""
    book = Rig("coherence", MIDDLE, t.FEET, 330, seed=8, mood=0.3, alpha=0.0, scale=0.4)
    book.to(meet + 0.15, 0.15, ease_out, alpha=1.0).to(meet + 0.15, 0.5, over, scale=1.3)
    go = max(deal - 0.5, meet + 0.7)
    book.walk(go, STAND, 1.2, steps=4).to(go, 1.2, scale=1.0)
    book.look_at(max(go + 1.2, deal), *strip.place(0))
    sums = list(accumulate(moved))
    for i in range(len(strip)):
        book.look_at(used + i * pace - 0.1, *strip.place(i))
        book.to(used + i * pace + t.BEAT, 0.3, mood=opinion(sums[i]))
    book.look_at(land, SUM_X, NUMBER_Y).react(land, opinion(float(sample["kl"])))
    return book.to(land + t.BEAT, 0.4, ra="hip", lean=0.05).look_out(land + 1.0)


def opinion(kl: float) -> float:
    """The book's mood, -1..0.3, at a distance in nats."""
    return max(0.3 - kl / 8, -1.0) if kl > 0 else 0.3


def readings(moved: list[float], kl: float, used: float, pace: float, land: float) -> tuple[Roll, Roll]:
    """This token's log-probability ratio, and the running sum, which is the recorded KL at `land`."""
    one = Roll(ONE_X, NUMBER_Y, 84, t.PAPER, moved[0], "{:+.1f}").enter(used).leave(land + 0.1)
    total = Roll(SUM_X, NUMBER_Y, 116, t.COHERENCE, 0.0, "{:.1f} nats").enter(used)
    for i, (value, so_far) in enumerate(zip(moved, accumulate(moved), strict=True)):
        one.to(used + i * pace, 0, value=round(value, 1) + 0.0)  # no minus before a zero
        total.to(used + i * pace, min(pace, 0.3), value=so_far)
    total.to(land - 0.1, 0.1, value=kl)
    return one, total


def under(strip: TokenStrip, i: float) -> Points:
    """A bar under the chip that is being read."""
    if not 0 <= i < len(strip):
        return NOTHING
    x, y = strip.place(int(i))
    return round_box(x - 24, y + SIZE * 0.75 + 4, 48, 8, 4)
