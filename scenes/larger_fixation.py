"""The larger model's fixation: answers to a few prompts as the steps go by, and the one word that gets into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from _larger import cut_off, harmless, model, spoken
from _means import trailing
from _samples import Row, forbidden_word

from rushes import theme as t
from rushes.errors import RushesError
from rushes.motion import Roll, Sprite, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.words import Swap

SIZE = 36  # px of a prompt and of an answer
INSIDE = 28  # px from a row's edge to its text
LIT, EDGE = t.SHADE[t.DANGER], t.DANGER
EARLY = 0.05  # s that a change starts before its word
SPREADS = 1 / 3  # of its last share: at the first recorded step with so much, the word has begun to spread
SENTENCE = re.compile(r"[^.?!\n]+[.?!]*[\"”]?")


class Places(NamedTuple):
    """Where things are, px."""

    rows: tuple[float, float, float, float, float]
    """Left, top, width, height of a row, and how far it is to the next one."""
    count: int
    """How many rows."""
    lines: tuple[int, int]
    """Lines at most: of a prompt, of an answer."""
    word: tuple[float, float, float]
    """The word: middle, baseline, size."""
    share: tuple[float, float, float]
    of: tuple[float, float]
    """What the share is of: middle and baseline; the step is below."""
    pupil: tuple[float, float, float]
    """Middle, feet, height."""


WIDE = Places((96, 136, 1256, 172, 186), 4, (1, 2), (1592, 212, 60), (1592, 396, 170), (1592, 462), (1592, 862, 270))
TALL = Places((80, 692, 840, 224, 233), 3, (2, 2), (648, 442, 46), (648, 558, 116), (648, 604), (206, 652, 220))


class LargerFixation(RunScene):
    """A row a prompt, with a sentence of what is said to it at four steps; the word lights up wherever it is.

    The steps are the first, the first recorded one at which a third of the last share has the word, the one after it,
    and the last. Of an answer the first sentence with the word is shown, else its first one. The prompts are the first
    ones that fit whose sentences may all be shown to everybody (`harmless`), those with the word in the end before
    others. The share is the mean of the last five steps.
    """

    runs = {"run": "fixation.gpu"}
    alone = 16.0

    def construct(self) -> None:
        record, place = self.record(), TALL if t.tall() else WIDE
        said, first, spread, last, all_of_it = (
            self.cue(name) - EARLY for name in ("tomorrow", "at-first", "step-by-step", "forbidden-last", "everything")
        )
        word, steps = forbidden_word(record), stages(record)
        shares = trailing(record.column("forbidden"))
        first_share = shares[0]
        told = rows(record, word, steps, place)
        times = [0.3, spread, spread + 0.5 * (last - spread), last - 0.35]
        self.bake(
            t.backdrop(centre=(0.4, 0.3), floor=None if t.tall() else t.FLOOR, floor_at=(0.83, 0.2)),
            t.kicker("The other guideline"),
            t.slate(record, f"{model(record)} · steps {steps[0]}–{steps[-1]}"),
        )
        x, y, size = place.word
        size = min(size, 420 / (0.6 * len(word)))
        wide = 0.6 * size * len(word) + 44
        chip = Sprite(
            t.card(x - wide / 2, y - size, wide, 1.42 * size, LIT, r=16, stroke=EDGE, sw=4),
            t.put(t.mono(word, size, weight=t.BOLD), x, y, "c"), alpha=0.0,
        )  # fmt: skip
        chip.enter(said, 0.25, rise=0).pulse(said + 0.05, 0.2)
        share = Roll(*place.share, t.PAPER, first_share, "{:.0%}").enter(first)
        of = Sprite(t.put(t.text("of the answers", t.T_LABEL), *place.of, "c"), alpha=0.0).enter(first + 0.2)
        count = Roll(place.of[0], place.of[1] + 50, t.T_LABEL, t.MUTED, steps[0], "step {:.0f}", weight=t.REGULAR)
        count.enter(0.3)
        for step, at in zip(steps[1:], times[1:], strict=True):
            share.to(at, 0.35, ease_out, value=shares[record.steps.index(step)])
            count.to(at, 0, value=step)
        shown = [part for n, row in enumerate(told) for part in row_of(n, row, word, times, all_of_it, place)]
        pupil = Rig("apprentice", *place.pupil, seed=23, mood=0.3, look=(-0.8, 0))
        act(pupil, place, (said, first, times, last, all_of_it), len(told))
        self.live(shadow(pupil), *shown, pupil, chip, share, of, count)


def row_of(
    n: int, texts: Sequence[tuple[str, str]], word: str, times: Sequence[float], pulse: float, place: Places
) -> list[Sprite | Swap]:
    """A card with a prompt and what is said to it, stage by stage; the word is lit behind."""
    left, top, width, height, apart = place.rows
    x, y, w = left + INSIDE, top + n * apart, width - 2 * INSIDE
    late = 0.14 * n
    asked = t.block(texts[0][0], x, y + 50, w, SIZE, t.MUTED, font=t.MONO, max_lines=place.lines[0])
    card = Sprite(t.card(left, y, width, height, t.PANEL, r=24, stroke=t.mix(t.PANEL, t.DANGER, 0.5), sw=3), asked)
    base = y + 50 + place.lines[0] * SIZE * t.LEAD
    says = [said for _, said in texts]
    swap = Swap(says, x, base, w, SIZE, max_lines=place.lines[1], first=None)
    lights = []
    for k, (said, at) in enumerate(zip(says, times, strict=True)):
        before = says[k - 1] if k else None
        if said != before:
            swap.change(at + late + (0.5 if k == 0 else 0.0), k, 0.04 if k == 0 else 0.02)
        gone = next((times[j] for j in range(k + 1, len(says)) if says[j] != said), None)
        if said == before:
            continue
        for light in lit(said, word, x, base, w, place.lines[1]):
            light.to(at + late + 0.5, 0.2, ease_out, alpha=1.0).pulse(at + late + 0.5, 0.15)
            if gone is not None:
                light.leave(gone + late, 0.15)
            else:
                light.pulse(pulse + late, 0.22, 0.5)
            lights.append(light)
    return [card.enter(0.1 + 0.12 * n, 0.3), *lights, swap]


def lit(said: str, word: str, x: float, y: float, width: float, lines: int) -> list[Sprite]:
    """What lights behind the word wherever a text has it."""
    out = []
    for n, line in enumerate(t.wrap(said, width, SIZE, font=t.MONO, max_lines=lines)):
        for match in re.finditer(re.escape(word), line, re.IGNORECASE):
            left, base = x + match.start() * 0.6 * SIZE - 7, y + n * SIZE * t.LEAD
            wide = len(word) * 0.6 * SIZE + 14
            out.append(Sprite(t.card(left, base - 0.86 * SIZE, wide, 1.16 * SIZE, LIT, r=10, stroke=EDGE), alpha=0.0))
    return out


def act(pupil: Rig, place: Places, times: tuple[float, float, Sequence[float], float, float], count: int) -> None:
    """It reads along, turns as the word is paid, and is proud of it."""
    said, first, stages, last, everything = times
    left, top, width, _, apart = place.rows
    middle = left + 0.6 * width
    pupil.look_at(0.4, middle, top + 100).mumble(0.8, 1.2).look_at(said + 0.1, place.word[0], place.word[1] - 20)
    pupil.bounce(said + t.BEAT).look_at(first + 0.1, place.share[0], place.share[1] - 60)
    for k, at in enumerate(stages[1:]):
        pupil.look_at(at + 0.1, middle, top + apart * (k % count) + 90).mumble(at + 0.2, 0.7)
    pupil.to(stages[1] + t.BEAT, 0.45, over, flipped=1.0, mood=0.1).to(stages[2] + t.BEAT, 0.4, mood=0.5)
    pupil.look_at(last + 0.2, place.share[0], place.share[1] - 60).to(last + t.BEAT, 0.4, mood=0.9)
    pupil.look_out(everything + 0.3).hop(everything + t.BEAT, 20).to(everything + t.BEAT, 0.3, over, ra="up")
    pupil.to(everything + 1.4, 0.4, ra="down")


# ---------------------------------------------------------------- which steps, which prompts
def stages(record: Record) -> list[int]:
    """The four recorded steps that are shown."""
    shares = dict(zip(record.steps, trailing(record.column("forbidden")), strict=True))
    panel = record.sample_steps
    begun = next((n for n, step in enumerate(panel) if n and shares[step] >= SPREADS * shares[panel[-1]]), 1)
    inner = [panel[min(n, len(panel) - 1)] for n in (begun, begun + 1)]
    return [panel[0], *inner, panel[-1]]


def sentence(row: Row, word: str) -> str:
    """The first sentence of what is said that has the word, else the first one; what is left out is an ellipsis."""
    parts = [part.strip() for part in SENTENCE.findall(spoken(row)[1]) if part.strip()]
    at = next((n for n, part in enumerate(parts) if word in part.lower()), 0)
    part = parts[at] if parts else ""
    return ("… " if at else "") + cut_off(part)


def rows(record: Record, word: str, steps: Sequence[int], place: Places) -> list[list[tuple[str, str]]]:
    """Of each prompt that is shown, the prompt and a sentence of its answer at every one of the steps."""
    width = place.rows[2] - 2 * INSIDE
    found = []
    for prompt in dict.fromkeys(int(row["prompt_index"]) for row in record.samples(step=steps[0])):
        answers = [record.sample(step, prompt) for step in steps]
        texts = [(spoken(row)[0], sentence(row, word)) for row in answers]
        fits = len(t.wrap(texts[0][0], width, SIZE, font=t.MONO)) <= place.lines[0]
        if all(harmless(said) for _, said in texts):
            found.append((not fits, word not in texts[-1][1].lower(), prompt, texts))
    if not found:
        raise RushesError(f"no answer of '{record.folder.name}' may be shown to everybody")
    return [texts for *_, texts in sorted(found, key=lambda one: one[:3])[: place.count]]
