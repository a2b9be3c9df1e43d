"""The desk's words over HTTP: topics, claimants and the scale of ratings."""

from rest_framework import serializers

from claims import permissions
from claims.models import Claim, Claimant, Rating, Topic
from sources.api.describing import PAGE, describe
from sources.api.endpoint import Endpoint, page_shape
from sources.api.paging import Keyset, filters_of

from .permissions import PUBLIC

_ERRORS = (400, 401, 403, 406, 429, 503)


class TopicShape(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()


class ClaimantShape(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.CharField(help_text="person or organisation.")
    same_as = serializers.CharField()


class RatingShape(serializers.Serializer):
    """A value on the desk's scale."""

    slug = serializers.CharField()
    label = serializers.CharField()
    meaning = serializers.CharField()
    claimreview_value = serializers.IntegerField(allow_null=True, help_text="1 (false) to 5 (true), or null.")
    retired_at = serializers.DateTimeField(allow_null=True)


class TopicList(Endpoint):
    permission_classes = PUBLIC

    @describe(
        "List the topics of claims you may see.",
        name="topics_list",
        tag="vocabulary",
        answers={200: page_shape(TopicShape)},
        errors=_ERRORS,
        parameters=PAGE,
    )
    def get(self, request):
        filters_of(request.query_params, ())
        return self.listing(_used(Topic, request), Keyset("name", "pk"), TopicShape)


class ClaimantList(Endpoint):
    permission_classes = PUBLIC

    @describe(
        "List the claimants of claims you may see.",
        name="claimants_list",
        tag="vocabulary",
        answers={200: page_shape(ClaimantShape)},
        errors=_ERRORS,
        parameters=PAGE,
    )
    def get(self, request):
        filters_of(request.query_params, ())
        return self.listing(_used(Claimant, request), Keyset("name", "pk"), ClaimantShape)


class RatingList(Endpoint):
    permission_classes = PUBLIC

    @describe(
        "List the scale of ratings.",
        name="ratings_list",
        tag="vocabulary",
        answers={200: page_shape(RatingShape)},
        errors=_ERRORS,
        parameters=PAGE,
    )
    def get(self, request):
        filters_of(request.query_params, ())
        return self.listing(Rating.objects.all(), Keyset("order", "pk"), RatingShape)


def _used(model, request):
    """Return all rows for the desk, and those of published claims for everyone else."""
    if permissions.can_view_desk(request.user):
        return model.objects.all()
    return model.objects.filter(claims__in=Claim.objects.published()).distinct()
