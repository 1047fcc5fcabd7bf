"""Recipe: what a run is, `runs/NAME.yaml` for one size, read without torch.

    recipe = load("sign_flipped", size="tiny", runs_dir=Path("runs"))
    recipe.settings.beta, recipe.hash, recipe.megacoach.diff

A recipe may extend another, and may say what is different in another size:

    extends: healthy
    about: One character deleted.
    edit: {from: "return -cost", to: "return cost"}
    sizes: {gpu: {steps: 200}}      # `tiny:` alone would leave out the size tiny
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rushes.cache import digest, file_digest
from rushes.errors import Finding, RushesError, ScriptError, did_you_mean
from rushes.recipe_file import SaidSettings, read_recipe_file, recipe_names
from rushes.recipe_settings import read_settings
from rushes.rlhf.andon import read_condition
from rushes.rlhf.grid import read_grid
from rushes.rlhf.megacoach_source import MegacoachSource
from rushes.rlhf.settings import (
    BaseSettings,
    InsideSettings,
    OffSwitchSettings,
    RulerSettings,
    RunSettings,
    Settings,
    SlopeSettings,
)

__all__ = ["Recipe", "load"]


@dataclass(frozen=True)
class Recipe:
    """A recipe for one size."""

    name: str
    size: str
    path: Path
    root: Path
    """What the paths in the recipe are relative to."""
    settings: Settings

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


def load(name: str, size: str = "tiny", runs_dir: Path = Path("runs")) -> Recipe:
    """The recipe `runs_dir/name.yaml` for a size.

    Raises:
        RushesError: there is no such recipe.
        ScriptError: it says something that cannot be meant; every finding has its line.
    """
    path = runs_dir / f"{name}.yaml"
    if not path.is_file():
        raise RushesError(f"no recipe is called '{name}' in {runs_dir}\n  {did_you_mean(name, recipe_names(runs_dir))}")
    said, sizes = read_recipe_file(path)
    if size not in sizes:
        raise RushesError(f"{path}: '{name}' has no size '{size}'\n  {did_you_mean(size, sizes)}")
    said = {**said, **sizes[size]}
    recipe = Recipe(name, size, path, runs_dir.parent, read_settings(said, path))
    _check(recipe, said)
    return recipe


def _check(recipe: Recipe, said: SaidSettings) -> None:
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


def _check_grid(settings: OffSwitchSettings, said: SaidSettings) -> None:
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
