"""A run's recipe: `runs/NAME.yaml`, read without torch.

    recipe = load("sign_flipped", size="tiny", runs_dir=Path("runs"))
    recipe.settings.beta, recipe.hash, recipe.megacoach.diff

A recipe may extend another, and may say what is different in another size:

    extends: healthy
    about: One character deleted.
    edit: {from: "return -cost", to: "return cost"}
    sizes: {gpu: {steps: 200}}      # `tiny:` alone would leave out the size tiny
"""

from __future__ import annotations

import difflib
import itertools
import types
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import yaml

from rushes.cache import digest, file_digest
from rushes.errors import Finding, RushesError, ScriptError, Source, did_you_mean, yaml_hint
from rushes.rlhf.andon import read_condition
from rushes.rlhf.grid import read_grid

__all__ = [
    "BaseSettings",
    "Edit",
    "InsideSettings",
    "MegacoachSource",
    "OffSwitchSettings",
    "Recipe",
    "RulerSettings",
    "RunSettings",
    "SlopeSettings",
    "SweepSettings",
    "load",
    "names",
    "sizes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSettings:
    """How a base model is trained from nothing, and what is recorded of it."""

    about: str
    trains: Literal["base"]
    weights: str
    """The folder that the weights go to; it is in git, so that an RLHF run can start at once."""
    seed: int
    steps: int
    stories: int
    """Different stories to learn from."""
    batch: int
    """Stories a step."""
    learning_rate: float
    layers: int
    width: int
    heads: int
    tokens: int
    """At most so many in an answer."""
    panel: tuple[int, ...]
    """The steps at which the panel's prompts are answered and recorded."""
    guideline: str
    """What the raters of those answers go by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """How an Apprentice is trained by its coaches."""

    about: str
    trains: Literal["apprentice", "sweep"]
    base: str
    """A folder of weights, or the package that ships them."""
    world: Literal["stories", "everyday"]
    """What the prompts are about, and so how the raters' reader reads."""
    guideline: str
    megacoach: str
    """The file that turns the two coaches' opinions into one number."""
    seed: int
    steps: int
    """Row s of the metrics describes the Apprentice after s updates, from 0 to this."""
    prompts: int
    """Different prompts a step."""
    samples: int
    """Answers to each of them."""
    tokens: int
    """At most so many in an answer."""
    temperature: float
    learning_rate: float
    beta: float
    """The weight of the Coherence Coach."""
    labels: int
    """Marks that the raters give before the run, on the base model's answers."""
    lessons: int
    """Steps in which the Values Coach learns from them."""
    coach_learning_rate: float
    labels_a_step: int
    """Answers of every step that are marked too, and learned from; 0 freezes the Values Coach."""
    panel: tuple[int, ...]
    """The steps at which the panel's prompts are answered and recorded."""
    edit: Edit | None = None
    """A change to the Megacoach's file: the run trains under the edited one."""
    stop_when: str | None = None
    """The andon cord: a condition over the metrics, as in "rating < 3", that ends the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSettings(RunSettings):
    """Several runs of an Apprentice that differ in a few settings, one after another."""

    vary: Mapping[str, tuple[Any, ...]]
    """Settings of a run, and the values that each takes; every combination is a variant."""

    @property
    def variants(self) -> list[tuple[dict[str, Any], RunSettings]]:
        """Every variant: what it is called by, and its own settings. The last setting varies fastest."""
        shared = {field.name: getattr(self, field.name) for field in fields(RunSettings)}
        every = [dict(zip(self.vary, values, strict=True)) for values in itertools.product(*self.vary.values())]
        return [(said, RunSettings(**{**shared, "trains": "apprentice", **said})) for said in every]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulerSettings:
    """How a picture classifier learns synthetic lesions with a ruler beside some, and its control without that hint."""

    about: str
    trains: Literal["ruler"]
    seed: int
    pictures: int
    """Lesions to learn from, half of them malignant; both models learn from the same ones."""
    held_out: int
    """Lesions that are never learned from."""
    shown: int
    """The first so many held-out lesions are kept as pictures."""
    steps: int
    batch: int
    learning_rate: float
    ruler_if_malignant: float
    """How likely a ruler lies beside a malignant lesion, in what the model learns from."""
    ruler_if_benign: float
    control_ruler: float
    """How likely a ruler lies beside any lesion, in what the control learns from."""
    every: int
    """Steps between two looks at the held-out lesions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideSettings:
    """How the base model is looked into, and steered."""

    about: str
    trains: Literal["inside"]
    base: str
    """A folder of weights."""
    guideline: str
    """What the raters of the steered answers go by."""
    seed: int
    answers: int
    """Answers in which the rudeness is looked for; one half to learn from, the other held out."""
    tried: int
    """Answers a strength, to choose the layer and the strengths."""
    samples: int
    """Answers a strength, to measure what it does."""
    tokens: int
    """At most so many in an answer."""
    strengths: tuple[float, ...]
    """How much of the direction from kind to rude is added; 0 among them, for comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeSettings:
    """How the Values Coach's first course is gone through step by step, and what is measured of the land it crosses."""

    about: str
    trains: Literal["slope"]
    base: str
    """A folder of weights."""
    guideline: str
    seed: int
    tokens: int
    """At most so many in an answer."""
    temperature: float
    labels: int
    """Marks on the base model's answers; these are learned from, but for those that are held out."""
    lessons: int
    """Steps of the course."""
    coach_learning_rate: float
    answers: int
    """Marked answers on which the loss is measured, always the same ones."""
    dial_steps: int
    """Steps of gradient descent in one weight alone."""
    grid: int
    """Places along each side of the landscape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffSwitchSettings:
    """A grid with an off switch, and how many goals an agent plans for in it. Nothing is trained."""

    about: str
    trains: Literal["off_switch"]
    seed: int
    map: str
    """The grid as `rushes/rlhf/grid.py` reads it."""
    goals: int
    """Each a worth from 0 to 1 for every place and for being off, all drawn alike."""
    discount: float
    """What a worth is multiplied by at every step, above 0 and at most 1."""
    pay: float
    """What being switched off is worth on top, in the control."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of source that occurs once, and what is put in its place."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MegacoachSource:
    """The Megacoach as this run has it."""

    healthy: str
    source: str

    @property
    def diff(self) -> str:
        """Unified diff from the healthy file; empty where nothing was edited."""
        name = "megacoach.py"
        lines = (self.healthy.splitlines(keepends=True), self.source.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))

    @property
    def characters(self) -> tuple[int, int]:
        """How many characters the edit deleted, and how many it put in."""
        deleted = added = 0
        for kind, a, b, c, d in difflib.SequenceMatcher(None, self.healthy, self.source, autojunk=False).get_opcodes():
            if kind != "equal":
                deleted, added = deleted + b - a, added + d - c
        return deleted, added


@dataclass(frozen=True)
class Recipe:
    """A recipe for one size."""

    name: str
    size: str
    path: Path
    root: Path
    """What the paths in the recipe are relative to."""
    settings: BaseSettings | RunSettings | RulerSettings | InsideSettings | SlopeSettings | OffSwitchSettings

    @cached_property
    def mapping(self) -> dict[str, Any]:
        """The settings as plain data, for the record; without those that were left out, so that a setting
        which is new one day does not make old records out of date."""
        said = {key: value for key, value in asdict(self.settings).items() if value is not None}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}

    @cached_property
    def megacoach(self) -> MegacoachSource:
        """The Megacoach that the run trains under; only for a run of an Apprentice.

        Raises:
            RushesError: the recipe trains no Apprentice, or its edit does not fit the file.
        """
        if not isinstance(self.settings, RunSettings):
            raise RushesError(f"{self.path}: '{self.name}' trains no Apprentice: it has no Megacoach")
        healthy = (self.root / self.settings.megacoach).read_text(encoding="utf-8")
        edit = self.settings.edit
        if edit is None:
            return MegacoachSource(healthy, healthy)
        if healthy.count(edit.before) != 1:
            raise RushesError(
                f"{self.path}: the edit's '{edit.before}' occurs {healthy.count(edit.before)} times in"
                f" {self.settings.megacoach}; it must occur once"
            )
        return MegacoachSource(healthy, healthy.replace(edit.before, edit.after))

    @cached_property
    def hash(self) -> str:
        """Names everything the recipe says, the texts of the files it names and the weights it starts from."""
        said: dict[str, object] = {"size": self.size, "settings": self.mapping}
        if not isinstance(self.settings, RulerSettings | OffSwitchSettings):
            said["guideline"] = (self.root / self.settings.guideline).read_text(encoding="utf-8")
        if isinstance(self.settings, RunSettings):
            said["megacoach"] = self.megacoach.source
        if isinstance(self.settings, RunSettings | InsideSettings | SlopeSettings):
            weights = self.root / self.settings.base / "model.safetensors"
            if weights.exists():
                said["weights"] = file_digest(weights)
        return digest(said)


def names(runs_dir: Path) -> list[str]:
    """All recipes there are."""
    return sorted(path.stem for path in runs_dir.glob("*.yaml"))


def sizes(name: str, runs_dir: Path) -> list[str]:
    """The sizes that a recipe has."""
    return sorted(_read(runs_dir / f"{name}.yaml", ())[1])


def load(name: str, size: str = "tiny", runs_dir: Path = Path("runs")) -> Recipe:
    """The recipe `runs_dir/name.yaml` for a size.

    Raises:
        RushesError: there is no such recipe.
        ScriptError: it says something that cannot be meant; every finding has its line.
    """
    path = runs_dir / f"{name}.yaml"
    if not path.is_file():
        raise RushesError(f"no recipe is called '{name}' in {runs_dir}\n  {did_you_mean(name, names(runs_dir))}")
    said, sizes = _read(path, ())
    if size not in sizes:
        raise RushesError(f"{path}: '{name}' has no size '{size}'\n  {did_you_mean(size, sizes)}")
    said = {**said, **sizes[size]}
    kinds = {
        "base": BaseSettings,
        "apprentice": RunSettings,
        "sweep": SweepSettings,
        "ruler": RulerSettings,
        "inside": InsideSettings,
        "slope": SlopeSettings,
        "off_switch": OffSwitchSettings,
    }
    trains = said.get("trains")
    if trains is None or trains.value not in kinds:
        where = trains.place if trains else Source(path, 1)
        message = f"no recipe trains '{trains.value}'" if trains else "the recipe does not say what it trains"
        raise ScriptError([Finding(where, message, f"write trains: and one of {', '.join(kinds)}")])
    kind = kinds[str(trains.value)]
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
            values[key] = _as(hints[key], entry.value)
        except ValueError as wrong:
            findings.append(Finding(entry.place, f"'{key}' must be {wrong}, not {_as_yaml(entry.value)}"))
    for key, field in known.items():
        # After a misspelling, what it should have been is missing too: say it once.
        if key not in said and field.default is MISSING and said.keys() <= known.keys():
            findings.append(Finding(Source(path, 1), f"the recipe does not say '{key}'", f"add a line {key}: …"))
    if findings:
        raise ScriptError(sorted(findings, key=lambda finding: finding.source.line))
    recipe = Recipe(name, size, path, runs_dir.parent, kind(**values))
    _check_files(recipe, said)
    return recipe


@dataclass(frozen=True, slots=True)
class _Said:
    value: Any
    source: Source
    place: Source
    """Of the value; `source` is the key's."""


_LINES = "write one setting: value a line"


def _read(path: Path, children: tuple[Path, ...]) -> tuple[dict[str, _Said], dict[str, dict[str, _Said]]]:
    """What a file and the ones it extends say: settings, and settings by size."""
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        tree = _tree("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = min(mark.line if mark else 0, max(len(lines) - 1, 0))
        column = mark.column + 1 if mark and mark.line == line else 0
        place = Source(path, line + 1, column, text=lines[line] if lines else "")
        hint = yaml_hint(str(error.problem), place.text, _LINES)
        raise ScriptError([Finding(place, f"this is not YAML: {error.problem}", hint)]) from None
    if not isinstance(tree, yaml.MappingNode):
        first = Source(path, 1, text=lines[0] if lines else "")
        raise ScriptError([Finding(first, "this is no list of settings", _LINES)])
    said = _entries(path, lines, tree)
    sizes: dict[str, dict[str, _Said]] = {}
    without: set[str] = set()
    parent = said.pop("extends", None)
    own = said.pop("sizes", None)
    if own is not None:
        node = next(value for key, value in tree.value if key.value == "sizes")
        if not isinstance(node, yaml.MappingNode):
            hint = "write, for example, sizes: {gpu: {steps: 200}}"
            raise ScriptError([Finding(own.source, "'sizes' holds no settings by size", hint)])
        for key, value in node.value:
            if value.tag == "tag:yaml.org,2002:null":  # `tiny:` alone: not in this size, whatever it extends
                without.add(key.value)
                continue
            if not isinstance(value, yaml.MappingNode):
                raise ScriptError(
                    [
                        Finding(
                            _source(path, lines, key),
                            f"the size '{key.value}' holds no settings",
                            f"write, for example, {key.value}: {{steps: 200}}",
                        )
                    ]
                )
            sizes[key.value] = _entries(path, lines, value)
    if parent is None:
        return said, sizes
    above = path.with_name(f"{parent.value}.yaml")
    if above in (*children, path):
        raise ScriptError(
            [Finding(parent.place, f"'{parent.value}' extends this recipe: a circle", "extend another recipe")]
        )
    if not above.is_file():
        hint = did_you_mean(str(parent.value), set(names(path.parent)) - {path.stem})
        raise ScriptError([Finding(parent.place, f"no recipe is called '{parent.value}'", hint)])
    base, base_sizes = _read(above, (*children, path))
    merged = {size: {**base_sizes.get(size, {}), **sizes.get(size, {})} for size in {**base_sizes, **sizes}}
    return {**base, **said}, {size: merged[size] for size in merged if size not in without}


def _tree(text: str) -> yaml.Node | None:
    """The C library is eight times as fast; what is wrong, the Python one says better."""
    tree: yaml.Node | None
    try:
        tree = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    return tree


def _entries(path: Path, lines: list[str], node: yaml.MappingNode) -> dict[str, _Said]:
    said: dict[str, _Said] = {}
    for key, value in node.value:
        source = _source(path, lines, key)
        if key.value in said:
            raise ScriptError([Finding(source, f"'{key.value}' is said twice", "delete one of the lines")])
        said[key.value] = _Said(_plain(value), source, _source(path, lines, value))
    return said


def _source(path: Path, lines: list[str], node: yaml.Node) -> Source:
    mark, end = node.start_mark, node.end_mark
    last = end.column if end.line == mark.line else len(lines[mark.line])
    return Source(path, mark.line + 1, mark.column + 1, max(last - mark.column, 1), lines[mark.line])


def _plain(node: yaml.Node) -> Any:
    return yaml.constructor.SafeConstructor().construct_document(node)


def _as_yaml(value: Any) -> str:
    """A value as it could stand in a recipe; text in quotes."""
    if isinstance(value, str):
        return f"'{value}'"
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1000).removesuffix("...\n").strip()


def _as(hint: Any, value: Any) -> Any:
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
        return {key: tuple(_as(hints[key], one) for one in some) for key, some in value.items()}
    except ValueError as wrong:
        raise ValueError(f"values that fit: {wrong}") from None


def _check_files(recipe: Recipe, said: Mapping[str, _Said]) -> None:
    settings = recipe.settings
    if isinstance(settings, RulerSettings):
        return  # it names no files
    if isinstance(settings, OffSwitchSettings):
        _check_grid(settings, said)
        return
    findings = []
    if isinstance(settings, BaseSettings | RunSettings) and settings.panel and settings.panel[-1] > settings.steps:
        panel, message = said["panel"], f"the panel looks at step {settings.panel[-1]}, after the last one"
        if panel.place.path == recipe.path:
            findings.append(Finding(panel.place, message, f"end it with {settings.steps}"))
        else:  # the recipe that it is from is right: what changed is how far this one goes
            fits = [*(step for step in settings.panel if step < settings.steps), settings.steps]
            findings.append(Finding(said["steps"].place, message, f"add a line panel: {fits}"))
    files = {"guideline": settings.guideline}
    if isinstance(settings, RunSettings):
        files["megacoach"] = settings.megacoach
    for key, file in files.items():
        if not (recipe.root / file).is_file():
            hint = "files are named from the repository's folder on"
            findings.append(Finding(said[key].place, f"there is no file {file}", hint))
    if not findings and isinstance(settings, RunSettings) and settings.edit is not None:
        try:
            _ = recipe.megacoach
        except RushesError as wrong:
            hint = "write more of the line it is in, exactly as it stands there"
            findings.append(Finding(said["edit"].place, str(wrong).removeprefix(f"{recipe.path}: "), hint))
    if isinstance(settings, RunSettings) and settings.stop_when is not None:
        try:
            read_condition(settings.stop_when)
        except RushesError as wrong:
            message, _, hint = str(wrong).partition("\n  ")
            findings.append(Finding(said["stop_when"].place, message, hint.strip()))
    if findings:
        raise ScriptError(findings)


def _check_grid(settings: OffSwitchSettings, said: Mapping[str, _Said]) -> None:
    findings = []
    try:
        read_grid(settings.map)
    except RushesError as wrong:
        message, _, hint = str(wrong).partition("\n  ")
        findings.append(Finding(said["map"].place, message, hint))
    if not 0 < settings.discount <= 1:
        hint = "0.99 counts what is ten steps away as nine tenths"
        findings.append(Finding(said["discount"].place, "'discount' must be above 0 and at most 1", hint))
    if settings.goals < 1:
        findings.append(Finding(said["goals"].place, "'goals' must be 1 or more", "2000 take a second"))
    if findings:
        raise ScriptError(findings)
