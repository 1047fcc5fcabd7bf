"""Release: a film on YouTube, with its captions, thumbnail, playlist, comment and day.

Every step is in the receipt before the next begins, and whatever may have happened is looked for before it is done
again. So the same command goes on after a crash, and no film is ever there twice. A film is private while it is sent;
what makes it public comes after everything that belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from rushes.attached import is_public, join_playlist, post_comment, send_caption, send_thumbnail, show, shown
from rushes.cache import file_digest
from rushes.console import Console
from rushes.errors import RushesError
from rushes.lost_upload import find_upload, standing
from rushes.metadata import ours, video_body
from rushes.publish import CaptionTrack, Package
from rushes.receipt import Receipt, changes, find_receipt, made_from, of_same_film, one_at_a_time
from rushes.sign_in import sign_in
from rushes.update import sent_as, update
from rushes.upload import CHUNK, MayBeThereError, Session, upload
from rushes.youtube import NotSentError, Patience, RefusedError, YouTube, clock, connect

__all__ = ["Release", "ThereAlreadyError", "moment", "release"]

LONG_WAIT = 5.0  # seconds that an author is told of
VIDEO_ID = re.compile(r"(?:(?:v=|youtu\.be/|/shorts/|/video/)|^)([\w-]{11})(?:[?&#/]|$)")


class ThereAlreadyError(RushesError):
    """Everything of this film was sent before."""

    def __init__(self, message: str, receipt: Receipt) -> None:
        super().__init__(message)
        self.receipt = receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What the author asked for."""

    public: bool = False
    at: str = ""
    """When it becomes public; empty is not by itself."""
    update: bool = False
    """Only what belongs to the video, not the film."""
    yes: bool = False
    """Answers what would be asked."""
    video: str = ""
    """An id or address: update this video, which was uploaded in some other way."""
    script: str = "SCRIPT"
    """What the author calls the script, for messages."""
    root_url: str = ""
    """Of another server that speaks as YouTube does; for tests."""
    patience: Patience = field(default_factory=Patience)
    chunk: int = CHUNK


def release(package: Package, asked: Release, console: Console) -> Receipt:
    """Send a film and what belongs to it, go on sending it, or update what belongs to it.

    Raises:
        RushesError: it was not sent, or not all of it; says what to do and when.
    """
    if asked.public and asked.at:
        raise RushesError("a film is either public now (--public) or later (--at)\n  leave out one of them")
    with one_at_a_time():
        receipt = _opened(package, asked, console)
        visible = _visible(package, asked, receipt)
        with closing(connect(sign_in(), _telling(asked.patience, console), asked.root_url)) as youtube:
            work = _Work(youtube, package, asked, console, receipt)
            sent = work.send_film()
            update_it = asked.update or not work.receipt.sent  # a video that others made is not written over
            if update_it:
                work.receipt = update(youtube, package, work.receipt, console, yes=asked.yes)
            work.send_rest(visible, sent or update_it)
    return work.receipt


def _telling(patience: Patience, console: Console) -> Patience:
    """The same, which says when it waits for long."""

    def sleep(seconds: float) -> None:
        if seconds >= LONG_WAIT:
            console.say(f"waiting {seconds:.0f} s for the network or for YouTube")
        patience.sleep(seconds)

    return replace(patience, sleep=sleep)


def moment(text: str, now: datetime) -> str:
    """When a film becomes public, as YouTube takes it; a time without a zone is one of this machine's.

    Raises:
        RushesError: it is not a time, or not one in the future.
    """
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise RushesError(f"'{text}' is not a time\n  write one as in --at '2027-01-31 18:00'") from None
    if at <= now:
        raise RushesError(f"{clock(at)} is past\n  name a time in the future, or leave it out")
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


# ---------------------------------------------------------------------- what there is to do
def _visible(package: Package, asked: Release, receipt: Receipt) -> str:
    """`public`, the moment of it, or empty for as it is."""
    if asked.public or asked.at:
        return "public" if asked.public else moment(asked.at, asked.patience.now())
    if receipt.visible in ("public", package.publish_at):  # a moment that is past is nothing to complain of then
        return ""
    return moment(package.publish_at, asked.patience.now())


def _opened(package: Package, asked: Release, console: Console) -> Receipt:
    """The receipt to go on with: an old one, or a new one.

    Raises:
        RushesError: the film is there already, or another of the same script is, and nobody said what to do.
    """
    film = package.film
    sha256 = file_digest(film)
    known, same = find_receipt(package.folder), of_same_film(sha256)
    if known and known.sha256 != sha256 and known.offered and not known.video:
        known = _settled(known, asked)
    new = Receipt(
        folder=str(package.folder.resolve()), sha256=sha256, size=film.stat().st_size, title=package.title,
        began=asked.patience.now().isoformat(timespec="seconds"), made_from=made_from(package.folder),
    )  # fmt: skip
    if asked.video:
        video = _video_id(asked.video)
        return replace(known if known and known.video in ("", video) else new, video=video, address="").keep()
    if asked.update:
        if known and known.video:
            return known
        if package.published:
            return replace(new, video=_video_id(package.published[-1])).keep()
        raise RushesError(
            f"no video of this film is known\n  name it: rushes publish {asked.script} --update --video ADDRESS"
        )
    if known and known.sha256 == sha256:
        return known
    if same:
        raise RushesError(
            f"this very film was sent from {same.folder} already: {same.url if same.video else 'not all of it yet'}\n"
            "  go on from there"
        )
    if known and not known.video and not known.offered:
        return replace(new, earlier=known.earlier).keep()  # nothing of the film before it is there
    there = [known.url] if known else package.published
    if there:
        said = changes(known.made_from, new.made_from) if known else ["it was uploaded in some other way"]
        console.say("\n".join([f"a film of this script is at {there[-1]}; of the one to be sent,", *said]))
        if not (asked.yes or console.agreed("YouTube cannot replace a video. Upload this one as a new video?")):
            raise RushesError(
                f"a film of this script is on YouTube already, at {there[-1]}, and YouTube cannot replace a video\n"
                f"  its words and captions only: rushes publish {asked.script} --update\n"
                f"  a second video: rushes publish {asked.script} --yes"
            )
    earlier = (*known.earlier, known.video) if known and known.video else ()
    return replace(new, earlier=earlier).keep()


def _settled(known: Receipt, asked: Release) -> Receipt:
    """A receipt of an earlier film that may have become a video, when that is known."""
    with closing(connect(sign_in(), asked.patience, asked.root_url)) as youtube:
        try:
            video = standing(youtube, known.address, known.size)
        except MayBeThereError:
            video = find_upload(youtube, known, asked.script)
    return replace(known, video=video, address="", offered="").keep()


def _video_id(text: str) -> str:
    found = VIDEO_ID.search(text)
    if not found:
        raise RushesError(f"'{text}' is not the address of a video\n  write it as in https://youtu.be/dQw4w9WgXcQ")
    return found[1]


# ---------------------------------------------------------------------- doing it
@dataclass(slots=True)
class _Work:
    youtube: YouTube
    package: Package
    asked: Release
    console: Console
    receipt: Receipt

    def _keep(self, **done: Any) -> None:
        self.receipt = replace(self.receipt, **done).keep()

    # ------------------------------------------------------------------ the film
    def send_film(self) -> bool:
        """Whether it had to be sent."""
        if self.receipt.video:
            return False
        package, total = self.package, self.receipt.size

        def keep(session: Session) -> None:
            offered = self.receipt.offered or self.asked.patience.now().isoformat(timespec="seconds")
            offered = offered if session.all_offered else ""
            self._keep(address=session.address, offered=offered, sent=ours(package))

        shown_to = [0]  # twentieths; a pipe gets a line for each

        def told(done: int) -> None:
            twentieths = done * 20 // total
            text = f"{done / 1e6:.0f} of {total / 1e6:.0f} MB" if twentieths > shown_to[0] else ""
            shown_to[0] = max(shown_to[0], twentieths)
            self.console.event("progress", stage="uploading", done=done, total=total, text=text)

        session = Session(address=self.receipt.address, all_offered=bool(self.receipt.offered))
        try:
            video = upload(self.youtube, package.film, video_body(package), session, keep, told, self.asked.chunk)
        except MayBeThereError:
            video = find_upload(self.youtube, self.receipt, self.asked.script)
            if not video:
                self._keep(address="", offered="")
                return self.send_film()
        self._keep(video=video, address="")
        self.console.say(f"uploaded, private: {self.receipt.url}")
        return True

    # ------------------------------------------------------------------ what belongs to it
    def send_rest(self, visible: str, anything: bool) -> None:
        """Every step that is not done yet. One that is refused does not keep the others from being done."""
        refused: list[str] = []
        for step in self._steps():
            try:
                step()
                anything = True
            except RefusedError as error:
                refused.append(str(error))
        if visible and visible != self.receipt.visible:
            if refused:
                refused.append("so the video stays as visible as it was; publish it again when this is mended")
            else:
                self._show(visible)
                anything = True
        if self.package.pinned and not self.receipt.comment and is_public(self.youtube, self.receipt.video):
            self._comment()
            anything = True
        if refused:
            raise NotSentError("\n".join([f"{self.receipt.url} is there, but", *refused]))
        if not anything:
            raise ThereAlreadyError(
                f"this film is on YouTube already: {self.receipt.url}\n"
                f"  after a change of its words or captions: rushes publish {self.asked.script} --update",
                self.receipt,
            )

    def _steps(self) -> Iterator[Callable[[], None]]:
        receipt, package = self.receipt, self.package
        for track in package.captions:
            if not receipt.caption(track.language, track.name).id:
                yield partial(self._caption, track)
        if not receipt.thumbnail:
            yield self._thumbnail
        if package.playlist and receipt.playlist != package.playlist:
            yield self._playlist

    def _caption(self, track: CaptionTrack) -> None:
        id = send_caption(self.youtube, self.receipt.video, track)
        self._keep(captions=(*self.receipt.captions, sent_as(track, id)))
        self.console.say(f"captions: {track.language}")

    def _thumbnail(self) -> None:
        send_thumbnail(self.youtube, self.receipt.video, self.package.thumbnail)
        self._keep(thumbnail=file_digest(self.package.thumbnail))
        self.console.say("thumbnail")

    def _playlist(self) -> None:
        join_playlist(self.youtube, self.receipt.video, self.package.playlist)
        self._keep(playlist=self.package.playlist)
        self.console.say(f"playlist: {self.package.playlist}")

    def _show(self, visible: str) -> None:
        show(self.youtube, self.receipt.video, visible)
        self._keep(visible=visible)
        self.console.say(shown(visible))

    def _comment(self) -> None:
        try:
            self._keep(comment=post_comment(self.youtube, self.receipt.video, "\n\n".join(self.package.pinned)))
        except RefusedError as error:
            self.console.event("warning", text=f"{error}; post it by hand")
            return
        self.console.say(f"the comment is posted; YouTube lets no program pin one: pin it at {self.receipt.url}")
