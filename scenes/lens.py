"""The logit lens: every layer says what it would say next, and floor by floor the word appears that is really said."""

from __future__ import annotations

from typing import NamedTuple

from _inside import spread, tail, turning_place
from _samples import last_sentence

from rushes import theme as t
from rushes.lens import Lens as Floors
from rushes.motion import Sprite, ease_out, smooth
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.token_chips import shown_token

PROMPT, SIZE, CELL = 38, 50, 30  # px: type, and a character of the answer
EARLY = 0.05  # s that a change starts before its word
FLOOR_S = 0.7  # s that the light stays on a floor at most
GAP_H = 66  # px: the gap's height
MOST = 5  # floors that there is room for


class Places(NamedTuple):
    """Where things are, px."""

    text: tuple[float, float, float]
    """Left, baseline of the prompt, width."""
    answer: float
    """Baseline of the answer."""
    floors: tuple[float, float, float, float]
    """Left, top, width, height of a floor."""
    pupil: tuple[float, float]
    """Middle and height of the Apprentice."""


WIDE = Places((t.MARGIN_X, 176, 1728), 248, (520, 300, 1304, 102), (282, 330))
TALL = Places((80, 408, 840), 544, (80, 596, 840, 114), (500, 148))


class Lens(RunScene):
    """A light climbs the floors; a bright piece of a floor's bar is the word that the model went on to say.

    The place is chosen by rule (`turning_place`): the lower floors are wrong and the last one is sure. The lowest
    floor is the embedding, before the first layer. Five candidates a floor are drawn, side by side, as long as likely.
    Of more layers than there is room for some are left out, evenly.
    """

    runs = {"run": "inside"}
    alone = 12.0

    def construct(self) -> None:
        record, places = self.record(), TALL if t.tall() else WIDE
        place = turning_place(record)
        guess, lowest, climbs, says = (
            self.cue(name) - EARLY for name in ("it-would-guess", "bottom", "layer-by-layer", "really-says")
        )
        x, y, w = places.text
        asked = last_sentence(place.prompt)
        columns = int(w / CELL) - len(shown_token(place.said)) - 2
        before = tail(place.before, columns)
        left, top, width, row = places.floors
        layers = spread(len(place.layers), MOST)
        names = [f"layer {i}" if i else "words in" for i in layers]
        floors = Floors([place.layers[i] for i in layers], place.said, names, left, top, width, row=row, gap=10)
        self.bake(
            t.backdrop(centre=(0.5, 0.3), floor=None if t.tall() else t.FLOOR, floor_at=(0.14, 0.3)),
            t.kicker("What each layer would say"),
            t.slate(record, "greedy answer"),
            t.block(asked, x, y, even(asked, w), PROMPT, t.MUTED, font=t.MONO, max_lines=2),
            t.put(t.mono(before, SIZE, t.PAPER), x, places.answer),
            *floors.still,
        )
        gap_x, gap_w = x + CELL * (len(before) + 1), CELL * len(shown_token(place.said)) + 24
        gap = Sprite(t.card(gap_x - 12, places.answer - 50, gap_w, GAP_H, t.INK, r=14, stroke=t.POLICY, sw=4))
        gap.enter(0.2)
        end = max(says, climbs + 1.2)
        stay = min((end - climbs) / max(len(layers) - 2, 1), FLOOR_S)
        lit = [lowest, *(climbs + k * stay for k in range(len(layers) - 1))]
        for i, at in enumerate(lit):
            floors.light(at, i)

        word = t.put(t.mono(shown_token(place.said), SIZE, t.POLICY, weight=t.BOLD), gap_x, places.answer)
        flown = Sprite(word, alpha=0.0)
        from_x, from_y = floors.place(len(lit) - 1)
        flown.begin(dx=from_x - flown.home[0], dy=from_y - flown.home[1], scale=0.72)
        land = max(says, lit[-1] + 0.55) + t.MOVE
        flown.to(land - t.MOVE, 0.15, ease_out, alpha=1.0).to(land - t.MOVE, t.MOVE, smooth, dx=0, dy=0, scale=1.0)
        flown.pulse(land + 0.05, 0.1)
        gap.to(land, 0.3, alpha=0.35)

        middle, h = places.pupil
        _, feet = t.ground()
        pupil = Rig("apprentice", middle, feet, h, seed=23, mood=0.2, look=(0.4, 0.7))
        pupil.enter(0.0, 0.35, 40).look_at(0.4, gap_x, places.answer).to(guess - 0.2, 0.3, ra="point")
        pupil.look_at(guess, *floors.place(0)).to(guess + 0.9, 0.4, ra="down")
        for i, at in enumerate(lit):
            pupil.look_at(at - 0.15, *floors.place(i))
        pupil.to(lowest + t.BEAT, 0.35, mood=-0.1).to(lit[-1] + t.BEAT, 0.35, mood=0.5)
        pupil.look_at(land - 0.4, gap_x, places.answer).to(land + 0.2, 0.3, mood=0.8, ra="up").hop(land + t.BEAT, 20)
        pupil.look_out(land + 0.9)
        self.live(floors, shadow(pupil), pupil, gap, flown)


def even(words: str, width: float) -> float:
    """The least width, px, in which the prompt takes as few lines as in `width`: no word stands alone on the last."""
    count = len(t.wrap(words, width, PROMPT, font=t.MONO))
    while len(t.wrap(words, width - PROMPT, PROMPT, font=t.MONO)) == count > 1:
        width -= PROMPT
    return width
