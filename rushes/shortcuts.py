"""Shortcuts: what Manim works out again and again with the same result, worked out once.

Its pictures stay the same to the byte.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import svgelements  # type: ignore[import-untyped]
from manim import Mobject, VMobject

__all__ = ["take"]


def take() -> None:
    """Use them in this process."""
    # Whenever an animation copies a `Text`, Manim copies the SVG path of each letter too, which nothing changes once
    # the letter has its points: a fifth of the time of plain scenes with text.
    svgelements.Path.__deepcopy__ = lambda path, _memo: path
    # `MoveAlongPath` asks on every frame how long each piece of a path is that has not changed: a third of the time
    # of a scene with a few of them.
    if VMobject.get_nth_curve_length_pieces is not _pieces:
        VMobject.get_nth_curve_length_pieces = _pieces  # type: ignore[method-assign]
    # Whatever is moved or aligned is measured first, point by point and side by side: two fifths of the time of a
    # scene that moves a thousand dots.
    if VMobject.get_points_defining_boundary is not _boundary:
        VMobject.get_points_defining_boundary = _boundary  # type: ignore[method-assign]
        Mobject.get_critical_point = _critical_point  # type: ignore[method-assign]
    # The camera asks everything in the picture for its family on every frame: a fifth of the time of scenes with many
    # parts.
    if Mobject.get_family is not _family:
        Mobject.get_family = _family  # type: ignore[method-assign]


def _family(self: Mobject, recurse: bool = True) -> list[Mobject]:
    found: list[Mobject] = []
    _gather(self, found, set())
    last = dict.fromkeys(reversed(found))  # who is there twice counts where he is last
    return list(reversed(last)) if len(last) < len(found) else found


def _gather(m: Mobject, found: list[Mobject], above: set[int]) -> None:
    if id(m) in above:  # it is in its own family
        return
    found.append(m)
    if m.submobjects:
        above.add(id(m))
        for part in m.submobjects:
            _gather(part, found, above)
        above.discard(id(m))


_plain_boundary = VMobject.get_points_defining_boundary


def _boundary(self: VMobject) -> Any:
    if not self.submobjects and len(self.points) and not len(self.points) % 4:
        return self.points.reshape(-1, 4, 3)[:, ::3].reshape(-1, 3)
    parts = [m.points for m in self.get_family()]
    if any(len(points) % 4 for points in parts):  # a curve that is being made
        return _plain_boundary(self)
    ends = [points.reshape(-1, 4, 3)[:, ::3].reshape(-1, 3) for points in parts if len(points)]
    return np.concatenate(ends) if ends else np.array(())


def _critical_point(self: Mobject, direction: Any) -> Any:
    points = self.get_points_defining_boundary()
    if not len(points):
        return np.zeros(self.dim)
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    ends = zip(direction, low, high, strict=False)
    return np.array([least if key < 0 else (least + most) / 2 if key == 0 else most for key, least, most in ends])


_plain = VMobject.get_nth_curve_length_pieces


def _pieces(self: VMobject, n: int, sample_points: int | None = None) -> Any:
    return _measured(self.get_nth_curve_points(n).tobytes(), sample_points)


@lru_cache(maxsize=1 << 16)
def _measured(curve: bytes, sample_points: int | None) -> Any:
    one = VMobject()
    one.points = np.frombuffer(curve).reshape(-1, 3)
    found = _plain(one, 0, sample_points)
    found.flags.writeable = False  # it is given to everybody who asks
    return found
