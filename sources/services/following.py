"""Following a look: what it means for its source's times, its link state and its next look (RELIABILITY R12, R15)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.conf import settings

from sources import intervals
from sources.looks import FetchResult
from sources.models import Snapshot, Source
from sources.outcomes import Outcome, link_state

from .sources import interval_limits

State = Source.LinkState
DEADLY_FAILURES = 3
_CONFIRMED_BY_A_SECOND_LOOK = (State.DEAD, State.DEVIATED)


@dataclass(frozen=True)
class Seen:
    """What one look brought, as far as the source is concerned."""

    outcome: Outcome
    result: FetchResult
    reason: str
    snapshot: Snapshot | None = None  # of an outcome that read something
    has_changed: bool = False

    @property
    def is_document(self) -> bool:
        return self.snapshot is not None and self.snapshot.is_readable


def follow_look(source: Source, seen: Seen, *, changes: tuple[int, int], now: datetime) -> bool:
    """Move the source on, unsaved, and return whether it is live again after being dead.

    `changes` counts the looks of the last week and month that saw the document change, this one not among them.
    A look that failed or was blocked moves `last_attempted_at` alone among the times.
    """
    source.last_attempted_at = now
    if seen.snapshot is not None:
        source.last_succeeded_at = now
    if seen.outcome == Outcome.OK:
        source.last_read_at, source.unchanged_in_a_row = now, 0
    elif seen.outcome == Outcome.UNCHANGED:
        source.unchanged_in_a_row += 1
    if seen.is_document:
        source.last_confirmed_at = now
        _keep_validators(source, seen)
        source.moved_to = seen.result.final_url[:2048] if seen.result.permanent_redirect else ""
    if seen.has_changed:
        source.disturbed_at = now
    is_live_again = _set_link_state(source, seen, now)
    source.attempts_without_outcome = 0
    source.lease_expires_at = None
    _plan(source, seen, changes, now)
    return is_live_again


def _keep_validators(source: Source, seen: Seen) -> None:
    """Keep the validators of the text we have: those of another text would make a 304 vouch for the wrong one."""
    if seen.outcome == Outcome.OK:
        source.etag = seen.result.etag if len(seen.result.etag) <= 500 else ""
        source.last_modified = seen.result.last_modified if len(seen.result.last_modified) <= 100 else ""


def _set_link_state(source: Source, seen: Seen, now: datetime) -> bool:
    """Apply R12 and the rule of death; return whether the source is live again after being dead.

    410, and a page that is no longer that document, are believed at a second look; anything else that fails is
    death at the third failure, each far enough after the one counted before. A look that was blocked says
    nothing about either, and what is dead stays so until the site shows something again.
    """
    proposed = link_state(
        seen.outcome,
        http_status=seen.result.http_status or 0,
        page_class=seen.snapshot.page_class if seen.snapshot else "",
        permanent_redirect=seen.result.permanent_redirect,
    )
    was, dead_since, reason = source.link_state, source.dead_since, seen.reason
    state = State(proposed)
    if state in (State.LIVE, State.MOVED):
        source.failures_counted, source.failure_counted_at = 0, None
        source.suspected_state, source.suspected_at, source.dead_since = "", None, None
        reason = "The address leads to another one for good." if state == State.MOVED else reason
    elif state in _CONFIRMED_BY_A_SECOND_LOOK:
        if seen.outcome == Outcome.GONE:
            _count_failure(source, now)
        if was != state and not _is_confirmed(source, state, now):
            state = State.DEAD if was == State.DEAD else State.FAILING
    elif state == State.FAILING:
        _count_failure(source, now)
    if state == State.FAILING and (was == State.DEAD or source.failures_counted >= DEADLY_FAILURES):
        state = State.DEAD
    if state == State.DEAD and source.dead_since is None:
        source.dead_since = now
    is_live_again = dead_since is not None and source.dead_since is None
    if is_live_again and dead_since is not None:
        reason = f"Live again after {intervals.span(now - dead_since)} dead."
    if state != was:
        source.link_state = state
        source.link_state_reason = (reason or f"{seen.outcome}, HTTP {seen.result.http_status}")[:300]
        if state in _CONFIRMED_BY_A_SECOND_LOOK:
            source.disturbed_at = now
    return is_live_again


def _count_failure(source: Source, now: datetime) -> None:
    spacing = timedelta(seconds=settings.DEATH_SPACING)
    if source.failure_counted_at is None or now - source.failure_counted_at >= spacing:
        source.failures_counted += 1
        source.failure_counted_at = now


def _is_confirmed(source: Source, state: State, now: datetime) -> bool:
    """Whether a look far enough before this one saw the same; the first of them is noted."""
    if source.suspected_state != state or source.suspected_at is None:
        source.suspected_state, source.suspected_at = state, now
        return False
    return now - source.suspected_at >= timedelta(seconds=settings.CHECK_CONFIRM_AFTER)


def _plan(source: Source, seen: Seen, changes: tuple[int, int], now: datetime) -> None:
    wait, why = _next_look(source, seen, changes, now)
    asked = timedelta(seconds=seen.result.retry_after or 0)
    if wait is not None and asked > wait:
        wait, why = asked, "the site asked us to wait"
    source.next_check_at = None if wait is None else now + wait
    source.next_check_reason = why[:200]


def _next_look(source: Source, seen: Seen, changes: tuple[int, int], now: datetime) -> tuple[timedelta | None, str]:
    limits, relied = interval_limits(), source.is_relied_on
    second = timedelta(seconds=settings.CHECK_CONFIRM_AFTER)
    if seen.has_changed:
        return second, "it changed; a second look confirms it"
    if source.link_state == State.DEAD:
        wait = intervals.wait_while_gone(now - (source.dead_since or now), limits, is_relied_on=relied)
        why = "dead; we look whether it comes back"
        return (wait, why) if wait is not None else (None, "dead for long, and no published claim rests on it")
    absent = now - (source.last_confirmed_at or source.registered_at)
    if source.link_state == State.FAILING:
        if seen.outcome in (Outcome.GONE, Outcome.OK, Outcome.UNCHANGED):
            return second, "a second look confirms it"
        wait = intervals.wait_while_failing(absent, limits)
        return wait, f"the last look failed ({seen.outcome})"
    if source.link_state == State.BLOCKED:
        wait = intervals.wait_while_failing(absent, limits)
        return max(wait, limits.first), "the site does not show it to us"
    return intervals.usual_wait(_habits(source, changes, now), limits)


def _habits(source: Source, changes: tuple[int, int], now: datetime) -> intervals.Habits:
    since = source.registered_at
    if source.published_on is not None:
        since = min(since, datetime.combine(source.published_on, time(), UTC))
    return intervals.Habits(
        known_for=now - since,
        quiet_for=now - (source.disturbed_at or source.registered_at),
        changes_in_week=changes[0],
        changes_in_month=changes[1],
        is_relied_on=source.is_relied_on,
    )
