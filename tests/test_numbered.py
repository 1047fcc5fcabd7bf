"""The story that becomes numbers: one that the base model learned from, with its own tokenizer's numbers."""

import pytest
from conftest import ROOT
from tokenizers import Tokenizer

from rushes.records import Records
from rushes.rlhf import corpus


@pytest.mark.parametrize("name", ["base", "base.seed1"])
def test_the_story_was_learned_from_and_has_the_tokenizers_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scenes"))
    from numbered import short_story

    record = Records((ROOT,)).get(name)
    tokens, numbers = short_story(record)
    text, dice = "".join(tokens), corpus.dice_of(record.seed)
    assert text in {corpus.story(dice).text for _ in range(record.setting("stories"))}
    if name == "base":  # whose tokenizer is kept
        read = Tokenizer.from_file(str(ROOT / "runs" / "base" / "tokenizer.json")).encode(text)
        assert read.ids == numbers
        assert [token.lstrip("Ġ") for token in read.tokens] == [token.lstrip() for token in tokens]
