"""A figure read out of a text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Self

from claims.extraction import lang_en as lang


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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the figure that `as_dict` gave, or one kept as data with fewer keys.

        Only `low` and `high` are needed (numbers, days in ISO form, or None); offsets are 0 where they are not given,
        and the kind is told from the unit and the ends. Raises ValueError for ends that are neither.
        """
        low, high = _bound(data.get("low")), _bound(data.get("high"))
        qualifier, unit, whole = Qualifier(data.get("qualifier") or ""), data.get("unit") or "", data.get("whole")
        source = data.get("text") or ""
        start = data.get("start") or 0
        return cls(
            start=start,
            end=data.get("end") or start + len(source),
            source=source,
            low=low,
            high=high,
            kind=Kind(data["kind"]) if data.get("kind") else _kind_of(low, high, unit, source),
            qualifier=qualifier,
            unit=unit,
            whole=None if whole is None else Decimal(str(whole)),
            low_inclusive=data.get("low_inclusive", qualifier != Qualifier.MORE_THAN),
            high_inclusive=data.get("high_inclusive", qualifier != Qualifier.FEWER_THAN),
        )


def _bound(value: Any) -> Bound:
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return date.fromisoformat(value)
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is neither a number nor a day.") from None


def _kind_of(low: Bound, high: Bound, unit: str, source: str) -> Kind:
    """Tell the kind of a figure kept without it."""
    if isinstance(low, date) or isinstance(high, date):
        return Kind.DATE if low == high else Kind.PERIOD
    if unit == "%" or unit.endswith(" points"):
        return Kind.PERCENT
    if unit in lang.CURRENCY_CODES:
        return Kind.MONEY
    if unit.lower() in lang.DURATIONS:
        return Kind.DURATION
    if low == high and low is not None and 0 < low < 1 and not any(char.isdigit() for char in source):  # type: ignore[operator]
        return Kind.FRACTION
    return Kind.CARDINAL if low == high or low is None or high is None else Kind.RANGE


def _plain(value: Bound) -> int | float | str | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if value == value.to_integral_value() else float(value)
