"""Phrases: what belongs together in a line of text, language by language, and what such a line may be broken into.

Where a language is not known here, only its punctuation says where to break. One that is written without spaces
(Chinese, Japanese, Thai) is divided into phrases by budoux; each such word ends with a zero-width space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budoux import Parser

__all__ = ["ENGLISH", "Grammar", "break_cost", "ends_sentence", "grammar", "joined", "parts_a_phrase", "segments"]

GLUE = "\u200b"
"""Ends a word that no space follows."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Words, in lower case, that a break is better before than after, or the other way round."""

    articles: frozenset[str] = frozenset()
    """Never parted from what follows."""
    determiners: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    auxiliaries: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    capitals: bool = False
    """Whether two words with capitals are a name; in German every noun has one."""


ENGLISH = Grammar(
    articles=_set("a an the"),
    determiners=_set("a an the this that these those my your his her its our their no every each"),
    prepositions=_set(
        "of in on at to for with from by into over under about as than after before between through without within "
        "against during until"
    ),
    conjunctions=_set("and but or nor so yet because although though while if when where which who that unless since"),
    auxiliaries=_set(
        "is are was were be been am have has had do does did will would can could should may might must not n't "
        "don't won't can't didn't doesn't isn't wasn't to never"
    ),
    pronouns=_set("i you he she it we they who"),
    numbers=_set(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    ),
    many=_set("hundred thousand million billion trillion percent"),
    capitals=True,
)
_GRAMMARS: Mapping[str, Grammar] = {
    "en": ENGLISH,
    "de": Grammar(
        articles=_set("der die das den dem des ein eine einen einem einer eines"),
        determiners=_set(
            "dieser diese dieses diesen diesem jeder jede jedes jeden kein keine keinen keinem mein meine sein seine "
            "seinen seinem ihr ihre ihren ihrem unser unsere unseren unserem"
        ),
        prepositions=_set(
            "an am auf aus bei beim bis durch für gegen hinter in im ins mit nach neben ohne seit über um unter von "
            "vom vor zu zum zur zwischen während wegen"
        ),
        conjunctions=_set("und oder aber denn sondern dass weil wenn als ob obwohl damit bevor nachdem sobald wie"),
        auxiliaries=_set("ist sind war waren wird werden wurde wurden hat haben hatte kann konnte muss soll nicht nie"),
        pronouns=_set("ich du er sie es wir man wer"),
        numbers=_set("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
        many=_set("hundert tausend million millionen milliarde milliarden prozent"),
    ),
    "fr": Grammar(
        articles=_set("le la les un une des du l' d'"),
        determiners=_set("ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs"),
        prepositions=_set("à au aux de dans en par pour sur sous avec sans chez entre vers depuis pendant contre"),
        conjunctions=_set("et ou mais donc or ni car que qui quand si comme lorsque puisque dont où"),
        auxiliaries=_set("est sont était étaient a ont avait avaient sera seront ne n' pas peut doit"),
        pronouns=_set("je tu il elle on nous vous ils elles"),
        capitals=True,
    ),
    "es": Grammar(
        articles=_set("el la los las un una unos unas"),
        determiners=_set("este esta estos estas ese esa esos esas mi mis tu tus su sus nuestro nuestra"),
        prepositions=_set("a al ante bajo con contra de del desde en entre hacia hasta para por según sin sobre tras"),
        conjunctions=_set("y e o u pero sino que quien cuando si como porque aunque donde"),
        auxiliaries=_set("es son era eran ha han había habían fue fueron está están no se puede debe"),
        pronouns=_set("yo tú él ella nosotros ellos ellas"),
        capitals=True,
    ),
    "pt": Grammar(
        articles=_set("o a os as um uma uns umas"),
        determiners=_set("este esta estes estas esse essa meu minha seu sua seus suas nosso nossa"),
        prepositions=_set("ao à de do da dos das em no na nos nas com contra desde entre para por pelo pela sem sobre"),
        conjunctions=_set("e ou mas que quem quando se como porque embora onde"),
        auxiliaries=_set("é são era eram foi foram está estão não pode deve tem têm"),
        pronouns=_set("eu tu ele ela nós eles elas você vocês"),
        capitals=True,
    ),
    "it": Grammar(
        articles=_set("il lo la i gli le un uno una"),
        determiners=_set("questo questa questi queste quel quella mio mia suo sua loro nostro nostra"),
        prepositions=_set("a al alla ai alle da dal dalla di del della dei delle in nel nella con su sul sulla per"),
        conjunctions=_set("e o ma che chi quando se come perché mentre dove"),
        auxiliaries=_set("è sono era erano ha hanno aveva fu non si può deve"),
        pronouns=_set("io tu lui lei noi voi"),
        capitals=True,
    ),
}
_CONTRACTED = re.compile(r"(?:i|you|he|she|it|we|they|who|that|there)'(?:s|m|re|ve|ll|d)")
_ABBREVIATION = re.compile(r"(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|No|Nr|Fig|Eq|vs|cf|ca|e\.g|i\.e|z\.B|approx)\.")
_CLOSED = r"[\"'”’»“)\]」』）】]*$"
_SENTENCE_END = re.compile(rf"[.!?…。！？]{_CLOSED}")
_CLAUSE_END = re.compile(rf"[,;:—–、，；：]{_CLOSED}")
_DASH = re.compile(r"[-—–]+$")
_NUMBER = re.compile(r"[$€£−+-]?\d[\d.,]*")
_GROUP = re.compile(r"\d{3}\b")
_NAME = re.compile(r"[A-Z][\w'’-]*")


def grammar(tag: str) -> Grammar:
    """Of a language, by its BCP 47 tag."""
    return _GRAMMARS.get(tag.split("-")[0].lower(), Grammar())


def _bare(word: str) -> str:
    return re.sub(r"[^\w']", "", word.replace("’", "'")).lower()


def ends_sentence(word: str) -> bool:
    """Whether a sentence ends with a word."""
    return _SENTENCE_END.search(word) is not None and not _ABBREVIATION.fullmatch(word)


def parts_a_phrase(word: str, after: str, of: Grammar = ENGLISH) -> bool:
    """Whether a break between two words parts an article from its noun, a number from its unit, or a name."""
    if ends_sentence(word):
        return False
    number = _NUMBER.fullmatch(word) is not None and not word.endswith((".", ","))
    unit = number and after[:1].isalpha() and _bare(after) not in of.prepositions | of.conjunctions | of.auxiliaries
    unit = unit or (number and (after.startswith("%") or _GROUP.match(after) is not None))
    article = _bare(word) in of.articles and word[-1].isalpha()
    unit = unit or (_bare(word) in of.numbers | of.many and _bare(after) in of.many)
    return article or unit or _ABBREVIATION.fullmatch(word) is not None


def break_cost(word: str, after: str, of: Grammar = ENGLISH) -> float:
    """How much a break between two words hurts; below zero where there should be one."""
    if _DASH.match(after):
        return 8.0
    if ends_sentence(word):
        return -3.0
    if _CLAUSE_END.search(word) or _DASH.match(word):
        return -1.5
    bare, bare_after = _bare(word), _bare(after)
    cost = 3.0 + 10 * parts_a_phrase(word, after, of)
    if bare_after in of.conjunctions:
        cost -= 3.0
    elif bare_after in of.prepositions:
        cost -= 2.4
    if bare in of.articles | of.determiners:
        cost += 6  # the | arrow
    if bare in of.prepositions | of.auxiliaries | of.pronouns or _CONTRACTED.fullmatch(bare):
        cost += 4  # of | labels, had | fallen, she | slept
    name = of.capitals and _NAME.match(word) and _NAME.match(after)
    if name and bare not in of.conjunctions | of.prepositions:
        cost += 4  # Values | Coach
    if _NUMBER.fullmatch(word):
        cost += 4  # 28 | steps
    return cost


# ---------------------------------------------------------------------- words
def segments(text: str, tag: str) -> list[str]:
    """The words of a text, between any two of which a line may be broken."""
    words = text.split()
    language, _, rest = tag.lower().partition("-")
    if language not in ("zh", "ja", "th"):
        return words
    hant = any(part in rest.split("-") for part in ("hant", "tw", "hk", "mo"))
    parser = _parser("zh-hant" if hant else "zh-hans" if language == "zh" else language)
    found = []
    for word in words:
        *first, last = parser.parse(word)
        found += [*(f"{phrase}{GLUE}" for phrase in first), last]
    return found


@lru_cache(maxsize=4)
def _parser(name: str) -> Parser:
    import budoux

    makers = {
        "ja": budoux.load_default_japanese_parser,
        "zh-hans": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
        "th": budoux.load_default_thai_parser,
    }
    return makers[name]()


def joined(words: Sequence[str]) -> str:
    """A text from its words; the other way round than `segments`."""
    return "".join(word.removesuffix(GLUE) + ("" if word.endswith(GLUE) else " ") for word in words).removesuffix(" ")
