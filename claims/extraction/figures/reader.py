"""Figures of a text: numbers with their qualifiers, ranges, units and wholes, and dates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from claims.extraction import lang_en as lang
from claims.extraction.figures.days import read_days
from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.names import is_capitalised_name, is_compound_adjective, is_name, past_name
from claims.extraction.figures.numbers import read_number
from claims.extraction.figures.numerals import Number, number_at, scale_within
from claims.extraction.figures.qualifiers import QUALIFYING, Found, match_after, match_before, merge_bounds, qualified
from claims.extraction.figures.ranges import read_over, read_part, read_range
from claims.extraction.figures.tokens import Tokens
from claims.extraction.figures.units import (
    Unit,
    currency_before,
    percent,
    percent_of_one,
    read_unit,
    singular_head,
)

_STARTS = (
    frozenset(lang.SMALL)
    | frozenset(lang.SCALES)
    | frozenset(lang.VAGUE_SCALES)
    | frozenset(lang.ORDINALS)
    | lang.ARTICLES
    | lang.MINUS
    | frozenset(lang.VAGUE_COUNTS)
    | frozenset(lang.TENS_OF)
    | {lang.HALF, lang.NONE, lang.COUPLE, "-", "−", "quarter", lang.SCORES}
    | frozenset("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒")
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
        # A figure may reach back for its qualifier or currency, but not into the one before it.
        if found and entry.figure.start < found[-1].figure.end:
            index += 1
            continue
        found += _share_unit(tokens, found, entry)
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
    if word in lang.PERCENT or word == "per":
        return _bare_percent(tokens, index)
    if not in_digits and word not in _STARTS:
        return None
    if in_digits and is_name(tokens, index):
        return None
    number = _one_span(tokens, index) or read_number(tokens, index)
    if number is None or _is_refused(tokens, number):
        return None
    return _figure(tokens, number)


def _one_span(tokens: Tokens, index: int) -> Number | None:
    """Read the article of "less than a year", "lasted a decade" as one; "a year" alone is no figure."""
    is_span = tokens.low[index] in lang.ARTICLES and tokens.low[index + 1] in lang.DURATIONS
    is_counted = tokens.low[index - 1] in lang.LASTED or match_before(tokens, index) is not None
    if not is_span or not is_counted:
        return None
    return number_at(tokens, index, index + 1, Decimal(1), "span")


def _bare_percent(tokens: Tokens, index: int) -> Found | None:
    """Read "per cent of 210" at the head of a text, and a lone "%", which has no bounds."""
    unit = percent(tokens, index)
    if unit is None:
        return None
    number = read_number(tokens, unit.end + 1) if tokens.low[unit.end] == lang.OF and not index else None
    if number is None and (tokens.raw[index] != "%" or tokens.is_glued(index)):
        return None
    end = number.end if number else unit.end
    start, stop, value = tokens.starts[index], tokens.ends[end - 1], number and number.value
    figure = Figure(start, stop, tokens.text[start:stop], value, value, unit.kind, unit=unit.name)
    return Found(figure, index, end)


def _is_refused(tokens: Tokens, number: Number) -> bool:
    """Tell whether a number is half of an adjective, a label, an idiom or a pronoun."""
    after = tokens.low[number.end]
    if is_compound_adjective(tokens, number.end):
        return True
    if number.kind == "ordinal":
        return _is_no_order(tokens, number)
    if after[:1].isalpha() and tokens.is_glued(number.end) and number.in_digits:
        unit = tokens.raw[number.end]
        is_measure = unit in lang.GLUED_UNITS and not tokens.raw[number.end + 1][:1].isupper() and unit != "m"
        is_measure = is_measure and (unit != "p" or tokens.raw[number.begin] not in lang.LINES_OF_A_PICTURE)
        is_measure = is_measure or (unit == "m" and tokens.low[number.end + 1] in lang.TALL)
        return not is_measure and percent(tokens, number.end) is None
    if number.end - number.begin == 1 and tokens.low[number.begin] == lang.ONE:
        return _is_pronoun(tokens, number)
    if not number.in_digits:
        return is_capitalised_name(tokens, number.begin)
    name = tokens.raw[number.begin - 1] if number.begin > 1 else ""
    if not name.isalpha() or name.islower() or tokens.is_glued(number.end):
        return False
    before = tokens.low[number.begin - 1]
    if before in lang.NOUN_STOPS:
        return False  # "They left. Between 100 and 150 stayed"
    unit_name = read_unit(tokens, number.begin, number.end).name
    return not unit_name and before not in lang.MONTHS and before not in QUALIFYING and before not in lang.AGE_WORDS


def _is_no_order(tokens: Tokens, number: Number) -> bool:
    """Tell whether an ordinal is a name ("52nd Street", "Second World War") or an idiom ("at first")."""
    after, before = tokens.low[number.end], tokens.low[number.begin - 1]
    is_name = number.in_digits or tokens.raw[number.begin][:1].isupper()
    if tokens.raw[number.end][:1].isupper() and (is_name or not singular_head(tokens, number.end)):
        return True
    if before == "the" and after in {".", ";", "!", "?"}:
        return True  # "a year after the first."
    return after in {"", ",", "-", "‑"} or after in lang.ORDINAL_IDIOMS or before in {"at", "from"}


def _is_pronoun(tokens: Tokens, number: Number) -> bool:
    """Tell whether "one" stands for somebody or something: "no one", "one must", "one of the best"."""
    after, before = tokens.low[number.end], tokens.low[number.begin - 1]
    if after == "or" and tokens.low[number.end + 1] in lang.SMALL and before not in lang.NOT_BEFORE_ONE:
        return False
    if after == "day" and tokens.low[number.end + 1] in lang.AFTER_SOME_DAY:
        return True
    if after in lang.PERCENT or after in lang.DURATIONS:
        return False
    if tokens.raw[number.end] in lang.HYPHENS and tokens.is_glued(number.end):
        return tokens.low[number.end + 1] not in lang.DURATIONS
    if after in {lang.IN, lang.OVER, lang.OUT, lang.OF}:
        return read_part(tokens, number) is None and read_over(tokens, number).end == number.end
    return before in lang.NOT_BEFORE_ONE or after in lang.NOT_AFTER_ONE or not after[:1].isalpha()


def _figure(tokens: Tokens, number: Number) -> Found:
    number = read_over(tokens, number)
    unit = _unit(tokens, number)
    begin = number.begin
    if before := currency_before(tokens, begin):
        begin = before[1]
    low = high = number.value
    whole, kind, end = None, _kind(number, unit), unit.end
    if joined := read_range(tokens, begin, number, unit):
        low, high, unit, begin = joined
        end, kind = unit.end, Kind.RANGE if unit.kind == Kind.CARDINAL else unit.kind
    elif part := read_part(tokens, number):
        whole, end, kind = part.value, part.end, Kind.FRACTION
        unit = read_unit(tokens, part.begin, part.end)
        if number.kind == "fraction":
            low = high = number.value * whole
        elif tokens.low[number.end] == lang.OF:
            kind = Kind.CARDINAL
    elif number.high is not None:
        high, kind = number.high, Kind.RANGE if unit.kind == Kind.CARDINAL else unit.kind
    start, end_at = tokens.starts[begin], tokens.ends[end - 1] if end > number.end else number.end_at
    figure = Figure(start, end_at, tokens.text[start:end_at], low, high, kind, unit=unit.name, whole=whole)
    if number.kind == "couple":
        figure = replace(figure, qualifier=Qualifier.ABOUT)
    if number.high is not None and not joined:
        figure = replace(figure, qualifier=Qualifier.ABOUT, high_inclusive=False)
    return _aged(tokens, qualified(tokens, Found(figure, begin, max(end, number.end))), number.begin)


def _unit(tokens: Tokens, number: Number) -> Unit:
    """Return the unit after a number, or after the words that bound it: "fifty or more guests"."""
    if number.kind == "ordinal":
        return Unit(singular_head(tokens, number.end), Kind.CARDINAL, number.end)
    if abs(number.value) < 1 and (unit_of_one := percent_of_one(tokens, number.end)):
        return unit_of_one
    at = number.end + (tokens.low[number.end] == lang.OF)
    if number.kind == "fraction" and tokens.low[at] in lang.ARTICLES and tokens.low[at + 1] in lang.DURATIONS:
        return Unit(tokens.raw[at + 1], Kind.DURATION, at + 2)  # "half an hour"
    unit = read_unit(tokens, number.begin, number.end)
    if unit.kind == Kind.CARDINAL and (after := match_after(tokens, number.end)):
        return unit._replace(name=read_unit(tokens, number.begin, number.end + len(after[0])).name)
    if number.kind == "fraction" and not unit.name and tokens.low[number.end] == lang.OF:
        at = number.end + 1
        while tokens.low[at] in lang.DETERMINERS:
            at += 1
        return unit._replace(name=singular_head(tokens, at))
    is_one = number.value == 1 and not tokens.is_glued(number.begin)
    if is_one and unit.kind == Kind.CARDINAL and not unit.name:
        return unit._replace(name=singular_head(tokens, number.end))
    return unit


def _kind(number: Number, unit: Unit) -> Kind:
    if unit.kind != Kind.CARDINAL:
        return unit.kind
    return {"ordinal": Kind.ORDINAL, "fraction": Kind.FRACTION}.get(number.kind, Kind.CARDINAL)


def _aged(tokens: Tokens, found: Found, number_at: int) -> Found:
    """Measure "aged 34" and "over the age of 65" in years."""
    figure = found.figure
    if figure.unit or figure.kind not in (Kind.CARDINAL, Kind.RANGE) or not _is_age(tokens, found, number_at):
        return found
    return found._replace(figure=replace(found.figure, unit="years", kind=Kind.DURATION))


def _is_age(tokens: Tokens, found: Found, number_at: int) -> bool:
    """Tell whether a bare number is somebody's age, by the words and commas around it."""
    nearby = tokens.low[max(0, found.begin - 2, number_at - 4) : number_at]
    if not lang.AGE_WORDS.isdisjoint(nearby):
        return True
    if not lang.OLDER.isdisjoint(tokens.low[found.begin : found.end]):
        return True
    figure, before = found.figure, tokens.low[found.begin - 1]
    if figure.qualifier in (Qualifier.MORE_THAN, Qualifier.FEWER_THAN):
        return before in lang.PERSONS
    is_inserted = before == "," == tokens.low[found.end] and number_at == found.begin and number_at > 1
    if not is_inserted or figure.low is None or not 1 <= figure.low <= 110:  # type: ignore[operator]
        return False
    is_named = tokens.raw[number_at - 2][:1].isupper() or tokens.low[number_at - 2] in lang.PERSONS
    return is_named and not tokens.is_number(found.end + 1) and tokens.low[found.end + 1] not in lang.SMALL


def _started(tokens: Tokens, first: Found, second: Found) -> Found:
    """Give the first of "from 4.8 to 3.9 million", "from 12 to 9 percent" the scale and sign of the second."""
    low, high = first.figure.low, second.figure.low
    if first.figure.unit not in ("", second.figure.unit) or low is None or low != first.figure.high:
        return first
    if second.figure.unit == "%":
        return first._replace(figure=replace(first.figure, unit="%", kind=Kind.PERCENT))
    if not isinstance(low, Decimal) or not isinstance(high, Decimal) or not 0 < low < 1000 <= high:
        return first
    scale = scale_within(tokens, second.begin, second.end)
    if scale < 1000:
        return first
    unit = first.figure.unit or second.figure.unit
    return first._replace(
        figure=replace(first.figure, low=low * scale, high=low * scale, unit=unit, kind=second.figure.kind)
    )


def _share_unit(tokens: Tokens, found: list[Found], entry: Found) -> list[Found]:
    """Give one unit to "from 10 to 15 boats", and "2,500 troops in Iraq and nearly 1,000 in Syria"."""
    counts = {Kind.CARDINAL, Kind.RANGE}
    if not found or not {found[-1].figure.kind, entry.figure.kind} <= counts | {Kind.MONEY, Kind.PERCENT}:
        return [entry]
    last, between = found[-1], tokens.low[found[-1].end : entry.begin]
    if between == ["to"] and tokens.low[last.begin - 1] == "from":
        found[-1] = last = _started(tokens, last, entry)
    if not {last.figure.kind, entry.figure.kind} <= counts:
        return [entry]
    is_list = 0 < len(between) <= 3 and between[-1] in lang.CHANGE_JOINS
    are_names = all(word[:1].isupper() for word in tokens.raw[last.end : entry.begin - 1])
    if is_list and are_names and not last.figure.unit:  # "three Danish and two Swedish sailors"
        found[-1] = last._replace(figure=replace(last.figure, unit=entry.figure.unit))
    if entry.figure.unit or len(between) > 12 or {".", "?", "!", ";"} & {*between}:
        return [entry]
    follows = tokens.low[entry.end]
    is_joined = not lang.UNIT_JOINS.isdisjoint(between) or (
        len(between) <= 2 and not lang.CHANGE_JOINS.isdisjoint(between)
    )
    if is_joined and (follows in lang.NOUN_STOPS or not follows.isalpha()):
        return [entry._replace(figure=replace(entry.figure, unit=last.figure.unit))]
    return [entry]
