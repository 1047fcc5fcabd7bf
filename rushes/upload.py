"""Upload: a film's bytes to YouTube, in chunks, to an address that outlives connections and processes.

The official client makes the requests. It tries again after no dropped connection, and a new process knows nothing of
its upload, so both are done here: after any doubt the server is asked how much it has, and sending goes on from there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from rushes.errors import RushesError
from rushes.youtube import FAILURES, GONE, Busy, NotSentError, Patience, YouTube, answer

__all__ = ["CHUNK", "MayBeThereError", "Session", "how_much", "send_file", "upload"]

CHUNK = 8 * 1024 * 1024  # bytes; YouTube asks for multiples of 256 KiB
RESTARTS = 5  # addresses that are forgotten in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An upload that was begun. Empty before it is."""

    address: str = ""
    all_offered: bool = False
    """Whether the last chunk was ever about to be sent: from then on the video may exist."""


class MayBeThereError(Exception):
    """YouTube has forgotten an upload of which it may have all bytes. Whoever catches it looks for the video."""


def upload(
    youtube: YouTube, film: Path, body: Mapping[str, Any], session: Session, keep: Callable[[Session], None],
    told: Callable[[int], None] = lambda _: None, chunk: int = CHUNK,
) -> str:  # fmt: skip
    """Send a film, or go on sending it; the video's id.

    Args:
        body: the resource of the video: title and so on.
        session: how far it got.
        keep: writes a session down. It is called before bytes go to a new address, and before the last ones go.
        told: is told how many bytes are there.

    Raises:
        NotSentError: it has to stop; the session that was kept last goes on later.
        MayBeThereError: nobody can say by this address whether the video exists.
    """
    with open(film, "rb") as file:
        return _Upload(youtube, file, body, session, keep, told, chunk).run()


def send_file(request: Callable[[Any], Any], file: Path, kind: str) -> Any:
    """Make a request once with a small file; `request` is given the file as the official client takes it."""
    with open(file, "rb") as opened:
        return answer(request(_Chunks(opened, kind, CHUNK)))


class _Chunks(MediaIoBaseUpload):  # type: ignore[misc]
    """A file that is sent by bytes and not as a stream: a stream is not sent again after the sign-in is renewed."""

    def __init__(self, file: BinaryIO, kind: str, chunk: int, before: Callable[[int], None] = lambda _: None) -> None:
        super().__init__(file, mimetype=kind, chunksize=chunk, resumable=True)
        self._before = before

    def has_stream(self) -> bool:
        return False

    def getbytes(self, begin: int, length: int) -> bytes:
        """The bytes that are about to be sent; `before` is told where they end."""
        self._before(min(begin + length, self.size()))
        try:
            read: bytes = super().getbytes(begin, length)
        except OSError as error:  # of the disk, and not of the network
            raise RushesError(
                f"the film cannot be read: {error.strerror}\n  make it again: rushes film or short"
            ) from None
        return read


class _Upload:
    def __init__(
        self, youtube: YouTube, file: BinaryIO, body: Mapping[str, Any], session: Session,
        keep: Callable[[Session], None], told: Callable[[int], None], chunk: int,
    ) -> None:  # fmt: skip
        self.youtube, self.file, self.body, self.chunk = youtube, file, body, chunk
        self.session, self.keep, self.told = session, keep, told
        self.state = os.fstat(file.fileno())
        self.size = self.state.st_size
        self.restarts = 0

    def run(self) -> str:
        tries, furthest = 0, -1
        patience: Patience = self.youtube.patience
        while True:
            try:
                self.request = self._new_request()
                done = self._there() if self.session.address else ""
                while not done:
                    before = self.request.resumable_progress
                    _, made = self.request.next_chunk()
                    if made is not None:
                        done = _id(made)
                        break
                    there = self.request.resumable_progress
                    self.told(there)
                    if there > furthest:
                        tries, furthest = 0, there
                    if there <= before or there >= self.size:
                        raise Busy("it takes no more of the film")
                self.told(self.size)
                return done
            except FAILURES as error:
                if isinstance(error, HttpError) and error.status_code in GONE and self.request.resumable_uri:
                    self._forgotten()
                    furthest = -1
                    continue
                tries += 1
                patience.wait(error, tries, "the upload")

    def _new_request(self) -> Any:
        media = _Chunks(self.file, "video/mp4", self.chunk, self._before)
        return self.youtube.service.videos().insert(part="snippet,status", body=dict(self.body), media_body=media)

    def _there(self) -> str:
        """Ask how much of the film is there, and go on from there; the video's id, if all of it is."""
        self.request.resumable_uri = self.session.address
        there = how_much(self.request.http, self.session.address, self.size)
        if isinstance(there, str):
            return there
        self.session = replace(self.session, all_offered=False)  # for now, no video was made of it
        self.request.resumable_progress = there
        return ""

    def _before(self, end: int) -> None:
        """Write down what is about to happen, while it has not."""
        state = os.fstat(self.file.fileno())
        if (state.st_size, state.st_mtime_ns) != (self.size, self.state.st_mtime_ns):
            raise RushesError("the film was written to while it was sent\n  publish it again when it is finished")
        now = replace(
            self.session,
            address=self.request.resumable_uri,
            all_offered=self.session.all_offered or end >= self.size,
        )
        if now != self.session:
            self.keep(now)
            self.session = now

    def _forgotten(self) -> None:
        if self.session.all_offered:
            raise MayBeThereError from None
        self.session = Session()
        self.restarts += 1
        if self.restarts > RESTARTS:
            raise NotSentError(f"YouTube forgot this upload {self.restarts} times\n  run the same command tomorrow")


def how_much(http: Any, address: str, size: int) -> int | str:
    """How many bytes are there, or the id of the video that was made of them.

    Raises:
        HttpError: it is not known, such as after some days.
        Busy: all bytes are there, and no video yet.
    """
    headers = {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
    told, content = http.request(address, method="PUT", headers=headers)
    if told.status in (200, 201):
        return _id(json.loads(content))
    if told.status != 308:
        raise HttpError(told, content, uri=address)
    there = int(told["range"].split("-")[1]) + 1 if "range" in told else 0
    if there >= size:
        raise Busy("it takes no more of the film")
    return there


def _id(made: Any) -> str:
    if not isinstance(made, dict) or not made.get("id"):
        raise Busy("its answer cannot be read")
    return str(made["id"])
