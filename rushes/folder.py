"""Folder: where a vault's files are. Which file a written name means, and that it is inside the vault.

A name is looked for by its path before anything is listed, and the files are listed once.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from rushes.errors import Finding, RushesError, Source, did_you_mean
from rushes.files import LONE, MOST, Files, inside, is_graph, list_files, same

__all__ = ["Folder", "VaultError"]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
JOURNAL = re.compile(r"([A-Z][a-z]{2}) (\d{1,2})(?:st|nd|rd|th), (\d{4})")
HINTS = 25  # names that a nearest one is looked for; each takes some 10 ms in a large vault
ABSOLUTE = re.compile(r"/|\\|~/|[A-Za-z]:[\\/]|file:", re.IGNORECASE)


class VaultError(RushesError):
    """A target that leads nowhere, or where it may not."""

    def __init__(self, message: str, suggestion: str, level: Literal["error", "warning"] = "warning") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.level = level
        """A warning for what is missing, an error for what is outside the vault."""

    def at(self, source: Source) -> Finding:
        """The same, said of the line that names the target."""
        return Finding(source, self.message, self.suggestion, self.level)


@dataclass(slots=True, kw_only=True)
class Folder:
    """A vault's files."""

    root: Path
    assets: Path | None = None
    """A folder `assets` beside a script that is in no vault; else None."""
    most: int = MOST
    """Files that are listed."""
    _hints: int = field(default=HINTS, repr=False)
    _real: tuple[str, ...] = field(init=False, repr=False)
    _files: Files | None = field(default=None, repr=False)
    _names: Mapping[str, list[str]] = field(default_factory=dict, repr=False)
    _folded: Mapping[str, list[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        homes = (self.root, self.assets) if self.assets else (self.root,)
        self._real = tuple(os.path.realpath(home) for home in homes)

    @classmethod
    def around(cls, script: Path) -> Folder:
        """The nearest folder upwards with `logseq/` or `.obsidian/`, else the script's own."""
        for start in dict.fromkeys((Path(os.path.abspath(script)), Path(os.path.realpath(script)))):
            for folder in start.parents:
                if (folder / ".obsidian").is_dir() or is_graph(folder):
                    return cls(root=folder)
        folder = Path(os.path.abspath(script)).parent
        beside = folder.parent / "assets"
        return cls(root=folder, assets=beside if beside.is_dir() else None, most=LONE)

    @property
    def files(self) -> Files:
        """What lies in the vault, listed once."""
        if self._files is None:
            self._files = list_files(self.root, self._left_out(), self.most)
        return self._files

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a listing left out, if there was one."""
        return self._files.findings if self._files else ()

    def _setting(self, key: str) -> object:
        """A setting of Obsidian's."""
        try:
            told = json.loads((self.root / ".obsidian" / "app.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return told.get(key) if isinstance(told, dict) else None

    def _left_out(self) -> tuple[str, ...]:
        """Folders that Obsidian is told to leave out. Its patterns, between slashes, are not read."""
        told = self._setting("userIgnoreFilters")
        return tuple(str(f) for f in told if str(f)[:1] not in ("/", "")) if isinstance(told, list) else ()

    def holds(self, path: Path) -> bool:
        """Whether what a path leads to is inside the vault."""
        real = os.path.realpath(path)
        return any(inside(real, home) for home in self._real)

    def relative(self, path: Path) -> str | None:
        """A path below the root; None if it is not there."""
        real, root = os.path.realpath(path), self._real[0]
        return os.path.relpath(real, root).replace(os.sep, "/") if inside(real, root) else None

    # ------------------------------------------------------------------ notes
    def note(self, target: str, origin: Path | None, aliases: Callable[[], Mapping[str, Sequence[str]]]) -> Path | None:
        """The note that `target` names: by its path, name, alias, name in other capitals; the shortest path of several.

        Args:
            origin: the note that names it, for `./x`, `../x`, `x.md` and `#heading`.
            aliases: called if no file has the name.
        """
        if origin is not None and target.startswith("#"):
            return origin
        names = _names(target)
        for name in names:
            if (path := self._by_path(name, origin)) or (path := self._by_stem(name)):
                return path
        return next((path for name in names if (path := self._by_other_name(name, aliases))), None)

    def no_note(self, target: str, origin: Path | None) -> VaultError:
        """Why there is no note that `target` names."""
        page = target.split("|")[0].split("#")[0].strip()
        for name in _names(target):
            if any(self._leads_out(_with_md(way), origin) for way in (name, name.replace("/", "___"))):
                return self._outside(f"the note '{page}'")
        return VaultError(f"there is no note '{page}'", self._near(page, self.files.notes, "make the note"))

    def _by_path(self, name: str, origin: Path | None) -> Path | None:
        paths = [self.root / _with_md(name).lstrip("/")]
        if os.path.isabs(name):
            paths.append(Path(_with_md(name)))
        elif origin is not None and (name.startswith(".") or name.endswith(".md")):
            paths.insert(0, origin.parent / _with_md(name))
        return self._first(paths)

    def _first(self, paths: Iterable[Path]) -> Path | None:
        """The first path at which the vault has a file."""
        tidy = (Path(os.path.normpath(path)) for path in paths)  # before it is looked at: link/../x is x
        return next((path for path in tidy if os.path.isfile(path) and self.holds(path)), None)

    def _by_stem(self, name: str) -> Path | None:
        if not self._names:
            self._names, self._folded = _by_name(self.files.notes)
        found = self._ending(self._names, _stem(name), same)
        return self.root / _shortest(found) if found else None

    def _by_other_name(self, name: str, aliases: Callable[[], Mapping[str, Sequence[str]]]) -> Path | None:
        key = _stem(name)
        found = (
            aliases().get(key)
            or self._ending(self._folded, key.casefold(), _fold)
            or aliases().get(key.casefold())
            or self._names.get(_journal(key))
        )
        return self.root / _shortest(found) if found else None

    def _ending(self, names: Mapping[str, list[str]], key: str, fold: Callable[[str], str]) -> Sequence[str]:
        """Notes called `key`; of a `folder/name`, those whose path ends so."""
        if key in names or "/" not in key:
            return names.get(key, ())
        return [path for path in names.get(key.rsplit("/", 1)[-1], ()) if fold(f"/{path}").endswith(f"/{key}.md")]

    # ------------------------------------------------------------------ assets
    def asset(self, target: str, origin: Path) -> Path:
        """As `Vault.find_asset`."""
        asked = target.split("|")[0].strip()
        names = dict.fromkeys(name for a in (asked, asked.split("#")[0]) for name in (a, unquote(a)))
        usable = [same(name) for name in names if name and "\0" not in name]
        for name in usable:
            if path := self._asset(name, origin):
                return path
        for name in usable:
            if self._leads_out(name, origin):
                raise self._outside(f"'{name}'")
        short = asked.split("#")[0] or asked
        known = [*self.files.others, *(os.listdir(self.assets) if self.assets else ())]
        if kind := _kind(short):
            known = [name for name in known if _kind(name) == kind]
        raise VaultError(
            f"there is no file '{short}'", self._near(short, known, "put it into the vault's folder for assets")
        )

    def _asset(self, name: str, origin: Path) -> Path | None:
        tail = "/".join(part for part in name.split("/") if part not in ("", ".", ".."))
        if not tail:
            return None
        paths = [origin.parent / name, self.root / name.lstrip("/"), self.root / tail, self.root / "assets" / tail]
        kept = self._setting("attachmentFolderPath")
        if isinstance(kept, str):
            paths.append((origin.parent if kept.startswith("./") else self.root) / kept.strip("./") / tail)
        if self.assets:
            paths.append(self.assets / tail.removeprefix("assets/"))
        if path := self._first(paths):
            return path
        for fold in (same, _fold):
            if ends := [path for path in self.files.others if fold(f"/{path}").endswith(fold(f"/{tail}"))]:
                return self.root / _shortest(ends)
        return None

    # ------------------------------------------------------------------ what is not there
    def _outside(self, what: str) -> VaultError:
        return VaultError(f"{what} is outside the vault", f"copy it into {self.root} first", "error")

    def _leads_out(self, name: str, origin: Path | None) -> bool:
        """Whether a path leads out of the vault, if something is there or not."""
        path = (origin.parent if origin is not None else self.root) / name
        # Logseq writes ../assets/ whatever folder a note is in
        usual = name.startswith("../assets/") and ".." not in name[3:].split("/") and not os.path.lexists(path)
        return bool(ABSOLUTE.match(name)) or not (usual or self.holds(path)) or self._is_linked(name)

    def _is_linked(self, name: str) -> bool:
        """Whether a name, or a folder in it, is that of a link that leads out of the vault."""
        parts = [part for part in _fold(name).split("/") if part not in ("", ".", "..")]
        tails = tuple("/" + "/".join(parts[: end + 1]) for end in range(len(parts)))
        return bool(tails) and any(_fold(f"/{out}").endswith(tails) for out in self.files.outside)

    def _near(self, name: str, paths: Iterable[str], otherwise: str) -> str:
        """The nearest name. Only those that begin alike or share a word are compared: a vault has thousands."""
        self._hints -= 1
        if self._hints < 0:
            return otherwise
        asked = name.rsplit("/", 1)[-1]
        words = {word for word in re.split(r"\W+", re.sub(r"\.\w+$", "", asked).casefold()) if len(word) > 2}
        near = set()
        for path in paths:
            short = path.rsplit("/", 1)[-1].removesuffix(".md")
            if short[:1].casefold() == asked[:1].casefold() or words & set(re.split(r"\W+", short.casefold())):
                near.add(short)
        alike = sorted(near, key=lambda short: (abs(len(short) - len(asked)), short))
        hint = did_you_mean(asked, alike[:400])
        return hint if hint.startswith("did") else otherwise


def _kind(name: str) -> str:
    """What sort of file a name is of, such as `image`; empty if that is not known."""
    return (guess_type(name)[0] or "").partition("/")[0]


def _names(target: str) -> list[str]:
    """What a link may name: with what is after #, as in a page called C#; without it; and with %20 as a space."""
    asked = same(target.split("|")[0].strip())
    page = asked.split("#")[0].strip()
    return list(dict.fromkeys(name for name in (asked, page, unquote(page)) if name and "\0" not in name))


def _with_md(name: str) -> str:
    return name if name.lower().endswith(".md") else f"{name}.md"


def _stem(name: str) -> str:
    return name.removesuffix(".md").strip("/")


def _fold(name: str) -> str:
    return same(name).casefold()


def _shortest(paths: Sequence[str]) -> str:
    return min(paths, key=lambda path: (path.count("/"), len(path), path))


def _by_name(notes: Iterable[str]) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Notes by name, and by name without capitals. Logseq writes the page a/b as a___b.md or a%2Fb.md."""
    names: dict[str, list[str]] = defaultdict(list)
    folded: dict[str, list[str]] = defaultdict(list)
    for path in notes:
        stem = same(path.rsplit("/", 1)[-1][:-3])
        for name in {stem, unquote(stem.replace("___", "/"))}:
            names[name].append(path)
            folded[name.casefold()].append(path)
    return dict(names), dict(folded)


def _journal(name: str) -> str:
    """The file of a Logseq day: `Nov 22nd, 2026` is kept in 2026_11_22.md."""
    match = JOURNAL.fullmatch(name)
    if not match or match[1] not in MONTHS:
        return ""
    return f"{match[3]}_{MONTHS.index(match[1]) + 1:02}_{int(match[2]):02}"
