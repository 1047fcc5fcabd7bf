"""How a language model is made: cover the next number, guess, be nudged; and how far three million guesses bring it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from _samples import numbers_of
from manim import Group, VGroup

from rushes import theme as t
from rushes.charts import Chart, Curve, StepAt
from rushes.machine import Belt, Machine
from rushes.motion import Live, Roll, Sprite, Track, ease_out, linear, ramp
from rushes.record import Record
from rushes.scene import RunScene
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points
from rushes.token_chips import CHIP, shown_token
from rushes.words import Swap

CHIP_H, NUMBER, WORD = 96, 44, 36  # px
READ, LINES, GAP = 60, 4, 132  # px: the text that is read, and the box for its next word
BEFORE = 3  # tokens that have been read when the guess is made
FEW = 50  # steps: beyond this the axis is logarithmic, as most is learned early
FAST = 2600  # px a second that the belt runs while it learns
LEARNS, BRAKES = 2.6, 1.0  # s that this takes at least, and that the belt then takes to stop
EARLY = 0.05  # s that a change starts before its word
Tokens = Sequence[Mapping[str, Any]]


class Places(NamedTuple):
    """px: feet and height of the machine; the belt's ends and what is seen of it; chip to chip; the text; the chart's
    edges; baseline of the counter; left edge of what is beside the machine."""

    machine: tuple[float, float, float]
    belt: tuple[float, float]
    seen: tuple[float, float]
    pitch: float
    text: tuple[float, float, float]
    chart: tuple[float, float, float, float]
    counter: tuple[float, float]
    aside: float


WIDE = Places((1280, 838, 560), (-40, 1960), (70, 1850), 222, (96, 290, 900), (170, 180, 770, 470), (96, 640), 1560)
TALL = Places((630, 1340, 480), (-40, 1120), (60, 940), 196, (80, 470, 820), (140, 400, 700, 640), (80, 790), 80)


class TheMachine(RunScene):
    """A number is covered, guessed and shown; wrong, the dials turn; then it runs, and is wrong less and less."""

    runs = {"run": "base"}
    alone = 22.0

    def construct(self) -> None:
        record = self.record()
        p = TALL if t.tall() else WIDE
        covers, guesses, wrong, nudged, again, counts, dials, one, minutes = (
            self.cue(name) - EARLY
            for name in (
                "next-number", "guess", "wrong", "nudge", "try-again", "more-than-three-million", "small-dials",
                "ordinary-processor", "in-minutes",
            )
        )  # fmt: skip
        names = numbers_of(record)
        steps, i = first_miss(record, names)
        kicker, training = Sprite(t.kicker("Guess the next number")), Sprite(t.kicker("Training"))
        kicker.leave(counts - 0.5)
        training.enter(counts - 0.2, rise=0)
        self.bake(
            t.backdrop(centre=(0.6, 0.4), floor=t.ground()[0], floor_at=(p.machine[0] / t.frame_px()[0], 0.4)),
            t.slate(record, f"steps {record.steps[0]}–{record.steps[-1]}"),
        )

        machine = Machine(*p.machine, seed=4)
        left, _, right, bottom = machine.mouth
        travel = Track(-(BEFORE - 1) * p.pitch)  # token i lies in the mouth when it is 0
        ready = max(covers - 0.25, 0.6)
        for k in range(BEFORE - 1):
            travel.to(ready * (k + 0.3) / (BEFORE - 1), 0.5 * ready / (BEFORE - 1), -(BEFORE - 2 - k) * p.pitch)
        runs = max(counts - 0.25, again + 0.6)
        pace = min((runs - again) / 1.7, 1.0)  # of the second guess, when there is little time for it
        travel.to(again, 0.3 * pace, p.pitch)
        ends = min(max(self.cue("guesses", counts + 3.6), counts + LEARNS), self.seconds - 0.3)
        figure = max(self.cue("nine-hundred-thousand", dials - 1.2) - EARLY, ends - 0.4)
        far = p.pitch + 0.25 * FAST + FAST * max(ends - runs - 0.5, 0.0)
        travel.to(runs, 0.5, p.pitch + 0.25 * FAST, lambda a: a * a)
        travel.to(runs + 0.5, max(ends - runs - 0.5, 0.0), far, linear)
        travel.to(ends, BRAKES, far + 0.5 * FAST * BRAKES, lambda a: a * (2 - a))  # it has learned, and stops
        belt = Belt(*p.belt, bottom, travel)
        y = bottom - CHIP_H - 2
        shows = again + 1.05 * pace
        shut = {i: (covers, wrong), i + 1: (again + 0.3 * pace, shows)}
        chips = []
        for n in range(max(i - BEFORE - 4, 0), min(i + 5, len(steps))):
            if steps[n]["chosen"] in names:
                x = (left + right) / 2 + (n - i) * p.pitch
                chips += chip(steps[n]["chosen"], names, x, y, p, travel, shut.get(n))
        streaks = Live(
            partial(blanks, p, (left + right) / 2, y, travel),
            fill=CHIP,
            alpha=lambda s: ramp(s, runs + 0.1, runs + 0.5),
        )

        screen = Screen(machine)
        screen.ask(covers + 0.1, guesses)
        screen.say(guesses, wrong + 0.9 * (again - wrong), steps[i]["candidates"][0][0], names)
        screen.judge(wrong + 0.15, again - 0.1, False)
        asks, says = again + 0.35 * pace, again + 0.7 * pace
        screen.ask(asks, says)
        screen.say(says, runs, steps[i + 1]["candidates"][0][0], names)
        screen.judge(shows + 0.1 * pace, runs, True)
        machine.cover(covers).jolt(covers + 0.2).jolt(guesses, 0.03).uncover(wrong).nudge(nudged)
        machine.cover(again + 0.3 * pace, 0.25 * pace).uncover(shows).jolt(shows + 0.1, 0.06)
        machine.to(shows + 0.1 * pace, 0.15, lamp=1.0).to(runs, 0.3, lamp=0.0)
        read = reading(steps, i, p, (wrong, shows), runs)

        machine.to(counts, max(ends - counts, 0.5), ease_out, turn=machine.at(counts)["turn"] + 26)
        machine.to(dials, 2.2, ease_out, turn=machine.at(dials)["turn"] + 12)
        graph = learning(record, p, counts, ends)
        clock = timer(record, screen, counts, ends)
        machine.jolt(minutes, 0.04).to(minutes, 0.2, lamp=1.0)
        self.live(
            machine, belt, *chips, streaks, machine.shutter, screen, *read, kicker, training, *graph, *clock,
            *told(record, p, machine, nudged, figure, dials, one),
        )  # fmt: skip


class Ages(Chart):
    """A chart whose steps lie on a logarithmic axis that begins with 0."""

    def px(self, x: float, y: float) -> tuple[float, float]:
        return Chart.px(self, math.log10(1 + x / FEW), y)


def step_over(record: Record, begin: float, end: float) -> StepAt:
    """The step at a time: at one pace along the logarithmic axis."""
    far = math.log10(1 + record.steps[-1] / FEW)
    return lambda clock: float(FEW * (10 ** (far * min(max((clock - begin) / (end - begin), 0.0), 1.0)) - 1))


def learning(record: Record, p: Places, begin: float, end: float) -> list[Any]:
    """The loss falls while the guesses are counted; the film has no word for it yet."""
    steps, loss, now = record.steps, record.column("held_out"), step_over(record, begin, end)
    x0, y0, x1, y1 = p.chart
    far, high = math.log10(1 + steps[-1] / FEW), math.ceil(max(loss))
    chart = Ages(left=x0, top=y0, right=x1, bottom=y1, x=(0, far), y=(0, high))
    grid = Chart(left=x0, top=y0, right=x1, bottom=y1, x=(0, far), y=(0, high))
    axes = Sprite(*grid.still([0, high])).enter(begin - 0.15, 0.3, rise=0)
    curve = Curve(chart, steps, loss, now, t.POLICY, name="how wrong").enter(begin)
    counted = record.column("tokens")
    x, y = p.counter
    count = Roll(x, y, 96, t.PAPER, 0, "{:,.0f}", align="l").enter(begin)
    count.drive(value=lambda clock: float(np.interp(now(clock), steps, counted)))
    wide = t.text_width(f"{counted[-1]:,.0f}", 96, weight=t.BOLD, tnum=True)
    name = Sprite(t.put(t.text("guesses", t.T_BODY, t.MUTED), x + wide + 28, y)).enter(begin, rise=0)
    return [axes, curve, count, name]


def timer(record: Record, screen: Screen, begin: float, end: float) -> list[Any]:
    """On the screen, the seconds it took until the step reached."""
    steps, seconds, now = record.steps, record.column("seconds"), step_over(record, begin, end)
    x, y = screen.middle
    took = Minutes(x, y + 23, 64, t.PAPER, 0.0).enter(begin)
    took.drive(value=lambda clock: float(np.interp(now(clock), steps, seconds)))
    return [took]


def told(
    record: Record, p: Places, machine: Machine, nudged: float, said: float, dials: float, one: float
) -> list[Any]:
    """How many dials there are, and what turned them; they are lit when they are nudged, and when they are named."""
    left, top, right, low = machine.panel
    x, middle, line = p.aside, (top + low) / 2, top + 0.3 * (low - top)
    number = t.put(t.text(f"{record.facts['parameters']:,.0f}", 56, weight=t.BOLD), x, line + 20)
    counted = Sprite(number, t.put(t.text("dials", t.T_LABEL, t.MUTED), x + 2, line + 64)).enter(said)
    aside = t.bounds(number)
    ends_at = (right + 12, aside[0] - 18) if x > right else (left - 12, aside[2] + 18)
    lead = Sprite(t.rule(ends_at[0], line, ends_at[1], line, t.NEUTRAL)).enter(said, rise=0)
    light = Sprite(t.glow(t.PAPER, (left + right) / 2, middle, 1.9 * (right - left), 2.4 * (low - top), 0.34))
    light.begin(alpha=0.0).to(nudged, 0.2, alpha=1.0).to(nudged + 0.8, 0.3, alpha=0.0)
    light.to(dials, 0.3, alpha=1.0).to(dials + 1.4, 0.8, alpha=0.0)
    y = (machine.screen[1] + machine.screen[3]) / 2
    chipset = Sprite(processor(x + 32, y), t.put(t.text("1 processor", t.T_LABEL), x + 78, y + 13)).enter(one)
    return [light, lead, counted.pulse(dials, 0.06), chipset]


def reading(steps: Tokens, i: int, p: Places, turns: tuple[float, float], gone: float) -> list[Swap | Sprite]:
    """The text so far; at the two `turns` the next word of it. A box stands where the next word goes, until `gone`."""
    tokens = [step["chosen"] for step in steps]
    first = next((n for n in range(max(i - 11, 0), i) if tokens[n][:1].isspace()), 0)
    before = ("… " if first else "") + "".join(tokens[first:i]).strip()
    texts = [before, before + tokens[i], before + tokens[i] + tokens[i + 1]]
    x, y, width = p.text
    said = Swap(texts, x, y, width, READ, max_lines=LINES)
    out: list[Swap | Sprite] = [said]
    for k, (text, leaves) in enumerate(zip(texts, turns, strict=False)):
        lines = t.wrap(text, width, READ, font=t.MONO, max_lines=LINES)
        left = x + 0.6 * READ * (len(lines[-1]) + 1)
        row = len(lines) - 1 if left + GAP <= x + width else len(lines)
        left = left if row < len(lines) else x
        top = y + row * READ * t.LEAD - 0.86 * READ
        box = Sprite(t.card(left, top, GAP, 1.12 * READ, t.mix(t.INK, t.POLICY, 0.22), r=12, stroke=t.POLICY, sw=4))
        if k:
            box.enter(turns[k - 1] + 0.2, 0.2, rise=0)
        out.append(box.leave(leaves, 0.12))
        said.change(leaves, k + 1)
    said.change(gone, None)
    return out


class Minutes(Roll):
    """Seconds, shown as minutes and seconds."""

    def shown(self, clock: float) -> str:
        seconds = int(self.tracks["value"](clock))
        return f"{seconds // 60}:{seconds % 60:02d} min"


class Screen(Group):
    """What the machine's screen shows: a question, a guess, whether it was right."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        left, top, right, low = machine.screen
        self.middle = (left + right) / 2, (top + low) / 2
        self._half = (low - top) / 2
        self._parts: list[Sprite] = []

    def _show(self, part: Sprite, at: float, gone: float) -> Sprite:
        self._parts.append(part)
        self.add(part)
        part.begin(alpha=0.0).to(at, 0.12, alpha=1.0).leave(gone, 0.12)
        return part

    def ask(self, at: float, gone: float) -> None:
        """A question mark."""
        x, y = self.middle
        self._show(Sprite(t.put(t.text("?", 72, t.MUTED, weight=t.BOLD), x, y + 26, "c")), at, gone - 0.12)

    def say(self, at: float, gone: float, token: str, names: Mapping[str, int]) -> None:
        """A guess: the number, and the word that it stands for."""
        x, y = self.middle
        figure, word = t.text(f"{names[token]}", 56, weight=t.BOLD), t.mono(shown_token(token), 40, t.MUTED)
        long = t.text_width(figure.string, 56, weight=t.BOLD)
        left = x - (long + 24 + word.advance) / 2 - 0.55 * self._half  # a cross has room at its right
        number, word = t.put(figure, left, y + 20), t.put(word, left + long + 24, y + 17)
        self._show(Sprite(number, word), at, gone).pulse(at, 0.14)

    def judge(self, at: float, gone: float, right: bool) -> None:
        """A cross over the guess, or a frame around it."""
        (x, y), h = self.middle, self._half
        if right:
            w = h * 3.3
            mark = t.card(x - w, y - h + 6, 2 * w, 2 * h - 12, t.INK, r=16, stroke=t.POLICY, sw=7, opacity=0.0)
            self._show(Sprite(mark), at, gone)
        else:
            d = 0.42 * h
            x = x + 2.7 * self._half
            bars = VGroup(*(t.rule(x - d, y - s * d, x + d, y + s * d, t.MUTED, 11) for s in (-1, 1)))
            self._show(Sprite(bars), at, gone).pulse(at, 0.25)

    def pose(self, clock: float) -> None:
        for part in self._parts:
            part.pose(clock)


def first_miss(record: Record, names: Mapping[str, int]) -> tuple[Tokens, int]:
    """Where the likeliest guess is first another word, and the next guess is right: the row's steps, and which one."""
    for row in record.tokens():
        steps = row["steps"]
        for i in range(BEFORE, len(steps) - 1):
            guess, after = steps[i]["candidates"][0][0], steps[i + 1]
            words = [guess.strip(), steps[i]["chosen"].strip(), after["chosen"].strip()]
            known = guess in names and all(step["chosen"] in names for step in steps[i - BEFORE : i + 2])
            right = after["candidates"][0][0] == after["chosen"]
            if known and right and guess != steps[i]["chosen"] and all(word.isalpha() for word in words):
                return steps, i
    raise ValueError("the model is never wrong in this record")


def chip(
    token: str, names: Mapping[str, int], x: float, y: float, p: Places, travel: Track,
    shut: tuple[float, float] | None,
) -> list[Sprite]:  # fmt: skip
    """A token on the belt: its number, and small above it the word; nothing is to be read while the shutter is `shut`.

    It fades at the ends of what is seen.
    """
    w = p.pitch - 24
    word = shown_token(token)
    small = min(WORD, max(t.T_FINE, (w - 20) / (0.6 * len(word))))
    box = Sprite(t.card(x - w / 2, y, w, CHIP_H, CHIP, r=14, stroke=t.GRID, sw=3))
    number = t.put(t.text(f"{names[token]}", NUMBER, weight=t.BOLD), x, y + 82, "c")
    text = Sprite(t.put(t.mono(word, small, t.MUTED), x, y + 37, "c"), number)
    low, high = p.seen

    def seen(clock: float) -> float:
        place = x - travel(clock)
        return ramp(place - w / 2, low - 30, low + 30) * (1 - ramp(place + w / 2, high - 30, high + 30))

    def told(clock: float) -> float:
        if shut is None:
            return seen(clock)
        return seen(clock) * (1 - ramp(clock, shut[0], shut[0] + 0.1) + ramp(clock, shut[1] + 0.08, shut[1] + 0.2))

    box.drive(dx=lambda clock: -travel(clock), alpha=seen)
    text.drive(dx=lambda clock: -travel(clock), alpha=told)
    return [box, text]


def blanks(p: Places, x: float, y: float, travel: Track, clock: float) -> Points:
    """Chips that pass too fast to be read."""
    w, left, right = p.pitch - 24, p.belt[0], p.belt[1]
    first = (x - travel(clock) - left) % p.pitch + left - p.pitch
    boxes = [round_box(at - w / 2, y, w, CHIP_H, 14) for at in np.arange(first, right + p.pitch, p.pitch)]
    return np.concatenate(boxes) if boxes else NOTHING


def processor(x: float, y: float) -> VGroup:
    """A small chip with its pins."""
    pins = [t.rule(x + dx, y - 32, x + dx, y + 32, t.NEUTRAL, 5) for dx in (-14, 0, 14)]
    pins += [t.rule(x - 32, y + dy, x + 32, y + dy, t.NEUTRAL, 5) for dy in (-14, 0, 14)]
    return VGroup(*pins, t.card(x - 24, y - 24, 48, 48, "#2A3054", r=8, stroke=t.MUTED, sw=4))
