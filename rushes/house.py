"""House: where things are, and how big and how fast they are made. Passed, never global."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rushes.cache import Cache

__all__ = ["House"]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where things are, how big and how fast they are made."""

    root: Path = ROOT
    folders: tuple[Path, ...] = ()
    """More folders with scenes/ and runs/, asked after `root`."""
    size: tuple[int, int] = (1920, 1080)
    fps: int = 30
    jobs: int = 0
    """Worker processes; 0 is one a core, as far as memory goes."""
    cluster: str = ""
    """Address of a Dask scheduler whose workers draw, instead of processes here."""
    voice: str = ""
    """Instead of the script's own."""
    music: Literal["", "on", "off"] = ""
    """Instead of what the script says, of music and of effects."""
    build: Path | None = None

    @property
    def roots(self) -> tuple[Path, ...]:
        return (self.root, *self.folders)

    @property
    def tall(self) -> bool:
        """Whether the frame is a vertical one (9:16)."""
        return self.size[1] > self.size[0]

    def turned(self) -> House:
        """The same for a frame as tall as this one is wide."""
        return replace(self, size=(self.size[1], self.size[0]))

    @property
    def out(self) -> Path:
        return self.build or self.root / "build"

    @property
    def cache(self) -> Cache:
        return Cache(self.out / "cache")

    def command(self, script: Path, section: str = "") -> str:
        """What can be typed to make a script's film here, or of one of its sections."""
        said = [f"rushes short --section {shlex.quote(section)}" if section else "rushes film"]
        said += ["--vertical"] if self.tall and not section else ["--wide"] if section and not self.tall else []
        given = [*(("folder", one) for one in self.folders), ("build", self.build), ("voice", self.voice)]
        said += [f"--{name} {shlex.quote(str(value))}" for name, value in (*given, ("music", self.music)) if value]
        return " ".join([*said, shlex.quote(str(script))])

    def shown(self, path: Path) -> Path:
        """A path as the author knows it."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path
