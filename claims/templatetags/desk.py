"""Words and tones for the desk's templates."""

import re
from decimal import Decimal

from django import template
from django.utils import timezone

from claims.models import Evidence

register = template.Library()

# Colour stands for state alone; what is not here is neutral.
_TONES = {
    "good": {"citable", "live", "intact", "completed", "supports", "accepted", "read", "correct", "mostly_correct"},
    "warn": {
        "on_hold", "blocked", "failing", "reworded", "reopened", "partly_supports", "misleading", "exaggerated",
        "understated", "outdated", "not_checkable",
    },
    "bad": {
        "withdrawn", "dead", "deviated", "missing", "figure_changed", "refutes", "failed_verification", "failed",
        "incorrect",
    },
    "info": {"in_progress", "cross_checking", "moved", "corrected", "waiting", "merged", "context"},
}  # fmt: skip
_QUALIFIERS = {
    "about": "about", "nearly": "nearly", "at_least": "at least", "more_than": "more than", "up_to": "up to",
    "fewer_than": "fewer than",
}  # fmt: skip
_PERIODS = {"period", "date"}
_CURRENCIES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF ", "INR": "₹"}
_SPELLS = {"decade", "year", "month", "week", "day", "hour", "minute", "second"}
_CENTS = re.compile(r"\.\d(?!\d| )")  # €3.1 is written €3.10
_HALF_FIRST, _HALF_LAST = re.compile(r"^\w\S*(?=\s)"), re.compile(r"(?<=\s)\S*\w$")
_LARGE = ((Decimal(10**12), "trillion"), (Decimal(10**9), "billion"), (Decimal(10**6), "million"))
# What a history row's reason means as something a person did.
_DONE = {
    "drafted": "drafted it", "wording": "changed the wording", "details": "changed the details",
    "assigned": "handed it over", "evidence": "changed the evidence", "reviewed": "judged it",
    "reopened": "reopened it", "dropped": "dropped it", "taken up": "took it up again", "merged": "merged it",
    "appearance added": "added an appearance", "published": "published it", "corrected": "corrected it",
    "withdrawn": "withdrew it", "superseded": "superseded it", "held": "put it on hold",
    "hold lifted": "lifted the hold",
}  # fmt: skip
_SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@register.filter
def tone(value):
    """Return the tone of a state: good, warn, bad, info or none."""
    return next((name for name, values in _TONES.items() if value in values), "none")


@register.filter
def percent(score):
    """Return a share from 0 to 1 as a whole percentage."""
    return f"{round(score * 100)}"


@register.filter
def stance(value):
    """Return a stance in the words the desk uses for it."""
    return Evidence.Stance(value).label if value in Evidence.Stance.values else value


@register.filter
def person(user):
    """Return a person's name as colleagues use it."""
    return (user.get_full_name() or user.username) if user else "the machine"


@register.filter
def figure(value):
    """Return a figure, as data or as a row, in words: “about 100–150 people”, “28 of 48 seats”, “€2.5 billion”.

    A day, a period and a share in words stand as the text has them: “more than half”.
    """

    def of(name):
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


def _number(value):
    """Return a number grouped in thousands, from a million on in words; nothing for None."""
    if value is None:
        return ""
    number = Decimal(str(value))
    for size, name in _LARGE:
        scaled = number / size
        if abs(scaled) >= 1 and scaled == round(scaled, 2):
            return f"{scaled.normalize():,f} {name}"
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number.normalize():,f}"


@register.filter
def before(quoted):
    """Return what stands before a passage, whole words only, with dots where the text goes on before that."""
    if not quoted.prefix or quoted.start <= len(quoted.prefix):
        return quoted.prefix
    cut = quoted.prefix if quoted.prefix[0].isspace() else _HALF_FIRST.sub("", quoted.prefix)
    return f"… {cut.lstrip()}"


@register.filter
def after(quoted):
    """Return what stands after a passage, whole words only, with dots where the text goes on after that."""
    if not quoted.suffix or quoted.end + len(quoted.suffix) >= len(quoted.snapshot.text):
        return quoted.suffix
    cut = quoted.suffix if quoted.suffix[-1].isspace() else _HALF_LAST.sub("", quoted.suffix)
    return f"{cut.rstrip()} …"


@register.filter
def done(reason):
    """Return what a history row records, as something a person did."""
    return _DONE.get(reason or "", reason or "saved it")


@register.filter
def span(moment):
    """Return how far a moment is from now, to the second where seconds matter."""
    seconds = (moment - timezone.now()).total_seconds()
    size, name = next((s for s in _SPANS if abs(seconds) >= s[0]), _SPANS[-1])
    count = round(abs(seconds) / size)
    words = f"{count} {name}{'' if count == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"
