"""Good or bad: a reader gives one answer a thumb down and another one a thumb up; then the thumbs are marks."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from _marks import HIGHEST, LOWEST, mark_disc
from _samples import Row, breakable, last_sentence

from rushes import theme as t
from rushes.motion import Sprite, ease_out, over
from rushes.record import Record
from rushes.rig import Rig, rater_desk
from rushes.scene import RunScene
from rushes.thumb import thumb

SIZE, PROMPT, PAD = 40, 36, 40  # text of answers and prompt, margin of a bubble at its sides, px
ASKED = 126  # height of the prompt's two lines
BADGE, SIGN = 58, 74  # radius of the badge on a bubble's edge, height of the thumb in it
APART = 6  # marks between two answers that are told apart at a glance


class Bubble(NamedTuple):
    """Left, top and width of an answer's bubble, px, and how many lines are in it."""

    x: float
    y: float
    width: float
    lines: int

    @property
    def height(self) -> float:
        return self.lines * SIZE * t.LEAD + 54

    @property
    def edge(self) -> tuple[float, float]:
        """Where its badge is, px."""
        return self.x + self.width, self.y + self.height / 2

    @property
    def inside(self) -> float:
        """Width of its text, px."""
        return self.width - PAD - BADGE - 24


class Places(NamedTuple):
    """The prompt's left, top and width; the answers; middle of mark 1, px to the next, radius; desk and rater; px."""

    prompt: tuple[float, float, float]
    bad: Bubble
    good: Bubble
    marks: tuple[float, float, float, float]
    desk: tuple[float, float, float]
    rater: tuple[float, float, float]


WIDE = Places(
    prompt=(664, 132, 1100),
    bad=Bubble(724, 276, 1040, 3),
    good=Bubble(724, 510, 1040, 3),
    marks=(768, 808, 124, 44),
    desk=(340, 790, 488),
    rater=(340, 806, 470),
)
TALL = Places(
    prompt=(80, 378, 800),
    bad=Bubble(80, 518, 800, 4),
    good=Bubble(80, 802, 800, 4),
    marks=(118, 1126, 95, 36),
    desk=(480, 1336, 488),
    rater=(480, 1352, 166),
)


class Thumbs(RunScene):
    """Two recorded answers to one prompt, as in a chat, get a thumb each; then the thumbs are marks on a scale."""

    runs = {"run": "healthy"}
    alone = 11.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        bad, good = self.cue("bad") - 0.05, self.cue("good") - 0.05
        simulated = self.cue("simulated") - 0.05
        nine = self.cue("one-to-nine", simulated + 1.2) - 0.05
        low, high = pair(record, places)

        x, y, width = places.prompt
        asked = last_sentence(low["prompt"])
        self.bake(
            t.backdrop(centre=(0.3, 0.5) if not t.tall() else (0.5, 0.4)),
            t.kicker("Two answers, one prompt"),
            t.slate(record, f"step {low['step']}"),
            t.card(x, y, width, ASKED, t.RAISED, r=28),
            t.block(asked, x + PAD, y + 52, width - 2 * PAD, PROMPT, t.MUTED, font=t.MONO, max_lines=2),
        )
        first = min(0.3, 0.2 * bad)
        answers = [
            _answer(low, places.bad).enter(first),
            _answer(high, places.good).enter(max(first + 0.2, min(1.2, 0.6 * bad))),
        ]
        signs = [_badge(places.bad, t.NEUTRAL, up=False), _badge(places.good, t.VALUES, up=True)]
        marks = _scale(places, nine, self.seconds, (low["rating"], high["rating"]))
        figures = []
        judged = ((signs[0], bad, low, places.bad), (signs[1], good, high, places.good))
        for i, (sign, at, row, place) in enumerate(judged):
            sign.begin(scale=0.3).to(at, 0.1, alpha=1.0).to(at, 0.35, over, scale=1.0)
            turn = min(nine + 0.9 + 0.25 * i, self.seconds - 0.9)
            sign.to(turn, 0.18, scale=0.2).to(turn + 0.1, 0.08, alpha=0.0)
            figure = Sprite(mark_disc(row["rating"], *place.edge, BADGE), alpha=0.0, pivot=place.edge)
            figure.begin(scale=0.2).to(turn + 0.12, 0.08, alpha=1.0).to(turn + 0.12, 0.35, over, scale=1.0)
            figures.append(figure)

        rater = Rig("rater", *places.rater[:2], places.rater[2], seed=2, n=1, mood=0.0, ra="chin")
        self._act(rater, places, (bad, good, simulated, nine), (low, high))
        desk = Sprite(rater_desk(*places.desk)).pulse(simulated, 0.05)
        self.live(rater, desk, *answers, *signs, *figures, *marks)

    def _act(self, rater: Rig, places: Places, cues: tuple[float, float, float, float], rows: tuple[Row, Row]) -> None:
        """The rater reads, judges, flickers as it is called simulated, and looks along the marks."""
        bad, good, simulated, nine = cues
        for at, place, row in ((bad, places.bad, rows[0]), (good, places.good, rows[1])):
            rater.look_at(max(at - 1.1, 0.05), place.x + 60, place.y + 80)
            rater.look_at(max(at - 0.8, 0.3), place.edge[0] - 100, place.edge[1], 0.6)
            rater.react(at, min(max((row["rating"] - 5) / 4, -0.5), 0.5), amount=0.03)
        rater.look_out(simulated + 0.1)
        for i, alpha in enumerate((0.35, 0.8, 0.25, 0.7, 0.3, 1.0)):
            rater.to(simulated + 0.12 * i, 0.07, alpha=alpha)
        x, y, apart, _ = places.marks
        rater.look_at(nine - 0.15, x, y).look_at(nine + 0.1, x + 8 * apart, y, 0.9).look_out(nine + 2.0)
        rater.to(nine + 0.2, 0.4, mood=0.2)


def pair(record: Record, places: Places) -> tuple[Row, Row]:
    """Two labelled answers of one step to one prompt, the lower mark first.

    They are far apart and make sense; if possible both fit, then the farthest apart come first.
    """
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in record.labels():
        groups.setdefault((row["prompt"], row["step"]), []).append(row)
    pairs = [
        (min(two, key=lambda row: float(row["rating"])), max(two, key=lambda row: float(row["rating"])))
        for rows in groups.values()
        for two in combinations(rows, 2)
    ]

    def rank(two: tuple[Row, Row]) -> tuple[bool, bool, bool, float]:
        low, high = two
        apart = float(high["rating"] - low["rating"])
        nonsense = any("nonsense" in row["rules"] for row in two)
        whole = all(row["text"].count('"') % 2 == 0 for row in two)
        return apart < APART, nonsense or not whole, not all(_fits(row, places.bad) for row in two), -apart

    return min(pairs, key=rank)


def _fits(row: Row, place: Bubble) -> bool:
    return len(t.wrap(row["text"], place.inside, SIZE, font=t.MONO)) <= place.lines


def _answer(row: Row, place: Bubble) -> Sprite:
    """An answer in its bubble."""
    told = breakable(row["text"], place.inside, SIZE)
    x, y = place.x + PAD, place.y + 62
    words = t.block(told, x, y, place.inside, SIZE, t.POLICY, font=t.MONO, max_lines=place.lines)
    box = t.card(place.x, place.y, place.width, place.height, t.PANEL, r=32, stroke=t.SHADE[t.POLICY], sw=3)
    return Sprite(box, words)


def _badge(place: Bubble, color: str, *, up: bool) -> Sprite:
    """A thumb on the edge of a bubble."""
    x, y = place.edge
    ring = t.disc(x, y, BADGE, t.INK).set_stroke(color, 5)
    return Sprite(ring, thumb(x + 2, y, SIGN, color, up=up), alpha=0.0, pivot=(x, y))


def _scale(places: Places, at: float, end: float, given: tuple[float, float]) -> list[Sprite]:
    """The marks light up from the lowest to the highest, then all but the two that were given step back."""
    x, y, apart, r = places.marks
    out = []
    for mark in range(LOWEST, HIGHEST + 1):
        disc = Sprite(mark_disc(mark, x + (mark - 1) * apart, y, r), alpha=0.0)
        come = at + 0.09 * (mark - LOWEST)
        disc.begin(scale=0.5).to(come, 0.15, alpha=1.0).to(come, 0.3, over, scale=1.0)
        chosen = min(at + 1.2, end - 0.8)
        if mark in (round(given[0]), round(given[1])):
            disc.to(chosen, 0.3, ease_out, scale=1.12)
        else:
            disc.to(chosen, 0.4, alpha=0.4)
        out.append(disc)
    if not t.tall():  # there the scale is as wide as the frame
        out.append(Sprite(t.put(t.text("mark", t.T_LABEL, t.MUTED), x - r - 22, y + 13, "r")).enter(at, rise=0))
    return out
