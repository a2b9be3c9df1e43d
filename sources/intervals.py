"""When to look at a source again, from its own history, its age and what rests on it (pure)."""

from dataclasses import dataclass
from datetime import timedelta

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
_NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Limits:
    """How long a wait may be. `first` is the wait after a first look, and the measure of the others."""

    first: timedelta
    shortest: timedelta
    longest: timedelta
    relied_on: timedelta  # the longest while a published claim rests on the source
    stop_after: timedelta  # gone so long, and nothing rests on it: looked at no more


@dataclass(frozen=True)
class Habits:
    """What a source did up to now."""

    known_for: timedelta  # since the document came out or was registered, whichever is earlier
    quiet_for: timedelta  # since the last change of the document, or since the first look
    changes_in_week: int
    changes_in_month: int  # the week's among them
    is_relied_on: bool


def usual_wait(habits: Habits, limits: Limits) -> tuple[timedelta, str]:
    """Return how long to wait after a look that went well, and why, in words that follow "Next look in …:".

    Each change of the last week shortens the wait, and changes of the last month keep it short; what is quiet
    is looked at after a quarter of the time it has been quiet. New documents are edited most: within their
    first week the wait is at most twice the first.
    """
    week, month = habits.changes_in_week, habits.changes_in_month
    if week:
        wait, why = 2 * limits.first / week, f"changed {_times(week)} this week"
    elif month:
        wait = max(2 * limits.first, 8 * limits.first / month)
        why = f"changed {_times(month)} this month"
    elif habits.quiet_for < limits.first:
        wait, why = limits.first, "new to the desk"
    else:
        wait, why = max(limits.first, habits.quiet_for / 4), f"unchanged for {span(habits.quiet_for)}"
    if habits.known_for < WEEK and wait > 2 * limits.first:
        wait, why = 2 * limits.first, f"{why}, and not a week old"
    return _bounded(wait, why, limits, habits.is_relied_on)


def wait_while_failing(absent_for: timedelta, limits: Limits) -> timedelta:
    """Return how long to wait while a site fails: longer the longer it does, and never longer than
    while a claim rests on the source.

    Failures count towards death only when they are days apart, so that seldom looks lose nothing.
    """
    return max(limits.shortest, min(limits.relied_on, limits.longest, absent_for / 8))


def wait_while_gone(gone_for: timedelta, limits: Limits, *, is_relied_on: bool) -> timedelta | None:
    """Return how long to wait before looking whether a dead source came back; None to look no more.

    Looking never stops while a published claim rests on the source.
    """
    if is_relied_on:
        return min(limits.relied_on, limits.longest)
    return None if gone_for >= limits.stop_after else limits.longest


def span(time: timedelta) -> str:
    """Return a length of time in its largest whole unit, as a reader says it: `3 days`, `1 hour`."""
    seconds = max(0, int(time.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def _bounded(wait: timedelta, why: str, limits: Limits, is_relied_on: bool) -> tuple[timedelta, str]:
    longest = min(limits.longest, limits.relied_on) if is_relied_on else limits.longest
    if is_relied_on and wait > longest:
        why = f"{why}; a published claim rests on it"
    return max(limits.shortest, min(longest, wait)), why


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
