"""Attached: what belongs to a video besides its film: captions, thumbnail, playlist, comment, and who may see it.

Each may be done again after a lost answer: what may be there already is looked for first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rushes.errors import did_you_mean
from rushes.metadata import put, resource
from rushes.publish import CaptionTrack
from rushes.receipt import watch
from rushes.upload import send_file
from rushes.youtube import NotSentError, RefusedError, YouTube, answer, clock

__all__ = [
    "all_tracks",
    "is_public",
    "join_playlist",
    "post_comment",
    "send_caption",
    "send_thumbnail",
    "show",
    "shown",
]

KINDS = {".srt": "application/octet-stream", ".vtt": "text/vtt", ".png": "image/png"}
PLAYLIST_ID = re.compile(r"(?:PL|UU|FL|OL)[\w-]{10,}")


def is_public(youtube: YouTube, video: str) -> bool:
    """Whether it is so now: by hand, or as its day has come."""
    return bool(resource(youtube, video, "status")["status"]["privacyStatus"] == "public")


def all_tracks(youtube: YouTube, video: str) -> dict[str, Mapping[str, Any]]:
    """The captions of a video by id, without what YouTube heard by itself."""
    listed = answer(youtube.service.captions().list(part="snippet", videoId=video))
    every = {str(one["id"]): one["snippet"] for one in listed.get("items", [])}
    return {id: told for id, told in every.items() if told.get("trackKind", "").lower() != "asr"}


def send_caption(youtube: YouTube, video: str, track: CaptionTrack, id: str = "") -> str:
    """Send captions, in the place of those with an id if there is one; their id."""
    snippet = {"videoId": video, "language": track.language, "name": track.name, "isDraft": False}
    kind = KINDS.get(track.path.suffix, "application/octet-stream")
    captions = youtube.service.captions()

    def insert(media: Any) -> Any:
        return captions.insert(part="snippet", body={"snippet": snippet}, media_body=media)

    def replace(media: Any) -> Any:
        return captions.update(part="id", body={"id": id}, media_body=media)

    def send() -> str:
        if id:
            return str(send_file(replace, track.path, kind)["id"])
        for there, told in all_tracks(youtube, video).items():
            if (told["language"], told["name"]) == (track.language, track.name):
                return there
        return str(send_file(insert, track.path, kind)["id"])

    return youtube.call(send, f"the captions ({track.language})")


def send_thumbnail(youtube: YouTube, video: str, picture: Path) -> None:
    """Send a thumbnail in the place of the one before."""
    thumbnails, kind = youtube.service.thumbnails(), KINDS.get(picture.suffix, "image/jpeg")

    def send() -> None:
        send_file(lambda media: thumbnails.set(videoId=video, media_body=media), picture, kind)

    youtube.call(send, "the thumbnail")


def join_playlist(youtube: YouTube, video: str, name: str) -> None:
    """Put a video into a playlist of the channel, by its name or id, unless it is there."""
    items, playlist = youtube.service.playlistItems(), _playlist(youtube, name)
    item = {"playlistId": playlist, "resourceId": {"kind": "youtube#video", "videoId": video}}

    def join() -> None:
        if not answer(items.list(part="id", playlistId=playlist, videoId=video)).get("items"):
            answer(items.insert(part="snippet", body={"snippet": item}))

    youtube.call(join, f"to put the video into the playlist '{name}'")


def _playlist(youtube: YouTube, name: str) -> str:
    if PLAYLIST_ID.fullmatch(name):
        return name
    playlists = youtube.service.playlists()

    def mine() -> dict[str, str]:
        found: dict[str, str] = {}
        request = playlists.list(part="snippet", mine=True, maxResults=50)
        while request is not None:
            told = answer(request)
            found |= {one["snippet"]["title"]: str(one["id"]) for one in told.get("items", [])}
            request = playlists.list_next(request, told)
        return found

    found = youtube.call(mine, "to list your playlists")
    if name not in found:
        raise RefusedError(f"your channel has no playlist '{name}': {did_you_mean(name, found)}")
    return found[name]


def show(youtube: YouTube, video: str, visible: str) -> None:
    """Make a video public, now or at a moment; nothing else of its status is touched.

    Raises:
        NotSentError: it is public already, or YouTube keeps it private.
    """
    status = resource(youtube, video, "status")["status"]
    if visible != "public" and status["privacyStatus"] == "public":
        raise NotSentError(f"{watch(video)} is public already\n  leave out the time of it")
    status.pop("publishAt", None)
    wanted = {"privacyStatus": "public"} if visible == "public" else {"privacyStatus": "private", "publishAt": visible}
    is_so = put(youtube, video, {"status": status | wanted}, "to change who may see the video")
    if is_so["status"].get("privacyStatus") != wanted["privacyStatus"]:
        raise NotSentError(
            f"YouTube keeps {watch(video)} private: it does so with films from a project that it has not audited\n"
            f"  change it by hand: https://studio.youtube.com/video/{video}/edit"
        )


def shown(visible: str) -> str:
    """Who may see a video, in words."""
    return "public" if visible == "public" else f"public from {clock(datetime.fromisoformat(visible))}"


def post_comment(youtube: YouTube, video: str, text: str) -> str:
    """Post a comment below a video, unless it is there; its id."""
    threads = youtube.service.commentThreads()
    body = {"snippet": {"videoId": video, "topLevelComment": {"snippet": {"textOriginal": text}}}}

    def post() -> str:
        listed = answer(threads.list(part="snippet", videoId=video, maxResults=100, textFormat="plainText"))
        for thread in listed.get("items", []):
            said = thread["snippet"]["topLevelComment"]["snippet"]
            if said.get("textOriginal", said.get("textDisplay")) == text:
                return str(thread["id"])
        return str(answer(threads.insert(part="snippet", body=body))["id"])

    return youtube.call(post, "the comment")
