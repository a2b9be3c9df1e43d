"""Registering a source over HTTP, by the desk and once per Idempotency-Key."""

from django.utils import timezone

from sources.api import sources
from sources.api.describing import CREATE_ERRORS, IDEMPOTENCY_KEY, describe
from sources.services.sources import register_source

from .creating import answer, create_once
from .permissions import Desk


class SourceList(sources.SourceList):
    """The documents the desk watches."""

    permission_classes = [Desk]

    @describe(
        "Register a source by its address.",
        name="sources_create",
        tag="sources",
        request=sources.SourceDraft,
        answers={201: sources.SourceShape, 200: sources.SourceShape},
        errors=CREATE_ERRORS,
        parameters=(IDEMPOTENCY_KEY,),
        detail="201 with the source, which is then looked at in the background; 200 when the address is registered "
        "already, however it is written.",
    )
    def post(self, request):
        members = self.read_body(sources.SourceDraft)

        def work():
            source, is_new = register_source(by=request.user, now=timezone.now(), **members)
            data = sources.SourceShape(source).data
            return answer(201 if is_new else 200, data, location=sources.ADDRESS.format(source.pk))

        return create_once(request, work)
