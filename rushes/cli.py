"""The command line: `rushes film | short | check | outline | takes | new | record | runs | stills`, and more."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes import __version__
from rushes.console import Console
from rushes.errors import RushesError, ScriptError, many_of

if TYPE_CHECKING:
    from rushes.house import House

__all__ = ["main"]

EXAMPLES = """\
examples:
  rushes film scripts/the-minus-sign.md           make the film, or what changed of it
  rushes film --draft scripts/the-minus-sign.md   small and fast
  rushes film --vertical scripts/the-minus-sign.md  the same for a telephone, 9:16
  rushes short scripts/the-minus-sign.md --section "One character"
  rushes film --burn scripts/the-minus-sign.md    one more, with the captions drawn into the picture
  rushes captions --lint film.srt                 what is wrong with captions, whoever wrote them
  rushes check scripts/the-minus-sign.md          everything wrong with a script
  rushes why scripts/the-minus-sign.md            what would be drawn again, and why
  rushes outline scripts/the-minus-sign.md        its storyboard
  rushes storyboard scripts/the-minus-sign.md     a page of stills, one a cue, before anything is rendered
  rushes takes --teleprompter scripts/the-minus-sign.md  what you have recorded, and a page to read the rest from
  rushes new "What the Kettle Knew"               a script to write over
  rushes translate scripts/the-minus-sign.md --to de  a note to translate it in, for captions in German
  rushes record sign_flipped                      train and record a run (needs: pip install -e '.[train]')
  rushes record --all                             every run that has no fresh record, or go on where that stopped
  rushes runs                                     what has been recorded
  rushes runs compare healthy sign_flipped        two records side by side, and a plot
  rushes stills scripts/the-minus-sign.md         one picture a cue, and a contact sheet
  rushes publish --dry-run scripts/the-minus-sign.md  what would be sent to YouTube, and whether it would be taken
  rushes publish --to page scripts/the-minus-sign.md  a page to open from a disk: film, transcript, numbers
  rushes cache --limit 5GB                        remove made files that were not used for longest
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 if it went well, 1 if an author can mend it, 130 if interrupted."""
    options = _parser().parse_args(argv)
    with Console(as_json=getattr(options, "json", False)) as console:
        try:
            return int(options.run(options, console))
        except ScriptError as error:
            console.findings(tuple(error.findings))
            count = len(error.findings)
            console.event("failed", errors=count)
            console.say(f"{count} error{'s' if count > 1 else ''}; nothing was made")
            return 1
        except RushesError as error:
            if console.as_json:
                console.event("failed", message=str(error))
            else:
                print(error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nstopped; what was finished is kept, and the same command goes on from there", file=sys.stderr)
            return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rushes", description="A Markdown script note in, an explainer film out, drawn from recorded RLHF runs.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"rushes {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    film = commands.add_parser("film", help="make a script's film")
    _script(film)
    _made(film)
    film.add_argument("--with-placeholders", action="store_true", help="make the film although pictures are missing")
    film.add_argument("--with-faults", action="store_true", help="make the film although its scenes have faults")
    _tall(film)
    _burnt(film)
    film.set_defaults(run=_film, section="")

    short = commands.add_parser("short", help="make a film of one section of a script, 9:16")
    _script(short)
    _made(short)
    _section(short, required=True)
    short.add_argument("--with-placeholders", action="store_true", help="make the film although pictures are missing")
    short.add_argument("--with-faults", action="store_true", help="make the film although its scenes have faults")
    _burnt(short)
    short.set_defaults(run=_film)

    captions = commands.add_parser("captions", help="write a film's captions, or say what is wrong with anybody's")
    _script(captions, "a script note, a .md file; or a .srt or .vtt file, whoever wrote it")
    captions.add_argument("--lint", action="store_true", help="say what is wrong with them, and write nothing")
    captions.add_argument(
        "--profile", choices=("youtube", "netflix", "bbc", "cea608"), default="youtube",
        help="whose rules they are cut and judged by (default: youtube)",
    )  # fmt: skip
    _made(captions)
    _tall(captions)
    captions.set_defaults(run=_captions)

    why = commands.add_parser("why", help="what of a film would be drawn again, and which input changed")
    _script(why)
    why.add_argument("shot", nargs="?", help="the beginning of a shot's name (default: all shots)")
    _made(why)
    _tall(why)
    why.set_defaults(run=_why)

    check = commands.add_parser("check", help="find everything wrong with a script")
    _script(check)
    _tall(check)
    check.set_defaults(run=_check)

    outline = commands.add_parser("outline", help="a script's storyboard: what is said and shown, and what is missing")
    _script(outline)
    outline.set_defaults(run=_outline)

    storyboard = commands.add_parser("storyboard", help="a page of stills, one a cue, and what is wrong with them")
    _script(storyboard)
    _tall(storyboard)
    storyboard.add_argument("--voice", default="", help="time the words by one of rushes voices (default: estimated)")
    storyboard.add_argument("--jobs", type=int, default=0, metavar="N", help="worker processes (default: one a core)")
    storyboard.set_defaults(run=_storyboard)

    takes = commands.add_parser("takes", help="which beats you have recorded in takes/, and what is to be said again")
    _script(takes)
    takes.add_argument("--teleprompter", action="store_true", help="write a page to read the script aloud from")
    takes.set_defaults(run=_takes)

    voices = commands.add_parser("voices", help="who can read a script aloud, and what is missing for it")
    voices.add_argument("--get", choices=("kokoro",), help="fetch the English voices of Kokoro, once: 27 MB from npm")
    voices.add_argument("--json", action="store_true", help="print one JSON object a line")
    voices.set_defaults(run=_voices)

    new = commands.add_parser("new", help="write a script that has every part and every directive once")
    new.add_argument("title", help="of the film")
    new.add_argument("--into", type=Path, metavar="FOLDER", help="default: scripts/ of this repository")
    new.add_argument("--json", action="store_true", help="print one JSON object a line")
    new.set_defaults(run=_new)

    translate = commands.add_parser(
        "translate", help="write the note a script is translated in, or what it still lacks"
    )
    _script(translate)
    translate.add_argument("--to", required=True, metavar="LANGUAGE", help="such as de or pt-BR")
    translate.add_argument(
        "--accept", action="store_true", help="what changed in the script since is translated: remember it so"
    )
    translate.set_defaults(run=_translate)

    record = commands.add_parser("record", help="train and record a run")
    record.add_argument("name", nargs="?", help="a recipe in runs/, such as healthy")
    record.add_argument("--all", action="store_true", help="every recipe that has no fresh record, base models first")
    record.add_argument("--size", choices=("tiny", "gpu"), default="tiny", help="default: tiny")
    record.add_argument("--seed", type=int, help="instead of the recipe's own")
    record.add_argument(
        "--stop-when", metavar="CONDITION", help="the andon cord: stop as soon as it holds, as in 'rating < 3'"
    )
    record.add_argument("--json", action="store_true", help="print one JSON object a line")
    record.set_defaults(run=_record)

    runs = commands.add_parser("runs", help="list what has been recorded, or compare two records")
    runs.add_argument("--json", action="store_true", help="print one JSON object a line")
    runs.set_defaults(run=_runs)
    compare = runs.add_subparsers(metavar="compare").add_parser("compare", help="two records side by side, and a plot")
    compare.add_argument("a", help="a folder in runs/records/, such as healthy or healthy.seed1")
    compare.add_argument("b")
    compare.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object a line")
    compare.set_defaults(run=_compare)

    stills = commands.add_parser("stills", help="take one picture a cue out of a film, and a contact sheet")
    stills.add_argument("script", type=Path)
    stills.add_argument("--build", type=Path, help="where the film was made")
    stills.add_argument("--draft", action="store_true", help="of the draft")
    _section(stills)
    _tall(stills)
    stills.set_defaults(run=_stills)

    publish = commands.add_parser("publish", help="what goes to YouTube with a film, checked against its limits")
    _script(publish)
    publish.add_argument(
        "--title", type=int, default=0, metavar="N", help="the note's Nth title (default: as before, or 1)"
    )
    how = publish.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="show exactly what would be sent, and send nothing")
    how.add_argument("--to", type=Path, metavar="FOLDER", help="send nothing: a folder with a page, to open anywhere")
    publish.add_argument("--write-back", action="store_true", help="write the film's address below Result in the note")
    publish.add_argument("--public", action="store_true", help="for everybody to see, once all of it is there")
    publish.add_argument("--at", default="", metavar="TIME", help="public from then on, as in '2027-01-31 18:00'")
    publish.add_argument("--update", action="store_true", help="not the film: its words, captions and thumbnail")
    publish.add_argument("--video", default="", metavar="ADDRESS", help="the video that was made of it elsewhere")
    publish.add_argument(
        "--yes", action="store_true", help="a second video, or what was changed by hand, is written over"
    )
    publish.add_argument("--voice", default="", help="as the film was made with")
    publish.add_argument("--music", choices=("on", "off"), default="", help="as the film was made with")
    _section(publish)
    _tall(publish)
    publish.set_defaults(run=_publish, draft=False, jobs=0, cluster="")

    cache = commands.add_parser("cache", help="what is kept of earlier films, to be used again")
    cache.add_argument(
        "--limit", type=_bytes, metavar="SIZE",
        help="leave so much, as in 5GB or 0: what was not used for longest goes, also if it was used today",
    )  # fmt: skip
    cache.add_argument("--build", type=Path, help="where the films were made")
    cache.add_argument("--json", action="store_true", help="print one JSON object a line")
    cache.set_defaults(run=_cache)
    return parser


def _made(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draft", action="store_true", help="480p at 15 frames a second, with a silent voice")
    parser.add_argument("--voice", default="", help="instead of the script's own: one of rushes voices")
    parser.add_argument(
        "--music", choices=("on", "off"), default="", help="default: as the script has it, off in a draft"
    )
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="worker processes (default: one a core)")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="a Dask scheduler, such as tcp://render:8786")


def _burnt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stems", action="store_true", help="narration, music and effects as WAV files of their own")
    parser.add_argument("--burn", action="store_true", help="one more film, with the captions drawn into the picture")


def _tall(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--vertical", action="store_true", help="a 9:16 cut, of 1080x1920 pixels")


def _section(parser: argparse.ArgumentParser, required: bool = False) -> None:
    what = "a heading of the script, or how it begins" + ("" if required else ": its short")
    parser.add_argument("--section", required=required, default="", metavar="NAME", help=what)
    parser.add_argument("--wide", action="store_true", help="the short in 16:9")


def _script(parser: argparse.ArgumentParser, what: str = "a script note, a .md file") -> None:
    parser.add_argument("script", type=Path, help=what)
    parser.add_argument(
        "--folder", type=Path, action="append", default=[], help="one more folder with scenes/ or runs/"
    )
    parser.add_argument("--build", type=Path, help="where made things go (default: build/ of this repository)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def _film(options: argparse.Namespace, console: Console) -> int:
    from rushes.unchanged import kept_for, unchanged, watching

    began = time.monotonic()
    house = _house(options)
    asked = {name: value for name, value in vars(options).items() if name not in ("run", "json")}
    kept = kept_for(house.out, asked)
    beside = options.burn or options.stems  # made after the film, from it
    if not beside and (told := unchanged(kept)):
        console.warn_again(told["warned"])
        for shot, scene in told["shots"]:
            console.event("shot", id=shot, scene=scene, state="cached", seconds=0.0)
        _told(Path(told["film"]), told["seconds"], len(told["shots"]), 0, began, options, console)
        console.say(f"next: watch it, or look at its stills: rushes stills {_same(options)}")
        return 0
    with watching((*house.roots, options.script.parent), house.out) as watch:
        from rushes.workers import start_server

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
    console.say(f"next: watch it, or look at its stills: rushes stills {_same(options)}")
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
    console.say(f"{_house(options).shown(path)}  {length // 60:.0f}:{length % 60:04.1f}")


def _captions(options: argparse.Namespace, console: Console) -> int:
    from rushes.caption_lint import findings
    from rushes.captions import PROFILES
    from rushes.pipeline import caption
    from rushes.read_captions import FPS, GAP, read_captions

    profile = PROFILES[options.profile]
    if options.script.suffix.lower() == ".md":
        house = _house(options)
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


def _translate(options: argparse.Namespace, console: Console) -> int:
    from rushes.check import check_note
    from rushes.house import House
    from rushes.translate import translate, translation_path

    house = House(folders=tuple(options.folder), build=options.build)
    spoken, path = translation_path(options.script, options.to)
    added = translate(check_note(options.script, house), spoken, path, accept=options.accept)
    one = next(each for each in check_note(options.script, house).translations if each.path == path)
    console.findings(one.findings)
    told = {"translated": len(one.texts) - len(one.changed), "changed": len(one.changed), "missing": len(one.missing)}
    console.event("translation", note=str(path), language=spoken.tag, added=added, **told)
    console.say(f"{house.shown(path)}: {', '.join(f'{count} {state}' for state, count in told.items())}")
    if added:
        console.say(f"{many_of(added, 'beat')} added, to be translated")
    return 0


def _check(options: argparse.Namespace, console: Console) -> int:
    from rushes.check import check_note
    from rushes.house import House

    house = House(folders=tuple(options.folder), build=options.build)
    checked = check_note(options.script, house.turned() if options.vertical else house)
    console.findings(checked.findings)
    errors, warnings = len(checked.errors), len(checked.findings) - len(checked.errors)
    console.event("checked", errors=errors, warnings=warnings)
    console.say(f"{options.script}: {many_of(errors, 'error')}, {many_of(warnings, 'warning')}")
    return 1 if errors else 0


def _house(options: argparse.Namespace) -> House:
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


def _why(options: argparse.Namespace, console: Console) -> int:
    from rushes.pipeline import film_folder, plan
    from rushes.why import why

    house = _house(options)
    told = list(why(plan(options.script, house, console), film_folder(options.script.stem, house, draft=options.draft)))
    if options.shot and not (told := [one for one in told if one.shot.startswith(options.shot)]):
        raise RushesError(f"no shot's name begins with '{options.shot}'\n  rushes why {options.script} names them all")
    for one in told:
        console.event("why", shot=one.shot, scene=one.scene, again=one.again, reasons=list(one.reasons))
        console.say(f"{'draw again' if one.again else 'as it was':<10}  {one.scene:<18} {one.shot}")
        for reason in one.reasons:
            console.say(f"{'':<12}{reason}")
    return 0


def _voices(options: argparse.Namespace, console: Console) -> int:
    from rushes.voices import listed

    if options.get:
        from rushes.kokoro import get

        path = get(lambda size: console.event("progress", stage="fetching", done=size, total=0, text="kokoro"))
        console.event("fetched", file=str(path))
        console.say(f"Kokoro's English voices are in {path}")
    for name, about, missing in listed():
        console.event("voice", name=name, about=about, missing=missing)
        console.say(f"{name:<18} {missing or about}")
    return 0


def _outline(options: argparse.Namespace, console: Console) -> int:
    from rushes.check import check_note
    from rushes.house import House
    from rushes.overview import overview

    checked = check_note(options.script, House(folders=tuple(options.folder), build=options.build))
    console.show(overview(checked.script, checked.texts, console.width, checked.findings))
    return 1 if checked.errors else 0


def _storyboard(options: argparse.Namespace, console: Console) -> int:
    from rushes.contact_sheet import contact_sheet
    from rushes.house import House

    began = time.monotonic()
    house = House(folders=tuple(options.folder), jobs=options.jobs, voice=options.voice, build=options.build)
    house = house.turned() if options.vertical else house
    made = contact_sheet(options.script, house, console)
    seconds = time.monotonic() - began
    console.event(
        "storyboard", page=str(made.page), picture=str(made.picture), stills=made.stills,
        findings=len(made.findings), failed=made.failed, seconds=round(seconds, 2),
    )  # fmt: skip
    for line, scene, told in made.findings:
        console.event("fault", line=line, scene=scene, message=told)
        console.say(f"{options.script}:{line}: {scene}: {told}")
    console.say(f"{many_of(made.stills, 'still')} in {seconds:.1f} s, {many_of(len(made.findings), 'finding')}")
    console.say(f"{house.shown(made.page)}\n{house.shown(made.picture)}")
    if made.failed:
        console.say(f"{many_of(len(made.failed), 'scene')} failed: {', '.join(made.failed)}")
    return 1 if made.failed else 0


def _takes(options: argparse.Namespace, console: Console) -> int:
    from rushes.cache import write_whole
    from rushes.check import check_note
    from rushes.house import House
    from rushes.takes import recorded_beats, totals
    from rushes.teleprompter import teleprompter

    house = House(folders=tuple(options.folder), build=options.build)
    checked = check_note(options.script, house)
    if checked.errors:
        raise ScriptError(checked.errors)
    script = checked.script
    beats, findings = recorded_beats(checked, house, console)
    for one in beats:
        console.event("take", **one.told())
    begun = any(one.listened.state != "missing" for one in beats)
    wanted = (finding for one in beats for finding in one.findings(script.name, checked)) if begun else ()
    console.findings((*findings, *wanted))
    console.say(f"{options.script}: {totals(beats)}")
    if not begun and not options.teleprompter:
        console.say(f"nothing is recorded yet\nnext: rushes takes --teleprompter {options.script}")
    if options.teleprompter:
        page = house.out / script.name / "teleprompter.html"
        write_whole(page, teleprompter(script.title, [section.title for section in script.sections], beats))
        console.event("teleprompter", page=str(page))
        console.say(str(house.shown(page)))
    return 0


def _new(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.new_script import new_script

    path = House().shown(new_script(options.title, options.into or House().root / "scripts"))
    console.event("written", script=str(path))
    console.say(f"{path}\nnext: python render.py --draft {path}")
    return 0


def _record(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.rlhf.recorder import record

    if options.all == bool(options.name) or (options.all and (options.seed is not None or options.stop_when)):
        raise RushesError("say which run: rushes record NAME, or every one as its recipe has it: rushes record --all")
    if options.all:
        return _record_all(options, console)

    def on_progress(done: int, total: int, text: str) -> None:
        console.event("progress", stage=options.name, done=done, total=total, text=text)

    began = time.monotonic()
    folder = record(
        options.name, size=options.size, seed=options.seed, stop_when=options.stop_when, root=House().root,
        on_progress=on_progress,
    )  # fmt: skip
    if os.environ.get("RANK", "0") != "0":
        return 0  # of several processes under `accelerate launch`, the first one speaks
    seconds = time.monotonic() - began
    console.event("recorded", folder=str(folder), seconds=round(seconds, 1))
    console.say(f"recorded {House().shown(folder)} in {seconds:.0f} s")
    return 0


def _record_all(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.rlhf.all_runs import record_all

    def event(event: str, **told: Any) -> None:
        console.event(event, **told)
        if event == "recorded":
            console.say(f"recorded {House().shown(Path(told['folder']))} in {told['seconds']:.0f} s")
        elif event == "fresh":
            console.say(f"{told['name']}: its record is fresh")

    began = time.monotonic()
    recorded = record_all(options.size, House().root, event)
    console.event("recorded_all", runs=recorded, seconds=round(time.monotonic() - began, 1))
    console.say(f"recorded {many_of(len(recorded), 'run')} in {(time.monotonic() - began) / 60:.0f} min")
    return 0


def _runs(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.runs import listing, table
    from rushes.shows import shown, shown_table

    now, root = datetime.now(UTC), House().root
    listed, numbers = listing(root), shown(root)
    for one in listed:
        console.event("run", **one.told(now))
    for number in numbers:
        console.event("figure", **number.told)
    console.table(table(listed, now))
    if numbers:
        console.table(shown_table(numbers))
    for one in listed:
        if one.state != "fresh":
            console.say(f"{one.name} is {one.state}: {one.why}")
    return 0


def _compare(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.runs import compare, comparison, comparison_table, plot

    house = House()
    a, b = compare(house.root, (options.a, options.b))
    for column, (of_a, of_b) in comparison(a, b).items():
        console.event("compared", column=column, **{options.a: of_a, options.b: of_b})
    console.table(comparison_table(a, b))
    picture = plot(a, b, house.out / "runs" / f"{options.a}-{options.b}.png")
    console.event("plotted", path=str(picture))
    console.say(str(house.shown(picture)))
    return 0


def _stills(options: argparse.Namespace, console: Console) -> int:
    from rushes.house import House
    from rushes.pipeline import film_folder
    from rushes.script import read_script
    from rushes.short import cut, find_section
    from rushes.stills import contact_sheet

    house = House(build=options.build)
    house = house.turned() if _upright(options) else house
    part = ""
    if options.section:
        script = read_script(options.script)
        part = cut(script, find_section(script, options.section)).part
    folder = film_folder(options.script.stem, house, draft=options.draft, part=part)
    sheets = contact_sheet(folder)
    for sheet in sheets:
        console.say(str(house.shown(sheet)))
    return 0


def _publish(options: argparse.Namespace, console: Console) -> int:
    from rushes.dry_run import show
    from rushes.pipeline import packaged
    from rushes.write_back import offer

    if not (options.dry_run or options.to) and find_spec("googleapiclient") is None:
        raise RushesError("what sends to YouTube is not installed\n  pip install -e '.[youtube]'")
    package = packaged(options.script, _house(options), console, title=options.title, section=options.section)
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
        script=_same(options),
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


def _same(options: argparse.Namespace) -> str:
    """The options and the script that name a film."""
    said = [f"--{name}" for name in ("draft", "vertical", "wide") if getattr(options, name, False)]
    if options.section:
        said.append(f"--section {shlex.quote(options.section)}")
    return " ".join([*said, str(options.script)])


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?", text.strip())
    if not match or (not match[2] and float(match[1])):  # 5 would be five bytes, and leave nothing
        raise argparse.ArgumentTypeError(f"'{text}' is no size: write it as 5GB or 300MB")
    return round(float(match[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[match[2]])


def _cache(options: argparse.Namespace, console: Console) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
