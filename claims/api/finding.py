"""Finding claims over HTTP: those with certain words, best first, and those near a text."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response

from claims.errors import SearchRefused
from claims.matching import MatchClass
from claims.services.matching import LIMIT, SimilarClaim, index_standing, similar_claims
from claims.services.meaning import ranking
from claims.services.searching import Filters, page_of, ranked_hits
from sources.api.describing import describe, query
from sources.api.endpoint import Endpoint
from sources.api.paging import filters_of, page_size, row_id
from sources.api.problems import Problem

from .permissions import PUBLIC

TEXT_LIMIT = 10_000


def ranked_page(
    rows: QuerySet, words: str, filters: Mapping[str, str], asked: Mapping[str, str], user: Any
) -> tuple[list[Any], str | None]:
    """Return one page of those of the rows that have these words, best first, and the cursor of the next page.

    The index narrows by what it knows and the rows decide. Raises Problem.
    """
    size = page_size(asked)
    hits = ranked_hits(words, _narrowed(filters), visible_to=user, now=timezone.now())
    kept = set(rows.filter(pk__in=[hit.number for hit in hits]).values_list("pk", flat=True)) if hits else set()
    try:
        page, cursor = page_of([hit for hit in hits if hit.number in kept], size=size, cursor=asked.get("cursor"))
    except SearchRefused as refusal:  # the fast door of public reads answers Problems alone
        raise Problem(400, refusal.code, str(refusal), field="cursor") from None
    found = {row["pk"] if isinstance(row, dict) else row.pk: row for row in _these(rows, page)}
    return [found[hit.number] for hit in page if hit.number in found], cursor


def _these(rows: QuerySet, page: list[Any]) -> Any:
    return rows.filter(pk__in=[hit.number for hit in page]) if page else ()


def _narrowed(filters: Mapping[str, str]) -> Filters:
    """Return what of a list's filters the index knows as surely as the database."""
    named = {name: (filters[name],) for name in ("verdict", "citability", "language", "workflow") if name in filters}
    source = row_id(filters.get("source", ""))
    return Filters(**named, source=(source,) if source else ())  # type: ignore[arg-type]


class MatchShape(serializers.Serializer):
    """A claim near the text."""

    id = serializers.CharField(help_text="As in 7K3M-Q9TX.")
    url = serializers.URLField(help_text="Its page.")
    text = serializers.CharField()
    language = serializers.CharField()
    claimants = serializers.ListField(child=serializers.CharField())
    citability = serializers.CharField()
    rating = serializers.CharField(
        allow_null=True, help_text="Of the scale that `GET ratings` lists; null without a verdict."
    )
    rating_label = serializers.CharField(allow_null=True)
    finding = serializers.CharField()
    score = serializers.FloatField(
        help_text="Its share of one among all that was found: near 1 where nothing else is as near."
    )
    match_class = serializers.ChoiceField(list(MatchClass))
    reason = serializers.CharField(help_text="In words: what both say, which figures agree or differ.")
    sure = serializers.BooleanField(
        help_text="At a threshold that was right 98 of 100 times; a false one with class `related` may still be it."
    )

    def get_fields(self) -> dict[str, Any]:
        """Name the class as readers expect, which no Python attribute can be named."""
        fields = super().get_fields()
        return {("class" if name == "match_class" else name): field for name, field in fields.items()}


class IndexShape(serializers.Serializer):
    condition = serializers.CharField(help_text="ready, behind, rebuilding or unavailable.")
    message = serializers.CharField(help_text="What that means for this answer; empty while all is well.")
    ranking = serializers.CharField(help_text="words, or words_and_meaning where the desk has an embedding.")


class MatchAnswer(serializers.Serializer):
    results = MatchShape(many=True)
    next = serializers.URLField(allow_null=True, help_text="Always null: the nearest are one page.")
    index = IndexShape()


class ClaimMatch(Endpoint):
    """Has this been checked? The claims near a text."""

    permission_classes = PUBLIC

    @describe(
        "Find the claims near a text, nearest first.",
        name="claims_match",
        tag="claims",
        answers={200: MatchAnswer},
        parameters=(
            query("text", f"Any sentence or post, at most {TEXT_LIMIT:,} characters.", required=True),
            query("limit", f"Matches, 5 by default and at most {LIMIT}.", OpenApiTypes.INT),
        ),
        detail="Without a key, or as an editor: among what is published. With a desk's key or session: among all "
        "claims, drafts too. Each match says in words why, and in which of three classes it is: the same claim, "
        "related, or one that contradicts the text.",
    )
    def get(self, request):
        asked = filters_of(request.query_params, {"text", "limit"})
        text = asked.get("text", "")
        if not text.strip():
            raise Problem(400, "required", "Give the text to look for.", field="text")
        if len(text) > TEXT_LIMIT:
            raise Problem(400, "max_length", f"At most {TEXT_LIMIT:,} characters.", field="text")
        limit = row_id(asked.get("limit", "5"))
        if limit is None or limit > LIMIT:
            raise Problem(400, "invalid_filter", f"`limit` is a whole number from 1 to {LIMIT}.", field="limit")
        now = timezone.now()
        found = similar_claims(text=text, visible_to=request.user, now=now, limit=limit)
        standing = index_standing(visible_to=request.user, now=now)
        index = {"condition": standing.condition.value, "message": standing.sentence, "ranking": ranking()}
        return Response({"results": [_shape(one) for one in found], "next": None, "index": index})


def _shape(one: SimilarClaim) -> dict[str, Any]:
    claim = one.claim
    return {
        "id": claim.code,
        "url": f"{settings.SITE_URL}{claim.get_absolute_url()}",
        "text": one.told.text,
        "language": one.told.language,
        "claimants": list(one.told.claimants),
        "citability": claim.citability,
        "rating": one.told.rating or None,
        "rating_label": one.told.rating_label or None,
        "finding": one.told.finding,
        "score": one.score,
        "class": one.match_class.value,
        "reason": one.reason,
        "sure": one.is_sure,
    }
