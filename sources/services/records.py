"""Records: what one look brought, written in one transaction with what follows for the source."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from sources.models import Snapshot, Source, SourceCheck
from sources.outcomes import Outcome, link_state
from sources.parsing import ParsedDocument
from sources.web import FetchResult

from .snapshots import capture_snapshot
from .sources import next_interval

log = logging.getLogger(__name__)

DEADLY_FAILURES = 3
DEVIATED_CLASSES = (Snapshot.PageClass.SOFT_404, Snapshot.PageClass.PARKED)


@dataclass(frozen=True)
class Look:
    """What one fetch and its reading brought."""

    result: FetchResult
    outcome: Outcome
    reason: str
    parsed: ParsedDocument | None = None


@transaction.atomic
def record_look(
    *, source_id: int, attempt: int, look: Look, requested_by: User | None, now: datetime
) -> SourceCheck | None:
    """Record one look and what follows for the source; None if a later attempt has taken its place."""
    source = Source.objects.select_for_update().get(pk=source_id)
    if source.attempt != attempt or source.checks.filter(attempt=attempt).exists():
        log.info("late look at source %s dropped: attempt %s of %s", source_id, attempt, source.attempt)
        return None
    source.last_attempted_at = now
    snapshot, has_changed = None, False
    if look.parsed is not None:
        had_text = source.snapshots.exists()
        snapshot, is_new = capture_snapshot(source=source, result=look.result, parsed=look.parsed, now=now)
        has_changed = is_new and had_text
    elif look.outcome == Outcome.UNCHANGED:
        snapshot = source.snapshots.first()
    _follow(source, look, snapshot, has_changed, now)
    source.save_without_historical_record()  # type: ignore[attr-defined]  # simple-history's
    return SourceCheck.objects.create(
        source=source,
        attempt=attempt,
        requested_by=requested_by,
        checked_at=now,
        outcome=look.outcome,
        http_status=look.result.http_status,
        final_url=look.result.final_url[:2048],
        byte_count=look.result.bytes,
        seconds=round(look.result.seconds, 3),
        link_state=source.link_state,
        page_class=snapshot.page_class if snapshot else _class_without_snapshot(look),
        has_changed=has_changed,
        reason=(look.reason or (snapshot.page_class_reason if snapshot else ""))[:300],
        snapshot=snapshot,
    )


def _class_without_snapshot(look: Look) -> str:
    return Snapshot.PageClass.EMPTY if look.outcome == Outcome.EMPTY else ""


def _follow(source: Source, look: Look, snapshot: Snapshot | None, has_changed: bool, now: datetime) -> None:
    """Set the source's times, link state and next look from what was seen."""
    succeeded = snapshot is not None
    is_document = snapshot is not None and snapshot.is_readable
    if succeeded:
        source.last_succeeded_at = now
        source.unchanged_in_a_row = 0 if has_changed else source.unchanged_in_a_row + 1
    if is_document:
        source.last_confirmed_at = now
        source.failures_counted, source.failure_counted_at = 0, None
        source.etag = look.result.etag[:500] or source.etag
        source.last_modified = look.result.last_modified[:100] or source.last_modified
    if has_changed:
        source.disturbed_at = now
    proposed = link_state(
        look.outcome,
        page_class=snapshot.page_class if snapshot else "",
        http_status=look.result.http_status or 0,
        permanent_redirect=look.result.permanent_redirect,
    )
    if look.result.permanent_redirect and is_document:
        source.moved_to = look.result.final_url[:2048]
    _set_link_state(source, proposed, look, now)
    source.attempts_without_outcome = 0
    source.lease_expires_at = None
    wait, why = next_interval(source, has_changed=has_changed)
    if has_changed:
        wait, why = timedelta(seconds=settings.CHECK_CONFIRM_AFTER), "it changed; a second look confirms it"
    elif source.link_state == Source.LinkState.FAILING:
        is_conclusive = look.outcome in (Outcome.GONE, Outcome.OK)
        seconds = settings.CHECK_CONFIRM_AFTER if is_conclusive else settings.CHECK_INTERVAL_MIN
        why = "a second look confirms it" if is_conclusive else f"the last look failed ({look.outcome})"
        wait = timedelta(seconds=seconds)
    elif source.link_state == Source.LinkState.DEAD:
        wait, why = timedelta(seconds=settings.CHECK_INTERVAL_MAX), "it is gone; we look whether it comes back"
    if look.result.retry_after:
        wait = max(wait, timedelta(seconds=look.result.retry_after))
        why = "the site asked us to wait"
    source.next_check_at, source.next_check_reason = now + wait, why


def _set_link_state(source: Source, proposed: str, look: Look, now: datetime) -> None:
    """Apply the rule of death: three failures, each far enough after the one counted before.

    410 counts at once and is confirmed by a second look, and so is a page that is no longer that document;
    until then, and after one bad answer of another kind, the source is `failing`.
    """
    was = source.link_state
    before = source.checks.first()
    if proposed == Source.LinkState.DEVIATED and was != proposed:
        seen_before = before is not None and before.page_class in DEVIATED_CLASSES
        source.link_state = proposed if seen_before else Source.LinkState.FAILING
    elif proposed not in (Source.LinkState.FAILING, Source.LinkState.DEAD):
        source.link_state = proposed
    elif was != Source.LinkState.DEAD:
        source.link_state = Source.LinkState.FAILING
        spacing = timedelta(seconds=settings.DEATH_SPACING)
        is_gone_again = look.outcome == Outcome.GONE and before is not None and before.outcome == Outcome.GONE
        is_counted = source.failure_counted_at is None or now - source.failure_counted_at >= spacing
        if is_counted or look.outcome == Outcome.GONE:
            source.failures_counted += 1
            source.failure_counted_at = now
        if is_gone_again or source.failures_counted >= DEADLY_FAILURES:
            source.link_state = Source.LinkState.DEAD
    if source.link_state != was:
        source.link_state_reason = (look.reason or f"{look.outcome}, HTTP {look.result.http_status}")[:300]
        if source.link_state in (Source.LinkState.DEAD, Source.LinkState.DEVIATED):
            source.disturbed_at = now
