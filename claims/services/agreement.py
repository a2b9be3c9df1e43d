"""Agreement: how often reviewers come to the same rating, per verdict and per reviewer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F

from claims.models import Rating, Review


@dataclass(frozen=True)
class Rate:
    """Of so many judgements that another person's could be compared with, so many were alike."""

    subject: Rating | User
    compared: int
    agreed: int

    @property
    def percent(self) -> int:
        return round(100 * self.agreed / self.compared)


@dataclass(frozen=True)
class Agreement:
    """Agreement on the claims that two or more people have judged in one round."""

    rounds: int
    unanimous: int
    by_rating: list[Rate]
    by_reviewer: list[Rate]

    @property
    def percent(self) -> int | None:
        return round(100 * self.unanimous / self.rounds) if self.rounds else None


def agreement(*, since: datetime | None = None) -> Agreement:
    """Return how reviewers agree, in three queries: for each judgement, whether the other one was alike.

    A round counts once it is over (its claim decided, or in a later round), so that no figure tells a rating of a
    cross-check that is still blind. A rating's rate is that of the first judgements that gave it; a reviewer's is
    that of all of theirs. A third judgement agrees with either of the two before it: the
    disagreement it settles is not its own.
    """
    over = Review.objects.filter(claim__workflow="completed") | Review.objects.filter(
        round__lt=F("claim__review_round")
    )
    if since is not None:
        over = over.filter(reviewed_at__gte=since)
    rounds: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    rows = over.order_by("reviewed_at", "pk").values_list("claim", "round", "reviewer", "rating")
    for claim, number, reviewer, rating in rows.iterator(chunk_size=5000):
        rounds[claim, number].append((reviewer, rating))
    of_rating: dict[int, list[bool]] = defaultdict(list)
    of_reviewer: dict[int, list[bool]] = defaultdict(list)
    judged = [reviews for reviews in rounds.values() if len(reviews) > 1]
    for first, second, *others in judged:
        of_rating[first[1]].append(first[1] == second[1])
        of_reviewer[first[0]].append(first[1] == second[1])
        of_reviewer[second[0]].append(first[1] == second[1])
        for other in others:
            of_reviewer[other[0]].append(other[1] in (first[1], second[1]))
    ratings = Rating.objects.in_bulk(of_rating)
    people = User.objects.in_bulk(of_reviewer)
    return Agreement(
        rounds=len(judged),
        unanimous=sum(len({rating for _, rating in reviews}) == 1 for reviews in judged),
        by_rating=sorted(
            (Rate(ratings[pk], len(alike), sum(alike)) for pk, alike in of_rating.items()),
            key=lambda rate: (rate.subject.order, rate.subject.pk),  # type: ignore[union-attr]
        ),
        by_reviewer=sorted(
            (Rate(people[pk], len(alike), sum(alike)) for pk, alike in of_reviewer.items()),
            key=lambda rate: (-rate.compared, rate.subject.pk),
        ),
    )
