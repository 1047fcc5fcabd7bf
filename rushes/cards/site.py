"""Site: a link, as the page it leads to."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from manim import VGroup

from rushes import theme as t
from rushes.cards.stage import Stage, Thing, largest
from rushes.motion import Sprite
from rushes.shapes import round_box, shape
from rushes.storyboard import Site

__all__ = ["site"]

DOMAIN = (124, 108, 92, 80, 68, 60, 52, 44, 40, 36)
TITLE = (60, 54, 48, 44, 40, 36)
BAR = 108  # px, of the window's head
TYPING = 0.8  # seconds


def site(stage: Stage, card: Site) -> list[Thing]:
    """A browser's window: the address is typed, then whose site it is, large, and what it is called."""
    left, right = (stage.left, stage.right) if stage.tall else (stage.left + 110, stage.right - 110)
    top, low = (stage.top + 140, stage.bottom - 300) if stage.tall else (stage.top + 50, stage.bottom - 20)
    width, pad = right - left, 40 if stage.tall else 72
    domain, title = _named(card)
    window = Sprite(
        t.card(left, top, width, low - top, t.PANEL),
        t.rule(left, top + BAR, right, top + BAR, t.INK, 4),
        *[t.disc(left + 48 + 34 * k, top + BAR / 2, 9, t.GRID) for k in range(3)],
        t.card(left + 160, top + 22, width - 200, BAR - 44, t.RAISED, r=32),
        _chain(left + 200, top + BAR / 2),
    )
    room = int((width - 200 - 120) / (0.6 * t.T_FINE))
    address = stage.say(card.url.split("://", 1)[-1].removeprefix("www.").rstrip("/"), t.MONO)
    if len(address) > room:
        address = address[: max(room - 16, 8)] + "…" + address[-15:] if room > 30 else address[: room - 1] + "…"
    typed = [
        Sprite(t.put(t.mono(c, t.T_FINE, t.MUTED), left + 240 + k * 0.6 * t.T_FINE, top + BAR / 2 + 10), alpha=0.0).to(
            0.25 + TYPING * k / len(address), 0.0, alpha=1.0
        )
        for k, c in enumerate(address)
        if c.strip()
    ]
    x = left + pad
    inside = low - top - BAR
    size, names = largest(
        stage.say(domain, t.DISPLAY), width - 2 * pad, 0.5 * inside, DOMAIN, font=t.DISPLAY, weight=t.HEAVY, lead=1.12
    )
    names = stage.cut(names, (0.55 * inside - 0.74 * size) / (1.12 * size) + 1, "an address")
    high = 0.74 * size + (len(names) - 1) * 1.12 * size
    small, lines = largest(stage.say(title), width - 2 * pad, inside - high - 190, TITLE) if title else (0.0, [])
    if lines:
        lines = stage.cut(lines, (inside - high - 150 - small) / (1.34 * small) + 1, "a title")
    tall = high + (60 + small * (1 + 1.34 * (len(lines) - 1)) if lines else 0)
    y = top + BAR + (inside - tall) / 2 + 0.74 * size
    words = [
        Sprite(t.put(t.text(name, size, font=t.DISPLAY, weight=t.HEAVY), x, y + k * 1.12 * size)).enter(
            0.25 + TYPING * 0.7 + 0.1 * k
        )
        for k, name in enumerate(names)
    ]
    y += (len(names) - 1) * 1.12 * size + 60 + 0.76 * small
    words += [
        Sprite(t.put(t.text(line, small, t.MUTED), x, y + k * 1.34 * small)).enter(0.45 + TYPING + 0.1 * k)
        for k, line in enumerate(lines)
        if line
    ]
    return [window, *typed, *words]


def _named(card: Site) -> tuple[str, str]:
    """The site's domain, and its title; without one, what the address itself calls the page."""
    try:
        parts = urlsplit(card.url.strip())
        domain = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # an address in brackets that is none
        return card.url.strip() or "…", card.title
    if not domain:
        return card.url.strip() or "…", card.title
    title = " ".join(card.title.split())
    if not title and (last := unquote(parts.path.rstrip("/").rsplit("/", 1)[-1])):
        words = re.split(r"[-_+]+", last)
        title = " ".join(words)[:1].upper() + " ".join(words)[1:] if len(words) > 2 else last
    return domain, title


def _chain(x: float, y: float) -> VGroup:
    """Two links of a chain, their middle at (x, y) px."""
    links = [
        shape(round_box(x + dx - 15, y - 8, 30, 16, 8), stroke=t.MUTED, w=3.5).rotate(0.7, about_point=t.at(x, y))
        for dx in (-10, 10)
    ]
    return VGroup(*links)
