"""A file is named by what it was made from, and is whole or not there."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.cache import DAY, Cache, digest, used, write_whole
from rushes.cli import main

plain = st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=8), st.integers(), st.booleans()), max_size=5)


@given(plain)
def test_order_does_not_count_and_content_does(inputs: dict[str, object]) -> None:
    assert digest(inputs) == digest(dict(reversed(inputs.items())))
    assert digest(inputs) != digest({**inputs, "more": 1})


def test_a_path_counts_as_its_bytes(tmp_path: Path) -> None:
    cache, made = Cache(tmp_path / "cache"), []
    source, twin = tmp_path / "a.txt", tmp_path / "b.txt"
    source.write_text("one")
    twin.write_text("one")

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("made")

    first = cache.made("kind", ".txt", {"from": source}, make)
    assert cache.made("kind", ".txt", {"from": twin}, make) == first
    assert len(made) == 1
    source.write_text("two!")
    assert cache.made("kind", ".txt", {"from": source}, make) != first


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    def make(path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        cache.made("kind", ".txt", {"x": 1}, make)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(TypeError, match="a set cannot name a file"):
        digest({"x": {1, 2}})
    with pytest.raises(ValueError, match="not JSON compliant"):
        digest({"x": float("nan")})


def test_a_small_file_is_replaced_whole(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "deep" / "x.json", "one")
    write_whole(path, "two")
    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]


# ---------------------------------------------------------------------- how much is kept
def filled(root: Path, ages: dict[str, float]) -> Cache:
    """Clips of 110 bytes with their .json, last used so many seconds ago."""
    for name, ago in ages.items():
        for suffix, size in ((".mp4", 100), (".json", 10)):
            path = root / "clip" / f"{name}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x" * size)
            os.utime(path, (time.time() - ago,) * 2)
    return Cache(root)


def names(cache: Cache) -> list[str]:
    return [one.files[0].stem for one in cache.entries()]


def test_what_was_not_used_for_longest_goes_first_and_pairs_go_together(tmp_path: Path) -> None:
    cache = filled(tmp_path, {"a": 300, "b": 100, "c": 200})
    assert names(cache) == ["a", "c", "b"]
    assert [one.size for one in cache.entries()] == [110, 110, 110]
    used(tmp_path / "clip" / "a.mp4")
    assert [one.files[0].stem for one in cache.evict(220)] == ["c"]
    assert names(cache) == ["b", "a"]
    assert cache.evict(220) == []
    cache.evict(0)
    assert list((tmp_path / "clip").iterdir()) == []


def test_a_hit_counts_as_use(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first = cache.made("take", ".wav", {"text": "one"}, lambda path: path.write_text("one") and None)
    second = cache.made("take", ".wav", {"text": "two"}, lambda path: path.write_text("two") and None)
    for path in (first, second):
        os.utime(path, (1, 1))
    cache.made("take", ".wav", {"text": "one"}, lambda _: pytest.fail("it is there"))
    assert [one.files for one in cache.evict(3)] == [(second,)]


def test_a_film_spares_what_it_uses_and_what_another_film_may_use(tmp_path: Path) -> None:
    cache = filled(tmp_path, {"mine": 900_000, "old": 200_000, "yesterday": 90_000, "today": 80_000})
    gone = cache.evict(0, keep=[tmp_path / "clip" / "mine.mp4"], spare=DAY)
    assert [one.files[0].stem for one in gone] == ["old", "yesterday"]
    assert names(cache) == ["mine", "today"]


def test_half_made_files_are_left_to_their_makers(tmp_path: Path) -> None:
    cache = filled(tmp_path, {"a": 1})
    partial = tmp_path / "clip" / ".b.123.mp4"
    partial.write_text("half")
    cache.evict(0)
    assert list((tmp_path / "clip").iterdir()) == [partial]


@pytest.mark.parametrize("unlinked", range(4))
def test_an_eviction_that_is_killed_leaves_no_clip_that_is_half_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unlinked: int
) -> None:
    cache = filled(tmp_path, {"a": 3, "b": 2, "c": 1})
    count, unlink = 0, Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        nonlocal count
        if count == unlinked:
            raise KeyboardInterrupt
        count += 1
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", killed)
    with pytest.raises(KeyboardInterrupt):
        cache.evict(110)
    monkeypatch.undo()
    files = {path.name for path in (tmp_path / "clip").iterdir()}
    told = {name.removesuffix(".json") for name in files if name.endswith(".json")}
    assert told == {"a", "b", "c"} - set("ab"[: (unlinked + 1) // 2]), "whose .json is there is whole"
    assert all(f"{name}.mp4" in files for name in told)
    cache.evict(110)
    assert {path.name for path in (tmp_path / "clip").iterdir()} == {"c.mp4", "c.json"}, "the next one goes on"


def test_the_command_tells_and_evicts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(tmp_path / "cache", {"a": 7300, "b": 70})
    assert main(["cache", "--build", str(tmp_path), "--json"]) == 0
    (told,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert told == {"event": "kept", "kind": "clip", "made": 2, "bytes": 220, "newest": 70, "oldest": 7300}
    assert main(["cache", "--build", str(tmp_path), "--limit", "0.2kB"]) == 0
    said = capsys.readouterr().out
    assert "removed 0.0 MB" in said
    assert "1 min" in said
    assert names(Cache(tmp_path / "cache")) == ["b"]
    for size in ("much", "5"):
        with pytest.raises(SystemExit):
            main(["cache", "--build", str(tmp_path), "--limit", size])
        assert f"'{size}' is no size: write it as 5GB or 300MB" in capsys.readouterr().err
    assert names(Cache(tmp_path / "cache")) == ["b"]
