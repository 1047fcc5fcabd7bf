"""The author's sign-in: asked for once, kept for its owner only, and never seen."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_youtube import SECRET, MadeYouTube
from released import PATIENCE, make_package, only_loopback, send
from unsent import Desk, unsent

from rushes.console import Console
from rushes.dry_run import show
from rushes.errors import RushesError
from rushes.private import config_folder
from rushes.sign_in import CLIENT, TOKEN


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    only_loopback(monkeypatch)
    with MadeYouTube() as site:
        yield Desk(tmp_path, monkeypatch, site, signed_in=False)


def test_an_author_agrees_once_in_a_browser(desk: Desk) -> None:
    send(desk.package, desk.site)
    assert desk.site.log[:2] == ["auth", "token"], "with PKCE: the made sign-in checks the code's challenge"
    token = config_folder() / TOKEN
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert stat.S_IMODE(token.parent.stat().st_mode) == 0o700
    send(make_package(desk.root / "other" / "film", 1000), desk.site)
    assert desk.site.log.count("auth") == 1


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644])
def test_a_token_that_others_can_read_is_refused(desk: Desk, mode: int) -> None:
    send(desk.package, desk.site)
    (config_folder() / TOKEN).chmod(mode)
    before = len(desk.site.log)
    assert "can be read by others" in desk.send(make_package(desk.root / "other" / "film", 1000))
    assert len(desk.site.log) == before, "nothing was asked with it"


def test_a_link_into_a_repository_is_looked_through(desk: Desk) -> None:
    repository = desk.root / "dotfiles"
    (repository / ".git").mkdir(parents=True)
    config_folder().rename(repository / "rushes")
    config_folder().symlink_to(repository / "rushes")
    assert "is inside the repository" in desk.send()


def test_who_is_signed_out_is_asked_again(desk: Desk) -> None:
    send(desk.package, desk.site)
    desk.site.granted = False  # after seven days, for an app in testing
    other = make_package(desk.root / "other" / "film", 1000)
    assert "asks you to sign in again" in desk.send(other)
    desk.site.granted = True
    send(other, desk.site)
    assert desk.site.log.count("auth") == 2


def test_no_secret_is_ever_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in what is said, logged at its most talkative, or written, save where secrets are kept."""
    only_loopback(monkeypatch)
    caplog.set_level(logging.DEBUG)
    for name in ("google_auth_oauthlib.flow", "requests_oauthlib.oauth2_session", "google.auth.transport.requests"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    said = list(unsent(tmp_path, monkeypatch))
    with MadeYouTube() as site:
        desk = Desk(tmp_path / "well", monkeypatch, site, signed_in=False)
        send(desk.package, site, public=True)
    for as_json in (False, True):
        with Console(as_json=as_json) as console:
            show(desk.package, console)  # as --dry-run does, when there is something to tell
    shown = capfd.readouterr()
    assert "to let rushes send to your channel, open" in shown.err
    assert "uploaded" not in shown.err
    assert desk.package.title in shown.out
    assert any("youtube/v3/videos" in record.getMessage() for record in caplog.records), "nothing was logged"
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = [path.name for path in written if SECRET.encode() in path.read_bytes()]
    assert set(kept) == {CLIENT, TOKEN}
    assert any("receipts" in path.parts for path in written)
    logged = [record.getMessage() + str(record.exc_info or "") + str(record.args) for record in caplog.records]
    for text in (*said, shown.out, shown.err, *logged):
        assert SECRET not in text


def test_a_traceback_shows_no_secret(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    """A sign-in that fails is told in words, not by an exception that carries what was sent."""
    desk.site.lasting = False
    with pytest.raises(RushesError) as caught:
        send(desk.package, desk.site, patience=PATIENCE)
    chain = [caught.value, caught.value.__cause__]
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert not any(SECRET in repr(error) for error in chain)
