"""YouTube: the official client, and what its errors mean: wait and try again, or stop and say what to do and when."""

from __future__ import annotations

import http.client
import json
import random
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import google_auth_httplib2
import httplib2
from google.auth.exceptions import RefreshError, TransportError
from google.oauth2.credentials import Credentials
from googleapiclient import discovery_cache
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from rushes.errors import RushesError
from rushes.sign_in import forget

__all__ = [
    "FAILURES",
    "GONE",
    "Busy",
    "NotSentError",
    "Patience",
    "RefusedError",
    "YouTube",
    "clock",
    "connect",
    "reason",
]

AGAIN = "run the same command then: it goes on where it stopped"
LONG = 900.0  # seconds; who is asked to wait longer is told so instead
PASSING = {408, 429, 500, 502, 503, 504}
RATE = {"rateLimitExceeded", "userRateLimitExceeded"}
QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
GONE = {404, 410}
NETWORK = (OSError, http.client.HTTPException, httplib2.HttpLib2Error, TransportError)


class NotSentError(RushesError):
    """Sending has to stop; says what to do, and when."""


class RefusedError(NotSentError):
    """YouTube does not take this one thing; others may still go."""


UNREADABLE = "its answer cannot be read"
T = TypeVar("T")


class Busy(Exception):  # noqa: N818
    """It answered, but not with what was asked for; asking again may help."""


FAILURES = (*NETWORK, HttpError, RefreshError, Busy, ValueError)
"""Whatever a request can end with; `Patience.wait` says which of them pass. A garbled answer is a ValueError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a network and a server. Times are seconds."""

    tries: int = 10
    """In a row, without any progress."""
    longest: float = 64.0
    timeout: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def wait(self, error: Exception, tries: int, what: str) -> None:
        """Wait after the `tries`th error in a row.

        Raises:
            NotSentError: waiting does not help, or has not helped, or is better done elsewhere.
        """
        asked = _passing(error, self.now(), what)
        if asked > LONG:
            raise NotSentError(f"YouTube asks to wait until {clock(self.now() + timedelta(seconds=asked))}\n  {AGAIN}")
        if tries >= self.tries:
            raise NotSentError(
                f"{what} stopped after {tries} tries in a row: {_short(error)}\n"
                "  run the same command when the network is better: it goes on where it stopped"
            )
        backoff = min(2.0 ** (tries - 1), self.longest)
        self.sleep(max(asked, backoff * random.uniform(0.5, 1.0)))


@dataclass(frozen=True, slots=True)
class YouTube:
    """An author's channel. `service` is the official client; see `call`."""

    service: Any
    patience: Patience

    def close(self) -> None:
        self.service.close()

    def call(self, work: Callable[[], T], what: str) -> T:
        """Do what makes requests, until it is done; after a lost answer it is done again from its beginning.

        What would make a second of something has to look for the first one at its beginning.

        Args:
            what: it does, for messages: `to list your playlists`, `the thumbnail`.

        Raises:
            NotSentError: it cannot be done now.
            RefusedError: it cannot be done as it stands.
        """
        tries = 0
        while True:
            try:
                return work()
            except FAILURES as error:
                tries += 1
                self.patience.wait(error, tries, what)


def answer(request: Any) -> Any:
    """Make a request, once; what it is answered.

    Raises:
        Busy: the answer is not JSON: some proxy's page, or half of it.
    """
    told = request.execute()
    if not isinstance(told, dict):  # the client gives back as text what it cannot read
        raise Busy(UNREADABLE)
    return told


def connect(credentials: Credentials, patience: Patience, root_url: str = "") -> YouTube:
    """The client, by the description of the interface that ships with it; nothing is sent yet.

    Args:
        root_url: of another server that speaks the same; for tests.
    """
    told = json.loads(discovery_cache.get_static_doc("youtube", "v3"))
    if root_url:
        # client_options.api_endpoint would leave uploads on https
        told["rootUrl"] = root_url
        told.pop("mtlsRootUrl", None)
    transport = google_auth_httplib2.AuthorizedHttp(credentials, http=_Transport(patience.timeout))
    return YouTube(build_from_document(told, http=transport), patience)


class _Transport(httplib2.Http):  # type: ignore[misc]
    """httplib2 without its own second try: it would send a chunk or a comment twice, and tell nobody."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.redirect_codes = httplib2.Http().redirect_codes - {308}  # here it means that more bytes are wanted

    def request(self, uri: str, *args: Any, **options: Any) -> Any:
        options["connection_type"] = _Secure if uri.startswith("https:") else _Plain
        return super().request(uri, *args, **options)


class _Once:
    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]
        except (http.client.BadStatusLine, http.client.ResponseNotReady):
            raise ConnectionResetError("closed without an answer") from None


class _Secure(_Once, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    pass


class _Plain(_Once, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    pass


def reason(error: HttpError) -> tuple[str, str]:
    """YouTube's word for an error, such as `quotaExceeded`, and its sentence about it."""
    try:
        told = json.loads(error.content)["error"]
        word = told["errors"][0]["reason"] if told.get("errors") else told.get("status", "")
        return str(word), re.sub(r"<[^>]*>", "", str(told.get("message", "")))
    except (ValueError, KeyError, IndexError, TypeError):
        return "", ""


def clock(moment: datetime) -> str:
    """A moment by the clock of this machine."""
    return moment.astimezone().strftime("%H:%M on %d %B (%Z)")


def _passing(error: Exception, now: datetime, what: str) -> float:
    """Seconds that are to be waited at least before another try; 0 if nobody said.

    Raises:
        NotSentError: another try is of no use, or not now.
    """
    if isinstance(error, RefreshError) and not error.retryable:
        forget()
        raise NotSentError(
            "Google does not take this sign-in any more; that of an app in testing lasts seven days\n"
            "  run the same command: it asks you to sign in again, and goes on where it stopped"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        raise NotSentError(f"this is not YouTube, by its certificate: {error.verify_message}\n  look at your network")
    if not isinstance(error, HttpError):
        return 0.0
    word, sentence = reason(error)
    if word in QUOTA:
        raise NotSentError(f"the day's quota of your Google Cloud project is used up until {_midnight(now)}\n  {AGAIN}")
    if word == "uploadLimitExceeded":
        raise NotSentError(
            "YouTube takes no more films from your channel for now; its limit is on 24 hours\n"
            f"  at the latest it takes one at {clock(now + timedelta(days=1))}; {AGAIN}"
        )
    if word == "youtubeSignupRequired":
        raise NotSentError(
            "this Google account has no YouTube channel\n  make one at https://www.youtube.com/create_channel"
        )
    if error.status_code == 401 or word in ("insufficientPermissions", "authError"):
        forget()
        raise NotSentError(
            "YouTube does not take this sign-in\n  run the same command, and sign in to the channel's account"
        )
    if (
        error.status_code < 400 or error.status_code in PASSING or word in RATE
    ):  # below 400: an answer to something else
        return _retry_after(error.resp.get("retry-after", ""), now)
    why = f"{sentence} ({word})" if word else f"it answered {error.status_code}"
    raise RefusedError(f"YouTube refused {what}: {why}")


def _retry_after(told: str, now: datetime) -> float:
    """Seconds of a Retry-After header, which is a number of them or a date."""
    if told.isdigit():
        return float(told)
    try:
        return max((parsedate_to_datetime(told) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0


def _midnight(now: datetime) -> str:
    """When quotas are filled again."""
    try:
        there = now.astimezone(ZoneInfo("America/Los_Angeles"))
    except ZoneInfoNotFoundError:  # a system without time zones
        return "midnight in California"
    day = there.date() + timedelta(days=1)
    return clock(datetime(day.year, day.month, day.day, tzinfo=there.tzinfo))


def _short(error: Exception) -> str:
    if isinstance(error, HttpError):
        return f"it answered {error.status_code}"
    return (
        UNREADABLE if isinstance(error, ValueError) else str(error) if isinstance(error, Busy) else "it did not answer"
    )
