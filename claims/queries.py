"""Which published claims a reader asked for: everything is asked of what was published, never of drafts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Exists,
    ExpressionWrapper,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Concat

from claims.models import Claim, Claimant, Publication, Topic

QUERY_LIMIT = 200  # characters
_WORDS = 8


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty members ask for nothing."""

    text: str = ""
    verdict: str = ""
    topic: str = ""
    claimant: str = ""
    only_citable: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Search()

    def as_query(self) -> dict[str, Any]:
        """Return the members as they stand in an address."""
        named = {"q": self.text, "verdict": self.verdict, "topic": self.topic, "claimant": self.claimant}
        return {name: value for name, value in named.items() if value} | ({"citable": 1} if self.only_citable else {})


def published_claims(search: Search) -> QuerySet[Claim]:
    """Return the published claims that fit, the last changed first, each with its public document.

    Words are looked for literally in the published claim, finding and claimants' names; every one has to be there.
    """
    claims = Claim.objects.published().select_related("public_document")
    if search.text:
        body = Cast("public_document__body", JSONField())
        claims = claims.annotate(
            published_text=KeyTextTransform("text", body),
            published_finding=KeyTextTransform("finding", KeyTransform("verdict", body)),
        )
        for word in search.text[:QUERY_LIMIT].split()[:_WORDS]:
            told = Q(published_text__icontains=word) | Q(published_finding__icontains=word)
            claims = claims.filter(told | Exists(_claimants_told(word)))
    if search.verdict:
        newest = Publication.objects.filter(claim=OuterRef("pk")).order_by("-number")
        claims = claims.annotate(published_rating=Subquery(newest.values("seal__verdict__rating__slug")[:1]))
        claims = claims.filter(published_rating=search.verdict)
    if search.topic:
        claims = claims.filter(topics__slug=search.topic).filter(_names(search.topic))
    if search.claimant:
        claims = claims.filter(claimants__slug=search.claimant).filter(_names(search.claimant))
    if search.only_citable:
        claims = claims.exclude(citability=Claim.Citability.ON_HOLD).filter(superseded_by=None)
    return claims.order_by("-public_document__updated_at", "-pk")


def _names(slug: str) -> Q:
    """Keep claims whose published document names it: a topic added since waits for the next publication.

    A quote mark inside a JSON string is escaped, so no text can pass for this member.
    """
    return Q(public_document__body__contains=f'"slug":"{slug}"')


def _claimants_told(word: str) -> QuerySet[Claimant]:
    """Keep the claimants of this name that the claim's published document gives."""
    body = ExpressionWrapper(OuterRef("public_document__body"), output_field=TextField())
    named = Claimant.objects.filter(claims=OuterRef("pk"), name__icontains=word).annotate(told=body)
    return named.filter(told__contains=Concat(Value('"slug":"'), "slug", Value('"')))


def published_topics() -> QuerySet[Topic]:
    return Topic.objects.filter(claims__in=Claim.objects.published()).distinct()


def published_claimants() -> QuerySet[Claimant]:
    return Claimant.objects.filter(claims__in=Claim.objects.published()).distinct()
