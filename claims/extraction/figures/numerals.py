"""Numbers in digits: "1,200", "3.5bn", "2 1/4", "8th"."""

import re
import unicodedata
from decimal import Context, Decimal
from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.tokens import Tokens

# Longer numerals are account numbers or attacks, not quantities; the context bounds what powers may cost.
MAX_DIGITS = 40
MAX_EXPONENT = 300
_CONTEXT = Context(prec=28, Emax=MAX_EXPONENT, Emin=-MAX_EXPONENT, traps=[])
_NUMERAL = re.compile(r"\d+(\.\d+)?|\.\d+")
_GROUPS = re.compile(r"\d{1,3}([,\u00a0\u202f\u2009 ]\d{3})+([.,]\d+)?|\d{1,2}(,\d{2})+,\d{3}(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_POWER = re.compile(r"(?:\s?[x×*]\s?10\^|(?P<caret>\^)|[eE])(?P<sign>--|[-+−]?)(?P<exponent>\d{1,4})(?![\w.])")
_SLASH = re.compile(r"\s?/\s?(\d{1,6})(?![\d/\w]|\.\d)")
_SPACED_FRACTION = re.compile(r"\s{1,2}(?:and\s)?(\d{1,2})/(\d{1,3})(?![\d/])")


class Number(NamedTuple):
    """A number read at tokens [begin:end): `high` is set for vague ones ("hundreds"), `end_at` is a code point."""

    value: Decimal
    begin: int
    end: int
    start_at: int
    end_at: int
    kind: str = "cardinal"
    high: Decimal | None = None
    in_digits: bool = False
    out_of: Decimal | None = None


def number_at(tokens: Tokens, begin: int, end: int, value: Decimal, kind: str = "cardinal") -> Number:
    return Number(value, begin, end, tokens.starts[begin], tokens.ends[end - 1], kind)


def numeral_value(word: str) -> Decimal | None:
    """Return the value of a numeral in digits, or None for versions, addresses and endless digits."""
    if len(word) > MAX_DIGITS:
        return None
    if _NUMERAL.fullmatch(word):
        return Decimal(word)
    if _DECIMAL_COMMA.fullmatch(word):
        return Decimal(word.replace(",", "."))
    if _GROUPS.fullmatch(word):
        digits = word
        for mark in ("\u00a0", "\u202f", "\u2009", " "):
            digits = digits.replace(mark, "")
        return Decimal(digits.replace(",", "") if digits == word else digits.replace(",", "."))
    return None


def read_numeral(tokens: Tokens, index: int) -> Number | None:
    value = numeral_value(tokens.raw[index])
    if value is None:
        return None
    number = number_at(tokens, index, index + 1, value)._replace(in_digits=True)
    return (
        _with_power(tokens, number)
        or _with_fraction(tokens, number)
        or _with_ordinal_ending(tokens, number)
        or with_scale(tokens, number)
    )


def _with_power(tokens: Tokens, number: Number) -> Number | None:
    power = _POWER.match(tokens.text, number.end_at)
    if not power:
        return None
    exponent = int(power["exponent"]) * (-1 if power["sign"] in {"-", "−"} else 1)
    if power["caret"]:
        value = _CONTEXT.power(number.value, exponent)
    elif abs(exponent) <= MAX_EXPONENT:
        value = number.value.scaleb(exponent, _CONTEXT)
    else:
        return None
    if not value.is_finite():
        return None
    return number._replace(value=value, end=_index_at(tokens, number.end, power.end()), end_at=power.end())


def share_in_words(tokens: Tokens, at: int) -> int | None:
    """Return where the share of "and a half", "-and-a-half" stands that begins at a token, or None."""
    step = 1 + (tokens.low[at] in lang.HYPHENS)
    first = at + step - 1
    words = tokens.low[first : first + 2 * step + 1 : step]
    is_share = words[:1] == [lang.AND] and words[1] in lang.ARTICLES and words[2] in lang.PLAIN_DENOMINATORS
    if step == 2 and not lang.HYPHENS.issuperset(tokens.low[at : at + 5 : 2]):
        return None
    return first + 2 * step if is_share else None


def _index_at(tokens: Tokens, index: int, position: int) -> int:
    """Return the first token from `index` on that starts at or after a place in the text."""
    while index < tokens.count and tokens.starts[index] < position:
        index += 1
    return index


def _with_fraction(tokens: Tokens, number: Number) -> Number | None:
    """Read "4/5", "2 1/4", "2½", "2 and a half", "2-and-a-half"."""
    text = tokens.text
    if share := share_in_words(tokens, number.end):
        value = number.value + Decimal(1) / lang.DENOMINATORS[tokens.low[share]]
        read = number._replace(value=value, end=share + 1, end_at=tokens.ends[share], kind="fraction")
        return with_scale(tokens, read)
    if (spaced := _SPACED_FRACTION.match(text, number.end_at)) and int(spaced[1]) < int(spaced[2]):
        value = number.value + Decimal(spaced[1]) / Decimal(spaced[2])
        end = spaced.end()
    elif slash := _SLASH.match(text, number.end_at):
        if not int(slash[1]) or text[number.start_at : slash.end()].replace(" ", "") in lang.FAMED:
            return None
        value, end = number.value / Decimal(slash[1]), slash.end()
    else:
        mark = tokens.raw[number.end]
        if len(mark) != 1 or unicodedata.category(mark) != "No" or not 0 < unicodedata.numeric(mark) < 1:
            return None
        value = number.value + Decimal(str(round(unicodedata.numeric(mark), 12)))
        end = tokens.ends[number.end]
    read = number._replace(
        value=value, end=_index_at(tokens, number.end, end), end_at=end, kind="fraction", in_digits=True
    )
    return with_scale(tokens, read)


def _with_ordinal_ending(tokens: Tokens, number: Number) -> Number | None:
    if tokens.is_glued(number.end) and tokens.low[number.end] in lang.ORDINAL_ENDINGS:
        return number._replace(end=number.end + 1, end_at=tokens.ends[number.end], kind="ordinal")
    return None


def with_scale(tokens: Tokens, number: Number) -> Number:
    """Read on through "million", "bn", and "hundred and 21"."""
    word = tokens.low[number.end]
    if tokens.raw[number.end] == "-" and tokens.low[number.end + 1] in lang.SCALES:
        number = number._replace(end=number.end + 1)  # "a 5-million deal"
        word = tokens.low[number.end]
    singular = word[:-1] if word.endswith("s") else word
    scale = lang.SCALES.get(word) or lang.SCALES.get(singular) or lang.SCALE_MARKS.get(word)
    if scale is None or (word in lang.SCALE_MARKS and not _is_scale_mark(tokens, number)):
        return number
    end = number.end + 1
    read = number._replace(value=number.value * scale, end=end, end_at=tokens.ends[end - 1])
    if word in lang.SCALE_MARKS:
        return read
    if tokens.low[end] in lang.SCALES and tokens.low[end] != "dozen":
        read = read._replace(value=read.value * lang.SCALES[tokens.low[end]], end=end + 1, end_at=tokens.ends[end])
        end += 1
    return _with_remainder(tokens, read, scale)


def scale_within(tokens: Tokens, begin: int, end: int) -> int:
    """Return the scale a number at tokens [begin:end) is written with: a million for "1.5 million", else 1."""
    words = tokens.low[begin + 1 : end]
    return max((lang.SCALES.get(word) or lang.SCALE_MARKS.get(word) or 1 for word in words), default=1)


def _with_remainder(tokens: Tokens, number: Number, scale: int) -> Number:
    """Read "3 hundred and 21", "3 million and a quarter"."""
    if tokens.low[number.end] != lang.AND:
        return number
    after = number.end + 1
    if tokens.low[after] in lang.ARTICLES and tokens.low[after + 1] in {"half", "quarter"} and scale >= 1000:
        part = Decimal(scale) / lang.DENOMINATORS[tokens.low[after + 1]]
        return number._replace(
            value=number.value + part, end=after + 2, end_at=tokens.ends[after + 1], kind="fraction"
        )
    if tokens.is_number(after) and scale == 100:
        rest = numeral_value(tokens.raw[after])
        is_last = tokens.low[after + 1] not in lang.SCALES
        if rest is not None and rest < scale and rest == rest.to_integral_value() and is_last:
            return number._replace(value=number.value + rest, end=after + 1, end_at=tokens.ends[after])
    return number


def _is_scale_mark(tokens: Tokens, number: Number) -> bool:
    """Tell whether "m", "b" or "k" after a numeral is a scale: "£3m", "2.5m people", but not "a 100m race"."""
    at, mark, glued = number.end, tokens.raw[number.end], tokens.is_glued(number.end)
    if mark.lower() in lang.SURE_SCALE_MARKS or (mark == "k" and glued):
        return True
    if tokens.low[number.begin - 1] in lang.CURRENCY_SIGNS or tokens.raw[number.begin - 1] in lang.CURRENCY_CODES:
        return True
    if mark in {"k", "K"}:
        return True
    if not glued or mark not in {"m", "M", "b", "B"}:
        return False
    following = tokens.low[at + 1]
    if mark in "MB" or following in {"a", "-", "–", "to", "of"}:
        return following not in {"", "race", "final"} and mark in "MB"
    plural = following.endswith("s") and following not in lang.NOT_PLURAL
    return plural or following in lang.IRREGULAR_PLURALS or "." in tokens.raw[number.begin]
