"""Update: words, captions and thumbnail of a video that is there, as its script has them now.

What was changed by hand on the site is never lost: it stays, and is told, until the author says otherwise.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pysubs2

from rushes.attached import all_tracks, send_caption, send_thumbnail
from rushes.cache import digest, file_digest
from rushes.console import Console
from rushes.metadata import WRITABLE, merge, ours, put, resource
from rushes.publish import CaptionTrack, Package
from rushes.receipt import CaptionSent, Receipt
from rushes.youtube import RefusedError, YouTube, answer

__all__ = ["BY_HAND", "cues", "sent_as", "update"]

BY_HAND = "by hand"  # in the place of a digest: it is not what we sent


def update(youtube: YouTube, package: Package, receipt: Receipt, console: Console, yes: bool) -> Receipt:
    """Bring a video up to date, as far as it is there; its receipt.

    Args:
        yes: take what the script says also where the site was changed by hand.
    """
    receipt = _words(youtube, package, receipt, console, yes)
    for track in package.captions:
        receipt = _captions(youtube, track, receipt, console, yes)
    return _thumbnail(youtube, package, receipt, console, yes)


def _words(youtube: YouTube, package: Package, receipt: Receipt, console: Console, yes: bool) -> Receipt:
    there = resource(youtube, receipt.video, "snippet", "status")
    site, script = {**there["snippet"], **there["status"]}, ours(package)
    merged = merge(receipt.sent, script, site)
    fields, disputed = dict(merged.fields), merged.disputed
    for name in merged.by_hand:
        if name not in disputed:
            console.say(f"{name}: changed by hand on the site, which stays")
    if disputed:
        console.say(f"changed by hand on the site, and another in the script: {', '.join(disputed)}")
        if yes or console.agreed("Take what the script says?"):
            fields |= {name: script[name] for name in disputed}
            disputed = ()
        else:
            console.say("  it stays as it is on the site; with --yes the script's is taken")
    changed = [name for name, value in fields.items() if value != site.get(name, type(value)())]
    parts = {
        part: {**told, **{name: fields[name] for name in fields if name in WRITABLE[part]}}
        for part, told in there.items()
        if any(name in WRITABLE[part] for name in changed)
    }
    if parts:
        put(youtube, receipt.video, parts, "the new title, description and the like")
        console.say(f"updated: {', '.join(changed)}")
    # what is disputed stays so until somebody decides
    sent = {name: value for name, value in script.items() if name not in disputed}
    kept = {name: receipt.sent[name] for name in disputed if name in receipt.sent}
    return replace(receipt, sent={**sent, **kept}).keep()


def _captions(youtube: YouTube, track: CaptionTrack, receipt: Receipt, console: Console, yes: bool) -> Receipt:
    sent, new = receipt.caption(track.language, track.name), file_digest(track.path)
    if sent.sha256 == new:
        return receipt
    tracks = youtube.call(lambda: all_tracks(youtube, receipt.video), f"the captions ({track.language})")
    same = [id for id, told in tracks.items() if (told["language"], told["name"]) == (track.language, track.name)]
    if not same:
        return replace(receipt, captions=_without(receipt, track)).keep()  # sent with what is missing
    now = sent_as(track, same[0])
    if not yes and not _untouched(youtube, sent, same[0]):
        console.say(
            f"captions ({track.language}): changed by hand on the site, which stay; with --yes they are replaced"
        )
        now = replace(now, sha256=BY_HAND, cues=sent.cues)
    else:
        send_caption(youtube, receipt.video, track, same[0])
        console.say(f"updated: captions ({track.language})")
    return replace(receipt, captions=(*_without(receipt, track), now)).keep()


def _without(receipt: Receipt, track: CaptionTrack) -> tuple[CaptionSent, ...]:
    return tuple(one for one in receipt.captions if (one.language, one.name) != (track.language, track.name))


def _untouched(youtube: YouTube, sent: CaptionSent, id: str) -> bool:
    """Whether a track says on the site what was sent."""
    captions = youtube.service.captions()
    if not sent.cues:
        return False
    try:
        there = youtube.call(lambda: cues(captions.download_media(id=id, tfmt="srt").execute()), "to read the captions")
    except RefusedError:
        return False
    return there == sent.cues


def cues(captions: bytes) -> str:
    """A digest of when captions say what, in any format; times count to a tenth of a second.

    Raises:
        ValueError: they cannot be read.
    """
    try:
        read = pysubs2.SSAFile.from_string(captions.decode("utf-8-sig"))
    except pysubs2.Pysubs2Error as error:
        raise ValueError(str(error)) from None
    return digest({"cues": [[round(one.start, -2), " ".join(one.plaintext.split())] for one in read]})


def sent_as(track: CaptionTrack, id: str) -> CaptionSent:
    """What a receipt says of captions that were sent."""
    raw = track.path.read_bytes()
    with suppress(ValueError):  # what cannot be read is never known to be untouched
        return CaptionSent(
            language=track.language, name=track.name, sha256=file_digest(track.path), cues=cues(raw), id=id
        )
    return CaptionSent(language=track.language, name=track.name, sha256=file_digest(track.path), id=id)


def _thumbnail(youtube: YouTube, package: Package, receipt: Receipt, console: Console, yes: bool) -> Receipt:
    new = file_digest(package.thumbnail)
    if receipt.thumbnail == new:
        return receipt
    by_hand = receipt.thumbnail == BY_HAND or (not receipt.thumbnail and _has_thumbnail(youtube, receipt.video))
    if by_hand and not yes:
        console.say("thumbnail: set by hand on the site, which stays; with --yes it is replaced")
        return replace(receipt, thumbnail=BY_HAND).keep()
    send_thumbnail(youtube, receipt.video, package.thumbnail)
    console.say("updated: thumbnail")
    return replace(receipt, thumbnail=new).keep()


def _has_thumbnail(youtube: YouTube, video: str) -> bool:
    videos = youtube.service.videos()
    found = youtube.call(lambda: answer(videos.list(part="contentDetails", id=video)), "to read the video")
    return bool(found["items"][0]["contentDetails"].get("hasCustomThumbnail"))
