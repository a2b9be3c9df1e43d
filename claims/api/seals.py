"""The seal of a claim: the very bytes whose SHA-256 it is, for whoever may see the claim."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from rest_framework import serializers

from claims import permissions
from claims.models import Claim, Seal
from claims.services.seals import seal_seen_by
from sources.api.describing import IF_NONE_MATCH, READ_ERRORS, describe
from sources.api.problems import not_found

from . import public, sending
from .claims import claim_of
from .documents import FigureDocument, PassageDocument
from .permissions import PUBLIC
from .reading import PublicEndpoint


class CheckDocument(serializers.Serializer):
    """The newest look at a quote when it was sealed."""

    result = serializers.CharField(help_text="intact, reworded, missing, figure_changed or not_checkable.")
    text_sha256 = serializers.CharField(help_text="Of the text it was looked for in.")


class ComparisonDocument(serializers.Serializer):
    """A figure of the claim beside the passage's figure that comes closest to it."""

    claim = serializers.CharField()
    evidence = serializers.CharField()
    result = serializers.CharField(help_text="equal, within, overlaps or conflicts.")
    rule = serializers.CharField()
    reason = serializers.CharField()


class SealedContradiction(serializers.Serializer):
    reason = serializers.CharField()
    state = serializers.CharField(help_text="open or dismissed.")


class SealedPassage(PassageDocument):
    snapshot = serializers.IntegerField()
    raw_sha256 = serializers.CharField(help_text="Of the captured body, decoded.")
    check = CheckDocument(allow_null=True)


class SealedEvidence(SealedPassage):
    stance = serializers.CharField()
    figures = serializers.ListField(child=serializers.DictField())
    comparisons = ComparisonDocument(many=True)
    contradiction = SealedContradiction(allow_null=True)


class SealedReviewer(serializers.Serializer):
    reviewer = serializers.CharField(help_text="A salted SHA-256; another one in every claim.")
    rating = serializers.CharField()
    at = serializers.DateTimeField()


class SealedRule(serializers.Serializer):
    rule = serializers.CharField()
    required = serializers.IntegerField(allow_null=True)
    found = serializers.IntegerField()
    result = serializers.CharField(help_text="met, not_met, counted or overridden.")
    reason = serializers.CharField(required=False, help_text="Why a desk lead made an exception from the rule.")


class SealDocument(serializers.Serializer):
    """What a verdict rests on. Numbers that are no integers are strings; format 1 had fewer members."""

    format = serializers.IntegerField()
    claim = serializers.CharField()
    text = serializers.CharField()
    round = serializers.IntegerField()
    rating = serializers.CharField()
    figures = FigureDocument(many=True)
    evidence = SealedEvidence(many=True)
    appearances = SealedPassage(many=True)
    reviewers = SealedReviewer(many=True)
    rules = SealedRule(many=True)
    sealed_at = serializers.DateTimeField()


class ClaimSeal(PublicEndpoint):
    """The current seal of one claim."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        return _public(request, kwargs["code"])

    def get_permissions(self):
        return [permission() for permission in PUBLIC]

    @describe(
        "Download the seal of a claim.",
        name="claims_seal",
        tag="claims",
        answers={200: SealDocument, 304: None},
        errors=(*READ_ERRORS, 410),
        parameters=(IF_NONE_MATCH,),
        detail="The bytes whose SHA-256 is the seal, also given as the ETag: canonical JSON with the quotes, their "
        "surroundings, the hashes of the captures, stances, figures, reviewers and rules. Of a published claim for "
        "everyone; of any other, once it is decided, with a desk's key or session.",
    )
    def get(self, request, code):
        if not permissions.can_view_desk(request.user):
            return _public(request, code)
        claim = claim_of(request, code)
        return _sent(request, claim, seal_seen_by(request.user, claim), "private, no-cache")


def _public(request: Any, code: str) -> HttpResponse:
    told = Claim.objects.filter(public_id=public.public_id_of(code)).select_related("public_document").first()
    if told is None or not hasattr(told, "public_document"):
        raise not_found()
    if told.citability == Claim.Citability.WITHDRAWN:
        return public.tombstone_answer(request, told.public_document.body)
    return _sent(request, told, seal_seen_by(AnonymousUser(), told), "public, no-cache")


def _sent(request: Any, claim: Claim, seal: Seal | None, cache: str) -> HttpResponse:
    if seal is None:
        raise not_found()
    etag = f'"{seal.sha256}"'
    if held := sending.held_etag(request, etag):
        return sending.unchanged(held, cache)
    file = {"Content-Disposition": f'attachment; filename="{claim.code}.seal.json"'}
    return sending.sent(seal.document, request=request, etag=etag, cache=cache, headers=file)
