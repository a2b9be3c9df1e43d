"""Dates and periods, as days."""

import re
from datetime import date, timedelta

from claims.extraction import lang_en as lang
from claims.extraction.figures.numerals import numeral_value
from claims.extraction.figures.periods import Days, day_or_none, months, nearest, season_of, whole_month, year_value
from claims.extraction.figures.relative import read_relative
from claims.extraction.figures.tokens import Tokens

_NUMERIC_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})(?:\2(\d{1,4}))?(?![\d/-]|\.\d)")
_YEAR_SPAN = re.compile(r"(\d{4})\s?[-–—/]\s?(\d{4}|\d{2})(?![\d-])")


def read_days(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    """Read the date or period that begins at a token, joined with the one after "to" or "thru"."""
    if days := _days_of_a_month(tokens, index, reference):
        return days
    first = _read_one(tokens, index, reference)
    if first is None:
        return None
    return _joined(tokens, first, reference) or first


def _days_of_a_month(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    """Read "1 to 5 June 2019", "1–5 June", where the month stands once, behind the second day."""
    first = _day_number(tokens, index)
    join = tokens.low[index + 1]
    if first is None or join not in lang.FROM_TO_DATES:
        return None
    if join == lang.AND and tokens.low[index - 1] not in lang.SPAN_OPENERS:
        return None
    last = _day_month(tokens, index + 2, reference)
    if last is None or last.low is None:
        return last and last._replace(begin=index, is_period=True)
    low = day_or_none(last.low.year, last.low.month, first)
    return Days(index, last.end, low, last.low) if low and low < last.low else None


def _joined(tokens: Tokens, first: Days, reference: date | None) -> Days | None:
    opener = tokens.low[first.begin - 1]
    join = tokens.low[first.end]
    if join not in lang.FROM_TO_DATES or (join == lang.AND and opener not in lang.SPAN_OPENERS):
        return None
    second = _read_one(tokens, first.end + 1, reference)
    if second is None:
        day = _day_number(tokens, first.end + 1)
        if day and first.low and not first.is_period and tokens.low[first.end + 2] not in lang.DURATIONS:
            year = _year_after(tokens, first.end + 2)
            start = day_or_none(year[0], first.low.month, first.low.day) if year else first.low
            end = day_or_none(year[0] if year else first.low.year, first.low.month, day)
            if start and end and start < end:
                return Days(first.begin, year[1] if year else first.end + 2, start, end)
        return None
    low, high = first.low, second.high
    if high and tokens.low[first.begin] in lang.MONTHS and not _has_year(tokens, first):
        # "July 1 to September 30, 2018": the year stands once, at the end.
        month, day = lang.MONTHS[tokens.low[first.begin]], _day_number(tokens, first.begin + 1) or 1
        low = day_or_none(high.year, month, day)
        if low and low > high:
            low = day_or_none(high.year - 1, month, day)
    if low and high and low > high:
        return None
    return Days(first.begin, second.end, low if high else None, high if low else None)


def _has_year(tokens: Tokens, days: Days) -> bool:
    return any(year_value(tokens, at) for at in range(days.begin, days.end))


def _read_one(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    word = tokens.low[index]
    if tokens.is_number(index):
        return _numeric(tokens, index) or _day_month(tokens, index, reference) or _year(tokens, index)
    if word in lang.MONTHS:
        return _month(tokens, index, reference)
    if word == "the":
        inner = _ordinal_period(tokens, index + 1, reference)
        return inner and inner._replace(begin=index)
    if word in lang.WEEKDAYS and (dated := _dated_weekday(tokens, index, reference)):
        return dated
    is_ordinal = word in lang.FIRST_LAST or word in lang.QUARTER_WORDS
    if is_ordinal and (found := _ordinal_period(tokens, index, reference)):
        return found
    if len(word) == 2 and word[0] in "qh" and word[1].isdigit() and tokens.raw[index][0] in "QH":
        return _quarter(tokens, index, reference)
    if word in lang.SEASONS:
        return _season(tokens, index)
    if word in lang.PARTS_OF_YEAR:
        return _part_of_year(tokens, index)
    return read_relative(tokens, index, reference) if reference else None


def _dated_weekday(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    """Read "Tuesday, March 8" and "Tuesday 8 March" as the one day they are."""
    at = index + 1 + (tokens.raw[index + 1] == ",")
    named = tokens.raw[index][0].isupper()
    read = _month if tokens.low[at] in lang.MONTHS else _day_month
    found = read(tokens, at, reference) if named and (read is _month or tokens.is_number(at)) else None
    return found._replace(begin=index) if found and not found.is_period else None


def _day_number(tokens: Tokens, index: int) -> int | None:
    word = tokens.raw[index]
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31 else None


def _numeric(tokens: Tokens, index: int) -> Days | None:
    """Read "2020-01-31", "5/17/2018", "31.12.2019", "2018-19"."""
    start = tokens.starts[index]
    if tokens.is_glued(index) and tokens.raw[index - 1] in "-+/":
        return None
    span = _YEAR_SPAN.match(tokens.text, start)
    if span and year_value(tokens, index):
        first, last = int(span[1]), int(span[2]) if len(span[2]) == 4 else int(span[1][:2] + span[2])
        if first < last <= min(first + 200, 2100) and (len(span[2]) == 4 or last > 12 + first // 100 * 100):
            return Days(index, _after(tokens, index, span.end()), date(first, 1, 1), date(last, 12, 31))
    match = _NUMERIC_DATE.match(tokens.text, start)
    if match is None:
        return None
    a, b, c = int(match[1]), int(match[3]), int(match[4] or 0)
    end = _after(tokens, index, match.end())
    if len(match[1]) == 4 and match[2] == "-" and 1800 <= a <= 2099 and 1 <= b <= 12:
        if match[4] is None:
            return Days(index, end, *whole_month(a, b))
        day = day_or_none(a, b, c)
    elif match[4] and len(match[4]) == 4 and 1800 <= c <= 2099:
        # Month first unless it cannot be one, or the marks are full stops.
        day = day_or_none(c, b, a) if match[2] == "." or a > 12 else day_or_none(c, a, b)
    else:
        return None
    return Days(index, end, day, day, is_period=False) if day else None


def _after(tokens: Tokens, index: int, position: int) -> int:
    while index < tokens.count and tokens.starts[index] < position:
        index += 1
    return index


def _day_month(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    """Read "7 May 2019", "the 7th of May"."""
    day = _day_number(tokens, index)
    if day is None:
        return None
    at = index + 1
    if tokens.is_glued(at) and tokens.low[at] in lang.ORDINAL_ENDINGS:
        at += 1
    if tokens.low[at] == lang.OF:
        at += 1
    month = lang.MONTHS.get(tokens.low[at])
    if month is None or not tokens.raw[at][0].isupper():
        return None
    end = at + 1 + (tokens.raw[at + 1] == "." and len(tokens.raw[at]) <= 4)
    year = _year_after(tokens, end)
    low = day_or_none(year[0], month, day) if year else nearest(month, day, reference)
    return Days(index, year[1] if year else at + 1, low, low, is_period=False)


def _year_after(tokens: Tokens, index: int) -> tuple[int, int] | None:
    at = index + (tokens.low[index] in {",", "of"})
    year = year_value(tokens, at)
    return (year, at + 1) if year else None


def _month(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    """Read "May 7", "July 1, 2020", "January 2020", "in November"."""
    if not tokens.raw[index][0].isupper():
        return None
    month = lang.MONTHS[tokens.low[index]]
    at = index + 1 + (tokens.raw[index + 1] == "." and len(tokens.raw[index]) <= 4)
    day = _day_number(tokens, at)
    if day and tokens.low[at + 1] not in lang.DURATIONS:
        end = at + 1
        if tokens.is_glued(end) and tokens.low[end] in lang.ORDINAL_ENDINGS:
            end += 1
        year = _year_after(tokens, end)
        low = day_or_none(year[0], month, day) if year else nearest(month, day, reference)
        return Days(index, year[1] if year else end, low, low, is_period=False)
    if year := _year_after(tokens, at):
        return Days(index, year[1], *whole_month(year[0], month))
    if tokens.low[index] in lang.AMBIGUOUS_MONTHS and tokens.low[index - 1] not in lang.YEAR_INTROS:
        return None
    if tokens.low[index] == "may" and tokens.low[index - 1] not in {"in", "since", "by", "until", "last", "of"}:
        return None
    if len(tokens.raw[index]) == 3 and tokens.low[index] != "may":
        return None
    low = nearest(month, 15, reference)
    return Days(index, index + 1, *(whole_month(low.year, month) if low else (None, None)))


def _year(tokens: Tokens, index: int) -> Days | None:
    """Read "in 2018", "the 2016 election", "the 1990s"; "2000 people" is a count."""
    year = year_value(tokens, index)
    if year is None:
        return None
    following = tokens.low[index + 1]
    if tokens.is_glued(index + 1) and following in {"s", "’s", "'s"} and year % 10 == 0:
        span = 99 if year % 100 == 0 and year < 2000 else 9
        return Days(index, index + 2, date(year, 1, 1), date(year + span, 12, 31))
    before = tokens.low[index - 1]
    is_glued = tokens.is_glued(index) and before not in {"(", "[", "-", "–"}
    if is_glued or (tokens.is_glued(index + 1) and following not in set(",.;:)]-–—’'\"”?!")):
        return None
    if before not in lang.YEAR_INTROS and (following in lang.IRREGULAR_PLURALS or following.endswith("s")):
        return None
    if following in lang.CLOCK:
        return None
    is_hyphened = following == "-" and tokens.is_glued(index + 1)  # "in 1931 - so they say" is set off by a dash
    if before in lang.CURRENCY_SIGNS or is_hyphened or following in {"%", "percent", "over"}:
        return None
    return Days(index, index + 1, date(year, 1, 1), date(year, 12, 31))


def _quarter(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    kind, number = tokens.low[index][0], int(tokens.low[index][1])
    if not 1 <= number <= (4 if kind == "q" else 2):
        return None
    year = _year_after(tokens, index + 1)
    if year is None and reference is None:
        return Days(index, index + 1, None, None)
    length = 3 if kind == "q" else 6
    value = year[0] if year else reference.year if reference else 1
    low, high = months(value, (number - 1) * length + 1, number * length)
    return Days(index, year[1] if year else index + 1, low, high)


def _ordinal_period(tokens: Tokens, index: int, reference: date | None) -> Days | None:
    """Read "first two weeks of 2022", "third quarter of 2018", "first half of 2021", "last three months of May"."""
    word = tokens.low[index]
    unit = tokens.low[index + 1]
    if unit in {"quarter", "half"} and word in lang.QUARTER_WORDS:
        container = _container(tokens, index + 2, reference)
        if container is None and unit == "quarter" and reference and _is_the_quarter(tokens, index):
            return _quarter_before(index, lang.QUARTER_WORDS[word], reference)
        if container is None or container.low is None:
            return None
        length = 3 if unit == "quarter" else 6
        number = lang.QUARTER_WORDS[word]
        if unit == "half" and word not in {"first", "second", "last"}:
            return None
        number = min(number, 12 // length)
        return Days(index, container.end, *months(container.low.year, (number - 1) * length + 1, number * length))
    if unit == "week" and word in lang.ORDINALS and word not in lang.FIRST_LAST:
        return _week_of_month(_container(tokens, index + 2, reference), lang.ORDINALS[word], index)
    if word not in lang.FIRST_LAST:
        return None
    value = numeral_value(tokens.raw[index + 1]) if tokens.is_number(index + 1) else lang.SMALL.get(unit)
    at = index + 2 if value is not None else index + 1
    step = lang.DURATIONS.get(tokens.low[at])
    container = _container(tokens, at + 1, reference) if step in {"day", "week", "month"} else None
    if container is None or step is None or (value is not None and not 0 < value < 366):
        return None
    return _slice(container, int(value or 1), step, lang.FIRST_LAST[word])._replace(begin=index)


def _week_of_month(month: Days | None, number: int, index: int) -> Days | None:
    """Return the days of "second week of May": the eighth to the fourteenth."""
    if month is None or month.low is None or month.high is None or (month.high - month.low).days > 30 or number > 5:
        return None
    low = month.low + timedelta(days=7 * (number - 1))
    return month._replace(begin=index, low=low, high=min(month.high, low + timedelta(days=6)))


def _is_the_quarter(tokens: Tokens, index: int) -> bool:
    return tokens.low[index - 1] == "the" and tokens.low[index] != "last" and tokens.low[index + 2] != lang.OF


def _quarter_before(index: int, number: int, reference: date) -> Days | None:
    """Return the quarter of this number that began last: "the third quarter", said in March, is last year's."""
    year = reference.year - (3 * number - 2 > reference.month)
    return Days(index, index + 2, *months(year, 3 * number - 2, 3 * number)) if year else None


def _container(tokens: Tokens, at: int, reference: date | None) -> Days | None:
    if tokens.low[at] in {"of", "in"}:
        at += 1 + (tokens.low[at + 1] == "fiscal")
        if tokens.low[at] == "the":
            at += 1
    found = _read_one(tokens, at, reference) if tokens.low[at] in lang.MONTHS or tokens.is_number(at) else None
    return found if found and found.low and found.is_period else None


def _slice(whole: Days, count: int, step: str, side: int) -> Days:
    low, high = whole.low, whole.high
    assert low and high
    if step == "month":
        count = min(count, 12)
        if side > 0:
            last = min(low.month + count - 1, 12)
            high = whole_month(low.year, last)[1]
        else:
            low = whole_month(high.year, max(1, high.month - count + 1))[0]
    else:
        length = timedelta(days=count * (7 if step == "week" else 1) - 1)
        low, high = (low, min(high, low + length)) if side > 0 else (max(low, high - length), high)
    return whole._replace(low=low, high=high)


def _season(tokens: Tokens, index: int) -> Days | None:
    year = _year_after(tokens, index + 1)
    return season_of(index, year[1], tokens.low[index], year[0]) if year else None


def _part_of_year(tokens: Tokens, index: int) -> Days | None:
    at = index + 1 + (tokens.raw[index + 1] in lang.HYPHENS)
    year = year_value(tokens, at)
    if year is None:
        return None
    if tokens.is_glued(at + 1) and tokens.low[at + 1] == "s" and year % 10 == 0:
        first, last = {"early": (0, 3), "mid": (3, 6), "late": (6, 9)}[tokens.low[index]]
        return Days(index, at + 2, date(year + first, 1, 1), date(year + last, 12, 31), approximate=True)
    low, high = months(year, *lang.PARTS_OF_YEAR[tokens.low[index]])
    return Days(index, at + 1, low, high, approximate=True)
