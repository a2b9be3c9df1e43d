"""Compare days and periods: a day in its month, a quarter named twice, days without a year."""

import re
from datetime import date, timedelta
from decimal import Decimal

from claims.extraction.figures.model import Figure, Kind, Qualifier
from claims.extraction.figures.reader import read_figures
from claims.extraction.figures.results import FigureComparison, Result, said

_YEAR = re.compile(r"[12]\d{3}")
_ANY_YEAR = date(2001, 7, 1)


def as_count(figure: Figure) -> Figure:
    """Return "2000" read as a year as the number it may be as well; any other figure as it is."""
    if figure.kind != Kind.PERIOD or not _YEAR.fullmatch(figure.source.strip()) or figure.low is None:
        return figure
    value = Decimal(figure.source.strip())
    return Figure(figure.start, figure.end, figure.source, value, value, Kind.CARDINAL, figure.qualifier)


def compare_days(claim: Figure, source: Figure) -> FigureComparison:
    """Compare two dates or periods; where a year is not known, the days are compared as if it were the same."""
    if claim.low is None or source.low is None:
        return _without_year(claim, source)
    return _spans(claim, source)


def _without_year(claim: Figure, source: Figure) -> FigureComparison:
    is_same_text = claim.source.lower().split() == source.source.lower().split()
    if is_same_text and claim.low is None and source.low is None:
        return FigureComparison(Result.EQUAL, "same_words", f"Both say “{said(claim)}”.")
    known = claim.low or source.low
    reference = known.replace(month=7, day=1) if isinstance(known, date) else _ANY_YEAR
    placed = [figure if figure.low else _placed(figure, reference) for figure in (claim, source)]
    if placed[0] is None or placed[1] is None:
        reason = f"Nobody says in which year “{said(claim if claim.low is None else source)}” is."
        return FigureComparison(Result.NOT_COMPARABLE, "year_unknown", reason)
    found = _spans(placed[0], placed[1])
    if not (claim.low or source.low) or found.result == Result.CONFLICTS:
        return found
    reason = f"“{said(claim)}” and “{said(source)}” agree as far as they go, but only one says the year."
    return FigureComparison(Result.OVERLAPS, "year_unknown", reason)


def _placed(figure: Figure, reference: date) -> Figure | None:
    """Return a figure without a year in the year of a day."""
    for read in read_figures(figure.source, reference_date=reference):
        if read.is_calendar and isinstance(read.low, date) and isinstance(read.high, date):
            shift = reference.year - read.low.year
            if not shift:
                return read
            again = read_figures(figure.source, reference_date=reference.replace(year=reference.year + shift))
            return next((f for f in again if f.is_calendar and f.low and f.low.year == reference.year), read)  # type: ignore[union-attr]
    return None


def _spans(claim: Figure, source: Figure) -> FigureComparison:
    a, b = _days(claim), _days(source)
    one, other = f"“{said(claim)}”", f"“{said(source)}”"
    if a == b:
        return FigureComparison(Result.EQUAL, "same_days", f"{one} and {other} are the same days.")
    for inner, outer, first, second in ((a, b, one, other), (b, a, other, one)):
        if outer[0] <= inner[0] and inner[1] <= outer[1]:
            return FigureComparison(Result.WITHIN, "days_within", f"{first} lies within {second}.")
    if a[0] <= b[1] and b[0] <= a[1]:
        return FigureComparison(Result.OVERLAPS, "days_overlap", f"{one} and {other} have only some days in common.")
    return FigureComparison(Result.CONFLICTS, "days_apart", f"{one} and {other} have no day in common.")


def _days(figure: Figure) -> tuple[date, date]:
    """Return the first and last day; "early 2019" reaches half as far again to both sides."""
    low, high = figure.low, figure.high
    assert isinstance(low, date) and isinstance(high, date)
    if figure.qualifier != Qualifier.ABOUT:
        return low, high
    more = timedelta(days=((high - low).days + 1) // 4)
    return max(low, date.min + more) - more, min(high, date.max - more) + more
