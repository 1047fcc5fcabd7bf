"""Recipe settings: what a recipe says -> the settings of what it trains, each of its type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import yaml

from rushes.errors import Finding, ScriptError, Source, did_you_mean
from rushes.recipe_file import SaidSettings
from rushes.rlhf.megacoach_source import Edit
from rushes.rlhf.settings import KINDS, RunSettings, Settings

__all__ = ["read_settings"]


def read_settings(said: SaidSettings, path: Path) -> Settings:
    """The settings that the recipe `path` says.

    Raises:
        ScriptError: nothing known is trained, or something is said that cannot be meant; every finding has its line.
    """
    trains = said.get("trains")
    if trains is None or trains.value not in KINDS:
        where = trains.place if trains else Source(path, 1)
        message = f"no recipe trains '{trains.value}'" if trains else "the recipe does not say what it trains"
        raise ScriptError([Finding(where, message, f"write trains: and one of {', '.join(KINDS)}")])
    kind = KINDS[str(trains.value)]
    known = {field.name: field for field in fields(kind)}
    hints = get_type_hints(kind)
    findings, values = [], {}
    for key, entry in said.items():
        if key not in known:
            findings.append(
                Finding(
                    entry.source,
                    f"a recipe that trains '{trains.value}' has no setting '{key}'",
                    did_you_mean(key, known),
                )
            )
            continue
        try:
            values[key] = _typed(hints[key], entry.value)
        except ValueError as wrong:
            findings.append(Finding(entry.place, f"'{key}' must be {wrong}, not {_as_yaml(entry.value)}"))
    for key, field in known.items():
        # After a misspelling, what it should have been is missing too: say it once.
        if key not in said and field.default is MISSING and said.keys() <= known.keys():
            findings.append(Finding(Source(path, 1), f"the recipe does not say '{key}'", f"add a line {key}: …"))
    if findings:
        raise ScriptError(sorted(findings, key=lambda finding: finding.source.line))
    return kind(**values)


def _as_yaml(value: Any) -> str:
    """A value as it could stand in a recipe; text in quotes."""
    if isinstance(value, str):
        return f"'{value}'"
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1000).removesuffix("...\n").strip()


def _typed(hint: Any, value: Any) -> Any:
    """The value as the setting's type. Raises ValueError with what it must be."""
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise ValueError(" or ".join(f"'{v}'" for v in get_args(hint)))
        return value
    if hint == str | None:
        hint = str
    if isinstance(hint, types.UnionType):
        if not isinstance(value, Mapping) or set(value) != {"from", "to"}:
            raise ValueError("'{from: …, to: …}'")
        return Edit(str(value["from"]), str(value["to"]))
    if get_origin(hint) is Mapping:
        return _variation(value)
    if hint == tuple[float, ...]:
        if not isinstance(value, list) or 0 not in value or not all(type(v) in (int, float) for v in value):
            raise ValueError("a list of numbers with 0 among them, as in [-1, 0, 1]")
        return tuple(float(v) for v in value)
    if get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(type(v) is int and v >= 0 for v in value) or value != sorted(value):
            raise ValueError("a rising list of steps, as in [0, 10, 20]")
        return tuple(value)
    if hint is float:
        if type(value) not in (int, float):
            raise ValueError("a number, as in 0.0003")
        return float(value)
    if type(value) is not hint:
        raise ValueError({int: "a whole number", str: "text"}[hint])
    if hint is int and value < 0:
        raise ValueError("0 or more")
    return value


def _variation(value: Any) -> Mapping[str, tuple[Any, ...]]:
    """What a sweep varies. Raises ValueError with what it must be."""
    hints = get_type_hints(RunSettings)
    if not isinstance(value, Mapping) or not all(isinstance(some, list) and some for some in value.values()):
        raise ValueError("settings of a run with their values, as in '{beta: [0.1, 0.2]}'")
    if unknown := [key for key in value if key not in hints]:
        raise ValueError(f"settings of a run ({did_you_mean(unknown[0], hints)})")
    try:
        return {key: tuple(_typed(hints[key], one) for one in some) for key, some in value.items()}
    except ValueError as wrong:
        raise ValueError(f"values that fit: {wrong}") from None
