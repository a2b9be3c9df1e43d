"""The contradictions of a claim, for the desk: what cannot both stand, and what a person said of it."""

from rest_framework import serializers
from rest_framework.response import Response

from claims.models import Contradiction
from claims.services.contradictions import contradictions_of
from sources.api.describing import describe
from sources.api.endpoint import Endpoint
from sources.api.paging import filters_of

from .claims import claim_of
from .permissions import Desk


class ContradictionShape(serializers.Serializer):
    """Two figures that cannot both stand: the claim's, and another claim's or a supporting passage's."""

    id = serializers.IntegerField()
    reason = serializers.CharField()
    found_at = serializers.DateTimeField()
    other_claim = serializers.SerializerMethodField()
    evidence = serializers.IntegerField(source="evidence_id", allow_null=True)
    is_open = serializers.BooleanField(help_text="False once a person has said why it is none.")
    dismissed_by = serializers.CharField(source="dismissed_by.username", default=None, allow_null=True)
    dismissed_at = serializers.DateTimeField(allow_null=True)
    dismissal_reason = serializers.CharField()

    def get_other_claim(self, contradiction: Contradiction) -> str | None:
        if contradiction.other_claim is None:
            return None
        sides = (contradiction.claim, contradiction.other_claim)
        return next(side.code for side in sides if side.pk != self.context["claim_id"])


class ClaimContradictions(Endpoint):
    """What stands against one claim."""

    permission_classes = [Desk]

    @describe(
        "List the contradictions of a claim, unexplained first.",
        name="contradictions_list",
        tag="claims",
        answers={200: ContradictionShape(many=True)},
        detail="The machine finds them and closes them again when the figures agree; a reviewer explains them on "
        "the desk. An open one with the claim's own evidence keeps it from being published.",
    )
    def get(self, request, code):
        filters_of(request.query_params, ())
        claim = claim_of(request, code)
        rows = contradictions_of(claim)
        return Response(ContradictionShape(rows, many=True, context={"claim_id": claim.pk}).data)
