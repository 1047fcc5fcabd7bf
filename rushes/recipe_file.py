"""Recipe file: what `runs/NAME.yaml` and the recipes that it extends say, each setting with its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rushes.errors import Finding, ScriptError, Source, did_you_mean, yaml_hint

__all__ = ["Said", "SaidSettings", "read_recipe_file", "recipe_names", "recipe_sizes"]

LINES = "write one setting: value a line"


@dataclass(frozen=True, slots=True)
class Said:
    """A value, and where it is said."""

    value: Any
    source: Source
    place: Source
    """Of the value; `source` is the key's."""


SaidSettings = dict[str, Said]


def recipe_names(runs_dir: Path) -> list[str]:
    """All recipes there are."""
    return sorted(path.stem for path in runs_dir.glob("*.yaml"))


def recipe_sizes(name: str, runs_dir: Path) -> list[str]:
    """The sizes that a recipe has."""
    return sorted(read_recipe_file(runs_dir / f"{name}.yaml")[1])


def read_recipe_file(path: Path, children: tuple[Path, ...] = ()) -> tuple[SaidSettings, dict[str, SaidSettings]]:
    """What a file and the ones it extends say: settings, and settings by size. `children` extend it.

    Raises:
        ScriptError: it is no list of settings, or extends what it cannot.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    tree = _tree(path, lines)
    said = _entries(path, lines, tree)
    sizes: dict[str, SaidSettings] = {}
    without: set[str] = set()
    parent = said.pop("extends", None)
    if (own := said.pop("sizes", None)) is not None:
        node = next(value for key, value in tree.value if key.value == "sizes")
        if not isinstance(node, yaml.MappingNode):
            hint = "write, for example, sizes: {gpu: {steps: 200}}"
            raise ScriptError([Finding(own.source, "'sizes' holds no settings by size", hint)])
        sizes, without = _sizes(path, lines, node)
    if parent is None:
        return said, sizes
    above = _extended(path, parent, children)
    base, base_sizes = read_recipe_file(above, (*children, path))
    merged = {size: {**base_sizes.get(size, {}), **sizes.get(size, {})} for size in {**base_sizes, **sizes}}
    return {**base, **said}, {size: merged[size] for size in merged if size not in without}


def _sizes(path: Path, lines: list[str], node: yaml.MappingNode) -> tuple[dict[str, SaidSettings], set[str]]:
    """Settings by size, and the sizes that there are not, whatever the recipe extends."""
    sizes: dict[str, SaidSettings] = {}
    without: set[str] = set()
    for key, value in node.value:
        if value.tag == "tag:yaml.org,2002:null":  # `tiny:` alone
            without.add(key.value)
        elif isinstance(value, yaml.MappingNode):
            sizes[key.value] = _entries(path, lines, value)
        else:
            place, hint = _source(path, lines, key), f"write, for example, {key.value}: {{steps: 200}}"
            raise ScriptError([Finding(place, f"the size '{key.value}' holds no settings", hint)])
    return sizes, without


def _extended(path: Path, parent: Said, children: tuple[Path, ...]) -> Path:
    """The file that `path` extends."""
    above = path.with_name(f"{parent.value}.yaml")
    if above in (*children, path):
        message = f"'{parent.value}' extends this recipe: a circle"
        raise ScriptError([Finding(parent.place, message, "extend another recipe")])
    if not above.is_file():
        hint = did_you_mean(str(parent.value), set(recipe_names(path.parent)) - {path.stem})
        raise ScriptError([Finding(parent.place, f"no recipe is called '{parent.value}'", hint)])
    return above


def _tree(path: Path, lines: list[str]) -> yaml.MappingNode:
    try:
        tree = _composed("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = min(mark.line if mark else 0, max(len(lines) - 1, 0))
        column = mark.column + 1 if mark and mark.line == line else 0
        place = Source(path, line + 1, column, text=lines[line] if lines else "")
        hint = yaml_hint(str(error.problem), place.text, LINES)
        raise ScriptError([Finding(place, f"this is not YAML: {error.problem}", hint)]) from None
    if not isinstance(tree, yaml.MappingNode):
        first = Source(path, 1, text=lines[0] if lines else "")
        raise ScriptError([Finding(first, "this is no list of settings", LINES)])
    return tree


def _composed(text: str) -> yaml.Node | None:
    """The C library is eight times as fast; what is wrong, the Python one says better."""
    tree: yaml.Node | None
    try:
        tree = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    return tree


def _entries(path: Path, lines: list[str], node: yaml.MappingNode) -> SaidSettings:
    said: SaidSettings = {}
    for key, value in node.value:
        source = _source(path, lines, key)
        if key.value in said:
            raise ScriptError([Finding(source, f"'{key.value}' is said twice", "delete one of the lines")])
        said[key.value] = Said(_plain(value), source, _source(path, lines, value))
    return said


def _source(path: Path, lines: list[str], node: yaml.Node) -> Source:
    mark, end = node.start_mark, node.end_mark
    last = end.column if end.line == mark.line else len(lines[mark.line])
    return Source(path, mark.line + 1, mark.column + 1, max(last - mark.column, 1), lines[mark.line])


def _plain(node: yaml.Node) -> Any:
    return yaml.constructor.SafeConstructor().construct_document(node)
