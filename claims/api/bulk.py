"""Many claims in one request, each taken or refused by itself."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from claims.services.claims import draft_claim
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, describe
from sources.api.endpoint import Endpoint
from sources.api.problems import Problem
from sources.api.shapes import ProblemShape, Shape
from sources.errors import Refused

from .claims import claim_members
from .creating import answer, create_once
from .desk import ClaimDraft
from .permissions import Desk

ROWS_LIMIT = 100


class BulkRows(Shape):
    claims = serializers.ListField(child=serializers.JSONField(), allow_empty=False, max_length=ROWS_LIMIT)


class BulkDrafts(serializers.Serializer):
    """Claims to be drafted, as `claims_create` takes them."""

    claims = ClaimDraft(many=True)


class RowOutcome(serializers.Serializer):
    """What became of one row."""

    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    status = serializers.IntegerField(help_text="201, or what the row alone would have been answered.")
    id = serializers.CharField(allow_null=True, help_text="The new claim's id.")
    etag = serializers.CharField(allow_null=True)
    problem = ProblemShape(allow_null=True)


class BulkOutcome(serializers.Serializer):
    results = RowOutcome(many=True)
    created = serializers.IntegerField()
    refused = serializers.IntegerField()


class ClaimBulk(Endpoint):
    """Claims drafted many at once."""

    permission_classes = [Desk]

    @describe(
        f"Draft up to {ROWS_LIMIT} claims, with an outcome for each.",
        name="claims_create_many",
        tag="claims",
        request=BulkDrafts,
        answers={200: BulkOutcome},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="Each row is taken or refused by itself; what is refused says why, as a problem. One request to the "
        "limits, and done once for its Idempotency-Key.",
    )
    def post(self, request):
        rows = self.read_body(BulkRows)["claims"]

        def work():
            results = [self._outcome(index, row) for index, row in enumerate(rows)]
            created = sum(result["status"] == 201 for result in results)
            return answer(200, {"results": results, "created": created, "refused": len(results) - created})

        return create_once(request, work)

    def _outcome(self, index: int, row: Any) -> dict[str, Any]:
        told = {"index": index, "status": 201, "id": None, "etag": None, "problem": None}
        try:
            with transaction.atomic():
                if not isinstance(row, dict):
                    raise Problem(400, "invalid_type", "A claim is a JSON object.")
                draft = ClaimDraft(data=row)
                draft.is_valid(raise_exception=True)
                claim = draft_claim(
                    by=cast(User, self.request.user), now=timezone.now(), **claim_members(draft.validated_data)
                )
        except (ValidationError, Problem, Refused) as refusal:
            refused = self.get_exception_handler()(refusal, self.get_exception_handler_context())
            return {**told, "status": refused.status_code, "problem": refused.data}
        return {**told, "id": claim.code, "etag": f'"v{claim.version}"'}
