"""Sign-in: the author's leave to send to their YouTube channel, asked for once in a browser.

An OAuth flow for installed apps: Google sends its answer to this machine's loopback address, under PKCE. Every author
brings a client of their own, `client_secret.json`; none ships with rushes. Neither secret is printed or logged.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import webbrowser
from pathlib import Path
from typing import Any

from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2 import OAuth2Error

from rushes.errors import RushesError
from rushes.private import config_folder, read_private, unshared, write_private

__all__ = ["CLIENT", "SCOPES", "TOKEN", "forget", "sign_in"]

CLIENT = "client_secret.json"
TOKEN = "youtube-token.json"
SCOPES = ("https://www.googleapis.com/auth/youtube.force-ssl",)  # the least that may also send captions and comments
KEPT = ("refresh_token", "client_id", "client_secret", "token_uri")
SECONDS = 300  # to answer in the browser
TALKATIVE = ("google_auth_oauthlib", "requests_oauthlib", "oauthlib", "google.auth", "google.oauth2", "urllib3")
BRING = """\
1. at https://console.cloud.google.com make a project and switch on the YouTube Data API v3 there
  2. make an OAuth client of the kind 'Desktop app', and download its JSON file"""


def sign_in() -> Credentials:
    """The kept leave of the author, or a new one, asked for in a browser.

    Raises:
        RushesError: there is no client, a file can be read by others, or the author did not agree.
    """
    hush()
    folder = unshared(config_folder())
    try:
        told = json.loads(read_private(folder / TOKEN))
        return Credentials(None, scopes=list(SCOPES), **{name: told[name] for name in KEPT})  # type: ignore[no-untyped-call]
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        raise RushesError(f"{folder / TOKEN} is not whole\n  remove it, and sign in again") from None
    granted = _asked(_client(folder / CLIENT))
    write_private(folder / TOKEN, json.dumps({name: getattr(granted, name) for name in KEPT}) + "\n")
    return granted


def forget() -> None:
    """Remove the kept leave, as Google takes it no more."""
    (config_folder() / TOKEN).unlink(missing_ok=True)


def hush() -> None:
    """Keep codes and tokens out of logs: at their lower levels these libraries write whole requests and answers."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
        for below in [one for one in logging.root.manager.loggerDict if one.startswith(f"{name}.")]:
            logging.getLogger(below).setLevel(logging.WARNING)


def _client(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(read_private(path))
    except FileNotFoundError:
        raise RushesError(
            f"to send to YouTube, you need a client of your own\n  {BRING}\n  3. keep it as '{path}', and chmod 600 it"
        ) from None
    except ValueError:
        told = {}
    if not isinstance(told, dict) or "installed" not in told:
        raise RushesError(f"{path} is not the JSON file of a 'Desktop app' client\n  {BRING}")
    return told


def _asked(client: dict[str, Any]) -> Credentials:
    again = "run the same command again, and agree in the browser"
    flow = InstalledAppFlow.from_client_config(client, SCOPES)
    try:
        with contextlib.redirect_stdout(sys.stderr):  # where the address is printed
            granted: Credentials = flow.run_local_server(
                host="127.0.0.1", port=0, timeout_seconds=SECONDS, prompt="consent", open_browser=_has_browser(),
                authorization_prompt_message="to let rushes send to your channel, open\n\n  {url}\n",
                success_message="Done. You may close this window.",
            )  # fmt: skip
    except WSGITimeoutError:
        raise RushesError(f"nobody agreed in the browser within {SECONDS // 60} minutes\n  {again}") from None
    except OAuth2Error as error:  # its words may repeat what was sent
        raise RushesError(f"Google did not let you sign in: {error.error}\n  {again}") from None
    except Warning:  # oauthlib's way of saying that the scopes are others
        raise RushesError(f"Google was not told that rushes may manage your videos\n  {again} to all it asks") from None
    except OSError as error:
        raise RushesError(f"Google cannot be reached: {type(error).__name__}\n  {again}") from None
    if not granted.refresh_token:
        raise RushesError(f"Google gave leave for one hour only\n  {again}")
    return granted


def _has_browser() -> bool:
    try:
        return bool(webbrowser.get())
    except webbrowser.Error:  # the address is printed, and may be opened on this machine in any way
        return False
