"""What belongs to a video, changed after it was sent: what was changed by hand on the site is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_youtube import MadeYouTube
from released import SRT, only_loopback, send
from unsent import Desk

from rushes.metadata import merge
from rushes.update import cues


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An author whose film is on YouTube."""
    only_loopback(monkeypatch)
    with MadeYouTube() as site:
        desk = Desk(tmp_path, monkeypatch, site)
        send(desk.package, site)
        yield desk


def video_of(desk: Desk) -> dict[str, Any]:
    (video,) = desk.site.videos.values()
    return video


def test_nothing_is_sent_when_nothing_changed(desk: Desk) -> None:
    before = len(desk.site.log)
    send(desk.package, desk.site, update=True)
    assert desk.site.log[before:] == ["token", "videos.list", "videos.list"]


def test_words_captions_and_thumbnail_are_brought_up_to_date(desk: Desk) -> None:
    package = replace(desk.package, title="The Sign", tags=("rlhf", "kl"))
    package.captions[1].path.write_text(SRT.replace("So", "Also"))
    package.thumbnail.write_bytes(b"\x89PNG another")
    send(package, desk.site, update=True)
    video = video_of(desk)
    assert video["snippet"]["title"] == "The Sign"
    assert video["snippet"]["tags"] == ["rlhf", "kl"]
    assert video["snippet"]["categoryId"] == "27"
    assert b"Also" in desk.site.captions["caption-1"]["data"]
    assert len(desk.site.captions) == 2
    assert desk.site.log.count("thumbnails/set.open") == 2
    assert desk.site.log.count("videos.open") == 1


def test_what_was_changed_by_hand_stays(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    video = video_of(desk)
    video["snippet"] |= {"title": "By hand", "tags": ["rlhf", "reward", "by hand"], "categoryId": "28"}
    video["snippet"]["description"] = "Sponsored by a kettle.\n\nOne sign.\n\n0:00 Calm\n0:20 Wild"
    video["status"] |= {"privacyStatus": "unlisted", "embeddable": False, "publicStatsViewable": False}
    description = "One sign.\n\n0:00 Calm\n0:25 Wild\n"
    package = replace(desk.package, tags=("rlhf", "kl"), description=description)
    send(package, desk.site, update=True)
    assert video["snippet"]["title"] == "By hand"
    assert video["snippet"]["categoryId"] == "28"
    assert video["snippet"]["tags"] == ["rlhf", "by hand", "kl"]
    assert video["snippet"]["description"] == "Sponsored by a kettle.\n\nOne sign.\n\n0:00 Calm\n0:25 Wild"
    assert {k: video["status"][k] for k in ("privacyStatus", "embeddable", "publicStatsViewable")} == {
        "privacyStatus": "unlisted", "embeddable": False, "publicStatsViewable": False,
    }  # fmt: skip
    send(package, desk.site, update=True)  # and again nothing is lost
    assert video["snippet"]["title"] == "By hand"


def test_what_both_changed_is_the_authors_to_say(desk: Desk) -> None:
    video = video_of(desk)
    video["snippet"]["title"] = "By hand"
    package = replace(desk.package, title="By the script")
    for _ in range(2):
        send(package, desk.site, update=True)
        assert video["snippet"]["title"] == "By hand"
    send(package, desk.site, update=True, yes=True)
    assert video["snippet"]["title"] == "By the script"


def test_captions_changed_by_hand_stay(desk: Desk) -> None:
    by_hand = SRT.replace("missing", "gone").encode()
    desk.site.captions["caption-0"]["data"] = by_hand
    desk.package.captions[0].path.write_text(SRT.replace("One", "A"))
    for _ in range(2):
        send(desk.package, desk.site, update=True)
        assert desk.site.captions["caption-0"]["data"] == by_hand
    send(desk.package, desk.site, update=True, yes=True)
    assert desk.site.captions["caption-0"]["data"] == desk.package.captions[0].path.read_bytes()


def test_a_new_language_is_added(desk: Desk) -> None:
    path = desk.package.folder / "captions.fr.vtt"
    path.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nUn signe\n")
    track = replace(desk.package.captions[0], path=path, language="fr")
    send(replace(desk.package, captions=(*desk.package.captions, track)), desk.site, update=True)
    assert [one["language"] for one in desk.site.captions.values()] == ["en", "de", "fr"]


def test_a_video_that_was_uploaded_by_hand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of what was sent: all that is another stays, until the author says."""
    site, id = desk.site, video_of(desk)["id"]
    monkeypatch.setenv("XDG_DATA_HOME", str(desk.root / "another machine"))
    video_of(desk)["snippet"]["description"] = "Written there."
    site.captions["caption-0"]["data"] = b"1\n00:00:00,000 --> 00:00:01,000\nWritten there\n"
    package = replace(desk.package, published=(f"https://youtu.be/{id}",))
    package.thumbnail.write_bytes(b"\x89PNG another")
    thumbnail = dict(site.thumbnails)
    send(package, site, update=True)
    assert video_of(desk)["snippet"]["description"] == "Written there."
    assert b"Written there" in site.captions["caption-0"]["data"]
    assert site.thumbnails == thumbnail
    send(package, site, update=True, yes=True)
    assert video_of(desk)["snippet"]["description"] == package.description
    assert b"Written there" not in site.captions["caption-0"]["data"]
    assert site.thumbnails != thumbnail
    assert len(site.captions) == 2
    assert site.log.count("videos.open") == 1


def test_an_update_through_faults(desk: Desk) -> None:
    package = replace(desk.package, title="The Sign")
    package.captions[0].path.write_text(SRT.replace("One", "A"))
    labels = ("videos.list", "videos.update", "captions.list", "captions.download", "captions.open", "captions.chunk")
    for label in labels:
        desk.site.faults.extend([(label, kind) for kind in ("500", "unanswered", "garbled", "cut")])
    send(package, desk.site, update=True)
    assert not desk.site.faults
    assert video_of(desk)["snippet"]["title"] == "The Sign"
    assert len(desk.site.captions) == 2


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True)
LINES = st.lists(st.sampled_from(["one", "two", "three", ""]), max_size=6).map("\n".join)
FIELDS = st.fixed_dictionaries({"title": st.sampled_from(["x", "y", "z"]), "tags": WORDS, "description": LINES})


@given(sent=FIELDS, script=FIELDS, site=FIELDS)
def test_a_merge_loses_nothing(sent: Any, script: Any, site: Any) -> None:
    merged = merge(sent, script, site).fields
    for name in sent:
        if site[name] == sent[name]:
            assert _words(merged[name]) == _words(script[name])
        if script[name] == sent[name]:
            assert _words(merged[name]) == _words(site[name])
    by_hand = [tag for tag in site["tags"] if tag not in sent["tags"]]
    assert set(by_hand) <= set(merged["tags"])
    taken_out_by_hand = set(sent["tags"]) - set(site["tags"])
    assert not taken_out_by_hand & set(merged["tags"])


def _words(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


def test_captions_are_the_same_in_any_format() -> None:
    vtt = "WEBVTT\n\n00:00.010 --> 00:02.500\nOne minus sign\nis missing.\n\n00:03.000 --> 00:04.000\nSo.\n"
    assert cues(vtt.encode()) == cues(SRT.encode()) == cues(b"\xef\xbb\xbf" + SRT.encode())
    assert cues(SRT.replace("So", "And").encode()) != cues(SRT.encode())
    assert cues(SRT.replace("03,000", "03,400").encode()) != cues(SRT.encode())


def test_captions_and_thumbnail_of_a_video_made_by_hand_stay_when_it_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, id = desk.site, video_of(desk)["id"]
    monkeypatch.setenv("XDG_DATA_HOME", str(desk.root / "another machine"))
    desk.package.thumbnail.write_bytes(b"\x89PNG another")
    desk.package.captions[0].path.write_text(SRT.replace("One", "A"))
    before = dict(site.thumbnails), {id: one["data"] for id, one in site.captions.items()}
    send(desk.package, site, video=id)
    assert (dict(site.thumbnails), {id: one["data"] for id, one in site.captions.items()}) == before
    assert len(site.videos) == 1
