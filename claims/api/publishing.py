"""Publishing over HTTP: a person approves exactly the revision they read."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from claims.models import Claim, Correction
from claims.services.publishing import (
    correct_claim,
    missing_for_publication,
    publish_claim,
    revision_of,
    withdraw_claim,
)
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, describe
from sources.api.endpoint import Endpoint
from sources.api.shapes import Shape, Text

from .claims import ADDRESS, claim_of
from .creating import answer, create_once
from .documents import RevisionDocument
from .permissions import DeskPerson


class RevisionShape(serializers.Serializer):
    """What would be published now."""

    sha256 = serializers.CharField(allow_null=True, help_text="What an approval has to name.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="What the desk's rules still miss.")
    document = RevisionDocument(allow_null=True)


class Approval(Shape):
    """An approval of exactly this revision; of a published claim, as a typed correction."""

    revision_sha256 = Text(max_length=64)
    correction = serializers.ChoiceField(
        [kind for kind in Correction.Kind.values if kind != Correction.Kind.WITHDRAWAL],
        required=False,
        help_text="correction, clarification or update.",
    )
    reason = Text(required=False, max_length=2000, help_text="Public: what was wrong or is new.")

    def validate(self, attrs):
        if "correction" in attrs and "reason" not in attrs:
            raise serializers.ValidationError({"reason": "Tell readers what was wrong or is new."}, "required")
        return attrs


class Withdrawal(Shape):
    reason = Text(max_length=2000, help_text="Public: why it is withdrawn.")


class PublicationShape(serializers.Serializer):
    version = serializers.IntegerField(source="number")
    revision_sha256 = serializers.CharField()
    is_withdrawal = serializers.BooleanField()
    approved_by = serializers.CharField(source="approved_by.username")
    published_at = serializers.DateTimeField()


class ClaimRevision(Endpoint):
    """The revision that stands now."""

    permission_classes = [DeskPerson]

    @describe(
        "Read the revision that would be published.",
        name="revision_read",
        tag="publishing",
        answers={200: RevisionShape},
    )
    def get(self, request, code):
        claim = claim_of(request, code)
        revision = revision_of(claim)
        return Response(
            {
                "sha256": revision.sha256 if revision else None,
                "missing": missing_for_publication(claim, revision),
                "document": revision.document if revision else None,
            }
        )


class ClaimPublications(Endpoint):
    """The publications of one claim."""

    permission_classes = [DeskPerson]

    @describe(
        "Publish a claim, or a correction of it, as a person.",
        name="publications_create",
        tag="publishing",
        request=Approval,
        answers={201: PublicationShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="Takes a desk lead's own session, who wrote none of it. A claim published before needs `correction` "
        "and `reason`.",
    )
    def post(self, request, code):
        claim = claim_of(request, code)
        members = self.read_body(Approval)

        def work():
            approval = {
                "claim_id": claim.pk,
                "by": request.user,
                "revision_sha256": members["revision_sha256"],
                "now": timezone.now(),
            }
            if "correction" in members:
                publication = correct_claim(kind=members["correction"], reason=members["reason"], **approval)
            else:
                publication = publish_claim(**approval)
            return _published(claim, publication)

        return create_once(request, work)


class ClaimWithdrawal(Endpoint):
    """The end of a publication."""

    permission_classes = [DeskPerson]

    @describe(
        "Withdraw a published claim, as a person.",
        name="claims_withdraw",
        tag="publishing",
        request=Withdrawal,
        answers={201: PublicationShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="Its address answers 410 from then on, with a tombstone that says when and why.",
    )
    def post(self, request, code):
        claim = claim_of(request, code)
        reason = self.read_body(Withdrawal)["reason"]

        def work():
            return _published(
                claim, withdraw_claim(claim_id=claim.pk, reason=reason, by=request.user, now=timezone.now())
            )

        return create_once(request, work)


def _published(claim: Claim, publication):
    address = f"{ADDRESS.format(claim.code)}/versions/{publication.number}"
    return answer(201, PublicationShape(publication).data, location=address)
