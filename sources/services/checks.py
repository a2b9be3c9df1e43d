"""Checks: lease what is due, fetch with no transaction open, record what came back.

Two short transactions with the network between them. The attempt, counted before the work, fences off a
late result: it is recorded only while it is still the source's own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User

from sources.models import Source, SourceCheck
from sources.outcomes import Outcome
from sources.parsing import ParseRefused, parse_document
from sources.web import FetchPolicy, FetchRequest, FetchResult, fetch_all

from .leases import leased
from .records import Look, record_look

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
        spacing=settings.FETCH_SPACING,
        robots=settings.FETCH_ROBOTS,
    )


def check_sources(*, source_ids: Iterable[int], clock: Clock, requested_by: User | None = None) -> list[SourceCheck]:
    """Look at those of these sources that are due, many at once, and record each outcome at the clock's time.

    Run twice, the second finds nothing due; a result whose lease has passed to another is dropped.
    """
    with leased(source_ids=source_ids) as sources:
        return _look_at(sources, clock=clock, requested_by=requested_by)


def check_source(*, source_id: int, requested_by: User | None, clock: Clock) -> SourceCheck | None:
    """Look at one source now because somebody waits; None if a look is under way or it has no address."""
    with leased(source_ids=[source_id], due_only=False) as sources:
        checks = _look_at(sources, clock=clock, requested_by=requested_by)
    return checks[0] if checks else None


def _look_at(sources: list[Source], *, clock: Clock, requested_by: User | None) -> list[SourceCheck]:
    requests = [_request(source, clock()) for source in sources]
    results = fetch_all(requests, policy()) if requests else []
    checks = []
    for source, result in zip(sources, results, strict=True):
        look = _read(source, result)
        check = record_look(
            source_id=source.pk, attempt=source.attempt, look=look, requested_by=requested_by, now=clock()
        )
        if check:
            checks.append(check)
    return checks


def _request(source: Source, now: datetime) -> FetchRequest:
    recent = source.last_confirmed_at and now - source.last_confirmed_at < TRUSTED_FOR
    if not recent or source.unchanged_in_a_row >= TRUSTED_UNCHANGED:
        return FetchRequest(url=source.url)
    return FetchRequest(url=source.url, etag=source.etag, last_modified=source.last_modified)


def _read(source: Source, result: FetchResult) -> Look:
    if result.outcome != Outcome.OK:
        return Look(result, Outcome(result.outcome), result.reason)
    try:
        is_first = source.last_succeeded_at is None
        content_type = result.headers.get("content-type", "")
        parsed = parse_document(result.body, content_type, result.final_url, with_metadata=is_first)
    except ParseRefused as refusal:
        return Look(result, Outcome(refusal.outcome), refusal.reason)
    return Look(result, Outcome.OK, "", parsed)
