"""What the studio changes about Manim, and that nobody can see it."""

from __future__ import annotations

import copy

import numpy as np
from manim import Text

from rushes.studio import _share_svg_paths


def test_copies_of_text_share_their_svg_paths_and_nothing_else() -> None:
    before = Text("one minus").copy()
    _share_svg_paths()
    text = Text("one minus")
    other = copy.deepcopy(text)
    assert all(a.path_obj is b.path_obj for a, b in zip(text, other, strict=True))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(before, other, strict=True))
    other.shift([1, 0, 0])
    assert np.array_equal(text.points, Text("one minus").points)
    assert not np.array_equal(text[0].points, other[0].points)
