"""Preferences: each person's keys at the desk and their saved filters of the queue."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from claims.errors import PreferenceRefused
from claims.models import DeskPreference, SavedFilter


@dataclass(frozen=True)
class Action:
    """One thing a key does: its usual key, its words on the sheet, and the part of the desk it belongs to."""

    key: str
    words: str
    part: str


# One table for the page's script, the sheet of keys and the page that changes them. Enter, Escape, the digits and
# Ctrl+Enter keep their meaning and are not in it.
ACTIONS = {
    "next": Action("j", "Next row, or next passage", "Everywhere"),
    "previous": Action("k", "Previous row, or previous passage", "Everywhere"),
    "search": Action("/", "Search", "Everywhere"),
    "assign": Action("a", "Assign to me", "Everywhere"),
    "sheet": Action("?", "This sheet of keys", "Everywhere"),
    "queue": Action("q", "Back to the queue", "Everywhere"),
    "supports": Action("s", "Supports", "The focused or selected passage"),
    "partly_supports": Action("p", "Partly supports", "The focused or selected passage"),
    "refutes": Action("r", "Refutes", "The focused or selected passage"),
    "context": Action("c", "Context", "The focused or selected passage"),
    "failed_verification": Action("f", "Failed verification", "The focused or selected passage"),
    "snapshot": Action("t", "Its saved text", "The focused or selected passage"),
    "live": Action("o", "Its live page, at the passage", "The focused or selected passage"),
    "diff": Action("d", "What differs from the snapshot before", "The focused or selected passage"),
    "note": Action("n", "Write a note", "The claim"),
    "edit": Action("e", "Edit the claim", "The claim"),
    "source": Action("u", "Add a source", "The claim"),
    "history": Action("h", "History", "The claim"),
    "tick": Action("x", "Tick the row for a change to many", "The queue"),
}
_KEPT = frozenset("0123456789 ")


@dataclass(frozen=True)
class Keys:
    """The keys one person works with; `of` names the key of every action."""

    are_on: bool
    of: dict[str, str]


def keys_of(person: User) -> Keys:
    """Return this person's keys, the usual ones where they chose no others; one query."""
    stored = DeskPreference.objects.filter(person=person).first()
    own = {name: key for name, key in (stored.keys if stored else {}).items() if name in ACTIONS}
    return Keys(stored.keys_on if stored else True, {name: action.key for name, action in ACTIONS.items()} | own)


def set_keys(*, person: User, keys_on: bool, keys: Mapping[str, str]) -> Keys:
    """Keep this person's keys; raise PreferenceRefused for one that is no single character, kept, or given twice."""
    wanted = {name: action.key for name, action in ACTIONS.items()}
    wanted |= {name: key.strip() for name, key in keys.items() if name in ACTIONS and key.strip()}
    taken: dict[str, str] = {}
    for name, key in wanted.items():
        words = ACTIONS[name].words
        if len(key) != 1 or not key.isprintable():
            raise PreferenceRefused(f"“{words}”: one character, such as a letter.", field=name)
        if key in _KEPT:
            raise PreferenceRefused(f"“{words}”: the digits choose the rating; take another key.", field=name)
        if key in taken:
            raise PreferenceRefused(f"“{words}”: {key} is taken by “{ACTIONS[taken[key]].words}”.", field=name)
        taken[key] = name
    own = {name: key for name, key in wanted.items() if key != ACTIONS[name].key}
    DeskPreference.objects.update_or_create(person=person, defaults={"keys_on": keys_on, "keys": own})
    return Keys(keys_on, wanted)


FILTERS_LIMIT = 30


@transaction.atomic
def save_filter(*, person: User, name: str, query: str) -> SavedFilter:
    """Keep a view of the queue under a name; one of the same name is replaced. Raises PreferenceRefused."""
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise PreferenceRefused("Name the filter, in at most 60 characters.", field="name")
    if len(query) > 600:
        raise PreferenceRefused("This filter is too long to be saved.", field="name")
    saved = SavedFilter.objects.filter(person=person)
    if saved.exclude(name=name).count() >= FILTERS_LIMIT:
        raise PreferenceRefused(f"You have {FILTERS_LIMIT} saved filters; remove one first.", field="name")
    return SavedFilter.objects.update_or_create(person=person, name=name, defaults={"query": query})[0]


def remove_filter(*, person: User, pk: int) -> None:
    """Forget a saved filter; somebody else's is not touched."""
    SavedFilter.objects.filter(person=person, pk=pk).delete()
