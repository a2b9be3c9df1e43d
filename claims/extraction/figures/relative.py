"""Days told from the day of the article: "yesterday", "last week", "next spring"."""

from datetime import date, timedelta

from claims.extraction import lang_en as lang
from claims.extraction.figures.periods import Days, season_of, whole_month
from claims.extraction.figures.tokens import Tokens


def read_relative(tokens: Tokens, index: int, reference: date) -> Days | None:
    """Read "last week", "yesterday", "on Wednesday", "last summer" against the article's date."""
    word = tokens.low[index]
    try:
        if word in lang.RELATIVE_DAYS:
            day = reference + timedelta(days=lang.RELATIVE_DAYS[word])
            return Days(index, index + 1, day, day, is_period=False)
        if word in lang.WEEKDAYS and tokens.raw[index][0].isupper():
            back = (reference.weekday() - lang.WEEKDAYS[word]) % 7
            day = reference - timedelta(days=back or 7 * (tokens.low[index - 1] == "last"))
            return Days(index, index + 1, day, day, is_period=False)
        if word in lang.RELATIVE:
            return _relative_unit(tokens, index, reference)
    except (OverflowError, ValueError):
        return None  # next to the first or last year a date can hold
    return None


def _relative_unit(tokens: Tokens, index: int, reference: date) -> Days | None:
    shift, unit, end = lang.RELATIVE[tokens.low[index]], tokens.low[index + 1], index + 2
    if unit == "week":
        monday = reference - timedelta(days=reference.weekday()) + timedelta(weeks=shift)
        return Days(index, end, monday, monday + timedelta(days=6))
    if unit == "year":
        year = reference.year + shift
        return Days(index, end, date(year, 1, 1), date(year, 12, 31))
    if unit in lang.LONG_SPANS and shift < 0:
        years = lang.LONG_SPANS[unit]
        return Days(index, end, reference.replace(year=reference.year - years, day=min(reference.day, 28)), reference)
    if unit in {"month", "quarter"}:
        length = 3 if unit == "quarter" else 1
        number = reference.year * 12 + (reference.month - 1) // length * length + shift * length
        low = date(number // 12, number % 12 + 1, 1)
        return Days(index, end, low, whole_month(low.year, low.month + length - 1)[1])
    if unit in lang.SEASONS and shift:
        year = reference.year
        first = date(year, lang.SEASONS[unit][0], 1)
        if shift < 0 and season_of(index, end, unit, year).high >= reference:  # type: ignore[union-attr,operator]
            year -= 1
        elif shift > 0 and first <= reference:
            year += 1
        return season_of(index, end, unit, year)
    month = lang.MONTHS.get(unit)
    if month and tokens.raw[index + 1][0].isupper():
        year = reference.year
        if shift < 0:
            year -= month >= reference.month
        elif shift > 0:
            year += month <= reference.month
        return Days(index, end, *whole_month(year, month))
    return None
