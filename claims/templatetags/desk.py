"""Words and tones for the desk's templates."""

import json
import re

from django import template
from django.utils import timezone

from claims.formats.figures import figure_words
from claims.freshness import LABELS
from claims.models import Evidence
from claims.services.preferences import ACTIONS
from sources import signs
from sources.models import Source

register = template.Library()

# Colour stands for state alone; what is not here is neutral.
_TONES = {
    "good": {
        "citable", "live", "intact", "completed", "supports", "accepted", "read", "correct", "mostly_correct",
        "current", "done",
    },
    "warn": {
        "on_hold", "blocked", "failing", "reworded", "reopened", "partly_supports", "misleading", "exaggerated",
        "understated", "outdated", "not_checkable", "due", "overdue", "evidence_changed",
    },
    "bad": {
        "withdrawn", "dead", "deviated", "missing", "figure_changed", "refutes", "failed_verification", "failed",
        "incorrect", "refused",
    },
    "info": {
        "in_progress", "cross_checking", "moved", "corrected", "waiting", "merged", "context", "fetching", "checked",
        "running", "undoing",
    },
}  # fmt: skip
_HALF_FIRST, _HALF_LAST = re.compile(r"^\w\S*(?=\s)"), re.compile(r"(?<=\s)\S*\w$")
# What a history row's reason means as something a person did.
_DONE = {
    "drafted": "drafted it", "wording": "changed the wording", "details": "changed the details",
    "assigned": "handed it over", "evidence": "changed the evidence", "reviewed": "judged it",
    "reopened": "reopened it", "dropped": "dropped it", "taken up": "took it up again", "merged": "merged it",
    "appearance added": "added an appearance", "published": "published it", "corrected": "corrected it",
    "withdrawn": "withdrew it", "superseded": "superseded it", "held": "put it on hold",
    "overridden": "made an exception from a rule", "changes requested": "requested changes",
    "hold lifted": "lifted the hold", "imported": "imported it", "re-sealed": "sealed it anew on the present words",
}  # fmt: skip
_SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@register.filter
def as_json(value):
    """Return data as JSON for an attribute, which the template escapes."""
    return json.dumps(value)


@register.filter
def key_for(keys, action):
    """Return the key this person has for an action, or nothing where their keys are off."""
    return keys.of.get(action, "") if keys and keys.are_on else ""


@register.filter
def key_named(keys, action):
    """Return the key of an action in a table of keys."""
    return keys.get(action, "")


@register.simple_tag
def key_parts():
    """Return what every key does, by the part of the desk it belongs to."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for name, action in ACTIONS.items():
        parts.setdefault(action.part, []).append((name, action.words))
    return parts.items()


@register.filter
def tone(value):
    """Return the tone of a state: good, warn, bad, info or none."""
    return next((name for name, values in _TONES.items() if value in values), "none")


@register.filter
def runs(text):
    """Return a text in runs, each character that nobody sees in one of its own, with its name."""
    return signs.runs(text)


@register.filter
def link_state(value):
    """Return a link state in the desk's words."""
    return Source.LinkState(value).label


@register.filter
def percent(score):
    """Return a share from 0 to 1 as a whole percentage."""
    return f"{round(score * 100)}"


@register.filter
def stance(value):
    """Return a stance in the words the desk uses for it."""
    return Evidence.Stance(value).label if value in Evidence.Stance.values else value


@register.filter
def freshness(word):
    """Return a freshness in the words readers see."""
    return LABELS.get(word, word)


@register.filter
def person(user):
    """Return a person's name as colleagues use it."""
    return (user.get_full_name() or user.username) if user else "the machine"


@register.filter
def figure(value):
    """Return a figure in words, as readers of the public page see it."""
    return figure_words(value)


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
def page(quoted):
    """Return the page of the PDF on which a passage begins, or None without pages."""
    return quoted.snapshot.page_at(quoted.start)


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
