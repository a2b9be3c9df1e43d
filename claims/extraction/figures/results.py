"""What a comparison of figures answers, and how it words them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from claims.extraction.figures.model import Figure, Kind, Qualifier

_HEDGES = (Qualifier.ABOUT, Qualifier.NEARLY, Qualifier.EXACTLY)


class Result(StrEnum):
    """How a claim's figure stands to a source's; the value is the one word used in every output."""

    EQUAL = "equal"
    WITHIN = "within"
    OVERLAPS = "overlaps"
    CONFLICTS = "conflicts"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """How two figures stand to each other, the rule that decided, and a sentence fit to show that explains it."""

    result: Result
    rule: str
    reason: str


def said(figure: Figure) -> str:
    """Return a figure as the reader would quote it: “28 of 48 seats”, “roughly 2,500 troops”."""
    text = " ".join(figure.source.split())
    is_part = figure.whole is not None and figure.low is not None and figure.low == figure.high
    if is_part and figure.kind != Kind.FRACTION:
        text = f"{number(figure.low)} of {number(figure.whole)}"  # type: ignore[arg-type]
    if not text:
        ends = [number(end) if isinstance(end, Decimal) else str(end) for end in (figure.low, figure.high) if end]
        text = " to ".join(dict.fromkeys(ends)) or "an unknown number"
    if figure.qualifier in _HEDGES and figure.high_inclusive:
        text = f"{figure.qualifier} {text}"
    is_thing = figure.unit and figure.kind in (Kind.CARDINAL, Kind.RANGE, Kind.FRACTION, Kind.ORDINAL)
    if not is_thing or text.lower().endswith(figure.unit.lower()):
        return text
    is_share = (
        figure.kind == Kind.FRACTION and figure.whole is None and isinstance(figure.low, Decimal) and figure.low < 1
    )
    return f"{text} of {figure.unit}" if is_share else f"{text} {figure.unit}"


def number(value: Decimal) -> str:
    """Return a number grouped in thousands, with at most two decimals."""
    rounded = value if value == value.to_integral_value() else round(value, 2)
    return f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded.normalize():,f}"
