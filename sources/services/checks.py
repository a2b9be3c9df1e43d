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
from sources.page_class import PageKind, classify_page, is_blank
from sources.parsing import ParseRefused, parse_document
from sources.web import FetchPolicy, FetchRequest, FetchResult, Limits, fetch_all

from .leases import lease_now
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
        ca_file=settings.FETCH_CA_FILE or None,
        spacing=settings.FETCH_SPACING,
        limits=Limits(per_host=settings.FETCH_PER_HOST),
        robots=settings.FETCH_ROBOTS,
        closes_hosts=settings.FETCH_CLOSES_HOSTS,
        ports=tuple(settings.FETCH_PORTS),
        nat64_prefix=settings.FETCH_NAT64_PREFIX or None,
    )


def check_sources(*, source_ids: Iterable[int], clock: Clock, requested_by: User | None = None) -> list[SourceCheck]:
    """Look at these leased sources again, many at once, and record each outcome at the clock's time.

    Run twice, it is only a second look: a result whose lease has passed to another is dropped.
    """
    sources = list(Source.objects.watched().filter(pk__in=list(source_ids), lease_expires_at__isnull=False))
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


def check_source(*, source_id: int, requested_by: User | None, clock: Clock) -> SourceCheck | None:
    """Look at one source now because somebody waits; None if a look is under way or it has no address."""
    if not lease_now(source_id=source_id, now=clock()):
        return None
    checks = check_sources(source_ids=[source_id], clock=clock, requested_by=requested_by)
    return checks[0] if checks else None


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
    if is_blank(parsed.text):  # what scripts, a wall or an error hide has a class of its own
        page = classify_page(parsed, http_status=result.http_status, final_url=result.final_url, url=source.url)
        if page.value is PageKind.EMPTY:
            return Look(result, Outcome.EMPTY, page.reason)
    return Look(result, Outcome.OK, "", parsed)
