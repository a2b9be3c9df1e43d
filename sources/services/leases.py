"""Leases: whose turn it is to look at a source, so that no look is lost and none is done twice.

The row is the job; a message to a worker is only a hint that it waits (R35). A sweep hands out what is due,
a worker leases it, renews the lease while it works, and the record of the look ends it:

    due         `next_check_at` has come and nobody holds a lease
    handed out  `handed_out_at`: workers were told; they are told again if none leased it in time
    leased      `lease_expires_at`, `lease_owner`, and one more `attempt`, which fences off a late result
    given up    no `next_check_at` after CHECK_TRIES looks that left no outcome: a dead letter, for a person

All times here are the database's own, so that a worker whose clock is wrong, or steps, does no harm (R39).
"""

import logging
import os
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from sources.errors import SourceRefused
from sources.models import Source
from sources.models.sources import SourceQuerySet

log = logging.getLogger(__name__)

MINUTE = timedelta(seconds=60)
_FOR_A_LOOK = ("url", "attempt", "etag", "last_modified", "unchanged_in_a_row", "last_read_at")  # a row has forty
JITTER = 0.2  # so that what failed together is not tried together again (R37)
SWEEP_LOCK = 0x5377656570  # of PostgreSQL's advisory locks; any number nothing else here uses


def database_clock() -> Callable[[], datetime]:
    """Return a clock that goes by the database's time, asked once; for work whose next turn depends on it.

    A worker that went by its own, a day behind, would find each source due again as soon as it had looked.
    """
    answer = list(Source.objects.order_by().values_list(Now(), flat=True)[:1])
    asked, begun = answer[0] if answer else timezone.now(), time.monotonic()
    return lambda: asked + timedelta(seconds=time.monotonic() - begun)


# -- handing out ----------------------------------------------------------------------------------------
@transaction.atomic
def hand_out() -> list[list[int]]:
    """Choose the due sources whose turn it is, longest overdue first, and return their ids, a batch a message.

    In any minute at most CHECKS_PER_MINUTE are handed out, however many are due and however many sweep
    (R38). A batch has CHECK_BATCH sources while so many wait. A source whose last look left no outcome goes
    alone: if it ends the worker again, no other look ends with it. One that no worker leases within
    CHECK_HINT seconds is handed out again.
    """
    if not _is_only_sweep():
        return []
    lately = Source.objects.filter(handed_out_at__gt=Now() - MINUTE, handed_out_at__lte=Now()).count()
    may_go = settings.CHECKS_PER_MINUTE - lately
    if may_go <= 0:
        return []
    waiting = Source.objects.due().not_handed_out(timedelta(seconds=settings.CHECK_HINT))
    rows = list(waiting.order_by("next_check_at").values_list("pk", "attempts_without_outcome", "url")[:may_go])
    size = min(settings.CHECK_BATCH, settings.CHECKS_PER_MINUTE)
    if len(rows) == may_go < size:
        return []  # more are due than may go now: a whole batch goes a little later
    for first in range(0, len(rows), 500):
        some = [pk for pk, _, _ in rows[first : first + 500]]
        Source.objects.filter(pk__in=some).update(handed_out_at=Now())
    alone = [[pk] for pk, tries, _ in rows if tries]
    return [*_dealt([(pk, url) for pk, tries, url in rows if not tries], size), *alone]


def _is_only_sweep() -> bool:
    """Keep a second sweep from handing out beside this one; SQLite's transactions stand in line by themselves."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _dealt(sources: list[tuple[int, str]], size: int) -> list[list[int]]:
    """Deal sources into batches of `size`, the last of what is left, each over as many hosts as there are.

    A host is asked seldom, so that a batch of one host would take as long as all the others together.
    """
    by_host = [pk for _, pk in sorted((urlsplit(url).netloc, pk) for pk, url in sources)]
    sizes = [min(size, len(by_host) - first) for first in range(0, len(by_host), size)]
    batches: list[list[int]] = [[] for _ in sizes]
    for pk in by_host:
        emptiest = min(range(len(sizes)), key=lambda at: len(batches[at]) / sizes[at])
        batches[emptiest].append(pk)
    return batches


@transaction.atomic
def free_expired() -> int:
    """End the leases of workers that fell silent; return how many. Their sources wait a little, or for a person.

    Safe beside workers and other sweeps: only a lease that is still the expired one is ended.
    """
    freed = 0
    expired = Source.objects.expired().select_for_update(skip_locked=True)
    for source_id, attempt, tries in expired.values_list(*_TRIED)[: settings.CHECKS_PER_MINUTE]:
        still = Source.objects.expired().filter(pk=source_id, attempt=attempt)
        freed += still.update(**_after_try(tries))
        log.warning("look %s at source %s left no outcome (try %s)", attempt, source_id, tries)
    return freed


_TRIED = ("pk", "attempt", "attempts_without_outcome")


def _after_try(tries: int) -> dict[str, Any]:
    """Return what a source becomes after a look without an outcome, its `tries`th in a row."""
    if tries >= settings.CHECK_TRIES:
        reason = f"given up: {tries} looks in a row left no outcome"
        return {"next_check_at": None, "lease_expires_at": None, "next_check_reason": reason}
    waits = settings.CHECK_RETRY_WAITS
    wait = waits[min(max(tries, 1), len(waits)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    reason = f"the last look left no outcome; try {tries + 1} of {settings.CHECK_TRIES}"
    return {
        "next_check_at": Now() + timedelta(seconds=wait),
        "lease_expires_at": None,
        "next_check_reason": reason,
    }


# -- holding --------------------------------------------------------------------------------------------
@contextmanager
def leased(*, source_ids: Iterable[int], due_only: bool = True) -> Iterator[list[Source]]:
    """Lease those of these sources that are still due and free, and hold them while the block runs.

    They carry what a look starts from; the rest is asked of the database when it is used. With `due_only` off, a
    person waits: they need not be due, and an expired lease is taken over. The attempt is
    counted before the work. The leases are renewed every CHECK_HEARTBEAT seconds; recording a look ends its
    lease. What is left when the block raises is tried again later, and at once, uncounted, when it was told
    to end (SystemExit, KeyboardInterrupt).
    """
    owner = f"{owner_prefix(os.getpid())}{uuid.uuid4().hex}"
    ids = list(source_ids)
    held = Source.objects.filter(pk__in=ids, lease_owner=owner, lease_expires_at__isnull=False)
    with transaction.atomic():
        free = Source.objects.due() if due_only else Source.objects.watched().unless_leased()
        taken = free.filter(pk__in=_locked(free.filter(pk__in=ids))).update(
            lease_owner=owner,
            lease_expires_at=_lease_end(),
            handed_out_at=Now(),
            attempt=F("attempt") + 1,
            attempts_without_outcome=F("attempts_without_outcome") + 1,
        )
        sources = list(held.only(*_FOR_A_LOOK)) if taken else []
    if not sources:
        yield []
        return
    try:
        with _renewed(held):
            yield sources
    except Exception:
        for source_id, attempt, tries in list(held.values_list(*_TRIED)):
            held.filter(pk=source_id, attempt=attempt).update(**_after_try(tries))
        raise
    except BaseException:
        release(owner=owner)
        raise


def owner_prefix(pid: int) -> str:
    """Return how the names of all leases of one process of this machine begin."""
    return f"{socket.gethostname()[:64]}:{pid}:"


def _locked(sources: SourceQuerySet) -> list[int]:
    """Lock the rows nobody else has locked, so that two who want many never wait for each other's."""
    return list(sources.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))


def _lease_end():
    return Now() + timedelta(seconds=settings.CHECK_LEASE)


@contextmanager
def _renewed(held: SourceQuerySet) -> Iterator[None]:
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(settings.CHECK_HEARTBEAT):
            try:
                with transaction.atomic():
                    held.filter(pk__in=_locked(held)).update(lease_expires_at=_lease_end())
            except DatabaseError as error:
                log.warning("leases not renewed (%s); trying again", type(error).__name__)
                connection.close()
        connection.close()

    thread = threading.Thread(target=renew, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def release(*, owner: str) -> int:
    """Give back the leases of an owner, or of all whose name begins so; due at once, and not counted as a try."""
    held = Source.objects.filter(lease_owner__startswith=owner, lease_expires_at__isnull=False)
    return held.update(
        lease_expires_at=None,
        handed_out_at=None,
        attempts_without_outcome=F("attempts_without_outcome") - 1,
    )


# -- dead letters ---------------------------------------------------------------------------------------
def requeue_source(*, source_id: int, by: User | None = None) -> None:
    """Look again at a source that was given up, with all its tries; or raise SourceRefused."""
    who = f" by {by}" if by else ""
    taken = (
        Source.objects.given_up()
        .filter(pk=source_id)
        .update(
            next_check_at=Now(),
            next_check_reason=f"queued again{who}"[:200],
            attempts_without_outcome=0,
            handed_out_at=None,
        )
    )
    if not taken:
        raise SourceRefused("It is no longer given up; nothing was changed.", code="not_given_up")
