"""What a number counts or is measured in, read from the words after it."""

from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.model import Kind
from claims.extraction.figures.tokens import Tokens


class Unit(NamedTuple):
    """A unit, the kind of figure it makes, and the first token after a sign or word that belongs to the figure."""

    name: str
    kind: Kind
    end: int


def read_unit(tokens: Tokens, begin: int, end: int) -> Unit:
    """Return the unit of the number at tokens [begin:end): percent, money, time, a measure or the counted noun."""
    return (
        _percent(tokens, end)
        or _money(tokens, begin, end)
        or _duration(tokens, end)
        or _glued(tokens, end)
        or Unit(_counted(tokens, end), Kind.CARDINAL, end)
    )


def _percent(tokens: Tokens, at: int) -> Unit | None:
    if tokens.raw[at] == "-" and tokens.low[at + 1] in lang.PERCENT:
        at += 1
    word = tokens.low[at]
    if word in {"percentage", "basis"} and tokens.low[at + 1] in {"point", "points"}:
        return Unit(f"{word} points", Kind.PERCENT, at + 2)
    if word == "per" and tokens.low[at + 1] == "cent":
        return Unit("%", Kind.PERCENT, at + 2)
    if word in lang.PERCENT:
        if tokens.low[at + 1] in {"point", "points"}:
            return Unit("percentage points", Kind.PERCENT, at + 2)
        return Unit("%", Kind.PERCENT, at + 1)
    if word == "pp" and tokens.raw[at] == "pp":
        return Unit("percentage points", Kind.PERCENT, at + 1)
    return None


def currency_before(tokens: Tokens, begin: int) -> tuple[str, int] | None:
    """Return the currency written before a number and the token where it begins: "$", "US$", "EUR"."""
    word = tokens.low[begin - 1] if begin else ""
    if word in lang.CURRENCY_SIGNS:
        before = tokens.low[begin - 2] if begin > 1 and tokens.is_glued(begin - 1) else ""
        if word == "$" and before in lang.DOLLARS:
            return lang.DOLLARS[before], begin - 2
        return lang.CURRENCY_SIGNS[word], begin - 1
    if begin and tokens.raw[begin - 1] in lang.CURRENCY_CODES:
        return tokens.raw[begin - 1], begin - 1
    return None


def _money(tokens: Tokens, begin: int, end: int) -> Unit | None:
    if before := currency_before(tokens, begin):
        return Unit(before[0], Kind.MONEY, end)
    at = end + (tokens.raw[end] == "-")
    if tokens.raw[at] in lang.CURRENCY_CODES or tokens.low[at] in lang.CURRENCY_SIGNS:
        return Unit(lang.CURRENCY_SIGNS.get(tokens.low[at], tokens.raw[at]), Kind.MONEY, at + 1)
    adjective = lang.CURRENCY_ADJECTIVES.get(tokens.low[at])
    if adjective:
        at += 1 + (tokens.low[at] == "hong")
    word = tokens.low[at]
    name = lang.CURRENCY_WORDS.get(word) or lang.CURRENCY_WORDS.get(word.removesuffix("s"))
    if name is None:
        return None
    if name == "GBP" and not adjective and any(w in lang.WEIGHED for w in tokens.low[max(0, begin - 3) : at + 3]):
        return Unit("pounds", Kind.CARDINAL, at + 1)
    return Unit(adjective or name, Kind.MONEY, at + 1)


def _duration(tokens: Tokens, at: int) -> Unit | None:
    for _ in range(2):
        if tokens.raw[at] in {"-", "‑"} or tokens.low[at] in {"full", "more", "consecutive", "straight", "calendar"}:
            at += 1
    word = tokens.low[at].removesuffix("’s").removesuffix("'s")
    if word == "seconds":
        return Unit("second", Kind.DURATION, at + 1)
    name = lang.DURATIONS.get(word.rstrip("’'"))
    return Unit(name, Kind.DURATION, at + 1) if name else None


def _glued(tokens: Tokens, at: int) -> Unit | None:
    """Read "5km", "20 kg", "21 °C"."""
    word = tokens.raw[at]
    if word == "°":
        return Unit("°" + tokens.raw[at + 1], Kind.CARDINAL, at + 2)
    name = lang.GLUED_UNITS.get(word.lower())
    if name and (tokens.is_glued(at) or len(word) > 1) and word not in {"in", "IN", "t"}:
        return Unit(name, Kind.CARDINAL, at + 1)
    return None


def is_plural(word: str) -> bool:
    """Tell whether a lower-case word looks like a plural noun."""
    if word in lang.IRREGULAR_PLURALS:
        return True
    return len(word) > 2 and word.endswith("s") and not word.endswith("ss") and word not in lang.NOT_PLURAL


def _counted(tokens: Tokens, at: int) -> str:
    """Return the head of the noun phrase after a number: "troops" in "2,500 US troops"."""
    if tokens.raw[at] in {"-", "‑"} and tokens.is_glued(at):
        return tokens.raw[at + 1] if tokens.low[at + 1].isalpha() else ""
    if tokens.low[at] == lang.OF:
        at += 1
        while tokens.low[at] in {"the", "its", "their", "his", "her", "our", "all", "these", "those"}:
            at += 1
    head = ""
    for place in range(at, at + 7):
        word = tokens.low[place]
        if word in {"-", "‑", "%", "/"}:
            continue
        if not word[:1].isalpha() or word in lang.NOUN_STOPS or word.endswith(("’s", "'s")):
            if word.endswith(("’s", "'s")):
                continue
            break
        if is_plural(word):
            head = tokens.raw[place]
            if not is_plural(tokens.low[place + 1]) and tokens.raw[place][0].islower():
                break
        elif head:
            break
    return head


def counted_one(tokens: Tokens, at: int) -> str:
    """Return the singular noun after "one": "soldier" in "one soldier was killed"."""
    head = ""
    for place in range(at, at + 4):
        word = tokens.low[place]
        if not word.isalpha() or word in lang.NOUN_STOPS or word in lang.NOT_PLURAL:
            break
        if head and word.endswith(("ed", "ly", "ing")):
            break
        head = tokens.raw[place]
    return head
