"""The film's page and its captions in a real browser: Debian's headless Chromium, opened from a disk."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from conftest import CURVE, DOT, write_record
from playwright.sync_api import Browser, Page, sync_playwright

from rushes.caption_files import milliseconds
from rushes.captions import Caption, captions, fitting
from rushes.console import Console
from rushes.film_page import film_page
from rushes.heard import heard
from rushes.house import House
from rushes.pipeline import Film, make_film, packaged

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SCRIPT = """\
---
title: Small <i>films</i>
voice: hibari
---
## Script
- #### Calm & kind
\t- It ==rise==s to {calm.rating.last:.1f}, said Tom & Ann. Is 1 < 2? It is.
\t\t- scene:: curve run=calm
- #### Wild
\t- This one ==rise== falls, and `<script>hacked=1</script>` is read aloud by nobody.
\t\t- scene:: curve run=wild
- #### Dots
\t- A dot. It goes to the right.
\t\t- scene:: dot
### Video Description
Ours: `<img src=x onerror="hacked=1">`, and https://example.org/a?b=1&c=2.
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    root = tmp_path_factory.mktemp("film")
    (root / "scenes").mkdir()
    (root / "scenes/curve.py").write_text(CURVE)
    (root / "scenes/dot.py").write_text(DOT)
    write_record(root, "calm")
    write_record(root, "wild", (5, 4, 3, 2, 2, 1))
    (root / "small.md").write_text(SCRIPT)
    return make_film(root / "small.md", House(root=root, size=(320, 180), fps=15), Console(as_json=True))


@pytest.fixture(scope="module")
def said(film: Film) -> list[Caption]:
    """The captions as the model has them, in frames."""
    line = film.timeline
    return captions([one.words for one in heard(line)], fps=line.fps, frames=line.frames, profile=fitting(line.size))


@pytest.fixture(scope="module")
def folder(film: Film, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translation lies beside the script."""
    script = film.path.parents[2] / "small.md"
    german = "1\n00:00:00,500 --> 00:00:02,000\nEs steigt.\n"
    script.with_name("small.de.srt").write_text(german, encoding="utf-8")
    house, folder = House(root=script.parent, size=(320, 180), fps=15), tmp_path_factory.mktemp("page") / "a page's"
    return film_page(packaged(script, house, Console(as_json=True)), folder).parent


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail(
            "there is no Chromium to test with: sh assets/browser.sh, or apt-get install chromium-headless-shell"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page, opened; whatever it asks for, complains about or is denied fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    until(page, "document.querySelector('video').readyState >= 2")
    yield page
    own = tuple((folder / name).as_uri() for name in ("index.html", "film.mp4", "thumbnail.png"))
    assert {url for url in asked if not url.startswith(own)} == set(), "a request left the page"
    assert wrong == []
    context.close()


def until(page: Page, true: str) -> None:
    """Wait for it from outside: Playwright's own waiting evaluates text in the page, which its policy forbids."""
    for _ in range(600):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {true}")


def seek(page: Page, seconds: float) -> None:
    page.evaluate(
        """seconds => new Promise(done => {
            const video = document.querySelector('video');
            const shown = () => requestAnimationFrame(() => requestAnimationFrame(done));
            video.addEventListener('seeked', shown, {once: true});
            video.currentTime = seconds;
        })""",
        seconds,
    )


def test_it_plays_to_its_end_and_shows_its_captions(page: Page, film: Film, said: list[Caption]) -> None:
    told = page.evaluate(
        """async () => {
            const video = document.querySelector('video'), seen = [];
            const ended = new Promise(done => video.addEventListener('ended', done));
            video.textTracks[0].addEventListener('cuechange', event => {
                for (const cue of event.target.activeCues) seen.push([cue.startTime, video.currentTime]);
            });
            video.playbackRate = 4;
            await video.play();
            await ended;
            return {seen, time: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames,
                    sound: video.webkitAudioDecodedByteCount, error: video.error};
        }"""
    )
    assert told["error"] is None
    assert told["time"] == pytest.approx(film.timeline.seconds, abs=1 / film.timeline.fps)
    assert told["frames"] > 0
    assert told["sound"] > 0
    fps = film.timeline.fps
    assert [round(start * 1000) for start, _ in told["seen"]] == [milliseconds(one.start, fps) for one in said]
    # no machine is early; at four times the speed, half a second of a busy one is two of the film
    assert all(start <= shown < start + 2 for start, shown in told["seen"])


def test_the_browser_reads_the_captions_as_they_were_written(page: Page, film: Film, said: list[Caption]) -> None:
    cues = page.evaluate(
        """() => [...document.querySelector('video').textTracks[0].cues].map(cue => {
            const parts = [...cue.getCueAsHTML().childNodes];
            return {start: cue.startTime, end: cue.endTime, text: cue.getCueAsHTML().textContent,
                    stamps: parts.filter(part => part.nodeType === 7).map(part => part.data)};
        })"""
    )
    fps = film.timeline.fps
    assert [cue["text"] for cue in cues] == ["\n".join(one.lines) for one in said]
    times = [[round(cue[edge] * 1000) for edge in ("start", "end")] for cue in cues]
    assert times == [[milliseconds(one.start, fps), milliseconds(one.end, fps)] for one in said]
    for cue, one in zip(cues, said, strict=True):
        starts = dict.fromkeys(milliseconds(word.start, fps) for word in one.words if one.start < word.start < one.end)
        # Chromium counts in seconds and cuts off what is below a millisecond: 4.633 s comes back as 4.632
        assert [_milliseconds(stamp) for stamp in cue["stamps"]] == pytest.approx(list(starts), abs=1)
    whole = " ".join(" ".join(one.lines) for one in said)
    assert "Tom & Ann. Is 1 < 2?" in whole


def _milliseconds(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    return round((int(hours) * 60 + int(minutes)) * 60_000 + float(seconds) * 1000)


def test_captions_are_on_the_film_at_their_frames_and_at_no_other(page: Page, film: Film, said: list[Caption]) -> None:
    fps = film.timeline.fps
    for frame in sorted({edge + by for one in said for edge in (one.start, one.end) for by in (-1, 0)}):
        seek(page, (frame + 0.5) / fps)
        active = page.evaluate(
            "[...document.querySelector('video').textTracks[0].activeCues].map(cue => cue.getCueAsHTML().textContent)"
        )
        assert active == ["\n".join(one.lines) for one in said if one.start <= frame < one.end], f"frame {frame}"


def test_a_caption_is_drawn_into_the_picture(page: Page, film: Film, said: list[Caption]) -> None:
    seek(page, (said[0].start + 2) / film.timeline.fps)
    page.evaluate("document.querySelector('video').controls = false")
    pictures = []
    for mode in ("showing", "hidden"):
        page.evaluate("mode => { document.querySelector('video').textTracks[0].mode = mode; }", mode)
        page.wait_for_timeout(100)
        shot = np.frombuffer(page.locator("video").screenshot(), np.uint8)
        pictures.append(cv2.imdecode(shot, cv2.IMREAD_GRAYSCALE).astype(int))
    differs = np.abs(pictures[0] - pictures[1]) > 60
    height = differs.shape[0]
    assert differs[height * 2 // 3 :].sum() > 300, "letters, in the lower third"
    assert not differs[: height // 2].any()


def test_every_language_has_its_captions_and_the_films_own_are_on(page: Page) -> None:
    tracks = page.evaluate(
        "[...document.querySelector('video').textTracks].map(one => [one.language, one.label, one.kind, one.mode])"
    )
    assert tracks == [["en", "English", "captions", "showing"], ["de", "Deutsch", "captions", "disabled"]]
    page.evaluate("document.querySelector('video').textTracks[1].mode = 'showing'")
    until(page, "document.querySelector('video').textTracks[1].cues?.length === 1")


def test_a_chapter_is_gone_to_by_mouse_and_by_keyboard(page: Page, film: Film) -> None:
    fps, links = film.timeline.fps, page.locator(".chapters a")
    assert links.count() == len(film.timeline.sections) == 3
    page.evaluate("addEventListener('seeking', event => { window.to = event.target.currentTime; }, true)")
    for index, by_key in ((2, False), (1, True), (0, False)):
        page.evaluate("window.to = -1")
        if by_key:
            links.nth(index).focus()
            page.keyboard.press("Enter")
        else:
            links.nth(index).click()
        until(page, "window.to >= 0")
        start = film.timeline.sections[index].start if index else 0
        assert start / fps <= page.evaluate("window.to") < (start + 0.5) / fps
        until(page, "!document.querySelector('video').paused")
        assert page.locator(".chapters [aria-current]").all_inner_texts() == [links.nth(index).inner_text()]
        assert page.evaluate("location.hash") == f"#t={start / fps:.3f}"


def test_a_link_to_a_moment_opens_there(browser: Browser, folder: Path, film: Film) -> None:
    page, fps, start = browser.new_page(), film.timeline.fps, film.timeline.sections[2].start
    page.goto(f"{(folder / 'index.html').as_uri()}#t={start / fps:.3f}")
    until(page, "document.querySelector('video').readyState >= 2")
    assert start / fps <= page.evaluate("document.querySelector('video').currentTime") < (start + 0.5) / fps
    page.close()


def test_the_transcript_follows_and_a_word_is_gone_to(page: Page, film: Film) -> None:
    fps = film.timeline.fps
    words = [word for beat in film.timeline.beats for word in beat.words]
    for word in words[::4]:
        seek(page, (word.start + 0.5) / fps)
        assert page.locator(".words [data-from].now").all_inner_texts() == [word.text]
        assert word.text in page.locator(".words .now").first.inner_text()
    pause = next(before.end for before, after in pairwise(words) if before.end + 2 < after.start)
    seek(page, (pause + 1.5) / fps)
    assert page.locator(".words .now").count() == 1, "a sentence, and no word of it"
    page.locator(".words [data-from]", has_text="dot.").click()
    dot = next(word for word in words if word.text == "dot.")
    until(page, "!document.querySelector('video').paused")
    assert dot.start / fps <= page.evaluate("document.querySelector('video').currentTime") < dot.start / fps + 1


def test_what_a_note_says_is_text(page: Page) -> None:
    assert page.title() == "Small <i>films</i>" == page.locator("h1").inner_text()
    assert "<script>hacked=1</script>" in page.locator(".words").inner_text()
    assert '<img src=x onerror="hacked=1">' in page.get_by_label("About this film").inner_text()
    assert (
        page.get_by_label("About this film").get_by_role("link").get_attribute("href")
        == "https://example.org/a?b=1&c=2"
    )
    assert page.evaluate("typeof hacked") == "undefined"


def test_nothing_can_be_sent_from_it(browser: Browser, folder: Path) -> None:
    """The server is reached by a page without a policy, and not by this one."""
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *told: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Listening)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    ask = """async address => {
        await fetch(address + '/fetch', {mode: 'no-cors'}).catch(() => {});
        await new Promise(done => {
            const image = new Image();
            image.onload = image.onerror = done;
            image.src = address + '/image';
        });
    }"""
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        own, other = browser.new_page(), browser.new_page()
        own.goto((folder / "index.html").as_uri())
        own.evaluate(ask, address)
        assert asked == []
        other.evaluate(ask, address)
        assert asked == ["/fetch", "/image"]
        own.close()
        other.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_it_can_be_read_on_a_telephone(browser: Browser, folder: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.locator("summary").first.click()
    until(page, "document.querySelector('video').readyState >= 2")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(one => one.offsetParent && one.childNodes.length
            && parseFloat(getComputedStyle(one).fontSize) < 12).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []
    page.locator(".words").scroll_into_view_if_needed()
    assert page.locator("video").bounding_box()["y"] == 0, "the film stays in sight"
    assert page.evaluate("getComputedStyle(document.querySelector('.chapters a')).transitionDuration") == "0s"
    context.close()


def test_the_first_key_leads_past_the_film(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#about"
    assert page.locator(".skip").bounding_box()["x"] >= 0
