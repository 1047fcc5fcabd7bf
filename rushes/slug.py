"""Slug: a phrase as a name."""

from __future__ import annotations

import re

__all__ = ["slug"]


def slug(phrase: str) -> str:
    """`deleted a single minus sign` -> `deleted-a-single-minus-sign`."""
    return re.sub(r"[\W_]+", "-", phrase.lower()).strip("-")
