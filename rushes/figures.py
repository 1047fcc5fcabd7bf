"""Figures: how a written number, sign, unit or abbreviation is said."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["ABBREVIATIONS", "BEFORE_NUMBERS", "closed", "digits", "said"]

SYMBOLS = {
    "%": "percent", "&": "and", "+": "plus", "−": "minus", "=": "equals", "×": "times", "÷": "over", "/": "slash",
    "<": "less than", ">": "greater than", "≤": "at most", "≥": "at least", "≠": "is not", "±": "plus or minus",
    "≈": "about", "~": "about", "→": "to", "°": "degrees", "@": "at", "√": "root", "∞": "infinity", "^": "to the",
}  # fmt: skip
ABBREVIATIONS = {
    "e.g.": "for example", "i.e.": "that is", "vs.": "versus", "vs": "versus", "cf.": "compare", "approx.": "about",
    "w/": "with", "w/o": "without", "etc.": "et cetera", "al.": "al",
}  # fmt: skip
BEFORE_NUMBERS = {
    "no.": "number", "nos.": "numbers", "fig.": "figure", "figs.": "figures", "eq.": "equation", "sec.": "section",
    "ch.": "chapter", "p.": "page", "pp.": "pages", "vol.": "volume", "ca.": "about", "c.": "about",
}  # fmt: skip
UNITS = {
    "ms": "millisecond", "s": "second", "min": "minute", "h": "hour", "hz": "hertz", "khz": "kilohertz",
    "mhz": "megahertz", "ghz": "gigahertz", "kb": "kilobyte", "mb": "megabyte", "gb": "gigabyte", "tb": "terabyte",
    "kib": "kibibyte", "mib": "mebibyte", "gib": "gibibyte", "mm": "millimetre", "cm": "centimetre", "m": "metre",
    "km": "kilometre", "g": "gram", "mg": "milligram", "kg": "kilogram", "w": "watt", "kw": "kilowatt",
    "kwh": "kilowatt hour", "v": "volt", "db": "decibel", "px": "pixel", "fps": "frame", "°c": "degree Celsius",
    "°f": "degree Fahrenheit",
}  # fmt: skip
CAPITAL_UNITS = frozenset(("Hz", "kHz", "MHz", "GHz", "dB", "W", "kW", "kWh", "V", "°C", "°F", "MiB", "GiB", "KiB"))
EACH = {"": "", "s": "a second", "h": "an hour"}
MONEY = {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds")}
CENTS = {"$": ("cent", "cents"), "€": ("cent", "cents"), "£": ("penny", "pence")}
SCALES = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion", "m": "million"}
HALVES = {2: ("half", "halves"), 4: ("quarter", "quarters")}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWERS = {"2": "squared", "3": "cubed"}
PARTS = {"½": ("half", "a half"), "¼": ("quarter", "a quarter"), "¾": ("three quarters", "three quarters")}

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
_UNIT = "|".join(sorted({*UNITS, *CAPITAL_UNITS, "KB", "MB", "GB", "TB"}, key=len, reverse=True))
_COUNT = re.compile(r"[(\[~≈<>≤≥±]*[-−]?[\d.,]*\d(?:[-–−]\d[\d.,]*)?")
_PIECE = re.compile(
    rf"(?P<money>[$€£])(?P<amount>{_NUMBER}(?:\.\d+)?)(?P<scale>bn|[kKmMB])?(?!\w)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    r"|(?P<decade>1[1-9]\d0|20\d0)['’]?s\b"
    r"|['’]?(?<!\d)(?P<tens>[2-9]0)s\b"
    r"|(?P<clock>(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d)(?![\d:])"
    r"|(?P<ratio>(?<![\d:.])\d+(?::\d+)+)"
    rf"|(?P<power>(?<![\w.])(?P<mantissa>[-−]?\d+(?:\.\d+)?)[eE](?P<exponent>[-−+]?\d+))(?!\w)"
    r"|(?P<fraction>(?<![\w/.,])(?P<above>\d{1,3})/(?P<below>\d{1,3}))(?![\w/]|[.,]\d)"
    rf"|(?P<share>(?<![\w/])(?P<part>\d+\.\d+)/(?P<whole>\d+))(?![\w/])"
    r"|(?P<minus>(?<![\w)%°])[-−–](?=[$€£]?\.?\d))"
    r"|(?P<version>(?<![^\W_])[vV](?=\d+\.\d))"
    rf"|(?P<size>(?<![\w.]){_NUMBER}(?:\.\d+)?)(?P<many>bn|[kKMB])(?![\w'’])"
    rf"|(?P<measure>(?<![\w.]){_NUMBER}(?:\.\d+)?)(?P<unit>{_UNIT})(?:/(?P<each>[sh]))?(?![\w'’/])"
    rf"|(?P<number>{_NUMBER}(?:\.\d+)*|(?<!\w)\.\d+)"
    r"|(?P<by>(?<=\d)[x×](?=\d))|(?P<fold>(?<=\d)x(?![\w]))"
    r"|(?P<hash>#(?=\d))"
    r"|(?P<word>[^\W\d_]+(?:['’.-][^\W\d_]+)*(?:(?<=s)['’])?)"
    r"|(?P<other>.)"
)


def said(token: str, before: str = "", after: str = "") -> list[str]:
    """The words of one written token, without its outer punctuation; its neighbours are those in the text.

    Capitals are left to the voice, which reads 'KL' as two letters and 'NASA' as a word.
    """
    if short := _short(token, before, after):
        return short
    if token[:1] in tuple("'‘“\"["):
        token = re.sub(r"\W+$", "", token)
    token = re.sub("[½¼¾]", _part, re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", _raised, token))
    words: list[str] = []
    for piece in _PIECE.finditer(token):
        if piece["other"] and piece["other"] in "-–—":
            _dash(words, token, piece.start())
        elif piece["other"] == "/":
            words += _stroke(token, piece.start())
        else:
            words += _piece(piece)
    return words


def _raised(power: re.Match[str]) -> str:
    plain = power[0].translate(RAISED)
    return f" {POWERS.get(plain) or f'to the {plain}'} "


def _part(part: re.Match[str]) -> str:
    alone, after = PARTS[part[0]]
    if part.string[: part.start()].endswith(tuple("0123456789")):
        return f" and {after} "
    return f" one {alone} " if alone in ("half", "quarter") else f" {alone} "


def _short(token: str, before: str, after: str) -> list[str]:
    """An abbreviation, or a unit that stands apart from its number."""
    core = token.lstrip("([“‘\"'").rstrip(",;:!?)]”’\"'")
    if found := ABBREVIATIONS.get(core.lower()):
        return found.split()
    if after[:1].isdigit() and (found := BEFORE_NUMBERS.get(core.lower())) and (core[0].isupper() or core != "no."):
        return [found]
    bare, _, each = core.rstrip(".").partition("/")
    if _COUNT.fullmatch(before) and _is_unit(bare) and each in EACH:
        return _unit(bare, one=before.lstrip("([~≈") == "1", each=each)
    return []


def _is_unit(written: str) -> bool:
    lower = written.lower()
    if lower not in UNITS:
        return False
    return written == lower or written in CAPITAL_UNITS or lower in ("kb", "mb", "gb", "tb")


def _unit(written: str, *, one: bool, each: str) -> list[str]:
    first, *rest = UNITS[written.lower()].split()
    if not one and not first.endswith("hertz") and rest != ["hour"]:
        first += "s"
    if rest == ["hour"] and not one:
        rest = ["hours"]
    return [first, *rest, *EACH["s" if written == "fps" else each].split()]


def _piece(piece: re.Match[str]) -> list[str]:
    kind = piece.lastgroup
    if piece["money"]:
        return _money(piece["money"], piece["amount"], piece["scale"] or "")
    if piece["ordinal"]:
        return _in_words(int(piece["ordinal"]), "ordinal")
    if piece["decade"] or piece["tens"]:
        *rest, last = _in_words(int(piece["decade"] or piece["tens"]), "year")
        return [*rest, last[:-1] + "ies" if last.endswith("y") else last + "s"]
    if piece["clock"]:
        return _clock(piece["clock"])
    if piece["ratio"]:
        parts = piece["ratio"].split(":")
        between = ["to"] if len(parts) == 2 else []  # three are hours, minutes and seconds
        return [word for n, part in enumerate(parts) for word in between * bool(n) + digits(part)]
    if piece["power"]:
        return _power(piece["mantissa"], piece["exponent"])
    if piece["fraction"]:
        return _fraction(int(piece["above"]), int(piece["below"]))
    if piece["share"]:
        return [*digits(piece["part"]), "out", "of", *digits(piece["whole"])]
    if piece["size"]:
        return [*digits(piece["size"]), SCALES[piece["many"]]]
    if piece["measure"]:
        number = digits(piece["measure"])
        return [*number, *_unit(piece["unit"], one=number == ["one"], each=piece["each"] or "")]
    match kind:
        case "minus":
            return ["minus"]
        case "version":
            return ["version"]
        case "number":
            return digits(piece.group())
        case "by":
            return ["by"]
        case "fold":
            return ["times"]
        case "hash":
            return ["number"]
        case "word":
            return _letters(piece.group().replace("’", "'"))
    return _sign(piece.group())


def _sign(sign: str) -> list[str]:
    if sign in SYMBOLS:
        return SYMBOLS[sign].split()
    return [sign] if sign.isalnum() else []  # a digit of another kind: whether it can be said is for the voice to tell


def _dash(words: list[str], token: str, place: int) -> None:
    """Between two numbers it is 'to'; a long one within a token is a pause."""
    if not words or place + 1 == len(token):
        return
    between = (token[place - 1].isdigit() or token[place - 1] in "%°") and token[place + 1].isdigit()
    if between and not re.search(r"[^\W\d_]", token[:place]):
        words.append("to")
    elif token[place] != "-":
        words[-1] = closed(words[-1], "—")


def _stroke(token: str, place: int) -> list[str]:
    """'TCP/IP' has none that is said; 'x/2' is x over two."""
    left = re.findall(r"\w*$", token[:place])[0]
    right = re.findall(r"^\w*", token[place + 1 :])[0]
    if (left + right).isupper() and left and right:
        return []
    quantities = all(side.isdigit() or len(side) == 1 for side in (left, right))
    return ["over" if quantities and any(one.isdigit() or "α" <= one <= "ω" for one in left + right) else "slash"]


def closed(word: str, mark: str) -> str:
    """A word with a mark that paces it, if it has none yet."""
    return word if word.endswith((".", ",", ";", ":", "!", "?", "…", "—")) else word + mark


def _letters(word: str) -> list[str]:
    """'SmolLM' -> Smol LM, as the voice would otherwise make one word of it; 'Δx' -> delta x."""
    parts: list[str] = []
    for part in re.split(r"(?<=[a-z])(?<!Mc)(?<!Mac)(?=[A-Z])|(?<=[α-ωΑ-Ω])|(?=[α-ωΑ-Ω])", word):
        greek = re.match(r"GREEK \w+ LETTER (?:FINAL )?(\w+)", unicodedata.name(part, "")) if len(part) == 1 else None
        parts += [greek[1].lower().replace("lamda", "lambda")] if greek else [part] * bool(part)
    return parts


# ---------------------------------------------------------------------- numbers
def digits(written: str) -> list[str]:
    """'8.50' -> eight point five zero; '2019' -> twenty nineteen; '2,019' -> two thousand and nineteen."""
    if written[0] in "-−":
        return ["minus", *digits(written[1:])]
    whole, *decimals = written.split(".")
    year = not decimals and "," not in whole and len(whole) == 4 and 1100 <= int(whole) <= 2099
    words = _in_words(int(whole.replace(",", "") or "0"), "year" if year else "cardinal")
    for part in decimals:
        words += ["point", *(_in_words(int(digit), "cardinal")[0] for digit in part)]
    return words


def _money(sign: str, amount: str, scale: str) -> list[str]:
    whole, _, cents = amount.partition(".")
    if len(cents) == 2 and not scale:
        coins = [*_in_words(int(cents), "cardinal")]
        if not int(whole.replace(",", "")):
            return [*coins, CENTS[sign][int(cents) != 1]]
        return [*digits(whole), MONEY[sign][whole != "1"], *(coins if int(cents) else [])]
    return [*digits(amount), *([SCALES[scale]] if scale else []), MONEY[sign][amount != "1" or bool(scale)]]


def _clock(written: str) -> list[str]:
    hour, minute = (int(part) for part in written.split(":"))
    if not minute:
        return [*_in_words(hour, "cardinal"), *(["o'clock"] if 1 <= hour <= 12 else ["hundred"])]
    return [*_in_words(hour, "cardinal"), *(["oh"] if minute < 10 else []), *_in_words(minute, "cardinal")]


def _power(mantissa: str, exponent: str) -> list[str]:
    times = [] if mantissa == "1" else [*digits(mantissa), "times"]
    return [*times, "ten", "to", "the", *digits(exponent.lstrip("+").replace("−", "-"))]


def _fraction(above: int, below: int) -> list[str]:
    """'2/3' -> two thirds; '50/50' -> fifty fifty."""
    top, bottom = _in_words(above, "cardinal"), _in_words(below, "cardinal")
    if below < 2:
        return [*top, "over", *bottom]
    if above >= below and (below > 10 or above == below):
        return [*top, *bottom]
    if below in HALVES:
        return [*top, HALVES[below][above != 1]]
    *rest, last = _in_words(below, "ordinal")
    return [*top, *(rest if rest != ["one"] else []), last if above == 1 else last + "s"]


def _in_words(number: int, form: str) -> list[str]:
    from num2words import num2words  # 50 ms, and many scripts have no number

    return re.findall(r"[a-z]+", num2words(number, to=form))
