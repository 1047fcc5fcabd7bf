"""Commands about a film: `film`, `short`, `captions`, `why`, `stills`, `publish`, `cache`."""

from __future__ import annotations

import argparse
import atexit
import gc
import shlex
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.console import Console
from rushes.errors import RushesError, ScriptError, many_of

if TYPE_CHECKING:
    from rushes.house import House

__all__ = ["do_cache", "do_captions", "do_film", "do_publish", "do_stills", "do_why"]


def do_film(options: argparse.Namespace, console: Console) -> int:
    """Make a script's film, or of one of its sections: `rushes film`, `rushes short`."""
    from rushes.unchanged import kept_for, unchanged, watching

    began = time.monotonic()
    house = asked_house(options)
    asked = {name: value for name, value in vars(options).items() if name not in ("run", "json")}
    kept = kept_for(house.out, asked)
    beside = options.burn or options.stems  # made after the film, from it
    if not beside and (told := unchanged(kept)):
        console.warn_again(told["warned"])
        for shot, scene in told["shots"]:
            console.event("shot", id=shot, scene=scene, state="cached", seconds=0.0)
        _told(Path(told["film"]), told["seconds"], len(told["shots"]), 0, began, options, console)
        console.say(f"next: watch it, or look at its stills: rushes stills {same_film(options)}")
        return 0
    with watching((*house.roots, options.script.parent), house.out) as watch:
        from rushes.own_process import COLLECT, start_server

        # half of the time of a check went into looking for garbage among trees and records that stay, and a tenth of a
        # second at the end
        gc.set_threshold(COLLECT)
        atexit.register(gc.freeze)
        start_server()  # it imports Manim meanwhile: something is to be drawn, or the film would be as it was
        from rushes.pipeline import make_film

        film = make_film(
            options.script, house, console, draft=options.draft, with_placeholders=options.with_placeholders,
            with_faults=options.with_faults, section=options.section, stems=options.stems,
        )  # fmt: skip
    timeline = film.timeline
    if not beside:
        shots = [[shot.id, shot.scene or "card"] for shot in timeline.shots]
        about = {"film": str(film.path), "seconds": timeline.seconds, "shots": shots, "warned": console.warned}
        watch.keep(kept, film.path.parent, about)
    _told(film.path, timeline.seconds, len(timeline.shots), film.rendered, began, options, console)
    if options.burn:
        from rushes.burn import burn

        def on_progress(done: int, total: int) -> None:
            console.event("progress", stage="burning", done=done, total=total)

        burned = burn(film.path, film.path.with_name("captions.vtt"), on_progress)
        console.event("burned", film=str(burned))
        console.say(f"{house.shown(burned)}  with its captions drawn in")
    console.say(f"next: watch it, or look at its stills: rushes stills {same_film(options)}")
    return 0


def _told(
    path: Path, length: float, shots: int, rendered: int, began: float, options: argparse.Namespace, console: Console
) -> None:
    """Say what was made."""
    seconds = time.monotonic() - began
    console.event("made", film=str(path), seconds=round(seconds, 2), rendered=rendered)
    if rendered:
        console.say(f"rendered {rendered} of {many_of(shots, 'shot')} in {seconds:.1f} s")
    else:
        console.say(f"nothing to render: {many_of(shots, 'shot')}, as before")
    console.say(f"{asked_house(options).shown(path)}  {length // 60:.0f}:{length % 60:04.1f}")


def do_captions(options: argparse.Namespace, console: Console) -> int:
    """Write a film's captions, or judge anybody's."""
    from rushes.caption_lint import findings
    from rushes.captions import PROFILES
    from rushes.pipeline import caption
    from rushes.read_captions import FPS, GAP, read_captions

    profile = PROFILES[options.profile]
    if options.script.suffix.lower() == ".md":
        house = asked_house(options)
        made = caption(options.script, house, console, profile, draft=options.draft, only_lint=options.lint)
        for path in (path for _, files in made for path in files):
            console.say(str(house.shown(path)))
        judged = [(one.path, one.tag, len(one.captions), one.findings()) for one, _ in made]
    else:
        read = read_captions(options.script)
        found = [*read.findings, *findings(read.captions, read.sources, FPS, profile, gap=GAP)]
        judged = [(options.script, "", len(read.captions), sorted(found, key=lambda finding: finding.source.line))]
    wrong = 0
    for path, tag, count, told in judged:
        console.findings(tuple(told))
        errors = sum(finding.level == "error" for finding in told)
        warnings, wrong = len(told) - errors, wrong + errors
        console.event(
            "captioned", captions=count, errors=errors, warnings=warnings, profile=profile.name, language=tag
        )  # fmt: skip
        counts = f"{many_of(count, 'caption')}, {many_of(errors, 'error')}, {many_of(warnings, 'warning')}"
        console.say(f"{path}: {counts} by {profile.name}")
    return 1 if wrong else 0


def do_why(options: argparse.Namespace, console: Console) -> int:
    """Say what of a film would be drawn again, and which input changed."""
    from rushes.pipeline import film_folder, plan
    from rushes.why import why

    house = asked_house(options)
    told = list(why(plan(options.script, house, console), film_folder(options.script.stem, house, draft=options.draft)))
    if options.shot and not (told := [one for one in told if one.shot.startswith(options.shot)]):
        every = f"rushes why {shlex.quote(str(options.script))}"
        raise RushesError(f"no shot's name begins with '{options.shot}'\n  {every} names them all")
    for one in told:
        console.event("why", shot=one.shot, scene=one.scene, again=one.again, reasons=list(one.reasons))
        console.say(f"{'draw again' if one.again else 'as it was':<10}  {one.scene:<18} {one.shot}")
        for reason in one.reasons:
            console.say(f"{'':<12}{reason}")
    return 0


def do_stills(options: argparse.Namespace, console: Console) -> int:
    """Take one picture a cue out of a film."""
    from rushes.house import House
    from rushes.namesake import namesakes
    from rushes.pipeline import film_folder
    from rushes.read_script import read_script
    from rushes.short import cut, find_section
    from rushes.stills import contact_sheet

    house = House(build=options.build)
    house = house.turned() if _upright(options) else house
    if others := [*namesakes(options.script, house.out / options.script.stem)]:
        raise ScriptError(others)
    part = ""
    if options.section:
        script = read_script(options.script)
        part = cut(script, find_section(script, options.section)).part
    folder = film_folder(options.script.stem, house, draft=options.draft, part=part)
    sheets = contact_sheet(folder)
    for sheet in sheets:
        console.say(str(house.shown(sheet)))
    return 0


def do_publish(options: argparse.Namespace, console: Console) -> int:
    """Send a film to YouTube, or show what would be sent, or write a page of it."""
    from rushes.dry_run import show
    from rushes.pipeline import packaged
    from rushes.write_back import offer

    if not (options.dry_run or options.to) and find_spec("googleapiclient") is None:
        raise RushesError("what sends to YouTube is not installed\n  pip install -e '.[youtube]'")
    package = packaged(options.script, asked_house(options), console, title=options.title, section=options.section)
    if options.to:
        from rushes.film_page import film_page

        page = film_page(package, options.to)
        console.event("page", page=str(page))
        console.say(f"{page}  needs nothing but its folder: open it in a browser")
        return 0
    wrong = show(package, console)
    if options.dry_run or wrong:
        return 1 if wrong else 0
    from rushes.release import Release, ThereAlreadyError, release

    if options.section or options.vertical:  # the note's addresses are those of the whole film
        package = replace(package, published=())
    asked = Release(
        public=options.public, at=options.at, update=options.update, yes=options.yes, video=options.video,
        script=" ".join([*(f"--folder {shlex.quote(str(one))}" for one in options.folder), same_film(options)]),
    )  # fmt: skip
    try:
        receipt = release(package, asked, console)
    except ThereAlreadyError as there:
        if not options.write_back:
            raise
        receipt = there.receipt
    console.event("published", video=receipt.url, visible=receipt.visible or "private")
    console.say(f"{receipt.url}  see to it at https://studio.youtube.com/video/{receipt.video}/edit")
    offer(options.script, receipt.url, console, write=options.write_back)
    return 0


def do_cache(options: argparse.Namespace, console: Console) -> int:
    """Say what is kept of earlier films, and remove what is too much."""
    from rich import box
    from rich.table import Table

    from rushes.house import House
    from rushes.runs import age

    house = House(build=options.build)
    if options.limit is not None:
        gone = house.cache.evict(options.limit)
        size = sum(one.size for one in gone)
        console.event("evicted", files=sum(len(one.files) for one in gone), bytes=size)
        console.say(f"removed {size / 1e6:.1f} MB that had not been used for longest")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("kind", "made", "MB", "used last", "unused for"):
        table.add_column(head, justify="left" if head == "kind" else "right")
    now, entries = time.time(), house.cache.entries()
    for kind in sorted({one.kind for one in entries}):
        made = [one for one in entries if one.kind == kind]
        size = sum(one.size for one in made)
        newest, oldest = now - made[-1].used, now - made[0].used
        console.event("kept", kind=kind, made=len(made), bytes=size, newest=round(newest), oldest=round(oldest))
        table.add_row(kind, str(len(made)), f"{size / 1e6:.1f}", age(newest), age(oldest))
    console.table(table)
    console.say(f"{sum(one.size for one in entries) / 1e6:.1f} MB in {house.shown(house.cache.root)}")
    return 0


def asked_house(options: argparse.Namespace) -> House:
    """Where and how the film is made that is asked for."""
    from rushes.house import House

    house = House(
        folders=tuple(options.folder), jobs=options.jobs, cluster=options.cluster, voice=options.voice,
        build=options.build, music=options.music or ("off" if options.draft else ""),
    )  # fmt: skip
    if options.draft:
        house = replace(house, size=(854, 480), fps=15, voice=options.voice or "silent")
    return house.turned() if _upright(options) else house


def _upright(options: argparse.Namespace) -> bool:
    return not options.wide if getattr(options, "section", "") else bool(options.vertical)


def same_film(options: argparse.Namespace) -> str:
    """The options and the script that name a film, as they can be typed."""
    said = [f"--{name}" for name in ("draft", "vertical", "wide") if getattr(options, name, False)]
    if options.section:
        said.append(f"--section {shlex.quote(options.section)}")
    if options.build:
        said.append(f"--build {shlex.quote(str(options.build))}")
    return " ".join([*said, shlex.quote(str(options.script))])
