"""Figures of a text: numbers with their qualifiers, ranges, units and wholes, and dates."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.days import read_days
from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.numbers import Number, read_number
from claims.extraction.figures.tokens import Tokens
from claims.extraction.figures.units import Unit, counted_one, currency_before, read_unit


class _Found(NamedTuple):
    """A figure and the tokens [begin:end) it takes."""

    figure: Figure
    begin: int
    end: int


_Phrases = dict[str, list[tuple[tuple[str, ...], Qualifier]]]


def _phrases(table: dict[str, str], key: int) -> _Phrases:
    """Index phrases by their first (0) or last (-1) word, longest first."""
    found: _Phrases = {}
    for name, text in table.items():
        for phrase in text.split("|"):
            words = tuple(phrase.split())
            found.setdefault(words[key], []).append((words, Qualifier(name)))
    for phrases in found.values():
        phrases.sort(key=lambda entry: -len(entry[0]))
    return found


_BEFORE = _phrases(lang.QUALIFIERS_BEFORE, -1)
_AFTER = _phrases(lang.QUALIFIERS_AFTER, 0)
_APPROXIMATE = {Qualifier.ABOUT, Qualifier.NEARLY}
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
_PHONE = re.compile(r"\+?\d+(?:[-/]\d+){2,}")


def read_figures(text: str, *, reference_date: date | None = None) -> list[Figure]:
    """Return the quantities of an English text in order, none overlapping.

    Offsets are code points of `text`. Dates without a year, and words like "last week", are placed by
    `reference_date`, the day the text was written. Names made of numbers ("F-16", "9/11", "52nd Street",
    "version 2.1", footnote marks) are left out. Nothing is raised for any string.
    """
    tokens = Tokens(text)
    found: list[_Found] = []
    index = 0
    while index < tokens.count:
        entry = _read_at(tokens, index, reference_date)
        if entry is None:
            index = _past_name(tokens, index)
            continue
        found.append(_inherit_unit(tokens, found, entry))
        index = max(entry.end, index + 1)
    return [entry.figure for entry in _merge_bounds(tokens, found)]


def _past_name(tokens: Tokens, index: int) -> int:
    """Step over a token, or over a whole telephone number or score of slashes."""
    if tokens.is_number(index) and (match := _PHONE.match(tokens.text, tokens.starts[index])):
        while index < tokens.count and tokens.starts[index] < match.end():
            index += 1
        return index
    if tokens.is_number(index) and tokens.raw[index + 1] == "/" and tokens.is_glued(index + 1):
        return index + 3
    return index + 1


def _read_at(tokens: Tokens, index: int, reference: date | None) -> _Found | None:
    word = tokens.low[index]
    in_digits = tokens.is_number(index)
    if (in_digits or word in _DAY_STARTS) and (days := read_days(tokens, index, reference)):
        kind = Kind.PERIOD if days.is_period or days.low != days.high else Kind.DATE
        start, end = tokens.starts[days.begin], tokens.ends[days.end - 1]
        qualifier = Qualifier.ABOUT if days.approximate else Qualifier.NONE
        figure = Figure(start, end, tokens.text[start:end], days.low, days.high, kind, qualifier)
        return _Found(figure, days.begin, days.end)
    if not in_digits and word not in _STARTS:
        return None
    if in_digits and _is_name(tokens, index):
        return None
    number = read_number(tokens, index)
    if number is None or _is_refused(tokens, number):
        return None
    return _figure(tokens, number)


def _is_name(tokens: Tokens, index: int) -> bool:
    """Tell whether a numeral is part of a name, a version, a time or a footnote mark."""
    before, raw = tokens.low[index - 1], tokens.raw[index - 1]
    if tokens.is_glued(index):
        if raw in {".", "#", "@", "_", ":", "/", "”", "’", "&", "\\"} or raw[-1:].isalnum():
            return True
        letter = tokens.raw[index - 2] if index > 1 else ""
        if raw in "-‑" and tokens.is_glued(index - 1) and letter[-1:].isalpha() and letter not in {"mid"}:
            return True
        if raw == "[" and tokens.raw[index + 1] == "]":
            return True
    if before in lang.LABELS or (raw == "." and tokens.low[index - 2] in {"no", "p", "pp", "fig"}):
        return True
    match = _PHONE.match(tokens.text, tokens.starts[index])
    slash = tokens.text[tokens.starts[index] : tokens.starts[index] + 5]
    if match or any(slash.startswith(famed) for famed in lang.FAMED):
        return True
    after = tokens.low[index + 1]
    return after in lang.CLOCK or (after == ":" and tokens.is_glued(index + 1) and tokens.is_number(index + 2))


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
        return not unit.name and before not in lang.MONTHS and before not in _BEFORE
    return False


def _figure(tokens: Tokens, number: Number) -> _Found:
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
    return _qualified(tokens, _Found(figure, begin, max(end, number.end)))


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


def _qualified(tokens: Tokens, found: _Found) -> _Found:
    figure = found.figure
    if found.figure.kind == Kind.RANGE and figure.high_inclusive is False:
        return found
    if after := _match_after(tokens, found.end):
        end = found.end + len(after[0])
        found = _Found(_bounded(tokens, figure, after[1], found.begin, end), found.begin, end)
        if before := _match_before(tokens, found.begin):
            return found._replace(begin=before[1]) if before[0] not in _APPROXIMATE else found
        return found
    if before := _match_before(tokens, found.begin):
        return _Found(_bounded(tokens, figure, before[0], before[1], found.end), before[1], found.end)
    return found


def _match_before(tokens: Tokens, begin: int) -> tuple[Qualifier, int] | None:
    at = begin
    while at and begin - at < 2 and tokens.low[at - 1] in {"the", "a", "an", "all"}:
        at -= 1
    for words, qualifier in _BEFORE.get(tokens.low[at - 1], ()) if at else ():
        if at >= len(words) and tuple(tokens.low[at - len(words) : at]) == words:
            return qualifier, at - len(words)
    return None


def _match_after(tokens: Tokens, end: int) -> tuple[tuple[str, ...], Qualifier] | None:
    for words, qualifier in _AFTER.get(tokens.low[end], ()):
        if tuple(tokens.low[end : end + len(words)]) == words:
            # "below 10 and above 40": the words bound the number after them, not the one before.
            follows = tokens.low[end + len(words)]
            is_numeric = tokens.is_number(end + len(words)) or follows in lang.SMALL
            is_followed = (is_numeric or follows in lang.ARTICLES or follows == "than") and words[0] in {"or", "and"}
            return None if is_followed else (words, qualifier)
    return None


def _bounded(tokens: Tokens, figure: Figure, qualifier: Qualifier, begin: int, end: int) -> Figure:
    if qualifier in _APPROXIMATE or figure.low != figure.high:
        return replace(figure, qualifier=qualifier)
    start = min(figure.start, tokens.starts[begin])
    stop = max(figure.end, tokens.ends[end - 1])
    figure = replace(figure, start=start, end=stop, source=tokens.text[start:stop], qualifier=qualifier)
    if qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN):
        return replace(figure, high=None, low_inclusive=qualifier == Qualifier.AT_LEAST)
    if qualifier in (Qualifier.AT_MOST, Qualifier.LESS_THAN):
        return replace(figure, low=None, high_inclusive=qualifier == Qualifier.AT_MOST)
    return figure


def _inherit_unit(tokens: Tokens, found: list[_Found], entry: _Found) -> _Found:
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


def _merge_bounds(tokens: Tokens, found: list[_Found]) -> list[_Found]:
    """Join "above 1000 and below 1500" into one figure with two ends."""
    merged: list[_Found] = []
    for entry in found:
        if merged and (both := _two_ended(tokens, merged[-1], entry)):
            merged[-1] = both
        else:
            merged.append(entry)
    return merged


def _two_ended(tokens: Tokens, first: _Found, second: _Found) -> _Found | None:
    a, b = first.figure, second.figure
    between = [word for word in tokens.low[first.end : second.begin] if word != "the"]
    if not 0 < len(between) <= 2 or not {*between} <= lang.COMPARE_JOINS:
        return None
    lower, upper = (a, b) if a.high is None else (b, a)
    if a.is_calendar or b.is_calendar or lower.high is not None or upper.low is not None:
        return None
    if lower.low is None or upper.high is None or not lower.low < upper.high:  # type: ignore[operator]
        return None
    figure = replace(
        a,
        end=b.end,
        source=tokens.text[a.start : b.end],
        low=lower.low,
        high=upper.high,
        low_inclusive=lower.low_inclusive,
        high_inclusive=upper.high_inclusive,
        qualifier=Qualifier.NONE,
        kind=Kind.RANGE if a.kind == Kind.CARDINAL else a.kind,
        unit=a.unit or b.unit,
    )
    return _Found(figure, first.begin, second.end)
