"""Three of the cast on the set: they walk in, hop, look at each other and talk."""

from __future__ import annotations

from rushes import theme as t
from rushes.motion import Sprite
from rushes.rig import Rig, shadow
from rushes.scene import RunScene


class Coaches(RunScene):
    alone = 6.0

    def construct(self) -> None:
        self.bake(t.backdrop(stars=60, floor=t.FLOOR), t.kicker("Two coaches and an Apprentice"))
        heart = Rig("values", 420, h=330, seed=1, mood=0.6).enter(0.1)
        book = Rig("coherence", 1500, h=340, seed=2, mood=0.2).enter(0.4)
        pupil = Rig("apprentice", 200, h=300, seed=3, mood=0.5).walk(0.8, 960, 1.8)
        heart.look_at(0.9, 960, 760).mumble(2.8, 1.0).to(2.8, 0.3, ra="up")
        book.look_at(1.1, 960, 760).mumble(4.0, 1.0).react(3.9, -0.4)
        pupil.look_at(2.7, 420, 600).hop(3.3).look_at(4.0, 1500, 600).react(4.9, -0.2)
        light = Sprite(t.glow(t.VALUES, 420, 600, 700, 620, 0.5), alpha=0.0).enter(2.7)
        word = Sprite(t.put(t.text("kinder", t.T_BIG, t.VALUES), 420, 420, "c"), alpha=0.0).enter(2.9)
        other = Sprite(t.put(t.text("make sense", t.T_BIG, t.COHERENCE), 1500, 400, "c"), alpha=0.0).enter(4.1)
        self.live(light, *(shadow(rig) for rig in (heart, book, pupil)), heart, book, pupil, word, other)
