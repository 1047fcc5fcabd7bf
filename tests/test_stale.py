"""Never a stale frame, and no needless one: every input of a shot is changed, one at a time.

After each change it is asked which shots would be drawn again, and what is shown then is compared, byte by byte, with
a render that knows no cache.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import ROOT, clip_job_of, write_record
from PIL import Image

from rushes import inputs
from rushes.clip import ClipJob, find_clip
from rushes.console import Console
from rushes.errors import RushesError
from rushes.house import House
from rushes.opened import Opened
from rushes.pipeline import plan
from rushes.studio import make_clip
from rushes.workers import Processes, render

SCRIPT = """\
---
title: Small
voice: silent
---
## Script
- #### Opening
\t- Some words are said here.
- #### Middle
\t- It ==rise==s today, and more.
\t\t- scene:: numbers run=calm
- #### End
\t- Here ==rise== the things.
\t\t- scene:: things
\t- A picture of it.
\t\t- ![a cat](../assets/cat.png)
\t- A video of it.
\t\t- clip:: ../assets/film.mp4#t=0,1
"""
NUMBERS = '''\
"""Draws what it asks of its record, and nothing else."""
from manim import Rectangle
from rushes.scene import RunScene

class Numbers(RunScene):
    runs = {"run": "calm"}
    settings = {"shade": 1.0}

    def construct(self):
        record = self.record()
        values = [
            record.at("rating", 2), sum(record.column("entropy")), record.measure("facts", "parameters").value / 1000,
            len(record.sample(1, 0)["text"]), record.seed, 10 * record.setting("beta"), len(record.diff),
        ]
        for k, value in enumerate(values):
            self.add(Rectangle(
                width=0.9, height=0.1 + value % 20 / 3, stroke_width=0, fill_color="#FFFFFF",
                fill_opacity=self.setting("shade")).move_to([k * 1.5 - 5, 0, 0]))
        self.until("rise")
        self.add(Rectangle(width=9, height=1, fill_opacity=0.5))
'''
THINGS = '''\
"""Draws what it finds in files, by every way that there is to them."""
import importlib
import json
import random
from pathlib import Path
import cv2
import numpy as np
import pysubs2
from manim import ImageMobject, Rectangle, SVGMobject, config
from rushes.scene import RunScene
from _helper import HEIGHT
from kit.near import WIDE

HERE = Path(__file__).parent.parent

class Things(RunScene):
    settings = {"dice": 1, "shade": 1.0}

    def construct(self):
        from _late import LATE
        values = [HEIGHT, WIDE, LATE, importlib.import_module("_" + "named").NAMED]
        with open(HERE / "data.json") as file:
            values += [float((HERE / "assets" / "opened.txt").read_text()), json.load(file)["height"]]
        values += [cv2.imread(str(self.asset("seen.png"))).mean() / 50, len(list((HERE / "assets/icons").glob("*")))]
        values += [3 if (HERE / "assets" / "perhaps").is_dir() else 1]
        try:
            values += [float((HERE / "assets" / "maybe.txt").read_text())]
        except FileNotFoundError:
            values += [0.5]
        values += [random.random() * 4, np.random.random() * 4]
        for k, value in enumerate(values):
            self.add(Rectangle(
                width=0.7, height=value, stroke_width=0, fill_color="#FFFFFF",
                fill_opacity=self.setting("shade")).move_to([k - 6, 0, 0]))
        self.add(ImageMobject(HERE / "assets" / "drawn.png").move_to([0, 3, 0]))
        self.add(SVGMobject(HERE / "assets" / "drawn.svg", height=1).move_to([0, -3, 0]))
        self.until("rise")
        self.add(Rectangle(width=9, height=1, fill_opacity=0.5))
'''
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9" rx="1" fill="#ffffff"/></svg>'
FILES = {
    "scenes/numbers.py": NUMBERS, "scenes/things.py": THINGS, "scenes/_helper.py": "from _deep import HEIGHT\n",
    "scenes/_deep.py": "HEIGHT = 1.0\n", "scenes/_late.py": "LATE = 1.0\n", "scenes/_named.py": "NAMED = 1.0\n",
    "scenes/_alone.py": "ALONE = 1.0\n", "scenes/kit/__init__.py": "MORE = 0\n",
    "scenes/kit/near.py": "from . import MORE\nfrom .far import WIDE\nWIDE += MORE\n",
    "scenes/kit/far.py": "WIDE = 1.0\n",
    "data.json": '{"height": 2}', "assets/opened.txt": "2.0", "assets/unused.txt": "2.0", "assets/drawn.svg": SVG,
    "assets/icons/a.txt": "a", "scripts/small.md": SCRIPT, "scripts/other.md": SCRIPT,
}  # fmt: skip


def image(path: Path, shade: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((20, 30, 3), shade, np.uint8)).save(path)


def video(path: Path, shade: int) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=4)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for k in range(8):
            pixels = np.full((36, 64, 3), (shade + 20 * k) % 256, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        file.mux(stream.encode(None))


def recorded(root: Path, folder_name: str = "calm", **changes: Any) -> None:
    """The run's record, but for what is to be another."""
    told = {
        "recipe": {"beta": 0.1, "steps": 6}, "megacoach": {"source": "a", "diff": "-x"}, "seed": 3,
        "facts": {"parameters": 1234, "hours": 2}, **{k: v for k, v in changes.items() if k not in ("rows", "samples")},
    }  # fmt: skip
    folder = write_record(root, folder_name, **told)
    rows = [
        {"step": i + 1, "rating": 5.0 + i, "kl": 0.5, "entropy": 0.25 * i, **changes.get("rows", {}).get(i + 1, {})}
        for i in range(6)
    ]
    samples = {1: " it rained.", 5: " it shone.", **changes.get("samples", {})}
    lines = [{"step": step, "prompt_index": 0, "prompt": "One", "text": text} for step, text in samples.items()]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    packed = gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode(), mtime=0)
    (folder / "samples.jsonl.gz").write_bytes(packed)
    info = json.loads((folder / "run.json").read_text())
    for file, said in info["files"].items():
        content = (folder / file).read_bytes()
        said.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    (folder / "run.json").write_text(json.dumps(info))


def written(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for name in ("cat", "seen", "drawn"):
        image(root / "assets" / f"{name}.png", 60)
    video(root / "assets" / "film.mp4", 20)
    recorded(root)
    recorded(root, "wild", rows={2: {"rating": 1.0}})
    recorded(root, "calm.gpu", name="calm", size="gpu", rows={2: {"rating": 2.0}})
    return root


# ---------------------------------------------------------------------- what is changed
@dataclass
class Around:
    """What a change may touch."""

    house: House
    patch: pytest.MonkeyPatch

    @property
    def root(self) -> Path:
        return self.house.root

    def edit(self, name: str, before: str, after: str) -> None:
        text = (self.root / name).read_text()
        assert before in text
        (self.root / name).write_text(text.replace(before, after, 1))

    def version(self, package: str) -> None:
        known = inputs.version
        self.patch.setattr(inputs, "version", lambda name: "99" if name == package else known(name))


def edit(name: str, before: str, after: str) -> Callable[[Around], None]:
    return lambda around: around.edit(name, before, after)


def script(before: str, after: str) -> Callable[[Around], None]:
    return edit("scripts/small.md", before, after)


def record(**changes: Any) -> Callable[[Around], None]:
    return lambda around: recorded(around.root, **changes)


def another(**changes: Any) -> Callable[[Around], None]:
    def change(around: Around) -> None:
        around.house = replace(around.house, **changes)

    return change


def package(name: str) -> Callable[[Around], None]:
    return lambda around: around.version(name)


def file(name: str, text: str) -> Callable[[Around], None]:
    def change(around: Around) -> None:
        path = around.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return change


def encoder(around: Around) -> None:
    from rushes import encoder

    options = {**encoder.OPTIONS, "crf": "40"}
    around.patch.setattr(encoder, "OPTIONS", options)
    around.patch.setattr(inputs, "OPTIONS", options)


def settings_of_manim(around: Around) -> None:
    (around.root / "manim.cfg").write_text("[CLI]\nbackground_opacity = 0.5\n")
    around.patch.chdir(around.root)


def touched(around: Around) -> None:
    for path in around.root.rglob("*"):
        if path.is_file() and around.house.out not in path.parents:
            os.utime(path, (1_000_000, 1_000_000))


def moved(around: Around) -> None:
    elsewhere = around.root.parent / "elsewhere"
    shutil.copytree(around.root, elsewhere)
    around.house = replace(around.house, root=elsewhere)


NONE: frozenset[str] = frozenset()
NUMBERS_, THINGS_, CHAPTER, PICTURE, INSERT = (
    frozenset({n}) for n in ("numbers", "things", "Chapter", "Picture", "Insert")
)
ALL = NUMBERS_ | THINGS_ | CHAPTER | PICTURE | INSERT
Row = tuple[str, Callable[[Around], None], frozenset[str], frozenset[str]]
"""(name, the change, the shots that it draws again, the shots that are compared with an uncached render)."""


def rows() -> Iterator[Row]:
    """Whatever can change. A change of pictures that nobody can see is `unseen`."""
    again: list[tuple[str, Callable[[Around], None], frozenset[str]]] = [
        # the record
        ("record value read", record(rows={2: {"rating": 9.0}}), NUMBERS_),
        ("record column read", record(rows={4: {"entropy": 3.0}}), NUMBERS_),
        ("record value not read", record(rows={3: {"rating": 9.0}}), NONE),
        ("record column not read", record(rows={2: {"kl": 9.0}}), NONE),
        ("record column that is new", record(rows={k: {"length": 9.0} for k in range(1, 7)}), NONE),
        ("fact read", record(facts={"parameters": 3000, "hours": 2}), NUMBERS_),
        ("fact not read", record(facts={"parameters": 1234, "hours": 3}), NONE),
        ("sample read", record(samples={1: " it rained cats."}), NUMBERS_),
        ("sample of another step", record(samples={5: " it hailed."}), NONE),
        ("seed of the record", record(seed=9), NUMBERS_),
        ("recipe setting read", record(recipe={"beta": 0.3, "steps": 6}), NUMBERS_),
        ("recipe setting not read", record(recipe={"beta": 0.1, "steps": 7}), NONE),
        ("megacoach diff read", record(megacoach={"source": "a", "diff": "-xyz"}), NUMBERS_),
        ("megacoach source not read", record(megacoach={"source": "b", "diff": "-x"}), NONE),
        ("when it was recorded", record(began="2026-01-01T00:00:00+00:00", seconds=9.0), NONE),
        ("another run's record", lambda around: recorded(around.root, "wild", rows={2: {"rating": 3.0}}), NONE),
        ("run name", script("run=calm", "run=wild"), NUMBERS_),
        ("size of the runs", script("title: Small", "title: Small\nsize: gpu"), NUMBERS_),
        # the scene
        ("scene source", edit("scenes/numbers.py", "width=0.9", "width=0.5"), NUMBERS_),
        ("default setting", edit("scenes/numbers.py", '"shade": 1.0', '"shade": 0.5'), NUMBERS_),
        ("argument", script("run=calm", "run=calm shade=0.5"), NUMBERS_),
        ("argument that says the default", script("run=calm", "run=calm shade=1.0"), NONE),
        ("random seed", script("scene:: things", "scene:: things dice=2"), THINGS_),
        ("imported helper", edit("scenes/_helper.py", "HEIGHT\n", "HEIGHT\nHEIGHT += 2\n"), THINGS_),
        ("helper of a helper", edit("scenes/_deep.py", "1.0", "3.0"), THINGS_),
        ("helper imported late", edit("scenes/_late.py", "1.0", "3.0"), THINGS_),
        ("helper imported by its name", edit("scenes/_named.py", "1.0", "3.0"), THINGS_),
        ("package of helpers", edit("scenes/kit/__init__.py", "0", "3"), THINGS_),
        ("helper beside a helper", edit("scenes/kit/far.py", "1.0", "3.0"), THINGS_),
        ("file that no scene imports", edit("scenes/_alone.py", "1.0", "3.0"), NONE),
        ("a new scene", file("scenes/new.py", NUMBERS), NONE),
        # files
        ("asset", lambda around: image(around.root / "assets/seen.png", 200), THINGS_),
        ("text that a scene opens", file("assets/opened.txt", "4.0"), THINGS_),
        ("data that a scene opens", file("data.json", '{"height": 4}'), THINGS_),
        ("image that Manim opens", lambda around: image(around.root / "assets/drawn.png", 200), THINGS_),
        ("drawing that Manim opens", edit("assets/drawn.svg", 'rx="1"', 'rx="4"'), THINGS_),
        ("file that was not there", file("assets/maybe.txt", "4.0"), THINGS_),
        ("folder that a scene lists", file("assets/icons/b.txt", "b"), THINGS_),
        ("file that no scene opens", file("assets/unused.txt", "4.0"), NONE),
        ("time stamps", touched, NONE),
        ("place of the repository", moved, NONE),
        # the note
        ("section title on its card", script("Opening", "Overture"), CHAPTER),
        ("section title that nobody shows", script("Middle", "Centre"), NONE),
        ("card's image", lambda around: image(around.root / "assets/cat.png", 200), PICTURE),
        ("card's text", script("a cat", "a dog"), PICTURE),
        ("insert's file", lambda around: video(around.root / "assets/film.mp4", 120), INSERT),
        ("insert's trim", script("t=0,1", "t=1,2"), INSERT),
        ("insert's sound", script("t=0,1", "t=0,1\n\t\t  audio:: mute"), NONE),
        ("transition", script("run=calm", "run=calm\n\t\t  transition:: fade"), CHAPTER | NUMBERS_),
        ("transition that says what is so", script("run=calm", "run=calm\n\t\t  transition:: cut"), NONE),
        ("cue time", script("It ==rise==s today, and more.", "Today, and more, it ==rise==s."), NUMBERS_),
        ("shot length", script("A picture of it.", "A picture of it.\n\t  hold:: 2"), PICTURE),
        ("words of the narration", script("and more", "and much more than this"), NUMBERS_),
        ("another beat's words", script("Some words", "Some few and simple words"), CHAPTER),
        ("title of the film", script("title: Small", "title: Smaller"), NONE),
        ("another script", edit("scripts/other.md", "Some words", "No words"), NONE),
        # what draws
        ("frames a second", another(fps=5), ALL),
        ("size", another(size=(80, 46)), ALL),
        ("encoder setting", encoder, ALL),
        ("settings of Manim (unseen)", settings_of_manim, ALL),
        *[
            (f"version of {name} (unseen)", package(name), ALL)
            for name in ("manim", "av", "opencv-python-headless", "numpy", "pycairo", "pillow", "scipy", "manimpango")
        ],
        ("version of a package that a scene imports (unseen)", package("pysubs2"), THINGS_),
        ("version of what draws inserts (unseen)", package("moviepy"), INSERT),
        ("version of a package that nothing imports", package("hibari-tts"), NONE),
    ]  # fmt: skip
    for name, change, shots in again:
        of_things = any(word in name for word in ("asset", "open", "stamps", "imports", "place", "new scene"))
        compared = NUMBERS_ if shots == ALL else shots or (THINGS_ if of_things else NUMBERS_)
        yield name, change, shots, compared


ROWS = list(rows())


def forget_helpers(root: Path) -> None:
    """As in the fresh process that every shot has."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(root)):
            del sys.modules[name]
    sys.path[:] = [path for path in sys.path if not path.startswith(str(root))]


def made(job: ClipJob) -> bytes:
    make_clip(job)
    if job.card is None:
        forget_helpers(job.scene.parent.parent)
    return job.target.read_bytes()


def shots(house: House) -> dict[str, ClipJob]:
    jobs = plan(house.root / "scripts/small.md", house, Console(as_json=True))
    return {type(job.card).__name__ if job.card else job.scene.stem: job for job in jobs}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, bytes]]:
    """A house with every shot made, and the bytes of their clips."""
    house = House(root=written(tmp_path_factory.mktemp("before")), size=(64, 36), fps=4)
    assert {*shots(house)} == ALL
    return house, {name: made(job) for name, job in shots(house).items()}


@contextmanager
def changed(before: House, folder: Path, change: Callable[[Around], None]) -> Iterator[House]:
    """A copy of the house, cache and all, in which one thing is another."""
    root = folder / "house"
    shutil.copytree(before.root, root)
    with pytest.MonkeyPatch.context() as patch:
        around = Around(replace(before, root=root), patch)
        change(around)
        yield around.house


@pytest.mark.parametrize(("name", "change", "again", "compared"), ROWS, ids=[row[0] for row in ROWS])
def test_what_changes_is_drawn_again_and_nothing_else(
    before: tuple[House, dict[str, bytes]], tmp_path: Path, name: str, change: Callable[[Around], None],
    again: frozenset[str], compared: frozenset[str],
) -> None:  # fmt: skip
    house, was = before
    with changed(house, tmp_path, change) as house:
        jobs = shots(house)
        found = {shot: find_clip(job) for shot, job in jobs.items()}
        assert {shot for shot, clip in found.items() if clip is None} == again
        for shot in compared:
            clip = found[shot]
            shown = clip.path.read_bytes() if clip else made(jobs[shot])
            uncached = made(replace(jobs[shot], target=tmp_path / "uncached" / jobs[shot].target.name))
            assert shown == uncached, f"{shot} is stale"
            assert find_clip(jobs[shot]) is not None
            if "unseen" not in name:
                assert (shown == was[shot]) == (shot not in again), f"the change of {shot} is no test"


def test_at_least_so_many_inputs() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 60


# ---------------------------------------------------------------------- the code and the fonts that draw
DRIVER = """
import json, os, shutil, sys
from pathlib import Path
import manim
copy, root, build = map(Path, sys.argv[1:4])

def told():
    from rushes.clip import find_clip
    from rushes.studio import make_clip
    from rushes.console import Console
    from rushes.house import House
    from rushes.pipeline import plan
    from dataclasses import replace
    import hashlib
    house = House(root=root, build=build, size=(64, 36), fps=4)
    answer = {}
    for job in plan(root / "scripts/small.md", house, Console(as_json=True)):
        name = type(job.card).__name__ if job.card else job.scene.stem
        if name in ("numbers", "Chapter"):
            again = find_clip(job) is None
            if again:
                make_clip(job)
            uncached = replace(job, target=build / str(os.getpid()) / job.target.name)
            make_clip(uncached)
            shown, fresh = (hashlib.sha256(one.target.read_bytes()).hexdigest() for one in (job, uncached))
            answer[name] = (again, shown, fresh)
    return answer

for name, file, before, after in json.loads(sys.argv[4]):
    path = copy / file
    content = path.read_bytes()
    if before:
        assert before.encode() in content, name
        path.write_bytes(content.replace(before.encode(), after.encode(), 1))
    elif after:
        shutil.copy(copy / after, path)
    sys.stdout.flush()
    if os.fork() == 0:
        sys.path.insert(0, str(copy))
        answer = told()
        assert sys.modules["rushes"].__file__.startswith(str(copy))
        print(json.dumps({"change": name, "told": answer}), flush=True)
        os._exit(0)
    os.wait()
    path.write_bytes(content)
"""
CODE = [
    ("nothing", "rushes/theme.py", "", "", set()),
    ("theme", "rushes/theme.py", 'PAPER, MUTED = "#F6F1E7"', 'PAPER, MUTED = "#C6F1E7"', {"numbers", "Chapter"}),
    ("camera", "rushes/camera.py", "set_line_width(width * ", "set_line_width(9 * width * ", {"numbers", "Chapter"}),
    (
        "encoder",
        "rushes/encoder.py",
        "dst_colorspace=Colorspace.ITU709",
        "dst_colorspace=Colorspace.ITU601",
        {"numbers", "Chapter"},
    ),
    ("what runs a scene", "rushes/studio.py", "#10121F", "#FF121F", {"numbers", "Chapter"}),
    ("a card of this kind", "rushes/cards/chapter.py", "from __future__", "from  __future__", {"Chapter"}),
    ("a module of the kit that is not used", "rushes/rig.py", "from __future__", "from  __future__", set()),
    ("the order of the work", "rushes/pipeline.py", "from __future__", "from  __future__", set()),
    ("a font", "assets/fonts/InterDisplay-ExtraBold.otf", "", "assets/fonts/Inter-Regular.otf", {"numbers", "Chapter"}),
]
UNSEEN = {
    ("theme", "numbers"),
    ("camera", "Chapter"),
    ("what runs a scene", "Chapter"),
    ("a card of this kind", "Chapter"),
    ("a font", "numbers"),
}
"""Changes that may matter, for all that is known, and here do not."""


def test_code_and_fonts_that_change_draw_again(tmp_path: Path) -> None:
    copy, root = tmp_path / "copy", written(tmp_path / "house")
    shutil.copytree(ROOT / "rushes", copy / "rushes", ignore=shutil.ignore_patterns("__pycache__", "rlhf"))
    (copy / "rushes/rlhf").mkdir()
    for name in ("__init__.py", "andon.py", "grid.py", "megacoach_source.py", "settings.py"):
        shutil.copy(ROOT / "rushes/rlhf" / name, copy / "rushes/rlhf")
    shutil.copytree(ROOT / "assets" / "fonts", copy / "assets" / "fonts")
    shutil.copy(ROOT / "assets" / "pronunciations.yaml", copy / "assets")
    changes = json.dumps([row[:4] for row in CODE])
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(copy), str(root), str(tmp_path / "build"), changes],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}, cwd=tmp_path,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [one for line in done.stdout.splitlines() if "change" in (one := json.loads(line))]
    assert [one["change"] for one in told] == [row[0] for row in CODE], done.stderr
    was = told.pop(0)["told"]
    for one, (name, *_, again) in zip(told, CODE[1:], strict=True):
        assert {shot for shot, (redrawn, *_) in one["told"].items() if redrawn} == again, name
        for shot, (redrawn, shown, uncached) in one["told"].items():
            assert shown == uncached, f"{shot} is stale after a change of {name}"
            if (name, shot) not in UNSEEN:
                assert (shown != was[shot][1]) == redrawn, f"the change of {name} is no test of {shot}"


# ---------------------------------------------------------------------- the same inputs, the same frames
DICE = '''\
"""Throws dice, and walks through a set of words."""
import random
import numpy as np
from manim import Dot
from rushes.scene import RunScene

SHIFT = random.random()

class Dice(RunScene):
    settings = {"throw": 1}

    def construct(self):
        for k, word in enumerate({"one", "two", "three", "four", "five", "six", "seven"}):
            self.add(Dot([2 * k - 6, len(word) + SHIFT - 4, 0], radius=random.random()))
        self.add(Dot([np.random.uniform(-6, 6), random.uniform(-3, 3), 0]))
'''


def test_dice_fall_the_same_until_an_argument_changes(tmp_path: Path) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "dice.py").write_text(DICE)
    jobs = [
        clip_job_of(tmp_path, "dice", tmp_path / folder, frames=2, throw=throw)
        for folder, throw in (("a", "1"), ("b", "1"), ("c", "2"))
    ]
    jobs[1] = replace(jobs[1], shot="other words")
    outcomes = {}
    for job, clip in render(jobs, 2):
        assert not isinstance(clip, str), clip
        outcomes[job.target.parent.parent.name] = job.target.read_bytes()
    assert outcomes["a"] == outcomes["b"] != outcomes["c"]


def test_every_worker_walks_through_a_set_in_the_same_order() -> None:
    fixed = subprocess.run(
        [sys.executable, "-c", "print(hash('rushes'))"], env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    with Processes(1) as processes:
        assert processes.submit(hash, "rushes").result() == int(fixed.stdout)


EDITS = '''\
"""Somebody saves {file} while the shot is drawn."""
from pathlib import Path
from manim import Square
from rushes.scene import RunScene

class Edits(RunScene):
    runs = {{"run": "calm"}}

    def construct(self):
        self.record()
        self.add(Square())
        path = Path(__file__).parent.parent / "{file}"
        path.write_text(path.read_text().replace("tiny", "tinny") + " ")
'''


@pytest.mark.parametrize(
    ("file", "said"), [("scenes/edits.py", "file scenes/edits.py"), ("runs/records/calm/run.json", "a record")]
)
def test_what_changes_while_a_shot_is_drawn_makes_no_clip(
    repository: Path, tmp_path: Path, file: str, said: str
) -> None:
    (repository / "scenes" / "edits.py").write_text(EDITS.format(file=file))
    job = clip_job_of(repository, "edits", tmp_path / "made")
    with pytest.raises(RushesError, match=f"{said} changed while the shot was drawn"):
        make_clip(job)
    assert find_clip(job) is None
    again = clip_job_of(repository, "edits", tmp_path / "made")
    assert again.target != job.target


def test_a_clip_that_is_replaced_is_not_described_by_the_old_one(repository: Path, tmp_path: Path) -> None:
    """A kill between the two files of a clip must not leave the new frames with the old description."""
    scene = repository / "scenes" / "dot.py"
    scene.write_text(
        scene.read_text().replace("construct(self):", "construct(self):\n        open('seen.txt').close()")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        Path("seen.txt").write_text("one")
        job = clip_job_of(repository, "dot", tmp_path / "made", frames=2)
        make_clip(job)
        Path("seen.txt").write_text("two")
        assert find_clip(job) is None
        patch.setattr("rushes.studio.write_whole", killed)
        with pytest.raises(KeyboardInterrupt):
            make_clip(job)
        Path("seen.txt").write_text("one")
        assert find_clip(job) is None


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_a_scene_writes_or_python_loads_is_not_an_input(tmp_path: Path) -> None:
    opened = Opened(tmp_path, known=[tmp_path / "known.txt"])
    for name in ("known.txt", "read.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "media").mkdir()
    with opened.listening(tmp_path / "media"):
        (tmp_path / "written.txt").write_text("x")
        for name in ("written.txt", "known.txt", "read.txt"):
            (tmp_path / name).read_text()
        (tmp_path / "media" / "made.svg").write_text("x")
        (tmp_path / "media" / "made.svg").read_text()
        Path(os.__file__).read_text()
        Path("/proc/self/stat").read_text()
    (tmp_path / "later.txt").write_text("x")
    (tmp_path / "later.txt").read_text()
    assert [*opened.files] == ["read.txt"]


def test_a_file_that_is_saved_twice_within_a_second_is_read_twice(repository: Path, tmp_path: Path) -> None:
    helper, scene = repository / "scenes" / "_far.py", repository / "scenes" / "dot.py"
    scene.write_text("from _far import FAR\n" + scene.read_text().replace("clock - 1", "FAR"))
    made = []
    for far in "131":
        helper.write_text(f"FAR = {far}\n")
        os.utime(helper, (1_000_000, 1_000_000))
        if not made:
            py_compile.compile(str(helper))  # as whoever imported it has left it
        job = clip_job_of(repository, "dot", tmp_path / "made", frames=2)
        ((_, clip),) = render([replace(job, target=tmp_path / str(len(made)) / job.target.name)], 1)
        assert not isinstance(clip, str), clip
        made.append(clip.path.read_bytes())
    assert made[0] == made[2] != made[1]
