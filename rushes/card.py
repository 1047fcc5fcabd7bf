"""Card: what a shot without a scene looks like."""

from __future__ import annotations

from typing import assert_never

from rushes import storyboard as sb
from rushes import theme as t
from rushes.cards.chapter import chapter
from rushes.cards.code import code
from rushes.cards.listing import listing
from rushes.cards.picture import picture, placeholder
from rushes.cards.quote import quote
from rushes.cards.site import site
from rushes.cards.slate import slate
from rushes.cards.stage import Stage, Thing
from rushes.cards.table import table
from rushes.layout import Box, Problem
from rushes.scene import RunScene

ALONE = sb.Slate(lines=("what somebody has yet to draw",), section="A section", beat=1)


class Card(RunScene):
    """Draws a storyboard card; every frame is a function of the clock."""

    def construct(self) -> None:
        self.stage = Stage.of_frame(self.seconds)
        things = _things(self.stage, (self.shot.card if self.shot else None) or ALONE)
        self.bake(t.backdrop(stars=60), *self.stage.still)
        self.live(*things)

    def problems(self, clock: float | None = None, *, under: Box | None = None) -> list[Problem]:
        """Also what could not be shown as it was written."""
        return [*super().problems(clock, under=under), *(Problem(0.0, finding) for finding in self.stage.findings)]


def _things(stage: Stage, card: sb.Card) -> list[Thing]:
    match card:
        case sb.Chapter():
            return chapter(stage, card)
        case sb.Slate():
            return slate(stage, card)
        case sb.Site():
            return site(stage, card)
        case sb.Quote():
            return quote(stage, card)
        case sb.Listing():
            return listing(stage, card)
        case sb.Table():
            return table(stage, card)
        case sb.Code():
            return code(stage, card)
        case sb.Picture():
            return picture(stage, card)
        case sb.Insert():
            return placeholder(
                stage, card.name, "video missing" if card.path is None else "video unreadable", film=True
            )
    assert_never(card)
