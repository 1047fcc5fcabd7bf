"""A vault of any size for tests and bench: notes of invented gardeners' talk, the same for the same seed."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

WORDS = [
    "seed", "soil", "rain", "frost", "root", "leaf", "bloom", "hedge", "spade", "barrow", "trellis",
    "compost", "mulch", "bee", "slug", "robin", "orchard", "pear", "plum", "quince", "fence", "gate",
    "path", "bench", "lantern", "shed", "kettle", "glove", "string", "label", "tray", "bulb", "cutting",
    "graft", "prune", "water", "dig", "rake", "sow", "thin", "lift", "store", "dry", "ripen",
    "early", "late", "slow", "tall", "narrow", "quiet", "warm", "cold", "dark", "bright", "heavy",
    "light", "old", "new", "north", "south",
]  # fmt: skip


def make_vault(root: Path, notes: int = 2000, size: int = 5500, seed: int = 0) -> Path:
    """Write a Logseq graph of `notes` pages of about `size` bytes each; returns `root`.

    Pages link to one another, a few of them to a great many. One in five has an alias, one in ten a film, one in
    twelve is a source with an address; one in fifty links to a page that is not there.
    """
    dice = random.Random(seed)
    (root / "logseq" / "bak").mkdir(parents=True, exist_ok=True)
    (root / "assets").mkdir(exist_ok=True)
    (root / "pages").mkdir(exist_ok=True)
    (root / "logseq" / "bak" / "note 0.md").write_text("- an old copy with [[note 1]]\n", "utf-8")
    (root / "assets" / "garden.png").write_bytes(b"not a picture")
    for number in range(notes):
        (root / "pages" / f"note {number}.md").write_text(_page(number, notes, size, dice), "utf-8")
    return root


def _page(number: int, notes: int, size: int, dice: random.Random) -> str:
    def said(words: int) -> str:
        return " ".join(dice.choices(WORDS, k=words))

    def link() -> str:
        # a few pages are linked to from everywhere
        to = dice.randrange(min(20, notes)) if dice.random() < 0.2 else dice.randrange(notes)
        return f"[[alias {to}]]" if to % 5 == 0 and dice.random() < 0.3 else f"[[note {to}]]"

    rows = ["---", f"title: The {said(2)} {number}", f"tags: [{said(1)}, {said(1)}]"]
    if number % 5 == 0:
        rows.append(f"aliases: [alias {number}]")
    if number % 10 == 0:
        rows.append(f"video: https://youtu.be/film{number:07}")
    if number % 12 == 0:
        rows.append(f"url: https://example.org/{number}")
    rows += ["---", "## Talk"]
    length = sum(map(len, rows))
    while length < size:
        row = f"\t\t- {said(12)} {link() if dice.random() < 0.5 else said(2)} {said(6)} #{said(1)}"
        more = [row]
        if dice.random() < 0.3:
            more.append(f"\t\t  id:: {uuid.UUID(int=dice.getrandbits(128))}")
        if dice.random() < 0.2:
            more.append(f"\t\t\t- ![{said(1)}](../assets/garden.png)")
        rows += more
        length += sum(map(len, more))
    if number % 50 == 0:
        rows.append(f"\t\t- [[nowhere {number}]]")
    return "\n".join(rows) + "\n"
