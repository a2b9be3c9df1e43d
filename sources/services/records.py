"""Records: what a batch of looks brought, written at once in one short transaction, each look exactly once."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, F, Q

from sources import intervals, noise
from sources.models import Snapshot, Source, SourceCheck
from sources.outcomes import Outcome
from sources.web import FetchResult

from .following import Seen, follow_look
from .snapshots import fill_in, keep_captures

log = logging.getLogger(__name__)

BATCH = 50

# What a look moves on its source. Who edits a source at the same time changes other columns.
MOVED = (
    "moved_to", "title", "author", "published_on", "language", "link_state", "link_state_reason", "last_attempted_at",
    "last_succeeded_at", "last_confirmed_at", "last_read_at", "disturbed_at", "suspected_state", "suspected_at",
    "dead_since", "failures_counted", "failure_counted_at", "etag", "last_modified", "unchanged_in_a_row",
    "next_check_at", "next_check_reason", "attempts_without_outcome", "lease_expires_at",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What one fetch and its reading brought."""

    source_id: int
    attempt: int
    result: FetchResult
    outcome: Outcome
    reason: str = ""
    snapshot: Snapshot | None = None
    is_new: bool = False  # the text is: the snapshot is not saved yet, else it is the newest there is
    read_before: Snapshot | None = None  # the newest that was a document, where the text is new


def record_looks(*, looks: Sequence[Look], requested_by: User | None, now: datetime) -> list[SourceCheck]:
    """Record these looks, of a source each, and what follows for the sources; return the checks.

    A look whose source has been handed to a later attempt, or that is recorded already, is dropped.
    """
    drifts = _drifts(looks)
    keep_captures((look.snapshot, look.result) for look in looks if look.is_new and look.snapshot)
    with transaction.atomic():
        ids = [look.source_id for look in looks]
        locked = Source.objects.select_for_update().filter(pk__in=ids).order_by("pk")
        sources = {source.pk: source for source in locked}
        recorded = SourceCheck.objects.filter(source__in=ids, attempt=F("source__attempt"))
        current = _current(looks, sources, set(recorded.values_list("source_id", flat=True)))
        changes = _changes(ids, now)
        Snapshot.objects.bulk_create(look.snapshot for look in current if look.is_new and look.snapshot)
        checks = []
        for look in current:
            source, drift = sources[look.source_id], drifts.get(look.source_id)
            seen = Seen(look.outcome, look.result, _reason(look, drift), look.snapshot, _has_changed(look, drift))
            is_live_again = follow_look(source, seen, changes=changes.get(source.pk, (0, 0)), now=now)
            if look.is_new and look.snapshot is not None and look.snapshot.is_readable:
                fill_in(source, look.snapshot)
            checks.append(_check(source, look, seen, is_live_again, requested_by, now))
        SourceCheck.objects.bulk_create(checks)
        _save([sources[look.source_id] for look in current])
    return checks


def _drifts(looks: Iterable[Look]) -> dict[int, noise.Drift]:
    """Compare each new text of a document with the one before it, outside of any transaction."""
    renewed = [look for look in looks if look.read_before is not None and look.snapshot and look.snapshot.is_readable]
    texts = dict(
        Snapshot.objects.filter(pk__in=[look.read_before.pk for look in renewed if look.read_before])
        .order_by()
        .values_list("source_id", "text")
    ) if renewed else {}  # fmt: skip
    return {
        look.source_id: noise.compare(texts[look.source_id], look.snapshot.text)
        for look in renewed
        if look.snapshot and look.source_id in texts
    }


def _has_changed(look: Look, drift: noise.Drift | None) -> bool:
    return look.is_new and drift is not None and not drift.is_noise


def _reason(look: Look, drift: noise.Drift | None) -> str:
    if look.reason:
        return look.reason
    if drift is not None and drift.is_noise and look.is_new:
        return drift.reason
    return look.snapshot.page_class_reason if look.snapshot else ""


def _current(looks: Sequence[Look], sources: dict[int, Source], recorded: set[int]) -> list[Look]:
    current = []
    for look in looks:
        source = sources.get(look.source_id)
        if source is None or source.attempt != look.attempt or source.pk in recorded:
            now_at = source.attempt if source else "none"
            log.info("late look at source %s dropped: attempt %s of %s", look.source_id, look.attempt, now_at)
            continue
        current.append(look)
    return current


def _changes(ids: list[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Count the changes of the document that looks of the last week and month saw."""
    seen = SourceCheck.objects.filter(source__in=ids, has_changed=True, checked_at__gt=now - intervals.MONTH)
    counted = seen.order_by().values_list("source_id").annotate(
        week=Count("pk", filter=Q(checked_at__gt=now - intervals.WEEK)), month=Count("pk")
    )  # fmt: skip
    return {source_id: (week, month) for source_id, week, month in counted}


def _check(
    source: Source, look: Look, seen: Seen, is_live_again: bool, requested_by: User | None, now: datetime
) -> SourceCheck:
    return SourceCheck(
        source=source,
        attempt=look.attempt,
        requested_by=requested_by,
        checked_at=now,
        outcome=look.outcome,
        http_status=look.result.http_status,
        final_url=look.result.final_url[:2048],
        byte_count=look.result.bytes,
        seconds=round(look.result.seconds, 3),
        link_state=source.link_state,
        page_class=look.snapshot.page_class if look.snapshot else _class_without_snapshot(look),
        has_changed=seen.has_changed,
        is_live_again=is_live_again,
        reason=(source.link_state_reason if is_live_again else seen.reason)[:300],
        snapshot=look.snapshot,
    )


def _class_without_snapshot(look: Look) -> str:
    return Snapshot.PageClass.EMPTY if look.outcome == Outcome.EMPTY else ""


def _save(sources: Sequence[Source]) -> None:
    """Write what the looks moved, each row fenced by its attempt.

    One prepared statement: bulk_update's CASE of every column for every row costs more than all else here.
    """
    if not sources:
        return
    fields = [field for field in Source._meta.concrete_fields if field.name in MOVED]
    name = connection.ops.quote_name
    columns = ", ".join(f"{name(str(field.column))} = %s" for field in fields)
    rows = [
        [
            *(field.get_db_prep_save(getattr(source, field.attname), connection) for field in fields),
            source.pk,
            source.attempt,
        ]
        for source in sources
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {name(Source._meta.db_table)} SET {columns} WHERE id = %s AND attempt = %s",  # noqa: S608
            rows,
        )
