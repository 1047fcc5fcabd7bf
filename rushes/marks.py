"""Marks: what Logseq, Obsidian and this project add to Markdown's inline syntax, as rules of markdown-it.

Each rule makes one token whose `meta` says where it was written (`start`, `end`) and what it holds; highlights
and links make two, with the tokens of their words between them. Nothing here knows what is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from rushes.references import label

__all__ = ["BLOCK", "REFERENCES", "markdown"]

NUMBER = re.compile(r"\{(?P<reference>[A-Za-z][\w.]*)(?::(?P<format>[^{}]*))?\}")
WIKI = re.compile(r"(?P<embed>!?)\[\[(?P<target>[^\[\]|\n]*)(?:\|(?P<label>[^\[\]\n]*))?\]\]")
BLOCK = re.compile(r"\(\((?P<target>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\)\)")
TAG = re.compile(r"#(?:\[\[(?P<words>[^\[\]\n]+)\]\]|(?P<word>[\w/-]*[^\W\d][\w/-]*))")
FOOTNOTE = re.compile(r"\[\^[^\s\]]{1,80}\]")
IN_PLACE = re.compile(r"\^\[(?!\[(?!\[))")  # not ^[[a link]]
FIELD = re.compile(r"(?P<open>[\[(])(?P<key>[^\W\d_][\w -]{0,40})::[ \t](?P<value>[^\[\]()\n]*)[\])]")
URL = re.compile(r"https?://[^\s<>\[\]|]+")
MACRO = re.compile(r"\s*([\w-]+)[\s:]*(.*)", re.DOTALL)
BRACE = re.compile(r"[{}]")
TARGET = re.compile(r"\(([^()\s\\]*)\)")
SIZE = re.compile(r"\{:[^{}\n]*\}")
HIGHLIGHTS = (
    re.compile(r"==(?P<phrase>[^=\s](?:[^=]*[^=\s])?)=="),
    re.compile(r"\^\^(?P<phrase>[^^\s](?:[^^]*[^^\s])?)\^\^"),
    re.compile(r"<mark(?:\s[^<>]*)?>(?P<phrase>[^<]+)</mark>", re.IGNORECASE),
)
# Where plain text may end. Markdown's own list has no round brackets and no addresses.
STOP = re.compile(r"[\n!#$%&*<=\[\]\\^_`{}~]|\((?=\()|\((?=[^\W\d_][\w -]{0,40}::)|https?://")
REFERENCES = "references"  # in a parser's environment: a label -> where it leads to
LONGEST = 1000  # characters of a link's target with spaces or brackets in it
Rule = Callable[[StateInline, bool], bool]


def markdown() -> MarkdownIt:
    """A parser of inline text with all the rules."""
    parser = MarkdownIt("commonmark").enable("strikethrough")
    rules = parser.inline.ruler
    rules.at("text", _text)
    # they come before emphasis and before Markdown's brackets, and after escapes and code
    for name, rule in RULES.items():
        rules.before("strikethrough", name, rule)
    rules.at("link", _link)
    rules.at("image", _image)
    return parser


def _text(state: StateInline, silent: bool) -> bool:
    stop = STOP.search(state.src, state.pos, state.posMax)
    end = stop.start() if stop else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _push(state: StateInline, name: str, start: int, end: int, **meta: object) -> None:
    state.push(name, "", 0).meta = {"start": start, "end": end, **meta}


def _by(pattern: re.Pattern[str], name: str, after: str = "") -> Rule:
    """A rule that makes a token of whatever `pattern` matches; `after` is what may not stand before it."""

    def rule(state: StateInline, silent: bool) -> bool:
        found = pattern.match(state.src, state.pos, state.posMax)
        if found is None or (after and state.pos and re.match(after, state.src[state.pos - 1])):
            return False
        if not silent:
            _push(state, name, state.pos, found.end(), **found.groupdict())
        state.pos = found.end()
        return True

    return rule


def _comment(state: StateInline, silent: bool) -> bool:
    start = state.pos
    end = state.src.find("%%", start + 2, state.posMax) if state.src.startswith("%%", start) else -1
    if end < 0:
        return False
    if not silent:
        _push(state, "comment", start, end + 2)
    state.pos = end + 2
    return True


def _macro(state: StateInline, silent: bool) -> bool:
    start = state.pos
    end = state.src.find("}}", start, state.posMax) if state.src.startswith("{{", start) else -1
    if end < 0:
        return False
    depth = 0
    for brace in BRACE.finditer(state.src, start, state.posMax):  # {{query {:a {:b 1}} c}}
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            end = brace.start() - 1
            break
    if not silent:
        said = MACRO.match(state.src, start + 2, end)
        called, given = (said[1].lower(), said[2].strip()) if said else ("", "")
        _push(state, "macro", start, end + 2, called=called, given=given)
    state.pos = end + 2
    return True


def _math(state: StateInline, silent: bool) -> bool:
    """`$x$` and `$$x$$`; not the two prices of `$5 or $6`."""
    src, start = state.src, state.pos
    if src[start] != "$":
        return False
    width = 2 if src.startswith("$$", start) else 1
    end = src.find("$" * width, start + width, state.posMax)
    inner = src[start + width : end]
    after = src[end + width : end + width + 1]
    if end < 0 or not inner.strip() or (width == 1 and (inner[0].isspace() or inner[-1].isspace() or after.isdigit())):
        return False
    if not silent:
        _push(state, "math", start, end + width, value=inner.strip())
    state.pos = end + width
    return True


def _note(state: StateInline, silent: bool) -> bool:
    """`^[a footnote in place]`."""
    start = state.pos
    if not IN_PLACE.match(state.src, start) or state.src[start - 1 : start] == "^":
        return False
    end = state.md.helpers.parseLinkLabel(state, start + 1)
    if end < 0:
        return False
    if not silent:
        _push(state, "footnote", start, end + 1)
    state.pos = end + 1
    return True


def _url(state: StateInline, silent: bool) -> bool:
    found = URL.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    url = found[0]
    while url[-1] in ".,;:!?'\"*_~=”’…" or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    if url.endswith("/") and url.count("/") < 3:
        return False  # nothing but https://
    if not silent:
        _push(state, "url", state.pos, state.pos + len(url), target=url)
    state.pos += len(url)
    return True


def _highlight(state: StateInline, silent: bool) -> bool:
    found = next((m for p in HIGHLIGHTS if (m := p.match(state.src, state.pos, state.posMax))), None)
    if found is None:
        return False
    if not silent:
        _between(state, "cue", found.start("phrase"), found.end("phrase"), start=found.start(), end=found.end())
    state.pos = found.end()
    return True


def _between(state: StateInline, name: str, first: int, last: int, **meta: object) -> None:
    """Two tokens, and between them those of the text from `first` to `last`."""
    end = state.posMax
    state.push(f"{name}_open", "", 1).meta = meta
    state.pos, state.posMax = first, last
    state.md.inline.tokenize(state)
    state.posMax = end
    state.push(f"{name}_close", "", -1)


def _target(state: StateInline, start: int) -> tuple[str, int] | None:
    """What stands in the round brackets that open at `start`, and where they end; spaces are allowed."""
    if found := TARGET.match(state.src, start, state.posMax):
        return found[1].removeprefix("<").removesuffix(">"), found.end()
    if not state.src.startswith("(", start, state.posMax):
        return None
    depth, end, last = 0, start, min(state.posMax, start + LONGEST)
    while end < last and state.src[end] != "\n":
        char = state.src[end]
        if char == "\\":
            end += 1
        depth += (char == "(") - (char == ")")
        if not depth:
            break
        end += 1
    if depth or end >= last or state.src[end] != ")":
        return None
    inner = state.src[start + 1 : end].strip()
    titled = re.fullmatch(r"(\S+)[ \t]+(?:\"[^\"]*\"|'[^']*')", inner)
    return (titled[1] if titled else inner).removeprefix("<").removesuffix(">"), end + 1


def _referred(state: StateInline, start: int, end: int) -> tuple[str, int] | None:
    """Where `[words][ref]`, `[ref][]` or `[ref]` leads to, and where it ends; its words are from `start` to `end`."""
    known = state.env.get(REFERENCES)
    if not known:
        return None
    written, after = state.src[start:end], end + 1
    if state.src.startswith("[", after, state.posMax) and (close := state.src.find("]", after, state.posMax)) >= 0:
        written, after = state.src[after + 1 : close] or written, close + 1
    target = known.get(label(written))
    return None if target is None else (target, after)


def _link(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "[":
        return False
    close = state.md.helpers.parseLinkLabel(state, start)
    found = (_target(state, close + 1) or _referred(state, start + 1, close)) if close >= 0 else None
    if found is None:
        return False
    target, end = found
    if not silent:
        _between(state, "link", start + 1, close, start=start, end=end, target=target)
    state.pos = end
    return True


def _image(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not state.src.startswith("![", start, state.posMax):
        return False
    close = state.md.helpers.parseLinkLabel(state, start + 1)
    found = (_target(state, close + 1) or _referred(state, start + 2, close)) if close >= 0 else None
    if found is None:
        return False
    target, end = found
    if size := SIZE.match(state.src, end, state.posMax):
        end = size.end()
    if not silent:
        _push(state, "picture", start, end, target=target, label=state.src[start + 2 : close])
    state.pos = end
    return True


RULES: dict[str, Rule] = {
    "comment": _comment,
    "macro": _macro,
    "number": _by(NUMBER, "number"),
    "highlight": _highlight,
    "wiki": _by(WIKI, "wiki"),
    "tag": _by(TAG, "tag", after=r"[^\s(\[*_~=^“\"'>|,;]"),
    "math": _math,
    "footnote": _by(FOOTNOTE, "footnote"),
    "note": _note,
    "block": _by(BLOCK, "block"),
    "field": _by(FIELD, "field"),
    "url": _url,
}
