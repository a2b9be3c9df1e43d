"""Words and tones for the desk's templates."""

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
    "about": "about", "nearly": "nearly", "at_least": "at least", "more_than": "more than", "at_most": "up to",
    "less_than": "fewer than",
}  # fmt: skip
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
    """Return a figure, as data or as a row, in words: “about 100–150 people”, “28 of 48 seats”."""

    def of(name):
        return value.get(name) if isinstance(value, dict) else getattr(value, name)

    low, high, unit = _number(of("low")), _number(of("high")), of("unit") or ""
    ends = low if low == high or not high else (f"{low}–{high}" if low else f"up to {high}")
    whole = f" of {_number(of('whole'))}" if of("whole") is not None else ""
    gap = "" if unit.startswith("%") else " "
    qualifier = _QUALIFIERS.get(of("qualifier") or "", "") if low else ""
    return f"{qualifier} {ends}{whole}{gap}{unit}".strip()


def _number(value):
    if value is None:
        return ""
    number = Decimal(str(value))
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number.normalize():,f}"


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
