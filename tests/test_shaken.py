"""A number on the screen that no record said is found, whatever else the scene draws from records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import clip_job_of, write_record

from rushes.measured import Measured
from rushes.records import Records
from rushes.shaken import Drawn, Shaken, unrecorded
from rushes.studio import inspect, make_clip

SCENE = """\
from rushes import theme as t
from rushes.motion import Roll, Sprite
from rushes.scene import RunScene


class Figures(RunScene):
    runs = {{"run": "calm"}}
    settings = {{"share": 0.25}}

    def construct(self):
        record = self.record()
        ratings = record.column("rating")
        last = record.measure("rating", "last").value
        self.bake(t.card(0, 0, *t.frame_px(), t.INK, r=1), t.slate(record, "step 40"))
        texts = {texts}
        lines = [t.put(t.text(text), 200 + 500 * (i % 3), 300 + 100 * (i // 3)) for i, text in enumerate(texts)]
        self.live(*map(Sprite, lines))
"""


def found(root: Path, texts: str) -> list[str]:
    """What is found in a scene that draws `texts`, a Python expression of the record's ratings."""
    (root / "scenes" / "figures.py").write_text(SCENE.format(texts=texts))
    write_record(root, "calm", (5.24, 6.1, 7.3, 8.05, 8.4, 8.6))
    job = clip_job_of(root, "figures", root / "made", size=(480, 270), frames=60, share="0.25")
    return [str(problem) for problem in inspect(replace(job, inputs={}))]


@pytest.mark.parametrize(
    ("text", "written"),
    [("97 %", "97"), ("97% of all", "97"), ("it is 8.2 now", "8.2"), ("−0.43", "−0.43"), ("1,204.5 nats", "1,204.5")],
)
def test_a_number_that_was_written_into_the_scene_is_found(repository: Path, text: str, written: str) -> None:
    assert found(repository, f"[f'{{last:.1f}}', {text!r}]") == [
        f"at 0.0 s '{text}' is drawn, and no record said {written}"
    ]


@pytest.mark.parametrize(
    "texts",
    [
        "[f'{last:.1f}', f'{ratings[0]:.2f} of 9', f'{last / 9:.0%}']",
        "[f'{sum(ratings) / len(ratings):.2f} on average', f'{ratings[-1] - ratings[0]:+.1f}']",
        "['in 2024', 'step 40', '1,204 answers', 'GPT-3.5x', 'v1.2.3']",  # years, counts and names
        "['0.0', '0.5', '1.0', '1.5']",  # a scale
        "['0 %', '100 %', '<1%']",
        "['25 %', '0.25']",  # what the script gave it
        "[ratings[0] > 6 and '97 %' or f'{last:.1f}']",
    ],
)
def test_what_comes_from_the_record_or_the_script_is_not(repository: Path, texts: str) -> None:
    assert found(repository, texts) == []


def test_a_scene_that_cannot_draw_other_values_is_not_judged(repository: Path) -> None:
    assert found(repository, "[{5.24: '97 %'}[ratings[0]]]") == []


def test_a_scene_without_records_may_draw_any_number(repository: Path) -> None:
    (repository / "scenes" / "figures.py").write_text(
        "from rushes import theme as t\nfrom rushes.motion import Sprite\nfrom rushes.scene import RunScene\n\n"
        "class Figures(RunScene):\n    def construct(self):\n"
        "        self.live(Sprite(t.put(t.text('97 %'), 400, 300)))\n"
    )
    job = clip_job_of(repository, "figures", repository / "made", size=(480, 270), frames=60)
    assert inspect(replace(job, inputs={})) == []


def test_every_measured_number_is_shaken_and_nothing_else(repository: Path) -> None:
    shaken = Shaken(Records((repository,)), 0.5)
    record, real = shaken.get("calm"), Records((repository,)).get("calm")
    assert record.column("rating") == tuple(0.5 * rating for rating in real.column("rating"))
    assert record.steps == real.steps
    assert record.name == "calm"
    assert record.seed == real.seed
    measured = record.measure("rating", "last")
    assert isinstance(measured, Measured)
    assert measured.value == 0.5 * real.measure("rating", "last").value
    (row,) = record.samples()
    assert (row["rating"], row["step"], row["text"]) == (2.5, 1, " it rained.")
    assert " it rained." in shaken.words


def test_a_number_must_stay_in_every_shaken_drawing() -> None:
    one = Drawn("0.1", "\0", 1.0)
    there: tuple[list[Drawn], set[str]] = [one], set()
    gone: tuple[list[Drawn], set[str]] = [Drawn("0.0", "\0", 1.0)], set()
    assert [problem.second for problem in unrecorded([one], [], [there, there])] == [1.0]
    assert unrecorded([one], [], [there, gone]) == []
    assert unrecorded([one], [], [there, ([one], {"it costs 0.1 nats"})]) == []
    assert unrecorded([one], [], []) == []


def test_a_clip_tells_of_it(repository: Path) -> None:
    (repository / "scenes" / "figures.py").write_text(SCENE.format(texts="['97 %']"))
    job = clip_job_of(repository, "figures", repository / "made", size=(480, 270), frames=60)
    assert make_clip(job).layout == ("at 0.0 s '97 %' is drawn, and no record said 97",)
