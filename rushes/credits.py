"""Credits: whose the assets of a film are, and under which licence; read from the `SOURCES.md` of their folder.

There a table has a row for each: `| file | origin | copyright | licence | used for |`. The heading above it says what
they are; for a voice the file is its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Credited", "credited"]

NAME = "SOURCES.md"
MEDIA = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg", ".mp4", ".mov", ".m4v", ".webm",
         ".mkv", ".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".otf", ".ttf")  # fmt: skip
VERSION = re.compile(r"\s+v?\d[\w.~+-]*.*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """Lines to be shown, and the files that nobody has accounted for."""

    lines: tuple[str, ...]
    unknown: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    name: str
    by: str
    licence: str


def credited(files: Iterable[Path], voices: Sequence[str], home: Path) -> Credited:
    """The credits of some files, and of voices by their names; `home` is the folder with their `SOURCES.md`."""
    rows: dict[Path, dict[str, _Row]] = {}
    found: list[_Row] = []
    unknown: list[Path] = []
    for file in sorted({path for path in files if path.suffix.lower() in MEDIA}):
        folder = next((above for above in file.parents if (above / NAME).is_file()), None)
        table = rows.setdefault(folder, _table(folder / NAME)) if folder else {}
        row = table.get(file.relative_to(folder).as_posix()) if folder else None
        if row:
            found.append(row)
        else:
            unknown.append(file)
    table = _table(home / NAME) if (home / NAME).is_file() else {}
    found += [table[voice] for voice in dict.fromkeys(voices) if voice in table]
    lines: dict[tuple[str, str], dict[str, None]] = {}
    for row in found:
        lines.setdefault((row.kind, row.licence), {})[f"{row.name} ({row.by})" if row.by else row.name] = None
    return Credited(
        lines=tuple(f"{kind}: {', '.join(names)}; {licence}" for (kind, licence), names in lines.items()),
        unknown=tuple(unknown),
    )


def _table(path: Path) -> dict[str, _Row]:
    """The rows of the page's tables by their files."""
    found: dict[str, _Row] = {}
    kind, head = "", list[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            kind, head = line.lstrip("# ").strip(), []
        elif line.startswith("|"):
            cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
            if not head:
                head = [cell.lower() for cell in cells]
            elif "file" in head and len(cells) == len(head) and not set(cells[0]) <= {"-", ":"}:
                row = dict(zip(head, cells, strict=True))
                name = VERSION.sub("", row.get("origin", "").split(",")[0]) or row["file"]
                found[row["file"]] = _Row(kind, name, row.get("copyright", ""), row.get("licence", ""))
        else:
            head = []
    return found
