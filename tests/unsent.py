"""Every way in which a film is not sent to YouTube, and what is said of it."""

from __future__ import annotations

import contextlib
import json
import re
import ssl
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_youtube import BLOCK, MadeYouTube
from released import PATIENCE, make_package, send

import rushes.sign_in
from rushes.errors import RushesError
from rushes.private import config_folder, write_private
from rushes.publish import Package
from rushes.receipt import find_receipt, one_at_a_time
from rushes.sign_in import CLIENT, TOKEN
from rushes.youtube import Busy, Patience

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT_NOON = replace(PATIENCE, now=lambda: NOON)
Error = Callable[[Callable[[], object]], str]


class Desk:
    """An author with a film, who has signed in to a made YouTube."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch, site: MadeYouTube, signed_in: bool = True) -> None:
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.setenv("XDG_DATA_HOME", str(root / "data"))
        patch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the made sign-in has no certificate
        patch.setattr(webbrowser, "get", lambda *_: Browser())
        self.root, self.site, self.patch = root, site, patch
        if signed_in:
            write_private(config_folder() / TOKEN, site.token)
        else:
            write_private(config_folder() / CLIENT, site.client)
        self.package = make_package(root / "build" / "film")

    def send(self, package: Package | None = None, **asked: Any) -> str:
        """What is said instead of sending."""
        with pytest.raises(RushesError) as caught:
            send(package or self.package, self.site, **{"patience": AT_NOON, **asked})
        return re.sub(r"film-[0-9a-f]{8}", "film-0a1b2c3d", str(caught.value))

    def fails(self, *faults: tuple[str, str], times: int = 1, **asked: Any) -> str:
        self.site.faults.extend(faults * times)
        said = self.send(**asked)
        self.site.faults.clear()
        return said


class Browser:
    """An author who agrees at once."""

    def open(self, url: str, **_: Any) -> bool:
        def agree() -> None:
            with contextlib.suppress(OSError):
                urllib.request.build_opener().open(url).read()  # urlopen may be another test's

        threading.Thread(target=agree, daemon=True).start()
        return True


def unsent(root: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """Everything that is said, in the order of the work."""
    with patch.context() as zone:
        zone.setenv("TZ", "UTC")
        time.tzset()
        for n, about in enumerate((_signing_in, _asking, _uploading, _attaching, _receipts)):
            with MadeYouTube() as site, patch.context() as own:
                yield from about(Desk(root / str(n), own, site, signed_in=about is not _signing_in))
    time.tzset()


def _signing_in(desk: Desk) -> Iterator[str]:
    config, site = config_folder(), desk.site
    (config / CLIENT).chmod(0o640)
    yield desk.send()
    (config / CLIENT).unlink()
    yield desk.send()
    write_private(config / CLIENT, '{"web": {}}')
    yield desk.send()
    for kind in (".git", ".obsidian"):
        (desk.root / kind).mkdir()
        yield desk.send()
        (desk.root / kind).rmdir()
    write_private(config / CLIENT, site.client)
    site.granted = False
    yield desk.send()
    site.granted, site.lasting = True, False
    yield desk.send()
    site.lasting, site.scope = True, "https://www.googleapis.com/auth/youtube.upload"
    yield desk.send()
    closed = json.loads(site.client)
    closed["installed"]["token_uri"] = "http://127.0.0.1:9/token"
    write_private(config / CLIENT, json.dumps(closed))
    yield desk.send()
    with desk.patch.context() as patch:
        patch.setattr(rushes.sign_in, "SECONDS", 60)
        patch.setattr(rushes.sign_in.InstalledAppFlow, "run_local_server", _nobody)
        yield desk.send()
    write_private(config / TOKEN, "{")
    yield desk.send()


def _nobody(*_: Any, **__: Any) -> None:
    raise rushes.sign_in.WSGITimeoutError


def _asking(desk: Desk) -> Iterator[str]:
    package = desk.package
    yield desk.send(public=True, at="2027-01-31 18:00")
    yield desk.send(at="tomorrow")
    yield desk.send(at="2026-11-22 11:59")
    yield desk.send(update=True)
    yield desk.send(video="https://example.org/watch")
    yield desk.send(update=True, video="https://youtu.be/nosuchvideo")
    _receipt(package).path.unlink()
    yield desk.fails(("videos.chunk", "quotaExceeded"))
    copy = make_package(desk.root / "copy" / "film")
    yield desk.send(copy)
    send(package, desk.site)
    yield desk.send()
    yield desk.send(copy)
    package.film.write_bytes(b"another film")
    yield desk.send()


def _receipt(package: Package) -> Any:
    found = find_receipt(package.folder)
    assert found
    return found


def _uploading(desk: Desk) -> Iterator[str]:
    site = desk.site
    yield desk.fails(("videos.open", "418"))
    yield desk.fails(("videos.open", "uploadLimitExceeded"))
    with desk.patch.context() as patch:
        patch.setattr("rushes.youtube.ZoneInfo", _no_zones)
        yield desk.fails(("videos.open", "quotaExceeded"))
    site.refusals["videos.open"] = (401, "youtubeSignupRequired")
    yield desk.send()
    site.refusals["videos.open"] = (403, "insufficientPermissions")
    yield desk.send()
    site.refusals.clear()
    write_private(config_folder() / TOKEN, site.token)
    site.granted = False
    yield desk.send()
    site.granted = True
    write_private(config_folder() / TOKEN, site.token)
    yield desk.fails(("videos.chunk", "500"), ("videos.status", "500"), times=9)
    yield desk.fails(("videos.status", "unanswered"), times=10)
    yield desk.fails(("videos.status", "garbled"), times=10)
    yield desk.fails(("videos.status", "401"), times=3)
    write_private(config_folder() / TOKEN, site.token)
    yield _said(lambda: PATIENCE.wait(Busy("it takes no more of the film"), 10, "the upload"))
    refused = ssl.SSLCertVerificationError(1, "certificate verify failed")
    refused.verify_message = "self-signed certificate"
    yield _said(lambda: Patience().wait(refused, 1, "the upload"))
    yield desk.fails(("videos.status", "late"))
    yield desk.fails(("videos.status", "404"), *[("videos.chunk", "404")] * 5)
    with desk.patch.context() as patch:
        patch.setattr("rushes.upload.MediaIoBaseUpload.getbytes", _unreadable)
        yield desk.send()
    site.hook = lambda label, _: desk.package.film.write_bytes(b"x" * 3) if label == "videos.chunk" else None
    yield desk.send()
    site.hook = lambda label, _: None
    desk.package = make_package(desk.root / "forgotten" / "film", 3 * BLOCK)
    site.faults.extend([*[("videos.chunk", "")] * 2, ("videos.chunk", "unanswered"), ("videos.status", "404")])
    site.items_listed = False
    yield desk.send()


def _no_zones(name: str) -> None:
    from zoneinfo import ZoneInfoNotFoundError

    raise ZoneInfoNotFoundError(name)


def _unreadable(*_: Any) -> bytes:
    raise OSError(5, "Input/output error")


def _said(call: Callable[[], object]) -> str:
    with pytest.raises(RushesError) as caught:
        call()
    return str(caught.value)


def _attaching(desk: Desk) -> Iterator[str]:
    site, package = desk.site, desk.package
    site.refusals["captions.open"] = (400, "invalidCaption")
    desk.package = replace(package, playlist="RLHF run")
    yield desk.send(public=True)
    desk.package = package
    site.refusals.clear()
    site.audited = False
    yield desk.send(public=True)
    site.audited = True
    send(package, site, public=True)
    yield desk.send(at=(NOON + timedelta(days=1)).isoformat())


def _receipts(desk: Desk) -> Iterator[str]:
    with one_at_a_time():
        yield desk.send()
    receipt = send(desk.package, desk.site)
    for text in ("{", receipt.path.read_text().replace('"format": 1', '"format": 2')):
        receipt.path.write_text(text)
        yield desk.send()
