"""Checks: look at what was leased, many at once, and record what came back.

Fetching and reading go on in threads of their own, with no transaction open; the caller's thread writes. The
attempt, counted before the work, fences off a late result: it is recorded only while it is the source's own.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length

from sources.batches import look_at_many
from sources.collecting import collecting_seldom
from sources.models import Snapshot, Source, SourceCheck
from sources.outcomes import Outcome
from sources.page_class import PageKind, classify_page, is_blank
from sources.parsing import ParseRefused, parse_document
from sources.web import FetchPolicy, FetchRequest, FetchResult, Limits

from .leases import leased
from .records import BATCH, Look, record_looks
from .snapshots import new_snapshot, sha256, text_sha256

log = logging.getLogger(__name__)

# A look takes seconds, so the edge hands in its clock and not one time.
Clock = Callable[[], datetime]

# A 304 is believed at most so often or so long in a row, then the page is read again whole (R15).
TRUSTED_UNCHANGED = 9
TRUSTED_FOR = timedelta(days=7)


def policy() -> FetchPolicy:
    """Return the fetch rules of this installation."""
    return FetchPolicy(
        user_agent=settings.USER_AGENT,
        allowed_origin=settings.FETCH_ALLOWED_ORIGIN or None,
        proxy=settings.FETCH_PROXY or None,
        ca_file=settings.FETCH_CA_FILE or None,
        spacing=settings.FETCH_SPACING,
        limits=Limits(per_host=settings.FETCH_PER_HOST),
        robots=settings.FETCH_ROBOTS,
        closes_hosts=settings.FETCH_CLOSES_HOSTS,
        ports=tuple(settings.FETCH_PORTS),
        nat64_prefix=settings.FETCH_NAT64_PREFIX or None,
    )


@dataclass(frozen=True)
class Due:
    """A leased source, and the newest snapshots of it, without their texts."""

    source: Source
    newest: Snapshot | None
    document: Snapshot | None  # the newest that was one
    document_length: int | None  # characters


def check_sources(
    *, source_ids: Iterable[int], clock: Clock, requested_by: User | None = None, due_only: bool = True
) -> list[SourceCheck]:
    """Look at those of these sources that are due, many at once, and record each outcome at the clock's time.

    Written as they come, at most fifty together. Run twice, the second finds nothing due; a result whose lease has
    passed to another is dropped. With `due_only` off a person waits, and those not due are looked at too. A source
    that could not be recorded keeps its lease, to be tried again.
    """
    with leased(source_ids=source_ids, due_only=due_only) as sources, collecting_seldom():
        return _look_at(sources, clock=clock, requested_by=requested_by)


def check_source(*, source_id: int, requested_by: User | None, clock: Clock) -> SourceCheck | None:
    """Look at one source now because somebody waits; None if a look is under way or it has no address."""
    checks = check_sources(source_ids=[source_id], clock=clock, requested_by=requested_by, due_only=False)
    return checks[0] if checks else None


def _look_at(sources: list[Source], *, clock: Clock, requested_by: User | None) -> list[SourceCheck]:
    due = _with_snapshots(sources)
    if not due:
        return []
    requests = [_request(item, clock()) for item in due]

    def read(index: int, result: FetchResult) -> Look | None:
        return _read_safely(due[index], result, clock())

    checks: list[SourceCheck] = []
    for arrived in look_at_many(requests, policy(), read, together=BATCH):
        checks += _record([look for _, look in arrived if look is not None], requested_by, clock())
    return checks


def _with_snapshots(sources: list[Source]) -> list[Due]:
    newest = Snapshot.objects.filter(source=OuterRef("pk")).order_by("-fetched_at", "-pk").values("pk")
    document = newest.filter(page_class=Snapshot.PageClass.ARTICLE)
    newest_of = Source.objects.filter(pk__in=[source.pk for source in sources]).annotate(
        newest_id=Subquery(newest[:1]), document_id=Subquery(document[:1])
    )
    found_for = {pk: ids for pk, *ids in newest_of.order_by().values_list("pk", "newest_id", "document_id")}
    ids = set(chain.from_iterable(found_for.values())) - {None}
    known = (
        Snapshot.objects.filter(pk__in=ids).defer("text", "main_text", "page_starts").annotate(length=Length("text"))
    )
    snapshots = {snapshot.pk: snapshot for snapshot in known}
    return [
        Due(source, snapshots.get(newest_id), found, found.length if found else None)
        for source in sources
        for newest_id, document_id in [found_for[source.pk]]
        for found in [snapshots.get(document_id)]
    ]


def _request(due: Due, now: datetime) -> FetchRequest:
    source, newest = due.source, due.newest
    is_ours = newest is not None and newest.is_readable and not newest.is_by_hand
    is_recent = source.last_read_at is not None and now - source.last_read_at < TRUSTED_FOR
    if not is_ours or not is_recent or source.unchanged_in_a_row >= TRUSTED_UNCHANGED:
        return FetchRequest(url=source.url)
    return FetchRequest(url=source.url, etag=source.etag, last_modified=source.last_modified)


def _read_safely(due: Due, result: FetchResult, now: datetime) -> Look | None:
    """Read one result; None, and a line in the log, where our own code fails: the others of the batch go on."""
    try:
        return _read(due, result, now)
    except Exception:
        log.exception("the look at source %s left no outcome", due.source.pk)
        return None


def _read(due: Due, result: FetchResult, now: datetime) -> Look:
    source, newest = due.source, due.newest
    bodiless = replace(result, body=b"", raw_body=b"")

    def look(outcome: Outcome, reason: str = "", snapshot: Snapshot | None = None) -> Look:
        return Look(source.pk, source.attempt, bodiless, outcome, reason, snapshot)  # a body is kept only if new

    if result.outcome != Outcome.OK:
        outcome = Outcome(result.outcome)
        return look(outcome, result.reason, newest if outcome == Outcome.UNCHANGED else None)
    content_type = result.headers.get("content-type", "")
    if newest is not None and _is_as_read(newest, result, content_type):
        return look(Outcome.OK, "", newest)
    try:
        is_first = due.document is None
        parsed = parse_document(result.body, content_type, result.final_url, with_metadata=is_first)
    except ParseRefused as refusal:
        return look(Outcome(refusal.outcome), refusal.reason)
    if is_blank(parsed.text):  # what scripts, a wall or an error hide has a class of its own
        page = classify_page(parsed, http_status=result.http_status, final_url=result.final_url, url=source.url)
        if page.value is PageKind.EMPTY:
            return look(Outcome.EMPTY, page.reason)
    digest = text_sha256(parsed.text)
    if newest is not None and newest.text_sha256 == digest and newest.http_status == result.http_status:
        return look(Outcome.OK, "", newest)
    snapshot = new_snapshot(
        source=source, result=result, parsed=parsed, digest=digest, earlier_length=due.document_length, now=now
    )
    kept = replace(result, body=b"")  # only as received is it kept
    return replace(look(Outcome.OK, "", snapshot), result=kept, is_new=True, read_before=due.document)


def _is_as_read(newest: Snapshot, result: FetchResult, content_type: str) -> bool:
    """Whether the very bytes of the newest snapshot came again, in the same way: they say what they said."""
    return (
        not newest.is_by_hand
        and (newest.byte_count, newest.http_status) == (len(result.body), result.http_status)
        and (newest.final_url, newest.headers.get("content-type", "")) == (result.final_url, content_type)
        and newest.raw_sha256 == sha256(result.body)
    )


def _record(looks: Sequence[Look], requested_by: User | None, now: datetime) -> list[SourceCheck]:
    """Record looks together; one by one where the database refuses one of them."""
    if not looks:
        return []
    try:
        return record_looks(looks=looks, requested_by=requested_by, now=now)
    except DatabaseError:
        if len(looks) == 1:
            log.exception("the look at source %s could not be recorded", looks[0].source_id)
            return []
    for look in looks:
        if look.is_new and look.snapshot is not None:
            look.snapshot.pk = None
    return [check for look in looks for check in _record([look], requested_by, now)]
