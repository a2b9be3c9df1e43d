"""Which published claims a reader asked for: everything is asked of what was published, never of drafts."""

from datetime import datetime

from django.db.models import (
    Exists,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from claims.models import Claim, Claimant, Publication, PublicDocument, Topic

QUERY_LIMIT = 200  # characters


def published_claims(*, topic: str = "", claimant: str = "") -> QuerySet[Claim]:
    """Return the published claims of one topic or claimant, the last changed first, with their public documents."""
    claims = Claim.objects.published().select_related("public_document")
    if topic:
        claims = claims.filter(topics__slug=topic).filter(_names(topic))
    if claimant:
        claims = claims.filter(claimants__slug=claimant).filter(_names(claimant))
    return claims.order_by("-public_document__updated_at", "-pk")


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
