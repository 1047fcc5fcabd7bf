"""Cards: each kind draws any text, whole, apart and inside the frame."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rushes import storyboard as sb
from rushes import theme as t
from rushes.clip import ClipJob
from rushes.layout import Problem
from rushes.records import Records
from rushes.scene_file import CARD
from rushes.studio import _Grabber, _scene, _settings, inspect, make_clip, shoot

LONG = (
    "When the lid came off, nobody in the room believed the dial, so it was shut again and lunch was served. "
    "After lunch the dial said the same, and after a week of lunches it was plain that the dial had been right and "
    "that its makers were the ones in need of a calibration. A gauge does not argue, flatter or tire; it only waits "
    "until somebody is ready to read it, which takes most of us rather longer than it should. "
) * 2
WORDS = ["", "Two\twords.", "x" * 150, LONG, "line one\nline two\n\nhttps://" + "a-b/" * 40]
SOURCE = "\n".join(f"{'    ' * (k % 4)}value_{k} = compute(argument={k}, text='{k * 37}')  # why" for k in range(40))
WIDE, TALL = (480, 270), (270, 480)


def job(card: sb.Card, seconds: float = 6.0, size: tuple[int, int] = WIDE) -> ClipJob:
    return ClipJob(
        shot="x", scene=CARD, class_name="Card", args={}, card=card, insert_at=0, cues={}, frames=round(seconds * 30),
        fps=30, size=size, records=Records((ROOT,)), inputs={}, state="",
        target=Path("unused.mp4"),
    )  # fmt: skip


def look(
    card: sb.Card, seconds: float = 6.0, size: tuple[int, int] = WIDE, moments: int = 9
) -> tuple[list[Problem], list[str]]:
    """(what is wrong at any of some moments, every text that is seen at one of them)."""
    work = job(card, seconds, size)
    with _settings(work):
        scene = _scene(work, _Grabber(work))
        scene.setup()
        scene.construct()
        assert scene.on_clock
        found: list[Problem] = []
        seen: dict[str, None] = {}
        for clock in np.linspace(0, seconds - 1 / 30, moments):
            found += scene.problems(float(clock))
            for mobject in scene.mobjects:
                for line in mobject.get_family():
                    if isinstance(line, t.TextLine) and len(line.points) and line.fill_rgbas[:, 3].max() > 0.3:
                        seen.setdefault(line.string)
                        if size[0] > size[1]:
                            assert t.bounds(line)[3] <= t.CAPTION_TOP + 1, f"'{line.string}' stands in the captions"
        return found, list(seen)


def cards(text: str) -> list[sb.Card]:
    """One of every kind that shows text."""
    return [
        sb.Chapter(title=text),
        sb.Slate(lines=(text, "and then", text), section=text, beat=12),
        sb.Site(url=text, title=text),
        sb.Site(url=f"https://www.example.org/{text}", title=""),
        sb.Quote(text=text, speaker=text[:90]),
        sb.Listing(items=((text[:40], text), ("", text), ("head", ""))),
        sb.Table(rows=((text, "b", "c"), ("1", text, "3"), ("", "", "")), align=("l", "r", "c")),
        sb.Code(text=text, language="python"),
        sb.Picture(path=None, caption=text),
        sb.Insert(path=None, name=text, start=0, seconds=0, sound="duck"),
    ]


def test_there_is_a_card_of_every_kind() -> None:
    assert {type(card) for card in cards("")} == set(get_args(sb.Card))


@pytest.mark.parametrize("size", [WIDE, TALL], ids=["wide", "tall"])
@pytest.mark.parametrize("kind", range(len(cards(""))), ids=[type(card).__name__ for card in cards("")])
def test_any_length_of_text_is_inside_the_frame_and_apart(kind: int, size: tuple[int, int]) -> None:
    for text in WORDS:
        problems, _ = look(cards(text)[kind], size=size, moments=4)
        cut = "lines of a" if kind in (2, 3) else "?"  # an absurd address or title is cut, and said to be
        assert [str(problem) for problem in problems if cut not in problem.message] == [], text[:30]


@pytest.mark.parametrize("card", cards("Some words."), ids=lambda card: type(card).__name__)
def test_a_card_moves_and_a_frame_depends_on_its_time_only(card: sb.Card) -> None:
    work = job(card)
    first, middle, last = shoot(work, [0, 60, 179])
    assert not np.array_equal(first, middle)
    assert np.array_equal(middle, shoot(work, [179, 60])[1])
    assert inspect(work) == []
    assert last.std() > 5


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.integers(0, len(cards("")) - 1), st.sampled_from([0.1, 2.0, 9.0]))
def test_any_text_of_any_script_draws(text: str, kind: int, seconds: float) -> None:
    problems, seen = look(cards(text)[kind], seconds, moments=3)
    assert [str(p) for p in problems if "is in none of the film's fonts" not in p.message] == []
    assert not any(t.text(line, 40).missing for line in seen if line), "an empty box is drawn"


def words(lines: Sequence[str]) -> list[str]:
    return " ".join(lines).split()


@pytest.mark.parametrize("seconds", [1.0, 8.0, 40.0])
def test_a_long_quote_is_shown_to_its_last_word(seconds: float) -> None:
    said = " ".join(f"word{k}" + (",."[k % 2] if k % 9 == 8 else "") for k in range(400))
    _, seen = look(sb.Quote(text=said, speaker="A maker of dials"), seconds, moments=round(20 + seconds * 12))
    assert sorted(words(seen)) == sorted([*said.split(), "A", "maker", "of", "dials"])


def test_a_list_comes_one_by_one() -> None:
    card = sb.Listing(items=(("North", "snow"), ("South", "sand"), ("West", "rain")))
    work = job(card, 9.0)
    with _settings(work):
        scene = _scene(work, _Grabber(work))
        scene.setup()
        scene.construct()
        counts = []
        for clock in (1.0, 4.0, 8.5):
            scene.pose(clock)
            family = [m for thing in scene.mobjects for m in thing.get_family() if isinstance(m, t.TextLine)]
            counts.append(sum(len(m.points) > 0 for m in family))
    assert counts == [2, 4, 6]


@pytest.mark.parametrize(("rows", "columns"), [(13, 4), (60, 3), (4, 24), (1, 1)])
def test_every_cell_of_a_large_table_is_shown(rows: int, columns: int) -> None:
    cells = tuple(tuple(f"r{r}c{c}" for c in range(columns)) for r in range(rows))
    problems, seen = look(sb.Table(rows=cells, align=("r",) * columns), 30.0, moments=240)
    assert problems == []
    assert {cell for row in cells for cell in row} <= set(words(seen))


def test_long_code_scrolls_to_its_last_line() -> None:
    problems, seen = look(sb.Code(text=SOURCE, language="python"), 12.0, moments=60)
    assert problems == []
    assert {f"value_{k}" for k in range(40)} <= {word for line in seen for word in line.replace("(", " ").split()}
    assert {str(k) for k in range(1, 41)} <= set(seen), "and its lines are numbered"


def test_code_has_colours_if_its_language_is_known() -> None:
    def inks(language: str) -> set[str]:
        work = job(sb.Code(text="def f(x):\n    return 'a'  # b", language=language))
        with _settings(work):
            scene = _scene(work, _Grabber(work))
            scene.setup()
            scene.construct()
            family = [m for thing in scene.mobjects for m in thing.get_family() if isinstance(m, t.TextLine)]
            return {m.ink.to_hex() for m in family}

    assert len(inks("python")) >= 4
    assert len(inks("no-such-language")) == 1


# ---------------------------------------------------------------------- pictures
def painted(size: tuple[int, int]) -> Image.Image:
    """Red at the left, blue at the right."""
    image = Image.new("RGB", size, (30, 60, 220))
    image.paste((220, 40, 30), (0, 0, size[0] // 2, size[1]))
    return image


def sides(frame: np.ndarray) -> tuple[str, str]:
    """The colours a little left and right of the frame's middle."""
    height, width = frame.shape[:2]
    row = frame[int(height * 0.42)]
    return tuple("red" if row[x, 0] > row[x, 2] else "blue" for x in (width // 2 - 6, width // 2 + 6))  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.bmp", "a.tiff"])
def test_an_image_is_shown(tmp_path: Path, name: str) -> None:
    painted((300, 200)).save(tmp_path / name)
    work = job(sb.Picture(path=tmp_path / name, caption="What one sees"))
    assert inspect(work) == []
    assert sides(shoot(work, [90])[0]) == ("red", "blue")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(tmp_path: Path, orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = painted((400, 240))
    stored = image.transpose(turns[orientation]) if orientation in turns else image
    exif = Image.Exif()
    exif[0x112] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    frame = shoot(job(sb.Picture(path=tmp_path / "a.jpg", caption="")), [60])[0]
    assert sides(frame) == ("red", "blue")


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2000, 3), (5000, 3000), (16, 16)])
@pytest.mark.parametrize("frame", [WIDE, TALL], ids=["wide", "tall"])
def test_an_image_of_any_shape_fits(tmp_path: Path, size: tuple[int, int], frame: tuple[int, int]) -> None:
    painted(size).save(tmp_path / "a.png")
    work = job(sb.Picture(path=tmp_path / "a.png", caption="A caption. " * 12), size=frame)
    assert inspect(work) == []
    assert shoot(work, [100])[0][..., :3].max() > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr", "LAB", "HSV"])
def test_an_image_of_any_mode_is_read(tmp_path: Path, mode: str) -> None:
    image = painted((60, 40))
    deep = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
    if mode in deep:
        image = Image.fromarray((np.asarray(image.convert("L"), np.float64) * 200).astype(deep[mode]))
    elif mode == "PA":
        image = image.convert("P").convert("PA")
    else:
        image = image.convert(mode)
    name = {"CMYK": "a.jpg", "YCbCr": "a.jpg", "LAB": "a.tiff", "F": "a.tiff", "PA": "a.png"}.get(mode, "a.png")
    if mode in ("PA", "HSV"):
        image = image.convert("RGBA")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Pillow will not write them one day; it reads them
        image.save(tmp_path / name)
    assert inspect(job(sb.Picture(path=tmp_path / name, caption=""))) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG: save it as PNG"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 50, "cannot show 'a.png'"),
        ("a.jpg", b"", "cannot show 'a.jpg'"),
        ("a.txt", b"no picture", "no image in a format that is known here"),
    ],
)
def test_what_is_no_image_is_a_placeholder_and_a_finding(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    problems, seen = look(sb.Picture(path=tmp_path / name, caption=""))
    assert {said in problem.message for problem in problems} == {True}
    assert {"PLACEHOLDER", name} <= set(seen)


def test_a_cut_image_is_a_placeholder(tmp_path: Path) -> None:
    Image.effect_noise((400, 300), 80).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    problems, seen = look(sb.Picture(path=tmp_path / "a.png", caption=""))
    assert problems
    assert "PLACEHOLDER" in seen


def test_placeholders_are_marked_and_nothing_else_is() -> None:
    marked = {type(card).__name__ for card in cards("Words.") if "PLACEHOLDER" in look(card)[1]}
    assert marked == {"Slate", "Picture", "Insert"}


def test_a_clip_is_made_of_the_frames_that_are_shot_alone(tmp_path: Path) -> None:
    work = replace(job(sb.Listing(items=(("", "one"), ("", "two"), ("", "three")))), target=tmp_path / "a.mp4")
    clip = make_clip(work)
    with av.open(str(clip.path)) as file:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in file.decode(video=0)]
    assert len(frames) == work.frames
    for n, alone in zip((0, 20, 75, 140, 179), shoot(work, [0, 20, 75, 140, 179]), strict=True):
        assert np.abs(frames[n] - alone[..., :3]).mean() < 2
