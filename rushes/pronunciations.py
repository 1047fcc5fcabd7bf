"""Pronunciations: tables that say how written words are said.

The house's is `assets/pronunciations.yaml`. A `pronunciations.yaml` in a script's vault wins over it, one beside the
script over both, and what the script itself says (`spoken`) over all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rushes.errors import Finding, Source
from rushes.folder import Folder

__all__ = ["FILE", "Table", "house_table", "over", "own_table", "read_table", "word_key"]

FILE = "pronunciations.yaml"
HOUSE = Path(__file__).parent.parent / "assets" / FILE
AROUND = ".,;:!?…—–\"'“”‘’()[]*_"  # what a word is found without; 'C#' is not 'C'
_HINT = "write one word a line, as in Megacoach: mega coach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How written words and phrases are said, and what is wrong with the files that say so."""

    entries: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@cache
def house_table() -> Table:
    """The table that every script is read with."""
    return read_table(HOUSE)


def own_table(script: Path) -> Table:
    """What the vault and the folder of a script add to the house's table."""
    entries: dict[str, str] = {}
    findings: list[Finding] = []
    for folder in dict.fromkeys((Folder.around(script).root, script.absolute().parent)):
        if os.path.lexists(folder / FILE):
            table = read_table(folder / FILE)
            entries = over(entries, table.entries)
            findings += table.findings
    return Table(entries=entries, findings=tuple(findings))


def over(below: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """Both tables, the one above winning, however a word is written there."""
    taken = {_phrase_key(written) for written in above}
    return {**{written: told for written, told in below.items() if _phrase_key(written) not in taken}, **above}


def word_key(word: str) -> str:
    """'Megacoach,' and 'megacoach' are one word, 'US' and 'us' are two."""
    bare = word.strip(AROUND) or word
    return bare if sum(letter.isupper() for letter in bare) > 1 else bare.casefold()


def _phrase_key(written: str) -> tuple[str, ...]:
    return tuple(word_key(word) for word in written.split())


def read_table(path: Path) -> Table:
    """One file. A line that is wrong is left out and told."""
    import yaml

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return Table(entries={}, findings=(Finding(Source(path, 1), "this table is not UTF-8", "save it as UTF-8"),))
    except OSError as error:
        told = Finding(Source(path, 1), f"this table cannot be read: {error.strerror}", "let it be read, or remove it")
        return Table(entries={}, findings=(told,))

    def place(mark: yaml.Mark | None, end: yaml.Mark | None = None) -> Source:
        row = min(mark.line if mark else 0, max(len(lines) - 1, 0))
        text = lines[row] if lines else ""
        if mark is None or mark.line != row or mark.column >= len(text):
            return Source(path, row + 1, text=text)
        width = end.column - mark.column if end and end.line == row else 1
        return Source(path, row + 1, mark.column + 1, max(width, 1), text)

    try:
        tree = yaml.compose("\n".join(lines), yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        wrong = Finding(place(error.problem_mark), f"this is not YAML: {error.problem}", _HINT)
        return Table(entries={}, findings=(wrong,))
    except yaml.reader.ReaderError as error:
        return Table(entries={}, findings=(Finding(Source(path, 1), f"this is not YAML: {error.reason}", _HINT),))
    if tree is None:
        return Table(entries={})
    if not isinstance(tree, yaml.MappingNode):
        return Table(entries={}, findings=(Finding(place(tree.start_mark), "this is no table of words", _HINT),))
    entries: dict[str, str] = {}
    findings: list[Finding] = []
    for written, told in tree.value:
        key = place(written.start_mark, written.end_mark)
        if not isinstance(written, yaml.ScalarNode) or not any(not c.isspace() for c in written.value):
            findings.append(Finding(key, "this is no word", _HINT))
        elif not isinstance(told, yaml.ScalarNode):
            at = place(told.start_mark, told.end_mark)
            findings.append(Finding(at, f"'{written.value}' is not said in one way", _HINT))
        elif not any(letter.isalnum() for letter in told.value):
            findings.append(Finding(key, f"'{written.value}' has no pronunciation", _HINT))
        elif written.value in entries:
            findings.append(Finding(key, f"'{written.value}' is here twice", "leave one of them"))
        else:
            entries[written.value] = told.value
    return Table(entries=entries, findings=tuple(findings))
