"""Imported: the files and packages that a source file imports, found without running or parsing it whole."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

__all__ = ["imported", "imported_files"]

PACKAGE = Path(__file__).parent


def imported_files(path: Path) -> tuple[Path, ...]:
    """`path` and every file of this project that it imports, through any number of steps, sorted."""
    return imported(path)[0]


def imported(path: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """(`path` and every file of this project that it imports, through any number of steps; the packages that these
    import from elsewhere, but for Python's own), both sorted."""
    path = path.resolve()
    folders = (str(PACKAGE.parent), str(path.parent), str(path.parent.parent))
    names: dict[str, frozenset[str]] = {}
    files: dict[str, str] = {}
    packages: set[str] = set()
    todo = [str(path)]
    while todo:
        found_as = todo.pop()
        if found_as in files:
            continue
        file = files[found_as] = os.path.realpath(found_as)
        here = os.path.dirname(file)
        for name, level in _imports(file, os.stat(file).st_ctime_ns):
            parts = name.split(".")
            if level:
                found = _modules(parts, str(Path(file).parents[level - 1]), names)
            else:
                found = [f for folder in dict.fromkeys((*folders, here)) for f in _modules(parts, folder, names)]
            todo += found
            if not (found or level):
                packages.add(parts[0])
    return tuple(sorted({Path(file) for file in files.values()})), tuple(sorted(packages - sys.stdlib_module_names))


# Where an import may begin: at the start of a statement. Parsing whole files for their few imports took half the time
# in which a film is found to be made already.
_IMPORT = re.compile(r"(?:^|[;:])[ \t]*(?=(?:import|from)\b)", re.MULTILINE)
_STATEMENT = re.compile(r"(?:import|from)\b(?:[^\n;(#]*\((?:[^)#]|#[^\n]*)*\)|[^\n;#]*)")
_COMMENT = re.compile(r"#[^\n]*")


@lru_cache(maxsize=512)
def _imports(path: str, _changed: int) -> tuple[tuple[str, int], ...]:
    """(what may be a module, how many dots are before it) of each import in a file.

    One that stands in a text is taken for one, too.
    """
    text = Path(path).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[tuple[str, int], None] = {}
    for start in _IMPORT.finditer(text):
        statement = _STATEMENT.match(text, start.end())
        if statement is None:
            continue
        try:
            (node,) = ast.parse(_COMMENT.sub("", statement[0])).body
        except (SyntaxError, ValueError):  # words of a text
            continue
        if isinstance(node, ast.Import):
            found |= {(alias.name, 0): None for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(f"{node.module or ''}.{alias.name}".strip("."), node.level): None for alias in node.names}
    return tuple(found)


def _modules(parts: Sequence[str], folder: str, names: dict[str, frozenset[str]]) -> list[str]:
    """The files of `folder` that an import may run: a module's own, and those of the packages that it is in.

    Where several folders have one, all of them count: which one comes first is for Python to say. `names` remembers
    what is in a folder.
    """
    found: list[str] = []
    for part in parts:
        if folder not in names:
            names[folder] = frozenset(os.listdir(folder)) if os.path.isdir(folder) else frozenset()
        if f"{part}.py" in names[folder]:
            found.append(os.path.join(folder, f"{part}.py"))
        if part not in names[folder]:
            break
        folder = os.path.join(folder, part)
        if os.path.isfile(whole := os.path.join(folder, "__init__.py")):
            found.append(whole)
    return found
