"""Receipt: what of a film is on YouTube already, written down before and after every step of sending it.

Receipts are kept with the author's data and not in `build/`, which may be deleted at any time: without its receipt, a
film would be uploaded a second time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from rushes.cache import digest
from rushes.errors import RushesError
from rushes.private import data_folder, write_private

__all__ = ["CaptionSent", "Receipt", "changes", "find_receipt", "made_from", "of_same_film", "one_at_a_time", "watch"]

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionSent:
    """A track of captions. Without an id it was not sent."""

    language: str
    name: str
    sha256: str
    """Of the file."""
    cues: str = ""
    """A digest of what it says, to know whether somebody changed it on the site."""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How far a film got. What is empty has not been done."""

    folder: str
    """Where the film was made."""
    sha256: str
    """Of the film's bytes."""
    size: int
    """Bytes."""
    began: str
    """When, as of ISO 8601."""
    title: str
    made_from: Mapping[str, Any] = field(default_factory=dict)
    """See `made_from`."""
    address: str = ""
    """Where the bytes go, for as long as YouTube keeps it; nobody needs to sign in to send to it."""
    offered: str = ""
    """When the last of the bytes were first sent. From then on the film may be there, whether or not we were told."""
    video: str = ""
    """The video's id."""
    sent: Mapping[str, Any] = field(default_factory=dict)
    """Title, description and so on as they were sent last: what is another on the site was changed there by hand."""
    captions: tuple[CaptionSent, ...] = ()
    thumbnail: str = ""
    """SHA-256 of the picture."""
    playlist: str = ""
    """What it was called by the script."""
    visible: str = ""
    """`public`, or the moment at which it becomes so."""
    comment: str = ""
    """Its id."""
    earlier: tuple[str, ...] = ()
    """Ids of the videos of earlier films of the same script."""

    @property
    def path(self) -> Path:
        return _place(Path(self.folder))

    @property
    def url(self) -> str:
        return watch(self.video)

    def caption(self, language: str, name: str) -> CaptionSent:
        """The track of a language and name, with no SHA-256 if none was sent."""
        found = (one for one in self.captions if (one.language, one.name) == (language, name))
        return next(found, CaptionSent(language=language, name=name, sha256=""))

    def keep(self) -> Receipt:
        """Write it down; a killed process leaves this one or the one before."""
        write_private(self.path, json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False) + "\n")
        return self


def watch(video: str) -> str:
    """The address at which a video is watched."""
    return f"https://youtu.be/{video}"


def find_receipt(folder: Path) -> Receipt | None:
    """The receipt of the film that is made in `folder`, or None if it was never sent."""
    path = _place(folder)
    return _read(path) if path.exists() else None


def of_same_film(sha256: str) -> Receipt | None:
    """The receipt of a film of just these bytes, wherever it was made."""
    every = map(_read, sorted(_shelf().glob("[!.]*.json")))
    return next((receipt for receipt in every if receipt.sha256 == sha256), None)


def made_from(folder: Path) -> dict[str, Any]:
    """What a film was made from, as far as its `film.json` tells: enough to say later what is another."""
    try:
        told = json.loads((folder / "film.json").read_text(encoding="utf-8"))
        return {
            "seconds": told["frames"] / told["fps"],
            "shots": told["clips"],
            "numbers": {one["script"]: one["shown"] for one in (*told["spoken"], *told["written"])},
        }
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return {}


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is another in a film that was made again, in sentences, by two results of `made_from`."""
    said = []
    if not before or not now:
        return ["its bytes are others"]
    was, long = (f"{film['seconds'] // 60:.0f}:{film['seconds'] % 60:04.1f}" for film in (before, now))
    if was != long:
        said.append(f"it is {long} long, and was {was}")
    drawn = [shot for shot, clip in now["shots"].items() if before["shots"].get(shot) != clip]
    gone = [shot for shot in before["shots"] if shot not in now["shots"]]
    said += [f"shots drawn anew: {_some(drawn)}"] if drawn else []
    said += [f"shots left out: {_some(gone)}"] if gone else []
    for script, shown in now["numbers"].items():
        if before["numbers"].get(script, shown) != shown:
            said.append(f"{script} is {shown}, and was {before['numbers'][script]}")
    return said or ["its sound or captions are others"]


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold what only one process may hold: two that send one film would make two videos of it.

    Raises:
        RushesError: another process holds it.
    """
    shelf = _shelf()
    shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(shelf / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a killed process holds no lock
        except BlockingIOError:
            raise RushesError("another rushes is publishing now\n  wait for it, or stop it") from None
        yield
    finally:
        os.close(lock)


def _shelf() -> Path:
    return data_folder() / "receipts"


def _place(folder: Path) -> Path:
    real = os.path.realpath(folder)
    return _shelf() / f"{os.path.basename(real)}-{digest({'folder': real})[:8]}.json"


def _read(path: Path) -> Receipt:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise RushesError(f"{path} was written by a newer rushes\n  publish with that one")
        told["captions"] = tuple(CaptionSent(**one) for one in told["captions"])
        told["earlier"] = tuple(told["earlier"])
        datetime.fromisoformat(told["began"])
        return Receipt(**{one.name: told[one.name] for one in fields(Receipt)})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RushesError(
            f"{path} is not whole, and says what is on YouTube already\n  look there, and remove the file if nothing is"
        ) from None
