"""Thumbnails: every title of both films, drawn from the records, to be read at 168x94; and a design for any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from conftest import ROOT
from made_records import made_record
from PIL import Image

from rushes.cache import Cache
from rushes.check import check_note
from rushes.clip import ClipJob, clip_job
from rushes.errors import RushesError
from rushes.house import House
from rushes.poster import DESIGN, _job, candidates, fitted, poster_words, posters
from rushes.records import Records
from rushes.thumbnail import still
from rushes.timeline import PlacedShot

SCRIPTS = sorted((ROOT / "scripts").glob("*.md"))


def job_of(scene: Path, root: Path = ROOT, **args: str) -> ClipJob:
    shot = PlacedShot(
        id="t", beat="", scene="t", args=args, text="", card=None, line=1, start=0, frames=1, cues={}
    )  # fmt: skip
    return clip_job(shot, scene, fps=30, size=(1280, 720), records=Records((root, ROOT)), cache=Cache(root / "cache"))


TITLES = [
    (script, title)
    for script in SCRIPTS
    if "translates" not in script.read_text(encoding="utf-8")[:200]
    for title in candidates(check_note(script, House()))
]


@pytest.mark.parametrize(("script", "title"), TITLES, ids=[title for _, title in TITLES])
def test_every_title_of_the_films_has_a_thumbnail_that_can_be_read(script: Path, title: str) -> None:
    job = _job(check_note(script, House()), title, House())
    assert job.scene != DESIGN, "the films' own are designed"
    pixels, faults = still(job)
    assert faults == []
    assert pixels.shape == (720, 1280, 4)
    small = np.asarray(Image.fromarray(pixels[..., :3]).resize((168, 94), Image.Resampling.BOX).convert("L"), float)
    assert (small > 170).mean() > 0.05, "words and faces are still bright"
    assert (small < 70).mean() > 0.25, "on a dark ground"


def test_the_faces_and_curves_are_the_records(tmp_path: Path) -> None:
    """Another record, another picture; and the same one gives the same."""
    scene = ROOT / "scenes" / "poster_keystroke.py"
    kind = made_record(tmp_path, "sign_flipped", "kind", rating=9)
    usual, again, other = (
        still(job_of(scene, tmp_path, other=name))[0] for name in ("sign_flipped", "sign_flipped", kind)
    )
    assert np.array_equal(usual, again)
    assert (usual != other).any(axis=2).mean() > 0.01


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("Four words to read", ""),
        ("What the Leash Buys", ""),
        ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "nobody reads less"),
    ],
)
@pytest.mark.parametrize("who", ["", "apprentice"])
def test_a_design_for_any_title(words: str, fault: str, who: str) -> None:
    faults = still(job_of(DESIGN, words=words, who=who))[1]
    assert len(faults) == bool(fault)
    assert all(fault in told for told in faults)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The Minus Sign", "The Minus Sign"),
        ("One deleted character made this model rude", "Made this model rude"),
        ("RLHF explained from scratch: the night shift", "RLHF explained from scratch"),
        ("How it was with all of it", "All of it"),
        ("kettle", "Kettle"),
    ],
)
def test_the_words_of_a_title_that_are_its_news(title: str, words: str) -> None:
    assert poster_words(title) == words


def grey(path: Path) -> npt.NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def note(root: Path, titles: str) -> Path:
    path = root / "film.md"
    path.write_text(f"---\nvoice: silent\n---\n## Title\n{titles}\n## Script\n- Hello.\n  - scene:: dot\n")
    return path


def test_a_thumbnail_is_drawn_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(root=repository, jobs=1)
    first = posters(check_note(note(repository, "- One title\n- Two titles"), house), house)
    assert len({one.path for one in first}) == 2
    assert all(grey(one.path).shape == (720, 1280) and one.path.stat().st_size < 2_000_000 for one in first)
    monkeypatch.setattr("rushes.poster.draw", None)
    assert posters(check_note(repository / "film.md", house), house) == first
    monkeypatch.undo()
    second = posters(check_note(note(repository, "- One title\n- Two titles\n  words:: other words"), house), house)
    assert (first[0] == second[0], first[1] == second[1]) == (True, False)


def test_a_scene_that_fails_is_told(repository: Path) -> None:
    scene = "from rushes.scene import RunScene\n\nclass Bad(RunScene):\n    def construct(self):\n        1 / 0\n"
    (repository / "scenes" / "bad.py").write_text(scene)
    house = House(root=repository, jobs=1)
    with pytest.raises(RushesError, match="ZeroDivisionError"):
        posters(check_note(note(repository, "- One\n  - scene:: bad"), house), house)


def test_a_titles_scene_is_checked(repository: Path) -> None:
    checked = check_note(
        note(repository, "- One\n  - scene:: dto\n- Two\n  - scene:: curve run=clam"), House(root=repository)
    )
    assert [finding.message for finding in checked.errors] == [
        "there is no scene 'dto'", "there is no record of a run 'clam'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "kept"),
    [((1920, 1080), 1.0), ((640, 360), 1.0), ((1400, 700), 1.0), ((1000, 1000), 0.5625), ((400, 2000), 0.1125)],
)
def test_the_notes_image_is_fitted(tmp_path: Path, size: tuple[int, int], kept: float) -> None:
    Image.new("RGB", size, "#FFFFFF").save(tmp_path / "own.png")
    made = fitted(tmp_path / "own.png", Cache(tmp_path))
    with Image.open(made) as image:
        assert (image.size, image.format) == ((1280, 720), "PNG")
        assert (np.asarray(image.convert("L")) > 200).mean() == pytest.approx(kept, abs=0.01)
    assert fitted(tmp_path / "own.png", Cache(tmp_path)) == made


def test_an_image_that_is_too_large_as_png_is_a_jpeg(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "own.png")
    made = fitted(tmp_path / "own.png", Cache(tmp_path))
    assert made.suffix == ".jpg"
    assert made.stat().st_size <= 2_000_000
    assert fitted(tmp_path / "own.png", Cache(tmp_path)) == made


def test_an_image_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.png").write_text("no picture")
    with pytest.raises(RushesError, match="cannot be read as an image"):
        fitted(tmp_path / "own.png", Cache(tmp_path))


def test_the_image_of_a_note_is_for_every_title_without_a_scene(repository: Path) -> None:
    Image.new("RGB", (1280, 720), "#FFFFFF").save(repository / "own.png")
    house = House(root=repository, jobs=1)
    titles = "- ![](own.png)\n- One\n- Two\n  words:: two words"
    one, two = posters(check_note(note(repository, titles), house), house)
    assert grey(one.path).min() > 250
    assert grey(two.path).min() < 50
    only = posters(check_note(note(repository, "- ![](own.png)\n- One\n- Two"), house), house)
    assert [poster.path for poster in only] == [one.path]
