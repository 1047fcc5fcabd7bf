"""Web font: one of the film's own fonts, with no more than the letters of a page, as an address that holds it."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import uharfbuzz as hb  # type: ignore[import-untyped]  # it ships no types

from rushes.fonts import FILES, FOLDER

__all__ = ["web_font"]

TABULAR = int.from_bytes(b"tnum", "big")
COPYRIGHT, LICENCE, ADDRESS = 0, 13, 14
"""Entries of the name table that the Open Font License wants kept in every copy."""


def web_font(font: str, weight: str, characters: Iterable[str]) -> str:
    """A `data:` address of the font with these characters, a tenth of its size."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(map(ord, characters))
    wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG).add(TABULAR)
    wanted.sets(hb.SubsetInputSets.NAME_ID).update({COPYRIGHT, LICENCE, ADDRESS})
    path = FOLDER / FILES[font, weight]
    made = wanted.subset(hb.Face(hb.Blob.from_file_path(str(path)))).blob.data
    return f"data:font/{path.suffix[1:]};base64,{base64.b64encode(made).decode()}"
