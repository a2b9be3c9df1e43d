"""The desk's view of a claim: where its work stands, with what is not published yet."""

import json
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.models import Appearance, Claim, Evidence, Verdict
from sources.api.shapes import Day, Language, Shape, Text, Whole

from .documents import ClaimDocument, FigureDocument, FreshnessDocument


class NamedShape(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()


class PassageShape(serializers.Serializer):
    """A quote with its place in a snapshot, in code points."""

    id = serializers.IntegerField()
    snapshot = serializers.IntegerField(source="snapshot_id")
    source = serializers.IntegerField(source="snapshot.source_id")
    source_title = serializers.CharField(source="snapshot.source")
    source_url = serializers.CharField(source="snapshot.source.url")
    link_state = serializers.CharField(source="snapshot.source.link_state")
    quote = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    added_by = serializers.CharField(source="added_by.username")
    added_at = serializers.DateTimeField()


class EvidenceShape(PassageShape):
    """Evidence as the desk sees it; a proposal counts once a person has accepted its stance."""

    stance = serializers.CharField()
    note = serializers.CharField()
    figures = serializers.JSONField()
    is_proposal = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    accepted_at = serializers.DateTimeField(allow_null=True)

    def get_is_proposal(self, evidence: Evidence) -> bool:
        return evidence.accepted_at is None


class AppearanceShape(PassageShape):
    claimant = serializers.CharField(source="claimant.name", default="")
    said_on = serializers.DateField(allow_null=True)


class DecidedShape(serializers.Serializer):
    """The verdict of this round; its words are empty until somebody writes them."""

    rating = serializers.CharField(source="rating.slug")
    label = serializers.CharField(source="rating.label")
    finding = serializers.CharField()
    explanation = serializers.CharField()
    decided_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class ClaimSummary(serializers.Serializer):
    """A claim in the desk's list."""

    id = serializers.CharField(source="code", help_text="As in 7K3M-Q9TX; never changes.")
    text = serializers.CharField()
    context = serializers.CharField()
    language = serializers.CharField()
    workflow = serializers.CharField(
        help_text="unstarted, in_progress, cross_checking, completed, reopened, merged or dropped."
    )
    workflow_reason = serializers.CharField()
    citability = serializers.CharField(help_text="not_citable, citable, on_hold, corrected or withdrawn.")
    hold_reason = serializers.CharField()
    freshness = serializers.SerializerMethodField()
    version = serializers.IntegerField(help_text='Raised by every change; the ETag is "v7".')
    priority = serializers.IntegerField(help_text="1 (urgent) to 5 (some day).")
    assignee = serializers.CharField(source="assignee.username", default=None, allow_null=True)
    review_by = serializers.DateField(allow_null=True)
    claimants = NamedShape(many=True)
    topics = NamedShape(many=True)
    drafted_by = serializers.CharField(source="drafted_by.username")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(FreshnessDocument(allow_null=True))
    def get_freshness(self, claim: Claim) -> Any:
        """Return the freshness the world is told, or None while nothing is published."""
        stored = getattr(claim, "public_document", None)
        if stored is None or not stored.freshness:
            return None
        return {"word": stored.freshness, "reason": stored.freshness_reason}


class ClaimShape(ClaimSummary):
    """A claim with its evidence, proposals included, and this round's verdict once reviewers agreed."""

    review_round = serializers.IntegerField()
    merged_into = serializers.CharField(source="merged_into.code", default=None, allow_null=True)
    superseded_by = serializers.CharField(source="superseded_by.code", default=None, allow_null=True)
    figures = FigureDocument(many=True)
    evidence = EvidenceShape(many=True)
    appearances = AppearanceShape(many=True)
    verdict = serializers.SerializerMethodField()
    published = serializers.SerializerMethodField()

    @extend_schema_field(DecidedShape(allow_null=True))
    def get_verdict(self, claim: Claim) -> Any:
        found = [verdict for verdict in claim.verdicts.all() if verdict.round == claim.review_round]
        return DecidedShape(found[0]).data if found else None

    @extend_schema_field(ClaimDocument(allow_null=True))
    def get_published(self, claim: Claim) -> Any:
        """Return what the world is told of it now, or None."""
        stored = getattr(claim, "public_document", None)
        return json.loads(stored.body) if stored else None


class ClaimDraft(Shape):
    """A new claim; its figures are read from the text."""

    text = Text(max_length=5000, help_text="What is said to be so, in one sentence.")
    context = Text(required=False, allow_blank=True, max_length=5000, help_text="When and where it holds.")
    claimants = serializers.ListField(
        child=Text(max_length=200), required=False, max_length=20, help_text="Names; a new one is added."
    )
    topics = serializers.ListField(child=Text(max_length=80), required=False, max_length=20, help_text="Slugs.")
    language = Language(required=False)
    priority = Whole(required=False, min_value=1, max_value=5, help_text="1 (urgent) to 5 (some day).")
    review_by = Day(required=False)


class ClaimEdit(ClaimDraft):
    """What changes; what is left out stays."""

    text = Text(max_length=5000, required=False)


def summaries(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims with all a summary says, in a fixed number of queries."""
    told = claims.select_related("assignee", "drafted_by", "public_document").defer("public_document__body")
    return told.prefetch_related("claimants", "topics")


def in_full(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims with all the desk's view says, in a fixed number of queries."""
    where = ("snapshot__source", "added_by")
    return (
        summaries(claims)
        .defer(None)
        .select_related("merged_into", "superseded_by")
        .prefetch_related(
            "figures",
            Prefetch(
                "evidence", Evidence.objects.select_related(*where).defer("snapshot__text", "snapshot__main_text")
            ),
            Prefetch(
                "appearances",
                Appearance.objects.select_related(*where, "claimant").defer("snapshot__text", "snapshot__main_text"),
            ),
            Prefetch("verdicts", Verdict.objects.select_related("rating")),
        )
    )
