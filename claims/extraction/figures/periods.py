"""Spans of days: months, seasons, and the year a day without one belongs to."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.tokens import Tokens


class Days(NamedTuple):
    """The days [low, high] named by tokens [begin:end); both None where the year is unknown."""

    begin: int
    end: int
    low: date | None
    high: date | None
    is_period: bool = True
    approximate: bool = False


def year_value(tokens: Tokens, index: int) -> int | None:
    """Return a numeral that can be a year (1800 to 2099), or None."""
    word = tokens.raw[index]
    if len(word) == 4 and word.isascii() and word.isdigit() and "1800" <= word <= "2099":
        return int(word)
    return None


def day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def months(year: int, first: int, last: int) -> tuple[date, date]:
    return whole_month(year, first)[0], whole_month(year, last)[1]


def nearest(month: int, day: int, reference: date | None) -> date | None:
    """Give a day without a year the year that brings it nearest to the article's date."""
    if reference is None:
        return None
    days = [
        day_or_none(year, month, day)
        for year in (reference.year - 1, reference.year, reference.year + 1)
        if 0 < year < 9999
    ]
    return min((d for d in days if d), key=lambda d: abs(d - reference), default=None)


def season_of(begin: int, end: int, season: str, year: int) -> Days | None:
    first, last = lang.SEASONS[season]
    last_year = year + (last < first)
    if not 0 < last_year < 9999:
        return None
    return Days(begin, end, date(year, first, 1), whole_month(last_year, last)[1])
