"""Numbers that belong together: ranges, parts of a whole, fractions said with "over"."""

from decimal import Decimal

from claims.extraction import lang_en as lang
from claims.extraction.figures.model import Kind
from claims.extraction.figures.numbers import read_number
from claims.extraction.figures.numerals import Number, scale_within
from claims.extraction.figures.periods import year_value
from claims.extraction.figures.tokens import Tokens
from claims.extraction.figures.units import Unit, read_unit


def read_over(tokens: Tokens, number: Number) -> Number:
    """Read "one over three" where nothing follows that could be a span of time."""
    if tokens.low[number.end] != lang.OVER:
        return number
    second = read_number(tokens, number.end + 1)
    if second is None or not second.value or tokens.low[second.end][:1].isalpha():
        return number
    value = number.value / second.value
    return number._replace(value=value, end=second.end, end_at=second.end_at, kind="fraction")


def read_part(tokens: Tokens, number: Number) -> Number | None:
    """Return the whole of "28 of its 48 seats", "one in five", "three out of four", "half the 120 beds"."""
    is_share = number.kind == "fraction" and 0 < number.value < 1
    at, word = number.end, tokens.low[number.end]
    if number.kind != "cardinal" and not (is_share and word not in {lang.IN, lang.OUT}):
        return None
    if word in {lang.OF, lang.IN, lang.OUT}:
        at += 1 + (word == lang.OUT and tokens.low[at + 1] == lang.OF)
    elif not is_share or word not in lang.DETERMINERS:
        return None
    is_rate = tokens.low[at] == "every"  # "one in every six", "two of every five"
    while (is_rate or word != lang.IN) and tokens.low[at] in lang.DETERMINERS | {"all"}:
        at += 1
    if word == lang.OF:
        at = _past_hedge(tokens, at)
    if word != lang.IN:
        at = _past_owner(tokens, at)
    whole = None if tokens.low[at] in lang.ARTICLES else read_number(tokens, at)
    if whole is None or whole.kind != "cardinal" or not number.value < whole.value:
        return None
    unit = read_unit(tokens, whole.begin, whole.end)
    if unit.kind == Kind.PERCENT or (year_value(tokens, at) and not unit.name):
        return None
    is_long = whole.value > 1000 and (number.value != 1 or year_value(tokens, at))
    return None if word == lang.IN and (is_long or unit.kind == Kind.DURATION) else whole


def _past_hedge(tokens: Tokens, at: int) -> int:
    """Step over the hedge of a whole: "250 of an estimated 1,000", "31 of some 90"."""
    place = at
    while tokens.low[place] in lang.WHOLE_HEDGES and place < at + 3:
        place += 1
    return place if tokens.is_number(place) else at


def _past_owner(tokens: Tokens, at: int) -> int:
    """Step over whose whole it is: "17 of the old town's 22 wells"."""
    for place in range(at, at + 4):
        if tokens.low[place].endswith(("’s", "'s", "s’", "s'")) or tokens.raw[place] in {"’", "'"}:
            return place + 1
        if not tokens.low[place].isalpha() or tokens.low[place] in lang.NOUN_STOPS:
            break
    return at


def read_range(tokens: Tokens, begin: int, number: Number, unit: Unit) -> tuple[Decimal, Decimal, Unit, int] | None:
    """Return both ends of a range, its unit and the token where it begins: "100 to 150", "between 10 and 12"."""
    opener = tokens.low[begin - 1]
    if opener == "the" and number.kind == "ordinal":
        opener, begin = tokens.low[begin - 2], begin - 1
    if opener == lang.OF and tokens.low[begin - 2] in lang.AGE_WORDS:
        at = begin - 2 - (tokens.low[begin - 3] == "the")
        if tokens.low[at - 1] == "between":  # "between the ages of 18 and 65"
            opener, begin = "between", at
    hyphened = 2 * (
        tokens.low[unit.end + 1] == "to" and {tokens.raw[unit.end], tokens.raw[unit.end + 2]} <= lang.HYPHENS
    )
    join = "to" if hyphened else tokens.low[unit.end]
    is_either = join == "or" and unit.end == number.end and unit.kind == Kind.CARDINAL
    if join not in lang.RANGE_JOINS and not is_either and not (join == lang.AND and opener == "between"):
        return None
    at = unit.end + 1 + hyphened
    while tokens.low[at] in lang.CURRENCY_SIGNS or tokens.low[at] in lang.DOLLARS or tokens.low[at] == "the":
        at += 1
    second = read_number(tokens, at)
    if second is None or number.kind == "vague" or second.kind == "vague":
        return None
    low = _scaled_low(tokens, number, second)
    if second.value <= low or (is_either and (second.value > 2 * low or number.kind != second.kind)):
        return None
    last = read_unit(tokens, second.begin, second.end)
    if unit.kind == Kind.MONEY and last.kind == Kind.CARDINAL:
        last = last._replace(name=unit.name, kind=unit.kind)
    if unit.kind in (Kind.PERCENT, Kind.DURATION) and last.kind != unit.kind:
        return None  # "grew by 7 percent to 331 million"
    if unit.kind == last.kind == Kind.PERCENT and unit.name != last.name:
        return None  # "fell by 0.3 percentage points to 5.2 percent"
    nearby = tokens.low[max(0, begin - 5) : begin]
    is_score = not last.name and opener not in lang.RANGE_OPENERS and not lang.SCORE_WORDS.isdisjoint(nearby)
    # "rose from 10 to 15" is a change: two figures.
    is_change = opener == "from" and not lang.FROM_CHANGE.isdisjoint(nearby)
    # "fell by 12 to 88" too; "fell by 10 to 12 points" is a range.
    is_by = opener == "by" or opener in lang.FROM_CHANGE
    is_change = is_change or (is_by and not last.name and second.value > 3 * low)
    if is_score or is_change:
        return None
    return low, second.value, last, begin - (opener in lang.RANGE_OPENERS)


def _scaled_low(tokens: Tokens, number: Number, second: Number) -> Decimal:
    """Give "2 to 3 million", "1.2-1.5 million" its millions on both ends."""
    scale = scale_within(tokens, second.begin, second.end)
    is_short = number.in_digits and number.value < 1000 and number.end - number.begin == 1
    return number.value * scale if is_short and number.value < second.value / scale else number.value
