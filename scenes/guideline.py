"""The page that the simulated readers go by: an answer comes, the rule that fires is marked, and so is the answer."""

from __future__ import annotations

from typing import NamedTuple

from _guideline import SWIPE, Form, Sheet, page_rules
from _marks import mark_disc
from _samples import Row, last_sentence, repeats

from rushes import theme as t
from rushes.motion import Sprite, over
from rushes.record import Record
from rushes.scene import RunScene
from rushes.words import Swap

READS = 0.7  # seconds that an answer is there before the rule that it wakes
LATEST = 60  # labels looked through for a plain case, from the last one back


class Places(NamedTuple):
    """Where things are, px: the sheet and the answer's card (left, top, width, height)."""

    sheet: Form
    card: tuple[float, float, float, float]
    prompt: tuple[float, float, int]
    """Size, first baseline in the card, lines at most; the same of the answer below."""
    answer: tuple[float, float, int]
    mark: tuple[float, float, float]
    """Middle and radius."""
    alone: tuple[float, float]
    """How far the sheet moves when it is all there is."""


WIDE = Places(
    Form(96, 134, 920, 232, 38, 40), (1052, 134, 772, 440), (36, 62, 2), (44, 186, 5), (1148, 724, 88), (404, 0)
)
TALL = Places(
    Form(80, 374, 840, 204, 36, 24), (80, 1026, 840, 284), (36, 50, 2), (38, 160, 3), (126, 1360, 40), (0, 130)
)


class Guideline(RunScene):
    """Four recorded answers, each a plain case of one rule: warm, harsh, neither, and senseless however friendly.

    The rules are read from the page that the run's raters went by. The senseless answer is one of the model that has
    read nothing yet; the others are labels that the Values Coach learned from.
    """

    runs = {"run": "healthy", "untrained": "base"}
    alone = 20.0

    def construct(self) -> None:
        record, untrained = self.record(), self.record("untrained")
        place = TALL if t.tall() else WIDE
        told = [self.cue(name) - 0.05 for name in ("warm-words", "harsh-words", "neither", "nonsense")]
        begins, page = self.cue("guideline") - 0.05, self.cue("one-page") - 0.05
        two, friendly = (
            self.cue(name, told[-1] + late) - 0.05 for name, late in (("two-at-best", 0.6), ("friendly", 1.6))
        )
        rows = [*(plain_case(record, name) for name in ("kind", "rude", "plain")), senseless(untrained)]
        runs = [record] * 3 + [untrained]

        self.bake(t.backdrop(centre=(0.3, 0.4)), t.kicker("A guideline, not a feeling"))
        rules = page_rules(record)
        sheet = Sheet(rules, place.sheet, begins, alone=page, moves=place.alone)
        slates = [Sprite(t.slate(run, f"step {row['step']}"), alpha=0.0) for run, row in zip(runs, rows, strict=True)]
        x, y, w, h = place.card
        box = Sprite(t.card(x, y, w, h, t.PANEL)).enter(0.3)
        (small, first, few), (size, below, lines) = place.prompt, place.answer
        asked, said = [last_sentence(row["prompt"]) for row in rows], [row["text"] for row in rows]
        prompts = Swap(asked, x + 40, y + first, w - 80, small, t.MUTED, max_lines=few, first=None)
        texts = Swap(said, x + 40, y + below, w - 80, size, t.POLICY, max_lines=lines, first=None)
        marks: list[Sprite] = []
        for n, (row, at) in enumerate(zip(rows, told, strict=True)):
            comes = max(at - READS, told[n - 1] + 0.8 if n else begins + 0.4)
            for part in (prompts, texts):
                part.change(comes, n)
            if n:
                slates[n - 1].leave(comes, 0.1)
                for part in marks[-2:]:
                    part.leave(comes, 0.15)
                sheet.fade(comes)
            slates[n].to(comes + 0.1, 0.2, alpha=1.0)
            for name in row["rules"]:
                sheet.mark(name, at if name == row["rules"][-1] else friendly)
            marks += given(row, place.mark, two if row is rows[-1] else at + SWIPE)
        for part in (box, slates[-1], *marks[-2:]):
            part.leave(page - 0.1)
        prompts.change(page - 0.1, None)
        texts.change(page - 0.1, None)
        sheet.fade(page - 0.1)
        for n, rule in enumerate(rules):
            sheet.mark(rule.name, page + t.MORPH + 0.22 * n)
        self.live(*slates, box, prompts, texts, *marks, *sheet.parts)


def given(row: Row, place: tuple[float, float, float], at: float) -> list[Sprite]:
    """The mark an answer got, stamped at `at`, and who gave it."""
    x, y, r = place
    disc = Sprite(mark_disc(row["rating"], x, y, r), alpha=0.0).begin(scale=0.5)
    disc.to(at, 0.05, alpha=1.0).to(at, 0.25, over, scale=1.0)
    name = t.put(t.text(f"simulated {row['rater'].replace('rater', 'reader')}", t.T_LABEL, t.MUTED), x + r + 36, y + 13)
    return [disc, Sprite(name, alpha=0.0).enter(at + 0.1, 0.25)]


def plain_case(record: Record, rule: str) -> Row:
    """Of the first course's last labels that fired this rule alone: the one marked farthest from the middle.

    For the rule that gives the middle mark it is the one nearest to it. Of equals the shortest that is whole.
    """
    rows = [row for row in record.labels() if row["phase"] == "coach" and row["rules"] == [rule]]
    rows = [row for row in rows if row["text"].count('"') % 2 == 0][-LATEST:]
    way = 1 if rule == "plain" else -1
    return min(rows, key=lambda row: (way * abs(row["rating"] - 5), repeats(row), len(row["text"])))


def senseless(untrained: Record) -> Row:
    """An answer of the untrained model that fired the rule of sense; first one with kind words in it all the same."""
    rows = [row for row in untrained.samples(step=untrained.sample_steps[0]) if "nonsense" in row["rules"]]
    return min(rows, key=lambda row: ("kind" not in row["rules"], row["text"].count("\ufffd"), len(row["text"])))
