"""Records: the recorded runs that there are, by name, and whether each is still what its recipe says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rushes import recipe
from rushes.errors import did_you_mean
from rushes.record import Record, RecordError, read_record

__all__ = ["Records", "is_stale", "record_command"]


@dataclass(frozen=True)
class Records:
    """The recorded runs below some folders, of one size."""

    roots: tuple[Path, ...]
    """Folders that hold `runs/`, in the order they are asked."""
    size: str = "tiny"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the runs that have a record of this size."""
        return tuple(sorted(dict(self._folders())))

    def _folders(self) -> Iterator[tuple[str, Path]]:
        """Runs by name, of this size and of the recipe's own seed."""
        ending = "" if self.size == "tiny" else f".{self.size}"
        for name, folder in self._all():
            name = name.removesuffix(ending)
            if "." not in name and folder.name == name + ending:
                yield name, folder

    def _all(self) -> Iterator[tuple[str, Path]]:
        """Every record by the name of its folder."""
        for root in reversed(self.roots):
            for about in sorted((root / "runs" / "records").glob("*/run.json")):
                yield about.parent.name, about.parent

    def get(self, name: str) -> Record:
        """The record of a run, checked. A name with a dot is that of a record's folder, of any size and seed.

        Raises:
            RecordError: it is missing, damaged, too new, or older than its recipe.
        """
        if name not in self._cache:
            folders = dict(self._all() if "." in name else self._folders())
            if name not in folders:
                hint = did_you_mean(name, folders)
                if "." in name:
                    raise RecordError(f"there is no record runs/records/{name}", hint)
                if recipes := [r for root in self.roots if (r := root / "runs" / f"{name}.yaml").is_file()]:
                    command, ours = record_command(name, self.size), self.roots[0] / "runs"
                    hint = f"record it: {command}"
                    if recipes[0].parent != ours:  # what is recorded, and what it extends, is here
                        hint = f"move {recipes[0]} into {ours}, and record it: {command}"
                raise RecordError(f"there is no record of a run '{name}'", hint)
            self._cache[name] = self._checked(name, folders[name])
        return self._cache[name]

    @cached_property
    def _cache(self) -> dict[str, Record]:
        return {}

    def _checked(self, name: str, folder: Path) -> Record:
        again = f"record it again: {_command_of(name) if '.' in name else record_command(name, self.size)}"
        record = read_record(folder, again)
        if is_stale(record):
            raise RecordError(f"the record of '{name}' is older than its recipe, runs/{record.name}.yaml", again)
        return record


def record_command(name: str, size: str) -> str:
    """What records a run in a size."""
    return f"rushes record {name}" + ("" if size == "tiny" else f" --size {size}")


def _command_of(folder: str) -> str:
    """What makes the record in a folder such as `healthy.gpu.seed1`."""
    run, *parts = folder.split(".")
    given = [f"--seed {part[4:]}" if part.startswith("seed") else f"--size {part}" for part in parts]
    return " ".join(["rushes record", run, *[option for option in given if option != "--size stopped"]])


def is_stale(record: Record) -> bool:
    """Whether its recipe says something else by now; a record without a recipe is never stale."""
    runs = record.folder.parent.parent
    if not (runs / f"{record.name}.yaml").is_file():
        return False
    return recipe.load(record.name, record.size, runs).hash != str(record.info["recipe_hash"])
