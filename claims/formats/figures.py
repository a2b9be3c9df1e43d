"""Figures in words, for the desk and for readers alike: “about 100–150 people”, “28 of 48 seats”."""

import re
from decimal import Decimal
from typing import Any

_QUALIFIERS = {
    "about": "about", "nearly": "nearly", "at_least": "at least", "more_than": "more than", "up_to": "up to",
    "fewer_than": "fewer than", "exactly": "exactly",
}  # fmt: skip
_PERIODS = {"period", "date"}
_CURRENCIES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}
_SPELLS = {"decade", "year", "month", "week", "day", "hour", "minute", "second"}
_CENTS = re.compile(r"\.\d(?!\d| )")  # €3.1 is written €3.10
_LARGE = ((Decimal(10**12), "trillion"), (Decimal(10**9), "billion"), (Decimal(10**6), "million"))


def figure_words(value: Any) -> str:
    """Return a figure, as data or as a row, in words: “about 100–150 people”, “28 of 48 seats”, “€2.5 billion”.

    A day, a period and a share in words stand as the text has them: “more than half”.
    """

    def of(name: str) -> Any:
        return value.get(name) if isinstance(value, dict) else getattr(value, name, None)

    text = of("text") or ""
    if of("kind") in _PERIODS or (of("low") is None and of("high") is None):
        return text
    if of("low") is not None and 0 < of("low") < 1 and text and not re.search(r"\d", text):
        return text
    low, high, whole, unit = _number(of("low")), _number(of("high")), _number(of("whole")), of("unit") or ""
    qualifier = _QUALIFIERS.get(of("qualifier") or "", "")
    if not qualifier and low != high:
        qualifier = "" if low and high else ("at least" if low else "up to")
    if low and low != high and low.split()[1:] == high.split()[1:]:
        low = low.split()[0]  # “2–3 million”
    ends = low if low == high or not high else (f"{low}–{high}" if low else high)
    if unit in _CURRENCIES:
        ends, unit = _CURRENCIES[unit] + _CENTS.sub(r"\g<0>0", ends), ""
    if of("kind") == "duration" and ends != "1" and unit in _SPELLS:
        unit += "s"
    whole = f" of {whole}" if whole else ""
    gap = "" if unit.startswith("%") else " "
    return f"{qualifier} {ends}{whole}{gap}{unit}".strip()


def _number(value: Any) -> str:
    """Return a number grouped in thousands, from a million on in words; nothing for None."""
    if value is None:
        return ""
    number = Decimal(str(value))
    for size, name in _LARGE:
        scaled = number / size
        if abs(scaled) >= 1 and scaled == round(scaled, 2):
            return f"{scaled.normalize():,f} {name}"
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number.normalize():,f}"
