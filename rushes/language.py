"""Language: what captions in another language need to know of it, by its BCP 47 tag, from CLDR as Babel has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Language", "language"]

# ISO 639-2 has two codes for some languages; a container has the terminology code, and these are the others
_BIBLIOGRAPHIC = "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel scc scr".split()  # noqa: SIM905
_WHOLE = {"zh": "zho", "fa": "fas", "ar": "ara", "ms": "msa"}  # not one of its varieties


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What a language is called, and how it writes numbers."""

    tag: str
    """BCP 47, as it is written there: `pt-BR`."""
    alpha3: str
    """ISO 639-2/T; `und` if it has none."""
    decimal: str
    group: str
    spaced: bool
    """Whether a space comes before a per cent sign."""

    @property
    def name(self) -> str:
        """In English."""
        return _called(self.tag, "en")

    @property
    def own(self) -> str:
        """As its speakers call it."""
        return _called(self.tag, None)

    def number(self, shown: str) -> str:
        """A number as Python formats it, as the language writes it: 1,234.5 -> 1.234,5."""
        written = shown.translate({ord("."): self.decimal, ord(","): self.group})
        return written.removesuffix("%") + " %" if self.spaced and written.endswith("%") else written


def _called(tag: str, by: str | None) -> str:
    from babel import Locale

    return str(Locale.parse(tag, sep="-").get_display_name(by))


def language(tag: str) -> Language | None:
    """The language of a tag such as `de` or `pt-BR`; None if CLDR knows none."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global
    from babel.numbers import get_decimal_symbol, get_group_symbol

    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    parts = (locale.language, locale.script, locale.territory)
    canonical = "-".join(part for part in parts if part and part.lower() in tag.lower().split("-"))
    if canonical.lower() != tag.lower():  # an alias, a variant, or the long code of a language that has a short one
        return None
    aliases: Any = get_global("language_aliases")
    short = locale.language
    longer = [code for code, of in aliases.items() if of == short and len(code) == 3 and code not in _BIBLIOGRAPHIC]
    alpha3 = _WHOLE.get(short) or (short if len(short) == 3 else next(iter(sorted(longer)), "und"))
    percent: str = locale.percent_formats[None].pattern
    return Language(
        tag=canonical,
        alpha3=alpha3,
        decimal=get_decimal_symbol(locale),
        group=get_group_symbol(locale),
        spaced="\u00a0%" in percent or "\u202f%" in percent,
    )
