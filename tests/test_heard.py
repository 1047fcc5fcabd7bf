"""What captions tell besides the narration: who speaks in a video, and that there is a sound."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from rushes.captions import captions
from rushes.heard import heard
from rushes.placing import estimate, lay_out
from rushes.read_script import parse_script
from rushes.timeline import Timeline

QUOTED = """\
## Script
- #### One
  - They were asked about the night.
    - Ada Roe interview clip
      clip:: the-night.mp4#t=3,9
      audio:: keep
      - > We slept, and it trained.
  - Nobody answered.
"""


def placed(note: str) -> Timeline:
    script = parse_script(note, Path("film.md"))
    texts = [beat.text([]) for beat in script.beats]
    return lay_out(script, texts, [estimate(text) for text in texts], fps=30, size=(1920, 1080))


def said(note: str) -> list[str]:
    timeline = placed(note)
    told = heard(timeline)
    assert [one for one in told if one.words] == sorted((o for o in told if o.words), key=lambda o: o.words[0].start)
    found = captions([one.words for one in told], fps=timeline.fps, frames=timeline.frames)
    assert all(one.end <= after.start for one, after in pairwise(found))
    return [" ".join(one.lines) for one in found]


def test_who_speaks_in_a_video_has_a_name() -> None:
    assert said(QUOTED) == [
        "They were asked about the night.", "Ada Roe: We slept, and it trained.", "Nobody answered.",
    ]  # fmt: skip


def test_its_words_are_shown_while_it_plays() -> None:
    timeline = placed(QUOTED)
    first, clip, last = heard(timeline)
    assert (first.line, clip.line, last.line) == (3, 4, 8)
    assert first.words[-1].end <= clip.words[0].start
    assert clip.words[-1].end - clip.words[0].start == 6 * 30
    assert clip.words[-1].end <= last.words[0].start
    assert all(a.end == b.start for a, b in pairwise(clip.words))


def test_a_video_without_a_quote_is_told_as_a_sound() -> None:
    note = QUOTED.replace("      - > We slept, and it trained.\n", "")
    assert said(note) == ["They were asked about the night.", "[the night plays]", "Nobody answered."]


@pytest.mark.parametrize("sound", ["duck", "mute"])
def test_a_video_under_the_words_is_not_told(sound: str) -> None:
    note = QUOTED.replace("audio:: keep", f"audio:: {sound}")
    assert said(note) == ["They were asked about the night.", "Nobody answered."]
