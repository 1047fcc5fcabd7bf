"""Scenes drawn from runs that went as far as a run can go: they draw, and their text stands apart at every cue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from conftest import ROOT
from filmed import FILMS, Filmed, filmed, glance
from made_looks import made_inside, made_off_switch, made_ruler, made_slope, made_sweep
from made_records import END, made_record

from rushes.records import Records
from rushes.scene_file import read_scene_file
from rushes.workers import Processes, fitting

EXTREMES = {
    "low": {"rating": 1, "tokens": 2, "steps": 3},  # the lowest mark for everything, one word, three steps
    "high": {"rating": 9, "tokens": 60, "steps": 400},  # the highest, sixty tokens, four hundred steps
}
RULER = {
    "low": {"share": 0.0, "shown": 6, "held_out": 40},  # every picture told wrong, and not by the ruler
    "high": {"share": 1.0, "shown": 24, "held_out": 5000},
}
INSIDE = {  # a word and sixty, one layer and as many as a GPT-2 of 124 M parameters has
    "low": {"share": 0.0, "layers": 1, "tokens": 2, "rating": 1, "sure": 1 / 591},
    "high": {"share": 1.0, "layers": 12, "tokens": 60, "rating": 9, "sure": 1.0},
}
SLOPE = {
    "low": {"steps": 3, "down": 1, "scale": 1e-3, "weights": 7, "answers": 3, "weight": "head.bias[0]"},
    "high": {"steps": 400, "down": 20, "scale": 1e3, "weights": 124_439_808, "answers": 400,
             "weight": "body.transformer.h.11.attn.c_attn.weight[767, 2303]"},
}  # fmt: skip
OFF_SWITCH = {
    "low": {"goals": 3, "past": 0.0, "worth": 0.0},
    "high": {"goals": 5000, "past": 1.0, "worth": 1.0},
}
LARGER = ("healthy.gpu", "sign_flipped.gpu", "sign_flipped.gpu.seed1", "sign_flipped.gpu.seed2", "fixation.gpu")
RUNS = ("healthy", "sign_flipped", "kl_flipped", "all_flipped", "no_coherence_coach", "fixation", "andon", *LARGER)
SWEEPS = ("feedback_loop", "feedback_loop.gpu", "feedback_loop_again.gpu")
AGREES = {"low": -1.0, "high": 1.0}  # a coach that is always wrong, and one that is always right
OTHERS = ("base", "ruler", "inside", "slope", *SWEEPS, "off_switch")


NOTHING_TO_SHOW = {
    ("machine", "low"): "the model is never wrong in this record",
    ("numbered", "low"): "no story has the numbers of all its words",
    ("larger", "high"): "may be shown to everybody",
}
"""Where a scene has no story in a record, it says so."""


def runs(one: Filmed) -> dict[str, str]:
    """The arguments of a shot that name such a run."""
    return {argument: one.job.args[argument] for argument in read_scene_file(one.job.scene).runs
            if one.job.args[argument] in (*RUNS, *OTHERS)}  # fmt: skip


ALL = sorted(
    (one for film in FILMS for one in filmed(film) if not one.other and runs(one)),
    key=lambda one: (one.scene, one.name),
)
CASES = [(one, ending) for one in ALL for ending in EXTREMES]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every run as it went at the extremes."""
    root = tmp_path_factory.mktemp("made")
    for run in RUNS:
        for ending, changed in EXTREMES.items():
            made_record(root, run, ending, **changed)
    for ending, changed in EXTREMES.items():
        made_record(root, "base", ending, rating=changed["rating"], tokens=changed["tokens"])
        made_ruler(root, ending, **RULER[ending])
        made_inside(root, ending, **INSIDE[ending])
        made_slope(root, ending, **SLOPE[ending])
        for sweep in SWEEPS:
            made_sweep(root, sweep, ending, rating=changed["rating"], steps=changed["steps"], agrees=AGREES[ending])
        made_off_switch(root, ending, **OFF_SWITCH[ending])
    return root


@pytest.fixture(scope="module")
def glanced(made: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], tuple[str, ...]]]:
    """What is wrong with the shots that this session asks for, drawn by as many processes as there are cores."""
    records = Records((made, ROOT))
    work = []
    for item in request.session.items:
        if item.path == Path(__file__) and "one" in item.callspec.params:
            one, ending = item.callspec.params["one"], item.callspec.params["ending"]
            args = {**one.job.args, **{argument: f"{run}.{ending}" for argument, run in runs(one).items()}}
            work.append((one.scene, f"{one.name} {ending}", replace(one.job, args=args, records=records)))
    with Processes(min(fitting(480 * 270), len(work))) as processes:
        futures = {}
        for _, group in groupby(work, key=lambda job: job[0]):
            jobs = [(name, job) for _, name, job in group]
            futures |= dict.fromkeys([name for name, _ in jobs], processes.submit(glance, jobs))
        yield lambda name: futures[name].result()[name]


@pytest.mark.parametrize(("one", "ending"), CASES, ids=[f"{one.name}-{ending}" for one, ending in CASES])
def test_a_scene_is_fit_for_the_extremes(one: Filmed, ending: str, glanced: Callable[[str], tuple[str, ...]]) -> None:
    found = glanced(f"{one.name} {ending}")
    if told := NOTHING_TO_SHOW.get((one.scene, ending)):
        assert told in found[0]
    else:
        assert list(found) == []


@pytest.mark.parametrize("ending", EXTREMES)
def test_a_made_record_is_what_it_says(made: Path, ending: str) -> None:
    wanted = EXTREMES[ending]
    records = Records((made, ROOT))
    for run in RUNS:
        record, real = records.get(f"{run}.{ending}"), records.get(run)
        assert (record.name, set(record.columns)) == (real.name, set(real.columns))
        assert set(record.column("rating")) == {float(wanted["rating"])}
        assert record.steps == tuple(range(wanted["steps"] + 1))
        assert record.sample_steps == tuple(record.setting("panel"))
        assert 0 < record.sample_steps[-1] <= wanted["steps"] == record.setting("steps")
        assert [set(row) for row in record.samples()[:1]] == [set(row) for row in real.samples()[:1]]
        for row in record.samples():
            assert {len(row[key]) for key in ("tokens", "ids", "logp", "ref_logp", "coach")} == {wanted["tokens"]}
            assert row["tokens"][-1] == END
        assert {row["rating"] for row in (*record.samples(), *record.labels())} == {wanted["rating"]}
        assert max(row["step"] for row in record.labels()) <= wanted["steps"]


@pytest.mark.parametrize("ending", EXTREMES)
def test_a_made_look_is_what_it_says(made: Path, ending: str) -> None:
    ruler, inside, slope = (Records((made, ROOT)).get(f"{run}.{ending}") for run in ("ruler", "inside", "slope"))
    wanted = RULER[ending]
    assert (len(ruler.pictures()), ruler.facts["held_out"]) == (wanted["shown"], wanted["held_out"])
    assert {ruler.facts[key] for key in ("accuracy", "control_accuracy_swapped", "ruler_share")} == {wanted["share"]}
    assert {(row["probability"] > 0.5) == row["malignant"] for row in ruler.pictures()} == {wanted["share"] == 1}
    wanted = INSIDE[ending]
    assert {len(place["layers"]) for row in inside.lens() for place in row["places"]} == {wanted["layers"] + 1}
    assert {len(row["places"]) for row in inside.lens()} == {wanted["tokens"]}
    assert [row["layer"] for row in inside.probe()] == list(range(wanted["layers"] + 1))
    assert {(x > 0) == bool(rude) for row in inside.probe() for x, _, rude in row["answer_points"]} == {
        wanted["share"] == 1
    }
    assert {row["rating"] for row in (*inside.metrics, *inside.steered())} == {wanted["rating"]}
    wanted = SLOPE[ending]
    assert slope.steps == tuple(range(wanted["steps"] + 1))
    assert len(slope.path()) == len(slope.coach()) == wanted["steps"] + 1
    assert len(slope.descent()) == wanted["down"] + 1
    assert slope.column("loss")[0] == wanted["scale"] * Records((ROOT,)).get("slope").column("loss")[0]
    changed = EXTREMES[ending]
    for name in SWEEPS:
        sweep = Records((made, ROOT)).get(f"{name}.{ending}")
        assert set(sweep.steps) == set(range(changed["steps"] + 1))
        assert len(sweep.metrics) == len(set(sweep.column("variant"))) * (changed["steps"] + 1)
        assert set(sweep.column("rating")) == {float(changed["rating"])}
        assert set(sweep.column("coach_r")) == {AGREES[ending]}
    off_switch, wanted = Records((made, ROOT)).get(f"off_switch.{ending}"), OFF_SWITCH[ending]
    assert len(off_switch.goals()) == off_switch.facts["goals"] == wanted["goals"]
    assert {(goal["end"] != "x", goal["turns"] > 0) for goal in off_switch.goals()} == {(bool(wanted["past"]),) * 2}
