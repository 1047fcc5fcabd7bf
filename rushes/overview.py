"""Overview: a script's storyboard as lines of text: what is said, how long it takes, what is shown, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from rushes.beat import Beat
from rushes.direction import Direction
from rushes.errors import Finding
from rushes.placing import estimate, lay_out
from rushes.script import Script
from rushes.storyboard import Card, Code, Insert, Listing, Picture, Quote, Site, Slate, Table

__all__ = ["overview"]

FPS = 30
NUMBER, SECONDS = 4, 7  # columns
MARGIN = NUMBER + SECONDS + 3
PACE = 0.81  # of the estimate: hibari reads our two films in 0.80 and 0.83 of it
NARROW = 40  # no line is laid out in fewer columns
KINDS = {
    "Slate": "slate", "Site": "source", "Quote": "quote", "Listing": "list", "Table": "table", "Code": "code",
    "Picture": "picture", "Insert": "video",
}  # fmt: skip


def overview(script: Script, texts: Sequence[str], width: int, findings: Sequence[Finding] | None = None) -> Text:
    """The storyboard of a script, laid out for a terminal `width` columns wide.

    Args:
        texts: the words of each beat, as captioned.
        findings: what is wrong with it; by default what reading it found.
    """
    width = max(width, NARROW)
    timeline = lay_out(script, texts, [estimate(text, PACE) for text in texts], fps=FPS, size=(1920, 1080))
    found = _by_beat(script, script.findings if findings is None else findings)
    starts = iter(timeline.sections)
    lines = [_head(script, timeline.seconds, width)]
    section, first = -1, True
    for i, (beat, text, placed) in enumerate(zip(script.beats, texts, timeline.beats, strict=True)):
        if beat.section != section:
            section = beat.section
            title = script.sections[section].title
            lines += [Text(), _ends(Text(title or "(no heading)", "bold"), _clock(next(starts).start / FPS), width)]
            first = True
        lines.append(_spoken(i + 1, placed.frames / FPS, text, width))
        if first and not beat.directions:
            lines.append(_below("title", script.sections[section].title or script.title, "green", width))
        lines += _shown(beat, width)
        first = False
        lines += [_wrong(finding, width) for finding in found.get(i, ())]
    return Text("\n").join([*lines, *_tail(script, found, width)])


# ---------------------------------------------------------------------- lines
def _head(script: Script, seconds: float, width: int) -> Text:
    scenes = sum(direction.scene is not None for beat in script.beats for direction in beat.directions)
    cards = sum(len(beat.directions) for beat in script.beats) - scenes
    told = [_count(len(script.sections), "section"), _count(len(script.beats), "beat")]
    told += [_count(scenes, "scene"), _count(cards, "card"), f"about {_clock(seconds)}"]
    return Text("\n").join([_cut(Text(script.title, "bold"), width), _cut(Text(" · ".join(told), "dim"), width)])


def _spoken(number: int, seconds: float, text: str, width: int) -> Text:
    said = Text(text) if text else Text("(says nothing)", "dim")
    return _cut(Text.assemble((f"{number:{NUMBER}}", "dim"), f"{seconds:{SECONDS}.1f} s ", said), width)


def _shown(beat: Beat, width: int) -> Iterator[Text]:
    for direction in beat.directions:
        at = f'  at "{direction.at}"' if direction.at else ""
        if direction.scene:
            args = " ".join(f"{key}={value}" for key, value in direction.args.items())
            beside = f"  beside it {direction.card.name}" if isinstance(direction.card, Insert) else ""
            yield _below("scene", f"{direction.scene} {args}{beside}".strip() + at, "cyan", width)
        else:
            what, missing = _card(direction)
            yield _below(KINDS[type(direction.card).__name__], what + at, "yellow" if missing else "green", width)


def _card(direction: Direction) -> tuple[str, bool]:
    """What a card shows, in a few words, and whether somebody has yet to make it."""
    card: Card = direction.card
    match card:
        case Slate():
            return " / ".join(card.lines), True
        case Site():
            return f"{card.title}  {card.url}".strip(), False
        case Quote():
            return (f"{card.speaker}: " if card.speaker else "") + f"“{card.text}”", False
        case Listing():
            return " · ".join(head or rest for head, rest in card.items), False
        case Table():
            return f"{' | '.join(card.rows[0])}  ({_count(len(card.rows) - 1, 'row')})", False
        case Code():
            return f"{card.language}  {(card.text.strip().splitlines() or [''])[0]}".strip(), False
        case Picture():
            return (str(card.path.name) if card.path else f"missing: {card.caption}"), card.path is None
        case Insert():
            part = f"  from {_clock(card.start)}" if card.start else ""
            part += f"  for {card.seconds:g} s" if card.seconds else ""
            return (card.name if card.path else f"missing: {card.name}") + part, card.path is None
        case _:
            return direction.text, False


def _below(kind: str, what: str, style: str, width: int) -> Text:
    line = Text.assemble(" " * MARGIN, (f"{kind:<8}", style), " ".join(what.split()))
    return _cut(line, width)


def _wrong(finding: Finding, width: int) -> Text:
    style = "red" if finding.level == "error" else "yellow"
    return _cut(Text.assemble(" " * MARGIN, (f"{finding.level:<8}", style), (finding.message, style)), width)


def _tail(script: Script, found: dict[int, list[Finding]], width: int) -> Iterator[Text]:
    """What is still to be made or mended, and what of the note is in no film."""
    shown = [(i, d) for i, beat in enumerate(script.beats, 1) for d in beat.directions if d.scene is None]
    slates = [i for i, direction in shown if isinstance(direction.card, Slate)]
    missing = [i for i, d in shown if isinstance(d.card, Picture | Insert) and d.card.path is None]
    todo: list[tuple[str, str]] = []
    if slates:
        todo.append((_count(len(slates), "slate") + " to film", f"beat {_numbers(slates)}"))
    if missing:
        todo.append((_count(len(missing), "file") + " missing", f"beat {_numbers(missing)}"))
    if script.thumbnail and script.thumbnail.path is None:
        todo.append(("thumbnail missing", script.thumbnail.caption))
    levels = Counter(finding.level for findings in found.values() for finding in findings)
    todo += [
        (_count(levels[level], level), "rushes check says where") for level in ("error", "warning") if levels[level]
    ]
    if script.left_out:
        todo.append(("not in the film", ", ".join(section.title or "(no title)" for section in script.left_out)))
    if todo:
        yield Text()
    for what, where in todo:
        yield _cut(Text.assemble((f"{what:<20}", "bold"), (where, "dim")), width)


# ---------------------------------------------------------------------- small things
def _by_beat(script: Script, findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Findings by the beat whose lines they are in; -1 is none of them."""
    of = {
        (beat.source.path, line): i  # a beat that is pulled in stands in a note of its own
        for i, beat in enumerate(script.beats)
        for line in range(beat.source.line, beat.last_line + 1)
    }
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        found.setdefault(of.get((finding.source.path, finding.source.line), -1), []).append(finding)
    return found


def _numbers(beats: Iterable[int]) -> str:
    return ", ".join(map(str, dict.fromkeys(beats)))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _cut(line: Text, width: int) -> Text:
    line.truncate(width, overflow="ellipsis")
    line.rstrip()
    return line


def _ends(left: Text, right: str, width: int) -> Text:
    """`left` at the left edge, `right` at the right one."""
    left.truncate(width - cell_len(right) - 2, overflow="ellipsis")
    gap = width - cell_len(left.plain) - cell_len(right)
    return Text.assemble(left, " " * gap, (right, "dim"))
