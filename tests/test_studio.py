"""What the studio changes about Manim, and that nobody can see it."""

from __future__ import annotations

import copy
import subprocess
import sys

import numpy as np
from manim import Text

from rushes import shortcuts

LENGTHS = """
import sys
import numpy as np
from manim import Circle, FunctionGraph
from rushes import shortcuts
if sys.argv[1] == "short":
    shortcuts.take()
path = FunctionGraph(np.sin)
told = [path.point_from_proportion(a).tobytes().hex() for a in np.linspace(0, 1, 9)]
path.stretch(2, 0)  # the same mobject, another path
told += [path.point_from_proportion(a).tobytes().hex() for a in np.linspace(0, 1, 9)]
told += [str(Circle().get_arc_length()), str(Circle(radius=2).get_arc_length(sample_points_per_curve=3))]
print(told)
"""


PLACES = """
import sys
import numpy as np
from manim import DL, ORIGIN, RIGHT, UP, Arrow, Circle, Dot, ImageMobject, Square, Text, VGroup, VMobject
from rushes import shortcuts
if sys.argv[1] == "short":
    shortcuts.take()
begun = VMobject()
begun.points = np.array([[1.0, 2.0, 0.0]])
some = [
    VMobject(), VGroup(), Dot(), Square().rotate(0.3), Text("gjp"), Arrow(UP, RIGHT), begun,
    VGroup(Circle(), VGroup(Square().shift(UP), VMobject()), Text("a b")), ImageMobject(np.zeros((3, 5, 4), np.uint8)),
]
told = [m.get_critical_point(d).tobytes().hex() for m in some for d in (ORIGIN, UP, DL, (0.1, -0.0, 7))]
told += [np.asarray(m.get_points_defining_boundary()).tobytes().hex() for m in some]
told += [m.move_to((1.1, 0.3, 0)).next_to(some[2], RIGHT).points.tobytes().hex() for m in some[2:5]]
print(told)
"""


def test_what_is_measured_and_moved_is_the_same_to_the_last_bit() -> None:
    plain, short = (
        subprocess.run([sys.executable, "-c", PLACES, how], check=True, capture_output=True, text=True).stdout
        for how in ("plain", "short")
    )
    assert plain == short
    assert len(plain) > 1000


FAMILIES = """
import random, sys
from manim import Group, Mobject, VMobject
from rushes import shortcuts
if sys.argv[1] == "short":
    shortcuts.take()
dice = random.Random(3)
for _ in range(40):
    all = [Mobject() if dice.random() < 0.5 else VMobject() for _ in range(12)]
    for i, m in enumerate(all[:-1]):  # some in two families, some twice in one
        m.submobjects = [dice.choice(all[i + 1 :]) for _ in range(dice.randrange(4))]
    if dice.random() < 0.3:
        all[-1].submobjects = [all[dice.randrange(12)]]  # and some in their own
    whole = Group()
    whole.submobjects = all[:4]
    print([all.index(m) for m in whole.get_family()[1:]], len(whole.family_members_with_points()))
"""


def test_families_are_the_same_in_the_same_order() -> None:
    plain, short = (
        subprocess.run([sys.executable, "-c", FAMILIES, how], check=True, capture_output=True, text=True).stdout
        for how in ("plain", "short")
    )
    assert plain == short
    assert len(plain.splitlines()) == 40
    assert any(line.count(",") > 8 for line in plain.splitlines())


def test_copies_of_text_share_their_svg_paths_and_nothing_else() -> None:
    before = Text("one minus").copy()
    shortcuts.take()
    text = Text("one minus")
    other = copy.deepcopy(text)
    assert all(a.path_obj is b.path_obj for a, b in zip(text, other, strict=True))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(before, other, strict=True))
    other.shift([1, 0, 0])
    assert np.array_equal(text.points, Text("one minus").points)
    assert not np.array_equal(text[0].points, other[0].points)


def test_places_along_a_path_are_the_same_to_the_last_bit() -> None:
    plain, short = (
        subprocess.run([sys.executable, "-c", LENGTHS, how], check=True, capture_output=True, text=True).stdout
        for how in ("plain", "short")
    )
    assert plain == short
    assert len(plain) > 100
