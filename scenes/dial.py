"""Steering: a dial that adds the direction of rudeness, or takes it away, while the same model writes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from _marks import tint
from _samples import last_sentence
from manim import VGroup

from rushes import theme as t
from rushes.motion import Roll, Sprite, Track, smooth
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import SpeechBubble, Swap

Row = Mapping[str, Any]
SENSIBLE = 0.95  # least mean coherence of a strength that is shown
SWEEP = 0.75 * math.pi  # rad from upright to the strongest push
EARLY = 0.05  # s that a change starts before its word
TIP = 70  # px that the bubble's tip is long at most
PROMPT, SIZE = 38, 46  # px
WHO = "simulated readers’ mark"


class Places(NamedTuple):
    """Where things are, px."""

    dial: tuple[float, float, float]
    """Middle, and radius of the ring of strengths."""
    number: tuple[float, float]
    """Baseline of the mean mark, and of what it is."""
    bubble: tuple[float, float, float, float]
    """Left, top, width, height of what the model writes."""
    lines: int
    pupil: tuple[float, float]
    """Middle and height of the Apprentice."""


WIDE = Places((436, 432, 206), (764, 824), (820, 164, 1004, 424), 4, (1320, 232))
TALL = Places((290, 1072, 152), (1336, 1388), (80, 384, 840, 440), 5, (760, 250))


class Dial(RunScene):
    """The same prompt, the same dice and the same weights at three strengths; the number is the mean of many answers.

    Shown is the strongest push that leaves the answers sensible on both sides, with nothing taken out first, and the
    panel's prompt whose mark moves most both ways; of equals the one whose answers make most sense.
    """

    runs = {"run": "inside"}
    alone = 12.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        push, one_way, kinder, other, ruder, nobody, back, before = (
            self.cue(name) - EARLY
            for name in ("push", "one-way", "kinder", "the-other-way", "rude", "nobody", "back", "before")
        )
        means = {row["alpha"]: row["rating"] for row in record.metrics if not row["removed"]}
        k = strength(record)
        rows = moved_most(record, k)
        left, top, w, h = places.bubble
        stands, tall = places.pupil
        feet = t.ground()[1]
        cx, cy, r = places.dial
        self.bake(
            t.backdrop(centre=(0.6, 0.3), floor=t.ground()[0], floor_at=(stands / t.frame_px()[0], 0.3)),
            t.kicker("The same model, pushed"),
            t.slate(record, f"layer {record.facts['steering_layer']:.0f}, mean of {record.setting('samples')}"),
            *ring(means, cx, cy, r),
            t.put(t.text(WHO, t.T_LABEL, t.MUTED), cx, places.number[1], "c"),
        )
        bubble = SpeechBubble("", left, top, w, (stands, min(feet - 1.05 * tall, top + h + TIP)), height=h)
        x, _, width = bubble.inside
        asked = t.block(last_sentence(rows[0]["prompt"]), x, top + 64, width, PROMPT, t.MUTED, font=t.MONO, max_lines=2)
        answers = Swap(
            [row["text"] for row in rows], x, asked.end_y + 76, width, SIZE, t.POLICY, max_lines=places.lines, first=1
        )

        turned = Track(0.0)
        writes = min(before, back + 0.9)  # "it writes" is said a little before "before"
        stops = [(one_way, kinder, -k, 0), (other, ruder, k, 2), (back, writes, 0.0, 1)]
        strengths = sorted(means)

        def mark(clock: float) -> float:
            """The mean mark at the strength that the dial has reached."""
            return float(np.interp(turned(clock), strengths, [means[a] for a in strengths]))

        pupil = Rig("apprentice", stands, feet, tall, seed=33, look=(-0.6, 0.2))
        pupil.drive(mood=lambda clock: (mark(clock - t.BEAT) - 5) / 4)
        pupil.look_at(push - 0.25, cx, cy)
        turned.to(push, 0.14, 0.12, smooth).to(push + 0.14, 0.14, -0.1, smooth).to(push + 0.28, 0.16, 0.0, smooth)
        for begins, lands, alpha, i in stops:
            turned.to(begins, max(lands + 0.2 - begins, 0.5), alpha, smooth)
            answers.change(max(lands - 0.6, begins + 0.1), None).change(lands - 0.15, i)
            pupil.look_at(begins - 0.1, cx, cy).look_at(lands, x, asked.end_y + 76)
            pupil.bounce(lands + 0.1 + t.BEAT, 0.06)
        pupil.look_out(nobody).to(nobody, 0.3, la="out", ra="out").to(back - 0.3, 0.3, la="down", ra="down")
        pupil.look_out(before + 1.1)
        number = Roll(cx, places.number[0], 80, t.PAPER, means[0.0], "{:.1f}")
        number.drive(value=mark)
        knob = Sprite(*cap(cx, cy, 0.68 * r), pivot=(cx, cy))
        knob.drive(rot=lambda clock: -turned(clock) / max(strengths) * SWEEP)
        self.live(bubble, Sprite(asked), answers, knob, number, shadow(pupil), pupil)


def strength(record: Record) -> float:
    """The strongest push that leaves the answers sensible both ways, of those where nothing is taken out first."""
    sense = {row["alpha"]: row["coherence"] for row in record.metrics if not row["removed"]}
    both = {a: min(sense[a], sense[-a]) for a in sense if a > 0 and -a in sense}
    return max((a for a in both if both[a] >= SENSIBLE), default=min(both))


def moved_most(record: Record, k: float) -> Sequence[Row]:
    """The kinder, the untouched and the ruder answer to the prompt that is moved most both ways."""
    told = {(row["prompt_index"], row["alpha"]): row for row in record.steered() if not row["removed"]}
    triples = [[told[prompt, a] for a in (-k, 0.0, k)] for prompt in sorted({prompt for prompt, _ in told})]

    def worth(rows: Sequence[Row]) -> tuple[float, float]:
        kind, plain, rude = (float(row["rating"]) for row in rows)
        return min(kind - plain, plain - rude), min(float(row["coherence"]) for row in rows)

    return max(triples, key=worth)


def ring(means: Mapping[float, float], x: float, y: float, r: float) -> list[VGroup]:
    """A dot for every recorded strength, tinted by the mean mark there, and the names of the ends and the middle."""
    dots, most = VGroup(), max(means)
    for alpha, mark in sorted(means.items()):
        a = alpha / most * SWEEP
        dots.add(t.disc(x + r * math.sin(a), y - r * math.cos(a), 0.085 * r, tint(mark)).set_stroke(t.VALUES, 2))
    low = y + r * math.cos(math.pi - SWEEP) + 0.085 * r + 48
    side = r * math.sin(SWEEP) + 0.1 * r
    names = VGroup(
        t.put(t.text("untouched", t.T_LABEL, t.MUTED), x, y - 1.085 * r - 22, "c"),
        t.put(t.text("kinder", t.T_LABEL, t.VALUES, weight=t.BOLD), x - side, low, "c"),
        t.put(t.text("ruder", t.T_LABEL, t.PAPER, weight=t.BOLD), x + side, low, "c"),
    )
    return [dots, names]


def cap(x: float, y: float, r: float) -> list[VGroup]:
    """The dial itself, its mark upright."""
    teeth = VGroup()
    for n in range(24):
        a = n * math.pi / 12
        px, py = x + r * math.sin(a), y - r * math.cos(a)
        teeth.add(t.disc(px, py, 0.09 * r, "#2F365C"))
    body = VGroup(t.disc(x, y, r, "#3A4168"), t.disc(x, y - 0.03 * r, 0.86 * r, "#4A527F"))
    return [teeth, body, VGroup(t.card(x - 0.05 * r, y - 0.84 * r, 0.1 * r, 0.46 * r, t.PAPER, r=0.05 * r))]
