"""Check: everything wrong with a script, found at once and before anything slow.

Imports neither Manim nor torch.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rushes.beat import Beat, Claim
from rushes.captions import fitting
from rushes.description import description as whole_description
from rushes.description import filled
from rushes.direction import Direction
from rushes.errors import Finding, RushesError, ScriptError, Source, did_you_mean
from rushes.house import House
from rushes.inline import Number, fill
from rushes.limits import limits
from rushes.measured import STATS, STEP, Measured, Reference
from rushes.namesake import namesakes
from rushes.placing import estimate, lay_out, phrase_index
from rushes.pronunciations import house_table
from rushes.publication import publication
from rushes.read_script import read_script
from rushes.record import RecordError
from rushes.records import Records
from rushes.scene_file import SceneFile, find_scene, read_scene_file, scene_names
from rushes.script import Script
from rushes.short import concerning, cut, find_section
from rushes.slug import slug
from rushes.storyboard import Insert, Picture, Slate
from rushes.timeline import PlacedShot, Timeline
from rushes.translation import Translation, originals, read_translation, translations
from rushes.vault import Vault
from rushes.voices import voice

__all__ = ["Checked", "check", "check_note"]

SIGNS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
ANY = 10**9  # bytes: whatever a description is long
UNKNOWN = "?"  # stands for a number that could not be read, so that the rest can still be checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A script whose numbers have been read."""

    script: Script
    records: Records
    texts: tuple[str, ...]
    """The words of each beat, as captioned."""
    description: str
    pinned: tuple[str, ...]
    """The pinned comment's paragraphs."""
    measured: Mapping[Number, Measured]
    vault: Vault | None
    """The notes around it, if it was read from among them."""
    translations: tuple[Translation, ...] = ()
    """What lies beside it in other languages."""
    findings: tuple[Finding, ...]
    """In the order of the script."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def placeholders(self) -> tuple[Finding, ...]:
        """What is shown although nobody has drawn, found or filmed it yet."""
        shown = [d for beat in self.script.beats for d in beat.directions if d.scene is None and _placeholder(d)]
        return tuple(Finding(d.source, "this is a placeholder", _TO_DRAW, "warning") for d in shown)


_TO_DRAW = "write a scene for it: scene:: name"


def _part(reference: Reference, error: RecordError, source: Source) -> Source:
    """Where the part of a reference is that an error is about."""
    parts = (reference.stat, reference.column, reference.run)
    told = [part for part in parts if f"'{part}'" in error.message] or [reference.run]
    if reference.stat.startswith("step") and " has no step " in error.message:
        told = [reference.stat]
    start = max(source.text.find(str(reference)), 0)
    if told[0] != reference.run:
        start += len(reference.run)  # a run may be called like its column
    return source.at(told[0], start)


def _placeholder(direction: Direction) -> bool:
    match direction.card:
        case Slate():
            return True
        case Picture(path=None) | Insert(path=None):
            return True
    return False


def check(
    script: Script, folders: Sequence[Path], *, fps: int, size: tuple[int, int], whole: Script | None = None
) -> Checked:
    """Read a script's numbers and find everything wrong with it, and with its translations.

    Args:
        folders: where `scenes/` and `runs/` are looked for, in order.
        whole: what the script is a section of; translations are of that.
    """
    checker = _Checker(script, folders)
    return checker.run(fps, size, whole or script)


def check_note(path: Path, house: House, section: str = "") -> Checked:
    """Read a script note with the vault around it, and find everything wrong with it, or with one section of it.

    Raises:
        RushesError: there is no such section, or this is a translation of a script.
    """
    vault = Vault.around(path, house.out / "vault")
    script = whole = read_script(path, vault)
    if "translates" in script.note.front:
        raise RushesError(f"{path} is a translation\n  give the script that it translates: {_original(path)}")
    index = find_section(whole, section) if section else 0
    if section:
        script = cut(whole, index)
    checked = check(script, house.roots, fps=house.fps, size=house.size, whole=whole)
    around = (*vault.dead_links(script.note.blocks), *vault.findings)
    findings = _in_order([*checked.findings, *around], path)
    about = concerning(whole, index, findings) if section else findings
    return replace(checked, vault=vault, findings=(*namesakes(path, house.out / whole.name), *about))


def _original(path: Path) -> Path:
    return path.with_name(f"{path.stem.rpartition('.')[0] or path.stem}.md")


def _in_order(findings: Iterable[Finding], path: Path) -> tuple[Finding, ...]:
    """As they stand in the script; what is wrong elsewhere comes after it."""
    return tuple(sorted(findings, key=lambda f: (f.source.path != path, str(f.source.path), f.source.line)))


class _Checker:
    def __init__(self, script: Script, folders: Sequence[Path]) -> None:
        self.script = script
        self.folders = folders
        self.records = Records(tuple(folders), script.size)
        self.findings: list[Finding] = []
        self.measured: dict[Number, Measured] = {}

    def run(self, fps: int, size: tuple[int, int], whole: Script) -> Checked:
        script = self.script
        self._voice()
        texts = tuple(beat.text([self._shown(number) for number in beat.numbers]) for beat in script.beats)
        description = fill(script.description, [self._shown(number) for number in script.description_numbers])
        for beat, text in zip(script.beats, texts, strict=True):
            for claim in beat.claims:
                self._claim(claim, text)
            for direction in beat.directions:
                self._direction(direction, beat, text)
            for cue in beat.sounds:
                self._phrase(cue.at, cue.at_source, beat, text)
            for pause in beat.pauses:
                self._phrase(pause.at, pause.source, beat, text)
        self._music()
        for poster in script.posters.values():
            self._scene(poster)
        self.findings += publication(script).findings
        timed = [estimate(text) for text in texts]
        timeline = lay_out(script, texts, timed, fps=fps, size=size, lengths=self._lengths())
        self._cues(timeline)
        self._captions(texts, fitting(size).width)
        says = originals(whole)
        others = [read_translation(spoken, path, says, self._shown) for spoken, path in translations(script.path)]
        self.findings += [finding for other in others for finding in other.findings]
        self.findings += limits(script, whole_description(description, timeline, most=ANY).text, timeline)
        # one damaged record is one finding, not one for each number drawn from it
        found: dict[tuple[str, str], Finding] = {}
        for finding in [*script.findings, *self.findings]:
            key = (finding.message, "" if "record of" in finding.message else str(finding.source))
            found.setdefault(key, finding)
        return Checked(
            script=script,
            records=self.records,
            texts=texts,
            description=description,
            pinned=tuple(filled(script.pinned, [self._shown(number) for number in script.pinned_numbers])),
            measured=self.measured,
            vault=None,
            translations=tuple(others),
            findings=_in_order(found.values(), script.path),
        )

    def _wrong(self, source: Source, message: str, suggestion: str = "") -> None:
        self.findings.append(Finding(source, message, suggestion))

    def _warn(self, source: Source, message: str, suggestion: str = "") -> None:
        self.findings.append(Finding(source, message, suggestion, "warning"))

    def _voice(self) -> None:
        self.findings += house_table().findings
        try:
            voice(self.script.voice)
        except RushesError as error:
            message, _, hint = str(error).partition("\n")
            source = self.script.front_lines.get("voice", Source(self.script.path, 1))
            self._wrong(source.after(self.script.voice), message, hint.strip())

    # ------------------------------------------------------------------ numbers
    def _measure(self, reference: Reference, source: Source) -> Measured | None:
        try:
            measured = self.records.get(reference.run).measure(reference.column, reference.stat)
            return replace(measured, reference=reference)  # the record knows its run, and not how it was named here
        except RecordError as error:
            self._wrong(_part(reference, error, source), error.message, error.suggestion)
        except ScriptError as error:  # the recipe itself is wrong
            self.findings += error.findings
        return None

    def _shown(self, number: Number) -> str:
        if number.reference is None:
            return UNKNOWN
        measured = self._measure(number.reference, number.source)
        if measured is None:
            return UNKNOWN
        self.measured[number] = measured
        try:
            return format(measured.value, number.format).replace("-", "−")
        except ValueError:
            return UNKNOWN

    def _claim(self, claim: Claim, sentence: str) -> None:
        values: list[float] = []
        for side in (claim.left, claim.right):
            if isinstance(side, Reference):
                measured = self._measure(side, claim.source)
                if measured is None:
                    return
                values.append(measured.value)
            else:
                values.append(side)
        if not SIGNS[claim.sign](*values):
            shown = f"{values[0]:.4g} {claim.sign} {values[1]:.4g}"
            self._wrong(
                claim.source,
                f"this claim fails: {shown} is not so",
                f'change the sentence, or record the run again: "{sentence}"',
            )

    def _music(self) -> None:
        if self.script.music and (path := self.script.music.file):
            from rushes.music import problem  # a script without a file of music needs no decoder

            if why := problem(path):
                source = self.script.front_lines.get("music", Source(self.script.path, 1))
                self._wrong(source.after(path.name), why, "open it in a player, or export it again as flac")

    # ------------------------------------------------------------------ directions
    def _phrase(self, at: str, source: Source, beat: Beat, text: str) -> None:
        if at and phrase_index(at, text.split()) is None:
            hint = f'take words of its beat (line {beat.source.line}): "{text}"'
            self._wrong(source, f"the beat does not say '{at}'", hint)

    def _direction(self, direction: Direction, beat: Beat, text: str) -> None:
        self._phrase(direction.at, direction.at_source, beat, text)
        self._card(direction)
        self._scene(direction)

    def _scene(self, direction: Direction) -> None:
        if direction.scene is None:
            return
        path = find_scene(direction.scene, self.folders)
        if path is None:
            known = did_you_mean(direction.scene, scene_names(self.folders))
            hint = known if known.startswith("did") else f"write scenes/{direction.scene}.py, or take another; {known}"
            self._wrong(direction.scene_source, f"there is no scene '{direction.scene}'", hint)
            return
        about = read_scene_file(path)
        if about.finding:
            self.findings.append(about.finding)
            return
        for key, value in direction.args.items():
            self._argument(direction, about, key, value)
        for argument, run in about.runs.items():
            if argument not in direction.args:
                self._run(run, direction.scene_source)
        for table, name, source in about.asks:
            declared = list(about.runs if table == "runs" else about.settings)
            if name not in declared and all(finding.source != source for finding in self.findings):
                hint = did_you_mean(name, declared) if declared else f"give the class its {table}"
                self._wrong(source, f"the scene '{path.stem}' asks for '{name}', which its `{table}` do not have", hint)
        for argument, column, _ in about.columns:
            self._column(direction, about, argument, column)
        assets = path.parent.parent / "assets"
        for name, source in about.assets:
            if not (assets / name).is_file() and all(finding.source != source for finding in self.findings):
                have = [str(file.relative_to(assets)) for file in assets.rglob("*") if file.is_file()]
                self._wrong(
                    source, f"the scene '{path.stem}' uses assets/{name}, which is not there", did_you_mean(name, have)
                )

    def _card(self, direction: Direction) -> None:
        """A picture or a video that is there and cannot be shown."""
        card = direction.card
        if isinstance(card, Picture) and card.path and direction.scene is None:
            if card.path.suffix.lower() == ".svg":
                self._warn(
                    direction.source, f"'{card.path.name}' is an SVG, which a card cannot show", "save it as PNG"
                )
                return
            from PIL import Image

            try:
                with Image.open(card.path) as image:
                    image.verify()
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                hint = "a card shows png, jpg, webp, gif, bmp and tif"
                self._warn(direction.source, f"'{card.path.name}' cannot be read as an image", hint)
        elif isinstance(card, Insert) and card.path:
            from rushes.insert import problem

            if why := problem(card):
                self._warn(direction.source, why, "open it in a video player, or export it again as mp4")

    def _lengths(self) -> Mapping[Insert, float]:
        cards = [direction.card for direction in self._directions()]
        inserts = [card for card in cards if isinstance(card, Insert) and card.path]
        if not inserts:
            return {}
        from rushes.insert import lengths  # a script without videos needs no decoder

        return lengths(inserts)

    def _argument(self, direction: Direction, about: SceneFile, key: str, value: str) -> None:
        source = direction.scene_source
        place = source.at(f"{key}={value}")
        if key in about.runs:
            self._run(value, source.at(value, source.text.find(f"{key}=")))
        elif key in about.settings:
            kind = type(about.settings[key])
            try:
                kind(value)
            except ValueError:
                self._wrong(
                    place,
                    f"'{key}' is a {'whole number' if kind is int else 'number'}, not '{value}'",
                    f"write, for example, {key}={about.settings[key]}",
                )
        else:
            known = [*about.runs, *about.settings]
            hint = did_you_mean(key, known) if known else "it has none"
            self._wrong(place, f"the scene '{direction.scene}' has no setting '{key}'", hint)

    def _run(self, name: str, source: Source) -> None:
        try:
            self.records.get(name)
        except RecordError as error:
            self._wrong(source, error.message, error.suggestion)
        except ScriptError as error:
            self.findings += error.findings

    def _column(self, direction: Direction, about: SceneFile, argument: str, column: str) -> None:
        run = direction.args.get(argument, about.runs.get(argument, ""))
        try:
            columns = self.records.get(run).columns
        except RushesError:
            return  # reported where the run is named
        if column not in columns:
            self._wrong(
                direction.scene_source,
                f"the scene '{direction.scene}' draws the column '{column}', which the record of '{run}' has not",
                did_you_mean(column, columns),
            )

    # ------------------------------------------------------------------ captions
    def _captions(self, texts: Sequence[str], width: int) -> None:
        for beat, text in zip(self.script.beats, texts, strict=True):
            for word in text.split():
                if len(word) > width:
                    self._warn(
                        self._place(beat, word),
                        f"this word has {len(word)} characters; a line of captions holds {width}",
                        "break it up",
                    )

    def _place(self, beat: Beat, word: str) -> Source:
        """Where a beat says a word; its first line if the word is not written so."""
        blocks = (block for top in self.script.note.blocks for block in top.walk() if block.source == beat.source)
        return next((block.place(word) for block in blocks), beat.source)

    # ------------------------------------------------------------------ cues
    def _cues(self, timeline: Timeline) -> None:
        lines = {direction.scene_source.line: direction for direction in self._directions()}
        for shot in timeline.shots:
            direction = lines.get(shot.line)
            path = find_scene(shot.scene, self.folders) if shot.scene else None
            if direction is None or path is None or (about := read_scene_file(path)).finding:
                continue
            for name, source in about.waits:
                if name not in shot.cues and slug(name) not in shot.cues:
                    self._missing(shot, direction, name, source)

    def _directions(self) -> Iterator[Direction]:
        for beat in self.script.beats:
            yield from beat.directions

    def _missing(self, shot: PlacedShot, direction: Direction, name: str, source: Source) -> None:
        near = did_you_mean(slug(name), shot.cues)
        column, _, stat = name.rpartition("-")
        words = name.replace("-", " ")
        if column and (stat in STATS or STEP.fullmatch(stat)):
            words = f"{{run.{column.replace('-', '_')}.{stat}:.1f}}"
        elif name.startswith("facts-"):
            words = f"{{run.facts.{name.removeprefix('facts-').replace('-', '_')}:.2f}}"
        hint = near if near.startswith("did") else f"mark the words in a beat of this shot: =={words}=="
        self._wrong(
            direction.scene_source,
            f"the scene '{shot.scene}' waits for '{name}' ({source.path.name}:{source.line}), "
            "which no one says while it is shown",
            hint,
        )
