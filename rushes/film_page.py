"""Film page: a film as a folder with one page, which needs nothing else and works from a disk in a browser.

The page holds its captions, fonts and code itself: a browser lets no page that was opened from a disk load them. Beside
it lie the film, its thumbnail, and the files that can be taken from it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from rushes.cache import file_digest, whole, write_whole
from rushes.caption_files import vtt
from rushes.description import CREDITS, MADE, RELATED, SOURCES
from rushes.errors import RushesError, many_of
from rushes.fonts import BOLD, DISPLAY, FOLDER, HEAVY, MONO, REGULAR, SANS
from rushes.provenance_page import clock, figures, moment, sentences
from rushes.publish import CaptionTrack, Package
from rushes.read_captions import FPS, read_captions
from rushes.web_font import web_font

__all__ = ["film_page"]

FORMAT = 1
PARTS = FOLDER.parent / "page"
MADE_WITH = ("film.mp4", "timeline.json")
WEIGHTS = {(SANS, REGULAR): 400, (SANS, BOLD): 700, (DISPLAY, HEAVY): 800, (MONO, REGULAR): 400}
CHAPTER_LINE = re.compile(r"\d+(?::\d\d){1,2} ")
ADDRESS = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)\]'\"]")
CLAPPER = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="#56bdfa" d="M2 10h20v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2z"/>'
    '<path fill="#f6f1e7" d="M2 8 21 3l.9 3.4L2.9 11.4z"/>'
    '<path fill="#10121f" d="m6 6.9 1.9 2.9 2.4-.6-1.9-2.9zm5-1.3 1.9 2.9 2.4-.6-1.9-2.9zm5-1.3 1.9 2.9 2.4-.6-1.9-2.9z'
    '"/></svg>'
)


def film_page(package: Package, to: Path) -> Path:
    """Write the page of a film, and all it needs, to the folder `to`.

    Returns:
        The page, `index.html`.

    Raises:
        RushesError: a newer version made the film, a file of it was changed since, or `to` is where it was made.
    """
    film = _read(package.folder / "film.json")
    for name in (*MADE_WITH, *(name for name in film["made"] if name.endswith(".vtt"))):
        path = package.folder / name
        if not path.is_file() or file_digest(path) != film["made"][name]["sha256"]:
            raise RushesError(
                f"{path} is not the one that film.json tells of\n  make the film again: rushes film or short"
            )
    if to.resolve() == package.folder.resolve():
        raise RushesError(f"{to} is where the film was made\n  say another folder: --to FOLDER")
    for path in (package.film, package.folder / "film.json", package.thumbnail):
        _copy(path, to / path.name)
    _copy(FOLDER / "OFL.txt", to / "fonts-licence.txt")
    tracks = {track.language: _captions(track, film["made"], to) for track in package.captions}
    timeline = _read(package.folder / "timeline.json")
    return write_whole(to / "index.html", "\n".join(_page(package, film, timeline, tracks)) + "\n")


def _copy(path: Path, to: Path) -> Path:
    with whole(to) as partial:
        shutil.copyfile(path, partial)
    return to


def _captions(track: CaptionTrack, made: Mapping[str, Any], to: Path) -> Path:
    """A language's captions as WebVTT, which is what a browser reads; in those of the film, each word has its time."""
    web = track.path.with_suffix(".vtt")
    if web.name in made or web == track.path:
        return _copy(web, to / web.name)
    return write_whole(to / web.name, vtt(read_captions(track.path).captions, FPS))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RushesError(f"{path} is missing, or not whole\n  make the film again: rushes film or short") from None
    if told["format"] > FORMAT:
        raise RushesError(f"{path} was made by a newer version of rushes\n  make the film again with this one")
    return dict(told)


# ---------------------------------------------------------------- the page
def _page(
    package: Package, film: Mapping[str, Any], timeline: Mapping[str, Any], tracks: Mapping[str, Path]
) -> Iterator[str]:
    body = "\n".join(_body(package, film, timeline, tracks))
    name, about = package.title, package.description.partition("\n")[0]
    letters = {*map(chr, range(0x20, 0x7F)), *body, *name}
    faces = "\n".join(
        f'@font-face {{ font-family: "{font}"; font-weight: {css}; src: url("{web_font(font, weight, letters)}"); }}'
        for (font, weight), css in WEIGHTS.items()
    )
    width, height = timeline["size"]
    # else the frame has the thumbnail's shape until the film is played
    style = (
        f"{faces}\nvideo {{ aspect-ratio: {width} / {height}; }}\n{(PARTS / 'page.css').read_text(encoding='utf-8')}"
    )
    code = (PARTS / "page.js").read_text(encoding="utf-8")
    icon = base64.b64encode(CLAPPER.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"').encode()).decode()
    # What the note says is escaped; and if some of it were not, nothing could come of it: only this code may run, and
    # only these files be loaded. `file:` is for browsers that do not count a page on a disk as part of itself.
    policy = (
        f"default-src 'none'; script-src '{_hash(code)}'; style-src '{_hash(style)}'; font-src data:; "
        "img-src 'self' file: data:; media-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    )
    yield f'<!DOCTYPE html>\n<html lang="{escape(package.language)}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="dark">'
    yield f'<title>{escape(name)}</title>\n<meta name="description" content="{escape(about)}">'
    yield f'<link rel="icon" href="data:image/svg+xml;base64,{icon}">\n<style>{style}</style>\n</head>'
    yield f"{body}\n<script>{code}</script>\n</body>\n</html>"


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _body(
    package: Package, film: Mapping[str, Any], timeline: Mapping[str, Any], tracks: Mapping[str, Path]
) -> Iterator[str]:
    fps, (width, height) = timeline["fps"], timeline["size"]
    tall = ' class="tall"' if height > width else ""
    yield f'<body data-fps="{fps}"{tall}>\n<a class="skip" href="#about">Skip the film and its transcript</a>'
    yield f'<header>\n<p class="slate">{CLAPPER}<span>{escape(_slate(film, timeline))}</span></p>'
    yield f'<h1>{escape(package.title)}</h1>\n</header>\n<main>\n<div class="stage">\n<div class="film">'
    about = f'aria-label="{escape(package.title)}" width="{width}" height="{height}" poster="{package.thumbnail.name}"'
    yield f'<video src="{package.film.name}" {about} controls playsinline preload="metadata">'
    for language, path in tracks.items():
        default = " default" if language == package.language else ""
        yield f'<track kind="captions" srclang="{language}" label="{language}"{default}'
        yield f'src="data:text/vtt;base64,{base64.b64encode(path.read_bytes()).decode()}">'
    yield "</video>"
    if len(timeline["sections"]) > 1:
        yield '<nav class="chapters" aria-label="Chapters">\n<ol>'
        for section, start in _sections(timeline):
            link = moment(start, fps)
            yield f'<li><a {link}><span class="at">{clock(start, fps)}</span><span>{escape(section)}</span></a></li>'
        yield "</ol>\n</nav>"
    yield '</div>\n<div class="side">'
    yield from _transcript(timeline)
    yield '</div>\n</div>\n<div class="more" id="about">'
    yield from _description(package.description)
    yield from figures(film, timeline)
    yield from _credits(package.description)
    yield from _files(package, tracks)
    yield "</div>\n</main>"
    made = ", ".join(f"{name} {number}" for name, number in film["versions"].items())
    yield f"<footer>\n<p>Made from the script note <code>{escape(film['script']['name'])}</code> with {escape(made)}."
    yield "</p>\n<p>The letters are Inter, © The Inter Project Authors, and JetBrains Mono, © The JetBrains Mono"
    yield 'Project Authors, both under the <a href="fonts-licence.txt">SIL Open Font License 1.1</a>. This page loads'
    yield "nothing from anywhere but its own folder.</p>\n</footer>"


def _slate(film: Mapping[str, Any], timeline: Mapping[str, Any]) -> str:
    """How long the film is, and what kind of runs it shows."""
    parts = [clock(timeline["frames"], timeline["fps"])]
    if len(timeline["sections"]) > 1:
        parts.append(many_of(len(timeline["sections"]), "chapter"))
    if runs := film["records"]:
        kinds = sorted({f"{run['size']}, {run['device']}" for run in runs.values()})
        parts += [f"{len(runs)} recorded run{'s' * (len(runs) > 1)}", *kinds]
    return " · ".join(parts)


def _sections(timeline: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Titles and first frames; the film's own beginning is the first one's."""
    return [(each["title"], each["start"] if i else 0) for i, each in enumerate(timeline["sections"])]


def _transcript(timeline: Mapping[str, Any]) -> Iterator[str]:
    fps, sections = timeline["fps"], [title for title, _ in _sections(timeline)]
    yield '<div class="transcript">\n<div><h2 id="said">Transcript</h2>'
    yield '<label><input id="follow" type="checkbox" checked autocomplete="off"> follow the film</label></div>'
    yield '<div class="words" tabindex="0" role="region" aria-labelledby="said">'
    for section, beats in groupby(timeline["beats"], key=lambda beat: int(beat["section"])):
        if len(sections) > 1:
            yield f"<h3>{escape(sections[section])}</h3>"
        for beat in beats:
            if not beat["words"]:
                continue
            said = " ".join(f"<span>{' '.join(map(_word, each))}</span>" for each in sentences(beat["words"]))
            start = beat["words"][0][1]
            yield f'<p><a class="at" {moment(start, fps)}>{clock(start, fps)}</a><span>{said}</span></p>'
    yield "</div>\n</div>"


def _word(word: Sequence[Any]) -> str:
    text, start, end = word
    return f'<span data-from="{start}" data-to="{end}">{escape(text)}</span>'


def _description(text: str) -> Iterator[str]:
    """The description, without what the page has elsewhere."""
    yield '<section class="text" aria-label="About this film">'
    for paragraph in text.strip().split("\n\n"):
        lines = [line for line in paragraph.splitlines() if not CHAPTER_LINE.match(line)]
        if lines and lines[0] in (SOURCES, RELATED):
            yield f"<h2>{lines[0]}</h2>\n<ul>{''.join(f'<li>{_linked(line)}</li>' for line in lines[1:])}</ul>"
        elif lines and lines[0] not in (MADE, CREDITS):
            yield f"<p>{'<br>'.join(map(_linked, lines))}</p>"
    yield "</section>"


def _credits(text: str) -> Iterator[str]:
    for paragraph in text.strip().split("\n\n"):
        head, *lines = paragraph.splitlines()
        if head == CREDITS:
            yield f'<section class="text" aria-labelledby="credits">\n<h2 id="credits">{CREDITS}</h2>\n<ul>'
            yield from (f"<li>{_linked(line)}</li>" for line in lines)
            yield "</ul>\n</section>"


def _linked(line: str) -> str:
    parts, done = [], 0
    for match in ADDRESS.finditer(line):
        address = escape(match[0])
        parts += [escape(line[done : match.start()]), f'<a href="{address}" rel="noopener noreferrer">{address}</a>']
        done = match.end()
    return "".join([*parts, escape(line[done:])])


def _files(package: Package, tracks: Mapping[str, Path]) -> Iterator[str]:
    """What can be taken from the folder."""
    yield '<section aria-labelledby="files">\n<h2 id="files">Files</h2>\n<ul class="files">'
    told = [(package.film, "the film"), (package.folder / "film.json", "where every number is from, for machines")]
    told += [(path, f"captions, {language}") for language, path in tracks.items()]
    for path, what in told:
        size = _size(path.stat().st_size)
        yield f'<li><a href="{path.name}" download>{path.name}</a> <small>{what}, {size}</small></li>'
    yield "</ul>\n</section>"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"
