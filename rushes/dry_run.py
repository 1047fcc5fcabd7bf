"""Dry run: exactly what would be sent to the site, and whether it would be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich import box
from rich.table import Table

from rushes.console import Console
from rushes.limits import Limit, package_limits
from rushes.publish import Package, told

__all__ = ["show"]

STYLES = {"ok": "green", "warning": "yellow", "error": "red"}


def show(package: Package, console: Console) -> bool:
    """Show a package and its limits; whether it would be refused."""
    found = package_limits(package)
    console.event("package", **_plain(package))
    for limit in found:
        console.event("limit", **asdict(limit))
    console.table(_contents(package))
    console.table(_limits(found))
    return any(limit.state == "error" for limit in found)


def _plain(package: Package) -> dict[str, Any]:
    return {**told(package), "folder": str(package.folder)}


def _contents(package: Package) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(package):
        table.add_row(name, value)
    return table


def _rows(package: Package) -> Iterator[tuple[str, Any]]:
    from rich.text import Text

    yield "film", Text(str(package.film))
    yield "title", Text(package.title, style="bold")
    for n, title in enumerate(package.titles, 1):
        if title != package.title:
            yield f"  --title {n}", Text(title, style="dim")
    yield "description", Text(package.description.rstrip())
    yield "tags", Text(", ".join(package.tags))
    yield "thumbnail", Text(package.thumbnail.name)
    yield "captions", Text(", ".join(f"{track.language} ({track.path.name})" for track in package.captions))
    yield "comment", Text("\n\n".join(package.pinned))
    yield "playlist", Text(package.playlist or "none")
    for key in ("category", "language", "licence", "made_for_kids", "synthetic_media"):
        value = getattr(package, key)
        shown = ("no", "yes")[value] if isinstance(value, bool) else str(value)
        yield key, Text.assemble(shown, ("  assumed" if key in package.assumed else "", "dim"))
    yield "public from", Text(package.publish_at or "when somebody makes it public: it is sent as private")
    if package.published:
        yield "published", Text("\n".join(package.published))


def _limits(found: list[Limit]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("", "", "has", "the site takes", ""):
        table.add_column(head, no_wrap=head in ("", "has"))
    for limit in found:
        style = STYLES[limit.state]
        table.add_row(f"[{style}]{limit.state}[/]", limit.what, limit.has, limit.most, limit.why)
    return table
