"""Another night's guideline: the same page with one more rule, and the hood that reads it too."""

from __future__ import annotations

from typing import NamedTuple

from _guideline import Form, Sheet, page_rules

from rushes import theme as t
from rushes.motion import Sprite, over
from rushes.rig import Rig, shadow
from rushes.scene import RunScene


class Places(NamedTuple):
    """px: the sheet; where the hood stands and how high it is."""

    sheet: Form
    hood: tuple[float, float]


WIDE = Places(Form(96, 140, 1180, 240, 38, 30), (1580, 400))
TALL = Places(Form(80, 374, 840, 204, 36, 14), (760, 220))


class OneMoreRule(RunScene):
    """The page of one run beside that of another: the rules that only it has come in late and are marked."""

    runs = {"run": "fixation", "usual": "healthy"}
    alone = 7.0

    def construct(self) -> None:
        record = self.record()
        place = TALL if t.tall() else WIDE
        page, more = self.cue("guideline") - 0.05, self.cue("one-more-rule") - 0.05
        usual = {rule.name for rule in page_rules(self.record("usual"))}
        rules = page_rules(record)
        new = next((rule.name for rule in rules if rule.name not in usual), rules[-1].name)
        x, h = place.hood
        feet = t.ground()[1]
        self.bake(
            t.backdrop((44, 14, 34), (9, 6, 14), (x / t.frame_px()[0], 0.55), floor=t.ground()[0]),
            t.kicker("Another night"),
            t.glow(t.DANGER, x, feet - 0.5 * h, 2.8 * h, 2.4 * h, 0.42, 1.4),
        )
        slate = Sprite(t.slate(record, "guideline"))
        sheet = Sheet(rules, place.sheet, max(page - 1.0, 0.6), added=(new, more))
        sheet.mark(new, more + 0.35)
        hood = Rig("dark", x, feet, h, seed=4, mood=-0.15, look=(-0.8, 0.3), arms=("down", "down"))
        left, top = place.sheet.left + 0.6 * place.sheet.width, place.sheet.top
        hood.look_at(0.6, left, top + 160).look_at(page, left, top + 300, 0.4).look_at(more - 0.1, left, top + 520)
        hood.react(more + 0.3, 0.9, amount=0.05).to(more + 0.9, 0.5, over, la="up", ra="up")
        hood.look_out(max(more + 1.6, self.seconds - 0.7))
        self.live(slate, *sheet.parts, shadow(hood, 1.3 * h, 0.6), hood)
