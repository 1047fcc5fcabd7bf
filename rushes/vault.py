"""Vault: the notes and files around a script. What a link leads to, what an embed stands for, where a picture is.

Opening a vault reads nothing. A name is looked for among the names of files first; only an alias, the id of a block
and "what links here" need the pages themselves, which `pages.py` reads once and remembers.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rushes.cache import digest
from rushes.errors import Finding, Source, did_you_mean
from rushes.folder import Folder, VaultError
from rushes.note import Block, Note, read_note
from rushes.pages import LARGEST, Mention, Page, mentions, read_page, read_pages

__all__ = ["Vault", "VaultError", "WebLink", "every"]

FILE = re.compile(r"\.(?!md$)[A-Za-z0-9]{1,5}$")
WORDS = frozenset({"heading", "bullet", "paragraph", "quote", "table"})  # blocks whose text is read; code is not


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLink:
    """A line of a description's list of links."""

    title: str
    url: str


def every(blocks: Iterable[Block]) -> Iterator[Block]:
    """All blocks of some trees in the order of the file."""
    return (block for top in blocks for block in top.walk())


@dataclass(slots=True, kw_only=True)
class Vault:
    """The notes around one script."""

    folder: Folder
    cache: Path | None = None
    """The file that the index is kept in."""
    _pages: Mapping[str, Page] | None = field(default=None, repr=False)
    _aliases: Mapping[str, list[str]] = field(default_factory=dict, repr=False)
    _holders: Mapping[str, str] = field(default_factory=dict, repr=False)
    _notes: dict[Path, Note] = field(default_factory=dict, repr=False)
    _findings: list[Finding] = field(default_factory=list, repr=False)

    @classmethod
    def around(cls, script: Path, cache: Path | None = None) -> Vault:
        """The vault of a script: the nearest folder upwards with `logseq/` or `.obsidian/`, else its own folder.

        `cache` is a folder for the index; None keeps none.
        """
        folder = Folder.around(script)
        file = cache / f"vault-{digest({'root': str(folder.root)})}.json" if cache else None
        return cls(folder=folder, cache=file)

    @property
    def root(self) -> Path:
        """Where the vault is."""
        return self.folder.root

    @property
    def pages(self) -> Mapping[str, Page]:
        """Every note by its path below the root. Reads those that changed since the index was made."""
        if self._pages is None:
            self._pages = read_pages(self.root, self.folder.files.notes, self.cache)
        return self._pages

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What this vault was asked for and could not read. Nothing is read for this."""
        faults = (
            Finding(Source(self.root / name, 1), page.fault, "its links and aliases may be missing", "warning")
            for name, page in (self._pages or {}).items()
            if page.fault
        )
        return (*self.folder.findings, *faults, *self._findings)

    def tree(self, path: Path) -> Note:
        """A note's tree, read once. Of a note that is too large to be somebody's writing, nothing is read."""
        if path not in self._notes:
            size = os.path.getsize(path) if os.path.exists(path) else 0
            self._notes[path] = read_note(path) if size <= LARGEST else _too_large(path, size)
        return self._notes[path]

    # ------------------------------------------------------------------ what a target leads to
    def find_note(self, target: str, origin: Path | None = None) -> Path | None:
        """The note that `[[target]]` leads to; `origin` is the note that says so. None if the vault has none."""
        return self.folder.note(target, origin, self._by_alias)

    def find_asset(self, target: str, origin: Path) -> Path:
        """The file that the note `origin` names: beside it, from the root, in the folder for assets, or by its name.

        Raises:
            VaultError: there is no such file (a warning), or it is outside the vault (an error).
        """
        return self.folder.asset(target, origin)

    def _by_alias(self) -> Mapping[str, list[str]]:
        if not self._aliases:
            found: dict[str, list[str]] = defaultdict(list)
            for path, page in self.pages.items():
                for alias in (*page.aliases, page.title):
                    for key in {alias, alias.casefold()} - {""}:
                        found[key].append(path)
            self._aliases = dict(found)
        return self._aliases

    def block(self, uuid: str, origin: Path | None = None) -> Block | None:
        """The block that `((uuid))` names: from `origin` if it has it, else from any note of the vault."""
        if origin is not None and (found := _with_id(self.tree(origin).blocks, uuid)):
            return found
        path = self._by_id().get(uuid)
        return _with_id(self.tree(self.root / path).blocks, uuid) if path else None

    def _by_id(self) -> Mapping[str, str]:
        if not self._holders:
            self._holders = {ident: path for path, page in self.pages.items() for ident in page.ids}
        return self._holders

    def named(self, target: str, origin: Path) -> tuple[Path, tuple[Block, ...] | None]:
        """The note that a target names, and the block `#^id` or what is below `#heading`; None if it names neither.

        Raises:
            VaultError: there is no such note, heading or block, or the note is outside the vault.
        """
        path = self.find_note(target, origin)
        if path is None:
            raise self.folder.no_note(target, origin)
        place = target.split("|")[0].partition("#")[2].strip()
        if not place or path.stem.endswith(f"#{place}"):
            return path, None
        return path, _below(self.tree(path), place)

    # ------------------------------------------------------------------ what a script says of them
    def expand(self, note: Note) -> Note:
        """The note with every embed that stands alone replaced by the blocks that it names, and theirs in turn.

        What cannot be pulled in is left out, and is a finding at the line that embeds it.
        """
        from rushes.embeds import expand

        return expand(note, self)

    def dead_links(self, blocks: Iterable[Block]) -> tuple[Finding, ...]:
        """A warning for each link to a note, a heading or a block that is not there. `expand` reports embeds."""
        found: list[Finding] = []
        for block in every(blocks):
            for mention in _mentions(block):
                origin = block.source.path
                try:
                    if mention.kind == "note" and not self._is_file(mention.target, origin):
                        self.named(mention.target, origin)
                    elif mention.kind == "block" and self.block(mention.target, origin) is None:
                        raise VaultError("there is no block with this id in the vault", "copy its reference again")
                except VaultError as error:
                    found.append(error.at(block.place(mention.written)))
        return tuple(found)

    def _is_file(self, target: str, origin: Path) -> bool:
        """Whether a link leads to a picture, a PDF or the like."""
        if not FILE.search(target.split("#")[0]):
            return False
        try:
            return bool(self.find_asset(target, origin))
        except VaultError:
            return False

    def sources(self, note: Note) -> tuple[WebLink, ...]:
        """The linked notes that say where the thing they are about is (`url:`, `doi:`), in order of mention."""
        linked = self._linked(note)
        return tuple(WebLink(title=title, url=page.url) for title, page in linked.values() if page.url)

    def related(self, note: Note, most: int = 5) -> tuple[WebLink, ...]:
        """The films of notes at most two links away; first those that most notes link to together with this one.

        This needs the extra `vault`. Without it, the films of directly linked notes, and a warning in `findings`.
        """
        from rushes import shadow

        linked = self._linked(note)
        direct = [path for path, (_, page) in linked.items() if page.video]
        own = self.folder.relative(note.path)
        if own is None or not shadow.available():
            if own is not None:
                message = "films two links away are not listed as related: obsidiantools is not installed"
                self._findings.append(Finding(Source(note.path, 1), message, "pip install -e '.[vault]'", "warning"))
            chosen = direct
        else:
            chosen = shadow.related(own, list(linked), self.pages, self.graph())
        return tuple(WebLink(title=self._title(path), url=self._page(path).video) for path in chosen[:most])

    def graph(self) -> dict[str, tuple[str, ...]]:
        """The notes that each note links to, each once, in order."""
        known: dict[str, str | None] = {}
        found: dict[str, tuple[str, ...]] = {}
        for path, page in self.pages.items():
            targets: dict[str, None] = {}
            for link in page.links:
                to: str | None
                if link.startswith("(("):
                    to = self._by_id().get(link.strip("()"))
                elif link.startswith((".", "#")) or link.endswith(".md"):
                    to = self._below_root(self.find_note(link, self.root / path))
                else:
                    if link not in known:
                        known[link] = self._below_root(self.find_note(link))
                    to = known[link]
                if to is not None and to != path:
                    targets[to] = None
            found[path] = tuple(targets)
        return found

    def _linked(self, note: Note) -> dict[str, tuple[str, Page]]:
        """The notes that a script mentions, embedded ones too, in order: path below the root -> title, page."""
        found: dict[str, tuple[str, Page]] = {}
        own = self.folder.relative(note.path)
        for block in every(note.blocks):
            paths: list[Path | None] = [block.source.path]  # an embedded block is a mention of its note
            for mention in _mentions(block):
                if "block" in mention.kind:
                    target = self.block(mention.target, block.source.path)
                    paths.append(target.source.path if target else None)
                else:
                    paths.append(self.find_note(mention.target, block.source.path))
            for path in paths:
                name = self._below_root(path)
                if name is not None and name != own and name not in found:
                    found[name] = (self._title(name), self._page(name))
        return found

    def _below_root(self, path: Path | None) -> str | None:
        return self.folder.relative(path) if path is not None else None

    def _page(self, name: str) -> Page:
        return (self._pages or {}).get(name) or read_page(self.root / name)

    def _title(self, name: str) -> str:
        return self._page(name).title or Path(name).stem.replace("___", "/")


def _mentions(block: Block) -> list[Mention]:
    return mentions(block.text) if block.kind in WORDS else []


def _too_large(path: Path, size: int) -> Note:
    message = f"this note has {size / 1e6:.1f} MB; notes over {LARGEST // 1_000_000} MB are not read"
    finding = Finding(Source(path, 1), message, "split it", "warning")
    return Note(path=path, front={}, front_lines={}, blocks=(), findings=(finding,))


def _with_id(blocks: Iterable[Block], ident: str) -> Block | None:
    return next((b for b in every(blocks) if "id" in b.properties and b.properties["id"].value == ident), None)


def _heading(text: str) -> str:
    """A heading as links write it: without marks."""
    return " ".join(re.findall(r"\w+", text)).casefold()


def _below(note: Note, place: str) -> tuple[Block, ...]:
    """The block `^id` of a note, or what is below a heading; of `A#B`, below B under A.

    Raises:
        VaultError: it is not there.
    """
    if place.startswith("^"):
        block = _with_id(note.blocks, place[1:])
        if block is None:
            raise VaultError(f"there is no block '{place}' in {note.path.name}", "copy the link to the block again")
        return (block,)
    blocks = note.blocks
    for step in place.split("#"):
        headings = [block for block in every(blocks) if block.level]
        found = next((block for block in headings if _heading(block.text) == _heading(step)), None)
        if found is None:
            hint = did_you_mean(step, {block.text for block in headings})
            raise VaultError(f"there is no heading '{step}' in {note.path.name}", hint)
        blocks = found.children
    return blocks
