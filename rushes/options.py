"""Options: what can be typed after `rushes`, and what each of it is for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rushes import __version__
from rushes.commands.films import do_cache, do_captions, do_film, do_publish, do_stills, do_why
from rushes.commands.runs import do_compare, do_record, do_runs
from rushes.commands.scripts import (
    do_check,
    do_new,
    do_outline,
    do_scenes,
    do_storyboard,
    do_takes,
    do_translate,
    do_voices,
)

__all__ = ["read_options"]

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
  rushes scenes                                   what can be shown, and the words that each scene waits for
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


def read_options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for; its `run` is the function in `commands/` that does it. Ends the process if it is nothing."""
    return _parser().parse_args(argv)


class _Parser(argparse.ArgumentParser):
    """Notes have spaces in their names, and a shell takes them for two things."""

    def error(self, message: str) -> NoReturn:
        cut = message.startswith("unrecognized") and message.endswith(".md")
        super().error(message + ("\n  a name with spaces needs quotes around it" if cut else ""))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rushes", description="A Markdown script note in, an explainer film out, drawn from recorded RLHF runs.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"rushes {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    film = commands.add_parser("film", help="make a script's film")
    _script(film)
    _made(film)
    _tall(film)
    _finished(film)
    film.set_defaults(run=do_film, section="")

    short = commands.add_parser("short", help="make a film of one section of a script, 9:16")
    _script(short)
    _made(short)
    _section(short, required=True)
    _finished(short)
    short.set_defaults(run=do_film)

    captions = commands.add_parser("captions", help="write a film's captions, or say what is wrong with anybody's")
    _script(captions, "a script note, a .md file; or a .srt or .vtt file, whoever wrote it")
    captions.add_argument("--lint", action="store_true", help="say what is wrong with them, and write nothing")
    captions.add_argument(
        "--profile", choices=("youtube", "netflix", "bbc", "cea608"), default="youtube",
        help="whose rules they are cut and judged by (default: youtube)",
    )  # fmt: skip
    _made(captions)
    _tall(captions)
    captions.set_defaults(run=do_captions)

    why = commands.add_parser("why", help="what of a film would be drawn again, and which input changed")
    _script(why)
    why.add_argument("shot", nargs="?", help="the beginning of a shot's name (default: all shots)")
    _made(why)
    _tall(why)
    why.set_defaults(run=do_why)

    check = commands.add_parser("check", help="find everything wrong with a script")
    _script(check)
    _tall(check)
    check.set_defaults(run=do_check)

    outline = commands.add_parser("outline", help="a script's storyboard: what is said and shown, and what is missing")
    _script(outline)
    outline.set_defaults(run=do_outline)

    scenes = commands.add_parser("scenes", help="the scenes there are: what each shows, takes and waits for")
    _folders(scenes)
    scenes.set_defaults(run=do_scenes)

    storyboard = commands.add_parser("storyboard", help="a page of stills, one a cue, and what is wrong with them")
    _script(storyboard)
    _tall(storyboard)
    storyboard.add_argument("--voice", default="", help="time the words by one of rushes voices (default: estimated)")
    storyboard.add_argument("--jobs", type=int, default=0, metavar="N", help="worker processes (default: one a core)")
    storyboard.set_defaults(run=do_storyboard)

    takes = commands.add_parser("takes", help="which beats you have recorded in takes/, and what is to be said again")
    _script(takes)
    takes.add_argument("--teleprompter", action="store_true", help="write a page to read the script aloud from")
    takes.set_defaults(run=do_takes)

    voices = commands.add_parser("voices", help="who can read a script aloud, and what is missing for it")
    voices.add_argument("--get", choices=("kokoro",), help="fetch the English voices of Kokoro, once: 27 MB from npm")
    _json(voices)
    voices.set_defaults(run=do_voices)

    new = commands.add_parser("new", help="write a script that has every part and every directive once")
    new.add_argument("title", help="of the film")
    new.add_argument("--into", type=Path, metavar="FOLDER", help="default: scripts/ of this repository")
    _json(new)
    new.set_defaults(run=do_new)

    translate = commands.add_parser(
        "translate", help="write the note a script is translated in, or what it still lacks"
    )
    _script(translate)
    translate.add_argument("--to", required=True, metavar="LANGUAGE", help="such as de or pt-BR")
    translate.add_argument(
        "--accept", action="store_true", help="what changed in the script since is translated: remember it so"
    )
    translate.set_defaults(run=do_translate)

    record = commands.add_parser("record", help="train and record a run")
    record.add_argument("name", nargs="?", help="a recipe in runs/, such as healthy")
    record.add_argument("--all", action="store_true", help="every recipe that has no fresh record, base models first")
    record.add_argument("--size", choices=("tiny", "gpu"), default="tiny", help="default: tiny")
    record.add_argument("--seed", type=int, help="instead of the recipe's own")
    record.add_argument(
        "--stop-when", metavar="CONDITION", help="the andon cord: stop as soon as it holds, as in 'rating < 3'"
    )
    record.add_argument(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="runs at a time, of all or of a sweep (default: one a core, or as many as fit on the GPU)",
    )
    _json(record)
    record.set_defaults(run=do_record)

    runs = commands.add_parser("runs", help="list what has been recorded, or compare two records")
    _json(runs)
    runs.set_defaults(run=do_runs)
    compare = runs.add_subparsers(metavar="compare").add_parser("compare", help="two records side by side, and a plot")
    compare.add_argument("a", help="a folder in runs/records/, such as healthy or healthy.seed1")
    compare.add_argument("b")
    compare.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object a line")
    compare.set_defaults(run=do_compare)

    stills = commands.add_parser("stills", help="take one picture a cue out of a film, and a contact sheet")
    stills.add_argument("script", type=Path)
    stills.add_argument("--build", type=Path, help="where the film was made")
    stills.add_argument("--draft", action="store_true", help="of the draft")
    _section(stills)
    _tall(stills)
    stills.set_defaults(run=do_stills)

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
    publish.set_defaults(run=do_publish, draft=False, jobs=0, cluster="")

    cache = commands.add_parser("cache", help="what is kept of earlier films, to be used again")
    cache.add_argument(
        "--limit", type=_bytes, metavar="SIZE",
        help="leave so much, as in 5GB or 0: what was not used for longest goes, also if it was used today",
    )  # fmt: skip
    cache.add_argument("--build", type=Path, help="where the films were made")
    _json(cache)
    cache.set_defaults(run=do_cache)
    return parser


def _made(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--draft", action="store_true", help="480p at 15 frames a second, with a silent voice")
    parser.add_argument("--voice", default="", help="instead of the script's own: one of rushes voices")
    parser.add_argument(
        "--music", choices=("on", "off"), default="", help="default: as the script has it, off in a draft"
    )
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="worker processes (default: one a core)")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="a Dask scheduler, such as tcp://render:8786")


def _finished(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--with-placeholders", action="store_true", help="make the film although pictures are missing")
    parser.add_argument("--with-faults", action="store_true", help="make the film although its scenes have faults")
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
    _folders(parser)
    parser.add_argument("--build", type=Path, help="where made things go (default: build/ of this repository)")


def _folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--folder", type=_folder, action="append", default=[], help="one more folder with scenes/ or runs/records/"
    )
    _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def _folder(text: str) -> Path:
    if not (path := Path(text)).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder '{text}'")
    return path


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?", text.strip())
    if not match or (not match[2] and float(match[1])):  # 5 would be five bytes, and leave nothing
        raise argparse.ArgumentTypeError(f"'{text}' is no size: write it as 5GB or 300MB")
    return round(float(match[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[match[2]])
