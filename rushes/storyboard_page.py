"""Storyboard page: a film's stills as one HTML file that needs nothing else, to look at and to send around."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from rushes.errors import many_of

if TYPE_CHECKING:
    from rushes.contact_sheet import Board, Still

__all__ = ["clock", "page"]

# The film's own colours; `theme.py` would bring Manim along.
STYLE = """
:root { color-scheme: dark; --ink: #10121f; --panel: #1b1f35; --line: #454d78; --paper: #f6f1e7; --muted: #a8aecb;
  --blue: #56bdfa; --yellow: #f2cc48; --red: #fb4848; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1760px; padding: 2rem clamp(1rem, 3vw, 3rem) 6rem; background: var(--ink);
  color: var(--paper); font: 1rem/1.5 Inter, system-ui, sans-serif; }
h1 { font-size: 2.2rem; line-height: 1.15; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 2rem 0 .2rem; }
p, ul, figure { margin: 0; }
a { color: var(--blue); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--yellow); outline-offset: 3px; }
.about, .of { color: var(--muted); }
nav ol { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: 1.2rem 0 0; padding: 0; }
details { margin-top: 1rem; }
details pre { overflow-x: auto; background: var(--panel); padding: 1rem; border-radius: .5rem; }
.stills { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.4rem;
  list-style: none; padding: 0; margin-top: .7rem; }
.stills.tall { grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
figure { background: var(--panel); border-radius: .7rem; overflow: hidden; height: 100%; }
figure.wrong { outline: 3px solid var(--red); }
img, .none { display: block; width: 100%; height: auto; background: #000; }
.none { padding: 4rem 1rem; text-align: center; }
figcaption { padding: .7rem 1rem 1rem; }
time { font-variant-numeric: tabular-nums; }
.cue { color: var(--yellow); font-weight: 600; }
mark { background: none; color: var(--yellow); font-weight: 600; }
.words { margin-top: .3rem; }
.findings { margin-top: .6rem; padding-left: 1.2rem; color: #ff8d8d; }
"""


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def page(title: str, boards: Sequence[Board], seconds: float, estimated: bool, said: Sequence[str]) -> str:
    """The page; `said` is what `check` says of the script, and `estimated` whether nobody has spoken it yet."""
    return "\n".join(_page(title, boards, seconds, estimated, said)) + "\n"


def _page(title: str, boards: Sequence[Board], seconds: float, estimated: bool, said: Sequence[str]) -> Iterator[str]:
    stills = [still for board in boards for still in board.stills]
    found = sum(len(still.findings) for still in stills)
    name = escape(title)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{name}: storyboard</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{name}</h1>"
    times = "times are estimated" if estimated else "times are the voice's"
    faults = f"{many_of(found, 'finding')} of the lint" if found else "the lint finds nothing"
    many = f"{many_of(len(boards), 'shot')}, {many_of(len(stills), 'still')}"
    yield f'<p class="about">{many}, {clock(seconds)}; {times}; {faults}</p>'
    sections = [board.section for board in boards if board.section]
    yield '<nav aria-label="Sections"><ol>'
    yield from (f'<li><a href="#s{i}">{escape(section)}</a></li>' for i, section in enumerate(sections, 1))
    yield "</ol></nav>"
    if said:
        text = escape("\n\n".join(said))
        yield f"<details><summary>What check says of the script: {len(said)}</summary><pre>{text}</pre></details>"
    yield "</header>\n<main>"
    number = 0
    for i, board in enumerate(boards, 1):
        if board.section:
            number += 1
            yield f'<h2 id="s{number}">{escape(board.section)}</h2>'
        runs = "; ".join(board.runs) or "no run"
        yield f'<section aria-labelledby="b{i}">\n<h3 id="b{i}">{escape(board.scene)}</h3>'
        about = f"{clock(board.start)}, {board.seconds:.1f} s · {runs} · line {board.line}"
        yield f'<p class="of">{escape(about)}</p>'
        tall = " tall" if board.stills[0].size[1] > board.stills[0].size[0] else ""
        yield f'<ul class="stills{tall}">'
        for still in board.stills:
            yield from _still(board, still)
        yield "</ul>\n</section>"
    yield "</main>\n</body>\n</html>"


def _still(board: Board, still: Still) -> Iterator[str]:
    wrong = ' class="wrong"' if still.findings else ""
    yield f"<li><figure{wrong}>"
    what = f"{board.scene} at {clock(still.seconds)}" + (f", after “{still.said or still.cue}”" if still.cue else "")
    if still.picture:
        data = base64.b64encode(still.picture).decode()
        w, h = still.size
        yield f'<img src="data:image/jpeg;base64,{data}" width="{w}" height="{h}" alt="{escape(what)}" loading="lazy">'
    else:
        yield '<p class="none">no picture</p>'
    cue = f' <span class="cue">{escape(still.cue)}</span>' if still.cue else ""
    yield f"<figcaption><p><time>{clock(still.seconds)}</time>{cue}</p>"
    said = f"<mark>{escape(still.said)}</mark>" if still.said else ""
    words = " ".join(part for part in (escape(still.before), said, escape(still.after)) if part)
    if words:
        yield f'<p class="words">{words}</p>'
    if still.findings:
        yield '<ul class="findings">'
        yield from (f"<li>{escape(finding)}</li>" for finding in still.findings)
        yield "</ul>"
    yield "</figcaption></figure></li>"
