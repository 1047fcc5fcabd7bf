"""A file is named by what it was made from, and is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.cache import Cache, digest, write_whole

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
