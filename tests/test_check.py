"""Every message an author can see, whole and all at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, WriteRecord

from rushes.check import Checked, check, check_note
from rushes.cli import main
from rushes.house import House
from rushes.read_script import parse_script, read_script


def checked(text: str, repository: Path) -> Checked:
    return check(parse_script(text, Path("scripts/bad.md")), [repository], fps=30, size=(1920, 1080))


@pytest.mark.parametrize(
    ("beat", "line", "caret", "message"),
    [
        ("\t- A.\n\t\t- scene:: crve\n", 4, "crve", "there is no scene 'crve'"),
        ("\t- ==rise==.\n\t\t- scene:: curve run=clam\n", 4, "clam", "there is no record of a run 'clam'"),
        ("\t- {calm.ratng.last:.1f}.\n", 3, "ratng", "the record of 'calm' has no column 'ratng'"),
        (
            "\t- A.\n\t  claim:: calm.rating.last < 3\n",
            4,
            "calm.rating.last < 3",
            "this claim fails: 7.4 < 3 is not so",
        ),
        ("\t- A b.\n\t\t- card\n\t\t  at:: c d\n", 5, "c d", "the beat does not say 'c d'"),
        (
            "\t- A b.\n\t\t- scene:: curve\n",
            4,
            "curve",
            "the scene 'curve' waits for 'rise' (curve.py:14), which no one says",
        ),
    ],
)
def test_an_error_has_a_line_a_caret_and_a_suggestion(
    repository: Path, beat: str, line: int, caret: str, message: str
) -> None:
    (finding,) = checked("## Script\n- #### A\n" + beat, repository).findings
    head, shown, carets, suggestion = str(finding).splitlines()
    assert head.startswith(f"scripts/bad.md:{line}: {message}")
    assert shown[carets.index("^") : carets.index("^") + carets.count("^")] == caret
    assert suggestion.strip()


def test_another_record_of_a_run_is_named_by_its_folder(repository: Path, record: WriteRecord) -> None:
    record(repository, "calm.seed1", (9, 9), name="calm", seed=1)
    text = "## Script\n- #### A\n\t- It ==rise==s to {calm.seed1.rating.last:.1f}, not {calm.rating.last:.1f}.\n"
    text += "\t  claim:: calm.seed1.rating.last > 8\n\t\t- scene:: curve run=calm.seed1\n"
    found = checked(text, repository)
    assert found.findings == ()
    assert found.texts == ("It rises to 9.0, not 7.4.",)
    assert [measured.reference.run for measured in found.measured.values()] == ["calm.seed1", "calm"]


def test_a_caret_stays_under_its_place_in_a_long_line(repository: Path) -> None:
    long = "many words " * 30
    (finding,) = checked(f"## Script\n- #### A\n\t- {long}{{calm.ratng.last:.1f}} {long}\n", repository).findings
    _, shown, carets, _ = str(finding).splitlines()
    assert len(shown) <= 100
    assert shown[carets.index("^") : carets.index("^") + carets.count("^")] == "ratng"
    assert shown.count("…") == 2


def spoiled(repository: Path, record: WriteRecord, how: str) -> None:
    if how == "truncated":
        (repository / "runs/records/calm/metrics.jsonl").write_text("")
        return
    for folder in ("notes", "rushes/rlhf"):
        shutil.copytree(ROOT / folder, repository / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "runs/healthy.yaml", repository / "runs/calm.yaml")
    record(repository, "calm", recipe_hash="of another recipe")


@pytest.mark.parametrize("how", ["truncated", "older than its recipe"])
def test_a_record_that_cannot_be_used_is_one_error_where_it_is_first_used(
    repository: Path, record: WriteRecord, how: str
) -> None:
    spoiled(repository, record, how)
    text = "## Script\n- #### A\n\t- {calm.rating.last:.1f} {calm.rating.first:.1f} ==rise==.\n\t\t- scene:: curve\n"
    (finding,) = checked(text, repository).findings
    head, shown, carets, suggestion = str(finding).splitlines()
    assert head.startswith("scripts/bad.md:3: the record of 'calm' is " + how)
    assert shown[carets.index("^") : carets.index("^") + carets.count("^")] == "calm"
    assert suggestion.strip() == "record it again: rushes record calm"


def test_a_column_that_a_scene_draws(repository: Path, record: WriteRecord) -> None:
    scene = repository / "scenes/curve.py"
    scene.write_text(scene.read_text().replace('column("rating")', 'column("ratings")'))
    (finding,) = checked("## Script\n- #### A\n\t- ==Rise==.\n\t\t- scene:: curve\n", repository).findings
    assert "draws the column 'ratings', which the record of 'calm' has not" in finding.message


def test_a_column_of_a_record_that_is_named_beside_something_else(repository: Path, record: WriteRecord) -> None:
    scene = repository / "scenes/curve.py"
    text = scene.read_text().replace("record = self.record()", 'record, wide = self.record(), self.setting("width")')
    scene.write_text(text.replace('column("rating")', 'column("ratings")'))
    (finding,) = checked("## Script\n- #### A\n\t- ==Rise==.\n\t\t- scene:: curve\n", repository).findings
    assert "draws the column 'ratings', which the record of 'calm' has not" in finding.message


@pytest.mark.parametrize("name", ["so it Rises", "so-it-rises"])
def test_a_scene_may_wait_for_words_as_they_are_marked(repository: Path, record: WriteRecord, name: str) -> None:
    scene = repository / "scenes/curve.py"
    scene.write_text(scene.read_text().replace('until("rise")', f'until("{name}")'))
    assert not checked("## Script\n- #### A\n\t- And ==so it rises==.\n\t\t- scene:: curve\n", repository).findings


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("self.record()", 'self.record("othr")', "asks for 'othr', which its `runs` do not have"),
        ('self.setting("width")', 'self.setting("wdth")', "asks for 'wdth', which its `settings` do not have"),
    ],
)
def test_an_argument_that_a_scene_asks_for_and_does_not_have(repository: Path, was: str, now: str, said: str) -> None:
    scene = repository / "scenes/curve.py"
    text = scene.read_text()
    if was not in text:
        text = text.replace("record = self.record()", f"record = self.record()\n        width = {was}")
    scene.write_text(text.replace(was, now))
    (finding,) = checked("## Script\n- #### A\n\t- ==Rise==.\n\t\t- scene:: curve\n", repository).findings
    assert said in finding.message
    assert finding.source.path.name == "curve.py"
    assert now in finding.source.text


def test_a_broken_scene_is_told_with_its_own_line(repository: Path) -> None:
    (repository / "scenes/dot.py").write_text("class Dot(RunScene:\n")
    (finding,) = checked("## Script\n- #### A\n\t- A.\n\t\t- scene:: dot\n", repository).findings
    assert (finding.source.path.name, finding.source.line) == ("dot.py", 1)


def test_a_missing_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "film.md").write_text("x")
    assert main(["film", str(tmp_path / "flim.md"), "--build", str(tmp_path / "build")]) == 1
    head, shown, carets, suggestion, *_ = capsys.readouterr().err.splitlines()
    assert head.endswith("flim.md:1: there is no such file")
    assert shown[carets.index("^") :] == "flim.md"
    assert suggestion.strip() == "did you mean 'film.md'?"
    assert not (tmp_path / "build").exists()


def test_bad_front_matter_stops_the_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.md"
    script.write_text("---\ntitle: a: b\n---\n## Script\n- #### A\n\t- One.\n")
    assert main(["film", str(script), "--build", str(tmp_path / "build")]) == 1
    shown = capsys.readouterr().err
    assert "x.md:2: the front matter is not YAML" in shown.replace("\n", " ")
    assert "^" in shown
    assert not (tmp_path / "build").exists(), "nothing was made"


def test_findings_as_json(repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "x.md"
    script.write_text("## Script\n- #### A\n\t- One.\n\t\t- scene:: crve\n")
    assert main(["check", str(script), "--folder", str(repository), "--json"]) == 1
    finding, summary = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (finding["event"], finding["level"], finding["line"]) == ("finding", "error", 4)
    assert summary == {"event": "checked", "errors": 1, "warnings": 0}


def test_the_films_script_is_right_and_checked_without_manim_or_torch() -> None:
    assert checked_film().errors == ()
    code = (
        "import sys; from rushes.cli import main; code = main(['check', 'scripts/the-minus-sign.md']);"
        "heavy = {'manim', 'torch', 'transformers', 'trl', 'cv2', 'hibari'} & set(sys.modules);"
        "assert not heavy, heavy; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def checked_film() -> Checked:
    return check(read_script(ROOT / "scripts/the-minus-sign.md"), [ROOT], fps=30, size=(1920, 1080))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.png", b"no picture", "'a.png' cannot be read as an image"),
        ("a.svg", b"<svg/>", "'a.svg' is an SVG, which a card cannot show"),
        ("a.mp4", b"no video", "'a.mp4' cannot be read"),
    ],
)
def test_a_file_that_cannot_be_shown(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    script = tmp_path / "film.md"
    script.write_text(f"## Script\n- Hello.\n\t- ![[{name}]]\n")
    (finding,) = check_note(script, House(root=tmp_path)).findings
    assert finding.message.startswith(message)
    assert (finding.level, finding.source.line) == ("warning", 3)
