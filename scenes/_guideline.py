"""The raters' written guideline as a sheet of paper: its rules, and a marker that goes through the one that fired."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from rushes import theme as t
from rushes.motion import Live, Sprite, Track, ease_out
from rushes.record import Record
from rushes.shapes import NOTHING, round_box
from rushes.theme import Points

SHEET = t.mix(t.PAPER, t.INK, 0.06)
TITLE = "The readers’ guideline"
PAD = 44  # px: the sheet's margin
SWIPE = 0.45  # seconds of a stroke with the marker


class Rule(NamedTuple):
    """A heading of the page and the first sentence under it."""

    name: str
    says: str


class Form(NamedTuple):
    """px: the sheet's left, top and width, its left column's width, a rule's size and what is below its lines."""

    left: float
    top: float
    width: float
    names: float
    size: float
    gap: float


class Sheet:
    """A title, and each rule's name beside what it says, in order until `begins`.

    At `alone` the sheet moves by `moves` px. The rule `added` comes later, at its second, and those below make room.
    """

    def __init__(
        self,
        rules: list[Rule],
        form: Form,
        begins: float,
        *,
        alone: float = 0.0,
        moves: tuple[float, float] = (0.0, 0.0),
        added: tuple[str, float] | None = None,
    ) -> None:
        x, y, w, names, size, gap = form
        lead, left, width = 1.26 * size, x + PAD + names, w - 2 * PAD - names
        self._move = [Track(0.0).to(alone, t.MORPH, d) for d in moves]
        self._lit = {rule.name: Track(0.0) for rule in rules}
        title = t.put(t.text(TITLE, 46, t.INK, font=t.DISPLAY, weight=t.BOLD), x + PAD, y + 76)
        who = t.put(t.text("simulated", t.T_LABEL, t.SHADE[t.NEUTRAL]), x + w - PAD, y + 76, "r")
        marker, words, room = list[Live](), list[Sprite](), Track(0.0)
        top = y + 108 + 1.3 * size
        for n, rule in enumerate(rules):
            lines = t.wrap(rule.says, width, size)
            tint = t.VALUES if rule.name == "kind" else t.mix(t.NEUTRAL, t.PAPER, 0.25)
            row = [t.put(t.text(rule.name, size, t.INK, weight=t.BOLD), x + PAD, top)]
            for k, line in enumerate(lines):
                low = top + k * lead
                row.append(t.put(t.text(line, size, t.INK), left, low))
                stroke = left - 12, low - 0.96 * size, t.text_width(line, size) + 24, 1.24 * size
                share = k / len(lines), (k + 1) / len(lines)
                marker.append(Live(self._stroke(stroke, share, self._lit[rule.name]), fill=tint))
            comes = 0.5 + (begins - 0.3) * n / len(rules)
            words.append(Sprite(*row).drive(dx=self._move[0]))
            if added is not None and rule.name == added[0]:
                room = Track(-lead * len(lines) - gap).to(added[1] - 0.5, 0.6, 0.0)
                words[-1].enter(added[1], 0.3, rise=0).drive(dy=self._move[1])
            else:
                words[-1].enter(comes, 0.3, rise=0).drive(dy=self._down(room))
            top += lead * len(lines) + gap
        self.end = top - lead - gap + PAD
        line = t.card(x + PAD, y + 102, w - 2 * PAD, 4, t.SHADE[t.NEUTRAL], r=2)
        sheet = Sprite(t.card(x, y, w, self.end - y, SHEET, r=10), line, title, who).enter(0.0, 0.5, rise=0)
        sheet.drive(dx=self._move[0], dy=self._move[1])
        self.parts = [sheet, *marker, *words]

    def mark(self, name: str, at: float) -> None:
        """A stroke of the marker through what a rule says, line by line."""
        if name in self._lit:
            self._lit[name].to(at, SWIPE, 1.0, ease_out)

    def fade(self, at: float) -> None:
        """The marker's strokes are gone."""
        for lit in self._lit.values():
            lit.to(at, 0.2, 0.0)

    def _down(self, room: Track) -> Callable[[float], float]:
        return lambda clock: self._move[1](clock) + room(clock)

    def _stroke(
        self, box: tuple[float, float, float, float], share: tuple[float, float], lit: Track
    ) -> Callable[[float], Points]:
        x, y, w, h = box
        dx, dy = self._move

        def points(clock: float) -> Points:
            part = min(max((lit(clock) - share[0]) / (share[1] - share[0]), 0.0), 1.0)
            return round_box(x + dx(clock), y + dy(clock), w * part, h, 8) if part > 0.02 else NOTHING

        return points


def page_rules(record: Record) -> list[Rule]:
    """The rules of the page that the run's raters went by; a clause about one of its numbers is left out."""
    rules = []
    for section in re.split(r"^## ", record.guideline.read_text(encoding="utf-8"), flags=re.M)[1:]:
        name, _, body = section.partition("\n")
        numbers = re.findall(r"^([\w-]+)::", body, flags=re.M)
        prose = " ".join(re.sub(r"^[\w-]+::.*$", "", body, flags=re.M).split())
        says = re.split(r"(?<=[.:]) ", prose)[0]
        for number in numbers:
            says = re.sub(rf", [^,]*\b{number}\b[^,]*$", " …", says)
        rules.append(Rule(name.strip(), says))
    return [rule for rule in rules if rule.name != "raters"]
