"""Figures of a text: numbers with their qualifiers, ranges, units and wholes, and dates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from claims.extraction import lang_en as lang
from claims.extraction.figures.days import read_days
from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.names import is_name, past_name
from claims.extraction.figures.numbers import read_number
from claims.extraction.figures.numerals import Number
from claims.extraction.figures.qualifiers import QUALIFYING, Found, merge_bounds, qualified
from claims.extraction.figures.tokens import Tokens
from claims.extraction.figures.units import Unit, counted_one, currency_before, read_unit

_STARTS = (
    frozenset(lang.SMALL)
    | frozenset(lang.SCALES)
    | frozenset(lang.VAGUE_SCALES)
    | frozenset(lang.ORDINALS)
    | lang.ARTICLES
    | lang.MINUS
    | frozenset(lang.VAGUE_COUNTS)
    | frozenset(lang.TENS_OF)
    | {lang.HALF, "-", "−", "the"}
    | frozenset("½⅓⅔¼¾⅕⅙⅛⅜⅝⅞")
)
_DAY_STARTS = (
    frozenset(lang.MONTHS)
    | frozenset(lang.RELATIVE)
    | frozenset(lang.RELATIVE_DAYS)
    | frozenset(lang.WEEKDAYS)
    | frozenset(lang.SEASONS)
    | frozenset(lang.PARTS_OF_YEAR)
    | frozenset(lang.FIRST_LAST)
    | frozenset(lang.QUARTER_WORDS)
    | {"q1", "q2", "q3", "q4", "h1", "h2", "the"}
)


def read_figures(text: str, *, reference_date: date | None = None) -> list[Figure]:
    """Return the quantities of an English text in order, none overlapping.

    Offsets are code points of `text`. Dates without a year, and words like "last week", are placed by
    `reference_date`, the day the text was written. Names made of numbers ("F-16", "9/11", "52nd Street",
    "version 2.1", footnote marks) are left out. Nothing is raised for any string.
    """
    tokens = Tokens(text)
    found: list[Found] = []
    index = 0
    while index < tokens.count:
        entry = _read_at(tokens, index, reference_date)
        if entry is None:
            index = past_name(tokens, index)
            continue
        found.append(_inherit_unit(tokens, found, entry))
        index = max(entry.end, index + 1)
    return [entry.figure for entry in merge_bounds(tokens, found)]


def _read_at(tokens: Tokens, index: int, reference: date | None) -> Found | None:
    word = tokens.low[index]
    in_digits = tokens.is_number(index)
    if (in_digits or word in _DAY_STARTS) and (days := read_days(tokens, index, reference)):
        kind = Kind.PERIOD if days.is_period or days.low != days.high else Kind.DATE
        start, end = tokens.starts[days.begin], tokens.ends[days.end - 1]
        qualifier = Qualifier.ABOUT if days.approximate else Qualifier.NONE
        figure = Figure(start, end, tokens.text[start:end], days.low, days.high, kind, qualifier)
        return Found(figure, days.begin, days.end)
    if not in_digits and word not in _STARTS:
        return None
    if in_digits and is_name(tokens, index):
        return None
    number = read_number(tokens, index)
    if number is None or _is_refused(tokens, number):
        return None
    return _figure(tokens, number)


def _is_refused(tokens: Tokens, number: Number) -> bool:
    after, before = tokens.low[number.end], tokens.low[number.begin - 1]
    if number.kind == "ordinal":
        return tokens.raw[number.end][:1].isupper() or after in {"", ",", "-"} or before in {"at", "from"}
    if after[:1].isalpha() and tokens.is_glued(number.end) and number.in_digits:
        return not (after in lang.GLUED_UNITS and not tokens.raw[number.end + 1][:1].isupper() and after != "m")
    is_one = number.end - number.begin == 1 and tokens.low[number.begin] == lang.ONE
    if is_one and after not in lang.PERCENT and after not in lang.DURATIONS:
        if after in {lang.IN, lang.OVER, lang.OUT, lang.OF}:
            return _whole(tokens, number) is None and _over(tokens, number).end == number.end
        return before in lang.NOT_BEFORE_ONE or after in lang.NOT_AFTER_ONE or not after[:1].isalpha()
    is_named = number.in_digits and number.begin and tokens.raw[number.begin - 1][:1].isupper()
    if is_named and number.begin > 1 and tokens.raw[number.begin - 1].isalpha() and not tokens.is_glued(number.end):
        unit = read_unit(tokens, number.begin, number.end)
        return not unit.name and before not in lang.MONTHS and before not in QUALIFYING
    return False


def _figure(tokens: Tokens, number: Number) -> Found:
    number = _over(tokens, number)
    unit, whole = read_unit(tokens, number.begin, number.end), None
    if number.value == 1 and unit.kind == Kind.CARDINAL and not unit.name:
        unit = unit._replace(name=counted_one(tokens, number.end))
    kind = _kind(number, unit)
    begin = number.begin
    if before := currency_before(tokens, begin):
        begin = before[1]
    low, high, end = number.value, number.high if number.high is not None else number.value, unit.end
    if joined := _range_end(tokens, begin, number, unit):
        second, unit, begin = joined
        low, high, end = _scaled_low(number, second), second.value, unit.end
        kind = Kind.RANGE if unit.kind == Kind.CARDINAL else unit.kind
    elif part := _whole(tokens, number):
        whole, end = part.value, part.end
        unit = read_unit(tokens, part.begin, part.end)
        kind = Kind.CARDINAL if tokens.low[number.end] == lang.OF else Kind.FRACTION
    elif number.kind == "vague":
        kind = Kind.RANGE if unit.kind == Kind.CARDINAL else unit.kind
    end_at = tokens.ends[end - 1] if end > number.end else number.end_at
    start = tokens.starts[begin]
    figure = Figure(start, end_at, tokens.text[start:end_at], low, high, kind, unit=unit.name, whole=whole)
    if number.kind == "vague" and not joined:
        figure = replace(figure, qualifier=Qualifier.ABOUT, high_inclusive=False)
    return qualified(tokens, Found(figure, begin, max(end, number.end)))


def _kind(number: Number, unit: Unit) -> Kind:
    if unit.kind != Kind.CARDINAL:
        return unit.kind
    return {"ordinal": Kind.ORDINAL, "fraction": Kind.FRACTION}.get(number.kind, Kind.CARDINAL)


def _over(tokens: Tokens, number: Number) -> Number:
    """Read "one over three" where nothing follows that could be a span of time."""
    if tokens.low[number.end] != lang.OVER:
        return number
    second = read_number(tokens, number.end + 1)
    if second is None or not second.value or tokens.low[second.end][:1].isalpha():
        return number
    value = number.value / second.value
    return number._replace(value=value, end=second.end, end_at=second.end_at, kind="fraction")


def _whole(tokens: Tokens, number: Number) -> Number | None:
    """Read the whole of "28 of its 48 seats", "one in five", "three out of four"."""
    at = number.end
    word = tokens.low[at]
    if word not in {lang.OF, lang.IN, lang.OUT} or number.kind != "cardinal":
        return None
    at += 1 + (word == lang.OUT and tokens.low[at + 1] == lang.OF)
    while word != lang.IN and tokens.low[at] in {"its", "the", "their", "his", "her", "our", "all", "every"}:
        at += 1
    if tokens.low[at] in lang.ARTICLES:
        return None
    whole = read_number(tokens, at)
    if whole is None or whole.kind != "cardinal" or not number.value < whole.value:
        return None
    follows = tokens.low[whole.end]
    is_span = word == lang.IN and (whole.value > 1000 or follows in lang.DURATIONS or follows in lang.PERCENT)
    return None if is_span else whole


def _range_end(tokens: Tokens, begin: int, number: Number, unit: Unit) -> tuple[Number, Unit, int] | None:
    """Return the second number of a range, its unit and the token where the range begins."""
    opener = tokens.low[begin - 1]
    if opener == "the" and number.kind == "ordinal":
        opener, begin = tokens.low[begin - 2], begin - 1
    join = tokens.low[unit.end]
    if join not in lang.RANGE_JOINS and not (join == lang.AND and opener == "between"):
        return None
    at = unit.end + 1
    while tokens.low[at] in lang.CURRENCY_SIGNS or tokens.low[at] in lang.DOLLARS or tokens.low[at] == "the":
        at += 1
    second = read_number(tokens, at)
    if second is None or second.value <= _scaled_low(number, second) or number.kind == "vague":
        return None
    nearby = tokens.low[max(0, begin - 5) : begin]
    if join == "to" and opener != "from" and any(word in lang.SCORE_WORDS for word in nearby):
        return None
    if opener == "from" and any(word in lang.FROM_CHANGE for word in nearby):
        return None  # "rose from 10 to 15" is a change: two figures
    second_unit = read_unit(tokens, second.begin, second.end)
    if unit.kind == Kind.MONEY and second_unit.kind == Kind.CARDINAL:
        second_unit = second_unit._replace(name=unit.name, kind=unit.kind)
    starts_early = opener in lang.RANGE_OPENERS
    return second, second_unit, begin - 1 if starts_early else begin


def _scaled_low(number: Number, second: Number) -> Decimal:
    """Give "2 to 3 million" its millions on both ends."""
    if number.in_digits and number.value < 1000 and second.value >= 1000 * max(number.value, Decimal(1)):
        for scale in (10**12, 10**9, 10**6, 10**3):
            if second.value % scale == 0 and second.end - second.begin > 1:
                return number.value * scale
    return number.value


def _inherit_unit(tokens: Tokens, found: list[Found], entry: Found) -> Found:
    """Give "nearly 1,000 in Syria" the troops of "2,500 troops in Iraq and" before it."""
    figure = entry.figure
    if figure.unit or figure.kind not in (Kind.CARDINAL, Kind.RANGE) or not found:
        return entry
    before = found[-1]
    between = tokens.low[before.end : entry.begin]
    if before.figure.kind not in (Kind.CARDINAL, Kind.RANGE) or len(between) > 12 or {".", "?", "!", ";"} & {*between}:
        return entry
    follows = tokens.low[entry.end]
    if {"and", "or", "to", "from", "but"} & {*between} and (follows in lang.NOUN_STOPS or not follows.isalpha()):
        return entry._replace(figure=replace(figure, unit=before.figure.unit))
    return entry
