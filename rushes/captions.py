"""Captions: timed words in, captions on whole frames out; and the files that carry them.

A caption is one or two lines of at most 42 characters, or 26 in a vertical frame. Where to break is one shortest-path
problem a beat: breaks after punctuation and before conjunctions and prepositions are cheap, breaks inside a phrase are
dear. The numbers are those of the Netflix English timed-text guide.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = [
    "Caption",
    "TimedWord",
    "ass",
    "captions",
    "line_width",
    "lint",
    "mov_text_header",
    "mov_text_packets",
    "srt",
    "vtt",
]

WIDTH, NARROW = 42, 26
"""Characters a line, in a wide frame and in a vertical one."""
GAP = 2
"""Frames between two captions, so that the eye sees the change."""
LONGEST, SHORTEST, CHAIN, TAIL = 7.0, 1.0, 0.5, 0.5
"""Seconds: of a caption at most and, where there is room, at least; of a gap that is closed; after the last word."""
EASY, FAST = 17.0, 20.0
"""Characters a second, spaces included: comfortable to read, and too fast."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the script, from frame `start` to before frame `end` of the film."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Caption:
    """One or two lines on screen from frame `start` to before frame `end`."""

    start: int
    end: int
    lines: tuple[str, ...]
    words: tuple[TimedWord, ...]


def line_width(size: tuple[int, int]) -> int:
    """Characters a line for a picture of `size` (width, height)."""
    return NARROW if size[1] > size[0] else WIDTH


def captions(beats: Sequence[Sequence[TimedWord]], *, fps: int, frames: int, width: int = WIDTH) -> tuple[Caption, ...]:
    """Captions of a film of `frames` frames; every word of every beat once, in order, none across two beats.

    `width` is the most characters a line.

    A caption starts with its first word. It stays until it has been read, if the next one leaves it the time.
    Words are in order of time, within a beat and from beat to beat.
    """
    parts = [part for beat in beats for part in _segments(beat, fps, width)]
    starts = [max(min(words[0].start, frames - 1), 0) for words, _ in parts]
    made: list[Caption] = []
    for (words, lines), start, following in zip(parts, starts, [*starts, None][1:], strict=True):
        spoken = max(words[-1].end, start + 1)
        read = start + max(SHORTEST, sum(map(len, lines)) / EASY) * fps
        room = frames if following is None else following - GAP
        end = max(spoken, min(round(read), spoken + round(TAIL * fps)))
        if following is not None and 0 <= room - end < CHAIN * fps - GAP:
            end = room
        end = min(end, room, start + round(LONGEST * fps))
        # Too little time even for the gap: rather no gap than no caption.
        made.append(Caption(start, max(end, start + 1), lines, tuple(words)))
    return tuple(made)


# Where to break ---------------------------------------------------------------------------------------------------


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = _set("a an the this that these those my your his her its our their no every each")
_PREPOSITIONS = _set(
    "of in on at to for with from by into over under about as than after before between through without within "
    "against during until"
)
_CONJUNCTIONS = _set("and but or nor so yet because although though while if when where which who that unless since")
_AUXILIARIES = _set(
    "is are was were be been am have has had do does did will would can could should may might must not n't don't "
    "won't can't didn't doesn't isn't wasn't to never"
)
_PRONOUNS = _set("i you he she it we they who")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:—–][\"'”’)\]]*$")
_DASH = re.compile(r"[-—–]+$")


def _break_cost(word: str, after: str) -> float:
    """How much a break between two words hurts; below zero where there should be one."""
    if _DASH.match(after):
        return 8.0
    if _SENTENCE_END.search(word):
        return -3.0
    if _CLAUSE_END.search(word) or _DASH.match(word):
        return -1.5
    bare, bare_after = (re.sub(r"[^\w']", "", text).lower() for text in (word, after))
    cost = 3.0
    if bare_after in _CONJUNCTIONS:
        cost = 0.0
    elif bare_after in _PREPOSITIONS:
        cost = 0.6
    if bare in _ARTICLES:
        cost += 6  # the | arrow
    if bare in _PREPOSITIONS or bare in _AUXILIARIES or bare in _PRONOUNS:
        cost += 4  # of | labels, had | fallen, she | slept
    if word[:1].isupper() and after[:1].isupper():
        cost += 3  # Values | Coach
    if re.fullmatch(r"[\d.,]+", word):
        cost += 4  # 28 | steps
    return cost


def _fits(line: str, width: int) -> bool:
    """A word wider than a line gets one to itself and is let out of the margin."""
    return len(line) <= width or " " not in line


def _lines(words: Sequence[str], costs: Sequence[float], width: int) -> tuple[float, tuple[str, ...]] | None:
    """(cost, the words in one line or the best two), or nothing if they do not fit. `costs[i]`: a break after i."""
    whole = " ".join(words)
    if _fits(whole, width):
        return 0.2, (whole,)
    best: tuple[float, tuple[str, ...]] | None = None
    for cut in range(1, len(words)):
        top, bottom = " ".join(words[:cut]), " ".join(words[cut:])
        if not (_fits(top, width) and _fits(bottom, width)):
            continue
        # Even lines, the lower one longer: it hides less of the picture.
        cost = 0.4 + max(costs[cut - 1], 0) / 4 + abs(len(top) - len(bottom)) / 48 + (len(top) > len(bottom)) / 8
        if best is None or cost < best[0]:
            best = cost, (top, bottom)
    return best


def _segments(beat: Sequence[TimedWord], fps: int, width: int) -> list[tuple[Sequence[TimedWord], tuple[str, ...]]]:
    """The beat's words cut into captions, with their lines: the cheapest way through all the ways to cut."""
    texts = [word.text for word in beat]
    costs = [_break_cost(a, b) for a, b in pairwise(texts)] + [-3.0]
    best: list[tuple[float, int, tuple[str, ...]]] = [(0.0, 0, ())]
    for end in range(1, len(beat) + 1):
        options: list[tuple[float, int, tuple[str, ...]]] = []
        for start in range(end - 1, -1, -1):
            seconds = (beat[end - 1].end - beat[start].start) / fps
            laid = _lines(texts[start:end], costs[start:end], width)
            if options and (laid is None or seconds > LONGEST):
                break
            assert laid is not None, "one word always fits"
            cost = best[start][0] + 2.0 + costs[end - 1] + laid[0]
            until = beat[end].start if end < len(beat) else beat[end - 1].end
            cost += 4 * (seconds < SHORTEST) + 3 * (end - start < 3) + 50 * (until - beat[start].start <= GAP)
            pairs = list(pairwise(beat[start:end]))
            cost += 2.5 * any(_SENTENCE_END.search(word.text) for word, _ in pairs)
            cost += 15 * any(after.start - word.end > 1.2 * fps for word, after in pairs)
            cost -= bool(start and beat[start].start - beat[start - 1].end > 0.6 * fps)
            options.append((cost, start, laid[1]))
        best.append(min(options))
    segments: list[tuple[Sequence[TimedWord], tuple[str, ...]]] = []
    end = len(beat)
    while end:
        _, start, lines = best[end]
        segments.append((beat[start:end], lines))
        end = start
    return segments[::-1]


# What is wrong with them ------------------------------------------------------------------------------------------


def lint(captions: Sequence[Caption], fps: int, width: int = WIDTH) -> list[str]:
    """What a reader would stumble over, one sentence each, with the caption's number and time."""
    found: list[str] = []
    for number, (caption, following) in enumerate(zip(captions, [*captions, None][1:], strict=True), 1):
        seconds = (caption.end - caption.start) / fps
        said: list[str] = []
        if seconds <= 0:
            said.append("error: it ends before it starts")
        else:
            pace = len(" ".join(caption.lines)) / seconds
            if pace > FAST:
                said.append(f"error: {pace:.1f} characters a second, at most {FAST:g} can be read")
            elif pace > EASY:
                said.append(f"warning: {pace:.1f} characters a second, more than {EASY:g} is hard to follow")
            if seconds > LONGEST:
                said.append(f"warning: it stays {seconds:.1f} s, more than {LONGEST:g} s")
            if seconds < SHORTEST:
                said.append(f"warning: it stays {seconds:.1f} s, less than {SHORTEST:g} s")
        said += [
            f"warning: a line of {len(line)} characters, more than {width}"
            for line in caption.lines
            if len(line) > width
        ]
        if len(caption.lines) > 2:
            said.append(f"error: {len(caption.lines)} lines, at most 2")
        if " ".join(caption.lines) != " ".join(word.text for word in caption.words):
            said.append("error: its text is not its words")
        if following is not None and following.start < caption.end:
            said.append("error: it overlaps the next one")
        elif following is not None and following.start - caption.end < GAP:
            said.append(f"warning: the next one comes within {GAP} frames")
        found += [f"caption {number} at {_clock(caption.start, fps)}: {each}" for each in said]
    return found


# Files ------------------------------------------------------------------------------------------------------------


def _ms(frame: int, fps: int) -> int:
    return round(frame * 1000 / fps)


def _clock(frame: int, fps: int, point: str = ".") -> str:
    seconds, ms = divmod(_ms(frame, fps), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def srt(captions: Sequence[Caption], fps: int) -> str:
    """SubRip, the words as they are: it has no way to escape any."""
    return "\n".join(
        f"{number}\n{_clock(each.start, fps, ',')} --> {_clock(each.end, fps, ',')}\n" + "\n".join(each.lines) + "\n"
        for number, each in enumerate(captions, 1)
    )


def vtt(captions: Sequence[Caption], fps: int) -> str:
    """WebVTT, with `&`, `<` and `>` escaped (pysubs2 does not)."""
    return "WEBVTT\n\n" + "\n".join(
        f"{_clock(each.start, fps)} --> {_clock(each.end, fps)}\n{html.escape(chr(10).join(each.lines), quote=False)}\n"
        for each in captions
    )


def ass(captions: Sequence[Caption], fps: int, size: tuple[int, int]) -> str:
    """Advanced SubStation for a picture of `size` (width, height), each word lit when it is said."""
    import pysubs2

    width, height = size
    file = pysubs2.SSAFile()
    file.info.update(PlayResX=str(width), PlayResY=str(height), ScaledBorderAndShadow="yes", WrapStyle="2")
    style = file.styles["Default"]
    style.fontname, style.fontsize = "Inter", round(min(height, width * 9 / 16) * 0.052)
    style.outline, style.shadow, style.marginv = height / 360, 0, round(height * 0.06)
    style.secondarycolor = pysubs2.Color(170, 170, 170)  # of a word that is still to come
    for each in captions:
        words = iter(each.words)
        lit, lines = each.start, []
        for line in each.lines:
            spans = []
            for text in line.split():
                word = next(words)
                wait = _hundredths(word.start, fps) - _hundredths(lit, fps)
                spans.append(f"{{\\k{wait}}}" * (wait > 0))
                lit = max(lit, word.start)
                spans.append(f"{{\\k{_hundredths(word.end, fps) - _hundredths(lit, fps)}}}{_literal(text)} ")
                lit = max(lit, word.end)
            lines.append("".join(spans).rstrip())
        event = pysubs2.SSAEvent(start=_ms(each.start, fps), end=_ms(each.end, fps), text="\\N".join(lines))
        file.append(event)
    return file.to_string("ass")


def _hundredths(frame: int, fps: int) -> int:
    return round(frame * 100 / fps)


def _literal(text: str) -> str:
    """Text that holds none of ASS's commands: a word joiner after a backslash, braces escaped."""
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def mov_text_header() -> bytes:
    """What a mov_text stream needs as its codec context's `subtitle_header` before its first packet."""
    import pysubs2

    return pysubs2.SSAFile().to_string("ass").encode()


def mov_text_packets(captions: Sequence[Caption], fps: int) -> list[tuple[int, int, bytes]]:
    """(start ms, duration ms, payload) without holes from 0: an MP4 text track needs an empty text for each gap.

    A payload is its length in two bytes, high byte first, and the text in UTF-8.
    """
    packets: list[tuple[int, int, bytes]] = []
    shown = 0
    for each in captions:
        start, end = _ms(each.start, fps), _ms(each.end, fps)
        if start > shown:
            packets.append((shown, start - shown, _counted("")))
        packets.append((start, end - start, _counted("\n".join(each.lines))))
        shown = end
    return packets


def _counted(text: str) -> bytes:
    payload = text.encode()
    return len(payload).to_bytes(2, "big") + payload
