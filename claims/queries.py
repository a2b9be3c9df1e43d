"""Which published claims a reader asked for: everything is asked of what was published, never of drafts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Exists,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from claims.models import Claim, Claimant, Publication, PublicDocument, Topic
from claims.services.searching import ranked_hits

QUERY_LIMIT = 200  # characters


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
    """Return the published claims that its filters keep, the last changed first, each with its public document."""
    claims = Claim.objects.published().select_related("public_document")
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


class RankedClaims:
    """The published claims that fit a search, the best match first; what a paginator asks of a list."""

    def __init__(self, search: Search, *, now: datetime) -> None:
        hits = ranked_hits(search.text, visible_to=AnonymousUser(), now=now)
        self._rows = published_claims(search)
        kept = set(self._rows.filter(pk__in=[hit.number for hit in hits]).values_list("pk", flat=True)) if hits else ()
        self._ids = [hit.number for hit in hits if hit.number in kept]

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place: slice) -> list[Claim]:
        wanted = self._ids[place]
        found = {claim.pk: claim for claim in self._rows.filter(pk__in=wanted)} if wanted else {}
        return [found[pk] for pk in wanted if pk in found]


def _names(slug: str) -> Q:
    """Keep claims whose published document names it: a topic added since waits for the next publication.

    A quote mark inside a JSON string is escaped, so no text can pass for this member.
    """
    return Q(public_document__body__contains=f'"slug":"{slug}"')


def published_topics() -> QuerySet[Topic]:
    return Topic.objects.filter(claims__in=Claim.objects.published()).distinct()


def published_claimants() -> QuerySet[Claimant]:
    return Claimant.objects.filter(claims__in=Claim.objects.published()).distinct()


def published_documents() -> QuerySet[PublicDocument]:
    return PublicDocument.objects.filter(status=200)


def in_language(documents: QuerySet[PublicDocument], language: str) -> QuerySet[PublicDocument]:
    """Keep the documents in this language, whatever region they name: `en` keeps en-GB too."""
    told = KeyTextTransform("language", Cast("body", JSONField()))
    return documents.annotate(language=told).filter(
        Q(language__iexact=language) | Q(language__istartswith=f"{language}-")
    )


def published_since(documents: QuerySet[PublicDocument], since: datetime) -> QuerySet[PublicDocument]:
    """Keep the documents whose newest publication is not older."""
    return documents.filter(Exists(Publication.objects.filter(claim=OuterRef("claim"), published_at__gte=since)))
