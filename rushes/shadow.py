"""Shadow: the notes near a script, written again in the form that obsidiantools reads, for the graph that it makes.

obsidiantools loses links in an outline, among notes of one name, to aliases and to paths, and a note that is not UTF-8
stops it. So it is given files of our own: a unique name each, and the links that were resolved here, one a line.
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path

from rushes.pages import Page

__all__ = ["available", "related", "write_shadow"]

MOST = 250  # notes of a shadow; obsidiantools takes 4 ms for each


def available() -> bool:
    """Whether the extra `vault` is installed."""
    return find_spec("obsidiantools") is not None


def related(
    script: str, mentioned: Sequence[str], pages: Mapping[str, Page], links: Mapping[str, Sequence[str]]
) -> list[str]:
    """Notes with a film, at most two links from `script`, either way, among the `MOST` nearest notes.

    First those that most notes link to together with the script; then the nearer; then in order of mention.

    Args:
        mentioned: the notes that the script links to, in order, also through what it embeds.
        links: the notes that each note links to.
    """
    whole = {**links, script: tuple(mentioned)}
    near = _near(script, pages, whole)
    if len(near) < 2:
        return []
    import networkx
    import obsidiantools.api as obsidiantools

    with tempfile.TemporaryDirectory() as folder:
        names = write_shadow(Path(folder), near, whole)
        with redirect_stdout(io.StringIO()):
            vault = obsidiantools.Vault(Path(folder)).connect()
        here = names[script]
        steps = networkx.single_source_shortest_path_length(vault.graph.to_undirected(as_view=True), here, cutoff=2)
        ours = set(vault.get_backlinks(here))
        films = [path for path in near if path != script and pages[path].video and names[path] in steps]
        shared = {path: len(ours & set(vault.get_backlinks(names[path]))) for path in films}
    order = {path: i for i, path in enumerate(mentioned)}
    return sorted(films, key=lambda p: (-shared[p], steps[names[p]], order.get(p, len(order)), p))


def _near(script: str, pages: Mapping[str, Page], links: Mapping[str, Sequence[str]]) -> list[str]:
    """The script, the notes one link away, and the notes with a film two links away; those reached most often first."""
    both: dict[str, dict[str, None]] = {}
    for path, targets in links.items():
        for to in targets:
            both.setdefault(path, {})[to] = None
            both.setdefault(to, {})[path] = None
    first = [path for path in both.get(script, ()) if path in pages][:MOST]
    second = Counter(path for near in first for path in both[near] if path in pages and pages[path].video)
    return list(dict.fromkeys([script, *first, *(path for path, _ in second.most_common())]))[:MOST]


def write_shadow(folder: Path, notes: Sequence[str], links: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write the notes with the links among them, as `n0.md`, `n1.md` …; returns each note's name there."""
    names = {path: f"n{i}" for i, path in enumerate(notes)}
    for path, name in names.items():
        rows = [f"- [[{names[to]}]]\n" for to in links.get(path, ()) if to in names]
        (folder / f"{name}.md").write_text("".join(rows) or "-\n", encoding="utf-8")
    return names
