"""Sources for everyone: those that published claims quote, with their link state and checks."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.response import Response

from claims import permissions
from sources.api import sources
from sources.api.describing import PAGE, describe
from sources.api.paging import Keyset, filters_of
from sources.api.problems import not_found
from sources.models import Source, SourceCheck

from . import public
from .permissions import PUBLIC

SOURCE = PolymorphicProxySerializer(
    component_name="SourceAnswer",
    serializers=[sources.SourceInFull, sources.CitedSource],
    resource_type_field_name=None,
)


def _seen(request, pk: str) -> Source:
    """Return the source if the caller may see it: the desk every one, everyone else those that are cited."""
    found = Source.objects.select_related("publisher").filter(pk=public.row_id(pk) or 0).first()
    if found is None or not (permissions.can_view_desk(request.user) or public.is_cited(found.pk)):
        raise not_found()
    return found


class SourceDetail(sources.SourceDetail):
    """One source: whole for the desk, its state for everyone when a published claim quotes it."""

    permission_classes = PUBLIC

    @describe(
        "Read a source with its link state and newest checks.",
        name="sources_read",
        tag="sources",
        answers={200: SOURCE},
        detail="For everyone, of a source that a published claim quotes; the desk reads every source. `snapshots` "
        "and what the desk alone plans are in the desk's answer only.",
    )
    def get(self, request, pk):
        source = _seen(request, pk)
        shape = sources.SourceInFull if permissions.can_view_desk(request.user) else sources.CitedSource
        return Response(shape(source).data)


class SourceChecks(sources.SourceChecks):
    """The looks at one source."""

    permission_classes = PUBLIC

    @describe(
        "List the checks of a source, newest first.",
        name="checks_list",
        tag="sources",
        answers={200: sources.page_shape(sources.CheckShape)},
        parameters=PAGE,
        detail="For everyone, of a source that a published claim quotes.",
    )
    def get(self, request, pk):
        filters_of(request.query_params, ())
        rows = SourceCheck.objects.filter(source=_seen(request, pk))
        return self.listing(rows, Keyset("-checked_at", "-pk"), sources.CheckShape)
