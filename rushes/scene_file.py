"""Scene file: what a scene says about itself, read from its source without running it.

So `check` and the cache know a scene's runs, settings and cues without importing Manim.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rushes.errors import Finding, Source

__all__ = ["SceneFile", "find_scene", "read_scene_file", "scene_names"]

PACKAGE = Path(__file__).parent
CARD = PACKAGE / "card.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFile:
    """A file that holds one subclass of `RunScene`."""

    path: Path
    class_name: str
    about: str
    """The first line of what it says of itself."""
    runs: Mapping[str, str]
    """Argument -> the run it names when the script says nothing."""
    settings: Mapping[str, str | int | float]
    """Argument -> its value when the script says nothing."""
    waits: tuple[tuple[str, Source], ...]
    """Cues the scene waits for, and where."""
    asks: tuple[tuple[str, str, Source], ...]
    """("runs" or "settings", argument, where) of each argument that it asks for by name."""
    columns: tuple[tuple[str, str, Source], ...]
    """(argument naming the run, column, where) of each column the scene reads by name."""
    assets: tuple[tuple[str, Source], ...]
    """Files below `assets/` that the scene uses, and where."""
    finding: Finding | None
    """What makes the file unusable."""


def scene_names(folders: Sequence[Path]) -> list[str]:
    """Names of all scenes in `folders`' scenes/."""
    found = {p.stem for folder in folders for p in (folder / "scenes").glob("*.py") if not p.stem.startswith("_")}
    return sorted(found)


def find_scene(name: str, folders: Sequence[Path]) -> Path | None:
    """The scene's file: the first of `folders` whose scenes/ has it."""
    return next((p for folder in folders if (p := folder / "scenes" / f"{name}.py").is_file()), None)


def read_scene_file(path: Path) -> SceneFile:
    """Read a scene's source. A file that is no scene has a `finding`."""
    return _read(path, path.stat().st_ctime_ns)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> SceneFile:
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines() or [""]

    def source(node: ast.AST) -> Source:
        line = getattr(node, "lineno", 1)
        end = getattr(node, "end_col_offset", 1) if getattr(node, "end_lineno", line) == line else len(rows[line - 1])
        start = getattr(node, "col_offset", 0)
        return Source(path, line, start + 1, max(end - start, 1), rows[line - 1])

    def broken(where: Source, message: str, suggestion: str) -> SceneFile:
        return SceneFile(
            path=path, class_name="", about="", runs={}, settings={}, waits=(), asks=(), columns=(), assets=(),
            finding=Finding(where, message, suggestion),
        )  # fmt: skip

    try:
        tree = _parsed(text)
    except SyntaxError as error:
        where = Source(path, error.lineno or 1, error.offset or 1, 1, (error.text or "").rstrip("\n"))
        return broken(where, f"this is not Python: {error.msg}", "python -m py_compile tells more")
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and any("RunScene" in ast.dump(b) for b in n.bases)]
    if len(classes) != 1:
        return broken(
            Source(path, 1, text=rows[0]),
            f"a scene file holds one class of RunScene; this one holds {len(classes)}",
            "write: class Name(RunScene): ...",
        )
    scene = classes[0]
    nodes = [n for n in ast.walk(scene) if isinstance(n, ast.Call | ast.Assign)]
    given: dict[str, Mapping[str, Any]] = {"runs": {}, "settings": {}}
    for name in given:
        if (value := _attribute(scene, name)) is not None:
            try:
                given[name] = dict(ast.literal_eval(value))
            except (ValueError, TypeError):
                hint = f"write, for example, {name} = " + ('{"run": "healthy"}' if name == "runs" else '{"width": 3.0}')
                return broken(source(value), f"the {name} of a scene are names with plain values in braces", hint)
    return SceneFile(
        path=path,
        class_name=scene.name,
        about=(ast.get_docstring(tree) or ast.get_docstring(scene) or "").partition("\n")[0],
        runs=given["runs"],
        settings=given["settings"],
        waits=tuple((name, source(where)) for name, where in (*_waits(nodes), *_waits_in_turn(scene, tree))),
        asks=tuple((table, name, source(call)) for table, name, call in _asks(nodes)),
        columns=tuple((run, column, source(call)) for run, column, call in _columns(nodes)),
        assets=tuple((name, source(call)) for name, call in _assets(nodes)),
        finding=None,
    )


@lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _attribute(scene: ast.ClassDef, name: str) -> ast.expr | None:
    """What a class gives to a name; None if it says nothing of it."""
    for node in scene.body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and target.id == name and isinstance(node, ast.Assign | ast.AnnAssign):
            return node.value
    return None


def _calls(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def _literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _waits(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes:
        if isinstance(node, ast.Call) and _is_wait(node) and (name := _literal(node)):
            yield name, node


def _is_wait(call: ast.Call) -> bool:
    """Whether a scene waits here; a cue with a default of its own is one it can do without."""
    method = call.func
    of_self = isinstance(method, ast.Attribute) and isinstance(method.value, ast.Name)
    named = isinstance(method, ast.Attribute) and method.attr in ("until", "cue")
    return of_self and named and len(call.args) == 1 and not call.keywords


def _waits_in_turn(scene: ast.ClassDef, tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """`(self.cue(name) for name in ("one", "two"))`, a loop over such names, or over a constant of the file."""
    constants = {name: value for node in tree.body for name, value in _assigned(node)}
    for target, each, within in _turns(scene):
        given = constants.get(each.id) if isinstance(each, ast.Name) else each
        calls = (node for part in within for node in ast.walk(part) if isinstance(node, ast.Call) and _is_wait(node))
        asked = {call.args[0].id for call in calls if isinstance(call.args[0], ast.Name)}
        if isinstance(target, ast.Name) and target.id in asked and isinstance(given, ast.Tuple | ast.List):
            for one in given.elts:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value, one


def _turns(scene: ast.ClassDef) -> Iterator[tuple[ast.expr, ast.expr, Sequence[ast.AST]]]:
    """(what is named in turn, of what, where) of each loop."""
    for node in ast.walk(scene):
        if isinstance(node, ast.GeneratorExp | ast.ListComp) and not node.generators[0].ifs:  # some of them: who knows
            yield node.generators[0].target, node.generators[0].iter, [node.elt]
        elif isinstance(node, ast.For):
            yield node.target, node.iter, node.body


def _assets(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, ast.Call]]:
    for method, call in _calls(nodes):
        if method == "asset" and (name := _literal(call)):
            yield name, call


def _asks(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, str, ast.Call]]:
    tables = {"record": "runs", "setting": "settings"}
    for method, call in _calls(nodes):
        of_self = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
        if method in tables and of_self and ast.unparse(call.func).startswith("self."):
            name = _literal(call) if call.args else "run" if method == "record" else None
            if name:
                yield tables[method], name, call


def _columns(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, str, ast.Call]]:
    """`self.record("other").column("rating")`, also through a local name."""
    names: dict[str, str] = {}
    for node in nodes:
        for name, value in _assigned(node):
            if run := _record(value):
                names[name] = run
    for method, call in _calls(nodes):
        if method in ("column", "at") and (column := _literal(call)) and isinstance(call.func, ast.Attribute):
            value = call.func.value
            run = _record(value) or (names.get(value.id) if isinstance(value, ast.Name) else None)
            if run:
                yield run, column, call


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names and their values: of `one = self.record()`, and of `one, two = self.record(), self.record("other")`."""
    if isinstance(node, ast.Assign):
        target, value = node.targets[0], node.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = list(zip(target.elts, value.elts, strict=True))
        yield from ((name.id, given) for name, given in pairs if isinstance(name, ast.Name))


def _record(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
        return _literal(node) or "run"
    return None
