"""Teleprompter: a script as one HTML page to read aloud from, beat by beat, that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from rushes.takes import Recorded

__all__ = ["teleprompter"]

STYLE = """
:root { color-scheme: dark; --size: 4rem; }
* { box-sizing: border-box; }
body { margin: 0; background: #000; color: #f6f1e7; font: var(--size)/1.35 Inter, system-ui, sans-serif; }
header { position: fixed; inset: 0 0 auto 0; display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; align-items: center;
  padding: .6rem 1.2rem; background: #1b1f35; font-size: 1rem; z-index: 1; }
header label { display: flex; gap: .5rem; align-items: center; }
header button { font: inherit; padding: .3rem .9rem; }
#where { margin-left: auto; font-variant-numeric: tabular-nums; }
main { max-width: 26em; margin: 0 auto; padding: 35vh 1.5rem 80vh; }
h2 { font-size: .55em; color: #a8aecb; margin: 3em 0 1em; }
article { padding: .25em 0 .9em; opacity: .45; scroll-margin-top: 30vh; }
article.now { opacity: 1; }
article p { margin: 0; overflow-wrap: anywhere; }
article small { display: block; font: 1rem/1.5 system-ui, sans-serif; color: #a8aecb; }
.recorded small { color: #7ed99b; }
.changed small, .misread small { color: #f2cc48; }
.done-hidden .recorded { display: none; }
body.mirrored main { transform: scaleX(-1); }
#line { position: fixed; top: 34vh; left: 0; right: 0; border-top: 3px solid #56bdfa; opacity: .5; }
:focus-visible { outline: 3px solid #f2cc48; outline-offset: 3px; }
"""

# Seconds and words come from the page itself, so that a beat scrolls past as fast as it is read.
CODE = """
const beats = [...document.querySelectorAll('article')], speed = document.querySelector('#speed');
const size = document.querySelector('#size'), where = document.querySelector('#where');
const play = document.querySelector('#play'), left = document.querySelector('#left');
let now = 0, runs = false, last = 0, at = 0;
const shown = () => beats.filter(beat => beat.offsetParent !== null);
function mark() {
  const list = shown();
  now = Math.max(0, Math.min(now, list.length - 1));
  beats.forEach(beat => beat.classList.toggle('now', beat === list[now]));
  where.textContent = list.length ? `beat ${now + 1} of ${list.length}` : 'everything is recorded';
}
function go(to) {
  now = to; mark();
  const beat = shown()[now];
  if (beat) { window.scrollTo(0, beat.offsetTop - innerHeight * 0.3); at = scrollY; }
}
function run(on) {
  runs = on; play.textContent = on ? 'Pause' : 'Scroll'; last = 0; at = scrollY;
  if (on) requestAnimationFrame(step);
}
function step(time) {
  if (!runs) return;
  const list = shown(), beat = list[now];
  if (last && beat) {
    at += beat.offsetHeight * (time - last) / 60000 * speed.value / Math.max(beat.dataset.words, 1);
    window.scrollTo(0, at);
    if (now < list.length - 1 && list[now + 1].offsetTop - scrollY < innerHeight * 0.33) { now++; mark(); }
  }
  last = time;
  requestAnimationFrame(step);
}
function change(field, by) { field.value = +field.value + by; field.dispatchEvent(new Event('input')); }
speed.oninput = () => document.querySelector('#rate').textContent = speed.value;
size.oninput = () => document.documentElement.style.setProperty('--size', size.value + 'rem');
play.onclick = () => run(!runs);
left.onchange = () => { document.body.classList.toggle('done-hidden', left.checked); go(0); };
addEventListener('wheel', () => { at = scrollY; });
const keys = {
  ' ': () => run(!runs), ArrowDown: () => go(now + 1), PageDown: () => go(now + 1), Enter: () => go(now + 1),
  ArrowUp: () => go(now - 1), PageUp: () => go(now - 1), Home: () => go(0), End: () => go(shown().length - 1),
  ArrowRight: () => change(speed, 10), ArrowLeft: () => change(speed, -10),
  '+': () => change(size, 0.5), '-': () => change(size, -0.5), m: () => document.body.classList.toggle('mirrored'),
  r: () => left.click(),
};
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault(); document.activeElement.blur(); keys[event.key]();
});
go(0);
"""

SAYS = {
    "recorded": "recorded",
    "missing": "",
    "changed": "changed: record it again",
    "misread": "misread: record it again",
}


def teleprompter(title: str, sections: Sequence[str], beats: Sequence[Recorded]) -> str:
    """The page, with the beats as they are written and what is known of their recordings."""
    return "\n".join(_page(title, sections, beats)) + "\n"


def _page(title: str, sections: Sequence[str], beats: Sequence[Recorded]) -> Iterator[str]:
    name = escape(title)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{name}: teleprompter</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>"
    yield f'<strong>{name}</strong>\n<button id="play" type="button">Scroll</button>'
    yield '<label>Words a minute <input id="speed" type="range" min="60" max="260" step="5" value="150">'
    yield '<span id="rate">150</span></label>'
    yield '<label>Size <input id="size" type="range" min="1.5" max="9" step="0.5" value="4"></label>'
    yield '<label><input id="left" type="checkbox"> only what is to be recorded</label>'
    yield "<span>space scrolls · ↑ ↓ beat · ← → speed · + − size · M mirrors · R hides what is recorded</span>"
    yield '<span id="where" role="status"></span>\n</header>\n<div id="line"></div>\n<main>'
    section = -1
    for number, one in enumerate(beats, 1):
        if one.beat.section != section:
            section = one.beat.section
            yield f"<h2>{escape(sections[section])}</h2>"
        state, words = one.listened.state, len(one.spoken.words)
        about = " · ".join(part for part in (f"{number}", f"line {one.beat.source.line}", SAYS[state]) if part)
        yield f'<article class="{state}" data-words="{words}"><small>{about}</small><p>{escape(one.text)}</p></article>'
    yield f"</main>\n<script>{CODE}</script>\n</body>\n</html>"
