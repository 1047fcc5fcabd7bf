"""A server on this machine that speaks as Google's sign-in and YouTube's interface do, and fails when it is told to.

It holds what it was sent, as YouTube would: `videos`, `captions`, `thumbnails`, `items`, `comments`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import threading
import time
import urllib.parse
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "SECRET"  # every secret begins with it
CLIENT_SECRET, CODE, REFRESH, ACCESS = (f"{SECRET}-{what}-7f3a" for what in ("client", "code", "refresh", "access"))
BLOCK = 256 * 1024  # bytes; YouTube takes an unfinished chunk in blocks
HANG = 0.8  # seconds that an answer is late by, in a time-out
UPLOADS = "UUmade-by-hand-uploads"
CHANNEL = "UCmade-by-hand"
ROUTES = {"videos", "captions", "playlistItems", "playlists", "channels", "commentThreads"}


@dataclass
class Session:
    kind: str
    about: dict[str, Any]
    asked: dict[str, str]
    size: int
    data: bytearray = field(default_factory=bytearray)
    made: dict[str, Any] = field(default_factory=dict)


@dataclass
class Answer:
    status: int
    told: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refuse(Exception):  # noqa: N818
    def __init__(self, status: int, reason: str, message: str = "") -> None:
        self.answer = Answer(
            status,
            {
                "error": {
                    "code": status,
                    "message": message or reason,
                    "errors": [{"reason": reason, "domain": "youtube"}],
                }
            },
        )


class MadeYouTube:
    """`with MadeYouTube() as site:`; requests go to `site.url`."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.sessions: dict[str, Session] = {}
        self.videos: dict[str, dict[str, Any]] = {}
        self.captions: dict[str, dict[str, Any]] = {}
        self.thumbnails: dict[str, str] = {}
        self.playlists: dict[str, str] = {"PL-runs-and-what-they-did": "RLHF runs"}
        self.items: list[tuple[str, str]] = []
        self.comments: dict[str, dict[str, str]] = {}
        self.log: list[str] = []
        self.faults: deque[tuple[str, str]] = deque()
        """(label of a request, what goes wrong with it), in order; `*` is any request."""
        self.failed: Counter[str] = Counter()
        self.refusals: dict[str, tuple[int, str]] = {}
        """Labels of requests that are always refused."""
        self.hook: Callable[[str, str], None] = lambda label, stage: None
        """Is called with the label of each request, `before` it is done and `after`; a ConnectionError hangs up."""
        self.tokens = {ACCESS}
        self.challenge = ""
        self.audited = True
        self.misplaced = 0
        self.items_listed = True
        self.granted = self.lasting = True
        self.scope = "https://www.googleapis.com/auth/youtube.force-ssl"
        self.client_pid = self.request = 0
        self.sizes = True
        """Whether it tells files' sizes."""

    def __enter__(self) -> MadeYouTube:
        class Handler(_Handler):
            site = self

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    @property
    def client(self) -> str:
        """The text of a `client_secret.json` that leads here."""
        told = {
            "client_id": "made.apps.example", "client_secret": CLIENT_SECRET, "redirect_uris": ["http://localhost"],
            "auth_uri": f"{self.url}auth", "token_uri": f"{self.url}token",
        }  # fmt: skip
        return json.dumps({"installed": told})

    @property
    def token(self) -> str:
        """The text of the file that a sign-in leaves."""
        told = {"refresh_token": REFRESH, "client_id": "made.apps.example", "client_secret": CLIENT_SECRET}
        return json.dumps({**told, "token_uri": f"{self.url}token"})

    # ------------------------------------------------------------------ what goes wrong
    def fault(self, label: str) -> str:
        with self.lock:
            if self.faults and self.faults[0][0] in (label, "*"):
                kind = self.faults.popleft()[1]
                self.failed.update([kind] if kind else [])
                return kind
        return ""

    # ------------------------------------------------------------------ requests
    def answer(self, label: str, asked: dict[str, str], body: bytes, headers: Any) -> Answer:
        with self.lock:
            if label in self.refusals:
                raise Refuse(*self.refusals[label])
            kind, _, method = label.partition(".")
            if method == "open":
                return self.open(kind, asked, body, headers)
            if method in ("chunk", "status"):
                return self.chunk(asked["upload_id"], body, headers)
            told = json.loads(body) if body else {}
            handle: Callable[..., Any] = getattr(self, f"{kind}_{method}")
            return Answer(200, handle(asked, told))

    def open(self, kind: str, asked: dict[str, str], body: bytes, headers: Any) -> Answer:
        about = json.loads(body or b"{}")
        if kind == "videos":
            title = about["snippet"]["title"]
            if not 0 < len(title) <= 100 or "<" in title:
                raise Refuse(400, "invalidTitle", "The request metadata specifies an invalid <code>title</code>.")
        if kind == "captions" and "id" not in about:
            key = (about["snippet"]["videoId"], about["snippet"]["language"], about["snippet"]["name"])
            if any((c["videoId"], c["language"], c["name"]) == key for c in self.captions.values()):
                raise Refuse(409, "captionExists")
        id = hashlib.sha256(f"{len(self.sessions)}".encode()).hexdigest()[:24]
        self.sessions[id] = Session(kind, about, asked, int(headers["X-Upload-Content-Length"]))
        return Answer(200, headers={"Location": f"{self.url}resumable/upload/youtube/v3/{kind}?upload_id={id}"})

    def chunk(self, id: str, body: bytes, headers: Any) -> Answer:
        if id not in self.sessions:
            raise Refuse(404, "notFound")
        session = self.sessions[id]
        if session.made:
            return Answer(200, session.made)
        if begins := re.match(r"bytes (\d+)-(\d+)/\d+", headers.get("Content-Range", "")):
            if int(begins[1]) != len(session.data):
                self.misplaced += 1
            else:
                session.data += body
        if len(session.data) < session.size:
            return Answer(308, headers=self.there(session))
        session.made = self.made(session)
        return Answer(200, session.made)

    @staticmethod
    def there(session: Session) -> dict[str, str]:
        return {"Range": f"bytes=0-{len(session.data) - 1}"} if session.data else {}

    def made(self, session: Session) -> dict[str, Any]:
        data, about = bytes(session.data), session.about
        if session.kind == "videos":
            id = hashlib.sha256(f"video {len(self.videos)}".encode()).hexdigest()[:11]
            self.videos[id] = {
                "id": id, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                "status": dict(about["status"]),
                "snippet": {**about["snippet"], "publishedAt": datetime.now(UTC).isoformat(timespec="seconds")},
            }  # fmt: skip
            self.items.append((UPLOADS, id))
            return {"id": id, "snippet": self.videos[id]["snippet"], "status": self.videos[id]["status"]}
        if session.kind == "captions":
            id = about.get("id") or f"caption-{len(self.captions)}"
            before = self.captions.get(id, {})
            self.captions[id] = {"trackKind": "standard", **before, **about.get("snippet", {}), "data": data}
            return {"id": id}
        self.thumbnails[session.asked["videoId"]] = hashlib.sha256(data).hexdigest()
        return {"items": [{}]}

    def videos_list(self, asked: dict[str, str], _: Any) -> Any:
        found = [self.videos[id] for id in asked["id"].split(",") if id in self.videos]
        return {
            "items": [
                {"id": one["id"], **{part: self.part(one, part) for part in asked["part"].split(",")}} for one in found
            ]
        }

    def part(self, video: dict[str, Any], part: str) -> Any:
        if part == "fileDetails":
            return {"fileSize": str(video["size"])} if self.sizes else {}
        if part == "contentDetails":
            return {"hasCustomThumbnail": video["id"] in self.thumbnails}
        return (
            {**video[part], "channelId": CHANNEL} if part == "snippet" else {**video[part], "uploadStatus": "uploaded"}
        )

    def videos_update(self, asked: dict[str, str], told: Any) -> Any:
        video = self.videos[told["id"]]
        if "snippet" in asked["part"]:
            if not told["snippet"].get("title") or not told["snippet"].get("categoryId"):
                raise Refuse(400, "invalidVideoMetadata")
            when = video["snippet"]["publishedAt"]
            video["snippet"] = {**told["snippet"], "publishedAt": when}  # what is not said is deleted
        if "status" in asked["part"]:
            if told["status"].get("publishAt") and told["status"]["privacyStatus"] != "private":
                raise Refuse(400, "invalidPublishAt")
            video["status"] = dict(told["status"])
            if not self.audited:
                video["status"]["privacyStatus"] = "private"
        return {"id": told["id"], **{part: video[part] for part in asked["part"].split(",")}}

    def captions_list(self, asked: dict[str, str], _: Any) -> Any:
        of = [(id, one) for id, one in self.captions.items() if one["videoId"] == asked["videoId"]]
        return {"items": [{"id": id, "snippet": {k: v for k, v in one.items() if k != "data"}} for id, one in of]}

    def captions_download(self, asked: dict[str, str], _: Any) -> bytes:
        data: bytes = self.captions[asked["id"]]["data"]
        return data

    def playlistItems_list(self, asked: dict[str, str], _: Any) -> Any:  # noqa: N802
        of = [video for playlist, video in self.items if playlist == asked["playlistId"] and self.items_listed]
        if "videoId" in asked:
            of = [video for video in of if video == asked["videoId"]]
        return {"items": [{"id": f"item-{video}", "contentDetails": {"videoId": video}} for video in reversed(of)]}

    def playlistItems_insert(self, _: Any, told: Any) -> Any:  # noqa: N802
        self.items.append((told["snippet"]["playlistId"], told["snippet"]["resourceId"]["videoId"]))
        return {"id": "item"}

    def playlists_list(self, asked: dict[str, str], _: Any) -> Any:
        every = [{"id": id, "snippet": {"title": title}} for id, title in self.playlists.items()]
        at = int(asked.get("pageToken", "0"))
        return {"items": every[at : at + 1], **({"nextPageToken": str(at + 1)} if at + 1 < len(every) else {})}

    def channels_list(self, *_: Any) -> Any:
        return {"items": [{"id": CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}]}

    def commentThreads_list(self, asked: dict[str, str], _: Any) -> Any:  # noqa: N802
        of = [(id, one["text"]) for id, one in self.comments.items() if one["video"] == asked["videoId"]]
        return {
            "items": [{"id": id, "snippet": {"topLevelComment": {"snippet": {"textDisplay": text}}}} for id, text in of]
        }

    def commentThreads_insert(self, _: Any, told: Any) -> Any:  # noqa: N802
        if self.videos[told["snippet"]["videoId"]]["status"]["privacyStatus"] == "private":
            raise Refuse(403, "forbidden", "The comment thread could not be created.")
        id = f"comment-{len(self.comments)}"
        text = told["snippet"]["topLevelComment"]["snippet"]["textOriginal"]
        self.comments[id] = {"video": told["snippet"]["videoId"], "text": text}
        return {"id": id}

    # ------------------------------------------------------------------ Google's sign-in
    def signed(self, form: dict[str, str]) -> Answer:
        if form["grant_type"] == "authorization_code":
            hashed = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
            if form["code"] != CODE or hashed.decode() != self.challenge:
                return Answer(400, {"error": "invalid_grant"})
        elif form["refresh_token"] != REFRESH or not self.granted:
            return Answer(400, {"error": "invalid_grant", "error_description": f"Bad {form['refresh_token']}"})
        token = f"{ACCESS}-{len(self.log)}"
        with self.lock:
            self.tokens.add(token)
        told = {"access_token": token, "expires_in": 3600, "token_type": "Bearer", "scope": self.scope}
        return Answer(200, {**told, **({"refresh_token": REFRESH} if "code" in form and self.lasting else {})})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet
    disable_nagle_algorithm = True
    site: MadeYouTube

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):  # who asked may be gone
            super().handle()

    def do_GET(self) -> None:
        self.any()

    do_POST = do_PUT = do_GET  # noqa: N815

    def any(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(url.query))
        label = self.label(url.path, asked)
        length = int(self.headers.get("Content-Length") or 0)
        with self.site.lock:
            self.site.log.append(label)
        fault = self.site.fault(label)
        if fault == "cut" and label.endswith(".chunk"):
            return self.cut(asked, length)
        body = self.rfile.read(length)
        if fault == "kill":
            self.site.hook(label, "kill")
        self.site.hook(label, "before")
        answer = self.answered(label, asked, body, fault)
        self.site.hook(label, "after")
        if fault == "time-out":
            time.sleep(HANG)
        if fault in ("cut", "unanswered", "time-out"):
            return self.close()
        return self.send(answer)

    def label(self, path: str, asked: dict[str, str]) -> str:
        if path in ("/auth", "/token"):
            return path[1:]
        kind = path.split("/v3/")[-1]
        if kind.startswith("captions/"):
            asked["id"] = kind.split("/")[1]
            return "captions.download"
        if "upload_id" in asked:
            return f"{kind}.{'status' if self.headers.get('Content-Range', '').startswith('bytes */') else 'chunk'}"
        if "/upload/" in path:
            return f"{kind}.open"
        return f"{kind}.{ {'GET': 'list', 'POST': 'insert', 'PUT': 'update'}[self.command] }".replace(" ", "")

    def answered(self, label: str, asked: dict[str, str], body: bytes, fault: str) -> Answer:
        site = self.site
        if label == "auth":
            site.challenge = asked["code_challenge"]
            back = (
                {"code": CODE, "state": asked["state"], "scope": asked["scope"]}
                if site.granted
                else {"error": "access_denied", "state": asked["state"]}
            )
            return Answer(302, headers={"Location": f"{asked['redirect_uri']}?{urllib.parse.urlencode(back)}"})
        if fault.isdigit() and fault not in ("404", "401"):
            return Answer(
                int(fault),
                {"error": {"code": int(fault), "message": "busy"}},
                {"Retry-After": "3"} if fault == "503" else {},
            )
        if fault == "late":
            return Answer(503, headers={"Retry-After": "Sun, 22 Nov 2026 13:00:00 GMT"})
        if label == "token":
            return site.signed(dict(urllib.parse.parse_qsl(body.decode())))
        if fault == "401":
            site.tokens.clear()
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in site.tokens:
            return Refuse(401, "authError", "Invalid Credentials").answer
        if fault in ("quotaExceeded", "uploadLimitExceeded", "rateLimitExceeded"):
            return Refuse(403, fault, 'You have exceeded your <a href="/quota">quota</a>.').answer
        if fault == "404":
            site.sessions.pop(asked.get("upload_id", ""), None)
        if fault == "garbled":
            return Answer(200, b"<html>")
        try:
            answer = site.answer(label, asked, body, self.headers)
        except Refuse as refused:
            return refused.answer
        if fault == "older" and answer.status == 308:
            session = site.sessions[asked["upload_id"]]
            del session.data[max(len(session.data) - len(body) - BLOCK, 0) :]
            answer.headers = site.there(session)
        return answer

    def cut(self, asked: dict[str, str], length: int) -> None:
        """Take half of a chunk, and hang up."""
        half = self.rfile.read(length // 2)
        with self.site.lock:
            session = self.site.sessions.get(asked["upload_id"])
            if session and not session.made:
                session.data += half[: len(half) // BLOCK * BLOCK]
        self.close()

    def close(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def send(self, answer: Answer) -> None:
        told = answer.told
        body = told if isinstance(told, bytes) else json.dumps(told).encode() if told is not None else b""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
