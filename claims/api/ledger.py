"""The ledger over HTTP: every public change in order, of one claim or of all."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes

from claims.models import Change, PublicDocument
from sources.api.describing import describe, query
from sources.api.problems import not_found

from . import public
from .claims import PublicEndpoint, claim_of
from .documents import ChangePage

_PAGE = (
    query("after", "The seq of the last row you have; -1 or nothing for the first.", OpenApiTypes.INT),
    query("page_size", "Rows a page, 50 by default and at most 100.", OpenApiTypes.INT),
)


class ChangeList(PublicEndpoint):
    """Every public change."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        return public.ledger_answer(request, Change.objects.all())

    @describe(
        "Read the public changes after a sequence number.",
        name="changes_list",
        tag="changes",
        answers={200: ChangePage},
        errors=(400, 401, 403, 406, 429, 503),
        parameters=_PAGE,
        detail="Ordered, without a gap and replayable: keep the last `seq` and ask for what comes `after` it, or "
        "follow `next`.",
    )
    def get(self, request):
        return public.ledger_answer(request, Change.objects.all())


class ClaimHistory(PublicEndpoint):
    """The public changes of one claim."""

    def public_answer(self, request: Any, **kwargs: str) -> HttpResponse:
        public_id = public.public_id_of(kwargs["code"])
        if not PublicDocument.objects.filter(public_id=public_id).exists():
            raise not_found()
        return public.ledger_answer(request, Change.objects.filter(claim__public_id=public_id))

    @describe(
        "Read the public changes of one claim.",
        name="claims_history",
        tag="claims",
        answers={200: ChangePage},
        parameters=_PAGE,
        detail="Moves inside the desk are not in it. A withdrawn claim keeps its history.",
    )
    def get(self, request, code):
        public_id = public.public_id_of(code)
        if not PublicDocument.objects.filter(public_id=public_id).exists():
            claim_of(request, code)
        return public.ledger_answer(request, Change.objects.filter(claim__public_id=public_id))
