"""Matching: the claims near a text, each with how near and why; what is found is read from the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from claims import permissions
from claims.matching import Match, MatchClass, MatchIndex
from claims.models import Claim

from .match_index import Standing, claim_index
from .match_without import index_without

# What has since been withdrawn, merged or hidden from this person is left out; so many more are asked for.
_SPARE = 10
LIMIT = 50


@dataclass(frozen=True)
class SimilarClaim:
    """A claim near a text. `score` orders the claims of one answer and means nothing beside another's.

    `is_sure` says that the machine takes it for the same claim at the threshold that held 98 of 100 times; below it
    `reason` begins with "perhaps".
    """

    claim: Claim
    score: float
    match_class: MatchClass
    reason: str
    is_sure: bool


def similar_claims(
    *, text: str, visible_to: Any, now: datetime, limit: int = 5, exclude: int | None = None
) -> list[SimilarClaim]:
    """Return the claims nearest to a text that this person may see, best first, without the one to exclude.

    The desk is answered from all claims as they stand, everybody else from what is published, by what was published.
    Never raises for a text, and works without an index, over fewer claims. Each claim comes with its claimants, its
    public document and its verdicts.
    """
    index, _ = usable_index(text=text, visible_to=visible_to, now=now)
    left_out = frozenset() if exclude is None else frozenset({str(exclude)})
    matches = index.find(text, limit=min(limit, LIMIT) + _SPARE, exclude=left_out)
    known = _known(matches, visible_to)
    similar = [
        SimilarClaim(known[int(match.entry.id)], match.score, match.match_class, match.reason, match.is_sure)
        for match in matches
        if int(match.entry.id) in known
    ]
    return similar[: min(limit, LIMIT)]


def same_claims(*, text: str, visible_to: Any, now: datetime, exclude: int | None = None) -> list[SimilarClaim]:
    """Return those of the claims near a text that are the same or perhaps the same, or contradict it: at entry."""
    near = similar_claims(text=text, visible_to=visible_to, now=now, exclude=exclude)
    return [one for one in near if one.match_class != MatchClass.RELATED]


def index_standing(*, visible_to: Any, now: datetime) -> Standing:
    """Return how the index stands that this person is answered from, to be shown beside an answer."""
    return claim_index().current(public=not permissions.can_view_desk(visible_to), now=now)[1]


def usable_index(*, text: str, visible_to: Any, now: datetime) -> tuple[MatchIndex, Standing]:
    """Return the index this person is answered from; where there is none, a small one made for this text."""
    public = not permissions.can_view_desk(visible_to)
    index, standing = claim_index().current(public=public, now=now)
    return (index_without(text=text, public=public) if index is None else index), standing


def _known(matches: list[Match], visible_to: Any) -> dict[int, Claim]:
    found = claims_in_full(Claim.objects.visible_to(visible_to))
    return {claim.pk: claim for claim in found.filter(pk__in=[int(match.entry.id) for match in matches])}


def claims_in_full(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Fetch with each claim what a line about it shows."""
    return claims.select_related("public_document").prefetch_related("claimants", "verdicts__rating")
