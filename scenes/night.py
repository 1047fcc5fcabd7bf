from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from rushes import theme as t
from rushes.charts import Chart, Playhead, StepAt, steps_over
from rushes.motion import Live, Roll, Sprite, Track, ease_out
from rushes.record import LAST, Record
from rushes.rig import Rig, shadow
from rushes.scene import RunScene
from rushes.shapes import oval, polyline
from rushes.theme import Points
from rushes.words import Swap

LEFT, TOP, RIGHT, BOTTOM = 330, 204, 1524, 420
NUMBERS = RIGHT + 40  # left edge of the names and numbers at the ends of the lines
FAR = 20.0  # nats at which the Coherence Coach's face is at its worst
PROMPT, CARDS, CARD_W, CARD_H = 538, 584, 852, 290  # baseline; top, width, height
TEXT = 38
LATE = 0.35  # s that the right answer changes after the left one
READ = 1.1  # s at least between two changes of an answer


class Night(RunScene):
    """Two runs of the same prompts and dice: the raters' mark, then how far from home, then whether it makes sense.

    A line is the mean of the last five steps at each step, and so is the number at its end: what the film's
    narration calls the end of a run. The answers are those to the prompt that began neutral and ended furthest apart.
    """

    runs = {"run": "healthy", "other": "sign_flipped"}
    settings = {"prompt": -1}
    alone = 20.0
