"""Private: files that only their owner may read, in folders that nobody syncs or commits."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rushes.cache import sweep, whole
from rushes.errors import RushesError
from rushes.files import is_graph

__all__ = ["config_folder", "data_folder", "read_private", "write_private"]

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def config_folder() -> Path:
    """Where the sign-in is kept: `$XDG_CONFIG_HOME/rushes`, else `~/.config/rushes`."""
    return _home("XDG_CONFIG_HOME", ".config")


def data_folder() -> Path:
    """Where receipts are kept: `$XDG_DATA_HOME/rushes`, else `~/.local/share/rushes`."""
    return _home("XDG_DATA_HOME", ".local/share")


def _home(variable: str, usual: str) -> Path:
    named = os.environ.get(variable, "")
    # a relative one is to be ignored, by the XDG base directory specification
    return (Path(named) if os.path.isabs(named) else Path.home() / usual) / "rushes"


def write_private(path: Path, text: str) -> Path:
    """Write a small file whole or not at all, readable by its owner only from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(path.parent)  # what a killed process left holds a secret too
    with whole(path) as partial, open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return path


def read_private(path: Path) -> str:
    """The text of a file that holds a secret.

    Raises:
        RushesError: others may read it, or it is in a vault or a repository.
        FileNotFoundError: there is none.
    """
    mode = path.stat().st_mode
    if os.name == "posix" and mode & OTHERS:
        raise RushesError(f"{path} can be read by others on this machine\n  make it yours alone: chmod 600 '{path}'")
    unshared(path.parent)
    return path.read_text(encoding="utf-8")


def unshared(folder: Path) -> Path:
    """The folder itself, if what is put there stays there.

    Raises:
        RushesError: it is in a vault or a repository, where a secret would be synced or committed.
    """
    real = Path(os.path.realpath(folder))
    for above in (real, *real.parents):
        is_vault = (above / ".obsidian").is_dir() or is_graph(above)
        if is_vault or (above / ".git").exists():
            kind = "vault" if is_vault else "repository"
            raise RushesError(
                f"{folder} is inside the {kind} {above}, and a sign-in kept there would be synced or committed\n"
                "  name a folder outside of it: export XDG_CONFIG_HOME=…"
            )
    return folder
