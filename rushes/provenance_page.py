"""Provenance page: `film.json`'s account of every number, as tables for the film's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise
from typing import Any

from rushes.errors import many_of
from rushes.phrases import ends_sentence

__all__ = ["clock", "figures", "moment", "sentences"]

SAID = ("Figure", "Said", "Measure", "Run", "Record")
DRAWN = ("Scene", "At", "What it reads", "Run", "Record")
RECORDS = ("Run", "Size", "Seed", "Device", "Began", "Commit", "Recipe", "Record")


def clock(frame: int, fps: int) -> str:
    """When a frame is seen: minutes and seconds, with hours if there are any."""
    minutes, seconds = divmod(frame // fps, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def moment(frame: int, fps: int) -> str:
    """What makes a link one to a moment of the film."""
    return f'href="#t={frame / fps:.3f}" data-frame="{frame}"'


def figures(film: Mapping[str, Any], timeline: Mapping[str, Any]) -> Iterator[str]:
    """What is said, what is drawn, and the records they are from; nothing if the film shows no run."""
    if not film["records"]:
        return
    yield '<section aria-labelledby="numbers">\n<h2 id="numbers">Where the numbers come from</h2>'
    yield '<p class="note">Every figure was computed from a recorded training run when the film was made. A record is'
    yield "known by its hash: another hash is another record.</p>"
    if film["spoken"] or film["written"]:
        yield from _table(SAID, _said(film, timeline))
    if film["drawn"]:
        shots = many_of(len({row["shot"] for row in film["drawn"]}), "shot")
        yield f"<details>\n<summary>What the pictures are drawn from: {shots}</summary>"
        yield '<p class="note">A scene draws whole columns of a record, as curves, samples or counts; where it reads'
        yield "single steps, they are named. <code>source</code> and <code>diff</code> are the code that was run.</p>"
        yield from _table(DRAWN, _drawn(film, timeline))
        yield "</details>"
    yield f"<details>\n<summary>The records: {many_of(len(film['records']), 'run')}</summary>"
    yield from _table(RECORDS, _records(film))
    yield "</details>\n</section>"


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    """Each cell carries its column's name: on a telephone a row is a block of its own."""
    yield "<table>\n<thead><tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead>\n<tbody>"
    for row in rows:
        cells = (f'<td data-label="{head}">{cell}</td>' for head, cell in zip(heads, row, strict=True))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>\n</table>"


def _said(film: Mapping[str, Any], timeline: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    fps, beats = timeline["fps"], {beat["id"]: beat for beat in timeline["beats"]}
    for row in (*film["spoken"], *film["written"]):
        where, shown = "in the description", str(row["shown"])
        if beat := beats.get(row.get("beat", "")):
            start, sentence = _when(beat, shown)
            where = f'<a class="at" {moment(start, fps)}>{clock(start, fps)}</a><small>{escape(sentence)}</small>'
        steps = f"<small>{_steps(row['steps'])}</small>" if row["steps"] else ""
        measured = f"<code>{escape(row['column'])}.{escape(row['stat'])}</code>{steps}"
        exact = str(row["value"])
        value = f"<small>{escape(exact)}</small>" if exact != shown.replace(",", "") else ""
        figure = f'<span class="figure">{escape(shown)}</span>{value}'
        yield figure, where, measured, _run(film, row["run"]), _hash(row["record"])


def _when(beat: Mapping[str, Any], shown: str) -> tuple[int, str]:
    """The frame at which a figure is said, and its sentence; the beat's own where no word holds it."""
    for sentence in sentences(beat["words"]):
        for text, start, _ in sentence:
            if shown in text:
                return int(start), " ".join(word for word, _, _ in sentence)
    return int(beat["start"]), str(beat["text"])


def sentences(words: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """A beat's words, as the timeline has them, cut into sentences."""
    ends = [i for i, (text, _, _) in enumerate(words, 1) if ends_sentence(text)]
    return (words[a:b] for a, b in pairwise([0, *ends, len(words)]) if a < b)


def _steps(steps: Sequence[int]) -> str:
    """`step 0`, `steps 3, 5, 9–12`."""
    breaks = [i for i, (a, b) in enumerate(pairwise(steps), 1) if b != a + 1]
    runs = [steps[a:b] for a, b in pairwise([0, *breaks, len(steps)])]
    told = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"step {told}" if len(steps) == 1 else f"steps {told}"


def _drawn(film: Mapping[str, Any], timeline: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    fps, starts = timeline["fps"], {shot["id"]: int(shot["start"]) for shot in timeline["shots"]}
    for (shot, run), rows in groupby(film["drawn"], key=lambda row: (row["shot"], row["run"])):
        read = list(rows)
        start, parts = starts[shot], []
        for what, some in groupby(read, key=lambda row: str(row["what"])):
            steps = sorted({int(row["steps"]) for row in some if str(row["steps"]).isdigit()})
            parts.append(f"<code>{escape(what)}</code>" + (f" ({_steps(steps)})" if steps else ""))
        at = f'<a class="at" {moment(start, fps)}>{clock(start, fps)}</a>'
        yield (
            f"<code>{escape(read[0]['scene'])}</code>",
            at,
            ", ".join(parts),
            _run(film, run),
            _hash(read[0]["record"]),
        )


def _run(film: Mapping[str, Any], name: str) -> str:
    record = film["records"][name]
    return f"<code>{escape(name)}</code><small>seed {record['seed']}, {escape(str(record['device']))}</small>"


def _records(film: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for name, record in film["records"].items():
        began = str(record["began"] or "")[:16].replace("T", " ")
        commit = str(record["commit"] or "")[:10]
        told = (record["size"], record["seed"], record["device"], began)
        yield (
            f"<code>{escape(name)}</code>", *(escape(str(part)) for part in told), _hash(commit),
            _hash(record["recipe_hash"] or ""), _hash(record["digest"]),
        )  # fmt: skip


def _hash(text: str) -> str:
    return f'<span class="record">{escape(text)}</span>'
