"""Card: what a direction without a scene looks like, a slate with its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from urllib.parse import urlsplit

from rushes import theme as t
from rushes.scene import RunScene

LINK = re.compile(r"https?://\S+")


class Card(RunScene):
    """The direction's words, large; a link as its site."""

    def construct(self) -> None:
        card = self.shot.card if self.shot else None
        text = " ".join(_words(asdict(card))) if card else "A card"
        self.bake(t.backdrop(stars=60))
        link = LINK.fullmatch(text.strip())
        words = urlsplit(text.strip()).netloc.removeprefix("www.") if link else " ".join(text.split())
        size = t.T_HEAD if len(words) <= 60 else t.T_BODY
        lines = t.block(words, 960, 0, 1400, size, align="c")
        top = 470 - (lines.end_y) / 2
        lines.shift(t.at(0, top) - t.at(0, 0))
        self.add(lines)
        if link:
            self.add(t.put(t.text("source", t.T_LABEL, t.MUTED), 960, top - 110, "c"))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)
