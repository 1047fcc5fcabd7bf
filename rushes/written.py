"""Written: a block as text that is read on a page, such as a description: with its addresses and hashtags."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.inline import Inline, inline
from rushes.note import Block
from rushes.references import label

__all__ = ["written"]

# What stays in a description as it is written, of bounded length, as it is looked for at every bracket; private-use
# characters hold its place while its words are read.
KEPT = re.compile(
    r"(?P<image>!\[[^\[\]]*\]\([^)]{0,2000}\))"
    r"|(?<!!)\[(?P<label>[^\[\]]*)\]\((?P<url>https?://[^)\s]{1,2000})[^)]{0,2000}\)"
    r"|\{\{(?:video|youtube)[\s:]{1,20}(?P<video>https?://[^}\s]{1,2000})\s{0,20}\}\}"
    r"|<?(?P<plain>https?://[^\s<>\]]+)>?"
    r"|(?<!\S)\#(?=[\w\[])"
)
REFERRED = re.compile(r"(?<!!)\[(?P<words>[^\[\]]+)\](?:\[(?P<label>[^\[\]]*)\])?(?![(:])")
LINE_MARK, FIRST_MARK, MOST_KEPT = "\ue0ff", 0xE100, 6000
LINE_END = re.compile(r"[\ue100-\uf8ff]\)?\s*$")


def _led(match: re.Match[str], block: Block) -> str:
    """`[words][ref]` with the address in its place."""
    target = block.references.get(label(match["label"] or match["words"]))
    return f"[{match['words']}]({target})" if target else match[0]


def written(block: Block) -> Inline | None:
    """A block as text to read: its addresses and hashtags stay, and a line that ends with an address stays one."""
    if block.kind in ("code", "table"):
        return Inline(text=block.text, numbers=(), cues=(), links=(), findings=())
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if match["image"] or len(kept) > MOST_KEPT:
            return match[0]
        label, url = match["label"] or "", match["url"] or match["plain"] or match["video"] or ""
        kept.append(url if url else match[0])
        mark = chr(FIRST_MARK + len(kept) - 1)
        return f"{label} ({mark})" if label.strip() and label.strip() != url else mark

    texts = [KEPT.sub(keep, REFERRED.sub(lambda match: _led(match, block), text)) for text in block.texts]
    texts = [text + LINE_MARK if LINE_END.search(text) else text for text in texts]
    said = inline(replace(block, texts=tuple(texts)))
    text = re.sub(rf"\s*{LINE_MARK}\s*", "\n", said.text).strip()
    for i, address in enumerate(kept):
        text = text.replace(chr(FIRST_MARK + i), address)
    return replace(said, text=text) if text else None
