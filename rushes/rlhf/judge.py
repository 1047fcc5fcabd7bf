"""The judge: a second opinion that nobody is trained on.

It shares nothing with the raters but the text. They count warm and harsh words with the VADER lexicon; the judge
asks TextBlob, whose word list is another one, made by other people from other texts. Like the raters' lexicon it
reads words, and is no judge of whether they make sense.
"""

from __future__ import annotations

from textblob.en import polarity

__all__ = ["judge"]


def judge(text: str) -> float:
    """How an outsider would mark the text, 1 (harsh) to 9 (warm); 5 is neither."""
    return 5 + 4 * float(polarity(text))
