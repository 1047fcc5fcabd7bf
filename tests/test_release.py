"""A film on YouTube: the official client against a server on this machine that fails in every way it can.

Whatever happens, there is one video of a film, of the film's bytes, and the last word says what to do and when.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from made_youtube import BLOCK, MadeYouTube
from PIL import Image
from released import PATIENCE, is_complete, killed_by, killer, make_package, only_loopback, run, send

from rushes.cli import main
from rushes.errors import RushesError
from rushes.private import config_folder, write_private
from rushes.publish import Package
from rushes.receipt import Receipt, changes, find_receipt
from rushes.sign_in import TOKEN
from rushes.youtube import connect

Homes = Callable[..., Package]


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> Homes:
    """Makes an author who has signed in to a made YouTube and has a film; nobody else can be reached."""
    only_loopback(monkeypatch)

    def make(home: Path, site: MadeYouTube, size: int = 2 * BLOCK + 777) -> Package:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
        write_private(config_folder() / TOKEN, site.token)
        return make_package(home / "build" / "film", size)

    return make


@pytest.fixture
def site() -> Iterator[MadeYouTube]:
    with MadeYouTube() as made:
        yield made


@pytest.fixture
def package(site: MadeYouTube, homes: Homes, tmp_path: Path) -> Package:
    return homes(tmp_path, site)


def receipt_of(package: Package) -> Receipt:
    receipt = find_receipt(package.folder)
    assert receipt is not None
    return receipt


# ---------------------------------------------------------------------- all goes well
def test_a_film_is_private_with_all_that_belongs_to_it(site: MadeYouTube, package: Package) -> None:
    receipt = send(package, site)
    is_complete(site, package, receipt)
    (video,) = site.videos.values()
    assert video["snippet"]["title"] == "The Minus Sign"
    assert video["snippet"]["tags"] == ["rlhf", "reward"]
    assert video["status"] == {
        "privacyStatus": "private", "license": "youtube", "selfDeclaredMadeForKids": False,
        "containsSyntheticMedia": False,
    }  # fmt: skip
    assert not site.comments, "a private video takes none"


def test_a_film_is_public_when_all_is_there_and_not_before(site: MadeYouTube, package: Package) -> None:
    receipt = send(package, site, public=True)
    is_complete(site, package, receipt)
    (video,) = site.videos.values()
    assert video["status"]["privacyStatus"] == "public"
    assert [one["text"] for one in site.comments.values()] == ["Which line?\n\nSay it."]
    made_public = site.log.index("videos.update")
    assert all(
        made_public > site.log.index(label)
        for label in ("captions.chunk", "thumbnails/set.chunk", "playlistItems.insert")
    )


def test_a_film_becomes_public_at_its_time(site: MadeYouTube, package: Package) -> None:
    at = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    send(package, site, at=at.astimezone().replace(tzinfo=None).isoformat(sep=" "))
    (video,) = site.videos.values()
    assert video["status"]["privacyStatus"] == "private"
    assert datetime.fromisoformat(video["status"]["publishAt"]) == at
    assert not site.comments
    video["status"]["privacyStatus"] = "public"  # its day has come
    send(package, site)
    assert len(site.comments) == 1


def test_the_same_film_again_is_refused(site: MadeYouTube, package: Package, tmp_path: Path) -> None:
    first = send(package, site)
    with pytest.raises(RushesError, match=re.escape(f"this film is on YouTube already: {first.url}")):
        send(package, site)
    copy = make_package(tmp_path / "elsewhere" / "film")
    with pytest.raises(RushesError, match=r"this very film was sent from .*/build/film already"):
        send(copy, site)
    with pytest.raises(RushesError, match="this very film"):
        send(copy, site, yes=True)
    assert len(site.videos) == 1


def test_a_film_made_again_is_asked_about(site: MadeYouTube, package: Package) -> None:
    first = send(package, site)
    package.film.write_bytes(b"another film")
    with pytest.raises(RushesError, match="YouTube cannot replace a video") as caught:
        send(package, site)
    assert "rushes publish film.md --update" in str(caught.value)
    assert len(site.videos) == 1
    again = send(package, site, yes=True)
    assert len(site.videos) == 2
    assert again.earlier == (first.video,)


# ---------------------------------------------------------------------- what goes wrong
KINDS = (
    "cut", "500", "unanswered", "older", "401", "502", "cut", "503", "garbled", "rateLimitExceeded", "429", "504",
)  # fmt: skip


def plan() -> Iterator[tuple[str, str]]:
    """More than a hundred faults in the order in which they come, of every kind."""
    yield from [("token", "500"), ("token", "unanswered"), ("videos.open", "503"), ("videos.open", "unanswered")]
    yield from [("videos.chunk", "404"), ("videos.open", "uploadLimitExceeded"), ("videos.chunk", "404")]
    kinds = itertools.cycle(KINDS)
    for i in range(60):
        yield from [("videos.chunk", ""), ("videos.chunk", next(kinds))]
        if i % 2:
            yield "videos.status", ("500", "unanswered", "503", "garbled")[i // 2 % 4]
        if i % 12 == 5:
            yield "videos.chunk", "time-out"
        if i % 12 == 7:
            yield "videos.chunk", "quotaExceeded"
        if i % 12 == 9:
            yield "videos.chunk", "kill"
        if i % 12 == 11:
            yield "videos.status", "time-out"
    yield from [
        ("captions.open", "500"),
        ("captions.chunk", "unanswered"),
        ("captions.list", "cut"),
        ("captions.chunk", "503"),
    ]
    yield from [("thumbnails/set.chunk", "unanswered"), ("thumbnails/set.open", "quotaExceeded")]
    yield from [
        ("playlistItems.insert", "unanswered"),
        ("videos.update", "unanswered"),
        ("commentThreads.insert", "unanswered"),
    ]


def test_fifty_megabytes_arrive_through_more_than_a_hundred_faults(
    site: MadeYouTube, homes: Homes, tmp_path: Path
) -> None:
    package = homes(tmp_path, site, 52_000_003)
    site.faults.extend(plan())
    killed_by(site)
    said: list[str] = []
    for _ in range(40):
        said.append(run(package, site, public=True, chunk=2 * BLOCK))
        if not said[-1]:
            break
    is_complete(site, package, receipt_of(package))
    assert not site.faults
    assert sum(site.failed.values()) > 100
    assert set(site.failed) == {*KINDS, "404", "time-out", "quotaExceeded", "uploadLimitExceeded", "kill"}
    assert len(site.comments) == 1
    words = Counter(text.split(" until ")[0].split(" for now")[0] for text in said)
    assert words == {
        "": 1, "killed": 5, "the day's quota of your Google Cloud project is used up": 6,
        "YouTube takes no more films from your channel": 1,
    }  # fmt: skip


def test_a_process_killed_at_any_request_is_finished_by_the_same_command(tmp_path: Path, homes: Homes) -> None:
    with MadeYouTube() as site:
        assert run(homes(tmp_path / "unbroken", site), site, public=True) == ""
        requests = len(site.log)
    assert requests > 20
    for at, stage in itertools.product(range(requests), ("before", "after")):
        with MadeYouTube() as site:
            killer(site, at, stage)
            assert killed_and_finished(site, homes(tmp_path / f"{stage}{at}", site))


def test_a_process_killed_at_any_receipt_is_finished_by_the_same_command(tmp_path: Path, homes: Homes) -> None:
    for half in itertools.count():
        with MadeYouTube() as site:
            if not killed_and_finished(site, homes(tmp_path / f"{half}", site), half / 2):
                assert half > 14
                return


def killed_and_finished(site: MadeYouTube, package: Package, die_at: float = -1) -> bool:
    """Whether a process was killed; the same command has finished its work then."""
    was_killed = run(package, site, public=True, die_at=die_at) == "killed"
    if was_killed:
        # if it was killed after its very last step, there is nothing left to do
        assert run(package, site, public=True) in ("", NOTHING.format(receipt_of(package).url))
    is_complete(site, package, receipt_of(package))
    assert len(site.comments) == 1
    return was_killed


NOTHING = (
    "this film is on YouTube already: {}\n  after a change of its words or captions: rushes publish film.md --update"
)


# ---------------------------------------------------------------------- what can and cannot be known
def test_a_forgotten_upload_is_found_among_the_videos(site: MadeYouTube, package: Package) -> None:
    """Killed after the last byte, and YouTube has forgotten the session: the video's size tells it."""
    site.faults.extend(
        [("videos.chunk", ""), ("videos.chunk", ""), ("videos.chunk", "unanswered"), ("videos.status", "404")]
    )
    is_complete(site, package, send(package, site))


def test_a_forgotten_upload_is_found_by_its_title_until_its_size_is_told(site: MadeYouTube, package: Package) -> None:
    site.sizes = False
    site.faults.extend(
        [("videos.chunk", ""), ("videos.chunk", ""), ("videos.chunk", "unanswered"), ("videos.status", "404")]
    )
    is_complete(site, package, send(package, site))


def test_another_video_is_not_taken_for_the_film(site: MadeYouTube, package: Package, tmp_path: Path) -> None:
    send(make_package(tmp_path / "other" / "film", 1234), site)
    site.faults.extend([("videos.chunk", "")] * 2 + [("videos.chunk", "404"), ("videos.status", "404")])
    with pytest.raises(RushesError, match="the film may be there"):
        send(package, site)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_film_that_may_be_there_is_waited_for(site: MadeYouTube, package: Package, arrived: bool) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    patience = replace(PATIENCE, now=lambda: now)
    site.items_listed = False
    last = "unanswered" if arrived else "503"
    site.faults.extend([("videos.chunk", ""), ("videos.chunk", ""), ("videos.chunk", last), ("videos.status", "404")])
    for minutes in (0, 59):
        now = datetime(2026, 11, 22, 12, minutes, tzinfo=UTC)
        with pytest.raises(RushesError, match="the film may be there\n  run the same command after "):
            send(package, site, patience=patience)
    assert len(site.videos) == arrived
    site.items_listed = True
    if not arrived:
        now = datetime(2026, 11, 22, 13, tzinfo=UTC)
    receipt = send(package, site, patience=patience)
    assert [receipt.video] == list(site.videos)


def test_an_author_may_say_which_video_it_is(site: MadeYouTube, package: Package) -> None:
    site.items_listed = False
    site.faults.extend(
        [("videos.chunk", ""), ("videos.chunk", ""), ("videos.chunk", "unanswered"), ("videos.status", "404")]
    )
    with pytest.raises(RushesError, match="--video ADDRESS"):
        send(package, site)
    site.items_listed = True
    (video,) = site.videos
    is_complete(site, package, send(package, site, video=f"https://studio.youtube.com/video/{video}/edit"))


@pytest.mark.parametrize(("fault", "videos"), [("unanswered", 1), ("500", 0)])
def test_a_film_made_again_before_it_was_known_to_be_there(
    site: MadeYouTube, package: Package, fault: str, videos: int
) -> None:
    """Killed after the last byte, then rendered again: whether the first one became a video is asked first."""
    site.faults.extend([("videos.chunk", ""), ("videos.chunk", ""), ("videos.chunk", fault)])
    site.faults.append(("videos.status", "quotaExceeded"))
    with pytest.raises(RushesError, match="quota"):
        send(package, site)
    package.film.write_bytes(b"another film")
    if videos:
        with pytest.raises(RushesError, match="YouTube cannot replace a video"):
            send(package, site)
    else:
        send(package, site)
    assert len(site.videos) == 1


def test_a_film_made_again_while_it_is_sent_begins_anew(site: MadeYouTube, package: Package) -> None:
    site.faults.extend([("videos.chunk", ""), ("videos.chunk", "quotaExceeded")])
    with pytest.raises(RushesError, match="quota"):
        send(package, site)
    package.film.write_bytes(b"another film" * 100_000)
    is_complete(site, package, send(package, site))


def test_what_is_refused_does_not_keep_the_rest_from_being_sent(site: MadeYouTube, package: Package) -> None:
    site.refusals["thumbnails/set.open"] = (403, "forbidden")  # a channel without a verified telephone number
    with pytest.raises(RushesError, match=r"is there, but\nYouTube refused the thumbnail"):
        send(package, site, public=True)
    (video,) = site.videos.values()
    assert video["status"]["privacyStatus"] == "private", "nothing is made public with a part missing"
    assert len(site.captions) == 2
    site.refusals.clear()
    is_complete(site, package, send(package, site, public=True))
    assert video["status"]["privacyStatus"] == "public"


def test_a_date_to_retry_after_is_waited_for(site: MadeYouTube, package: Package) -> None:
    waited: list[float] = []
    now = datetime(2026, 11, 22, 12, 59, 30, tzinfo=UTC)
    site.faults.extend([("videos.open", "late"), ("videos.chunk", "503")])
    send(package, site, patience=replace(PATIENCE, now=lambda: now, sleep=waited.append))
    assert waited[0] == 30.0, "until 13:00"
    assert waited[1] == 3.0, "seconds"


def test_what_changed_in_a_film_is_said(tmp_path: Path) -> None:
    before = {"seconds": 380.0, "shots": {"a": "1", "b": "1", "c": "1"}, "numbers": {"{x.last}": "8.4"}}
    now = {"seconds": 391.5, "shots": {"a": "1", "b": "2", "d": "1"}, "numbers": {"{x.last}": "8.2"}}
    assert changes(before, now) == [
        "it is 6:31.5 long, and was 6:20.0", "shots drawn anew: b, d", "shots left out: c",
        "{x.last} is 8.2, and was 8.4",
    ]  # fmt: skip
    assert changes(before, before) == ["its sound or captions are others"]
    assert changes({}, now) == ["its bytes are others"]


def test_the_command_sends_and_then_offers_the_address(
    site: MadeYouTube,
    package: Package,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Image.new("RGB", (1280, 720)).save(package.thumbnail)
    note = tmp_path / "film.md"
    note.write_text("---\ntitle: Film\n---\n## Script\n- One.\n## Result\n")
    monkeypatch.setattr("rushes.pipeline.packaged", lambda *_, **__: package)
    monkeypatch.setattr("rushes.release.connect", lambda leave, patience, _: connect(leave, PATIENCE, site.url))

    assert main(["publish", str(note), "--dry-run"]) == 0
    assert not site.log, "nothing is asked, and nobody signs in"
    assert main(["publish", str(note)]) == 0
    said = capsys.readouterr().out
    url = receipt_of(package).url
    assert f"+- {{{{video {url}}}}}" in said
    assert "https://studio.youtube.com/video/" in said
    assert url not in note.read_text()

    assert main(["publish", str(note)]) == 1
    assert "this film is on YouTube already" in capsys.readouterr().err
    assert main(["publish", str(note), "--write-back", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"event": "published", "video": url, "visible": "private"} in told
    assert url in note.read_text()
    assert len(site.videos) == 1


def test_a_part_of_a_film_is_not_taken_for_the_film_that_the_note_names(
    site: MadeYouTube,
    package: Package,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Image.new("RGB", (1280, 720)).save(package.thumbnail)
    short = replace(package, published=("https://youtu.be/dQw4w9WgXcQ",))
    monkeypatch.setattr("rushes.pipeline.packaged", lambda *_, **__: short)
    monkeypatch.setattr("rushes.release.connect", lambda leave, patience, _: connect(leave, PATIENCE, site.url))
    assert main(["publish", str(tmp_path / "film.md"), "--section", "Calm", "--update"]) == 1
    assert "no video of this film is known" in capsys.readouterr().err
