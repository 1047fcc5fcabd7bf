"""Every message in the source, with its blanks: what a finding, an error or a warning can say.

Read from the syntax tree: through local names, conditions, the arguments that helpers pass on and the functions that
return words. So a new message is seen, whoever writes it and however.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["Said", "entries", "messages"]

FIELDS = ("message", "suggestion", "fault", "why")  # what fields and parameters that hold messages are called
DEEP = 8  # names and calls that are followed
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the source can say. A piece that is None is a value, filled in when it is said."""

    pieces: tuple[str | None, ...]
    module: str = ""
    line: int = 0
    opaque: str = ""
    """The expression, if nothing of what it can say is known."""

    def __str__(self) -> str:
        return " ".join("".join("…" if piece is None else piece for piece in self.pieces).split())

    @property
    def letters(self) -> int:
        """How much of it is in the source."""
        return sum(char.isalpha() for piece in self.pieces if piece for char in piece)

    def is_in(self, golden: Sequence[str]) -> bool:
        """Whether one of some messages, each on one line, says this."""
        parts = [
            ".*?" if piece is None else r"\s+".join(map(re.escape, re.split(r"\s+", piece))) for piece in self.pieces
        ]
        whole = re.compile("".join(parts).removeprefix(r"\s+").removesuffix(r"\s+"))
        return any(whole.search(one) for one in golden)


def entries(golden: str) -> list[str]:
    """The messages of a golden file, each on one line."""
    return [" ".join(entry.split()) for entry in golden.split("\n\n")]


def messages(package: Path, returned_by: Iterable[str] = ()) -> list[Said]:
    """Every message of a package, in order.

    `returned_by` names functions, `module.function`, that return or yield what is said.
    """
    source = _Source(package)
    found = dict.fromkeys([*source.given(), *(said for name in returned_by for said in source.within(name))])
    return sorted(found, key=lambda said: (said.module, said.line, str(said)))


class _Source:
    """The syntax trees of a package, and who calls whom."""

    def __init__(self, package: Path) -> None:
        self.trees = {p.relative_to(package).as_posix(): ast.parse(p.read_text("utf-8")) for p in package.rglob("*.py")}
        self.around: dict[int, tuple[Function, ...]] = {}  # the functions a node is in, innermost last
        self.module: dict[int, str] = {}
        self.functions: dict[tuple[str, str], Function] = {}
        self.classes: dict[str, tuple[str, ...]] = {}  # those that hold messages, and what they take
        self.imported: dict[tuple[str, str], str] = {}  # (module, name) -> module it comes from
        for name, tree in self.trees.items():
            self._place(tree, name, ())
        self._find_classes()
        self.calls: dict[tuple[str, str], list[ast.Call]] = defaultdict(list)
        for name, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and (called := self._called(node.func, name)):
                    self.calls[called].append(node)

    def _place(self, node: ast.AST, module: str, around: tuple[Function, ...]) -> None:
        self.around[id(node)], self.module[id(node)] = around, module
        if isinstance(node, Function):
            self.functions[module, node.name] = node
            around = (*around, node)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rushes"):
            path = (node.module or "").removeprefix("rushes").lstrip(".").replace(".", "/") + ".py"
            self.imported |= {(module, alias.asname or alias.name): path for alias in node.names}
        for child in ast.iter_child_nodes(node):
            self._place(child, module, around)

    def _find_classes(self) -> None:
        classes = [node for tree in self.trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        for one in classes:
            fields = [n.target.id for n in one.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
            if set(fields) & set(FIELDS):
                self.classes[one.name] = tuple(fields)
        errors = {"Exception", "RuntimeError", "ValueError"}
        for _ in classes:
            for one in classes:
                if {base.id for base in one.bases if isinstance(base, ast.Name)} & errors:
                    errors.add(one.name)
                    init = next((n for n in one.body if isinstance(n, Function) and n.name == "__init__"), None)
                    self.classes[one.name] = _params(init) if init else ("message",)

    def _called(self, func: ast.expr, module: str) -> tuple[str, str] | None:
        """The function of this package that a call means; of methods, those of the same file."""
        name = func.id if isinstance(func, ast.Name) else ""
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and not hasattr(dict, func.attr):
            name = func.attr
        for where in (module, self.imported.get((module, name), "") if isinstance(func, ast.Name) else ""):
            if (where, name) in self.functions:
                return where, name
        return None

    # ------------------------------------------------------------------ where something is said
    def given(self) -> Iterator[Said]:
        """What is given to a class that holds messages, or by the name of one."""
        for tree in self.trees.values():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    for value in self._given(node):
                        yield from self._read(value, 0)
                        yield from self._opaque(value, 0)
                elif isinstance(node, ast.ExceptHandler) and node.name and self._repeats(node):
                    yield from self._raised(self.module[id(node)], node)

    def _given(self, call: ast.Call) -> list[ast.expr]:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        fields = self.classes.get(name, ())
        found = [value for field, value in zip(fields, call.args, strict=False) if field in FIELDS]
        found += [keyword.value for keyword in call.keywords if keyword.arg in FIELDS]
        if isinstance(call.func, ast.Attribute) and call.func.attr == "append" and _last(call.func.value) == "findings":
            found += [value for value in call.args if not isinstance(value, ast.Call | ast.Attribute)]
        if name == "print" and any(keyword.arg == "file" for keyword in call.keywords):
            found += call.args
        return found

    def _repeats(self, handler: ast.ExceptHandler) -> bool:
        """Whether the words of an exception become part of a message."""
        given = [value for call in ast.walk(handler) if isinstance(call, ast.Call) for value in self._given(call)]
        return any(isinstance(n, ast.Name) and n.id == handler.name for value in given for n in ast.walk(value))

    def _raised(self, module: str, handler: ast.ExceptHandler) -> Iterator[Said]:
        kinds = {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else set()
        for node in ast.walk(self.trees[module]):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=args)) if kind in kinds:
                    for value in args:
                        yield from self._read(value, 0)

    def within(self, name: str) -> Iterator[Said]:
        """Whatever is written in a function."""
        module, _, function = name.rpartition(".")
        found = self.functions[f"{module.replace('.', '/')}.py", function]
        ahead: list[ast.AST] = [node for node in found.body if not _is_docstring(node)]
        while ahead:
            node = ahead.pop()
            if isinstance(node, ast.JoinedStr | ast.Constant):
                yield from self._read(node, 0)
            elif not isinstance(node, ast.Compare):
                ahead += ast.iter_child_nodes(node)

    # ------------------------------------------------------------------ what is said
    def _read(self, node: ast.expr, depth: int) -> list[Said]:
        """All that an expression can come to."""

        def each(nodes: Iterable[ast.expr]) -> list[Said]:
            return [said for one in nodes for said in self._read(one, depth)]

        def follow(nodes: Iterable[ast.expr]) -> list[Said]:
            return [said for one in nodes for said in self._read(one, depth + 1)] if depth < DEEP else []

        module = self.module[id(node)]
        blank = [Said((None,), module, node.lineno)]
        match node:
            case ast.Constant(value=str(text)):
                return [Said((text,), module, node.lineno)]
            case ast.Constant():
                return []
            case ast.JoinedStr(values=parts):
                choices = [self._read(part, depth) for part in parts]
                for i in range(1, len(parts) - 1):
                    if _ends(parts[i - 1], -1) == _ends(parts[i + 1], 0) == "'":
                        choices[i] = blank  # in quotes stands what an author wrote
                return [replace(said, module=module, line=node.lineno) for said in _joined(choices)]
            case ast.FormattedValue(value=value, format_spec=spec):
                return blank if spec else (self._read(value, depth) or blank)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _joined([self._read(left, depth), self._read(right, depth)])
            case ast.IfExp(body=body, orelse=other):
                return each((body, other))
            case ast.BoolOp(values=nodes) | ast.List(elts=nodes) | ast.Tuple(elts=nodes) | ast.Dict(values=nodes):
                return each(nodes)
            case ast.Starred(value=value) | ast.ListComp(elt=value) | ast.GeneratorExp(elt=value):
                return self._read(value, depth)
            case ast.Subscript(value=ast.Dict() | ast.Name() as value):
                return self._read(value, depth)
            case ast.Name():
                return follow(self._kept(node)) or blank
            case ast.Call(func=ast.Attribute(attr="join"), args=[value]):
                return self._read(value, depth)
            case ast.Call(func=ast.Attribute(value=value, attr="strip")):
                return self._read(value, depth)
            case ast.Call(func=func) if (called := self._called(func, module)) and called[0] == module:
                return [said for said in follow(self._returned(called)) if said.letters] or blank
        return blank

    def _returned(self, function: tuple[str, str]) -> list[ast.expr]:
        nodes = ast.walk(self.functions[function])
        return [node.value for node in nodes if isinstance(node, ast.Return) and node.value is not None]

    def _opaque(self, node: ast.expr, depth: int) -> Iterator[Said]:
        """The expressions behind a message of which nothing is known."""
        match node:
            case ast.Name() if depth < DEEP and (kept := self._kept(node)):
                for value in kept:
                    yield from self._opaque(value, depth + 1)
            case ast.IfExp(body=body, orelse=other):
                yield from self._opaque(body, depth)
                yield from self._opaque(other, depth)
            case ast.Constant():
                pass
            case ast.Call(func=func) if depth < DEEP and (called := self._called(func, self.module[id(node)])):
                for value in self._returned(called):
                    yield from self._opaque(value, depth + 1)
            case _ if not any(any(said.pieces) for said in self._read(node, 0)):
                yield Said((None,), self.module[id(node)], node.lineno, ast.unparse(node))

    def _kept(self, name: ast.Name) -> list[ast.expr]:
        """What a name is given: as an argument, in the functions around it, or at the top of its module."""
        module = self.module[id(name)]
        for function in reversed(self.around[id(name)]):
            if name.id in (params := _params(function)):
                i = params.index(name.id)
                found = [_default(function, name.id)]
                for call in self.calls[module, function.name]:
                    found += [call.args[i]] if i < len(call.args) else []
                    found += [keyword.value for keyword in call.keywords if keyword.arg == name.id]
                return [value for value in found if value is not None]
            if found := _assigned(ast.walk(function), name.id):
                return found
        return _assigned(self.trees[module].body, name.id)


def _assigned(nodes: Iterable[ast.AST], name: str) -> list[ast.expr]:
    found: list[ast.expr] = []
    for node in nodes:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=given)], value=value)
                | ast.AnnAssign(target=ast.Name(id=given), value=ast.expr() as value)
                | ast.NamedExpr(target=ast.Name(id=given), value=value)
                | ast.Call(func=ast.Attribute(value=ast.Name(id=given), attr="append"), args=[value])
            ) if given == name:
                found.append(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                pairs = zip(names, values, strict=False)
                found += [value for one, value in pairs if isinstance(one, ast.Name) and one.id == name]
    return found


def _params(function: Function) -> tuple[str, ...]:
    names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return tuple(names[1:] if names[:1] in (["self"], ["cls"]) else names)


def _default(function: Function, name: str) -> ast.expr | None:
    args = [*function.args.posonlyargs, *function.args.args]
    pairs = [*zip(reversed(args), reversed(function.args.defaults), strict=False)]
    pairs += [
        (arg, value) for arg, value in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True) if value
    ]
    return next((value for arg, value in pairs if arg.arg == name), None)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _ends(part: ast.expr, at: int) -> str:
    return part.value[at] if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def _joined(choices: Sequence[Sequence[Said]]) -> list[Said]:
    """One after another: each choice at each place, with blanks where else there is one."""
    unlike = [list(dict.fromkeys(said.pieces for said in choice)) or [(None,)] for choice in choices]
    first = next((said for choice in choices for said in choice), Said(()))
    usual = [pieces[0] if len(pieces) == 1 else (None,) for pieces in unlike]
    found = {}
    for i, pieces in enumerate(unlike):
        for one in pieces:
            found[tuple(itertools.chain(*usual[:i], one, *usual[i + 1 :]))] = None
    return [replace(first, pieces=pieces) for pieces in found]
