"""Inputs: what the picture of a shot depends on, besides the records that its scene reads."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, packages_distributions
from pathlib import Path

import cairo

from rushes.cache import digest, file_digest
from rushes.imported import imported
from rushes.scene_file import PACKAGE, read_scene_file
from rushes.storyboard import Card, Code, Insert
from rushes.transition import Fade
from rushes.x264 import OPTIONS

__all__ = ["FONTS", "PACKAGE", "VERSIONS", "changed_since_loaded", "inputs", "installed"]

FONTS = PACKAGE.parent / "assets" / "fonts"
# Whatever the scene imports, its frames go through these, and a clip says what they found.
DRAWN_BY = tuple(
    PACKAGE / f"{name}.py"
    for name in ("studio", "renderer", "shortcuts", "encoder", "x264", "lint", "contrast", "reading", "shaken")
)
INSERT, TRANSITION = PACKAGE / "insert.py", PACKAGE / "transition.py"
VERSIONS = (
    "manim", "av", "opencv-python-headless", "numpy", "pycairo", "uharfbuzz",
    # what Manim itself draws with
    "pillow", "manimpango", "scipy", "skia-pathops", "svgelements", "isosurfaces", "mapbox-earcut", "networkx",
)  # fmt: skip
# Packages that are imported by another name than they are installed by, so that most need not be looked up.
KNOWN_AS = {
    "cv2": "opencv-python-headless", "PIL": "pillow", "cairo": "pycairo", "markdown_it": "markdown-it-py",
    "hibari": "hibari-tts", "yaml": "PyYAML",
}  # fmt: skip
# Settings of Manim's that a user or a folder may have.
MANIM_SETTINGS = (Path("~/.config/manim/manim.cfg"), Path("manim.cfg"))


def inputs(
    *, scene: Path, args: Mapping[str, str], card: Card | None, insert_at: int, cues: Mapping[str, int], frames: int,
    fps: int, size: tuple[int, int], fade: Fade = (0, 0),
) -> Mapping[str, str]:  # fmt: skip
    """What a picture depends on: a name -> a value, or the digest of one. See `ClipJob` for the arguments."""
    files, names = imported(scene)
    drawn_by = (
        *files,
        *DRAWN_BY,
        *([INSERT] if isinstance(card, Insert) else []),
        *([TRANSITION] if any(fade) else []),
    )
    packages = {KNOWN_AS.get(name, name) for name in names} | {*VERSIONS}
    packages |= {"pygments"} if isinstance(card, Code) else {"moviepy"} if isinstance(card, Insert) else set()
    settings = [path for name in MANIM_SETTINGS if (path := name.expanduser()).is_file()]
    return {
        **{f"file {named(file)}": digest({"file": file}) for file in drawn_by},
        **{f"file {file}": digest({"file": file}) for file in settings},
        **{f"font {file.name}": digest({"file": file}) for file in sorted(FONTS.glob("*.[ot]tf"))},
        **{f"version {name}": installed(name) for name in sorted(packages)},
        "version Python": ".".join(platform.python_version_tuple()[:2]),
        "version cairo": cairo.cairo_version_string(),
        **{f"argument {name}": value for name, value in args.items()},
        **{f"cue {name}": str(frame) for name, frame in cues.items()},
        **{f"encoder {name}": value for name, value in OPTIONS.items()},
        "class": read_scene_file(scene).class_name,
        "card": digest({"card": [type(card).__name__, _drawn(card), insert_at] if card else None}),
        "frames": str(frames),
        "fps": str(fps),
        "size": f"{size[0]}x{size[1]}",
        **({"fade": f"{fade[0]} frames in, {fade[1]} out"} if any(fade) else {}),
    }


def _drawn(card: Card) -> Card:
    """What of a card is seen."""
    return replace(card, sound="mute") if isinstance(card, Insert) else card


def named(file: Path) -> str:
    """A source file as an author knows it, wherever the repository is."""
    return str(file.relative_to(PACKAGE)) if file.is_relative_to(PACKAGE) else f"{file.parent.name}/{file.name}"


def installed(package: str) -> str:
    """Its version."""
    try:
        return version(package)
    except PackageNotFoundError:
        names = _distributions().get(package, [])
        return " ".join(sorted(version(name) for name in names)) or "missing"


@lru_cache(maxsize=256)
def version(name: str) -> str:
    """Of a distribution: what was found first, as that is what was loaded."""
    return importlib.metadata.version(name)


@lru_cache(maxsize=1)
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


# ---------------------------------------------------------------------- the code that runs
# A process that lives long may run other code than what is on the disk by now.
_LOADED = {file: file_digest(file) for folder in (PACKAGE, PACKAGE / "cards") for file in folder.glob("*.py")}


def changed_since_loaded() -> list[str]:
    """Files of this package that are others than when it was imported."""
    return [named(file) for file, was in _LOADED.items() if not file.is_file() or file_digest(file) != was]
