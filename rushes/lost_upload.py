"""Lost upload: whether YouTube made a video of an upload of which the answer never came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from googleapiclient.errors import HttpError

from rushes.receipt import Receipt
from rushes.upload import MayBeThereError, how_much
from rushes.youtube import GONE, NotSentError, RefusedError, YouTube, answer, clock

__all__ = ["find_upload", "standing"]

LISTED = timedelta(hours=1)  # until then a channel surely lists a film that it has


def standing(youtube: YouTube, address: str, size: int) -> str:
    """The id of the video that was made of an earlier upload, or empty if none was.

    Raises:
        MayBeThereError: nobody can say by this address.
    """
    http = youtube.service.videos().list(part="id").http
    try:
        there = youtube.call(lambda: how_much(http, address, size), "to ask after the earlier upload")
    except RefusedError:
        raise MayBeThereError from None
    return there if isinstance(there, str) else ""


def find_upload(youtube: YouTube, receipt: Receipt, script: str) -> str:
    """The film among the channel's newest videos, by its size; empty if it surely is not there.

    Args:
        script: what the author calls it, for messages.

    Raises:
        NotSentError: it may yet turn up.
    """
    service = youtube.service

    def newest() -> list[dict[str, Any]]:
        channels = answer(service.channels().list(part="contentDetails", mine=True))
        uploads = channels["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
        try:
            listed = answer(service.playlistItems().list(part="contentDetails", playlistId=uploads, maxResults=50))
        except HttpError as error:
            if error.status_code not in GONE:
                raise
            return []  # a channel without any video has no list of them
        ids = ",".join(item["contentDetails"]["videoId"] for item in listed.get("items", []))
        found = answer(service.videos().list(part="snippet,fileDetails", id=ids)) if ids else {}
        return list(found.get("items", []))

    earliest = datetime.fromisoformat(receipt.began) - timedelta(minutes=5)  # clocks differ
    for video in youtube.call(newest, "to list your channel's videos"):
        size, made = (
            video.get("fileDetails", {}).get("fileSize"),
            datetime.fromisoformat(video["snippet"]["publishedAt"]),
        )
        # until YouTube has looked into a file, it does not tell its size
        same = int(size) == receipt.size if size else video["snippet"]["title"] == receipt.title
        if same and made >= earliest:
            return str(video["id"])
    late = datetime.fromisoformat(receipt.offered) + LISTED
    if youtube.patience.now() < late:
        raise NotSentError(
            "YouTube has forgotten this upload after the last of the film was sent, so the film may be there\n"
            f"  run the same command after {clock(late)}: it looks for it again, and uploads it only if it is not\n"
            f"  if https://studio.youtube.com shows it: rushes publish {script} --video ADDRESS"
        )
    return ""
