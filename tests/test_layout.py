"""Twelve faults, each planted in a small scene of its own: the lint finds it, and nothing in the scene without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import clip_job_of

from rushes.clip import ClipJob
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.layout import Problem
from rushes.pipeline import make_film
from rushes.reading import Shown, hasty
from rushes.studio import inspect, make_clip

HEAD = """\
from manim import Group, Square, Write

from rushes import theme as t
from rushes.motion import Roll, Sprite
from rushes.scene import RunScene
from rushes.words import Swap, Typing


class Planted(RunScene):
    def construct(self):
        self.bake(t.card(0, 0, *t.frame_px(), t.INK, r=1), t.slate(Run, "step 40"))
"""
RUN = "\n\nclass Run:\n    name, size, seed = 'healthy', 'tiny', 0\n"

# name of the fault: (the scene with it, the finding, when it is found in seconds)
FAULTS = {
    "overlap": (
        """
        other = Sprite(t.put(t.text("Coaches"), 900, 400)).to(0.9, 0.2, dx=-450)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), other)
""",
        ("'Readers' and 'Coaches' overlap by", 1.9),
    ),
    "cut off": (
        """
        self.live(Sprite(t.put(t.text("Readers"), 1800, 400)), Sprite(t.put(t.text("Coaches"), 900, 400)))
""",
        ("'Readers' is cut off by the edge of the frame", 0.0),
    ),
    "outside the safe area": (
        """
        self.live(Sprite(t.put(t.text("Readers"), 400, 50)), Sprite(t.put(t.text("Coaches"), 900, 400)))
""",
        ("'Readers' leaves the safe area by", 0.0),
    ),
    "never in the frame": (
        """
        self.live(Sprite(t.put(t.text("Readers"), 2400, 400)), Sprite(t.put(t.text("Coaches"), 900, 400)))
""",
        ("'Readers' never comes into the frame", 0.0),
    ),
    "in the captions": (
        """
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), Sprite(t.put(t.text("Coaches"), 900, 960)))
""",
        ("'Coaches' stands", 0.0),
    ),
    "too small": (
        """
        small = Sprite(t.put(t.text("Coaches"), 900, 400)).to(2.2, 0.3, scale=0.5)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), small)
""",
        ("'Coaches' is 22 px high, less than 28", 2.9),
    ),
    "too faint": (
        """
        faint = Sprite(t.put(t.text("Coaches", color=t.GRID), 900, 400)).enter(1.2)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), faint)
""",
        ("'Coaches' has a contrast of 2.3 to what is behind it, less than 4.5", 1.9),
    ),
    "too faint on what comes behind it": (
        """
        light = Sprite(t.card(800, 320, 600, 140, t.PAPER)).enter(1.2)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), light, Sprite(t.put(t.text("Coaches"), 900, 400)))
""",
        ("'Coaches' has a contrast of 1.0 to what is behind it, less than 4.5", 1.9),
    ),
    "large and too faint": (
        """
        faint = Sprite(t.put(t.text("Coaches", 72, "#4F5577"), 900, 400))
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), faint)
""",
        ("'Coaches' has a contrast of 2.", 0.0),
    ),
    "behind a shape": (
        """
        above = Sprite(t.card(380, 330, 110, 110, t.PANEL)).enter(2.1)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), Sprite(t.put(t.text("Coaches"), 900, 400)), above)
""",
        ("'Readers' is behind something", 2.9),
    ),
    "gone too soon": (
        """
        quick = t.block("It reads every answer, and knows how it will be marked", 900, 400, 600)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), Sprite(quick).enter(1.0, 0.1).leave(2.0, 0.1))
""",
        ("'It reads every answer, and' is seen for 1.0 s, too short for 10 words", 1.0),
    ),
    "come too late": (
        """
        late = t.block("It reads every answer, and knows how it will be marked", 900, 400, 600)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), Sprite(late).enter(3.0, 0.1))
""",
        ("'It reads every answer, and' is seen for 0.8 s, too short for 10 words", 3.0),
    ),
}


def planted(root: Path, body: str, size: tuple[int, int] = (480, 270)) -> ClipJob:
    """A shot of 4 s with cues at 1 s and 2 s."""
    (root / "scenes" / "planted.py").write_text(HEAD + body + RUN)
    job = clip_job_of(root, "planted", root / "made", size=size, frames=60)
    return replace(job, cues={"one": 15, "two": 30}, inputs={})


def found(root: Path, body: str, size: tuple[int, int] = (480, 270)) -> list[Problem]:
    return inspect(planted(root, body, size))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_with_its_text_and_time(repository: Path, fault: str) -> None:
    body, (message, second) = FAULTS[fault]
    (one,) = found(repository, body)
    assert one.message.startswith(message)
    assert one.second == pytest.approx(second, abs=0.21)


COVERED = """
        cover = Sprite(t.card(380, 340, 260, 80, t.PANEL))
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), cover)
"""


def test_text_that_is_hidden_all_along_is_found(repository: Path) -> None:
    assert [str(one) for one in found(repository, COVERED)] == ["at 0.0 s 'Readers' is always behind something"]


def test_there_are_twelve_faults() -> None:
    assert len(FAULTS) == 12


# What looks like a fault at some moment and is none.
CLEAN = {
    "text apart": """
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), Sprite(t.put(t.text("Coaches"), 900, 400)))
""",
    "one fades out where another fades in": """
        old = Sprite(t.put(t.text("Readers"), 400, 400)).leave(1.0, 0.4)
        self.live(old, Sprite(t.put(t.text("Coaches"), 400, 400)).enter(1.35, 0.4))
""",
    "one flies over another": """
        flying = Sprite(t.put(t.text("Coaches"), 900, 400)).to(1.6, 0.8, dx=-800)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), flying)
""",
    "one comes from outside the frame": """
        coming = Sprite(t.put(t.text("Coaches"), 900, 400)).begin(dx=1200).to(1.6, 0.8, dx=0)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), coming)
""",
    "one is dimmed after it was read": """
        dimmed = Sprite(t.put(t.text("Readers"), 400, 400)).to(2.0, 0.3, alpha=0.4)
        self.live(dimmed, Sprite(t.put(t.text("Coaches"), 900, 400)))
""",
    "a shape passes in front": """
        passing = Sprite(t.card(200, 330, 110, 110, t.PANEL)).to(1.7, 0.6, dx=900)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), passing)
""",
    "large text needs less contrast": """
        self.live(Sprite(t.put(t.text("Readers", 72, t.mix(t.INK, t.PAPER, 0.42)), 400, 400)))
""",
    "a number runs": """
        self.live(Roll(960, 400, 60, fmt="{:.0f} answers were read and marked by all").to(0.0, 4.0, value=100.0))
""",
    "answers take each other's place": """
        rows = [" ".join(f"{word}{i}" for word in "they all went home and slept well".split()) for i in range(5)]
        swap = Swap(rows, 400, 400, 1200)
        for i in range(1, 5):
            swap.change(0.5 * i, i)
        self.live(swap)
""",
    "words type themselves and stay": """
        words = [f"{word} " for word in "they all went home".split()]
        self.live(Typing(words, 400, 400, 1200, start=0.4, rate=6))
""",
    "a line crosses the text": """
        self.live(Sprite(t.rule(450, 300, 450, 500, t.POLICY, 6)), Sprite(t.put(t.text("Readers"), 400, 400)))
""",
    "one takes over from its double": """
        double = Sprite(t.put(t.text("Readers"), 400, 400)).to(2.5, 0.5, dx=600)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), double)
""",
    "a number is covered on purpose": """
        cover = Sprite(t.card(380, 340, 260, 80, t.PANEL)).enter(1.2)
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), cover)
""",
    "only a sign": """
        self.live(Sprite(t.put(t.text("=", color=t.GRID), 400, 400)))
""",
}  # fmt: skip


@pytest.mark.parametrize("scene", CLEAN)
def test_nothing_is_found_where_nothing_is_wrong(repository: Path, scene: str) -> None:
    assert [str(problem) for problem in found(repository, CLEAN[scene])] == []


@pytest.mark.parametrize("size", [(480, 270), (270, 480), (1920, 1080)], ids=["small", "tall", "large"])
def test_a_place_is_judged_by_the_frame_and_not_by_its_pixels(repository: Path, size: tuple[int, int]) -> None:
    body = """
        self.live(Sprite(t.put(t.text("Readers"), 400, 400)), Sprite(t.put(t.text("Coaches"), 400, 1300)))
"""
    said = [problem.message for problem in found(repository, body, size)]
    if size == (270, 480):
        assert said == []
    else:
        assert said == ["'Coaches' never comes into the frame"]


def test_a_tall_frame_has_its_own_safe_area(repository: Path) -> None:
    body = """
        self.live(Sprite(t.put(t.text("Readers"), 400, 200)), Sprite(t.put(t.text("Coaches"), 400, 1500)))
"""
    low, high = sorted(problem.message for problem in found(repository, body, (270, 480)))
    assert low.startswith("'Coaches' stands")
    assert high.startswith("'Readers' leaves the safe area by")


PLAYS = """
        first, second = t.put(t.text("Readers"), 400, 400), t.put(t.text("Coaches"), 900, 400)
        self.play(Write(first), run_time=0.5)
        self.add(second)
        self.until("two")
        self.play(second.animate.shift((-3.5, 0, 0)), run_time=0.5)
        self.play(second.animate.shift((3.5, 0, 0)), run_time=0.5)
"""


def test_a_scene_that_plays_is_looked_at_whenever_a_play_ends(repository: Path) -> None:
    (one,) = found(repository, PLAYS)
    assert one.message.startswith("'Readers' and 'Coaches' overlap by")
    assert one.second == pytest.approx(2.5, abs=0.07)


OF_MANIM = """
        from manim import Text, UP
        title, line = Text("How far it strays", font_size=40), t.put(t.text("Readers"), 400, 400)
        self.play(Write(title), run_time=0.5)
        self.add(line)
        self.until("two")
        self.play(title.animate.{}, run_time=0.5)
"""


@pytest.mark.parametrize(
    ("does", "faults"),
    [("shift(UP)", []), ("to_edge(UP, buff=0.1).shift((-3, 0, 0))", ["'How far it strays' leaves the safe area"]),
     ("move_to(line)", ["'Readers' and 'How far it strays' overlap"])],
)  # fmt: skip
def test_a_text_of_manims_own_is_looked_at_for_its_place(repository: Path, does: str, faults: list[str]) -> None:
    told = [problem.message.split(" by ")[0] for problem in found(repository, OF_MANIM.format(does))]
    assert told == faults


def test_a_clip_tells_of_its_faults(repository: Path) -> None:
    clip = make_clip(planted(repository, FAULTS["too small"][0]))
    assert clip.layout == ("at 2.9 s 'Coaches' is 22 px high, less than 28",)


# ---------------------------------------------------------------------- time to read
def shown(string: str, start: float, end: float, y: float = 0.0) -> Shown:
    return Shown(
        string=string, size=40, font="Inter", box=(100, y, 100 + 20 * len(string), y + 40), start=start, end=end
    )


@pytest.mark.parametrize(
    ("stays", "late"),
    [
        ([shown("one two three four", 0, 0.8)], []),  # seen until the next look
        ([shown("one two three four", 0, 0.5)], ["one two three four"]),
        ([shown("a", 0, 0.0)], []),
        ([shown("no no no no no no", 0, 0.5)], []),  # read once
        ([shown("one two three four", 0, 3.8), shown("five six seven eight", 3, 3.8, 50)], []),
        ([shown("one two three four", 0, 3.8), shown("five six seven eight", 3.4, 3.8, 50)], ["five six seven eight"]),
        ([shown("one two three four", 2, 3.6), shown("five six seven eight", 2, 3.6, 50)], []),
        ([shown("one two three four", 2, 3.2), shown("five six seven eight", 2, 3.2, 50)], ["one two three four"]),
        ([shown("one two three four", 2, 3.2), shown("five six seven eight", 2, 3.2, 300)], []),  # two things
        ([shown("one two three four", 0, 0.4), shown("five six seven eight", 0.6, 2)], []),  # takes its place
    ],
)  # fmt: skip
def test_words_are_read_at_four_a_second(stays: list[Shown], late: list[str]) -> None:
    assert [problem.message.split("'")[1] for problem in hasty(stays, 0.2)] == late


# ---------------------------------------------------------------------- what a film does about it
def test_faults_stop_a_film_and_not_a_draft(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planted(repository, FAULTS["overlap"][0])
    script = repository / "film.md"
    script.write_text("---\nvoice: silent\n---\n## Script\n- #### One\n\t- One two three.\n\t\t- scene:: planted\n")
    house = House(root=repository, size=(160, 90), fps=15, jobs=1)
    with pytest.raises(RushesError, match="the scenes have one fault"):
        make_film(script, house, Console())
    said = capsys.readouterr().err
    assert "line 7: the scene 'planted' at 3.1 s 'Readers' and 'Coaches' overlap by" in said
    assert not (house.out / "film" / "film.mp4").exists()
    draft = make_film(script, house, Console(), draft=True)
    assert draft.rendered == 0, "its shots were kept"
    assert any("overlap" in warning for warning in draft.warnings)
    assert make_film(script, house, Console(), with_faults=True).path.is_file()
