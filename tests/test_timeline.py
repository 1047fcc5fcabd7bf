"""Time, as arithmetic."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.placing import CUT_EARLY, estimate, lay_out
from rushes.read_script import parse_script
from rushes.short import cut
from rushes.timeline import Timeline

words = st.lists(st.sampled_from(["a", "longer", "word", "sentence.", "and,"]), min_size=1, max_size=12)
direction = st.sampled_from(["", "\t\t- card one\n", "\t\t- scene:: dot\n", "\t\t- one\n\t\t- two\n"])
beats = st.lists(st.tuples(words, direction), min_size=1, max_size=5)
films = st.lists(beats, min_size=1, max_size=5)


def film(sections: list[list[tuple[list[str], str]]], fps: int, part: int | None = None) -> Timeline:
    text = "## Script\n"
    for i, section in enumerate(sections):
        text += f"- #### Part {i}\n"
        for said, shown in section:
            text += f"\t- {' '.join(said)} ==cue==\n{shown}"
    script = parse_script(text, Path("x.md"))
    if part is not None:
        script = cut(script, part)
    texts = [beat.text(()) for beat in script.beats]
    return lay_out(script, texts, [estimate(t) for t in texts], fps=fps, size=(1920, 1080))


@settings(max_examples=60)
@given(films, st.sampled_from([15, 24, 30, 60]))
def test_shots_fill_the_film_and_beats_follow_each_other(sections: list[list[tuple[list[str], str]]], fps: int) -> None:
    timeline = film(sections, fps)
    ends = [0, *(shot.start + shot.frames for shot in timeline.shots)]
    assert [shot.start for shot in timeline.shots] == ends[:-1]
    assert ends[-1] == timeline.frames
    assert all(shot.frames > 0 for shot in timeline.shots)
    for one, two in zip(timeline.beats, timeline.beats[1:], strict=False):
        assert one.start + one.frames <= two.start
    for beat in timeline.beats:
        times = [frame for word in beat.words for frame in (word.start, word.end)]
        assert times == sorted(times)
        assert [word.text for word in beat.words] == beat.text.split()
    for shot in timeline.shots:
        assert all(0 <= frame < shot.frames for frame in shot.cues.values())
    # every cue belongs to exactly one shot
    assert sum(len(shot.cues) for shot in timeline.shots) == sum(len(beat.cues) for beat in timeline.beats)


@settings(max_examples=40)
@given(films, films, st.sampled_from([15, 24, 30, 60]))
def test_what_comes_before_does_not_move_what_is_within_a_section(
    before: list[list[tuple[list[str], str]]], after: list[list[tuple[list[str], str]]], fps: int
) -> None:
    """The sound of a beat is laid at its first frame, so its words keep their places and its shots their lengths."""
    alone, later = film(after, fps), film([*before, *after], fps)
    assert len(later.sections) == len(before) + len(after)
    first = later.beats[len(later.beats) - len(alone.beats) :]
    for one, two in zip(alone.beats, first, strict=True):
        assert one.frames == two.frames
        assert [word.start - one.start for word in one.words] == [word.start - two.start for word in two.words]
        assert [at - one.start for at in one.cues.values()] == [at - two.start for at in two.cues.values()]
    shots = later.shots[len(later.shots) - len(alone.shots) :]
    for this, that in zip(alone.shots, shots, strict=True):
        # the very first beat of a film also has the moment before its first word
        if this.beat != alone.beats[0].id:
            assert (this.frames, this.cues) == (that.frames, that.cues)


@settings(max_examples=20)
@given(films, st.sampled_from([24, 30, 60]))
def test_every_word_is_within_half_a_frame_of_its_sound(sections: list[list[tuple[list[str], str]]], fps: int) -> None:
    for beat in film(sections, fps).beats:
        for word, timed in zip(beat.words, estimate(beat.text).words, strict=True):
            assert abs((word.start - beat.start) / fps - timed.start) <= 0.5 / fps + 1e-9


def test_a_shot_lasts_until_the_next_and_takes_the_cues_said_meanwhile() -> None:
    text = "## Script\n- #### A\n\t- One ==two==.\n\t\t- scene:: dot\n\t- Three ==four==.\n\t- Five.\n\t\t- card\n"
    script = parse_script(text, Path("x.md"))
    texts = [beat.text(()) for beat in script.beats]
    timeline = lay_out(script, texts, [estimate(t) for t in texts], fps=30, size=(1920, 1080))
    first, second = timeline.shots
    assert (first.scene, list(first.cues)) == ("dot", ["two", "four"])
    assert second.start == timeline.beats[2].start - round(CUT_EARLY * 30)


def test_at_starts_a_shot_just_before_its_words() -> None:
    said = "One two three four five."
    text = f"## Script\n- #### A\n\t- {said}\n\t\t- scene:: dot\n\t\t- scene:: curve\n\t\t  at:: four\n"
    timeline = lay_out(parse_script(text, Path("x.md")), [said], [estimate(said)], fps=30, size=(8, 8))
    word = timeline.beats[0].words[3]
    assert [shot.start for shot in timeline.shots] == [0, word.start - round(CUT_EARLY * 30)]


def test_the_file_is_frames_and_names() -> None:
    told = json.loads(film([[(["a", "word"], "\t\t- scene:: dot\n")]], 30).to_json())
    assert told["format"] == 1
    assert set(told) == {"format", "fps", "size", "frames", "sections", "beats", "shots", "effects", "silences"}
    (beat,) = told["beats"]
    assert beat["words"][0][0] == "a"
    assert all(isinstance(n, int) for word in beat["words"] for n in word[1:])


@settings(max_examples=40)
@given(films, st.sampled_from([15, 24, 30, 60]), st.data())
def test_a_section_cut_out_has_the_shots_it_has_in_the_film(
    sections: list[list[tuple[list[str], str]]], fps: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(sections) - 1))
    whole, alone = film(sections, fps), film(sections, fps, index)
    start = whole.sections[index].start
    end = whole.sections[index + 1].start if index + 1 < len(sections) else whole.frames
    assert (alone.frames, [(s.title, s.start) for s in alone.sections]) == (end - start, [(f"Part {index}", 0)])
    shots = [shot for shot in whole.shots if start <= shot.start < end]
    assert [replace(shot, start=shot.start + start) for shot in alone.shots] == shots
    beats = [beat for beat in whole.beats if beat.section == index]
    assert [[(word.text, word.start + start, word.end + start) for word in beat.words] for beat in alone.beats] == [
        [(word.text, word.start, word.end) for word in beat.words] for beat in beats
    ]
