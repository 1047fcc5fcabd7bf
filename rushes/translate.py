"""Translate: write the note that a script is translated in, or add to it what is not there yet.

Nothing that somebody wrote is ever changed; `accept` changes only what the translation remembers of the script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from rushes.beat import last_line
from rushes.cache import write_whole
from rushes.check import Checked
from rushes.errors import RushesError, did_you_mean
from rushes.language import Language, language
from rushes.translation import ORIGINAL, Original, Translation, originals

__all__ = ["translate", "translation_path"]

COMMON = ("ar", "de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "pt-BR", "ru", "tr", "uk", "zh", "zh-Hant")


def translation_path(script: Path, tag: str) -> tuple[Language, Path]:
    """The language of a tag, and where a script's translation into it lies.

    Raises:
        RushesError: there is no such language.
    """
    spoken = language(tag)
    if spoken is None:
        near = did_you_mean(tag, COMMON)
        raise RushesError(f"'{tag}' is no language\n  write its BCP 47 tag, such as de or pt-BR; {near}")
    return spoken, script.with_name(f"{script.stem}.{spoken.tag}.md")


def translate(checked: Checked, spoken: Language, path: Path, *, accept: bool = False) -> int:
    """Write a translation's note, or add what is missing in it; how many sentences were added.

    Args:
        accept: whether what changed in the script is translated by now, and to be remembered so.

    Raises:
        RushesError: the note is not UTF-8, so that writing it could lose something.
    """
    known = next((one for one in checked.translations if one.path == path), None)
    if known is None or not path.exists():
        says = originals(checked.script)
        write_whole(path, "\n".join([*_head(checked, spoken), *_listed(says, _titles(checked), "", "\t")]) + "\n")
        return len(says)
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise RushesError(f"{path} is not UTF-8, so nothing is written to it\n  save it as UTF-8 first") from error
    end = "\r\n" if "\r\n" in text else "\n"
    rows = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if accept:
        for unit in known.units:
            if unit.original and unit.changed and unit.done:
                source = unit.block.properties[ORIGINAL].source
                rows[source.line - 1] = source.text[: source.column - 1] + unit.original.text
    there = {unit.original.id for unit in known.units if unit.original}
    new = [original for original in originals(checked.script) if original.id not in there]
    for line, added in sorted(_places(checked, known, new, len(rows)).items(), reverse=True):
        rows[line:line] = added
    now = "\n".join(rows) + "\n"
    if now != text.replace("\r\n", "\n"):
        write_whole(path, now.replace("\n", end))
    return len(new)


def _head(checked: Checked, spoken: Language) -> Iterable[str]:
    script = checked.script
    return (
        "---",
        f"title: {json.dumps(f'{script.title} ({spoken.tag})', ensure_ascii=False)}",
        f'translates: "[[{script.name}]]"',
        "---",
        f"%% {script.title} in {spoken.name}: write each sentence behind its dash; below it is what it was. %%",
        "",
        "## Script",
    )


def _titles(checked: Checked) -> Mapping[int, str]:
    return {n: section.title for n, section in enumerate(checked.script.sections) if section.title}


def _listed(says: Iterable[Original], titles: Mapping[int, str], indent: str, step: str) -> list[str]:
    """Sentences to be translated, below the headings of their sections; `titles` are those to be written."""
    rows, section = [], -1
    for original in says:
        if original.section != section and original.section in titles:
            rows.append(f"{indent}- #### {titles[original.section]}")
        section = original.section
        rows += _bullet(original, indent + step)
    return rows


def _bullet(original: Original, indent: str) -> list[str]:
    return [f"{indent}- ", f"{indent}  {ORIGINAL}:: {original.text}"]


def _places(checked: Checked, known: Translation, new: Iterable[Original], end: int) -> Mapping[int, list[str]]:
    """Number of the row -> the rows to be put behind it: after the sentence that comes before in the script."""
    at: dict[str, tuple[int, str]] = {}
    sections = set()
    line, indent = end, "\t"
    for unit in reversed(known.units):
        if unit.original:
            row = unit.block.source.text
            line, indent = unit.block.source.line - 1, row[: len(row) - len(row.lstrip(" \t"))]
            at[unit.original.id] = last_line((unit.block,)), indent
            sections.add(unit.original.section)
    places: dict[int, list[str]] = {}
    wanted = {original.id for original in new}
    titles = _titles(checked)
    for original in originals(checked.script):
        if original.id not in wanted:
            line, indent = at[original.id]
            continue
        rows = places.setdefault(line, [])
        if original.section not in sections and original.section in titles:
            sections.add(original.section)
            rows.append(f"{_less(indent)}- #### {titles[original.section]}")
        rows += _bullet(original, indent)
    return places


def _less(indent: str) -> str:
    """One step out."""
    return indent[:-1] if indent.endswith("\t") else re.sub(r" {1,4}$", "", indent)
