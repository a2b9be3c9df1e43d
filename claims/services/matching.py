"""Matching: the claims near a text, each with how near and why; what is found is read from the database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from claims import permissions
from claims.matching import PERHAPS, Match, MatchClass, MatchIndex
from claims.models import Claim

from .match_index import Standing, claim_index
from .match_without import index_without
from .meaning import add_meaning

# What has since been withdrawn, merged or hidden from this person is left out; so many more are asked for.
_SPARE = 10
LIMIT = 50


@dataclass(frozen=True)
class Told:
    """What one person may read of a claim in a line: the desk its present words, everybody else what is published."""

    text: str
    finding: str = ""
    rating: str = ""
    rating_label: str = ""
    claimants: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class SimilarClaim:
    """A claim near a text. `score` is its share, 0 to 1, of all that was found: near 1 where nothing else is as near.

    `is_sure` says that the machine takes it for the same claim at the threshold that held 98 of 100 times; below it
    `reason` begins with "perhaps".
    """

    claim: Claim
    score: float
    match_class: MatchClass
    reason: str
    is_sure: bool
    told: Told

    @property
    def is_worth_a_look(self) -> bool:
        """Whether it is, or may be, the same claim, or one that contradicts the text."""
        return self.match_class != MatchClass.RELATED or self.reason.startswith(PERHAPS)


def similar_claims(
    *, text: str, visible_to: Any, now: datetime, limit: int = 5, exclude: int | None = None
) -> list[SimilarClaim]:
    """Return the claims nearest to a text that this person may see, best first, without the one to exclude.

    The desk is answered from all claims as they stand, everybody else from what is published, by what was published.
    Never raises for a text, and works without an index, over fewer claims. Each claim comes with its claimants, its
    public document and its verdicts.
    """
    return similar_to_each(texts=[text], visible_to=visible_to, now=now, limit=limit, exclude=exclude)[0]


def similar_to_each(
    *, texts: Sequence[str], visible_to: Any, now: datetime, limit: int = 5, exclude: int | None = None
) -> list[list[SimilarClaim]]:
    """Return the claims nearest to each of these texts as `similar_claims` does, with one look into the database."""
    limit = min(limit, LIMIT)
    is_desk = permissions.can_view_desk(visible_to)
    index, _ = usable_index(text="\n".join(texts), visible_to=visible_to, now=now)
    left_out = frozenset() if exclude is None else frozenset({str(exclude)})
    found = [index.find(text, limit=limit + _SPARE, exclude=left_out) for text in texts]
    wanted = {int(match.entry.id) for matches in found for match in matches}
    rows = claims_in_full(Claim.objects.visible_to(visible_to)).filter(pk__in=wanted) if wanted else ()
    known = {claim.pk: (claim, told(claim, is_desk=is_desk)) for claim in rows}
    return [
        [_similar(match, *known[int(match.entry.id)]) for match in matches if int(match.entry.id) in known][:limit]
        for matches in found
    ]


def _similar(match: Match, claim: Claim, said: Told) -> SimilarClaim:
    return SimilarClaim(claim, match.score, match.match_class, match.reason, match.is_sure, said)


def near_ids(*, text: str, exclude: int, limit: int) -> list[int]:
    """Return the ids of claims that share a text's rarer words, from the index as it lies there; none without one.

    Cheap, and asks the database nothing: what it knows may be a moment old.
    """
    index = claim_index().as_it_is()
    return [] if index is None else index.nearest(text, limit=limit, exclude=exclude)


def index_standing(*, visible_to: Any, now: datetime) -> Standing:
    """Return how the index stands that this person is answered from, to be shown beside an answer."""
    return claim_index().current(public=not permissions.can_view_desk(visible_to), now=now)[1]


def usable_index(*, text: str, visible_to: Any, now: datetime) -> tuple[MatchIndex, Standing]:
    """Return the index this person is answered from; where there is none, a small one made for this text."""
    public = not permissions.can_view_desk(visible_to)
    index, standing = claim_index().current(public=public, now=now)
    if index is not None:
        add_meaning(index, public=public)
    return (index_without(text=text, public=public) if index is None else index), standing


def claims_in_full(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Fetch with each claim what a line about it shows."""
    return claims.select_related("public_document").prefetch_related("claimants", "verdicts__rating")


def told(claim: Claim, *, is_desk: bool) -> Told:
    """Say of a claim fetched in full what this person may read of it."""
    if is_desk:
        verdict = next((one for one in claim.verdicts.all() if one.round == claim.review_round), None)
        names = tuple(claimant.name for claimant in claim.claimants.all())
        if verdict is None:
            return Told(claim.text, claimants=names, language=claim.language)
        rating = verdict.rating
        return Told(claim.text, verdict.finding, rating.slug, rating.label, names, claim.language)
    try:
        body = json.loads(claim.public_document.body)
    except ObjectDoesNotExist:
        return Told("")
    verdict = body.get("verdict", {})
    return Told(
        text=body.get("text", ""),
        finding=verdict.get("finding", ""),
        rating=verdict.get("rating", ""),
        rating_label=verdict.get("label", ""),
        claimants=tuple(claimant["name"] for claimant in body.get("claimants", [])),
        language=body.get("language", "en"),
    )
