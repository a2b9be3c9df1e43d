"""A figure read out of a text."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What sort of quantity a figure is."""

    CARDINAL = "cardinal"
    RANGE = "range"
    PERCENT = "percent"
    MONEY = "money"
    ORDINAL = "ordinal"
    DATE = "date"
    PERIOD = "period"
    DURATION = "duration"
    FRACTION = "fraction"


class Qualifier(StrEnum):
    """How the text hedges or bounds a figure; the value is the one word used in every output."""

    NONE = ""
    EXACTLY = "exactly"
    ABOUT = "about"
    NEARLY = "nearly"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    FEWER_THAN = "fewer_than"


Bound = Decimal | date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as it stands in a text.

    `start` and `end` are code points of the text read; the span holds the number, its sign, currency or
    percent sign, and the words that bound it ("more than", "between … and"), not the thing counted.
    `low` and `high` are equal for a single number, None where that end is open; for dates they are days,
    both None where the year is not known. "one in five" is `low` 1 with `whole` 5, "half of the 120 beds" `low` 60
    with `whole` 120. `unit` is the counted noun as the text words it, "%", or the currency's ISO code. A "%" that
    stands alone has neither end.
    """

    start: int
    end: int
    source: str
    low: Bound
    high: Bound
    kind: Kind
    qualifier: Qualifier = Qualifier.NONE
    unit: str = ""
    whole: Decimal | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True

    @property
    def text(self) -> str:
        """The words of the figure, verbatim."""
        return self.source

    @property
    def is_calendar(self) -> bool:
        """Tell whether the bounds are days rather than numbers."""
        return self.kind in (Kind.DATE, Kind.PERIOD)

    def moved(self, by: int) -> Self:
        """Return the figure with its offsets shifted, as from a sentence to its article."""
        return replace(self, start=self.start + by, end=self.end + by)

    def as_dict(self) -> dict[str, Any]:
        """Return the figure for JSON: numbers as int or float, days in ISO form, open ends as None."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "low": _plain(self.low),
            "high": _plain(self.high),
            "low_inclusive": self.low_inclusive,
            "high_inclusive": self.high_inclusive,
            "qualifier": str(self.qualifier),
            "unit": self.unit,
            "whole": _plain(self.whole),
            "kind": str(self.kind),
        }


def _plain(value: Bound) -> int | float | str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if value == value.to_integral_value() else float(value)
