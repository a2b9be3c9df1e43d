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
    is_many = tokens.low[end] == lang.OF and tokens.low[end - 1] in lang.VAGUE_SCALES
    return (
        percent(tokens, end)
        or _money(tokens, begin, end + is_many)
        or _duration(tokens, end)
        or _sized(tokens, end)
        or _glued(tokens, end)
        or Unit(counted(tokens, end), Kind.CARDINAL, end)
    )


def percent_of_one(tokens: Tokens, at: int) -> Unit | None:
    """Return the unit of a share of one percent: "half a percent", "a tenth of 1 percent", "a quarter point"."""
    if tokens.low[at] == lang.OF:
        at += 1
    is_one = tokens.low[at] in lang.ARTICLES or tokens.low[at] == lang.ONE or tokens.raw[at] == "1"
    if is_one and (unit := percent(tokens, at + 1)):
        return unit
    if tokens.low[at] in lang.ARTICLES and tokens.low[at + 1] == "point":
        at += 1
    if tokens.raw[at] in lang.HYPHENS:
        at += 1
    if tokens.low[at] == "point":
        return Unit("percentage points", Kind.PERCENT, at + 1)
    return percent(tokens, at)


def percent(tokens: Tokens, at: int) -> Unit | None:
    """Return the unit where a percent sign or word, or "percentage points", stands at a token."""
    if tokens.raw[at] == "-" and (tokens.low[at + 1] in lang.PERCENT or tokens.low[at + 1] == "basis"):
        at += 1
    word = tokens.low[at]
    if word == "per" and tokens.raw[at + 1] in lang.HYPHENS and tokens.low[at + 2] == "cent":
        return Unit("%", Kind.PERCENT, at + 3)
    if word == "pc" and tokens.is_glued(at):
        return Unit("%", Kind.PERCENT, at + 1)
    if word in {"bp", "bps"} and tokens.raw[at] == word:
        return Unit("basis points", Kind.PERCENT, at + 1)
    is_hyphened = word in {"percentage", "basis"} and tokens.raw[at + 1] in lang.HYPHENS
    if is_hyphened and tokens.low[at + 2] in {"point", "points"}:
        return Unit(f"{word} points", Kind.PERCENT, at + 3)
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
        if tokens.raw[at] in lang.HYPHENS or tokens.low[at] in {"full", "more", "consecutive", "straight", "calendar"}:
            at += 1
    word = tokens.raw[at].removesuffix("’s").removesuffix("'s").rstrip("’'")
    return Unit(word, Kind.DURATION, at + 1) if word.lower() in lang.DURATIONS else None


def _sized(tokens: Tokens, at: int) -> Unit | None:
    """Read "square kilometres", "sq km", "degrees Celsius", "km/h", "miles per hour": two or three words."""
    word, following = tokens.low[at], tokens.low[at + 1]
    if word in lang.DEGREES and following in lang.TEMPERATURE_SCALES:
        return Unit(f"{tokens.raw[at]} {tokens.raw[at + 1]}", Kind.CARDINAL, at + 2)
    if word in lang.AREA_AND_VOLUME:
        at += following == "."
        return Unit(f"{lang.AREA_AND_VOLUME[word]} {tokens.raw[at + 1]}", Kind.CARDINAL, at + 2)
    if word in lang.DISTANCES and following == "/" and tokens.low[at + 2] in lang.PER_HOUR:
        return Unit(f"{tokens.raw[at]}/{tokens.raw[at + 2]}", Kind.CARDINAL, at + 3)
    if word in lang.DISTANCES and following in {"per", "an"} and tokens.low[at + 2] in lang.PER_HOUR:
        return Unit(f"{tokens.raw[at]} per {tokens.raw[at + 2]}", Kind.CARDINAL, at + 3)
    return None


def _glued(tokens: Tokens, at: int) -> Unit | None:
    """Read "5km", "20 kg", "21 °C"."""
    word = tokens.raw[at]
    if word == "°":
        return Unit("°" + tokens.raw[at + 1], Kind.CARDINAL, at + 2)
    name = lang.GLUED_UNITS.get(word)
    is_tonne = (word == "t" and tokens.low[at + 1] == lang.OF) or (word == "m" and tokens.low[at + 1] in lang.TALL)
    if name and (tokens.is_glued(at) or len(word) > 1 or is_tonne) and word.lower() != "in":
        return Unit(name, Kind.CARDINAL, at + 1)
    return None


def is_plural(word: str) -> bool:
    """Tell whether a lower-case word looks like a plural noun."""
    if word in lang.IRREGULAR_PLURALS or word.endswith(lang.PLURAL_ENDINGS):
        return True
    return len(word) > 2 and word.endswith("s") and not word.endswith("ss") and word not in lang.NOT_PLURAL


def counted(tokens: Tokens, at: int) -> str:
    """Return the head of the plural noun phrase at a token: "troops" in "US troops"; "" where there is none."""
    if tokens.raw[at] in lang.HYPHENS and tokens.is_glued(at):
        word = tokens.raw[at + 1]
        is_noun = word.isalpha() and word != lang.STRONG and word not in lang.SMALL and word not in lang.NOUN_STOPS
        return word if is_noun else ""
    if tokens.low[at] == lang.OF:
        at += 1
    while tokens.low[at] in lang.DETERMINERS:
        at += 1
    return _people_of_a_name(tokens, at) or _plural_head(tokens, at)


def _plural_head(tokens: Tokens, at: int) -> str:
    head = ""
    for place in range(at, at + 7):
        word = tokens.low[place]
        if word in {"-", "‑", "%", "/"} or word.endswith(("’s", "'s")):
            continue
        if not word[:1].isalpha() or word in lang.NOUN_STOPS or word in lang.VERBS or word in lang.SMALL:
            break
        if is_plural(word):
            head = tokens.raw[place]
            # "boats leak(s)" ends with the boats; "sports fans" and "United Nations envoys" go on.
            if tokens.raw[place][0].islower() and word not in lang.PLURAL_MODIFIERS:
                break
        elif head:
            break
    return head


def _people_of_a_name(tokens: Tokens, at: int) -> str:
    """Return "personnel" in "Coast Guard (CG) and Ministry of Transport personnel": the names only modify it."""
    capitals, place = 0, at
    while place < at + 24:
        word = tokens.raw[place]
        if word[:1].isupper():
            capitals += 1
        elif capitals == 1 and is_plural(tokens.low[place - 1]):
            return ""  # "12 Danes and Swedish troops": the first word was the thing counted
        elif not (word and word in "-‑–—/&()") and not _joins_names(tokens, place):
            break
        place += 1
    return tokens.raw[place] if capitals > 1 and tokens.low[place] in lang.PEOPLE_OF_A_NAME else ""


def _joins_names(tokens: Tokens, place: int) -> bool:
    following = place + 1 + (tokens.low[place + 1] == "the")
    return tokens.low[place] in {"of", "and", "for"} and tokens.raw[following][:1].isupper()


def singular_head(tokens: Tokens, at: int) -> str:
    """Return the noun after "one" or an ordinal: "soldier" in "one soldier was killed", "year" in "8th year"."""
    head = ""
    for place in range(at, at + 5):
        word = tokens.low[place]
        is_verb = word in lang.VERBS or (head and word.endswith(("ed", "ly", "ing")))
        if not word.isalpha() or word in lang.NOUN_STOPS or is_verb:
            break
        if word in lang.NOT_PLURAL and word not in lang.SINGULAR_IN_S:
            break
        head = tokens.raw[place]
    return head
