"""The Coherence Coach compares every token with what the frozen original would have said; the sum is the KL."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from _samples import last_sentence, strayed_sample

from rushes import theme as t
from rushes.motion import Live, Roll, Sprite, ease_in, ease_out, fall, over, ring, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points
from rushes.token_chips import TokenStrip

END = "■"  # the token that ends an answer has no letters
EARLY = 0.05  # s that a change starts before its word


class Places(NamedTuple):
    """All in px."""

    middle: float
    """Where the book is made."""
    feet: float
    still: tuple[float, float]
    """How high the original and the book are."""
    scale: float
    """How much larger the book is before it walks over."""
    case: tuple[float, float, float, float]
    """Left, top, width, height of the glass case."""
    prompt: tuple[float, float, int]
    """First baseline, size, lines."""
    chips: tuple[float, float]
    """Top and width."""
    sizes: tuple[int, ...]
    """How large the chips' words may be, largest first."""
    rows: tuple[int, int]
    """How many rows of chips are wanted, and how many there may be."""
    key: tuple[float, float]
    """Left edge of the scale, and how far it is below the chips."""
    stand: float
    """Where the book reads."""
    one: tuple[float, float]
    """Middle and baseline of this token's number."""
    total: tuple[float, float]
    """The sum's."""
    floor: float
    light: float
    """Where the floor is lit, as a share of the frame."""


WIDE = Places(
    middle=960,
    feet=t.FEET,
    still=(400, 330),
    scale=1.3,
    case=(700, 236, 520, 650),
    prompt=(196, 40, 1),
    chips=(232, 1728),
    sizes=(56, 52, 48, 46, 44),
    rows=(2, 3),
    key=(780, 60),
    stand=330,
    one=(900, 690),
    total=(1430, 690),
    floor=t.FLOOR,
    light=0.33,
)
TALL = Places(
    middle=500,
    feet=1374,
    still=(500, 330),
    scale=1.5,
    case=(180, 560, 640, 838),
    prompt=(420, 38, 2),
    chips=(512, 840),
    sizes=(46, 44, 42, 40),
    rows=(5, 5),
    key=(446, 58),
    stand=190,
    one=(660, 1116),
    total=(660, 1296),
    floor=1312,
    light=0.4,
)


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
        record, place = self.record(), TALL if t.tall() else WIDE
        sample = strayed_sample(record)
        tokens = [END if token.startswith("<|") else token for token in sample["tokens"]]
        moved = tuple(now - before for now, before in zip(sample["logp"], sample["ref_logp"], strict=True))
        meet = self.cue("coherence-coach") - EARLY
        used = self.cue("used-to-be") - EARLY
        reading = Reading(moved=moved, kl=float(sample["kl"]), begins=used, ends=self.cue("strayed") - EARLY)

        deal = min(meet + 1.6, used - 0.8)
        top = float(max(math.ceil(max(moved)), 1))
        strip, size = fitting_strip(tokens, moved, top, place)
        strip.enter(deal, min((used - 0.4 - deal) / len(tokens), 0.14))
        strip.tint(used, reading.pace, max(reading.pace, 0.2))
        base, em, lines = place.prompt
        told, left = last_sentence(sample["prompt"]), t.safe()[0]
        prompt = t.block(told, left, base, place.chips[1], em, t.MUTED, font=t.MONO, max_lines=lines)
        asked = Sprite(prompt).enter(deal - 0.2, rise=0)

        self.bake(
            t.backdrop(centre=(0.5, 0.5), floor=place.floor, floor_at=(place.light, 0.34)),
            t.kicker("Distance from the original"),
        )
        slates = [Sprite(t.slate(record, f"step {step}"), alpha=float(step == 0)) for step in (0, sample["step"])]
        slates[0].leave(deal - 0.35, 0.15)
        slates[1].enter(deal - 0.2, rise=0)

        ready = deal + 0.6 * (used - deal)
        one, total = readings(reading, place)
        key = Sprite(strip.key(place.key[0], strip.end_y + place.key[1], "0", f"{top:.0f} nats")).enter(ready, rise=0)
        names = [
            Sprite(t.put(t.text(name, t.T_LABEL, t.MUTED), x, y + 58, "c")).enter(at, rise=0)
            for name, (x, y), at in (("this word", place.one, used), ("sum: KL", place.total, used))
        ]
        names[0].leave(reading.ends + 0.1)

        frozen, case, plate = original(meet, self.cue("frozen", meet - 1.75) - EARLY, place)
        book = coach(reading, strip, meet, deal, place)
        cursor = Live(lambda clock: under(strip, size, (clock - used) / reading.pace), fill=t.PAPER)
        self.live(
            *(
                shadow(frozen),
                frozen,
                case,
                plate,
                ring(meet, place.middle, place.feet, t.COHERENCE),
                shadow(book),
                book,
            ),
            *(asked, strip, cursor, key, one, total, *names, *slates),
        )


def fitting_strip(tokens: Sequence[str], moved: Sequence[float], top: float, place: Places) -> tuple[TokenStrip, float]:
    """The chips, and their size in px: the largest at which they need no more rows than wanted, else the smallest."""
    y, width = place.chips
    wanted, most = place.rows
    for size in place.sizes:
        strip = TokenStrip(tokens, moved, t.safe()[0], y, width, top=top, size=size, max_rows=most)
        whole = len(strip) == len(tokens)
        if whole and len({strip.place(i)[1] for i in range(len(strip))}) <= wanted:
            break
    return strip, size


def original(meet: float, freeze: float, place: Places) -> tuple[Rig, Sprite, Sprite]:
    """The model as it was: it waves, stays as it is when the glass case comes down at `freeze`, is gone at `meet`."""
    still = Rig("apprentice", place.middle, place.feet - 4, place.still[0], seed=5, mood=0.5)
    freeze = max(min(freeze, meet - 0.8), 0.4)
    still.hop(0.35, 30).to(0.3, 0.3, over, ra="up").to(0.5, 0.15, wave=1)
    still.to(freeze, 0.1, wave=0, breath=0).look_at(freeze - 0.2, place.middle, 0).look_out(freeze + 0.45)
    still.to(freeze + t.BEAT, 0.25, mood=0.0)
    still.to(meet - 0.12, 0.12, smooth, squash=-0.07).to(meet, 0.22, ease_in, scale=0.25, alpha=0.0)
    x, y, w, h = place.case
    glass = t.card(x, y, w, h, t.COHERENCE, r=28, stroke=t.COHERENCE, sw=5)
    glass.set_fill(opacity=0.08)
    plate = t.pill("frozen", place.middle, y - 32, fill=t.INK, color=t.COHERENCE, stroke=t.COHERENCE, align="c")
    case, label = Sprite(glass).begin(dy=-y - h - 64), Sprite(plate).enter(freeze + 0.15, 0.25, rise=0)
    case.to(freeze - 0.3, 0.38, fall, dy=0).to(freeze + 0.08, 0.08, ease_out, dy=-14).to(
        freeze + 0.16, 0.08, fall, dy=0
    )
    return still, case.leave(meet - 0.1, 0.3), label.leave(meet - 0.1, 0.3)


def coach(reading: Reading, strip: TokenStrip, meet: float, deal: float, place: Places) -> Rig:
    """The old book: bound at `meet`, walks over to read, and sours as the sum grows."""
    book = Rig("coherence", place.middle, place.feet, place.still[1], seed=8, mood=0.3, alpha=0.0, scale=0.4)
    book.to(meet + 0.15, 0.15, ease_out, alpha=1.0).to(meet + 0.15, 0.5, over, scale=place.scale)
    go = max(min(deal - 0.5, reading.begins - 1.3), meet + 0.3)
    way = min(1.2, max(reading.begins - go, 0.4))
    book.walk(go, place.stand, way, steps=4).to(go, way, scale=1.0)
    book.look_at(max(go + way, deal), *strip.place(0))
    for i, so_far in zip(range(len(strip)), accumulate(reading.moved), strict=False):
        book.look_at(reading.at(i) - 0.1, *strip.place(i)).to(reading.at(i) + t.BEAT, 0.3, mood=opinion(so_far))
    book.look_at(reading.ends, *place.total).react(reading.ends, opinion(reading.kl))
    return book.to(reading.ends + t.BEAT, 0.4, ra="hip", lean=0.05).look_out(reading.ends + 1.0)


def opinion(kl: float) -> float:
    """The book's mood, -1..0.3, at a distance in nats."""
    return max(0.3 - kl / 8, -1.0) if kl > 0 else 0.3


def readings(reading: Reading, place: Places) -> tuple[Roll, Roll]:
    """This token's log-probability ratio, and the running sum, which is the recorded KL at the end."""
    begin, end = reading.begins, reading.ends
    one = Roll(*place.one, 84, t.PAPER, 0.0, "{:+.1f}").enter(begin).leave(end + 0.1)
    total = Roll(*place.total, 116, t.COHERENCE, 0.0, "{:.1f} nats").enter(begin)
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
