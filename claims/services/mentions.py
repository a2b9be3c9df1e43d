"""Mentions: a colleague named with @ in a note is told of it until they have read it."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from claims import permissions
from claims.models import Claim, Mention, ReviewerNote

# As Django allows user names, which may hold @ and . inside; a full stop at the end of a sentence is not theirs.
_NAMED = re.compile(r"(?<![\w@.+-])@([\w.@+-]+)")


def colleagues() -> QuerySet[User]:
    """Return everybody who works at the desk."""
    at_desk = Q(groups__name__in=permissions.DESK_ROLES) | Q(is_superuser=True)
    return User.objects.filter(at_desk, is_active=True).distinct().order_by("username")


def tell_mentioned(note: ReviewerNote) -> list[Mention]:
    """Note whom this note names, its author apart; names that no colleague has are plain words."""
    names = {name.rstrip(".-+@").lower() for name in _NAMED.findall(note.text)}
    if not names:
        return []
    named = [person for person in colleagues() if person.username.lower() in names and person.pk != note.author_id]
    return Mention.objects.bulk_create(Mention(note=note, person=person) for person in named)


def unread_mentions(person: User) -> QuerySet[Mention]:
    """Return the notes that name this person and that they have not read, newest first."""
    return Mention.objects.filter(person=person, read_at=None).select_related("note__author", "note__claim")


def read_mentions(*, person: User, now: datetime, pks: Iterable[int] | None = None, claim: Claim | None = None) -> int:
    """Mark mentions of this person as read, all of them, these, or those on one claim; return how many."""
    unread = Mention.objects.filter(person=person, read_at=None)
    if claim is not None:
        unread = unread.filter(note__claim=claim)
    return (unread if pks is None else unread.filter(pk__in=list(pks))).update(read_at=now)
