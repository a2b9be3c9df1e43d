"""What two figures count or measure: the same thing, a wider one, or another."""

from decimal import Decimal
from typing import NamedTuple

from claims.extraction import things_en as lang


class Measure(NamedTuple):
    """A unit of measure: its dimension, and how many of the dimension's base unit it holds."""

    dimension: str
    size: Decimal


def thing(unit: str) -> str:
    """Return the word that stands for a counted thing whatever its number: "person" for "people" and "persons"."""
    word = unit.strip().lower()
    return lang.SAME_THING.get(_singular(word), _singular(word))


def measure(unit: str) -> Measure | None:
    """Return the measure a unit names, or None where it is a counted thing, a currency or unknown."""
    name = unit.strip().rstrip(".")
    for form in (name, name.lower(), _singular(name.lower())):
        if found := lang.MEASURES.get(form):
            return Measure(found[0], Decimal(found[1]))
    return None


def is_wider(one: str, other: str) -> bool:
    """Tell whether one of two things is a wide word for human beings and the other is a kind of them."""
    return one != other and bool({one, other} & lang.WIDE_THINGS) and {one, other} <= lang.HUMANS


def may_be_same(one: str, other: str) -> bool:
    """Tell whether one of two things only leaves the other's scale unsaid: "4 degrees" for "4 degrees Celsius"."""
    return lang.BARE_DEGREE in (one, other) and bool({one, other} & lang.TEMPERATURES)


def _singular(word: str) -> str:
    if word in lang.PLURALS:
        return lang.PLURALS[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]
