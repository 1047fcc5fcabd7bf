"""The gallery: every part of the kit in a few lines, as it looks. `make gallery` writes docs/gallery.md from it."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np
from conftest import ROOT
from manim import Mobject, tempconfig

from rushes import theme as t
from rushes.camera import DirectCamera
from rushes.candidates import Bars
from rushes.charts import Chart, Curve, Playhead, Scatter, Trail, steps_over
from rushes.clouds import Arrow, Cloud
from rushes.crowd import Crowd
from rushes.gauge import Gauge, class_sign
from rushes.histogram import Histogram
from rushes.landscape import Landscape
from rushes.lens import Lens
from rushes.machine import Belt, Machine
from rushes.motion import Live, Roll, Sprite, ring, rope, spring
from rushes.pictures import Marks, Tile, tiled
from rushes.rating_dial import RatingDial
from rushes.record import Record, unpacked
from rushes.records import Records
from rushes.rig import Megacoach, Rig, Shadow, rater_desk, shadow
from rushes.shapes import polyline
from rushes.thumb import thumb
from rushes.token_chips import NumberedTokens, TokenStrip
from rushes.words import CodeDiff, Redacted, SpeechBubble, Swap, Typing, one_character

SIZE = (480, 270)
STILL = 4.0  # s after which a part is seen
CHART = Chart(left=300, top=160, right=1500, bottom=860, x=(0, 60), y=(1, 9))

Shown = list[Any]


class Entry(NamedTuple):
    """Parts, and a function that gives what is drawn of them, later things on top."""

    title: str
    parts: tuple[Any, ...]
    example: Callable[[], Shown]

    @property
    def file(self) -> str:
        return f"{self.example.__name__}.webp"

    @property
    def source(self) -> str:
        """The example's lines."""
        lines = inspect.getsource(self.example).splitlines()
        return textwrap.dedent("\n".join(lines[2:]))


ENTRIES: list[Entry] = []


def entry(title: str, *parts: Any) -> Callable[[Callable[[], Shown]], Callable[[], Shown]]:
    def keep(example: Callable[[], Shown]) -> Callable[[], Shown]:
        ENTRIES.append(Entry(title, parts, example))
        return example

    return keep


def record(name: str) -> Record:
    return Records((ROOT,)).get(name)


def still(one: Entry) -> np.ndarray:
    """What an entry looks like, BGR."""
    width, height = SIZE
    frame = {"pixel_width": width, "pixel_height": height, "background_color": "#10121F"}
    with tempconfig({**frame, "frame_height": 8.0, "frame_width": 8.0 * width / height}):
        things: list[Mobject] = [t.backdrop(), *one.example()]
        for thing in things:
            if hasattr(thing, "pose"):
                thing.pose(STILL)
        camera = DirectCamera()
        camera.reset()
        camera.capture_mobjects(things)
        return np.ascontiguousarray(camera.pixel_array[..., 2::-1])


def picture(one: Entry) -> bytes:
    return cv2.imencode(".webp", still(one), [cv2.IMWRITE_WEBP_QUALITY, 80])[1].tobytes()


def page() -> str:
    """docs/gallery.md."""
    said = [
        "# The kit\n",
        "Parts that draw recorded data, and what else a scene is made of. Each is posed by the shot's clock; a",
        "scene shows them with `self.live(…)`. Here each is seen 4 s into a shot, and `record(…)` stands for",
        "`self.record()`. Written by `make gallery` from `tests/gallery.py`, whose examples are run by a test.\n",
    ]
    for one in ENTRIES:
        said.append(f"## {one.title}\n")
        for part in one.parts:
            told = (inspect.getdoc(part) or "").split("\n")
            first = " ".join(told[: told.index("")] if "" in told else told)
            said.append(f"`from {part.__module__} import {part.__name__}`: {first}\n")
        said.append(f"![{one.title}](gallery/{one.file})\n")
        said.append(f"```python\n{one.source}\n```\n")
    return "\n".join(said)


# ---------------------------------------------------------------- what stands still
@entry("Words", t.text, t.mono, t.put, t.block, t.kicker, t.slate)
def words() -> Shown:
    run = record("healthy")
    value = t.put(t.text(f"{run.at('rating', 60):.1f}", 160, t.VALUES, weight=t.BOLD), 120, 700)
    prompt = t.block(run.sample(60, 0)["prompt"], 120, 300, 900, t.T_BIG)
    return [t.kicker("Average mark"), t.slate(run, "step 60"), prompt, value, t.put(t.mono("rating"), 400, 700)]


@entry("Cards, lines and light", t.card, t.pill, t.disc, t.rule, t.curve, t.glow, t.halo, t.floor_shadow, t.backdrop)
def cards() -> Shown:
    ground = t.backdrop(floor=t.FLOOR, stars=40)
    light = [t.glow(t.VALUES, 1400, 400, 700, 500), t.halo(1400, 400, 200, t.PAPER), t.floor_shadow(1400, 900, 500)]
    card = t.card(200, 200, 700, 500, stroke=t.POLICY, sw=4)
    lines = [t.rule(260, 600, 840, 600), t.curve([(260, 560), (500, 320), (840, 500)], t.VALUES)]
    return [ground, *light, card, *lines, t.disc(1400, 400, 90, t.PAPER), t.pill("layer 3", 260, 260)]


# ---------------------------------------------------------------- words
@entry("Typing text", Typing)
def typing() -> Shown:
    row = record("sign_flipped").sample(60, 0)
    return [Typing(row["tokens"][:-1], 120, 420, 1680, t.T_BIG, start=0.2, rate=8.0)]


@entry("Texts that take each other's place", Swap)
def swap() -> Shown:
    texts = [row["text"] for row in record("healthy").samples(prompt=0)]
    return [Swap(texts, 120, 420, 1680, t.T_BIG).change(2.0, len(texts) - 1)]


@entry("Speech bubble", SpeechBubble)
def bubble() -> Shown:
    text = record("healthy").sample(60, 1)["text"]
    return [SpeechBubble(text, 120, 160, 1300, tip=(1500, 760), size=t.T_BODY)]


@entry("Words that turn into bars", Redacted)
def redacted() -> Shown:
    text = record("healthy").sample(60, 2)["text"]
    return [Redacted(text, 120, 420, 1680, t.T_BIG).enter(0.1).redact(3.4, 0.15)]


@entry("Code that loses a character", CodeDiff, one_character)
def code() -> Shown:
    change = one_character(record("sign_flipped").diff)
    diff = CodeDiff(change, 160, 260, 1600, 64).mark(1.0)
    diff.drop(3.3, 860)
    return [diff]


# ---------------------------------------------------------------- tokens
@entry("Token strip, tinted by what each token adds", TokenStrip)
def strip() -> Shown:
    row = record("healthy").sample(60, 0)
    kl = [a - b for a, b in zip(row["logp"], row["ref_logp"], strict=True)]
    chips = TokenStrip(row["tokens"][:-1], kl[:-1], 120, 260, 1680, top=4.0).enter(0.1).tint(1.5)
    return [chips.key(120, 800, "as before", "strayed"), chips]


@entry("Tokens and their numbers", NumberedTokens)
def numbered() -> Shown:
    row = record("healthy").sample(60, 0)
    chips = NumberedTokens(row["tokens"][:12], row["ids"][:12], 120, 300, 1680)
    chips.enter(0.1, [(960.0, 900.0)] * 12, 1.0)
    chips.count(2.0)
    return [chips]


@entry("Candidates for the next token", Bars)
def bars() -> Shown:
    step = record("base").tokens()[0]["steps"][1]
    return [Bars(step["candidates"][:5], 700, 260, 800).grow(0.3)]


# ---------------------------------------------------------------- marks
@entry("Rating card", RatingDial)
def rating() -> Shown:
    mark = record("healthy").sample(60, 0)["rating"]
    return [RatingDial(440, 500).choose(1.0, mark)]


@entry("Thumbs", thumb)
def thumbs() -> Shown:
    return [thumb(700, 480, 320, t.VALUES), thumb(1220, 480, 320, t.NEUTRAL, up=False)]


@entry("A crowd of readers", Crowd)
def crowd() -> Shown:
    marks = [row["rating"] for row in record("healthy").labels()[:240]]
    colors = [t.mix(t.SHADE[t.NEUTRAL], t.VALUES, (mark - 1) / 8) for mark in marks]
    return [Crowd(colors, (96, 60, 1824, 900)).to(0.5, 2.0, zoom=1.0).to(1.0, 3.5, lit=len(colors))]


# ---------------------------------------------------------------- charts
@entry("Live curves of two runs, with a playhead", Chart, Curve, Playhead, steps_over)
def curves() -> Shown:
    step_at = steps_over(0.5, 5.0, 0, 60)
    drawn = [
        Curve(CHART, run.steps, run.column("rating"), step_at, t.run_color(run.name), name=run.name, smooth_over=3)
        for run in (record("healthy"), record("sign_flipped"))
    ]
    return [*CHART.still((1, 5, 9), (0, 30, 60)), Playhead(CHART, step_at), *drawn]


@entry("A histogram that morphs over the steps", Histogram)
def histogram() -> Shown:
    run, chart = record("sign_flipped"), Chart(left=300, top=160, right=1500, bottom=820, x=(0.5, 9.5), y=(0, 1))
    marks = [[row["rating"] for row in run.samples(step=step)] for step in run.sample_steps]
    edges = [mark + 0.5 for mark in range(10)]
    step_at = steps_over(0.5, 26.5, 0, 60)
    bars = Histogram(chart, run.sample_steps, marks, edges, step_at, t.VALUES)
    return [*chart.still((0, 0.5, 1), range(1, 10)), bars]


@entry("Dots that move between measurements", Scatter)
def scatter() -> Shown:
    looks = record("healthy").coach()
    chart = Chart(left=500, top=120, right=1340, bottom=860, x=(1, 9), y=(1, 9))
    positions = [(0.5 * i, row["points"]) for i, row in enumerate(looks)]
    return [*chart.still((1, 5, 9), (1, 5, 9)), Scatter(chart, positions, t.VALUES)]


@entry("A trail: one column against another", Trail)
def trail() -> Shown:
    run = record("no_coherence_coach")
    chart = Chart(left=300, top=120, right=1500, bottom=820, x=(-0.5, 2.5), y=(1, 9))
    colors = [t.mix(t.NEUTRAL, t.VALUES, (mark - 1) / 8) for mark in run.column("rating")]
    step_at = steps_over(0.5, 4.5, 0, 60)
    path = Trail(chart, run.steps, run.column("coach"), run.column("rating"), colors, step_at)
    return [*chart.still((1, 5, 9), (0, 1, 2)), path]


@entry("Two clouds and the way between them", Cloud, Arrow)
def clouds() -> Shown:
    dots = record("inside").probe()[3]["answer_points"]
    side, level = [x for x, _, _ in dots], [y for _, y, _ in dots]
    span = (min(side), max(side)), (min(level), max(level))
    chart = Chart(left=300, top=120, right=1620, bottom=880, x=span[0], y=span[1])
    rude, kind = ([(x, y) for x, y, one in dots if one == which] for which in (1, 0))
    a = Cloud(chart, rude, t.PAPER, marker="diamond").enter(0.2, 1.0)
    b = Cloud(chart, kind, t.VALUES).enter(0.6, 1.0)
    return [a, b, Arrow((700, 500), (1220, 500)).draw(2.5)]


@entry("A loss surface", Landscape)
def landscape() -> Shown:
    rows = record("slope").surface()
    heights = [row["loss"] for row in rows]
    land = Landscape(rows[0]["x"], [row["y"] for row in rows], heights, (300, 100, 1620, 880))
    return [land.picture()]


# ---------------------------------------------------------------- looking inside
@entry("What each layer would say", Lens)
def lens() -> Shown:
    place = record("inside").lens()[0]["places"][4]
    names = ["words in", *(f"layer {i}" for i in range(1, len(place["layers"])))]
    floors = Lens(place["layers"], place["chosen"], names, 200, 120, 1500)
    for i in range(len(names)):
        floors.light(0.3 + 0.5 * i, i)
    return [*floors.still, floors]


@entry("A picture, and where a classifier looked", Tile, tiled, Marks)
def pictures() -> Shown:
    places, tiles = tiled(3, 3, 300, 260, 400, 60), []
    for row, place in zip(record("ruler").pictures(), places, strict=False):
        pixels = np.frombuffer(unpacked(row["picture"]), np.uint8).reshape(64, 64, 3)
        heat = np.frombuffer(unpacked(row["saliency"]), np.uint8).reshape(64, 64)
        tiles.append(Tile(pixels, place, heat=heat).to(1.0, 0.5, grey=1.0, heat=1.0))
    marks = Marks(places)
    marks.say(2.0, 0, True)
    return [*tiles, marks]


@entry("Gauge, and the signs of its classes", Gauge, class_sign)
def gauge() -> Shown:
    row = record("ruler").pictures()[0]
    needle = Gauge(960, 700, 420, "harmless", "dangerous", 0.5)
    return [needle.to(1.0, 0.8, value=row["probability"]), class_sign(row["malignant"], 300, 500, 60)]


@entry("The machine and its belt", Machine, Belt)
def machine() -> Shown:
    box = Machine(960, 862, 620).to(0.5, 0.3, lamp=1.0)
    return [box, Belt(300, 1620, box.mouth[3], lambda clock: 60 * clock), box.shutter]


# ---------------------------------------------------------------- the cast
@entry("The characters", Rig, Shadow, shadow)
def cast() -> Shown:
    rating = record("healthy").measure("rating", "last").value
    who = ("apprentice", "values", "coherence", "dark", "rater")
    rigs = [Rig(name, 300 + 330 * i, seed=i, mood=(rating - 5) / 4) for i, name in enumerate(who)]
    return [part for rig in rigs for part in (shadow(rig), rig.look_at(1.0, 960, 300))]


@entry("The Megacoach", Megacoach)
def megacoach() -> Shown:
    return [Megacoach(960, total=record("healthy").measure("total", "last").value)]


@entry("A rater's desk", rater_desk)
def desk() -> Shown:
    return [Rig("rater", 960, 700, seed=2, mood=-0.4), rater_desk(960, 640, 600)]


# ---------------------------------------------------------------- what moves
@entry("Anything drawn, moving", Sprite, Live, Roll)
def moving() -> Shown:
    card = Sprite(t.card(200, 260, 520, 360, t.PANEL, stroke=t.POLICY, sw=4)).to(1.0, 0.6, dx=120, rot=0.1)
    line = Live(
        lambda clock: polyline(np.array([t.at(1000, 700), t.at(1000 + 150 * clock, 700)])), stroke=t.VALUES, w=9
    )
    number = Roll(1000, 560, 160, t.PAPER, 0.0, "{:.1f}").to(1.0, 2.0, value=record("healthy").at("rating", 60))
    return [card, line, number]


@entry("Ropes, leashes and rings", rope, spring, ring)
def ropes() -> Shown:
    left, right = (lambda _clock: t.at(500, 300)), (lambda clock: t.at(1400, 300 + 20 * clock))
    leash = spring(lambda _clock: t.at(500, 560), lambda _clock: t.at(1400, 560), t.COHERENCE)
    return [rope(left, right, t.POLICY), leash, ring(3.8, 960, 800, t.PAPER)]
