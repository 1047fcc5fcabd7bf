"""The gallery shows every part of the kit, as it is."""

from __future__ import annotations

import importlib
import inspect
import os

import cv2
import numpy as np
import pytest
from alike import ALIKE, likeness
from conftest import ROOT
from gallery import ENTRIES, Entry, page, picture
from manim import Mobject

PAGE, PICTURES = ROOT / "docs/gallery.md", ROOT / "docs/gallery"
KIT = [
    "candidates", "token_chips", "rating_dial", "thumb", "words", "charts", "histogram", "clouds", "crowd", "gauge",
    "landscape", "lens", "machine", "pictures", "rig", "motion", "theme",
]  # fmt: skip
WRITE = os.environ.get("RUSHES_GOLDEN") == "write"
PLAIN = {"Moving", "TextLine", "Block"}  # what parts are made from


def public(module: str) -> dict[str, object]:
    """Classes that are drawn, and functions that make something which is."""
    kit = importlib.import_module(f"rushes.{module}")
    mine = {name: one for name, one in vars(kit).items() if not name.startswith("_")}
    found: dict[str, object] = {}
    for name, one in mine.items():
        if getattr(one, "__module__", "") != kit.__name__:
            continue
        made = one if inspect.isclass(one) else inspect.get_annotations(one, eval_str=True).get("return")
        if (inspect.isclass(made) and issubclass(made, Mobject)) or hasattr(made, "picture"):
            found[name] = one
    return found


@pytest.mark.parametrize("module", KIT)
def test_every_part_of_the_kit_has_an_entry(module: str) -> None:
    shown = {part.__name__ for one in ENTRIES for part in one.parts}
    assert set(public(module)) - PLAIN <= shown


def test_the_page_is_what_make_gallery_writes() -> None:
    if WRITE:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "make gallery"
    assert {path.name for path in PICTURES.glob("*")} <= {one.file for one in ENTRIES}


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.example.__name__)
def test_an_entry_is_short_and_its_picture_true(one: Entry) -> None:
    assert len(one.source.splitlines()) <= 12
    assert all(inspect.getdoc(part) for part in one.parts)
    assert all(part.__name__ in one.source for part in one.parts if part.__name__ not in ("Shadow", "Chart"))
    path, now = PICTURES / one.file, picture(one)
    if WRITE:
        PICTURES.mkdir(exist_ok=True)
        path.write_bytes(now)
    was, here = (cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for data in (path.read_bytes(), now))
    assert likeness(was, here)[0] >= ALIKE, "make gallery, and look at it"
