"""Sources over HTTP: registered once by address, with their link state, checks and snapshots."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from sources.models import Snapshot, Source, SourceCheck

from .describing import PAGE, describe, query
from .endpoint import Endpoint, page_shape
from .paging import Keyset, filters_of, one_of
from .shapes import Day, Language, Shape, Text, Truth

ADDRESS = "/api/v1/sources/{}"
NEWEST = 20  # checks and snapshots shown with a source


class SourceShape(serializers.Serializer):
    """A source and what the last looks at it found."""

    id = serializers.IntegerField()
    url = serializers.CharField(help_text="Canonical; empty for an upload.")
    moved_to = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    publisher = serializers.CharField(source="publisher.name", default="")
    author = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    is_primary = serializers.BooleanField()
    origin = serializers.IntegerField(source="origin_id", allow_null=True)
    link_state = serializers.CharField(help_text="unknown, live, moved, blocked, failing, dead or deviated.")
    link_state_reason = serializers.CharField()
    dead_since = serializers.DateTimeField(allow_null=True)
    last_attempted_at = serializers.DateTimeField(allow_null=True)
    last_succeeded_at = serializers.DateTimeField(allow_null=True)
    last_confirmed_at = serializers.DateTimeField(allow_null=True)
    next_check_at = serializers.DateTimeField(allow_null=True)
    next_check_reason = serializers.CharField()
    registered_at = serializers.DateTimeField()


class SourceState(serializers.Serializer):
    """Whether a source is still there and still says it, as the last looks found."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    moved_to = serializers.CharField()
    link_state = serializers.CharField(help_text="unknown, live, moved, blocked, failing, dead or deviated.")
    link_state_reason = serializers.CharField()
    dead_since = serializers.DateTimeField(allow_null=True)
    last_attempted_at = serializers.DateTimeField(allow_null=True)
    last_confirmed_at = serializers.DateTimeField(allow_null=True)


class CheckShape(serializers.Serializer):
    """One look at a source."""

    checked_at = serializers.DateTimeField()
    outcome = serializers.CharField()
    http_status = serializers.IntegerField(allow_null=True)
    link_state = serializers.CharField()
    page_class = serializers.CharField()
    has_changed = serializers.BooleanField(help_text="The document differs from before; noise is no change.")
    is_live_again = serializers.BooleanField(help_text="It was dead before this look.")
    reason = serializers.CharField()
    seconds = serializers.FloatField()
    byte_count = serializers.IntegerField()
    snapshot = serializers.IntegerField(source="snapshot_id", allow_null=True)


class SnapshotSummary(serializers.Serializer):
    """What a source said at one moment, without its text."""

    id = serializers.IntegerField()
    fetched_at = serializers.DateTimeField()
    is_by_hand = serializers.BooleanField()
    page_class = serializers.CharField()
    title = serializers.CharField()
    text_sha256 = serializers.CharField()
    raw_sha256 = serializers.CharField()


class SnapshotShape(SnapshotSummary):
    """A snapshot with its text: what quotes are found in."""

    source = serializers.IntegerField(source="source_id")
    text = serializers.CharField()


class SourceInFull(SourceShape):
    checks = serializers.SerializerMethodField()
    snapshots = serializers.SerializerMethodField()

    @extend_schema_field(CheckShape(many=True))
    def get_checks(self, source: Source) -> Any:
        """Return the newest looks."""
        return CheckShape(source.checks.all()[:NEWEST], many=True).data

    @extend_schema_field(SnapshotSummary(many=True))
    def get_snapshots(self, source: Source) -> Any:
        """Return the newest snapshots."""
        return SnapshotSummary(source.snapshots.defer("text")[:NEWEST], many=True).data


class CitedSource(SourceState):
    """A source that a published claim quotes, for everyone."""

    title = serializers.CharField()
    kind = serializers.CharField()
    publisher = serializers.CharField(source="publisher.name", default="")
    author = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    is_primary = serializers.BooleanField()
    origin = serializers.IntegerField(source="origin_id", allow_null=True)
    checks = serializers.SerializerMethodField()

    @extend_schema_field(CheckShape(many=True))
    def get_checks(self, source: Source) -> Any:
        """Return the newest looks."""
        return CheckShape(source.checks.all()[:NEWEST], many=True).data


class SourceDraft(Shape):
    """A document at an address."""

    url = Text(max_length=2048)
    title = Text(required=False, allow_blank=True, max_length=500)
    kind = serializers.ChoiceField(Source.Kind.choices, required=False)
    author = Text(required=False, allow_blank=True, max_length=200)
    published_on = Day(required=False)
    language = Language(required=False)
    is_primary = Truth(required=False)


class SourceList(Endpoint):
    """The documents the desk watches."""

    @describe(
        "List sources, newest first.",
        name="sources_list",
        tag="sources",
        answers={200: page_shape(SourceShape)},
        parameters=(
            query("link_state", "unknown, live, moved, blocked, failing, dead or deviated."),
            query("kind", "article, official_record, report, dataset, transcript, social_post or other."),
            *PAGE,
        ),
    )
    def get(self, request):
        filters = filters_of(request.query_params, {"link_state", "kind"})
        rows = Source.objects.select_related("publisher")
        if "link_state" in filters:
            rows = rows.filter(link_state=one_of("link_state", filters["link_state"], Source.LinkState.values))
        if "kind" in filters:
            rows = rows.filter(kind=one_of("kind", filters["kind"], Source.Kind.values))
        return self.listing(rows, Keyset("-registered_at", "-pk"), SourceShape)


class SourceDetail(Endpoint):
    """One source."""

    @describe(
        "Read a source with its newest checks and snapshots.",
        name="sources_read",
        tag="sources",
        answers={200: SourceInFull},
    )
    def get(self, request, pk):
        return Response(SourceInFull(self.row(Source.objects.select_related("publisher"), pk)).data)


class SourceChecks(Endpoint):
    """The looks at one source."""

    @describe(
        "List the checks of a source, newest first.",
        name="checks_list",
        tag="sources",
        answers={200: page_shape(CheckShape)},
        parameters=PAGE,
    )
    def get(self, request, pk):
        filters_of(request.query_params, ())
        rows = SourceCheck.objects.filter(source=self.row(Source.objects, pk))
        return self.listing(rows, Keyset("-checked_at", "-pk"), CheckShape)


class SnapshotDetail(Endpoint):
    """One snapshot."""

    @describe(
        "Read a snapshot's text, to quote from.",
        name="snapshots_read",
        tag="sources",
        answers={200: SnapshotShape},
    )
    def get(self, request, pk):
        return Response(SnapshotShape(self.row(Snapshot.objects, pk)).data)
