"""Throughput: what the desk did week by week, and how often those who judged the same claim agreed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from claims.models import AlertAnswer, Claim, Publication, Review, Verdict

DONE = {
    "drafted": "Claims drafted",
    "judged": "Judgements",
    "decided": "Verdicts",
    "published": "Published",
    "answered": "Alerts answered",
}


@dataclass
class Week:
    """Seven days from a Monday on: what was done in them, and the rounds of review that ended."""

    monday: date
    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DONE, 0))
    rounds: int = 0
    unanimous: int = 0

    @property
    def percent(self) -> int | None:
        return round(100 * self.unanimous / self.rounds) if self.rounds else None


@dataclass(frozen=True)
class Work:
    """One person's judgements, week by week."""

    person: User
    by_week: list[int]

    @property
    def total(self) -> int:
        return sum(self.by_week)


@dataclass(frozen=True)
class Throughput:
    weeks: list[Week]
    people: list[Work]


def throughput(*, weeks: int, now: datetime) -> Throughput:
    """Return the last weeks, the present one last, in seven queries however much was done.

    A round of review counts in the week of its last judgement, and only once it is over, so that no figure tells a
    rating of a cross-check that is still blind.
    """
    today = timezone.localdate(now)
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    since = _midnight(first)
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    found = {monday: Week(monday) for monday in mondays}
    for name, rows, moment in (
        ("drafted", Claim.objects.all(), "created_at"),
        ("judged", Review.objects.all(), "reviewed_at"),
        ("decided", Verdict.objects.all(), "decided_at"),
        ("published", Publication.objects.all(), "published_at"),
        ("answered", AlertAnswer.objects.filter(undone_at=None), "given_at"),
    ):
        for monday, count in zip(mondays, _by_week(rows, moment, mondays), strict=True):
            found[monday].done[name] = count
    people = _judgements(found, since)
    return Throughput(weeks=list(found.values()), people=people)


def _by_week(rows: QuerySet[Any], moment: str, mondays: Sequence[date]) -> list[int]:
    """Count the rows of each week in one query, by bounds: a week reckoned per row takes SQLite ten times as long."""
    bounds = [_midnight(monday) for monday in (*mondays, mondays[-1] + timedelta(weeks=1))]
    weeks = {
        f"week_{number}": Count("pk", filter=Q(**{f"{moment}__gte": begins, f"{moment}__lt": ends}))
        for number, (begins, ends) in enumerate(pairwise(bounds))
    }
    counted = rows.filter(**{f"{moment}__gte": bounds[0]}).order_by().aggregate(**weeks)
    return [counted[name] for name in weeks]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _judgements(weeks: dict[date, Week], since: datetime) -> list[Work]:
    """Count the rounds that ended, and return who judged how much."""
    rows = Review.objects.filter(reviewed_at__gte=since).annotate(
        is_completed=F("claim__workflow"), present_round=F("claim__review_round")
    )
    rounds: dict[tuple[int, int], list[tuple[int, date]]] = defaultdict(list)
    work: dict[int, Counter[date]] = defaultdict(Counter)
    told = ("claim", "round", "reviewer", "rating", "reviewed_at", "is_completed", "present_round")
    for claim, number, reviewer, rating, at, workflow, present in (
        rows.order_by("reviewed_at", "pk").values_list(*told).iterator(chunk_size=5000)
    ):
        day = timezone.localdate(at)
        monday = day - timedelta(days=day.weekday())
        work[reviewer][monday] += 1
        if workflow == Claim.Workflow.COMPLETED or number < present:
            rounds[claim, number].append((rating, monday))
    for judged in rounds.values():
        if len(judged) > 1 and (monday := judged[-1][1]) in weeks:
            weeks[monday].rounds += 1
            weeks[monday].unanimous += len({rating for rating, _ in judged}) == 1
    people = User.objects.in_bulk(work)
    done = [Work(people[pk], [counts[monday] for monday in weeks]) for pk, counts in work.items()]
    return sorted(done, key=lambda one: (-one.total, one.person.pk))
