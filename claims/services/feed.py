"""The change feed: rows in order, filtered, and readers who wait for the next one.

Whoever waits holds a thread of the web server, so at most half of them may; a process counts its own.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep

from django.conf import settings
from django.db.models import QuerySet

from claims.models import Change, LedgerHead

LOOK_EVERY = 0.5  # seconds between two looks for a new row
LONGEST_WAIT = 30
SIGN_EVERY = 5  # seconds of a stream without a row, after which its reader is shown that it goes on


@dataclass(frozen=True)
class Wanted:
    """Which changes a reader wants: of these kinds, claims and topics; an empty one lets everything through."""

    kinds: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()  # public ids
    topics: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return self == Wanted()

    def rows(self) -> QuerySet[Change]:
        found = Change.objects.all()
        if self.kinds:
            found = found.filter(kind__in=self.kinds)
        if self.claims:
            found = found.filter(claim__public_id__in=self.claims)
        if self.topics:
            found = found.filter(claim__topics__slug__in=self.topics).distinct()
        return found


@dataclass(frozen=True)
class Rows:
    """Rows of the ledger, and how far it was looked through for them: the place to go on after."""

    found: list[tuple[int, str]]
    reached: int


def next_seq() -> int:
    """Return the seq of the row that comes next: so many there are."""
    return LedgerHead.objects.values_list("next_seq", flat=True).get(pk=1)


def first_replayed(head: int) -> int:
    """Return the seq of the first row that is replayed; what comes before is in the dump."""
    return max(0, head - settings.CHANGES_REPLAYED) if settings.CHANGES_REPLAYED else 0


def rows_after(after: int, *, wanted: Wanted, limit: int) -> Rows:
    """Return the rows that come after this one, at most so many, in order."""
    if wanted.is_everything:
        found = Change.objects.following(after, limit)
        return Rows(found, found[-1][0] if found else after)
    head = next_seq()  # read first: what is committed in between waits for the next question
    rows = wanted.rows().filter(seq__gt=after, seq__lt=head).order_by("seq")
    found = list(rows.values_list("seq", "body")[:limit])
    return Rows(found, found[-1][0] if len(found) == limit else max(after, head - 1))


def wait_for_rows(after: int, *, wanted: Wanted, limit: int, seconds: float) -> Rows:
    """Return the rows after this one as soon as there are any, or none when the time is over.

    Without a free place to wait it answers at once.
    """
    rows = rows_after(after, wanted=wanted, limit=limit)
    place = None if rows.found else waiting.take()
    if place is None:
        return rows
    try:
        deadline = monotonic() + seconds
        while not rows.found and monotonic() < deadline:
            sleep(min(LOOK_EVERY, max(0.0, deadline - monotonic())))
            if next_seq() - 1 > rows.reached:
                rows = rows_after(rows.reached, wanted=wanted, limit=limit)
        return rows
    finally:
        place.give_back()


class Place:
    """A place among those who wait; given back once, however often it is asked for."""

    def __init__(self, of: "Waiting"):
        self._of, self._is_held = of, True

    def give_back(self) -> None:
        with self._of.lock:
            self._of.taken -= self._is_held
            self._is_held = False


class Waiting:
    """How many threads of this process wait for readers."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken = 0

    def take(self) -> Place | None:
        """Return a place, or None while half of the threads wait already."""
        with self.lock:
            if self.taken >= settings.WEB_THREADS // 2:
                return None
            self.taken += 1
            return Place(self)


waiting = Waiting()


def follow(after: int, *, wanted: Wanted, limit: int, seconds: float) -> Iterator[Rows]:
    """Yield rows as they come, for so many seconds, and now and then none, so that a reader who left is noticed."""
    deadline, quiet_since = monotonic() + seconds, monotonic()
    reached = after
    while monotonic() < deadline:
        rows = rows_after(reached, wanted=wanted, limit=limit)
        if rows.found or monotonic() - quiet_since >= SIGN_EVERY:
            yield rows
            quiet_since = monotonic()
        reached = rows.reached
        if len(rows.found) < limit:
            sleep(LOOK_EVERY)
