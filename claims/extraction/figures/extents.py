"""How far a figure reaches: what it says to the letter, and what a reader takes it to mean."""

import re
from decimal import Context, Decimal
from typing import NamedTuple

from claims.extraction import lang_en as lang
from claims.extraction.figures.model import Figure, Kind, Qualifier

INFINITY = Decimal("Infinity")
# "About 2,500" is read as far as the next round number on the scale 1, 5, 10, 50, 100, … but never further than a
# tenth: M. Krifka, "Approximate interpretation of number words" (2007), for the scale.
ABOUT = Decimal("0.1")
# A share in words ("half", "a third") is good to two points of a hundred.
SHARE_IN_WORDS = Decimal("0.02")
_LARGE = {**lang.SCALES, **lang.SCALE_MARKS, **lang.VAGUE_SCALES}
_LARGE_WORDS = "|".join(sorted((word for word, size in _LARGE.items() if size >= 1000), key=len, reverse=True))
_SCALED = re.compile(rf"(?:(?<=\d)|\b)(?:{_LARGE_WORDS})s?\b", re.IGNORECASE)
_NUMERAL = re.compile(r"\d[\d,\u00a0\u202f\u2009]*(?:\.(\d+))?")
# A figure kept as JSON has the digits of a float; a third is then still a third.
_AS_KEPT = Context(prec=15)
_QUALIFIED = (Qualifier.ABOUT, Qualifier.NEARLY)


class Extent(NamedTuple):
    """The values [low, high] a figure gives, each end taken in or left out; open ends are infinite."""

    low: Decimal
    high: Decimal
    takes_low: bool = True
    takes_high: bool = True

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    def times(self, factor: Decimal) -> "Extent":
        """Return the extent in another unit; the factor is positive."""
        return self._replace(low=self.low * factor, high=self.high * factor)

    def plus(self, offset: Decimal) -> "Extent":
        return self._replace(low=self.low + offset, high=self.high + offset)

    def holds(self, other: "Extent") -> bool:
        """Tell whether every value of the other extent is in this one."""
        is_low = self.low < other.low or (self.low == other.low and (self.takes_low or not other.takes_low))
        is_high = self.high > other.high or (self.high == other.high and (self.takes_high or not other.takes_high))
        return is_low and is_high

    def meets(self, other: "Extent") -> bool:
        """Tell whether the two have a value in common."""
        first, second = (self, other) if (self.low, self.high) <= (other.low, other.high) else (other, self)
        if first.high == second.low:
            return first.takes_high and second.takes_low
        return first.high > second.low


def as_kept(value: Decimal) -> Decimal:
    """Return a value with the fifteen digits that JSON keeps of it."""
    return _AS_KEPT.plus(value)


def literal(figure: Figure) -> Extent:
    """Return what a figure of numbers says to the letter."""
    assert not figure.is_calendar
    low = -INFINITY if figure.low is None else as_kept(figure.low)  # type: ignore[arg-type]
    high = INFINITY if figure.high is None else as_kept(figure.high)  # type: ignore[arg-type]
    return Extent(low, high, figure.low_inclusive, figure.high_inclusive)


def meant(figure: Figure, extent: Extent) -> Extent:
    """Return what a reader takes a hedged figure to mean: "about" to either side, "nearly" from below."""
    if figure.qualifier not in _QUALIFIED or not extent.takes_high:
        return extent
    low = extent.low - _about(extent.low)
    high = extent.high if figure.qualifier == Qualifier.NEARLY else extent.high + _about(extent.high)
    return Extent(low, high)


def _about(value: Decimal) -> Decimal:
    if not value.is_finite() or not value:
        return Decimal(0)
    return min(abs(value) * ABOUT, _round_step(abs(value)))


def _round_step(value: Decimal) -> Decimal:
    """Return the largest of …, 1, 5, 10, 50, 100, … that goes into a value."""
    _, digits, exponent = value.normalize().as_tuple()
    step = Decimal(1).scaleb(int(exponent))
    return step * 5 if digits[-1] == 5 else step


def precision(figure: Figure) -> Decimal:
    """Return half a unit of the last digit a figure is given to; 0 where it is not a rounded number.

    Zeros at the end of a plain numeral are not counted beyond its second digit ("2,500" is good to 50, "100" to 5);
    with a scale word the digits written count ("3 million" is good to half a million, held to a tenth).
    """
    value = figure.low
    if figure.low != figure.high or not isinstance(value, Decimal) or not value or figure.whole is not None:
        return Decimal(0)
    if figure.qualifier == Qualifier.EXACTLY or not value.is_finite():
        return Decimal(0)
    if figure.kind == Kind.FRACTION and not re.search(r"\d", figure.source) and abs(value) < 1:
        return SHARE_IN_WORDS
    place = _last_place(figure.source, value)
    half = Decimal(5).scaleb(place - 1)
    return half if figure.kind == Kind.PERCENT else min(half, abs(value) * ABOUT)


def _last_place(text: str, value: Decimal) -> int:
    """Return the power of ten of the last digit a number is given to."""
    round_place = int(value.normalize().as_tuple().exponent)
    numeral = _NUMERAL.search(text)
    if numeral is None:
        return round_place if _SCALED.search(text) else min(round_place, max(value.adjusted() - 1, 0))
    written = Decimal("".join(char for char in numeral[0] if char.isdigit() or char == "."))
    shift = value.adjusted() - written.adjusted() if written else 0
    if numeral[1]:
        return shift - len(numeral[1])
    return max(min(round_place, value.adjusted() - 1), shift)
